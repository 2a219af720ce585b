// Statements: queries and the commands of pipeline files and the shell.
#include "sql/sql_parser.h"

namespace thalweg {
namespace {

// Commands of Spark that are known and not built.
constexpr std::string_view kOtherCommands[] = {
    "ALTER",   "ANALYZE", "CACHE",  "CALL",     "CLEAR",   "COMMENT", "DECLARE", "DELETE",
    "EXECUTE", "GRANT",   "LIST",   "LOAD",     "LOCK",    "MERGE",   "MSCK",    "REFRESH",
    "REPAIR",  "REPLACE", "REVOKE", "TRUNCATE", "UNCACHE", "UNLOCK",  "UPDATE",  "USE",
    "ADD",     "BEGIN",   "MAP",    "REDUCE",   "DFS",     "START",   "COMMIT",  "ROLLBACK"};

std::string Lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

}  // namespace

Result<std::vector<StatementPtr>> SqlParser::ParseScript() {
  std::vector<StatementPtr> statements;
  while (true) {
    while (AcceptSymbol(";")) {
    }
    if (Peek().kind == TokenKind::kEnd) return statements;
    THALWEG_ASSIGN_OR_RETURN(StatementPtr statement, ParseStatement());
    statements.push_back(std::move(statement));
    if (Peek().kind != TokenKind::kEnd && !PeekSymbol(";")) {
      return Unexpected("';' between statements");
    }
  }
}

Result<StatementPtr> SqlParser::ParseStatement() {
  const size_t first = at_;
  if (AtQuery()) {
    Statement statement;
    THALWEG_ASSIGN_OR_RETURN(statement.query, ParseQuery());
    if (PeekWord("INSERT")) return NotYet("FROM … INSERT");
    return Finish(std::move(statement), first);
  }
  if (PeekWord("CREATE")) return ParseCreate(first);
  return ParseCommand(first);
}

StatementPtr SqlParser::Finish(Statement statement, size_t first) const {
  statement.place = PlaceFrom(first);
  statement.text = TextFrom(first);
  return std::make_shared<const Statement>(std::move(statement));
}

Result<StatementPtr> SqlParser::ParseCreate(size_t first) {
  Next();
  Statement statement;
  statement.replace = AcceptWords({"OR", "REPLACE"});
  if (AcceptWords({"TEMPORARY", "VIEW"}) || AcceptWords({"TEMP", "VIEW"})) {
    statement.kind = StatementKind::kCreateView;
  } else if (AcceptWord("TABLE")) {
    statement.kind = StatementKind::kCreateTable;
  } else if (AcceptWords({"STREAMING", "TABLE"})) {
    statement.kind = StatementKind::kCreateStreamingTable;
  } else if (AcceptWords({"MATERIALIZED", "VIEW"})) {
    statement.kind = StatementKind::kCreateMaterializedView;
  } else if (AcceptWord("FLOW")) {
    THALWEG_RETURN_NOT_OK(ParseFlow(&statement));
    return Finish(std::move(statement), first);
  } else {
    return NotYet("CREATE " + Peek().text);
  }
  statement.if_not_exists = AcceptWords({"IF", "NOT", "EXISTS"});
  THALWEG_ASSIGN_OR_RETURN(statement.name, ParseDottedName());
  if (PeekSymbol("(")) THALWEG_RETURN_NOT_OK(ParseCreatedColumns(&statement));
  THALWEG_RETURN_NOT_OK(ParseTableClauses(&statement));
  const bool as = AcceptWord("AS");
  if (as || AtQuery()) {
    THALWEG_ASSIGN_OR_RETURN(statement.query, ParseQuery());
  }
  return Finish(std::move(statement), first);
}

// (a, b) names the columns of a query, (a INT, b STRING) declares those of a source.
Status SqlParser::ParseCreatedColumns(Statement* statement) {
  const bool only_names =
      AtIdentifier(1) && (PeekSymbol(",", 2) || PeekSymbol(")", 2) || PeekWord("COMMENT", 2));
  if (only_names) {
    THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
    do {
      THALWEG_ASSIGN_OR_RETURN(std::string name, ParseIdentifier());
      statement->column_names.push_back(std::move(name));
      if (AcceptWord("COMMENT")) Next();
    } while (AcceptSymbol(","));
    return ExpectSymbol(")");
  }
  Next();
  THALWEG_ASSIGN_OR_RETURN(statement->schema, ParseColumnTypeList());
  return ExpectSymbol(")");
}

Status SqlParser::ParseFlow(Statement* statement) {
  statement->kind = StatementKind::kCreateFlow;
  THALWEG_ASSIGN_OR_RETURN(statement->flow, ParseIdentifier());
  if (AcceptWord("COMMENT")) statement->comment = Next().text;
  THALWEG_RETURN_NOT_OK(ExpectWord("AS"));
  if (PeekWord("AUTO") && PeekWord("CDC", 1)) return NotYet("AUTO CDC");
  THALWEG_RETURN_NOT_OK(ExpectWord("INSERT"));
  THALWEG_RETURN_NOT_OK(ExpectWord("INTO"));
  THALWEG_ASSIGN_OR_RETURN(statement->name, ParseDottedName());
  statement->by_name = AcceptWords({"BY", "NAME"});
  if (!statement->by_name) return Unexpected("BY NAME");
  THALWEG_ASSIGN_OR_RETURN(statement->query, ParseQuery());
  return Status::OK();
}

// USING, OPTIONS, TBLPROPERTIES, PARTITIONED BY, LOCATION, COMMENT, in any order.
Status SqlParser::ParseTableClauses(Statement* statement) {
  while (true) {
    if (AcceptWord("USING")) {
      THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> format, ParseDottedName());
      statement->format = Lower(format.back());
    } else if (PeekWord("OPTIONS") && PeekSymbol("(", 1)) {
      Next();
      THALWEG_ASSIGN_OR_RETURN(statement->options, ParsePropertyList());
    } else if (PeekWord("TBLPROPERTIES") && PeekSymbol("(", 1)) {
      Next();
      THALWEG_ASSIGN_OR_RETURN(statement->properties, ParsePropertyList());
    } else if (AcceptWords({"PARTITIONED", "BY"})) {
      THALWEG_ASSIGN_OR_RETURN(statement->partition_columns, ParseIdentifierList());
    } else if (PeekWord("LOCATION") && Peek(1).kind == TokenKind::kString) {
      Next();
      statement->location = Next().text;
    } else if (PeekWord("COMMENT") && Peek(1).kind == TokenKind::kString) {
      Next();
      statement->comment = Next().text;
    } else if (PeekWord("CLUSTER") || PeekWord("CLUSTERED")) {
      return NotYet("clustered tables");
    } else {
      return Status::OK();
    }
  }
}

