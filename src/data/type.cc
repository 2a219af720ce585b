#include "data/type.h"

#include "data/type_text.h"

namespace thalweg {

/// The only writer of DataType's fields.
struct TypeFactory {
  static std::shared_ptr<DataType> Make(TypeKind kind, PhysicalKind physical) {
    auto type = std::make_shared<DataType>();
    type->kind_ = kind;
    type->physical_ = physical;
    return type;
  }
  static TypePtr Number(TypeKind kind, PhysicalKind physical, int precision, int scale) {
    auto type = Make(kind, physical);
    type->precision_ = precision;
    type->scale_ = scale;
    return type;
  }
  static TypePtr Text(std::string collation, int length, bool is_char) {
    auto type = Make(TypeKind::kString, PhysicalKind::kString);
    type->collation_ = std::move(collation);
    type->length_ = length;
    type->is_char_ = is_char;
    return type;
  }
  static TypePtr Interval(TypeKind kind, PhysicalKind physical, IntervalUnit first,
                          IntervalUnit last) {
    auto type = Make(kind, physical);
    type->first_unit_ = first;
    type->last_unit_ = last;
    return type;
  }
  static TypePtr Nested(TypeKind kind, PhysicalKind physical, std::vector<StructField> fields) {
    auto type = Make(kind, physical);
    type->fields_ = std::move(fields);
    return type;
  }
};

namespace {

TypePtr Simple(TypeKind kind, PhysicalKind physical) {
  return TypeFactory::Make(kind, physical);
}

bool SameScalar(const DataType& a, const DataType& b) {
  return a.kind() == b.kind() && a.precision() == b.precision() && a.scale() == b.scale() &&
         a.length() == b.length() && a.is_char() == b.is_char() &&
         a.first_unit() == b.first_unit() && a.last_unit() == b.last_unit() &&
         a.collation() == b.collation() && a.fields().size() == b.fields().size();
}

}  // namespace

int PhysicalWidth(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return 1;
    case PhysicalKind::kInt16:
      return 2;
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat:
      return 4;
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
      return 8;
    case PhysicalKind::kInt128:
    case PhysicalKind::kString:
    case PhysicalKind::kInterval:
      return 16;
    case PhysicalKind::kNull:
    case PhysicalKind::kList:
    case PhysicalKind::kMap:
    case PhysicalKind::kStruct:
    case PhysicalKind::kVariant:
      return 0;
  }
  return 0;
}

bool StructField::operator==(const StructField& other) const {
  return name == other.name && nullable == other.nullable && comment == other.comment &&
         *type == *other.type;
}

bool DataType::IsIntegral() const {
  return kind_ >= TypeKind::kTinyint && kind_ <= TypeKind::kBigint;
}

bool DataType::IsNumeric() const {
  return kind_ >= TypeKind::kTinyint && kind_ <= TypeKind::kDecimal;
}

bool DataType::operator==(const DataType& other) const {
  return this == &other || (SameScalar(*this, other) && fields_ == other.fields_);
}

bool DataType::SameIgnoringNullability(const DataType& other) const {
  if (this == &other) return true;
  if (!SameScalar(*this, other)) return false;
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (!EqualsIgnoringCase(fields_[i].name, other.fields_[i].name)) return false;
    if (!fields_[i].type->SameIgnoringNullability(*other.fields_[i].type)) return false;
  }
  return true;
}

std::string DataType::Sql() const {
  std::string out;
  AppendTypeSql(*this, &out);
  return out;
}

std::string DataType::Simple() const {
  std::string out;
  AppendTypeSimple(*this, &out);
  return out;
}

#define THALWEG_SINGLETON(maker, kind, physical)                                               \
  TypePtr maker() {                                                                            \
    static const TypePtr& type = *new TypePtr(Simple(TypeKind::kind, PhysicalKind::physical)); \
    return type;                                                                               \
  }

THALWEG_SINGLETON(NullType, kNull, kNull)
THALWEG_SINGLETON(BooleanType, kBoolean, kBool)
THALWEG_SINGLETON(TinyintType, kTinyint, kInt8)
THALWEG_SINGLETON(SmallintType, kSmallint, kInt16)
THALWEG_SINGLETON(IntType, kInt, kInt32)
THALWEG_SINGLETON(BigintType, kBigint, kInt64)
THALWEG_SINGLETON(FloatType, kFloat, kFloat)
THALWEG_SINGLETON(DoubleType, kDouble, kDouble)
THALWEG_SINGLETON(StringType, kString, kString)
THALWEG_SINGLETON(BinaryType, kBinary, kString)
THALWEG_SINGLETON(DateType, kDate, kInt32)
THALWEG_SINGLETON(TimestampType, kTimestamp, kInt64)
THALWEG_SINGLETON(TimestampNtzType, kTimestampNtz, kInt64)
THALWEG_SINGLETON(CalendarIntervalType, kCalendarInterval, kInterval)
THALWEG_SINGLETON(VariantType, kVariant, kVariant)

#undef THALWEG_SINGLETON

TypePtr DecimalType(int precision, int scale) {
  THALWEG_CHECK(precision >= 1 && precision <= 38, "decimal precision");
  THALWEG_CHECK(scale >= 0 && scale <= precision, "decimal scale");
  return TypeFactory::Number(TypeKind::kDecimal,
                             precision <= 18 ? PhysicalKind::kInt64 : PhysicalKind::kInt128,
                             precision, scale);
}

TypePtr CollatedStringType(std::string collation) {
  if (collation == "UTF8_BINARY") return StringType();
  return TypeFactory::Text(std::move(collation), -1, false);
}

TypePtr CharType(int length) {
  THALWEG_CHECK(length >= 0, "CHAR length");
  return TypeFactory::Text("UTF8_BINARY", length, true);
}

TypePtr VarcharType(int length) {
  THALWEG_CHECK(length >= 0, "VARCHAR length");
  return TypeFactory::Text("UTF8_BINARY", length, false);
}

TypePtr TimeType(int precision) {
  THALWEG_CHECK(precision >= 0 && precision <= 6, "TIME precision");
  return TypeFactory::Number(TypeKind::kTime, PhysicalKind::kInt64, precision, 0);
}

TypePtr YearMonthIntervalType(IntervalUnit first, IntervalUnit last) {
  THALWEG_CHECK(first <= last && last <= IntervalUnit::kMonth, "year-month interval units");
  return TypeFactory::Interval(TypeKind::kYearMonthInterval, PhysicalKind::kInt32, first, last);
}

TypePtr DayTimeIntervalType(IntervalUnit first, IntervalUnit last) {
  THALWEG_CHECK(first <= last && first >= IntervalUnit::kDay, "day-time interval units");
  return TypeFactory::Interval(TypeKind::kDayTimeInterval, PhysicalKind::kInt64, first, last);
}

TypePtr ArrayType(TypePtr element, bool contains_null) {
  return TypeFactory::Nested(TypeKind::kArray, PhysicalKind::kList,
                             {{"element", std::move(element), contains_null, ""}});
}

TypePtr MapType(TypePtr key, TypePtr value, bool value_contains_null) {
  return TypeFactory::Nested(
      TypeKind::kMap, PhysicalKind::kMap,
      {{"key", std::move(key), false, ""}, {"value", std::move(value), value_contains_null, ""}});
}

TypePtr StructType(std::vector<StructField> fields) {
  return TypeFactory::Nested(TypeKind::kStruct, PhysicalKind::kStruct, std::move(fields));
}

}  // namespace thalweg
