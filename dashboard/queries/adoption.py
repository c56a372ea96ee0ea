"""Who took a phrase up when: first day, peak and last day by province, and how long after the centre.

Why here: a set phrase is coined at the centre and taken up by the provinces; the order tells
who follows whom. First means first in this corpus: what was not collected cannot be seen, so
each row says how many units stand behind it, and the table how many undated ones it leaves out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.scope import count_once, open_scope
from dashboard.queries.search import count_in_scope
from dashboard.queries.timeline import count_timeline

#: Stands for the centre in the column province.
CENTRE = "centre"
COLUMNS = ["phrase", "province", "first_day", "doc_id", "lag_days", "peak", "last_day", "n_with", "hits"]


def trace_adoption(corpus: Corpus, filters: Filters, phrases: Sequence[str]) -> pd.DataFrame:
    """A row a phrase and place that uses it: COLUMNS, in the order of first days within a phrase.

    province: short name, or "centre" for documents of that level; documents of neither are left out.
    first_day, doc_id: the first document dated to one day that holds the phrase (the smallest doc_id of a day).
    lag_days: days after the centre's first day; where the centre has none, after the first province's.
    peak: the period (of the filters) with the largest share of units that hold it, the earliest of equals.
    attrs: n_undated, documents with the phrase that no single day is known of. Raises QueryError.
    """
    scope = open_scope(corpus, filters)
    place, names = corpus.derive("places of adoption", lambda: _name_places(corpus))
    days = corpus.documents["event_date"].to_numpy().astype("datetime64[D]")
    dated, placed = ~np.isnat(days), place >= 0
    peaks = _find_peaks(corpus, filters, phrases)
    rows, n_undated = [], 0
    for phrase in phrases:
        hits = count_in_scope(scope, phrase)
        n_undated += int((~dated & (hits > 0)).sum())
        holders = np.flatnonzero(dated & placed & (hits > 0))
        units = count_once(scope, holders, place)
        n_with = np.bincount(place[units], minlength=len(names))
        n_hits = np.bincount(place[units], weights=hits[units], minlength=len(names)).astype(np.int64)
        order = holders[np.lexsort((holders, days[holders], place[holders]))]
        at, begins = np.unique(place[order], return_index=True)
        ends = np.append(begins[1:], len(order))[: len(begins)] - 1
        firsts = days[order[begins]] if len(order) else days[:0]
        origin = _find_origin(firsts, [names[code] for code in at])
        for code, begin, end, first in zip(at, begins, ends, firsts, strict=True):
            rows.append((phrase, names[code], first, corpus.documents["doc_id"].iloc[order[begin]],
                         int((first - origin).astype(int)), peaks.get((phrase, names[code])), days[order[end]],
                         int(n_with[code]), int(n_hits[code])))  # fmt: skip
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("first_day", "last_day"):
        table[name] = pd.to_datetime(table[name])
    rank = {phrase: place for place, phrase in enumerate(phrases)}
    table = table.assign(rank=table["phrase"].map(rank)).sort_values(["rank", "first_day", "doc_id"], ignore_index=True)
    table = table[COLUMNS]
    table.attrs["n_undated"] = n_undated
    return table


def _name_places(corpus: Corpus) -> tuple[np.ndarray, list[str]]:
    """(int[n] place of each document or -1, names): the provinces, and the centre behind them."""
    codes, provinces = corpus.codes("province")
    centre = (corpus.documents["level"] == "centre").to_numpy(dtype=bool)
    return np.where(centre, len(provinces), codes).astype(np.int64), [*provinces, CENTRE]


def _find_origin(firsts: np.ndarray, names: list[str]) -> np.datetime64:
    if CENTRE in names:
        return np.datetime64(firsts[names.index(CENTRE)])
    return np.datetime64(firsts.min()) if len(firsts) else np.datetime64("NaT")


def _find_peaks(corpus: Corpus, filters: Filters, phrases: Sequence[str]) -> dict[tuple[str, str], str]:
    """The period with the largest share, by phrase and place."""
    table = count_timeline(corpus, filters, list(phrases), ("period", "province", "level"))
    centre = table["level"] == "centre"
    table = table.assign(place=table["province"].where(~centre, CENTRE)).dropna(subset="place")
    sums = table.groupby(["phrase", "place", "period"], sort=True)[["n_with", "n_units"]].sum().reset_index()
    sums = sums[sums["n_with"] > 0].assign(share=lambda rows: rows["n_with"] / rows["n_units"])
    best = sums.sort_values(["share", "period"], ascending=[False, True]).drop_duplicates(["phrase", "place"])
    return {(row.phrase, row.place): row.period for row in best.itertuples()}
