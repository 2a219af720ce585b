// window(time, size, slide, start) and window_time(window): what they mean, and where windows of a
// query are made. A GROUP BY makes the window that it groups by itself; every other window becomes
// a column below the node that names it.
#include <cstdlib>

#include "analyzer/relation_analyzer.h"
#include "data/parse_text.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

constexpr int64_t kDayUs = 86'400'000'000;

struct WindowShapeArguments {
  int64_t size_us = 0;
  int64_t slide_us = 0;
  int64_t start_us = 0;
};

/// The microseconds of a window's size, slide or start: the text of an interval, or a number.
Result<int64_t> WindowDuration(const ExprPtr& argument) {
  const auto* literal = As<Literal>(argument);
  const bool given = literal != nullptr && !literal->value.is_null();
  if (given && (literal->type->Is(TypeKind::kInt) || literal->type->Is(TypeKind::kBigint))) {
    return literal->value.int64();
  }
  if (!given || !literal->type->Is(TypeKind::kString)) {
    return Status::Legacy(1207, "Sizes and starts of windows are integers or strings",
                          argument->place);
  }
  CalendarInterval interval;
  if (!ParseCalendarInterval(literal->value.text(), &interval)) {
    return Status::User("CANNOT_PARSE_INTERVAL",
                        {{"intervalString", "'" + literal->value.text() + "'"}}, argument->place);
  }
  if (interval.months != 0) {
    return Status::Legacy(3231, "A window cannot be measured in months or years", argument->place);
  }
  return int64_t{interval.days} * kDayUs + interval.us;
}

std::string WindowSql(const ExprPtr& time, const WindowShapeArguments& shape) {
  return "\"window(" + ColumnName(time) + ", " + std::to_string(shape.size_us) + ", " +
         std::to_string(shape.slide_us) + ", " + std::to_string(shape.start_us) + ")\"";
}

Status OutOfRange(const std::string& sql, const char* what, int64_t value, const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE",
                      {{"sqlExpr", sql},
                       {"exprName", what},
                       {"valueRange", "(0, 9223372036854775807]"},
                       {"currentValue", std::to_string(value)}},
                      place);
}

struct Bound {
  const char* name;
  int64_t value;
};

Status Violates(const std::string& sql, const Bound& left, const char* constraint,
                const Bound& right, const SqlPlace& place) {
  return Status::User("DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION",
                      {{"sqlExpr", sql},
                       {"leftExprName", left.name},
                       {"leftExprValue", std::to_string(left.value)},
                       {"constraint", constraint},
                       {"rightExprName", right.name},
                       {"rightExprValue", std::to_string(right.value)}},
                      place);
}

Status CheckShape(const ExprPtr& time, const WindowShapeArguments& shape, const SqlPlace& place) {
  const std::string sql = WindowSql(time, shape);
  if (shape.size_us <= 0) return OutOfRange(sql, "`window_duration`", shape.size_us, place);
  if (shape.slide_us <= 0) return OutOfRange(sql, "`slide_duration`", shape.slide_us, place);
  if (shape.slide_us > shape.size_us) {
    return Violates(sql, {"`slide_duration`", shape.slide_us},
                    "<=", {"`window_duration`", shape.size_us}, place);
  }
  const int64_t offset_us = std::abs(shape.start_us);
  if (offset_us >= shape.slide_us) {
    return Violates(sql, {"`abs(start_time)`", offset_us}, "<",
                    {"`slide_duration`", shape.slide_us}, place);
  }
  return Status::OK();
}

bool IsWindowCall(const ExprPtr& expr) {
  const auto* call = As<UnresolvedFunction>(expr);
  return call != nullptr && (EqualsIgnoringCase(call->function.back(), "window") ||
                             EqualsIgnoringCase(call->function.back(), "session_window"));
}

void CollectWindowCalls(const ExprPtr& expr, std::vector<ExprPtr>* calls) {
  if (IsWindowCall(expr)) calls->push_back(expr);
  for (const ExprPtr& child : Children(*expr)) CollectWindowCalls(child, calls);
}

bool HasTimeWindow(const ExprPtr& expr) {
  return Any(expr, [](const Expression& node) { return node.kind() == ExprKind::kTimeWindow; });
}

Status SeveralWindows(const SqlPlace& place) {
  return Status::Legacy(1039, "Several window expressions in one query", place);
}

/// Some aggregate of `list` reads the column.
bool IsAggregated(const std::vector<ExprPtr>& list, int64_t id) {
  const auto reads = [&](const Expression& node) {
    return node.kind() == ExprKind::kAttribute && static_cast<const Attribute&>(node).id == id;
  };
  const auto aggregates = [&](const Expression& node) {
    if (node.kind() != ExprKind::kAggregateCall) return false;
    for (const ExprPtr& child : Children(node)) {
      if (Any(child, reads)) return true;
    }
    return false;
  };
  for (const ExprPtr& item : list) {
    if (Any(item, aggregates)) return true;
  }
  return false;
}

bool Reads(const ExprPtr& expr, int64_t id) {
  for (const int64_t read : ReferencedAttributes(expr)) {
    if (read == id) return true;
  }
  return false;
}

}  // namespace

