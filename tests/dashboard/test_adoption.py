"""Who took a phrase up when, and who repeated whom."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.adoption import COLUMNS, trace_adoption
from dashboard.queries.reuse import list_reuse


def test_the_centre_first_then_the_provinces(small_corpus: Corpus) -> None:
    table = trace_adoption(small_corpus, Filters(), ["动态清零"])
    rows = [
        (row.province, f"{row.first_day:%m-%d}", row.doc_id, row.lag_days, row.peak, f"{row.last_day:%m-%d}", row.n_with, row.hits)
        for row in table.itertuples()
    ]
    assert rows == [
        ("centre", "03-17", "pe-1", 0, "2022-03", "04-02", 1, 3),
        ("福建", "03-29", "pa-1", 12, "2022-03", "03-29", 1, 1),
        ("四川", "05-01", "pj-1", 45, "2022-05", "05-01", 1, 1),
        ("山西", "11-23", "pd-1", 251, "2022-11", "11-23", 1, 1),
    ]
    assert table.attrs["n_undated"] == 2  # pg-1 has an interval, pi-1 no day at all


def test_without_the_centre_the_first_province_is_the_origin(small_corpus: Corpus) -> None:
    table = trace_adoption(small_corpus, Filters(levels=("province", "county")), ["动态清零", "疫情"])
    assert table["phrase"].tolist() == ["动态清零"] * 3 + ["疫情"]
    assert table["lag_days"].tolist() == [0, 33, 239, 0]


def test_a_peak_is_the_largest_share(small_corpus: Corpus) -> None:
    table = trace_adoption(small_corpus, Filters(period="day"), ["疫情"])
    assert table[["province", "peak"]].values.tolist() == [["山西", "2022-11-23"]]  # the earliest of equals


def test_a_phrase_nobody_took_up(small_corpus: Corpus, empty_corpus: Corpus) -> None:
    for corpus in (small_corpus, empty_corpus):
        table = trace_adoption(corpus, Filters(), ["无此语"])
        assert table.empty and list(table.columns) == COLUMNS


def test_shared_passages(small_corpus: Corpus, empty_corpus: Corpus) -> None:
    table = list_reuse(small_corpus, Filters())
    row = table.iloc[0]
    assert (row["doc_a"], row["doc_b"], row["days"], bool(row["same_release"])) == ("pa-1", "pb-1", 0, True)
    assert row["text"] == small_corpus.text(0)[:20] and row["outlet_b"] == "东南网"
    assert list_reuse(small_corpus, Filters(outlets=("福建日报",))).empty  # the other one does not pass
    assert len(list_reuse(small_corpus, Filters(outlets=("福建日报",)), "pb-1")) == 1
    assert list_reuse(small_corpus, Filters(), "pc-1").empty
    assert list_reuse(small_corpus, Filters(), limit=0).attrs["n_passages"] == 1
    assert list_reuse(empty_corpus, Filters()).empty
    assert pd.api.types.is_bool_dtype(table["same_release"])
    with pytest.raises(KeyError, match="no document px"):
        list_reuse(small_corpus, Filters(), "px")
