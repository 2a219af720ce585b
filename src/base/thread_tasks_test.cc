#include <atomic>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "base/env.h"

namespace thalweg {
namespace {

TEST(ThreadTasksTest, EachBodyRunsOnce) {
  for (int workers : {1, 2, 4}) {
    const std::unique_ptr<Env> env = NewPosixEnv(workers);
    EXPECT_EQ(env->tasks().worker_count(), workers);
    for (int count = 0; count < 60; ++count) {
      std::vector<int> calls(60, 0);  // not atomic: a body called twice is a race
      env->tasks().Run(count, [&calls](int i) { ++calls[static_cast<size_t>(i)]; });
      for (int i = 0; i < 60; ++i) EXPECT_EQ(calls[static_cast<size_t>(i)], i < count ? 1 : 0);
    }
  }
}

TEST(ThreadTasksTest, BodiesRunInParallel) {
  const std::unique_ptr<Env> env = NewPosixEnv(3);
  std::atomic<int> met{0};
  // Returns only if all three are in their bodies at the same time.
  env->tasks().Run(3, [&met](int) {
    met.fetch_add(1);
    while (met.load() < 3) {
    }
  });
  EXPECT_EQ(met.load(), 3);
}

TEST(ThreadTasksTest, WhatBodiesWroteIsSeenAfterwards) {
  const std::unique_ptr<Env> env = NewPosixEnv(4);
  std::vector<int64_t> values(16, 0);
  for (int64_t round = 1; round <= 3000; ++round) {
    env->tasks().Run(16, [&values](int i) { values[static_cast<size_t>(i)] += i; });
    for (int i = 0; i < 16; ++i) ASSERT_EQ(values[static_cast<size_t>(i)], i * round);
  }
}

TEST(ThreadTasksTest, CoordinatorsShareTheWorkers) {
  const std::unique_ptr<Env> env = NewPosixEnv(3);
  std::atomic<int64_t> total{0};
  {
    std::vector<std::unique_ptr<Task>> coordinators;
    for (int c = 0; c < 4; ++c) {
      coordinators.push_back(env->tasks().Spawn("coordinator", [&env, &total] {
        for (int round = 0; round < 1500; ++round) {
          int64_t sums[7] = {};
          env->tasks().Run(7, [&sums](int i) { sums[i] = i + 1; });
          for (const int64_t sum : sums) total += sum;
        }
      }));
    }
  }
  EXPECT_EQ(total.load(), 4 * 1500 * 28);
}

TEST(ThreadTasksTest, ABodyMayFanOutItself) {
  const std::unique_ptr<Env> env = NewPosixEnv(3);
  std::atomic<int> calls{0};
  env->tasks().Run(5, [&](int) { env->tasks().Run(5, [&calls](int) { ++calls; }); });
  EXPECT_EQ(calls.load(), 25);
}

TEST(ThreadTasksTest, WorkersWakeAfterAPause) {
  const std::unique_ptr<Env> env = NewPosixEnv(2);
  const auto pause = env->tasks().NewSignal();
  for (int round = 0; round < 20; ++round) {
    EXPECT_FALSE(pause->Wait(500));  // long enough for the worker to fall asleep
    std::atomic<int> met{0};
    env->tasks().Run(2, [&met](int) {
      met.fetch_add(1);
      while (met.load() < 2) {
      }
    });
  }
}

TEST(ThreadTasksTest, ComeAndGo) {
  for (int i = 0; i < 50; ++i) {
    const std::unique_ptr<Env> env = NewPosixEnv(3);
    std::atomic<int> calls{0};
    if (i % 2 == 0) env->tasks().Run(2, [&calls](int) { ++calls; });
    EXPECT_EQ(calls.load(), i % 2 == 0 ? 2 : 0);
  }
}

TEST(SignalTest, IsRememberedOnce) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  const auto signal = env->tasks().NewSignal();
  EXPECT_FALSE(signal->Wait(0));
  signal->Set();
  signal->Set();
  EXPECT_TRUE(signal->Wait(-1));
  const int64_t begin_ns = env->clock().MonotonicNs();
  EXPECT_FALSE(signal->Wait(2000));
  EXPECT_GE(env->clock().MonotonicNs() - begin_ns, 2'000'000);
}

TEST(SignalTest, TwoTasksPlayPingPong) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  const auto ping = env->tasks().NewSignal();
  const auto pong = env->tasks().NewSignal();
  int ball = 0;  // handed over by the signals alone
  const auto task = env->tasks().Spawn("pong", [&] {
    for (int i = 0; i < 5000; ++i) {
      ASSERT_TRUE(ping->Wait(-1));
      ++ball;
      pong->Set();
    }
  });
  for (int i = 0; i < 5000; ++i) {
    ping->Set();
    ASSERT_TRUE(pong->Wait(-1));
    ++ball;
  }
  EXPECT_EQ(ball, 10'000);
}

TEST(SignalTest, MayBeDestroyedAsSoonAsItWasSeen) {
  const std::unique_ptr<Env> env = NewPosixEnv(1);
  for (int i = 0; i < 200; ++i) {
    auto signal = env->tasks().NewSignal();
    const auto task = env->tasks().Spawn("setter", [raw = signal.get()] { raw->Set(); });
    ASSERT_TRUE(signal->Wait(-1));
    signal.reset();
  }
}

// A worker that begins while its pool ends must not go to sleep.
TEST(ThreadTasksTest, APoolEndsWheneverItIsDestroyed) {
  for (int i = 0; i < 3000; ++i) {
    const std::unique_ptr<Env> env = NewPosixEnv(3);
    if (i % 3 == 0) env->tasks().Run(3, [](int) {});
  }
}

}  // namespace
}  // namespace thalweg
