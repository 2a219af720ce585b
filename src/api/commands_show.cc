// SHOW and DESCRIBE: columns and rows as Spark's.
#include <algorithm>

#include "api/commands.h"
#include "api/warehouse.h"
#include "data/calendar.h"

namespace thalweg {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

/// Spark's patterns: * is anything, | parts alternatives, case does not matter.
bool MatchesOne(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] != '*') {
    return !text.empty() && text[0] == pattern[0] && MatchesOne(text.substr(1), pattern.substr(1));
  }
  for (size_t skipped = 0; skipped <= text.size(); ++skipped) {
    if (MatchesOne(text.substr(skipped), pattern.substr(1))) return true;
  }
  return false;
}

bool Matches(const std::string& name, const std::string& pattern) {
  if (pattern.empty()) return true;
  const std::string text = Lower(name), patterns = Lower(pattern);
  for (size_t at = 0; at <= patterns.size();) {
    const size_t end = std::min(patterns.find('|', at), patterns.size());
    std::string one = patterns.substr(at, end - at);
    while (one.starts_with(' ')) one.erase(0, 1);
    while (one.ends_with(' ')) one.pop_back();
    if (MatchesOne(text, one)) return true;
    at = end + 1;
  }
  return false;
}

Value Text(std::string text) {
  return Value::String(std::move(text));
}

StructField BooleanField(std::string name) {
  return {std::move(name), BooleanType(), false, ""};
}

/// True if SHOW … IN names the only database there is.
Result<bool> InDefault(const Statement& statement) {
  const auto& space = statement.space;
  if (space.empty()) return true;
  if (Lower(space.back()) == "default" && space.size() <= 2) return true;
  std::string name = space.size() == 1 ? "`spark_catalog`" : "";
  for (const std::string& part : space) name += (name.empty() ? "`" : ".`") + part + "`";
  return Status::User("SCHEMA_NOT_FOUND", {{"schemaName", name}}, statement.place);
}

Result<QueryRows> ShowTables(Session& session, const Statement& statement, bool views) {
  THALWEG_RETURN_NOT_OK(InDefault(statement).status());
  TextRows rows;
  if (!views) {
    THALWEG_ASSIGN_OR_RETURN(const std::vector<std::string> tables,
                             WarehouseNames(session.env().files(), session.warehouse()));
    for (const std::string& name : tables) {
      if (!Matches(name, statement.pattern)) continue;
      rows.push_back({Text("default"), Text(name), Value::Boolean(false)});
    }
  }
  for (const std::string& name : session.catalog().ViewNames()) {
    if (!Matches(name, statement.pattern)) continue;
    rows.push_back({Text(""), Text(name), Value::Boolean(true)});
  }
  return RowsOf({TextField("namespace"), TextField(views ? "viewName" : "tableName"),
                 BooleanField("isTemporary")},
                rows);
}

Result<QueryRows> ShowFunctions(Session& session, const Statement& statement) {
  THALWEG_RETURN_NOT_OK(InDefault(statement).status());
  TextRows rows;
  for (const std::string_view name : session.functions().Names()) {
    const bool built_in = FunctionRegistry::BuiltIn().Find(name) != nullptr;
    if (name.starts_with("$") || (statement.value == "USER" && built_in)) continue;
    if (statement.value == "SYSTEM" && !built_in) continue;
    if (Matches(std::string(name), statement.pattern)) rows.push_back({Text(std::string(name))});
  }
  return RowsOf({TextField("function")}, rows);
}

QueryRows OneColumn(const char* column, const std::string& pattern, const std::string& only) {
  TextRows rows;
  if (Matches(only, pattern)) rows.push_back({Text(only)});
  return RowsOf({TextField(column)}, rows);
}

/// A table of the warehouse; nothing for a view of the session. Errors: TABLE_OR_VIEW_NOT_FOUND.
Result<std::optional<WarehouseTable>> FindNamed(Session& session, const Statement& statement) {
  if (statement.name.size() == 1) {
    Catalog& catalog = session.catalog();
    const bool view = catalog.FindView(statement.name[0]) != nullptr;
    if (view || catalog.FindSessionTable(statement.name[0])) return std::optional<WarehouseTable>();
  }
  const std::optional<std::string> name = WarehouseName(statement.name);
  if (!name) return NoSuchTable(statement);
  THALWEG_ASSIGN_OR_RETURN(auto table,
                           FindWarehouseTable(session.env().files(), session.warehouse(), *name));
  if (!table) return NoSuchTable(statement);
  return table;
}

Result<SchemaPtr> ColumnsOf(Session& session, const Statement& statement,
                            const std::optional<WarehouseTable>& table,
                            const SqlArguments& arguments) {
  if (table) return table->definition.schema;
  RelationPtr plan = statement.query;
  if (plan == nullptr) {
    auto read = std::make_shared<UnresolvedRead>();
    read->parts = statement.name;
    read->place = statement.place;
    plan = read;
  }
  THALWEG_ASSIGN_OR_RETURN(plan, session.Analyze(plan, arguments));
  return SchemaOf(*plan);
}

