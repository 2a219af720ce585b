#include "plan/sql_text.h"

#include <algorithm>
#include <string_view>

#include "data/text.h"

namespace thalweg {
namespace {

constexpr std::string_view kOperators[] = {"+",  "-",  "*",   "/",   "%",  "div", "=", "<", ">",
                                           "<=", ">=", "<=>", "and", "or", "&",   "|", "^"};

std::string JoinSql(const std::vector<ExprPtr>& expressions) {
  std::string out;
  for (const ExprPtr& expr : expressions) {
    if (!out.empty()) out += ", ";
    out += PrettySql(expr);
  }
  return out;
}

std::string LiteralSql(const Value& value) {
  std::string out;
  if (value.is_null()) return "NULL";
  switch (value.type()->kind()) {
    case TypeKind::kBoolean:
      return value.boolean() ? "true" : "false";
    case TypeKind::kString:
      return value.text();
    case TypeKind::kFloat:
      AppendFloat(static_cast<float>(value.float64()), &out);
      return out;
    case TypeKind::kDouble:
      AppendDouble(value.float64(), &out);
      return out;
    case TypeKind::kDecimal:
      AppendDecimal(value.int128(), value.type()->scale(), &out);
      return out;
    default:
      return value.type()->IsIntegral() ? std::to_string(value.int64())
                                        : ToString(std::make_shared<Literal>(value));
  }
}

std::string CaseSql(const std::vector<ExprPtr>& arguments) {
  std::string out = "CASE";
  size_t i = 0;
  for (; i + 1 < arguments.size(); i += 2) {
    out += " WHEN " + PrettySql(arguments[i]) + " THEN " + PrettySql(arguments[i + 1]);
  }
  if (i < arguments.size()) out += " ELSE " + PrettySql(arguments[i]);
  return out + " END";
}

std::string WindowSql(const WindowCall& call) {
  std::string spec;
  if (!call.partition.empty()) spec = "PARTITION BY " + JoinSql(call.partition);
  if (!call.order.empty()) {
    spec += std::string(spec.empty() ? "" : " ") + "ORDER BY ";
    for (size_t i = 0; i < call.order.size(); ++i) {
      const auto* order = As<SortOrder>(call.order[i]);
      spec += (i > 0 ? ", " : "") + PrettySql(order->child) + (order->ascending ? " ASC" : " DESC");
      spec += order->nulls_first ? " NULLS FIRST" : " NULLS LAST";
    }
  }
  return CallSql(call.function->name(), call.arguments) + " OVER (" + spec + ")";
}

std::string Upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

/// a.b of a struct or of the structs in an array, a[b] of other arrays and maps.
std::string ExtractSql(const std::vector<ExprPtr>& arguments) {
  const DataType& type = *arguments[0]->type;
  const bool structs = type.Is(TypeKind::kStruct) ||
                       (type.Is(TypeKind::kArray) && type.element()->Is(TypeKind::kStruct) &&
                        arguments[1]->type->Is(TypeKind::kString));
  const std::string part = PrettySql(arguments[1]);
  return PrettySql(arguments[0]) + (structs ? "." + part : "[" + part + "]");
}

}  // namespace

std::string CallSql(const std::string& function, const std::vector<ExprPtr>& arguments) {
  const std::string name = function == "==" ? "=" : function;
  if (arguments.size() == 2) {
    const std::string left = PrettySql(arguments[0]);
    const std::string right = PrettySql(arguments[1]);
    if (name == "!=") return "(NOT (" + left + " = " + right + "))";
    if (std::find(std::begin(kOperators), std::end(kOperators), name) != std::end(kOperators)) {
      const bool word = name == "and" || name == "or";
      return "(" + left + " " + (word ? Upper(name) : name) + " " + right + ")";
    }
  }
  if (arguments.size() == 1) {
    const std::string operand = PrettySql(arguments[0]);
    if (name == "negative" || name == "-") return "(- " + operand + ")";
    if (name == "positive" || name == "+") return "(+ " + operand + ")";
    if (name == "not") return "(NOT " + operand + ")";
    if (name == "isnull") return "(" + operand + " IS NULL)";
    if (name == "isnotnull") return "(" + operand + " IS NOT NULL)";
  }
  if (name == "$extract" && arguments.size() == 2) return ExtractSql(arguments);
  if (name == "when") return CaseSql(arguments);
  if (name == "if") return "(IF(" + JoinSql(arguments) + "))";
  return name + "(" + JoinSql(arguments) + ")";
}

std::string PrettySql(const ExprPtr& expr) {
  if (const Literal* literal = As<Literal>(expr)) return LiteralSql(literal->value);
  if (const Attribute* attribute = As<Attribute>(expr)) return attribute->column;
  if (const Alias* alias = As<Alias>(expr)) return PrettySql(alias->child);
  if (expr->kind() == ExprKind::kTimeWindow) return "window";
  if (const Cast* cast = As<Cast>(expr)) {
    if (cast->implicit) return PrettySql(cast->child);
    return std::string(cast->mode == CastMode::kTry ? "TRY_CAST(" : "CAST(") +
           PrettySql(cast->child) + " AS " + cast->to->Sql() + ")";
  }
  if (const Call* call = As<Call>(expr)) return CallSql(call->function->name(), call->arguments);
  if (const Lambda* lambda = As<Lambda>(expr)) {
    return "lambdafunction(" + PrettySql(lambda->body) + (lambda->variables.empty() ? "" : ", ") +
           JoinSql(lambda->variables) + ")";
  }
  if (As<LambdaVariable>(expr) != nullptr) return "namedlambdavariable()";
  if (const AggregateCall* call = As<AggregateCall>(expr)) {
    const bool counts_rows = call->function->name() == "count" && call->arguments.empty();
    std::string out = call->function->name() + (call->distinct ? "(DISTINCT " : "(") +
                      (counts_rows ? "1" : JoinSql(call->arguments)) + ")";
    if (call->filter) out += " FILTER (WHERE " + PrettySql(call->filter) + ")";
    return out;
  }
  if (const GeneratorCall* call = As<GeneratorCall>(expr)) {
    return CallSql(call->function->name(), call->arguments);
  }
  if (const WindowCall* call = As<WindowCall>(expr)) return WindowSql(*call);
  return ToString(expr);
}

}  // namespace thalweg
