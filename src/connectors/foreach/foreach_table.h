// `foreach`: a sink that hands the rows of an epoch to functions as they come, in the epoch's
// order, on one lane:
//
//   open(epoch) ──▶ rows* ──▶ close(OK)           or close(error) where something failed
//
// An epoch that is run again is handed over again: at least once, unless what is behind the
// functions keeps epochs apart. What must run a plan is injected from above.
#pragma once

#include <functional>

#include "data/contracts.h"

namespace thalweg {

struct ForeachFunctions {
  /// False: the rows of this epoch are not wanted (they were taken before).
  std::function<Result<bool>(int64_t epoch)> open;
  std::function<Status(const Batch& rows)> process;
  /// Called once for each open that did not fail.
  std::function<void(const Status& status)> close;
};

/// Failures come out as FOREACH_USER_FUNCTION_ERROR.
TablePtr MakeForeachTable(SchemaPtr schema, ForeachFunctions functions);

}  // namespace thalweg
