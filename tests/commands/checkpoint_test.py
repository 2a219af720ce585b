#!/usr/bin/env python3
"""`thalweg checkpoint inspect|verify`: on whole, damaged and running checkpoints."""

import shutil

import thalweg

PIPELINE = """
CREATE TEMPORARY VIEW events (ts TIMESTAMP, k STRING, n INT) USING json OPTIONS (path 'in');
CREATE STREAMING TABLE counts USING json OPTIONS (path 'out') AS
  SELECT window.start AS start, k, count(*) AS n
  FROM STREAM(events) WATERMARK ts DELAY OF INTERVAL 5 SECONDS
  GROUP BY window(ts, '10 seconds'), k;
"""
FLOW = "checkpoint/counts/counts"


class CheckpointCommand(thalweg.CommandTest):
    def setUp(self):
        super().setUp()
        self.write("p.sql", PIPELINE)

    def run_with(self, number):
        rows = [f'{{"ts":"2024-01-01T00:00:{10 * number + i:02d}Z","k":"k{i}","n":{i}}}'
                for i in range(10)]
        self.write(f"in/{number}.json", "\n".join(rows) + "\n")
        self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "checkpoint")

    def verify(self, code=0, directory=FLOW):
        return self.run_thalweg("checkpoint", "verify", directory, code=code)[0]

    def inspect(self, directory=FLOW):
        return self.run_thalweg("checkpoint", "inspect", directory)[0]

    def files(self):
        return [file for file in sorted((self.path / FLOW).rglob("*"))
                if file.is_file() and file.name != "LOCK"]

    def test_inspect_tells_what_is_there(self):
        for number in range(3):
            self.run_with(number)
        text = self.inspect()
        for expected in ("query        ", "build        ", "spark.sql.session.timeZone=",
                         "last commit", '{"logOffset":2}', "10 rows", "slices",
                         "watermark 2024-01-01T00:00:24.000Z"):
            self.assertIn(expected, text)
        self.assertEqual(text, self.inspect("checkpoint").replace("checkpoint/counts/counts", FLOW))
        self.assertIn("whole", self.verify())
        self.assertIn("whole", self.verify(directory="checkpoint"))
        few = self.run_thalweg("checkpoint", "inspect", FLOW, "--epochs", "1")[0]
        self.assertIn("the last 1 of them", few)

    def test_a_flipped_byte_is_named_in_every_kind_of_file(self):
        for number in range(3):
            self.run_with(number)
        kinds = {file.parent.name + file.suffix for file in self.files()}
        self.assertLessEqual({"log.log", "0"}, kinds)
        for file in self.files():
            whole = file.read_bytes()
            for at in {0, len(whole) // 3, len(whole) // 2}:
                file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:])
                text = self.verify(code=1)
                self.assertIn(f"{file.relative_to(self.path)} is damaged at byte", text)
                self.assertIn("DAMAGED", text)
                self.inspect()
            file.write_bytes(whole)
        self.verify()

    def test_what_is_cut_is_said_and_shown(self):
        for number in range(3):
            self.run_with(number)
        for file in self.files():
            whole = file.read_bytes()
            for length in (0, len(whole) // 2, len(whole) - 1):
                file.write_bytes(whole[:length])
                self.inspect()
                if file.suffix == ".log" and length > 0:
                    self.assertIn("torn tail", self.run_thalweg(
                        "checkpoint", "verify", FLOW, code=0 if length > 200 else 1)[0])
                else:
                    self.verify(code=1)
            file.write_bytes(whole)

    def test_a_damaged_checkpoint_stops_the_query(self):
        for number in range(2):
            self.run_with(number)
        newest = max((self.path / FLOW / "state").iterdir(), key=lambda file: int(file.stem))
        log = next((self.path / FLOW / "log").iterdir())
        for file in (self.path / FLOW / "metadata", log, self.path / FLOW / "sources/0/0", newest):
            whole = file.read_bytes()
            at = len(whole) // 3
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:])
            error = self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint",
                                     "checkpoint", code=1)[1]
            self.assertIn("[THALWEG_CHECKPOINT_DAMAGED]", error)
            self.assertIn(file.name, error)
            file.write_bytes(whole)

    def test_a_torn_log_is_cut_and_goes_on(self):
        self.run_with(0)
        log = next(file for file in self.files() if file.suffix == ".log")
        log.write_bytes(log.read_bytes() + b"\x01\x02\x03")
        self.assertIn("torn tail", self.verify())
        self.run_with(1)
        self.assertNotIn("torn tail", self.verify())

    def test_a_running_query_is_left_alone_and_a_second_one_refused(self):
        self.run_with(0)
        running = self.start("run", "p.sql", "--checkpoint", "checkpoint")
        lock = self.path / FLOW / "LOCK"
        self.wait_until(lambda: lock.read_text() != "")
        for number in range(1, 6):
            self.write(f"in/{number}.json", '{"ts":"2024-01-01T00:01:00Z","k":"a","n":1}\n')
            self.assertIn("taken by", self.inspect())
            self.assertIn("whole", self.verify())
        error = self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "checkpoint",
                                 code=1)[1]
        self.assertIn("[THALWEG_CHECKPOINT_IN_USE]", error)
        self.assertIn(lock.read_text(), error)
        self.assertIsNone(running.poll())
        self.end(running)
        self.assertEqual(running.returncode, 0)

    def test_a_checkpoint_of_another_query_is_refused(self):
        self.run_with(0)
        self.write("p.sql", PIPELINE.replace("count(*)", "sum(n)"))
        self.write("in/9.json", '{"ts":"2024-01-01T00:01:00Z","k":"a","n":1}\n')
        error = self.run_thalweg("run", "p.sql", "--available-now", "--checkpoint", "checkpoint",
                                 code=1)[1]
        self.assertIn("[THALWEG_CHECKPOINT_OF_OTHER_QUERY]", error)
        self.assertIn(FLOW, error)

    def test_no_checkpoint(self):
        error = self.run_thalweg("checkpoint", "verify", "nowhere", code=1)[1]
        self.assertIn("[THALWEG_NO_CHECKPOINT]", error)
        shutil.rmtree(self.path / "in", ignore_errors=True)
        self.run_thalweg("checkpoint", "verify", code=2)


if __name__ == "__main__":
    thalweg.main()
