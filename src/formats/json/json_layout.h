// JsonLayout: how a line looked: its bytes between the values, and which value goes where. A line
// of the same layout is read by comparing those bytes and reading the values; one that differs in a
// single byte has another layout. Learned from a line that JsonDecoder has read without fault.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "formats/json/json_slots.h"

namespace thalweg {

/// What follows the bytes of a JsonOp.
enum class JsonOpKind : uint8_t {
  kNone,  // more bytes
  kEnd,   // the end of the line
  kSkip,  // any value, verified
  kString,
  kInt32,
  kInt64,
  kDouble,
  kDecimal64,
  kBoolean,
  kDate,
  kTimestamp,
  kTimestampNtz,
  kGeneric,  // a value for JsonValues
};

struct JsonOp {
  JsonOpKind kind = JsonOpKind::kNone;
  uint8_t literal_bytes = 0;  // at most 32
  bool filtered = false;      // a predicate is on the value
  uint16_t depth = 0;         // of the objects around the value
  int16_t slot = -1;
  uint32_t literal = 0;       // where they begin among the literals
  uint32_t literal_mask = 0;  // a bit a byte
};

struct JsonLayout {
  std::vector<JsonOp> ops;
  std::string literals;             // with room for a wide load behind
  std::vector<int16_t> structs;     // slots that are there
  std::vector<int16_t> missing;     // slots that are NULL, also as the word null for a struct
  bool filtered_otherwise = false;  // a predicate is on one of these
};

/// False for a line that makes no layout: a field twice, escaped names, too long.
bool LearnJsonLayout(std::string_view line, const JsonSyntax& syntax, JsonNode& root,
                     JsonSlots& slots, JsonLayout* out);

}  // namespace thalweg
