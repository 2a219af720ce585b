#include "cli/checkpoint_command.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "data/text.h"
#include "state/state_file.h"
#include "streaming/checkpoint_report.h"
#include "streaming/log_format.h"

namespace thalweg {
namespace {

std::string TimeText(int64_t us) {
  std::string text;
  AppendIsoMillisUtc(us, &text);
  return text;
}

/// "key=value" lines, one below the other.
std::string Indented(std::string_view lines) {
  std::string out;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    if (!out.empty()) out += "\n               ";
    out += lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return out.empty() ? "-" : out;
}

void PrintProblems(const CheckpointReport& report) {
  for (const Status& damage : report.damages) fmt::print("  damaged      {}\n", damage.ToString());
  for (const std::string& note : report.notes) fmt::print("  note         {}\n", note);
}

void PrintProgram(const CheckpointReport& report) {
  fmt::print("  query        {}\n", report.query_id.empty() ? "-" : report.query_id);
  if (!report.holder.empty()) fmt::print("  taken by     {}\n", report.holder);
  fmt::print(
      "  formats      metadata and notes 1, log {} (readers from {} on), state {} "
      "(readers from {} on)\n",
      kLogFormatVersion, kLogOldestReader, kStateFormat, kStateOldestReader);
  if (!report.log.program) return;
  const ProgramRecord& program = *report.log.program;
  fmt::print("  build        {}\n", program.build);
  fmt::print("  plan         {}\n", Indented(program.plan_fingerprint));
  fmt::print("  versions     {}\n", Indented(program.versions));
  fmt::print("  conf         {}\n", Indented(program.pinned_conf));
}

void PrintEpoch(const LoggedEpoch& logged) {
  const EpochRecord& epoch = logged.epoch;
  fmt::print("    {:<8} {}  watermark {}  late before {}{}  {}\n", epoch.epoch,
             TimeText(epoch.batch_time_us), TimeText(epoch.watermark_us),
             TimeText(epoch.late_watermark_us), epoch.no_data ? "  no data" : "",
             logged.commit ? "next watermark " + TimeText(logged.commit->next_watermark_us)
                           : "not committed");
  for (size_t i = 0; i < epoch.to.size(); ++i) {
    std::string read;
    if (logged.commit && i < logged.commit->read.size() && logged.commit->read[i].rows >= 0) {
      read = fmt::format("  {} rows, {} bytes", logged.commit->read[i].rows,
                         logged.commit->read[i].bytes);
    }
    fmt::print("             source {}  {} -> {}{}\n", i,
               epoch.from[i].empty() ? "-" : epoch.from[i].json,
               epoch.to[i].empty() ? "-" : epoch.to[i].json, read);
  }
}

void PrintLog(const CheckpointReport& report, int64_t epochs_shown) {
  fmt::print("  log          last epoch {}, last commit {}, durable state {}\n",
             report.log.last_epoch_number(), report.log.last_commit_number(),
             report.log.durable_state);
  for (const LogSegmentReport& segment : report.segments) {
    fmt::print("    {}  {} bytes, epochs {} to {}\n", segment.path, segment.size_bytes,
               segment.first_epoch, segment.last_epoch);
  }
  const auto total = static_cast<int64_t>(report.epochs.size());
  const int64_t shown = epochs_shown < 0 ? total : std::min(total, epochs_shown);
  fmt::print("  epochs       {} logged{}\n", total,
             shown < total ? fmt::format(", the last {} of them (--epochs)", shown) : "");
  for (int64_t i = total - shown; i < total; ++i) PrintEpoch(report.epochs[i]);
}

void PrintState(const CheckpointReport& report) {
  const StateReport& state = report.state;
  std::string chain;
  for (const std::string& name : state.chain) chain += (chain.empty() ? "" : " + ") + name;
  fmt::print("  state        version {}{}\n", report.log.durable_state,
             chain.empty() ? "" : " = " + chain);
  for (const StateFileReport& file : state.files) {
    fmt::print("    {}  {} bytes{}{}\n", file.name, file.size_bytes,
               file.header.is_base() ? "" : fmt::format(", upon {}", file.header.previous),
               file.status.ok() ? "" : ", not whole");
    for (const StateContainerReport& container : file.containers) {
      fmt::print(
          "      {} {}\n        about {} entries; {} written, {} erased, {} slices dropped, "
          "{} bytes\n",
          container.kind == ContainerKind::kSlices ? "slices" : "groups", container.fingerprint,
          container.entries, container.written, container.erased, container.slices_dropped,
          container.bytes);
    }
  }
}

void PrintInspection(const CheckpointReport& report, int64_t epochs_shown) {
  fmt::print("{}\n", report.directory);
  PrintProgram(report);
  PrintProblems(report);
  PrintLog(report, epochs_shown);
  PrintState(report);
}

void PrintVerdict(const CheckpointReport& report) {
  fmt::print("{}\n  query        {}\n", report.directory,
             report.query_id.empty() ? "-" : report.query_id);
  PrintProblems(report);
  fmt::print("  {}      {} files, {} bytes, {} epochs\n",
             report.damages.empty() ? "whole  " : "DAMAGED", report.files_read, report.bytes_read,
             report.epochs.size());
}

}  // namespace

int RunCheckpointCommand(const CheckpointCommandOptions& options, Env& env) {
  const Result<std::vector<std::string>> found = FindCheckpoints(env.files(), options.directory);
  if (!found.ok()) {
    fmt::print(stderr, "{}\n", found.status().ToString());
    return 1;
  }
  bool damaged = false;
  for (const std::string& directory : *found) {
    const CheckpointReport report = ReadCheckpoint(env.files(), directory);
    damaged = damaged || !report.damages.empty();
    if (options.verify) {
      PrintVerdict(report);
    } else {
      PrintInspection(report, options.epochs);
    }
  }
  fflush(stdout);
  return options.verify && damaged ? 1 : 0;
}

}  // namespace thalweg
