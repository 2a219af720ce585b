#include "api/commands.h"

#include <algorithm>

#include "api/explain.h"

namespace thalweg {
namespace {

using TextRows = std::vector<std::vector<Value>>;

QueryRows RowsOf(std::vector<StructField> fields, const TextRows& rows);
Result<QueryRows> CreateView(Session& session, const Statement& statement,
                             const SqlArguments& arguments);
Result<QueryRows> DropView(Session& session, const Statement& statement);
Result<QueryRows> Set(Session& session, const Statement& statement);
Result<QueryRows> Reset(Session& session, const Statement& statement);
Result<QueryRows> Show(Session& session, const Statement& statement);
Result<QueryRows> Describe(Session& session, const Statement& statement,
                           const SqlArguments& arguments);
Result<QueryRows> Explain(Session& session, const Statement& statement,
                          const SqlArguments& arguments);

StructField TextField(std::string name) {
  return {std::move(name), StringType(), false, ""};
}

}  // namespace

Result<QueryRows> RunCommand(Session& session, const Statement& statement,
                             const SqlArguments& arguments) {
  switch (statement.kind) {
    case StatementKind::kCreateView:
      return CreateView(session, statement, arguments);
    case StatementKind::kDrop:
      return DropView(session, statement);
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

namespace {

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

// A view keeps its typed plan: what is created later under a name that it reads does not change it.
Result<QueryRows> CreateView(Session& session, const Statement& statement,
                             const SqlArguments& arguments) {
  if (statement.query == nullptr) {
    return NotSupportedYet("CREATE VIEW … USING", statement.place);
  }
  if (statement.name.size() != 1) {
    return NotSupportedYet("a temporary view in a database", statement.place);
  }
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
  if (statement.if_not_exists && session.catalog().FindView(statement.name[0]) != nullptr) {
    return QueryRows{Schema::Make({}), {}, false};
  }
  THALWEG_RETURN_NOT_OK(
      session.catalog().PutView(statement.name[0], std::move(plan), statement.replace));
  return QueryRows{Schema::Make({}), {}, false};
}

Result<QueryRows> DropView(Session& session, const Statement& statement) {
  if (statement.what != "view" || statement.name.size() != 1) {
    return NotSupportedYet("DROP TABLE", statement.place);
  }
  if (!session.catalog().DropView(statement.name[0]) && !statement.if_exists) {
    return Status::User("TABLE_OR_VIEW_NOT_FOUND",
                        {{"relationName", "`" + statement.name[0] + "`"}, {"hint", ""}},
                        statement.place);
  }
  return QueryRows{Schema::Make({}), {}, false};
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
    rows.push_back(
        {Value::String(statement.what), Value::String(session.conf().Get(statement.what))});
  }
  return RowsOf({TextField("key"), TextField("value")}, rows);
}

Result<QueryRows> Reset(Session& session, const Statement& statement) {
  if (statement.what.empty()) {
    session.conf() = Conf();
  } else {
    session.conf().Unset(statement.what);
  }
  return QueryRows{Schema::Make({}), {}, false};
}

Result<QueryRows> Show(Session& session, const Statement& statement) {
  TextRows rows;
  if (statement.what == "functions") {
    for (const std::string_view name : session.functions().Names()) {
      if (!name.starts_with("$")) rows.push_back({Value::String(std::string(name))});
    }
    return RowsOf({TextField("function")}, rows);
  }
  const bool views = statement.what == "views";
  for (const std::string& name : session.catalog().ViewNames()) {
    rows.push_back({Value::String(""), Value::String(name), Value::Boolean(true)});
  }
  return RowsOf({TextField("namespace"), TextField(views ? "viewName" : "tableName"),
                 StructField{"isTemporary", BooleanType(), false, ""}},
                rows);
}

Result<QueryRows> Describe(Session& session, const Statement& statement,
                           const SqlArguments& arguments) {
  RelationPtr plan = statement.query;
  if (plan == nullptr) {
    auto read = std::make_shared<UnresolvedRead>();
    read->parts = statement.name;
    read->place = statement.place;
    plan = read;
  }
  THALWEG_ASSIGN_OR_RETURN(plan, session.Analyze(plan, arguments));
  TextRows rows;
  for (const AttributePtr& column : plan->output) {
    rows.push_back({Value::String(column->column), Value::String(column->type->Simple()),
                    Value(StringType())});
  }
  StructField comment = TextField("comment");
  comment.nullable = true;
  return RowsOf({TextField("col_name"), TextField("data_type"), comment}, rows);
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
