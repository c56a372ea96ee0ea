"""What the words of an article say about its time: office holders, phrases, sessions, years, named events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path

from data_prep.dates.days import find_days
from data_prep.dates.spans import Ranges, Signs, Span
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import Tenure, find_tenures, widen_date
from data_prep.schema import Article, Mention, PhraseHit, Placing

#: What a line says outright (在省十三届人大六次会议上) counts so many times what is inferred.
OUTRIGHT = 3.0

#: A report looks back on its year: words out of use for so long can still stand in it.
_LOOK_BACK = timedelta(days=450)
_REVIEWS = re.compile(r"工作报告|工作回顾|报告(?:政府)?工作|总结报告|年鉴|大事记")

#: Government reports are given in the first weeks of the year.
_SEASON = ((1, 1), (3, 20))
_REPORTS = re.compile(r"代表\S{0,12}(?:政府|国务院)[，,]?\s?向大会(?:作|报告)")
_FIVE_YEARS = re.compile(r"过去五年|今后五年|未来五年|五年来|本届政府")

#: The words of a phrase cannot be older than its first day; they can be recalled after its last.
_FIRST_WEIGHT, _LAST_WEIGHTS = 0.9, (0.5, 0.3, 0.2)

#: Events recalled further down than this in the body say nothing of the day of the article.
_IN_LEAD = 160
_TIMES_WEIGHT = 0.5
_THIS_YEAR = re.compile(r"今年(?:是|作为)[^,，。；;\n]{0,8}$")

_FORMERLY = re.compile(r"(?:时任|原任|前任|曾任|历任|原)[\u4e00-\u9fff]{0,12}$")
#: What stands beside what is read here (words.py).
SIGNS = {"回顾": "review"}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TITLE_YEAR = re.compile(rf"{_YEAR}年")
# read from the 年 outwards: a pattern that begins with one fixed character is found ten times as fast
_REVIEW = re.compile(r"年(?:[和及]\S{2,12})?(?:主要)?工作(?:情况)?(?:的)?回顾")
_PLAN = re.compile(r"年(?:的)?(?:主要|重点|总体|政府)?(?:工作)?(?:任务|安排|部署|重点工作|目标任务|工作的?总体要求|总体要求)")
# behind digits, and before what both a plan and a day can begin with
_PRINTED_YEAR = re.compile(r"年(?<=\d年)(?=[\d的主重总政工任安部目])")
_BEFORE_REVIEW = re.compile(rf"(?:^|[。\s、一二三四五六七八九十.．])\s*{_YEAR}$")
_BEFORE_PLAN = re.compile(rf"{_YEAR}$")
_FULL_DATE = re.compile(r"年\d{1,2}月\d{1,2}日(?!起|前|之前|以前)")


_DaySaid = tuple[date, str, int, int]  # a day, the words that speak of it, their begin and end


def read_holders(
    article: Article, mentions: Sequence[Mention], placing: Placing, extra: Path | None = None
) -> list[Span]:
    """When each person named held the office named with the name, in that place."""
    spans: dict[tuple[str, str], Span] = {}
    for mention in mentions:
        if mention.kind != "official" or not mention.role:
            continue
        held = _read_held(mention.name, mention.role, placing.province, placing.city, extra)
        if not held or (
            mention.begin is not None and _FORMERLY.search(article.text, max(0, mention.begin - 16), mention.begin)
        ):
            continue
        begin, end, surface = mention.cite(article.text)
        for office, ranges, weight in held:
            if (mention.name, office) not in spans:
                weight = round(weight * 0.8 if mention.presence == "mentioned" else weight, 3)
                spans[mention.name, office] = Span(ranges, "holder", weight, surface, begin, end)
    return list(spans.values())


def read_phrases(hits: Sequence[PhraseHit], back: timedelta) -> list[Span]:
    """The latest first day and the earliest last days, recalled so much later, of the phrases found."""
    firsts: list[_DaySaid] = []
    lasts: list[_DaySaid] = []
    known = _read_phrase_days()
    for hit in hits:
        days = known.get(hit.phrase_id)
        if days is not None:
            first, last = days
            if first:
                firsts.append((first, hit.surface, hit.begin, hit.end))
            if last:
                lasts.append((last, hit.surface, hit.begin, hit.end))
    return _bound(firsts, lasts, back, "phrase")


def read_dated_terms(article: Article, found: Mapping[str, tuple[int, int]], back: timedelta) -> list[Span]:
    """Named events and current terms (北京冬奥会, 开局之年) with the days between which they are spoken of.

    `found` has begin and end of each term where it stands first; after its last day it is recalled so much later.
    """
    known = _read_terms()
    lead_end = article.body_begin + _IN_LEAD
    firsts: list[_DaySaid] = []
    lasts: list[_DaySaid] = []
    rows = []
    for printed, (begin, end) in found.items():
        term = known[printed]
        if len(term.times) > 1:
            ranges = tuple((first, last and last + back) for first, last in term.times)
            rows.append(Span(ranges, "dated_term_times", _TIMES_WEIGHT, printed, begin, end))
            continue
        first, last = term.times[0]
        if first is not None:
            firsts.append((first, printed, begin, end))
        if last is not None and (begin < lead_end or not term.is_event):
            told = _THIS_YEAR.search(article.text, max(0, begin - 16), begin)
            if told and last.month <= 3 and last.year > (first or last).year:
                last = date(last.year - 1, 12, 31)  # 今年是…开局之年: the months of looking back are none of this year's
            lasts.append((last, printed, begin, end))
    return _bound(firsts, lasts, back, "dated_term") + rows


def read_years(article: Article, signs: Signs) -> list[Span]:
    """Years printed in the headline, in headings of a work report, in full dates of the text."""
    rows = []
    text, title_end = article.text, article.body_begin
    title = _TITLE_YEAR.search(text, 0, title_end)
    if title:
        rows.append(_year_span(int(title["year"]), "title_year", 0.8, text, *title.span()))
    years = [match.start() for match in _PRINTED_YEAR.finditer(text, title_end)]
    reviews = _REVIEW.finditer(text, title_end) if "review" in signs else ()
    plans = (match for at in years if (match := _PLAN.match(text, at)))
    for headings, before, rule, shift in ((reviews, _BEFORE_REVIEW, "review_heading", 1), (plans, _BEFORE_PLAN, "plan_heading", 0)):
        for match in headings:
            printed = before.search(text, max(title_end, match.start() - 6), match.start())
            if printed:
                rows.append(_year_span(int(printed["year"]) + shift, rule, 0.6, text, printed.start("year"), match.end()))
                break
    full = [
        (day, word)
        for at in years if (match := _FULL_DATE.match(text, at))
        for word in find_days(text, max(title_end, at - 4), match.end()) for day in word.dates(range(0))
    ]
    if full:
        day, word = max(full, key=lambda pair: pair[0])
        rows.append(Span(((day, None),), "full_date", 0.6, word.surface, word.begin, word.end))
    return rows


def read_season(article: Article, report: re.Match[str] | None) -> list[Span]:
    """A government's report to its congress: given from January to March, each fifth year over five years."""
    if report is None:
        return []
    ranges = tuple((date(year, *_SEASON[0]), date(year, *_SEASON[1])) for year in range(2008, 2036))
    rows = [Span(ranges, "report_season", 0.45, report.group(), *report.span())]
    terms = {word.group(): word for word in _FIVE_YEARS.finditer(article.text)}
    if {"过去五年", "今后五年"} <= terms.keys():
        fifth = tuple(days for days in ranges if days[0].year % 5 == 3)
        rows.append(Span(fifth, "five_years", 0.4, "今后五年", *terms["今后五年"].span()))
    return rows


