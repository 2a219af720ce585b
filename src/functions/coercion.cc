#include "functions/coercion.h"

#include <algorithm>

#include "functions/cast.h"
#include "functions/coercion_types.h"

namespace thalweg {
namespace {

using FindType = TypePtr (*)(const TypePtr& a, const TypePtr& b, bool ansi);

bool IsFractional(const DataType& type) {
  return type.IsNumeric() && !type.IsIntegral();
}
bool IsUnitInterval(const DataType& type) {
  return type.Is(TypeKind::kYearMonthInterval) || type.Is(TypeKind::kDayTimeInterval);
}
/// Spark's AtomicType.
bool IsAtomic(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kNull:
    case TypeKind::kCalendarInterval:
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
      return false;
    default:
      return true;
  }
}

/// What a string becomes when it meets `other` under ANSI rules.
TypePtr PromotedString(const TypePtr& string, const TypePtr& other) {
  if (other->IsIntegral()) return BigintType();
  if (IsFractional(*other)) return DoubleType();
  if (other->Is(TypeKind::kNull)) return string;
  return IsUnitInterval(*other) || !IsAtomic(*other) ? nullptr : other;
}

/// The string and the other one, if exactly one of them is a string.
struct StringPair {
  const TypePtr* string = nullptr;
  const TypePtr* other = nullptr;
};
StringPair SplitString(const TypePtr& a, const TypePtr& b) {
  const bool string_a = a->Is(TypeKind::kString);
  if (string_a == b->Is(TypeKind::kString)) return {};
  return string_a ? StringPair{&a, &b} : StringPair{&b, &a};
}

TypePtr WiderDecimalOrNull(const TypePtr& a, const TypePtr& b) {
  const bool decimal_a = a->Is(TypeKind::kDecimal);
  const bool decimal_b = b->Is(TypeKind::kDecimal);
  if (!decimal_a && !decimal_b) return nullptr;
  const TypePtr& other = decimal_a ? b : a;
  if (!other->IsNumeric()) return nullptr;
  if (other->Is(TypeKind::kFloat) || other->Is(TypeKind::kDouble)) return DoubleType();
  return WiderDecimal(*AsDecimal(a), *AsDecimal(b));
}

bool MemberNullable(const StructField& a, const StructField& b, const DataType& type) {
  return a.nullable || b.nullable || ForcesNull(*a.type, type) || ForcesNull(*b.type, type);
}

/// Arrays, maps and structs, member by member (findTypeForComplex).
TypePtr ComplexType(const TypePtr& a, const TypePtr& b, bool ansi, FindType find) {
  if (a->kind() != b->kind() || a->fields().size() != b->fields().size()) return nullptr;
  if (!a->Is(TypeKind::kArray) && !a->Is(TypeKind::kMap) && !a->Is(TypeKind::kStruct)) {
    return nullptr;
  }
  std::vector<StructField> members = a->fields();
  for (size_t i = 0; i < members.size(); ++i) {
    const StructField& other = b->fields()[i];
    if (a->Is(TypeKind::kStruct) && !EqualIgnoringCase(members[i].name, other.name)) return nullptr;
    const TypePtr type = find(members[i].type, other.type, ansi);
    if (type == nullptr) return nullptr;
    members[i].nullable = MemberNullable(members[i], other, *type);
    members[i].type = type;
  }
  if (a->Is(TypeKind::kStruct)) return StructType(std::move(members));
  if (a->Is(TypeKind::kArray)) return ArrayType(members[0].type, members[0].nullable);
  const TypePtr& key = members[0].type;
  if (ForcesNull(*a->key(), *key) || ForcesNull(*b->key(), *key)) return nullptr;
  return MapType(key, members[1].type, members[1].nullable);
}

/// NULL of no type, equal types, collations.
TypePtr EqualOrNull(const TypePtr& a, const TypePtr& b) {
  if (a->SameIgnoringNullability(*b)) return MergeNullability(a, b);
  if (a->Is(TypeKind::kNull)) return b;
  if (b->Is(TypeKind::kNull)) return a;
  if (a->Is(TypeKind::kString) && b->Is(TypeKind::kString) && a->collation() == b->collation()) {
    return a->length() < 0 ? a : b->length() < 0 ? b : StringType();
  }
  return nullptr;
}

TypePtr TightestNumeric(const TypePtr& a, const TypePtr& b, bool ansi) {
  const bool decimal_a = a->Is(TypeKind::kDecimal);
  if (decimal_a != b->Is(TypeKind::kDecimal)) {
    const TypePtr& decimal = decimal_a ? a : b;
    const TypePtr& other = decimal_a ? b : a;
    return other->IsIntegral() && IsWiderDecimal(*decimal, *other) ? decimal : nullptr;
  }
  return decimal_a ? nullptr : WiderPlainNumber(a, b, ansi);
}

TypePtr WiderWithoutStrings(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  if (TypePtr decimal = WiderDecimalOrNull(a, b)) return decimal;
  return ComplexType(a, b, ansi, WiderWithoutStrings);
}

TypePtr Fold(const std::vector<TypePtr>& types, bool ansi, FindType find) {
  TypePtr type = NullType();
  for (const TypePtr& next : types) {
    type = find(type, next, ansi);
    if (type == nullptr) return nullptr;
  }
  return type;
}

bool HasString(const DataType& type) {
  return type.Is(TypeKind::kString) ||
         (type.Is(TypeKind::kArray) && type.element()->Is(TypeKind::kString));
}

TypePtr WiderOfTwo(const TypePtr& a, const TypePtr& b, bool ansi) {
  return WiderType(a, b, ansi);
}

}  // namespace

