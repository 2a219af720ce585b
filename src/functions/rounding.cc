// round, bround, ceil, floor: numbers to a number of digits behind the point (before it where the
// number is negative). DOUBLE and FLOAT round as their shortest decimal text does, as in Java.
#include <charconv>
#include <cmath>
#include <cstring>

#include "data/text.h"
#include "functions/coercion.h"
#include "functions/decimal_math.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/row_function.h"
#include "functions/signature.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

enum class Way : uint8_t { kHalfUp, kHalfEven, kUp, kDown };  // kUp: ceil, kDown: floor

struct RoundContext final : KernelContext {
  Way way = Way::kHalfUp;
  int digits = 0;      // wanted behind the point
  int from_scale = 0;  // of decimals
  int to_scale = 0;
  int precision = 0;  // of the result
};

/// value / divisor, rounded; divisor > 0.
Decimal128 DivideRounded(Decimal128 value, Decimal128 divisor, Way way) {
  Decimal128 quotient = value / divisor;
  const Decimal128 rest = value % divisor;
  if (rest == 0) return quotient;
  const bool negative = value < 0;
  const Decimal128 size = negative ? -rest : rest;
  const Decimal128 half = divisor - size;  // what is missing to the next one
  bool away = false;
  switch (way) {
    case Way::kHalfUp:
      away = size >= half;
      break;
    case Way::kHalfEven:
      away = size > half || (size == half && quotient % 2 != 0);
      break;
    case Way::kUp:
      away = !negative;
      break;
    case Way::kDown:
      away = negative;
      break;
  }
  if (away) quotient += negative ? -1 : 1;
  return quotient;
}

Status Overflow(const char* what) {
  return Status::User(
      "ARITHMETIC_OVERFLOW",
      {{"message", what}, {"alternative", ""}, {"config", "\"spark.sql.ansi.enabled\""}});
}

/// Whole numbers are changed only by negative digits.
template <class T>
Status IntegralKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const RoundContext*>(call.context);
  const detail::ColumnReader<T> values(*call.arguments[0]);
  T* result = out->mutable_values<T>();
  ForEachValidRow(call, [&](int row) {
    if (context.digits >= 0) {
      result[row] = values[row];
      return;
    }
    if (context.digits < -38) {
      result[row] = 0;
      return;
    }
    const Decimal128 unit = PowerOfTen(-context.digits);
    const Decimal128 rounded = DivideRounded(values[row], unit, context.way) * unit;
    result[row] = static_cast<T>(rounded);
    if (result[row] != rounded && call.on_failure == OnFailure::kRaise) {
      detail::FailRow(call, row, Overflow("Overflow"), out);
    }
  });
  return Status::OK();
}

Decimal128 ReadDecimal(const Vector& vector, int row) {
  const int at = vector.is_constant() ? 0 : row;
  return vector.physical() == PhysicalKind::kInt64 ? vector.values<int64_t>()[at]
                                                   : vector.values<Decimal128>()[at];
}

Status DecimalKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const RoundContext*>(call.context);
  const bool small = out->physical() == PhysicalKind::kInt64;
  ForEachValidRow(call, [&](int row) {
    Decimal128 value = ReadDecimal(*call.arguments[0], row);
    const int dropped = context.from_scale - context.digits;
    if (dropped > 38) {
      value = 0;
    } else if (dropped > 0) {
      value = DivideRounded(value, PowerOfTen(dropped), context.way);
    }
    const int scale = dropped > 0 ? context.digits : context.from_scale;
    if (scale < context.to_scale && value != 0) value *= PowerOfTen(context.to_scale - scale);
    if (!FitsPrecision(value, context.precision)) {
      detail::FailRow(call, row, Overflow("Overflow"), out);
    } else if (small) {
      out->mutable_values<int64_t>()[row] = static_cast<int64_t>(value);
    } else {
      out->mutable_values<Decimal128>()[row] = value;
    }
  });
  return Status::OK();
}

