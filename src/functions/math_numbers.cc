// Numbers to numbers: pmod, conv, isnan, nanvl.
#include <cmath>
#include <optional>

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/nested_binding.h"
#include "functions/row_function.h"
#include "functions/signature.h"

namespace thalweg {
namespace {

using Text = std::string_view;

/// The remainder with the sign of the divisor, where the sum of both does not wrap.
template <class T>
Result<T> Pmod(T value, T divisor) {
  if (divisor == 0) return RemainderByZero({});
  if constexpr (std::is_floating_point_v<T>) {
    const T rest = std::fmod(value, divisor);
    return rest < 0 ? static_cast<T>(std::fmod(rest + divisor, divisor)) : rest;
  } else {
    if (divisor == T{-1}) return T{0};  // of the smallest number too
    const T rest = static_cast<T>(value % divisor);
    if (rest >= 0) return rest;
    // Java adds in 32 bits at least; beyond that the sum wraps.
    using Wide = std::conditional_t<sizeof(T) < 4, int32_t, T>;
    using Unsigned = std::make_unsigned_t<Wide>;
    const auto sum =
        static_cast<Wide>(static_cast<Unsigned>(Wide{rest}) + static_cast<Unsigned>(Wide{divisor}));
    return static_cast<T>(sum % Wide{divisor});
  }
}

Kernel PmodKernelOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return RowKernel<Pmod<int8_t>>;
    case TypeKind::kSmallint:
      return RowKernel<Pmod<int16_t>>;
    case TypeKind::kInt:
      return RowKernel<Pmod<int32_t>>;
    case TypeKind::kBigint:
      return RowKernel<Pmod<int64_t>>;
    case TypeKind::kFloat:
      return RowKernel<Pmod<float>>;
    case TypeKind::kDouble:
      return RowKernel<Pmod<double>>;
    default:
      return nullptr;
  }
}

Result<ExprPtr> BindPmod(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  for (int i = 0; i < 2; ++i) {
    if (b.Is(i, TypeKind::kDecimal)) return NotSupportedYet("pmod of a DECIMAL", b.place);
    if (b.Is(i, TypeKind::kString) && !b.settings.ansi) {
      return NotSupportedYet("pmod of a STRING without ANSI", b.place);
    }
  }
  const TypePtr type = ArithmeticType(b.type(0), b.type(1), b.settings.ansi);
  if (type == nullptr) return DifferentOperandTypes("pmod", b.arguments, b.place);
  const TypePtr used = type->Is(TypeKind::kNull) ? IntType() : type;
  const Kernel kernel = PmodKernelOf(used->kind());
  if (kernel == nullptr) return NotSupportedYet("pmod of " + type->Sql(), b.place);
  THALWEG_RETURN_NOT_OK(CoerceAll(&b.arguments, used, b.settings));
  KernelSpec spec;
  spec.kernel = kernel;
  spec.last_argument_first = true;
  spec.signature.parameters = b.settings.ansi ? "ansi" : "legacy";
  if (!b.settings.ansi) {
    spec.on_failure = OnFailure::kNull;
    spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  }
  return b.MakeKernelCall(std::move(spec), used);
}

// ---- conv

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

/// The digits that begin `text`, up to what is none; false: more than 64 bits.
bool ReadUnsigned(Text text, uint64_t radix, uint64_t* value) {
  *value = 0;
  for (const char c : text) {
    const auto digit = static_cast<uint64_t>(DigitOf(c));
    if (digit >= radix) break;
    if (__builtin_mul_overflow(*value, radix, value) ||
        __builtin_add_overflow(*value, digit, value)) {
      return false;
    }
  }
  return true;
}

