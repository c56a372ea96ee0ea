r"""Which expressions have so simple a shape that comparing characters answers them, without RE2.

Why here: RE2 through Python takes two microseconds a match, and `[0-9]{4}` or `(发展|改革).{0,5}(开放|创新)`
match millions of times. Two shapes are read from the tree of an expression: alternatives of fixed length
(characters and classes one behind the other), and such alternatives, one gap of any characters, and such
alternatives again or nothing. Where they stand: `shape_matches.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.queries.expression import AnyChar, Char, Choice, Node, OneOf, Repeat, Series

#: Alternatives a shape may come to, and characters each may have.
_MOST_ALTERNATIVES, LONGEST_ALTERNATIVE = 40, 100

#: What one character may be, as code units; and such sets one behind the other.
Units = frozenset[int]
Alternative = tuple[Units, ...]


@dataclass(frozen=True)
class Gap:
    """Any characters of a line, least to most of them (None: any number), the longest first or the shortest."""

    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True)
class Shape:
    """Alternatives in the order of preference, none of them empty; with a gap perhaps others behind it."""

    left: tuple[Alternative, ...]
    gap: Gap | None = None
    right: tuple[Alternative, ...] = ()


class _OtherShape(Exception):
    """The expression is not of one of these shapes."""


def read_shape(tree: Node | None) -> Shape | None:
    r"""The shape of an expression, by its tree; None where it has another one.

    >>> from dashboard.queries.expression import read_expression
    >>> shape = read_shape(read_expression("(发展|改).{0,5}放?心"))
    >>> [["".join(map(chr, sorted(*units))) for units in zip(one)] for one in (*shape.left, *shape.right)], shape.gap
    ([['发', '展'], ['改'], ['放', '心'], ['心']], Gap(least=0, most=5, greedy=True))
    >>> read_shape(read_expression("发+展")), read_shape(read_expression("^发展"))
    (None, None)
    """
    try:
        return None if tree is None else _read_shape(_flatten(tree))
    except _OtherShape:
        return None


def _read_shape(items: list[Repeat]) -> Shape:
    gaps = [place for place, item in enumerate(items) if isinstance(item.node, AnyChar)]
    first, behind = (gaps[0], gaps[-1] + 1) if gaps else (len(items), len(items))
    if len(gaps) != behind - first:
        raise _OtherShape  # two gaps
    gap = _join_gaps(items[first:behind])
    if gap is None:
        return Shape(_refuse_empty(_join_items([*items[:first], *items[behind:]])))
    right = _refuse_empty(_join_items(items[behind:])) if items[behind:] else ()
    return Shape(_refuse_empty(_join_items(items[:first])), gap, right)


def _flatten(node: Node) -> list[Repeat]:
    """The items of a series, those of brackets in it among them."""
    if not isinstance(node, Series):
        return [Repeat(node)]
    items = []
    for item in node.items:
        items += _flatten(item.node) if isinstance(item.node, Series) and item == Repeat(item.node) else [item]
    return items


def _join_gaps(items: list[Repeat]) -> Gap | None:
    """One gap of those that follow one another; None where it is none or always empty."""
    ways = {item.greedy for item in items if item.least != item.most}
    if len(ways) > 1:
        raise _OtherShape
    most = None if any(item.most is None for item in items) else sum(item.most or 0 for item in items)
    return None if most == 0 else Gap(sum(item.least for item in items), most, ways != {False})


def _refuse_empty(alternatives: list[Alternative]) -> tuple[Alternative, ...]:
    if not all(alternatives):
        raise _OtherShape
    return tuple(dict.fromkeys(alternatives))


def _list_alternatives(node: Node) -> list[Alternative]:
    """What a piece can be, in the order in which it is tried."""
    if isinstance(node, Char):
        return [(_read_units(node.char),)]
    if isinstance(node, OneOf) and node.chars is not None:
        return [(_read_units(node.chars),)]
    if isinstance(node, Choice):
        return _bound([found for option in node.options for found in _list_alternatives(option)])
    if isinstance(node, Series):
        return _join_items(node.items)
    raise _OtherShape


def _join_items(items: Iterable[Repeat]) -> list[Alternative]:
    joined: list[Alternative] = [()]
    for item in items:
        repeated = _repeat(item)
        joined = _bound([left + right for left in joined for right in repeated])
    return joined


def _repeat(item: Repeat) -> list[Alternative]:
    """The alternatives of a repetition: after each time one more first, or none more first where it is lazy."""
    options = _list_alternatives(item.node)
    if (item.least, item.most) == (1, 1):
        return options
    if item.most is None or not all(options):
        raise _OtherShape
    rest: list[Alternative] = [()]
    for time in reversed(range(item.most)):
        more = [option + others for option in options for others in rest]
        stop: list[Alternative] = [()] if time >= item.least else []
        rest = _bound(more + stop if item.greedy else stop + more)
    return rest


def _bound(alternatives: list[Alternative]) -> list[Alternative]:
    if len(alternatives) > _MOST_ALTERNATIVES or max(map(len, alternatives), default=0) > LONGEST_ALTERNATIVE:
        raise _OtherShape
    return alternatives


def _read_units(chars: Iterable[str]) -> Units:
    """Code units of characters. What is no single one, and what parts lines and documents, is left to RE2."""
    units = frozenset(map(ord, chars))
    if any(unit in (0, 10) or 0xD800 <= unit < 0xE000 or unit > 0xFFFF for unit in units):
        raise _OtherShape
    return units
