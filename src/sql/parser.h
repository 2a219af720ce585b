// SQL text -> unresolved plan, by a hand-written lexer, recursive descent for statements and
// clauses, and a Pratt parser for expressions. Errors are PARSE_SYNTAX_ERROR with line, column, a
// caret line and what could stand there; clauses of Spark that are not built yet are recognised and
// refused with THALWEG_NOT_SUPPORTED_YET. Thread-safe: functions of their arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/schema.h"
#include "plan/clauses.h"
#include "plan/command.h"
#include "plan/unresolved.h"

namespace thalweg {

/// Settings that change how a text is read.
struct ParserSettings {
  bool ansi = true;                        // spark.sql.ansi.enabled
  bool double_quoted_identifiers = false;  // spark.sql.ansi.doubleQuotedIdentifiers
  bool escaped_string_literals = false;    // spark.sql.parser.escapedStringLiterals
  bool timestamp_ntz = false;              // spark.sql.timestampType = TIMESTAMP_NTZ
  bool time_type = false;                  // spark.sql.timeType.enabled
  std::string session_zone = "UTC";        // of TIMESTAMP literals without a zone
};

/// One query or command, a trailing `;` allowed.
Result<StatementPtr> ParseStatement(std::string_view text, const ParserSettings& settings);
/// Statements separated by `;` (pipeline files, -e, -f): each with its place in the text.
Result<std::vector<StatementPtr>> ParseScript(std::string_view text,
                                              const ParserSettings& settings);
/// A query only: SELECT, VALUES, WITH, FROM, TABLE, set operations.
Result<RelationPtr> ParseQuery(std::string_view text, const ParserSettings& settings);
/// What expr("…") takes, with an optional alias.
Result<ExprPtr> ParseExpression(std::string_view text, const ParserSettings& settings);
/// "array<struct<a: int>>".
Result<TypePtr> ParseDataType(std::string_view text, const ParserSettings& settings);

/// The lines of `text` around `place` with a caret below it, for error messages:
///
///   == SQL (line 3, column 8) ==
///   SELECT nme FROM t
///          ^^^
std::string CaretText(std::string_view text, const SqlPlace& place);

}  // namespace thalweg
