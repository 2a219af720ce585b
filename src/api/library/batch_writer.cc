#include "api/library/access.h"
#include "api/pipeline_statements.h"
#include "api/write_files.h"
#include "base/ids.h"
#include "formats/format.h"
#include "thalweg/writer.h"

namespace thalweg {
namespace api {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

thalweg::Status SaveFiles(const DataFrame& frame, FileWrite write) {
  const Access::Frame& rep = Access::Of(frame);
  const auto path = write.options.find("path");
  if (path == write.options.end()) {
    return thalweg::Status::User(
        "THALWEG_INVALID_OPTION",
        {{"option", "path"}, {"value", ""}, {"wanted", "the directory to write to"}});
  }
  write.path = ResolvePath(".", path->second);
  write.options.erase(path);
  THALWEG_ASSIGN_OR_RETURN(const bool wanted, WantsRows(*rep.engine->env, write));
  if (!wanted) return thalweg::Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const QueryRows rows, RunFrame(frame));
  return WriteFiles(*rep.engine->env, write, rows.schema, rows.batches);
}

/// Into a system that takes rows and has no files: in one epoch.
thalweg::Status SaveRows(const DataFrame& frame, const FileWrite& write) {
  if (write.mode == SaveMode::kOverwrite || write.mode == SaveMode::kIgnore) {
    return NotSupportedYet("this save mode outside of files");
  }
  THALWEG_ASSIGN_OR_RETURN(const QueryRows rows, RunFrame(frame));
  THALWEG_ASSIGN_OR_RETURN(const TablePtr table,
                           (*write.format)(write.options, rows.schema, write.partition_columns));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, table->OpenSink());
  SinkContext context;
  context.env = Access::Of(frame).engine->env.get();
  context.query_id = NewUuid(*context.env);
  context.schema = rows.schema;
  THALWEG_RETURN_NOT_OK(sink->Open(context));
  THALWEG_ASSIGN_OR_RETURN(BatchWriter * writer, sink->Writer(0, 0));
  for (const Batch& batch : rows.batches) THALWEG_RETURN_NOT_OK(writer->Write(batch));
  std::vector<std::string> parts(1);
  THALWEG_RETURN_NOT_OK(writer->Finish(&parts[0]));
  return sink->Commit(0, parts);
}

}  // namespace

DataFrameWriter DataFrame::Write() const {
  return DataFrameWriter(*this);
}

// noop computes the rows and keeps none.
Status DataFrameWriter::Save() const {
  if (!frame_.status().ok()) return frame_.status();
  FileWrite write;
  const thalweg::Result<SaveMode> mode = ParseSaveMode(mode_);
  if (!mode.ok()) return Access::Wrap(mode.status());
  write.mode = *mode;
  for (const auto& [key, value] : options_) write.options[Lower(key)] = value;
  write.partition_columns = partition_columns_;
  const std::string format = Lower(format_);
  if (format == "noop") return Access::Wrap(RunFrame(frame_).status());
  if (format == "console") {
    return Access::Wrap(NotSupportedYet("writing rows at rest to the console: use Show"));
  }
  write.format = Access::Of(frame_).engine->session->catalog().FindSink(format);
  if (write.format == nullptr) {
    return Access::Wrap(
        thalweg::Status::User("DATA_SOURCE_NOT_FOUND", {{"provider", format_}, {"hint", ""}}));
  }
  const bool files = FindFormat(format) != nullptr;
  return Access::Wrap(files ? SaveFiles(frame_, std::move(write)) : SaveRows(frame_, write));
}

}  // namespace api
}  // namespace thalweg
