"""When the event of an article was, and when it was published, with the words that say so.

Pages rarely print a year. What an article gives is a day without a year (3月29日晚), people in office,
phrases that belong to a time, and neighbours on the same page. Each is a span of days with a weight;
the days that the most weight speaks for are laid over the day printed:

    article     day word, dateline, holders, phrases, named events, sessions, years   -> spans
    page        what all articles of the page allow together, and the days its settled ones have
    copies      (when releases are known) the days other copies of the same release have

A day is given only where exactly one is left; an interval stays an interval; nothing stays nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from data_prep.dates.calendars import read_festivals
from data_prep.dates.counts import read_counters, read_missions, read_ordinals, read_relations, read_sittings
from data_prep.dates.days import LEAD, DayWord, find_event_days, is_speech_line
from data_prep.dates.outside import Dateline, Publication, read_dateline, read_publication, read_stated_event
from data_prep.dates.sessions import read_sessions
from data_prep.dates.spans import MARGIN, Span, choose_days, lay_over, weigh_day
from data_prep.dates.words import find_time_words
from data_prep.dates.years import (
    OUTRIGHT,
    find_report,
    read_dated_terms,
    read_holders,
    read_phrases,
    read_season,
    read_years,
    recall_days,
)
from data_prep.schema import Article, Dating, Evidence, Mention, PageContext, PhraseHit, Placing

__all__ = ["ArticleFacts", "date_articles", "date_from_copies", "date_pages"]

#: Years a day without a year can lie in: a fixed range, so that the same pages give the same table in any year.
_YEARS = range(2008, 2032)

#: A paper prints what happened in the days before; a site may put up a speech much later.
_FRESH, _STALE = timedelta(days=10), timedelta(days=360)

#: News tells of the last weeks: an older day in its lead is one looked back to. Further down, only last week counts.
_TOLD, _TOLD_WITHIN = timedelta(days=60), timedelta(days=7)

#: Articles on one page are about the same days, mostly.
_NEIGHBOUR = timedelta(days=10)
_PAGE_WEIGHT, _NEIGHBOUR_WEIGHT, _COPY_WEIGHT = 0.5, 0.7, 0.9

#: A page whose articles have more different days than this is an archive, whose days say nothing of each other.
_MOST_DAYS = 40

#: So many dated articles make a page an issue, whose days lie close together.
_ISSUE = 5

#: The page speaks for its articles only if its own evidence agrees at least this far.
_PAGE_AGREEMENT = 0.75

#: Evidence rows an article keeps for its date, the weightiest first.
_MOST_ROWS = 30


@dataclass(frozen=True)
class ArticleFacts:
    """What is known of an article before it is dated."""

    article: Article
    mentions: Sequence[Mention]
    hits: Sequence[PhraseHit]
    placing: Placing


class _Reading(NamedTuple):
    """What one article gives: its day word, its dateline, and its spans."""

    facts: ArticleFacts
    word: DayWord | None
    dateline: Dateline
    spans: tuple[Span, ...]


class _Answer(NamedTuple):
    """First and last day left, and the day of the event where it is one."""

    event: date | None
    first: date | None
    last: date | None


def date_articles(
    page: Sequence[ArticleFacts], context: PageContext, holders_extra: Path | None = None
) -> list[Dating]:
    """One Dating an article, in order; all articles of a page together, since neighbours are evidence.

    `holders_extra` is a table of further office holders (columns of holders.csv). An event_date in the metadata
    (of a manifest) is taken as it stands.
    """
    return date_pages([(page, context)], holders_extra)[0]


def date_pages(
    pages: Sequence[tuple[Sequence[ArticleFacts], PageContext]], holders_extra: Path | None = None
) -> list[list[Dating]]:
    """As date_articles, for many pages: what takes a fifth less time where the articles are short.

    Each reader goes through all articles before the next one does, so that what it needs stays in the processor's cache.
    """
    published = [read_publication(context) for _, context in pages]
    readings = iter(_read_articles([
        (facts, days, before)
        for (page, _), days in zip(pages, published, strict=True) for before in [_read_before_publication(days)] for facts in page
    ], holders_extra))
    return [
        _date_page(list(islice(readings, len(page))), days, context)
        for (page, context), days in zip(pages, published, strict=True)
    ]


def _date_page(readings: Sequence[_Reading], publications: Sequence[Publication], context: PageContext) -> list[Dating]:
    alone = [_answer(reading, reading.spans) for reading in readings]
    shared = _read_page(readings) if len(readings) > 1 else None
    events = sorted(answer.event for answer in alone if answer.event is not None)
    stated = read_stated_event(context)
    datings = []
    for reading, own in zip(readings, alone, strict=True):
        others = events.copy()
        if own.event is not None:
            others.remove(own.event)
        spans = [*reading.spans, *([shared] if shared else []), *_read_neighbours(tuple(dict.fromkeys(others)))]
        if stated is not None:
            spans.append(Span(((stated[0], stated[0]),), "metadata", 1.0, stated[1]))
            answer = _Answer(stated[0], stated[0], stated[0])
        elif len(spans) == len(reading.spans):  # nobody beside it
            answer = own
        else:
            answer = _answer_on_page(_borrow_month(reading, others), spans, others)
        published, rows = _read_published(reading, answer, publications)
        datings.append(
            Dating(answer.event, answer.first, answer.last, published,
                   tuple([*_state_evidence(reading, answer, spans), *rows]))
        )
    return datings


def date_from_copies(documents: pd.DataFrame, evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let copies of one release date each other; both tables come back, with what was added.

    `documents` needs doc_id, release_id, event_date, date_from, date_to; `evidence` the columns of the
    evidence table. A document takes the day that every dated copy of its release has, if that day lies in
    its own interval. Copies that disagree change nothing. Neither table given is changed.
    """
    documents = documents.copy()
    days: dict[str, dict[date, str]] = {}
    for row in documents.itertuples(index=False):
        if _is_day(row.event_date):
            days.setdefault(row.release_id, {}).setdefault(row.event_date, row.doc_id)
    columns = ("event_date", "date_from", "date_to")
    cells = {name: documents[name].astype(object).tolist() for name in columns}
    added = []
    for at, row in enumerate(documents.itertuples(index=False)):
        known = days.get(row.release_id, {})
        if _is_day(row.event_date) or len(known) != 1:
            continue
        day, copy = next(iter(known.items()))
        if (_is_day(row.date_from) and day < row.date_from) or (_is_day(row.date_to) and day > row.date_to):
            continue
        for name in columns:
            cells[name][at] = day
        added.append({"doc_id": row.doc_id, "field": "event_date", "value": day.isoformat(), "rule": "copy",
                      "begin": None, "end": None, "surface": copy, "weight": _COPY_WEIGHT})
    for name in columns:
        documents[name] = pd.Series(cells[name], index=documents.index, dtype=object)
    if added:
        rows = pd.DataFrame(added, columns=evidence.columns)
        rows = rows.astype({name: kind for name, kind in evidence.dtypes.items() if kind != rows[name].dtype})
        evidence = pd.concat([evidence, rows], ignore_index=True) if len(evidence) else rows
    return documents, evidence


