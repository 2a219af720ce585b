// HashJoin: builds one side into a table, looks the other side's rows up in it. Without keys each
// build row is a candidate for each probe row (NestedLoopJoin).
#include "exec/hash_join_probe.h"
#include "exec/operators.h"

namespace thalweg {
namespace {

constexpr int kBuildPort = 0;

class JoinState final : public NodeState {
 public:
  JoinState(JoinShape shape, JoinBuildSide side, MemoryBudget* budget)
      : shape_(std::move(shape)), side_(std::move(side)), table_(OptionsOf(shape_), budget) {}

  Status BeginEpoch(const Epoch&) override;
  Status FanOut() override { return Status::OK(); }
  Status EndEpoch(OperatorMetrics*) override { return Status::OK(); }

  /// In this epoch the table is the one that was built before.
  bool kept() const { return kept_; }
  void FinishBuild() { complete_ = true; }
  const JoinShape& shape() const { return shape_; }
  JoinTable& table() { return table_; }

 private:
  static JoinTableOptions OptionsOf(const JoinShape& shape);
  bool ReadVersions(std::vector<std::string>* versions) const;

  const JoinShape shape_;
  const JoinBuildSide side_;
  JoinTable table_;
  bool complete_ = false;
  bool kept_ = false;
  std::vector<std::string> versions_;  // of what was built
};

Status JoinState::BeginEpoch(const Epoch&) {
  std::vector<std::string> versions;
  const bool known = ReadVersions(&versions);
  kept_ = complete_ && known && versions == versions_;
  if (kept_) {
    table_.ClearMarks();
    return Status::OK();
  }
  table_.Clear();
  complete_ = false;
  versions_ = std::move(versions);
  return Status::OK();
}

/// False if the build side may have changed unseen.
bool JoinState::ReadVersions(std::vector<std::string>* versions) const {
  if (!side_.repeatable) return false;
  for (const TablePtr& table : side_.tables) {
    versions->push_back(table->info().version);
    if (versions->back().empty()) return false;
  }
  return true;
}

JoinTableOptions JoinState::OptionsOf(const JoinShape& shape) {
  JoinTableOptions options;
  for (const int column : shape.kept) options.column_types.push_back(shape.build[column]->type);
  for (const JoinKey& key : shape.keys) options.key_types.push_back(key.build->type);
  options.one_row_a_key = !shape.gives_pairs() && shape.condition == nullptr;
  options.marks = shape.keeps_build_rows;
  return options;
}

class HashJoinOperator final : public Operator {
 public:
  static Result<std::unique_ptr<Operator>> Make(JoinState* state);

  Result<Flow> Push(int port, const Batch& batch, Output& out) override {
    return port == kBuildPort ? PushBuild(batch) : PushProbe(batch, out);
  }
  Status EndInput(int port, Output& out) override;
  Result<Emission> EndEpoch(Output& out) override;
  Description Describe() const override { return state_->shape().description; }

 private:
  explicit HashJoinOperator(JoinState* state) : state_(state) {}
  Result<Flow> PushBuild(const Batch& batch);
  Status Link(int32_t first_row, const Selection& rows);
  Result<Flow> PushProbe(const Batch& batch, Output& out);

  JoinState* const state_;
  std::unique_ptr<JoinKeys> build_keys_;  // null: no keys
  std::unique_ptr<JoinProbe> probe_;
  std::vector<const Vector*> kept_;
};

Result<std::unique_ptr<Operator>> HashJoinOperator::Make(JoinState* state) {
  std::unique_ptr<HashJoinOperator> made(new HashJoinOperator(state));
  const JoinShape& shape = state->shape();
  if (!shape.keys.empty()) {
    THALWEG_ASSIGN_OR_RETURN(JoinKeys keys, JoinKeys::Make(shape, /*of_build=*/true));
    made->build_keys_ = std::make_unique<JoinKeys>(std::move(keys));
  }
  THALWEG_ASSIGN_OR_RETURN(made->probe_, JoinProbe::Make(shape, &state->table()));
  made->kept_.resize(shape.kept.size());
  return std::unique_ptr<Operator>(std::move(made));
}

Result<Flow> HashJoinOperator::PushBuild(const Batch& batch) {
  const JoinShape& shape = state_->shape();
  JoinTable& table = state_->table();
  Selection rows = batch.selection();
  metrics_.rows_in += rows.count;
  if (rows.count == 0) return Flow::kMore;
  if (build_keys_ != nullptr) {
    RowErrors errors;
    THALWEG_RETURN_NOT_OK(build_keys_->Encode(batch, rows, epoch().constants, &errors));
    if (!errors.empty()) return FailAt(errors.row(), errors.status());
    if (!shape.keeps_build_rows) rows = build_keys_->linked();
    if (rows.count == 0) return Flow::kMore;
  }
  for (size_t i = 0; i < kept_.size(); ++i) kept_[i] = &batch.column(shape.kept[i]);
  const int32_t first_row = table.row_count();
  THALWEG_RETURN_NOT_OK(table.Append(kept_.data(), rows));
  if (build_keys_ != nullptr) THALWEG_RETURN_NOT_OK(Link(first_row, rows));
  return Flow::kMore;
}

/// `rows` stand in the table from `first_row` on; those with a key can be found by it.
Status HashJoinOperator::Link(int32_t first_row, const Selection& rows) {
  const Selection linked = build_keys_->linked();
  if (linked.count == 0) return Status::OK();
  int32_t numbers[kBatchRows];
  for (int i = 0, k = 0; k < linked.count; ++i) {
    if (rows[i] == linked[k]) numbers[k++] = first_row + i;
  }
  return state_->table().Link(build_keys_->keys(), numbers);
}

Result<Flow> HashJoinOperator::PushProbe(const Batch& batch, Output& out) {
  metrics_.rows_in += batch.row_count();
  const int64_t written = probe_->rows_written();
  probe_->BindEpoch(epoch().constants);
  RowErrors errors;
  THALWEG_ASSIGN_OR_RETURN(const Flow flow, probe_->Push(batch, out, &errors));
  metrics_.rows_out += probe_->rows_written() - written;
  if (!errors.empty() && flow == Flow::kMore) return FailAt(errors.row(), errors.status());
  return flow;
}

Status HashJoinOperator::EndInput(int port, Output&) {
  if (port == kBuildPort && epoch().lane == 0) state_->FinishBuild();
  return Status::OK();
}

Result<Emission> HashJoinOperator::EndEpoch(Output& out) {
  if (!state_->shape().keeps_build_rows || epoch().lane != 0) return Emission::kDone;
  const int64_t written = probe_->rows_written();
  THALWEG_RETURN_NOT_OK(probe_->WriteUnmatched(out).status());
  metrics_.rows_out += probe_->rows_written() - written;
  return Emission::kDone;
}

}  // namespace

JoinOperator NewHashJoin(JoinShape shape, JoinBuildSide side, MemoryBudget* budget) {
  auto state = std::make_unique<JoinState>(std::move(shape), std::move(side), budget);
  JoinState* shared = state.get();
  return {std::move(state), [shared] { return HashJoinOperator::Make(shared); },
          [shared] { return shared->kept(); }};
}

}  // namespace thalweg
