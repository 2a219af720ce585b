// Lowering of Aggregate: keys, arguments and times become columns below the exchange; what is kept
// is named by its meaning (keys, aggregates, window and their types, in an order of their own), so
// that an edited query finds it again (DESIGN.md §4.4).
#include <algorithm>
#include <optional>

#include "exec/lowering.h"
#include "exec/operators.h"
#include "functions/function.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

constexpr size_t kArgumentsMax = 16;

}  // namespace

std::string MeaningOf(const ExprPtr& expr) {
  const ExprPtr anonymous = TransformUp(expr, [](const ExprPtr& node) -> ExprPtr {
    const Attribute* attribute = As<Attribute>(node);
    if (attribute == nullptr) return node;
    auto copy = std::make_shared<Attribute>(*attribute);
    copy->id = 0;
    copy->watermark_delay_us = -1;
    return copy;
  });
  return ToString(anonymous) + " " + expr->type->Sql();
}

const char* WhyNoKey(const DataType& type) {
  if (type.Is(TypeKind::kMap)) return "grouping by MAP";
  if (type.Is(TypeKind::kVariant)) return "grouping by VARIANT";
  if (type.Is(TypeKind::kString) && !type.IsBinaryCollated()) {
    return "grouping by a string with a collation";
  }
  for (const StructField& field : type.fields()) {
    if (const char* why = WhyNoKey(*field.type)) return why;
  }
  return nullptr;
}

namespace {

struct GroupKey {
  ExprPtr expr;
  int64_t id = 0;
  std::string meaning;
};

struct WantedAggregate {
  ExprPtr expr;  // the AggregateCall
  std::string meaning;

  const AggregateCall& call() const { return *As<AggregateCall>(expr); }
  const AggregateFunction& function() const {
    return static_cast<const AggregateFunction&>(*call().function);
  }
};

/// The AggregateCall behind an output column; null if it shows a grouping.
ExprPtr AggregateOf(const ExprPtr& named) {
  const Alias* alias = As<Alias>(named);
  return alias != nullptr && As<AggregateCall>(alias->child) != nullptr ? alias->child : nullptr;
}

}  // namespace

/// The steps of lowering one Aggregate, in the order in which Lower calls them.
class AggregateLowering {
 public:
  AggregateLowering(Lowering* lowering, const AggregateRelation& relation, const Demand& demand)
      : lowering_(lowering), relation_(relation), demand_(demand) {}

  /// `input`: what the relation's input has been lowered to already; none: it has not.
  Result<Lowered> Lower(std::optional<Lowered> input);

 private:
  OutputMode mode() const { return lowering_->context_.mode; }
  Status ReadGroupings();
  Status ReadWindow(const TimeWindow& window, int64_t id);
  Status ReadEventTime(const Attribute& grouping);
  Status ReadAggregates();
  Status CheckMode() const;
  void PlaceColumns();
  int ColumnOf(const ExprPtr& expr);
  void MoveColumns(std::vector<GroupAggregate>* aggregates);
  Status ResolveOutput();
  Result<Lowered> AddNode();
  Status AddContainer(const std::string& meaning, PhysicalNode* node);
  Result<StatefulOperator> MakeOperator(const std::string& meaning);
  std::string Meaning() const;
  StateRetention Retention() const;

  Lowering* const lowering_;
  const AggregateRelation& relation_;
  const Demand& demand_;
  std::vector<GroupKey> keys_;           // by meaning
  std::vector<WantedAggregate> wanted_;  // by meaning, each once
  const TimeWindow* window_ = nullptr;
  int64_t window_id_ = 0;
  int64_t event_time_id_ = 0;  // of the grouping that is an event time; 0: none
  Lowered input_;
  std::vector<ExprPtr> needed_;
  Grouping grouping_;
};

Result<Lowered> Lowering::LowerAggregate(const AggregateRelation& aggregate, const Demand& demand) {
  if (HasDistinctCall(aggregate)) return LowerDistinctAggregate(aggregate, demand);
  return AggregateLowering(this, aggregate, demand).Lower(std::nullopt);
}

Result<Lowered> Lowering::LowerAggregateOver(const AggregateRelation& aggregate,
                                             const Demand& demand, Lowered input) {
  return AggregateLowering(this, aggregate, demand).Lower(std::move(input));
}

