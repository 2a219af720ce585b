#include "connectors/kafka/options.h"

#include <algorithm>
#include <charconv>

#include "base/conf.h"
#include "connectors/kafka/offsets.h"

namespace thalweg {
namespace {

constexpr std::string_view kPrefix = "kafka.";
constexpr std::string_view kReadNames[] = {"assign",
                                           "subscribe",
                                           "subscribepattern",
                                           "startingtimestamp",
                                           "startingoffsetsbytimestamp",
                                           "startingoffsets",
                                           "startingoffsetsbytimestampstrategy",
                                           "endingtimestamp",
                                           "endingoffsetsbytimestamp",
                                           "endingoffsets",
                                           "failondataloss",
                                           "maxoffsetspertrigger",
                                           "minoffsetspertrigger",
                                           "maxtriggerdelay",
                                           "minpartitions",
                                           "maxrecordsperpartition",
                                           "kafkaconsumer.polltimeoutms",
                                           "fetchoffset.numretries",
                                           "fetchoffset.retryintervalms",
                                           "groupidprefix",
                                           "includeheaders"};
constexpr std::string_view kWriteNames[] = {"topic", "includeheaders"};
constexpr char kOffsetsForm[] = R"(of the form {"topicA":{"0":23,"1":-1},"topicB":{"0":-2}})";
constexpr char kTimesForm[] = R"(of the form {"topicA":{"0":1700000000000}}, in milliseconds)";

Status BadOption(std::string_view key, std::string_view value, std::string wanted) {
  return Status::User(
      "THALWEG_INVALID_OPTION",
      {{"option", std::string(key)}, {"value", std::string(value)}, {"wanted", std::move(wanted)}});
}

const std::string* Find(const Options& options, std::string_view key) {
  const auto found = options.find(std::string(key));
  return found == options.end() ? nullptr : &found->second;
}

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

std::string Trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return std::string(text);
}

Status ReadInt(const Options& options, std::string_view key, int64_t least, int64_t* out) {
  const std::string* text = Find(options, key);
  if (text == nullptr) return Status::OK();
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), *out);
  const bool whole = error == std::errc() && end == text->data() + text->size();
  if (whole && *out >= least) return Status::OK();
  return BadOption(key, *text, "a whole number of at least " + std::to_string(least));
}

Status ReadBool(const Options& options, std::string_view key, bool* out) {
  const std::string* text = Find(options, key);
  if (text == nullptr) return Status::OK();
  const std::string lower = Lower(*text);
  if (lower != "true" && lower != "false") return BadOption(key, *text, "true or false");
  *out = lower == "true";
  return Status::OK();
}

template <size_t n>
Status CheckNames(const Options& options, const std::string_view (&known)[n]) {
  for (const auto& [key, value] : options) {
    if (key.starts_with(kPrefix)) continue;
    if (std::find(std::begin(known), std::end(known), key) != std::end(known)) continue;
    const std::string near = NearestName(key, {std::begin(known), std::end(known)});
    return Status::User("THALWEG_UNKNOWN_OPTION",
                        {{"provider", "kafka"},
                         {"option", key},
                         {"hint", near.empty() ? "" : " Did you mean " + near + "?"}});
  }
  return Status::OK();
}

