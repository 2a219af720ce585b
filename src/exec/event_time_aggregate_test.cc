// EventTimeAggregate in every world against a slow twin: Spark's rules over a map of groups.
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "exec/event_time_rows.h"

namespace thalweg {
namespace {

RelationPtr CountByTimeAndKey(const RelationPtr& read) {
  const RelationPtr time = MakeWithWatermark(read, FindOutput(read, "t"), TimedEpochs::kDelayUs);
  return MakeAggregate(
      time, {FindOutput(time, "t"), FindOutput(time, "k")},
      {FindOutput(time, "t"), FindOutput(time, "k"), MakeAlias(TestCall("count", {}), "n")});
}

class AggregateTwin {
 public:
  explicit AggregateTwin(OutputMode mode) : mode_(mode) {}

  std::string Run(const std::vector<TimedRow>& rows, const TimedEpochs& epochs) {
    std::set<Group> late, touched;
    for (const TimedRow& row : rows) {
      const Group group(row.time_us, row.key);
      if (epochs.IsLate(row)) {
        late.insert(group);
        continue;
      }
      ++groups_[group];
      touched.insert(group);
    }
    std::vector<TimedRow> out;
    for (const auto& [group, count] : groups_) {
      const bool is_out =
          mode_ == OutputMode::kUpdate ? touched.count(group) > 0 : IsFinal(group, epochs);
      if (is_out) out.push_back({group.first, group.second, count});
    }
    std::erase_if(groups_, [&](const auto& entry) { return IsFinal(entry.first, epochs); });
    return SortedRows(ToBatch(out)) + " late " + std::to_string(late.size()) + " state " +
           std::to_string(groups_.size());
  }

 private:
  using Group = std::pair<std::optional<int64_t>, int64_t>;
  static bool IsFinal(const Group& group, const TimedEpochs& epochs) {
    return group.first && *group.first <= epochs.thresholds().evict_until_us;
  }

  const OutputMode mode_;
  std::map<Group, int64_t> groups_;
};

TEST(EventTimeAggregate, DropsEmitsAndEvictsByTheKeyInEveryWorld) {
  for (const OutputMode mode : {OutputMode::kAppend, OutputMode::kUpdate}) {
    for (const TestWorld& world : TimedWorlds()) {
      TimedEpochs epochs(5);
      AggregateTwin twin(mode);
      TestQuery query(TimedSchema(), CountByTimeAndKey, mode, world);
      for (const int count : {500, 0, 3, 2000, 40, 40, 0, 900, 5, 300}) {
        const std::vector<TimedRow> rows = epochs.Next(count);
        query.Add(ToBatch(rows));
        const Status status = query.Run(epochs.thresholds());
        ASSERT_TRUE(status.ok()) << status.ToString();
        const OperatorMetrics& metrics = query.result().operators.back();
        ASSERT_EQ(query.SortedRows() + " late " + std::to_string(metrics.dropped_by_watermark) +
                      " state " + std::to_string(query.plan().root.node->state.logical_rows()),
                  twin.Run(rows, epochs))
            << "workers " << world.workers << ", rows a batch " << world.batch_rows;
      }
    }
  }
}

// With one threshold rows are late that the watermark has only just passed; what was there before
// is emitted all the same.
TEST(EventTimeAggregate, EmitsWhatBecameFinalWithOneThresholdToo) {
  TestQuery query(TimedSchema(), CountByTimeAndKey, OutputMode::kAppend, {});
  query.Add(ToBatch({{7, 1, 0}, {std::nullopt, 1, 0}}));
  ASSERT_TRUE(query.Run({0, 0, 0}).ok());
  EXPECT_EQ(query.Rows(), "");
  query.Add(ToBatch({{8, 1, 0}, {7, 1, 0}}));
  ASSERT_TRUE(query.Run({8, 8, 0}).ok());
  EXPECT_EQ(query.Rows(), "1970-01-01 00:00:00.000007, 1, 1\n");
  ASSERT_TRUE(query.Run({8, 8, 8}).ok());
  EXPECT_EQ(query.Rows(), "");
}

}  // namespace
}  // namespace thalweg
