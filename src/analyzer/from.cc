// What stands in FROM, and the relations that rename, mark or thin out its rows.
#include "analyzer/relation_analyzer.h"
#include "data/parse_text.h"
#include "data/type_text.h"
#include "functions/coercion.h"
#include "functions/evaluator.h"

namespace thalweg {
namespace {

/// The same relation with its columns known under `alias`, renamed where `names` says so.
RelationPtr Qualify(const RelationPtr& input, const std::string& alias,
                    const std::vector<std::string>& names) {
  RelationPtr renamed = input;
  std::vector<ExprPtr> columns;
  for (const AttributePtr& column : input->output) {
    if (column->metadata) continue;
    const size_t at = columns.size();
    columns.push_back(names.empty() ? ExprPtr(column) : MakeAlias(column, names[at]));
  }
  if (!names.empty() || columns.size() < input->output.size()) {
    renamed = MakeProject(input, std::move(columns));
  }
  auto view = std::make_shared<SubqueryAlias>();
  view->input = std::move(renamed);
  view->alias = alias;
  DeriveOutput(view.get());
  return view;
}

// The delay as the clause writes it (an interval) or as withWatermark takes it (a text).
Result<int64_t> WatermarkDelayUs(const WithWatermark& watermark) {
  constexpr int64_t kDayUs = 86'400'000'000;
  constexpr int64_t kMonthUs = 31 * kDayUs;  // as Spark counts a month of delay
  const auto* literal = As<Literal>(watermark.delay);
  if (literal == nullptr) return watermark.delay_us;
  if (literal->type->Is(TypeKind::kYearMonthInterval)) return literal->value.int64() * kMonthUs;
  if (literal->type->Is(TypeKind::kDayTimeInterval)) return literal->value.int64();
  CalendarInterval interval;
  if (literal->type->Is(TypeKind::kCalendarInterval)) {
    interval = literal->value.interval();
  } else if (!ParseCalendarInterval(literal->value.text(), &interval)) {
    return Status::User("CANNOT_PARSE_INTERVAL", {{"intervalString", literal->value.text()}},
                        watermark.place);
  }
  return interval.months * kMonthUs + interval.days * kDayUs + interval.us;
}

}  // namespace

// Innermost CTE, then temporary view, then table; or format.`path`.
Result<RelationPtr> RelationAnalyzer::AnalyzeRead(const UnresolvedRead& read) {
  if (read.parts.empty()) {
    const TableDefinition definition{read.format, read.options, read.paths, read.schema};
    return OpenTable(definition, read.is_streaming, read.place);
  }
  if (read.parts.size() == 1) {
    for (auto cte = ctes_.rbegin(); cte != ctes_.rend(); ++cte) {
      if (!EqualsIgnoringCase(cte->first, read.parts[0])) continue;
      return Qualify(WithFreshIds(cte->second), read.parts[0], {});
    }
    if (const RelationPtr view = context_.catalog->FindView(read.parts[0])) {
      if (read.is_streaming && !view->streaming) {
        return NotSupportedYet("STREAM of a view that is no stream", read.place);
      }
      return Qualify(WithFreshIds(view), read.parts[0], {});
    }
  }
  THALWEG_ASSIGN_OR_RETURN(const auto table, context_.catalog->FindTable(read.parts));
  if (table) {
    THALWEG_ASSIGN_OR_RETURN(const RelationPtr opened,
                             OpenTable(*table, read.is_streaming, read.place));
    return Qualify(opened, read.parts.back(), {});
  }
  if (read.parts.size() == 2 && context_.catalog->FindProvider(read.parts[0]) != nullptr) {
    const TableDefinition definition{read.parts[0], {}, {read.parts[1]}, nullptr};
    return OpenTable(definition, read.is_streaming, read.place);
  }
  return Status::User("TABLE_OR_VIEW_NOT_FOUND",
                      {{"relationName", QuoteName(read.parts)}, {"hint", NearName(read)}},
                      read.place);
}

Result<RelationPtr> RelationAnalyzer::OpenTable(const TableDefinition& definition, bool streaming,
                                                const SqlPlace& place) const {
  const TableProvider* provider = context_.catalog->FindProvider(definition.format);
  if (provider == nullptr) {
    const std::vector<std::string> known = context_.catalog->ProviderNames();
    const std::string near =
        NearestName(definition.format, std::vector<std::string_view>(known.begin(), known.end()));
    return Status::User("DATA_SOURCE_NOT_FOUND",
                        {{"provider", definition.format},
                         {"hint", near.empty() ? "" : " Did you mean " + near + "?"}},
                        place);
  }
  const Result<TablePtr> table =
      (*provider)(definition.options, definition.paths, definition.schema, streaming);
  if (!table.ok()) return table.status().WithPlace(place);
  if (streaming && !(*table)->info().can_stream_read) {
    return NotSupportedYet("reading " + (*table)->info().description + " as a stream", place);
  }
  RelationPtr opened = MakeRead(*table, streaming);
  if (definition.options.empty()) return opened;
  auto with_options = std::make_shared<ReadRelation>(*As<ReadRelation>(opened));
  with_options->options = definition.options;
  return RelationPtr(with_options);
}

/// " Did you mean `x`?" with the nearest view or CTE, "" if none is near.
std::string RelationAnalyzer::NearName(const UnresolvedRead& read) const {
  const std::vector<std::string> views = context_.catalog->ViewNames();
  std::vector<std::string_view> names(views.begin(), views.end());
  for (const auto& cte : ctes_) names.push_back(cte.first);
  const std::string near = NearestName(read.parts.back(), names);
  return near.empty() ? "" : " Did you mean " + QuoteName({near}) + "?";
}

Result<RelationPtr> RelationAnalyzer::AnalyzeSubqueryAlias(const SubqueryAlias& alias) {
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr input, Analyze(alias.input));
  if (!alias.column_names.empty() && alias.column_names.size() != input->output.size()) {
    if (alias.input->kind() == RelationKind::kUnresolvedInlineTable) {
      return Status::User("INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                          {{"expectedNumCols", std::to_string(alias.column_names.size())},
                           {"actualNumCols", std::to_string(input->output.size())},
                           {"rowIndex", "0"}},
                          alias.place);
    }
    return Status::User("ASSIGNMENT_ARITY_MISMATCH",
                        {{"numTarget", std::to_string(alias.column_names.size())},
                         {"numExpr", std::to_string(input->output.size())}},
                        alias.place);
  }
  return Qualify(input, alias.alias, alias.column_names);
}

