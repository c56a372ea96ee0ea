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
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from data_prep.repair.candidates import (
    Candidate,
    list_rare_forms,
    list_rare_pairs,
    list_undefined,
    rank_before,
    rank_behind,
    rank_column,
    rank_read,
    rank_row,
    rank_two,
    rate,
)
from data_prep.repair.likelihood import Track, begin_track, charge_track, extend_track, hope_for
from data_prep.repair.readings import find_trails, list_narrowed, list_readings, name_reading, read_pair, write_pair
from data_prep.repair.signs import MARKS, Sign, list_signs
from data_prep.script import fold_characters, list_simplified_only


class _Breadth(NamedTuple):
    """How many ways are followed, how far behind the best one may be, and how many
    characters are tried where nothing but their likelihood speaks for one."""

    beam: int
    behind: float
    tried: int


# The narrow search comes first; where it is not sure, the wide one.
_NARROW, _WIDE = _Breadth(6, 11.0, 8), _Breadth(32, 12.0, 36)
_SURE = 0.98
_IN_STEP = 4  # characters in step after which a place counts as read
_LONGEST_RUN, _MOST_MARKS = 160, 12  # signs, and marks among them, after which a search is given up
PROSE = 40  # characters of a line that is prose, and ends with a stop

# What else may have happened, as log-probabilities.
_LITERAL_MARK = -3.0  # a question mark that is one
_LITERAL_NOTE = -16.0  # an annotation that is part of the text
_LOST_BYTE = -4.0  # an annotation out of place with no mark before it
_LOST_AT_END = -7.0  # a byte that vanished without a mark where the pairs come back in step
_NOT_SEEN = -1.5  # an annotated character that the page annotates nowhere else
_NOT_TRADITIONAL = -3.0  # ... and that is the same in both scripts
_RARE_READING = -3.0  # ... and is mostly read otherwise
_WHOLE_LOST = -6.0  # a mark that swallowed both bytes of the character annotated
_UNPROVEN = -6.0  # a shift that begins at a mark with no annotation
_UNPROVEN_AMID = -8.0  # ... and before which no sign stands at which decoders cut
_OTHER_WIDTH = -6.0  # a full-width sign that was made half-width, on a page that has others
_OTHER_SCRIPT = -5.0  # a simplified character on a traditional page
_NOT_ANNOTATED = -3.0  # a guess that has no annotation although the page annotates it elsewhere
_RARE_FORM = -4.0  # a guess that is not the usual form of its simplified character
_BLIND = -2.0  # a character of which both bytes are lost
_STOP_BROKEN = -6.0  # a stop that a decoder in step with stops did not see
_SWALLOWED = -2.5  # a mark that swallowed a digit or letter as well
_NO_STOP = -3.0  # a line of prose that ends without one
_TWO, _THREE = -2.5, -1.0  # a mark that stands for so many bytes
_THREE_AMID = -3.0  # ... where no stop follows: decoders run marks into one at stops

_RAREST, _STRANGE = -17.0, 0.5  # log-probability below which a character is not trusted, and the trust left


LOST = "\ufffd"  # a character of which nothing is known
_ANY = 0  # a pending byte of which nothing is known
_BRACKETS = frozenset("()（）")
_ENDS = frozenset(("", *"。！？：；，、”“（）《》.!:;,)(>< \u3000"))  # a run ends before these
_CUTS = frozenset("？！，。；：?!,.;:0123456789")  # narrow forms and numbers (⒏) too
_STOPS = frozenset("。！？：；”）.!?:;)")


class Place(NamedTuple):
    """raw[begin:end] was printed where `text` had stood; confidence between 0 and 1."""

    begin: int
    end: int
    text: str
    confidence: float
    is_guess: bool = False  # whether nothing but likelihood speaks for some of it

    def move(self, by: int) -> Place:
        """The same, so many characters further on."""
        return self._replace(begin=self.begin + by, end=self.end + by)


class Surroundings(NamedTuple):
    """What the page says about a place."""

    pairs: dict[str, int]  # how often two characters are neighbours on it
    annotated: frozenset[str]  # characters it annotates
    is_traditional: bool
    is_narrow: bool = False  # whether full-width signs were made half-width
    is_proven: bool = True  # whether it holds annotations in their right place


class _Piece(NamedTuple):
    """Something read: raw[begin:] is `text`, whose characters end in raw at `ends`."""

    begin: int
    text: str
    ends: tuple[int, ...]
    n_guessed: int


