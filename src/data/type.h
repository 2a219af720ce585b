// Data types: Spark SQL's, as immutable shared values (DESIGN.md §4.1). Equality is structural.
// A type has a *logical* kind (what the user sees) and a *physical* kind (how a Vector stores it):
// several logical kinds share a physical one, and kernels are written over physical kinds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace thalweg {

enum class TypeKind : uint8_t {
  kNull,  // VOID
  kBoolean,
  kTinyint,
  kSmallint,
  kInt,
  kBigint,
  kFloat,
  kDouble,
  kDecimal,
  kString,  // also CHAR(n) and VARCHAR(n): `length` >= 0
  kBinary,
  kDate,
  kTimestamp,     // with local time zone: an instant
  kTimestampNtz,  // wall clock without zone
  kTime,          // TIME(precision)
  kYearMonthInterval,
  kDayTimeInterval,
  kCalendarInterval,
  kArray,
  kMap,
  kStruct,
  kVariant,
};

/// How the values of one row are laid out in a Vector's value buffer.
enum class PhysicalKind : uint8_t {
  kNull,  // nothing
  kBool,  // uint8_t 0 or 1 (a bitmap only at the Arrow boundary: docs/decisions)
  kInt8,
  kInt16,
  kInt32,  // INT, DATE (days since 1970-01-01), year-month interval (months)
  kInt64,  // BIGINT, timestamps (µs), TIME (ns of the day), day-time interval (µs), DECIMAL(p<=18)
  kInt128,  // DECIMAL(p>18)
  kFloat,
  kDouble,
  kString,    // StringView: STRING, BINARY
  kInterval,  // CalendarInterval
  kList,      // int32 offsets into one child
  kMap,       // int32 offsets into two children (keys, values)
  kStruct,    // one child per field
  kVariant,   // two children: value bytes, metadata bytes (both kString)
};

/// Bytes per row in the value buffer; 0 for kNull, kList, kMap, kStruct, kVariant.
int PhysicalWidth(PhysicalKind kind);

/// Units of interval types, outermost first. YEAR..MONTH and DAY..SECOND.
enum class IntervalUnit : uint8_t { kYear, kMonth, kDay, kHour, kMinute, kSecond };

class DataType;
using TypePtr = std::shared_ptr<const DataType>;

struct StructField {
  std::string name;
  TypePtr type;
  bool nullable = true;
  std::string comment{};
  bool operator==(const StructField& other) const;
};

class DataType {
 public:
  TypeKind kind() const { return kind_; }
  PhysicalKind physical() const { return physical_; }
  bool Is(TypeKind kind) const { return kind_ == kind; }

  /// DECIMAL: digits and scale. TIME: precision (0 to 6).
  int precision() const { return precision_; }
  int scale() const { return scale_; }
  /// STRING: "UTF8_BINARY" unless COLLATE says otherwise. CHAR/VARCHAR length, -1 for STRING.
  const std::string& collation() const { return collation_; }
  int length() const { return length_; }
  bool is_char() const { return is_char_; }
  IntervalUnit first_unit() const { return first_unit_; }
  IntervalUnit last_unit() const { return last_unit_; }
  /// ARRAY: one field "element". MAP: "key" and "value". STRUCT: its fields.
  const std::vector<StructField>& fields() const { return fields_; }
  const TypePtr& element() const { return fields_[0].type; }
  const TypePtr& key() const { return fields_[0].type; }
  const TypePtr& value() const { return fields_[1].type; }
  bool contains_null() const { return fields_.back().nullable; }  // ARRAY elements, MAP values

  bool IsIntegral() const;  // TINYINT … BIGINT
  bool IsNumeric() const;   // integral, FLOAT, DOUBLE, DECIMAL
  bool IsBinaryCollated() const { return collation_ == "UTF8_BINARY"; }

  /// "DECIMAL(10,2)", "ARRAY<INT>", "STRUCT<a: INT NOT NULL>": as Spark prints it in SQL.
  std::string Sql() const;
  /// "decimal(10,2)", "array<int>": as Spark's simpleString and DESCRIBE print it.
  std::string Simple() const;

  /// Structural equality with nullability of nested fields.
  bool operator==(const DataType& other) const;
  /// The same, nullability and names' case aside (DataType.equalsIgnoreNullability).
  bool SameIgnoringNullability(const DataType& other) const;

 private:
  friend struct TypeFactory;
  TypeKind kind_ = TypeKind::kNull;
  PhysicalKind physical_ = PhysicalKind::kNull;
  int precision_ = 0;
  int scale_ = 0;
  int length_ = -1;
  bool is_char_ = false;
  IntervalUnit first_unit_ = IntervalUnit::kYear;
  IntervalUnit last_unit_ = IntervalUnit::kYear;
  std::string collation_ = "UTF8_BINARY";
  std::vector<StructField> fields_;
};

// Makers. Simple types are shared singletons.
TypePtr NullType();
TypePtr BooleanType();
TypePtr TinyintType();
TypePtr SmallintType();
TypePtr IntType();
TypePtr BigintType();
TypePtr FloatType();
TypePtr DoubleType();
TypePtr StringType();
TypePtr BinaryType();
TypePtr DateType();
TypePtr TimestampType();
TypePtr TimestampNtzType();
TypePtr CalendarIntervalType();
TypePtr VariantType();
/// 1 <= precision <= 38, 0 <= scale <= precision (CHECKed: callers validate user input).
TypePtr DecimalType(int precision, int scale);
TypePtr CollatedStringType(std::string collation);
TypePtr CharType(int length);
TypePtr VarcharType(int length);
TypePtr TimeType(int precision);
TypePtr YearMonthIntervalType(IntervalUnit first, IntervalUnit last);
TypePtr DayTimeIntervalType(IntervalUnit first, IntervalUnit last);
TypePtr ArrayType(TypePtr element, bool contains_null = true);
TypePtr MapType(TypePtr key, TypePtr value, bool value_contains_null = true);
TypePtr StructType(std::vector<StructField> fields);

}  // namespace thalweg
