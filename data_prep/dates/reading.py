"""What single articles say about their time: a day word, a dateline, and spans of days with weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from data_prep.dates.calendars import read_festivals
from data_prep.dates.counts import read_counters, read_missions, read_ordinals, read_relations, read_sittings
from data_prep.dates.days import LEAD, DayWord, find_event_days, is_speech_line
from data_prep.dates.outside import Dateline, Publication, read_dateline
from data_prep.dates.sessions import read_sessions
from data_prep.dates.spans import MARGIN, Span, weigh_day
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
from data_prep.schema import Article, Mention, PhraseHit, Placing

#: Years a day without a year can lie in: a fixed range, so that the same pages give the same table in any year.
YEARS = range(2008, 2032)

#: A paper prints what happened in the days before; a site may put up a speech much later.
FRESH, _STALE = timedelta(days=10), timedelta(days=360)

#: News tells of the last weeks: an older day in its lead is one looked back to. Further down, only last week counts.
_TOLD, _TOLD_WITHIN = timedelta(days=60), timedelta(days=7)


@dataclass(frozen=True)
class ArticleFacts:
    """What is known of an article before it is dated."""

    article: Article
    mentions: Sequence[Mention]
    hits: Sequence[PhraseHit]
    placing: Placing


#: An article with the publications of its page and the days before them.
Opening = tuple[ArticleFacts, Sequence[Publication], Sequence[Span]]


class Reading(NamedTuple):
    """What one article gives: its day word, its dateline, and its spans."""

    facts: ArticleFacts
    word: DayWord | None
    dateline: Dateline
    spans: tuple[Span, ...]


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


def read_articles(batch: Sequence[Opening], extra: Path | None) -> list[Reading]:
    """What each of some articles gives, in order; `extra` is a table of further office holders."""
    opened = [_open_article(facts) for facts, _, _ in batch]
    spans = [read_holders(known.article, known.facts.mentions, known.facts.placing, extra) for known in opened]
    for reader in _READERS:
        for known, found in zip(opened, spans, strict=True):
            found += reader(known)
    return [
        _read_day(facts, publications, found, before)
        for (facts, publications, before), found in zip(batch, spans, strict=True)
    ]


def bound_by_publication(publications: Sequence[Publication]) -> list[Span]:
    """The event was before the page was published: somewhat surely in the year, likely in the last days."""
    if not publications:
        return []
    best = publications[0]
    late = best.last + timedelta(days=1)
    return [
        Span(((best.first - _STALE, late),), "published", best.weight, best.surface),
        Span(((best.first - FRESH, late),), "just_published", 0.4, best.surface),
    ]


# --- Its parts ------------------------------------------------------------------------


def _open_article(facts: ArticleFacts) -> _Open:
    article = facts.article
    terms, signs = find_time_words(article.text)
    report = find_report(article)
    return _Open(facts, article, article.text, terms, signs, report, recall_days(article, report))


def _read_day(
    facts: ArticleFacts, publications: Sequence[Publication], spans: list[Span], before: Sequence[Span]
) -> Reading:
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
    return Reading(facts, word, dateline, tuple(spans))


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
    years = range(max(YEARS.start, (near.first - reach).year), min(YEARS.stop, late.year + 1))
    if any(near.first - reach <= day <= late for day in word.dates(years)):
        return False
    if word.year is None and spans:  # a scraped page's day can be that of the scraping
        best = max((weigh_day(day, spans) for day in word.dates(YEARS)), default=0.0)
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
