#include "connectors/kafka/source.h"

#include <algorithm>
#include <cmath>

#include "base/log.h"
#include "base/note_file.h"
#include "connectors/kafka/kafka_table.h"
#include "connectors/kafka/offsets.h"
#include "connectors/kafka/record_columns.h"
#include "connectors/kafka/topic_pattern.h"

namespace thalweg {
namespace {

constexpr size_t kAheadRows = 4096;         // buffered per partition
constexpr int64_t kDiscoverUs = 1'000'000;  // between two looks for new partitions
constexpr int64_t kWarnEveryUs = 10'000'000;
constexpr int kDiscoverTimeoutMs = 500;
constexpr int kMissingMax = 3;  // looks in a row after which a partition is gone

int64_t At(const KafkaOffsets& offsets, const KafkaPartition& partition, int64_t otherwise) {
  const auto found = offsets.find(partition);
  return found == offsets.end() ? otherwise : found->second;
}

class KafkaReadTable final : public Table {
 public:
  KafkaReadTable(KafkaClient& client, KafkaReadOptions options)
      : client_(client), options_(std::move(options)) {
    info_.provider = "kafka";
    info_.description = "KafkaV2[" + options_.Description() + "]";
    info_.schema = KafkaReadSchema(options_.include_headers);
    info_.can_stream_read = true;
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<KafkaSource>(client_, options_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing through a table that was opened for reading");
  }

 private:
  KafkaClient& client_;
  const KafkaReadOptions options_;
  TableInfo info_;
};

}  // namespace

Result<TablePtr> MakeKafkaReadTable(KafkaClient& client, const Options& options, bool streaming) {
  KafkaReadOptions read;
  THALWEG_RETURN_NOT_OK(ReadKafkaReadOptions(options, streaming, &read));
  if (read.selection == KafkaReadOptions::Selection::kPattern) {
    THALWEG_RETURN_NOT_OK(TopicPattern::Compile(read.pattern).status());
  }
  return TablePtr(std::make_shared<KafkaReadTable>(client, std::move(read)));
}

KafkaSource::~KafkaSource() {
  if (consumer_ != nullptr) consumer_->WakeOnce(nullptr);
}

Status KafkaSource::Open(const SourceContext& context, const Offset& from) {
  env_ = context.env;
  streaming_ = context.streaming;
  available_now_ = context.available_now;
  directory_ = context.directory;
  THALWEG_ASSIGN_OR_RETURN(consumer_, client_.NewConsumer(options_.settings));
  questions_ = std::make_unique<KafkaQuestions>(*env_, *consumer_, options_);
  THALWEG_RETURN_NOT_OK(PositionsOf(from).status());
  THALWEG_ASSIGN_OR_RETURN(partitions_, questions_->Partitions());
  THALWEG_RETURN_NOT_OK(FindStart(from));
  discovered_us_ = env_->clock().MonotonicNs() / 1000;
  if (streaming_ && available_now_) {
    THALWEG_ASSIGN_OR_RETURN(ends_at_open_, questions_->All(partitions_, kKafkaLatest));
  }
  if (streaming_) {
    KafkaOffsets found;
    found.swap(partitions_);
    THALWEG_RETURN_NOT_OK(TakeChanges(found, from.empty() ? start_ : positions_));
  }
  return Status::OK();
}

constexpr const char* kNote = "start of a Kafka source";

/// A new query's start is kept, so that its first epoch can be read again.
Status KafkaSource::FindStart(const Offset& from) {
  const std::string path = JoinPath(directory_, "start");
  if (!directory_.empty()) {
    THALWEG_RETURN_NOT_OK(env_->files().CreateDirectories(directory_));
    THALWEG_ASSIGN_OR_RETURN(const bool known, env_->files().Exists(path));
    if (known) {
      THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(env_->files(), path, kNote));
      const auto offsets = ParseKafkaOffsets(text);
      if (!offsets) {
        return Status::World("THALWEG_CHECKPOINT_DAMAGED",
                             {{"file", path}, {"offset", "0"}, {"what", "no Kafka offsets"}});
      }
      start_ = *offsets;
      return Status::OK();
    }
  }
  if (!from.empty()) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(start_, questions_->Bound(options_.start, partitions_, "starting"));
  if (directory_.empty()) return Status::OK();
  std::string json;
  PrintKafkaOffsets(start_, &json);
  return WriteNote(env_->files(), path, kNote, json, false);
}

Status KafkaSource::Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) {
  if (!streaming_) {
    THALWEG_ASSIGN_OR_RETURN(const KafkaOffsets ends, BatchEnds());
    PrintKafkaOffsets(ends, &to->json);
    return Status::OK();
  }
  THALWEG_ASSIGN_OR_RETURN(const KafkaOffsets* positions, PositionsOf(from));
  if (waker != nullptr) consumer_->WakeOnce(waker);  // before looking: nothing may slip between
  if (!available_now_) THALWEG_RETURN_NOT_OK(Discover(*positions));
  THALWEG_RETURN_NOT_OK(FetchAhead(*positions));
  KafkaOffsets ends;
  THALWEG_RETURN_NOT_OK(ChooseEnds(*positions, limits, &ends));
  if (ends == *positions && !from.empty()) {
    *to = from;
    return Status::OK();
  }
  PrintKafkaOffsets(ends, &to->json);
  last_epoch_us_ = env_->clock().MonotonicNs() / 1000;
  return Status::OK();
}

