// Functions of the user: a lambda over C++ values becomes a SQL function of its session, called
// from SQL and as CallFunction(name, …), and run over the columns of a batch in one loop.
//
//   bool, int8_t … int64_t, float, double    BOOLEAN, TINYINT … BIGINT, FLOAT, DOUBLE
//   std::string_view, std::string            STRING (a view is valid during the call)
//   Date, Timestamp, LocalTimestamp          DATE, TIMESTAMP, TIMESTAMP_NTZ
//
// NULL: an argument of type std::optional<T> sees it as nullopt; where another argument is NULL the
// result is NULL and the lambda is not called. A result is T, std::optional<T> (nullopt is NULL) or
// Result<…>, whose error fails the row with FAILED_EXECUTE_UDF, as does an exception. The lambda is
// called by several threads at once and must give the same result for the same arguments, unless
// UdfOptions says otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "thalweg/value.h"

namespace thalweg {
namespace api {

struct UdfOptions {
  /// Changed when the function gives other results: a query whose state was made by another version
  /// refuses to replay (STATE_REPLAY_PROGRAM_CHANGED).
  std::string version = {};
  /// False: it may give other results for the same arguments; state that it feeds is made durable
  /// with every epoch.
  bool deterministic = true;
};

/// One run over some rows of a batch, as the generated loop sees it.
struct UdfCall {
  struct Argument {
    const void* values = nullptr;        // of the C++ type; one if it is constant
    const uint64_t* validity = nullptr;  // a bit a row; nullptr: no NULL
    bool is_constant = false;
  };
  int count = 0;
  const uint16_t* rows = nullptr;  // nullptr: 0 … count - 1
  const Argument* arguments = nullptr;
  void* results = nullptr;              // of the C++ type, by row
  uint64_t* result_validity = nullptr;  // all valid at first
  int row = 0;                          // that the lambda is being called for
  std::function<void(int row, const Status& error)> fail;
};

/// A function with its types; made by MakeUdf.
struct Udf {
  std::vector<DataType> arguments;
  DataType result;
  std::function<void(UdfCall& call)> loop;
};

/// The same for values of any types, one call a row; sees NULL. Slower.
struct UntypedUdf {
  std::vector<DataType> arguments;
  DataType result;
  std::function<Result<Value>(const std::vector<Value>& arguments)> function;
};

// ---- how C++ types stand for SQL's

template <class T>
struct UdfType;  // no such type: only those listed above can be arguments and results

#define THALWEG_UDF_TYPE(type, stored, sql)               \
  template <>                                             \
  struct UdfType<type> {                                  \
    using Stored = stored;                                \
    static DataType Sql() { return DataType::sql(); }     \
    static type Load(const Stored& v) { return type(v); } \
    static Stored Store(type v) { return Stored(v); }     \
  };
THALWEG_UDF_TYPE(bool, uint8_t, Boolean)
THALWEG_UDF_TYPE(int8_t, int8_t, TinyInt)
THALWEG_UDF_TYPE(int16_t, int16_t, SmallInt)
THALWEG_UDF_TYPE(int32_t, int32_t, Int)
THALWEG_UDF_TYPE(int64_t, int64_t, BigInt)
THALWEG_UDF_TYPE(float, float, Float)
THALWEG_UDF_TYPE(double, double, Double)
#undef THALWEG_UDF_TYPE

template <>
struct UdfType<std::string_view> {
  using Stored = std::string_view;
  static DataType Sql() { return DataType::String(); }
  static std::string_view Load(std::string_view v) { return v; }
};
/// As a result it is stored as a std::string.
template <>
struct UdfType<std::string> {
  using Stored = std::string_view;
  static DataType Sql() { return DataType::String(); }
  static std::string Load(std::string_view v) { return std::string(v); }
};
template <>
struct UdfType<Date> {
  using Stored = int32_t;
  static DataType Sql() { return DataType::Date(); }
  static Date Load(int32_t v) { return Date(std::chrono::days(v)); }
  static int32_t Store(Date v) { return static_cast<int32_t>(v.time_since_epoch().count()); }
};
template <>
struct UdfType<Timestamp> {
  using Stored = int64_t;
  static DataType Sql() { return DataType::Timestamp(); }
  static Timestamp Load(int64_t v) { return Timestamp(std::chrono::microseconds(v)); }
  static int64_t Store(Timestamp v) { return v.time_since_epoch().count(); }
};
template <>
struct UdfType<LocalTimestamp> {
  using Stored = int64_t;
  static DataType Sql() { return DataType::TimestampNtz(); }
  static LocalTimestamp Load(int64_t v) { return LocalTimestamp(std::chrono::microseconds(v)); }
  static int64_t Store(LocalTimestamp v) { return v.time_since_epoch().count(); }
};

// ---- the loop

namespace udf {

template <class T>
struct Unwrapped {
  using Type = T;
  static constexpr bool kOptional = false;
};
template <class T>
struct Unwrapped<std::optional<T>> {
  using Type = T;
  static constexpr bool kOptional = true;
};
template <class T>
struct Returned {
  using Type = typename Unwrapped<T>::Type;
};
template <class T>
struct Returned<Result<T>> {
  using Type = typename Unwrapped<T>::Type;
};

inline bool IsNull(const UdfCall::Argument& argument, int row) {
  const int at = argument.is_constant ? 0 : row;
  return argument.validity != nullptr && (argument.validity[at >> 6] >> (at & 63) & 1) == 0;
}

/// The lambda is not called for this row.
template <class A>
bool Misses(const UdfCall::Argument& argument, int row) {
  return !Unwrapped<A>::kOptional && IsNull(argument, row);
}

template <class A>
A Load(const UdfCall::Argument& argument, int row) {
  using Type = UdfType<typename Unwrapped<A>::Type>;
  if constexpr (Unwrapped<A>::kOptional) {
    if (IsNull(argument, row)) return std::nullopt;
  }
  const auto* values = static_cast<const typename Type::Stored*>(argument.values);
  return Type::Load(values[argument.is_constant ? 0 : row]);
}

inline void SetNull(UdfCall& call, int row) {
  call.result_validity[row >> 6] &= ~(uint64_t{1} << (row & 63));
}

template <class T>
void Store(T value, UdfCall& call, int row) {
  if constexpr (std::same_as<T, std::string> || std::same_as<T, std::string_view>) {
    static_cast<std::string*>(call.results)[row] = std::move(value);
  } else {
    using Type = UdfType<T>;
    static_cast<typename Type::Stored*>(call.results)[row] = Type::Store(value);
  }
}
template <class T>
void Store(std::optional<T> value, UdfCall& call, int row) {
  if (!value) return SetNull(call, row);
  Store(*std::move(value), call, row);
}
template <class T>
void Store(Result<T> value, UdfCall& call, int row) {
  if (!value.ok()) {
    SetNull(call, row);
    return call.fail(row, value.status());
  }
  Store(*std::move(value), call, row);
}

template <class F, class R, class... A, size_t... kIndex>
Udf Make(F function, std::function<R(A...)>*, std::index_sequence<kIndex...>) {
  Udf made;
  made.arguments = {UdfType<typename Unwrapped<std::decay_t<A>>::Type>::Sql()...};
  made.result = UdfType<typename Returned<R>::Type>::Sql();
  made.loop = [function = std::move(function)](UdfCall& call) {
    for (int i = 0; i < call.count; ++i) {
      const int row = call.rows == nullptr ? i : call.rows[i];
      if ((false || ... || Misses<std::decay_t<A>>(call.arguments[kIndex], row))) {
        SetNull(call, row);
        continue;
      }
      call.row = row;
      Store(function(Load<std::decay_t<A>>(call.arguments[kIndex], row)...), call, row);
    }
  };
  return made;
}

template <class R, class... A>
std::index_sequence_for<A...> IndicesOf(std::function<R(A...)>*);

}  // namespace udf

/// The types are those of the lambda's parameters and result.
template <class F>
Udf MakeUdf(F function) {
  using Function = decltype(std::function(function));
  Function* const types = nullptr;
  return udf::Make(std::move(function), types, decltype(udf::IndicesOf(types)){});
}

}  // namespace api
}  // namespace thalweg
