#include "formats/parquet/parquet_schema.h"

#include <string_view>

#include "data/arrow_import.h"
#include "data/ddl.h"
#include "data/type_text.h"

namespace thalweg {
namespace {

constexpr char kSparkVersionKey[] = "org.apache.spark.version";
constexpr char kOldDatesKey[] = "org.apache.spark.legacyDateTime";
constexpr char kOldInt96Key[] = "org.apache.spark.legacyINT96";

/// Parquet types that Arrow reads and Spark does not.
Status CheckType(const ArrowSchema& schema) {
  const std::string_view format = schema.format;
  const char* const type = format == "tsn:"            ? "INT64 (TIMESTAMP(NANOS,false))"
                           : format.starts_with("tsn") ? "INT64 (TIMESTAMP(NANOS,true))"
                           : format == "ttm"           ? "INT32 (TIME(MILLIS,false))"
                           : format == "ttn"           ? "INT64 (TIME(NANOS,false))"
                                                       : nullptr;
  if (type != nullptr) return Status::User("PARQUET_TYPE_ILLEGAL", {{"parquetType", type}});
  for (int64_t i = 0; i < schema.n_children; ++i) {
    THALWEG_RETURN_NOT_OK(CheckType(*schema.children[i]));
  }
  return Status::OK();
}

Status CheckNames(const DataType& type) {
  const std::vector<StructField>& fields = type.fields();
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (!EqualsIgnoringCase(fields[i].name, fields[j].name)) continue;
      return Status::User("COLUMN_ALREADY_EXISTS", {{"columnName", "`" + fields[i].name + "`"}});
    }
  }
  return Status::OK();
}

TypePtr Rebuilt(const TypePtr& type, TypePtr (*leaf)(const TypePtr&), bool nullable) {
  switch (type->kind()) {
    case TypeKind::kArray:
      return ArrayType(Rebuilt(type->element(), leaf, nullable), nullable || type->contains_null());
    case TypeKind::kMap:
      return MapType(Rebuilt(type->key(), leaf, nullable), Rebuilt(type->value(), leaf, nullable),
                     nullable || type->contains_null());
    case TypeKind::kStruct: {
      std::vector<StructField> fields = type->fields();
      for (StructField& field : fields) {
        field.type = Rebuilt(field.type, leaf, nullable);
        field.nullable = field.nullable || nullable;
      }
      return StructType(std::move(fields));
    }
    default:
      return leaf(type);
  }
}

TypePtr Same(const TypePtr& type) {
  return type;
}

TypePtr WithoutLength(const TypePtr& type) {
  return type->Is(TypeKind::kString) && type->length() >= 0 ? StringType() : type;
}

}  // namespace

Result<SchemaPtr> ParquetColumns(const ParquetFile& file) {
  const char* const json = file.FooterValue(kSparkSchemaKey);
  if (json != nullptr) {
    const Result<TypePtr> type = TypeFromJson(json);
    if (type.ok() && (*type)->Is(TypeKind::kStruct)) {
      return Schema::Make(WithNullable(*type)->fields());
    }
    if (!type.ok() && type.status().condition() == "THALWEG_NOT_SUPPORTED_YET") {
      return type.status().WithContext(file.path());
    }
  }
  const Status readable = CheckType(file.schema());
  if (!readable.ok()) return readable.WithContext(file.path());
  THALWEG_ASSIGN_OR_RETURN(const TypePtr type, TypeOfArrow(file.schema()));
  const Status distinct = CheckNames(*type);
  if (!distinct.ok()) return distinct.WithContext(file.path());
  return Schema::Make(WithNullable(type)->fields());
}

TypePtr WithNullable(const TypePtr& type) {
  return Rebuilt(type, Same, true);
}

Result<SchemaPtr> WrittenColumns(const Schema& schema) {
  std::vector<StructField> columns = schema.columns();
  for (StructField& column : columns) {
    if (HoldsKind(*column.type, TypeKind::kCalendarInterval)) {
      return Status::User(
          "UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE",
          {{"format", "Parquet"}, {"columnName", column.name}, {"columnType", column.type->Sql()}});
    }
    if (HoldsKind(*column.type, TypeKind::kVariant)) {
      return NotSupportedYet("writing the VARIANT column " + column.name + " to Parquet");
    }
    column.type = Rebuilt(column.type, WithoutLength, false);
  }
  return Schema::Make(std::move(columns));
}

bool HasOldCalendar(const ParquetFile& file) {
  if (file.FooterValue(kOldDatesKey) != nullptr || file.FooterValue(kOldInt96Key) != nullptr) {
    return true;
  }
  const char* const version = file.FooterValue(kSparkVersionKey);
  return version != nullptr && (version[0] == '1' || version[0] == '2') && version[1] == '.';
}

bool HoldsKind(const DataType& type, TypeKind kind) {
  if (type.Is(kind)) return true;
  for (const StructField& field : type.fields()) {
    if (HoldsKind(*field.type, kind)) return true;
  }
  return false;
}

}  // namespace thalweg
