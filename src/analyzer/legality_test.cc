// Streaming legality: each rule refuses what Spark refuses and lets pass what it lets pass.
#include "analyzer/legality.h"

#include <gtest/gtest.h>

#include "analyzer/analyzer.h"
#include "connectors/memory/memory_table.h"
#include "functions/function.h"
#include "functions/registry.h"

namespace thalweg {
namespace {

constexpr int64_t kSecondUs = 1'000'000;

RelationPtr Table(bool streaming) {
  const SchemaPtr schema = Schema::Make({{"ts", TimestampType(), true, ""},
                                         {"k", StringType(), true, ""},
                                         {"v", IntType(), true, ""}});
  return MakeRead(MemoryStream("t", schema).table(), streaming);
}
RelationPtr Stream() {
  return Table(true);
}
RelationPtr Watermarked() {
  const RelationPtr stream = Stream();
  return MakeWithWatermark(stream, stream->output[0], kSecondUs);
}

AttributePtr Column(const RelationPtr& relation, const char* name) {
  return FindOutput(relation, name);
}

/// A call that is only looked at.
class Shown final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;
  Status Evaluate(EvalCall&, Vector*) const override { return Status::Bug("not to be run"); }
};

ExprPtr Make(const char* name, std::vector<ExprPtr> arguments, TypePtr type) {
  FunctionSignature signature;
  signature.name = name;
  for (const ExprPtr& argument : arguments) signature.argument_types.push_back(argument->type);
  signature.result_type = std::move(type);
  return MakeCall(std::make_shared<Shown>(std::move(signature), ScalarTraits()),
                  std::move(arguments));
}
ExprPtr Is(const char* name, ExprPtr a, ExprPtr b) {
  return Make(name, {std::move(a), std::move(b)}, BooleanType());
}
ExprPtr And(ExprPtr a, ExprPtr b) {
  return Is("and", std::move(a), std::move(b));
}
TypePtr DayTime() {
  return DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
}
ExprPtr Seconds(int64_t seconds) {
  return MakeLiteral(Value(DayTime(), seconds * kSecondUs));
}
ExprPtr Later(ExprPtr time, int64_t seconds) {
  return Make("+", {std::move(time), Seconds(seconds)}, TimestampType());
}

RelationPtr CountBy(const RelationPtr& input, std::vector<ExprPtr> groupings) {
  Result<ExprPtr> count = FunctionRegistry::BuiltIn().Bind("count", {Column(input, "v")}, {});
  EXPECT_TRUE(count.ok());
  std::vector<ExprPtr> columns;
  for (const ExprPtr& grouping : groupings) columns.push_back(ToAttribute(grouping));
  columns.push_back(MakeAlias(*count, "v"));
  return MakeAggregate(input, std::move(groupings), std::move(columns));
}
RelationPtr CountByWindow(const RelationPtr& input) {
  return CountBy(input, {MakeAlias(MakeTimeWindow(Column(input, "ts"), 5, 5, 0), "window")});
}
RelationPtr SortBy(const RelationPtr& input) {
  auto sort = std::make_shared<Sort>();
  auto order = std::make_shared<SortOrder>();
  order->child = input->output[0];
  order->type = order->child->type;
  sort->order = {order};
  sort->input = input;
  DeriveOutput(sort.get());
  return sort;
}
RelationPtr JoinOf(JoinKind kind, const RelationPtr& left, const RelationPtr& right,
                   ExprPtr condition) {
  auto join = std::make_shared<Join>();
  join->left = left;
  join->right = right;
  join->join = kind;
  join->condition = std::move(condition);
  DeriveOutput(join.get());
  return join;
}
template <class Node>
RelationPtr Over(const RelationPtr& input) {
  auto node = std::make_shared<Node>();
  node->input = input;
  DeriveOutput(node.get());
  return node;
}

std::string Verdict(const RelationPtr& plan, OutputMode mode, const Conf& conf = Conf()) {
  const Status status = CheckStreaming(plan, mode, conf);
  return status.ok() ? "ok" : status.condition();
}
constexpr OutputMode kAppend = OutputMode::kAppend;
constexpr OutputMode kUpdate = OutputMode::kUpdate;
constexpr OutputMode kComplete = OutputMode::kComplete;
const char* const kRefused = "_LEGACY_ERROR_TEMP_3102";
const char* const kMode = "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION";

TEST(LegalityTest, OutputModes) {
  EXPECT_EQ(Verdict(Stream(), kAppend), "ok");
  EXPECT_EQ(Verdict(Stream(), kUpdate), "ok");
  EXPECT_EQ(Verdict(Stream(), kComplete), kMode);
  EXPECT_EQ(Verdict(Table(false), kAppend), kRefused);
  const RelationPtr plain = Stream(), marked = Watermarked();
  EXPECT_EQ(Verdict(CountBy(plain, {Column(plain, "k")}), kAppend), kMode);
  EXPECT_EQ(Verdict(CountBy(plain, {Column(plain, "k")}), kUpdate), "ok");
  EXPECT_EQ(Verdict(CountBy(marked, {Column(marked, "k")}), kAppend), kMode);
  EXPECT_EQ(Verdict(CountBy(marked, {Column(marked, "ts")}), kAppend), "ok");
  EXPECT_EQ(Verdict(CountByWindow(marked), kAppend), "ok");
  EXPECT_EQ(Verdict(CountByWindow(plain), kAppend), kMode);
  EXPECT_EQ(Verdict(CountBy(marked, {}), kAppend), kMode);
  EXPECT_EQ(Verdict(CountBy(marked, {}), kComplete), "ok");
}

TEST(LegalityTest, SortLimitOffset) {
  const RelationPtr stream = Stream();
  const RelationPtr counted = CountBy(stream, {Column(stream, "k")});
  EXPECT_EQ(Verdict(SortBy(counted), kComplete), "ok");
  EXPECT_EQ(Verdict(SortBy(counted), kUpdate), kRefused);
  EXPECT_EQ(Verdict(SortBy(stream), kAppend), kRefused);
  EXPECT_EQ(Verdict(SortBy(MakeDistinct(stream)), kComplete), kRefused);
  const RelationPtr sorted = SortBy(stream);
  EXPECT_EQ(Verdict(CountBy(sorted, {Column(sorted, "k")}), kComplete), kRefused);
  EXPECT_EQ(Verdict(Over<Limit>(stream), kAppend), "ok");
  EXPECT_EQ(Verdict(Over<Limit>(stream), kUpdate), kRefused);
  EXPECT_EQ(Verdict(Over<OffsetRelation>(stream), kAppend), kRefused);
  const RelationPtr at_rest = Table(false);
  const auto with_static = [&](const RelationPtr& right) {
    return JoinOf(JoinKind::kInner, stream, right, nullptr);
  };
  EXPECT_EQ(Verdict(with_static(SortBy(at_rest)), kUpdate), "ok");
  EXPECT_EQ(Verdict(with_static(Over<Limit>(at_rest)), kUpdate), "ok");
  EXPECT_EQ(Verdict(with_static(Over<OffsetRelation>(at_rest)), kUpdate), kRefused);
}

TEST(LegalityTest, SetOperations) {
  const auto combine = [](SetOperationKind kind, const RelationPtr& a, const RelationPtr& b) {
    auto set = std::make_shared<SetOperation>();
    set->operation = kind;
    set->inputs = {a, b};
    set->output = a->output;
    DeriveOutput(set.get());
    return RelationPtr(set);
  };
  using enum SetOperationKind;
  EXPECT_EQ(Verdict(combine(kUnion, Stream(), Stream()), kAppend), "ok");
  EXPECT_EQ(Verdict(combine(kUnion, Stream(), Table(false)), kAppend), kRefused);
  EXPECT_EQ(Verdict(combine(kIntersect, Stream(), Table(false)), kAppend), kRefused);
  EXPECT_EQ(Verdict(combine(kExcept, Stream(), Table(false)), kAppend), "ok");
  EXPECT_EQ(Verdict(combine(kExcept, Table(false), Stream()), kAppend), kRefused);
}

TEST(LegalityTest, Deduplication) {
  const auto dedup = [](const RelationPtr& input, bool within) {
    auto node = std::make_shared<Deduplicate>();
    node->input = input;
    node->within_watermark = within;
    node->keys = {input->output[1]};
    DeriveOutput(node.get());
    return RelationPtr(node);
  };
  EXPECT_EQ(Verdict(dedup(Stream(), false), kAppend), "ok");
  EXPECT_EQ(Verdict(dedup(Stream(), true), kAppend), kRefused);
  EXPECT_EQ(Verdict(dedup(Watermarked(), true), kUpdate), "ok");
  EXPECT_EQ(Verdict(dedup(Stream(), false), kComplete), kMode);
  const RelationPtr stream = Stream();
  EXPECT_EQ(Verdict(dedup(CountBy(stream, {Column(stream, "k")}), false), kUpdate), "ok");
  EXPECT_TRUE(CheckBatch(dedup(Table(false), false)).ok());
  EXPECT_FALSE(CheckBatch(dedup(Table(false), true)).ok());
  EXPECT_EQ(CheckBatch(Stream()).condition(), kRefused);
}

TEST(LegalityTest, FunctionsOverOtherRows) {
  auto call = std::make_shared<WindowCall>();
  FunctionSignature signature;
  signature.name = "row_number";
  signature.result_type = IntType();
  call->function = std::make_shared<WindowFunction>(std::move(signature));
  call->type = IntType();
  const RelationPtr numbered = MakeProject(Stream(), {MakeAlias(call, "n")});
  EXPECT_EQ(Verdict(numbered, kAppend), "NON_TIME_WINDOW_NOT_SUPPORTED_IN_STREAMING");
  EXPECT_EQ(Verdict(numbered, kComplete), kMode);
  const RelationPtr at_rest = MakeProject(Table(false), {MakeAlias(call, "n")});
  EXPECT_EQ(Verdict(JoinOf(JoinKind::kInner, Stream(), at_rest, nullptr), kAppend), "ok");
}

TEST(LegalityTest, ChainsOfStatefulOperators) {
  const RelationPtr stream = Stream();
  const RelationPtr chain = CountBy(MakeDistinct(stream), {});
  EXPECT_EQ(Verdict(chain, kUpdate), kRefused);
  EXPECT_EQ(Verdict(chain, kComplete), kRefused);
  const RelationPtr windows = CountByWindow(Watermarked());
  EXPECT_EQ(Verdict(CountBy(windows, {Column(windows, "window")}), kAppend), "ok");
  Conf unchecked;
  ASSERT_TRUE(
      unchecked.Set("spark.sql.streaming.statefulOperator.checkCorrectness.enabled", "false").ok());
  EXPECT_EQ(Verdict(chain, kUpdate, unchecked), "THALWEG_NOT_SUPPORTED_YET");
}

TEST(LegalityTest, SwitchedOffMeansNotBuilt) {
  Conf unchecked;
  ASSERT_TRUE(unchecked.Set("spark.sql.streaming.unsupportedOperationCheck", "false").ok());
  EXPECT_EQ(Verdict(SortBy(Stream()), kAppend, unchecked), "THALWEG_NOT_SUPPORTED_YET");
}

TEST(LegalityTest, JoinsWithATableAtRest) {
  using enum JoinKind;
  const auto verdict = [](JoinKind kind, bool stream_left) {
    return Verdict(JoinOf(kind, Table(stream_left), Table(!stream_left), nullptr), kUpdate);
  };
  for (const JoinKind kind : {kInner, kCross, kLeftOuter, kLeftSemi, kLeftAnti}) {
    EXPECT_EQ(verdict(kind, true), "ok") << static_cast<int>(kind);
  }
  for (const JoinKind kind : {kInner, kCross, kRightOuter}) EXPECT_EQ(verdict(kind, false), "ok");
  EXPECT_EQ(verdict(kRightOuter, true), kRefused);
  for (const JoinKind kind : {kLeftOuter, kFullOuter, kLeftSemi, kLeftAnti}) {
    EXPECT_EQ(verdict(kind, false), kRefused) << static_cast<int>(kind);
  }
}

TEST(LegalityTest, JoinsOfStreamsByMode) {
  using enum JoinKind;
  const auto verdict = [](JoinKind kind, OutputMode mode) {
    const RelationPtr l = Watermarked(), r = Watermarked();
    return Verdict(JoinOf(kind, l, r, Is("==", Column(l, "ts"), Column(r, "ts"))), mode);
  };
  for (const JoinKind kind : {kInner, kLeftOuter, kRightOuter, kFullOuter, kLeftSemi}) {
    EXPECT_EQ(verdict(kind, kAppend), "ok") << static_cast<int>(kind);
  }
  EXPECT_EQ(verdict(kLeftAnti, kAppend), kRefused);
  EXPECT_EQ(verdict(kInner, kUpdate), "ok");
  EXPECT_EQ(verdict(kLeftSemi, kUpdate), "ok");
  EXPECT_EQ(verdict(kLeftOuter, kUpdate), kRefused);
  const RelationPtr l = Watermarked(), r = Watermarked();
  const RelationPtr join = JoinOf(kInner, l, r, Is("==", Column(l, "ts"), Column(r, "ts")));
  EXPECT_EQ(Verdict(CountBy(join, {}), kUpdate), "ok");
  EXPECT_EQ(Verdict(CountBy(join, {}), kComplete), kRefused);
}

// What Spark 4.2 answered for LEFT JOIN … ON l.k = r.k AND each condition.
TEST(LegalityTest, OuterJoinsNeedABoundOnTime) {
  const RelationPtr l = Watermarked(), r = Watermarked();
  const ExprPtr lt = Column(l, "ts"), rt = Column(r, "ts");
  const ExprPtr keys = Is("==", Column(l, "k"), Column(r, "k"));
  const auto verdict = [&](const ExprPtr& bound) {
    return Verdict(JoinOf(JoinKind::kLeftOuter, l, r, And(keys, bound)), kAppend);
  };
  EXPECT_EQ(verdict(Is(">=", lt, rt)), "ok");
  EXPECT_EQ(verdict(Is("<=", rt, lt)), "ok");
  EXPECT_EQ(verdict(Is("<=", rt, Later(lt, 20))), "ok");
  EXPECT_EQ(verdict(Is(">=", lt, Later(rt, 3))), "ok");
  EXPECT_EQ(verdict(And(Is(">", lt, rt), Is(">", Column(l, "v"), Column(r, "v")))), "ok");
  EXPECT_EQ(verdict(Is("<=", lt, rt)), kRefused);
  EXPECT_EQ(verdict(Make("not", {Is("<", lt, rt)}, BooleanType())), kRefused);
  EXPECT_EQ(verdict(Is("or", Is(">=", lt, rt), Is("==", lt, rt))), kRefused);
  EXPECT_EQ(verdict(Is(">", Make("-", {lt, rt}, DayTime()), Seconds(3))), kRefused);
  const ExprPtr month = MakeLiteral(
      Value(YearMonthIntervalType(IntervalUnit::kMonth, IntervalUnit::kMonth), int64_t{1}));
  EXPECT_EQ(verdict(Is("<=", rt, Make("+", {lt, month}, TimestampType()))), kRefused);
  EXPECT_EQ(Verdict(JoinOf(JoinKind::kLeftOuter, l, r, keys), kAppend), kRefused);
  EXPECT_EQ(Verdict(JoinOf(JoinKind::kLeftOuter, l, r, Is("<=>", lt, rt)), kAppend), kRefused);
  const RelationPtr plain = Stream();
  const ExprPtr mixed =
      And(Is("==", Column(l, "k"), Column(plain, "k")), Is(">=", lt, Column(plain, "ts")));
  EXPECT_EQ(Verdict(JoinOf(JoinKind::kLeftOuter, l, plain, mixed), kAppend), kRefused);
  EXPECT_EQ(Verdict(JoinOf(JoinKind::kFullOuter, l, r, And(keys, Is("<=", lt, rt))), kAppend),
            "ok");
}

TEST(LegalityTest, PlannedStreams) {
  const auto verdict = [](const RelationPtr& plan, OutputMode mode) {
    const Status status = CheckStreamingPlan(plan, mode, Conf());
    return status.ok() ? "ok" : status.condition();
  };
  const RelationPtr l = Watermarked(), r = Watermarked(), c = Stream();
  EXPECT_EQ(verdict(MakeWithWatermark(l, l->output[0], 7), kAppend), "_LEGACY_ERROR_TEMP_3076");
  const ExprPtr keys = Is("==", Column(l, "k"), Column(r, "k"));
  const RelationPtr two_times = JoinOf(JoinKind::kInner, l, r, keys);
  EXPECT_EQ(verdict(two_times, kAppend), "ok");
  EXPECT_EQ(verdict(JoinOf(JoinKind::kInner, two_times, c, Is("==", l->output[1], c->output[1])),
                    kAppend),
            "_LEGACY_ERROR_TEMP_3077");
  EXPECT_EQ(verdict(MakeAggregate(two_times, {l->output[0], r->output[0]}, {}), kAppend),
            "_LEGACY_ERROR_TEMP_3077");
  EXPECT_EQ(verdict(MakeAggregate(two_times, {l->output[0]}, {}), kAppend), "ok");
  EXPECT_EQ(verdict(MakeAggregate(c, {c->output[1]}, {}), kAppend),
            "UNSUPPORTED_STREAMING_OPERATOR_WITHOUT_WATERMARK");
  EXPECT_EQ(verdict(JoinOf(JoinKind::kInner, l, r, Is("<", l->output[2], r->output[2])), kAppend),
            "_LEGACY_ERROR_TEMP_1181");
}

}  // namespace
}  // namespace thalweg
