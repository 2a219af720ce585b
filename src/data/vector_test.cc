#include "data/vector.h"

#include <gtest/gtest.h>

#include "data/batch.h"
#include "data/test_random.h"

namespace thalweg {
namespace {

TEST(Vector, ACopyKeepsItsValuesWhenTheOriginalIsReset) {
  Vector vector;
  vector.ResetFlat(StringType(), 1);
  vector.SetString(0, "a string that does not fit into its view");
  const Vector copy = vector;
  vector.ResetFlat(StringType(), 1);
  vector.SetString(0, "another string that does not fit either!");
  EXPECT_EQ(copy.values<StringView>()[0].view(), "a string that does not fit into its view");
}

TEST(Vector, ReuseTakesTheSameBlocksAgain) {
  Vector vector;
  vector.ResetFlat(StringType(), kBatchRows);
  vector.SetString(0, std::string(100, 'x'));
  const void* values = vector.values<StringView>();
  const char* text = vector.values<StringView>()[0].data();
  vector.ResetFlat(StringType(), kBatchRows);
  vector.SetString(0, std::string(100, 'y'));
  EXPECT_EQ(vector.values<StringView>(), values);
  EXPECT_EQ(vector.values<StringView>()[0].data(), text);
}

TEST(Vector, SharedValidityIsCopiedBeforeItIsWritten) {
  Vector vector;
  vector.ResetFlat(IntType(), 70);
  vector.SetNull(3);
  Vector copy = vector;
  copy.SetNull(69);
  EXPECT_TRUE(copy.IsNull(3));
  EXPECT_TRUE(copy.IsNull(69));
  EXPECT_FALSE(vector.IsNull(69));
}

TEST(Vector, RowsAddedBehindNullsAreValid) {
  Vector vector;
  vector.ResetFlat(IntType(), 1);
  vector.SetNull(0);
  vector.Reserve(5000);
  vector.SetSize(5000);
  EXPECT_TRUE(vector.IsNull(0));
  for (int i = 1; i < 5000; ++i) ASSERT_FALSE(vector.IsNull(i));
}

TEST(Vector, ATypeThatLiesInAChildMayBeTheNewType) {
  Vector vector(ArrayType(ArrayType(IntType())));
  vector.ResetFlat(vector.child(0).type(), 2);
  EXPECT_EQ(vector.type()->Sql(), "ARRAY<INT>");
}

TEST(StringView, HoldsComparesAndOrdersLikeItsBytes) {
  TestRandom random(8);
  std::vector<std::string> texts;
  for (int i = 0; i < 400; ++i) {
    std::string text(random.Below(20), 'a');
    for (char& c : text) c = "ab\0\xFF"[random.Below(4)];
    texts.push_back(text);
  }
  for (const std::string& a : texts) {
    ASSERT_EQ(StringView(a).view(), a);
    for (const std::string& b : texts) {
      const std::string_view x(a), y(b);
      ASSERT_EQ(StringView(a) == StringView(b), x == y);
      const int order = StringView(a).Compare(StringView(b));
      ASSERT_EQ((order > 0) - (order < 0), (x > y) - (x < y));
    }
  }
}

TEST(Value, ConstantsOfEveryTypeReadBack) {
  for (uint64_t seed = 0; seed < 200; ++seed) {
    TestRandom random(seed);
    const Value value = RandomValue(RandomType(random, 3), random);
    Vector vector;
    MakeConstant(value, 3, &vector);
    ASSERT_EQ(vector.size(), 3);
    ASSERT_TRUE(GetValue(vector, 2) == value) << value.type()->Sql();
  }
}

}  // namespace
}  // namespace thalweg