# --- One article ----------------------------------------------------------------------


class _Open(NamedTuple):
    """An article that is being read: its words (words.py), the words by which a government reports in it, if it does, and
    how long after they went out of use it can hold words."""

    facts: ArticleFacts
    article: Article
    text: str
    terms: dict[str, tuple[int, int]]
    signs: dict[str, list[int]]
    report: re.Match[str] | None
    back: timedelta


#: What of an article tells its time, in the order in which evidence of equal weight is printed.
_READERS: tuple[Callable[[_Open], Sequence[Span]], ...] = (
    lambda known: read_phrases(known.facts.hits, known.back),
    lambda known: read_dated_terms(known.article, known.terms, known.back),
    lambda known: read_ordinals(known.text, known.signs),
    lambda known: read_counters(known.text, known.signs),
    lambda known: read_sittings(known.text, known.signs),
    lambda known: read_relations(known.text, known.signs),
    lambda known: read_missions(known.article),
    lambda known: read_sessions(known.article, known.signs, known.report, known.facts.placing.province),
    lambda known: read_years(known.article, known.signs),
    lambda known: read_season(known.article, known.report),
    lambda known: read_festivals(known.article),
)


def _read_articles(
    batch: Sequence[tuple[ArticleFacts, Sequence[Publication], Sequence[Span]]], extra: Path | None
) -> list[_Reading]:
    """What each of some articles gives, beside the publications of its page and the days before them."""
    opened = [_open_article(facts) for facts, _, _ in batch]
    spans = [read_holders(known.article, known.facts.mentions, known.facts.placing, extra) for known in opened]
    for reader in _READERS:
        for known, found in zip(opened, spans, strict=True):
            found += reader(known)
    return [
        _read_day(facts, publications, found, before)
        for (facts, publications, before), found in zip(batch, spans, strict=True)
    ]


