#include "api/explain.h"

#include <algorithm>

#include "exec/physical_plan.h"
#include "plan/sql_text.h"

namespace thalweg {
namespace {

/// A physical plan that is never run, with the memory-only state that making it takes.
struct PlannedQuery {
  std::unique_ptr<StateStore> state;
  std::unique_ptr<PhysicalPlan> plan;
};

Result<PlannedQuery> PlanOf(Session& session, const RelationPtr& optimized, OutputMode mode,
                            bool single_writer) {
  PlannedQuery planned;
  planned.state =
      std::make_unique<StateStore>(session.env(), &session.budget(), StateStoreOptions());
  PlannerContext context;
  context.env = &session.env();
  context.state = planned.state.get();
  context.budget = &session.budget();
  context.mode = mode;
  context.single_writer = single_writer;
  THALWEG_ASSIGN_OR_RETURN(planned.plan, PlanPhysical(optimized, context));
  return planned;
}

std::string Section(const char* title, const std::string& text) {
  return std::string("== ") + title + " ==\n" + text + (text.ends_with('\n') ? "\n" : "\n\n");
}

std::string OutputText(const RelationPtr& analyzed) {
  std::string text;
  for (const AttributePtr& column : analyzed->output) {
    text += (text.empty() ? "" : ", ") + column->column + ": " + column->type->Simple();
  }
  return text + "\n";
}

std::string StateText(const PhysicalPlan& plan) {
  std::string text;
  for (const PhysicalNode* node : StatefulNodes(plan)) {
    const StateRetention& kept = node->state.retention;
    text += node->state.spark_name + " (node " + std::to_string(node->id) + ")\n";
    text += "  keeps: " + (kept.keeps.empty() ? "what the operator in the plan says" : kept.keeps);
    text += "\n  by: " + (kept.by.empty() ? "nothing, it is one entry" : kept.by) + "\n";
    if (!kept.unbounded.empty()) {
      text += "  until: unbounded, because " + kept.unbounded + "\n  remedy: " + kept.remedy + "\n";
    } else {
      text += "  until: " + (kept.until.empty() ? "the end of the query" : kept.until) + "\n";
    }
  }
  return text.empty() ? "nothing: every row is judged alone\n" : text;
}

const char* PromiseText(Promise promise) {
  switch (promise) {
    case Promise::kExactlyOnce:
      return "exactly-once";
    case Promise::kIdempotentByKey:
      return "idempotent by key";
    case Promise::kAtLeastOnce:
      return "at-least-once";
  }
  return "";
}

std::string SinkText(const TableInfo& sink, OutputMode mode, const Trigger& trigger) {
  static constexpr const char* kModes[] = {"append", "update", "complete"};
  std::string text = sink.description + "\n  output mode: " + kModes[static_cast<int>(mode)];
  text += std::string("\n  promise: ") + PromiseText(sink.promise) + "\n  pace: ";
  text += sink.pace_us > 0 ? "an epoch every " + DurationText(sink.pace_us) + " at most"
                           : "an epoch as soon as there is input";
  if (trigger.kind == Trigger::Kind::kProcessingTime) {
    text += "; the trigger asks for one every " + DurationText(trigger.interval_us);
  } else if (trigger.ends()) {
    text += "; the trigger ends the query at the end of what is there, and ignores the pace";
  }
  return text + "\n";
}

/// What makes an epoch that runs again come out otherwise.
class Unrepeatable {
 public:
  static std::string In(const RelationPtr& relation) {
    Unrepeatable found;
    found.Walk(*relation);
    return found.text_;
  }

