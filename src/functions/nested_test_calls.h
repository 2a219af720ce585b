// Short words for tests of functions over nested types: values, calls, lambdas.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "data/text.h"
#include "data/time_zone.h"
#include "functions/slow_twin.h"

namespace thalweg {

inline Value Null(const TypePtr& type) {
  return Value(type);
}
inline Value ArrayOf(const TypePtr& element, Value::List values) {
  return {ArrayType(element), std::move(values)};
}
/// -99 stands for NULL.
inline Value Ints(const std::vector<int>& values) {
  Value::List list;
  for (const int v : values) list.push_back(v == -99 ? Null(IntType()) : Value::Int(v));
  return ArrayOf(IntType(), std::move(list));
}
inline Value Texts(const std::vector<const char*>& values) {
  Value::List list;
  for (const char* v : values) {
    list.push_back(v == nullptr ? Null(StringType()) : Value::String(v));
  }
  return ArrayOf(StringType(), std::move(list));
}
inline Value Doubles(const std::vector<double>& values) {
  Value::List list;
  for (const double v : values) list.push_back(Value::Double(v));
  return ArrayOf(DoubleType(), std::move(list));
}

inline ExprPtr Lit(const Value& value) {
  return MakeLiteral(value);
}

/// The bound call, or the condition of the error as a string literal of type VOID.
inline Result<ExprPtr> TryCall(const char* name, std::vector<ExprPtr> arguments,
                               const BindSettings& settings = {}) {
  return FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), settings);
}
inline ExprPtr CallOf(const char* name, std::vector<ExprPtr> arguments,
                      const BindSettings& settings = {}) {
  Result<ExprPtr> call = TryCall(name, std::move(arguments), settings);
  EXPECT_TRUE(call.ok()) << name << ": " << call.status().ToString();
  return call.ok() ? *call : nullptr;
}

/// A lambda over variables of the given types.
inline ExprPtr LambdaOver(const std::vector<TypePtr>& types,
                          const std::function<ExprPtr(const std::vector<ExprPtr>&)>& body) {
  auto lambda = std::make_shared<Lambda>();
  for (const TypePtr& type : types) {
    auto variable = std::make_shared<LambdaVariable>();
    variable->id = NextExpressionId();
    variable->variable = "x" + std::to_string(lambda->variables.size());
    variable->type = type;
    lambda->variables.push_back(variable);
  }
  lambda->body = body(lambda->variables);
  lambda->type = lambda->body->type;
  lambda->nullable = lambda->body->nullable;
  return lambda;
}

/// The text of a constant expression's value, or "!CONDITION" of its error.
inline std::string ValueOf(const ExprPtr& expr) {
  auto evaluator = ExpressionEvaluator::Make({expr}, {});
  if (!evaluator.ok()) return "!" + evaluator.status().ToString();
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  RowErrors errors;
  const Vector* out = nullptr;
  const Status status = (*evaluator)->Evaluate(0, one, Selection::All(1), &errors, &out);
  if (!status.ok()) return "!" + status.ToString();
  if (!errors.empty()) return "!" + errors.status().condition();
  std::string text;
  AppendValueText(GetValue(*out, 0), TimeZone::Utc(), &text);
  return text;
}

inline std::string Answer(const char* name, const std::vector<Value>& arguments,
                          const BindSettings& settings = {}) {
  std::vector<ExprPtr> literals;
  for (const Value& argument : arguments) literals.push_back(Lit(argument));
  const Result<ExprPtr> call = TryCall(name, std::move(literals), settings);
  return call.ok() ? ValueOf(*call) : "?" + call.status().condition();
}

/// The batch's value of `expr` in every selected row is what the same expression says of that row's
/// values as constants; the first error is the first row's that has one.
inline void ExpectSameRowByRow(const ExprPtr& expr, RandomBatch& data) {
  auto evaluator = ExpressionEvaluator::Make({expr}, data.input);
  ASSERT_TRUE(evaluator.ok()) << evaluator.status().ToString();
  RowErrors errors;
  const Vector* out = nullptr;
  const Selection rows = data.batch.selection();
  ASSERT_TRUE((*evaluator)->Evaluate(0, data.batch, rows, &errors, &out).ok());
  for (int i = 0; i < rows.count; ++i) {
    const int row = rows[i];
    const ExprPtr constant = TransformUp(expr, [&](const ExprPtr& node) -> ExprPtr {
      const Attribute* column = As<Attribute>(node);
      if (column == nullptr) return node;
      size_t c = 0;
      while (data.input[c]->id != column->id) ++c;
      return Lit(GetValue(data.batch.column(static_cast<int>(c)), row));
    });
    const std::string expected = ValueOf(constant);
    if (expected[0] == '!') {
      ASSERT_FALSE(errors.empty()) << ToString(expr) << ": no " << expected;
      EXPECT_EQ(errors.row(), row) << ToString(constant);
      EXPECT_EQ("!" + errors.status().condition(), expected);
      return;
    }
    std::string text;
    AppendValueText(GetValue(*out, row), TimeZone::Utc(), &text);
    ASSERT_EQ(text, expected) << ToString(constant) << " row " << row;
  }
  EXPECT_TRUE(errors.empty()) << ToString(expr) << ": " << errors.status().ToString();
}

}  // namespace thalweg
