// Grouping: what a grouping operator computes, resolved to columns of the batches that come in: the
// keys, the aggregates with their place in an entry's block, the window, and which of them stands
// in which output column. Immutable once made; all lanes read it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/aggregate.h"
#include "data/schema.h"
#include "exec/window_shape.h"
#include "plan/relation.h"
#include "state/group_table.h"

namespace thalweg {

/// One aggregate: its code, its argument columns, the boolean column of its FILTER clause.
struct GroupAggregate {
  std::shared_ptr<const Aggregate> aggregate;
  std::vector<int> arguments;
  int filter = -1;  // -1: none
};

/// Accumulator blocks of an entry and the entries of an update, parallel to rows or to each other.
struct GroupBlocks {
  uint8_t* const* blocks = nullptr;
  AggregateArena* const* arenas = nullptr;  // null unless some aggregate has spans
};

/// The aggregates of a node, one after the other in the block of an entry.
class AggregateList {
 public:
  AggregateList() = default;
  explicit AggregateList(std::vector<GroupAggregate> aggregates);

  int size() const { return static_cast<int>(aggregates_.size()); }
  const GroupAggregate& operator[](int i) const { return aggregates_[i]; }
  int block_bytes() const { return block_bytes_; }
  const std::vector<int>& spans() const { return spans_; }
  /// Merge has an inverse, to the bit, in all of them.
  bool invertible() const { return invertible_; }

  /// Folds `rows` of `batch` into the blocks, which are parallel to `rows`.
  Status Update(const Batch& batch, const Selection& rows, const GroupBlocks& targets) const;
  /// into[i] ⊕= from[i], or ⊖=.
  Status Merge(const GroupBlocks& into, const uint8_t* const* from, int count, bool subtract) const;
  /// Results of aggregate `i` into rows [at, at + count) of `out`.
  Status Finish(int i, const GroupBlocks& from, int count, int at, Vector* out) const;

 private:
  std::vector<GroupAggregate> aggregates_;
  std::vector<int> offsets_;
  std::vector<int> spans_;
  int block_bytes_ = 0;
  bool invertible_ = true;
};

struct GroupColumn {
  enum Kind : uint8_t { kKey, kWindow, kAggregate } kind;
  int index = 0;  // of the key or aggregate
};

struct Grouping {
  std::vector<int> key_columns;  // none: one group
  std::vector<TypePtr> key_types;
  AggregateList aggregates;
  std::vector<GroupColumn> output;
  SchemaPtr schema;
  OutputMode mode = OutputMode::kAppend;
  bool ordered_output = false;  // emit in the order of content (DESIGN.md §4.6)
  std::string keys_text;        // for EXPLAIN
  std::string aggregates_text;

  // of windows
  int time_column = -1;
  WindowShape window;
  bool event_time = false;   // the time carries a watermark: late rows are dropped, windows evicted
  bool time_is_key = false;  // no window: one of the keys is an event time

  /// Emits the groups of an update in the order in which they came.
  bool in_touch_order() const {
    return ordered_output && mode == OutputMode::kUpdate && !key_types.empty();
  }
  bool drops_late() const { return event_time && mode != OutputMode::kComplete; }
};

/// How the table of a grouping is made.
GroupTableOptions OptionsOf(const Grouping& grouping);

/// The one key of a grouping without keys.
KeyBatch KeyOfAll();
/// Keys [from, from + count).
KeyBatch SubKeys(const KeyBatch& keys, int from, int count);

}  // namespace thalweg
