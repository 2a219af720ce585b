// MapWriter: how maps are made everywhere (Spark's ArrayBasedMapBuilder): keys in order of their
// first appearance, -0.0 as 0.0, NULL_MAP_KEY, and for a key that comes twice DUPLICATED_MAP_KEY or
// the last value (spark.sql.mapKeyDedupPolicy). Scratch of one kernel call; one thread.
#pragma once

#include <vector>

#include "functions/nested_binding.h"
#include "functions/nested_lists.h"

namespace thalweg {

class MapContext final : public KernelContext {
 public:
  MapContext(ValueOrderPtr order, bool wins) : key_order(std::move(order)), last_wins(wins) {}
  const ValueOrderPtr key_order;
  const bool last_wins;
};

/// For maps with keys of `key`; errors: INVALID_MAP_KEY_TYPE, or not supported yet.
Result<std::shared_ptr<const MapContext>> MakeMapContext(const Binding& binding,
                                                         const DataType& key);

/// An entry: positions in the vectors of all keys and of all values.
struct MapEntry {
  int32_t key;
  int32_t value;
};

class MapWriter {
 public:
  /// Keys and values of the entries lie in `keys` and `values` (any encoding) until Finish; errors
  /// go to `errors`.
  MapWriter(const MapContext& context, const Vector& keys, const Vector& values, RowErrors* errors,
            const SqlPlace& place);
  /// `out`: a flat map vector without entries, whose offsets and children are to be written.
  void Start(int physical_rows, Vector* out);
  /// The map of a row, ascending; `entries` is put to use. An error of the row is reported, and the
  /// row is empty.
  void Add(int row, std::vector<MapEntry>* entries);
  Status Finish();

 private:
  Status Duplicate(int32_t key) const;

  const MapContext& context_;
  const Vector& keys_;
  const Vector& values_;
  RowErrors* const errors_;
  const SqlPlace place_;
  Vector* out_ = nullptr;
  std::vector<ListWriter> writer_;  // one, after Start
  std::vector<int32_t> first_;      // by entry: the entry with that key that came first
  std::vector<int32_t> positions_;  // scratch: of the keys
};

}  // namespace thalweg
