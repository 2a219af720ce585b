// The columns of Parquet files as Spark sees them: by the schema that Spark (and we) leave in the
// footer, else by what the file's types mean.
#pragma once

#include <string>

#include "data/schema.h"
#include "formats/parquet/parquet_file.h"

namespace thalweg {

/// The footer's key under which Spark keeps the JSON of the schema.
inline constexpr char kSparkSchemaKey[] = "org.apache.spark.sql.parquet.row.metadata";

/// Errors: PARQUET_TYPE_ILLEGAL, COLUMN_ALREADY_EXISTS, THALWEG_NOT_SUPPORTED_YET.
Result<SchemaPtr> ParquetColumns(const ParquetFile& file);

/// `type` with everything in it nullable, as columns of files are.
TypePtr WithNullable(const TypePtr& type);

/// The columns as a file of ours holds them (CHAR and VARCHAR are strings). Errors:
/// UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE; THALWEG_NOT_SUPPORTED_YET for VARIANT.
Result<SchemaPtr> WrittenColumns(const Schema& schema);

/// Were the file's dates counted in the Julian calendar (Spark 2)?
bool HasOldCalendar(const ParquetFile& file);
/// Is the type, or a part of it, of that kind?
bool HoldsKind(const DataType& type, TypeKind kind);

}  // namespace thalweg
