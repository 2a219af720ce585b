// The text format: a line is a row with one STRING column, `value` by default. Any thread.
#pragma once

#include "formats/format.h"

namespace thalweg {

const Format& TextFormat();

}  // namespace thalweg
