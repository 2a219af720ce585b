#include "api/warehouse.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/note_file.h"
#include "data/ddl.h"

namespace thalweg {
namespace {

using nlohmann::json;

constexpr const char* kNote = "table";

std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return text;
}

/// A name as the name of a file: any name is one, and no two share one.
std::string FileName(const std::string& name) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : Lower(name)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                       (c == '_' && !out.empty()) || static_cast<uint8_t>(c) >= 0x80;
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += kDigits[static_cast<uint8_t>(c) >> 4];
      out += kDigits[static_cast<uint8_t>(c) & 15];
    }
  }
  return out;
}

std::string NamesDirectory(const std::string& warehouse) {
  return JoinPath(warehouse, "_tables");
}

std::string NotePath(const std::string& warehouse, const std::string& name) {
  return JoinPath(NamesDirectory(warehouse), FileName(name));
}

std::string TextOf(const WarehouseTable& table) {
  json comments = json::object();
  for (const StructField& column : table.definition.schema->columns()) {
    if (!column.comment.empty()) comments[column.name] = column.comment;
  }
  const json text = {{"name", table.name},
                     {"format", table.definition.format},
                     {"path", table.definition.paths.at(0)},
                     {"options", table.definition.options},
                     {"schema", json::parse(TypeToJson(*table.definition.schema->AsStruct()))},
                     {"comments", comments},
                     {"managed", table.managed},
                     {"partitionColumns", table.partition_columns},
                     {"properties", table.properties},
                     {"comment", table.comment},
                     {"createdBy", table.created_by},
                     {"createdUs", table.created_us}};
  return text.dump(-1, ' ', false, json::error_handler_t::replace);
}

/// Its checksum held: what does not fit was written by another program.
Result<WarehouseTable> TableOf(const std::string& path, const std::string& text) {
  const Status foreign = Status::World(
      "THALWEG_CHECKPOINT_DAMAGED",
      {{"file", path}, {"offset", "0"}, {"what", "it is not the definition of a table"}});
  const json read = json::parse(text, nullptr, false);
  if (!read.is_object()) return foreign;
  for (const char* key : {"name", "format", "path", "comment", "createdBy"}) {
    if (!read.contains(key) || !read[key].is_string()) return foreign;
  }
  WarehouseTable table;
  table.name = read["name"].get<std::string>();
  table.definition.format = read["format"].get<std::string>();
  table.definition.paths = {read["path"].get<std::string>()};
  table.comment = read["comment"].get<std::string>();
  table.created_by = read["createdBy"].get<std::string>();
  table.created_us = read.value("createdUs", int64_t{0});
  table.managed = read.value("managed", true);
  table.definition.options = read.value("options", Options());
  table.properties = read.value("properties", FieldMap());
  table.partition_columns = read.value("partitionColumns", std::vector<std::string>());
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, TypeFromJson(read.value("schema", json()).dump()));
  std::vector<StructField> columns(type->fields().begin(), type->fields().end());
  const json comments = read.value("comments", json::object());
  for (StructField& column : columns) column.comment = comments.value(column.name, "");
  table.definition.schema = Schema::Make(std::move(columns));
  return table;
}

}  // namespace

std::optional<std::string> WarehouseName(const std::vector<std::string>& parts) {
  const size_t count = parts.size();
  if (count == 0 || count > 3) return std::nullopt;
  if (count >= 2 && Lower(parts[count - 2]) != "default") return std::nullopt;
  if (count == 3 && Lower(parts[0]) != "spark_catalog") return std::nullopt;
  return Lower(parts.back());
}

std::string WarehousePath(const std::string& warehouse, const std::string& name) {
  return JoinPath(warehouse, FileName(name));
}

Result<std::optional<WarehouseTable>> FindWarehouseTable(FileSystem& files,
                                                         const std::string& warehouse,
                                                         const std::string& name) {
  const std::string path = NotePath(warehouse, name);
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(path));
  if (!exists) return std::optional<WarehouseTable>();
  THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(files, path, kNote));
  THALWEG_ASSIGN_OR_RETURN(WarehouseTable table, TableOf(path, text));
  return std::optional(std::move(table));
}

Result<std::vector<std::string>> WarehouseNames(FileSystem& files, const std::string& warehouse) {
  std::vector<std::string> names;
  const std::string directory = NamesDirectory(warehouse);
  THALWEG_ASSIGN_OR_RETURN(const bool exists, files.Exists(directory));
  if (!exists) return names;
  THALWEG_ASSIGN_OR_RETURN(const std::vector<FileInfo> notes, files.List(directory));
  for (const FileInfo& note : notes) {
    if (note.is_directory || note.name.ends_with(".tmp")) continue;
    const std::string path = JoinPath(directory, note.name);
    THALWEG_ASSIGN_OR_RETURN(const std::string text, ReadNote(files, path, kNote));
    THALWEG_ASSIGN_OR_RETURN(const WarehouseTable table, TableOf(path, text));
    names.push_back(table.name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Status PutWarehouseTable(FileSystem& files, const std::string& warehouse,
                         const WarehouseTable& table) {
  THALWEG_RETURN_NOT_OK(files.CreateDirectories(NamesDirectory(warehouse)));
  return WriteNote(files, NotePath(warehouse, table.name), kNote, TextOf(table), /*sync=*/true);
}

Status DropWarehouseTable(FileSystem& files, const std::string& warehouse,
                          const WarehouseTable& table) {
  THALWEG_RETURN_NOT_OK(files.Remove(NotePath(warehouse, table.name)));
  if (!table.managed) return Status::OK();
  return files.RemoveRecursively(table.definition.paths.at(0));
}

}  // namespace thalweg
