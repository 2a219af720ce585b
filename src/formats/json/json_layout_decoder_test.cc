// The reader with its layouts gives what JsonDecoder gives line by line, whatever the lines.
#include "formats/json/json_layout_decoder.h"

#include <simdjson.h>

#include <gtest/gtest.h>

#include "data/test_random.h"
#include "data/test_rows.h"
#include "formats/json/json_format.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

constexpr const char* kDdl =
    "u STRING, i BIGINT, n INT, t TIMESTAMP, d DOUBLE, p DECIMAL(10,2), b BOOLEAN, day DATE, "
    "s STRUCT<x: INT, y: STRING, z: STRUCT<w: BIGINT>>, a ARRAY<INT>, m MAP<STRING, INT>, "
    "f FLOAT, ntz TIMESTAMP_NTZ, _corrupt_record STRING";

/// What the reader gives, by JsonDecoder alone.
std::string ExpectedRows(std::string_view bytes, const FormatRequest& request) {
  JsonDecoderOptions options;
  options.skipped_field = request.output->Find("_corrupt_record");
  auto decoder = JsonDecoder::Make(request.output->AsStruct(), options);
  std::string out;
  while (!bytes.empty()) {
    const size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    const bool both = bytes.substr(end, 2) == "\r\n";
    bytes.remove_prefix(std::min(bytes.size(), end + (both ? 2 : 1)));
    Batch batch(request.output);
    const JsonRecord record = (*decoder)->DecodeRecord(line, nullptr, &batch.mutable_column(0), 0);
    for (int i = 0; i < batch.column_count(); ++i) {
      TruncateJson(&batch.mutable_column(i), record.rows);
    }
    batch.SetRowCount(record.rows);
    if (record.outcome != JsonOutcome::kOk && options.skipped_field >= 0) {
      Vector& corrupt = batch.mutable_column(options.skipped_field);
      corrupt.ResetConstant(StringType(), record.rows);
      corrupt.SetString(0, line);
    }
    for (const std::string& row : RowTexts(batch)) out += row + "\n";
  }
  return out;
}

void ExpectSame(std::string_view bytes, const FormatRequest& request) {
  TestFiles files;
  files.Write("/in/f", bytes);
  EXPECT_EQ(ReadRows(files, "/in/f", request, JsonFormat()), ExpectedRows(bytes, request));
}

