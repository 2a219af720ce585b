// Union: rows of all inputs, input by input, under the columns of the union.
#include "exec/operators.h"

namespace thalweg {
namespace {

class UnionOperator final : public Operator {
 public:
  UnionOperator(const SchemaPtr& schema, int inputs) : inputs_(inputs), renamed_(schema) {}

  Result<Flow> Push(int, const Batch& batch, Output& out) override {
    const int rows = batch.row_count();
    if (rows == 0) return Flow::kMore;
    metrics_.rows_in += rows;
    metrics_.rows_out += rows;
    renamed_.ShareFrom(batch);
    return out.Write(renamed_);
  }
  Description Describe() const override { return {"Union", {{"inputs", std::to_string(inputs_)}}}; }

 private:
  const int inputs_;
  Batch renamed_;
};

}  // namespace

std::unique_ptr<Operator> NewUnion(const SchemaPtr& schema, int inputs) {
  return std::make_unique<UnionOperator>(schema, inputs);
}

}  // namespace thalweg
