// The patterns that options give JSON for dates and times (dateFormat, timestampFormat,
// timestampNTZFormat). Without one a value is read and printed as JSON does by default.
#pragma once

#include <memory>
#include <string>

#include "data/time_pattern.h"
#include "data/vector.h"
#include "formats/format_options.h"

namespace thalweg {

struct JsonTimeFormats {
  std::shared_ptr<const TimePattern> date;
  std::shared_ptr<const TimePattern> timestamp;
  std::shared_ptr<const TimePattern> timestamp_ntz;

  bool any() const { return date != nullptr || timestamp != nullptr || timestamp_ntz != nullptr; }
  /// The pattern for values of `type`; null: none.
  const TimePattern* For(const DataType& type) const;
  /// Compiles the options that are there. Errors: those of TimePattern::Compile, and not supported
  /// yet: names of zones; printing fields that the type has not.
  static Status Read(const Options& options, bool write, JsonTimeFormats* out);
};

/// `text` by the pattern into a row of a DATE, TIMESTAMP or TIMESTAMP_NTZ vector; false: it does
/// not follow it.
bool StoreByPattern(const TimePattern& pattern, std::string_view text, ZoneCursor& zone,
                    Vector* vector, int row);
/// Prints the row, which is not NULL, of a flat vector of those types.
void AppendByPattern(const TimePattern& pattern, const Vector& vector, int row, ZoneCursor& zone,
                     std::string* out);

}  // namespace thalweg
