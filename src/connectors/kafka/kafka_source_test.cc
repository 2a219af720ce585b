// The Kafka source on the simulated broker: offsets, limits, new partitions, losses, silence.
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/env.h"
#include "base/log.h"
#include "connectors/kafka/kafka_table.h"
#include "connectors/kafka/offsets.h"
#include "connectors/kafka/record_columns.h"
#include "connectors/kafka/sim_broker.h"
#include "connectors/kafka/source.h"

namespace thalweg {
namespace {

class CountingWaker final : public Waker {
 public:
  void Wake() override { ++count; }
  int count = 0;
};

class KafkaSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    SetLogLevel(LogLevel::kError);
    broker_.SetPartitions("t", 2);
  }
  void TearDown() override { SetLogLevel(LogLevel::kWarning); }

  Options With(Options more = {}) const {
    Options options = {{"kafka.bootstrap.servers", "sim"}, {"subscribe", "t"}};
    for (const auto& [key, value] : more) options[key] = value;
    if (more.count("assign") + more.count("subscribepattern") > 0) options.erase("subscribe");
    return options;
  }
  Status Open(const Options& options, const std::string& from = "", bool available_now = false,
              bool streaming = true) {
    source_.reset();
    THALWEG_ASSIGN_OR_RETURN(const TablePtr table, MakeKafkaReadTable(broker_, options, streaming));
    schema_ = table->info().schema;
    THALWEG_ASSIGN_OR_RETURN(source_, table->OpenSource());
    SourceContext context;
    context.env = env_.get();
    context.streaming = streaming;
    context.available_now = available_now;
    context.directory = directory_;
    return source_->Open(context, Offset{from});
  }
  std::string Latest(const std::string& from, int64_t rows = -1) {
    Offset to;
    const Status status = source_->Latest(Offset{from}, ReadLimits{rows, -1, -1}, &waker_, &to);
    return status.ok() ? to.json : status.condition() + "!";
  }
  /// "topic-0:0=value" of every row, with spaces between.
  std::string Read(const std::string& from, const std::string& to) {
    ScanRequest request;
    request.schema = schema_;
    for (int i = 0; i < schema_->size(); ++i) request.columns.push_back(i);
    std::vector<BatchReader*> readers;
    Status status = source_->Read(request, Offset{from}, Offset{to}, &readers);
    std::string rows;
    for (BatchReader* reader : readers) {
      Batch batch;
      while (status.ok()) {
        const Result<bool> more = reader->Next(&batch);
        status = more.status();
        if (!status.ok() || !*more) break;
        for (int row = 0; row < batch.physical_rows(); ++row) {
          if (!rows.empty()) rows += " ";
          rows += std::string(batch.column(2).Get<StringView>(row).view()) + "-" +
                  std::to_string(batch.column(3).Get<int32_t>(row)) + ":" +
                  std::to_string(batch.column(4).Get<int64_t>(row)) + "=" +
                  std::string(batch.column(1).Get<StringView>(row).view());
        }
      }
    }
    return status.ok() ? rows : status.condition() + "!";
  }

  const std::unique_ptr<Env> env_ = NewPosixEnv(1);
  SimBroker broker_;
  CountingWaker waker_;
  std::string directory_;
  SchemaPtr schema_;
  std::unique_ptr<Source> source_;
};

TEST_F(KafkaSourceTest, EveryRangeGivesItsRecordsByPartition) {
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"}})).ok());
  broker_.Append({"t", 0}, {"a", "b"});
  broker_.Append({"t", 1}, {"c"});
  EXPECT_EQ(Latest(""), R"({"t":{"0":2,"1":1}})");
  EXPECT_EQ(Read("", R"({"t":{"0":2,"1":1}})"), "t-0:0=a t-0:1=b t-1:0=c");
  broker_.Append({"t", 1}, {"d", "e"});
  EXPECT_EQ(Latest(R"({"t":{"0":2,"1":1}})"), R"({"t":{"0":2,"1":3}})");
  EXPECT_EQ(Read(R"({"t":{"0":2,"1":1}})", R"({"t":{"0":2,"1":3}})"), "t-1:1=d t-1:2=e");
  // Again, and a part of it.
  EXPECT_EQ(Read("", R"({"t":{"0":2,"1":1}})"), "t-0:0=a t-0:1=b t-1:0=c");
  EXPECT_EQ(Read(R"({"t":{"0":1,"1":1}})", R"({"t":{"0":2,"1":2}})"), "t-0:1=b t-1:1=d");
}

