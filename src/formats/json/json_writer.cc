#include "formats/json/json_writer.h"

#include "formats/json/json_printer.h"
#include "formats/row_text_writer.h"

namespace thalweg {
namespace {

class JsonRowPrinter final : public RowPrinter {
 public:
  JsonRowPrinter(std::unique_ptr<JsonPrinter> printer, std::string line_end)
      : printer_(std::move(printer)), line_end_(std::move(line_end)) {}
  void AppendRow(const Batch& batch, int row, std::string* out) override {
    const Vector* columns = batch.column_count() == 0 ? nullptr : &batch.column(0);
    printer_->AppendObject(columns, row, out);
    *out += line_end_;
  }

 private:
  const std::unique_ptr<JsonPrinter> printer_;
  const std::string line_end_;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> OpenJsonWriter(Env& env, const std::string& path,
                                                     const FormatWriteRequest& request,
                                                     const JsonOptions& options) {
  JsonPrinterOptions printing;
  printing.ignore_null_fields = options.ignore_null_fields;
  printing.session_zone = options.zone.empty() ? request.session_zone : options.zone;
  printing.formats = options.formats;
  THALWEG_ASSIGN_OR_RETURN(auto printer, JsonPrinter::Make(request.schema->AsStruct(), printing));
  return OpenRowTextWriter(
      env, path,
      std::make_unique<JsonRowPrinter>(
          std::move(printer), options.line_separator.empty() ? "\n" : options.line_separator));
}

}  // namespace thalweg
