"""Which passages two documents share, and which documents are one release in several copies.

Why winnowing: comparing every pair is out of the question, and MinHash only sees whole near-copies.
Winnowing (Schleimer, Wilkerson, Aiken: Winnowing: local algorithms for document fingerprinting,
SIGMOD 2003) picks few of the hashes of all K-grams so that any shared stretch of K + W - 1
characters has a picked hash in common; from there the passage is extended exactly.

What is compared: letters, digits and Han characters, widths and 著/着 made alike. Punctuation and
white space neither make nor break a passage; offsets lead back to the text as it stands.

The rules:
- a passage is shared where at least PROMISED compared characters are the same in the same order and
  the passage, marks and all, is at least MIN_CHARS long in one of the texts; it is as long as it can
  be, and takes in the marks at its edges that are the same in both;
- a hash that stands in more than MAX_COMMON places belongs to a formula, not to a quotation: it
  finds no passage by itself, but a passage found goes right through it;
- of documents with the very same characters only the first is compared with the rest, and each
  further one with that first;
- near copies that fill whole crowds are found by their smallest hashes (SKETCH of them), each
  compared with the longest of the crowd.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import Indel

from data_prep.schema import TABLES

#: Length of a hashed gram, in compared characters.
K = 8
#: Grams in a window of which one is picked.
W = 9
#: Every shared stretch of so many compared characters is found: what winnowing promises.
PROMISED = K + W - 1
#: Shortest passage, in characters as printed: of 20, about 17 are compared, the rest are marks.
MIN_CHARS = 20
#: A hash in more places than this belongs to a formula.
MAX_COMMON = 50
#: Smallest hashes of a document by which crowds of near copies are found, and how many must agree.
SKETCH, SKETCH_SHARED = 16, 6
#: Share of the shorter document that must stand in the longer one: the same release.
SAME_RELEASE = 0.7
#: Shorter than this share of the longer one it is an excerpt, and a release of its own.
MIN_RATIO = 0.5

_DROP, _BREAK = 0xFFFF, 0
_BATCH = 1 << 20  # characters, grams or pairs worked on at a time: bounds memory, not the result
_COLUMNS = TABLES["reuse"].names

Ints = npt.NDArray[np.int64]


def find_reuse(doc_ids: Sequence[str], texts: Sequence[str]) -> pd.DataFrame:
    """Passages shared by two documents (columns of schema.TABLES["reuse"]), by documents and offsets.

    >>> same = "坚持人民至上、生命至上，坚持科学精准、动态清零，尽快遏制疫情扩散蔓延势头"
    >>> shared = find_reuse(["a", "b"], [f"会议强调：{same}。", f"他说，{same.replace('，', ',')}！"])
    >>> shared[["doc_a", "begin_a", "end_a", "doc_b", "begin_b", "end_b"]].values.tolist()
    [['a', 5, 41, 'b', 3, 39]]
    """
    if len(doc_ids) != len(texts):
        raise ValueError(f"{len(doc_ids)} doc_ids for {len(texts)} texts: each text needs one")
    order = sorted(range(len(doc_ids)), key=doc_ids.__getitem__)  # doc_a is the smaller doc_id
    ids = [doc_ids[place] for place in order]
    stream = _fold_texts([texts[place] for place in order])
    firsts = _find_twins(stream)
    passages = _find_passages(stream, firsts)
    return _make_table(ids, [texts[place] for place in order], stream, passages)


def assign_releases(documents: pd.DataFrame, reuse: pd.DataFrame) -> pd.Series:
    """release_id of each document (columns doc_id, text): the smallest doc_id among its copies.

    Two documents are near copies if the passages they share cover SAME_RELEASE of the shorter one and
    the shorter has MIN_RATIO of the longer one's length. Longest first, a document joins the release
    whose longest copy it is nearest to, or opens one of its own: so every copy resembles the longest
    copy of its release, and a chain of resemblances never joins two releases. An excerpt is a release
    of its own.
    """
    ids = documents["doc_id"].tolist()
    texts = documents["text"].tolist()
    by_id = sorted(range(len(ids)), key=ids.__getitem__)
    stream = _fold_texts([texts[number] for number in by_id])
    sizes = np.diff(stream.starts) - 1
    lengths = np.array([len(texts[number].strip()) for number in by_id], dtype=np.int64)
    # Documents of the very same characters are one from the start: reuse links them to the first alone.
    first = _find_twins(stream)
    leader = first.copy()
    near = _find_near_copies(reuse, {ids[number]: rank for rank, number in enumerate(by_id)}, lengths, first)
    order = np.lexsort((np.arange(len(ids)), -sizes)).tolist()  # the longest first, then by doc_id
    turn = {rank: number for number, rank in enumerate(order)}
    for mine in order:
        if first[mine] == mine:
            heads = [(-share, turn[other], other) for other, share in near.get(mine, ())
                     if leader[other] == other and turn[other] < turn[mine]]
            leader[mine] = min(heads)[2] if heads else mine
    leader = leader[first]
    smallest: dict[int, int] = {}
    for rank, head in enumerate(leader.tolist()):
        smallest.setdefault(head, rank)
    names = [""] * len(ids)
    for rank, head in enumerate(leader.tolist()):
        names[by_id[rank]] = ids[by_id[smallest[head]]]
    return pd.Series(names, index=documents.index, name="release_id", dtype="str")


# --- Texts as one stream of compared characters -------------------------------------------


@dataclass(frozen=True)
class _Stream:
    """All texts behind one another: a code per compared character, _BREAK behind each text."""

    codes: npt.NDArray[np.uint16]
    starts: Ints  # of each text in codes, and the end of the last
    raw_starts: Ints  # of each text in the texts joined by one character
    ranks: Ints  # for each character left out, how many codes stand before it

    def raw(self, places: Ints) -> Ints:
        """Offsets in the joined texts of places in codes."""
        result = np.empty_like(places)
        order = np.argsort(places)  # sorted look-ups run through memory once
        result[order] = np.searchsorted(self.ranks, places[order], side="right")
        return result + places


@cache
def _fold_table() -> npt.NDArray[np.uint16]:
    """Code point -> compared code; _DROP for what is not compared."""
    table = np.full(0x110000, _DROP, dtype=np.uint16)
    for code in range(1, 0x10000):
        if not 0xD800 <= code < 0xE000 and chr(code).isalnum():
            alike = unicodedata.normalize("NFKC", chr(code))
            table[code] = ord(alike) if len(alike) == 1 and ord(alike) < 0x10000 else code
    table[ord("著")] = ord("着")
    table[0] = _BREAK
    # Beyond the BMP stand rare Han characters: the private area has room to tell most of them apart.
    table[0x20000:0x32000] = 0xE000 + np.arange(0x12000) % 0x1900
    return table


def _fold_texts(texts: Sequence[str]) -> _Stream:
    raw_starts = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)])
    codes, dropped, starts = [], [], [np.zeros(1, dtype=np.int64)]
    done = 0
    for first, after in _batches(raw_starts):
        joined = "\0".join(texts[first:after]) + "\0"
        batch = _fold_table()[np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
        keep = batch != _DROP
        out = np.flatnonzero(~keep)
        ends = raw_starts[first + 1 : after + 1] - raw_starts[first]
        starts.append(done + ends - np.searchsorted(out, ends))
        codes.append(batch[keep])
        dropped.append(out + raw_starts[first])
        done += len(codes[-1])
    left_out = np.concatenate(dropped) if dropped else np.zeros(0, dtype=np.int64)
    return _Stream(
        np.concatenate(codes) if codes else np.zeros(0, dtype=np.uint16),
        np.concatenate(starts), raw_starts, left_out - np.arange(len(left_out)),
    )


def _batches(starts: Ints) -> Iterator[tuple[int, int]]:
    first = 0
    while first < len(starts) - 1:
        after = max(first + 1, int(np.searchsorted(starts, starts[first] + _BATCH, side="right")) - 1)
        yield first, after
        first = after


def _find_twins(stream: _Stream) -> Ints:
    """For each text the first text of the very same characters; itself where it is too short to tell."""
    seen: dict[bytes, int] = {}
    firsts = np.arange(len(stream.starts) - 1)
    for number, (begin, end) in enumerate(zip(stream.starts, stream.starts[1:], strict=False)):
        if end - begin <= PROMISED:  # with its _BREAK: too short to share a passage
            continue
        digest = hashlib.blake2b(stream.codes[begin:end].tobytes(), digest_size=16).digest()
        firsts[number] = seen.setdefault(digest, number)
    return firsts


# --- Fingerprints ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Picked:
    """The picked hashes, by place."""

    places: npt.NDArray[np.uint32] | Ints
    hashes: npt.NDArray[np.uint32]
    texts: npt.NDArray[np.uint32]


def _pick_hashes(stream: _Stream, alone: npt.NDArray[np.bool_]) -> _Picked:
    """Winnow the texts that stand alone (or first among twins)."""
    places, hashes = [], []
    n_grams = len(stream.codes) - K + 1
    for begin in range(0, max(n_grams, 0), _BATCH):
        end = min(begin + _BATCH, n_grams)
        low, high = max(0, begin - W), min(end + W, n_grams)  # a window may reach over the edge
        values = _hash_grams(stream.codes[low : high + K - 1])
        picked = np.flatnonzero(_winnow(values)) + low
        picked = picked[(picked >= begin) & (picked < end)]
        places.append(picked)
        hashes.append(values[picked - low])
    if not places:
        empty = np.zeros(0, dtype=np.uint32)
        return _Picked(empty, empty, empty)
    at, values = np.concatenate(places), np.concatenate(hashes)
    counts = np.diff(np.searchsorted(at, stream.starts))
    texts = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    wanted = (values != _NO_HASH) & alone[texts]
    return _Picked(at[wanted], values[wanted], texts[wanted])


_NO_HASH = np.uint32(0xFFFFFFFF)
_BASE = 0x9E3779B97F4A7C15


def _hash_grams(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    """A hash for each K-gram, _NO_HASH for one that holds a _BREAK."""
    hashes = _hash_grams_by_row(codes)
    for place in np.flatnonzero(codes == _BREAK):
        hashes[max(0, place - K + 1) : place + 1] = _NO_HASH
    return hashes


def _hash_grams_by_row(codes: npt.NDArray[np.uint16]) -> npt.NDArray[np.uint32]:
    """A polynomial hash of each K-gram along the last axis, mixed; built by doubling: 1, 2, 4, 8."""
    width, values = 1, codes.astype(np.uint64) + np.uint64(1)
    parts = {1: values}
    while width * 2 <= K:
        values = values[..., :-width] * np.uint64(pow(_BASE, width, 1 << 64)) + values[..., width:]
        width *= 2
        parts[width] = values
    for extra in sorted(parts, reverse=True):  # a K of 10 would be 8 + 2
        while width + extra <= K:
            n = values.shape[-1] - extra
            values = (values[..., :n] * np.uint64(pow(_BASE, extra, 1 << 64))
                      + parts[extra][..., width : width + n])
            width += extra
    values ^= values >> np.uint64(31)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    hashes: npt.NDArray[np.uint32] = (values >> np.uint64(32)).astype(np.uint32)
    hashes[hashes == _NO_HASH] = 0
    return hashes


def _winnow(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Whether a hash is the smallest of some window of W: iff the largest of its windows' minima is it."""
    if len(hashes) < W:
        return np.asarray(hashes == hashes.min()) if len(hashes) else np.zeros(0, dtype=np.bool_)
    smallest = _slide(hashes, np.minimum)
    padded = np.concatenate([np.zeros(W - 1, np.uint32), smallest, np.zeros(W - 1, np.uint32)])
    return np.asarray(_slide(padded, np.maximum) == hashes)


