#include "state/keyed_records.h"

#include <algorithm>

#include "base/hash.h"
#include "data/aggregate.h"

namespace thalweg {
namespace {

constexpr size_t kHeaderBytes = 16;
constexpr uint8_t kHasOps = 1;

template <class T>
void StoreAt(char* at, T value) {
  std::memcpy(at, &value, sizeof(T));
}
template <class T>
T LoadAt(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

bool ValueFits(const KeyedFormat& format, std::string_view value);

}  // namespace

bool KeyedEntry::Before(const KeyedEntry& other) const {
  if (hash != other.hash) return hash < other.hash;
  if (null() != other.null()) return null();
  return key < other.key;  // compares as unsigned bytes
}

KeyedWriter::KeyedWriter(const KeyedFormat& format, RecordSink& out)
    : format_(format), out_(out), entry_bytes_(8 + static_cast<size_t>(format.block_bytes)) {}

Status KeyedWriter::Dropped(const std::vector<int64_t>& sections) {
  if (sections.empty()) return Status::OK();
  std::string record(8 + sections.size() * 8, '\0');
  record[0] = 'D';
  StoreAt(record.data() + 4, static_cast<uint32_t>(sections.size()));
  std::memcpy(record.data() + 8, sections.data(), sections.size() * 8);
  return out_.Append(record);
}

Status KeyedWriter::BeginSection(int64_t section) {
  THALWEG_RETURN_NOT_OK(Flush());
  if (record_.empty()) record_.resize(kRecordBytes);
  section_ = section;
  used_ = kHeaderBytes;
  return Status::OK();
}

Status KeyedWriter::Put(uint8_t op, std::string_view key, std::string_view value) {
  if (format_.fixed()) {
    uint64_t word;
    std::memcpy(&word, key.data(), 8);
    return PutFixed(op, word, reinterpret_cast<const uint8_t*>(value.data()));
  }
  const size_t bytes = 8 + key.size() + value.size();
  if (count_ > 0 && used_ + bytes > kRecordBytes) THALWEG_RETURN_NOT_OK(BeginSection(section_));
  AddOp(op);
  char* at = Extend(bytes);
  StoreAt(at, static_cast<uint32_t>(key.size()));
  StoreAt(at + 4, static_cast<uint32_t>(value.size()));
  if (!key.empty()) std::memcpy(at + 8, key.data(), key.size());
  if (!value.empty()) std::memcpy(at + 8 + key.size(), value.data(), value.size());
  ++count_;
  return Status::OK();
}

Status KeyedWriter::PutSlowly(uint8_t op, uint64_t word, const uint8_t* block) {
  if (used_ + entry_bytes_ > kRecordBytes && count_ > 0) {
    THALWEG_RETURN_NOT_OK(BeginSection(section_));
  }
  AddOp(op);
  char* at = Extend(entry_bytes_);
  StoreAt(at, word);
  if ((op & kErased) != 0) {
    std::memset(at + 8, 0, entry_bytes_ - 8);
  } else {
    CopyBlock(at + 8, block);
  }
  ++count_;
  return Status::OK();
}

void KeyedWriter::AddOp(uint8_t op) {
  if (op != 0 && !has_ops_) {
    has_ops_ = true;
    ops_.assign(count_, '\0');
  }
  if (has_ops_) ops_.push_back(static_cast<char>(op));
}

char* KeyedWriter::Extend(size_t bytes) {
  if (used_ + bytes > record_.size()) record_.resize(std::max(used_ + bytes, kRecordBytes));
  used_ += bytes;
  return record_.data() + used_ - bytes;
}

Status KeyedWriter::Flush() {
  if (count_ == 0) return Status::OK();
  if (has_ops_) std::memcpy(Extend(ops_.size()), ops_.data(), ops_.size());
  char* header = record_.data();
  std::memset(header, 0, kHeaderBytes);
  header[0] = 'E';
  header[1] = has_ops_ ? kHasOps : 0;
  StoreAt(header + 4, count_);
  StoreAt(header + 8, section_);
  count_ = 0;
  has_ops_ = false;
  ops_.clear();
  return out_.Append({record_.data(), used_});
}

Result<KeyedReader> KeyedReader::Open(std::string_view record, const KeyedFormat& format) {
  KeyedReader reader;
  reader.format_ = &format;
  if (record.size() < 8) return MalformedRecord("a record is too short");
  reader.left_ = LoadAt<uint32_t>(record.data() + 4);
  reader.end_ = record.data() + record.size();
  const uint64_t left = reader.left_;
  if (record[0] == 'D') {
    reader.dropped_ = true;
    reader.at_ = record.data() + 8;
    if (record.size() != 8 + left * 8) return MalformedRecord("a list of dropped slices is cut");
    return reader;
  }
  if (record[0] != 'E') return MalformedRecord("a record of unknown kind");
  const bool has_ops = (record[1] & kHasOps) != 0;
  if (record.size() < kHeaderBytes + (has_ops ? left : 0)) {
    return MalformedRecord("a record of entries is cut");
  }
  reader.section_ = LoadAt<int64_t>(record.data() + 8);
  reader.at_ = record.data() + kHeaderBytes;
  if (has_ops) {
    reader.end_ -= left;
    reader.ops_ = reinterpret_cast<const uint8_t*>(reader.end_);
  }
  const auto bytes = static_cast<uint64_t>(reader.end_ - reader.at_);
  if (format.fixed() && bytes != left * (8 + static_cast<uint64_t>(format.block_bytes))) {
    return MalformedRecord("a record of entries has another length than its entries");
  }
  return reader;
}

bool KeyedReader::NextDropped(int64_t* section) {
  if (left_ == 0) return false;
  *section = LoadAt<int64_t>(at_);
  at_ += 8;
  --left_;
  return true;
}

bool KeyedReader::Next(KeyedEntry* entry) {
  if (left_ == 0) {
    if (at_ != end_ && status_.ok()) return Fail("bytes are left behind the last entry");
    return false;
  }
  entry->op = ops_ != nullptr ? *ops_++ : 0;
  --left_;
  return format_->fixed() ? NextFixed(entry) : NextGeneral(entry);
}

bool KeyedReader::NextFixed(KeyedEntry* entry) {
  const auto block_bytes = static_cast<size_t>(format_->block_bytes);
  entry->key = {at_, 8};
  entry->value = entry->erased() ? std::string_view() : std::string_view(at_ + 8, block_bytes);
  entry->hash = entry->null() ? kNullKeyHash : HashWord(LoadAt<uint64_t>(at_));
  at_ += 8 + block_bytes;
  return true;
}

bool KeyedReader::NextGeneral(KeyedEntry* entry) {
  const auto bytes = static_cast<uint64_t>(end_ - at_);
  if (bytes < 8) return Fail("an entry is cut");
  const uint64_t key_bytes = LoadAt<uint32_t>(at_);
  const uint64_t value_bytes = LoadAt<uint32_t>(at_ + 4);
  if (bytes - 8 < key_bytes + value_bytes) return Fail("an entry is longer than its record");
  entry->key = {at_ + 8, static_cast<size_t>(key_bytes)};
  entry->value = {at_ + 8 + key_bytes, static_cast<size_t>(value_bytes)};
  at_ += 8 + key_bytes + value_bytes;
  if (format_->word_keys && key_bytes != 8) return Fail("a key has another length than 8");
  if (entry->erased() ? value_bytes != 0 : !ValueFits(*format_, entry->value)) {
    return Fail("a value has another length than its block and spans");
  }
  if (entry->null()) {
    entry->hash = kNullKeyHash;
  } else if (format_->word_keys) {
    entry->hash = HashWord(entry->word());
  } else {
    entry->hash = HashBytes(entry->key.data(), static_cast<uint32_t>(key_bytes));
  }
  return true;
}

bool KeyedReader::Fail(const char* what) {
  status_ = MalformedRecord(what);
  left_ = 0;
  return false;
}

Status MalformedRecord(std::string what) {
  return Status::World("THALWEG_CHECKPOINT_DAMAGED",
                       {{"file", ""}, {"offset", "0"}, {"what", std::move(what)}});
}

void EncodeValue(const KeyedFormat& format, const uint8_t* block, std::string* value) {
  value->assign(reinterpret_cast<const char*>(block), static_cast<size_t>(format.block_bytes));
  for (const int offset : format.spans) {
    ArenaSpan span;
    std::memcpy(&span, block + offset, sizeof(span));
    value->append(reinterpret_cast<const char*>(span.data), span.size);
    span.data = nullptr;
    span.capacity = 0;
    std::memcpy(value->data() + offset, &span, sizeof(span));
  }
}

namespace {

bool ValueFits(const KeyedFormat& format, std::string_view value) {
  uint64_t bytes = static_cast<uint64_t>(format.block_bytes);
  if (value.size() < bytes) return false;
  for (const int offset : format.spans) {
    ArenaSpan span;
    std::memcpy(&span, value.data() + offset, sizeof(span));
    if (span.data != nullptr || span.capacity != 0) return false;
    bytes += span.size;
  }
  return value.size() == bytes;
}

}  // namespace
}  // namespace thalweg
