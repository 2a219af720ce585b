#include "api/table_write.h"

#include <nlohmann/json.hpp>

#include "base/ids.h"
#include "base/note_file.h"
#include "connectors/files/manifest.h"
#include "exec/batch_query.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr const char* kNote = "table write";

std::string CommitPath(const std::string& table) {
  return JoinPath(table, "_commit");
}

bool IsHidden(const std::string& name) {
  return name.starts_with('_') || name.starts_with('.');
}

/// Writes the rows below `staging`; nothing else knows of them yet.
Status Stage(Session& session, const RelationPtr& analyzed, const TableWrite& write,
             const std::string& staging) {
  const SinkProvider* provider = session.catalog().FindSink(write.format);
  if (provider == nullptr) return NotSupportedYet("writing tables of the format " + write.format);
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan, session.Optimize(analyzed));
  std::vector<StructField> columns;
  for (const AttributePtr& column : plan->output) {
    columns.push_back({column->column, column->type, column->nullable, ""});
  }
  SinkContext context;
  context.env = &session.env();
  context.query_id = NewUuid(session.env());
  context.schema = Schema::Make(std::move(columns));
  Options options = write.options;
  options["path"] = staging;
  THALWEG_ASSIGN_OR_RETURN(const TablePtr table,
                           (*provider)(options, context.schema, write.partition_columns));
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, table->OpenSink());
  THALWEG_RETURN_NOT_OK(sink->Open(context));
  BatchQueryOptions query;
  query.env = &session.env();
  query.conf = session.conf();
  query.budget = &session.budget();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> parts,
                           RunBatchInto(plan, query, sink.get()));
  return sink->Commit(0, parts);
}

/// What is visible below the table now: to be removed by an overwrite.
Status ListOld(FileSystem& files, const std::string& table, json* removed) {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files.List(table));
  for (const FileInfo& entry : entries) {
    if (!IsHidden(entry.name)) removed->push_back(entry.name);
  }
  return Status::OK();
}

// The names of new files are random: none is one of the old ones. Old directories go file by file
// only where new files come into them.
Status Publish(FileSystem& files, const TableWrite& write, const std::string& staging) {
  json moves = json::array(), removed = json::array();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> staged, ReadManifest(files, staging));
  for (const std::string& file : staged) moves.push_back(file.substr(staging.size() + 1));
  if (write.overwrite) THALWEG_RETURN_NOT_OK(ListOld(files, write.path, &removed));
  const json note = {
      {"staging", staging.substr(write.path.size() + 1)}, {"moves", moves}, {"removed", removed}};
  THALWEG_RETURN_NOT_OK(WriteNote(files, CommitPath(write.path), kNote, note.dump(), true));
  return FinishTableWrite(files, write.path);
}

Status CheckWritable(FileSystem& files, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const std::string owner, ManifestOwner(files, path));
  if (owner.empty()) return Status::OK();
  return Status::User("THALWEG_SINK_OWNED_BY_OTHER_QUERY",
                      {{"path", path}, {"owner", owner}, {"query", "a batch write"}});
}

Status Move(FileSystem& files, const std::string& from, const std::string& to) {
  THALWEG_ASSIGN_OR_RETURN(const bool there, files.Exists(from));
  if (!there) return Status::OK();  // moved already
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(DirectoryOf(to)));
  return files.Rename(from, to);
}

}  // namespace

Status WriteTable(Session& session, const RelationPtr& analyzed, const TableWrite& write) {
  FileSystem& files = session.env().files();
  if (analyzed->streaming) return NotSupportedYet("writing a stream by INSERT", analyzed->place);
  THALWEG_RETURN_NOT_OK(CheckWritable(files, write.path));
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(write.path));
  THALWEG_RETURN_NOT_OK(FinishTableWrite(files, write.path));
  const std::string staging =
      JoinPath(write.path, "_staging-" + std::to_string(session.env().Random()));
  Status status = Stage(session, analyzed, write, staging);
  if (status.ok()) return Publish(files, write, staging);
  (void)files.RemoveRecursively(staging);
  return status;
}

// Removals come first: a partition's old files and its new ones lie in one directory.
Status FinishTableWrite(FileSystem& files, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const bool pending, files.Exists(CommitPath(path)));
  if (!pending) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(files, CommitPath(path), kNote));
  const json note = json::parse(text, nullptr, false);
  if (!note.is_object()) return Status::Bug("a note of a table write is no JSON");
  const std::string staging = JoinPath(path, note.value("staging", ""));
  const std::string removals_done = JoinPath(staging, "_removed");
  THALWEG_ASSIGN_OR_RETURN(const bool removed, files.Exists(removals_done));
  if (!removed) {
    for (const json& name : note.value("removed", json::array())) {
      THALWEG_RETURN_NOT_OK(files.RemoveRecursively(JoinPath(path, name.get<std::string>())));
    }
    THALWEG_RETURN_NOT_OK(WriteFileAtomically(files, removals_done, "", /*sync=*/true));
  }
  for (const json& name : note.value("moves", json::array())) {
    const std::string file = name.get<std::string>();
    THALWEG_RETURN_NOT_OK(Move(files, JoinPath(staging, file), JoinPath(path, file)));
  }
  THALWEG_RETURN_NOT_OK(files.Remove(CommitPath(path)));
  return files.RemoveRecursively(staging);
}

Result<bool> IsEmptyTable(FileSystem& files, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return true;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files.List(path));
  for (const FileInfo& entry : entries) {
    if (!IsHidden(entry.name)) return false;
  }
  return true;
}

}  // namespace thalweg
