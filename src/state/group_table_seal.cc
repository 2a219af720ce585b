// A GroupTable's entries to records and back, in the form and order of state/keyed_records.h.
#include <algorithm>

#include "data/batch.h"
#include "state/group_table_rep.h"

namespace thalweg {
namespace {

constexpr size_t kRunEntries = 2048;

std::vector<KeyedEntry> SortedErased(const GroupTable::Rep& table);
Status PutRun(const GroupTable::Rep& table, const ShardTable& shard,
              const std::vector<SlotRef>& run, KeyedWriter* writer);
class MixedWriter;
class EntryLoader;

}  // namespace

Status GroupTable::SealDelta(RecordSink& out) const {
  const KeyedFormat format = rep_->format();
  if (rep_->cleared) THALWEG_RETURN_NOT_OK(KeyedWriter(format, out).Dropped({0}));
  return rep_->Seal(0, false, out);
}

Status GroupTable::SealBase(RecordSink& out) const {
  return rep_->Seal(0, true, out);
}

void GroupTable::MarkSealed() {
  rep_->MarkSealed();
}

Status GroupTable::Load(std::string_view record) {
  const KeyedFormat format = rep_->format();
  THALWEG_ASSIGN_OR_RETURN(KeyedReader reader, KeyedReader::Open(record, format));
  if (reader.dropped()) {
    rep_->Recycle();
    return Status::OK();
  }
  if (reader.section() != 0) return MalformedRecord("a slice of a table that has none");
  return rep_->LoadEntries(&reader);
}

namespace {

// Puts entries of both kinds, kept and erased, in one order.
class MixedWriter {
 public:
  MixedWriter(const GroupTable::Rep& table, bool everything, KeyedWriter* writer)
      : table_(table), format_(table.format()), writer_(writer) {
    if (!everything) erased_ = SortedErased(table);
  }

  bool has_erased() const { return next_ < erased_.size(); }
  Status Put(const ShardTable& shard, const SlotRef& ref);
  Status PutErasedBefore(const KeyedEntry* entry) {
    for (; has_erased() && (entry == nullptr || erased_[next_].Before(*entry)); ++next_) {
      THALWEG_RETURN_NOT_OK(writer_->Put(erased_[next_].op, erased_[next_].key, {}));
    }
    return Status::OK();
  }

