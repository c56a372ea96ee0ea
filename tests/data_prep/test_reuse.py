"""Shared passages against an exhaustive oracle, and the rules by which copies are one release."""

from __future__ import annotations

import json
import random
import unicodedata
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep import reuse as module
from data_prep.reuse import MAX_COMMON, MIN_CHARS, MIN_RATIO, PROMISED, SAME_RELEASE, assign_releases, find_reuse
from data_prep.schema import TABLES

CASES = json.loads((Path(__file__).parents[1] / "cases" / "reuse.json").read_text(encoding="utf-8"))
#: Characters of the language, common ones first: enough to make texts that share nothing by chance.
HAN = "".join(map(chr, range(0x4E00, 0x6E00)))


def compare_all(texts: dict[str, str]) -> set[tuple[str, int, int, str, int, int]]:
    """Oracle: every pair of texts, every pair of characters; each longest equal stretch of PROMISED or more,
    with the equal marks at its edges, if MIN_CHARS are printed."""
    folded = {}
    for doc_id, text in texts.items():
        kept = [(offset, unicodedata.normalize("NFKC", char).replace("著", "着"))
                for offset, char in enumerate(text) if char.isalnum()]
        folded[doc_id] = ([offset for offset, _ in kept], [char for _, char in kept])
    found = set()
    for doc_a, doc_b in combinations(sorted(texts), 2):
        (at_a, chars_a), (at_b, chars_b) = folded[doc_a], folded[doc_b]
        row = [0] * (len(chars_b) + 1)
        for i, one in enumerate(chars_a):
            next_row = [0] * (len(chars_b) + 1)
            for j, other in enumerate(chars_b):
                if one != other:
                    continue
                n = next_row[j + 1] = row[j] + 1
                ends = i + 1 == len(chars_a) or j + 1 == len(chars_b) or chars_a[i + 1] != chars_b[j + 1]
                if n >= PROMISED and ends:
                    spans = [at_a[i - n + 1], at_a[i] + 1, at_b[j - n + 1], at_b[j] + 1]
                    one_text, other_text = texts[doc_a], texts[doc_b]
                    while min(spans[0], spans[2]) and one_text[spans[0] - 1] == other_text[spans[2] - 1] > " ":
                        spans[0], spans[2] = spans[0] - 1, spans[2] - 1
                    while one_text[spans[1] : spans[1] + 1] == other_text[spans[3] : spans[3] + 1] > " ":
                        spans[1], spans[3] = spans[1] + 1, spans[3] + 1
                    if max(spans[1] - spans[0], spans[3] - spans[2]) >= MIN_CHARS:
                        found.add((doc_a, *spans[:2], doc_b, *spans[2:]))
            row = next_row
    return found


def spans_of(table: pd.DataFrame) -> set[tuple[str, int, int, str, int, int]]:
    return set(table[["doc_a", "begin_a", "end_a", "doc_b", "begin_b", "end_b"]].itertuples(index=False, name=None))


def find(texts: dict[str, str]) -> pd.DataFrame:
    return find_reuse(list(texts), list(texts.values()))


def release_of(texts: dict[str, str]) -> dict[str, str]:
    documents = pd.DataFrame({"doc_id": list(texts), "text": list(texts.values())})
    return dict(zip(texts, assign_releases(documents, find(texts)), strict=True))


def invent(rng: random.Random, n_chars: int) -> str:
    """Text of sentences that repeats nothing but by chance."""
    return "".join("，。、\n"[rng.randrange(4)] if rng.random() < 0.08 else rng.choice(HAN) for _ in range(n_chars))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cases(case: dict) -> None:
    texts = case["texts"]
    table = find(texts)
    shared = [[texts[row.doc_a][row.begin_a : row.end_a], texts[row.doc_b][row.begin_b : row.end_b]]
              for row in table.itertuples()]
    assert shared == case["shared"]
    assert release_of(texts) == case["releases"]
    assert spans_of(table) == compare_all(texts)


def test_every_planted_passage_is_found_and_nothing_else() -> None:
    rng = random.Random(20220329)
    wanted: set = set()
    found: set = set()
    for _ in range(20):
        passages = [invent(rng, rng.randrange(14, 70)) for _ in range(8)]
        texts = {}
        for number in range(6):
            parts = [invent(rng, rng.randrange(0, 60)) for _ in range(5)]
            parts += rng.sample(passages, 4)
            rng.shuffle(parts)
            texts[f"d{number}"] = "".join(parts)
        wanted |= compare_all(texts)
        found |= spans_of(find(texts))
    assert len(wanted) > 300
    assert found == wanted


