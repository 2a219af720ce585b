// Lambda functions that ask their lambda once for each element of an array or entry of a map:
// transform, filter, exists, forall, map_filter, transform_keys, transform_values. The elements of
// all rows are flattened into batches for the body. exists and forall stop at the element that
// decides: what the body says, or raises, for later elements of the row does not count.
#include "functions/families.h"
#include "functions/lambda_feed.h"
#include "functions/lambda_functions.h"
#include "functions/nested_maps.h"

namespace thalweg {
namespace {

using ContextPtr = std::shared_ptr<const KernelContext>;

/// What an evaluation is about.
struct ElementCall {
  EvalCall& call;
  const Vector& list;   // argument 0, any encoding
  const Vector& lists;  // what its positions refer to
  const KernelContext* context;
};

/// Runs the lambda (argument 1) over the elements of the rows `live`. `sink` takes its values and
/// says for which rows nothing more is needed.
template <class Sink>
Status VisitElements(const ElementCall& e, const std::vector<RowIndex>& live, Sink* sink) {
  LambdaFeed feed(&e.call.LambdaArgument(1), Sink::Sources(e.lists));
  size_t row = 0;
  int element = 0;  // of that row, the next one
  while (true) {
    feed.Clear();
    while (row < live.size() && !feed.full()) {
      const ListSpan span = SpanOf(e.list, live[row]);
      if (element >= span.count() || sink->Decided(live[row])) {
        ++row;
        element = 0;
        continue;
      }
      feed.Add(live[row], {span.begin + element, Sink::kOfMap ? span.begin + element : element});
      ++element;
    }
    if (feed.count() == 0) return Status::OK();
    RowErrors errors;
    THALWEG_ASSIGN_OR_RETURN(const Vector* values, feed.Run(&errors));
    sink->Visit(feed, *values, errors.empty() ? feed.count() : errors.row());
    if (errors.empty()) continue;
    const int failed = feed.parent(errors.row());
    if (!sink->Decided(failed)) {
      if (e.call.errors().Wants(failed)) e.call.errors().Report(failed, errors.status());
      return Status::OK();  // later rows cannot have the first error
    }
    while (row >= live.size() || live[row] != failed) --row;
    ++row;
    element = 0;
  }
}

template <class Sink>
class ElementFunction final : public ScalarFunction {
 public:
  ElementFunction(FunctionSignature signature, ScalarTraits traits, ContextPtr context)
      : ScalarFunction(std::move(signature), traits), context_(std::move(context)) {}

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Vector* list, call.Argument(0));
    const ElementCall element_call{call, *list, ListsOf(*list), context_.get()};
    const std::vector<RowIndex> live = RowsWithValue(*list, call.rows());
    out->ResetFlat(result_type(), call.physical_rows());
    Sink sink(element_call, out);
    THALWEG_RETURN_NOT_OK(VisitElements(element_call, live, &sink));
    THALWEG_RETURN_NOT_OK(sink.Finish(live));
    NullOthers(call.rows(), live, out);
    return Status::OK();
  }

 private:
  const ContextPtr context_;
};

/// Arrays that become arrays of what the body says.
class TransformSink {
 public:
  static constexpr bool kOfMap = false;
  static std::vector<const Vector*> Sources(const Vector& lists) {
    return {&lists.child(0), nullptr};
  }
  TransformSink(const ElementCall& e, Vector* out) : writer_(e.call.physical_rows(), out) {}
  static bool Decided(int) { return false; }
  void Visit(const LambdaFeed& feed, const Vector& values, int count) {
    for (int k = 0; k < count; ++k) {
      writer_.Begin(feed.parent(k));
      writer_.elements().Add(values, k);
    }
    writer_.elements().Flush();
  }
  Status Finish(const std::vector<RowIndex>&) { return writer_.Finish(); }

 private:
  ListWriter writer_;
};

bool IsTrue(const Vector& values, int k) {
  return !values.IsNull(k) && values.Get<uint8_t>(k) != 0;
}

