#include "connectors/kafka/record_columns.h"

namespace thalweg {
namespace {

enum Column { kKey, kValue, kTopic, kPartition, kOffset, kTimestamp, kTimestampType, kHeaders };

void FillBytes(std::span<const KafkaRecord> records, KafkaBytes KafkaRecord::*field, Vector* out) {
  const int rows = static_cast<int>(records.size());
  out->ResetFlat(BinaryType(), rows);
  for (int row = 0; row < rows; ++row) {
    const KafkaBytes& bytes = records[static_cast<size_t>(row)].*field;
    if (bytes.null()) {
      out->SetNull(row);
    } else {
      out->SetString(row, bytes.view());
    }
  }
}

Status FillTimes(const KafkaPartition& partition, std::span<const KafkaRecord> records,
                 Vector* out) {
  const int rows = static_cast<int>(records.size());
  out->ResetFlat(TimestampType(), rows);
  auto* times = out->mutable_values<int64_t>();
  for (int row = 0; row < rows; ++row) {
    const KafkaRecord& record = records[static_cast<size_t>(row)];
    if (!__builtin_mul_overflow(record.timestamp_ms, int64_t{1000}, &times[row])) continue;
    return Status::User("KAFKA_MALFORMED_RECORD_TIMESTAMP",
                        {{"topic", partition.topic},
                         {"partition", std::to_string(partition.number)},
                         {"offset", std::to_string(record.offset)},
                         {"timestamp", std::to_string(record.timestamp_ms)}});
  }
  return Status::OK();
}

/// A record without headers has a null, as in Spark.
void FillHeaders(const KafkaPartitionBuffer& buffer, std::span<const KafkaRecord> records,
                 const TypePtr& type, Vector* out) {
  const int rows = static_cast<int>(records.size());
  out->ResetFlat(type, rows);
  std::vector<KafkaHeader> all;
  out->mutable_offsets()[0] = 0;
  for (int row = 0; row < rows; ++row) {
    std::vector<KafkaHeader> headers = buffer.HeadersOf(records[static_cast<size_t>(row)]);
    if (headers.empty()) out->SetNull(row);
    for (KafkaHeader& header : headers) all.push_back(std::move(header));
    out->mutable_offsets()[row + 1] = static_cast<int32_t>(all.size());
  }
  const int count = static_cast<int>(all.size());
  Vector& structs = out->mutable_child(0);
  structs.ResetFlat(structs.type(), count);
  Vector& names = structs.mutable_child(0);
  Vector& values = structs.mutable_child(1);
  names.ResetFlat(StringType(), count);
  values.ResetFlat(BinaryType(), count);
  for (int i = 0; i < count; ++i) {
    const KafkaHeader& header = all[static_cast<size_t>(i)];
    names.SetString(i, header.name);
    if (header.value.null()) {
      values.SetNull(i);
    } else {
      values.SetString(i, header.value.view());
    }
  }
}

}  // namespace

SchemaPtr KafkaReadSchema(bool include_headers) {
  std::vector<StructField> columns = {{"key", BinaryType()},       {"value", BinaryType()},
                                      {"topic", StringType()},     {"partition", IntType()},
                                      {"offset", BigintType()},    {"timestamp", TimestampType()},
                                      {"timestampType", IntType()}};
  if (include_headers) {
    columns.push_back({"headers", KafkaHeadersType()});
  }
  return Schema::Make(std::move(columns));
}

TypePtr KafkaHeadersType() {
  return ArrayType(StructType({{"key", StringType()}, {"value", BinaryType()}}));
}

Status FillKafkaColumns(const ScanRequest& request, const KafkaPartitionBuffer& buffer,
                        std::span<const KafkaRecord> records, Batch* out) {
  const int rows = static_cast<int>(records.size());
  out->Reset(request.schema);
  for (size_t i = 0; i < request.columns.size(); ++i) {
    Vector& column = out->mutable_column(static_cast<int>(i));
    switch (static_cast<Column>(request.columns[i])) {
      case kKey:
        FillBytes(records, &KafkaRecord::key, &column);
        break;
      case kValue:
        FillBytes(records, &KafkaRecord::value, &column);
        break;
      case kTopic:
        column.ResetConstant(StringType(), rows);
        column.SetString(0, buffer.partition().topic);
        break;
      case kPartition:
        column.ResetConstant(IntType(), rows);
        column.mutable_values<int32_t>()[0] = buffer.partition().number;
        break;
      case kOffset:
        column.ResetFlat(BigintType(), rows);
        for (int row = 0; row < rows; ++row) {
          column.mutable_values<int64_t>()[row] = records[static_cast<size_t>(row)].offset;
        }
        break;
      case kTimestamp:
        THALWEG_RETURN_NOT_OK(FillTimes(buffer.partition(), records, &column));
        break;
      case kTimestampType:
        column.ResetFlat(IntType(), rows);
        for (int row = 0; row < rows; ++row) {
          column.mutable_values<int32_t>()[row] = records[static_cast<size_t>(row)].timestamp_type;
        }
        break;
      case kHeaders:
        FillHeaders(buffer, records, request.schema->column(static_cast<int>(i)).type, &column);
        break;
    }
  }
  out->SetRowCount(rows);
  return Status::OK();
}

}  // namespace thalweg
