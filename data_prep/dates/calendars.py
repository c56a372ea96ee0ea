"""Festivals of the lunar calendar: 今天（6月3日）是端午节 can only be 2022.

The festivals move against the days of the year by up to a month, so that a festival together with a printed day leaves
few years, often one. 清明 and the other solar terms stand on the same day every year and tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from data_prep.dates.days import LEAD, read_number
from data_prep.dates.spans import Span
from data_prep.lexicons import read_lexicon
from data_prep.schema import Article

_HAN = "一二三四五六七八九十"
#: The day itself: 今天是除夕, 今晚就是除夕了, 大年初三.
_ON_THE_DAY = re.compile(
    r"(?:今[天日晚]|\d日[)）]?)(?:[(（]\d{1,2}月\d{1,2}日[)）])?(?:是|就是|正值|恰逢|适逢|迎来)?(?:我国|农历|传统|一年一度的|中国|中华民族)*"
    r"(?P<festival>除夕|春节|元宵节|端午|七夕|中秋|重阳|腊八|小年)(?!假期|将至|前|临近|小?长假)"
)
_NEW_YEAR = re.compile(rf"(?:大年|正月)初(?P<day>[{_HAN}])")
#: The first days at work behind the holiday of the spring festival, which ends on its sixth to eighth day.
_AT_WORK = re.compile(
    r"(?:春节|新春|节)(?:假期)?(?:后|过后)的?(?:上班|开工|复工)?的?(?:第(?P<day>[一二三])(?:天|个工作日)|首日|首个工作日)"
)
_HOLIDAY_ENDS = (timedelta(days=6), timedelta(days=8))
_LAST_MONTH = re.compile(rf"腊月(?P<day>廿[{_HAN}]?|二十[{_HAN}]?|三十)")
#: Days off: of the spring festival seven or eight, of the others three.
_HOLIDAY = re.compile(
    rf"(?P<festival>春节|端午|中秋)(?:节)?(?:小?长?假期?|假日)(?:期间)?(?P<which>首日|第[{_HAN}]天|最后一天|收官|结束)?"
)
_NEAR = re.compile(r"(?P<festival>春节|元宵节|端午|中秋|重阳)(?:节)?(?P<when>前夕|临近|将至|即将到来|将近|来临|期间|佳节)?|春运")
_WORDS = re.compile("春[节运]|除夕|元宵|端午|七夕|中秋|重阳|腊[八月]|小年|正月|大年|节后")
_HOLIDAY_DAYS = {"春节": 8, "端午": 2, "中秋": 8}
#: The spring rush begins 15 days before the festival and lasts 40.
_RUSH = (timedelta(days=22), timedelta(days=26))
_ABOUT = {"春节": (timedelta(days=24), timedelta(days=18)), "元宵节": (timedelta(days=8), timedelta(days=3))}
#: 元旦春节期间 is spoken of from December on.
_WINTER = timedelta(days=65)
_ABOUT_OTHERS = (timedelta(days=12), timedelta(days=5))
DAY, NONE = timedelta(days=1), timedelta(0)


def read_festivals(article: Article) -> list[Span]:
    """The festival named in headline or lead, as the days about it in every year.

    >>> article = Article("今天（6月3日）是端午节。", "", "", 0, ())
    >>> [day for day in (2021, 2022, 2023) if read_festivals(article)[0].allows(date(day, 6, 3))]
    [2022]
    """
    end = min(len(article.text), article.body_begin + LEAD)
    if not _WORDS.search(article.text, 0, end):  # most articles: none of the slow patterns need be tried
        return []
    return next(([span] for reader in (_read_day, _read_holiday, _read_about) for span in reader(article.text, end)), [])


# --- Its parts ------------------------------------------------------------------------


@cache
def _read_days() -> dict[str, tuple[date, ...]]:
    days: dict[str, list[date]] = {}
    for row in read_lexicon("festivals").itertuples(index=False):
        days.setdefault(row.festival, []).append(date.fromisoformat(row.day))
    return {festival: tuple(found) for festival, found in days.items()}


def _read_day(text: str, end: int) -> Iterator[Span]:
    match = _ON_THE_DAY.search(text, 0, end)
    if match:
        yield _span(match["festival"], NONE, NONE, "festival_day", 0.7, match)
    match = _NEW_YEAR.search(text, 0, end)
    if match:
        after = timedelta(days=read_number(match["day"]) - 1)
        yield _span("春节", -after, after, "festival_day", 0.6, match)
    match = _AT_WORK.search(text, 0, end)
    if match:
        after = timedelta(days=read_number(match["day"] or "一") - 1)
        yield _span("春节", -_HOLIDAY_ENDS[0] - after, _HOLIDAY_ENDS[1] + after, "festival_day", 0.6, match)
    match = _LAST_MONTH.search(text, 0, end)
    if match:
        before = timedelta(days=31 - read_number(match["day"].replace("廿", "二十")))
        yield _span("春节", before, DAY - before, "festival_day", 0.6, match)  # the month has 29 or 30 days


def _read_holiday(text: str, end: int) -> Iterator[Span]:
    match = _HOLIDAY.search(text, 0, end)
    if match:
        festival = match["festival"]
        length = timedelta(days=_HOLIDAY_DAYS[festival])
        if match["which"] == "首日" or match["which"] == "第一天":
            yield _span(festival, timedelta(days=2), NONE, "festival_holiday", 0.6, match)
        elif match["which"] and match["which"].startswith("第"):
            yield _span(festival, DAY, length, "festival_holiday", 0.6, match)
        elif match["which"]:
            yield _span(festival, timedelta(days=-4) if festival == "春节" else NONE, length, "festival_holiday", 0.6, match)
        else:
            yield _span(festival, timedelta(days=7), length + timedelta(days=5), "festival_holiday", 0.5, match)


def _read_about(text: str, end: int) -> Iterator[Span]:
    match = _NEAR.search(text, 0, end)
    if match and match.group() == "春运":
        yield _span("春节", *_RUSH, "festival_about", 0.5, match)
    elif match and match["when"] and text.endswith(("元旦", "元旦、", "元旦和"), 0, match.start()):
        yield _span("春节", _WINTER, _ABOUT["春节"][1], "festival_about", 0.5, match)
    elif match and match["when"]:
        yield _span(match["festival"], *_ABOUT.get(match["festival"], _ABOUT_OTHERS), "festival_about", 0.5, match)


def _span(festival: str, before: timedelta, after: timedelta, rule: str, weight: float, match: re.Match[str]) -> Span:
    ranges = tuple((day - before, day + after) for day in _read_days()[festival])
    return Span(ranges, rule, weight, match.group(), *match.span())