Result<Lowered> AggregateLowering::Lower(std::optional<Lowered> input) {
  THALWEG_RETURN_NOT_OK(ReadGroupings());
  THALWEG_RETURN_NOT_OK(ReadAggregates());
  THALWEG_RETURN_NOT_OK(CheckMode());
  Demand below;
  for (const WantedAggregate& each : wanted_) {
    below.order |= !each.function().aggregate()->layout().exact;
  }
  if (input) {
    input_ = *std::move(input);
  } else {
    THALWEG_ASSIGN_OR_RETURN(input_, lowering_->Lower(relation_.input, below));
  }
  PlaceColumns();
  THALWEG_RETURN_NOT_OK(ResolveOutput());
  return AddNode();
}

Status AggregateLowering::ReadGroupings() {
  for (const ExprPtr& grouping : relation_.groupings) {
    const AttributePtr attribute = ToAttribute(grouping);
    const Alias* alias = As<Alias>(grouping);
    const ExprPtr& expr = alias == nullptr ? grouping : alias->child;
    if (const TimeWindow* window = As<TimeWindow>(expr)) {
      THALWEG_RETURN_NOT_OK(ReadWindow(*window, attribute->id));
      THALWEG_RETURN_NOT_OK(ReadEventTime(*attribute));
      continue;
    }
    if (const char* why = WhyNoKey(*expr->type)) return NotSupportedYet(why, expr->place);
    THALWEG_RETURN_NOT_OK(ReadEventTime(*attribute));
    if (event_time_id_ == attribute->id) {
      grouping_.time_is_key = true;
      grouping_.window = EventTimeSlices(attribute->watermark_delay_us);
    }
    keys_.push_back({expr, attribute->id, MeaningOf(expr)});
  }
  std::stable_sort(keys_.begin(), keys_.end(),
                   [](const GroupKey& a, const GroupKey& b) { return a.meaning < b.meaning; });
  return Status::OK();
}

Status AggregateLowering::ReadWindow(const TimeWindow& window, int64_t id) {
  if (window_ != nullptr) return NotSupportedYet("grouping by two windows", window.place);
  if (window.slide_us <= 0 || window.slide_us > window.size_us) {
    return Status::Bug("a window's slide is not in (0, size]");
  }
  window_ = &window;
  window_id_ = id;
  grouping_.window = {window.size_us, window.slide_us, window.start_us};
  return Status::OK();
}

/// A grouping by event time: a window of it, or the time itself.
Status AggregateLowering::ReadEventTime(const Attribute& grouping) {
  if (grouping.watermark_delay_us < 0 || mode() == OutputMode::kComplete) return Status::OK();
  if (event_time_id_ != 0 && event_time_id_ != grouping.id) {
    return NotSupportedYet("grouping by several event times", grouping.place);
  }
  event_time_id_ = grouping.id;
  grouping_.event_time = true;
  return Status::OK();
}

Status AggregateLowering::ReadAggregates() {
  for (const ExprPtr& named : relation_.aggregates) {
    const ExprPtr expr = AggregateOf(named);
    if (expr == nullptr) continue;
    const AggregateCall& call = *As<AggregateCall>(expr);
    if (call.arguments.size() > kArgumentsMax) {
      return NotSupportedYet("an aggregate of so many arguments", call.place);
    }
    const bool known =
        std::any_of(wanted_.begin(), wanted_.end(),
                    [&](const WantedAggregate& other) { return Equal(other.expr, expr); });
    if (!known) wanted_.push_back({expr, MeaningOf(expr)});
  }
  std::stable_sort(
      wanted_.begin(), wanted_.end(),
      [](const WantedAggregate& a, const WantedAggregate& b) { return a.meaning < b.meaning; });
  return Status::OK();
}

Status AggregateLowering::CheckMode() const {
  if (mode() == OutputMode::kAppend && !grouping_.event_time) {
    return NotSupportedYet("append mode without a grouping by event time", relation_.place);
  }
  if (mode() == OutputMode::kUpdate && demand_.order &&
      (window_ != nullptr || grouping_.time_is_key)) {
    return NotSupportedYet("choosing among the windows of an update", relation_.place);
  }
  if (window_ != nullptr && grouping_.time_is_key) {
    return NotSupportedYet("grouping by an event time and a window over another", relation_.place);
  }
  if (window_ == nullptr || grouping_.window.tumbling()) return Status::OK();
  for (const WantedAggregate& each : wanted_) {
    if (each.function().aggregate()->layout().order_sensitive) {
      return NotSupportedYet(each.function().name() + " over overlapping windows",
                             each.call().place);
    }
  }
  return Status::OK();
}

