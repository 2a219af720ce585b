// aggregate (reduce): folds the elements of each array into an accumulator. The rows go side by
// side: round k merges element k of every array that has one.
#include "functions/families.h"
#include "functions/lambda_feed.h"
#include "functions/lambda_functions.h"

namespace thalweg {
namespace {

constexpr int kMerge = 2;
constexpr int kFinish = 3;

/// The fold of one batch: accumulators of the rows whose arrays go on, in step with `open_`.
class Fold {
 public:
  Fold(EvalCall& call, const Vector& list, const TypePtr& type)
      : call_(call), list_(list), lists_(ListsOf(list)), type_(type), done_(type) {}

  Status Run(const std::vector<RowIndex>& live, const Vector& zero) {
    open_ = live;
    Vector accumulators(type_);
    AppendValues(zero, {open_.data(), static_cast<int>(open_.size())}, &accumulators);
    for (int round = 0; !open_.empty(); ++round) {
      CloseRows(round, &accumulators);
      if (open_.empty()) break;
      THALWEG_RETURN_NOT_OK(Merge(round, &accumulators));
    }
    return Status::OK();
  }

  /// The finished values of `live` in order.
  Vector Take(const std::vector<RowIndex>& live) const {
    std::vector<int32_t> where(call_.physical_rows(), -1);
    for (size_t i = 0; i < done_rows_.size(); ++i) where[done_rows_[i]] = static_cast<int32_t>(i);
    std::vector<int32_t> positions;
    for (const RowIndex r : live) positions.push_back(where[r]);
    Vector out;
    PickValues(done_, positions, type_, &out);
    return out;
  }

 private:
  /// Rows whose arrays have `round` elements are done.
  void CloseRows(int round, Vector* accumulators) {
    std::vector<RowIndex> open;
    std::vector<int32_t> staying, leaving;
    for (size_t i = 0; i < open_.size(); ++i) {
      const bool goes_on = SpanOf(list_, open_[i]).count() > round;
      (goes_on ? staying : leaving).push_back(static_cast<int32_t>(i));
      if (goes_on) {
        open.push_back(open_[i]);
      } else {
        done_rows_.push_back(open_[i]);
      }
    }
    if (leaving.empty()) return;
    AppendValuesAt(*accumulators, leaving.data(), static_cast<int>(leaving.size()), &done_);
    const Vector all = *accumulators;
    accumulators->ResetFlat(type_, 0);
    AppendValuesAt(all, staying.data(), static_cast<int>(staying.size()), accumulators);
    open_ = std::move(open);
  }

  Status Merge(int round, Vector* accumulators) {
    LambdaFeed feed(&call_.LambdaArgument(kMerge), {accumulators, &lists_.child(0)});
    for (size_t i = 0; i < open_.size(); ++i) {
      feed.Add(open_[i], {static_cast<int32_t>(i), SpanOf(list_, open_[i]).begin + round});
    }
    RowErrors errors;
    THALWEG_ASSIGN_OR_RETURN(const Vector* values, feed.Run(&errors));
    int count = feed.count();
    if (!errors.empty()) {  // rows from there on cannot have the first error
      count = errors.row();
      const int row = feed.parent(count);
      if (call_.errors().Wants(row)) call_.errors().Report(row, errors.status());
    }
    Vector next(type_);
    AppendRange(*values, 0, count, &next);
    *accumulators = std::move(next);
    open_.resize(count);
    return Status::OK();
  }

  EvalCall& call_;
  const Vector& list_;
  const Vector& lists_;
  const TypePtr type_;
  std::vector<RowIndex> open_;
  Vector done_;
  std::vector<RowIndex> done_rows_;  // by value of done_
};

/// Arguments: array, zero, merge, finish.
class FoldFunction final : public ScalarFunction {
 public:
  using ScalarFunction::ScalarFunction;

