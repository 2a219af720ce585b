"""Pipelines on a real Kafka broker: what is read, what is refused, what outlives the broker."""

import os
import shutil
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from kafka_broker import ROOT, THALWEG, Broker  # noqa: E402

COUNT = """
CREATE TEMPORARY VIEW k USING kafka OPTIONS ({options});
CREATE MATERIALIZED VIEW m USING console AS
  SELECT concat('<', count(*), ' ', coalesce(min(offset), -1), ' ', coalesce(max(offset), -1), '>')
    AS shown FROM k;
"""
COPY = """
CREATE TEMPORARY VIEW k USING kafka OPTIONS ({source});
CREATE STREAMING TABLE copied USING kafka OPTIONS ({sink}) AS SELECT {columns} FROM STREAM(k);
"""


def options(**pairs):
    """key_with_underscores='v' as options; dots of kafka.* are written as two underscores."""
    return ", ".join(f"'{key.replace('__', '.')}' '{value}'" for key, value in pairs.items())


class BrokerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.broker = Broker({**os.environ, "KAFKA_SASL": "1", "KAFKA_TLS": "1"})
        cls.broker.admin("create", "numbers", 2)
        cls.broker.admin("feed", "numbers", text=lines(100))

    @classmethod
    def tearDownClass(cls):
        cls.broker.close()

    def servers(self):
        return {"kafka__bootstrap__servers": self.broker.servers}

    def count(self, **pairs):
        """"rows first last" of a batch read, or the condition of its error."""
        given = options(**{**self.servers(), "subscribe": "numbers", **pairs})
        code, out, err = self.broker.run(self.id(), COUNT.format(options=given))
        if code == 0:
            return out.split("<")[1].split(">")[0]
        self.assertIn(": [", err)
        return err.split(": [", 1)[1].split("]")[0]

    def test_batches_read_between_their_bounds(self):
        self.assertEqual(self.count(), "100 0 49")
        self.assertEqual(self.count(startingOffsets='{"numbers":{"0":10,"1":-2}}',
                                    endingOffsets='{"numbers":{"0":20,"1":0}}'), "10 10 19")
        self.assertEqual(self.count(startingTimestamp="9000000000000"), "THALWEG_INVALID_OPTION")
        self.assertEqual(self.count(startingTimestamp="9000000000000",
                                    startingOffsetsByTimestampStrategy="latest"), "0 -1 -1")

    def test_the_library_is_loaded_by_queries_on_kafka_alone(self):
        loads = {**os.environ, "LD_DEBUG": "libs"}
        files = subprocess.run([THALWEG, "sql", "-e", "SELECT 1"], env=loads, check=True,
                               capture_output=True, text=True)
        self.assertIn("calling init", files.stderr)
        self.assertNotIn("rdkafka", files.stderr)
        alone = self.broker.work / "alone/bin"
        alone.mkdir(parents=True)
        shutil.copy(THALWEG, alone)
        given = options(**self.servers(), subscribe="numbers")
        pipeline = self.broker.pipeline(self.id(), COUNT.format(options=given))
        without = subprocess.run([alone / "thalweg", "run", pipeline], check=False,
                                 capture_output=True, text=True)
        self.assertEqual(without.returncode, 1)
        self.assertIn("[THALWEG_MODULE_MISSING]", without.stderr)
        self.assertIn("librdkafka1", without.stderr)

    def test_the_documented_pipeline_is_accepted(self):
        page = (ROOT / "docs/architecture/kafka.md").read_text()
        text = page.split("```sql\n")[1].split("```")[0]
        code, _, err = self.broker.run(self.id(), text, "--dry-run")
        self.assertEqual((code, "checked" in err), (0, True), err)

    def test_passwords_and_certificates_are_passed_on(self):
        login = ("org.apache.kafka.common.security.plain.PlainLoginModule required "
                 'username="alice" password="{}";')
        sasl = {"kafka__bootstrap__servers": self.broker.secure_servers("sasl"),
                "kafka__security__protocol": "SASL_PLAINTEXT", "kafka__sasl__mechanism": "PLAIN"}
        self.assertEqual(self.count(**sasl, kafka__sasl__jaas__config=login.format("alice-secret")),
                         "100 0 49")
        self.assertEqual(self.count(**sasl, kafka__sasl__jaas__config=login.format("wrong")),
                         "THALWEG_KAFKA_REFUSED")
        tls = {"kafka__bootstrap__servers": self.broker.secure_servers("tls"),
               "kafka__security__protocol": "SSL"}
        authority = self.broker.directory / "tls/ca.pem"
        self.assertEqual(self.count(**tls, kafka__ssl__truststore__location=authority), "100 0 49")
        self.assertEqual(self.count(**tls, kafka__default__api__timeout__ms="1500"),
                         "THALWEG_KAFKA_UNREACHABLE")

    def test_missing_topics_and_brokers_are_waited_for_and_then_refused(self):
        for given, condition, warning in (
                ({"subscribe": "none"}, "THALWEG_KAFKA_TOPIC_MISSING", "there is no topic none"),
                ({"kafka__bootstrap__servers": "127.0.0.1:9"}, "THALWEG_KAFKA_UNREACHABLE",
                 "Connection refused")):
            pairs = {**self.servers(), "subscribe": "numbers", **given,
                     "kafka__default__api__timeout__ms": "3000"}
            began = time.monotonic()
            code, _, err = self.broker.run(self.id(), COUNT.format(options=options(**pairs)))
            self.assertEqual(code, 1)
            self.assertIn(f"[{condition}]", err)
            self.assertIn(warning, err.split("\n")[0])
            self.assertIn("Trying again", err)
            self.assertGreater(time.monotonic() - began, 2.9)
            self.assertLess(time.monotonic() - began, 15)

    def test_only_committed_transactions_are_read_if_asked(self):
        self.broker.admin("create", "transactions", 1)
        self.broker.admin("txn", "transactions", 10, 20, 30)
        self.assertEqual(self.count(subscribe="transactions"), "60 0 61")
        self.assertEqual(self.count(subscribe="transactions",
                                    kafka__isolation__level="read_committed"), "10 0 9")

    def test_headers_keys_and_partitions_come_back(self):
        self.broker.admin("create", "rich", 3)
        source = options(**self.servers(), subscribe="numbers")
        code, _, err = self.broker.run(self.id(), COPY.format(
            source=source + ", startingOffsets 'earliest'",
            sink=options(**self.servers(), topic="rich"),
            columns="key, value, 2 AS partition, array(named_struct('key', 'h', 'value', value)) "
                    "AS headers"), "--available-now")
        self.assertEqual((code, err), (0, ""))
        rich = self.broker.dump("rich")
        self.assertEqual(len(rich), 100)
        self.assertEqual({record[0] for record in rich}, {"2"})
        numbers = self.broker.dump("numbers")
        self.assertEqual(sorted(r[2:] for r in rich), sorted(r[2:] for r in numbers))
        query = ("CREATE TEMPORARY VIEW k USING kafka OPTIONS ({});\n"
                 "CREATE MATERIALIZED VIEW m USING console AS SELECT concat('<', sum(CASE WHEN "
                 "headers[0].key = 'h' AND headers[0].value = value THEN 1 ELSE 0 END), '>') AS n "
                 "FROM k;")
        given = options(**self.servers(), subscribe="rich", includeHeaders="true")
        _, out, _ = self.broker.run(self.id() + "2", query.format(given))
        self.assertIn("<100>", out)

    def test_lost_records_end_the_query_unless_it_says_otherwise(self):
        self.broker.admin("create", "aged", 1)
        self.broker.admin("create", "kept", 1)
        self.broker.admin("feed", "aged", text=lines(10, partitions=1))
        source = {**self.servers(), "subscribe": "aged", "startingOffsets": "earliest"}
        sink = options(**self.servers(), topic="kept")

        def copy(**more):
            text = COPY.format(source=options(**source, **more), sink=sink, columns="key, value")
            return self.broker.run(self.id(), text, "--available-now")

        self.assertEqual(copy()[0], 0)
        self.broker.admin("feed", "aged", text=lines(10, partitions=1))
        self.broker.admin("truncate", "aged", 15)
        code, _, err = copy()
        self.assertEqual(code, 1)
        self.assertIn("[KAFKA_DATA_LOSS.COULD_NOT_READ_OFFSET_RANGE]", err)
        code, _, err = copy(failOnDataLoss="false")
        self.assertEqual(code, 0)
        self.assertIn("has lost offsets 10 to 15", err)
        self.assertEqual(len(self.broker.dump("kept")), 15)

    def test_a_running_query_sees_new_partitions_and_outlives_its_broker(self):
        self.broker.admin("create", "growing", 1)
        self.broker.admin("create", "grown", 1)
        text = COPY.format(
            source=options(**self.servers(), subscribe="growing", startingOffsets="earliest"),
            sink=options(**self.servers(), topic="grown"), columns="key, value")
        command = self.broker.command(self.broker.pipeline(self.id(), text))
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
            self.broker.admin("feed", "growing", text=lines(50, partitions=1))
            self.broker.admin("grow", "growing", 3)
            self.broker.admin("feed", "growing", text=lines(60, partitions=3))
            self.await_records("grown", 110)
            self.broker.kill()
            time.sleep(1)
            self.assertEqual(self.broker.start(), self.broker.servers)
            self.broker.admin("feed", "growing", text=lines(30, partitions=3))
            self.await_records("grown", 140)
            running.terminate()
            self.assertEqual(running.wait(20), 0)

    def await_records(self, topic, count):
        found = 0
        for _ in range(120):
            found = len(self.broker.dump(topic))
            if found >= count:
                break
            time.sleep(0.5)
        self.assertEqual(found, count)


def lines(count, partitions=2):
    """Records for `broker admin … feed`, over the partitions in turn."""
    return "".join(f"{i % partitions}\tkey{i % 7}\tvalue {i}\n" for i in range(count))


if __name__ == "__main__":
    unittest.main()
