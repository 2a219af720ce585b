// Rows that came out against rows that should: as multisets or in order, maps as sets unless the
// order counts, NaN equal to NaN, -0.0 distinct from 0.0. Pure functions.
#pragma once

#include <string>

#include "json_values.h"

namespace thalweg {

struct RowComparison {
  bool ordered = false;
  double tolerance = 0;  // relative, of FLOAT and DOUBLE
};

/// "" if they are the same; else what is missing and what is too much.
std::string CompareRows(const std::vector<Row>& expected, const std::vector<Row>& actual,
                        const RowComparison& comparison);

/// A row as JSON text, about as the corpus writes it; equal exactly if the values are.
std::string RowText(const Row& row, bool ordered_maps = true);

}  // namespace thalweg
