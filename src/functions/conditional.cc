// The conditional family: IF, CASE WHEN, COALESCE and what is said with them (IFNULL, NVL, NVL2,
// NULLIF). A branch is evaluated only for the rows that reach it.
#include "functions/branch_output.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/logic.h"
#include "functions/vectors.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

struct BranchState final : FunctionState {
  std::vector<RowIndex> open = std::vector<RowIndex>(kBatchRows);       // rows without a value yet
  std::vector<RowIndex> taken = std::vector<RowIndex>(kBatchRows + 1);  // of the present branch
  Vector condition;                                                     // flat, without NULLs
};

/// CASE WHEN c1 THEN v1 [WHEN c2 THEN v2 …] [ELSE v] END; arguments in that order. IF is one with a
/// single condition.
class CaseFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;
  static ScalarFunctionPtr Make(const std::string& name, const std::vector<ExprPtr>& arguments,
                                const TypePtr& type);

  std::unique_ptr<FunctionState> NewState() const override {
    return std::make_unique<BranchState>();
  }

  Status Evaluate(EvalCall& call, Vector* out) const override {
    auto* state = static_cast<BranchState*>(call.state());
    const bool two_sides = call.argument_count() == 3;
    if (two_sides && call.ArgumentIsTotal(1) && call.ArgumentIsTotal(2)) {
      THALWEG_ASSIGN_OR_RETURN(const bool done, TakeBoth(call, state, out));
      if (done) return Status::OK();
    }
    return TakeBranches(call, state, out);
  }

 private:
  /// Both sides are cheap for every row: computes both and picks. False if they do not have the
  /// form.
  Result<bool> TakeBoth(EvalCall& call, BranchState* state, Vector* out) const {
    THALWEG_ASSIGN_OR_RETURN(const Vector* condition, call.Argument(0));
    if (!condition->is_flat() || PhysicalWidth(result_type()->physical()) == 0) return false;
    THALWEG_ASSIGN_OR_RETURN(const Vector* yes, call.Argument(1));
    THALWEG_ASSIGN_OR_RETURN(const Vector* no, call.Argument(2));
    for (const Vector* side : {yes, no}) {
      if (side->encoding() == Encoding::kDictionary) return false;
    }
    if (condition->may_have_nulls()) {
      state->condition.ResetFlat(BooleanType(), call.physical_rows());
      for (int w = 0; w < ValidityWords(call.physical_rows()); ++w) {
        const BoolBits bits = ReadBits(*condition, w);
        WriteBits({bits.value & bits.valid, ~0ull}, w, &state->condition);
      }
      condition = &state->condition;
    }
    Blend(*condition, *yes, *no, out);
    return true;
  }

  Status TakeBranches(EvalCall& call, BranchState* state, Vector* out) const {
    BranchOutput output(call.rows().count, call.physical_rows(), result_type(), out);
    Selection open = call.rows();
    const int count = call.argument_count();
    RowIndex* rows = state->taken.data();
    for (int i = 0; i + 1 < count && open.count > 0; i += 2) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* condition, call.ArgumentFor(i, open));
      const Selection taken = {rows, SelectTrue(*condition, open, rows)};
      if (taken.count == 0) continue;
      // A total branch may be computed for all rows: once, if several branches use it.
      const bool total = call.ArgumentIsTotal(i + 1);
      THALWEG_ASSIGN_OR_RETURN(const Vector* value,
                               total ? call.Argument(i + 1) : call.ArgumentFor(i + 1, taken));
      output.Put(*value, taken);
      open = {state->open.data(), SelectOthers(open, rows, taken.count, state->open.data())};
    }
    if (open.count > 0 && count % 2 == 0) output.PutNull(open);
    if (open.count > 0 && count % 2 == 1) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* value, call.ArgumentFor(count - 1, open));
      output.Put(*value, open);
    }
    output.Finish();
    return Status::OK();
  }
};

class CoalesceFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;
  static ScalarFunctionPtr Make(const std::vector<ExprPtr>& arguments, const TypePtr& type);

  std::unique_ptr<FunctionState> NewState() const override {
    return std::make_unique<BranchState>();
  }

  Status Evaluate(EvalCall& call, Vector* out) const override {
    auto* state = static_cast<BranchState*>(call.state());
    BranchOutput output(call.rows().count, call.physical_rows(), result_type(), out);
    Selection open = call.rows();
    for (int i = 0; i < call.argument_count() && open.count > 0; ++i) {
      THALWEG_ASSIGN_OR_RETURN(const Vector* value, call.ArgumentFor(i, open));
      if (value->physical() == PhysicalKind::kNull) continue;
      if (value->is_constant() && value->IsNull(0)) continue;
      if (value->is_constant() || !value->may_have_nulls()) {
        output.Put(*value, open);
        open.count = 0;
        break;
      }
      RowIndex* rows = state->taken.data();
      const Selection taken = {rows, SelectBits(value->validity(), true, open, rows)};
      output.Put(*value, taken);
      open = {state->open.data(), SelectOthers(open, rows, taken.count, state->open.data())};
    }
    output.PutNull(open);
    output.Finish();
    return Status::OK();
  }
};

ScalarFunctionPtr CaseFunction::Make(const std::string& name, const std::vector<ExprPtr>& arguments,
                                     const TypePtr& type) {
  FunctionSignature signature{name, {}, type, "", true};
  bool nullable = arguments.size() % 2 == 0;  // without ELSE
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool is_condition = i % 2 == 0 && i + 1 < arguments.size();
    signature.argument_types.push_back(is_condition ? BooleanType() : type);
    nullable |= !is_condition && arguments[i]->nullable;
  }
  ScalarTraits traits;
  traits.nullability =
      nullable ? ScalarTraits::Nullability::kAlways : ScalarTraits::Nullability::kNever;
  return std::make_shared<CaseFunction>(std::move(signature), traits);
}

ScalarFunctionPtr CoalesceFunction::Make(const std::vector<ExprPtr>& arguments,
                                         const TypePtr& type) {
  FunctionSignature signature{"coalesce", {}, type, "", true};
  signature.argument_types.assign(arguments.size(), type);
  ScalarTraits traits;
  traits.nullability = ScalarTraits::Nullability::kAllArguments;
  return std::make_shared<CoalesceFunction>(std::move(signature), traits);
}

/// The common type of the arguments at `values`, to which they are cast in place.
Result<TypePtr> Unify(const std::string& name, std::vector<ExprPtr>* arguments,
                      const std::vector<int>& values, const BindSettings& settings,
                      const SqlPlace& place) {
  std::vector<TypePtr> types;
  for (const int i : values) types.push_back((*arguments)[i]->type);
  const TypePtr type = WiderType(types, settings.ansi);
  if (type == nullptr) return DifferentArgumentTypes(name, *arguments, place);
  for (const int i : values) {
    THALWEG_ASSIGN_OR_RETURN((*arguments)[i], CoerceTo((*arguments)[i], type, settings));
  }
  return type;
}

Result<ExprPtr> BindCase(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  const size_t count = arguments.size();
  if (name == "if" && count != 3) return WrongArgumentCount(name, "3", count, place);
  if (count < 2) return WrongArgumentCount(name, "> 1", count, place);
  std::vector<int> values;
  for (size_t i = 0; i < count; ++i) {
    const bool is_condition = i % 2 == 0 && i + 1 < count;
    if (!is_condition) {
      values.push_back(static_cast<int>(i));
      continue;
    }
    const bool boolean =
        arguments[i]->type->Is(TypeKind::kBoolean) || arguments[i]->type->Is(TypeKind::kNull);
    if (!boolean) {
      return UnexpectedArgumentType(name, arguments, static_cast<int>(i), "\"BOOLEAN\"", place);
    }
    THALWEG_ASSIGN_OR_RETURN(arguments[i], CoerceTo(arguments[i], BooleanType(), settings));
  }
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, Unify(name, &arguments, values, settings, place));
  ScalarFunctionPtr function = CaseFunction::Make(name, arguments, type);
  return MakeCall(std::move(function), std::move(arguments), place);
}

