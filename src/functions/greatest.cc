// greatest and least: the first largest (smallest) argument that is not NULL.
#include <algorithm>

#include "functions/branch_output.h"
#include "functions/coercion.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/value_order.h"
#include "functions/vectors.h"

namespace thalweg {
namespace {

struct ExtremeState final : FunctionState {
  std::vector<const Vector*> arguments;
  std::vector<int32_t> best = std::vector<int32_t>(kBatchRows);  // argument of a row, -1: none
  std::vector<RowIndex> rows = std::vector<RowIndex>(kBatchRows);
};

class ExtremeFunction final : public ScalarFunction {
 public:
  ExtremeFunction(FunctionSignature signature, ScalarTraits traits, ValueOrderPtr order,
                  bool greatest)
      : ScalarFunction(std::move(signature), traits),
        order_(std::move(order)),
        greatest_(greatest) {}

  std::unique_ptr<FunctionState> NewState() const override {
    return std::make_unique<ExtremeState>();
  }

  Status Evaluate(EvalCall& call, Vector* out) const override {
    auto* state = static_cast<ExtremeState*>(call.state());
    const int count = call.argument_count();
    state->arguments.resize(count);
    for (int i = 0; i < count; ++i) {
      THALWEG_ASSIGN_OR_RETURN(state->arguments[i], call.Argument(i));
    }
    ForEachRow(call.rows(), [&](int r) { state->best[r] = BestOf(state->arguments, r); });
    BranchOutput output(call.rows().count, call.physical_rows(), result_type(), out);
    for (int i = -1; i < count; ++i) {
      int taken = 0;
      ForEachRow(call.rows(), [&](int r) {
        state->rows[taken] = static_cast<RowIndex>(r);
        taken += state->best[r] == i;
      });
      const Selection rows = {state->rows.data(), taken};
      if (i < 0) {
        output.PutNull(rows);
      } else {
        output.Put(*state->arguments[i], rows);
      }
    }
    output.Finish();
    return Status::OK();
  }

 private:
  int BestOf(const std::vector<const Vector*>& arguments, int row) const {
    int best = -1;
    for (int i = 0; i < static_cast<int>(arguments.size()); ++i) {
      if (arguments[i]->IsNull(row)) continue;
      if (best < 0) {
        best = i;
        continue;
      }
      const int order = order_->Compare(*arguments[i], row, *arguments[best], row);
      if (greatest_ ? order > 0 : order < 0) best = i;
    }
    return best;
  }

  const ValueOrderPtr order_;
  const bool greatest_;
};

Result<ExprPtr> BindExtreme(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings& settings, const SqlPlace& place) {
  if (arguments.size() < 2) return WrongArgumentCount(name, "> 1", arguments.size(), place);
  std::vector<TypePtr> types;
  for (const ExprPtr& argument : arguments) types.push_back(argument->type);
  const TypePtr type = WiderTypeWithoutStrings(types, settings.ansi);
  if (type == nullptr) return DifferentArgumentTypes(name, arguments, place);
  if (!HasOrder(*type)) return NoOrdering(name, arguments, *type, place);
  ValueOrderPtr order = ValueOrder::Make(*type);
  if (order == nullptr) return NotSupportedYet(name + " of " + type->Sql(), place);
  THALWEG_RETURN_NOT_OK(CoerceAll(&arguments, type, settings));
  FunctionSignature signature{name, {}, type, "", true};
  signature.argument_types.assign(arguments.size(), type);
  ScalarTraits traits;
  traits.nullability = ScalarTraits::Nullability::kAllArguments;
  auto function = std::make_shared<ExtremeFunction>(std::move(signature), traits, std::move(order),
                                                    name == "greatest");
  return MakeCall(std::move(function), std::move(arguments), place);
}

}  // namespace

void RegisterGreatest(FunctionRegistry* registry) {
  registry->Register({"greatest", FunctionKind::kScalar, BindExtreme});
  registry->Register({"least", FunctionKind::kScalar, BindExtreme});
}

}  // namespace thalweg
