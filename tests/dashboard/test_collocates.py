"""Windows around hits, against a loop that walks the text hit by hit."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from dashboard.corpus import open_corpus
from dashboard.filters import Filters
from dashboard.queries import collocates
from dashboard.queries.collocates import (
    COLUMNS,
    COMPARED,
    EDGES,
    compare_collocates,
    list_collocates,
    network,
    read_windows,
)
from dashboard.queries.measures import log_dice, log_likelihood_table, mi, mi3, t_score
from dashboard.queries.scope import open_scope
from data_prep.tokens import count_terms, cut_tokens

from .conftest import make_build, make_documents

NODE = "防控"
WORDS = ("疫情", "经济", "社会", "坚持", "落实", "措施", "群众", "就业", "防控", "，", "，", "。")
# Neighbours whose reading does not depend on what else stands in the line.
WINDOWS = [(5, 5), (1, 0), (0, 2), (3, 1), (2, 2), "sentence"]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """40 documents of a few short lines each, so that a window never reaches further than it may look."""
    generator = np.random.default_rng(8)
    texts = []
    for _ in range(40):
        lines = ["".join(generator.choice(WORDS, size=int(generator.integers(3, 9)))) for _ in range(4)]
        texts.append("\n".join(lines))
    documents = make_documents(
        texts, province=lambda d: ("福建", "山西")[d % 2], release_id=lambda d: f"p{d - d % 4 % 3 // 2:06d}-1"
    )
    counts = [
        {"doc_id": row["doc_id"], "term": term, "n": n}
        for row in documents
        for term, n in count_terms(row["text"]).items()
    ]
    build = make_build(tmp_path_factory.mktemp("collocates"), {"documents": documents, "term_counts": counts})
    return open_corpus(build.path)


def _walk(text, window):
    """(terms in windows, left, right) of one text: each gap between nodes by itself, a term once."""
    near, left, right = Counter(), Counter(), Counter()
    n_left, n_right = window if isinstance(window, tuple) else (10**6, 10**6)
    for stretch in re.split("[\n]" if isinstance(window, tuple) else "[\n。]", text):
        gaps = stretch.split(NODE)
        for i, gap in enumerate(gaps):
            terms = [token for token in cut_tokens(gap) if re.search(r"\w", token)]
            behind = set(range(min(n_right, len(terms)))) if i > 0 else set()
            before = set(range(len(terms)))
            before = {x for x in before if x >= len(terms) - n_left} if i < len(gaps) - 1 else set()
            near.update(terms[x] for x in behind | before)
            right.update(terms[x] for x in behind)
            left.update(terms[x] for x in before)
    return near, left, right


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize("filters", [Filters(unit="copies"), Filters(provinces=("福建",), unit="copies")], ids=str)
def test_windows_are_those_of_a_walk_through_the_text(corpus, filters, window):
    found = read_windows(open_scope(corpus, filters), NODE, window, most_hits=None)
    expected = [Counter(), Counter(), Counter()]
    docs = np.flatnonzero(filters.select(corpus))
    for d in docs:
        for total, part in zip(expected, _walk(corpus.text(int(d)), window), strict=True):
            total.update(part)
    assert [found.terms, found.left, found.right] == expected
    assert found.n_hits == found.n_used == sum(corpus.text(int(d)).count(NODE) for d in docs)


@pytest.mark.parametrize("window", [(5, 5), "sentence"], ids=str)
def test_table_adds_up_and_follows_the_formulas(corpus, window):
    filters = Filters(unit="copies")
    table = list_collocates(corpus, filters, NODE, window=window, least=1, limit=None, sort="o11", most_hits=None)
    windows = read_windows(open_scope(corpus, filters), NODE, window, most_hits=None)
    assert list(table.columns) == COLUMNS
    assert dict(zip(table["term"], table["o11"], strict=True)) == windows.terms
    assert table.attrs["r1"] == windows.size
    totals = Counter()
    for d in range(corpus.n):
        totals.update(count_terms(corpus.text(d)))
    assert table.attrs["n"] == totals.total()
    assert (table["c1"] >= table["o11"]).all()
    assert all(c1 == max(totals[term], o11) for term, c1, o11 in zip(table["term"], table["c1"], table["o11"], strict=True))
    o11, c1, r1, n = table["o11"], table["c1"], table.attrs["r1"], table.attrs["n"]
    assert table["mi"].to_numpy() == pytest.approx(np.asarray(mi(o11, r1, c1, n)), abs=1e-9)
    assert table["mi3"].to_numpy() == pytest.approx(np.asarray(mi3(o11, r1, c1, n)), abs=1e-9)
    assert table["t_score"].to_numpy() == pytest.approx(np.asarray(t_score(o11, r1, c1, n)), abs=1e-9)
    assert table["log_dice"].to_numpy() == pytest.approx(np.asarray(log_dice(o11, windows.n_hits, c1)), abs=1e-9)
    unsigned = np.abs(table["log_likelihood"].to_numpy())
    assert unsigned == pytest.approx(np.asarray(log_likelihood_table(o11, r1, c1, n)), abs=1e-9)
    assert ((table["log_likelihood"] < 0) == ((o11 * n < r1 * c1) & (unsigned > 0))).all()


def test_a_release_counts_once(corpus):
    once = list_collocates(corpus, Filters(), NODE, least=1, limit=None).attrs
    copies = list_collocates(corpus, Filters(unit="copies"), NODE, least=1, limit=None).attrs
    assert once["n_hits"] < copies["n_hits"] and once["n"] < copies["n"]


def test_blocks_of_hits_add_up(corpus, monkeypatch):
    whole = read_windows(open_scope(corpus, Filters()), NODE, (3, 3), most_hits=None, by_hit=True)
    monkeypatch.setattr(collocates, "BLOCK", 3)
    parts = read_windows(open_scope(corpus, Filters()), NODE, (3, 3), most_hits=None, by_hit=True)
    assert parts == whole


def test_a_sample_says_so_and_is_the_same_for_the_same_seed(corpus):
    filters = Filters(unit="copies")
    first = list_collocates(corpus, filters, NODE, most_hits=20, seed=1, least=1)
    again = list_collocates(corpus, filters, NODE, most_hits=20, seed=1, least=1)
    other = list_collocates(corpus, filters, NODE, most_hits=20, seed=2, least=1)
    pd.testing.assert_frame_equal(first, again)
    assert first.attrs["n_used"] == 20 < first.attrs["n_hits"]
    assert not first.equals(other)


def test_overlapping_alternatives_are_one_node(corpus):
    windows = read_windows(open_scope(corpus, Filters(unit="copies")), "防控 OR 情防 OR 疫情防控", (2, 2), most_hits=None)
    assert not {"防控", "疫情防控"} & set(windows.terms)


def test_a_half_word_at_the_edge_of_the_window_is_no_term(tmp_path):
    text = "中华人民共和国" * 30 + "动态清零" + "社会主义市场经济" * 30
    documents = make_documents([text])
    counts = [{"doc_id": documents[0]["doc_id"], "term": t, "n": n} for t, n in count_terms(text).items()]
    corpus = open_corpus(make_build(tmp_path, {"documents": documents, "term_counts": counts}).path)
    windows = read_windows(open_scope(corpus, Filters()), '"动态清零"', (2, 2))
    assert set(windows.terms) <= set(count_terms(text))


def test_a_carriage_return_hides_no_bar(tmp_path):
    documents = make_documents(["坚持动态清零\r\n落实动态清零\r措施"])
    counts = [{"doc_id": documents[0]["doc_id"], "term": t, "n": 1} for t in ("坚持", "落实", "措施")]
    corpus = open_corpus(make_build(tmp_path, {"documents": documents, "term_counts": counts}).path)
    windows = read_windows(open_scope(corpus, Filters()), '"动态清零"')
    assert windows.terms == {"坚持": 1, "落实": 1, "措施": 1}


def test_difference_between_two_selections(corpus):
    a, b = Filters(provinces=("福建",), unit="copies"), Filters(provinces=("山西",), unit="copies")
    table = compare_collocates(corpus, a, b, NODE, least=1, limit=None, most_hits=None)
    assert list(table.columns) == COMPARED
    sides = [read_windows(open_scope(corpus, filters), NODE, most_hits=None) for filters in (a, b)]
    assert dict(zip(table["term"], table["o11_a"], strict=True)) == {t: sides[0].terms[t] for t in table["term"]}
    assert table["o11_b"].sum() == sides[1].size == table.attrs["r1_b"]
    turned = compare_collocates(corpus, b, a, NODE, least=1, limit=None, most_hits=None).set_index("term")
    table = table.set_index("term")
    assert table["log_ratio"].sort_index().to_numpy() == pytest.approx(-turned["log_ratio"].sort_index().to_numpy())
    assert table["log_likelihood"].sort_index().to_numpy() == pytest.approx(
        turned["log_likelihood"].sort_index().to_numpy()
    )


def test_network_counts_windows_that_hold_both(corpus):
    nodes, edges = network(corpus, Filters(unit="copies"), NODE, window=(3, 3), least=2, most_hits=None)
    assert list(edges.columns) == EDGES and len(edges)
    windows = read_windows(open_scope(corpus, Filters(unit="copies")), NODE, (3, 3), most_hits=None, by_hit=True)
    for edge in edges.itertuples():
        assert edge.n_windows == sum({edge.term_a, edge.term_b} <= terms for terms in windows.by_hit)
        assert {edge.term_a, edge.term_b} <= set(nodes["term"])


def test_unknown_choices_and_no_hits(corpus):
    assert len(list_collocates(corpus, Filters(), "不见于此")) == 0
    assert len(compare_collocates(corpus, Filters(), Filters(), "不见于此")) == 0
    nodes, edges = network(corpus, Filters(), "不见于此")
    assert len(nodes) == len(edges) == 0
    for window in ((0, 0), (30, 1), (-1, 4), "line"):
        with pytest.raises(ValueError, match="a window is"):
            list_collocates(corpus, Filters(), NODE, window=window)
    with pytest.raises(ValueError, match="choose one of"):
        list_collocates(corpus, Filters(), NODE, sort="beauty")
