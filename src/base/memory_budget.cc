#include <algorithm>

#include "base/memory.h"

namespace thalweg {
namespace {

void RaisePeak(std::atomic<int64_t>& peak, int64_t used) {
  int64_t seen = peak.load(std::memory_order_relaxed);
  while (used > seen && !peak.compare_exchange_weak(seen, used, std::memory_order_relaxed)) {
  }
}

}  // namespace

MemoryBudget::MemoryBudget(std::string owner, int64_t limit_bytes, MemoryBudget* parent)
    : owner_(std::move(owner)), limit_bytes_(limit_bytes), parent_(parent) {}

MemoryBudget::~MemoryBudget() {
  const int64_t left = used_bytes();
  if (parent_ != nullptr && left > 0) parent_->Release(left);
}

Status MemoryBudget::Reserve(int64_t bytes) {
  THALWEG_CHECK(bytes >= 0, "a reservation is not negative");
  const int64_t before = used_bytes_.fetch_add(bytes, std::memory_order_relaxed);
  if (bytes > limit_bytes_ - before) {
    used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    return Status::World("THALWEG_MEMORY_LIMIT_EXCEEDED",
                         {{"owner", owner_},
                          {"bytes", std::to_string(bytes)},
                          {"used", std::to_string(before)},
                          {"limit", std::to_string(limit_bytes_)}});
  }
  if (parent_ != nullptr) {
    Status status = parent_->Reserve(bytes);
    if (!status.ok()) {
      used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
      return status;
    }
  }
  RaisePeak(peak_bytes_, before + bytes);
  return Status::OK();
}

void MemoryBudget::Release(int64_t bytes) {
  for (MemoryBudget* budget = this; budget != nullptr; budget = budget->parent_) {
    const int64_t before = budget->used_bytes_.fetch_sub(bytes, std::memory_order_relaxed);
    THALWEG_CHECK(bytes >= 0 && before >= bytes, "more memory released than was reserved");
  }
}

}  // namespace thalweg
