// The text of a failed file operation, the same for the real and the simulated disk.
#pragma once

#include <string>

#include "base/status.h"

namespace thalweg {

/// A world error: "Cannot <action> '<path>': <cause of the errno value>. <what the user can do>".
Status FileError(const char* action, const std::string& path, int error);

}  // namespace thalweg
