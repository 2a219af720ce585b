// Binding: result types, nullability and errors as recorded from Spark (conformance/expressions).
#include <gtest/gtest.h>

#include "functions/slow_twin.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

ExprPtr Column(const TypePtr& type, bool nullable = false) {
  auto attribute = std::make_shared<Attribute>();
  attribute->id = NextExpressionId();
  attribute->column = "c";
  attribute->type = type;
  attribute->nullable = nullable;
  return attribute;
}

/// "BIGINT", "BIGINT NULL" or the condition of the error.
std::string Bound(const char* name, const std::vector<TypePtr>& types, bool ansi = true) {
  std::vector<ExprPtr> arguments;
  for (const TypePtr& type : types) arguments.push_back(Column(type, type->Is(TypeKind::kNull)));
  BindSettings settings;
  settings.ansi = ansi;
  const Result<ExprPtr> expr = FunctionRegistry::BuiltIn().Bind(name, arguments, settings);
  if (!expr.ok()) return expr.status().condition();
  return (*expr)->type->Sql() + ((*expr)->nullable ? " NULL" : "");
}

TEST(RegistryTest, ArithmeticPromotesAsSpark) {
  EXPECT_EQ(Bound("+", {TinyintType(), TinyintType()}), "TINYINT");
  EXPECT_EQ(Bound("*", {TinyintType(), SmallintType()}), "SMALLINT");
  EXPECT_EQ(Bound("-", {IntType(), BigintType()}), "BIGINT");
  EXPECT_EQ(Bound("+", {BigintType(), FloatType()}), "DOUBLE");
  EXPECT_EQ(Bound("+", {BigintType(), FloatType()}, /*ansi=*/false), "FLOAT");
  EXPECT_EQ(Bound("*", {FloatType(), FloatType()}), "FLOAT");
  EXPECT_EQ(Bound("/", {IntType(), IntType()}), "DOUBLE NULL");
  EXPECT_EQ(Bound("div", {TinyintType(), IntType()}), "BIGINT NULL");
  EXPECT_EQ(Bound("%", {FloatType(), TinyintType()}), "DOUBLE NULL");
  EXPECT_EQ(Bound("mod", {IntType(), IntType()}), "INT NULL");
  EXPECT_EQ(Bound("+", {NullType(), IntType()}), "INT NULL");
  EXPECT_EQ(Bound("-", {IntType()}), "INT");
  EXPECT_EQ(Bound("negative", {SmallintType()}), "SMALLINT");
  EXPECT_EQ(Bound("+", {BooleanType(), IntType()}), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(Bound("+", {StringType(), StringType()}), "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE");
  EXPECT_EQ(Bound("div", {TinyintType(), DoubleType()}), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(Bound("div", {DoubleType(), DoubleType()}), "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE");
  EXPECT_EQ(Bound("+", {DecimalType(5, 2), IntType()}), "DECIMAL(13,2)");
  EXPECT_EQ(Bound("+", {DateType(), IntType()}), "DATE");
  EXPECT_EQ(Bound("+", {IntType(), IntType(), IntType()}), "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
}

TEST(RegistryTest, ComparisonsAndConditionals) {
  EXPECT_EQ(Bound("=", {IntType(), BigintType()}), "BOOLEAN");
  EXPECT_EQ(Bound("<=>", {NullType(), StringType()}), "BOOLEAN");
  EXPECT_EQ(Bound("==", {NullType(), NullType()}), "BOOLEAN NULL");
  EXPECT_EQ(Bound("=", {IntType(), BooleanType()}), "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES");
  EXPECT_EQ(Bound("<", {CollatedStringType("UNICODE"), CollatedStringType("UNICODE")}),
            "THALWEG_NOT_SUPPORTED_YET");
  EXPECT_EQ(Bound("if", {BooleanType(), IntType(), BigintType()}), "BIGINT");
  EXPECT_EQ(Bound("when", {BooleanType(), IntType()}), "INT NULL");
  EXPECT_EQ(Bound("if", {IntType(), IntType(), IntType()}),
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(Bound("coalesce", {NullType(), IntType()}), "INT");
  EXPECT_EQ(Bound("coalesce", {}), "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
  EXPECT_EQ(Bound("coalesce", {BooleanType(), IntType()}), "DATATYPE_MISMATCH.DATA_DIFF_TYPES");
  EXPECT_EQ(Bound("nullif", {NullType(), IntType()}), "VOID NULL");
  EXPECT_EQ(Bound("nvl2", {NullType(), IntType(), IntType()}), "INT");
  EXPECT_EQ(Bound("and", {BooleanType(), NullType()}), "BOOLEAN NULL");
  EXPECT_EQ(Bound("isnull", {ArrayType(IntType())}), "BOOLEAN");
}

TEST(RegistryTest, Aggregates) {
  EXPECT_EQ(Bound("count", {}), "BIGINT");
  EXPECT_EQ(Bound("sum", {TinyintType()}), "BIGINT NULL");
  EXPECT_EQ(Bound("sum", {FloatType()}), "DOUBLE NULL");
  EXPECT_EQ(Bound("avg", {IntType()}), "DOUBLE NULL");
  EXPECT_EQ(Bound("max", {StringType()}), "STRING NULL");
  EXPECT_EQ(Bound("sum", {BooleanType()}), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_EQ(Bound("min", {MapType(IntType(), IntType())}),
            "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE");
  EXPECT_EQ(Bound("max", {ArrayType(IntType())}), "ARRAY<INT> NULL");
}

TEST(RegistryTest, CastNullability) {
  const auto nullable = [](const TypePtr& from, const TypePtr& to, CastMode mode) {
    return (*BindCast(Column(from), {to, mode, false, {}}, {}))->nullable;
  };
  EXPECT_FALSE(nullable(IntType(), TinyintType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(IntType(), TinyintType(), CastMode::kLegacy));
  EXPECT_TRUE(nullable(IntType(), TinyintType(), CastMode::kTry));
  EXPECT_FALSE(nullable(IntType(), BigintType(), CastMode::kTry));
  EXPECT_TRUE(nullable(FloatType(), IntType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(DoubleType(), FloatType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(DoubleType(), BooleanType(), CastMode::kAnsi));
  EXPECT_TRUE(nullable(StringType(), IntType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(IntType(), StringType(), CastMode::kTry));
  EXPECT_TRUE(nullable(IntType(), DecimalType(5, 2), CastMode::kAnsi));
  EXPECT_FALSE(nullable(TinyintType(), DecimalType(5, 2), CastMode::kAnsi));
  EXPECT_FALSE(nullable(DecimalType(3, 2), DecimalType(3, 1), CastMode::kAnsi) &&
               nullable(DecimalType(5, 2), DecimalType(6, 3), CastMode::kTry));
  EXPECT_TRUE(nullable(DateType(), TimestampNtzType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(DateType(), TimestampType(), CastMode::kAnsi));
  EXPECT_FALSE(nullable(TimestampType(), BigintType(), CastMode::kAnsi));
  EXPECT_TRUE(nullable(TimestampType(), IntType(), CastMode::kAnsi));
}

TEST(RegistryTest, NamesThatAreUnknownAndNamesThatAreNotBuilt) {
  const FunctionRegistry& registry = FunctionRegistry::BuiltIn();
  EXPECT_EQ(registry.Bind("AES_ENCRYPT", {}, {}).status().condition(), "THALWEG_NOT_SUPPORTED_YET");
  const Status unknown = registry.Bind("coalesc", {}, {}).status();
  EXPECT_EQ(unknown.condition(), "UNRESOLVED_ROUTINE");
  EXPECT_NE(unknown.message().find("`coalesce`"), std::string::npos) << unknown.message();
}

TEST(RegistryTest, SessionsAddALayer) {
  FunctionRegistry session(&FunctionRegistry::BuiltIn());
  session.Register(
      {"answer", FunctionKind::kScalar,
       [](const std::string&, std::vector<ExprPtr>, const BindSettings&,
          const SqlPlace&) -> Result<ExprPtr> { return MakeLiteral(Value::Int(42)); }});
  EXPECT_TRUE(session.Bind("Answer", {}, {}).ok());
  EXPECT_NE(session.Find("count"), nullptr);
  EXPECT_EQ(FunctionRegistry::BuiltIn().Find("answer"), nullptr);
}

TEST(RegistryTest, ErrorsShowTheExpressionAsItWasWritten) {
  const ExprPtr sum = *FunctionRegistry::BuiltIn().Bind(
      "+", {Column(IntType()), MakeLiteral(Value::Bigint(1))}, {});
  EXPECT_EQ(PrettySql(sum), "(c + 1)");  // the implicit cast is not shown
  const Status status =
      FunctionRegistry::BuiltIn().Bind("==", {sum, Column(BooleanType())}, {}).status();
  const ErrorParameters expected = {
      {"sqlExpr", "\"((c + 1) = c)\""}, {"left", "\"BIGINT\""}, {"right", "\"BOOLEAN\""}};
  EXPECT_EQ(status.parameters(), expected);
}

TEST(RegistryTest, RowErrorsCarrySparksParameters) {
  TestRandom random(1);
  RandomBatch data({TinyintType()}, 1, random);
  data.batch.mutable_column(0).ResetConstant(TinyintType(), 1);
  data.batch.mutable_column(0).mutable_values<int8_t>()[0] = 127;
  data.batch.ClearSelection();
  const ExprPtr one = MakeLiteral(Value(TinyintType(), int64_t{1}));
  SqlPlace place;
  place.line = 3;
  const ExprPtr sum = *FunctionRegistry::BuiltIn().Bind("+", {data.input[0], one}, {}, place);
  const auto evaluator = *ExpressionEvaluator::Make({sum}, data.input);
  RowErrors errors;
  const Vector* out = nullptr;
  ASSERT_TRUE(evaluator->Evaluate(0, data.batch, Selection::All(1), &errors, &out).ok());
  const ErrorParameters expected = {
      {"value1", "127S"}, {"symbol", "+"}, {"value2", "1S"}, {"functionName", "`try_add`"}};
  EXPECT_EQ(errors.status().parameters(), expected);
  EXPECT_EQ(errors.status().sqlstate(), "22003");
  EXPECT_EQ(errors.status().place().line, 3);
}

}  // namespace
}  // namespace thalweg
