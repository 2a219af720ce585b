// Expressions: immutable, shared nodes (law 8). The unresolved ones carry the names of Spark
// Connect's messages; the analyzer turns them into typed ones, whose `type` is set. Operators,
// CASE, IF and the like are functions here as in Connect: "+", "==", "and", "when".
//
// Deviations from Connect: Attribute, Call, AggregateCall, WindowCall, GeneratorCall and TimeWindow
// exist only after analysis.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/fields.h"

namespace thalweg {

enum class ExprKind : uint8_t {
  // typed
  kLiteral,
  kAttribute,
  kAlias,
  kCast,
  kCall,
  kAggregateCall,
  kGeneratorCall,
  kWindowCall,
  kTimeWindow,
  kSortOrder,
  kLambda,
  kLambdaVariable,
  // unresolved: plan/unresolved.h
  kUnresolvedAttribute,
  kUnresolvedStar,
  kUnresolvedFunction,
  kUnresolvedExtractValue,
  kUnresolvedLambda,
  kUnresolvedWindow,
  kUnresolvedSubquery,
  kUnresolvedNamedArgument,
  kUnresolvedParameter,
};

class Expression {
 public:
  virtual ~Expression() = default;
  virtual ExprKind kind() const = 0;
  virtual const char* name() const = 0;  // of the node: "Literal", "Call", …
  virtual void Read(FieldReader& reader) const = 0;
  /// A copy whose fields `writer` has seen and maybe replaced.
  virtual ExprPtr Rewrite(FieldWriter& writer) const = 0;

  bool resolved() const { return type != nullptr; }

  TypePtr type;  // null while unresolved
  bool nullable = true;
  SqlPlace place;
};

template <class D, ExprKind kKind>
class ExpressionNode : public Expression {
 public:
  static constexpr ExprKind kNodeKind = kKind;
  ExprKind kind() const final { return kKind; }
  const char* name() const final { return D::kName; }
  void Read(FieldReader& reader) const final { D::Fields(static_cast<const D&>(*this), reader); }
  ExprPtr Rewrite(FieldWriter& writer) const final {
    auto copy = std::make_shared<D>(static_cast<const D&>(*this));
    D::Fields(*copy, writer);
    return copy;
  }
};

/// `expr` as node type D, nullptr if it is another kind.
template <class D>
const D* As(const ExprPtr& expr) {
  return expr && expr->kind() == D::kNodeKind ? static_cast<const D*>(expr.get()) : nullptr;
}

struct Literal final : ExpressionNode<Literal, ExprKind::kLiteral> {
  static constexpr const char* kName = "Literal";
  explicit Literal(Value v) : value(std::move(v)) {
    type = value.type();
    nullable = value.is_null();
  }
  Value value;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("value", self.value);
  }
};

/// A column of the relation below, by id: names may repeat, ids never do in one plan.
struct Attribute final : ExpressionNode<Attribute, ExprKind::kAttribute> {
  static constexpr const char* kName = "Attribute";
  int64_t id = 0;
  std::string column;
  std::vector<std::string> qualifier;  // of a table alias, outermost first
  int64_t watermark_delay_us = -1;     // >= 0: this column is the event time of a watermark
  bool time_window = false;            // made by window(…): what window_time() takes
  bool metadata = false;               // hidden from `*`
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("id", self.id);
    v.Field("column", self.column);
    v.Field("qualifier", self.qualifier);
    v.Field("watermark_delay_us", self.watermark_delay_us);
    v.Field("time_window", self.time_window);
    v.Field("metadata", self.metadata);
  }
};
using AttributePtr = std::shared_ptr<const Attribute>;

/// A new column: `id` is the id of the attribute it makes (0 while unresolved).
struct Alias final : ExpressionNode<Alias, ExprKind::kAlias> {
  static constexpr const char* kName = "Alias";
  ExprPtr child;
  std::vector<std::string> names;  // several only for generators
  int64_t id = 0;
  int64_t watermark_delay_us = -1;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("child", self.child);
    v.Field("names", self.names);
    v.Field("id", self.id);
    v.Field("watermark_delay_us", self.watermark_delay_us);
  }
};

