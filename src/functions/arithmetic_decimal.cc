// + - * / div % of two DECIMALs: result types as Spark's DecimalPrecision gives them, values exact
// and then rounded half up. A result of too many digits raises NUMERIC_VALUE_OUT_OF_RANGE (ANSI) or
// is NULL.
#include <algorithm>

#include "data/text.h"
#include "functions/arithmetic.h"
#include "functions/decimal_math.h"
#include "functions/errors.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

constexpr int kMinimumScale = 6;

class DecimalContext final : public KernelContext {
 public:
  DecimalShape shape;
};

/// Precision and scale before they are brought below 38.
struct Digits {
  int precision;
  int scale;
};

TypePtr Bounded(const Digits& digits) {
  return DecimalType(std::min(digits.precision, kDecimalDigitsMax),
                     std::min(digits.scale, kDecimalDigitsMax));
}

/// Gives up scale, not below 6, for digits before the point.
TypePtr Adjusted(const Digits& digits) {
  if (digits.precision <= kDecimalDigitsMax) return DecimalType(digits.precision, digits.scale);
  const int whole = digits.precision - digits.scale;
  const int scale = std::max(kDecimalDigitsMax - whole, std::min(digits.scale, kMinimumScale));
  return DecimalType(kDecimalDigitsMax, scale);
}

/// Of a quotient where precision must not be lost.
Digits ExactQuotient(const DataType& a, const DataType& b) {
  int whole = std::min(kDecimalDigitsMax, a.precision() - a.scale() + b.scale());
  int scale = std::min(kDecimalDigitsMax, std::max(kMinimumScale, a.scale() + b.precision() + 1));
  if (const int excess = whole + scale - kDecimalDigitsMax; excess > 0) {
    scale -= excess / 2 + 1;
    whole = kDecimalDigitsMax - scale;
  }
  return {whole + scale, scale};
}

Digits DigitsOf(const std::string& op, const DataType& a, const DataType& b) {
  const int whole_a = a.precision() - a.scale();
  const int whole_b = b.precision() - b.scale();
  const int scale = std::max(a.scale(), b.scale());
  if (op == "*") return {a.precision() + b.precision() + 1, a.scale() + b.scale()};
  if (op == "%") return {std::min(whole_a, whole_b) + scale, scale};
  if (op == "div") return {std::max(whole_a + b.scale(), 1), 0};
  if (op == "/") {
    const int quotient = std::max(kMinimumScale, a.scale() + b.precision() + 1);
    return {whole_a + b.scale() + quotient, quotient};
  }
  return {std::max(whole_a, whole_b) + scale + 1, scale};
}

TypePtr ResultType(const ArithmeticCall& call) {
  const DataType& a = *call.arguments[0]->type;
  const DataType& b = *call.arguments[1]->type;
  const bool loses = call.settings.decimal_loses_precision;
  if (call.op == "/" && !loses) return Bounded(ExactQuotient(a, b));
  const Digits digits = DigitsOf(call.op, a, b);
  return loses ? Adjusted(digits) : Bounded(digits);
}

struct Add {
  static constexpr bool kDivides = false;
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return AddDecimals(a, b, shape, out);
  }
};
struct Subtract {
  static constexpr bool kDivides = false;
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return AddDecimals(a, -b, shape, out);
  }
};
struct Multiply {
  static constexpr bool kDivides = false;
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return MultiplyDecimals(a, b, shape, out);
  }
};
struct Quotient {
  static constexpr bool kDivides = true;
  static Status ZeroError(const SqlPlace& place) { return DivideByZero(place); }
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return DivideDecimals(a, b, shape, out);
  }
};
struct WholeQuotient {
  static constexpr bool kDivides = true;
  static Status ZeroError(const SqlPlace& place) { return DivideByZero(place); }
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return DivideDecimalsToInteger(a, b, shape, out);
  }
};
struct Modulo {
  static constexpr bool kDivides = true;
  static Status ZeroError(const SqlPlace& place) { return RemainderByZero(place); }
  static bool Apply(Decimal128 a, Decimal128 b, const DecimalShape& shape, Decimal128* out) {
    return RemainderOfDecimals(a, b, shape, out);
  }
};

