// Lowering of Deduplicate: which memory it gets follows from its input and its keys.
#include <algorithm>

#include "exec/lowering.h"
#include "exec/operators.h"
#include "plan/clauses.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

bool IsFloating(const DataType& type) {
  return type.Is(TypeKind::kFloat) || type.Is(TypeKind::kDouble) ||
         std::any_of(type.fields().begin(), type.fields().end(),
                     [](const StructField& field) { return IsFloating(*field.type); });
}

/// The event time among `columns`, the first one where several are allowed; null: there is none.
AttributePtr EventTimeOf(const std::vector<AttributePtr>& columns) {
  const auto found = std::find_if(columns.begin(), columns.end(), [](const auto& column) {
    return column->watermark_delay_us >= 0;
  });
  return found == columns.end() ? nullptr : *found;
}

/// The keys in an order of their own, so that an edited query finds its state again.
std::vector<ExprPtr> OrderedKeys(const Deduplicate& deduplicate) {
  std::vector<ExprPtr> keys = deduplicate.keys;
  std::stable_sort(keys.begin(), keys.end(),
                   [](const ExprPtr& a, const ExprPtr& b) { return MeaningOf(a) < MeaningOf(b); });
  return keys;
}

/// What is left out of the keys, so that it matters which of several rows is kept.
bool KeepsOtherColumns(const Deduplicate& deduplicate) {
  const auto& keys = deduplicate.keys;
  return !std::all_of(deduplicate.input->output.begin(), deduplicate.input->output.end(),
                      [&](const auto& column) {
                        return std::any_of(keys.begin(), keys.end(), [&](const ExprPtr& key) {
                          return As<Attribute>(key)->id == column->id;
                        });
                      });
}

struct Planned {
  Deduplication what;
  bool one_lane = false;
  std::string meaning;
  DuplicateFacts facts;
};

Result<Planned> PlanOf(const Deduplicate& deduplicate, const std::vector<AttributePtr>& columns) {
  Planned planned;
  Deduplication& what = planned.what;
  planned.facts.within_watermark = deduplicate.within_watermark;
  what.normalize_floats = !deduplicate.streaming;
  const AttributePtr event_time =
      deduplicate.streaming ? EventTimeOf(deduplicate.input->output) : nullptr;
  if (event_time != nullptr) {
    what.time_column = IndexOf(columns, event_time->id);
    what.delay_us = event_time->watermark_delay_us;
    planned.facts.event_time = PrettySql(event_time);
    planned.facts.delay_us = what.delay_us;
  }
  planned.meaning = deduplicate.within_watermark ? "deduplicate within [" : "deduplicate by [";
  for (const ExprPtr& key : OrderedKeys(deduplicate)) {
    const int column = IndexOf(columns, As<Attribute>(key)->id);
    if (column < 0) return Status::Bug("a key of deduplication is not a column of its input");
    if (const char* why = WhyNoKey(*key->type)) return NotSupportedYet(why, deduplicate.place);
    what.key_columns.push_back(column);
    what.key_types.push_back(key->type);
    what.keys_text += (what.keys_text.empty() ? "" : ", ") + ToString(key);
    planned.facts.keys += (planned.facts.keys.empty() ? "" : ", ") + PrettySql(key);
    what.keyed_by_time |= column == what.time_column;
    planned.one_lane |= deduplicate.streaming && IsFloating(*key->type);  // lanes normalise
    planned.meaning += MeaningOf(key) + "; ";
  }
  planned.meaning += "]";
  if (deduplicate.within_watermark || what.keyed_by_time) {
    planned.meaning += " in " + std::to_string(EventTimeSlices(what.delay_us).size_us) + " us";
  }
  planned.facts.keyed_by_time = what.keyed_by_time;
  planned.one_lane |= what.key_columns.empty();
  return planned;
}

Result<std::unique_ptr<SeenKeys>> MemoryOf(const Deduplicate& deduplicate, const std::string& name,
                                           const PlannerContext& context,
                                           const Deduplication& what) {
  if (!deduplicate.within_watermark && !what.keyed_by_time) {
    THALWEG_ASSIGN_OR_RETURN(GroupTable* const table,
                             context.state->AddGroupTable(name, SeenKeyOptions(what)));
    return SeenForEver(table);
  }
  THALWEG_ASSIGN_OR_RETURN(SlicedTable* const slices,
                           context.state->AddSlicedTable(name, SeenKeyOptions(what)));
  return deduplicate.within_watermark ? SeenWithin(slices, what, context.budget)
                                      : SeenByEventTime(slices, what);
}

/// Within the watermark of a time that Spark can read as one.
Status CheckWithin(const Deduplicate& deduplicate, const Deduplication& what,
                   const std::vector<AttributePtr>& columns) {
  if (!deduplicate.within_watermark) return Status::OK();
  if (what.time_column < 0) {
    return Status::Legacy(3102, "dropDuplicatesWithinWatermark without a watermark",
                          deduplicate.place);
  }
  const auto time = static_cast<size_t>(what.time_column);
  if (columns[time]->type->Is(TypeKind::kTimestamp)) return Status::OK();
  return NotSupportedYet("dropDuplicatesWithinWatermark by the time of a window",
                         deduplicate.place);
}

}  // namespace

Result<Lowered> Lowering::LowerDeduplicate(const Deduplicate& deduplicate, const Demand& demand) {
  if (deduplicate.is_distinct) return Status::Bug("SELECT DISTINCT is an aggregation once typed");
  Demand below = demand;
  below.order |= KeepsOtherColumns(deduplicate);
  THALWEG_ASSIGN_OR_RETURN(Lowered lowered, Lower(deduplicate.input, below));
  THALWEG_ASSIGN_OR_RETURN(Planned planned, PlanOf(deduplicate, lowered.output));
  THALWEG_RETURN_NOT_OK(CheckWithin(deduplicate, planned.what, lowered.output));
  PhysicalInput input = lowered.input;
  input.placement = planned.one_lane || demand.order ? Placement::kOneLane : Placement::kByKey;
  input.key_columns = planned.what.key_columns;
  PhysicalNode* node = AddNode(std::move(input), lowered.output);
  THALWEG_ASSIGN_OR_RETURN(
      auto seen, MemoryOf(deduplicate, ContainerName(planned.meaning), context_, planned.what));
  StatefulOperator made = NewDeduplicate(std::move(planned.what), std::move(seen));
  node->shared = std::move(made.shared);
  node->make = [make = std::move(made.make)]() -> Result<std::unique_ptr<Operator>> {
    return make();
  };
  node->state.stateful = node->state.uses_event_time = deduplicate.streaming;
  node->state.spark_name = deduplicate.within_watermark ? "dedupeWithinWatermark" : "dedupe";
  node->state.retention = RetentionOfDuplicates(planned.facts);
  node->state.logical_rows = std::move(made.logical_rows);
  plan_->strict |= !lowered.deterministic;
  lowered.input = {};
  lowered.input.node = node;
  return lowered;
}

}  // namespace thalweg
