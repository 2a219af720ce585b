#!/usr/bin/env python3
"""wrap_comments: moves the words behind column 100 of a // comment to its next line.

clang-format leaves comments alone (.clang-format says why), so this mends what tidy.py refuses.
Lines that are short enough, list items and tables keep their breaks. Usage:
tools/wrap_comments.py FILE…; `./dev lint --fix` runs it over the tree.
"""

import re
import sys
from pathlib import Path

COLUMNS_MAX = 100
COMMENT = re.compile(r"^(?P<mark>\s*///?)(?P<indent>\s*)(?P<item>(\d+\.|[*-])\s+)?(?P<text>.*)$")
NEW_ITEM = re.compile(r"(\d+\.|[*-])\s|\s|$")
DRAWN = re.compile(r"[─│┌└▶]|\S {3,}\S")


def main():
    for name in sys.argv[1:]:
        path = Path(name)
        before = path.read_text(encoding="utf-8")
        after = wrap(before)
        if after != before:
            path.write_text(after, encoding="utf-8")


def wrap(text):
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        comment = COMMENT.match(lines[at])
        if len(lines[at]) > COLUMNS_MAX and comment and not DRAWN.search(comment.group("text")):
            break_line(lines, at, comment)
        at += 1
    return "\n".join(lines)


def break_line(lines, at, comment):
    """Cuts lines[at] at the last space that fits; the rest begins the next line of the comment."""
    cut = lines[at].rfind(" ", 0, COLUMNS_MAX + 1)
    prefix = comment.group("mark") + (comment.group("indent") or " ")
    prefix += " " * len(comment.group("item") or "")
    if cut <= len(prefix):
        return  # one long word
    rest = lines[at][cut + 1 :]
    lines[at] = lines[at][:cut].rstrip()
    following = lines[at + 1] if at + 1 < len(lines) else ""
    continues = following.startswith(prefix) and not NEW_ITEM.match(following[len(prefix) :])
    if continues:
        lines[at + 1] = f"{prefix}{rest} {following[len(prefix):]}"
    else:
        lines.insert(at + 1, prefix + rest)


if __name__ == "__main__":
    main()
