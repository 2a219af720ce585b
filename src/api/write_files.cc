#include "api/write_files.h"

#include <nlohmann/json.hpp>

#include "base/ids.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr char kTemporary[] = "_temporary";
constexpr char kManifest[] = "_spark_metadata";

/// Writes the rows as one part of epoch 0 below `directory`; the paths of its files.
Result<std::vector<std::string>> WritePart(Env& env, const FileWrite& write,
                                           const std::string& directory, const SchemaPtr& schema,
                                           const std::vector<Batch>& batches) {
  Options options = write.options;
  options["path"] = directory;
  THALWEG_ASSIGN_OR_RETURN(const TablePtr table,
                           (*write.format)(options, schema, write.partition_columns));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, table->OpenSink());
  SinkContext context;
  context.env = &env;
  context.schema = schema;
  context.mode = ChangeMode::kComplete;  // nobody else writes there
  THALWEG_RETURN_NOT_OK(sink->Open(context));
  THALWEG_ASSIGN_OR_RETURN(BatchWriter * writer, sink->Writer(0, 0));
  for (const Batch& batch : batches) THALWEG_RETURN_NOT_OK(writer->Write(batch));
  std::string part;
  THALWEG_RETURN_NOT_OK(writer->Finish(&part));
  std::vector<std::string> paths;
  if (part.empty()) return paths;
  for (const json& file : json::parse(part)) paths.push_back(file["path"].get<std::string>());
  return paths;
}

Status RemoveAllBut(FileSystem& files, const std::string& directory, std::string_view kept) {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files.List(directory));
  for (const FileInfo& entry : entries) {
    if (entry.name == kept) continue;
    THALWEG_RETURN_NOT_OK(files.RemoveRecursively(JoinPath(directory, entry.name)));
  }
  return Status::OK();
}

Status MoveInto(FileSystem& files, const std::string& from, const std::string& to,
                const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    const std::string place = to + path.substr(from.size());
    THALWEG_RETURN_NOT_OK(files.CreateDirectories(DirectoryOf(place)));
    THALWEG_RETURN_NOT_OK(files.Rename(path, place));
  }
  return Status::OK();
}

}  // namespace

Result<SaveMode> ParseSaveMode(std::string_view text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (lower == "error" || lower == "errorifexists" || lower == "default") return SaveMode::kError;
  if (lower == "append") return SaveMode::kAppend;
  if (lower == "overwrite") return SaveMode::kOverwrite;
  if (lower == "ignore") return SaveMode::kIgnore;
  return Status::User("INVALID_SAVE_MODE", {{"mode", "\"" + std::string(text) + "\""}});
}

Result<bool> WantsRows(Env& env, const FileWrite& write) {
  FileSystem& files = env.files();
  THALWEG_ASSIGN_OR_RETURN(const bool there, files.Exists(write.path));
  if (!there) return true;
  if (write.mode == SaveMode::kIgnore) return false;
  if (write.mode == SaveMode::kError) {
    return Status::User("PATH_ALREADY_EXISTS", {{"outputPath", write.path}});
  }
  if (write.mode == SaveMode::kOverwrite) return true;
  THALWEG_ASSIGN_OR_RETURN(const bool streamed, files.Exists(JoinPath(write.path, kManifest)));
  if (streamed) return NotSupportedYet("appending to " + write.path + ", which a stream writes");
  return true;
}

Status WriteFiles(Env& env, const FileWrite& write, const SchemaPtr& schema,
                  const std::vector<Batch>& batches) {
  FileSystem& files = env.files();
  const std::string temporary = JoinPath(write.path, kTemporary);
  const std::string own = JoinPath(temporary, NewUuid(env));
  const auto all = [&]() -> Status {
    THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> paths,
                             WritePart(env, write, own, schema, batches));
    if (write.mode == SaveMode::kOverwrite) {
      THALWEG_RETURN_NOT_OK(RemoveAllBut(files, write.path, kTemporary));
    }
    return MoveInto(files, own, write.path, paths);
  };
  const Status written = all();
  const bool was_there = write.mode == SaveMode::kAppend || write.mode == SaveMode::kOverwrite;
  const bool leaves_nothing = !written.ok() && !was_there;
  const Status removed = files.RemoveRecursively(leaves_nothing ? write.path : temporary);
  THALWEG_RETURN_NOT_OK(written);
  THALWEG_RETURN_NOT_OK(removed);
  return files.Create(JoinPath(write.path, "_SUCCESS")).status();
}

}  // namespace thalweg
