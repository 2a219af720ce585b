// Writing rows to Kafka topics. Records go to the producer as the rows come; the epoch is committed
// when the brokers have acknowledged all of them. Kafka does not know epochs: what an attempt that
// failed has sent stays, so the promise is at-least-once. The producer is idempotent: what it sends
// again within an attempt is written once and in order.
#include <optional>

#include "connectors/kafka/kafka_table.h"
#include "connectors/kafka/options.h"
#include "connectors/kafka/record_columns.h"

namespace thalweg {
namespace {

/// Where a table's rows have what a record is made of; -1: nowhere.
struct RecordColumns {
  int key = -1;
  int value = -1;
  int topic = -1;
  int partition = -1;
  int headers = -1;
};

KafkaBytes BytesAt(const Vector& column, int row, std::string* scratch) {
  if (column.IsNull(row)) return {};
  scratch->assign(column.Get<StringView>(row).view());
  return {scratch->data(), static_cast<int64_t>(scratch->size())};
}

class KafkaSink;

class KafkaWriter final : public BatchWriter {
 public:
  explicit KafkaWriter(KafkaSink* sink) : sink_(*sink) {}
  Status Write(const Batch& batch) override;
  Status Finish(std::string* part) override {
    part->clear();
    return Status::OK();
  }

 private:
  Status WriteRow(const Batch& batch, int row);
  void TakeHeaders(const Vector& column, int row);

  KafkaSink& sink_;
  KafkaOutgoing record_;
  std::string topic_, key_, value_;
  std::vector<std::string> header_values_;
};

class KafkaSink final : public Sink {
 public:
  KafkaSink(KafkaClient& client, const KafkaWriteOptions& options, const RecordColumns& columns)
      : client_(client), options_(options), columns_(columns) {}

  Status Open(const SinkContext&) override {
    THALWEG_ASSIGN_OR_RETURN(producer_, client_.NewProducer(options_.settings));
    return Status::OK();
  }
  Result<BatchWriter*> Writer(int64_t, int lane) override {
    while (writers_.size() <= static_cast<size_t>(lane)) {
      writers_.push_back(std::make_unique<KafkaWriter>(this));
    }
    return static_cast<BatchWriter*>(writers_[static_cast<size_t>(lane)].get());
  }
  Status Commit(int64_t epoch, const std::vector<std::string>&) override {
    const auto timeout_ms = static_cast<int>(options_.delivery_timeout_ms + 1000);
    return Explain(producer_->Flush(timeout_ms), "writing epoch " + std::to_string(epoch));
  }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }

  Status Produce(const KafkaOutgoing& record) {
    const KafkaOutcome outcome =
        producer_->Produce(record, static_cast<int>(options_.max_block_ms));
    if (outcome.ok()) return Status::OK();
    return Explain(outcome, "writing to the topic " + std::string(record.topic));
  }
  const KafkaWriteOptions& options() const { return options_; }
  const RecordColumns& columns() const { return columns_; }

 private:
  /// What the brokers refuse stays refused; the rest may be better at the next attempt.
  Status Explain(const KafkaOutcome& outcome, const std::string& what) const {
    if (outcome.ok()) return Status::OK();
    if (outcome.kind == KafkaErrorKind::kRefused) {
      return Status::World("THALWEG_KAFKA_REFUSED", {{"what", what}, {"cause", outcome.text}});
    }
    return Status::World("Kafka at " + options_.servers + ", " + what + ": " + outcome.text);
  }

