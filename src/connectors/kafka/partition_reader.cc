#include "connectors/kafka/partition_reader.h"

#include <algorithm>

#include "base/log.h"
#include "connectors/kafka/record_columns.h"

namespace thalweg {
namespace {

constexpr int kWaitMs = 100;
constexpr int64_t kWarnEveryUs = 5'000'000;

}  // namespace

Result<bool> KafkaPartitionReader::Next(Batch* out) {
  while (next_ < to_) {
    if (!sought_) {
      THALWEG_RETURN_NOT_OK(buffer_.SeekTo(next_));
      sought_ = true;
    }
    const size_t ready = Ready();
    if (ready > 0) return Give(ready, out);
    if (buffer_.count() > 0 || buffer_.position() >= to_) break;  // it has come to the end
    THALWEG_RETURN_NOT_OK(Wait());
  }
  next_ = to_;
  return false;
}

/// Records of the range that are there, at most a batch.
size_t KafkaPartitionReader::Ready() {
  size_t count = 0;
  for (const KafkaRecord& record : buffer_.records()) {
    if (record.offset >= to_ || count == kBatchRows) break;
    ++count;
  }
  return count;
}

Result<bool> KafkaPartitionReader::Give(size_t count, Batch* out) {
  const std::span<const KafkaRecord> records = buffer_.records().first(count);
  THALWEG_RETURN_NOT_OK(FillKafkaColumns(part_.request, buffer_, records, out));
  out->SetOrigin({part_.request.source_index, number_, records.front().offset});
  for (const KafkaRecord& record : records) {
    bytes_ += std::max<int64_t>(record.key.size, 0) + std::max<int64_t>(record.value.size, 0);
  }
  next_ = records.back().offset + 1;
  buffer_.DropFirst(count);
  return true;
}

/// Until something came, or the partition moved on.
Status KafkaPartitionReader::Wait() {
  const int64_t began_us = part_.env->clock().MonotonicNs() / 1000;
  int64_t warned_us = began_us;
  while (true) {
    const KafkaOutcome outcome = buffer_.Fill(kBatchRows, kWaitMs);
    if (buffer_.count() > 0 || buffer_.position() >= to_) return Status::OK();
    if (outcome.kind == KafkaErrorKind::kOutOfRange) return TakeLoss();
    const int64_t now_us = part_.env->clock().MonotonicNs() / 1000;
    const int64_t patience_us = part_.options->poll_timeout_ms * 1000;
    if (outcome.kind == KafkaErrorKind::kRefused || now_us - began_us >= patience_us) {
      return NoProgress(outcome, now_us - began_us);
    }
    if (now_us - warned_us >= kWarnEveryUs) {
      warned_us = now_us;
      Log(LogLevel::kWarning, "Kafka partition " + buffer_.partition().Name() +
                                  " stands at offset " + std::to_string(next_) + " of " +
                                  std::to_string(to_) + ". " + outcome.text + " Waiting for " +
                                  std::to_string((patience_us - now_us + began_us) / 1'000'000) +
                                  " s more.");
    }
    if (!outcome.ok()) THALWEG_RETURN_NOT_OK(buffer_.SeekTo(next_));
  }
}

/// The brokers do not hold next_.
Status KafkaPartitionReader::TakeLoss() {
  KafkaQuestions questions(*part_.env, *part_.consumer, *part_.options);
  const KafkaPartition& partition = buffer_.partition();
  KafkaOffsets asked = {{partition, kKafkaEarliest}};
  THALWEG_RETURN_NOT_OK(questions.Resolve(&asked));
  const int64_t earliest = asked[partition];
  if (part_.options->fail_on_data_loss) {
    return Status::World("KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE",
                         {{"startOffset", std::to_string(next_)},
                          {"endOffset", std::to_string(to_)},
                          {"topicPartition", partition.Name()},
                          {"groupId", part_.options->group}});
  }
  const int64_t from = earliest > next_ ? std::min(earliest, to_) : to_;
  Log(LogLevel::kWarning, "Kafka partition " + partition.Name() + " has lost offsets " +
                              std::to_string(next_) + " to " + std::to_string(from) +
                              ": going on without them, as failOnDataLoss is false.");
  next_ = from;
  sought_ = false;
  return Status::OK();
}

Status KafkaPartitionReader::NoProgress(const KafkaOutcome& outcome, int64_t waited_us) const {
  const std::string what = "reading " + buffer_.partition().Name() + " from offset " +
                           std::to_string(next_) + " to " + std::to_string(to_);
  if (outcome.kind == KafkaErrorKind::kRefused) {
    return Status::World("THALWEG_KAFKA_REFUSED", {{"what", what}, {"cause", outcome.text}});
  }
  return Status::World("THALWEG_KAFKA_UNREACHABLE",
                       {{"servers", part_.options->servers},
                        {"seconds", std::to_string(waited_us / 1'000'000)},
                        {"what", what},
                        {"cause", outcome.ok() ? "no record came" : outcome.text},
                        {"option", "kafkaConsumer.pollTimeoutMs"}});
}

}  // namespace thalweg