Status KafkaSource::Read(const ScanRequest& request, const Offset& from, const Offset& to,
                         std::vector<BatchReader*>* readers) {
  const auto ends = ParseKafkaOffsets(to.json);
  if (!ends) return Status::World("'" + to.json + "' are no offsets of a Kafka source");
  THALWEG_ASSIGN_OR_RETURN(const KafkaOffsets* positions, PositionsOf(from));
  part_ = {env_, consumer_.get(), &options_, request};
  readers_.clear();
  readers->clear();
  int32_t number = 0;
  for (const auto& [partition, end] : *ends) {
    const int64_t begin = At(*positions, partition, 0);  // a new partition is read whole
    if (begin < end) {
      auto reader = std::make_unique<KafkaPartitionReader>(part_, &BufferOf(partition), number);
      reader->Begin(begin, end);
      readers->push_back(reader.get());
      readers_.push_back(std::move(reader));
    }
    ++number;
  }
  return Status::OK();
}

Status KafkaSource::Release(const Offset&) {
  return Status::OK();
}

Result<const KafkaOffsets*> KafkaSource::PositionsOf(const Offset& offset) {
  if (offset.empty()) return static_cast<const KafkaOffsets*>(&start_);
  if (offset.json != parsed_json_.json) {
    const auto parsed = ParseKafkaOffsets(offset.json);
    if (!parsed) return Status::World("'" + offset.json + "' are no offsets of a Kafka source");
    positions_ = *parsed;
    parsed_json_ = offset;
  }
  return static_cast<const KafkaOffsets*>(&positions_);
}

Result<KafkaOffsets> KafkaSource::BatchEnds() {
  THALWEG_ASSIGN_OR_RETURN(KafkaOffsets ends,
                           questions_->Bound(options_.end, partitions_, "ending"));
  for (const auto& [partition, end] : ends) {
    const int64_t begin = At(start_, partition, 0);
    if (begin <= end) continue;
    return Status::User("RESOLVED_START_OFFSET_GREATER_THAN_END_OFFSET",
                        {{"startOffset", std::to_string(begin)},
                         {"endOffset", std::to_string(end)},
                         {"topic", partition.topic},
                         {"partition", std::to_string(partition.number)}});
  }
  return ends;
}

