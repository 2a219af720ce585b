#include "functions/value_order.h"

#include <limits>

#include <gtest/gtest.h>

#include "data/value.h"

namespace thalweg {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Values of one type in ascending order, each beside those that equal it.
void ExpectAscending(const TypePtr& type, const std::vector<std::vector<Value>>& groups) {
  const ValueOrderPtr order = ValueOrder::Make(*type);
  ASSERT_NE(order, nullptr);
  Vector flat(type);
  std::vector<int> rank;
  for (size_t g = 0; g < groups.size(); ++g) {
    for (const Value& value : groups[g]) {
      AppendValue(value, &flat);
      rank.push_back(static_cast<int>(g));
    }
  }
  for (int i = 0; i < flat.size(); ++i) {
    Vector constant;
    MakeConstant(GetValue(flat, i), 5, &constant);
    for (int j = 0; j < flat.size(); ++j) {
      const int expected = rank[i] < rank[j] ? -1 : rank[i] > rank[j];
      const auto sign = [](int order) { return order < 0 ? -1 : order > 0; };
      EXPECT_EQ(sign(order->CompareNullsFirst(flat, i, flat, j)), expected) << i << " " << j;
      EXPECT_EQ(sign(order->CompareNullsFirst(constant, 3, flat, j)), expected) << i << " " << j;
    }
  }
}

TEST(ValueOrderTest, OrdersAsSparkDoes) {
  ExpectAscending(IntType(), {{Value(IntType())}, {Value::Int(-5)}, {Value::Int(3)}});
  ExpectAscending(DoubleType(), {{Value(DoubleType())},
                                 {Value::Double(-1)},
                                 {Value::Double(-0.0), Value::Double(0.0)},
                                 {Value::Double(std::numeric_limits<double>::infinity())},
                                 {Value::Double(kNan), Value::Double(-kNan)}});
  ExpectAscending(StringType(), {{Value(StringType())},
                                 {Value::String("")},
                                 {Value::String("a long string that is not inline: 1")},
                                 {Value::String("a long string that is not inline: 2")},
                                 {Value::String("b")},
                                 {Value::String("\xC3\xA4")}});
}

TEST(ValueOrderTest, OrdersNestedValuesElementByElementWithNullFirst) {
  const TypePtr list = ArrayType(IntType());
  const Value null_int(IntType());
  const auto array = [&](Value::List values) { return Value(list, std::move(values)); };
  ExpectAscending(list, {{Value(list)},
                         {array({})},
                         {array({null_int})},
                         {array({Value::Int(1)})},
                         {array({Value::Int(1), null_int})},
                         {array({Value::Int(1), Value::Int(0)})},
                         {array({Value::Int(2)})}});
  const TypePtr pair = StructType({{"a", list}, {"b", DoubleType()}});
  const auto row = [&](Value a, double b) { return Value(pair, Value::List{a, Value::Double(b)}); };
  ExpectAscending(pair, {{Value(pair)},
                         {row(Value(list), 7)},
                         {row(array({}), -0.0), row(array({}), 0.0)},
                         {row(array({}), kNan)},
                         {row(array({Value::Int(1)}), -1)}});
}

TEST(ValueOrderTest, SomeTypesHaveNoOrder) {
  EXPECT_FALSE(HasOrder(*MapType(IntType(), IntType())));
  EXPECT_FALSE(HasOrder(*ArrayType(StructType({{"i", CalendarIntervalType()}}))));
  EXPECT_FALSE(HasOrder(*VariantType()));
  EXPECT_EQ(ValueOrder::Make(*ArrayType(VariantType())), nullptr);
  EXPECT_TRUE(HasOrder(*CollatedStringType("UTF8_LCASE")));
  EXPECT_EQ(ValueOrder::Make(*CollatedStringType("UTF8_LCASE")), nullptr);
  EXPECT_TRUE(HasOrder(*ArrayType(NullType())));
}

}  // namespace
}  // namespace thalweg
