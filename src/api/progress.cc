#include "api/progress.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "data/text.h"
#include "exec/state_retention.h"

namespace thalweg {
namespace {

using ordered_json = nlohmann::ordered_json;

// After so many epochs with rows elsewhere an input counts as idle.
constexpr int64_t kIdleEpochs = 3;

std::string IsoMillis(int64_t us) {
  std::string text;
  AppendIsoMillisUtc(us, &text);
  return text;
}

/// An offset is JSON already; what is none is a text.
ordered_json OffsetJson(const std::string& text) {
  if (text.empty()) return nullptr;
  ordered_json offset = ordered_json::parse(text, nullptr, false);
  return offset.is_discarded() ? ordered_json(text) : offset;
}

/// Half up to one decimal.
double Rounded(double rate) {
  return std::floor(rate * 10 + 0.5) / 10;
}

/// Rows a second; 0 where there was no epoch before, as in Spark.
double InputRate(int64_t rows, int64_t us) {
  return us > 0 ? Rounded(static_cast<double>(rows) * 1e6 / static_cast<double>(us)) : 0.0;
}

void AddRates(int64_t rows, const QueryProgress& progress, ordered_json* json) {
  (*json)["inputRowsPerSecond"] = InputRate(rows, progress.since_previous_us);
  if (progress.duration_us > 0) {
    (*json)["processedRowsPerSecond"] = InputRate(rows, progress.duration_us);
  }
}

std::string ShortCount(double value) {
  static constexpr const char* kUnits[] = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  while (value >= 10'000 && unit + 1 < std::size(kUnits)) {
    value /= 1000;
    ++unit;
  }
  return fmt::format("{:.0f}{}", value, kUnits[unit]);
}

ordered_json OperatorJson(const OperatorProgress& op, const QueryProgress& progress) {
  ordered_json one;
  one["operatorName"] = op.name;
  one["numRowsTotal"] = op.rows_total;
  one["numRowsUpdated"] = op.rows_updated;
  one["numRowsRemoved"] = op.rows_removed;
  // What several operators keep lies in one store: its bytes are told where there is one operator.
  if (progress.operators.size() == 1) one["memoryUsedBytes"] = progress.state_bytes;
  one["numRowsDroppedByWatermark"] = op.rows_dropped_late;
  one["numShufflePartitions"] = progress.partitions;
  one["numStateStoreInstances"] = progress.partitions;
  return one;
}

}  // namespace

QueryProgress ProgressMeter::Next(const EpochSummary& summary, const EpochLoop& loop,
                                  int64_t now_us) {
  QueryProgress progress;
  progress.id = loop.query_id();
  progress.run_id = run_id_;
  progress.name = name_;
  progress.epoch = summary.epoch;
  progress.times = summary.times;
  progress.duration_us = summary.duration_us;
  progress.since_previous_us = summary.since_previous_us;
  progress.timestamp_us = now_us - progress.duration_us;
  progress.rows_out = summary.result.rows_out;
  progress.watermark_us = summary.watermark_us;
  const PhysicalPlan& plan = loop.physical_plan();
  for (size_t i = 0; i < plan.sources.size(); ++i) {
    if (!plan.sources[i].streaming) continue;
    SourceProgress source;
    source.description = plan.sources[i].table->info().description;
    if (i < summary.ranges.size()) {
      source.start_offset = summary.ranges[i].from.json;
      source.end_offset = summary.ranges[i].to.json;
    }
    if (i < summary.result.read.size()) source.rows = summary.result.read[i].rows;
    progress.rows_in += source.rows;
    progress.sources.push_back(std::move(source));
  }
  for (const auto& node : plan.nodes) {
    if (!node->state.stateful) continue;
    const OperatorMetrics& metrics = summary.result.operators[static_cast<size_t>(node->id)];
    progress.operators.push_back(
        {node->state.spark_name, node->state.logical_rows ? node->state.logical_rows() : 0,
         metrics.rows_updated, metrics.rows_removed, metrics.dropped_by_watermark});
  }
  const ContainerMetrics state = loop.state_metrics();
  progress.state_entries = state.entries;
  progress.state_bytes = state.bytes;
  progress.partitions = loop.options().conf.GetInt("spark.sql.shuffle.partitions");
  progress.sink = loop.options().sink_table->info().description;
  NoteInputs(plan, summary, &progress);
  return progress;
}

double QueryProgress::InputRowsPerSecond() const {
  return InputRate(rows_in, since_previous_us);
}
double QueryProgress::ProcessedRowsPerSecond() const {
  return InputRate(rows_in, duration_us);
}

// Of several inputs the slowest one holds the watermark; one that brings no rows holds it for ever.
void ProgressMeter::NoteInputs(const PhysicalPlan& plan, const EpochSummary& summary,
                               QueryProgress* progress) {
  int64_t latest_us = INT64_MIN;
  for (const auto& node : plan.nodes) {
    if (node->watermark_delay_us < 0) continue;
    progress->has_watermark = true;
    const EventTimeStats& stats =
        summary.result.operators[static_cast<size_t>(node->id)].event_time;
    progress->event_time.Add(stats);
    Input& input = inputs_[node->id];
    if (stats.count > 0) {
      input.latest_us = std::max(input.latest_us, stats.max_us);
      input.epochs_idle = 0;
    } else if (progress->rows_in > 0) {
      ++input.epochs_idle;
    }
    latest_us = std::max(latest_us, input.latest_us);
  }
  if (latest_us != INT64_MIN) {
    progress->lag_us =
        std::max<int64_t>(0, progress->timestamp_us + progress->duration_us - latest_us);
  }
  for (const auto& [node, input] : inputs_) {
    if (inputs_.size() < 2 || input.epochs_idle < kIdleEpochs) continue;
    if (input.latest_us >= latest_us) continue;
    const int64_t delay_us = plan.nodes[static_cast<size_t>(node)]->watermark_delay_us;
    progress->hint = fmt::format(
        "the input with a delay of {} has brought no rows for {} epochs and holds the watermark "
        "(spark.sql.streaming.multipleWatermarkPolicy = max would not wait for it)",
        DurationText(delay_us), input.epochs_idle);
  }
}

std::string QueryProgress::Json() const {
  const auto ms = [](int64_t ns) { return ns / 1'000'000; };
  ordered_json json;
  json["id"] = id;
  json["runId"] = run_id;
  json["name"] = name;
  json["timestamp"] = IsoMillis(timestamp_us);
  json["batchId"] = epoch;
  json["batchDuration"] = duration_us / 1000;
  json["numInputRows"] = rows_in;
  AddRates(rows_in, *this, &json);
  json["durationMs"] = {{"addBatch", ms(times.add_batch)},
                        {"commitOffsets", ms(times.commit_offsets)},
                        {"getBatch", 0},
                        {"latestOffset", ms(times.latest_offset)},
                        {"queryPlanning", 0},
                        {"triggerExecution", duration_us / 1000},
                        {"walCommit", ms(times.wal_commit)}};
  if (has_watermark) {
    ordered_json& event = json["eventTime"];
    if (event_time.count > 0) {
      event["avg"] = IsoMillis(static_cast<int64_t>(event_time.sum_us / event_time.count));
      event["max"] = IsoMillis(event_time.max_us);
      event["min"] = IsoMillis(event_time.min_us);
    }
    event["watermark"] = IsoMillis(watermark_us);
  }
  json["stateOperators"] = ordered_json::array();
  for (const OperatorProgress& op : operators) {
    json["stateOperators"].push_back(OperatorJson(op, *this));
  }
  json["sources"] = ordered_json::array();
  for (const SourceProgress& source : sources) {
    ordered_json one;
    one["description"] = source.description;
    one["startOffset"] = OffsetJson(source.start_offset);
    one["endOffset"] = OffsetJson(source.end_offset);
    one["latestOffset"] = nullptr;  // as of Spark's sources that do not report it
    one["numInputRows"] = source.rows;
    AddRates(source.rows, *this, &one);
    json["sources"].push_back(std::move(one));
  }
  json["sink"] = {{"description", sink}, {"numOutputRows", rows_out}};
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string QueryProgress::Line() const {
  const int64_t us = std::max<int64_t>({since_previous_us, duration_us, 1});
  const auto rate = [&](int64_t rows) {
    return ShortCount(static_cast<double>(rows) * 1e6 / static_cast<double>(us));
  };
  std::string line = fmt::format("{}  epoch {}  in {} rows/s  out {} rows/s", name, epoch,
                                 rate(rows_in), rate(rows_out));
  if (has_watermark) line += "  watermark " + IsoMillis(watermark_us);
  if (!operators.empty()) {
    int64_t rows = 0;
    for (const OperatorProgress& op : operators) rows += op.rows_total;
    line += fmt::format("  state {} rows, {}B", rows, ShortCount(static_cast<double>(state_bytes)));
  }
  if (lag_us >= 0) line += "  lag " + DurationText(lag_us / 1'000'000 * 1'000'000);
  if (!hint.empty()) line += "  ! " + hint;
  return line;
}

}  // namespace thalweg
