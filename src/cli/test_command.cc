#include "cli/test_command.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/script_player.h"

namespace thalweg {
namespace {

Status FindScripts(const std::string& path, Env& env, std::vector<std::string>* found);
Status TestScript(const std::string& path, const TestCommandOptions& options, Env& env);
std::vector<World> WorldsOfScript(const Script& script, bool all);
Status PlayAndCompare(const Script& script, const World& world);
std::string Difference(const Directive& directive, const ScriptOutput& output);

}  // namespace

int RunTestCommand(const TestCommandOptions& options, Env& env) {
  std::vector<std::string> scripts;
  for (const std::string& path : options.paths) {
    const Status status = FindScripts(path, env, &scripts);
    if (!status.ok()) {
      fmt::print(stderr, "{}\n", status.ToString());
      return 1;
    }
  }
  int failed = 0;
  for (const std::string& path : scripts) {
    const Status status = TestScript(path, options, env);
    if (status.ok()) continue;
    ++failed;
    fmt::print("FAILED {}\n{}\n", path, status.message());
  }
  fmt::print("{} passed, {} failed\n", static_cast<int>(scripts.size()) - failed, failed);
  return failed == 0 && !scripts.empty() ? 0 : 1;
}

namespace {

Status FindScripts(const std::string& path, Env& env, std::vector<std::string>* found) {
  THALWEG_ASSIGN_OR_RETURN(const FileInfo info, env.files().Stat(path));
  if (!info.is_directory) {
    found->push_back(path);
    return Status::OK();
  }
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> entries, env.files().List(path));
  for (const FileInfo& entry : entries) {
    if (!entry.is_directory && !entry.name.ends_with(".test")) continue;
    THALWEG_RETURN_NOT_OK(FindScripts(JoinPath(path, entry.name), env, found));
  }
  return Status::OK();
}

Status TestScript(const std::string& path, const TestCommandOptions& options, Env& env) {
  THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadFile(env.files(), path));
  THALWEG_ASSIGN_OR_RETURN(Script script, ReadScript(path, text));
  const std::vector<World> worlds = WorldsOfScript(script, options.all_worlds);
  if (options.update) {
    THALWEG_ASSIGN_OR_RETURN(const auto outputs, PlayScript(script, worlds[0]));
    const std::string rewritten = RewriteScript(script, outputs);
    if (rewritten != text) {
      THALWEG_RETURN_NOT_OK(WriteFileAtomically(env.files(), path, rewritten, /*sync=*/false));
    }
    THALWEG_ASSIGN_OR_RETURN(script, ReadScript(path, rewritten));
  }
  for (const World& world : worlds) THALWEG_RETURN_NOT_OK(PlayAndCompare(script, world));
  return Status::OK();
}

std::vector<World> WorldsOfScript(const Script& script, bool all) {
  WorldLimits limits;
  limits.crashes = script.Has("epoch") && !script.Has("steady");
  limits.restarts = limits.crashes && !script.Has("restart");
  return WorldsOf(limits, all);
}

Status PlayAndCompare(const Script& script, const World& world) {
  THALWEG_ASSIGN_OR_RETURN(const auto outputs, PlayScript(script, world));
  std::string differences;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == script.directives[i].expected) continue;
    differences += script.path + ":" + Difference(script.directives[i], outputs[i]);
  }
  if (differences.empty()) return Status::OK();
  return Status::World("world: " + world.Name() + "\n" + differences);
}

std::string Difference(const Directive& directive, const ScriptOutput& output) {
  std::string text = std::to_string(directive.line) + ": " + directive.keyword + "\n";
  for (const std::string& line : directive.expected) text += "  expected  " + line + "\n";
  for (const std::string& line : output) text += "  found     " + line + "\n";
  if (output.empty()) text += "  found nothing\n";
  return text;
}

}  // namespace
}  // namespace thalweg
