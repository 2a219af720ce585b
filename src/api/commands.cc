#include "api/commands.h"

#include <algorithm>

#include "api/explain.h"
#include "api/pipeline_statements.h"

namespace thalweg {
namespace {

Result<QueryRows> CreateSource(Session& session, const Statement& statement);
Result<QueryRows> CreateView(Session& session, const Statement& statement,
                             const SqlArguments& arguments);
Result<QueryRows> Set(Session& session, const Statement& statement);
Result<QueryRows> Reset(Session& session, const Statement& statement);
Result<QueryRows> Explain(Session& session, const Statement& statement,
                          const SqlArguments& arguments);

}  // namespace

Result<QueryRows> RunCommand(Session& session, const Statement& statement,
                             const SqlArguments& arguments) {
  switch (statement.kind) {
    case StatementKind::kCreateView:
      return CreateView(session, statement, arguments);
    case StatementKind::kCreateTable:
      return CreateTable(session, statement, arguments);
    case StatementKind::kInsert:
      return Insert(session, statement, arguments);
    case StatementKind::kDrop:
      return Drop(session, statement);
    case StatementKind::kSet:
      return Set(session, statement);
    case StatementKind::kReset:
      return Reset(session, statement);
    case StatementKind::kShow:
      return Show(session, statement);
    case StatementKind::kDescribe:
      return Describe(session, statement, arguments);
    case StatementKind::kExplain:
      return Explain(session, statement, arguments);
    default:
      return NotSupportedYet("this statement outside a pipeline", statement.place);
  }
}

QueryRows RowsOf(std::vector<StructField> fields, const TextRows& rows) {
  QueryRows out;
  out.schema = Schema::Make(std::move(fields));
  for (size_t begin = 0; begin < rows.size(); begin += kBatchRows) {
    const size_t end = std::min(rows.size(), begin + kBatchRows);
    Batch batch(out.schema);
    for (int column = 0; column < out.schema->size(); ++column) {
      Vector& vector = batch.mutable_column(column);
      vector.ResetFlat(out.schema->column(column).type, 0);
      vector.Reserve(static_cast<int>(end - begin));
      for (size_t row = begin; row < end; ++row) AppendValue(rows[row][column], &vector);
    }
    batch.SetRowCount(static_cast<int>(end - begin));
    out.batches.push_back(std::move(batch));
  }
  return out;
}

SchemaPtr SchemaOf(const Relation& relation) {
  std::vector<StructField> columns;
  for (const AttributePtr& column : relation.output) {
    if (!column->metadata) columns.push_back({column->column, column->type, column->nullable, ""});
  }
  return Schema::Make(std::move(columns));
}

QueryRows NoRows() {
  return {Schema::Make({}), {}, false};
}

StructField TextField(std::string name) {
  return {std::move(name), StringType(), false, ""};
}

std::string FullName(const std::string& table) {
  return "`spark_catalog`.`default`.`" + table + "`";
}

Status NoSuchTable(const Statement& statement) {
  std::string name;
  for (const std::string& part : statement.name) {
    name += (name.empty() ? "`" : ".`") + part + "`";
  }
  return Status::User("TABLE_OR_VIEW_NOT_FOUND", {{"relationName", name}, {"hint", ""}},
                      statement.place);
}

namespace {

/// CREATE TEMPORARY VIEW v … USING: files are looked at now, so that what is wrong is said here.
Result<QueryRows> CreateSource(Session& session, const Statement& statement) {
  const std::string& name = statement.name[0];
  THALWEG_ASSIGN_OR_RETURN(TableDefinition source, SourceOf(statement, session.directory()));
  if (!statement.column_names.empty()) {
    return NotSupportedYet("names without types for the columns of USING", statement.place);
  }
  const bool known = session.catalog().FindView(name) != nullptr ||
                     session.catalog().FindSessionTable(name).has_value();
  if (known && statement.if_not_exists) return NoRows();
  if (known && !statement.replace) {
    return Status::User("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", "`" + name + "`"}},
                        statement.place);
  }
  auto read = std::make_shared<UnresolvedRead>();
  read->format = source.format;
  read->options = source.options;
  read->paths = source.paths;
  read->schema = source.schema;
  read->place = statement.place;
  if (!source.paths.empty() || session.catalog().FindProvider(source.format) == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(const RelationPtr opened, session.Analyze(read));
    if (source.schema == nullptr) source.schema = SchemaOf(*opened);
  }
  session.catalog().DropView(name);
  THALWEG_RETURN_NOT_OK(session.catalog().PutTable(name, std::move(source), /*replace=*/true));
  return NoRows();
}

