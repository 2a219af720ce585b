// Batch queries in tests: plans over rows written as text, run in several worlds. Not used by the
// engine.
#pragma once

#include <string>
#include <vector>

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

}  // namespace thalweg
