// Expressions that exist only before analysis, with the names of Spark Connect's messages.
// SQL, the C++ API and Connect produce them; the analyzer replaces every one (DESIGN.md §4.9).
//
// Deviations from Connect: UnresolvedSubquery holds its plan (Connect: a plan id beside the tree).
#pragma once

#include <string>
#include <vector>

#include "plan/expression.h"

namespace thalweg {

/// a, t.a, db.t.a.field: the parts of a dotted name as written, quotes removed.
struct UnresolvedAttribute final
    : ExpressionNode<UnresolvedAttribute, ExprKind::kUnresolvedAttribute> {
  static constexpr const char* kName = "UnresolvedAttribute";
  std::vector<std::string> parts;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("parts", self.parts);
  }
};

/// *, t.*; `except` lists dotted names left out (SELECT * EXCEPT (a, b.c)), each joined by '.'.
struct UnresolvedStar final : ExpressionNode<UnresolvedStar, ExprKind::kUnresolvedStar> {
  static constexpr const char* kName = "UnresolvedStar";
  std::vector<std::string> target;
  std::vector<std::string> except;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("target", self.target);
    v.Field("except", self.except);
  }
};

/// f(arguments), and every operator: "+", "==", "and", "not", "when", "in", "like", …
/// `distinct`, `filter`, `ignore_nulls` (0 not said, 1 IGNORE, 2 RESPECT), `order_within_group`
/// (SortOrders of WITHIN GROUP) are as written; functions that cannot have them refuse them.
struct UnresolvedFunction final
    : ExpressionNode<UnresolvedFunction, ExprKind::kUnresolvedFunction> {
  static constexpr const char* kName = "UnresolvedFunction";
  std::vector<std::string> function;  // name parts
  std::vector<ExprPtr> arguments;
  bool distinct = false;
  ExprPtr filter;
  int64_t ignore_nulls = 0;
  std::vector<ExprPtr> order_within_group;
  bool is_operator = false;  // written as an operator: prints as one in column names
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
    v.Field("distinct", self.distinct);
    v.Field("filter", self.filter);
    v.Field("ignore_nulls", self.ignore_nulls);
    v.Field("order_within_group", self.order_within_group);
    v.Field("is_operator", self.is_operator);
  }
};

/// child[extraction] and child.extraction.
struct UnresolvedExtractValue final
    : ExpressionNode<UnresolvedExtractValue, ExprKind::kUnresolvedExtractValue> {
  static constexpr const char* kName = "UnresolvedExtractValue";
  ExprPtr child;
  ExprPtr extraction;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("child", self.child);
    v.Field("extraction", self.extraction);
  }
};

/// (x, y) -> body; variables are UnresolvedAttributes inside body.
struct UnresolvedLambda final : ExpressionNode<UnresolvedLambda, ExprKind::kUnresolvedLambda> {
  static constexpr const char* kName = "UnresolvedLambda";
  ExprPtr body;
  std::vector<std::string> variables;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("body", self.body);
    v.Field("variables", self.variables);
  }
};

/// f(…) OVER (PARTITION BY … ORDER BY … frame) or OVER name (then only `window_name` is set).
struct UnresolvedWindow final : ExpressionNode<UnresolvedWindow, ExprKind::kUnresolvedWindow> {
  static constexpr const char* kName = "UnresolvedWindow";
  ExprPtr function;
  std::string window_name;
  std::vector<ExprPtr> partition;
  std::vector<ExprPtr> order;
  std::string frame;  // "", "rows", "range"
  ExprPtr lower;      // null: unbounded or not said; CURRENT ROW is a literal 0 of INT
  ExprPtr upper;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("window_name", self.window_name);
    v.Field("partition", self.partition);
    v.Field("order", self.order);
    v.Field("frame", self.frame);
    v.Field("lower", self.lower);
    v.Field("upper", self.upper);
  }
};

enum class SubqueryKind : uint8_t { kScalar, kExists, kIn };

/// (SELECT …), EXISTS (SELECT …), values IN (SELECT …).
struct UnresolvedSubquery final
    : ExpressionNode<UnresolvedSubquery, ExprKind::kUnresolvedSubquery> {
  static constexpr const char* kName = "UnresolvedSubquery";
  SubqueryKind subquery = SubqueryKind::kScalar;
  RelationPtr plan;
  std::vector<ExprPtr> values;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    static constexpr const char* kKinds[] = {"scalar", "exists", "in"};
    v.Enum("subquery", kKinds[static_cast<int>(self.subquery)]);
    v.Field("plan", self.plan);
    v.Field("values", self.values);
  }
};

/// name => value.
struct UnresolvedNamedArgument final
    : ExpressionNode<UnresolvedNamedArgument, ExprKind::kUnresolvedNamedArgument> {
  static constexpr const char* kName = "UnresolvedNamedArgument";
  std::string argument;
  ExprPtr value;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("argument", self.argument);
    v.Field("value", self.value);
  }
};

/// ? (position >= 0) or :name.
struct UnresolvedParameter final
    : ExpressionNode<UnresolvedParameter, ExprKind::kUnresolvedParameter> {
  static constexpr const char* kName = "UnresolvedParameter";
  int64_t position = -1;
  std::string parameter;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("position", self.position);
    v.Field("parameter", self.parameter);
  }
};

}  // namespace thalweg
