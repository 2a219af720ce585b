// Streaming queries as a user of the library sees them.
#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "thalweg/thalweg.h"

namespace {

using namespace std::chrono_literals;
using thalweg::Col;
using thalweg::DataFrame;
using thalweg::Row;
using thalweg::Status;
using thalweg::Timestamp;

std::string Rows(const DataFrame& frame) {
  const auto rows = frame.Collect();
  if (!rows.ok()) return rows.status().ToString();
  std::string text;
  for (const Row& row : *rows) text += row.ToString() + "\n";
  return text;
}

class StreamingTest : public testing::Test {
 protected:
  StreamingTest()
      : session_(*thalweg::Session::Create({.worker_count = 1})),
        events_(*session_.CreateMemoryStream("events", "ts TIMESTAMP, user STRING")) {}

  Status Add(std::initializer_list<std::pair<int, const char*>> events) {
    std::vector<Row> rows;
    for (const auto& [second, user] : events) {
      rows.push_back({Timestamp(std::chrono::seconds(second)), user});
    }
    return events_.AddData(rows);
  }
  DataFrame PerTenSeconds() {
    return events_.ToDataFrame()
        .WithWatermark("ts", "5 seconds")
        .GroupBy(thalweg::Window("ts", "10 seconds"))
        .Agg(thalweg::CountAll().As("n"))
        .Select(Col("window.start").As("start"), "n");
  }