def _open_article(facts: ArticleFacts) -> _Open:
    article = facts.article
    terms, signs = find_time_words(article.text)
    report = find_report(article)
    return _Open(facts, article, article.text, terms, signs, report, recall_days(article, report))


def _read_day(
    facts: ArticleFacts, publications: Sequence[Publication], spans: list[Span], before: Sequence[Span]
) -> _Reading:
    """The day word and the dateline of an article beside its spans and those of its publication."""
    article = facts.article
    dateline = read_dateline(article)
    words = find_event_days(article.text, article.body_begin, dateline.ends)
    completed = (_complete(word, dateline, publications) if word.month is None else word for word in words)
    word = next((day for day in completed if day and not _is_told(day, article, dateline, publications, spans)), None)
    spans += before
    if word is not None and word.year is not None:
        stated = word.dates(range(0))
        if stated:
            days = (stated[0], word.last_day(stated[0]))
            spans.append(Span((days,), "stated_day", 1.0, word.surface, word.begin, word.end, force=OUTRIGHT))
    return _Reading(facts, word, dateline, tuple(spans))


def _read_before_publication(publications: Sequence[Publication]) -> list[Span]:
    """The event was before the page was published: somewhat surely in the year, likely in the last days."""
    if not publications:
        return []
    best = publications[0]
    late = best.last + timedelta(days=1)
    return [
        Span(((best.first - _STALE, late),), "published", best.weight, best.surface),
        Span(((best.first - _FRESH, late),), "just_published", 0.4, best.surface),
    ]


def _is_told(
    word: DayWord, article: Article, dateline: Dateline, publications: Sequence[Publication], spans: Sequence[Span]
) -> bool:
    """Whether a day is one that news looks back or forward to: far from the day on which it was published.

    Not so where the article itself says outright when it was given (a speech put up years later), where its
    headline has the day, or where office holders and phrases speak against the day of publication.
    """
    near = next((p for p in publications if p.first == p.last), None)
    if near is None or word.begin < article.body_begin or is_speech_line(article.text, word.end):
        return False
    late = near.last + timedelta(days=1)
    reach = _TOLD if word.begin < dateline.ends + LEAD else _TOLD_WITHIN
    years = range(max(_YEARS.start, (near.first - reach).year), min(_YEARS.stop, late.year + 1))
    if any(near.first - reach <= day <= late for day in word.dates(years)):
        return False
    if word.year is None and spans:  # a scraped page's day can be that of the scraping
        best = max((weigh_day(day, spans) for day in word.dates(_YEARS)), default=0.0)
        return weigh_day(near.first, spans) > best - MARGIN
    return True


