// The Kafka sink on the simulated broker, and the options of both.
#include <gtest/gtest.h>

#include "connectors/kafka/kafka_table.h"
#include "connectors/kafka/offsets.h"
#include "connectors/kafka/options.h"
#include "connectors/kafka/record_columns.h"
#include "connectors/kafka/sim_broker.h"
#include "data/value.h"

namespace thalweg {
namespace {

const Options kServers = {{"kafka.bootstrap.servers", "sim"}};

Options With(Options more) {
  more.insert(kServers.begin(), kServers.end());
  return more;
}

struct Written {
  Status status;
  Status commit;
};

/// Writes rows of texts ("" is null) into a table with the columns `names`.
Written Write(SimBroker& broker, const Options& options, const std::vector<std::string>& names,
              const std::vector<std::vector<std::string>>& rows) {
  std::vector<StructField> fields;
  for (const std::string& name : names) fields.push_back({name, StringType()});
  const SchemaPtr schema = Schema::Make(fields);
  const Result<TablePtr> table = MakeKafkaWriteTable(broker, options, schema);
  if (!table.ok()) return {table.status(), Status::OK()};
  const std::unique_ptr<Sink> sink = *(*table)->OpenSink();
  SinkContext context;
  context.schema = schema;
  EXPECT_TRUE(sink->Open(context).ok());
  Batch batch(schema);
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      AppendValue(row[i].empty() ? Value(StringType()) : Value::String(row[i]),
                  &batch.mutable_column(static_cast<int>(i)));
    }
  }
  batch.SetRowCount(static_cast<int>(rows.size()));
  BatchWriter* writer = *sink->Writer(0, 0);
  std::string part;
  Written written;
  written.status = writer->Write(batch);
  if (written.status.ok()) written.status = writer->Finish(&part);
  written.commit = sink->Commit(0, {part});
  return written;
}

TEST(KafkaSinkTest, RowsBecomeRecords) {
  SimBroker broker;
  broker.SetPartitions("out", 1);
  const Written written = Write(broker, With({{"topic", "out"}}), {"Key", "value"},
                                {{"k", "a value longer than twelve bytes"}, {"", ""}});
  EXPECT_TRUE(written.status.ok());
  EXPECT_TRUE(written.commit.ok());
  const std::vector<SimRecord> records = broker.Records({"out", 0});
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].key, "k");
  EXPECT_EQ(records[0].value, "a value longer than twelve bytes");
  EXPECT_EQ(records[1].key, std::nullopt);
  EXPECT_EQ(records[1].value, std::nullopt);
}

TEST(KafkaSinkTest, TheTopicComesFromTheColumnUnlessTheOptionSaysIt) {
  SimBroker broker;
  broker.SetPartitions("a", 1);
  broker.SetPartitions("b", 1);
  EXPECT_TRUE(Write(broker, kServers, {"topic", "value"}, {{"a", "1"}, {"b", "2"}}).commit.ok());
  EXPECT_EQ(broker.Records({"a", 0}).size(), 1u);
  EXPECT_EQ(broker.Records({"b", 0}).size(), 1u);
  EXPECT_TRUE(Write(broker, With({{"topic", "b"}}), {"topic", "value"}, {{"a", "3"}}).commit.ok());
  EXPECT_EQ(broker.Records({"b", 0}).size(), 2u);
  EXPECT_EQ(Write(broker, kServers, {"topic", "value"}, {{"", "1"}}).status.condition(),
            "KAFKA_NULL_TOPIC_IN_DATA");
}

TEST(KafkaSinkTest, FailuresShowAtTheCommit) {
  SimBroker broker;
  const Written missing = Write(broker, With({{"topic", "none"}}), {"value"}, {{"v"}});
  EXPECT_TRUE(missing.status.ok());
  EXPECT_EQ(missing.commit.kind(), ErrorKind::kWorld);
  EXPECT_EQ(missing.commit.condition(), "");  // another attempt may find it
  broker.SetPartitions("out", 1);
  broker.SetFailure(KafkaErrorKind::kRefused);
  EXPECT_EQ(Write(broker, With({{"topic", "out"}}), {"value"}, {{"v"}}).commit.condition(),
            "THALWEG_KAFKA_REFUSED");
}

