#!/usr/bin/env python3
"""tidy: the rules of the house that no compiler checks.

Prints how long files and functions are (median, 99th percentile, longest) and refuses what the
house style forbids, one line per finding: path:line: [rule] what is wrong. Exit code 1 if anything
was refused. Usage: tools/tidy.py [--root DIR] [--verbose]. Only the standard library is used.
"""

import argparse
import ast
import os
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import cpp_scan  # noqa: E402

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60
PARAMETERS_MAX = 5
COLUMNS_MAX = 100
HEADER_COMMENT_LINES_MAX = 20  # two to ten is the aim; a contract in numbered prose needs more

# Where a clock, a file, a thread, a socket or a random number may be touched: the real Env, and
# the adapters of libraries that do their own input and output. Everything else goes through Env.
ADAPTERS = [
    r"src/base/(posix_\w+|env_posix)\.(cc|h)",
    r"src/base/thread_tasks\.cc",
    r"src/base/sim/sim_scheduler\.(cc|h)",
    r"src/data/zone_file\.cc",
    r"src/connectors/kafka/module/\w+\.(cc|h)",
    r"src/connectors/socket/tcp_connection\.cc",
]

# Data recorded elsewhere: its text is not ours to tidy.
RECORDED = re.compile(
    r"tests/conformance/cases/|examples/[^/]+/(sample|data|expected)/|bench/results/")
CODE = (".h", ".cc", ".inc")
TEXT = CODE + (".py", ".cmake", ".txt", ".md", ".sh", ".json", ".sql", ".test", ".yml", ".toml", "")

# The words that tidy refuses must not stand in tidy itself.
UNFINISHED = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"]
MACHINE_PATH = re.compile(r"(?<![\w.~])/(wo" + r"rk|ro" + r"ot)/|/tmp/bri" + "ef")
LICENCE = re.compile(r"Copy" + r"right|Licen[sc]ed " + r"under|SPD" + "X-")

Finding = namedtuple("Finding", "path line rule text")
SourceFile = namedtuple("SourceFile", "path text")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--root", default=Path(__file__).resolve().parent.parent, type=Path)
    parser.add_argument("--verbose", action="store_true", help="also the ten longest of each")
    arguments = parser.parse_args()
    files = read_files(arguments.root)
    print_sizes(files, arguments.verbose)
    findings = check(files)
    for finding in findings:
        print(f"{finding.path}:{finding.line}: [{finding.rule}] {finding.text}")
    refused = {finding.path for finding in findings}
    print(f"tidy: {len(files)} files, {len(findings)} findings")
    print(f"{len(files) - len(refused)} passed, {len(refused)} failed")
    return 1 if findings else 0


