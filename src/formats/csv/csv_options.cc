#include "formats/csv/csv_options.h"

#include "data/type_text.h"

namespace thalweg {
namespace {

const std::vector<FormatOption>& KnownOptions() {
  static const auto* known = new std::vector<FormatOption>{
      {"charToEscapeQuoteEscaping"},
      {"charset", "utf-8|utf8", "utf-8|utf8"},
      {"codec"},
      {"columnNameOfCorruptRecord"},
      {"comment"},
      {"compression"},
      {"dateFormat", nullptr, "yyyy-MM-dd"},
      {"delimiter"},
      {"emptyValue"},
      {"enableDateTimeParsingFallback", "false", nullptr},
      {"encoding", "utf-8|utf8", "utf-8|utf8"},
      {"enforceSchema"},
      {"escape"},
      {"escapeQuotes"},
      {"extension", nullptr, "csv"},
      {"header"},
      {"ignoreLeadingWhiteSpace"},
      {"ignoreTrailingWhiteSpace"},
      {"inferSchema"},
      {"lineSep"},
      {"locale", "en-US", "en-US"},
      {"maxCharsPerColumn"},
      {"maxColumns"},
      {"mode"},
      {"multiLine", "false", nullptr},
      {"nanValue"},
      {"negativeInf"},
      {"nullValue"},
      {"positiveInf"},
      {"preferDate"},
      {"quote"},
      {"quoteAll"},
      {"samplingRatio", "1|1.0", nullptr},
      {"sep"},
      {"timeFormat", "", "HH:mm:ss"},
      {"timeZone"},
      {"timestampFormat", nullptr, "yyyy-MM-dd'T'HH:mm:ss[.SSS][XXX]"},
      {"timestampNTZFormat", nullptr, "yyyy-MM-dd'T'HH:mm:ss[.SSS]"},
      {"unescapedQuoteHandling", "STOP_AT_DELIMITER|STOP_AT_CLOSING_QUOTE", nullptr},
  };
  return *known;
}

/// One character of one byte; "" leaves `out` at 0, which is none.
Status CharacterOption(const Options& options, std::string_view key, char* out) {
  const auto found = options.find(std::string(key));
  if (found == options.end()) return Status::OK();
  const std::string& value = found->second;
  *out = value.empty() ? '\0' : value[0];
  if (value.size() <= 1) return Status::OK();
  if (static_cast<uint8_t>(value[0]) >= 0x80) {
    return NotSupportedYet("the option " + std::string(key) + " = '" + value +
                           "', which is no character of ASCII");
  }
  return Status::User("OPTION_VALUE_EXCEEDS_ONE_CHARACTER",
                      {{"paramName", std::string(key)}, {"actualValue", value}});
}

Status ReadSeparator(const Options& options, char* out) {
  const std::string text = TextOption(options, "sep", TextOption(options, "delimiter", ","));
  if (text.empty()) return InvalidOption("sep", text, "a separator has at least one character");
  const bool tab = text == "\\t";
  if (text.size() > 1 && !tab) {
    return NotSupportedYet("the CSV separator '" + text + "' (one character of ASCII is built)");
  }
  *out = tab ? '\t' : text[0];
  return Status::OK();
}

Status ReadSyntax(const Options& options, bool write, CsvSyntax* out) {
  THALWEG_RETURN_NOT_OK(ReadSeparator(options, &out->separator));
  THALWEG_RETURN_NOT_OK(CharacterOption(options, "quote", &out->quote));
  THALWEG_RETURN_NOT_OK(CharacterOption(options, "escape", &out->escape));
  THALWEG_RETURN_NOT_OK(CharacterOption(options, "comment", &out->comment));
  if (out->escape == '\0' || (write && out->quote == '\0')) {
    return NotSupportedYet(
        "CSV without a character that escapes or quotes (option escape or "
        "quote is '')");
  }
  char escape_of_escape = out->escape_of_escape();
  THALWEG_RETURN_NOT_OK(CharacterOption(options, "chartoescapequoteescaping", &escape_of_escape));
  if (escape_of_escape != out->escape_of_escape()) {
    return NotSupportedYet(
        "the CSV option charToEscapeQuoteEscaping (built is what it is by "
        "default)");
  }
  out->ignore_leading_blanks = out->ignore_trailing_blanks = write;
  THALWEG_RETURN_NOT_OK(
      BoolOption(options, "ignoreleadingwhitespace", &out->ignore_leading_blanks));
  THALWEG_RETURN_NOT_OK(
      BoolOption(options, "ignoretrailingwhitespace", &out->ignore_trailing_blanks));
  out->stop_at_separator = !EqualsIgnoringCase(
      TextOption(options, "unescapedquotehandling", "STOP_AT_DELIMITER"), "STOP_AT_CLOSING_QUOTE");
  THALWEG_RETURN_NOT_OK(IntOption(options, "maxcolumns", &out->columns_max));
  return IntOption(options, "maxcharspercolumn", &out->column_bytes_max);
}

}  // namespace

Status ReadCsvOptions(const Options& options, bool write, CsvOptions* out) {
  THALWEG_RETURN_NOT_OK(CheckOptionNames("csv", KnownOptions(), options, write));
  THALWEG_RETURN_NOT_OK(ReadSyntax(options, write, &out->syntax));
  out->null_value = out->syntax.null_value = TextOption(options, "nullvalue", "");
  out->syntax.empty_value = TextOption(options, "emptyvalue", "");
  out->empty_written = TextOption(options, "emptyvalue", out->empty_written);
  THALWEG_RETURN_NOT_OK(ModeOption(options, &out->mode));
  out->corrupt_column = TextOption(options, "columnnameofcorruptrecord", out->corrupt_column);
  THALWEG_RETURN_NOT_OK(BoolOption(options, "header", &out->header));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "enforceschema", &out->enforce_schema));
  out->zone = TextOption(options, "timezone", "");
  out->line_separator = TextOption(options, "linesep", "");
  if (out->line_separator.empty() && options.count("linesep") != 0) {
    return InvalidOption("lineSep", "", "a separator has at least one character");
  }
  out->nan = TextOption(options, "nanvalue", out->nan);
  out->positive_infinity = TextOption(options, "positiveinf", out->positive_infinity);
  out->negative_infinity = TextOption(options, "negativeinf", out->negative_infinity);
  out->date_format = TextOption(options, "dateformat", "");
  out->timestamp_format = TextOption(options, "timestampformat", "");
  out->timestamp_ntz_format = TextOption(options, "timestampntzformat", "");
  THALWEG_RETURN_NOT_OK(BoolOption(options, "inferschema", &out->infer_schema));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "preferdate", &out->prefer_date));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "quoteall", &out->quote_all));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "escapequotes", &out->escape_quotes));
  if (!write) return Status::OK();  // what is read is told by the names of the files
  return CompressionOption(options, &out->compression);
}

Status CheckCsvColumns(const Schema& schema) {
  for (const StructField& column : schema.columns()) {
    const DataType& type = *column.type;
    if (type.Is(TypeKind::kVariant)) return NotSupportedYet("VARIANT as CSV: " + column.name);
    if (!type.fields().empty() || type.Is(TypeKind::kStruct) || type.Is(TypeKind::kNull) ||
        type.Is(TypeKind::kCalendarInterval)) {
      return Status::User(
          "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
          {{"format", "CSV"}, {"columnName", column.name}, {"columnType", type.Sql()}});
    }
  }
  return Status::OK();
}

}  // namespace thalweg