TEST_F(KafkaSourceTest, ANewQueryBeginsAtTheEndAndItsFirstEpochSaysWhere) {
  broker_.Append({"t", 0}, {"old"});
  ASSERT_TRUE(Open(With()).ok());
  EXPECT_EQ(Latest(""), R"({"t":{"0":1,"1":0}})");
  EXPECT_EQ(Latest(R"({"t":{"0":1,"1":0}})"), R"({"t":{"0":1,"1":0}})");
}

TEST_F(KafkaSourceTest, TheStartIsKeptInTheCheckpoint) {
  directory_ = testing::TempDir() + "kafka_start_" + std::to_string(getpid());
  ASSERT_TRUE(env_->files().RemoveRecursively(directory_).ok());
  broker_.Append({"t", 0}, {"old"});
  ASSERT_TRUE(Open(With()).ok());
  broker_.Append({"t", 0}, {"new"});
  ASSERT_TRUE(Open(With()).ok());  // it crashed before its first epoch was logged
  EXPECT_EQ(Read("", R"({"t":{"0":2,"1":0}})"), "t-0:1=new");
  ASSERT_TRUE(WriteFileAtomically(env_->files(), directory_ + "/start", "{", false).ok());
  EXPECT_EQ(Open(With()).condition(), "THALWEG_CHECKPOINT_DAMAGED");
}

TEST_F(KafkaSourceTest, ArrivingRecordsWakeWithoutAskingForEnds) {
  ASSERT_TRUE(Open(With()).ok());
  std::string at = Latest("");
  EXPECT_EQ(Latest(at), at);
  const int questions = broker_.offset_questions();
  broker_.Append({"t", 1}, {"a", "b"});
  EXPECT_EQ(waker_.count, 1);
  EXPECT_EQ(Latest(at), R"({"t":{"0":0,"1":2}})");
  EXPECT_EQ(broker_.offset_questions(), questions);
}

TEST_F(KafkaSourceTest, GapsAreNoRecordsAndNoNews) {
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"}})).ok());
  broker_.Append({"t", 0}, {"a"});
  broker_.AppendGap({"t", 0}, 3);
  broker_.Append({"t", 0}, {"b"});
  broker_.AppendGap({"t", 0}, 1);
  EXPECT_EQ(Latest(""), R"({"t":{"0":6,"1":0}})");
  EXPECT_EQ(Read("", R"({"t":{"0":6,"1":0}})"), "t-0:0=a t-0:4=b");
  EXPECT_EQ(Read("", R"({"t":{"0":3,"1":0}})"), "t-0:0=a");
  const std::string at = R"({"t":{"0":6,"1":0}})";
  EXPECT_EQ(Latest(at), at);
  broker_.AppendGap({"t", 0}, 1);
  EXPECT_EQ(Latest(at), at);
}

TEST_F(KafkaSourceTest, LimitsAreSharedInProportion) {
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"}, {"maxoffsetspertrigger", "10"}})).ok());
  broker_.Append({"t", 0}, std::vector<std::string>(90, "a"));
  broker_.Append({"t", 1}, std::vector<std::string>(10, "b"));
  EXPECT_EQ(Latest("", 10), R"({"t":{"0":9,"1":1}})");
  EXPECT_EQ(Latest(R"({"t":{"0":88,"1":1}})", 10), R"({"t":{"0":89,"1":9}})");
  EXPECT_EQ(Latest(R"({"t":{"0":89,"1":9}})", 10), R"({"t":{"0":90,"1":10}})");
}