  Status Evaluate(EvalCall& call, Vector* out) const override {
    THALWEG_ASSIGN_OR_RETURN(const Vector* list_value, call.Argument(0));
    const Vector list = *list_value;
    const std::vector<RowIndex> live = RowsWithValue(list, call.rows());
    if (live.empty()) {
      out->ResetNull(result_type(), call.physical_rows());
      return Status::OK();
    }
    const Selection rows{live.data(), static_cast<int>(live.size())};
    THALWEG_ASSIGN_OR_RETURN(const Vector* zero, call.ArgumentFor(1, rows));
    Fold fold(call, list, argument_types()[1]);
    THALWEG_RETURN_NOT_OK(fold.Run(live, *zero));
    const Vector folded = fold.Take(live);
    return Finish(call, live, folded, out);
  }

 private:
  Status Finish(EvalCall& call, const std::vector<RowIndex>& live, const Vector& folded,
                Vector* out) const {
    LambdaFeed feed(&call.LambdaArgument(kFinish), {&folded});
    std::vector<int32_t> positions(call.physical_rows(), -1);
    for (size_t i = 0; i < live.size(); ++i) {
      feed.Add(live[i], {static_cast<int32_t>(i)});
      positions[live[i]] = static_cast<int32_t>(i);
    }
    RowErrors errors;
    THALWEG_ASSIGN_OR_RETURN(const Vector* values, feed.Run(&errors));
    if (!errors.empty()) {
      const int row = feed.parent(errors.row());
      if (call.errors().Wants(row)) call.errors().Report(row, errors.status());
    }
    PickValues(*values, positions, result_type(), out);
    return Status::OK();
  }
};

/// acc -> acc
ExprPtr Identity(const TypePtr& type) {
  auto variable = std::make_shared<LambdaVariable>();
  variable->id = NextExpressionId();
  variable->variable = "id";
  variable->type = type;
  auto lambda = std::make_shared<Lambda>();
  lambda->body = variable;
  lambda->variables = {variable};
  lambda->type = type;
  return lambda;
}

Result<ExprPtr> BindFold(Binding b) {
  THALWEG_RETURN_NOT_OK(b.CheckCount(3, 4));
  if (!b.Is(0, TypeKind::kArray)) return b.Unexpected(0, "ARRAY");
  THALWEG_RETURN_NOT_OK(WantLambda(&b, kMerge));
  if (!b.type(kMerge)->SameIgnoringNullability(*b.type(1))) {
    return b.Unexpected(kMerge, b.type(1)->Sql());
  }
  if (b.count() == 3) b.arguments.push_back(Identity(b.type(1)));
  THALWEG_RETURN_NOT_OK(WantLambda(&b, kFinish));
  const bool nullable = b.nullable(0) || b.nullable(kFinish);
  FunctionSignature signature = SignatureOf(b, b.type(kFinish));
  return MakeCall(std::make_shared<FoldFunction>(std::move(signature), NullableIf(nullable)),
                  std::move(b.arguments), b.place);
}

/// The accumulator and, to merge, the element.
Result<std::vector<StructField>> FoldVariables(const LambdaQuestion& question,
                                               const BindSettings&) {
  if (question.position != kMerge && question.position != kFinish) return NoLambdaHere();
  THALWEG_ASSIGN_OR_RETURN(const TypePtr array, ArrayArgument(question, 0));
  const ExprPtr& zero = (*question.arguments)[1];
  if (zero == nullptr) return NoLambdaHere();
  const size_t count = question.position == kMerge ? 2 : 1;
  THALWEG_RETURN_NOT_OK(CheckVariables(question, count, count));
  return std::vector<StructField>{{"accumulator", zero->type, true},
                                  {"element", array->element(), array->contains_null()}};
}

}  // namespace

void RegisterLambdaFold(FunctionRegistry* registry) {
  RegisterLambda(registry, "aggregate", BindFold, FoldVariables);
  RegisterLambda(registry, "reduce", BindFold, FoldVariables);
}

}  // namespace thalweg
