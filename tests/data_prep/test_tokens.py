"""Both engines cut alike, nothing is lost, and set phrases are words."""

from __future__ import annotations

import os
import stat
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep import tokens as module
from data_prep.tokens import MAX_CUT, MAX_WORD, count_terms, count_tokens, cut_tokens, list_words, load_jieba, load_rjieba

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))

needs_rjieba = pytest.mark.skipif(module.rjieba is None, reason="rjieba is not installed: jieba alone cuts here")


jieba_once, rjieba_once = cache(load_jieba), cache(load_rjieba)


@pytest.fixture
def jieba_cut():
    return jieba_once()


@needs_rjieba
@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_both_engines_cut_the_seeds_alike(path: Path, jieba_cut) -> None:
    text = path.read_text(encoding="utf-8")
    assert rjieba_once()(text) == jieba_cut(text)


@needs_rjieba
@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="needs ../shared/corpora")
def test_both_engines_cut_news_and_reports_alike(jieba_cut) -> None:
    paths = sorted((SHARED / "corpora" / "xinwen_lianbo").glob("*.md"))[::24]
    paths += sorted((SHARED / "corpora" / "work_reports").rglob("*.md"))[::40]
    cut = rjieba_once()
    n = 0
    for path in paths:
        text = path.read_text(encoding="utf-8")
        ours, theirs = cut(text), jieba_cut(text)
        assert ours == theirs, path
        n += len(ours)
    assert n > 100_000


@needs_rjieba
@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([
    "动态清零", "社会面", "3.5%", "2022-03-17", "GDP", "C++", "AT&T", "C#", "a.b", "A-1", "100%", "..", "５Ｇ", "#1", "_x", "&", "\r\n", " ", "。", "，",
    "尹力", "强调", "四早", "𠮷", "é", "~", "iPhone14", "1.2.3", "+86", "%", "50%以上",
]), max_size=20).map("".join))
def test_both_engines_cut_any_mixture_alike(text: str) -> None:
    assert rjieba_once()(text) == jieba_once()(text)


@needs_rjieba
def test_both_engines_know_the_same_words_as_often() -> None:
    """The frequency each engine suggests for a new word is the other's, so that both keep it whole alike."""
    import jieba

    plain = jieba.Tokenizer()
    plain.tmp_dir = str(module._private_folder())
    plain.initialize()
    rust = module.rjieba.Jieba()
    for word in list_words():
        assert bool(plain.FREQ.get(word)) == rust.has_word(word), word
        if not plain.FREQ.get(word):
            assert plain.suggest_freq(word) == rust.suggest_freq(word), word


def test_set_phrases_are_tokens() -> None:
    cut = cut_tokens("坚持动态清零，落实四方责任和四早要求，实现社会面清零，解封不解防，做到两个维护。")
    assert {"动态清零", "四方责任", "四早", "社会面清零", "解封不解防", "两个维护"} <= set(cut)


def test_words_are_short_enough_to_hide_nothing() -> None:
    words = list_words()
    assert len(words) > 300 and words == sorted(set(words))
    assert max(map(len, words)) == MAX_WORD
    assert "党中央、国务院决策部署" not in words and "统筹疫情防控和经济社会发展" not in words


def test_nothing_is_lost() -> None:
    for path in SEEDS:
        text = path.read_text(encoding="utf-8")
        assert "".join(cut_tokens(text)) == text


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_cut_without_loss(text: str) -> None:
    assert "".join(cut_tokens(text)) == text


def test_terms_hold_a_letter_a_digit_or_a_han_character() -> None:
    text = "清零,清零!GDP增长5.5%。 —— 【】𠮷林 ％"
    terms = count_terms(text)
    assert terms["清零"] == 2 and terms["GDP"] == 1 and terms["5.5%"] == 1
    assert all(any(char.isalnum() for char in term) for term in terms)
    assert not set(terms) & set(",!。—【】 ％")
    assert sum(terms.values()) == count_tokens(text)
    assert Counter(terms) == Counter(token for token in cut_tokens(text) if any(map(str.isalnum, token)))


def test_empty_text_has_no_tokens() -> None:
    assert cut_tokens("") == [] and count_terms("") == {} and count_tokens(" \n") == 0


def test_a_long_text_is_cut_at_its_sentences() -> None:
    """In pieces the same tokens as in one: a piece ends where a token ends."""
    text = (SEEDS[0].read_text(encoding="utf-8") + "\n") * 5
    assert len(text) > 3 * MAX_CUT
    assert cut_tokens(text) == module._cutter()(text)


def test_a_text_without_a_break_is_cut_all_the_same() -> None:
    text = "疫情防控" * 200_000
    pieces = list(module._cut_pieces(text))
    assert max(map(len, pieces)) <= MAX_CUT and "".join(pieces) == text
    assert "".join(cut_tokens(text)) == text


def test_without_rjieba_jieba_cuts(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "落实“动态清零”总方针，2022-03-17增长3.5%"
    expected = cut_tokens(text)
    monkeypatch.setattr(module, "rjieba", None)
    module._cutter.cache_clear()
    try:
        assert cut_tokens(text) == expected
        with pytest.raises(ImportError, match="jieba does the same"):
            load_rjieba()
    finally:
        module._cutter.cache_clear()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of this kind are POSIX")
def test_the_cache_folder_is_ours_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    folder = module._private_folder()
    assert folder.parent == tmp_path and stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert module._private_folder() == folder
    folder.chmod(0o777)  # somebody else may have put a cache there
    assert module._private_folder() != folder
    folder.rmdir()
    folder.symlink_to(tmp_path)
    assert module._private_folder() != folder
