// Vector: the values of one column of a Batch, in Arrow's physical layout (DESIGN.md §4.1).
//
//   encoding     values                              validity            children
//   flat         width × size                        1 bit a row, or none nested types: by row
//   constant     one value                           0 or 1 bit           one row
//   dictionary   int32 index × size                  1 bit a row, or none [0] = the (flat) values
//
// Lists and maps hold int32 offsets (size + 1, never falling) in `values` and their elements in
// children (list: [0]; map: [0] keys, [1] values); structs hold one child per field, of the same
// size, whose own validity is read only where the struct is valid; VARIANT is a struct of two
// BINARY children. Children may have any encoding. A dictionary holds no nulls of its own, and an
// index is in range wherever its row is valid. Values under a null are undefined bytes that are
// safe to read, but a StringView under a null must not be followed. Sharing: copying a Vector
// shares its buffers; a Vector that is about to be written calls ResetFlat, which keeps a buffer
// nobody else holds and otherwise takes another one from the pool, so that scratch Vectors allocate
// nothing in the steady state.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/memory.h"
#include "data/string_view.h"
#include "data/type.h"

namespace thalweg {

enum class Encoding : uint8_t { kFlat, kConstant, kDictionary };

class Vector {
 public:
  Vector() = default;
  explicit Vector(const TypePtr& type) { ResetFlat(type, 0); }

  const TypePtr& type() const { return type_; }
  PhysicalKind physical() const { return type_->physical(); }
  Encoding encoding() const { return encoding_; }
  bool is_flat() const { return encoding_ == Encoding::kFlat; }
  bool is_constant() const { return encoding_ == Encoding::kConstant; }
  int size() const { return size_; }

  // ---- reading
  /// The value array: `size()` values when flat, one when constant, indices when dictionary.
  template <class T>
  const T* values() const {
    return values_.as<T>();
  }
  const int32_t* offsets() const { return values_.as<int32_t>(); }
  /// Bitmap words, bit i = row i is valid; nullptr: no nulls. For constants only bit 0 counts.
  const uint64_t* validity() const { return validity_.as<uint64_t>(); }
  bool may_have_nulls() const { return static_cast<bool>(validity_); }
  bool IsNull(int row) const {
    if (type_->physical() == PhysicalKind::kNull) return true;
    const int i = is_constant() ? 0 : row;
    return validity_ && !(validity()[i >> 6] >> (i & 63) & 1);
  }
  /// The row's value whatever the encoding; for tests, sinks and cold paths.
  template <class T>
  T Get(int row) const {
    if (encoding_ == Encoding::kDictionary) return children_[0].Get<T>(values<int32_t>()[row]);
    return values<T>()[is_constant() ? 0 : row];
  }
  const Vector& child(int i) const { return children_[i]; }
  int child_count() const { return static_cast<int>(children_.size()); }

  // ---- writing
  /// Makes this a flat vector of `size` rows with undefined values and no nulls. Nested types get
  /// empty children of their types (fill them, then SetSize).
  void ResetFlat(const TypePtr& type, int size);
  /// A constant of `size` rows; write its value through mutable_values<T>()[0] or SetString(0, …).
  void ResetConstant(const TypePtr& type, int size);
  /// A constant: all rows null.
  void ResetNull(const TypePtr& type, int size);
  /// Turns a flat vector of one row into a constant of `size` rows.
  void RepeatFirst(int size);
  /// Row i = dictionary row indices[i]; write the indices through mutable_values<int32_t>().
  void ResetDictionary(const Vector& dictionary, int size);
  template <class T>
  T* mutable_values() {
    THALWEG_DCHECK(!values_ || values_.unique(), "values that others share are being written");
    return values_.as<T>();
  }
  int32_t* mutable_offsets() { return mutable_values<int32_t>(); }
  /// Validity words for writing, all valid at first; made on first use, copied if shared.
  uint64_t* mutable_validity();
  void ClearValidity() { validity_ = Buffer(); }
  /// Also stores an empty string where the vector is a flat one of strings.
  void SetNull(int row);
  Vector& mutable_child(int i) { return children_[i]; }
  /// Shrinks or, up to what was reset or reserved, extends the row count.
  void SetSize(int size) { size_ = size; }
  /// Room for `capacity` rows of a flat vector in buffers of its own, preserving what is in the
  /// first size() rows (children are not touched).
  void Reserve(int capacity);

  /// Stores `text` for `row` of a flat (or row 0 of a constant) string vector, copying long strings
  /// into a block of this vector.
  void SetString(int row, std::string_view text);
  /// `length` writable bytes that live as long as this vector's blocks, for building strings.
  char* AllocateString(size_t length);
  /// Copies the long strings that rows [begin, end) view, wherever they lie, into a block of this
  /// vector. Null rows hold empty views.
  void OwnStrings(int begin, int end);
  /// Holds `block` because views of this vector point into it.
  void AddOwner(const Buffer& block);
  /// Holds all blocks that views of `other` and its children point into.
  void AddOwnersOf(const Vector& other);
  const std::vector<Buffer>& owners() const { return owners_; }
  void DropOwners();

  /// Bytes of all buffers reachable (shared ones counted whole): for rounds and budgets.
  int64_t SizeBytes() const;

 private:
  // The block of ours that strings are being copied into. A copy of the Vector does not go on
  // filling it.
  struct StringFill {
    StringFill() = default;
    StringFill(const StringFill&) {}
    StringFill& operator=(const StringFill&) { return *this = StringFill(); }
    StringFill(StringFill&& other) noexcept { *this = std::move(other); }
    StringFill& operator=(StringFill&& other) noexcept;
    char* top = nullptr;  // the free part
    char* end = nullptr;
    int owner = -1;  // its index in owners_
  };

  void Begin(const TypePtr& type, Encoding encoding, int size);
  void BeginChildren();
  void EnsureValues(int rows);
  void RecycleStrings();
  size_t ValueBytes(int rows) const;

  TypePtr type_;
  Encoding encoding_ = Encoding::kFlat;
  int size_ = 0;
  int capacity_ = 0;  // rows that were reset or reserved
  Buffer validity_;
  Buffer values_;
  std::vector<Vector> children_;
  std::vector<Buffer> owners_;  // blocks that string views point into
  StringFill fill_;
};

inline constexpr int ValidityWords(int rows) {
  return (rows + 63) / 64;
}

}  // namespace thalweg
