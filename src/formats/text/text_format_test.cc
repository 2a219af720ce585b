// Expected rows were recorded from Spark 4.2.
#include "formats/text/text_format.h"

#include <gtest/gtest.h>

#include "data/test_rows.h"
#include "formats/test_files.h"

namespace thalweg {
namespace {

std::string Rows(std::string_view bytes, const Options& options = {}) {
  return RowsOf(TextFormat(), bytes, "value STRING", options);
}

TEST(TextFormatTest, LinesAndWholeTexts) {
  EXPECT_EQ(Rows("a\nb\n\nc"), "a\nb\n\nc\n");
  EXPECT_EQ(Rows("a\nb\r\nc\rd"), "a\nb\nc\nd\n");
  EXPECT_EQ(Rows("a|b", {{"linesep", "|"}}), "a\nb\n");
  EXPECT_EQ(Rows("a\nb", {{"wholetext", "true"}}), "a\nb\n");
  EXPECT_EQ(Rows("", {{"wholetext", "true"}}), "");
  EXPECT_EQ(Rows(std::string(600'000, 'x'), {{"wholetext", "true"}}),
            std::string(600'000, 'x') + "\n");
}

TEST(TextFormatTest, RowsWithoutColumnsAreCounted) {
  TestFiles files;
  files.Write("/in/f", "a\nb\n");
  FormatRequest request = MakeRequest("value STRING");
  request.columns.clear();
  request.output = Schema::Make({});
  auto reader = TextFormat().OpenReader(files.env(), "/in/f", request);
  ASSERT_TRUE(reader.ok());
  Batch batch;
  ASSERT_TRUE((*reader)->Next(&batch).ok());
  EXPECT_EQ(batch.row_count(), 2);
  EXPECT_EQ((*reader)->bytes_read(), 4);
}

TEST(TextFormatTest, SchemasAndOptions) {
  EXPECT_EQ(RowsOf(TextFormat(), "a", "x STRING"), "a\n");
  EXPECT_EQ(RowsOf(TextFormat(), "a", "x INT"), "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
  EXPECT_EQ(RowsOf(TextFormat(), "a", "x STRING, y STRING"), "ERROR _LEGACY_ERROR_TEMP_1290\n");
  EXPECT_EQ(Rows("a", {{"lineSepp", "|"}}), "ERROR THALWEG_UNKNOWN_OPTION\n");
  EXPECT_EQ(Rows("a", {{"linesep", ""}}), "ERROR STDS_INVALID_OPTION_VALUE.WITH_MESSAGE\n");
}

TEST(TextFormatTest, Written) {
  EXPECT_EQ(WrittenBytes(TextFormat(), MakeBatch("a STRING", "x\nnull\n'y z'")), "x\n\ny z\n");
  EXPECT_EQ(WrittenBytes(TextFormat(), MakeBatch("a STRING", "x"), {{"linesep", "|"}}), "x|");
  EXPECT_EQ(WrittenBytes(TextFormat(), MakeBatch("a INT", "1")),
            "ERROR UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE\n");
}

}  // namespace
}  // namespace thalweg
