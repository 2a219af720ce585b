#!/usr/bin/env python3
"""`thalweg run --progress json` and the lines on a terminal."""

import json
import os
import pty
import subprocess

import thalweg

PIPELINE = """
CREATE TEMPORARY VIEW a (ts TIMESTAMP, k STRING) USING json
  OPTIONS (path 'a', maxFilesPerTrigger 1);
CREATE TEMPORARY VIEW b (ts TIMESTAMP, k STRING) USING json OPTIONS (path 'b');
CREATE STREAMING TABLE counts USING json OPTIONS (path 'out') AS
  SELECT window.start AS start, count(*) AS n
  FROM (SELECT ts FROM STREAM(a) WATERMARK ts DELAY OF INTERVAL 5 SECONDS
        UNION ALL SELECT ts FROM STREAM(b) WATERMARK ts DELAY OF INTERVAL 7 SECONDS)
  GROUP BY window(ts, '10 seconds');
"""
KEYS = ["id", "runId", "name", "timestamp", "batchId", "batchDuration", "numInputRows",
        "inputRowsPerSecond", "processedRowsPerSecond", "durationMs", "eventTime",
        "stateOperators", "sources", "sink"]
DURATIONS = ["addBatch", "commitOffsets", "getBatch", "latestOffset", "queryPlanning",
             "triggerExecution", "walCommit"]


class Progress(thalweg.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("p.sql", PIPELINE)
        self.write("b/1.json", '{"ts":"2024-01-01T00:00:05Z","k":"x"}\n')
        for i in range(8):
            self.write(f"a/{i}.json", f'{{"ts":"2024-01-01T00:0{i}:05Z","k":"x"}}\n' * 2)

    def test_json_has_sparks_keys_in_sparks_order(self):
        error = self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "c",
                                 "--progress", "json")[1]
        epochs = [json.loads(line) for line in error.split("\n") if line.startswith("{")]
        data = [epoch for epoch in epochs if epoch["numInputRows"] > 0]
        self.assertEqual(sum(epoch["numInputRows"] for epoch in data), 17)
        for epoch in data:
            self.assertEqual([key for key in epoch if key != "processedRowsPerSecond"],
                             [key for key in KEYS if key != "processedRowsPerSecond"])
            self.assertEqual(list(epoch["durationMs"]), DURATIONS)
            self.assertEqual(list(epoch["eventTime"]), ["avg", "max", "min", "watermark"])
            operator, = epoch["stateOperators"]
            self.assertEqual(operator["operatorName"], "stateStoreSave")
            self.assertGreater(operator["memoryUsedBytes"], 0)
            source = epoch["sources"][0]
            self.assertEqual([key for key in source if key != "processedRowsPerSecond"],
                             ["description", "startOffset", "endOffset", "latestOffset",
                              "numInputRows", "inputRowsPerSecond"])
            self.assertIn("FileSink[", epoch["sink"]["description"])
        self.assertEqual(data[0]["inputRowsPerSecond"], 0)
        self.assertIsNone(data[0]["sources"][0]["startOffset"])
        self.assertEqual(data[1]["sources"][0]["endOffset"], {"logOffset": 1})
        self.assertEqual(len({epoch["runId"] for epoch in epochs}), 1)
        self.assertTrue(data[-1]["eventTime"]["max"].startswith("2024-01-01T00:07:05"))

    def test_a_line_a_query_on_a_terminal(self):
        main, side = pty.openpty()
        process = subprocess.Popen(
            [thalweg.PROGRAM, "run", "p.sql", "--available-now", "--checkpoint", "c"],
            cwd=self.path, stdout=subprocess.PIPE, stderr=side)
        os.close(side)
        shown = b""
        try:
            while chunk := os.read(main, 4096):
                shown += chunk
        except OSError:  # the other side is closed
            pass
        self.assertEqual(process.wait(timeout=60), 0)
        process.stdout.close()
        os.close(main)
        text = shown.decode()
        for part in ("counts  epoch ", " rows/s  out ", "watermark 20", "state ", " lag ",
                     "! the input with a delay of 7 seconds has brought no rows for"):
            self.assertIn(part, text)

    def test_a_failed_query_prints_error_place_and_remedy(self):
        self.write("p.sql", PIPELINE.replace("count(*) AS n", "sum(1 div (length(k) - 1)) AS n")
                   .replace("SELECT ts FROM", "SELECT ts, k FROM"))
        error = self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "c", code=1)[1]
        self.assertIn("[DIVIDE_BY_ZERO]", error)
        self.assertIn("flow counts", error)
        self.assertIn("== SQL (line 6,", error)
        self.assertIn("try_divide", error)


if __name__ == "__main__":
    thalweg.main()
