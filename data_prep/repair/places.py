"""What the ways to read a run agree on: its characters, place by place, each with its confidence."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from data_prep.repair.candidates import rate
from data_prep.repair.ways import LOST, Piece, Way

_RAREST, _STRANGE = -17.0, 0.5  # log-probability below which a character is not trusted, and the trust left


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


def choose_places(ways: list[Way]) -> list[Place]:
    """What the likeliest way reads, sign by sign, each with the share of likelihood of the ways that agree."""
    if not ways:
        return []
    best = max(ways, key=lambda way: way.track.score)
    weights: defaultdict[int, float] = defaultdict(float)  # of pieces, most of which many ways share, by identity
    pieces: dict[int, Piece] = {}
    total = 0.0
    for way in ways:
        weight = math.exp(way.track.score - best.track.score)
        total += weight
        for piece in way.pieces:
            weights[id(piece)] += weight
            pieces[id(piece)] = piece
    shares: defaultdict[Place, float] = defaultdict(float)
    for number, piece in pieces.items():
        for place in _cut_piece(piece):
            shares[place] += weights[number]
    return [place._replace(confidence=_trust(place) * shares[place] / total, is_guess=piece.n_guessed > 0)
            for piece in best.pieces for place in _cut_piece(piece)]


def _trust(place: Place) -> float:
    """No trust in what is lost; little in a character no word list knows: chance makes it, where the true way was not tried."""
    if LOST in place.text:
        return 0.0
    return _STRANGE if any(rate(char) < _RAREST for char in place.text) else 1.0


def _cut_piece(piece: Piece) -> Iterator[Place]:
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
