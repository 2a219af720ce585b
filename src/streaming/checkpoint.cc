#include "streaming/checkpoint.h"

#include "base/ids.h"
#include "base/note_file.h"

namespace thalweg {
namespace {

constexpr std::string_view kKind = "checkpoint";  // of the note {"id":"<query id>"}

std::string MetadataPath(const std::string& directory);
Status MakeMetadata(FileSystem& files, const CheckpointOptions& options,
                    const std::string& query_id);
Status SyncAncestors(FileSystem& files, const std::string& directory);

}  // namespace

Result<std::unique_ptr<Checkpoint>> Checkpoint::Open(Env& env, const CheckpointOptions& options) {
  FileSystem& files = env.files();
  const std::string& directory = options.directory;
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(directory));
  // Looked at before it is locked only for the name of the holder.
  THALWEG_ASSIGN_OR_RETURN(std::optional<std::string> found,
                           ReadCheckpointQueryId(files, directory));
  const std::string wanted = !options.query_id.empty() ? options.query_id : NewUuid(env);
  THALWEG_ASSIGN_OR_RETURN(
      auto lock, files.Lock(JoinPath(directory, "LOCK"), "query " + found.value_or(wanted)));
  if (!found) {
    THALWEG_ASSIGN_OR_RETURN(found, ReadCheckpointQueryId(files, directory));
  }
  if (found && !options.query_id.empty() && *found != options.query_id) {
    return Status::User(
        "THALWEG_CHECKPOINT_OF_OTHER_QUERY",
        {{"path", directory}, {"difference", "its id is " + *found + ", not " + options.query_id}});
  }
  if (!found) THALWEG_RETURN_NOT_OK(MakeMetadata(files, options, wanted));
  return std::unique_ptr<Checkpoint>(
      new Checkpoint(directory, found.value_or(wanted), std::move(lock)));
}

Checkpoint::Checkpoint(std::string directory, std::string query_id, std::unique_ptr<FileLock> lock)
    : directory_(std::move(directory)), query_id_(std::move(query_id)), lock_(std::move(lock)) {}

std::string Checkpoint::source_directory(int source) const {
  return JoinPath(directory_, "sources/" + std::to_string(source));
}

Result<std::optional<std::string>> ReadCheckpointQueryId(FileSystem& files,
                                                         const std::string& directory) {
  const std::string path = MetadataPath(directory);
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return std::optional<std::string>();
  THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(files, path, kKind));
  constexpr std::string_view kBegin = "{\"id\":\"", kEnd = "\"}";
  if (text.size() > kBegin.size() + kEnd.size() && text.starts_with(kBegin) &&
      text.ends_with(kEnd)) {
    return std::optional(text.substr(kBegin.size(), text.size() - kBegin.size() - kEnd.size()));
  }
  return Status::World("THALWEG_CHECKPOINT_DAMAGED",
                       {{"file", path},
                        {"offset", "0"},
                        {"what", "this is not the text of a checkpoint's metadata"}});
}

namespace {

std::string MetadataPath(const std::string& directory) {
  return JoinPath(directory, "metadata");
}

Status MakeMetadata(FileSystem& files, const CheckpointOptions& options,
                    const std::string& query_id) {
  if (options.sync) THALWEG_RETURN_NOT_OK(SyncAncestors(files, options.directory));
  return WriteNote(files, MetadataPath(options.directory), kKind, "{\"id\":\"" + query_id + "\"}",
                   options.sync);
}

// The directory may have been made just now, with some of those above it. One that this user cannot
// open was not.
Status SyncAncestors(FileSystem& files, const std::string& directory) {
  std::string parent = DirectoryOf(directory);
  THALWEG_RETURN_NOT_OK(files.SyncDirectory(parent));
  while (parent != "/" && parent != ".") {
    parent = DirectoryOf(parent);
    if (!files.SyncDirectory(parent).ok()) break;
  }
  return Status::OK();
}

}  // namespace
}  // namespace thalweg
