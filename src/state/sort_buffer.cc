#include "state/sort_buffer.h"

#include <algorithm>
#include <cstring>

namespace thalweg {
namespace {

constexpr size_t kFirstBlockBytes = 16 << 10;
constexpr size_t kBlockBytesMax = 1 << 20;
constexpr int64_t kSpareRows = 4096;

int64_t RowsKeptMax(int64_t rows_max) {
  if (rows_max == SortBuffer::kAllRows) return rows_max;
  return rows_max + std::max(rows_max, kSpareRows);
}

}  // namespace

SortBuffer::SortBuffer(MemoryBudget* budget, int64_t rows_max)
    : budget_(budget), rows_max_(rows_max), rows_kept_max_(RowsKeptMax(rows_max)) {}

SortBuffer::~SortBuffer() {
  Clear();
}

bool SortBuffer::Before::operator()(const Entry& a, const Entry& b) const {
  if (a.prefix != b.prefix) return a.prefix < b.prefix;
  const int order = KeyOf(a).compare(KeyOf(b));
  return order != 0 ? order < 0 : a.arrival < b.arrival;
}

bool SortBuffer::Wants(std::string_view key) const {
  if (rows_max_ == 0) return false;
  if (!full_) return true;
  const Entry& last = entries_[static_cast<size_t>(rows_max_ - 1)];
  const uint64_t prefix = PrefixOf(key);
  return prefix != last.prefix ? prefix < last.prefix : key < KeyOf(last);
}

Status SortBuffer::Add(std::string_view key, std::string_view row) {
  if (entries_.size() == entries_.capacity()) THALWEG_RETURN_NOT_OK(GrowEntries());
  THALWEG_ASSIGN_OR_RETURN(uint8_t* const bytes, Allocate(key.size() + row.size()));
  std::memcpy(bytes, key.data(), key.size());
  if (!row.empty()) std::memcpy(bytes + key.size(), row.data(), row.size());
  entries_.push_back({PrefixOf(key), bytes, static_cast<uint32_t>(key.size()),
                      static_cast<uint32_t>(row.size()), arrivals_++});
  return size() > rows_kept_max_ ? Prune() : Status::OK();
}

void SortBuffer::Sort() {
  std::sort(entries_.begin(), entries_.end(), Before());
  if (size() > rows_max_) entries_.resize(static_cast<size_t>(rows_max_));
}

StringView SortBuffer::Row(int64_t i) const {
  const Entry& entry = entries_[static_cast<size_t>(i)];
  return {reinterpret_cast<const char*>(entry.bytes) + entry.key_length, entry.row_length};
}

void SortBuffer::Clear() {
  entries_ = {};
  blocks_.clear();
  top_ = nullptr;
  free_bytes_ = 0;
  arrivals_ = 0;
  full_ = false;
  budget_->Release(reserved_bytes_);
  reserved_bytes_ = 0;
}

uint64_t SortBuffer::PrefixOf(std::string_view key) {
  uint64_t prefix = 0;
  std::memcpy(&prefix, key.data(), std::min(key.size(), sizeof(prefix)));
  return __builtin_bswap64(prefix);
}

std::string_view SortBuffer::KeyOf(const Entry& entry) {
  return {reinterpret_cast<const char*>(entry.bytes), entry.key_length};
}

Status SortBuffer::GrowEntries() {
  const size_t capacity = std::max<size_t>(64, 2 * entries_.capacity());
  THALWEG_RETURN_NOT_OK(
      Reserve(static_cast<int64_t>((capacity - entries_.capacity()) * sizeof(Entry))));
  entries_.reserve(capacity);
  return Status::OK();
}

/// Keeps the first rows alone and copies them together.
Status SortBuffer::Prune() {
  std::nth_element(entries_.begin(), entries_.begin() + rows_max_ - 1, entries_.end(), Before());
  entries_.resize(static_cast<size_t>(rows_max_));
  full_ = true;
  const std::vector<Buffer> old_blocks = std::move(blocks_);
  blocks_.clear();
  free_bytes_ = 0;
  for (Entry& entry : entries_) {
    const size_t length = size_t{entry.key_length} + entry.row_length;
    THALWEG_ASSIGN_OR_RETURN(uint8_t* const bytes, Allocate(length));
    std::memcpy(bytes, entry.bytes, length);
    entry.bytes = bytes;
  }
  int64_t freed_bytes = 0;
  for (const Buffer& block : old_blocks) freed_bytes += static_cast<int64_t>(block.capacity());
  budget_->Release(freed_bytes);
  reserved_bytes_ -= freed_bytes;
  return Status::OK();
}

Result<uint8_t*> SortBuffer::Allocate(size_t bytes) {
  if (bytes > free_bytes_) {
    const size_t doubled = blocks_.empty() ? kFirstBlockBytes : 2 * blocks_.back().capacity();
    const size_t wanted = std::max(bytes, std::min(doubled, kBlockBytesMax));
    THALWEG_RETURN_NOT_OK(Reserve(static_cast<int64_t>(wanted)));
    Buffer block = Buffer::Allocate(wanted);
    const auto more_bytes = static_cast<int64_t>(block.capacity() - wanted);
    if (more_bytes > 0) THALWEG_RETURN_NOT_OK(Reserve(more_bytes));
    top_ = block.data();
    free_bytes_ = block.capacity();
    blocks_.push_back(std::move(block));
  }
  uint8_t* const allocated = top_;
  top_ += bytes;
  free_bytes_ -= bytes;
  return allocated;
}

Status SortBuffer::Reserve(int64_t bytes) {
  THALWEG_RETURN_NOT_OK(budget_->Reserve(bytes));
  reserved_bytes_ += bytes;
  return Status::OK();
}

}  // namespace thalweg
