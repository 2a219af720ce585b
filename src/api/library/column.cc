// Columns: unresolved expressions, as the parser makes them of SQL.
#include "thalweg/column.h"

#include "api/library/access.h"
#include "data/ddl.h"
#include "plan/unresolved.h"
#include "sql/parser.h"
#include "thalweg/functions.h"

namespace thalweg {
namespace api {
namespace {

Column Call(std::string_view name, const std::vector<Column>& arguments, bool is_operator) {
  thalweg::Result<std::vector<ExprPtr>> exprs = Access::ExprsOf(arguments);
  if (!exprs.ok()) return Access::MakeColumn(exprs.status());
  auto call = std::make_shared<UnresolvedFunction>();
  call->function = {std::string(name)};
  call->arguments = *std::move(exprs);
  call->is_operator = is_operator;
  return Access::MakeColumn(ExprPtr(std::move(call)));
}

Column Distinct(const char* name, const std::vector<Column>& arguments) {
  const thalweg::Result<ExprPtr> call = Access::ExprOf(Call(name, arguments, false));
  if (!call.ok()) return Access::MakeColumn(call);
  auto distinct = std::make_shared<UnresolvedFunction>(*As<UnresolvedFunction>(*call));
  distinct->distinct = true;
  return Access::MakeColumn(ExprPtr(std::move(distinct)));
}

/// `column` with `wrap` around its expression.
template <class F>
Column Around(const Column& column, const F& wrap) {
  thalweg::Result<ExprPtr> expr = Access::ExprOf(column);
  if (!expr.ok()) return Access::MakeColumn(std::move(expr));
  return Access::MakeColumn(wrap(*std::move(expr)));
}

Column CastTo(const Column& column, thalweg::Result<TypePtr> type, CastMode mode) {
  return Around(column, [&](ExprPtr child) -> thalweg::Result<ExprPtr> {
    THALWEG_RETURN_NOT_OK(type.status());
    auto cast = std::make_shared<thalweg::Cast>();
    cast->child = std::move(child);
    cast->to = *type;
    cast->mode = mode;
    return ExprPtr(std::move(cast));
  });
}

Column Ordered(const Column& column, bool ascending, bool nulls_first) {
  return Around(column, [&](ExprPtr child) -> thalweg::Result<ExprPtr> {
    auto order = std::make_shared<SortOrder>();
    order->child = std::move(child);
    order->ascending = ascending;
    order->nulls_first = nulls_first;
    return ExprPtr(std::move(order));
  });
}

Column Extract(const Column& column, const Column& extraction) {
  return Around(column, [&](ExprPtr child) -> thalweg::Result<ExprPtr> {
    auto extract = std::make_shared<UnresolvedExtractValue>();
    extract->child = std::move(child);
    THALWEG_ASSIGN_OR_RETURN(extract->extraction, Access::ExprOf(extraction));
    return ExprPtr(std::move(extract));
  });
}

thalweg::Result<ExprPtr> NamedExpr(std::string_view name) {
  const bool all = name == "*";
  if (all || name.ends_with(".*")) {
    auto star = std::make_shared<UnresolvedStar>();
    if (!all) {
      THALWEG_ASSIGN_OR_RETURN(star->target, ParseColumnName(name.substr(0, name.size() - 2)));
    }
    return ExprPtr(std::move(star));
  }
  auto attribute = std::make_shared<UnresolvedAttribute>();
  THALWEG_ASSIGN_OR_RETURN(attribute->parts, ParseColumnName(name));
  return ExprPtr(std::move(attribute));
}

}  // namespace

Column Access::MakeColumn(thalweg::Result<ExprPtr> expr) {
  auto rep = std::make_shared<Column::Rep>();
  if (expr.ok()) {
    rep->expr = *std::move(expr);
  } else {
    rep->error = expr.status();
  }
  return Column(std::shared_ptr<const Column::Rep>(std::move(rep)));
}

thalweg::Result<ExprPtr> Access::ExprOf(const Column& column) {
  THALWEG_RETURN_NOT_OK(column.rep_->error);
  return column.rep_->expr;
}

thalweg::Result<std::vector<ExprPtr>> Access::ExprsOf(const std::vector<Column>& columns) {
  std::vector<ExprPtr> exprs;
  for (const Column& column : columns) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr expr, ExprOf(column));
    exprs.push_back(std::move(expr));
  }
  return exprs;
}

thalweg::Result<std::vector<std::string>> ParseColumnName(std::string_view name) {
  const thalweg::Status wrong =
      thalweg::Status::User("INVALID_ATTRIBUTE_NAME_SYNTAX", {{"name", std::string(name)}});
  std::vector<std::string> parts;
  size_t at = 0;
  while (true) {
    std::string part;
    if (at < name.size() && name[at] == '`') {
      for (++at;; ++at) {
        if (at == name.size()) return wrong;
        if (name[at] != '`') {
          part += name[at];
        } else if (at + 1 < name.size() && name[at + 1] == '`') {
          part += name[at++];
        } else {
          break;
        }
      }
      ++at;
    } else {
      while (at < name.size() && name[at] != '.' && name[at] != '`') part += name[at++];
    }
    if (part.empty()) return wrong;
    parts.push_back(std::move(part));
    if (at == name.size()) return parts;
    if (name[at++] != '.') return wrong;
  }
}