class _Way(NamedTuple):
    """One way to read the signs so far. `pending` is a first byte whose second is to come."""

    track: Track
    last: str  # the last character read, in its own script
    pending: int | None  # -u where all that is known of the byte is that it makes nothing behind the byte u
    begin: int  # raw[begin:] is not settled yet, and reads `text` so far
    text: str
    ends: tuple[int, ...]  # where in raw each character of it ends
    pieces: tuple[_Piece, ...]
    n_guessed: int = 0  # of what is not settled: characters that nothing but their likelihood speaks for


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
    start = _Way(track, context[-1:], None, begin, "", (), ())
    places, at = _Search(raw, limit, around, _NARROW).read(start)
    if not places or any(place.is_guess or place.confidence < _SURE for place in places):
        places, at = _Search(raw, limit, around, _WIDE).read(start)
    return places, at


class _Search:
    """A beam search over the ways to read raw[begin:limit]."""

    def __init__(self, raw: str, limit: int, around: Surroundings, breadth: _Breadth) -> None:
        self.raw = raw
        self.limit = limit
        self.around = around
        self.traditional = around.is_traditional
        self.breadth = breadth
        self.width_cost = 0.0 if around.is_narrow else _OTHER_WIDTH
        self.sign_end = 0  # where the sign being read ends
        self.next_reading = ""  # what the annotation right behind it reads
        self.is_bracketed = False  # whether a bracket stands there
        self.is_torn = False  # whether an annotation tore the character that ends with the sign
        self.best = -math.inf  # what the likeliest way that ends there is worth
        self.three = _THREE  # what it costs that a mark there stands for three bytes
        self.rare_forms = list_rare_forms()
        self.rare_pairs = list_rare_pairs()
        self.unlikely = list_simplified_only() if self.traditional else frozenset[str]()

    def read(self, start: _Way) -> tuple[list[Place], int]:
        """The places as the likeliest way on from `start` has them, and where reading stopped."""
        begin = start.begin
        agenda: dict[int, list[_Way]] = {begin: [start]}
        ways: list[_Way] = []
        in_step, n_signs, n_marks, at = 0, 0, 0, begin
        bests: defaultdict[int, float] = defaultdict(lambda: -math.inf)  # by where the ways stand
        while agenda:
            at = min(agenda)
            ways = [_settle(way, self.raw, at) for way in self._prune(agenda.pop(at))]
            if at >= self.limit or in_step >= _IN_STEP or n_signs > _LONGEST_RUN or n_marks > _MOST_MARKS:
                break
            signs = list_signs(self.raw, at, self.limit)
            for sign in signs:
                self._stand_behind(sign, bests[sign.end])
                found: list[_Way] = []
                for way in ways if sign is signs[0] else [way for way in ways if way.pending is not None]:
                    found += [new for new in self._read_sign(way, sign) if new]
                if found:
                    agenda.setdefault(sign.end, []).extend(found)
                    bests[sign.end] = self.best
            n_marks += signs[0].is_mark
            is_calm = not signs[0].is_mark and not signs[0].reading
            is_calm = is_calm and all(way.pending is None for ahead in agenda.values() for way in ahead)
            in_step, n_signs = in_step + 1 if is_calm else 0, n_signs + 1
        self._stand_behind(Sign(at, at, ""), -math.inf)
        finished = [self._rate_end(new, at, begin) for way in ways for new in self._finish(way, at)]
        return _choose(finished), at

    def _stand_behind(self, sign: Sign, best: float) -> None:
        """Read a sign; `best` is what the likeliest way is worth that stands behind it already."""
        at = self.sign_end = sign.end
        self.is_bracketed = not _BRACKETS.isdisjoint(self.raw[at - 1:at + 1])
        self.is_torn = self.raw[sign.begin - 1:sign.begin] in _BRACKETS
        self.best = best
        self.next_reading = self._read_next(at)
        self.three = _THREE if (self.raw[at] if at < self.limit else "") in _ENDS else _THREE_AMID

    def _read_next(self, at: int) -> str:
        """The reading of the annotation that stands there, without a mark; else nothing."""
        if self.raw[at:at + 1] not in ("(", "（"):
            return ""
        return list_signs(self.raw, at, self.limit)[0].reading if at < self.limit else ""

    def _prune(self, ways: list[_Way]) -> list[_Way]:
        """The likeliest ways, one for each text and place of the pairs; as many in step as out of step.

        Right behind a mark the ways out of step are many and alike; the others must live to see them fail.
        """
        best: dict[tuple[str, int | None, int], _Way] = {}
        least = max(way.track.score for way in ways) - self.breadth.behind
        for way in ways:
            if way.track.score >= least:
                key = (way.text, way.pending, id(way.pieces))  # what has been settled apart is not the same
                if key not in best or best[key].track.score < way.track.score:
                    best[key] = way
        if len(best) <= self.breadth.beam:
            return sorted(best.values(), key=lambda way: -way.track.score)
        ranked = sorted(best.values(), key=_rank_way)
        in_step = [way for way in ranked if way.pending is None]
        out_of_step = [way for way in ranked if way.pending is not None]
        n_in = max(self.breadth.beam // 2, self.breadth.beam - len(out_of_step))
        in_step = in_step[:n_in]
        return in_step + out_of_step[:self.breadth.beam - len(in_step)]

    # --- Reading one sign

    def _read_sign(self, way: _Way, sign: Sign) -> Iterator[_Way | None]:
        if sign.is_mark:
            return self._read_mark_and_note(way, sign) if sign.reading else self._read_mark(way, sign)
        return self._read_note(way, sign) if sign.reading else self._read_print(way, sign)

    def _read_note(self, way: _Way, sign: Sign) -> Iterator[_Way | None]:
        """An annotation with no mark: the two bytes before it make a character that is read so."""
        reading, pending = sign.reading, way.pending
        if pending is None:
            if reading in list_readings(way.last):
                yield way
                return
            yield self._keep(way, sign.print, _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading) if self.around.is_proven else ():
                yield _charge(way, _LOST_BYTE + self._rate_note(char, reading), trail)
        elif pending <= _ANY or reading in list_readings(_pair_across(way.last, pending)):
            yield way
        else:
            for _, char in find_trails(pending, reading):
                yield self._add(way, char, None, _LOST_BYTE + self._rate_note(char, reading))

    def _read_mark_and_note(self, way: _Way, sign: Sign) -> Iterator[_Way | None]:
        """A mark that swallowed the byte (and mostly the bracket) of the character annotated."""
        reading, pending = sign.reading, way.pending
        if pending is None:
            yield self._keep(way, sign.print, _LITERAL_MARK + _LITERAL_NOTE)
            for trail, char in _find_lost(way.last, reading):
                yield _charge(way, self._rate_note(char, reading), trail)
            for char in rank_read(reading, self.traditional)[:self.breadth.tried]:
                yield self._add(way, char, None, _WHOLE_LOST + self._rate_note(char, reading), 1)
        elif pending > _ANY:
            for _, char in find_trails(pending, reading):
                yield self._add(way, char, None, self._rate_note(char, reading))
            row = rank_row(pending, way.last, self.traditional, self.breadth.tried)
            for first in self._sift(way, row, self.three):
                if thirds := _list_thirds(first.byte, reading):
                    one = self._add_first(way, first.char, self.three)
                    for third in thirds:
                        yield self._add(one, third, None, self._rate_note(third, reading))
        else:
            for char in _list_behind(-pending, reading, self.traditional)[:self.breadth.tried]:
                yield self._add(way, char, None, self._rate_note(char, reading))

    def _read_mark(self, way: _Way, sign: Sign) -> Iterator[_Way | None]:
        """A mark alone: bytes that made no character, wherever the pairs then stand."""
        pending, tried = way.pending, self.breadth.tried
        if pending is None:
            yield self._keep(way, sign.print, _LITERAL_MARK)
            at_sign = self.raw[sign.end:sign.end + 1] in _CUTS
            yield _charge(way, _UNPROVEN if at_sign else _UNPROVEN_AMID, _ANY)
            return
        # What was a full-width question mark before signs were made half-width.
        for char in self._list_firsts(way, 0xA3, self.width_cost) if sign.print == "?" else ():
            yield self._add(way, char, 0xBF, self.width_cost, int(pending <= _ANY))
        known, blind = pending > _ANY, 0.0 if pending > _ANY else _BLIND
        row = rank_row(pending, way.last, self.traditional, tried) if known else rank_behind(
            -pending, way.last, self.traditional, tried)
        if not known and sign.end < self.limit and self.raw[sign.end] in MARKS:
            follower = list_signs(self.raw, sign.end, self.limit)[0]
            if follower.reading:
                row = (*row, *rank_before(-pending, way.last, follower.reading, self.traditional))
        swallows = self.raw[sign.end:sign.end + 1].isascii() and self.raw[sign.end:sign.end + 1].isalnum()
        for first in self._sift(way, row, blind):
            one = self._add(way, first.char, None, blind, 1)
            if not one:
                continue
            yield one
            if swallows:
                yield self._add(one, LOST, None, _SWALLOWED)
            if list_undefined(first.byte):
                yield _charge(one, _TWO, -first.byte)
        if known:
            for first in self._sift(way, rank_two(pending, way.last, self.traditional, tried), self.three):
                yield self._add(self._add_first(way, first.char, self.three), first.second, None, 0.0, 1)

    def _read_print(self, way: _Way, sign: Sign) -> Iterator[_Way | None]:
        """A character as printed, or its bytes where the pairs are out of step."""
        pair, pending = sign.pair, way.pending
        if pending is None:
            if pair and len(pair) == 1 and pair[0] > 0x80:  # a byte kept by decode
                yield way._replace(pending=pair[0])
            else:
                yield self._keep(way, sign.print)
            return
        cost = self.width_cost if sign.is_narrowed else 0.0
        if pair:
            after = pair[1] if len(pair) == 2 and pair[1] > 0x80 else None
            guessed = int(pending <= _ANY)
            for char in self._list_firsts(way, pair[0], cost):
                unlikely = _STOP_BROKEN if guessed and char in _STOPS else 0.0
                new = self._add(way, char, after, cost + unlikely, guessed)
                # A second byte below 80 is a letter of ASCII again.
                yield new if len(pair) == 1 or after or not new else self._add(new, chr(pair[1]), None)
        if pending > _ANY and not sign.is_narrowed and not "\u3400" <= sign.print <= "\u9fff":
            for first in self._sift(way, rank_row(pending, way.last, self.traditional, self.breadth.tried), _LOST_AT_END):
                yield self._keep(self._add(way, first.char, None, _LOST_AT_END, 1), sign.print)

    def _sift(self, way: _Way, candidates: Sequence[Candidate], cost: float) -> list[Candidate]:
        """The candidates that may not fall too far behind: a cheap look before the way is grown."""
        least = self.best - self.breadth.behind - cost - way.track.score
        pairs, last = self.around.pairs, way.track.tail[-1:]
        return [each for each in candidates if each[3] >= least or last + each[2] in pairs]

    def _list_firsts(self, way: _Way, byte: int, cost: float) -> Sequence[str]:
        """Characters of the pending byte and this one."""
        pending = way.pending
        if pending is None:
            return ()
        if pending > _ANY:
            char = read_pair(pending, byte)
            return (char,) if char else ()
        column = rank_column(byte, -pending, way.last, self.traditional, 4 * self.breadth.tried)
        firsts = [first.char for first in self._sift(way, column, cost)]
        if not self.next_reading:
            return firsts
        annotated = [char for char in _list_behind(-pending, self.next_reading, self.traditional)
                     if (write_pair(char) or (0,))[-1] == byte]
        return tuple(dict.fromkeys((*annotated, *firsts)))

    def _finish(self, way: _Way, at: int) -> Iterator[_Way]:
        """A way that ends out of step lost its last byte."""
        if way.pending is None:
            yield way
        elif way.pending > _ANY:
            for first in rank_row(way.pending, way.last, self.traditional, self.breadth.tried):
                if new := self._add_first(way, first.char, _LOST_AT_END):
                    yield _settle(new, self.raw, at)

    def _rate_end(self, way: _Way, at: int, begin: int) -> _Way:
        """At the end of a line of prose a stop is to be expected."""
        line_begin = self.raw.rfind("\n", 0, begin) + 1
        if at < self.limit or self.limit - line_begin < PROSE or way.track.tail[-1:] in _STOPS:
            return way
        return _charge(way, _NO_STOP, way.pending)

    # --- Growing a way

    def _add(self, way: _Way | None, char: str, pending: int | None, cost: float = 0.0, guessed: int = 0) -> _Way | None:
        """The way with one more character that was not printed as it is; None if it falls too far behind."""
        new = self._grow(way, char, pending, cost, guessed, self.best - self.breadth.behind) if way else None
        if new and new.track.score > self.best:
            self.best = new.track.score
        return new

    def _add_first(self, way: _Way, char: str, cost: float) -> _Way | None:
        """The way with a guessed character, however far behind: the next one may make a word of both."""
        return self._grow(way, char, None, cost, 1, -math.inf)

    def _grow(self, way: _Way, char: str, pending: int | None, cost: float, guessed: int, least: float) -> _Way | None:
        if char in self.unlikely:
            cost += _OTHER_SCRIPT
        if guessed:
            if char in self.rare_forms and way.last + char not in self.rare_pairs:
                cost += _RARE_FORM
            # A character torn by an annotation cannot have one of its own.
            if char in self.around.annotated and not self.is_bracketed and not (self.is_torn and way.pending):
                cost += _NOT_ANNOTATED
        if way.last in self.rare_forms and way.last + char in self.rare_pairs and self._was_charged(way):
            cost -= _RARE_FORM
        track = extend_track(way.track, char, self.around.pairs, cost, least)
        if track is None:
            return None
        ends = (*way.ends, self.sign_end)
        return _Way(track, char, pending, way.begin, way.text + char, ends, way.pieces, way.n_guessed + guessed)

    def _was_charged(self, way: _Way) -> bool:
        """Whether the last character, a rare form, was guessed in no word: what was held against it is given back."""
        text, n_guessed = way.text, way.n_guessed
        if not text and way.pieces and way.pieces[-1].ends[-1] == way.begin:
            text, n_guessed = way.pieces[-1].text, way.pieces[-1].n_guessed
        return bool(n_guessed) and text[-2:] not in self.rare_pairs

    def _keep(self, way: _Way | None, printed: str, cost: float = 0.0) -> _Way | None:
        """The way with what is printed; None if it falls too far behind."""
        if way is None:
            return None
        if way.last in self.rare_forms and way.last + printed[0] in self.rare_pairs and self._was_charged(way):
            cost -= _RARE_FORM
        track: Track | None = way.track
        for char in printed:
            if track is not None:
                track, cost = extend_track(track, char, self.around.pairs, cost), 0.0
        if track is None or track.score < self.best - self.breadth.behind:
            return None
        if track.score > self.best:
            self.best = track.score
        ends = way.ends + (self.sign_end,) * len(printed)
        return _Way(track, printed[-1], None, way.begin, way.text + printed, ends, way.pieces, way.n_guessed)

    def _rate_note(self, char: str, reading: str) -> float:
        """Log-probability that a site annotates this character so: it has a list, of traditional ones mostly."""
        if char in self.around.annotated:
            return 0.0
        rating = _NOT_SEEN if ord(char) in fold_characters() else _NOT_SEEN + _NOT_TRADITIONAL
        return rating if reading == name_reading(char) else rating + _RARE_READING


def _settle(way: _Way, raw: str, at: int) -> _Way:
    """Close what has been read up to raw[at] as soon as the pairs are in step."""
    if way.pending is not None or way.begin == at:
        return way
    if way.text == raw[way.begin:at]:
        return _Way(way.track, way.last, None, at, "", (), way.pieces)
    piece = _Piece(way.begin, way.text, (*way.ends[:-1], at), way.n_guessed)
    return _Way(way.track, way.last, None, at, "", (), (*way.pieces, piece))


def _rank_way(way: _Way) -> float:
    """Least for the likeliest way; the word that may have begun counts."""
    return -way.track.score - hope_for(way.track)


def _charge(way: _Way, cost: float, pending: int | None) -> _Way:
    track = charge_track(way.track, cost)
    return _Way(track, way.last, pending, way.begin, way.text, way.ends, way.pieces, way.n_guessed)


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


def _choose(ways: list[_Way]) -> list[Place]:
    """What the likeliest way reads, sign by sign, each with the share of likelihood of the ways that agree."""
    if not ways:
        return []
    best = max(ways, key=lambda way: way.track.score)
    total = 0.0
    shares: defaultdict[Place, float] = defaultdict(float)
    for way in ways:
        weight = math.exp(way.track.score - best.track.score)
        total += weight
        for place in _list_places(way):
            shares[place] += weight
    guessed = {place for piece in best.pieces if piece.n_guessed for place in _cut_piece(piece)}
    return [place._replace(confidence=_trust(place) * shares[place] / total, is_guess=place in guessed)
            for place in _list_places(best)]


def _trust(place: Place) -> float:
    """No trust in what is lost; little in a character no word list knows: chance makes it, where the true way was not tried."""
    if LOST in place.text:
        return 0.0
    return _STRANGE if any(rate(char) < _RAREST for char in place.text) else 1.0


def _list_places(way: _Way) -> Iterator[Place]:
    for piece in way.pieces:
        yield from _cut_piece(piece)


def _cut_piece(piece: _Piece) -> Iterator[Place]:
    """The piece by the ends of its characters: those that end together stay together."""
    begin, at = piece.begin, 0
    if not piece.text:
        yield Place(begin, piece.ends[-1], "", 0.0)
    while at < len(piece.text):
        end, start = piece.ends[at], at
        while at < len(piece.text) and piece.ends[at] == end:
            at += 1
        yield Place(begin, end, piece.text[start:at], 0.0)
        begin = end
