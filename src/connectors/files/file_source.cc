// Reading tables of files. A stream's offset is the number of the last batch of files that it
// covers; which files a batch has is written below the checkpoint before its offset is given away,
// so that a replay reads the same files.
#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/conf.h"
#include "base/note_file.h"
#include "connectors/files/file_table.h"
#include "data/parse_text.h"
#include "data/text.h"
#include "data/value.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr const char* kNote = "batch of files";

/// Options of the file source; all others are the format's.
constexpr std::string_view kSourceOptions[] = {
    "pathglobfilter",     "recursivefilelookup", "maxfilespertrigger",
    "maxbytespertrigger", "latestfirst",         "maxfileage",
    "cleansource",        "ignorecorruptfiles",  "ignoremissingfiles"};

bool IsSourceOption(std::string_view key) {
  return std::find(std::begin(kSourceOptions), std::end(kSourceOptions), key) !=
         std::end(kSourceOptions);
}

/// What readers of one table share.
struct FileTableRep {
  Env* env = nullptr;
  const Format* format = nullptr;
  std::vector<std::string> paths;
  Options format_options;
  ListingOptions listing;
  std::string session_zone;
  SchemaPtr file_schema;       // columns that the files hold
  std::vector<int> partition;  // by column of the table: -1, or index among partition columns
  std::vector<std::string> partition_names;
  TableInfo info;

  Result<std::vector<ListedFile>> List() const;
};

Result<std::vector<ListedFile>> FileTableRep::List() const {
  std::vector<ListedFile> all;
  for (const std::string& path : paths) {
    THALWEG_ASSIGN_OR_RETURN(std::vector<ListedFile> files, ListFiles(env->files(), path, listing));
    all.insert(all.end(), std::make_move_iterator(files.begin()),
               std::make_move_iterator(files.end()));
  }
  return all;
}

/// Rows of one file with its partition columns.
class FileReader final : public BatchReader {
 public:
  FileReader(const FileTableRep& table, ListedFile file, const ScanRequest& request,
             int32_t partition_number)
      : table_(table),
        file_(std::move(file)),
        request_(request),
        partition_number_(partition_number) {}

  Result<bool> Next(Batch* out) override {
    if (reader_ == nullptr) THALWEG_RETURN_NOT_OK(Open());
    THALWEG_ASSIGN_OR_RETURN(const bool more, reader_->Next(&batch_));
    if (!more) return false;
    if (out->schema() != request_.schema) out->Reset(request_.schema);
    out->ShareRowsFrom(batch_);
    out->SetOrigin({request_.source_index, partition_number_, rows_});
    rows_ += batch_.physical_rows();
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      Vector& column = out->mutable_column(static_cast<int>(i));
      if (from_file_[i] >= 0) {
        column = batch_.column(from_file_[i]);
      } else {
        MakeConstant(constants_[i], batch_.physical_rows(), &column);
      }
    }
    return true;
  }
  int64_t bytes_read() const override { return file_.size_bytes; }

 private:
  Status Open();

  const FileTableRep& table_;
  const ListedFile file_;
  const ScanRequest& request_;
  const int32_t partition_number_;
  std::unique_ptr<BatchReader> reader_;
  Batch batch_;
  std::vector<int> from_file_;    // by output column: column of the file's batches, -1: constant
  std::vector<Value> constants_;  // by output column
  int64_t rows_ = 0;
};

