"""How often a phrase stands where and when: counts, shares with intervals, rates.

Why here: the plotted number, its interval, its denominator and what was left out are one
table. The denominator keeps every filter but the phrase. Counting units: `queries/scope.py`.

- share = n_with / units in the cell, with its Wilson interval (low, high);
- rate = hits in 10,000 characters of the cell, with an interval over documents (`queries/rates.py`);
- thin: fewer than 5 units in the cell;
- documents whose days do not lie wholly within one period are in no cell: `attrs["n_undated"]`
  (and `attrs["n_unplaced"]` by province) say how many documents that leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from dashboard.corpus import SPEECH_KINDS, Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import wilson_interval
from dashboard.queries.rates import rate_cells
from dashboard.queries.scope import Scope, count_once, open_scope
from dashboard.queries.search import count_in_scope
from data_prep.schema import PROVINCES

#: Columns of documents that a table may be cut by, beside the period.
CUTS = ("period", "province", "level", "outlet", "city", "county")
THIN = 5
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
    rate_low, rate_high (hits in 10,000 characters, bootstrap-t over documents seeded with `seed`).
    n_units (the denominator), n_with, hits and n_chars are in the filters' counting unit. attrs: n_undated, n_unplaced, n_selected.
    Raises QueryError for a phrase that cannot be read, ValueError for an unknown cut.
    """
    scope = open_scope(corpus, filters)
    cells, keys = cut_cells(corpus, filters.period, by)
    name = name_cells(filters.period, by)
    docs = np.flatnonzero(scope.docs & (cells >= 0))
    releases = count_once(scope, docs, cells, "releases", name)
    units = releases if scope.unit == "releases" else count_once(scope, docs, cells)
    counted = docs if scope.unit == "outlets" else units  # the documents whose characters count

    def add_up(chosen: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        sums = np.bincount(cells.take(chosen), None if weights is None else weights[chosen], minlength=len(keys))
        return sums[filled].astype(np.int64)

    filled = np.flatnonzero(np.bincount(cells[docs], minlength=len(keys)))
    n_units = add_up(units)
    whole = {"n_documents": add_up(docs), "n_releases": add_up(releases), "n_chars": add_up(counted, scope.n_chars)}
    further = [name for name in by if name not in ("period", "province")]
    labels = {name: keys[name].to_numpy(dtype=object)[filled] for name in (*further, "period", "province")}
    columns = further + COLUMNS + (["rate", "rate_low", "rate_high"] if rate else [])
    tables: list[dict[str, np.ndarray]] = []
    for phrase in phrases:
        hits = count_in_scope(scope, phrase)
        holders = docs[hits[docs] > 0]
        once = count_once(scope, holders, cells, name=name)
        n_with = add_up(once)
        low, high = wilson_interval(n_with, n_units)
        lines_of = holders if scope.unit == "outlets" else once
        tables.append(labels | whole | {
            "phrase": np.full(len(filled), phrase, dtype=object), "n_with": n_with, "hits": add_up(lines_of, hits),
            "share": n_with / np.maximum(n_units, 1), "low": low, "high": high, "n_units": n_units,
            "thin": n_units < THIN,
        })  # fmt: skip
        if rate:
            tables[-1] |= rate_cells(scope, hits, lines_of, counted, cells, filled, seed)
    # dtype=object keeps None what it is: no province is not a missing number.
    values = {name: np.concatenate([table[name] for table in tables]) if tables else np.zeros(0) for name in columns}
    result = pd.DataFrame({name: pd.Series(array, dtype=array.dtype) for name, array in values.items()})
    result.attrs.update(describe_left_out(corpus, scope, filters.period, by), unit=filters.unit)
    return result


def count_voices(
    corpus: Corpus, filters: Filters, phrases: Sequence[str], by: Sequence[str] = (), *, rate: bool = False
) -> pd.DataFrame:
    """The timeline's columns behind a column voice: leader, meeting, paper, other, each with its own denominator.

    A voice's denominator is the documents in which it speaks at all, its characters those it voices. A speaker
    filter is left out of account: this table tells voices apart itself.
    """
    tables = []
    for voice in SPEECH_KINDS:
        if voice == "other" and not (corpus.speech_kind == SPEECH_KINDS.index("other")).any():
            continue
        table = count_timeline(corpus, replace(filters, speakers=(voice,)), phrases, by, rate=rate)
        table.insert(0, "voice", voice)
        tables.append(table)
    whole = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    whole.attrs = tables[0].attrs
    return whole


def cut_cells(corpus: Corpus, period: str, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """(int32[n] cell of each document, -1 where it is in none; one row a cell: period, province and further cuts).

    A document without a province (the centre, or unknown) has its own cell, province None.
    """
    unknown = [name for name in by if name not in CUTS]
    if unknown:
        raise ValueError(f"a table cannot be cut by {unknown[0]}: choose among {', '.join(CUTS)}")
    return corpus.derive(name_cells(period, by), lambda: _cut_cells(corpus, period, by))


def name_cells(period: str, by: Sequence[str]) -> str:
    """What the cells of these cuts are known by."""
    return f"cells by {' '.join(by)} ({period})"


def _cut_cells(corpus: Corpus, period: str, by: Sequence[str]) -> tuple[np.ndarray, pd.DataFrame]:
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
    # Only cells that some document is in: provinces times outlets times days would be many.
    used, place = np.unique(np.where(undated, -1, cells), return_inverse=True)
    place = place.reshape(-1) - int(len(used) > 0 and used[0] < 0)
    rest = used[used >= 0]
    keys: dict[str, np.ndarray] = {}
    for name in reversed(values):
        rest, at = np.divmod(rest, len(values[name]))
        keys[name] = np.array([*values[name], ""], dtype=object)[:-1][at]
    frame = pd.DataFrame({name: keys[name] for name in values}, index=range(int((used >= 0).sum())), dtype=object)
    for name in ("period", "province"):
        if name not in frame:
            frame[name] = None
    return place.astype(np.int32), frame


def describe_left_out(corpus: Corpus, scope: Scope, period: str, by: Sequence[str]) -> dict[str, int]:
    """n_selected: documents in question; n_undated: those of them in no period; n_unplaced: without a province."""
    undated = corpus.periods(period)[0] < 0 if "period" in by else np.isnat(corpus.days[0])
    unplaced = corpus.codes("province")[0] < 0
    return {
        "n_selected": int(scope.docs.sum()),
        "n_undated": int((scope.docs & undated).sum()),
        "n_unplaced": int((scope.docs & unplaced).sum()),
    }


def _order_province(codes: np.ndarray, names: list[str]) -> tuple[np.ndarray, list[str]]:
    """Provinces in the official order, others behind them."""
    order = sorted(range(len(names)), key=lambda place: (_RANK.get(names[place], len(_RANK)), names[place]))
    rank = np.empty(len(names) + 1, dtype=np.int32)
    rank[order] = np.arange(len(names))
    rank[-1] = -1
    return rank[codes], [names[place] for place in order]


_RANK = {name: place for place, name in enumerate(PROVINCES)}
