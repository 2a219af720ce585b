// What computes a query's epochs: a replay must be done by the same program (DESIGN.md §4.5). Pure
// functions.
#pragma once

#include <string>

#include "base/conf.h"
#include "exec/physical_plan.h"
#include "streaming/log_format.h"

namespace thalweg {

/// The record of this program running `plan`. `versions` are "key=value" lines of what the caller
/// knows about: tzdata, ICU, UDFs.
ProgramRecord ProgramOf(const PhysicalPlan& plan, const Conf& conf, const std::string& versions);

/// Settings that a checkpoint keeps for ever, as in Spark: puts their logged values into `conf`.
Status ApplyPinnedConf(const ProgramRecord& logged, Conf* conf);

/// OK if `now` computes bit for bit what `logged` computed. Errors: STATE_REPLAY_PROGRAM_CHANGED
/// with the first difference.
Status CheckSameProgram(const ProgramRecord& logged, const ProgramRecord& now);

}  // namespace thalweg
