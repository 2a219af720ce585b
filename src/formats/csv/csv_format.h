// The CSV format: one record a line. Any thread.
#pragma once

#include "formats/format.h"

namespace thalweg {

const Format& CsvFormat();

}  // namespace thalweg
