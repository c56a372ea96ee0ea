"""Expressions answered without RE2 find what RE2 finds; the oracle is RE2 itself, reading every line."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dashboard.corpus import Corpus, open_corpus
from dashboard.filters import Filters
from dashboard.queries import blocks, literals, patterns, shape_matches
from dashboard.queries.expression import read_expression
from dashboard.queries.patterns import QueryError, compile_pattern, match_by_engine, match_lines
from dashboard.queries.search import find_passages
from dashboard.queries.shape_matches import ShapeFinder
from dashboard.queries.shapes import read_shape
from tests.dashboard.conftest import make_build, make_documents

#: Few characters, so that everything overlaps; 乎 and 丁Ŏ are alike in bytes, 𠮷 stands as U+FFFD in the search file.
LETTERS = "ab乎丁Ŏ"
TEXT = LETTERS + "abab\n𠮷c"


@pytest.fixture(scope="module")
def dense_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """400 short texts, empty ones, empty lines and lines that end in the middle of everything among them."""
    draw = random.Random(7)
    texts = ["".join(draw.choice(TEXT) for _ in range(draw.randrange(0, 30))) for _ in range(400)]
    texts += ["ab" * 300, "aaaab" * 100, "b" * 500, "\n\n", ""]
    return open_corpus(make_build(tmp_path_factory.mktemp("dense"), {"documents": make_documents(texts)}).path)


literal = st.text(alphabet=LETTERS, min_size=1, max_size=3)
times = st.sampled_from(["", "", "", "?", "??", "{2}", "{3}", "{1,2}", "{0,2}?", "{2,3}?"])
choice = st.lists(literal, min_size=1, max_size=3).map("|".join)
atom = st.one_of(
    st.sampled_from(LETTERS),
    st.sampled_from(["[ab]", "[a-c]", "[乎丁]", "[丁-乎]", "[Ŏb]", "\ufffd", "(a|ab)", "(ab|a)", "(?:b|)", "(|a)", "(a|b){2}"]),
    choice.map("({})".format),
)
items = st.lists(st.tuples(atom, times).map("".join), min_size=1, max_size=3).map("".join)
gap = st.sampled_from([".", "..", ".?", ".*", ".*?", ".+", ".{0,2}", ".{0,3}?", ".{1,4}", ".{2}", ".{3,}", "(.{0,2})", ".{0}", ".??."])
expressions = st.one_of(
    items, choice, st.tuples(items, gap, items).map("".join), st.tuples(choice.map("({})".format), gap, choice.map("({})".format)).map("".join),
    st.tuples(items, gap).map("".join), st.tuples(st.sampled_from([*LETTERS, "[ab]", "[a-丁]"]), st.sampled_from(["{2}", "{4}", "{7}", "{16}"])).map("".join),
)  # fmt: skip


@given(expressions, st.booleans(), st.booleans(), st.booleans(), st.sampled_from([5, 64, 1 << 18]), st.integers(0, 3))
@settings(max_examples=300, deadline=None)
def test_shapes_find_what_the_engine_finds(
    dense_corpus: Corpus, pattern: str, rare: bool, search: bool, around: bool, block: int, kept: int
) -> None:
    """Each way of finding places, in blocks of a few characters, by two threads, in all documents and in some."""
    shape = read_shape(read_expression(pattern))
    assume(shape is not None)
    docs = None if not kept else np.arange(dense_corpus.n) % (kept + 1) == 0
    dense_corpus.forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shape_matches, "_RARE", 9.0 if rare else 0.0)
        patch.setattr(literals, "_RARE", 9.0 if search else 0.0)
        patch.setattr(shape_matches, "_WORTH_LOOKING", 1e9 if around else 0.0)
        patch.setattr(shape_matches, "_BLOCK", block)
        patch.setattr(shape_matches, "_CHAPTER", 3 * block)
        patch.setattr(blocks, "_WORTH_BLOCKS", 0)
        assert ShapeFinder(dense_corpus, shape).ready
        found = match_lines(dense_corpus, pattern, docs)
        dense_corpus.forget()
    expected = match_by_engine(dense_corpus, compile_pattern(pattern), None, docs)
    assert [side.tolist() for side in found] == [side.tolist() for side in expected], pattern


@pytest.mark.parametrize(
    "pattern",
    ["[0-9]{4}", "第[一二三]届", r"\d{4}年", "(发展|改革).{0,5}(开放|创新)", "新时代.{0,10}思想", "疫情.*防控", "疫情|防控", "发展.{2}",
     "[0-9]{4}年[0-9]{1,2}月", "[一二三]个(不放松|坚持)", "(发展(.{0,5}))开放", "a.?.{2}b", r"1\.5", "a.{0}b"],
)  # fmt: skip
def test_expressions_of_simple_shape(pattern: str) -> None:
    assert read_shape(read_expression(pattern)) is not None


@pytest.mark.parametrize(
    "pattern",
    ["发+", "^发展", "发展$", r"\b发", ".{0,5}发展", "发.展.心", "a.??.{0,2}b", "[^发]展", r"\p{Han}{2}", "(?i)gdp", "(a|)", "a?", "a.(b|)", "(|a){2}b",
     "a{200}", "[ab]{1,50}", "(a|b|c){4}", "(a.b|c)", "𠮷", "[𠮷a]", "\ud842", "a\nb", "a\0b", "()", "a)", "[^a-z]{4}", r"\w{4}"],
)  # fmt: skip
def test_what_has_another_shape_is_left_to_the_engine(pattern: str) -> None:
    assert read_shape(read_expression(pattern)) is None


def test_halves_of_characters_are_left_to_the_engine(dense_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    """RE2 reads two code units there as one character, so that it would count otherwise."""
    shape = read_shape(read_expression("a.{0,2}b"))
    assert shape is not None and ShapeFinder(dense_corpus, shape).ready
    counts = dense_corpus.char_counts.copy()
    counts[0xD842] = 1
    monkeypatch.setattr(dense_corpus, "char_counts", counts)
    assert not ShapeFinder(dense_corpus, shape).ready


def test_too_many_comparisons_are_left_to_the_engine(dense_corpus: Corpus) -> None:
    scattered = "".join(chr(0x4E00 + 2 * place) for place in range(40))
    shape = read_shape(read_expression(f"[{scattered}ab]{{2}}"))
    assert shape is not None and not ShapeFinder(dense_corpus, shape).ready


@pytest.mark.parametrize("query", ["re:[动态清零]{2}", "re:动态|清零", "re:动.{0,3}零"])
def test_limits_hold_for_shapes(small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    everything = Filters(unit="copies")
    n_found = len(find_passages(small_corpus, everything, query))
    small_corpus.forget()
    assert n_found > 3
    monkeypatch.setattr(patterns, "MOST_PASSAGES", n_found - 1)
    with pytest.raises(QueryError, match="narrower"):
        find_passages(small_corpus, everything, query)
    # Where fewer documents are asked, only their passages count.
    assert 0 < len(find_passages(small_corpus, Filters(provinces=("福建",), unit="copies"), query)) < n_found
    monkeypatch.setattr(patterns, "MOST_PASSAGES", n_found)
    monkeypatch.setattr(patterns, "PATIENCE", -1.0)
    small_corpus.forget()
    with pytest.raises(QueryError, match="too long"):
        find_passages(small_corpus, everything, query)


def test_an_empty_corpus_has_no_shape_in_it(empty_corpus: Corpus) -> None:
    for pattern in ("[0-9]{4}", "a|b", "a.*b", "a.*"):
        assert [side.tolist() for side in match_lines(empty_corpus, pattern)] == [[], []]
