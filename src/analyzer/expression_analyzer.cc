#include "analyzer/expression_analyzer.h"

#include <algorithm>
#include <array>

#include "data/type_text.h"
#include "functions/evaluator.h"

namespace thalweg {
namespace {

// Names without parentheses that Spark takes for function calls where no column has them.
constexpr std::array<std::string_view, 7> kBareFunctions = {
    "current_date",   "current_timestamp", "current_time", "current_user",
    "localtimestamp", "session_user",      "user"};

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

}  // namespace

BindSettings BindSettingsOf(const Conf& conf) {
  BindSettings settings;
  settings.ansi = conf.GetBool("spark.sql.ansi.enabled");
  settings.session_zone = conf.Get("spark.sql.session.timeZone");
  settings.case_sensitive = conf.GetBool("spark.sql.caseSensitive");
  settings.last_map_key_wins = conf.Get("spark.sql.mapKeyDedupPolicy") == "LAST_WIN";
  settings.timestamp_ntz = conf.Get("spark.sql.timestampType") == "TIMESTAMP_NTZ";
  settings.decimal_loses_precision = conf.GetBool("spark.sql.decimalOperations.allowPrecisionLoss");
  return settings;
}

ExpressionAnalyzer::ExpressionAnalyzer(const AnalyzerContext& context, const Scope& scope)
    : context_(context), scope_(scope), settings_(BindSettingsOf(*context.conf)) {}

Result<ExprPtr> ExpressionAnalyzer::Resolve(const ExprPtr& expr) {
  if (expr->resolved()) return expr;
  switch (expr->kind()) {
    case ExprKind::kUnresolvedAttribute:
      return ResolveName(*As<UnresolvedAttribute>(expr));
    case ExprKind::kUnresolvedFunction:
      return ResolveFunction(*As<UnresolvedFunction>(expr));
    case ExprKind::kCast:
      return ResolveCast(*As<Cast>(expr));
    case ExprKind::kAlias:
      return ResolveAlias(*As<Alias>(expr));
    case ExprKind::kUnresolvedExtractValue: {
      const auto& extract = *As<UnresolvedExtractValue>(expr);
      THALWEG_ASSIGN_OR_RETURN(ExprPtr child, Resolve(extract.child));
      THALWEG_ASSIGN_OR_RETURN(ExprPtr extraction, Resolve(extract.extraction));
      return ResolveExtract(child, extraction, expr->place);
    }
    case ExprKind::kSortOrder: {
      auto order = std::make_shared<SortOrder>(*As<SortOrder>(expr));
      THALWEG_ASSIGN_OR_RETURN(order->child, Resolve(order->child));
      order->type = order->child->type;
      order->nullable = order->child->nullable;
      return ExprPtr(order);
    }
    case ExprKind::kUnresolvedParameter:
      return ResolveParameter(*As<UnresolvedParameter>(expr));
    case ExprKind::kUnresolvedStar:
      return Status::User("INVALID_USAGE_OF_STAR_OR_REGEX",
                          {{"elem", "'*'"}, {"prettyName", "expression"}}, expr->place);
    case ExprKind::kUnresolvedWindow:
      return ResolveWindowCall(*As<UnresolvedWindow>(expr));
    case ExprKind::kUnresolvedSubquery:
      return ResolveSubquery(*As<UnresolvedSubquery>(expr));
    case ExprKind::kUnresolvedNamedArgument:
      return NotSupportedYet("named arguments", expr->place);
    case ExprKind::kUnresolvedLambda:
      return Status::User("INTERNAL_ERROR",
                          {{"message", "a lambda function stands outside a call that takes one"}},
                          expr->place);
    default:
      return Status::Bug(std::string("no rule to resolve ") + expr->name());
  }
}

Result<ExprPtr> ExpressionAnalyzer::ResolveCondition(const ExprPtr& expr, const char* clause) {
  THALWEG_ASSIGN_OR_RETURN(ExprPtr condition, Resolve(expr));
  if (condition->type->Is(TypeKind::kBoolean)) return condition;
  const std::string filter = ColumnName(condition);
  if (std::string_view(clause) == "join") {
    return Status::User("JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                        {{"joinCondition", "\"" + filter + "\""},
                         {"conditionType", "\"" + condition->type->Sql() + "\""}},
                        expr->place);
  }
  return Status::User("DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                      {{"sqlExpr", "\"" + filter + "\""},
                       {"filter", "\"" + filter + "\""},
                       {"type", "\"" + condition->type->Sql() + "\""}},
                      expr->place);
}

ExprPtr ExpressionAnalyzer::FindVariable(const std::string& name) const {
  for (auto variable = variables_.rbegin(); variable != variables_.rend(); ++variable) {
    if (scope_.Same((*variable)->variable, name)) return *variable;
  }
  return nullptr;
}

