// Relations: the nodes of the logical plan, a DAG of immutable shared nodes with the names of Spark
// Connect's messages where it has them. Typed relations know their `output`; unresolved ones (from
// SQL, the C++ API or Connect) have none until the analyzer gives them one.
//
// Deviations from Connect: Read carries the opened Table after analysis instead of a name.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "data/contracts.h"
#include "plan/expression.h"

namespace thalweg {

/// What a streaming query gives its sink each epoch (Spark's output modes).
enum class OutputMode : uint8_t { kAppend, kUpdate, kComplete };

enum class RelationKind : uint8_t {
  kRead,
  kLocalRelation,
  kProject,
  kFilter,
  kAggregate,
  kWithWatermark,
  kSort,
  kLimit,
  kOffset,
  kSetOperation,
  kJoin,
  kDeduplicate,
  kSubqueryAlias,
  kGenerate,
  kExpand,
  kCollectMetrics,
  kRepartition,
  // unresolved: plan/unresolved.h
  kUnresolvedRead,
  kUnresolvedInlineTable,
  kUnresolvedTableFunction,
  kUnresolvedWith,
  kUnresolvedHaving,
  kUnresolvedHint,
};

class Relation {
 public:
  virtual ~Relation() = default;
  virtual RelationKind kind() const = 0;
  virtual const char* name() const = 0;
  virtual void Read(FieldReader& reader) const = 0;
  virtual RelationPtr Rewrite(FieldWriter& writer) const = 0;
  bool resolved() const { return resolved_output; }

  /// The columns that come out, by id. Set by the analyzer (or by the makers below).
  std::vector<AttributePtr> output;
  bool resolved_output = false;
  /// Some leaf below is a stream.
  bool streaming = false;
  SqlPlace place;
};

template <class D, RelationKind kKind>
class RelationNode : public Relation {
 public:
  static constexpr RelationKind kNodeKind = kKind;
  RelationKind kind() const final { return kKind; }
  const char* name() const final { return D::kName; }
  void Read(FieldReader& reader) const final { D::Fields(static_cast<const D&>(*this), reader); }
  RelationPtr Rewrite(FieldWriter& writer) const final {
    auto copy = std::make_shared<D>(static_cast<const D&>(*this));
    D::Fields(*copy, writer);
    return copy;
  }
};

template <class D>
const D* As(const RelationPtr& relation) {
  return relation && relation->kind() == D::kNodeKind ? static_cast<const D*>(relation.get())
                                                      : nullptr;
}

/// A scan of a table. `columns` are indices into the table's schema, parallel to `output`.
struct ReadRelation final : RelationNode<ReadRelation, RelationKind::kRead> {
  static constexpr const char* kName = "Read";
  TablePtr table;
  bool is_streaming = false;
  std::vector<int64_t> columns;
  FieldMap options;  // of this read: rate limits and the like
  std::string source_name;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("table", self.table);
    v.Field("is_streaming", self.is_streaming);
    v.Field("columns", self.columns);
    v.Field("options", self.options);
    v.Field("source_name", self.source_name);
  }
};

struct Project final : RelationNode<Project, RelationKind::kProject> {
  static constexpr const char* kName = "Project";
  RelationPtr input;
  std::vector<ExprPtr> expressions;  // Attributes and Aliases once typed
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("expressions", self.expressions);
  }
};

struct Filter final : RelationNode<Filter, RelationKind::kFilter> {
  static constexpr const char* kName = "Filter";
  RelationPtr input;
  ExprPtr condition;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("condition", self.condition);
  }
};

/// `groupings` are typed expressions (Attribute, Alias, Alias of TimeWindow …); `aggregates` are
/// the output columns: Attributes of groupings and Aliases over AggregateCalls and groupings. After
/// the analyzer, each aggregate is a grouping attribute or an Alias whose child is one
/// AggregateCall (arithmetic around aggregates has become a Project above).
enum class GroupKind : uint8_t { kGroupBy, kAll, kRollup, kCube, kGroupingSets };

