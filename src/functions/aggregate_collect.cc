// collect_list (array_agg): the values in the order of the rows, encoded one after the other in the
// arena. NULLs are left out unless RESPECT NULLS asks for them.
#include "functions/aggregate_values.h"
#include "functions/aggregates.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct ListBlock {
  ArenaSpan records;
  uint64_t count;
};

class CollectList final : public Aggregate {
 public:
  CollectList(TypePtr element, bool keeps_nulls)
      : element_(std::move(element)), keeps_nulls_(keeps_nulls) {
    layout_.width = sizeof(ListBlock);
    layout_.exact = false;
    layout_.order_sensitive = true;
    layout_.spans = {0};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    RowEncoder encoder({element_});
    const StringView* encoded = encoder.Encode(arguments, rows);
    for (int i = 0; i < rows.count; ++i) {
      if (!keeps_nulls_ && arguments[0]->IsNull(rows[i])) continue;
      ListBlock* block = BlockAt<ListBlock>(targets, i);
      THALWEG_RETURN_NOT_OK(AppendRecord(targets, i, encoded[i].view(), &block->records));
      ++block->count;
    }
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "a list is not taken apart");
    for (int i = 0; i < count; ++i) {
      const ListBlock& other = *BlockAt<ListBlock>(into, from, i);
      ListBlock* block = BlockAt<ListBlock>(into, i);
      THALWEG_RETURN_NOT_OK(AppendBytes(into, i, SpanBytes(other.records).view(), &block->records));
      block->count += other.count;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    std::vector<StringView> records;
    std::vector<int> counts;
    for (int i = 0; i < count; ++i) {
      const ListBlock& block = *BlockAt<ListBlock>(from, i);
      ForEachRecord(block.records, [&](const StringView& bytes) { records.push_back(bytes); });
      counts.push_back(static_cast<int>(block.count));
    }
    return WriteLists(records, counts, at, out);
  }

 private:
  const TypePtr element_;
  const bool keeps_nulls_;
};

Result<ExprPtr> BindCollectList(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  const bool keeps_nulls = b.name == "$collect_list_nulls";
  const TypePtr element = b.type(0);
  const TypePtr type = ArrayType(element, keeps_nulls && b.nullable(0));
  return FinishAggregate(&b, {std::make_shared<CollectList>(element, keeps_nulls), type, false});
}

}  // namespace

void RegisterCollectList(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"collect_list", "array_agg", "$collect_list_nulls"},
                     BindCollectList);
}

}  // namespace thalweg
