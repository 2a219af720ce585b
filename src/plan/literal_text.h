// How a literal looks in a plan: text in quotes, times with their type, nested values as Spark
// shows them. For EXPLAIN, golden scripts and fingerprints: equal values print equally. Any thread.
#pragma once

#include <string>

#include "data/value.h"

namespace thalweg {

void AppendLiteralText(const Value& value, std::string* out);

}  // namespace thalweg
