// Comparisons, IN, CASE, greatest and least of all types against one order, told apart: ValueOrder
// row by row; and the rules that random values do not show.
#include <gtest/gtest.h>

#include "data/text.h"
#include "functions/slow_twin.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments) {
  const Result<ExprPtr> expr = FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
  EXPECT_TRUE(expr.ok()) << expr.status().ToString();
  return *expr;
}

/// The values of `expr` for the selected rows.
std::vector<Value> Evaluate(const ExprPtr& expr, const RandomBatch& data) {
  const auto evaluator = *ExpressionEvaluator::Make({expr}, data.input);
  RowErrors errors;
  const Vector* out = nullptr;
  EXPECT_TRUE(evaluator->Evaluate(0, data.batch, data.batch.selection(), &errors, &out).ok());
  EXPECT_TRUE(errors.empty()) << errors.status().ToString();
  std::vector<Value> values;
  ForEachRow(data.batch.selection(), [&](int r) { values.push_back(GetValue(*out, r)); });
  return values;
}

bool Orderable(const TypePtr& type) {
  return HasOrder(*type) && ValueOrder::Make(*type) != nullptr && !type->Is(TypeKind::kNull);
}

TEST(ComparisonTest, EveryTypeComparesByItsOrder) {
  TestRandom random(7);
  int compared = 0;
  while (compared < 150) {
    const TypePtr type = RandomType(random, 2);
    if (!Orderable(type)) continue;
    ++compared;
    const RandomBatch data({type, type}, 1 + random.Below(40), random);
    const ValueOrderPtr order = ValueOrder::Make(*type);
    const Vector& a = data.batch.column(0);
    const Vector& b = data.batch.column(1);
    const std::vector<ExprPtr> sides = {data.input[0], data.input[1]};
    const auto less = Evaluate(Bind("<", sides), data);
    const auto same = Evaluate(Bind("<=>", sides), data);
    const auto unequal = Evaluate(Bind("!=", sides), data);
    const auto larger = Evaluate(Bind("greatest", sides), data);
    int i = 0;
    ForEachRow(data.batch.selection(), [&](int r) {
      SCOPED_TRACE(type->Sql());
      const bool null = a.IsNull(r) || b.IsNull(r);
      const int c = null ? 0 : order->Compare(a, r, b, r);
      EXPECT_EQ(less[i], null ? Value(BooleanType()) : Value::Boolean(c < 0));
      EXPECT_EQ(unequal[i], null ? Value(BooleanType()) : Value::Boolean(c != 0));
      EXPECT_EQ(same[i], Value::Boolean(null ? a.IsNull(r) && b.IsNull(r) : c == 0));
      const bool second = a.IsNull(r) || (!null && c < 0);
      EXPECT_EQ(larger[i], GetValue(second ? b : a, r));
      ++i;
    });
  }
}

TEST(ComparisonTest, BranchesOfEveryType) {
  TestRandom random(11);
  for (int round = 0; round < 150; ++round) {
    const TypePtr type = RandomType(random, 2);
    const RandomBatch data({BooleanType(), type, type}, 1 + random.Below(40), random);
    const auto chosen = Evaluate(Bind("if", {data.input.begin(), data.input.end()}), data);
    const auto first = Evaluate(Bind("coalesce", {data.input[1], data.input[2]}), data);
    int i = 0;
    ForEachRow(data.batch.selection(), [&](int r) {
      SCOPED_TRACE(type->Sql());
      const Value condition = GetValue(data.batch.column(0), r);
      const Value yes = GetValue(data.batch.column(1), r);
      const Value no = GetValue(data.batch.column(2), r);
      EXPECT_EQ(chosen[i], !condition.is_null() && condition.boolean() ? yes : no);
      EXPECT_EQ(first[i], yes.is_null() ? no : yes);
      ++i;
    });
  }
}

