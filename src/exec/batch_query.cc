#include "exec/batch_query.h"

#include "exec/collecting_sink.h"

namespace thalweg {
namespace {

Result<std::vector<std::unique_ptr<Source>>> OpenSources(const PhysicalPlan& plan, Env* env);
Result<std::vector<std::string>> RunOnce(const RelationPtr& relation,
                                         const BatchQueryOptions& options, bool single_writer,
                                         Sink* sink);
EpochInput OnlyEpoch(const PhysicalPlan& plan, int64_t batch_time_us);

}  // namespace

Result<std::vector<Batch>> RunBatch(const RelationPtr& relation, const BatchQueryOptions& options) {
  std::vector<StructField> columns;
  for (const AttributePtr& column : relation->output) {
    columns.push_back({column->column, column->type, column->nullable, ""});
  }
  CollectingSink sink(Schema::Make(std::move(columns)), options.budget);
  THALWEG_RETURN_NOT_OK(RunOnce(relation, options, /*single_writer=*/true, &sink).status());
  return sink.Take();
}

Result<std::vector<std::string>> RunBatchInto(const RelationPtr& relation,
                                              const BatchQueryOptions& options, Sink* sink) {
  return RunOnce(relation, options, /*single_writer=*/false, sink);
}

namespace {

Result<std::vector<std::string>> RunOnce(const RelationPtr& relation,
                                         const BatchQueryOptions& options, bool single_writer,
                                         Sink* sink) {
  if (relation->streaming) return Status::Bug("a plan with streams is run as a batch query");
  const int64_t batch_time_us =
      options.batch_time_us ? *options.batch_time_us : options.env->clock().NowUs();
  StateStore state(*options.env, options.budget, StateStoreOptions());
  PlannerContext context;
  context.env = options.env;
  context.state = &state;
  context.budget = options.budget;
  context.mode = OutputMode::kComplete;
  context.single_writer = single_writer;
  THALWEG_ASSIGN_OR_RETURN(const auto plan, PlanPhysical(relation, context));
  THALWEG_ASSIGN_OR_RETURN(const auto sources, OpenSources(*plan, options.env));
  RunnerWorld world;
  world.env = options.env;
  world.state = &state;
  for (const auto& source : sources) world.sources.push_back(source.get());
  world.sink = sink;
  const RunnerOptions runner_options =
      options.runner ? *options.runner : RunnerOptionsOf(*plan, options.conf);
  THALWEG_ASSIGN_OR_RETURN(const auto runner, EpochRunner::Make(*plan, world, runner_options));
  EpochResult result;
  THALWEG_RETURN_NOT_OK(runner->Run(OnlyEpoch(*plan, batch_time_us), &result));
  if (options.observed != nullptr) *options.observed = std::move(result.observed);
  return std::move(result.parts);
}

Result<std::vector<std::unique_ptr<Source>>> OpenSources(const PhysicalPlan& plan, Env* env) {
  std::vector<std::unique_ptr<Source>> sources;
  for (const PhysicalSource& planned : plan.sources) {
    SourceContext context;
    context.env = env;
    context.streaming = false;
    THALWEG_ASSIGN_OR_RETURN(auto source, planned.table->OpenSource());
    THALWEG_RETURN_NOT_OK(source->Open(context, Offset()));
    sources.push_back(std::move(source));
  }
  return sources;
}

/// Static sources have empty ranges: they are read whole.
EpochInput OnlyEpoch(const PhysicalPlan& plan, int64_t batch_time_us) {
  EpochInput input;
  input.constants.batch_time_us = batch_time_us;
  input.ranges.resize(plan.sources.size());
  input.thresholds.resize(plan.nodes.size());
  return input;
}

}  // namespace
}  // namespace thalweg
