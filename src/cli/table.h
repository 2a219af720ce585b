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

/// "" for a result without columns.
std::string DrawTable(const Schema& schema, const std::vector<Batch>& batches,
                      const TimeZone& zone);

}  // namespace thalweg