def _slide(values: npt.NDArray[np.uint32], best: np.ufunc) -> npt.NDArray[np.uint32]:
    """best over each window of W, by doubling."""
    width = 1
    n_windows = len(values) - W + 1
    while width * 2 <= W:
        values = best(values[:-width], values[width:])
        width *= 2
    result: npt.NDArray[np.uint32] = best(values[:n_windows], values[W - width : W - width + n_windows])
    return result


# --- Passages ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Passages:
    """Equal stretches: codes[left : left + n] == codes[right : right + n], left in the earlier text."""

    left: Ints
    right: Ints
    n: Ints


def _find_passages(stream: _Stream, firsts: Ints) -> _Passages:
    alone = firsts == np.arange(len(firsts))
    picked = _pick_hashes(stream, alone)
    lefts, rights = [], []
    common = np.zeros(len(picked.hashes), dtype=np.bool_)
    for left, right in _pair_places(picked, common):
        lefts.append(left)
        rights.append(right)
    found = _extend(stream.codes, lefts, rights)
    found = _join_passages([
        _drop_formulas(found, stream.codes, picked, common),
        _extend(stream.codes, *_pair_crowds(stream, picked, common)),
    ])
    twins = np.flatnonzero(~alone)
    sizes = stream.starts[1:] - stream.starts[:-1] - 1
    left = np.concatenate([found.left, stream.starts[firsts[twins]]])
    right = np.concatenate([found.right, stream.starts[twins]])
    return _Passages(left, right, np.concatenate([found.n, sizes[twins]]))


