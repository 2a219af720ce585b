#include "connectors/basic/sinks.h"

#include <functional>

namespace thalweg {
namespace {

TableInfo InfoOf(const std::string& provider, SchemaPtr schema) {
  TableInfo info;
  info.provider = provider;
  info.description = provider + "Sink";
  info.schema = std::move(schema);
  info.accepted_modes = {ChangeMode::kAppend, ChangeMode::kUpsert, ChangeMode::kComplete};
  info.promise = Promise::kAtLeastOnce;
  return info;
}

/// Keeps copies of a lane's rows.
class KeepingWriter final : public BatchWriter {
 public:
  void Begin(const SchemaPtr& schema) {
    schema_ = schema;
    rows_.clear();
  }
  Status Write(const Batch& batch) override {
    if (batch.row_count() == 0) return Status::OK();
    Batch copy(schema_);
    AppendRows(batch, batch.selection(), &copy);
    rows_.push_back(std::move(copy));
    return Status::OK();
  }
  Status Finish(std::string* part) override {
    part->clear();
    return Status::OK();
  }
  std::vector<Batch>& rows() { return rows_; }

 private:
  SchemaPtr schema_;
  std::vector<Batch> rows_;
};

class EpochSink final : public Sink {
 public:
  EpochSink(SchemaPtr schema, EpochFunction function)
      : schema_(std::move(schema)), function_(std::move(function)) {}

  Status Open(const SinkContext& context) override {
    schema_ = context.schema;
    return Status::OK();
  }
  Result<BatchWriter*> Writer(int64_t, int lane) override {
    while (writers_.size() <= static_cast<size_t>(lane)) {
      writers_.push_back(std::make_unique<KeepingWriter>());
    }
    writers_[lane]->Begin(schema_);
    return static_cast<BatchWriter*>(writers_[lane].get());
  }
  Status Commit(int64_t epoch, const std::vector<std::string>&) override {
    std::vector<Batch> rows;
    for (const auto& writer : writers_) {
      for (Batch& batch : writer->rows()) rows.push_back(std::move(batch));
      writer->rows().clear();
    }
    return function_(epoch, schema_, rows);
  }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }

 private:
  SchemaPtr schema_;
  const EpochFunction function_;
  std::vector<std::unique_ptr<KeepingWriter>> writers_;
};

class EpochTable final : public Table {
 public:
  EpochTable(TableInfo info, EpochFunction function)
      : info_(std::move(info)), function_(std::move(function)) {}
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return NotSupportedYet("reading what was written into " + info_.provider);
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<EpochSink>(info_.schema, function_));
  }

 private:
  const TableInfo info_;
  const EpochFunction function_;
};

/// Encodes every row: whatever a value is, its bytes are read.
class NoopWriter final : public BatchWriter {
 public:
  explicit NoopWriter(NoopCounts* counts) : counts_(counts) {}
  Status Write(const Batch& batch) override {
    uint64_t sum = 0;
    ForEachRow(batch.selection(), [&](int row) {
      uint64_t hash = 0;
      for (int i = 0; i < batch.column_count(); ++i) {
        hash = hash * 0x9E3779B97F4A7C15 + HashOf(batch.column(i), row);
      }
      sum += hash;
    });
    counts_->rows += batch.row_count();
    counts_->checksum += sum;
    return Status::OK();
  }
  Status Finish(std::string* part) override {
    part->clear();
    return Status::OK();
  }

 private:
  static uint64_t HashOf(const Vector& vector, int row) {
    if (vector.IsNull(row)) return 1;
    switch (PhysicalWidth(vector.physical())) {
      case 1:
        return vector.Get<uint8_t>(row) + 2;
      case 2:
        return vector.Get<uint16_t>(row) + 3;
      case 4:
        return vector.Get<uint32_t>(row) + 4;
      case 8:
        return vector.Get<uint64_t>(row) + 5;
      case 16:
        if (vector.physical() == PhysicalKind::kString) {
          const StringView text = vector.Get<StringView>(row);
          return std::hash<std::string_view>()(text.view());
        }
        return static_cast<uint64_t>(vector.Get<__int128>(row)) + 6;
      default:
        break;
    }
    uint64_t hash = 7;
    if (vector.encoding() == Encoding::kDictionary) {
      return HashOf(vector.child(0), vector.values<int32_t>()[row]);
    }
    const int at = vector.is_constant() ? 0 : row;
    const bool list = vector.physical() == PhysicalKind::kList;
    if (list || vector.physical() == PhysicalKind::kMap) {
      for (int i = 0; i < vector.child_count(); ++i) {
        for (int32_t e = vector.offsets()[at]; e < vector.offsets()[at + 1]; ++e) {
          hash = hash * 31 + HashOf(vector.child(i), e);
        }
      }
      return hash;
    }
    for (int i = 0; i < vector.child_count(); ++i) hash = hash * 31 + HashOf(vector.child(i), at);
    return hash;
  }

  NoopCounts* const counts_;
};

class NoopSink final : public Sink {
 public:
  explicit NoopSink(std::shared_ptr<NoopCounts> counts) : counts_(std::move(counts)) {}
  Status Open(const SinkContext&) override { return Status::OK(); }
  Result<BatchWriter*> Writer(int64_t, int lane) override {
    while (writers_.size() <= static_cast<size_t>(lane)) {
      writers_.push_back(std::make_unique<NoopWriter>(counts_.get()));
    }
    return static_cast<BatchWriter*>(writers_[lane].get());
  }
  Status Commit(int64_t, const std::vector<std::string>&) override { return Status::OK(); }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }

 private:
  const std::shared_ptr<NoopCounts> counts_;
  std::vector<std::unique_ptr<NoopWriter>> writers_;
};

class NoopTable final : public Table {
 public:
  NoopTable(TableInfo info, std::shared_ptr<NoopCounts> counts)
      : info_(std::move(info)), counts_(std::move(counts)) {}
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return NotSupportedYet("reading what was written into noop");
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<NoopSink>(counts_));
  }

 private:
  const TableInfo info_;
  const std::shared_ptr<NoopCounts> counts_;
};

}  // namespace

TablePtr MakeEpochTable(const std::string& provider, SchemaPtr schema, EpochFunction function,
                        int64_t pace_us) {
  TableInfo info = InfoOf(provider, std::move(schema));
  info.pace_us = pace_us;
  info.single_writer = true;
  return std::make_shared<EpochTable>(std::move(info), std::move(function));
}

TablePtr MakeNoopTable(SchemaPtr schema, std::shared_ptr<NoopCounts> counts) {
  return std::make_shared<NoopTable>(InfoOf("noop", std::move(schema)), std::move(counts));
}

}  // namespace thalweg
