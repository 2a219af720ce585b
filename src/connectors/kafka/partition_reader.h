// Rows of one partition in a range of offsets. It ends when the partition has come to the end of
// the range, however many records that held; what was lost on the way falls under the data-loss
// rule. One thread.
#pragma once

#include "connectors/kafka/partition_buffer.h"
#include "connectors/kafka/questions.h"

namespace thalweg {

/// What the readers of one Read share.
struct KafkaReadPart {
  Env* env = nullptr;
  KafkaConsumer* consumer = nullptr;
  const KafkaReadOptions* options = nullptr;
  ScanRequest request;
};

class KafkaPartitionReader final : public BatchReader {
 public:
  /// Offsets [from, to) of the partition of `buffer`, the `number`th of the source.
  KafkaPartitionReader(const KafkaReadPart& part, KafkaPartitionBuffer* buffer, int32_t number)
      : part_(part), buffer_(*buffer), number_(number) {}
  void Begin(int64_t from, int64_t to) {
    next_ = from;
    to_ = to;
  }

  Result<bool> Next(Batch* out) override;
  int64_t bytes_read() const override { return bytes_; }

 private:
  size_t Ready();
  Result<bool> Give(size_t count, Batch* out);
  Status Wait();
  Status TakeLoss();
  Status NoProgress(const KafkaOutcome& outcome, int64_t waited_us) const;

  const KafkaReadPart& part_;
  KafkaPartitionBuffer& buffer_;
  const int32_t number_;
  int64_t next_ = 0;
  int64_t to_ = 0;
  int64_t bytes_ = 0;
  bool sought_ = false;
};

}  // namespace thalweg
