#include "base/sim/sim_env.h"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

constexpr int kSeeds = 200;

std::string ReadOrEmpty(FileSystem& files, const std::string& path) {
  Result<std::string> bytes = ReadFile(files, path);
  return bytes.ok() ? *bytes : "";
}

void Append(FileSystem& files, const std::string& path, std::string_view bytes, bool sync) {
  Result<std::unique_ptr<AppendFile>> file = files.OpenAppend(path);
  ASSERT_TRUE(file.ok()) << file.status().ToString();
  ASSERT_TRUE((*file)->Append(bytes).ok());
  if (sync) {
    ASSERT_TRUE((*file)->Sync().ok());
  }
}

// What is at "/f" after a power loss that follows `life`, by seed.
template <class Life>
std::set<std::string> AfterPowerLoss(Life life) {
  std::set<std::string> outcomes;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimWorld world({.seed = seed, .crash_kind = CrashKind::kPower});
    life(world.NewLife().files());
    world.Crash();
    FileSystem& files = world.NewLife().files();
    outcomes.insert(*files.Exists("/f") ? ReadOrEmpty(files, "/f") : "missing");
  }
  return outcomes;
}

TEST(SimEnvTest, SyncedBytesOfASyncedNameSurviveAPowerLoss) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) {
    Append(files, "/f", "kept", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
  });
  EXPECT_EQ(outcomes, std::set<std::string>{"kept"});
}

TEST(SimEnvTest, TheTailThatWasNotSyncedIsTornAnywhere) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) {
    Append(files, "/f", "kept", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
    Append(files, "/f", "tail", false);
  });
  for (const char* possible : {"kept", "keptt", "keptta", "kepttai", "kepttail"}) {
    EXPECT_TRUE(outcomes.count(possible)) << possible;
  }
  bool rubbish = false;
  for (const std::string& outcome : outcomes) {
    EXPECT_EQ(outcome.substr(0, 4), "kept");
    rubbish |= std::string("kepttail").compare(0, outcome.size(), outcome) != 0;
  }
  EXPECT_TRUE(rubbish) << "a sector that did not arrive is never zeros or rubbish";
}

TEST(SimEnvTest, LaterSectorsMayArriveWithoutEarlierOnes) {
  bool reordered = false;
  for (const std::string& outcome : AfterPowerLoss([](FileSystem& files) {
         Append(files, "/f", "", true);
         ASSERT_TRUE(files.SyncDirectory("/").ok());
         Append(files, "/f", std::string(2048, 'x'), false);
       })) {
    reordered |= outcome.size() > 1024 && outcome[0] != 'x' && outcome[1023] == 'x';
  }
  EXPECT_TRUE(reordered);
}

TEST(SimEnvTest, ANameNeedsASyncOfItsDirectory) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) { Append(files, "/f", "a", true); });
  EXPECT_EQ(outcomes, (std::set<std::string>{"a", "missing"}));
}

TEST(SimEnvTest, ADirectoryNeedsASyncOfItsParent) {
  int lost = 0;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimWorld world({.seed = seed, .crash_kind = CrashKind::kPower});
    FileSystem& files = world.NewLife().files();
    ASSERT_TRUE(files.CreateDirectories("/d/e").ok());
    Append(files, "/d/e/f", "a", true);
    ASSERT_TRUE(files.SyncDirectory("/d/e").ok());
    world.Crash();
    lost += *world.NewLife().files().Exists("/d/e/f") ? 0 : 1;
  }
  EXPECT_GT(lost, 0);
  EXPECT_LT(lost, kSeeds);
}

TEST(SimEnvTest, ARenameWithoutASyncMayBeUndoneButNeverTears) {
  const auto life = [](FileSystem& files, bool sync) {
    Append(files, "/f", "old", true);
    Append(files, "/g", "new", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
    ASSERT_TRUE(files.Rename("/g", "/f").ok());
    if (sync) {
      ASSERT_TRUE(files.SyncDirectory("/").ok());
    }
  };
  EXPECT_EQ(AfterPowerLoss([&](FileSystem& files) { life(files, false); }),
            (std::set<std::string>{"old", "new"}));
  EXPECT_EQ(AfterPowerLoss([&](FileSystem& files) { life(files, true); }),
            (std::set<std::string>{"new"}));
}

TEST(SimEnvTest, ARemoveWithoutASyncMayBeUndone) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) {
    Append(files, "/f", "a", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
    ASSERT_TRUE(files.Remove("/f").ok());
  });
  EXPECT_EQ(outcomes, (std::set<std::string>{"a", "missing"}));
}

