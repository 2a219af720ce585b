// Every kernel against its slow twin: all types, shapes and encodings, with NULLs, selections and
// extreme values, in ANSI and legacy mode.
#include <gtest/gtest.h>

#include "functions/slow_twin.h"

namespace thalweg {
namespace {

constexpr int kRowCounts[] = {1, 8, 65, 200};

/// What the twin says of one expression over the selected rows: the first error, or no error.
void ExpectSameAsTwin(const ExprPtr& expr, RandomBatch& data, ExpressionEvaluator& evaluator) {
  RowErrors errors;
  const Vector* out = nullptr;
  const Selection rows = data.batch.selection();
  ASSERT_TRUE(evaluator.Evaluate(0, data.batch, rows, &errors, &out).ok());
  for (int i = 0; i < rows.count; ++i) {
    const int row = rows[i];
    const Outcome expected = SlowTwin(data.input, data.batch, row).Evaluate(expr);
    if (!expected.error.empty()) {
      ASSERT_FALSE(errors.empty()) << ToString(expr) << ": no " << expected.error;
      EXPECT_EQ(errors.row(), row);
      EXPECT_EQ(errors.status().condition(), expected.error);
      return;
    }
    if (!errors.empty() && errors.row() <= row) {
      FAIL() << ToString(expr) << " row " << row << ": " << errors.status().ToString();
    }
    ASSERT_TRUE(GetValue(*out, row) == expected.value) << ToString(expr) << " row " << row;
  }
  EXPECT_TRUE(errors.empty()) << ToString(expr) << ": " << errors.status().ToString();
}

void Play(const ExprPtr& expr, RandomBatch& data, TestRandom& random) {
  Result<std::unique_ptr<ExpressionEvaluator>> evaluator =
      ExpressionEvaluator::Make({expr}, data.input);
  ASSERT_TRUE(evaluator.ok());
  for (const int rows : kRowCounts) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      data.Refill(rows, random);
      ExpectSameAsTwin(expr, data, **evaluator);
      if (testing::Test::HasFailure()) return;
    }
  }
}

BindSettings Settings(bool ansi) {
  BindSettings settings;
  settings.ansi = ansi;
  return settings;
}

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments, bool ansi) {
  Result<ExprPtr> expr =
      FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), Settings(ansi));
  EXPECT_TRUE(expr.ok()) << name << ": " << expr.status().ToString();
  return expr.ok() ? *expr : nullptr;
}

std::vector<TypePtr> NumericTypes() {
  return {TinyintType(), SmallintType(), IntType(), BigintType(), FloatType(), DoubleType()};
}

TEST(KernelTest, ArithmeticOfEveryType) {
  TestRandom random(1);
  for (const TypePtr& type : NumericTypes()) {
    RandomBatch data({type, type}, 1, random);
    for (const char* name : {"+", "-", "*", "/", "%"}) {
      for (const bool ansi : {true, false}) {
        const ExprPtr literal = MakeLiteral(RandomValue(type, random, 4));
        Play(Bind(name, {data.input[0], data.input[1]}, ansi), data, random);
        Play(Bind(name, {data.input[0], literal}, ansi), data, random);
        Play(Bind(name, {literal, data.input[1]}, ansi), data, random);
        if (HasFailure()) return;
      }
    }
    for (const bool ansi : {true, false}) {
      Play(Bind("negative", {data.input[0]}, ansi), data, random);
      if (type->IsIntegral()) {
        Play(Bind("div", {data.input[0], data.input[1]}, ansi), data, random);
      }
    }
  }
}

TEST(KernelTest, ComparisonOfEveryType) {
  TestRandom random(2);
  std::vector<TypePtr> types = NumericTypes();
  types.insert(types.end(), {BooleanType(), StringType(), BinaryType(), DateType(), TimestampType(),
                             DecimalType(10, 2), DecimalType(30, 2)});
  for (const TypePtr& type : types) {
    RandomBatch data({type, type}, 1, random);
    for (const char* name : {"==", "!=", "<", "<=", ">", ">=", "<=>"}) {
      const ExprPtr literal = MakeLiteral(RandomValue(type, random, 4));
      Play(Bind(name, {data.input[0], data.input[1]}, true), data, random);
      Play(Bind(name, {data.input[0], literal}, true), data, random);
      Play(Bind(name, {literal, data.input[1]}, true), data, random);
      if (HasFailure()) return;
    }
  }
}

TEST(KernelTest, CastsAmongNumbers) {
  TestRandom random(3);
  std::vector<TypePtr> types = NumericTypes();
  types.push_back(BooleanType());
  for (const TypePtr& from : types) {
    RandomBatch data({from}, 1, random);
    for (const TypePtr& to : types) {
      for (const CastMode mode : {CastMode::kAnsi, CastMode::kLegacy, CastMode::kTry}) {
        Result<ExprPtr> cast = BindCast(data.input[0], {to, mode, false, {}}, {});
        ASSERT_TRUE(cast.ok());
        Play(*cast, data, random);
        if (HasFailure()) return;
      }
    }
  }
}

