"""The only door to the data: what goes in comes out, character for character."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import KEPT_ANSWERS, Corpus, find_build, open_corpus
from dashboard.filters import Filters
from dashboard.queries.collocates import list_collocates
from dashboard.queries.concordance import list_lines
from dashboard.queries.keyness import compare_selections
from dashboard.queries.timeline import count_timeline
from data_prep import search_index
from data_prep.schema import TABLES
from data_prep.search_index import write_index
from data_prep.store import Build, BuildMissing, write_build
from tests.dashboard.conftest import make_build, make_documents, small_rows


def test_texts_come_back_as_they_were(small_build: Build, small_corpus: Corpus) -> None:
    stored = small_build.read("documents")
    for d, row in enumerate(stored.itertuples()):
        assert small_corpus.text(d) == row.text
        assert small_corpus.original(d) == row.original
        assert small_corpus.number(row.doc_id) == d
    assert small_corpus.documents["doc_id"].tolist() == sorted(stored["doc_id"])


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), max_size=8), st.data())
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str], data: st.DataObject) -> None:
    """Every character there is, 0 and 著 and what lies beyond the BMP among them; and any stretch of a text."""
    rows = make_documents([text + "著\0𠮷" for text in texts])
    for row in rows:
        row["original"] = row["text"][::-1]
    corpus = open_corpus(make_build(tmp_path_factory.mktemp("any"), {"documents": rows}).path)
    for d, row in enumerate(rows):
        assert corpus.text(d) == row["text"] and corpus.original(d) == row["original"]
        begin = data.draw(st.integers(0, len(row["text"])))
        end = data.draw(st.integers(begin, len(row["text"]) + 5))
        assert corpus.text(d, begin, end) == row["text"][begin:end]
        assert corpus.original(d, begin, end) == row["original"][begin:end]
    places = [(d, *sorted(data.draw(st.tuples(*[st.integers(0, len(row["text"]))] * 2)))) for d, row in enumerate(rows)]
    starts, stops = (np.array([corpus.offsets[d] + ends[side] for d, *ends in places], dtype=np.int64) for side in (0, 1))
    assert corpus.cut_texts(starts, stops) == [rows[d]["text"][begin:end] for d, begin, end in places]


def test_an_original_of_another_length_is_refused(tmp_path: Path) -> None:
    rows = make_documents(["疫情"], original="疫")
    with pytest.raises(ValueError, match="p000000-1: text has 2 characters, original 1"):
        make_build(tmp_path, {"documents": rows})


@pytest.mark.parametrize("table", ["phrase_hits", "speech", "term_counts"])
def test_a_row_of_no_document_is_refused(tmp_path: Path, table: str) -> None:
    rows = small_rows()
    rows[table] = [{**rows[table][0], "doc_id": "stranger-1"}]
    with pytest.raises(ValueError, match=f"table {table} names a document there is not: stranger-1"):
        make_build(tmp_path, rows)


def test_the_order_of_rows_does_not_matter(tmp_path: Path, small_build: Build) -> None:
    rows = {name: list(reversed(table)) for name, table in small_rows().items()}
    assert make_build(tmp_path, rows).fingerprint == small_build.fingerprint


def test_terms_stand_both_ways(small_corpus: Corpus) -> None:
    terms = small_corpus.vocabulary.column("term").to_pylist()
    by_doc = {
        (d, terms[term], n)
        for d in range(small_corpus.n)
        for term, n in zip(
            small_corpus.doc_terms_term[slice(*small_corpus.doc_terms_offsets[d : d + 2])].tolist(),
            small_corpus.doc_terms_n[slice(*small_corpus.doc_terms_offsets[d : d + 2])].tolist(),
            strict=True,
        )
    }
    expected = {
        (small_corpus.number(row["doc_id"]), row["term"], row["n"]) for row in small_rows()["term_counts"]
    }
    assert by_doc == expected
    term = small_corpus.term_number("疫情")
    assert term is not None and small_corpus.term_number("无此词") is None
    low, high = small_corpus.term_docs_offsets[term : term + 2]
    assert {(d, "疫情", n) for d, n in zip(small_corpus.term_docs_doc[low:high].tolist(),
                                          small_corpus.term_docs_n[low:high].tolist(), strict=True)} == {
        row for row in expected if row[1] == "疫情"}  # fmt: skip
    assert small_corpus.vocabulary.column("n")[term].as_py() == sum(n for _, name, n in expected if name == "疫情")


def test_pages_are_read_one_by_one(small_corpus: Corpus) -> None:
    assert "會(huì)議" in small_corpus.raw_page("pb") and "會議" in small_corpus.repaired_page("pb")
    assert small_corpus.raw_page("pz") == "" and small_corpus.raw_page("no such page") == ""


def test_an_unknown_document_is_named(small_corpus: Corpus) -> None:
    with pytest.raises(KeyError, match="no document px-9"):
        small_corpus.number("px-9")


def test_the_data_cannot_be_changed(small_corpus: Corpus) -> None:
    for name in ("chars", "offsets", "hit_doc", "doc_terms_n"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(small_corpus, name)[0] = 0


def test_a_build_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BuildMissing, match="make one with"):
        open_corpus(tmp_path)


def test_a_build_without_search_files_says_what_to_do(tmp_path: Path) -> None:
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    write_build(tmp_path, tables, {})
    with pytest.raises(BuildMissing, match="build it again"):
        open_corpus(tmp_path)


def test_which_build_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIFA_BUILD", str(tmp_path / "elsewhere"))
    assert find_build() == tmp_path / "elsewhere"
    monkeypatch.delenv("TIFA_BUILD")
    monkeypatch.chdir(tmp_path)
    assert find_build() == Path(__file__).resolve().parents[2] / "build"
    (tmp_path / "build").mkdir()
    assert find_build().resolve() == tmp_path / "build"


def test_days_and_periods(small_corpus: Corpus) -> None:
    codes, names = small_corpus.periods("month")
    found = {doc_id: names[code] if code >= 0 else None
             for doc_id, code in zip(small_corpus.documents["doc_id"], codes, strict=True)}  # fmt: skip
    assert found["pg-1"] == "2022-03" and found["ph-1"] is None and found["pi-1"] is None and found["pa-1"] == "2022-03"
    with pytest.raises(ValueError, match="no period decade"):
        small_corpus.periods("decade")


def test_answers_are_kept_within_bounds(small_corpus: Corpus) -> None:
    small_corpus.forget()
    for number in range(40):
        small_corpus.keep(number, number, KEPT_ANSWERS // 8)
    assert small_corpus.recall(0) is None and small_corpus.recall(39) == 39
    small_corpus.keep("huge", 1, KEPT_ANSWERS)
    assert small_corpus.recall("huge") is None
    small_corpus.forget()
    assert small_corpus.recall(39) is None


def test_several_users_at_once_get_what_one_gets(small_build: Build) -> None:
    """Four threads on a corpus just opened, nothing worked out yet; each answer is that of a corpus of one's own."""
    questions: list[Callable[[Corpus], pd.DataFrame]] = [
        lambda corpus: count_timeline(corpus, Filters(), ["动态清零", '"疫情"'], ("province", "period"), rate=True),
        lambda corpus: count_timeline(corpus, Filters(unit="copies", period="year"), ["re:[一-十]+|清零", "疫*情"]),
        lambda corpus: list_lines(corpus, Filters(), '"清零"', sort=("date", "1R")),
        lambda corpus: compare_selections(corpus, Filters(provinces=("福建",)), least=1),
        lambda corpus: compare_selections(corpus, Filters(provinces=("福建",)), items="phrases", least=1),
        lambda corpus: list_collocates(corpus, Filters(), "清零", least=1),
    ]
    expected = [ask(open_corpus(small_build.path)) for ask in questions]
    for _ in range(5):
        shared = open_corpus(small_build.path)
        with ThreadPoolExecutor(4) as users:
            found = list(users.map(lambda ask, corpus=shared: ask(corpus), questions * 4))
        for place, table in enumerate(found):
            pd.testing.assert_frame_equal(table, expected[place % len(questions)])