TEST(SimEnvTest, ACutWithoutASyncMayBeUndone) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) {
    Append(files, "/f", "abcdef", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
    ASSERT_TRUE(files.Truncate("/f", 2).ok());
  });
  EXPECT_EQ(outcomes, (std::set<std::string>{"abcdef", "ab"}));
}

TEST(SimEnvTest, WriteFileAtomicallyIsAtomic) {
  const auto outcomes = AfterPowerLoss([](FileSystem& files) {
    ASSERT_TRUE(WriteFileAtomically(files, "/f", "old", true).ok());
    ASSERT_TRUE(WriteFileAtomically(files, "/f", "new", true).ok());
  });
  EXPECT_EQ(outcomes, std::set<std::string>{"new"});
}

TEST(SimEnvTest, AKilledProcessLosesNothingThatWasWritten) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SimWorld world({.seed = seed});
    FileSystem& files = world.NewLife().files();
    Append(files, "/g", "not synced", false);
    ASSERT_TRUE(files.Rename("/g", "/f").ok());
    world.Crash();
    EXPECT_EQ(ReadOrEmpty(world.NewLife().files(), "/f"), "not synced");
  }
}

TEST(SimEnvTest, AFailedSyncIsFinal) {
  bool lost = false;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimWorld world({.seed = seed, .crash_kind = CrashKind::kPower});
    FileSystem& files = world.NewLife().files();
    Append(files, "/f", "kept", true);
    ASSERT_TRUE(files.SyncDirectory("/").ok());
    auto file = *files.OpenAppend("/f");
    ASSERT_TRUE(file->Append("gone").ok());
    world.FailSyncOn("/f");
    const Status status = file->Sync();
    EXPECT_EQ(status.message(),
              "Cannot make durable '/f': Input/output error. Check the disk: it may be failing.");
    world.FailSyncOn("");
    EXPECT_TRUE(file->Sync().ok());  // as on Linux; believing it is the caller's mistake
    EXPECT_EQ(ReadOrEmpty(files, "/f"), "keptgone");
    world.Crash();
    const std::string after = ReadOrEmpty(world.NewLife().files(), "/f");
    EXPECT_EQ(after.substr(0, 4), "kept");
    lost |= after != "keptgone";
  }
  EXPECT_TRUE(lost);
}

TEST(SimEnvTest, AFullDiskTakesWhatFits) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  world.SetDiskFullAfter(6);
  auto file = *files.Create("/f");
  ASSERT_TRUE(file->Append("1234").ok());
  const Status status = file->Append("5678");
  EXPECT_NE(status.message().find("No space left on device"), std::string::npos);
  EXPECT_EQ(ReadOrEmpty(files, "/f"), "123456");
  world.SetDiskFullAfter(-1);
  EXPECT_TRUE(file->Append("78").ok());
}

TEST(SimEnvTest, ABitCanFlip) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  Append(files, "/f", "abc", true);
  ASSERT_TRUE(world.FlipBit("/f", 8).ok());
  EXPECT_EQ(ReadOrEmpty(files, "/f"), "acc");
  EXPECT_FALSE(world.FlipBit("/f", 24).ok());
  EXPECT_FALSE(world.FlipBit("/none", 0).ok());
}

TEST(SimEnvTest, ErrorsReadAsOnARealDisk) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  EXPECT_EQ(files.OpenRead("/none").status().message(),
            "Cannot open '/none': No such file or directory. Check that the path exists and is "
            "spelled right.");
  ASSERT_TRUE(files.CreateDirectories("/d").ok());
  Append(files, "/d/f", "x", false);
  EXPECT_FALSE(files.OpenRead("/d").ok());
  EXPECT_FALSE(files.OpenAppend("/d").ok());
  EXPECT_FALSE(files.Create("/none/f").ok());
  EXPECT_FALSE(files.Remove("/d").ok());
  EXPECT_FALSE(files.Rename("/d", "/d/e").ok());
  EXPECT_FALSE(files.CreateDirectories("/d/f/g").ok());
  EXPECT_FALSE(files.Truncate("/none", 0).ok());
  EXPECT_FALSE(files.SyncDirectory("/d/f").ok());
  EXPECT_EQ((*files.List("/d"))[0].name, "f");
  EXPECT_EQ((*files.List("/d"))[0].size_bytes, 1);
  EXPECT_TRUE(files.Stat("/d")->is_directory);
  ASSERT_TRUE(files.RemoveRecursively("/d").ok());
  ASSERT_TRUE(files.RemoveRecursively("/d").ok());
  EXPECT_FALSE(*files.Exists("/d"));
}

