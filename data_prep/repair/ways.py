"""Ways to read a damaged run, and the steps that lead on from them.

A way is a text with the log-probability of its words (`likelihood`), less what was held
against it. A step is what one more sign may add to it. Hundreds of steps lead over a mark
and few are taken: only those become ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from data_prep.repair.likelihood import LETTERS, Pairs, Track, charge_track, extend_track, lengthen_track

LOST = "\ufffd"  # a character of which nothing is known

# Steps are made by the hundred for every character that is read: made so, one costs half as much.
_new = tuple.__new__
_RANK = itemgetter(0)


class Surroundings(NamedTuple):
    """What the page says about a place."""

    pairs: Pairs  # characters that are neighbours on it
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


class Step(NamedTuple):
    """From a way over the next sign: some characters further, or none."""

    rank: float  # what the way is worth then, the word that may have begun included
    score: float
    way: Way
    text: str
    pending: int | None
    gain: float  # by how much one character makes the text likelier as words are concerned
    n_guessed: int
    end: int  # of the sign


def begin_way(track: Track, last: str, begin: int) -> Way:
    """A way that begins at raw[begin] behind what is certain."""
    return Way(track, last, None, begin, "", (), ())


def stand_still(way: Way) -> Step:
    """The step that leads nowhere."""
    return Step(way.track.score, way.track.score, way, "", way.pending, 0.0, 0, way.begin)


def take_step(step: Step, raw: str, pairs: Pairs) -> Way:
    """The way a step leads to, its text closed as soon as the pairs are in step."""
    rank, score, way, added, pending, gain, guessed, at = step
    track, last, _, begin, text, ends, pieces, n_guessed = way
    if len(added) == 1:
        track = lengthen_track(track, LETTERS[added].simple, score, gain, rank - score)
    else:
        for char in added:
            track = extend_track(track, char, pairs)
        track = charge_track(track, score - track[0])
    if added:
        last = added[-1]
        text += added
        ends += (at,) * len(added)
        n_guessed += guessed
    if pending is not None or begin == at:
        return _new(Way, (track, last, pending, begin, text, ends, pieces, n_guessed))
    if text != raw[begin:at]:
        pieces = (*pieces, _new(Piece, (begin, text, (*ends[:-1], at), n_guessed)))
    return _new(Way, (track, last, None, at, "", (), pieces, 0))


def choose_steps(steps: Iterable[Step], n: int, least: float) -> tuple[list[Step], list[Step]]:
    """The n highest in rank of those that are worth `least`, one for each text: in step, and as many out of step.

    Right behind a mark the ways out of step are many and alike; the others must live to see them fail.
    """
    in_step, out_of_step = list[Step](), list[Step]()
    seen = set()
    for step in sorted((step for step in steps if step.score >= least), key=_RANK, reverse=True):
        _, _, way, text, pending, _, _, _ = step
        chosen = in_step if pending is None else out_of_step
        key = (way.text + text, pending, id(way.pieces))  # what has been settled apart is not the same
        if len(chosen) < n and key not in seen:
            seen.add(key)
            chosen.append(step)
    n_in_step = min(len(in_step), max(n // 2, n - len(out_of_step)))
    return in_step[:n_in_step], out_of_step[:n - n_in_step]


def charge_way(way: Way, cost: float) -> Way:
    """The same way, so much less likely."""
    return way._replace(track=charge_track(way.track, cost))
