#include "exec/scan_predicates.h"

#include <optional>

#include "plan/literal_text.h"

namespace thalweg {
namespace {

struct NamedOp {
  const char* name;
  CompareOp op;
  CompareOp turned;  // with the sides exchanged
  const char* text;
};
constexpr NamedOp kOps[] = {
    {"==", CompareOp::kEqual, CompareOp::kEqual, "="},
    {"!=", CompareOp::kNotEqual, CompareOp::kNotEqual, "!="},
    {"<", CompareOp::kLess, CompareOp::kGreater, "<"},
    {"<=", CompareOp::kLessEqual, CompareOp::kGreaterEqual, "<="},
    {">", CompareOp::kGreater, CompareOp::kLess, ">"},
    {">=", CompareOp::kGreaterEqual, CompareOp::kLessEqual, ">="},
    {"isnull", CompareOp::kIsNull, CompareOp::kIsNull, "IS NULL"},
    {"isnotnull", CompareOp::kIsNotNull, CompareOp::kIsNotNull, "IS NOT NULL"},
};

/// The column of `read`, or the field of one, that `expr` is; false: something else.
bool FindField(const ExprPtr& expr, const ReadRelation& read, ScanPredicate* out) {
  if (const auto* column = As<Attribute>(expr)) {
    for (size_t i = 0; i < read.output.size(); ++i) {
      if (read.output[i]->id != column->id) continue;
      out->column = static_cast<int>(read.columns[i]);
      return true;
    }
    return false;
  }
  const auto* call = As<Call>(expr);
  if (call == nullptr || call->function->name() != "$extract") return false;
  const TypePtr& type = call->arguments[0]->type;
  if (!type->Is(TypeKind::kStruct) || !FindField(call->arguments[0], read, out)) return false;
  out->fields.push_back(type->fields()[std::stoi(call->function->parameters())].name);
  return true;
}

std::optional<ScanPredicate> PredicateOf(const ExprPtr& part, const ReadRelation& read) {
  const auto* call = As<Call>(part);
  if (call == nullptr) return std::nullopt;
  for (const NamedOp& named : kOps) {
    if (call->function->name() != named.name) continue;
    ScanPredicate predicate{0, named.op, Value()};
    if (call->arguments.size() == 1) {
      if (!FindField(call->arguments[0], read, &predicate)) return std::nullopt;
      return predicate;
    }
    const bool literal_first = call->arguments[0]->kind() == ExprKind::kLiteral;
    const auto* literal = As<Literal>(call->arguments[literal_first ? 0 : 1]);
    if (literal == nullptr || literal->value.is_null()) return std::nullopt;
    if (!FindField(call->arguments[literal_first ? 1 : 0], read, &predicate)) return std::nullopt;
    predicate.op = literal_first ? named.turned : named.op;
    predicate.literal = literal->value;
    return predicate;
  }
  return std::nullopt;
}

}  // namespace

std::vector<ScanPredicate> ScanPredicatesOf(const ExprPtr& condition, const ReadRelation& read) {
  std::vector<ScanPredicate> predicates;
  for (const ExprPtr& part : Conjuncts(condition)) {
    std::optional<ScanPredicate> predicate = PredicateOf(part, read);
    if (predicate) predicates.push_back(*std::move(predicate));
  }
  return predicates;
}

std::string ToString(const ScanPredicate& predicate, const Schema& table) {
  std::string text = table.column(predicate.column).name;
  for (const std::string& field : predicate.fields) text += "." + field;
  for (const NamedOp& named : kOps) {
    if (named.op == predicate.op) text += std::string(" ") + named.text;
  }
  if (predicate.literal.is_null()) return text;
  text += " ";
  AppendLiteralText(predicate.literal, &text);
  return text;
}

}  // namespace thalweg
