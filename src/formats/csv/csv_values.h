// CsvValues: texts of CSV → values of a column, as Spark's UnivocityParser
// reads them: strictly where Java does (no blanks around integers), loosely
// where it does (1d is a DOUBLE, 1,2 the DECIMAL 12). Holds a time zone's
// cursor: one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "data/time_pattern.h"
#include "data/time_zone.h"
#include "data/vector.h"
#include "formats/csv/csv_options.h"

namespace thalweg {

class CsvValues {
 public:
  enum class Outcome : uint8_t { kOk, kMalformed, kNotBuilt };

  /// `options` outlives this. Errors: INVALID_TIMEZONE; patterns that there are
  /// not.
  static Result<std::unique_ptr<CsvValues>> Make(const CsvOptions& options,
                                                 const std::string& session_zone);

  /// Stores the value of `text` in `row` of a flat vector of a type that CSV
  /// holds. kNotBuilt: a time of the current day, which no replay would read
  /// again.
  Outcome Store(std::string_view text, Vector* vector, int row);

  /// Does Spark see a DATE, a TIMESTAMP or a DOUBLE in the text? For inference.
  bool IsDate(std::string_view text) const;
  Outcome IsTimestamp(std::string_view text);
  bool IsDouble(std::string_view text) const;

 private:
  CsvValues(const CsvOptions& options, const TimeZone& zone) : options_(options), zone_(zone) {}
  bool ReadDouble(std::string_view text, double* out) const;
  bool ReadFloat(std::string_view text, float* out) const;
  Outcome ReadDate(std::string_view text, int32_t* days) const;
  Outcome ReadTimestamp(std::string_view text, int64_t* us);
  Outcome ReadTimestampNtz(std::string_view text, int64_t* us) const;

  const CsvOptions& options_;
  ZoneCursor zone_;
  std::optional<TimePattern> date_;
  std::optional<TimePattern> timestamp_;
  std::optional<TimePattern> timestamp_ntz_;
};

}  // namespace thalweg
