// ExpressionAnalyzer: unresolved expression -> typed expression over the columns of a scope. Made
// for one place of a query; not thread-safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/analyzer.h"
#include "analyzer/scope.h"

namespace thalweg {

class ExpressionAnalyzer {
 public:
  ExpressionAnalyzer(const AnalyzerContext& context, const Scope& scope);

  /// Aliases that later items of a select list may name (lateral column aliases): typed expressions
  /// by name, used where the scope does not know the name.
  void SetLateralAliases(const std::vector<ExprPtr>* aliases) { lateral_ = aliases; }

  Result<ExprPtr> Resolve(const ExprPtr& expr);
  /// Resolve, then check that it is BOOLEAN (WHERE, HAVING, ON). `clause` is for the message.
  Result<ExprPtr> ResolveCondition(const ExprPtr& expr, const char* clause);

 private:
  Result<ExprPtr> ResolveName(const UnresolvedAttribute& name);
  Result<ExprPtr> ResolveFunction(const UnresolvedFunction& call);
  Status CheckTime(const DataType& type, const Expression& expr) const;
  Result<ExprPtr> ResolveCast(const Cast& cast);
  Result<ExprPtr> ResolveAlias(const Alias& alias);
  Result<ExprPtr> ResolveExtract(const ExprPtr& child, const ExprPtr& extraction,
                                 const SqlPlace& place);
  Result<ExprPtr> ResolveParameter(const UnresolvedParameter& parameter);
  Result<ExprPtr> ResolveLambdaCall(const UnresolvedFunction& call, const std::string& name);
  Status CheckDistinctVariables(const UnresolvedLambda& lambda) const;
  static std::shared_ptr<Lambda> NewLambda(const UnresolvedLambda& lambda,
                                           const std::vector<StructField>& types);
  Result<ExprPtr> ResolveCastFunction(const TypePtr& type, const UnresolvedFunction& call,
                                      std::vector<ExprPtr> arguments);
  // ---- time_windows.cc
  Result<ExprPtr> ResolveTimeWindow(const UnresolvedFunction& call);
  Result<ExprPtr> WindowTimeOf(std::vector<ExprPtr> arguments, const SqlPlace& place);
  // ---- window_functions.cc
  Result<ExprPtr> ResolveWindowCall(const UnresolvedWindow& window);
  Status ResolveWindowFunction(const UnresolvedFunction& function, WindowCall* call);
  Status ResolveWindowAggregate(const ExprPtr& function, WindowCall* call);
  Result<std::vector<ExprPtr>> ResolveAll(const std::vector<ExprPtr>& many);
  Result<ExprPtr> ResolveSubquery(const UnresolvedSubquery& subquery);
  Result<ExprPtr> ResolveStruct(const UnresolvedFunction& call);
  Result<std::vector<ExprPtr>> ResolveArguments(const UnresolvedFunction& call);
  Result<ExprPtr> FinishAggregate(const UnresolvedFunction& call, ExprPtr bound);
  Result<ExprPtr> Bind(const std::string& name, std::vector<ExprPtr> arguments,
                       const SqlPlace& place);
  ExprPtr FindVariable(const std::string& name) const;

  const AnalyzerContext& context_;
  const Scope& scope_;
  const BindSettings settings_;
  const std::vector<ExprPtr>* lateral_ = nullptr;
  std::vector<std::shared_ptr<const LambdaVariable>> variables_;  // innermost last
};

/// Session settings as functions need them.
BindSettings BindSettingsOf(const Conf& conf);

/// A column named as Spark names an unaliased expression: "(a + b)", "sum(v)".
std::string ColumnName(const ExprPtr& expr);

/// `expr` itself if it is an Attribute or an Alias, else an Alias with its column name.
ExprPtr Named(const ExprPtr& expr);

bool ContainsAggregate(const ExprPtr& expr);
/// A function with OVER is in it.
bool ContainsWindowCall(const ExprPtr& expr);

/// The value of a typed expression that reads no column.
Result<Value> ComputeConstant(const ExprPtr& expr);

}  // namespace thalweg
