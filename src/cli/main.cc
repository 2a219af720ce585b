// The `thalweg` command: its verbs in one table (DESIGN.md §5). Exit codes: 0, 1 for what failed, 2
// for a wrong command line.
#include <cstdlib>

#include <CLI/CLI.hpp>

#include "cli/checkpoint_command.h"
#include "cli/run_command.h"
#include "cli/sql_command.h"
#include "cli/test_command.h"

namespace thalweg {
namespace {

constexpr const char* kVersion = "thalweg " THALWEG_VERSION;

bool IsSet(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0' && std::string_view(value) != "0";
}

// A verb: how its arguments are declared; what it does is a callback that returns the exit code.
struct Verb {
  const char* name;
  const char* what;
  void (*declare)(CLI::App& verb, Env& env, int* code);
};

void DeclareSql(CLI::App& verb, Env& env, int* code) {
  const auto options = std::make_shared<SqlCommandOptions>();
  CLI::App* const text = verb.add_option_group("statements");
  text->add_option("-e", options->query, "statements, separated by ;");
  text->add_option("-f", options->file, "a file of statements");
  text->require_option(1);
  verb.add_option("--set", options->set, "KEY=VALUE of a setting");
  verb.callback([options, &env, code] { *code = RunSqlCommand(*options, env); });
}

void DeclareTest(CLI::App& verb, Env& env, int* code) {
  const auto options = std::make_shared<TestCommandOptions>();
  options->all_worlds = IsSet("THALWEG_TEST_ALL");
  options->update = IsSet("UPDATE");
  verb.add_option("FILE", options->paths, "scripts, or directories of *.test")->required();
  verb.callback([options, &env, code] { *code = RunTestCommand(*options, env); });
}

void DeclareRun(CLI::App& verb, Env& env, int* code) {
  const auto options = std::make_shared<RunCommandOptions>();
  verb.add_option("FILE", options->file, "a pipeline file")->required();
  verb.add_flag("--available-now", options->available_now, "end with what is there");
  verb.add_option("--checkpoint", options->checkpoint, "directory of the checkpoints");
  verb.add_option("--set", options->set, "KEY=VALUE of a setting");
  verb.add_option("--memory", options->memory, "what all queries may use together: 512m, 2g");
  verb.add_flag("--dry-run", options->dry_run, "check everything, run nothing");
  verb.add_option("--progress", options->progress, "json: an object per epoch on stderr")
      ->check(CLI::IsMember({"json"}));
  verb.callback([options, &env, code] { *code = RunRunCommand(*options, env); });
}

void DeclareExplain(CLI::App& verb, Env& env, int* code) {
  const auto options = std::make_shared<RunCommandOptions>();
  options->explain = true;
  verb.add_option("FILE", options->file, "a pipeline file")->required();
  verb.add_flag("--available-now", options->available_now, "as run takes it");
  verb.add_option("--set", options->set, "KEY=VALUE of a setting");
  verb.callback([options, &env, code] { *code = RunRunCommand(*options, env); });
}

void DeclareCheckpoint(CLI::App& verb, Env& env, int* code) {
  const auto options = std::make_shared<CheckpointCommandOptions>();
  verb.require_subcommand(1);
  for (const bool verify : {false, true}) {
    CLI::App* const action =
        verify ? verb.add_subcommand("verify", "read every record and say what is damaged")
               : verb.add_subcommand("inspect", "show what it holds");
    action->add_option("DIR", options->directory, "of one query, or of run --checkpoint")
        ->required();
    if (!verify) {
      action->add_option("--epochs", options->epochs, "how many of the last epochs, -1: all");
    }
    action->callback([options, verify, &env, code] {
      options->verify = verify;
      *code = RunCheckpointCommand(*options, env);
    });
  }
}

constexpr Verb kVerbs[] = {
    {"checkpoint", "look into checkpoints", DeclareCheckpoint},
    {"explain", "show the plans of a pipeline file", DeclareExplain},
    {"run", "run a pipeline file", DeclareRun},
    {"sql", "run SQL statements and show their results", DeclareSql},
    {"test", "play test scripts and compare what comes out", DeclareTest},
};

int Main(int argc, char** argv) {
  const std::unique_ptr<Env> env = NewPosixEnv();
  int code = 0;
  CLI::App app("Thalweg: Structured Streaming and Spark SQL, native.", "thalweg");
  app.set_version_flag("--version", kVersion);
  app.require_subcommand(1);
  for (const Verb& verb : kVerbs)
    verb.declare(*app.add_subcommand(verb.name, verb.what), *env, &code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return code;
}

}  // namespace
}  // namespace thalweg

int main(int argc, char** argv) {
  return thalweg::Main(argc, argv);
}
