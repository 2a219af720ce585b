// Lowering: typed logical nodes → physical nodes, one function a kind of node. Private to the
// physical planner; lives for one PlanPhysical.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "exec/physical_plan.h"
#include "plan/clauses.h"

namespace thalweg {

struct Deduplicate;

/// A relation that has been lowered: where its rows come from and their columns.
struct Lowered {
  PhysicalInput input;
  std::vector<AttributePtr> output;
  bool deterministic = true;  // computing it again gives the same rows
};

/// What stands above a relation asks of it.
struct Demand {
  bool order = false;  // something above depends on the order of its rows
};

class Lowering {
 public:
  Lowering(const PlannerContext& context, PhysicalPlan* plan, bool streaming)
      : context_(context), plan_(plan), streaming_(streaming) {}

  Result<Lowered> Lower(const RelationPtr& relation, const Demand& demand);

 private:
  Result<Lowered> LowerRead(const ReadRelation& read);
  Result<Lowered> LowerLocal(const LocalRelation& local);
  Result<Lowered> LowerRenamed(const Relation& relation, const Demand& demand);
  Result<Lowered> LowerProject(const Project& project, const Demand& demand);
  Result<Lowered> LowerFilter(const Filter& filter, const Demand& demand);
  Result<Lowered> LowerGenerate(const Generate& generate, const Demand& demand);
  Result<Lowered> LowerCollectMetrics(const CollectMetrics& observed, const Demand& demand);
  Result<Lowered> LowerExpand(const Expand& expand, const Demand& demand);
  Result<Lowered> LowerWithWatermark(const WithWatermark& node, const Demand& demand);
  Result<Lowered> LowerSort(const Sort& sort);
  Result<Lowered> LowerLimit(const Limit& limit);
  Result<Lowered> LowerStreamLimit(const Limit& limit, int64_t rows);
  Result<Lowered> LowerOffset(const OffsetRelation& offset);
  Result<Lowered> LowerSetOperation(const SetOperation& set, const Demand& demand);
  Result<Lowered> LowerUnion(const SetOperation& set, const Demand& demand);
  Result<Lowered> LowerAggregate(const AggregateRelation& aggregate, const Demand& demand);
  Result<Lowered> LowerAggregateOver(const AggregateRelation& aggregate, const Demand& demand,
                                     Lowered input);
  Result<Lowered> LowerDistinctAggregate(const AggregateRelation& aggregate, const Demand& demand);
  Result<Lowered> AddMark(const Lowered& input, const std::vector<ExprPtr>& keys,
                          const ExprPtr& filter, const AttributePtr& column, const Demand& demand);
  Result<Lowered> LowerJoin(const Join& join, const Demand& demand);
  Result<Lowered> LowerStatic(const RelationPtr& relation, const Demand& demand);
  Result<Lowered> LowerDeduplicate(const Deduplicate& deduplicate, const Demand& demand);

  /// Appends a node of one input.
  PhysicalNode* AddNode(PhysicalInput input, std::vector<AttributePtr> output);
  /// One that runs on one lane and gets its rows in the order of the epoch.
  PhysicalNode* AddOneLaneNode(const Lowered& input);
  /// A Project of `expressions` above `input`; its columns are new attributes.
  Lowered AddProject(const Lowered& input, const std::vector<ExprPtr>& expressions);
  /// `meaning`, made unique among the containers of the plan.
  std::string ContainerName(const std::string& meaning);

  friend class AggregateLowering;
  friend class JoinLowering;
  PlannerContext context_;
  PhysicalPlan* const plan_;
  bool streaming_;  // what is being lowered; below a static side of a streaming query: false
  std::set<std::string> containers_;
  /// A sort of which a limit above it wants the first rows only; said just before it is lowered.
  struct {
    const Relation* sort = nullptr;
    int64_t rows = 0;
  } top_;
};

SchemaPtr SchemaOf(const std::vector<AttributePtr>& attributes);
/// Position of the attribute with that id; -1: none.
int IndexOf(const std::vector<AttributePtr>& attributes, int64_t id);
/// What the expression means whatever the ids of this plan: addresses state.
std::string MeaningOf(const ExprPtr& expr);
/// Some aggregate takes DISTINCT values.
bool HasDistinctCall(const AggregateRelation& aggregate);
/// Why values of the type cannot be a key; nullptr if they can.
const char* WhyNoKey(const DataType& type);

}  // namespace thalweg
