// Ids of queries and runs: random (version 4) UUIDs in text form.
#pragma once

#include <string>

#include "base/env.h"

namespace thalweg {

std::string NewUuid(Env& env);

}  // namespace thalweg
