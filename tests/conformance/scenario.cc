#include "scenario.h"

#include <nlohmann/json.hpp>

#include "compare_rows.h"
#include "data/ddl.h"
#include "data/parse_text.h"
#include "data/text.h"
#include "data/time_zone.h"
#include "functions/value_text.h"
#include "manual_env.h"
#include "recording_sink.h"
#include "scenario_views.h"
#include "streaming/epoch_loop.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr double kTolerance = 1e-12;  // Spark adds partials in another order
constexpr int64_t kMicrosPerSecond = 1'000'000;

Result<OutputMode> ReadMode(const std::string& name);
int64_t ReadInstantUs(const json& text);
std::string KindText(EpochKind kind);
std::string ShownMetrics(const Batch& row, const TimeZone& zone);

// One scenario from start to end.
class ScenarioRun {
 public:
  explicit ScenarioRun(const json& body)
      : body_(body), session_(env_), views_(body_, session_), expected_error_(ErrorOf(body)) {}

  Verdict Play();

 private:
  static json ErrorOf(const json& body) { return body.value("error", json()); }

  Status Prepare();
  Status Start();
  Status Fire();
  Verdict Restart();
  Verdict PlayEpoch(const json& epoch);
  Verdict RunEpoch(const json& epoch);
  Verdict FailOnce();
  std::string CompareEpoch(const json& epoch);
  std::string CompareCounters(const json& epoch);
  std::string CompareObserved(const json& epoch);
  const Schema& ObservedSchema(const std::string& name) const;
  Verdict PlayFatalInput();
  Verdict CompareColumns();
  /// The verdict on a refusal, wherever it came.
  Verdict Refused(const std::string& step, const Status& status) const;

  const json& body_;
  ManualEnv env_;
  Session session_;
  ScenarioViews views_;
  const json expected_error_;
  RecordingSink sink_;
  RelationPtr plan_;
  SchemaPtr schema_;  // of the result, as expected; else as found
  EpochLoopOptions options_;
  std::unique_ptr<EpochLoop> loop_;
  EpochSummary summary_;
};

}  // namespace

Verdict PlayScenario(const Case& played) {
  const json& body = *played.body;
  for (const json& step : body.value("steps", json::array())) {
    if (step["op"] == "python") return Unsupported("steps in Python");
  }
  return ScenarioRun(body).Play();
}

namespace {

Verdict ScenarioRun::Play() {
  env_.SetNowUs(SimOptions().start_us + body_.value("clock_start", int64_t{0}) * kMicrosPerSecond);
  Status status = Prepare();
  if (status.ok()) status = Start();
  if (!status.ok()) return Refused("at start", status);
  Verdict columns = CompareColumns();
  if (columns.outcome != Outcome::kPassed) return columns;
  int number = 0;
  for (const json& epoch : body_.value("epochs", json::array())) {
    Verdict verdict = PlayEpoch(epoch);
    if (verdict.outcome == Outcome::kPassed) {
      ++number;
      continue;
    }
    if (verdict.outcome == Outcome::kWrong) {
      verdict.text = "entry " + std::to_string(number) + ", batch " +
                     std::to_string(epoch.value("batch", -1)) + ", " +
                     epoch["kind"].get<std::string>() + ":\n" + verdict.text;
    }
    return verdict;
  }
  if (expected_error_.is_null()) return columns;
  return PlayFatalInput();
}

// From the text to the plan that runs.
Status ScenarioRun::Prepare() {
  THALWEG_RETURN_NOT_OK(views_.Register());
  THALWEG_ASSIGN_OR_RETURN(options_.mode, ReadMode(body_["output_mode"].get<std::string>()));
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr plan,
                           session_.Analyze(body_["sql"].get<std::string>()));
  std::vector<StructField> columns;
  for (const AttributePtr& column : plan->output) {
    columns.push_back({column->column, column->type, column->nullable});
  }
  schema_ = Schema::Make(std::move(columns));
  THALWEG_ASSIGN_OR_RETURN(plan_, session_.PrepareStream(plan, options_.mode));
  options_.checkpoint = "/checkpoint";
  options_.conf = session_.conf();
  options_.sink_table = sink_.table();
  options_.budget = &session_.budget();
  return Status::OK();
}

