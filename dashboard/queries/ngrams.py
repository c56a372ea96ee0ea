"""Runs of n characters, counted: the raw matter of keyness on characters and of discovery.

Why not tokens: a set phrase that no dictionary knows has no token of its own, but its characters
stand together all the same. Only runs within one stretch of letters count: none reaches across a
sign, a line or the end of a document.

An n-gram is named by a number, unique among those frequent enough (`least`). An (n+1)-gram is then a pair
of two n-grams that overlap, and it can be frequent only if both are (the a-priori rule), so each length is
one count of what the shorter length left alive. Memory: about 40 bytes a character of the sample.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus

#: Fewer keys are told apart at once; an odd number that spreads keys over their buckets (2⁶⁴ over the golden ratio).
_WORTH_BUCKETS, _SPREAD = 1 << 16, np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Sample:
    """Texts laid end to end, a 0 between them. doc: the document of each character; docs: all drawn."""

    chars: np.ndarray
    doc: np.ndarray
    offset: np.ndarray
    docs: np.ndarray
    n_drawn_from: int


@dataclass(frozen=True)
class Grams:
    """The frequent n-grams of one length.

    at[i]: the number of the n-gram that begins at character i of the sample, or -1;
    n[g]: how often n-gram g stands; first[g]: where it stands first.
    """

    length: int
    at: np.ndarray
    n: np.ndarray
    first: np.ndarray


def draw_documents(corpus: Corpus, docs: np.ndarray, most_chars: int, seed: int = 0) -> Sample:
    """Lay the texts of documents end to end; of more than `most_chars` characters a random part of the documents.

    The same seed draws the same documents. The sample says how many it was drawn from.
    """
    offsets = np.asarray(corpus.offsets)
    lengths = offsets[docs + 1] - offsets[docs]
    chosen = docs
    if lengths.sum() > most_chars:
        order = np.random.default_rng(seed).permutation(len(docs))
        kept = order[: max(int(np.searchsorted(np.cumsum(lengths[order]), most_chars, side="right")), 1)]
        chosen = np.sort(docs[kept])
    lengths = offsets[chosen + 1] - offsets[chosen]
    chars = np.concatenate([[0], *(corpus.chars[offsets[d] : offsets[d + 1]] for d in chosen)]).astype(np.uint16)
    doc = np.concatenate([[-1], np.repeat(chosen, lengths)]).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if len(chosen) else np.zeros(0, dtype=np.int64)
    offset = np.arange(len(chars) - 1) - np.repeat(starts, lengths)
    return Sample(chars, doc, np.concatenate([[0], offset]).astype(np.int64), chosen, len(docs))


@cache
def letter_units() -> np.ndarray:
    """bool[65536]: which code units are letters, digits or Han characters."""
    return np.array([unicodedata.category(chr(unit))[0] in "LN" for unit in range(1 << 16)])


def measure_runs(chars: np.ndarray) -> np.ndarray:
    """How many letters follow from each character on, itself included; 0 at a sign.

    >>> measure_runs(np.frombuffer("四早，清零".encode("utf-16-le"), dtype=np.uint16)).tolist()
    [2, 1, 0, 2, 1]
    """
    stops = np.flatnonzero(~letter_units()[chars])
    stops = np.append(stops, len(chars))
    return np.repeat(stops, np.diff(stops, prepend=-1))[: len(chars)] - np.arange(len(chars))


def grow_ngrams(chars: np.ndarray, longest: int, least: int) -> Iterator[Grams]:
    """Frequent n-grams (at least `least` times) of every length from 1 to `longest`, shortest first.

    They are numbered as they first come.
    """
    runs = measure_runs(chars)
    before = np.full(len(chars) + 1, -1, dtype=np.int32)
    alive = np.flatnonzero(runs >= 1)
    keys = chars[alive].astype(np.int64)
    for length in range(1, longest + 1):
        if length > 1:
            alive = alive[(runs[alive] >= length) & (before[alive] >= 0) & (before[alive + 1] >= 0)]
            keys = before[alive].astype(np.int64) << 16 | chars[alive + length - 1]
        if length > 2 and len(keys) > _WORTH_BUCKETS and least > 1:
            hopeful = _may_be_frequent(keys, least)
            alive, keys = alive[hopeful], keys[hopeful]
        number, names = pd.factorize(keys)  # hashes: three times faster than sorting
        n = np.bincount(number, minlength=len(names))
        frequent = n >= least
        rename = np.where(frequent, np.cumsum(frequent) - 1, -1).astype(np.int32)
        first = alive[np.flatnonzero(np.append(True, number[1:] > np.maximum.accumulate(number)[:-1])[: len(number)])]
        at = np.full(len(chars) + 1, -1, dtype=np.int32)
        at[alive] = rename[number]
        alive = alive[frequent[number]] if len(alive) else alive
        before = at
        yield Grams(length, at[:-1], n[frequent], first[frequent])
        if not frequent.any():
            return


def _may_be_frequent(keys: np.ndarray, least: int) -> np.ndarray:
    """bool a key: false only where it is sure that the key stands less than `least` times.

    Keys are counted in buckets, several in one: most are rare, and need not be told apart to be left out.
    """
    if least < 2 or len(keys) < _WORTH_BUCKETS:
        return np.ones(len(keys), dtype=bool)
    bits = len(keys).bit_length() + 1
    bucket = (keys.view(np.uint64) * _SPREAD >> np.uint64(64 - bits)).view(np.int64)
    return np.bincount(bucket, minlength=1 << bits)[bucket] >= least


def spell(chars: np.ndarray, begin: int, length: int) -> str:
    """The characters of an n-gram as text."""
    return chars[begin : begin + length].tobytes().decode("utf-16-le", "replace")
