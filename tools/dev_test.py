"""Tests of how ./dev counts: a test that failed must never be counted as none."""

import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def bash(script):
    command = f"source {ROOT}/dev; {script}"
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True)


def count(log):
    """(passed, failed) that ./dev reads out of the text of a log."""
    with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
        file.write(log)
        file.flush()
        out = bash(f'count_tests {file.name}; echo "$suite_passed $suite_failed"').stdout
    passed, failed = out.split()
    return int(passed), int(failed)


def after(command):
    """What ./dev adds up after a suite that runs the command: (passed, failed, exit code)."""
    script = f"passed=0; failed=0; suite 'a suite of dev_test' {command} >/dev/null; finish_tests"
    result = bash(script)
    passed, _, failed, _ = result.stdout.split("\n")[-2].split()
    return int(passed.rstrip(",")), int(failed), result.returncode


class CountTest(unittest.TestCase):
    def test_ctest(self):
        self.assertEqual(count("100% tests passed, 0 tests failed out of 42\n"), (42, 0))
        self.assertEqual(count("98% tests passed, 1 tests failed out of 42\n"), (41, 1))
        self.assertEqual(count("No tests were found!!!\n"), (0, 0))

    def test_unittest(self):
        self.assertEqual(count("Ran 7 tests in 0.1s\n\nOK\n"), (7, 0))
        self.assertEqual(count("Ran 7 tests in 0.1s\n\nFAILED (failures=2, errors=1)\n"), (4, 3))
        self.assertEqual(count("Ran 1 test in 0.1s\n\nFAILED (errors=1)\n"), (0, 1))

    def test_runners_of_ours(self):
        self.assertEqual(count("1 passed, 9 failed\nmore\n12 passed, 3 failed\n"), (12, 3))


class SuiteTest(unittest.TestCase):
    def test_passes_and_failures(self):
        self.assertEqual(after("echo '3 passed, 0 failed'"), (3, 0, 0))
        self.assertEqual(after("echo '3 passed, 2 failed'"), (3, 2, 1))

    def test_a_suite_that_ends_badly_has_failed_though_it_counted_none(self):
        self.assertEqual(after("false"), (0, 1, 1))
        self.assertEqual(after("bash -c 'echo \"3 passed, 0 failed\"; exit 7'"), (3, 1, 1))

    def test_no_test_at_all_is_a_failure(self):
        self.assertEqual(after("true"), (0, 0, 1))


if __name__ == "__main__":
    unittest.main()