def read_files(root):
    """Every text file that git knows or would add, as path within the tree and text."""
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"],
        check=True, capture_output=True, text=True,
    ).stdout.split("\0")
    files = []
    for path in sorted(set(filter(None, listed))):
        full = root / path
        if not full.is_file() or full.is_symlink() or full.suffix not in TEXT:
            continue
        try:
            files.append(SourceFile(path, full.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue  # a binary sample
    return files


def check(files):
    """All findings, in the order of the files."""
    rooms = read_rooms(files)
    findings = []
    for file in files:
        if not RECORDED.search(file.path):
            findings += check_text(file)
        if file.path.endswith(".py"):
            findings += check_python(file)
        if file.path.endswith(CODE):
            findings += check_code(file, rooms)
    findings += check_places(files, rooms)
    findings += check_dead(files)
    findings += check_links(files)
    return sorted(findings, key=lambda finding: (finding.path, finding.line))


# Sizes


def print_sizes(files, verbose):
    code = [file for file in files if file.path.endswith((".h", ".cc"))]
    file_sizes = [(line_count(file), file.path) for file in code]
    function_sizes = [
        (function.lines, f"{file.path}:{function.line} {function.name}")
        for file in code
        for function in cpp_scan.functions(file.text)
        if function.lines > 0
    ]
    for what, sizes in (("files", file_sizes), ("functions", function_sizes)):
        print(f"{what}: {distribution(sizes)}")
        if verbose:
            for lines, where in sorted(sizes, reverse=True)[:10]:
                print(f"  {lines:4} {where}")


def distribution(sizes):
    """`count, median M, p99 P, longest L (where)` of (lines, where) pairs."""
    if not sizes:
        return "none"
    ordered = sorted(sizes)
    median = ordered[len(ordered) // 2][0]
    p99 = ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)][0]
    longest, where = ordered[-1]
    return f"{len(ordered)}, lines: median {median}, p99 {p99}, longest {longest} ({where})"


def line_count(file):
    return file.text.count("\n")


# Rules for every text file


def check_text(file):
    findings = []
    is_markdown = file.path.endswith(".md")
    is_data = file.path.endswith((".inc", ".json", ".txt", ".test", ".sql")) or is_markdown
    if Path(file.path).name == "CMakeLists.txt":
        is_data = False
    is_legal = file.path in ("LICENSE", "NOTICE")
    for number, line in enumerate(file.text.split("\n"), 1):
        if line != line.rstrip() and not file.path.endswith(".test"):
            findings.append(Finding(file.path, number, "whitespace", "trailing whitespace"))
        if "\t" in line and file.path.endswith((".h", ".cc", ".py", ".cmake")):
            findings.append(Finding(file.path, number, "whitespace", "a tab"))
        if len(line) > COLUMNS_MAX and not is_data and not is_legal:
            text = f"{len(line)} columns, at most {COLUMNS_MAX}"
            findings.append(Finding(file.path, number, "columns", text))
        if MACHINE_PATH.search(line):
            findings.append(Finding(file.path, number, "machine-path", line.strip()[:60]))
        if LICENCE.search(line) and not is_legal and not is_markdown:
            text = "no licence block per file: LICENSE and NOTICE say it once"
            findings.append(Finding(file.path, number, "licence", text))
    if not file.path.endswith(CODE):
        findings += check_unfinished(file, file.text)
    if file.text and not file.text.endswith("\n"):
        findings.append(Finding(file.path, line_count(file) + 1, "whitespace", "no final newline"))
    return findings


def check_unfinished(file, text):
    """Words of unfinished work in `text`: the file's, of code without its literals."""
    findings = []
    words = re.compile(r"\b(" + "|".join(UNFINISHED) + r")\b|//\s*XX" + r"X\b|\bXX" + "X:")
    for number, line in enumerate(text.split("\n"), 1):
        found = words.search(line)
        if found:
            text = f"'{found.group().strip()}': finish it or file an issue"
            findings.append(Finding(file.path, number, "unfinished", text))
    return findings


def check_python(file):
    findings = []
    if line_count(file) > FILE_LINES_MAX:
        findings.append(long_file(file))
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            findings += check_function(file, node.name, node.lineno, lines, len(node.args.args))
    return findings


# Rules for C++

PRODUCT = r"src/.*(?<!_test)\.(h|cc|inc)$"  # tests and benchmarks may touch the world
NOT_A_MEMBER = r"(?<![\w.>])(std::)?"
PRINTS = NOT_A_MEMBER + r"(fmt::)?(printf|puts|putchar)\s*\(|\bfprintf\s*\(\s*stdout"
THREADS = (r"\bstd::(jthread|thread|async|this_thread|condition_variable\w*)\b"
           r"|\bpthread_create\b|\bsleep_(for|until)\b|\b(usleep|nanosleep)\s*\(")
CLOCKS = (r"\bstd::chrono::(system|steady|high_resolution)_clock\b"
          r"|\b(clock_gettime|gettimeofday)\s*\("
          r"|" + NOT_A_MEMBER + r"time\s*\(\s*(nullptr|NULL|0|&)")
FILES = (r"(?<![\w.>:])(::)?(open|openat|socket|connect|accept|fopen|mkstemp|opendir)\s*\("
         r"|\bstd::(basic_)?[io]?fstream\b|\bstd::filesystem\b")
RANDOM = NOT_A_MEMBER + r"s?rand\s*\(|\bgetrandom\s*\(|\bstd::random_device\b"

# (rule, pattern on code without comments and literals, where it holds, what to do instead)
BANNED = [
    ("throw", r"\bthrow\b", r".*", "nothing throws: return Status or Result"),
    ("regex", r"\bstd::w?regex\b|<regex>", r".*", "std::regex is slow and not Java's: use PCRE2"),
    ("stdout", r"\bstd::cout\b|" + PRINTS, r"src/(?!cli/|connectors/console).*(?<!_test)\.\w+$",
     "stdout belongs to cli and the console sink"),
    ("env", THREADS, PRODUCT, "threads and waiting go through Env (base/env.h)"),
    ("env", CLOCKS, PRODUCT, "time comes from Env (base/env.h)"),
    ("env", FILES, PRODUCT, "files and sockets go through Env or an adapter that tidy.py lists"),
    ("env", RANDOM, PRODUCT, "random numbers come from Env (base/env.h)"),
]
EMPTY_NAME = re.compile(r"\b(?:class|struct|enum class|enum|namespace|using)\s+"
                        r"(\w*(?:Utils?|Helpers?|Common)|Manager)\b(?!\s*::)")
EMPTY_FILE_NAME = re.compile(r"(^|_)(utils?|helpers?|common|misc)$")


def check_code(file, rooms):
    findings = []
    if not file.path.endswith(".inc") and line_count(file) > FILE_LINES_MAX:
        findings.append(long_file(file))
    if file.path.endswith(".h"):
        findings += check_header_comment(file)
    code = cpp_scan.blank(file.text)
    findings += check_unfinished(file, cpp_scan.blank(file.text, keep_comments=True))
    findings += check_banned(file, code)
    findings += check_includes(file, rooms)
    for function in cpp_scan.functions(file.text):
        findings += check_function(
            file, function.name, function.line, function.lines, function.parameters)
    return findings


def long_file(file):
    text = f"{line_count(file)} lines, at most {FILE_LINES_MAX}"
    return Finding(file.path, 1, "file-length", text)


def check_function(file, name, line, lines, parameters):
    findings = []
    if lines > FUNCTION_LINES_MAX:
        text = f"{name} has {lines} lines, at most {FUNCTION_LINES_MAX}"
        findings.append(Finding(file.path, line, "function-length", text))
    if parameters > PARAMETERS_MAX and not cpp_scan.is_macro(name):
        text = f"{name} takes {parameters} parameters, at most {PARAMETERS_MAX}: make a struct"
        findings.append(Finding(file.path, line, "parameters", text))
    return findings


def check_header_comment(file):
    opening = 0
    for line in file.text.split("\n"):
        if not line.startswith("//"):
            break
        opening += 1
    if opening == 0:
        text = "a header opens with a comment: what it is, its invariant, who may call it"
        return [Finding(file.path, 1, "header-comment", text)]
    if opening > HEADER_COMMENT_LINES_MAX:
        text = f"the opening comment has {opening} lines, at most {HEADER_COMMENT_LINES_MAX}"
        return [Finding(file.path, 1, "header-comment", text)]
    return []


def check_banned(file, code):
    findings = []
    adapter = any(re.fullmatch(pattern, file.path) for pattern in ADAPTERS)
    rules = [
        (rule, re.compile(pattern), advice)
        for rule, pattern, where, advice in BANNED
        if re.match(where, file.path) and not (rule == "env" and adapter)
    ]
    for number, line in enumerate(code.split("\n"), 1):
        for rule, pattern, advice in rules:
            found = pattern.search(line)
            if found:
                text = f"'{found.group().strip()}': {advice}"
                findings.append(Finding(file.path, number, rule, text))
        empty = EMPTY_NAME.search(line)
        if empty:
            text = f"'{empty.group(1)}' says nothing: name what it is"
            findings.append(Finding(file.path, number, "name", text))
    return findings


# Rooms


def read_rooms(files):
    """The room() lines of the root CMakeLists: room -> the rooms it may include."""
    text = next((file.text for file in files if file.path == "CMakeLists.txt"), "")
    rooms = {}
    for match in re.finditer(r"^room\((\w+)([^)]*)\)", text, re.MULTILINE):
        words = match.group(2).split()
        sees = {match.group(1)}
        if "USES" in words:
            for used in words[words.index("USES") + 1 :]:
                if used.isupper():
                    break
                sees |= rooms.get(used, {used})
        rooms[match.group(1)] = sees
    return rooms


INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)


