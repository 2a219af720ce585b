// Calls that need more than their typed arguments: aggregates with their clauses, structs that take
// names from their arguments, lambda functions, BETWEEN.
#include <algorithm>
#include <map>

#include "analyzer/expression_analyzer.h"
#include "data/parse_text.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

std::string LowerName(const std::vector<std::string>& parts) {
  std::string name = parts.back();
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return name;
}

bool HasLambda(const UnresolvedFunction& call) {
  return std::any_of(call.arguments.begin(), call.arguments.end(), [](const ExprPtr& argument) {
    return argument->kind() == ExprKind::kUnresolvedLambda;
  });
}

bool IsOneOf(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Functions that make or take TIME, which is switched off by default.
bool IsTimeFunction(const std::string& name) {
  return IsOneOf(name, {"make_time", "time_diff", "time_from_micros", "time_from_millis",
                        "time_from_seconds", "time_to_micros", "time_to_millis", "time_to_seconds",
                        "time_trunc", "to_time", "try_to_time"});
}

/// Functions of other types too that refuse TIME while it is switched off.
bool RefusesTime(const std::string& name) {
  return IsOneOf(name, {"hour", "minute", "second", "extract", "date_part", "datepart", "+", "-"});
}

/// int(x) and its kin are casts; null: not the name of a type.
TypePtr TypeOfCastFunction(const std::string& name) {
  static const std::map<std::string, TypePtr, std::less<>> kTypes = {
      {"boolean", BooleanType()}, {"tinyint", TinyintType()},      {"smallint", SmallintType()},
      {"int", IntType()},         {"bigint", BigintType()},        {"float", FloatType()},
      {"double", DoubleType()},   {"decimal", DecimalType(10, 0)}, {"date", DateType()},
      {"binary", BinaryType()},   {"timestamp", TimestampType()},  {"string", StringType()}};
  const auto found = kTypes.find(name);
  return found == kTypes.end() ? nullptr : found->second;
}

bool TakesNullsOption(const std::string& name) {
  return IsOneOf(name, {"first", "first_value", "last", "last_value", "any_value"});
}

/// IGNORE NULLS is what they do; RESPECT NULLS makes another function of them.
bool CollectsValues(const std::string& name) {
  return IsOneOf(name, {"collect_list", "array_agg", "collect_set"});
}

/// The function to bind for IGNORE NULLS or RESPECT NULLS.
std::string ApplyNullsOption(const UnresolvedFunction& call, const std::string& name,
                             std::vector<ExprPtr>* arguments) {
  if (call.ignore_nulls == 1 && arguments->size() == 1 && TakesNullsOption(name)) {
    arguments->push_back(MakeLiteral(Value::Boolean(true)));
  }
  if (call.ignore_nulls != 2 || !CollectsValues(name)) return name;
  return name == "collect_set" ? "$collect_set_nulls" : "$collect_list_nulls";
}

}  // namespace

Result<ExprPtr> ExpressionAnalyzer::ResolveFunction(const UnresolvedFunction& call) {
  const std::string name = LowerName(call.function);
  if (call.function.size() > 1 &&
      LowerName({call.function[call.function.size() - 2]}) != "builtin") {
    return NotSupportedYet("function " + QuoteName(call.function), call.place);
  }
  if (IsTimeFunction(name) && !context_.conf->GetBool("spark.sql.timeType.enabled")) {
    return Status::User("UNSUPPORTED_TIME_TYPE", {}, call.place);
  }
  if (name == "window") return ResolveTimeWindow(call);
  if (name == "session_window") return NotSupportedYet("session_window", call.place);
  if (name == "struct") return ResolveStruct(call);
  if (HasLambda(call)) return ResolveLambdaCall(call, name);
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> arguments, ResolveArguments(call));
  if (name == "between" && call.is_operator) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr low, Bind(">=", {arguments[0], arguments[1]}, call.place));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr high, Bind("<=", {arguments[0], arguments[2]}, call.place));
    return Bind("and", {std::move(low), std::move(high)}, call.place);
  }
  if (RefusesTime(name)) {
    for (const ExprPtr& argument : arguments) {
      THALWEG_RETURN_NOT_OK(CheckTime(*argument->type, call));
    }
  }
  if (const TypePtr type = TypeOfCastFunction(name)) {
    return ResolveCastFunction(type, call, std::move(arguments));
  }
  if (call.ignore_nulls != 0 && !TakesNullsOption(name) && !CollectsValues(name)) {
    return NotSupportedYet("IGNORE NULLS and RESPECT NULLS of " + name, call.place);
  }
  if (name == "window_time") return WindowTimeOf(std::move(arguments), call.place);
  const std::string bound_name = ApplyNullsOption(call, name, &arguments);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr bound, Bind(bound_name, std::move(arguments), call.place));
  const bool has_clauses =
      call.distinct || call.filter != nullptr || !call.order_within_group.empty();
  if (bound->kind() == ExprKind::kAggregateCall) return FinishAggregate(call, std::move(bound));
  if (!has_clauses) return bound;
  if (ContainsAggregate(bound)) return NotSupportedYet("DISTINCT or FILTER of " + name, call.place);
  return Status::User("INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
                      {{"prettyName", "`" + name + "`"},
                       {"syntax", call.distinct ? "\"DISTINCT\"" : "\"FILTER CLAUSE\""}},
                      call.place);
}

