#include "streaming/log_segments.h"

namespace thalweg {
namespace {

// Adds records to a LogState, checking the order that query_log.h promises.
class LogStateReader {
 public:
  LogStateReader(const std::string& path, LogSegment* segment, LogState* state)
      : path_(path), segment_(segment), state_(state) {}
  Status Add(const LogRecordView& view);

 private:
  Status AddEpoch(const LogRecordView& view);
  Status AddCommit(const LogRecordView& view);
  Status AddPrepared(const LogRecordView& view);
  Status AddDurableState(const LogRecordView& view);
  Status OutOfOrder(const LogRecordView& view, const char* what, int64_t epoch) const;

  const std::string& path_;
  LogSegment* segment_;
  LogState* state_;
};

}  // namespace

Result<std::vector<LogSegment>> ListSegments(FileSystem& files, const std::string& directory) {
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> infos, files.List(directory));
  std::vector<LogSegment> segments;
  for (const FileInfo& info : infos) {
    const std::optional<uint64_t> number = SegmentNumber(info.name);
    if (!number) continue;
    if (!segments.empty() && *number != segments.back().number + 1) {
      const uint64_t missing = segments.back().number + 1;
      return DamagedLog(JoinPath(directory, SegmentName(missing)), 0, "the file is missing");
    }
    segments.push_back({.number = *number, .size_bytes = info.size_bytes});
  }
  return segments;
}

Status ReadSegment(const std::string& path, std::string_view bytes, bool last, LogSegment* segment,
                   LogState* state) {
  SegmentReader reader(bytes, segment->number);
  if (reader.unreadable_format() != 0) {
    return Status::World("THALWEG_CHECKPOINT_FORMAT",
                         {{"file", path},
                          {"needed", std::to_string(reader.unreadable_format())},
                          {"known", std::to_string(kLogFormatVersion)}});
  }
  LogStateReader log(path, segment, state);
  LogRecordView view;
  while (reader.Next(&view)) THALWEG_RETURN_NOT_OK(log.Add(view));
  segment->size_bytes = reader.position();
  if (reader.at_end()) return Status::OK();
  if (last && !reader.IsDamaged()) return Status::OK();
  return DamagedLog(path, reader.position(),
                    reader.position() == 0 ? "the header is not whole" : "a record is not whole");
}

Status DamagedLog(const std::string& path, int64_t position, std::string what) {
  return Status::World(
      "THALWEG_CHECKPOINT_DAMAGED",
      {{"file", path}, {"offset", std::to_string(position)}, {"what", std::move(what)}});
}

namespace {

Status LogStateReader::Add(const LogRecordView& view) {
  switch (view.type) {
    case LogRecordType::kProgram:
      return DecodeRecord(path_, view, &state_->program.emplace());
    case LogRecordType::kEpoch:
      return AddEpoch(view);
    case LogRecordType::kCommit:
      return AddCommit(view);
    case LogRecordType::kPrepared:
      return AddPrepared(view);
    case LogRecordType::kDurableState:
      return AddDurableState(view);
  }
  return Status::OK();
}

Status LogStateReader::AddEpoch(const LogRecordView& view) {
  EpochRecord record;
  THALWEG_RETURN_NOT_OK(DecodeRecord(path_, view, &record));
  const int64_t before = state_->last_epoch_number();
  const bool repeated = record.epoch == before;
  const bool follows = record.epoch == before + 1 && state_->last_commit_number() == before;
  if (state_->last_epoch && !repeated && !follows) {
    return OutOfOrder(view, "epoch", record.epoch);
  }
  if (!repeated) state_->prepared.reset();
  segment_->last_epoch = record.epoch;
  segment_->last_batch_time_us = record.batch_time_us;
  state_->last_epoch = std::move(record);
  return Status::OK();
}

Status LogStateReader::AddCommit(const LogRecordView& view) {
  CommitRecord record;
  THALWEG_RETURN_NOT_OK(DecodeRecord(path_, view, &record));
  const bool repeated = state_->last_commit && record.epoch == state_->last_commit->epoch;
  if (state_->last_epoch && !repeated && record.epoch != state_->last_epoch->epoch) {
    return OutOfOrder(view, "commit", record.epoch);
  }
  state_->prepared.reset();
  state_->last_commit = std::move(record);
  return Status::OK();
}

Status LogStateReader::AddPrepared(const LogRecordView& view) {
  CommitRecord record;
  THALWEG_RETURN_NOT_OK(DecodeRecord(path_, view, &record));
  if (record.epoch != state_->last_epoch_number()) {
    return OutOfOrder(view, "prepared commit", record.epoch);
  }
  state_->prepared = std::move(record);
  return Status::OK();
}

Status LogStateReader::AddDurableState(const LogRecordView& view) {
  int64_t version = 0;
  if (!DecodeDurableState(view.payload, &version)) {
    return DamagedLog(path_, view.position, "a record with a valid checksum cannot be read");
  }
  if (version > state_->last_commit_number() || version < state_->durable_state) {
    return OutOfOrder(view, "state version", version);
  }
  state_->durable_state = version;
  return Status::OK();
}

Status LogStateReader::OutOfOrder(const LogRecordView& view, const char* what,
                                  int64_t epoch) const {
  return DamagedLog(path_, view.position,
                    std::string(what) + " " + std::to_string(epoch) + " follows epoch " +
                        std::to_string(state_->last_epoch_number()) + ", commit " +
                        std::to_string(state_->last_commit_number()) + ", state " +
                        std::to_string(state_->durable_state));
}

}  // namespace
}  // namespace thalweg
