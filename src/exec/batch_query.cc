#include "exec/batch_query.h"

#include "connectors/memory/memory_table.h"
#include "exec/epoch_runner.h"

namespace thalweg {
namespace {

Status OpenSources(const PhysicalPlan& plan, Env* env,
                   std::vector<std::unique_ptr<Source>>* sources) {
  for (const PhysicalSource& source : plan.sources) {
    THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<Source> opened, source.table->OpenSource());
    SourceContext context;
    context.env = env;
    context.streaming = false;
    THALWEG_RETURN_NOT_OK(opened->Open(context, Offset()));
    sources->push_back(std::move(opened));
  }
  return Status::OK();
}

Result<std::unique_ptr<Sink>> OpenRows(MemoryRows& rows, const PhysicalPlan& plan, Env* env) {
  THALWEG_ASSIGN_OR_RETURN(std::unique_ptr<Sink> sink, rows.table()->OpenSink());
  SinkContext context;
  context.env = env;
  context.query_id = "batch";
  context.schema = plan.schema;
  context.mode = ChangeMode::kComplete;
  THALWEG_RETURN_NOT_OK(sink->Open(context));
  return sink;
}

}  // namespace

Result<std::vector<Batch>> RunBatch(const RelationPtr& relation, const BatchQueryOptions& options) {
  StateStore state(*options.env, options.budget, StateStoreOptions());
  PlannerContext context;
  context.env = options.env;
  context.state = &state;
  context.budget = options.budget;
  context.mode = OutputMode::kComplete;
  context.single_writer = true;
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<PhysicalPlan> plan,
                           PlanPhysical(relation, context));
  std::vector<std::unique_ptr<Source>> sources;
  THALWEG_RETURN_NOT_OK(OpenSources(*plan, options.env, &sources));
  MemoryRows rows("rows", plan->schema);
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Sink> sink, OpenRows(rows, *plan, options.env));
  RunnerWorld world;
  world.env = options.env;
  world.state = &state;
  world.sink = sink.get();
  for (const auto& source : sources) world.sources.push_back(source.get());
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<EpochRunner> runner,
                           EpochRunner::Make(*plan, world, RunnerOptionsOf(*plan, options.conf)));
  EpochInput input;
  input.constants.batch_time_us = options.env->clock().NowUs();
  input.ranges.resize(plan->sources.size());
  input.thresholds.resize(plan->nodes.size());
  EpochResult result;
  THALWEG_RETURN_NOT_OK(runner->Run(input, &result));
  THALWEG_RETURN_NOT_OK(sink->Commit(0, result.parts));
  return rows.All();
}

}  // namespace thalweg
