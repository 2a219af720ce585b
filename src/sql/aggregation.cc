// GROUP BY in all its forms, and the WINDOW clause.
#include "sql/sql_parser.h"

namespace thalweg {

// GROUP BY a, b | ALL | a, b WITH ROLLUP | ROLLUP (a, b) | CUBE (a, b) | GROUPING SETS ((a), ())
Status SqlParser::ParseGroupBy(AggregateRelation* aggregate) {
  if (PeekWord("ALL") && !PeekSymbol(",", 1) && !PeekSymbol(".", 1)) {
    Next();
    aggregate->group = GroupKind::kAll;
    return Status::OK();
  }
  for (const std::string_view kind : {"ROLLUP", "CUBE", "GROUPING"}) {
    if (!PeekWord(kind)) continue;
    if (kind == "GROUPING" ? PeekWord("SETS", 1) : PeekSymbol("(", 1)) {
      return ParseGroupingAnalytics(kind, aggregate);
    }
  }
  do {
    if (PeekSymbol("(") && PeekSymbol(")", 1)) return Unexpected("an expression");
    for (const std::string_view kind : {"ROLLUP", "CUBE", "GROUPING"}) {
      if (PeekWord(kind) && (PeekSymbol("(", 1) || PeekWord("SETS", 1)) &&
          (kind != "GROUPING" || PeekWord("SETS", 1))) {
        return NotYet("several groupings of which one is ROLLUP, CUBE or GROUPING SETS");
      }
    }
    THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
    aggregate->groupings.push_back(std::move(grouping));
  } while (AcceptSymbol(","));
  if (AcceptWords({"WITH", "ROLLUP"})) aggregate->group = GroupKind::kRollup;
  if (AcceptWords({"WITH", "CUBE"})) aggregate->group = GroupKind::kCube;
  if (PeekWord("GROUPING") && PeekWord("SETS", 1)) return ParseGroupingSets(aggregate);
  return Status::OK();
}

Status SqlParser::ParseGroupingAnalytics(std::string_view kind, AggregateRelation* aggregate) {
  if (kind == "GROUPING") {
    THALWEG_RETURN_NOT_OK(ParseGroupingSets(aggregate));
  } else {
    Next();
    THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
    aggregate->group = kind == "CUBE" ? GroupKind::kCube : GroupKind::kRollup;
    do {
      if (PeekSymbol("(")) return NotYet("sets of columns inside ROLLUP and CUBE");
      THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
      aggregate->groupings.push_back(std::move(grouping));
    } while (AcceptSymbol(","));
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  }
  if (PeekSymbol(","))
    return NotYet("several groupings of which one is ROLLUP, CUBE or GROUPING SETS");
  return Status::OK();
}

// GROUPING SETS ((a, b), a, ()): expressions that are written alike are one grouping.
Status SqlParser::ParseGroupingSets(AggregateRelation* aggregate) {
  at_ += 2;
  aggregate->group = GroupKind::kGroupingSets;
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  const auto add = [&](ExprPtr grouping) {
    auto& known = aggregate->groupings;
    size_t at = 0;
    while (at < known.size() && !Equal(known[at], grouping)) ++at;
    if (at == known.size()) known.push_back(std::move(grouping));
    aggregate->sets.push_back(static_cast<int64_t>(at));
  };
  do {
    if (PeekWord("ROLLUP") || PeekWord("CUBE") || PeekWord("GROUPING")) {
      return NotYet("grouping sets inside grouping sets");
    }
    if (AcceptSymbol("(")) {
      while (!PeekSymbol(")")) {
        THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
        add(std::move(grouping));
        if (!AcceptSymbol(",")) break;
      }
      THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    } else {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr grouping, ParseExpression());
      add(std::move(grouping));
    }
    aggregate->sets.push_back(-1);
  } while (AcceptSymbol(","));
  return ExpectSymbol(")");
}

// WINDOW w AS (…), v AS w: put in place where OVER names them, so no node remembers them.
Status SqlParser::ParseNamedWindows() {
  do {
    const size_t first = at_;
    THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
    THALWEG_RETURN_NOT_OK(ExpectWord("AS"));
    THALWEG_ASSIGN_OR_RETURN(ExprPtr window, ParseWindowSpec(nullptr, first));
    named_windows_.emplace_back(std::move(name), std::move(window));
  } while (AcceptSymbol(","));
  return Status::OK();
}

}  // namespace thalweg
