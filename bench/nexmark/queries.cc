#include "queries.h"

#include <fmt/format.h>

#include "api/pipeline.h"
#include "connectors/basic/sinks.h"
#include "data/calendar.h"
#include "lines.h"
#include "table.h"

namespace thalweg {
namespace {

constexpr const char* kBidsSql =
    "CREATE TEMPORARY VIEW bids AS\n"
    "SELECT bid.auction, bid.bidder, bid.price, bid.channel, bid.url, bid.dateTime, bid.extra\n"
    "FROM STREAM(events) WHERE event_type = 2;\n";

/// The real Env, whose wall clock was set to a given time when it was made.
class SetClockEnv final : public Env, private Clock {
 public:
  SetClockEnv(Env& real, int64_t now_us) : real_(real), lag_us_(real.clock().NowUs() - now_us) {}
  Clock& clock() override { return *this; }
  FileSystem& files() override { return real_.files(); }
  Tasks& tasks() override { return real_.tasks(); }
  uint64_t Random() override { return real_.Random(); }

 private:
  int64_t NowUs() override { return real_.clock().NowUs() - lag_us_; }
  int64_t MonotonicNs() override { return real_.clock().MonotonicNs(); }

  Env& real_;
  const int64_t lag_us_;
};

std::string SourceSql(const NexmarkRun& run) {
  const NexmarkShape& shape = run.shape;
  if (!run.directory.empty()) {
    return fmt::format(
        "CREATE TEMPORARY VIEW events (\n  {})\nUSING json OPTIONS (path '{}', "
        "maxFilesPerTrigger '{}');\n",
        kNexmarkDdl, run.directory, run.files_per_epoch);
  }
  return fmt::format(
      "CREATE TEMPORARY VIEW events USING nexmark OPTIONS (events '{}', files '{}', rate '{}', "
      "seed '{}', maxFilesPerTrigger '{}');\n",
      shape.events, shape.files, shape.rate, shape.seed, run.files_per_epoch);
}

}  // namespace

const std::vector<NexmarkQuery>& NexmarkQueries() {
  static const std::vector<NexmarkQuery> kQueries = {
      {"q0", "every bid as it is", "append",
       "SELECT auction, bidder, price, dateTime, extra FROM STREAM(bids)"},
      {"q2", "bids for some auctions", "append",
       "SELECT auction, price FROM STREAM(bids) WHERE auction % 123 = 0"},
      {"q5", "the auction with most bids in the last ten seconds, every two seconds", "append",
       "SELECT window.start, window.end, max(struct(num, auction)) AS hottest FROM (\n"
       "  SELECT window, auction, count(*) AS num\n"
       "  FROM STREAM(bids) WATERMARK dateTime DELAY OF INTERVAL 4 SECONDS\n"
       "  GROUP BY window(dateTime, '10 seconds', '2 seconds'), auction)\n"
       "GROUP BY window"},
      {"q12", "bids of each bidder in ten seconds of processing time", "update",
       "SELECT bidder, count(*) AS bid_count, window.start AS starttime, window.end AS endtime\n"
       "FROM STREAM(bids) GROUP BY bidder, window(current_timestamp(), '10 seconds')"},
      {"q17", "statistics of each auction and day", "update",
       "SELECT auction, CAST(dateTime AS DATE) AS day, count(*) AS total_bids,\n"
       "  count(*) FILTER (WHERE price < 10000) AS rank1_bids,\n"
       "  count(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS rank2_bids,\n"
       "  count(*) FILTER (WHERE price >= 1000000) AS rank3_bids,\n"
       "  min(price) AS min_price, max(price) AS max_price,\n"
       "  avg(price) AS avg_price, sum(price) AS sum_price\n"
       "FROM STREAM(bids) GROUP BY auction, CAST(dateTime AS DATE)"},
  };
  return kQueries;
}

const NexmarkQuery& NexmarkQueryNamed(const std::string& name) {
  for (const NexmarkQuery& query : NexmarkQueries()) {
    if (query.name == name) return query;
  }
  THALWEG_CHECK(false, "no such query");
  return NexmarkQueries().front();
}

std::string NexmarkPipeline(const NexmarkQuery& query, const NexmarkRun& run) {
  return SourceSql(run) + kBidsSql +
         fmt::format(
             "CREATE STREAMING TABLE {} USING noop\nTBLPROPERTIES (outputMode '{}', trigger "
             "'available-now') AS\n{};\n",
             query.name, query.output_mode, query.select);
}

Result<NexmarkOutcome> RunNexmarkQuery(Env& env, const NexmarkQuery& query, const NexmarkRun& run) {
  SetClockEnv clock_env(env, run.shape.base_ms * kMicrosPerMilli);
  Session session(clock_env);
  session.catalog().RegisterProvider(
      "nexmark", [](const Options& options, const std::vector<std::string>&, const SchemaPtr&,
                    bool) { return MakeNexmarkTable(options); });
  auto counts = std::make_shared<NoopCounts>();
  session.catalog().RegisterSink("noop",
                                 [counts](const Options&, SchemaPtr schema,
                                          const std::vector<std::string>&) -> Result<TablePtr> {
                                   return MakeNoopTable(std::move(schema), counts);
                                 });
  PipelineOptions options;
  options.set["spark.sql.session.timeZone"] = "UTC";
  THALWEG_ASSIGN_OR_RETURN(
      const std::unique_ptr<Pipeline> pipeline,
      Pipeline::Load(session, NexmarkPipeline(query, run), std::move(options)));
  THALWEG_RETURN_NOT_OK(pipeline->Prepare());
  THALWEG_RETURN_NOT_OK(pipeline->Run({}));
  return NexmarkOutcome{counts->rows, counts->checksum};
}

}  // namespace thalweg