/// Looks for new and vanished partitions, seldom.
Status KafkaSource::Discover(const KafkaOffsets& positions) {
  if (options_.selection == KafkaReadOptions::Selection::kAssign) return Status::OK();
  const int64_t now_us = env_->clock().MonotonicNs() / 1000;
  if (now_us - discovered_us_ < kDiscoverUs) return Status::OK();
  KafkaOffsets found;
  const KafkaOutcome outcome = questions_->PartitionsNow(kDiscoverTimeoutMs, &found);
  discovered_us_ = env_->clock().MonotonicNs() / 1000;
  if (!outcome.ok()) return NoteSilence(outcome, now_us);
  silent_since_us_ = 0;
  const bool missing = std::any_of(partitions_.begin(), partitions_.end(), [&](const auto& known) {
    return found.find(known.first) == found.end();
  });
  missing_in_a_row_ = missing ? missing_in_a_row_ + 1 : 0;
  if (missing && missing_in_a_row_ < kMissingMax) return Status::OK();
  return TakeChanges(found, positions);
}

Status KafkaSource::NoteSilence(const KafkaOutcome& outcome, int64_t now_us) {
  if (silent_since_us_ == 0) silent_since_us_ = now_us;
  const int64_t silent_us = discovered_us_ - silent_since_us_;
  if (outcome.kind == KafkaErrorKind::kRefused || silent_us >= options_.api_timeout_ms * 1000) {
    return questions_->GiveUp(outcome, "asking for partitions", silent_us);
  }
  if (silent_since_us_ == now_us || now_us - warned_us_ >= kWarnEveryUs) {
    warned_us_ = now_us;
    Log(LogLevel::kWarning,
        "Kafka at " + options_.servers + " is silent: " + outcome.text + ". The query waits.");
  }
  return Status::OK();
}

/// New partitions begin at their first record, which must be their very first; vanished ones are a
/// loss.
Status KafkaSource::TakeChanges(const KafkaOffsets& found, const KafkaOffsets& positions) {
  KafkaOffsets added, gone;
  for (const auto& [partition, offset] : found) {
    if (positions.find(partition) != positions.end()) continue;
    if (partitions_.find(partition) == partitions_.end()) added[partition] = kKafkaEarliest;
  }
  for (const auto& [partition, offset] : positions) {
    if (found.find(partition) == found.end()) gone[partition] = offset;
  }
  if (!gone.empty() && options_.fail_on_data_loss) {
    return Status::World("KAFKA_DATA_LOSS.PARTITIONS_DELETED", {{"partitions", NamesOf(gone)}});
  }
  if (!gone.empty()) {
    Log(LogLevel::kWarning, "The Kafka partitions " + NamesOf(gone) +
                                " are gone: going on without them, as failOnDataLoss is false.");
  }
  THALWEG_RETURN_NOT_OK(questions_->Resolve(&added));
  for (const auto& [partition, first] : added) {
    if (first == 0 || !options_.fail_on_data_loss) continue;
    return Status::World(
        "KAFKA_DATA_LOSS.ADDED_PARTITION_DOES_NOT_START_FROM_OFFSET_ZERO",
        {{"topicPartition", partition.Name()}, {"startOffset", std::to_string(first)}});
  }
  KafkaOffsets now;
  for (const auto& [partition, offset] : found) {
    now[partition] = At(added, partition, At(partitions_, partition, 0));
  }
  for (const auto& [partition, offset] : gone) buffers_.erase(partition);
  partitions_ = std::move(now);
  return Status::OK();
}

KafkaPartitionBuffer& KafkaSource::BufferOf(const KafkaPartition& partition) {
  std::unique_ptr<KafkaPartitionBuffer>& buffer = buffers_[partition];
  if (buffer == nullptr) buffer = std::make_unique<KafkaPartitionBuffer>(*consumer_, partition);
  return *buffer;
}

/// Takes what the brokers have sent; the streams stand at the positions or behind them.
Status KafkaSource::FetchAhead(const KafkaOffsets& positions) {
  arrived_ = false;
  for (const auto& [partition, first] : partitions_) {
    KafkaPartitionBuffer& buffer = BufferOf(partition);
    THALWEG_RETURN_NOT_OK(buffer.SeekTo(At(positions, partition, first)));
    const KafkaOutcome outcome = buffer.Fill(kAheadRows, 0);
    arrived_ |= buffer.count() > 0;
    ask_for_ends_ |= buffer.count() >= kAheadRows || outcome.kind == KafkaErrorKind::kOutOfRange;
    if (outcome.kind == KafkaErrorKind::kRefused) {
      return questions_->GiveUp(outcome, ("reading " + partition.Name()).c_str(), 0);
    }
  }
  return Status::OK();
}