/// The decimal text of `value`, rounded in the text. Texts of 17 digits fit 128 bits.
template <class T>
T RoundText(T value, int digits, Way way) {
  if (!std::isfinite(value)) return value;
  if (value == 0) return 0;  // Java's decimals know no -0.0
  char text[64];
  const auto printed =
      std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific);
  const std::string_view shown(text, printed.ptr - text);
  const size_t e = shown.find('e');
  int exponent = 0;
  const char* exponent_text = shown.data() + e + 1;
  if (*exponent_text == '+') ++exponent_text;
  std::from_chars(exponent_text, shown.data() + shown.size(), exponent);
  Decimal128 unscaled = 0;
  int scale = -exponent;
  bool behind = false;
  for (const char c : shown.substr(0, e)) {
    if (c == '.') behind = true;
    if (c < '0' || c > '9') continue;
    unscaled = unscaled * 10 + (c - '0');
    if (behind) ++scale;
  }
  if (scale <= digits) return value;
  if (scale - digits > 38) return 0;
  if (shown[0] == '-') unscaled = -unscaled;
  const Decimal128 rounded = DivideRounded(unscaled, PowerOfTen(scale - digits), way);
  if (rounded == 0) return 0;
  std::string decimal = rounded < 0 ? "-" : "";
  AppendInt128(rounded < 0 ? -rounded : rounded, &decimal);
  decimal += "e" + std::to_string(-digits);
  T result = 0;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), result);
  return result;
}

template <class T>
Status FloatingKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const RoundContext*>(call.context);
  const detail::ColumnReader<T> values(*call.arguments[0]);
  T* result = out->mutable_values<T>();
  ForEachValidRow(
      call, [&](int row) { result[row] = RoundText(values[row], context.digits, context.way); });
  return Status::OK();
}

/// ceil and floor of DOUBLE are BIGINT; what does not fit is cut to its ends, as Java does.
Status WholeKernel(const KernelCall& call, Vector* out) {
  const auto& context = *static_cast<const RoundContext*>(call.context);
  const detail::ColumnReader<double> values(*call.arguments[0]);
  int64_t* result = out->mutable_values<int64_t>();
  ForEachValidRow(call, [&](int row) {
    const double whole = context.way == Way::kUp ? std::ceil(values[row]) : std::floor(values[row]);
    if (std::isnan(whole)) {
      result[row] = 0;
    } else if (whole >= 9223372036854775807.0) {
      result[row] = INT64_MAX;
    } else if (whole <= -9223372036854775808.0) {
      result[row] = INT64_MIN;
    } else {
      result[row] = static_cast<int64_t>(whole);
    }
  });
  return Status::OK();
}

/// DECIMAL(p, s) rounded to `digits` (RoundBase.dataType).
TypePtr RoundedDecimal(const DataType& type, int digits) {
  const int whole = type.precision() - type.scale() + 1;
  if (digits < 0) return DecimalType(std::min(38, std::max(whole, -digits + 1)), 0);
  const int scale = std::min(type.scale(), digits);
  return DecimalType(std::min(38, whole + scale), scale);
}

Result<int> DigitsOf(const std::string& name, const std::vector<ExprPtr>& arguments,
                     const SqlPlace& place) {
  if (arguments.size() == 1) return 0;
  const auto* literal = As<Literal>(arguments[1]);
  if (literal == nullptr || literal->value.is_null() || !literal->type->IsIntegral()) {
    return NotSupportedYet("this scale of " + name, place);
  }
  const int64_t digits = literal->value.int64();
  if (digits != static_cast<int>(digits)) return NotSupportedYet("this scale of " + name, place);
  return static_cast<int>(digits);
}

