// Erase: entries leave, and what must be told to the next delta is remembered.
#include <algorithm>

#include "state/group_table_rep.h"

namespace thalweg {
namespace {

Status Remember(const KeyBatch& keys, int i, MemoryBudget* budget, ErasedKeys* erased);

}  // namespace

Status GroupTable::Erase(const KeyBatch& keys) {
  return rep_->Erase(keys, rep_->options.track_dirty);
}

Status GroupTable::Rep::Erase(const KeyBatch& keys, bool remember) {
  if (shards.empty()) return Status::OK();
  for (int i = 0; i < keys.count; ++i) {
    uint8_t* block = FindOne(keys, i);
    if (block == nullptr) continue;
    if (remember) THALWEG_RETURN_NOT_OK(Remember(keys, i, budget, &erased));
    const auto side = std::find_if(
        sides, sides + kSides, [block](const SideEntry& entry) { return entry.block == block; });
    ShardTable& shard = ShardFor(side != sides + kSides ? side->hash : keys.hashes[i]);
    if (side != sides + kSides) {
      for (const int offset : layout.spans) {
        shard.arena->Free(reinterpret_cast<ArenaSpan*>(block + offset));
      }
      std::memset(block, 0, static_cast<size_t>(options.block_bytes));
      side->used = side->dirty = side->touched = false;
      continue;
    }
    uint8_t* entry = block - layout.block_offset;
    shard.FreeParts(layout, entry);
    shard.RemoveSlot(layout, static_cast<uint32_t>((entry - shard.entries) / layout.stride));
  }
  return Status::OK();
}

namespace {

// Makes room for `more` elements, doubling and reserving before.
template <class T>
Status Extend(T* list, size_t more, MemoryBudget* budget, int64_t* reserved_bytes) {
  const size_t wanted = list->size() + more;
  if (wanted <= list->capacity()) return Status::OK();
  const size_t capacity = std::max({wanted, list->capacity() * 2, size_t{256}});
  const auto bytes =
      static_cast<int64_t>((capacity - list->capacity()) * sizeof(typename T::value_type));
  THALWEG_RETURN_NOT_OK(budget->Reserve(bytes));
  *reserved_bytes += bytes;
  list->reserve(capacity);
  return Status::OK();
}

Status Remember(const KeyBatch& keys, int i, MemoryBudget* budget, ErasedKeys* erased) {
  if (keys.nulls != nullptr && keys.nulls[i] != 0) {
    erased->sides[kSideNull] = true;
  } else if (keys.form != KeyForm::kWord) {
    const uint32_t length = keys.bytes[i].size();
    THALWEG_RETURN_NOT_OK(
        Extend(&erased->bytes, sizeof(length) + length, budget, &erased->reserved_bytes));
    erased->bytes.append(reinterpret_cast<const char*>(&length), sizeof(length));
    erased->bytes.append(keys.bytes[i].view());
  } else if (keys.words[i] == kEmptyWord) {
    erased->sides[kSideWord] = true;
  } else {
    THALWEG_RETURN_NOT_OK(Extend(&erased->words, 1, budget, &erased->reserved_bytes));
    erased->words.push_back(keys.words[i]);
  }
  return Status::OK();
}

}  // namespace
}  // namespace thalweg
