// Keyed records: the records that containers of keys and blocks write, as StateFiles carry them.
// All numbers are little-endian.
//
//   dropped   | 'D' u8 | 0 u8 | 0 u16 | count u32 | section i64 … ascending |
//   entries   | 'E' u8 | flags u8 | 0 u16 | count u32 | section i64 | entry … | op u8 … |
//     entry   = | key u64 | value[block bytes] |               word keys without spans
//             = | key length u32 | value length u32 | key | value |                others
//     value   = block, its spans with size only, then the bytes of the spans in order
//     op      = 0 put, 1 erased (no value; zeros where it has a fixed place), + 2 the key is NULL;
//               the ops are there if flags & 1, else all are 0
//
// A section is a slice's start, 0 in a plain table. Order in a file, for each container: dropped,
// then entries by (section, key hash, NULL first, key bytes), each key once. What is dropped or
// erased are entries of *older* files. So files merge as sorted streams, the newest entry wins.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "state/container.h"

namespace thalweg {

struct KeyedFormat {
  bool word_keys = true;
  int block_bytes = 8;
  std::vector<int> spans;

  bool fixed() const { return word_keys && spans.empty(); }
  bool operator==(const KeyedFormat&) const = default;
};

enum KeyedOp : uint8_t { kPut = 0, kErased = 1, kNullKey = 2 };

struct KeyedEntry {
  uint8_t op = kPut;
  uint64_t hash = 0;
  std::string_view key;    // word keys: 8 bytes
  std::string_view value;  // empty if erased

  bool erased() const { return (op & kErased) != 0; }
  bool null() const { return (op & kNullKey) != 0; }
  uint64_t word() const {
    uint64_t word;
    std::memcpy(&word, key.data(), 8);
    return word;
  }
  /// Before `other` in a section.
  bool Before(const KeyedEntry& other) const;
  bool SameKey(const KeyedEntry& other) const {
    return hash == other.hash && null() == other.null() && key == other.key;
  }
};

/// Packs entries into records of about 128 KB.
class KeyedWriter {
 public:
  KeyedWriter(const KeyedFormat& format, RecordSink& out);

  Status Dropped(const std::vector<int64_t>& sections);
  Status BeginSection(int64_t section);
  Status Put(uint8_t op, std::string_view key, std::string_view value);
  /// Put for fixed entries; `block` may be null if erased.
  Status PutFixed(uint8_t op, uint64_t word, const uint8_t* block) {
    if (__builtin_expect(used_ + entry_bytes_ > kRecordBytes || op != 0 || has_ops_, 0)) {
      return PutSlowly(op, word, block);
    }
    char* at = record_.data() + used_;
    std::memcpy(at, &word, 8);
    CopyBlock(at + 8, block);
    used_ += entry_bytes_;
    ++count_;
    return Status::OK();
  }
  /// Writes what is still held back.
  Status Flush();

 private:
  static constexpr size_t kRecordBytes = 128 << 10;

  void CopyBlock(char* to, const uint8_t* block) const {
    if (entry_bytes_ == 16) {
      std::memcpy(to, block, 8);
    } else {
      std::memcpy(to, block, entry_bytes_ - 8);
    }
  }
  Status PutSlowly(uint8_t op, uint64_t word, const uint8_t* block);
  void AddOp(uint8_t op);
  char* Extend(size_t bytes);

  const KeyedFormat& format_;
  RecordSink& out_;
  const size_t entry_bytes_;  // of fixed entries
  std::string record_;
  size_t used_ = 0;
  uint32_t count_ = 0;
  int64_t section_ = 0;
  bool has_ops_ = false;
  std::string ops_;
};

/// Reads one record; `record` and `format` outlive the reader. Every length is checked.
class KeyedReader {
 public:
  /// Errors: MalformedRecord.
  static Result<KeyedReader> Open(std::string_view record, const KeyedFormat& format);
  bool dropped() const { return dropped_; }
  int64_t section() const { return section_; }
  uint32_t left() const { return left_; }
  const KeyedFormat& format() const { return *format_; }
  /// The next dropped section.
  bool NextDropped(int64_t* section);
  /// The next entry, views into the record. False at the end or at a malformed one: see status().
  bool Next(KeyedEntry* entry);
  const Status& status() const { return status_; }

 private:
  bool Fail(const char* what);
  bool NextFixed(KeyedEntry* entry);
  bool NextGeneral(KeyedEntry* entry);

  const KeyedFormat* format_ = nullptr;
  bool dropped_ = false;
  int64_t section_ = 0;
  uint32_t left_ = 0;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  const uint8_t* ops_ = nullptr;
  Status status_;
};

/// THALWEG_CHECKPOINT_DAMAGED without a file: the caller fills it in.
Status MalformedRecord(std::string what);

/// Value of a block with spans, into `value`.
void EncodeValue(const KeyedFormat& format, const uint8_t* block, std::string* value);

}  // namespace thalweg
