#include "base/conf.h"

#include <algorithm>
#include <charconv>

namespace thalweg {
namespace {

using enum ConfType;
using enum ConfUse;

const ConfEntry kEntries[] = {
#define X(key, type, use, default_value, meaning) {key, type, use, default_value, meaning},
#include "base/conf_entries.inc"
#undef X
};

// Values that a setting may have beyond what its type says.
struct Limits {
  const char* key;
  std::vector<std::string_view> choices;  // empty: any
  int64_t least = INT64_MIN;              // of a number, µs or bytes
  int64_t most = INT64_MAX;
};

Status CheckType(const ConfEntry& entry, std::string_view key, std::string_view value);
Status CheckLimits(const ConfEntry& entry, std::string* value);
std::optional<int64_t> ParseNumber(ConfType type, std::string_view text);
Status UnknownKey(std::string_view key);
std::string_view Trim(std::string_view text);
std::string ToLower(std::string_view text);
std::optional<bool> ParseBool(std::string_view text);
std::optional<int64_t> ParseInt(std::string_view text);

// The text of `key`, whose entry must have `type`.
std::string TypedText(const Conf& conf, std::string_view key, ConfType type) {
  const ConfEntry* entry = FindConfEntry(key);
  THALWEG_CHECK(entry != nullptr && entry->type == type,
                "a setting is read that is not in conf_entries.inc with this type");
  return conf.Get(key);
}

}  // namespace

Status Conf::Set(std::string_view key, std::string_view value) {
  const ConfEntry* entry = FindConfEntry(key);
  if (entry != nullptr) {
    THALWEG_RETURN_NOT_OK(CheckType(*entry, key, value));
    std::string kept(value);
    THALWEG_RETURN_NOT_OK(CheckLimits(*entry, &kept));
    values_.insert_or_assign(std::string(key), std::move(kept));
    return Status::OK();
  }
  if (key.starts_with("spark.sql.") || key.starts_with("thalweg.")) return UnknownKey(key);
  values_.insert_or_assign(std::string(key), std::string(value));
  return Status::OK();
}

void Conf::Unset(std::string_view key) {
  const auto found = values_.find(key);
  if (found != values_.end()) values_.erase(found);
}

std::string Conf::Get(std::string_view key) const {
  const auto found = values_.find(key);
  if (found != values_.end()) return found->second;
  const ConfEntry* entry = FindConfEntry(key);
  return entry != nullptr ? entry->default_value : "";
}

bool Conf::IsSet(std::string_view key) const {
  return values_.find(key) != values_.end();
}

bool Conf::GetBool(std::string_view key) const {
  return ParseBool(TypedText(*this, key, kBool)).value_or(false);
}

int64_t Conf::GetInt(std::string_view key) const {
  return ParseInt(TypedText(*this, key, kInt)).value_or(0);
}

int64_t Conf::GetDurationUs(std::string_view key) const {
  return ParseDurationUs(TypedText(*this, key, kDuration)).value_or(0);
}

int64_t Conf::GetBytes(std::string_view key) const {
  return ParseBytes(TypedText(*this, key, kBytes)).value_or(0);
}

const ConfEntry* FindConfEntry(std::string_view key) {
  const ConfEntry* family = nullptr;
  for (const ConfEntry& entry : kEntries) {
    std::string_view name = entry.key;
    if (name == key) return &entry;
    if (!name.ends_with(".*")) continue;
    name.remove_suffix(1);
    const bool longer = family == nullptr || name.size() > std::string_view(family->key).size() - 1;
    if (longer && key.starts_with(name) && key.size() > name.size()) family = &entry;
  }
  return family;
}

std::vector<std::string_view> KnownConfKeys() {
  std::vector<std::string_view> keys;
  for (const ConfEntry& entry : kEntries) {
    if (!std::string_view(entry.key).ends_with(".*")) keys.push_back(entry.key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

namespace {

struct Unit {
  const char* name;
  int64_t factor;
};

// A whole number, spaces, and the name of a unit; without a unit the number counts `bare_factor`.
template <size_t N>
std::optional<int64_t> ParseWithUnit(std::string_view text, const Unit (&units)[N],
                                     int64_t bare_factor) {
  text = Trim(text);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  std::string name = ToLower(Trim(text.substr(static_cast<size_t>(end - text.data()))));
  if (name.size() > 3 && name.back() == 's') name.pop_back();  // "seconds"
  int64_t factor = name.empty() ? bare_factor : 0;
  for (const Unit& unit : units) {
    if (name == unit.name) factor = unit.factor;
  }
  int64_t product = 0;
  if (factor == 0 || __builtin_mul_overflow(number, factor, &product)) return std::nullopt;
  return product;
}

}  // namespace

std::optional<int64_t> ParseDurationUs(std::string_view text) {
  constexpr int64_t kSecond = 1'000'000, kMinute = 60 * kSecond, kHour = 60 * kMinute;
  constexpr Unit kUnits[] = {
      {"us", 1},         {"microsecond", 1},  {"ms", 1000},         {"millisecond", 1000},
      {"s", kSecond},    {"sec", kSecond},    {"second", kSecond},  {"m", kMinute},
      {"min", kMinute},  {"minute", kMinute}, {"h", kHour},         {"hour", kHour},
      {"d", 24 * kHour}, {"day", 24 * kHour}, {"week", 168 * kHour}};
  return ParseWithUnit(text, kUnits, 1000);
}

std::optional<int64_t> ParseBytes(std::string_view text) {
  constexpr int64_t kKilo = 1 << 10, kMega = 1 << 20, kGiga = 1 << 30;
  constexpr Unit kUnits[] = {{"b", 1},
                             {"byte", 1},
                             {"k", kKilo},
                             {"kb", kKilo},
                             {"m", kMega},
                             {"mb", kMega},
                             {"g", kGiga},
                             {"gb", kGiga},
                             {"t", kGiga * kKilo},
                             {"tb", kGiga * kKilo},
                             {"p", kGiga * kMega},
                             {"pb", kGiga * kMega}};
  return ParseWithUnit(text, kUnits, 1);
}

namespace {

const std::vector<Limits>& AllLimits() {
  static const std::vector<Limits>& limits = *new std::vector<Limits>{
      {"spark.sql.mapKeyDedupPolicy", {"EXCEPTION", "LAST_WIN"}},
      {"spark.sql.shuffle.partitions", {}, 1, INT32_MAX},
      {"spark.sql.streaming.minBatchesToRetain", {}, 1},
      {"spark.sql.streaming.multipleWatermarkPolicy", {"min", "max"}},
      {"spark.sql.streaming.noDataProgressEventInterval", {}, 0},
      {"spark.sql.streaming.numRecentProgressUpdates", {}, 0, INT32_MAX},
      {"spark.sql.streaming.stopTimeout", {}, 0},
      {"spark.sql.timestampType", {"TIMESTAMP_LTZ", "TIMESTAMP_NTZ"}},
      {"thalweg.durability", {"process", "power"}},
      {"thalweg.epoch.minInterval", {}, 0},
      {"thalweg.exec.batchRows", {}, 1, 1024},
      {"thalweg.exec.fanOutRows", {}, 0},
      {"thalweg.exec.roundBytes", {}, 1},
      {"thalweg.state.sealBytes", {}, 1},
      {"thalweg.state.sealInterval", {}, 0},
  };
  return limits;
}

Status Mismatch(std::string_view key, std::string_view value, std::string wanted) {
  return Status::User("INVALID_CONF_VALUE.TYPE_MISMATCH", {{"confValue", std::string(value)},
                                                           {"confName", std::string(key)},
                                                           {"confType", std::move(wanted)}});
}

Status CheckType(const ConfEntry& entry, std::string_view key, std::string_view value) {
  const bool fits =
      entry.type == kText || (entry.type == kBool ? ParseBool(value).has_value()
                                                  : ParseNumber(entry.type, value).has_value());
  if (!fits) {
    constexpr const char* kWanted[] = {
        "a text", "true or false", "a whole number",
        "a duration such as '10 seconds', '5ms' or '2' (milliseconds)",
        "a size such as '64m', '1g' or '1024' (bytes)"};
    return Mismatch(key, value, kWanted[static_cast<int>(entry.type)]);
  }
  if (entry.use == kFixed && ToLower(Trim(value)) != ToLower(entry.default_value)) {
    return NotSupportedYet("the setting " + std::string(key) + " = " + std::string(value) +
                           " (only '" + entry.default_value + "')");
  }
  return Status::OK();
}

// A choice is kept in the table's spelling, so that who reads it compares texts.
Status CheckLimits(const ConfEntry& entry, std::string* value) {
  const auto& all = AllLimits();
  const auto limits = std::find_if(all.begin(), all.end(), [&](const Limits& each) {
    return std::string_view(each.key) == entry.key;
  });
  if (limits == all.end()) return Status::OK();
  if (limits->choices.empty()) {
    const int64_t number = ParseNumber(entry.type, *value).value_or(0);
    if (number >= limits->least && number <= limits->most) return Status::OK();
    return Mismatch(entry.key, *value,
                    limits->most == INT64_MAX ? "at least " + std::to_string(limits->least)
                                              : "from " + std::to_string(limits->least) + " to " +
                                                    std::to_string(limits->most));
  }
  std::string options;
  for (const std::string_view choice : limits->choices) {
    if (ToLower(choice) == ToLower(Trim(*value))) {
      *value = choice;
      return Status::OK();
    }
    options += (options.empty() ? "" : ", ") + std::string(choice);
  }
  return Status::User("INVALID_CONF_VALUE.OUT_OF_RANGE_OF_OPTIONS",
                      {{"confValue", *value}, {"confName", entry.key}, {"confOptions", options}});
}

std::optional<int64_t> ParseNumber(ConfType type, std::string_view text) {
  if (type == kDuration) return ParseDurationUs(text);
  return type == kBytes ? ParseBytes(text) : ParseInt(text);
}

Status UnknownKey(std::string_view key) {
  const std::string nearest = NearestName(key, KnownConfKeys());
  std::string hint;
  if (!nearest.empty()) hint = " Did you mean \"" + nearest + "\"?";
  return Status::User("SQL_CONF_NOT_FOUND",
                      {{"sqlConf", "\"" + std::string(key) + "\""}, {"hint", hint}});
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpaces) - begin + 1);
}

std::string ToLower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<bool> ParseBool(std::string_view text) {
  const std::string lower = ToLower(Trim(text));
  if (lower == "true") return true;
  if (lower == "false") return false;
  return std::nullopt;
}

std::optional<int64_t> ParseInt(std::string_view text) {
  text = Trim(text);
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace
}  // namespace thalweg
