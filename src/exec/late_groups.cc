#include "exec/late_groups.h"

#include "base/hash.h"

namespace thalweg {
namespace {

GroupTableOptions SetOptions() {
  GroupTableOptions options;
  options.key_form = KeyForm::kBytes;
  options.block_bytes = 8;  // 0: new
  options.track_dirty = false;
  options.unsharded = true;
  return options;
}

/// What stands before the key in the bytes of a pair.
struct PairPrefix {
  int32_t source;
  int32_t partition;
  int64_t window;
  int64_t is_null;
};

bool IsNullKey(const KeyBatch& keys, int i) {
  return keys.nulls != nullptr && keys.nulls[i] != 0;
}

std::string_view KeyText(const KeyBatch& keys, int i) {
  if (IsNullKey(keys, i)) return {};
  if (keys.form == KeyForm::kWord) return {reinterpret_cast<const char*>(&keys.words[i]), 8};
  return {keys.bytes[i].data(), keys.bytes[i].size()};
}

}  // namespace

Result<int64_t> LateGroups::Add(const RowOrigin& origin, const KeyBatch& keys,
                                const TimeRange& windows, int64_t slide_us, LateGroups* before) {
  if (!pairs_) pairs_.emplace(SetOptions(), budget_);
  int64_t added = 0;
  for (int64_t window = windows.start; window <= windows.end; window += slide_us) {
    THALWEG_ASSIGN_OR_RETURN(const int64_t of_window, AddWindow(origin, keys, window, before));
    added += of_window;
  }
  return added;
}

Result<int64_t> LateGroups::AddWindow(const RowOrigin& origin, const KeyBatch& keys, int64_t window,
                                      LateGroups* before) {
  EncodePairs(origin, keys, window);
  KeyBatch pairs;
  pairs.form = KeyForm::kBytes;
  pairs.count = keys.count;
  pairs.hashes = hashes_.data();
  pairs.bytes = views_.data();
  uint8_t* known[kBatchRows] = {};
  if (before != nullptr && before->pairs_) before->pairs_->Find(pairs, known, nullptr);
  int64_t added = 0;
  uint8_t* blocks[kBatchRows];
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, pairs_->Locate(pairs, from, blocks, nullptr));
    for (int i = 0; i < count; ++i) {
      uint64_t& seen = *reinterpret_cast<uint64_t*>(blocks[i]);
      added += seen == 0 && known[from + i] == nullptr;
      seen = 1;
    }
    from += count;
  }
  return added;
}

void LateGroups::EncodePairs(const RowOrigin& origin, const KeyBatch& keys, int64_t window) {
  bytes_.clear();
  for (int i = 0; i < keys.count; ++i) {
    const PairPrefix prefix = {origin.source, origin.partition, window, IsNullKey(keys, i)};
    bytes_.append(reinterpret_cast<const char*>(&prefix), sizeof(prefix));
    bytes_.append(KeyText(keys, i));
  }
  hashes_.resize(keys.count);
  views_.resize(keys.count);
  const char* next = bytes_.data();
  for (int i = 0; i < keys.count; ++i) {
    const uint32_t length = static_cast<uint32_t>(sizeof(PairPrefix) + KeyText(keys, i).size());
    views_[i] = StringView(next, length);
    hashes_[i] = HashBytes(next, length);
    next += length;
  }
}

}  // namespace thalweg
