// Table functions in FROM: range, and generators over one row.
#include "analyzer/relation_analyzer.h"
#include "connectors/range/range_table.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

/// The number that a typed argument of range() stands for.
Result<int64_t> NumberOf(const ExprPtr& argument) {
  const bool constant = ReferencedAttributes(argument).empty() && IsDeterministic(argument) &&
                        !DependsOnEpoch(argument) && !ContainsAggregate(argument);
  if (!constant || !argument->type->IsIntegral()) {
    return NotSupportedYet("range() of anything but constant integers", argument->place);
  }
  THALWEG_ASSIGN_OR_RETURN(const Value value, ComputeConstant(argument));
  if (value.is_null()) return NotSupportedYet("range() of NULL", argument->place);
  return value.int64();
}

}  // namespace

Result<RelationPtr> RelationAnalyzer::AnalyzeTableFunction(const UnresolvedTableFunction& call) {
  if (EqualsIgnoringCase(call.function, "range")) return AnalyzeRange(call);
  const auto* known = context_.functions->Find(call.function);
  if (known != nullptr && known->kind == FunctionKind::kGenerator) {
    return AnalyzeTableGenerator(call);
  }
  return NotSupportedYet("the table function " + call.function, call.place);
}

// range(end) | range(start, end [, step [, partitions]])
Result<RelationPtr> RelationAnalyzer::AnalyzeRange(const UnresolvedTableFunction& call) {
  const Scope none = ScopeOf({});
  ExpressionAnalyzer analyzer(context_, none);
  std::vector<int64_t> numbers;
  for (const ExprPtr& argument : call.arguments) {
    THALWEG_ASSIGN_OR_RETURN(const ExprPtr typed, analyzer.Resolve(argument));
    THALWEG_ASSIGN_OR_RETURN(const int64_t number, NumberOf(typed));
    numbers.push_back(number);
  }
  if (numbers.empty() || numbers.size() > 4) {
    return NotSupportedYet("range() of so many arguments", call.place);
  }
  NumberRange range;
  if (numbers.size() == 1) {
    range.end = numbers[0];
  } else {
    range.start = numbers[0];
    range.end = numbers[1];
    if (numbers.size() > 2) range.step = numbers[2];
  }
  if (range.step == 0) return NotSupportedYet("range() with a step of 0", call.place);
  return MakeRead(MakeRangeTable(range), /*is_streaming=*/false);
}

}  // namespace thalweg