TEST(KafkaSinkTest, PartitionAndHeadersAreTaken) {
  SimBroker broker;
  broker.SetPartitions("out", 2);
  const SchemaPtr schema = Schema::Make(
      {{"value", BinaryType()}, {"partition", IntType()}, {"headers", KafkaHeadersType()}});
  const TablePtr table = *MakeKafkaWriteTable(broker, With({{"topic", "out"}}), schema);
  EXPECT_EQ(table->info().promise, Promise::kAtLeastOnce);
  const std::unique_ptr<Sink> sink = *table->OpenSink();
  SinkContext context;
  ASSERT_TRUE(sink->Open(context).ok());
  Batch batch(schema);
  batch.mutable_column(0).ResetFlat(BinaryType(), 1);
  batch.mutable_column(0).SetString(0, "v");
  batch.mutable_column(1).ResetFlat(IntType(), 1);
  batch.mutable_column(1).mutable_values<int32_t>()[0] = 1;
  Vector& headers = batch.mutable_column(2);
  headers.ResetFlat(KafkaHeadersType(), 1);
  headers.mutable_offsets()[0] = 0;
  headers.mutable_offsets()[1] = 2;
  Vector& structs = headers.mutable_child(0);
  structs.ResetFlat(structs.type(), 2);
  structs.mutable_child(0).ResetFlat(StringType(), 2);
  structs.mutable_child(1).ResetFlat(BinaryType(), 2);
  structs.mutable_child(0).SetString(0, "one");
  structs.mutable_child(0).SetString(1, "two");
  structs.mutable_child(1).SetString(0, "x");
  structs.mutable_child(1).SetNull(1);
  batch.SetRowCount(1);
  BatchWriter* writer = *sink->Writer(0, 0);
  ASSERT_TRUE(writer->Write(batch).ok());
  ASSERT_TRUE(sink->Commit(0, {""}).ok());
  const std::vector<SimRecord> records = broker.Records({"out", 1});
  ASSERT_EQ(records.size(), 1u);
  ASSERT_EQ(records[0].headers.size(), 2u);
  EXPECT_EQ(records[0].headers[0].first, "one");
  EXPECT_EQ(records[0].headers[0].second, "x");
  EXPECT_EQ(records[0].headers[1].second, std::nullopt);
}

