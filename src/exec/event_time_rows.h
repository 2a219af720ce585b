// Rows with event times for tests of what is keyed by them: out of order, some late, some without a
// time, watermarks that follow. Not used by the engine.
#pragma once

#include <optional>
#include <vector>

#include "data/test_random.h"
#include "exec/test_epochs.h"

namespace thalweg {

struct TimedRow {
  std::optional<int64_t> time_us;
  int64_t key = 0;
  int64_t number = 0;  // in the order of arrival

  std::vector<Value> Values() const {
    return {time_us ? Value::Timestamp(*time_us) : Value(TimestampType()), Value::Bigint(key),
            Value::Bigint(number)};
  }
};

inline const SchemaPtr& TimedSchema() {
  static const SchemaPtr schema = MakeSchema("t TIMESTAMP, k BIGINT, n BIGINT");
  return schema;
}

inline Batch ToBatch(const std::vector<TimedRow>& rows, const SchemaPtr& schema = TimedSchema()) {
  std::vector<std::vector<Value>> values;
  for (const TimedRow& row : rows) {
    values.push_back(row.Values());
    values.back().resize(static_cast<size_t>(schema->size()));
  }
  return MakeBatch(schema, values);
}

/// Epochs of rows around a time that moves on; thresholds as the loop would set them.
class TimedEpochs {
 public:
  static constexpr int64_t kDelayUs = 3'000'000;

  explicit TimedEpochs(uint64_t seed) : random_(seed) {}

  std::vector<TimedRow> Next(int count) {
    std::vector<TimedRow> rows;
    for (int i = 0; i < count; ++i) {
      TimedRow row;
      if (!random_.OneIn(50)) row.time_us = now_us_ - random_.Below(6'000) * 1'000;
      row.key = random_.Below(30);
      row.number = next_number_++;
      rows.push_back(row);
    }
    thresholds_.late_before_us = thresholds_.evicted_us = thresholds_.evict_until_us;
    thresholds_.evict_until_us = now_us_ - kDelayUs;
    if (!random_.OneIn(4)) now_us_ += random_.Below(3'000) * 1'000;
    return rows;
  }
  const Thresholds& thresholds() const { return thresholds_; }
  bool IsLate(const TimedRow& row) const {
    return row.time_us && *row.time_us <= thresholds_.late_before_us;
  }

 private:
  TestRandom random_;
  int64_t now_us_ = 100'000'000;
  int64_t next_number_ = 0;
  Thresholds thresholds_ = {0, 0, 0};
};

/// Worlds that differ in all that may not matter.
inline std::vector<TestWorld> TimedWorlds() {
  return {{1, kBatchRows, {}},
          {1, 1, {}},
          {3, 100, {0, 20'000, 0}},
          {3, kBatchRows, {300, 16 << 20, 0}},
          {3, 7, {300, 20'000, 0}}};
}

}  // namespace thalweg
