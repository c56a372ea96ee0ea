"""Repair: what is damaged is read, what is whole stays, every edit is undone to the letter."""

from __future__ import annotations

import hashlib
import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.decode import UndecodablePage, decode_page, encode_page
from data_prep.repair import (
    FLOOR,
    RULES,
    annotations,
    compose_edits,
    fill_from_copy,
    repair_text,
    replay_edits,
    shifts,
    undo_edits,
    ways,
)
from data_prep.repair.likelihood import Pairs, begin_track, extend_track
from data_prep.schema import KEPT_BYTES, Edit
from data_prep.script import fold_script
from tests.simulate_damage import DECODERS, Damage, damage_text

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
CASES = json.loads((ROOT / "tests" / "cases" / "repair.json").read_text(encoding="utf-8"))
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

_MARK = pytest.mark.xfail(strict=True, reason="known failure")


def check_edits(raw: str, edits: tuple[Edit, ...] | list[Edit], text: str) -> None:
    """Edits are sorted, never overlap, say what stood there, and lead both ways."""
    at = 0
    for edit in edits:
        assert at <= edit.begin <= edit.end
        assert raw[edit.begin:edit.end] == edit.before
        assert edit.rule in RULES
        assert 0.0 <= edit.confidence <= 1.0
        assert (edit.before == edit.after) == (edit.rule == "unrepaired")
        assert edit.rule == "unrepaired" or edit.confidence >= 0.5
        at = edit.end
    assert replay_edits(raw, edits) == text
    assert undo_edits(text, edits) == raw


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["label"], marks=_MARK if case.get("known_failure") else ()) for case in CASES])
def test_case_is_repaired_as_written(case: dict[str, object]) -> None:
    repaired = repair_text(str(case["raw"]))
    check_edits(str(case["raw"]), repaired.edits, repaired.text)
    assert repaired.text == case["repaired"]
    assert [edit.rule for edit in repaired.edits] == case["rules"]


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_sample_page_is_read_in_full_and_undone_to_the_byte(path: Path) -> None:
    raw = path.read_bytes()
    page = decode_page(raw)
    repaired = repair_text(page.text)
    check_edits(page.text, repaired.edits, repaired.text)
    undone = encode_page(undo_edits(repaired.text, repaired.edits), page.encoding)
    assert hashlib.sha256(undone).digest() == hashlib.sha256(raw).digest()
    assert "?" not in repaired.text
    assert not any(edit.rule == "unrepaired" for edit in repaired.edits)


def test_sample_pages_say_what_they_said_before_the_damage() -> None:
    texts = {path.name[:3]: fold_script(repair_text(path.read_text(encoding="utf-8")).text) for path in SEEDS}
    for words in ("台海网2月21日讯 据福建日报报道", "以县域为单位,并细化到乡镇街道", "(福建日报记者 周琳)"):
        assert words in texts["001"]
    for words in ("(福建日报记者 林宇熙)", "坚决斩断疫情传播渠道。", "进行再强调、再推动。"):
        assert words in texts["002"]
    # The third article of 000 is another copy of 002: passages of both agree to the letter.
    clean, mended = texts["000"].replace("\n", ""), texts["002"]
    passage = mended[mended.index("封控管控区是"):mended.index("赵龙分别在")].replace("\n", "")
    assert passage in clean


@pytest.mark.parametrize("decoder", DECODERS)
@pytest.mark.parametrize("order", ["one after the other", "all at once"])
def test_simulated_damage_is_mended(decoder: str, order: str) -> None:
    clean = (ROOT / "seeds" / SEEDS[0].name).read_text(encoding="utf-8")
    page = damage_text(clean, Damage(200, order, decoder, seed=3))
    repaired = repair_text(page.found)
    check_edits(page.found, repaired.edits, repaired.text)
    damaged, mended = (_count_errors(text, page.truth) for text in (page.found, repaired.text))
    assert mended <= damaged / 20


def _count_errors(text: str, truth: str) -> int:
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(fold_script(text), fold_script(truth))


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="../shared is not here")
def test_clean_text_is_left_alone() -> None:
    for folder in ("xinwen_lianbo", "work_reports"):
        paths = sorted((SHARED / "corpora" / folder).rglob("*.md"))
        for path in random.Random(5).sample(paths, 40):
            text = path.read_text(encoding="utf-8", errors="replace")
            # An entity left in one of the reports is damage indeed.
            assert [edit for edit in repair_text(text).edits if edit.rule != "html_entity"] == [], path


