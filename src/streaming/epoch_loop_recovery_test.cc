// The one way back: restarts in every place, retries in the process, what a recovery refuses.
#include <functional>

#include <gtest/gtest.h>

#include "streaming/test_query.h"

namespace thalweg {
namespace {

// A sink in front of another one's, with a say about its commits.
struct SinkHooks {
  std::function<Status(int64_t)> before_commit = [](int64_t) { return Status::OK(); };
  std::function<Status(int64_t)> after_commit = [](int64_t) { return Status::OK(); };
  bool knows_commits = true;
  std::vector<int64_t> commits;
};

class HookedSink final : public Sink {
 public:
  HookedSink(std::unique_ptr<Sink> sink, SinkHooks* hooks)
      : sink_(std::move(sink)), hooks_(hooks) {}
  Status Open(const SinkContext& context) override { return sink_->Open(context); }
  Result<BatchWriter*> Writer(int64_t epoch, int lane) override {
    return sink_->Writer(epoch, lane);
  }
  Status Commit(int64_t epoch, const std::vector<std::string>& parts) override {
    THALWEG_RETURN_NOT_OK(hooks_->before_commit(epoch));
    hooks_->commits.push_back(epoch);
    THALWEG_RETURN_NOT_OK(sink_->Commit(epoch, parts));
    return hooks_->after_commit(epoch);
  }
  Result<std::optional<int64_t>> LastCommitted() override {
    if (hooks_->knows_commits) return sink_->LastCommitted();
    return std::optional<int64_t>();
  }

 private:
  const std::unique_ptr<Sink> sink_;
  SinkHooks* const hooks_;
};

class HookedTable final : public Table {
 public:
  HookedTable(TablePtr table, SinkHooks* hooks) : table_(std::move(table)), hooks_(hooks) {}
  const TableInfo& info() const override { return table_->info(); }
  Result<std::unique_ptr<Source>> OpenSource() override { return table_->OpenSource(); }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    THALWEG_ASSIGN_OR_RETURN(auto sink, table_->OpenSink());
    return std::unique_ptr<Sink>(std::make_unique<HookedSink>(std::move(sink), hooks_));
  }

 private:
  const TablePtr table_;
  SinkHooks* const hooks_;
};

const std::vector<std::string> kInputs = {"10 11 12 13 14 15", "25 11", "27", "10 40", "41 90"};
const std::string kOutput = "[10,15) 6, [15,20) 1, [25,30) 2";
// (10 in the fourth epoch is late; windows of 40 and 90 stay open.)

// Feeds kInputs an addition an epoch; `before` is called before each.
void Play(TestQuery& query, const std::function<void(size_t)>& before) {
  for (size_t i = 0; i < kInputs.size(); ++i) {
    before(i);
    query.Add(kInputs[i]);
    const std::string epoch = query.Epoch();
    EXPECT_TRUE(epoch.starts_with("D " + std::to_string(query.summary().epoch))) << epoch;
  }
}

TEST(Recovery, ARestartAnywhereChangesNothing) {
  for (size_t restart = 0; restart <= kInputs.size(); ++restart) {
    for (const bool clean : {true, false}) {
      for (const char* interval : {"0", "1h"}) {
        TestQuery query({.conf = {{"thalweg.state.sealInterval", interval}}});
        ASSERT_TRUE(query.Start().ok());
        Play(query, [&](size_t i) {
          if (i != restart) return;
          if (clean) {
            ASSERT_TRUE(query.Stop().ok());
          } else {
            query.Crash();
          }
          ASSERT_TRUE(query.Start().ok());
        });
        EXPECT_EQ(query.AllRows(), kOutput) << restart << clean << interval;
      }
    }
  }
}

TEST(Recovery, APendingNoDataEpochIsForgotten) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 30");
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 20");
  ASSERT_TRUE(query.Stop().ok());
  ASSERT_TRUE(query.Start().ok());
  EXPECT_FALSE(query.loop().WantsNoDataEpoch());
  EXPECT_EQ(query.Epoch(), "none");
  query.Add("31");
  EXPECT_EQ(query.Epoch(), "D 1 | wm 20 -> 21 | [10,15) 1");
  EXPECT_EQ(query.Epoch(), "N 2 | wm 21 -> 21");
}