/// filter and map_filter: the elements or entries for which the body is true.
template <bool kMap>
class FilterSink {
 public:
  static constexpr bool kOfMap = kMap;
  static std::vector<const Vector*> Sources(const Vector& lists) {
    return {&lists.child(0), kMap ? &lists.child(1) : nullptr};
  }
  FilterSink(const ElementCall& e, Vector* out)
      : lists_(e.lists), writer_(e.call.physical_rows(), out) {}
  static bool Decided(int) { return false; }
  void Visit(const LambdaFeed& feed, const Vector& values, int count) {
    for (int k = 0; k < count; ++k) {
      if (!IsTrue(values, k)) continue;
      writer_.Begin(feed.parent(k));
      for (int c = 0; c < lists_.child_count(); ++c) {
        writer_.elements(c).Add(lists_.child(c), feed.position(0, k));
      }
    }
  }
  Status Finish(const std::vector<RowIndex>&) { return writer_.Finish(); }

 private:
  const Vector& lists_;
  ListWriter writer_;
};

/// exists (kDecides = true): true, NULL or false; forall (false): false, NULL or true.
template <bool kDecides>
class QuantifierSink {
 public:
  static constexpr bool kOfMap = false;
  static std::vector<const Vector*> Sources(const Vector& lists) { return {&lists.child(0)}; }
  QuantifierSink(const ElementCall& e, Vector* out)
      : rows_(e.call.physical_rows(), Row::kOpen), out_(out) {}
  bool Decided(int row) const { return rows_[row] == Row::kDecided; }
  void Visit(const LambdaFeed& feed, const Vector& values, int count) {
    for (int k = 0; k < count; ++k) {
      Row& row = rows_[feed.parent(k)];
      if (row == Row::kDecided) continue;
      if (values.IsNull(k)) {
        row = Row::kNull;
      } else if ((values.Get<uint8_t>(k) != 0) == kDecides) {
        row = Row::kDecided;
      }
    }
  }
  Status Finish(const std::vector<RowIndex>& live) {
    uint8_t* results = out_->mutable_values<uint8_t>();
    for (const RowIndex r : live) {
      results[r] = Decided(r) == kDecides;
      if (rows_[r] == Row::kNull) out_->SetNull(r);
    }
    return Status::OK();
  }

 private:
  enum class Row : uint8_t { kOpen, kNull, kDecided };
  std::vector<Row> rows_;
  Vector* const out_;
};

class TransformValuesSink {
 public:
  static constexpr bool kOfMap = true;
  static std::vector<const Vector*> Sources(const Vector& lists) {
    return {&lists.child(0), &lists.child(1)};
  }
  TransformValuesSink(const ElementCall& e, Vector* out)
      : lists_(e.lists), writer_(e.call.physical_rows(), out) {}
  static bool Decided(int) { return false; }
  void Visit(const LambdaFeed& feed, const Vector& values, int count) {
    for (int k = 0; k < count; ++k) {
      writer_.Begin(feed.parent(k));
      writer_.elements(0).Add(lists_.child(0), feed.position(0, k));
      writer_.elements(1).Add(values, k);
    }
    writer_.elements(1).Flush();
  }
  Status Finish(const std::vector<RowIndex>&) { return writer_.Finish(); }

 private:
  const Vector& lists_;
  ListWriter writer_;
};

class TransformKeysSink {
 public:
  static constexpr bool kOfMap = true;
  static std::vector<const Vector*> Sources(const Vector& lists) {
    return {&lists.child(0), &lists.child(1)};
  }
  TransformKeysSink(const ElementCall& e, Vector* out)
      : e_(e), out_(out), keys_(out->type()->key()) {}
  static bool Decided(int) { return false; }
  void Visit(const LambdaFeed& feed, const Vector& values, int count) {
    AppendRange(values, 0, count, &keys_);
    for (int k = 0; k < count; ++k) {
      entries_.push_back({static_cast<int32_t>(entries_.size()), feed.position(0, k)});
      rows_.push_back(feed.parent(k));
    }
  }
  Status Finish(const std::vector<RowIndex>& live) {
    const auto& context = *static_cast<const MapContext*>(e_.context);
    MapWriter writer(context, keys_, e_.lists.child(1), &e_.call.errors(), e_.call.place());
    writer.Start(e_.call.physical_rows(), out_);
    std::vector<MapEntry> of_row;
    size_t next = 0;
    for (const RowIndex r : live) {
      of_row.clear();
      for (; next < rows_.size() && rows_[next] == r; ++next) of_row.push_back(entries_[next]);
      writer.Add(r, &of_row);
    }
    return writer.Finish();
  }

 private:
  const ElementCall& e_;
  Vector* const out_;
  Vector keys_;                    // what the body said, for all entries
  std::vector<MapEntry> entries_;  // of all rows
  std::vector<int> rows_;          // by entry
};