 private:
  void Walk(const Relation& relation) {
    if (relation.kind() == RelationKind::kRead) {
      const auto& read = static_cast<const ReadRelation&>(relation);
      if (!read.is_streaming && read.table->info().version.empty()) {
        Add("the static table " + read.table->info().description + ", which may change unseen");
      }
    }
    for (const NamedField& field : FieldsOf(relation)) {
      if (const auto* one = std::get_if<const ExprPtr*>(&field.ref)) Look(**one);
      if (const auto* many = std::get_if<const std::vector<ExprPtr>*>(&field.ref)) {
        for (const ExprPtr& expr : **many) Look(expr);
      }
    }
    for (const RelationPtr& input : Inputs(relation)) Walk(*input);
  }
  void Look(const ExprPtr& expr) {
    if (expr != nullptr && !IsDeterministic(expr)) Add(PrettySql(expr));
  }
  void Add(const std::string& what) {
    if (text_.find(what) == text_.npos) text_ += (text_.empty() ? "" : ", ") + what;
  }
  std::string text_;
};

std::string ReplayText(const PhysicalPlan& plan, const RelationPtr& optimized,
                       const TableInfo& sink) {
  std::string unlogged;
  for (const PhysicalSource& source : plan.sources) {
    if (!source.streaming || source.table->info().replayable) continue;
    unlogged += (unlogged.empty() ? "" : ", ") + source.table->info().description;
  }
  std::string text;
  if (!unlogged.empty()) {
    text += "case a: " + unlogged +
            " cannot be read again: what it brings is appended to the "
            "query's log before the epoch runs\n";
  }
  if (plan.strict) {
    text += "case b: below state stands " + Unrepeatable::In(optimized) +
            ": the state is sealed with every epoch\n";
  } else if (!plan.repeatable) {
    text += "case c: above the last state stands " + Unrepeatable::In(optimized) +
            ": an epoch that runs again may bring other rows; " +
            (sink.promise == Promise::kExactlyOnce
                 ? "the sink takes each epoch once, so that its promise holds\n"
                 : "the promise of the sink is at-least-once\n");
  }
  if (text.empty()) {
    text =
        "an epoch that runs again brings the same rows: the state is sealed every second or "
        "64 MB (thalweg.state.sealInterval, thalweg.state.sealBytes)\n";
  }
  return text;
}

}  // namespace

Result<ExplainMode> ParseExplainMode(const std::string& mode, const SqlPlace& place) {
  if (mode.empty()) return ExplainMode::kSimple;
  if (mode == "extended") return ExplainMode::kExtended;
  if (mode == "formatted") return ExplainMode::kFormatted;
  if (mode == "cost") return ExplainMode::kCost;
  return NotSupportedYet("EXPLAIN " + mode + " (there is EXTENDED, FORMATTED and COST)", place);
}

Result<std::string> ExplainQuery(Session& session, const RelationPtr& unresolved,
                                 const RelationPtr& analyzed, ExplainMode mode) {
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr optimized, session.Optimize(analyzed));
  const OutputMode output = analyzed->streaming ? OutputMode::kAppend : OutputMode::kComplete;
  THALWEG_ASSIGN_OR_RETURN(const PlannedQuery planned, PlanOf(session, optimized, output, true));
  std::string text;
  if (mode == ExplainMode::kExtended) {
    text += Section("Parsed Logical Plan", ToTreeString(unresolved));
    text += Section("Analyzed Logical Plan", OutputText(analyzed) + ToTreeString(analyzed));
  }
  if (mode == ExplainMode::kExtended || mode == ExplainMode::kCost) {
    text += Section("Optimized Logical Plan", ToTreeString(optimized));
  }
  text += Section("Physical Plan", mode == ExplainMode::kFormatted ? ToNumberedString(*planned.plan)
                                                                   : ToTreeString(*planned.plan));
  text.pop_back();
  return text;
}

Result<std::string> ExplainFlow(Session& session, const PipelineFlow& flow, const TableInfo& sink) {
  THALWEG_ASSIGN_OR_RETURN(
      const RelationPtr optimized,
      flow.streaming ? session.PrepareStream(flow.plan, flow.mode) : session.Optimize(flow.plan));
  const OutputMode mode = flow.streaming ? flow.mode : OutputMode::kComplete;
  THALWEG_ASSIGN_OR_RETURN(const PlannedQuery planned,
                           PlanOf(session, optimized, mode, !flow.streaming || sink.single_writer));
  std::string text = Section("Parsed Logical Plan", ToTreeString(flow.unresolved));
  text += Section("Analyzed Logical Plan", OutputText(flow.plan) + ToTreeString(flow.plan));
  text += Section("Optimized Logical Plan", ToTreeString(optimized));
  text += Section("Physical Plan", ToTreeString(*planned.plan));
  if (!flow.streaming) return text + Section("Sink", sink.description + "\n  written anew\n");
  text += Section("State", StateText(*planned.plan));
  text += Section("Sink", SinkText(sink, mode, flow.trigger));
  return text + Section("Replay", ReplayText(*planned.plan, optimized, sink));
}

}  // namespace thalweg