def _drop_formulas(
    found: _Passages, codes: npt.NDArray[np.uint16], picked: _Picked, common: npt.NDArray[np.bool_]
) -> _Passages:
    """Without the passages all whose hashes are common.

    A hash at the edge of a formula is picked or not as the words around it will have it, so it may seem
    rare. Only a hash picked by a window that lies in the passage as a whole speaks for the passage.
    """
    places = picked.places.astype(np.int64)
    rare = np.concatenate([[0], np.cumsum(~common)])
    last = found.left + found.n - K  # last gram of the passage
    inner = [np.searchsorted(places, edge) for edge in (found.left + W - 1, last - W + 2)]
    kept = np.asarray(rare[np.maximum(inner[1], inner[0])] > rare[inner[0]])  # every window around it lies inside
    padded = np.concatenate([np.zeros(W, np.uint16), codes, np.zeros(W + K, np.uint16)])
    rows = np.lib.stride_tricks.sliding_window_view(padded, 2 * W + K)
    doubtful = np.flatnonzero(~kept)
    for at, until in ((found.left, found.left + W - 1), (np.maximum(last - W + 2, found.left), last + 1)):
        spot, end = (np.searchsorted(places, edge[doubtful]) for edge in (at, np.minimum(until, last + 1)))
        for step in range(W):
            pending = np.flatnonzero((spot + step < end) & ~kept[doubtful])
            pick = spot[pending] + step
            pending, pick = pending[~common[pick]], pick[~common[pick]]
            passage = doubtful[pending]
            grams = _hash_grams_by_row(rows[places[pick]])  # W grams before the picked one, it, and W behind
            lower = grams < grams[:, W : W + 1]
            before = np.minimum(lower[:, :W][:, ::-1].argmax(axis=1) + W * ~lower[:, :W].any(axis=1),
                                places[pick] - found.left[passage])
            behind = np.minimum(lower[:, W + 1 :].argmax(axis=1) + W * ~lower[:, W + 1 :].any(axis=1),
                                last[passage] - places[pick])
            kept[passage[before + behind + 1 >= W]] = True
    return _Passages(found.left[kept], found.right[kept], found.n[kept])


