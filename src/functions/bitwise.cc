// Bits of integers: & | ^ ~, bit_count, bit_get.
#include <bit>
#include <limits>
#include <type_traits>

#include "functions/coercion.h"
#include "functions/coercion_types.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

struct And {
  template <class T>
  static T Apply(T a, T b) {
    return static_cast<T>(a & b);
  }
};
struct Or {
  template <class T>
  static T Apply(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct Xor {
  template <class T>
  static T Apply(T a, T b) {
    return static_cast<T>(a ^ b);
  }
};

template <class Op, class T>
Status BinaryKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const Selection rows = RowsOrAll(call);
  WithShapes<T, T>(call, [&](auto a, auto b) {
    ForEachRow(rows, [&](int r) { result[r] = Op::Apply(a[r], b[r]); });
  });
  return Status::OK();
}

template <class T>
Status NotKernel(const KernelCall& call, Vector* out) {
  T* __restrict result = out->mutable_values<T>();
  const T* values = call.arguments[0]->values<T>();
  ForEachRow(RowsOrAll(call), [&](int r) { result[r] = static_cast<T>(~values[r]); });
  return Status::OK();
}

/// Of the value as a BIGINT: 64 for -1.
template <class T>
Status CountKernel(const KernelCall& call, Vector* out) {
  int32_t* __restrict result = out->mutable_values<int32_t>();
  const T* values = call.arguments[0]->values<T>();
  ForEachRow(RowsOrAll(call),
             [&](int r) { result[r] = std::popcount(static_cast<uint64_t>(int64_t{values[r]})); });
  return Status::OK();
}

template <class T>
Status GetKernel(const KernelCall& call, Vector* out) {
  constexpr int kBits = static_cast<int>(sizeof(T)) * 8;
  int8_t* result = out->mutable_values<int8_t>();
  WithShapes<T, int32_t>(call, [&](auto values, auto positions) {
    ForEachValidRow(call, [&](int r) {
      const int32_t position = positions[r];
      if (position >= 0 && position < kBits) {
        result[r] = static_cast<int8_t>(values[r] >> position & 1);
      } else if (call.errors->Wants(r)) {
        call.errors->Report(r, Status::User("INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE",
                                            {{"parameter", "`pos`"},
                                             {"functionName", "`bit_get`"},
                                             {"upper", std::to_string(kBits)},
                                             {"invalidValue", std::to_string(position)}},
                                            call.place));
      }
    });
  });
  return Status::OK();
}

/// Kernel<T> for the integer type of `kind`; f is a generic lambda over a value of T.
template <class F>
Kernel ForIntegral(PhysicalKind kind, F&& f) {
  switch (kind) {
    case PhysicalKind::kInt8:
      return f(int8_t{});
    case PhysicalKind::kInt16:
      return f(int16_t{});
    case PhysicalKind::kInt32:
      return f(int32_t{});
    case PhysicalKind::kInt64:
      return f(int64_t{});
    default:
      return nullptr;
  }
}

template <class Op>
Kernel BinaryOf(PhysicalKind kind) {
  return ForIntegral(kind, [](auto t) -> Kernel { return BinaryKernel<Op, decltype(t)>; });
}

Kernel FindBinary(const std::string& name, PhysicalKind kind) {
  if (name == "&") return BinaryOf<And>(kind);
  return name == "|" ? BinaryOf<Or>(kind) : BinaryOf<Xor>(kind);
}

KernelSpec TotalSpec(const std::string& name, std::vector<TypePtr> arguments, TypePtr result) {
  KernelSpec spec;
  spec.signature = {name, std::move(arguments), std::move(result), "", true};
  spec.traits.total = true;
  return spec;
}

/// Whether both sides are of one type when Spark asks for whole numbers: a text takes the other
/// side's type and a whole number beside a DECIMAL becomes one; nothing else is cast there.
bool AreOfOneType(const std::vector<ExprPtr>& sides) {
  const DataType& left = *sides[0]->type;
  const DataType& right = *sides[1]->type;
  if (left.Is(TypeKind::kString) || right.Is(TypeKind::kString)) return true;
  if (left.IsIntegral() && right.Is(TypeKind::kDecimal)) {
    return DecimalOfInteger(sides[0])->SameIgnoringNullability(right);
  }
  if (right.IsIntegral() && left.Is(TypeKind::kDecimal)) {
    return DecimalOfInteger(sides[1])->SameIgnoringNullability(left);
  }
  return left.SameIgnoringNullability(right);
}

Result<ExprPtr> BindBinary(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  TypePtr type = ArithmeticType(arguments[0]->type, arguments[1]->type, settings.ansi);
  if (type == nullptr) return DifferentOperandTypes(name, arguments, place);
  if (type->Is(TypeKind::kNull)) type = IntType();
  if (!type->IsIntegral()) {
    return AreOfOneType(arguments) ? WrongOperandType(name, arguments, "\"INTEGRAL\"", place)
                                   : DifferentOperandTypes(name, arguments, place);
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  KernelSpec spec = TotalSpec(name, {type, type}, type);
  spec.kernel = FindBinary(name, type->physical());
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

/// The argument as an integer: NULL is an INT.
Result<TypePtr> IntegralType(const std::string& name, std::vector<ExprPtr>* arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  TypePtr type = (*arguments)[0]->type;
  if (type->Is(TypeKind::kString)) return NotSupportedYet(name + " of STRING", place);
  if (type->Is(TypeKind::kNull)) type = IntType();
  if (!type->IsIntegral()) {
    return UnexpectedArgumentType(name, *arguments, 0, "\"INTEGRAL\"", place);
  }
  THALWEG_ASSIGN_OR_RETURN((*arguments)[0], CoerceTo((*arguments)[0], type, settings));
  return type;
}

Result<ExprPtr> BindNot(const std::string& name, std::vector<ExprPtr> arguments,
                        const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, IntegralType(name, &arguments, settings, place));
  KernelSpec spec = TotalSpec(name, {type}, type);
  spec.kernel =
      ForIntegral(type->physical(), [](auto t) -> Kernel { return NotKernel<decltype(t)>; });
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

Result<ExprPtr> BindCount(const std::string& name, std::vector<ExprPtr> arguments,
                          const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  TypePtr type = arguments[0]->type;
  if (!type->Is(TypeKind::kBoolean)) {
    THALWEG_ASSIGN_OR_RETURN(type, IntegralType(name, &arguments, settings, place));
  }
  KernelSpec spec = TotalSpec(name, {type}, IntType());
  spec.kernel = type->Is(TypeKind::kBoolean) ? CountKernel<uint8_t>
                                             : ForIntegral(type->physical(), [](auto t) -> Kernel {
                                                 return CountKernel<decltype(t)>;
                                               });
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

Result<ExprPtr> BindGet(const std::string& name, std::vector<ExprPtr> arguments,
                        const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, IntegralType(name, &arguments, settings, place));
  const DataType& position = *arguments[1]->type;
  const bool fits = position.IsNumeric() || position.Is(TypeKind::kString);
  if (!fits && !position.Is(TypeKind::kNull)) {
    return UnexpectedArgumentType(name, arguments, 1, "\"INT\"", place);
  }
  THALWEG_ASSIGN_OR_RETURN(arguments[1], CoerceTo(arguments[1], IntType(), settings));
  KernelSpec spec = TotalSpec(name, {type, IntType()}, TinyintType());
  spec.traits.total = false;
  spec.kernel =
      ForIntegral(type->physical(), [](auto t) -> Kernel { return GetKernel<decltype(t)>; });
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterBitwise(FunctionRegistry* registry) {
  for (const char* name : {"&", "|", "^"}) {
    registry->Register({name, FunctionKind::kScalar, BindBinary});
  }
  registry->Register({"~", FunctionKind::kScalar, BindNot});
  registry->Register({"bit_count", FunctionKind::kScalar, BindCount});
  registry->Register({"bit_get", FunctionKind::kScalar, BindGet});
  registry->Register({"getbit", FunctionKind::kScalar, BindGet});
  RegisterShifts(registry);
}

}  // namespace thalweg
