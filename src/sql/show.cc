// SHOW and DESCRIBE.
#include "sql/sql_parser.h"

namespace thalweg {

// SHOW {TABLES | VIEWS} [{IN | FROM} space] [[LIKE] 'pattern']
// SHOW [USER | SYSTEM | ALL] FUNCTIONS [{IN | FROM} space] [[LIKE] 'pattern']
// SHOW COLUMNS {IN | FROM} t [{IN | FROM} space], SHOW CREATE TABLE t, SHOW TBLPROPERTIES t
// SHOW {DATABASES | SCHEMAS | NAMESPACES | CATALOGS} [[LIKE] 'pattern'], SHOW CURRENT NAMESPACE
Status SqlParser::ParseShow(Statement* statement) {
  statement->kind = StatementKind::kShow;
  std::string& what = statement->what;
  if (AcceptWords({"CREATE", "TABLE"})) {
    what = "create table";
  } else if (AcceptWord("TBLPROPERTIES")) {
    what = "tblproperties";
  } else if (AcceptWord("COLUMNS")) {
    what = "columns";
    if (!AcceptWord("IN") && !AcceptWord("FROM")) return Unexpected("IN or FROM");
  } else if (AcceptWords({"CURRENT", "NAMESPACE"})) {
    what = "current namespace";
    return Status::OK();
  }
  if (!what.empty()) {
    THALWEG_ASSIGN_OR_RETURN(statement->name, ParseDottedName());
    if (what == "create table" && PeekWord("AS")) return NotYet("SHOW CREATE TABLE … AS SERDE");
    if (what == "tblproperties" && PeekSymbol("(")) return NotYet("SHOW TBLPROPERTIES of one key");
    return what == "columns" ? ParseShowScope(statement) : Status::OK();
  }
  for (const std::string_view scope : {"USER", "SYSTEM", "ALL"}) {
    if (!PeekWord(scope) || !PeekWord("FUNCTIONS", 1)) continue;
    Next();
    statement->value = scope;
  }
  static constexpr std::string_view kLists[] = {"TABLES",  "VIEWS",      "FUNCTIONS", "DATABASES",
                                                "SCHEMAS", "NAMESPACES", "CATALOGS"};
  for (const std::string_view list : kLists) {
    if (!AcceptWord(list)) continue;
    for (const char c : list) what += static_cast<char>(c + 32);
    return ParseShowScope(statement);
  }
  return NotYet("SHOW " + Peek().text);
}

// [{IN | FROM} space] [[LIKE] 'pattern']
Status SqlParser::ParseShowScope(Statement* statement) {
  if (AcceptWord("IN") || AcceptWord("FROM")) {
    THALWEG_ASSIGN_OR_RETURN(statement->space, ParseDottedName());
  }
  if (statement->what == "columns") return Status::OK();
  const bool like = AcceptWord("LIKE");
  if (Peek().kind == TokenKind::kString) {
    statement->pattern = Next().text;
  } else if (like && statement->what == "functions" && AtIdentifier()) {
    THALWEG_ASSIGN_OR_RETURN(statement->pattern, ParseIdentifier());
  } else if (like) {
    return Unexpected("a pattern in quotes");
  }
  return Status::OK();
}

// DESCRIBE [QUERY] query, DESCRIBE FUNCTION [EXTENDED] f,
// DESCRIBE [TABLE] [EXTENDED | FORMATTED] t [column]
Status SqlParser::ParseDescribe(Statement* statement) {
  statement->kind = StatementKind::kDescribe;
  const bool query = AcceptWord("QUERY") || AtQuery();
  if (query) {
    THALWEG_ASSIGN_OR_RETURN(statement->query, ParseQuery());
    return Status::OK();
  }
  for (const std::string_view space : {"DATABASE", "SCHEMA", "NAMESPACE", "CATALOG"}) {
    if (PeekWord(space) && AtIdentifier(1)) return NotYet("DESCRIBE " + std::string(space));
  }
  if (PeekWord("FUNCTION") && (AtIdentifier(1) || Peek(1).kind == TokenKind::kString)) {
    Next();
    statement->what = "function";
    statement->extended = PeekWord("EXTENDED") && AtIdentifier(1) && AcceptWord("EXTENDED");
    THALWEG_ASSIGN_OR_RETURN(statement->name, ParseDottedName());
    return Status::OK();
  }
  if (AtIdentifier(1)) AcceptWord("TABLE");
  if (AtIdentifier(1)) {
    statement->extended = AcceptWord("EXTENDED") || AcceptWord("FORMATTED");
  }
  THALWEG_ASSIGN_OR_RETURN(statement->name, ParseDottedName());
  if (PeekWord("PARTITION")) return NotYet("DESCRIBE … PARTITION");
  if (PeekWord("AS") && PeekWord("JSON", 1)) return NotYet("DESCRIBE … AS JSON");
  if (!AtIdentifier()) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> column, ParseDottedName());
  if (column.size() != 1) return NotYet("DESCRIBE of a nested column");
  statement->value = column[0];
  return Status::OK();
}

}  // namespace thalweg
