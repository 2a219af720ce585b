// ORDER BY over all types that have an order, ties, first rows only; keys against ValueOrder.
#include <algorithm>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "exec/sort_key.h"
#include "exec/test_batch.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

TEST(SortTest, NullsAndDirections) {
  const RelationPtr local = TestLocal("i INT", "3\nnull\n-1\n2\n");
  ExpectInEveryWorld(SortBy(local, {By(local, "i", true, true)}), "null\n-1\n2\n3\n");
  ExpectInEveryWorld(SortBy(local, {By(local, "i", true, false)}), "-1\n2\n3\nnull\n");
  ExpectInEveryWorld(SortBy(local, {By(local, "i", false, true)}), "null\n3\n2\n-1\n");
  ExpectInEveryWorld(SortBy(local, {By(local, "i", false, false)}), "3\n2\n-1\nnull\n");
  const RelationPtr empty = TestLocal("i INT", "");
  ExpectInEveryWorld(SortBy(empty, {By(empty, "i", true, true)}), "");
}

TEST(SortTest, FloatsStringsAndNestedValues) {
  const RelationPtr floats = TestLocal("d DOUBLE", "1.5\nNaN\n-Infinity\n-0.0\n0.0\nInfinity\n");
  ExpectInEveryWorld(SortBy(floats, {By(floats, "d", true, true)}),
                     "-Infinity\n-0.0\n0.0\n1.5\nInfinity\nNaN\n");
  const RelationPtr texts = TestLocal("s STRING", "b\n''\nab\na\né\naaaaaaaaaaaaaaaaaaaa\n");
  ExpectInEveryWorld(SortBy(texts, {By(texts, "s", false, true)}),
                     "é\nb\nab\naaaaaaaaaaaaaaaaaaaa\na\n\n");
  const RelationPtr lists = TestLocal("a ARRAY<INT>", "[2]\n[]\n[1, 2]\n[1]\n[1, null]\nnull\n");
  ExpectInEveryWorld(SortBy(lists, {By(lists, "a", true, false)}),
                     "[]\n[1]\n[1, null]\n[1, 2]\n[2]\nnull\n");
}

TEST(SortTest, TiesKeepTheirOrderOverManyBatches) {
  TestRandom random(11);
  std::vector<std::pair<int, int>> rows;
  std::string text, expected;
  for (int i = 0; i < 7000; ++i) {
    rows.emplace_back(random.Below(50), i);
    text += std::to_string(rows.back().first) + ", " + std::to_string(i) + "\n";
  }
  const RelationPtr local = TestLocal("k INT, i INT", text);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> lines;
  for (const auto& [k, i] : rows) {
    lines.push_back(std::to_string(k) + ", " + std::to_string(i) + "\n");
    expected += lines.back();
  }
  const RelationPtr sort = SortBy(local, {By(local, "k", false, false)});
  ExpectInEveryWorld(sort, expected);
  const auto range = [&](int first, int end) {
    std::string part;
    for (int i = first; i < end; ++i) part += lines[i];
    return part;
  };
  ExpectInEveryWorld(LimitTo(sort, 3), range(0, 3));
  ExpectInEveryWorld(LimitTo(sort, 0), "");
  ExpectInEveryWorld(LimitTo(Skip(sort, 1000), 1500), range(1000, 2500));
  ExpectInEveryWorld(Skip(sort, 6990), range(6990, 7000));
  ExpectInEveryWorld(Skip(LimitTo(sort, 10), 8), range(8, 10));
  ExpectInEveryWorld(LimitTo(sort, 8000), expected);
}

TEST(SortTest, ALimitOverASortKeepsFewRows) {
  std::string text;
  for (int i = 0; i < 60'000; ++i)
    text += std::to_string(60'000 - i) + ", a long string of its own\n";
  const RelationPtr local = TestLocal("i INT, s STRING", text);
  const RelationPtr sort = SortBy(local, {By(local, "i", true, true)});
  const auto env = NewPosixEnv(1);
  MemoryBudget budget("query", MemoryBudget::kUnlimited, nullptr);
  BatchQueryOptions options;
  options.env = env.get();
  options.budget = &budget;
  const auto rows = RunBatch(LimitTo(sort, 2), options);
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(RowTexts(rows->front())[0], "1, a long string of its own");
  EXPECT_LT(budget.peak_bytes(), 1 << 20);
  EXPECT_EQ(budget.used_bytes(), 0);
  MemoryBudget small("query", 1 << 20, nullptr);
  options.budget = &small;
  const auto all = RunBatch(sort, options);
  ASSERT_FALSE(all.ok());
  EXPECT_EQ(all.status().condition(), "THALWEG_MEMORY_LIMIT_EXCEEDED");
  EXPECT_EQ(small.used_bytes(), 0);
}

TEST(SortTest, ALimitStopsBeforeTheRowThatFails) {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += i == 1700 ? "0\n" : "1\n";
  const RelationPtr local = TestLocal("i INT", text);
  const RelationPtr project = MakeProject(
      local, {MakeAlias(TestCall("%", {FindOutput(local, "i"), FindOutput(local, "i")}), "x")});
  std::string expected;
  for (int i = 0; i < 1700; ++i) expected += "0\n";
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(RunTestBatch(LimitTo(project, 1700), world), expected);
    EXPECT_EQ(RunTestBatch(LimitTo(project, 1701), world).substr(0, 18), "[REMAINDER_BY_ZERO");
  }
}

TEST(SortKeyTest, BytesHaveTheOrderOfValues) {
  TestRandom random(5);
  int orders = 0;
  for (int round = 0; round < 400; ++round) {
    const TypePtr type = RandomType(random, 2);
    const auto order = ValueOrder::Make(*type);
    if (order == nullptr || SortKeyEncoder::WhyNot(*type) != nullptr) continue;
    ++orders;
    const Vector vector = RandomVector(type, 40, random);
    const bool ascending = random.Below(2) == 0, nulls_first = random.Below(2) == 0;
    const SortKeyEncoder encoder({{ascending, nulls_first}});
    const Vector* columns[] = {&vector};
    const auto sign = [](int x) { return (x > 0) - (x < 0); };
    for (int i = 0; i < 40; ++i) {
      for (int j = 0; j < 40; ++j) {
        std::string a, b;
        encoder.Append(columns, i, &a);
        encoder.Append(columns, j, &b);
        int expected = order->CompareNullsFirst(vector, i, vector, j);
        const bool nulls = vector.IsNull(i) || vector.IsNull(j);
        if (nulls ? !nulls_first : !ascending) expected = -expected;
        ASSERT_EQ(sign(a.compare(b)), sign(expected)) << type->Sql();
      }
    }
  }
  EXPECT_GT(orders, 100);
}

}  // namespace
}  // namespace thalweg