TEST(KernelTest, LogicAndNullTests) {
  TestRandom random(4);
  RandomBatch data({BooleanType(), BooleanType(), StringType()}, 1, random);
  const ExprPtr a = data.input[0], b = data.input[1];
  for (int repeat = 0; repeat < 20; ++repeat) {
    Play(Bind("and", {a, b}, true), data, random);
    Play(Bind("or", {a, b}, true), data, random);
    Play(Bind("not", {a}, true), data, random);
    Play(Bind("isnull", {data.input[2]}, true), data, random);
    Play(Bind("isnotnull", {data.input[2]}, true), data, random);
    Play(Bind("and", {a, MakeLiteral(Value(BooleanType()))}, true), data, random);
    Play(Bind("or", {MakeLiteral(Value::Boolean(true)), b}, true), data, random);
  }
}

/// A random tree of BIGINT (or, if `boolean`, BOOLEAN) over the columns; branches may raise.
ExprPtr RandomTree(const RandomBatch& data, bool boolean, int depth, TestRandom& random) {
  const auto number = [&] { return RandomTree(data, false, depth - 1, random); };
  const auto truth = [&] { return RandomTree(data, true, depth - 1, random); };
  if (boolean) {
    if (depth == 0) return data.input[2];
    switch (random.Below(6)) {
      case 0:
        return Bind("and", {truth(), truth()}, true);
      case 1:
        return Bind("or", {truth(), truth()}, true);
      case 2:
        return Bind("not", {truth()}, true);
      case 3:
        return Bind("isnull", {number()}, true);
      default:
        return Bind(random.OneIn(2) ? "<" : "==", {number(), number()}, true);
    }
  }
  if (depth == 0) {
    return random.OneIn(4) ? MakeLiteral(Value::Bigint(random.Below(5) - 1))
                           : ExprPtr(data.input[random.Below(2)]);
  }
  constexpr const char* kOperators[] = {"+", "-", "*", "div", "%"};
  switch (random.Below(8)) {
    case 0:
      return Bind("if", {truth(), number(), number()}, true);
    case 1:
      return Bind("when", {truth(), number(), truth(), number()}, true);
    case 2:
      return Bind("coalesce", {number(), number(), number()}, true);
    default:
      return Bind(kOperators[random.Below(5)], {number(), number()}, true);
  }
}

TEST(KernelTest, RandomTreesRaiseOnlyForRowsThatReachTheBranch) {
  TestRandom random(5);
  RandomBatch data({BigintType(), BigintType(), BooleanType()}, 1, random);
  for (int repeat = 0; repeat < 300; ++repeat) {
    Play(RandomTree(data, random.OneIn(2), 1 + random.Below(4), random), data, random);
    if (HasFailure()) return;
  }
}

TEST(KernelTest, FilterIsTheSelectionOfTrueRows) {
  TestRandom random(6);
  RandomBatch data({BigintType(), BigintType(), BooleanType()}, 1, random);
  for (int repeat = 0; repeat < 200; ++repeat) {
    ExprPtr condition = RandomTree(data, true, 2, random);
    for (int i = random.Below(3); i > 0; --i) {
      condition = Bind("and", {condition, RandomTree(data, true, 2, random)}, true);
    }
    Result<std::unique_ptr<ExpressionEvaluator>> evaluator =
        ExpressionEvaluator::Make({condition}, data.input);
    ASSERT_TRUE(evaluator.ok());
    data.Refill(random.OneIn(9) ? kBatchRows : kRowCounts[random.Below(4)], random);
    const Selection rows = data.batch.selection();
    std::vector<RowIndex> expected;
    bool raises = false;
    for (int i = 0; i < rows.count; ++i) {
      const Outcome outcome = SlowTwin(data.input, data.batch, rows[i]).Evaluate(condition);
      raises |= !outcome.error.empty();
      if (outcome.error.empty() && !outcome.value.is_null() && outcome.value.boolean()) {
        expected.push_back(static_cast<RowIndex>(rows[i]));
      }
    }
    RowErrors errors;
    std::vector<RowIndex> selected(static_cast<size_t>(rows.count));
    const Result<int> count = (*evaluator)->Filter(0, data.batch, rows, &errors, selected.data());
    ASSERT_TRUE(count.ok());
    // A filter stops at the first conjunct that is not true; AND itself also looks behind NULL.
    if (raises) continue;
    ASSERT_TRUE(errors.empty());
    selected.resize(static_cast<size_t>(*count));
    EXPECT_EQ(selected, expected) << ToString(condition);
  }
}

}  // namespace
}  // namespace thalweg
