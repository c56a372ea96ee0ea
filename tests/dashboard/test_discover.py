"""Set phrases and numeral formulas: what is planted is found, what is not one is left out."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import open_corpus
from dashboard.filters import Filters
from dashboard.queries import discover
from dashboard.queries.discover import (
    COLUMNS,
    FORMULAS,
    find_formulas,
    find_set_phrases,
    read_expansion,
    read_numeral,
    tell_shape,
)
from dashboard.queries.ngrams import draw_documents, grow_ngrams, measure_runs, spell

from .conftest import make_build, make_documents, needs_shared

CASES = json.loads((Path(__file__).parents[1] / "cases" / "formulas.json").read_text(encoding="utf-8"))

PLANTED = ("应检尽检不漏一人", "闭环管理", "敲门行动", "白名单制度")
FILLER = "省市县乡村街道社区企业学校医院车站码头工地商场农户干部群众党员职工教师医生民警学生老人儿童妇女青年工人农民专家学者代表委员"
VERBS = "推进落实加强完善组织开展督促检查指导协调解决处理提高改进优化调整巩固扩大保障支持服务关心联系走访慰问宣传动员培训"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """80 documents of drawn characters; planted phrases in half of them, one within a longer one, one in the lexicon."""
    generator = np.random.default_rng(12)
    letters = np.array(list(FILLER + VERBS))
    texts = []
    for d in range(80):
        clauses = []
        for i in range(12):
            noise = ["".join(generator.choice(letters, size=int(generator.integers(2, 7)))) for _ in range(2)]
            planted = (*PLANTED, "动态清零")[int(generator.integers(5))] if (d + i) % 2 else ""
            clauses.append(noise[0] + planted + noise[1])
        texts.append("，".join(clauses) + "。")
    documents = make_documents(texts, release_id=lambda d: f"p{d - d % 2:06d}-1")
    hits = [
        {"doc_id": row["doc_id"], "phrase_id": "dt", "begin": i, "end": i + 4, "surface": "动态清零"}
        for row in documents
        for i in range(len(row["text"]))
        if row["text"].startswith("动态清零", i)
    ]
    phrases = [{"phrase_id": "dt", "phrase": "动态清零", "family": "dt", "variants": []}]
    build = make_build(
        tmp_path_factory.mktemp("discover"), {"documents": documents, "phrase_hits": hits, "phrases": phrases}
    )
    return open_corpus(build.path)


def test_planted_phrases_are_found_whole_and_first(corpus):
    table = find_set_phrases(corpus, Filters(), least=5, least_documents=4)
    assert list(table.columns) == COLUMNS
    assert set(table["phrase"][: len(PLANTED)]) == set(PLANTED)
    assert not {"应检尽检", "检尽检不漏", "环管理", "动态清零", "态清零"} & set(table["phrase"])
    assert table.attrs["sampled"] == (40, 40)  # each release once
    for row in table.head(4).itertuples():
        d = corpus.number(row.doc_id)
        assert corpus.text(d)[row.begin : row.begin + row.n_chars] == row.phrase


def test_what_the_lexicon_has_is_found_when_asked_for(corpus):
    assert "动态清零" in set(find_set_phrases(corpus, Filters(), least=5, with_lexicon=True)["phrase"])


def test_counts_and_measures_are_those_of_a_plain_loop(corpus):
    table = find_set_phrases(corpus, Filters(), least=5, least_documents=4).set_index("phrase")
    texts = [corpus.text(d) for d in range(0, corpus.n, 2)]
    total = sum(letter not in "，。" for text in texts for letter in text)
    for phrase in PLANTED:
        hits = sum(text.count(phrase) for text in texts)
        assert table.loc[phrase, "hits"] == hits
        assert table.loc[phrase, "n_documents"] == sum(phrase in text for text in texts)
        own = np.log2(hits / total)
        pmi = min(
            own - sum(np.log2(sum(text.count(part) for text in texts) / total) for part in (phrase[:cut], phrase[cut:]))
            for cut in range(1, len(phrase))
        )
        assert table.loc[phrase, "association"] == pytest.approx(pmi / -own, abs=1e-9)
        for side, step in (("freedom_left", -1), ("freedom_right", len(phrase))):
            beside: Counter[str] = Counter()
            for n, text in enumerate(texts):
                padded = f"，{text}，"
                at = padded.find(phrase)
                while at >= 0:
                    sign = padded[at + step]
                    beside[sign if sign not in "，。" else f"{n}/{at}"] += 1
                    at = padded.find(phrase, at + 1)
            entropy = -sum(k / hits * np.log2(k / hits) for k in beside.values())
            assert table.loc[phrase, side] == pytest.approx(entropy, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("甲乙丙，", min_size=1, max_size=12), min_size=1, max_size=8), st.integers(1, 4))
def test_ngrams_of_all_lengths_are_those_of_a_plain_loop(texts, least):
    chars = np.frombuffer("\0".join(texts).encode("utf-16-le"), dtype=np.uint16)
    joined = "\0".join(texts)
    for grams in grow_ngrams(chars, 5, least):
        n = grams.length
        plain = Counter(
            joined[i : i + n] for i in range(len(joined) - n + 1) if not set(joined[i : i + n]) & set("，\0")
        )
        expected = {gram: count for gram, count in plain.items() if count >= least}
        found = {spell(chars, int(first), n): int(count) for first, count in zip(grams.first, grams.n, strict=True)}
        assert found == expected
        for i, number in enumerate(grams.at):
            here = joined[i : i + n]
            assert (number >= 0) == (here in expected and len(here) == n)


def test_runs_end_at_signs():
    assert measure_runs(np.frombuffer("甲a1，乙".encode("utf-16-le"), dtype=np.uint16)).tolist() == [3, 2, 1, 0, 1]
    assert measure_runs(np.zeros(0, dtype=np.uint16)).tolist() == []


def test_a_large_selection_is_sampled_by_documents(corpus):
    docs = np.arange(corpus.n)
    sample = draw_documents(corpus, docs, 500, seed=1)
    assert 0 < len(sample.docs) < corpus.n and len(sample.chars) <= 501
    assert draw_documents(corpus, docs, 500, seed=1).docs.tolist() == sample.docs.tolist()
    assert draw_documents(corpus, docs, 500, seed=2).docs.tolist() != sample.docs.tolist()


def test_nothing_is_discovered_in_nothing(corpus, empty_corpus):
    assert list(find_set_phrases(empty_corpus, Filters()).columns) == COLUMNS
    assert list(find_formulas(empty_corpus, Filters()).columns) == FORMULAS
    assert len(find_set_phrases(corpus, Filters(provinces=("西藏",)))) == 0


# --- Formulas -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES["expansions"], ids=lambda case: case["label"])
def test_expansions(case):
    begin = case["text"].index(case["formula"], case.get("after", 0))
    numeral = read_numeral(case["formula"])
    found = read_expansion(case["text"], begin, begin + len(case["formula"]), numeral)
    assert list(found.parts if found else ()) == case["parts"], case["reason"]
    if found:
        words = case["text"][found.begin : found.end]
        assert all(part in words for part in found.parts)


@pytest.mark.parametrize("case", CASES["shapes"], ids=lambda case: case["formula"])
def test_shapes(case):
    assert tell_shape(case["formula"]) == case["shape"], case["reason"]


def test_formulas_of_a_build_lead_to_their_places(tmp_path):
    texts = [
        "要严格落实“早发现、早报告、早隔离、早治疗”的“四早”要求。坚持四早。三个月内完成。",
        "压实“四方责任”，做到“四早”。“十个不放松”就是思想不放松、组织不放松、排查不放松、检测不放松、隔离不放松、"
        "救治不放松、保障不放松、宣传不放松、督导不放松、作风不放松。",
        "落实“四应四尽”（应检尽检、应隔尽隔、应收尽收、应治尽治），“十四五”规划，压实“四方责任”，三个月。",
        "拥护“两个确立”、做到“两个维护”。第一批12个县。两个省。三个月。“三个月”。",
    ]
    phrases = [{"phrase_id": "sizao", "phrase": "四早", "family": "sizao", "variants": []}]
    corpus = open_corpus(make_build(tmp_path, {"documents": make_documents(texts), "phrases": phrases}).path)
    table = find_formulas(corpus, Filters(), least=1).set_index("formula")
    assert table.loc["四早", "items"] == ["早发现", "早报告", "早隔离", "早治疗"]
    assert table.loc["四早", "hits"] == 3 and table.loc["四早", "in_lexicon"] == "sizao"
    assert table.loc["四应四尽", "items"] == ["应检尽检", "应隔尽隔", "应收尽收", "应治尽治"]
    assert len(table.loc["十个不放松", "items"]) == 10 and table.loc["十个不放松", "numeral"] == 10
    assert table.loc["四方责任", "n_documents"] == 2 and table.loc["四方责任", "items"] == []
    assert {"两个确立", "两个维护"} <= set(table.index)
    assert not {"十四五", "三个月", "两个省"} & set(table.index)
    for formula, row in table.iterrows():
        text = corpus.text(corpus.number(row["doc_id"]))
        assert text[row["begin"] : row["end"]] == formula
        if row["items"]:
            assert text[row["expansion_begin"] : row["expansion_end"]] == row["expansion"]


@needs_shared
def test_the_lexicon_would_be_found_again_in_real_text(real_corpus):
    """Hiding nothing from the method but the lexicon: of its phrases with 20 hits or more, most are found."""
    table = find_set_phrases(real_corpus, Filters(), with_lexicon=True, limit=None)
    sample = draw_documents(real_corpus, discover._list_releases(real_corpus, Filters()), discover.SAMPLE_CHARS, 0)
    text = sample.chars.tobytes().decode("utf-16-le", "replace")
    wanted = [
        phrase
        for phrase in real_corpus.phrases["phrase"]
        if 4 <= len(phrase) <= 12 and text.count(phrase) >= 20 and all("\u4e00" <= c <= "\u9fff" for c in phrase)
    ]
    found = set(table["phrase"])
    held = sum(phrase in found for phrase in wanted)
    assert len(wanted) >= 80
    assert held / len(wanted) >= 0.85, sorted(set(wanted) - found)[:40]
