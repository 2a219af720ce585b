#include "formats/csv/csv_reader.h"

#include "data/type_text.h"
#include "formats/corrupt_record.h"
#include "formats/csv/csv_lines.h"
#include "formats/csv/csv_values.h"

namespace thalweg {
namespace {

// Spark tells its parser which columns it needs, and then a line of another
// length is no malformed one: only where all columns are read their number
// counts, and where none is, nothing is parsed.
class CsvReader final : public BatchReader {
 public:
  CsvReader(const CsvOptions& options, const FormatRequest& request, int corrupt_column);
  Status Open(Env& env, const std::string& path, const std::string& session_zone);
  Result<bool> Next(Batch* out) override;
  int64_t bytes_read() const override { return lines_->reader().file_bytes(); }

 private:
  struct Column {
    int text = -1;  // which text of a line; -1: the column of corrupt records
    bool is_string = false;
  };
  enum class Row : uint8_t { kFine, kMalformed, kNotBuilt };

  void Begin(Batch* out);
  Status CheckHeader();
  Status ReadLine(std::string_view line, Batch* out);
  Row StoreRow(Batch* out);
  Row StoreText(const CsvText& text, const Column& column, Vector* to);
  void HoldBlock(Batch* out);
  Status WhatIsMissing(std::string_view line) const;

  const CsvOptions options_;
  const SchemaPtr schema_;
  CsvTokenizer tokenizer_;
  std::unique_ptr<CsvLines> lines_;
  std::unique_ptr<CsvValues> values_;
  std::vector<Column> columns_;
  std::vector<std::string> names_;  // of the columns that the file holds
  int corrupt_column_ = -1;
  bool reads_all_ = false;
  bool reads_none_ = false;
  bool checked_header_ = false;
  int rows_ = 0;  // of the batch that is being filled
  Buffer held_;   // the block that its columns hold
};

CsvReader::CsvReader(const CsvOptions& options, const FormatRequest& request, int corrupt_column)
    : options_(options),
      schema_(request.output),
      tokenizer_(options_.syntax),
      corrupt_column_(corrupt_column) {
  const int corrupt_in_schema = request.schema->Find(options_.corrupt_column, true);
  for (int i = 0; i < request.schema->size(); ++i) {
    if (i != corrupt_in_schema) names_.push_back(request.schema->column(i).name);
  }
  for (int i = 0; i < schema_->size(); ++i) {
    Column column;
    const int place = request.columns[i];
    if (i != corrupt_column_) {
      column.text = place - (corrupt_in_schema >= 0 && corrupt_in_schema < place ? 1 : 0);
      column.is_string = schema_->column(i).type->physical() == PhysicalKind::kString;
    }
    columns_.push_back(column);
  }
  const size_t read = columns_.size() - (corrupt_column_ >= 0 ? 1 : 0);
  reads_all_ = read == names_.size();
  reads_none_ = columns_.empty();
}

Status CsvReader::Open(Env& env, const std::string& path, const std::string& session_zone) {
  THALWEG_ASSIGN_OR_RETURN(values_, CsvValues::Make(options_, session_zone));
  THALWEG_ASSIGN_OR_RETURN(auto input, OpenByteInput(env, path));
  lines_ = std::make_unique<CsvLines>(std::move(input), path, options_);
  return Status::OK();
}

Result<bool> CsvReader::Next(Batch* out) {
  Begin(out);
  std::string_view line;
  while (rows_ < kBatchRows) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, lines_->Next(&line));
    if (!checked_header_) THALWEG_RETURN_NOT_OK(CheckHeader());
    if (!more) break;
    if (reads_none_) {
      ++rows_;
    } else {
      THALWEG_RETURN_NOT_OK(ReadLine(line, out));
    }
  }
  for (int i = 0; i < out->column_count(); ++i) out->mutable_column(i).SetSize(rows_);
  out->SetRowCount(rows_);
  return rows_ > 0;
}

void CsvReader::Begin(Batch* out) {
  rows_ = 0;
  held_ = Buffer();
  out->Reset(schema_);
  for (int i = 0; i < schema_->size(); ++i) {
    out->mutable_column(i).ResetFlat(schema_->column(i).type, kBatchRows);
  }
}

