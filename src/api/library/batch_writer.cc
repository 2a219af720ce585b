#include "api/library/access.h"
#include "api/pipeline_statements.h"
#include "api/write_files.h"
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
  return Access::Wrap(SaveFiles(frame_, std::move(write)));
}

}  // namespace api
}  // namespace thalweg
