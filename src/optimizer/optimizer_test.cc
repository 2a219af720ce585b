// Golden plans: each rule alone, before and after, as text; then the list as a whole.
#include "optimizer/optimizer.h"

#include <map>

#include <gtest/gtest.h>

#include "optimizer/rules.h"
#include "optimizer/verify_plan.h"

namespace thalweg {
namespace {

constexpr int64_t kSecondUs = 1'000'000;

/// A table that is only looked at.
class Shown final : public Table {
 public:
  explicit Shown(const std::string& name) {
    info_.description = name;
    info_.schema = Schema::Make({{"ts", TimestampType(), true, ""},
                                 {"k", StringType(), true, ""},
                                 {"v", IntType(), true, ""}});
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override { return Status::Bug("only looked at"); }
  Result<std::unique_ptr<Sink>> OpenSink() override { return Status::Bug("only looked at"); }

 private:
  TableInfo info_;
};

RelationPtr Read(const std::string& name, bool streaming) {
  return MakeRead(std::make_shared<Shown>(name), streaming);
}
RelationPtr Stream() {
  return Read("s", true);
}
RelationPtr Rest() {
  return Read("t", false);
}
RelationPtr Watermarked(const std::string& name = "s") {
  const RelationPtr stream = Read(name, true);
  return MakeWithWatermark(stream, stream->output[0], kSecondUs);
}

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments) {
  Result<ExprPtr> bound = FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
  EXPECT_TRUE(bound.ok()) << name << ": " << bound.status().ToString();
  return bound.ok() ? *bound : nullptr;
}
ExprPtr Int(int32_t value) {
  return MakeLiteral(Value::Int(value));
}
ExprPtr Bool(bool value) {
  return MakeLiteral(Value::Boolean(value));
}
ExprPtr Column(const RelationPtr& relation, const char* name) {
  return FindOutput(relation, name);
}
ExprPtr Positive(const RelationPtr& relation) {
  return Bind(">", {Column(relation, "v"), Int(0)});
}
ExprPtr Early(const RelationPtr& relation) {
  return Bind("<", {Column(relation, "ts"), MakeLiteral(Value::Timestamp(9))});
}
ExprPtr And(ExprPtr a, ExprPtr b) {
  return Bind("and", {std::move(a), std::move(b)});
}
RelationPtr Count(const RelationPtr& input, std::vector<ExprPtr> groupings) {
  std::vector<ExprPtr> columns;
  for (const ExprPtr& grouping : groupings) columns.push_back(ToAttribute(grouping));
  columns.push_back(MakeAlias(Bind("count", {Int(1)}), "n"));
  return MakeAggregate(input, std::move(groupings), std::move(columns));
}
RelationPtr JoinOn(JoinKind kind, RelationPtr left, RelationPtr right, ExprPtr condition) {
  auto join = std::make_shared<Join>();
  join->left = std::move(left);
  join->right = std::move(right);
  join->join = kind;
  join->condition = std::move(condition);
  DeriveOutput(join.get());
  return join;
}
RelationPtr LimitOf(RelationPtr input, int32_t count) {
  auto limit = std::make_shared<Limit>();
  limit->input = std::move(input);
  limit->limit = Int(count);
  DeriveOutput(limit.get());
  return limit;
}
RelationPtr SortBy(RelationPtr input, const char* name) {
  auto order = std::make_shared<SortOrder>();
  order->child = Column(input, name);
  order->type = order->child->type;
  auto sort = std::make_shared<Sort>();
  sort->input = std::move(input);
  sort->order = {order};
  DeriveOutput(sort.get());
  return sort;
}
RelationPtr UnionOf(RelationPtr a, RelationPtr b) {
  auto all = std::make_shared<SetOperation>();
  all->is_all = true;
  for (const AttributePtr& column : a->output) {
    auto own = std::make_shared<Attribute>(*column);
    own->id = NextExpressionId();
    all->output.push_back(own);
  }
  all->inputs = {std::move(a), std::move(b)};
  DeriveOutput(all.get());
  return all;
}

/// The tree with ids numbered as they appear.
std::string Text(const RelationPtr& plan) {
  const std::string text = ToTreeString(plan);
  std::map<std::string, size_t> numbers;
  std::string out = "\n";
  for (size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '#') continue;
    std::string id;
    while (i + 1 < text.size() && isdigit(text[i + 1])) id += text[++i];
    out += std::to_string(numbers.emplace(id, numbers.size() + 1).first->second);
  }
  return out;
}

using Rule = Result<RelationPtr> (*)(const RelationPtr&, const OptimizerContext&);
std::string After(Rule rule, const RelationPtr& plan) {
  OptimizerContext context;
  context.functions = &FunctionRegistry::BuiltIn();
  const Result<RelationPtr> changed = rule(plan, context);
  if (!changed.ok()) return changed.status().ToString();
  const Status valid = VerifyPlan(*plan, *changed, "tested");
  return valid.ok() ? Text(*changed) : valid.ToString();
}
std::string Optimized(const RelationPtr& plan, const std::string& excluded = "") {
  Conf conf;
  EXPECT_TRUE(conf.Set("spark.sql.optimizer.excludedRules", excluded).ok());
  OptimizerContext context;
  context.functions = &FunctionRegistry::BuiltIn();
  context.conf = &conf;
  const Result<RelationPtr> changed = Optimize(plan, context);
  return changed.ok() ? Text(*changed) : changed.status().ToString();
}

// ---- one rule at a time

TEST(OptimizerTest, FoldConstants) {
  const RelationPtr t = Rest();
  const ExprPtr three = Bind("+", {Int(1), Int(2)});
  const ExprPtr fails = Bind("div", {Int(1), Int(0)});
  EXPECT_EQ(After(FoldConstants,
                  MakeProject(t, {MakeAlias(three, "a"), MakeAlias(Bind("+", {three, fails}), "b"),
                                  MakeAlias(Bind("+", {Column(t, "v"), three}), "c")})),
            R"(
Project [3 AS a#1, (3 + (1 div 0)) AS b#2, (v#3 + 3) AS c#4]
  Read t, columns: [0, 1, 2] -> [ts#5, k#6, v#3]
)");
}

TEST(OptimizerTest, SimplifyConditions) {
  const RelationPtr t = Rest();
  const ExprPtr p = Positive(t);
  const ExprPtr raises = Bind("==", {Bind("div", {Int(1), Column(t, "v")}), Int(1)});
  const auto simple = [&](const ExprPtr& condition) {
    return After(SimplifyConditions, MakeFilter(t, condition));
  };
  const std::string kept = Text(MakeFilter(t, p));
  EXPECT_EQ(simple(And(Bool(true), p)), kept);
  EXPECT_EQ(simple(And(p, Bool(true))), kept);
  EXPECT_EQ(simple(Bind("or", {p, Bool(false)})), kept);
  EXPECT_EQ(simple(Bind("not", {Bind("not", {p})})), kept);
  EXPECT_EQ(simple(Bind("if", {Bool(true), p, raises})), kept);
  const std::string never = Text(MakeFilter(t, Bool(false)));
  EXPECT_EQ(simple(And(Bool(false), raises)), never);
  EXPECT_EQ(simple(And(p, Bool(false))), never);
  const ExprPtr may_raise = And(raises, Bool(false));
  EXPECT_EQ(simple(may_raise), Text(MakeFilter(t, may_raise)));
}

TEST(OptimizerTest, PruneFilters) {
  EXPECT_EQ(After(PruneFilters, MakeFilter(Rest(), Bool(true))), Text(Rest()));
  EXPECT_EQ(After(PruneFilters, MakeFilter(Rest(), Bool(false))), R"(
LocalRelation (ts TIMESTAMP,k STRING,v INT) -> [ts#1, k#2, v#3]
)");
  const RelationPtr stream = MakeFilter(Stream(), Bool(false));
  EXPECT_EQ(After(PruneFilters, stream), Text(stream));
}

TEST(OptimizerTest, FiltersPassAWatermarkWithoutLookingAtIt) {
  const RelationPtr w = Watermarked();
  EXPECT_EQ(After(PushDownFilters, MakeFilter(w, And(Early(w), Positive(w)))), R"(
Filter (ts#1-T1000ms < TIMESTAMP '1970-01-01 00:00:00.000009Z')
  WithWatermark ts#1, delay_us: 1000000
    Filter (v#2 > 0)
      Read s, is_streaming, columns: [0, 1, 2] -> [ts#1, k#3, v#2]
)");
  const ExprPtr either = Bind("or", {Early(w), Positive(w)});
  EXPECT_EQ(After(PushDownFilters, MakeFilter(w, either)), Text(MakeFilter(w, either)));
}

TEST(OptimizerTest, FiltersPassListsSortsUnionsAndKeys) {
  const RelationPtr t = Rest();
  const RelationPtr list = MakeProject(t, {MakeAlias(Column(t, "v"), "v"), Column(t, "ts")});
  const RelationPtr u = Rest();
  const RelationPtr all =
      UnionOf(SortBy(list, "ts"), MakeProject(u, {Column(u, "v"), Column(u, "ts")}));
  EXPECT_EQ(After(PushDownFilters, MakeFilter(all, Positive(all))), R"(
SetOperation operation: union, is_all
  Sort [ts#1 ASC NULLS FIRST], is_global
    Project [v#2 AS v#3, ts#1]
      Filter (v#2 > 0)
        Read t, columns: [0, 1, 2] -> [ts#1, k#4, v#2]
  Project [v#5, ts#6]
    Filter (v#5 > 0)
      Read t, columns: [0, 1, 2] -> [ts#6, k#7, v#5]
)");
  const RelationPtr counted = Count(t, {Column(t, "v")});
  const ExprPtr many = Bind(">", {Column(counted, "n"), MakeLiteral(Value::Bigint(1))});
  EXPECT_EQ(After(PushDownFilters, MakeFilter(counted, And(many, Positive(counted)))), R"(
Filter (n#1 > 1)
  Aggregate group: group_by, [v#2], [v#2, count(1) AS n#1]
    Filter (v#2 > 0)
      Read t, columns: [0, 1, 2] -> [ts#3, k#4, v#2]
)");
  const RelationPtr limited = MakeFilter(LimitOf(t, 3), Positive(t));
  EXPECT_EQ(After(PushDownFilters, limited), Text(limited));
}

TEST(OptimizerTest, FiltersStayOutOfWindows) {
  const RelationPtr t = Rest();
  const ExprPtr window = MakeAlias(MakeTimeWindow(Column(t, "ts"), 10, 5, 0), "window");
  const RelationPtr list = MakeProject(t, {window, Column(t, "v")});
  const ExprPtr early = Bind("isnotnull", {Column(list, "window")});
  EXPECT_EQ(After(PushDownFilters, MakeFilter(list, And(early, Positive(list)))), R"(
Filter isnotnull(window#1)
  Project [TimeWindow(ts#2, size_us: 10, slide_us: 5, start_us: 0) AS window#1, v#3]
    Filter (v#3 > 0)
      Read t, columns: [0, 1, 2] -> [ts#2, k#4, v#3]
)");
}

TEST(OptimizerTest, FiltersGoToTheSidesOfJoins) {
  const auto filtered = [](JoinKind kind) {
    const RelationPtr a = Read("a", false), b = Read("b", false);
    const ExprPtr keys = Bind("==", {Column(a, "k"), Column(b, "k")});
    const ExprPtr on = And(And(keys, Positive(a)), Positive(b));
    const RelationPtr join = JoinOn(kind, a, b, on);
    return MakeFilter(join, And(Early(a), Early(b)));
  };
  const auto pushed = [&](JoinKind kind) { return After(PushDownFilters, filtered(kind)); };
  EXPECT_EQ(pushed(JoinKind::kInner), R"(
Join join: inner, (k#1 == k#2)
  Filter ((v#3 > 0) and (ts#4 < TIMESTAMP '1970-01-01 00:00:00.000009Z'))
    Read a, columns: [0, 1, 2] -> [ts#4, k#1, v#3]
  Filter ((v#5 > 0) and (ts#6 < TIMESTAMP '1970-01-01 00:00:00.000009Z'))
    Read b, columns: [0, 1, 2] -> [ts#6, k#2, v#5]
)");
  EXPECT_EQ(pushed(JoinKind::kLeftOuter), R"(
Filter (ts#1 < TIMESTAMP '1970-01-01 00:00:00.000009Z')
  Join join: left_outer, ((k#2 == k#3) and (v#4 > 0))
    Filter (ts#5 < TIMESTAMP '1970-01-01 00:00:00.000009Z')
      Read a, columns: [0, 1, 2] -> [ts#5, k#2, v#4]
    Filter (v#6 > 0)
      Read b, columns: [0, 1, 2] -> [ts#1, k#3, v#6]
)");
  EXPECT_EQ(pushed(JoinKind::kRightOuter), R"(
Filter (ts#1 < TIMESTAMP '1970-01-01 00:00:00.000009Z')
  Join join: right_outer, ((k#2 == k#3) and (v#4 > 0))
    Filter (v#5 > 0)
      Read a, columns: [0, 1, 2] -> [ts#1, k#2, v#5]
    Filter (ts#6 < TIMESTAMP '1970-01-01 00:00:00.000009Z')
      Read b, columns: [0, 1, 2] -> [ts#6, k#3, v#4]
)");
  EXPECT_EQ(pushed(JoinKind::kFullOuter), Text(filtered(JoinKind::kFullOuter)));
}

TEST(OptimizerTest, InferNullFilters) {
  const RelationPtr w = Watermarked("a"), s = Read("b", true);
  const ExprPtr keys = Bind("==", {Column(w, "k"), Column(s, "k")});
  EXPECT_EQ(After(InferNullFilters, JoinOn(JoinKind::kInner, w, s, keys)), R"(
Join join: inner, (k#1 == k#2)
  Filter isnotnull(k#1)
    WithWatermark ts#3, delay_us: 1000000
      Read a, is_streaming, columns: [0, 1, 2] -> [ts#3, k#1, v#4]
  Filter isnotnull(k#2)
    Read b, is_streaming, columns: [0, 1, 2] -> [ts#5, k#2, v#6]
)");
  EXPECT_EQ(After(InferNullFilters, JoinOn(JoinKind::kLeftOuter, w, s, keys)), R"(
Join join: left_outer, (k#1 == k#2)
  WithWatermark ts#3, delay_us: 1000000
    Read a, is_streaming, columns: [0, 1, 2] -> [ts#3, k#1, v#4]
  Filter isnotnull(k#2)
    Read b, is_streaming, columns: [0, 1, 2] -> [ts#5, k#2, v#6]
)");
  const RelationPtr outer = JoinOn(JoinKind::kFullOuter, w, s, keys);
  EXPECT_EQ(After(InferNullFilters, outer), Text(outer));
}

TEST(OptimizerTest, InferEqualFilters) {
  const RelationPtr w = Watermarked("a"), s = Read("b", true);
  const RelationPtr five = MakeFilter(w, Bind("==", {Column(w, "v"), Int(5)}));
  const ExprPtr values = Bind("==", {Column(w, "v"), Column(s, "v")});
  EXPECT_EQ(After(InferEqualFilters, JoinOn(JoinKind::kLeftOuter, five, s, values)), R"(
Join join: left_outer, (v#1 == v#2)
  Filter (v#1 == 5)
    WithWatermark ts#3, delay_us: 1000000
      Read a, is_streaming, columns: [0, 1, 2] -> [ts#3, k#4, v#1]
  Filter (v#2 == 5)
    Read b, is_streaming, columns: [0, 1, 2] -> [ts#5, k#6, v#2]
)");
  const RelationPtr kept = JoinOn(JoinKind::kRightOuter, five, s, values);
  EXPECT_EQ(After(InferEqualFilters, kept), Text(kept));
  EXPECT_EQ(Optimized(MakeProject(JoinOn(JoinKind::kInner, five, s, values), {Column(s, "k")})),
            R"(
Project [k#1]
  Join join: inner, (v#2 == v#3)
    Project [v#2]
      WithWatermark ts#4, delay_us: 1000000
        Filter (v#2 == 5)
          Read a, is_streaming, columns: [0, 2] -> [ts#4, v#2]
    Filter (isnotnull(v#3) and (v#3 == 5))
      Read b, is_streaming, columns: [1, 2] -> [k#1, v#3]
)");
}

TEST(OptimizerTest, PushSemiJoins) {
  const RelationPtr s = Stream(), t = Rest();
  const RelationPtr counted = Count(s, {Column(s, "k")});
  const ExprPtr keys = Bind("==", {Column(counted, "k"), Column(t, "k")});
  EXPECT_EQ(After(PushSemiJoins, JoinOn(JoinKind::kLeftSemi, counted, t, keys)), R"(
Aggregate group: group_by, [k#1], [k#1, count(1) AS n#2]
  Join join: left_semi, (k#1 == k#3)
    Read s, is_streaming, columns: [0, 1, 2] -> [ts#4, k#1, v#5]
    Read t, columns: [0, 1, 2] -> [ts#6, k#3, v#7]
)");
  const ExprPtr many = Bind("==", {Column(counted, "n"), MakeLiteral(Value::Bigint(2))});
  const RelationPtr kept = JoinOn(JoinKind::kLeftSemi, counted, t, And(keys, many));
  EXPECT_EQ(After(PushSemiJoins, kept), Text(kept));
}

TEST(OptimizerTest, NarrowOuterJoins) {
  const RelationPtr a = Read("a", false), b = Read("b", false);
  const ExprPtr keys = Bind("==", {Column(a, "k"), Column(b, "k")});
  const auto kind = [&](JoinKind outer, const ExprPtr& filter) {
    OptimizerContext context;
    const RelationPtr plan = MakeFilter(JoinOn(outer, a, b, keys), filter);
    return As<Join>(As<Filter>(*NarrowOuterJoins(plan, context))->input)->join;
  };
  using enum JoinKind;
  EXPECT_EQ(kind(kLeftOuter, Positive(b)), kInner);
  EXPECT_EQ(kind(kLeftOuter, Positive(a)), kLeftOuter);
  EXPECT_EQ(kind(kLeftOuter, Bind("isnull", {Column(b, "v")})), kLeftOuter);
  EXPECT_EQ(kind(kLeftOuter, Bind("isnotnull", {Column(b, "v")})), kInner);
  EXPECT_EQ(kind(kRightOuter, Positive(a)), kInner);
  EXPECT_EQ(kind(kFullOuter, Positive(a)), kLeftOuter);
  EXPECT_EQ(kind(kFullOuter, And(Positive(a), Positive(b))), kInner);
}

TEST(OptimizerTest, Limits) {
  EXPECT_EQ(After(CombineLimits, LimitOf(LimitOf(Rest(), 2), 5)), Text(LimitOf(Rest(), 2)));
  EXPECT_EQ(After(EmptyLimits, LimitOf(Rest(), 0)), R"(
LocalRelation (ts TIMESTAMP,k STRING,v INT) -> [ts#1, k#2, v#3]
)");
  const RelationPtr w = Watermarked();
  EXPECT_EQ(After(EmptyLimits, LimitOf(MakeDistinct(MakeProject(w, {Column(w, "k")})), 0)), R"(
Project [null AS k#1]
  Filter false
    Read s, is_streaming, columns: [0, 1, 2] -> [ts#2, k#1, v#3]
)");
}

TEST(OptimizerTest, PropagateEmpty) {
  const RelationPtr none = *PruneFilters(MakeFilter(Rest(), Bool(false)), OptimizerContext());
  EXPECT_EQ(After(PropagateEmpty, Count(SortBy(none, "v"), {Column(none, "k")})), R"(
LocalRelation (k STRING,n BIGINT NOT NULL) -> [k#1, n#2]
)");
  const RelationPtr global = Count(none, {});
  EXPECT_EQ(After(PropagateEmpty, global), Text(global));
  const RelationPtr s = Stream();
  const RelationPtr join = JoinOn(JoinKind::kInner, s, none, nullptr);
  EXPECT_EQ(After(PropagateEmpty, join), Text(join));
  const RelationPtr t = Rest();
  EXPECT_EQ(After(PropagateEmpty, UnionOf(none, t)), R"(
Project [ts#1 AS ts#2, k#3 AS k#4, v#5 AS v#6]
  Read t, columns: [0, 1, 2] -> [ts#1, k#3, v#5]
)");
}

TEST(OptimizerTest, RemoveSorts) {
  const RelationPtr t = Rest();
  EXPECT_EQ(After(RemoveSorts, Count(SortBy(t, "v"), {Column(t, "k")})),
            Text(Count(t, {Column(t, "k")})));
  EXPECT_EQ(After(RemoveSorts, SortBy(SortBy(t, "v"), "k")), Text(SortBy(t, "k")));
  const RelationPtr limited = SortBy(LimitOf(SortBy(t, "v"), 2), "k");
  EXPECT_EQ(After(RemoveSorts, limited), Text(limited));
}

TEST(OptimizerTest, PruneColumns) {
  const RelationPtr w = Watermarked();
  EXPECT_EQ(After(PruneColumns, Count(w, {Column(w, "k")})), R"(
Aggregate group: group_by, [k#1], [k#1, count(1) AS n#2]
  Project [k#1]
    WithWatermark ts#3, delay_us: 1000000
      Read s, is_streaming, columns: [0, 1] -> [ts#3, k#1]
)");
  const RelationPtr t = Rest();
  EXPECT_EQ(After(PruneColumns, Count(t, {})), R"(
Aggregate group: group_by, [], [count(1) AS n#1]
  Read t, columns: [2] -> [v#2]
)");
  const RelationPtr counted = Count(t, {Column(t, "k")});
  EXPECT_EQ(After(PruneColumns, MakeProject(counted, {Column(counted, "k")})), R"(
Project [k#1]
  Aggregate group: group_by, [k#1], [k#1]
    Read t, columns: [1] -> [k#1]
)");
  const RelationPtr all = UnionOf(Rest(), Rest());
  EXPECT_EQ(After(PruneColumns, MakeProject(all, {Column(all, "v")})), R"(
Project [v#1]
  SetOperation operation: union, is_all
    Read t, columns: [2] -> [v#2]
    Read t, columns: [2] -> [v#3]
)");
  const ExprPtr window = MakeAlias(MakeTimeWindow(Column(t, "ts"), 10, 10, 0), "window");
  const RelationPtr list = MakeProject(t, {window, Column(t, "v"), Column(t, "k")});
  EXPECT_EQ(After(PruneColumns, MakeProject(list, {Column(list, "v")})), R"(
Project [v#1]
  Project [TimeWindow(ts#2, size_us: 10, slide_us: 10, start_us: 0) AS window#3, v#1]
    Read t, columns: [0, 2] -> [ts#2, v#1]
)");
}

TEST(OptimizerTest, PruneColumnsOfDeduplication) {
  const auto pruned = [](bool within) {
    auto node = std::make_shared<Deduplicate>();
    node->input = Watermarked();
    node->within_watermark = within;
    node->keys = {Column(node->input, "k")};
    DeriveOutput(node.get());
    const ExprPtr key = node->keys[0];
    return After(PruneColumns, MakeProject(std::move(node), {key}));
  };
  EXPECT_EQ(pruned(false), R"(
Project [k#1]
  Deduplicate [k#1]
    Project [k#1]
      WithWatermark ts#2, delay_us: 1000000
        Read s, is_streaming, columns: [0, 1] -> [ts#2, k#1]
)");
  EXPECT_EQ(pruned(true), R"(
Project [k#1]
  Deduplicate within_watermark, [k#1]
    WithWatermark ts#2, delay_us: 1000000
      Read s, is_streaming, columns: [0, 1] -> [ts#2, k#1]
)");
}

TEST(OptimizerTest, CollapseProjects) {
  const RelationPtr t = Rest();
  const ExprPtr next = MakeAlias(Bind("+", {Column(t, "v"), Int(1)}), "w");
  const RelationPtr list = MakeProject(t, {next, Column(t, "k")});
  const ExprPtr w = Column(list, "w");
  EXPECT_EQ(After(CollapseProjects,
                  MakeProject(list, {MakeAlias(Bind("*", {w, Int(2)}), "x"), Column(list, "k")})),
            R"(
Project [((v#1 + 1) * 2) AS x#2, k#3]
  Read t, columns: [0, 1, 2] -> [ts#4, k#3, v#1]
)");
  EXPECT_EQ(After(CollapseProjects, MakeProject(list, {w})), R"(
Project [(v#1 + 1) AS w#2]
  Read t, columns: [0, 1, 2] -> [ts#3, k#4, v#1]
)");
  const RelationPtr twice = MakeProject(list, {MakeAlias(Bind("*", {w, w}), "x")});
  EXPECT_EQ(After(CollapseProjects, twice), Text(twice));
}

TEST(OptimizerTest, RemoveNoopProjects) {
  const RelationPtr t = Rest();
  const std::vector<ExprPtr> same(t->output.begin(), t->output.end());
  EXPECT_EQ(After(RemoveNoopProjects, MakeProject(t, same)), Text(t));
  const RelationPtr fewer = MakeProject(t, {same[0]});
  EXPECT_EQ(After(RemoveNoopProjects, fewer), Text(fewer));
}

TEST(OptimizerTest, RewriteSetOperations) {
  const RelationPtr a = Read("a", false), b = Read("b", false);
  auto except = std::make_shared<SetOperation>();
  except->operation = SetOperationKind::kExcept;
  except->inputs = {MakeProject(a, {Column(a, "k")}), MakeProject(b, {Column(b, "k")})};
  auto column = std::make_shared<Attribute>(*ToAttribute(Column(a, "k")));
  column->id = NextExpressionId();
  except->output = {column};
  DeriveOutput(except.get());
  EXPECT_EQ(After(RewriteSetOperations, except), R"(
Aggregate group: group_by, is_distinct, [k#1], [k#1]
  Project [k#2 AS k#1]
    Join join: left_anti, (k#2 <=> k#3)
      Project [k#2]
        Read a, columns: [0, 1, 2] -> [ts#4, k#2, v#5]
      Project [k#3]
        Read b, columns: [0, 1, 2] -> [ts#6, k#3, v#7]
)");
}

// ---- the list

TEST(OptimizerTest, RulesCanBeSwitchedOff) {
  const RelationPtr w = Watermarked();
  const RelationPtr plan = MakeFilter(w, Positive(w));
  const std::string package = "org.apache.spark.sql.catalyst.optimizer.";
  // Spark pushes filters in other places too.
  EXPECT_EQ(Optimized(plan, package + "PushDownPredicates"), Optimized(plan));
  EXPECT_EQ(Optimized(plan, package + "PushDownPredicates, " + package +
                                "PushPredicateThroughNonJoin,PushPredicateThroughJoin"),
            Text(MakeFilter(w, And(Bind("isnotnull", {Column(w, "v")}), Positive(w)))));
  EXPECT_EQ(Optimized(plan, "PushDownFilters,InferNullFilters"), Text(plan));
}

TEST(OptimizerTest, NullsThatNothingMatchesDoNotMoveTheWatermark) {
  const RelationPtr a = Watermarked("a"), b = Watermarked("b");
  const ExprPtr keys = Bind("==", {Column(a, "k"), Column(b, "k")});
  const ExprPtr times = Bind("<=", {Column(a, "ts"), Column(b, "ts")});
  const RelationPtr join = JoinOn(JoinKind::kLeftOuter, a, b, And(keys, times));
  EXPECT_EQ(Optimized(MakeProject(MakeFilter(join, Positive(b)), {Column(a, "v")})), R"(
Project [v#1]
  Join join: inner, ((k#2 == k#3) and (ts#4-T1000ms <= ts#5-T1000ms))
    Filter isnotnull(ts#4-T1000ms)
      WithWatermark ts#4, delay_us: 1000000
        Filter isnotnull(k#2)
          Read a, is_streaming, columns: [0, 1, 2] -> [ts#4, k#2, v#1]
    Project [ts#5-T1000ms, k#3]
      Filter isnotnull(ts#5-T1000ms)
        WithWatermark ts#5, delay_us: 1000000
          Filter ((v#6 > 0) and isnotnull(k#3))
            Read b, is_streaming, columns: [0, 1, 2] -> [ts#5, k#3, v#6]
)");
}

TEST(OptimizerTest, TraceNamesTheRules) {
  const RelationPtr t = Rest();
  std::vector<std::pair<std::string, std::string>> trace;
  OptimizerContext context;
  context.functions = &FunctionRegistry::BuiltIn();
  const RelationPtr plan = MakeFilter(t, Bind("==", {Int(1), Int(1)}));
  ASSERT_TRUE(Optimize(plan, context, &trace).ok());
  ASSERT_EQ(trace.size(), 2u);
  EXPECT_EQ(trace[0].first, "FoldConstants");
  EXPECT_EQ(trace[1].first, "PruneFilters");
}

}  // namespace
}  // namespace thalweg
