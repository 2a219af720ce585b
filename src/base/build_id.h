// Which build this program is: a checkpoint that needs a replay is replayed by the build that wrote
// it (DESIGN.md §4.5).
#pragma once

#include <string>

namespace thalweg {

/// The linker's build id of the running program in hexadecimal: equal only for equal programs.
/// "unknown" for one that was linked without.
std::string BuildId();

}  // namespace thalweg
