#include <utility>
#include <vector>

#include "base/sim/sim_life.h"

namespace thalweg {
namespace {

class SimSignal final : public Signal {
 public:
  SimSignal(SimWorldState* world, SimScheduler* scheduler, int64_t life)
      : world_(world), scheduler_(scheduler), life_(life) {}

  void Set() override {
    world_->Enter(life_, "Set");
    set_ = true;
  }
  bool Wait(int64_t timeout_us) override {
    world_->Enter(life_, "Wait");
    const int64_t deadline_ns = timeout_us < 0 ? -1 : world_->moment.now_ns + timeout_us * 1000;
    scheduler_->WaitFor(&set_, deadline_ns);
    return std::exchange(set_, false);
  }

 private:
  SimWorldState* const world_;
  SimScheduler* const scheduler_;
  const int64_t life_;
  bool set_ = false;
};

class SpawnedTask final : public Task {
 public:
  SpawnedTask(SimScheduler* scheduler, SimTask* task) : scheduler_(scheduler), task_(task) {}
  ~SpawnedTask() override { scheduler_->Join(task_); }

 private:
  SimScheduler* const scheduler_;
  SimTask* const task_;
};

class SimTasks final : public Tasks {
 public:
  SimTasks(SimWorldState* world, int64_t life)
      : world_(world), life_(life), scheduler_(&world->random, &world->moment) {}

  void Run(int count, const std::function<void(int)>& body) override;
  int worker_count() const override { return world_->options.worker_count; }
  std::unique_ptr<Task> Spawn(const std::string& name, std::function<void()> body) override {
    world_->Enter(life_, "Spawn", name);
    return std::make_unique<SpawnedTask>(&scheduler_, scheduler_.Spawn(std::move(body)));
  }
  std::unique_ptr<Signal> NewSignal() override {
    world_->Enter(life_, "NewSignal");
    return std::make_unique<SimSignal>(world_, &scheduler_, life_);
  }

 private:
  SimWorldState* const world_;
  const int64_t life_;
  SimScheduler scheduler_;
};

void SimTasks::Run(int count, const std::function<void(int)>& body) {
  world_->Enter(life_, "Run", "", count);
  if (count <= 0) return;
  std::vector<int> order(static_cast<size_t>(count));
  for (int i = 0; i < count; ++i) {  // an "inside-out" shuffle
    const auto other = static_cast<size_t>(world_->random.Below(i + 1));
    order[static_cast<size_t>(i)] = order[other];
    order[other] = i;
  }
  for (const int i : order) body(i);
}

}  // namespace

std::unique_ptr<Tasks> NewSimTasks(SimWorldState* world, int64_t life) {
  return std::make_unique<SimTasks>(world, life);
}

}  // namespace thalweg
