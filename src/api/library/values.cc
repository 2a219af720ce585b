// Values and rows between the two sides.
#include <algorithm>
#include <cmath>

#include "api/library/access.h"
#include "data/parse_text.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "thalweg/value.h"

namespace thalweg {
namespace api {
namespace {

constexpr int kDigitsMax = 38;

const Value kNull;

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

/// DECIMAL with as many digits as are written. Of no number: NULL.
thalweg::Value UntypedDecimal(const Decimal& decimal) {
  const size_t point = decimal.digits.find('.');
  const int scale =
      point == std::string::npos ? 0 : static_cast<int>(decimal.digits.size() - point - 1);
  int128_t unscaled = 0;
  if (scale > kDigitsMax ||
      ParseDecimal(decimal.digits, kDigitsMax, scale, &unscaled) != DecimalText::kOk) {
    return thalweg::Value(NullType());
  }
  std::string digits;
  AppendInt128(unscaled < 0 ? -unscaled : unscaled, &digits);
  const int precision = std::max(scale, static_cast<int>(digits.size()));
  const TypePtr type = DecimalType(std::max(precision, 1), scale);
  if (type->physical() == PhysicalKind::kInt128) return {type, unscaled};
  return {type, static_cast<int64_t>(unscaled)};
}

int64_t MicrosOf(auto time) {
  return time.time_since_epoch().count();
}

bool InRange(TypeKind kind, int64_t value) {
  const int bits = kind == TypeKind::kTinyint    ? 8
                   : kind == TypeKind::kSmallint ? 16
                   : kind == TypeKind::kInt      ? 32
                                                 : 64;
  return bits == 64 || (value >= -(int64_t{1} << (bits - 1)) && value < int64_t{1} << (bits - 1));
}

thalweg::Status Wrong(const Value& value, const DataType& wanted) {
  return thalweg::Status::World("the value " + value.ToString() + " is no " + wanted.Sql());
}

thalweg::Result<thalweg::Value> TypedNumber(const Value& value, const TypePtr& type) {
  const thalweg::Status wrong = Wrong(value, Access::Wrap(type));
  const std::optional<int64_t> integer = value.Get<int64_t>();
  if (type->IsIntegral()) {
    if (!integer || !InRange(type->kind(), *integer)) return wrong;
    return thalweg::Value(type, *integer);
  }
  if (type->Is(TypeKind::kDecimal)) {
    const std::optional<Decimal> decimal = value.Get<Decimal>();
    if (!integer && !decimal) return wrong;
    const std::string digits = decimal ? decimal->digits : std::to_string(*integer);
    int128_t unscaled = 0;
    if (ParseDecimal(digits, type->precision(), type->scale(), &unscaled) != DecimalText::kOk) {
      return wrong;
    }
    if (type->physical() == PhysicalKind::kInt128) return thalweg::Value(type, unscaled);
    return thalweg::Value(type, static_cast<int64_t>(unscaled));
  }
  std::optional<double> number = value.Get<double>();
  if (!number && integer) number = static_cast<double>(*integer);
  if (!number) return wrong;
  if (type->Is(TypeKind::kFloat)) number = static_cast<float>(*number);
  return thalweg::Value(type, *number);
}

thalweg::Result<thalweg::Value> TypedList(const Value& value, const Value::List& list,
                                          const TypePtr& type) {
  const bool array = type->Is(TypeKind::kArray), map = type->Is(TypeKind::kMap);
  if (!array && !map && !type->Is(TypeKind::kStruct)) return Wrong(value, Access::Wrap(type));
  const size_t width = type->fields().size();
  if ((map && list.size() % 2 != 0) || (!array && !map && list.size() != width)) {
    return Wrong(value, Access::Wrap(type));
  }
  thalweg::Value::List typed;
  for (size_t i = 0; i < list.size(); ++i) {
    const StructField& field = type->fields()[i % width];
    THALWEG_ASSIGN_OR_RETURN(thalweg::Value element, Access::Typed(list[i], field.type));
    if (element.is_null() && (!field.nullable || (map && i % 2 == 0))) {
      return thalweg::Status::World("NULL stands where " + type->Sql() + " has none");
    }
    typed.push_back(std::move(element));
  }
  return thalweg::Value(type, std::move(typed));
}

}  // namespace

Value Access::Wrap(const thalweg::Value& value) {
  if (value.is_null()) return {};
  const auto micros = [&] { return std::chrono::microseconds(value.int64()); };
  switch (value.type()->kind()) {
    case TypeKind::kNull:
      return {};
    case TypeKind::kBoolean:
      return value.boolean();
    case TypeKind::kTinyint:
      return static_cast<int8_t>(value.int64());
    case TypeKind::kSmallint:
      return static_cast<int16_t>(value.int64());
    case TypeKind::kInt:
      return static_cast<int32_t>(value.int64());
    case TypeKind::kBigint:
      return value.int64();
    case TypeKind::kFloat:
      return static_cast<float>(value.float64());
    case TypeKind::kDouble:
      return value.float64();
    case TypeKind::kDecimal: {
      Decimal decimal;
      AppendDecimal(value.int128(), value.type()->scale(), &decimal.digits);
      return decimal;
    }
    case TypeKind::kString:
      return value.text();
    case TypeKind::kBinary:
      return Binary{value.text()};
    case TypeKind::kDate:
      return Date(std::chrono::days(value.int64()));
    case TypeKind::kTimestamp:
      return Timestamp(micros());
    case TypeKind::kTimestampNtz:
      return LocalTimestamp(micros());
    case TypeKind::kTime:
      return TimeOfDay(value.int64());
    case TypeKind::kYearMonthInterval:
      return YearMonthInterval(static_cast<int>(value.int64()));
    case TypeKind::kDayTimeInterval:
      return DayTimeInterval(micros());
    case TypeKind::kCalendarInterval:
      return CalendarInterval{value.interval().months, value.interval().days, value.interval().us};
    case TypeKind::kArray:
    case TypeKind::kMap:
    case TypeKind::kStruct:
    case TypeKind::kVariant:
      break;
  }
  Value::List list;
  for (const thalweg::Value& element : value.list()) list.push_back(Wrap(element));
  return list;
}

const Value::List* Access::ListOf(const Value& value) {
  return std::get_if<Value::List>(&value.data_);
}

thalweg::Value Access::Untyped(const Value& value) {
  using V = thalweg::Value;
  const auto integer = [](TypePtr type, int64_t v) { return V(std::move(type), v); };
  return std::visit(
      Overloaded{
          [](std::monostate) { return V(); },
          [](bool v) { return V::Boolean(v); },
          [&](int8_t v) { return integer(TinyintType(), v); },
          [&](int16_t v) { return integer(SmallintType(), v); },
          [&](int32_t v) { return integer(IntType(), v); },
          [&](int64_t v) { return integer(BigintType(), v); },
          [](float v) { return V(FloatType(), double{v}); },
          [](double v) { return V::Double(v); },
          [](const std::string& v) { return V::String(v); },
          [](const Binary& v) { return V(BinaryType(), v.bytes); },
          [](const Decimal& v) { return UntypedDecimal(v); },
          [&](Date v) { return integer(DateType(), v.time_since_epoch().count()); },
          [&](Timestamp v) { return integer(TimestampType(), MicrosOf(v)); },
          [&](LocalTimestamp v) { return integer(TimestampNtzType(), MicrosOf(v)); },
          [&](TimeOfDay v) { return integer(TimeType(6), v.count()); },
          [&](DayTimeInterval v) {
            const TypePtr type = DayTimeIntervalType(IntervalUnit::kDay, IntervalUnit::kSecond);
            return integer(type, v.count());
          },
          [&](YearMonthInterval v) {
            const TypePtr type = YearMonthIntervalType(IntervalUnit::kYear, IntervalUnit::kMonth);
            return integer(type, v.count());
          },
          [](CalendarInterval v) {
            return V(CalendarIntervalType(), thalweg::CalendarInterval{v.months, v.days, v.us});
          },
          [](const Value::List&) { return V(); },
      },
      value.data_);
}

thalweg::Result<thalweg::Value> Access::Typed(const Value& value, const TypePtr& type) {
  if (value.is_null()) return thalweg::Value(type);
  if (type->IsNumeric()) return TypedNumber(value, type);
  if (const Value::List* list = ListOf(value)) return TypedList(value, *list, type);
  thalweg::Value own = Untyped(value);
  if (own.type()->kind() != type->kind()) return Wrong(value, Wrap(type));
  if (type->Is(TypeKind::kString) && type->length() >= 0) {
    return NotSupportedYet("values of " + type->Sql() + " made in C++");
  }
  switch (type->physical()) {
    case PhysicalKind::kBool:
      return thalweg::Value(type, own.boolean());
    case PhysicalKind::kString:
      return thalweg::Value(type, own.text());
    case PhysicalKind::kInterval:
      return thalweg::Value(type, own.interval());
    default:
      return thalweg::Value(type, own.int64());
  }
}

std::optional<int64_t> Value::Integer() const {
  if (const auto* v = std::get_if<int8_t>(&data_)) return *v;
  if (const auto* v = std::get_if<int16_t>(&data_)) return *v;
  if (const auto* v = std::get_if<int32_t>(&data_)) return *v;
  if (const auto* v = std::get_if<int64_t>(&data_)) return *v;
  return std::nullopt;
}

std::string Value::ToString() const {
  if (const List* list = Access::ListOf(*this)) {
    std::string text = "[";
    for (const Value& element : *list) text += (text.size() > 1 ? ", " : "") + element.ToString();
    return text + "]";
  }
  if (const Decimal* decimal = std::get_if<Decimal>(&data_)) return decimal->digits;
  std::string text;
  AppendValueText(Access::Untyped(*this), TimeZone::Utc(), &text);
  return text;
}

const Value& Row::operator[](size_t i) const {
  return i < values_.size() ? values_[i] : kNull;
}

const Value& Row::operator[](std::string_view name) const {
  const int at = schema_ == nullptr ? -1 : schema_->Find(name);
  return at < 0 ? kNull : (*this)[static_cast<size_t>(at)];
}

std::string Row::ToString() const {
  return Value(Value::List(values_)).ToString();
}

thalweg::Result<std::vector<Batch>> BatchesOf(const SchemaPtr& schema,
                                              const std::vector<Row>& rows) {
  const auto wrong = [](size_t row, const std::string& problem) {
    return thalweg::Status::User("THALWEG_WRONG_ROW",
                                 {{"row", std::to_string(row)}, {"problem", problem}});
  };
  std::vector<Batch> batches;
  for (size_t row = 0; row < rows.size(); ++row) {
    if (rows[row].size() != static_cast<size_t>(schema->size())) {
      return wrong(row, "it has " + std::to_string(rows[row].size()) + " values, not " +
                            std::to_string(schema->size()));
    }
    if (row % kBatchRows == 0) {
      Batch& batch = batches.emplace_back(schema);
      for (int i = 0; i < schema->size(); ++i) {
        batch.mutable_column(i).ResetFlat(schema->column(i).type, 0);
        batch.mutable_column(i).Reserve(
            static_cast<int>(std::min<size_t>(kBatchRows, rows.size() - row)));
      }
    }
    Batch& batch = batches.back();
    for (int i = 0; i < schema->size(); ++i) {
      const StructField& column = schema->column(i);
      const auto value = Access::Typed(rows[row][static_cast<size_t>(i)], column.type);
      if (!value.ok()) return wrong(row, column.name + ": " + value.status().message());
      if (value->is_null() && !column.nullable) return wrong(row, column.name + " is NULL");
      AppendValue(*value, &batch.mutable_column(i));
    }
    batch.SetRowCount(batch.physical_rows() + 1);
  }
  return batches;
}

std::vector<Row> RowsOf(const SchemaPtr& schema, const std::vector<Batch>& batches) {
  const auto names = std::make_shared<const Schema>(Access::Wrap(*schema));
  std::vector<Row> rows;
  for (const Batch& batch : batches) {
    ForEachRow(batch.selection(), [&](int row) {
      std::vector<Value> values;
      values.reserve(static_cast<size_t>(batch.column_count()));
      for (int i = 0; i < batch.column_count(); ++i) {
        values.push_back(Access::Wrap(GetValue(batch.column(i), row)));
      }
      rows.emplace_back(std::move(values), names);
    });
  }
  return rows;
}

}  // namespace api
}  // namespace thalweg
