// CREATE TABLE, INSERT, DROP: tables of files that are known by name (api/warehouse.h).
#include <algorithm>

#include "api/commands.h"
#include "api/pipeline_statements.h"
#include "api/table_write.h"
#include "api/warehouse.h"
#include "connectors/files/listing.h"
#include "formats/format.h"

namespace thalweg {
namespace {

constexpr const char* kCreatedBy = "Thalweg 0.1.0";

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

Status CheckColumns(const std::vector<StructField>& columns, const SqlPlace& place) {
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (Lower(columns[i].name) != Lower(columns[j].name)) continue;
      return Status::User("COLUMN_ALREADY_EXISTS",
                          {{"columnName", "`" + Lower(columns[i].name) + "`"}}, place);
    }
  }
  return Status::OK();
}

/// Partition columns come last and are spelled as the schema spells them; all may be NULL.
Status PlaceColumns(const Schema& given, const Statement& statement, WarehouseTable* table) {
  std::vector<StructField> columns = given.columns(), last;
  THALWEG_RETURN_NOT_OK(CheckColumns(columns, statement.place));
  std::vector<std::string> partitions = std::move(table->partition_columns);
  table->partition_columns.clear();
  for (const std::string& name : partitions) {
    const auto found = std::find_if(columns.begin(), columns.end(), [&](const StructField& column) {
      return Lower(column.name) == Lower(name);
    });
    if (found == columns.end()) {
      std::string known;
      for (const StructField& column : given.columns()) {
        known += (known.empty() ? "`" : ", `") + column.name + "`";
      }
      return Status::User("COLUMN_NOT_DEFINED_IN_TABLE",
                          {{"colType", "partition"},
                           {"colName", "`" + name + "`"},
                           {"tableName", FullName(table->name)},
                           {"tableCols", known}},
                          statement.place);
    }
    table->partition_columns.push_back(found->name);
    last.push_back(*found);
    columns.erase(found);
  }
  if (columns.empty() && !last.empty()) {
    return Status::User("ALL_PARTITION_COLUMNS_NOT_ALLOWED", {}, statement.place);
  }
  columns.insert(columns.end(), last.begin(), last.end());
  for (StructField& column : columns) column.nullable = true;
  table->definition.schema = Schema::Make(std::move(columns));
  return Status::OK();
}

/// Columns of an existing place; its directories name the partition columns.
Status InferColumns(Session& session, const Statement& statement, WarehouseTable* table) {
  auto read = std::make_shared<UnresolvedRead>();
  read->format = table->definition.format;
  read->options = table->definition.options;
  read->paths = table->definition.paths;
  read->place = statement.place;
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr opened, session.Analyze(read));
  if (table->partition_columns.empty()) {
    THALWEG_ASSIGN_OR_RETURN(
        const std::vector<ListedFile> files,
        ListFiles(session.env().files(), table->definition.paths[0], ListingOptions()));
    for (const ListedFile& file : files) {
      for (const auto& [name, text] : file.partition) {
        auto& names = table->partition_columns;
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    }
  }
  return PlaceColumns(*SchemaOf(*opened), statement, table);
}

Result<WarehouseTable> TableOf(Session& session, const Statement& statement,
                               const std::string& name) {
  WarehouseTable table;
  table.name = name;
  THALWEG_ASSIGN_OR_RETURN(table.definition, SourceOf(statement, session.directory()));
  if (session.catalog().FindProvider(table.definition.format) == nullptr) {
    auto read = std::make_shared<UnresolvedRead>();  // says what is near
    read->format = table.definition.format;
    read->place = statement.place;
    return session.Analyze(read).status();
  }
  if (FindFormat(table.definition.format) == nullptr) {
    return NotSupportedYet("CREATE TABLE … USING " + table.definition.format, statement.place);
  }
  table.managed = table.definition.paths.empty();
  if (table.managed) table.definition.paths = {WarehousePath(session.warehouse(), name)};
  table.partition_columns = statement.partition_columns;
  table.properties = statement.properties;
  table.comment = statement.comment;
  table.created_by = kCreatedBy;
  table.created_us = session.env().clock().NowUs();
  return table;
}

