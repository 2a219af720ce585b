// count(*), count(a, b, …): rows in which no argument is NULL. Exact, and undone by subtracting.
#include "functions/aggregate_loops.h"
#include "functions/aggregates.h"
#include "functions/families.h"

namespace thalweg {
namespace {

class CountAggregate final : public Aggregate {
 public:
  explicit CountAggregate(int argument_count) : argument_count_(argument_count) {
    layout_.width = sizeof(int64_t);
    layout_.invertible = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    uint64_t valid[ValidityWords(kBatchRows)];
    bool any_nulls = false;
    for (int a = 0; a < argument_count_; ++a) {
      const Vector& argument = *arguments[a];
      if (argument.physical() == PhysicalKind::kNull) return Status::OK();
      if (argument.is_constant()) {
        if (argument.IsNull(0)) return Status::OK();
      } else if (argument.may_have_nulls()) {
        const int words = ValidityWords(argument.size());
        for (int w = 0; w < words; ++w) {
          valid[w] = any_nulls ? valid[w] & argument.validity()[w] : argument.validity()[w];
        }
        any_nulls = true;
      }
    }
    if (!any_nulls) {
      for (int i = 0; i < rows.count; ++i) ++*BlockAt<int64_t>(targets, i);
    } else {
      int i = 0;
      ForEachRow(rows, [&](int r) {
        *BlockAt<int64_t>(targets, i++) += static_cast<int64_t>(valid[r >> 6] >> (r & 63) & 1);
      });
    }
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    for (int i = 0; i < count; ++i) {
      const int64_t rows = *BlockAt<int64_t>(into, from, i);
      *BlockAt<int64_t>(into, i) += subtract ? -rows : rows;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    int64_t* counts = out->mutable_values<int64_t>() + at;
    for (int i = 0; i < count; ++i) counts[i] = *BlockAt<int64_t>(from, i);
    return Status::OK();
  }

 private:
  const int argument_count_;
};

Result<ExprPtr> BindCount(const std::string& name, std::vector<ExprPtr> arguments,
                          const BindSettings&, const SqlPlace& place) {
  FunctionSignature signature{name, {}, BigintType(), "", true};
  for (const ExprPtr& argument : arguments) signature.argument_types.push_back(argument->type);
  auto aggregate = std::make_shared<CountAggregate>(static_cast<int>(arguments.size()));
  auto function = std::make_shared<AggregateFunction>(std::move(signature),
                                                      /*result_nullable=*/false, aggregate);
  return MakeAggregateCall(std::move(function), std::move(arguments), place);
}

}  // namespace

void RegisterCount(FunctionRegistry* registry) {
  registry->Register({"count", FunctionKind::kAggregate, BindCount});
}

}  // namespace thalweg
