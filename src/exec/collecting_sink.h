// CollectingSink: keeps the rows of one epoch in their order, for the caller of a batch query. What
// it keeps is counted in a budget until it is taken or dropped. One lane, one thread.
#pragma once

#include <vector>

#include "data/contracts.h"

namespace thalweg {

class CollectingSink final : public Sink {
 public:
  /// Rows of `schema`. `budget` outlives the sink; may be null.
  CollectingSink(SchemaPtr schema, MemoryBudget* budget);
  ~CollectingSink() override;

  Status Open(const SinkContext&) override { return Status::OK(); }
  Result<BatchWriter*> Writer(int64_t epoch, int lane) override;
  Status Commit(int64_t, const std::vector<std::string>&) override { return Status::OK(); }
  Result<std::optional<int64_t>> LastCommitted() override { return std::optional<int64_t>(); }

  /// The rows: dense batches without row kinds that hold all they show.
  std::vector<Batch> Take();

 private:
  class Rows final : public BatchWriter {
   public:
    explicit Rows(CollectingSink* sink) : sink_(*sink) {}
    Status Write(const Batch& batch) override { return sink_.Append(batch); }
    Status Finish(std::string* part) override;

   private:
    CollectingSink& sink_;
  };

  Status Append(const Batch& batch);
  void Drop();

  const SchemaPtr schema_;
  MemoryBudget* const budget_;
  int64_t reserved_bytes_ = 0;
  std::vector<Batch> batches_;
  Rows rows_{this};
};

}  // namespace thalweg
