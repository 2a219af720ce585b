#include <algorithm>
#include <charconv>
#include <deque>
#include <map>
#include <mutex>

#include "connectors/memory/memory_table.h"

namespace thalweg {
namespace {

struct StoredBatch {
  int32_t partition = 0;
  int64_t position = 0;  // of its first row in the partition
  Batch batch;
};

struct Addition {
  std::vector<StoredBatch> batches;
  int64_t rows = 0;
};

class MemorySource;

struct Waiter {
  const MemorySource* source = nullptr;
  Waker* waker = nullptr;
};

}  // namespace

struct MemoryStreamRep {
  TableInfo info;
  mutable std::mutex mutex;
  // All below is guarded by the mutex. Additions never change and stay where they are.
  std::deque<Addition> additions;  // the first one has number `first`
  int64_t first = 0;
  std::vector<int64_t> partition_rows;
  std::vector<Waiter> waiters;
  std::map<std::string, int64_t> released;  // by the checkpoint directory of the source
  bool forget_released = false;

  int64_t end() const { return first + static_cast<int64_t>(additions.size()) - 1; }
  const Addition& addition(int64_t number) const {
    return additions[static_cast<size_t>(number - first)];
  }
  int64_t ReleasedByAll() const;
  void Forget();
};

namespace {

Result<int64_t> ParseOffset(const Offset& offset, const MemoryStreamRep& stream);
void PrintOffset(int64_t number, Offset* offset);

// What a Read shows of the stored columns.
struct Projection {
  SchemaPtr schema;
  std::vector<int> columns;
  int32_t source_index = 0;
};

// Some neighbouring batches of a Read.
class MemoryReader final : public BatchReader {
 public:
  void Begin(const Projection& projection, const StoredBatch* const* from,
             const StoredBatch* const* to) {
    projection_ = &projection;
    next_ = from;
    end_ = to;
  }

  Result<bool> Next(Batch* out) override {
    while (next_ != end_ && (*next_)->batch.physical_rows() == 0) ++next_;
    if (next_ == end_) return false;
    const StoredBatch& stored = **next_++;
    if (out->schema() != projection_->schema) out->Reset(projection_->schema);
    out->ShareRowsFrom(stored.batch);
    out->SetOrigin({projection_->source_index, stored.partition, stored.position});
    for (int i = 0; i < out->column_count(); ++i) {
      out->mutable_column(i) = stored.batch.column(projection_->columns[static_cast<size_t>(i)]);
    }
    return true;
  }

 private:
  const Projection* projection_ = nullptr;
  const StoredBatch* const* next_ = nullptr;
  const StoredBatch* const* end_ = nullptr;
};

class MemorySource final : public Source {
 public:
  explicit MemorySource(std::shared_ptr<MemoryStreamRep> stream) : stream_(std::move(stream)) {}
  ~MemorySource() override { StopWaiting(); }

  Status Open(const SourceContext& context, const Offset& from) override;
  Status Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) override;
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override;
  Status Release(const Offset& to) override;

 private:
  void Wait(Waker* waker);
  void StopWaiting();
  Status Collect(const Offset& from, const Offset& to);
  void Split(int readers_wanted);

  const std::shared_ptr<MemoryStreamRep> stream_;
  std::string directory_;
  Projection projection_;  // of the present Read
  std::vector<const StoredBatch*> batches_;
  int64_t rows_ = 0;
  std::vector<std::unique_ptr<MemoryReader>> readers_;
  size_t readers_used_ = 0;
};

class MemoryStreamTable final : public Table {
 public:
  explicit MemoryStreamTable(std::shared_ptr<MemoryStreamRep> stream)
      : stream_(std::move(stream)) {}
  const TableInfo& info() const override { return stream_->info; }
  Result<std::unique_ptr<Source>> OpenSource() override {
    return std::unique_ptr<Source>(std::make_unique<MemorySource>(stream_));
  }
  Result<std::unique_ptr<Sink>> OpenSink() override {
    return NotSupportedYet("writing into " + stream_->info.description);
  }