def _complete(word: DayWord, dateline: Dateline, publications: Sequence[Publication]) -> DayWord | None:
    """29日 after 3月30日讯 is in March; 昨日 is the day before publication, 本周一 a day of its week."""
    if dateline.month is not None and dateline.day is not None:
        anchor_month, anchor_day, year = dateline.month, dateline.day, None
        if publications:
            year = publications[0].last.year
    elif publications and publications[0].first == publications[0].last:
        day = publications[0].first
        anchor_month, anchor_day, year = day.month, day.day, day.year
    else:
        return word if word.day is not None else None
    if word.day is not None:
        month = anchor_month if word.day <= anchor_day else (anchor_month - 2) % 12 + 1
        return word._replace(month=month)
    if word.offset is None and (year is None or word.weekday is None):
        return None
    try:
        anchor = date(year or 2001, anchor_month, anchor_day)  # where no year is known, one like most of them
    except ValueError:
        return None
    if word.offset is not None:
        found = anchor + timedelta(days=word.offset)
    else:
        monday = anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=word.week or 0)
        found = monday + timedelta(days=word.weekday or 0)
    return word._replace(month=found.month, day=found.day, weekday=None)


def _answer(reading: _Reading, spans: Sequence[Span]) -> _Answer:
    """The days left of the day word, or of the evidence alone where no day is printed."""
    word = reading.word
    candidates = word.dates(_YEARS) if word is not None else ()
    if word is not None and candidates:
        days = choose_days(candidates, spans)
        last = word.last_day(days[-1])
        if len(days) == 1:
            return _Answer(days[0] if last == days[0] else None, days[0], last)
        # the first or last year of all means that nothing bounds on that side
        return _Answer(None, None if days[0] == candidates[0] else days[0], None if days[-1] == candidates[-1] else last)
    dateline = reading.dateline
    if dateline.month is not None and dateline.day is not None:
        printed = DayWord(dateline.begin, dateline.end, dateline.surface, month=dateline.month, day=dateline.day)
        days = choose_days(printed.dates(_YEARS), spans) if spans else []
        if len(days) == 1:
            return _Answer(None, days[0] - _FRESH, days[0])
    window = lay_over(spans)
    return _Answer(None, window.first, window.last)


# --- The page -------------------------------------------------------------------------


def _read_page(readings: Sequence[_Reading]) -> Span | None:
    """What all articles of a page allow together, if they agree."""
    pooled = {(span.rule, span.ranges): span for reading in readings for span in reading.spans}
    spans = list(pooled.values())
    window = lay_over(spans)
    total = sum(span.weight for span in spans)
    if not spans or window.weight < _PAGE_AGREEMENT * total or (window.first is None and window.last is None):
        return None
    strongest = sorted(spans, key=lambda span: -span.weight)[:3]
    surface = "、".join(dict.fromkeys(span.surface for span in strongest))
    return Span(((window.first, window.last),), "page", _PAGE_WEIGHT, surface)


@lru_cache(maxsize=256)  # most articles of a page have the same
def _read_neighbours(days: tuple[date, ...]) -> list[Span]:
    """The days around those that other articles of the page have; an archive of many days tells nothing."""
    if not days or len(days) > _MOST_DAYS:
        return []
    ranges = tuple((day - _NEIGHBOUR, day + _NEIGHBOUR) for day in days)
    return [Span(ranges, "neighbour", _NEIGHBOUR_WEIGHT, "、".join(map(str, days)))]


def _borrow_month(reading: _Reading, others: Sequence[date]) -> _Reading:
    """29日 with no month at all: the month in which it lies nearest to a dated neighbour, if only one does."""
    word = reading.word
    if word is None or word.month is not None or word.day is None:
        return reading
    days = dict.fromkeys(others)
    if len(days) > _MOST_DAYS:
        return reading
    near = {
        day.month
        for other in days
        for day in (other + timedelta(days=n) for n in range(-_NEIGHBOUR.days, _NEIGHBOUR.days + 1))
        if day.day == word.day
    }
    return reading._replace(word=word._replace(month=near.pop())) if len(near) == 1 else reading


