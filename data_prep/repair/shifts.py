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
from collections.abc import Mapping
from typing import NamedTuple

from data_prep.repair.decoding import STOPS, Decoder
from data_prep.repair.likelihood import begin_track, extend_track
from data_prep.repair.places import Place, choose_places
from data_prep.repair.signs import list_signs
from data_prep.repair.ways import Surroundings, Way, begin_way, charge_way, rank_way, settle_way


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

    >>> around = Surroundings({}, frozenset("報"), True)
    >>> read_shift("福建日?qǐng)?bào)記者", 3, 16, "福建日", around)[0][0].text
    '報'
    """
    track = begin_track()
    for char in context:
        track = extend_track(track, char, around.pairs) or track
    start = begin_way(track, context[-1:], begin)
    search = _Search(raw, limit, around, _NARROW)
    places, at = search.read(start)
    if not places or any(place.is_guess or place.confidence < _SURE for place in places):
        places, at = _Search(raw, limit, around, _WIDE, search.bests).read(start)
    return places, at


class _Search:
    """A beam search over the ways to read raw[begin:limit]."""

    def __init__(
        self, raw: str, limit: int, around: Surroundings, breadth: _Breadth, bests: Mapping[int, float] | None = None
    ) -> None:
        """`bests` tells by where a way stands what the likeliest one there is worth, as far as a search before has seen."""
        self.raw = raw
        self.limit = limit
        self.breadth = breadth
        self.decoder = Decoder(raw, limit, around, breadth.behind, breadth.tried)
        self.bests: defaultdict[int, float] = defaultdict(lambda: -math.inf, bests or {})

    def read(self, start: Way) -> tuple[list[Place], int]:
        """The places as the likeliest way on from `start` has them, and where reading stopped."""
        begin = start.begin
        agenda: dict[int, list[Way]] = {begin: [start]}
        ways: list[Way] = []
        in_step, n_signs, n_marks, at = 0, 0, 0, begin
        while agenda:
            at = min(agenda)
            ways = [settle_way(way, self.raw, at) for way in self._prune(agenda.pop(at))]
            if at >= self.limit or in_step >= _IN_STEP or n_signs > _LONGEST_RUN or n_marks > _MOST_MARKS:
                break
            signs = list_signs(self.raw, at, self.limit)
            for sign in signs:
                readers = ways if sign is signs[0] else [way for way in ways if way.pending is not None]
                found, best = self.decoder.read_sign(readers, sign, self.bests[sign.end])
                if found:
                    agenda.setdefault(sign.end, []).extend(found)
                    self.bests[sign.end] = best
            n_marks += signs[0].is_mark
            is_calm = not signs[0].is_mark and not signs[0].reading
            is_calm = is_calm and all(way.pending is None for ahead in agenda.values() for way in ahead)
            in_step, n_signs = in_step + 1 if is_calm else 0, n_signs + 1
        finished = [self._rate_end(new, at, begin) for way in ways for new in self.decoder.read_end(way, at)]
        return choose_places(finished), at

    def _prune(self, ways: list[Way]) -> list[Way]:
        """The likeliest ways, one for each text and place of the pairs; as many in step as out of step.

        Right behind a mark the ways out of step are many and alike; the others must live to see them fail.
        """
        best: dict[tuple[str, int | None, int], Way] = {}
        least = max(way.track.score for way in ways) - self.breadth.behind
        for way in ways:
            if way.track.score >= least:
                key = (way.text, way.pending, id(way.pieces))  # what has been settled apart is not the same
                if key not in best or best[key].track.score < way.track.score:
                    best[key] = way
        if len(best) <= self.breadth.beam:
            return sorted(best.values(), key=lambda way: -way.track.score)
        ranked = sorted(best.values(), key=rank_way)
        in_step = [way for way in ranked if way.pending is None]
        out_of_step = [way for way in ranked if way.pending is not None]
        n_in = max(self.breadth.beam // 2, self.breadth.beam - len(out_of_step))
        in_step = in_step[:n_in]
        return in_step + out_of_step[:self.breadth.beam - len(in_step)]

    def _rate_end(self, way: Way, at: int, begin: int) -> Way:
        """At the end of a line of prose a stop is to be expected."""
        line_begin = self.raw.rfind("\n", 0, begin) + 1
        if at < self.limit or self.limit - line_begin < PROSE or way.track.tail[-1:] in STOPS:
            return way
        return charge_way(way, _NO_STOP, way.pending)
