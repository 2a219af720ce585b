#include "cli/world.h"

#include <set>
#include <utility>

namespace thalweg {
namespace {

/// The number of a choice among all choices of all dimensions.
using Pair = std::pair<int, int>;

std::set<Pair> PairsOf(const World& world);

}  // namespace

std::string World::Name() const {
  static constexpr const char* kCrashes[] = {"", ", crash after log", ", crash after run",
                                             ", crash after state", ", crash after sink"};
  return "workers " + std::to_string(workers) + ", batches of " + std::to_string(batch_rows) +
         (restarts ? ", restarts" : "") + kCrashes[static_cast<int>(crash)];
}

std::vector<World> WorldsOf(const WorldLimits& limits, bool all) {
  std::vector<World> product;
  for (int crash = 0; crash <= (limits.crashes ? 4 : 0); ++crash) {
    for (int restarts = 0; restarts <= (limits.restarts ? 1 : 0); ++restarts) {
      for (const int workers : {1, 3}) {
        for (const int batch_rows : {1024, 1}) {
          product.push_back({workers, batch_rows, restarts == 1, static_cast<CrashPoint>(crash)});
        }
      }
    }
  }
  if (all) return product;
  std::set<Pair> missing;
  for (const World& world : product) missing.merge(PairsOf(world));
  std::vector<World> cover;
  for (size_t best = 0; !missing.empty();) {  // the world that brings most, first of equals
    size_t most = 0;
    for (size_t i = 0; i < product.size(); ++i) {
      size_t brings = 0;
      for (const Pair& pair : PairsOf(product[i])) brings += missing.count(pair);
      if (brings <= most) continue;
      most = brings;
      best = i;
    }
    for (const Pair& pair : PairsOf(product[best])) missing.erase(pair);
    cover.push_back(product[best]);
  }
  return cover;
}

namespace {

std::set<Pair> PairsOf(const World& world) {
  const int choices[] = {world.workers == 1 ? 0 : 1, world.batch_rows == 1 ? 10 : 11,
                         world.restarts ? 20 : 21, 30 + static_cast<int>(world.crash)};
  std::set<Pair> pairs;
  for (const int a : choices) {
    for (const int b : choices) {
      if (a < b) pairs.emplace(a, b);
    }
  }
  return pairs;
}

}  // namespace
}  // namespace thalweg
