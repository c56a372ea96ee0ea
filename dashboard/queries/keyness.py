"""What one selection says more often than another: 福建 against 山西, March against November.

Why three columns of evidence: log-likelihood says how sure a difference is (and grows with the corpus),
the log ratio how large it is (and is wild for rare words), the conservative log ratio both at once:
the bound of its interval nearest to nought, corrected for having looked at every word of the vocabulary.

Sizes. Terms are measured against all terms of a selection, phrases against its characters, n-grams against
its runs of that length. With releases as the unit each release counts once (its first copy in the selection;
of a phrase, the first that holds it); with copies or outlets every document counts. Undated documents take
part unless the filters name days. Where speakers are chosen, terms and phrases are those they voice, and the
documents those in which the term stands at all.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from scipy.special import betainc

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import (
    adjust_holm,
    chance_of,
    conservative_log_ratio,
    log_likelihood,
    log_ratio,
    log_ratio_interval,
    percent_difference,
    simple_maths,
)
from dashboard.queries.ngrams import draw_documents, grow_ngrams, measure_runs, spell
from dashboard.queries.scope import Passages, Scope, open_scope
from dashboard.queries.terms import count_documents_with, count_terms_in, list_counted, term_names

ITEMS = ("terms", "phrases", "ngrams")
SORTS = ("log_likelihood", "conservative_log_ratio", "log_ratio", "simple_maths")
#: Chance of calling one thing key that is not, over the whole table.
ALPHA = 0.001
#: Items seen less often in both together say nothing; a choice of the reader.
LEAST = 5
#: Characters of each selection whose n-grams are counted (a year of the evening news has fewer); of a larger one a
#: random part of its documents.
SAMPLE_CHARS = 4_000_000

COLUMNS = [
    "item", "n_target", "n_reference", "per_million_target", "per_million_reference", "docs_target",
    "docs_reference", "log_likelihood", "p_holm", "log_ratio", "log_ratio_low", "log_ratio_high",
    "conservative_log_ratio", "percent_difference", "simple_maths",
]  # fmt: skip


@dataclass(frozen=True)
class _Counted:
    """Counts of the same items in both selections; `name` gives the names of items by their places."""

    name: Callable[[np.ndarray], list[str]]
    a: np.ndarray
    b: np.ndarray
    size_a: int
    size_b: int
    docs_a: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    docs_b: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def compare_selections(
    corpus: Corpus,
    target: Filters,
    reference: Filters | None = None,
    *,
    items: str = "terms",
    length: int = 4,
    least: int = LEAST,
    alpha: float = ALPHA,
    sort: str = "log_likelihood",
    direction: str = "both",
    limit: int | None = 300,
    seed: int = 0,
) -> pd.DataFrame:
    """Items by how key they are in `target` against `reference` (default: all documents not in the target).

    items: terms, phrases (of the lexicon) or ngrams of `length` characters (2 to 12). direction: target, reference
    (only what is more frequent there) or both. Columns: COLUMNS; a negative log ratio means more frequent in
    the reference. log_ratio_low and _high bound the log ratio at 1 - alpha, corrected for the number of items
    compared (Bonferroni); p_holm is the chance of the log-likelihood, corrected after Holm.
    attrs: size_target, size_reference, n_compared, unit_of_size, and for n-grams sampled (documents drawn, of how
    many, in both). Raises ValueError for an unknown choice; an empty selection gives an empty table.
    """
    for value, known in ((items, ITEMS), (sort, SORTS), (direction, ("both", "target", "reference"))):
        if value not in known:
            raise ValueError(f"there is no {value}: choose one of {', '.join(known)}")
    scope_a = open_scope(corpus, target)
    scope_b = open_scope(corpus, reference) if reference is not None else _rest_of(scope_a)
    sampled = None
    if items == "terms":
        counted = _count_terms(scope_a, scope_b)
    elif items == "phrases":
        counted = _count_phrases(scope_a, scope_b)
    else:
        key = ("ngrams", target, reference, length, least, seed)
        kept = corpus.recall(key)
        counted, sampled = kept or _count_ngrams(scope_a, scope_b, length, least, seed)
        if kept is None:
            corpus.keep(key, (counted, sampled), 64 * len(counted.a))
    table = _rank(counted, least, alpha, sort, direction, limit)
    numbers = table.pop("number").to_numpy()
    table["item"] = counted.name(numbers)
    if items == "terms":
        table["docs_target"], table["docs_reference"] = count_documents_with(numbers, scope_a, scope_b)
    elif items == "phrases":
        table["docs_target"], table["docs_reference"] = counted.docs_a[numbers], counted.docs_b[numbers]
    else:
        table["docs_target"] = table["docs_reference"] = pd.array([pd.NA] * len(table), dtype="Int64")
    if len(numbers):
        table["p_holm"] = table["p_holm"].clip(upper=1.0)
    attrs = dict(table.attrs)
    table = table[COLUMNS]
    table.attrs = attrs | {
        "unit_of_size": {"terms": "terms", "phrases": "characters"}.get(items, f"runs of {length} characters"),
        "sampled": sampled,
    }
    return table


def _rest_of(scope: Scope) -> Scope:
    """Every document that is not in the scope (nor a copy of one that is, where releases are counted)."""
    corpus = scope.corpus
    inside = scope.docs
    if scope.unit == "releases" and inside.any():
        codes = corpus.codes("release_id")[0]
        taken = np.zeros(int(codes.max()) + 1, dtype=bool)
        taken[codes[inside]] = True
        inside = taken[codes]
    n_chars = corpus.documents["n_chars"].to_numpy().astype(np.int64)
    return Scope(corpus, scope.unit, ~inside, n_chars, None)


# --- Counting --------------------------------------------------------------------------


def _count_terms(scope_a: Scope, scope_b: Scope) -> _Counted:
    a, b = count_terms_in(scope_a, scope_b)
    return _Counted(partial(term_names, scope_a.corpus), a.n, b.n, a.total, b.total)


def _count_phrases(scope_a: Scope, scope_b: Scope) -> _Counted:
    phrases = scope_a.corpus.phrases["phrase"]
    with ThreadPoolExecutor(2) as threads:  # NumPy lets go of the interpreter
        (a, docs_a), (b, docs_b) = threads.map(_count_hits, (scope_a, scope_b))
    size_a, size_b = (int(scope.n_chars[list_counted(scope)].sum()) for scope in (scope_a, scope_b))
    return _Counted(lambda numbers: phrases.iloc[numbers].tolist(), a, b, size_a, size_b, docs_a, docs_b)


def _count_hits(scope: Scope) -> tuple[np.ndarray, np.ndarray]:
    """(hits, documents with hits) of every phrase in scope.

    Of a release, each phrase's hits are those of the first copy that holds it, as in the concordance.
    """
    corpus = scope.corpus
    if scope.spans is None:
        held = corpus.derive("documents by phrase", lambda: _pair_hits(corpus, None))
        kept = scope.docs[held.doc]
    else:
        hits = Passages(*(np.asarray(a) for a in (corpus.hit_doc, corpus.hit_begin, corpus.hit_end)))
        held = _pair_hits(corpus, scope.holds(hits))
        kept = np.ones(len(held.doc), dtype=bool)
    if scope.unit == "releases":
        place, release = held.copies, held.releases
        inside = kept[place]
        place, release = place[inside], release[inside]
        kept[place[1:][release[1:] == release[:-1]]] = False
    return _add_up(np.where(kept, held.n, 0), held.offsets), _add_up(kept, held.offsets)


@dataclass(frozen=True)
class _Held:
    """Documents by phrase: phrase p stands n[i] times in document doc[i] for i from offsets[p] to offsets[p + 1].

    copies: the places of documents whose release has copies, in the order phrase, release, document;
    releases: a number for each phrase and release, of these places.
    """

    offsets: np.ndarray
    doc: np.ndarray
    n: np.ndarray
    copies: np.ndarray
    releases: np.ndarray


def _pair_hits(corpus: Corpus, wanted: np.ndarray | None) -> _Held:
    """The documents that hold each phrase; of the hits under a mask, or of all."""
    hit_doc, offsets = np.asarray(corpus.hit_doc), np.asarray(corpus.hit_offsets)
    if wanted is not None:
        offsets = np.concatenate([[0], np.cumsum(wanted)])[offsets]
        hit_doc = hit_doc[wanted]
    fresh = np.ones(len(hit_doc) + 1, dtype=bool)  # hits of a phrase lie together, sorted by document
    fresh[1:-1] = hit_doc[1:] != hit_doc[:-1]
    fresh[offsets] = True
    first = np.flatnonzero(fresh)
    doc, n = hit_doc[first[:-1]], np.diff(first).astype(np.int32)
    offsets = np.searchsorted(first, offsets)
    copies = np.flatnonzero(corpus.release_size[doc] > 1)
    phrase = np.searchsorted(offsets, copies, side="right") - 1
    release = corpus.codes("release_id")[0][doc[copies]].astype(np.int64)
    release += phrase * (int(release.max(initial=0)) + 1)
    order = np.argsort(release, kind="stable")
    return _Held(offsets, doc, n, copies[order], release[order])


def _add_up(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The sum of the values from each offset up to the next, int64.

    >>> _add_up(np.array([1, 2, 4]), np.array([0, 2, 2, 3])).tolist()
    [3, 0, 4]
    """
    sums = np.zeros(len(offsets) - 1, dtype=np.int64)
    filled = np.flatnonzero(np.diff(offsets))
    if len(filled):
        sums[filled] = np.add.reduceat(values, offsets[filled], dtype=np.int64)
    return sums


