// client.h by way of the Kafka module: opened on first use, crossed by its function table.
#include <atomic>
#include <mutex>

#include "base/module.h"
#include "connectors/kafka/client.h"
#include "connectors/kafka/function_table.h"

namespace thalweg {
namespace {

using Functions = ThalwegKafkaFunctions;

KafkaOutcome OutcomeOf(int32_t code, const char* error) {
  if (code == kThalwegKafkaOk) return {};
  return {static_cast<KafkaErrorKind>(code), error};
}

ThalwegKafkaBytes Outward(const KafkaBytes& bytes) {
  return {bytes.data, bytes.size};
}

KafkaBytes Inward(const ThalwegKafkaBytes& bytes) {
  return {bytes.data, bytes.size};
}

class LibraryStream final : public KafkaPartitionStream {
 public:
  LibraryStream(const Functions& functions, void* partition)
      : functions_(functions), partition_(partition) {}
  ~LibraryStream() override { functions_.close_partition(partition_); }

  KafkaOutcome Fetch(int rows_max, int timeout_ms, std::vector<KafkaRecord>* records,
                     int64_t* position) override {
    fetched_.resize(static_cast<size_t>(rows_max));
    ThalwegKafkaFetch fetch{fetched_.data(), rows_max, 0, 0};
    char error[kThalwegKafkaErrorBytes] = "";
    const int32_t code = functions_.fetch(partition_, timeout_ms, &fetch, error);
    *position = fetch.position;
    for (int32_t i = 0; i < fetch.count; ++i) {
      const ThalwegKafkaRecord& record = fetched_[static_cast<size_t>(i)];
      records->push_back({Inward(record.key), Inward(record.value), record.offset,
                          record.timestamp_ms, record.timestamp_type, record.message});
    }
    return OutcomeOf(code, error);
  }

  std::vector<KafkaHeader> HeadersOf(const KafkaRecord& record) const override {
    ThalwegKafkaRecord asked{};
    asked.message = record.message;
    std::vector<ThalwegKafkaHeader> found(static_cast<size_t>(functions_.count_headers(&asked)));
    functions_.get_headers(&asked, found.data());
    std::vector<KafkaHeader> headers;
    for (const ThalwegKafkaHeader& header : found) {
      headers.push_back({header.name, Inward(header.value)});
    }
    return headers;
  }

  void Release(KafkaRecord* records, size_t count) override {
    for (size_t i = 0; i < count; ++i) {
      ThalwegKafkaRecord given{};
      given.message = records[i].message;
      functions_.release(&given, 1);
      records[i].message = nullptr;
    }
  }

 private:
  const Functions& functions_;
  void* const partition_;
  std::vector<ThalwegKafkaRecord> fetched_;
};

class LibraryConsumer final : public KafkaConsumer {
 public:
  LibraryConsumer(const Functions& functions, void* consumer)
      : functions_(functions), consumer_(consumer) {
    functions_.set_wake(consumer_, WakeWaiter, this);
  }
  ~LibraryConsumer() override { functions_.close_consumer(consumer_); }

  KafkaOutcome Topics(const std::vector<std::string>* names, int timeout_ms,
                      std::map<std::string, int>* partitions) override {
    std::vector<const char*> texts;
    if (names != nullptr) {
      for (const std::string& name : *names) texts.push_back(name.c_str());
    }
    const auto tell = [](void* opaque, const char* topic, int32_t count) {
      (*static_cast<std::map<std::string, int>*>(opaque))[topic] = count;
    };
    partitions->clear();
    char error[kThalwegKafkaErrorBytes] = "";
    const ThalwegKafkaTopics topics{
        texts.data(), names == nullptr ? -1 : static_cast<int32_t>(texts.size()), tell, partitions};
    return OutcomeOf(functions_.list_topics(consumer_, &topics, timeout_ms, error), error);
  }

  KafkaOutcome FindOffsets(int timeout_ms, KafkaOffsets* offsets) override {
    std::vector<ThalwegKafkaPosition> positions;
    for (const auto& [partition, offset] : *offsets) {
      positions.push_back({partition.topic.c_str(), partition.number, offset});
    }
    char error[kThalwegKafkaErrorBytes] = "";
    const int32_t code = functions_.find_offsets(
        consumer_, positions.data(), static_cast<int32_t>(positions.size()), timeout_ms, error);
    size_t i = 0;
    for (auto& [partition, offset] : *offsets) offset = positions[i++].offset;
    return OutcomeOf(code, error);
  }

