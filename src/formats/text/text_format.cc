#include "formats/text/text_format.h"

#include "formats/format_options.h"
#include "formats/line_reader.h"
#include "formats/row_text_writer.h"

namespace thalweg {
namespace {

struct TextOptions {
  bool whole_text = false;
  std::string line_separator;  // "": any line end
  std::string compression;
};

Status ReadOptions(const Options& options, bool write, TextOptions* out);
Status CheckSchema(const Schema& schema);

class TextReader final : public BatchReader {
 public:
  TextReader(LineReader lines, const FormatRequest& request, bool whole_text)
      : lines_(std::move(lines)), schema_(request.output), whole_text_(whole_text) {}
  Result<bool> Next(Batch* out) override;
  int64_t bytes_read() const override { return lines_.file_bytes(); }

 private:
  Result<bool> NextText(std::string_view* text);

  LineReader lines_;
  const SchemaPtr schema_;
  const bool whole_text_;
};

class TextRowPrinter final : public RowPrinter {
 public:
  explicit TextRowPrinter(std::string line_end) : line_end_(std::move(line_end)) {}
  void AppendRow(const Batch& batch, int row, std::string* out) override {
    const Vector& column = batch.column(0);
    if (!column.IsNull(row)) {
      const auto [flat, at] = FlatPlace(column, row);
      *out += flat->values<StringView>()[at].view();
    }
    *out += line_end_;
  }

 private:
  const std::string line_end_;
};

class Text final : public Format {
 public:
  const char* name() const override { return "text"; }
  std::string Extension(const Options& options) const override {
    std::string compression;
    return CompressionOption(options, &compression).ok() ? ".txt" + compression : ".txt";
  }
  Status CheckOptions(const Options& options, bool write) const override {
    TextOptions read;
    return ReadOptions(options, write, &read);
  }
  Result<SchemaPtr> InferSchema(Env&, const std::vector<std::string>&,
                                const Options& options) const override {
    THALWEG_RETURN_NOT_OK(CheckOptions(options, false));
    return Schema::Make({{"value", StringType()}});
  }
  Result<std::unique_ptr<BatchReader>> OpenReader(Env& env, const std::string& path,
                                                  const FormatRequest& request) const override;
  Result<std::unique_ptr<FormatWriter>> OpenWriter(
      Env& env, const std::string& path, const FormatWriteRequest& request) const override;
};

}  // namespace

const Format& TextFormat() {
  static const auto* format = new Text();
  return *format;
}

namespace {

Result<std::unique_ptr<BatchReader>> Text::OpenReader(Env& env, const std::string& path,
                                                      const FormatRequest& request) const {
  TextOptions options;
  THALWEG_RETURN_NOT_OK(ReadOptions(request.options, false, &options));
  THALWEG_RETURN_NOT_OK(CheckSchema(*request.schema));
  THALWEG_ASSIGN_OR_RETURN(auto input, OpenByteInput(env, path));
  return std::unique_ptr<BatchReader>(std::make_unique<TextReader>(
      LineReader(std::move(input), path, options.line_separator), request, options.whole_text));
}

Result<std::unique_ptr<FormatWriter>> Text::OpenWriter(Env& env, const std::string& path,
                                                       const FormatWriteRequest& request) const {
  TextOptions options;
  THALWEG_RETURN_NOT_OK(ReadOptions(request.options, true, &options));
  THALWEG_RETURN_NOT_OK(CheckSchema(*request.schema));
  const std::string line_end = options.line_separator.empty() ? "\n" : options.line_separator;
  return OpenRowTextWriter(env, path, std::make_unique<TextRowPrinter>(line_end));
}

Result<bool> TextReader::Next(Batch* out) {
  out->Reset(schema_);
  const bool wanted = schema_->size() > 0;  // else rows are counted
  Vector* column = wanted ? &out->mutable_column(0) : nullptr;
  if (wanted) column->ResetFlat(schema_->column(0).type, kBatchRows);
  int rows = 0;
  std::string_view text;
  while (rows < kBatchRows) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, NextText(&text));
    if (!more) break;
    if (wanted) {
      const StringView view(text);
      if (!view.is_inline()) column->AddOwner(lines_.block());
      column->mutable_values<StringView>()[rows] = view;
    }
    ++rows;
  }
  if (wanted) column->SetSize(rows);
  out->SetRowCount(rows);
  return rows > 0;
}

Result<bool> TextReader::NextText(std::string_view* text) {
  if (!whole_text_) return lines_.Next(text);
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, lines_.Fill());
    if (!more) break;
  }
  *text = std::string_view(lines_.top(), static_cast<size_t>(lines_.end() - lines_.top()));
  lines_.Advance(lines_.end());
  return !text->empty();
}

Status ReadOptions(const Options& options, bool write, TextOptions* out) {
  static const auto* known = new std::vector<FormatOption>{
      {"charset", "utf-8|utf8", "utf-8|utf8"},  {"codec"},   {"compression"},
      {"encoding", "utf-8|utf8", "utf-8|utf8"}, {"lineSep"}, {"wholetext"},
  };
  THALWEG_RETURN_NOT_OK(CheckOptionNames("text", *known, options, write));
  THALWEG_RETURN_NOT_OK(BoolOption(options, "wholetext", &out->whole_text));
  out->line_separator = TextOption(options, "linesep", "");
  if (out->line_separator.empty() && options.count("linesep") != 0) {
    return InvalidOption("lineSep", "", "a separator has at least one character");
  }
  if (!write) return Status::OK();
  return CompressionOption(options, &out->compression);
}

Status CheckSchema(const Schema& schema) {
  if (schema.size() != 1) {
    return Status::Legacy(
        1290, "The text format has one column, not " + std::to_string(schema.size()) + ".");
  }
  const StructField& column = schema.column(0);
  if (column.type->Is(TypeKind::kString)) return Status::OK();
  return Status::User(
      "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
      {{"format", "Text"}, {"columnName", column.name}, {"columnType", column.type->Sql()}});
}

}  // namespace
}  // namespace thalweg