Result<ExprPtr> ExpressionAnalyzer::ResolveCastFunction(const TypePtr& type,
                                                        const UnresolvedFunction& call,
                                                        std::vector<ExprPtr> arguments) {
  if (arguments.size() != 1 || call.distinct || call.filter != nullptr) {
    return Status::User("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                        {{"functionName", "`" + LowerName(call.function) + "`"},
                         {"expectedNum", "1"},
                         {"actualNum", std::to_string(arguments.size())}},
                        call.place);
  }
  const CastMode mode = settings_.ansi ? CastMode::kAnsi : CastMode::kLegacy;
  return BindCast(arguments[0], {type, mode, false, call.place}, settings_);
}

/// count(*) counts rows: no argument.
Result<std::vector<ExprPtr>> ExpressionAnalyzer::ResolveArguments(const UnresolvedFunction& call) {
  std::vector<ExprPtr> arguments;
  for (const ExprPtr& argument : call.arguments) {
    const auto* star = As<UnresolvedStar>(argument);
    if (star == nullptr) {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr typed, Resolve(argument));
      arguments.push_back(std::move(typed));
      continue;
    }
    const bool counts_rows = LowerName(call.function) == "count" && !call.distinct &&
                             call.arguments.size() == 1 && star->target.empty() &&
                             star->except.empty();
    if (counts_rows) return std::vector<ExprPtr>();
    const std::vector<AttributePtr> columns = scope_.Star(star->target);
    if (columns.empty() || !star->except.empty()) {
      return NotSupportedYet("this star as an argument", star->place);
    }
    arguments.insert(arguments.end(), columns.begin(), columns.end());
  }
  return arguments;
}

Result<ExprPtr> ExpressionAnalyzer::FinishAggregate(const UnresolvedFunction& call, ExprPtr bound) {
  if (!call.order_within_group.empty()) return NotSupportedYet("WITHIN GROUP", call.place);
  auto aggregate = std::make_shared<AggregateCall>(*As<AggregateCall>(bound));
  for (const ExprPtr& argument : aggregate->arguments) {
    if (!ContainsAggregate(argument)) continue;
    return Status::User("NESTED_AGGREGATE_FUNCTION", {}, call.place);
  }
  aggregate->distinct = call.distinct;
  if (call.filter != nullptr) {
    THALWEG_ASSIGN_OR_RETURN(aggregate->filter, ResolveCondition(call.filter, "filter"));
  }
  aggregate->place = call.place;
  return ExprPtr(aggregate);
}