Result<ExprPtr> MakeRound(const std::string& name, ExprPtr value, const RoundContext& rounding,
                          const BindSettings& settings, const SqlPlace& place) {
  auto context = std::make_shared<RoundContext>(rounding);
  const TypePtr type = value->type;
  KernelSpec spec;
  spec.signature.name = name;
  spec.signature.argument_types = {type};
  spec.signature.result_type = type;
  spec.signature.parameters =
      std::string(settings.ansi ? "ansi " : "legacy ") + std::to_string(rounding.digits);
  if (!settings.ansi) spec.on_failure = OnFailure::kNull;
  switch (type->kind()) {
    case TypeKind::kTinyint:
      spec.kernel = IntegralKernel<int8_t>;
      break;
    case TypeKind::kSmallint:
      spec.kernel = IntegralKernel<int16_t>;
      break;
    case TypeKind::kInt:
      spec.kernel = IntegralKernel<int32_t>;
      break;
    case TypeKind::kBigint:
      spec.kernel = IntegralKernel<int64_t>;
      break;
    case TypeKind::kFloat:
      spec.kernel = FloatingKernel<float>;
      break;
    case TypeKind::kDouble:
      spec.kernel = FloatingKernel<double>;
      break;
    default: {
      const TypePtr result = RoundedDecimal(*type, rounding.digits);
      context->from_scale = type->scale();
      context->to_scale = result->scale();
      context->precision = result->precision();
      spec.signature.result_type = result;
      spec.kernel = DecimalKernel;
      spec.traits.nullability = ScalarTraits::Nullability::kAlways;
    }
  }
  spec.context = std::move(context);
  return MakeCall(MakeKernelFunction(std::move(spec)), {std::move(value)}, place);
}

Result<ExprPtr> BindRound(const std::string& name, std::vector<ExprPtr> arguments,
                          const BindSettings& settings, const SqlPlace& place) {
  if (arguments.empty() || arguments.size() > 2) {
    return WrongArgumentCount(name, "[1, 2]", arguments.size(), place);
  }
  ExprPtr value = arguments[0];
  const bool text = value->type->Is(TypeKind::kString) || value->type->Is(TypeKind::kNull);
  if (!text && !value->type->IsNumeric()) {
    return UnexpectedArgumentType(name, arguments, 0, "\"NUMERIC\"", place);
  }
  RoundContext context;
  THALWEG_ASSIGN_OR_RETURN(context.digits, DigitsOf(name, arguments, place));
  context.way = name == "bround" ? Way::kHalfEven : Way::kHalfUp;
  if (text) {
    THALWEG_ASSIGN_OR_RETURN(value, CoerceTo(value, DoubleType(), settings));
  }
  return MakeRound(name, std::move(value), context, settings, place);
}

// Without a scale: DOUBLE and whole numbers become BIGINT; with one: a DECIMAL.
Result<ExprPtr> BindCeilFloor(const std::string& name, std::vector<ExprPtr> arguments,
                              const BindSettings& settings, const SqlPlace& place) {
  if (arguments.empty() || arguments.size() > 2) {
    return WrongArgumentCount(name, "[1, 2]", arguments.size(), place);
  }
  ExprPtr value = arguments[0];
  const bool text = value->type->Is(TypeKind::kString) || value->type->Is(TypeKind::kNull);
  if (!text && !value->type->IsNumeric()) {
    return UnexpectedArgumentType(name, arguments, 0, "(\"DECIMAL\" or \"DOUBLE\" or \"BIGINT\")",
                                  place);
  }
  RoundContext context;
  context.way = name == "floor" ? Way::kDown : Way::kUp;
  if (arguments.size() == 2) return NotSupportedYet(name + " with a scale", place);
  if (value->type->Is(TypeKind::kDecimal) && value->type->scale() == 0) return value;
  if (value->type->Is(TypeKind::kDecimal)) {
    return MakeRound(name, std::move(value), context, settings, place);
  }
  const bool whole = value->type->IsIntegral();
  const TypePtr type = whole ? BigintType() : DoubleType();
  THALWEG_ASSIGN_OR_RETURN(value, CoerceTo(value, type, settings));
  if (whole) return value;
  KernelSpec spec;
  spec.signature = {name, {DoubleType()}, BigintType(), "", true};
  spec.kernel = WholeKernel;
  spec.context = std::make_shared<RoundContext>(context);
  return MakeCall(MakeKernelFunction(std::move(spec)), {std::move(value)}, place);
}

}  // namespace

void RegisterRounding(FunctionRegistry* registry) {
  for (const char* name : {"round", "bround"}) {
    registry->Register({name, FunctionKind::kScalar, BindRound});
  }
  for (const char* name : {"ceil", "ceiling", "floor"}) {
    registry->Register({name, FunctionKind::kScalar, BindCeilFloor});
  }
}

}  // namespace thalweg