def includes(file):
    """(line, quote, path) of every include."""
    for match in INCLUDE.finditer(cpp_scan.blank_comments(file.text)):
        line = file.text.count("\n", 0, match.start(2)) + 1
        yield line, match.group(1), match.group(2)


def check_includes(file, rooms):
    findings = []
    room = room_of(file.path)
    for line, quote, path in includes(file):
        first = path.split("/")[0]
        text = None
        if ".." in path.split("/"):
            text = f"{path} climbs: say room/file.h"
        elif file.path.startswith("include/") and quote == '"' and first != "thalweg":
            text = f"{path}: the front door includes nothing inner"
        elif room in rooms and quote == "<" and first in rooms:
            text = f'{path}: a room is included as "{path}"'
        elif room in rooms and quote == '"':
            text = include_problem(room, first, path, rooms)
        if text:
            findings.append(Finding(file.path, line, "include", text))
    return findings


def include_problem(room, first, path, rooms):
    if first == "thalweg":
        return None if "api" in rooms[room] else f"{path}: {room} lies behind the front door"
    if first not in rooms or "/" not in path:
        return f"{path} names no room: say room/file.h"
    if first not in rooms[room]:
        return f"{path}: {room} does not use {first}"
    return None


def room_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "src" else None


def check_places(files, rooms):
    """What lies in src/ is a .h, .cc or .inc file in a declared room, under a telling name."""
    findings = []
    for file in files:
        path = Path(file.path)
        if file.path.startswith("src/"):
            if path.suffix not in CODE:
                text = "the build takes only .cc, .h and .inc files in src/"
                findings.append(Finding(file.path, 1, "place", text))
            if room_of(file.path) not in rooms:
                text = "src/ holds rooms only, and this is in none that CMakeLists.txt declares"
                findings.append(Finding(file.path, 1, "place", text))
        if path.suffix in CODE + (".py",):
            if EMPTY_FILE_NAME.search(path.stem):
                findings.append(Finding(file.path, 1, "name", f"'{path.stem}' says nothing"))
            if not re.fullmatch(r"[a-z0-9_]+", path.stem):
                findings.append(Finding(file.path, 1, "name", "file names are snake_case"))
    return findings


