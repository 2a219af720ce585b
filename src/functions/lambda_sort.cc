// array_sort(array, comparator): a stable merge sort of every row's array. The sorts go side by
// side, so that one run of the comparator answers the next comparison of each.
#include <numeric>

#include "data/time_zone.h"
#include "functions/collection_binding.h"
#include "functions/families.h"
#include "functions/lambda_feed.h"
#include "functions/lambda_functions.h"
#include "functions/value_text.h"

namespace thalweg {
namespace {

/// A merge sort from the bottom that asks for one comparison at a time.
class StepSort {
 public:
  explicit StepSort(int count) : from_(count), to_(count), count_(count) {
    std::iota(from_.begin(), from_.end(), 0);
    StartRun(0);
    Advance();
  }
  bool done() const { return width_ >= count_; }
  /// The elements to compare next, unless done.
  int first() const { return from_[i_]; }
  int second() const { return from_[j_]; }
  /// How first() compares with second().
  void Tell(int order) {
    to_[k_++] = order > 0 ? from_[j_++] : from_[i_++];
    Advance();
  }
  /// The order found, when done.
  const std::vector<int>& order() const { return from_; }

 private:
  void StartRun(int begin) {
    i_ = k_ = begin;
    middle_ = j_ = std::min(begin + width_, count_);
    end_ = std::min(begin + 2 * width_, count_);
  }
  /// To the next place where two elements must be compared.
  void Advance() {
    while (!done()) {
      if (i_ < middle_ && j_ < end_) return;
      while (i_ < middle_) to_[k_++] = from_[i_++];
      while (j_ < end_) to_[k_++] = from_[j_++];
      if (end_ < count_) {
        StartRun(end_);
      } else {
        from_.swap(to_);
        width_ *= 2;
        StartRun(0);
      }
    }
  }

  std::vector<int> from_;
  std::vector<int> to_;
  const int count_;
  int width_ = 1;
  int i_ = 0;  // next of the left run, up to middle_
  int j_ = 0;  // next of the right run, up to end_
  int k_ = 0;
  int middle_ = 0;
  int end_ = 0;
};

struct RowSort {
  int row;
  int begin;  // of its elements
  StepSort sort;
};

class SortByFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Vector* list_value, call.Argument(0));
    const Vector list = *list_value;
    const std::vector<RowIndex> live = RowsWithValue(list, call.rows());
    std::vector<RowSort> sorts;
    for (const RowIndex r : live) {
      const ListSpan span = SpanOf(list, r);
      sorts.push_back({r, span.begin, StepSort(span.count())});
    }
    const Vector& values = ListsOf(list).child(0);
    THALWEG_RETURN_NOT_OK(SortAll(call, values, &sorts));
    out->ResetFlat(result_type(), call.physical_rows());
    ListWriter writer(call.physical_rows(), out);
    for (const RowSort& sort : sorts) {
      writer.Begin(sort.row);
      for (const int i : sort.sort.order()) writer.elements().Add(values, sort.begin + i);
    }
    THALWEG_RETURN_NOT_OK(writer.Finish());
    NullOthers(call.rows(), live, out);
    return Status::OK();
  }

 private:
  static Status SortAll(EvalCall& call, const Vector& values, std::vector<RowSort>* sorts) {
    LambdaFeed feed(&call.LambdaArgument(1), {&values, &values});
    size_t count = sorts->size();  // those behind a row that failed are given up
    std::vector<size_t> asked;
    while (true) {
      feed.Clear();
      asked.clear();
      for (size_t s = 0; s < count && !feed.full(); ++s) {
        const RowSort& sort = (*sorts)[s];
        if (sort.sort.done()) continue;
        feed.Add(sort.row, {sort.begin + sort.sort.first(), sort.begin + sort.sort.second()});
        asked.push_back(s);
      }
      if (asked.empty()) return Status::OK();
      RowErrors errors;
      THALWEG_ASSIGN_OR_RETURN(const Vector* orders, feed.Run(&errors));
      size_t answers = errors.empty() ? asked.size() : static_cast<size_t>(errors.row());
      for (size_t k = 0; k < answers; ++k) {
        if (orders->IsNull(static_cast<int>(k))) {
          const RowSort& sort = (*sorts)[asked[k]];
          errors.Report(static_cast<int>(k),
                        NullOrder(values, sort.begin + sort.sort.first(),
                                  sort.begin + sort.sort.second(), call.place()));
          answers = k;
        } else {
          (*sorts)[asked[k]].sort.Tell(orders->Get<int32_t>(static_cast<int>(k)));
        }
      }
      if (errors.empty()) continue;
      const int row = feed.parent(errors.row());
      if (call.errors().Wants(row)) call.errors().Report(row, errors.status());
      count = asked[errors.row()];
    }
  }

  static Status NullOrder(const Vector& values, int first, int second, const SqlPlace& place) {
    const auto text = [&](int at) {
      std::string out;
      if (values.IsNull(at)) return std::string("null");
      AppendText(values, at, {&TimeZone::Utc(), false}, &out);
      return out;
    };
    return Status::User("COMPARATOR_RETURNS_NULL",
                        {{"firstValue", text(first)}, {"secondValue", text(second)}}, place);
  }
};

Result<std::vector<StructField>> SortVariables(const LambdaQuestion& question,
                                               const BindSettings&) {
  if (question.position != 1) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr array, ArrayArgument(question, 0));
  THALWEG_RETURN_NOT_OK(CheckVariables(question, 2, 2));
  const StructField element{"element", array->element(), array->contains_null()};
  return std::vector<StructField>{element, element};
}

}  // namespace

Result<ExprPtr> BindArraySortBy(Binding b) {
  THALWEG_RETURN_NOT_OK(WantLambda(&b, 1));
  if (!b.type(1)->Is(TypeKind::kInt)) {
    return Status::User("DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE",
                        {{"sqlExpr", QuotedCall(b.name, b.arguments)},
                         {"functionName", "`array_sort`"},
                         {"expectedType", "\"INT\""},
                         {"actualType", QuotedType(*b.type(1))}},
                        b.place);
  }
  FunctionSignature signature = SignatureOf(b, b.type(0));
  const ScalarTraits traits = NullableIf(b.nullable(0));
  return MakeCall(std::make_shared<SortByFunction>(std::move(signature), traits),
                  std::move(b.arguments), b.place);
}

void RegisterLambdaSort(FunctionRegistry* registry) {
  RegisterLambda(registry, "array_sort", BindArraySort, SortVariables);
}

}  // namespace thalweg
