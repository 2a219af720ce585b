// Generate, TimeWindows and Expand, each alone: rows that are made, their order, NULLs, batch
// limits, errors.
#include <gtest/gtest.h>

#include "exec/operators.h"
#include "exec/test_output.h"

namespace thalweg {
namespace {

class GenerateTest : public testing::Test {
 protected:
  struct Columns {
    std::vector<AttributePtr> attributes;
    SchemaPtr schema;
  };
  /// The columns of `batch` and of what is made, as DDL.
  Columns Of(const Batch& batch, const std::string& made) {
    Columns columns;
    std::string ddl;
    for (const StructField& field : batch.schema()->columns()) {
      columns.attributes.push_back(TestAttribute(field.name, field.type));
      ddl += field.name + " " + field.type->Sql() + ", ";
    }
    columns.schema = MakeSchema(ddl + made);
    return columns;
  }

  /// generator(last column) over `batch`.
  std::string Generated(const std::string& generator, const Batch& batch, const std::string& made,
                        bool outer = false) {
    const Columns columns = Of(batch, made);
    const ExprPtr call = TestCall(generator, {columns.attributes.back()});
    auto op = NewGenerate(call, outer || As<GeneratorCall>(call)->outer, columns.attributes,
                          columns.schema);
    EXPECT_TRUE(op.ok()) << op.status().ToString();
    (*op)->BeginEpoch(Epoch());
    EXPECT_TRUE((*op)->Push(0, batch, out_).ok());
    return out_.Take();
  }

  std::string Windows(const Batch& batch, int64_t size_us, int64_t slide_us, int64_t start_us) {
    const Columns columns = Of(batch, "w STRUCT<start: TIMESTAMP, end: TIMESTAMP>");
    auto op = NewTimeWindows(MakeTimeWindow(columns.attributes[0], size_us, slide_us, start_us),
                             columns.attributes, columns.schema);
    EXPECT_TRUE(op.ok()) << op.status().ToString();
    (*op)->BeginEpoch(Epoch());
    EXPECT_TRUE((*op)->Push(0, batch, out_).ok());
    return out_.Take();
  }

