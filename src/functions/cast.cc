#include "functions/cast.h"

#include "functions/registry.h"

namespace thalweg {
namespace {

constexpr const char* kModes[] = {"ansi", "legacy", "try"};
constexpr OnFailure kOnFailure[] = {OnFailure::kRaise, OnFailure::kIgnore, OnFailure::kNull};

/// VOID has only NULL, which the frame turns into a NULL of the target type.
Status VoidCast(const KernelCall&, Vector*) {
  return Status::Bug("a value of type VOID");
}

Kernel FindCast(const DataType& from, const DataType& to) {
  if (from.Is(TypeKind::kNull)) return VoidCast;
  return NumericCast(from, to);
}

int NumericRank(const DataType& type) {
  switch (type.kind()) {
    case TypeKind::kTinyint:
      return 0;
    case TypeKind::kSmallint:
      return 1;
    case TypeKind::kInt:
      return 2;
    case TypeKind::kBigint:
      return 3;
    case TypeKind::kFloat:
      return 4;
    case TypeKind::kDouble:
      return 5;
    default:
      return -1;
  }
}

bool CastIsNullable(const Expression& child, const CastRequest& request) {
  if (child.nullable || child.type->Is(TypeKind::kNull)) return true;
  switch (EffectOfCast(*child.type, *request.to)) {
    case CastEffect::kWidens:
      return false;
    case CastEffect::kNarrows:
      return request.mode == CastMode::kTry;
    case CastEffect::kForces:
      return true;
  }
  return true;
}

ScalarFunctionPtr CastFunction(const TypePtr& from, Kernel kernel, const CastRequest& request) {
  const int mode = static_cast<int>(request.mode);
  const bool can_fail = EffectOfCast(*from, *request.to) != CastEffect::kWidens;
  KernelSpec spec;
  spec.signature = {"cast", {from}, request.to, can_fail ? kModes[mode] : "", true};
  spec.traits.total = !can_fail || request.mode != CastMode::kAnsi;
  spec.kernel = kernel;
  spec.on_failure = kOnFailure[mode];
  return MakeKernelFunction(std::move(spec));
}

}  // namespace

CastEffect EffectOfCast(const DataType& from, const DataType& to) {
  const int from_rank = NumericRank(from);
  const int to_rank = NumericRank(to);
  if (from.Is(TypeKind::kNull) || from.kind() == to.kind()) return CastEffect::kWidens;
  if (from_rank < 0 || to_rank < 0) return CastEffect::kNarrows;
  if (from_rank <= to_rank) return CastEffect::kWidens;
  return from_rank >= 4 && to_rank < 4 ? CastEffect::kForces : CastEffect::kNarrows;
}

Result<ExprPtr> BindCast(ExprPtr child, const CastRequest& request, const BindSettings&) {
  auto cast = std::make_shared<Cast>();
  cast->to = request.to;
  cast->mode = request.mode;
  cast->implicit = request.implicit;
  cast->place = request.place;
  cast->type = request.to;
  cast->nullable = child->nullable;
  if (!child->type->SameIgnoringNullability(*request.to)) {
    const Kernel kernel = FindCast(*child->type, *request.to);
    if (kernel == nullptr) {
      return NotSupportedYet("CAST of " + child->type->Sql() + " AS " + request.to->Sql(),
                             request.place);
    }
    cast->function = CastFunction(child->type, kernel, request);
    cast->nullable = CastIsNullable(*child, request);
  }
  cast->child = std::move(child);
  return ExprPtr(std::move(cast));
}

}  // namespace thalweg
