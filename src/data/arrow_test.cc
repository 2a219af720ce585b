// Batches go out as Arrow data and come back; the slow twin compares value by value.
#include <gtest/gtest.h>

#include "data/arrow_export.h"
#include "data/arrow_import.h"
#include "data/test_random.h"
#include "data/test_rows.h"

namespace thalweg {
namespace {

/// One Arrow array made by hand: its buffers are the test's.
struct HandMade {
  std::string format;
  std::vector<const void*> buffers;
  ArrowSchema schema{};
  ArrowArray array{};
  std::vector<ArrowSchema*> child_schemas;
  std::vector<ArrowArray*> child_arrays;

  HandMade(std::string with_format, int64_t length, std::vector<const void*> with_buffers)
      : format(std::move(with_format)), buffers(std::move(with_buffers)) {
    schema.format = format.c_str();
    schema.name = "c";
    array.length = length;
    array.null_count = -1;
    array.n_buffers = static_cast<int64_t>(buffers.size());
    array.buffers = buffers.data();
  }
  void Add(HandMade* child) {
    child_schemas.push_back(&child->schema);
    child_arrays.push_back(&child->array);
    schema.n_children = array.n_children = static_cast<int64_t>(child_schemas.size());
    schema.children = child_schemas.data();
    array.children = child_arrays.data();
  }
};

std::string Imported(const HandMade& from, const TypePtr& type, int64_t begin, int64_t count) {
  ArrowImporter::Mismatch mismatch;
  const auto importer = ArrowImporter::Make(from.schema, type, &mismatch);
  if (importer == nullptr) {
    return mismatch.column + ": " + mismatch.found + " as " + mismatch.wanted;
  }
  Batch batch(Schema::Make({{"c", type}}));
  const Status status = importer->Import(from.array, begin, count, &batch.mutable_column(0));
  if (!status.ok()) return status.message();
  batch.SetRowCount(static_cast<int>(count));
  std::string out;
  for (const std::string& row : RowTexts(batch)) out += row + " ";
  out.pop_back();
  return out;
}

TEST(ArrowTest, RandomColumnsComeBack) {
  TestRandom random(20);
  int tried = 0;
  while (tried < 300) {
    const TypePtr type = RandomType(random, 3);
    const SchemaPtr schema = Schema::Make({{"c", type}});
    OwnedArrowSchema arrow_schema;
    if (!ExportArrowSchema(*schema, {}, arrow_schema.get()).ok()) continue;
    ++tried;
    Batch batch(schema);
    const int rows = 1 + random.Below(200);
    batch.mutable_column(0) = RandomVector(type, rows, random);
    batch.SetRowCount(rows);
    OwnedArrowArray array;
    ExportArrowBatch(batch, {}, array.get());
    ArrowImporter::Mismatch mismatch;
    const auto importer = ArrowImporter::Make(*arrow_schema->children[0], type, &mismatch);
    ASSERT_NE(importer, nullptr) << type->Sql() << ": " << mismatch.found;
    const int begin = random.Below(rows);
    const int count = 1 + random.Below(rows - begin);
    Vector back;
    ASSERT_TRUE(importer->Import(*array->children[0], begin, count, &back).ok());
    for (int i = 0; i < count; ++i) {
      ASSERT_EQ(GetValue(back, i), GetValue(batch.column(0), begin + i)) << type->Sql();
    }
  }
}

TEST(ArrowTest, TypesComeBack) {
  const SchemaPtr schema = MakeSchema(
      "a TINYINT NOT NULL, b DECIMAL(20,3), c ARRAY<STRUCT<x: DATE, y: MAP<STRING,INT>>>, "
      "d TIMESTAMP, e TIMESTAMP_NTZ, f TIME(6), g INTERVAL YEAR TO MONTH, h BINARY");
  OwnedArrowSchema arrow_schema;
  ASSERT_TRUE(ExportArrowSchema(*schema, {}, arrow_schema.get()).ok());
  const Result<TypePtr> back = TypeOfArrow(*arrow_schema);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(Schema::Make((*back)->fields())->Ddl(), schema->Ddl());
}

TEST(ArrowTest, WiderNumbers) {
  const int32_t values[] = {1, -2, 70000, 4};
  const uint8_t valid[] = {0b1011};
  const HandMade ints("i", 4, {valid, values});
  EXPECT_EQ(Imported(ints, BigintType(), 0, 4), "1 -2 null 4");
  EXPECT_EQ(Imported(ints, DoubleType(), 1, 3), "-2.0 null 4.0");
  EXPECT_EQ(Imported(ints, DecimalType(12, 2), 0, 2), "1.00 -2.00");
  EXPECT_EQ(Imported(ints, SmallintType(), 0, 4), "1 -2 null 4");
  EXPECT_EQ(Imported(ints, DecimalType(5, 2), 0, 2), "c: int32 as decimal(5,2)");
  EXPECT_EQ(Imported(ints, FloatType(), 0, 2), "c: int32 as float");
  const HandMade all("i", 4, {nullptr, values});
  EXPECT_EQ(Imported(all, SmallintType(), 0, 4), "A value does not fit its column's type SMALLINT");
  const int64_t nanos[] = {1'500, -1, -1'000};
  const HandMade times("tsn:", 3, {nullptr, nanos});
  EXPECT_EQ(Imported(times, TimestampNtzType(), 0, 3),
            "1970-01-01 00:00:00.000001 1969-12-31 23:59:59.999999 1969-12-31 23:59:59.999999");
}

TEST(ArrowTest, LayoutsThatWeDoNotWrite) {
  const char bytes[] = "abcdefghijklmnopqrst";
  const int64_t offsets[] = {0, 1, 1, 20};
  const HandMade large("U", 3, {nullptr, offsets, bytes});
  EXPECT_EQ(Imported(large, StringType(), 0, 3), "a  bcdefghijklmnopqrst");
  const HandMade fixed("w:3", 2, {nullptr, bytes});
  EXPECT_EQ(Imported(fixed, BinaryType(), 1, 1), "def");
  EXPECT_EQ(Imported(fixed, StringType(), 0, 1), "c: fixed_size_binary(3) as string");

  const int32_t numbers[] = {1, 2, 3, 4, 5, 6};
  HandMade element("i", 6, {nullptr, numbers});
  HandMade pairs("+w:2", 3, {nullptr});
  pairs.Add(&element);
  EXPECT_EQ(Imported(pairs, ArrayType(IntType()), 1, 2), "[3, 4] [5, 6]");
  const int64_t list_offsets[] = {0, 2, 2, 6};
  const uint8_t valid[] = {0b101};
  HandMade lists("+L", 3, {valid, list_offsets});
  lists.Add(&element);
  EXPECT_EQ(Imported(lists, ArrayType(BigintType()), 0, 3), "[1, 2] null [3, 4, 5, 6]");

  const uint8_t indices[] = {1, 0, 1, 9};
  const uint8_t indices_valid[] = {0b0111};
  HandMade words("C", 4, {indices_valid, indices});
  HandMade dictionary("U", 3, {nullptr, offsets, bytes});
  words.schema.dictionary = &dictionary.schema;
  words.array.dictionary = &dictionary.array;
  EXPECT_EQ(Imported(words, StringType(), 0, 4), " a  null");
}

TEST(ArrowTest, StructsByName) {
  const int32_t numbers[] = {7, 8};
  HandMade a("i", 2, {nullptr, numbers});
  a.schema.name = "A";
  HandMade holder("+s", 2, {nullptr});
  holder.Add(&a);
  const TypePtr wider = StructType({{"b", StringType()}, {"a", BigintType()}});
  EXPECT_EQ(Imported(holder, wider, 0, 2), "{null, 7} {null, 8}");
  const TypePtr wrong = StructType({{"a", StringType()}});
  EXPECT_EQ(Imported(holder, wrong, 0, 2), "c.a: int32 as string");
}

}  // namespace
}  // namespace thalweg
