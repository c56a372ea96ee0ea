"""One document with all that is known of it: every offset stands on the character it speaks of."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import open_corpus
from dashboard.filters import Filters
from dashboard.queries.documents import LISTED, PageMap, find_ruby, label_document, list_documents, read_document, sum_up_people

from .conftest import make_build, make_documents

READINGS = {"会": "huì", "动": "dòng", "态": "tài", "实": "shí"}


def _damage(clean, choices):
    """A raw page from a clean one: (raw, edits that repair it); edits by place of the clean text."""
    raw, edits, pieces = "", [], []
    for place, letter in enumerate(clean):
        kind = choices[place % len(choices)]
        if kind == "reading" and letter in READINGS:
            before = f"({READINGS[letter]})"
            edits.append(("pinyin_annotation", len(raw) + 1, len(raw) + 1 + len(before), before, "", 1.0))
            piece = letter + before
        elif kind == "sign" and letter == "。":
            edits.append(("lost_sign", len(raw), len(raw) + 1, "?", "。", 0.9))
            piece = "?"
        elif kind == "added" and letter == "要":
            edits.append(("doubled", len(raw), len(raw) + 3, "要要要", "要", 0.8))
            piece = "要要要"
        else:
            piece = letter
        raw += piece
        pieces.append(piece)
    frame = pd.DataFrame(edits, columns=["rule", "begin", "end", "before", "after", "confidence"])
    return raw, frame, pieces


clean_pages = st.text("会动态实要清零。，\n", min_size=1, max_size=40)
choices = st.lists(st.sampled_from(["reading", "sign", "added", "none"]), min_size=1, max_size=7)


@settings(max_examples=300, deadline=None)
@given(clean_pages, choices, st.data())
def test_edits_stand_where_they_were_made(clean, kinds, data):
    """An article cut anywhere out of the repaired page, in two pieces with something left out in between."""
    raw, edits, pieces = _damage(clean, kinds)
    edits = edits.astype({"begin": "int64", "end": "int64"})
    cuts = sorted(data.draw(st.integers(0, len(clean))) for _ in range(4))
    parts = [(cuts[0], cuts[1]), (cuts[2], cuts[3])]
    text = "".join(clean[b:e] for b, e in parts)
    first = cuts[1] - cuts[0]
    rows = [(0, first, cuts[0]), (first, len(text), cuts[2])]
    segments = pd.DataFrame([row for row in rows if row[0] < row[1]], columns=["begin", "end", "page_begin"])
    if not len(segments):
        return
    page = PageMap(edits, segments)
    low, high = page.find_raw_span(len(raw))
    begin, end = int(segments["page_begin"].iloc[0]), int(segments["page_begin"].iloc[-1])
    end += int(segments["end"].iloc[-1] - segments["begin"].iloc[-1])
    # The raw stretch is what the clean characters of the article were made into, nothing less and nothing more.
    assert raw[low:high] == "".join(pieces[begin:end])
    placed = page.place_edits(low, high)
    for edit in placed.itertuples():
        assert raw[low:high][edit.raw_begin : edit.raw_end] == edit.before
        assert text[edit.begin : edit.end] == edit.after
        if edit.rule == "pinyin_annotation":
            assert edit.before == f"({READINGS[text[edit.begin - 1]]})"
    inside = [place for b, e in parts for place in range(b, e)]
    expected = sum(pieces[place] != clean[place] for place in inside)
    assert len(placed) == expected
    ruby = dict(find_ruby(placed, text))
    annotated = [place for place in inside if pieces[place].startswith(clean[place] + "(")]
    assert sorted(ruby.values()) == sorted(READINGS[clean[place]] for place in annotated)
    assert all(READINGS[text[offset]] == reading for offset, reading in ruby.items())


def test_a_place_goes_to_the_raw_page_and_comes_back():
    raw, edits, _ = _damage("会议。动态清零。", ["reading", "sign"])
    page = PageMap(edits, pd.DataFrame({"begin": [0], "end": [8], "page_begin": [0]}))
    clean = "会议。动态清零。"
    for place, letter in enumerate(clean):
        assert raw[page.to_raw(place)] in (letter, "?")


def test_one_document_with_everything(small_corpus):
    reading = read_document(small_corpus, "pb-1")
    assert reading.text.startswith("省委召开会议\n") and reading.original.startswith("省委召开會議\n")
    assert len(reading.text) == len(reading.original)
    assert "會(huì)議" in reading.raw and reading.raw_begin == 0
    assert list(reading.copies["doc_id"]) == ["pa-1"]
    assert reading.label == "省委召开会议" and reading.page["path"] == "pb.txt"
    for hit in reading.hits.itertuples():
        assert reading.text[hit.begin : hit.end] == hit.surface
    assert list(reading.hits["begin"]) == sorted(reading.hits["begin"])
    assert list(reading.reuse["other"]) == ["pa-1"]
    edit = reading.repairs.iloc[0]
    assert reading.raw[edit["raw_begin"] : edit["raw_end"]] == "(huì)" and edit["begin"] == edit["end"]
    assert reading.text[edit["begin"] - 1] == "会"
    people = read_document(small_corpus, "pc-1").people
    assert list(people["name"]) == ["赵龙"] and people["role"][0] == "省长"
    assert list(read_document(small_corpus, "pa-1").evidence["value"]) == ["2022-03-29"]
    with pytest.raises(KeyError, match="there is no document nowhere"):
        read_document(small_corpus, "nowhere")


def test_a_document_of_signs_beyond_the_plane_and_an_empty_one(small_corpus):
    hostile = read_document(small_corpus, "pj-1")
    assert "𠮷" in hostile.text and "<script>" in hostile.text  # as it stands: escaping is the page's business
    assert hostile.text[hostile.hits["begin"][0] :].startswith("动态清零")
    empty = read_document(small_corpus, "pk-1")
    assert empty.text == "" and len(empty.hits) == 0 and empty.label == ""


def test_documents_are_listed_newest_first_and_undated_last(small_corpus):
    table = list_documents(small_corpus, Filters())
    assert list(table.columns) == LISTED and len(table) == small_corpus.n
    days = table["event_date"].fillna(table["date_to"])
    dated = days[days.notna()]
    assert list(dated) == sorted(dated, reverse=True)
    assert table["doc_id"].iloc[-1] == "pi-1"
    assert table.set_index("doc_id").loc["pa-1", "n_copies"] == 2
    some = list_documents(small_corpus, Filters(provinces=("福建",)), [0, 2, 5])
    assert set(some["d"]) == {0, 2}
    pages = [list_documents(small_corpus, Filters(), offset=o, limit=5)["doc_id"] for o in (0, 5, 10)]
    assert [doc_id for page in pages for doc_id in page] == list(table["doc_id"])
    assert len(list_documents(small_corpus, Filters(speakers=("赵龙",)))) == 1
    assert len(list_documents(small_corpus, Filters(), [])) == 0


def test_without_a_headline_the_first_words_are_the_label(tmp_path):
    corpus = open_corpus(make_build(tmp_path, {"documents": make_documents(["二月二十日，" * 20, "短文\n第二行"])}).path)
    assert label_document(corpus, 0) == ("二月二十日，" * 7)[:40] + "…"
    assert label_document(corpus, 1) == "短文 第二行"
    assert list_documents(corpus, Filters())["label"][1] == "短文 第二行"


def test_all_edits_of_the_sample_pages_stand_in_their_articles(tmp_path):
    """Every annotation of page 002 is a ruby above its own character (checked with pypinyin)."""
    pypinyin = pytest.importorskip("pypinyin")
    from data_prep.pipeline import build_corpus

    root = Path(__file__).resolve().parents[2]
    build_corpus([root / "seeds"], tmp_path)
    corpus = open_corpus(tmp_path)
    n_ruby = 0
    for doc_id in corpus.documents["doc_id"]:
        reading = read_document(corpus, doc_id)
        for edit in reading.repairs.itertuples():
            assert reading.raw[edit.raw_begin : edit.raw_end] == edit.before
            assert edit.begin == edit.end or len(edit.after) == edit.end - edit.begin
        for offset, pinyin in reading.ruby:
            known = {r for letter in (reading.original[offset], reading.text[offset])
                     for r in pypinyin.pinyin(letter, heteronym=True)[0]}  # fmt: skip
            n_ruby += 1
            assert pinyin in known, (reading.text[offset], pinyin)
    assert n_ruby > 100


def test_a_person_named_often_has_one_row_with_all_that_is_said():
    columns = ["person_id", "name", "kind", "offices", "role", "presence"]
    mentions = pd.DataFrame([
        ["b", "赵龙", "official", [], "", "mentioned"],
        ["a", "尹力", "official", [], "", "spoke"],
        ["a", "尹力", "official", ["福建省委书记"], "省委书记", "mentioned"],
        ["b", "赵龙", "official", ["福建省省长"], "省长", "chaired"],
        ["b", "赵龙", "official", [], "", "attended"],
    ], columns=columns)  # fmt: skip
    assert sum_up_people(mentions).values.tolist() == [
        ["b", "赵龙", "official", ["福建省省长"], "省长", "chaired"],
        ["a", "尹力", "official", ["福建省委书记"], "省委书记", "spoke"],
    ]
    assert sum_up_people(mentions.iloc[:0]).empty
