// The physical planner: stateless nodes one by one; grouping is in physical_planner_aggregate.cc.
#include "exec/local_table.h"
#include "exec/lowering.h"
#include "exec/operators.h"
#include "exec/scan_predicates.h"
#include "plan/clauses.h"

namespace thalweg {

Result<std::unique_ptr<PhysicalPlan>> PlanPhysical(const RelationPtr& relation,
                                                   const PlannerContext& context) {
  if (!relation->resolved()) return Status::Bug("a plan to be run is not resolved");
  auto plan = std::make_unique<PhysicalPlan>();
  plan->mode = context.mode;
  plan->truncates_each_epoch = context.mode == OutputMode::kComplete && relation->streaming;
  Lowering lowering(context, plan.get(), relation->streaming);
  THALWEG_ASSIGN_OR_RETURN(Lowered root, lowering.Lower(relation, Demand()));
  plan->root = std::move(root.input);
  plan->repeatable = root.deterministic;
  plan->root.placement = context.single_writer ? Placement::kOneLane : Placement::kAny;
  plan->schema = SchemaOf(root.output);
  static constexpr const char* kModes[] = {"append", "update", "complete"};
  plan->fingerprint = Fingerprint(relation) + "-" + kModes[static_cast<int>(context.mode)];
  return plan;
}

std::vector<const PhysicalNode*> StatefulNodes(const PhysicalPlan& plan) {
  std::vector<const PhysicalNode*> stateful;
  std::vector<const PhysicalInput*> open = {&plan.root};
  while (!open.empty()) {
    const PhysicalNode* node = open.back()->node;
    open.pop_back();
    if (node == nullptr) continue;
    if (node->state.stateful) stateful.push_back(node);
    for (auto input = node->inputs.rbegin(); input != node->inputs.rend(); ++input) {
      open.push_back(&*input);
    }
  }
  return stateful;
}

Result<Lowered> Lowering::Lower(const RelationPtr& relation, const Demand& demand) {
  if (streaming_ && !relation->streaming) return LowerStatic(relation, demand);
  switch (relation->kind()) {
    case RelationKind::kRead:
      return LowerRead(*As<ReadRelation>(relation));
    case RelationKind::kLocalRelation:
      return LowerLocal(*As<LocalRelation>(relation));
    case RelationKind::kSubqueryAlias:
      return LowerRenamed(*relation, demand);
    case RelationKind::kRepartition:
      return LowerRenamed(*relation, demand);
    case RelationKind::kProject:
      return LowerProject(*As<Project>(relation), demand);
    case RelationKind::kFilter:
      return LowerFilter(*As<Filter>(relation), demand);
    case RelationKind::kGenerate:
      return LowerGenerate(*As<Generate>(relation), demand);
    case RelationKind::kCollectMetrics:
      return LowerCollectMetrics(*As<CollectMetrics>(relation), demand);
    case RelationKind::kExpand:
      return LowerExpand(*As<Expand>(relation), demand);
    case RelationKind::kWithWatermark:
      return LowerWithWatermark(*As<WithWatermark>(relation), demand);
    case RelationKind::kDeduplicate:
      return LowerDeduplicate(*As<Deduplicate>(relation), demand);
    case RelationKind::kAggregate:
      return LowerAggregate(*As<AggregateRelation>(relation), demand);
    case RelationKind::kJoin:
      return LowerJoin(*As<Join>(relation), demand);
    case RelationKind::kSort:
      return LowerSort(*As<Sort>(relation));
    case RelationKind::kLimit:
      return LowerLimit(*As<Limit>(relation));
    case RelationKind::kOffset:
      return LowerOffset(*As<OffsetRelation>(relation));
    case RelationKind::kSetOperation:
      return LowerSetOperation(*As<SetOperation>(relation), demand);
    default:
      return NotSupportedYet(std::string("running ") + relation->name(), relation->place);
  }
}

// A static side of a streaming query is a batch query that runs in every epoch: what it remembers
// lasts for the epoch and is no state of the stream.
Result<Lowered> Lowering::LowerStatic(const RelationPtr& relation, const Demand& demand) {
  if (plan_->epoch_state == nullptr) {
    plan_->epoch_state =
        std::make_unique<StateStore>(*context_.env, context_.budget, StateStoreOptions());
  }
  const PlannerContext outer = context_;
  const bool strict = plan_->strict;
  const size_t first_node = plan_->nodes.size();
  context_.state = plan_->epoch_state.get();
  context_.mode = OutputMode::kComplete;
  streaming_ = false;
  Result<Lowered> lowered = Lower(relation, demand);
  streaming_ = true;
  context_ = outer;
  plan_->strict = strict;
  for (size_t i = first_node; i < plan_->nodes.size(); ++i) {
    plan_->nodes[i]->state = StatefulTraits();
  }
  return lowered;
}

Result<Lowered> Lowering::LowerRead(const ReadRelation& read) {
  PhysicalSource source;
  source.table = read.table;
  source.options = read.options;
  source.streaming = read.is_streaming;
  source.request.schema = SchemaOf(read.output);
  for (const int64_t column : read.columns) {
    source.request.columns.push_back(static_cast<int>(column));
  }
  source.request.source_index = static_cast<int32_t>(plan_->sources.size());
  Lowered lowered;
  lowered.input.source = static_cast<int>(plan_->sources.size());
  lowered.output = read.output;
  lowered.deterministic = read.is_streaming || !read.table->info().version.empty();
  plan_->sources.push_back(std::move(source));
  return lowered;
}

Result<Lowered> Lowering::LowerLocal(const LocalRelation& local) {
  PhysicalSource source;
  source.table = MakeLocalTable(local.schema, local.batches);
  source.request.schema = SchemaOf(local.output);
  for (size_t i = 0; i < local.output.size(); ++i) {
    source.request.columns.push_back(static_cast<int>(i));
  }
  source.request.source_index = static_cast<int32_t>(plan_->sources.size());
  Lowered lowered;
  lowered.input.source = static_cast<int>(plan_->sources.size());
  lowered.output = local.output;
  plan_->sources.push_back(std::move(source));
  return lowered;
}

// The same rows under other names.
Result<Lowered> Lowering::LowerRenamed(const Relation& relation, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(Inputs(relation)[0], demand));
  lowered.output = relation.output;
  return lowered;
}

