// Lambda functions over two collections at once: zip_with, map_zip_with. Where one of them has no
// partner its variable is NULL.
#include <algorithm>

#include "functions/coercion.h"
#include "functions/families.h"
#include "functions/lambda_feed.h"
#include "functions/lambda_functions.h"
#include "functions/nested_maps.h"

namespace thalweg {
namespace {

/// Both collections of a call and the rows in which neither is NULL.
struct Pair {
  Vector left;
  Vector right;
  std::vector<RowIndex> live;
};

/// The second is not evaluated where the first is NULL.
Result<Pair> EvaluatePair(EvalCall& call) {
  THALWEG_ASSIGN_OR_RETURN(const Vector* left, call.Argument(0));
  Pair pair{*left, Vector(), RowsWithValue(*left, call.rows())};
  if (pair.live.empty()) return pair;
  const Selection rows{pair.live.data(), static_cast<int>(pair.live.size())};
  THALWEG_ASSIGN_OR_RETURN(const Vector* right, call.ArgumentFor(1, rows));
  pair.right = *right;
  std::vector<RowIndex> live = RowsWithValue(pair.right, rows);
  pair.live = std::move(live);
  return pair;
}

/// Runs what was fed and hands its values to `take` (rows before the first error). False: an error
/// was reported, what comes later does not count.
template <class Take>
Result<bool> RunFeed(EvalCall& call, LambdaFeed* feed, Take&& take) {
  if (feed->count() == 0) return true;
  RowErrors errors;
  THALWEG_ASSIGN_OR_RETURN(const Vector* values, feed->Run(&errors));
  take(*values, errors.empty() ? feed->count() : errors.row());
  if (!errors.empty()) {
    const int row = feed->parent(errors.row());
    if (call.errors().Wants(row)) call.errors().Report(row, errors.status());
    return false;
  }
  feed->Clear();
  return true;
}

class ZipWithFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Pair pair, EvaluatePair(call));
    out->ResetFlat(result_type(), call.physical_rows());
    ListWriter writer(call.physical_rows(), out);
    THALWEG_RETURN_NOT_OK(Zip(call, pair, &writer));
    THALWEG_RETURN_NOT_OK(writer.Finish());
    NullOthers(call.rows(), pair.live, out);
    return Status::OK();
  }

 private:
  static Status Zip(EvalCall& call, const Pair& pair, ListWriter* writer) {
    if (pair.live.empty()) return Status::OK();
    LambdaFeed feed(&call.LambdaArgument(2),
                    {&ListsOf(pair.left).child(0), &ListsOf(pair.right).child(0)});
    const auto take = [&](const Vector& values, int count) {
      for (int k = 0; k < count; ++k) {
        writer->Begin(feed.parent(k));
        writer->elements().Add(values, k);
      }
      writer->elements().Flush();
    };
    for (const RowIndex r : pair.live) {
      const ListSpan left = SpanOf(pair.left, r);
      const ListSpan right = SpanOf(pair.right, r);
      for (int i = 0; i < std::max(left.count(), right.count()); ++i) {
        feed.Add(
            r, {i < left.count() ? left.begin + i : -1, i < right.count() ? right.begin + i : -1});
        if (!feed.full()) continue;
        THALWEG_ASSIGN_OR_RETURN(const bool more, RunFeed(call, &feed, take));
        if (!more) return Status::OK();
      }
    }
    return RunFeed(call, &feed, take).status();
  }
};

/// Keys of the first map in order, then those of the second alone.
class MapZipWithFunction final : public ScalarFunction {
 public:
  MapZipWithFunction(FunctionSignature signature, ScalarTraits traits, ValueOrderPtr order)
      : ScalarFunction(std::move(signature), traits), order_(std::move(order)) {}

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Pair pair, EvaluatePair(call));
    out->ResetFlat(result_type(), call.physical_rows());
    ListWriter writer(call.physical_rows(), out);
    if (!pair.live.empty()) THALWEG_RETURN_NOT_OK(Zip(call, pair, &writer));
    THALWEG_RETURN_NOT_OK(writer.Finish());
    NullOthers(call.rows(), pair.live, out);
    return Status::OK();
  }

 private:
  struct Match {
    int row;
    int32_t left;   // entry, or -1
    int32_t right;  // entry, or -1
  };

  std::vector<Match> MatchKeys(const Pair& pair) const {
    std::vector<Match> matches;
    std::vector<bool> used;
    for (const RowIndex r : pair.live) {
      const ListSpan left = SpanOf(pair.left, r);
      const ListSpan right = SpanOf(pair.right, r);
      used.assign(right.count(), false);
      for (int i = left.begin; i < left.end; ++i) {
        int k = right.begin;
        while (k < right.end && order_->Compare(left.child(), i, right.child(), k) != 0) ++k;
        const bool found = k < right.end;
        if (found) used[k - right.begin] = true;
        matches.push_back({r, i, found ? k : -1});
      }
      for (int k = right.begin; k < right.end; ++k) {
        if (!used[k - right.begin]) matches.push_back({r, -1, k});
      }
    }
    return matches;
  }

  Status Zip(EvalCall& call, const Pair& pair, ListWriter* writer) const {
    const Vector& left = ListsOf(pair.left);
    const Vector& right = ListsOf(pair.right);
    const std::vector<Match> matches = MatchKeys(pair);
    Vector keys(left.child(0).type());  // of all matches
    ValueAppender appender(&keys);
    for (const Match& match : matches) {
      appender.Add(match.left >= 0 ? left.child(0) : right.child(0),
                   match.left >= 0 ? match.left : match.right);
    }
    appender.Flush();
    LambdaFeed feed(&call.LambdaArgument(2), {&keys, &left.child(1), &right.child(1)});
    const auto take = [&](const Vector& values, int count) {
      for (int k = 0; k < count; ++k) {
        writer->Begin(feed.parent(k));
        writer->elements(0).Add(keys, feed.position(0, k));
        writer->elements(1).Add(values, k);
      }
      for (int c = 0; c < 2; ++c) writer->elements(c).Flush();  // keys and values do not stay
    };
    for (size_t i = 0; i < matches.size(); ++i) {
      feed.Add(matches[i].row, {static_cast<int32_t>(i), matches[i].left, matches[i].right});
      if (!feed.full()) continue;
      THALWEG_ASSIGN_OR_RETURN(const bool more, RunFeed(call, &feed, take));
      if (!more) return Status::OK();
    }
    return RunFeed(call, &feed, take).status();
  }

  const ValueOrderPtr order_;
};

