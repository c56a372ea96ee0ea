"""Which words stand near a phrase more often than chance would have it.

The node is found on characters (a lexicon phrase, free text, a pattern), so no token boundary hides a hit;
what stands left and right of it is cut into terms. A window is so many terms to the left and right and ends
at the line; or it is the sentence. A term in the windows of two nodes counts once (Evert 2008, surface
cooccurrence), so that no term stands near the node more often than it stands in the selection.

    O11  how often the term stands in a window      R1   terms in all windows
    C1   how often it stands in the selection       N    terms in the selection

Beyond `MOST_HITS` hits a random sample of the hits is taken, the same for the same seed, and the result says
so: O11 and R1 are then those of the sample, and the measures compare its windows with the whole selection
(logDice is scaled up to all hits). n_left and n_right can sum to more than O11: between two nodes a term is both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.alike import number_stretches
from dashboard.queries.concordance import draw_sample
from dashboard.queries.measures import (
    log_dice,
    log_likelihood,
    log_likelihood_table,
    log_ratio,
    log_ratio_interval,
    mi,
    mi3,
    t_score,
)
from dashboard.queries.scope import Passages, Scope, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope
from dashboard.queries.terms import count_terms_in, number_terms, term_names
from data_prep.tokens import cut_tokens

#: Hits whose surroundings are cut at once; more are sampled unless the reader asks for all.
MOST_HITS = 10_000
#: Hits whose surroundings lie in memory at the same time.
BLOCK = 50_000
#: Terms left and right of the node.
WINDOW = (5, 5)
#: Longest stretch that a sentence is looked for in, characters to each side.
LONGEST_SENTENCE = 120
#: Characters cut for each term of a window, and on top: a term has 1.7 on average, and the one at the edge is lost.
CHARS_PER_TERM, MARGIN = 3, 4

SORTS = ("log_dice", "mi", "mi3", "t_score", "log_likelihood", "o11")
COLUMNS = ["term", "o11", "n_left", "n_right", "c1", "expected", "log_dice", "mi", "mi3", "t_score", "log_likelihood"]
COMPARED = [
    "term", "o11_a", "o11_b", "per_thousand_a", "per_thousand_b", "log_likelihood", "log_ratio", "log_ratio_low",
    "log_ratio_high", "log_dice_a", "log_dice_b",
]  # fmt: skip
EDGES = ["term_a", "term_b", "n_windows", "log_dice"]


def _mark_units(signs: str) -> np.ndarray:
    """bool[65536]: which code units are one of these signs."""
    marks = np.zeros(1 << 16, dtype=bool)
    marks[[ord(sign) for sign in signs]] = True
    return marks


_SENTENCE_ENDS, _LINE_ENDS = _mark_units("。！？；!?;\n\0"), _mark_units("\n\0")
#: Stands between pieces that are cut together; no engine joins what stands on its two sides.
_BAR = "\n"


@dataclass(frozen=True)
class Windows:
    """What stands around the hits. terms: one counter for all; left, right: the same by side of the node.

    by_hit holds the distinct terms of each hit's window, where asked for. n_hits: hits found; n_used: hits used.
    """

    terms: Counter[str]
    left: Counter[str]
    right: Counter[str]
    by_hit: list[set[str]]
    n_hits: int
    n_used: int

    @property
    def size(self) -> int:
        """Terms in all windows (R1)."""
        return self.terms.total()


def list_collocates(
    corpus: Corpus,
    filters: Filters,
    query: str,
    *,
    window: tuple[int, int] | str = WINDOW,
    least: int = 3,
    sort: str = "log_dice",
    limit: int | None = 200,
    most_hits: int | None = MOST_HITS,
    seed: int = 0,
) -> pd.DataFrame:
    """Terms that stand near the query's hits, the strongest first. Columns: COLUMNS.

    window: (terms left, terms right) or "sentence". least: the smallest O11 listed. most_hits=None uses every hit.
    attrs: n_hits, n_used (fewer: a sample), r1, n. Raises QueryError for a query that cannot be read, ValueError
    for an unknown sort or window, TooMuch where the speakers chosen voice too much.
    """
    if sort not in SORTS:
        raise ValueError(f"there is no {sort}: choose one of {', '.join(SORTS)}")
    scope = open_scope(corpus, filters)
    windows = read_windows(scope, query, window, most_hits=most_hits, seed=seed)
    numbers, o11 = number_terms(corpus, windows.terms)
    (selection,) = count_terms_in(scope)
    r1, n = int(o11.sum()), selection.total
    listed = o11 >= max(least, 1)
    numbers, o11 = numbers[listed], o11[listed]
    # A stretch cut by itself may be parted otherwise than the whole text: never more near than there are.
    c1 = np.maximum(selection.n[numbers], o11)
    names = pd.Series(term_names(corpus, numbers), dtype="str")
    table = pd.DataFrame({
        "term": names, "o11": o11, "n_left": [windows.left[t] for t in names],
        "n_right": [windows.right[t] for t in names], "c1": c1, "expected": r1 * c1 / n if n else c1 * np.nan,
        "log_dice": _scaled_dice(windows, o11, c1), "mi": mi(o11, r1, c1, n), "mi3": mi3(o11, r1, c1, n),
        "t_score": t_score(o11, r1, c1, n), "log_likelihood": _signed(o11, r1, c1, n),
    })  # fmt: skip
    table = table.sort_values([sort, "o11", "term"], ascending=[False, False, True])[:limit].reset_index(drop=True)
    table.attrs = {"n_hits": windows.n_hits, "n_used": windows.n_used, "r1": r1, "n": n}
    return table[COLUMNS]


def _scaled_dice(windows: Windows, o11: np.ndarray, c1: np.ndarray) -> np.ndarray:
    """logDice with the node's hits for its frequency, as in Sketch Engine; of a sample, O11 scaled up to all hits."""
    scale = windows.n_hits / windows.n_used if windows.n_used else np.nan
    return log_dice(o11 * scale, windows.n_hits, c1)


