#include "functions/grouping_functions.h"

#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace thalweg {
namespace {

/// A question that nobody has answered.
class GroupingFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;
  Status Evaluate(EvalCall&, Vector*) const override {
    return Status::Bug(name() + "() is evaluated outside an aggregation");
  }
};

Result<ExprPtr> BindGrouping(const std::string& name, std::vector<ExprPtr> arguments,
                             const BindSettings&, const SqlPlace& place) {
  const bool one = name == "grouping";
  if (one && arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  FunctionSignature signature{name, {}, one ? TinyintType() : BigintType(), "", true};
  for (const ExprPtr& argument : arguments) signature.argument_types.push_back(argument->type);
  ScalarTraits traits;
  traits.nullability = ScalarTraits::Nullability::kNever;
  return MakeCall(std::make_shared<GroupingFunction>(std::move(signature), traits),
                  std::move(arguments), place);
}

struct BitContext final : KernelContext {
  explicit BitContext(int the_shift) : shift(the_shift) {}
  const int shift;
};

Status GroupingBit(const KernelCall& call, Vector* out) {
  const int shift = static_cast<const BitContext*>(call.context)->shift;
  const int64_t* ids = call.arguments[0]->values<int64_t>();
  int8_t* bits = out->mutable_values<int8_t>();
  ForEachRow(call.rows, [&](int row) { bits[row] = static_cast<int8_t>(ids[row] >> shift & 1); });
  return Status::OK();
}

}  // namespace

bool IsGroupingFunction(const Expression& expr) {
  if (expr.kind() != ExprKind::kCall) return false;
  const std::string& name = static_cast<const Call&>(expr).function->name();
  return name == "grouping" || name == "grouping_id";
}

ExprPtr MakeGroupingBit(ExprPtr grouping_id, int shift) {
  KernelSpec spec;
  spec.signature = {
      "$grouping_bit", {BigintType()}, TinyintType(), "shift=" + std::to_string(shift), true};
  spec.traits.nullability = ScalarTraits::Nullability::kNever;
  spec.traits.total = true;
  spec.kernel = GroupingBit;
  spec.context = std::make_shared<BitContext>(shift);
  return MakeCall(MakeKernelFunction(std::move(spec)), {std::move(grouping_id)});
}

void RegisterGrouping(FunctionRegistry* registry) {
  registry->Register({"grouping", FunctionKind::kScalar, BindGrouping});
  registry->Register({"grouping_id", FunctionKind::kScalar, BindGrouping});
}

}  // namespace thalweg