enum class CastMode : uint8_t { kAnsi, kLegacy, kTry };

/// CAST(child AS to). `type` is set only when the analyzer has checked that the cast exists.
struct Cast final : ExpressionNode<Cast, ExprKind::kCast> {
  static constexpr const char* kName = "Cast";
  ExprPtr child;
  TypePtr to;
  CastMode mode = CastMode::kAnsi;
  bool implicit = false;  // made by coercion: not printed in column names
  BoundFunctionPtr function;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("child", self.child);
    v.Field("to", self.to);
    static constexpr const char* kModes[] = {"ansi", "legacy", "try"};
    v.Enum("mode", kModes[static_cast<int>(self.mode)]);
    v.Field("implicit", self.implicit);
    v.Field("function", self.function);
  }
};

/// A function with its types fixed.
struct FunctionSignature {
  std::string name;
  /// Exactly these types come in, this type goes out.
  std::vector<TypePtr> argument_types;
  TypePtr result_type;
  /// What distinguishes this binding besides name and types, as text: "ansi", "zone=UTC", …; part
  /// of plan fingerprints.
  std::string parameters;
  bool deterministic = true;  // same arguments and epoch constants, same result
  bool per_epoch = false;     // reads the epoch's time (current_timestamp): no constant of the plan
};

/// What the registry made of a function call. functions/ derives the classes that can be run
/// (ScalarFunction in a Call or Cast, AggregateFunction in an AggregateCall); plan/ prints,
/// compares and asks for the properties that rules depend on. Immutable.
class BoundFunction {
 public:
  virtual ~BoundFunction() = default;
  const std::string& name() const { return signature_.name; }
  const std::vector<TypePtr>& argument_types() const { return signature_.argument_types; }
  const TypePtr& result_type() const { return signature_.result_type; }
  const std::string& parameters() const { return signature_.parameters; }
  bool deterministic() const { return signature_.deterministic; }
  bool per_epoch() const { return signature_.per_epoch; }
  /// Same overload with the same parameters.
  bool Equals(const BoundFunction& other) const;

 protected:
  explicit BoundFunction(FunctionSignature signature) : signature_(std::move(signature)) {}

 private:
  FunctionSignature signature_;
};

/// A call of a bound scalar function; arguments have exactly the types that it asks for.
struct Call final : ExpressionNode<Call, ExprKind::kCall> {
  static constexpr const char* kName = "Call";
  BoundFunctionPtr function;
  std::vector<ExprPtr> arguments;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
  }
};

/// A call of a bound aggregate function. `filter`: FILTER (WHERE …), may be null.
struct AggregateCall final : ExpressionNode<AggregateCall, ExprKind::kAggregateCall> {
  static constexpr const char* kName = "AggregateCall";
  BoundFunctionPtr function;
  std::vector<ExprPtr> arguments;
  ExprPtr filter;
  bool distinct = false;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
    v.Field("filter", self.filter);
    v.Field("distinct", self.distinct);
  }
};

/// A call of a bound generator: explode(…) and its kin, which make rows. Stands alone in a select
/// list or a LATERAL VIEW and ends in a Generate. `type` is that of its only column, else a struct.
struct GeneratorCall final : ExpressionNode<GeneratorCall, ExprKind::kGeneratorCall> {
  static constexpr const char* kName = "GeneratorCall";
  BoundFunctionPtr function;
  std::vector<ExprPtr> arguments;
  bool outer = false;  // explode_outer: a row of NULLs where there would be none
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
    v.Field("outer", self.outer);
  }
};

