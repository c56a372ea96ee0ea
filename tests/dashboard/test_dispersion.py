"""Parts and their sums, barcodes, code sheets: small corpora counted by hand or by a plain loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.filters import Filters
from dashboard.queries.coding import KEY, SHEET, SheetError, compare_coders, draw_sheet, read_sheet
from dashboard.queries.concordance import list_lines
from dashboard.queries.dispersion import BARCODES, COLUMNS, list_barcodes, list_parts, measure_dispersion
from dashboard.queries.measures import deviation_of_proportions, juilland_d


def test_parts_are_counted_by_hand(small_corpus):
    table = list_parts(small_corpus, Filters(unit="copies"), ["动态清零"], "province").set_index("part")
    # 福建: pa-1, pb-1 (twice; the variant 动态清零总方针 is a hit too), pc-1 none; 山西: pd-1; 江苏: pg-1; 四川: pj-1.
    assert table["hits"].to_dict() == {"福建": 3, "山西": 1, "江苏": 1, "四川": 1}
    assert table["documents_with"].to_dict() == {"福建": 2, "山西": 1, "江苏": 1, "四川": 1}
    assert table["n_documents"].to_dict() == {"福建": 3, "山西": 2, "江苏": 2, "四川": 2}
    assert table["expected"].sum() == pytest.approx(6)


@pytest.mark.parametrize("unit", ["copies", "releases"])
@pytest.mark.parametrize("part", ["province", "document", "outlet", "month", "level"])
def test_measures_are_those_of_the_parts(small_corpus, unit, part):
    filters = Filters(unit=unit)
    row = measure_dispersion(small_corpus, filters, ["动态清零"], part).iloc[0]
    parts = list_parts(small_corpus, filters, ["动态清零"], part)
    assert list(measure_dispersion(small_corpus, filters, ["动态清零"], part).columns) == COLUMNS
    assert row["hits"] == parts["hits"].sum() and row["n_parts"] == len(parts)
    assert row["n_with"] == (parts["hits"] > 0).sum()
    assert row["dp"] == pytest.approx(deviation_of_proportions(parts["hits"], parts["n_chars"]))
    assert row["juilland_d"] == pytest.approx(juilland_d(parts["hits"], parts["n_chars"]))
    lines = list_lines(small_corpus, filters, "动态清零")
    if part == "document":
        assert row["hits"] == len(lines) and row["left_out"] == 0
    assert row["n_documents"] + row["left_out"] == (12 if unit == "copies" else 10)
    assert row["low"] <= row["document_share"] <= row["high"]


def test_what_belongs_to_no_part_is_left_out_and_counted(small_corpus):
    row = measure_dispersion(small_corpus, Filters(unit="copies"), ["动态清零"], "province").iloc[0]
    assert row["left_out"] == 3  # the two of the centre and the one without a place
    assert row["hits"] == 6


def test_a_phrase_nobody_writes_has_no_dispersion(small_corpus, empty_corpus):
    row = measure_dispersion(small_corpus, Filters(), ["不见于此"], "province").iloc[0]
    assert row["hits"] == 0 and np.isnan(row["dp"]) and np.isnan(row["juilland_d"])
    assert len(measure_dispersion(empty_corpus, Filters(), ["动态清零"])) == 2
    assert len(list_parts(empty_corpus, Filters(), ["动态清零"])) == 0
    with pytest.raises(ValueError, match="choose one of"):
        measure_dispersion(small_corpus, Filters(), ["动态清零"], "moon")


def test_barcodes_stand_where_the_hits_stand(small_corpus):
    table = list_barcodes(small_corpus, Filters(unit="copies"), "动态清零")
    assert list(table.columns) == BARCODES
    assert list(table["hits"]) == sorted(table["hits"], reverse=True)
    lines = list_lines(small_corpus, Filters(unit="copies"), "动态清零")
    for row in table.itertuples():
        assert sorted(row.begins) == sorted(lines["begin"][lines["doc_id"] == row.doc_id])
        assert all(0 <= share < 1 for share in row.shares) and len(row.shares) == row.hits
    assert list(list_barcodes(small_corpus, Filters(), "动态清零", limit=1)["doc_id"]) == list(table["doc_id"][:1])


# --- Coding -------------------------------------------------------------------------------


def test_the_same_seed_draws_the_same_sheet(small_corpus):
    first = draw_sheet(small_corpus, Filters(unit="copies"), "动态清零", n=6, seed=4)
    assert list(first.columns) == SHEET and len(first) == 6
    pd.testing.assert_frame_equal(first, draw_sheet(small_corpus, Filters(unit="copies"), "动态清零", n=6, seed=4))
    lines = list_lines(small_corpus, Filters(unit="copies"), "动态清零")
    assert set(map(tuple, first[KEY].to_numpy())) <= set(map(tuple, lines[KEY].to_numpy()))
    assert not set(first["code"]) - {""}
    everything = draw_sheet(small_corpus, Filters(unit="copies"), "动态清零", n=10_000)
    assert len(everything) == len(lines)


def test_two_coders_are_compared_line_by_line_whatever_the_order(small_corpus):
    sheet = draw_sheet(small_corpus, Filters(unit="copies"), "动态清零", n=8)
    first = sheet.assign(code=["目标", "目标", "口号", "口号", "目标", "口号", "目标", ""])
    second = sheet.assign(code=["目标", "口号", "口号", "口号", "目标", "口号", "", "目标"]).iloc[::-1]
    found = compare_coders(first, second.astype({"begin": str}))  # a spreadsheet gives text back
    assert found.left_out == 2 and found.overall.n == 6
    assert found.table.loc["目标", "口号"] == 1 and found.table.to_numpy().sum() == 6
    assert found.overall.agreement == pytest.approx(5 / 6)
    assert found.overall.kappa == pytest.approx((5 / 6 - (3 * 2 + 3 * 4) / 36) / (1 - (3 * 2 + 3 * 4) / 36))
    assert len(found.disputed) == 1 and found.disputed["node"].iloc[0].startswith("动态清零")
    assert found.by_code.set_index("code").loc["目标", ["n_first", "n_second", "n_both"]].tolist() == [3, 2, 2]


def test_bad_sheets_are_refused_with_a_sentence():
    good = pd.DataFrame({"doc_id": ["a", "b"], "begin": [1, 2], "end": [2, 3], "code": ["x", "y"]})
    with pytest.raises(SheetError, match="missing: code"):
        read_sheet(good.drop(columns="code"))
    with pytest.raises(SheetError, match="row 2 holds none"):
        read_sheet(good.assign(begin=["1", "?"]))
    with pytest.raises(SheetError, match="row 3 of a code sheet"):
        read_sheet(pd.concat([good, good.head(1)]))
    empty = compare_coders(good.assign(code=""), good)
    assert empty.overall.n == 0 and empty.left_out == 2 and np.isnan(empty.overall.kappa)