template <class Sink>
ExprPtr MakeElementCall(Binding b, TypePtr type, bool nullable, ContextPtr context = nullptr) {
  FunctionSignature signature = SignatureOf(b, std::move(type));
  if (context != nullptr && b.settings.last_map_key_wins) signature.parameters = "last wins";
  auto function = std::make_shared<ElementFunction<Sink>>(std::move(signature),
                                                          NullableIf(nullable), std::move(context));
  return MakeCall(std::move(function), std::move(b.arguments), b.place);
}

Result<ExprPtr> BindTransform(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  THALWEG_RETURN_NOT_OK(WantLambda(&b, 1));
  const bool nullable = b.nullable(0);
  const TypePtr type = ArrayType(b.type(1), b.nullable(1));
  return MakeElementCall<TransformSink>(std::move(b), type, nullable);
}

Result<ExprPtr> BindFilter(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  const bool of_map = b.name == "map_filter";
  if (!b.Is(0, of_map ? TypeKind::kMap : TypeKind::kArray)) {
    return b.Unexpected(0, of_map ? "MAP" : "ARRAY");
  }
  THALWEG_RETURN_NOT_OK(WantCondition(&b, 1));
  const bool nullable = b.nullable(0);
  const TypePtr type = b.type(0);
  return of_map ? MakeElementCall<FilterSink<true>>(std::move(b), type, nullable)
                : MakeElementCall<FilterSink<false>>(std::move(b), type, nullable);
}

Result<ExprPtr> BindQuantifier(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  THALWEG_RETURN_NOT_OK(WantCondition(&b, 1));
  const bool nullable = b.nullable(0) || b.nullable(1);
  return b.name == "exists"
             ? MakeElementCall<QuantifierSink<true>>(std::move(b), BooleanType(), nullable)
             : MakeElementCall<QuantifierSink<false>>(std::move(b), BooleanType(), nullable);
}

Result<ExprPtr> BindTransformMap(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(2, 2));
  if (!b.Is(0, TypeKind::kMap)) return b.Unexpected(0, "MAP");
  THALWEG_RETURN_NOT_OK(WantLambda(&b, 1));
  const bool nullable = b.nullable(0);
  const TypePtr map = b.type(0);
  if (b.name == "transform_values") {
    const TypePtr type = MapType(map->key(), b.type(1), b.nullable(1));
    return MakeElementCall<TransformValuesSink>(std::move(b), type, nullable);
  }
  THALWEG_ASSIGN_OR_RETURN(ContextPtr context, MakeMapContext(b, *b.type(1)));
  const TypePtr type = MapType(b.type(1), map->value(), map->contains_null());
  return MakeElementCall<TransformKeysSink>(std::move(b), type, nullable, std::move(context));
}

/// The element, and for some functions its position.
template <int kVariables>
Result<std::vector<StructField>> ElementVariables(const LambdaQuestion& question,
                                                  const BindSettings&) {
  if (question.position != 1) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr array, ArrayArgument(question, 0));
  THALWEG_RETURN_NOT_OK(CheckVariables(question, 1, kVariables));
  return std::vector<StructField>{{"element", array->element(), array->contains_null()},
                                  {"index", IntType(), false}};
}

Result<std::vector<StructField>> EntryVariables(const LambdaQuestion& question,
                                                const BindSettings&) {
  if (question.position != 1) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr map, MapArgument(question, 0));
  THALWEG_RETURN_NOT_OK(CheckVariables(question, 2, 2));
  return std::vector<StructField>{{"key", map->key(), false},
                                  {"value", map->value(), map->contains_null()}};
}

}  // namespace

void RegisterLambdaElements(FunctionRegistry* registry) {
  RegisterLambda(registry, "transform", BindTransform, ElementVariables<2>);
  RegisterLambda(registry, "filter", BindFilter, ElementVariables<2>);
  RegisterLambda(registry, "exists", BindQuantifier, ElementVariables<1>);
  RegisterLambda(registry, "forall", BindQuantifier, ElementVariables<1>);
  RegisterLambda(registry, "map_filter", BindFilter, EntryVariables);
  RegisterLambda(registry, "transform_keys", BindTransformMap, EntryVariables);
  RegisterLambda(registry, "transform_values", BindTransformMap, EntryVariables);
}

}  // namespace thalweg