def _answer_on_page(reading: _Reading, spans: Sequence[Span], others: Sequence[date]) -> _Answer:
    """The answer beside neighbours: a day far from those of a whole issue is one told of (于5月5日首飞), not the event's."""
    answer = _answer(reading, spans)
    near = others[len(others) // 5 : len(others) - len(others) // 5]  # sorted: without the earliest and latest fifth
    if reading.word is None or len(near) < _ISSUE or near[-1] - near[0] > _NEIGHBOUR:
        return answer
    first, last = near[0] - 2 * _NEIGHBOUR, near[-1] + 2 * _NEIGHBOUR
    days = (answer.event,) if answer.event is not None else reading.word.dates(_YEARS)
    is_far = bool(days) and not any(first <= day <= last for day in days)
    return _answer(reading._replace(word=None), spans) if is_far else answer


# --- What is handed on ----------------------------------------------------------------


def _read_published(
    reading: _Reading, answer: _Answer, publications: Sequence[Publication]
) -> tuple[date | None, list[Evidence]]:
    """The day of publication: of the paper's own dateline or of what stands outside the text."""
    rows = []
    dateline = reading.dateline
    days = [p for p in publications if p.first == p.last]
    taken = days[0].first if days else None
    if dateline.day is not None and dateline.month is not None and dateline.kind in ("讯", "消息"):
        printed = _after_event(dateline, answer, taken)
        if printed is not None:
            rows.append(Evidence("published", printed.isoformat(), "dateline", dateline.begin, dateline.end,
                                 dateline.surface, 0.9))
            taken = printed
    for p in days:
        weight = p.weight if p.first == taken else -p.weight
        rows.append(Evidence("published", p.first.isoformat(), p.rule, None, None, p.surface, weight))
    return taken, rows


def _after_event(dateline: Dateline, answer: _Answer, outside: date | None) -> date | None:
    """The dateline's day in the year of the event (or the next, over New Year), or of the metadata."""
    if dateline.month is None or dateline.day is None:
        return None
    anchor = answer.event or answer.last or outside
    if anchor is None or (answer.event is None and not _same_year(answer)):
        anchor = outside
    if anchor is None:
        return None
    found = []
    for year in (anchor.year - 1, anchor.year, anchor.year + 1):
        try:
            found.append(date(year, dateline.month, dateline.day))
        except ValueError:
            continue
    later = [day for day in found if day >= anchor] if answer.event else found
    return min(later, key=lambda day: abs(day - anchor)) if later else None


def _same_year(answer: _Answer) -> bool:
    return answer.first is not None and answer.last is not None and answer.first.year == answer.last.year


def _state_evidence(reading: _Reading, answer: _Answer, spans: Sequence[Span]) -> list[Evidence]:
    """Every reading as a row; those that do not allow the answer with negative weight."""
    rows = []
    word = reading.word
    if word is not None:
        value = answer.event.isoformat() if answer.event else Span(((answer.first, answer.last),), "", 0, "").value
        is_taken = answer.event is None or word.month is None or answer.event in word.dates(_YEARS)
        weight = 0.95 if is_taken else -0.95
        rows.append(Evidence("event_date", value if is_taken else word.surface, "day_word", word.begin, word.end,
                             word.surface, weight))
    is_open = answer.first is None and answer.last is None
    first, last = answer.first or date.min, answer.last or date.max
    for span in sorted(spans, key=attrgetter("weight"), reverse=True)[:_MOST_ROWS]:  # of equals the first read first
        _, rule, weight, surface, begin, end, _ = span
        if not is_open and not _meets(span, first, last):
            weight = -weight
        rows.append(Evidence("event_date", span.value, rule, begin, end, surface, weight))
    return rows


def _meets(span: Span, first: date, last: date) -> bool:
    """Whether a reading allows a day from first to last."""
    for low, high in span.ranges:  # noqa: SIM110 -- a generator costs as much again
        if (low is None or low <= last) and (high is None or first <= high):
            return True
    return False


def _is_day(value: object) -> bool:
    return value is not None and not (isinstance(value, float) or value is pd.NaT)
