// Functions with OVER: typed as any call, so that the checks of streaming plans come in Spark's
// order; over tables at rest they are not built yet. And sub-queries, which may not read a stream.
#include <algorithm>
#include <optional>
#include <string_view>

#include "analyzer/expression_analyzer.h"
#include "functions/function.h"

namespace thalweg {
namespace {

std::string LowerName(const UnresolvedFunction& call) {
  std::string name = call.function.back();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return name;
}

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What a function that exists only with OVER gives; null for any other.
TypePtr WindowFunctionType(const std::string& name, const std::vector<ExprPtr>& arguments) {
  if (IsOneOf(name, {"row_number", "rank", "dense_rank", "ntile"})) return IntType();
  if (IsOneOf(name, {"percent_rank", "cume_dist"})) return DoubleType();
  const bool value = IsOneOf(name, {"lag", "lead", "nth_value"}) && !arguments.empty();
  return value ? arguments[0]->type : nullptr;
}

bool IsWindowFunction(const std::string& name) {
  return IsOneOf(name, {"row_number", "rank", "dense_rank", "ntile", "percent_rank", "cume_dist",
                        "lag", "lead", "nth_value"});
}

/// A bound that is written as a number of rows; nothing if it is anything else.
std::optional<int64_t> RowsOf(const ExprPtr& bound) {
  const auto* call = As<Call>(bound);
  const bool before = call != nullptr && call->function->name() == "negative";
  const auto* literal = As<Literal>(before ? call->arguments[0] : bound);
  if (literal == nullptr || !literal->type->IsIntegral() || literal->value.is_null()) {
    return std::nullopt;
  }
  return before ? -literal->value.int64() : literal->value.int64();
}

/// Frames of rows, from a number of rows before to one after.
Status CheckFrame(const WindowCall& call) {
  std::optional<int64_t> bounds[2];
  for (const int i : {0, 1}) {
    const ExprPtr& bound = i == 0 ? call.lower : call.upper;
    if (bound == nullptr) continue;
    bounds[i] = RowsOf(bound);
    if (!bounds[i] || (call.frame != "rows" && *bounds[i] != 0)) {
      return NotSupportedYet("this frame of a window", call.place);
    }
  }
  if (!bounds[0] || !bounds[1] || *bounds[0] <= *bounds[1]) return Status::OK();
  return Status::User("DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON",
                      {{"sqlExpr", "\"" + call.frame + "\""}, {"comparison", "after"}}, call.place);
}

/// Some table that the unresolved plan reads is a stream.
bool ReadsStream(const RelationPtr& plan, const Catalog& catalog) {
  if (const auto* read = As<UnresolvedRead>(plan)) {
    const RelationPtr view = read->parts.size() == 1 ? catalog.FindView(read->parts[0]) : nullptr;
    return read->is_streaming || (view != nullptr && view->streaming);
  }
  for (const RelationPtr& input : Inputs(*plan)) {
    if (ReadsStream(input, catalog)) return true;
  }
  return false;
}

}  // namespace

Result<ExprPtr> ExpressionAnalyzer::ResolveWindowCall(const UnresolvedWindow& window) {
  const auto* function = As<UnresolvedFunction>(window.function);
  if (!window.window_name.empty() || function == nullptr) {
    return NotSupportedYet("a named window", window.place);
  }
  auto call = std::make_shared<WindowCall>();
  call->place = window.place;
  call->frame = window.frame;
  THALWEG_ASSIGN_OR_RETURN(call->partition, ResolveAll(window.partition));
  THALWEG_ASSIGN_OR_RETURN(call->order, ResolveAll(window.order));
  if (window.lower != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(call->lower, Resolve(window.lower));
  }
  if (window.upper != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(call->upper, Resolve(window.upper));
  }
  THALWEG_RETURN_NOT_OK(IsWindowFunction(LowerName(*function))
                            ? ResolveWindowFunction(*function, call.get())
                            : ResolveWindowAggregate(window.function, call.get()));
  call->type = call->function->result_type();
  return ExprPtr(call);
}

Status ExpressionAnalyzer::ResolveWindowFunction(const UnresolvedFunction& function,
                                                 WindowCall* call) {
  const std::string name = LowerName(function);
  THALWEG_ASSIGN_OR_RETURN(call->arguments, ResolveArguments(function));
  FunctionSignature signature;
  signature.name = name;
  for (const ExprPtr& argument : call->arguments) {
    signature.argument_types.push_back(argument->type);
  }
  signature.result_type = WindowFunctionType(name, call->arguments);
  signature.deterministic = false;
  if (!call->frame.empty()) return NotSupportedYet("a frame of " + name, call->place);
  if (signature.result_type == nullptr) return NotSupportedYet(name + " so called", call->place);
  if (call->order.empty()) {
    return Status::User("WINDOW_FUNCTION_FRAME_NOT_ORDERED",
                        {{"wf_name", name}, {"wf_expr", name + "()"}}, call->place);
  }
  call->function = std::make_shared<WindowFunction>(std::move(signature));
  return Status::OK();
}

Status ExpressionAnalyzer::ResolveWindowAggregate(const ExprPtr& function, WindowCall* call) {
  THALWEG_ASSIGN_OR_RETURN(const ExprPtr bound, Resolve(function));
  const auto* aggregate = As<AggregateCall>(bound);
  if (aggregate == nullptr) {
    return Status::User("UNSUPPORTED_EXPR_FOR_WINDOW",
                        {{"sqlExpr", "\"" + ColumnName(bound) + "\""}}, call->place);
  }
  if (aggregate->distinct || aggregate->filter != nullptr) {
    return NotSupportedYet("DISTINCT and FILTER with OVER", call->place);
  }
  call->function = aggregate->function;
  call->arguments = aggregate->arguments;
  return CheckFrame(*call);
}

Result<std::vector<ExprPtr>> ExpressionAnalyzer::ResolveAll(const std::vector<ExprPtr>& many) {
  std::vector<ExprPtr> typed;
  for (const ExprPtr& expr : many) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr one, Resolve(expr));
    typed.push_back(std::move(one));
  }
  return typed;
}

Result<ExprPtr> ExpressionAnalyzer::ResolveSubquery(const UnresolvedSubquery& subquery) {
  if (context_.catalog != nullptr && ReadsStream(subquery.plan, *context_.catalog)) {
    return Status::User("INVALID_SUBQUERY_EXPRESSION.STREAMING_QUERY", {}, subquery.place);
  }
  return NotSupportedYet("sub-queries in expressions", subquery.place);
}

bool ContainsWindowCall(const ExprPtr& expr) {
  return Any(expr, [](const Expression& node) { return node.kind() == ExprKind::kWindowCall; });
}

}  // namespace thalweg
