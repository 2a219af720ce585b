// What state/ must know of an aggregate function: the size of its accumulator and how two of them
// merge (DESIGN.md §4.3). The code of the functions is in functions/; state/ moves blocks.
//
// An accumulator block is a fixed-width, trivially copyable run of bytes, aligned to 8. ALL-ZERO
// BYTES ARE ITS INITIAL STATE, so new entries need no call. Variable parts (lists, strings,
// sketches) are spans in the arena of the shard that the block lies in.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batch.h"

namespace thalweg {

/// A variable part of an accumulator: one run of bytes in the arena of the block's shard. A block
/// holds its spans where AggregateLayout::spans says, so that state/ can free, move, seal and load
/// them without knowing the function (handles without a length could not be; a pointer needs no
/// look-up per row). The bytes hold no pointers. Blocks with spans are never copied raw, only
/// merged.
struct ArenaSpan {
  uint8_t* data = nullptr;  // aligned to 8; stays where it is until Reserve or Free of this span
  uint32_t size = 0;        // bytes in use, kept by the function; these are sealed and loaded
  uint32_t capacity = 0;    // kept by the arena
};
static_assert(sizeof(ArenaSpan) == 16);

/// Growing memory for the spans of one shard's blocks; counted in the table's budget.
class AggregateArena {
 public:
  virtual ~AggregateArena() = default;
  /// Makes span->capacity >= `capacity`, keeping the bytes in use; grows by at least half, so that
  /// appending is amortised. Errors: THALWEG_MEMORY_LIMIT_EXCEEDED, the span is unchanged then.
  virtual Status Reserve(ArenaSpan* span, uint32_t capacity) = 0;
  /// Gives the bytes back and empties the span. Erased entries are freed by state/.
  virtual void Free(ArenaSpan* span) = 0;
};

/// Accumulator pointers of the rows of one update, parallel to the selection: blocks[i] belongs to
/// row selection[i]; arenas[i] likewise, or one for all when `arena_stride` is 0.
struct AggregateTargets {
  uint8_t* const* blocks = nullptr;
  int offset = 0;  // of this aggregate inside the entry's block
  AggregateArena* const* arenas = nullptr;
  int arena_stride = 0;
};

struct AggregateLayout {
  int width = 8;      // bytes, multiple of 8
  bool exact = true;  // commutative and associative to the bit: may be pre-aggregated, subtracted
  bool invertible = false;       // Subtract undoes Merge (counts, exact sums)
  bool order_sensitive = false;  // value depends on arrival order: block keeps (epoch, row number)
  std::vector<int> spans;        // offsets inside the block of its ArenaSpans, ascending
};

/// One aggregate bound to its argument types. Stateless and shared between lanes: all memory is in
/// the blocks. Rows are always given in epoch order (DESIGN.md §4.6).
class Aggregate {
 public:
  virtual ~Aggregate() = default;
  const AggregateLayout& layout() const { return layout_; }

  /// Folds rows into their blocks. `arguments` are the evaluated argument columns.
  virtual Status Update(const Vector* const* arguments, const Selection& rows,
                        const AggregateTargets& targets) const = 0;
  /// into[i] ⊕= from[i] (or ⊖= when `subtract`, only if invertible) for i in [0, count), in that
  /// order; an entry may come up more than once. Both offset by into.offset; a column at a time, as
  /// Update, because slices merge tens of thousands of entries an epoch. `from` is not changed.
  virtual Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
                       bool subtract) const = 0;
  /// Writes the results of from.blocks[0, count), at from.offset, to rows [at, at + count) of the
  /// flat vector `out`, whose size covers them. The blocks are not changed.
  virtual Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const = 0;

 protected:
  AggregateLayout layout_;
};

}  // namespace thalweg