Result<ExprPtr> BindZipWith(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 3));
  for (int i = 0; i < 2; ++i) {
    if (!b.Is(i, TypeKind::kArray)) return b.Unexpected(i, "ARRAY");
  }
  THALWEG_RETURN_NOT_OK(WantLambda(&b, 2));
  FunctionSignature signature = SignatureOf(b, ArrayType(b.type(2), b.nullable(2)));
  const ScalarTraits traits = NullableIf(b.nullable(0) || b.nullable(1));
  return MakeCall(std::make_shared<ZipWithFunction>(std::move(signature), traits),
                  std::move(b.arguments), b.place);
}

/// The type to which the keys of both maps are cast; nullptr: none.
TypePtr CommonKey(const TypePtr& left, const TypePtr& right, const BindSettings& settings) {
  return WiderType(left->key(), right->key(), settings.ansi);
}

Result<ExprPtr> BindMapZipWith(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 3));
  for (int i = 0; i < 2; ++i) {
    if (!b.Is(i, TypeKind::kMap)) return b.Unexpected(i, "MAP");
  }
  const TypePtr key = CommonKey(b.type(0), b.type(1), b.settings);
  if (key == nullptr) {
    return Status::User("DATATYPE_MISMATCH.MAP_ZIP_WITH_DIFF_TYPES",
                        {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                         {"functionName", "`map_zip_with`"},
                         {"leftType", QuotedType(*b.type(0)->key())},
                         {"rightType", QuotedType(*b.type(1)->key())}},
                        b.place);
  }
  for (int i = 0; i < 2; ++i) {
    const TypePtr map = b.type(i);
    THALWEG_RETURN_NOT_OK(b.Coerce(i, MapType(key, map->value(), map->contains_null())));
  }
  THALWEG_RETURN_NOT_OK(WantLambda(&b, 2));
  THALWEG_ASSIGN_OR_RETURN(ValueOrderPtr order, b.Order(*key));
  FunctionSignature signature = SignatureOf(b, MapType(key, b.type(2), b.nullable(2)));
  const ScalarTraits traits = NullableIf(b.nullable(0) || b.nullable(1));
  return MakeCall(
      std::make_shared<MapZipWithFunction>(std::move(signature), traits, std::move(order)),
      std::move(b.arguments), b.place);
}

Result<std::vector<StructField>> ZipVariables(const LambdaQuestion& question, const BindSettings&) {
  if (question.position != 2) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr left, ArrayArgument(question, 0));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr right, ArrayArgument(question, 1));
  THALWEG_RETURN_NOT_OK(CheckVariables(question, 2, 2));
  return std::vector<StructField>{{"left", left->element(), true},
                                  {"right", right->element(), true}};
}

Result<std::vector<StructField>> MapZipVariables(const LambdaQuestion& question,
                                                 const BindSettings& settings) {
  if (question.position != 2) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr left, MapArgument(question, 0));
  THALWEG_ASSIGN_OR_RETURN(const TypePtr right, MapArgument(question, 1));
  THALWEG_RETURN_NOT_OK(CheckVariables(question, 3, 3));
  const TypePtr key = CommonKey(left, right, settings);  // without one, binding says so
  return std::vector<StructField>{{"key", key == nullptr ? left->key() : key, false},
                                  {"left", left->value(), true},
                                  {"right", right->value(), true}};
}

}  // namespace

void RegisterLambdaZip(FunctionRegistry* registry) {
  RegisterLambda(registry, "zip_with", BindZipWith, ZipVariables);
  RegisterLambda(registry, "map_zip_with", BindMapZipWith, MapZipVariables);
}

}  // namespace thalweg
