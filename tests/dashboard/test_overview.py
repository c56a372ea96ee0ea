"""What the corpus holds and lacks, counted by hand."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries import overview


def test_description(small_corpus: Corpus) -> None:
    values = dict(overview.describe_corpus(small_corpus).values.tolist())
    assert values == {
        "n_pages": 12, "n_accepted": 11, "n_rejected": 1, "n_documents": 12, "n_releases": 10, "n_reprints": 2,
        "n_outlets": 6, "n_provinces": 4, "n_chars": int(small_corpus.documents["n_chars"].sum()),
        "n_tokens": int(small_corpus.documents["n_tokens"].sum()), "n_dated": 9, "n_interval": 2, "n_undated": 1,
        "n_in_period": 1,  # pg-1: its ten days lie in March
        "n_placed": 11, "n_unplaced": 1, "first_day": "2022-02-20", "last_day": "2022-11-24",
    }  # fmt: skip
    fujian = dict(overview.describe_corpus(small_corpus, Filters(provinces=("福建",))).values.tolist())
    assert (fujian["n_documents"], fujian["n_releases"], fujian["first_day"]) == (3, 2, "2022-03-29")


def test_cells_hold_every_document_once(small_corpus: Corpus) -> None:
    for period in ("day", "week", "month", "quarter", "year"):
        cells = overview.count_cells(small_corpus, Filters(period=period))
        assert cells["n_documents"].sum() == small_corpus.n
    cells = overview.count_cells(small_corpus, Filters())
    undated = cells[cells["period"].isna()]
    assert undated["n_documents"].sum() == 2
    found = {(row.province, row.period): (row.n_documents, row.n_releases) for row in cells.itertuples() if row.period}
    assert found["福建", "2022-03"] == (3, 2)


def test_what_is_undated(small_corpus: Corpus) -> None:
    assert overview.list_undated(small_corpus, Filters())["doc_id"].tolist() == ["ph-1", "pi-1"]
    assert overview.list_undated(small_corpus, Filters(period="year"))["doc_id"].tolist() == ["pi-1"]
    # Asking for days does not hide what has none.
    asked = Filters(date_from=date(2022, 1, 1), provinces=("江苏",))
    assert overview.list_undated(small_corpus, asked)["doc_id"].tolist() == ["ph-1"]


def test_copies(small_corpus: Corpus) -> None:
    copies = overview.list_copies(small_corpus, Filters())
    assert copies[["release_id", "n_copies", "n_outlets"]].values.tolist() == [["pa-1", 2, 2], ["pe-1", 2, 2]]
    assert copies["doc_ids"].tolist() == [["pa-1", "pb-1"], ["pe-1", "pf-1"]]
    assert overview.list_copies(small_corpus, Filters(outlets=("福建日报",))).empty  # the other copy is not in question


def test_repairs_and_rejected_pages(small_corpus: Corpus) -> None:
    repairs = overview.count_repairs(small_corpus)
    assert repairs.values.tolist() == [["pinyin", 1, 1, 0, 1.0]]
    assert overview.count_rejected(small_corpus).values.tolist() == [["binary file", 1]]


def test_an_empty_corpus_is_described(empty_corpus: Corpus) -> None:
    values = dict(overview.describe_corpus(empty_corpus).values.tolist())
    assert values["n_documents"] == 0 and pd.isna(values["first_day"])
    for table in (overview.count_cells(empty_corpus, Filters()), overview.list_undated(empty_corpus, Filters()),
                  overview.list_copies(empty_corpus, Filters()), overview.count_repairs(empty_corpus),
                  overview.count_rejected(empty_corpus)):  # fmt: skip
        assert table.empty


def test_what_has_no_place_is_listed(small_corpus: Corpus) -> None:
    table = overview.list_unplaced(small_corpus, Filters())
    assert table["doc_id"].tolist() == ["pi-1"]
    assert [small_corpus.documents["doc_id"].iloc[d] for d in table["d"]] == ["pi-1"]
    assert overview.list_unplaced(small_corpus, Filters(provinces=("福建",))).empty
