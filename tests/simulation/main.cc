// The test program; with --seed it plays one run again instead:
//
//   simulation_test --seed 3 --crash-at 57 [--again-at N] [--workers N] [--rows N]
//     [--durability process|power] [--crash process|power] [--sliding] [--late]
//     [--skip epoch-record|state-seal|sink-commit]
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <gtest/gtest.h>

#include "crash_run.h"

namespace thalweg {
namespace {

class Arguments {
 public:
  Arguments(int count, char** values) : count_(count), values_(values) {}
  bool Has(const char* name) const { return Find(name) > 0; }
  const char* Text(const char* name) const {
    const int i = Find(name);
    return i > 0 && i + 1 < count_ ? values_[i + 1] : "";
  }
  int64_t Number(const char* name, int64_t otherwise) const {
    return Has(name) ? std::atoll(Text(name)) : otherwise;
  }

 private:
  int Find(const char* name) const {
    for (int i = 1; i < count_; ++i) {
      if (std::strcmp(values_[i], name) == 0) return i;
    }
    return 0;
  }
  const int count_;
  char** const values_;
};

int PlayAgain(const Arguments& arguments) {
  Scenario scenario;
  scenario.seed = static_cast<uint64_t>(arguments.Number("--seed", 1));
  scenario.workers = static_cast<int>(arguments.Number("--workers", 1));
  scenario.rows_per_batch = static_cast<int>(arguments.Number("--rows", 1024));
  scenario.sliding = arguments.Has("--sliding");
  scenario.late_rows = arguments.Has("--late");
  scenario.power_durability = std::strcmp(arguments.Text("--durability"), "power") == 0;
  if (std::strcmp(arguments.Text("--crash"), "power") == 0) scenario.crash_kind = CrashKind::kPower;
  const char* skips[] = {"", "epoch-record", "state-seal", "sink-commit"};
  for (int i = 1; i < 4; ++i) {
    if (std::strcmp(arguments.Text("--skip"), skips[i]) == 0) {
      scenario.skipped = static_cast<SkippedStep>(i);
    }
  }
  const RunReport report =
      RunScenario(scenario, {arguments.Number("--crash-at", 0), arguments.Number("--again-at", 0)});
  std::printf("%s\n%lld Env calls, %lld epochs, %lld rows out, %lld late, %s\n",
              scenario.ToString().c_str(), static_cast<long long>(report.calls),
              static_cast<long long>(report.epochs), static_cast<long long>(report.rows_out),
              static_cast<long long>(report.late_rows), report.crashed ? "crashed" : "no crash");
  std::printf("%s\n", report.failure.empty() ? "right" : report.failure.c_str());
  return report.failure.empty() ? 0 : 1;
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  const thalweg::Arguments arguments(argc, argv);
  if (arguments.Has("--seed")) return thalweg::PlayAgain(arguments);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
