#include "exec/dataflow.h"

#include <algorithm>

namespace thalweg {

Result<std::unique_ptr<Dataflow>> Dataflow::Make(const PhysicalPlan& plan, Sink* sink,
                                                 LaneTasks* tasks, int lanes_max) {
  std::unique_ptr<Dataflow> flow(new Dataflow(sink, tasks, lanes_max));
  flow->nodes_.resize(plan.nodes.size());
  for (size_t i = 0; i < plan.nodes.size(); ++i) {
    Node& node = flow->nodes_[i];
    node.what = plan.nodes[i].get();
    node.first_input = static_cast<int>(flow->inputs_.size());
    for (size_t port = 0; port < node.what->inputs.size(); ++port) {
      flow->AddInput(&node.what->inputs[port], static_cast<int>(i), static_cast<int>(port), plan);
    }
  }
  flow->AddInput(&plan.root, static_cast<int>(plan.nodes.size()), 0, plan);
  THALWEG_RETURN_NOT_OK(flow->AddLane());
  return flow;
}

Dataflow::Dataflow(Sink* sink, LaneTasks* tasks, int lanes_max)
    : sink_(sink), tasks_(tasks), lanes_max_(lanes_max), errors_(lanes_max) {}

void Dataflow::AddInput(const PhysicalInput* what, int consumer, int port,
                        const PhysicalPlan& plan) {
  const int index = static_cast<int>(inputs_.size());
  Input input;
  input.what = what;
  input.consumer = consumer;
  input.port = port;
  const bool is_leaf = what->node == nullptr;
  if (what->placement != Placement::kAny) {
    const SchemaPtr& schema =
        is_leaf ? plan.sources[what->source].request.schema : what->node->schema;
    input.exchange = std::make_unique<Exchange>(
        schema, what->placement == Placement::kByKey ? what->key_columns : std::vector<int>());
  }
  if (!is_leaf) nodes_[what->node->id].output = index;
  const bool narrow =
      what->placement == Placement::kOneLane ||
      (what->placement == Placement::kAny && !is_leaf && !nodes_[what->node->id].wide);
  bool& wide = consumer == static_cast<int>(nodes_.size()) ? sink_wide_ : nodes_[consumer].wide;
  wide &= !narrow;
  inputs_.push_back(std::move(input));
}

/// Operators, edges and a place at the sink for one more lane.
Status Dataflow::AddLane() {
  const size_t lane = sink_lanes_.size();
  sink_lanes_.push_back(std::make_unique<SinkLane>());
  for (Node& node : nodes_) {
    THALWEG_ASSIGN_OR_RETURN(auto made, node.what->make());
    node.operators.push_back(std::move(made));
  }
  for (Input& input : inputs_) input.edges.push_back(std::make_unique<Edge>());
  for (Input& input : inputs_) {
    Edge& edge = *input.edges[lane];
    if (input.consumer == static_cast<int>(nodes_.size())) {
      edge.Connect(sink_lanes_[lane].get());
      edge.SetGathers(true);
      continue;
    }
    const Node& node = nodes_[input.consumer];
    edge.Connect(node.operators[lane].get(), input.port, inputs_[node.output].edges[lane].get());
    edge.SetGathers(node.what->state.stateful);
  }
  return Status::OK();
}

Epoch Dataflow::EpochOf(const Node& node, int lane) const {
  Epoch epoch;
  epoch.constants = epoch_->constants;
  const Thresholds& thresholds = epoch_->thresholds[node.what->id];
  epoch.late_before_us = thresholds.late_before_us;
  epoch.evict_until_us = thresholds.evict_until_us;
  epoch.evicted_us = thresholds.evicted_us;
  epoch.lane = lane;
  const int lanes = LanesOf(node);
  epoch.first_shard = lane * kShardCount / lanes;
  epoch.last_shard = (lane + 1) * kShardCount / lanes;
  return epoch;
}

Status Dataflow::BeginEpoch(const EpochInput& input) {
  epoch_ = &input;
  lanes_ = 1;
  for (LaneError& error : errors_) error.Clear();
  for (Node& node : nodes_) {
    node.ports_ended = 0;
    node.done = false;
    if (node.what->shared != nullptr) {
      THALWEG_RETURN_NOT_OK(node.what->shared->BeginEpoch(EpochOf(node, 0)));
    }
  }
  return BeginLane(0);
}

Status Dataflow::BeginLane(int lane) {
  for (Node& node : nodes_) {
    if (lane < LanesOf(node)) node.operators[lane]->BeginEpoch(EpochOf(node, lane));
  }
  for (Input& input : inputs_) input.edges[lane]->BeginEpoch(&errors_[lane]);
  return OpenWriter(lane);
}

Status Dataflow::OpenWriter(int lane) {
  SinkLane& sink = *sink_lanes_[lane];
  sink = SinkLane();
  if (!epoch_->write || (lane > 0 && !sink_wide_)) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(sink.writer, sink_->Writer(epoch_->constants.epoch, lane));
  return Status::OK();
}

Status Dataflow::FanOut() {
  for (Input& input : inputs_) THALWEG_RETURN_NOT_OK(input.edges[0]->Flush());
  while (static_cast<int>(sink_lanes_.size()) < lanes_max_) THALWEG_RETURN_NOT_OK(AddLane());
  lanes_ = lanes_max_;
  for (Node& node : nodes_) {
    if (!node.wide || node.done) continue;
    if (node.what->shared != nullptr) THALWEG_RETURN_NOT_OK(node.what->shared->FanOut());
    const Epoch epoch = EpochOf(node, 0);
    node.operators[0]->SetShards(epoch.first_shard, epoch.last_shard);
  }
  for (int lane = 1; lane < lanes_; ++lane) THALWEG_RETURN_NOT_OK(BeginLane(lane));
  for (Input& input : inputs_) {
    if (input.exchange == nullptr) continue;
    input.exchange->Begin(lanes_);
    for (int lane = 0; lane < lanes_; ++lane) {
      input.edges[lane]->ScatterInto(input.exchange.get(), lane);
    }
  }
  for (Node& node : nodes_) {  // ports that lane 0 has ended alone
    for (int port = 0; port < node.ports_ended && !node.done; ++port) {
      for (int lane = 1; lane < LanesOf(node); ++lane) {
        THALWEG_RETURN_NOT_OK(inputs_[node.first_input + port].edges[lane]->EndInput());
      }
    }
  }
  return Status::OK();
}

Dataflow::Input* Dataflow::ExchangeAbove(Input* input) {
  while (input->exchange == nullptr) {
    if (input->consumer == static_cast<int>(nodes_.size())) return nullptr;
    input = &inputs_[nodes_[input->consumer].output];
  }
  return input;
}

std::span<const std::unique_ptr<Edge>> Dataflow::ConsumerEdges(const Input& input) const {
  const bool is_sink = input.consumer == static_cast<int>(nodes_.size());
  const bool wide = (is_sink ? sink_wide_ : nodes_[input.consumer].wide) &&
                    input.what->placement != Placement::kBroadcast;
  return {input.edges.data(), static_cast<size_t>(wide ? lanes_ : 1)};
}

Status Dataflow::EndPort(Node* node, int port) {
  Input& input = inputs_[node->first_input + port];
  node->ports_ended = port + 1;
  std::atomic<bool> failed{false};
  tasks_->Run(LanesOf(*node), [&](int lane) {
    Edge& edge = *input.edges[lane];
    if (!edge.Flush().ok() || !edge.EndInput().ok()) failed = true;
  });
  return failed ? LowestError(Status::OK()) : Status::OK();
}

Status Dataflow::EndNode(Node* node, OperatorMetrics* metrics) {
  int lanes = LanesOf(*node);
  if (node->what->ordered_output && lanes > 1) {
    lanes = 1;
    node->operators[0]->SetShards(0, kShardCount);
  }
  // What it writes may pass other nodes on its way to an exchange, where the next input of one of
  // those, if it has several, must find nothing of it.
  Input* const above = lanes_ == 1 ? nullptr : ExchangeAbove(&inputs_[node->output]);
  if (above != nullptr) above->exchange->SetSlotsByLane();
  std::atomic<bool> failed{false};
  tasks_->Run(lanes, [&](int lane) {
    if (!Emit(node, lane).ok()) failed = true;
  });
  if (failed) return LowestError(Status::OK());
  node->done = true;
  *metrics = OperatorMetrics();
  for (int lane = 0; lane < LanesOf(*node); ++lane) {
    metrics->Add(node->operators[lane]->metrics());
  }
  if (node->what->shared != nullptr) {
    THALWEG_RETURN_NOT_OK(node->what->shared->EndEpoch(metrics));
  }
  return above == nullptr ? Status::OK() : HandOver(above);
}

Status Dataflow::Emit(Node* node, int lane) {
  Edge& out = *inputs_[node->output].edges[lane];
  while (true) {
    const Result<Emission> emission = node->operators[lane]->EndEpoch(out);
    if (!emission.ok()) {
      errors_[lane].Note(kAfterAllRows, emission.status());
      return emission.status();
    }
    if (*emission == Emission::kDone) return Status::OK();
  }
}

/// Delivers what a node has written into the next exchange above it.
Status Dataflow::HandOver(Input* output) {
  if (output->exchange->bytes() == 0) return Status::OK();
  const auto consumers = ConsumerEdges(*output);
  const int last_slot = output->exchange->slot_count() - 1;
  std::atomic<bool> failed{false};
  tasks_->Run(static_cast<int>(consumers.size()), [&](int lane) {
    if (!output->exchange->Deliver(lane, 0, last_slot, consumers[lane].get()).ok()) failed = true;
  });
  output->exchange->MarkDelivered(0, last_slot);
  return failed ? LowestError(Status::OK()) : Status::OK();
}

Status Dataflow::EndSink(EpochResult* result) {
  const int lanes = sink_wide_ ? lanes_ : 1;
  result->rows_out = 0;
  result->parts.resize(epoch_->write ? lanes : 0);
  for (int lane = 0; lane < lanes; ++lane) {
    THALWEG_RETURN_NOT_OK(root().edges[lane]->Flush());
    SinkLane& sink = *sink_lanes_[lane];
    result->rows_out += sink.rows;
    if (sink.writer != nullptr) THALWEG_RETURN_NOT_OK(sink.writer->Finish(&result->parts[lane]));
  }
  return Status::OK();
}

Status Dataflow::LowestError(const Status& status) const {
  LaneError lowest;
  for (const LaneError& error : errors_) lowest.Merge(error);
  return lowest.ok() ? status : lowest.status();
}

}  // namespace thalweg
