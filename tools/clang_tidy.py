#!/usr/bin/env python3
"""clang_tidy: runs clang-tidy over src/, tests excepted, and remembers which files were clean.

A file is looked at again only when its own text, that of a header of ours that it includes
(transitively), or .clang-tidy has changed. Usage: tools/clang_tidy.py BUILD_DIR [FILE…], where
BUILD_DIR holds compile_commands.json. Exit code 1 if clang-tidy complained.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def main():
    build = Path(sys.argv[1])
    wanted = {str((ROOT / name).resolve()) for name in sys.argv[2:]}
    commands = json.loads((build / "compile_commands.json").read_text())
    inside = str(ROOT / "src") + "/"
    files = {command["file"] for command in commands}
    sources = sorted(
        file for file in files if file.startswith(inside) and not file.endswith("_test.cc")
    )
    clean = build / "clang-tidy"
    clean.mkdir(exist_ok=True)
    work = [
        (source, clean / fingerprint(Path(source)))
        for source in sources
        if not wanted or source in wanted
    ]
    work = [(source, mark) for source, mark in work if not mark.exists()]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda item: look_at(build, *item), work)
    bad = sum(not ok for ok in results)
    print(f"clang-tidy: {len(sources)} files, {len(work)} looked at again")
    print(f"{len(sources) - bad} passed, {bad} failed")
    return 1 if bad else 0


def fingerprint(source):
    """Of the text of the file, of everything of ours below it, and of the configuration."""
    digest = hashlib.sha256((ROOT / ".clang-tidy").read_bytes())
    seen = set()
    waiting = [source]
    while waiting:
        path = waiting.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        text = path.read_bytes()
        digest.update(text)
        for name in INCLUDE.findall(text.decode("utf-8", "replace")):
            front_door = name.startswith("thalweg/")
            waiting.append(ROOT / ("include" if front_door else "src") / name)
    return digest.hexdigest()


def look_at(build, source, mark):
    result = subprocess.run(
        ["clang-tidy-14", "--quiet", "-p", str(build), source], capture_output=True, text=True
    )
    if result.returncode == 0:
        mark.touch()
        return True
    print(result.stdout, result.stderr, sep="\n", flush=True)
    return False


if __name__ == "__main__":
    sys.exit(main())