Status CheckNewPlace(Session& session, const WarehouseTable& table, const Statement& statement) {
  const std::string& path = table.definition.paths[0];
  if (!table.managed && statement.query == nullptr) return Status::OK();
  THALWEG_ASSIGN_OR_RETURN(const bool empty, IsEmptyTable(session.env().files(), path));
  if (empty) return Status::OK();
  if (table.managed) {
    return Status::User("LOCATION_ALREADY_EXISTS",
                        {{"location", path}, {"identifier", FullName(table.name)}},
                        statement.place);
  }
  return Status::Legacy(
      1241, "CREATE TABLE AS writes into an empty place, and there are files in " + path,
      statement.place);
}

/// Writes the rows, then makes the table known: a query that fails leaves neither.
Status CreateAs(Session& session, const Statement& statement, const SqlArguments& arguments,
                WarehouseTable* table) {
  if (statement.schema != nullptr || !statement.column_names.empty()) {
    return NotSupportedYet("CREATE TABLE with columns and AS", statement.place);
  }
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr query, session.Analyze(statement.query, arguments));
  THALWEG_RETURN_NOT_OK(PlaceColumns(*SchemaOf(*query), statement, table));
  Statement by_name;
  by_name.by_name = true;
  by_name.place = statement.place;
  THALWEG_ASSIGN_OR_RETURN(
      const RelationPtr rows,
      PlanInsert(session, query, by_name, *table->definition.schema, table->name));
  const std::string& path = table->definition.paths[0];
  FileSystem& files = session.env().files();
  THALWEG_ASSIGN_OR_RETURN(const bool was_there, files.Exists(path));
  Status status = WriteTable(session, rows,
                             {table->definition.format, path, table->definition.options,
                              table->partition_columns, /*overwrite=*/false});
  if (status.ok()) status = PutWarehouseTable(files, session.warehouse(), *table);
  if (!status.ok() && !was_there) (void)files.RemoveRecursively(path);
  return status;
}

Status CreateEmpty(Session& session, const Statement& statement, WarehouseTable* table) {
  FileSystem& files = session.env().files();
  const std::string& path = table->definition.paths[0];
  if (!statement.column_names.empty()) {
    return NotSupportedYet("columns without types", statement.place);
  }
  if (statement.schema == nullptr) {
    if (table->managed) {
      return Status::User("UNABLE_TO_INFER_SCHEMA", {{"format", table->definition.format}},
                          statement.place);
    }
    THALWEG_RETURN_NOT_OK(InferColumns(session, statement, table));
  } else {
    THALWEG_RETURN_NOT_OK(PlaceColumns(*statement.schema, statement, table));
    THALWEG_RETURN_NOT_OK(FindFormat(table->definition.format)
                              ->CheckOptions(table->definition.options, /*write=*/false));
  }
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(path));
  return PutWarehouseTable(files, session.warehouse(), *table);
}

/// The plan reads files of the table.
bool Reads(const Relation& relation, const std::string& path) {
  if (relation.kind() == RelationKind::kRead) {
    const auto& read = static_cast<const ReadRelation&>(relation);
    return read.table->info().description == "FileStreamSource[" + path + "]";
  }
  const std::vector<RelationPtr> inputs = Inputs(relation);
  return std::any_of(inputs.begin(), inputs.end(),
                     [&](const RelationPtr& input) { return Reads(*input, path); });
}

/// An overflow of the cast that the insert has made has no place in the text.
Status NamedOverflow(const Status& status, const RelationPtr& rows) {
  if (status.condition() != "CAST_OVERFLOW" || status.place().line != 0) return status;
  std::string source, target, column;
  for (const auto& [name, value] : status.parameters()) {
    if (name == "sourceType") source = value;
    if (name == "targetType") target = value;
  }
  for (const AttributePtr& attribute : rows->output) {
    if (column.empty() && target == "\"" + attribute->type->Sql() + "\"") {
      column = attribute->column;
    }
  }
  return Status::User(
      "CAST_OVERFLOW_IN_TABLE_INSERT",
      {{"sourceType", source}, {"targetType", target}, {"columnName", "`" + column + "`"}});
}

}  // namespace

