// Value and Row: single values outside the engine, for rows that come out (Collect, Foreach) and go
// in (CreateDataFrame, AddData, literals). Each SQL type has one C++ type:
//
//   BOOLEAN bool            TINYINT int8_t … BIGINT int64_t    FLOAT float       DOUBLE double
//   STRING std::string      BINARY Binary                      DECIMAL Decimal   DATE Date
//   TIMESTAMP Timestamp     TIMESTAMP_NTZ LocalTimestamp       TIME TimeOfDay
//   INTERVAL DAY … DayTimeInterval   INTERVAL YEAR … YearMonthInterval   INTERVAL CalendarInterval
//   ARRAY Value::List (elements)     MAP Value::List (key, value, key, value …)
//   STRUCT Value::List (fields)      VARIANT Value::List (value, metadata)
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "thalweg/types.h"

namespace thalweg {
namespace api {

using Date = std::chrono::sys_days;
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;         // an instant
using LocalTimestamp = std::chrono::local_time<std::chrono::microseconds>;  // a wall clock
using TimeOfDay = std::chrono::nanoseconds;
using DayTimeInterval = std::chrono::microseconds;
using YearMonthInterval = std::chrono::months;

struct CalendarInterval {
  int32_t months = 0;
  int32_t days = 0;
  int64_t us = 0;
  bool operator==(const CalendarInterval&) const = default;
};

struct Binary {
  std::string bytes;
  bool operator==(const Binary&) const = default;
};

/// Exact: "12.50", as CAST(… AS STRING) prints it.
struct Decimal {
  std::string digits;
  bool operator==(const Decimal&) const = default;
};

template <class T>
concept IntegerValue = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> &&
                       (std::is_signed_v<T> || sizeof(T) < sizeof(int64_t));

class THALWEG_EXPORT Value {
 public:
  using List = std::vector<Value>;

  Value() = default;  // NULL
  Value(std::nullptr_t) {}
  Value(std::nullopt_t) {}
  template <std::same_as<bool> T>
  Value(T value) : data_(value) {}
  /// The narrowest SQL type that holds every T: int is INT, uint32_t and int64_t are BIGINT.
  template <IntegerValue T>
  Value(T value) : data_(Widened<T>(value)) {}
  Value(float value) : data_(value) {}
  Value(double value) : data_(value) {}
  Value(const char* value) : data_(std::string(value)) {}
  Value(std::string_view value) : data_(std::string(value)) {}
  Value(std::string value) : data_(std::move(value)) {}
  Value(Binary value) : data_(std::move(value)) {}
  Value(Decimal value) : data_(std::move(value)) {}
  Value(Date value) : data_(value) {}
  Value(Timestamp value) : data_(value) {}
  Value(LocalTimestamp value) : data_(value) {}
  Value(TimeOfDay value) : data_(value) {}
  Value(DayTimeInterval value) : data_(value) {}
  Value(YearMonthInterval value) : data_(value) {}
  Value(CalendarInterval value) : data_(value) {}
  Value(List value) : data_(std::move(value)) {}
  template <class T>
  Value(const std::optional<T>& value) : Value(value ? Value(*value) : Value()) {}

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  /// The value as T; nothing for NULL and for a value of another kind. Integers are given in any
  /// width that holds them, FLOAT also as double.
  template <class T>
  std::optional<T> Get() const;
  /// As CAST(… AS STRING) prints it, timestamps in UTC; "NULL".
  std::string ToString() const;
  bool operator==(const Value&) const = default;

 private:
  friend struct Access;
  template <class T>
  using Widened = std::conditional_t<
      sizeof(T) == 8, int64_t,
      std::conditional_t<
          sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, int32_t, int64_t>,
          std::conditional_t<sizeof(T) == 2,
                             std::conditional_t<std::is_signed_v<T>, int16_t, int32_t>,
                             std::conditional_t<std::is_signed_v<T>, int8_t, int16_t>>>>;

  std::optional<int64_t> Integer() const;

  std::variant<std::monostate, bool, int8_t, int16_t, int32_t, int64_t, float, double, std::string,
               Binary, Decimal, Date, Timestamp, LocalTimestamp, TimeOfDay, DayTimeInterval,
               YearMonthInterval, CalendarInterval, List>
      data_;
};

template <class T>
std::optional<T> Value::Get() const {
  if constexpr (IntegerValue<T>) {
    const std::optional<int64_t> value = Integer();
    if (!value || !std::in_range<T>(*value)) return std::nullopt;
    return static_cast<T>(*value);
  } else if constexpr (std::same_as<T, double>) {
    if (const float* narrow = std::get_if<float>(&data_)) return *narrow;
    if (const double* value = std::get_if<double>(&data_)) return *value;
    return std::nullopt;
  } else {
    const T* value = std::get_if<T>(&data_);
    return value == nullptr ? std::nullopt : std::optional<T>(*value);
  }
}

/// Values of one row; those that come out of a query also know their columns' names.
class THALWEG_EXPORT Row {
 public:
  Row() = default;
  Row(std::initializer_list<Value> values) : values_(values) {}
  explicit Row(std::vector<Value> values) : values_(std::move(values)) {}
  Row(std::vector<Value> values, std::shared_ptr<const Schema> schema)
      : values_(std::move(values)), schema_(std::move(schema)) {}

  size_t size() const { return values_.size(); }
  const std::vector<Value>& values() const { return values_; }
  /// NULL beyond the last one.
  const Value& operator[](size_t i) const;
  /// NULL where no column has that name.
  const Value& operator[](std::string_view name) const;
  template <class T>
  std::optional<T> Get(size_t i) const {
    return (*this)[i].template Get<T>();
  }
  template <class T>
  std::optional<T> Get(std::string_view name) const {
    return (*this)[name].template Get<T>();
  }
  /// nullptr: a row that came out of no query.
  const std::shared_ptr<const Schema>& schema() const { return schema_; }
  /// "[1, ann]"
  std::string ToString() const;
  bool operator==(const Row& other) const { return values_ == other.values_; }

 private:
  std::vector<Value> values_;
  std::shared_ptr<const Schema> schema_;
};

}  // namespace api
}  // namespace thalweg