 private:
  const GroupTable::Rep& table_;
  const KeyedFormat format_;
  KeyedWriter* const writer_;
  std::vector<KeyedEntry> erased_;  // none in a base
  size_t next_ = 0;
  std::string value_;
};

}  // namespace

Status GroupTable::Rep::Seal(int64_t section, bool everything, RecordSink& out) const {
  const KeyedFormat keyed_format = format();
  KeyedWriter writer(keyed_format, out);
  THALWEG_RETURN_NOT_OK(writer.BeginSection(section));
  MixedWriter mixed(*this, everything, &writer);
  const bool plain = keyed_format.fixed() && (everything || erased.empty());
  std::vector<SlotRef> run;
  for (size_t i = 0; i < shards.size(); ++i) {
    OrderedWalk walk(*this, static_cast<int>(i), everything ? Pick::kAll : Pick::kDirty);
    for (run.clear(); walk.Next(kRunEntries, &run); run.clear()) {
      if (plain) {
        THALWEG_RETURN_NOT_OK(PutRun(*this, shards[i], run, &writer));
        continue;
      }
      for (const SlotRef& ref : run) THALWEG_RETURN_NOT_OK(mixed.Put(shards[i], ref));
    }
  }
  THALWEG_RETURN_NOT_OK(mixed.PutErasedBefore(nullptr));
  return writer.Flush();
}

void GroupTable::Rep::MarkSealed() {
  for (ShardTable& shard : shards) {
    if (layout.dirty) shard.dirty(layout).ClearAll(shard.slots);
  }
  for (SideEntry& side : sides) side.dirty = false;
  budget->Release(erased.reserved_bytes);
  erased = ErasedKeys();
  cleared = false;
  rows_since_seal.store(0, std::memory_order_relaxed);
}

namespace {

Status PutRun(const GroupTable::Rep& table, const ShardTable& shard,
              const std::vector<SlotRef>& run, KeyedWriter* writer) {
  for (const SlotRef& ref : run) {
    if (ref.slot >= kSideSlots) {
      const int side = static_cast<int>(ref.slot - kSideSlots);
      THALWEG_RETURN_NOT_OK(writer->PutFixed(side == kSideNull ? kNullKey : kPut,
                                             side == kSideNull ? 0 : kEmptyWord,
                                             table.sides[side].block));
      continue;
    }
    const uint8_t* entry = shard.EntryAt(table.layout, ref.slot);
    THALWEG_RETURN_NOT_OK(writer->PutFixed(kPut, LoadWord(entry) ^ kEmptyWord, entry + 8));
  }
  return Status::OK();
}

std::string_view WordKey(const uint64_t& word) {
  return {reinterpret_cast<const char*>(&word), sizeof(word)};
}

constexpr uint64_t kNullWord = 0;

std::string_view SideKey(const EntryLayout& layout, int side) {
  if (!layout.word_keys()) return "";
  return WordKey(side == kSideNull ? kNullWord : kEmptyWord);
}

Status MixedWriter::Put(const ShardTable& shard, const SlotRef& ref) {
  KeyedEntry entry;
  entry.hash = ref.hash;
  const uint8_t* block;
  uint64_t word;
  if (ref.slot >= kSideSlots) {
    const int side = static_cast<int>(ref.slot - kSideSlots);
    entry.op = side == kSideNull ? kNullKey : kPut;
    entry.key = SideKey(table_.layout, side);
    block = table_.sides[side].block;
  } else {
    const uint8_t* at = shard.EntryAt(table_.layout, ref.slot);
    word = LoadWord(at) ^ kEmptyWord;
    block = at + table_.layout.block_offset;
    entry.key = table_.layout.word_keys()
                    ? WordKey(word)
                    : std::string_view(KeyBytesOf(at), static_cast<uint32_t>(LoadWord(at)));
  }
  THALWEG_RETURN_NOT_OK(PutErasedBefore(&entry));
  EncodeValue(format_, block, &value_);
  return writer_->Put(entry.op, entry.key, value_);
}

// Keys erased since the last seal that are not there again, in order, each once.
std::vector<KeyedEntry> SortedErased(const GroupTable::Rep& table) {
  const ErasedKeys& erased = table.erased;
  std::vector<KeyedEntry> entries;
  for (const uint64_t& word : erased.words) {
    entries.push_back({kErased, HashWord(word), WordKey(word), {}});
  }
  for (size_t at = 0; at < erased.bytes.size();) {
    uint32_t length;
    std::memcpy(&length, erased.bytes.data() + at, sizeof(length));
    const char* key = erased.bytes.data() + at + sizeof(length);
    entries.push_back({kErased, HashBytes(key, length), {key, length}, {}});
    at += sizeof(length) + length;
  }
  for (int side = 0; side < kSides; ++side) {
    if (!erased.sides[side]) continue;
    const auto op = static_cast<uint8_t>(side == kSideNull ? kErased | kNullKey : kErased);
    entries.push_back({op, table.sides[side].hash, SideKey(table.layout, side), {}});
  }
  const auto is_live = [&table](const KeyedEntry& entry) {
    const uint64_t word = table.layout.word_keys() ? entry.word() : 0;
    const StringView bytes(entry.key);
    const uint8_t null = entry.null();
    const KeyBatch key{table.layout.form, 1, &entry.hash, &word, &bytes, &null};
    return table.FindOne(key, 0) != nullptr;
  };
  if (!table.shards.empty()) std::erase_if(entries, is_live);
  std::sort(entries.begin(), entries.end(),
            [](const KeyedEntry& a, const KeyedEntry& b) { return a.Before(b); });
  const auto same = [](const KeyedEntry& a, const KeyedEntry& b) { return a.SameKey(b); };
  entries.erase(std::unique(entries.begin(), entries.end(), same), entries.end());
  return entries;
}

// Takes entries of a record a batch at a time.
class EntryLoader {
 public:
  explicit EntryLoader(GroupTable::Rep* table) : table_(table) {}

