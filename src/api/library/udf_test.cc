#include <filesystem>

#include <gtest/gtest.h>

#include "thalweg/thalweg.h"

namespace {

using thalweg::CallFunction;
using thalweg::Col;
using thalweg::DataFrame;
using thalweg::Row;
using thalweg::Timestamp;
using thalweg::Value;

class UdfTest : public testing::Test {
 protected:
  UdfTest() : session_(*thalweg::Session::Create({.worker_count = 1})) {
    const DataFrame t = session_.CreateDataFrame(
        "i INT, d DOUBLE, s STRING, ts TIMESTAMP, a ARRAY<INT>",
        {{1, 1.5, "one", Timestamp(std::chrono::seconds(1)), Value::List{1, 2}},
         {nullptr, 2.5, "a text that is longer than twelve bytes", nullptr, Value::List{}},
         {3, nullptr, nullptr, Timestamp(std::chrono::seconds(3)), nullptr}});
    EXPECT_TRUE(t.CreateOrReplaceTempView("t").ok());
  }
  std::string Sql(const std::string& query) {
    const auto rows = session_.Sql(query).Collect();
    if (!rows.ok()) return rows.status().condition() + ": " + rows.status().message();
    std::string text;
    for (const Row& row : *rows) text += row.ToString() + "\n";
    return text;
  }