[[gnu::noinline, gnu::cold]] void Fail(const KernelCall& call, Vector* out, int row,
                                       Status (*error)(const SqlPlace& place)) {
  if (call.on_failure == OnFailure::kNull) return out->SetNull(row);
  if (!call.errors->Wants(row)) return;
  if (error != nullptr) return call.errors->Report(row, error(call.place));
  const DecimalShape& shape = static_cast<const DecimalContext*>(call.context)->shape;
  call.errors->Report(
      row,
      DecimalOutOfRange("of the result", *DecimalType(shape.precision, shape.scale), call.place));
}

template <class Op, class A, class B, class R>
Status BinaryKernel(const KernelCall& call, Vector* out) {
  R* result = out->mutable_values<R>();
  const DecimalShape& shape = static_cast<const DecimalContext*>(call.context)->shape;
  WithShapes<A, B>(call, [&](auto a, auto b) {
    ForEachValidRow(call, [&](int r) {
      if constexpr (Op::kDivides) {
        if (b[r] == 0) return Fail(call, out, r, Op::ZeroError);
      }
      Decimal128 value = 0;
      if (!Op::Apply(a[r], b[r], shape, &value)) return Fail(call, out, r, nullptr);
      result[r] = static_cast<R>(value);
    });
  });
  return Status::OK();
}

bool IsNarrow(const DataType& type) {
  return type.physical() == PhysicalKind::kInt64;
}

template <class Op, class A, class B>
Kernel ForResult(bool narrow) {
  return narrow ? BinaryKernel<Op, A, B, int64_t> : BinaryKernel<Op, A, B, Decimal128>;
}

template <class Op>
Kernel ForTypes(const ArithmeticCall& call, const DataType& result) {
  const bool a = IsNarrow(*call.arguments[0]->type);
  const bool b = IsNarrow(*call.arguments[1]->type);
  const bool r = IsNarrow(result);
  if (a) return b ? ForResult<Op, int64_t, int64_t>(r) : ForResult<Op, int64_t, Decimal128>(r);
  return b ? ForResult<Op, Decimal128, int64_t>(r) : ForResult<Op, Decimal128, Decimal128>(r);
}

Kernel FindKernel(const ArithmeticCall& call, const DataType& result) {
  if (call.op == "+") return ForTypes<Add>(call, result);
  if (call.op == "-") return ForTypes<Subtract>(call, result);
  if (call.op == "*") return ForTypes<Multiply>(call, result);
  if (call.op == "/") return ForTypes<Quotient>(call, result);
  return call.op == "div" ? ForTypes<WholeQuotient>(call, result) : ForTypes<Modulo>(call, result);
}

}  // namespace

Result<ExprPtr> BindDecimalArithmetic(ArithmeticCall call) {
  const TypePtr computed = ResultType(call);
  const TypePtr type = call.op == "div" ? BigintType() : computed;
  auto context = std::make_shared<DecimalContext>();
  context->shape = {call.arguments[0]->type->scale(), call.arguments[1]->type->scale(),
                    computed->scale(), computed->precision()};
  KernelSpec spec;
  spec.signature = {call.name,
                    {call.arguments[0]->type, call.arguments[1]->type},
                    type,
                    ModeName(call.mode),
                    true};
  spec.kernel = FindKernel(call, *type);
  spec.context = std::move(context);
  spec.on_failure = FailureOf(call.mode, OnFailure::kNull);
  const bool divides = call.op == "/" || call.op == "div" || call.op == "%";
  spec.last_argument_first = divides;
  if (divides || call.mode != CastMode::kAnsi) {
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(call.arguments), call.place);
}

}  // namespace thalweg
