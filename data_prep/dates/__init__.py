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

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from data_prep.dates.copies import date_from_copies
from data_prep.dates.days import DayWord
from data_prep.dates.outside import Dateline, Publication, read_publication, read_stated_event
from data_prep.dates.reading import FRESH, YEARS, ArticleFacts, Opening, Reading, bound_by_publication, read_articles
from data_prep.dates.spans import Ranges, Span, choose_days, lay_over, print_ranges
from data_prep.schema import Dating, Evidence, PageContext

__all__ = ["ArticleFacts", "date_articles", "date_from_copies", "date_pages"]

#: Articles on one page are about the same days, mostly.
_NEIGHBOUR = timedelta(days=10)
_PAGE_WEIGHT, _NEIGHBOUR_WEIGHT = 0.5, 0.7

#: A page whose articles have more different days than this is an archive, whose days say nothing of each other.
_MOST_DAYS = 40

#: So many dated articles make a page an issue, whose days lie close together.
_ISSUE = 5

#: The page speaks for its articles only if its own evidence agrees at least this far.
_PAGE_AGREEMENT = 0.75

#: Evidence rows an article keeps for its date, the weightiest first.
_MOST_ROWS = 30


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
    """As date_articles, for many pages with what stands around them; short articles take less time so.

    Each reader goes through all articles before the next one does, so that what it needs stays in the processor's cache.
    """
    published = [read_publication(context) for _, context in pages]
    batch: list[Opening] = []
    for (page, _), days in zip(pages, published, strict=True):
        before = bound_by_publication(days)
        batch += [(facts, days, before) for facts in page]
    readings = iter(read_articles(batch, holders_extra))
    return [
        _date_page(list(islice(readings, len(page))), days, context)
        for (page, context), days in zip(pages, published, strict=True)
    ]


def _date_page(readings: Sequence[Reading], publications: Sequence[Publication], context: PageContext) -> list[Dating]:
    """One Dating an article of a page, by what each gives and what its neighbours have."""
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


def _answer(reading: Reading, spans: Sequence[Span]) -> _Answer:
    """The days left of the day word, or of the evidence alone where no day is printed."""
    word = reading.word
    candidates = word.dates(YEARS) if word is not None else ()
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
        days = choose_days(printed.dates(YEARS), spans) if spans else []
        if len(days) == 1:
            return _Answer(None, days[0] - FRESH, days[0])
    window = lay_over(spans)
    return _Answer(None, window.first, window.last)


# --- The page -------------------------------------------------------------------------


def _read_page(readings: Sequence[Reading]) -> Span | None:
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


def _borrow_month(reading: Reading, others: Sequence[date]) -> Reading:
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


def _answer_on_page(reading: Reading, spans: Sequence[Span], others: Sequence[date]) -> _Answer:
    """The answer beside neighbours: a day far from those of a whole issue is one told of (于5月5日首飞), not the event's."""
    answer = _answer(reading, spans)
    near = others[len(others) // 5 : len(others) - len(others) // 5]  # sorted: without the earliest and latest fifth
    if reading.word is None or len(near) < _ISSUE or near[-1] - near[0] > _NEIGHBOUR:
        return answer
    first, last = near[0] - 2 * _NEIGHBOUR, near[-1] + 2 * _NEIGHBOUR
    days = (answer.event,) if answer.event is not None else reading.word.dates(YEARS)
    is_far = bool(days) and not any(first <= day <= last for day in days)
    return _answer(reading._replace(word=None), spans) if is_far else answer


# --- What is handed on ----------------------------------------------------------------


def _read_published(
    reading: Reading, answer: _Answer, publications: Sequence[Publication]
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


def _state_evidence(reading: Reading, answer: _Answer, spans: Sequence[Span]) -> list[Evidence]:
    """Every reading as a row; those that do not allow the answer with negative weight."""
    rows = []
    word = reading.word
    if word is not None:
        value = answer.event.isoformat() if answer.event else print_ranges(((answer.first, answer.last),))
        is_taken = answer.event is None or word.month is None or answer.event in word.dates(YEARS)
        weight = 0.95 if is_taken else -0.95
        rows.append(Evidence("event_date", value if is_taken else word.surface, "day_word", word.begin, word.end,
                             word.surface, weight))
    is_open = answer.first is None and answer.last is None
    first, last = answer.first or date.min, answer.last or date.max
    for span in sorted(spans, key=attrgetter("weight"), reverse=True)[:_MOST_ROWS]:  # of equals the first read first
        ranges, rule, weight, surface, begin, end, _ = span
        if not is_open and not _meets(ranges, first, last):
            weight = -weight
        rows.append(Evidence("event_date", print_ranges(ranges), rule, begin, end, surface, weight))
    return rows


def _meets(ranges: Ranges, first: date, last: date) -> bool:
    """Whether a reading allows a day from first to last."""
    for low, high in ranges:  # noqa: SIM110 -- a generator costs as much again
        if (low is None or low <= last) and (high is None or first <= high):
            return True
    return False
