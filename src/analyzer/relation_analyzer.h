// RelationAnalyzer: unresolved relation -> typed relation, one method a kind of node. A SELECT is
// analysed as a whole (Selected), because HAVING and ORDER BY may name what the list does not show.
// Made for one query; not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/aggregate_builder.h"
#include "analyzer/expression_analyzer.h"

namespace thalweg {

class RelationAnalyzer {
 public:
  explicit RelationAnalyzer(const AnalyzerContext& context) : context_(context) {}
  Result<RelationPtr> Analyze(const RelationPtr& relation);
  static Status CheckMetricNames(const RelationPtr& typed);

 private:
  /// A select list over what lies below it, not yet put into a Project.
  struct Selected {
    RelationPtr below;                            // aggregates, generators and HAVING are in it
    std::vector<ExprPtr> list;                    // Attributes and Aliases over `below`
    std::shared_ptr<AggregateBuilder> aggregate;  // null: no aggregation
    std::vector<AttributePtr> input;              // what FROM and WHERE left, for hidden columns
  };

  // ---- select.cc
  Result<Selected> AnalyzeSelect(const RelationPtr& relation);
  Result<Selected> AnalyzeProject(const Project& project);
  Result<Selected> AnalyzeHaving(const UnresolvedHaving& having);
  Result<std::vector<ExprPtr>> ResolveList(const std::vector<ExprPtr>& list, const Scope& scope);
  Result<std::vector<ExprPtr>> ExpandStar(const UnresolvedStar& star, const Scope& scope);
  Result<Selected> Aggregate(std::shared_ptr<AggregateBuilder> builder,
                             std::vector<AttributePtr> input, const std::vector<ExprPtr>& list);
  Result<RelationPtr> Finish(Selected selected);
  Result<ExprPtr> ResolveOverAggregate(const ExprPtr& expr, Selected* selected,
                                       bool inline_aliases);
  Result<ExprPtr> RewriteOver(const ExprPtr& expr, Selected* selected,
                              const std::vector<std::pair<AttributePtr, ExprPtr>>& shown,
                              bool inline_aliases);
  static ExprPtr NewAttribute(const std::vector<std::string>& parts, const SqlPlace& place);
  static bool IsSelect(const RelationPtr& relation);

  // ---- grouping.cc
  Result<Selected> AnalyzeAggregate(const AggregateRelation& aggregate);
  Result<Selected> AggregateSets(const AggregateRelation& aggregate, RelationPtr input,
                                 const std::vector<ExprPtr>& groupings,
                                 const std::vector<ExprPtr>& list);
  static Status CheckGroupings(const std::vector<ExprPtr>& groupings, const SqlPlace& place);
  Result<std::vector<ExprPtr>> ResolveGroupings(const AggregateRelation& aggregate,
                                                const Scope& scope,
                                                const std::vector<ExprPtr>& list);
  Result<ExprPtr> ResolveGrouping(const ExprPtr& grouping, const Scope& scope,
                                  const std::vector<ExprPtr>& list);

  // ---- time_windows.cc
  /// Time windows of a list become a column below it.
  Result<RelationPtr> WithWindows(RelationPtr input, std::vector<ExprPtr>* list);
  Result<ExprPtr> FindWindow(const AggregateRelation& aggregate, const Scope& scope);
  static RelationPtr PlaceWindow(RelationPtr input, const ExprPtr& window,
                                 const std::vector<ExprPtr>& list, std::vector<ExprPtr>* groupings);

  // ---- sorting.cc
  Result<RelationPtr> AnalyzeSort(const Sort& sort);
  Result<ExprPtr> ResolveSortChild(const ExprPtr& child, Selected* selected,
                                   std::vector<ExprPtr>* hidden);
  Result<RelationPtr> AnalyzeLimit(const Limit& limit);
  Result<RelationPtr> AnalyzeOffset(const OffsetRelation& offset);
  Result<RelationPtr> AnalyzeRepartition(const Repartition& repartition);
  Status CheckDistribution(const Repartition& repartition);
  Result<ExprPtr> ResolveRowCount(const ExprPtr& count, const Relation& input, const char* clause);

  Result<std::vector<ExprPtr>> OrderOf(const Sort& sort, const Selected& selected);
  static Result<RelationPtr> RebuildBelow(const Selected& selected);
  static ExprPtr Hide(const ExprPtr& typed, const Selected& selected, std::vector<ExprPtr>* hidden);

  // ---- from.cc
  Result<RelationPtr> OpenTable(const TableDefinition& definition, bool streaming,
                                const SqlPlace& place) const;
  std::string NearName(const UnresolvedRead& read) const;
  Result<RelationPtr> AnalyzeRead(const UnresolvedRead& read);
  Result<RelationPtr> AnalyzeSubqueryAlias(const SubqueryAlias& alias);
  Result<RelationPtr> AnalyzeWith(const UnresolvedWith& with);
  Result<RelationPtr> AnalyzeWatermark(const WithWatermark& watermark);
  Result<RelationPtr> AnalyzeDeduplicate(const Deduplicate& deduplicate);
  Result<RelationPtr> AnalyzeFilter(const Filter& filter);

  // ---- table_functions.cc
  Result<RelationPtr> AnalyzeTableFunction(const UnresolvedTableFunction& call);
  Result<RelationPtr> AnalyzeRange(const UnresolvedTableFunction& call);

  // ---- inline_table.cc
  Result<RelationPtr> AnalyzeInlineTable(const UnresolvedInlineTable& table);
  Result<StructField> TypeColumn(const UnresolvedInlineTable& table, int column,
                                 ExpressionAnalyzer* analyzer, std::vector<ExprPtr>* cells);

  // ---- joins.cc
  Result<RelationPtr> AnalyzeJoin(const Join& join);
  Result<RelationPtr> MergeUsing(std::shared_ptr<Join> join, std::vector<std::string> names);

  // ---- set_operations.cc
  Result<RelationPtr> AnalyzeSetOperation(const SetOperation& set);
  static std::vector<AttributePtr> SetOutput(const SetOperation& set);
  Result<std::vector<RelationPtr>> CommonColumns(std::vector<RelationPtr> inputs,
                                                 const SetOperation& set);

  // ---- observed_metrics.cc
  Result<RelationPtr> AnalyzeCollectMetrics(const CollectMetrics& observed);

  // ---- generators.cc
  Result<RelationPtr> AnalyzeGenerate(const Generate& generate);
  /// Generators of a select list become Generate nodes below it.
  Result<RelationPtr> WithGenerators(RelationPtr input, std::vector<ExprPtr>* list,
                                     bool over_aggregation);
  Result<RelationPtr> AnalyzeTableGenerator(const UnresolvedTableFunction& call);

  Scope ScopeOf(const std::vector<AttributePtr>& columns) const {
    return {columns, context_.conf->GetBool("spark.sql.caseSensitive")};
  }
  BindSettings settings() const { return BindSettingsOf(*context_.conf); }

  const AnalyzerContext& context_;
  std::vector<std::pair<std::string, RelationPtr>> ctes_;  // typed, innermost last
};

}  // namespace thalweg