def _pair_places(picked: _Picked, common: npt.NDArray[np.bool_]) -> Iterator[tuple[Ints, Ints]]:
    """Places of equal hashes in two texts, only the first of each run along a passage.

    Marks in `common` the hashes that stand in too many places to be paired.
    """
    if not len(picked.hashes):
        return
    keys = (picked.hashes.astype(np.uint64) << np.uint64(32)) | np.arange(len(picked.hashes), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
    edges = np.flatnonzero(np.diff(keys >> np.uint64(32))) + 1
    del keys
    begins = np.concatenate([[0], edges])
    counts = np.diff(np.concatenate([begins, [len(order)]]))
    usable = np.zeros(len(order), dtype=np.bool_)
    usable[order] = np.repeat((counts > 1) & (counts <= MAX_COMMON), counts)
    common[order] = np.repeat(counts > MAX_COMMON, counts)
    # What stands before each usable hash on its text: a pair whose predecessors pair as well is no start.
    spots = np.flatnonzero(usable)
    before = np.full(len(order), -1, dtype=np.int64)
    before[spots[1:]] = spots[:-1]
    for size in range(2, MAX_COMMON + 1):
        groups = begins[counts == size]
        left, right = np.triu_indices(size, 1)
        step = max(1, _BATCH // len(left))
        for first in range(0, len(groups), step):
            rows = order[groups[first : first + step, None] + np.arange(size)]
            yield _keep_starts(picked, before, rows[:, left].ravel(), rows[:, right].ravel())


def _keep_starts(picked: _Picked, before: Ints, left: Ints, right: Ints) -> tuple[Ints, Ints]:
    apart = picked.texts[left] != picked.texts[right]
    left, right = left[apart], right[apart]
    left_before, right_before = before[left], before[right]
    goes_on = (
        (left_before >= 0) & (right_before >= 0)
        & (picked.hashes[left_before] == picked.hashes[right_before])
        & (picked.places[left] - picked.places[left_before] == picked.places[right] - picked.places[right_before])
        & (picked.texts[left] == picked.texts[left_before]) & (picked.texts[right] == picked.texts[right_before])
    )
    left, right = left[~goes_on], right[~goes_on]
    return picked.places[left].astype(np.int64), picked.places[right].astype(np.int64)


def _pair_crowds(stream: _Stream, picked: _Picked, common: npt.NDArray[np.bool_]) -> tuple[list[Ints], list[Ints]]:
    """Seeds for near copies that stand in crowds too large for pairing all with all."""
    spans = np.searchsorted(picked.texts, np.arange(len(stream.starts)))
    n_picked = np.diff(spans)
    n_common = np.bincount(picked.texts[common], minlength=len(n_picked))
    crowded = np.flatnonzero(2 * n_common > n_picked)
    sizes = np.diff(stream.starts)
    members: dict[int, list[int]] = {}
    n_sketch: dict[int, int] = {}
    for text in crowded.tolist():
        sketch = np.unique(picked.hashes[spans[text] : spans[text + 1]])[:SKETCH].tolist()
        n_sketch[text] = len(sketch)
        for value in sketch:
            members.setdefault(value, []).append(text)
    shared: Counter[tuple[int, int]] = Counter()
    for crowd in members.values():
        hub = max(crowd, key=lambda text: (sizes[text], -text))
        shared.update((min(text, hub), max(text, hub)) for text in crowd if text != hub)
    lefts, rights = [], []
    for (one, other), n in shared.items():
        if n < min(SKETCH_SHARED, n_sketch[one], n_sketch[other]):
            continue
        mine, yours = (slice(spans[text], spans[text + 1]) for text in (one, other))
        _, left, right = np.intersect1d(picked.hashes[mine], picked.hashes[yours], return_indices=True)
        lefts.append(picked.places[mine][left].astype(np.int64))
        rights.append(picked.places[yours][right].astype(np.int64))
    return lefts, rights


def _extend(codes: npt.NDArray[np.uint16], lefts: list[Ints], rights: list[Ints]) -> _Passages:
    """Stretch each pair of equal places as far as it goes both ways; equal results once."""
    left, right = (np.concatenate([np.zeros(0, dtype=np.int64), *parts]) for parts in (lefts, rights))
    padded = np.concatenate([np.zeros(_STRIDE, np.uint16), codes, np.zeros(_STRIDE, np.uint16)])
    parts = [_Passages(*(np.zeros(0, dtype=np.int64) for _ in range(3)))]
    size = max(_BATCH // _STEP, 1)
    for first in range(0, len(left), size):
        one, other = left[first : first + size], right[first : first + size]
        back = _count_equal(padded, one, other, -1)
        ahead = _count_equal(padded, one, other, 1)
        wanted = back + ahead >= PROMISED
        parts.append(_Passages((one - back)[wanted], (other - back)[wanted], (back + ahead)[wanted]))
    return _join_passages(parts)


def _join_passages(parts: list[_Passages]) -> _Passages:
    """All passages, each once."""
    left, right, n = (np.concatenate([getattr(part, name) for part in parts]) for name in ("left", "right", "n"))
    order = np.lexsort((right, left))
    left, right, n = left[order], right[order], n[order]
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = (np.diff(left) != 0) | (np.diff(right) != 0)
    return _Passages(left[fresh], right[fresh], n[fresh])


#: Characters compared at first, and at most, in one go.
_STEP, _STRIDE = 16, 4096


def _count_equal(padded: npt.NDArray[np.uint16], left: Ints, right: Ints, way: int) -> Ints:
    """How many characters agree from each pair of places on: ahead with them, back without them."""
    counts = np.zeros(len(left), dtype=np.int64)
    active = np.arange(len(left))
    step = _STEP
    while len(active):
        rows = np.lib.stride_tricks.sliding_window_view(padded, step)
        shift = way * counts[active] + (_STRIDE if way > 0 else _STRIDE - step)
        one, other = rows[left[active] + shift], rows[right[active] + shift]
        equal = ((one == other) & (one != _BREAK))[:, ::way]
        gained = np.where(equal.all(axis=1), step, equal.argmin(axis=1))
        counts[active] += gained
        active = active[gained == step]
        if len(active):  # what has gone on so far is likely to be long
            step = max(_STEP, min(2 * step, _STRIDE, _BATCH // len(active)))
    return counts


# --- The table -----------------------------------------------------------------------------


def _make_table(ids: list[str], texts: list[str], stream: _Stream, passages: _Passages) -> pd.DataFrame:
    doc_a = np.searchsorted(stream.starts, passages.left, side="right") - 1
    doc_b = np.searchsorted(stream.starts, passages.right, side="right") - 1
    begin_a = stream.raw(passages.left) - stream.raw_starts[doc_a]
    begin_b = stream.raw(passages.right) - stream.raw_starts[doc_b]
    end_a = stream.raw(passages.left + passages.n - 1) + 1 - stream.raw_starts[doc_a]
    end_b = stream.raw(passages.right + passages.n - 1) + 1 - stream.raw_starts[doc_b]
    order = np.lexsort((begin_b, begin_a, doc_b, doc_a))
    rows = [column[order] for column in (doc_a, begin_a, end_a, doc_b, begin_b, end_b)]
    similarity = _fit_to_print(texts, *rows)
    n_chars = np.maximum(rows[2] - rows[1], rows[5] - rows[4])
    long = n_chars >= MIN_CHARS
    doc_a, begin_a, end_a, doc_b, begin_b, end_b = (column[long] for column in rows)
    names = pa.array(ids, pa.string())
    numbers = pc.utf8_lpad(pa.array(np.arange(1, len(doc_a) + 1)).cast(pa.string()), 8, "0")
    columns: dict[str, Any] = {
        "reuse_id": pc.binary_join_element_wise("r", numbers, ""),
        "doc_a": names.take(pa.array(doc_a)), "begin_a": begin_a, "end_a": end_a,
        "doc_b": names.take(pa.array(doc_b)), "begin_b": begin_b, "end_b": end_b,
        "n_chars": n_chars[long], "similarity": similarity[long],
    }
    return pa.table(columns, schema=TABLES["reuse"].arrow).to_pandas()[_COLUMNS]


def _fit_to_print(
    texts: list[str], doc_a: Ints, begin_a: Ints, end_a: Ints, doc_b: Ints, begin_b: Ints, end_b: Ints
) -> npt.NDArray[np.float64]:
    """Take equal marks at the edges into the passages (in place) and tell how alike they are in print.

    Similarity is 1 - insertions and deletions / total length.
    """
    similarity = np.ones(len(doc_a))
    spans = zip(doc_a.tolist(), begin_a.tolist(), end_a.tolist(), doc_b.tolist(), begin_b.tolist(), end_b.tolist(),
                strict=True)
    for row, (one, from_one, to_one, other, from_other, to_other) in enumerate(spans):
        mine, yours = texts[one], texts[other]
        # What is left to agree are marks: a passage ends where compared characters differ.
        n = 0
        while to_one + n < len(mine) and to_other + n < len(yours) and mine[to_one + n] == yours[to_other + n] > " ":
            n += 1
        if n:
            end_a[row], end_b[row] = to_one, to_other = to_one + n, to_other + n
        n = 0
        while n < min(from_one, from_other) and mine[from_one - n - 1] == yours[from_other - n - 1] > " ":
            n += 1
        if n:
            begin_a[row], begin_b[row] = from_one, from_other = from_one - n, from_other - n
        if mine[from_one:to_one] != yours[from_other:to_other]:
            similarity[row] = Indel.normalized_similarity(mine[from_one:to_one], yours[from_other:to_other])
    return similarity


# --- Releases ------------------------------------------------------------------------------


def _find_near_copies(
    reuse: pd.DataFrame, place: dict[str, int], lengths: Ints, first: Ints
) -> dict[int, list[tuple[int, float]]]:
    """For each document its near copies, with the share of the shorter one that they have in common."""
    near: dict[int, list[tuple[int, float]]] = {}
    if reuse.empty:
        return near
    one, other = (first[reuse[name].map(place).to_numpy(dtype=np.int64)] for name in ("doc_a", "doc_b"))
    a_is_short = lengths[one] <= lengths[other]
    short, long = np.where(a_is_short, one, other), np.where(a_is_short, other, one)
    begins, ends = (
        np.where(a_is_short, reuse[f"{edge}_a"], reuse[f"{edge}_b"]).astype(np.int64) for edge in ("begin", "end")
    )
    wanted = (short != long) & (lengths[short] >= MIN_RATIO * lengths[long])
    order = np.lexsort((begins, long, short))
    order = order[wanted[order]]
    short, long, begins, ends = short[order], long[order], begins[order], ends[order]
    if not len(order):
        return near
    opens = np.ones(len(order), dtype=np.bool_)
    opens[1:] = (np.diff(short) != 0) | (np.diff(long) != 0)
    pair = np.cumsum(opens) - 1
    # Overlapping passages count once: a running maximum within each pair (pairs kept apart by a shift).
    shift = pair * (int(ends.max()) + 1)
    reached = np.maximum.accumulate(ends + shift) - shift
    fresh_from = begins.copy()
    fresh_from[1:] = np.where(opens[1:], begins[1:], np.maximum(begins[1:], reached[:-1]))
    covered = np.bincount(pair, weights=np.maximum(ends - fresh_from, 0))
    starts = np.flatnonzero(opens)
    for row, n in zip(starts.tolist(), covered.tolist(), strict=True):
        share = n / lengths[short[row]]
        if share >= SAME_RELEASE:
            near.setdefault(int(short[row]), []).append((int(long[row]), share))
            near.setdefault(int(long[row]), []).append((int(short[row]), share))
    return near
