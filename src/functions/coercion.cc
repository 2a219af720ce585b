#include "functions/coercion.h"

#include <algorithm>

namespace thalweg {
namespace {

constexpr int kMaxPrecision = 38;

/// Position in Spark's order of numeric types, -1 for others and DECIMAL.
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

bool IsFractional(const DataType& type) {
  return type.IsNumeric() && !type.IsIntegral();
}
bool IsUnitInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval);
}
bool IsNested(const DataType& type) {
  return type.Is(TypeKind::kArray) || type.Is(TypeKind::kMap) || type.Is(TypeKind::kStruct) ||
         type.Is(TypeKind::kVariant);
}

/// The DECIMAL that holds every value of an integral type.
TypePtr AsDecimal(const TypePtr& type) {
  static constexpr int kDigits[] = {3, 5, 10, 20};
  return type->Is(TypeKind::kDecimal) ? type : DecimalType(kDigits[NumericRank(*type)], 0);
}

TypePtr WiderDecimal(const DataType& a, const DataType& b) {
  const int scale = std::max(a.scale(), b.scale());
  const int range = std::max(a.precision() - a.scale(), b.precision() - b.scale());
  return DecimalType(std::min(range + scale, kMaxPrecision), std::min(scale, kMaxPrecision));
}

TypePtr WiderNumeric(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (a->Is(TypeKind::kDecimal) || b->Is(TypeKind::kDecimal)) {
    const TypePtr& other = a->Is(TypeKind::kDecimal) ? b : a;
    if (other->Is(TypeKind::kFloat) || other->Is(TypeKind::kDouble)) return DoubleType();
    return WiderDecimal(*AsDecimal(a), *AsDecimal(b));
  }
  const TypePtr& wider = NumericRank(*a) > NumericRank(*b) ? a : b;
  // A FLOAT would lose digits of the integer that it meets.
  return ansi && wider->Is(TypeKind::kFloat) ? DoubleType() : wider;
}

TypePtr WiderTime(const DataType& a, const DataType& b) {
  const auto either = [&](TypeKind kind) { return a.Is(kind) || b.Is(kind); };
  return either(TypeKind::kTimestamp) ? TimestampType() : TimestampNtzType();
}

bool IsDateTime(const DataType& type) {
  return type.Is(TypeKind::kDate) || type.Is(TypeKind::kTimestamp) ||
         type.Is(TypeKind::kTimestampNtz);
}

TypePtr WiderUnitInterval(const DataType& a, const DataType& b) {
  if (a.kind() != b.kind()) return nullptr;
  const IntervalUnit first = std::min(a.first_unit(), b.first_unit());
  const IntervalUnit last = std::max(a.last_unit(), b.last_unit());
  return a.Is(TypeKind::kYearMonthInterval) ? YearMonthIntervalType(first, last)
                                            : DayTimeIntervalType(first, last);
}

/// What a string becomes when it meets `other` under ANSI rules.
TypePtr PromotedString(const TypePtr& other) {
  if (other->IsIntegral()) return BigintType();
  if (IsFractional(*other)) return DoubleType();
  if (IsUnitInterval(*other) || IsNested(*other)) return nullptr;
  return other;
}

}  // namespace

TypePtr TightestCommonType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (a->SameIgnoringNullability(*b)) return a;
  if (a->Is(TypeKind::kNull)) return b;
  if (b->Is(TypeKind::kNull)) return a;
  if (a->IsNumeric() && b->IsNumeric()) return WiderNumeric(a, b, ansi);
  if (IsDateTime(*a) && IsDateTime(*b)) return WiderTime(*a, *b);
  if (IsUnitInterval(*a) && IsUnitInterval(*b)) return WiderUnitInterval(*a, *b);
  if (a->Is(TypeKind::kString) && b->Is(TypeKind::kString) && a->collation() == b->collation()) {
    return a->length() < 0 ? a : b->length() < 0 ? b : StringType();
  }
  return nullptr;
}

TypePtr WiderType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  const bool string_a = a->Is(TypeKind::kString);
  const bool string_b = b->Is(TypeKind::kString);
  if (string_a == string_b) return nullptr;
  const TypePtr& other = string_a ? b : a;
  if (ansi) return PromotedString(other);
  const bool stays = other->Is(TypeKind::kBinary) || other->Is(TypeKind::kBoolean);
  return stays || IsNested(*other) ? nullptr : (string_a ? a : b);
}

TypePtr ArithmeticType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  const bool string_a = a->Is(TypeKind::kString);
  const bool string_b = b->Is(TypeKind::kString);
  const TypePtr& other = string_a ? b : a;
  if (string_a == string_b) return nullptr;
  if (ansi) return PromotedString(other);
  return other->IsNumeric() ? DoubleType() : nullptr;
}

TypePtr ComparisonType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  const bool string_a = a->Is(TypeKind::kString);
  const bool string_b = b->Is(TypeKind::kString);
  if (string_a == string_b) return nullptr;
  const TypePtr& other = string_a ? b : a;
  return ansi ? PromotedString(other) : (IsNested(*other) ? nullptr : other);
}

Result<ExprPtr> CoerceTo(const ExprPtr& expr, const TypePtr& type, const BindSettings& settings) {
  if (expr->type->SameIgnoringNullability(*type)) return expr;
  const CastMode mode = settings.ansi ? CastMode::kAnsi : CastMode::kLegacy;
  return BindCast(expr, {type, mode, /*implicit=*/true, expr->place}, settings);
}

Status CoerceAll(std::vector<ExprPtr>* arguments, const TypePtr& type,
                 const BindSettings& settings) {
  for (ExprPtr& argument : *arguments) {
    THALWEG_ASSIGN_OR_RETURN(argument, CoerceTo(argument, type, settings));
  }
  return Status::OK();
}

}  // namespace thalweg
