// Casts to and from DECIMAL. What has more digits than the type raises
// NUMERIC_VALUE_OUT_OF_RANGE (ANSI) or gives NULL; to integers DECIMAL loses its fraction.
#include <cmath>

#include "data/parse_text.h"
#include "data/text.h"
#include "functions/cast_loops.h"
#include "functions/decimal_math.h"

namespace thalweg {
namespace {

using Bool = uint8_t;

auto OutOfRangeOf(const KernelCall& call) {
  return [&call](int row) {
    return DecimalOutOfRange(SqlOfValue(*call.arguments[0], row), *ContextOf(call).to, call.place);
  };
}

template <class From, class To>
Status DecimalToDecimal(const KernelCall& call, Vector* out) {
  const DataType& from = *ContextOf(call).from;
  const DataType& to = *ContextOf(call).to;
  return ConvertRows<From, To>(
      call, out,
      [from_scale = from.scale(), scale = to.scale(), precision = to.precision()](From value,
                                                                                  To* result) {
        Decimal128 rescaled = 0;
        const bool fits = RescaleDecimal(value, from_scale, scale, precision, &rescaled);
        *result = static_cast<To>(rescaled);
        return fits;
      },
      OutOfRangeOf(call));
}

template <class From, class To>
Status IntegerToDecimal(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  return ConvertRows<From, To>(
      call, out,
      [scale = to.scale(), precision = to.precision()](From value, To* result) {
        Decimal128 rescaled = 0;
        const bool fits = RescaleDecimal(value, 0, scale, precision, &rescaled);
        *result = static_cast<To>(rescaled);
        return fits;
      },
      OutOfRangeOf(call));
}

/// The digits that Java prints for the number, rounded; NULL for what is no number, in every mode.
template <class From, class To>
Status FloatingToDecimal(const KernelCall& call, Vector* out) {
  const DataType& to = *ContextOf(call).to;
  To* result = out->mutable_values<To>();
  const From* values = call.arguments[0]->values<From>();
  std::string text;
  ForEachValidRow(call, [&](int r) {
    if (!std::isfinite(values[r])) {
      out->SetNull(r);
      return;
    }
    text.clear();
    AppendDouble(static_cast<double>(values[r]), &text);
    Decimal128 value = 0;
    const bool fits = ParseDecimal(text, to.precision(), to.scale(), &value) == DecimalText::kOk;
    result[r] = static_cast<To>(value);
    if (!fits) FailRow(call, out, r, OutOfRangeOf(call));
  });
  return Status::OK();
}

template <class From, class To>
Status DecimalToInteger(const KernelCall& call, Vector* out) {
  return ConvertRows<From, To>(
      call, out,
      [scale = ContextOf(call).from->scale()](From value, To* result) {
        const Decimal128 whole = TruncateDecimal(value, scale);
        *result = static_cast<To>(whole);
        return *result == whole;
      },
      OverflowOf(call));
}

template <class From>
Status DecimalToDoubles(const KernelCall& call, Vector* out) {
  return MapRows<From, double>(call, out, [scale = ContextOf(call).from->scale()](From value) {
    return DecimalToDouble(value, scale);
  });
}

template <class From>
Status DecimalToFloats(const KernelCall& call, Vector* out) {
  return MapRows<From, float>(call, out, [scale = ContextOf(call).from->scale()](From value) {
    return DecimalToFloat(value, scale);
  });
}

template <class From>
Status DecimalToBoolean(const KernelCall& call, Vector* out) {
  return MapRows<From, Bool>(call, out, [](From value) { return Bool{value != 0}; });
}

template <class To>
Kernel ToDecimal(const DataType& from) {
  switch (from.kind()) {
    case TypeKind::kBoolean:
      return IntegerToDecimal<Bool, To>;
    case TypeKind::kTinyint:
      return IntegerToDecimal<int8_t, To>;
    case TypeKind::kSmallint:
      return IntegerToDecimal<int16_t, To>;
    case TypeKind::kInt:
      return IntegerToDecimal<int32_t, To>;
    case TypeKind::kBigint:
      return IntegerToDecimal<int64_t, To>;
    case TypeKind::kFloat:
      return FloatingToDecimal<float, To>;
    case TypeKind::kDouble:
      return FloatingToDecimal<double, To>;
    case TypeKind::kDecimal:
      return from.physical() == PhysicalKind::kInt64 ? DecimalToDecimal<int64_t, To>
                                                     : DecimalToDecimal<Decimal128, To>;
    default:
      return nullptr;
  }
}

template <class From>
Kernel FromDecimal(const DataType& to) {
  switch (to.kind()) {
    case TypeKind::kBoolean:
      return DecimalToBoolean<From>;
    case TypeKind::kTinyint:
      return DecimalToInteger<From, int8_t>;
    case TypeKind::kSmallint:
      return DecimalToInteger<From, int16_t>;
    case TypeKind::kInt:
      return DecimalToInteger<From, int32_t>;
    case TypeKind::kBigint:
      return DecimalToInteger<From, int64_t>;
    case TypeKind::kFloat:
      return DecimalToFloats<From>;
    case TypeKind::kDouble:
      return DecimalToDoubles<From>;
    default:
      return nullptr;
  }
}

}  // namespace

Kernel DecimalCast(const DataType& from, const DataType& to) {
  if (to.Is(TypeKind::kDecimal)) {
    return to.physical() == PhysicalKind::kInt64 ? ToDecimal<int64_t>(from)
                                                 : ToDecimal<Decimal128>(from);
  }
  if (!from.Is(TypeKind::kDecimal)) return nullptr;
  return from.physical() == PhysicalKind::kInt64 ? FromDecimal<int64_t>(to)
                                                 : FromDecimal<Decimal128>(to);
}

}  // namespace thalweg