TEST(LimitKafkaEndsTest, SmallSharesAreOneRecord) {
  KafkaOffsets ends = {{{"a", 0}, 1000}, {{"a", 1}, 1}, {{"b", 0}, 0}};
  LimitKafkaEnds({{{"a", 0}, 0}, {{"a", 1}, 0}, {{"b", 0}, 0}}, 100, &ends);
  EXPECT_EQ(ends, (KafkaOffsets{{{"a", 0}, 99}, {{"a", 1}, 1}, {{"b", 0}, 0}}));
}

TEST_F(KafkaSourceTest, TooFewRecordsWaitForMore) {
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"},
                         {"minoffsetspertrigger", "3"},
                         {"maxtriggerdelay", "50ms"}}))
                  .ok());
  const std::string at = Latest("");
  broker_.Append({"t", 0}, {"a", "b"});
  EXPECT_EQ(Latest(at), at);
  broker_.Append({"t", 1}, {"c"});
  EXPECT_EQ(Latest(at), R"({"t":{"0":2,"1":1}})");
  broker_.Append({"t", 1}, {"d"});
  EXPECT_EQ(Latest(R"({"t":{"0":2,"1":1}})"), R"({"t":{"0":2,"1":1}})");
  env_->tasks().NewSignal()->Wait(60'000);
  EXPECT_EQ(Latest(R"({"t":{"0":2,"1":1}})"), R"({"t":{"0":2,"1":2}})");
}

TEST_F(KafkaSourceTest, NewPartitionsAreReadFromTheirFirstRecord) {
  ASSERT_TRUE(Open(With()).ok());
  const std::string at = Latest("");
  broker_.SetPartitions("t", 3);
  broker_.Append({"t", 2}, {"n"});
  env_->tasks().NewSignal()->Wait(1'050'000);  // looks for partitions are a second apart
  EXPECT_EQ(Latest(at), R"({"t":{"0":0,"1":0,"2":1}})");
  EXPECT_EQ(Read(at, R"({"t":{"0":0,"1":0,"2":1}})"), "t-2:0=n");
  // The same over a restart.
  ASSERT_TRUE(Open(With(), at).ok());
  EXPECT_EQ(Latest(at), R"({"t":{"0":0,"1":0,"2":1}})");
}

TEST_F(KafkaSourceTest, ANewPartitionThatHasLostRecordsIsALoss) {
  ASSERT_TRUE(Open(With()).ok());
  const std::string at = Latest("");
  broker_.SetPartitions("t", 3);
  broker_.Append({"t", 2}, {"lost", "kept"});
  broker_.Truncate({"t", 2}, 1);
  EXPECT_EQ(Open(With(), at).condition(),
            "KAFKA_DATA_LOSS.ADDED_PARTITION_DOES_NOT_START_FROM_OFFSET_ZERO");
  ASSERT_TRUE(Open(With({{"failondataloss", "false"}}), at).ok());
  EXPECT_EQ(Latest(at), R"({"t":{"0":0,"1":0,"2":2}})");
  EXPECT_EQ(Read(at, R"({"t":{"0":0,"1":0,"2":2}})"), "t-2:1=kept");
}

TEST_F(KafkaSourceTest, VanishedPartitionsAreALoss) {
  broker_.SetPartitions("u", 1);
  const std::string at = R"({"t":{"0":0,"1":0},"u":{"0":0}})";
  ASSERT_TRUE(Open(With({{"subscribepattern", "[tu]"}}), at).ok());
  broker_.DeleteTopic("u");
  EXPECT_EQ(Open(With({{"subscribepattern", "[tu]"}}), at).condition(),
            "KAFKA_DATA_LOSS.PARTITIONS_DELETED");
  ASSERT_TRUE(Open(With({{"subscribepattern", "[tu]"}, {"failondataloss", "false"}}), at).ok());
  EXPECT_EQ(Latest(at), R"({"t":{"0":0,"1":0}})");
}

TEST_F(KafkaSourceTest, AgedRecordsAreALoss) {
  broker_.Append({"t", 0}, {"a", "b", "c", "d"});
  broker_.Truncate({"t", 0}, 2);
  const std::string from = R"({"t":{"0":1,"1":0}})", to = R"({"t":{"0":4,"1":0}})";
  ASSERT_TRUE(Open(With(), from).ok());
  EXPECT_EQ(Latest(from), to);
  EXPECT_EQ(Read(from, to), "KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE!");
  ASSERT_TRUE(Open(With({{"failondataloss", "false"}}), from).ok());
  EXPECT_EQ(Latest(from), to);
  EXPECT_EQ(Read(from, to), "t-0:2=c t-0:3=d");
}

