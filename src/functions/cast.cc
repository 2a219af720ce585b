#include "functions/cast.h"

#include <algorithm>

#include "data/time_zone.h"
#include "functions/errors.h"
#include "functions/registry.h"

namespace thalweg {
namespace {

constexpr const char* kModes[] = {"ansi", "legacy", "try"};

/// VOID has only NULL, which the frame turns into a NULL of the target type.
Status VoidCast(const KernelCall&, Vector*) {
  return Status::Bug("a value of type VOID");
}

Kernel FindCast(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kNull)) return VoidCast;
  static constexpr Kernel (*kFamilies[])(const DataType&, const DataType&) = {
      NumericCast, DecimalCast, StringCast, TextCast, TimeCast, IntervalCast, NestedCast};
  for (const auto find : kFamilies) {
    if (Kernel kernel = find(from, to)) return kernel;
  }
  return nullptr;
}

bool Has(const DataType& type, TypeKind kind) {
  return type.Is(kind) || std::any_of(type.fields().begin(), type.fields().end(),
                                      [&](const StructField& f) { return Has(*f.type, kind); });
}

/// CHAR(n) and VARCHAR(n) are names for STRING outside of table columns.
TypePtr WithoutLengths(const TypePtr& type) {
  if (type->Is(TypeKind::kString)) return type->length() < 0 ? type : StringType();
  if (type->fields().empty()) return type;
  std::vector<StructField> members = type->fields();
  for (StructField& member : members) member.type = WithoutLengths(member.type);
  if (type->Is(TypeKind::kStruct)) return StructType(std::move(members));
  if (type->Is(TypeKind::kArray)) return ArrayType(members[0].type, members[0].nullable);
  return MapType(members[0].type, members[1].type, members[1].nullable);
}

ScalarFunctionPtr CastFunction(const TypePtr& from, const CastRequest& request, CastPlan plan) {
  const bool total = CastIsTotal(*from, *request.to);
  KernelSpec spec;
  spec.signature = {"cast", {from}, request.to, "", true};
  std::string& parameters = spec.signature.parameters;
  if (!total) parameters = kModes[static_cast<int>(request.mode)];
  if (Has(*from, TypeKind::kTimestamp) || Has(*request.to, TypeKind::kTimestamp)) {
    parameters += (parameters.empty() ? "zone=" : ",zone=") + plan.context->zone->id();
  }
  const bool cheap =
      !from->Is(TypeKind::kString) && !request.to->Is(TypeKind::kString) && from->fields().empty();
  spec.traits.total = cheap && (total || plan.on_failure != OnFailure::kRaise);
  spec.kernel = plan.kernel;
  spec.on_failure = plan.on_failure;
  spec.context = std::move(plan.context);
  return MakeKernelFunction(std::move(spec));
}

}  // namespace

Result<CastPlan> MakeCastPlan(const TypePtr& from, const TypePtr& to, CastMode mode,
                              const TimeZone* zone) {
  CastPlan plan;
  if (from->SameIgnoringNullability(*to)) return plan;
  plan.kernel = FindCast(*from, *to);
  if (plan.kernel == nullptr) {
    return NotSupportedYet("CAST of " + from->Sql() + " AS " + to->Sql());
  }
  plan.on_failure = FailureOfCast(*from, *to, mode);
  auto context = std::make_shared<CastContext>();
  context->from = from;
  context->to = to;
  context->mode = mode;
  context->zone = zone;
  const bool by_member = !to->fields().empty() && from->kind() == to->kind();
  for (size_t i = 0; by_member && i < from->fields().size(); ++i) {
    THALWEG_ASSIGN_OR_RETURN(
        CastPlan member, MakeCastPlan(from->fields()[i].type, to->fields()[i].type, mode, zone));
    context->members.push_back(std::move(member));
  }
  plan.context = std::move(context);
  return plan;
}

Result<ExprPtr> BindCast(ExprPtr child, const CastRequest& asked, const BindSettings& settings) {
  CastRequest request = asked;
  request.to = WithoutLengths(asked.to);
  auto cast = std::make_shared<Cast>();
  cast->to = request.to;
  cast->mode = request.mode;
  cast->implicit = request.implicit;
  cast->place = request.place;
  cast->type = request.to;
  cast->nullable = child->nullable;
  const TypePtr from = child->type;
  if (*from != *request.to) {
    if (!CanCast(*from, *request.to, request.mode)) return CastMismatch(child, request);
    THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone, TimeZone::Find(settings.session_zone));
    Result<CastPlan> plan = MakeCastPlan(from, request.to, request.mode, zone);
    if (!plan.ok()) return plan.status().WithPlace(request.place);
    const bool tries = request.mode == CastMode::kTry;
    cast->nullable = child->nullable || from->Is(TypeKind::kNull) ||
                     ForcesNull(*from, *request.to) || (tries && !CanUpCast(*from, *request.to));
    if (plan->kernel != nullptr) {
      cast->function = CastFunction(from, request, std::move(*plan));
    }
  }
  cast->child = std::move(child);
  return ExprPtr(std::move(cast));
}

}  // namespace thalweg
