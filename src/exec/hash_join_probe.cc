#include "exec/hash_join_probe.h"

#include <algorithm>

#include "exec/row_selection.h"

namespace thalweg {

JoinProbe::JoinProbe(const JoinShape& shape, JoinTable* table)
    : shape_(shape),
      table_(table),
      probe_at_(shape.build_is_left ? static_cast<int>(shape.build.size()) : 0),
      build_at_(shape.build_is_left ? 0 : static_cast<int>(shape.probe.size())),
      build_count_(static_cast<int>(shape.build.size())),
      joined_(shape.schema) {}

Result<std::unique_ptr<JoinProbe>> JoinProbe::Make(const JoinShape& shape, JoinTable* table) {
  std::unique_ptr<JoinProbe> probe(new JoinProbe(shape, table));
  if (!shape.keys.empty()) {
    THALWEG_ASSIGN_OR_RETURN(JoinKeys keys, JoinKeys::Make(shape, /*of_build=*/false));
    probe->keys_ = std::make_unique<JoinKeys>(std::move(keys));
  }
  if (shape.condition != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(probe->condition_,
                             ExpressionEvaluator::Make({shape.condition}, shape.condition_columns));
    probe->condition_batch_.Reset(shape.condition_schema);
  }
  return probe;
}

void JoinProbe::BindEpoch(const EpochConstants& constants) {
  constants_ = constants;
  if (condition_ != nullptr) condition_->BindEpoch(constants);
}

Result<Flow> JoinProbe::Push(const Batch& batch, Output& out, RowErrors* errors) {
  batch_ = &batch;
  errors_ = errors;
  rows_ = batch.selection();
  if (rows_.count == 0) return Flow::kMore;
  THALWEG_RETURN_NOT_OK(FindCandidates());
  if (!shape_.gives_pairs()) return PushSelf(out);
  const bool in_place = table_->has_keys() && table_->unique();
  return in_place ? PushInPlace(out) : PushPairs(out);
}

/// candidate_ = the first candidate of each row.
Status JoinProbe::FindCandidates() {
  const int32_t first = keys_ == nullptr && table_->row_count() > 0 ? 0 : -1;
  std::fill_n(candidate_, batch_->physical_rows(), first);
  if (keys_ == nullptr) return Status::OK();
  THALWEG_RETURN_NOT_OK(keys_->Encode(*batch_, rows_, constants_, errors_));
  rows_ = RowsBefore(*errors_);
  const Selection linked = keys_->linked();
  if (linked.count == 0) return Status::OK();
  int32_t found[kBatchRows];
  table_->Find(keys_->keys(), found);
  for (int i = 0; i < linked.count; ++i) candidate_[linked[i]] = found[i];
  return Status::OK();
}

/// Those of `rows`, each beside its candidate, that the condition passes, before the first failure.
Result<int> JoinProbe::Decide(const Selection& rows, RowErrors* errors, RowIndex* passed) {
  if (rows.count == 0) return 0;
  Batch& beside = condition_batch_;
  beside.ShareRowsFrom(*batch_);
  int at = 0;
  for (const int i : shape_.condition_probe) beside.mutable_column(at++) = batch_->column(i);
  for (const int i : shape_.condition_build) {
    Vector& column = beside.mutable_column(at++);
    column.ResetFlat(table_->type(i), 0);
    table_->GatherKnown(i, candidate_, batch_->physical_rows(), &column);
  }
  return AskCondition(rows, errors, passed);
}

/// The rows of condition_batch_ that pass, before the first failure.
Result<int> JoinProbe::AskCondition(const Selection& rows, RowErrors* errors, RowIndex* passed) {
  THALWEG_ASSIGN_OR_RETURN(const int count,
                           condition_->Filter(0, condition_batch_, rows, errors, passed));
  return errors->empty() ? count : CountRowsBefore({passed, count}, errors->row());
}

/// Those of rows_ before the failure.
Selection JoinProbe::RowsBefore(const RowErrors& errors) const {
  return errors.empty() ? rows_ : SubSelection(rows_, 0, CountRowsBefore(rows_, errors.row()));
}

/// The rows with a candidate, into selected_.
int JoinProbe::SelectRowsWithCandidate() {
  int count = 0;
  for (int i = 0; i < rows_.count; ++i) {
    selected_[count] = static_cast<RowIndex>(rows_[i]);
    count += candidate_[rows_[i]] >= 0;
  }
  return count;
}

Result<Flow> JoinProbe::Write(Output& out) {
  if (joined_.row_count() == 0) return Flow::kMore;
  rows_written_ += joined_.row_count();
  return out.Write(joined_);
}

// ------------------------------------------------------------------ semi and anti joins

Result<Flow> JoinProbe::PushSelf(Output& out) {
  bool has_partner[kBatchRows];
  THALWEG_RETURN_NOT_OK(FindPartners(has_partner));
  const Selection rows = RowsBefore(*errors_);
  joined_.ShareFrom(*batch_);
  RowIndex* selected = joined_.MutableSelection();
  int count = 0;
  const bool wanted = shape_.probe_rows == ProbeRows::kSemi;
  for (int i = 0; i < rows.count; ++i) {
    selected[count] = static_cast<RowIndex>(rows[i]);
    count += has_partner[rows[i]] == wanted;
  }
  joined_.SetSelected(count);
  return Write(out);
}

// Round by round, so that a row's later candidates are not looked at once it has found a partner:
// they might fail.
Status JoinProbe::FindPartners(bool* has_partner) {
  const int physical_rows = batch_->physical_rows();
  for (int row = 0; row < physical_rows; ++row) has_partner[row] = candidate_[row] >= 0;
  if (condition_ == nullptr) return Status::OK();
  std::fill_n(has_partner, physical_rows, false);
  RowIndex passed[kBatchRows];
  for (int count = SelectRowsWithCandidate(); count > 0;) {
    THALWEG_ASSIGN_OR_RETURN(const int partners, Decide({selected_, count}, errors_, passed));
    for (int i = 0; i < partners; ++i) has_partner[passed[i]] = true;
    if (!errors_->empty()) count = CountRowsBefore({selected_, count}, errors_->row());
    int left = 0;
    for (int i = 0; i < count; ++i) {
      const int row = selected_[i];
      candidate_[row] = has_partner[row] ? -1 : table_->Next(candidate_[row]);
      selected_[left] = static_cast<RowIndex>(row);
      left += candidate_[row] >= 0;
    }
    count = left;
  }
  return Status::OK();
}

// ------------------------------------------------------------------ one candidate a row

Result<Flow> JoinProbe::PushInPlace(Output& out) {
  int count = SelectRowsWithCandidate();
  if (condition_ != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(count, KeepPartners(count));
  }
  if (shape_.keeps_build_rows) {
    for (int i = 0; i < count; ++i) table_->Mark(candidate_[selected_[i]]);
  }
  const bool outer = shape_.probe_rows == ProbeRows::kOuter;
  const Selection rows = outer ? RowsBefore(*errors_) : Selection{selected_, count};
  if (rows.count == 0) return Flow::kMore;
  const int physical_rows = batch_->physical_rows();
  joined_.ShareRowsFrom(*batch_);
  for (int i = 0; i < batch_->column_count(); ++i) *ProbeColumn(i) = batch_->column(i);
  for (int i = 0; i < build_count_; ++i) {
    BuildColumn(i)->ResetFlat(table_->type(i), 0);
    if (outer) {
      table_->Gather(i, candidate_, physical_rows, BuildColumn(i));
    } else {
      table_->GatherKnown(i, candidate_, physical_rows, BuildColumn(i));
    }
  }
  if (rows.count == physical_rows) {
    joined_.ClearSelection();
  } else {
    const RowIndex* from = rows.all() ? IdentityRows() : rows.rows;
    std::copy_n(from, rows.count, joined_.MutableSelection());
    joined_.SetSelected(rows.count);
  }
  return Write(out);
}

/// Asks the condition about the `count` rows in selected_; those that fail it lose their candidate.
Result<int> JoinProbe::KeepPartners(int count) {
  RowIndex passed[kBatchRows];
  THALWEG_ASSIGN_OR_RETURN(const int partners, Decide({selected_, count}, errors_, passed));
  for (int i = 0, k = 0; i < count; ++i) {
    const bool is_partner = k < partners && passed[k] == selected_[i];
    if (!is_partner) candidate_[selected_[i]] = -1;
    k += is_partner;
  }
  std::copy_n(passed, partners, selected_);
  return partners;
}

// ------------------------------------------------------------------ many candidates a row

Result<Flow> JoinProbe::PushPairs(Output& out) {
  block_.count = pairs_.count = 0;
  row_has_partner_ = block_failed_ = false;
  const bool outer = shape_.probe_rows == ProbeRows::kOuter;
  for (int i = 0; i < rows_.count && !block_failed_; ++i) {
    const int row = rows_[i];
    for (int32_t next = candidate_[row]; next >= 0; next = table_->Next(next)) {
      THALWEG_ASSIGN_OR_RETURN(const Flow flow, AddCandidate(row, next, out));
      if (flow == Flow::kEnough) return flow;
      if (block_failed_) break;
    }
    const bool has_candidate = candidate_[row] >= 0;
    if (!outer || block_failed_ || (has_candidate && condition_ == nullptr)) continue;
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, AddCandidate(row, -1, out));
    if (flow == Flow::kEnough) return flow;
  }
  THALWEG_ASSIGN_OR_RETURN(const Flow flow, block_failed_ ? Flow::kMore : DecideBlock(out));
  return flow == Flow::kEnough ? flow : WritePairs(out);
}

