#include "state/sliced_table.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "state/group_table_rep.h"

namespace thalweg {
namespace {

// Tables of evicted slices that wait for the next ones: one leaves when one comes.
constexpr size_t kSparesMax = 2;
// Slices this near to the newest are found by looking at each.
constexpr size_t kNearSlices = 4;

// Starts of slices, each once, asked for since some event; may name slices that are gone. These
// make room before the list would grow, so that it needs no more memory than its slices.
class StartList {
 public:
  void Add(int64_t start, int64_t oldest_live) {
    if (starts_.size() == starts_.capacity()) {
      std::erase_if(starts_, [oldest_live](int64_t gone) { return gone < oldest_live; });
    }
    starts_.push_back(start);
  }
  void Clear() { starts_.clear(); }
  const std::vector<int64_t>& all() const { return starts_; }
  std::vector<int64_t> Sorted() const {
    std::vector<int64_t> sorted = starts_;
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    return sorted;
  }

 private:
  std::vector<int64_t> starts_;
};

}  // namespace

struct SlicedTable::Rep {
  struct Slice {
    std::unique_ptr<GroupTable> table;
    bool sealed = false;   // some file has entries of it
    bool dirty = false;    // in the list of those handed out since the last seal
    bool touched = false;  // likewise, since ClearTouched
  };

  Rep(GroupTableOptions table_options, MemoryBudget* table_budget)
      : options(std::move(table_options)), budget(table_budget) {}

  // Slices are [head, starts.size()): eviction moves the head.
  size_t IndexOf(int64_t start) const;
  Slice* Find(int64_t start) {
    const size_t i = IndexOf(start);
    return i < starts.size() && starts[i] == start ? &slices[i] : nullptr;
  }
  const Slice* Find(int64_t start) const { return const_cast<Rep*>(this)->Find(start); }
  Result<GroupTable*> HandOut(int64_t start);
  Slice& Make(int64_t start, size_t at, int64_t entries);
  std::unique_ptr<GroupTable> NewTable(int64_t entries);
  std::unique_ptr<GroupTable> TakeSpare(int64_t entries);
  int64_t SizeHint(size_t at) const;
  void Drop(size_t at);
  void Trim();

