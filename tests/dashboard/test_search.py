"""Finding: cases with a reason, and oracles that know nothing of memory maps."""

from __future__ import annotations

import json
import random
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import Corpus, open_corpus
from dashboard.filters import Filters
from dashboard.queries import blocks, literals, patterns
from dashboard.queries.grammar import LONGEST_PIECE, fold_query
from dashboard.queries.literals import find_around, find_literal, find_runs
from dashboard.queries.needs import find_required, read_needs
from dashboard.queries.patterns import QueryError
from dashboard.queries.scope import Passages
from dashboard.queries.search import count_on_tokens, find_everywhere, find_passages
from tests.dashboard.conftest import make_build, make_documents, needs_shared

CASES = json.loads((Path(__file__).parents[1] / "cases" / "search.json").read_text(encoding="utf-8"))
ALL = Filters(unit="copies")

# Characters whose bytes are like their neighbours': 乎 is 4E 4E, 丁 is 01 4E, Ŏ is 4E 01; a search over bytes that
# forgets to look at whole characters finds 乎 between two of them.
TRICKY = "乎丁Ŏ乎丁\u4e01\u014e\u4e4e哈吗\n"


@pytest.fixture(scope="module")
def tricky_corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """300 short texts over characters that look like one another in bytes."""
    draw = random.Random(3)
    texts = ["".join(draw.choice(TRICKY) for _ in range(draw.randrange(0, 40))) for _ in range(300)]
    return open_corpus(make_build(tmp_path_factory.mktemp("tricky"), {"documents": make_documents(texts)}).path)


