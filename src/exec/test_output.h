// What an operator writes, kept for tests of operators that are driven by Push. Not used by the
// engine.
#pragma once

#include <string>
#include <vector>

#include "data/test_rows.h"
#include "exec/operator.h"
#include "functions/function.h"
#include "functions/registry.h"
#include "plan/relation.h"

namespace thalweg {

class TestOutput final : public Output {
 public:
  Result<Flow> Write(const Batch& batch) override {
    THALWEG_CHECK(batch.physical_rows() <= kBatchRows, "too many rows in a batch");
    for (const std::string& row : RowTexts(batch)) rows_.push_back(row);
    ++batches_;
    return static_cast<int>(rows_.size()) >= rows_wanted_ ? Flow::kEnough : Flow::kMore;
  }
  /// Rows since the last call, in the order in which they came, a line each.
  std::string Take() {
    std::string text;
    for (const std::string& row : rows_) text += row + "\n";
    rows_.clear();
    return text;
  }
  int batches() const { return batches_; }
  void set_rows_wanted(int rows) { rows_wanted_ = rows; }

 private:
  std::vector<std::string> rows_;
  int batches_ = 0;
  int rows_wanted_ = 1 << 30;
};

/// A call of a built-in function with typed arguments.
inline ExprPtr TestCall(const std::string& name, std::vector<ExprPtr> arguments) {
  auto bound = FunctionRegistry::BuiltIn().Bind(name, std::move(arguments), BindSettings());
  THALWEG_CHECK(bound.ok(), bound.status().ToString().c_str());
  return *bound;
}

inline std::shared_ptr<const Aggregate> TestAggregate(const std::string& name,
                                                      std::vector<ExprPtr> arguments) {
  const ExprPtr call = TestCall(name, std::move(arguments));
  return static_cast<const AggregateFunction&>(*As<AggregateCall>(call)->function).aggregate();
}

inline AttributePtr TestAttribute(const std::string& name, TypePtr type) {
  auto attribute = std::make_shared<Attribute>();
  attribute->id = NextExpressionId();
  attribute->column = name;
  attribute->type = std::move(type);
  return attribute;
}

}  // namespace thalweg