TEST(SimEnvTest, ALockIsHeldOnceAndGoneAfterACrash) {
  SimWorld world({});
  FileSystem& files = world.NewLife().files();
  auto lock = *files.Lock("/LOCK", "query 1");
  const Status second = files.Lock("/LOCK", "query 2").status();
  EXPECT_EQ(second.condition(), "THALWEG_CHECKPOINT_IN_USE");
  EXPECT_NE(second.message().find("query 1"), std::string::npos);
  world.Crash();
  FileSystem& next = world.NewLife().files();
  auto again = next.Lock("/LOCK", "query 3");
  EXPECT_TRUE(again.ok());
  lock.reset();  // of the dead life: releases nothing
  EXPECT_FALSE(next.Lock("/LOCK", "query 4").ok());
  (*again).reset();
  EXPECT_TRUE(next.Lock("/LOCK", "query 5").ok());
}

TEST(SimEnvTest, ACrashFailsThatCallAndEveryLaterOne) {
  SimWorld world({});
  FileSystem& files = world.NewLife(3).files();
  auto file = *files.Create("/f");
  ASSERT_TRUE(file->Append("one").ok());
  EXPECT_FALSE(world.crashed());
  EXPECT_FALSE(file->Append("two").ok());
  EXPECT_TRUE(world.crashed());
  EXPECT_EQ(world.crash_site().substr(0, 20), "Append /f (3 bytes),");
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_FALSE(files.Exists("/f").ok());
  EXPECT_EQ(world.calls(), 3);
  world.Crash();
  EXPECT_EQ(ReadOrEmpty(world.NewLife().files(), "/f").substr(0, 3), "one");
}

TEST(SimEnvTest, TheCallOfTheCrashHasHappenedOrNotOrInPart) {
  std::set<std::string> outcomes;
  std::set<bool> renamed;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SimWorld world({.seed = seed});
    {
      auto file = *world.NewLife(2).files().Create("/f");
      EXPECT_FALSE(file->Append("abc").ok());
    }
    outcomes.insert(ReadOrEmpty(world.NewLife().files(), "/f"));
    EXPECT_FALSE(world.NewLife(1).files().Rename("/f", "/g").ok());
    renamed.insert(*world.NewLife().files().Exists("/g"));
  }
  EXPECT_EQ(outcomes, (std::set<std::string>{"", "a", "ab", "abc"}));
  EXPECT_EQ(renamed, (std::set<bool>{false, true}));
}

