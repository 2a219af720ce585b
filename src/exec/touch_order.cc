#include "exec/touch_order.h"

#include <algorithm>

namespace thalweg {
namespace {

GroupTableOptions PlaceOptions(KeyForm form) {
  GroupTableOptions options;
  options.key_form = form;
  options.block_bytes = sizeof(uint64_t);
  options.track_dirty = false;
  options.unsharded = true;
  return options;
}

uint64_t& PlaceIn(uint8_t* block) {
  return *reinterpret_cast<uint64_t*>(block);
}

}  // namespace

TouchOrder::TouchOrder(KeyForm form, MemoryBudget* budget)
    : form_(form), budget_(budget), places_(PlaceOptions(form), budget) {}

Status TouchOrder::Note(const KeyBatch& keys) {
  uint8_t* blocks[kBatchRows];
  auto known = static_cast<uint64_t>(places_.size());
  for (int from = 0; from < keys.count;) {
    THALWEG_ASSIGN_OR_RETURN(const int count, places_.Locate(keys, from, blocks, nullptr));
    for (int i = 0; i < count; ++i) {
      if (PlaceIn(blocks[i]) == 0) PlaceIn(blocks[i]) = ++known;
    }
    from += count;
  }
  return Status::OK();
}

Status TouchOrder::Sorted::Read() {
  const auto bytes = order_->places_.size() * static_cast<int64_t>(sizeof(Place));
  THALWEG_RETURN_NOT_OK(order_->budget_->Reserve(bytes));
  reserved_bytes_ = bytes;
  places_.reserve(static_cast<size_t>(order_->places_.size()));
  ScanCursor cursor;
  for (EntryBatch entries;;) {
    THALWEG_RETURN_NOT_OK(order_->places_.Scan(0, kShardCount, false, &cursor, &entries));
    if (entries.count == 0) break;
    const KeyBatch& keys = entries.keys;
    for (int i = 0; i < entries.count; ++i) {
      places_.push_back({PlaceIn(entries.blocks[i]), keys.hashes[i],
                         keys.words == nullptr ? 0 : keys.words[i],
                         keys.bytes == nullptr ? StringView() : keys.bytes[i],
                         keys.nulls != nullptr && keys.nulls[i] != 0});
    }
  }
  std::sort(places_.begin(), places_.end(),
            [](const Place& a, const Place& b) { return a.place < b.place; });
  return Status::OK();
}

bool TouchOrder::Sorted::Next(KeyBatch* keys) {
  const size_t count = std::min<size_t>(places_.size() - next_, kBatchRows);
  for (size_t i = 0; i < count; ++i) {
    const Place& place = places_[next_ + i];
    hashes_[i] = place.hash;
    words_[i] = place.word;
    bytes_[i] = place.bytes;
    nulls_[i] = place.null;
  }
  next_ += count;
  *keys = KeyBatch();
  keys->form = order_->form_;
  keys->count = static_cast<int>(count);
  keys->hashes = hashes_;
  keys->nulls = nulls_;
  if (order_->form_ == KeyForm::kWord) {
    keys->words = words_;
  } else {
    keys->bytes = bytes_;
  }
  return count > 0;
}

}  // namespace thalweg
