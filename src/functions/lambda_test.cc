// Lambda functions: tables of values, short circuits, the row that an error belongs to, columns and
// outer variables seen from inside, arrays longer than a batch; whole batches against single rows.
#include "functions/nested_test_calls.h"

namespace thalweg {
namespace {

const TypePtr kInts = ArrayType(IntType());

ExprPtr Int(int value) {
  return Lit(Value::Int(value));
}
ExprPtr PlusOne(const std::vector<ExprPtr>& v) {
  return CallOf("+", {v[0], Int(1)});
}
ExprPtr Sum(const std::vector<ExprPtr>& v) {
  return CallOf("+", {v[0], v[1]});
}
/// 6 div (v - 3) = …: fails for 3.
ExprPtr Risky(const ExprPtr& v) {
  return CallOf("div", {Int(6), CallOf("-", {v, Int(3)})});
}
ExprPtr Wide(const ExprPtr& v) {
  return CallOf("array_contains", {CallOf("array", {v}), v});
}

TEST(LambdaTest, ElementByElement) {
  const ExprPtr array = Lit(Ints({1, 2, -99}));
  EXPECT_EQ(ValueOf(CallOf("transform", {array, LambdaOver({IntType()}, PlusOne)})),
            "[2, 3, null]");
  EXPECT_EQ(ValueOf(CallOf("transform", {array, LambdaOver({IntType(), IntType()}, Sum)})),
            "[1, 3, null]");
  const auto above_one = [](const std::vector<ExprPtr>& v) { return CallOf(">", {v[0], Int(1)}); };
  EXPECT_EQ(ValueOf(CallOf("filter", {array, LambdaOver({IntType()}, above_one)})), "[2]");
  EXPECT_EQ(ValueOf(CallOf("filter", {array, Lit(Value())})), "[]");  // not a lambda
  EXPECT_EQ(ValueOf(CallOf("exists", {array, LambdaOver({IntType()}, above_one)})), "true");
  EXPECT_EQ(ValueOf(CallOf("forall", {array, LambdaOver({IntType()}, above_one)})), "false");
  const auto above_nine = [](const std::vector<ExprPtr>& v) { return CallOf(">", {v[0], Int(9)}); };
  EXPECT_EQ(ValueOf(CallOf("exists", {array, LambdaOver({IntType()}, above_nine)})), "NULL");
  const auto above_zero = [](const std::vector<ExprPtr>& v) { return CallOf(">", {v[0], Int(0)}); };
  EXPECT_EQ(ValueOf(CallOf("forall", {array, LambdaOver({IntType()}, above_zero)})), "NULL");
  EXPECT_EQ(ValueOf(CallOf("forall", {Lit(Ints({})), LambdaOver({IntType()}, above_nine)})),
            "true");
}

TEST(LambdaTest, MapsAndPairs) {
  const ExprPtr map = CallOf("map", {Int(1), Int(10), Int(2), Int(20)});
  const std::vector<TypePtr> two = {IntType(), IntType()};
  EXPECT_EQ(ValueOf(CallOf("transform_values", {map, LambdaOver(two, Sum)})), "{1 -> 11, 2 -> 22}");
  EXPECT_EQ(ValueOf(CallOf("transform_keys", {map, LambdaOver(two, Sum)})), "{11 -> 10, 22 -> 20}");
  const auto one = [](const std::vector<ExprPtr>&) { return Int(1); };
  EXPECT_EQ(ValueOf(CallOf("transform_keys", {map, LambdaOver(two, one)})), "!DUPLICATED_MAP_KEY");
  const auto null = [](const std::vector<ExprPtr>&) { return Lit(Value(IntType())); };
  EXPECT_EQ(ValueOf(CallOf("transform_keys", {map, LambdaOver(two, null)})), "!NULL_MAP_KEY");
  const auto big = [](const std::vector<ExprPtr>& v) { return CallOf(">", {v[1], Int(15)}); };
  EXPECT_EQ(ValueOf(CallOf("map_filter", {map, LambdaOver(two, big)})), "{2 -> 20}");
  EXPECT_EQ(
      ValueOf(CallOf("zip_with", {Lit(Ints({1, 2})), Lit(Ints({5, 6, 7})), LambdaOver(two, Sum)})),
      "[6, 8, null]");
  const ExprPtr other = CallOf("map", {Int(3), Int(30), Int(2), Int(200)});
  const auto all = [](const std::vector<ExprPtr>& v) {
    return CallOf("array", {v[0], v[1], v[2]});
  };
  EXPECT_EQ(ValueOf(CallOf("map_zip_with",
                           {map, other, LambdaOver({IntType(), IntType(), IntType()}, all)})),
            "{1 -> [1, 10, null], 2 -> [2, 20, 200], 3 -> [3, null, 30]}");
}

TEST(LambdaTest, FoldsAndSorts) {
  const std::vector<TypePtr> two = {IntType(), IntType()};
  const ExprPtr array = Lit(Ints({4, 2, 3}));
  EXPECT_EQ(ValueOf(CallOf("aggregate", {array, Int(0), LambdaOver(two, Sum)})), "9");
  EXPECT_EQ(ValueOf(CallOf(
                "reduce", {array, Int(0), LambdaOver(two, Sum), LambdaOver({IntType()}, PlusOne)})),
            "10");
  EXPECT_EQ(ValueOf(CallOf("aggregate", {Lit(Value(kInts)), Int(0), LambdaOver(two, Sum)})),
            "NULL");
  const auto widened = LambdaOver(two, [](const std::vector<ExprPtr>& v) {
    return CallOf("+", {v[0], Lit(Value::Bigint(1))});
  });
  EXPECT_EQ(TryCall("aggregate", {array, Int(0), widened}).status().condition(),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  const auto down = [](const std::vector<ExprPtr>& v) { return CallOf("-", {v[1], v[0]}); };
  EXPECT_EQ(ValueOf(CallOf("array_sort", {array, LambdaOver(two, down)})), "[4, 3, 2]");
  const auto null = [](const std::vector<ExprPtr>&) { return Lit(Value(IntType())); };
  EXPECT_EQ(ValueOf(CallOf("array_sort", {array, LambdaOver(two, null)})),
            "!COMPARATOR_RETURNS_NULL");
  EXPECT_EQ(ValueOf(CallOf("array_sort", {Lit(Ints({4})), LambdaOver(two, null)})), "[4]");
}

TEST(LambdaTest, WhatIsNotReachedDoesNotRaise) {
  const auto found = [](const std::vector<ExprPtr>& v) {
    return CallOf(">", {Risky(v[0]), Int(1)});
  };
  const ExprPtr lambda = LambdaOver({IntType()}, found);
  EXPECT_EQ(ValueOf(CallOf("exists", {Lit(Ints({5, 3})), lambda})), "true");  // 6 div 2 > 1
  EXPECT_EQ(ValueOf(CallOf("exists", {Lit(Ints({9, 3})), lambda})), "!DIVIDE_BY_ZERO");
  EXPECT_EQ(ValueOf(CallOf("forall", {Lit(Ints({9, 3})), lambda})), "false");
  EXPECT_EQ(ValueOf(CallOf("transform", {Lit(Ints({5, 3})), lambda})), "!DIVIDE_BY_ZERO");
}

TEST(LambdaTest, ShapesOfVariables) {
  const FunctionRegistry& registry = FunctionRegistry::BuiltIn();
  const std::vector<ExprPtr> arguments = {Lit(Ints({1})), nullptr};
  const std::string name = "transform";
  const LambdaTyper& typer = registry.Find("transform")->lambda_types;
  EXPECT_EQ((*typer({name, &arguments, 1, 2}, {}))[1].type->Sql(), "INT");
  EXPECT_EQ(typer({name, &arguments, 1, 3}, {}).status().condition(),
            "INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH");
  const std::vector<ExprPtr> no_array = {Lit(Value()), nullptr};
  EXPECT_EQ(typer({name, &no_array, 1, 1}, {}).status().condition(),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
}

/// Arrays far longer than a batch are cut into pieces without a seam.
TEST(LambdaTest, LongArrays) {
  const ExprPtr array = CallOf("sequence", {Int(1), Int(5000)});
  const ExprPtr next = CallOf("transform", {array, LambdaOver({IntType(), IntType()}, Sum)});
  EXPECT_EQ(ValueOf(CallOf("element_at", {next, Int(-1)})), "9999");
  const auto count = [](const std::vector<ExprPtr>& v) { return CallOf("+", {v[0], Int(1)}); };
  EXPECT_EQ(ValueOf(CallOf("aggregate", {next, Int(0), LambdaOver({IntType(), IntType()}, count)})),
            "5000");
  const auto down = [](const std::vector<ExprPtr>& v) { return CallOf("-", {v[1], v[0]}); };
  const ExprPtr sorted = CallOf("array_sort", {array, LambdaOver({IntType(), IntType()}, down)});
  EXPECT_EQ(ValueOf(CallOf("slice", {sorted, Int(1), Int(3)})), "[5000, 4999, 4998]");
  const auto late = [](const std::vector<ExprPtr>& v) {
    return CallOf(">", {CallOf("div", {Int(6), CallOf("-", {v[0], Int(4000)})}), Int(100)});
  };
  EXPECT_EQ(ValueOf(CallOf("exists", {array, LambdaOver({IntType()}, late)})), "!DIVIDE_BY_ZERO");
}

std::vector<ExprPtr> Expressions(const RandomBatch& data) {
  const ExprPtr a = data.input[0], b = data.input[1], n = data.input[2];
  const std::vector<TypePtr> one = {IntType()};
  const std::vector<TypePtr> two = {IntType(), IntType()};
  const auto plus_column = [&](const std::vector<ExprPtr>& v) { return CallOf("+", {v[0], n}); };
  const auto risky = [&](const std::vector<ExprPtr>& v) { return Risky(v[0]); };
  const auto risky_condition = [&](const std::vector<ExprPtr>& v) {
    return CallOf(">", {Risky(v[0]), n});
  };
  const auto risky_sum = [&](const std::vector<ExprPtr>& v) {
    return CallOf("+", {Risky(v[1]), v[0]});
  };
  const auto nested = [&](const std::vector<ExprPtr>& v) {
    return CallOf("transform",
                  {b, LambdaOver(one, [&](const std::vector<ExprPtr>& w) {
                     return CallOf("+", {CallOf("*", {v[0], Int(100)}), CallOf("+", {w[0], n})});
                   })});
  };
  const auto down = [](const std::vector<ExprPtr>& v) {
    return CallOf("if", {CallOf("<", {v[0], v[1]}), Int(1), Int(-1)});
  };
  const ExprPtr d = CallOf("array_distinct", {CallOf("array_compact", {a})});
  const ExprPtr m = CallOf("map_from_arrays", {d, d});
  return {
      CallOf("transform", {a, LambdaOver(one, plus_column)}),
      CallOf("transform", {a, LambdaOver(one, risky)}),
      CallOf("transform", {a, LambdaOver(one, nested)}),
      CallOf("filter", {a, LambdaOver(one, risky_condition)}),
      CallOf("exists", {a, LambdaOver(one, risky_condition)}),
      CallOf("forall", {a, LambdaOver(one, risky_condition)}),
      CallOf("exists", {a, LambdaOver(one, [](const auto& v) { return Wide(v[0]); })}),
      CallOf("aggregate", {a, n, LambdaOver(two, Sum)}),
      CallOf("aggregate",
             {a, Lit(Value::Bigint(0)), LambdaOver({BigintType(), IntType()}, risky_sum)}),
      CallOf("zip_with", {a, b, LambdaOver(two, Sum)}),
      CallOf("array_sort", {CallOf("array_compact", {a}), LambdaOver(two, down)}),
      CallOf("map_filter", {m, LambdaOver(two, risky_condition)}),
      CallOf("transform_values", {m, LambdaOver(two, plus_column)}),
      CallOf("transform_keys", {m, LambdaOver(two, Sum)}),
      CallOf("transform_keys", {m, LambdaOver(two, risky)}),
  };
}

TEST(LambdaTest, BatchesAgreeWithSingleRows) {
  TestRandom random(3);
  RandomBatch data({kInts, kInts, IntType()}, 10, random);
  for (const ExprPtr& expr : Expressions(data)) {
    for (int repeat = 0; repeat < 12; ++repeat) {
      const int rows = 1 + random.Below(60);
      data.Refill(rows, random);
      for (int c = 0; c < 2; ++c) {  // small numbers, so that something happens
        Vector column(kInts);
        for (int r = 0; r < rows; ++r) {
          Value::List list;
          for (int k = random.Below(7); k > 0; --k) {
            list.push_back(random.OneIn(9) ? Value(IntType())
                                           : Value::Int(random.Below(repeat < 6 ? 3 : 12)));
          }
          AppendValue(random.OneIn(8) ? Value(kInts) : Value(kInts, list), &column);
        }
        data.batch.mutable_column(c) = column;
      }
      ExpectSameRowByRow(expr, data);
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace thalweg
