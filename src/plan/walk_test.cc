#include <gtest/gtest.h>

#include "plan/relation.h"

namespace thalweg {
namespace {

class NamedFunction final : public BoundFunction {
 public:
  explicit NamedFunction(std::string name, std::string parameters = "", bool deterministic = true)
      : BoundFunction({std::move(name), {}, BigintType(), std::move(parameters), deterministic}) {}
};

class EventsTable final : public Table {
 public:
  EventsTable() {
    info_.provider = "memory";
    info_.description = "events";
    info_.schema = Schema::Make({{"ts", TimestampType(), true, ""},
                                 {"user", StringType(), true, ""},
                                 {"v", BigintType(), false, ""}});
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override { return NotSupportedYet("open"); }
  Result<std::unique_ptr<Sink>> OpenSink() override { return NotSupportedYet("open"); }

 private:
  TableInfo info_;
};

ExprPtr MakeCall(BoundFunctionPtr function, std::vector<ExprPtr> arguments, TypePtr type) {
  auto call = std::make_shared<Call>();
  call->function = std::move(function);
  call->arguments = std::move(arguments);
  call->type = std::move(type);
  return call;
}

ExprPtr Plus(ExprPtr a, ExprPtr b, std::string parameters = "ansi") {
  return MakeCall(std::make_shared<NamedFunction>("+", std::move(parameters)),
                  {std::move(a), std::move(b)}, BigintType());
}

RelationPtr Events() {
  return MakeRead(std::make_shared<EventsTable>(), true);
}

TEST(Print, SecretsAmongOptionsAreRedacted) {
  auto read = std::make_shared<ReadRelation>(
      *As<ReadRelation>(MakeRead(std::make_shared<EventsTable>(), /*is_streaming=*/true)));
  read->options = {{"kafka.ssl.key.password", "hush"}, {"topic", "t"}};
  const std::string text = ToTreeString(read);
  EXPECT_EQ(text.find("hush"), text.npos) << text;
  EXPECT_NE(text.find("topic=t"), text.npos) << text;
}

TEST(WalkTest, MapChildrenKeepsTheNodeWhenNothingChanges) {
  const RelationPtr events = Events();
  const ExprPtr sum = Plus(FindOutput(events, "V"), MakeLiteral(Value::Bigint(1)));
  EXPECT_EQ(MapChildren(sum, [](const ExprPtr& e) { return e; }), sum);
  EXPECT_EQ(Children(*sum).size(), 2u);
}

TEST(WalkTest, TransformUpRewritesBottomUp) {
  const RelationPtr events = Events();
  const ExprPtr v = FindOutput(events, "v");
  const ExprPtr nested =
      Plus(Plus(v, MakeLiteral(Value::Bigint(1))), MakeLiteral(Value::Bigint(2)));
  const ExprPtr rewritten = TransformUp(nested, [](const ExprPtr& e) {
    const Literal* literal = As<Literal>(e);
    return literal ? MakeLiteral(Value::Bigint(literal->value.int64() * 10)) : e;
  });
  const std::string id = std::to_string(As<Attribute>(v)->id);
  EXPECT_EQ(ToString(rewritten), "((v#" + id + " + 10) + 20)");
  EXPECT_EQ(ToString(nested), "((v#" + id + " + 1) + 2)");
}

TEST(WalkTest, EqualComparesFieldsTypesAndParameters) {
  const RelationPtr events = Events();
  const ExprPtr v = FindOutput(events, "v");
  const ExprPtr one = MakeLiteral(Value::Bigint(1));
  EXPECT_TRUE(Equal(Plus(v, one), Plus(v, MakeLiteral(Value::Bigint(1)))));
  EXPECT_FALSE(Equal(Plus(v, one), Plus(one, v)));
  EXPECT_FALSE(Equal(Plus(v, one), Plus(v, one, "legacy")));
  EXPECT_FALSE(Equal(one, MakeLiteral(Value::Int(1))));
  EXPECT_FALSE(Equal(v, FindOutput(Events(), "v")));  // another scan has other ids
}

TEST(WalkTest, DeterminismAndReferencesLookThroughTheWholeTree) {
  const RelationPtr events = Events();
  const ExprPtr v = FindOutput(events, "v");
  const ExprPtr user = FindOutput(events, "user");
  const ExprPtr rand =
      MakeCall(std::make_shared<NamedFunction>("rand", "", false), {}, DoubleType());
  EXPECT_TRUE(IsDeterministic(Plus(v, v)));
  EXPECT_FALSE(IsDeterministic(Plus(v, MakeAlias(rand, "r"))));
  EXPECT_EQ(ReferencedAttributes(Plus(v, Plus(user, v))),
            (std::vector<int64_t>{As<Attribute>(user)->id, As<Attribute>(v)->id}));
}

TEST(RelationTest, OutputFollowsFromFields) {
  const RelationPtr events = Events();
  const AttributePtr ts = FindOutput(events, "ts");
  const RelationPtr watermarked = MakeWithWatermark(events, ts, 10'000'000);
  EXPECT_EQ(FindOutput(watermarked, "ts")->watermark_delay_us, 10'000'000);
  EXPECT_EQ(FindOutput(watermarked, "ts")->id, ts->id);
  EXPECT_EQ(FindOutput(watermarked, "v"), FindOutput(events, "v"));

  const ExprPtr window =
      MakeAlias(MakeTimeWindow(FindOutput(watermarked, "ts"), 10, 5, 0), "window");
  const RelationPtr project =
      MakeProject(watermarked, {window, MakeAlias(FindOutput(watermarked, "v"), "w")});
  EXPECT_TRUE(project->resolved() && project->streaming);
  EXPECT_EQ(project->output[0]->watermark_delay_us, 10'000'000);
  EXPECT_EQ(project->output[0]->type->Simple(), "struct<start:timestamp,end:timestamp>");
  EXPECT_FALSE(project->output[1]->nullable);

  const RelationPtr again =
      MakeWithWatermark(watermarked, FindOutput(watermarked, "user"), 1);  // moves the mark
  EXPECT_EQ(FindOutput(again, "ts")->watermark_delay_us, -1);
}

TEST(RelationTest, MapInputsDerivesTheOutputAnew) {
  const RelationPtr events = Events();
  const RelationPtr filter = MakeFilter(events, MakeLiteral(Value::Boolean(true)));
  const RelationPtr narrowed = MapInputs(filter, [](const RelationPtr& input) {
    return MakeProject(input, {FindOutput(input, "v")});
  });
  ASSERT_EQ(narrowed->output.size(), 1u);
  EXPECT_EQ(narrowed->output[0]->column, "v");
  EXPECT_EQ(filter->output.size(), 3u);
}

TEST(RelationTest, TreePrintsEveryField) {
  const RelationPtr events = Events();
  const ExprPtr v = FindOutput(events, "v");
  const ExprPtr user = FindOutput(events, "user");
  const RelationPtr plan = MakeProject(
      MakeFilter(events, MakeCall(std::make_shared<NamedFunction>("=="),
                                  {user, MakeLiteral(Value::String("it's"))}, BooleanType())),
      {v});
  const auto id = [&](const char* name) { return std::to_string(FindOutput(events, name)->id); };
  EXPECT_EQ(ToTreeString(plan),
            "Project [v#" + id("v") + "]\n  Filter (user#" + id("user") +
                " == 'it\\'s')\n    Read events, is_streaming, columns: [0, 1, 2] -> [ts#" +
                id("ts") + ", user#" + id("user") + ", v#" + id("v") + "]\n");
}

RelationPtr CountPlan(const std::string& name, int64_t literal, const std::string& parameters) {
  const RelationPtr events = Events();
  return MakeProject(
      events,
      {MakeAlias(Plus(FindOutput(events, "v"), MakeLiteral(Value::Bigint(literal)), parameters),
                 name)});
}

TEST(FingerprintTest, SaysWhatIsMeantAndNotHowItIsNamed) {
  const std::string a = Fingerprint(CountPlan("a", 1, "ansi"));
  EXPECT_EQ(a.size(), 32u);
  EXPECT_EQ(a, Fingerprint(CountPlan("b", 1, "ansi")));  // other ids, other name
  EXPECT_NE(a, Fingerprint(CountPlan("a", 2, "ansi")));
  EXPECT_NE(a, Fingerprint(CountPlan("a", 1, "legacy")));
}

}  // namespace
}  // namespace thalweg
