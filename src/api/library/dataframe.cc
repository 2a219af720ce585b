// Steps of a DataFrame: each writes a relation over the typed one below it and has it typed.
#include "thalweg/dataframe.h"

#include <algorithm>

#include "api/library/access.h"
#include "data/type_text.h"
#include "plan/clauses.h"
#include "sql/parser.h"
#include "thalweg/functions.h"

namespace thalweg {
namespace api {
namespace {

/// The DataFrame that `write` makes of the rows of `frame`; an error stays what it is.
template <class F>
DataFrame Step(const DataFrame& frame, const F& write) {
  if (!frame.status().ok()) return frame;
  const Access::Frame& rep = Access::Of(frame);
  std::lock_guard lock(rep.engine->mutex);
  return Access::MakeFrame(rep.engine, write(rep.typed));
}

thalweg::Result<RelationPtr> ProjectOf(const RelationPtr& input, std::vector<ExprPtr> list) {
  auto project = std::make_shared<Project>();
  project->input = input;
  project->expressions = std::move(list);
  return RelationPtr(std::move(project));
}

thalweg::Result<RelationPtr> FilterOf(const RelationPtr& input,
                                      thalweg::Result<ExprPtr> condition) {
  THALWEG_RETURN_NOT_OK(condition.status());
  auto filter = std::make_shared<thalweg::Filter>();
  filter->input = input;
  filter->condition = *std::move(condition);
  return RelationPtr(std::move(filter));
}

thalweg::Result<RelationPtr> DeduplicateOf(const RelationPtr& input,
                                           const std::vector<std::string>& names, bool within) {
  auto deduplicate = std::make_shared<Deduplicate>();
  deduplicate->input = input;
  deduplicate->column_names = names;
  deduplicate->all_columns_as_keys = names.empty();
  deduplicate->within_watermark = within;
  return RelationPtr(std::move(deduplicate));
}

thalweg::Result<RelationPtr> AggregateOf(const RelationPtr& input, GroupKind kind,
                                         const std::vector<Column>& groupings,
                                         const std::vector<Column>& aggregates) {
  auto node = std::make_shared<AggregateRelation>();
  node->input = input;
  node->group = kind;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> keys, Access::ExprsOf(groupings));
  THALWEG_ASSIGN_OR_RETURN(const std::vector<ExprPtr> values, Access::ExprsOf(aggregates));
  node->aggregates = keys;
  node->aggregates.insert(node->aggregates.end(), values.begin(), values.end());
  for (const ExprPtr& key : keys) {
    const auto* alias = As<thalweg::Alias>(key);
    node->groupings.push_back(alias == nullptr ? key : alias->child);
  }
  return RelationPtr(std::move(node));
}

ExprPtr Renamed(ExprPtr child, std::string_view name) {
  auto alias = std::make_shared<thalweg::Alias>();
  alias->child = std::move(child);
  alias->names = {std::string(name)};
  return alias;
}

bool Same(const DataFrame& frame, std::string_view a, std::string_view b) {
  const Conf& conf = Access::Of(frame).engine->session->conf();
  return conf.GetBool("spark.sql.caseSensitive") ? a == b : EqualsIgnoringCase(a, b);
}

std::vector<ExprPtr> ShownColumns(const RelationPtr& typed) {
  std::vector<ExprPtr> columns;
  for (const AttributePtr& column : typed->output) {
    if (!column->metadata) columns.push_back(column);
  }
  return columns;
}

const std::string& NameOf(const ExprPtr& column) {
  return As<Attribute>(column)->column;
}

}  // namespace

DataFrame Access::Failed(EnginePtr engine, Status error) {
  auto rep = std::make_shared<DataFrame::Rep>();
  rep->engine = std::move(engine);
  rep->error = std::move(error);
  return DataFrame(std::shared_ptr<const DataFrame::Rep>(std::move(rep)));
}

DataFrame Access::MakeFrame(EnginePtr engine, thalweg::Result<RelationPtr> written) {
  if (!written.ok()) return Failed(std::move(engine), Wrap(written.status()));
  thalweg::Result<RelationPtr> typed = engine->session->Analyze(*written);
  if (!typed.ok()) return Failed(std::move(engine), Wrap(typed.status()));
  auto rep = std::make_shared<DataFrame::Rep>();
  rep->engine = std::move(engine);
  rep->written = *std::move(written);
  rep->typed = *std::move(typed);
  return DataFrame(std::shared_ptr<const DataFrame::Rep>(std::move(rep)));
}

const Status& DataFrame::status() const {
  return rep_->error;
}

DataFrame DataFrame::SelectAll(Columns columns) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> list, Access::ExprsOf(columns));
    return ProjectOf(input, std::move(list));
  });
}

DataFrame DataFrame::SelectExpr(const Names& expressions) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    const ParserSettings settings = rep_->engine->session->parser_settings();
    std::vector<ExprPtr> list;
    for (const std::string& text : expressions) {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr expr, ParseExpression(text, settings));
      list.push_back(std::move(expr));
    }
    return ProjectOf(input, std::move(list));
  });
}

DataFrame DataFrame::Filter(const Column& condition) const {
  return Step(*this,
              [&](const RelationPtr& input) { return FilterOf(input, Access::ExprOf(condition)); });
}

DataFrame DataFrame::Filter(const char* condition) const {
  return Step(*this, [&](const RelationPtr& input) {
    return FilterOf(input, ParseExpression(condition, rep_->engine->session->parser_settings()));
  });
}

