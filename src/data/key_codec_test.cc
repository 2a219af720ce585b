#include "data/key_codec.h"

#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "data/test_random.h"
#include "data/text.h"
#include "data/time_zone.h"

namespace thalweg {
namespace {

// Keys as text, with the floats of a key made one value: the slow twin.
std::string TextOf(const std::vector<Vector>& columns, int row) {
  std::string text;
  for (const Vector& column : columns) {
    Value value = GetValue(column, row);
    if (!value.is_null() && column.physical() == PhysicalKind::kDouble) {
      value = Value::Double(value.float64() == 0 ? 0.0 : value.float64());
    }
    if (value.is_null()) {
      text += "~";
    } else {
      AppendValueText(value, TimeZone::Utc(), &text);
    }
    text += '\x01';
  }
  return text;
}

std::string KeyText(const KeyBatch& keys, int i) {
  if (keys.nulls != nullptr && keys.nulls[i] != 0) return "null";
  if (keys.form == KeyForm::kWord) return std::to_string(keys.words[i]);
  return "=" + std::string(keys.bytes[i].view());
}

uint64_t ExpectedHash(const KeyBatch& keys, int i) {
  if (keys.nulls != nullptr && keys.nulls[i] != 0) return kNullKeyHash;
  if (keys.form == KeyForm::kWord) return HashWord(keys.words[i]);
  const std::string copy(keys.bytes[i].view());
  return HashBytes(copy.data(), static_cast<uint32_t>(copy.size()));
}

std::vector<TypePtr> KeyTypes(TestRandom& random) {
  const std::vector<TypePtr> kSimple = {
      BooleanType(), TinyintType(), SmallintType(), IntType(),          BigintType(), DoubleType(),
      StringType(),  BinaryType(),  DateType(),     DecimalType(30, 2), NullType()};
  std::vector<TypePtr> types;
  for (int i = random.OneIn(2) ? 0 : random.Below(4); i >= 0; --i) {
    types.push_back(kSimple[random.Below(static_cast<int>(kSimple.size()))]);
  }
  return types;
}

TEST(KeyCodec, KeysAreEqualWhereTheRowsAreAndDecodeToThem) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    TestRandom random(seed);
    const std::vector<TypePtr> types = KeyTypes(random);
    KeyEncoder encoder(types);
    const KeyDecoder decoder(types);
    std::map<std::string, std::string> key_of_text, text_of_key;
    for (int round = 0; round < 3; ++round) {
      const int size = 1 + random.Below(300);
      std::vector<Vector> columns;
      std::vector<const Vector*> pointers;
      for (const TypePtr& type : types) {
        columns.push_back(RandomVector(type, size, random, random.OneIn(3) ? 0 : 6));
      }
      for (const Vector& column : columns) pointers.push_back(&column);
      std::vector<RowIndex> numbers;
      for (int i = 0; i < size; ++i) {
        if (random.OneIn(3)) numbers.push_back(static_cast<RowIndex>(i));
      }
      const Selection rows = random.OneIn(2)
                                 ? Selection::All(size)
                                 : Selection{numbers.data(), static_cast<int>(numbers.size())};
      KeyBatch keys;
      ASSERT_TRUE(encoder.Encode(pointers.data(), rows, &keys).ok());
      ASSERT_EQ(keys.count, rows.count);
      ASSERT_EQ(keys.form, KeyEncoder::FormOf(types));

      std::vector<Vector> decoded;
      std::vector<Vector*> targets;
      for (const TypePtr& type : types) decoded.emplace_back(type);
      for (Vector& column : decoded) targets.push_back(&column);
      ASSERT_TRUE(decoder.Decode(keys, 0, targets.data()).ok());
      for (int i = 0; i < keys.count; ++i) {
        const std::string text = TextOf(columns, rows[i]);
        ASSERT_EQ(keys.hashes[i], ExpectedHash(keys, i));
        ASSERT_EQ(key_of_text.emplace(text, KeyText(keys, i)).first->second, KeyText(keys, i));
        ASSERT_EQ(text_of_key.emplace(KeyText(keys, i), text).first->second, text);
        ASSERT_EQ(TextOf(decoded, i), text);
      }
    }
  }
}

TEST(KeyCodec, FloatsOfAKeyAreNormalised) {
  for (const TypePtr& type : {FloatType(), DoubleType()}) {
    Vector column(type);
    for (const double value : {0.0, -0.0, std::nan("1"), -std::nan("2")}) {
      AppendValue(Value(type, value), &column);
    }
    const Vector* pointer = &column;
    KeyEncoder encoder({type});
    KeyBatch keys;
    ASSERT_TRUE(encoder.Encode(&pointer, Selection::All(4), &keys).ok());
    EXPECT_EQ(keys.words[0], keys.words[1]);
    EXPECT_EQ(keys.words[2], keys.words[3]);
    EXPECT_NE(keys.words[1], keys.words[2]);
  }
}

TEST(KeyCodec, FormsFollowTheTypes) {
  EXPECT_EQ(KeyEncoder::FormOf({TimestampType()}), KeyForm::kWord);
  EXPECT_EQ(KeyEncoder::FormOf({DecimalType(18, 2)}), KeyForm::kWord);
  EXPECT_EQ(KeyEncoder::FormOf({DecimalType(19, 2)}), KeyForm::kRecord);
  EXPECT_EQ(KeyEncoder::FormOf({BinaryType()}), KeyForm::kBytes);
  EXPECT_EQ(KeyEncoder::FormOf({IntType(), IntType()}), KeyForm::kRecord);
  EXPECT_EQ(KeyEncoder::FormOf({}), KeyForm::kRecord);
}

TEST(KeyCodec, CollatedStringsAreRefusedRatherThanTakenForDifferent) {
  for (const TypePtr& type :
       {CollatedStringType("UTF8_LCASE"), ArrayType(CollatedStringType("UNICODE_CI"))}) {
    const Vector column(type);
    const Vector* pointer = &column;
    KeyBatch keys;
    KeyEncoder encoder({type});
    EXPECT_EQ(encoder.Encode(&pointer, Selection::All(0), &keys).condition(),
              "THALWEG_NOT_SUPPORTED_YET");
  }
}

TEST(KeyCodec, HashesOfViewsAreHashesOfTheirBytes) {
  std::string text = "the quick brown fox jumps over the lazy dog";
  for (uint32_t length = 0; length < text.size(); ++length) {
    EXPECT_EQ(HashKeyBytes(StringView(text.data(), length)), HashBytes(text.data(), length));
  }
}

}  // namespace
}  // namespace thalweg
