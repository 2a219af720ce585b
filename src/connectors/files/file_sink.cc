// Writing tables of files. The files of an epoch count once its manifest is there; what an attempt
// that failed has left is in no manifest and is never read.
#include <algorithm>
#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

#include "connectors/files/file_table.h"
#include "connectors/files/manifest.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "data/value.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr int64_t kPaceUs = 1'000'000;

struct FileWriteRep {
  Env* env = nullptr;
  FileWriteOptions options;
  std::vector<int> partition;  // columns of directories
  std::vector<int> kept;       // columns of the files
  SchemaPtr file_schema;
  TableInfo info;
};

/// Hive's escaping of what may not stand in the name of a directory.
std::string EscapedName(const std::string& text) {
  static constexpr std::string_view kSpecial = "\"#%'*/:=?\\\x7f{[]^";
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (static_cast<uint8_t>(c) < 0x20 || kSpecial.find(c) != std::string_view::npos) {
      out += '%';
      out += kDigits[static_cast<uint8_t>(c) >> 4];
      out += kDigits[static_cast<uint8_t>(c) & 15];
    } else {
      out += c;
    }
  }
  return out.empty() ? "__HIVE_DEFAULT_PARTITION__" : out;
}

/// The files of a lane: one, or one a partition directory.
class FileLaneWriter final : public BatchWriter {
 public:
  FileLaneWriter(const FileWriteRep& table, std::string name)
      : table_(table), name_(std::move(name)) {}

  Status Write(const Batch& batch) override {
    if (batch.row_count() == 0) return Status::OK();
    if (table_.partition.empty()) return WriteTo("", batch, batch.selection());
    std::map<std::string, std::vector<RowIndex>> rows;
    ForEachRow(batch.selection(), [&](int row) {
      rows[DirectoryOf(batch, row)].push_back(static_cast<RowIndex>(row));
    });
    for (const auto& [directory, picked] : rows) {
      THALWEG_RETURN_NOT_OK(
          WriteTo(directory, batch, {picked.data(), static_cast<int>(picked.size())}));
    }
    return Status::OK();
  }

  Status Finish(std::string* part) override {
    json files = json::array();
    for (auto& [directory, file] : files_) {
      THALWEG_RETURN_NOT_OK(file.writer->Finish(/*sync=*/false));
      files.push_back({{"path", file.path}, {"size", file.writer->bytes_written()}});
    }
    files_.clear();
    *part = files.empty() ? "" : files.dump();
    return Status::OK();
  }

 private:
  struct OpenFile {
    std::string path;
    std::unique_ptr<FormatWriter> writer;
  };

  std::string DirectoryOf(const Batch& batch, int row) const {
    std::string directory;
    for (const int column : table_.partition) {
      const Value value = GetValue(batch.column(column), row);
      std::string text;
      if (!value.is_null()) AppendValueText(value, TimeZone::Utc(), &text);
      directory +=
          "/" + EscapedName(table_.options.schema->column(column).name) + "=" + EscapedName(text);
    }
    return directory;
  }

  Status WriteTo(const std::string& directory, const Batch& batch, const Selection& rows) {
    OpenFile& file = files_[directory];
    if (file.writer == nullptr) {
      const std::string below = table_.options.path + directory;
      THALWEG_RETURN_NOT_OK(table_.env->files().CreateDirectories(below));
      file.path = JoinPath(below, name_ + table_.options.format->Extension(table_.options.options));
      FormatWriteRequest request;
      request.options = table_.options.options;
      request.schema = table_.file_schema;
      request.session_zone = table_.options.session_zone;
      THALWEG_ASSIGN_OR_RETURN(file.writer,
                               table_.options.format->OpenWriter(*table_.env, file.path, request));
    }
    Batch kept(table_.file_schema);
    for (size_t i = 0; i < table_.kept.size(); ++i) {
      AppendValues(batch.column(table_.kept[i]), rows, &kept.mutable_column(static_cast<int>(i)));
    }
    kept.SetRowCount(rows.count);
    return file.writer->Write(kept);
  }

  const FileWriteRep& table_;
  const std::string name_;
  std::map<std::string, OpenFile> files_;  // by directory below the table's
};

class FileSink final : public Sink {
 public:
  explicit FileSink(std::shared_ptr<const FileWriteRep> table) : table_(std::move(table)) {}