def test_columns_may_be_dictionary_encoded(tmp_path: Path, small_build: Build) -> None:
    """A long table of few values need not be spelled out to be indexed."""
    tables = {name: small_build.arrow(name) for name in TABLES}
    for name, columns in (("term_counts", ("doc_id", "term")), ("speech", ("doc_id", "speaker", "kind"))):
        for column in columns:
            place = tables[name].column_names.index(column)
            encoded = tables[name].column(column).combine_chunks().dictionary_encode()
            encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
            tables[name] = tables[name].set_column(place, column, encoded)
    write_index(tmp_path, tables)
    for path in sorted((small_build.path / "search").glob("*.npy")):
        assert np.array_equal(np.load(path), np.load(tmp_path / "search" / path.name)), path.name


def test_rows_in_any_order_and_many_chunks_give_the_same_files(
    tmp_path: Path, small_build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are never sorted nor joined whole: their rows are picked out of their chunks, a few at a time."""
    monkeypatch.setattr(search_index, "_ROWS", 5)
    tables = {name: small_build.arrow(name) for name in TABLES}
    draw = np.random.default_rng(2)
    for name, table in tables.items():
        shuffled = table.take(pa.array(draw.permutation(table.num_rows)))
        pieces = [shuffled.slice(begin, 3) for begin in range(0, table.num_rows, 3)]
        tables[name] = pa.concat_tables(pieces) if pieces else table
    write_index(tmp_path, tables)
    files = sorted((small_build.path / "search").glob("*"))
    assert len(files) > 25
    for path in files:
        assert path.read_bytes() == (tmp_path / "search" / path.name).read_bytes(), path.name


def test_the_office_of_a_speaker_is_the_one_printed_first(tmp_path: Path) -> None:
    rows = make_documents(["赵龙强调，防控。赵龙指出，发展。", "赵龙强调，防控。"])
    speech = [{"doc_id": row["doc_id"], "speaker": "赵龙", "kind": "leader", "verb": "强调", "begin": begin, "end": begin + 8}
              for row, begins in zip(rows, ((0, 8), (0,)), strict=True) for begin in begins]  # fmt: skip
    people = [
        {"doc_id": "p000000-1", "name": "赵龙", "offices": [], "begin": 0, "end": 2},
        {"doc_id": "p000000-1", "name": "赵龙", "offices": ["福建省委副书记", "福建省省长"], "begin": 8, "end": 10},
        {"doc_id": "p000000-1", "name": "赵龙", "offices": ["自然资源部副部长"], "begin": None, "end": None},
        {"doc_id": "p000001-1", "name": "尹力", "offices": ["福建省委书记"], "begin": 3, "end": 5},
    ]
    corpus = open_corpus(make_build(tmp_path, {"documents": rows, "speech": speech, "people": people}).path)
    offices = [corpus.offices[number] if number >= 0 else None for number in corpus.speech_office]
    assert offices == ["福建省委副书记、福建省省长", "福建省委副书记、福建省省长", None]
