// The structs of the Arrow C data interface, word for word as its specification fixes them
// (arrow.apache.org/docs/format/CDataInterface.html): how columns cross the border to a library
// that speaks Arrow. Whoever has one calls its `release` once; `release` == nullptr: given away.
#pragma once

#include <cstdint>

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

extern "C" {

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

}  // extern "C"

#endif  // ARROW_C_DATA_INTERFACE

namespace thalweg {

/// An ArrowSchema or ArrowArray that releases itself.
template <class T>
class ArrowOwner {
 public:
  ArrowOwner() = default;
  ~ArrowOwner() { Reset(); }
  ArrowOwner(ArrowOwner&& other) noexcept : value_(other.value_) { other.value_.release = nullptr; }
  ArrowOwner& operator=(ArrowOwner&& other) noexcept {
    Reset();
    value_ = other.value_;
    other.value_.release = nullptr;
    return *this;
  }
  void Reset() {
    if (value_.release != nullptr) value_.release(&value_);
    value_.release = nullptr;
  }
  explicit operator bool() const { return value_.release != nullptr; }
  const T& operator*() const { return value_; }
  const T* operator->() const { return &value_; }
  T* get() { return &value_; }

 private:
  T value_{};
};
using OwnedArrowSchema = ArrowOwner<ArrowSchema>;
using OwnedArrowArray = ArrowOwner<ArrowArray>;

}  // namespace thalweg
