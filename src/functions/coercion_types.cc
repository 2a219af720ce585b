#include "functions/coercion_types.h"

#include <algorithm>

#include "functions/coercion.h"

namespace thalweg {
namespace {

constexpr int kMaxPrecision = 38;

/// Digits of an integer, at least one.
int DigitsOf(int64_t value) {
  int digits = 1;
  while (value /= 10) ++digits;
  return digits;
}

}  // namespace

int NumericRank(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kTinyint:
      return 0;
    case TypeKind::kSmallint:
      return 1;
    case TypeKind::kInt:
      return 2;
    case TypeKind::kBigint:
      return 3;
    case TypeKind::kFloat:
      return 4;
    case TypeKind::kDouble:
      return 5;
    default:
      return -1;
  }
}

TypePtr WiderPlainNumber(const TypePtr& a, const TypePtr& b, bool ansi) {
  const TypePtr& wider = NumericRank(*a) > NumericRank(*b) ? a : b;
  // A FLOAT would lose digits of the integer that it meets.
  return ansi && wider->Is(TypeKind::kFloat) ? DoubleType() : wider;
}

TypePtr AsDecimal(const TypePtr& type) {
  static constexpr int kDigits[] = {3, 5, 10, 20};
  return type->Is(TypeKind::kDecimal) ? type : DecimalType(kDigits[NumericRank(*type)], 0);
}

TypePtr WiderDecimal(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  const int range = std::max(a.precision() - a.scale(), b.precision() - b.scale());
  return DecimalType(std::min(range + scale, kMaxPrecision), std::min(scale, kMaxPrecision));
}

bool IsWiderDecimal(const DataType& decimal, const DataType& other) {
  if (!other.IsIntegral() && !other.Is(TypeKind::kDecimal)) return false;
  static constexpr int kDigits[] = {3, 5, 10, 20};
  const int precision = other.IsIntegral() ? kDigits[NumericRank(other)] : other.precision();
  const int scale = other.IsIntegral() ? 0 : other.scale();
  return decimal.precision() - decimal.scale() >= precision - scale && decimal.scale() >= scale;
}

TypePtr WiderTime(const TypePtr& a, const TypePtr& b) {
  const auto is_date_time = [](const DataType& type) {
    return type.Is(TypeKind::kDate) || type.Is(TypeKind::kTimestamp) ||
           type.Is(TypeKind::kTimestampNtz);
  };
  if (a->Is(TypeKind::kTime) && b->Is(TypeKind::kTime)) {
    return TimeType(std::max(a->precision(), b->precision()));
  }
  if (!is_date_time(*a) || !is_date_time(*b)) return nullptr;
  const bool zoned = a->Is(TypeKind::kTimestamp) || b->Is(TypeKind::kTimestamp);
  return zoned ? TimestampType() : TimestampNtzType();
}

TypePtr WiderUnitInterval(const DataType& a, const DataType& b) {
  const IntervalUnit first = std::min(a.first_unit(), b.first_unit());
  const IntervalUnit last = std::max(a.last_unit(), b.last_unit());
  return a.Is(TypeKind::kYearMonthInterval) ? YearMonthIntervalType(first, last)
                                            : DayTimeIntervalType(first, last);
}

TypePtr DecimalOfInteger(const ExprPtr& expr) {
  const auto* literal = As<Literal>(expr);
  const bool exact =
      literal != nullptr && !literal->value.is_null() && !expr->type->Is(TypeKind::kTinyint);
  return exact ? DecimalType(DigitsOf(literal->value.int64()), 0) : AsDecimal(expr->type);
}

TypePtr MergeNullability(const TypePtr& a, const TypePtr& b) {
  if (a->fields().empty() || *a == *b) return a;
  std::vector<StructField> members = a->fields();
  for (size_t i = 0; i < members.size(); ++i) {
    members[i].type = MergeNullability(members[i].type, b->fields()[i].type);
    members[i].nullable = members[i].nullable || b->fields()[i].nullable;
  }
  if (a->Is(TypeKind::kStruct)) return StructType(std::move(members));
  if (a->Is(TypeKind::kArray)) return ArrayType(members[0].type, members[0].nullable);
  return MapType(members[0].type, members[1].type, members[1].nullable);
}

bool EqualIgnoringCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

bool SameStructure(const DataType& a, const DataType& b) {
  if (a.kind() != b.kind() || a.fields().size() != b.fields().size()) return false;
  if (a.fields().empty()) return a.SameIgnoringNullability(b);
  for (size_t i = 0; i < a.fields().size(); ++i) {
    if (!SameStructure(*a.fields()[i].type, *b.fields()[i].type)) return false;
  }
  return true;
}

}  // namespace thalweg
