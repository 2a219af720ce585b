#include "streaming/query_log.h"

#include <algorithm>

#include "streaming/log_segments.h"

namespace thalweg {

struct QueryLog::Rep {
  Rep(Env& env, std::string directory, QueryLogOptions options)
      : files(env.files()), directory(std::move(directory)), options(options) {}

  Status Open();
  Status ReadSegments();
  Status CutTail(int64_t file_bytes);
  Status OpenLast();
  Status StartSegment(uint64_t number);
  void AddRepeated();
  Status Begin();
  Status Append();
  std::string PathOf(const LogSegment& segment) const {
    return JoinPath(directory, SegmentName(segment.number));
  }

  FileSystem& files;
  const std::string directory;
  const QueryLogOptions options;
  LogState state;
  std::vector<LogSegment> segments;  // the last one is written to
  std::unique_ptr<AppendFile> file;
  LogRecordWriter writer;
  int64_t synced_bytes = 0;  // of the last segment
  bool failed = false;
};

Result<std::unique_ptr<QueryLog>> QueryLog::Open(Env& env, const std::string& directory,
                                                 QueryLogOptions options) {
  auto rep = std::make_unique<Rep>(env, directory, options);
  THALWEG_RETURN_NOT_OK(rep->Open());
  return std::unique_ptr<QueryLog>(new QueryLog(std::move(rep)));
}

QueryLog::QueryLog(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
QueryLog::~QueryLog() = default;

const LogState& QueryLog::state() const {
  return rep_->state;
}

Status QueryLog::AppendProgram(const ProgramRecord& record) {
  THALWEG_RETURN_NOT_OK(rep_->Begin());
  rep_->writer.Add(record);
  rep_->state.program = record;
  return rep_->Append();
}

Status QueryLog::AppendEpoch(const EpochRecord& record) {
  LogState& state = rep_->state;
  THALWEG_CHECK(!state.last_epoch || (record.epoch == state.last_epoch->epoch + 1 &&
                                      state.last_commit_number() == state.last_epoch->epoch),
                "an epoch is logged before the one before it was committed");
  THALWEG_RETURN_NOT_OK(rep_->Begin());
  rep_->writer.Add(record);
  state.last_epoch = record;
  state.prepared.reset();
  LogSegment& segment = rep_->segments.back();
  segment.last_epoch = record.epoch;
  segment.last_batch_time_us = record.batch_time_us;
  return rep_->Append();
}

Status QueryLog::AppendPrepared(const CommitRecord& record) {
  THALWEG_RETURN_NOT_OK(rep_->Begin());
  rep_->writer.AddPrepared(record);
  rep_->state.prepared = record;
  return rep_->Append();
}

Status QueryLog::AppendCommit(const CommitRecord& record, bool state_is_durable) {
  THALWEG_RETURN_NOT_OK(rep_->Begin());
  rep_->writer.Add(record);
  rep_->state.last_commit = record;
  rep_->state.prepared.reset();
  if (state_is_durable) {
    rep_->writer.AddDurableState(record.epoch);
    rep_->state.durable_state = record.epoch;
  }
  return rep_->Append();
}

Status QueryLog::AppendDurableState(int64_t version) {
  THALWEG_CHECK(version <= rep_->state.last_commit_number(),
                "a state is called durable before its epoch was committed");
  THALWEG_RETURN_NOT_OK(rep_->Begin());
  rep_->writer.AddDurableState(version);
  rep_->state.durable_state = version;
  return rep_->Append();
}

Status QueryLog::Sync() {
  if (!rep_->options.sync) return Status::OK();
  THALWEG_CHECK(!rep_->failed, "a log is synced after it failed");
  const Status status = rep_->file->Sync();
  rep_->failed = !status.ok();
  if (status.ok()) rep_->synced_bytes = rep_->segments.back().size_bytes;
  return status;
}

Status QueryLog::Trim(int64_t now_us) {
  const LogState& state = rep_->state;
  const int64_t needless_through =
      std::min(state.durable_state, state.last_epoch_number() - rep_->options.retained_epochs);
  std::vector<LogSegment>& segments = rep_->segments;
  // The newest but one stays: were the newest lost before anything was added to what it repeats,
  // the log would still be whole.
  while (segments.size() > 2 && segments[0].last_epoch <= needless_through &&
         segments[0].last_batch_time_us < now_us - rep_->options.retained_us) {
    THALWEG_RETURN_NOT_OK(rep_->files.Remove(rep_->PathOf(segments[0])));
    segments.erase(segments.begin());
  }
  return Status::OK();
}

Status QueryLog::Rep::Open() {
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(directory));
  THALWEG_RETURN_NOT_OK(ReadSegments());
  if (!segments.empty()) return OpenLast();
  if (options.sync) THALWEG_RETURN_NOT_OK(files.SyncDirectory(DirectoryOf(directory)));
  return StartSegment(1);
}

Status QueryLog::Rep::ReadSegments() {
  THALWEG_ASSIGN_OR_RETURN(segments, ListSegments(files, directory));
  int64_t file_bytes = 0;
  for (LogSegment& segment : segments) {
    const std::string path = PathOf(segment);
    THALWEG_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(files, path));
    file_bytes = static_cast<int64_t>(bytes.size());
    const bool last = &segment == &segments.back();
    THALWEG_RETURN_NOT_OK(ReadSegment(path, bytes, last, &segment, &state));
  }
  return segments.empty() ? Status::OK() : CutTail(file_bytes);
}

