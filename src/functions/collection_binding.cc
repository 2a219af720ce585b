#include "functions/collection_binding.h"

#include "functions/coercion.h"

namespace thalweg {

Status UnifyElement(Binding* b, int value) {
  if (!b->Is(0, TypeKind::kArray)) {
    return b->DifferentTypes("ARRAY_FUNCTION_DIFF_TYPES", "ARRAY", value);
  }
  const TypePtr array = b->type(0);
  const TypePtr element = TightestCommonType(array->element(), b->type(value), b->settings.ansi);
  if (element == nullptr) return b->DifferentTypes("ARRAY_FUNCTION_DIFF_TYPES", "ARRAY", value);
  THALWEG_RETURN_NOT_OK(b->Coerce(0, ArrayType(element, array->contains_null())));
  return b->Coerce(value, element);
}

Status UnifyArrays(Binding* b) {
  if (!b->Is(0, TypeKind::kArray) || !b->Is(1, TypeKind::kArray)) {
    return b->DifferentTypes("BINARY_ARRAY_DIFF_TYPES", "ARRAY", 1);
  }
  const TypePtr left = b->type(0)->element();
  const TypePtr right = b->type(1)->element();
  if ((left->Is(TypeKind::kFloat) && right->IsIntegral()) ||
      (right->Is(TypeKind::kFloat) && left->IsIntegral())) {
    // Spark takes FLOAT here, not the DOUBLE that two such numbers have in common.
    return NotSupportedYet(b->name + " of FLOAT and " + (left->IsIntegral() ? left : right)->Sql(),
                           b->place);
  }
  const TypePtr element = TightestCommonType(left, right, b->settings.ansi);
  if (element == nullptr) return b->DifferentTypes("BINARY_ARRAY_DIFF_TYPES", "ARRAY", 1);
  for (int i = 0; i < 2; ++i) {
    THALWEG_RETURN_NOT_OK(b->Coerce(i, ArrayType(element, b->type(i)->contains_null())));
  }
  return Status::OK();
}

Result<std::shared_ptr<const KernelContext>> OrderContextFor(const Binding& b,
                                                             const DataType& type) {
  THALWEG_ASSIGN_OR_RETURN(ValueOrderPtr order, b.Order(type));
  return std::shared_ptr<const KernelContext>(std::make_shared<OrderContext>(std::move(order)));
}

Status ArrayTooLong(const char* function, const char* parameter, int64_t count,
                    const SqlPlace& place) {
  return Status::User("COLLECTION_SIZE_LIMIT_EXCEEDED.PARAMETER",
                      {{"numberOfElements", std::to_string(count)},
                       {"maxRoundedArrayLength", std::to_string(kArrayLengthMax)},
                       {"parameter", std::string("`") + parameter + "`"},
                       {"functionName", std::string("`") + function + "`"}},
                      place);
}

}  // namespace thalweg
