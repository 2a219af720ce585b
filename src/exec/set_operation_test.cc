// UNION ALL, INTERSECT, EXCEPT over rows known at planning and over what nodes emit.
#include <map>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "exec/test_batch.h"

namespace thalweg {
namespace {

RelationPtr Combine(SetOperationKind kind, bool all, std::vector<RelationPtr> inputs) {
  auto set = std::make_shared<SetOperation>();
  set->operation = kind;
  set->is_all = all;
  set->inputs = std::move(inputs);
  for (const AttributePtr& column : set->inputs[0]->output) {
    set->output.push_back(TestAttribute(column->column, column->type));
  }
  DeriveOutput(set.get());
  return set;
}

RelationPtr UnionAll(std::vector<RelationPtr> inputs) {
  return Combine(SetOperationKind::kUnion, true, std::move(inputs));
}

TEST(UnionTest, InputsComeOneAfterTheOther) {
  std::string first, second;
  for (int i = 0; i < 3000; ++i) first += std::to_string(i) + "\n";
  for (int i = 0; i < 2500; ++i) second += std::to_string(10'000 + i) + "\n";
  const RelationPtr all =
      UnionAll({TestLocal("a INT", first), TestLocal("b INT", ""), TestLocal("c INT", second)});
  ExpectInEveryWorld(all, first + second);
  const RelationPtr filter =
      MakeFilter(all, TestCall(">", {FindOutput(all, "a"), MakeLiteral(Value::Int(12'498))}));
  ExpectInEveryWorld(filter, "12499\n");
}

/// Counts rows by `column`, in an order of their own.
RelationPtr CountBy(const RelationPtr& input, const char* column) {
  const AttributePtr key = FindOutput(input, column);
  return MakeAggregate(input, {key}, {key, MakeAlias(TestCall("count", {}), "n")});
}

TEST(UnionTest, OfAggregatesAndScansIntoAnAggregate) {
  TestRandom random(3);
  std::map<int, int> counts;
  std::string text, expected;
  for (int i = 0; i < 5000; ++i) {
    const int k = random.Below(700);
    counts[k] += 1;
    text += std::to_string(k) + "\n";
  }
  for (auto& [k, n] : counts) n += 1;  // a row more of each key, from the aggregate
  std::vector<std::string> lines;
  for (const auto& [k, n] : counts) {
    lines.push_back(std::to_string(k) + ", " + std::to_string(n) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) expected += line;
  const RelationPtr scan = TestLocal("k INT", text);
  const RelationPtr groups = CountBy(scan, "k");
  const RelationPtr keys = MakeProject(groups, {FindOutput(groups, "k")});
  const RelationPtr other = TestLocal("k INT", text);
  ExpectRowsInEveryWorld(CountBy(UnionAll({keys, other}), "k"), expected);
  ExpectRowsInEveryWorld(CountBy(UnionAll({other, keys}), "k"), expected);
  // One input on one lane puts the others there too.
  const RelationPtr limited = LimitTo(other, 4000);
  std::string sum = "5000\n";
  const RelationPtr mixed = UnionAll({limited, other});
  const RelationPtr rest =
      MakeAggregate(Skip(mixed, 4000), {}, {MakeAlias(TestCall("count", {}), "n")});
  ExpectInEveryWorld(rest, sum);
}

TEST(UnionTest, TheOrderOfInputsHoldsBehindAnExchange) {
  // The first 700 rows are what the aggregate emits, whatever the lanes do meanwhile.
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i % 700) + "\n";
  const RelationPtr scan = TestLocal("k INT", text);
  const RelationPtr groups = CountBy(scan, "k");
  const RelationPtr both =
      UnionAll({MakeProject(groups, {MakeAlias(TestCall("+", {FindOutput(groups, "k"),
                                                              MakeLiteral(Value::Int(1000))}),
                                               "k")}),
                scan});
  const RelationPtr head = LimitTo(both, 700);
  const RelationPtr least = MakeAggregate(head, {},
                                          {MakeAlias(TestCall("min", {FindOutput(head, "k")}), "m"),
                                           MakeAlias(TestCall("count", {}), "n")});
  ExpectInEveryWorld(least, "1000, 700\n");
}

TEST(SetOperationTest, DistinctAndAll) {
  const char* kDdl = "a INT, s STRING";
  const RelationPtr left = TestLocal(kDdl, "1, x\n1, x\n1, x\n2, y\nnull, y\nnull, y\n3, null\n");
  const RelationPtr right = TestLocal(kDdl, "1, x\n1, x\nnull, y\n4, z\n");
  const auto run = [&](SetOperationKind kind, bool all) {
    return Combine(kind, all, {left, right});
  };
  ExpectRowsInEveryWorld(run(SetOperationKind::kIntersect, false), "1, x\nnull, y\n");
  ExpectRowsInEveryWorld(run(SetOperationKind::kIntersect, true), "1, x\n1, x\nnull, y\n");
  ExpectRowsInEveryWorld(run(SetOperationKind::kExcept, false), "2, y\n3, null\n");
  ExpectRowsInEveryWorld(run(SetOperationKind::kExcept, true), "1, x\n2, y\n3, null\nnull, y\n");
  const RelationPtr none = TestLocal(kDdl, "");
  ExpectRowsInEveryWorld(Combine(SetOperationKind::kIntersect, true, {left, none}), "");
  ExpectRowsInEveryWorld(Combine(SetOperationKind::kExcept, false, {none, right}), "");
  ExpectRowsInEveryWorld(Combine(SetOperationKind::kExcept, false, {right, none}),
                         "1, x\n4, z\nnull, y\n");
}

TEST(SetOperationTest, ManyRowsAndCopies) {
  std::string left, right;
  std::vector<std::string> intersect, except;
  for (int k = 0; k < 900; ++k) {
    for (int i = 0; i < k % 9; ++i) left += std::to_string(k) + "\n";
    for (int i = 0; i < k % 5; ++i) right += std::to_string(k) + "\n";
    for (int i = 0; i < std::min(k % 9, k % 5); ++i) intersect.push_back(std::to_string(k) + "\n");
    for (int i = k % 5; i < k % 9; ++i) except.push_back(std::to_string(k) + "\n");
  }
  std::string intersect_text, except_text;
  std::sort(intersect.begin(), intersect.end());
  std::sort(except.begin(), except.end());
  for (const std::string& row : intersect) intersect_text += row;
  for (const std::string& row : except) except_text += row;
  const std::vector<RelationPtr> inputs = {TestLocal("k BIGINT", left),
                                           TestLocal("k BIGINT", right)};
  ExpectRowsInEveryWorld(Combine(SetOperationKind::kIntersect, true, inputs), intersect_text);
  ExpectRowsInEveryWorld(Combine(SetOperationKind::kExcept, true, inputs), except_text);
}

TEST(BatchAggregateTest, OneAboveTheOther) {
  std::string text;
  for (int i = 0; i < 6000; ++i) text += std::to_string(i % 300) + "\n";
  const RelationPtr groups = CountBy(TestLocal("k INT", text), "k");
  ExpectInEveryWorld(CountBy(groups, "n"), "20, 300\n");
  const RelationPtr total =
      MakeAggregate(groups, {}, {MakeAlias(TestCall("sum", {FindOutput(groups, "n")}), "s")});
  ExpectInEveryWorld(total, "6000\n");
}

TEST(BatchAggregateTest, OfNoRows) {
  const RelationPtr none = TestLocal("t TIMESTAMP, k INT", "");
  ExpectInEveryWorld(CountBy(none, "k"), "");
  ExpectInEveryWorld(MakeAggregate(none, {},
                                   {MakeAlias(TestCall("count", {}), "n"),
                                    MakeAlias(TestCall("max", {FindOutput(none, "k")}), "m")}),
                     "0, null\n");
  const ExprPtr window =
      MakeAlias(MakeTimeWindow(FindOutput(none, "t"), 10'000'000, 5'000'000, 0), "w");
  ExpectInEveryWorld(MakeAggregate(none, {window}, {ToAttribute(window)}), "");
}

}  // namespace
}  // namespace thalweg
