#include "streaming/checkpoint_report.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/note_file.h"
#include "streaming/checkpoint.h"
#include "streaming/log_segments.h"

namespace thalweg {
namespace {

constexpr int kAttempts = 5;

/// One reading of a checkpoint.
class CheckpointReading {
 public:
  CheckpointReading(FileSystem& files, const std::string& directory) : files_(files) {
    report_.directory = directory;
  }
  CheckpointReport Read();

 private:
  void ReadIdentity();
  void ReadLog();
  void ReadSegmentFile(const FileInfo& info, bool last);
  void CollectEpochs(std::string_view bytes, uint64_t number, LogSegmentReport* segment);
  void ReadState();
  void ReadNotes(const std::string& below);
  void ReadNoteFile(const std::string& directory, const FileInfo& info);
  std::vector<FileInfo> List(const std::string& directory);
  std::string PathOf(const std::string& name) const { return JoinPath(report_.directory, name); }
  void Damage(Status status) { report_.damages.push_back(std::move(status)); }
  void Missing(const std::string& path) { Damage(DamagedLog(path, 0, "the file is missing")); }
  void CountFile(int64_t bytes) {
    ++report_.files_read;
    report_.bytes_read += bytes;
  }

  FileSystem& files_;
  CheckpointReport report_;
  std::map<int64_t, LoggedEpoch> epochs_;
};

CheckpointReport CheckpointReading::Read() {
  ReadIdentity();
  ReadLog();
  ReadState();
  ReadNotes("sources");
  ReadNotes("sinks");
  for (auto& [number, epoch] : epochs_) report_.epochs.push_back(std::move(epoch));
  return std::move(report_);
}

void CheckpointReading::ReadIdentity() {
  const Result<std::optional<std::string>> id = ReadCheckpointQueryId(files_, report_.directory);
  const Result<FileInfo> metadata = files_.Stat(PathOf("metadata"));
  if (metadata.ok()) CountFile(metadata->size_bytes);
  if (!id.ok()) {
    Damage(id.status());
  } else if (id->has_value()) {
    report_.query_id = **id;
  } else {
    Missing(PathOf("metadata"));
  }
  const Result<std::string> holder = ReadFile(files_, PathOf("LOCK"));
  if (holder.ok()) report_.holder = *holder;
}

void CheckpointReading::ReadLog() {
  std::vector<FileInfo> segments;
  for (const FileInfo& info : List(PathOf("log"))) {
    if (SegmentNumber(info.name)) {
      segments.push_back(info);
    } else if (!info.name.ends_with(".tmp")) {
      report_.notes.push_back("log/" + info.name + " is no file of the log");
    }
  }
  for (size_t i = 0; i < segments.size(); ++i) {
    if (i > 0) {
      const uint64_t wanted = *SegmentNumber(segments[i - 1].name) + 1;
      if (*SegmentNumber(segments[i].name) != wanted) {
        Missing(JoinPath(PathOf("log"), SegmentName(wanted)));
        report_.log = LogState();  // a segment repeats what it builds on
      }
    }
    ReadSegmentFile(segments[i], i + 1 == segments.size());
  }
}

void CheckpointReading::ReadSegmentFile(const FileInfo& info, bool last) {
  const std::string path = JoinPath(PathOf("log"), info.name);
  Result<std::string> bytes = ReadFile(files_, path);
  if (!bytes.ok()) return Damage(std::move(bytes).status());
  CountFile(static_cast<int64_t>(bytes->size()));
  LogSegmentReport segment;
  segment.path = path;
  segment.size_bytes = static_cast<int64_t>(bytes->size());
  LogSegment known;
  known.number = *SegmentNumber(info.name);
  CollectEpochs(*bytes, known.number, &segment);
  LogState state = report_.log;
  const Status status = ReadSegment(path, *bytes, last, &known, &state);
  report_.log = std::move(state);
  if (!status.ok()) {
    Damage(status);
    if (!last) report_.log = LogState();
  } else if (known.size_bytes < segment.size_bytes) {
    segment.torn_at = known.size_bytes;
    report_.notes.push_back("log/" + info.name + " has a torn tail: " +
                            std::to_string(segment.size_bytes - segment.torn_at) +
                            " bytes from byte " + std::to_string(segment.torn_at) +
                            " on are no record and are cut at the next start");
  }
  report_.segments.push_back(std::move(segment));
}

void CheckpointReading::CollectEpochs(std::string_view bytes, uint64_t number,
                                      LogSegmentReport* segment) {
  SegmentReader reader(bytes, number);
  LogRecordView view;
  while (reader.Next(&view)) {
    EpochRecord epoch;
    CommitRecord commit;
    if (view.type == LogRecordType::kEpoch && Decode(view.payload, &epoch)) {
      if (segment->first_epoch < 0) segment->first_epoch = epoch.epoch;
      segment->last_epoch = epoch.epoch;
      epochs_[epoch.epoch].epoch = std::move(epoch);
    } else if (view.type == LogRecordType::kCommit && Decode(view.payload, &commit)) {
      const auto of = epochs_.find(commit.epoch);
      if (of != epochs_.end()) of->second.commit = std::move(commit);
    }
  }
}

void CheckpointReading::ReadState() {
  const bool log_is_whole = report_.damages.empty();
  Result<StateReport> state =
      ReadStateDirectory(files_, PathOf("state"), report_.log.durable_state);
  if (!state.ok()) return Damage(std::move(state).status());
  for (const StateFileReport& file : state->files) {
    CountFile(file.size_bytes);
    if (file.recorded && !file.status.ok()) Damage(file.status);
    if (file.recorded || file.status.ok()) continue;
    report_.notes.push_back("state/" + file.name + " is not whole" +
                            (log_is_whole ? ", and no version that the log knows"
                                          : "; whether it counts, the damaged log cannot say"));
  }
  for (const std::string& name : state->strangers) {
    report_.notes.push_back("state/" + name + " is no version of the state");
  }
  const bool said = std::any_of(
      report_.damages.begin(), report_.damages.end(),
      [&](const Status& damage) { return damage.ToString() == state->chain_status.ToString(); });
  if (log_is_whole && !report_.log.last_epoch && !state->files.empty()) {
    Damage(DamagedLog(PathOf("log"), 0,
                      "it tells of no epoch, but there is state of version " +
                          std::to_string(state->files.back().version)));
  }
  if (!state->chain_status.ok() && !said) Damage(state->chain_status);
  report_.state = *std::move(state);
}

// sources/N and sinks/N hold notes only (base/note_file.h).
void CheckpointReading::ReadNotes(const std::string& below) {
  for (const FileInfo& owner : List(PathOf(below))) {
    const std::string directory = JoinPath(PathOf(below), owner.name);
    if (!owner.is_directory) {
      ReadNoteFile(PathOf(below), owner);
      continue;
    }
    std::vector<int64_t> numbers;
    for (const FileInfo& info : List(directory)) {
      ReadNoteFile(directory, info);
      int64_t number = 0;
      const char* const end = info.name.data() + info.name.size();
      const auto [rest, error] = std::from_chars(info.name.data(), end, number);
      if (error == std::errc() && rest == end) numbers.push_back(number);
    }
    std::sort(numbers.begin(), numbers.end());
    for (size_t i = 1; i < numbers.size(); ++i) {
      const int64_t wanted = numbers[i - 1] + 1;
      if (numbers[i] != wanted) Missing(JoinPath(directory, std::to_string(wanted)));
    }
  }
}

void CheckpointReading::ReadNoteFile(const std::string& directory, const FileInfo& info) {
  if (info.is_directory || info.name.ends_with(".tmp")) return;
  CountFile(info.size_bytes);
  Status status = VerifyNote(files_, JoinPath(directory, info.name));
  if (!status.ok()) Damage(std::move(status));
}

std::vector<FileInfo> CheckpointReading::List(const std::string& directory) {
  const Result<bool> exists = files_.Exists(directory);
  if (exists.ok() && !*exists) return {};
  Result<std::vector<FileInfo>> listed = files_.List(directory);
  if (listed.ok()) return *std::move(listed);
  Damage(std::move(listed).status());
  return {};
}

/// Changes while a query runs on the checkpoint.
std::string NamesAndSizes(FileSystem& files, const std::string& directory) {
  std::string text;
  for (const char* below : {"log", "state"}) {
    const Result<std::vector<FileInfo>> listed = files.List(JoinPath(directory, below));
    if (!listed.ok()) continue;
    for (const FileInfo& info : *listed) {
      text += info.name + " " + std::to_string(info.size_bytes) + "\n";
    }
  }
  return text;
}

bool IsCheckpoint(FileSystem& files, const std::string& directory) {
  for (const char* name : {"metadata", "log", "LOCK"}) {
    const Result<bool> exists = files.Exists(JoinPath(directory, name));
    if (exists.ok() && *exists) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<std::string>> FindCheckpoints(FileSystem& files, const std::string& directory) {
  std::vector<std::string> found;
  if (IsCheckpoint(files, directory)) return std::vector<std::string>{directory};
  const Result<std::vector<FileInfo>> tables = files.List(directory);
  for (const FileInfo& table : tables.ok() ? *tables : std::vector<FileInfo>()) {
    if (!table.is_directory) continue;
    const std::string below = JoinPath(directory, table.name);
    const Result<std::vector<FileInfo>> flows = files.List(below);
    for (const FileInfo& flow : flows.ok() ? *flows : std::vector<FileInfo>()) {
      const std::string path = JoinPath(below, flow.name);
      if (flow.is_directory && IsCheckpoint(files, path)) found.push_back(path);
    }
  }
  if (found.empty()) {
    return Status::User("THALWEG_NO_CHECKPOINT", {{"path", directory}});
  }
  return found;
}

CheckpointReport ReadCheckpoint(FileSystem& files, const std::string& directory) {
  for (int attempt = 1;; ++attempt) {
    const std::string before = NamesAndSizes(files, directory);
    CheckpointReport report = CheckpointReading(files, directory).Read();
    if (report.damages.empty() || attempt == kAttempts) return report;
    if (NamesAndSizes(files, directory) == before) return report;
  }
}

}  // namespace thalweg
