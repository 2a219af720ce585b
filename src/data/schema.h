// Schema: the named, typed columns of a relation or Batch; immutable, shared.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "data/type.h"

namespace thalweg {

class Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

class Schema {
 public:
  explicit Schema(std::vector<StructField> columns) : columns_(std::move(columns)) {}
  static SchemaPtr Make(std::vector<StructField> columns);

  int size() const { return static_cast<int>(columns_.size()); }
  const StructField& column(int i) const { return columns_[i]; }
  const std::vector<StructField>& columns() const { return columns_; }
  /// First column of that name (ASCII case folded unless `case_sensitive`), -1 if none.
  int Find(std::string_view name, bool case_sensitive = false) const;
  /// "a INT,b STRING NOT NULL" (StructType.toDDL): DDL that ParseDdl reads back.
  std::string Ddl() const;
  TypePtr AsStruct() const;
  bool operator==(const Schema& other) const { return columns_ == other.columns_; }

 private:
  std::vector<StructField> columns_;
};

}  // namespace thalweg