// struct(a, b AS x, 1): fields are named after columns, fields and aliases, others colN.
Result<ExprPtr> ExpressionAnalyzer::ResolveStruct(const UnresolvedFunction& call) {
  std::vector<ExprPtr> pairs;
  int position = 0;
  const auto add = [&](const std::string& name, ExprPtr value) {
    pairs.push_back(MakeLiteral(Value::String(name)));
    pairs.push_back(std::move(value));
  };
  for (const ExprPtr& argument : call.arguments) {
    ++position;
    if (const auto* star = As<UnresolvedStar>(argument)) {
      for (const AttributePtr& column : scope_.Star(star->target)) add(column->column, column);
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(ExprPtr value, Resolve(argument));
    if (const auto* alias = As<Alias>(value)) {
      add(alias->names[0], alias->child);
      continue;
    }
    std::string name = "col" + std::to_string(position);
    if (const auto* column = As<Attribute>(value)) name = column->column;
    if (const auto* variable = As<LambdaVariable>(value)) name = variable->variable;
    if (const auto* call_value = As<Call>(value)) {
      const bool field = call_value->function->name() == "$extract" &&
                         call_value->arguments[0]->type->Is(TypeKind::kStruct);
      if (field) name = As<Literal>(call_value->arguments[1])->value.text();
    }
    add(name, std::move(value));
  }
  return Bind("named_struct", std::move(pairs), call.place);
}

// The function says what its lambdas get: $lambda:<position> asks the registry for the types.
Result<ExprPtr> ExpressionAnalyzer::ResolveLambdaCall(const UnresolvedFunction& call,
                                                      const std::string& name) {
  const FunctionDefinition* definition = context_.functions->Find(name);
  if (definition == nullptr) return Bind(name, {}, call.place);  // it says what is wrong
  if (!definition->lambda_types) {
    return Status::User("INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION", {{"class", name}},
                        call.place);
  }
  std::vector<ExprPtr> typed(call.arguments.size());
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (call.arguments[i]->kind() == ExprKind::kUnresolvedLambda) continue;
    THALWEG_ASSIGN_OR_RETURN(typed[i], Resolve(call.arguments[i]));
  }
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const auto* lambda = As<UnresolvedLambda>(call.arguments[i]);
    if (lambda == nullptr) continue;
    THALWEG_RETURN_NOT_OK(CheckDistinctVariables(*lambda));
    THALWEG_ASSIGN_OR_RETURN(
        const std::vector<StructField> types,
        definition->lambda_types({name, &typed, i, lambda->variables.size()}, settings_));
    if (types.size() < lambda->variables.size()) {
      return Status::User("INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH",
                          {{"expectedNumArgs", std::to_string(lambda->variables.size())},
                           {"actualNumArgs", std::to_string(types.size())}},
                          lambda->place);
    }
    auto resolved = NewLambda(*lambda, types);
    const size_t outer = variables_.size();
    for (const ExprPtr& variable : resolved->variables) {
      variables_.push_back(std::static_pointer_cast<const LambdaVariable>(variable));
    }
    Result<ExprPtr> body = Resolve(lambda->body);
    variables_.resize(outer);
    if (!body.ok()) return body;
    resolved->body = *body;
    resolved->type = resolved->body->type;
    resolved->nullable = resolved->body->nullable;
    typed[i] = std::move(resolved);
  }
  return Bind(name, std::move(typed), call.place);
}

Status ExpressionAnalyzer::CheckDistinctVariables(const UnresolvedLambda& lambda) const {
  std::string names;
  bool twice = false;
  for (size_t i = 0; i < lambda.variables.size(); ++i) {
    names += (i == 0 ? "`" : ", `") + lambda.variables[i] + "`";
    for (size_t k = 0; k < i; ++k) twice |= scope_.Same(lambda.variables[k], lambda.variables[i]);
  }
  if (!twice) return Status::OK();
  return Status::User("INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES",
                      {{"args", names}, {"caseSensitiveConfig", "\"spark.sql.caseSensitive\""}},
                      lambda.place);
}

std::shared_ptr<Lambda> ExpressionAnalyzer::NewLambda(const UnresolvedLambda& lambda,
                                                      const std::vector<StructField>& types) {
  auto resolved = std::make_shared<Lambda>();
  resolved->place = lambda.place;
  for (size_t i = 0; i < lambda.variables.size(); ++i) {
    auto variable = std::make_shared<LambdaVariable>();
    variable->id = NextExpressionId();
    variable->variable = lambda.variables[i];
    variable->type = types[i].type;
    variable->nullable = types[i].nullable;
    resolved->variables.push_back(std::move(variable));
  }
  return resolved;
}

}  // namespace thalweg