TEST(Recovery, AnEpochThatWasLoggedRunsAgainWithItsOwnOffsetsAndTime) {
  SinkHooks hooks;
  TestQuery query;
  query.ReplaceSink(std::make_shared<HookedTable>(query.rows().table(), &hooks));
  hooks.before_commit = [](int64_t) { return Status::World("the sink is away"); };
  ASSERT_TRUE(query.Start().ok());
  query.Add("10 30");
  EXPECT_FALSE(query.RunOnce().ok());
  query.Crash();
  query.world().AdvanceUs(60'000'000);
  query.Add("99");  // not of that epoch
  hooks.before_commit = [](int64_t) { return Status::OK(); };
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(query.loop().next_epoch(), 0);
  EXPECT_EQ(query.Epoch(), "D 0 | wm 0 -> 20");
  EXPECT_EQ(query.summary().ranges[0].to.json, "0");
  EXPECT_LT(query.summary().batch_time_us, SimOptions().start_us + 60'000'000);
  // It ran in this life, so that a no-data epoch could follow; the data comes first.
  EXPECT_TRUE(query.loop().WantsNoDataEpoch());
  EXPECT_EQ(query.Epoch(), "D 1 | wm 20 -> 89 | [10,15) 1");
}

// The sink fails once, before or after it has taken the epoch in; the retry is in the process.
TEST(Recovery, ASinkThatFailsOnceGetsEveryRowOnce) {
  for (const bool after : {false, true}) {
    for (int64_t failing = 0; failing < 5; ++failing) {
      SinkHooks hooks;
      bool failed = false;
      (after ? hooks.after_commit : hooks.before_commit) = [&](int64_t epoch) {
        if (epoch != failing || failed) return Status::OK();
        failed = true;
        return Status::World("the sink is away");
      };
      TestQuery query;
      query.ReplaceSink(std::make_shared<HookedTable>(query.rows().table(), &hooks));
      ASSERT_TRUE(query.Start().ok());
      for (size_t i = 0; i < kInputs.size(); ++i) {
        query.Add(kInputs[i]);
        if (!query.RunOnce().ok()) {
          ASSERT_TRUE(query.loop().CanRecover());
          ASSERT_TRUE(query.loop().Recover().ok());
          EXPECT_EQ(query.loop().next_epoch(), failing);
          ASSERT_TRUE(query.RunOnce().ok());
          EXPECT_EQ(query.summary().epoch, failing);
        }
      }
      EXPECT_TRUE(failed);
      EXPECT_EQ(query.AllRows(), kOutput) << failing << after;
    }
  }
}

TEST(Recovery, ReplayedEpochsAreNotWrittenAgain) {
  SinkHooks hooks;
  TestQuery query({.conf = {{"thalweg.state.sealInterval", "1h"}}});
  query.ReplaceSink(std::make_shared<HookedTable>(query.rows().table(), &hooks));
  for (const bool knows : {true, false}) {
    hooks.knows_commits = knows;
    ASSERT_TRUE(query.Start().ok());
    query.Add("10");
    query.Epoch();
    query.Crash();
  }
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(hooks.commits, (std::vector<int64_t>{0, 1}));
}

TEST(Recovery, ASinkThatLostCommitsGetsThemAgainWhereAReplayCanMakeThem) {
  TestQuery query({.conf = {{"thalweg.state.sealInterval", "1h"}}});
  ASSERT_TRUE(query.Start().ok());
  Play(query, [](size_t) {});
  query.Crash();
  MemoryRows empty("rows", query.rows().All()[0].schema());
  query.ReplaceSink(empty.table());
  ASSERT_TRUE(query.Start().ok());
  EXPECT_EQ(empty.last_committed(), 4);
  EXPECT_EQ(empty.All().size(), query.rows().All().size());
  ASSERT_TRUE(query.Stop().ok());
  // Behind the durable state it cannot.
  MemoryRows another("rows", query.rows().All()[0].schema());
  query.ReplaceSink(another.table());
  EXPECT_EQ(query.Start().condition(), "THALWEG_SINK_BEHIND_STATE");
}

TEST(Recovery, ASinkAheadOfTheLogIsRefused) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  query.Add("10");
  query.Epoch();
  const std::string id = query.loop().query_id();
  ASSERT_TRUE(query.Stop().ok());
  query.options().checkpoint = "/other";
  EXPECT_EQ(query.Start().condition(), "THALWEG_SINK_OWNED_BY_OTHER_QUERY");
  query.options().checkpoint = "/another";
  query.options().query_id = id;
  EXPECT_EQ(query.Start().condition(), "THALWEG_SINK_AHEAD_OF_LOG");
}

