"""Kills a pipeline on a real Kafka broker at random moments and looks at what came out.

A producer that never stops, one process with two flows: windowed counts into files (exactly
once) and alerts into Kafka (at least once). The process is killed with SIGKILL again and again and
started again at once. At the end every window's count is exact and no alert is missing. The seed is
printed; THALWEG_TEST_SEED repeats it, THALWEG_TEST_KILLS says how often (20).
"""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from kafka_broker import SCRIPT, Broker  # noqa: E402

PARTITIONS = 3
USERS = 20
EVENTS_PER_SECOND = 1000
EVENT_SPEED = 10  # seconds of event time in a second
WINDOW_SECONDS = 10
START = 1_700_000_000

PIPELINE = r"""
CREATE TEMPORARY VIEW raw USING kafka OPTIONS (
  'kafka.bootstrap.servers' '{servers}', subscribe 'events', startingOffsets 'earliest');
CREATE STREAMING TABLE counts USING json
  TBLPROPERTIES ('thalweg.epoch.minInterval' = '0')
  AS SELECT unix_seconds(window.start) AS start, user, count(*) AS n, sum(amount) AS total
  FROM (
    SELECT timestamp_seconds(CAST(regexp_extract(CAST(value AS STRING), '"time":([0-9]+)', 1)
             AS BIGINT)) AS time,
           regexp_extract(CAST(value AS STRING), '"user":"([^"]*)"', 1) AS user,
           CAST(regexp_extract(CAST(value AS STRING), '"amount":([0-9]+)', 1) AS BIGINT) AS amount
    FROM STREAM(raw)) WATERMARK time DELAY OF INTERVAL 60 SECONDS
  GROUP BY window(time, '10 seconds'), user;
CREATE STREAMING TABLE alerts USING kafka OPTIONS (
  'kafka.bootstrap.servers' '{servers}', topic 'alerts')
  AS SELECT key, value FROM STREAM(raw)
  WHERE CAST(regexp_extract(CAST(value AS STRING), '"amount":([0-9]+)', 1) AS BIGINT) >= 900;
"""


class Feed:
    """Events on their way into Kafka, and what must come of them."""

    def __init__(self, broker, rng):
        self.rng = rng
        self.windows = Counter()
        self.totals = Counter()
        self.alerts = set()
        self.sent = 0
        self.stopping = threading.Event()
        self.process = subprocess.Popen(
            [SCRIPT, "admin", broker.directory, "feed", "events"], stdin=subprocess.PIPE, text=True)
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        began = time.monotonic()
        while not self.stopping.is_set():
            elapsed = time.monotonic() - began
            while self.sent < elapsed * EVENTS_PER_SECOND:
                jitter = self.rng.uniform(0, 5)  # out of order
                self.send(START + int(elapsed * EVENT_SPEED - jitter))
            self.process.stdin.flush()
            time.sleep(0.01)
        # Events far ahead, one a partition, close every window; theirs stay open.
        last = START + int((time.monotonic() - began) * EVENT_SPEED)
        for partition in range(PARTITIONS):
            self.process.stdin.write(
                f'{partition}\tend\t{{"id":-1,"time":{last + 1000},"user":"end","amount":0}}\n')
        self.process.stdin.close()

    def send(self, event_time):
        number, amount = self.sent, self.rng.randrange(1000)
        user = f"user{self.rng.randrange(USERS)}"
        event = {"id": number, "time": event_time, "user": user, "amount": amount}
        text = json.dumps(event, separators=(",", ":"))
        self.process.stdin.write(f"{self.rng.randrange(PARTITIONS)}\t{user}\t{text}\n")
        window = event_time - event_time % WINDOW_SECONDS
        self.windows[(window, user)] += 1
        self.totals[(window, user)] += amount
        if amount >= 900:
            self.alerts.add(text)
        self.sent += 1

    def finish(self):
        self.stopping.set()
        self.thread.join()
        if self.process.wait(60) != 0:
            raise RuntimeError(f"the producer ended with {self.process.returncode}")


class KillTest(unittest.TestCase):
    def setUp(self):
        self.broker = Broker()
        self.addCleanup(self.broker.close)
        seed = int(os.environ.get("THALWEG_TEST_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"THALWEG_TEST_SEED={seed}", flush=True)
        self.rng = random.Random(seed)

    def test_nothing_is_lost_and_no_window_counted_twice(self):
        self.broker.admin("create", "events", PARTITIONS)
        self.broker.admin("create", "alerts", 2)
        pipeline = self.broker.pipeline("pipeline", PIPELINE.format(servers=self.broker.servers))
        command = self.broker.command(pipeline)
        feed = Feed(self.broker, self.rng)
        try:
            kills = int(os.environ.get("THALWEG_TEST_KILLS", "20"))
            lives = [self.kill_once(command) for _ in range(kills)]
        finally:
            feed.finish()
        print(f"{kills} kills after {min(lives):.2f} to {max(lives):.2f} s", flush=True)
        subprocess.run(command + ["--available-now"], check=True, timeout=120)
        self.check_windows(feed)
        self.check_alerts(feed)

    def kill_once(self, command):
        """Starts the pipeline and kills it at any moment from its start to its steady state."""
        seconds = self.rng.choice([self.rng.uniform(0.02, 0.4), self.rng.uniform(0.3, 2)])
        process = subprocess.Popen(command)
        time.sleep(seconds)
        self.assertIsNone(process.poll(), "the pipeline ended by itself")
        process.send_signal(signal.SIGKILL)
        process.wait()
        return seconds

    def check_windows(self, feed):
        wrong, seen = [], Counter()
        counts, totals = Counter(), Counter()
        for row in committed_rows(self.broker.work / "spark-warehouse/counts"):
            key = (row["start"], row["user"])
            seen[key] += 1
            counts[key] += row["n"]
            totals[key] += row["total"]
        wrong += [f"window {key} came out {n} times" for key, n in seen.items() if n > 1]
        for key in feed.windows.keys() | counts.keys():
            expected = (feed.windows[key], feed.totals[key])
            found = (counts[key], totals[key])
            if expected != found:
                wrong.append(f"window {key}: expected {expected}, found {found}")
        print(f"{feed.sent} events, {len(feed.windows)} windows, {len(wrong)} wrong", flush=True)
        self.assertEqual(wrong, [])

    def check_alerts(self, feed):
        found = Counter(record[3] for record in self.broker.dump("alerts"))
        again = sum(found.values()) - len(found)
        print(f"{len(feed.alerts)} alerts, {again} written again", flush=True)
        self.assertEqual(feed.alerts - found.keys(), set(), "alerts are missing")
        self.assertEqual(found.keys() - feed.alerts, set(), "alerts from nowhere")


def committed_rows(directory):
    """Rows of the files that the manifest names, read without the engine."""
    manifest = directory / "_spark_metadata"
    for epoch in sorted((p for p in manifest.iterdir() if p.name.isdigit()),
                        key=lambda p: int(p.name)):
        for line in epoch.read_text().splitlines()[1:]:
            path = Path(json.loads(line)["path"].removeprefix("file://"))
            for row in path.read_text().splitlines():
                yield json.loads(row)


if __name__ == "__main__":
    unittest.main()
