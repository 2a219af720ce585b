#include "oracle.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

namespace thalweg {
namespace {

bool Passes(const Row& row);
std::vector<int64_t> WindowStarts(int64_t time_us, const QueryShape& shape);
int64_t FloorMs(int64_t us);

}  // namespace

std::vector<WindowRow> BatchAnswer(const std::vector<Row>& rows, const QueryShape& shape,
                                   int64_t until_us) {
  EpochOracle all(shape);
  for (const Row& row : rows) {
    if (Passes(row)) all.Add(row, INT64_MIN);
  }
  return all.Take(until_us);
}

std::vector<WindowRow> EpochOracle::Run(const std::vector<Row>& rows) {
  const int64_t evict_until_us = watermark_us_;
  int64_t max_us = INT64_MIN;
  for (const Row& row : rows) {
    if (!Passes(row)) continue;
    max_us = std::max(max_us, row.time_us.value_or(0));
    Add(row, late_watermark_us_);
  }
  late_watermark_us_ = evict_until_us;
  if (max_us != INT64_MIN) {
    watermark_us_ = std::max(watermark_us_, FloorMs(max_us) - shape_.delay_us);
  }
  return Take(evict_until_us);
}

void EpochOracle::Add(const Row& row, int64_t late_before_us) {
  if (!row.time_us) return;  // in no window
  for (const int64_t start_us : WindowStarts(*row.time_us, shape_)) {
    const int64_t end_us = start_us + shape_.size_us;
    if (end_us <= late_before_us) {
      ++late_rows_;
      continue;
    }
    Sums& sums = groups_[{start_us, end_us, row.key}];
    ++sums.rows;
    sums.value += *row.value;
    if (shape_.tumbling()) sums.amount += row.amount;
  }
}

std::vector<WindowRow> EpochOracle::Take(int64_t until_us) {
  std::vector<WindowRow> taken;
  for (auto group = groups_.begin(); group != groups_.end();) {
    if (group->first.end_us > until_us) {
      ++group;
      continue;
    }
    const Sums& sums = group->second;
    taken.push_back({group->first, sums.rows, sums.value, std::bit_cast<uint64_t>(sums.amount)});
    group = groups_.erase(group);
  }
  return taken;
}

std::string Difference(const std::vector<WindowRow>& expected,
                       const std::vector<WindowRow>& found) {
  for (size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string a = i < expected.size() ? expected[i].ToString() : "nothing more";
    const std::string b = i < found.size() ? found[i].ToString() : "nothing more";
    if (a != b) {
      return fmt::format("row {} (sorted): expected {}, found {}; {} rows expected, {} found", i, a,
                         b, expected.size(), found.size());
    }
  }
  return "";
}

std::string WindowRow::ToString() const {
  return fmt::format("[{} s, {} s) key {} rows {} value {} amount {:016x}",
                     static_cast<double>(group.start_us) / 1e6,
                     static_cast<double>(group.end_us) / 1e6,
                     group.key ? fmt::to_string(*group.key) : "NULL", rows, value, amount_bits);
}

namespace {

bool Passes(const Row& row) {
  return row.value && *row.value >= 0;
}

std::vector<int64_t> WindowStarts(int64_t time_us, const QueryShape& shape) {
  std::vector<int64_t> starts;
  int64_t into_slide = time_us % shape.slide_us;
  if (into_slide < 0) into_slide += shape.slide_us;
  for (int64_t start = time_us - into_slide; start + shape.size_us > time_us;
       start -= shape.slide_us) {
    starts.push_back(start);
  }
  return starts;
}

int64_t FloorMs(int64_t us) {
  return us >= 0 ? us / 1000 * 1000 : -((-us + 999) / 1000 * 1000);
}

}  // namespace
}  // namespace thalweg