Text TrimBlanks(Text text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// A number of base `from` as one of base `to`, unsigned in 64 bits unless `to` is negative. Says
/// whether there is a result; a Status where it does not fit.
template <bool kAnsi>
bool Convert(Text text, int32_t from, int32_t to, bool* overflow, std::string* out) {
  const int64_t to_size = std::abs(int64_t{to});
  text = TrimBlanks(text);
  if (from < 2 || from > 36 || to_size < 2 || to_size > 36 || text.empty()) return false;
  bool negative = text[0] == '-';
  uint64_t value = 0;
  if (!ReadUnsigned(text.substr(negative ? 1 : 0), static_cast<uint64_t>(from), &value)) {
    *overflow = kAnsi;
    value = UINT64_MAX;
  }
  const bool high = static_cast<int64_t>(value) < 0;
  if (negative && to > 0) value = high ? UINT64_MAX : 0 - value;
  if (to < 0 && static_cast<int64_t>(value) < 0) {
    value = 0 - value;
    negative = true;
  }
  std::string digits;
  do {
    digits.insert(digits.begin(), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[value % to_size]);
    value /= static_cast<uint64_t>(to_size);
  } while (value != 0);
  *out += (negative && to < 0 ? "-" : "") + digits;
  return true;
}

template <bool kAnsi>
Status ConvKernel(const KernelCall& call, Vector* out) {
  const detail::ColumnReader<Text> texts(*call.arguments[0]);
  const detail::ColumnReader<int32_t> from(*call.arguments[1]);
  const detail::ColumnReader<int32_t> to(*call.arguments[2]);
  std::string text;
  ForEachRow(call.rows, [&](int row) {
    text.clear();
    bool overflow = false;
    const bool found =
        call.IsValid(row) && Convert<kAnsi>(texts[row], from[row], to[row], &overflow, &text);
    out->SetString(row, found ? text : "");
    if (!found) out->SetNull(row);
    if (overflow && call.errors->Wants(row)) {
      call.errors->Report(row, ArithmeticOverflow("overflow in function conv()", "", call.place));
    }
  });
  return Status::OK();
}

Result<ExprPtr> BindConv(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 3));
  const Overload overload{"", "SII", 'S', b.settings.ansi ? ConvKernel<true> : ConvKernel<false>,
                          kNullable | kNullWithoutAnsi};
  THALWEG_RETURN_NOT_OK(CoerceToLetters(b.name, "SII", &b.arguments, b.settings, b.place));
  THALWEG_RETURN_NOT_OK(RefuseCollations(b.name, b.arguments, b.place));
  return MakeOverloadCall(overload, b.name, std::move(b.arguments), b.settings, b.place);
}

// ---- isnan, nanvl

template <class T>
Status IsNanKernel(const KernelCall& call, Vector* out) {
  const detail::ColumnReader<T> values(*call.arguments[0]);
  ForEachRow(call.rows, [&](int row) {
    const bool null = call.arguments[0]->IsNull(row);
    out->mutable_values<uint8_t>()[row] = !null && std::isnan(values[row]);
  });
  return Status::OK();
}

/// FLOAT stays; everything else that is a number becomes DOUBLE.
Status CoerceToFloating(Binding* b, int i) {
  if (b->Is(i, TypeKind::kFloat) || b->Is(i, TypeKind::kDouble)) return Status::OK();
  const DataType& type = *b->type(i);
  if (!type.IsNumeric() && !type.Is(TypeKind::kString) && !type.Is(TypeKind::kNull)) {
    return UnexpectedArgumentType(b->name, b->arguments, i, "(\"DOUBLE\" or \"FLOAT\")", b->place);
  }
  return b->Coerce(i, DoubleType());
}

Result<ExprPtr> BindIsNan(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(CoerceToFloating(&b, 0));
  KernelSpec spec;
  spec.kernel = b.Is(0, TypeKind::kFloat) ? IsNanKernel<float> : IsNanKernel<double>;
  spec.sees_nulls = true;
  spec.traits.nullability = ScalarTraits::Nullability::kNever;
  return b.MakeKernelCall(std::move(spec), BooleanType());
}

/// nanvl(a, b) = if(isnan(a), b, a)
Result<ExprPtr> BindNanvl(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  for (int i = 0; i < 2; ++i) THALWEG_RETURN_NOT_OK(CoerceToFloating(&b, i));
  if (b.type(0)->kind() != b.type(1)->kind()) {
    THALWEG_RETURN_NOT_OK(CoerceAll(&b.arguments, DoubleType(), b.settings));
  }
  const FunctionRegistry& functions = FunctionRegistry::BuiltIn();
  THALWEG_ASSIGN_OR_RETURN(ExprPtr nan,
                           functions.Bind("isnan", {b.arguments[0]}, b.settings, b.place));
  return functions.Bind("if", {nan, b.arguments[1], b.arguments[0]}, b.settings, b.place);
}

}  // namespace

void RegisterNumbers(FunctionRegistry* registry) {
  RegisterNested(registry, "pmod", BindPmod);
  RegisterNested(registry, "conv", BindConv);
  RegisterNested(registry, "isnan", BindIsNan);
  RegisterNested(registry, "nanvl", BindNanvl);
}

}  // namespace thalweg