TEST(Recovery, AReplayOfOtherInputIsRefused) {
  for (const bool clean : {false, true}) {
    TestQuery query({.conf = {{"thalweg.state.sealInterval", "1h"}}});
    ASSERT_TRUE(query.Start().ok());
    query.Add("10 11");
    query.Epoch();
    if (clean) {
      ASSERT_TRUE(query.Stop().ok());
    } else {
      query.Crash();
    }
    MemoryStream changed("events", TestInputSchema());
    changed.Add({TestEvents("10 11 12")});
    query.ReplaceSource(changed.table());
    const Status status = query.Start();
    if (clean) {
      EXPECT_TRUE(status.ok()) << status.ToString();
    } else {
      EXPECT_EQ(status.condition(), "STATE_REPLAY_INPUT_CHANGED");
      EXPECT_NE(status.message().find("MemoryStream[events]: expected 2 rows, 0 bytes, found 3"),
                std::string::npos)
          << status.message();
    }
  }
}

TEST(Recovery, AReplayByAnotherProgramIsRefused) {
  for (const bool clean : {false, true}) {
    TestQuery query({.conf = {{"thalweg.state.sealInterval", "1h"}}});
    ASSERT_TRUE(query.Start().ok());
    query.Add("10 11");
    query.Epoch();
    if (clean) {
      ASSERT_TRUE(query.Stop().ok());
    } else {
      query.Crash();
    }
    query.options().versions = "tzdata=2031a\n";
    EXPECT_EQ(query.Start().condition(), clean ? "" : "STATE_REPLAY_PROGRAM_CHANGED");
  }
}

TEST(Recovery, ACheckpointHasOneOpener) {
  TestQuery query;
  ASSERT_TRUE(query.Start().ok());
  EpochLoopOptions options = query.options();
  MemoryRows rows("rows", query.loop().physical_plan().schema);
  options.sink_table = rows.table();
  const Status second =
      EpochLoop::Start(TestPlan({}, query.stream().table()), query.world().NewLife(), options)
          .status();
  EXPECT_EQ(second.condition(), "THALWEG_CHECKPOINT_IN_USE") << second.ToString();
}

TEST(Recovery, AFailedSyncIsForGood) {
  TestQuery query({.conf = {{"thalweg.durability", "power"}}});
  ASSERT_TRUE(query.Start().ok());
  query.Add("10");
  query.world().FailSyncOn("/log/");
  EXPECT_FALSE(query.RunOnce().ok());
  EXPECT_FALSE(query.loop().CanRecover());
  EXPECT_EQ(query.rows().last_committed(), -1);  // nothing was released before the sync
}

// Lives die at every call of a first one; the next finishes. What comes out is what a life without
// a crash writes.
void CrashEverywhere(const TestQuerySpec& spec, bool strict) {
  for (int64_t call = 1;; ++call) {
    TestQuery query(spec);
    query.options().strict = strict;
    size_t added = 0;
    if (query.Start(call).ok()) {
      while (added < kInputs.size()) {
        query.Add(kInputs[added++]);
        query.world().AdvanceUs(400'000);
        if (!query.RunOnce().ok()) break;
      }
    }
    if (!query.world().crashed()) {
      const Status stopped = query.Stop();
      if (!query.world().crashed()) {
        EXPECT_TRUE(stopped.ok());
        break;
      }
    }
    query.Crash();
    const Status status = query.Start();
    ASSERT_TRUE(status.ok()) << status.ToString() << " after " << query.world().crash_site();
    // What was added and not logged is an epoch of its own now; so is what comes.
    std::vector<std::string> left(kInputs.begin() + static_cast<int64_t>(added), kInputs.end());
    left.push_back("200");
    for (const std::string& input : left) {
      do {
        ASSERT_TRUE(query.RunOnce().ok());
      } while (query.summary().kind != EpochKind::kNone);
      query.Add(input);
    }
    while (query.Epoch() != "none") {
    }
    ASSERT_EQ(query.AllRows(), kOutput + ", [40,45) 2, [90,95) 1") << call;
  }
}

TEST(Recovery, ACrashAtEveryCallLosesAndDoublesNothing) {
  for (const bool strict : {false, true}) {
    CrashEverywhere({}, strict);
    for (uint64_t seed = 1; seed <= 2; ++seed) {
      TestQuerySpec spec;
      spec.conf = {{"thalweg.durability", "power"}};
      spec.sim.seed = seed;
      spec.sim.crash_kind = CrashKind::kPower;
      CrashEverywhere(spec, strict);
    }
  }
}

}  // namespace
}  // namespace thalweg
