#include "state/table_twin.h"

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "data/batch.h"
#include "state/shard_table.h"

namespace thalweg {
namespace {

std::string WordKey(uint64_t word) {
  return {reinterpret_cast<const char*>(&word), 8};
}

uint64_t InverseOf(uint64_t odd) {
  uint64_t inverse = odd;
  for (int i = 0; i < 6; ++i) inverse *= 2 - odd * inverse;
  return inverse;
}

TwinBlock BlockOf(const GroupTableOptions& options, const uint8_t* block) {
  TwinBlock twin;
  for (int at = 0; at < options.block_bytes; at += 8) twin.words.push_back(LoadWord(block + at));
  for (const int offset : options.spans) {
    ArenaSpan span;
    std::memcpy(&span, block + offset, sizeof(span));
    twin.spans.emplace_back(reinterpret_cast<const char*>(span.data), span.size);
    twin.words[static_cast<size_t>(offset) / 8] = 0;  // an address and a capacity
    twin.words[static_cast<size_t>(offset) / 8 + 1] = span.size;
  }
  return twin;
}

}  // namespace

uint64_t WordOfHash(uint64_t hash) {
  uint64_t word = hash * InverseOf(0xD6E8FEB86659FD93ull);
  word ^= word >> 32;
  return word * InverseOf(0x9E3779B97F4A7C15ull);
}

void FillKeys(KeyForm form, std::vector<TwinKey> keys, TwinKeys* out) {
  *out = TwinKeys();
  out->keys = std::move(keys);
  bool any_null = false;
  for (const TwinKey& key : out->keys) {
    const std::string text = key.value_or(form == KeyForm::kWord ? WordKey(77) : "null");
    any_null |= !key.has_value();
    out->nulls.push_back(!key.has_value());
    if (form == KeyForm::kWord) {
      out->words.push_back(LoadWord(reinterpret_cast<const uint8_t*>(text.data())));
      out->hashes.push_back(HashWord(out->words.back()));
    } else {
      // Views of NULLs are never looked at; of others, the text lives in out->keys.
      out->bytes.push_back(key.has_value() ? StringView(*key) : StringView());
      out->hashes.push_back(HashBytes(text.data(), static_cast<uint32_t>(text.size())));
    }
    if (!key.has_value()) out->hashes.back() = kNullKeyHash;
  }
  out->batch = {form,
                static_cast<int>(out->keys.size()),
                out->hashes.data(),
                form == KeyForm::kWord ? out->words.data() : nullptr,
                form == KeyForm::kWord ? nullptr : out->bytes.data(),
                any_null ? out->nulls.data() : nullptr};
}

TableTwin::TableTwin(GroupTableOptions options, MemoryBudget* budget, uint64_t seed)
    : options_(options), table_(std::make_unique<GroupTable>(options, budget)), random_(seed) {}

std::vector<TwinKey> TableTwin::RandomKeys(int count, uint64_t distinct) {
  std::vector<TwinKey> keys;
  for (int i = 0; i < count; ++i) {
    const uint64_t n = random_() % distinct;
    const uint64_t dice = random_() % 64;
    if (dice == 0) {
      keys.push_back(std::nullopt);
    } else if (options_.key_form == KeyForm::kWord) {
      // Some hashes share their upper half, at the last home of a shard and elsewhere.
      const uint64_t crowd = dice < 4 ? 0xFFFFFFFF00000000ull : 0x1234567800000000ull;
      keys.push_back(WordKey(dice == 1 ? kEmptyWord : dice < 8 ? WordOfHash(crowd | n % 50) : n));
    } else {
      std::string key = std::to_string(n);
      if (n % 5 == 0) key.insert(0, n % 37, 'a');
      if (n % 7 == 0) key += '\0';
      keys.push_back(dice == 1 ? std::string() : key);
    }
  }
  return keys;
}

Status TableTwin::Update(const std::vector<TwinKey>& keys) {
  for (size_t begin = 0; begin < keys.size(); begin += kBatchRows) {
    const size_t end = std::min(keys.size(), begin + kBatchRows);
    TwinKeys part;
    FillKeys(
        options_.key_form,
        {keys.begin() + static_cast<ptrdiff_t>(begin), keys.begin() + static_cast<ptrdiff_t>(end)},
        &part);
    std::vector<uint8_t*> blocks(part.keys.size());
    std::vector<AggregateArena*> arenas(part.keys.size());
    for (int from = 0; from < part.batch.count;) {
      THALWEG_ASSIGN_OR_RETURN(const int located,
                               table_->Locate(part.batch, from, blocks.data(), arenas.data()));
      for (int i = 0; i < located; ++i) {
        const TwinKey& key = part.keys[static_cast<size_t>(from + i)];
        TwinBlock& twin = map_[key];
        twin.words.resize(static_cast<size_t>(options_.block_bytes / 8));
        twin.spans.resize(options_.spans.size());
        UpdateBlock(blocks[static_cast<size_t>(i)], arenas[static_cast<size_t>(i)], key, &twin);
        if (options_.track_touched) touched_[key];
      }
      from += located;
    }
  }
  return Status::OK();
}

void TableTwin::UpdateBlock(uint8_t* block, AggregateArena* arena, const TwinKey& key,
                            TwinBlock* twin) {
  const auto is_span = [this](size_t word) {
    return std::any_of(options_.spans.begin(), options_.spans.end(), [word](int offset) {
      return word == static_cast<size_t>(offset) / 8 || word == static_cast<size_t>(offset) / 8 + 1;
    });
  };
  for (size_t w = 0; w < twin->words.size(); ++w) {
    if (is_span(w)) continue;
    twin->words[w] += w + 1;
    StoreWord(block + w * 8, LoadWord(block + w * 8) + w + 1);
  }
  for (size_t s = 0; s < options_.spans.size(); ++s) {
    auto* span = reinterpret_cast<ArenaSpan*>(block + options_.spans[s]);
    if (random_() % 16 == 0) {
      arena->Free(span);
      twin->spans[s].clear();
    }
    const bool huge = random_() % 2048 == 0;
    const std::string more = huge ? std::string(50'000, 'x') : key.value_or("NULL!") + "+";
    if (arena->Reserve(span, span->size + static_cast<uint32_t>(more.size())).ok()) {
      std::memcpy(span->data + span->size, more.data(), more.size());
      span->size += static_cast<uint32_t>(more.size());
      twin->spans[s] += more;
    }
    twin->words[static_cast<size_t>(options_.spans[s]) / 8 + 1] = twin->spans[s].size();
  }
}

Status TableTwin::Erase(const std::vector<TwinKey>& keys) {
  TwinKeys part;
  FillKeys(options_.key_form, keys, &part);
  THALWEG_RETURN_NOT_OK(table_->Erase(part.batch));
  for (const TwinKey& key : keys) {
    map_.erase(key);
    touched_.erase(key);
  }
  return Status::OK();
}

void TableTwin::Split() {
  ASSERT_TRUE(table_->Split().ok());
}

void TableTwin::ClearTouched() {
  table_->ClearTouched();
  touched_.clear();
}

void TableTwin::Clear() {
  table_->Clear();
  map_.clear();
  touched_.clear();
}

std::vector<ScannedEntry> TableTwin::ScanAll(GroupTable& table, const GroupTableOptions& options,
                                             const ScanWhat& what) {
  std::vector<ScannedEntry> entries;
  ScanCursor cursor;
  EntryBatch batch;
  const int first = what.first_shard;
  const int last = what.last_shard;
  while (true) {
    const Status status = what.touched
                              ? table.ScanTouched(first, last, what.ordered, &cursor, &batch)
                              : table.Scan(first, last, what.ordered, &cursor, &batch);
    EXPECT_TRUE(status.ok());
    if (batch.count == 0) return entries;
    for (int i = 0; i < batch.count; ++i) {
      ScannedEntry entry;
      if (batch.keys.nulls == nullptr || batch.keys.nulls[i] == 0) {
        entry.key = options.key_form == KeyForm::kWord ? WordKey(batch.keys.words[i])
                                                       : std::string(batch.keys.bytes[i].view());
      }
      entry.hash = batch.keys.hashes[i];
      entry.block = BlockOf(options, batch.blocks[i]);
      entries.push_back(std::move(entry));
    }
  }
}

void TableTwin::ExpectHolds(GroupTable& table, const GroupTableOptions& options,
                            const TwinMap& expected, const char* what) {
  ASSERT_EQ(table.size(), static_cast<int64_t>(expected.size())) << what;
  const std::vector<ScannedEntry> entries = ScanAll(table, options, {.ordered = true});
  ASSERT_EQ(entries.size(), expected.size()) << what;
  for (size_t i = 0; i < entries.size(); ++i) {
    const auto twin = expected.find(entries[i].key);
    ASSERT_TRUE(twin != expected.end()) << what << ": a key too many";
    ASSERT_EQ(entries[i].block, twin->second) << what;
    if (i == 0) continue;
    const ScannedEntry& before = entries[i - 1];
    ASSERT_LE(before.hash, entries[i].hash) << what;
    if (before.hash == entries[i].hash) {
      ASSERT_LT(before.key, entries[i].key) << what;
    }
  }
}

void TableTwin::Compare(const char* what) {
  ExpectHolds(*table_, options_, map_, what);
  ASSERT_EQ(ScanAll(*table_, options_, {}).size(), map_.size()) << what;
  size_t in_ranges = 0;
  for (const auto& [first, last] : {std::pair(0, 7), std::pair(7, 63), std::pair(63, 64)}) {
    for (const ScannedEntry& entry :
         ScanAll(*table_, options_, {random_() % 2 == 0, false, first, last})) {
      ASSERT_TRUE(first <= ShardOf(entry.hash) && ShardOf(entry.hash) < last) << what;
      ++in_ranges;
    }
  }
  ASSERT_EQ(in_ranges, map_.size()) << what;
  TwinKeys some;
  FillKeys(options_.key_form, RandomKeys(kBatchRows, 4000), &some);
  std::vector<uint8_t*> blocks(some.keys.size());
  table_->Find(some.batch, blocks.data(), nullptr);
  for (size_t i = 0; i < blocks.size(); ++i) {
    const auto twin = map_.find(some.keys[i]);
    ASSERT_EQ(blocks[i] != nullptr, twin != map_.end()) << what;
    if (blocks[i] != nullptr) {
      ASSERT_EQ(BlockOf(options_, blocks[i]), twin->second) << what;
    }
  }
}

void TableTwin::CompareTouched() {
  for (const bool ordered : {false, true}) {
    const std::vector<ScannedEntry> entries = ScanAll(*table_, options_, {ordered, true});
    ASSERT_EQ(entries.size(), touched_.size());
    for (const ScannedEntry& entry : entries) ASSERT_TRUE(touched_.contains(entry.key));
    if (ordered) {
      ASSERT_TRUE(std::is_sorted(
          entries.begin(), entries.end(),
          [](const ScannedEntry& a, const ScannedEntry& b) { return a.hash < b.hash; }));
    }
  }
}

}  // namespace thalweg
