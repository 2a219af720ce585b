#include "functions/logic.h"

#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel_loops.h"
#include "functions/vectors.h"

namespace thalweg {
namespace {

struct ConnectiveState final : FunctionState {
  std::vector<RowIndex> undecided;
  Vector flat[2];
};

/// AND (`kDecides` = false decides) and OR (true decides). The right side is evaluated for the rows
/// that the left side does not decide, unless evaluating it for all is harmless.
template <bool kDecides>
class Connective final : public ScalarFunction {
 public:
  Connective()
      : ScalarFunction(
            {kDecides ? "or" : "and", {BooleanType(), BooleanType()}, BooleanType(), "", true},
            {ScalarTraits::Nullability::kAnyArgument, /*total=*/true}) {}

  std::unique_ptr<FunctionState> NewState() const override {
    return std::make_unique<ConnectiveState>();
  }

  Status Evaluate(EvalCall& call, Vector* out) const override {
    auto* state = static_cast<ConnectiveState*>(call.state());
    THALWEG_ASSIGN_OR_RETURN(const Vector* left, call.Argument(0));
    const Vector* right;
    if (call.ArgumentIsTotal(1)) {
      THALWEG_ASSIGN_OR_RETURN(right, call.Argument(1));
    } else {
      left = FlatOrConstant(*left, call.rows(), &state->flat[0]);
      const Selection undecided = Undecided(*left, call.rows(), state);
      if (undecided.count == 0) {
        *out = *left;
        return Status::OK();
      }
      const bool all = undecided.count == call.rows().count;
      THALWEG_ASSIGN_OR_RETURN(right, all ? call.Argument(1) : call.ArgumentFor(1, undecided));
    }
    left = FlatOrConstant(*left, call.rows(), &state->flat[0]);
    right = FlatOrConstant(*right, call.rows(), &state->flat[1]);
    Combine(*left, *right, call.physical_rows(), out);
    return Status::OK();
  }

 private:
  static const Vector* FlatOrConstant(const Vector& vector, const Selection& rows, Vector* flat) {
    if (vector.encoding() != Encoding::kDictionary) return &vector;
    Flatten(vector, rows, flat);
    return flat;
  }

  static Selection Undecided(const Vector& left, const Selection& rows, ConnectiveState* state) {
    std::vector<RowIndex>& out = state->undecided;
    out.resize(kBatchRows);
    int count = 0;
    ForEachRow(rows, [&](int r) {
      out[count] = static_cast<RowIndex>(r);
      const int i = left.is_constant() ? 0 : r;
      count += left.IsNull(r) || (left.values<uint8_t>()[i] != 0) != kDecides;
    });
    return {out.data(), count};
  }

