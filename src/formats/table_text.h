// Results as Spark's show() draws them, all rows in full width:
//
//   +---+------+
//   | id|  name|
//   +---+------+
//   |  1|   Ann|
//   +---+------+
//
// Pure functions.
#pragma once

#include <string>

#include "data/batch.h"
#include "data/time_zone.h"

namespace thalweg {

struct TableTextOptions {
  int64_t rows_max = -1;  // -1: all; more are only counted in a last line
  int width_max = 0;      // of a cell in characters, the last three dots; 0: any
};

/// "" for a result without columns.
std::string DrawTable(const Schema& schema, const std::vector<Batch>& batches, const TimeZone& zone,
                      const TableTextOptions& options = {});

}  // namespace thalweg
