#include "connectors/memory/memory_table.h"

#include <numeric>

#include <gtest/gtest.h>

#include "base/env.h"

namespace thalweg {
namespace {

SchemaPtr TwoColumns() {
  return Schema::Make({{"n", BigintType()}, {"text", StringType()}});
}

Batch Rows(std::vector<int64_t> numbers) {
  Batch batch(TwoColumns());
  for (const int64_t number : numbers) {
    AppendValue(Value::Bigint(number), &batch.mutable_column(0));
    AppendValue(Value::String("a text longer than twelve bytes " + std::to_string(number)),
                &batch.mutable_column(1));
  }
  batch.SetRowCount(static_cast<int>(numbers.size()));
  return batch;
}

ScanRequest AllColumns() {
  ScanRequest request;
  request.schema = TwoColumns();
  request.columns = {0, 1};
  return request;
}

Offset At(int64_t number) {
  return {number < 0 ? "" : std::to_string(number)};
}

std::vector<int64_t> Numbers(const std::vector<Batch>& batches) {
  std::vector<int64_t> numbers;
  for (const Batch& batch : batches) {
    for (int i = 0; i < batch.physical_rows(); ++i) {
      numbers.push_back(batch.column(0).Get<int64_t>(i));
    }
  }
  return numbers;
}

class CountingWaker final : public Waker {
 public:
  void Wake() override { ++count; }
  int count = 0;
};

// A source of `stream` that was opened.
class Opened {
 public:
  explicit Opened(MemoryStream& stream, std::string directory = "sources/0")
      : source_(*stream.table()->OpenSource()) {
    SourceContext context;
    context.directory = std::move(directory);
    EXPECT_TRUE(source_->Open(context, Offset()).ok());
  }
  Source* operator->() { return source_.get(); }
  Offset Latest(const Offset& from, ReadLimits limits = {}, Waker* waker = nullptr) {
    Offset to;
    EXPECT_TRUE(source_->Latest(from, limits, waker, &to).ok());
    return to;
  }
  // The rows of each reader.
  std::vector<std::vector<int64_t>> Read(const Offset& from, const Offset& to, int readers_wanted,
                                         std::vector<RowOrigin>* origins = nullptr) {
    ScanRequest request = AllColumns();
    request.readers_wanted = readers_wanted;
    request.source_index = 7;
    std::vector<BatchReader*> readers;
    EXPECT_TRUE(source_->Read(request, from, to, &readers).ok());
    std::vector<std::vector<int64_t>> rows;
    Batch batch;
    for (BatchReader* reader : readers) {
      rows.emplace_back();
      while (*reader->Next(&batch)) {
        const std::vector<int64_t> numbers = Numbers({batch});
        rows.back().insert(rows.back().end(), numbers.begin(), numbers.end());
        if (origins != nullptr) origins->push_back(batch.origin());
      }
    }
    return rows;
  }