// Columns are positions in needed_, which a Project makes; it is left out where the input consists
// of just these columns, in any order.
void AggregateLowering::PlaceColumns() {
  for (const GroupKey& key : keys_) grouping_.key_columns.push_back(ColumnOf(key.expr));
  if (window_ != nullptr) grouping_.time_column = ColumnOf(window_->time);
  for (const GroupKey& key : keys_) {
    if (grouping_.time_is_key && key.id == event_time_id_) {
      grouping_.time_column = ColumnOf(key.expr);
    }
  }
  std::vector<GroupAggregate> aggregates;
  for (const WantedAggregate& each : wanted_) {
    GroupAggregate aggregate;
    aggregate.aggregate = each.function().aggregate();
    for (const ExprPtr& argument : each.call().arguments) {
      aggregate.arguments.push_back(ColumnOf(argument));
    }
    if (each.call().filter != nullptr) aggregate.filter = ColumnOf(each.call().filter);
    aggregates.push_back(std::move(aggregate));
  }
  if (grouping_.time_is_key) {
    aggregates.push_back({NewEventTimeStamp(), {grouping_.time_column}, -1});
  }
  bool as_is = needed_.size() == input_.output.size();
  for (const ExprPtr& expr : needed_) as_is &= expr->kind() == ExprKind::kAttribute;
  if (as_is) {
    MoveColumns(&aggregates);
  } else {
    input_ = lowering_->AddProject(input_, needed_);
  }
  grouping_.aggregates = AggregateList(std::move(aggregates));
}

/// Turns positions in needed_ into positions in the input.
void AggregateLowering::MoveColumns(std::vector<GroupAggregate>* aggregates) {
  const auto move = [this](int* column) {
    if (*column >= 0) *column = IndexOf(input_.output, As<Attribute>(needed_[*column])->id);
  };
  for (int& column : grouping_.key_columns) move(&column);
  move(&grouping_.time_column);
  for (GroupAggregate& aggregate : *aggregates) {
    for (int& column : aggregate.arguments) move(&column);
    move(&aggregate.filter);
  }
}

int AggregateLowering::ColumnOf(const ExprPtr& expr) {
  for (size_t i = 0; i < needed_.size(); ++i) {
    const Attribute* known = As<Attribute>(needed_[i]);
    const Attribute* attribute = As<Attribute>(expr);
    const bool same = known != nullptr && attribute != nullptr ? known->id == attribute->id
                                                               : Equal(needed_[i], expr);
    if (same && IsDeterministic(expr)) return static_cast<int>(i);
  }
  needed_.push_back(expr);
  return static_cast<int>(needed_.size()) - 1;
}

Status AggregateLowering::ResolveOutput() {
  for (const ExprPtr& named : relation_.aggregates) {
    if (const ExprPtr expr = AggregateOf(named); expr != nullptr) {
      const auto at = std::find_if(wanted_.begin(), wanted_.end(),
                                   [&](const auto& other) { return Equal(other.expr, expr); });
      grouping_.output.push_back({GroupColumn::kAggregate, static_cast<int>(at - wanted_.begin())});
      continue;
    }
    const Alias* alias = As<Alias>(named);
    const Attribute* attribute = As<Attribute>(alias == nullptr ? named : alias->child);
    const int64_t id = attribute == nullptr ? 0 : attribute->id;
    const auto key = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const GroupKey& other) { return other.id == id; });
    if (window_ != nullptr && id == window_id_) {
      grouping_.output.push_back({GroupColumn::kWindow, 0});
    } else if (key != keys_.end()) {
      grouping_.output.push_back({GroupColumn::kKey, static_cast<int>(key - keys_.begin())});
    } else {
      return Status::Bug("an output of an aggregate is neither grouping nor aggregate: " +
                         ToString(named));
    }
  }
  return Status::OK();
}