def list_found(corpus: Corpus, passages: Passages) -> list[tuple[int, int, int]]:
    return list(zip(passages.doc.tolist(), passages.begin.tolist(), passages.end.tolist(), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_cases(small_corpus: Corpus, case: dict[str, Any]) -> None:
    found: dict[str, list[str]] = {}
    for d, begin, end in list_found(small_corpus, find_passages(small_corpus, ALL, case["query"])):
        found.setdefault(small_corpus.documents["doc_id"][d], []).append(small_corpus.text(d, begin, end))
    assert found == case["expected"], case["reason"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "type something"),
        ("   ", "type something"),
        ("疫" * (LONGEST_PIECE + 1), "at most 20"),
        ("疫情 OR ", "both sides"),
        ("*防控", "between two pieces"),
        ("family:无此语", "no phrase"),
        ("甲 NEAR/3 乙 NEAR/3 丙", "two pieces"),
        ("疫情 NEAR/x 防控", "with a number"),
        ("疫情 NEAR 防控", "with a number"),
        ("NEAR/3", "with a number"),
        ("疫情 NEAR/51 防控", "at most 50 characters may lie"),
        ("疫情*{51}防控", "at most 50 characters may lie"),
        ("re:", "behind re:"),
        ("re:(((", "RE2"),
        ("re:(?=x)", "RE2"),
        ("re:(.)\\1", "RE2"),
        ("re:\\Ax", "ends of a line"),
        ("re:" + "x" * 300, "at most 200"),
        ("疫" * 500, "at most 400"),
        ("|".join("甲乙丙丁戊己庚辛壬癸" * 4), "alternatives"),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(small_corpus: Corpus, query: str, says: str) -> None:
    with pytest.raises(QueryError, match=re.escape(says)):
        find_passages(small_corpus, ALL, query)


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_found_or_refused(small_corpus: Corpus, query: str) -> None:
    try:
        passages = find_passages(small_corpus, ALL, query)
    except QueryError as refusal:
        assert str(refusal)
    else:
        for d, begin, end in list_found(small_corpus, passages):
            assert 0 <= begin < end <= len(small_corpus.text(d))


@given(st.text(alphabet=TRICKY.replace("\n", ""), min_size=1, max_size=5))
@settings(max_examples=300, deadline=None)
def test_plain_text_is_found_as_python_finds_it(tricky_corpus: Corpus, text: str) -> None:
    """Not overlapping, from the left, never in the middle of a character."""
    expected = [
        (d, match.start(), match.end())
        for d in range(tricky_corpus.n)
        for match in re.finditer(re.escape(text), tricky_corpus.text(d))
    ]
    assert list_found(tricky_corpus, find_everywhere(tricky_corpus, f'"{text}"')) == expected


@pytest.mark.parametrize("pattern", ["乎.乎", "[丁Ŏ]{2,3}", "(哈|吗)+乎", "^乎?丁", "吗$", "乎(丁|Ŏ)?乎", "[^乎]{4}", "哈{2}", ".*吗", "\\b乎"])
def test_expressions_find_what_python_finds(tricky_corpus: Corpus, pattern: str) -> None:
    expected = []
    for d in range(tricky_corpus.n):
        begin = 0
        for line in tricky_corpus.text(d).split("\n"):
            # RE2 knows word boundaries in ASCII alone.
            expected += [(d, begin + m.start(), begin + m.end()) for m in re.finditer(pattern, line, re.ASCII) if m.group()]
            begin += len(line) + 1
    assert list_found(tricky_corpus, find_everywhere(tricky_corpus, f"re:{pattern}")) == expected


@given(st.integers(0, 12), st.text(alphabet="乎丁哈", min_size=1, max_size=2), st.text(alphabet="乎吗Ŏ", min_size=1, max_size=2))
@settings(max_examples=100, deadline=None)
def test_a_gap_is_a_bounded_lazy_expression(tricky_corpus: Corpus, width: int, left: str, right: str) -> None:
    """Every passage is left, at most `width` characters of one line, right; and a line with such a stretch has one."""
    found = list_found(tricky_corpus, find_everywhere(tricky_corpus, f"{left}*{{{width}}}{right}"))
    shape = re.compile(f"{left}.{{0,{width}}}?{right}")
    lines: dict[tuple[int, int], int] = {}
    for d, begin, end in found:
        text = tricky_corpus.text(d)
        assert shape.fullmatch(text[begin:end])
        lines[d, text.count("\n", 0, begin)] = 1
    expected = {
        (d, number): 1
        for d in range(tricky_corpus.n)
        for number, line in enumerate(tricky_corpus.text(d).split("\n"))
        if shape.search(line)
    }
    assert lines == expected
    assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(found))


def test_near_finds_what_is_close_enough_and_nothing_else(tricky_corpus: Corpus) -> None:
    shape = re.compile("哈.{0,2}吗|吗.{0,2}哈")
    lines = {
        (d, tricky_corpus.text(d).count("\n", 0, begin))
        for d, begin, end in list_found(tricky_corpus, find_everywhere(tricky_corpus, "哈 NEAR/2 吗"))
        if shape.fullmatch(tricky_corpus.text(d)[begin:end])
    }
    assert lines == {
        (d, number)
        for d in range(tricky_corpus.n)
        for number, line in enumerate(tricky_corpus.text(d).split("\n"))
        if shape.search(line)
    }


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("疫情防控", [("疫情防控",)]),
        ("疫情.*防控", [("疫情",), ("防控",)]),
        ("(疫情|病毒)防控", [("疫情防控", "病毒防控")]),
        ("疫情?防控", [("疫",), ("防控",)]),
        ("疫情+防控", [("疫",), ("情",), ("防控",)]),
        ("(疫情|.*)防控", [("防控",)]),
        ("疫情|防控", [("疫情", "防控")]),
        ("疫情|.", []),
        ("\\p{Han}+年", [("年",)]),
        ("[[:alpha:]]x", [("x",)]),
        ("[]x]y", [("y",)]),
        ("a{2}b", [("a",), ("b",)]),
        ("a{0,2}b", [("b",)]),
        ("a{,2}b", []),
        ("(?i)gdp", []),
        ("\\Qa.b\\E", []),
        ("a(b", []),
        ("a)b", []),
        ("1\\.5", [("1.5",)]),
        ("^习近平$", [("习近平",)]),
    ],
)
def test_what_an_expression_requires(pattern: str, expected: list[tuple[str, ...]]) -> None:
    assert find_required(pattern) == expected


