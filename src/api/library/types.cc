#include "thalweg/types.h"

#include "api/library/access.h"
#include "data/ddl.h"

namespace thalweg {
namespace api {

DataType Access::Wrap(TypePtr type) {
  DataType wrapped;
  wrapped.rep_ = std::make_shared<DataType::Rep>(DataType::Rep{std::move(type)});
  return wrapped;
}

Schema Access::Wrap(const thalweg::Schema& schema) {
  std::vector<Field> fields;
  for (const StructField& column : schema.columns()) {
    fields.push_back({column.name, Wrap(column.type), column.nullable});
  }
  return Schema(std::move(fields));
}

SchemaPtr Access::SchemaOf(const Schema& schema) {
  std::vector<StructField> columns;
  for (const Field& field : schema.fields()) {
    columns.push_back({field.name, TypeOf(field.type), field.nullable, ""});
  }
  return thalweg::Schema::Make(std::move(columns));
}

DataType::DataType() {
  static const auto kVoid = std::make_shared<const Rep>(Rep{NullType()});
  rep_ = kVoid;
}

Result<DataType> DataType::Parse(std::string_view ddl) {
  thalweg::Result<TypePtr> type = ParseType(ddl);
  if (!type.ok()) return Access::Wrap(type.status());
  return Access::Wrap(*std::move(type));
}

DataType DataType::Boolean() {
  return Access::Wrap(BooleanType());
}
DataType DataType::TinyInt() {
  return Access::Wrap(TinyintType());
}
DataType DataType::SmallInt() {
  return Access::Wrap(SmallintType());
}
DataType DataType::Int() {
  return Access::Wrap(IntType());
}
DataType DataType::BigInt() {
  return Access::Wrap(BigintType());
}
DataType DataType::Float() {
  return Access::Wrap(FloatType());
}
DataType DataType::Double() {
  return Access::Wrap(DoubleType());
}
DataType DataType::String() {
  return Access::Wrap(StringType());
}
DataType DataType::Binary() {
  return Access::Wrap(BinaryType());
}
DataType DataType::Date() {
  return Access::Wrap(DateType());
}
DataType DataType::Timestamp() {
  return Access::Wrap(TimestampType());
}
DataType DataType::TimestampNtz() {
  return Access::Wrap(TimestampNtzType());
}
DataType DataType::ArrayOf(const DataType& element) {
  return Access::Wrap(ArrayType(Access::TypeOf(element)));
}

std::string DataType::Sql() const {
  return rep_->type->Sql();
}
bool DataType::operator==(const DataType& other) const {
  return *rep_->type == *other.rep_->type;
}

Result<Schema> Schema::Parse(std::string_view ddl) {
  const thalweg::Result<SchemaPtr> schema = ParseDdl(ddl);
  if (!schema.ok()) return Access::Wrap(schema.status());
  return Access::Wrap(**schema);
}

int Schema::Find(std::string_view name) const {
  return Access::SchemaOf(*this)->Find(name);
}
std::string Schema::Ddl() const {
  return Access::SchemaOf(*this)->Ddl();
}

}  // namespace api
}  // namespace thalweg
