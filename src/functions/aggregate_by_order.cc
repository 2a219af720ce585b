// max_by(value, key), min_by(value, key): the value of the row with the greatest (least) key. Rows
// whose key is NULL do not count; of equal keys the last row's value stays, as in Spark, so the
// result depends on the order of the rows. Value and key lie encoded in the arena.
#include "functions/aggregate_values.h"
#include "functions/aggregates.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

struct Block {
  ArenaSpan key;
  ArenaSpan value;
  uint64_t has_key;
};

class ChoiceByOrder final : public Aggregate {
 public:
  ChoiceByOrder(TypePtr value, TypePtr key, ValueOrderPtr order, bool max)
      : value_(std::move(value)),
        key_(std::move(key)),
        order_(std::move(order)),
        max_(max),
        null_(EncodedNull(value_)) {
    layout_.width = sizeof(Block);
    layout_.exact = false;
    layout_.order_sensitive = true;
    layout_.spans = {0, static_cast<int>(sizeof(ArenaSpan))};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    RowEncoder value_encoder({value_});
    RowEncoder key_encoder({key_});
    const StringView* values = value_encoder.Encode(arguments, rows);
    const StringView* keys = key_encoder.Encode(arguments + 1, rows);
    for (int i = 0; i < rows.count; ++i) {
      if (arguments[1]->IsNull(rows[i])) continue;
      THALWEG_RETURN_NOT_OK(Offer({*arguments[1], rows[i], keys[i], values[i]}, targets, i));
    }
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "a choice cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const Block& other = *BlockAt<Block>(into, from, i);
      if (!other.has_key) continue;
      Vector key;
      THALWEG_RETURN_NOT_OK(DecodeKey(other, &key));
      THALWEG_RETURN_NOT_OK(Offer({key, 0, SpanBytes(other.key), SpanBytes(other.value)}, into, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    std::vector<StringView> records;
    for (int i = 0; i < count; ++i) {
      const Block& block = *BlockAt<Block>(from, i);
      records.push_back(block.has_key ? SpanBytes(block.value) : StringView(null_));
    }
    return DecodeValues(value_, records, at, out);
  }

 private:
  /// A row: its key, and the encodings of its key and value.
  struct Candidate {
    const Vector& key;
    int row;
    StringView key_bytes;
    StringView value_bytes;
  };

  Status DecodeKey(const Block& block, Vector* out) const {
    out->ResetFlat(key_, 0);
    const StringView bytes = SpanBytes(block.key);
    Vector* const columns[] = {out};
    const RowDecoder decoder({key_});
    THALWEG_RETURN_NOT_OK(decoder.Decode(&bytes, 1, 0, columns));
    out->SetSize(1);
    return Status::OK();
  }

  Status Offer(const Candidate& candidate, const AggregateTargets& targets, int i) const {
    Block* block = BlockAt<Block>(targets, i);
    if (block->has_key) {
      Vector kept;
      THALWEG_RETURN_NOT_OK(DecodeKey(*block, &kept));
      const int order = order_->Compare(candidate.key, candidate.row, kept, 0);
      if (max_ ? order < 0 : order > 0) return Status::OK();
    }
    THALWEG_RETURN_NOT_OK(StoreBytes(targets, i, candidate.key_bytes.view(), &block->key));
    THALWEG_RETURN_NOT_OK(StoreBytes(targets, i, candidate.value_bytes.view(), &block->value));
    block->has_key = 1;
    return Status::OK();
  }

  const TypePtr value_;
  const TypePtr key_;
  const ValueOrderPtr order_;
  const bool max_;
  const std::string null_;
};

Result<ExprPtr> BindChoiceByOrder(Binding b) {
  if (b.count() == 3) return NotSupportedYet(b.name + " with a number of values", b.place);
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  const TypePtr value = b.type(0);
  const TypePtr key = b.type(1);
  if (value->Is(TypeKind::kNull) || key->Is(TypeKind::kNull)) {
    return NotSupportedYet(b.name + " of VOID", b.place);
  }
  if (!HasOrder(*key)) return NoOrdering(b.name, b.arguments, *key, b.place);
  ValueOrderPtr order = ValueOrder::Make(*key);
  if (order == nullptr) return NotSupportedYet(b.name + " ordered by " + key->Sql(), b.place);
  auto aggregate =
      std::make_shared<ChoiceByOrder>(value, key, std::move(order), b.name == "max_by");
  return FinishAggregate(&b, {std::move(aggregate), value});
}

}  // namespace

void RegisterChoicesByOrder(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"max_by", "min_by"}, BindChoiceByOrder);
}

}  // namespace thalweg