// A CTE sees those before it.
Result<RelationPtr> RelationAnalyzer::AnalyzeWith(const UnresolvedWith& with) {
  const size_t outer = ctes_.size();
  for (size_t i = 0; i < with.names.size(); ++i) {
    for (size_t j = outer; j < ctes_.size(); ++j) {
      if (!EqualsIgnoringCase(ctes_[j].first, with.names[i])) continue;
      return Status::User("DUPLICATED_CTE_NAMES", {{"duplicateNames", QuoteName({with.names[i]})}},
                          with.place);
    }
    Result<RelationPtr> plan = Analyze(with.plans[i]);
    if (!plan.ok()) {
      ctes_.resize(outer);
      return plan;
    }
    ctes_.emplace_back(with.names[i], *plan);
  }
  Result<RelationPtr> result = Analyze(with.input);
  ctes_.resize(outer);
  return result;
}

// WATERMARK expression [AS name] DELAY OF INTERVAL …
Result<RelationPtr> RelationAnalyzer::AnalyzeWatermark(const WithWatermark& watermark) {
  THALWEG_ASSIGN_OR_RETURN(const int64_t delay_us, WatermarkDelayUs(watermark));
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(watermark.input));
  const Scope scope = ScopeOf(input->output);
  ExpressionAnalyzer analyzer(context_, scope);
  THALWEG_ASSIGN_OR_RETURN(ExprPtr event_time, analyzer.Resolve(watermark.event_time));
  if (event_time->kind() != ExprKind::kAttribute && event_time->kind() != ExprKind::kAlias) {
    return Status::User("REQUIRES_EXPLICIT_NAME_IN_WATERMARK_CLAUSE",
                        {{"sqlExpr", "\"" + ColumnName(event_time) + "\""}}, watermark.place);
  }
  const bool window = event_time->type->Is(TypeKind::kStruct);
  if (!event_time->type->Is(TypeKind::kTimestamp) || window) {
    if (window) return NotSupportedYet("a watermark on a window", watermark.place);
    return Status::User("EVENT_TIME_IS_NOT_ON_TIMESTAMP_TYPE",
                        {{"eventName", "\"" + ToAttribute(event_time)->column + "\""},
                         {"eventType", "\"" + event_time->type->Sql() + "\""}},
                        watermark.place);
  }
  if (delay_us < 0) return NotSupportedYet("a negative delay of a watermark", watermark.place);
  if (event_time->kind() == ExprKind::kAlias) {
    std::vector<ExprPtr> columns(input->output.begin(), input->output.end());
    columns.push_back(event_time);
    input = MakeProject(std::move(input), std::move(columns));
  }
  if (!input->streaming) return input;  // a table at rest is never late
  return MakeWithWatermark(std::move(input), ToAttribute(event_time), delay_us);
}

// SELECT DISTINCT is an aggregation on all columns.
Result<RelationPtr> RelationAnalyzer::AnalyzeDeduplicate(const Deduplicate& deduplicate) {
  THALWEG_ASSIGN_OR_RETURN(RelationPtr input, Analyze(deduplicate.input));
  std::vector<ExprPtr> keys;
  if (deduplicate.all_columns_as_keys) {
    keys.assign(input->output.begin(), input->output.end());
  }
  const Scope scope = ScopeOf(input->output);
  for (const std::string& name : deduplicate.column_names) {
    bool found = false;
    for (const AttributePtr& column : input->output) {
      if (!scope.Same(column->column, name)) continue;
      keys.push_back(column);
      found = true;
    }
    if (!found) return scope.Unresolved({name}, deduplicate.place);
  }
  if (deduplicate.is_distinct) return MakeDistinct(std::move(input));
  auto typed = std::make_shared<Deduplicate>(deduplicate);
  typed->input = std::move(input);
  typed->keys = std::move(keys);
  DeriveOutput(typed.get());
  return RelationPtr(typed);
}

}  // namespace thalweg
