// A query over a memory stream, run epoch by epoch without a clock or log: for tests of the frame.
// Not used by the engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "connectors/memory/memory_table.h"
#include "exec/epoch_runner.h"
#include "exec/test_output.h"

namespace thalweg {

/// How an epoch is run; results may not depend on it.
struct TestWorld {
  int workers = 1;
  int batch_rows = kBatchRows;
  RunnerOptions runner;
};

class TestQuery {
 public:
  using PlanMaker = std::function<RelationPtr(const RelationPtr& read)>;

  TestQuery(const SchemaPtr& schema, const PlanMaker& make, OutputMode mode, const TestWorld& world,
            int partitions = 1)
      : world_(world),
        env_(NewPosixEnv(world.workers)),
        stream_("events", schema, partitions),
        relation_(make(MakeRead(stream_.table(), true))) {
    PlannerContext context;
    context.env = env_.get();
    context.state = &state_;
    context.budget = &budget_;
    context.mode = mode;
    context.single_writer = true;
    auto plan = PlanPhysical(relation_, context);
    THALWEG_CHECK(plan.ok(), plan.status().ToString().c_str());
    Open(std::move(*plan));
  }
  /// A plan made by hand over a source of `schema`.
  TestQuery(const SchemaPtr& schema, std::unique_ptr<PhysicalPlan> plan, const TestWorld& world)
      : world_(world), env_(NewPosixEnv(world.workers)), stream_("events", schema, 1) {
    Open(std::move(plan));
  }

  /// Adds rows to a partition, for the next epoch.
  void Add(const Batch& rows, int partition = 0) {
    std::vector<Batch> batches;
    for (int from = 0; from < rows.physical_rows(); from += world_.batch_rows) {
      const int to = std::min(rows.physical_rows(), from + world_.batch_rows);
      std::vector<RowIndex> picked;
      for (int row = from; row < to; ++row) picked.push_back(static_cast<RowIndex>(row));
      batches.emplace_back(rows.schema());
      AppendRows(rows, {picked.data(), static_cast<int>(picked.size())}, &batches.back());
    }
    std::vector<int> partitions(batches.size(), partition);
    stream_.Add(std::move(batches), std::move(partitions));
  }

  /// Runs and commits one epoch over what was added.
  Status Run(const Thresholds& thresholds = {}) {
    EpochInput input;
    input.constants.epoch = epoch_;
    SourceRange range;
    range.from = offset_;
    THALWEG_RETURN_NOT_OK(source_->Latest(offset_, ReadLimits(), nullptr, &range.to));
    input.ranges = {range};
    input.thresholds.assign(plan_->nodes.size(), thresholds);
    THALWEG_RETURN_NOT_OK(runner_->Run(input, &result_));
    offset_ = range.to;
    return sink_->Commit(epoch_++, result_.parts);
  }
  /// Rows of the last epoch in the order of the sink, a line each.
  std::string Rows() const {
    std::string text;
    for (const Batch& batch : rows_->Epoch(epoch_ - 1)) {
      for (const std::string& row : RowTexts(batch)) text += row + "\n";
    }
    return text;
  }
  std::string SortedRows() const { return thalweg::SortedRows(rows_->Epoch(epoch_ - 1)); }
  const EpochResult& result() const { return result_; }
  const PhysicalPlan& plan() const { return *plan_; }

 private:
  void Open(std::unique_ptr<PhysicalPlan> plan) {
    plan_ = std::move(plan);
    rows_ = std::make_unique<MemoryRows>("rows", plan_->schema);
    auto source = stream_.table()->OpenSource();
    auto sink = rows_->table()->OpenSink();
    THALWEG_CHECK(source.ok() && sink.ok(), "memory tables open");
    source_ = std::move(*source);
    sink_ = std::move(*sink);
    THALWEG_CHECK(source_->Open({env_.get(), "", true}, Offset()).ok(), "the source opens");
    SinkContext sink_context;
    sink_context.env = env_.get();
    sink_context.query_id = "test";
    sink_context.schema = plan_->schema;
    if (plan_->mode == OutputMode::kComplete) sink_context.mode = ChangeMode::kComplete;
    THALWEG_CHECK(sink_->Open(sink_context).ok(), "the sink opens");
    auto runner = EpochRunner::Make(*plan_, {env_.get(), &state_, {source_.get()}, sink_.get()},
                                    world_.runner);
    THALWEG_CHECK(runner.ok(), runner.status().ToString().c_str());
    runner_ = std::move(*runner);
  }

  const TestWorld world_;
  const std::unique_ptr<Env> env_;
  MemoryBudget budget_{"test", MemoryBudget::kUnlimited, nullptr};
  StateStore state_{*env_, &budget_, StateStoreOptions()};
  MemoryStream stream_;
  RelationPtr relation_;
  std::unique_ptr<PhysicalPlan> plan_;
  std::unique_ptr<MemoryRows> rows_;
  std::unique_ptr<Source> source_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<EpochRunner> runner_;
  EpochResult result_;
  Offset offset_;
  int64_t epoch_ = 0;
};

}  // namespace thalweg
