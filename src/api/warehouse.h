// The warehouse: the directory spark.sql.warehouse.dir, where tables lie that were given no place,
// and what is known of every table by name, in this process and the next.
//
//   <warehouse>/_tables/<name>   a note (base/note_file.h): the definition, written atomically
//   <warehouse>/<name>/          the files of a managed table
//
// Names are case-insensitive. Functions of the file system; errors are those of the disk and
// THALWEG_CHECKPOINT_DAMAGED for a definition that is not what was written.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/catalog.h"
#include "base/env.h"

namespace thalweg {

struct WarehouseTable {
  std::string name;            // lower case
  TableDefinition definition;  // schema: columns of partitions last; one path
  bool managed = true;         // its files go when it is dropped
  std::vector<std::string> partition_columns;
  FieldMap properties;
  std::string comment;
  std::string created_by;
  int64_t created_us = 0;
};

/// The name of a table as parts of a name say it: "t", "default.t", "spark_catalog.default.t" in
/// lower case; nothing for others.
std::optional<std::string> WarehouseName(const std::vector<std::string>& parts);
/// Where a managed table lies.
std::string WarehousePath(const std::string& warehouse, const std::string& name);

Result<std::optional<WarehouseTable>> FindWarehouseTable(FileSystem& files,
                                                         const std::string& warehouse,
                                                         const std::string& name);
/// In order of their names.
Result<std::vector<std::string>> WarehouseNames(FileSystem& files, const std::string& warehouse);
Status PutWarehouseTable(FileSystem& files, const std::string& warehouse,
                         const WarehouseTable& table);
/// The definition goes first, then the files of a managed table.
Status DropWarehouseTable(FileSystem& files, const std::string& warehouse,
                          const WarehouseTable& table);

}  // namespace thalweg
