// listagg (string_agg): texts or bytes in the order of the rows, a delimiter between them.
#include "functions/aggregate_values.h"
#include "functions/aggregates.h"
#include "functions/families.h"

namespace thalweg {
namespace {

struct TextBlock {
  ArenaSpan text;
  uint64_t has_value;
};

class ListAggregate final : public Aggregate {
 public:
  explicit ListAggregate(std::string delimiter) : delimiter_(std::move(delimiter)) {
    layout_.width = sizeof(TextBlock);
    layout_.exact = false;
    layout_.order_sensitive = true;
    layout_.spans = {0};
  }

  Status Update(const Vector* const* arguments, const Selection& rows,
                const AggregateTargets& targets) const override {
    Status status;
    ForEachValue<StringView>(*arguments[0], rows, [&](int i, const StringView& value) {
      if (status.ok()) status = Add(value.view(), targets, i);
    });
    return status;
  }

  Status Merge(const AggregateTargets& into, const uint8_t* const* from, int count,
               bool subtract) const override {
    THALWEG_CHECK(!subtract, "a text is not taken apart");
    for (int i = 0; i < count; ++i) {
      const TextBlock& other = *BlockAt<TextBlock>(into, from, i);
      if (other.has_value) THALWEG_RETURN_NOT_OK(Add(SpanBytes(other.text).view(), into, i));
    }
    return Status::OK();
  }

  Status Finish(const AggregateTargets& from, int count, int at, Vector* out) const override {
    for (int i = 0; i < count; ++i) {
      const TextBlock& block = *BlockAt<TextBlock>(from, i);
      if (block.has_value) {
        out->SetString(at + i, SpanBytes(block.text).view());
      } else {
        out->SetNull(at + i);
      }
    }
    return Status::OK();
  }

 private:
  Status Add(std::string_view text, const AggregateTargets& targets, int i) const {
    TextBlock* block = BlockAt<TextBlock>(targets, i);
    if (block->has_value) {
      THALWEG_RETURN_NOT_OK(AppendBytes(targets, i, delimiter_, &block->text));
    }
    block->has_value = 1;
    return AppendBytes(targets, i, text, &block->text);
  }

  const std::string delimiter_;
};

Result<ExprPtr> BindListAggregate(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(1, 2));
  for (int i = 0; i < b.count(); ++i) {
    const bool nested = b.Is(i, TypeKind::kArray) || b.Is(i, TypeKind::kMap) ||
                        b.Is(i, TypeKind::kStruct) || b.Is(i, TypeKind::kVariant);
    if (nested) {
      return UnexpectedArgumentType(b.name, b.arguments, i, "(\"STRING\" or \"BINARY\")", b.place);
    }
    if (b.Is(i, TypeKind::kBinary) || b.Is(i, TypeKind::kNull)) continue;
    if (!b.Is(i, TypeKind::kString)) THALWEG_RETURN_NOT_OK(b.CastArgument(i, StringType()));
    if (!b.type(i)->IsBinaryCollated()) {
      return NotSupportedYet(b.name + " of " + b.type(i)->Sql(), b.place);
    }
  }
  if (b.Is(0, TypeKind::kNull)) THALWEG_RETURN_NOT_OK(b.Coerce(0, StringType()));
  const TypePtr type = b.type(0);
  std::string delimiter;
  if (b.count() == 2) {
    const std::optional<Value> value = FoldedValue(b.arguments[1]);
    if (!value.has_value()) {
      return Status::User("DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                          {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                           {"inputName", "`delimiter`"},
                           {"inputType", QuotedType(*b.type(1))},
                           {"inputExpr", QuotedExpr(b.arguments[1])}},
                          b.place);
    }
    if (b.Is(1, TypeKind::kNull)) THALWEG_RETURN_NOT_OK(b.Coerce(1, type));
    if (!b.Is(1, type->kind())) return DifferentArgumentTypes(b.name, b.arguments, b.place);
    if (!value->is_null()) delimiter = value->text();
  }
  return FinishAggregate(&b, {std::make_shared<ListAggregate>(std::move(delimiter)), type});
}

}  // namespace

void RegisterListAggregate(FunctionRegistry* registry) {
  RegisterAggregates(registry, {"listagg", "string_agg"}, BindListAggregate);
}

}  // namespace thalweg