Column::Column(const char* name) : Column(std::string(name)) {}
Column::Column(const std::string& name) : Column(Access::MakeColumn(NamedExpr(name))) {}

Column Column::As(std::string_view name) const {
  return As(std::vector<std::string>{std::string(name)});
}

Column Column::As(std::vector<std::string> names) const {
  return Around(*this, [&](ExprPtr child) -> thalweg::Result<ExprPtr> {
    auto alias = std::make_shared<thalweg::Alias>();
    alias->child = std::move(child);
    alias->names = std::move(names);
    return ExprPtr(std::move(alias));
  });
}

Column Column::Cast(const DataType& type) const {
  return CastTo(*this, Access::TypeOf(type), CastMode::kAnsi);
}
Column Column::Cast(std::string_view type) const {
  return CastTo(*this, ParseType(type), CastMode::kAnsi);
}
Column Column::TryCast(std::string_view type) const {
  return CastTo(*this, ParseType(type), CastMode::kTry);
}

Column Column::IsNull() const {
  return CallOperator("isnull", {*this});
}
Column Column::IsNotNull() const {
  return CallOperator("isnotnull", {*this});
}
Column Column::EqNullSafe(const Column& other) const {
  return CallOperator("<=>", {*this, other});
}
Column Column::IsIn(std::vector<Value> values) const {
  std::vector<Column> arguments = {*this};
  for (const Value& value : values) arguments.push_back(Lit(value));
  return CallOperator("in", std::move(arguments));
}
Column Column::Like(std::string_view pattern) const {
  return CallOperator("like", {*this, Lit(pattern)});
}
Column Column::ILike(std::string_view pattern) const {
  return CallOperator("ilike", {*this, Lit(pattern)});
}
Column Column::RLike(std::string_view pattern) const {
  return CallOperator("rlike", {*this, Lit(pattern)});
}
Column Column::Contains(std::string_view text) const {
  return CallFunction("contains", {*this, Lit(text)});
}
Column Column::StartsWith(std::string_view text) const {
  return CallFunction("startswith", {*this, Lit(text)});
}
Column Column::EndsWith(std::string_view text) const {
  return CallFunction("endswith", {*this, Lit(text)});
}
Column Column::GetField(std::string_view name) const {
  return Extract(*this, Lit(name));
}
Column Column::GetItem(const Value& key) const {
  return Extract(*this, Lit(key));
}

Column Column::Asc() const {
  return Ordered(*this, true, true);
}
Column Column::Desc() const {
  return Ordered(*this, false, false);
}
Column Column::AscNullsLast() const {
  return Ordered(*this, true, false);
}
Column Column::DescNullsFirst() const {
  return Ordered(*this, false, true);
}

Column Column::MoreBranches(const std::vector<Column>& more) const {
  return Around(*this, [&](const ExprPtr& expr) -> thalweg::Result<ExprPtr> {
    const auto* call = thalweg::As<UnresolvedFunction>(expr);
    const bool open = call != nullptr && call->function == std::vector<std::string>{"when"} &&
                      call->arguments.size() % 2 == 0;
    if (!open) {
      return NotSupportedYet("When and Otherwise of a column that no open When(…) has made");
    }
    auto longer = std::make_shared<UnresolvedFunction>(*call);
    THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> exprs, Access::ExprsOf(more));
    longer->arguments.insert(longer->arguments.end(), exprs.begin(), exprs.end());
    return ExprPtr(std::move(longer));
  });
}

Column Lit(const Value& value) {
  if (const Value::List* list = Access::ListOf(value)) {
    std::vector<Column> elements;
    for (const Value& element : *list) elements.push_back(Lit(element));
    return CallFunction("array", std::move(elements));
  }
  thalweg::Value literal = Access::Untyped(value);
  if (literal.is_null() && !value.is_null()) {
    return Access::MakeColumn(thalweg::Status::User(
        "THALWEG_INVALID_OPTION",
        {{"option", "Decimal"}, {"value", value.ToString()}, {"wanted", "a number of 38 digits"}}));
  }
  return Access::MakeColumn(MakeLiteral(std::move(literal)));
}

Column Expr(std::string_view sql) {
  return Access::MakeColumn(ParseExpression(sql, ParserSettings()));
}

Column CallFunction(std::string_view name, std::vector<Column> arguments) {
  return Call(name, arguments, false);
}
Column CallOperator(std::string_view name, std::vector<Column> arguments) {
  return Call(name, arguments, true);
}
Column CountDistinct(std::vector<Column> columns) {
  return Distinct("count", columns);
}
Column SumDistinct(const Column& column) {
  return Distinct("sum", {column});
}

}  // namespace api
}  // namespace thalweg