/// A value for the field: mostly of its type, in common and in rare forms.
std::string RandomJson(TestRandom& random, std::string_view field) {
  const auto pick = [&](std::initializer_list<const char*> forms) {
    return std::string(forms.begin()[random.Below(static_cast<int>(forms.size()))]);
  };
  if (random.OneIn(20)) return "null";
  if (random.OneIn(60)) {
    return pick({"\"x\"", "1", "true", "[1, 2]", "{\"q\":{\"r\":[null]}}", "1.5", "\"\"", "-"});
  }
  const int64_t number = static_cast<int64_t>(random.Next()) >> random.Below(64);
  if (field == "u" || field == "y") {
    if (random.OneIn(3))
      return "\"" + std::string(static_cast<size_t>(random.Below(70)), 'k') + "\"";
    return pick({"\"view\"", "\"\"", "\"é and 😀\"", "\"\\u00e9\\n\"", "\"a longer text here\"",
                 "\"\xFF\"", "\"tab\there\"", "'single'", "\"\\q\"", "\"it's\""});
  }
  if (field == "i" || field == "w") return std::to_string(number);
  if (field == "n" || field == "x") return std::to_string(number % 3'000'000'000);
  if (field == "t" || field == "ntz") {
    return pick({"\"2024-01-02T03:04:05.123Z\"", "\"2024-01-02 03:04:05\"", "1700000000",
                 "\"2024-01-02\"", "\"2024-02-30 00:00:00\"", "\"2024-01-02 24:00:00\"",
                 "\"2024-01-02T03:04:05.1234567Z\"", "\"2024-01-02 03:04:05+01:00\"",
                 "\"0000-01-01 00:00:00\"", "\"2024-01-02 03:04:5\"", "\"2024-01-02 03:04:05.\""});
  }
  if (field == "day") {
    return pick({"\"2024-01-02\"", "\"2024-02-29\"", "\"2023-02-29\"", "\"2024-1-2\"", "\"24\"",
                 "\"0000-01-01\"", "\"0001-01-01\""});
  }
  if (field == "d" || field == "f" || field == "p") {
    if (random.OneIn(2)) {
      return std::to_string(number % 1000) + "." + std::to_string(random.Below(100000));
    }
    return pick({"0",
                 "-0",
                 "-0.0",
                 "1e3",
                 "1.5E-3",
                 "0.1",
                 "123456789012345678.25",
                 "01",
                 "1.",
                 "NaN",
                 "-INF",
                 "\"NaN\"",
                 "0.000001",
                 "9007199254740993",
                 "123456.789",
                 "-1.005",
                 "99999999.99",
                 "99999999.995",
                 "100000000",
                 "1.7976931348623157"});
  }
  if (field == "b") return pick({"true", "false", "true", "tru", "\"true\""});
  if (field == "a") return pick({"[]", "[1]", "[1,2,3]", "[1, null]", "[\"x\"]", "[[1]]", "[1"});
  if (field == "m") return pick({"{}", "{\"k\":1}", "{\"k\":1,\"l\":null}", "{\"k\":\"x\"}"});
  return pick({"12", "\"unknown\"", "{\"deep\":[1,{\"er\":null}]}", "[true]", "1e5", "-"});
}

std::string RandomObject(TestRandom& random, int shape) {
  static const std::vector<std::vector<std::string>> kShapes = {
      {"u", "i", "n", "t", "d"},
      {"t", "other", "u", "p", "b", "day", "s"},
      {"s", "a", "m", "f", "ntz", "u"},
      {"i", "unknown", "n"},
      {},
      {"u", "u"},
      {"a", "s", "s"},
  };
  const std::string comma = shape % 2 == 0 ? "," : " , ";
  std::string out = "{";
  for (const std::string& field : kShapes[shape]) {
    if (out.size() > 1) out += comma;
    out += "\"" + field + "\":" + (shape == 1 ? " " : "");
    if (field != "s" || random.OneIn(5)) {
      out += RandomJson(random, field);
    } else {
      out += "{\"x\":" + RandomJson(random, "x") + ",\"z\":{\"w\":" + RandomJson(random, "w") +
             "},\"y\":" + RandomJson(random, "y") + "}";
    }
  }
  return out + "}" + (shape == 3 ? "  " : "");
}

std::string RandomLines(TestRandom& random, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) {
    bytes += RandomObject(random, random.Below(7));
    bytes += random.OneIn(10) ? "\r\n" : random.OneIn(100) ? "\r" : "\n";
    if (random.OneIn(200)) bytes += "[{\"i\":1},{\"i\":2}]\n\n \n";
  }
  return bytes;
}

TEST(JsonLayoutDecoderTest, RandomLines) {
  TestRandom random(1);
  for (int round = 0; round < 8; ++round) {
    ExpectSame(RandomLines(random, 1500), MakeRequest(kDdl));
  }
}

TEST(JsonLayoutDecoderTest, RandomLinesOfSomeColumns) {
  TestRandom random(2);
  const std::vector<std::vector<std::string>> selections = {
      {"i"}, {"s", "t"}, {"a", "_corrupt_record"}, {"p", "d", "m", "u"}};
  for (const auto& selected : selections) {
    ExpectSame(RandomLines(random, 1500), MakeRequest(kDdl, {}, selected));
  }
}

TEST(JsonLayoutDecoderTest, MutatedBytes) {
  TestRandom random(3);
  for (int round = 0; round < 8; ++round) {
    std::string bytes = RandomLines(random, 1000);
    for (int i = 0; i < 200; ++i) {
      const size_t at = random.Next() % bytes.size();
      constexpr std::string_view kBytes = "{}[]\":,0-.eEtn \\\n\r\x00\x80\xC3";
      bytes[at] = random.OneIn(2) ? kBytes[static_cast<size_t>(random.Below(kBytes.size()))]
                                  : static_cast<char>(random.Below(256));
    }
    ExpectSame(bytes, MakeRequest(kDdl));
  }
}

