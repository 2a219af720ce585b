// TableTwin: a GroupTable beside a std::map that says what it must hold; for tests. Every update
// adds to each word of the block and, where there are spans, appends to them; Compare and the scans
// look at everything. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "state/group_table.h"

namespace thalweg {

/// Takes records as a file would.
class RecordList final : public RecordSink {
 public:
  Status Append(std::string_view record) override {
    records.emplace_back(record);
    return Status::OK();
  }
  std::vector<std::string> records;
};

/// nullopt: NULL. Words are 8 bytes.
using TwinKey = std::optional<std::string>;

struct TwinBlock {
  std::vector<uint64_t> words;
  std::vector<std::string> spans;
  bool operator==(const TwinBlock&) const = default;
};
using TwinMap = std::map<TwinKey, TwinBlock>;

/// The word whose HashWord is `hash`.
uint64_t WordOfHash(uint64_t hash);

/// A batch of keys with the memory behind it.
struct TwinKeys {
  KeyBatch batch;
  std::vector<uint64_t> hashes;
  std::vector<uint64_t> words;
  std::vector<StringView> bytes;
  std::vector<uint8_t> nulls;
  std::vector<TwinKey> keys;
};
/// `form` says what `keys` are.
void FillKeys(KeyForm form, std::vector<TwinKey> keys, TwinKeys* out);

struct ScanWhat {
  bool ordered = false;
  bool touched = false;
  int first_shard = 0;
  int last_shard = 64;
};

/// What a scan handed out, in its order.
struct ScannedEntry {
  TwinKey key;
  uint64_t hash;
  TwinBlock block;
};

class TableTwin {
 public:
  TableTwin(GroupTableOptions options, MemoryBudget* budget, uint64_t seed);

  GroupTable& table() { return *table_; }
  const TwinMap& map() const { return map_; }
  const TwinMap& touched() const { return touched_; }
  std::mt19937_64& random() { return random_; }

  /// Random keys out of about `distinct`, now and then NULL, the word of free slots, keys whose
  /// hashes are nearly equal.
  std::vector<TwinKey> RandomKeys(int count, uint64_t distinct);
  /// Locates and updates both; an error leaves both at what was located before.
  Status Update(const std::vector<TwinKey>& keys);
  Status Erase(const std::vector<TwinKey>& keys);
  void Split();
  void ClearTouched();
  void Clear();
  /// Fails the test where table and map differ: size, every entry, Find of some keys, order.
  void Compare(const char* what);
  void CompareTouched();

  static std::vector<ScannedEntry> ScanAll(GroupTable& table, const GroupTableOptions& options,
                                           const ScanWhat& what);
  /// Fails the test if the table does not hold exactly `expected`.
  static void ExpectHolds(GroupTable& table, const GroupTableOptions& options,
                          const TwinMap& expected, const char* what);
  const GroupTableOptions& options() const { return options_; }

 private:
  void UpdateBlock(uint8_t* block, AggregateArena* arena, const TwinKey& key, TwinBlock* twin);

  GroupTableOptions options_;
  std::unique_ptr<GroupTable> table_;
  std::mt19937_64 random_;
  TwinMap map_;
  TwinMap touched_;  // keys only
};

}  // namespace thalweg
