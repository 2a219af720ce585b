#include "formats/inferred_type.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace thalweg {
namespace {

constexpr int kPrecisionMax = 38;

// Digits of a number that any value of the kind fits into.
int DigitsOf(InferredKind kind) {
  return kind == InferredKind::kInt ? 10 : 20;
}

bool IsIntegral(InferredKind kind) {
  return kind == InferredKind::kInt || kind == InferredKind::kLong;
}

bool IsNumeric(InferredKind kind) {
  return IsIntegral(kind) || kind == InferredKind::kDouble || kind == InferredKind::kDecimal;
}

InferredType AsDecimal(const InferredType& type) {
  return IsIntegral(type.kind) ? InferredType::Decimal(DigitsOf(type.kind), 0) : type;
}

InferredType MergeNumbers(const InferredType& a, const InferredType& b) {
  if (a.kind == InferredKind::kDouble || b.kind == InferredKind::kDouble) {
    return {InferredKind::kDouble};
  }
  if (IsIntegral(a.kind) && IsIntegral(b.kind)) return {std::max(a.kind, b.kind)};
  const InferredType left = AsDecimal(a);
  const InferredType right = AsDecimal(b);
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  if (whole + scale > kPrecisionMax) return {InferredKind::kDouble};
  return InferredType::Decimal(whole + scale, scale);
}

// Both lists are sorted. A name that stands twice in one list stays twice, and is refused later.
InferredType MergeStructs(InferredType a, InferredType b) {
  InferredType merged{InferredKind::kStruct};
  size_t i = 0, j = 0;
  while (i < a.fields.size() && j < b.fields.size()) {
    const int order = a.fields[i].first.compare(b.fields[j].first);
    if (order == 0) {
      merged.fields.emplace_back(a.fields[i].first, MergeTypes(std::move(a.fields[i].second),
                                                               std::move(b.fields[j].second)));
      ++i;
      ++j;
    } else {
      merged.fields.push_back(order < 0 ? std::move(a.fields[i++]) : std::move(b.fields[j++]));
    }
  }
  for (; i < a.fields.size(); ++i) merged.fields.push_back(std::move(a.fields[i]));
  for (; j < b.fields.size(); ++j) merged.fields.push_back(std::move(b.fields[j]));
  return merged;
}

bool FinishFields(const InferredType& type, bool drop_all_null, std::vector<StructField>* out) {
  for (const auto& [name, field] : type.fields) {
    TypePtr finished;
    if (name.empty() || !FinishType(field, drop_all_null, &finished)) continue;
    out->push_back({name, std::move(finished)});
  }
  return !out->empty();
}

}  // namespace

InferredType InferredType::Decimal(int precision, int scale) {
  return {InferredKind::kDecimal, precision, scale};
}

InferredType MergeTypes(InferredType a, InferredType b) {
  if (a.kind == InferredKind::kNull) return b;
  if (b.kind == InferredKind::kNull) return a;
  if (IsNumeric(a.kind) && IsNumeric(b.kind)) return MergeNumbers(a, b);
  if (a.kind == b.kind) {
    if (a.kind == InferredKind::kStruct) return MergeStructs(std::move(a), std::move(b));
    if (a.kind == InferredKind::kArray) {
      a.fields[0].second = MergeTypes(std::move(a.fields[0].second), std::move(b.fields[0].second));
    }
    return a;
  }
  const bool times = (a.kind == InferredKind::kDate && b.kind == InferredKind::kTimestamp) ||
                     (a.kind == InferredKind::kTimestamp && b.kind == InferredKind::kDate);
  return {times ? InferredKind::kTimestamp : InferredKind::kString};
}

bool FinishType(const InferredType& type, bool drop_all_null, TypePtr* out) {
  switch (type.kind) {
    case InferredKind::kNull:
      *out = StringType();
      return !drop_all_null;
    case InferredKind::kBoolean:
      *out = BooleanType();
      return true;
    case InferredKind::kInt:
      *out = IntType();
      return true;
    case InferredKind::kLong:
      *out = BigintType();
      return true;
    case InferredKind::kDouble:
      *out = DoubleType();
      return true;
    case InferredKind::kDecimal:
      *out = DecimalType(type.precision, type.scale);
      return true;
    case InferredKind::kDate:
      *out = DateType();
      return true;
    case InferredKind::kTimestamp:
      *out = TimestampType();
      return true;
    case InferredKind::kString:
      *out = StringType();
      return true;
    case InferredKind::kArray: {
      TypePtr element;
      if (!FinishType(type.fields[0].second, drop_all_null, &element)) return false;
      *out = ArrayType(std::move(element));
      return true;
    }
    case InferredKind::kStruct: {
      std::vector<StructField> fields;
      if (!FinishFields(type, drop_all_null, &fields)) return false;
      *out = StructType(std::move(fields));
      return true;
    }
  }
  return false;
}

InferredType TypeOfNumber(std::string_view text, bool is_integer, bool prefers_decimal) {
  const char* const end = text.data() + text.size();
  int64_t value = 0;
  if (is_integer && std::from_chars(text.data(), end, value).ec == std::errc()) {
    return {InferredKind::kLong};
  }
  if (!is_integer && !prefers_decimal) return {InferredKind::kDouble};
  // BigDecimal's precision: digits without leading zeros, at least one.
  int precision = 0, scale = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      if (precision > 0 || c != '0') ++precision;
      scale += fraction;
    } else if (c != '-' && c != '+') {
      return {InferredKind::kDouble};  // an exponent
    }
  }
  precision = std::max({precision, scale, 1});
  if (precision > kPrecisionMax) return {InferredKind::kDouble};
  return InferredType::Decimal(precision, scale);
}

Status CheckColumnNames(const DataType& row) {
  std::set<std::string> seen;
  for (const StructField& field : row.fields()) {
    std::string folded = field.name;
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (row.Is(TypeKind::kStruct) && !seen.insert(folded).second) {
      return Status::User("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + folded + "`"}});
    }
    THALWEG_RETURN_NOT_OK(CheckColumnNames(*field.type));
  }
  return Status::OK();
}

}  // namespace thalweg