// Without enforceSchema the names of the header must be the schema's, in its
// order.
Status CsvReader::CheckHeader() {
  checked_header_ = true;
  if (options_.enforce_schema || lines_->header().empty()) return Status::OK();
  CsvTokenizer header(options_.syntax);
  THALWEG_RETURN_NOT_OK(header.Split(lines_->header()));
  bool same = header.texts().size() == names_.size();
  for (size_t i = 0; i < names_.size() && same; ++i) {
    same = EqualsIgnoringCase(header.texts()[i].view(), names_[i]);
  }
  if (same) return Status::OK();
  return Status::World("FAILED_READ_FILE.NO_HINT", {{"path", lines_->reader().path()}})
      .WithContext("its header is " + lines_->header() +
                   ", which are not the columns of the schema: with the option "
                   "enforceSchema = "
                   "true they need not be");
}

Status CsvReader::ReadLine(std::string_view line, Batch* out) {
  const Status split = tokenizer_.Split(line);
  if (!split.ok()) {
    return split.WithContext(lines_->reader().path() + ", line " +
                             std::to_string(lines_->reader().lines()));
  }
  HoldBlock(out);
  const Row row = StoreRow(out);
  if (row == Row::kNotBuilt) return WhatIsMissing(line);
  if (row == Row::kMalformed && options_.mode == ParseMode::kFailFast) {
    return MalformedRecord(line,
                           "a text is no value of its column, or the columns are too few or "
                           "too many",
                           lines_->reader().path(), lines_->reader().lines());
  }
  if (row == Row::kMalformed && options_.mode == ParseMode::kDropMalformed) return Status::OK();
  if (corrupt_column_ >= 0) {
    Vector& corrupt = out->mutable_column(corrupt_column_);
    if (row == Row::kMalformed) {
      corrupt.SetString(rows_, line);
    } else {
      corrupt.SetNull(rows_);
    }
  }
  ++rows_;
  return Status::OK();
}

CsvReader::Row CsvReader::StoreRow(Batch* out) {
  const std::vector<CsvText>& texts = tokenizer_.texts();
  Row row = reads_all_ && texts.size() != names_.size() ? Row::kMalformed : Row::kFine;
  for (int i = 0; i < out->column_count(); ++i) {
    const Column& column = columns_[i];
    if (column.text < 0) continue;
    Vector& to = out->mutable_column(i);
    if (to.may_have_nulls()) to.mutable_validity()[rows_ >> 6] |= 1ull << (rows_ & 63);
    const bool there = column.text < static_cast<int>(texts.size());
    if (!there || texts[column.text].is_null) {
      to.SetNull(rows_);
      continue;
    }
    const Row stored = StoreText(texts[column.text], column, &to);
    if (stored == Row::kNotBuilt) return stored;
    if (stored == Row::kFine) continue;
    to.SetNull(rows_);
    row = Row::kMalformed;
  }
  return row;
}

CsvReader::Row CsvReader::StoreText(const CsvText& text, const Column& column, Vector* to) {
  if (column.is_string && text.in_line && lines_->in_block()) {
    to->mutable_values<StringView>()[rows_] = StringView(text.data, text.size);
    return Row::kFine;
  }
  const CsvValues::Outcome outcome = values_->Store(text.view(), to, rows_);
  return outcome == CsvValues::Outcome::kOk         ? Row::kFine
         : outcome == CsvValues::Outcome::kNotBuilt ? Row::kNotBuilt
                                                    : Row::kMalformed;
}

// Views of strings point into the block of lines.
void CsvReader::HoldBlock(Batch* out) {
  const Buffer& block = lines_->reader().block();
  if (held_ == block) return;
  held_ = block;
  for (int i = 0; i < out->column_count(); ++i) {
    if (columns_[i].is_string) out->mutable_column(i).AddOwner(block);
  }
}

Status CsvReader::WhatIsMissing(std::string_view line) const {
  return NotSupportedYet("the time without a date, or with the name of a zone, in line " +
                         std::to_string(lines_->reader().lines()) + " of " +
                         lines_->reader().path() + ": " + std::string(line.substr(0, 200)));
}

}  // namespace

Result<std::unique_ptr<BatchReader>> OpenCsvReader(Env& env, const std::string& path,
                                                   const FormatRequest& request,
                                                   const CsvOptions& options) {
  THALWEG_RETURN_NOT_OK(CheckCsvColumns(*request.schema));
  THALWEG_ASSIGN_OR_RETURN(const int corrupt, FindCorruptColumn(request, options.corrupt_column));
  auto reader = std::make_unique<CsvReader>(options, request, corrupt);
  THALWEG_RETURN_NOT_OK(reader->Open(env, path, request.session_zone));
  return std::unique_ptr<BatchReader>(std::move(reader));
}

}  // namespace thalweg
