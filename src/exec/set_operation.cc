// SetOperation: INTERSECT and EXCEPT of two inputs that are read whole. Rows are keys, NULL equal
// to NULL; counted are how often each stands in either input.
//
//               distinct                  ALL
//   intersect   1 if both > 0             the lesser count
//   except      1 if only the first > 0   the first less the second, at least 0
#include <algorithm>

#include "data/key_codec.h"
#include "exec/grouping.h"
#include "exec/operators.h"

namespace thalweg {
namespace {

struct Counts {
  int64_t first;
  int64_t second;
};

GroupTableOptions TableOptionsOf(const std::vector<TypePtr>& types) {
  GroupTableOptions options;
  options.key_form = KeyEncoder::FormOf(types);
  options.block_bytes = sizeof(Counts);
  options.track_dirty = false;
  return options;
}

std::vector<TypePtr> TypesOf(const Schema& schema) {
  std::vector<TypePtr> types;
  for (const StructField& column : schema.columns()) types.push_back(column.type);
  return types;
}

class SetState final : public NodeState {
 public:
  SetState(SetSemantics what, MemoryBudget* budget)
      : what_(std::move(what)),
        types_(TypesOf(*what_.schema)),
        table_(TableOptionsOf(types_), budget) {}

  Status BeginEpoch(const Epoch&) override {
    table_.Clear();
    return Status::OK();
  }
  Status FanOut() override { return table_.Split(); }
  Status EndEpoch(OperatorMetrics*) override {
    table_.Clear();
    return Status::OK();
  }
  const SetSemantics& what() const { return what_; }
  const std::vector<TypePtr>& types() const { return types_; }
  GroupTable& table() { return table_; }

 private:
  const SetSemantics what_;
  const std::vector<TypePtr> types_;
  GroupTable table_;
};

class SetOperator final : public Operator {
 public:
  explicit SetOperator(SetState* state)
      : state_(*state),
        encoder_(state->types()),
        decoder_(state->types()),
        columns_(state->types().size()),
        decoded_(state->what().schema),
        result_(state->what().schema) {}

  Result<Flow> Push(int port, const Batch& batch, Output&) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override;

 private:
  Status CountFirst(const KeyBatch& keys);
  int64_t CopiesOf(const Counts& counts) const;
  Result<Flow> Write(const EntryBatch& entries, Output& out);
  Result<Flow> Flush(Output& out);
  Status Decode(const KeyBatch& keys);

  SetState& state_;
  KeyEncoder encoder_;
  const KeyDecoder decoder_;
  std::vector<const Vector*> columns_;
  ScanCursor cursor_;
  Batch decoded_;
  Batch result_;
  uint8_t* blocks_[kBatchRows];
};

Result<Flow> SetOperator::Push(int port, const Batch& batch, Output&) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  metrics_.rows_in += rows.count;
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i] = &batch.column(static_cast<int>(i));
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(encoder_.Encode(columns_.data(), rows, &keys));
  if (port == 0) {
    THALWEG_RETURN_NOT_OK(CountFirst(keys));
    return Flow::kMore;
  }
  state_.table().Find(keys, blocks_, nullptr);
  for (int i = 0; i < keys.count; ++i) {
    if (blocks_[i] != nullptr) ++reinterpret_cast<Counts*>(blocks_[i])->second;
  }
  return Flow::kMore;
}

Status SetOperator::CountFirst(const KeyBatch& keys) {
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, state_.table().Locate(keys, from, blocks_, nullptr));
    for (int i = 0; i < count; ++i) ++reinterpret_cast<Counts*>(blocks_[i])->first;
    from += count;
  }
  return Status::OK();
}

Result<Emission> SetOperator::EndEpoch(Output& out) {
  cursor_.Rewind();
  result_.Reset(state_.what().schema);
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(state_.table().Scan(epoch().first_shard, epoch().last_shard,
                                              state_.what().ordered_output, &cursor_, &entries));
    if (entries.count == 0) break;
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, Write(entries, out));
    if (flow == Flow::kEnough) return Emission::kDone;
  }
  THALWEG_RETURN_NOT_OK(Flush(out).status());
  return Emission::kDone;
}

int64_t SetOperator::CopiesOf(const Counts& counts) const {
  const SetSemantics& what = state_.what();
  if (what.intersect && what.all) return std::min(counts.first, counts.second);
  if (what.intersect) return counts.second > 0;
  return what.all ? std::max<int64_t>(counts.first - counts.second, 0) : counts.second == 0;
}

/// Adds each entry's row as often as it is in the result.
Result<Flow> SetOperator::Write(const EntryBatch& entries, Output& out) {
  THALWEG_RETURN_NOT_OK(Decode(entries.keys));
  RowIndex picked[kBatchRows];
  int count = 0;
  const auto add = [&]() {
    AppendRows(decoded_, {picked, count}, &result_);
    count = 0;
  };
  for (int i = 0; i < entries.count; ++i) {
    int64_t copies = CopiesOf(*reinterpret_cast<const Counts*>(entries.blocks[i]));
    for (; copies > 0; --copies) {
      picked[count++] = static_cast<RowIndex>(i);
      if (result_.physical_rows() + count < kBatchRows) continue;
      add();
      THALWEG_ASSIGN_OR_RETURN(const Flow flow, Flush(out));
      if (flow == Flow::kEnough) return flow;
    }
  }
  if (count > 0) add();
  return Flow::kMore;
}

Result<Flow> SetOperator::Flush(Output& out) {
  if (result_.physical_rows() == 0) return Flow::kMore;
  metrics_.rows_out += result_.physical_rows();
  const Result<Flow> flow = out.Write(result_);
  result_.Reset(state_.what().schema);
  return flow;
}

Status SetOperator::Decode(const KeyBatch& keys) {
  decoded_.Reset(state_.what().schema);
  std::vector<Vector*> columns;
  for (int i = 0; i < decoded_.column_count(); ++i) columns.push_back(&decoded_.mutable_column(i));
  THALWEG_RETURN_NOT_OK(decoder_.Decode(keys, 0, columns.data()));
  decoded_.SetRowCount(keys.count);
  return Status::OK();
}

Description SetOperator::Describe() const {
  const SetSemantics& what = state_.what();
  return {what.intersect ? "Intersect" : "Except", {{"all", what.all ? "true" : "false"}}};
}

}  // namespace

StatefulOperator NewSetOperation(SetSemantics what, MemoryBudget* budget) {
  auto state = std::make_unique<SetState>(std::move(what), budget);
  SetState* const shared = state.get();
  return {std::move(state), [shared] { return std::make_unique<SetOperator>(shared); }, {}};
}

}  // namespace thalweg