Status QueryLog::Rep::CutTail(int64_t file_bytes) {
  const LogSegment& last = segments.back();
  if (last.size_bytes > 0) {
    if (last.size_bytes == file_bytes) return Status::OK();
    return files.Truncate(PathOf(last), last.size_bytes);
  }
  THALWEG_RETURN_NOT_OK(files.Remove(PathOf(last)));
  segments.pop_back();
  return options.sync ? files.SyncDirectory(directory) : Status::OK();
}

Status QueryLog::Rep::OpenLast() {
  THALWEG_ASSIGN_OR_RETURN(file, files.OpenAppend(PathOf(segments.back())));
  if (!options.sync) return Status::OK();
  // What was read need not be durable yet, and a tail that was cut must not come back.
  THALWEG_RETURN_NOT_OK(file->Sync());
  synced_bytes = segments.back().size_bytes;
  return Status::OK();
}

Status QueryLog::Rep::StartSegment(uint64_t number) {
  if (options.sync && file != nullptr) THALWEG_RETURN_NOT_OK(file->Sync());
  segments.push_back({.number = number});
  LogSegment& segment = segments.back();
  THALWEG_ASSIGN_OR_RETURN(file, files.Create(PathOf(segment)));
  writer.Begin(number, 0, options.sync ? 0 : -1);
  writer.AddHeader();
  AddRepeated();
  if (state.last_epoch) {
    segment.last_epoch = state.last_epoch->epoch;
    segment.last_batch_time_us = state.last_epoch->batch_time_us;
  }
  THALWEG_RETURN_NOT_OK(file->Append(writer.bytes()));
  segment.size_bytes = static_cast<int64_t>(writer.bytes().size());
  if (!options.sync) return Status::OK();
  THALWEG_RETURN_NOT_OK(file->Sync());
  synced_bytes = segment.size_bytes;
  return files.SyncDirectory(directory);
}

void QueryLog::Rep::AddRepeated() {
  if (state.program) writer.Add(*state.program);
  if (state.last_commit) writer.Add(*state.last_commit);
  if (state.last_epoch) writer.Add(*state.last_epoch);
  if (state.prepared) writer.AddPrepared(*state.prepared);
  if (state.durable_state >= 0) writer.AddDurableState(state.durable_state);
}

// Begins the records of one append, in a new segment when this one is full. The state still says
// what stands before them.
Status QueryLog::Rep::Begin() {
  THALWEG_CHECK(!failed, "a log is appended to after it failed");
  failed = true;
  if (segments.back().size_bytes >= options.segment_bytes) {
    THALWEG_RETURN_NOT_OK(StartSegment(segments.back().number + 1));
  }
  failed = false;
  const LogSegment& segment = segments.back();
  writer.Begin(segment.number, segment.size_bytes, options.sync ? synced_bytes : -1);
  return Status::OK();
}

Status QueryLog::Rep::Append() {
  const Status status = file->Append(writer.bytes());
  failed = !status.ok();
  segments.back().size_bytes += static_cast<int64_t>(writer.bytes().size());
  return status;
}

