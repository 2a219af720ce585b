#include "formats/row_text_writer.h"

namespace thalweg {
namespace {

class RowTextWriter final : public FormatWriter {
 public:
  RowTextWriter(std::unique_ptr<ByteOutput> output, std::unique_ptr<RowPrinter> printer)
      : output_(std::move(output)), printer_(std::move(printer)) {
    printer_->AppendHeader(&text_);
  }
  Status Write(const Batch& batch) override {
    ForEachRow(batch.selection(), [&](int row) { printer_->AppendRow(batch, row, &text_); });
    return Flush();
  }
  Status Finish(bool sync) override {
    THALWEG_RETURN_NOT_OK(Flush());
    return output_->Finish(sync);
  }
  int64_t bytes_written() const override { return output_->file_bytes(); }

 private:
  Status Flush() {
    const Status status = output_->Append(text_);
    text_.clear();
    return status;
  }

  const std::unique_ptr<ByteOutput> output_;
  const std::unique_ptr<RowPrinter> printer_;
  std::string text_;
};

}  // namespace

Result<std::unique_ptr<FormatWriter>> OpenRowTextWriter(Env& env, const std::string& path,
                                                        std::unique_ptr<RowPrinter> printer) {
  THALWEG_ASSIGN_OR_RETURN(auto output, OpenByteOutput(env, path));
  return std::unique_ptr<FormatWriter>(
      std::make_unique<RowTextWriter>(std::move(output), std::move(printer)));
}

}  // namespace thalweg