Status FileReader::Open() {
  FormatRequest request;
  request.options = table_.format_options;
  request.schema = table_.file_schema;
  request.session_zone = table_.session_zone;
  std::vector<StructField> output;
  constants_.resize(request_.columns.size());
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(table_.session_zone));
  ZoneCursor cursor(*zone);
  for (size_t i = 0; i < request_.columns.size(); ++i) {
    const int column = request_.columns[i];
    // Of a struct perhaps a part; the names are the request's.
    const StructField& field = request_.schema->column(static_cast<int>(i));
    const std::string& name_in_table = table_.info.schema->column(column).name;
    if (table_.partition[column] < 0) {
      from_file_.push_back(static_cast<int>(output.size()));
      request.columns.push_back(table_.file_schema->Find(name_in_table, true));
      output.push_back({name_in_table, field.type, field.nullable, ""});
      continue;
    }
    from_file_.push_back(-1);
    constants_[i] = Value(field.type);
    for (const auto& [name, text] : file_.partition) {
      if (name != name_in_table || text == "__HIVE_DEFAULT_PARTITION__") continue;
      if (!ParseValueText(text, field.type, cursor, &constants_[i])) {
        return Status::World("The directory " + name + "=" + text + " of " + file_.path +
                             " holds no " + field.type->Sql());
      }
    }
  }
  request.output = Schema::Make(std::move(output));
  for (ScanPredicate predicate : request_.predicates) {
    if (table_.partition[predicate.column] >= 0) continue;
    const std::string& name = table_.info.schema->column(predicate.column).name;
    predicate.column = table_.file_schema->Find(name, true);
    request.predicates.push_back(std::move(predicate));
  }
  THALWEG_ASSIGN_OR_RETURN(reader_, table_.format->OpenReader(*table_.env, file_.path, request));
  return Status::OK();
}

Result<int64_t> NumberOf(const Offset& offset) {
  if (offset.empty()) return -1;
  const json object = json::parse(offset.json, nullptr, false);
  if (object.is_object() && object.contains("logOffset") &&
      object["logOffset"].is_number_integer()) {
    return object["logOffset"].get<int64_t>();
  }
  return Status::World("'" + offset.json + "' is no offset of a file source");
}

class FileSource final : public Source {
 public:
  explicit FileSource(std::shared_ptr<const FileTableRep> table) : table_(std::move(table)) {}

  Status Open(const SourceContext& context, const Offset& from) override;
  Status Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) override;
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override;
  Status Release(const Offset&) override { return Status::OK(); }

 private:
  std::string LogFile(int64_t number) const { return JoinPath(directory_, std::to_string(number)); }
  Status LoadLog();
  Status Discover();
  Status AppendLog(std::vector<ListedFile> files);

  const std::shared_ptr<const FileTableRep> table_;
  std::string directory_;  // "" in a batch query: nothing is kept
  bool once_ = false;      // the directory is listed once
  bool listed_ = false;
  std::vector<std::vector<ListedFile>> batches_;  // by number
  std::set<std::string> seen_;
  std::vector<ListedFile> waiting_;  // discovered, in no batch yet
  ScanRequest request_;
  std::vector<std::unique_ptr<FileReader>> readers_;
};

Status FileSource::Open(const SourceContext& context, const Offset& from) {
  directory_ = context.directory;
  once_ = context.available_now || !context.streaming;
  THALWEG_RETURN_NOT_OK(NumberOf(from).status());
  if (directory_.empty()) return Status::OK();
  THALWEG_RETURN_NOT_OK(table_->env->files().CreateDirectories(directory_));
  return LoadLog();
}

/// What AppendLog has written; false: it has not.
bool ReadBatch(const json& batch, std::vector<ListedFile>* out) {
  if (!batch.is_array()) return false;
  for (const json& entry : batch) {
    const bool named = entry.is_object() && entry.contains("path") && entry["path"].is_string();
    if (!named || !entry.contains("size") || !entry["size"].is_number_integer()) return false;
    ListedFile file;
    file.path = entry["path"].get<std::string>();
    file.size_bytes = entry["size"].get<int64_t>();
    const json parts = entry.contains("partition") ? entry["partition"] : json::array();
    if (!parts.is_array()) return false;
    for (const json& part : parts) {
      const bool pair = part.is_array() && part.size() == 2;
      if (!pair || !part[0].is_string() || !part[1].is_string()) return false;
      file.partition.emplace_back(part[0].get<std::string>(), part[1].get<std::string>());
    }
    out->push_back(std::move(file));
  }
  return true;
}

