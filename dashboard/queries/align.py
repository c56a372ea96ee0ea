"""Two documents side by side, sentence by sentence, with only their true differences marked.

Why not a plain diff: two papers print the same release with another dateline, another order of
headlines, another script, other commas. A diff of characters marks letters that happen to match;
a diff of lines marks everything. Here sentences are paired first, wherever they stand, and only
within a pair are words compared.

What never counts as a difference: script (documents.text is simplified already), 著 for 着,
full-width for half-width signs, one kind of quotation mark or dash for another, white space, and where lines break.

The recipe: cut both texts into sentences; find for each the few sentences of the other text that share
its rarest pairs of characters; take the heaviest chain of pairs that runs forward in both texts; pair
what is left over and alike as moved; join a sentence that the other paper prints in two; mark the rest.

Cost: linear in the length of the texts but for a bounded search per sentence; no sentence is longer than
`LONGEST` characters, so that 100,000 characters against 100,000 take a second or two, whatever they hold.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from typing import TYPE_CHECKING

import pandas as pd
from rapidfuzz.distance import Indel, LCSseq

from data_prep.tokens import cut_tokens

if TYPE_CHECKING:
    from dashboard.corpus import Corpus

#: The longest piece compared as one. Longer sentences are cut at commas, and those at chosen characters.
LONGEST = 300
#: A pair of sentences is taken for one sentence when this share of both is common, or this share of the shorter
#: one (printed as part of the other) and that of the longer.
ALIKE, WITHIN, LEAST_WITHIN = 0.5, 0.8, 0.3
#: Out of order, more is asked: else any two short clauses of the same stock would be called moved.
ALIKE_MOVED, MOVED_CHARS = 0.6, 6
#: A neighbour is joined to a pair when this share of it is found in what the pair leaves over.
JOINED = 0.75
#: Up to this many sentences all pairs that share anything are looked at; beyond, only the likeliest.
FEW, RAREST, POSTINGS, LIKELIEST = 200, 16, 40, 12

COLUMNS = ["kind", "moved", "begin_a", "end_a", "begin_b", "end_b", "marks_a", "marks_b", "text_a", "text_b"]

_SENTENCE_END = re.compile(r"[。！？!?；;…]+[”’」』）)》〉\"']*\s*|\s*\n\s*")
_CLAUSE_END = re.compile(r"[，,：:、]\s*")
_HEADLINE_END = re.compile(r"\s+")
_SAME_SIGN = (
    dict.fromkeys("”「」『』＂〝〞\"", "“") | dict.fromkeys("’＇'", "‘") | dict.fromkeys("–―─－‐-", "—")
    | dict.fromkeys("•・‧", "·") | dict.fromkeys("〔【", "[") | dict.fromkeys("〕】", "]")
    | {"著": "着", "～": "~", "｡": "。", "﹑": "、"}
)  # fmt: skip

Span = tuple[int, int]


@dataclass(frozen=True)
class Row:
    """One row of the two columns: text_a[a[0]:a[1]] stands beside text_b[b[0]:b[1]]; None where one has nothing."""

    kind: str
    a: Span | None
    b: Span | None
    marks_a: tuple[Span, ...]
    marks_b: tuple[Span, ...]
    moved: bool = False


@dataclass(frozen=True)
class _Side:
    """A text cut into sentences: their spans, and what of them is compared."""

    text: str
    spans: list[Span]
    keys: list[str]


@dataclass
class _Pair:
    """Sentences first_a..last_a of A (inclusive) beside first_b..last_b of B."""

    first_a: int
    last_a: int
    first_b: int
    last_b: int
    moved: bool


def align_documents(corpus: Corpus, doc_a: str, doc_b: str) -> pd.DataFrame:
    """Put two documents side by side. One row a sentence, in the order of A.

    Columns: kind (same, differs, only_a, only_b), moved (the pair stands elsewhere in B),
    begin_a, end_a, begin_b, end_b (offsets into documents.text; null on the side that has nothing),
    marks_a, marks_b (lists of (begin, end): what truly differs), text_a, text_b.
    The spans of each side, sorted, tile its text; align(b, a) holds the same rows with the sides changed over.
    KeyError for a document that is not in the corpus.
    """
    a, b = corpus.number(doc_a), corpus.number(doc_b)
    heads = corpus.documents["body_begin"]
    text_a, text_b = corpus.text(a), corpus.text(b)
    rows = align_texts(text_a, text_b, int(heads.iloc[a]), int(heads.iloc[b]))
    table = pd.DataFrame(
        [
            (
                row.kind, row.moved, *(row.a or (None, None)), *(row.b or (None, None)), list(row.marks_a),
                list(row.marks_b), text_a[slice(*row.a)] if row.a else "", text_b[slice(*row.b)] if row.b else "",
            )
            for row in rows
        ],
        columns=COLUMNS,
    )  # fmt: skip
    offsets = ["begin_a", "end_a", "begin_b", "end_b"]
    return table.astype(dict.fromkeys(offsets, "Int64") | {"moved": bool})


def align_texts(text_a: str, text_b: str, body_a: int = 0, body_b: int = 0) -> list[Row]:
    """Align two texts; the headlines end at body_a and body_b. Rows in the order of A.

    >>> rows = align_texts("要科学有序开展。全面落实。", "要科学有序开展工作。全面落实。省领导参加。")
    >>> [(row.kind, row.marks_b) for row in rows]
    [('differs', ((7, 9),)), ('same', ()), ('only_b', ((15, 21),))]
    """
    if (text_b, body_b) < (text_a, body_a):  # one order for both directions, so that ties fall alike
        rows = [_turn(row) for row in align_texts(text_b, text_a, body_b, body_a)]
        return _sort_rows(rows)
    a, b = _cut_side(text_a, body_a), _cut_side(text_b, body_b)
    pairs = _pair_sentences(a, b)
    pairs = _join_neighbours(a, b, pairs)
    rows = [_compare(a, b, pair) for pair in pairs]
    taken_a = {i for pair in pairs for i in range(pair.first_a, pair.last_a + 1)}
    taken_b = {j for pair in pairs for j in range(pair.first_b, pair.last_b + 1)}
    rows += [_stand_alone(a, i, "only_a") for i in range(len(a.spans)) if i not in taken_a]
    rows += [_turn(_stand_alone(b, j, "only_a")) for j in range(len(b.spans)) if j not in taken_b]
    return _sort_rows(rows)


# --- Cutting ------------------------------------------------------------------------


def _cut_side(text: str, body_begin: int) -> _Side:
    pieces = [*_cut_at(text, 0, body_begin, _HEADLINE_END), *_cut_sentences(text, body_begin)]
    spans: list[Span] = []
    for begin, end in pieces:  # white space by itself belongs to what stands before it
        if spans and (text[begin:end].isspace() or text[: spans[-1][1]].isspace()):
            begin = spans.pop()[0]
        spans.append((begin, end))
    return _Side(text, spans, [_fold("".join(text[begin:end].split())) for begin, end in spans])


def _cut_sentences(text: str, begin: int) -> Iterator[Span]:
    for first, last in _cut_at(text, begin, len(text), _SENTENCE_END):
        if last - first <= LONGEST:
            yield first, last
            continue
        for start, stop in _cut_at(text, first, last, _CLAUSE_END, least=LONGEST // 4):
            yield from _cut_by_content(text, start, stop)


def _cut_at(text: str, begin: int, end: int, mark: re.Pattern[str], least: int = 1) -> Iterator[Span]:
    """Cut text[begin:end] behind every mark, no piece shorter than `least`; the pieces tile it."""
    start = begin
    for found in mark.finditer(text, begin, end):
        # A piece without a letter belongs to its neighbour: it says nothing by itself.
        if found.end() - start >= least and text[start : found.start()].strip():
            yield start, found.end()
            start = found.end()
    if start < end:
        yield start, end


def _cut_by_content(text: str, begin: int, end: int) -> Iterator[Span]:
    """Cut what has no sign to cut at where the characters themselves say so.

    A cut every n characters would fall differently in the two texts after the first insertion.
    """
    start = begin
    while end - start > LONGEST:
        window = range(start + LONGEST // 2, start + LONGEST)
        cut = min(window, key=lambda i: (ord(text[i - 1]) * 40503 + ord(text[i]) * 30011) & 0xFFFF)
        yield start, cut
        start = cut
    yield start, end


@cache
def _same_sign(character: str) -> str:
    plain = _SAME_SIGN.get(character, character)
    if plain == character:
        wide = unicodedata.normalize("NFKC", character)
        plain = _SAME_SIGN.get(wide, wide) if len(wide) == 1 else character
    return plain


class _Folding(dict[int, str]):
    """A table for str.translate that fills itself: one sign for all the signs that are the same."""

    def __missing__(self, code: int) -> str:
        self[code] = _same_sign(chr(code))
        return self[code]


_FOLDING = _Folding()


def _fold(text: str) -> str:
    """One sign for signs that differ only in print; the length stays."""
    return text.translate(_FOLDING)


# --- Pairing -------------------------------------------------------------------------


def _pair_sentences(a: _Side, b: _Side) -> list[_Pair]:
    candidates = _weigh_candidates(a, b)
    chain = _heaviest_chain(candidates)
    pairs = [_Pair(i, i, j, j, moved=False) for i, j in chain]
    free_a = set(range(len(a.keys))) - {i for i, _ in chain}
    free_b = set(range(len(b.keys))) - {j for _, j in chain}
    for i, j in sorted(candidates, key=lambda pair: (-candidates[pair], pair)):
        if i in free_a and j in free_b and _moved_enough(a.keys[i], b.keys[j]):
            free_a.remove(i)
            free_b.remove(j)
            pairs.append(_Pair(i, i, j, j, moved=True))
    waiting: dict[str, list[int]] = defaultdict(list)
    for j in sorted(free_b, reverse=True):
        waiting[b.keys[j]].append(j)
    for i in sorted(free_a):
        if len(a.keys[i]) >= MOVED_CHARS and waiting[a.keys[i]]:
            j = waiting[a.keys[i]].pop()
            pairs.append(_Pair(i, i, j, j, moved=True))
    return pairs


def _moved_enough(key_a: str, key_b: str) -> bool:
    common = LCSseq.similarity(key_a, key_b)
    return common >= MOVED_CHARS and 2 * common >= ALIKE_MOVED * (len(key_a) + len(key_b))


def _weigh_candidates(a: _Side, b: _Side) -> dict[tuple[int, int], float]:
    """Pairs of sentences that may be one, with a weight: common characters times likeness."""
    weights: dict[tuple[int, int], float] = {}
    for i, j in _find_candidates(a.keys, b.keys):
        key_a, key_b = a.keys[i], b.keys[j]
        common = len(key_a) if key_a == key_b else LCSseq.similarity(key_a, key_b)
        alike = 1.0 if key_a == key_b else 2 * common / (len(key_a) + len(key_b))
        shorter, longer = sorted((len(key_a), len(key_b)))
        within = common >= max(WITHIN * shorter, LEAST_WITHIN * longer, 2 * MOVED_CHARS)
        if alike >= ALIKE or within:
            weights[i, j] = max(common * alike, 0.5)  # two texts of white space alone are the same, too
    return weights


def _find_candidates(keys_a: Sequence[str], keys_b: Sequence[str]) -> Iterator[tuple[int, int]]:
    few = max(len(keys_a), len(keys_b)) <= FEW
    places: dict[str, list[int]] = defaultdict(list)
    for j, key in enumerate(keys_b):
        for pair in _pairs_of(key):
            places[pair].append(j)
    equal_a, equal_b = _number_equals(keys_a), _number_equals(keys_b)
    for i, key in enumerate(keys_a):
        found: dict[int, float] = defaultdict(float)
        known = sorted((len(places[pair]), pair) for pair in _pairs_of(key) if pair in places)
        for n, pair in known if few else known[:RAREST]:
            for j in places[pair] if few else _nearest(places[pair], i * len(keys_b) // len(keys_a)):
                found[j] += 1 / n
        chosen = set(found) if few else set(nlargest(LIKELIEST, found, key=found.__getitem__))
        same = equal_b.get(key, [])
        if same:  # the k-th time a sentence stands in A goes with about the k-th time in B
            k = bisect_left(equal_a[key], i)
            back = len(same) - (len(equal_a[key]) - k)
            chosen |= {same[x] for at in (k, back) for x in range(max(at - 2, 0), min(at + 3, len(same)))}
        for j in sorted(chosen):
            yield i, j


def _pairs_of(key: str) -> set[str]:
    """The pairs of neighbouring characters of a sentence; the sentence itself if it is a single character."""
    return {key[x : x + 2] for x in range(len(key) - 1)} or ({key} if key else set())


def _number_equals(keys: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for i, key in enumerate(keys):
        places[key].append(i)
    return places


def _nearest(places: list[int], middle: int) -> list[int]:
    """The POSTINGS places nearest to the middle (places ascend)."""
    at = max(0, min(bisect_left(places, middle) - POSTINGS // 2, len(places) - POSTINGS))
    return places[at : at + POSTINGS]


def _heaviest_chain(weights: dict[tuple[int, int], float]) -> list[tuple[int, int]]:
    """The heaviest set of pairs in which both numbers rise (a Fenwick tree of best sums, n log n)."""
    if not weights:
        return []
    size = max(j for _, j in weights) + 2
    best: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)  # (sum, last pair of the chain)
    ordered = sorted(weights, key=lambda pair: (pair[0], -pair[1]))  # equal i: never after one another
    before: list[int] = []
    for number, (i, j) in enumerate(ordered):
        total, last = 0.0, -1
        at = j
        while at > 0:
            if best[at][0] > total:
                total, last = best[at]
            at -= at & -at
        before.append(last)
        total += weights[i, j]
        at = j + 1
        while at <= size:
            if total > best[at][0]:
                best[at] = (total, number)
            at += at & -at
    chain = []
    last = max(best)[1]
    while last >= 0:
        chain.append(ordered[last])
        last = before[last]
    return chain[::-1]


def _join_neighbours(a: _Side, b: _Side, pairs: list[_Pair]) -> list[_Pair]:
    """Join sentences left over to the pair next to them, where the other paper prints both as one sentence."""
    for side in ("a", "b"):
        keys = (a if side == "a" else b).keys
        ends = {getattr(p, f"last_{side}"): p for p in pairs}
        begins = {getattr(p, f"first_{side}"): p for p in pairs}
        taken = {x for p in pairs for x in range(getattr(p, f"first_{side}"), getattr(p, f"last_{side}") + 1)}
        loose = [x for x in range(len(keys)) if x not in taken]
        for x in [*loose, *reversed(loose)]:  # forward, then backward: three pieces join one by one
            if x in taken:
                continue
            offers = [(_gain(a, b, p, side, x), p) for p in (ends.get(x - 1), begins.get(x + 1)) if p is not None]
            gain, pair = max(offers, key=lambda offer: offer[0], default=(0.0, None))
            if pair is None or gain < JOINED:
                continue
            taken.add(x)
            if getattr(pair, f"last_{side}") == x - 1:
                del ends[x - 1]
                setattr(pair, f"last_{side}", x)
                ends[x] = pair
            else:
                del begins[x + 1]
                setattr(pair, f"first_{side}", x)
                begins[x] = pair
    return pairs


def _gain(a: _Side, b: _Side, pair: _Pair, side: str, extra: int) -> float:
    """Which share of the sentence `extra` is found in what the pair leaves over on the other side."""
    mine, theirs = (a, b) if side == "a" else (b, a)
    first, last = getattr(pair, f"first_{side}"), getattr(pair, f"last_{side}")
    other = "b" if side == "a" else "a"
    opposite = "".join(theirs.keys[getattr(pair, f"first_{other}") : getattr(pair, f"last_{other}") + 1])
    present = "".join(mine.keys[first : last + 1])
    added = present + mine.keys[extra] if extra > last else mine.keys[extra] + present
    if not mine.keys[extra] or len(added) > 4 * LONGEST:
        return 0.0
    return (LCSseq.similarity(added, opposite) - LCSseq.similarity(present, opposite)) / len(mine.keys[extra])


# --- Comparing ------------------------------------------------------------------------


def _compare(a: _Side, b: _Side, pair: _Pair) -> Row:
    span_a = (a.spans[pair.first_a][0], a.spans[pair.last_a][1])
    span_b = (b.spans[pair.first_b][0], b.spans[pair.last_b][1])
    places_a, places_b = _letters(a.text, span_a), _letters(b.text, span_b)
    key_a = _fold("".join(a.text[i] for i in places_a))
    key_b = _fold("".join(b.text[i] for i in places_b))
    edits = [] if key_a == key_b else mark_differences(key_a, key_b)
    marks_a = tuple((places_a[i], places_a[j - 1] + 1) for (i, j), _ in edits if i < j)
    marks_b = tuple((places_b[i], places_b[j - 1] + 1) for _, (i, j) in edits if i < j)
    return Row("differs" if edits else "same", span_a, span_b, marks_a, marks_b, pair.moved)


def _letters(text: str, span: Span) -> list[int]:
    return [i for i in range(*span) if not text[i].isspace()]


def mark_differences(a: str, b: str) -> list[tuple[Span, Span]]:
    """What differs between two sentences, at word boundaries: pairs of (span in a, span in b).

    Characters are compared first; then each edit that could stand in several places is moved to where
    words begin and end, what matches only within a word is given up, and so is a single character
    that happens to match between two edits.

    >>> mark_differences("习近平总书记关于疫情防控工作重要指示精神", "习近平总书记重要讲话重要指示批示精神")
    [((6, 14), (6, 10)), ((18, 18), (14, 16))]
    >>> mark_differences("科学有序开展", "科学有序开展工作")
    [((6, 6), (6, 8))]
    """
    blocks = [
        (op.src_start, op.dest_start, op.src_end - op.src_start)
        for op in Indel.opcodes(a, b)
        if op.tag == "equal"
    ]
    bounds_a, bounds_b = _word_bounds(a), _word_bounds(b)
    blocks = _slide_edits(a, b, blocks, bounds_a, bounds_b)
    blocks = _keep_whole_words(blocks, bounds_a, bounds_b, len(a), len(b))
    blocks = _drop_chance_matches(a, blocks, len(a), len(b))
    return [(x, y) for x, y in _gaps(blocks, len(a), len(b)) if x[0] < x[1] or y[0] < y[1]]


Block = tuple[int, int, int]  # begin in a, begin in b, length


def _gaps(blocks: Sequence[Block], len_a: int, len_b: int) -> list[tuple[Span, Span]]:
    """What lies before, between and behind the blocks; one more than there are blocks."""
    gaps, at_a, at_b = [], 0, 0
    for i, j, n in [*blocks, (len_a, len_b, 0)]:
        gaps.append(((at_a, i), (at_b, j)))
        at_a, at_b = i + n, j + n
    return gaps


def _word_bounds(text: str) -> set[int]:
    bounds, at = {0}, 0
    for token in cut_tokens(text):
        at += len(token)
        bounds.add(at)
    return bounds | {len(text)}


def _slide_edits(a: str, b: str, blocks: list[Block], bounds_a: set[int], bounds_b: set[int]) -> list[Block]:
    """Move each insertion or deletion to the best of the places where it could stand.

    In 重要指示 -> 重要讲话重要指示 one may say that 重要讲话 was put before, or 讲话重要 in between.
    Best is where it meets another edit (one edit instead of two), then where words begin and end.
    """
    blocks = list(blocks)
    x = 1
    while x < len(blocks):
        (i, j, n), (k, m, o) = blocks[x - 1], blocks[x]
        gap_a, gap_b = (i + n, k), (j + n, m)
        if (gap_a[0] == gap_a[1]) == (gap_b[0] == gap_b[1]):
            x += 1
            continue
        text, gap, bounds = (a, gap_a, bounds_a) if gap_a[0] < gap_a[1] else (b, gap_b, bounds_b)
        left = right = 0
        while left < n and text[gap[0] - 1 - left] == text[gap[1] - 1 - left]:
            left += 1
        while right < o and text[gap[0] + right] == text[gap[1] + right]:
            right += 1
        first, final = x == 1 and i == 0 and j == 0, x == len(blocks) - 1 and k + o == len(a) and m + o == len(b)

        def quality(
            shift: int, gap: Span = gap, text: str = text, bounds: set[int] = bounds,
            n: int = n, o: int = o, first: bool = first, final: bool = final,
        ) -> tuple[int, int, int]:  # fmt: skip
            begin, end = gap[0] + shift, gap[1] + shift
            meets = int((shift == -n and not first) or (shift == o and not final))
            words = int(begin in bounds) + int(end in bounds)
            clause = int(begin == 0 or not text[begin - 1].isalnum()) + int(end == len(text) or not text[end].isalnum())
            return meets, words + clause, -begin

        shift = max(range(-left, right + 1), key=quality)
        blocks[x - 1], blocks[x] = (i, j, n + shift), (k + shift, m + shift, o - shift)
        if blocks[x][2] == 0:
            del blocks[x]
        elif blocks[x - 1][2] == 0:
            del blocks[x - 1]
        else:
            x += 1
    return [block for block in blocks if block[2]]


def _keep_whole_words(
    blocks: list[Block], bounds_a: set[int], bounds_b: set[int], len_a: int, len_b: int
) -> list[Block]:
    """Shrink what is equal to whole words of both texts: 工作 against 工业 differ in a word, not in half of it.

    At a pure insertion a boundary on one side is enough: the other side says that words may be parted there.
    """
    gaps = _gaps(blocks, len_a, len_b)
    kept = []
    for x, (i, j, n) in enumerate(blocks):
        begin, end = i, i + n
        shift = j - i
        if not _empty(gaps[x]):
            while begin < end and not _may_part(begin, begin + shift, gaps[x], bounds_a, bounds_b, begin == i):
                begin += 1
        if not _empty(gaps[x + 1]):
            while end > begin and not _may_part(end, end + shift, gaps[x + 1], bounds_a, bounds_b, end == i + n):
                end -= 1
        if begin < end:
            kept.append((begin, begin + shift, end - begin))
    return kept


def _empty(gap: tuple[Span, Span]) -> bool:
    return gap[0][0] == gap[0][1] and gap[1][0] == gap[1][1]


def _may_part(
    at_a: int, at_b: int, gap: tuple[Span, Span], bounds_a: set[int], bounds_b: set[int], at_edge: bool
) -> bool:
    pure = gap[0][0] == gap[0][1] or gap[1][0] == gap[1][1]
    if pure and at_edge:
        return at_a in bounds_a or at_b in bounds_b
    return at_a in bounds_a and at_b in bounds_b


def _drop_chance_matches(a: str, blocks: list[Block], len_a: int, len_b: int) -> list[Block]:
    """Give up a block of a single letter (or none) that stands between two edits."""
    kept = list(blocks)
    x = 0
    while x < len(kept):
        gaps = _gaps(kept, len_a, len_b)
        i, _, n = kept[x]
        between = not _empty(gaps[x]) and not _empty(gaps[x + 1])
        if between and sum(letter.isalnum() for letter in a[i : i + n]) <= 1:
            del kept[x]
        else:
            x += 1
    return kept


# --- Rows -----------------------------------------------------------------------------


def _stand_alone(side: _Side, number: int, kind: str) -> Row:
    begin, end = side.spans[number]
    piece = side.text[begin:end]
    first = begin + len(piece) - len(piece.lstrip())
    last = end - len(piece) + len(piece.rstrip())
    return Row(kind, (begin, end), None, ((first, last),) if first < last else (), ())


def _turn(row: Row) -> Row:
    kind = {"only_a": "only_b", "only_b": "only_a"}.get(row.kind, row.kind)
    return Row(kind, row.b, row.a, row.marks_b, row.marks_a, row.moved)


def _sort_rows(rows: list[Row]) -> list[Row]:
    """The order of A; what stands only in B comes behind the row that holds the text before it."""
    behind = sorted((row for row in rows if row.b and row.a), key=lambda row: row.b or (0, 0))
    begins = [row.b[0] for row in behind if row.b]
    placed = []
    for row in rows:
        if row.a:
            placed.append(((row.a[0], 0, 0), row))
            continue
        begin = row.b[0] if row.b else 0
        at = bisect_left(begins, begin) - 1
        while at >= 0 and behind[at].moved:  # a moved neighbour would carry its followers away with it
            at -= 1
        host = behind[at].a if at >= 0 else None
        placed.append(((host[0] if host else -1, 1, begin), row))
    return [row for _, row in sorted(placed, key=lambda item: item[0])]