// ('a' = 'b', c.d 'e', f 1): keys of options are lower case for us, as they are case-insensitive.
Result<FieldMap> SqlParser::ParsePropertyList() {
  THALWEG_RETURN_NOT_OK(ExpectSymbol("("));
  FieldMap map;
  do {
    THALWEG_ASSIGN_OR_RETURN(std::string key, ParsePropertyKey());
    AcceptSymbol("=");
    AcceptSymbol("==");
    THALWEG_ASSIGN_OR_RETURN(std::string value, ParsePropertyValue());
    map[std::move(key)] = std::move(value);
  } while (AcceptSymbol(","));
  THALWEG_RETURN_NOT_OK(ExpectSymbol(")"));
  return map;
}

Result<std::string> SqlParser::ParsePropertyKey() {
  if (Peek().kind == TokenKind::kString) return Next().text;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> parts, ParseDottedName());
  std::string key;
  for (const std::string& part : parts) key += (key.empty() ? "" : ".") + part;
  return key;
}

Result<std::string> SqlParser::ParsePropertyValue() {
  const size_t first = at_;
  const bool negative = AcceptSymbol("-");
  switch (Peek().kind) {
    case TokenKind::kString:
      return Next().text;
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
      return (negative ? "-" : "") + Next().text;
    case TokenKind::kWord:
      if (PeekWord("TRUE") || PeekWord("FALSE")) return Lower(Next().text);
      break;
    default:
      break;
  }
  at_ = first;
  return Unexpected("a value in quotes, a number, true or false");
}