Status FileSource::LoadLog() {
  FileSystem& files = table_->env->files();
  for (int64_t number = 0;; ++number) {
    THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(LogFile(number)));
    if (!exists) return Status::OK();
    THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(files, LogFile(number), kNote));
    std::vector<ListedFile> listed;
    if (!ReadBatch(json::parse(text, nullptr, false), &listed)) {
      return Status::World("THALWEG_MANIFEST_DAMAGED", {{"path", LogFile(number)}, {"line", "1"}});
    }
    for (const ListedFile& file : listed) seen_.insert(file.path);
    batches_.push_back(std::move(listed));
  }
}

Status FileSource::Discover() {
  if (once_ && listed_) return Status::OK();
  listed_ = true;
  THALWEG_ASSIGN_OR_RETURN(std::vector<ListedFile> files, table_->List());
  for (ListedFile& file : files) {
    if (seen_.insert(file.path).second) waiting_.push_back(std::move(file));
  }
  return Status::OK();
}

Status FileSource::AppendLog(std::vector<ListedFile> files) {
  if (!directory_.empty()) {
    json batch = json::array();
    for (const ListedFile& file : files) {
      json entry = {{"path", file.path}, {"size", file.size_bytes}};
      if (!file.partition.empty()) entry["partition"] = file.partition;
      batch.push_back(std::move(entry));
    }
    THALWEG_RETURN_NOT_OK(WriteNote(table_->env->files(),
                                    LogFile(static_cast<int64_t>(batches_.size())), kNote,
                                    batch.dump(), false));
  }
  batches_.push_back(std::move(files));
  return Status::OK();
}

// A batch that was written but never logged by the query is the next one.
Status FileSource::Latest(const Offset& from, const ReadLimits& limits, Waker*, Offset* to) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
  if (begin + 1 == static_cast<int64_t>(batches_.size())) {
    THALWEG_RETURN_NOT_OK(Discover());
    size_t count = 0;
    int64_t bytes = 0;
    while (count < waiting_.size() &&
           (limits.files < 0 || static_cast<int64_t>(count) < limits.files) &&
           (limits.bytes < 0 || count == 0 || bytes + waiting_[count].size_bytes <= limits.bytes)) {
      bytes += waiting_[count++].size_bytes;
    }
    if (count == 0) {
      *to = from;
      return Status::OK();
    }
    std::vector<ListedFile> next(waiting_.begin(), waiting_.begin() + count);
    waiting_.erase(waiting_.begin(), waiting_.begin() + count);
    THALWEG_RETURN_NOT_OK(AppendLog(std::move(next)));
  }
  to->json = "{\"logOffset\":" + std::to_string(begin + 1) + "}";
  return Status::OK();
}

Status FileSource::Read(const ScanRequest& request, const Offset& from, const Offset& to,
                        std::vector<BatchReader*>* readers) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t begin, NumberOf(from));
  THALWEG_ASSIGN_OR_RETURN(const int64_t end, NumberOf(to));
  if (end >= static_cast<int64_t>(batches_.size())) {
    return Status::World("The files of batch " + std::to_string(end) + " of " +
                         table_->info.description + " are not in the checkpoint");
  }
  request_ = request;
  readers_.clear();
  for (int64_t number = begin + 1; number <= end; ++number) {
    for (const ListedFile& file : batches_[number]) {
      readers_.push_back(std::make_unique<FileReader>(*table_, file, request_,
                                                      static_cast<int32_t>(readers_.size())));
    }
  }
  for (const auto& reader : readers_) readers->push_back(reader.get());
  return Status::OK();
}

