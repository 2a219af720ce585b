"""What the tests of the commands share: running the program in a directory of its own."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.path.abspath(os.environ.get("THALWEG", "build/bin/thalweg"))


class CommandTest(unittest.TestCase):
    """Each test runs in an empty directory."""

    maxDiff = None

    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.path = pathlib.Path(self.directory.name)

    def write(self, name, text):
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def run_thalweg(self, *arguments, code=0, environment=None):
        """stdout and stderr of a run that must end with `code`."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.path, text=True,
                              capture_output=True, timeout=60,
                              env={**os.environ, **(environment or {})})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def sql(self, text, code=0):
        return self.run_thalweg("sql", "-e", text, code=code)

    def start(self, *arguments):
        """A run that goes on until the end of the test."""
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.path, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        return process.communicate(timeout=60)

    @staticmethod
    def wait_until(holds, seconds=30):
        until = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > until:
                raise TimeoutError("what the test waits for has not come")
            time.sleep(0.02)


def main():
    global PROGRAM
    if len(sys.argv) > 1 and os.path.exists(sys.argv[1]):
        PROGRAM = os.path.abspath(sys.argv.pop(1))
    unittest.main()
