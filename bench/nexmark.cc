#include "nexmark.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "base/env.h"
#include "child.h"
#include "limits/nexmark_lines.h"
#include "nexmark/lines.h"
#include "nexmark/queries.h"

namespace thalweg {
namespace {

constexpr const char* kUnit = "M ev/CPU s";

/// What the issue asks for, in M events per CPU second from JSON lines.
const std::map<std::string, double> kWanted = {
    {"q0", 1.5}, {"q2", 2.0}, {"q12", 1.5}, {"q17", 1.0}};

/// One way to run a query.
struct Way {
  std::string name;
  std::function<ChildResult()> body;
  bool by_hand = false;
  bool from_lines = false;
  std::vector<ChildCost> passes = {};

  const ChildCost& best() const {
    return *std::min_element(passes.begin(), passes.end(),
                             [](const ChildCost& a, const ChildCost& b) {
                               return a.cost.cpu_seconds < b.cost.cpu_seconds;
                             });
  }
  double noise() const {
    std::vector<double> seconds;
    for (const ChildCost& pass : passes) seconds.push_back(pass.cost.cpu_seconds);
    std::sort(seconds.begin(), seconds.end());
    return seconds[seconds.size() / 2] / seconds[0] - 1;
  }
};

ChildResult RunQuery(const NexmarkQuery& query, const NexmarkRun& run, int workers) {
  const std::unique_ptr<Env> env = NewPosixEnv(workers);
  const Result<NexmarkOutcome> outcome = RunNexmarkQuery(*env, query, run);
  Require(outcome.ok(), outcome.ok() ? "" : outcome.status().ToString().c_str());
  return {outcome->rows, outcome->checksum};
}

std::vector<Way> WaysOf(const NexmarkQuery& query, const NexmarkCases& cases,
                        const std::string& directory) {
  std::vector<std::string> files;
  for (int64_t part = 0; part < cases.shape.files; ++part) {
    files.push_back(JoinPath(directory, fmt::format("part-{:04}.json", part)));
  }
  std::vector<Way> ways;
  ways.push_back({"", [=, name = std::string(query.name)] {
                    return ChildResult{NexmarkByHand(name, files), 0};
                  }});
  ways.back().by_hand = true;
  for (const bool from_lines : {true, false}) {
    if (!from_lines && !cases.in_process) continue;
    for (const int workers : cases.workers) {
      NexmarkRun run{cases.shape, from_lines ? directory : ""};
      ways.push_back(
          {fmt::format("{}, {}, {} worker{}", query.name, from_lines ? "JSON lines" : "in process",
                       workers, workers == 1 ? "" : "s"),
           [=, &query] { return RunQuery(query, run, workers); }});
      ways.back().from_lines = from_lines;
    }
  }
  return ways;
}

void Add(const NexmarkQuery& query, const Way& way, const Way& by_hand, double events,
         Report& report) {
  const ChildCost& best = way.best();
  Figure figure;
  figure.name = way.name;
  figure.unit = kUnit;
  figure.value = events / best.cost.cpu_seconds / 1e6;
  figure.noise = way.noise();
  figure.cpu_per_million = best.cost.cpu_seconds / (events / 1e6);
  if (way.from_lines) {
    figure.limit = events / by_hand.best().cost.cpu_seconds / 1e6;
    const auto wanted = kWanted.find(query.name);
    if (wanted != kWanted.end()) figure.gate = Gate{true, wanted->second, false};
  }
  figure.remark = fmt::format("{:.2f} M events/s, peak {:.0f} MB, {} rows, checksum {:016x}",
                              events / best.cost.seconds / 1e6,
                              static_cast<double>(best.peak_bytes) / 1e6, best.rows, best.checksum);
  report.Add(figure);
}

void RunQueryCase(const NexmarkQuery& query, const NexmarkCases& cases,
                  const std::string& directory, Report& report) {
  std::vector<Way> ways = WaysOf(query, cases, directory);
  for (int round = 0; round < report.rounds(); ++round) {
    for (Way& way : ways) way.passes.push_back(RunInChild(way.body));
  }
  const Way& by_hand = ways[0];
  for (size_t i = 1; i < ways.size(); ++i) {
    for (const ChildCost& pass : ways[i].passes) {
      Require(pass.checksum == ways[1].passes[0].checksum, "checksums of the same query differ");
    }
    Add(query, ways[i], by_hand, static_cast<double>(cases.shape.events), report);
  }
}

}  // namespace

void RunNexmarkCases(const NexmarkCases& cases, Report& report) {
  // The generator's memory is not to be inherited.
  RunInChild([&] {
    const std::unique_ptr<Env> env = NewPosixEnv(1);
    const Status made = WriteNexmarkFiles(env->files(), cases.shape, cases.directory);
    Require(made.ok(), made.ok() ? "" : made.ToString().c_str());
    return ChildResult();
  });
  const std::string directory = JoinPath(cases.directory, NexmarkDirectoryName(cases.shape));
  report.Begin(
      fmt::format("Nexmark, {} events", cases.shape.events),
      fmt::format("Nested JSON lines of about 370 bytes with times as text, {} files in the page "
                  "cache, 4 files an epoch, or events made in the process; each pass is a process "
                  "of its own, all of whose CPU time counts, planning and log too. Limit: simdjson "
                  "on-demand and the query by hand, one thread.",
                  cases.shape.files));
  for (const NexmarkQuery& query : NexmarkQueries()) {
    const auto& wanted = cases.queries;
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), query.name) == wanted.end()) {
      continue;
    }
    RunQueryCase(query, cases, directory, report);
  }
}

}  // namespace thalweg