def test_bytes_kept_by_decode_are_shown_or_read() -> None:
    raw = "福建日報，会议強調要堅持人民至上生命至上".encode("gb18030")
    torn = raw.replace(b"\xd5\x88", b"\xd5\x88(q\xa8\xabng)")  # the damage itself, never leniently decoded
    page = decode_page(torn)
    assert any(KEPT_BYTES <= ord(char) <= KEPT_BYTES + 0xFF for char in page.text)
    repaired = repair_text(page.text)
    check_edits(page.text, repaired.edits, repaired.text)
    assert repaired.text.startswith("福建日報，")
    cut = decode_page("疫情防控".encode()[:-1])
    assert repair_text(cut.text).text == "疫情防\ufffd"
    assert repair_text(cut.text).edits[0].rule == "undecodable_bytes"


def test_a_place_that_cannot_be_read_is_left_and_said_so() -> None:
    raw = "會(huì)議(yì)強(qiáng)調，何勇、王?zhàn)?、鄒家華"
    repaired = repair_text(raw)
    check_edits(raw, repaired.edits, repaired.text)
    for edit in repaired.edits:
        assert edit.rule != "byte_shift" or edit.confidence >= FLOOR


@pytest.mark.parametrize("unit", [
    "?qǐng)",
    "會(huì)(qǐng)\n",
    "會(huì)議(yì)強(qiáng)?",
    "請?qǐng)?",
    "?qǐng)a",
    "會(huì)會(huì)會(huì)?qǐng)",
])
def test_a_page_of_nothing_but_damage_is_searched_for_a_bounded_time(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    extend = annotations.read_shift

    def count(raw: str, begin: int, *rest: object) -> tuple[list[object], int]:
        nonlocal read
        places, at = extend(raw, begin, *rest)
        read += at - begin
        return places, at

    monkeypatch.setattr(annotations, "read_shift", count)
    for n in (1000, 3000):
        read, raw = 0, unit * n
        repaired = repair_text(raw)
        check_edits(raw, repaired.edits, repaired.text)
        assert read < 2500 + len(raw) / 20


def test_a_page_of_ever_new_damage_is_given_up_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations, "_MOST", 0)
    monkeypatch.setattr(annotations, "_MOST_SHARE", 10**9)
    raw = "會(huì)議(yì)強(qiáng)調，福建日?qǐng)?bào)記者，再?gòu)?qiáng)調"
    repaired = repair_text(raw)
    check_edits(raw, repaired.edits, repaired.text)
    assert [edit.before for edit in repaired.edits if edit.rule == "byte_shift"] == ["?qǐng)?bào)"]
    assert any(edit.rule == "unrepaired" and edit.confidence == 0 for edit in repaired.edits)


def test_a_run_met_again_is_read_as_the_first_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clean = (ROOT / "seeds" / SEEDS[0].name).read_text(encoding="utf-8")
    found = "".join(damage_text(clean, Damage(300, "all at once", "clauses", seed=seed)).found for seed in (1, 1, 2))
    remembered = repair_text(found)
    monkeypatch.setattr(annotations, "_KNOWN", 0)
    assert repair_text(found) == remembered


# --- Copies --------------------------------------------------------------------------

LOST = Edit("unrepaired", 3, 11, "?XX)YYY?", "?XX)YYY?", 0.2)
RAW = "堅決斬?XX)YYY?。泉州是大家的泉州，泉州的抗疫"


def test_lost_place_is_filled_from_a_copy_in_either_script() -> None:
    for copy, words in (("把人管住，坚决斩断疫情传播渠道。泉州是大家的泉州，泉州的抗疫要靠大家", "断疫情传播渠道"),
                        ("把人管住，堅決斬斷疫情傳播渠道。泉州是大家的泉州，泉州的抗疫要靠大家", "斷疫情傳播渠道")):
        filled = fill_from_copy(RAW, [LOST], copy)
        assert [(edit.rule, edit.after) for edit in filled] == [("from_copy", words)]
        check_edits(RAW, filled, replay_edits(RAW, filled))


@pytest.mark.parametrize("copy", [
    "", "另一篇文章，与此无关。", "坚决斩断", "坚决斩断甲。泉州是别的。坚决斩断乙。",
    "坚决斩" + "很长" * 60 + "。泉州是大家的泉州，泉州的抗疫",
])
def test_copy_that_does_not_match_changes_nothing(copy: str) -> None:
    assert fill_from_copy(RAW, [LOST], copy) == [LOST]


def test_sure_edits_are_not_asked_of_a_copy() -> None:
    sure = Edit("byte_shift", 3, 11, LOST.before, "斷疫情傳播渠道", 0.999)
    assert fill_from_copy(RAW, [sure], "坚决斩断别的什么。泉州是大家的泉州，泉州的抗疫") == [sure]


# --- Whatever comes -------------------------------------------------------------------