TEST(JsonLayoutDecoderTest, EveryCutOfTheFile) {
  TestRandom random(4);
  const std::string bytes = RandomLines(random, 6);
  for (size_t size = 0; size <= bytes.size(); ++size) {
    ExpectSame(std::string_view(bytes).substr(0, size), MakeRequest(kDdl));
  }
}

TEST(JsonLayoutDecoderTest, LinesOfOneLayoutAreReadByIt) {
  auto decoder = JsonDecoder::Make(MakeSchema("i BIGINT, s STRING")->AsStruct(), {});
  JsonLayoutDecoder layouts(**decoder);
  Batch batch(MakeSchema("i BIGINT, s STRING"));
  const std::string first = R"({"i":1,"s":"x"})";
  const JsonRecord record = (*decoder)->DecodeRecord(first, nullptr, &batch.mutable_column(0), 0);
  ASSERT_EQ(record.rows, 1);
  layouts.Learn(first);
  layouts.Bind(&batch.mutable_column(0));
  Buffer block = Buffer::Allocate(1000);
  const auto next = [&](std::string_view line, int row) {
    std::memset(block.data(), 0, block.capacity() + Buffer::kPadBytes);
    std::memcpy(block.data(), line.data(), line.size());
    const char* begin = block.as<char>();
    const char* end = layouts.TryLine(begin, begin + line.size(), block, row);
    return end == nullptr ? -1 : static_cast<int>(end - begin);
  };
  EXPECT_EQ(next("{\"i\":22,\"s\":\"a text that is not inline\"}\n{", 1), 41);
  EXPECT_EQ(next("{\"i\":null,\"s\":\"\\u0041\"}\r\n", 2), 25);
  EXPECT_EQ(next("{\"i\":3,\"s\":\"y\"}", 3), -1);    // its end is not there yet
  EXPECT_EQ(next("{\"i\":3,\"s\":\"y\"}\r", 3), -1);  // a \n may follow
  EXPECT_EQ(next("{\"i\":3,\"s\":\"y\",}\n", 3), -1);
  EXPECT_EQ(next("{\"j\":3,\"s\":\"y\"}\n", 3), -1);
  EXPECT_EQ(layouts.lines_read(), 2);
}

TEST(JsonLayoutDecoderTest, PredicatesPassOverRows) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) {
    bytes += "{\"k\":" + (i % 10 == 0 ? "null" : std::to_string(i % 7)) + ",\"s\":\"" +
             (i % 3 == 0 ? "view" : "a longer kind of event") + "\",\"i\":" + std::to_string(i) +
             "}\n";
  }
  const auto rows = [&](std::vector<ScanPredicate> predicates) {
    TestFiles files;
    files.Write("/in/f", bytes);
    FormatRequest request = MakeRequest("i INT, s STRING, k INT", {}, {"i", "k", "s"});
    request.predicates = std::move(predicates);
    const std::string text = ReadRows(files, "/in/f", request, JsonFormat());
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  };
  const auto wanted = [&](auto holds) {
    int count = 0;
    for (int i = 0; i < 5000; ++i) count += holds(i) ? 1 : 0;
    return count + 1;  // the first line is read before its layout is known
  };
  EXPECT_EQ(rows({{2, CompareOp::kEqual, Value::Int(3)}}),
            wanted([](int i) { return i % 10 != 0 && i % 7 == 3; }));
  EXPECT_EQ(rows({{2, CompareOp::kIsNull, Value()}}), 500);
  EXPECT_EQ(rows({{1, CompareOp::kEqual, Value::String("view")},
                  {0, CompareOp::kGreaterEqual, Value::Int(4000)}}),
            wanted([](int i) { return i % 3 == 0 && i >= 4000; }));
  EXPECT_EQ(rows({{1, CompareOp::kNotEqual, Value::String("a longer kind of event")}}),
            wanted([](int i) { return i % 3 == 0; }) - 1);
  EXPECT_EQ(rows({{1, CompareOp::kEqual, Value::Int(3)}}), 5000);  // another type: not ours
}

