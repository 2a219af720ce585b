"""Reads C++ as text: what tidy.py needs to know without a compiler.

blank() removes what is not code; functions() finds every function with its length and number of
parameters. The scanner follows braces and the text in front of them. It is made for the one style
that clang-format leaves behind, not for C++ in general; tidy_test.py says what it must get right.
"""

import bisect
import functools
import re
from dataclasses import dataclass

_COMMENT_OR_LITERAL = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"
      | "(?:\\.|[^"\\\n])*"
      | (?<![0-9a-zA-Z])'(?:\\.|[^'\\\n])+'   # not the separator in 1'000""",
    re.DOTALL | re.VERBOSE,
)


@dataclass
class Function:
    name: str
    line: int  # where its head begins
    lines: int  # head to closing brace; 0 for a declaration
    parameters: int


def blank_comments(text):
    """The text with comments replaced by spaces and literals kept; same lines."""
    return blank(text, keep_literals=True)


def blank(text, keep_comments=False, keep_literals=False):
    """The text with string and character literals and comments replaced by spaces; same lines."""

    def replace(match):
        piece = match.group()
        is_comment = match.group("comment") is not None
        if keep_comments if is_comment else keep_literals:
            return piece
        spaces = re.sub(r"[^\n]", " ", piece)
        return spaces if is_comment else '"' + spaces[1:-1] + '"'  # something stands here

    return _COMMENT_OR_LITERAL.sub(replace, text)


def _without_preprocessor(code):
    """Directives, with their continued lines, become empty lines."""
    lines = code.split("\n")
    inside = False
    for i, line in enumerate(lines):
        directive = inside or line.lstrip().startswith("#")
        inside = directive and line.endswith("\\")
        if directive:
            lines[i] = ""
    return "\n".join(lines)


@functools.lru_cache(maxsize=None)
def functions(text):
    """Every function of a file, definitions and declarations, in order of appearance."""
    return _Scanner(_without_preprocessor(blank(text))).run()


def is_macro(name):
    return re.fullmatch(r"[A-Z][A-Z0-9_]{3,}", name) is not None


class _Scanner:
    """A stack of braces. A head is the text since the last ; { or } outside parentheses."""

    def __init__(self, code):
        self.code = code
        self.newlines = [match.start() for match in re.finditer("\n", code)]
        self.found = []
        self.stack = []  # (kind, Function or None): scope, function, initializer, inner
        self.head_start = 0
        self.parens = 0

    def run(self):
        for match in re.finditer(r"[][(){};]", self.code):
            at, char = match.start(), match.group()
            if char in "([":
                self.parens += 1
            elif char in ")]":
                self.parens = max(0, self.parens - 1)
            elif char == "{":
                self._open(at)
            elif char == "}":
                self._close(at)
            elif char == ";" and self.parens == 0:
                self._declaration(at)
                self.head_start = at + 1
        return self.found

    def _in_scope(self):
        return not self.stack or self.stack[-1][0] == "scope"

    def _open(self, at):
        head = self.code[self.head_start : at]
        kind = "inner"
        function = None
        if self._in_scope() and self.parens == 0:
            kind = _kind_of(head)
            if kind == "function":
                function = self._function(head)
                self.found.append(function)
        self.stack.append((kind, function, self.parens))
        if kind in ("scope", "function"):
            self.head_start = at + 1
        self.parens = 0

    def _close(self, at):
        if not self.stack:
            return
        kind, function, self.parens = self.stack.pop()
        if function:
            function.lines = self._line(at) - function.line + 1
        if kind in ("scope", "function"):
            self.head_start = at + 1

    def _declaration(self, at):
        if not self._in_scope():
            return
        head = self.code[self.head_start : at]
        stripped = _without_templates(head).strip()
        if re.match(r"(using|typedef|friend|return|static_assert)\b", stripped):
            return
        before = re.split(r"(?<![=!<>])=(?!=)", stripped)[0]
        if "operator" not in stripped and "(" not in before:
            return
        function = self._function(head)
        if function.name and not is_macro(function.name):
            self.found.append(function)

    def _function(self, head):
        head = _without_access(head)
        start = self.head_start + len(head) - len(head.lstrip())
        name, parameters = _name_and_parameters(_without_templates(head))
        return Function(name, self._line(start), 0, parameters)

    def _line(self, at):
        return bisect.bisect_left(self.newlines, at) + 1


def _without_access(head):
    """Access labels and attributes become spaces."""
    label = re.compile(r"\b(public|private|protected)\s*:(?!:)|\[\[.*?\]\]")
    return label.sub(lambda match: " " * len(match.group()), head)


def _without_templates(head):
    """Drops `template <…>` prefixes (their `class` is not a type that begins)."""
    while True:
        begin = re.search(r"\btemplate\s*<", head)
        if not begin:
            return head
        depth = 0
        end = begin.end() - 1
        while end < len(head):
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
            if depth == 0:
                break
        head = head[: begin.start()] + " " * (end - begin.start()) + head[end:]


def _kind_of(head):
    """What the brace behind this head opens: scope, function or initializer."""
    head = _without_access(_without_templates(head)).strip()
    if re.search(r"\bnamespace\b", head) or re.match(r'extern\s*"\s*"$', head):
        return "scope"
    if re.match(r"(alignas\([^)]*\)\s*)?(typedef\s+)?(class|struct|union|enum)\b", head):
        plain = re.sub(r"\b(alignas|[A-Z_]+)\s*\([^)]*\)", "", head.split(" : ")[0])
        return "function" if "(" in plain else "scope"
    lambda_head = re.search(r"=\s*\[[^\]]*\]\s*(\(|$)", head)
    if lambda_head:
        return "function"
    without_operator = re.sub(r"operator\s*(\(\)|\[\]|[^\s\w(]+)", "operator_", head)
    flat = _outside(without_operator)
    if "(" not in _flattened(without_operator, "<>") or re.search(r"(?<![=!<>])=(?!=)", flat):
        return "initializer"
    if _in_member_initializers(without_operator):
        return "initializer"
    return "function"


def _outside(head):
    """The head without what stands in parentheses or angle brackets (default arguments)."""
    return _flattened(head, "<>()")


def _flattened(head, brackets):
    """The head with spaces for what the brackets, given as pairs, enclose."""
    out = []
    depth = 0
    for char in head.replace("->", "  "):
        if char in brackets:
            depth += 1 if brackets.index(char) % 2 == 0 else -1
        out.append(char if depth == 0 else " ")
    return "".join(out)


def _in_member_initializers(head):
    """True where the brace begins `member_{…}` of a constructor and not its body."""
    flat = _outside(head)
    colon = re.search(r"(?<!:):(?!:)", flat)
    return bool(colon) and re.search(r"[\w>]$", head) is not None


_NOT_A_NAME = {"decltype", "noexcept", "alignas", "requires", "explicit", "__attribute__", "void"}


def _name_and_parameters(head):
    """Name and number of parameters of the function that this head declares."""
    operator = re.search(r"operator\s*(\(\)|\[\]|<=>|[^\s\w(]+|\w[\w:<>&* ]*)\s*(?=\()", head)
    if operator:
        return "operator" + operator.group(1), _count(head, operator.end())
    head = head.replace("->", "  ")
    depth = 0
    for at, char in enumerate(head):
        if char == "(" and depth == 0:
            name = re.search(r"([~\w:]+)\s*$", head[:at])
            if name and name.group(1) not in _NOT_A_NAME:
                return name.group(1).split("::")[-1], _count(head, at)
        depth += {"(": 1, "<": 1, ")": -1, ">": -1}.get(char, 0)
    return "", 0


def _count(head, at):
    """Number of parameters in the parentheses that open at `at`."""
    depth = 0
    commas = 0
    content = False
    for char in head[at:]:
        if char in ")]}>":
            depth -= 1
            if depth == 0:
                break
        if depth == 1 and char == ",":
            commas += 1
        if depth >= 1 and not char.isspace():
            content = True
        if char in "([{<":
            depth += 1
    inside = re.match(r"\(\s*void\s*\)", head[at:])
    return commas + 1 if content and not inside else 0
