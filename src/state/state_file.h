// StateFile: the bytes of a base or delta file. Numbers are little-endian.
//
//   header     | "THWGSTAT" | format u32 | oldest reader u32 | version i64 | previous i64 |
//              | seal u64 | previous seal u64 | sequence u64 | level u32 | crc u32 |
//   record     | length u32 | crc u32 | payload |         crc of length, number and payload, begun
//                                                         with the header's crc
//   payload    'C' container, then its 'D' and 'E' records (state/keyed_records.h), for each
//              container by fingerprint; 'Z' ends the file
//     C        | 'C' u8 | kind u8 | word keys u8 | 0 u8 | block bytes u32 | entries i64 |
//              | spans u32 | span u32 … | fingerprint |
//     Z        | 'Z' u8 | 0 u8 | 0 u16 | 0 u32 | records i64 |
//
// `seal` names the state that the file ends in, whatever the file's extent: a file made by merging
// keeps it, and a delta says which one it builds on. `sequence` rises with every file of a
// directory. A file without its 'Z' record, or with bytes behind it, is damaged. A CRC holds for
// one place in one file: blocks of another file or another place do not pass.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/env.h"
#include "state/container.h"
#include "state/keyed_records.h"

namespace thalweg {

/// Raised when anything written changes, the hash function and its seed included.
inline constexpr uint32_t kStateFormat = 1;
inline constexpr uint32_t kStateOldestReader = 1;

struct StateFileHeader {
  int64_t version = 0;
  int64_t previous = -1;  // version below, -1: none, this is a base
  uint64_t seal = 0;
  uint64_t previous_seal = 0;
  uint64_t sequence = 0;
  uint32_t level = 0;  // merges of merges

  bool is_base() const { return previous < 0; }
};

enum class ContainerKind : uint8_t { kGroups = 1, kSlices = 2 };

struct ContainerHeader {
  ContainerKind kind = ContainerKind::kGroups;
  KeyedFormat format;
  int64_t entries = 0;  // about, in the container when it was sealed
  std::string fingerprint;

  bool SameLayout(const ContainerHeader& other) const {
    return kind == other.kind && format == other.format;
  }
};

std::string EncodeContainer(const ContainerHeader& header);
/// Errors: MalformedRecord.
Result<ContainerHeader> DecodeContainer(std::string_view payload);

class StateFileWriter final : public RecordSink {
 public:
  static Result<std::unique_ptr<StateFileWriter>> Create(FileSystem& files, const std::string& path,
                                                         const StateFileHeader& header);
  Status Append(std::string_view payload) override;
  /// Ends the file; with `sync` its bytes are durable on return.
  Status Finish(bool sync);
  int64_t size_bytes() const { return written_bytes_ + static_cast<int64_t>(buffer_.size()); }

 private:
  explicit StateFileWriter(std::unique_ptr<AppendFile> file) : file_(std::move(file)) {}
  Status Flush();

  std::unique_ptr<AppendFile> file_;
  std::string buffer_;
  int64_t written_bytes_ = 0;
  uint32_t salt_ = 0;
  int64_t records_ = 0;
};

class StateFileReader {
 public:
  /// Reads and checks the header. Errors: THALWEG_CHECKPOINT_DAMAGED with file and byte.
  static Result<std::unique_ptr<StateFileReader>> Open(FileSystem& files, const std::string& path);

  const StateFileHeader& header() const { return header_; }
  /// The next payload, valid until the next call; "" behind the last record of a complete file.
  Result<std::string_view> Next();
  int64_t offset() const { return offset_; }
  int64_t size_bytes() const { return file_->size_bytes(); }
  /// THALWEG_CHECKPOINT_DAMAGED at the record last read.
  Status Damaged(std::string what) const { return DamagedAt(record_offset_, std::move(what)); }
  /// The same error, but with file and byte if it comes from MalformedRecord.
  Status Place(const Status& status) const;

 private:
  StateFileReader(std::string path, std::unique_ptr<RandomFile> file)
      : path_(std::move(path)), file_(std::move(file)) {}
  Status DamagedAt(int64_t offset, std::string what) const;
  Status ReadHeader();
  /// Makes `bytes` bytes from offset_ on available in buffer_, at buffer_at_.
  Status Fill(size_t bytes);

  const std::string path_;
  const std::unique_ptr<RandomFile> file_;
  StateFileHeader header_;
  uint32_t salt_ = 0;
  int64_t records_ = 0;
  int64_t offset_ = 0;         // of the next record
  int64_t record_offset_ = 0;  // of the last one
  bool ended_ = false;
  std::string buffer_;  // bytes [buffer_offset_, buffer_offset_ + buffer_.size()) of the file
  int64_t buffer_offset_ = 0;
};

}  // namespace thalweg
