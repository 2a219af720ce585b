#include "formats/csv/csv_inference.h"

#include <algorithm>
#include <charconv>

#include "data/type_text.h"
#include "formats/csv/csv_lines.h"
#include "formats/csv/csv_values.h"
#include "formats/inferred_type.h"

namespace thalweg {
namespace {

constexpr int kDecimalDigitsMax = 38;

template <class T>
bool IsInteger(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  T value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  return parsed.ec == std::errc() && parsed.ptr == end;
}

/// Digits of a whole number, also with a point behind it; 0: it is none of at
/// most 38.
int DecimalDigits(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.ends_with('.')) text.remove_suffix(1);
  if (text.empty()) return 0;
  const bool whole =
      std::all_of(text.begin(), text.end(), [](char c) { return '0' <= c && c <= '9'; });
  if (!whole) return 0;
  while (text.size() > 1 && text[0] == '0') text.remove_prefix(1);
  return text.size() > kDecimalDigitsMax ? 0 : static_cast<int>(text.size());
}

class Inference {
 public:
  Inference(const CsvOptions& options, CsvValues& values)
      : options_(options), values_(values), tokenizer_(options.syntax) {}

  Status AddFile(Env& env, const std::string& path);
  Result<SchemaPtr> Finish() const;

 private:
  Status AddLine(std::string_view line);
  Status Begin(std::string_view line);
  Result<InferredType> TypeOf(std::string_view text, InferredKind known);

  const CsvOptions& options_;
  CsvValues& values_;
  CsvTokenizer tokenizer_;
  bool begun_ = false;
  std::string first_line_;
  std::vector<std::string> names_;
  std::vector<InferredType> types_;
};

Status Inference::AddFile(Env& env, const std::string& path) {
  CsvOptions plain = options_;
  plain.header = false;  // it is the first line of all files
  THALWEG_ASSIGN_OR_RETURN(auto input, OpenByteInput(env, path));
  CsvLines lines(std::move(input), path, plain);
  std::string_view line;
  while (options_.infer_schema || !begun_) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, lines.Next(&line));
    if (!more) return Status::OK();
    const Status added = AddLine(line);
    if (!added.ok()) {
      return added.WithContext(path + ", line " + std::to_string(lines.reader().lines()));
    }
  }
  return Status::OK();
}

Status Inference::AddLine(std::string_view line) {
  if (!begun_) THALWEG_RETURN_NOT_OK(Begin(line));
  const bool is_header = options_.header && line == first_line_;
  if (!options_.infer_schema || is_header) return Status::OK();
  THALWEG_RETURN_NOT_OK(tokenizer_.Split(line));
  const std::vector<CsvText>& texts = tokenizer_.texts();
  for (size_t i = 0; i < std::min(texts.size(), types_.size()); ++i) {
    if (texts[i].is_null || texts[i].size == 0) continue;
    THALWEG_ASSIGN_OR_RETURN(InferredType type, TypeOf(texts[i].view(), types_[i].kind));
    types_[i] = MergeTypes(std::move(types_[i]), std::move(type));
  }
  return Status::OK();
}

// A name that stands twice, but for its case, gets the number of its column.
Status Inference::Begin(std::string_view line) {
  begun_ = true;
  first_line_ = line;
  THALWEG_RETURN_NOT_OK(tokenizer_.Split(line));
  const std::vector<CsvText>& texts = tokenizer_.texts();
  types_.resize(texts.size());
  const auto unnamed = [](const CsvText& text) { return text.is_null || text.size == 0; };
  for (size_t i = 0; i < texts.size(); ++i) {
    const std::string number = std::to_string(i);
    if (!options_.header || unnamed(texts[i])) {
      names_.push_back("_c" + number);
      continue;
    }
    int same = 0;
    for (const CsvText& text : texts) {
      same += !unnamed(text) && EqualsIgnoringCase(text.view(), texts[i].view()) ? 1 : 0;
    }
    names_.push_back(std::string(texts[i].view()) + (same > 1 ? number : ""));
  }
  return Status::OK();
}

// From what the column is known to be on, one type after the other is tried.
Result<InferredType> Inference::TypeOf(std::string_view text, InferredKind known) {
  switch (known) {
    case InferredKind::kNull:
    case InferredKind::kInt:
      if (IsInteger<int32_t>(text)) return InferredType{InferredKind::kInt};
      [[fallthrough]];
    case InferredKind::kLong:
      if (IsInteger<int64_t>(text)) return InferredType{InferredKind::kLong};
      [[fallthrough]];
    case InferredKind::kDecimal:
      if (const int digits = DecimalDigits(text); digits > 0) {
        return InferredType::Decimal(digits, 0);
      }
      [[fallthrough]];
    case InferredKind::kDouble:
      if (values_.IsDouble(text)) return InferredType{InferredKind::kDouble};
      [[fallthrough]];
    case InferredKind::kDate:
      if (options_.prefer_date && values_.IsDate(text)) return InferredType{InferredKind::kDate};
      [[fallthrough]];
    case InferredKind::kTimestamp: {
      const CsvValues::Outcome outcome = values_.IsTimestamp(text);
      if (outcome == CsvValues::Outcome::kOk) return InferredType{InferredKind::kTimestamp};
      if (outcome == CsvValues::Outcome::kNotBuilt) {
        return NotSupportedYet("inferring a type from the time '" + std::string(text) +
                               "' without a date (declare the columns)");
      }
      [[fallthrough]];
    }
    case InferredKind::kBoolean:
      if (EqualsIgnoringCase(text, "true") || EqualsIgnoringCase(text, "false")) {
        return InferredType{InferredKind::kBoolean};
      }
      [[fallthrough]];
    default:
      return InferredType{InferredKind::kString};
  }
}

Result<SchemaPtr> Inference::Finish() const {
  std::vector<StructField> columns;
  for (size_t i = 0; i < names_.size(); ++i) {
    TypePtr type = StringType();
    if (options_.infer_schema) FinishType(types_[i], false, &type);
    columns.push_back({names_[i], std::move(type)});
  }
  THALWEG_RETURN_NOT_OK(CheckColumnNames(*StructType(columns)));
  return Schema::Make(std::move(columns));
}

}  // namespace

Result<SchemaPtr> InferCsvSchema(Env& env, const std::vector<std::string>& paths,
                                 const CsvOptions& options) {
  if (paths.empty()) return Status::User("UNABLE_TO_INFER_SCHEMA", {{"format", "CSV"}});
  THALWEG_ASSIGN_OR_RETURN(const auto values, CsvValues::Make(options, "UTC"));
  Inference inference(options, *values);
  for (const std::string& path : paths) THALWEG_RETURN_NOT_OK(inference.AddFile(env, path));
  return inference.Finish();
}

}  // namespace thalweg
