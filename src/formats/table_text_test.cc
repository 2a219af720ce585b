#include "formats/table_text.h"

#include <gtest/gtest.h>

#include "data/value.h"

namespace thalweg {
namespace {

TEST(Table, LooksAsSparkShowsIt) {
  const SchemaPtr schema = Schema::Make({{"id", IntType()}, {"名", StringType()}});
  Batch batch(schema);
  const char* names[] = {"Ann", "two\nlines", "東京"};
  for (int row = 0; row < 3; ++row) {
    AppendValue(row == 1 ? Value(IntType()) : Value::Int(row), &batch.mutable_column(0));
    AppendValue(Value::String(names[row]), &batch.mutable_column(1));
    batch.SetRowCount(row + 1);
  }
  EXPECT_EQ(DrawTable(*schema, {batch}, TimeZone::Utc()),
            "+----+----------+\n"
            "|  id|        名|\n"
            "+----+----------+\n"
            "|   0|       Ann|\n"
            "|NULL|two\\nlines|\n"
            "|   2|      東京|\n"
            "+----+----------+\n");
  EXPECT_EQ(DrawTable(*Schema::Make({}), {}, TimeZone::Utc()), "");
}

}  // namespace
}  // namespace thalweg
