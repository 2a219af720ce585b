#include "formats/format.h"

#include "data/type_text.h"
#include "formats/csv/csv_format.h"
#include "formats/json/json_format.h"
#include "formats/parquet/parquet_format.h"
#include "formats/text/text_format.h"

namespace thalweg {
namespace {

/// Every format that there is; a new one is a line here.
std::vector<const Format*> AllFormats() {
  return {&JsonFormat(), &CsvFormat(), &TextFormat(), &ParquetFormat()};
}

}  // namespace

const Format* FindFormat(std::string_view name) {
  for (const Format* format : AllFormats()) {
    if (EqualsIgnoringCase(format->name(), name)) return format;
  }
  return nullptr;
}

std::vector<std::string> FormatNames() {
  std::vector<std::string> names;
  for (const Format* format : AllFormats()) names.push_back(format->name());
  return names;
}

}  // namespace thalweg