  Result<std::unique_ptr<KafkaPartitionStream>> OpenPartition(const KafkaPartition& partition,
                                                              int64_t offset) override {
    const ThalwegKafkaPosition from{partition.topic.c_str(), partition.number, offset};
    char error[kThalwegKafkaErrorBytes] = "";
    void* opened = functions_.open_partition(consumer_, &from, error);
    if (opened == nullptr) {
      return Status::World("Kafka partition " + partition.Name() + " cannot be read: " + error);
    }
    return std::unique_ptr<KafkaPartitionStream>(
        std::make_unique<LibraryStream>(functions_, opened));
  }

  void WakeOnce(Waker* waker) override { waiter_ = waker; }

 private:
  static void WakeWaiter(void* opaque) {
    Waker* waker = static_cast<LibraryConsumer*>(opaque)->waiter_.exchange(nullptr);
    if (waker != nullptr) waker->Wake();
  }

  const Functions& functions_;
  void* const consumer_;
  std::atomic<Waker*> waiter_{nullptr};
};

class LibraryProducer final : public KafkaProducer {
 public:
  LibraryProducer(const Functions& functions, void* producer)
      : functions_(functions), producer_(producer) {}
  ~LibraryProducer() override { functions_.close_producer(producer_); }

  KafkaOutcome Produce(const KafkaOutgoing& record, int timeout_ms) override {
    topic_.assign(record.topic);
    headers_.clear();
    for (const KafkaHeader& header : record.headers) {
      headers_.push_back({header.name.c_str(), Outward(header.value)});
    }
    const ThalwegKafkaOutgoing outgoing{topic_.c_str(),      record.partition,
                                        Outward(record.key), Outward(record.value),
                                        headers_.data(),     static_cast<int32_t>(headers_.size())};
    char error[kThalwegKafkaErrorBytes] = "";
    return OutcomeOf(functions_.produce(producer_, &outgoing, timeout_ms, error), error);
  }

  KafkaOutcome Flush(int timeout_ms) override {
    char error[kThalwegKafkaErrorBytes] = "";
    return OutcomeOf(functions_.flush(producer_, timeout_ms, error), error);
  }

 private:
  const Functions& functions_;
  void* const producer_;
  std::string topic_;
  std::vector<ThalwegKafkaHeader> headers_;
};

Result<const Functions*> OpenFunctions() {
  constexpr char kFeature[] = "Kafka (Debian package librdkafka1)";
  THALWEG_ASSIGN_OR_RETURN(void* door, OpenModule("kafka", "thalweg_kafka_functions", kFeature));
  const Functions* functions = reinterpret_cast<const Functions* (*)()>(door)();
  if (functions->version == kThalwegKafkaVersion) return functions;
  return Status::User("THALWEG_MODULE_MISSING",
                      {{"feature", kFeature},
                       {"file", "libthalweg_kafka.so"},
                       {"cause", "it is of version " + std::to_string(functions->version)}});
}

class LibraryClient final : public KafkaClient {
 public:
  Result<std::unique_ptr<KafkaConsumer>> NewConsumer(const KafkaSettings& settings) override {
    THALWEG_ASSIGN_OR_RETURN(const Functions* functions, Open());
    THALWEG_ASSIGN_OR_RETURN(void* opened, New(functions->open_consumer, settings));
    return std::unique_ptr<KafkaConsumer>(std::make_unique<LibraryConsumer>(*functions, opened));
  }
  Result<std::unique_ptr<KafkaProducer>> NewProducer(const KafkaSettings& settings) override {
    THALWEG_ASSIGN_OR_RETURN(const Functions* functions, Open());
    THALWEG_ASSIGN_OR_RETURN(void* opened, New(functions->open_producer, settings));
    return std::unique_ptr<KafkaProducer>(std::make_unique<LibraryProducer>(*functions, opened));
  }

 private:
  using Maker = void* (*)(const ThalwegKafkaSetting* settings, int32_t count, char* error);

  Result<const Functions*> Open() {
    std::lock_guard lock(mutex_);
    if (functions_ == nullptr) {
      THALWEG_ASSIGN_OR_RETURN(functions_, OpenFunctions());
    }
    return functions_;
  }

  static Result<void*> New(Maker maker, const KafkaSettings& settings) {
    std::vector<ThalwegKafkaSetting> given;
    for (const auto& [key, value] : settings) given.push_back({key.c_str(), value.c_str()});
    char error[kThalwegKafkaErrorBytes] = "";
    void* opened = maker(given.data(), static_cast<int32_t>(given.size()), error);
    if (opened != nullptr) return opened;
    return Status::User("THALWEG_KAFKA_SETTING", {{"cause", error}});
  }

  std::mutex mutex_;
  const Functions* functions_ = nullptr;  // guarded by the mutex
};

}  // namespace

KafkaClient& KafkaLibrary() {
  static LibraryClient client;
  return client;
}

}  // namespace thalweg
