#include <algorithm>
#include <mutex>

#include "connectors/memory/memory_table.h"

namespace thalweg {
namespace {

// The batches [first_batch, end_batch) are the rows of an epoch.
struct EpochRows {
  int64_t epoch = 0;
  size_t first_batch = 0;
  size_t end_batch = 0;
};

}  // namespace

struct MemoryRowsRep {
  TableInfo info;
  mutable std::mutex mutex;
  // All below is guarded by the mutex.
  std::vector<Batch> batches;
  std::vector<EpochRows> epochs;
  std::vector<Batch> spare;  // whose memory is used again
  std::string owner;         // query id of the first commit
  int64_t last_committed = -1;

  void Forget();
  Batch TakeSpare();
};

namespace {

// Rows of a lane until the epoch is committed.
class MemoryWriter final : public BatchWriter {
 public:
  explicit MemoryWriter(MemoryRowsRep* rows) : rows_(rows) {}
  Status Write(const Batch& batch) override;
  Status Finish(std::string* part) override;
  // Both under the mutex of the rows.
  void Keep();
  void Drop();

 private:
  MemoryRowsRep* const rows_;
  std::vector<Batch> staged_;
};

class MemorySink final : public Sink {
 public:
  explicit MemorySink(std::shared_ptr<MemoryRowsRep> rows) : rows_(std::move(rows)) {}
  Status Open(const SinkContext& context) override;
  Result<BatchWriter*> Writer(int64_t epoch, int lane) override;
  Status Commit(int64_t epoch, const std::vector<std::string>& parts) override;
  Result<std::optional<int64_t>> LastCommitted() override;

 private:
  void BeginEpoch(int64_t epoch);

  const std::shared_ptr<MemoryRowsRep> rows_;
  std::string query_id_;
  bool complete_ = false;
  int64_t epoch_ = -1;                                  // that the writers belong to
  std::vector<std::unique_ptr<MemoryWriter>> writers_;  // by lane
};

// Reads what is there when a read begins, batch by batch.
class RowsReader final : public BatchReader {
 public:
  void Begin(const ScanRequest& request, std::vector<Batch> batches) {
    request_ = request;
    batches_ = std::move(batches);
    next_ = 0;
    position_ = 0;
  }
  Result<bool> Next(Batch* out) override {
    if (next_ == batches_.size()) return false;
    const Batch& batch = batches_[next_++];
    out->Reset(request_.schema);
    out->ShareRowsFrom(batch);
    out->SetOrigin({request_.source_index, 0, position_});
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      out->mutable_column(static_cast<int>(i)) = batch.column(request_.columns[i]);
    }
    position_ += batch.physical_rows();
    return true;
  }

 private:
  ScanRequest request_;
  std::vector<Batch> batches_;
  size_t next_ = 0;
  int64_t position_ = 0;
};

class RowsSource final : public Source {
 public:
  explicit RowsSource(std::shared_ptr<MemoryRowsRep> rows) : rows_(std::move(rows)) {}
  Status Open(const SourceContext&, const Offset&) override { return Status::OK(); }
  Status Latest(const Offset&, const ReadLimits&, Waker*, Offset* to) override {
    std::lock_guard lock(rows_->mutex);
    to->json = std::to_string(rows_->last_committed);
    return Status::OK();
  }
  Status Read(const ScanRequest& request, const Offset&, const Offset&,
              std::vector<BatchReader*>* readers) override {
    std::lock_guard lock(rows_->mutex);
    reader_.Begin(request, rows_->batches);
    *readers = {&reader_};
    return Status::OK();
  }
  Status Release(const Offset&) override { return Status::OK(); }

