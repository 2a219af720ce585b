#include "exec/exchange.h"

#include <algorithm>

#include "exec/row_selection.h"

namespace thalweg {
namespace {

constexpr int kSharedRowsMin = 512;  // from here on a dense batch is shared instead of copied

int64_t BytesPerRow(const Batch& batch) {
  return batch.SizeBytes() / std::max(batch.physical_rows(), 1) + 1;
}

}  // namespace

Exchange::Exchange(SchemaPtr schema, std::vector<int> key_columns)
    : schema_(std::move(schema)), key_columns_(std::move(key_columns)) {
  for (const int column : key_columns_) key_types_.push_back(schema_->column(column).type);
}

Exchange::~Exchange() = default;

void Exchange::Begin(int lanes) {
  lanes_ = lanes;
  enough_ = false;
  bytes_.store(0, std::memory_order_relaxed);
  for (int lane = 0; lane < lanes; ++lane) {
    for (int shard = FirstShard(lane); shard < FirstShard(lane + 1); ++shard) {
      lane_of_shard_[shard] = static_cast<uint8_t>(lane);
    }
  }
  if (static_cast<int>(producers_.size()) < lanes) producers_.resize(lanes);
  for (Producer& producer : producers_) {
    if (producer.encoder == nullptr && !key_types_.empty()) {
      producer.encoder = std::make_unique<KeyEncoder>(key_types_);
      producer.keys.resize(key_types_.size());
    }
    producer.rows.resize(static_cast<size_t>(lanes) * kBatchRows);
    producer.counts.resize(lanes);
  }
  slot_count_ = 0;
  SetSlotsByLane();
}

void Exchange::SetSlotsByLane() {
  SetSlots(lanes_);
  for (int lane = 0; lane < lanes_; ++lane) SetSlot(lane, lane);
}

void Exchange::SetSlots(int count) {
  if (static_cast<int>(slots_.size()) < count) slots_.resize(count);
  for (int i = slot_count_; i < count; ++i) {
    Slot& slot = slots_[i];
    slot.bytes = 0;
    slot.by_lane.resize(lanes_);
    for (auto& stored : slot.by_lane) stored.clear();  // of an epoch that failed
  }
  slot_count_ = count;
}

Result<Flow> Exchange::Write(int producer, const Batch& batch) {
  if (enough_) return Flow::kEnough;
  const Selection rows = batch.selection();
  if (rows.count == 0) return Flow::kMore;
  Producer& from = producers_[producer];
  if (key_types_.empty()) {
    Append(&from, 0, batch, rows);
  } else {
    THALWEG_RETURN_NOT_OK(ScatterByKey(&from, batch));
  }
  const int64_t bytes = rows.count * BytesPerRow(batch);
  slots_[from.slot].bytes += bytes;
  bytes_.fetch_add(bytes, std::memory_order_relaxed);
  return Flow::kMore;
}

Status Exchange::ScatterByKey(Producer* producer, const Batch& batch) {
  const Selection rows = batch.selection();
  for (size_t i = 0; i < key_columns_.size(); ++i) {
    producer->keys[i] = &batch.column(key_columns_[i]);
  }
  KeyBatch keys;
  THALWEG_RETURN_NOT_OK(producer->encoder->Encode(producer->keys.data(), rows, &keys));
  std::fill(producer->counts.begin(), producer->counts.end(), 0);
  for (int i = 0; i < rows.count; ++i) {
    const int lane = lane_of_shard_[ShardOf(keys.hashes[i])];
    producer->rows[lane * kBatchRows + producer->counts[lane]++] = static_cast<RowIndex>(rows[i]);
  }
  for (int lane = 0; lane < lanes_; ++lane) {
    if (producer->counts[lane] == 0) continue;
    Append(producer, lane, batch, {&producer->rows[lane * kBatchRows], producer->counts[lane]});
  }
  return Status::OK();
}

void Exchange::Append(Producer* producer, int lane, const Batch& batch, const Selection& rows) {
  if (rows.all() && rows.count >= kSharedRowsMin) {
    Stored* stored = AddStored(producer, lane);
    stored->batch.ShareFrom(batch);
    stored->sealed = true;
    WritePositions(batch, rows, stored->positions);
    return;
  }
  for (int from = 0; from < rows.count;) {
    Stored* tail = TailFor(producer, lane, batch);
    const int at = tail->batch.physical_rows();
    const int count = std::min(rows.count - from, kBatchRows - at);
    const Selection part = SubSelection(rows, from, count);
    AppendRows(batch, part, &tail->batch);
    WritePositions(batch, part, tail->positions + at);
    from += count;
  }
}

/// The last stored batch of the lane in the producer's slot, if rows of `batch` may go on in it.
Exchange::Stored* Exchange::TailFor(Producer* producer, int lane, const Batch& batch) {
  auto& stored = slots_[producer->slot].by_lane[lane];
  if (!stored.empty()) {
    Stored* tail = stored.back().get();
    const RowOrigin& origin = tail->batch.origin();
    if (!tail->sealed && tail->batch.physical_rows() < kBatchRows &&
        origin.source == batch.origin().source && origin.partition == batch.origin().partition) {
      return tail;
    }
  }
  Stored* fresh = AddStored(producer, lane);
  fresh->batch.Reset(schema_);
  return fresh;
}

Exchange::Stored* Exchange::AddStored(Producer* producer, int lane) {
  StoredPtr stored;
  {
    std::lock_guard lock(free_mutex_);
    if (!free_.empty()) {
      stored = std::move(free_.back());
      free_.pop_back();
    }
  }
  if (stored == nullptr) stored = std::make_unique<Stored>();
  stored->sealed = false;
  auto& of_lane = slots_[producer->slot].by_lane[lane];
  of_lane.push_back(std::move(stored));
  return of_lane.back().get();
}

Status Exchange::Deliver(int lane, int first, int last, Edge* to) {
  Status status;
  for (int i = first; i <= last; ++i) {
    for (StoredPtr& stored : slots_[i].by_lane[lane]) {
      if (status.ok() && !to->enough()) {
        status = to->Deliver(stored->batch, stored->positions).status();
      }
      if (stored->sealed) stored->batch.Reset(schema_);  // gives up what it shares
      producers_[lane].delivered.push_back(std::move(stored));
    }
    slots_[i].by_lane[lane].clear();
  }
  return status;
}

void Exchange::MarkDelivered(int first, int last) {
  for (int i = first; i <= last; ++i) {
    bytes_.fetch_sub(slots_[i].bytes, std::memory_order_relaxed);
    slots_[i].bytes = 0;
  }
  for (Producer& consumer : producers_) {
    for (StoredPtr& stored : consumer.delivered) free_.push_back(std::move(stored));
    consumer.delivered.clear();
  }
}

}  // namespace thalweg