// Starting the query fires one trigger at once.
Status ScenarioRun::Start() {
  loop_.reset();
  THALWEG_ASSIGN_OR_RETURN(loop_, EpochLoop::Start(plan_, env_, options_));
  return Fire();
}

Status ScenarioRun::Fire() {
  summary_ = EpochSummary();
  return loop_->RunOnce(&summary_);
}

Verdict ScenarioRun::Restart() {
  Status status = loop_->Stop();
  if (!status.ok()) return Failed("at the stop", status);
  status = Start();
  if (!status.ok()) return Failed("at the restart", status);
  if (summary_.kind == EpochKind::kNone) return {};
  return Wrong("the restart ran a batch: " + KindText(summary_.kind));
}

Verdict ScenarioRun::PlayEpoch(const json& epoch) {
  if (epoch.value("restart", false)) {
    Verdict verdict = Restart();
    if (verdict.outcome != Outcome::kPassed) return verdict;
  }
  if (epoch.contains("batch_time")) {
    env_.SetNowUs(ReadInstantUs(epoch["batch_time"]));
  } else {
    env_.SetNowUs(env_.clock().NowUs() + body_.value("trigger_ms", int64_t{1000}) * 1000);
  }
  if (epoch.contains("input")) {
    const Status status = views_.Add(epoch["input"]);
    if (!status.ok()) return Failed("the input", status);
  }
  Verdict verdict = RunEpoch(epoch);
  if (verdict.outcome != Outcome::kPassed) return verdict;
  const std::string kind = epoch["kind"].get<std::string>();
  if (KindText(summary_.kind) != kind) {
    return Wrong("the trigger ran " + KindText(summary_.kind));
  }
  if (summary_.kind == EpochKind::kNone) return {};
  const std::string difference = CompareEpoch(epoch) + CompareCounters(epoch);
  return difference.empty() ? Verdict() : Wrong(difference);
}

Verdict ScenarioRun::RunEpoch(const json& epoch) {
  if (epoch.value("sink_failed_once", false)) return FailOnce();
  const Status status = Fire();
  return status.ok() ? Verdict() : Refused("at the trigger", status);
}

// The sink takes the rows and dies; the trigger of the new start runs the same batch.
Verdict ScenarioRun::FailOnce() {
  sink_.FailOnce();
  Status status = Fire();
  if (status.ok()) return Wrong("the query did not notice that its sink failed");
  if (status.kind() != ErrorKind::kWorld) return Failed("at the trigger", status);
  status = Start();
  return status.ok() ? Verdict() : Failed("at the start after the failure", status);
}

// Rows and watermarks.
std::string ScenarioRun::CompareEpoch(const json& epoch) {
  const Result<std::vector<Row>> expected = DecodeRows(epoch["expect"], *schema_);
  if (!expected.ok()) return expected.status().ToString();
  RowComparison comparison;
  comparison.ordered = body_.value("ordered", false);
  comparison.tolerance = kTolerance;
  std::string difference = CompareRows(*expected, sink_.rows(), comparison);
  const auto compare_time = [&](const char* key, int64_t found_us) {
    if (!epoch.contains(key) || ReadInstantUs(epoch[key]) == found_us) return;
    difference += std::string(key) + ": expected " + epoch[key].get<std::string>() + ", found ";
    AppendIsoMillisUtc(found_us, &difference);
    difference += "\n";
  };
  compare_time("watermark", summary_.watermark_us);
  compare_time("watermark_after", summary_.next_watermark_us);
  compare_time("batch_time", summary_.batch_time_us);
  return difference;
}

// Numbers of the stateful operators, summed.
std::string ScenarioRun::CompareCounters(const json& epoch) {
  int64_t dropped = 0;
  int64_t state_rows = 0;
  for (const auto& node : loop_->physical_plan().nodes) {
    if (!node->state.stateful) continue;
    dropped += summary_.result.operators[static_cast<size_t>(node->id)].dropped_by_watermark;
    if (node->state.logical_rows) state_rows += node->state.logical_rows();
  }
  std::string difference;
  const auto compare = [&](const char* key, int64_t found) {
    if (!epoch.contains(key) || epoch[key].get<int64_t>() == found) return;
    difference += std::string(key) + ": expected " + epoch[key].dump() + ", found " +
                  std::to_string(found) + "\n";
  };
  compare("batch", summary_.epoch);
  compare("dropped_late", dropped);
  compare("state_rows", state_rows);
  return difference + CompareObserved(epoch);
}

