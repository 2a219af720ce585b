// DataFrame: rows that are yet to be computed, at rest or of a stream, as in Spark: methods make
// another DataFrame, actions (Collect, Show, Write …) compute. A step that is wrong (an unknown
// column, a type that does not fit) makes a DataFrame that holds the error: every later step keeps
// it, every action returns it, and status() tells it at once. Handles, cheap to copy; any thread.
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "thalweg/column.h"

namespace thalweg {
namespace api {

class DataFrameWriter;
class DataStreamWriter;
class GroupedData;

class THALWEG_EXPORT DataFrame {
 public:
  using Columns = std::vector<Column>;
  using Names = std::vector<std::string>;

  // ---- other rows
  template <class... C>
  DataFrame Select(const C&... columns) const {
    return SelectAll({Column(columns)...});
  }
  DataFrame SelectAll(Columns columns) const;
  /// Each as SQL writes it: SelectExpr({"a + 1 AS b", "c"}).
  DataFrame SelectExpr(const Names& expressions) const;
  DataFrame Filter(const Column& condition) const;
  /// A condition as SQL writes it.
  DataFrame Filter(const char* condition) const;
  DataFrame Where(const Column& condition) const { return Filter(condition); }
  DataFrame Where(const char* condition) const { return Filter(condition); }
  /// Adds a column, or puts another one in the place of the one of that name.
  DataFrame WithColumn(std::string_view name, const Column& column) const;
  /// A name that is not there changes nothing.
  DataFrame WithColumnRenamed(std::string_view from, std::string_view to) const;
  DataFrame Drop(const Names& names) const;
  DataFrame Drop(const char* name) const { return Drop(Names{name}); }
  /// The same rows under another name: Col("alias.column").
  DataFrame Alias(std::string_view alias) const;
  DataFrame Distinct() const;
  DataFrame DropDuplicates() const;
  DataFrame DropDuplicates(const Names& names) const;
  /// Duplicates that come within the delay of the watermark of each other.
  DataFrame DropDuplicatesWithinWatermark(const Names& names) const;
  DataFrame Limit(int64_t rows) const;
  DataFrame Offset(int64_t rows) const;
  template <class... C>
  DataFrame OrderBy(const C&... columns) const {
    return OrderByAll({Column(columns)...});
  }
  DataFrame OrderByAll(Columns columns) const;
  /// `delay`: how much later than the latest time seen a row may come: "10 minutes".
  DataFrame WithWatermark(std::string_view event_time, std::string_view delay) const;

  // ---- groups
  template <class... C>
  GroupedData GroupBy(const C&... columns) const;
  GroupedData GroupByAll(Columns columns) const;
  /// Also the subtotals: of the first columns (rollup), of every choice of them (cube).
  template <class... C>
  GroupedData Rollup(const C&... columns) const;
  template <class... C>
  GroupedData Cube(const C&... columns) const;
  /// Aggregates over all rows.
  DataFrame Agg(Columns aggregates) const;

  // ---- two of them. `kind`: inner, cross, left, right, full, semi, anti (and Spark's other names)
  DataFrame Join(const DataFrame& right, const Column& condition,
                 std::string_view kind = "inner") const;
  /// By columns of the same names on both sides, which come out once.
  DataFrame Join(const DataFrame& right, const Names& using_columns,
                 std::string_view kind = "inner") const;
  DataFrame CrossJoin(const DataFrame& right) const;
  /// UNION ALL: columns by position.
  DataFrame Union(const DataFrame& other) const;
  DataFrame UnionByName(const DataFrame& other, bool allow_missing_columns = false) const;
  DataFrame Intersect(const DataFrame& other) const;
  DataFrame Except(const DataFrame& other) const;

  // ---- what it is
  const Status& status() const;
  Result<api::Schema> Schema() const;
  Names ColumnNames() const;  // none if it holds an error
  bool IsStreaming() const;
  /// The plans as trees: analyzed (`extended`) and optimized.
  Result<std::string> Explain(bool extended = false) const;

  // ---- actions, of rows at rest
  Result<std::vector<Row>> Collect() const;
  Result<int64_t> Count() const;
  Result<bool> IsEmpty() const;
  /// Prints a table through SessionOptions::print. Cells are cut after 20 characters if `truncate`.
  Status Show(int64_t rows = 20, bool truncate = true) const;
  Result<std::string> ShowString(int64_t rows = 20, bool truncate = true) const;
  DataFrameWriter Write() const;
  Status CreateOrReplaceTempView(std::string_view name) const;
  Status CreateTempView(std::string_view name) const;
  // ---- actions, of a stream
  DataStreamWriter WriteStream() const;

 private:
  friend struct Access;
  struct Rep;
  explicit DataFrame(std::shared_ptr<const Rep> rep) : rep_(std::move(rep)) {}
  std::shared_ptr<const Rep> rep_;
};

/// Rows in groups, waiting for what to make of each.
class THALWEG_EXPORT GroupedData {
 public:
  enum class Kind : uint8_t { kGroupBy, kRollup, kCube };
  /// The grouping columns, then `aggregates`.
  DataFrame AggAll(std::vector<Column> aggregates) const;
  template <class... C>
  DataFrame Agg(const C&... aggregates) const {
    return AggAll({Column(aggregates)...});
  }
  /// A column `count`.
  DataFrame Count() const;
  DataFrame Sum(const DataFrame::Names& names) const;
  DataFrame Avg(const DataFrame::Names& names) const;
  DataFrame Min(const DataFrame::Names& names) const;
  DataFrame Max(const DataFrame::Names& names) const;

 private:
  friend struct Access;
  friend class DataFrame;
  GroupedData(DataFrame input, Kind kind, std::vector<Column> groupings)
      : input_(std::move(input)), kind_(kind), groupings_(std::move(groupings)) {}
  DataFrame OfEach(const char* function, const DataFrame::Names& names) const;

  DataFrame input_;
  Kind kind_;
  std::vector<Column> groupings_;
};

template <class... C>
GroupedData DataFrame::GroupBy(const C&... columns) const {
  return GroupByAll({Column(columns)...});
}
template <class... C>
GroupedData DataFrame::Rollup(const C&... columns) const {
  return {*this, GroupedData::Kind::kRollup, {Column(columns)...}};
}
template <class... C>
GroupedData DataFrame::Cube(const C&... columns) const {
  return {*this, GroupedData::Kind::kCube, {Column(columns)...}};
}

}  // namespace api
}  // namespace thalweg