// Lambda variables hide columns; columns hide aliases of the same select list.
Result<ExprPtr> ExpressionAnalyzer::ResolveName(const UnresolvedAttribute& name) {
  const std::vector<std::string>& parts = name.parts;
  ExprPtr base = FindVariable(parts[0]);
  size_t used = 1;
  if (base == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(Scope::Match match, scope_.Find(parts, name.place));
    if (match.column != nullptr) {
      auto column = std::make_shared<Attribute>(*match.column);
      column->place = name.place;
      base = std::move(column);
      used = match.parts_used;
    }
  }
  if (base == nullptr && lateral_ != nullptr) {
    int found = 0;
    for (const ExprPtr& item : *lateral_) {
      const auto* alias = As<Alias>(item);
      if (alias == nullptr || !scope_.Same(alias->names[0], parts[0])) continue;
      base = alias->child;
      ++found;
    }
    if (found > 1) {
      return Status::User("AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                          {{"name", QuoteName(parts)}, {"n", std::to_string(found)}}, name.place);
    }
    if (base != nullptr &&
        Any(base, [](const Expression& node) { return node.kind() == ExprKind::kGeneratorCall; })) {
      return NotSupportedYet("a lateral alias of a generator", name.place);
    }
    if (base != nullptr && ContainsAggregate(base)) {
      return NotSupportedYet("a lateral alias of an aggregate", name.place);
    }
  }
  const std::string lower = Lower(parts[0]);
  if (base == nullptr && parts.size() == 1 &&
      std::find(kBareFunctions.begin(), kBareFunctions.end(), lower) != kBareFunctions.end()) {
    return Bind(lower, {}, name.place);
  }
  if (base == nullptr) return scope_.Unresolved(parts, name.place);
  for (size_t i = used; i < parts.size(); ++i) {
    THALWEG_ASSIGN_OR_RETURN(
        base, ResolveExtract(base, MakeLiteral(Value::String(parts[i])), name.place));
  }
  return base;
}

Result<ExprPtr> ExpressionAnalyzer::ResolveExtract(const ExprPtr& child, const ExprPtr& extraction,
                                                   const SqlPlace& place) {
  return Bind("$extract", {child, extraction}, place);
}

Result<ExprPtr> ExpressionAnalyzer::ResolveCast(const Cast& cast) {
  THALWEG_ASSIGN_OR_RETURN(ExprPtr child, Resolve(cast.child));
  THALWEG_RETURN_NOT_OK(CheckTime(*cast.to, cast));
  return BindCast(child, {cast.to, cast.mode, false, cast.place}, settings_);
}

// TIME values may stand in a query, but what makes or takes them apart is there only when asked
// for.
Status ExpressionAnalyzer::CheckTime(const DataType& type, const Expression& expr) const {
  if (context_.conf->GetBool("spark.sql.timeType.enabled")) return Status::OK();
  if (type.Is(TypeKind::kTime)) return Status::User("UNSUPPORTED_TIME_TYPE", {}, expr.place);
  for (const StructField& field : type.fields()) {
    THALWEG_RETURN_NOT_OK(CheckTime(*field.type, expr));
  }
  return Status::OK();
}

Result<ExprPtr> ExpressionAnalyzer::ResolveAlias(const Alias& alias) {
  auto typed = std::make_shared<Alias>(alias);
  THALWEG_ASSIGN_OR_RETURN(typed->child, Resolve(alias.child));
  if (alias.names.size() > 1 && typed->child->kind() != ExprKind::kGeneratorCall) {
    std::string names;
    for (const std::string& name : alias.names) names += (names.empty() ? "" : ", ") + name;
    return Status::User("MULTI_ALIAS_WITHOUT_GENERATOR",
                        {{"names", names}, {"expr", "\"" + ColumnName(typed->child) + "\""}},
                        alias.place);
  }
  typed->type = typed->child->type;
  typed->nullable = typed->child->nullable;
  typed->id = NextExpressionId();
  return ExprPtr(typed);
}

Result<ExprPtr> ExpressionAnalyzer::ResolveParameter(const UnresolvedParameter& parameter) {
  const bool named = parameter.position < 0;
  const std::string name =
      named ? parameter.parameter : "_" + std::to_string(parameter.place.begin);
  ExprPtr value;
  if (named) {
    const auto found = context_.named_parameters.find(parameter.parameter);
    if (found != context_.named_parameters.end()) value = found->second;
  } else if (parameter.position < static_cast<int64_t>(context_.positional_parameters.size())) {
    value = context_.positional_parameters[parameter.position];
  }
  if (value == nullptr) {
    return Status::User("UNBOUND_SQL_PARAMETER", {{"name", name}}, parameter.place);
  }
  return Resolve(value);
}

Result<ExprPtr> ExpressionAnalyzer::Bind(const std::string& name, std::vector<ExprPtr> arguments,
                                         const SqlPlace& place) {
  return context_.functions->Bind(name, std::move(arguments), settings_, place);
}

bool ContainsAggregate(const ExprPtr& expr) {
  return Any(expr, [](const Expression& node) { return node.kind() == ExprKind::kAggregateCall; });
}

ExprPtr Named(const ExprPtr& expr) {
  if (expr->kind() == ExprKind::kAttribute || expr->kind() == ExprKind::kAlias) return expr;
  return MakeAlias(expr, ColumnName(expr));
}

Result<Value> ComputeConstant(const ExprPtr& expr) {
  THALWEG_ASSIGN_OR_RETURN(const auto evaluator, ExpressionEvaluator::Make({expr}, {}));
  evaluator->BindEpoch(EpochConstants());
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  RowErrors errors;
  const Vector* value = nullptr;
  THALWEG_RETURN_NOT_OK(evaluator->Evaluate(0, one, Selection::All(1), &errors, &value));
  if (!errors.empty()) return errors.status();
  return GetValue(*value, 0);
}

}  // namespace thalweg
