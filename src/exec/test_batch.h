// Batch queries in tests: plans over rows written as text, run in several worlds. Not used by the
// engine.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/env.h"
#include "exec/batch_query.h"
#include "exec/test_output.h"
#include "plan/clauses.h"

namespace thalweg {

/// Rows as a LocalRelation, in batches of 1,000.
inline RelationPtr TestLocal(std::string_view ddl, std::string_view rows) {
  auto local = std::make_shared<LocalRelation>();
  local->schema = MakeSchema(ddl);
  auto batches = std::make_shared<std::vector<Batch>>();
  const Batch all = MakeBatch(local->schema, rows);
  for (int from = 0; from < all.physical_rows(); from += 1000) {
    std::vector<RowIndex> picked;
    for (int row = from; row < std::min(from + 1000, all.physical_rows()); ++row) {
      picked.push_back(static_cast<RowIndex>(row));
    }
    batches->emplace_back(local->schema);
    AppendRows(all, {picked.data(), static_cast<int>(picked.size())}, &batches->back());
  }
  local->batches = batches;
  for (const StructField& field : local->schema->columns()) {
    local->output.push_back(TestAttribute(field.name, field.type));
  }
  local->resolved_output = true;
  return local;
}

inline std::string SortedLines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t at = 0, end; (end = text.find('\n', at)) != text.npos; at = end + 1) {
    lines.push_back(text.substr(at, end + 1 - at));
  }
  std::sort(lines.begin(), lines.end());
  std::string sorted;
  for (const std::string& line : lines) sorted += line;
  return sorted;
}

struct TestBatchWorld {
  int workers = 1;
  RunnerOptions runner;
};

/// One lane; three from the first row on, also in small rounds; three from the middle on.
inline std::vector<TestBatchWorld> TestBatchWorlds() {
  return {{1, {}}, {3, {0, 16 << 20, 0}}, {3, {0, 20'000, 0}}, {3, {1500, 16 << 20, 0}}};
}

/// The rows in their order, a line each, or the error.
inline std::string RunTestBatch(const RelationPtr& relation, const TestBatchWorld& world) {
  const auto env = NewPosixEnv(world.workers);
  MemoryBudget budget("test", MemoryBudget::kUnlimited, nullptr);
  BatchQueryOptions options;
  options.env = env.get();
  options.budget = &budget;
  options.runner = world.runner;
  const auto batches = RunBatch(relation, options);
  if (!batches.ok()) return batches.status().ToString();
  std::string text;
  for (const Batch& batch : *batches) {
    for (const std::string& row : RowTexts(batch)) text += row + "\n";
  }
  return text;
}

inline ExprPtr By(const RelationPtr& input, const char* column, bool ascending, bool nulls_first) {
  auto order = std::make_shared<SortOrder>();
  order->child = FindOutput(input, column);
  order->type = order->child->type;
  order->ascending = ascending;
  order->nulls_first = nulls_first;
  return order;
}

inline RelationPtr SortBy(const RelationPtr& input, std::vector<ExprPtr> order) {
  auto sort = std::make_shared<Sort>();
  sort->input = input;
  sort->order = std::move(order);
  DeriveOutput(sort.get());
  return sort;
}

inline RelationPtr LimitTo(const RelationPtr& input, int rows) {
  auto limit = std::make_shared<Limit>();
  limit->input = input;
  limit->limit = MakeLiteral(Value::Int(rows));
  DeriveOutput(limit.get());
  return limit;
}

inline RelationPtr Skip(const RelationPtr& input, int rows) {
  auto offset = std::make_shared<OffsetRelation>();
  offset->input = input;
  offset->offset = MakeLiteral(Value::Int(rows));
  DeriveOutput(offset.get());
  return offset;
}

inline void ExpectInEveryWorld(const RelationPtr& relation, const std::string& expected) {
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(RunTestBatch(relation, world), expected);
  }
}

/// The same as a multiset: `expected` is sorted.
inline void ExpectRowsInEveryWorld(const RelationPtr& relation, const std::string& expected) {
  for (const TestBatchWorld& world : TestBatchWorlds()) {
    EXPECT_EQ(SortedLines(RunTestBatch(relation, world)), expected);
  }
}

}  // namespace thalweg
