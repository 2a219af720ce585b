// Sliding count by slices, append mode, before output: GROUP BY window(ts, 10 s, slide), k, with 1
// M events a second of event time and up to 10 ms of disorder. Each 1,024 rows are an epoch, as in
// limits/sliding_count: push, watermark, merge what closes. "Enough" is said to the first batch
// that comes out, so that no row is made; the merges are done all the same.
#include "limits/sliding_count.h"

#include <fmt/format.h>

#include "connectors/memory/memory_table.h"
#include "gate1.h"
#include "inputs.h"
#include "operator_driver.h"
#include "plans.h"

namespace thalweg {
namespace {

constexpr int64_t kEventRows = 30'000 * kBatchRows;
constexpr int64_t kWindowUs = 10'000'000;
constexpr int64_t kDelayUs = 10'000;
constexpr double kMeasuredRows = kEventRows / 2;  // of the second half: windows and pools are full

/// One run of operator or limit over all events; the second half is what counts.
class SlidingRun {
 public:
  SlidingRun(const BenchContext& context, const std::vector<Batch>& events, int64_t slide_us);
  void PushHalf(bool second);
  void LimitHalf(bool second);
  double state_mb() const { return static_cast<double>(driver_.state_bytes_peak()) / 1e6; }

 private:
  const std::vector<Batch>& events_;
  std::shared_ptr<MemoryStream> stream_;
  OperatorDriver driver_;
  SlidingCountLimit limit_;
  int64_t max_us_ = 0;
  int64_t watermark_us_ = 0;
};

struct SlidingResult {
  Figure figure;
  double ns_per_event;
};
SlidingResult Measure(const BenchContext& context, const std::vector<Batch>& events,
                      int64_t overlap, Report& report);

}  // namespace

void SlidingCount(const BenchContext& context, Report& report) {
  report.Begin("Sliding count, append mode, before output",
               "10 s windows, 1 M events a second of event time, 10 ms disorder, epochs of 1,024 "
               "rows; second half of 30.7 M events. Limit: dense key numbers, one slice an event.");
  for (const int64_t keys : {100, 100'000}) {
    const std::vector<Batch> events = Events(kEventRows, keys);
    SlidingResult ten = Measure(context, events, 10, report);
    SlidingResult thousand = Measure(context, events, 1'000, report);
    const auto name = [&](int64_t overlap) {
      return fmt::format("{} keys, overlap {}", keys == 100 ? "100" : "100 k", overlap);
    };
    ten.figure.name = name(10);
    thousand.figure.name = name(1'000);
    if (keys > 100) thousand.figure.gate = Gate{true, 10, false};
    report.Add(ten.figure);
    report.Add(thousand.figure);
    Figure ratio;
    ratio.name = fmt::format("{} keys, cost at overlap 1,000 to 10", keys == 100 ? "100" : "100 k");
    ratio.unit = "times";
    ratio.value = thousand.ns_per_event / ten.ns_per_event;
    if (keys == 100) ratio.gate = Gate{false, 1.5, false};
    report.Add(ratio);
  }
}

namespace {

SlidingResult Measure(const BenchContext& context, const std::vector<Batch>& events,
                      int64_t overlap, Report& report) {
  std::unique_ptr<SlidingRun> run;
  const std::vector<Series> series = Interleave(
      report.rounds(), {{[&] { run->LimitHalf(true); },
                         [&] {
                           run.reset();
                           run = std::make_unique<SlidingRun>(context, events, kWindowUs / overlap);
                           run->LimitHalf(false);
                         }},
                        {[&] { run->PushHalf(true); }, [&] { run->PushHalf(false); }}});
  SlidingResult result;
  result.figure = Throughput("", kMeasuredRows, series[1]);
  result.figure.limit = MillionsPerSecond(kMeasuredRows, series[0]);
  result.figure.state_mb = run->state_mb();
  result.ns_per_event = 1e3 / result.figure.value;
  return result;
}

SlidingRun::SlidingRun(const BenchContext& context, const std::vector<Batch>& events,
                       int64_t slide_us)
    : events_(events),
      stream_(std::make_shared<MemoryStream>("events", events[0].schema())),
      driver_(context.env,
              WindowedCountPlan(stream_->table(), {kWindowUs, slide_us, kDelayUs}, false),
              OutputMode::kAppend),
      limit_(100'000, slide_us, kWindowUs / slide_us) {}

void SlidingRun::PushHalf(bool second) {
  const size_t half = events_.size() / 2;
  for (size_t i = second ? half : 0; i < (second ? events_.size() : half); ++i) {
    const Batch& batch = events_[i];
    driver_.BeginEpoch(watermark_us_, watermark_us_);
    driver_.Push(batch);
    driver_.EndEpoch(true);
    const int64_t* times = batch.column(0).values<int64_t>();
    for (int row = 0; row < batch.physical_rows(); ++row) max_us_ = std::max(max_us_, times[row]);
    watermark_us_ = std::max<int64_t>(0, max_us_ - kDelayUs) / 1000 * 1000;
  }
}

void SlidingRun::LimitHalf(bool second) {
  const size_t half = events_.size() / 2;
  for (size_t i = second ? half : 0; i < (second ? events_.size() : half); ++i) {
    const Batch& batch = events_[i];
    limit_.Push(batch.column(1).values<int64_t>(), batch.column(0).values<int64_t>(),
                batch.physical_rows());
  }
}

}  // namespace
}  // namespace thalweg
