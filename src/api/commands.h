// What statements other than queries do in a session: views, tables, settings, SHOW, DESCRIBE,
// EXPLAIN. Columns and rows of what they show are Spark's. Called by Session::Execute; nobody else.
#pragma once

#include "api/session.h"

namespace thalweg {

/// Errors: THALWEG_NOT_SUPPORTED_YET for statements of pipelines only, and for what is not built.
Result<QueryRows> RunCommand(Session& session, const Statement& statement,
                             const SqlArguments& arguments);

// commands_tables.cc
Result<QueryRows> CreateTable(Session& session, const Statement& statement,
                              const SqlArguments& arguments);
Result<QueryRows> Insert(Session& session, const Statement& statement,
                         const SqlArguments& arguments);
Result<QueryRows> Drop(Session& session, const Statement& statement);

// commands_show.cc
Result<QueryRows> Show(Session& session, const Statement& statement);
Result<QueryRows> Describe(Session& session, const Statement& statement,
                           const SqlArguments& arguments);

// insert_plan.cc
/// The rows of a query as those of a table: its columns in their order and types. Errors:
/// INSERT_COLUMN_ARITY_MISMATCH.*, INCOMPATIBLE_DATA_FOR_TABLE.*, COLUMN_ALREADY_EXISTS.
Result<RelationPtr> PlanInsert(Session& session, const RelationPtr& query,
                               const Statement& statement, const Schema& columns,
                               const std::string& table);

// ---- what commands show

using TextRows = std::vector<std::vector<Value>>;
QueryRows RowsOf(std::vector<StructField> fields, const TextRows& rows);
SchemaPtr SchemaOf(const Relation& relation);
/// No columns, no rows.
QueryRows NoRows();
StructField TextField(std::string name);
/// "`spark_catalog`.`default`.`t`".
std::string FullName(const std::string& table);
Status NoSuchTable(const Statement& statement);

}  // namespace thalweg