Result<Lowered> AggregateLowering::AddNode() {
  for (const GroupKey& key : keys_) {
    grouping_.key_types.push_back(key.expr->type);
    grouping_.keys_text += (grouping_.keys_text.empty() ? "" : ", ") + ToString(key.expr);
  }
  for (const WantedAggregate& each : wanted_) {
    grouping_.aggregates_text += (grouping_.aggregates_text.empty() ? "" : ", ") + each.meaning;
  }
  grouping_.mode = mode();
  grouping_.ordered_output = demand_.order;
  PhysicalInput input = input_.input;
  input.placement =
      keys_.empty() || grouping_.in_touch_order() ? Placement::kOneLane : Placement::kByKey;
  input.key_columns = grouping_.key_columns;
  PhysicalNode* node = lowering_->AddNode(std::move(input), relation_.output);
  grouping_.schema = node->schema;
  node->ordered_output = demand_.order;
  node->state.stateful = true;
  node->state.uses_event_time = mode() != OutputMode::kComplete;
  node->state.spark_name = "stateStoreSave";
  node->state.retention = Retention();
  THALWEG_RETURN_NOT_OK(AddContainer(lowering_->ContainerName(Meaning()), node));
  lowering_->plan_->strict |= !input_.deterministic;
  Lowered lowered;
  lowered.input.node = node;
  lowered.output = relation_.output;
  lowered.deterministic = input_.deterministic;
  return lowered;
}

Status AggregateLowering::AddContainer(const std::string& meaning, PhysicalNode* node) {
  THALWEG_ASSIGN_OR_RETURN(StatefulOperator made, MakeOperator(meaning));
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  node->state.logical_rows = std::move(made.logical_rows);
  return Status::OK();
}

Result<StatefulOperator> AggregateLowering::MakeOperator(const std::string& meaning) {
  const PlannerContext& context = lowering_->context_;
  const GroupTableOptions options = OptionsOf(grouping_);
  if (grouping_.time_column < 0) {
    THALWEG_ASSIGN_OR_RETURN(GroupTable* const table,
                             context.state->AddGroupTable(meaning, options));
    return NewAggregate(std::move(grouping_), table, context.budget);
  }
  THALWEG_ASSIGN_OR_RETURN(SlicedTable* const slices,
                           context.state->AddSlicedTable(meaning, options));
  return grouping_.time_is_key ? NewEventTimeAggregate(std::move(grouping_), slices, context.budget)
                               : NewWindowAggregate(std::move(grouping_), slices, context.budget);
}

StateRetention AggregateLowering::Retention() const {
  GroupFacts facts;
  facts.mode = mode();
  for (const WantedAggregate& each : wanted_) facts.aggregates.push_back(PrettySql(each.expr));
  for (const GroupKey& key : keys_) {
    facts.keys.push_back(PrettySql(key.expr));
    if (key.id == event_time_id_) facts.event_time_key = facts.keys.back();
  }
  if (window_ != nullptr) {
    facts.window_time = PrettySql(window_->time);
    facts.window = "window(" + facts.window_time + ", " + DurationText(window_->size_us);
    if (window_->slide_us != window_->size_us) {
      facts.window += ", " + DurationText(window_->slide_us);
    }
    facts.window += ")";
    if (event_time_id_ == window_id_) facts.event_time_key = facts.window;
  }
  for (const ExprPtr& grouping : relation_.groupings) {
    const AttributePtr attribute = ToAttribute(grouping);
    if (attribute->id != event_time_id_) continue;
    facts.key_is_window = attribute->type->Is(TypeKind::kStruct);
    facts.delay_us = attribute->watermark_delay_us;
    if (facts.window_time.empty() && !facts.key_is_window) {
      facts.window_time = facts.event_time_key;
    }
  }
  return RetentionOfGroups(facts);
}

std::string AggregateLowering::Meaning() const {
  std::string meaning = "aggregate by [";
  for (const GroupKey& key : keys_) meaning += key.meaning + "; ";
  if (window_ != nullptr) {
    meaning += "window(" + MeaningOf(window_->time) + ", " + std::to_string(window_->size_us) +
               ", " + std::to_string(window_->slide_us) + ", " + std::to_string(window_->start_us) +
               ")";
  }
  if (grouping_.time_is_key) {
    meaning += "in slices of " + std::to_string(grouping_.window.size_us) + " us";
  }
  meaning += "] of [";
  for (const WantedAggregate& each : wanted_) meaning += each.meaning + "; ";
  return meaning + "]";
}

}  // namespace thalweg