 private:
  const std::shared_ptr<MemoryRowsRep> rows_;
  RowsReader reader_;
};

class MemoryRowsTable final : public Table {
 public:
  explicit MemoryRowsTable(std::shared_ptr<MemoryRowsRep> rows) : rows_(std::move(rows)) {}
  const TableInfo& info() const override { return rows_->info; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<RowsSource>(rows_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return std::unique_ptr<Sink>(std::make_unique<MemorySink>(rows_));
  }

 private:
  const std::shared_ptr<MemoryRowsRep> rows_;
};

}  // namespace

MemoryRows::MemoryRows(const std::string& name, SchemaPtr schema)
    : rep_(std::make_shared<MemoryRowsRep>()) {
  rep_->info.provider = "memory";
  rep_->info.description = "MemorySink[" + name + "]";
  rep_->info.schema = std::move(schema);
  rep_->info.decoded = true;
  rep_->info.accepted_modes = {ChangeMode::kAppend, ChangeMode::kUpsert, ChangeMode::kComplete};
  rep_->info.promise = Promise::kExactlyOnce;
  rep_->info.single_writer = true;
}

std::vector<Batch> MemoryRows::Epoch(int64_t epoch) const {
  std::lock_guard lock(rep_->mutex);
  for (const EpochRows& rows : rep_->epochs) {
    if (rows.epoch != epoch) continue;
    const Batch* batches = rep_->batches.data();
    return {batches + rows.first_batch, batches + rows.end_batch};
  }
  return {};
}

std::vector<Batch> MemoryRows::All() const {
  std::lock_guard lock(rep_->mutex);
  return rep_->batches;
}

std::vector<int64_t> MemoryRows::Epochs() const {
  std::lock_guard lock(rep_->mutex);
  std::vector<int64_t> epochs;
  for (const EpochRows& rows : rep_->epochs) epochs.push_back(rows.epoch);
  return epochs;
}

int64_t MemoryRows::last_committed() const {
  std::lock_guard lock(rep_->mutex);
  return rep_->last_committed;
}

void MemoryRows::Clear() {
  std::lock_guard lock(rep_->mutex);
  rep_->Forget();
}

TablePtr MemoryRows::table() {
  return std::make_shared<MemoryRowsTable>(rep_);
}

void MemoryRowsRep::Forget() {
  for (Batch& batch : batches) spare.push_back(std::move(batch));
  batches.clear();
  epochs.clear();
}

Batch MemoryRowsRep::TakeSpare() {
  Batch batch;
  if (!spare.empty()) {
    batch = std::move(spare.back());
    spare.pop_back();
  }
  batch.Reset(info.schema);
  return batch;
}

namespace {

Status MemorySink::Open(const SinkContext& context) {
  const SchemaPtr& schema = rows_->info.schema;
  if (!schema->AsStruct()->SameIgnoringNullability(*context.schema->AsStruct())) {
    return Status::Bug(rows_->info.description + " keeps " + schema->Ddl() +
                       ", but the query writes " + context.schema->Ddl());
  }
  query_id_ = context.query_id;
  complete_ = context.mode == ChangeMode::kComplete;
  std::lock_guard lock(rows_->mutex);
  if (rows_->owner.empty() || rows_->owner == query_id_) return Status::OK();
  return Status::User(
      "THALWEG_SINK_OWNED_BY_OTHER_QUERY",
      {{"path", rows_->info.description}, {"owner", rows_->owner}, {"query", query_id_}});
}

Result<BatchWriter*> MemorySink::Writer(int64_t epoch, int lane) {
  std::lock_guard lock(rows_->mutex);
  BeginEpoch(epoch);
  while (writers_.size() <= static_cast<size_t>(lane)) {
    writers_.push_back(std::make_unique<MemoryWriter>(rows_.get()));
  }
  MemoryWriter* writer = writers_[static_cast<size_t>(lane)].get();
  writer->Drop();
  return writer;
}

Status MemorySink::Commit(int64_t epoch, const std::vector<std::string>&) {
  std::lock_guard lock(rows_->mutex);
  BeginEpoch(epoch);
  if (epoch <= rows_->last_committed) {
    for (const auto& writer : writers_) writer->Drop();
    return Status::OK();
  }
  if (complete_) rows_->Forget();
  const size_t first_batch = rows_->batches.size();
  for (const auto& writer : writers_) writer->Keep();
  if (rows_->batches.size() > first_batch) {
    rows_->epochs.push_back({epoch, first_batch, rows_->batches.size()});
  }
  rows_->last_committed = epoch;
  if (rows_->owner.empty()) rows_->owner = query_id_;
  return Status::OK();
}

Result<std::optional<int64_t>> MemorySink::LastCommitted() {
  std::lock_guard lock(rows_->mutex);
  return std::optional(rows_->last_committed);
}

// What writers still hold of another epoch was an attempt that failed.
void MemorySink::BeginEpoch(int64_t epoch) {
  if (epoch == epoch_) return;
  for (const auto& writer : writers_) writer->Drop();
  epoch_ = epoch;
}

Status MemoryWriter::Write(const Batch& batch) {
  const Selection rows = batch.selection();
  if (rows.count == 0) return Status::OK();
  if (staged_.empty() || staged_.back().physical_rows() + rows.count > kBatchRows) {
    std::lock_guard lock(rows_->mutex);
    staged_.push_back(rows_->TakeSpare());
  }
  AppendRows(batch, rows, &staged_.back());
  staged_.back().ClearRowKinds();
  return Status::OK();
}

Status MemoryWriter::Finish(std::string* part) {
  part->clear();
  return Status::OK();
}

void MemoryWriter::Keep() {
  for (Batch& batch : staged_) rows_->batches.push_back(std::move(batch));
  staged_.clear();
}

void MemoryWriter::Drop() {
  for (Batch& batch : staged_) rows_->spare.push_back(std::move(batch));
  staged_.clear();
}

}  // namespace
}  // namespace thalweg
