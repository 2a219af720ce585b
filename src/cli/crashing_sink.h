// A sink's table behind which the query dies, at a chosen point of an epoch, once it is armed. The
// caller unwinds, lets its world crash and starts the query again. One thread.
#pragma once

#include <memory>

#include "cli/world.h"
#include "data/contracts.h"

namespace thalweg {

/// Whether the next epoch dies, and whether one did.
struct CrashTrigger {
  CrashPoint point = CrashPoint::kNone;
  bool armed = false;
  /// True if the query dies here and now.
  bool FiresAt(CrashPoint here) {
    if (!armed || here != point) return false;
    armed = false;
    return true;
  }
};

/// `inner` behind `trigger`, which outlives the table.
TablePtr MakeCrashingTable(TablePtr inner, CrashTrigger* trigger);

}  // namespace thalweg
