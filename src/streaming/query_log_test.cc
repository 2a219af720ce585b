#include "streaming/query_log.h"

#include <cstring>

#include <gtest/gtest.h>

#include "base/crc32c.h"
#include "base/sim/sim_env.h"

namespace thalweg {
namespace {

const std::string kDirectory = "/q/log";

EpochRecord Epoch(int64_t epoch) {
  EpochRecord record;
  record.epoch = epoch;
  record.batch_time_us = 1'000'000 * (epoch + 1);
  record.watermark_us = 1000 * epoch;
  record.late_watermark_us = 1000 * (epoch - 1);
  record.no_data = epoch % 3 == 2;
  record.from = {{epoch == 0 ? "" : std::to_string(epoch - 1)}, {"{\"topic\":{\"0\":7}}"}};
  record.to = {{std::to_string(epoch)}, {"{\"topic\":{\"0\":7}}"}};
  return record;
}

CommitRecord Commit(int64_t epoch) {
  return {epoch, 1000 * (epoch + 1), {{100 + epoch, 5000}, {0, 0}}};
}

ProgramRecord Program() {
  return {"build 1", "plan f00d", "tzdata=2024a\n", "spark.sql.session.timeZone=UTC\n"};
}

std::unique_ptr<QueryLog> OpenLog(Env& env, QueryLogOptions options = {}) {
  Result<std::unique_ptr<QueryLog>> log = QueryLog::Open(env, kDirectory, options);
  EXPECT_TRUE(log.ok()) << log.status().ToString();
  return log.ok() ? *std::move(log) : nullptr;
}

void AppendEpochs(QueryLog& log, int64_t from, int64_t to) {
  for (int64_t epoch = from; epoch < to; ++epoch) {
    ASSERT_TRUE(log.AppendEpoch(Epoch(epoch)).ok());
    ASSERT_TRUE(log.Sync().ok());
    ASSERT_TRUE(log.AppendCommit(Commit(epoch)).ok());
  }
}

std::vector<LoggedEpoch> EpochsAfter(const QueryLog& log, int64_t after) {
  std::vector<LoggedEpoch> epochs;
  const auto cursor = *log.EpochsAfter(after);
  LoggedEpoch epoch;
  while (true) {
    const Result<bool> more = cursor->Next(&epoch);
    EXPECT_TRUE(more.ok()) << more.status().ToString();
    if (!more.ok() || !*more) break;
    epochs.push_back(epoch);
  }
  return epochs;
}

TEST(QueryLog, GoesOnWhereItEnded) {
  SimWorld world({});
  {
    auto log = OpenLog(world.NewLife());
    EXPECT_FALSE(log->state().last_epoch);
    EXPECT_FALSE(log->state().program);
    EXPECT_EQ(log->state().durable_state, -1);
    ASSERT_TRUE(log->AppendProgram(Program()).ok());
    AppendEpochs(*log, 0, 3);
    ASSERT_TRUE(log->AppendDurableState(1).ok());
    ASSERT_TRUE(log->AppendEpoch(Epoch(3)).ok());
  }
  world.Crash();
  auto log = OpenLog(world.NewLife());
  EXPECT_EQ(log->state().program, Program());
  EXPECT_EQ(log->state().last_epoch, Epoch(3));
  EXPECT_EQ(log->state().last_commit, Commit(2));
  EXPECT_EQ(log->state().durable_state, 1);
  EXPECT_FALSE(log->state().prepared);
  ASSERT_TRUE(log->AppendCommit(Commit(3), /*state_is_durable=*/true).ok());
  EXPECT_EQ(log->state().durable_state, 3);
}

TEST(QueryLog, GivesTheEpochsOfAReplayWithTheirCommits) {
  SimWorld world({});
  auto log = OpenLog(world.NewLife());
  AppendEpochs(*log, 0, 5);
  ASSERT_TRUE(log->AppendEpoch(Epoch(5)).ok());
  const std::vector<LoggedEpoch> epochs = EpochsAfter(*log, 2);
  ASSERT_EQ(epochs.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(epochs[i].epoch, Epoch(3 + i));
  EXPECT_EQ(epochs[0].commit, Commit(3));
  EXPECT_EQ(epochs[1].commit, Commit(4));
  EXPECT_FALSE(epochs[2].commit);
  EXPECT_TRUE(EpochsAfter(*log, 5).empty());
}

TEST(QueryLog, APreparedCommitHoldsUntilTheCommit) {
  SimWorld world({});
  auto log = OpenLog(world.NewLife());
  ASSERT_TRUE(log->AppendEpoch(Epoch(0)).ok());
  ASSERT_TRUE(log->AppendPrepared(Commit(0)).ok());
  log = OpenLog(world.NewLife());
  EXPECT_EQ(log->state().prepared, Commit(0));
  EXPECT_FALSE(log->state().last_commit);
  ASSERT_TRUE(log->AppendCommit(Commit(0), true).ok());
  log = OpenLog(world.NewLife());
  EXPECT_FALSE(log->state().prepared);
  EXPECT_EQ(log->state().durable_state, 0);
}

// Epochs in many small segments; what the log says must not depend on where they were cut.
TEST(QueryLog, SegmentsAreCutAndTrimmedWithoutLosingAReplay) {
  SimWorld world({});
  QueryLogOptions options;
  options.segment_bytes = 500;
  options.retained_epochs = 10;
  options.retained_us = 20'000'000;
  {
    auto log = OpenLog(world.NewLife(), options);
    ASSERT_TRUE(log->AppendProgram(Program()).ok());
    AppendEpochs(*log, 0, 60);
  }
  auto log = OpenLog(world.NewLife(), options);
  EXPECT_EQ(EpochsAfter(*log, -1).size(), 60u);
  const auto segment_count = [&] { return world.NewLife().files().List(kDirectory)->size(); };
  const size_t before = segment_count();
  EXPECT_GT(before, 20u);
  log = OpenLog(world.NewLife(), options);
  ASSERT_TRUE(log->Trim(3'600'000'000).ok());  // no durable state: all of it is needed
  EXPECT_EQ(EpochsAfter(*log, -1).size(), 60u);
  ASSERT_TRUE(log->AppendDurableState(30).ok());
  ASSERT_TRUE(log->Trim(40'000'000).ok());  // epochs from the 20th second on are too young
  EXPECT_FALSE(EpochsAfter(*log, 19).empty());
  EXPECT_EQ(EpochsAfter(*log, 19)[0].epoch, Epoch(20));
  ASSERT_TRUE(log->Trim(3'600'000'000).ok());
  EXPECT_LT(segment_count(), before);
  log = OpenLog(world.NewLife(), options);
  EXPECT_EQ(log->state().program, Program());
  EXPECT_EQ(log->state().last_commit, Commit(59));
  EXPECT_EQ(log->state().durable_state, 30);
  ASSERT_EQ(EpochsAfter(*log, 30).size(), 29u);
  EXPECT_EQ(EpochsAfter(*log, 30)[0].epoch, Epoch(31));
  EXPECT_EQ(EpochsAfter(*log, 30)[0].commit, Commit(31));
  ASSERT_TRUE(log->AppendDurableState(59).ok());
  ASSERT_TRUE(log->Trim(3'600'000'000).ok());
  EXPECT_FALSE(EpochsAfter(*log, 49).empty());  // the last ten are retained
  const auto cursor = *log->EpochsAfter(10);
  LoggedEpoch epoch;
  EXPECT_EQ(cursor->Next(&epoch).status().condition(), "THALWEG_CHECKPOINT_DAMAGED");
}

// A small log as bytes, with the positions where its records end.
struct Recorded {
  std::string bytes;
  std::vector<size_t> ends;
  std::vector<LogState> states;  // after as many records
};

Recorded Record(SimWorld& world, QueryLogOptions options = {}) {
  Recorded recorded;
  Env& env = world.NewLife();
  const std::string path = JoinPath(kDirectory, SegmentName(1));
  auto log = OpenLog(env, options);
  const auto note = [&](const Status& status) {
    EXPECT_TRUE(status.ok());
    EXPECT_TRUE(log->Sync().ok());
    recorded.bytes = *ReadFile(env.files(), path);
    recorded.ends.push_back(recorded.bytes.size());
    recorded.states.push_back(log->state());
  };
  note(Status::OK());
  note(log->AppendProgram(Program()));
  for (int64_t epoch = 0; epoch < 3; ++epoch) {
    note(log->AppendEpoch(Epoch(epoch)));
    note(log->AppendPrepared(Commit(epoch)));
    note(log->AppendCommit(Commit(epoch)));
    note(log->AppendDurableState(epoch));
  }
  return recorded;
}

void ExpectSameState(const LogState& state, const LogState& expected, size_t where) {
  EXPECT_EQ(state.last_epoch, expected.last_epoch) << where;
  EXPECT_EQ(state.last_commit, expected.last_commit) << where;
  EXPECT_EQ(state.prepared, expected.prepared) << where;
  EXPECT_EQ(state.program, expected.program) << where;
  EXPECT_EQ(state.durable_state, expected.durable_state) << where;
}

Env& LifeWithSegment(SimWorld& world, std::string_view bytes) {
  Env& env = world.NewLife();
  EXPECT_TRUE(env.files().RemoveRecursively(kDirectory).ok());
  EXPECT_TRUE(env.files().CreateDirectories(kDirectory).ok());
  EXPECT_TRUE(
      WriteFileAtomically(env.files(), JoinPath(kDirectory, SegmentName(1)), bytes, true).ok());
  return env;
}

TEST(QueryLog, ATailTornAtAnyByteIsCut) {
  for (const bool sync : {false, true}) {
    SimWorld world({});
    const QueryLogOptions options = {.sync = sync};
    const Recorded recorded = Record(world, options);
    for (size_t size = 0; size <= recorded.bytes.size(); ++size) {
      size_t whole = 0;  // records that are still whole
      while (whole < recorded.ends.size() && recorded.ends[whole] <= size) ++whole;
      Env& env = LifeWithSegment(world, recorded.bytes.substr(0, size));
      EXPECT_TRUE(VerifyLogDirectory(env.files(), kDirectory).ok()) << size;
      auto log = OpenLog(env, options);
      ASSERT_NE(log, nullptr) << size;
      ExpectSameState(log->state(), whole == 0 ? LogState() : recorded.states[whole - 1], size);
      // What is appended now is found again.
      const int64_t version = log->state().last_commit_number();
      if (version < 0) continue;
      ASSERT_TRUE(log->AppendDurableState(version).ok());
      log = OpenLog(env, options);
      ASSERT_NE(log, nullptr) << size;
      EXPECT_EQ(log->state().durable_state, version) << size;
    }
  }
}

TEST(QueryLog, AFlippedBitIsDamageOrCutsTheLastRecord) {
  for (const bool sync : {false, true}) {
    SimWorld world({});
    const QueryLogOptions options = {.sync = sync};
    const Recorded recorded = Record(world, options);
    const size_t last_record = recorded.ends[recorded.ends.size() - 2];
    for (size_t byte = 0; byte < recorded.bytes.size(); ++byte) {
      std::string bytes = recorded.bytes;
      bytes[byte] = static_cast<char>(bytes[byte] ^ (1 << byte % 8));
      Env& env = LifeWithSegment(world, bytes);
      const auto log = QueryLog::Open(env, kDirectory, options);
      if (byte >= last_record) {
        ASSERT_TRUE(log.ok()) << byte;
        ExpectSameState((*log)->state(), recorded.states[recorded.states.size() - 2], byte);
        continue;
      }
      ASSERT_FALSE(log.ok()) << byte;
      EXPECT_EQ(log.status().condition(), "THALWEG_CHECKPOINT_DAMAGED") << byte;
      const std::string& message = log.status().message();
      EXPECT_NE(message.find(kDirectory + "/00000001.log"), std::string::npos) << message;
      // The error names where the record stands that was hit.
      size_t start = 0;
      for (const size_t end : recorded.ends) start = end <= byte ? end : start;
      EXPECT_NE(message.find("at byte " + std::to_string(start) + ":"), std::string::npos)
          << message << " " << byte;
      EXPECT_FALSE(VerifyLogDirectory(env.files(), kDirectory).ok());
    }
  }
}

// Under durability = power, what was not synced may be lost in any order: a hole with a whole
// record behind it is a torn tail there, not damage.
TEST(QueryLog, AHoleInWhatWasNotSyncedIsCut) {
  SimWorld world({});
  Env& env = world.NewLife();
  const QueryLogOptions options = {.sync = true};
  auto log = OpenLog(env, options);
  AppendEpochs(*log, 0, 2);
  ASSERT_TRUE(log->Sync().ok());
  const std::string path = JoinPath(kDirectory, SegmentName(1));
  const size_t synced = ReadFile(env.files(), path)->size();
  ASSERT_TRUE(log->AppendEpoch(Epoch(2)).ok());
  ASSERT_TRUE(log->AppendCommit(Commit(2)).ok());
  std::string bytes = *ReadFile(env.files(), path);
  log.reset();
  for (size_t i = 0; i < 20; ++i) bytes[synced + i] = '\0';
  log = OpenLog(LifeWithSegment(world, bytes), options);
  ASSERT_NE(log, nullptr);
  EXPECT_EQ(log->state().last_commit, Commit(1));
  EXPECT_EQ(log->state().last_epoch, Epoch(1));
}

TEST(QueryLog, AMissingSegmentIsDamage) {
  SimWorld world({});
  QueryLogOptions options;
  options.segment_bytes = 300;
  AppendEpochs(*OpenLog(world.NewLife(), options), 0, 12);
  ASSERT_TRUE(world.NewLife().files().Remove(JoinPath(kDirectory, SegmentName(3))).ok());
  const auto log = QueryLog::Open(world.NewLife(), kDirectory, options);
  EXPECT_EQ(log.status().condition(), "THALWEG_CHECKPOINT_DAMAGED");
  EXPECT_NE(log.status().message().find("00000003.log"), std::string::npos);
}

TEST(QueryLog, ATornTailInAnOlderSegmentIsDamage) {
  SimWorld world({});
  QueryLogOptions options;
  options.segment_bytes = 300;
  AppendEpochs(*OpenLog(world.NewLife(), options), 0, 12);
  const std::string path = JoinPath(kDirectory, SegmentName(2));
  Env& env = world.NewLife();
  const int64_t size = env.files().Stat(path)->size_bytes;
  ASSERT_TRUE(env.files().Truncate(path, size - 1).ok());
  EXPECT_EQ(QueryLog::Open(env, kDirectory, options).status().condition(),
            "THALWEG_CHECKPOINT_DAMAGED");
}

TEST(QueryLog, AFormatOfTheFutureIsRefused) {
  LogRecordWriter writer;
  writer.Begin(1, 0, -1);
  writer.AddHeader();
  std::string bytes(writer.bytes());
  bytes[12] = 99;  // the oldest reader
  const uint32_t crc = Crc32c(std::string_view(bytes).substr(0, 24));
  std::memcpy(bytes.data() + 24, &crc, sizeof crc);
  SimWorld world({});
  const Status status = QueryLog::Open(LifeWithSegment(world, bytes), kDirectory, {}).status();
  EXPECT_EQ(status.condition(), "THALWEG_CHECKPOINT_FORMAT") << status.ToString();
}

TEST(QueryLog, EpochsOutOfOrderAreDamage) {
  LogRecordWriter writer;
  writer.Begin(1, 0, -1);
  writer.AddHeader();
  writer.Add(Epoch(0));
  writer.Add(Epoch(1));
  SimWorld world({});
  const Status status =
      QueryLog::Open(LifeWithSegment(world, writer.bytes()), kDirectory, {}).status();
  EXPECT_EQ(status.condition(), "THALWEG_CHECKPOINT_DAMAGED") << status.ToString();
}

// A life writes epochs into small segments and dies at its n-th call, for every n. What was synced,
// or under kill -9 appended, is there afterwards, and the log goes on.
void CrashEverywhere(CrashKind kind, uint64_t seed) {
  QueryLogOptions options;
  options.sync = kind == CrashKind::kPower;
  options.segment_bytes = 400;
  for (int64_t call = 1;; ++call) {
    SimWorld world({.seed = seed, .crash_kind = kind});
    int64_t epoch = 0, safe_epoch = -1, safe_commit = -1;
    {
      Env& env = world.NewLife();
      ASSERT_TRUE(env.files().CreateDirectories(DirectoryOf(kDirectory)).ok());
      ASSERT_TRUE(env.files().SyncDirectory("/").ok());
    }
    {
      auto opened = QueryLog::Open(world.NewLife(call), kDirectory, options);
      while (opened.ok() && epoch < 12) {
        QueryLog& log = **opened;
        if (!log.AppendEpoch(Epoch(epoch)).ok() || !log.Sync().ok()) break;
        safe_epoch = epoch;
        if (options.sync) safe_commit = epoch - 1;
        if (!log.AppendCommit(Commit(epoch)).ok()) break;
        if (!options.sync) safe_commit = epoch;
        if (epoch % 4 == 3 && !log.AppendDurableState(epoch).ok()) break;
        ++epoch;
      }
    }
    if (!world.crashed()) break;
    world.Crash();
    auto log = OpenLog(world.NewLife(), options);
    ASSERT_NE(log, nullptr) << world.crash_site();
    EXPECT_GE(log->state().last_epoch_number(), safe_epoch) << world.crash_site();
    EXPECT_GE(log->state().last_commit_number(), safe_commit) << world.crash_site();
    EXPECT_LE(log->state().last_epoch_number(), epoch);
    const int64_t last = log->state().last_epoch_number();
    EXPECT_EQ(EpochsAfter(*log, -1).size(), static_cast<size_t>(last + 1));
    if (last > log->state().last_commit_number()) {
      ASSERT_TRUE(log->AppendCommit(Commit(last)).ok());
    }
    AppendEpochs(*log, last + 1, last + 8);
    ASSERT_TRUE(log->Sync().ok());
    log = OpenLog(world.NewLife(), options);
    ASSERT_NE(log, nullptr) << call;
    EXPECT_EQ(EpochsAfter(*log, -1).size(), static_cast<size_t>(last + 8));
  }
}

TEST(QueryLog, SurvivesACrashAtEveryCall) {
  CrashEverywhere(CrashKind::kProcess, 1);
  for (uint64_t seed = 1; seed <= 8; ++seed) CrashEverywhere(CrashKind::kPower, seed);
}

TEST(QueryLog, AFullDiskEndsTheLogUntilItIsOpenedAgain) {
  SimWorld world({});
  Env& env = world.NewLife();
  auto log = OpenLog(env);
  AppendEpochs(*log, 0, 2);
  world.SetDiskFullAfter(20);
  EXPECT_FALSE(log->AppendEpoch(Epoch(2)).ok());
  world.SetDiskFullAfter(-1);
  log = OpenLog(env);
  EXPECT_EQ(log->state().last_epoch, Epoch(1));
  AppendEpochs(*log, 2, 3);
  EXPECT_EQ(OpenLog(env)->state().last_commit, Commit(2));
}

}  // namespace
}  // namespace thalweg
