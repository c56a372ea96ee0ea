"""Lines: cut where the text is, sorted as asked, the same sample for the same seed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.concordance import COLUMNS, SORTS, WIDEST, count_lines, list_lines
from dashboard.queries.search import QueryError
from tests.dashboard.conftest import needs_shared

COPIES = Filters(unit="copies")


def test_a_line_is_the_text_around_the_node(small_corpus: Corpus) -> None:
    lines = list_lines(small_corpus, COPIES, "动态清零", width=6)
    assert list(lines.columns) == COLUMNS
    for line in lines.itertuples():
        text = small_corpus.text(line.d).replace("\n", " ")
        assert line.node == text[line.begin : line.end]
        assert line.left == text[max(line.begin - 6, 0) : line.begin]
        assert line.right == text[line.end : line.end + 6]
        assert small_corpus.documents["doc_id"][line.d] == line.doc_id


def test_a_node_is_shown_as_printed(small_corpus: Corpus) -> None:
    lines = list_lines(small_corpus, COPIES, "奔着")
    assert lines["node"].tolist() == ["奔著", "奔着"]
    assert lines["right"][1].startswith("问题去，乾隆年间的著作显著")


def test_by_release_only_one_copy_s_lines(small_corpus: Corpus) -> None:
    by_release = list_lines(small_corpus, Filters(), "动态清零")
    assert by_release["doc_id"].tolist() == ["pa-1", "pd-1", "pe-1", "pe-1", "pe-1", "pg-1", "pi-1", "pj-1"]
    assert len(list_lines(small_corpus, COPIES, "动态清零")) == 13


def test_a_sentence_is_a_sentence(small_corpus: Corpus) -> None:
    line = list_lines(small_corpus, Filters(), "社会面清零", width="sentence").iloc[0]
    assert line["left"] + line["node"] + line["right"] == "尽快实现社会面清零，动态清零不动摇。"


def test_the_context_is_bounded(small_corpus: Corpus) -> None:
    line = list_lines(small_corpus, Filters(provinces=("山西",)), "疫情精准防控", width=10**9).iloc[0]
    assert len(line["left"]) <= WIDEST and line["left"].startswith("坚持总策略不动摇")
    assert list_lines(small_corpus, Filters(), "动态清零", width=-5)["left"].eq("").all()


@pytest.mark.parametrize("sort", [("1R",), ("1L", "2L"), ("3R", "1L"), ("date",), ("province", "date"), ("node", "1R")])
def test_sorting(small_corpus: Corpus, sort: tuple[str, ...]) -> None:
    """Sorted as Python sorts the same characters; ties in the order of the text."""
    lines = list_lines(small_corpus, COPIES, "清零 OR 疫情", width=9)
    order = list_lines(small_corpus, COPIES, "清零 OR 疫情", width=9, sort=sort)
    days = small_corpus.days[0]
    provinces = small_corpus.documents["province"]

    def key(row: pd.Series) -> list[object]:
        values: list[object] = []
        for name in sort:
            if name == "date":
                day = days[row["d"]]
                values.append((np.isnat(day), str(day)))
            elif name == "province":
                province = provinces[row["d"]]
                values.append((pd.isna(province), "" if pd.isna(province) else province))
            elif name == "node":
                values.append(row["node"])
            else:
                step, side = int(name[0]), name[1]
                text = small_corpus.text(row["d"]).replace("著", "着")
                at = row["begin"] - step if side == "L" else row["end"] + step - 1
                values.append(ord(text[at]) if 0 <= at < len(text) and ord(text[at]) < 0x10000 else
                              0 if not 0 <= at < len(text) else 0xFFFD)  # fmt: skip
        return values

    rows = [row for _, row in lines.iterrows()]
    expected = sorted(range(len(rows)), key=lambda place: key(rows[place]))
    assert order[["d", "begin"]].values.tolist() == lines.iloc[expected][["d", "begin"]].values.tolist()


def test_every_sort_there_is(small_corpus: Corpus) -> None:
    for name in SORTS:
        assert len(list_lines(small_corpus, COPIES, "动态清零", sort=(name,))) == 13
    with pytest.raises(QueryError, match="cannot be sorted by 4R"):
        list_lines(small_corpus, COPIES, "动态清零", sort=("4R",))


def test_a_sample_is_drawn_by_its_seed(small_corpus: Corpus) -> None:
    whole = list_lines(small_corpus, COPIES, "动态清零")
    one, two, three = (list_lines(small_corpus, COPIES, "动态清零", sample=5, seed=seed) for seed in (1, 1, 2))
    assert one.equals(two) and not one.equals(three)
    assert len(one) == 5 and one.attrs == {"n_lines": 5, "n_found": 13}
    keys = set(map(tuple, whole[["d", "begin"]].values.tolist()))
    assert set(map(tuple, one[["d", "begin"]].values.tolist())) < keys
    assert one[["d", "begin"]].values.tolist() == sorted(one[["d", "begin"]].values.tolist())
    assert len(list_lines(small_corpus, COPIES, "动态清零", sample=99)) == 13


def test_pages_of_lines_are_the_lines(small_corpus: Corpus) -> None:
    whole = list_lines(small_corpus, COPIES, "动态清零", sort=("1R",))
    pages = [list_lines(small_corpus, COPIES, "动态清零", sort=("1R",), offset=offset, limit=4) for offset in (0, 4, 8, 12)]
    assert pd.concat(pages, ignore_index=True).equals(whole)
    assert all(page.attrs["n_lines"] == 13 for page in pages)
    assert list_lines(small_corpus, COPIES, "动态清零", offset=99).empty


@pytest.mark.parametrize("query", ['"清零"', '"疫情"', '"无此语"', "清零 OR 疫情"])
@pytest.mark.parametrize("filters", [Filters(), COPIES, Filters(provinces=("福建",)), Filters(unit="outlets")], ids=str)
@pytest.mark.parametrize("sort", [(), ("date",), ("province", "date"), ("outlet",), ("level", "1R")], ids=str)
def test_a_page_of_plain_text_is_a_page_of_all_its_lines(
    small_corpus: Corpus, query: str, filters: Filters, sort: tuple[str, ...]
) -> None:
    """A page is looked for in its own documents; all lines, asked for without a limit, are looked for at once."""
    whole = list_lines(small_corpus, filters, query, sort=sort)
    for offset in (0, 1, 3, 5, 99):
        page = list_lines(small_corpus, filters, query, sort=sort, offset=offset, limit=3)
        pd.testing.assert_frame_equal(page, whole.iloc[offset : offset + 3].reset_index(drop=True), check_dtype=False)
        assert page.attrs == whole.attrs == {"n_lines": len(whole), "n_found": len(whole)}


def test_counting_lines_by_metadata(small_corpus: Corpus) -> None:
    table = count_lines(small_corpus, COPIES, "动态清零", by=("province",))
    counts = {None if pd.isna(name) else name: (n, docs) for name, n, docs in table.itertuples(index=False)}
    assert counts == {None: (7, 3), "福建": (3, 2), "山西": (1, 1), "江苏": (1, 1), "四川": (1, 1)}
    for by in (("node",), ("left",), ("right",), ("period", "level"), ("outlet",), ("doc_id",), ()):
        assert count_lines(small_corpus, COPIES, "动态清零", by=by)["n_lines"].sum() == 13
    assert count_lines(small_corpus, COPIES, "动态清零", by=("node",)).iloc[0].tolist() == ["动态清零", 11, 7]
    with pytest.raises(QueryError, match="cannot be counted by colour"):
        count_lines(small_corpus, COPIES, "动态清零", by=("colour",))


def test_a_line_says_in_whose_mouth(small_corpus: Corpus) -> None:
    lines = list_lines(small_corpus, COPIES, "坚持 OR 疫情 OR 总策略")
    voices = lines[["speaker", "voice", "office"]].astype(object).where(lines[["speaker", "voice", "office"]].notna(), None)
    keys = zip(lines["doc_id"], lines["node"], lines["begin"], strict=True)
    found = dict(zip(keys, voices.itertuples(index=False, name=None), strict=True))
    shanxi = [values for (doc_id, _, _), values in found.items() if doc_id == "pd-1"]
    assert shanxi == [
        (None, None, None),  # 坚持 and 总策略 in the headline: nobody's
        (None, None, None),
        ("林武", "leader", "山西省委书记"),
        ("林武", "leader", "山西省委书记"),
        ("蓝佛安", "leader", "山西省省长"),
    ]
    assert {values for (doc_id, _, _), values in found.items() if doc_id == "pa-1"} == {("会议", "meeting", None)}
    counts = count_lines(small_corpus, COPIES, "坚持 OR 疫情", by=("office",))
    assert dict(counts[["office", "n_lines"]].dropna().values.tolist())["山西省委书记"] == 2
    offices = list_lines(small_corpus, COPIES, "坚持 OR 疫情", sort=("office",))["office"].tolist()
    known = [office for office in offices if isinstance(office, str)]
    assert known == sorted(known) and offices[: len(known)] == known  # who holds none comes last


def test_no_lines_are_a_table_too(small_corpus: Corpus, empty_corpus: Corpus) -> None:
    for corpus in (small_corpus, empty_corpus):
        lines = list_lines(corpus, Filters(), "无此语", sort=("1R", "date", "node"), sample=3)
        assert lines.empty and list(lines.columns) == COLUMNS
        assert count_lines(corpus, Filters(), "无此语", by=("node",)).empty


@needs_shared
def test_lines_of_real_text(real_corpus: Corpus) -> None:
    lines = list_lines(real_corpus, Filters(), '"疫情防控"', width=12, sample=300, sort=("1R", "2R"))
    for line in lines.itertuples():
        text = real_corpus.text(line.d).replace("\n", " ")
        assert (line.left, line.node, line.right) == (
            text[max(line.begin - 12, 0) : line.begin], "疫情防控", text[line.end : line.end + 12])  # fmt: skip
    first = lines["right"].str[:1].map(lambda c: ord(c) if c.strip() else 10)
    assert first.is_monotonic_increasing
