// first, last, any_value: the value of the first (last) row, or of the first that is not NULL. They
// depend on the order of the rows. Fixed-width values lie in the block, others encoded in the
// arena.
#include "functions/aggregate_values.h"
#include "functions/aggregates.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct ChoiceRule {
  bool last = false;
  bool ignores_nulls = false;
};

enum Kept : uint64_t { kNothing = 0, kNull = 1, kValue = 2 };

template <class T>
struct FixedBlock {
  uint64_t words[(sizeof(T) + 7) / 8];
  uint64_t kept;
};

template <class T>
class FixedChoice final : public Aggregate {
  using Block = FixedBlock<T>;

 public:
  explicit FixedChoice(ChoiceRule rule) : rule_(rule) {
    layout_.width = sizeof(Block);
    layout_.exact = false;
    layout_.order_sensitive = true;
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    const Vector& values = *arguments[0];
    int i = -1;
    ForEachRow(rows, [&](int r) {
      Block* block = BlockAt<Block>(targets, ++i);
      if (!rule_.last && block->kept != kNothing) return;
      if (!values.IsNull(r)) {
        const T value = values.Get<T>(r);
        std::memcpy(block->words, &value, sizeof(value));
        block->kept = kValue;
      } else if (!rule_.ignores_nulls) {
        block->kept = kNull;
      }
    });
    return Status::OK();
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "a choice cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const Block& other = *BlockAt<Block>(into, from, i);
      Block* block = BlockAt<Block>(into, i);
      if (other.kept != kNothing && (rule_.last || block->kept == kNothing)) *block = other;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    T* results = out->mutable_values<T>() + at;
    for (int i = 0; i < count; ++i) {
      const Block& block = *BlockAt<Block>(from, i);
      std::memcpy(&results[i], block.words, sizeof(T));
      if (block.kept != kValue) out->SetNull(at + i);
    }
    return Status::OK();
  }

 private:
  const ChoiceRule rule_;
};

struct EncodedBlock {
  ArenaSpan span;
  uint64_t kept;
};

class EncodedChoice final : public Aggregate {
 public:
  EncodedChoice(TypePtr type, ChoiceRule rule)
      : type_(std::move(type)), rule_(rule), null_(EncodedNull(type_)) {
    layout_.width = sizeof(EncodedBlock);
    layout_.exact = false;
    layout_.order_sensitive = true;
    layout_.spans = {0};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override;

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "a choice cannot be taken back");
    for (int i = 0; i < count; ++i) {
      const EncodedBlock& other = *BlockAt<EncodedBlock>(into, from, i);
      EncodedBlock* block = BlockAt<EncodedBlock>(into, i);
      if (other.kept == kNothing || (!rule_.last && block->kept != kNothing)) continue;
      THALWEG_RETURN_NOT_OK(StoreBytes(into, i, SpanBytes(other.span).view(), &block->span));
      block->kept = kValue;
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    std::vector<StringView> records;
    for (int i = 0; i < count; ++i) {
      const EncodedBlock& block = *BlockAt<EncodedBlock>(from, i);
      records.push_back(block.kept == kNothing ? StringView(null_) : SpanBytes(block.span));
    }
    return DecodeValues(type_, records, at, out);
  }

 private:
  const TypePtr type_;
  const ChoiceRule rule_;
  const std::string null_;
};

// Encodes only the rows that are kept, of `first` at most one a block.
Status EncodedChoice::Update(const Vector* const* arguments, const Selection& rows,
                             const AggregateTargets& targets) const {
  RowIndex wanted[kBatchRows];
  int positions[kBatchRows];
  int count = 0;
  int i = -1;
  ForEachRow(rows, [&](int r) {
    EncodedBlock* block = BlockAt<EncodedBlock>(targets, ++i);
    if (!rule_.last && block->kept != kNothing) return;
    if (rule_.ignores_nulls && arguments[0]->IsNull(r)) return;
    block->kept = kValue;
    wanted[count] = static_cast<RowIndex>(r);
    positions[count++] = i;
  });
  if (count == 0) return Status::OK();
  RowEncoder encoder({type_});
  const StringView* encoded = encoder.Encode(arguments, {wanted, count});
  for (int k = 0; k < count; ++k) {
    EncodedBlock* block = BlockAt<EncodedBlock>(targets, positions[k]);
    THALWEG_RETURN_NOT_OK(StoreBytes(targets, positions[k], encoded[k].view(), &block->span));
  }
  return Status::OK();
}

std::shared_ptr<const Aggregate> MakeChoice(const TypePtr& type, ChoiceRule rule) {
  switch (type->physical()) {
    case PhysicalKind::kNull:
      return MakeNullAggregate();
    case PhysicalKind::kBool:
    case PhysicalKind::kInt8:
      return std::make_shared<FixedChoice<uint8_t>>(rule);
    case PhysicalKind::kInt16:
      return std::make_shared<FixedChoice<int16_t>>(rule);
    case PhysicalKind::kInt32:
    case PhysicalKind::kFloat:
      return std::make_shared<FixedChoice<int32_t>>(rule);
    case PhysicalKind::kInt64:
    case PhysicalKind::kDouble:
      return std::make_shared<FixedChoice<int64_t>>(rule);
    case PhysicalKind::kInt128:
      return std::make_shared<FixedChoice<__int128>>(rule);
    default:
      return std::make_shared<EncodedChoice>(type, rule);
  }
}

// first(x [, ignore_nulls]); the option must be a literal.
Result<ExprPtr> BindChoice(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  ChoiceRule rule;
  rule.last = b.name.starts_with("last");
  if (b.count() == 2) {
    const auto* option = As<Literal>(b.arguments[1]);
    if (option == nullptr || !option->type->Is(TypeKind::kBoolean) || option->value.is_null()) {
      return Status::Legacy(
          1210, "The second argument in " + b.name + " should be a boolean literal.", b.place);
    }
    rule.ignores_nulls = option->value.boolean();
    b.arguments.pop_back();
  }
  const TypePtr type = b.type(0);
  return FinishAggregate(
      &b, {MakeChoice(type, rule), type, true, rule.ignores_nulls ? "ignore nulls" : ""});
}

}  // namespace

void RegisterChoices(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"first", "first_value", "last", "last_value", "any_value"},
                     BindChoice);
}

}  // namespace thalweg
