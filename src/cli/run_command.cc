#include "cli/run_command.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>

#include <fmt/format.h>

#include "api/pipeline.h"
#include "api/progress.h"
#include "base/ids.h"

namespace thalweg {
namespace {

std::atomic<bool> g_interrupted{false};

void Interrupt(int) {
  g_interrupted = true;
}

/// What the epochs of all flows tell on stderr: a JSON object each, or on a terminal a line a flow,
/// rewritten at most every 100 ms.
class StatusLines {
 public:
  StatusLines(Env& env, bool json)
      : env_(env), json_(json), terminal_(isatty(STDERR_FILENO) != 0) {}

  void Epoch(const std::string& flow, const EpochSummary& summary, const EpochLoop& loop) {
    if (!json_ && !terminal_) return;
    const int64_t now_us = env_.clock().NowUs();
    auto meter = meters_.find(flow);
    if (meter == meters_.end()) {
      meter = meters_.emplace(flow, ProgressMeter(flow, NewUuid(env_))).first;
    }
    const QueryProgress progress = meter->second.Next(summary, loop, now_us);
    if (json_) {
      fmt::print(stderr, "{}\n", progress.Json());
      return;
    }
    lines_[flow] = progress.Line();
    if (now_us - drawn_us_ < kBetweenDrawingsUs) return;
    drawn_us_ = now_us;
    Draw();
  }

  /// The lines as they stand stay; what comes next begins below them.
  void End() {
    if (!terminal_ || json_ || lines_.empty()) return;
    Draw();
    shown_ = 0;
  }

 private:
  static constexpr int64_t kBetweenDrawingsUs = 100'000;

  void Draw() {
    if (shown_ > 0) fmt::print(stderr, "\033[{}A", shown_);
    for (const auto& [flow, line] : lines_) fmt::print(stderr, "\r\033[K{}\n", line);
    shown_ = lines_.size();
    fflush(stderr);
  }

  Env& env_;
  const bool json_;
  const bool terminal_;
  std::map<std::string, ProgressMeter> meters_;  // by flow
  std::map<std::string, std::string> lines_;
  size_t shown_ = 0;  // lines above the cursor that are ours
  int64_t drawn_us_ = 0;
};

int Fail(const Status& status, const std::string& text, const std::string& file) {
  fflush(stdout);
  fmt::print(stderr, "{}: {}\n{}", file, status.ToString(), CaretText(text, status.place()));
  return 1;
}

/// "k=v" arguments. Errors: one without "=".
Result<std::map<std::string, std::string>> ReadSettings(const std::vector<std::string>& set) {
  std::map<std::string, std::string> settings;
  for (const std::string& pair : set) {
    const size_t equals = pair.find('=');
    if (equals == std::string::npos) {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", "--set"}, {"value", pair}, {"wanted", "key=value"}});
    }
    settings[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return settings;
}

/// What queries may use of the memory that --memory gives to the process: all but what the program,
/// batches on their way, a round of the exchange and waiting blocks of the pool take.
int64_t MemoryOfQueries(int64_t process_bytes) {
  constexpr int64_t kAsideBytes = 40 << 20;
  if (process_bytes == MemoryBudget::kUnlimited) return process_bytes;
  return std::max(process_bytes - kAsideBytes, process_bytes / 4);
}

std::string DirectoryOfFile(const std::string& file) {
  const size_t slash = file.rfind('/');
  return slash == std::string::npos ? "." : file.substr(0, slash);
}

Status RunPipeline(Session& session, const std::string& text, PipelineOptions options,
                   const RunCommandOptions& command) {
  THALWEG_ASSIGN_OR_RETURN(const std::unique_ptr<Pipeline> pipeline,
                           Pipeline::Load(session, text, std::move(options)));
  THALWEG_RETURN_NOT_OK(pipeline->Prepare());
  if (command.explain) {
    THALWEG_ASSIGN_OR_RETURN(const std::string plans, pipeline->Explain());
    fmt::print("{}", plans);
    return Status::OK();
  }
  if (command.dry_run) {
    for (const PipelineFlow& flow : pipeline->flows()) {
      fmt::print(stderr, "{} -> {}: checked, not run\n", flow.name, flow.table);
    }
    return Status::OK();
  }
  StatusLines lines(session.env(), command.progress == "json");
  PipelineEvents events;
  events.print = [&](const std::string& table) {
    lines.End();
    fmt::print("{}", table);
    fflush(stdout);
  };
  events.epoch = [&](const std::string& flow, const EpochSummary& summary, const EpochLoop& loop) {
    lines.Epoch(flow, summary, loop);
  };
  events.retry = [&](const std::string& flow, const Status& error, int attempt) {
    lines.End();
    fmt::print(stderr, "{}: attempt {} after: {}\n", flow, attempt, error.ToString());
  };
  events.stop = [] { return g_interrupted.load(); };
  const Status status = pipeline->Run(events);
  lines.End();
  return status;
}

}  // namespace

int RunRunCommand(const RunCommandOptions& command, Env& env) {
  const Result<std::string> text = ReadFile(env.files(), command.file);
  if (!text.ok()) {
    fmt::print(stderr, "{}\n", text.status().ToString());
    return 2;
  }
  Result<std::map<std::string, std::string>> settings = ReadSettings(command.set);
  const std::optional<int64_t> memory =
      command.memory.empty() ? MemoryBudget::kUnlimited : ParseBytes(command.memory);
  if (!settings.ok() || !memory) {
    fmt::print(stderr, "{}\n",
               settings.ok() ? "--memory takes a size such as 2g" : settings.status().ToString());
    return 2;
  }
  PipelineOptions options;
  options.directory = DirectoryOfFile(command.file);
  options.checkpoint = command.checkpoint;
  options.available_now = command.available_now;
  options.only_plans = command.explain;
  options.set = *std::move(settings);
  std::signal(SIGINT, Interrupt);
  std::signal(SIGTERM, Interrupt);
  Session session(env, MemoryOfQueries(*memory));
  const Status status = RunPipeline(session, *text, std::move(options), command);
  return status.ok() ? 0 : Fail(status, *text, command.file);
}

}  // namespace thalweg
