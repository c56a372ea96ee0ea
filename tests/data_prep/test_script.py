"""Script: traditional becomes simplified character for character; what is simplified stays."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from data_prep.repair import repair_text
from data_prep.script import fold_characters, fold_script, list_simplified_only, tell_script

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
CASES = json.loads((ROOT / "tests" / "cases" / "script.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case_is_folded_as_written(case: dict[str, str]) -> None:
    assert fold_script(case["original"]) == case["simplified"]
    assert fold_script(case["simplified"]) == case["simplified"]


def test_scripts_of_the_sample_pages_are_told() -> None:
    told = {path.name[:3]: tell_script(repair_text(path.read_text(encoding="utf-8")).text)
            for path in sorted((ROOT / "seeds").glob("*.txt"))}
    assert told == {"000": "hans", "001": "hant", "002": "hant", "003": "hant", "004": "hans"}


@pytest.mark.parametrize(("text", "script"), [
    ("", "hans"), ("2022-03-29", "hans"), ("召开会议", "hans"), ("召開會議", "hant"), ("召開会议，研究部署", "mixed"),
    ("重要的是人口和土地", "hans"),
])
def test_script_is_told(text: str, script: str) -> None:
    assert tell_script(text) == script


@settings(max_examples=300, deadline=None)
@given(st.text(st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from("著乾於後會議瞭藉覆显顯，。\n")), max_size=80))
def test_any_text_keeps_its_length_and_is_folded_once(text: str) -> None:
    folded = fold_script(text)
    assert len(folded) == len(text)
    assert fold_script(folded) == folded


def test_folding_is_that_of_opencc_but_for_the_words_of_our_own_table() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("00[123]*.txt")))
    text = repair_text(text).text
    oracle = OpenCC("t2s").convert(text)
    differing = {(ours, theirs) for ours, theirs in zip(fold_script(text), oracle, strict=True) if ours != theirs}
    assert differing == {("着", "著")}


def test_tables_do_not_chain() -> None:
    characters = fold_characters()
    assert not [char for char in characters.values() if ord(char) in characters and characters[ord(char)] != char]
    assert not {chr(code) for code in characters} & list_simplified_only()


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="../shared is not here")
def test_simplified_news_is_left_alone() -> None:
    paths = sorted((SHARED / "corpora").rglob("*.md"))
    changed = 0
    for path in random.Random(7).sample(paths, 80):
        text = path.read_text(encoding="utf-8", errors="replace")
        assert tell_script(text) == "hans"
        changed += sum(a != b for a, b in zip(text, fold_script(text), strict=True))
    assert changed <= 2  # two traditional characters slipped into 9 million: 貫徹 and 循環
