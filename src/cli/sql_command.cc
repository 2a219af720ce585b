#include "cli/sql_command.h"

#include <cstdio>

#include <fmt/format.h>

#include "api/session.h"
#include "data/value.h"
#include "formats/table_text.h"

namespace thalweg {
namespace {

Status SetAll(Conf& conf, const std::vector<std::string>& pairs);
Status RunScript(Session& session, const std::string& text);
void PrintText(const QueryRows& rows);
Status PrintRows(const QueryRows& rows, const Conf& conf);

}  // namespace

int RunSqlCommand(const SqlCommandOptions& options, Env& env) {
  std::string text = options.query;
  if (!options.file.empty()) {
    Result<std::string> read = ReadFile(env.files(), options.file);
    if (!read.ok()) {
      fmt::print(stderr, "{}\n", read.status().ToString());
      return 1;
    }
    text = *std::move(read);
  }
  Session session(env);
  Status status = SetAll(session.conf(), options.set);
  if (!status.ok()) {
    fmt::print(stderr, "{}\n", status.ToString());
    return 2;
  }
  status = RunScript(session, text);
  if (status.ok()) return 0;
  fflush(stdout);
  fmt::print(stderr, "{}\n{}", status.ToString(), CaretText(text, status.place()));
  return 1;
}

namespace {

Status SetAll(Conf& conf, const std::vector<std::string>& pairs) {
  for (const std::string& pair : pairs) {
    const size_t equals = pair.find('=');
    if (equals == pair.npos) {
      return Status::User("THALWEG_INVALID_OPTION",
                          {{"option", "--set"}, {"value", pair}, {"wanted", "key=value"}});
    }
    THALWEG_RETURN_NOT_OK(conf.Set(pair.substr(0, equals), pair.substr(equals + 1)));
  }
  return Status::OK();
}

// A SET may change how the statements after it are read: the text is read again then.
Status RunScript(Session& session, const std::string& text) {
  THALWEG_ASSIGN_OR_RETURN(auto statements, ParseScript(text, session.parser_settings()));
  for (size_t i = 0; i < statements.size(); ++i) {
    const StatementPtr statement = statements[i];
    THALWEG_ASSIGN_OR_RETURN(const QueryRows rows, session.Execute(statement));
    const bool plain =
        statement->kind == StatementKind::kExplain ||
        (statement->kind == StatementKind::kShow && statement->what == "create table");
    if (rows.schema->size() == 0) {
      // a command that shows nothing
    } else if (plain) {
      PrintText(rows);
    } else {
      THALWEG_RETURN_NOT_OK(PrintRows(rows, session.conf()));
    }
    if (statement->kind != StatementKind::kSet && statement->kind != StatementKind::kReset) {
      continue;
    }
    THALWEG_ASSIGN_OR_RETURN(statements, ParseScript(text, session.parser_settings()));
  }
  return Status::OK();
}

/// A plan is one value of many lines: no table is drawn around it.
void PrintText(const QueryRows& rows) {
  for (const Batch& batch : rows.batches) {
    for (int row = 0; row < batch.row_count(); ++row) {
      fmt::print("{}\n", GetValue(batch.column(0), row).text());
    }
  }
  fflush(stdout);
}

Status PrintRows(const QueryRows& rows, const Conf& conf) {
  THALWEG_ASSIGN_OR_RETURN(const TimeZone* zone,
                           TimeZone::Find(conf.Get("spark.sql.session.timeZone")));
  fmt::print("{}", DrawTable(*rows.schema, rows.batches, *zone));
  fflush(stdout);
  return Status::OK();
}

}  // namespace
}  // namespace thalweg
