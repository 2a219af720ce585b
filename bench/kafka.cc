#include "kafka.h"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "api/pipeline.h"
#include "connectors/kafka/client.h"

namespace thalweg {
namespace {

constexpr char kInput[] = "bench-in";
constexpr int kFetchRows = 1024;
constexpr int kFetchWaitMs = 50;

constexpr char kPipeline[] = R"(
CREATE TEMPORARY VIEW events USING kafka OPTIONS (
  'kafka.bootstrap.servers' '{0}', subscribe 'bench-in', startingOffsets 'latest');
CREATE STREAMING TABLE alerts USING kafka OPTIONS (
  'kafka.bootstrap.servers' '{0}', topic 'bench-alerts')
  AS SELECT key, value FROM STREAM(events)
  WHERE CAST(regexp_extract(CAST(value AS STRING), '"amount":([0-9]+)', 1) AS BIGINT) >= 500;
)";

void Check(const Status& status) {
  Require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

constexpr int kPatienceMs = 60'000;  // a starved broker is slow, not gone

void Check(const KafkaOutcome& outcome, const char* what) {
  Require(outcome.ok(), fmt::format("{}: {}", what, outcome.text).c_str());
}

template <class T>
T Take(Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

/// Milliseconds, sorted at the end.
struct Latencies {
  std::vector<double> ms;
  double At(double share) const {
    if (ms.empty()) return Figure::kNone;
    return ms[std::min(ms.size() - 1, static_cast<size_t>(share * static_cast<double>(ms.size())))];
  }
};

/// One measurement: events go in at a steady rate and are timed where they come out.
class Measurement {
 public:
  Measurement(Env& env, const KafkaBenchOptions& options, std::string out_topic)
      : env_(env), options_(options), out_topic_(std::move(out_topic)) {
    settings_ = {{"bootstrap.servers", options.servers}};
  }

  /// Produces, waits for the stragglers, and gives the times of what came after the warm-up.
  Latencies Run() {
    const std::unique_ptr<Task> reader = env_.tasks().Spawn("reader", [this] { ReadBack(); });
    while (!reading_) pause_->Wait(10'000);
    Produce();
    for (int i = 0; i < 600 && received_ < expected_; ++i) pause_->Wait(100'000);
    stop_ = true;
    while (reading_) pause_->Wait(10'000);
    Require(received_ == expected_, "not every event has come out");
    std::sort(latencies_.ms.begin(), latencies_.ms.end());
    return std::move(latencies_);
  }
  Latencies& timers() { return timers_; }

 private:
  void Produce();
  void ReadBack();

  Env& env_;
  const KafkaBenchOptions& options_;
  const std::string out_topic_;
  KafkaSettings settings_;
  const std::unique_ptr<Signal> pause_ = env_.tasks().NewSignal();
  std::atomic<bool> stop_{false};
  std::atomic<bool> reading_{false};
  std::atomic<int64_t> received_{0};
  int64_t expected_ = 0;
  Latencies latencies_;
  Latencies timers_;  // how late the producer's timer was
};

void Measurement::Produce() {
  KafkaSettings settings = settings_;
  settings["linger.ms"] = "0";
  settings["acks"] = "all";
  const auto producer = Take(KafkaLibrary().NewProducer(settings));
  const int64_t interval_ns = 1'000'000'000 / options_.rate;
  const int64_t events = (options_.seconds + options_.warm_seconds) * options_.rate;
  const int64_t began_ns = env_.clock().MonotonicNs();
  for (int64_t i = 0; i < events; ++i) {
    const int64_t due_ns = began_ns + i * interval_ns;
    const int64_t left_us = (due_ns - env_.clock().MonotonicNs()) / 1000;
    if (left_us > 0) pause_->Wait(left_us);
    const int64_t now_ns = env_.clock().MonotonicNs();
    if (left_us > 0) timers_.ms.push_back(static_cast<double>(now_ns - due_ns) / 1e6);
    const int64_t amount = (i * 7919) % 1000;
    expected_ += amount >= 500 ? 1 : 0;
    const std::string value = fmt::format(R"({{"sent":{},"id":{},"user":"user{}","amount":{}}})",
                                          now_ns, i, i % 50, amount);
    KafkaOutgoing record;
    record.topic = kInput;
    record.partition = 0;
    record.value = {value.data(), static_cast<int64_t>(value.size())};
    Check(producer->Produce(record, kPatienceMs), "producing");
    (void)producer->Flush(0);  // takes the reports of what was sent
  }
  Check(producer->Flush(kPatienceMs), "flushing");
  std::sort(timers_.ms.begin(), timers_.ms.end());
}

void Measurement::ReadBack() {
  KafkaSettings settings = settings_;
  settings["fetch.wait.max.ms"] = "100";
  const auto consumer = Take(KafkaLibrary().NewConsumer(settings));
  KafkaOffsets ends = {{{out_topic_, 0}, kKafkaLatest}};
  Check(consumer->FindOffsets(kPatienceMs, &ends), "asking for the end");
  const auto stream = Take(consumer->OpenPartition({out_topic_, 0}, ends.begin()->second));
  std::vector<KafkaRecord> records;
  int64_t position = 0;
  const int64_t warm_ns = options_.warm_seconds * 1'000'000'000;
  int64_t first_ns = 0;
  reading_ = true;
  while (!stop_) {
    Check(stream->Fetch(kFetchRows, kFetchWaitMs, &records, &position), "reading");
    const int64_t now_ns = env_.clock().MonotonicNs();
    for (const KafkaRecord& record : records) {
      int64_t sent_ns = 0;
      const std::string_view text = record.value.view().substr(std::strlen("{\"sent\":"));
      std::from_chars(text.data(), text.data() + text.size(), sent_ns);
      if (first_ns == 0) first_ns = sent_ns;
      if (sent_ns - first_ns < warm_ns) continue;
      latencies_.ms.push_back(static_cast<double>(now_ns - sent_ns) / 1e6);
    }
    received_ += static_cast<int64_t>(records.size());
    stream->Release(records.data(), records.size());
    records.clear();
  }
  reading_ = false;
}

/// The limit program: the same filter and the same client, without an engine.
void RelayByHand(Env& env, const std::string& servers, const std::atomic<bool>& stop,
                 std::atomic<bool>* ready) {
  const auto consumer = Take(
      KafkaLibrary().NewConsumer({{"bootstrap.servers", servers}, {"fetch.wait.max.ms", "20"}}));
  const auto producer = Take(
      KafkaLibrary().NewProducer({{"bootstrap.servers", servers}, {"enable.idempotence", "true"}}));
  KafkaOffsets ends = {{{kInput, 0}, kKafkaLatest}};
  Check(consumer->FindOffsets(kPatienceMs, &ends), "asking for the end");
  const auto stream = Take(consumer->OpenPartition({kInput, 0}, ends.begin()->second));
  std::vector<KafkaRecord> records;
  int64_t position = 0;
  *ready = true;
  while (!stop) {
    Check(stream->Fetch(kFetchRows, kFetchWaitMs, &records, &position), "reading");
    for (const KafkaRecord& record : records) {
      const std::string_view text = record.value.view();
      const size_t at = text.find("\"amount\":") + std::strlen("\"amount\":");
      int64_t amount = 0;
      std::from_chars(text.data() + at, text.data() + text.size(), amount);
      if (amount < 500) continue;
      KafkaOutgoing alert;
      alert.topic = "bench-relayed";
      alert.value = record.value;
      Check(producer->Produce(alert, kPatienceMs), "relaying");
    }
    stream->Release(records.data(), records.size());
    if (!records.empty()) Check(producer->Flush(kPatienceMs), "flushing alerts");
    records.clear();
  }
  (void)env;
}

Latencies MeasureRelay(Env& env, const KafkaBenchOptions& options, Latencies* timers) {
  std::atomic<bool> stop{false}, ready{false};
  const std::unique_ptr<Task> relay =
      env.tasks().Spawn("relay", [&] { RelayByHand(env, options.servers, stop, &ready); });
  const std::unique_ptr<Signal> pause = env.tasks().NewSignal();
  while (!ready) pause->Wait(10'000);
  Measurement measurement(env, options, "bench-relayed");
  Latencies latencies = measurement.Run();
  *timers = std::move(measurement.timers());
  stop = true;
  return latencies;
}

Latencies MeasureEngine(Env& env, const KafkaBenchOptions& options) {
  Session session(env);
  PipelineOptions run;
  run.checkpoint = JoinPath(options.directory, "kafka-checkpoint");
  Check(env.files().RemoveRecursively(run.checkpoint));
  const auto pipeline =
      Take(Pipeline::Load(session, fmt::format(fmt::runtime(kPipeline), options.servers), run));
  Check(pipeline->Prepare());
  std::atomic<bool> stop{false}, ready{false};
  PipelineEvents events;
  events.stop = [&stop] { return stop.load(); };
  events.epoch = [&ready](const std::string&, const EpochSummary&, const EpochLoop&) {
    ready = true;  // epoch 0 says where the query begins
  };
  const std::unique_ptr<Task> engine =
      env.tasks().Spawn("engine", [&] { Check(pipeline->Run(events)); });
  const std::unique_ptr<Signal> pause = env.tasks().NewSignal();
  while (!ready) pause->Wait(10'000);
  Measurement measurement(env, options, "bench-alerts");
  Latencies latencies = measurement.Run();
  stop = true;
  return latencies;
}

}  // namespace

void RunKafkaBench(const KafkaBenchOptions& options, Report& report) {
  const std::unique_ptr<Env> env = NewPosixEnv();
  Check(env->files().CreateDirectories(options.directory));
  report.Begin(fmt::format("Kafka to alert to Kafka, {} events/s", options.rate),
               "From the producer's call to the consumer's hands, over a broker on the same "
               "machine; half of the events are alerts. Limit: a relay by hand on the same client. "
               "The noise floor is how late the machine wakes a thread that waits for its timer.");
  Latencies timers;
  const Latencies relay = MeasureRelay(*env, options, &timers);
  const Latencies engine = MeasureEngine(*env, options);
  const auto add = [&](const char* name, double share, std::optional<Gate> gate) {
    Figure figure;
    figure.name = name;
    figure.unit = "ms";
    figure.value = engine.At(share);
    figure.limit = relay.At(share);
    figure.gate = gate;
    figure.remark =
        fmt::format("noise floor {:.2f} ms; {} events", timers.At(share), engine.ms.size());
    report.Add(figure);
  };
  add("p50", 0.5, Gate{.at_least = false, .bound = 5.0});
  add("p90", 0.9, {});
  add("p99", 0.99, {});
  add("p99.9", 0.999, {});
}

}  // namespace thalweg
