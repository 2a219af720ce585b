// Deduplication, groups by event time and chains of them, epoch by epoch: rows, thresholds and
// counts as Spark has them (reference: structured-streaming §1.7, §2), the same whether the query
// runs through, is stopped and started before each epoch that brings rows, or killed there,
// with no state on disk or with that of the epoch before.
#include <gtest/gtest.h>

#include "functions/registry.h"
#include "plan/clauses.h"
#include "streaming/test_query.h"

namespace thalweg {
namespace {

enum class Interruption { kNone, kStop, kCrash, kCrashSealed };

struct Step {
  std::string input;  // "": an epoch without rows
  std::string epoch;
  std::string operators;
};

void Play(TestQuerySpec spec, const std::vector<Step>& steps) {
  for (const auto interruption : {Interruption::kNone, Interruption::kStop, Interruption::kCrash,
                                  Interruption::kCrashSealed}) {
    if (interruption == Interruption::kCrashSealed) {
      spec.conf.emplace_back("thalweg.state.sealBytes", "1");
    }
    TestQuery query(spec);
    ASSERT_TRUE(query.Start().ok());
    for (const Step& step : steps) {
      SCOPED_TRACE("interruption " + std::to_string(static_cast<int>(interruption)) + " before " +
                   step.epoch);
      if (!step.input.empty()) {
        if (interruption == Interruption::kStop) {
          ASSERT_TRUE(query.Stop().ok());
        } else if (interruption != Interruption::kNone) {
          query.Crash();
        }
        if (interruption != Interruption::kNone) {
          ASSERT_TRUE(query.Start().ok());
        }
        query.Add(step.input);
      }
      ASSERT_EQ(query.Epoch(), step.epoch);
      ASSERT_EQ(query.Operators(), step.operators);
    }
    ASSERT_EQ(query.Epoch(), "none");
  }
}

RelationPtr Deduplicated(const RelationPtr& input, const std::vector<std::string>& keys,
                         bool within = false) {
  auto node = std::make_shared<Deduplicate>();
  node->input = input;
  for (const std::string& key : keys) node->keys.push_back(FindOutput(input, key));
  node->within_watermark = within;
  DeriveOutput(node.get());
  return node;
}

ExprPtr Count() {
  const auto count =
      FunctionRegistry::BuiltIn().Bind("count", {MakeLiteral(Value::Int(1))}, BindSettings());
  THALWEG_CHECK(count.ok(), "count is built in");
  return MakeAlias(*count, "n");
}

RelationPtr CountBy(const RelationPtr& input, const ExprPtr& grouping) {
  return MakeAggregate(input, {grouping}, {ToAttribute(grouping), Count()});
}

ExprPtr WindowOf(const RelationPtr& input) {
  return MakeAlias(MakeTimeWindow(FindOutput(input, "ts"), 10'000'000, 10'000'000, 0), "window");
}

RelationPtr TimesAndKeys(const RelationPtr& input) {
  return MakeProject(input, {FindOutput(input, "ts"), FindOutput(input, "k")});
}

// E8: the event time is one of the keys.
TEST(StatefulChain, DuplicatesByEventTimeAreForgottenByTheWatermark) {
  TestQuerySpec spec;
  spec.above = [](const RelationPtr& events) {
    return Deduplicated(TimesAndKeys(events), {"k", "ts"});
  };
  Play(spec, {{"10 a 10 a 12 a", "D 0 | wm 0 -> 2 | 10000000 a 12000000 a",
               "dedupe 2 rows, 1 duplicates"},
              {"", "N 1 | wm 2 -> 2", "dedupe 2 rows"},
              {"25 b", "D 2 | wm 2 -> 15 | 25000000 b", "dedupe 3 rows"},
              {"", "N 3 | wm 15 -> 15", "dedupe 1 rows"},
              {"12 a", "D 4 | wm 15 -> 15", "dedupe 1 rows, 1 late"},
              {"16 a 16 a", "D 5 | wm 15 -> 15 | 16000000 a", "dedupe 2 rows, 1 duplicates"},
              {"16 a", "D 6 | wm 15 -> 15", "dedupe 2 rows, 1 duplicates"}});
}

// E9: it is not, so that nothing is forgotten, yet late rows are dropped.
TEST(StatefulChain, DuplicatesByKeyAloneAreNeverForgotten) {
  TestQuerySpec spec;
  spec.above = [](const RelationPtr& events) { return Deduplicated(TimesAndKeys(events), {"k"}); };
  Play(spec, {{"10 a", "D 0 | wm 0 -> 0 | 10000000 a", "dedupe 1 rows"},
              {"40 b", "D 1 | wm 0 -> 30 | 40000000 b", "dedupe 2 rows"},
              {"", "N 2 | wm 30 -> 30", "dedupe 2 rows"},
              {"35 a 29 c", "D 3 | wm 30 -> 30", "dedupe 2 rows, 1 late, 1 duplicates"}});
}

// E10: a duplicate does not prolong what its key is remembered.
TEST(StatefulChain, DuplicatesWithinTheWatermark) {
  TestQuerySpec spec;
  spec.above = [](const RelationPtr& events) {
    return Deduplicated(TimesAndKeys(events), {"k"}, true);
  };
  Play(spec,
       {{"10 a 13 a", "D 0 | wm 0 -> 3 | 10000000 a", "dedupeWithinWatermark 1 rows, 1 duplicates"},
        {"", "N 1 | wm 3 -> 3", "dedupeWithinWatermark 1 rows"},
        {"19 a", "D 2 | wm 3 -> 9", "dedupeWithinWatermark 1 rows, 1 duplicates"},
        {"", "N 3 | wm 9 -> 9", "dedupeWithinWatermark 1 rows"},
        {"30.5 b", "D 4 | wm 9 -> 20 | 30500000 b", "dedupeWithinWatermark 2 rows"},
        {"", "N 5 | wm 20 -> 20", "dedupeWithinWatermark 1 rows"},
        {"21 a 22 b", "D 6 | wm 20 -> 20 | 21000000 a",
         "dedupeWithinWatermark 2 rows, 1 duplicates"}});
}

// What the lower operators release goes through the upper ones in the same epoch: their rows are
// late only by the watermark of the epoch before.
TEST(StatefulChain, AggregateOverAggregateOverDeduplicate) {
  TestQuerySpec spec;
  spec.delay_s = 0;
  spec.above = [](const RelationPtr& events) {
    const RelationPtr first = Deduplicated(TimesAndKeys(events), {"k", "ts"});
    const RelationPtr by_time = CountBy(first, FindOutput(first, "ts"));
    return CountBy(by_time, WindowOf(by_time));
  };
  Play(
      spec,
      {{"1 a 1 a 2 a 12 b", "D 0 | wm 0 -> 12",
        "stateStoreSave 0 rows; stateStoreSave 3 rows; dedupe 3 rows, 1 duplicates"},
       {"", "N 1 | wm 12 -> 12 | [0,10) 2",
        "stateStoreSave 1 rows; stateStoreSave 0 rows; dedupe 0 rows"},
       {"3 a 13 c 19 d", "D 2 | wm 12 -> 19",
        "stateStoreSave 1 rows; stateStoreSave 2 rows; dedupe 2 rows, 1 late"},
       {"", "N 3 | wm 19 -> 19", "stateStoreSave 1 rows; stateStoreSave 0 rows; dedupe 0 rows"},
       {"20 a", "D 4 | wm 19 -> 20", "stateStoreSave 1 rows; stateStoreSave 1 rows; dedupe 1 rows"},
       {"", "N 5 | wm 20 -> 20 | [10,20) 3",
        "stateStoreSave 1 rows; stateStoreSave 0 rows; dedupe 0 rows"}});
}

// Spark asks for an epoch without rows whatever the keys are.
TEST(StatefulChain, AnUpdateByKeyAloneRunsWithoutRowsWhenTheWatermarkMoves) {
  TestQuerySpec spec;
  spec.mode = OutputMode::kUpdate;
  spec.window_s = 0;
  Play(spec, {{"15 a", "D 0 | wm 0 -> 5 | a 1", "stateStoreSave 1 rows"},
              {"", "N 1 | wm 5 -> 5", "stateStoreSave 1 rows"},
              {"1 a", "D 2 | wm 5 -> 5 | a 2", "stateStoreSave 1 rows"}});
}

// A group by the time itself, with one threshold and with two.
TEST(StatefulChain, GroupsByEventTimeUnderEitherThreshold) {
  for (const char* multiple : {"true", "false"}) {
    TestQuerySpec spec;
    spec.delay_s = 1;
    spec.conf = {{"spark.sql.streaming.statefulOperator.allowMultiple", multiple}};
    spec.above = [](const RelationPtr& events) {
      return CountBy(events, FindOutput(events, "ts"));
    };
    Play(spec, {{"1 1 2", "D 0 | wm 0 -> 1", "stateStoreSave 2 rows"},
                {"", "N 1 | wm 1 -> 1 | 1000000 2", "stateStoreSave 1 rows"},
                {"1 4", "D 2 | wm 1 -> 3", "stateStoreSave 2 rows, 1 late"},
                {"", "N 3 | wm 3 -> 3 | 2000000 1", "stateStoreSave 1 rows"}});
  }
}

}  // namespace
}  // namespace thalweg