Result<Lowered> Lowering::LowerProject(const Project& project, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered input, Lower(project.input, demand));
  std::vector<ExprPtr> expressions;
  for (const ExprPtr& expression : project.expressions) {
    const Alias* alias = As<Alias>(expression);
    expressions.push_back(alias == nullptr ? expression : alias->child);
  }
  Lowered lowered = AddProject(input, expressions);
  lowered.output = project.output;
  lowered.input.node->output = project.output;
  return lowered;
}

Lowered Lowering::AddProject(const Lowered& input, const std::vector<ExprPtr>& expressions) {
  Lowered lowered;
  lowered.deterministic = input.deterministic;
  for (const ExprPtr& expression : expressions) {
    lowered.deterministic &= IsDeterministic(expression);
    lowered.output.push_back(expression->kind() == ExprKind::kAttribute
                                 ? std::static_pointer_cast<const Attribute>(expression)
                                 : ToAttribute(MakeAlias(expression, ToString(expression))));
  }
  PhysicalNode* node = AddNode(input.input, lowered.output);
  node->make = [expressions, columns = input.output, schema = node->schema] {
    return NewProject(expressions, columns, schema);
  };
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerFilter(const Filter& filter, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(filter.input, demand));
  if (const auto* read = As<ReadRelation>(filter.input)) {
    plan_->sources[lowered.input.source].request.predicates =
        ScanPredicatesOf(filter.condition, *read);
  }
  PhysicalNode* node = AddNode(lowered.input, lowered.output);
  node->make = [condition = filter.condition, columns = lowered.output] {
    return NewFilter(condition, columns);
  };
  lowered.deterministic &= IsDeterministic(filter.condition);
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

Result<Lowered> Lowering::LowerWithWatermark(const WithWatermark& watermark, const Demand& demand) {
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(watermark.input, demand));
  if (!watermark.streaming) return lowered;  // batch queries ignore it
  const Attribute* event_time = As<Attribute>(watermark.event_time);
  const int column = event_time == nullptr ? -1 : IndexOf(lowered.output, event_time->id);
  if (column < 0) return Status::Bug("the event time of a watermark is not a column of its input");
  if (!event_time->type->Is(TypeKind::kTimestamp)) {
    return NotSupportedYet("a watermark on " + event_time->type->Sql(), watermark.place);
  }
  PhysicalNode* node = AddNode(lowered.input, watermark.output);
  node->make = [column, name = event_time->column]() -> Result<std::unique_ptr<Operator>> {
    return NewEventTime(column, name);
  };
  node->watermark_delay_us = watermark.delay_us;
  lowered.input = {};
  lowered.input.node = node;
  lowered.output = watermark.output;
  return lowered;
}

PhysicalNode* Lowering::AddNode(PhysicalInput input, std::vector<AttributePtr> output) {
  auto node = std::make_unique<PhysicalNode>();
  node->id = static_cast<int>(plan_->nodes.size());
  node->inputs.push_back(std::move(input));
  node->schema = SchemaOf(output);
  node->output = std::move(output);
  plan_->nodes.push_back(std::move(node));
  return plan_->nodes.back().get();
}

std::string Lowering::ContainerName(const std::string& meaning) {
  std::string name = meaning;
  for (int i = 2; !containers_.insert(name).second; ++i) name = meaning + " #" + std::to_string(i);
  return name;
}

SchemaPtr SchemaOf(const std::vector<AttributePtr>& attributes) {
  std::vector<StructField> fields;
  for (const AttributePtr& attribute : attributes) {
    fields.push_back({attribute->column, attribute->type, attribute->nullable, ""});
  }
  return Schema::Make(std::move(fields));
}

int IndexOf(const std::vector<AttributePtr>& attributes, int64_t id) {
  for (size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i]->id == id) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace thalweg
