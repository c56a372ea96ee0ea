"""Set phrases are found as a reader would count them, and the lexicon is sound."""

from __future__ import annotations

import json
import os
import re
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.lexicons import read_lexicon
from data_prep.phrases import (
    JOINTS,
    QUOTES,
    Entry,
    Lexicon,
    LexiconError,
    extend_lexicon,
    fold_stream,
    load_lexicon,
    read_entries,
)
from data_prep.schema import TABLES
from data_prep.script import fold_script
from tests.eval import evaluate_phrases

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
CASES = json.loads((ROOT / "tests" / "cases" / "phrases.json").read_text(encoding="utf-8"))
LEXICON = load_lexicon()
ENTRIES = {entry.phrase_id: entry for entry in LEXICON.entries}
ID_OF = {entry.phrase: entry.phrase_id for entry in LEXICON.entries}


def surfaces(lexicon: Lexicon, text: str, phrase: str) -> list[str]:
    wanted = next(entry.phrase_id for entry in lexicon.entries if entry.phrase == phrase)
    return [hit.surface for hit in lexicon.find_hits(text) if hit.phrase_id == wanted]


@pytest.mark.parametrize("case", [
    pytest.param(case, id=case["label"],
                 marks=pytest.mark.xfail(strict=True, reason=case["known_failure"]) if "known_failure" in case else ())
    for case in CASES
])
def test_cases(case: dict) -> None:
    assert {phrase: surfaces(LEXICON, case["text"], phrase) for phrase in case["hits"]} == case["hits"]


# --- What a hit is, whatever the text ------------------------------------------------------

PIECES = st.sampled_from([
    *[form for entry in LEXICON.entries[::9] for form in entry.forms], "“", "”", "、", "，", ",", " ", "\n", "。", "第", "二", "和", "𠮷", "著", "\u3000", "x",
])


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_hits_are_sound(text: str) -> None:
    hits = LEXICON.find_hits(text)
    assert [(hit.begin, -hit.end) for hit in hits] == sorted((hit.begin, -hit.end) for hit in hits)
    for hit in hits:
        assert text[hit.begin : hit.end] == hit.surface
        entry = ENTRIES[hit.phrase_id]
        assert fold_stream(hit.surface)[0] in {fold_stream(form)[0] for form in entry.forms}
        assert "\n" not in hit.surface and "。" not in hit.surface
        assert sum(mark in QUOTES for mark in hit.surface) % 2 == 0
    by_family: dict[str, list] = {}
    for hit in hits:
        by_family.setdefault(ENTRIES[hit.phrase_id].family, []).append(hit)
    for family in by_family.values():
        for one, other in pairwise(family):
            assert one.end <= other.begin


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([entry for entry in LEXICON.entries]), st.text("嘛呢吗甲乙", max_size=4))
def test_every_form_is_found_alone_and_amid_words(entry: Entry, around: str) -> None:
    for form in entry.forms:
        found = LEXICON.find_hits(f"。{around}{form}{around}。")
        folded = fold_stream(form)[0]
        assert any(hit.phrase_id == entry.phrase_id and fold_stream(hit.surface)[0] == folded for hit in found)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    for hit in LEXICON.find_hits(text):
        assert text[hit.begin : hit.end] == hit.surface


def test_stream_leads_back_to_the_text() -> None:
    text = "“四早”， １号 奔著\n𠮷林⾯"
    stream, offsets = fold_stream(text)
    assert stream == "四早1号奔着\n𠮷林面"
    assert [text[offset] for offset in offsets] == list("四早１号奔著\n𠮷林⾯")


def test_dropped_marks_are_no_word_characters() -> None:
    assert not any(mark.isalnum() for mark in QUOTES + JOINTS)
    assert "\n" not in JOINTS


# --- The lexicon ---------------------------------------------------------------------------


