"""What a person types into the search box, read into parts.

    动态清零              a lexicon phrase (phrase_id, phrase or variant): its hits as the build found them
    "动态清零"            in quotation marks: these characters, whatever the lexicon says
    family:四早           the phrase and every member of its family
    疫情防控              anything else: these characters, simplified or traditional, 著 and 着 alike
    疫情*防控             up to 10 characters between (疫情*{3}防控: up to 3), never across a line
    疫情 NEAR/5 防控      both in either order with at most 5 characters between, within a line
    清零 OR 封控          either (also written 清零|封控)
    re:[一二三]个不\\w+   a regular expression (RE2: linear time, no look-around), within a line
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from dashboard.corpus import Corpus
from dashboard.queries.patterns import QueryError, compile_pattern
from data_prep.script import fold_script

#: A piece of free text has at most so many characters, a query so many; a gap is at most so wide, and by itself.
LONGEST_PIECE, LONGEST_QUERY, WIDEST_GAP, GAP = 20, 400, 50, 10
MOST_ALTERNATIVES = 30

_NEAR = re.compile(r"\s+NEAR/\d{1,3}\s+")
#: What was meant as NEAR and is not written as one.
_MISWRITTEN = re.compile(r"(?:^|\s)NEAR(?:/\S*)?(?:\s|$)")
_OR = re.compile(r"(?:^|\s+)OR(?:\s+|$)|\s*[|｜]\s*")
_STAR = re.compile(r"[*＊](?:\{(\d{1,3})\})?")
_QUOTES = '"“”＂'
_QUOTED = re.compile(f"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")


@dataclass(frozen=True)
class Literal:
    """These characters."""

    text: str


@dataclass(frozen=True)
class Entry:
    """Lexicon phrases by their numbers."""

    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Gap:
    """Pieces one after the other, at most `widths[i]` characters between the i-th and the next."""

    pieces: tuple[str, ...]
    widths: tuple[int, ...]


@dataclass(frozen=True)
class Near:
    """Two parts in either order with at most `width` characters between."""

    left: Part
    right: Part
    width: int


@dataclass(frozen=True)
class Pattern:
    """A regular expression."""

    text: str


Part = Literal | Entry | Gap | Near | Pattern


def read_query(corpus: Corpus, query: str) -> tuple[Part, ...]:
    """The alternatives of a query (grammar: see the module). Raises QueryError."""
    query = query.strip()
    if not query:
        raise QueryError("type something to look for")
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"a query has at most {LONGEST_QUERY} characters")
    if query.startswith(("re:", "re：")):
        pattern = fold_query(query[3:].strip())
        compile_pattern(pattern)
        return (Pattern(pattern),)
    alternatives = _split_outside_quotes(_OR, query)
    if len(alternatives) > MOST_ALTERNATIVES:
        raise QueryError(f"a query has at most {MOST_ALTERNATIVES} alternatives")
    return tuple(_read_alternative(corpus, text) for text in alternatives)


def fold_query(text: str) -> str:
    """Text as it is matched: simplified, 著 as 着, what lies beyond the BMP as one character.

    >>> fold_query("奔著問題去")
    '奔着问题去'
    """
    folded = "".join(c if ord(c) < 0x10000 and c != "\0" else "�" for c in fold_script(text))
    return folded.replace("著", "着")


def find_entries(corpus: Corpus, text: str) -> tuple[int, ...]:
    """The number of the lexicon entry with this phrase_id, phrase or variant (typed in either script), or ()."""
    names = corpus.derive("names of entries", lambda: _name_entries(corpus))
    return names.get(text) or names.get(fold_query(text)) or ()


def find_family(corpus: Corpus, text: str) -> tuple[int, ...]:
    """The numbers of a phrase and all members of its family. Raises QueryError where it is in no lexicon."""
    entries = find_entries(corpus, text)
    if not entries:
        raise QueryError(f"the lexicon of this build has no phrase {text[:LONGEST_PIECE]}")
    families = corpus.phrases["family"].to_numpy()
    return tuple(int(number) for number in np.flatnonzero(families == families[entries[0]]))


def _read_alternative(corpus: Corpus, text: str) -> Part:
    pieces = _split_outside_quotes(_NEAR, text)
    if len(pieces) == 1:
        return _read_piece(corpus, text)
    if len(pieces) > 2:
        raise QueryError("NEAR joins two pieces, not more")
    width = int(text[len(pieces[0]) : len(text) - len(pieces[1])].strip().removeprefix("NEAR/"))
    return Near(_read_piece(corpus, pieces[0]), _read_piece(corpus, pieces[1]), _check_width(width))


def _check_width(width: int) -> int:
    if width > WIDEST_GAP:
        raise QueryError(f"at most {WIDEST_GAP} characters may lie between two pieces, not {width}")
    return width


def _split_outside_quotes(pattern: re.Pattern[str], text: str) -> list[str]:
    """Cut a text at a pattern, but not within quotation marks.

    >>> _split_outside_quotes(_OR, '"甲 OR 乙" OR 丙')
    ['"甲 OR 乙"', '丙']
    """
    masked = _QUOTED.sub(lambda quoted: "\0" * len(quoted.group()), text)
    pieces, begin = [], 0
    for cut in pattern.finditer(masked):
        pieces.append(text[begin : cut.start()])
        begin = cut.end()
    return [*pieces, text[begin:]]


def _read_piece(corpus: Corpus, text: str) -> Part:
    text = text.strip()
    if text.startswith(("family:", "family：")):
        return Entry(find_family(corpus, text[7:].strip()))
    if len(text) > 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return Literal(_read_literal(text[1:-1]))
    if numbers := find_entries(corpus, text):
        return Entry(numbers)
    if _MISWRITTEN.search(text):
        raise QueryError("NEAR stands between two pieces of text with a number, as in 疫情 NEAR/5 防控")
    pieces = _STAR.split(text)
    if len(pieces) > 1:
        if not all(pieces[::2]):
            raise QueryError("* stands between two pieces of text, as in 疫情*防控")
        widths = tuple(_check_width(int(width)) if width else GAP for width in pieces[1::2])
        return Gap(tuple(_read_literal(piece) for piece in pieces[::2]), widths)
    return Literal(_read_literal(text))


def _read_literal(text: str) -> str:
    text = text.strip()
    if not text:
        raise QueryError("type something to look for, on both sides of OR and NEAR")
    if len(text) > LONGEST_PIECE:
        raise QueryError(f"a piece of text to look for has at most {LONGEST_PIECE} characters, not {len(text)}")
    return fold_query(text)


def _name_entries(corpus: Corpus) -> dict[str, tuple[int, ...]]:
    """Entries by name: ids before phrases, phrases before variants, where one name stands for several."""
    table = corpus.phrases
    names: dict[str, tuple[int, ...]] = {}
    for number, name in enumerate(table["phrase_id"]):
        names.setdefault(str(name), (number,))
    for number, name in enumerate(table["phrase"]):
        names.setdefault(fold_query(str(name)), (number,))
    for number, variants in enumerate(table["variants"]):
        for name in variants:
            names.setdefault(fold_query(str(name)), (number,))
    return names