_ATOMS = st.sampled_from(["乎", "丁", "哈", ".", "[乎丁]", "[^乎]", "[丁-丄]", "(哈|乎丁)", "(吗|)", "(?:丁?乎)", "\\d", "[哈吗]", "Ŏ"])
_TIMES = st.sampled_from(["", "", "", "?", "+", "*", "{2}", "{1,2}", "{2,}", "+?", "{0,3}"])


@given(st.lists(st.tuples(_ATOMS, _TIMES), min_size=1, max_size=4), st.booleans(), st.sampled_from([0.0, 100.0]), st.sampled_from([0.0, 100.0]))
@settings(max_examples=400, deadline=None)
def test_where_to_look_never_loses_a_match(
    tricky_corpus: Corpus, atoms: list[tuple[str, str]], choice: bool, extending: float, choosing: float
) -> None:
    """The stretches that what an expression needs leaves yield what reading everything yields, each way of choosing."""
    pattern = ("|" if choice else "").join(atom + times for atom, times in atoms)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "_WORTH_EXTENDING", extending)
        patch.setattr(patterns, "_WORTH_CHOOSING", choosing)
        patch.setattr(patterns, "_WORTH_NUMBERING", 10)
        engine = patterns.compile_pattern(pattern)
        chosen = patterns.match_by_engine(tricky_corpus, engine, read_needs(pattern))
        everywhere = patterns.match_by_engine(tricky_corpus, engine, None)  # nothing is known: everything is read
    assert np.array_equal(chosen, everywhere), pattern


