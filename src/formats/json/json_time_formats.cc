#include "formats/json/json_time_formats.h"

#include "data/calendar.h"
#include "formats/json/json_scalars.h"

namespace thalweg {
namespace {

// A DATE has no time of day and a TIMESTAMP_NTZ no zone that could be printed.
bool CanPrint(const TimePattern& pattern, TypeKind kind) {
  if (kind == TypeKind::kDate) return !pattern.NamesTimeOfDay() && !pattern.NamesZoneOrOffset();
  return kind == TypeKind::kTimestamp || !pattern.NamesZoneOrOffset();
}

Status ReadOne(const Options& options, const char* name, TypeKind kind, bool write,
               std::shared_ptr<const TimePattern>* out) {
  std::string key = name;
  for (char& c : key) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (options.count(key) == 0) return Status::OK();
  const std::string text = TextOption(options, key, "");
  Result<TimePattern> pattern =
      TimePattern::Compile(text, write ? TimePattern::Use::kPrinting : TimePattern::Use::kParsing,
                           kind == TypeKind::kTimestampNtz);
  const std::string option = "the option " + std::string(name) + " = '" + text + "'";
  if (!pattern.ok()) return pattern.status().WithContext(option);
  if (pattern->MayBeBeyondUs() || (write && !CanPrint(*pattern, kind))) {
    return NotSupportedYet(option);
  }
  *out = std::make_shared<const TimePattern>(*std::move(pattern));
  return Status::OK();
}

}  // namespace

const TimePattern* JsonTimeFormats::For(const DataType& type) const {
  switch (type.kind()) {
    case TypeKind::kDate:
      return date.get();
    case TypeKind::kTimestamp:
      return timestamp.get();
    case TypeKind::kTimestampNtz:
      return timestamp_ntz.get();
    default:
      return nullptr;
  }
}

Status JsonTimeFormats::Read(const Options& options, bool write, JsonTimeFormats* out) {
  THALWEG_RETURN_NOT_OK(ReadOne(options, "dateFormat", TypeKind::kDate, write, &out->date));
  THALWEG_RETURN_NOT_OK(
      ReadOne(options, "timestampFormat", TypeKind::kTimestamp, write, &out->timestamp));
  return ReadOne(options, "timestampNTZFormat", TypeKind::kTimestampNtz, write,
                 &out->timestamp_ntz);
}

bool StoreByPattern(const TimePattern& pattern, std::string_view text, ZoneCursor& zone,
                    Vector* vector, int row) {
  ParsedTime parsed;
  if (pattern.Parse(text, &parsed) != TimePattern::Outcome::kOk) return false;
  switch (vector->type()->kind()) {
    case TypeKind::kDate:
      StoreJson(vector, row, static_cast<int32_t>(DayOfMicros(parsed.local_us)));
      return true;
    case TypeKind::kTimestamp:
      StoreJson(vector, row, parsed.Instant(zone));
      return true;
    default:
      if (parsed.zone != nullptr || parsed.has_offset) return false;
      StoreJson(vector, row, parsed.local_us);
      return true;
  }
}

void AppendByPattern(const TimePattern& pattern, const Vector& vector, int row, ZoneCursor& zone,
                     std::string* out) {
  ZoneCursor utc(TimeZone::Utc());
  const bool instant = vector.type()->Is(TypeKind::kTimestamp);
  const int64_t us = vector.type()->Is(TypeKind::kDate)
                         ? vector.values<int32_t>()[row] * kMicrosPerDay
                         : vector.values<int64_t>()[row];
  const Status status = pattern.Print(us, instant ? zone : utc, out);
  THALWEG_CHECK(status.ok(), "a pattern that was accepted cannot be printed");
}

}  // namespace thalweg
