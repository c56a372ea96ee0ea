"""Runs of characters shifted by one byte are read again as GBK.

How the damage arises: a search-and-replace over the bytes of a GBK page put `(pinyin)`
behind the two bytes of chosen characters, also where they matched across two
neighbours. 日報 is C8D5 88F3; D588 is 請; so the page held C8 D5 88 `(qǐng)` F3, and a
lenient decoder made 日 `?` `qǐng)` of it: `?` swallowed the byte 88 and the bracket.
After such a place characters are paired one byte off until something brings the pairs
back in step.

How it is mended: what is printed is turned back into bytes; a `?` is a byte (or two, or
three) unknown; an annotation says which character the two bytes before it make. Every
way to read the bytes in pairs from a place still in step is followed (a beam search),
and the likeliest text wins (`likelihood`). How much likelier it is than what else the
bytes allow gives the confidence.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import NamedTuple

from data_prep.repair.decoding import STOPS, Decoder
from data_prep.repair.likelihood import begin_track, extend_track
from data_prep.repair.places import Place, choose_places
from data_prep.repair.signs import Sign, is_spot, list_signs
from data_prep.repair.ways import Step, Surroundings, Way, begin_way, charge_way, choose_steps, stand_still, take_step


class _Breadth(NamedTuple):
    """How many ways are followed, how far behind the best one may be, and how many
    characters are tried where nothing but their likelihood speaks for one."""

    beam: int
    behind: float
    tried: int


# The narrow search comes first; where it is not sure, the wide one.
_NARROW, _WIDE = _Breadth(6, 11.0, 8), _Breadth(28, 12.0, 36)
_SURE = 0.98
_IN_STEP = 4  # characters in step after which a place counts as read
_LONGEST_RUN, _MOST_MARKS = 160, 12  # signs, and marks among them, after which a search is given up
PROSE = 40  # characters of a line that is prose, and ends with a stop
_NO_STOP = -3.0  # a line of prose that ends without one


def read_shift(raw: str, begin: int, limit: int, context: str, around: Surroundings) -> tuple[list[Place], int]:
    """Read the damaged place that begins at raw[begin]; returns what was read, and up to where.

    `context` is the repaired text before it, in step; `limit` the end of its line.
    The list is empty where the print is as likely as any other reading.

    >>> from data_prep.repair.likelihood import Pairs
    >>> around = Surroundings(Pairs(""), frozenset("報"), True)
    >>> read_shift("福建日?qǐng)?bào)記者", 3, 16, "福建日", around)[0][0].text
    '報'
    """
    track = begin_track()
    for char in context:
        track = extend_track(track, char, around.pairs)
    start = begin_way(track, context[-1:], begin)
    search = _Search(raw, limit, around, _NARROW)
    places, at = search.read(start)
    if not places or any(place.is_guess or place.confidence < _SURE for place in places):
        places, at = _Search(raw, limit, around, _WIDE, search).read(start)
    return places, at


class _Search:
    """A beam search over the ways to read raw[begin:limit]."""

    def __init__(
        self, raw: str, limit: int, around: Surroundings, breadth: _Breadth, before: _Search | None = None
    ) -> None:
        """What a search `before` has seen is not looked at again, and what its likeliest ways are worth is known."""
        self.raw = raw
        self.limit = limit
        self.breadth = breadth
        self.pairs = around.pairs
        self.decoder = Decoder(raw, limit, around, breadth.behind, breadth.tried, breadth.beam)
        self.signs: dict[int, list[Sign]] = before.signs if before else {}
        # By where ways stand what the likeliest is worth.
        self.bests: defaultdict[int, float] = defaultdict(lambda: -math.inf, before.bests if before else {})

    def read(self, start: Way) -> tuple[list[Place], int]:
        """The places as the likeliest way on from `start` has them, and where reading stopped."""
        begin = start.begin
        agenda: dict[int, list[Step]] = {begin: [stand_still(start)]}
        ways: list[Way] = []
        n_calm, n_signs, n_marks, at = 0, 0, 0, begin
        while agenda:
            at = min(agenda)
            steps = agenda.pop(at)
            least = max(step.score for step in steps) - self.breadth.behind
            in_step, out_of_step = choose_steps(steps, self.breadth.beam, least)
            ways = [take_step(step, self.raw, self.pairs) for step in (*in_step, *out_of_step)]
            if not agenda and not out_of_step:
                ways, at, n_calm = self._read_calm(ways, at, n_calm)
            if at >= self.limit or n_calm >= _IN_STEP or n_signs > _LONGEST_RUN or n_marks > _MOST_MARKS:
                break
            signs = self._list_signs(at)
            for sign in signs:
                readers = ways if sign is signs[0] else [way for way in ways if way.pending is not None]
                found, best = self.decoder.read_sign(readers, sign, self.bests[sign.end])
                if found:
                    agenda.setdefault(sign.end, []).extend(found)
                    self.bests[sign.end] = best
            n_marks += signs[0].is_mark
            is_calm = not signs[0].is_mark and not signs[0].reading
            is_calm = is_calm and all(step.pending is None for steps in agenda.values() for step in steps)
            n_calm, n_signs = n_calm + 1 if is_calm else 0, n_signs + 1
        finished = [self._rate_end(new, at, begin) for way in ways for new in self.decoder.read_end(way, at)]
        return choose_places(finished), at

    def _read_calm(self, ways: list[Way], at: int, n_calm: int) -> tuple[list[Way], int, int]:
        """Read what is printed while every way is in step, up to a mark or until the place counts as read."""
        while at < self.limit and n_calm < _IN_STEP and not is_spot(sign := self._list_signs(at)[0]):
            at, n_calm = sign.end, n_calm + 1
            ways = self.decoder.keep_print(ways, sign)
            best = max(way.track.score for way in ways)
            self.bests[at] = max(self.bests[at], best)
            ways = [way for way in ways if way.track.score >= best - self.breadth.behind]
        return ways, at, n_calm

    def _list_signs(self, at: int) -> list[Sign]:
        signs = self.signs.get(at)
        if signs is None:
            signs = self.signs[at] = list_signs(self.raw, at, self.limit)
        return signs

    def _rate_end(self, way: Way, at: int, begin: int) -> Way:
        """At the end of a line of prose a stop is to be expected."""
        line_begin = self.raw.rfind("\n", 0, begin) + 1
        if at < self.limit or self.limit - line_begin < PROSE or way.track.last in STOPS:
            return way
        return charge_way(way, _NO_STOP)
