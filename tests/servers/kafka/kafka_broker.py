"""A real Kafka broker for tests, and pipelines that run against it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPT = ROOT / "tests/servers/kafka/broker"
THALWEG = ROOT / "build/bin/thalweg"


class Broker:
    """A broker with data of its own. `work` is a directory for the test's files."""

    def __init__(self, environment=None):
        self.work = Path(tempfile.mkdtemp(prefix="thalweg-kafka-"))
        self.directory = self.work / "broker"
        self.environment = environment
        self.shell = None
        self.servers = self.start()

    def start(self):
        started = subprocess.run([SCRIPT, "start", self.directory], check=True,
                                 env=self.environment, stdout=subprocess.PIPE, text=True)
        return started.stdout.strip()

    def kill(self):
        subprocess.run([SCRIPT, "kill", self.directory], check=True)

    def close(self):
        if self.shell is not None:
            self.shell.stdin.close()
            self.shell.wait()
            self.shell.stdout.close()
        self.kill()
        shutil.rmtree(self.work, ignore_errors=True)

    def admin(self, *arguments, text=None):
        """What a command of Admin.java prints; `text` is what feed sends. One process does all."""
        if self.shell is None:
            self.shell = subprocess.Popen([SCRIPT, "admin", self.directory, "shell"], text=True,
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        words = [str(argument) for argument in arguments]
        if text is not None:
            words.append(str(text.count("\n")))
        self.shell.stdin.write(" ".join(words) + "\n" + (text or ""))
        self.shell.stdin.flush()
        printed = []
        while (line := self.shell.stdout.readline()) != ".\n":
            if not line:
                raise RuntimeError(f"the admin process ended at: {words}")
            printed.append(line)
        return "".join(printed)

    def dump(self, topic):
        """[partition, offset, key, value] of every committed record."""
        return [line.split("\t", 3) for line in self.admin("dump", topic).splitlines()]

    def secure_servers(self, kind):
        return (self.directory / f"bootstrap.{kind}").read_text().strip()

    def pipeline(self, name, text):
        path = self.work / f"{name}.sql"
        path.write_text(text)
        return path

    def command(self, pipeline, *more):
        return [THALWEG, "run", pipeline, "--checkpoint", self.work / pipeline.stem, *more]

    def run(self, name, text, *more, seconds=60):
        """Runs a pipeline to its end: exit code, standard output, standard error."""
        done = subprocess.run(self.command(self.pipeline(name, text), *more), check=False,
                              capture_output=True, text=True, timeout=seconds)
        return done.returncode, done.stdout, done.stderr
