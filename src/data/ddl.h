// Types and schemas as text: Spark's DDL ("a INT NOT NULL, b ARRAY<STRING>") and Spark's JSON of a
// schema (StructType.json). What DataType::Sql and Schema::Ddl print is read back. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "data/schema.h"

namespace thalweg {

/// "INT", "array<struct<a: int>>", "INTERVAL DAY TO SECOND", "STRING COLLATE UNICODE_CI".
/// Errors, with their place in `text`: PARSE_SYNTAX_ERROR, UNSUPPORTED_DATATYPE,
/// DATATYPE_MISSING_SIZE, DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION, COLLATION_INVALID_NAME,
/// INCOMPLETE_TYPE_DEFINITION.*, UNSUPPORTED_TIME_PRECISION.
Result<TypePtr> ParseType(std::string_view text);
/// "a INT, b: STRING NOT NULL COMMENT 'text'" (StructType.fromDDL). The same errors.
Result<SchemaPtr> ParseDdl(std::string_view text);
/// A type or, failing that, the columns of a struct (DataType.fromDDL): schemas of from_json and
/// the like.
Result<TypePtr> ParseTypeOrDdl(std::string_view text);

/// A type without type parameters by its name ("INT", "integer", "DECIMAL" with {10, 2}), for
/// parsers with tokens of their own. Collations, intervals and nested types are theirs.
Result<TypePtr> TypeByName(std::string_view name, const std::vector<int>& parameters);

/// {"type":"struct","fields":[{"name":"a","type":"integer","nullable":true,"metadata":{}}]}
std::string TypeToJson(const DataType& type);
/// Errors: PARSE_SYNTAX_ERROR-like user error INVALID_JSON_DATA_TYPE with the part that is none.
Result<TypePtr> TypeFromJson(std::string_view json);

/// The canonical name of a collation ("unicode_ci" -> "UNICODE_CI"). Errors:
/// COLLATION_INVALID_NAME; THALWEG_NOT_SUPPORTED_YET for those of a language.
Result<std::string> NormalizeCollation(std::string_view name);

}  // namespace thalweg