struct AggregateRelation final : RelationNode<AggregateRelation, RelationKind::kAggregate> {
  static constexpr const char* kName = "Aggregate";
  RelationPtr input;
  std::vector<ExprPtr> groupings;
  std::vector<ExprPtr> aggregates;
  // Before analysis only: how the groupings are meant; `sets` are the grouping sets as indices into
  // `groupings`, each set ended by -1.
  GroupKind group = GroupKind::kGroupBy;
  std::vector<int64_t> sets;
  bool is_distinct = false;  // made of SELECT DISTINCT or UNION, not of GROUP BY
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    static constexpr const char* kKinds[] = {"group_by", "all", "rollup", "cube", "sets"};
    v.Enum("group", kKinds[static_cast<int>(self.group)]);
    v.Field("sets", self.sets);
    v.Field("is_distinct", self.is_distinct);
    v.Field("groupings", self.groupings);
    v.Field("aggregates", self.aggregates);
  }
};

/// Declares `event_time` (an Attribute of the input) with a delay; the output's attribute carries
/// it.
struct WithWatermark final : RelationNode<WithWatermark, RelationKind::kWithWatermark> {
  static constexpr const char* kName = "WithWatermark";
  RelationPtr input;
  ExprPtr event_time;  // before analysis any expression, named where it is not a column
  ExprPtr delay;       // before analysis: an interval literal
  int64_t delay_us = 0;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("event_time", self.event_time);
    v.Field("delay", self.delay);
    v.Field("delay_us", self.delay_us);
  }
};

// ---- makers of typed nodes: fill output, resolved_output and streaming
RelationPtr MakeRead(TablePtr table, bool is_streaming, std::vector<int64_t> columns = {});
RelationPtr MakeProject(RelationPtr input, std::vector<ExprPtr> expressions);
RelationPtr MakeFilter(RelationPtr input, ExprPtr condition);
RelationPtr MakeAggregate(RelationPtr input, std::vector<ExprPtr> groupings,
                          std::vector<ExprPtr> aggregates);
/// The different rows of `input`: an aggregation by all its columns.
RelationPtr MakeDistinct(RelationPtr input);
RelationPtr MakeWithWatermark(RelationPtr input, AttributePtr event_time, int64_t delay_us);
/// `generator`: a GeneratorCall, or a TimeWindow, which makes a row for each window of a row.
/// `generated`: its columns.
RelationPtr MakeGenerate(RelationPtr input, ExprPtr generator, bool outer,
                         std::vector<AttributePtr> generated);
ExprPtr MakeLiteral(Value value);
ExprPtr MakeAlias(ExprPtr child, std::string name);
ExprPtr MakeTimeWindow(ExprPtr time, int64_t size_us, int64_t slide_us, int64_t start_us);
/// Fills output, resolved_output and streaming of a node that nobody else holds yet from its
/// fields. Leaves and unresolved nodes stay as they are. The makers above, MapInputs and
/// MapExpressions call it.
void DeriveOutput(Relation* fresh);
/// The output attribute that an Attribute or Alias stands for. It carries the watermark of what it
/// renames (a column, or the window of a column), as in Spark.
AttributePtr ToAttribute(const ExprPtr& named);
/// The same relation with other output columns (fresh ids, qualifiers).
RelationPtr WithOutput(const RelationPtr& relation, std::vector<AttributePtr> output);
/// The input's output attribute of that name (first match, case folded), nullptr if none.
AttributePtr FindOutput(const RelationPtr& relation, std::string_view name);

// ---- generic over nodes (plan/walk.cc)
std::vector<RelationPtr> Inputs(const Relation& relation);
RelationPtr MapInputs(const RelationPtr& relation,
                      const std::function<RelationPtr(const RelationPtr&)>& f);
RelationPtr MapExpressions(const RelationPtr& relation,
                           const std::function<ExprPtr(const ExprPtr&)>& f);
RelationPtr TransformUp(const RelationPtr& relation,
                        const std::function<RelationPtr(const RelationPtr&)>& f);
bool Equal(const RelationPtr& a, const RelationPtr& b);
/// A tree, one node a line, children indented; for EXPLAIN and golden scripts. Fields that say
/// nothing (false, empty) are left out.
std::string ToTreeString(const RelationPtr& relation);
/// A fingerprint of what the plan means (structure, functions, types; ids made dense; places and
/// names of aliases aside): addresses state and guards replay (DESIGN.md §4.4, §4.5).
std::string Fingerprint(const RelationPtr& relation);

}  // namespace thalweg
