// min and max of arrays and structs: the best value so far is kept as its row encoding
// (data/row_codec.h) in the arena, and decoded to be compared.
#include "data/row_codec.h"
#include "functions/aggregate_loops.h"
#include "functions/aggregates.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

struct Block {
  ArenaSpan span;
  uint64_t has_value;
};

class NestedExtreme final : public Aggregate {
 public:
  NestedExtreme(TypePtr type, ValueOrderPtr order, bool max)
      : type_(std::move(type)), order_(std::move(order)), max_(max) {
    layout_.width = sizeof(Block);
    layout_.spans = {0};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    RowEncoder encoder({type_});
    const StringView* encoded = encoder.Encode(arguments, rows);
    const RowDecoder decoder({type_});
    int i = -1;
    Status status;
    ForEachRow(rows, [&](int r) {
      ++i;
      if (!status.ok() || arguments[0]->IsNull(r)) return;
      status = Offer({*arguments[0], r, encoded[i]}, decoder, targets, i);
    });
    return status;
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "an extreme cannot be taken back");
    const RowDecoder decoder({type_});
    for (int i = 0; i < count; ++i) {
      const Block& other = *BlockAt<Block>(into, from, i);
      if (!other.has_value) continue;
      Vector value;
      THALWEG_RETURN_NOT_OK(Decode(other, decoder, &value));
      THALWEG_RETURN_NOT_OK(Offer({value, 0, Bytes(other)}, decoder, into, i));
    }
    return Status::OK();
  }

  /// Nested results are appended in row order.
  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    const RowDecoder decoder({type_});
    out->SetSize(at);
    for (int i = 0; i < count; ++i) {
      const Block& block = *BlockAt<Block>(from, i);
      if (!block.has_value) {
        AppendNulls(1, out);
        continue;
      }
      Vector value;
      THALWEG_RETURN_NOT_OK(Decode(block, decoder, &value));
      AppendRange(value, 0, 1, out);
    }
    return Status::OK();
  }

 private:
  static StringView Bytes(const Block& block) {
    return {reinterpret_cast<const char*>(block.span.data), block.span.size};
  }

  Status Decode(const Block& block, const RowDecoder& decoder, Vector* out) const {
    out->ResetFlat(type_, 0);
    const StringView bytes = Bytes(block);
    Vector* const columns[] = {out};
    THALWEG_RETURN_NOT_OK(decoder.Decode(&bytes, 1, 0, columns));
    out->SetSize(1);
    return Status::OK();
  }

  /// A value and its encoding.
  struct Candidate {
    const Vector& value;
    int row;
    StringView bytes;
  };
  /// The candidate for targets[i] against what is kept there.
  Status Offer(const Candidate& candidate, const RowDecoder& decoder,
               const AggregateTargets& targets, int i) const;

  const TypePtr type_;
  const ValueOrderPtr order_;
  const bool max_;
};

Status NestedExtreme::Offer(const Candidate& candidate, const RowDecoder& decoder,
                            const AggregateTargets& targets, int i) const {
  Block* block = BlockAt<Block>(targets, i);
  if (block->has_value) {
    Vector kept;
    THALWEG_RETURN_NOT_OK(Decode(*block, decoder, &kept));
    const int order = order_->Compare(candidate.value, candidate.row, kept, 0);
    if (max_ ? order <= 0 : order >= 0) return Status::OK();
  }
  const uint32_t size = candidate.bytes.size();
  if (size > block->span.capacity) {
    block->span.size = 0;  // what was kept need not be moved
    AggregateArena* arena = targets.arenas[i * targets.arena_stride];
    THALWEG_RETURN_NOT_OK(arena->Reserve(&block->span, size));
  }
  std::memcpy(block->span.data, candidate.bytes.data(), size);
  block->span.size = size;
  block->has_value = 1;
  return Status::OK();
}

}  // namespace

std::shared_ptr<const Aggregate> MakeNestedExtreme(const TypePtr& type, bool max) {
  ValueOrderPtr order = ValueOrder::Make(*type);
  if (order == nullptr) return nullptr;
  return std::make_shared<NestedExtreme>(type, std::move(order), max);
}

}  // namespace thalweg
