// RangeTable: the numbers of range(start, end, step) as a table of one column, made while they are
// read. Immutable; any thread.
#pragma once

#include "data/contracts.h"

namespace thalweg {

struct NumberRange {
  int64_t start = 0;
  int64_t end = 0;   // not in it
  int64_t step = 1;  // not 0
  int64_t size() const;
};

/// id BIGINT NOT NULL.
TablePtr MakeRangeTable(const NumberRange& range);

}  // namespace thalweg
