"""Counts of selections and their comparison, against plain loops over the same tables."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import open_corpus
from dashboard.filters import Filters
from dashboard.queries import keyness, terms
from dashboard.queries.keyness import COLUMNS, compare_selections
from dashboard.queries.measures import adjust_holm, chance_of, conservative_log_ratio, log_likelihood
from dashboard.queries.scope import open_scope
from data_prep.tokens import count_terms

from .conftest import make_build, make_documents

PROVINCES = ("福建", "山西", "江苏", "四川")
WORDS = ("疫情", "防控", "动态清零", "经济", "社会", "发展", "坚持", "落实", "措施", "群众", "企业", "就业")
PHRASES = [("p1", "动态清零"), ("p2", "疫情防控"), ("p3", "经济社会发展")]
selections = st.builds(
    Filters,
    provinces=st.sampled_from([(), ("福建",), ("福建", "山西"), ("江苏", "四川"), ("山西", "江苏", "四川")]),
    date_from=st.sampled_from([None, date(2022, 2, 1)]),
    date_to=st.sampled_from([None, date(2022, 3, 15)]),
    unit=st.sampled_from(["releases", "copies"]),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """90 documents of 20 to 60 drawn words, every sixth a copy of the one before it with some words more."""
    generator = np.random.default_rng(4)
    weights = {p: generator.dirichlet(np.full(len(WORDS), 0.6)) for p in PROVINCES}
    texts, rows = [], []
    for d in range(90):
        province = PROVINCES[d % 4]
        words = generator.choice(WORDS, size=int(generator.integers(20, 60)), p=weights[province])
        text = "，".join("".join(words[i : i + 4]) for i in range(0, len(words), 4)) + "。"
        if d % 6 == 5:
            text = texts[-1] + text[:20]
        texts.append(text)
        rows.append((province, date(2022, 1, 1) + timedelta(days=int(generator.integers(0, 120)))))
    documents = make_documents(
        texts,
        province=lambda d: rows[d][0],
        event_date=lambda d: rows[d][1] if d % 11 else None,
        release_id=lambda d: f"p{d - 1 if d % 6 == 5 else d:06d}-1",
    )
    counts = [
        {"doc_id": row["doc_id"], "term": term, "n": n}
        for row in documents
        for term, n in count_terms(row["text"]).items()
    ]
    hits = [
        {"doc_id": row["doc_id"], "phrase_id": p, "begin": i, "end": i + len(phrase), "surface": phrase}
        for row in documents
        for p, phrase in PHRASES
        for i in range(len(row["text"]))
        if row["text"].startswith(phrase, i)
    ]
    speech = [
        {"doc_id": row["doc_id"], "speaker": ("王某", "会议")[i % 2], "kind": ("leader", "meeting")[i % 2], "verb": "",
         "begin": begin, "end": min(begin + 30, len(row["text"]))}
        for row in documents
        for i, begin in enumerate(range(0, len(row["text"]), 30))
    ]  # fmt: skip
    phrases = [{"phrase_id": p, "phrase": phrase, "family": p, "variants": []} for p, phrase in PHRASES]
    build = make_build(
        tmp_path_factory.mktemp("keyness"),
        {"documents": documents, "term_counts": counts, "phrase_hits": hits, "phrases": phrases, "speech": speech},
    )
    return open_corpus(build.path)


def _documents(corpus, filters):
    """Numbers of the documents that count, told in the plainest way."""
    taken, docs = set(), []
    for d, row in corpus.documents.iterrows():
        inside = not filters.provinces or row["province"] in filters.provinces
        if filters.date_from or filters.date_to:
            day = row["event_date"]
            inside &= not pd.isna(day)
            inside &= not filters.date_from or (not pd.isna(day) and day.date() >= filters.date_from)
            inside &= not filters.date_to or (not pd.isna(day) and day.date() <= filters.date_to)
        if not inside or (filters.unit == "releases" and row["release_id"] in taken):
            continue
        taken.add(row["release_id"])
        docs.append(d)
    return docs


def _count(corpus, docs):
    return sum((Counter(count_terms(corpus.text(d))) for d in docs), Counter())


@settings(max_examples=60, deadline=None)
@given(selections, selections)
def test_counts_of_both_selections_are_those_of_a_plain_loop(corpus, target, reference):
    table = compare_selections(corpus, target, reference, least=1, limit=None)
    docs_a, docs_b = _documents(corpus, target), _documents(corpus, reference)
    a, b = _count(corpus, docs_a), _count(corpus, docs_b)
    assert table.attrs["size_target"] == a.total() and table.attrs["size_reference"] == b.total()
    if not a or not b:
        assert len(table) == 0
        return
    assert dict(zip(table["item"], table["n_target"], strict=True)) == {t: a[t] for t in a | b}
    assert dict(zip(table["item"], table["n_reference"], strict=True)) == {t: b[t] for t in a | b}
    for item, n_a, n_b in zip(table["item"], table["docs_target"], table["docs_reference"], strict=True):
        assert n_a == sum(item in count_terms(corpus.text(d)) for d in docs_a)
        assert n_b == sum(item in count_terms(corpus.text(d)) for d in docs_b)


@pytest.mark.parametrize("few", [0.0, 0.02, 0.1, 1.0])
def test_every_way_to_count_gives_the_same(corpus, monkeypatch, few):
    """Picking documents, weighing all of them, and reading one selection off the rest of the other."""
    monkeypatch.setattr(terms, "FEW", few)
    target, reference = Filters(provinces=("福建", "山西")), Filters(provinces=("江苏", "四川"))
    counted = terms.count_terms_in(open_scope(corpus, target), open_scope(corpus, reference))
    for filters, found in zip((target, reference), counted, strict=True):
        expected = _count(corpus, _documents(corpus, filters))
        names = corpus.vocabulary.column("term").to_pylist()
        assert {names[i]: n for i, n in enumerate(found.n) if n} == dict(expected)


def test_measures_of_a_row_are_those_of_the_formulas(corpus):
    table = compare_selections(corpus, Filters(provinces=("福建",)), Filters(provinces=("山西",)), least=1, limit=None)
    size_a, size_b = table.attrs["size_target"], table.attrs["size_reference"]
    assert list(table.columns) == COLUMNS
    likelihood = log_likelihood(table["n_target"], table["n_reference"], size_a, size_b)
    assert table["log_likelihood"].to_numpy() == pytest.approx(likelihood, abs=1e-9)
    assert table["p_holm"].to_numpy() == pytest.approx(adjust_holm(chance_of(likelihood)), abs=1e-12)
    expected = conservative_log_ratio(
        table["n_target"], table["n_reference"], size_a, size_b, alpha=0.001, tests=len(table)
    )
    assert table["conservative_log_ratio"].to_numpy() == pytest.approx(expected, abs=1e-9)
    assert list(table["log_likelihood"]) == sorted(table["log_likelihood"], reverse=True)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=40),
    st.integers(1000, 10**6), st.integers(1000, 10**6), st.sampled_from([0.05, 0.001]),
)  # fmt: skip
def test_short_cut_of_the_conservative_log_ratio_changes_nothing(pairs, size_a, size_b, alpha):
    a, b = np.array(pairs).T
    seen = a + b > 0
    a, b = a[seen], b[seen]
    found = keyness._conservative(a, b, size_a, size_b, alpha, max(len(a), 1))
    expected = conservative_log_ratio(a, b, size_a, size_b, alpha=alpha, tests=max(len(a), 1))
    assert found == pytest.approx(expected, abs=1e-9)


def test_the_rest_of_the_corpus_is_the_reference_where_none_is_named(corpus):
    target = Filters(provinces=("福建",))
    found = compare_selections(corpus, target, least=1, limit=None)
    inside = set(corpus.documents["release_id"][corpus.documents["province"] == "福建"])
    rest = [d for d in _documents(corpus, Filters()) if corpus.documents["release_id"][d] not in inside]
    assert found.attrs["size_reference"] == _count(corpus, rest).total()


def test_directions_part_the_table(corpus):
    target, reference = Filters(provinces=("福建",)), Filters(provinces=("山西",))
    both = compare_selections(corpus, target, reference, least=1, limit=None)
    more = compare_selections(corpus, target, reference, least=1, limit=None, direction="target")
    less = compare_selections(corpus, target, reference, least=1, limit=None, direction="reference")
    assert set(both["item"]) == set(more["item"]) | set(less["item"])
    assert (more["log_ratio"] >= 0).all() and (less["log_ratio"] <= 0).all()
    turned = compare_selections(corpus, reference, target, least=1, limit=None)
    ratios = both.set_index("item")["log_ratio"], turned.set_index("item")["log_ratio"]
    assert ratios[0].sort_index().to_numpy() == pytest.approx(-ratios[1].sort_index().to_numpy(), abs=1e-9)


@pytest.mark.parametrize("unit", ["releases", "copies"])
def test_phrases_are_counted_on_characters(corpus, unit):
    target, reference = Filters(provinces=("福建",), unit=unit), Filters(provinces=("山西", "江苏"), unit=unit)
    table = compare_selections(corpus, target, reference, items="phrases", least=1, limit=None).set_index("item")
    for filters, hits, docs, size in ((target, "n_target", "docs_target", "size_target"),
                                      (reference, "n_reference", "docs_reference", "size_reference")):  # fmt: skip
        chosen = _documents(corpus, filters)
        assert compare_selections(corpus, target, reference, items="phrases").attrs[size] == sum(
            corpus.documents["n_chars"][d] for d in chosen
        )
        for _, phrase in PHRASES:
            n, n_docs, seen = 0, 0, set()
            for d in _documents(corpus, Filters(provinces=filters.provinces, unit="copies")):
                release = corpus.documents["release_id"][d]
                count = corpus.text(d).count(phrase)
                if count and not (unit == "releases" and release in seen):
                    seen.add(release)
                    n, n_docs = n + count, n_docs + 1
            if phrase in table.index:
                assert (table.loc[phrase, hits], table.loc[phrase, docs]) == (n, n_docs)


def test_speakers_are_compared_on_what_they_voice(corpus):
    leader, meeting = Filters(speakers=("leader",), unit="copies"), Filters(speakers=("meeting",), unit="copies")
    table = compare_selections(corpus, leader, meeting, least=1, limit=None).set_index("item")
    for kind, column in (("leader", "n_target"), ("meeting", "n_reference")):
        expected: Counter[str] = Counter()
        for row in corpus.speech[corpus.speech["kind"] == kind].itertuples():
            expected.update(count_terms(corpus.text(corpus.number(row.doc_id), row.begin, row.end)))
        known = set(corpus.vocabulary.column("term").to_pylist())
        assert {t: n for t, n in table[column].items() if n} == {t: n for t, n in expected.items() if t in known}


@pytest.mark.parametrize("length", [2, 4, 7])
def test_ngrams_are_those_of_a_plain_loop(corpus, length):
    target, reference = Filters(provinces=("福建",)), Filters(provinces=("山西",))
    table = compare_selections(corpus, target, reference, items="ngrams", length=length, least=3, limit=None)
    expected = []
    for filters in (target, reference):
        runs = [run for d in _documents(corpus, filters) for run in corpus.text(d).replace("，", "。").split("。")]
        expected.append(Counter(run[i : i + length] for run in runs for i in range(len(run) - length + 1)))
    a, b = expected
    assert table.attrs["size_target"] == a.total() and table.attrs["size_reference"] == b.total()
    frequent = {gram for gram in a | b if a[gram] + b[gram] >= 3}
    assert dict(zip(table["item"], table["n_target"], strict=True)) == {gram: a[gram] for gram in frequent}
    assert dict(zip(table["item"], table["n_reference"], strict=True)) == {gram: b[gram] for gram in frequent}
    assert table.attrs["sampled"]["target"][0] == table.attrs["sampled"]["target"][1]


def test_a_large_selection_is_sampled_by_documents_and_says_so(corpus, monkeypatch):
    monkeypatch.setattr(keyness, "SAMPLE_CHARS", 1000)
    target, reference = Filters(provinces=("福建",)), Filters(provinces=("山西",))
    first = compare_selections(corpus, target, reference, items="ngrams", seed=3)
    again = compare_selections(corpus, target, reference, items="ngrams", seed=3)
    drawn, of = first.attrs["sampled"]["target"]
    assert 0 < drawn < of
    pd.testing.assert_frame_equal(first, again)


def test_nothing_to_compare_and_unknown_choices(corpus, empty_corpus):
    nowhere = Filters(provinces=("西藏",))
    for items in ("terms", "phrases", "ngrams"):
        assert len(compare_selections(corpus, nowhere, Filters(provinces=("福建",)), items=items)) == 0
        assert len(compare_selections(empty_corpus, Filters(), items=items)) == 0
    for wrong in ({"items": "lemmas"}, {"sort": "beauty"}, {"direction": "up"}):
        with pytest.raises(ValueError, match="choose one of"):
            compare_selections(corpus, Filters(), **wrong)
    with pytest.raises(ValueError, match="2 to 12"):
        compare_selections(corpus, Filters(), items="ngrams", length=13)


def test_too_much_speech_is_refused_with_a_sentence(corpus, monkeypatch):
    monkeypatch.setattr(terms, "VOICED_CHARS", 10)
    with pytest.raises(ValueError, match="choose fewer speakers"):
        compare_selections(corpus, Filters(speakers=("leader",)), Filters(speakers=("meeting",)))