DataFrame DataFrame::WithColumn(std::string_view name, const Column& column) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    THALWEG_ASSIGN_OR_RETURN(const ExprPtr expr, Access::ExprOf(column));
    std::vector<ExprPtr> list = ShownColumns(input);
    bool replaced = false;
    for (ExprPtr& item : list) {
      if (!Same(*this, NameOf(item), name)) continue;
      item = Renamed(expr, name);
      replaced = true;
    }
    if (!replaced) list.push_back(Renamed(expr, name));
    return ProjectOf(input, std::move(list));
  });
}

DataFrame DataFrame::WithColumnRenamed(std::string_view from, std::string_view to) const {
  return Step(*this, [&](const RelationPtr& input) {
    std::vector<ExprPtr> list = ShownColumns(input);
    for (ExprPtr& item : list) {
      if (Same(*this, NameOf(item), from)) item = Renamed(item, to);
    }
    return ProjectOf(input, std::move(list));
  });
}

DataFrame DataFrame::Drop(const Names& names) const {
  return Step(*this, [&](const RelationPtr& input) {
    std::vector<ExprPtr> list;
    for (ExprPtr& item : ShownColumns(input)) {
      bool dropped = false;
      for (const std::string& name : names) dropped = dropped || Same(*this, NameOf(item), name);
      if (!dropped) list.push_back(std::move(item));
    }
    return ProjectOf(input, std::move(list));
  });
}

DataFrame DataFrame::Alias(std::string_view alias) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    auto named = std::make_shared<SubqueryAlias>();
    named->input = input;
    named->alias = alias;
    return RelationPtr(std::move(named));
  });
}

DataFrame DataFrame::Distinct() const {
  return DropDuplicates(Names{});
}
DataFrame DataFrame::DropDuplicates() const {
  return DropDuplicates(Names{});
}
DataFrame DataFrame::DropDuplicates(const Names& names) const {
  return Step(*this, [&](const RelationPtr& input) { return DeduplicateOf(input, names, false); });
}
DataFrame DataFrame::DropDuplicatesWithinWatermark(const Names& names) const {
  return Step(*this, [&](const RelationPtr& input) { return DeduplicateOf(input, names, true); });
}

DataFrame DataFrame::Limit(int64_t rows) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    auto limit = std::make_shared<thalweg::Limit>();
    limit->input = input;
    limit->limit = MakeLiteral(
        thalweg::Value::Int(static_cast<int32_t>(std::clamp<int64_t>(rows, INT32_MIN, INT32_MAX))));
    return RelationPtr(std::move(limit));
  });
}

DataFrame DataFrame::Offset(int64_t rows) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    auto offset = std::make_shared<OffsetRelation>();
    offset->input = input;
    offset->offset = MakeLiteral(
        thalweg::Value::Int(static_cast<int32_t>(std::clamp<int64_t>(rows, INT32_MIN, INT32_MAX))));
    return RelationPtr(std::move(offset));
  });
}

// Over what was written, so that a column which the step before has dropped can be sorted by.
DataFrame DataFrame::OrderByAll(Columns columns) const {
  return Step(*this, [&](const RelationPtr&) -> thalweg::Result<RelationPtr> {
    auto sort = std::make_shared<Sort>();
    sort->input = rep_->written;
    THALWEG_ASSIGN_OR_RETURN(sort->order, Access::ExprsOf(columns));
    for (ExprPtr& item : sort->order) {
      if (item->kind() == ExprKind::kSortOrder) continue;
      auto order = std::make_shared<SortOrder>();
      order->child = std::move(item);
      item = std::move(order);
    }
    return RelationPtr(std::move(sort));
  });
}

DataFrame DataFrame::WithWatermark(std::string_view event_time, std::string_view delay) const {
  return Step(*this, [&](const RelationPtr& input) -> thalweg::Result<RelationPtr> {
    auto watermark = std::make_shared<thalweg::WithWatermark>();
    watermark->input = input;
    THALWEG_ASSIGN_OR_RETURN(watermark->event_time, Access::ExprOf(Col(std::string(event_time))));
    watermark->delay = MakeLiteral(thalweg::Value::String(std::string(delay)));
    return RelationPtr(std::move(watermark));
  });
}

GroupedData DataFrame::GroupByAll(Columns columns) const {
  return {*this, GroupedData::Kind::kGroupBy, std::move(columns)};
}
DataFrame DataFrame::Agg(Columns aggregates) const {
  return GroupByAll({}).AggAll(std::move(aggregates));
}

DataFrame GroupedData::AggAll(std::vector<Column> aggregates) const {
  const GroupKind kind = kind_ == Kind::kRollup ? GroupKind::kRollup
                         : kind_ == Kind::kCube ? GroupKind::kCube
                                                : GroupKind::kGroupBy;
  return Step(input_, [&](const RelationPtr& input) {
    return AggregateOf(input, kind, groupings_, aggregates);
  });
}
DataFrame GroupedData::Count() const {
  return AggAll({CountAll().As("count")});
}
DataFrame GroupedData::OfEach(const char* function, const DataFrame::Names& names) const {
  std::vector<Column> aggregates;
  for (const std::string& name : names) aggregates.push_back(CallFunction(function, {Col(name)}));
  return AggAll(std::move(aggregates));
}
DataFrame GroupedData::Sum(const DataFrame::Names& names) const {
  return OfEach("sum", names);
}
DataFrame GroupedData::Avg(const DataFrame::Names& names) const {
  return OfEach("avg", names);
}
DataFrame GroupedData::Min(const DataFrame::Names& names) const {
  return OfEach("min", names);
}
DataFrame GroupedData::Max(const DataFrame::Names& names) const {
  return OfEach("max", names);
}

}  // namespace api
}  // namespace thalweg
