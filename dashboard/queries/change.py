"""What changed between two periods: the difference of two shares, with its interval.

Why here: "more often than before" is a claim about a difference; two intervals that overlap
say little about it. The difference has its own interval (Newcombe 1998, method 10).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import newcombe_interval
from dashboard.queries.timeline import THIN, count_timeline

Span = tuple[date | None, date | None]


def compare_periods(
    corpus: Corpus, filters: Filters, phrases: Sequence[str], first: Span, second: Span, by: Sequence[str] = ()
) -> pd.DataFrame:
    """Shares in two spans of days (both ends included, None: open) and their difference, second - first.

    by: cuts beside the period (province, level, outlet, ...). Columns: those of `by`, phrase, n_first,
    with_first, share_first, n_second, with_second, share_second, difference, low, high (Newcombe), thin (fewer
    than 5 units in either). All other filters stay. A cell with no unit in one span has nan. Raises QueryError.
    """
    tables = [
        count_timeline(corpus, replace(filters, date_from=begin, date_to=end), phrases, tuple(by))
        for begin, end in (first, second)
    ]
    keys = [*by, "phrase"]
    columns = {"n_units": "n", "n_with": "with", "share": "share"}
    left, right = (
        table[[*keys, *columns]].rename(columns={name: f"{short}_{side}" for name, short in columns.items()})
        for table, side in zip(tables, ("first", "second"), strict=True)
    )
    table = left.merge(right, on=keys, how="outer", sort=False)
    for side in ("first", "second"):
        for name in ("n", "with"):
            table[f"{name}_{side}"] = table[f"{name}_{side}"].fillna(0).astype(np.int64)
    table["difference"] = table["share_second"] - table["share_first"]
    table["low"], table["high"] = newcombe_interval(
        table["with_second"], table["n_second"], table["with_first"], table["n_first"]
    )
    table["thin"] = table[["n_first", "n_second"]].min(axis=1) < THIN
    order = {phrase: place for place, phrase in enumerate(phrases)}
    table = table.sort_values("phrase", key=lambda names: names.map(order), kind="stable", ignore_index=True)
    return table[[*keys, "n_first", "with_first", "share_first", "n_second", "with_second", "share_second",
                  "difference", "low", "high", "thin"]]  # fmt: skip
