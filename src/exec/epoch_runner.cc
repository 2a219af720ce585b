// One epoch: post-order through the plan. A scan reads on lane 0 alone until it has seen enough
// rows to be worth the workers; from there on the rest of the epoch runs on all lanes.
#include "exec/epoch_runner.h"

#include <algorithm>

#include "exec/dataflow.h"
#include "exec/fan_out_scan.h"

namespace thalweg {

struct EpochRunner::Rep {
  Rep(const PhysicalPlan& the_plan, const RunnerWorld& the_world, const RunnerOptions& the_options)
      : plan(the_plan),
        world(the_world),
        options(the_options),
        tasks(&the_world.env->tasks()),
        fan_out_scan(&tasks, the_options.round_bytes) {}

  Status Run();
  Status RunInput(Dataflow::Input* input);
  Status RunNode(Dataflow::Node* node);
  Status Scan(Dataflow::Input* input);
  Status FindReaders(int source);
  Status ScanAlone(Edge* edge, SourceCounts* counts, size_t* next_reader);
  bool WantsFanOut() const;

  const PhysicalPlan& plan;
  const RunnerWorld world;
  const RunnerOptions options;
  int lanes_max = 1;
  LaneTasks tasks;
  FanOutScan fan_out_scan;
  std::unique_ptr<Dataflow> flow;
  std::vector<ScanRequest> requests;  // by source
  std::vector<BatchReader*> readers;
  Batch batch;
  int64_t rows_read = 0;  // of this epoch
  const EpochInput* input = nullptr;
  EpochResult* result = nullptr;
};

RunnerOptions RunnerOptionsOf(const PhysicalPlan& plan, const Conf& conf) {
  constexpr const char* kRows = "thalweg.exec.fanOutRows";
  bool decodes = false;
  for (const PhysicalSource& source : plan.sources) {
    decodes = decodes || !source.table->info().decoded;
  }
  RunnerOptions options;
  options.fan_out_rows =
      decodes || conf.IsSet(kRows) ? conf.GetInt(kRows) : RunnerOptions::kNeverFanOut;
  options.round_bytes = conf.GetBytes("thalweg.exec.roundBytes");
  return options;
}

Result<std::unique_ptr<EpochRunner>> EpochRunner::Make(const PhysicalPlan& plan,
                                                       const RunnerWorld& world,
                                                       const RunnerOptions& options) {
  THALWEG_CHECK(world.sources.size() == plan.sources.size(), "a source of the plan is not open");
  auto rep = std::make_unique<Rep>(plan, world, options);
  const int workers = world.env->tasks().worker_count();
  const int wanted = options.lanes_max > 0 ? options.lanes_max : workers;
  rep->lanes_max = std::clamp(std::min(wanted, workers), 1, kShardCount);
  for (const PhysicalSource& source : plan.sources) {
    rep->requests.push_back(source.request);
    rep->requests.back().readers_wanted = rep->lanes_max == 1 ? 1 : 4 * rep->lanes_max;
  }
  THALWEG_ASSIGN_OR_RETURN(rep->flow,
                           Dataflow::Make(plan, world.sink, &rep->tasks, rep->lanes_max));
  return std::unique_ptr<EpochRunner>(new EpochRunner(std::move(rep)));
}

EpochRunner::EpochRunner(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
EpochRunner::~EpochRunner() = default;

Status EpochRunner::Run(const EpochInput& input, EpochResult* result) {
  THALWEG_CHECK(input.ranges.size() == rep_->plan.sources.size() &&
                    input.thresholds.size() == rep_->plan.nodes.size(),
                "an epoch of another plan");
  rep_->input = &input;
  rep_->result = result;
  return rep_->flow->LowestError(rep_->Run());
}

Status EpochRunner::Rep::Run() {
  result->read.assign(plan.sources.size(), SourceCounts());
  result->operators.assign(plan.nodes.size(), OperatorMetrics());
  rows_read = 0;
  if (plan.epoch_state != nullptr) THALWEG_RETURN_NOT_OK(plan.epoch_state->Load(-1));
  THALWEG_RETURN_NOT_OK(flow->BeginEpoch(*input));
  THALWEG_RETURN_NOT_OK(RunInput(&flow->root()));
  result->observed.clear();
  for (const auto& node : plan.nodes) {
    if (!node->observed.name.empty()) {
      result->observed.push_back({node->observed.name, node->observed.row()});
    }
  }
  return flow->EndSink(result);
}

Status EpochRunner::Rep::RunInput(Dataflow::Input* in) {
  return in->what->node == nullptr ? Scan(in) : RunNode(&flow->nodes()[in->what->node->id]);
}

Status EpochRunner::Rep::RunNode(Dataflow::Node* node) {
  const int ports = static_cast<int>(node->what->inputs.size());
  for (int port = 0; port < ports; ++port) {
    Dataflow::Input& in = flow->input(node->first_input + port);
    const bool kept = in.what->is_kept && in.what->is_kept();
    if (!kept) THALWEG_RETURN_NOT_OK(RunInput(&in));
    THALWEG_RETURN_NOT_OK(flow->EndPort(node, port));
  }
  return flow->EndNode(node, &result->operators[node->what->id]);
}

Status EpochRunner::Rep::Scan(Dataflow::Input* in) {
  const int source = in->what->source;
  THALWEG_RETURN_NOT_OK(FindReaders(source));
  if (readers.empty()) return Status::OK();
  SourceCounts* counts = &result->read[source];
  size_t next_reader = 0;
  if (flow->lanes() == 1) {
    THALWEG_RETURN_NOT_OK(ScanAlone(in->edges[0].get(), counts, &next_reader));
    if (next_reader == readers.size()) return Status::OK();
    THALWEG_RETURN_NOT_OK(flow->FanOut());
  }
  Dataflow::Input* above = flow->ExchangeAbove(in);
  ScanTarget target;
  target.lanes = flow->lanes();
  target.edges = in->edges;
  target.errors = flow->errors();
  if (above != nullptr) {
    target.exchange = above->exchange.get();
    target.consumers = flow->ConsumerEdges(*above);
  }
  return fan_out_scan.Run(target, std::span(readers).subspan(next_reader), counts);
}

/// Readers of what the epoch brings from `source`; of a static one, of all that it holds.
Status EpochRunner::Rep::FindReaders(int source) {
  readers.clear();
  const SourceRange& range = input->ranges[source];
  Source& from = *world.sources[source];
  if (!range.empty()) return from.Read(requests[source], range.from, range.to, &readers);
  if (plan.sources[source].streaming) return Status::OK();
  Offset end;
  THALWEG_RETURN_NOT_OK(from.Latest(Offset(), ReadLimits(), nullptr, &end));
  if (end.empty()) return Status::OK();
  return from.Read(requests[source], Offset(), end, &readers);
}

/// Reads on lane 0; stops before the end, in *next_reader, where the rest shall fan out.
Status EpochRunner::Rep::ScanAlone(Edge* edge, SourceCounts* counts, size_t* next_reader) {
  for (; *next_reader < readers.size(); ++*next_reader) {
    BatchReader& reader = *readers[*next_reader];
    RowOrigin next;
    while (true) {
      if (WantsFanOut()) return Status::OK();
      const Result<bool> more = reader.Next(&batch);
      if (!more.ok()) {
        flow->errors()[0].Note(next, more.status());
        return more.status();
      }
      if (!*more) break;
      const int rows = batch.physical_rows();
      next = batch.origin();
      next.position += rows;
      rows_read += rows;
      counts->rows += rows;
      THALWEG_ASSIGN_OR_RETURN(const Flow flow_on, edge->Write(batch));
      if (flow_on == Flow::kEnough) {
        counts->bytes += reader.bytes_read();
        counts->complete = false;
        *next_reader = readers.size();
        return Status::OK();
      }
    }
    counts->bytes += reader.bytes_read();
  }
  return Status::OK();
}

bool EpochRunner::Rep::WantsFanOut() const {
  return lanes_max > 1 && rows_read >= options.fan_out_rows;
}

}  // namespace thalweg
