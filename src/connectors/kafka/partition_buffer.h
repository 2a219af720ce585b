// The records of one partition that were fetched and not read yet. What the brokers send ahead of
// an epoch waits here, so that a new record needs no further question to be read. One thread at a
// time.
//
//    … given out │ ……… records ……… │ position(): nothing before it is still to come
#pragma once

#include <span>

#include "connectors/kafka/client.h"

namespace thalweg {

class KafkaPartitionBuffer {
 public:
  KafkaPartitionBuffer(KafkaConsumer& consumer, KafkaPartition partition)
      : consumer_(consumer), partition_(std::move(partition)) {}
  ~KafkaPartitionBuffer() { DropFirst(count()); }

  const KafkaPartition& partition() const { return partition_; }
  /// Makes the first record that is given out the first one at or behind `offset`: by dropping
  /// some, or by a new stream.
  Status SeekTo(int64_t offset);
  /// Fetches until there are `rows_max` or nothing is there; waits for the first at most
  /// `timeout_ms`. After an error the next SeekTo opens a new stream.
  KafkaOutcome Fill(size_t rows_max, int timeout_ms);
  std::span<KafkaRecord> records() { return std::span(records_).subspan(head_); }
  size_t count() const { return records_.size() - head_; }
  int64_t position() const { return position_; }
  std::vector<KafkaHeader> HeadersOf(const KafkaRecord& record) const {
    return stream_->HeadersOf(record);
  }
  void DropFirst(size_t records);

 private:
  KafkaConsumer& consumer_;
  const KafkaPartition partition_;
  std::unique_ptr<KafkaPartitionStream> stream_;
  std::vector<KafkaRecord> records_;
  size_t head_ = 0;
  int64_t first_ = 0;     // every record in [first_, position_) is here
  int64_t position_ = 0;  // see the picture
  bool broken_ = true;    // the stream must be opened anew
};

}  // namespace thalweg
