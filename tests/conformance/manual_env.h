// An Env whose wall clock stands where it is set; files and tasks are those of a simulated world.
// One thread.
#pragma once

#include "base/sim/sim_env.h"

namespace thalweg {

class ManualEnv final : public Env, private Clock {
 public:
  ManualEnv() : world_(SimOptions()), life_(world_.NewLife()) {}
  Clock& clock() override { return *this; }
  FileSystem& files() override { return life_.files(); }
  Tasks& tasks() override { return life_.tasks(); }
  uint64_t Random() override { return life_.Random(); }

  void SetNowUs(int64_t now_us) { now_us_ = now_us; }

 private:
  int64_t NowUs() override { return now_us_; }
  int64_t MonotonicNs() override { return life_.clock().MonotonicNs(); }

  SimWorld world_;
  Env& life_;
  int64_t now_us_ = SimOptions().start_us;
};

}  // namespace thalweg