  GroupTableOptions options;
  MemoryBudget* const budget;
  std::vector<int64_t> starts;
  std::vector<Slice> slices;
  size_t head = 0;
  std::vector<std::unique_ptr<GroupTable>> spares;
  StartList dirty, touched;
  std::vector<int64_t> dropped;  // sealed slices that went since the last seal
  int64_t last_size = 0;         // entries of a slice that was complete
  uint64_t generation = 0;
  bool parallel = false;
  std::mutex mutex;  // in a parallel epoch: all of the above
};

SlicedTable::SlicedTable(GroupTableOptions options, MemoryBudget* budget) {
  options.unsharded = true;
  rep_ = std::make_unique<Rep>(std::move(options), budget);
}

SlicedTable::~SlicedTable() = default;

Result<GroupTable*> SlicedTable::Slice(int64_t start) {
  if (!rep_->parallel) return rep_->HandOut(start);
  std::lock_guard lock(rep_->mutex);
  THALWEG_ASSIGN_OR_RETURN(GroupTable* const table, rep_->HandOut(start));
  THALWEG_RETURN_NOT_OK(table->Split());
  return table;
}

Result<GroupTable*> SlicedTable::Rep::HandOut(int64_t start) {
  const size_t at = IndexOf(start);
  const bool found = at < starts.size() && starts[at] == start;
  Slice& slice = found ? slices[at] : Make(start, at, SizeHint(at));
  if (!slice.dirty && options.track_dirty) {
    slice.dirty = true;
    dirty.Add(start, starts[head]);
  }
  if (!slice.touched && options.track_touched) {
    slice.touched = true;
    touched.Add(start, starts[head]);
  }
  return slice.table.get();
}

size_t SlicedTable::Rep::IndexOf(int64_t start) const {
  const size_t near = std::max(head, starts.size() - std::min(starts.size(), kNearSlices));
  for (size_t i = starts.size(); i > near; --i) {
    if (starts[i - 1] <= start) return starts[i - 1] == start ? i - 1 : i;
  }
  return static_cast<size_t>(std::lower_bound(starts.begin() + static_cast<ptrdiff_t>(head),
                                              starts.begin() + static_cast<ptrdiff_t>(near),
                                              start) -
                             starts.begin());
}

SlicedTable::Rep::Slice& SlicedTable::Rep::Make(int64_t start, size_t at, int64_t entries) {
  Slice slice;
  slice.table = TakeSpare(entries);
  if (slice.table == nullptr) slice.table = NewTable(entries);
  starts.insert(starts.begin() + static_cast<ptrdiff_t>(at), start);
  return *slices.insert(slices.begin() + static_cast<ptrdiff_t>(at), std::move(slice));
}

std::unique_ptr<GroupTable> SlicedTable::Rep::NewTable(int64_t entries) {
  auto table = std::make_unique<GroupTable>(options, budget);
  if (entries > 0) {
    const Status reserved = table->Reserve(entries);
    if (!reserved.ok()) return std::make_unique<GroupTable>(options, budget);  // grows if it can
  }
  return table;
}

// A spare table that is neither too small nor much too big.
std::unique_ptr<GroupTable> SlicedTable::Rep::TakeSpare(int64_t entries) {
  while (!spares.empty()) {
    std::unique_ptr<GroupTable> spare = std::move(spares.back());
    spares.pop_back();
    const int64_t capacity = spare->rep_->capacity();
    if (capacity >= entries && capacity <= std::max<int64_t>(8 * entries, 4 * kSplitEntries)) {
      return spare;
    }
  }
  return nullptr;
}

// Entries to expect: as in the slice before, or in the last one that left; an eighth more.
int64_t SlicedTable::Rep::SizeHint(size_t at) const {
  int64_t entries = last_size;
  if (!parallel && at > head) entries = std::max(entries, slices[at - 1].table->size());
  return entries + entries / 8;
}

GroupTable* SlicedTable::FindSlice(int64_t start) {
  Rep::Slice* slice = rep_->Find(start);
  return slice != nullptr ? slice->table.get() : nullptr;
}

std::span<const int64_t> SlicedTable::starts() const {
  return std::span<const int64_t>(rep_->starts).subspan(rep_->head);
}

int SlicedTable::EvictBefore(int64_t start) {
  int evicted = 0;
  for (; rep_->head < rep_->starts.size() && rep_->starts[rep_->head] < start; ++rep_->head) {
    rep_->Drop(rep_->head);
    ++evicted;
  }
  rep_->Trim();
  return evicted;
}

// The table of a slice goes to the spares or away; the caller takes the slice out of the lists.
void SlicedTable::Rep::Drop(size_t at) {
  Slice& slice = slices[at];
  last_size = slice.table->size();
  if (slice.sealed) dropped.push_back(starts[at]);
  if (spares.size() < kSparesMax && last_size > 0) {
    slice.table->rep_->Recycle();
    spares.push_back(std::move(slice.table));
  }
  slice = Slice();
}

// Forgets what lies before the head, once in a while: O(1) a slice.
void SlicedTable::Rep::Trim() {
  if (head < 64 && head < starts.size()) return;
  if (head * 2 < starts.size()) return;
  starts.erase(starts.begin(), starts.begin() + static_cast<ptrdiff_t>(head));
  slices.erase(slices.begin(), slices.begin() + static_cast<ptrdiff_t>(head));
  head = 0;
}

void SlicedTable::SetParallel(bool parallel) {
  if (parallel && !rep_->parallel) {
    // Sizes cannot be read while lanes insert: those of the newest two are taken now.
    const size_t count = rep_->starts.size() - rep_->head;
    for (size_t i = 1; i <= std::min<size_t>(count, 2); ++i) {
      const GroupTable& table = *rep_->slices[rep_->slices.size() - i].table;
      rep_->last_size = std::max(rep_->last_size, table.size());
    }
  }
  rep_->parallel = parallel;
}

void SlicedTable::ClearTouched() {
  for (const int64_t start : rep_->touched.all()) {
    Rep::Slice* slice = rep_->Find(start);
    if (slice == nullptr) continue;
    slice->table->ClearTouched();
    slice->touched = false;
  }
  rep_->touched.Clear();
}

uint64_t SlicedTable::generation() const {
  return rep_->generation;
}

Status SlicedTable::SealDelta(RecordSink& out) const {
  const KeyedFormat format{rep_->options.key_form == KeyForm::kWord, rep_->options.block_bytes,
                           rep_->options.spans};
  std::vector<int64_t> dropped = rep_->dropped;
  std::sort(dropped.begin(), dropped.end());
  dropped.erase(std::unique(dropped.begin(), dropped.end()), dropped.end());
  THALWEG_RETURN_NOT_OK(KeyedWriter(format, out).Dropped(dropped));
  for (const int64_t start : rep_->dirty.Sorted()) {
    const Rep::Slice* slice = rep_->Find(start);
    if (slice == nullptr) continue;
    THALWEG_RETURN_NOT_OK(slice->table->rep_->Seal(start, false, out));
  }
  return Status::OK();
}

Status SlicedTable::SealBase(RecordSink& out) const {
  for (size_t i = rep_->head; i < rep_->starts.size(); ++i) {
    THALWEG_RETURN_NOT_OK(rep_->slices[i].table->rep_->Seal(rep_->starts[i], true, out));
  }
  return Status::OK();
}

void SlicedTable::MarkSealed() {
  for (const int64_t start : rep_->dirty.all()) {
    Rep::Slice* slice = rep_->Find(start);
    if (slice == nullptr) continue;
    slice->table->MarkSealed();
    slice->dirty = false;
    slice->sealed = true;
  }
  rep_->dirty.Clear();
  rep_->dropped.clear();
}

Status SlicedTable::Load(std::string_view record) {
  ++rep_->generation;
  const KeyedFormat format{rep_->options.key_form == KeyForm::kWord, rep_->options.block_bytes,
                           rep_->options.spans};
  THALWEG_ASSIGN_OR_RETURN(KeyedReader reader, KeyedReader::Open(record, format));
  if (reader.dropped()) {
    for (int64_t start; reader.NextDropped(&start);) {
      const size_t at = rep_->IndexOf(start);
      if (at == rep_->starts.size() || rep_->starts[at] != start) continue;
      rep_->slices.erase(rep_->slices.begin() + static_cast<ptrdiff_t>(at));
      rep_->starts.erase(rep_->starts.begin() + static_cast<ptrdiff_t>(at));
    }
    return Status::OK();
  }
  const size_t at = rep_->IndexOf(reader.section());
  const bool found = at < rep_->starts.size() && rep_->starts[at] == reader.section();
  Rep::Slice& slice =
      found ? rep_->slices[at] : rep_->Make(reader.section(), at, int64_t{reader.left()});
  slice.sealed = true;
  return slice.table->rep_->LoadEntries(&reader);
}

void SlicedTable::Clear() {
  ++rep_->generation;
  for (size_t i = rep_->head; i < rep_->starts.size(); ++i) {
    if (rep_->slices[i].sealed) rep_->dropped.push_back(rep_->starts[i]);
  }
  rep_->starts.clear();
  rep_->slices.clear();
  rep_->head = 0;
  rep_->spares.clear();
  rep_->dirty.Clear();
  rep_->touched.Clear();
  rep_->last_size = 0;
}

ContainerMetrics SlicedTable::metrics() const {
  ContainerMetrics metrics;
  for (size_t i = rep_->head; i < rep_->starts.size(); ++i) {
    const ContainerMetrics slice = rep_->slices[i].table->metrics();
    metrics.entries += slice.entries;
    metrics.bytes += slice.bytes;
    metrics.live_bytes += slice.live_bytes;
  }
  for (const auto& spare : rep_->spares) metrics.bytes += spare->rep_->reserved_bytes();
  metrics.dirty_bytes = dirty_bytes();
  return metrics;
}

int64_t SlicedTable::dirty_bytes() const {
  auto bytes = static_cast<int64_t>(rep_->dropped.size() * sizeof(int64_t));
  for (const int64_t start : rep_->dirty.all()) {
    const Rep::Slice* slice = rep_->Find(start);
    if (slice != nullptr) bytes += slice->table->dirty_bytes();
  }
  return bytes;
}

}  // namespace thalweg
