#include "functions/aggregates.h"

namespace thalweg {
namespace {

class NullAggregate final : public Aggregate {
 public:
  Status Update(const Vector* const*, const Selection&, const AggregateTargets&) const override {
    return Status::OK();
  }
  Status Merge(const AggregateTargets&, const uint8_t* const*, int, bool) const override {
    return Status::OK();
  }
  Status Finish(const AggregateTargets&, int, int, Vector*) const override { return Status::OK(); }
};

}  // namespace

ExprPtr FinishAggregate(Binding* binding, BoundAggregate bound) {
  FunctionSignature signature{
      binding->name, {}, std::move(bound.type), std::move(bound.parameters), true};
  for (const ExprPtr& argument : binding->arguments) {
    signature.argument_types.push_back(argument->type);
  }
  auto function = std::make_shared<AggregateFunction>(std::move(signature), bound.nullable,
                                                      std::move(bound.aggregate));
  return MakeAggregateCall(std::move(function), std::move(binding->arguments), binding->place);
}

void RegisterAggregates(FunctionRegistry* registry, std::initializer_list<const char*> names,
                        NestedBinder bind) {
  for (const char* name : names) {
    registry->Register({name, FunctionKind::kAggregate,
                        [bind](const std::string& called, std::vector<ExprPtr> arguments,
                               const BindSettings& settings, const SqlPlace& place) {
                          return bind({called, std::move(arguments), settings, place});
                        }});
  }
}

std::shared_ptr<const Aggregate> MakeNullAggregate() {
  return std::make_shared<NullAggregate>();
}

}  // namespace thalweg
