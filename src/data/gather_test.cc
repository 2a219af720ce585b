// Gathering is compared, row by row, with its slow twin: GetValue of every row.
#include <cstring>

#include <gtest/gtest.h>

#include "data/batch.h"
#include "data/test_random.h"

namespace thalweg {
namespace {

std::vector<RowIndex> RandomRows(int size, TestRandom& random) {
  std::vector<RowIndex> rows;
  const int keep_one_in = 1 + random.Below(4);
  for (int i = 0; i < size; ++i) {
    if (random.OneIn(keep_one_in)) rows.push_back(static_cast<RowIndex>(i));
  }
  return rows;
}

TEST(Gather, AppendsWhatTheRowsHoldWhateverTypeAndEncoding) {
  for (uint64_t seed = 0; seed < 400; ++seed) {
    TestRandom random(seed);
    const TypePtr type = RandomType(random, 3);
    Vector to(type);
    std::vector<Value> expected;
    for (int round = 0; round < 4; ++round) {
      const int size = 1 + random.Below(200);
      const Vector from = RandomVector(type, size, random);
      const std::vector<RowIndex> rows = RandomRows(size, random);
      const bool all = random.OneIn(2);
      const Selection selection =
          all ? Selection::All(size) : Selection{rows.data(), static_cast<int>(rows.size())};
      AppendValues(from, selection, &to);
      ForEachRow(selection, [&](int row) { expected.push_back(GetValue(from, row)); });
    }
    ASSERT_EQ(to.size(), static_cast<int>(expected.size()));
    for (int i = 0; i < to.size(); ++i) {
      ASSERT_TRUE(GetValue(to, i) == expected[i])
          << type->Sql() << " row " << i << " seed " << seed;
    }
  }
}

TEST(Gather, RowsMayBeNamedInAnyOrderAndAgain) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    TestRandom random(seed);
    const TypePtr type = RandomType(random, 3);
    const Vector from = RandomFlat(type, 3000, random);  // more than a batch
    std::vector<int32_t> rows;
    for (int i = 0; i < 200; ++i) rows.push_back(random.Below(3000));
    Vector to(type);
    AppendNulls(random.Below(3), &to);
    const int at = to.size();
    AppendValuesAt(from, rows.data(), 200, &to);
    ASSERT_EQ(to.size(), at + 200);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(GetValue(to, at + i) == GetValue(from, rows[i]));
  }
}

TEST(Gather, RangesMayStartAnywhere) {
  TestRandom random(7);
  const Vector from = RandomFlat(ArrayType(StringType()), 300, random);
  for (int start = 0; start < 70; ++start) {
    Vector to(from.type());
    AppendNulls(start % 3, &to);
    AppendRange(from, start, 200, &to);
    for (int i = 0; i < 200; ++i) {
      ASSERT_TRUE(GetValue(to, start % 3 + i) == GetValue(from, start + i));
    }
  }
}

TEST(Gather, CopiesStringsOutOfBlocksThatAreHardlyUsed) {
  Buffer block = Buffer::Allocate(1 << 20);
  std::memset(block.data(), 'x', block.capacity());
  Vector from(StringType());
  from.ResetFlat(StringType(), 2);
  from.AddOwner(block);
  for (int i = 0; i < 2; ++i) {
    from.mutable_values<StringView>()[i] = StringView(block.as<char>() + 100 * i, 20);
  }
  Vector few;
  AppendValues(from, Selection::All(2), &few);
  from = Vector();
  EXPECT_TRUE(block.unique());
  EXPECT_EQ(few.values<StringView>()[1].view(), std::string(20, 'x'));
}

TEST(Gather, SharesBlocksThatAreWellUsed) {
  Vector from;
  from.ResetFlat(StringType(), 100);
  for (int i = 0; i < 100; ++i) from.SetString(i, std::string(40, static_cast<char>('a' + i % 26)));
  ASSERT_EQ(from.owners().size(), 1u);
  Vector to;
  AppendValues(from, Selection::All(100), &to);
  EXPECT_EQ(to.values<StringView>()[99].data(), from.values<StringView>()[99].data());
  EXPECT_FALSE(from.owners()[0].unique());
}

TEST(Gather, RowsCarryKindsAndOrigin) {
  const SchemaPtr schema = Schema::Make({{"a", IntType(), true, ""}});
  Batch plain(schema), changes(schema), to(schema);
  for (Batch* batch : {&plain, &changes}) {
    batch->mutable_column(0).ResetFlat(IntType(), 3);
    for (int i = 0; i < 3; ++i) batch->mutable_column(0).mutable_values<int32_t>()[i] = 10 * i;
    batch->SetRowCount(3);
  }
  plain.SetOrigin({1, 2, 100});
  std::fill_n(changes.MutableRowKinds(), 3, RowKind::kDelete);
  const RowIndex rows[] = {1, 2};
  AppendRows(plain, {rows, 2}, &to);
  AppendRows(changes, Selection::All(3), &to);
  AppendRows(plain, Selection::All(1), &to);
  EXPECT_EQ(to.origin(), (RowOrigin{1, 2, 101}));
  ASSERT_EQ(to.row_count(), 6);
  EXPECT_EQ(to.row_kind(1), RowKind::kInsert);
  EXPECT_EQ(to.row_kind(2), RowKind::kDelete);
  EXPECT_EQ(to.row_kind(5), RowKind::kInsert);
  EXPECT_EQ(to.column(0).values<int32_t>()[1], 20);
}

}  // namespace
}  // namespace thalweg