// A view keeps its typed plan: what is created later under a name that it reads does not change it.
Result<QueryRows> CreateView(Session& session, const Statement& statement,
                             const SqlArguments& arguments) {
  if (statement.name.size() != 1) {
    return NotSupportedYet("a temporary view in a database", statement.place);
  }
  if (statement.query == nullptr) return CreateSource(session, statement);
  RelationPtr unresolved = statement.query;
  if (!statement.column_names.empty()) {
    auto alias = std::make_shared<SubqueryAlias>();
    alias->input = unresolved;
    alias->alias = statement.name[0];
    alias->column_names = statement.column_names;
    alias->place = statement.place;
    unresolved = alias;
  }
  THALWEG_ASSIGN_OR_RETURN(RelationPtr plan, session.Analyze(unresolved, arguments));
  if (session.catalog().FindSessionTable(statement.name[0])) {
    if (statement.if_not_exists) return NoRows();
    if (!statement.replace) {
      return Status::User("TEMP_TABLE_OR_VIEW_ALREADY_EXISTS",
                          {{"relationName", "`" + statement.name[0] + "`"}}, statement.place);
    }
    session.catalog().DropView(statement.name[0]);
  }
  if (statement.if_not_exists && session.catalog().FindView(statement.name[0]) != nullptr) {
    return NoRows();
  }
  THALWEG_RETURN_NOT_OK(
      session.catalog().PutView(statement.name[0], std::move(plan), statement.replace));
  return NoRows();
}

Result<QueryRows> Set(Session& session, const Statement& statement) {
  TextRows rows;
  if (statement.what.empty()) {
    for (const auto& [key, value] : session.conf().values()) {
      rows.push_back({Value::String(key), Value::String(value)});
    }
  } else {
    if (!statement.value.empty()) {
      THALWEG_RETURN_NOT_OK(
          session.conf().Set(statement.what, statement.value).WithPlace(statement.place));
    }
    const bool known =
        session.conf().IsSet(statement.what) || FindConfEntry(statement.what) != nullptr;
    rows.push_back({Value::String(statement.what),
                    Value::String(known ? session.conf().Get(statement.what) : "<undefined>")});
  }
  return RowsOf({TextField("key"), TextField("value")}, rows);
}

Result<QueryRows> Reset(Session& session, const Statement& statement) {
  if (statement.what.empty()) {
    session.conf() = Conf();
  } else {
    session.conf().Unset(statement.what);
  }
  return NoRows();
}

Result<QueryRows> Explain(Session& session, const Statement& statement,
                          const SqlArguments& arguments) {
  if (statement.explained->kind != StatementKind::kQuery) {
    return NotSupportedYet("EXPLAIN of a command", statement.place);
  }
  THALWEG_ASSIGN_OR_RETURN(const ExplainMode mode,
                           ParseExplainMode(statement.what, statement.place));
  const RelationPtr unresolved = statement.explained->query;
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr analyzed, session.Analyze(unresolved, arguments));
  THALWEG_ASSIGN_OR_RETURN(std::string text, ExplainQuery(session, unresolved, analyzed, mode));
  return RowsOf({TextField("plan")}, {{Value::String(std::move(text))}});
}

}  // namespace
}  // namespace thalweg