// Metrics are recorded as they are shown in the session's zone; numbers as JSON writes them.
std::string ScenarioRun::CompareObserved(const json& epoch) {
  const Result<const TimeZone*> zone =
      TimeZone::Find(session_.conf().Get("spark.sql.session.timeZone"));
  if (!zone.ok()) return zone.status().ToString();
  std::string difference;
  const json expected = epoch.value("observed", json::object());
  for (const auto& [name, metrics] : expected.items()) {
    std::string found;
    for (const ObservedMetrics& observed : summary_.result.observed) {
      if (observed.name == name) found = ShownMetrics(observed.row, **zone);
    }
    std::string wanted;
    for (const StructField& column : ObservedSchema(name).columns()) {
      const json value = metrics.value(column.name, json("(missing)"));
      wanted += column.name + ": " + (value.is_string() ? value.get<std::string>() : value.dump());
      wanted += "\n";
    }
    if (found.empty() || found != wanted)
      difference += name + ": expected\n" + wanted + "found\n" + found;
  }
  return difference;
}

const Schema& ScenarioRun::ObservedSchema(const std::string& name) const {
  static const Schema kNone({});
  for (const ObservedMetrics& observed : summary_.result.observed) {
    if (observed.name == name) return *observed.row.schema();
  }
  return kNone;
}

// After the last entry the query must die.
Verdict ScenarioRun::PlayFatalInput() {
  Status status = views_.Add(expected_error_.value("input", json::object()));
  if (!status.ok()) return Failed("the fatal input", status);
  status = Fire();
  if (!status.ok()) return Refused("at the fatal input", status);
  std::string found;
  for (const Row& row : sink_.rows()) found += "\nfound  " + RowText(row);
  return Wrong("expected the error " + expected_error_["condition"].get<std::string>() + found);
}

Verdict ScenarioRun::CompareColumns() {
  if (!body_.contains("result_schema")) return {};
  const Result<SchemaPtr> expected = ParseDdl(body_["result_schema"].get<std::string>());
  if (!expected.ok()) return Wrong("the expected columns: " + expected.status().ToString());
  return CompareSchemas(**expected, *schema_);
}

Verdict ScenarioRun::Refused(const std::string& step, const Status& status) const {
  if (expected_error_.is_null()) return Failed(step, status);
  return CompareError(expected_error_["condition"].get<std::string>(),
                      expected_error_.value("sqlstate", json()), status);
}

Result<OutputMode> ReadMode(const std::string& name) {
  if (name == "append") return OutputMode::kAppend;
  if (name == "update") return OutputMode::kUpdate;
  if (name == "complete") return OutputMode::kComplete;
  return Status::World("no output mode: " + name);
}

int64_t ReadInstantUs(const json& text) {
  ZoneCursor utc(TimeZone::Utc());
  int64_t us = -1;
  const bool read = ParseTimestamp(text.get<std::string>(), utc, &us);
  THALWEG_CHECK(read, "an instant of a scenario is no timestamp");
  return us;
}

/// "name: value", a line each.
std::string ShownMetrics(const Batch& row, const TimeZone& zone) {
  std::string text;
  for (int i = 0; i < row.column_count(); ++i) {
    text += row.schema()->column(i).name + ": ";
    if (row.column(i).IsNull(0)) {
      text += "null";
    } else {
      AppendText(row.column(i), 0, {&zone, false}, &text);
    }
    text += "\n";
  }
  return text;
}

std::string KindText(EpochKind kind) {
  switch (kind) {
    case EpochKind::kNone:
      return "none";
    case EpochKind::kData:
      return "data";
    case EpochKind::kNoData:
      return "nodata";
  }
  return "?";
}

}  // namespace
}  // namespace thalweg