ALPHABET = st.one_of(
    st.characters(exclude_categories=("Cs",)),
    st.sampled_from("會議強調日報请?？(（)）huìyìqǐngbào，。、&;#x2028\ufffd\u200b⾯锟斤拷ç–«æƒ…鎺ㄨ繘0０2２\n"),
    st.integers(KEPT_BYTES, KEPT_BYTES + 0xFF).map(chr),
)


@settings(max_examples=300, deadline=None)
@given(st.text(ALPHABET, max_size=120))
def test_any_text_is_repaired_and_undone(raw: str) -> None:
    repaired = repair_text(raw)
    check_edits(raw, repaired.edits, repaired.text)
    assert not any("\ud800" <= char <= "\udfff" for char in repaired.text)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 60))
def test_any_bytes_are_repaired_and_undone(noise: bytes, at: int) -> None:
    page = "福建日報報道，會議強調要堅決打贏疫情防控阻擊戰。".encode("gb18030")
    for raw in (noise, page[:at] + noise + page[at:]):
        try:
            decoded = decode_page(raw)
        except UndecodablePage:
            continue
        repaired = repair_text(decoded.text)
        check_edits(decoded.text, repaired.edits, repaired.text)
        assert encode_page(undo_edits(repaired.text, repaired.edits), decoded.encoding) == raw


# What damage is made of: annotations whole and broken, marks, bytes read a step too late, entities, other encodings.
FRAGMENTS = (
    "會", "(huì)", "?qǐng)", "?", "\ufffd", "，", ",", "F(xiàn)", "\n", "日", "報", "(", ")", "?(é)", "閭", "⒕", "？；", "a", "0", " ",
    "斬?cái)嘁咔閭鞑デ?。", "牐╰īng）I", "?╳ěn）", "荆è痷）尺[", "（yì）", "(men)", "&amp;", "&lt;", "锟斤拷", "\u200b", "⾯", "鎺ㄨ繘",
    "ç–«", "２0", "。。", "澳门新葡京娱乐场注册送彩金\n", chr(KEPT_BYTES + 0xD2),
)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.one_of(*[st.sampled_from(FRAGMENTS)] * 4, ALPHABET), max_size=90).map("".join))
def test_any_heap_of_damage_is_repaired_and_undone(raw: str) -> None:
    repaired = repair_text(raw)
    check_edits(raw, repaired.edits, repaired.text)


@pytest.mark.parametrize(("earlier", "later", "rule"), [
    (Edit("byte_shift", 0, 2, "?x", "報", 0.9), Edit("unrepaired", 0, 1, "報", "報", 0.0), "byte_shift"),
    (Edit("unrepaired", 0, 2, "?x", "?x", 0.0), Edit("lost_sign", 0, 1, "?", "。", 0.8), "lost_sign"),
    (Edit("html_entity", 0, 2, "?x", "，，", 1.0), Edit("doubled_sign", 0, 2, "，，", "，", 0.95), "doubled_sign"),
])
def test_composed_edit_is_named_by_the_step_that_changed_the_text(earlier: Edit, later: Edit, rule: str) -> None:
    (edit,) = compose_edits("?x", [earlier], [later])
    assert edit.rule == rule
    assert edit.before != edit.after
    assert edit.confidence > 0.0


@st.composite
def _edits(draw: st.DrawFn, text: str) -> list[Edit]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = [(begin, end) for begin, end in zip(cuts[::2], cuts[1::2], strict=False) if begin < end]
    return [Edit("byte_shift", begin, end, text[begin:end], draw(st.text("xyz", max_size=3)), 0.9) for begin, end in spans]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_edits_set_on_edits_do_what_both_do(data: st.DataObject) -> None:
    raw = data.draw(st.text("abcdef", max_size=20))
    first = data.draw(_edits(raw))
    between = replay_edits(raw, first)
    second = data.draw(_edits(between))
    composed = compose_edits(raw, first, second)
    assert replay_edits(raw, composed) == replay_edits(between, second)
    assert undo_edits(replay_edits(raw, composed), composed) == raw


def test_a_search_goes_on_though_the_one_before_found_likelier_ways() -> None:
    raw = "日?qǐng)?bào)記者在福建採訪"
    around = ways.Surroundings(Pairs(""), frozenset("報"), True)
    before = shifts._Search(raw, len(raw), around, shifts._NARROW)
    before.bests.update({at: 100.0 for at in range(13, len(raw) + 1)})
    start = ways.begin_way(extend_track(begin_track(), "日", around.pairs), "日", 1)
    places, at = shifts._Search(raw, len(raw), around, shifts._WIDE, before).read(start)
    assert [place.text for place in places] == ["報"]
    assert at > 12
