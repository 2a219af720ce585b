// The registry: what a function name means. Built-ins come from one table a family
// (functions/<family>*.cc, each with a Register function listed in functions/registry.cc); sessions
// add a layer of their own. Binding checks the arguments, inserts the casts that Spark inserts and
// picks the kernel. A name of Spark that is not built is refused with THALWEG_NOT_SUPPORTED_YET, an
// unknown one with UNRESOLVED_ROUTINE and a "did you mean".
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "functions/function.h"

namespace thalweg {

enum class FunctionKind : uint8_t { kScalar, kAggregate, kGenerator, kWindow };

/// Session settings that become part of a bound function.
struct BindSettings {
  bool ansi = true;
  std::string session_zone = "UTC";
  bool case_sensitive = false;
  bool last_map_key_wins = false;       // spark.sql.mapKeyDedupPolicy = LAST_WIN
  bool timestamp_ntz = false;           // spark.sql.timestampType = TIMESTAMP_NTZ
  bool decimal_loses_precision = true;  // results of more than 38 digits give up scale
};

/// Binds a call: arguments are typed. Returns a typed Call, AggregateCall or any expression that it
/// stands for (ifnull → coalesce …).
using FunctionBinder =
    std::function<Result<ExprPtr>(const std::string& name, std::vector<ExprPtr> arguments,
                                  const BindSettings& settings, const SqlPlace& place)>;

/// Asks for the variables of a lambda argument: `arguments` are typed but for lambdas (null), those
/// before `position` included.
struct LambdaQuestion {
  const std::string& function;
  const std::vector<ExprPtr>* arguments;
  size_t position;
  size_t variables;  // how many the user named
};
/// Types (and nullability) of the variables that the lambda may name, in order.
using LambdaTyper = std::function<Result<std::vector<StructField>>(const LambdaQuestion& question,
                                                                   const BindSettings& settings)>;

struct FunctionDefinition {
  std::string name;  // lower case; "$…": not a name of SQL
  FunctionKind kind = FunctionKind::kScalar;
  FunctionBinder bind;
  LambdaTyper lambda_types = nullptr;  // of functions that take lambdas
};

class FunctionRegistry {
 public:
  /// The built-in functions; made once, never changes.
  static const FunctionRegistry& BuiltIn();

  explicit FunctionRegistry(const FunctionRegistry* parent = nullptr) : parent_(parent) {}
  void Register(FunctionDefinition definition);
  /// Case-insensitive; nullptr if unknown here and in the parents.
  const FunctionDefinition* Find(std::string_view name) const;
  Result<ExprPtr> Bind(std::string_view name, std::vector<ExprPtr> arguments,
                       const BindSettings& settings, const SqlPlace& place = {}) const;
  std::vector<std::string_view> Names() const;

 private:
  const FunctionRegistry* parent_;
  std::map<std::string, FunctionDefinition, std::less<>> definitions_;
};

struct CastRequest {
  TypePtr to;
  CastMode mode = CastMode::kAnsi;
  bool implicit = false;  // made by coercion
  SqlPlace place;
};

/// CAST of a typed expression; errors: DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION and its kin, or
/// not supported yet. Folds nothing; a cast to the same type has no function and does nothing.
Result<ExprPtr> BindCast(ExprPtr child, const CastRequest& request, const BindSettings& settings);

}  // namespace thalweg