  Status Open(const SinkContext& context) override {
    FileSystem& files = table_->env->files();
    const std::string& path = table_->options.path;
    replaces_ = context.mode == ChangeMode::kComplete;
    if (replaces_) return files.CreateDirectories(path);
    THALWEG_ASSIGN_OR_RETURN(const std::string owner, ManifestOwner(files, path));
    if (owner == context.query_id) return Status::OK();
    if (!owner.empty()) {
      return Status::User("THALWEG_SINK_OWNED_BY_OTHER_QUERY",
                          {{"path", path}, {"owner", owner}, {"query", context.query_id}});
    }
    THALWEG_RETURN_NOT_OK(files.CreateDirectories(path));
    return SetManifestOwner(files, path, context.query_id);
  }

  Result<BatchWriter*> Writer(int64_t epoch, int lane) override {
    while (writers_.size() <= static_cast<size_t>(lane)) writers_.emplace_back();
    char name[96];
    std::snprintf(name, sizeof(name), "part-%05d-%08lld-%016llx", lane,
                  static_cast<long long>(epoch),
                  static_cast<unsigned long long>(table_->env->Random()));
    writers_[lane] = std::make_unique<FileLaneWriter>(*table_, name);
    return static_cast<BatchWriter*>(writers_[lane].get());
  }

  Status Commit(int64_t epoch, const std::vector<std::string>& parts) override {
    FileSystem& files = table_->env->files();
    std::vector<CommittedFile> committed;
    for (const std::string& part : parts) {
      if (part.empty()) continue;
      for (const json& file : json::parse(part)) {
        committed.push_back({file["path"].get<std::string>(), file["size"].get<int64_t>(),
                             table_->env->clock().NowUs()});
      }
    }
    const std::string& path = table_->options.path;
    if (replaces_) THALWEG_RETURN_NOT_OK(RemoveOthers(committed));
    THALWEG_ASSIGN_OR_RETURN(
        const bool known, files.Exists(JoinPath(ManifestDirectory(path), std::to_string(epoch))));
    if (known && !replaces_) return Status::OK();
    return WriteManifest(files, path, epoch, committed);
  }

  Result<std::optional<int64_t>> LastCommitted() override {
    return LastManifest(table_->env->files(), table_->options.path);
  }

 private:
  /// What a computation before this one has left.
  Status RemoveOthers(const std::vector<CommittedFile>& committed) {
    FileSystem& files = table_->env->files();
    THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, files.List(table_->options.path));
    for (const FileInfo& entry : entries) {
      const std::string path = JoinPath(table_->options.path, entry.name);
      const bool needed =
          std::any_of(committed.begin(), committed.end(),
                      [&](const CommittedFile& file) { return file.path.starts_with(path); });
      if (!needed) THALWEG_RETURN_NOT_OK(files.RemoveRecursively(path));
    }
    return Status::OK();
  }

  const std::shared_ptr<const FileWriteRep> table_;
  bool replaces_ = false;
  std::vector<std::unique_ptr<FileLaneWriter>> writers_;
};

class FileWriteTable final : public Table {
 public:
  explicit FileWriteTable(std::shared_ptr<const FileWriteRep> rep) : rep_(std::move(rep)) {}
  const TableInfo& info() const override { return rep_->info; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return NotSupportedYet("reading through a table that was opened for writing");
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<FileSink>(rep_));
  }

 private:
  const std::shared_ptr<const FileWriteRep> rep_;
};

}  // namespace

Result<TablePtr> MakeFileWriteTable(Env& env, FileWriteOptions options) {
  auto rep = std::make_shared<FileWriteRep>();
  rep->env = &env;
  THALWEG_RETURN_NOT_OK(options.format->CheckOptions(options.options, /*write=*/true));
  std::vector<StructField> kept;
  for (int i = 0; i < options.schema->size(); ++i) {
    const StructField& field = options.schema->column(i);
    const auto& names = options.partition_columns;
    if (std::find(names.begin(), names.end(), field.name) != names.end()) continue;
    rep->kept.push_back(i);
    kept.push_back(field);
  }
  for (const std::string& name : options.partition_columns) {
    const int column = options.schema->Find(name);
    if (column < 0) {
      return Status::User(
          "THALWEG_INVALID_OPTION",
          {{"option", "PARTITIONED BY"}, {"value", name}, {"wanted", "columns of the table"}});
    }
    rep->partition.push_back(column);
  }
  rep->file_schema = Schema::Make(std::move(kept));
  rep->info.provider = options.format->name();
  rep->info.description = "FileSink[" + options.path + "]";
  rep->info.schema = options.schema;
  rep->info.accepted_modes = {ChangeMode::kAppend};
  rep->info.promise = Promise::kExactlyOnce;
  rep->info.pace_us = kPaceUs;
  rep->options = std::move(options);
  return TablePtr(std::make_shared<FileWriteTable>(std::move(rep)));
}

}  // namespace thalweg
