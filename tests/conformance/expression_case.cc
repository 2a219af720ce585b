#include "expression_case.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "api/session.h"
#include "compare_rows.h"
#include "data/ddl.h"
#include "json_values.h"
#include "manual_env.h"

namespace thalweg {
namespace {

using nlohmann::json;

/// Topics whose FLOAT and DOUBLE results may differ in the last digits.
constexpr std::array kTolerantTopics = {"math", "aggregate", "aggregate_stat",
                                        "aggregate_percentile", "window_function"};
/// Aggregates whose result depends on the order in which floating numbers are added.
constexpr std::array kTolerantAggregates = {"sum(",  "avg(",      "mean(",    "stddev",
                                            "std(",  "var",       "corr(",    "covar_",
                                            "regr_", "skewness(", "kurtosis("};
constexpr double kTolerance = 1e-12;
constexpr int64_t kRecordedUs = 1'795'348'800'000'000;  // 2026-11-22T12:00:00Z

Verdict RunStatements(Session& session, const std::vector<std::string>& statements);
Verdict Prepare(const Case& played, Session& session);
Result<QueryRows> RunQuery(const json& body, Session& session);
Result<SqlArguments> ReadArguments(const json& body, const ParserSettings& settings);
Verdict CompareResult(const Case& played, const QueryRows& result);
double ToleranceOf(const Case& played);

}  // namespace

Verdict PlayExpressionCase(const Case& played) {
  const json& body = *played.body;
  ManualEnv env;
  env.SetNowUs(kRecordedUs);
  Session session(env);
  const Verdict prepared = Prepare(played, session);
  if (prepared.outcome != Outcome::kPassed) return prepared;
  const Result<QueryRows> result = RunQuery(body, session);
  if (!body.contains("error")) {
    if (!result.ok()) return Failed("refused", result.status());
    return CompareResult(played, *result);
  }
  const std::string condition = body["error"].get<std::string>();
  if (!result.ok()) {
    return CompareError(condition, body.value("sqlstate", json()), result.status());
  }
  std::vector<Row> rows;
  for (const Batch& batch : result->batches) AppendRows(batch, &rows);
  std::string found;
  for (const Row& row : rows) found += "\nfound  " + RowText(row);
  return Wrong("expected the error " + condition + found);
}

namespace {

Verdict RunStatements(Session& session, const std::vector<std::string>& statements) {
  for (const std::string& text : statements) {
    const Status status = session.Execute(text).status();
    if (!status.ok()) return Failed(text, status);
  }
  return {};
}

// Fixtures, setup, conf.
Verdict Prepare(const Case& played, Session& session) {
  const json& body = *played.body;
  for (const json& name : body.value("fixtures", json::array())) {
    const auto fixture = played.fixtures->find(name.get<std::string>());
    if (fixture == played.fixtures->end()) return Wrong("no fixture " + name.dump());
    Verdict verdict = RunStatements(session, fixture->second);
    if (verdict.outcome != Outcome::kPassed) return verdict;
  }
  if (body.contains("setup")) {
    Verdict verdict = RunStatements(session, body["setup"].get<std::vector<std::string>>());
    if (verdict.outcome != Outcome::kPassed) return verdict;
  }
  const json conf = body.value("conf", json::object());
  for (const auto& [key, value] : conf.items()) {
    const Status status = session.conf().Set(key, value.get<std::string>());
    if (!status.ok()) return Failed(key, status);
  }
  return {};
}

Result<QueryRows> RunQuery(const json& body, Session& session) {
  const ParserSettings settings = session.parser_settings();
  const std::string sql = body["sql"].get<std::string>();
  THALWEG_ASSIGN_OR_RETURN(const StatementPtr statement, ParseStatement(sql, settings));
  THALWEG_ASSIGN_OR_RETURN(const SqlArguments arguments, ReadArguments(body, settings));
  return session.Execute(statement, arguments);
}

Result<SqlArguments> ReadArguments(const json& body, const ParserSettings& settings) {
  SqlArguments arguments;
  const json& encoded = body.value("args", json());
  for (const auto& [name, text] : encoded.items()) {
    THALWEG_ASSIGN_OR_RETURN(ExprPtr value, ParseExpression(text.get<std::string>(), settings));
    if (encoded.is_array()) {
      arguments.positional.push_back(std::move(value));
    } else {
      arguments.named[name] = std::move(value);
    }
  }
  return arguments;
}

Verdict CompareResult(const Case& played, const QueryRows& result) {
  const json& body = *played.body;
  const Result<SchemaPtr> schema = ParseDdl(body["schema"].get<std::string>());
  if (!schema.ok()) return Wrong("the expected columns: " + schema.status().ToString());
  Verdict verdict = CompareSchemas(**schema, *result.schema);
  if (verdict.outcome != Outcome::kPassed) return verdict;
  const Result<std::vector<Row>> expected = DecodeRows(body["rows"], **schema);
  if (!expected.ok()) return Failed("the expected rows", expected.status());
  std::vector<Row> actual;
  for (const Batch& batch : result.batches) AppendRows(batch, &actual);
  RowComparison comparison;
  comparison.ordered = body.value("ordered", false);
  comparison.tolerance = ToleranceOf(played);
  verdict.text = CompareRows(*expected, actual, comparison);
  if (!verdict.text.empty()) verdict.outcome = Outcome::kWrong;
  return verdict;
}

double ToleranceOf(const Case& played) {
  const auto is_topic = [&](const char* topic) { return played.group == topic; };
  if (std::any_of(kTolerantTopics.begin(), kTolerantTopics.end(), is_topic)) return kTolerance;
  std::string sql = (*played.body)["sql"].get<std::string>();
  for (char& c : sql) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto is_in = [&](const char* name) { return sql.find(name) != std::string::npos; };
  const bool adds = std::any_of(kTolerantAggregates.begin(), kTolerantAggregates.end(), is_in);
  return adds ? kTolerance : 0;
}

}  // namespace
}  // namespace thalweg
