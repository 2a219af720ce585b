// What state/ must know of an aggregate function: the size of its accumulator and how two of them
// merge (DESIGN.md §4.3). The code of the functions is in functions/; state/ moves blocks.
//
// An accumulator block is a fixed-width, trivially copyable run of bytes, aligned to 8. ALL-ZERO
// BYTES ARE ITS INITIAL STATE, so new entries need no call. Variable parts (lists, strings, sketches)
// are handles into the arena of the shard that the block lies in.
#pragma once

#include <cstdint>
#include <vector>

#include "data/batch.h"

namespace thalweg {

/// Growing memory for variable parts of accumulators. A handle is an offset that stays valid when
/// the arena grows and when it is written to a delta and loaded again.
class AggregateArena {
 public:
  using Handle = uint64_t;  // 0: none
  virtual ~AggregateArena() = default;
  virtual Result<Handle> Allocate(uint32_t bytes) = 0;
  virtual uint8_t* Resolve(Handle handle) = 0;
  /// The bytes are garbage from now on; reclaimed when the arena is compacted.
  virtual void Free(Handle handle, uint32_t bytes) = 0;
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
  bool exact = true;  // commutative and associative to the bit: may be pre-aggregated and subtracted
  bool invertible = false;      // Subtract undoes Merge (counts, exact sums)
  bool order_sensitive = false;  // value depends on arrival order: block keeps (epoch, row number)
  bool uses_arena = false;
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
  /// into ⊕= from (or ⊖= when `subtract`, only if invertible).
  virtual Status Merge(uint8_t* into, AggregateArena* into_arena, const uint8_t* from,
                       AggregateArena* from_arena, bool subtract) const = 0;
  /// Writes the results of `count` blocks to rows [at, at + count) of the flat vector `out`.
  virtual Status Finish(const uint8_t* const* blocks, AggregateArena* const* arenas, int count,
                        int at, Vector* out) const = 0;

 protected:
  AggregateLayout layout_;
};

}  // namespace thalweg
