#include "state/merge_runner.h"

#include <algorithm>
#include <utility>

namespace thalweg {
namespace {

constexpr int64_t kStepBytes = 1 << 20;
// Merges of less are done at once: a task would cost as much.
constexpr int64_t kTaskBytesMin = 256 << 10;
// Buffers of an input or output.
constexpr int64_t kStreamBytes = 640 << 10;

}  // namespace

Status MergeRunner::Advance(int64_t version, int64_t above_percent) {
  if (merge_ == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(std::optional<MergePlan> plan,
                             directory_->PlanMerge(version, above_percent));
    if (!plan.has_value()) return Status::OK();
    THALWEG_RETURN_NOT_OK(Begin(*std::move(plan)));
    if (merge_ == nullptr) return Status::OK();
  }
  if (task_ != nullptr) {
    if (!done_.load(std::memory_order_acquire)) return Status::OK();
    task_.reset();
    const Status status = status_;
    if (!status.ok()) Cancel();
    return status.ok() ? Install() : status;
  }
  const bool small = plan_.bytes < kTaskBytesMin;
  const Result<bool> done =
      merge_->Step(small ? INT64_MAX / 2 : std::max(step_bytes_, kTaskBytesMin));
  if (!done.ok()) Cancel();
  if (!done.ok()) return done.status();
  return *done ? Install() : Status::OK();
}

Status MergeRunner::Begin(MergePlan plan) {
  int64_t buffer_bytes = kStreamBytes;
  for (const StateFileInfo& input : plan.inputs)
    buffer_bytes += std::min(input.bytes, kStreamBytes);
  if (!budget_->Reserve(buffer_bytes).ok()) return Status::OK();  // when there is room
  reserved_bytes_ = buffer_bytes;
  StateMergeJob job;
  for (const StateFileInfo& input : plan.inputs)
    job.inputs.push_back(directory_->PathOf(input.name));
  job.output = directory_->PathOf(StateDirectory::kMergeName);
  plan.header.sequence = directory_->NextSequence();
  job.header = plan.header;
  job.sync = sync_;
  plan_ = std::move(plan);
  Result<std::unique_ptr<StateMerge>> merge = StateMerge::Begin(env_.files(), std::move(job));
  if (!merge.ok()) {
    Cancel();
    return merge.status();
  }
  merge_ = *std::move(merge);
  if (plan_.bytes >= kTaskBytesMin && env_.tasks().worker_count() > 1) {
    done_.store(false);
    cancelled_.store(false);
    task_ = env_.tasks().Spawn("state-merge", [this] { Run(); });
  }
  return Status::OK();
}

// The task.
void MergeRunner::Run() {
  while (!cancelled_.load(std::memory_order_relaxed)) {
    const Result<bool> done = merge_->Step(kStepBytes);
    status_ = done.status();
    if (!done.ok() || *done) break;
  }
  done_.store(true, std::memory_order_release);
}

Status MergeRunner::Install() {
  StateFileInfo info;
  info.header = plan_.header;
  info.name = StateDirectory::NameOf(plan_.header);
  info.bytes = merge_->output_bytes();
  Cancel();
  THALWEG_RETURN_NOT_OK(env_.files().Rename(directory_->PathOf(StateDirectory::kMergeName),
                                            directory_->PathOf(info.name)));
  if (sync_) THALWEG_RETURN_NOT_OK(env_.files().SyncDirectory(directory_->path()));
  directory_->Add(std::move(info));
  return Status::OK();
}

void MergeRunner::Cancel() {
  cancelled_.store(true, std::memory_order_relaxed);
  task_.reset();  // joins
  merge_.reset();
  status_ = Status();
  budget_->Release(reserved_bytes_);
  reserved_bytes_ = 0;
}

}  // namespace thalweg
