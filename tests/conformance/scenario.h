// Plays one streaming scenario as FORMAT.md says: views in their order, a query over replayable
// memory streams into a recording sink, exactly the triggers that the epochs name, restarts from
// the checkpoint. Everything lives in a simulated world with a clock that is set. One thread.
#pragma once

#include "cases.h"
#include "verdict.h"

namespace thalweg {

Verdict PlayScenario(const Case& played);

}  // namespace thalweg
