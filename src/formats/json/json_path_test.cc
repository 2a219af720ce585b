#include "formats/json/json_path.h"

#include <gtest/gtest.h>

namespace thalweg {
namespace {

/// What Spark's get_json_object says; "NULL" for nothing.
std::string Find(const std::string& json, const std::string& text) {
  JsonPath path;
  if (JsonPath::Parse(text, &path) != JsonPath::Outcome::kOk) return "no path";
  std::string found;
  return path.Find(json, &found) ? found : "NULL";
}

TEST(JsonPath, FollowsKeysAndIndexes) {
  EXPECT_EQ(Find(R"({"a":{"b":[1,2,{"c":"x"}]}})", "$.a.b[2].c"), "x");
  EXPECT_EQ(Find(R"({"a":{"b":[1, 2]}})", "$.a.b"), "[1,2]");
  EXPECT_EQ(Find(R"({"a":[1]})", "$.a[9]"), "NULL");
  EXPECT_EQ(Find(R"({"a b":1,"k.e":2})", "$['a b']"), "1");
  EXPECT_EQ(Find(R"({"a b":1,"k.e":2})", "$['k.e']"), "2");
  EXPECT_EQ(Find(R"({"a":null,"a":2,"a":3})", "$.a"), "2");
  EXPECT_EQ(Find("\"x\"", "$"), "x");
  EXPECT_EQ(Find("5", "$"), "5");
  EXPECT_EQ(Find("", "$"), "NULL");
}

TEST(JsonPath, PutsMatchesTogether) {
  EXPECT_EQ(Find(R"([{"a":1},{"a":2}])", "$[*].a"), "[1,2]");
  EXPECT_EQ(Find(R"([{"a":"x"}])", "$[*].a"), "\"x\"");
  EXPECT_EQ(Find("[[1,2],[3]]", "$[*][*]"), "[1,2,3]");
  EXPECT_EQ(Find("[[[1],[2]],[[3]]]", "$[*][*]"), "[1,2,3]");
  EXPECT_EQ(Find("[[1],[3]]", "$[0][*]"), "[1]");
  EXPECT_EQ(Find("[[[1,2],[3]],[[4]]]", "$[*][0]"), "[[1,2],[4]]");
  EXPECT_EQ(Find(R"([{"a":[1,2]},{"a":[3]}])", "$[*].a[*]"), "[[1,2],[3]]");
  EXPECT_EQ(Find(R"([{"a":[[1,2],[3]]}])", "$[*].a[*][*]"), "[1,2,3]");
  EXPECT_EQ(Find(R"({"a":[{"b":[{"c":1},{"c":2}]},{"b":[{"c":3}]}]})", "$.a[*].b[*].c"),
            "[[1,2],[3]]");
  EXPECT_EQ(Find(R"({"*":3})", "$.*"), "NULL");
}

TEST(JsonPath, PrintsAsJacksonDoes) {
  EXPECT_EQ(Find(R"({"a":1.50})", "$.a"), "1.5");
  EXPECT_EQ(Find(R"({"a":1e5})", "$.a"), "100000.0");
  EXPECT_EQ(Find(R"({"a":"x\u00e9\n"})", "$.a"), "xé\n");
  EXPECT_EQ(Find(R"({"a":{"k":"x\n\u00e9"}})", "$.a"), R"({"k":"x\né"})");
  EXPECT_EQ(Find(R"({'a':'x'})", "$.a"), "x");
}

TEST(JsonPath, MalformedTextsGiveNothing) {
  for (const char* json : {R"({"a":1)", R"({"a":1,"b":})", R"({"a":NaN})", "{a:1}", R"({"a":01})",
                           R"({"a":tru})", "bad", R"({"b":[}, "a":1})"}) {
    EXPECT_EQ(Find(json, "$.a"), "NULL") << json;
  }
  EXPECT_EQ(Find(R"({"a":1}{"a":2})", "$.a"), "1");  // what stands behind does not count
}

TEST(JsonPath, RefusesPaths) {
  for (const char* path : {"", "a", "$x", "$.", "$..b", "$.a[", "$[a]", "$[\"a\"]", "$[-1]",
                           "$['a'", " $.a", "$ .a", "$[0 ]"}) {
    EXPECT_EQ(Find(R"({"a":1})", path), "no path") << path;
  }
  JsonPath path;
  EXPECT_EQ(JsonPath::Parse("$[99999999999999999999]", &path), JsonPath::Outcome::kIndexTooLarge);
}

}  // namespace
}  // namespace thalweg
