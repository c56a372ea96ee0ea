"""The invented pages of `tests/cases/places_dates_speech_pages.json`, their marks read and taken off.

A page stands there as a paper would print it, with marks for who voices what: `[[尹力|要抓好落实。]]` is voiced by 尹力,
`[[会议|…]]` by the meeting, `[[~王丽|…]]` by somebody who is no official; `{{尹力强调，}}` introduces and is not scored.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases" / "places_dates_speech_pages.json"

_MARKS = re.compile(r"\[\[(?P<who>[^|\]]+)\||\{\{|\]\]|\}\}")


@dataclass(frozen=True)
class Voiced:
    """text[begin:end] is voiced by `speaker`; kind is leader, meeting or other, or "" for words not scored."""

    speaker: str
    kind: str
    begin: int
    end: int


@dataclass(frozen=True)
class InventedPage:
    """A page and its truth: place, first and last day of the event, and who voices what; all else is the paper's."""

    label: str
    reason: str
    text: str
    province: str
    level: str
    city: str | None
    days: tuple[date, date]
    voiced: tuple[Voiced, ...]


def read_marks(marked: str) -> tuple[str, tuple[Voiced, ...]]:
    """The text without its marks, and what they say.

    >>> read_marks("会上，{{尹力强调，}}[[尹力|要抓好落实。]]")[0]
    '会上，尹力强调，要抓好落实。'
    """
    text, spans, at = "", [], 0
    opened: tuple[str, str, int] | None = None
    for match in _MARKS.finditer(marked):
        text += marked[at : match.start()]
        at = match.end()
        if match["who"] or match.group() == "{{":
            who = match["who"] or ""
            kind = "" if not who else "meeting" if who == "会议" else "other" if who[0] == "~" else "leader"
            opened = (who.lstrip("~"), kind, len(text))
        elif opened is not None:
            spans.append(Voiced(opened[0], opened[1], opened[2], len(text)))
            opened = None
    return text + marked[at:], tuple(spans)


def read_invented_pages() -> list[InventedPage]:
    """Every page, in the order of the file."""
    pages = []
    for case in json.loads(CASES.read_text(encoding="utf-8"))["pages"]:
        text, voiced = read_marks(case["text"])
        first, last = (date.fromisoformat(day) for day in case["days"])
        pages.append(InventedPage(case["label"], case["reason"], text, case["province"], case["level"], case["city"],
                                  (first, last), voiced))
    return pages
