// SortBuffer: rows as bytes, kept until all have come and then given in the order of their keys,
// equal keys in the order in which they came. Keys are bytes too, compared as unsigned bytes; no
// key is the beginning of another one. Bounded to the first n rows it keeps about 2 n of them. One
// thread at a time.
//
//   entries   | first 8 bytes of the key | place | lengths | number of arrival |
//   blocks    key, row, key, row …
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/memory.h"
#include "data/string_view.h"

namespace thalweg {

class SortBuffer {
 public:
  static constexpr int64_t kAllRows = INT64_MAX;

  /// Gives the first `rows_max` rows. `budget` outlives the buffer.
  explicit SortBuffer(MemoryBudget* budget, int64_t rows_max = kAllRows);
  ~SortBuffer();
  SortBuffer(const SortBuffer&) = delete;
  SortBuffer& operator=(const SortBuffer&) = delete;

  /// False if a row of this key, coming now, is not among the first ones.
  bool Wants(std::string_view key) const;
  /// Adds a row that is wanted. Errors: the memory limit.
  Status Add(std::string_view key, std::string_view row);
  /// To be said once, after the last row.
  void Sort();
  int64_t size() const { return static_cast<int64_t>(entries_.size()); }
  /// The row at place `i` of the order.
  StringView Row(int64_t i) const;
  /// Empties it and gives its memory back.
  void Clear();

 private:
  struct Entry {
    uint64_t prefix;
    const uint8_t* bytes;
    uint32_t key_length;
    uint32_t row_length;
    int64_t arrival;
  };
  struct Before {
    bool operator()(const Entry& a, const Entry& b) const;
  };

  static uint64_t PrefixOf(std::string_view key);
  static std::string_view KeyOf(const Entry& entry);
  Status GrowEntries();
  Status Prune();
  Result<uint8_t*> Allocate(size_t bytes);
  Status Reserve(int64_t bytes);

  MemoryBudget* const budget_;
  const int64_t rows_max_;
  const int64_t rows_kept_max_;  // more are pruned
  int64_t reserved_bytes_ = 0;
  int64_t arrivals_ = 0;
  std::vector<Entry> entries_;
  std::vector<Buffer> blocks_;
  uint8_t* top_ = nullptr;  // the free part of the last block
  size_t free_bytes_ = 0;
  bool full_ = false;  // rows_max_ rows have come: the last of them is entries_[rows_max_ - 1]
};

}  // namespace thalweg
