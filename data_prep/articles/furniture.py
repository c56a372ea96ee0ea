"""Lines that are furniture by themselves: known from the lexicon, from their marks, or from a list they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from data_prep.articles.lines import Line
from data_prep.articles.looks import BULLET, ends_sentence, weigh_opening
from data_prep.lexicons import read_lexicon

#: Furniture is short: longer lines are not tried against the lexicon.
MAX_FURNITURE = 1_500


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, str, re.Pattern[str]], ...]]:
    """All patterns in one, to reject most lines at once, and each with rule and scope."""
    table = read_lexicon("boilerplate")
    each = tuple((row.rule, row.scope, re.compile(row.pattern, re.I)) for row in table.itertuples())
    return re.compile("|".join(f"(?:{pattern})" for pattern in table["pattern"]), re.I), each


def name_furniture(text: str) -> tuple[str, str] | None:
    """Rule and scope of a line that is furniture by itself; None for any other.

    >>> name_furniture("责任编辑:赵睿"), name_furniture("会议强调,要坚定信心。")
    (('editor', 'line'), None)
    """
    if len(text) > MAX_FURNITURE:
        return None
    any_pattern, each = _patterns()
    if not any_pattern.fullmatch(text):
        return None
    return next((rule, scope) for rule, scope, pattern in each if pattern.fullmatch(text))


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
