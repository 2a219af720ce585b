// conformance-runner: plays recorded cases of real Spark against the engine. The script `run`
// beside this file says how it is called.
#include <thread>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cases.h"
#include "expression_case.h"
#include "report.h"
#include "scenario.h"
#include "worker_pool.h"

namespace thalweg {
namespace {

struct RunOptions {
  std::string directory;
  bool verbose = false;
  std::string only;           // name of a case
  std::string write_passing;  // file
  std::string passing;        // file
  bool here = false;
  int jobs = 0;
};

Verdict PlayCase(const Case& played) {
  if (played.kind == CaseKind::kScenario) return PlayScenario(played);
  return PlayExpressionCase(played);
}

std::vector<PlayedCase> PlayAll(const std::vector<Case>& cases, const RunOptions& options) {
  std::vector<PlayedCase> played(cases.size());
  for (size_t i = 0; i < cases.size(); ++i) played[i].played = &cases[i];
  if (options.here) {
    for (PlayedCase& one : played) one.verdict = PlayCase(*one.played);
    return played;
  }
  WorkerPoolOptions pool;
  pool.workers = options.jobs > 0
                     ? options.jobs
                     : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  PlayInWorkers(
      cases.size(), [&](size_t i) { return PlayCase(cases[i]); },
      [&](size_t i, Verdict verdict) { played[i].verdict = std::move(verdict); }, pool);
  return played;
}

Result<int> Run(const RunOptions& options) {
  THALWEG_ASSIGN_OR_RETURN(std::vector<Case> cases, LoadCases(options.directory));
  if (!options.only.empty()) {
    std::erase_if(cases, [&](const Case& one) { return one.name != options.only; });
  }
  if (cases.empty()) return Status::World("no such case below " + options.directory);
  const std::vector<PlayedCase> played = PlayAll(cases, options);
  PrintReport(played, options.verbose || !options.only.empty());
  if (!options.write_passing.empty()) {
    THALWEG_RETURN_NOT_OK(WritePassing(played, options.write_passing));
  }
  if (options.passing.empty()) {
    PrintCounts(played);
    return 0;
  }
  THALWEG_ASSIGN_OR_RETURN(const bool same, CheckPassing(played, options.passing));
  return same ? 0 : 1;
}

int Main(int argc, char** argv) {
  RunOptions options;
  CLI::App app("Plays every case below a directory in the format of the conformance corpus.");
  app.add_option("DIR", options.directory, "folder with cases, or any parent of one")->required();
  app.add_flag("--verbose", options.verbose, "show what differs in each case that did not pass");
  app.add_option("--case", options.only, "play the case of this name (TOPIC:LINE) only");
  app.add_option("--write-passing", options.write_passing, "write the list of passing cases");
  app.add_option("--passing", options.passing, "compare with such a list; fail if one is lost");
  app.add_flag("--here", options.here, "play in this process, for a debugger");
  app.add_option("--jobs", options.jobs, "how many processes play (as many as cores)");
  CLI11_PARSE(app, argc, argv);
  const Result<int> code = Run(options);
  if (code.ok()) return *code;
  fmt::print(stderr, "conformance: {}\n", code.status().message());
  return 1;
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  return thalweg::Main(argc, argv);
}