def test_the_lexicon_is_large_and_covers_every_field() -> None:
    counts = read_lexicon("phrases")["category"].value_counts()
    assert counts.sum() >= 400
    assert {"epidemic", "party", "economy", "governance", "diplomacy", "security", "society", "ecology", "rural"} <= set(
        counts.index)
    assert counts.min() >= 15


def test_identities_are_ascii_slugs() -> None:
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.phrase_id) for entry in LEXICON.entries)


def test_no_form_stands_twice() -> None:
    seen: dict[str, str] = {}
    for entry in LEXICON.entries:
        for form in {fold_stream(form)[0] for form in entry.forms}:
            assert seen.setdefault(form, entry.phrase) == entry.phrase, form


def test_families_are_headed_by_themselves() -> None:
    for entry in LEXICON.entries:
        assert ENTRIES[entry.family].family == entry.family, entry.phrase


def test_every_entry_is_explained() -> None:
    for entry in LEXICON.entries:
        assert entry.gloss_en and entry.note and entry.source, entry.phrase
        assert not re.search(r"[\u4e00-\u9fff]", entry.gloss_en), entry.phrase


def test_every_form_is_simplified() -> None:
    for entry in LEXICON.entries:
        for form in entry.forms:
            assert fold_script(form) == form


def test_no_phrase_is_hidden_by_its_own_family() -> None:
    """Inside a formula its members may hide; no other entry may lose hits to a family member."""
    for entry in LEXICON.entries:
        for form in entry.forms:
            assert surfaces(LEXICON, form, entry.phrase), f"{form} of {entry.phrase} is never counted"


def test_many_phrases_have_days_and_they_are_in_order() -> None:
    for entry in LEXICON.entries:
        if entry.first_day and entry.last_day:
            assert entry.first_day < entry.last_day
    dated = [entry for entry in LEXICON.entries if entry.first_day]
    assert len(dated) >= 60


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="needs ../shared/corpora")
def test_no_phrase_stands_in_print_before_its_first_day() -> None:
    first_day = {entry.phrase_id: entry.first_day for entry in LEXICON.entries if entry.first_day}
    early = set()
    for path in (SHARED / "corpora" / "work_reports").rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        # Some files bear the year reported on, so the day in the head of the report goes before the file name.
        head = re.search(r"(20\d\d)年(\d{1,2})月(\d{1,2})日", text[:400])
        latest = "{}-{:0>2}-{:0>2}".format(*head.groups()) if head else f"{path.stem}-03-15"
        for hit in LEXICON.find_hits(text):
            day = first_day.get(hit.phrase_id)
            if day and day.isoformat() > latest:
                early.add((hit.phrase_id, path.parent.name, path.stem))
    for path in (SHARED / "corpora" / "xinwen_lianbo").glob("*.md"):
        for hit in LEXICON.find_hits(path.read_text(encoding="utf-8")):
            day = first_day.get(hit.phrase_id)
            if day and day.strftime("%Y%m%d") > path.stem:
                early.add((hit.phrase_id, "evening news", path.stem))
    assert early == set()


def test_the_table_is_as_declared() -> None:
    table = LEXICON.table()
    assert list(table.columns) == TABLES["phrases"].names
    arrow = pa.Table.from_pandas(table, TABLES["phrases"].arrow, preserve_index=False)
    assert arrow.num_rows == len(LEXICON.entries)
    assert arrow.column("first_day").null_count < arrow.num_rows


def test_the_lexicon_is_no_poorer_than_it_was() -> None:
    assert evaluate_phrases.find_falls(evaluate_phrases.score_lexicon()[0], evaluate_phrases.name_corpus()) == []


# --- A lexicon of one's own --------------------------------------------------------------------


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "mine.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_own_phrases_are_found_beside_ours(tmp_path: Path, encoding: str) -> None:
    lexicon = load_lexicon(write(tmp_path, "phrase,gloss_en\n爱拼才会赢,dare to win\n", encoding))
    assert [hit.surface for hit in lexicon.find_hits("爱拼才会赢，四方责任")] == ["爱拼才会赢", "四方责任"]
    own = lexicon.table().set_index("phrase").loc["爱拼才会赢"]
    assert own["phrase_id"] == "爱拼才会赢" == own["family"] and own["category"] == "own" and own["variants"] == []


