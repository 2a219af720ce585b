#include "data/time_zone.h"

#include <map>
#include <memory>
#include <mutex>

#include "data/zone_file.h"

namespace thalweg {

/// All zones that were asked for, by the name they were asked by. Entries are never removed.
class ZoneTable {
 public:
  const TimeZone* Find(std::string_view name);

 private:
  static std::unique_ptr<TimeZone> Load(std::string_view name);
  static std::unique_ptr<TimeZone> LoadRegion(std::string_view id);
  static std::unique_ptr<TimeZone> MakeFixed(std::string_view prefix, std::string_view offset);

  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<TimeZone>, std::less<>> zones_;
};

namespace {

constexpr int kOffsetSecondsMax = 18 * 3600;

struct ShortId {
  std::string_view id;
  std::string_view meaning;
};

// java.time.ZoneId.SHORT_IDS, which Spark passes on.
constexpr ShortId kShortIds[] = {
    {"ACT", "Australia/Darwin"},
    {"AET", "Australia/Sydney"},
    {"AGT", "America/Argentina/Buenos_Aires"},
    {"ART", "Africa/Cairo"},
    {"AST", "America/Anchorage"},
    {"BET", "America/Sao_Paulo"},
    {"BST", "Asia/Dhaka"},
    {"CAT", "Africa/Harare"},
    {"CNT", "America/St_Johns"},
    {"CST", "America/Chicago"},
    {"CTT", "Asia/Shanghai"},
    {"EAT", "Africa/Addis_Ababa"},
    {"ECT", "Europe/Paris"},
    {"EST", "-05:00"},
    {"HST", "-10:00"},
    {"IET", "America/Indiana/Indianapolis"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
    {"MIT", "Pacific/Apia"},
    {"MST", "-07:00"},
    {"NET", "Asia/Yerevan"},
    {"NST", "Pacific/Auckland"},
    {"PLT", "Asia/Karachi"},
    {"PNT", "America/Phoenix"},
    {"PRT", "America/Puerto_Rico"},
    {"PST", "America/Los_Angeles"},
    {"SST", "Pacific/Guadalcanal"},
    {"VST", "Asia/Ho_Chi_Minh"},
};

ZoneTable& Zones();
std::string_view WithoutShortId(std::string_view name);
std::string WithFullDigits(std::string_view name);
bool ParseOffset(std::string_view text, int32_t* seconds);
std::string OffsetId(int32_t seconds);
bool IsRegionId(std::string_view id);

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsSign(char c) {
  return c == '+' || c == '-';
}

}  // namespace

const TimeZone& TimeZone::Utc() {
  static const TimeZone& utc = *Zones().Find("UTC");
  return utc;
}

Result<const TimeZone*> TimeZone::Find(std::string_view name) {
  const TimeZone* zone = Zones().Find(name);
  if (zone != nullptr) return zone;
  return Status::User("INVALID_TIMEZONE", {{"timeZone", std::string(name)}});
}

int64_t TimeZone::ToInstant(int64_t local_us) const {
  const OffsetRange range = rules_.AtLocal(FloorDiv(local_us, kMicrosPerSecond));
  return AddMicros(local_us, -range.offset_s * kMicrosPerSecond);
}

ZoneCursor::Range ZoneCursor::InMicros(const OffsetRange& range) {
  constexpr int64_t kSecondsMax = INT64_MAX / kMicrosPerSecond;
  return {range.from_s < -kSecondsMax ? INT64_MIN : range.from_s * kMicrosPerSecond,
          range.until_s > kSecondsMax ? INT64_MAX : range.until_s * kMicrosPerSecond,
          range.offset_s * kMicrosPerSecond};
}

void ZoneCursor::SeekInstant(int64_t instant_us) {
  instants_ = InMicros(zone_->rules().AtInstant(FloorDiv(instant_us, kMicrosPerSecond)));
}

void ZoneCursor::SeekLocal(int64_t local_us) {
  locals_ = InMicros(zone_->rules().AtLocal(FloorDiv(local_us, kMicrosPerSecond)));
}

const TimeZone* ZoneTable::Find(std::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto known = zones_.find(name);
  if (known != zones_.end()) return known->second.get();
  std::unique_ptr<TimeZone> zone = Load(WithFullDigits(WithoutShortId(name)));
  if (zone == nullptr) return nullptr;
  return zones_.emplace(name, std::move(zone)).first->second.get();
}

// java.time.ZoneId.of.
std::unique_ptr<TimeZone> ZoneTable::Load(std::string_view name) {
  if (name.size() <= 1 || IsSign(name[0])) return MakeFixed("", name);
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (name.substr(0, prefix.size()) != prefix) continue;
    const std::string_view rest = name.substr(prefix.size());
    if (rest.empty() || IsSign(rest[0])) return MakeFixed(prefix, rest.empty() ? "Z" : rest);
    break;
  }
  return LoadRegion(name);
}

std::unique_ptr<TimeZone> ZoneTable::LoadRegion(std::string_view id) {
  std::string bytes;
  ZoneRules rules;
  const std::string region(id);
  if (!IsRegionId(id) || !ReadZoneFile(region, &bytes) || !ZoneRules::Parse(bytes, &rules)) {
    return nullptr;
  }
  return std::unique_ptr<TimeZone>(new TimeZone(region, std::move(rules), false));
}

std::unique_ptr<TimeZone> ZoneTable::MakeFixed(std::string_view prefix, std::string_view offset) {
  int32_t seconds = 0;
  if (!ParseOffset(offset, &seconds)) return nullptr;
  std::string id(prefix);
  if (prefix.empty() || seconds != 0) id += OffsetId(seconds);
  return std::unique_ptr<TimeZone>(new TimeZone(std::move(id), ZoneRules::Fixed(seconds), true));
}

namespace {

ZoneTable& Zones() {
  static ZoneTable& zones = *new ZoneTable();
  return zones;
}

std::string_view WithoutShortId(std::string_view name) {
  for (const ShortId& short_id : kShortIds) {
    if (short_id.id == name) return short_id.meaning;
  }
  return name;
}

// Spark accepts "+h:mm" and "+hh:m" besides Java's forms (DateTimeUtils.getZoneId).
std::string WithFullDigits(std::string_view name) {
  std::string full(name);
  for (size_t i = 0; i + 2 < full.size(); ++i) {
    if (IsSign(full[i]) && IsDigit(full[i + 1]) && full[i + 2] == ':') {
      full.insert(i + 1, 1, '0');
      break;
    }
  }
  const size_t n = full.size();
  if (n >= 5 && IsSign(full[n - 5]) && IsDigit(full[n - 4]) && IsDigit(full[n - 3]) &&
      full[n - 2] == ':' && IsDigit(full[n - 1])) {
    full.insert(n - 1, 1, '0');
  }
  return full;
}

bool TwoDigits(std::string_view text, size_t at, int* out) {
  if (!IsDigit(text[at]) || !IsDigit(text[at + 1])) return false;
  *out = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return true;
}

// java.time.ZoneOffset.of: Z, +h, +hh, +hh:mm, +hhmm, +hh:mm:ss, +hhmmss.
bool ParseOffset(std::string_view text, int32_t* seconds) {
  *seconds = 0;
  if (text == "Z") return true;
  if (text.size() < 2 || !IsSign(text[0])) return false;
  std::string padded(text);
  if (text.size() == 2) padded.insert(1, 1, '0');
  const bool colons = padded.size() == 6 || padded.size() == 9;
  const size_t step = colons ? 3 : 2;
  if (padded.size() != 3 && padded.size() != 5 && padded.size() != 7 && !colons) return false;
  int parts[3] = {0, 0, 0};
  for (size_t i = 0, at = 1; at < padded.size(); ++i, at += step) {
    if (i > 0 && colons && padded[at - 1] != ':') return false;
    if (!TwoDigits(padded, at, &parts[i])) return false;
  }
  *seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (parts[1] > 59 || parts[2] > 59 || *seconds > kOffsetSecondsMax) return false;
  if (text[0] == '-') *seconds = -*seconds;
  return true;
}

// "Z", "+01:00", "-13:33:33".
std::string OffsetId(int32_t seconds) {
  if (seconds == 0) return "Z";
  const int32_t absolute = seconds < 0 ? -seconds : seconds;
  std::string id(1, seconds < 0 ? '-' : '+');
  const auto append = [&](int32_t part) {
    id += static_cast<char>('0' + part / 10);
    id += static_cast<char>('0' + part % 10);
  };
  append(absolute / 3600);
  id += ':';
  append(absolute / 60 % 60);
  if (absolute % 60 != 0) {
    id += ':';
    append(absolute % 60);
  }
  return id;
}

// [A-Za-z][A-Za-z0-9~/._+-]+, and nothing that leaves the database's directory.
bool IsRegionId(std::string_view id) {
  if (id.size() < 2) return false;
  for (const char c : id) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !IsDigit(c) && c != '/' && c != '_' && c != '+' && c != '-') return false;
  }
  for (const std::string_view foreign :
       {"posix/", "right/", "posixrules", "localtime", "Factory"}) {
    if (id.substr(0, foreign.size()) == foreign) return false;  // files that are no zones of Java's
  }
  return !IsDigit(id[0]) && id[0] != '/' && id[0] != '_' && !IsSign(id[0]);
}

}  // namespace
}  // namespace thalweg
