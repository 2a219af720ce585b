// The JSON format: one object a line. Any thread.
#pragma once

#include "formats/format.h"

namespace thalweg {

const Format& JsonFormat();

}  // namespace thalweg
