// JoinProbe: what one lane does with the probe rows of a join once the table is built: finds the
// candidates of each row, asks the condition, writes what comes out in the order of the rows.
//
//   in place   each row has one candidate at a time: its columns are shared, a selection says which
//              rows come out. Semi and anti joins, and all joins whose build keys are unique
//   pairs      candidates of a row one after the other, in blocks that are decided and copied out
//
// One thread at a time.
#pragma once

#include <memory>
#include <vector>

#include "exec/hash_join.h"
#include "exec/hash_join_keys.h"

namespace thalweg {

class JoinProbe {
 public:
  /// Both outlive the probe.
  static Result<std::unique_ptr<JoinProbe>> Make(const JoinShape& shape, JoinTable* table);

  void BindEpoch(const EpochConstants& constants);
  /// A row's failure goes to `errors`, after what comes of the rows before it was written.
  Result<Flow> Push(const Batch& batch, Output& out, RowErrors* errors);
  /// Build rows that no lane has marked, with NULLs for the probe side.
  Result<Flow> WriteUnmatched(Output& out);
  /// In all.
  int64_t rows_written() const { return rows_written_; }

 private:
  JoinProbe(const JoinShape& shape, JoinTable* table);

  Status FindCandidates();
  Result<int> Decide(const Selection& rows, RowErrors* errors, RowIndex* passed);
  Result<int> AskCondition(const Selection& rows, RowErrors* errors, RowIndex* passed);
  Selection RowsBefore(const RowErrors& errors) const;
  int SelectRowsWithCandidate();
  Result<Flow> Write(Output& out);

  Result<Flow> PushSelf(Output& out);
  Status FindPartners(bool* has_partner);

  Result<Flow> PushInPlace(Output& out);
  Result<int> KeepPartners(int count);

  Result<Flow> PushPairs(Output& out);
  Result<Flow> AddCandidate(int row, int32_t build_row, Output& out);
  Result<Flow> DecideBlock(Output& out);
  Result<int> DecidePairs(int count, RowErrors* errors, RowIndex* passed);
  Result<Flow> AddPair(int row, int32_t build_row, Output& out);
  Result<Flow> WritePairs(Output& out);
  Result<Flow> WriteBuildRows(Output& out);

  Vector* ProbeColumn(int i) { return &joined_.mutable_column(probe_at_ + i); }
  Vector* BuildColumn(int i) { return &joined_.mutable_column(build_at_ + i); }

  /// Pairs of probe and build rows; build row -1: none.
  struct Pairs {
    RowIndex probe[kBatchRows];
    int32_t build[kBatchRows];
    int count = 0;
  };

  const JoinShape& shape_;
  JoinTable* const table_;
  const int probe_at_;  // columns of the sides in what comes out
  const int build_at_;
  const int build_count_;
  std::unique_ptr<JoinKeys> keys_;                  // null: no keys
  std::unique_ptr<ExpressionEvaluator> condition_;  // null: none
  EpochConstants constants_;
  int64_t rows_written_ = 0;

  // Of the batch that is being pushed.
  const Batch* batch_ = nullptr;
  RowErrors* errors_ = nullptr;
  Selection rows_;                      // those before a failure of a key
  int32_t candidate_[kBatchRows] = {};  // by physical row; -1: none (any more)
  bool row_has_partner_ = false;        // the row whose candidates are being decided
  bool block_failed_ = false;
  Pairs block_;  // undecided; a row of an outer join ends with build row -1
  Pairs pairs_;  // to be written

  RowIndex selected_[kBatchRows];  // scratch
  Batch condition_batch_;
  Batch joined_;
};

}  // namespace thalweg
