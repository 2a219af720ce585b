// << >> >>> of INT and BIGINT, as Java's: only the low five or six bits of the distance count.
#include <type_traits>

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"

namespace thalweg {
namespace {

struct Left {
  template <class T>
  static T Apply(T value, int distance) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(value) << distance);
  }
};
struct Right {
  template <class T>
  static T Apply(T value, int distance) {
    return static_cast<T>(value >> distance);
  }
};
struct UnsignedRight {
  template <class T>
  static T Apply(T value, int distance) {
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(value) >> distance);
  }
};

template <class Op, class T>
Status ShiftKernel(const KernelCall& call, Vector* out) {
  constexpr int kMask = static_cast<int>(sizeof(T)) * 8 - 1;
  T* __restrict result = out->mutable_values<T>();
  const Selection rows = RowsOrAll(call);
  WithShapes<T, int32_t>(call, [&](auto values, auto distances) {
    ForEachRow(rows, [&](int r) { result[r] = Op::Apply(values[r], distances[r] & kMask); });
  });
  return Status::OK();
}

template <class Op>
Kernel Pick(bool narrow) {
  return narrow ? ShiftKernel<Op, int32_t> : ShiftKernel<Op, int64_t>;
}

struct Operator {
  const char* name;
  Kernel (*pick)(bool narrow);
};
constexpr Operator kOperators[] = {
    {"<<", Pick<Left>},           {">>", Pick<Right>},
    {">>>", Pick<UnsignedRight>}, {"shiftleft", Pick<Left>},
    {"shiftright", Pick<Right>},  {"shiftrightunsigned", Pick<UnsignedRight>},
};

/// Narrow integers are shifted as INT; a wide distance is cut in legacy mode only.
Status CheckArguments(const std::string& name, const std::vector<ExprPtr>& arguments,
                      const BindSettings& settings, const SqlPlace& place) {
  for (int i = 0; i < 2; ++i) {
    const DataType& type = *arguments[i]->type;
    if (type.Is(TypeKind::kString) || (type.IsNumeric() && !settings.ansi && !type.IsIntegral())) {
      return NotSupportedYet(name + " of " + type.Sql(), place);
    }
    const bool wide_distance = i == 1 && type.Is(TypeKind::kBigint) && settings.ansi;
    if (type.Is(TypeKind::kNull) || (type.IsIntegral() && !wide_distance)) continue;
    if (i == 0 && type.IsNumeric()) continue;  // the first of the types that Spark can cast to
    return UnexpectedArgumentType(name, arguments, i,
                                  i == 0 ? "(\"INT\" or \"BIGINT\")" : "\"INT\"", place);
  }
  return Status::OK();
}

Result<ExprPtr> BindShift(const Operator& op, std::vector<ExprPtr> arguments,
                          const BindSettings& settings, const SqlPlace& place) {
  const std::string name = op.name;
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  THALWEG_RETURN_NOT_OK(CheckArguments(name, arguments, settings, place));
  const bool narrow = !arguments[0]->type->Is(TypeKind::kBigint);
  const TypePtr type = narrow ? IntType() : BigintType();
  THALWEG_ASSIGN_OR_RETURN(arguments[0], CoerceTo(arguments[0], type, settings));
  THALWEG_ASSIGN_OR_RETURN(arguments[1], CoerceTo(arguments[1], IntType(), settings));
  KernelSpec spec;
  spec.signature = {name, {type, IntType()}, type, "", true};
  spec.traits.total = true;
  spec.kernel = op.pick(narrow);
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterShifts(FunctionRegistry* registry) {
  for (const Operator& op : kOperators) {
    registry->Register({op.name, FunctionKind::kScalar,
                        [&op](const std::string&, std::vector<ExprPtr> arguments,
                              const BindSettings& settings, const SqlPlace& place) {
                          return BindShift(op, std::move(arguments), settings, place);
                        }});
  }
}

}  // namespace thalweg
