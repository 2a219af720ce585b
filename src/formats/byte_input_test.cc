#include "formats/byte_input.h"

#include <zlib.h>
#include <zstd.h>

#include <gtest/gtest.h>

#include "formats/line_reader.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string Gzip(std::string_view bytes) {
  z_stream stream = {};
  THALWEG_CHECK(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, 0) == Z_OK, "zlib");
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  THALWEG_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END, "zlib");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string Zstd(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

/// All bytes, read in pieces of `capacity`, or the error.
std::string ReadAll(const std::string& name, std::string_view bytes, int64_t capacity = 1000) {
  TestFiles files;
  files.Write(name, bytes);
  auto input = OpenByteInput(files.env(), name);
  if (!input.ok()) return input.status().ToString();
  std::string out;
  std::string piece(static_cast<size_t>(capacity), '\0');
  while (true) {
    const Result<int64_t> read = (*input)->Read(piece.data(), capacity);
    if (!read.ok()) return read.status().message();
    if (*read == 0) break;
    out.append(piece, 0, static_cast<size_t>(*read));
  }
  EXPECT_EQ((*input)->file_bytes(), static_cast<int64_t>(bytes.size()));
  return out;
}

std::string Text(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  return text;
}

TEST(ByteInputTest, PlainGzipAndZstdGiveTheSameBytes) {
  const std::string text = Text(50'000);
  EXPECT_EQ(ReadAll("/f/a.json", text), text);
  for (const int64_t capacity : {1, 1000, 1 << 20}) {
    const std::string some = capacity == 1 ? text.substr(0, 10'000) : text;
    EXPECT_EQ(ReadAll("/f/a.json.gz", Gzip(some), capacity), some);
    EXPECT_EQ(ReadAll("/f/a.json.zst", Zstd(some), capacity), some);
  }
  EXPECT_EQ(ReadAll("/f/empty.gz", ""), "");
}

TEST(ByteInputTest, MembersAndFramesFollowEachOther) {
  const std::string text = Text(100);
  EXPECT_EQ(ReadAll("/f/a.gz", Gzip(text) + Gzip("") + Gzip(text)), text + text);
  EXPECT_EQ(ReadAll("/f/a.zst", Zstd(text) + Zstd(text)), text + text);
}

TEST(ByteInputTest, DamageNamesFileAndByte) {
  const std::string text = Text(1000);
  const std::string gzip = Gzip(text), zstd = Zstd(text);
  for (const size_t cut : {size_t{1}, size_t{15}, gzip.size() / 2, gzip.size() - 1}) {
    const std::string message = ReadAll("/f/a.gz", gzip.substr(0, cut));
    EXPECT_NE(message.find("/f/a.gz is damaged at byte " + std::to_string(cut)), message.npos)
        << message;
  }
  for (const size_t cut : {size_t{1}, zstd.size() / 2, zstd.size() - 1}) {
    const std::string message = ReadAll("/f/a.zst", zstd.substr(0, cut));
    EXPECT_NE(message.find("/f/a.zst is damaged at byte "), message.npos) << message;
  }
  EXPECT_NE(ReadAll("/f/a.gz", "no gzip").find("is damaged at byte "), std::string::npos);
  EXPECT_NE(ReadAll("/f/a.zst", "no zstd").find("is damaged at byte "), std::string::npos);
  EXPECT_NE(ReadAll("/f/a.gz", gzip + "tail").find("is damaged at byte "), std::string::npos);
  std::string flipped = gzip;
  flipped[flipped.size() - 6] ^= 1;  // its checksum
  EXPECT_NE(ReadAll("/f/a.gz", flipped).find("is damaged at byte "), std::string::npos);
}

TEST(ByteInputTest, OtherCompressionsAreRefused) {
  EXPECT_NE(ReadAll("/f/a.bz2", "x").find("THALWEG_NOT_SUPPORTED_YET"), std::string::npos);
}

std::vector<std::string> Lines(std::string_view bytes, const std::string& separator = "") {
  TestFiles files;
  files.Write("/f/a", bytes);
  auto input = OpenByteInput(files.env(), "/f/a");
  EXPECT_TRUE(input.ok());
  LineReader reader(*std::move(input), "/f/a", separator);
  std::vector<std::string> lines;
  std::string_view line;
  while (true) {
    const Result<bool> more = reader.Next(&line);
    EXPECT_TRUE(more.ok());
    if (!more.ok() || !*more) break;
    lines.emplace_back(line);
    EXPECT_EQ(reader.lines(), static_cast<int64_t>(lines.size()));
  }
  return lines;
}

using Strings = std::vector<std::string>;

TEST(LineReaderTest, EveryLineEnd) {
  EXPECT_EQ(Lines(""), Strings{});
  EXPECT_EQ(Lines("a"), Strings{"a"});
  EXPECT_EQ(Lines("a\n"), Strings{"a"});
  EXPECT_EQ(Lines("a\n\nb"), (Strings{"a", "", "b"}));
  EXPECT_EQ(Lines("a\r\nb\rc\n\rd\r"), (Strings{"a", "b", "c", "", "d"}));
  EXPECT_EQ(Lines("\r\n"), Strings{""});
}

TEST(LineReaderTest, OwnSeparator) {
  EXPECT_EQ(Lines("a|b\n|c|", "|"), (Strings{"a", "b\n", "c"}));
  EXPECT_EQ(Lines("a##b#c##", "##"), (Strings{"a", "b#c"}));
}

TEST(LineReaderTest, LinesLongerThanABlockAndAcrossBlocks) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    Strings expected;
    std::string bytes;
    for (int i = 0; i < 40; ++i) {
      // Around the size of a block, so that its end meets every part of a line end.
      expected.emplace_back(
          i % 5 == 0 ? 3 * LineReader::kBlockBytes + i : LineReader::kBlockBytes / 2 - 4 + i % 7,
          static_cast<char>('a' + i % 26));
      bytes += expected.back() + end;
    }
    EXPECT_EQ(Lines(bytes), expected);
  }
}

}  // namespace
}  // namespace thalweg
