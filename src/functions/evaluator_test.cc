// What the evaluator promises besides right values: what is evaluated how often, errors, memory.
#include <gtest/gtest.h>

#include "functions/kernel.h"
#include "functions/slow_twin.h"

namespace thalweg {
namespace {

int64_t rows_seen = 0;  // by the counting kernel

Status CountingKernel(const KernelCall& call, Vector* out) {
  rows_seen += call.rows.count;
  ForEachRow(call.rows, [&](int r) {
    out->mutable_values<int64_t>()[r] = call.arguments[0]->Get<int64_t>(r) + 1;
  });
  return Status::OK();
}

ExprPtr Counting(const ExprPtr& argument) {
  KernelSpec spec;
  spec.signature = {"counting", {BigintType()}, BigintType(), "", true};
  spec.kernel = CountingKernel;
  return MakeCall(MakeKernelFunction(std::move(spec)), {argument});
}

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments) {
  return *FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
}

ExprPtr Bigint(int64_t value) {
  return MakeLiteral(Value::Bigint(value));
}

class EvaluatorTest : public testing::Test {
 protected:
  void SetUp() override {
    rows_seen = 0;
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->type = BigintType();
    input_ = {attribute};
    v_ = attribute;
    batch_.Reset(Schema::Make({{"v", BigintType(), true, ""}}));
    Vector& column = batch_.mutable_column(0);
    column.ResetFlat(BigintType(), 100);
    for (int r = 0; r < 100; ++r) column.mutable_values<int64_t>()[r] = r;
    batch_.SetRowCount(100);
  }

  std::unique_ptr<ExpressionEvaluator> Make(const std::vector<ExprPtr>& expressions) {
    return *ExpressionEvaluator::Make(expressions, input_);
  }
  std::vector<const Vector*> Evaluate(const std::vector<ExprPtr>& expressions) {
    evaluator_ = Make(expressions);
    std::vector<const Vector*> out(expressions.size());
    EXPECT_TRUE(evaluator_->EvaluateAll(batch_, Selection::All(100), &errors_, out.data()).ok());
    return out;
  }

