#include "api/progress.h"

#include <nlohmann/json.hpp>

#include "data/text.h"

namespace thalweg {
namespace {

using ordered_json = nlohmann::ordered_json;

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

double RowsPerSecond(int64_t rows, int64_t us) {
  return us <= 0 ? 0 : static_cast<double>(rows) * 1e6 / static_cast<double>(us);
}

}  // namespace

QueryProgress ProgressOf(const std::string& name, const EpochSummary& summary,
                         const EpochLoop& loop, int64_t now_us) {
  QueryProgress progress;
  progress.id = loop.query_id();
  progress.name = name;
  progress.epoch = summary.epoch;
  progress.timestamp_us = now_us;
  progress.duration_us = summary.duration_us;
  progress.since_previous_us = summary.since_previous_us;
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
    progress.has_watermark = progress.has_watermark || node->watermark_delay_us >= 0;
    if (!node->state.stateful) continue;
    const OperatorMetrics& metrics = summary.result.operators[static_cast<size_t>(node->id)];
    progress.operators.push_back(
        {node->state.spark_name, node->state.logical_rows ? node->state.logical_rows() : 0,
         metrics.rows_updated, metrics.rows_removed, metrics.dropped_by_watermark});
  }
  return progress;
}

double QueryProgress::InputRowsPerSecond() const {
  return RowsPerSecond(rows_in, since_previous_us);
}
double QueryProgress::ProcessedRowsPerSecond() const {
  return RowsPerSecond(rows_in, duration_us);
}

std::string QueryProgress::Json() const {
  ordered_json json;
  json["id"] = id;
  if (!run_id.empty()) json["runId"] = run_id;
  json["name"] = name;
  json["timestamp"] = IsoMillis(timestamp_us);
  json["batchId"] = epoch;
  json["batchDuration"] = duration_us / 1000;
  json["numInputRows"] = rows_in;
  json["inputRowsPerSecond"] = InputRowsPerSecond();
  json["processedRowsPerSecond"] = ProcessedRowsPerSecond();
  json["durationMs"] = {{"triggerExecution", duration_us / 1000}};
  json["eventTime"] = ordered_json::object();
  if (has_watermark) json["eventTime"]["watermark"] = IsoMillis(watermark_us);
  json["stateOperators"] = ordered_json::array();
  for (const OperatorProgress& op : operators) {
    ordered_json one;
    one["operatorName"] = op.name;
    one["numRowsTotal"] = op.rows_total;
    one["numRowsUpdated"] = op.rows_updated;
    one["numRowsRemoved"] = op.rows_removed;
    one["numRowsDroppedByWatermark"] = op.rows_dropped_late;
    json["stateOperators"].push_back(std::move(one));
  }
  json["sources"] = ordered_json::array();
  for (const SourceProgress& source : sources) {
    ordered_json one;
    one["description"] = source.description;
    one["startOffset"] = OffsetJson(source.start_offset);
    one["endOffset"] = OffsetJson(source.end_offset);
    one["numInputRows"] = source.rows;
    json["sources"].push_back(std::move(one));
  }
  json["sink"] = {{"numOutputRows", rows_out}};
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::string QueryProgress::Line() const {
  std::string line = name + "  epoch " + std::to_string(epoch) + "  in " + std::to_string(rows_in) +
                     "  out " + std::to_string(rows_out);
  if (has_watermark) line += "  watermark " + IsoMillis(watermark_us);
  int64_t state_rows = 0;
  for (const OperatorProgress& op : operators) state_rows += op.rows_total;
  if (!operators.empty()) line += "  state " + std::to_string(state_rows) + " rows";
  return line;
}

}  // namespace thalweg
