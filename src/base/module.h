// The heavy libraries (Arrow, librdkafka) stand behind modules: shared objects in lib/thalweg
// beside the program's bin, opened on first use, each with a symbol scope of its own and one C
// function as its door. Any thread.
#pragma once

#include <string_view>

#include "base/status.h"

namespace thalweg {

/// Opens libthalweg_<name>.so and gives the address of its function `door`. It is never closed, so
/// the caller asks once. `feature` says what the user wanted ("Parquet files"). Errors:
/// THALWEG_MODULE_MISSING with the file and what the linker says.
Result<void*> OpenModule(std::string_view name, const char* door, std::string_view feature);

}  // namespace thalweg