def _count_ngrams(
    scope_a: Scope, scope_b: Scope, length: int, least: int, seed: int
) -> tuple[_Counted, dict[str, tuple[int, int]]]:
    """Both samples are laid end to end and grown together, so that an n-gram has one number in both."""
    if not 2 <= length <= 12:
        raise ValueError("n-grams have 2 to 12 characters")
    if scope_a.spans is not None or scope_b.spans is not None:
        raise ValueError("n-grams are counted over whole documents: take the speakers out of the selection")
    a = draw_documents(scope_a.corpus, list_counted(scope_a), SAMPLE_CHARS, seed)
    b = draw_documents(scope_b.corpus, list_counted(scope_b), SAMPLE_CHARS, seed + 1)
    chars = np.concatenate([a.chars, b.chars])
    grams = None
    for found in grow_ngrams(chars, length, max(least, 1)):
        grams = found
    sampled = {"target": (len(a.docs), a.n_drawn_from), "reference": (len(b.docs), b.n_drawn_from)}
    size_a, size_b = (_count_runs(sample.chars, length) for sample in (a, b))
    if grams is None or grams.length != length:
        return _Counted(lambda numbers: [], np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), size_a, size_b), sampled
    at = grams.at
    split = len(a.chars)
    n_a = np.bincount(at[:split][at[:split] >= 0], minlength=len(grams.n))
    n_b = np.bincount(at[split:][at[split:] >= 0], minlength=len(grams.n))
    # Kept for the next asking: the places of first hits, and of the text only what they spell.
    spelt = sliding_window_view(chars, length)[grams.first]
    return _Counted(lambda numbers: [spell(run, 0, length) for run in spelt[numbers]], n_a, n_b, size_a, size_b), sampled


