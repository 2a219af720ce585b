#!/usr/bin/env python3
"""`thalweg sql`: tables and views, what survives the process, what SHOW and DESCRIBE say."""

import thalweg


def rows(table):
    """The rows of the last drawn table, as tuples of texts."""
    lines = [line for line in table.split("\n") if line.startswith("|")]
    return [tuple(cell.strip() for cell in line[1:-1].split("|")) for line in lines[1:]]


class SqlCommand(thalweg.CommandTest):
    def files(self, table, pattern="*"):
        return sorted(file.name for file in (self.path / "spark-warehouse" / table).rglob(pattern)
                      if file.is_file())

    def fails(self, text, condition):
        out, error = self.sql(text, code=1)
        self.assertIn(f"[{condition}]", error)
        return error

    def test_a_table_is_known_to_the_next_process(self):
        self.sql("CREATE TABLE T1 (a INT COMMENT 'the a', b STRING) USING json; "
                 "INSERT INTO t1 VALUES (1, 'x'), (2, NULL)")
        self.assertEqual(rows(self.sql("SELECT * FROM t1 ORDER BY a")[0]),
                         [("1", "x"), ("2", "NULL")])
        self.assertEqual(rows(self.sql("SELECT b FROM spark_catalog.default.T1 WHERE a = 1")[0]),
                         [("x",)])
        self.sql("INSERT INTO t1 (b) VALUES ('q'); INSERT INTO t1 BY NAME SELECT 'z' AS b, 3 AS a")
        self.assertEqual(rows(self.sql("SELECT a, b FROM t1 ORDER BY a, b")[0]),
                         [("NULL", "q"), ("1", "x"), ("2", "NULL"), ("3", "z")])
        self.sql("INSERT OVERWRITE t1 SELECT 9, 'nine'")
        self.assertEqual(rows(self.sql("SELECT * FROM t1")[0]), [("9", "nine")])
        self.assertEqual(len(self.files("t1")), 1)
        self.sql("DROP TABLE t1")
        self.assertFalse((self.path / "spark-warehouse/t1").exists())
        self.fails("SELECT * FROM t1", "TABLE_OR_VIEW_NOT_FOUND")

    def test_create_as_is_whole_or_not_there(self):
        self.fails("CREATE TABLE bad USING json AS SELECT 1 / (id - 5000) AS a FROM range(10000)",
                   "DIVIDE_BY_ZERO")
        self.assertEqual(rows(self.sql("SHOW TABLES")[0]), [])
        self.assertFalse((self.path / "spark-warehouse/bad").exists())
        self.sql("CREATE TABLE good USING json AS SELECT id AS a FROM range(5000)")
        self.fails("INSERT INTO good SELECT 1 div (id - 900) FROM range(1000)", "DIVIDE_BY_ZERO")
        self.fails("INSERT OVERWRITE good SELECT 1 div (id - 900) FROM range(1000)",
                   "DIVIDE_BY_ZERO")
        self.assertEqual(rows(self.sql("SELECT count(*), sum(a) FROM good")[0]),
                         [("5000", "12497500")])
        names = [path.name for path in (self.path / "spark-warehouse/good").iterdir()]
        self.assertTrue(all(name.startswith("part-") for name in names), names)

    def test_a_write_that_was_stopped_is_finished(self):
        self.sql("CREATE TABLE t USING json AS SELECT 1 AS a")
        self.sql("INSERT INTO t SELECT 2")
        directory = self.path / "spark-warehouse/t"
        kept, moved = sorted(directory.iterdir())
        staging = directory / "_staging-1"
        staging.mkdir()
        moved.rename(staging / moved.name)
        text = ("thalweg table write, format 1, oldest reader 1\n"
                f'{{"moves":["{moved.name}"],"removed":["{kept.name}"],"staging":"_staging-1"}}\n')
        (directory / "_commit").write_text(f"{text}crc32c {crc32c(text.encode()):08x}\n")
        self.assertEqual(len(rows(self.sql("SELECT * FROM t")[0])), 1)
        self.assertEqual([path.name for path in directory.iterdir()], [moved.name])

    def test_partitions(self):
        self.sql("CREATE TABLE p USING json PARTITIONED BY (k) AS "
                 "SELECT 'a' AS k, 1 AS v UNION ALL SELECT 'b', 2")
        self.assertEqual(rows(self.sql("SELECT * FROM p ORDER BY v")[0]), [("1", "a"), ("2", "b")])
        self.assertTrue((self.path / "spark-warehouse/p/k=a").is_dir())
        self.assertEqual(rows(self.sql("DESCRIBE p")[0]), [
            ("v", "int", "NULL"), ("k", "string", "NULL"), ("# Partition Information", "", ""),
            ("# col_name", "data_type", "comment"), ("k", "string", "NULL")])
        self.sql("INSERT OVERWRITE p VALUES (5, 'b')")
        self.assertEqual(rows(self.sql("SELECT * FROM p")[0]), [("5", "b")])

    def test_files_by_name_and_views_over_them(self):
        self.write("data/1.json", '{"a":1,"b":"x"}\n{"a":2,"b":"y"}\n')
        self.write("lines/1.txt", "one\ntwo\n")
        self.assertEqual(rows(self.sql("SELECT b FROM json.`data` ORDER BY a")[0]),
                         [("x",), ("y",)])
        self.assertEqual(rows(self.sql("SELECT value FROM text.`lines`")[0]), [("one",), ("two",)])
        view = "CREATE TEMPORARY VIEW v (a INT, b STRING) USING json OPTIONS (path 'data');"
        self.assertEqual(rows(self.sql(view + "SELECT sum(a) FROM v")[0]), [("3",)])
        self.assertEqual(rows(self.sql(view + "SHOW VIEWS")[0]), [("", "v", "true")])
        self.assertEqual(rows(self.sql(view + "DESCRIBE v")[0]),
                         [("a", "int", "NULL"), ("b", "string", "NULL")])
        self.fails(view + view, "TEMP_TABLE_OR_VIEW_ALREADY_EXISTS")
        self.fails(view + "DROP VIEW v; SELECT * FROM v", "TABLE_OR_VIEW_NOT_FOUND")
        self.fails("CREATE TEMPORARY VIEW v (a INT) USING json OPTIONS (path 'nowhere')",
                   "PATH_NOT_FOUND")
        error = self.fails("CREATE TEMPORARY VIEW v (a INT) USING json OPTIONS "
                           "(path 'data', moed 'FAILFAST')", "THALWEG_UNKNOWN_OPTION")
        self.assertIn("Did you mean mode?", error)

    def test_a_table_at_a_place(self):
        self.sql("CREATE TABLE e (a INT) USING json LOCATION 'there'; INSERT INTO e VALUES (1)")
        self.assertEqual(len(list((self.path / "there").iterdir())), 1)
        self.assertEqual(rows(self.sql("SELECT * FROM e")[0]), [("1",)])
        self.sql("CREATE TABLE f USING json LOCATION 'there'")
        self.assertEqual(rows(self.sql("DESCRIBE f")[0]), [("a", "bigint", "NULL")])
        self.fails("CREATE TABLE g USING json LOCATION 'there' AS SELECT 1 AS a",
                   "_LEGACY_ERROR_TEMP_1241")
        self.sql("DROP TABLE e")
        self.assertEqual(rows(self.sql("SELECT * FROM f")[0]), [("1",)])

    def test_what_spark_refuses(self):
        self.sql("CREATE TABLE t (a INT, b STRING) USING json")
        for text, condition in (
                ("CREATE TABLE t (a INT) USING json", "TABLE_OR_VIEW_ALREADY_EXISTS"),
                ("INSERT INTO t VALUES (1)",
                 "INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS"),
                ("INSERT INTO t VALUES (1, 'x', 2)",
                 "INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS"),
                ("INSERT INTO t SELECT 'abc', 'd'",
                 "INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST"),
                ("INSERT INTO t VALUES (5000000000, 'x')", "CAST_OVERFLOW_IN_TABLE_INSERT"),
                ("INSERT INTO t (b, c) VALUES ('q', 1)", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
                ("INSERT INTO t (a, a) VALUES (1, 2)", "COLUMN_ALREADY_EXISTS"),
                ("INSERT INTO t BY NAME SELECT 1 AS c",
                 "INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS"),
                ("INSERT OVERWRITE t SELECT * FROM t", "UNSUPPORTED_OVERWRITE.TABLE"),
                ("INSERT INTO nosuch VALUES (1)", "TABLE_OR_VIEW_NOT_FOUND"),
                ("CREATE TEMPORARY VIEW v AS SELECT 1; INSERT INTO v VALUES (1)",
                 "EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE"),
                ("CREATE TABLE u (a INT) USING json PARTITIONED BY (z)",
                 "COLUMN_NOT_DEFINED_IN_TABLE"),
                ("CREATE TABLE u USING json PARTITIONED BY (a) AS SELECT 1 AS a",
                 "ALL_PARTITION_COLUMNS_NOT_ALLOWED"),
                ("CREATE TABLE u USING json AS SELECT 1 AS a, 2 AS A", "COLUMN_ALREADY_EXISTS"),
                ("CREATE TABLE u (a INT) USING jsn", "DATA_SOURCE_NOT_FOUND"),
                ("CREATE OR REPLACE TABLE t USING json AS SELECT 1 AS a",
                 "UNSUPPORTED_FEATURE.TABLE_OPERATION"),
                ("DROP TABLE nosuch", "TABLE_OR_VIEW_NOT_FOUND"),
                ("DROP VIEW t", "WRONG_COMMAND_FOR_OBJECT_TYPE"),
                ("SHOW TABLES IN nosuch", "SCHEMA_NOT_FOUND"),
                ("SHOW COLUMNS IN nosuch", "TABLE_OR_VIEW_NOT_FOUND"),
                ("DESCRIBE FUNCTION abz", "UNRESOLVED_ROUTINE"),
                ("SELECT nosuch FROM t", "UNRESOLVED_COLUMN.WITH_SUGGESTION"),
                ("SELECT * FROM other.t", "TABLE_OR_VIEW_NOT_FOUND")):
            with self.subTest(text):
                self.fails(text, condition)
        self.assertEqual(rows(self.sql("SELECT count(*) FROM t")[0]), [("0",)])
        self.sql("DROP TABLE IF EXISTS nosuch; CREATE TABLE IF NOT EXISTS t (z INT) USING json")

    def test_show(self):
        self.sql("CREATE TABLE u1 (a INT COMMENT 'the a', b ARRAY<STRING>, k STRING) USING json "
                 "OPTIONS (mode 'PERMISSIVE') PARTITIONED BY (k) COMMENT 'hi' LOCATION 'there' "
                 "TBLPROPERTIES ('p' = 'q', 'a.b' = '1'); CREATE TABLE u2 (a INT) USING json")
        self.assertEqual(rows(self.sql("CREATE TEMPORARY VIEW v AS SELECT 1; SHOW TABLES")[0]),
                         [("default", "u1", "false"), ("default", "u2", "false"),
                          ("", "v", "true")])
        self.assertEqual(rows(self.sql("SHOW TABLES LIKE '*2|x'")[0]), [("default", "u2", "false")])
        self.assertEqual(rows(self.sql("SHOW COLUMNS IN u1")[0]), [("a",), ("b",), ("k",)])
        self.assertEqual(rows(self.sql("SHOW FUNCTIONS LIKE 'ab*|acos'")[0]), [("abs",), ("acos",)])
        self.assertEqual(rows(self.sql("SHOW DATABASES")[0]), [("default",)])
        self.assertEqual(rows(self.sql("SHOW TBLPROPERTIES u1")[0]),
                         [("a.b", "1"), ("option.mode", "PERMISSIVE"), ("p", "q")])
        self.assertEqual(self.sql("SHOW CREATE TABLE u1")[0], f"""\
CREATE TABLE spark_catalog.default.u1 (
  a INT COMMENT 'the a',
  b ARRAY<STRING COLLATE UTF8_BINARY>,
  k STRING COLLATE UTF8_BINARY)
USING json
OPTIONS (
  'mode' = 'PERMISSIVE')
PARTITIONED BY (k)
COMMENT 'hi'
LOCATION 'file:{self.path.resolve()}/there'
TBLPROPERTIES (
  'a.b' = '1',
  'p' = 'q')

""")
        described = dict((row[0], row[1]) for row in rows(self.sql("DESCRIBE EXTENDED u1")[0]))
        for name, value in (("Catalog", "spark_catalog"), ("Database", "default"), ("Table", "u1"),
                            ("Type", "EXTERNAL"), ("Provider", "json"), ("Comment", "hi"),
                            ("Table Properties", "[a.b=1, p=q]"),
                            ("Partition Provider", "Catalog")):
            self.assertEqual(described[name], value)
        self.assertEqual(rows(self.sql("DESCRIBE u1 a")[0]),
                         [("col_name", "a"), ("data_type", "int"), ("comment", "the a")])
        self.assertEqual(rows(self.sql("DESCRIBE QUERY SELECT 1 AS x")[0]), [("x", "int", "NULL")])
        self.assertIn("Function: abs", self.sql("DESCRIBE FUNCTION abs")[0])

    def test_settings(self):
        self.assertEqual(rows(self.sql("SET spark.sql.shuffle.partitions = 7; "
                                       "SET spark.sql.shuffle.partitions")[0])[-1],
                         ("spark.sql.shuffle.partitions", "7"))
        self.assertEqual(rows(self.sql("SET no.such.key")[0]), [("no.such.key", "<undefined>")])
        error = self.fails("SET spark.sql.shufle.partitions = 7", "SQL_CONF_NOT_FOUND")
        self.assertIn("spark.sql.shuffle.partitions", error)
        out = self.run_thalweg("sql", "-e", "SELECT current_timezone()", "--set",
                               "spark.sql.session.timeZone=Asia/Tokyo")[0]
        self.assertEqual(rows(out), [("Asia/Tokyo",)])
        self.run_thalweg("sql", code=2)

    def test_a_file_of_statements_ends_at_the_first_error(self):
        self.write("all.sql", "SELECT 1 AS one;\nSELECT two;\nSELECT 3 AS three;\n")
        out, error = self.run_thalweg("sql", "-f", "all.sql", code=1)
        self.assertIn("one", out)
        self.assertNotIn("three", out)
        self.assertIn("== SQL (line 2, column 8) ==", error)

    def test_tables_of_pipelines_are_known_by_name(self):
        self.write("in/1.json", '{"k":"a","n":1}\n{"k":"a","n":2}\n')
        self.write("p.sql", """
          CREATE TEMPORARY VIEW events (k STRING, n INT) USING json OPTIONS (path 'in');
          CREATE STREAMING TABLE copies USING json AS SELECT k, n FROM STREAM(events);
          CREATE MATERIALIZED VIEW sums USING json AS SELECT k, sum(n) AS n FROM copies GROUP BY k;
        """)
        self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "checkpoint")
        self.assertEqual(rows(self.sql("SHOW TABLES")[0]),
                         [("default", "copies", "false"), ("default", "sums", "false")])
        self.assertEqual(rows(self.sql("SELECT * FROM sums")[0]), [("a", "3")])
        self.assertEqual(rows(self.sql("SELECT count(*) FROM copies")[0]), [("2",)])
        self.fails("INSERT INTO copies VALUES ('b', 1)", "THALWEG_SINK_OWNED_BY_OTHER_QUERY")

    def test_a_damaged_definition_is_named(self):
        self.sql("CREATE TABLE t (a INT) USING json")
        note = self.path / "spark-warehouse/_tables/t"
        whole = note.read_bytes()
        note.write_bytes(whole.replace(b"json", b"jsan", 1))
        error = self.fails("SELECT * FROM t", "THALWEG_CHECKPOINT_DAMAGED")
        self.assertIn("_tables/t", error)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


if __name__ == "__main__":
    thalweg.main()