SENTENCES = st.lists(st.sampled_from([
    "坚持人民至上、生命至上", "坚持科学精准、动态清零", "要压实四方责任", "尽快遏制疫情扩散蔓延势头", "啊" * 25, "，", "\n", "a1" * 12,
    "严格落实“四早”要求", "守住不发生规模性疫情的底线", "２９日", "𠮷",
]), max_size=14).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(SENTENCES, min_size=2, max_size=4))
def test_found_passages_are_right_whatever_the_texts(texts: list[str]) -> None:
    named = {f"d{number}": text for number, text in enumerate(texts)}
    found = spans_of(find(named))
    wanted = compare_all(named)
    twins = {(a, b) for a, b in combinations(sorted(named), 2) if key_of(named[a]) == key_of(named[b])}
    assert {span for span in found if (span[0], span[3]) not in twins} <= wanted
    # Of twins each further one is tied to the first from end to end, and to no other.
    firsts = {min(a for a, other in twins if other == b): b for _, b in twins}
    for first, twin in firsts.items():
        if len(key_of(named[twin])) >= PROMISED and len(named[twin].strip()) > MIN_CHARS + 8:
            assert any(span[0] == first and span[3] == twin for span in found)


def key_of(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", char) for char in text if char.isalnum())


def test_the_table_is_as_declared() -> None:
    for table in (find({}), find({"a": "短"}), find(CASES[0]["texts"])):
        assert list(table.columns) == TABLES["reuse"].names
        assert table["reuse_id"].is_unique
        assert (table["doc_a"] < table["doc_b"]).all()
        assert table["similarity"].between(0, 1).all()


def test_similarity_speaks_of_the_print() -> None:
    row = find(CASES[0]["texts"]).iloc[0]
    assert 0.6 < row["similarity"] < 1
    assert row["n_chars"] == row["end_a"] - row["begin_a"] > row["end_b"] - row["begin_b"]


def test_order_of_the_documents_does_not_matter() -> None:
    rng = random.Random(7)
    common = invent(rng, 60)
    texts = {f"d{number}": invent(rng, 50) + common + invent(rng, 50) for number in range(5)}
    turned = dict(reversed(texts.items()))
    pd.testing.assert_frame_equal(find(texts), find(turned))
    assert release_of(texts) == release_of(turned)


def test_texts_and_ids_must_match() -> None:
    with pytest.raises(ValueError, match="2 doc_ids for 1 texts"):
        find_reuse(["a", "b"], ["text"])


def test_a_batch_edge_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(11)
    passages = [invent(rng, 45) for _ in range(6)]
    texts = {f"d{number}": "".join(invent(rng, 30) + rng.choice(passages) for _ in range(6)) for number in range(8)}
    whole = find(texts)
    monkeypatch.setattr(module, "_BATCH", 64)
    pd.testing.assert_frame_equal(find(texts), whole)
    assert len(whole) > 30


# --- No blow-up ------------------------------------------------------------------------


def test_one_repeated_character_is_no_blow_up() -> None:
    texts = {f"d{number:02}": "啊" * (3000 + number) for number in range(20)}
    assert len(find(texts)) == 19
    assert set(release_of(texts).values()) == {"d00"}


def test_a_long_passage_costs_no_more_than_its_length() -> None:
    text = invent(random.Random(31), 40_000)
    row = find({"a": "甲" + text, "b": "乙" + text + "丙"}).iloc[0]
    assert (row["begin_a"], row["end_a"], row["end_b"]) == (1, 40_001, 40_001)


def test_a_thousand_identical_documents_are_a_thousand_rows() -> None:
    text = invent(random.Random(3), 1500)
    texts = {f"d{number:04}": text for number in range(1000)}
    table = find(texts)
    assert len(table) == 999 and set(table["doc_a"]) == {"d0000"}
    assert set(release_of(texts).values()) == {"d0000"}


def test_a_crowd_of_near_copies_is_one_release() -> None:
    """More copies than a hash may have places, each a little different."""
    rng = random.Random(5)
    text = invent(rng, 900)
    texts = {}
    for number in range(3 * MAX_COMMON):
        cut = rng.randrange(100, 800)
        texts[f"d{number:03}"] = invent(rng, 20) + text[:cut] + invent(rng, 3) + text[cut + 3 :]
    assert set(release_of(texts).values()) == {"d000"}
    assert len(find(texts)) < 20 * len(texts)


def test_a_formula_in_every_document_gives_no_passages() -> None:
    rng = random.Random(9)
    formula = "以习近平新时代中国特色社会主义思想为指导全面贯彻党的二十大精神"
    texts = {f"d{number:03}": invent(rng, 200) + formula + invent(rng, 200) for number in range(4 * MAX_COMMON)}
    table = find(texts)
    # Two documents may go on with the same character by chance: that is more than the formula.
    assert (table["n_chars"] > len(formula)).all() and len(table) < 20


def test_a_passage_goes_right_through_a_formula() -> None:
    rng = random.Random(13)
    formula = "以习近平新时代中国特色社会主义思想为指导全面贯彻党的二十大精神"
    quoted = invent(rng, 40) + formula + invent(rng, 40)
    texts = {f"d{number:03}": invent(rng, 100) + formula + invent(rng, 100) for number in range(2 * MAX_COMMON)}
    texts |= {"x": "甲" + quoted + "乙", "y": "丙" + quoted + "丁"}
    table = find(texts)
    whole = table[(table["doc_a"] == "x") & (table["doc_b"] == "y")]
    assert len(whole) == 1
    assert formula in texts["x"][whole["begin_a"].iloc[0] : whole["end_a"].iloc[0]]


# --- Releases ----------------------------------------------------------------------------


def test_a_quotation_is_no_copy() -> None:
    rng = random.Random(17)
    report = invent(rng, 1000)
    article = report[:300] + invent(rng, 700)
    assert release_of({"a": report, "b": article}) == {"a": "a", "b": "b"}


def test_an_excerpt_is_a_release_of_its_own() -> None:
    report = invent(random.Random(19), 1000)
    shorter = report[: int(1000 * MIN_RATIO) - 60]
    longer = report[: int(1000 * MIN_RATIO) + 60]
    assert release_of({"a": report, "b": shorter}) == {"a": "a", "b": "b"}
    assert release_of({"a": report, "b": longer}) == {"a": "a", "b": "a"}


def test_a_chain_does_not_join_two_releases() -> None:
    """b resembles a and c, a and c share half: c stays apart although b bridges them."""
    rng = random.Random(23)
    parts = [invent(rng, 200) for _ in range(7)]
    texts = {"a": "".join(parts[:5]), "b": "".join(parts[1:6]), "c": "".join(parts[2:7])}
    table = find(texts)
    pairs = {(row.doc_a, row.doc_b): row.n_chars / 1000 for row in table.itertuples()}
    assert pairs[("a", "b")] >= SAME_RELEASE > pairs[("a", "c")]
    assert release_of(texts) == {"a": "a", "b": "a", "c": "c"}


def test_a_twin_follows_its_first_copy() -> None:
    """The twin is tied to its first copy only, which is itself a copy of a longer one."""
    rng = random.Random(29)
    text = invent(rng, 900)
    texts = {"b": text, "c": text.replace("，", ","), "a": text + invent(rng, 60), "z": invent(rng, 900)}
    assert release_of(texts) == {"b": "a", "c": "a", "a": "a", "z": "z"}


def test_short_and_empty_documents_stay_alone() -> None:
    assert release_of({"a": "", "b": "", "c": "短讯", "d": "短讯"}) == {"a": "a", "b": "b", "c": "c", "d": "d"}


def test_releases_keep_the_index_of_the_documents() -> None:
    documents = pd.DataFrame({"doc_id": ["b", "a"], "text": ["甲", "乙"]}, index=[7, 3])
    releases = assign_releases(documents, find({"b": "甲", "a": "乙"}))
    assert releases.index.tolist() == [7, 3] and releases.tolist() == ["b", "a"] and releases.name == "release_id"


def test_winnowing_picks_in_every_window() -> None:
    hashes = np.random.default_rng(1).integers(0, 1 << 32, 5000, dtype=np.uint32)
    picked = module._winnow(hashes)
    windows = np.lib.stride_tricks.sliding_window_view(picked, module.W)
    assert windows.any(axis=1).all()
    lowest = np.lib.stride_tricks.sliding_window_view(hashes, module.W).argmin(axis=1) + np.arange(5000 - module.W + 1)
    assert set(np.flatnonzero(picked)) == set(lowest)