Result<StatementPtr> SqlParser::ParseCommand(size_t first) {
  Statement statement;
  if (AcceptWord("INSERT")) {
    THALWEG_RETURN_NOT_OK(ParseInsert(&statement));
  } else if (AcceptWord("DROP")) {
    statement.kind = StatementKind::kDrop;
    AcceptWord("TEMPORARY");
    if (!PeekWord("VIEW") && !PeekWord("TABLE")) return NotYet("DROP " + Peek().text);
    statement.what = Lower(Next().text);
    statement.if_exists = AcceptWords({"IF", "EXISTS"});
    THALWEG_ASSIGN_OR_RETURN(statement.name, ParseDottedName());
  } else if (AcceptWord("SET")) {
    THALWEG_RETURN_NOT_OK(ParseSet(&statement));
  } else if (AcceptWord("RESET")) {
    statement.kind = StatementKind::kReset;
    if (AtIdentifier()) {
      THALWEG_ASSIGN_OR_RETURN(statement.what, ParsePropertyKey());
    }
  } else if (AcceptWord("SHOW")) {
    THALWEG_RETURN_NOT_OK(ParseShow(&statement));
  } else if (AcceptWord("DESCRIBE") || AcceptWord("DESC")) {
    THALWEG_RETURN_NOT_OK(ParseDescribe(&statement));
  } else if (AcceptWord("EXPLAIN")) {
    statement.kind = StatementKind::kExplain;
    for (const std::string_view mode : {"EXTENDED", "FORMATTED", "CODEGEN", "COST", "LOGICAL"}) {
      if (AcceptWord(mode)) statement.what = Lower(std::string(mode));
    }
    THALWEG_ASSIGN_OR_RETURN(statement.explained, ParseStatement());
  } else {
    for (const std::string_view command : kOtherCommands) {
      if (PeekWord(command)) return NotYet("the statement " + std::string(command));
    }
    return Unexpected("a statement");
  }
  return Finish(std::move(statement), first);
}

// INSERT {INTO | OVERWRITE} [TABLE] t [BY NAME] query
Status SqlParser::ParseInsert(Statement* statement) {
  statement->kind = StatementKind::kInsert;
  statement->overwrite = AcceptWord("OVERWRITE");
  if (!statement->overwrite) THALWEG_RETURN_NOT_OK(ExpectWord("INTO"));
  AcceptWord("TABLE");
  THALWEG_ASSIGN_OR_RETURN(statement->name, ParseDottedName());
  if (PeekWord("PARTITION") || PeekWord("REPLACE")) return NotYet("INSERT … " + Peek().text);
  statement->by_name = AcceptWords({"BY", "NAME"});
  if (PeekSymbol("(") && !AtQuery()) {
    THALWEG_ASSIGN_OR_RETURN(statement->column_names, ParseIdentifierList());
  }
  THALWEG_ASSIGN_OR_RETURN(statement->query, ParseQuery());
  return Status::OK();
}

// SET, SET key, SET key = everything up to the end of the statement
Status SqlParser::ParseSet(Statement* statement) {
  statement->kind = StatementKind::kSet;
  for (const std::string_view word : {"TIME", "VAR", "VARIABLE", "CATALOG", "PATH"}) {
    if (PeekWord(word) && !PeekSymbol("=", 1)) return NotYet("SET " + std::string(word));
  }
  if (Peek().kind == TokenKind::kEnd || PeekSymbol(";")) return Status::OK();
  const size_t first = at_;
  while (Peek().kind != TokenKind::kEnd && !PeekSymbol(";") && !PeekSymbol("=")) Next();
  statement->what = TextFrom(first);
  if (!AcceptSymbol("=")) return Status::OK();
  const size_t value_first = at_;
  while (Peek().kind != TokenKind::kEnd && !PeekSymbol(";")) Next();
  statement->value = at_ == value_first ? "" : TextFrom(value_first);
  return Status::OK();
}

}  // namespace thalweg