def _count_runs(chars: np.ndarray, length: int) -> int:
    return int((measure_runs(chars) >= length).sum())


# --- Ranking ---------------------------------------------------------------------------


def _rank(
    counted: _Counted, least: int, alpha: float, sort: str, direction: str, limit: int | None
) -> pd.DataFrame:
    size_a, size_b = counted.size_a, counted.size_b
    a, b = counted.a, counted.b
    compared = np.flatnonzero(a + b >= max(least, 1)) if size_a and size_b else np.zeros(0, dtype=np.int64)
    a, b = a[compared], b[compared]
    tests = max(len(compared), 1)
    likelihood = log_likelihood(a, b, size_a, size_b)
    more = a * float(size_b) >= b * float(size_a)
    if sort == "conservative_log_ratio":
        score = _conservative(a, b, size_a, size_b, alpha, tests)
        key = np.abs(score)
    elif sort == "log_likelihood":
        key = likelihood
    elif sort == "log_ratio":
        key = np.abs(log_ratio(a, b, size_a, size_b))
    else:
        key = simple_maths(a, b, size_a, size_b)
        key = np.where(more, key, 1 / key)
    wanted = np.ones(len(compared), dtype=bool) if direction == "both" else more == (direction == "target")
    places = np.flatnonzero(wanted)
    places = places[np.lexsort((places, -likelihood[places], -key[places]))]
    shown = places[:limit]
    p = chance_of(likelihood)
    holm = adjust_holm(p)[shown] if len(p) else np.zeros(0)
    x, y = a[shown], b[shown]
    low, high = log_ratio_interval(x, y, size_a, size_b, alpha=alpha, tests=tests)
    with np.errstate(divide="ignore", invalid="ignore"):
        table = pd.DataFrame({
            "number": compared[shown], "n_target": x, "n_reference": y,
            "per_million_target": 1e6 * x / size_a if size_a else x * np.nan,
            "per_million_reference": 1e6 * y / size_b if size_b else y * np.nan,
            "log_likelihood": likelihood[shown], "p_holm": holm,
            "log_ratio": log_ratio(x, y, size_a, size_b), "log_ratio_low": low, "log_ratio_high": high,
            "conservative_log_ratio": np.where(more[shown], np.maximum(low, 0.0), np.minimum(high, 0.0)),
            "percent_difference": percent_difference(x, y, size_a, size_b),
            "simple_maths": simple_maths(x, y, size_a, size_b),
        })  # fmt: skip
    table.attrs = {"size_target": int(size_a), "size_reference": int(size_b), "n_compared": len(compared)}
    return table


