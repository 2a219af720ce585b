#include "functions/evaluator_lambda.h"

#include <algorithm>

namespace thalweg {
namespace {

int64_t IdOf(const Expression& node) {
  if (node.kind() == ExprKind::kAttribute) return static_cast<const Attribute&>(node).id;
  if (node.kind() == ExprKind::kLambdaVariable) return static_cast<const LambdaVariable&>(node).id;
  return -1;
}

AttributePtr AsColumn(const LambdaVariable& variable) {
  auto column = std::make_shared<Attribute>();
  column->id = variable.id;
  column->column = variable.variable;
  column->type = variable.type;
  column->nullable = variable.nullable;
  return column;
}

/// The columns of `input` that `body` mentions, each once, in their order.
std::vector<int> FindCaptures(const ExprPtr& body, const std::vector<AttributePtr>& input) {
  std::vector<int> captures;
  Any(body, [&](const Expression& node) {
    const int64_t id = IdOf(node);
    for (size_t i = 0; id >= 0 && i < input.size(); ++i) {
      if (input[i]->id == id) captures.push_back(static_cast<int>(i));
    }
    return false;
  });
  std::sort(captures.begin(), captures.end());
  captures.erase(std::unique(captures.begin(), captures.end()), captures.end());
  return captures;
}

}  // namespace

Result<std::unique_ptr<LambdaEvaluator>> LambdaEvaluator::Make(
    const ExprPtr& lambda_expr, const std::vector<AttributePtr>& input) {
  const Lambda& lambda = *As<Lambda>(lambda_expr);
  std::unique_ptr<LambdaEvaluator> evaluator(new LambdaEvaluator());
  evaluator->captures_ = FindCaptures(lambda.body, input);
  evaluator->deterministic_ = IsDeterministic(lambda.body);
  evaluator->variable_count_ = static_cast<int>(lambda.variables.size());
  std::vector<AttributePtr> columns;
  for (const int capture : evaluator->captures_) columns.push_back(input[capture]);
  for (const ExprPtr& variable : lambda.variables) {
    columns.push_back(AsColumn(*As<LambdaVariable>(variable)));
  }
  std::vector<StructField> fields;
  for (const AttributePtr& column : columns) {
    fields.push_back({column->column, column->type, column->nullable});
  }
  evaluator->batch_.Reset(Schema::Make(std::move(fields)));
  THALWEG_ASSIGN_OR_RETURN(evaluator->body_, ExpressionEvaluator::Make({lambda.body}, columns));
  return evaluator;
}

Result<const Vector*> LambdaEvaluator::Run(const LambdaRows& rows, RowErrors* errors) {
  int column = 0;
  for (const int capture : captures_) {
    const Vector& from = outer_->column(capture);
    Vector& to = batch_.mutable_column(column++);
    if (from.is_constant()) {
      to = from;
      to.SetSize(rows.count);
    } else {
      to.ResetFlat(from.type(), 0);
      AppendValues(from, {rows.parents, rows.count}, &to);
    }
  }
  for (int i = 0; i < variable_count_; ++i) batch_.mutable_column(column++) = *rows.variables[i];
  batch_.SetRowCount(rows.count);
  const Vector* out = nullptr;
  THALWEG_RETURN_NOT_OK(body_->Evaluate(0, batch_, Selection::All(rows.count), errors, &out));
  return out;
}

}  // namespace thalweg