/// function(arguments) OVER (PARTITION BY … ORDER BY … frame): a value for each row from the rows
/// around it. `frame` is "rows", "range" or empty; null bounds: unbounded or not said.
struct WindowCall final : ExpressionNode<WindowCall, ExprKind::kWindowCall> {
  static constexpr const char* kName = "WindowCall";
  BoundFunctionPtr function;
  std::vector<ExprPtr> arguments;
  std::vector<ExprPtr> partition;
  std::vector<ExprPtr> order;
  std::string frame;
  ExprPtr lower;
  ExprPtr upper;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("function", self.function);
    v.Field("arguments", self.arguments);
    v.Field("partition", self.partition);
    v.Field("order", self.order);
    v.Field("frame", self.frame);
    v.Field("lower", self.lower);
    v.Field("upper", self.upper);
  }
};

/// window(time, size, slide, start): STRUCT<start, end>, half open, aligned to the Unix epoch in
/// UTC. Rows with a NULL time have no window. Valid as a grouping expression (slices) or expanded.
struct TimeWindow final : ExpressionNode<TimeWindow, ExprKind::kTimeWindow> {
  static constexpr const char* kName = "TimeWindow";
  ExprPtr time;  // TIMESTAMP or TIMESTAMP_NTZ
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t start_us = 0;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("time", self.time);
    v.Field("size_us", self.size_us);
    v.Field("slide_us", self.slide_us);
    v.Field("start_us", self.start_us);
  }
};

struct SortOrder final : ExpressionNode<SortOrder, ExprKind::kSortOrder> {
  static constexpr const char* kName = "SortOrder";
  ExprPtr child;
  bool ascending = true;
  bool nulls_first = true;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("child", self.child);
    v.Field("ascending", self.ascending);
    v.Field("nulls_first", self.nulls_first);
  }
};

/// A typed lambda: `variables` are LambdaVariables that `body` refers to by id.
struct Lambda final : ExpressionNode<Lambda, ExprKind::kLambda> {
  static constexpr const char* kName = "Lambda";
  ExprPtr body;
  std::vector<ExprPtr> variables;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("body", self.body);
    v.Field("variables", self.variables);
  }
};

struct LambdaVariable final : ExpressionNode<LambdaVariable, ExprKind::kLambdaVariable> {
  static constexpr const char* kName = "LambdaVariable";
  int64_t id = 0;
  std::string variable;
  template <class Self, class V>
  static void Fields(Self& self, V& v) {
    v.Field("id", self.id);
    v.Field("variable", self.variable);
  }
};

/// A fresh id for attributes, aliases and variables. Thread-safe.
int64_t NextExpressionId();

// ---- generic over nodes (plan/walk.cc), all from the field lists
/// Direct child expressions, in order of the fields.
std::vector<ExprPtr> Children(const Expression& expr);
/// The same node with `f` applied to each direct child; the node itself if nothing changed.
ExprPtr MapChildren(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& f);
/// Bottom-up rewrite of the whole tree.
ExprPtr TransformUp(const ExprPtr& expr, const std::function<ExprPtr(const ExprPtr&)>& f);
/// Pre-order; stops and returns true at the first node for which `f` is true.
bool Any(const ExprPtr& expr, const std::function<bool(const Expression&)>& f);
/// Same tree: kinds, fields, types; places aside.
bool Equal(const ExprPtr& a, const ExprPtr& b);
bool IsDeterministic(const ExprPtr& expr);
/// Some function in it reads the epoch's time.
bool DependsOnEpoch(const ExprPtr& expr);
/// The parts of a conjunction, from left to right; none of a null condition.
std::vector<ExprPtr> Conjuncts(const ExprPtr& condition);
/// Ids of the attributes that `expr` reads, ascending, each once.
std::vector<int64_t> ReferencedAttributes(const ExprPtr& expr);
/// "(v#3 + 1)": for plans in EXPLAIN and golden scripts.
std::string ToString(const ExprPtr& expr);

}  // namespace thalweg
