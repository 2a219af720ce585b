// The text of a value inside a Vector, as CAST(value AS STRING) prints it: without making a Value.
// Pure, any thread.
#pragma once

#include <string>

#include "data/vector.h"

namespace thalweg {

class TimeZone;

struct TextStyle {
  const TimeZone* zone = nullptr;    // of TIMESTAMP
  bool scientific_decimals = false;  // "1E-7": casts without ANSI
};

/// Appends the value of `row`, which is not NULL ("null" inside nested values).
void AppendText(const Vector& vector, int row, const TextStyle& style, std::string* out);
/// Whether the type has a text here: VARIANT has not.
bool HasText(const DataType& type);

}  // namespace thalweg