TEST_F(KafkaSourceTest, ATopicMadeAnewIsALoss) {
  broker_.Append({"t", 0}, {"a"});
  const std::string from = R"({"t":{"0":5,"1":0}})";
  ASSERT_TRUE(Open(With(), from).ok());
  EXPECT_EQ(Latest(from), "KAFKA_DATA_LOSS.PARTITION_OFFSET_CHANGED!");
  ASSERT_TRUE(Open(With({{"failondataloss", "false"}}), from).ok());
  const std::string to = Latest(from);
  EXPECT_EQ(to, R"({"t":{"0":1,"1":0}})");
  EXPECT_EQ(Read(from, to), "");
  broker_.Append({"t", 0}, {"b"});
  EXPECT_EQ(Latest(to), R"({"t":{"0":2,"1":0}})");
}

TEST_F(KafkaSourceTest, StartsAreChecked) {
  broker_.Append({"t", 0}, {"a", "b"});
  EXPECT_EQ(Open(With({{"startingoffsets", R"({"t":{"0":1}})"}})).condition(),
            "KAFKA_START_OFFSET_DOES_NOT_MATCH_ASSIGNED");
  ASSERT_TRUE(Open(With({{"startingoffsets", R"({"t":{"0":1,"1":-2}})"}})).ok());
  EXPECT_EQ(Read("", R"({"t":{"0":2,"1":0}})"), "t-0:1=b");
  EXPECT_EQ(Open(With({{"startingoffsetsbytimestamp", R"({"t":{"0":1}})"}})).condition(),
            "KAFKA_TIMESTAMP_OFFSET_DOES_NOT_MATCH_ASSIGNED");
}

TEST_F(KafkaSourceTest, StartsByTimeTakeTheFirstRecordAsYoung) {
  for (const int64_t time : {1000, 2000, 3000}) {
    SimRecord record;
    record.value = std::to_string(time);
    record.timestamp_ms = time;
    broker_.AppendRecord({"t", 0}, record);
    broker_.AppendRecord({"t", 1}, record);
  }
  ASSERT_TRUE(Open(With({{"startingtimestamp", "1500"}})).ok());
  EXPECT_EQ(Read("", R"({"t":{"0":3,"1":3}})"), "t-0:1=2000 t-0:2=3000 t-1:1=2000 t-1:2=3000");
  const std::string times = R"({"t":{"0":2500,"1":9000}})";
  EXPECT_EQ(Open(With({{"startingoffsetsbytimestamp", times}})).condition(),
            "THALWEG_INVALID_OPTION");
  ASSERT_TRUE(Open(With({{"startingoffsetsbytimestamp", times},
                         {"startingoffsetsbytimestampstrategy", "latest"}}))
                  .ok());
  EXPECT_EQ(Read("", R"({"t":{"0":3,"1":3}})"), "t-0:2=3000");
}

TEST_F(KafkaSourceTest, ABatchReadsToItsEnd) {
  broker_.Append({"t", 0}, {"a", "b", "c"});
  ASSERT_TRUE(Open(With({{"endingoffsets", R"({"t":{"0":2,"1":-1}})"}}), "", false, false).ok());
  EXPECT_EQ(Latest(""), R"({"t":{"0":2,"1":0}})");
  EXPECT_EQ(Read("", Latest("")), "t-0:0=a t-0:1=b");
  ASSERT_TRUE(Open(With({{"startingoffsets", R"({"t":{"0":9,"1":0}})"}}), "", false, false).ok());
  EXPECT_EQ(Latest(""), "RESOLVED_START_OFFSET_GREATER_THAN_END_OFFSET!");
}

