// Value: one typed value outside a Vector, for literals, partition columns, tests and display. Slow
// and simple; hot paths use Vectors.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "data/string_view.h"
#include "data/type.h"
#include "data/vector.h"

namespace thalweg {

using int128_t = __int128;

class Value {
 public:
  /// Arrays: elements. Maps: keys and values alternating. Structs: fields. Variant: value,
  /// metadata.
  using List = std::vector<Value>;

  Value() : type_(NullType()) {}                            // untyped NULL
  explicit Value(TypePtr type) : type_(std::move(type)) {}  // NULL of a type
  template <class T>
  Value(TypePtr type, T value) : type_(std::move(type)), data_(std::move(value)) {}

  static Value Boolean(bool v) { return {BooleanType(), v}; }
  static Value Int(int32_t v) { return {IntType(), int64_t{v}}; }
  static Value Bigint(int64_t v) { return {BigintType(), v}; }
  static Value Double(double v) { return {DoubleType(), v}; }
  static Value String(std::string v) { return {StringType(), std::move(v)}; }
  static Value Timestamp(int64_t us) { return {TimestampType(), us}; }

  const TypePtr& type() const { return type_; }
  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool boolean() const { return std::get<bool>(data_); }
  /// All integral kinds, dates, times, timestamps, intervals of one unit, DECIMAL(p<=18) unscaled.
  int64_t int64() const { return std::get<int64_t>(data_); }
  int128_t int128() const;                                    // DECIMAL of any precision, unscaled
  double float64() const { return std::get<double>(data_); }  // FLOAT too
  const std::string& text() const { return std::get<std::string>(data_); }  // STRING, BINARY bytes
  const CalendarInterval& interval() const { return std::get<CalendarInterval>(data_); }
  const List& list() const { return std::get<List>(data_); }

  /// Same type and same value; NaN equals NaN, -0.0 differs from 0.0.
  bool operator==(const Value& other) const;

 private:
  TypePtr type_;
  std::variant<std::monostate, bool, int64_t, int128_t, double, std::string, CalendarInterval, List>
      data_;
};

/// The value of one row of a vector (any encoding).
Value GetValue(const Vector& vector, int row);
/// Appends to a flat vector of the value's physical type.
void AppendValue(const Value& value, Vector* vector);
/// A constant vector of `size` rows.
void MakeConstant(const Value& value, int size, Vector* out);

}  // namespace thalweg