def test_own_phrases_in_traditional_script_are_folded(tmp_path: Path) -> None:
    lexicon = load_lexicon(write(tmp_path, "phrase,variants\n愛拼才會贏,愛拼就會贏|敢拼會贏\n"))
    assert [hit.surface for hit in lexicon.find_hits("爱拼才会赢，敢拼会赢")] == ["爱拼才会赢", "敢拼会赢"]


def test_an_own_entry_replaces_ours(tmp_path: Path) -> None:
    lexicon = load_lexicon(write(tmp_path, "phrase_id,phrase,variants\nmine,四早,四个早\nyours,常态化防控,\n"))
    assert surfaces(lexicon, "四早和四个早", "四早") == ["四早", "四个早"]
    named = {entry.phrase: entry for entry in lexicon.entries}
    assert named["四早"].phrase_id == "mine" and named["早发现"].family == "mine"
    assert "常态化防控" not in named["常态化疫情防控"].variants
    assert surfaces(lexicon, "常态化防控", "常态化防控") == ["常态化防控"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "phrase\n新词甲乙\n")
    assert surfaces(load_lexicon(path), "新词甲乙", "新词甲乙")
    os.utime(write(tmp_path, "phrase\n新词丙丁\n"), ns=(1, 1))
    assert surfaces(load_lexicon(path), "新词丙丁", "新词丙丁")


@pytest.mark.parametrize("text, sentence", [
    ("", "no column 'phrase'"),
    ("word\n四早\n", "no column 'phrase'"),
    ("phrase,first_day\n甲乙丙,2022\n", "row 2: '2022' is no day"),
    ("phrase\n甲乙\n早\n", "row 3: '早' is too short"),
    ("phrase,variants\n甲乙,丙\n", "row 2: '丙' is too short"),
    ("phrase\n甲乙|丙丁\n", "row 2: the column 'phrase' holds 2 phrases"),
    ("phrase\n甲乙\n甲、乙\n", "'甲、乙' belongs to '甲乙' and to '甲、乙'"),
    ("phrase,family\n甲乙丙,nobody\n", "names family 'nobody'"),
    ("phrase,phrase_id\n甲乙丙,one\n丁戊己,one\n", "phrase_id 'one' stands twice"),
    ('phrase\n"甲乙\n', "quotation marks"),
    ("phrase,not_in\n甲乙丙,丁戊己\n", "does not hold the phrase"),
    ("phrase,first_day,last_day\n甲乙丙,2022-02-02,2021-01-01\n", "ends before it begins"),
    ("phrase,gloss_en\n,a gloss without a phrase\n", "row 2: the column 'phrase' holds 0 phrases"),
    ("phrase\n“”、，\n", "too short"),
])
def test_a_wrong_lexicon_ends_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(LexiconError) as caught:
        load_lexicon(write(tmp_path, text))
    assert sentence in str(caught.value) and len(str(caught.value).splitlines()) == 1
    assert "mine.csv" in str(caught.value)


def test_a_file_that_is_no_text_or_not_there(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(b"PK\x03\x04\x00\x00\xff\xff")
    with pytest.raises(LexiconError, match="no CSV text"):
        load_lexicon(tmp_path / "mine.csv")
    with pytest.raises(FileNotFoundError, match="give the path"):
        load_lexicon(tmp_path / "none.csv")


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon([]).find_hits("四早") == []
    assert LEXICON.find_hits("") == []


def test_adding_nothing_changes_nothing() -> None:
    assert extend_lexicon(LEXICON, []).entries == LEXICON.entries
    assert read_entries("phrase\n", "none.csv") == []