Status KafkaSource::ChooseEnds(const KafkaOffsets& positions, const ReadLimits& limits,
                               KafkaOffsets* ends) {
  const bool limited = limits.rows >= 0 || options_.min_offsets >= 0 || options_.read_committed;
  if (available_now_) {
    *ends = ends_at_open_;
    THALWEG_RETURN_NOT_OK(CheckEnds(positions, *ends));
  } else if (ask_for_ends_ || (limited && arrived_)) {
    THALWEG_ASSIGN_OR_RETURN(*ends, questions_->All(partitions_, kKafkaLatest));
    THALWEG_RETURN_NOT_OK(CheckEnds(positions, *ends));
  } else {
    for (const auto& [partition, first] : partitions_) {
      const KafkaPartitionBuffer& buffer = BufferOf(partition);
      const int64_t position = At(positions, partition, first);
      // Behind the last record may come markers of transactions: they are no news.
      (*ends)[partition] = buffer.count() > 0 ? std::max(position, buffer.position()) : position;
    }
  }
  if (MustWait(positions, *ends)) {
    *ends = positions;
    ask_for_ends_ = false;
    return Status::OK();
  }
  if (limits.rows >= 0) {
    const KafkaOffsets all = *ends;
    KafkaOffsets begins = positions;
    for (const auto& [partition, first] : partitions_) begins.try_emplace(partition, first);
    LimitKafkaEnds(begins, limits.rows, ends);
    ask_for_ends_ = *ends != all;  // the rest is news as well
    return Status::OK();
  }
  ask_for_ends_ = false;
  return Status::OK();
}

/// A partition that ends before what was read of it is another one.
Status KafkaSource::CheckEnds(const KafkaOffsets& positions, const KafkaOffsets& ends) const {
  for (const auto& [partition, end] : ends) {
    const int64_t position = At(positions, partition, 0);
    if (end >= position) continue;
    if (options_.fail_on_data_loss) {
      return Status::World("KAFKA_DATA_LOSS.PARTITION_OFFSET_CHANGED",
                           {{"topicPartition", partition.Name()},
                            {"prevOffset", std::to_string(position)},
                            {"newOffset", std::to_string(end)}});
    }
    Log(LogLevel::kWarning, "Kafka partition " + partition.Name() + " ends at offset " +
                                std::to_string(end) + " but was read up to " +
                                std::to_string(position) +
                                ": going on from its end, as failOnDataLoss is false.");
  }
  return Status::OK();
}

/// minOffsetsPerTrigger: too little has come, and maxTriggerDelay has not passed.
bool KafkaSource::MustWait(const KafkaOffsets& positions, const KafkaOffsets& ends) const {
  if (options_.min_offsets < 0 || available_now_ || last_epoch_us_ < 0) return false;
  int64_t waiting = 0;
  for (const auto& [partition, end] : ends) {
    waiting += std::max<int64_t>(0, end - At(positions, partition, 0));
  }
  const int64_t now_us = env_->clock().MonotonicNs() / 1000;
  return waiting < options_.min_offsets && now_us - last_epoch_us_ < options_.max_delay_us;
}

void LimitKafkaEnds(const KafkaOffsets& positions, int64_t rows_max, KafkaOffsets* ends) {
  int64_t total = 0;
  for (const auto& [partition, end] : *ends) {
    total += std::max<int64_t>(0, end - At(positions, partition, 0));
  }
  if (total <= rows_max) return;
  for (auto& [partition, end] : *ends) {
    const int64_t begin = At(positions, partition, 0);
    const int64_t waiting = end - begin;
    if (waiting <= 0) continue;
    const double share =
        static_cast<double>(rows_max) * (static_cast<double>(waiting) / static_cast<double>(total));
    // Everybody gets something: less than one record is one.
    end = std::min(end,
                   begin + static_cast<int64_t>(share < 1 ? std::ceil(share) : std::floor(share)));
  }
}

}  // namespace thalweg