Status ReadSelection(const Options& options, KafkaReadOptions* out) {
  constexpr std::string_view kWays[] = {"assign", "subscribe", "subscribepattern"};
  std::string_view way;
  for (const std::string_view name : kWays) {
    if (Find(options, name) == nullptr) continue;
    if (!way.empty()) {
      return BadOption(way, *Find(options, way),
                       "the only one of assign, subscribe and subscribePattern");
    }
    way = name;
  }
  if (way.empty()) {
    return BadOption("subscribe", "", "given, or one of assign and subscribePattern");
  }
  const std::string& text = *Find(options, way);
  if (way == "assign") {
    out->selection = KafkaReadOptions::Selection::kAssign;
    const auto assigned = ParseKafkaPartitions(text);
    if (!assigned || assigned->empty()) {
      return BadOption("assign", text, R"(of the form {"topicA":[0,1],"topicB":[2]})");
    }
    out->assigned = *assigned;
    for (const KafkaPartition& partition : *assigned) out->topics.push_back(partition.topic);
  } else if (way == "subscribe") {
    for (size_t begin = 0; begin <= text.size();) {
      const size_t end = std::min(text.find(',', begin), text.size());
      const std::string topic = Trim(std::string_view(text).substr(begin, end - begin));
      if (!topic.empty()) out->topics.push_back(topic);
      begin = end + 1;
    }
    if (out->topics.empty()) return BadOption("subscribe", text, "topics with commas between them");
  } else {
    out->selection = KafkaReadOptions::Selection::kPattern;
    out->pattern = Trim(text);
    if (out->pattern.empty()) return BadOption("subscribePattern", text, "a regular expression");
  }
  std::sort(out->topics.begin(), out->topics.end());
  out->topics.erase(std::unique(out->topics.begin(), out->topics.end()), out->topics.end());
  return Status::OK();
}

/// By startingTimestamp, startingOffsetsByTimestamp or startingOffsets, in this order; `word` is
/// "starting" or "ending".
Status ReadBound(const Options& options, const std::string& word, KafkaBound* out) {
  if (Find(options, word + "timestamp") != nullptr) {
    out->kind = KafkaBound::Kind::kTime;
    return ReadInt(options, word + "timestamp", 0, &out->time_ms);
  }
  if (const std::string* text = Find(options, word + "offsetsbytimestamp")) {
    out->kind = KafkaBound::Kind::kTimes;
    const auto times = ParseKafkaOffsets(*text);
    if (!times) return BadOption(word + "OffsetsByTimestamp", *text, kTimesForm);
    out->by_partition = *times;
    return Status::OK();
  }
  const std::string* text = Find(options, word + "offsets");
  if (text == nullptr) return Status::OK();
  const std::string lower = Lower(Trim(*text));
  if (lower == "latest" || lower == "earliest") {
    out->kind = lower == "latest" ? KafkaBound::Kind::kLatest : KafkaBound::Kind::kEarliest;
    return Status::OK();
  }
  const auto offsets = ParseKafkaOffsets(*text);
  if (!offsets) {
    return BadOption(word + "Offsets", *text, std::string("earliest, latest, or ") + kOffsetsForm);
  }
  out->kind = KafkaBound::Kind::kOffsets;
  out->by_partition = *offsets;
  return Status::OK();
}

/// True if the bound names `offset` for some partition or for all of them.
bool Names(const KafkaBound& bound, KafkaBound::Kind kind, int64_t offset) {
  if (bound.kind == kind) return true;
  if (bound.kind != KafkaBound::Kind::kOffsets) return false;
  return std::any_of(bound.by_partition.begin(), bound.by_partition.end(),
                     [&](const auto& entry) { return entry.second == offset; });
}

Status CheckBatchBounds(const KafkaReadOptions& read) {
  if (Names(read.start, KafkaBound::Kind::kLatest, kKafkaLatest)) {
    return BadOption("startingOffsets", "latest", "earlier than the end in a batch query");
  }
  if (Names(read.end, KafkaBound::Kind::kEarliest, kKafkaEarliest)) {
    return BadOption("endingOffsets", "earliest", "later than the beginning in a batch query");
  }
  if (read.start.kind != read.end.kind) return Status::OK();
  const bool times = read.start.by_time();
  const auto check = [&](const KafkaPartition& partition, int64_t from, int64_t to) {
    if (from < 0 || to < 0 || from <= to) return Status::OK();
    return Status::User("UNRESOLVED_START_OFFSET_GREATER_THAN_END_OFFSET",
                        {{"offsetType", times ? "timestamp" : "offset"},
                         {"startOffset", std::to_string(from)},
                         {"endOffset", std::to_string(to)},
                         {"topic", partition.topic},
                         {"partition", std::to_string(partition.number)}});
  };
  if (read.start.kind == KafkaBound::Kind::kTime) {
    return check({"all", 0}, read.start.time_ms, read.end.time_ms);
  }
  for (const auto& [partition, from] : read.start.by_partition) {
    const auto to = read.end.by_partition.find(partition);
    if (to == read.end.by_partition.end()) continue;
    THALWEG_RETURN_NOT_OK(check(partition, from, to->second));
  }
  return Status::OK();
}

