// A query over several memory tables, streaming and static ones, run epoch by epoch without a clock
// or log: for tests of what has more than one input. Not used by the engine.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "exec/test_epochs.h"
#include "plan/clauses.h"

namespace thalweg {

/// A memory table that may have a version and counts how often it was read.
class TestTable final : public Table {
 public:
  TestTable(const std::string& name, const SchemaPtr& schema, int partitions)
      : stream_(name, schema, partitions), inner_(stream_.table()), info_(inner_->info()) {}
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override { return inner_->OpenSource(); }
  Result<std::unique_ptr<Sink>> OpenSink() override { return inner_->OpenSink(); }

  void set_version(std::string version) { info_.version = std::move(version); }
  void Add(const Batch& rows, int batch_rows, int partition = 0) {
    std::vector<Batch> batches;
    for (int from = 0; from < rows.physical_rows(); from += batch_rows) {
      const int count = std::min(rows.physical_rows() - from, batch_rows);
      batches.emplace_back(rows.schema());
      for (int i = 0; i < rows.column_count(); ++i) {
        AppendRange(rows.column(i), from, count, &batches.back().mutable_column(i));
      }
      batches.back().SetRowCount(count);
    }
    std::vector<int> partitions(batches.size(), partition);
    stream_.Add(std::move(batches), std::move(partitions));
  }

 private:
  MemoryStream stream_;
  const TablePtr inner_;
  TableInfo info_;
};

class TablesQuery {
 public:
  TablesQuery(const RelationPtr& relation, OutputMode mode, const TestWorld& world,
              int64_t memory_bytes = MemoryBudget::kUnlimited)
      : env_(NewPosixEnv(world.workers)), budget_("test", memory_bytes, nullptr) {
    PlannerContext context;
    context.env = env_.get();
    context.state = &state_;
    context.budget = &budget_;
    context.mode = mode;
    context.single_writer = true;
    auto plan = PlanPhysical(relation, context);
    THALWEG_CHECK(plan.ok(), plan.status().ToString().c_str());
    plan_ = std::move(*plan);
    rows_ = std::make_unique<MemoryRows>("rows", plan_->schema);
    Open(world);
  }

  Status Run() {
    EpochInput input;
    input.constants.epoch = epoch_;
    input.ranges.resize(sources_.size());
    for (size_t i = 0; i < sources_.size(); ++i) {
      if (!plan_->sources[i].streaming) continue;
      SourceRange& range = input.ranges[i];
      range.from = offsets_[i];
      THALWEG_RETURN_NOT_OK(sources_[i]->Latest(range.from, ReadLimits(), nullptr, &range.to));
    }
    input.thresholds.resize(plan_->nodes.size());
    THALWEG_RETURN_NOT_OK(runner_->Run(input, &result_));
    for (size_t i = 0; i < sources_.size(); ++i) offsets_[i] = input.ranges[i].to;
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
  const MemoryBudget& budget() const { return budget_; }
  StateStore& state() { return state_; }

 private:
  void Open(const TestWorld& world) {
    RunnerWorld runner_world = {env_.get(), &state_, {}, nullptr};
    for (const PhysicalSource& planned : plan_->sources) {
      auto source = planned.table->OpenSource();
      THALWEG_CHECK(source.ok(), "a source is made");
      const Status status = (*source)->Open({env_.get(), "", planned.streaming}, Offset());
      THALWEG_CHECK(status.ok(), "a source opens");
      runner_world.sources.push_back(source->get());
      sources_.push_back(std::move(*source));
    }
    offsets_.resize(sources_.size());
    auto sink = rows_->table()->OpenSink();
    THALWEG_CHECK(sink.ok(), "the sink is made");
    sink_ = std::move(*sink);
    runner_world.sink = sink_.get();
    SinkContext context;
    context.env = env_.get();
    context.query_id = "test";
    context.schema = plan_->schema;
    THALWEG_CHECK(sink_->Open(context).ok(), "the sink opens");
    auto runner = EpochRunner::Make(*plan_, runner_world, world.runner);
    THALWEG_CHECK(runner.ok(), runner.status().ToString().c_str());
    runner_ = std::move(*runner);
  }

  const std::unique_ptr<Env> env_;
  MemoryBudget budget_;
  StateStore state_{*env_, &budget_, StateStoreOptions()};
  std::unique_ptr<PhysicalPlan> plan_;
  std::unique_ptr<MemoryRows> rows_;
  std::vector<std::unique_ptr<Source>> sources_;
  std::vector<Offset> offsets_;
  std::unique_ptr<Sink> sink_;
  std::unique_ptr<EpochRunner> runner_;
  EpochResult result_;
  int64_t epoch_ = 0;
};

inline RelationPtr TestJoin(JoinKind kind, const RelationPtr& left, const RelationPtr& right,
                            const ExprPtr& condition) {
  auto join = std::make_shared<Join>();
  join->join = kind;
  join->left = left;
  join->right = right;
  join->condition = condition;
  DeriveOutput(join.get());
  return join;
}

}  // namespace thalweg