def recall_days(article: Article, report: re.Match[str] | None) -> timedelta:
    """How long after a word went out of use an article of this kind can still hold it."""
    return _LOOK_BACK if report or _REVIEWS.search(article.text, 0, article.body_begin) else timedelta(0)


def find_report(article: Article) -> re.Match[str] | None:
    """The words by which a government reports to its congress, at the beginning of the text."""
    return _REPORTS.search(article.text, article.body_begin, article.body_begin + 400) or _REPORTS.search(
        article.text, 0, article.body_begin)


# --- Its parts ------------------------------------------------------------------------


def _bound(firsts: Sequence[_DaySaid], lasts: Sequence[_DaySaid], back: timedelta, rule: str) -> list[Span]:
    """Only the latest first day bounds from below; the few earliest last days each add a little from above."""
    rows = []
    if firsts:
        latest = max(firsts, key=itemgetter(0))[0]
        day, surface, begin, end = min([said for said in firsts if said[0] == latest], key=itemgetter(2))
        rows.append(Span(((day, None),), f"{rule}_first", _FIRST_WEIGHT, surface, begin, end))
    if lasts:
        distinct = {said[:2]: said for said in reversed(lasts)}
        for weight, (day, surface, begin, end) in zip(_LAST_WEIGHTS, sorted(distinct.values()), strict=False):
            rows.append(Span(((None, day + back),), f"{rule}_last", weight, surface, begin, end))
    return rows