def _conservative(a: np.ndarray, b: np.ndarray, size_a: int, size_b: int, alpha: float, tests: int) -> np.ndarray:
    """As conservative_log_ratio, but inverts the beta distribution only where the answer is not nought.

    The interval excludes nought exactly where the tail T beyond the count has less than alpha/2 of the chance.
    With n = a + b, exp(-G²/2) / sqrt(2n) <= T <= exp(-G²/2) (Chernoff's bound, and that of the largest term of the
    binomial, Ash 1965, 4.7), so the tail itself is needed only for the few items between the two.
    """
    share, limit = size_a / (size_a + size_b), alpha / tests / 2
    n, chernoff = a + b, np.exp(-log_likelihood(a, b, size_a, size_b) / 2)
    more = a * float(size_b) >= b * float(size_a)
    sure = chernoff < limit
    open_ = np.flatnonzero(~sure & (chernoff < limit * np.sqrt(2.0 * np.maximum(n, 1))))
    x, y = a[open_], b[open_]
    with np.errstate(invalid="ignore"):
        upper = np.where(x > 0, betainc(np.maximum(x, 1e-300), y + 1.0, share), 1.0)  # P(X >= x)
        lower = np.where(y > 0, betainc(np.maximum(y, 1e-300), x + 1.0, 1 - share), 1.0)  # P(X <= x)
    sure[open_] = np.where(more[open_], upper, lower) < limit
    score = np.zeros(len(a))
    score[sure] = conservative_log_ratio(a[sure], b[sure], size_a, size_b, alpha=alpha, tests=tests)
    return score
