#include "functions/spark_hash.h"

#include <string>

#include <gtest/gtest.h>

#include "data/value.h"

namespace thalweg {
namespace {

int32_t Hash(const Value& value) {
  Vector vector;
  MakeConstant(value, 1, &vector);
  return static_cast<int32_t>(Murmur3Of(vector, 0, 42));
}
int64_t WideHash(const Value& value) {
  Vector vector;
  MakeConstant(value, 1, &vector);
  return static_cast<int64_t>(XxHash64Of(vector, 0, 42));
}

TEST(SparkHash, HashesAsSparkRecordedIt) {
  EXPECT_EQ(Hash(Value(IntType())), 42);
  EXPECT_EQ(Hash(Value::String("")), 142593372);
  EXPECT_EQ(Hash(Value::Double(1.5)), 1290763749);
  EXPECT_EQ(Hash(Value::Boolean(true)), -559580957);
  EXPECT_EQ(Hash(Value::Double(0.0)), -1670924195);
  EXPECT_EQ(Hash(Value::String("日本語テキスト長い文字列です")), 2126493608);
  EXPECT_EQ(Hash(Value::String("abcdefghijklmnopqrstuvwxyz0123456789")), 46508703);
  EXPECT_EQ(WideHash(Value::String("Spark")), -4294468057691064905);
  EXPECT_EQ(WideHash(Value::Int(1)), -6698625589789238999);
  EXPECT_EQ(WideHash(Value::Bigint(1)), -7001672635703045582);
  EXPECT_EQ(WideHash(Value::Double(-0.0)), -5252525462095825812);
}

TEST(SparkHash, NestedValuesFoldTheirParts) {
  const Value list(ArrayType(IntType()), Value::List{Value::Int(1), Value::Int(2)});
  EXPECT_EQ(Hash(list), -222940379);
  EXPECT_EQ(WideHash(list), -8133857028838179022);
  const Value row(StructType({{"a", IntType()}, {"b", StringType()}}),
                  Value::List{Value::Int(1), Value::String("x")});
  EXPECT_EQ(Hash(row), -1305545736);
  EXPECT_EQ(WideHash(row), 8510603489595372987);
}

/// The slow twin: MurmurHash3_x86_32 as its author describes it, a step a line.
uint32_t SlowStep(uint32_t hash, uint32_t word) {
  word = word * 0xcc9e2d51u;
  word = (word << 15) | (word >> 17);
  word = word * 0x1b873593u;
  hash = hash ^ word;
  hash = (hash << 13) | (hash >> 19);
  return hash * 5 + 0xe6546b64u;
}
uint32_t SlowMurmur3(const std::string& bytes, uint32_t seed) {
  uint32_t hash = seed;
  size_t at = 0;
  while (bytes.size() - at >= 4) {
    uint32_t word = 0;
    for (int i = 3; i >= 0; --i) word = word * 256 + static_cast<uint8_t>(bytes[at + i]);
    hash = SlowStep(hash, word);
    at += 4;
  }
  while (at < bytes.size()) {  // Spark's own end: a signed byte a step
    hash = SlowStep(hash, static_cast<uint32_t>(static_cast<signed char>(bytes[at++])));
  }
  hash = hash ^ static_cast<uint32_t>(bytes.size());
  hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
  hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
  return hash ^ (hash >> 16);
}

TEST(SparkHash, AgreesWithTheSlowTwin) {
  uint64_t random = 88172645463325252ull;
  const auto next = [&random] {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random;
  };
  for (int i = 0; i < 5'000; ++i) {
    std::string bytes;
    const size_t length = next() % 40;
    for (size_t k = 0; k < length; ++k) bytes += static_cast<char>(next());
    const auto seed = static_cast<uint32_t>(next());
    ASSERT_EQ(Murmur3Bytes(bytes, seed), SlowMurmur3(bytes, seed));
    const uint64_t word = next();
    std::string eight;
    for (int k = 0; k < 8; ++k) eight += static_cast<char>(word >> (8 * k));
    ASSERT_EQ(Murmur3Long(word, seed), SlowMurmur3(eight, seed));
    ASSERT_EQ(Murmur3Int(static_cast<uint32_t>(word), seed), SlowMurmur3(eight.substr(0, 4), seed));
  }
}

}  // namespace
}  // namespace thalweg
