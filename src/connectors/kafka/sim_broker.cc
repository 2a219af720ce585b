#include "connectors/kafka/sim_broker.h"

#include <algorithm>

namespace thalweg {
namespace {

KafkaBytes BytesOf(const std::optional<std::string>& text) {
  if (!text) return {};
  return {text->data(), static_cast<int64_t>(text->size())};
}

std::optional<std::string> TextOf(const KafkaBytes& bytes) {
  if (bytes.null()) return std::nullopt;
  return std::string(bytes.view());
}

}  // namespace

class SimStream final : public KafkaPartitionStream {
 public:
  SimStream(SimBroker& broker, KafkaPartition partition, int64_t offset)
      : broker_(broker), partition_(std::move(partition)), position_(offset) {}

  KafkaOutcome Fetch(int rows_max, int, std::vector<KafkaRecord>* records,
                     int64_t* position) override {
    std::lock_guard lock(broker_.mutex_);
    *position = position_;
    const KafkaOutcome failure = broker_.Failure();
    if (!failure.ok()) return failure;
    const SimBroker::Log* log = broker_.Find(partition_);
    if (log == nullptr) return {KafkaErrorKind::kUnknownTopic, partition_.topic};
    if (position_ < log->first || position_ > log->end) {
      return {KafkaErrorKind::kOutOfRange, "offset out of range"};
    }
    int count = 0;
    for (const SimRecord& record : log->records) {
      if (record.offset < position_) continue;
      if (count++ == rows_max) return {};
      broker_.shown_.push_back(std::make_unique<SimRecord>(record));
      SimRecord& shown = *broker_.shown_.back();
      records->push_back(
          {BytesOf(shown.key), BytesOf(shown.value), shown.offset, shown.timestamp_ms, 0, &shown});
      *position = position_ = record.offset + 1;
    }
    *position = position_ = log->end;
    return {};
  }
  std::vector<KafkaHeader> HeadersOf(const KafkaRecord& record) const override {
    std::vector<KafkaHeader> headers;
    for (const auto& [name, value] : static_cast<SimRecord*>(record.message)->headers) {
      headers.push_back({name, BytesOf(value)});
    }
    return headers;
  }
  void Release(KafkaRecord*, size_t) override {}

 private:
  SimBroker& broker_;
  const KafkaPartition partition_;
  int64_t position_ = 0;
};

class SimConsumer final : public KafkaConsumer {
 public:
  explicit SimConsumer(SimBroker& broker) : broker_(broker) {
    std::lock_guard lock(broker_.mutex_);
    broker_.consumers_.push_back(this);
  }
  ~SimConsumer() override {
    std::lock_guard lock(broker_.mutex_);
    std::erase(broker_.consumers_, this);
  }

  KafkaOutcome Topics(const std::vector<std::string>* names, int,
                      std::map<std::string, int>* partitions) override {
    std::lock_guard lock(broker_.mutex_);
    partitions->clear();
    for (const auto& [topic, logs] : broker_.topics_) {
      const bool asked =
          names == nullptr || std::find(names->begin(), names->end(), topic) != names->end();
      if (asked) (*partitions)[topic] = static_cast<int>(logs.size());
    }
    return broker_.Failure();
  }
  KafkaOutcome FindOffsets(int, KafkaOffsets* offsets) override {
    std::lock_guard lock(broker_.mutex_);
    ++broker_.offset_questions_;
    for (auto& [partition, offset] : *offsets) {
      const SimBroker::Log* log = broker_.Find(partition);
      if (log == nullptr) return {KafkaErrorKind::kUnknownTopic, partition.topic};
      offset = Answer(*log, offset);
    }
    return broker_.Failure();
  }
  Result<std::unique_ptr<KafkaPartitionStream>> OpenPartition(const KafkaPartition& partition,
                                                              int64_t offset) override {
    return std::unique_ptr<KafkaPartitionStream>(
        std::make_unique<SimStream>(broker_, partition, offset));
  }
  void WakeOnce(Waker* waker) override {
    std::lock_guard lock(broker_.mutex_);
    waker_ = waker;
  }
  /// Under the broker's mutex.
  void Wake() {
    Waker* waker = std::exchange(waker_, nullptr);
    if (waker != nullptr) waker->Wake();
  }

