// The DataFrame API as a user sees it: only the front door is included.
#include <filesystem>

#include <gtest/gtest.h>

#include "thalweg/thalweg.h"

namespace {

using thalweg::Col;
using thalweg::Column;
using thalweg::DataFrame;
using thalweg::Lit;
using thalweg::Row;
using thalweg::Value;

class DataFrameTest : public testing::Test {
 protected:
  DataFrameTest() : session_(*thalweg::Session::Create({.worker_count = 1})) {
    people_ = session_.CreateDataFrame(
        "id INT NOT NULL, name STRING, age INT",
        {{1, "ann", 31}, {2, "bob", nullptr}, {3, "cid", 25}, {4, "ann", 40}});
  }

  /// Rows as text, a line each; or the error.
  static std::string Rows(const DataFrame& frame) {
    const auto rows = frame.Collect();
    if (!rows.ok()) return rows.status().ToString();
    std::string text;
    for (const Row& row : *rows) text += row.ToString() + "\n";
    return text;
  }
  /// The condition of the error that it holds.
  static std::string Error(const DataFrame& frame) { return frame.status().condition(); }

  thalweg::Session session_;
  DataFrame people_ = session_.Range(0, 0);
};

TEST_F(DataFrameTest, SelectFilterAndSort) {
  EXPECT_EQ(Rows(people_.Filter(Col("age") > 30).Select("id", (Col("age") + 1).As("next"))),
            "[1, 32]\n[4, 41]\n");
  EXPECT_EQ(Rows(people_.Where("name = 'ann' AND age < 35").SelectExpr({"id * 10 AS ten", "name"})),
            "[10, ann]\n");
  EXPECT_EQ(Rows(people_.Select("id").OrderBy(Col("age").Desc())), "[4]\n[1]\n[3]\n[2]\n");
  EXPECT_EQ(Rows(people_.OrderBy("name", Col("id").Desc()).Limit(3).Offset(1).Select("id")),
            "[1]\n[2]\n");
  EXPECT_EQ(Rows(people_.Select("*").Filter("missing > 1")).substr(0, 19), "[UNRESOLVED_COLUMN.");
}

TEST_F(DataFrameTest, OperatorsTakeValuesOnEitherSide) {
  const DataFrame one = session_.CreateDataFrame("a INT, s STRING", {{7, "x"}});
  EXPECT_EQ(Rows(one.Select(1 - Col("a"), Col("a") % 4, -Col("a"), Col("s") == "x", !(2 < Col("a")),
                            Col("a") >= Col("a") && Lit(true))),
            "[-6, 3, -7, true, false, true]\n");
  EXPECT_EQ(Rows(one.Select(Col("a").IsIn({1, 7}), Col("a").Between(1, 5), Col("s").IsNull(),
                            Col("s").Like("_"), Col("s").EqNullSafe(Lit(Value())))),
            "[true, false, false, true, false]\n");
  EXPECT_EQ(Rows(one.Select(thalweg::When(Col("a") > 9, "big")
                                .When(Col("a") > 5, Lit("middle"))
                                .Otherwise(Lit("small"))
                                .As("size"),
                            Col("a").Cast("string"), Col("s").TryCast("int"))),
            "[middle, 7, NULL]\n");
}

TEST_F(DataFrameTest, ColumnsAreAddedReplacedRenamedAndDropped) {
  const DataFrame frame = people_.WithColumn("twice", Col("age") * 2)
                              .WithColumn("NAME", thalweg::Upper("name"))
                              .WithColumnRenamed("id", "key")
                              .Drop("age");
  EXPECT_EQ(frame.ColumnNames(), (DataFrame::Names{"key", "NAME", "twice"}));
  EXPECT_EQ(Rows(frame.Limit(1)), "[1, ANN, 62]\n");
  EXPECT_EQ(frame.Schema()->Ddl(), "key INT NOT NULL,NAME STRING,twice INT");
}

TEST_F(DataFrameTest, Groups) {
  EXPECT_EQ(Rows(people_.GroupBy("name")
                     .Agg(thalweg::Count("*").As("rows"), thalweg::Max("age"))
                     .OrderBy("name")),
            "[ann, 2, 40]\n[bob, 1, NULL]\n[cid, 1, 25]\n");
  EXPECT_EQ(Rows(people_.GroupBy("name").Count().OrderBy("name").Limit(1)), "[ann, 2]\n");
  EXPECT_EQ(Rows(people_.GroupBy("name").Sum({"age", "id"}).OrderBy("name").Limit(1)),
            "[ann, 71, 5]\n");
  EXPECT_EQ(Rows(people_.Agg({thalweg::CountDistinct({"name"}), thalweg::Avg("age")})),
            "[3, 32.0]\n");
  EXPECT_EQ(Rows(people_.Rollup("name").Agg(thalweg::Sum("id").As("s")).OrderBy("s", "name")),
            "[bob, 2]\n[cid, 3]\n[ann, 5]\n[NULL, 10]\n");
  EXPECT_EQ(*people_.Cube("name", "id").Count().Count(), 12);
  EXPECT_EQ(*people_.Count(), 4);
  EXPECT_FALSE(*people_.IsEmpty());
  EXPECT_EQ(Rows(people_.Select("name").Distinct().OrderBy("name")), "[ann]\n[bob]\n[cid]\n");
  EXPECT_EQ(*people_.DropDuplicates({"name"}).Count(), 3);
}

TEST_F(DataFrameTest, JoinsAlsoWithItself) {
  const DataFrame cities =
      session_.CreateDataFrame("id INT, city STRING", {{1, "Bonn"}, {9, "Ulm"}});
  EXPECT_EQ(Rows(people_.Join(cities, DataFrame::Names{"id"}).Select("id", "name", "city")),
            "[1, ann, Bonn]\n");
  EXPECT_EQ(Rows(people_.Alias("a")
                     .Join(people_.Alias("b"),
                           Col("a.name") == Col("b.name") && Col("a.id") < Col("b.id"))
                     .Select("a.id", Col("b.id"))),
            "[1, 4]\n");
  EXPECT_EQ(*people_.Join(cities, DataFrame::Names{"id"}, "left_anti").Count(), 3);
  EXPECT_EQ(Error(people_.Join(cities, DataFrame::Names{"id"}, "sideways")),
            "UNSUPPORTED_JOIN_TYPE");
  EXPECT_EQ(Rows(people_.Select("id").Union(people_.Select("age").Limit(1)).OrderBy("id")),
            "[1]\n[2]\n[3]\n[4]\n[31]\n");
  EXPECT_EQ(Rows(cities.UnionByName(cities.Select("city", "id")).OrderBy("id", "city").Limit(2)),
            "[1, Bonn]\n[1, Bonn]\n");
  EXPECT_EQ(Rows(cities.UnionByName(cities.Select("city"), true).OrderBy("id", "city").Limit(1)),
            "[NULL, Bonn]\n");
  EXPECT_EQ(Rows(cities.Except(cities.Limit(1)).Select("city")), "[Ulm]\n");
}

TEST_F(DataFrameTest, AnErrorStaysAndIsTold) {
  const DataFrame wrong = people_.Select("nme").Filter(Col("id") > 1).Limit(1);
  EXPECT_EQ(Error(wrong), "UNRESOLVED_COLUMN.WITH_SUGGESTION");
  EXPECT_EQ(wrong.Collect().status().sqlstate(), "42703");
  EXPECT_EQ(wrong.Show().condition(), "UNRESOLVED_COLUMN.WITH_SUGGESTION");
  EXPECT_EQ(Error(people_.Select(Col("id").Cast("nonsense"))), "UNSUPPORTED_DATATYPE");
  EXPECT_EQ(Error(people_.Select(Col("a..b"))), "INVALID_ATTRIBUTE_NAME_SYNTAX");
  EXPECT_EQ(Error(people_.Select(thalweg::Expr("1 +"))), "PARSE_SYNTAX_ERROR");
  EXPECT_EQ(Error(session_.Table("nowhere")), "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(Error(session_.Read().Format("nonsense").Load("x")), "DATA_SOURCE_NOT_FOUND");
  EXPECT_EQ(people_.Select(Col("id") / 0).Collect().status().condition(), "DIVIDE_BY_ZERO");
  EXPECT_EQ(session_.Set("spark.sql.nonsense", "1").condition(), "SQL_CONF_NOT_FOUND");
}

TEST_F(DataFrameTest, RowsMustFitTheSchema) {
  EXPECT_EQ(Error(session_.CreateDataFrame("a INT", {{1, 2}})), "THALWEG_WRONG_ROW");
  EXPECT_EQ(Error(session_.CreateDataFrame("a INT", {{"one"}})), "THALWEG_WRONG_ROW");
  EXPECT_EQ(Error(session_.CreateDataFrame("a TINYINT", {{300}})), "THALWEG_WRONG_ROW");
  EXPECT_EQ(Error(session_.CreateDataFrame("a INT NOT NULL", {{nullptr}})), "THALWEG_WRONG_ROW");
  EXPECT_EQ(Error(session_.CreateDataFrame("a DECIMAL(3, 1)", {{thalweg::Decimal{"123.4"}}})),
            "THALWEG_WRONG_ROW");
  EXPECT_EQ(Error(session_.CreateDataFrame("a INTT", {})), "UNSUPPORTED_DATATYPE");
}

TEST_F(DataFrameTest, ValuesOfEveryTypeComeBack) {
  using namespace std::chrono_literals;
  const Row row = {true,
                   int8_t{1},
                   int16_t{2},
                   3,
                   int64_t{4},
                   1.5F,
                   2.5,
                   thalweg::Decimal{"12.30"},
                   "text",
                   thalweg::Binary{"\x01"},
                   thalweg::Date(std::chrono::days(1)),
                   thalweg::Timestamp(1s),
                   thalweg::LocalTimestamp(2s),
                   thalweg::DayTimeInterval(3s),
                   thalweg::YearMonthInterval(14),
                   Value::List{1, nullptr},
                   Value::List{"k", 1},
                   Value::List{1, "x"}};
  const DataFrame frame = session_.CreateDataFrame(
      "a BOOLEAN, b TINYINT, c SMALLINT, d INT, e BIGINT, f FLOAT, g DOUBLE, h DECIMAL(10, 2), "
      "i STRING, j BINARY, k DATE, l TIMESTAMP, m TIMESTAMP_NTZ, n INTERVAL DAY TO SECOND, "
      "o INTERVAL YEAR TO MONTH, p ARRAY<INT>, q MAP<STRING, INT>, r STRUCT<x: INT, y: STRING>",
      {row});
  const auto rows = frame.Collect();
  ASSERT_TRUE(rows.ok()) << rows.status().ToString();
  EXPECT_EQ((*rows)[0], row) << (*rows)[0].ToString();
  EXPECT_EQ((*rows)[0].Get<int64_t>("b"), 1);
  EXPECT_EQ((*rows)[0].Get<std::string>("d"), std::nullopt);
  EXPECT_TRUE((*rows)[0]["no such column"].is_null());
}

TEST_F(DataFrameTest, ViewsSettingsAndCommands) {
  EXPECT_TRUE(people_.CreateTempView("people").ok());
  EXPECT_EQ(people_.CreateTempView("people").condition(), "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS");
  EXPECT_TRUE(people_.Limit(1).CreateOrReplaceTempView("people").ok());
  EXPECT_EQ(Rows(session_.Table("people").Select("people.name")), "[ann]\n");
  EXPECT_EQ(Rows(session_.Sql("SET spark.sql.session.timeZone = Asia/Tokyo")),
            "[spark.sql.session.timeZone, Asia/Tokyo]\n");
  EXPECT_EQ(session_.Get("spark.sql.session.timeZone"), "Asia/Tokyo");
  const DataFrame time = session_.CreateDataFrame("ts TIMESTAMP", {{thalweg::Timestamp()}});
  EXPECT_NE(time.ShowString()->find("1970-01-01 09:00:00"), std::string::npos);
  EXPECT_EQ(Rows(session_.Sql("DROP VIEW people")), "");
  EXPECT_EQ(Error(session_.Sql("SELECT *\nFROM people")), "TABLE_OR_VIEW_NOT_FOUND");
  EXPECT_EQ(session_.Sql("SELECT *\nFROM people").status().line(), 2);
}

TEST_F(DataFrameTest, FilesAreWrittenInEveryMode) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "thalweg_writes";
  std::filesystem::remove_all(root);
  const std::string path = (root / "people").string();
  const DataFrame two = people_.Limit(2);
  ASSERT_TRUE(two.Write().Json(path).ok());
  EXPECT_TRUE(std::filesystem::exists(path + "/_SUCCESS"));
  EXPECT_FALSE(std::filesystem::exists(path + "/_temporary"));
  const auto read = [&](const std::string& from) {
    return session_.Read().Schema("id INT, name STRING, age INT").Json(from).OrderBy("id", "age");
  };
  EXPECT_EQ(Rows(read(path)), "[1, ann, 31]\n[2, bob, NULL]\n");
  EXPECT_EQ(two.Write().Json(path).condition(), "PATH_ALREADY_EXISTS");
  EXPECT_TRUE(two.Write().Mode("ignore").Json(path).ok());
  EXPECT_TRUE(two.Limit(1).Write().Mode("append").Json(path).ok());
  EXPECT_EQ(Rows(read(path)), "[1, ann, 31]\n[1, ann, 31]\n[2, bob, NULL]\n");
  EXPECT_TRUE(two.Limit(1).Write().Mode("Overwrite").Json(path).ok());
  EXPECT_EQ(Rows(read(path)), "[1, ann, 31]\n");

  const std::string parts = (root / "parts").string();
  ASSERT_TRUE(people_.Write().PartitionBy({"name"}).Json(parts).ok());
  EXPECT_TRUE(std::filesystem::exists(parts + "/name=ann"));
  EXPECT_EQ(Rows(session_.Read()
                     .Schema("id INT, age INT, name STRING")
                     .Json(parts)
                     .Filter(Col("name") == "cid")),
            "[3, 25, cid]\n");
  std::filesystem::remove_all(root);
}

TEST_F(DataFrameTest, AWriteThatFailsLeavesWhatWasThere) {
  const std::filesystem::path root = std::filesystem::path(testing::TempDir()) / "thalweg_fails";
  std::filesystem::remove_all(root);
  ASSERT_TRUE(people_.Write().Json(root.string()).ok());
  const auto overwrite = [&](const DataFrame& frame) {
    return frame.Write().Mode("overwrite").Json(root.string()).condition();
  };
  EXPECT_EQ(overwrite(people_.Select((Col("id") / 0).As("x"))), "DIVIDE_BY_ZERO");
  EXPECT_EQ(*session_.Read().Schema("id INT").Json(root.string()).Count(), 4);
  EXPECT_EQ(people_.Write().Mode("odd").Json(root.string()).condition(), "INVALID_SAVE_MODE");
  EXPECT_EQ(people_.Write().Format("odd").Save("x").condition(), "DATA_SOURCE_NOT_FOUND");
  EXPECT_EQ(people_.Write().Format("json").Save().condition(), "THALWEG_INVALID_OPTION");
  EXPECT_EQ(people_.Write().Option("odd", "1").Mode("append").Json(root.string()).condition(),
            "THALWEG_UNKNOWN_OPTION");
  const std::string other = (root / "other").string();
  EXPECT_EQ(people_.Write().Option("odd", "1").Json(other).condition(), "THALWEG_UNKNOWN_OPTION");
  EXPECT_FALSE(std::filesystem::exists(other));
  EXPECT_TRUE(people_.Write().Format("noop").Save().ok());
  std::filesystem::remove_all(root);
}

TEST_F(DataFrameTest, ShowCutsAndCounts) {
  std::string shown;
  const auto session =
      thalweg::Session::Create({.print = [&](std::string_view text) { shown += text; }});
  const DataFrame frame = session->CreateDataFrame(
      "text STRING", {{"a text of more than twenty letters"}, {"b"}, {"c"}});
  EXPECT_TRUE(frame.Show(2).ok());
  EXPECT_EQ(shown,
            "+--------------------+\n|                text|\n+--------------------+\n"
            "|a text of more th...|\n|                   b|\n+--------------------+\n"
            "only showing top 2 rows\n");
}

}  // namespace
