// Casts to STRING, of values of every type.
#include "functions/cast_loops.h"
#include "functions/value_text.h"

namespace thalweg {
namespace {

Status ToText(const KernelCall& call, Vector* out) {
  const CastContext& context = ContextOf(call);
  const TextStyle style = {context.zone, context.mode != CastMode::kAnsi};
  std::string text;
  ForEachValidRow(call, [&](int r) {
    text.clear();
    AppendText(*call.arguments[0], r, style, &text);
    out->SetString(r, text);
  });
  return Status::OK();
}

}  // namespace

Kernel TextCast(const DataType& from, const DataType& to) {
  return to.Is(TypeKind::kString) && HasText(from) ? ToText : nullptr;
}

}  // namespace thalweg