  /// Where the left side decides, the right side's bits may be anything.
  static void Combine(const Vector& left, const Vector& right, int rows, Vector* out) {
    out->ResetFlat(BooleanType(), rows);
    for (int w = 0; w < ValidityWords(rows); ++w) {
      BoolBits a = ReadBits(left, w);
      BoolBits b = ReadBits(right, w);
      if (kDecides) {
        const uint64_t yes = (a.value & a.valid) | (b.value & b.valid);
        const uint64_t no = ~a.value & a.valid & ~b.value & b.valid;
        WriteBits({yes, yes | no}, w, out);
      } else {
        const uint64_t no = (~a.value & a.valid) | (~b.value & b.valid);
        const uint64_t yes = a.value & a.valid & b.value & b.valid;
        WriteBits({yes, yes | no}, w, out);
      }
    }
  }
};

Status NotKernel(const KernelCall& call, Vector* out) {
  uint8_t* __restrict result = out->mutable_values<uint8_t>();
  const uint8_t* values = call.arguments[0]->values<uint8_t>();
  ForEachRow(RowsOrAll(call), [&](int r) { result[r] = (values[r] & 1) ^ 1; });
  return Status::OK();
}

Status NullKernel(const KernelCall& call, bool null, Vector* out) {
  const Vector& argument = *call.arguments[0];
  for (int w = 0; w < ValidityWords(call.physical_rows); ++w) {
    uint64_t nulls = 0;
    if (argument.physical() == PhysicalKind::kNull) {
      nulls = ~0ull;
    } else if (argument.is_constant()) {
      nulls = argument.IsNull(0) ? ~0ull : 0;
    } else if (argument.may_have_nulls()) {
      nulls = ~argument.validity()[w];
    }
    WriteBits({null ? nulls : ~nulls, ~0ull}, w, out);
  }
  return Status::OK();
}

Status IsNullKernel(const KernelCall& call, Vector* out) {
  return NullKernel(call, true, out);
}
Status IsNotNullKernel(const KernelCall& call, Vector* out) {
  return NullKernel(call, false, out);
}

Result<ExprPtr> BindConnective(const std::string& name, std::vector<ExprPtr> arguments,
                               const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  // Under ANSI rules a string beside a boolean becomes one.
  const bool promotes = settings.ansi && (arguments[0]->type->Is(TypeKind::kBoolean) ||
                                          arguments[1]->type->Is(TypeKind::kBoolean));
  for (const ExprPtr& argument : arguments) {
    if (promotes && argument->type->Is(TypeKind::kString)) continue;
    if (argument->type->Is(TypeKind::kBoolean) || argument->type->Is(TypeKind::kNull)) continue;
    const bool same = *arguments[0]->type == *arguments[1]->type;
    return same ? WrongOperandType(name, arguments, "\"BOOLEAN\"", place)
                : DifferentOperandTypes(name, arguments, place);
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, BooleanType(), settings));
  return MakeCall(name == "and" ? AndFunction() : OrFunction(), std::move(arguments), place);
}

Result<ExprPtr> BindNot(const std::string& name, std::vector<ExprPtr> arguments,
                        const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const DataType& type = *arguments[0]->type;
  const bool promotes = settings.ansi && type.Is(TypeKind::kString);
  if (!type.Is(TypeKind::kBoolean) && !type.Is(TypeKind::kNull) && !promotes) {
    return UnexpectedArgumentType("not", arguments, 0, "\"BOOLEAN\"", place);
  }
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, BooleanType(), settings));
  return MakeCall(NotFunction(), std::move(arguments), place);
}

Result<ExprPtr> BindNullTest(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const TypePtr type = arguments[0]->type;
  return MakeCall(name == "isnull" ? IsNullFunction(type) : IsNotNullFunction(type),
                  std::move(arguments), place);
}

ScalarFunctionPtr NullTest(const char* name, Kernel kernel, const TypePtr& type) {
  KernelSpec spec;
  spec.signature = {name, {type}, BooleanType(), "", true};
  spec.traits = {ScalarTraits::Nullability::kNever, /*total=*/true};
  spec.kernel = kernel;
  spec.sees_nulls = true;
  return MakeKernelFunction(std::move(spec));
}

}  // namespace

ScalarFunctionPtr AndFunction() {
  return std::make_shared<Connective<false>>();
}
ScalarFunctionPtr OrFunction() {
  return std::make_shared<Connective<true>>();
}

ScalarFunctionPtr NotFunction() {
  KernelSpec spec;
  spec.signature = {"not", {BooleanType()}, BooleanType(), "", true};
  spec.traits.total = true;
  spec.kernel = NotKernel;
  return MakeKernelFunction(std::move(spec));
}

ScalarFunctionPtr IsNullFunction(const TypePtr& type) {
  return NullTest("isnull", IsNullKernel, type);
}
ScalarFunctionPtr IsNotNullFunction(const TypePtr& type) {
  return NullTest("isnotnull", IsNotNullKernel, type);
}

bool IsConjunction(const ScalarFunction& function) {
  return function.name() == "and" && function.result_type()->Is(TypeKind::kBoolean);
}

void RegisterLogic(FunctionRegistry* registry) {
  registry->Register({"and", FunctionKind::kScalar, BindConnective});
  registry->Register({"or", FunctionKind::kScalar, BindConnective});
  registry->Register({"not", FunctionKind::kScalar, BindNot});
  registry->Register({"!", FunctionKind::kScalar, BindNot});
  registry->Register({"isnull", FunctionKind::kScalar, BindNullTest});
  registry->Register({"isnotnull", FunctionKind::kScalar, BindNullTest});
}

}  // namespace thalweg