TypePtr TightestCommonType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr equal = EqualOrNull(a, b)) return equal;
  if (a->IsNumeric() && b->IsNumeric()) return TightestNumeric(a, b, ansi);
  if (TypePtr time = WiderTime(a, b)) return time;
  if (IsUnitInterval(*a) && a->kind() == b->kind()) return WiderUnitInterval(*a, *b);
  return ComplexType(a, b, ansi, TightestCommonType);
}

TypePtr WiderType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  if (TypePtr decimal = WiderDecimalOrNull(a, b)) return decimal;
  if (const StringPair pair = SplitString(a, b); pair.string != nullptr) {
    const DataType& other = **pair.other;
    if (ansi) return PromotedString(*pair.string, *pair.other);
    const bool stays =
        other.Is(TypeKind::kBinary) || other.Is(TypeKind::kBoolean) || other.Is(TypeKind::kVariant);
    return stays || !IsAtomic(other) ? nullptr : *pair.string;
  }
  return ComplexType(a, b, ansi, WiderOfTwo);
}

/// In legacy mode strings come first: (string op int) op date differs from string op (int op date).
TypePtr WiderType(const std::vector<TypePtr>& types, bool ansi) {
  if (ansi) return Fold(types, ansi, WiderOfTwo);
  std::vector<TypePtr> ordered = types;
  std::stable_partition(ordered.begin(), ordered.end(),
                        [](const TypePtr& type) { return HasString(*type); });
  return Fold(ordered, ansi, WiderOfTwo);
}

TypePtr WiderTypeWithoutStrings(const std::vector<TypePtr>& types, bool ansi) {
  return Fold(types, ansi, WiderWithoutStrings);
}

TypePtr ArithmeticType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (const StringPair pair = SplitString(a, b); pair.string != nullptr) {
    if (ansi) return PromotedString(*pair.string, *pair.other);
    const DataType& other = **pair.other;
    return other.IsNumeric() || other.Is(TypeKind::kNull) ? DoubleType() : nullptr;
  }
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  return WiderDecimalOrNull(a, b);
}

TypePtr ComparisonType(const TypePtr& a, const TypePtr& b, bool ansi) {
  if (const StringPair pair = SplitString(a, b); pair.string != nullptr) {
    const TypePtr& other = *pair.other;
    if (ansi || other->Is(TypeKind::kNull)) return PromotedString(*pair.string, other);
    if (other->Is(TypeKind::kDecimal)) return DoubleType();
    const bool stays = IsUnitInterval(*other) || other->Is(TypeKind::kVariant);
    return stays || !IsAtomic(*other) ? nullptr : other;
  }
  if (!ansi && a->Is(TypeKind::kBoolean) != b->Is(TypeKind::kBoolean)) {
    const TypePtr& other = a->Is(TypeKind::kBoolean) ? b : a;
    if (other->IsNumeric()) return other;
  }
  if (TypePtr common = TightestCommonType(a, b, ansi)) return common;
  if (TypePtr decimal = WiderDecimalOrNull(a, b)) return decimal;
  return SameStructure(*a, *b) ? a : nullptr;
}

Status CoerceDecimals(std::vector<ExprPtr>* arguments, const BindSettings& settings) {
  ExprPtr& left = (*arguments)[0];
  ExprPtr& right = (*arguments)[1];
  const bool decimal_left = left->type->Is(TypeKind::kDecimal);
  if (decimal_left == right->type->Is(TypeKind::kDecimal)) return Status::OK();
  ExprPtr& decimal = decimal_left ? left : right;
  ExprPtr& other = decimal_left ? right : left;
  if (IsFractional(*other->type)) {
    THALWEG_ASSIGN_OR_RETURN(decimal, CoerceTo(decimal, DoubleType(), settings));
    THALWEG_ASSIGN_OR_RETURN(other, CoerceTo(other, DoubleType(), settings));
  } else if (other->type->IsIntegral()) {
    THALWEG_ASSIGN_OR_RETURN(other, CoerceTo(other, DecimalOfInteger(other), settings));
  }
  return Status::OK();
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