Status ReadBounds(const Options& options, bool streaming, KafkaReadOptions* out) {
  out->start.kind = streaming ? KafkaBound::Kind::kLatest : KafkaBound::Kind::kEarliest;
  THALWEG_RETURN_NOT_OK(ReadBound(options, "starting", &out->start));
  for (const char* key : {"endingtimestamp", "endingoffsetsbytimestamp", "endingoffsets"}) {
    const std::string* text = Find(options, key);
    if (streaming && text != nullptr) {
      return BadOption(key, *text, "left out of a streaming query, which has no end");
    }
  }
  if (const std::string* text = Find(options, "startingoffsetsbytimestampstrategy")) {
    const std::string lower = Lower(*text);
    if (lower != "error" && lower != "latest") {
      return BadOption("startingOffsetsByTimestampStrategy", *text, "error or latest");
    }
    out->latest_without_match = lower == "latest";
  }
  if (streaming) return Status::OK();
  THALWEG_RETURN_NOT_OK(ReadBound(options, "ending", &out->end));
  return CheckBatchBounds(*out);
}

Status ReadLimitOptions(const Options& options, KafkaReadOptions* out) {
  int64_t max_offsets = -1, hint = 0, retries = out->retries;
  THALWEG_RETURN_NOT_OK(ReadInt(options, "maxoffsetspertrigger", 1, &max_offsets));
  THALWEG_RETURN_NOT_OK(ReadInt(options, "minoffsetspertrigger", 1, &out->min_offsets));
  if (max_offsets > 0 && out->min_offsets > max_offsets) {
    return BadOption("minOffsetsPerTrigger", std::to_string(out->min_offsets),
                     "at most maxOffsetsPerTrigger, " + std::to_string(max_offsets));
  }
  if (const std::string* text = Find(options, "maxtriggerdelay")) {
    const std::optional<int64_t> delay_us = ParseDurationUs(*text);
    if (!delay_us || *delay_us < 0) return BadOption("maxTriggerDelay", *text, "such as '15m'");
    out->max_delay_us = *delay_us;
  }
  // How a read is cut among workers is the engine's business; Spark's hints are checked alone.
  THALWEG_RETURN_NOT_OK(ReadInt(options, "minpartitions", 1, &hint));
  THALWEG_RETURN_NOT_OK(ReadInt(options, "maxrecordsperpartition", 1, &hint));
  THALWEG_RETURN_NOT_OK(ReadInt(options, "kafkaconsumer.polltimeoutms", 1, &out->poll_timeout_ms));
  THALWEG_RETURN_NOT_OK(ReadInt(options, "fetchoffset.numretries", 0, &retries));
  THALWEG_RETURN_NOT_OK(
      ReadInt(options, "fetchoffset.retryintervalms", 0, &out->retry_interval_ms));
  out->retries = static_cast<int>(std::min<int64_t>(retries, 1000));
  return Status::OK();
}

/// Kafka's own clients try a lost broker once a second; librdkafka would wait ten.
constexpr std::pair<const char*, const char*> kReconnect[] = {{"reconnect.backoff.ms", "50"},
                                                              {"reconnect.backoff.max.ms", "1000"}};

/// The kafka.* options into settings; `kafka.bootstrap.servers` must be there.
Status ReadSettings(const Options& options, bool reading, std::string* servers,
                    KafkaSettings* settings) {
  settings->insert(std::begin(kReconnect), std::end(kReconnect));
  for (const auto& [key, value] : options) {
    if (!key.starts_with(kPrefix)) continue;
    THALWEG_RETURN_NOT_OK(AddKafkaSetting(key.substr(kPrefix.size()), value, reading, settings));
  }
  const std::string* given = Find(options, "kafka.bootstrap.servers");
  if (given == nullptr) return BadOption("kafka.bootstrap.servers", "", "given: host:port, …");
  *servers = *given;
  return Status::OK();
}

}  // namespace

