// The query log's bytes: what a segment and its records look like, written and read without files.
// Used by QueryLog, `thalweg checkpoint` and the fuzzer. Thread-compatible.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/contracts.h"

namespace thalweg {

//   segment  log/<number, 8 digits>.log = header record*        (little-endian throughout)
//
//   header   0       8                12              16           24    28     32
//            | magic | format version | oldest reader | number u64 | crc | zero |
//
//   record   0               4      8      9        12    16
//            | payload bytes | safe | type | zero 3 | crc | payload …
//
// `crc` of a record is the CRC32C of the segment's number, the record's position and all its other
// bytes, so that a record cannot be taken for one that stood elsewhere. `safe` is how many bytes of
// the segment no crash can take away any more when this record is written: what was synced
// (durability = power), else everything before it. A segment that ends in something that is not a
// record has a torn tail, which is cut, unless a whole record behind it says that the place was
// safe: then the file is damaged.

inline constexpr uint32_t kLogFormatVersion = 1;
inline constexpr uint32_t kLogOldestReader = 1;
inline constexpr int64_t kSegmentHeaderBytes = 32;

/// What an epoch uses. `watermark_us` evicts; `late_watermark_us`, of the epoch before, tells late
/// rows. Both are whole ms.
struct EpochRecord {
  int64_t epoch = 0;
  int64_t batch_time_us = 0;
  int64_t watermark_us = 0;
  int64_t late_watermark_us = 0;
  bool no_data = false;
  std::vector<Offset> from;  // by source
  std::vector<Offset> to;
  bool operator==(const EpochRecord&) const = default;
};

/// Rows and bytes that an epoch read from one source; rows -1: nothing that a replay must repeat.
struct ReadCounts {
  int64_t rows = 0;
  int64_t bytes = 0;
  bool operator==(const ReadCounts&) const = default;
};

/// The sink has the epoch.
struct CommitRecord {
  int64_t epoch = 0;
  int64_t next_watermark_us = 0;
  std::vector<ReadCounts> read;  // by source
  bool operator==(const CommitRecord&) const = default;
};

/// What computes the epochs from here on.
struct ProgramRecord {
  std::string build;
  std::string plan_fingerprint;
  std::string versions;     // "key=value" lines: formats, tzdata, ICU, UDFs, static tables
  std::string pinned_conf;  // "key=value" lines
  bool operator==(const ProgramRecord&) const = default;
};

enum class LogRecordType : uint8_t {
  kProgram = 1,
  kEpoch = 2,
  kCommit = 3,
  kDurableState = 4,  // a version that is complete in state/, of a committed epoch
  kPrepared = 5,      // the commit that is about to happen; its epoch's state is complete in state/
};

std::string SegmentName(uint64_t number);
/// The number in a segment's file name; nothing if it is not one.
std::optional<uint64_t> SegmentNumber(std::string_view name);

/// Appends the records of one write; its buffer is reused.
class LogRecordWriter {
 public:
  /// The bytes will stand at `position` of segment `number`; `safe` as above, -1: all before each
  /// record.
  void Begin(uint64_t number, int64_t position, int64_t safe);
  void AddHeader();
  void Add(const ProgramRecord& record);
  void Add(const EpochRecord& record);
  void Add(const CommitRecord& record);
  void AddPrepared(const CommitRecord& record);
  void AddDurableState(int64_t version);
  std::string_view bytes() const { return bytes_; }

 private:
  size_t BeginRecord(LogRecordType type);
  void EndRecord(size_t start);

  std::string bytes_;
  uint64_t number_ = 0;
  int64_t position_ = 0;
  int64_t safe_ = 0;
};

struct LogRecordView {
  LogRecordType type = LogRecordType::kProgram;
  int64_t position = 0;
  std::string_view payload;
};

/// Walks the records of a segment whose bytes outlive it.
class SegmentReader {
 public:
  SegmentReader(std::string_view bytes, uint64_t number);
  /// False at the end, or where something stands that is no record.
  bool Next(LogRecordView* record);
  /// Where the walk stands: after the last whole record, 0 when the header is not whole.
  int64_t position() const { return position_; }
  bool at_end() const { return position_ == static_cast<int64_t>(bytes_.size()); }
  /// A format version that this program cannot read (the header is whole); 0: it can.
  uint32_t unreadable_format() const { return unreadable_format_; }
  /// After Next said false before the end: true when the place was safe, so that this is damage and
  /// no torn tail.
  bool IsDamaged() const;

 private:
  bool ParseAt(int64_t position, LogRecordView* record, int64_t* safe) const;

  std::string_view bytes_;
  uint64_t number_;
  int64_t position_ = 0;
  uint32_t unreadable_format_ = 0;
};

// False when the payload is not one of such a record.
bool Decode(std::string_view payload, ProgramRecord* record);
bool Decode(std::string_view payload, EpochRecord* record);
bool Decode(std::string_view payload, CommitRecord* record);
bool DecodeDurableState(std::string_view payload, int64_t* version);

}  // namespace thalweg
