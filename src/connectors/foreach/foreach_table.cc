#include "connectors/foreach/foreach_table.h"

namespace thalweg {
namespace {

class ForeachWriter final : public BatchWriter {
 public:
  explicit ForeachWriter(const ForeachFunctions& functions) : functions_(functions) {}
  ~ForeachWriter() override { Close(Status::World("the epoch was given up")); }

  Status Begin(int64_t epoch) {
    Close(Status::World("the epoch is run again"));
    epoch_ = epoch;
    const Result<bool> wanted = functions_.open(epoch);
    if (!wanted.ok()) return Named(wanted.status());
    open_ = true;
    wanted_ = *wanted;
    return Status::OK();
  }
  Status Write(const Batch& batch) override {
    if (!wanted_ || batch.row_count() == 0) return Status::OK();
    const Status status = functions_.process(batch);
    if (status.ok()) return status;
    Close(status);
    return Named(status);
  }
  Status Finish(std::string* part) override {
    part->clear();
    Close(Status::OK());
    return Status::OK();
  }

 private:
  void Close(const Status& status) {
    if (open_) functions_.close(status);
    open_ = false;
    wanted_ = false;
  }
  Status Named(const Status& status) const {
    return Status::User("FOREACH_USER_FUNCTION_ERROR",
                        {{"epoch", std::to_string(epoch_)}, {"reason", status.ToString()}});
  }

  const ForeachFunctions& functions_;
  int64_t epoch_ = -1;
  bool open_ = false;
  bool wanted_ = false;
};

class ForeachSink final : public Sink {
 public:
  explicit ForeachSink(const ForeachFunctions& functions)
      : functions_(functions), writer_(functions_) {}

  Status Open(const SinkContext&) override { return Status::OK(); }
  Result<BatchWriter*> Writer(int64_t epoch, int) override {
    THALWEG_RETURN_NOT_OK(writer_.Begin(epoch));
    return static_cast<BatchWriter*>(&writer_);
  }
  Status Commit(int64_t, const std::vector<std::string>&) override { return Status::OK(); }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }

 private:
  const ForeachFunctions functions_;
  ForeachWriter writer_;
};

class ForeachTable final : public Table {
 public:
  ForeachTable(SchemaPtr schema, ForeachFunctions functions) : functions_(std::move(functions)) {
    info_.provider = "foreach";
    info_.description = "ForeachSink";
    info_.schema = std::move(schema);
    info_.accepted_modes = {ChangeMode::kAppend, ChangeMode::kUpsert, ChangeMode::kComplete};
    info_.promise = Promise::kAtLeastOnce;
    info_.single_writer = true;
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return NotSupportedYet("reading what was written into foreach");
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<ForeachSink>(functions_));
  }

 private:
  TableInfo info_;
  const ForeachFunctions functions_;
};

}  // namespace

TablePtr MakeForeachTable(SchemaPtr schema, ForeachFunctions functions) {
  return std::make_shared<ForeachTable>(std::move(schema), std::move(functions));
}

}  // namespace thalweg
