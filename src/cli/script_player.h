// Plays a script in one world and returns what came out of each directive. One thread; the same
// script and world give the same outputs.
#pragma once

#include <vector>

#include "cli/script.h"
#include "cli/world.h"

namespace thalweg {

/// One output per directive. Errors: a directive that cannot be understood, by file and line.
Result<std::vector<ScriptOutput>> PlayScript(const Script& script, const World& world);

}  // namespace thalweg
