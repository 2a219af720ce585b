#include "formats/csv/csv_writer.h"

#include "data/text.h"
#include "data/time_zone.h"
#include "formats/iso_time.h"
#include "formats/row_text_writer.h"

namespace thalweg {
namespace {

int128_t Unscaled(const Vector& vector, int row) {
  if (vector.physical() == PhysicalKind::kInt128) return vector.values<int128_t>()[row];
  return vector.values<int64_t>()[row];
}

/// "[61 62 63]"
void AppendBytes(std::string_view bytes, std::string* out) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  *out += '[';
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) *out += ' ';
    *out += kDigits[static_cast<uint8_t>(bytes[i]) >> 4];
    *out += kDigits[static_cast<uint8_t>(bytes[i]) & 15];
  }
  *out += ']';
}

class CsvPrinter final : public RowPrinter {
 public:
  CsvPrinter(const CsvOptions& options, SchemaPtr schema, const TimeZone& zone)
      : options_(options),
        schema_(std::move(schema)),
        zone_(zone),
        line_end_(options.line_separator.empty() ? "\n" : options.line_separator) {}
  void AppendHeader(std::string* out) override;
  void AppendRow(const Batch& batch, int row, std::string* out) override;

 private:
  void AppendText(std::string_view text, bool first, std::string* out) const;
  bool NeedsQuotes(std::string_view text, bool first) const;
  void AppendQuoted(std::string_view text, std::string* out) const;
  void AppendValue(const Vector& vector, int row, std::string* out);
  void AppendNumber(const Vector& vector, int row, std::string* out) const;

  const CsvOptions options_;
  const SchemaPtr schema_;
  ZoneCursor zone_;
  const std::string line_end_;
  std::string text_;
};

void CsvPrinter::AppendHeader(std::string* out) {
  if (!options_.header) return;
  for (int i = 0; i < schema_->size(); ++i) {
    if (i > 0) *out += options_.syntax.separator;
    AppendText(schema_->column(i).name, i == 0, out);
  }
  *out += line_end_;
}

// A row without any text has no line.
void CsvPrinter::AppendRow(const Batch& batch, int row, std::string* out) {
  const size_t begin = out->size();
  for (int i = 0; i < batch.column_count(); ++i) {
    if (i > 0) *out += options_.syntax.separator;
    const Vector& column = batch.column(i);
    if (column.IsNull(row)) {
      const std::string& null = options_.null_value;
      const bool quoted = options_.quote_all || NeedsQuotes(null, i == 0);
      quoted ? AppendQuoted(null, out) : static_cast<void>(out->append(null));
      continue;
    }
    text_.clear();
    const auto [flat, at] = FlatPlace(column, row);
    AppendValue(*flat, at, &text_);
    AppendText(text_, i == 0, out);
  }
  if (out->size() > begin) *out += line_end_;
}

void CsvPrinter::AppendText(std::string_view text, bool first, std::string* out) const {
  const auto blank = [](char c) { return static_cast<uint8_t>(c) <= ' '; };
  while (options_.syntax.ignore_leading_blanks && !text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  const bool quoted = NeedsQuotes(text, first);  // also for a line end that goes away now
  while (options_.syntax.ignore_trailing_blanks && !text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  if (text.empty()) {
    *out += options_.empty_written;
  } else if (quoted) {
    AppendQuoted(text, out);
  } else {
    *out += text;
  }
}

bool CsvPrinter::NeedsQuotes(std::string_view text, bool first) const {
  const CsvSyntax& syntax = options_.syntax;
  if (options_.quote_all) return true;
  if (first &&
      (text.starts_with('#') || (syntax.comment != 0 && text.starts_with(syntax.comment)))) {
    return true;
  }
  if (text.find(syntax.separator) != text.npos || text.find_first_of("\n\r") != text.npos) {
    return true;
  }
  return options_.escape_quotes ? text.find(syntax.quote) != text.npos
                                : text.starts_with(syntax.quote);
}

void CsvPrinter::AppendQuoted(std::string_view text, std::string* out) const {
  const CsvSyntax& syntax = options_.syntax;
  *out += syntax.quote;
  for (const char c : text) {
    if (c == syntax.quote || c == syntax.escape) *out += syntax.escape;
    *out += c;
  }
  *out += syntax.quote;
}

void CsvPrinter::AppendValue(const Vector& vector, int row, std::string* out) {
  const DataType& type = *vector.type();
  switch (type.kind()) {
    case TypeKind::kBoolean:
      *out += vector.values<uint8_t>()[row] != 0 ? "true" : "false";
      return;
    case TypeKind::kFloat:
      return AppendFloat(vector.values<float>()[row], out);
    case TypeKind::kDouble:
      return AppendDouble(vector.values<double>()[row], out);
    case TypeKind::kDecimal:
      return AppendDecimalScientific(Unscaled(vector, row), type.scale(), out);
    case TypeKind::kString:
      *out += vector.values<StringView>()[row].view();
      return;
    case TypeKind::kBinary:
      return AppendBytes(vector.values<StringView>()[row].view(), out);
    case TypeKind::kDate:
      return AppendDate(vector.values<int32_t>()[row], out);
    case TypeKind::kTimestamp:
      return AppendIsoTimestamp(vector.values<int64_t>()[row], zone_, out);
    case TypeKind::kTimestampNtz:
      return AppendIsoTimestampNtz(vector.values<int64_t>()[row], out);
    case TypeKind::kTime:
      return AppendTime(vector.values<int64_t>()[row], out);
    case TypeKind::kYearMonthInterval:
      return AppendYearMonthInterval(vector.values<int32_t>()[row], type, out);
    case TypeKind::kDayTimeInterval:
      return AppendDayTimeInterval(vector.values<int64_t>()[row], type, out);
    default:
      return AppendNumber(vector, row, out);
  }
}

void CsvPrinter::AppendNumber(const Vector& vector, int row, std::string* out) const {
  switch (vector.physical()) {
    case PhysicalKind::kInt8:
      return AppendInt64(vector.values<int8_t>()[row], out);
    case PhysicalKind::kInt16:
      return AppendInt64(vector.values<int16_t>()[row], out);
    case PhysicalKind::kInt32:
      return AppendInt64(vector.values<int32_t>()[row], out);
    default:
      return AppendInt64(vector.values<int64_t>()[row], out);
  }
}

}  // namespace

Result<std::unique_ptr<FormatWriter>> OpenCsvWriter(Env& env, const std::string& path,
                                                    const FormatWriteRequest& request,
                                                    const CsvOptions& options) {
  THALWEG_RETURN_NOT_OK(CheckCsvColumns(*request.schema));
  const std::string& name = options.zone.empty() ? request.session_zone : options.zone;
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(name));
  return OpenRowTextWriter(env, path, std::make_unique<CsvPrinter>(options, request.schema, *zone));
}

}  // namespace thalweg
