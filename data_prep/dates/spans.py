"""Spans of days with weights, and what is left when they are laid over each other.

Each piece of evidence allows certain days. The days that the most weight speaks for are taken,
together with those that only little less weight speaks for: where evidence leaves an interval,
the interval is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: Days outside are never considered; an answer that reaches the edge is open on that side.
FLOOR, CEILING = date(1978, 1, 1), date(2079, 12, 31)

#: Days stay possible if their weight is less than this below the best.
MARGIN = 0.35

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One reading: the event lies in one of `ranges` (first and last day; None is open).

    `begin, end` are offsets into the article's text, None for words outside it. `force` multiplies the weight
    where the days are laid over each other: a line that says outright when outranks what must be inferred.
    """

    ranges: tuple[tuple[date | None, date | None], ...]
    rule: str
    weight: float
    surface: str
    begin: int | None = None
    end: int | None = None
    force: float = 1.0

    @property
    def value(self) -> str:
        """The reading as evidence prints it: a day, or 2021-10-21/2022-11-13, open ends as ..

        >>> Span(((date(2022, 3, 1), None),), "phrase", 0.9, "").value
        '2022-03-01/..'
        """
        return " ".join(_print_range(first, last) for first, last in self.ranges)

    def allows(self, day: date) -> bool:
        """Whether the event can have been on this day by this reading alone."""
        for first, last in self.ranges:  # noqa: SIM110, a plain loop since this is asked a million times
            if (first is None or first <= day) and (last is None or day <= last):
                return True
        return False


@dataclass(frozen=True)
class Window:
    """Days still possible, from `first` to `last` (None is open), and the weight of the best of them."""

    first: date | None
    last: date | None
    weight: float

    @property
    def year(self) -> int | None:
        """The year, if only one is left."""
        return self.first.year if self.first and self.last and self.first.year == self.last.year else None


def weigh_day(day: date, spans: Iterable[Span]) -> float:
    """The weight of all readings that allow a day."""
    total = 0.0
    for span in spans:
        if span.allows(day):
            total += span.weight * span.force
    return total


def choose_days(candidates: Iterable[date], spans: Sequence[Span], margin: float = MARGIN) -> list[date]:
    """Those of some days that the evidence leaves, in order.

    >>> holder = Span(((date(2021, 10, 22), date(2022, 11, 13)),), "holder", 0.9, "")
    >>> choose_days([date(year, 3, 29) for year in (2021, 2022, 2023)], [holder])
    [datetime.date(2022, 3, 29)]
    """
    weighed = [(weigh_day(day, spans), day) for day in candidates]
    if not weighed:
        return []
    best = max(weight for weight, _ in weighed)
    return sorted(day for weight, day in weighed if weight > best - margin)


def lay_over(spans: Sequence[Span], margin: float = MARGIN) -> Window:
    """What all readings together leave: the hull of the days with the most weight."""
    if not spans:
        return Window(None, None, 0.0)
    edges = {FLOOR, CEILING + DAY}
    for span in spans:
        for first, last in span.ranges:
            edges.add(max(first or FLOOR, FLOOR))
            edges.add(min(last or CEILING, CEILING) + DAY)
    starts = sorted(edges)[:-1]
    ends = sorted(edges)[1:]
    weights = [weigh_day(start, spans) for start in starts]
    best = max(weights)
    kept = [i for i, weight in enumerate(weights) if weight > best - margin]
    first, last = starts[kept[0]], ends[kept[-1]] - DAY
    return Window(None if first == FLOOR else first, None if last == CEILING else last, best)


def _print_range(first: date | None, last: date | None) -> str:
    if first is not None and first == last:
        return first.isoformat()
    return f"{first.isoformat() if first else '..'}/{last.isoformat() if last else '..'}"