Result<Flow> JoinProbe::AddCandidate(int row, int32_t build_row, Output& out) {
  if (condition_ == nullptr) return AddPair(row, build_row, out);
  block_.probe[block_.count] = static_cast<RowIndex>(row);
  block_.build[block_.count] = build_row;
  return ++block_.count == kBatchRows ? DecideBlock(out) : Flow::kMore;
}

/// Turns the candidates of the block that pass into pairs.
Result<Flow> JoinProbe::DecideBlock(Output& out) {
  const int count = block_.count;
  block_.count = 0;
  if (count == 0) return Flow::kMore;
  RowErrors errors;  // of pairs
  RowIndex passed[kBatchRows];
  THALWEG_ASSIGN_OR_RETURN(const int partners, DecidePairs(count, &errors, passed));
  const int end = errors.empty() ? count : errors.row();
  for (int i = 0, k = 0; i < end; ++i) {
    const bool is_partner = k < partners && passed[k] == i;
    const bool ends_row = block_.build[i] < 0;
    const bool comes_out = is_partner || (ends_row && !row_has_partner_);
    k += is_partner;
    row_has_partner_ = !ends_row && (row_has_partner_ || is_partner);
    if (!comes_out) continue;
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, AddPair(block_.probe[i], block_.build[i], out));
    if (flow == Flow::kEnough) return flow;
  }
  if (errors.empty()) return Flow::kMore;
  block_failed_ = true;
  errors_->Report(block_.probe[errors.row()], errors.status());
  return Flow::kMore;
}

