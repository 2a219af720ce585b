#include "functions/charset.h"

#include <gtest/gtest.h>
#include <unicode/unistr.h>

namespace thalweg {
namespace {

std::string Encode(const std::string& text, const char* name) {
  std::string out;
  return EncodeText(text, *FindCharset(name), &out) ? out : "no";
}
std::string Decode(const std::string& bytes, const char* name) {
  std::string out;
  return DecodeText(bytes, *FindCharset(name), &out) ? out : "no";
}

TEST(Charset, EncodesAndDecodes) {
  EXPECT_EQ(Encode("aé", "iso-8859-1"), "a\xE9");
  EXPECT_EQ(Encode("é", "US-ASCII"), "no");
  EXPECT_EQ(Encode("a", "UTF-16"), std::string("\xFE\xFF\0a", 4));
  EXPECT_EQ(Encode("a😀", "UTF-16LE"), std::string("a\0\x3D\xD8\0\xDE", 6));
  EXPECT_EQ(Encode("😀", "UTF-32"), std::string("\0\x01\xF6\0", 4));
  EXPECT_EQ(Decode("\xE9", "ISO-8859-1"), "é");
  EXPECT_EQ(Decode("\xE9", "US-ASCII"), "no");
  EXPECT_EQ(Decode(std::string("\xFF\xFE\x61\0", 4), "UTF-16"), "a");
  EXPECT_EQ(Decode("\x61", "UTF-16BE"), "no");
  EXPECT_EQ(Decode(std::string("\xD8\0", 2), "UTF-16BE"), "no");
  EXPECT_EQ(Decode("\xED\xA0\x80", "UTF-8"), "no");
  EXPECT_FALSE(FindCharset("UTF8").has_value());
}

TEST(Charset, RoundTripsEveryCodePoint) {
  for (uint32_t point = 0; point < 0x110000; point += 7) {
    if (point >= 0xD800 && point < 0xE000) continue;
    std::string text;
    icu::UnicodeString::fromUTF32(reinterpret_cast<const UChar32*>(&point), 1).toUTF8String(text);
    for (const char* name : {"UTF-8", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32"}) {
      ASSERT_EQ(Decode(Encode(text, name), name), text) << point << name;
    }
  }
}

/// ICU replaces by the same rule (Unicode's maximal subpart).
TEST(Charset, MakesTextsValidAsIcuDoes) {
  uint64_t random = 88172645463325252ull;
  const std::string bytes_of = "a\x80\xBF\xC2\xC3\xE0\xA0\xED\x9F\xF0\x90\xF4\x8F\xFF\xE2\x82";
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes;
    for (int k = 0; k < 6; ++k) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      bytes += bytes_of[random % bytes_of.size()];
    }
    std::string expected, found;
    icu::UnicodeString::fromUTF8(bytes).toUTF8String(expected);
    AppendValidUtf8(bytes, &found);
    ASSERT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace thalweg
