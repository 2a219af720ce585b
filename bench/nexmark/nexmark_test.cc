// Nexmark's queries against a slow twin of plain maps, from files of JSON lines and made in the
// process, with one and two workers.
#include <unistd.h>

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "connectors/basic/sinks.h"
#include "data/calendar.h"
#include "data/test_rows.h"
#include "lines.h"
#include "queries.h"

namespace thalweg {
namespace {

using Rows = std::vector<std::vector<Value>>;

constexpr int64_t kFilesPerEpoch = 4;

NexmarkShape SmallShape() {
  NexmarkShape shape;
  shape.events = 40'000;  // 40 s of event time
  shape.files = 16;
  shape.rate = 1000;
  return shape;
}

/// The checksum that the sink noop makes of rows.
NexmarkOutcome OutcomeOf(std::string_view ddl, const Rows& rows) {
  auto counts = std::make_shared<NoopCounts>();
  const SchemaPtr schema = MakeSchema(ddl);
  const TablePtr table = MakeNoopTable(schema, counts);
  const std::unique_ptr<Sink> sink = *table->OpenSink();
  BatchWriter* const writer = *sink->Writer(0, 0);
  for (size_t begin = 0; begin < rows.size(); begin += kBatchRows) {
    const size_t end = std::min(rows.size(), begin + kBatchRows);
    EXPECT_TRUE(writer
                    ->Write(MakeBatch(schema, Rows(rows.begin() + static_cast<ptrdiff_t>(begin),
                                                   rows.begin() + static_cast<ptrdiff_t>(end))))
                    .ok());
  }
  return {counts->rows, counts->checksum};
}

/// A bid of the stream, and the epoch that brings it.
struct TimedBid {
  NexmarkBid bid;
  std::string extra;  // the generator owns that of `bid`
  int64_t time_us = 0;
  int64_t epoch = 0;
};

std::vector<TimedBid> BidsOf(const NexmarkShape& shape) {
  NexmarkGenerator events(shape);
  std::vector<TimedBid> bids;
  for (int64_t i = 0; i < shape.events; ++i) {
    if (events.KindOf(i) != NexmarkKind::kBid) continue;
    int64_t part = 0;
    while (shape.begin_of(part + 1) <= i) ++part;
    const NexmarkBid& bid = events.Bid(i);
    bids.push_back(
        {bid, std::string(bid.extra), events.TimeMs(i) * kMicrosPerMilli, part / kFilesPerEpoch});
  }
  return bids;
}

NexmarkOutcome TwinOfQ0(const std::vector<TimedBid>& bids) {
  Rows rows;
  for (const TimedBid& one : bids) {
    rows.push_back({Value::Bigint(one.bid.auction), Value::Bigint(one.bid.bidder),
                    Value::Bigint(one.bid.price), Value::Timestamp(one.time_us),
                    Value::String(one.extra)});
  }
  return OutcomeOf("a BIGINT, b BIGINT, p BIGINT, t TIMESTAMP, e STRING", rows);
}

NexmarkOutcome TwinOfQ2(const std::vector<TimedBid>& bids) {
  Rows rows;
  for (const TimedBid& one : bids) {
    if (one.bid.auction % 123 != 0) continue;
    rows.push_back({Value::Bigint(one.bid.auction), Value::Bigint(one.bid.price)});
  }
  return OutcomeOf("a BIGINT, p BIGINT", rows);
}

// Windows that the watermark, four seconds behind the last event, has passed.
NexmarkOutcome TwinOfQ5(const std::vector<TimedBid>& bids) {
  constexpr int64_t kSize = 10 * kMicrosPerSecond, kSlide = 2 * kMicrosPerSecond;
  std::map<int64_t, std::map<int64_t, int64_t>> windows;  // by start, auction: bids
  int64_t last = 0;
  for (const TimedBid& one : bids) {
    last = std::max(last, one.time_us);
    const int64_t newest = one.time_us / kSlide * kSlide;
    for (int64_t start = newest; start > one.time_us - kSize; start -= kSlide) {
      ++windows[start][one.bid.auction];
    }
  }
  const std::string ddl = "s TIMESTAMP, e TIMESTAMP, hottest STRUCT<num: BIGINT, auction: BIGINT>";
  const TypePtr hottest_type = MakeSchema(ddl)->column(2).type;
  Rows rows;
  for (const auto& [start, counts] : windows) {
    if (start + kSize > last - 4 * kMicrosPerSecond) continue;
    std::pair<int64_t, int64_t> hottest;
    for (const auto& [auction, count] : counts) hottest = std::max(hottest, {count, auction});
    rows.push_back({Value::Timestamp(start), Value::Timestamp(start + kSize),
                    Value(hottest_type, Value::List{Value::Bigint(hottest.first),
                                                    Value::Bigint(hottest.second)})});
  }
  return OutcomeOf(ddl, rows);
}

// Each epoch gives what has changed in it.
NexmarkOutcome TwinOfQ12(const std::vector<TimedBid>& bids, const NexmarkShape& shape) {
  std::map<int64_t, int64_t> counts;
  const int64_t start = shape.base_ms * kMicrosPerMilli;
  Rows rows;
  for (int64_t epoch = 0; epoch <= bids.back().epoch; ++epoch) {
    std::map<int64_t, int64_t> changed;
    for (const TimedBid& one : bids) {
      if (one.epoch == epoch) changed[one.bid.bidder] = ++counts[one.bid.bidder];
    }
    for (const auto& [bidder, count] : changed) {
      rows.push_back({Value::Bigint(bidder), Value::Bigint(count), Value::Timestamp(start),
                      Value::Timestamp(start + 10 * kMicrosPerSecond)});
    }
  }
  return OutcomeOf("b BIGINT, n BIGINT, s TIMESTAMP, e TIMESTAMP", rows);
}

NexmarkOutcome TwinOfQ17(const std::vector<TimedBid>& bids) {
  std::map<std::pair<int64_t, int64_t>, std::vector<int64_t>> prices;  // by auction, day
  Rows rows;
  for (int64_t epoch = 0; epoch <= bids.back().epoch; ++epoch) {
    std::map<std::pair<int64_t, int64_t>, bool> changed;
    for (const TimedBid& one : bids) {
      if (one.epoch != epoch) continue;
      const std::pair<int64_t, int64_t> key{one.bid.auction, one.time_us / kMicrosPerDay};
      prices[key].push_back(one.bid.price);
      changed[key] = true;
    }
    for (const auto& [key, unused] : changed) {
      const std::vector<int64_t>& all = prices[key];
      int64_t ranks[3] = {}, sum = 0;
      for (const int64_t price : all) {
        ++ranks[price < 10'000 ? 0 : price < 1'000'000 ? 1 : 2];
        sum += price;
      }
      rows.push_back({Value::Bigint(key.first), Value(DateType(), key.second),
                      Value::Bigint(static_cast<int64_t>(all.size())), Value::Bigint(ranks[0]),
                      Value::Bigint(ranks[1]), Value::Bigint(ranks[2]),
                      Value::Bigint(*std::min_element(all.begin(), all.end())),
                      Value::Bigint(*std::max_element(all.begin(), all.end())),
                      Value::Double(static_cast<double>(sum) / static_cast<double>(all.size())),
                      Value::Bigint(sum)});
    }
  }
  return OutcomeOf(
      "a BIGINT, d DATE, n BIGINT, r1 BIGINT, r2 BIGINT, r3 BIGINT, least BIGINT, most BIGINT, "
      "average DOUBLE, sum BIGINT",
      rows);
}

NexmarkOutcome TwinOf(const std::string& name, const NexmarkShape& shape) {
  const std::vector<TimedBid> bids = BidsOf(shape);
  if (name == "q0") return TwinOfQ0(bids);
  if (name == "q2") return TwinOfQ2(bids);
  if (name == "q5") return TwinOfQ5(bids);
  if (name == "q12") return TwinOfQ12(bids, shape);
  return TwinOfQ17(bids);
}

class NexmarkTest : public testing::TestWithParam<std::string> {};

TEST_P(NexmarkTest, GivesWhatItsTwinGives) {
  const NexmarkShape shape = SmallShape();
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  const std::string directory = testing::TempDir() + "nexmark-" + std::to_string(getpid());
  ASSERT_TRUE(WriteNexmarkFiles(env->files(), shape, directory).ok());
  const NexmarkOutcome wanted = TwinOf(GetParam(), shape);
  EXPECT_GT(wanted.rows, 0);
  const NexmarkQuery& query = NexmarkQueryNamed(GetParam());
  const std::string files = JoinPath(directory, NexmarkDirectoryName(shape));
  for (const std::string& from : {files, std::string()}) {
    for (const int workers : {1, 2}) {
      const std::unique_ptr<Env> world = NewPosixEnv(workers);
      const auto outcome = RunNexmarkQuery(*world, query, {shape, from, kFilesPerEpoch});
      ASSERT_TRUE(outcome.ok()) << outcome.status().ToString();
      EXPECT_EQ(outcome->rows, wanted.rows) << from << ", " << workers << " workers";
      EXPECT_EQ(outcome->checksum, wanted.checksum) << from << ", " << workers << " workers";
    }
  }
  ASSERT_TRUE(env->files().RemoveRecursively(directory).ok());
}

INSTANTIATE_TEST_SUITE_P(Queries, NexmarkTest, testing::Values("q0", "q2", "q5", "q12", "q17"),
                         [](const auto& one) { return one.param; });

// The selectivities that the benchmark promises.
TEST(NexmarkGenerator, KeepsItsProportions) {
  NexmarkShape shape;
  shape.events = 100'000;
  int64_t kinds[3] = {}, hot = 0, some = 0;
  NexmarkGenerator events(shape);
  for (int64_t i = 0; i < shape.events; ++i) {
    ++kinds[static_cast<int>(events.KindOf(i))];
    if (events.KindOf(i) != NexmarkKind::kBid) continue;
    const NexmarkBid& bid = events.Bid(i);
    hot += bid.auction % 100 == 0;
    some += bid.auction % 123 == 0;
    EXPECT_GE(bid.price, 100);
    EXPECT_LE(bid.price, 100'000'000);
  }
  EXPECT_EQ(kinds[0], 2000);
  EXPECT_EQ(kinds[1], 6000);
  EXPECT_EQ(kinds[2], 92'000);
  EXPECT_NEAR(static_cast<double>(hot) / 92'000, 0.505, 0.01);
  EXPECT_GT(some, 200);
}

}  // namespace
}  // namespace thalweg