 private:
  std::unique_ptr<Source> source_;
};

TEST(MemoryStream, AnAdditionMovesTheOffsetByOneEvenWithoutRows) {
  MemoryStream stream("s", TwoColumns());
  Opened source(stream);
  EXPECT_EQ(stream.end_offset(), -1);
  EXPECT_EQ(source.Latest(At(-1)), At(-1));
  stream.Add({Rows({1})});
  EXPECT_EQ(source.Latest(At(-1)).json, "0");
  stream.Add({});
  EXPECT_EQ(source.Latest(At(0)).json, "1");
  EXPECT_EQ(source.Read(At(0), At(1), 1), (std::vector<std::vector<int64_t>>{}));
}

TEST(MemoryStream, RowsComePartitionByPartitionHoweverTheyAreSplit) {
  MemoryStream stream("s", TwoColumns(), 2);
  stream.Add({Rows({1, 2}), Rows({10}), Rows({3})}, {0, 1, 0});
  stream.Add({Rows({11, 12}), Rows({}), Rows({4})}, {1, 0, 0});
  stream.Add({Rows({5})}, {0});
  Opened source(stream);
  const std::vector<int64_t> expected = {1, 2, 3, 4, 10, 11, 12};
  std::vector<RowOrigin> origins;
  for (int wanted = 1; wanted <= 6; ++wanted) {
    origins.clear();
    std::vector<int64_t> read;
    const auto by_reader = source.Read(At(-1), At(1), wanted, &origins);
    EXPECT_LE(by_reader.size(), static_cast<size_t>(wanted));
    EXPECT_GE(by_reader.size(), static_cast<size_t>(std::min(wanted, 3)));
    for (const auto& rows : by_reader) read.insert(read.end(), rows.begin(), rows.end());
    EXPECT_EQ(read, expected) << wanted;
    EXPECT_EQ(origins,
              (std::vector<RowOrigin>{{7, 0, 0}, {7, 0, 2}, {7, 0, 3}, {7, 1, 0}, {7, 1, 1}}));
  }
  EXPECT_EQ(source.Read(At(1), At(2), 1), (std::vector<std::vector<int64_t>>{{5}}));
}

TEST(MemoryStream, ShowsTheColumnsThatAreAskedFor) {
  MemoryStream stream("s", TwoColumns());
  stream.Add({Rows({1, 2})});
  Opened source(stream);
  ScanRequest request;
  request.schema = Schema::Make({{"renamed", StringType()}});
  request.columns = {1};
  std::vector<BatchReader*> readers;
  ASSERT_TRUE(source->Read(request, At(-1), At(0), &readers).ok());
  Batch batch;
  ASSERT_TRUE(*readers[0]->Next(&batch));
  EXPECT_EQ(batch.schema(), request.schema);
  EXPECT_EQ(batch.row_count(), 2);
  EXPECT_EQ(batch.column(0).Get<StringView>(1).view(), "a text longer than twelve bytes 2");
}

TEST(MemoryStream, ALimitEndsTheEpochAfterTheAdditionThatReachesIt) {
  MemoryStream stream("s", TwoColumns());
  for (int i = 0; i < 4; ++i) stream.Add({Rows({1, 2, 3})});
  Opened source(stream);
  EXPECT_EQ(source.Latest(At(-1), {.rows = 1}).json, "0");
  EXPECT_EQ(source.Latest(At(-1), {.rows = 4}).json, "1");
  EXPECT_EQ(source.Latest(At(1), {.rows = 100}).json, "3");
}

TEST(MemoryStream, WakesOnceWhoFoundNothing) {
  MemoryStream stream("s", TwoColumns());
  CountingWaker waker;
  {
    Opened source(stream);
    source.Latest(At(-1), {}, &waker);
    source.Latest(At(-1), {}, &waker);
    stream.Add({Rows({1})});
    EXPECT_EQ(waker.count, 1);
    stream.Add({Rows({2})});
    EXPECT_EQ(waker.count, 1);
    source.Latest(At(1), {}, &waker);
  }
  stream.Add({Rows({3})});  // the source that waited is gone
  EXPECT_EQ(waker.count, 1);
}

TEST(MemoryStream, WhatAQueryReleasedItCannotReadAgainButOthersCan) {
  MemoryStream stream("s", TwoColumns());
  stream.Add({Rows({1})});
  stream.Add({Rows({2})});
  {
    Opened source(stream, "one");
    ASSERT_TRUE(source->Release(At(0)).ok());
  }
  Opened again(stream, "one");
  std::vector<BatchReader*> readers;
  EXPECT_FALSE(again->Read(AllColumns(), At(-1), At(1), &readers).ok());
  EXPECT_EQ(again.Read(At(0), At(1), 1), (std::vector<std::vector<int64_t>>{{2}}));
  Opened other(stream, "two");
  EXPECT_EQ(other.Read(At(-1), At(1), 1), (std::vector<std::vector<int64_t>>{{1, 2}}));
  EXPECT_EQ(stream.released_offset(), 0);
}

TEST(MemoryStream, ForgetsWhatEveryoneReleasedWhenToldTo) {
  MemoryStream stream("s", TwoColumns());
  stream.Add({Rows({1})});
  stream.Add({Rows({2})});
  Opened one(stream, "one");
  Opened two(stream, "two");
  ASSERT_TRUE(one->Release(At(1)).ok());
  ASSERT_TRUE(two->Release(At(0)).ok());
  stream.ForgetReleased();
  EXPECT_EQ(two.Read(At(0), At(1), 1), (std::vector<std::vector<int64_t>>{{2}}));
  Opened three(stream, "three");
  std::vector<BatchReader*> readers;
  EXPECT_FALSE(three->Read(AllColumns(), At(-1), At(1), &readers).ok());
}

TEST(MemoryStream, RefusesAnOffsetThatItNeverGave) {
  MemoryStream stream("s", TwoColumns());
  stream.Add({Rows({1})});
  const auto source = *stream.table()->OpenSource();
  for (const char* offset : {"1", "-1", "x", "0 ", "{\"offset\":0}"}) {
    EXPECT_EQ(source->Open({}, {offset}).condition(), "THALWEG_CHECKPOINT_OF_OTHER_QUERY")
        << offset;
  }
  EXPECT_TRUE(source->Open({}, {"0"}).ok());
}

// ---- MemoryRows

std::unique_ptr<Sink> OpenedSink(MemoryRows& rows, const std::string& query,
                                 ChangeMode mode = ChangeMode::kAppend) {
  auto sink = *rows.table()->OpenSink();
  SinkContext context;
  context.query_id = query;
  context.schema = TwoColumns();
  context.mode = mode;
  EXPECT_TRUE(sink->Open(context).ok());
  return sink;
}

void WriteEpoch(Sink& sink, int64_t epoch, const std::vector<Batch>& batches, int lane = 0) {
  BatchWriter* writer = *sink.Writer(epoch, lane);
  for (const Batch& batch : batches) ASSERT_TRUE(writer->Write(batch).ok());
  std::string part;
  ASSERT_TRUE(writer->Finish(&part).ok());
}

TEST(MemoryRows, ShowsOnlyWhatIsCommittedAndCommitsOnce) {
  MemoryRows rows("r", TwoColumns());
  auto sink = OpenedSink(rows, "q");
  EXPECT_EQ(*sink->LastCommitted(), std::optional<int64_t>(-1));
  WriteEpoch(*sink, 0, {Rows({1, 2}), Rows({3})});
  EXPECT_TRUE(rows.All().empty());
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  WriteEpoch(*sink, 1, {});
  ASSERT_TRUE(sink->Commit(1, {}).ok());
  WriteEpoch(*sink, 2, {Rows({4})});
  ASSERT_TRUE(sink->Commit(2, {}).ok());
  sink = OpenedSink(rows, "q");  // a restart
  EXPECT_EQ(*sink->LastCommitted(), std::optional<int64_t>(2));
  WriteEpoch(*sink, 2, {Rows({9})});
  ASSERT_TRUE(sink->Commit(2, {}).ok());
  EXPECT_EQ(Numbers(rows.All()), (std::vector<int64_t>{1, 2, 3, 4}));
  EXPECT_EQ(Numbers(rows.Epoch(2)), (std::vector<int64_t>{4}));
  EXPECT_EQ(rows.Epochs(), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(rows.last_committed(), 2);
}

TEST(MemoryRows, AnAttemptThatFailedLeavesNothing) {
  MemoryRows rows("r", TwoColumns());
  auto sink = OpenedSink(rows, "q");
  WriteEpoch(*sink, 0, {Rows({1})}, 0);
  WriteEpoch(*sink, 0, {Rows({2})}, 1);
  WriteEpoch(*sink, 0, {Rows({3})}, 0);  // begins lane 0 anew
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  EXPECT_EQ(Numbers(rows.All()), (std::vector<int64_t>{3, 2}));
  WriteEpoch(*sink, 1, {Rows({4})}, 1);
  WriteEpoch(*sink, 2, {Rows({5})}, 0);  // epoch 1 was given up
  ASSERT_TRUE(sink->Commit(2, {}).ok());
  EXPECT_EQ(Numbers(rows.All()), (std::vector<int64_t>{3, 2, 5}));
}

TEST(MemoryRows, CompleteModeKeepsTheLastEpochOnly) {
  MemoryRows rows("r", TwoColumns());
  auto sink = OpenedSink(rows, "q", ChangeMode::kComplete);
  WriteEpoch(*sink, 0, {Rows({1, 2})});
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  WriteEpoch(*sink, 1, {Rows({3})});
  ASSERT_TRUE(sink->Commit(1, {}).ok());
  EXPECT_EQ(Numbers(rows.All()), (std::vector<int64_t>{3}));
  EXPECT_EQ(rows.Epochs(), (std::vector<int64_t>{1}));
}

TEST(MemoryRows, PacksRowsIntoBatchesAndTakesSelectedOnesOnly) {
  MemoryRows rows("r", TwoColumns());
  auto sink = OpenedSink(rows, "q");
  std::vector<int64_t> numbers(700);
  std::iota(numbers.begin(), numbers.end(), 0);
  Batch selected = Rows({7, 8, 9});
  selected.MutableSelection()[0] = 1;
  selected.SetSelected(1);
  WriteEpoch(*sink, 0, {Rows(numbers), selected, Rows(numbers)});
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  const std::vector<Batch> all = rows.All();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].physical_rows(), 701);
  EXPECT_EQ(all[0].column(0).Get<int64_t>(700), 8);
  EXPECT_EQ(all[1].physical_rows(), 700);
}

TEST(MemoryRows, ClearForgetsRowsButNotCommits) {
  MemoryRows rows("r", TwoColumns());
  auto sink = OpenedSink(rows, "q");
  WriteEpoch(*sink, 0, {Rows({1})});
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  const std::vector<Batch> held = rows.All();
  rows.Clear();
  WriteEpoch(*sink, 1, {Rows({2})});
  ASSERT_TRUE(sink->Commit(1, {}).ok());
  EXPECT_EQ(Numbers(rows.All()), (std::vector<int64_t>{2}));
  EXPECT_EQ(Numbers(held), (std::vector<int64_t>{1}));
  EXPECT_EQ(rows.last_committed(), 1);
}

TEST(MemoryRows, BelongsToTheFirstQueryThatCommitted) {
  MemoryRows rows("r", TwoColumns());
  OpenedSink(rows, "gave up");
  auto sink = OpenedSink(rows, "q");
  ASSERT_TRUE(sink->Commit(0, {}).ok());
  auto other = *rows.table()->OpenSink();
  SinkContext context;
  context.query_id = "p";
  context.schema = TwoColumns();
  const Status status = other->Open(context);
  EXPECT_EQ(status.condition(), "THALWEG_SINK_OWNED_BY_OTHER_QUERY");
  EXPECT_NE(status.message().find("query q"), std::string::npos) << status.message();
}

}  // namespace
}  // namespace thalweg
