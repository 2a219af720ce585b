#include "base/crc32c.h"

#include <string>

#include <gtest/gtest.h>

namespace thalweg {
namespace {

// Bit by bit, as the polynomial says.
uint32_t SlowCrc32c(std::string_view bytes) {
  uint32_t crc = ~0u;
  for (const char c : bytes) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0u);
  }
  return ~crc;
}

std::string Bytes(size_t length) {
  std::string bytes(length, '\0');
  uint32_t x = 12345;
  for (char& c : bytes) c = static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
  return bytes;
}

TEST(Crc32cTest, KnownVectors) {  // RFC 3720, B.4
  EXPECT_EQ(Crc32c(""), 0u);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43u);
}

TEST(Crc32cTest, EveryWayGivesTheSame) {
  const std::string bytes = Bytes(20'000);
  for (size_t length : {1, 7, 8, 9, 63, 511, 512, 1535, 1536, 1537, 3072, 5000, 19'993}) {
    const std::string_view part(bytes.data() + 3, length);
    const uint32_t slow = SlowCrc32c(part);
    EXPECT_EQ(Crc32c(part), slow) << length;
    EXPECT_EQ(detail::Crc32cByTables(part), slow) << length;
  }
}

TEST(Crc32cTest, GoesOnFromAnEarlierPart) {
  const std::string bytes = Bytes(4000);
  const std::string_view all = bytes;
  for (size_t cut : {0, 1, 100, 1536, 3999}) {
    EXPECT_EQ(Crc32c(all.substr(cut), Crc32c(all.substr(0, cut))), Crc32c(all)) << cut;
  }
}

}  // namespace
}  // namespace thalweg
