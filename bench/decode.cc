#include "decode.h"

#include <algorithm>

#include "data/ddl.h"
#include "formats/format.h"
#include "formats/json/json_decoder.h"
#include "formats/line_reader.h"
#include "json_inputs.h"
#include "limits/json_lines.h"
#include "measure.h"

namespace thalweg {
namespace {

constexpr const char* kEventDdl =
    "user_id STRING, ad_id BIGINT, event_type STRING, ts BIGINT, price DOUBLE, ip STRING";
constexpr const char* kBid =
    "STRUCT<auction: BIGINT, bidder: BIGINT, price: BIGINT, channel: STRING, url: STRING, "
    "dateTime: TIMESTAMP, extra: STRING>";

void Check(const Status& status) {
  Require(status.ok(), status.ok() ? "" : status.ToString().c_str());
}

template <class T>
T Take(Result<T> result) {
  Check(result.status());
  return *std::move(result);
}

FormatRequest RequestOf(std::string_view ddl) {
  FormatRequest request;
  request.schema = Take(ParseDdl(ddl));
  request.output = request.schema;
  for (int i = 0; i < request.schema->size(); ++i) request.columns.push_back(i);
  return request;
}

int64_t CountRows(Env& env, const std::string& path, const FormatRequest& request) {
  auto reader = Take(FindFormat("json")->OpenReader(env, path, request));
  Batch batch;
  int64_t rows = 0;
  while (Take(reader->Next(&batch))) rows += batch.row_count();
  return rows;
}

/// Line by line, without layouts.
int64_t DecodeEachLine(Env& env, const std::string& path, const FormatRequest& request) {
  LineReader lines(Take(OpenByteInput(env, path)), path, "");
  auto decoder = Take(JsonDecoder::Make(request.output->AsStruct(), {}));
  Batch batch(request.output);
  int64_t rows = 0;
  std::string_view line;
  while (Take(lines.Next(&line))) {
    const int row = static_cast<int>(rows++ % kBatchRows);
    if (row == 0) batch.Reset(request.output);
    const JsonRecord record =
        decoder->DecodeRecord(line, &lines.block(), &batch.mutable_column(0), row);
    Require(record.outcome == JsonOutcome::kOk, "a line is malformed");
  }
  return rows;
}

double MillionsPerCpuSecond(double rows, const Series& series) {
  double least = series.passes[0].cpu_seconds;
  for (const Cost& pass : series.passes) least = std::min(least, pass.cpu_seconds);
  return rows / least / 1e6;
}

/// By CPU time, which others on the machine disturb less than the clock on the wall.
Figure CpuThroughput(const char* name, double rows, const Series& series) {
  Figure figure = Throughput(name, rows, series);
  figure.unit = "M/CPU s";
  figure.value = MillionsPerCpuSecond(rows, series);
  figure.cpu_per_million = 1 / figure.value;
  return figure;
}

void FlatEvents(Env& env, const std::string& directory, int64_t events, Report& report) {
  report.Begin("JSON lines of six fields",
               "About 104 bytes an event, from a file in the page cache, every byte verified, into "
               "batches. Limit: simdjson on-demand, a document a line, in memory; limit A: a scan "
               "by hand for this one layout.");
  const std::string bytes = JsonEvents(events);
  const std::string path = JoinPath(directory, "events.json");
  Check(WriteFileAtomically(env.files(), path, std::string_view(bytes).substr(0, bytes.size() - 64),
                            false));
  const FormatRequest all = RequestOf(kEventDdl);
  FormatRequest views = all;
  views.predicates.push_back({2, CompareOp::kEqual, Value::String("view")});
  const FormatRequest some = RequestOf("ad_id BIGINT, event_type STRING, ts BIGINT");
  JsonLinesLimit limit;
  int64_t wanted = 0;
  int64_t rows = 0;
  const std::vector<Series> series =
      Interleave(report.rounds(), {{[&] { wanted = limit.ScanByHand(bytes); }},
                                   {[&] { wanted = limit.Simdjson(bytes); }},
                                   {[&] { rows = CountRows(env, path, all); }},
                                   {[&] { rows = CountRows(env, path, some); }},
                                   {[&] { rows = DecodeEachLine(env, path, all); }},
                                   {[&] { rows = CountRows(env, path, views); }}});
  Require(rows >= wanted && rows <= wanted + 1, "the predicate passed over other rows");
  const auto count = static_cast<double>(events);
  const char* const names[] = {"all six fields", "three of six fields",
                               "all six, line by line without layouts",
                               "all six where event_type = 'view'"};
  for (int i = 0; i < 4; ++i) {
    Figure figure = CpuThroughput(names[i], count, series[2 + i]);
    figure.limit_a = MillionsPerCpuSecond(count, series[0]);
    figure.limit = MillionsPerCpuSecond(count, series[1]);
    if (i == 0) figure.gate = Gate{true, 6.0, false};
    report.Add(figure);
  }
}

void NestedEvents(Env& env, const std::string& directory, int64_t events, Report& report) {
  report.Begin("Nested JSON lines with times as text",
               "Nexmark's events, about 330 bytes, three kinds in one file.");
  const std::string bytes = NestedJsonEvents(events);
  const std::string path = JoinPath(directory, "nested.json");
  Check(WriteFileAtomically(env.files(), path, std::string_view(bytes).substr(0, bytes.size() - 64),
                            false));
  const FormatRequest bids = RequestOf(std::string("event_type INT, bid ") + kBid);
  FormatRequest only_bids = bids;
  only_bids.predicates.push_back({0, CompareOp::kEqual, Value::Int(2)});
  const FormatRequest types = RequestOf("event_type INT");
  int64_t rows = 0;
  const std::vector<Series> series =
      Interleave(report.rounds(), {{[&] { rows = CountRows(env, path, bids); }},
                                   {[&] { rows = CountRows(env, path, only_bids); }},
                                   {[&] { rows = DecodeEachLine(env, path, bids); }},
                                   {[&] { rows = CountRows(env, path, types); }}});
  Require(rows == events, "rows are lost");
  const char* const names[] = {"event_type and bid", "the same where event_type = 2",
                               "the same, line by line without layouts", "event_type alone"};
  for (int i = 0; i < 4; ++i) {
    report.Add(CpuThroughput(names[i], static_cast<double>(events), series[i]));
  }
}

}  // namespace

void DecodeCases(Env& env, const std::string& directory, int64_t events, Report& report) {
  FlatEvents(env, directory, events, report);
  NestedEvents(env, directory, events / 2, report);
}

}  // namespace thalweg
