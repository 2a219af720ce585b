// Plays one expression case in a session of its own: fixtures, setup, settings, the query with its
// arguments. The clock stands at the day on which the corpus was recorded, which a few results
// hold (a time without a date, cast to TIMESTAMP). One thread.
#pragma once

#include "cases.h"
#include "verdict.h"

namespace thalweg {

Verdict PlayExpressionCase(const Case& played);

}  // namespace thalweg