Result<ExprPtr> BindCoalesce(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings& settings, const SqlPlace& place) {
  if (name != "coalesce" && arguments.size() != 2) {
    return WrongArgumentCount(name, "2", arguments.size(), place);
  }
  if (arguments.empty()) return WrongArgumentCount(name, "> 0", 0, place);
  std::vector<int> values;
  for (size_t i = 0; i < arguments.size(); ++i) values.push_back(static_cast<int>(i));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, Unify(name, &arguments, values, settings, place));
  ScalarFunctionPtr function = CoalesceFunction::Make(arguments, type);
  return MakeCall(std::move(function), std::move(arguments), place);
}

/// nvl2(a, b, c) = if(a IS NOT NULL, b, c)
Result<ExprPtr> BindNvl2(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 3) return WrongArgumentCount(name, "3", arguments.size(), place);
  arguments[0] = MakeCall(IsNotNullFunction(arguments[0]->type), {arguments[0]}, place);
  return BindCase("if", std::move(arguments), settings, place);
}

/// nullif(a, b) = if(a = b, NULL, a)
Result<ExprPtr> BindNullif(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 2) return WrongArgumentCount(name, "2", arguments.size(), place);
  const ExprPtr value = arguments[0];
  THALWEG_ASSIGN_OR_RETURN(
      ExprPtr equal, FunctionRegistry::BuiltIn().Bind("==", std::move(arguments), settings, place));
  return BindCase("if", {equal, MakeLiteral(Value(value->type)), value}, settings, place);
}

/// decode(a, s1, r1, …, default) = CASE WHEN a <=> s1 THEN r1 … ELSE default END
Result<ExprPtr> BindDecode(const std::string& name, std::vector<ExprPtr> arguments,
                           const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() < 2) return WrongArgumentCount(name, "> 1", arguments.size(), place);
  if (arguments.size() == 2) return BindDecodeBytes(name, std::move(arguments), settings, place);
  std::vector<ExprPtr> branches;
  for (size_t i = 1; i + 1 < arguments.size(); i += 2) {
    THALWEG_ASSIGN_OR_RETURN(
        ExprPtr same,
        FunctionRegistry::BuiltIn().Bind("<=>", {arguments[0], arguments[i]}, settings, place));
    branches.push_back(std::move(same));
    branches.push_back(arguments[i + 1]);
  }
  if (arguments.size() % 2 == 0) branches.push_back(arguments.back());
  return BindCase("when", std::move(branches), settings, place);
}

/// zeroifnull(a) = coalesce(a, 0); nullifzero(a) = if(a = 0, NULL, a)
Result<ExprPtr> BindZero(const std::string& name, std::vector<ExprPtr> arguments,
                         const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  arguments.push_back(MakeLiteral(Value::Int(0)));
  return name == "zeroifnull" ? BindCoalesce("coalesce", std::move(arguments), settings, place)
                              : BindNullif("nullif", std::move(arguments), settings, place);
}

}  // namespace

void RegisterConditional(FunctionRegistry* registry) {
  registry->Register({"if", FunctionKind::kScalar, BindCase});
  registry->Register({"when", FunctionKind::kScalar, BindCase});
  registry->Register({"coalesce", FunctionKind::kScalar, BindCoalesce});
  registry->Register({"ifnull", FunctionKind::kScalar, BindCoalesce});
  registry->Register({"nvl", FunctionKind::kScalar, BindCoalesce});
  registry->Register({"nvl2", FunctionKind::kScalar, BindNvl2});
  registry->Register({"nullif", FunctionKind::kScalar, BindNullif});
  registry->Register({"decode", FunctionKind::kScalar, BindDecode});
  registry->Register({"zeroifnull", FunctionKind::kScalar, BindZero});
  registry->Register({"nullifzero", FunctionKind::kScalar, BindZero});
}

}  // namespace thalweg