  thalweg::Session session_;
  thalweg::MemoryStream events_;
};

TEST_F(StreamingTest, AMemorySinkIsAViewOfTheQuerysName) {
  const auto query = PerTenSeconds()
                         .WriteStream()
                         .Format("memory")
                         .QueryName("counts")
                         .OutputMode("append")
                         .Start();
  ASSERT_TRUE(query.ok()) << query.status().ToString();
  ASSERT_TRUE(Add({{1, "ann"}, {16, "bob"}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  EXPECT_EQ(Rows(session_.Table("counts")), "[1970-01-01 00:00:00, 1]\n");
  ASSERT_TRUE(Add({{30, "cid"}, {2, "late"}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  EXPECT_EQ(Rows(session_.Sql("SELECT sum(n) FROM counts")), "[2]\n");
  EXPECT_TRUE(query->IsActive());
  EXPECT_TRUE(query->Stop().ok());
  EXPECT_FALSE(query->IsActive());
  EXPECT_TRUE(query->AwaitTermination().ok());
  EXPECT_EQ(Rows(session_.Table("counts").Agg({thalweg::CountAll()})), "[2]\n");
}

TEST_F(StreamingTest, ProgressSaysWhatAnEpochDid) {
  const auto query = PerTenSeconds().WriteStream().Format("noop").QueryName("q").Start();
  ASSERT_TRUE(query.ok()) << query.status().ToString();
  EXPECT_FALSE(query->LastProgress());
  ASSERT_TRUE(Add({{1, "ann"}, {16, "bob"}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  const auto recent = query->RecentProgress();
  ASSERT_EQ(recent.size(), 2U);  // with rows, then one that closes a window
  EXPECT_EQ(recent[0].batch_id, 0);
  EXPECT_EQ(recent[0].num_input_rows, 2);
  EXPECT_EQ(recent[1].num_input_rows, 0);
  EXPECT_EQ(recent[1].num_output_rows, 1);
  EXPECT_EQ(recent[1].watermark, Timestamp(11s));
  EXPECT_EQ(recent[1].id, query->Id());
  EXPECT_EQ(recent[1].run_id, query->RunId());
  EXPECT_EQ(recent[1].name, "q");
  EXPECT_NE(recent[1].json.find("\"numRowsRemoved\":1"), std::string::npos) << recent[1].json;
  EXPECT_NE(query->Explain().find("Aggregate"), std::string::npos);
}

TEST_F(StreamingTest, ForeachBatchGetsADataFrameAnEpoch) {
  std::mutex mutex;
  std::string seen;
  const auto query = events_.ToDataFrame()
                         .WriteStream()
                         .ForeachBatch([&](const DataFrame& rows, int64_t epoch) -> Status {
                           const auto users = rows.OrderBy("user").Select("user").Collect();
                           if (!users.ok()) return users.status();
                           std::lock_guard lock(mutex);
                           seen += std::to_string(epoch) + ":";
                           for (const Row& row : *users)
                             seen += row.Get<std::string>(0).value_or("?") + " ";
                           return Status::OK();
                         })
                         .Start();
  ASSERT_TRUE(query.ok()) << query.status().ToString();
  ASSERT_TRUE(Add({{1, "bob"}, {2, "ann"}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  ASSERT_TRUE(Add({{3, "cid"}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  EXPECT_EQ(seen, "0:ann bob 1:cid ");
}

TEST_F(StreamingTest, WhatAUsersFunctionSaysEndsTheQuery) {
  const auto query = events_.ToDataFrame()
                         .WriteStream()
                         .ForeachBatch([](const DataFrame&, int64_t) -> Status {
                           return Status::Error("no room");
                         })
                         .Start();
  ASSERT_TRUE(query.ok());
  ASSERT_TRUE(Add({{1, "ann"}}).ok());
  EXPECT_EQ(query->AwaitTermination().condition(), "FOREACH_BATCH_USER_FUNCTION_ERROR");
  EXPECT_NE(query->Exception().message().find("no room"), std::string::npos);
  EXPECT_NE(query->Status().message.find("no room"), std::string::npos);

  const auto rows = events_.ToDataFrame()
                        .WriteStream()
                        .Foreach([](const Row&) -> Status {
                          return Status::Error(std::string(std::stoi("no number"), 'x'));
                        })
                        .Start();
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->AwaitTermination().condition(), "FOREACH_USER_FUNCTION_ERROR");
}

class Recorder final : public thalweg::ForeachWriter {
 public:
  thalweg::Result<bool> Open(int64_t epoch) override {
    text += "open " + std::to_string(epoch);
    return epoch != 1;
  }
  Status Process(const Row& row) override {
    text += " " + row.Get<std::string>("user").value_or("?");
    return Status::OK();
  }
  void Close(const Status& error) override { text += error.ok() ? " closed\n" : " failed\n"; }

  std::string text;
};

TEST_F(StreamingTest, ForeachOpensAndClosesEachEpoch) {
  const auto recorder = std::make_shared<Recorder>();
  const auto query = events_.ToDataFrame().WriteStream().Foreach(recorder).Start();
  ASSERT_TRUE(query.ok());
  for (const char* user : {"ann", "unwanted", "cid"}) {
    ASSERT_TRUE(Add({{1, user}}).ok());
    ASSERT_TRUE(query->ProcessAllAvailable().ok());
  }
  EXPECT_TRUE(query->Stop().ok());
  EXPECT_EQ(recorder->text, "open 0 ann closed\nopen 1 closed\nopen 2 cid closed\n");
}

class Listener final : public thalweg::StreamingQueryListener {
 public:
  void OnQueryStarted(const thalweg::QueryStartedEvent& event) override {
    Note("started " + event.name);
  }
  void OnQueryProgress(const thalweg::QueryProgressEvent& event) override {
    Note("progress " + std::to_string(event.progress.batch_id));
  }
  void OnQueryTerminated(const thalweg::QueryTerminatedEvent& event) override {
    Note(event.error.ok() ? "ended" : event.error.condition());
  }
  std::string Text() {
    std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  void Note(const std::string& what) {
    std::lock_guard lock(mutex_);
    text_ += what + "\n";
  }
  std::mutex mutex_;
  std::string text_;
};

TEST_F(StreamingTest, ListenersHearEveryEventInOrder) {
  const auto listener = std::make_shared<Listener>();
  session_.Streams().AddListener(listener);
  ASSERT_TRUE(Add({{1, "ann"}}).ok());
  auto writer = events_.ToDataFrame().Select((Col("user").Cast("int") / 0).As("x")).WriteStream();
  const auto good = events_.ToDataFrame().WriteStream().Format("noop").QueryName("good").Start();
  ASSERT_TRUE(good.ok());
  ASSERT_TRUE(good->ProcessAllAvailable().ok());
  ASSERT_TRUE(good->Stop().ok());
  EXPECT_EQ(listener->Text(), "started good\nprogress 0\nended\n");
  const auto bad = writer.Format("noop").QueryName("bad").Start();
  ASSERT_TRUE(bad.ok());
  EXPECT_EQ(bad->AwaitTermination().condition(), "CAST_INVALID_INPUT");
  EXPECT_EQ(listener->Text(), "started good\nprogress 0\nended\nstarted bad\nCAST_INVALID_INPUT\n");
  session_.Streams().RemoveListener(listener);
  EXPECT_TRUE(events_.ToDataFrame().WriteStream().Format("noop").Start().ok());
  EXPECT_EQ(listener->Text().find("started \n"), std::string::npos);
}

TEST_F(StreamingTest, TheManagerFindsAndWaits) {
  const auto streams = session_.Streams();
  EXPECT_FALSE(*streams.AwaitAnyTermination(1ms));
  const auto query = events_.ToDataFrame().WriteStream().Format("noop").QueryName("one").Start();
  ASSERT_TRUE(query.ok());
  EXPECT_EQ(streams.Active().size(), 1U);
  EXPECT_EQ(streams.Get(query->Id())->Name(), "one");
  EXPECT_EQ(streams.Get(query->RunId())->Name(), "one");
  EXPECT_FALSE(streams.Get("nobody"));
  EXPECT_EQ(events_.ToDataFrame()
                .WriteStream()
                .Format("noop")
                .QueryName("one")
                .Start()
                .status()
                .condition(),
            "THALWEG_INVALID_OPTION");
  EXPECT_FALSE(*query->AwaitTermination(1ms));
  ASSERT_TRUE(query->Stop().ok());
  EXPECT_TRUE(*query->AwaitTermination(1ms));
  EXPECT_TRUE(streams.AwaitAnyTermination().ok());
  EXPECT_TRUE(streams.Active().empty());
  streams.ResetTerminated();
  EXPECT_FALSE(*streams.AwaitAnyTermination(1ms));
}

TEST_F(StreamingTest, AQueryGoesOnFromItsCheckpoint) {
  const std::filesystem::path checkpoint =
      std::filesystem::path(testing::TempDir()) / "thalweg_library_checkpoint";
  std::filesystem::remove_all(checkpoint);
  std::string seen, id;
  for (int run = 0; run < 2; ++run) {
    ASSERT_TRUE(Add({{1, "ann"}}).ok());
    const auto query = events_.ToDataFrame()
                           .GroupBy("user")
                           .Count()
                           .WriteStream()
                           .OutputMode("update")
                           .Option("checkpointLocation", checkpoint.string())
                           .Trigger(thalweg::Trigger::AvailableNow())
                           .Foreach([&](const Row& row) {
                             seen += row.ToString();
                             return Status::OK();
                           })
                           .Start();
    ASSERT_TRUE(query.ok()) << query.status().ToString();
    ASSERT_TRUE(query->AwaitTermination().ok());
    EXPECT_TRUE(run == 0 || query->Id() == id);
    id = query->Id();
  }
  EXPECT_EQ(seen, "[ann, 1][ann, 2]");
  std::filesystem::remove_all(checkpoint);
}

TEST_F(StreamingTest, WhatSparkRefusesIsRefusedAtStart) {
  const DataFrame stream = events_.ToDataFrame();
  const auto condition = [](const auto& result) { return result.status().condition(); };
  EXPECT_EQ(condition(session_.Range(0, 1).WriteStream().Format("noop").Start()),
            "WRITE_STREAM_NOT_ALLOWED");
  EXPECT_EQ(condition(stream.WriteStream().Format("noop").OutputMode("odd").Start()),
            "STREAMING_OUTPUT_MODE.INVALID");
  EXPECT_EQ(condition(stream.WriteStream().Format("noop").OutputMode("complete").Start()),
            "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION");
  EXPECT_EQ(condition(stream.WriteStream().Format("memory").Start()), "_LEGACY_ERROR_TEMP_1194");
  EXPECT_EQ(condition(stream.WriteStream().Format("json").Start("/tmp/nowhere")),
            "_LEGACY_ERROR_TEMP_1298");
  EXPECT_EQ(condition(stream.WriteStream().Format("odd").Option("checkpointLocation", "x").Start()),
            "DATA_SOURCE_NOT_FOUND");
  EXPECT_EQ(condition(stream.WriteStream()
                          .Format("noop")
                          .Trigger(thalweg::Trigger::ProcessingTime("soon"))
                          .Start()),
            "THALWEG_INVALID_OPTION");
  EXPECT_FALSE(stream.Collect().ok());
  EXPECT_FALSE(stream.Show().ok());
}

TEST(StreamingLifeTest, TheLastHandleStopsTheQueries) {
  std::atomic<int64_t> rows{0};
  {
    const auto session = thalweg::Session::Create({.worker_count = 1});
    const auto query = session->ReadStream()
                           .Format("rate-micro-batch")
                           .Option("rowsPerBatch", 10)
                           .Load()
                           .WriteStream()
                           .Foreach([&](const Row&) {
                             ++rows;
                             return Status::OK();
                           })
                           .Start();
    ASSERT_TRUE(query.ok()) << query.status().ToString();
    while (rows < 100) (void)query->AwaitTermination(1ms);
  }
  const int64_t after = rows;
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(rows, after);
  EXPECT_EQ(after % 10, 0);  // the running epoch came to its end
}

}  // namespace