Result<QueryRows> CreateTable(Session& session, const Statement& statement,
                              const SqlArguments& arguments) {
  const std::optional<std::string> name = WarehouseName(statement.name);
  if (!name) return NotSupportedYet("databases other than default", statement.place);
  if (statement.replace) {
    return Status::User("UNSUPPORTED_FEATURE.TABLE_OPERATION",
                        {{"tableName", FullName(*name)}, {"operation", "REPLACE TABLE"}},
                        statement.place);
  }
  FileSystem& files = session.env().files();
  THALWEG_ASSIGN_OR_RETURN(const auto known, FindWarehouseTable(files, session.warehouse(), *name));
  if (known && statement.if_not_exists) return NoRows();
  if (known) {
    return Status::User("TABLE_OR_VIEW_ALREADY_EXISTS", {{"relationName", FullName(*name)}},
                        statement.place);
  }
  THALWEG_ASSIGN_OR_RETURN(WarehouseTable table, TableOf(session, statement, *name));
  THALWEG_RETURN_NOT_OK(CheckNewPlace(session, table, statement));
  const Status status = statement.query != nullptr ? CreateAs(session, statement, arguments, &table)
                                                   : CreateEmpty(session, statement, &table);
  if (!status.ok()) return status.WithPlace(statement.place);
  return NoRows();
}

Result<QueryRows> Insert(Session& session, const Statement& statement,
                         const SqlArguments& arguments) {
  if (statement.name.size() == 1) {
    if (session.catalog().FindView(statement.name[0]) != nullptr) {
      return Status::User("EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE",
                          {{"operation", "INSERT"}, {"viewName", "`" + statement.name[0] + "`"}},
                          statement.place);
    }
    if (session.catalog().FindSessionTable(statement.name[0])) {
      return NotSupportedYet("INSERT into a temporary view", statement.place);
    }
  }
  const std::optional<std::string> name = WarehouseName(statement.name);
  FileSystem& files = session.env().files();
  std::optional<WarehouseTable> table;
  if (name) {
    THALWEG_ASSIGN_OR_RETURN(table, FindWarehouseTable(files, session.warehouse(), *name));
  }
  if (!table) return NoSuchTable(statement);
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr query, session.Analyze(statement.query, arguments));
  const std::string& path = table->definition.paths[0];
  if (statement.overwrite && Reads(*query, path)) {
    return Status::User("UNSUPPORTED_OVERWRITE.TABLE", {{"table", FullName(*name)}},
                        statement.place);
  }
  THALWEG_ASSIGN_OR_RETURN(const RelationPtr rows,
                           PlanInsert(session, query, statement, *table->definition.schema, *name));
  const Status status = WriteTable(session, rows,
                                   {table->definition.format, path, table->definition.options,
                                    table->partition_columns, statement.overwrite});
  if (!status.ok()) return NamedOverflow(status, rows).WithPlace(statement.place);
  return NoRows();
}

Result<QueryRows> Drop(Session& session, const Statement& statement) {
  if (statement.name.size() == 1 && session.catalog().DropView(statement.name[0])) return NoRows();
  const std::optional<std::string> name = WarehouseName(statement.name);
  FileSystem& files = session.env().files();
  std::optional<WarehouseTable> table;
  if (name) {
    THALWEG_ASSIGN_OR_RETURN(table, FindWarehouseTable(files, session.warehouse(), *name));
  }
  if (!table && statement.if_exists) return NoRows();
  if (!table) return NoSuchTable(statement);
  if (statement.what == "view") {
    return Status::User("WRONG_COMMAND_FOR_OBJECT_TYPE",
                        {{"operation", "DROP VIEW"},
                         {"requiredType", "VIEW"},
                         {"objectName", "spark_catalog.default." + *name},
                         {"foundType", table->managed ? "MANAGED" : "EXTERNAL"},
                         {"alternative", "DROP TABLE"}},
                        statement.place);
  }
  THALWEG_RETURN_NOT_OK(DropWarehouseTable(files, session.warehouse(), *table));
  return NoRows();
}

}  // namespace thalweg