TEST(ComparisonTest, MembershipIsEqualityWithOneItem) {
  TestRandom random(13);
  for (int round = 0; round < 100;) {
    const TypePtr type = RandomType(random, 1);
    if (!Orderable(type)) continue;
    ++round;
    const RandomBatch data({type, type}, 1 + random.Below(40), random);
    std::vector<ExprPtr> literals = {data.input[0]};
    std::vector<ExprPtr> columns = {data.input[0], data.input[1]};
    ExprPtr either;
    for (int k = 0; k < 4; ++k) {
      literals.push_back(MakeLiteral(RandomValue(type, random, 10)));
      const ExprPtr equal = Bind("==", {data.input[0], literals.back()});
      either = either == nullptr ? equal : Bind("or", {either, equal});
    }
    columns.push_back(literals.back());
    EXPECT_EQ(Evaluate(Bind("in", literals), data), Evaluate(either, data)) << type->Sql();
    const ExprPtr pair = Bind("or", {Bind("==", {data.input[0], data.input[1]}),
                                     Bind("==", {data.input[0], columns.back()})});
    EXPECT_EQ(Evaluate(Bind("in", columns), data), Evaluate(pair, data)) << type->Sql();
  }
}

TEST(ComparisonTest, MembershipStopsAtTheFirstEqualItem) {
  TestRandom random(1);
  RandomBatch data({IntType()}, 1, random);
  data.batch.ClearSelection();
  const ExprPtr bad = *BindCast(MakeLiteral(Value::String("a")), {DoubleType(), {}, true, {}}, {});
  const ExprPtr one = MakeLiteral(Value::Double(1));
  EXPECT_EQ(Evaluate(Bind("in", {one, one, bad}), data)[0], Value::Boolean(true));
}

std::string TypeOf(const char* name, const std::vector<ExprPtr>& arguments, bool ansi = true) {
  BindSettings settings;
  settings.ansi = ansi;
  const Result<ExprPtr> expr = FunctionRegistry::BuiltIn().Bind(name, arguments, settings);
  if (!expr.ok()) return expr.status().condition();
  return (*expr)->type->Sql() + ((*expr)->nullable ? " NULL" : "");
}

TEST(ComparisonTest, TypesMeetAsInSpark) {
  const ExprPtr one = MakeLiteral(Value::Int(1));
  const ExprPtr text = MakeLiteral(Value::String("1"));
  const ExprPtr decimal = MakeLiteral(Value(DecimalType(2, 1), int64_t{25}));
  const ExprPtr yes = MakeLiteral(Value::Boolean(true));
  const ExprPtr bytes = MakeLiteral(Value(BinaryType(), std::string("1")));
  EXPECT_EQ(TypeOf("==", {one, decimal}), "BOOLEAN NULL");
  EXPECT_EQ(TypeOf("==", {text, yes}), "BOOLEAN NULL");
  EXPECT_EQ(TypeOf("==", {text, bytes}), "BOOLEAN");
  EXPECT_EQ(TypeOf("==", {one, yes}), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(TypeOf("==", {yes, one}, /*ansi=*/false), "BOOLEAN");
  EXPECT_EQ(TypeOf("greatest", {one, decimal}), "DECIMAL(11,1)");
  EXPECT_EQ(TypeOf("greatest", {one, text}), "DATATYPE_MISMATCH.DATA_DIFF_TYPES");
  EXPECT_EQ(TypeOf("greatest", {one}), "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
  EXPECT_EQ(TypeOf("coalesce", {decimal, one}), "DECIMAL(11,1)");
  EXPECT_EQ(TypeOf("coalesce", {one, text}), "BIGINT");
  EXPECT_EQ(TypeOf("coalesce", {one, text}, /*ansi=*/false), "STRING");
  EXPECT_EQ(TypeOf("in", {one, decimal, text}), "BOOLEAN NULL");
  EXPECT_EQ(TypeOf("in", {one, text}, /*ansi=*/false), "BOOLEAN");
}

}  // namespace
}  // namespace thalweg
