// kernel-probe: rows per second of expressions on one thread, batches of 1,024 rows that stay in
// the cache, beside a loop written by hand where one says something. Best of seven runs.
//
//   kernel-probe [WORD]   only the lines whose name contains WORD
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/env.h"
#include "data/test_random.h"
#include "functions/evaluator.h"
#include "functions/registry.h"
#include "plan/relation.h"

namespace thalweg {
namespace {

constexpr int kRows = 1024;
constexpr int kBatches = 8;  // 8 x 4 columns x 8 KB: in the second-level cache
constexpr int kRounds = 4000;

const char* wanted = "";

double NowSeconds() {
  static const std::unique_ptr<Env> env = NewPosixEnv(1);
  return static_cast<double>(env->clock().MonotonicNs()) * 1e-9;
}

/// Runs `batch(i)` for each batch, again and again, and prints the best rate.
void Measure(const std::string& name, const std::function<void(int)>& batch) {
  if (name.find(wanted) == std::string::npos) return;
  double best = 1e9;
  for (int run = 0; run < 7; ++run) {
    const double start = NowSeconds();
    for (int round = 0; round < kRounds; ++round) batch(round % kBatches);
    best = std::min(best, NowSeconds() - start);
  }
  std::printf("%-44s %8.0f M rows/s  %6.0f ns a batch\n", name.c_str(),
              kRounds * double{kRows} / best / 1e6, best / kRounds * 1e9);
}

struct Data {
  std::vector<AttributePtr> input;
  std::vector<Batch> batches = std::vector<Batch>(kBatches);

  explicit Data(int null_one_in) {
    const std::vector<TypePtr> types = {BigintType(), BigintType(), DoubleType(), DoubleType()};
    std::vector<StructField> fields;
    for (const TypePtr& type : types) {
      auto attribute = std::make_shared<Attribute>();
      attribute->id = NextExpressionId();
      attribute->column = std::string(1, static_cast<char>('a' + fields.size()));
      attribute->type = type;
      input.push_back(attribute);
      fields.push_back({attribute->column, type, true, ""});
    }
    TestRandom random(1);
    const SchemaPtr schema = Schema::Make(fields);
    for (Batch& batch : batches) {
      batch.Reset(schema);
      batch.SetRowCount(kRows);
      for (int c = 0; c < 4; ++c) {
        Vector& column = batch.mutable_column(c);
        column.ResetFlat(types[c], kRows);
        for (int r = 0; r < kRows; ++r) {
          const int value = random.Below(1000);
          if (c < 2) column.mutable_values<int64_t>()[r] = value;
          if (c >= 2) column.mutable_values<double>()[r] = value;
          if (null_one_in > 0 && random.OneIn(null_one_in)) column.SetNull(r);
        }
      }
    }
  }
};

ExprPtr Call(const char* name, std::vector<ExprPtr> arguments) {
  return *FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), {});
}
ExprPtr Number(int64_t value) {
  return MakeLiteral(Value::Bigint(value));
}
ExprPtr Real(double value) {
  return MakeLiteral(Value::Double(value));
}

void MeasureExpression(const std::string& name, const Data& data, const ExprPtr& expr) {
  const auto evaluator = *ExpressionEvaluator::Make({expr}, data.input);
  RowErrors errors;
  Measure(name, [&](int i) {
    const Vector* out = nullptr;
    (void)evaluator->Evaluate(0, data.batches[i], Selection::All(kRows), &errors, &out);
  });
}

void MeasureFilter(const std::string& name, const Data& data, const ExprPtr& condition,
                   const std::vector<ExprPtr>& projected) {
  const auto filter = *ExpressionEvaluator::Make({condition}, data.input);
  const auto project = *ExpressionEvaluator::Make(projected, data.input);
  std::vector<const Vector*> out(projected.size());
  RowIndex rows[kRows];
  RowErrors errors;
  Measure(name, [&](int i) {
    const int count = *filter->Filter(0, data.batches[i], Selection::All(kRows), &errors, rows);
    (void)project->EvaluateAll(data.batches[i], {rows, count}, &errors, out.data());
  });
}

void MeasureByHand(const Data& data) {
  std::vector<int64_t> sums(kRows);
  std::vector<RowIndex> rows(kRows);
  Measure("by hand: a + b", [&](int i) {
    const int64_t* a = data.batches[i].column(0).values<int64_t>();
    const int64_t* b = data.batches[i].column(1).values<int64_t>();
    for (int r = 0; r < kRows; ++r) sums[r] = a[r] + b[r];
    asm volatile("" ::"r"(sums.data()) : "memory");
  });
  Measure("by hand: rows where a > 500", [&](int i) {
    const int64_t* a = data.batches[i].column(0).values<int64_t>();
    int count = 0;
    for (int r = 0; r < kRows; ++r) {
      rows[count] = static_cast<RowIndex>(r);
      count += a[r] > 500;
    }
    asm volatile("" ::"r"(rows.data()), "r"(count) : "memory");
  });
}

void MeasureAll(const char* label, const Data& data) {
  const ExprPtr a = data.input[0], b = data.input[1], x = data.input[2], y = data.input[3];
  const std::string nulls = label;
  MeasureExpression("a + b" + nulls, data, Call("+", {a, b}));
  MeasureExpression("a + 1" + nulls, data, Call("+", {a, Number(1)}));
  MeasureExpression("a * b" + nulls, data, Call("*", {a, b}));
  MeasureExpression("a % 7" + nulls, data, Call("%", {a, Number(7)}));
  MeasureExpression("x + y" + nulls, data, Call("+", {x, y}));
  MeasureExpression("x / y" + nulls, data, Call("/", {x, Call("+", {y, Real(1)})}));
  MeasureExpression("a > 500" + nulls, data, Call(">", {a, Number(500)}));
  MeasureExpression("x > 500.0" + nulls, data, Call(">", {x, Real(500)}));
  MeasureExpression("a > 500 and x > 500.0" + nulls, data,
                    Call("and", {Call(">", {a, Number(500)}), Call(">", {x, Real(500)})}));
  MeasureExpression("if(a > 500, a, b)" + nulls, data,
                    Call("if", {Call(">", {a, Number(500)}), a, b}));
  for (const int limit : {990, 500, 10}) {
    MeasureFilter("where a > " + std::to_string(limit) + nulls, data, Call(">", {a, Number(limit)}),
                  {});
    MeasureFilter("where x > " + std::to_string(limit) + nulls, data, Call(">", {x, Real(limit)}),
                  {});
    MeasureFilter("where a > " + std::to_string(limit) + " select a + b, x * 2.0" + nulls, data,
                  Call(">", {a, Number(limit)}), {Call("+", {a, b}), Call("*", {x, Real(2)})});
  }
  MeasureFilter("where a > 300 and x < 700.0 select a + b" + nulls, data,
                Call("and", {Call(">", {a, Number(300)}), Call("<", {x, Real(700)})}),
                {Call("+", {a, b})});
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  if (argc > 1) thalweg::wanted = argv[1];
  thalweg::MeasureByHand(thalweg::Data(0));
  thalweg::MeasureAll("", thalweg::Data(0));
  thalweg::MeasureAll(" (1 in 10 NULL)", thalweg::Data(10));
  return 0;
}