TEST(KafkaSinkTest, UnfitTablesAreRefused) {
  SimBroker broker;
  const auto refused = [&](const Options& options, const SchemaPtr& schema) {
    const Result<TablePtr> table = MakeKafkaWriteTable(broker, options, schema);
    return table.ok() ? std::string("accepted") : table.status().condition();
  };
  const Options topic = With({{"topic", "t"}});
  const SchemaPtr value = Schema::Make({{"value", StringType()}});
  EXPECT_EQ(refused(topic, value), "accepted");
  EXPECT_EQ(refused(kServers, value), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(refused({{"topic", "t"}}, value), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(refused(With({{"topc", "t"}}), value), "THALWEG_UNKNOWN_OPTION");
  EXPECT_EQ(refused(topic, Schema::Make({{"key", StringType()}})), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(refused(topic, Schema::Make({{"value", IntType()}})), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(refused(topic, Schema::Make({{"value", StringType()}, {"partition", BigintType()}})),
            "THALWEG_INVALID_OPTION");
}

std::string Refused(const Options& options, bool streaming = true) {
  KafkaReadOptions read;
  Options all = With(options);
  if (all.count("assign") + all.count("subscribepattern") == 0) all.emplace("subscribe", "t");
  const Status status = ReadKafkaReadOptions(all, streaming, &read);
  return status.ok() ? "accepted" : status.condition();
}

TEST(KafkaOptionsTest, OptionsOfReadsAreChecked) {
  const std::string bad = "THALWEG_INVALID_OPTION";
  EXPECT_EQ(Refused({}), "accepted");
  EXPECT_EQ(Refused({{"subscribe", " , "}}), bad);
  EXPECT_EQ(Refused({{"assign", "{}"}}), bad);
  EXPECT_EQ(Refused({{"assign", R"({"t":[0,-1]})"}}), bad);
  EXPECT_EQ(Refused({{"assign", R"({"t":[0,1]})"}}), "accepted");
  EXPECT_EQ(Refused({{"assign", R"({"t":[0]})"}, {"subscribepattern", "t"}}), bad);
  EXPECT_EQ(Refused({{"startingoffsets", "middle"}}), bad);
  EXPECT_EQ(Refused({{"startingoffsets", R"({"t":{"x":1}})"}}), bad);
  EXPECT_EQ(Refused({{"startingoffsets", R"({"t":{"0":"1"}})"}}), bad);
  EXPECT_EQ(Refused({{"startingoffsets", "Earliest"}}), "accepted");
  EXPECT_EQ(Refused({{"endingoffsets", "latest"}}), bad);
  EXPECT_EQ(Refused({{"startingoffsets", "latest"}}, false), bad);
  EXPECT_EQ(Refused({{"startingoffsets", R"({"t":{"0":-1}})"}}, false), bad);
  EXPECT_EQ(Refused({{"endingoffsets", "earliest"}}, false), bad);
  EXPECT_EQ(
      Refused({{"startingoffsets", R"({"t":{"0":5}})"}, {"endingoffsets", R"({"t":{"0":4}})"}},
              false),
      "UNRESOLVED_START_OFFSET_GREATER_THAN_END_OFFSET");
  EXPECT_EQ(Refused({{"maxoffsetspertrigger", "0"}}), bad);
  EXPECT_EQ(Refused({{"minoffsetspertrigger", "5"}, {"maxoffsetspertrigger", "4"}}), bad);
  EXPECT_EQ(Refused({{"minpartitions", "0"}}), bad);
  EXPECT_EQ(Refused({{"failondataloss", "maybe"}}), bad);
  EXPECT_EQ(Refused({{"maxtriggerdelay", "soon"}}), bad);
  EXPECT_EQ(Refused({{"startingofsets", "latest"}}), "THALWEG_UNKNOWN_OPTION");
}

TEST(KafkaOptionsTest, JavaSettingsGetTheirNames) {
  KafkaSettings settings;
  const auto add = [&](const std::string& key, const std::string& value) {
    const Status status = AddKafkaSetting(key, value, true, &settings);
    return status.ok() ? "" : status.condition();
  };
  EXPECT_EQ(add("security.protocol", "SASL_SSL"), "");
  EXPECT_EQ(add("sasl.jaas.config",
                R"(a.b.ScramLoginModule required username="al\"ice" password='s e;c';)"),
            "");
  EXPECT_EQ(add("ssl.truststore.location", "/x/ca.pem"), "");
  EXPECT_EQ(add("ssl.keystore.location", "/x/me.p12"), "");
  EXPECT_EQ(add("fetch.max.wait.ms", "7"), "");
  EXPECT_EQ(settings, (KafkaSettings{{"security.protocol", "sasl_ssl"},
                                     {"sasl.username", "al\"ice"},
                                     {"sasl.password", "s e;c"},
                                     {"ssl.ca.location", "/x/ca.pem"},
                                     {"ssl.keystore.location", "/x/me.p12"},
                                     {"fetch.wait.max.ms", "7"}}));
  EXPECT_EQ(add("ssl.truststore.location", "/x/ca.jks"), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(add("sasl.jaas.config", "a.Krb5LoginModule required;"), "THALWEG_NOT_SUPPORTED_YET");
  for (const char* key : {"auto.offset.reset", "enable.auto.commit", "key.deserializer",
                          "value.serializer", "interceptor.classes", "transactional.id"}) {
    EXPECT_EQ(add(key, "x"), "THALWEG_INVALID_OPTION") << key;
  }
}

TEST(KafkaOffsetsTest, TextIsSortedAndReadBack) {
  const KafkaOffsets offsets = {{{"b", 10}, 1}, {{"b", 2}, -1}, {{"a\"", 0}, 1LL << 40}};
  std::string json;
  PrintKafkaOffsets(offsets, &json);
  EXPECT_EQ(json, R"({"a\"":{"0":1099511627776},"b":{"2":-1,"10":1}})");
  EXPECT_EQ(ParseKafkaOffsets(json), offsets);
  PrintKafkaOffsets({}, &json);
  EXPECT_EQ(json, "{}");
  for (const char* bad : {"", "[]", "{\"a\":1}", "{\"a\":{\"-1\":0}}", "{\"a\":{\"0\":1.5}}"}) {
    EXPECT_EQ(ParseKafkaOffsets(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace thalweg
