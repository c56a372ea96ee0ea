"""What the bytes allow: every way to read one more sign of a damaged run.

What is printed is turned back into bytes; a `?` is a byte (or two, or three) unknown; an
annotation says which character the two bytes before it make. What else may have happened
has its price, as a log-probability.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from data_prep.repair.candidates import (
    list_undefined,
    rank_before,
    rank_behind,
    rank_column,
    rank_read,
    rank_row,
    rank_two,
    rate_read,
)
from data_prep.repair.readings import find_trails, list_narrowed, list_readings, read_pair, write_pair
from data_prep.repair.signs import MARKS, Sign, list_signs
from data_prep.repair.ways import LOST, Growth, Surroundings, Way, charge_way, settle_way

# What else may have happened, as log-probabilities.
_LITERAL_MARK = -3.0  # a question mark that is one
_LITERAL_NOTE = -16.0  # an annotation that is part of the text
_LOST_BYTE = -4.0  # an annotation out of place with no mark before it
_LOST_AT_END = -7.0  # a byte that vanished without a mark where the pairs come back in step
_WHOLE_LOST = -6.0  # a mark that swallowed both bytes of the character annotated
_UNPROVEN = -6.0  # a shift that begins at a mark with no annotation
_UNPROVEN_AMID = -8.0  # ... and before which no sign stands at which decoders cut
_OTHER_WIDTH = -6.0  # a full-width sign that was made half-width, on a page that has others
_BLIND = -2.0  # a character of which both bytes are lost
_STOP_BROKEN = -6.0  # a stop that a decoder in step with stops did not see
_SWALLOWED = -2.5  # a mark that swallowed a digit or letter as well
_TWO, _THREE = -2.5, -1.0  # a mark that stands for so many bytes
_THREE_AMID = -3.0  # ... where no stop follows: decoders run marks into one at stops

_ANY = 0  # a pending byte of which nothing is known
_BRACKETS = frozenset("()（）")
_ENDS = frozenset(("", *"。！？：；，、”“（）《》.!:;,)(>< \u3000"))  # a run ends before these
_CUTS = frozenset("？！，。；：?!,.;:0123456789")  # narrow forms and numbers (⒏) too
#: Signs a sentence or its clause ends with.
STOPS = frozenset("。！？：；”）.!?:;)")


class Decoder:
    """Reads one sign on from a way: every way the bytes allow, those that fall too far behind left out."""

    def __init__(self, raw: str, limit: int, around: Surroundings, behind: float, tried: int) -> None:
        self._raw = raw
        self._limit = limit
        self._is_traditional = around.is_traditional
        self._is_proven = around.is_proven
        self._tried = tried
        self._growth = Growth(around, behind)
        self._width_cost = 0.0 if around.is_narrow else _OTHER_WIDTH
        self._next_reading = ""  # what the annotation reads that stands right behind the sign being read
        self._three = _THREE  # what it costs that a mark there stands for three bytes

    def read_sign(self, ways: Iterable[Way], sign: Sign, best: float) -> tuple[list[Way], float]:
        """The ways on over a sign, and what the likeliest is worth; `best` is known to be reached there."""
        self._stand_behind(sign, best)
        if sign.is_mark:
            read = self._read_mark_and_note if sign.reading else self._read_mark
        else:
            read = self._read_note if sign.reading else self._read_print
        found = [new for way in ways for new in read(way, sign) if new]
        return found, self._growth.best

    def read_end(self, way: Way, at: int) -> Iterator[Way]:
        """A way that ends out of step lost its last byte."""
        if way.pending is None:
            yield way
        elif way.pending > _ANY:
            self._stand_behind(Sign(at, at, ""), -math.inf)
            for first in rank_row(way.pending, way.last, self._is_traditional, self._tried):
                if new := self._growth.add(way, first.char, None, _LOST_AT_END, 1, is_first=True):
                    yield settle_way(new, self._raw, at)

    def _stand_behind(self, sign: Sign, best: float) -> None:
        raw, at, limit = self._raw, sign.end, self._limit
        self._growth.stand_behind(at, best, is_bracketed=not _BRACKETS.isdisjoint(raw[at - 1:at + 1]),
                                  is_torn=raw[sign.begin - 1:sign.begin] in _BRACKETS)
        is_note = at < limit and raw[at] in ("(", "（")
        self._next_reading = list_signs(raw, at, limit)[0].reading if is_note else ""
        self._three = _THREE if (raw[at] if at < limit else "") in _ENDS else _THREE_AMID

    def _read_note(self, way: Way, sign: Sign) -> Iterator[Way | None]:
        """An annotation with no mark: the two bytes before it make a character that is read so."""
        grow, reading, pending = self._growth, sign.reading, way.pending
        if pending is None:
            if reading in list_readings(way.last):
                yield way
                return
            yield grow.keep(way, sign.print, _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading) if self._is_proven else ():
                yield charge_way(way, _LOST_BYTE + grow.rate_note(char, reading), trail)
        elif pending <= _ANY or reading in list_readings(_pair_across(way.last, pending)):
            yield way
        else:
            for _, char in find_trails(pending, reading):
                yield grow.add(way, char, None, _LOST_BYTE + grow.rate_note(char, reading))

    def _read_mark_and_note(self, way: Way, sign: Sign) -> Iterator[Way | None]:
        """A mark that swallowed the byte (and mostly the bracket) of the character annotated."""
        grow, reading, pending = self._growth, sign.reading, way.pending
        if pending is None:
            yield grow.keep(way, sign.print, _LITERAL_MARK + _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading):
                yield charge_way(way, grow.rate_note(char, reading), trail)
            for lost in grow.sift(way, rate_read(reading, way.last, self._is_traditional, self._tried), _WHOLE_LOST):
                yield grow.add(way, lost.char, None, _WHOLE_LOST + grow.rate_note(lost.char, reading), 1)
        elif pending > _ANY:
            for _, char in find_trails(pending, reading):
                yield grow.add(way, char, None, grow.rate_note(char, reading))
            row = rank_row(pending, way.last, self._is_traditional, self._tried)
            for first in grow.sift(way, row, self._three):
                if thirds := _list_thirds(first.byte, reading):
                    one = grow.add(way, first.char, None, self._three, 1, is_first=True)
                    for third in thirds:
                        yield grow.add(one, third, None, grow.rate_note(third, reading))
        else:
            for char in _list_behind(-pending, reading, self._is_traditional)[:self._tried]:
                yield grow.add(way, char, None, grow.rate_note(char, reading))

    def _read_mark(self, way: Way, sign: Sign) -> Iterator[Way | None]:
        """A mark alone: bytes that made no character, wherever the pairs then stand."""
        grow, pending, tried = self._growth, way.pending, self._tried
        if pending is None:
            yield grow.keep(way, sign.print, _LITERAL_MARK)
            at_sign = self._raw[sign.end:sign.end + 1] in _CUTS
            yield charge_way(way, _UNPROVEN if at_sign else _UNPROVEN_AMID, _ANY)
            return
        # What was a full-width question mark before signs were made half-width.
        for char in self._list_firsts(way, 0xA3, self._width_cost) if sign.print == "?" else ():
            yield grow.add(way, char, 0xBF, self._width_cost, int(pending <= _ANY))
        known, blind = pending > _ANY, 0.0 if pending > _ANY else _BLIND
        row = rank_row(pending, way.last, self._is_traditional, tried) if known else rank_behind(
            -pending, way.last, self._is_traditional, tried)
        if not known and sign.end < self._limit and self._raw[sign.end] in MARKS:
            follower = list_signs(self._raw, sign.end, self._limit)[0]
            if follower.reading:
                row = (*row, *rank_before(-pending, way.last, follower.reading, self._is_traditional))
        swallows = self._raw[sign.end:sign.end + 1].isascii() and self._raw[sign.end:sign.end + 1].isalnum()
        for first in grow.sift(way, row, blind):
            one = grow.add(way, first.char, None, blind, 1)
            if not one:
                continue
            yield one
            if swallows:
                yield grow.add(one, LOST, None, _SWALLOWED)
            if list_undefined(first.byte):
                yield charge_way(one, _TWO, -first.byte)
        if known:
            for first in grow.sift(way, rank_two(pending, way.last, self._is_traditional, tried), self._three):
                yield grow.add(grow.add(way, first.char, None, self._three, 1, is_first=True), first.second, None, 0.0, 1)

    def _read_print(self, way: Way, sign: Sign) -> Iterator[Way | None]:
        """A character as printed, or its bytes where the pairs are out of step."""
        grow, pair, pending = self._growth, sign.pair, way.pending
        if pending is None:
            if pair and len(pair) == 1 and pair[0] > 0x80:  # a byte kept by decode
                yield way._replace(pending=pair[0])
            else:
                yield grow.keep(way, sign.print)
            return
        cost = self._width_cost if sign.is_narrowed else 0.0
        if pair:
            after = pair[1] if len(pair) == 2 and pair[1] > 0x80 else None
            guessed = int(pending <= _ANY)
            for char in self._list_firsts(way, pair[0], cost):
                unlikely = _STOP_BROKEN if guessed and char in STOPS else 0.0
                new = grow.add(way, char, after, cost + unlikely, guessed)
                # A second byte below 80 is a letter of ASCII again.
                yield new if len(pair) == 1 or after or not new else grow.add(new, chr(pair[1]), None)
        if pending > _ANY and not sign.is_narrowed and not "\u3400" <= sign.print <= "\u9fff":
            for first in grow.sift(way, rank_row(pending, way.last, self._is_traditional, self._tried), _LOST_AT_END):
                yield grow.keep(grow.add(way, first.char, None, _LOST_AT_END, 1), sign.print)

    def _list_firsts(self, way: Way, byte: int, cost: float) -> Sequence[str]:
        """Characters of the pending byte and this one."""
        pending = way.pending
        if pending is None:
            return ()
        if pending > _ANY:
            char = read_pair(pending, byte)
            return (char,) if char else ()
        column = rank_column(byte, -pending, way.last, self._is_traditional, 4 * self._tried)
        firsts = [first.char for first in self._growth.sift(way, column, cost)]
        if not self._next_reading:
            return firsts
        annotated = [char for char in _list_behind(-pending, self._next_reading, self._is_traditional)
                     if (write_pair(char) or (0,))[-1] == byte]
        return tuple(dict.fromkeys((*annotated, *firsts)))


def _pair_across(last: str, pending: int) -> str:
    """The character that the second byte of the last one makes with the pending byte."""
    own = write_pair(last) if last else None
    return (read_pair(own[-1], pending) or "") if own else ""


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def _list_behind(behind: int, reading: str, is_traditional: bool) -> tuple[str, ...]:
    """Characters read so, whose first byte makes nothing behind the byte `behind` (0: any)."""
    return tuple(char for char in rank_read(reading, is_traditional)
                 if not behind or (write_pair(char) or (0,))[0] in list_undefined(behind))


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def _list_thirds(trail: int, reading: str) -> tuple[str, ...]:
    """Characters read so, whose first byte makes nothing behind the byte `trail`."""
    return tuple(third for second in sorted(list_undefined(trail)) for _, third in find_trails(second, reading))


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def _find_lost(last: str, reading: str) -> tuple[tuple[int, str], ...]:
    """First bytes of a next character that make, behind the last one's second byte, one read so.

    A comma printed as `,` may have been a full-width one.
    """
    own = write_pair(last) if last else None
    if own and len(own) == 1:
        own = dict(list_narrowed().get(last, ())).get(last, own)
    if not own or own[-1] <= 0x80:
        return ()
    return tuple(found for found in find_trails(own[-1], reading) if found[0] > 0x80)
