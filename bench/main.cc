// thalweg-bench: what Thalweg costs, always beside a limit program of the same run.
//
//   thalweg-bench gate1 [case…] [--rounds N] [--keys-max N] [--dir DIR] [--json FILE]
//     [--results DIR]
//   thalweg-bench decode [--rounds N] [--events N] [--dir DIR] [--results FILE]
//   thalweg-bench kafka --servers HOST:PORT [--rate N] [--seconds N] [--results FILE]
//   thalweg-bench nexmark [query…] [--rounds N] [--events N] [--files N] [--workers N…] [--dir DIR]
//     [--results FILE]
//
// Exit code: 0 all gates passed, 1 some failed, 2 a wrong command line.
#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "decode.h"
#include "gate1.h"
#include "kafka.h"
#include "nexmark.h"
#include "nexmark/queries.h"

namespace thalweg {
namespace {

struct Gate1Options {
  std::vector<std::string> cases;
  int rounds = 5;
  int64_t keys_max = 10'000'000;
  std::string directory = "out/bench";
  std::string json;
  std::string results;
};

struct DecodeOptions {
  int rounds = 5;
  int64_t events = 2'000'000;
  std::string directory = "out/bench";
  std::string results;
};

struct NexmarkOptions {
  NexmarkCases cases;
  int rounds = 5;
  std::string results;
};

struct KafkaRun {
  KafkaBenchOptions options;
  std::string results;
};

CLI::App* AddKafka(CLI::App& app, KafkaRun* run);
int RunKafka(const KafkaRun& run, const std::string& command);
CLI::App* AddDecode(CLI::App& app, DecodeOptions* options);
CLI::App* AddNexmark(CLI::App& app, NexmarkOptions* options);
int RunNexmark(const NexmarkOptions& options, const std::string& command);
int RunDecode(const DecodeOptions& options, const std::string& command);
void AddGate1(CLI::App& app, Gate1Options* options);
int RunGate1(const Gate1Options& options, const std::string& command);
bool Wanted(const Gate1Options& options, const char* name);

int Main(int argc, char** argv) {
  CLI::App app("Thalweg's benchmarks", "thalweg-bench");
  app.require_subcommand(1);
  Gate1Options options;
  AddGate1(app, &options);
  DecodeOptions decoding;
  const CLI::App* decode = AddDecode(app, &decoding);
  NexmarkOptions auctioning;
  const CLI::App* nexmark = AddNexmark(app, &auctioning);
  KafkaRun hopping;
  const CLI::App* kafka = AddKafka(app, &hopping);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  std::string command = "thalweg-bench";
  for (int i = 1; i < argc; ++i) command += std::string(" ") + argv[i];
  if (kafka->parsed()) return RunKafka(hopping, command);
  if (nexmark->parsed()) return RunNexmark(auctioning, command);
  return decode->parsed() ? RunDecode(decoding, command) : RunGate1(options, command);
}

CLI::App* AddDecode(CLI::App& app, DecodeOptions* options) {
  CLI::App* decode = app.add_subcommand("decode", "rows out of files of JSON lines");
  decode->add_option("--rounds", options->rounds, "passes of each program, in turn");
  decode->add_option("--events", options->events, "how many there are");
  decode->add_option("--dir", options->directory, "where the files are written");
  decode->add_option("--results", options->results, "writes the figures to this file");
  return decode;
}

int RunDecode(const DecodeOptions& options, const std::string& command) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  const Status made = env->files().CreateDirectories(options.directory);
  Require(made.ok(), made.ok() ? "" : made.ToString().c_str());
  Report report(command, options.rounds);
  DecodeCases(*env, options.directory, options.events, report);
  const bool written = options.results.empty() || report.WriteMarkdown(options.results);
  Require(written, "the results could not be written");
  return report.all_passed() ? 0 : 1;
}

CLI::App* AddKafka(CLI::App& app, KafkaRun* run) {
  CLI::App* kafka = app.add_subcommand("kafka", "latency over Kafka (bench/kafka starts a broker)");
  kafka->add_option("--servers", run->options.servers, "host:port of the broker")->required();
  kafka->add_option("--rate", run->options.rate, "events a second");
  kafka->add_option("--seconds", run->options.seconds, "how long, after 5 s to warm up");
  kafka->add_option("--dir", run->options.directory, "where the checkpoint is written");
  kafka->add_option("--results", run->results, "writes the figures to this file");
  return kafka;
}

int RunKafka(const KafkaRun& run, const std::string& command) {
  Report report(command, 1);
  RunKafkaBench(run.options, report);
  const bool written = run.results.empty() || report.WriteMarkdown(run.results);
  Require(written, "the results could not be written");
  return report.all_passed() ? 0 : 1;
}

CLI::App* AddNexmark(CLI::App& app, NexmarkOptions* options) {
  CLI::App* nexmark = app.add_subcommand("nexmark", "the queries of Nexmark, as pipelines");
  options->cases.directory = "out/bench";
  options->cases.shape.events = 2'000'000;
  std::vector<std::string> names;
  for (const NexmarkQuery& query : NexmarkQueries()) names.push_back(query.name);
  nexmark->add_option("query", options->cases.queries, "only these")->check(CLI::IsMember(names));
  nexmark->add_option("--rounds", options->rounds, "passes of each way, in turn");
  nexmark->add_option("--events", options->cases.shape.events, "how many there are");
  nexmark->add_option("--files", options->cases.shape.files, "how many they are split into");
  nexmark->add_option("--seed", options->cases.shape.seed, "of the generator");
  nexmark->add_option("--workers", options->cases.workers, "how many, each in turn");
  nexmark->add_option("--dir", options->cases.directory, "where the files are written and stay");
  nexmark->add_option("--results", options->results, "writes the figures to this file");
  return nexmark;
}

int RunNexmark(const NexmarkOptions& options, const std::string& command) {
  Report report(command, options.rounds);
  RunNexmarkCases(options.cases, report);
  const bool written = options.results.empty() || report.WriteMarkdown(options.results);
  Require(written, "the results could not be written");
  return report.all_passed() ? 0 : 1;
}

void AddGate1(CLI::App& app, Gate1Options* options) {
  CLI::App* gate1 = app.add_subcommand("gate1", "state, windows, epochs and the exchange");
  std::vector<std::string> names;
  for (const BenchCase& one : kGate1Cases) names.push_back(one.name);
  gate1->add_option("case", options->cases, "only these cases")->check(CLI::IsMember(names));
  gate1->add_option("--rounds", options->rounds,
                    "passes of each program, in turn; the best counts");
  gate1->add_option("--keys-max", options->keys_max, "leaves out what has more keys");
  gate1->add_option("--dir", options->directory, "where logs and checkpoints are written");
  gate1->add_option("--json", options->json, "writes the figures to this file");
  gate1->add_option("--results", options->results,
                    "writes gate1.md and gate1.json to this directory, after a whole run");
}

int RunGate1(const Gate1Options& options, const std::string& command) {
  const std::unique_ptr<Env> env = NewPosixEnv();
  const Status made = env->files().CreateDirectories(options.directory);
  Require(made.ok(), made.ok() ? "" : made.ToString().c_str());
  const BenchContext context{*env, options.directory, options.keys_max};
  Report report(command, options.rounds);
  for (const BenchCase& one : kGate1Cases) {
    if (Wanted(options, one.name)) one.run(context, report);
  }
  bool written = options.json.empty() || report.WriteJson(options.json);
  if (!options.results.empty() && options.cases.empty()) {
    written &= report.WriteMarkdown(JoinPath(options.results, "gate1.md"));
    written &= report.WriteJson(JoinPath(options.results, "gate1.json"));
  }
  Require(written, "the results could not be written");
  std::printf("\n%s\n", report.all_passed() ? "all gates passed" : "some gates FAILED");
  return report.all_passed() ? 0 : 1;
}

bool Wanted(const Gate1Options& options, const char* name) {
  return options.cases.empty() ||
         std::find(options.cases.begin(), options.cases.end(), name) != options.cases.end();
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  return thalweg::Main(argc, argv);
}
