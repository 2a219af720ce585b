// The Arrow library behind its module, opened on first use. Any thread.
#pragma once

#include "base/status.h"
#include "formats/arrow/arrow_module.h"

namespace thalweg {

/// The module's functions, for the life of the process. Errors: THALWEG_MODULE_MISSING.
Result<const ThalwegArrowModule*> OpenArrow();

}  // namespace thalweg
