"""Two documents side by side: only true differences, nothing lost, nothing frozen."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.queries.align import COLUMNS, LONGEST, Row, align_documents, align_texts, mark_differences
from data_prep.articles import split_articles
from data_prep.decode import decode_page
from data_prep.repair import repair_text
from data_prep.script import fold_script

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "align.json").read_text(encoding="utf-8"))

# Pieces of real sentences, so that drawn texts share much and differ anywhere.
CLAUSES = (
    "要坚持动态清零总方针", "严格落实四早要求", "压实四方责任", "省长赵龙主持会议", "科学有序开展工作",
    "奔著问题去", "確保", "GDP 增长5%", "不漏一人", "（村、社区）", "29日", "",
)  # fmt: skip
texts = st.lists(
    st.tuples(st.sampled_from(CLAUSES), st.sampled_from(["，", "。", "；", "\n", " ", "", "！”", "、"])), max_size=14
).map(lambda parts: "".join(clause + sign for clause, sign in parts))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_only_true_differences_are_marked(case):
    a, b = case["a"], case["b"]
    rows = align_texts(a, b)
    assert [a[x:y] for row in rows for x, y in row.marks_a] == case["marks_a"], case["reason"]
    assert [b[x:y] for row in rows for x, y in row.marks_b] == case["marks_b"], case["reason"]
    assert all(row.kind in ("same", "differs") for row in rows)


@settings(max_examples=300, deadline=None)
@given(texts, texts, st.integers(0, 20), st.integers(0, 20))
def test_rows_tile_both_texts_and_turn_round(a, b, head_a, head_b):
    head_a, head_b = min(head_a, len(a)), min(head_b, len(b))
    rows = align_texts(a, b, head_a, head_b)
    assert _tile(a, [row.a for row in rows if row.a])
    assert _tile(b, [row.b for row in rows if row.b])
    for row in rows:
        _check_row(row)
    turned = align_texts(b, a, head_b, head_a)
    assert sorted(map(_plain, rows)) == sorted(_plain(_turned(row)) for row in turned)


@settings(max_examples=150, deadline=None)
@given(texts)
def test_a_text_is_the_same_as_itself(text):
    assert all(row.kind == "same" and row.a == row.b for row in align_texts(text, text))


@settings(max_examples=200, deadline=None)
@given(st.text("要坚持动态清零工作四早,、。 ab", max_size=30), st.text("要坚持动态清零工作四早,、。 ab", max_size=30))
def test_what_is_not_marked_is_equal(a, b):
    edits = mark_differences(a, b)
    rest_a, rest_b = _without(a, [x for x, _ in edits]), _without(b, [y for _, y in edits])
    assert rest_a == rest_b
    assert all(x[0] < x[1] or y[0] < y[1] for x, y in edits)


def test_a_moved_paragraph_is_aligned_and_not_shown_twice():
    first = "会议强调,要坚持人民至上、生命至上,落实各项措施。\n"
    second = "赵龙在泉州检查重点区域疫情防控工作,要求科学安排、堵塞漏洞。\n"
    third = "检查中,赵龙代表省委、省政府向志愿者致以崇高敬意和亲切问候。\n"
    rows = align_texts(first + second + third, third + first + second)
    assert [row.kind for row in rows] == ["same"] * 3
    assert [row.moved for row in rows].count(True) == 1


def test_texts_of_very_different_length():
    long = "".join(f"第{n}条要求各地落实责任、细化措施第{n}项。" for n in range(300))
    short = "第7条要求各地落实责任、细化措施第7项。"
    rows = align_texts(short, long)
    assert rows[[row.a is not None for row in rows].index(True)].kind == "same"
    assert sum(row.kind == "only_b" for row in rows) == 299


def test_nothing_against_something_and_nothing_against_nothing():
    assert align_texts("", "") == []
    assert [row.kind for row in align_texts("", "动态清零。")] == ["only_b"]
    assert align_texts("", "动态清零。\n")[0].marks_b == ((0, 5),)


@pytest.mark.parametrize("kind", ["repetitive", "without a sign", "reshuffled", "unlike"])
def test_a_hundred_thousand_characters_do_not_freeze(kind):
    """The work is bounded, whatever the text: without the bounds these would take hours, and memory without end."""
    generator = np.random.default_rng(1)
    letters = "".join(chr(code) for code in generator.integers(0x4E00, 0x9000, 100_000))
    others = "".join(chr(code) for code in generator.integers(0x4E00, 0x9000, 100_000))
    cut = [letters[i : i + 40] + "。" for i in range(0, 100_000, 40)]
    shuffled = [cut[i] for i in generator.permutation(len(cut))]
    a, b = {
        "repetitive": ("会议强调,要坚持动态清零。" * 7700, "会议强调,要坚持动态清零。" * 7600),
        "without a sign": (letters, letters[:50_000] + "动态清零" + letters[50_000:]),
        "reshuffled": ("".join(cut), "".join(shuffled)),
        "unlike": (letters, others),
    }[kind]
    rows = align_texts(a, b)
    same = sum(row.a[1] - row.a[0] for row in rows if row.kind == "same" and row.a)
    assert max((row.a[1] - row.a[0] for row in rows if row.a), default=0) <= 4 * LONGEST
    if kind == "without a sign":
        assert same > 99_000  # an insertion in the middle moves no cut elsewhere
    if kind == "reshuffled":
        assert same == len(a)
    if kind == "repetitive":
        assert same == len("会议强调,要坚持动态清零。" * 7600)
    if kind == "unlike":
        assert same == 0


def test_the_two_copies_of_one_release_among_the_sample_pages():
    """Pages 000 and 002 print one report of 29 March 2022: what differs, word by word, was read by hand."""
    a, b = _read_article("000_", "赵龙在泉州"), _read_article("002_", "赵龙赴泉州")
    rows = align_texts(a.text, b.text, a.body_begin, b.body_begin)
    found = [
        (row.kind, [a.text[x:y] for x, y in row.marks_a], [b.text[x:y] for x, y in row.marks_b])
        for row in rows
        if row.kind != "same"
    ]
    assert found == [
        ("differs", ["在", "时强调"], ["赴"]),
        ("differs", [], ["东南网3月30日讯(福建日报记者 林宇熙)"]),
        ("differs", ["工作"], []),
        ("differs", ["关于疫情防控工作"], ["重要讲话", "批示"]),
        ("differs", [], ["工作"]),
        ("only_b", [], ["省领导刘建洋、李德金参加。"]),
    ]
    assert [row.moved for row in rows if row.moved] == [True]  # the headline line that stands last in 002


def test_documents_of_a_build_are_aligned_with_offsets_into_their_texts(small_corpus):
    table = align_documents(small_corpus, "pa-1", "pb-1")
    assert list(table.columns) == COLUMNS
    text_a, text_b = (small_corpus.text(small_corpus.number(d)) for d in ("pa-1", "pb-1"))
    assert set(table["kind"]) <= {"same", "differs", "only_a", "only_b"}
    for row in table.itertuples():
        if row.kind != "only_b":
            assert text_a[row.begin_a : row.end_a] == row.text_a
        if row.kind != "only_a":
            assert text_b[row.begin_b : row.end_b] == row.text_b
    assert "".join(text_b[x:y] for marks in table["marks_b"] for x, y in marks).count("不动摇") == 1
    with pytest.raises(KeyError, match="no document"):
        align_documents(small_corpus, "pa-1", "nowhere")


# --- Parts --------------------------------------------------------------------------------


def _read_article(page: str, words: str):
    path = next((ROOT / "seeds").glob(f"{page}*"))
    repaired = repair_text(decode_page(path.read_bytes()).text).text
    articles, _ = split_articles(fold_script(repaired), repaired, {})
    return next(article for article in articles if words in article.text[: article.body_begin])


def _tile(text: str, spans: list[tuple[int, int]]) -> bool:
    spans = sorted(spans)
    edges = [0, *(end for _, end in spans)]
    return all(begin == edge for edge, (begin, _) in zip(edges, spans, strict=False)) and edges[-1] == len(text)


def _check_row(row: Row) -> None:
    assert (row.a is None) == (row.kind == "only_b") and (row.b is None) == (row.kind == "only_a")
    assert row.kind != "same" or not (row.marks_a or row.marks_b)
    assert row.kind != "differs" or row.marks_a or row.marks_b
    for span, marks in ((row.a, row.marks_a), (row.b, row.marks_b)):
        assert not marks or span
        edges = [edge for mark in marks for edge in mark]
        assert edges == sorted(edges) and all(span and span[0] <= edge <= span[1] for edge in edges)


def _plain(row: Row) -> tuple:
    return (row.kind, row.moved, row.a or (-1, -1), row.b or (-1, -1), row.marks_a, row.marks_b)


def _turned(row: Row) -> Row:
    kind = {"only_a": "only_b", "only_b": "only_a"}.get(row.kind, row.kind)
    return Row(kind, row.b, row.a, row.marks_b, row.marks_a, row.moved)


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    return "".join(letter for i, letter in enumerate(text) if not any(x <= i < y for x, y in spans))