Result<QueryRows> ShowColumns(Session& session, const Statement& statement) {
  Statement named = statement;
  named.name.insert(named.name.begin(), statement.space.begin(), statement.space.end());
  THALWEG_ASSIGN_OR_RETURN(const auto table, FindNamed(session, named));
  THALWEG_ASSIGN_OR_RETURN(const SchemaPtr schema, ColumnsOf(session, named, table, {}));
  TextRows rows;
  for (const StructField& column : schema->columns()) rows.push_back({Text(column.name)});
  return RowsOf({TextField("col_name")}, rows);
}

std::string Quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text)
    out += (c == '\'' || c == '\\') ? std::string("\\") + c : std::string(1, c);
  return out + "'";
}

std::string Properties(const char* clause, const FieldMap& properties) {
  if (properties.empty()) return "";
  std::string text;
  for (const auto& [key, value] : properties) {
    text += (text.empty() ? "\n  " : ",\n  ") + Quoted(key) + " = " + Quoted(value);
  }
  return std::string(clause) + " (" + text + ")\n";
}

bool IsPlainName(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string Name(const std::string& name) {
  if (IsPlainName(name)) return name;
  std::string out = "`";
  for (const char c : name) out += c == '`' ? std::string("``") : std::string(1, c);
  return out + "`";
}

/// Spark writes the collation of every string.
std::string TypeText(const DataType& type) {
  std::string text = type.Sql();
  for (size_t at = 0; (at = text.find("STRING", at)) != text.npos; at += 6) {
    const std::string_view rest = std::string_view(text).substr(at + 6);
    if (!rest.starts_with(" COLLATE")) text.insert(at + 6, " COLLATE UTF8_BINARY");
  }
  return text;
}

Result<QueryRows> ShowCreateTable(Session& session, const Statement& statement) {
  THALWEG_ASSIGN_OR_RETURN(const auto table, FindNamed(session, statement));
  if (!table) {
    return Status::User(
        "EXPECT_PERMANENT_VIEW_NOT_TEMP",
        {{"operation", "SHOW CREATE TABLE"}, {"viewName", "`" + statement.name[0] + "`"}},
        statement.place);
  }
  std::string columns;
  for (const StructField& column : table->definition.schema->columns()) {
    columns +=
        (columns.empty() ? "\n  " : ",\n  ") + Name(column.name) + " " + TypeText(*column.type);
    if (!column.comment.empty()) columns += " COMMENT " + Quoted(column.comment);
  }
  std::string text = "CREATE TABLE spark_catalog.default." + Name(table->name) + " (" + columns +
                     ")\nUSING " + table->definition.format + "\n";
  text +=
      Properties("OPTIONS", {table->definition.options.begin(), table->definition.options.end()});
  std::string partitions;
  for (const std::string& name : table->partition_columns) {
    partitions += (partitions.empty() ? "" : ", ") + Name(name);
  }
  if (!partitions.empty()) text += "PARTITIONED BY (" + partitions + ")\n";
  if (!table->comment.empty()) text += "COMMENT " + Quoted(table->comment) + "\n";
  if (!table->managed) {
    text += "LOCATION " + Quoted("file:" + table->definition.paths[0]) + "\n";
  }
  text += Properties("TBLPROPERTIES", table->properties);
  return RowsOf({TextField("createtab_stmt")}, {{Text(std::move(text))}});
}

Result<QueryRows> ShowProperties(Session& session, const Statement& statement) {
  THALWEG_ASSIGN_OR_RETURN(const auto table, FindNamed(session, statement));
  FieldMap properties;
  if (table) {
    properties = table->properties;
    for (const auto& [key, value] : table->definition.options) properties["option." + key] = value;
  }
  TextRows rows;
  for (const auto& [key, value] : properties) rows.push_back({Text(key), Text(value)});
  return RowsOf({TextField("key"), TextField("value")}, rows);
}

std::string PropertyList(const FieldMap& properties) {
  std::string text;
  for (const auto& [key, value] : properties)
    text += (text.empty() ? "" : ", ") + key + "=" + value;
  return "[" + text + "]";
}

/// "Tue Dec 01 01:16:04 UTC 2026"
std::string CreatedTime(int64_t us) {
  static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const int64_t day = FloorDiv(us, kMicrosPerDay);
  const int64_t second = (us - day * kMicrosPerDay) / kMicrosPerSecond;
  const CivilDate date = CivilFromDays(static_cast<int32_t>(day));
  char text[64];
  std::snprintf(text, sizeof text, "%s %s %02d %02d:%02d:%02d UTC %04d", kDays[(day % 7 + 7) % 7],
                kMonths[date.month - 1], date.day, static_cast<int>(second / 3600),
                static_cast<int>(second / 60 % 60), static_cast<int>(second % 60),
                static_cast<int>(date.year));
  return text;
}

void AddDetails(const WarehouseTable& table, TextRows* rows) {
  const auto add = [&](const char* name, const std::string& value) {
    rows->push_back({Text(name), Text(value), Text("")});
  };
  add("", "");
  add("# Detailed Table Information", "");
  add("Catalog", "spark_catalog");
  add("Database", "default");
  add("Table", table.name);
  add("Created Time", CreatedTime(table.created_us));
  add("Last Access", "UNKNOWN");
  add("Created By", table.created_by);
  add("Type", table.managed ? "MANAGED" : "EXTERNAL");
  add("Provider", table.definition.format);
  if (!table.comment.empty()) add("Comment", table.comment);
  if (!table.properties.empty()) add("Table Properties", PropertyList(table.properties));
  add("Location", "file:" + table.definition.paths[0]);
  const Options& options = table.definition.options;
  if (!options.empty()) add("Storage Properties", PropertyList({options.begin(), options.end()}));
  if (!table.partition_columns.empty()) add("Partition Provider", "Catalog");
}

Value CommentOf(const StructField& column) {
  return column.comment.empty() ? Value(StringType()) : Text(column.comment);
}

Result<QueryRows> DescribeColumn(const Statement& statement, const Schema& schema) {
  const int at = schema.Find(statement.value);
  if (at < 0) {
    std::string known;
    for (const StructField& column : schema.columns()) {
      known += (known.empty() ? "`" : ", `") + column.name + "`";
    }
    return Status::User("UNRESOLVED_COLUMN.WITH_SUGGESTION",
                        {{"objectName", "`" + statement.value + "`"}, {"proposal", known}},
                        statement.place);
  }
  const StructField& column = schema.column(at);
  return RowsOf({TextField("info_name"), TextField("info_value")},
                {{Text("col_name"), Text(column.name)},
                 {Text("data_type"), Text(column.type->Simple())},
                 {Text("comment"), Text(column.comment.empty() ? "NULL" : column.comment)}});
}

Result<QueryRows> DescribeFunction(Session& session, const Statement& statement) {
  const std::string name = Lower(statement.name.back());
  const FunctionDefinition* function = session.functions().Find(name);
  if (function == nullptr || name.starts_with("$")) {
    const std::vector<std::string_view> known = session.functions().Names();
    const std::string near = NearestName(name, known);
    return Status::User("UNRESOLVED_ROUTINE",
                        {{"routineName", "`" + name + "`"},
                         {"searchPath", "[`system`.`builtin`, `system`.`session`]"},
                         {"hint", near.empty() ? "" : " Did you mean " + near + "?"}},
                        statement.place);
  }
  static constexpr const char* kKinds[] = {"scalar", "aggregate", "generator", "window"};
  const auto kind = static_cast<size_t>(function->kind);
  const bool built_in = FunctionRegistry::BuiltIn().Find(name) != nullptr;
  TextRows rows = {{Text("Function: " + name)},
                   {Text(std::string("Class: ") + (built_in ? "built-in" : "session") + " " +
                         (kind < std::size(kKinds) ? kKinds[kind] : "") + " function")}};
  return RowsOf({TextField("function_desc")}, rows);
}

}  // namespace