  TestOutput out_;
};

TEST_F(GenerateTest, ExplodeMakesARowAnElement) {
  const Batch batch = MakeBatch("i INT, s STRING, a ARRAY<STRING>",
                                "1, a string that is long, [x, null]\n 2, two, []\n 3, null, null\n"
                                "4, four, [a long element of the array]");
  EXPECT_EQ(Generated("explode", batch, "e STRING"),
            "1, a string that is long, [x, null], x\n1, a string that is long, [x, null], null\n"
            "4, four, [a long element of the array], a long element of the array\n");
  EXPECT_EQ(Generated("posexplode_outer", batch, "p INT, e STRING"),
            "1, a string that is long, [x, null], 0, x\n"
            "1, a string that is long, [x, null], 1, null\n2, two, [], null, null\n"
            "3, null, null, null, null\n"
            "4, four, [a long element of the array], 0, a long element of the array\n");
}

TEST_F(GenerateTest, MapsAndStructsFallIntoTheirParts) {
  const Batch maps = MakeBatch("i INT, m MAP<STRING, INT>", "1, {a -> 1, b -> null}\n 2, {}");
  EXPECT_EQ(Generated("posexplode", maps, "p INT, k STRING, v INT"),
            "1, {a -> 1, b -> null}, 0, a, 1\n1, {a -> 1, b -> null}, 1, b, null\n");
  const Batch structs =
      MakeBatch("a ARRAY<STRUCT<x: INT, y: STRING>>", "[{1, p}, null, {null, q}]");
  EXPECT_EQ(Generated("inline", structs, "x INT, y STRING"),
            "[{1, p}, null, {null, q}], 1, p\n[{1, p}, null, {null, q}], null, null\n"
            "[{1, p}, null, {null, q}], null, q\n");
}

TEST_F(GenerateTest, SelectedRowsOfDictionariesAndConstantsAreExploded) {
  Batch batch = MakeBatch("i INT, a ARRAY<INT>", "1, [1, 2]\n 2, [3]\n 3, [4]");
  Vector dictionary;
  dictionary.ResetDictionary(batch.column(1), 3);
  for (int i = 0; i < 3; ++i) dictionary.mutable_values<int32_t>()[i] = 2 - i;
  batch.mutable_column(1) = dictionary;
  batch.MutableSelection()[0] = 1;
  batch.MutableSelection()[1] = 2;
  batch.SetSelected(2);
  EXPECT_EQ(Generated("explode", batch, "e INT"), "2, [3], 3\n3, [1, 2], 1\n3, [1, 2], 2\n");

  Batch constant = MakeBatch("i INT, a ARRAY<INT>", "1, [7, 8]");
  constant.mutable_column(1).RepeatFirst(1);
  EXPECT_EQ(Generated("explode", constant, "e INT"), "1, [7, 8], 7\n1, [7, 8], 8\n");
}

/// Counts only: a row with a long list takes long to print.
struct CountingOutput final : Output {
  Result<Flow> Write(const Batch& batch) override {
    EXPECT_LE(batch.physical_rows(), kBatchRows);
    rows += batch.row_count();
    return rows >= rows_wanted ? Flow::kEnough : Flow::kMore;
  }
  int rows = 0;
  int rows_wanted = 1 << 30;
};

TEST_F(GenerateTest, ALongListIsGivenOutInBatchesUntilThereIsEnough) {
  std::string list = "0";
  for (int i = 1; i < 2500; ++i) list += ", " + std::to_string(i);
  const Batch batch = MakeBatch("a ARRAY<INT>", "[" + list + "]\n [1]");
  const Columns columns = Of(batch, "e INT");
  auto op = NewGenerate(TestCall("explode", {columns.attributes[0]}), false, columns.attributes,
                        columns.schema);
  (*op)->BeginEpoch(Epoch());
  CountingOutput all;
  ASSERT_TRUE((*op)->Push(0, batch, all).ok());
  EXPECT_EQ(all.rows, 2501);
  CountingOutput some;
  some.rows_wanted = 1;
  EXPECT_EQ(*(*op)->Push(0, batch, some), Flow::kEnough);
  EXPECT_EQ(some.rows, kBatchRows);
}

TEST_F(GenerateTest, StackTurnsArgumentsIntoRows) {
  const Batch batch = MakeBatch("i INT, s STRING", "1, a\n 2, null");
  const Columns columns = Of(batch, "x STRING, n INT");
  const ExprPtr call =
      TestCall("stack", {MakeLiteral(Value::Int(2)), MakeLiteral(Value::String("i")),
                         columns.attributes[0], columns.attributes[1]});
  auto op = NewGenerate(call, false, columns.attributes, columns.schema);
  ASSERT_TRUE(op.ok()) << op.status().ToString();
  (*op)->BeginEpoch(Epoch());
  ASSERT_TRUE((*op)->Push(0, batch, out_).ok());
  EXPECT_EQ(out_.Take(), "1, a, i, 1\n1, a, a, null\n2, null, i, 2\n2, null, null, null\n");
}

TEST_F(GenerateTest, RowsLieInTheirWindowsTheLatestFirst) {
  const Batch batch =
      MakeBatch("t TIMESTAMP, i INT", "1970-01-01 00:00:07, 1\n null, 2\n 1969-12-31 23:59:58, 3");
  EXPECT_EQ(Windows(batch, 10'000'000, 10'000'000, 3'000'000),
            "1970-01-01 00:00:07, 1, {1970-01-01 00:00:03, 1970-01-01 00:00:13}\n"
            "1969-12-31 23:59:58, 3, {1969-12-31 23:59:53, 1970-01-01 00:00:03}\n");
  EXPECT_EQ(Windows(batch, 7'000'000, 3'000'000, 0),
            "1970-01-01 00:00:07, 1, {1970-01-01 00:00:06, 1970-01-01 00:00:13}\n"
            "1970-01-01 00:00:07, 1, {1970-01-01 00:00:03, 1970-01-01 00:00:10}\n"
            "1969-12-31 23:59:58, 3, {1969-12-31 23:59:57, 1970-01-01 00:00:04}\n"
            "1969-12-31 23:59:58, 3, {1969-12-31 23:59:54, 1970-01-01 00:00:01}\n");
}

TEST_F(GenerateTest, ExpandGivesEachBatchOnceAProjectionAndNamesTheRowThatFails) {
  const Batch batch = MakeBatch("a INT, b INT", "1, 2\n 3, 0");
  const Columns columns = Of(batch, "g BIGINT, k BIGINT");
  const auto number = [](int64_t n) { return MakeLiteral(Value::Bigint(n)); };
  const auto op = [&](const ExprPtr& value) {
    auto made = NewExpand({value, number(0), MakeLiteral(Value(BigintType())), number(1)}, 2,
                          columns.attributes, columns.schema);
    EXPECT_TRUE(made.ok()) << made.status().ToString();
    (*made)->BeginEpoch(Epoch());
    return std::move(*made);
  };
  auto fine = op(number(7));
  ASSERT_TRUE(fine->Push(0, batch, out_).ok());
  EXPECT_EQ(out_.Take(), "1, 2, 7, 0\n3, 0, 7, 0\n1, 2, null, 1\n3, 0, null, 1\n");
  auto failing = op(TestCall("div", {columns.attributes[0], columns.attributes[1]}));
  ASSERT_FALSE(failing->Push(0, batch, out_).ok());
  EXPECT_EQ(failing->failed_row(), 1);
  EXPECT_EQ(out_.Take(), "1, 2, 0, 0\n1, 2, null, 1\n");
}

}  // namespace
}  // namespace thalweg
