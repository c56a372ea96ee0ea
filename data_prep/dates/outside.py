"""Days that stand outside the article: metadata, address, file name, and its own dateline.

Only these say when an article was published. 东南网3月30日讯 is the paper's own dateline and gives the day
of publication; 新华社北京3月17日电 is the agency's day of dispatch, which any paper may print on any later
day, so it speaks for the event and not for this page's publication; 盐城晚报讯 without a day gives none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from data_prep.schema import Article, PageContext

# signs between year, month and day: both or none, for 2022-12-09 read as 2022-1-2 is a day as well
_YMD = (
    r"(?<![0-9])(?P<year>(?:19|20)\d\d)(?P<join>\s?[-_/.年]\s?)?"
    r"(?P<month>(?(join)(?:1[0-2]|0?[1-9])|(?:1[0-2]|0[1-9])))(?(join)\s?[-_/.月]\s?|)"
    r"(?P<day>(?(join)(?:3[01]|[12]\d|0?[1-9])|(?:3[01]|[12]\d|0[1-9])))"
)
_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])t?(?P<year>(?:19|20)\d\d)(?P<join>[-_/.]?)(?P<month>0[1-9]|1[0-2])(?P=join)"
    r"(?P<day>0[1-9]|[12]\d|3[01])(?![0-9A-Za-z])"
)
_IN_PATH = re.compile(r"/(?P<year>(?:19|20)\d\d)[-/]?(?P<month>0[1-9]|1[0-2])[-/]?(?P<day>0[1-9]|[12]\d|3[01])?/")
# the station's own item names end in the day: VIDE0nJloITlZB55JPiSy0YF220417
_IN_ITEM = re.compile(r"VID[EA][0-9A-Za-z]{16,24}?(?P<year>[12]\d)(?P<month>0[1-9]|1[0-2])(?P<day>[0-3]\d)(?![0-9])")
_STATED = re.compile(_YMD + r"(?![0-9])")

_METADATA = ("published", "pubdate", "publishdate", "publish_date", "pub_time", "firstpublishedtime",
             "article:published_time", "datepublished", "date", "发布时间", "发布日期", "时间")
_ADDRESSES = ("url", "source", "link", "canonical")

#: How far each place is trusted to hold the day of publication.
WEIGHTS = {"metadata": 0.95, "address": 0.85, "item_name": 0.85, "file_name": 0.75, "furniture": 0.7, "folder": 0.6}

_DATELINE = re.compile(
    r"[\s(（【\[]*(?P<name>[\u4e00-\u9fffA-Za-z+]{2,16}?)\s?(?P<date>(?P<month>\d{1,2})月(?P<day>\d{1,2})日)\s?(?P<kind>讯|电|消息)"
)
_NAMED = re.compile(r"[\s(（【\[]*[\u4e00-\u9fffA-Za-z0-9+]{2,16}?(?:讯|消息|电)(?=[\s:：(（])")
_BYLINE = re.compile(r"\s*[(（【\[][^()（）】\]\n]{0,40}[)）】\]]?\s*")


@dataclass(frozen=True)
class Publication:
    """A day (or, from a folder, a month) on which the article was printed, and the words for it."""

    first: date
    last: date
    rule: str
    weight: float
    surface: str


class Dateline(NamedTuple):
    """东南网3月30日讯 at text[begin:end]; month and day None where none is printed. `ends` is where the text goes on."""

    month: int | None
    day: int | None
    kind: str
    begin: int
    end: int
    surface: str
    ends: int


def read_publication(context: PageContext) -> list[Publication]:
    """Days of publication outside the text, the most trusted first."""
    found = [*_read_metadata(context), *_read_path(context), *_read_furniture(context)]
    return sorted(found, key=lambda p: -p.weight)


def read_stated_event(context: PageContext) -> tuple[date, str] | None:
    """The day of the event where a manifest says it, with the words; None otherwise."""
    text = context.metadata.get("event_date", "")
    match = _STATED.search(text) if text else None
    day = _make_day(match) if match else None
    return (day, text[:80]) if day is not None else None


def read_dateline(article: Article) -> Dateline:
    """The dateline with which the body begins; empty where there is none.

    >>> read_dateline(Article("东南网3月30日讯 29日,", "", "", 0, ())).day
    30
    """
    text, start = article.text, article.body_begin
    match = _DATELINE.match(text, start)
    if match and 1 <= int(match["month"]) <= 12 and 1 <= int(match["day"]) <= 31:
        ends = _skip_byline(text, match.end())
        surface = match.group().strip()
        begin = text.index(surface, match.start())
        return Dateline(
            int(match["month"]), int(match["day"]), match["kind"], begin, begin + len(surface), surface, ends
        )
    named = _NAMED.match(text, start)
    if named:
        return Dateline(None, None, "讯", start, start, "", _skip_byline(text, named.end()))
    return Dateline(None, None, "", start, start, "", start)


# --- Its parts ------------------------------------------------------------------------


def _make_day(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    try:
        return date(year + 2000 if year < 100 else year, int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def _read_metadata(context: PageContext) -> Iterator[Publication]:
    for key in _METADATA if context.metadata else ():
        text = context.metadata.get(key, "")
        match = _STATED.search(text)
        day = _make_day(match) if match else None
        if day is not None:
            yield Publication(day, day, "metadata", WEIGHTS["metadata"], text[:80])


def _read_path(context: PageContext) -> Iterator[Publication]:
    for key in _ADDRESSES if context.metadata else ():
        text = context.metadata.get(key, "")
        if "://" in text:
            yield from _read_name(text, "address")
    yield from _read_name(context.path, "file_name")


def _read_name(text: str, rule: str) -> Iterator[Publication]:
    item = _IN_ITEM.search(text)
    found = [(m, rule) for m in _IN_NAME.finditer(text)] + ([(item, "item_name")] if item else [])
    for match in _IN_PATH.finditer(text):
        if match["day"]:
            found.append((match, rule))
        else:
            first = date(int(match["year"]), int(match["month"]), 1)
            last = date(first.year + first.month // 12, first.month % 12 + 1, 1)
            yield Publication(first, date.fromordinal(last.toordinal() - 1), "folder", WEIGHTS["folder"], match.group())
    for match, name in found:
        day = _make_day(match)
        if day is not None:
            yield Publication(day, day, name, WEIGHTS[name], match.group())


def _read_furniture(context: PageContext) -> Iterator[Publication]:
    for _, text in context.furniture:
        match = _STATED.search(text) if len(text) < 120 else None
        day = _make_day(match) if match and re.search(r"发布|时间|日期|来源|\d:\d\d", text) else None
        if day is not None:
            yield Publication(day, day, "furniture", WEIGHTS["furniture"], text[:80])


def _skip_byline(text: str, end: int) -> int:
    """Behind (福建日报记者 林宇熙), if one follows the dateline."""
    match = _BYLINE.match(text, end)
    return match.end() if match else end
