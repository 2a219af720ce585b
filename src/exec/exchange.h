// Exchange: where lanes meet (DESIGN.md §4.6). Producers scatter rows by the shard of their key's
// hash, or all to lane 0; each consumer lane gets them in the order of the epoch, whoever read
// them.
//
//   slots     pieces of the input in the order of the epoch: splits of a source, or the producing
//             lanes of a node that emits. A slot is filled by one producer at a time.
//   phases    producers Write, each on its lane ▸ all of them stand still ▸ consumers Deliver, each
//             on its lane ▸ …
//
// Buffers keep their memory; in the steady state nothing is allocated.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "data/key_codec.h"
#include "exec/edge.h"

namespace thalweg {

class Exchange {
 public:
  /// Rows of `schema`; without `key_columns` all go to lane 0.
  Exchange(SchemaPtr schema, std::vector<int> key_columns);
  ~Exchange();

  /// Between `lanes` producers and as many consumers; lane i owns shards
  /// [FirstShard(i), FirstShard(i + 1)). What is still buffered is dropped.
  void Begin(int lanes);
  int FirstShard(int lane) const { return lane * kShardCount / lanes_; }
  void SetSlots(int count);
  /// A slot for each producing lane, as after Begin.
  void SetSlotsByLane();
  int slot_count() const { return slot_count_; }
  void SetSlot(int producer, int slot) { producers_[producer].slot = slot; }

  Result<Flow> Write(int producer, const Batch& batch);
  /// No consumer wants more: Write answers kEnough from here on.
  void SetEnough() { enough_ = true; }
  /// Bytes of rows in buffers, about.
  int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  int64_t slot_bytes(int slot) const { return slots_[slot].bytes; }

  /// Rows of slots [first, last] for `lane`, whose buffers are empty then.
  Status Deliver(int lane, int first, int last, Edge* to);
  /// Said once all lanes have been delivered.
  void MarkDelivered(int first, int last);

 private:
  struct Stored {
    Batch batch;
    bool sealed = false;  // shares what it holds
    int64_t positions[kBatchRows];
  };
  using StoredPtr = std::unique_ptr<Stored>;
  struct Slot {
    std::vector<std::vector<StoredPtr>> by_lane;
    int64_t bytes = 0;
  };
  struct Producer {
    int slot = 0;
    std::unique_ptr<KeyEncoder> encoder;
    std::vector<const Vector*> keys;
    std::vector<RowIndex> rows;        // kBatchRows by lane
    std::vector<int> counts;           // by lane
    std::vector<StoredPtr> delivered;  // by the consumer of this lane
  };

  Status ScatterByKey(Producer* producer, const Batch& batch);
  void Append(Producer* producer, int lane, const Batch& batch, const Selection& rows);
  Stored* TailFor(Producer* producer, int lane, const Batch& batch);
  Stored* AddStored(Producer* producer, int lane);

  const SchemaPtr schema_;
  const std::vector<int> key_columns_;
  std::vector<TypePtr> key_types_;
  int lanes_ = 1;
  std::array<uint8_t, kShardCount> lane_of_shard_{};
  std::vector<Producer> producers_;
  std::vector<Slot> slots_;
  int slot_count_ = 0;
  std::atomic<int64_t> bytes_{0};
  bool enough_ = false;
  // Shared by the producers: which of them fills a slot is chance, how many are filled is not.
  std::mutex free_mutex_;
  std::vector<StoredPtr> free_;
};

}  // namespace thalweg
