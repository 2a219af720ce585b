// CollectMetrics: passes rows on and folds them into aggregates that begin anew in every epoch.
// Each lane folds into blocks of its own; they are merged and made into a row of metrics when the
// epoch ends.
#include "exec/collect_metrics.h"

#include <array>

#include "exec/group_updater.h"
#include "exec/lowering.h"
#include "exec/operators.h"
#include "exec/row_selection.h"

namespace thalweg {
namespace {

/// The one group of each lane.
class MetricsState final : public NodeState {
 public:
  MetricsState(MetricsShape shape, std::unique_ptr<ExpressionEvaluator> metrics,
               MemoryBudget* budget)
      : shape_(std::move(shape)), metrics_(std::move(metrics)), budget_(budget) {
    grouping_.aggregates = shape_.aggregates;
    results_schema_ = SchemaOf(shape_.results);
    std::vector<StructField> arguments;
    for (const ExprPtr& argument : shape_.arguments) {
      arguments.push_back({"argument", argument->type, true});
    }
    arguments_schema_ = Schema::Make(std::move(arguments));
  }

  Status BeginEpoch(const Epoch& epoch) override {
    constants_ = epoch.constants;
    for (auto& table : tables_) {
      if (table != nullptr) table->Clear();
    }
    return Status::OK();
  }
  Status FanOut() override { return Status::OK(); }
  Status EndEpoch(OperatorMetrics* metrics) override;

  const MetricsShape& shape() const { return shape_; }
  const Grouping& grouping() const { return grouping_; }
  const SchemaPtr& arguments_schema() const { return arguments_schema_; }
  GroupTable* TableOf(int lane) {
    auto& table = tables_[static_cast<size_t>(lane)];
    if (table == nullptr) {
      GroupTableOptions options = OptionsOf(grouping_);
      options.track_dirty = false;
      table = std::make_unique<GroupTable>(options, budget_);
    }
    return table.get();
  }
  const Batch& row() const { return row_; }

 private:
  struct Group {
    uint8_t* block = nullptr;
    AggregateArena* arena = nullptr;
  };
  Result<Group> GroupOf(GroupTable* table) const;
  Status Finish(const Group& group);

  const MetricsShape shape_;
  const std::unique_ptr<ExpressionEvaluator> metrics_;
  MemoryBudget* const budget_;
  Grouping grouping_;                                            // without keys
  std::array<std::unique_ptr<GroupTable>, kShardCount> tables_;  // by lane
  SchemaPtr arguments_schema_;
  SchemaPtr results_schema_;
  EpochConstants constants_;
  Batch results_;
  Batch row_;
};

Status MetricsState::EndEpoch(OperatorMetrics*) {
  THALWEG_ASSIGN_OR_RETURN(const Group all, GroupOf(TableOf(0)));
  for (size_t lane = 1; lane < tables_.size(); ++lane) {
    GroupTable* table = tables_[lane].get();
    if (table == nullptr || table->size() == 0) continue;
    THALWEG_ASSIGN_OR_RETURN(const Group part, GroupOf(table));
    const uint8_t* from = part.block;
    THALWEG_RETURN_NOT_OK(
        shape_.aggregates.Merge({&all.block, all.arena == nullptr ? nullptr : &all.arena}, &from, 1,
                                /*subtract=*/false));
  }
  return Finish(all);
}

Result<MetricsState::Group> MetricsState::GroupOf(GroupTable* table) const {
  Group group;
  const bool has_arena = !shape_.aggregates.spans().empty();
  THALWEG_RETURN_NOT_OK(
      table->Locate(KeyOfAll(), 0, &group.block, has_arena ? &group.arena : nullptr).status());
  return group;
}

// The results of the aggregates are a row over which the metrics are computed.
Status MetricsState::Finish(const Group& group) {
  uint8_t* block = group.block;
  AggregateArena* arena = group.arena;
  const GroupBlocks blocks = {&block, arena == nullptr ? nullptr : &arena};
  results_.Reset(results_schema_);
  for (int i = 0; i < shape_.aggregates.size(); ++i) {
    Vector* column = &results_.mutable_column(i);
    column->Reserve(1);
    column->SetSize(1);
    THALWEG_RETURN_NOT_OK(shape_.aggregates.Finish(i, blocks, 1, 0, column));
  }
  results_.SetRowCount(1);
  metrics_->BindEpoch(constants_);
  RowErrors errors;
  std::vector<const Vector*> values(shape_.metrics.size());
  THALWEG_RETURN_NOT_OK(metrics_->EvaluateAll(results_, Selection::All(1), &errors, values.data()));
  if (!errors.empty()) return errors.status();
  row_.Reset(shape_.schema);
  for (size_t i = 0; i < values.size(); ++i) {
    AppendValues(*values[i], Selection::All(1), &row_.mutable_column(static_cast<int>(i)));
  }
  row_.SetRowCount(1);
  return Status::OK();
}

class CollectMetricsOperator final : public Operator {
 public:
  CollectMetricsOperator(MetricsState* state, std::unique_ptr<ExpressionEvaluator> arguments)
      : state_(state),
        evaluator_(std::move(arguments)),
        updater_(state->grouping()),
        values_(state->shape().arguments.size()),
        arguments_(state->arguments_schema()) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override;

  Description Describe() const override {
    return {"CollectMetrics", {{"name", state_->shape().name}, {"metrics", state_->shape().text}}};
  }

 private:
  Status Fold(const Batch& batch);

  MetricsState* const state_;
  const std::unique_ptr<ExpressionEvaluator> evaluator_;
  GroupUpdater updater_;
  std::vector<const Vector*> values_;
  Batch arguments_;
  Batch kept_;
};

Result<Flow> CollectMetricsOperator::Push(int, const Batch& batch, Output& out) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  evaluator_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_RETURN_NOT_OK(evaluator_->EvaluateAll(batch, rows, &errors, values_.data()));
  if (errors.empty()) {
    THALWEG_RETURN_NOT_OK(Fold(batch));
    metrics_.rows_out += rows.count;
    return out.Write(batch);
  }
  kept_.ShareFrom(batch);
  KeepRowsBefore(errors.row(), &kept_);
  if (kept_.row_count() > 0) THALWEG_RETURN_NOT_OK(out.Write(kept_).status());
  return FailAt(errors.row(), errors.status());
}

Status CollectMetricsOperator::Fold(const Batch& batch) {
  for (size_t i = 0; i < values_.size(); ++i) {
    arguments_.mutable_column(static_cast<int>(i)) = *values_[i];
  }
  arguments_.ShareRowsFrom(batch);
  return updater_.Update(arguments_, batch.selection(), state_->TableOf(epoch().lane));
}

}  // namespace

Result<MetricsOperator> NewCollectMetrics(MetricsShape shape, MemoryBudget* budget) {
  THALWEG_ASSIGN_OR_RETURN(auto metrics, ExpressionEvaluator::Make(shape.metrics, shape.results));
  auto state = std::make_unique<MetricsState>(std::move(shape), std::move(metrics), budget);
  MetricsState* shared = state.get();
  MetricsOperator made;
  made.make = [shared]() -> Result<std::unique_ptr<Operator>> {
    const MetricsShape& what = shared->shape();
    THALWEG_ASSIGN_OR_RETURN(auto arguments, ExpressionEvaluator::Make(what.arguments, what.input));
    return std::unique_ptr<Operator>(
        std::make_unique<CollectMetricsOperator>(shared, std::move(arguments)));
  };
  made.row = [shared]() -> const Batch& { return shared->row(); };
  made.shared = std::move(state);
  return made;
}

}  // namespace thalweg
