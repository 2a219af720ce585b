// FROM: tables, streams, sub-queries, joins, aliases, watermarks, lateral views.
#include "sql/sql_parser.h"

namespace thalweg {

Result<RelationPtr> SqlParser::ParseFrom() {
  THALWEG_RETURN_NOT_OK(ExpectWord("FROM"));
  const size_t first = at_;
  RelationPtr all;
  do {
    if (PeekWord("LATERAL") && !PeekWord("VIEW", 1)) {
      if (all == nullptr) return NotYet("LATERAL at the beginning of FROM");
      THALWEG_ASSIGN_OR_RETURN(all, ParseLateralFunction(std::move(all), /*outer=*/false));
      if (AtJoin()) return NotYet("a join behind LATERAL");
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(RelationPtr relation, ParseRelationPrimary());
    THALWEG_ASSIGN_OR_RETURN(relation, ParseJoins(std::move(relation)));
    if (all == nullptr) {
      all = std::move(relation);
      continue;
    }
    auto join = NewNode<Join>(PlaceFrom(first));
    join->left = std::move(all);
    join->right = std::move(relation);
    join->join = JoinKind::kInner;
    all = std::move(join);
  } while (AcceptSymbol(","));
  if (PeekWord("PIVOT") && PeekSymbol("(", 1)) return NotYet("PIVOT");
  if (PeekWord("UNPIVOT")) return NotYet("UNPIVOT");
  return ParseLateralViews(std::move(all));
}

Result<RelationPtr> SqlParser::ParseJoins(RelationPtr left) {
  const size_t first = at_;
  while (true) {
    bool natural = false;
    THALWEG_ASSIGN_OR_RETURN(const std::optional<JoinKind> kind, ParseJoinKind(&natural));
    if (!kind) return left;
    if (PeekWord("LATERAL")) {
      const bool outer = *kind == JoinKind::kLeftOuter;
      if (natural || (*kind != JoinKind::kInner && *kind != JoinKind::kCross && !outer)) {
        return NotYet("LATERAL in this kind of join");
      }
      THALWEG_ASSIGN_OR_RETURN(left, ParseLateralFunction(std::move(left), outer));
      if (PeekWord("ON") || PeekWord("USING")) return NotYet("a condition of a join with LATERAL");
      continue;
    }
    auto join = std::make_shared<Join>();
    join->left = std::move(left);
    join->join = *kind;
    join->natural = natural;
    THALWEG_ASSIGN_OR_RETURN(join->right, ParseRelationPrimary());
    if (!natural && AcceptWord("ON")) {
      THALWEG_ASSIGN_OR_RETURN(join->condition, ParseExpression());
    } else if (!natural && PeekWord("USING") && PeekSymbol("(", 1)) {
      Next();
      THALWEG_ASSIGN_OR_RETURN(join->using_columns, ParseIdentifierList());
    }
    join->place = PlaceFrom(first);
    left = std::move(join);
  }
}

// [NATURAL] [INNER | CROSS | {LEFT | RIGHT | FULL} [OUTER] | [LEFT] {SEMI | ANTI}] JOIN
Result<std::optional<JoinKind>> SqlParser::ParseJoinKind(bool* natural) {
  const size_t first = at_;
  *natural = AcceptWord("NATURAL");
  std::optional<JoinKind> kind = JoinKind::kInner;
  if (AcceptWord("CROSS")) {
    kind = JoinKind::kCross;
  } else if (AcceptWord("LEFT")) {
    kind = AcceptWord("SEMI")   ? JoinKind::kLeftSemi
           : AcceptWord("ANTI") ? JoinKind::kLeftAnti
                                : JoinKind::kLeftOuter;
    if (*kind == JoinKind::kLeftOuter) AcceptWord("OUTER");
  } else if (AcceptWord("RIGHT")) {
    AcceptWord("OUTER");
    kind = JoinKind::kRightOuter;
  } else if (AcceptWord("FULL")) {
    AcceptWord("OUTER");
    kind = JoinKind::kFullOuter;
  } else if (AcceptWord("SEMI")) {
    kind = JoinKind::kLeftSemi;
  } else if (AcceptWord("ANTI")) {
    kind = JoinKind::kLeftAnti;
  } else {
    AcceptWord("INNER");
  }
  if (AcceptWord("JOIN")) return kind;
  if (at_ == first) return std::optional<JoinKind>();
  return Unexpected("JOIN");
}

Result<RelationPtr> SqlParser::ParseRelationPrimary() {
  const size_t first = at_;
  if (PeekWord("STREAM") && (PeekSymbol("(", 1) || (AtIdentifier(1) && !PeekWord("AS", 1)))) {
    const Token& after = Peek(2);
    const bool keyword =
        PeekSymbol("(", 1) || after.kind == TokenKind::kEnd || !PeekWord("WATERMARK", 1);
    if (keyword) return ParseStream();
  }
  if (PeekWord("VALUES") && !PeekSymbol(".", 1)) {
    THALWEG_ASSIGN_OR_RETURN(RelationPtr values, ParseValues());
    return ParseTableAlias(std::move(values), first);
  }
  if (!PeekSymbol("(")) return ParseTableOrFunction(false);
  if (AtQuery(1)) {
    Next();
    THALWEG_ASSIGN_OR_RETURN(RelationPtr query, ParseQuery());
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    return ParseTableSuffix(std::move(query), first);
  }
  Next();
  THALWEG_ASSIGN_OR_RETURN(RelationPtr relation, ParseRelationPrimary());
  THALWEG_ASSIGN_OR_RETURN(relation, ParseJoins(std::move(relation)));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return ParseTableSuffix(std::move(relation), first);
}

// STREAM name and STREAM(name).
Result<RelationPtr> SqlParser::ParseStream() {
  Next();
  if (!PeekSymbol("(")) return ParseTableOrFunction(true);
  const size_t first = at_ - 1;
  Next();
  auto read = std::make_shared<UnresolvedRead>();
  THALWEG_ASSIGN_OR_RETURN(read->parts, ParseDottedName());
  read->is_streaming = true;
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  read->place = PlaceFrom(first);
  return ParseTableSuffix(std::move(read), first);
}

Result<RelationPtr> SqlParser::ParseTableOrFunction(bool is_streaming) {
  const size_t first = at_;
  if (PeekWord("IDENTIFIER") && PeekSymbol("(", 1)) return NotYet("IDENTIFIER(…)");
  THALWEG_ASSIGN_OR_RETURN(std::vector<std::string> parts, ParseDottedName());
  if (PeekSymbol("(") && !is_streaming) {
    auto call = std::make_shared<UnresolvedTableFunction>();
    call->function = parts.back();
    Next();
    while (!PeekSymbol(")")) {
      THALWEG_ASSIGN_OR_RETURN(ExprPtr argument, ParseArgument());
      call->arguments.push_back(std::move(argument));
      if (!AcceptSymbol(",")) break;
    }
    THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
    call->place = PlaceFrom(first);
    return ParseTableSuffix(std::move(call), first);
  }
  auto read = std::make_shared<UnresolvedRead>();
  read->parts = std::move(parts);
  read->is_streaming = is_streaming;
  read->place = PlaceFrom(first);
  for (const std::string_view word : {"VERSION", "TIMESTAMP", "FOR", "CHANGES"}) {
    if (PeekWord(word) && (PeekWord("AS", 1) || PeekWord("SYSTEM_VERSION", 1) ||
                           PeekWord("SYSTEM_TIME", 1) || PeekSymbol("(", 1))) {
      if (PeekWord("OF", 2) || word == "FOR" || word == "CHANGES") {
        return NotYet("versions of tables");
      }
    }
  }
  return ParseTableSuffix(std::move(read), first);
}

// [TABLESAMPLE …] [WATERMARK …] [alias]
Result<RelationPtr> SqlParser::ParseTableSuffix(RelationPtr relation, size_t first) {
  if (PeekWord("IDENTIFIED") && PeekWord("BY", 1)) return NotYet("IDENTIFIED BY");
  if (PeekWord("TABLESAMPLE")) return NotYet("TABLESAMPLE");
  if (PeekWord("WATERMARK") && ContinuesClause()) {
    THALWEG_ASSIGN_OR_RETURN(relation, ParseWatermark(std::move(relation), first));
  }
  THALWEG_ASSIGN_OR_RETURN(relation, ParseTableAlias(std::move(relation), first));
  if (PeekWord("TABLESAMPLE")) return NotYet("TABLESAMPLE");
  return relation;
}

// WATERMARK expression [AS name] DELAY OF INTERVAL …
Result<RelationPtr> SqlParser::ParseWatermark(RelationPtr relation, size_t first) {
  Next();
  auto watermark = std::make_shared<WithWatermark>();
  const size_t expr_first = at_;
  THALWEG_ASSIGN_OR_RETURN(ExprPtr event_time, ParseExpression());
  if (AcceptWord("AS")) {
    auto alias = std::make_shared<Alias>();
    THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
    alias->names = {std::move(name)};
    alias->child = std::move(event_time);
    alias->place = PlaceFrom(expr_first);
    event_time = std::move(alias);
  }
  watermark->event_time = std::move(event_time);
  THALWEG_RETURN_NOT_OK(ExpectWord("DELAY"));
  THALWEG_RETURN_NOT_OK(ExpectWord("OF"));
  if (!PeekWord("INTERVAL")) return Unexpected("INTERVAL");
  THALWEG_ASSIGN_OR_RETURN(watermark->delay, ParseInterval());
  watermark->input = std::move(relation);
  watermark->place = PlaceFrom(first);
  return RelationPtr(watermark);
}

Result<RelationPtr> SqlParser::ParseTableAlias(RelationPtr relation, size_t first) {
  const bool as = AcceptWord("AS");
  if (!as && !AtTableAlias()) {
    const auto* read = As<UnresolvedRead>(relation);
    if (read == nullptr || read->parts.empty()) return relation;
    return relation;
  }
  auto alias = std::make_shared<SubqueryAlias>();
  alias->input = std::move(relation);
  THALWEG_ASSIGN_OR_RETURN(alias->alias, ParseIdentifier());
  if (PeekSymbol("(")) {
    THALWEG_ASSIGN_OR_RETURN(alias->column_names, ParseIdentifierList());
  }
  alias->place = PlaceFrom(first);
  return RelationPtr(alias);
}

// LATERAL explode(x) [[AS] t [(a, b)]], where x may be a column of `input`: as LATERAL VIEW.
Result<RelationPtr> SqlParser::ParseLateralFunction(RelationPtr input, bool outer) {
  const size_t first = at_;
  Next();
  if (!AtIdentifier() || !PeekSymbol("(", 1)) return NotYet("LATERAL sub-queries");
  auto generate = std::make_shared<Generate>();
  generate->lateral_join = true;
  generate->outer = outer;
  const size_t call_first = at_;
  THALWEG_ASSIGN_OR_RETURN(std::vector<std::string> name, ParseDottedName());
  THALWEG_ASSIGN_OR_RETURN(generate->generator, ParseCall(std::move(name), call_first));
  if (AcceptWord("AS") || AtTableAlias()) {
    THALWEG_ASSIGN_OR_RETURN(generate->alias, ParseIdentifier());
    if (PeekSymbol("(")) {
      THALWEG_ASSIGN_OR_RETURN(generate->column_names, ParseIdentifierList());
    }
  }
  generate->input = std::move(input);
  generate->place = PlaceFrom(first);
  return RelationPtr(generate);
}

bool SqlParser::AtJoin() const {
  for (const std::string_view word :
       {"NATURAL", "CROSS", "LEFT", "RIGHT", "FULL", "SEMI", "ANTI", "INNER", "JOIN"}) {
    if (PeekWord(word)) return true;
  }
  return false;
}

// LATERAL VIEW [OUTER] explode(x) t [AS a, b]
Result<RelationPtr> SqlParser::ParseLateralViews(RelationPtr relation) {
  while (PeekWord("LATERAL") && PeekWord("VIEW", 1)) {
    const size_t first = at_;
    at_ += 2;
    auto generate = std::make_shared<Generate>();
    generate->outer = AcceptWord("OUTER");
    const size_t call_first = at_;
    THALWEG_ASSIGN_OR_RETURN(std::vector<std::string> name, ParseDottedName());
    THALWEG_ASSIGN_OR_RETURN(generate->generator, ParseCall(std::move(name), call_first));
    if (AtTableAlias() && !PeekWord("AS")) generate->alias = Next().text;
    if (AcceptWord("AS") || (AtTableAlias() && !generate->alias.empty())) {
      do {
        THALWEG_ASSIGN_OR_RETURN(std::string column, ParseIdentifier());
        generate->column_names.push_back(std::move(column));
      } while (AcceptSymbol(","));
    }
    generate->input = std::move(relation);
    generate->place = PlaceFrom(first);
    relation = std::move(generate);
  }
  return relation;
}

}  // namespace thalweg
