// Bits of integers, as recorded from Spark (conformance/expressions/bitwise.jsonl).
#include <gtest/gtest.h>

#include "functions/slow_twin.h"

namespace thalweg {
namespace {

Value Integer(const TypePtr& type, int64_t value) {
  return {type, value};
}

/// The result of a call of constants, or the condition of its error.
std::string Call(const char* name, const std::vector<Value>& arguments) {
  std::vector<ExprPtr> literals;
  for (const Value& value : arguments) literals.push_back(MakeLiteral(value));
  const Result<ExprPtr> call = FunctionRegistry::BuiltIn().Bind(name, literals, {});
  if (!call.ok()) return call.status().condition();
  const auto evaluator = *ExpressionEvaluator::Make({*call}, {});
  Batch one(Schema::Make({}));
  one.SetRowCount(1);
  RowErrors errors;
  const Vector* out = nullptr;
  EXPECT_TRUE(evaluator->Evaluate(0, one, Selection::All(1), &errors, &out).ok());
  if (!errors.empty()) return errors.status().condition();
  const Value value = GetValue(*out, 0);
  return (value.is_null() ? "NULL" : std::to_string(value.int64())) + " " + (*call)->type->Sql();
}

TEST(BitwiseTest, AndOrXorNot) {
  const Value minus_one = Value::Int(-1);
  EXPECT_EQ(Call("&", {minus_one, Value::Int(255)}), "255 INT");
  EXPECT_EQ(Call("^", {minus_one, Value::Int(255)}), "-256 INT");
  EXPECT_EQ(Call("|", {Integer(TinyintType(), 5), Value::Bigint(3)}), "7 BIGINT");
  EXPECT_EQ(Call("&", {Value::String("7"), Value::Int(3)}), "3 BIGINT");
  EXPECT_EQ(Call("^", {Value(NullType()), Value::Int(1)}), "NULL INT");
  EXPECT_EQ(Call("&", {Value::Double(1), Value::Int(1)}), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(Call("~", {Integer(TinyintType(), 7)}), "-8 TINYINT");
  EXPECT_EQ(Call("~", {Value(NullType())}), "NULL INT");
}

TEST(BitwiseTest, ShiftsTakeTheDistanceModuloTheWidth) {
  EXPECT_EQ(Call("<<", {Value::Int(1), Value::Int(31)}), "-2147483648 INT");
  EXPECT_EQ(Call("<<", {Value::Int(1), Value::Int(33)}), "2 INT");
  EXPECT_EQ(Call("shiftleft", {Value::Bigint(1), Value::Int(-1)}), "-9223372036854775808 BIGINT");
  EXPECT_EQ(Call(">>", {Value::Int(-16), Value::Int(1)}), "-8 INT");
  EXPECT_EQ(Call(">>>", {Value::Int(-16), Value::Int(1)}), "2147483640 INT");
  EXPECT_EQ(Call("shiftrightunsigned", {Value::Bigint(-8), Value::Int(31)}), "8589934591 BIGINT");
  EXPECT_EQ(Call(">>", {Integer(TinyintType(), -8), Value::Int(33)}), "-4 INT");
  EXPECT_EQ(Call(">>", {Value::Int(1), Value::Bigint(1)}),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

TEST(BitwiseTest, CountsAndGets) {
  EXPECT_EQ(Call("bit_count", {Integer(TinyintType(), -1)}), "64 INT");
  EXPECT_EQ(Call("bit_count", {Value::Boolean(true)}), "1 INT");
  EXPECT_EQ(Call("bit_get", {Value::Int(11), Value::Int(2)}), "0 TINYINT");
  EXPECT_EQ(Call("getbit", {Value::Int(11), Value::Int(3)}), "1 TINYINT");
  EXPECT_EQ(Call("bit_get", {Value::Int(11), Value::Int(32)}),
            "INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE");
}

}  // namespace
}  // namespace thalweg
