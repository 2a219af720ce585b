// Aggregate: groups by keys without a window, or all rows as one group.
//
//   update     a row per group that this epoch touched      complete   a row per group
//   no keys    one row in every epoch that runs, also where no row has come yet (Spark)
#include "exec/group_output.h"
#include "exec/group_updater.h"
#include "exec/operators.h"
#include "exec/touch_order.h"

namespace thalweg {
namespace {

class AggregateState final : public NodeState {
 public:
  AggregateState(Grouping grouping, GroupTable* table, MemoryBudget* budget)
      : grouping_(std::move(grouping)), table_(table) {
    if (grouping_.in_touch_order()) order_.emplace(OptionsOf(grouping_).key_form, budget);
  }

  Status BeginEpoch(const Epoch&) override {
    if (order_) order_->Clear();
    return Status::OK();
  }
  Status FanOut() override { return table_->Split(); }
  Status EndEpoch(OperatorMetrics*) override {
    table_->ClearTouched();
    return Status::OK();
  }

  const Grouping& grouping() const { return grouping_; }
  GroupTable& table() { return *table_; }
  /// Null where the order of groups is that of their content.
  TouchOrder* order() { return order_ ? &*order_ : nullptr; }

 private:
  const Grouping grouping_;
  GroupTable* const table_;
  std::optional<TouchOrder> order_;
};

class AggregateOperator final : public Operator {
 public:
  explicit AggregateOperator(AggregateState* state)
      : state_(state), updater_(state->grouping()), output_(state->grouping()) {}

  Result<Flow> Push(int, const Batch& batch, Output&) override {
    const Selection rows = batch.selection();
    metrics_.rows_in += rows.count;
    if (rows.count > 0) {
      if (state_->order() != nullptr) {
        KeyBatch keys;
        THALWEG_RETURN_NOT_OK(updater_.Encode(batch, rows, &keys));
        THALWEG_RETURN_NOT_OK(state_->order()->Note(keys));
      }
      THALWEG_RETURN_NOT_OK(updater_.Update(batch, rows, &state_->table()));
    }
    return Flow::kMore;
  }
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  const Grouping& grouping() const { return state_->grouping(); }
  Status EmitAll(Output& out);
  Status EmitInOrder(Output& out);
  Status EmitOnlyGroup(Output& out);

  AggregateState* const state_;
  GroupUpdater updater_;
  GroupOutput output_;
  ScanCursor cursor_;
};

Result<Emission> AggregateOperator::EndEpoch(Output& out) {
  output_.Clear();
  THALWEG_RETURN_NOT_OK(grouping().key_types.empty() ? EmitOnlyGroup(out) : EmitAll(out));
  metrics_.rows_updated += grouping().mode == OutputMode::kUpdate ? output_.rows() : 0;
  metrics_.rows_out += output_.rows();
  THALWEG_RETURN_NOT_OK(output_.Flush(out).status());
  return Emission::kDone;
}

Status AggregateOperator::EmitInOrder(Output& out) {
  const bool has_arenas = !grouping().aggregates.spans().empty();
  return state_->order()->ForEach([&](const KeyBatch& keys) {
    uint8_t* blocks[kBatchRows];
    AggregateArena* arenas[kBatchRows];
    state_->table().Find(keys, blocks, has_arenas ? arenas : nullptr);
    EntryBatch entries;
    entries.count = keys.count;
    entries.keys = keys;
    entries.blocks = blocks;
    entries.arenas = has_arenas ? arenas : nullptr;
    return output_.Append(entries, 0, out).status();
  });
}

Status AggregateOperator::EmitAll(Output& out) {
  if (state_->order() != nullptr) return EmitInOrder(out);
  GroupTable& table = state_->table();
  const bool touched = grouping().mode == OutputMode::kUpdate;
  cursor_.Rewind();
  for (EntryBatch entries;;) {
    const int first = epoch().first_shard, last = epoch().last_shard;
    const bool ordered = grouping().ordered_output;
    THALWEG_RETURN_NOT_OK(touched ? table.ScanTouched(first, last, ordered, &cursor_, &entries)
                                  : table.Scan(first, last, ordered, &cursor_, &entries));
    if (entries.count == 0) return Status::OK();
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, output_.Append(entries, 0, out));
    if (flow == Flow::kEnough) return Status::OK();
  }
}

Status AggregateOperator::EmitOnlyGroup(Output& out) {
  uint8_t* block = nullptr;
  AggregateArena* arena = nullptr;
  EntryBatch entry;
  entry.count = 1;
  entry.keys = KeyOfAll();
  THALWEG_RETURN_NOT_OK(state_->table().Locate(entry.keys, 0, &block, &arena).status());
  entry.blocks = &block;
  entry.arenas = grouping().aggregates.spans().empty() ? nullptr : &arena;
  return output_.Append(entry, 0, out).status();
}

Description AggregateOperator::Describe() const {
  return {"Aggregate",
          {{"keys", grouping().keys_text}, {"aggregates", grouping().aggregates_text}}};
}

}  // namespace

StatefulOperator NewAggregate(Grouping grouping, GroupTable* table, MemoryBudget* budget) {
  auto state = std::make_unique<AggregateState>(std::move(grouping), table, budget);
  AggregateState* shared = state.get();
  return {std::move(state), [shared] { return std::make_unique<AggregateOperator>(shared); },
          [table] { return table->size(); }};
}

}  // namespace thalweg
