// The relations of SQL's clauses. The same node stands for the unresolved and the typed form:
// before analysis its expressions are unresolved and it has no output. Names are Connect's.
#pragma once

#include <string>
#include <vector>

#include "plan/relation.h"

namespace thalweg {

/// Rows known at planning: VALUES after analysis, Connect's LocalRelation, test data. `batches` are
/// of `schema`, parallel to `output`.
struct LocalRelation final : RelationNode<LocalRelation, RelationKind::kLocalRelation> {
  static constexpr const char* kName = "LocalRelation";
  SchemaPtr schema;
  std::shared_ptr<const std::vector<Batch>> batches;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("schema", self.schema);
  }
};

struct Sort final : RelationNode<Sort, RelationKind::kSort> {
  static constexpr const char* kName = "Sort";
  RelationPtr input;
  std::vector<ExprPtr> order;  // SortOrders
  bool is_global = true;       // ORDER BY; false: SORT BY
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("order", self.order);
    v.Field("is_global", self.is_global);
  }
};

struct Limit final : RelationNode<Limit, RelationKind::kLimit> {
  static constexpr const char* kName = "Limit";
  RelationPtr input;
  ExprPtr limit;  // foldable; a Literal of INT once typed
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("limit", self.limit);
  }
};

struct OffsetRelation final : RelationNode<OffsetRelation, RelationKind::kOffset> {
  static constexpr const char* kName = "Offset";
  RelationPtr input;
  ExprPtr offset;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("offset", self.offset);
  }
};

enum class SetOperationKind : uint8_t { kUnion, kIntersect, kExcept };

/// UNION [ALL] and kin. UNION has two or more inputs once unions of unions are flattened.
struct SetOperation final : RelationNode<SetOperation, RelationKind::kSetOperation> {
  static constexpr const char* kName = "SetOperation";
  SetOperationKind operation = SetOperationKind::kUnion;
  std::vector<RelationPtr> inputs;
  bool is_all = false;
  bool by_name = false;
  bool allow_missing_columns = false;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    static constexpr const char* kKinds[] = {"union", "intersect", "except"};
    v.Enum("operation", kKinds[static_cast<int>(self.operation)]);
    v.Field("inputs", self.inputs);
    v.Field("is_all", self.is_all);
    v.Field("by_name", self.by_name);
    v.Field("allow_missing_columns", self.allow_missing_columns);
  }
};

enum class JoinKind : uint8_t {
  kInner,
  kCross,
  kLeftOuter,
  kRightOuter,
  kFullOuter,
  kLeftSemi,
  kLeftAnti
};

struct Join final : RelationNode<Join, RelationKind::kJoin> {
  static constexpr const char* kName = "Join";
  RelationPtr left;
  RelationPtr right;
  JoinKind join = JoinKind::kInner;
  ExprPtr condition;  // may be null
  std::vector<std::string> using_columns;
  bool natural = false;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    static constexpr const char* kKinds[] = {"inner",      "cross",     "left_outer", "right_outer",
                                             "full_outer", "left_semi", "left_anti"};
    v.Enum("join", kKinds[static_cast<int>(self.join)]);
    v.Field("left", self.left);
    v.Field("right", self.right);
    v.Field("condition", self.condition);
    v.Field("using_columns", self.using_columns);
    v.Field("natural", self.natural);
  }
};

/// Left columns, then right ones; the side that an outer join fills up is nullable.
std::vector<AttributePtr> JoinOutput(const Join& join);

/// dropDuplicates and dropDuplicatesWithinWatermark. `keys` are Attributes of the input once typed.
struct Deduplicate final : RelationNode<Deduplicate, RelationKind::kDeduplicate> {
  static constexpr const char* kName = "Deduplicate";
  RelationPtr input;
  std::vector<std::string> column_names;
  bool all_columns_as_keys = false;
  bool within_watermark = false;
  bool is_distinct = false;  // SELECT DISTINCT: an aggregation on all columns
  std::vector<ExprPtr> keys;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("column_names", self.column_names);
    v.Field("all_columns_as_keys", self.all_columns_as_keys);
    v.Field("within_watermark", self.within_watermark);
    v.Field("is_distinct", self.is_distinct);
    v.Field("keys", self.keys);
  }
};

/// input AS alias [(columns)].
struct SubqueryAlias final : RelationNode<SubqueryAlias, RelationKind::kSubqueryAlias> {
  static constexpr const char* kName = "SubqueryAlias";
  RelationPtr input;
  std::string alias;
  std::vector<std::string> column_names;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("alias", self.alias);
    v.Field("column_names", self.column_names);
  }
};