class FileReadTable final : public Table {
 public:
  explicit FileReadTable(std::shared_ptr<const FileTableRep> rep) : rep_(std::move(rep)) {}
  const TableInfo& info() const override { return rep_->info; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<FileSource>(rep_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing through a table that was opened for reading");
  }

 private:
  const std::shared_ptr<const FileTableRep> rep_;
};

/// The narrowest of INT, BIGINT, DOUBLE, DATE and STRING that all texts are of.
TypePtr PartitionType(const std::vector<ListedFile>& files, const std::string& name) {
  ZoneCursor utc(TimeZone::Utc());
  for (const TypePtr& type : {IntType(), BigintType(), DoubleType(), DateType()}) {
    bool all = true;
    for (const ListedFile& file : files) {
      for (const auto& [column, text] : file.partition) {
        Value value;
        if (column != name || text == "__HIVE_DEFAULT_PARTITION__") continue;
        all = all && ParseValueText(text, type, utc, &value);
      }
    }
    if (all) return type;
  }
  return StringType();
}

Status ReadSourceOptions(const Options& options, FileTableRep* rep) {
  for (const auto& [key, value] : options) {
    if (!IsSourceOption(key)) {
      rep->format_options[key] = value;
    } else if (key == "pathglobfilter") {
      rep->listing.name_pattern = value;
    } else if (key == "recursivefilelookup") {
      rep->listing.recursive = value == "true" || value == "TRUE";
    } else if (!key.starts_with("max") && value != "false" && value != "off") {
      return NotSupportedYet("the option " + key + " = " + value);
    }
  }
  return rep->format->CheckOptions(rep->format_options, /*write=*/false);
}

/// Splits the table's columns into those of the files and those of directories.
void PlaceColumns(const SchemaPtr& given, const std::vector<ListedFile>& files, FileTableRep* rep) {
  std::vector<StructField> columns = given->columns(), of_files;
  for (const ListedFile& file : files) {
    for (const auto& [name, text] : file.partition) {
      auto& names = rep->partition_names;
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  for (const std::string& name : rep->partition_names) {
    const bool declared = std::any_of(columns.begin(), columns.end(),
                                      [&](const StructField& field) { return field.name == name; });
    if (!declared) columns.push_back({name, PartitionType(files, name), true, ""});
  }
  for (const StructField& field : columns) {
    const auto& names = rep->partition_names;
    const auto at = std::find(names.begin(), names.end(), field.name);
    rep->partition.push_back(at == names.end() ? -1 : static_cast<int>(at - names.begin()));
    if (at == names.end()) of_files.push_back(field);
  }
  rep->file_schema = Schema::Make(std::move(of_files));
  for (StructField& field : columns) field.nullable = true;
  rep->info.schema = Schema::Make(std::move(columns));
}

}  // namespace

Result<TablePtr> MakeFileReadTable(Env& env, FileReadOptions options) {
  auto rep = std::make_shared<FileTableRep>();
  rep->env = &env;
  rep->format = options.format;
  rep->paths = options.paths;
  rep->session_zone = options.session_zone;
  THALWEG_RETURN_NOT_OK(ReadSourceOptions(options.options, rep.get()));
  if (rep->paths.empty()) {
    return Status::User("THALWEG_INVALID_OPTION",
                        {{"option", "path"}, {"value", ""}, {"wanted", "given"}});
  }
  THALWEG_ASSIGN_OR_RETURN(const std::vector<ListedFile> files, rep->List());
  SchemaPtr schema = options.schema;
  if (schema == nullptr) {
    std::vector<std::string> paths;
    for (const ListedFile& file : files) paths.push_back(file.path);
    const bool text = std::string_view(options.format->name()) == "text";
    if (options.streaming && !text) {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", "the columns"},
                           {"value", ""},
                           {"wanted", "given: a stream of files needs its schema"}});
    }
    THALWEG_ASSIGN_OR_RETURN(schema, options.format->InferSchema(env, paths, rep->format_options));
  }
  PlaceColumns(schema, files, rep.get());
  rep->info.provider = options.format->name();
  rep->info.description = "FileStreamSource[" + rep->paths[0] + "]";
  rep->info.can_stream_read = true;
  rep->info.reads_parts = options.format->ReadsParts(rep->format_options, *rep->file_schema);
  return TablePtr(std::make_shared<FileReadTable>(std::move(rep)));
}

}  // namespace thalweg
