// Dataflow: a physical plan wired up: the operators of each node by lane, an edge into each port by
// lane, the exchanges between. Lane 0 exists always; the others are made when an epoch first fans
// out. Inputs are numbered children before parents; the last one is the sink's. The coordinator's,
// except that lanes push along their own edges.
#pragma once

#include <memory>
#include <vector>

#include "exec/epoch_runner.h"
#include "exec/exchange.h"
#include "exec/lane_tasks.h"

namespace thalweg {

class Dataflow {
 public:
  struct Input {
    const PhysicalInput* what = nullptr;
    int consumer = 0;  // node; as many as there are nodes: the sink
    int port = 0;
    std::vector<std::unique_ptr<Edge>> edges;  // by lane
    std::unique_ptr<Exchange> exchange;        // null where rows stay on their lane
  };
  struct Node {
    PhysicalNode* what = nullptr;
    std::vector<std::unique_ptr<Operator>> operators;  // by lane
    int first_input = 0;                               // of port 0
    int output = 0;                                    // the input that it feeds
    bool wide = true;                                  // runs on all lanes of a large epoch
    int ports_ended = 0;
    bool done = false;
  };

  static Result<std::unique_ptr<Dataflow>> Make(const PhysicalPlan& plan, Sink* sink,
                                                LaneTasks* tasks, int lanes_max);

  /// Begins on lane 0 alone.
  Status BeginEpoch(const EpochInput& input);
  /// From here on all lanes run.
  Status FanOut();
  int lanes() const { return lanes_; }
  int LanesOf(const Node& node) const { return node.wide ? lanes_ : 1; }

  std::vector<Node>& nodes() { return nodes_; }
  Input& input(int i) { return inputs_[i]; }
  Input& root() { return inputs_.back(); }
  std::vector<LaneError>& errors() { return errors_; }
  /// The input with the next exchange from `input` upward, itself included; null: none up to the
  /// sink.
  Input* ExchangeAbove(Input* input);
  /// Edges of the lanes on which the consumer of `input` gets rows.
  std::span<const std::unique_ptr<Edge>> ConsumerEdges(const Input& input) const;

  /// Ends port `port` of `node` on its lanes.
  Status EndPort(Node* node, int port);
  /// Emits what `node` has for the epoch, hands it over the exchange above it, adds its counts.
  Status EndNode(Node* node, OperatorMetrics* metrics);
  /// Ends the writers.
  Status EndSink(EpochResult* result);
  /// The error of the lowest row; `status` if none was noted.
  Status LowestError(const Status& status) const;

 private:
  Dataflow(Sink* sink, LaneTasks* tasks, int lanes_max);
  Status AddLane();
  void AddInput(const PhysicalInput* what, int consumer, int port, const PhysicalPlan& plan);
  Epoch EpochOf(const Node& node, int lane) const;
  Status OpenWriter(int lane);
  Status BeginLane(int lane);
  Status Emit(Node* node, int lane);
  Status HandOver(Input* output);

  Sink* const sink_;
  LaneTasks* const tasks_;
  const int lanes_max_;
  int lanes_ = 1;
  const EpochInput* epoch_ = nullptr;
  std::vector<Node> nodes_;
  std::vector<Input> inputs_;
  std::vector<std::unique_ptr<SinkLane>> sink_lanes_;
  bool sink_wide_ = true;
  std::vector<LaneError> errors_;  // by lane; lanes_max of them
};

}  // namespace thalweg
