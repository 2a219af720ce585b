#include "cli/script_player.h"

#include "cli/script_query.h"
#include "cli/script_rows.h"
#include "data/ddl.h"

namespace thalweg {
namespace {

class Player {
 public:
  Player(const Script& script, const World& world)
      : script_(script),
        world_(world),
        simulated_(SimOptions{.worker_count = world.workers}),
        session_(simulated_.NewLife()),
        query_(world, &session_) {}

  Result<std::vector<ScriptOutput>> Play();

 private:
  Status SetUp();
  Status Run(const Directive& directive, ScriptOutput* output);
  ScriptOutput RunStatement(const std::string& sql);
  ScriptOutput RunEpoch(const std::string& rows);
  Status DeclareStream(const std::string& text);
  Status DeclareStatic(const std::string& text);
  Result<const TimeZone*> Zone();

  const Script& script_;
  const World world_;
  SimWorld simulated_;  // of the session; the query has one of its own, which may crash
  Session session_;
  ScriptQuery query_;
};

ScriptOutput ErrorLines(const Status& status, const std::string& sql);
std::pair<std::string, std::string> CutAt(const std::string& text, char separator);
/// "ev(ts TIMESTAMP) rest": name, columns, rest.
struct Declaration {
  std::string name;
  SchemaPtr schema;
  std::string rest;
};
Result<Declaration> ReadDeclaration(const std::string& text);

}  // namespace

Result<std::vector<ScriptOutput>> PlayScript(const Script& script, const World& world) {
  return Player(script, world).Play();
}

namespace {

Result<std::vector<ScriptOutput>> Player::Play() {
  THALWEG_RETURN_NOT_OK(SetUp());
  std::vector<ScriptOutput> outputs(script_.directives.size());
  for (size_t i = 0; i < outputs.size(); ++i) {
    const Directive& directive = script_.directives[i];
    const Status status = Run(directive, &outputs[i]);
    if (status.ok()) continue;
    return status.WithContext(script_.path + ":" + std::to_string(directive.line));
  }
  return outputs;
}

Status Player::SetUp() {
  Conf& conf = session_.conf();
  THALWEG_RETURN_NOT_OK(conf.Set("thalweg.exec.batchRows", std::to_string(world_.batch_rows)));
  if (world_.workers == 1) return Status::OK();
  return conf.Set("thalweg.exec.fanOutRows", "1");  // every epoch goes to all workers
}

Status Player::Run(const Directive& directive, ScriptOutput* output) {
  const std::string& text = directive.text;
  const std::string& keyword = directive.keyword;
  if (keyword == "sql") {
    *output = RunStatement(text);
  } else if (keyword == "epoch") {
    *output = RunEpoch(text);
  } else if (keyword == "conf") {
    const auto [key, value] = CutAt(text, ' ');
    return session_.conf().Set(key, value);
  } else if (keyword == "stream") {
    return DeclareStream(text);
  } else if (keyword == "static") {
    return DeclareStatic(text);
  } else if (keyword == "watermark") {
    const auto [column, delay] = CutAt(text, ' ');
    return query_.SetWatermark(column, delay);
  } else if (keyword == "query") {
    query_.SetQuery(text);
  } else if (keyword == "mode") {
    return query_.SetMode(text);
  } else if (keyword == "restart") {
    return query_.Restart();
  } else if (keyword == "clock") {
    THALWEG_ASSIGN_OR_RETURN(const int64_t now_us, ReadScriptTime(text));
    query_.SetClock(now_us);
  }
  return Status::OK();  // `ordered` and `steady` say something of the whole script
}

ScriptOutput Player::RunStatement(const std::string& sql) {
  const Result<QueryRows> rows = session_.Execute(sql);
  if (!rows.ok()) return ErrorLines(rows.status(), sql);
  const Result<const TimeZone*> zone = Zone();
  if (!zone.ok()) return ErrorLines(zone.status(), sql);
  if (rows->schema->size() == 0) return {};
  ScriptOutput output = {rows->schema->Ddl()};
  for (std::string& line : PrintRows(rows->batches, **zone, rows->ordered)) {
    output.push_back(std::move(line));
  }
  return output;
}

ScriptOutput Player::RunEpoch(const std::string& rows) {
  Status status = query_.Add(rows);
  if (status.ok()) status = query_.Trigger(!SplitWords(rows).empty());
  const Result<const TimeZone*> zone = Zone();
  if (status.ok()) status = zone.status();
  if (!status.ok()) return ErrorLines(status, query_.text());
  if (query_.summary().kind == EpochKind::kNone) return {"(no epoch)"};
  ScriptOutput output = PrintRows(query_.Rows(), **zone, script_.Has("ordered"));
  if (query_.late_rows() > 0) {
    output.push_back("(late rows: " + std::to_string(query_.late_rows()) + ")");
  }
  return output;
}

Status Player::DeclareStream(const std::string& text) {
  THALWEG_ASSIGN_OR_RETURN(const Declaration stream, ReadDeclaration(text));
  return query_.AddStream(stream.name, stream.schema);
}

Status Player::DeclareStatic(const std::string& text) {
  THALWEG_ASSIGN_OR_RETURN(const Declaration table, ReadDeclaration(text));
  THALWEG_ASSIGN_OR_RETURN(auto batches,
                           ReadRows(SplitWords(table.rest), table.schema, world_.batch_rows));
  auto local = std::make_shared<LocalRelation>();
  local->schema = table.schema;
  local->batches = std::make_shared<const std::vector<Batch>>(std::move(batches));
  for (const StructField& column : table.schema->columns()) {
    auto attribute = std::make_shared<Attribute>();
    attribute->id = NextExpressionId();
    attribute->column = column.name;
    attribute->type = column.type;
    attribute->nullable = column.nullable;
    local->output.push_back(std::move(attribute));
  }
  local->resolved_output = true;
  return session_.catalog().PutView(table.name, std::move(local), /*replace=*/true);
}

Result<const TimeZone*> Player::Zone() {
  return TimeZone::Find(session_.conf().Get("spark.sql.session.timeZone"));
}

ScriptOutput ErrorLines(const Status& status, const std::string& sql) {
  std::string text = "! " + status.ToString() + "\n" + CaretText(sql, status.place());
  ScriptOutput lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::pair<std::string, std::string> CutAt(const std::string& text, char separator) {
  const size_t end = std::min(text.find(separator), text.size());
  return {text.substr(0, end), text.substr(std::min(end + 1, text.size()))};
}

Result<Declaration> ReadDeclaration(const std::string& text) {
  const size_t open = text.find('(');
  int depth = 0;
  for (size_t i = std::min(open, text.size()); i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth > 0) continue;
    Declaration declaration;
    declaration.name = text.substr(0, open);
    THALWEG_ASSIGN_OR_RETURN(declaration.schema, ParseDdl(text.substr(open + 1, i - open - 1)));
    declaration.rest = text.substr(i + 1);
    return declaration;
  }
  return Status::World("'" + text + "' is not of the form name(column TYPE, …)");
}

}  // namespace
}  // namespace thalweg