// Fields that are not asked for, and what a predicate passes over, are verified all the same.
TEST(JsonLayoutDecoderTest, PartsOfStructsAndPredicatesOnThem) {
  std::string bytes;
  for (int i = 0; i < 3000; ++i) {
    const std::string n = std::to_string(i);
    const std::string bid =
        "{\"a\":" + n + ",\"t\":\"text " + n + "\",\"p\":{\"x\":" + n + ",\"y\":[" + n + "]}}";
    bytes += i % 5 == 0 ? "{\"kind\":0,\"person\":{\"id\":" + n + ",\"b\":[1]},\"bid\":null}\n"
                        : "{\"kind\":1,\"person\":null,\"bid\":" + bid + "}\n";
  }
  const char* const whole =
      "kind INT, person STRUCT<id: INT>, "
      "bid STRUCT<a: INT, t: STRING, p: STRUCT<x: INT, y: ARRAY<INT>>>";
  const char* const part = "kind INT, bid STRUCT<a: INT, p: STRUCT<x: INT>>";
  const auto read = [&](const std::string& lines, std::vector<ScanPredicate> predicates) {
    TestFiles files;
    files.Write("/in/f", lines);
    FormatRequest request = MakeRequest(whole, {}, {"kind", "bid"});
    request.output = MakeSchema(part);
    request.predicates = std::move(predicates);
    return ReadRows(files, "/in/f", request, JsonFormat());
  };
  const auto lines_of = [](const std::string& text) {
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  };
  EXPECT_EQ(lines_of(read(bytes, {})), 3000);
  const std::string bids = read(bytes, {{0, CompareOp::kEqual, Value::Int(1)}});
  EXPECT_EQ(lines_of(bids), 2401);  // the first line of a layout is read before it is known
  EXPECT_NE(bids.find("1, {7, {7}}\n"), std::string::npos) << bids.substr(0, 200);
  EXPECT_EQ(lines_of(read(bytes, {{2, CompareOp::kGreaterEqual, Value::Int(2990), {"a"}}})), 10);
  EXPECT_EQ(lines_of(read(bytes, {{2, CompareOp::kLess, Value::Int(11), {"p", "x"}}})), 9);
  EXPECT_EQ(lines_of(read(bytes, {{2, CompareOp::kIsNull, Value(), {"p", "x"}}})), 601);
  // Nobody wants the last line, but it is no JSON.
  const std::string wrong =
      bytes + "{\"kind\":0,\"person\":null,\"bid\":{\"a\":1,\"t\":\"\\q\",\"p\":null}}\n";
  EXPECT_EQ(lines_of(read(wrong, {{0, CompareOp::kEqual, Value::Int(1)}})), 2402);
}

// What is JSON for simdjson is JSON here, and what is not is malformed (but for what Jackson does
// not look at behind the value, and for the liberties that are off here).
TEST(JsonLayoutDecoderTest, SimdjsonJudgesWhatIsMalformed) {
  TestRandom random(5);
  JsonDecoderOptions options;
  options.syntax.single_quotes = false;
  options.syntax.non_numeric_numbers = false;
  auto decoder = JsonDecoder::Make(MakeSchema("q INT")->AsStruct(), options);
  simdjson::dom::parser parser;
  int valid = 0, malformed = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string line = RandomObject(random, random.Below(7));
    if (random.OneIn(2)) line[random.Next() % line.size()] = static_cast<char>(random.Below(256));
    const auto error = parser.parse(simdjson::padded_string(line)).error();
    // Numbers that fit no double or 64 bits are malformed for simdjson alone.
    if (error == simdjson::NUMBER_ERROR) continue;
    Batch batch(MakeSchema("q INT"));
    const JsonRecord record = (*decoder)->DecodeRecord(line, nullptr, &batch.mutable_column(0), 0);
    const bool ours = record.outcome != JsonOutcome::kMalformed;
    if (error == simdjson::SUCCESS) {
      EXPECT_TRUE(ours) << line;
      ++valid;
    } else if (ours) {
      // Then a shorter text is valid, which ends with the object.
      bool prefix = record.outcome == JsonOutcome::kFailed;
      for (size_t end = 1; end <= line.size() && !prefix; ++end) {
        prefix =
            line[end - 1] == '}' &&
            parser.parse(simdjson::padded_string(line.substr(0, end))).error() == simdjson::SUCCESS;
      }
      EXPECT_TRUE(prefix) << line;
    } else {
      ++malformed;
    }
  }
  EXPECT_GT(valid, 5000);
  EXPECT_GT(malformed, 2000);
}

}  // namespace
}  // namespace thalweg