std::string KafkaReadOptions::Description() const {
  std::string names = pattern;
  for (const std::string& topic : topics) names += (names.empty() ? "" : ", ") + topic;
  const char* way = selection == Selection::kAssign      ? "Assign"
                    : selection == Selection::kSubscribe ? "Subscribe"
                                                         : "SubscribePattern";
  return std::string(way) + "[" + names + "]";
}

Status ReadKafkaReadOptions(const Options& options, bool streaming, KafkaReadOptions* out) {
  THALWEG_RETURN_NOT_OK(CheckNames(options, kReadNames));
  THALWEG_RETURN_NOT_OK(ReadSelection(options, out));
  // What a user sets replaces these.
  out->settings = {
      {"isolation.level", "read_uncommitted"},  // the default of Kafka's own consumer
      {"fetch.wait.max.ms", "20"},              // a longer one delays what has just been asked for
      {"allow.auto.create.topics", "false"},
  };
  THALWEG_RETURN_NOT_OK(ReadSettings(options, true, &out->servers, &out->settings));
  // What must be so for this way of reading.
  for (const auto& [key, value] : KafkaSettings{{"enable.auto.commit", "false"},
                                                {"enable.auto.offset.store", "false"},
                                                {"auto.offset.reset", "error"},
                                                {"enable.partition.eof", "true"}}) {
    out->settings[key] = value;
  }
  out->read_committed = out->settings["isolation.level"] == "read_committed";
  THALWEG_RETURN_NOT_OK(ReadBounds(options, streaming, out));
  THALWEG_RETURN_NOT_OK(ReadBool(options, "failondataloss", &out->fail_on_data_loss));
  THALWEG_RETURN_NOT_OK(ReadBool(options, "includeheaders", &out->include_headers));
  THALWEG_RETURN_NOT_OK(ReadLimitOptions(options, out));
  THALWEG_RETURN_NOT_OK(ReadInt(options, "kafka.default.api.timeout.ms", 1, &out->api_timeout_ms));
  const std::string* group = Find(options, "kafka.group.id");
  const std::string* prefix = Find(options, "groupidprefix");
  out->group = group != nullptr ? *group : prefix != nullptr ? *prefix : "none";
  return Status::OK();
}

Status ReadKafkaWriteOptions(const Options& options, KafkaWriteOptions* out) {
  THALWEG_RETURN_NOT_OK(CheckNames(options, kWriteNames));
  bool headers = false;
  THALWEG_RETURN_NOT_OK(ReadBool(options, "includeheaders", &headers));
  if (const std::string* topic = Find(options, "topic")) {
    out->topic = Trim(*topic);
    out->has_topic = true;
  }
  // Idempotence: what the client sends again is written once. The partition of a key is that of
  // Kafka's own producers.
  out->settings = {{"enable.idempotence", "true"}, {"partitioner", "murmur2_random"}};
  THALWEG_RETURN_NOT_OK(ReadSettings(options, false, &out->servers, &out->settings));
  const std::string* acks = Find(options, "kafka.acks");
  const bool fewer = acks != nullptr && *acks != "all" && *acks != "-1";
  if (fewer && Find(options, "kafka.enable.idempotence") == nullptr) {
    out->settings["enable.idempotence"] = "false";  // as Kafka's own producer does
  }
  THALWEG_RETURN_NOT_OK(ReadInt(options, "kafka.max.block.ms", 1, &out->max_block_ms));
  THALWEG_RETURN_NOT_OK(
      ReadInt(options, "kafka.delivery.timeout.ms", 1, &out->delivery_timeout_ms));
  out->settings["delivery.timeout.ms"] = std::to_string(out->delivery_timeout_ms);
  return Status::OK();
}

}  // namespace thalweg
