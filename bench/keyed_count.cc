// Keyed count, int64 and string keys, warm and cold: SELECT k, count(*) GROUP BY k. The operator
// gets the same batches by Push as the limit programs get as arrays; all is one epoch, on one
// thread.
#include <fmt/format.h>

#include "connectors/memory/memory_table.h"
#include "gate1.h"
#include "inputs.h"
#include "limits/int64_count.h"
#include "limits/string_count.h"
#include "operator_driver.h"
#include "plans.h"

namespace thalweg {
namespace {

// The operator's tables grow above this load; limit B is sized by it, limit A by the other.
constexpr double kOperatorLoad = 0.7;
constexpr double kFreeLoad = 0.5;
constexpr int64_t kInt64Rows = 16'000 * kBatchRows;
constexpr int64_t kStringRows = 6'000 * kBatchRows;
constexpr uint32_t kStringBytes = 20;

void Int64OfSize(const BenchContext& context, int64_t keys, Report& report);
void StringsOfSize(const BenchContext& context, int64_t keys, Report& report);
std::unique_ptr<OperatorDriver> NewCount(const BenchContext& context,
                                         const std::vector<Batch>& input, OutputMode mode);
void PushAll(const std::vector<Batch>& batches, Int64CountLimit& limit);
void PushAll(const std::vector<Batch>& batches, StringCountLimit& limit);
void PushAll(const std::vector<Batch>& batches, OperatorDriver& driver);
void RequireTotals(const std::vector<int64_t>& totals, int64_t rows);
std::string SizeText(int64_t keys);

}  // namespace

void KeyedInt64(const BenchContext& context, Report& report) {
  report.Begin("Keyed count, int64 keys, warm",
               "16.4 M uniform rows over keys that are all there. Limit (B): one table, load <= "
               "0.7, dirty marks; A: load <= 0.5, no marks.");
  for (const int64_t keys : {100, 100'000, 1'000'000, 10'000'000}) {
    if (keys <= context.keys_max) Int64OfSize(context, keys, report);
  }
}

void KeyedInt64Cold(const BenchContext& context, Report& report) {
  const int64_t keys = std::min<int64_t>(10'000'000, context.keys_max);
  report.Begin("Keyed count, int64 keys, cold",
               "Every key once, into an empty table. The limit programs are sized before and their "
               "memory is touched; the operator grows.");
  const std::vector<Batch> input = EveryKey(keys);
  std::unique_ptr<Int64CountLimit> a, b;
  std::unique_ptr<OperatorDriver> count;
  const std::vector<Series> series = Interleave(
      report.rounds(), {{[&] { PushAll(input, *a); },
                         [&] { a = std::make_unique<Int64CountLimit>(keys, kFreeLoad, false); }},
                        {[&] { PushAll(input, *b); },
                         [&] {
                           a.reset();
                           b = std::make_unique<Int64CountLimit>(keys, kOperatorLoad, true);
                         }},
                        {[&] { PushAll(input, *count); },
                         [&] {
                           b.reset();
                           count.reset();
                           count = NewCount(context, input, OutputMode::kComplete);
                         }}});
  Figure figure = Throughput(SizeText(keys) + " new keys", static_cast<double>(keys), series[2]);
  figure.limit_a = MillionsPerSecond(static_cast<double>(keys), series[0]);
  figure.limit = MillionsPerSecond(static_cast<double>(keys), series[1]);
  figure.state_mb = static_cast<double>(count->state_bytes_peak()) / 1e6;
  figure.gate = Gate{true, 10, false};
  count->EndEpoch();
  RequireTotals({count->result_sum(), count->rows_out()}, keys);
  report.Add(figure);
}

void KeyedStrings(const BenchContext& context, Report& report) {
  report.Begin(
      "Keyed count, 20-byte string keys, warm",
      "6.1 M uniform rows over keys that are all there. Limits as for int64 keys, each the "
      "better of two ways of prefetching.");
  for (const int64_t keys : {100, 100'000, 1'000'000}) {
    if (keys <= context.keys_max) StringsOfSize(context, keys, report);
  }
}

namespace {

void Int64OfSize(const BenchContext& context, int64_t keys, Report& report) {
  const std::vector<Batch> every_key = EveryKey(keys);
  const std::vector<Batch> input = UniformKeys(kInt64Rows, keys);
  Int64CountLimit a(keys, kFreeLoad, false), b(keys, kOperatorLoad, true);
  const auto complete = NewCount(context, input, OutputMode::kComplete);
  const auto update = NewCount(context, input, OutputMode::kUpdate);
  PushAll(every_key, a);
  PushAll(every_key, b);
  PushAll(every_key, *complete);
  PushAll(every_key, *update);
  const std::vector<Series> series =
      Interleave(report.rounds(), {{[&] { PushAll(input, a); }},
                                   {[&] { PushAll(input, b); }},
                                   {[&] { PushAll(input, *complete); }},
                                   {[&] { PushAll(input, *update); }}});
  complete->EndEpoch();
  update->EndEpoch();
  RequireTotals({a.Total(), b.Total(), complete->result_sum(), update->result_sum()},
                keys + report.rounds() * kInt64Rows);
  const auto add = [&](const char* mode, const Series& passes, OperatorDriver& driver) {
    Figure figure = Throughput(SizeText(keys) + " keys, " + mode, kInt64Rows, passes);
    figure.limit_a = MillionsPerSecond(kInt64Rows, series[0]);
    figure.limit = MillionsPerSecond(kInt64Rows, series[1]);
    figure.state_mb = static_cast<double>(driver.state_bytes_peak()) / 1e6;
    if (&driver == complete.get()) figure.gate = Gate{true, 0.5, true};
    report.Add(figure);
  };
  add("complete mode", series[2], *complete);
  add("update mode", series[3], *update);
}

void StringsOfSize(const BenchContext& context, int64_t keys, Report& report) {
  const std::vector<Batch> every_key = EveryString(keys);
  const std::vector<Batch> input = UniformStrings(kStringRows, keys);
  std::vector<std::unique_ptr<StringCountLimit>> limits;  // A, A, B, B
  for (const bool operator_like : {false, true}) {
    for (const bool prefetches : {false, true}) {
      limits.push_back(std::make_unique<StringCountLimit>(StringCountLimit::Options{
          static_cast<size_t>(keys), kStringBytes, operator_like ? kOperatorLoad : kFreeLoad,
          operator_like, prefetches}));
    }
  }
  const auto count = NewCount(context, input, OutputMode::kComplete);
  std::vector<Program> programs;
  for (const auto& limit : limits) {
    PushAll(every_key, *limit);
    programs.push_back({[&] { PushAll(input, *limit); }});
  }
  PushAll(every_key, *count);
  programs.push_back({[&] { PushAll(input, *count); }});
  const std::vector<Series> series = Interleave(report.rounds(), programs);
  count->EndEpoch();
  RequireTotals({limits[0]->Total(), limits[1]->Total(), limits[2]->Total(), limits[3]->Total(),
                 count->result_sum()},
                keys + report.rounds() * kStringRows);
  Figure figure = Throughput(SizeText(keys) + " keys, complete mode", kStringRows, series[4]);
  figure.limit_a = std::max(MillionsPerSecond(kStringRows, series[0]),
                            MillionsPerSecond(kStringRows, series[1]));
  figure.limit = std::max(MillionsPerSecond(kStringRows, series[2]),
                          MillionsPerSecond(kStringRows, series[3]));
  figure.state_mb = static_cast<double>(count->state_bytes_peak()) / 1e6;
  figure.gate = Gate{true, keys == 100'000 ? 0.4 : 0.5, true};
  report.Add(figure);
}

std::unique_ptr<OperatorDriver> NewCount(const BenchContext& context,
                                         const std::vector<Batch>& input, OutputMode mode) {
  const auto stream = std::make_shared<MemoryStream>("rows", input[0].schema());
  auto driver =
      std::make_unique<OperatorDriver>(context.env, KeyedPlan(stream->table(), "count"), mode);
  driver->BeginEpoch();
  return driver;
}

void PushAll(const std::vector<Batch>& batches, Int64CountLimit& limit) {
  for (const Batch& batch : batches) {
    limit.Push(batch.column(0).values<int64_t>(), batch.physical_rows());
  }
}

void PushAll(const std::vector<Batch>& batches, StringCountLimit& limit) {
  for (const Batch& batch : batches) {
    limit.Push(batch.column(0).values<StringView>(), batch.physical_rows());
  }
}

void PushAll(const std::vector<Batch>& batches, OperatorDriver& driver) {
  for (const Batch& batch : batches) driver.Push(batch);
}

void RequireTotals(const std::vector<int64_t>& totals, int64_t rows) {
  for (const int64_t total : totals) Require(total == rows, "rows were lost or counted twice");
}

std::string SizeText(int64_t keys) {
  if (keys >= 1'000'000) return fmt::format("{} M", keys / 1'000'000);
  if (keys >= 1'000) return fmt::format("{} k", keys / 1'000);
  return fmt::format("{}", keys);
}

}  // namespace
}  // namespace thalweg
