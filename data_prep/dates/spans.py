"""Spans of days with weights, and what is left when they are laid over each other.

Each piece of evidence allows certain days. The days that the most weight speaks for are taken,
together with those that only little less weight speaks for: where evidence leaves an interval,
the interval is the answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

#: Days outside are never considered; an answer that reaches the edge is open on that side.
FLOOR, CEILING = date(1978, 1, 1), date(2079, 12, 31)

#: Days stay possible if their weight is less than this below the best.
MARGIN = 0.35

DAY = timedelta(days=1)

_FLOOR, _CEILING = FLOOR.toordinal(), CEILING.toordinal()

#: Sums of weights taken up and laid down again differ by less than this.
_ROUNDING = 1e-9

#: First and last days; None is open. The same ones come again and again: a tenure, a festival, a season.
Ranges = tuple[tuple[date | None, date | None], ...]
_REMEMBERED = 8192

#: Words beside which the readers look: the offsets at which those of each kind begin (words.py).
Signs = Mapping[str, Sequence[int]]


class Span(NamedTuple):
    """One reading: the event lies in one of `ranges` (first and last day; None is open).

    `begin, end` are offsets into the article's text, None for words outside it. `force` multiplies the weight
    where the days are laid over each other: a line that says outright when outranks what must be inferred.
    """

    ranges: Ranges
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
        return print_ranges(self.ranges)

    @property
    def bounds(self) -> tuple[tuple[int, int], ...]:
        """The ranges as ordinals of days within FLOOR and CEILING, in order, touching ones joined."""
        return _bound_ranges(self.ranges)

    def allows(self, day: date) -> bool:
        """Whether the event can have been on this day by this reading alone."""
        ordinal = day.toordinal()
        return any(low <= ordinal <= high for low, high in self.bounds)


class Window(NamedTuple):
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
    ordinal = day.toordinal()
    total = 0.0
    for ranges, _, weight, _, _, _, force in spans:  # taken apart at once: several times as fast as by name
        for low, high in _bound_ranges(ranges):
            if low <= ordinal <= high:
                total += weight * force
                break
    return total


def choose_days(candidates: Iterable[date], spans: Sequence[Span], margin: float = MARGIN) -> list[date]:
    """Those of some days that the evidence leaves, in order.

    >>> holder = Span(((date(2021, 10, 22), date(2022, 11, 13)),), "holder", 0.9, "")
    >>> choose_days([date(year, 3, 29) for year in (2021, 2022, 2023)], [holder])
    [datetime.date(2022, 3, 29)]
    """
    days, ordinals = _number_days(tuple(candidates))
    if not days:
        return []
    steps = [0.0] * (len(days) + 1)
    earliest, latest = ordinals[0], ordinals[-1]
    for ranges, _, weight, _, _, _, factor in spans:
        force = weight * factor
        for low, high in _bound_ranges(ranges):
            if high >= earliest and low <= latest:
                steps[0 if low <= earliest else bisect_left(ordinals, low)] += force
                steps[-1 if high >= latest else bisect_right(ordinals, high)] -= force
    weights = list(accumulate(steps))
    weights.pop()  # that behind the last day
    least = max(weights) - margin + _ROUNDING
    return [day for day, weight in zip(days, weights, strict=True) if weight > least]


def lay_over(spans: Sequence[Span], margin: float = MARGIN) -> Window:
    """What all readings together leave: the hull of the days with the most weight."""
    if not spans:
        return Window(None, None, 0.0)
    steps: dict[int, float] = {_FLOOR: 0.0, _CEILING + 1: 0.0}
    for ranges, _, weight, _, _, _, factor in spans:
        force = weight * factor
        for low, high in _bound_ranges(ranges):
            steps[low] = steps.get(low, 0.0) + force
            steps[high + 1] = steps.get(high + 1, 0.0) - force
    starts = sorted(steps)
    weights = list(accumulate(map(steps.__getitem__, starts)))
    weights.pop()  # that behind the last day
    best = max(weights)
    least = best - margin + _ROUNDING
    kept = [i for i, weight in enumerate(weights) if weight > least]
    first, last = starts[kept[0]], starts[kept[-1] + 1] - 1
    return Window(None if first == _FLOOR else date.fromordinal(first),
                  None if last == _CEILING else date.fromordinal(last), best)


# --- Its parts ------------------------------------------------------------------------


@lru_cache(maxsize=_REMEMBERED)
def _bound_ranges(ranges: Ranges) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for low, high in sorted((_FLOOR if first is None else max(_FLOOR, first.toordinal()),
                             _CEILING if last is None else min(_CEILING, last.toordinal())) for first, last in ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        elif low <= high:
            joined.append((low, high))
    return tuple(joined)


@lru_cache(maxsize=_REMEMBERED)
def print_ranges(ranges: Ranges) -> str:
    """The ranges as evidence prints them."""
    return " ".join(_print_range(first, last) for first, last in ranges)


@lru_cache(maxsize=_REMEMBERED)
def _number_days(days: tuple[date, ...]) -> tuple[list[date], list[int]]:
    """The days in order, and their ordinals."""
    ordered = sorted(days)
    return ordered, [day.toordinal() for day in ordered]


def _print_range(first: date | None, last: date | None) -> str:
    if first is not None and first == last:
        return first.isoformat()
    return f"{first.isoformat() if first else '..'}/{last.isoformat() if last else '..'}"
