// A bound generator: a function that makes rows out of one row (explode and its kin). Called by the
// Generate operator in two steps, so that it decides where a batch ends: how many rows does each
// input row make, and then the columns of some of them. Immutable and shared by all lanes.
#pragma once

#include <vector>

#include "data/batch.h"
#include "plan/expression.h"

namespace thalweg {

/// Made rows in the order in which they come out: entry i is made row `positions[i]` of input row
/// `rows[i]`; position -1: a row of NULLs. At most kBatchRows.
struct MadeRows {
  const RowIndex* rows = nullptr;
  const int32_t* positions = nullptr;
  int count = 0;
};

class GeneratorFunction : public BoundFunction {
 public:
  GeneratorFunction(FunctionSignature signature, std::vector<StructField> columns)
      : BoundFunction(std::move(signature)), columns_(std::move(columns)) {}
  /// The columns that it makes, with the names they have where the query gives none.
  const std::vector<StructField>& columns() const { return columns_; }

  /// counts[i]: how many rows the i-th of `rows` makes.
  virtual void Count(const Vector* const* arguments, const Selection& rows,
                     int32_t* counts) const = 0;
  /// Fills the columns, flat and of rows.count rows.
  virtual void Fill(const Vector* const* arguments, const MadeRows& rows,
                    Vector* const* columns) const = 0;

 private:
  const std::vector<StructField> columns_;
};
using GeneratorFunctionPtr = std::shared_ptr<const GeneratorFunction>;

/// A typed call; `outer`: of the …_outer twin.
ExprPtr MakeGeneratorCall(GeneratorFunctionPtr function, std::vector<ExprPtr> arguments, bool outer,
                          const SqlPlace& place = {});

}  // namespace thalweg
