// DataType, Field, Schema: Spark SQL's types, written and read as DDL ("a INT NOT NULL, b
// ARRAY<STRING>"). Values, cheap to copy; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "thalweg/status.h"

namespace thalweg {
namespace api {

class THALWEG_EXPORT DataType {
 public:
  DataType();  // VOID
  /// "int", "DECIMAL(10, 2)", "array<struct<a: int>>". Errors: PARSE_SYNTAX_ERROR,
  /// UNSUPPORTED_DATATYPE …
  static Result<DataType> Parse(std::string_view ddl);
  static DataType Boolean();
  static DataType TinyInt();
  static DataType SmallInt();
  static DataType Int();
  static DataType BigInt();
  static DataType Float();
  static DataType Double();
  static DataType String();
  static DataType Binary();
  static DataType Date();
  static DataType Timestamp();
  static DataType TimestampNtz();
  static DataType ArrayOf(const DataType& element);

  /// As SQL writes it: "DECIMAL(10,2)".
  std::string Sql() const;
  bool operator==(const DataType& other) const;

 private:
  friend struct Access;
  struct Rep;
  std::shared_ptr<const Rep> rep_;
};

struct Field {
  std::string name;
  DataType type;
  bool nullable = true;
};

class THALWEG_EXPORT Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}
  /// "a INT NOT NULL, b STRING". Errors: those of DataType::Parse.
  static Result<Schema> Parse(std::string_view ddl);

  size_t size() const { return fields_.size(); }
  const Field& operator[](size_t i) const { return fields_[i]; }
  const std::vector<Field>& fields() const { return fields_; }
  /// The first field of that name, letters of any case; -1: none.
  int Find(std::string_view name) const;
  std::string Ddl() const;

 private:
  std::vector<Field> fields_;
};

}  // namespace api
}  // namespace thalweg