Result<QueryRows> Show(Session& session, const Statement& statement) {
  const std::string& what = statement.what;
  if (what == "tables" || what == "views") return ShowTables(session, statement, what == "views");
  if (what == "functions") return ShowFunctions(session, statement);
  if (what == "columns") return ShowColumns(session, statement);
  if (what == "create table") return ShowCreateTable(session, statement);
  if (what == "tblproperties") return ShowProperties(session, statement);
  if (what == "catalogs") return OneColumn("catalog", statement.pattern, "spark_catalog");
  if (what == "current namespace") {
    return RowsOf({TextField("catalog"), TextField("namespace")},
                  {{Text("spark_catalog"), Text("default")}});
  }
  return OneColumn("namespace", statement.pattern, "default");
}

Result<QueryRows> Describe(Session& session, const Statement& statement,
                           const SqlArguments& arguments) {
  if (statement.what == "function") return DescribeFunction(session, statement);
  std::optional<WarehouseTable> table;
  if (statement.query == nullptr) {
    THALWEG_ASSIGN_OR_RETURN(table, FindNamed(session, statement));
  }
  THALWEG_ASSIGN_OR_RETURN(const SchemaPtr schema, ColumnsOf(session, statement, table, arguments));
  if (!statement.value.empty()) return DescribeColumn(statement, *schema);
  TextRows rows;
  for (const StructField& column : schema->columns()) {
    rows.push_back({Text(column.name), Text(column.type->Simple()), CommentOf(column)});
  }
  if (table && !table->partition_columns.empty()) {
    rows.push_back({Text("# Partition Information"), Text(""), Text("")});
    rows.push_back({Text("# col_name"), Text("data_type"), Text("comment")});
    for (const std::string& name : table->partition_columns) {
      const StructField& column = schema->column(schema->Find(name));
      rows.push_back({Text(column.name), Text(column.type->Simple()), CommentOf(column)});
    }
  }
  if (table && statement.extended) AddDetails(*table, &rows);
  StructField comment = TextField("comment");
  comment.nullable = true;
  return RowsOf({TextField("col_name"), TextField("data_type"), comment}, rows);
}

}  // namespace thalweg
