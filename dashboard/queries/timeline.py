"""How often a phrase stands where and when: counts, shares with intervals, rates.

Why here: the plotted number, its interval, its denominator and what was left out are one
table. The denominator keeps every filter but the phrase. Counting units: `queries/scope.py`.

- share = n_with / units in the cell, with its Wilson interval (low, high);
- rate = hits in 10,000 characters of the cell, with a bootstrap interval over documents;
- thin: fewer than 5 units in the cell;
- documents whose days do not lie wholly within one period are in no cell: `attrs["n_undated"]`
  (and `attrs["n_unplaced"]` by province) say how many documents that leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import Z_95, bootstrap_rate, wilson_interval
from dashboard.queries.scope import Passages, Scope, count_once, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope
from data_prep.schema import PROVINCES

#: Columns of documents that a table may be cut by, beside the period.
CUTS = ("period", "province", "level", "outlet", "city", "county")
THIN = 5
#: Rates are in so many characters; up to so many documents the bootstrap draws every one.
PER, EXACT_BOOTSTRAP = 10_000, 500
COLUMNS = ["period", "province", "phrase", "n_documents", "n_releases", "n_with", "hits", "n_chars", "share", "low",
           "high", "n_units", "thin"]  # fmt: skip


def count_timeline(
    corpus: Corpus,
    filters: Filters,
    phrases: Sequence[str],
    by: Sequence[str] = ("period",),
    *,
    rate: bool = False,
    seed: int = 0,
) -> pd.DataFrame:
    """One row a phrase and cell that holds a document: period, province (None unless asked for in `by`), phrase,
    n_documents, n_releases, n_with, hits, n_chars, share, low, high, n_units, thin; further columns of `by` in front.

    by: any of period, province, level, outlet, city, county; () gives one cell. rate=True adds rate,
    rate_low, rate_high (hits in 10,000 characters, bootstrap over documents seeded with `seed`).
    n_units (the denominator), n_with, hits and n_chars are in the filters' counting unit. attrs: n_undated, n_unplaced, n_selected.
    Raises QueryError for a phrase that cannot be read, ValueError for an unknown cut.
    """
    scope = open_scope(corpus, filters)
    cells, keys = cut_cells(corpus, filters.period, by)
    docs = np.flatnonzero(scope.docs)
    left_out = cells[docs] < 0
    n_cells = len(keys)
    docs = docs[~left_out]
    n_documents = np.bincount(cells[docs], minlength=n_cells)
    releases = count_once(_with_unit(scope, "releases"), docs, cells)
    n_releases = np.bincount(cells[releases], minlength=n_cells)
    units = {"copies": docs, "releases": releases}.get(scope.unit)
    units = count_once(scope, docs, cells) if units is None else units
    n_units = np.bincount(cells[units], minlength=n_cells)
    counted = docs if scope.unit == "outlets" else units  # the documents whose characters count
    n_chars = np.bincount(cells[counted], weights=scope.n_chars[counted], minlength=n_cells).astype(np.int64)

    filled = np.flatnonzero(n_documents)
    tables = []
    for phrase in phrases:
        passages = keep_in_cells(scope, find_in_scope(scope, phrase), cells)
        hits = np.bincount(cells[passages.doc], minlength=n_cells)
        holders = count_once(scope, np.unique(passages.doc), cells)
        n_with = np.bincount(cells[holders], minlength=n_cells)
        low, high = wilson_interval(n_with[filled], n_units[filled])
        table = keys.iloc[filled].reset_index(drop=True).assign(
            phrase=phrase, n_documents=n_documents[filled], n_releases=n_releases[filled], n_with=n_with[filled],
            hits=hits[filled], n_chars=n_chars[filled], share=n_with[filled] / np.maximum(n_units[filled], 1),
            low=low, high=high, n_units=n_units[filled], thin=n_units[filled] < THIN,
        )  # fmt: skip
        if rate:
            table = table.assign(**rate_cells(scope, passages, counted, cells, filled, seed))
        tables.append(table)
    further = [name for name in by if name not in ("period", "province")]
    columns = further + COLUMNS + (["rate", "rate_low", "rate_high"] if rate else [])
    result = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    result = result.reindex(columns=columns)
    for name in ("period", "province", *further):
        result[name] = result[name].astype(object).where(result[name].notna(), None)
    result.attrs.update(describe_left_out(corpus, scope, filters.period, by), unit=filters.unit)
    return result


def cut_cells(corpus: Corpus, period: str, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """(int32[n] cell of each document, -1 where it is in none; one row a cell: period, province and further cuts).

    A document without a province (the centre, or unknown) has its own cell, province None.
    """
    unknown = [name for name in by if name not in CUTS]
    if unknown:
        raise ValueError(f"a table cannot be cut by {unknown[0]}: choose among {', '.join(CUTS)}")
    cells = np.zeros(corpus.n, dtype=np.int64)
    undated = np.zeros(corpus.n, dtype=bool)
    values: dict[str, list[str | None]] = {}
    for name in by:
        if name == "period":
            codes, names = corpus.periods(period)
            undated = codes < 0
            codes = np.maximum(codes, 0)
            labels: list[str | None] = list(names) or [None]
        else:
            codes, names = _order_province(*corpus.codes(name)) if name == "province" else corpus.codes(name)
            labels = [*names, None]
            codes = np.where(codes < 0, len(names), codes)
        cells = cells * len(labels) + codes
        values[name] = labels
    index = pd.MultiIndex.from_product(list(values.values()), names=list(values)) if values else None
    keys = index.to_frame(index=False) if index is not None else pd.DataFrame(index=[0])
    for name in ("period", "province"):
        if name not in keys:
            keys[name] = None
    # Only cells that some document is in: provinces times outlets times days would be many.
    cells[undated] = -1
    used = np.unique(cells[cells >= 0])
    place = np.searchsorted(used, cells)
    return np.where(cells < 0, -1, place).astype(np.int32), keys.astype(object).iloc[used].reset_index(drop=True)


def keep_in_cells(scope: Scope, passages: Passages, cells: np.ndarray) -> Passages:
    """Passages in documents that are in a cell, of one copy of each release there."""
    return keep_one_copy(scope, passages.take(cells[passages.doc] >= 0), cells)


def describe_left_out(corpus: Corpus, scope: Scope, period: str, by: Sequence[str]) -> dict[str, int]:
    """n_selected: documents in question; n_undated: those of them in no period; n_unplaced: without a province."""
    undated = corpus.periods(period)[0] < 0 if "period" in by else np.isnat(corpus.days[0])
    unplaced = corpus.codes("province")[0] < 0
    return {
        "n_selected": int(scope.docs.sum()),
        "n_undated": int((scope.docs & undated).sum()),
        "n_unplaced": int((scope.docs & unplaced).sum()),
    }


def rate_cells(
    scope: Scope, passages: Passages, counted: np.ndarray, cells: np.ndarray, filled: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """rate, rate_low, rate_high of the cells `filled`: hits in 10,000 characters, 95 % percentile bootstrap."""
    hits = np.bincount(_first_copies(scope, passages.doc, counted, cells), minlength=scope.corpus.n)
    rates = np.full((3, len(filled)), np.nan)
    order = np.argsort(cells[counted], kind="stable")
    bounds = np.searchsorted(cells[counted][order], [filled, filled + 1])
    for place in range(len(filled)):
        inside = counted[order[bounds[0, place] : bounds[1, place]]]
        rates[:, place] = bound_rate(hits[inside], scope.n_chars[inside], seed + place)
    return dict(zip(("rate", "rate_low", "rate_high"), rates, strict=True))


def _first_copies(scope: Scope, holders: np.ndarray, counted: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """For each document that holds a hit, the copy of its release that is counted in its cell (often itself)."""
    if scope.unit != "releases" or np.isin(holders, counted).all():
        return holders
    release = scope.corpus.codes("release_id")[0].astype(np.int64)
    key = cells.astype(np.int64) * (release.max() + 1) + release
    order = np.argsort(key[counted])
    return counted[order[np.searchsorted(key[counted][order], key[holders])]]


def bound_rate(hits: np.ndarray, chars: np.ndarray, seed: int) -> tuple[float, float, float]:
    """(rate, low, high) of hits in 10,000 characters over documents, 95 % percentile bootstrap.

    Up to 500 documents are drawn again one by one (`measures.bootstrap_rate`). Of more, only those with a hit
    are: how many of them a sample holds is binomial, and the characters of the others, a sum over hundreds
    of documents, are drawn from their normal limit. So the interval of a rare phrase stays as skewed as it is.

    >>> bound_rate(np.array([1, 1]), np.array([1000, 1000]), 0)
    (10.0, 10.0, 10.0)
    """
    n, filled = len(hits), hits > 0
    m = int(filled.sum())
    if n <= EXACT_BOOTSTRAP or not m or m > EXACT_BOOTSTRAP:
        if n > EXACT_BOOTSTRAP and m:
            return _bound_large(hits, chars)
        rate, low, high = bootstrap_rate(hits, chars, draws=1000, seed=seed)
        return rate * PER, low * PER, high * PER
    rng = np.random.default_rng(seed)
    drawn = rng.binomial(n, m / n, size=1000)
    owner = np.repeat(np.arange(1000), drawn)
    which = rng.integers(0, m, size=len(owner))
    sum_hits = np.bincount(owner, weights=hits[filled][which], minlength=1000)
    sum_chars = np.bincount(owner, weights=chars[filled][which], minlength=1000)
    rest = chars[~filled]
    sum_chars += (n - drawn) * rest.mean() + np.sqrt(n - drawn) * rest.std() * rng.standard_normal(1000)
    low, high = np.quantile(PER * sum_hits / np.maximum(sum_chars, 1), [0.025, 0.975])
    return float(PER * hits.sum() / chars.sum()), float(low), float(high)


def _bound_large(hits: np.ndarray, chars: np.ndarray) -> tuple[float, float, float]:
    """Where hundreds of documents hold a hit the bootstrap is normal: rate +- 1.96 standard errors.

    The standard error is that of a ratio of sums (Cochran 1977, 2.11): sd(hits - rate * chars) / (sqrt(n) mean(chars)).
    """
    rate = hits.sum() / chars.sum()
    error = np.std(hits - rate * chars, ddof=1) / (np.sqrt(len(hits)) * chars.mean())
    return float(PER * rate), float(PER * max(rate - Z_95 * error, 0)), float(PER * (rate + Z_95 * error))


def _with_unit(scope: Scope, unit: str) -> Scope:
    return Scope(scope.corpus, unit, scope.docs, scope.n_chars, scope.spans)


def _order_province(codes: np.ndarray, names: list[str]) -> tuple[np.ndarray, list[str]]:
    """Provinces in the official order, others behind them."""
    order = sorted(range(len(names)), key=lambda place: (_RANK.get(names[place], len(_RANK)), names[place]))
    rank = np.empty(len(names) + 1, dtype=np.int32)
    rank[order] = np.arange(len(names))
    rank[-1] = -1
    return rank[codes], [names[place] for place in order]


_RANK = {name: place for place, name in enumerate(PROVINCES)}
