r"""An expression read into a tree, as far as it is known here: characters, classes, choices, repetitions.

Why here: what an expression needs (`needs.py`) and whether arrays answer it (`shapes.py`) are both read from
its parts, and RE2 shows none. Only what is surely read as RE2 reads it is read; the rest is unclear.
"""

from __future__ import annotations

from dataclasses import dataclass

#: A class of more characters than this may as well match anything.
WIDE = 64
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Char:
    """A character that stands for itself."""

    char: str


@dataclass(frozen=True)
class OneOf:
    """A class: exactly these characters; None where they are many or not known."""

    chars: frozenset[str] | None


@dataclass(frozen=True)
class AnyChar:
    """`.`: any character but a line feed."""


@dataclass(frozen=True)
class Edge:
    r"""^, $, \b, \B: takes no character and looks at what stands around it."""


@dataclass(frozen=True)
class Repeat:
    """least to most times (None: without end) a node; greedy: as often as possible first."""

    node: Node
    least: int = 1
    most: int | None = 1
    greedy: bool = True


@dataclass(frozen=True)
class Series:
    """One behind the other."""

    items: tuple[Repeat, ...]


@dataclass(frozen=True)
class Choice:
    """One of several, at least two, the first that leads to a match."""

    options: tuple[Series, ...]


Node = Char | OneOf | AnyChar | Edge | Series | Choice


class _Unclear(Exception):
    """The expression holds something this reader does not know."""


def read_expression(pattern: str) -> Series | Choice | None:
    r"""The tree of an expression, None where it holds something unknown here.

    >>> read_expression("一.?").items[1]
    Repeat(node=AnyChar(), least=0, most=1, greedy=True)
    >>> read_expression("(?i)gdp") is None
    True
    """
    try:
        tree, end = _read_choice(pattern, 0)
    except (_Unclear, RecursionError):
        return None
    return tree if end == len(pattern) else None


def _read_choice(pattern: str, at: int) -> tuple[Series | Choice, int]:
    """a|b|c up to the end or a closing bracket."""
    series, at = _read_series(pattern, at)
    options = [series]
    while at < len(pattern) and pattern[at] == "|":
        series, at = _read_series(pattern, at + 1)
        options.append(series)
    return (options[0] if len(options) == 1 else Choice(tuple(options))), at


def _read_series(pattern: str, at: int) -> tuple[Series, int]:
    items = []
    while at < len(pattern) and pattern[at] not in "|)":
        node, at = _read_atom(pattern, at)
        item, at = _read_repeat(pattern, at, node)
        items.append(item)
    return Series(tuple(items)), at


def _read_atom(pattern: str, at: int) -> tuple[Node, int]:
    char = pattern[at]
    if char == "\\":
        return _read_escape(pattern, at)
    if char == "[":
        end = _skip_class(pattern, at)
        return OneOf(_read_class(pattern[at + 1 : end - 1])), end
    if char == ".":
        return AnyChar(), at + 1
    if char in "^$":
        return Edge(), at + 1
    if char == "(":
        at += 1
        if pattern.startswith("?:", at):
            at += 2
        elif pattern.startswith("?", at):
            raise _Unclear
        tree, at = _read_choice(pattern, at)
        if at >= len(pattern):
            raise _Unclear
        return tree, at + 1
    if char in "*+?{":
        raise _Unclear
    return Char(char), at + 1


def _read_escape(pattern: str, at: int) -> tuple[Node, int]:
    char = pattern[at + 1 : at + 2]
    if char in ("p", "P"):
        if pattern[at + 2 : at + 3] == "{":
            end = pattern.find("}", at)
            if end < 0:
                raise _Unclear
            return OneOf(None), end + 1
        return OneOf(None), at + 3
    if char == "d":
        return OneOf(_DIGITS), at + 2
    if char and char in "DsSwW":
        return OneOf(None), at + 2
    if char and char in "bB":
        return Edge(), at + 2
    if char and not char.isalnum():
        return Char(char), at + 2
    raise _Unclear


def _skip_class(pattern: str, at: int) -> int:
    end = at + 1
    if pattern.startswith("^", end):
        end += 1
    if pattern.startswith("]", end):
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        if pattern.startswith("[:", end):
            end = pattern.find(":]", end) + 1
            if not end:
                raise _Unclear
        end += 2 if pattern[end] == "\\" else 1
    if end >= len(pattern):
        raise _Unclear
    return end + 1


def _read_class(inside: str) -> frozenset[str] | None:
    r"""The characters of a class, by what stands between its brackets; None where they are many or not sure.

    >>> [found and "".join(sorted(found)) for found in map(_read_class, ("一二", "0-3年", "^0-9", r"\d%", "[:alpha:]"))]
    ['一二', '0123年', None, '%0123456789', None]
    """
    if inside.startswith("^") or "[:" in inside:
        return None
    chars: set[str] = set()
    at = 0
    while at < len(inside):
        if inside[at] == "\\":
            escaped = inside[at + 1 : at + 2]
            if escaped != "d" and (not escaped or escaped.isalnum() or inside[at + 2 : at + 3] == "-"):
                return None
            chars |= _DIGITS if escaped == "d" else {escaped}
            at += 2
        elif inside[at + 1 : at + 2] == "-" and at + 2 < len(inside):
            first, last = inside[at], inside[at + 2]
            if last == "\\" or ord(last) - ord(first) >= WIDE:
                return None
            chars |= {chr(code) for code in range(ord(first), ord(last) + 1)}
            at += 3
        else:
            chars.add(inside[at])
            at += 1
    return frozenset(chars) if 0 < len(chars) <= WIDE and "\n" not in chars else None


def _read_repeat(pattern: str, at: int, node: Node) -> tuple[Repeat, int]:
    """The node with the repetition that follows, if one does, and the place behind it."""
    if at >= len(pattern) or pattern[at] not in "*+?{":
        return Repeat(node), at
    most: int | None
    if pattern[at] == "{":
        end = pattern.find("}", at)
        low, comma, high = pattern[at + 1 : max(end, at + 1)].partition(",")
        if end < 0 or not low.isascii() or not low.isdigit() or (high and not (high.isascii() and high.isdigit())):
            raise _Unclear  # RE2 takes such a bracket for itself
        least, most = int(low), int(high) if high else None if comma else int(low)
        at = end + 1
    else:
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[pattern[at]]
        at += 1
    greedy = not pattern.startswith("?", at)
    at += not greedy
    if at < len(pattern) and pattern[at] in "*+?{":
        raise _Unclear
    return Repeat(node, least, most, greedy), at
