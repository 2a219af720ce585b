#include "formats/json/json_reader.h"

#include <algorithm>

#include "formats/corrupt_record.h"
#include "formats/json/json_decoder.h"
#include "formats/json/json_layout_decoder.h"
#include "formats/line_reader.h"

namespace thalweg {
namespace {

class JsonReader final : public BatchReader {
 public:
  JsonReader(LineReader lines, std::unique_ptr<JsonDecoder> decoder, SchemaPtr schema)
      : lines_(std::move(lines)),
        decoder_(std::move(decoder)),
        layouts_(*decoder_),
        schema_(std::move(schema)) {}
  void SetMode(ParseMode mode, int corrupt_column) {
    mode_ = mode;
    corrupt_column_ = corrupt_column;
  }
  /// Layouts know the usual forms of times alone.
  void ReadWithoutLayouts() { by_layouts_ = false; }
  void AddPredicates(const FormatRequest& request);
  Result<bool> Next(Batch* out) override;
  int64_t bytes_read() const override { return lines_.file_bytes(); }

 private:
  void Begin(Batch* out);
  void TakeExcess(Batch* out);
  void KeepExcess(Batch* out);
  bool ReadByLayout();
  Status ReadLine(std::string_view line, Batch* out);
  void StoreCorrupt(std::string_view line, int rows, Batch* out);

  LineReader lines_;
  const std::unique_ptr<JsonDecoder> decoder_;
  JsonLayoutDecoder layouts_;
  const SchemaPtr schema_;
  ParseMode mode_ = ParseMode::kPermissive;
  int corrupt_column_ = -1;
  bool by_layouts_ = true;
  int rows_ = 0;  // of the batch that is being filled
  // Rows of an array that did not fit the last batch.
  Batch excess_;
  int excess_rows_ = 0;
  int excess_given_ = 0;
};

Vector* FieldsOf(Batch* batch) {
  return batch->column_count() == 0 ? nullptr : &batch->mutable_column(0);
}

}  // namespace

Result<std::unique_ptr<BatchReader>> OpenJsonReader(Env& env, const std::string& path,
                                                    const FormatRequest& request,
                                                    const JsonOptions& options) {
  THALWEG_ASSIGN_OR_RETURN(const int corrupt, FindCorruptColumn(request, options.corrupt_column));
  JsonDecoderOptions decoding;
  decoding.syntax = options.syntax;
  decoding.session_zone = options.zone.empty() ? request.session_zone : options.zone;
  decoding.skipped_field = corrupt;
  decoding.formats = options.formats;
  THALWEG_ASSIGN_OR_RETURN(auto decoder, JsonDecoder::Make(request.output->AsStruct(), decoding));
  THALWEG_ASSIGN_OR_RETURN(auto input, OpenByteInput(env, path));
  auto reader =
      std::make_unique<JsonReader>(LineReader(std::move(input), path, options.line_separator),
                                   std::move(decoder), request.output);
  reader->SetMode(options.mode, corrupt);
  if (options.formats.any()) reader->ReadWithoutLayouts();
  reader->AddPredicates(request);
  return std::unique_ptr<BatchReader>(std::move(reader));
}

namespace {

// Only columns that are read can be tested; a corrupt record passes by no layout.
void JsonReader::AddPredicates(const FormatRequest& request) {
  for (const ScanPredicate& predicate : request.predicates) {
    const auto found = std::find(request.columns.begin(), request.columns.end(), predicate.column);
    if (found == request.columns.end()) continue;
    const int field = static_cast<int>(found - request.columns.begin());
    if (field != corrupt_column_) layouts_.AddPredicate(field, predicate);
  }
}

Result<bool> JsonReader::Next(Batch* out) {
  Begin(out);
  while (rows_ < kBatchRows) {
    if (ReadByLayout()) continue;
    std::string_view line;
    if (!lines_.NextInBlock(&line)) {
      layouts_.Leave(rows_, lines_.block());
      THALWEG_ASSIGN_OR_RETURN(const bool more, lines_.Fill());
      if (more) continue;
      THALWEG_ASSIGN_OR_RETURN(const bool last, lines_.Next(&line));
      if (!last) break;
    }
    THALWEG_RETURN_NOT_OK(ReadLine(line, out));
  }
  layouts_.Leave(std::min(rows_, kBatchRows), lines_.block());
  for (int i = 0; i < out->column_count(); ++i) TruncateJson(&out->mutable_column(i), rows_);
  out->SetRowCount(rows_);
  return rows_ > 0;
}

bool JsonReader::ReadByLayout() {
  if (!lines_.splits_at_newline()) return false;
  const char* const next = layouts_.TryLine(lines_.top(), lines_.end(), lines_.block(), rows_);
  if (next == nullptr) return false;
  lines_.Advance(next);
  if (layouts_.wanted()) ++rows_;
  return true;
}

void JsonReader::Begin(Batch* out) {
  rows_ = 0;
  out->Reset(schema_);
  for (int i = 0; i < schema_->size(); ++i) {
    Vector& column = out->mutable_column(i);
    column.ResetFlat(schema_->column(i).type, 0);
    column.Reserve(kBatchRows);
  }
  TakeExcess(out);
  layouts_.Bind(FieldsOf(out));
}

Status JsonReader::ReadLine(std::string_view line, Batch* out) {
  layouts_.Leave(rows_ + 1, lines_.block());  // with room for the row
  const JsonRecord record = decoder_->DecodeRecord(line, &lines_.block(), FieldsOf(out), rows_);
  if (record.outcome != JsonOutcome::kOk) {
    if (mode_ == ParseMode::kFailFast) {
      return MalformedRecord(line, decoder_->Problem(), lines_.path(), lines_.lines());
    }
    if (mode_ == ParseMode::kPermissive) {
      if (corrupt_column_ >= 0) StoreCorrupt(line, record.rows, out);
      rows_ += record.rows;
    }
  } else {
    rows_ += record.rows;
    if (record.rows == 1 && by_layouts_) layouts_.Learn(line);
  }
  KeepExcess(out);
  layouts_.Bind(FieldsOf(out));
  return Status::OK();
}

void JsonReader::StoreCorrupt(std::string_view line, int rows, Batch* out) {
  Vector& column = out->mutable_column(corrupt_column_);
  column.AddOwner(lines_.block());
  for (int i = 0; i < rows; ++i) {
    column.mutable_validity()[(rows_ + i) >> 6] |= 1ull << ((rows_ + i) & 63);
    column.mutable_values<StringView>()[rows_ + i] = StringView(line);
  }
}

// A line may be an array of any number of rows.
void JsonReader::KeepExcess(Batch* out) {
  if (rows_ <= kBatchRows) return;
  excess_ = Batch(schema_);
  excess_rows_ = rows_ - kBatchRows;
  excess_given_ = 0;
  for (int i = 0; i < out->column_count(); ++i) {
    AppendRange(out->column(i), kBatchRows, excess_rows_, &excess_.mutable_column(i));
  }
  rows_ = kBatchRows;
  layouts_.Bind(FieldsOf(out));
  layouts_.Leave(rows_, lines_.block());
}

void JsonReader::TakeExcess(Batch* out) {
  const int count = std::min(kBatchRows, excess_rows_ - excess_given_);
  if (count == 0) return;
  for (int i = 0; i < out->column_count(); ++i) {
    AppendRange(excess_.column(i), excess_given_, count, &out->mutable_column(i));
  }
  excess_given_ += count;
  rows_ = count;
}

}  // namespace
}  // namespace thalweg