TEST(SimEnvTest, TimeGoesOnByItselfAndOnRequest) {
  SimWorld world({});
  Clock& clock = world.NewLife().clock();
  const int64_t first_us = clock.NowUs();
  EXPECT_GE(first_us, 1'704'067'200'000'000);
  EXPECT_LT(first_us, 1'704'067'200'001'000);
  const int64_t first_ns = clock.MonotonicNs();
  world.AdvanceUs(5'000'000);
  EXPECT_GE(clock.NowUs(), first_us + 5'000'000);
  EXPECT_GE(clock.MonotonicNs(), first_ns + 5'000'000'000);
}

TEST(SimEnvTest, RunCallsEachBodyOnceInDifferentOrders) {
  SimWorld world({.worker_count = 3});
  Tasks& tasks = world.NewLife().tasks();
  EXPECT_EQ(tasks.worker_count(), 3);
  std::set<std::vector<int>> orders;
  for (int i = 0; i < 100; ++i) {
    std::vector<int> order;
    tasks.Run(3, [&](int body) { order.push_back(body); });
    orders.insert(order);
    EXPECT_EQ(std::accumulate(order.begin(), order.end(), 0), 3);
    EXPECT_EQ(order.size(), 3u);
  }
  EXPECT_EQ(orders.size(), 6u);
}

TEST(SimEnvTest, AWaitLetsTheClockJumpToItsLimit) {
  SimWorld world({});
  Env& env = world.NewLife();
  auto signal = env.tasks().NewSignal();
  const int64_t begin_us = env.clock().NowUs();
  EXPECT_FALSE(signal->Wait(3'000'000));
  EXPECT_GE(env.clock().NowUs(), begin_us + 3'000'000);
  signal->Set();
  EXPECT_TRUE(signal->Wait(-1));
  EXPECT_FALSE(signal->Wait(0));
}

// Two tasks hand lines to a third through signals; the order of lines is what the seed chose.
std::string PlayTasks(uint64_t seed) {
  SimWorld world({.seed = seed});
  Env& env = world.NewLife();
  std::string lines;
  auto ready = env.tasks().NewSignal();
  std::vector<std::unique_ptr<Task>> tasks;
  for (const char name : {'a', 'b'}) {
    tasks.push_back(env.tasks().Spawn(std::string(1, name), [&env, &lines, &ready, name] {
      auto pause = env.tasks().NewSignal();
      for (int i = 0; i < 3; ++i) {
        lines += name;
        ready->Set();
        pause->Wait(10 + static_cast<int64_t>(env.Random() % 20));
      }
    }));
  }
  while (lines.size() < 6) ready->Wait(-1);
  tasks.clear();
  return lines + " " + std::to_string(env.clock().NowUs()) + " " +
         std::to_string(world.trace_hash());
}

TEST(SimEnvTest, TasksRunInASeededOrderAndTheSameSeedGivesTheSameTrace) {
  std::set<std::string> orders;
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    const std::string played = PlayTasks(seed);
    EXPECT_EQ(played, PlayTasks(seed));
    orders.insert(played.substr(0, 6));
  }
  EXPECT_GT(orders.size(), 4u);
}

TEST(SimEnvTest, TasksUnwindAfterACrash) {
  for (int64_t crash_at = 1; crash_at <= 40; ++crash_at) {
    SimWorld world({.seed = 7});
    Env& env = world.NewLife(crash_at);
    auto never = env.tasks().NewSignal();
    auto task = env.tasks().Spawn("writer", [&] {
      while (true) {
        if (!WriteFileAtomically(env.files(), "/f", "x", true).ok()) return;
        never->Wait(1000);
      }
    });
    task.reset();
    EXPECT_TRUE(world.crashed());
  }
}

TEST(SimEnvDeathTest, WaitingForNobodyIsABug) {
  SimWorld world({});
  auto signal = world.NewLife().tasks().NewSignal();
  EXPECT_DEATH(signal->Wait(-1), "every task of the simulated life waits");
}

// A log of numbers, each line synced before it counts as written: the smallest program with the
// promise that an engine makes, and the way a harness drives it.
class NumberLog {
 public:
  static Result<NumberLog> Open(FileSystem& files) {
    NumberLog log;
    THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists("/q/log"));
    int64_t good_bytes = 0;
    if (exists) {
      THALWEG_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(files, "/q/log"));
      while (bytes.compare(static_cast<size_t>(good_bytes), 5, Line(log.count_)) == 0) {
        ++log.count_;
        good_bytes += 5;
      }
      if (good_bytes < static_cast<int64_t>(bytes.size())) {
        THALWEG_RETURN_NOT_OK(files.Truncate("/q/log", good_bytes));
      }
    } else {
      THALWEG_RETURN_NOT_OK(files.CreateDirectories("/q"));
      THALWEG_RETURN_NOT_OK(files.SyncDirectory("/"));
    }
    THALWEG_ASSIGN_OR_RETURN(log.file_, files.OpenAppend("/q/log"));
    THALWEG_RETURN_NOT_OK(log.file_->Sync());
    THALWEG_RETURN_NOT_OK(files.SyncDirectory("/q"));
    return log;
  }
  Status Write() {
    THALWEG_RETURN_NOT_OK(file_->Append(Line(count_)));
    THALWEG_RETURN_NOT_OK(file_->Sync());
    ++count_;
    return Status::OK();
  }
  int count() const { return count_; }

 private:
  static std::string Line(int number) {
    std::string line = std::to_string(10'000 + number);
    line[0] = static_cast<char>('a' + number % 26);
    return line;
  }
  int count_ = 0;
  std::unique_ptr<AppendFile> file_;
};

TEST(SimEnvTest, AThousandLivesOfALog) {
  for (const CrashKind kind : {CrashKind::kProcess, CrashKind::kPower}) {
    for (uint64_t seed = 1; seed <= 40; ++seed) {
      SimWorld world({.seed = seed, .crash_kind = kind});
      int promised = 0;
      for (int life = 0; life < 25; ++life) {
        FileSystem& files = world.NewLife(1 + static_cast<int64_t>(world.Random() % 40)).files();
        {
          Result<NumberLog> log = NumberLog::Open(files);
          if (log.ok()) {
            ASSERT_GE(log->count(), promised) << "seed " << seed << " life " << life;
            ASSERT_LE(log->count(), promised + 1) << "seed " << seed << " life " << life;
            while (log->Write().ok()) {
            }
            promised = log->count();
          }
        }
        ASSERT_TRUE(world.crashed());
        world.Crash();
      }
      EXPECT_GT(promised, 20);
    }
  }
}

}  // namespace
}  // namespace thalweg
