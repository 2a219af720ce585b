#include "streaming/program.h"

#include <algorithm>

#include "base/build_id.h"

namespace thalweg {
namespace {

// Settings that results depend on, sorted.
constexpr const char* kPinnedKeys[] = {
    "spark.sql.ansi.enabled",
    "spark.sql.decimalOperations.allowPrecisionLoss",
    "spark.sql.mapKeyDedupPolicy",
    "spark.sql.session.timeZone",
    "spark.sql.streaming.multipleWatermarkPolicy",
    "spark.sql.streaming.statefulOperator.allowMultiple",
};

// Of these the checkpoint's value wins over the session's (Spark: OffsetSeqMetadata).
constexpr const char* kKeptKeys[] = {"spark.sql.streaming.multipleWatermarkPolicy"};

std::string StaticTableVersions(const PhysicalPlan& plan);
Status Changed(const std::string& what, std::string_view logged, std::string_view now);
Status CheckSameLines(std::string_view logged, std::string_view now);
std::string_view TakeLine(std::string_view* text);
std::string_view ValueOf(std::string_view lines, std::string_view key);

}  // namespace

ProgramRecord ProgramOf(const PhysicalPlan& plan, const Conf& conf, const std::string& versions) {
  ProgramRecord program;
  program.build = BuildId();
  program.plan_fingerprint = plan.fingerprint;
  program.versions = versions + StaticTableVersions(plan);
  for (const char* key : kPinnedKeys) {
    program.pinned_conf += std::string(key) + "=" + conf.Get(key) + "\n";
  }
  return program;
}

Status ApplyPinnedConf(const ProgramRecord& logged, Conf* conf) {
  for (const std::string_view key : kKeptKeys) {
    const std::string_view value = ValueOf(logged.pinned_conf, key);
    if (!value.empty()) THALWEG_RETURN_NOT_OK(conf->Set(key, value));
  }
  return Status::OK();
}

Status CheckSameProgram(const ProgramRecord& logged, const ProgramRecord& now) {
  if (logged.plan_fingerprint != now.plan_fingerprint) {
    return Changed("the query's plan", logged.plan_fingerprint, now.plan_fingerprint);
  }
  if (logged.build != now.build) return Changed("the build", logged.build, now.build);
  THALWEG_RETURN_NOT_OK(CheckSameLines(logged.pinned_conf, now.pinned_conf));
  return CheckSameLines(logged.versions, now.versions);
}

namespace {

std::string StaticTableVersions(const PhysicalPlan& plan) {
  std::string lines;
  for (const PhysicalSource& source : plan.sources) {
    if (source.streaming || source.table->info().version.empty()) continue;
    lines += source.table->info().description + "=" + source.table->info().version + "\n";
  }
  return lines;
}

Status Changed(const std::string& what, std::string_view logged, std::string_view now) {
  const auto shown = [](std::string_view text) {
    return text.empty() ? std::string("nothing") : std::string(text);
  };
  return Status::User("STATE_REPLAY_PROGRAM_CHANGED",
                      {{"difference", what}, {"logged", shown(logged)}, {"now", shown(now)}});
}

// The first line that only one side has names the difference.
Status CheckSameLines(std::string_view logged, std::string_view now) {
  if (logged == now) return Status::OK();
  for (std::string_view lines : {logged, now}) {
    while (!lines.empty()) {
      const std::string_view line = TakeLine(&lines);
      const std::string_view key = line.substr(0, line.find('='));
      const std::string_view before = ValueOf(logged, key);
      const std::string_view after = ValueOf(now, key);
      if (before != after) return Changed(std::string(key), before, after);
    }
  }
  return Changed("the order of settings", logged, now);
}

std::string_view TakeLine(std::string_view* text) {
  const size_t end = std::min(text->find('\n'), text->size());
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(std::min(end + 1, text->size()));
  return line;
}

std::string_view ValueOf(std::string_view lines, std::string_view key) {
  while (!lines.empty()) {
    const std::string_view line = TakeLine(&lines);
    if (line.starts_with(key) && line.substr(key.size()).starts_with('=')) {
      return line.substr(key.size() + 1);
    }
  }
  return "";
}

}  // namespace
}  // namespace thalweg
