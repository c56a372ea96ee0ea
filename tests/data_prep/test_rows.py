"""Rows on their way: what is gathered, kept on disk and joined is what was added, and a page that fails leaves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from data_prep.rows import Columns, WaitingRows, pack_tables
from data_prep.schema import TABLES


def add_terms(rows: Columns, doc_id: str, **terms: int) -> None:
    rows.extend("term_counts", doc_id=[doc_id] * len(terms), term=list(terms), n=list(terms.values()))


def test_what_is_kept_is_joined_in_order(tmp_path: Path) -> None:
    waiting = WaitingRows(tmp_path / "new")
    for doc_id in ("d2", "d1", "d3"):
        rows = Columns()
        add_terms(rows, doc_id, 疫情=2, 防控=1)
        rows.add("page_texts", page_id=doc_id, raw="𠮷\0著" * 7, repaired="")
        waiting.keep(pack_tables(rows.tables()))
    joined = waiting.join()
    assert set(joined) == set(TABLES)
    assert joined["term_counts"].cast(TABLES["term_counts"].arrow).to_pylist()[:3] == [
        {"doc_id": "d2", "term": "疫情", "n": 2}, {"doc_id": "d2", "term": "防控", "n": 1}, {"doc_id": "d1", "term": "疫情", "n": 2},
    ]
    assert joined["page_texts"].column("raw").to_pylist() == ["𠮷\0著" * 7] * 3
    assert [batch["page_texts"].num_rows for batch in waiting.batches()] == [1, 1, 1]
    assert list((tmp_path / "new").iterdir()) == []  # nothing that could be left over


def test_no_page_is_every_table_without_rows(tmp_path: Path) -> None:
    assert {name: table.num_rows for name, table in WaitingRows(tmp_path).join().items()} == dict.fromkeys(TABLES, 0)


def test_rows_since_a_mark_are_dropped() -> None:
    rows = Columns()
    add_terms(rows, "a", 疫情=1)
    mark = rows.mark()
    add_terms(rows, "b", 疫情=1, 防控=2)
    rows.cut_back(mark)
    assert rows.tables()["term_counts"].column("doc_id").to_pylist() == ["a"]


def test_a_row_that_is_not_of_its_table_is_refused() -> None:
    rows = Columns()
    with pytest.raises(KeyError, match="page_texts"):
        rows.add("page_texts", page_id="p", raw="")
    with pytest.raises(ValueError, match="different length"):
        rows.extend("term_counts", doc_id=["a"], term=["b", "c"], n=[1, 2])
    assert rows.tables()["term_counts"].num_rows == 0
