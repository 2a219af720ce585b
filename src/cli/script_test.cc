#include "cli/script.h"

#include <gtest/gtest.h>

#include "cli/script_player.h"
#include "cli/script_query.h"
#include "cli/script_rows.h"
#include "data/ddl.h"

namespace thalweg {
namespace {

constexpr const char* kText =
    "# A comment.\n"
    "conf spark.sql.ansi.enabled false\n"
    "\n"
    "sql SELECT 1\n"
    "  AS x\n"
    "----\n"
    "x INT\n"
    "2\n"
    "\n"
    "epoch a,1\n"
    "# The end.\n";

TEST(Script, IsReadDirectiveByDirective) {
  const Result<Script> script = ReadScript("a.test", kText);
  ASSERT_TRUE(script.ok());
  ASSERT_EQ(script->directives.size(), 3u);
  const Directive& sql = script->directives[1];
  EXPECT_EQ(sql.line, 4);
  EXPECT_EQ(sql.keyword, "sql");
  EXPECT_EQ(sql.text, "SELECT 1\n  AS x");
  EXPECT_EQ(sql.expected, (ScriptOutput{"x INT", "2"}));
  EXPECT_TRUE(script->Has("epoch"));
  EXPECT_FALSE(script->Has("restart"));
  const Result<Script> bad = ReadScript("b.test", "\nselct 1\n");
  EXPECT_EQ(bad.status().message(), "b.test:2: no directive begins so: selct 1");
}

TEST(Script, IsRewrittenWithWhatCameOut) {
  const Result<Script> script = ReadScript("a.test", kText);
  EXPECT_EQ(RewriteScript(*script, {{}, {"x INT", "2"}, {}}), kText);
  EXPECT_EQ(RewriteScript(*script, {{}, {"x INT NOT NULL", "1", "1"}, {"a 1"}}),
            "# A comment.\n"
            "conf spark.sql.ansi.enabled false\n"
            "\n"
            "sql SELECT 1\n"
            "  AS x\n"
            "----\n"
            "x INT NOT NULL\n"
            "1\n"
            "1\n"
            "\n"
            "epoch a,1\n"
            "----\n"
            "a 1\n"
            "\n"
            "# The end.\n");
}

TEST(ScriptRows, AreReadAndPrinted) {
  const SchemaPtr schema = *ParseDdl("ts TIMESTAMP, k STRING, v INT");
  const auto batches = ReadRows(SplitWords("00:00:05,'a b',1 2025-01-02T00:00:00,NULL,NULL"),
                                schema, /*batch_rows=*/1);
  ASSERT_TRUE(batches.ok()) << batches.status().ToString();
  EXPECT_EQ(batches->size(), 2u);
  EXPECT_EQ(PrintRows(*batches, TimeZone::Utc(), /*ordered=*/true),
            (std::vector<std::string>{"00:00:05 'a b' 1", "2025-01-02T00:00:00 NULL NULL"}));
  EXPECT_FALSE(ReadRows({"00:00:05,a"}, schema, 1).ok());
  EXPECT_FALSE(ReadRows({"00:00:05,a,b"}, schema, 1).ok());
}

// A world that promises a crash must crash, and what comes out must be the same.
TEST(ScriptQuery, DiesOnceAnEpochAndComesBack) {
  for (const World& world : WorldsOf({}, /*all=*/true)) {
    SimWorld simulated{SimOptions()};
    Session session(simulated.NewLife());
    ScriptQuery query(world, &session);
    ASSERT_TRUE(query.AddStream("ev", *ParseDdl("k STRING, v INT")).ok());
    ASSERT_TRUE(query.SetMode("update").ok());
    query.SetQuery("SELECT k, count(*) AS n FROM ev GROUP BY k");
    ASSERT_TRUE(query.Add("a,1 a,2 b,3").ok());
    ASSERT_TRUE(query.Trigger(true).ok()) << world.Name();
    ASSERT_TRUE(query.Add("a,4").ok());
    ASSERT_TRUE(query.Trigger(true).ok()) << world.Name();
    EXPECT_EQ(query.summary().epoch, 1);
    EXPECT_EQ(PrintRows(query.Rows(), TimeZone::Utc(), false), (ScriptOutput{"a 3"}))
        << world.Name();
    EXPECT_EQ(query.deaths(), world.crash == CrashPoint::kNone ? 0 : 2) << world.Name();
  }
}

TEST(ScriptPlayer, SaysWhereADirectiveCannotBePlayed) {
  const Result<Script> script = ReadScript("a.test", "\nmode sideways\n");
  const auto outputs = PlayScript(*script, World());
  EXPECT_EQ(outputs.status().message(), "no output mode: sideways (a.test:2).");
}

}  // namespace
}  // namespace thalweg