// window(time, size [, slide [, start]])
Result<ExprPtr> ExpressionAnalyzer::ResolveTimeWindow(const UnresolvedFunction& call) {
  THALWEG_ASSIGN_OR_RETURN(std::vector<ExprPtr> arguments, ResolveArguments(call));
  if (arguments.size() < 2 || arguments.size() > 4) {
    return Status::User("WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
                        {{"functionName", "`window`"},
                         {"expectedNum", "[2, 3, 4]"},
                         {"actualNum", std::to_string(arguments.size())}},
                        call.place);
  }
  int64_t durations[3] = {0, 0, 0};
  for (size_t i = 1; i < arguments.size(); ++i) {
    THALWEG_ASSIGN_OR_RETURN(durations[i - 1], WindowDuration(arguments[i]));
  }
  WindowShapeArguments shape{durations[0], durations[0], durations[2]};
  if (arguments.size() > 2) shape.slide_us = durations[1];
  ExprPtr time = arguments[0];
  if (time->type->Is(TypeKind::kStruct)) {
    THALWEG_ASSIGN_OR_RETURN(time, WindowTimeOf({time}, call.place));
  } else if (time->type->Is(TypeKind::kString) || time->type->Is(TypeKind::kDate) ||
             time->type->Is(TypeKind::kNull)) {
    THALWEG_ASSIGN_OR_RETURN(
        time, BindCast(time, {TimestampType(), CastMode::kAnsi, true, call.place}, settings_));
  }
  if (!time->type->Is(TypeKind::kTimestamp) && !time->type->Is(TypeKind::kTimestampNtz)) {
    return Status::User("DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
                        {{"sqlExpr", WindowSql(time, shape)},
                         {"paramIndex", "first"},
                         {"requiredType", "\"TIMESTAMP\" or a window"},
                         {"inputSql", "\"" + ColumnName(time) + "\""},
                         {"inputType", "\"" + time->type->Sql() + "\""}},
                        call.place);
  }
  THALWEG_RETURN_NOT_OK(CheckShape(time, shape, call.place));
  return MakeTimeWindow(std::move(time), shape.size_us, shape.slide_us, shape.start_us);
}

/// window_time(window) takes what window() has made, not any struct.
Result<ExprPtr> ExpressionAnalyzer::WindowTimeOf(std::vector<ExprPtr> arguments,
                                                 const SqlPlace& place) {
  const ExprPtr window = arguments.empty() ? nullptr : arguments[0];
  THALWEG_ASSIGN_OR_RETURN(ExprPtr time, Bind("window_time", std::move(arguments), place));
  const auto* column = As<Attribute>(window);
  if (window->kind() == ExprKind::kTimeWindow || (column != nullptr && column->time_window)) {
    return time;
  }
  return Status::Legacy(3101, "window_time() takes a column that window() has made", place);
}

// SELECT window(ts, '10 seconds')
Result<RelationPtr> RelationAnalyzer::WithWindows(RelationPtr input, std::vector<ExprPtr>* list) {
  ExprPtr window;
  bool several = false;
  const auto use = [&](const ExprPtr& expr) -> ExprPtr {
    if (expr->kind() != ExprKind::kTimeWindow) return expr;
    if (window == nullptr) window = MakeAlias(expr, "window");
    several = several || !Equal(As<Alias>(window)->child, expr);
    return ToAttribute(window);
  };
  for (ExprPtr& item : *list) {
    if (HasTimeWindow(item)) item = TransformUp(Named(item), use);
  }
  if (window == nullptr) return input;
  if (several) return SeveralWindows(window->place);
  return MakeGenerate(std::move(input), As<Alias>(window)->child, /*outer=*/false,
                      {ToAttribute(window)});
}

/// The window that an aggregation names, as an Alias called `window`; null: none. An unusable one
/// is noticed only after the columns of the list are known (Spark).
Result<ExprPtr> RelationAnalyzer::FindWindow(const AggregateRelation& aggregate,
                                             const Scope& scope) {
  std::vector<ExprPtr> calls;
  for (const ExprPtr& item : aggregate.aggregates) CollectWindowCalls(item, &calls);
  for (const ExprPtr& grouping : aggregate.groupings) CollectWindowCalls(grouping, &calls);
  ExpressionAnalyzer analyzer(context_, scope);
  ExprPtr window;
  for (const ExprPtr& call : calls) {
    const Result<ExprPtr> typed = analyzer.Resolve(call);
    if (!typed.ok()) {
      if (typed.status().condition().starts_with("DATATYPE_MISMATCH")) {
        THALWEG_RETURN_NOT_OK(ResolveList(aggregate.aggregates, scope).status());
      }
      return typed.status();
    }
    if (window == nullptr) window = MakeAlias(*typed, "window");
    if (!Equal(As<Alias>(window)->child, *typed)) return SeveralWindows(aggregate.place);
  }
  return window;
}

/// `list` and `groupings` name the column of `window`. Where that column is a grouping and nothing
/// else below the aggregation reads it, the grouping makes the window; else `input` gets it.
RelationPtr RelationAnalyzer::PlaceWindow(RelationPtr input, const ExprPtr& window,
                                          const std::vector<ExprPtr>& list,
                                          std::vector<ExprPtr>* groupings) {
  const AttributePtr column = ToAttribute(window);
  ExprPtr* whole = nullptr;
  bool read_below = IsAggregated(list, column->id);
  for (ExprPtr& grouping : *groupings) {
    const auto* attribute = As<Attribute>(grouping);
    if (attribute != nullptr && attribute->id == column->id) {
      whole = &grouping;
    } else {
      read_below = read_below || Reads(grouping, column->id);
    }
  }
  if (whole != nullptr && !read_below) {
    *whole = window;
    return input;
  }
  return MakeGenerate(std::move(input), As<Alias>(window)->child, /*outer=*/false, {column});
}

}  // namespace thalweg
