// Aggregates of BOOLEAN and of bits: count_if, bool_and, bool_or, bit_and, bit_or, bit_xor.
#include "functions/aggregate_loops.h"
#include "functions/aggregates.h"
#include "functions/errors.h"
#include "functions/families.h"

namespace thalweg {
namespace {

class CountIf final : public Aggregate {
 public:
  CountIf() {
    layout_.width = sizeof(int64_t);
    layout_.invertible = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<uint8_t>(*arguments[0], rows, [&](int i, uint8_t value) {
      *BlockAt<int64_t>(targets, i) += value != 0;
    });
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
};

enum class BitOperation { kAnd, kOr, kXor };

/// `bits` is complemented for kAnd, so that zeroes are the neutral element.
struct BitBlock {
  int64_t bits;
  uint64_t has_value;
};

template <class T, BitOperation kOperation>
class BitAggregate final : public Aggregate {
 public:
  BitAggregate() { layout_.width = sizeof(BitBlock); }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<T>(*arguments[0], rows, [&](int i, T value) {
      const int64_t bits = value;
      Fold(kOperation == BitOperation::kAnd ? ~bits : bits, BlockAt<BitBlock>(targets, i));
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "bits cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const BitBlock& other = *BlockAt<BitBlock>(into, from, i);
      if (other.has_value) Fold(other.bits, BlockAt<BitBlock>(into, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    T* results = out->mutable_values<T>() + at;
    for (int i = 0; i < count; ++i) {
      const BitBlock& block = *BlockAt<BitBlock>(from, i);
      results[i] = static_cast<T>(kOperation == BitOperation::kAnd ? ~block.bits : block.bits);
      if (!block.has_value) out->SetNull(at + i);
    }
    return Status::OK();
  }

 private:
  static void Fold(int64_t bits, BitBlock* block) {
    block->bits = kOperation == BitOperation::kXor ? block->bits ^ bits : block->bits | bits;
    block->has_value = 1;
  }
};

template <BitOperation kOperation>
std::shared_ptr<const Aggregate> MakeBits(TypeKind kind) {
  switch (kind) {
    case TypeKind::kTinyint:
      return std::make_shared<BitAggregate<int8_t, kOperation>>();
    case TypeKind::kSmallint:
      return std::make_shared<BitAggregate<int16_t, kOperation>>();
    case TypeKind::kInt:
      return std::make_shared<BitAggregate<int32_t, kOperation>>();
    default:
      return std::make_shared<BitAggregate<int64_t, kOperation>>();
  }
}

Result<ExprPtr> BindBits(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  if (b.Is(0, TypeKind::kNull)) THALWEG_RETURN_NOT_OK(b.Coerce(0, IntType()));
  const TypePtr type = b.type(0);
  if (!type->IsIntegral()) return b.Unexpected(0, "INTEGRAL");
  const TypeKind kind = type->kind();
  auto aggregate = b.name == "bit_and"  ? MakeBits<BitOperation::kAnd>(kind)
                   : b.name == "bit_or" ? MakeBits<BitOperation::kOr>(kind)
                                        : MakeBits<BitOperation::kXor>(kind);
  return FinishAggregate(&b, {std::move(aggregate), type});
}

Result<ExprPtr> BindCountIf(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.CastArgument(0, BooleanType()));
  return FinishAggregate(&b, {std::make_shared<CountIf>(), BigintType(), false});
}

/// All are true: the least of them is.
Result<ExprPtr> BindBooleans(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 1));
  THALWEG_RETURN_NOT_OK(b.CastArgument(0, BooleanType()));
  const bool all = b.name == "bool_and" || b.name == "every";
  return FinishAggregate(&b, {MakeExtreme(BooleanType(), !all), BooleanType()});
}

}  // namespace

void RegisterBitAggregates(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"bit_and", "bit_or", "bit_xor"}, BindBits);
  RegisterAggregates(registry, {"count_if"}, BindCountIf);
  RegisterAggregates(registry, {"bool_and", "every", "bool_or", "some", "any"}, BindBooleans);
}

}  // namespace thalweg
