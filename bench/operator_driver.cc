#include "operator_driver.h"

#include "measure.h"

namespace thalweg {
namespace {

template <class T>
T Take(Result<T> result);
void Check(const Status& status);
const PhysicalNode& StatefulNode(const PhysicalPlan& plan);

}  // namespace

class OperatorDriver::Counter final : public Output {
 public:
  Result<Flow> Write(const Batch& batch) override {
    if (without_output) return Flow::kEnough;
    rows += batch.row_count();
    const Vector& results = batch.column(batch.column_count() - 1);
    if (results.physical() == PhysicalKind::kInt64) {
      ForEachRow(batch.selection(), [&](int row) { sum += results.Get<int64_t>(row); });
    }
    return Flow::kMore;
  }
  bool without_output = false;
  int64_t rows = 0;
  int64_t sum = 0;
};

OperatorDriver::OperatorDriver(Env& env, const RelationPtr& plan, OutputMode mode)
    : budget_("benchmark", MemoryBudget::kUnlimited, nullptr),
      state_(env, &budget_, StateStoreOptions()),
      counter_(std::make_unique<Counter>()) {
  plan_ = Take(PlanPhysical(plan, {&env, &state_, &budget_, mode}));
  node_ = &StatefulNode(*plan_);
  operator_ = Take(node_->make());
}

OperatorDriver::~OperatorDriver() = default;

void OperatorDriver::BeginEpoch(int64_t late_before_us, int64_t evict_until_us) {
  Epoch epoch;
  epoch.constants.epoch = epoch_++;
  epoch.late_before_us = late_before_us;
  epoch.evict_until_us = evict_until_us;
  Check(node_->shared->BeginEpoch(epoch));
  operator_->BeginEpoch(epoch);
}

void OperatorDriver::Push(const Batch& batch) {
  Take(operator_->Push(0, batch, *counter_));
}

void OperatorDriver::EndEpoch(bool without_output) {
  counter_->rows = counter_->sum = 0;
  counter_->without_output = without_output;
  Check(operator_->EndInput(0, *counter_));
  while (Take(operator_->EndEpoch(*counter_)) == Emission::kAgain) {
  }
  OperatorMetrics metrics = operator_->metrics();
  Check(node_->shared->EndEpoch(&metrics));
}

int64_t OperatorDriver::rows_out() const {
  return counter_->rows;
}

int64_t OperatorDriver::result_sum() const {
  return counter_->sum;
}

namespace {

template <class T>
T Take(Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

void Check(const Status& status) {
  Require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

const PhysicalNode& StatefulNode(const PhysicalPlan& plan) {
  for (const auto& node : plan.nodes) {
    if (node->state.stateful) return *node;
  }
  Require(false, "the plan has no stateful node");
  return *plan.nodes[0];
}

}  // namespace
}  // namespace thalweg
