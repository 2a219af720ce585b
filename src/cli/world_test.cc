#include "cli/world.h"

#include <set>
#include <tuple>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

TEST(World, TheProductHasThemAll) {
  EXPECT_EQ(WorldsOf({}, /*all=*/true).size(), 40u);
  EXPECT_EQ(WorldsOf({.restarts = false}, true).size(), 20u);
  EXPECT_EQ(WorldsOf({.restarts = false, .crashes = false}, true).size(), 4u);
}

TEST(World, TheCoverHasEveryPairOfChoices) {
  const std::vector<World> cover = WorldsOf({}, /*all=*/false);
  EXPECT_LE(cover.size(), 12u);
  EXPECT_EQ(cover[0].Name(), "workers 1, batches of 1024");
  std::set<std::tuple<int, int>> workers_and_crash;
  std::set<std::tuple<int, int>> batch_and_crash;
  std::set<std::tuple<bool, int>> restarts_and_crash;
  std::set<std::tuple<int, int, int>> others;
  for (const World& world : cover) {
    const int crash = static_cast<int>(world.crash);
    workers_and_crash.emplace(world.workers, crash);
    batch_and_crash.emplace(world.batch_rows, crash);
    restarts_and_crash.emplace(world.restarts, crash);
    others.emplace(0, world.workers, world.batch_rows);
    others.emplace(1, world.workers, world.restarts);
    others.emplace(2, world.batch_rows, world.restarts);
  }
  EXPECT_EQ(workers_and_crash.size(), 10u);
  EXPECT_EQ(batch_and_crash.size(), 10u);
  EXPECT_EQ(restarts_and_crash.size(), 10u);
  EXPECT_EQ(others.size(), 12u);
}

}  // namespace
}  // namespace thalweg
