#include "data/row_codec.h"

#include <cmath>

#include <gtest/gtest.h>

#include "data/test_random.h"

namespace thalweg {
namespace {

/// Random columns with a random selection.
struct Rows {
  Rows(uint64_t seed, int depth) : random(seed) {
    const int size = 1 + random.Below(200);
    for (int i = random.Below(12); i >= 0; --i) {
      types.push_back(RandomType(random, depth));
      columns.push_back(RandomVector(types.back(), size, random));
    }
    for (const Vector& column : columns) pointers.push_back(&column);
    for (int i = 0; i < size; ++i) {
      if (random.OneIn(2)) numbers.push_back(static_cast<RowIndex>(i));
    }
    selection = random.OneIn(2) ? Selection::All(size)
                                : Selection{numbers.data(), static_cast<int>(numbers.size())};
  }
  TestRandom random;
  std::vector<TypePtr> types;
  std::vector<Vector> columns;
  std::vector<const Vector*> pointers;
  std::vector<RowIndex> numbers;
  Selection selection;
};

std::vector<Vector> EmptyColumns(const std::vector<TypePtr>& types) {
  std::vector<Vector> columns;
  for (const TypePtr& type : types) columns.emplace_back(type);
  return columns;
}

std::vector<Vector*> Pointers(std::vector<Vector>& columns) {
  std::vector<Vector*> pointers;
  for (Vector& column : columns) pointers.push_back(&column);
  return pointers;
}

TEST(RowCodec, ReadsBackWhatItWrote) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Rows rows(seed, 3);
    RowEncoder encoder(rows.types);
    std::vector<Vector> out = EmptyColumns(rows.types);
    const std::vector<Vector*> pointers = Pointers(out);
    const RowDecoder decoder(rows.types);
    const int count = rows.selection.count;
    for (int round = 0; round < 2; ++round) {  // the second one behind the first
      const StringView* bytes = encoder.Encode(rows.pointers.data(), rows.selection);
      ASSERT_TRUE(decoder.Decode(bytes, count, round * count, pointers.data()).ok());
    }
    for (size_t c = 0; c < out.size(); ++c) {
      ASSERT_EQ(out[c].size(), 2 * count);
      for (int i = 0; i < 2 * count; ++i) {
        ASSERT_TRUE(GetValue(out[c], i) == GetValue(rows.columns[c], rows.selection[i % count]))
            << rows.types[c]->Sql() << " seed " << seed;
      }
    }
  }
}

TEST(RowCodec, DamagedBytesAreRefused) {
  for (uint64_t seed = 0; seed < 100; ++seed) {
    Rows rows(seed, 2);
    if (rows.selection.count == 0) continue;
    RowEncoder encoder(rows.types);
    const StringView* bytes = encoder.Encode(rows.pointers.data(), rows.selection);
    const std::string good(bytes[0].view());
    const RowDecoder decoder(rows.types);
    for (size_t length = 0; length < good.size(); ++length) {
      std::vector<Vector> out = EmptyColumns(rows.types);
      const std::string cut = good.substr(0, length);  // on its own, so that ASan sees overruns
      const StringView view(cut);
      ASSERT_FALSE(decoder.Decode(&view, 1, 0, Pointers(out).data()).ok());
    }
    for (int i = 0; i < 200; ++i) {
      std::string damaged = good;
      damaged[rows.random.Below(static_cast<int>(good.size()))] ^= 1 << rows.random.Below(8);
      std::vector<Vector> out = EmptyColumns(rows.types);
      const StringView view(damaged);
      (void)decoder.Decode(&view, 1, 0, Pointers(out).data());
    }
  }
}

TEST(RowCodec, BytesAreWhatTheHeaderDraws) {
  const std::vector<TypePtr> types = {
      IntType(), StringType(), StructType({{"x", SmallintType(), true, ""}}), ArrayType(IntType())};
  std::vector<Vector> columns = EmptyColumns(types);
  AppendValue(Value(IntType(), int64_t{7}), &columns[0]);
  AppendValue(Value(StringType()), &columns[1]);
  AppendValue(Value(types[2], Value::List{Value(SmallintType(), int64_t{258})}), &columns[2]);
  AppendValue(Value(types[3], Value::List{Value(IntType()), Value::Int(1)}), &columns[3]);
  std::vector<const Vector*> pointers;
  for (const Vector& column : columns) pointers.push_back(&column);
  RowEncoder encoder(types);
  const StringView* bytes = encoder.Encode(pointers.data(), Selection::All(1));
  EXPECT_EQ(bytes[0].view(), std::string("\x02\x07\0\0\0\x02\x01\x02\0\x01\x01\0\0\0", 14));
}

TEST(RowCodec, NormalisedFloatsAreOneValue) {
  const std::vector<TypePtr> types = {DoubleType(), ArrayType(FloatType())};
  std::vector<Vector> columns = EmptyColumns(types);
  for (const double value : {0.0, -0.0, std::nan("1"), -std::nan("2")}) {
    AppendValue(Value::Double(value), &columns[0]);
    AppendValue(Value(types[1], Value::List{Value(FloatType(), value)}), &columns[1]);
  }
  const Vector* pointers[] = {&columns[0], &columns[1]};
  RowEncoder plain(types), normal(types, true);
  const StringView* bytes = normal.Encode(pointers, Selection::All(4));
  EXPECT_EQ(bytes[0], bytes[1]);
  EXPECT_EQ(bytes[2], bytes[3]);
  bytes = plain.Encode(pointers, Selection::All(4));
  EXPECT_FALSE(bytes[0] == bytes[1]);
}

}  // namespace
}  // namespace thalweg