  KafkaClient& client_;
  const KafkaWriteOptions options_;
  const RecordColumns columns_;
  std::unique_ptr<KafkaProducer> producer_;
  std::vector<std::unique_ptr<KafkaWriter>> writers_;
};

Status KafkaWriter::Write(const Batch& batch) {
  Status status;
  ForEachRow(batch.selection(), [&](int row) {
    const RowKind kind = batch.row_kind(row);
    const bool gone = kind == RowKind::kDelete || kind == RowKind::kUpdateBefore;
    if (status.ok() && !gone) status = WriteRow(batch, row);
  });
  return status;
}

Status KafkaWriter::WriteRow(const Batch& batch, int row) {
  const RecordColumns& columns = sink_.columns();
  record_.topic = sink_.options().topic;
  if (!sink_.options().has_topic) {
    if (BytesAt(batch.column(columns.topic), row, &topic_).null()) {
      return Status::User("KAFKA_NULL_TOPIC_IN_DATA");
    }
    record_.topic = topic_;
  }
  record_.key = columns.key < 0 ? KafkaBytes() : BytesAt(batch.column(columns.key), row, &key_);
  record_.value = BytesAt(batch.column(columns.value), row, &value_);
  record_.partition = -1;
  if (columns.partition >= 0 && !batch.column(columns.partition).IsNull(row)) {
    record_.partition = batch.column(columns.partition).Get<int32_t>(row);
  }
  record_.headers.clear();
  if (columns.headers >= 0) TakeHeaders(batch.column(columns.headers), row);
  return sink_.Produce(record_);
}

void KafkaWriter::TakeHeaders(const Vector& column, int row) {
  if (column.IsNull(row)) return;
  if (column.encoding() == Encoding::kDictionary) {
    return TakeHeaders(column.child(0), column.values<int32_t>()[row]);
  }
  const int at = column.is_constant() ? 0 : row;
  const Vector& structs = column.child(0);
  const int begin = column.offsets()[at], end = column.offsets()[at + 1];
  header_values_.resize(static_cast<size_t>(end - begin));
  for (int i = begin; i < end; ++i) {
    if (structs.IsNull(i)) continue;
    std::string name;
    if (BytesAt(structs.child(0), i, &name).null()) continue;
    const KafkaBytes value =
        BytesAt(structs.child(1), i, &header_values_[static_cast<size_t>(i - begin)]);
    record_.headers.push_back({std::move(name), value});
  }
}

class KafkaWriteTable final : public Table {
 public:
  KafkaWriteTable(KafkaClient& client, KafkaWriteOptions options, const RecordColumns& columns,
                  SchemaPtr schema)
      : client_(client), options_(std::move(options)), columns_(columns) {
    info_.provider = "kafka";
    info_.description = options_.has_topic ? "KafkaSink[" + options_.topic + "]" : "KafkaSink";
    info_.schema = std::move(schema);
    info_.accepted_modes = {ChangeMode::kAppend, ChangeMode::kUpsert, ChangeMode::kComplete};
    info_.promise = Promise::kAtLeastOnce;
    info_.single_writer = true;  // records of a partition keep the order of the rows
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return NotSupportedYet("reading through a table that was opened for writing");
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<KafkaSink>(client_, options_, columns_));
  }

 private:
  KafkaClient& client_;
  const KafkaWriteOptions options_;
  const RecordColumns columns_;
  TableInfo info_;
};

Status UnfitColumn(const char* name, const std::string& found, const char* wanted) {
  return Status::User(
      "THALWEG_INVALID_OPTION",
      {{"option", std::string("the column ") + name}, {"value", found}, {"wanted", wanted}});
}

bool IsText(const DataType& type) {
  return type.Is(TypeKind::kString) || type.Is(TypeKind::kBinary);
}

Status CheckColumns(const Schema& schema, const RecordColumns& columns, bool has_topic) {
  const auto type_of = [&schema](int column) -> const DataType& {
    return *schema.column(column).type;
  };
  if (columns.value < 0) {
    return UnfitColumn("value", "", "there: it is what the records hold (STRING or BINARY)");
  }
  if (!IsText(type_of(columns.value))) {
    return UnfitColumn("value", type_of(columns.value).Sql(), "STRING or BINARY");
  }
  if (columns.key >= 0 && !IsText(type_of(columns.key))) {
    return UnfitColumn("key", type_of(columns.key).Sql(), "STRING or BINARY");
  }
  if (columns.topic < 0 && !has_topic) {
    return UnfitColumn("topic", "", "there, or the option topic given");
  }
  if (columns.topic >= 0 && !type_of(columns.topic).Is(TypeKind::kString)) {
    return UnfitColumn("topic", type_of(columns.topic).Sql(), "STRING");
  }
  if (columns.partition >= 0 && !type_of(columns.partition).Is(TypeKind::kInt)) {
    return UnfitColumn("partition", type_of(columns.partition).Sql(), "INT");
  }
  if (columns.headers >= 0) {
    if (!type_of(columns.headers).SameIgnoringNullability(*KafkaHeadersType())) {
      return UnfitColumn("headers", type_of(columns.headers).Sql(),
                         "ARRAY<STRUCT<key: STRING, value: BINARY>>");
    }
  }
  return Status::OK();
}

}  // namespace

Result<TablePtr> MakeKafkaWriteTable(KafkaClient& client, const Options& options,
                                     const SchemaPtr& schema) {
  KafkaWriteOptions write;
  THALWEG_RETURN_NOT_OK(ReadKafkaWriteOptions(options, &write));
  const RecordColumns columns = {.key = schema->Find("key"),
                                 .value = schema->Find("value"),
                                 .topic = schema->Find("topic"),
                                 .partition = schema->Find("partition"),
                                 .headers = schema->Find("headers")};
  THALWEG_RETURN_NOT_OK(CheckColumns(*schema, columns, write.has_topic));
  return TablePtr(std::make_shared<KafkaWriteTable>(client, std::move(write), columns, schema));
}

}  // namespace thalweg