struct LogCursor::Rep {
  explicit Rep(FileSystem& files) : files(files) {}
  Result<bool> NextRecord(LogRecordView* view);
  Status AddCommit(const LogRecordView& view);
  Status ReadEpoch(const LogRecordView& view, std::optional<EpochRecord>* epoch);
  const std::string& path() const { return paths[opened - 1]; }

  FileSystem& files;
  std::vector<std::string> paths;  // of the segments, parallel to numbers
  std::vector<uint64_t> numbers;
  size_t opened = 0;
  std::string bytes;  // of segment opened - 1
  std::optional<SegmentReader> reader;
  std::optional<LoggedEpoch> pending;  // its commit may follow
  int64_t last = -1;                   // the epoch read last
  int64_t through = -1;
};

Result<std::unique_ptr<LogCursor>> QueryLog::EpochsAfter(int64_t epoch) const {
  auto cursor = std::make_unique<LogCursor::Rep>(rep_->files);
  cursor->last = epoch;
  cursor->through = rep_->state.last_epoch_number();
  for (const LogSegment& segment : rep_->segments) {
    if (segment.last_epoch <= epoch) continue;
    cursor->paths.push_back(rep_->PathOf(segment));
    cursor->numbers.push_back(segment.number);
  }
  return std::unique_ptr<LogCursor>(new LogCursor(std::move(cursor)));
}

LogCursor::LogCursor(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
LogCursor::~LogCursor() = default;

Result<bool> LogCursor::Next(LoggedEpoch* out) {
  LogRecordView view;
  while (true) {
    THALWEG_ASSIGN_OR_RETURN(const bool more, rep_->NextRecord(&view));
    if (!more) break;
    if (view.type == LogRecordType::kCommit) THALWEG_RETURN_NOT_OK(rep_->AddCommit(view));
    if (view.type != LogRecordType::kEpoch) continue;
    std::optional<EpochRecord> epoch;
    THALWEG_RETURN_NOT_OK(rep_->ReadEpoch(view, &epoch));
    if (!epoch) continue;
    const bool complete = rep_->pending.has_value();
    if (complete) *out = *std::move(rep_->pending);
    rep_->pending.emplace().epoch = *std::move(epoch);
    if (complete) return true;
  }
  if (!rep_->pending) return false;
  *out = *std::move(rep_->pending);
  rep_->pending.reset();
  return true;
}

Result<bool> LogCursor::Rep::NextRecord(LogRecordView* view) {
  while (true) {
    if (reader) {
      if (reader->Next(view)) return true;
      if (!reader->at_end()) {
        return DamagedLog(path(), reader->position(), "a record is not whole");
      }
    }
    if (opened == paths.size()) return false;
    THALWEG_ASSIGN_OR_RETURN(bytes, ReadFile(files, paths[opened]));
    reader.emplace(bytes, numbers[opened]);
    ++opened;
  }
}

Status LogCursor::Rep::AddCommit(const LogRecordView& view) {
  CommitRecord commit;
  THALWEG_RETURN_NOT_OK(DecodeRecord(path(), view, &commit));
  if (pending && pending->epoch.epoch == commit.epoch) pending->commit = std::move(commit);
  return Status::OK();
}

// None for an epoch that a segment repeats, that is not asked for or was logged later.
Status LogCursor::Rep::ReadEpoch(const LogRecordView& view, std::optional<EpochRecord>* epoch) {
  EpochRecord record;
  THALWEG_RETURN_NOT_OK(DecodeRecord(path(), view, &record));
  if (record.epoch <= last || record.epoch > through) return Status::OK();
  if (record.epoch != last + 1) {
    return DamagedLog(path(), view.position, "epoch " + std::to_string(last + 1) + " is missing");
  }
  last = record.epoch;
  *epoch = std::move(record);
  return Status::OK();
}

Status VerifyLogDirectory(FileSystem& files, const std::string& directory) {
  THALWEG_ASSIGN_OR_RETURN(std::vector<LogSegment> segments, ListSegments(files, directory));
  LogState state;
  for (LogSegment& segment : segments) {
    const std::string path = JoinPath(directory, SegmentName(segment.number));
    THALWEG_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(files, path));
    const bool last = &segment == &segments.back();
    THALWEG_RETURN_NOT_OK(ReadSegment(path, bytes, last, &segment, &state));
  }
  return Status::OK();
}

}  // namespace thalweg