 private:
  const std::shared_ptr<MemoryStreamRep> stream_;
};

}  // namespace

MemoryStream::MemoryStream(const std::string& name, SchemaPtr schema, int partitions)
    : rep_(std::make_shared<MemoryStreamRep>()) {
  rep_->info.provider = "memory";
  rep_->info.description = "MemoryStream[" + name + "]";
  rep_->info.schema = std::move(schema);
  rep_->info.can_stream_read = true;
  rep_->info.decoded = true;
  rep_->partition_rows.assign(static_cast<size_t>(partitions), 0);
}

void MemoryStream::Add(std::vector<Batch> batches, std::vector<int> partition_of) {
  THALWEG_CHECK(partition_of.empty() || partition_of.size() == batches.size(),
                "every batch has a partition, or none has");
  std::lock_guard lock(rep_->mutex);
  Addition addition;
  addition.batches.reserve(batches.size());
  for (size_t i = 0; i < batches.size(); ++i) {
    Batch& batch = batches[i];
    THALWEG_CHECK(!batch.has_selection() && batch.physical_rows() <= kBatchRows &&
                      batch.column_count() == rep_->info.schema->size(),
                  "a dense batch of the stream's schema is added");
    const int partition = partition_of.empty() ? 0 : partition_of[i];
    int64_t& partition_rows = rep_->partition_rows.at(static_cast<size_t>(partition));
    const int64_t position = partition_rows;
    partition_rows += batch.physical_rows();
    addition.rows += batch.physical_rows();
    addition.batches.push_back({partition, position, std::move(batch)});
  }
  rep_->additions.push_back(std::move(addition));
  for (const Waiter& waiter : rep_->waiters) waiter.waker->Wake();
  rep_->waiters.clear();
}

void MemoryStream::ForgetReleased() {
  std::lock_guard lock(rep_->mutex);
  rep_->forget_released = true;
  rep_->Forget();
}

int64_t MemoryStream::end_offset() const {
  std::lock_guard lock(rep_->mutex);
  return rep_->end();
}

int64_t MemoryStream::released_offset() const {
  std::lock_guard lock(rep_->mutex);
  return rep_->ReleasedByAll();
}

TablePtr MemoryStream::table() {
  return std::make_shared<MemoryStreamTable>(rep_);
}

int64_t MemoryStreamRep::ReleasedByAll() const {
  int64_t least = released.empty() ? -1 : INT64_MAX;
  for (const auto& [directory, offset] : released) least = std::min(least, offset);
  return least;
}

void MemoryStreamRep::Forget() {
  if (!forget_released) return;
  for (const int64_t through = ReleasedByAll(); first <= through; ++first) additions.pop_front();
}

