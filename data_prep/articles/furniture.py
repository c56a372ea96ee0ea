"""Lines that are furniture by themselves: known from the lexicon, from their marks, or from a list they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from data_prep.articles.lines import Line
from data_prep.articles.looks import BULLET, ends_sentence, weigh_opening
from data_prep.lexicons import read_lexicon

#: Furniture is short: longer lines are not tried against the lexicon.
MAX_FURNITURE = 1_500


@dataclass(frozen=True)
class _Patterns:
    """Patterns joined in order, and number, rule and scope of each; `needed` finds a word one of them must have."""

    joined: re.Pattern[str]
    told: tuple[tuple[int, str, str], ...]
    needed: re.Pattern[str] | None = None

    def match(self, text: str) -> tuple[int, str, str] | None:
        """Number, rule and scope of the first pattern that is the whole of a line."""
        if self.needed is not None and not self.needed.search(text):
            return None
        match = self.joined.fullmatch(text)
        return self.told[match.lastindex - 1] if match and match.lastindex else None


@cache
def _patterns() -> tuple[_Patterns, _Patterns]:
    """Patterns that are told at the first characters of a line, and those that need a word to be tried."""
    rows = [(number, row) for number, row in enumerate(read_lexicon("boilerplate").itertuples(index=False))]
    needy = [(number, row) for number, row in rows if row.needs]
    words = [spell_caseless(word) for _, row in needy for word in row.needs.split("|")]
    return _join([pair for pair in rows if not pair[1].needs], None), _join(needy, re.compile("|".join(words)))


def _join(rows: Sequence[tuple[int, Any]], needed: re.Pattern[str] | None) -> _Patterns:
    # an empty group behind each says which one matched; one before it would hide its first character from the search
    joined = re.compile("|".join(f"(?:{row.pattern})()" for _, row in rows), re.I)
    return _Patterns(joined, tuple((number, row.rule, row.scope) for number, row in rows), needed)


def spell_caseless(word: str) -> str:
    """A pattern for a word in small or capital letters; it begins with one character, which is found fast.

    >>> spell_caseless("icp备"), spell_caseless("二维码")
    ('i[cC][pP]备|I[cC][pP]备|İ[cC][pP]备|ı[cC][pP]备', '二维码')
    """
    first, *rest = [_list_cases(letter) for letter in word]
    tail = "".join(re.escape(cases) if len(cases) == 1 else f"[{cases}]" for cases in rest)
    return "|".join(re.escape(letter) + tail for letter in first)


def _list_cases(letter: str) -> str:
    """Every character that Python takes for the same letter where case does not count."""
    if not (letter.isascii() and letter.isalpha()):
        return letter
    return letter.lower() + letter.upper() + {"i": "İı", "s": "ſ", "k": "\u212a"}.get(letter.lower(), "")


def name_furniture(text: str) -> tuple[str, str] | None:
    """Rule and scope of a line that is furniture by itself; None for any other.

    >>> name_furniture("责任编辑:赵睿"), name_furniture("会议强调,要坚定信心。")
    (('editor', 'line'), None)
    """
    if len(text) > MAX_FURNITURE:
        return None
    found = [match for match in (patterns.match(text) for patterns in _patterns()) if match is not None]
    return min(found)[1:] if found else None


def mark_furniture(lines: Sequence[Line], marks: dict[int, str]) -> dict[int, str]:
    """Rule by index of line, for the lines that are furniture by themselves or stand in a list of such."""
    rules: dict[int, str] = {}
    listing = ""
    for i, line in enumerate(lines):
        heading = marks.get(i, "").startswith("h")
        if listing and not heading and _is_listed(lines, i):
            rules[i] = listing
            continue
        listing = ""
        if marks.get(i) == "link":
            rules[i] = "link"
        elif not _WORD.search(line.text):
            rules[i] = "ornament"
        elif named := name_furniture(line.text):
            rules[i], scope = named
            listing = rules[i] if scope == "head" else ""
    _mark_bullets(lines, rules)
    return rules


def _is_listed(lines: Sequence[Line], i: int) -> bool:
    """Whether line i goes on with a list of headlines that began above it."""
    text = lines[i].text
    if len(text) > 120 or weigh_opening(text) == 4:
        return False
    if i + 1 < len(lines) and weigh_opening(lines[i + 1].text) >= 2 and not _LISTED.match(text):
        return False  # the headline of the article that follows the list
    listed = _LISTED.match(text) or text[-1] in "；;：:" or lines[i - 1].text[-1] in "：:"
    return bool(listed) or not ends_sentence(text)


_WORD = re.compile(r"\w")
_LISTED = re.compile(r"(?:\d{1,2}\s*[.．、]|[(（]\d{1,2}[)）]|[-·•●■◆▪►*▲△◇□○◎➤☆★])")


def _mark_bullets(lines: Sequence[Line], rules: dict[int, str]) -> None:
    """Three or more bulleted lines in a row without a full stop are a list of other headlines."""
    run: list[int] = []
    for i in range(len(lines) + 1):
        if i < len(lines) and i not in rules and BULLET.match(lines[i].text) and not ends_sentence(lines[i].text):
            run.append(i)
            continue
        if len(run) >= 3:
            rules.update(dict.fromkeys(run, "headlines"))
        run = []
