#!/usr/bin/env python3
"""`thalweg explain` and EXPLAIN: plans, what is kept until when, promises, cases of replay."""

import thalweg

SOURCE = """
CREATE TEMPORARY VIEW events (ts TIMESTAMP, k STRING, n INT) USING json
  OPTIONS (path 'in', maxFilesPerTrigger 1);
CREATE TEMPORARY VIEW names (k STRING, name STRING) USING json OPTIONS (path 'names');
"""


class ExplainCommand(thalweg.CommandTest):
    def setUp(self):
        super().setUp()
        (self.path / "in").mkdir()
        self.write("names/1.json", '{"k":"a","name":"Ann"}\n')

    def explain(self, table, query, source=SOURCE, *arguments):
        self.write("p.sql", f"{source}CREATE STREAMING TABLE t {table} AS {query};")
        return self.run_thalweg("explain", "p.sql", *arguments)[0]

    def section(self, text, title):
        return text.split(f"== {title} ==\n")[1].split("\n\n")[0]

    def test_the_four_plans_and_a_bounded_state(self):
        text = self.explain("USING json OPTIONS (path 'out')", """
          SELECT window.start, k, count(*) AS n
          FROM STREAM(events) WATERMARK ts DELAY OF INTERVAL 90 SECONDS
          WHERE n > 1 GROUP BY window(ts, '10 seconds', '5 seconds'), k""")
        for title, root in (("Parsed Logical Plan", "Aggregate"),
                            ("Analyzed Logical Plan", "start: timestamp, k: string, n: bigint"),
                            ("Optimized Logical Plan", "Project"), ("Physical Plan", "Project")):
            self.assertTrue(self.section(text, title).startswith(root), self.section(text, title))
        self.assertEqual(self.section(text, "State").split("\n")[1:], [
            "  keeps: count(1)",
            "  by: k, window(ts, 10 seconds, 5 seconds)",
            "  until: the watermark (1 minute 30 seconds behind the latest ts) reaches the end of "
            "window(ts, 10 seconds, 5 seconds)"])
        self.assertEqual(self.section(text, "Sink").split("\n")[1:], [
            "  output mode: append", "  promise: exactly-once",
            "  pace: an epoch every 1 second at most"])
        self.assertIn("brings the same rows", self.section(text, "Replay"))
        self.assertFalse((self.path / "out").exists())

    def test_unbounded_states_say_why_and_what_to_do(self):
        console = "USING console TBLPROPERTIES (outputMode = '{}')".format
        for table, query, because, remedy in (
                (console("update"), "SELECT k, sum(n) FROM STREAM(events) GROUP BY k",
                 "no grouping is a time with a watermark", "group also by window("),
                (console("update"),
                 "SELECT count(*) FROM STREAM(events) GROUP BY window(ts, '1 minute')",
                 "ts has no watermark", "WATERMARK ts DELAY OF INTERVAL"),
                (console("complete"), "SELECT k, sum(n) FROM STREAM(events) GROUP BY k",
                 "output mode complete", "outputMode = update")):
            state = self.section(self.explain(table, query), "State")
            self.assertIn("unbounded, because " + because, state)
            self.assertIn("remedy: " + remedy, state.replace("remedy: group", "remedy: group"))

    def test_one_entry_and_no_state(self):
        table = "USING console TBLPROPERTIES (outputMode = 'complete')"
        state = self.section(self.explain(table, "SELECT count(*) FROM STREAM(events)"), "State")
        self.assertIn("by: nothing, it is one entry", state)
        self.assertIn("until: the end of the query", state)
        text = self.explain("USING noop", "SELECT k FROM STREAM(events)")
        self.assertIn("every row is judged alone", self.section(text, "State"))

    def test_cases_of_replay(self):
        update = "USING console TBLPROPERTIES (outputMode = 'update')"
        static = """SELECT name, sum(n) FROM STREAM(events) JOIN names USING (k) GROUP BY name"""
        self.assertRegex(self.section(self.explain(update, static), "Replay"),
                         r"case b: below state stands the static table .*names")
        above = "SELECT name, n FROM STREAM(events) JOIN names USING (k)"
        self.assertRegex(self.section(self.explain("USING console", above), "Replay"),
                         r"case c: above the last state stands the static table .*at-least-once")
        self.assertRegex(
            self.section(self.explain("USING json OPTIONS (path 'o')", above), "Replay"),
            r"case c: .*its promise holds")

    def test_pace_and_trigger(self):
        query = "SELECT k FROM STREAM(events)"
        text = self.explain("USING console TBLPROPERTIES (trigger = '10 seconds')", query)
        self.assertIn("asks for one every 10 seconds", self.section(text, "Sink"))
        text = self.explain("USING console", query, SOURCE, "--available-now")
        self.assertIn("ignores the pace", self.section(text, "Sink"))

    def test_materialized_views_wait_for_their_tables(self):
        self.write("p.sql", SOURCE + """
          CREATE STREAMING TABLE t USING json OPTIONS (path 'out') AS
            SELECT k, n FROM STREAM(events);
          CREATE MATERIALIZED VIEW m USING json OPTIONS (path 'm') AS
            SELECT k, sum(n) AS n FROM t GROUP BY k;
          CREATE MATERIALIZED VIEW now USING json OPTIONS (path 'now') AS SELECT * FROM names;""")
        text = self.run_thalweg("explain", "p.sql")[0]
        self.assertIn("==== Materialized view m ====\n\nPlanned when the run ends", text)
        self.assertIn("written anew", text)

    def test_an_error_has_its_place(self):
        self.write("p.sql", SOURCE +
                   "CREATE STREAMING TABLE t USING noop AS SELECT kk FROM STREAM(events);")
        error = self.run_thalweg("explain", "p.sql", code=1)[1]
        self.assertIn("UNRESOLVED_COLUMN.WITH_SUGGESTION", error)
        self.assertIn("`k`", error)
        self.assertIn("^^", error)

    def test_explain_statement(self):
        query = "SELECT id % 3 AS k, count(*) AS n FROM range(10) GROUP BY 1"
        titles = lambda text: [line for line in text.split("\n") if line.startswith("==")]
        physical = ["== Physical Plan =="]
        self.assertEqual(titles(self.sql(f"EXPLAIN {query}")[0]), physical)
        self.assertEqual(titles(self.sql(f"EXPLAIN COST {query}")[0]),
                         ["== Optimized Logical Plan =="] + physical)
        extended = self.sql(f"EXPLAIN EXTENDED {query}")[0]
        self.assertEqual(titles(extended), ["== Parsed Logical Plan ==",
                                            "== Analyzed Logical Plan ==",
                                            "== Optimized Logical Plan =="] + physical)
        self.assertIn("k: bigint, n: bigint", extended)
        formatted = self.sql(f"EXPLAIN FORMATTED {query}")[0]
        self.assertIn("Project (1)", formatted)
        self.assertIn("\n(1) Project\nOutput [2]:", formatted)
        self.assertIn("[THALWEG_NOT_SUPPORTED_YET]", self.sql(f"EXPLAIN CODEGEN {query}", 1)[1])


if __name__ == "__main__":
    thalweg.main()
