// TouchOrder: the groups of an epoch in the order in which they first came. Spark emits the groups
// of an update so where it has one partition; whatever chooses among them depends on it. For the
// one lane that sees all rows of the epoch in order.
#pragma once

#include <cstdint>

#include "state/group_table.h"

namespace thalweg {

class TouchOrder {
 public:
  TouchOrder(KeyForm form, MemoryBudget* budget);

  /// Notes keys that have come; those that came before keep their place.
  Status Note(const KeyBatch& keys);
  void Clear() { places_.Clear(); }

  /// Calls visit(keys), at most kBatchRows of them at a time, in order. Errors: those of `visit`,
  /// or the memory limit.
  template <class Visit>
  Status ForEach(Visit&& visit) {
    Sorted sorted(this);
    THALWEG_RETURN_NOT_OK(sorted.Read());
    for (KeyBatch keys; sorted.Next(&keys);) THALWEG_RETURN_NOT_OK(visit(keys));
    return Status::OK();
  }

 private:
  struct Place {
    uint64_t place;
    uint64_t hash;
    uint64_t word;
    StringView bytes;
    bool null;
  };
  class Sorted {
   public:
    explicit Sorted(TouchOrder* order) : order_(order) {}
    ~Sorted() { order_->budget_->Release(reserved_bytes_); }
    Status Read();
    bool Next(KeyBatch* keys);

   private:
    TouchOrder* const order_;
    int64_t reserved_bytes_ = 0;
    std::vector<Place> places_;
    size_t next_ = 0;
    uint64_t hashes_[kBatchRows];
    uint64_t words_[kBatchRows];
    StringView bytes_[kBatchRows];
    uint8_t nulls_[kBatchRows];
  };

  const KeyForm form_;
  MemoryBudget* const budget_;
  GroupTable places_;  // key -> its place, from 1 on
};

}  // namespace thalweg
