// Lowering of aggregates with DISTINCT: below the aggregation each set of values that an aggregate
// takes once is marked where it first comes, and the aggregate gets the mark for a filter. Other
// aggregates beside it see every row, as ever.
#include "exec/lowering.h"
#include "exec/operators.h"
#include "functions/function.h"

namespace thalweg {
namespace {

ExprPtr Unaliased(const ExprPtr& expr) {
  const Alias* alias = As<Alias>(expr);
  return alias == nullptr ? expr : alias->child;
}

const AggregateCall* DistinctCall(const ExprPtr& column) {
  const AggregateCall* call = As<AggregateCall>(Unaliased(column));
  return call != nullptr && call->distinct ? call : nullptr;
}

/// Expressions that become columns below the marks.
class Columns {
 public:
  explicit Columns(const RelationPtr& input)
      : list_(input->output.begin(), input->output.end()), given_(list_.size()) {}

  ExprPtr For(const ExprPtr& expr) {
    if (expr->kind() == ExprKind::kAttribute) return expr;
    for (size_t i = given_; i < list_.size(); ++i) {
      if (Equal(As<Alias>(list_[i])->child, expr)) return ToAttribute(list_[i]);
    }
    list_.push_back(MakeAlias(expr, ToString(expr)));
    return ToAttribute(list_.back());
  }
  RelationPtr Over(RelationPtr input) const {
    return list_.size() == given_ ? input : MakeProject(std::move(input), list_);
  }

 private:
  std::vector<ExprPtr> list_;
  const size_t given_;
};

/// What one mark stands for, and the column that holds it.
struct Mark {
  std::vector<ExprPtr> values;
  ExprPtr filter;  // may be null
  AttributePtr column;
};

bool SameMark(const Mark& a, const Mark& b) {
  if (a.values.size() != b.values.size() || (a.filter == nullptr) != (b.filter == nullptr)) {
    return false;
  }
  for (size_t i = 0; i < a.values.size(); ++i) {
    if (!Equal(a.values[i], b.values[i])) return false;
  }
  return a.filter == nullptr || Equal(a.filter, b.filter);
}

AttributePtr NewMarkColumn() {
  auto column = std::make_shared<Attribute>();
  column->id = NextExpressionId();
  column->column = "first";
  column->type = BooleanType();
  column->nullable = false;
  return column;
}

/// The aggregation over marked rows.
struct Plan {
  RelationPtr input;  // below the marks
  std::vector<Mark> marks;
  std::shared_ptr<AggregateRelation> aggregate;  // its input is not made yet
};

ExprPtr WithChild(const ExprPtr& column, ExprPtr child) {
  auto alias = std::make_shared<Alias>(*As<Alias>(column));
  alias->child = std::move(child);
  return alias;
}

Plan PlanOf(const AggregateRelation& aggregate) {
  Plan plan;
  plan.aggregate = std::make_shared<AggregateRelation>(aggregate);
  plan.input = aggregate.input;
  for (ExprPtr& grouping : plan.aggregate->groupings) {  // a window must be there to be marked by
    if (Unaliased(grouping)->kind() != ExprKind::kTimeWindow) continue;
    const AttributePtr column = ToAttribute(grouping);
    plan.input = MakeGenerate(plan.input, Unaliased(grouping), /*outer=*/false, {column});
    grouping = column;
  }
  Columns columns(plan.input);
  for (ExprPtr& grouping : plan.aggregate->groupings) {
    const ExprPtr column = columns.For(Unaliased(grouping));
    grouping = grouping->kind() == ExprKind::kAlias ? WithChild(grouping, column) : column;
  }
  for (ExprPtr& column : plan.aggregate->aggregates) {
    const AggregateCall* call = DistinctCall(column);
    if (call == nullptr) continue;
    auto once = std::make_shared<AggregateCall>(*call);
    Mark mark;
    for (ExprPtr& argument : once->arguments) {
      argument = columns.For(argument);
      mark.values.push_back(argument);
    }
    if (call->filter != nullptr) mark.filter = columns.For(call->filter);
    size_t at = 0;
    while (at < plan.marks.size() && !SameMark(plan.marks[at], mark)) ++at;
    if (at == plan.marks.size()) {
      mark.column = NewMarkColumn();
      plan.marks.push_back(std::move(mark));
    }
    once->distinct = false;
    once->filter = plan.marks[at].column;
    column = WithChild(column, std::move(once));
  }
  plan.input = columns.Over(std::move(plan.input));
  return plan;
}

bool DependsOnOrder(const AggregateRelation& aggregate) {
  for (const ExprPtr& column : aggregate.aggregates) {
    const AggregateCall* call = As<AggregateCall>(Unaliased(column));
    if (call == nullptr) continue;
    const auto& function = static_cast<const AggregateFunction&>(*call->function);
    if (!function.aggregate()->layout().exact) return true;
  }
  return false;
}

}  // namespace

bool HasDistinctCall(const AggregateRelation& aggregate) {
  for (const ExprPtr& column : aggregate.aggregates) {
    if (DistinctCall(column) != nullptr) return true;
  }
  return false;
}

Result<Lowered> Lowering::LowerDistinctAggregate(const AggregateRelation& aggregate,
                                                 const Demand& demand) {
  if (streaming_ && aggregate.streaming) {
    return NotSupportedYet("DISTINCT in an aggregate of a stream", aggregate.place);
  }
  const Plan plan = PlanOf(aggregate);
  Demand below;
  below.order = DependsOnOrder(aggregate);
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(plan.input, below));
  for (const Mark& mark : plan.marks) {
    std::vector<ExprPtr> keys;
    for (const ExprPtr& grouping : plan.aggregate->groupings) keys.push_back(Unaliased(grouping));
    keys.insert(keys.end(), mark.values.begin(), mark.values.end());
    THALWEG_ASSIGN_OR_RETURN(lowered, AddMark(lowered, keys, mark.filter, mark.column, below));
  }
  return LowerAggregateOver(*plan.aggregate, demand, std::move(lowered));
}

/// `input` beside `column`: the row is the first of its `keys` among those that pass `filter`.
Result<Lowered> Lowering::AddMark(const Lowered& input, const std::vector<ExprPtr>& keys,
                                  const ExprPtr& filter, const AttributePtr& column,
                                  const Demand& demand) {
  Deduplication what;
  std::string meaning = "distinct [";
  for (const ExprPtr& key : keys) {
    if (const char* why = WhyNoKey(*key->type)) return NotSupportedYet(why, key->place);
    what.key_columns.push_back(IndexOf(input.output, As<Attribute>(key)->id));
    what.key_types.push_back(key->type);
    what.keys_text += (what.keys_text.empty() ? "" : ", ") + ToString(key);
    meaning += MeaningOf(key) + "; ";
  }
  const int filter_column =
      filter == nullptr ? -1 : IndexOf(input.output, As<Attribute>(filter)->id);
  Lowered marked = input;
  marked.output.push_back(column);
  PhysicalInput from = input.input;
  from.placement = keys.empty() || demand.order ? Placement::kOneLane : Placement::kByKey;
  from.key_columns = what.key_columns;
  PhysicalNode* node = AddNode(std::move(from), marked.output);
  THALWEG_ASSIGN_OR_RETURN(
      GroupTable* const table,
      context_.state->AddGroupTable(ContainerName(meaning + "]"), SeenKeyOptions(what)));
  StatefulOperator made =
      NewMarkDistinct(std::move(what), filter_column, SeenForEver(table), node->schema);
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  marked.input = {};
  marked.input.node = node;
  return marked;
}

}  // namespace thalweg
