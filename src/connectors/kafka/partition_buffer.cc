#include "connectors/kafka/partition_buffer.h"

namespace thalweg {

Status KafkaPartitionBuffer::SeekTo(int64_t offset) {
  if (!broken_ && offset >= first_ && offset <= position_) {
    size_t passed = 0;
    for (const KafkaRecord& record : records()) {
      if (record.offset >= offset) break;
      ++passed;
    }
    DropFirst(passed);
    first_ = offset;
    return Status::OK();
  }
  DropFirst(count());
  stream_.reset();
  THALWEG_ASSIGN_OR_RETURN(stream_, consumer_.OpenPartition(partition_, offset));
  first_ = position_ = offset;
  broken_ = false;
  return Status::OK();
}

KafkaOutcome KafkaPartitionBuffer::Fill(size_t rows_max, int timeout_ms) {
  while (count() < rows_max) {
    const size_t before = count();
    const int wanted = static_cast<int>(rows_max - before);
    KafkaOutcome outcome =
        stream_->Fetch(wanted, before == 0 ? timeout_ms : 0, &records_, &position_);
    if (!outcome.ok()) broken_ = true;
    if (!outcome.ok() || count() == before) return outcome;
  }
  return {};
}

void KafkaPartitionBuffer::DropFirst(size_t dropped) {
  if (dropped == 0) return;
  first_ = records_[head_ + dropped - 1].offset + 1;
  stream_->Release(records_.data() + head_, dropped);
  head_ += dropped;
  if (head_ * 2 < records_.size()) return;
  records_.erase(records_.begin(), records_.begin() + static_cast<std::ptrdiff_t>(head_));
  head_ = 0;
}

}  // namespace thalweg