def check_dead(files):
    """A header or .inc file that nobody but its own .cc includes is dead."""
    code = [file for file in files if file.path.endswith(CODE)]
    used_by = {}
    for file in code:
        for _, _, path in includes(file):
            used_by.setdefault(path, set()).add(file.path)
    findings = []
    for file in code:
        if not file.path.startswith("src/") or file.path.endswith(".cc"):
            continue
        own = {file.path}
        if file.path.endswith(".h"):
            own.add(file.path[: -len(".h")] + ".cc")
        if not used_by.get(file.path[len("src/") :], set()) - own:
            findings.append(Finding(file.path, 1, "dead", "nobody includes it"))
    return findings


def check_links(files):
    """Relative links in Markdown lead to a file or folder of the tree."""
    known = {file.path for file in files}
    known |= {str(parent) for path in known for parent in Path(path).parents}
    findings = []
    for file in files:
        if not file.path.endswith(".md"):
            continue
        for match in re.finditer(r"\]\(([^)#\s]+)[^)]*\)", file.text):
            target = os.path.normpath(os.path.join(os.path.dirname(file.path), match.group(1)))
            is_read = "://" not in match.group(1) and Path(target).suffix in TEXT
            if is_read and target not in known:
                line = file.text.count("\n", 0, match.start()) + 1
                text = f"{match.group(1)} leads nowhere"
                findings.append(Finding(file.path, line, "dead-link", text))
    return findings


if __name__ == "__main__":
    sys.exit(main())
