// JsonSlots: the fields that a record is decoded into, those of nested structs too, as one list in
// depth-first order; a list or map is one slot. Bound to the columns of the batch that is being
// filled, with plain pointers to values and validity for the layout decoder.
//
//   Bind ─▶ ( writes into rows, Refresh after others wrote )* ─▶ Sync
//
// Between Bind and Sync the sizes of the vectors lag behind their rows. One thread at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batch.h"
#include "formats/json/json_values.h"

namespace thalweg {

struct JsonSlot {
  JsonNode* node = nullptr;
  int parent = -1;  // slot of the struct it lies in, -1: the record
  int field = 0;    // of that struct
  int end = 0;      // of the slots that lie in it: [own index + 1, end)
  bool nested_list = false;
  bool filtered = false;  // a predicate is on it
  Vector* vector = nullptr;
  void* values = nullptr;
  uint64_t* validity = nullptr;  // null: no NULL yet
  bool long_strings = false;     // views into the block that are not owned yet

  void SetValid(int row) {
    if (validity != nullptr) validity[row >> 6] |= 1ull << (row & 63);
  }
  template <class T>
  void Store(int row, T value) {
    SetValid(row);
    static_cast<T*>(values)[row] = value;
  }
};

class JsonSlots {
 public:
  /// `root` is a STRUCT and outlives this.
  explicit JsonSlots(JsonNode& root);

  int size() const { return static_cast<int>(slots_.size()); }
  JsonSlot& operator[](int i) { return slots_[i]; }
  const JsonSlot& operator[](int i) const { return slots_[i]; }
  /// The slot of a field of the record.
  int OfField(int field) const { return fields_[field]; }
  /// The slot of a field of the struct in `slot`.
  int OfField(int slot, int field) const;

  /// To flat vectors, one per field, with `rows` rows and room for kBatchRows.
  void Bind(Vector* fields);
  void Refresh(int slot);
  void SetNull(int slot, int row);
  /// Gives the vectors `rows` rows.
  void Sync(int rows);
  /// `block` holds what was stored as long strings since the last call.
  void OwnStrings(const Buffer& block);

 private:
  void Add(JsonNode& node, int parent, int field);

  std::vector<JsonSlot> slots_;
  std::vector<int> fields_;
};

}  // namespace thalweg
