// Looks at every file, every record and every entry, and at the order that merging needs.
#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "state/state_directory.h"
#include "state/state_report.h"

namespace thalweg {
namespace {

// Follows the records of one file and counts what they hold.
class RecordChecker {
 public:
  RecordChecker(const StateFileReader& reader, std::vector<StateContainerReport>* counts)
      : reader_(reader), counts_(*counts) {}

  Status Check(std::string_view payload);

 private:
  Status CheckContainer(std::string_view payload);
  Status CheckDropped(KeyedReader* records);
  Status CheckEntries(KeyedReader* records);

  const StateFileReader& reader_;
  std::vector<StateContainerReport>& counts_;
  std::optional<ContainerHeader> container_;
  bool has_entries_ = false;
  int64_t last_section_ = 0;
  KeyedEntry last_;
  std::string last_key_;
};

Status RecordChecker::Check(std::string_view payload) {
  if (payload[0] == 'C') return CheckContainer(payload);
  if (!container_.has_value()) return MalformedRecord("a record before any container");
  counts_.back().bytes += static_cast<int64_t>(payload.size());
  THALWEG_ASSIGN_OR_RETURN(KeyedReader records, KeyedReader::Open(payload, container_->format));
  return records.dropped() ? CheckDropped(&records) : CheckEntries(&records);
}

Status RecordChecker::CheckContainer(std::string_view payload) {
  THALWEG_ASSIGN_OR_RETURN(ContainerHeader header, DecodeContainer(payload));
  if (container_.has_value() && header.fingerprint <= container_->fingerprint) {
    return MalformedRecord("containers are not in order");
  }
  StateContainerReport& count = counts_.emplace_back();
  count.fingerprint = header.fingerprint;
  count.kind = header.kind;
  count.entries = header.entries;
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
    ++counts_.back().slices_dropped;
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
    ++(entry.erased() ? counts_.back().erased : counts_.back().written);
    last_section_ = records->section();
    last_ = entry;
    last_key_ = entry.key;
    last_.key = last_key_;
  }
  return records->status();
}

/// What could be read of a file is in `report`, also if it is damaged.
Status ReadStateFile(FileSystem& files, const std::string& path, StateFileReport* report) {
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<StateFileReader> reader,
                           StateFileReader::Open(files, path));
  report->header = reader->header();
  RecordChecker checker(*reader, &report->containers);
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const std::string_view payload, reader->Next());
    if (payload.empty()) return Status::OK();
    THALWEG_RETURN_NOT_OK(reader->Place(checker.Check(payload)));
  }
}

}  // namespace

Result<StateReport> ReadStateDirectory(FileSystem& files, const std::string& directory,
                                       int64_t last_recorded) {
  StateReport report;
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(directory));
  if (exists) {
    THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> listed, files.List(directory));
    for (const FileInfo& file : listed) {
      const std::optional<StateFileName> name = ParseStateFileName(file.name);
      if (!name.has_value()) {
        report.strangers.push_back(file.name);
        continue;
      }
      StateFileReport& read = report.files.emplace_back();
      read.name = file.name;
      read.size_bytes = file.size_bytes;
      read.version = name->version;
      read.recorded = name->version <= last_recorded;
      read.status = ReadStateFile(files, JoinPath(directory, file.name), &read);
    }
  }
  std::sort(report.files.begin(), report.files.end(),
            [](const StateFileReport& a, const StateFileReport& b) {
              return std::tie(a.version, a.name) < std::tie(b.version, b.name);
            });
  if (last_recorded < 0) return report;
  StateDirectory known(files, directory);
  report.chain_status = known.Open(last_recorded);
  if (!report.chain_status.ok()) return report;
  Result<std::vector<StateFileInfo>> chain = known.Chain(last_recorded);
  report.chain_status = chain.status();
  if (!chain.ok()) return report;
  for (const StateFileInfo& info : *chain) report.chain.push_back(info.name);
  return report;
}

Status VerifyStateDirectory(FileSystem& files, const std::string& directory,
                            int64_t last_recorded) {
  THALWEG_ASSIGN_OR_RETURN(const StateReport report,
                           ReadStateDirectory(files, directory, last_recorded));
  for (const StateFileReport& file : report.files) {
    if (file.recorded) THALWEG_RETURN_NOT_OK(file.status);
  }
  return report.chain_status;
}

}  // namespace thalweg
