// The steady state allocates nothing: operator new of this program counts.
#include <atomic>
#include <cstdlib>
#include <new>

#include <gtest/gtest.h>

#include "functions/slow_twin.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
namespace {
std::atomic<int64_t> allocations{0};
}  // namespace

void* operator new(size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  void* memory = std::malloc(bytes);
  if (memory == nullptr) std::abort();
  return memory;
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, size_t) noexcept {
  std::free(memory);
}

namespace thalweg {
namespace {

ExprPtr Bind(const char* name, std::vector<ExprPtr> arguments) {
  return *FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
}

/// No row raises: an error's text is allocated.
Batch HarmlessBatch(const SchemaPtr& schema, const Vector& dictionary, TestRandom& random) {
  Batch batch(schema);
  for (int c = 0; c < schema->size(); ++c) {
    Vector& column = batch.mutable_column(c);
    column = RandomFlat(schema->column(c).type, kBatchRows, random);
    for (int r = 0; r < kBatchRows && c < 2; ++r) {
      column.mutable_values<int32_t>()[r] = random.Below(100);
    }
  }
  Vector& coded = batch.mutable_column(4);
  coded.ResetDictionary(dictionary, kBatchRows);
  for (int r = 0; r < kBatchRows; ++r) {
    coded.mutable_values<int32_t>()[r] = random.Below(dictionary.size());
  }
  batch.SetRowCount(kBatchRows);
  return batch;
}

TEST(EvaluatorAllocationTest, ABatchAllocatesNothing) {
  TestRandom random(1);
  const RandomBatch data({IntType(), IntType(), StringType(), BooleanType(), StringType()}, 1,
                         random);
  const ExprPtr a = data.input[0], b = data.input[1], s = data.input[2], t = data.input[3];
  const ExprPtr one = MakeLiteral(Value::Int(1));
  const ExprPtr letter = MakeLiteral(Value::String("a"));
  const std::vector<ExprPtr> expressions = {
      Bind("if", {Bind(">", {a, b}), Bind("/", {a, Bind("+", {b, one})}), one}),
      Bind("coalesce", {s, MakeLiteral(Value::String("a string that is not inline"))}),
      Bind("or", {t, Bind("==", {s, letter})}),
      Bind("<", {data.input[4], letter}),
  };
  const auto evaluator = *ExpressionEvaluator::Make(expressions, data.input);
  const ExprPtr condition = Bind("and", {Bind("isnotnull", {a}), Bind("<", {a, b})});
  const auto filter = *ExpressionEvaluator::Make({condition}, data.input);
  Vector dictionary(StringType());
  for (const char* entry : {"a", "b", "an entry that is not inline"}) {
    AppendValue(Value::String(entry), &dictionary);
  }
  // The same batches twice: the first time finds the sizes.
  std::vector<Batch> batches;
  for (int i = 0; i < 20; ++i) {
    batches.push_back(HarmlessBatch(data.batch.schema(), dictionary, random));
  }
  int64_t before = 0;
  for (int repeat = 0; repeat < 2; ++repeat) {
    before = allocations.load();
    for (const Batch& batch : batches) {
      const Vector* out[4];
      RowIndex rows[kBatchRows];
      RowErrors errors;
      evaluator->BindEpoch({repeat, 0});
      const Selection all = Selection::All(kBatchRows);
      const bool evaluated = evaluator->EvaluateAll(batch, all, &errors, out).ok();
      const bool filtered = filter->Filter(0, batch, all, &errors, rows).ok();
      if (!evaluated || !filtered || !errors.empty()) FAIL();
    }
  }
  EXPECT_EQ(allocations.load(), before);
}

}  // namespace
}  // namespace thalweg
#endif