/// The first `count` candidates of the block that pass, by their place in it.
Result<int> JoinProbe::DecidePairs(int count, RowErrors* errors, RowIndex* passed) {
  RowIndex asked[kBatchRows];
  int asked_count = 0;
  for (int i = 0; i < count; ++i) {
    asked[asked_count] = static_cast<RowIndex>(i);
    asked_count += block_.build[i] >= 0;
  }
  if (asked_count == 0) return 0;
  Batch& beside = condition_batch_;
  beside.Reset(shape_.condition_schema);
  int at = 0;
  for (const int i : shape_.condition_probe) {
    AppendValues(batch_->column(i), {block_.probe, count}, &beside.mutable_column(at++));
  }
  for (const int i : shape_.condition_build) {
    table_->GatherKnown(i, block_.build, count, &beside.mutable_column(at++));
  }
  beside.SetRowCount(count);
  return AskCondition({asked, asked_count}, errors, passed);
}

Result<Flow> JoinProbe::AddPair(int row, int32_t build_row, Output& out) {
  if (shape_.keeps_build_rows && build_row >= 0) table_->Mark(build_row);
  pairs_.probe[pairs_.count] = static_cast<RowIndex>(row);
  pairs_.build[pairs_.count] = build_row;
  return ++pairs_.count == kBatchRows ? WritePairs(out) : Flow::kMore;
}

Result<Flow> JoinProbe::WritePairs(Output& out) {
  const int count = pairs_.count;
  pairs_.count = 0;
  if (count == 0) return Flow::kMore;
  joined_.Reset(shape_.schema);
  for (int i = 0; i < batch_->column_count(); ++i) {
    AppendValues(batch_->column(i), {pairs_.probe, count}, ProbeColumn(i));
  }
  for (int i = 0; i < build_count_; ++i) {
    table_->Gather(i, pairs_.build, count, BuildColumn(i));
  }
  joined_.SetRowCount(count);
  RowOrigin origin = batch_->origin();
  origin.position += pairs_.probe[0];
  joined_.SetOrigin(origin);
  if (batch_->has_row_kinds()) {
    RowKind* kinds = joined_.MutableRowKinds();
    for (int i = 0; i < count; ++i) kinds[i] = batch_->row_kind(pairs_.probe[i]);
  }
  return Write(out);
}

// ------------------------------------------------------------------ full outer joins

Result<Flow> JoinProbe::WriteUnmatched(Output& out) {
  pairs_.count = 0;
  for (int32_t row = 0; row < table_->row_count(); ++row) {
    if (table_->marked(row)) continue;
    pairs_.build[pairs_.count++] = row;
    if (pairs_.count < kBatchRows) continue;
    THALWEG_ASSIGN_OR_RETURN(const Flow flow, WriteBuildRows(out));
    if (flow == Flow::kEnough) return flow;
  }
  return WriteBuildRows(out);
}

Result<Flow> JoinProbe::WriteBuildRows(Output& out) {
  const int count = pairs_.count;
  pairs_.count = 0;
  if (count == 0) return Flow::kMore;
  joined_.Reset(shape_.schema);
  for (size_t i = 0; i < shape_.probe.size(); ++i) {
    AppendNulls(count, ProbeColumn(static_cast<int>(i)));
  }
  for (int i = 0; i < build_count_; ++i) {
    table_->Gather(i, pairs_.build, count, BuildColumn(i));
  }
  joined_.SetRowCount(count);
  return Write(out);
}

}  // namespace thalweg
