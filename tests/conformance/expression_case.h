// Plays one expression case in a session of its own: fixtures, setup, settings, the query with its
// arguments. One thread.
#pragma once

#include "base/env.h"
#include "cases.h"
#include "verdict.h"

namespace thalweg {

Verdict PlayExpressionCase(const Case& played, Env& env);

}  // namespace thalweg
