#include "streaming/checkpoint.h"

#include <gtest/gtest.h>

#include "base/sim/sim_env.h"

namespace thalweg {
namespace {

const std::string kDirectory = "/data/checkpoints/q";

TEST(Checkpoint, KeepsTheIdOfItsQuery) {
  SimWorld world({});
  Env& env = world.NewLife();
  EXPECT_FALSE(*ReadCheckpointQueryId(env.files(), kDirectory));
  std::string id;
  {
    const auto checkpoint = *Checkpoint::Open(env, {.directory = kDirectory});
    id = checkpoint->query_id();
    EXPECT_EQ(id.size(), 36u);
    EXPECT_EQ(checkpoint->log_directory(), kDirectory + "/log");
    EXPECT_EQ(checkpoint->source_directory(2), kDirectory + "/sources/2");
  }
  EXPECT_EQ(*ReadCheckpointQueryId(env.files(), kDirectory), id);
  EXPECT_EQ((*Checkpoint::Open(env, {.directory = kDirectory}))->query_id(), id);
  EXPECT_TRUE(Checkpoint::Open(env, {.directory = kDirectory, .query_id = id}).ok());
  const auto other = Checkpoint::Open(env, {.directory = kDirectory, .query_id = "another"});
  EXPECT_EQ(other.status().condition(), "THALWEG_CHECKPOINT_OF_OTHER_QUERY");
  EXPECT_NE(other.status().message().find(id), std::string::npos);
}

TEST(Checkpoint, RefusesASecondOpenerAndNamesTheFirst) {
  SimWorld world({});
  Env& env = world.NewLife();
  auto first = *Checkpoint::Open(env, {.directory = kDirectory, .query_id = "first"});
  const Status second = Checkpoint::Open(env, {.directory = kDirectory}).status();
  EXPECT_EQ(second.condition(), "THALWEG_CHECKPOINT_IN_USE");
  EXPECT_NE(second.message().find("query first"), std::string::npos) << second.message();
  first.reset();
  EXPECT_TRUE(Checkpoint::Open(env, {.directory = kDirectory}).ok());
}

TEST(Checkpoint, SeesEveryFlippedByteOfItsMetadata) {
  SimWorld world({});
  { ASSERT_TRUE(Checkpoint::Open(world.NewLife(), {.directory = kDirectory}).ok()); }
  const std::string path = kDirectory + "/metadata";
  const auto size = static_cast<int64_t>(ReadFile(world.NewLife().files(), path)->size());
  for (int64_t byte = 0; byte < size; ++byte) {
    const int64_t bit = 8 * byte + byte % 8;
    ASSERT_TRUE(world.FlipBit(path, bit).ok());
    const auto opened = Checkpoint::Open(world.NewLife(), {.directory = kDirectory});
    EXPECT_EQ(opened.status().condition(), "THALWEG_CHECKPOINT_DAMAGED") << byte;
    ASSERT_TRUE(world.FlipBit(path, bit).ok());
  }
  EXPECT_TRUE(Checkpoint::Open(world.NewLife(), {.directory = kDirectory}).ok());
}

// Once Open has returned, the id survives a crash; before, there is none or a whole one.
void CrashEverywhere(CrashKind kind, uint64_t seed) {
  for (int64_t call = 1;; ++call) {
    SimWorld world({.seed = seed, .crash_kind = kind});
    const CheckpointOptions options = {.directory = kDirectory, .sync = kind == CrashKind::kPower};
    std::string id;
    {
      const auto checkpoint = Checkpoint::Open(world.NewLife(call), options);
      if (checkpoint.ok()) id = (*checkpoint)->query_id();
    }
    const bool crashed = world.crashed();
    world.Crash();
    const auto checkpoint = Checkpoint::Open(world.NewLife(), options);
    ASSERT_TRUE(checkpoint.ok()) << checkpoint.status().ToString() << " " << call;
    if (!id.empty()) {
      EXPECT_EQ((*checkpoint)->query_id(), id) << call;
    }
    if (!crashed) break;
  }
}

TEST(Checkpoint, SurvivesACrashAtEveryCall) {
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    CrashEverywhere(CrashKind::kProcess, seed);
    CrashEverywhere(CrashKind::kPower, seed);
  }
}

}  // namespace
}  // namespace thalweg
