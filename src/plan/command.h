// Statements: a query, or a command with its parts as written. What a pipeline file or `thalweg
// sql` may hold (DESIGN.md §5).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/schema.h"
#include "plan/clauses.h"

namespace thalweg {

enum class StatementKind : uint8_t {
  kQuery,
  kCreateView,   // CREATE [OR REPLACE] TEMPORARY VIEW v [(cols)] {USING fmt OPTIONS … | AS query}
  kCreateTable,  // CREATE TABLE t USING fmt [OPTIONS …] [AS query]
  kCreateStreamingTable,    // CREATE STREAMING TABLE t … [AS query]
  kCreateMaterializedView,  // CREATE MATERIALIZED VIEW t … AS query
  kCreateFlow,              // CREATE FLOW f AS INSERT INTO t BY NAME query
  kInsert,                  // INSERT INTO t [BY NAME] query
  kDrop,                    // DROP {VIEW | TABLE} [IF EXISTS] t
  kSet,                     // SET k = v, SET k, SET
  kReset,
  kShow,      // SHOW TABLES | VIEWS | FUNCTIONS | COLUMNS | CREATE TABLE | TBLPROPERTIES | …
  kDescribe,  // DESCRIBE [TABLE] [EXTENDED] t [column] | DESCRIBE QUERY q | DESCRIBE FUNCTION f
  kExplain,   // EXPLAIN [EXTENDED | FORMATTED …] statement
};

struct Statement {
  StatementKind kind = StatementKind::kQuery;
  SqlPlace place;
  std::string text;                       // of this statement
  std::vector<std::string> name;          // of what is made, dropped, described, inserted into
  std::string flow;                       // kCreateFlow
  RelationPtr query;                      // kQuery, AS …, INSERT …
  std::vector<std::string> column_names;  // v (a, b) AS …, INSERT INTO t (a, b)
  SchemaPtr schema;                       // v (a INT, b STRING) USING …
  std::string format;                     // USING
  FieldMap options;                       // OPTIONS, keys lower case
  FieldMap properties;                    // TBLPROPERTIES
  std::vector<std::string> partition_columns;
  std::string location;
  std::string comment;
  bool replace = false;
  bool if_not_exists = false;
  bool if_exists = false;
  bool by_name = false;
  bool overwrite = false;
  bool extended = false;           // kDescribe
  std::string pattern;             // kShow: LIKE, "": all
  std::vector<std::string> space;  // kShow: IN
  std::string what;   // kSet: key; kShow: "tables"; kDescribe: "function", column; kExplain: mode
  std::string value;  // kSet
  std::shared_ptr<const Statement> explained;
};
using StatementPtr = std::shared_ptr<const Statement>;

}  // namespace thalweg