  std::vector<AttributePtr> input_;
  ExprPtr v_;
  Batch batch_;
  RowErrors errors_;
  std::unique_ptr<ExpressionEvaluator> evaluator_;
};

TEST_F(EvaluatorTest, CommonSubExpressionsAreEvaluatedOnce) {
  const std::vector<const Vector*> out =
      Evaluate({Bind("+", {Counting(v_), Counting(v_)}), Bind("*", {Counting(v_), Bigint(2)})});
  EXPECT_EQ(rows_seen, 100);
  EXPECT_EQ(out[0]->Get<int64_t>(7), 16);
  EXPECT_EQ(out[1]->Get<int64_t>(7), 16);
}

TEST_F(EvaluatorTest, WhatIsKnownForAllRowsServesTheirParts) {
  const ExprPtr big = Bind(">", {Counting(v_), Bigint(50)});
  const std::vector<const Vector*> out = Evaluate({Bind("if", {big, Counting(v_), Bigint(0)})});
  EXPECT_EQ(rows_seen, 100);
  EXPECT_EQ(out[0]->Get<int64_t>(60), 61);
  EXPECT_EQ(out[0]->Get<int64_t>(10), 0);
}

TEST_F(EvaluatorTest, BranchesSeeTheRowsThatReachThem) {
  const ExprPtr big = Bind(">=", {v_, Bigint(90)});
  const std::vector<const Vector*> out = Evaluate({Bind("if", {big, Counting(v_), v_})});
  EXPECT_EQ(rows_seen, 10);
  EXPECT_EQ(out[0]->Get<int64_t>(95), 96);
  EXPECT_EQ(out[0]->Get<int64_t>(5), 5);
}

TEST_F(EvaluatorTest, ConstantsAreEvaluatedOncePerEpoch) {
  evaluator_ = Make({Bind("+", {v_, Counting(Counting(Bigint(1)))})});
  const Vector* out = nullptr;
  for (int epoch = 0; epoch < 2; ++epoch) {
    for (int repeat = 0; repeat < 3; ++repeat) {
      evaluator_->BindEpoch({epoch, 0});
      ASSERT_TRUE(evaluator_->Evaluate(0, batch_, Selection::All(100), &errors_, &out).ok());
    }
  }
  EXPECT_EQ(rows_seen, 4);  // two calls, two epochs
  EXPECT_EQ(out->Get<int64_t>(7), 10);
}

TEST_F(EvaluatorTest, DictionariesAreEvaluatedOncePerEntry) {
  Vector dictionary(BigintType());
  for (const int64_t entry : {10, 20, 30}) AppendValue(Value::Bigint(entry), &dictionary);
  Vector& column = batch_.mutable_column(0);
  column.ResetDictionary(dictionary, 100);
  for (int r = 0; r < 100; ++r) column.mutable_values<int32_t>()[r] = r % 3;
  column.SetNull(4);
  evaluator_ = Make({Counting(v_)});
  const Vector* out = nullptr;
  for (int repeat = 0; repeat < 3; ++repeat) {
    ASSERT_TRUE(evaluator_->Evaluate(0, batch_, Selection::All(100), &errors_, &out).ok());
  }
  EXPECT_EQ(rows_seen, 3);
  EXPECT_EQ(out->Get<int64_t>(5), 31);
  EXPECT_TRUE(out->IsNull(4));
}

TEST_F(EvaluatorTest, AConstantErrorBelongsToTheFirstSelectedRow) {
  const RowIndex rows[] = {41, 42};
  evaluator_ = Make({Bind("+", {v_, Bind("div", {Bigint(1), Bigint(0)})})});
  const Vector* out = nullptr;
  ASSERT_TRUE(evaluator_->Evaluate(0, batch_, {rows, 0}, &errors_, &out).ok());
  EXPECT_TRUE(errors_.empty());  // no row asks
  for (int repeat = 0; repeat < 2; ++repeat) {
    errors_.Clear();
    ASSERT_TRUE(evaluator_->Evaluate(0, batch_, {rows, 2}, &errors_, &out).ok());
    EXPECT_EQ(errors_.row(), 41);
    EXPECT_EQ(errors_.status().condition(), "DIVIDE_BY_ZERO");
  }
}

TEST_F(EvaluatorTest, TheLowestRowWinsThenTheFirstExpression) {
  const ExprPtr low = Bind("div", {Bigint(1), Bind("-", {v_, Bigint(3)})});
  const ExprPtr high = Bind("%", {Bigint(1), Bind("-", {v_, Bigint(9)})});
  const ExprPtr same = Bind("%", {Bigint(1), Bind("-", {v_, Bigint(3)})});
  Evaluate({high, low, same});
  EXPECT_EQ(errors_.row(), 3);
  EXPECT_EQ(errors_.status().condition(), "DIVIDE_BY_ZERO");
}

TEST_F(EvaluatorTest, SpaceIsReusedFromBatchToBatch) {
  evaluator_ = Make({Bind("if", {Bind(">", {v_, Bigint(50)}), Bind("+", {v_, Bigint(1)}), v_})});
  const Vector* first = nullptr;
  ASSERT_TRUE(evaluator_->Evaluate(0, batch_, Selection::All(100), &errors_, &first).ok());
  const int64_t* values = first->values<int64_t>();
  const Vector* second = nullptr;
  ASSERT_TRUE(evaluator_->Evaluate(0, batch_, Selection::All(100), &errors_, &second).ok());
  EXPECT_EQ(second->values<int64_t>(), values);
}

TEST_F(EvaluatorTest, ResultsThatAreKeptAreNotOverwritten) {
  evaluator_ = Make({Bind("+", {v_, Bigint(1)})});
  const Vector* out = nullptr;
  ASSERT_TRUE(evaluator_->Evaluate(0, batch_, Selection::All(100), &errors_, &out).ok());
  const Vector kept = *out;
  Batch other;
  other.Reset(batch_.schema());
  other.mutable_column(0).ResetConstant(BigintType(), 100);
  other.mutable_column(0).mutable_values<int64_t>()[0] = -1;
  other.SetRowCount(100);
  ASSERT_TRUE(evaluator_->Evaluate(0, other, Selection::All(100), &errors_, &out).ok());
  EXPECT_EQ(kept.Get<int64_t>(5), 6);
  EXPECT_EQ(out->Get<int64_t>(5), 0);
}

TEST_F(EvaluatorTest, RefusesWhatItCannotRun) {
  auto stranger = std::make_shared<Attribute>();
  stranger->id = NextExpressionId();
  stranger->type = BigintType();
  EXPECT_EQ(ExpressionEvaluator::Make({stranger}, input_).status().kind(), ErrorKind::kBug);
  const ExprPtr aggregate = Bind("count", {v_});
  EXPECT_EQ(ExpressionEvaluator::Make({aggregate}, input_).status().kind(), ErrorKind::kBug);
}

}  // namespace
}  // namespace thalweg
