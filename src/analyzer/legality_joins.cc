// Which joins of streams are legal: the kind of join, the side that is at rest, and whether the
// watermark lets the state of an outer join go.
#include "analyzer/legality.h"

namespace thalweg {
namespace {

const char* NameOf(JoinKind kind) {
  static constexpr const char* kNames[] = {"INNER",      "CROSS",     "LEFT OUTER", "RIGHT OUTER",
                                           "FULL OUTER", "LEFT SEMI", "LEFT ANTI"};
  return kNames[static_cast<int>(kind)];
}

Status Refuse(const Join& join, const std::string& why) {
  return Status::Legacy(3102, std::string(NameOf(join.join)) + " JOIN " + why, join.place);
}

const Attribute* ColumnOf(const ExprPtr& expr, const std::vector<AttributePtr>& columns) {
  const auto* attribute = As<Attribute>(expr);
  if (attribute == nullptr) return nullptr;
  for (const AttributePtr& column : columns) {
    if (column->id == attribute->id) return column.get();
  }
  return nullptr;
}

bool ReadsOnly(const ExprPtr& expr, const std::vector<AttributePtr>& columns) {
  for (const int64_t id : ReferencedAttributes(expr)) {
    bool known = false;
    for (const AttributePtr& column : columns) known |= column->id == id;
    if (!known) return false;
  }
  return true;
}

/// The two arguments of a call of `name`, the one over the left side first; false if it is none.
bool SplitEquality(const ExprPtr& conjunct, const Join& join, bool null_safe, ExprPtr* left,
                   ExprPtr* right) {
  const auto* call = As<Call>(conjunct);
  if (call == nullptr || call->arguments.size() != 2) return false;
  if (call->function->name() != "==" && !(null_safe && call->function->name() == "<=>")) {
    return false;
  }
  for (const bool swapped : {false, true}) {
    *left = call->arguments[swapped ? 1 : 0];
    *right = call->arguments[swapped ? 0 : 1];
    if (ReadsOnly(*left, join.left->output) && ReadsOnly(*right, join.right->output)) return true;
  }
  return false;
}

/// An equality of the join has an event time (or a window of one) on some side: both sides'
/// state goes when the watermark has passed it.
bool HasEventTimeKey(const Join& join) {
  for (const ExprPtr& conjunct : Conjuncts(join.condition)) {
    ExprPtr left, right;
    if (!SplitEquality(conjunct, join, /*null_safe=*/false, &left, &right)) continue;
    const Attribute* a = ColumnOf(left, join.left->output);
    const Attribute* b = ColumnOf(right, join.right->output);
    if ((a != nullptr && a->watermark_delay_us >= 0) ||
        (b != nullptr && b->watermark_delay_us >= 0)) {
      return true;
    }
  }
  return false;
}

Status CheckStateEnds(const Join& join) {
  const std::vector<AttributePtr>& left = join.left->output;
  const std::vector<AttributePtr>& right = join.right->output;
  bool ends = HasEventTimeKey(join);
  if (join.join != JoinKind::kRightOuter) ends = ends || BoundsState(join.condition, left, right);
  if (join.join == JoinKind::kRightOuter || join.join == JoinKind::kFullOuter) {
    ends = ends || BoundsState(join.condition, right, left);
  }
  if (ends) return Status::OK();
  return Refuse(join,
                "of two streams without a watermark on its keys or, with a bound on the time "
                "between the sides, on the side that is filled up with NULL");
}

/// One addend of a sum of times: its sign and what it is.
struct Addend {
  bool negative = false;
  ExprPtr expr;
};

bool Collect(const ExprPtr& expr, bool negative, std::vector<Addend>* sum);

bool CollectCall(const Call& call, bool negative, std::vector<Addend>* sum) {
  const std::string& name = call.function->name();
  const std::vector<ExprPtr>& arguments = call.arguments;
  if (name == "negative" && arguments.size() == 1) return Collect(arguments[0], !negative, sum);
  if (arguments.size() != 2 || (name != "+" && name != "-")) return false;
  const bool times = !arguments[0]->type->IsNumeric() && !arguments[1]->type->IsNumeric();
  const auto is_interval = [](const ExprPtr& e) {
    return e->type->Is(TypeKind::kDayTimeInterval) || e->type->Is(TypeKind::kCalendarInterval);
  };
  // The difference of two times is an interval that Spark does not take apart.
  if (times && !is_interval(arguments[0]) && !is_interval(arguments[1])) return false;
  return Collect(arguments[0], negative, sum) &&
         Collect(arguments[1], name == "-" ? !negative : negative, sum);
}

bool IsExactLength(const Literal& literal) {
  if (literal.value.is_null()) return false;
  const DataType& type = *literal.type;
  if (type.Is(TypeKind::kCalendarInterval)) return literal.value.interval().months == 0;
  return type.IsNumeric() || type.Is(TypeKind::kDayTimeInterval) || type.Is(TypeKind::kTimestamp);
}

/// `expr` as a sum; false if something in it is not understood.
bool Collect(const ExprPtr& expr, bool negative, std::vector<Addend>* sum) {
  switch (expr->kind()) {
    case ExprKind::kCall:
      return CollectCall(*As<Call>(expr), negative, sum);
    case ExprKind::kCast: {
      const DataType& to = *As<Cast>(expr)->to;
      if (!to.IsNumeric() && !to.Is(TypeKind::kTimestamp)) return false;
      return Collect(As<Cast>(expr)->child, negative, sum);
    }
    case ExprKind::kLiteral:
      if (!IsExactLength(*As<Literal>(expr))) return false;
      sum->push_back({negative, expr});
      return true;
    case ExprKind::kAttribute:
      sum->push_back({negative, expr});
      return true;
    default:
      return false;
  }
}

/// `small < large` solved for the time of `kept`: other's event time + c < kept's time.
bool Solves(const ExprPtr& small, const ExprPtr& large, const std::vector<AttributePtr>& kept,
            const std::vector<AttributePtr>& other) {
  std::vector<Addend> sum;
  if (!Collect(small, false, &sum) || !Collect(large, true, &sum)) return false;
  int kept_columns = 0, other_columns = 0;
  for (const Addend& addend : sum) {
    if (addend.expr->kind() != ExprKind::kAttribute) continue;
    if (ColumnOf(addend.expr, kept) != nullptr) {
      if (!addend.negative || ++kept_columns > 1) return false;
      continue;
    }
    const Attribute* column = ColumnOf(addend.expr, other);
    if (column == nullptr || column->watermark_delay_us < 0 || ++other_columns > 1) return false;
  }
  return kept_columns == 1;
}

}  // namespace

bool HasEquality(const Join& join) {
  ExprPtr left, right;
  for (const ExprPtr& conjunct : Conjuncts(join.condition)) {
    if (SplitEquality(conjunct, join, /*null_safe=*/true, &left, &right)) return true;
  }
  return false;
}

bool BoundsState(const ExprPtr& condition, const std::vector<AttributePtr>& kept,
                 const std::vector<AttributePtr>& other) {
  if (!HasEventTime(other)) return false;
  for (const ExprPtr& conjunct : Conjuncts(condition)) {
    const auto* call = As<Call>(conjunct);
    if (call == nullptr || call->arguments.size() != 2) continue;
    const std::string& name = call->function->name();
    const ExprPtr& a = call->arguments[0];
    const ExprPtr& b = call->arguments[1];
    if ((name == "<" || name == "<=") && Solves(a, b, kept, other)) return true;
    if ((name == ">" || name == ">=") && Solves(b, a, kept, other)) return true;
  }
  return false;
}

Status CheckStreamingJoin(const Join& join, OutputMode mode) {
  const bool left = join.left->streaming, right = join.right->streaming;
  if (!left && !right) return Status::OK();
  const bool both = left && right;
  const bool updates = join.join == JoinKind::kInner || join.join == JoinKind::kCross ||
                       join.join == JoinKind::kLeftSemi;
  if (both && mode != OutputMode::kAppend && !(updates && mode == OutputMode::kUpdate)) {
    return Refuse(join, updates ? "of two streams in complete mode, only in append and update mode"
                                : "of two streams in another mode than append");
  }
  switch (join.join) {
    case JoinKind::kInner:
    case JoinKind::kCross:
      return Status::OK();
    case JoinKind::kLeftAnti:
      return right ? Refuse(join, "with a stream on the right") : Status::OK();
    case JoinKind::kLeftOuter:
    case JoinKind::kLeftSemi:
      if (both) return CheckStateEnds(join);
      return right ? Refuse(join, "of a table at rest with a stream on the right") : Status::OK();
    case JoinKind::kRightOuter:
      if (both) return CheckStateEnds(join);
      return left ? Refuse(join, "of a stream on the left with a table at rest") : Status::OK();
    case JoinKind::kFullOuter:
      return both ? CheckStateEnds(join) : Refuse(join, "of a stream with a table at rest");
  }
  return Status::OK();
}

}  // namespace thalweg
