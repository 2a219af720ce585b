// InferredType: what a column of JSON or CSV files has looked like so far, and how two such types
// merge (Spark's JsonInferSchema, CSVInferSchema). NULL merges with everything. Values; any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "data/schema.h"

namespace thalweg {

enum class InferredKind : uint8_t {
  kNull,
  kBoolean,
  kInt,
  kLong,
  kDouble,
  kDecimal,
  kDate,
  kTimestamp,
  kString,
  kArray,
  kStruct,
};

struct InferredType {
  InferredKind kind = InferredKind::kNull;
  int precision = 0;  // of a DECIMAL
  int scale = 0;
  /// Of a STRUCT, sorted by name; of an ARRAY one, its element.
  std::vector<std::pair<std::string, InferredType>> fields = {};

  static InferredType Decimal(int precision, int scale);
};

/// STRING where nothing else holds both.
InferredType MergeTypes(InferredType a, InferredType b);
/// Empty structs are left out, NULL becomes STRING or, if `drop_all_null`, is left out too. False:
/// nothing remains.
bool FinishType(const InferredType& type, bool drop_all_null, TypePtr* out);
/// A number as text: LONG, DECIMAL where it is a whole one beyond 64 bits (or any, if
/// `prefers_decimal`) of at most 38 digits, else DOUBLE.
InferredType TypeOfNumber(std::string_view text, bool is_integer, bool prefers_decimal);
/// COLUMN_ALREADY_EXISTS if two columns, also nested ones, have one name but for its case.
Status CheckColumnNames(const DataType& row);

}  // namespace thalweg