/// LATERAL VIEW [OUTER] generator alias AS columns, and explode(…) in a select list once typed.
struct Generate final : RelationNode<Generate, RelationKind::kGenerate> {
  static constexpr const char* kName = "Generate";
  RelationPtr input;
  ExprPtr generator;
  bool outer = false;
  bool lateral_join = false;  // written as LATERAL f(…); before analysis only
  std::string alias;
  std::vector<std::string> column_names;
  std::vector<ExprPtr> generated;  // Attributes that the generator makes, once typed
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("generator", self.generator);
    v.Field("outer", self.outer);
    v.Field("lateral_join", self.lateral_join);
    v.Field("alias", self.alias);
    v.Field("column_names", self.column_names);
    v.Field("generated", self.generated);
  }
};

/// Each row as often as there are projections, each time with the values of one of them beside it:
/// GROUPING SETS below their aggregation. Typed plans only.
struct Expand final : RelationNode<Expand, RelationKind::kExpand> {
  static constexpr const char* kName = "Expand";
  RelationPtr input;
  std::vector<ExprPtr> projections;  // projection by projection, each as wide as `generated`
  std::vector<ExprPtr> generated;    // Attributes
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("projections", self.projections);
    v.Field("generated", self.generated);
  }
};

/// Dataset.observe(name, metrics…).
struct CollectMetrics final : RelationNode<CollectMetrics, RelationKind::kCollectMetrics> {
  static constexpr const char* kName = "CollectMetrics";
  RelationPtr input;
  std::string metric;
  std::vector<ExprPtr> metrics;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("metric", self.metric);
    v.Field("metrics", self.metrics);
  }
};

/// DISTRIBUTE BY, CLUSTER BY's first half, repartition, coalesce: no effect on rows here.
struct Repartition final : RelationNode<Repartition, RelationKind::kRepartition> {
  static constexpr const char* kName = "Repartition";
  RelationPtr input;
  std::vector<ExprPtr> expressions;
  int64_t num_partitions = 0;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("expressions", self.expressions);
    v.Field("num_partitions", self.num_partitions);
  }
};

// ------------------------------------------------------------------ only before analysis

/// A table, view or CTE by name, or format.`path`; STREAM(name) sets is_streaming.
struct UnresolvedRead final : RelationNode<UnresolvedRead, RelationKind::kUnresolvedRead> {
  static constexpr const char* kName = "UnresolvedRead";
  std::vector<std::string> parts;  // of a name; empty: a data source
  std::string format;
  FieldMap options;
  std::vector<std::string> paths;
  SchemaPtr schema;
  bool is_streaming = false;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("parts", self.parts);
    v.Field("format", self.format);
    v.Field("options", self.options);
    v.Field("paths", self.paths);
    v.Field("schema", self.schema);
    v.Field("is_streaming", self.is_streaming);
  }
};

/// VALUES (…), (…): `width` expressions a row.
struct UnresolvedInlineTable final
    : RelationNode<UnresolvedInlineTable, RelationKind::kUnresolvedInlineTable> {
  static constexpr const char* kName = "UnresolvedInlineTable";
  std::vector<ExprPtr> values;      // row by row
  std::vector<int64_t> row_widths;  // one a row: they may differ, the analyzer refuses that
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("values", self.values);
    v.Field("row_widths", self.row_widths);
  }
};

/// range(…), explode(…) in FROM.
struct UnresolvedTableFunction final
    : RelationNode<UnresolvedTableFunction, RelationKind::kUnresolvedTableFunction> {
  static constexpr const char* kName = "UnresolvedTableFunction";
  std::string function;
  std::vector<ExprPtr> arguments;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
  }
};

/// WITH names[i] AS (plans[i]) … input.
struct UnresolvedWith final : RelationNode<UnresolvedWith, RelationKind::kUnresolvedWith> {
  static constexpr const char* kName = "UnresolvedWith";
  RelationPtr input;
  std::vector<std::string> names;
  std::vector<RelationPtr> plans;  // SubqueryAlias where columns are named
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("names", self.names);
    v.Field("plans", self.plans);
  }
};

/// HAVING over an aggregate (or over a select list without GROUP BY).
struct UnresolvedHaving final : RelationNode<UnresolvedHaving, RelationKind::kUnresolvedHaving> {
  static constexpr const char* kName = "UnresolvedHaving";
  RelationPtr input;
  ExprPtr condition;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("condition", self.condition);
  }
};

/// /*+ NAME(…) */: hints never change results; unknown ones are ignored as in Spark.
struct UnresolvedHint final : RelationNode<UnresolvedHint, RelationKind::kUnresolvedHint> {
  static constexpr const char* kName = "UnresolvedHint";
  RelationPtr input;
  std::string hint;
  std::vector<ExprPtr> parameters;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("input", self.input);
    v.Field("hint", self.hint);
    v.Field("parameters", self.parameters);
  }
};

}  // namespace thalweg