def _signed(o11: np.ndarray, r1: int, c1: np.ndarray, n: int) -> np.ndarray:
    """Log-likelihood, negative where the term is rarer near the node than elsewhere."""
    value = log_likelihood_table(o11, r1, c1, n)
    return np.where(o11 * float(n) >= r1 * c1.astype(float), value, -value) if n else value * np.nan


def compare_collocates(
    corpus: Corpus,
    filters_a: Filters,
    filters_b: Filters,
    query: str,
    *,
    window: tuple[int, int] | str = WINDOW,
    least: int = 3,
    limit: int | None = 200,
    most_hits: int | None = MOST_HITS,
    seed: int = 0,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """How the company of a phrase differs between two selections. Columns: COMPARED, by log-likelihood.

    Compared is the share of the windows' terms that each term makes up (per_thousand): log_ratio above 0 means
    more typical of A. The interval holds at 1 - alpha for each row by itself.
    attrs: n_hits_a, n_hits_b, n_used_a, n_used_b, r1_a, r1_b.
    """
    sides = []
    for filters in (filters_a, filters_b):
        scope = open_scope(corpus, filters)
        windows = read_windows(scope, query, window, most_hits=most_hits, seed=seed)
        numbers, o11 = number_terms(corpus, windows.terms)
        sides.append((windows, pd.Series(o11, index=numbers), *count_terms_in(scope)))
    (windows_a, a, all_a), (windows_b, b, all_b) = sides
    r1_a, r1_b = int(a.sum()), int(b.sum())
    both = a.index.union(b.index)
    a, b = a.reindex(both, fill_value=0), b.reindex(both, fill_value=0)
    kept = (a + b).to_numpy() >= max(least, 1)
    numbers, x, y = both.to_numpy()[kept], a.to_numpy()[kept], b.to_numpy()[kept]
    low, high = log_ratio_interval(x, y, r1_a, r1_b, alpha=alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = pd.DataFrame({
            "term": term_names(corpus, numbers), "o11_a": x, "o11_b": y,
            "per_thousand_a": 1000 * np.divide(x, r1_a), "per_thousand_b": 1000 * np.divide(y, r1_b),
            "log_likelihood": log_likelihood(x, y, r1_a, r1_b), "log_ratio": log_ratio(x, y, r1_a, r1_b),
            "log_ratio_low": low, "log_ratio_high": high,
            "log_dice_a": _scaled_dice(windows_a, x, np.maximum(all_a.n[numbers], x)),
            "log_dice_b": _scaled_dice(windows_b, y, np.maximum(all_b.n[numbers], y)),
        })  # fmt: skip
    table = table.sort_values(["log_likelihood", "term"], ascending=[False, True])[:limit].reset_index(drop=True)
    table.attrs = {
        "n_hits_a": windows_a.n_hits, "n_hits_b": windows_b.n_hits, "n_used_a": windows_a.n_used,
        "n_used_b": windows_b.n_used, "r1_a": r1_a, "r1_b": r1_b,
    }  # fmt: skip
    return table[COMPARED]


def network(
    corpus: Corpus,
    filters: Filters,
    query: str,
    *,
    window: tuple[int, int] | str = WINDOW,
    most_terms: int = 40,
    most_edges: int = 120,
    least: int = 3,
    most_hits: int | None = MOST_HITS,
    seed: int = 0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The strongest collocates and which of them share a window of the node. Returns (nodes, edges).

    Nodes have the columns of `list_collocates`; edges EDGES: in how many windows both stand, and logDice of the
    two over the windows. Only terms of two characters or more: 的 and 是 stand beside everything.
    """
    nodes = list_collocates(
        corpus, filters, query, window=window, least=least, limit=None, most_hits=most_hits, seed=seed
    )
    nodes = nodes[nodes["term"].astype(str).str.len() >= 2][:most_terms].reset_index(drop=True)
    windows = read_windows(open_scope(corpus, filters), query, window, most_hits=most_hits, seed=seed, by_hit=True)
    shown = set(nodes["term"])
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for terms in windows.by_hit:
        here = sorted(terms & shown)
        single.update(here)
        pairs.update(combinations(here, 2))
    rows = [
        (a, b, n, float(log_dice(n, single[a], single[b]))) for (a, b), n in pairs.items() if n >= max(least, 1)
    ]
    edges = pd.DataFrame(rows, columns=EDGES).astype({"n_windows": "int64", "log_dice": "float64"})
    edges = edges.sort_values(["n_windows", "log_dice", "term_a", "term_b"], ascending=[False, False, True, True])
    return nodes, edges[:most_edges].reset_index(drop=True)


# --- Windows ---------------------------------------------------------------------------


def read_windows(
    scope: Scope,
    query: str,
    window: tuple[int, int] | str = WINDOW,
    *,
    most_hits: int | None = MOST_HITS,
    seed: int = 0,
    by_hit: bool = False,
) -> Windows:
    """What stands around the hits of a query in a scope (of a release, the hits of its first copy that has any)."""
    known = window == "sentence" if isinstance(window, str) else min(window) >= 0 and 1 <= max(window) <= 20
    if not known:
        raise ValueError("a window is a sentence, or 0 to 20 terms on either side")
    hits = keep_one_copy(scope, find_in_scope(scope, query))
    used = draw_sample(hits, most_hits, seed)
    near, left, right = Counter[str](), Counter[str](), Counter[str]()
    by_node: list[set[str]] = []
    for block in _split_blocks(used):
        parts = _read_block(scope.corpus, block, window, by_node if by_hit else None)
        for total, part in zip((near, left, right), parts, strict=True):
            total.update(part)
    return Windows(near, left, right, by_node, len(hits), len(used))


def _split_blocks(hits: Passages) -> Iterator[Passages]:
    """The hits in blocks of about BLOCK, no document in two of them: memory stays bounded, windows stay whole."""
    begin = 0
    while begin < len(hits):
        end = min(begin + BLOCK, len(hits))
        end = int(np.searchsorted(hits.doc, hits.doc[end - 1], side="right"))
        yield hits.take(np.arange(begin, end))
        begin = end


def _read_block(
    corpus: Corpus, hits: Passages, window: tuple[int, int] | str, by_node: list[set[str]] | None
) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """How often each term stands in windows, left of nodes, right of nodes; adds each node's distinct terms to by_node."""
    stretches = _find_stretches(corpus, hits, window)
    cut = _cut_stretches(corpus, stretches)
    behind = np.minimum(cut.begin + stretches.first, cut.end)  # up to here terms belong to the node on the left
    before = np.maximum(cut.end - stretches.last, cut.begin)  # and from here on to the one on the right
    right, left = cut.weigh(cut.begin, behind), cut.weigh(before, cut.end)
    twice = cut.weigh(before, np.maximum(before, behind))  # what belongs to both is in the windows once
    if by_node is not None:
        nodes: list[set[str]] = [set() for _ in range(len(hits))]
        for side, low, high in ((stretches.left_node, cut.begin, behind), (stretches.right_node, before, cut.end)):
            for node, first, last in zip(side.tolist(), low.tolist(), high.tolist(), strict=True):
                if node >= 0:
                    nodes[node].update(cut.names[term] for term in cut.terms[first:last])
        by_node += nodes
    return cut.count(right + left - twice), cut.count(left), cut.count(right)


@dataclass(frozen=True)
class _Stretches:
    """Stretches of text beside nodes: chars[begin:end] each. `first` terms belong to the node on its left, `last` to
    the one on its right; left_node and right_node name these (-1: none).

    whole_left and whole_right: the stretch ends there for a reason (a node, the line's end) and was not
    merely cut off, which would leave half a word.
    """

    begin: np.ndarray
    end: np.ndarray
    first: np.ndarray
    last: np.ndarray
    left_node: np.ndarray
    right_node: np.ndarray
    whole_left: np.ndarray
    whole_right: np.ndarray


@dataclass(frozen=True)
class _Cut:
    """Stretches cut into terms: stretch i holds terms[begin[i]:end[i]], numbers of `names`; alike ones share them."""

    names: list[str]
    terms: np.ndarray
    begin: np.ndarray
    end: np.ndarray

    def weigh(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """How many of the ranges low to high each place of `terms` lies in."""
        steps = np.bincount(low, minlength=len(self.terms) + 1) - np.bincount(high, minlength=len(self.terms) + 1)
        return np.cumsum(steps)[:-1]

    def count(self, weights: np.ndarray) -> Counter[str]:
        """The terms by name, each place of `terms` counted so many times."""
        n = np.bincount(self.terms, weights=weights, minlength=len(self.names)).astype(np.int64)
        some = np.flatnonzero(n)
        return Counter(dict(zip([self.names[term] for term in some], n[some].tolist(), strict=True)))


def _find_stretches(corpus: Corpus, hits: Passages, window: tuple[int, int] | str) -> _Stretches:
    """The stretches left and right of every node; one for both where two nodes' windows meet."""
    in_terms = isinstance(window, tuple)
    left, right = window if isinstance(window, tuple) else (10**6, 10**6)
    reach_left = left * CHARS_PER_TERM + MARGIN if in_terms else LONGEST_SENTENCE
    reach_right = right * CHARS_PER_TERM + MARGIN if in_terms else LONGEST_SENTENCE
    ends = _LINE_ENDS if in_terms else _SENTENCE_ENDS
    offsets = np.asarray(corpus.offsets)
    begin, end, doc = offsets[hits.doc] + hits.begin, offsets[hits.doc] + hits.end, hits.doc
    if len(begin):  # hits of alternatives may overlap: they are one node
        reached = np.maximum.accumulate(end)
        apart = np.concatenate([[True], begin[1:] >= reached[:-1]])
        first = np.flatnonzero(apart)
        begin, end, doc = begin[first], np.maximum.reduceat(end, first), doc[first]
    n = len(begin)
    floor = np.maximum(offsets[doc], np.concatenate([[0], end[:-1]]) if n else end)
    ceiling = np.minimum(offsets[doc + 1] - 1, np.concatenate([begin[1:], [np.iinfo(np.int64).max]]) if n else begin)
    low, low_whole = _reach(corpus.chars, begin, floor, reach_left, ends, -1)
    high, high_whole = _reach(corpus.chars, end, ceiling, reach_right, ends, +1)
    nodes = np.arange(n)
    # Where the window of a node meets that of the next on the same line, what lies between is read once.
    meets = np.concatenate([(high[:-1] >= low[1:]) & (doc[:-1] == doc[1:]), [False]]) if n else np.zeros(0, dtype=bool)
    met = np.concatenate([[False], meets[:-1]]) if n else meets
    alone_left, alone_right, gap = nodes[~met], nodes[~meets], nodes[meets]
    sides = [
        (low[alone_left], begin[alone_left], 0, left, -1, alone_left, low_whole[alone_left], True),
        (end[alone_right], high[alone_right], right, 0, alone_right, -1, True, high_whole[alone_right]),
        (end[gap], begin[gap + 1] if len(gap) else gap, right, left, gap, gap + 1, True, True),
    ]
    columns = [
        np.concatenate([np.broadcast_to(np.asarray(side[c]), side[0].shape) for side in sides]) for c in range(8)
    ]
    return _Stretches(columns[0].astype(np.int64), columns[1].astype(np.int64), *columns[2:])


def _reach(
    chars: np.ndarray, edge: np.ndarray, bound: np.ndarray, reach: int, ends: np.ndarray, step: int
) -> tuple[np.ndarray, np.ndarray]:
    """How far each window extends from the node's edge: to the line's end, to the bound, or `reach` characters.

    Returns (places, whether it ended for a reason). step -1 looks left, +1 right.
    """
    room = np.minimum((bound - edge) * step, reach)
    if not len(edge) or not reach:
        return edge.copy(), np.ones(len(edge), dtype=bool)
    places = edge[:, None] + step * np.arange(reach) - (1 if step < 0 else 0)
    inside = np.arange(reach) < room[:, None]
    stops = ends[np.asarray(chars)[np.where(inside, places, edge[:, None] - 1)]] & inside
    stopped = stops.any(axis=1)
    length = np.where(stopped, stops.argmax(axis=1), room)
    return edge + step * length, stopped | (room < reach) | ((bound - edge) * step == reach)


def _cut_stretches(corpus: Corpus, stretches: _Stretches) -> _Cut:
    """The terms of each stretch, without the half word at an edge that was cut off. Equal stretches are cut once."""
    number, distinct = number_stretches(corpus.chars, stretches.begin, stretches.end - stretches.begin)
    tokens = pa.array(_cut_together(corpus, stretches.begin[distinct], stretches.end[distinct]), pa.string())
    encoded = tokens.dictionary_encode()
    names, codes = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
    bars = np.flatnonzero(np.array([name == _BAR for name in names], dtype=bool)[codes])
    is_term = np.array([any(map(str.isalnum, name)) for name in names], dtype=bool)[codes]
    n_before = np.concatenate([[0], np.cumsum(is_term)])  # terms before each token
    low = np.concatenate([[0], bars[:-1] + 1])[number] + ~stretches.whole_left.astype(bool)
    high = bars[number] - ~stretches.whole_right.astype(bool)
    begin = n_before[low]
    return _Cut(names, codes[is_term], begin, np.maximum(n_before[np.maximum(high, 0)], begin))


def _cut_together(corpus: Corpus, begin: np.ndarray, end: np.ndarray) -> list[str]:
    """The tokens of all stretches, cut in one go, a bar behind each."""
    lengths = end - begin + 1
    behind = np.cumsum(lengths)
    joined = corpus.chars[np.arange(int(lengths.sum())) + np.repeat(begin - (behind - lengths), lengths)]
    joined[behind - 1] = ord(_BAR)
    # \r\n would be one token, and the bar lost.
    return cut_tokens(joined.tobytes().decode("utf-16-le", "replace").replace("\r", " "))
