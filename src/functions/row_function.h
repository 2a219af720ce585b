// Kernels made from plain functions of one row's values: for functions whose own work is larger
// than a call. The shape of the function says what becomes of a row:
//
//   R f(A…)                        the value
//   std::optional<R> f(A…)         the value or NULL
//   Result<R> f(A…)                the value or the row's error (NULL in try_ functions)
//   void f(A…, std::string* out)   text or bytes, appended to an empty `out`
//   bool f(A…, std::string* out)   the same, false: NULL
//   Status f(A…, std::string* out) the same or the row's error
//
// A first parameter ZoneCursor& gets the time zone that the function was bound with (ZoneContext).
// Other arguments: std::string_view for STRING and BINARY, bool, int8_t … int64_t, __int128, float,
// double by physical kind. Included by kernel files only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "data/time_zone.h"
#include "functions/kernel_loops.h"

namespace thalweg {

/// What functions of wall clock times are bound with.
struct ZoneContext final : KernelContext {
  explicit ZoneContext(const TimeZone* of) : zone(of) {}
  const TimeZone* zone;
};

namespace detail {

/// Reads a column of C++ type T, flat or constant.
template <class T>
class ColumnReader {
 public:
  explicit ColumnReader(const Vector& vector)
      : values_(vector.values<T>()), step_(vector.is_constant() ? 0 : 1) {}
  T operator[](int row) const { return values_[row * step_]; }

 private:
  const T* values_;
  int step_;
};

template <>
class ColumnReader<bool> {
 public:
  explicit ColumnReader(const Vector& vector)
      : values_(vector.values<uint8_t>()), step_(vector.is_constant() ? 0 : 1) {}
  bool operator[](int row) const { return values_[row * step_] != 0; }

 private:
  const uint8_t* values_;
  int step_;
};

template <>
class ColumnReader<std::string_view> {
 public:
  explicit ColumnReader(const Vector& vector)
      : values_(vector.values<StringView>()), step_(vector.is_constant() ? 0 : 1) {}
  /// Points into the vector: inline strings too.
  std::string_view operator[](int row) const { return values_[row * step_].view(); }

 private:
  const StringView* values_;
  int step_;
};

template <class R>
using Stored = std::conditional_t<std::is_same_v<R, bool>, uint8_t, R>;

/// The row has no value: its error, or NULL where failures are.
inline void FailRow(const KernelCall& call, int row, const Status& status, Vector* out) {
  if (call.on_failure == OnFailure::kRaise) {
    if (call.errors->Wants(row)) call.errors->Report(row, status.WithPlace(call.place));
  }
  out->SetNull(row);
}

template <class R>
void StoreRow(const KernelCall&, int row, const R& value, Vector* out) {
  out->mutable_values<Stored<R>>()[row] = value;
}
template <class R>
void StoreRow(const KernelCall&, int row, const std::optional<R>& value, Vector* out) {
  if (value) {
    out->mutable_values<Stored<R>>()[row] = *value;
  } else {
    out->SetNull(row);
  }
}
template <class R>
void StoreRow(const KernelCall& call, int row, const Result<R>& value, Vector* out) {
  if (value.ok()) {
    out->mutable_values<Stored<R>>()[row] = *value;
  } else {
    FailRow(call, row, value.status(), out);
  }
}

inline void StoreText(const KernelCall&, int row, bool has_value, const std::string& text,
                      Vector* out) {
  if (has_value) {
    out->SetString(row, text);
  } else {
    out->SetNull(row);
  }
}
inline void StoreText(const KernelCall& call, int row, const Status& status,
                      const std::string& text, Vector* out) {
  if (status.ok()) {
    out->SetString(row, text);
  } else {
    FailRow(call, row, status, out);
  }
}

template <class R, class... A, class F, size_t... kAt>
Status RunRows(const KernelCall& call, Vector* out, F f, std::index_sequence<kAt...>) {
  std::tuple<ColumnReader<A>...> readers(*call.arguments[kAt]...);
  ForEachValidRow(call,
                  [&](int row) { StoreRow(call, row, f(std::get<kAt>(readers)[row]...), out); });
  return Status::OK();
}

template <class R, class... A, class F, size_t... kAt>
Status RunTextRows(const KernelCall& call, Vector* out, F f, std::index_sequence<kAt...>) {
  std::tuple<ColumnReader<A>...> readers(*call.arguments[kAt]...);
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    if (!call.IsValid(row)) {
      out->SetString(row, "");
      out->SetNull(row);
      return;
    }
    text.clear();
    if constexpr (std::is_void_v<R>) {
      f(std::get<kAt>(readers)[row]..., &text);
      out->SetString(row, text);
    } else {
      StoreText(call, row, f(std::get<kAt>(readers)[row]..., &text), text, out);
    }
  });
  return Status::OK();
}

template <class... T>
struct TypeList {
  static constexpr size_t kSize = sizeof...(T);
};

/// Splits the last type off.
template <class Done, class... Rest>
struct SplitLast;
template <class... Done, class Last>
struct SplitLast<TypeList<Done...>, Last> {
  using Front = TypeList<Done...>;
  using Back = Last;
};
template <class... Done, class First, class... Rest>
requires(sizeof...(Rest) > 0) struct SplitLast<TypeList<Done...>, First, Rest...>
    : SplitLast<TypeList<Done..., First>, Rest...> {
};

/// Runs `f`, which takes the values of a row of types A….
template <class R, class... A, class F>
Status RunAll(const KernelCall& call, Vector* out, F f, TypeList<A...>) {
  using Split = SplitLast<TypeList<>, A...>;
  if constexpr (std::is_same_v<typename Split::Back, std::string*>) {
    return [&]<class... Front>(TypeList<Front...>) {
      return RunTextRows<R, Front...>(call, out, f, std::index_sequence_for<Front...>());
    }(typename Split::Front());
  } else {
    return RunRows<R, A...>(call, out, f, std::index_sequence_for<A...>());
  }
}

template <class R, class... A>
Status RunFunction(const KernelCall& call, Vector* out, R (*f)(A...)) {
  return RunAll<R>(call, out, f, TypeList<A...>());
}
template <class R, class... A>
Status RunFunction(const KernelCall& call, Vector* out, R (*f)(ZoneCursor&, A...)) {
  ZoneCursor cursor(*static_cast<const ZoneContext*>(call.context)->zone);
  return RunAll<R>(
      call, out, [&](A... values) { return f(cursor, values...); }, TypeList<A...>());
}

}  // namespace detail

/// `RowKernel<Function>` is the kernel that calls Function for each valid row.
template <auto kFunction>
Status RowKernel(const KernelCall& call, Vector* out) {
  return detail::RunFunction(call, out, kFunction);
}

}  // namespace thalweg
