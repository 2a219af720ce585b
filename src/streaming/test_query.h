// A small streaming query for tests of the loop: a count per window of a memory stream into memory
// rows, in lives of a simulated process. Stream and rows live outside the process. Not used by the
// engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/memory.h"
#include "base/sim/sim_env.h"
#include "connectors/memory/memory_table.h"
#include "streaming/epoch_loop.h"

namespace thalweg {

/// events(ts TIMESTAMP, k STRING, n BIGINT) [WATERMARK ts DELAY delay_s] grouped by
/// window(ts, window_s, slide_s) [and k]: count(1). No window: grouped by k alone. Or what `above`
/// makes of it.
struct TestQuerySpec {
  OutputMode mode = OutputMode::kAppend;
  int64_t window_s = 5;
  int64_t slide_s = 5;
  int64_t delay_s = 10;  // -1: no watermark
  bool by_key = false;
  std::vector<std::pair<std::string, std::string>> conf{};
  SimOptions sim{};
  int64_t rows_per_epoch = -1;  // at most, rounded up to whole additions
  std::function<RelationPtr(const RelationPtr& events)> above{};
};

RelationPtr TestPlan(const TestQuerySpec& spec, const TablePtr& table);
SchemaPtr TestInputSchema();
/// "10" or "10 ann" per row: seconds after 1970, and k.
Batch TestEvents(std::string_view text);

class TestQuery {
 public:
  explicit TestQuery(TestQuerySpec spec = {});

  MemoryStream& stream() { return *stream_; }
  MemoryRows& rows() { return *rows_; }
  SimWorld& world() { return world_; }
  EpochLoop& loop() { return *loop_; }
  bool running() const { return loop_ != nullptr; }
  /// Takes the place of the stream's or the rows' table from the next start on.
  void ReplaceSource(TablePtr table) { source_table_ = std::move(table); }
  void ReplaceSink(TablePtr table) { sink_table_ = std::move(table); }
  EpochLoopOptions& options() { return options_; }

  /// Starts a life that dies at its `crash_at_call`-th call (0: never).
  Status Start(int64_t crash_at_call = 0);
  Status Stop();
  /// kill -9, or the power fails.
  void Crash();

  void Add(std::string_view events) { stream_->Add({TestEvents(events)}); }
  /// Runs one epoch: "D 3 | wm 5 -> 15 | [10,15) 5", "N …", "none" or the error.
  std::string Epoch();
  Status RunOnce() { return loop_->RunOnce(&summary_); }
  const EpochSummary& summary() const { return summary_; }
  int64_t late_rows() const;
  /// Per stateful operator, from the root down: "dedupe 3 rows, 1 late, 2 duplicates".
  std::string Operators() const;
  /// All that is in the sink, sorted.
  std::string AllRows() const;

 private:
  const TestQuerySpec spec_;
  SimWorld world_;
  MemoryBudget budget_;
  std::shared_ptr<MemoryStream> stream_;
  std::shared_ptr<MemoryRows> rows_;
  TablePtr source_table_;
  TablePtr sink_table_;
  EpochLoopOptions options_;
  std::unique_ptr<EpochLoop> loop_;
  EpochSummary summary_;
};

}  // namespace thalweg
