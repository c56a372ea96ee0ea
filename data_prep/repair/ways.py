"""Ways to read a damaged run: how one grows by a character, and what it is worth then.

A way is a text with the log-probability of its words (`likelihood`), less what was held
against it: a byte that vanished, a guess the page does not bear out. The search
(`shifts`) says which characters the bytes allow; here each becomes a longer way, or
nothing where that falls too far behind the likeliest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from data_prep.repair.candidates import Candidate, list_rare_forms, list_rare_pairs
from data_prep.repair.likelihood import Track, charge_track, extend_track, hope_for
from data_prep.repair.readings import name_reading
from data_prep.script import fold_characters, list_simplified_only

LOST = "\ufffd"  # a character of which nothing is known

# What else may have happened, as log-probabilities.
_NOT_SEEN = -1.5  # an annotated character that the page annotates nowhere else
_NOT_TRADITIONAL = -3.0  # ... and that is the same in both scripts
_RARE_READING = -3.0  # ... and is mostly read otherwise
_OTHER_SCRIPT = -5.0  # a simplified character on a traditional page
_NOT_ANNOTATED = -3.0  # a guess that has no annotation although the page annotates it elsewhere
_RARE_FORM = -4.0  # a guess that is not the usual form of its simplified character

# Ways are made by the hundred for every character that is read: made so, one costs half as much.
_new = tuple.__new__


class Surroundings(NamedTuple):
    """What the page says about a place."""

    pairs: dict[str, int]  # how often two characters are neighbours on it
    annotated: frozenset[str]  # characters it annotates
    is_traditional: bool
    is_narrow: bool = False  # whether full-width signs were made half-width
    is_proven: bool = True  # whether it holds annotations in their right place


class Piece(NamedTuple):
    """Something read: raw[begin:] is `text`, whose characters end in raw at `ends`."""

    begin: int
    text: str
    ends: tuple[int, ...]
    n_guessed: int


class Way(NamedTuple):
    """One way to read the signs so far. `pending` is a first byte whose second is to come."""

    track: Track
    last: str  # the last character read, in its own script
    pending: int | None  # -u where all that is known of the byte is that it makes nothing behind the byte u
    begin: int  # raw[begin:] is not settled yet, and reads `text` so far
    text: str
    ends: tuple[int, ...]  # where in raw each character of it ends
    pieces: tuple[Piece, ...]
    n_guessed: int = 0  # of what is not settled: characters that nothing but their likelihood speaks for


def begin_way(track: Track, last: str, begin: int) -> Way:
    """A way that begins at raw[begin] behind what is certain."""
    return Way(track, last, None, begin, "", (), ())


def settle_way(way: Way, raw: str, at: int) -> Way:
    """Close what has been read up to raw[at] as soon as the pairs are in step."""
    if way.pending is not None or way.begin == at:
        return way
    if way.text == raw[way.begin:at]:
        return Way(way.track, way.last, None, at, "", (), way.pieces)
    piece = Piece(way.begin, way.text, (*way.ends[:-1], at), way.n_guessed)
    return Way(way.track, way.last, None, at, "", (), (*way.pieces, piece))


def charge_way(way: Way, cost: float, pending: int | None) -> Way:
    """The same way, so much less likely, with a pending byte."""
    track, last, _, begin, text, ends, pieces, n_guessed = way
    return _new(Way, (charge_track(track, cost), last, pending, begin, text, ends, pieces, n_guessed))


def rank_way(way: Way) -> float:
    """Least for the likeliest way; the word that may have begun counts."""
    track = way[0]
    return -track[0] - hope_for(track)


class Growth:
    """Grows ways by a sign; those that fall too far behind the likeliest are dropped at once."""

    def __init__(self, around: Surroundings, behind: float) -> None:
        self._pairs = around.pairs
        self._annotated = around.annotated
        self._behind = behind
        self._rare_forms = list_rare_forms()
        self._rare_pairs = list_rare_pairs()
        self._unlikely = list_simplified_only() if around.is_traditional else frozenset[str]()
        self._end = 0  # where the sign being read ends
        self._is_bracketed = self._is_torn = False
        self.best = self._least = -math.inf

    def stand_behind(self, end: int, best: float, is_bracketed: bool, is_torn: bool) -> None:
        """Read a sign that ends at raw[end]; `best` is what the likeliest way is worth that stands there already.

        A bracket stands there (`is_bracketed`), or an annotation tore the character that ends with the sign (`is_torn`).
        """
        self._end, self._is_bracketed, self._is_torn = end, is_bracketed, is_torn
        self.best, self._least = best, best - self._behind

    def sift(self, way: Way, candidates: Sequence[Candidate], cost: float) -> list[Candidate]:
        """The candidates that may not fall too far behind: a cheap look before the way is grown."""
        track = way[0]
        least = self._least - cost - track[0]
        pairs, last = self._pairs, track[1][-1:]
        return [each for each in candidates if each[3] >= least or last + each[2] in pairs]

    def add(
        self, way: Way | None, char: str, pending: int | None, cost: float = 0.0, guessed: int = 0, is_first: bool = False
    ) -> Way | None:
        """The way with one more character that was not printed as it is; None if it falls too far behind.

        The first of two (`is_first`) may: the next one may make a word of both.
        """
        if way is None:
            return None
        track, last, before, begin, text, ends, pieces, n_guessed = way
        if char in self._unlikely:
            cost += _OTHER_SCRIPT
        if guessed:
            if char in self._rare_forms and last + char not in self._rare_pairs:
                cost += _RARE_FORM
            # A character torn by an annotation cannot have one of its own.
            if char in self._annotated and not self._is_bracketed and not (self._is_torn and before):
                cost += _NOT_ANNOTATED
        if last in self._rare_forms and last + char in self._rare_pairs and self._was_charged(way):
            cost -= _RARE_FORM
        longer = extend_track(track, char, self._pairs, cost, -math.inf if is_first else self._least)
        if longer is None:
            return None
        if not is_first and longer[0] > self.best:
            self.best, self._least = longer[0], longer[0] - self._behind
        return _new(Way, (longer, char, pending, begin, text + char, (*ends, self._end), pieces, n_guessed + guessed))

    def keep(self, way: Way | None, printed: str, cost: float = 0.0) -> Way | None:
        """The way with what is printed; None if it falls too far behind."""
        if way is None:
            return None
        track, last, _, begin, text, ends, pieces, n_guessed = way
        if last in self._rare_forms and last + printed[0] in self._rare_pairs and self._was_charged(way):
            cost -= _RARE_FORM
        longer: Track | None = track
        for char in printed:
            if longer is not None:
                longer, cost = extend_track(longer, char, self._pairs, cost), 0.0
        if longer is None or longer[0] < self._least:
            return None
        if longer[0] > self.best:
            self.best, self._least = longer[0], longer[0] - self._behind
        ends += (self._end,) * len(printed)
        return _new(Way, (longer, printed[-1], None, begin, text + printed, ends, pieces, n_guessed))

    def _was_charged(self, way: Way) -> bool:
        """Whether the last character, a rare form, was guessed in no word: what was held against it is given back."""
        text, n_guessed = way.text, way.n_guessed
        if not text and way.pieces and way.pieces[-1].ends[-1] == way.begin:
            text, n_guessed = way.pieces[-1].text, way.pieces[-1].n_guessed
        return bool(n_guessed) and text[-2:] not in self._rare_pairs

    def rate_note(self, char: str, reading: str) -> float:
        """Log-probability that a site annotates this character so: it has a list, of traditional ones mostly."""
        if char in self._annotated:
            return 0.0
        rating = _NOT_SEEN if ord(char) in fold_characters() else _NOT_SEEN + _NOT_TRADITIONAL
        return rating if reading == name_reading(char) else rating + _RARE_READING
