// The epochs of a run; its recovery is in query_run_open.cc.
#include "streaming/query_run.h"

#include <algorithm>

namespace thalweg {
namespace {

// A look at the state's dirty bytes costs a walk over its containers: not for every small epoch.
constexpr int64_t kRowsBetweenWeighings = 8192;

}  // namespace

Status QueryRun::RunOnce(EpochSummary* summary) {
  summary->kind = EpochKind::kNone;
  summary->times = EpochTimes();
  const int64_t began_ns = env_.clock().MonotonicNs();
  int64_t logged_ns = began_ns;
  if (pending_) {
    summary->kind = record_.no_data ? EpochKind::kNoData : EpochKind::kData;
  } else {
    THALWEG_RETURN_NOT_OK(ChooseEpoch(&summary->kind));
    if (summary->kind == EpochKind::kNone) return SealIfDue();
    const int64_t chosen_ns = env_.clock().MonotonicNs();
    if (!options_.skip_epoch_record) THALWEG_RETURN_NOT_OK(log_->AppendEpoch(record_));
    logged_ns = env_.clock().MonotonicNs();
    summary->times.latest_offset = chosen_ns - began_ns;
    summary->times.wal_commit = logged_ns - chosen_ns;
  }
  const bool write = !SinkHas(record_.epoch);
  result_ = &summary->result;
  THALWEG_RETURN_NOT_OK(RunRecord(write));
  THALWEG_RETURN_NOT_OK(CommitRecorded(write));
  summary->times.add_batch = sink_done_ns_ - logged_ns;
  summary->times.commit_offsets = env_.clock().MonotonicNs() - sink_done_ns_;
  summary->epoch = record_.epoch;
  summary->batch_time_us = record_.batch_time_us;
  summary->watermark_us = record_.watermark_us;
  summary->next_watermark_us = watermark_->current_us();
  summary->ranges = input_.ranges;
  return SealIfDue();
}

Status QueryRun::SealAll() {
  if (committed_epoch_ > sealed_epoch_) return Seal();
  return SyncLog();
}

bool QueryRun::WantsNoDataEpoch() const {
  return settings_.no_data_epochs && evicts_ && has_run_ && !pending_ &&
         watermark_->current_us() > used_watermark_us_;
}

int64_t QueryRun::UsUntilSeal() const {
  if (committed_epoch_ == sealed_epoch_) return -1;
  const int64_t due_ns = unsealed_since_ns_ + settings_.seal_interval_ns;
  return std::max<int64_t>(0, due_ns - env_.clock().MonotonicNs() + 999) / 1000;
}

// Fills record_ with the next epoch, if there is one.
Status QueryRun::ChooseEpoch(EpochKind* kind) {
  *kind = EpochKind::kNone;
  for (size_t i = 0; i < streams_.size(); ++i) {
    Source& source = *sources_[static_cast<size_t>(streams_[i])];
    Offset& to = record_.to[i];
    THALWEG_RETURN_NOT_OK(source.Latest(positions_[i], limits_[i], context_.waker, &to));
    if (to != positions_[i]) *kind = EpochKind::kData;
  }
  if (*kind == EpochKind::kNone) {
    if (!WantsNoDataEpoch()) return Status::OK();
    *kind = EpochKind::kNoData;
  }
  record_.epoch = committed_epoch_ + 1;
  record_.no_data = *kind == EpochKind::kNoData;
  record_.from = positions_;
  record_.batch_time_us = env_.clock().NowUs() / 1000 * 1000;  // Spark's batch time has whole ms
  record_.watermark_us = watermark_->current_us();
  record_.late_watermark_us = used_watermark_us_;
  pending_ = true;
  return Status::OK();
}

// Runs record_ up to the end of its writers, into result_.
Status QueryRun::RunRecord(bool write) {
  input_.constants = {.epoch = record_.epoch, .batch_time_us = record_.batch_time_us};
  for (size_t i = 0; i < streams_.size(); ++i) {
    SourceRange& range = input_.ranges[static_cast<size_t>(streams_[i])];
    range.from = record_.from[i];
    range.to = record_.to[i];
  }
  PropagateWatermarks(
      *plan_,
      {.late_us = settings_.two_thresholds ? record_.late_watermark_us : record_.watermark_us,
       .evict_us = record_.watermark_us,
       .evicted_us = record_.late_watermark_us},
      &input_.thresholds);
  input_.write = write;
  return runner_->Run(input_, result_);
}

// Commits the epoch that has run: strict state, sink, log.
Status QueryRun::CommitRecorded(bool write) {
  FillCommit();
  if (strict_) {
    THALWEG_RETURN_NOT_OK(WriteState(record_.epoch));
    THALWEG_RETURN_NOT_OK(log_->AppendPrepared(commit_));
  }
  if (write && !options_.skip_sink_commit) {
    THALWEG_RETURN_NOT_OK(SyncLog());
    THALWEG_RETURN_NOT_OK(sink_->Commit(record_.epoch, result_->parts));
  }
  sink_done_ns_ = env_.clock().MonotonicNs();
  THALWEG_RETURN_NOT_OK(log_->AppendCommit(commit_, strict_));
  if (committed_epoch_ == sealed_epoch_) unsealed_since_ns_ = sink_done_ns_;
  committed_epoch_ = record_.epoch;
  std::swap(positions_, record_.to);
  used_watermark_us_ = record_.watermark_us;
  pending_ = false;
  has_run_ = true;
  return strict_ ? SealRecorded() : Status::OK();
}

void QueryRun::FillCommit() {
  for (size_t i = 0; i < watermark_nodes_.size(); ++i) {
    event_times_[i] = result_->operators[static_cast<size_t>(watermark_nodes_[i])].event_time;
  }
  commit_.epoch = record_.epoch;
  commit_.next_watermark_us = watermark_->Advance(event_times_);
  for (size_t i = 0; i < streams_.size(); ++i) {
    const SourceCounts& counts = result_->read[static_cast<size_t>(streams_[i])];
    rows_unweighed_ += counts.rows;
    commit_.read[i] = counts.complete ? ReadCounts{counts.rows, counts.bytes} : ReadCounts{-1, 0};
  }
}

Status QueryRun::SealIfDue() {
  if (committed_epoch_ == sealed_epoch_) return Status::OK();
  bool due = UsUntilSeal() == 0;
  if (rows_unweighed_ >= std::min(kRowsBetweenWeighings, settings_.seal_bytes / 64)) {
    rows_unweighed_ = 0;
    due |= state_->dirty_bytes() >= settings_.seal_bytes;
  }
  return due ? Seal() : Status::OK();
}

// Makes the state of the committed epoch durable.
Status QueryRun::Seal() {
  THALWEG_RETURN_NOT_OK(WriteState(committed_epoch_));
  THALWEG_RETURN_NOT_OK(log_->AppendDurableState(committed_epoch_));
  return SealRecorded();
}

Status QueryRun::WriteState(int64_t version) {
  if (options_.skip_state_seal) return Status::OK();
  const Status status = state_->Seal(version);
  failed_for_good_ = failed_for_good_ || (settings_.sync && !status.ok());
  return status;
}

// The log says that the state of the committed epoch is durable: what lies before it may go.
Status QueryRun::SealRecorded() {
  sealed_epoch_ = committed_epoch_;
  rows_unweighed_ = 0;
  THALWEG_RETURN_NOT_OK(SyncLog());
  THALWEG_RETURN_NOT_OK(state_->SealRecorded(committed_epoch_));
  for (size_t i = 0; i < streams_.size(); ++i) {
    if (positions_[i].empty()) continue;  // nothing was read from it yet
    THALWEG_RETURN_NOT_OK(sources_[static_cast<size_t>(streams_[i])]->Release(positions_[i]));
  }
  return log_->Trim(env_.clock().NowUs());
}

Status QueryRun::SyncLog() {
  const Status status = log_->Sync();
  failed_for_good_ = failed_for_good_ || !status.ok();
  return status;
}

}  // namespace thalweg
