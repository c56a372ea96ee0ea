"""What the bytes allow: every way to read one more sign of a damaged run.

What is printed is turned back into bytes; a `?` is a byte (or two, or three) unknown; an
annotation says which character the two bytes before it make. What else may have happened
has its price, as a log-probability.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache

from data_prep.repair.candidates import (
    Choice,
    Weight,
    choose_before,
    choose_behind,
    choose_column,
    choose_read,
    choose_row,
    choose_third,
    choose_two,
    list_undefined,
    rank_read,
)
from data_prep.repair.growth import Growth
from data_prep.repair.likelihood import LETTERS
from data_prep.repair.readings import find_trails, list_narrowed, list_readings, read_pair, write_pair
from data_prep.repair.signs import MARKS, Sign, list_signs
from data_prep.repair.ways import LOST, Step, Surroundings, Way, take_step

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
    """Reads one sign on from a way: every step the bytes allow, those that fall too far behind left out."""

    def __init__(self, raw: str, limit: int, around: Surroundings, behind: float, tried: int, beam: int) -> None:
        self._raw = raw
        self._limit = limit
        self._is_traditional = around.is_traditional
        self._is_proven = around.is_proven
        self._tried = tried
        self._pairs = around.pairs
        self._growth = Growth(around, behind, beam)
        self._width_cost = 0.0 if around.is_narrow else _OTHER_WIDTH
        self._next_reading = ""  # what the annotation reads that stands right behind the sign being read
        self._three = _THREE  # what it costs that a mark there stands for three bytes

    def read_sign(self, ways: Iterable[Way], sign: Sign, best: float) -> tuple[list[Step], float]:
        """The steps over a sign, and what the likeliest is worth; `best` is known to be reached there."""
        self._stand_behind(sign, best)
        if sign.is_mark:
            read = self._read_mark_and_note if sign.reading else self._read_mark
        else:
            read = self._read_note if sign.reading else self._read_print
        for way in ways:
            read(way, sign)
        return self._growth.found, self._growth.best

    def keep_print(self, ways: Iterable[Way], sign: Sign) -> list[Way]:
        """The ways, all in step, over a sign that is no spot."""
        return [self._growth.go_on(way, sign.print, sign.end) for way in ways]

    def read_end(self, way: Way, at: int) -> list[Way]:
        """A way that ends out of step lost its last byte."""
        pending = way.pending
        if pending is None:
            return [way]
        if pending <= _ANY:
            return []
        self._stand_behind(Sign(at, at, ""), -math.inf)
        row = choose_row(pending, self._is_traditional, self._tried)
        for first, weight in self._growth.sift(way, row, _LOST_AT_END, -math.inf):
            self._growth.add(way, first.char, None, weight, _LOST_AT_END, 1)
        return [take_step(step, self._raw, self._pairs) for step in self._growth.found]

    def _stand_behind(self, sign: Sign, best: float) -> None:
        raw, at, limit = self._raw, sign.end, self._limit
        self._growth.stand_behind(at, best, is_bracketed=not _BRACKETS.isdisjoint(raw[at - 1:at + 1]),
                                  is_torn=raw[sign.begin - 1:sign.begin] in _BRACKETS)
        is_note = at < limit and raw[at] in ("(", "（")
        self._next_reading = list_signs(raw, at, limit)[0].reading if is_note else ""
        self._three = _THREE if (raw[at] if at < limit else "") in _ENDS else _THREE_AMID

    def _read_note(self, way: Way, sign: Sign) -> None:
        """An annotation with no mark: the two bytes before it make a character that is read so."""
        grow, reading, pending = self._growth, sign.reading, way.pending
        if pending is None:
            if reading in list_readings(way.last):
                grow.charge(way, 0.0, None)
                return
            grow.keep(way, sign.print, _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading) if self._is_proven else ():
                grow.charge(way, _LOST_BYTE + grow.rate_note(char, reading), trail)
        elif pending <= _ANY or reading in list_readings(_pair_across(way.last, pending)):
            grow.charge(way, 0.0, pending)
        else:
            for _, char in find_trails(pending, reading):
                grow.add(way, char, None, grow.weigh(way, char), _LOST_BYTE + grow.rate_note(char, reading))

    def _read_mark_and_note(self, way: Way, sign: Sign) -> None:
        """A mark that swallowed the byte (and mostly the bracket) of the character annotated."""
        grow, reading, pending = self._growth, sign.reading, way.pending
        if pending is None:
            grow.keep(way, sign.print, _LITERAL_MARK + _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading):
                grow.charge(way, grow.rate_note(char, reading), trail)
            read = choose_read(reading, self._is_traditional, self._tried)
            for lost, weight in grow.sift(way, read, _WHOLE_LOST, grow.floors[0]):
                grow.add(way, lost.char, None, weight, _WHOLE_LOST + grow.rate_note(lost.char, reading), 1)
        elif pending > _ANY:
            for _, char in find_trails(pending, reading):
                grow.add(way, char, None, grow.weigh(way, char), grow.rate_note(char, reading))
            row = choose_row(pending, self._is_traditional, self._tried)
            for first, _ in grow.sift(way, row, self._three, -math.inf):
                thirds = choose_third(first.trail, reading, self._is_traditional)
                if thirds.tried:
                    one = grow.grow(way, first.char, self._three)
                    for third, weight in grow.sift(one, thirds, 0.0, grow.floors[0]):
                        grow.add(one, third.char, None, weight, grow.rate_note(third.char, reading))
        else:
            for char in _list_behind(-pending, reading, self._is_traditional)[:self._tried]:
                grow.add(way, char, None, grow.weigh(way, char), grow.rate_note(char, reading))

    def _read_mark(self, way: Way, sign: Sign) -> None:
        """A mark alone: bytes that made no character, wherever the pairs then stand."""
        grow, pending, tried = self._growth, way.pending, self._tried
        if pending is None:
            grow.keep(way, sign.print, _LITERAL_MARK)
            at_sign = self._raw[sign.end:sign.end + 1] in _CUTS
            grow.charge(way, _UNPROVEN if at_sign else _UNPROVEN_AMID, _ANY)
            return
        # What was a full-width question mark before signs were made half-width.
        if sign.print == "?":
            for char, weight in self._list_firsts(way, 0xA3, self._width_cost, grow.floors[1]):
                grow.add(way, char, 0xBF, weight, self._width_cost, int(pending <= _ANY))
        if pending > _ANY:
            self._read_lost(way, sign, choose_row(pending, self._is_traditional, tried), 0.0)
            both = choose_two(pending, self._is_traditional, tried)
            for two, weight in grow.sift(way, both, self._three, grow.floors[0]):
                grow.add_two(way, two, weight, self._three)
            return
        self._read_lost(way, sign, choose_behind(-pending, self._is_traditional, tried), _BLIND)
        if sign.end < self._limit and self._raw[sign.end] in MARKS:
            follower = list_signs(self._raw, sign.end, self._limit)[0]
            if follower.reading:
                self._read_lost(way, sign, choose_before(-pending, follower.reading, self._is_traditional), _BLIND)

    def _read_lost(self, way: Way, sign: Sign, choice: Choice, cost: float) -> None:
        """A mark that stands for the rest of a character, and maybe for the first byte of the next."""
        grow = self._growth
        behind = self._raw[sign.end:sign.end + 1]
        swallows = behind.isascii() and behind.isalnum()
        for first, weight in grow.sift(way, choice, cost, min(grow.floors[0], grow.floors[1] - _TWO)):
            grow.add(way, first.char, None, weight, cost, 1)
            if list_undefined(first.trail):
                grow.add(way, first.char, -first.trail, weight, cost + _TWO, 1)
            if swallows:
                grow.add(way, first.char + LOST, None, _go_on(weight, LOST), cost + _SWALLOWED, 1)

    def _read_print(self, way: Way, sign: Sign) -> None:
        """A character as printed, or its bytes where the pairs are out of step."""
        grow, pair, pending = self._growth, sign.pair, way.pending
        if pending is None:
            if pair and len(pair) == 1 and pair[0] > 0x80:  # a byte kept by decode
                grow.charge(way, 0.0, pair[0])
            else:
                grow.keep(way, sign.print)
            return
        cost = self._width_cost if sign.is_narrowed else 0.0
        if pair:
            after = pair[1] if len(pair) == 2 and pair[1] > 0x80 else None
            guessed = int(pending <= _ANY)
            for char, weight in self._list_firsts(way, pair[0], cost, grow.floors[after is not None]):
                unlikely = _STOP_BROKEN if guessed and char in STOPS else 0.0
                if len(pair) == 1 or after:
                    grow.add(way, char, after, weight, cost + unlikely, guessed)
                else:  # a second byte below 80 is a letter of ASCII again
                    letter = chr(pair[1])
                    grow.add(way, char + letter, None, _go_on(weight, letter), cost + unlikely, guessed)
        if pending > _ANY and not sign.is_narrowed and not "\u3400" <= sign.print <= "\u9fff":
            row = choose_row(pending, self._is_traditional, self._tried)
            for first, weight in grow.sift(way, row, _LOST_AT_END + LETTERS[sign.print].rating, grow.floors[0]):
                grow.add(way, first.char + sign.print, None, _go_on(weight, sign.print), _LOST_AT_END, 1)

    def _list_firsts(self, way: Way, byte: int, cost: float, floor: float) -> Sequence[tuple[str, Weight]]:
        """Characters of the pending byte and this one, weighed."""
        grow, pending = self._growth, way.pending
        if pending is None:
            return ()
        if pending > _ANY:
            char = read_pair(pending, byte)
            return ((char, grow.weigh(way, char)),) if char else ()
        column = choose_column(byte, -pending, self._is_traditional, 4 * self._tried)
        firsts = {first.char: weight for first, weight in grow.sift(way, column, cost, floor)}
        if self._next_reading:
            for char in _list_behind(-pending, self._next_reading, self._is_traditional):
                if char not in firsts and (write_pair(char) or (0,))[-1] == byte:
                    firsts[char] = grow.weigh(way, char)
        return tuple(firsts.items())


def _go_on(weight: Weight, char: str) -> Weight:
    """The weight of a character and of one behind it that makes no word with it."""
    gain, _, seen = weight
    return gain + LETTERS[char].rating, LETTERS[char].hope, seen


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
