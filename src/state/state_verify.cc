// VerifyStateDirectory: every file, every record, every entry, and the order that merging needs.
#include <optional>
#include <utility>

#include "state/state_directory.h"
#include "state/state_store.h"

namespace thalweg {
namespace {

// Follows the records of one file.
class RecordChecker {
 public:
  explicit RecordChecker(const StateFileReader& reader) : reader_(reader) {}

  Status Check(std::string_view payload);

 private:
  Status CheckContainer(std::string_view payload);
  Status CheckDropped(KeyedReader* records);
  Status CheckEntries(KeyedReader* records);

  const StateFileReader& reader_;
  std::optional<ContainerHeader> container_;
  bool has_entries_ = false;
  int64_t last_section_ = 0;
  KeyedEntry last_;
  std::string last_key_;
};

Status RecordChecker::Check(std::string_view payload) {
  if (payload[0] == 'C') return CheckContainer(payload);
  if (!container_.has_value()) return MalformedRecord("a record before any container");
  THALWEG_ASSIGN_OR_RETURN(KeyedReader records, KeyedReader::Open(payload, container_->format));
  return records.dropped() ? CheckDropped(&records) : CheckEntries(&records);
}

Status RecordChecker::CheckContainer(std::string_view payload) {
  THALWEG_ASSIGN_OR_RETURN(ContainerHeader header, DecodeContainer(payload));
  if (container_.has_value() && header.fingerprint <= container_->fingerprint) {
    return MalformedRecord("containers are not in order");
  }
  container_ = std::move(header);
  has_entries_ = false;
  return Status::OK();
}

Status RecordChecker::CheckDropped(KeyedReader* records) {
  if (has_entries_) return MalformedRecord("dropped slices behind entries");
  if (reader_.header().is_base()) return MalformedRecord("a base drops slices");
  std::optional<int64_t> before;
  for (int64_t section; records->NextDropped(&section); before = section) {
    if (before.has_value() && section <= *before) {
      return MalformedRecord("dropped slices are not in order");
    }
  }
  return Status::OK();
}

Status RecordChecker::CheckEntries(KeyedReader* records) {
  for (KeyedEntry entry; records->Next(&entry); has_entries_ = true) {
    if (reader_.header().is_base() && entry.erased()) {
      return MalformedRecord("a base erases entries");
    }
    const bool in_order = !has_entries_ || last_section_ < records->section() ||
                          (last_section_ == records->section() && last_.Before(entry));
    if (!in_order) return MalformedRecord("entries are not in order");
    last_section_ = records->section();
    last_ = entry;
    last_key_ = entry.key;
    last_.key = last_key_;
  }
  return records->status();
}

Status VerifyFile(FileSystem& files, const std::string& path) {
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<StateFileReader> reader,
                           StateFileReader::Open(files, path));
  RecordChecker checker(*reader);
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const std::string_view payload, reader->Next());
    if (payload.empty()) return Status::OK();
    THALWEG_RETURN_NOT_OK(reader->Place(checker.Check(payload)));
  }
}

}  // namespace

Status VerifyStateDirectory(FileSystem& files, const std::string& directory,
                            int64_t last_recorded) {
  StateDirectory known(files, directory);
  THALWEG_RETURN_NOT_OK(known.Open(last_recorded));
  if (last_recorded >= 0) THALWEG_RETURN_NOT_OK(known.Chain(last_recorded).status());
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(directory));
  if (!exists) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> listed, files.List(directory));
  for (const FileInfo& file : listed) {
    const std::optional<StateFileName> name = ParseStateFileName(file.name);
    if (!name.has_value() || name->version > last_recorded) continue;
    THALWEG_RETURN_NOT_OK(VerifyFile(files, JoinPath(directory, file.name)));
  }
  return Status::OK();
}

}  // namespace thalweg