 private:
  static int64_t Answer(const SimBroker::Log& log, int64_t at) {
    if (at == kKafkaLatest) return log.end;
    if (at == kKafkaEarliest) return log.first;
    for (const SimRecord& record : log.records) {
      if (record.timestamp_ms >= at) return record.offset;
    }
    return kKafkaLatest;
  }

  SimBroker& broker_;
  Waker* waker_ = nullptr;  // guarded by the broker's mutex
};

/// Appends at Produce; a failure shows at Flush, as in a real client.
class SimProducer final : public KafkaProducer {
 public:
  explicit SimProducer(SimBroker& broker) : broker_(broker) {}
  KafkaOutcome Produce(const KafkaOutgoing& outgoing, int) override {
    SimRecord record;
    record.key = TextOf(outgoing.key);
    record.value = TextOf(outgoing.value);
    for (const KafkaHeader& header : outgoing.headers) {
      record.headers.emplace_back(header.name, TextOf(header.value));
    }
    KafkaPartition partition{std::string(outgoing.topic), std::max(outgoing.partition, 0)};
    {
      std::lock_guard lock(broker_.mutex_);
      if (failed_.ok()) failed_ = broker_.Failure();
      if (failed_.ok() && broker_.Find(partition) == nullptr) {
        failed_ = {KafkaErrorKind::kUnknownTopic, "there is no partition " + partition.Name()};
      }
      if (!failed_.ok()) return {};
    }
    broker_.AppendRecord(partition, std::move(record));
    return {};
  }
  KafkaOutcome Flush(int) override { return std::exchange(failed_, {}); }

 private:
  SimBroker& broker_;
  KafkaOutcome failed_;
};

Result<std::unique_ptr<KafkaConsumer>> SimBroker::NewConsumer(const KafkaSettings&) {
  return std::unique_ptr<KafkaConsumer>(std::make_unique<SimConsumer>(*this));
}

Result<std::unique_ptr<KafkaProducer>> SimBroker::NewProducer(const KafkaSettings&) {
  return std::unique_ptr<KafkaProducer>(std::make_unique<SimProducer>(*this));
}

void SimBroker::SetPartitions(const std::string& topic, int count) {
  std::lock_guard lock(mutex_);
  auto& logs = topics_[topic];
  while (logs.size() < static_cast<size_t>(count)) logs.push_back(std::make_unique<Log>());
}

void SimBroker::DeleteTopic(const std::string& topic) {
  std::lock_guard lock(mutex_);
  topics_.erase(topic);
}

void SimBroker::Append(const KafkaPartition& partition, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    SimRecord record;
    record.value = value;
    AppendRecord(partition, std::move(record));
  }
}

void SimBroker::AppendRecord(const KafkaPartition& partition, SimRecord record) {
  std::lock_guard lock(mutex_);
  Log* log = Find(partition);
  THALWEG_CHECK(log != nullptr, "a record is appended to a partition that is there");
  record.offset = log->end++;
  log->records.push_back(std::move(record));
  for (SimConsumer* consumer : consumers_) consumer->Wake();
}

void SimBroker::AppendGap(const KafkaPartition& partition, int64_t count) {
  std::lock_guard lock(mutex_);
  Find(partition)->end += count;
}

void SimBroker::Truncate(const KafkaPartition& partition, int64_t offset) {
  std::lock_guard lock(mutex_);
  Log* log = Find(partition);
  log->first = offset;
  std::erase_if(log->records, [&](const SimRecord& record) { return record.offset < offset; });
}

void SimBroker::SetFailure(KafkaErrorKind kind) {
  std::lock_guard lock(mutex_);
  failure_ = kind;
}

std::vector<SimRecord> SimBroker::Records(const KafkaPartition& partition) const {
  std::lock_guard lock(mutex_);
  return topics_.at(partition.topic)[static_cast<size_t>(partition.number)]->records;
}

int SimBroker::offset_questions() const {
  std::lock_guard lock(mutex_);
  return offset_questions_;
}

KafkaOutcome SimBroker::Failure() const {
  if (failure_ == KafkaErrorKind::kNone) return {};
  return {failure_, "simulated failure"};
}

SimBroker::Log* SimBroker::Find(const KafkaPartition& partition) {
  const auto topic = topics_.find(partition.topic);
  const auto number = static_cast<size_t>(partition.number);
  if (topic == topics_.end() || number >= topic->second.size()) return nullptr;
  return topic->second[number].get();
}

}  // namespace thalweg
