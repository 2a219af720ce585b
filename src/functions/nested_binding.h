// What binders of functions over nested types share: counting arguments, the implicit casts that
// Spark gives single parameters, mismatch errors, constants known while binding, making the call.
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "functions/errors.h"
#include "functions/kernel.h"
#include "functions/registry.h"
#include "functions/value_order.h"

namespace thalweg {

/// A call that is being bound.
struct Binding {
  const std::string& name;
  std::vector<ExprPtr> arguments;
  const BindSettings& settings;
  const SqlPlace& place;

  const TypePtr& type(int i) const { return arguments[i]->type; }
  bool Is(int i, TypeKind kind) const { return arguments[i]->type->Is(kind); }
  bool nullable(int i) const { return arguments[i]->nullable; }
  int count() const { return static_cast<int>(arguments.size()); }

  Status CheckCount(int min, int max) const;
  /// Argument i as a parameter of `to`, where Spark casts it without being asked.
  Status CastArgument(int i, const TypePtr& to);
  /// Of a function to whose argument i Spark casts nothing but NULL (ExpectsInputTypes).
  Status WantExactly(int i, const TypePtr& type);
  /// Argument i to exactly `to`.
  Status Coerce(int i, const TypePtr& to);
  /// Argument i must be an ARRAY (MAP); NULL of no type is one of VOID.
  Status WantArray(int i);
  Status WantMap(int i);
  /// DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE; `required` as Spark prints it, without quotes.
  Status Unexpected(int i, const std::string& required) const;
  /// DATATYPE_MISMATCH.`kind` with functionName, dataType, and the types of arguments 0 and i.
  Status DifferentTypes(const char* kind, const char* type, int i) const;
  /// DATATYPE_MISMATCH.NULL_TYPE.
  Status NullOfNoType() const;
  /// The order of `type`; errors: INVALID_ORDERING_TYPE, or not supported yet.
  Result<ValueOrderPtr> Order(const DataType& type) const;
  /// DATATYPE_MISMATCH.INVALID_MAP_KEY_TYPE where keys of a map cannot be of `type`.
  Status CheckMapKey(const DataType& type) const;

  /// The call of a kernel with the arguments as they are now; `spec` says the rest.
  ExprPtr MakeKernelCall(KernelSpec spec, TypePtr result_type);
};

/// The value of an expression of constants; nullopt if it is none or cannot be computed.
std::optional<Value> FoldedValue(const ExprPtr& expr);

inline ScalarTraits NullableIf(bool nullable) {
  ScalarTraits traits;
  traits.nullability =
      nullable ? ScalarTraits::Nullability::kAlways : ScalarTraits::Nullability::kNever;
  return traits;
}

/// Registers `bind` (Binding → Result<ExprPtr>) under a name.
using NestedBinder = Result<ExprPtr> (*)(Binding binding);
void RegisterNested(FunctionRegistry* registry, const char* name, NestedBinder bind);

}  // namespace thalweg
