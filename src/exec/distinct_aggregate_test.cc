// DISTINCT in aggregates against sets of values kept by hand, on one and several lanes.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "exec/test_batch.h"

namespace thalweg {
namespace {

ExprPtr Distinct(const ExprPtr& call, ExprPtr filter = nullptr) {
  auto distinct = std::make_shared<AggregateCall>(*As<AggregateCall>(call));
  distinct->distinct = true;
  distinct->filter = std::move(filter);
  return distinct;
}

/// Rows k, a, b with many repetitions and some NULLs.
std::vector<std::array<int, 3>> ManyRows() {
  std::vector<std::array<int, 3>> rows;
  uint32_t random = 7;
  for (int i = 0; i < 4000; ++i) {
    std::array<int, 3> row;
    for (int& value : row) {
      random = random * 1664525 + 1013904223;
      value = static_cast<int>(random >> 24) % 11;
    }
    rows.push_back(row);
  }
  return rows;
}

std::string TextOf(int value) {
  return value == 0 ? "null" : std::to_string(value);
}

TEST(DistinctAggregateTest, EachValueCountsOnceAGroup) {
  const auto rows = ManyRows();
  std::string text;
  struct Group {
    std::set<int> a;
    std::set<std::pair<int, int>> pairs;
    std::set<int> large;
    int64_t sum = 0;
    int64_t rows = 0;
  };
  std::map<std::string, Group> groups;
  for (const auto& [k, a, b] : rows) {
    text += TextOf(k) + ", " + TextOf(a) + ", " + TextOf(b) + "\n";
    Group& group = groups[TextOf(k)];
    if (a != 0) group.a.insert(a);
    if (a != 0 && b != 0) group.pairs.insert({a, b});
    if (a != 0 && b > 5) group.large.insert(a);
    group.sum += a;
    ++group.rows;
  }
  std::set<std::string> expected;
  for (const auto& [k, group] : groups) {
    int64_t once = 0;
    for (const int a : group.a) once += a;
    expected.insert(k + ", " + std::to_string(group.a.size()) + ", " +
                    std::to_string(group.pairs.size()) + ", " + std::to_string(once) + ", " +
                    std::to_string(group.large.size()) + ", " + std::to_string(group.sum) + ", " +
                    std::to_string(group.rows));
  }
  const RelationPtr local = TestLocal("k INT, a INT, b INT", text);
  const AttributePtr k = local->output[0], a = local->output[1], b = local->output[2];
  const ExprPtr large = TestCall(">", {b, MakeLiteral(Value::Int(5))});
  const RelationPtr plan =
      MakeAggregate(local, {k},
                    {k, MakeAlias(Distinct(TestCall("count", {a})), "n"),
                     MakeAlias(Distinct(TestCall("count", {a, b})), "p"),
                     MakeAlias(Distinct(TestCall("sum", {a})), "s"),
                     MakeAlias(Distinct(TestCall("count", {a}), large), "l"),
                     MakeAlias(TestCall("sum", {a}), "t"), MakeAlias(TestCall("count", {}), "c")});
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    const std::string found = RunTestBatch(plan, world);
    std::set<std::string> lines;
    for (size_t from = 0; from < found.size();) {
      const size_t end = found.find('\n', from);
      lines.insert(found.substr(from, end - from));
      from = end + 1;
    }
    EXPECT_EQ(lines, expected) << world.workers;
  }
}

TEST(DistinctAggregateTest, WithoutGroupsThereIsOneRow) {
  const RelationPtr local = TestLocal("a INT", "1\n 1\n null\n 2");
  const auto plan = [](const RelationPtr& input) {
    return MakeAggregate(input, {},
                         {MakeAlias(Distinct(TestCall("count", {input->output[0]})), "n")});
  };
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(RunTestBatch(plan(local), world), "2\n");
    EXPECT_EQ(RunTestBatch(plan(TestLocal("a INT", "")), world), "0\n");
  }
}

}  // namespace
}  // namespace thalweg
