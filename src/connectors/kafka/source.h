// KafkaSource: the partitions of a selection as one source. Offsets are Spark's JSON, the next
// offset of each partition. Where a new query begins is written below the checkpoint before the
// first epoch. The query's coordinator.
//
// The end of an epoch is, while the query keeps up, what the brokers have sent already: nothing is
// asked, and a new record is read the moment it is there. Where more waits than fits the buffers,
// or a rate limit is set, the brokers are asked for the ends of all partitions at one moment, as
// Spark does: no partition runs ahead of the others' event time.
#pragma once

#include "connectors/kafka/partition_reader.h"

namespace thalweg {

class KafkaSource final : public Source {
 public:
  KafkaSource(KafkaClient& client, const KafkaReadOptions& options)
      : client_(client), options_(options) {}
  ~KafkaSource() override;

  Status Open(const SourceContext& context, const Offset& from) override;
  Status Latest(const Offset& from, const ReadLimits& limits, Waker* waker, Offset* to) override;
  Status Read(const ScanRequest& request, const Offset& from, const Offset& to,
              std::vector<BatchReader*>* readers) override;
  Status Release(const Offset& to) override;

 private:
  Result<const KafkaOffsets*> PositionsOf(const Offset& offset);
  Status FindStart(const Offset& from);
  Status Discover(const KafkaOffsets& positions);
  Status NoteSilence(const KafkaOutcome& outcome, int64_t now_us);
  Status TakeChanges(const KafkaOffsets& found, const KafkaOffsets& positions);
  Status FetchAhead(const KafkaOffsets& positions);
  Status ChooseEnds(const KafkaOffsets& positions, const ReadLimits& limits, KafkaOffsets* ends);
  Status CheckEnds(const KafkaOffsets& positions, const KafkaOffsets& ends) const;
  bool MustWait(const KafkaOffsets& positions, const KafkaOffsets& ends) const;
  Result<KafkaOffsets> BatchEnds();
  KafkaPartitionBuffer& BufferOf(const KafkaPartition& partition);

  KafkaClient& client_;
  const KafkaReadOptions options_;
  Env* env_ = nullptr;
  bool streaming_ = true;
  bool available_now_ = false;
  std::string directory_;
  std::unique_ptr<KafkaConsumer> consumer_;
  std::unique_ptr<KafkaQuestions> questions_;

  KafkaOffsets start_;         // where "before everything" is
  KafkaOffsets partitions_;    // selected at present; a new one's value is where it begins
  KafkaOffsets ends_at_open_;  // of a query that ends by itself
  Offset parsed_json_;         // positions_ are its
  KafkaOffsets positions_;

  bool ask_for_ends_ = true;  // the buffers do not say how far the partitions go
  bool arrived_ = false;      // something waits in a buffer
  int64_t discovered_us_ = 0;
  int64_t silent_since_us_ = 0;  // the brokers' silence about partitions, 0: they answer
  int64_t warned_us_ = 0;
  int missing_in_a_row_ = 0;
  int64_t last_epoch_us_ = -1;

  std::map<KafkaPartition, std::unique_ptr<KafkaPartitionBuffer>> buffers_;
  KafkaReadPart part_;
  std::vector<std::unique_ptr<KafkaPartitionReader>> readers_;
};

/// Spark's split of `rows_max` over the partitions in proportion to what waits in each: cuts
/// `ends`, beginning at `positions`.
void LimitKafkaEnds(const KafkaOffsets& positions, int64_t rows_max, KafkaOffsets* ends);

}  // namespace thalweg
