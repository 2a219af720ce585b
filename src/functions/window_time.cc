// window_time(window): the last microsecond of a time window, which lies in every larger window
// that holds it. Which structs are windows is the analyzer's affair.
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/kernel.h"

namespace thalweg {
namespace {

Status WindowTime(const KernelCall& call, Vector* out) {
  const Vector& end = call.arguments[0]->child(1);
  int64_t* values = out->mutable_values<int64_t>();
  ForEachRow(call.rows, [&](int row) {
    if (!call.IsValid(row)) return;
    if (end.IsNull(row)) return out->SetNull(row);
    values[row] = static_cast<int64_t>(static_cast<uint64_t>(end.Get<int64_t>(row)) - 1);
  });
  return Status::OK();
}

bool LooksLikeWindow(const DataType& type) {
  if (!type.Is(TypeKind::kStruct) || type.fields().size() != 2) return false;
  for (const StructField& field : type.fields()) {
    if (!field.type->Is(TypeKind::kTimestamp) && !field.type->Is(TypeKind::kTimestampNtz)) {
      return false;
    }
  }
  return true;
}

Result<ExprPtr> BindWindowTime(const std::string& name, std::vector<ExprPtr> arguments,
                               const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const DataType& type = *arguments[0]->type;
  if (!LooksLikeWindow(type)) {
    return UnexpectedArgumentType(name, arguments, 0,
                                  "\"STRUCT<start: TIMESTAMP, end: TIMESTAMP>\"", place);
  }
  KernelSpec spec;
  spec.signature = {name, {arguments[0]->type}, type.fields()[1].type, "", true};
  spec.traits.nullability = ScalarTraits::Nullability::kAlways;
  spec.traits.total = true;
  spec.kernel = WindowTime;
  return MakeCall(MakeKernelFunction(std::move(spec)), std::move(arguments), place);
}

}  // namespace

void RegisterWindowTime(FunctionRegistry* registry) {
  registry->Register({"window_time", FunctionKind::kScalar, BindWindowTime});
}

}  // namespace thalweg
