// Reads hand the batches out as they are; a large table is split into runs of batches.
#include "exec/local_table.h"

#include <algorithm>

namespace thalweg {
namespace {

using Batches = std::shared_ptr<const std::vector<Batch>>;

class LocalReader final : public BatchReader {
 public:
  LocalReader(const ScanRequest& request, const Batch* from, const Batch* to, int64_t position)
      : request_(request), next_(from), end_(to), position_(position) {}

  Result<bool> Next(Batch* out) override {
    while (next_ != end_ && next_->row_count() == 0) Skip();
    if (next_ == end_) return false;
    out->Reset(request_.schema);
    out->ShareRowsFrom(*next_);
    out->SetOrigin({request_.source_index, 0, position_});
    for (size_t i = 0; i < request_.columns.size(); ++i) {
      out->mutable_column(static_cast<int>(i)) = next_->column(request_.columns[i]);
    }
    Skip();
    return true;
  }

 private:
  void Skip() { position_ += next_++->physical_rows(); }

  const ScanRequest& request_;
  const Batch* next_;
  const Batch* const end_;
  int64_t position_;
};

class LocalSource final : public Source {
 public:
  explicit LocalSource(Batches batches) : batches_(std::move(batches)) {}

  Status Open(const SourceContext&, const Offset&) override { return Status::OK(); }
  Status Latest(const Offset&, const ReadLimits&, Waker*, Offset* to) override {
    to->json = "0";
    return Status::OK();
  }
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override;
  Status Release(const Offset&) override { return Status::OK(); }

 private:
  const Batches batches_;
  ScanRequest request_;  // of the present Read
  std::vector<std::unique_ptr<LocalReader>> readers_;
};

Status LocalSource::Read(const ScanRequest& request, const Offset& from, const Offset& to,
                         std::vector<BatchReader*>* readers) {
  readers->clear();
  readers_.clear();
  if (from == to) return Status::OK();
  request_ = request;
  const size_t count = batches_->size();
  const size_t parts = std::min(count, static_cast<size_t>(std::max(request.readers_wanted, 1)));
  int64_t position = 0;
  for (size_t part = 0; part < parts; ++part) {
    const size_t first = part * count / parts, end = (part + 1) * count / parts;
    const Batch* all = batches_->data();
    readers_.push_back(std::make_unique<LocalReader>(request_, all + first, all + end, position));
    readers->push_back(readers_.back().get());
    for (size_t i = first; i < end; ++i) position += all[i].physical_rows();
  }
  return Status::OK();
}

class LocalTable final : public Table {
 public:
  LocalTable(SchemaPtr schema, Batches batches) : batches_(std::move(batches)) {
    info_.provider = "local";
    info_.description = "LocalTable";
    info_.schema = std::move(schema);
    info_.decoded = true;
    info_.version = "0";  // it never changes
  }
  const TableInfo& info() const override { return info_; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<LocalSource>(batches_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return Status::Bug("rows of a plan are written to");
  }

 private:
  TableInfo info_;
  const Batches batches_;
};

}  // namespace

TablePtr MakeLocalTable(SchemaPtr schema, std::shared_ptr<const std::vector<Batch>> batches) {
  if (batches == nullptr) batches = std::make_shared<const std::vector<Batch>>();
  return std::make_shared<LocalTable>(std::move(schema), std::move(batches));
}

}  // namespace thalweg
