#include "streaming/log_format.h"

#include <charconv>
#include <cstdio>
#include <cstring>

#include "base/crc32c.h"

namespace thalweg {
namespace {

constexpr std::string_view kMagic = "THALWEGL";
constexpr size_t kRecordHeadBytes = 16;
constexpr size_t kCrcAt = 12;  // in a record's head
constexpr uint8_t kNoData = 1;

template <class T>
void Put(T value, std::string* out) {
  static_assert(std::is_integral_v<T>);
  out->append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T Get(std::string_view bytes, size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void PutText(std::string_view text, std::string* out) {
  Put(static_cast<uint32_t>(text.size()), out);
  out->append(text);
}

// Takes fields from the front of a payload; once something is missing, everything is.
class PayloadReader {
 public:
  explicit PayloadReader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  void Take(T* value) {
    if (!Has(sizeof(T))) return;
    *value = Get<T>(bytes_, 0);
    bytes_.remove_prefix(sizeof(T));
  }
  void Take(std::string* text) {
    uint32_t size = 0;
    Take(&size);
    if (!Has(size)) return;
    text->assign(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
  }
  /// A count of things that take at least `bytes_each`.
  uint32_t TakeCount(size_t bytes_each) {
    uint32_t count = 0;
    Take(&count);
    return Has(count * bytes_each) ? count : 0;
  }
  bool Finished() const { return ok_ && bytes_.empty(); }

 private:
  bool Has(size_t bytes) {
    ok_ = ok_ && bytes_.size() >= bytes;
    return ok_;
  }
  std::string_view bytes_;
  bool ok_ = true;
};

uint32_t RecordCrc(uint64_t number, int64_t position, std::string_view record);
void PutCommit(const CommitRecord& record, std::string* out);

}  // namespace

std::string SegmentName(uint64_t number) {
  char name[32];
  std::snprintf(name, sizeof name, "%08llu.log", static_cast<unsigned long long>(number));
  return name;
}

std::optional<uint64_t> SegmentNumber(std::string_view name) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || SegmentName(number) != name) return std::nullopt;
  return number;
}

void LogRecordWriter::Begin(uint64_t number, int64_t position, int64_t safe) {
  bytes_.clear();
  number_ = number;
  position_ = position;
  safe_ = safe;
}

void LogRecordWriter::AddHeader() {
  bytes_.append(kMagic);
  Put(kLogFormatVersion, &bytes_);
  Put(kLogOldestReader, &bytes_);
  Put(number_, &bytes_);
  Put(Crc32c(bytes_), &bytes_);
  Put(uint32_t{0}, &bytes_);
}

void LogRecordWriter::Add(const ProgramRecord& record) {
  const size_t start = BeginRecord(LogRecordType::kProgram);
  PutText(record.build, &bytes_);
  PutText(record.plan_fingerprint, &bytes_);
  PutText(record.versions, &bytes_);
  PutText(record.pinned_conf, &bytes_);
  EndRecord(start);
}

// | epoch i64 | batch time i64 | watermark i64 | late watermark i64 | flags u8 | sources u32 |
// per source: | from text | to text |
void LogRecordWriter::Add(const EpochRecord& record) {
  const size_t start = BeginRecord(LogRecordType::kEpoch);
  Put(record.epoch, &bytes_);
  Put(record.batch_time_us, &bytes_);
  Put(record.watermark_us, &bytes_);
  Put(record.late_watermark_us, &bytes_);
  Put(record.no_data ? kNoData : uint8_t{0}, &bytes_);
  Put(static_cast<uint32_t>(record.to.size()), &bytes_);
  for (size_t i = 0; i < record.to.size(); ++i) {
    PutText(record.from[i].json, &bytes_);
    PutText(record.to[i].json, &bytes_);
  }
  EndRecord(start);
}

void LogRecordWriter::Add(const CommitRecord& record) {
  const size_t start = BeginRecord(LogRecordType::kCommit);
  PutCommit(record, &bytes_);
  EndRecord(start);
}

void LogRecordWriter::AddPrepared(const CommitRecord& record) {
  const size_t start = BeginRecord(LogRecordType::kPrepared);
  PutCommit(record, &bytes_);
  EndRecord(start);
}

void LogRecordWriter::AddDurableState(int64_t version) {
  const size_t start = BeginRecord(LogRecordType::kDurableState);
  Put(version, &bytes_);
  EndRecord(start);
}

size_t LogRecordWriter::BeginRecord(LogRecordType type) {
  const size_t start = bytes_.size();
  const int64_t position = position_ + static_cast<int64_t>(start);
  Put(uint32_t{0}, &bytes_);
  Put(static_cast<uint32_t>(safe_ < 0 ? position : safe_), &bytes_);
  Put(static_cast<uint32_t>(type), &bytes_);
  Put(uint32_t{0}, &bytes_);
  return start;
}

void LogRecordWriter::EndRecord(size_t start) {
  const auto payload = static_cast<uint32_t>(bytes_.size() - start - kRecordHeadBytes);
  std::memcpy(bytes_.data() + start, &payload, sizeof payload);
  const uint32_t crc = RecordCrc(number_, position_ + static_cast<int64_t>(start),
                                 std::string_view(bytes_).substr(start));
  std::memcpy(bytes_.data() + start + kCrcAt, &crc, sizeof crc);
}

SegmentReader::SegmentReader(std::string_view bytes, uint64_t number)
    : bytes_(bytes), number_(number) {
  if (bytes.size() < kSegmentHeaderBytes || !bytes.starts_with(kMagic)) return;
  if (Crc32c(bytes.substr(0, 24)) != Get<uint32_t>(bytes, 24)) return;
  if (Get<uint32_t>(bytes, 28) != 0) return;
  if (Get<uint64_t>(bytes, 16) != number) return;
  const auto oldest_reader = Get<uint32_t>(bytes, 12);
  if (oldest_reader > kLogFormatVersion) unreadable_format_ = oldest_reader;
  position_ = kSegmentHeaderBytes;
}

bool SegmentReader::Next(LogRecordView* record) {
  int64_t safe = 0;
  if (position_ < kSegmentHeaderBytes || !ParseAt(position_, record, &safe)) return false;
  position_ += static_cast<int64_t>(kRecordHeadBytes + record->payload.size());
  return true;
}

bool SegmentReader::IsDamaged() const {
  LogRecordView record;
  int64_t safe = 0;
  for (int64_t at = position_ + 1; at < static_cast<int64_t>(bytes_.size()); ++at) {
    if (ParseAt(at, &record, &safe) && safe > position_) return true;
  }
  return false;
}

bool SegmentReader::ParseAt(int64_t position, LogRecordView* record, int64_t* safe) const {
  const std::string_view rest = bytes_.substr(static_cast<size_t>(position));
  if (rest.size() < kRecordHeadBytes) return false;
  const auto payload_bytes = Get<uint32_t>(rest, 0);
  if (payload_bytes > rest.size() - kRecordHeadBytes) return false;
  const auto type = Get<uint32_t>(rest, 8);
  if (type < static_cast<uint32_t>(LogRecordType::kProgram) ||
      type > static_cast<uint32_t>(LogRecordType::kPrepared)) {
    return false;
  }
  const std::string_view whole = rest.substr(0, kRecordHeadBytes + payload_bytes);
  if (RecordCrc(number_, position, whole) != Get<uint32_t>(rest, kCrcAt)) return false;
  record->type = static_cast<LogRecordType>(type);
  record->position = position;
  record->payload = whole.substr(kRecordHeadBytes);
  *safe = Get<uint32_t>(rest, 4);
  return true;
}

bool Decode(std::string_view payload, ProgramRecord* record) {
  PayloadReader reader(payload);
  reader.Take(&record->build);
  reader.Take(&record->plan_fingerprint);
  reader.Take(&record->versions);
  reader.Take(&record->pinned_conf);
  return reader.Finished();
}

bool Decode(std::string_view payload, EpochRecord* record) {
  PayloadReader reader(payload);
  reader.Take(&record->epoch);
  reader.Take(&record->batch_time_us);
  reader.Take(&record->watermark_us);
  reader.Take(&record->late_watermark_us);
  uint8_t flags = 0;
  reader.Take(&flags);
  record->no_data = (flags & kNoData) != 0;
  const uint32_t sources = reader.TakeCount(2 * sizeof(uint32_t));
  record->from.resize(sources);
  record->to.resize(sources);
  for (uint32_t i = 0; i < sources; ++i) {
    reader.Take(&record->from[i].json);
    reader.Take(&record->to[i].json);
  }
  return reader.Finished() && flags <= kNoData;
}

bool Decode(std::string_view payload, CommitRecord* record) {
  PayloadReader reader(payload);
  reader.Take(&record->epoch);
  reader.Take(&record->next_watermark_us);
  record->read.resize(reader.TakeCount(2 * sizeof(int64_t)));
  for (ReadCounts& counts : record->read) {
    reader.Take(&counts.rows);
    reader.Take(&counts.bytes);
  }
  return reader.Finished();
}

bool DecodeDurableState(std::string_view payload, int64_t* version) {
  PayloadReader reader(payload);
  reader.Take(version);
  return reader.Finished();
}

namespace {

uint32_t RecordCrc(uint64_t number, int64_t position, std::string_view record) {
  const uint64_t place[2] = {number, static_cast<uint64_t>(position)};
  uint32_t crc = Crc32c({reinterpret_cast<const char*>(place), sizeof place});
  crc = Crc32c(record.substr(0, kCrcAt), crc);
  return Crc32c(record.substr(kRecordHeadBytes), crc);
}

// | epoch i64 | next watermark i64 | sources u32 | per source: | rows i64 | bytes i64 |
void PutCommit(const CommitRecord& record, std::string* out) {
  Put(record.epoch, out);
  Put(record.next_watermark_us, out);
  Put(static_cast<uint32_t>(record.read.size()), out);
  for (const ReadCounts& counts : record.read) {
    Put(counts.rows, out);
    Put(counts.bytes, out);
  }
}

}  // namespace
}  // namespace thalweg