namespace {

Status MemorySource::Open(const SourceContext& context, const Offset& from) {
  directory_ = context.directory;
  std::lock_guard lock(stream_->mutex);
  return ParseOffset(from, *stream_).status();
}

Status MemorySource::Latest(const Offset& from, const ReadLimits& limits, Waker* waker,
                            Offset* to) {
  std::lock_guard lock(stream_->mutex);
  THALWEG_ASSIGN_OR_RETURN(const int64_t begin, ParseOffset(from, *stream_));
  int64_t end = stream_->end();
  if (end == begin) {
    to->json.assign(from.json);
    Wait(waker);
    return Status::OK();
  }
  if (limits.rows >= 0) {
    int64_t rows = 0;
    end = begin;
    while (end < stream_->end() && (end == begin || rows < limits.rows)) {
      if (++end >= stream_->first) rows += std::max<int64_t>(1, stream_->addition(end).rows);
    }
  }
  PrintOffset(end, to);
  return Status::OK();
}

Status MemorySource::Read(const ScanRequest& request, const Offset& from, const Offset& to,
                          std::vector<BatchReader*>* readers) {
  projection_.schema = request.schema;
  projection_.columns = request.columns;
  projection_.source_index = request.source_index;
  THALWEG_RETURN_NOT_OK(Collect(from, to));
  Split(request.readers_wanted);
  readers->clear();
  for (size_t i = 0; i < readers_used_; ++i) readers->push_back(readers_[i].get());
  return Status::OK();
}

Status MemorySource::Release(const Offset& to) {
  std::lock_guard lock(stream_->mutex);
  THALWEG_ASSIGN_OR_RETURN(const int64_t end, ParseOffset(to, *stream_));
  int64_t& released = stream_->released.try_emplace(directory_, -1).first->second;
  released = std::max(released, end);
  stream_->Forget();
  return Status::OK();
}

void MemorySource::Wait(Waker* waker) {
  if (waker == nullptr) return;
  for (const Waiter& waiter : stream_->waiters) {
    if (waiter.source == this && waiter.waker == waker) return;
  }
  stream_->waiters.push_back({this, waker});
}

void MemorySource::StopWaiting() {
  std::lock_guard lock(stream_->mutex);
  std::erase_if(stream_->waiters, [this](const Waiter& waiter) { return waiter.source == this; });
}

// The batches of (from, to] with rows into batches_, partition by partition.
Status MemorySource::Collect(const Offset& from, const Offset& to) {
  batches_.clear();
  rows_ = 0;
  std::lock_guard lock(stream_->mutex);
  THALWEG_ASSIGN_OR_RETURN(const int64_t begin, ParseOffset(from, *stream_));
  THALWEG_ASSIGN_OR_RETURN(const int64_t end, ParseOffset(to, *stream_));
  const auto released = stream_->released.find(directory_);
  if (begin < end && (begin + 1 < stream_->first ||
                      (released != stream_->released.end() && begin < released->second))) {
    return Status::World(stream_->info.description + " has released what lies behind offset " +
                         std::to_string(begin) + ".");
  }
  for (int64_t number = begin + 1; number <= end; ++number) {
    const Addition& addition = stream_->addition(number);
    rows_ += addition.rows;
    for (const StoredBatch& stored : addition.batches) batches_.push_back(&stored);
  }
  if (stream_->partition_rows.size() > 1) {
    std::sort(batches_.begin(), batches_.end(), [](const StoredBatch* a, const StoredBatch* b) {
      return a->partition != b->partition ? a->partition < b->partition : a->position < b->position;
    });
  }
  return Status::OK();
}

// Cuts batches_ into up to `readers_wanted` readers of about as many rows each.
void MemorySource::Split(int readers_wanted) {
  const auto wanted = static_cast<int64_t>(std::max(readers_wanted, 1));
  readers_used_ = 0;
  int64_t rows = 0;
  for (size_t begin = 0, end = 0; begin < batches_.size(); begin = end) {
    const auto share = static_cast<int64_t>(readers_used_) + 1;
    while (end < batches_.size() && (end == begin || rows < rows_ * share / wanted)) {
      rows += batches_[end++]->batch.physical_rows();
    }
    if (share == wanted) end = batches_.size();
    if (readers_used_ == readers_.size()) readers_.push_back(std::make_unique<MemoryReader>());
    readers_[readers_used_++]->Begin(projection_, batches_.data() + begin, batches_.data() + end);
  }
}

// The Add that an offset names, -1 for "before everything".
Result<int64_t> ParseOffset(const Offset& offset, const MemoryStreamRep& stream) {
  if (offset.empty()) return -1;
  int64_t number = 0;
  const std::string& text = offset.json;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0 &&
      number <= stream.end()) {
    return number;
  }
  return Status::World("THALWEG_CHECKPOINT_OF_OTHER_QUERY",
                       {{"path", stream.info.description},
                        {"difference", "its offset is " + text + ", but the stream ends at " +
                                           std::to_string(stream.end())}});
}

void PrintOffset(int64_t number, Offset* offset) {
  char text[24];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  offset->json.assign(text, end);
}

}  // namespace
}  // namespace thalweg
