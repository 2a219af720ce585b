#include "recording_sink.h"

namespace thalweg {

struct RecordingSinkRep {
  TableInfo info;
  bool fail_once = false;
  std::vector<Row> staged;
  std::vector<Row> committed;
  int64_t last_committed = -1;
};

namespace {

class RecordingWriter final : public BatchWriter {
 public:
  explicit RecordingWriter(RecordingSinkRep* rep) : rep_(rep) {}
  Status Write(const Batch& batch) override {
    AppendRows(batch, &rep_->staged);
    return Status::OK();
  }
  Status Finish(std::string* part) override {
    part->clear();
    if (!rep_->fail_once) return Status::OK();
    rep_->fail_once = false;
    return Status::World("the sink fails once, as the scenario wants it");
  }

 private:
  RecordingSinkRep* const rep_;
};

class RecordingSinkOfQuery final : public Sink {
 public:
  explicit RecordingSinkOfQuery(std::shared_ptr<RecordingSinkRep> rep)
      : rep_(std::move(rep)), writer_(rep_.get()) {}
  Status Open(const SinkContext&) override { return Status::OK(); }
  Result<BatchWriter*> Writer(int64_t, int) override {
    rep_->staged.clear();
    return &writer_;
  }
  Status Commit(int64_t epoch, const std::vector<std::string>&) override {
    if (epoch <= rep_->last_committed) return Status::OK();
    rep_->committed = std::move(rep_->staged);
    rep_->staged.clear();
    rep_->last_committed = epoch;
    return Status::OK();
  }
  Result<std::optional<int64_t>> LastCommitted() override {
    return std::optional(rep_->last_committed);
  }

 private:
  const std::shared_ptr<RecordingSinkRep> rep_;
  RecordingWriter writer_;
};

class RecordingSinkTable final : public Table {
 public:
  explicit RecordingSinkTable(std::shared_ptr<RecordingSinkRep> rep) : rep_(std::move(rep)) {}
  const TableInfo& info() const override { return rep_->info; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return Status::Bug("a recording sink is written only");
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<RecordingSinkOfQuery>(rep_));
  }

 private:
  const std::shared_ptr<RecordingSinkRep> rep_;
};

}  // namespace

RecordingSink::RecordingSink() : rep_(std::make_shared<RecordingSinkRep>()) {
  rep_->info.provider = "memory";
  rep_->info.description = "RecordingSink";
  rep_->info.accepted_modes = {ChangeMode::kAppend, ChangeMode::kUpsert, ChangeMode::kComplete};
  rep_->info.promise = Promise::kExactlyOnce;
  rep_->info.single_writer = true;  // the order of an epoch's rows counts
}

TablePtr RecordingSink::table() const {
  return std::make_shared<RecordingSinkTable>(rep_);
}

void RecordingSink::FailOnce() {
  rep_->fail_once = true;
}

const std::vector<Row>& RecordingSink::rows() const {
  return rep_->committed;
}

}  // namespace thalweg
