// GROUP BY GROUPING SETS, CUBE, ROLLUP: an Expand gives each row once a set, with NULL for what the
// set leaves out, and an Aggregate groups by that and by the set's number.
#include <algorithm>

#include "analyzer/aggregate_builder.h"
#include "analyzer/expression_analyzer.h"

namespace thalweg {
namespace {

using Sets = std::vector<std::vector<size_t>>;

bool Holds(const std::vector<size_t>& set, size_t grouping) {
  return std::find(set.begin(), set.end(), grouping) != set.end();
}

bool AllHold(const Sets& sets, size_t grouping) {
  return std::all_of(sets.begin(), sets.end(),
                     [&](const std::vector<size_t>& set) { return Holds(set, grouping); });
}

/// A bit a grouping that the set leaves out.
int64_t GroupingId(const std::vector<size_t>& set, size_t groupings) {
  uint64_t id = 0;
  for (size_t i = 0; i < groupings; ++i) id = id << 1 | (Holds(set, i) ? 0 : 1);
  return static_cast<int64_t>(id);
}

bool HaveTwins(const Sets& sets, size_t groupings) {
  std::vector<int64_t> ids;
  for (const std::vector<size_t>& set : sets) ids.push_back(GroupingId(set, groupings));
  std::sort(ids.begin(), ids.end());
  return std::adjacent_find(ids.begin(), ids.end()) != ids.end();
}

AttributePtr NewColumn(const std::string& name, TypePtr type, bool nullable) {
  auto column = std::make_shared<Attribute>();
  column->id = NextExpressionId();
  column->column = name;
  column->type = std::move(type);
  column->nullable = nullable;
  return column;
}

/// The column of a grouping as the Expand makes it.
AttributePtr ColumnOf(const ExprPtr& grouping, bool in_all_sets) {
  auto column = std::make_shared<Attribute>(*ToAttribute(Named(grouping)));
  column->id = NextExpressionId();
  column->nullable = grouping->nullable || !in_all_sets;
  return column;
}

}  // namespace

Result<std::shared_ptr<AggregateBuilder>> AggregateBuilder::OfSets(
    RelationPtr input, const std::vector<ExprPtr>& groupings, const Sets& sets) {
  constexpr size_t kGroupingsMax = 64;
  if (groupings.size() > kGroupingsMax) {
    return Status::User("GROUPING_SIZE_LIMIT_EXCEEDED", {{"maxSize", "64"}}, groupings[0]->place);
  }
  std::vector<Key> keys;
  auto expand = std::make_shared<Expand>();
  for (size_t i = 0; i < groupings.size(); ++i) {
    const bool in_all_sets = AllHold(sets, i);
    const AttributePtr column = ColumnOf(groupings[i], in_all_sets);
    if (column->watermark_delay_us >= 0 && !in_all_sets && input->streaming) {
      return NotSupportedYet("grouping sets without the event time", groupings[i]->place);
    }
    keys.push_back({groupings[i], column});
    expand->generated.push_back(column);
  }
  std::vector<ExprPtr> marks = {NewColumn("spark_grouping_id", BigintType(), false)};
  if (HaveTwins(sets, groupings.size())) {
    marks.push_back(NewColumn("_gen_grouping_pos", IntType(), false));
  }
  expand->generated.insert(expand->generated.end(), marks.begin(), marks.end());
  for (size_t s = 0; s < sets.size(); ++s) {
    for (size_t i = 0; i < groupings.size(); ++i) {
      expand->projections.push_back(Holds(sets[s], i) ? groupings[i]
                                                      : MakeLiteral(Value(groupings[i]->type)));
    }
    expand->projections.push_back(
        MakeLiteral(Value::Bigint(GroupingId(sets[s], groupings.size()))));
    if (marks.size() > 1) {
      expand->projections.push_back(MakeLiteral(Value::Int(static_cast<int32_t>(s))));
    }
  }
  expand->input = std::move(input);
  DeriveOutput(expand.get());
  std::shared_ptr<AggregateBuilder> builder(new AggregateBuilder(std::move(expand)));
  builder->keys_ = std::move(keys);
  builder->set_marks_ = std::move(marks);
  return builder;
}

}  // namespace thalweg
