// min and max. Values are kept as integers in their order (floats too: NaN above all, -0.0 below
// 0.0), so that the result does not depend on the order of the rows; strings in the arena.
#include <bit>
#include <cmath>
#include <limits>

#include "functions/aggregate_loops.h"
#include "functions/aggregates.h"
#include "functions/errors.h"
#include "functions/families.h"
#include "functions/value_order.h"

namespace thalweg {
namespace {

using Int128 = __int128;

/// Values of T as integers that compare like them.
template <class T>
struct Ordered {
  using Key = T;
  static Key Encode(T value) { return value; }
  static T Decode(Key key) { return key; }
};

template <class T, class K>
struct OrderedFloat {
  using Key = K;
  static constexpr Key kMagnitude = std::numeric_limits<Key>::max();
  static Key Encode(T value) {
    if (std::isnan(value)) value = std::numeric_limits<T>::quiet_NaN();
    const Key bits = std::bit_cast<Key>(value);
    return bits < 0 ? bits ^ kMagnitude : bits;
  }
  static T Decode(Key key) { return std::bit_cast<T>(key < 0 ? key ^ kMagnitude : key); }
};
template <>
struct Ordered<float> : OrderedFloat<float, int32_t> {};
template <>
struct Ordered<double> : OrderedFloat<double, int64_t> {};

template <class Key>
struct ExtremeBlock {
  Key key;
  std::conditional_t<sizeof(Key) <= 4, uint32_t, uint64_t> has_value;
};
template <>
struct ExtremeBlock<Int128> {  // aligned to 8 only
  uint64_t words[2];
  uint64_t has_value;
};

template <class Key>
Key LoadKey(const ExtremeBlock<Key>& block) {
  Key key;
  std::memcpy(&key, &block, sizeof(key));
  return key;
}

template <class T, bool kMax>
class FixedExtreme final : public Aggregate {
  using Key = typename Ordered<T>::Key;
  using Block = ExtremeBlock<Key>;
  static_assert(alignof(Block) <= 8);

 public:
  FixedExtreme() { layout_.width = (sizeof(Block) + 7) / 8 * 8; }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    ForEachValue<T>(*arguments[0], rows, [&](int i, T value) {
      Offer(Ordered<T>::Encode(value), BlockAt<Block>(targets, i));
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "an extreme cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const Block& other = *BlockAt<Block>(into, from, i);
      if (other.has_value) Offer(LoadKey<Key>(other), BlockAt<Block>(into, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    T* results = out->mutable_values<T>() + at;
    for (int i = 0; i < count; ++i) {
      const Block& block = *BlockAt<Block>(from, i);
      results[i] = Ordered<T>::Decode(LoadKey<Key>(block));
      if (!block.has_value) out->SetNull(at + i);
    }
    return Status::OK();
  }

 private:
  static void Offer(Key key, Block* block) {
    const Key best = LoadKey<Key>(*block);
    const bool better = !block->has_value | (kMax ? key > best : key < best);
    const Key kept = better ? key : best;
    std::memcpy(block, &kept, sizeof(kept));
    block->has_value = 1;
  }
};

struct StringBlock {
  ArenaSpan span;
  uint64_t has_value;
};

template <bool kMax>
class StringExtreme final : public Aggregate {
 public:
  StringExtreme() {
    layout_.width = sizeof(StringBlock);
    layout_.spans = {0};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    Status status;
    ForEachValue<StringView>(*arguments[0], rows, [&](int i, const StringView& value) {
      if (status.ok()) status = Offer(value.view(), targets, i);
    });
    return status;
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "an extreme cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const StringBlock& other = *BlockAt<StringBlock>(into, from, i);
      if (other.has_value) THALWEG_RETURN_NOT_OK(Offer(Text(other), into, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    for (int i = 0; i < count; ++i) {
      const StringBlock& block = *BlockAt<StringBlock>(from, i);
      if (block.has_value) {
        out->SetString(at + i, Text(block));
      } else {
        out->SetNull(at + i);
      }
    }
    return Status::OK();
  }

 private:
  static std::string_view Text(const StringBlock& block) {
    return {reinterpret_cast<const char*>(block.span.data), block.span.size};
  }

  static Status Offer(std::string_view text, const AggregateTargets& targets, int i) {
    StringBlock* block = BlockAt<StringBlock>(targets, i);
    if (block->has_value && !(kMax ? text > Text(*block) : text < Text(*block))) {
      return Status::OK();
    }
    const uint32_t size = static_cast<uint32_t>(text.size());
    if (size > block->span.capacity) {
      block->span.size = 0;  // what was kept need not be moved
      AggregateArena* arena = targets.arenas[i * targets.arena_stride];
      THALWEG_RETURN_NOT_OK(arena->Reserve(&block->span, size));
    }
    if (size > 0) std::memcpy(block->span.data, text.data(), size);
    block->span.size = size;
    block->has_value = 1;
    return Status::OK();
  }
};

template <bool kMax>
std::shared_ptr<const Aggregate> MakeFixedExtreme(PhysicalKind kind) {
  switch (kind) {
    case PhysicalKind::kNull:
      return MakeNullAggregate();
    case PhysicalKind::kBool:
      return std::make_shared<FixedExtreme<uint8_t, kMax>>();
    case PhysicalKind::kInt8:
      return std::make_shared<FixedExtreme<int8_t, kMax>>();
    case PhysicalKind::kInt16:
      return std::make_shared<FixedExtreme<int16_t, kMax>>();
    case PhysicalKind::kInt32:
      return std::make_shared<FixedExtreme<int32_t, kMax>>();
    case PhysicalKind::kInt64:
      return std::make_shared<FixedExtreme<int64_t, kMax>>();
    case PhysicalKind::kInt128:
      return std::make_shared<FixedExtreme<Int128, kMax>>();
    case PhysicalKind::kFloat:
      return std::make_shared<FixedExtreme<float, kMax>>();
    case PhysicalKind::kDouble:
      return std::make_shared<FixedExtreme<double, kMax>>();
    case PhysicalKind::kString:
      return std::make_shared<StringExtreme<kMax>>();
    default:
      return nullptr;
  }
}

Result<ExprPtr> BindExtreme(const std::string& name, std::vector<ExprPtr> arguments,
                            const BindSettings&, const SqlPlace& place) {
  if (arguments.size() != 1) return WrongArgumentCount(name, "1", arguments.size(), place);
  const TypePtr type = arguments[0]->type;
  if (!HasOrder(*type)) return NoOrdering(name, arguments, *type, place);
  auto aggregate = MakeExtreme(type, name == "max");
  const bool collated = type->Is(TypeKind::kString) && !type->IsBinaryCollated();
  if (aggregate == nullptr || collated) return NotSupportedYet(name + " of " + type->Sql(), place);
  auto function = std::make_shared<AggregateFunction>(
      FunctionSignature{name, {type}, type, "", true}, /*result_nullable=*/true, aggregate);
  return MakeAggregateCall(std::move(function), std::move(arguments), place);
}

}  // namespace

std::shared_ptr<const Aggregate> MakeExtreme(const TypePtr& type, bool max) {
  auto aggregate =
      max ? MakeFixedExtreme<true>(type->physical()) : MakeFixedExtreme<false>(type->physical());
  return aggregate != nullptr ? aggregate : MakeNestedExtreme(type, max);
}

void RegisterExtremes(FunctionRegistry* registry) {
  registry->Register({"min", FunctionKind::kAggregate, BindExtreme});
  registry->Register({"max", FunctionKind::kAggregate, BindExtreme});
}

}  // namespace thalweg
