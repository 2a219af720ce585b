#include "exec/fan_out_scan.h"

#include <algorithm>

namespace thalweg {

Status FanOutScan::Run(const ScanTarget& target, std::span<BatchReader* const> readers,
                       SourceCounts* counts) {
  target_ = &target;
  const int count = static_cast<int>(readers.size());
  splits_.resize(readers.size());
  for (int i = 0; i < count; ++i) {
    splits_[i] = Split();
    splits_[i].reader = readers[i];
  }
  batches_.resize(target.lanes);
  last_wanted_.store(count - 1);
  if (target.exchange != nullptr) target.exchange->SetSlots(count);
  for (int first = 0; first <= last_wanted_.load();) {
    FindCandidates(first, last_wanted_.load() + 1);
    tasks_->Run(target.lanes, [this](int lane) { ScanSome(lane); });
    const int round_first = first;
    while (first <= last_wanted_.load() && splits_[first].done) ++first;
    if (target.exchange == nullptr) continue;
    const int round_last = std::min(first, last_wanted_.load());
    if (!DeliverRound(round_first, round_last).ok()) break;  // noted; later rows are higher
    if (std::all_of(target.consumers.begin(), target.consumers.end(),
                    [](const auto& edge) { return edge->enough(); })) {
      target.exchange->SetEnough();
      for (Split& split : splits_) split.error.Clear();  // of rows that nobody wants any more
      splits_[std::min(first, count - 1)].cut_short = true;
      break;
    }
  }
  return Finish(counts);
}

/// Splits of this round: those with room in their buffers, the first one always.
void FanOutScan::FindCandidates(int first, int end) {
  candidates_.clear();
  const int64_t split_bytes_max = round_bytes_ / (2 * target_->lanes);
  for (int i = first; i < end; ++i) {
    if (splits_[i].done) continue;
    if (target_->exchange == nullptr || target_->exchange->slot_bytes(i) <= split_bytes_max) {
      candidates_.push_back(i);
    }
  }
  next_candidate_.store(0);
}

void FanOutScan::ScanSome(int lane) {
  while (true) {
    const int i = next_candidate_.fetch_add(1);
    if (i >= static_cast<int>(candidates_.size())) return;
    const bool round_is_full =
        target_->exchange != nullptr && target_->exchange->bytes() >= round_bytes_;
    if (i > 0 && round_is_full) return;
    if (candidates_[i] <= last_wanted_.load()) Drain(candidates_[i], lane);
  }
}

void FanOutScan::Drain(int index, int lane) {
  Split& split = splits_[index];
  Batch& batch = batches_[lane];
  Exchange* exchange = target_->exchange;
  const int64_t bytes_max = round_bytes_ / (2 * target_->lanes);
  if (exchange != nullptr) exchange->SetSlot(lane, index);
  while (index <= last_wanted_.load(std::memory_order_relaxed)) {
    const Result<bool> more = split.reader->Next(&batch);
    if (!more.ok()) {
      target_->errors[lane].Note(split.next, more.status());
      return Fail(index, lane);
    }
    if (!*more) {
      split.done = true;
      return;
    }
    split.rows += batch.physical_rows();
    split.next = batch.origin();
    split.next.position += batch.physical_rows();
    const Result<Flow> flow = target_->edges[lane]->Write(batch);
    if (!flow.ok()) return Fail(index, lane);
    if (*flow == Flow::kEnough) {
      split.done = split.cut_short = true;
      return;
    }
    if (exchange != nullptr && exchange->slot_bytes(index) > bytes_max) return;
  }
}

void FanOutScan::Fail(int index, int lane) {
  Split& split = splits_[index];
  split.done = true;
  split.error = target_->errors[lane];
  target_->errors[lane].Clear();  // the lane may read an earlier split next
  int last = last_wanted_.load();
  while (index < last && !last_wanted_.compare_exchange_weak(last, index)) {
  }
}

Status FanOutScan::DeliverRound(int first, int last) {
  Exchange* exchange = target_->exchange;
  const int lanes = static_cast<int>(target_->consumers.size());
  std::atomic<bool> failed{false};
  tasks_->Run(lanes, [&](int lane) {
    if (!exchange->Deliver(lane, first, last, target_->consumers[lane].get()).ok()) failed = true;
  });
  exchange->MarkDelivered(first, last);
  return failed ? Status::Bug("noted in a lane's error") : Status::OK();
}

Status FanOutScan::Finish(SourceCounts* counts) {
  for (const Split& split : splits_) {
    counts->rows += split.rows;
    counts->bytes += split.reader->bytes_read();
    counts->complete &= !split.cut_short;
    target_->errors[0].Merge(split.error);
  }
  for (const LaneError& error : target_->errors) {
    if (!error.ok()) return error.status();
  }
  return Status::OK();
}

}  // namespace thalweg