@given(st.lists(st.sampled_from([("一", "二"), ("丁", "乎"), ("Ŏ", "Ŏ"), ("吗", "哈"), ("哈", "哈")]), min_size=1, max_size=3), st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_runs_are_those_of_an_expression(tricky_corpus: Corpus, ranges: list[tuple[str, str]], least: int) -> None:
    ends = [(min(map(ord, pair)), max(map(ord, pair))) for pair in ranges]
    shape = "".join(f"{chr(first)}-{chr(last)}" for first, last in ends)
    whole = tricky_corpus.chars.tobytes().decode("utf-16-le")
    expected = [match.span() for match in re.finditer(f"[{shape}]{{{least},}}", whole)]
    assert list(zip(*(side.tolist() for side in find_runs(tricky_corpus, ends, least)), strict=True)) == expected


@pytest.mark.parametrize("n", [0, 1, 63, 64, 65, 1000])
def test_two_threads_and_small_blocks_find_the_same(tricky_corpus: Corpus, monkeypatch: pytest.MonkeyPatch, n: int) -> None:
    """Blocks of a few characters, two threads, everything frequent: the ways for a gigabyte, on texts that tell."""
    around = np.array([*range(3, len(tricky_corpus.chars) - 9, 5)])
    near = find_around(tricky_corpus, ["乎", "丁乎"], around, -2, 1)
    text = tricky_corpus.chars.tobytes().decode("utf-16-le")
    inner = {p for a in around for p in range(a - 2, a + 2) if text.startswith(("乎", "丁乎"), p)}
    assert inner <= set(near.tolist()) and all(text.startswith(("乎", "丁乎"), p) for p in near.tolist())
    monkeypatch.setattr(blocks, "_WORTH_BLOCKS", 0)
    for name, value in (("_BLOCK", 8 + n // 64 * 8), ("_CHAPTER", 64 + n // 64 * 64), ("_WINDOWS", 1 + n % 7), ("_RARE", 0.0), ("_RARE_CHARACTER", n % 2)):
        monkeypatch.setattr(literals, name, value)
    texts = [tricky_corpus.text(d) for d in range(tricky_corpus.n)]
    for text in ("乎", "丁Ŏ", "哈哈", "乎丁乎", "吗哈乎", "丁乎吗丁乎", "无此语"):
        tricky_corpus.forget()
        begins = find_literal(tricky_corpus, text)
        expected = [tricky_corpus.offsets[d] + m.start() for d, line in enumerate(texts) for m in re.finditer(text, line)]
        assert begins.tolist() == expected
        tricky_corpus.forget()
        assert find_around(tricky_corpus, ["乎", "丁乎"], around, -2, 1).tolist() == near.tolist()
        assert literals.count_literal(tricky_corpus, text).tolist() == [line.count(text) for line in texts]
    tricky_corpus.forget()
    found = find_runs(tricky_corpus, [(ord("乎"), ord("乎")), (0x8000, 0xFFFF)], 2)
    whole = tricky_corpus.chars.tobytes().decode("utf-16-le")
    spans = [match.span() for match in re.finditer("[乎\u8000-\uffff]{2,}", whole)]
    assert list(zip(*(side.tolist() for side in found), strict=True)) == spans
    tricky_corpus.forget()


def test_a_slow_expression_is_given_up(small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "PATIENCE", -1.0)
    with pytest.raises(QueryError, match="too long"):
        find_passages(small_corpus, ALL, "re:.{3}零")


def test_an_expression_with_too_many_matches_is_given_up(small_corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "MOST_PASSAGES", 3)
    with pytest.raises(QueryError, match="narrower"):
        find_passages(small_corpus, ALL, "re:\\p{Han}{2}")


def test_what_freezes_others_does_not_freeze_this(small_corpus: Corpus) -> None:
    """Expressions that take a backtracking engine for ever."""
    for pattern in ("(动+)+$x", "(.*.*)*零零零", "(a?){50}a{50}"):
        find_passages(small_corpus, ALL, f"re:{pattern}")


def test_a_line_without_end_is_matched_in_pieces(tmp_path: Path) -> None:
    """Matches stand where they stand, and a slow expression is noticed in time."""
    text = "疫情防控。" * 30_000 + "\n末行疫情"
    corpus = open_corpus(make_build(tmp_path, {"documents": make_documents([text, "疫情"])}).path)
    found = list_found(corpus, find_everywhere(corpus, "re:疫情.?控"))
    assert found == [(0, match.start(), match.end()) for match in re.finditer("疫情.?控", text)]
    assert len(find_everywhere(corpus, "re:^[^。]*情")) == 3 + 150_000 // 20_000  # each piece begins a line
    assert [corpus.text(d, b, e) for d, b, e in list_found(corpus, find_everywhere(corpus, "re:末.疫情|^疫情$"))] == [
        "末行疫情", "疫情"]  # fmt: skip


def test_filters_and_speakers_restrict_passages(small_corpus: Corpus) -> None:
    fujian = find_passages(small_corpus, Filters(provinces=("福建",)), "动态清零")
    assert set(small_corpus.documents["doc_id"].iloc[fujian.doc]) == {"pa-1", "pb-1"}
    leaders = find_passages(small_corpus, Filters(speakers=("leader",)), "动态清零")
    assert set(small_corpus.documents["doc_id"].iloc[leaders.doc]) == {"pd-1", "pe-1", "pf-1"}
    lin = find_passages(small_corpus, Filters(speakers=("林武",)), "疫情")
    assert [small_corpus.text(d, b, e + 3) for d, b, e in list_found(small_corpus, lin)] == ["疫情要防住"]
    governors = find_passages(small_corpus, Filters(speakers=("office:省长",)), "re:坚持|疫情")
    assert [small_corpus.text(d, b, e) for d, b, e in list_found(small_corpus, governors)] == ["坚持", "疫情"]
    assert set(small_corpus.documents["doc_id"].iloc[governors.doc]) == {"pc-1", "pd-1"}
    assert not len(find_passages(small_corpus, Filters(speakers=("office:副省长",)), "疫情"))
    meeting = find_passages(small_corpus, Filters(speakers=("会议", "蓝佛安")), "re:会议强调|经济")
    assert len(meeting) == 3  # 会议强调 in the two copies of one release, 经济 once


def test_an_expression_under_a_narrow_filter_is_the_same_restricted(small_corpus: Corpus) -> None:
    narrow = Filters(provinces=("山西",))
    mask = narrow.select(small_corpus)
    everywhere = [found for found in list_found(small_corpus, find_everywhere(small_corpus, "re:坚持.{2}")) if mask[found[0]]]
    assert list_found(small_corpus, find_passages(small_corpus, narrow, "re:坚持.{2}")) == everywhere != []


def test_tokens_are_counted_beside_characters(small_corpus: Corpus) -> None:
    table = count_on_tokens(small_corpus, ALL, "疫情 OR 疫情防控")
    assert table.values.tolist() == [["疫情", 5, 5], ["疫情防控", 2, 0]]
    assert count_on_tokens(small_corpus, Filters(speakers=("leader",)), "疫情")["token_hits"].tolist() == [None]


def test_an_empty_corpus_holds_nothing(empty_corpus: Corpus) -> None:
    for query in ("动态清零", "疫情*防控", "甲 NEAR/3 乙", "re:.", "甲|乙"):
        assert len(find_passages(empty_corpus, ALL, query)) == 0
    assert not len(find_literal(empty_corpus, "x"))


def test_an_answer_once_given_is_given_again(small_corpus: Corpus) -> None:
    small_corpus.forget()
    first = find_everywhere(small_corpus, '"清零"')
    assert find_everywhere(small_corpus, '"清零"') is first
    small_corpus.forget()
    again = find_everywhere(small_corpus, '"清零"')
    assert again is not first and np.array_equal(again.begin, first.begin)


@needs_shared
def test_random_strings_of_real_text(real_corpus: Corpus) -> None:
    """Strings of 1 to 20 characters out of the text itself, counted by Python over every text."""
    draw = random.Random(11)
    texts = [fold_query(real_corpus.text(d)) for d in range(0, real_corpus.n, 40)]
    numbers = np.arange(0, real_corpus.n, 40)
    for _ in range(40):
        text = draw.choice([text for text in texts if len(text) > 200])
        begin = draw.randrange(len(text) - 20)
        piece = text[begin : begin + draw.choice((1, 2, 3, 4, 7, 20))].strip().strip('"“”')
        if not piece or "\n" in piece or set(piece) & set("|*｜＊") or piece.startswith(("re", "family")):
            continue
        found = find_everywhere(real_corpus, f'"{piece}"')
        counts = np.bincount(found.doc, minlength=real_corpus.n)[numbers]
        assert counts.tolist() == [text.count(piece) for text in texts], piece


@needs_shared
@pytest.mark.parametrize(
    "pattern",
    ["[一二三四五六七八九十]个(不放松|必须|坚持)", "动态.{0,3}清零", "[0-9]{4}年[0-9]{1,2}月", "疫情.*防控", "(坚持|推动).{1,6}发展",
     "防控.{0,4}防控", "..防控.?.?", "防?疫情", "^[^，。]*疫情", "疫情$", "(疫|病)+[情毒]{1,2}", "的[^的]{0,30}的[^的]{0,30}防控"],
)  # fmt: skip
def test_expressions_over_real_text(real_corpus: Corpus, pattern: str) -> None:
    """Looking only where an expression can match finds what Python finds by looking everywhere."""
    shape = re.compile(pattern)
    found = find_everywhere(real_corpus, f"re:{pattern}")
    chosen = found.take(found.doc % 7 == 0)
    expected = []
    for d in range(0, real_corpus.n, 7):
        begin = 0
        for line in fold_query(real_corpus.text(d)).split("\n"):
            expected += [(d, begin + match.start(), begin + match.end()) for match in shape.finditer(line)]
            begin += len(line) + 1
    assert list_found(real_corpus, chosen) == expected