@lru_cache(maxsize=4096)  # the same few are named again and again
def _read_held(
    name: str, role: str, province: str | None, city: str | None, extra: Path | None
) -> list[tuple[str, Ranges, float]]:
    """The offices that a name with a role can mean on a page of a place: office, days in it, how sure they are."""
    tenures = find_tenures(name, role, extra)
    here: Sequence[Tenure] = [t for t in tenures if t.level == "centre" or t.place in (province, city)]
    if not here:  # 市委书记 on a page of 内蒙古 is not the secretary he later was in 深圳, unless the page says so
        here = [t for t in tenures if t.place in role or province in (None, _read_provinces().get(t.place, province))]
    return [
        (office, tuple((t.begin, t.end) for t in here if t.office == office), min(t.weight for t in here if t.office == office))
        for office in dict.fromkeys(t.office for t in here)
    ]


@cache
def _read_provinces() -> dict[str, str]:
    """The province in which a city lies, and of each province itself, by short name."""
    table = read_lexicon("places")
    table = table[table["level"].isin(["province", "city"])]
    return dict(zip(table["short"], table["province"], strict=True))


@cache
def _read_phrase_days() -> dict[str, tuple[date | None, date | None]]:
    try:
        table = read_lexicon("phrases")
    except FileNotFoundError:
        return {}
    return {
        row.phrase_id: (
            widen_date(row.first_day, last=False) if row.first_day else None,
            widen_date(row.last_day, last=True) if row.last_day else None,
        )
        for row in table.itertuples(index=False)
        if row.first_day or row.last_day
    }


@dataclass(frozen=True)
class _Term:
    """The times (first and last day, None is open) in which a term is spoken of; events are recalled later."""

    times: tuple[tuple[date | None, date | None], ...]
    is_event: bool


@cache
def _read_terms() -> dict[str, _Term]:
    times: dict[str, list[tuple[date | None, date | None]]] = {}
    events = set()
    for row in read_lexicon("dated_terms").itertuples(index=False):
        times.setdefault(row.term, []).append((widen_date(row.first_day, last=False) if row.first_day else None,
                                               widen_date(row.last_day, last=True) if row.last_day else None))
        if row.note == "event":
            events.add(row.term)
    return {term: _Term(tuple(spans), term in events) for term, spans in times.items()}


def _year_span(year: int, rule: str, weight: float, text: str, begin: int, end: int) -> Span:
    days = (date(year, 1, 1), date(year, 12, 31))
    return Span((days,), rule, weight, text[begin:end].strip(), begin, end)