  bool full() const { return count_ == kBatchRows; }
  void Add(const KeyedEntry& entry);
  Status Flush(bool erase);

 private:
  Status SetBlock(uint8_t* block, int row);

  GroupTable::Rep* const table_;
  int count_ = 0;
  uint64_t hashes_[kBatchRows];
  uint64_t words_[kBatchRows];
  StringView bytes_[kBatchRows];
  uint8_t nulls_[kBatchRows];
  std::string_view values_[kBatchRows];
  uint8_t* blocks_[kBatchRows];
};

void EntryLoader::Add(const KeyedEntry& entry) {
  hashes_[count_] = entry.hash;
  if (table_->layout.word_keys()) {
    words_[count_] = entry.word();
  } else {
    bytes_[count_] = StringView(entry.key);
  }
  nulls_[count_] = entry.null();
  values_[count_++] = entry.value;
}

Status EntryLoader::Flush(bool erase) {
  const KeyBatch keys{table_->layout.form, count_, hashes_, words_, bytes_, nulls_};
  count_ = 0;
  if (erase) return table_->Erase(keys, false);
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int located, table_->Locate(keys, from, false, blocks_));
    for (int i = 0; i < located; ++i) THALWEG_RETURN_NOT_OK(SetBlock(blocks_[i], from + i));
    from += located;
  }
  return Status::OK();
}

// Replaces the block of a row, which may be there from an older file.
Status EntryLoader::SetBlock(uint8_t* block, int row) {
  const EntryLayout& layout = table_->layout;
  const auto block_bytes = static_cast<size_t>(layout.block_bytes);
  if (layout.spans.empty()) {
    std::memcpy(block, values_[row].data(), block_bytes);
    return Status::OK();
  }
  SpanArena* arena = table_->ShardFor(hashes_[row]).arena.get();
  for (const int offset : layout.spans) arena->Free(reinterpret_cast<ArenaSpan*>(block + offset));
  std::memcpy(block, values_[row].data(), block_bytes);
  const char* bytes = values_[row].data() + block_bytes;
  for (const int offset : layout.spans) reinterpret_cast<ArenaSpan*>(block + offset)->size = 0;
  for (const int offset : layout.spans) {
    ArenaSpan sealed;
    std::memcpy(&sealed, values_[row].data() + offset, sizeof(sealed));
    if (sealed.size == 0) continue;
    auto* span = reinterpret_cast<ArenaSpan*>(block + offset);
    THALWEG_RETURN_NOT_OK(arena->Reserve(span, sealed.size));
    std::memcpy(span->data, bytes, sealed.size);
    span->size = sealed.size;
    bytes += sealed.size;
  }
  return Status::OK();
}

}  // namespace

Status GroupTable::Rep::LoadEntries(KeyedReader* reader) {
  const auto puts = std::make_unique<EntryLoader>(this);
  const auto erases = std::make_unique<EntryLoader>(this);
  KeyedEntry entry;
  while (reader->Next(&entry)) {
    EntryLoader& loader = entry.erased() ? *erases : *puts;
    loader.Add(entry);
    if (loader.full()) THALWEG_RETURN_NOT_OK(loader.Flush(entry.erased()));
  }
  THALWEG_RETURN_NOT_OK(reader->status());
  THALWEG_RETURN_NOT_OK(erases->Flush(true));
  return puts->Flush(false);
}

}  // namespace thalweg