TEST_F(KafkaSourceTest, AvailableNowEndsWithWhatWasThere) {
  broker_.Append({"t", 0}, {"a"});
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"}}), "", true).ok());
  broker_.Append({"t", 0}, {"later"});
  const std::string to = Latest("");
  EXPECT_EQ(to, R"({"t":{"0":1,"1":0}})");
  EXPECT_EQ(Latest(to), to);
}

TEST_F(KafkaSourceTest, MissingTopicsAndSilentBrokersEndAfterTheirTime) {
  const Options patience = {{"kafka.default.api.timeout.ms", "50"}};
  EXPECT_EQ(Open(With({{"subscribe", "none"}, {"kafka.default.api.timeout.ms", "50"}})).condition(),
            "THALWEG_KAFKA_TOPIC_MISSING");
  broker_.SetFailure(KafkaErrorKind::kUnreachable);
  EXPECT_EQ(Open(With(patience)).condition(), "THALWEG_KAFKA_UNREACHABLE");
  broker_.SetFailure(KafkaErrorKind::kRefused);
  EXPECT_EQ(Open(With(patience)).condition(), "THALWEG_KAFKA_REFUSED");
}

TEST_F(KafkaSourceTest, AReadThatStandsStillEndsAfterItsTime) {
  broker_.Append({"t", 0}, {"a", "b"});
  const std::string from = R"({"t":{"0":0,"1":0}})";
  ASSERT_TRUE(Open(With({{"kafkaconsumer.polltimeoutms", "50"}}), from).ok());
  broker_.SetFailure(KafkaErrorKind::kUnreachable);
  EXPECT_EQ(Read(from, R"({"t":{"0":2,"1":0}})"), "THALWEG_KAFKA_UNREACHABLE!");
  broker_.SetFailure(KafkaErrorKind::kNone);
  EXPECT_EQ(Read(from, R"({"t":{"0":2,"1":0}})"), "t-0:0=a t-0:1=b");
}

TEST_F(KafkaSourceTest, MoreThanABufferAsksForEndsAndComesWhole) {
  ASSERT_TRUE(Open(With({{"startingoffsets", "earliest"}})).ok());
  const std::string at = Latest("");
  broker_.Append({"t", 0}, std::vector<std::string>(10'000, "a"));
  const std::string to = Latest(at);
  EXPECT_EQ(to, R"({"t":{"0":10000,"1":0}})");
  const std::string rows = Read(at, to);
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '='), 10'000);
}

TEST_F(KafkaSourceTest, ColumnsShowNullsTimesAndHeaders) {
  SimRecord record;
  record.timestamp_ms = 1500;
  record.headers = {{"h", "x"}, {"n", std::nullopt}};
  broker_.AppendRecord({"t", 0}, record);
  ASSERT_TRUE(Open(With({{"includeheaders", "true"}}), "", false, false).ok());
  ScanRequest request;
  request.schema = schema_;
  for (int i = 0; i < schema_->size(); ++i) request.columns.push_back(i);
  std::vector<BatchReader*> readers;
  ASSERT_TRUE(source_->Read(request, Offset(), Offset{R"({"t":{"0":1,"1":0}})"}, &readers).ok());
  Batch batch;
  ASSERT_TRUE(*readers[0]->Next(&batch));
  EXPECT_TRUE(batch.column(0).IsNull(0));
  EXPECT_TRUE(batch.column(1).IsNull(0));
  EXPECT_EQ(batch.column(5).Get<int64_t>(0), 1'500'000);
  EXPECT_EQ(batch.column(6).Get<int32_t>(0), 0);
  const Vector& headers = batch.column(7).child(0);
  ASSERT_EQ(headers.size(), 2);
  EXPECT_EQ(headers.child(0).Get<StringView>(1).view(), "n");
  EXPECT_EQ(headers.child(1).Get<StringView>(0).view(), "x");
  EXPECT_TRUE(headers.child(1).IsNull(1));
  record.timestamp_ms = INT64_MAX;
  broker_.AppendRecord({"t", 0}, record);
  EXPECT_EQ(Read(R"({"t":{"0":1,"1":0}})", R"({"t":{"0":2,"1":0}})"),
            "KAFKA_MALFORMED_RECORD_TIMESTAMP!");
}

}  // namespace
}  // namespace thalweg
