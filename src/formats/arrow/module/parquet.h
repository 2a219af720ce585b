// The parts of the function table that read and write Parquet files.
#pragma once

#include "formats/arrow/arrow_module.h"

namespace thalweg::arrow_module {

void AddParquetReader(ThalwegArrowModule* table);
void AddParquetWriter(ThalwegArrowModule* table);

}  // namespace thalweg::arrow_module