  thalweg::Session session_;
};

TEST_F(UdfTest, TypesComeFromTheLambda) {
  ASSERT_TRUE(session_.RegisterUdf("twice", [](int64_t v) { return v * 2; }).ok());
  ASSERT_TRUE(
      session_.RegisterUdf("half", [](double v) { return static_cast<float>(v / 2); }).ok());
  ASSERT_TRUE(
      session_.RegisterUdf("shout", [](std::string_view s) { return std::string(s) + "!"; }).ok());
  ASSERT_TRUE(
      session_.RegisterUdf("later", [](Timestamp ts) { return ts + std::chrono::seconds(60); })
          .ok());
  ASSERT_TRUE(session_.RegisterUdf("is_odd", [](int v) { return v % 2 != 0; }).ok());
  EXPECT_EQ(Sql("SELECT twice(i), half(d), shout(s), later(ts), Is_Odd(i) FROM t"),
            "[2, 0.75, one!, 1970-01-01 00:01:01, true]\n"
            "[NULL, 1.25, a text that is longer than twelve bytes!, NULL, NULL]\n"
            "[6, NULL, NULL, 1970-01-01 00:01:03, true]\n");
  EXPECT_EQ(session_.Sql("SELECT twice(i) AS x, shout(s) AS y FROM t").Schema()->Ddl(),
            "x BIGINT,y STRING");
  EXPECT_EQ(Sql("SELECT twice(21), shout('x') WHERE is_odd(3)"), "[42, x!]\n");
}

TEST_F(UdfTest, OptionalSeesNullAndGivesIt) {
  ASSERT_TRUE(
      session_.RegisterUdf("or_zero", [](std::optional<int> v) { return v.value_or(0); }).ok());
  ASSERT_TRUE(session_
                  .RegisterUdf("positive_root",
                               [](double v) -> std::optional<double> {
                                 if (v < 2) return std::nullopt;
                                 return v * v;
                               })
                  .ok());
  EXPECT_EQ(Sql("SELECT or_zero(i), positive_root(d) FROM t"), "[1, NULL]\n[0, 6.25]\n[3, NULL]\n");
  ASSERT_TRUE(session_
                  .RegisterUdf("pair", [](std::optional<std::string> a,
                                          int b) { return a.value_or("none") + std::to_string(b); })
                  .ok());
  EXPECT_EQ(Sql("SELECT pair(s, i) FROM t"), "[one1]\n[NULL]\n[none3]\n");
}

TEST_F(UdfTest, ErrorsNameTheFunctionAndTheFirstRow) {
  ASSERT_TRUE(session_
                  .RegisterUdf("picky",
                               [](int v) -> thalweg::Result<int> {
                                 if (v > 1)
                                   return thalweg::Status::Error("too large: " + std::to_string(v));
                                 return v;
                               })
                  .ok());
  ASSERT_TRUE(
      session_.RegisterUdf("parse", [](const std::string& s) { return std::stoi(s); }).ok());
  EXPECT_EQ(Sql("SELECT picky(i) FROM t"),
            "FAILED_EXECUTE_UDF: The function `picky` of the user failed: too large: 3.");
  EXPECT_EQ(Sql("SELECT parse(s) FROM t").substr(0, 59),
            "FAILED_EXECUTE_UDF: The function `parse` of the user failed");
  EXPECT_EQ(Sql("SELECT picky(i) FROM t WHERE i < 2"), "[1]\n");
  EXPECT_EQ(Sql("SELECT CASE WHEN i > 1 THEN -1 ELSE picky(i) END FROM t"), "[1]\n[NULL]\n[-1]\n");
  EXPECT_EQ(Sql("SELECT picky(i, 2) FROM t").substr(0, 33), "WRONG_NUM_ARGS.WITHOUT_SUGGESTION");
  EXPECT_EQ(Sql("SELECT picky(a) FROM t").substr(0, 39), "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE");
  EXPECT_FALSE(session_.RegisterUdf("no name", [](int v) { return v; }).ok());
}

TEST_F(UdfTest, UntypedTakesAnyType) {
  thalweg::UntypedUdf sum;
  sum.arguments = {*thalweg::DataType::Parse("ARRAY<INT>")};
  sum.result = *thalweg::DataType::Parse("STRUCT<n: INT, total: BIGINT>");
  sum.function = [](const std::vector<Value>& arguments) -> thalweg::Result<Value> {
    const auto list = arguments[0].Get<Value::List>();
    if (!list) return Value();
    int64_t total = 0;
    for (const Value& element : *list) total += element.Get<int64_t>().value_or(0);
    return Value(Value::List{static_cast<int>(list->size()), total});
  };
  ASSERT_TRUE(session_.RegisterUdf("summed", sum).ok());
  EXPECT_EQ(Sql("SELECT summed(a) FROM t WHERE i IS NULL OR i > 0"),
            "[[2, 3]]\n[[0, 0]]\n[NULL]\n");
  EXPECT_EQ(Sql("SELECT summed(a).total FROM t WHERE i = 3 OR i = 1"), "[3]\n[NULL]\n");
  sum.function = [](const std::vector<Value>&) -> thalweg::Result<Value> { return Value("odd"); };
  ASSERT_TRUE(session_.RegisterUdf("summed", sum).ok());
  EXPECT_EQ(Sql("SELECT summed(a) FROM t").substr(0, 18), "FAILED_EXECUTE_UDF");
}

// Many rows and selections: the loop against the same in C++.
TEST_F(UdfTest, ManyRows) {
  ASSERT_TRUE(session_
                  .RegisterUdf("mix",
                               [](int64_t a, std::string_view s) {
                                 return a * 31 + static_cast<int64_t>(s.size());
                               })
                  .ok());
  const DataFrame numbers = session_.Range(0, 10'000);
  const auto rows = numbers.Filter(Col("id") % 3 == 0)
                        .Select("id", CallFunction("mix", {Col("id"), Col("id").Cast("string")}))
                        .Collect();
  ASSERT_TRUE(rows.ok()) << rows.status().ToString();
  ASSERT_EQ(rows->size(), 3334U);
  for (const Row& row : *rows) {
    const int64_t id = row.Get<int64_t>(0).value_or(-1);
    ASSERT_EQ(row.Get<int64_t>(1), id * 31 + static_cast<int64_t>(std::to_string(id).size()));
  }
}

TEST_F(UdfTest, AStreamRunsIt) {
  const auto events = *session_.CreateMemoryStream("events", "i INT");
  ASSERT_TRUE(session_.RegisterUdf("bucket", [](int v) { return v / 10; }, {.version = "1"}).ok());
  const DataFrame buckets =
      events.ToDataFrame().GroupBy(CallFunction("bucket", {Col("i")}).As("b")).Count();
  const auto query =
      buckets.WriteStream().OutputMode("complete").Format("memory").QueryName("buckets").Start();
  ASSERT_TRUE(query.ok()) << query.status().ToString();
  ASSERT_TRUE(events.AddData({{1}, {2}, {15}}).ok());
  ASSERT_TRUE(query->ProcessAllAvailable().ok());
  EXPECT_EQ(Sql("SELECT * FROM buckets ORDER BY b"), "[0, 2]\n[1, 1]\n");
}

// An epoch fails while the state of the one before it is not durable: it must be replayed.
TEST_F(UdfTest, AnotherVersionIsAnotherProgram) {
  const std::filesystem::path checkpoint =
      std::filesystem::path(testing::TempDir()) / "thalweg_udf_version";
  std::filesystem::remove_all(checkpoint);
  ASSERT_TRUE(session_.Set("thalweg.state.sealInterval", "1h").ok());
  const auto events = *session_.CreateMemoryStream("events", "i INT");
  bool fails = true;
  std::string counts;
  const auto start = [&](const char* version) {
    EXPECT_TRUE(
        session_.RegisterUdf("bucket", [](int v) { return v / 10; }, {.version = version}).ok());
    return events.ToDataFrame()
        .GroupBy(CallFunction("bucket", {Col("i")}).As("b"))
        .Count()
        .WriteStream()
        .OutputMode("update")
        .Option("checkpointLocation", checkpoint.string())
        .ForeachBatch([&](const DataFrame& rows, int64_t epoch) -> thalweg::Status {
          if (epoch == 1 && fails) return thalweg::Status::Error("not now");
          for (const Row& row : *rows.Collect()) counts += row.ToString();
          return thalweg::Status::OK();
        })
        .Start();
  };
  const auto first = start("1");
  ASSERT_TRUE(first.ok()) << first.status().ToString();
  ASSERT_TRUE(events.AddData({{1}}).ok());
  ASSERT_TRUE(first->ProcessAllAvailable().ok());
  ASSERT_TRUE(events.AddData({{2}}).ok());
  EXPECT_EQ(first->AwaitTermination().condition(), "FOREACH_BATCH_USER_FUNCTION_ERROR");
  EXPECT_EQ(counts, "[0, 1]");

  EXPECT_EQ(start("2").status().condition(), "STATE_REPLAY_PROGRAM_CHANGED");
  fails = false;
  const auto again = start("1");
  ASSERT_TRUE(again.ok()) << again.status().ToString();
  ASSERT_TRUE(again->ProcessAllAvailable().ok());
  EXPECT_EQ(counts, "[0, 1][0, 2]");
  EXPECT_TRUE(again->Stop().ok());
  std::filesystem::remove_all(checkpoint);
}

}  // namespace
