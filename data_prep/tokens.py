"""Text -> tokens, and tokens -> terms with their counts.

Why two engines: jieba is what the field cites, and too slow for a corpus (1 MB/s); rjieba is the
same algorithm with the same dictionary in Rust (15 MB/s). It keeps together what jieba parts in
ASCII runs (`2022-03`) and rare Han characters, so these are split again the way jieba does; then
both give the same tokens, which the tests hold to. Where rjieba is not installed jieba cuts.

The set phrases of the lexicon are words here, as far as they are word-like (MAX_WORD); without
them 动态清零 would be two terms and 四早 none. A word jieba knows keeps jieba's frequency, a new
one gets the frequency jieba itself suggests, the least that keeps it whole.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from data_prep.lexicons import read_lexicon

try:
    import rjieba
except ImportError:  # no wheel for this platform
    rjieba = None  # type: ignore[assignment]

#: Longer phrases are clauses: as one token they would hide the words in them (疫情防控, 党中央).
MAX_WORD = 6
#: Longest stretch handed to an engine: time and memory grow with it.
MAX_CUT = 4000

# jieba splits runs of ASCII at these; rjieba keeps them whole.
_ASCII_PARTS = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")
# Han characters outside jieba's range, each a token of its own there; rjieba would join them.
_RARE_HAN = re.compile("([\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])")
_WORD = re.compile(rf"[\u4e00-\u9fff]{{2,{MAX_WORD}}}")
# Places where no engine joins what stands left and right, the best first.
_BREAKS = (re.compile(r"\n"), re.compile(r"[。！？；]"), re.compile(r"[，、：）”]"))


def cut_tokens(text: str) -> list[str]:
    """Tokens of `text` in order; joined they give `text` again.

    >>> cut_tokens("落实“动态清零”总方针3.5%。")
    ['落实', '“', '动态清零', '”', '总方针', '3.5%', '。']
    """
    cut = _cutter()
    if len(text) <= MAX_CUT:
        return cut(text)
    return [token for piece in _cut_pieces(text) for token in cut(piece)]


def count_terms(text: str) -> dict[str, int]:
    """How often each term stands in `text`, in order of first appearance.

    A term is a token that holds a letter, a digit or a Han character.

    >>> count_terms("清零，清零！")
    {'清零': 2}
    """
    return {token: n for token, n in Counter(cut_tokens(text)).items() if _is_term(token)}


def count_tokens(text: str) -> int:
    """Number of tokens of `text` that are terms (documents.n_tokens).

    >>> count_tokens("清零，清零！")
    2
    """
    return sum(count_terms(text).values())


def list_words() -> list[str]:
    """The set phrases that are words for both engines, sorted: at most MAX_WORD Han characters."""
    return sorted({phrase for phrase in read_lexicon("phrases")["phrase"] if _WORD.fullmatch(phrase)})


# --- The engines ----------------------------------------------------------------------


@cache
def _cutter() -> Callable[[str], list[str]]:
    return load_jieba() if rjieba is None else load_rjieba()


def load_rjieba() -> Callable[[str], list[str]]:
    """rjieba with the set phrases, cutting as jieba does. Raises ImportError where it is missing."""
    if rjieba is None:
        raise ImportError("rjieba is not installed: pip install rjieba, or go without, jieba does the same")
    engine = rjieba.Jieba()
    new = {word: engine.suggest_freq(word) for word in list_words() if not engine.has_word(word)}
    for word, frequency in new.items():  # only now: a word added would change what is suggested for the next
        engine.add_word(word, frequency, "n")
    cut = engine.cut

    def cut_as_jieba(text: str) -> list[str]:
        if _RARE_HAN.search(text):
            return [token for piece in _RARE_HAN.split(text) if piece for token in cut_piece(piece)]
        return cut_piece(text)

    def cut_piece(text: str) -> list[str]:
        tokens: list[str] = []
        for token in cut(text):
            if token.isascii() and not token.isalnum() and len(token) > 1 and not engine.has_word(token):
                tokens += filter(None, _ASCII_PARTS.split(token))
            else:  # C++ and AT&T are words of the dictionary
                tokens.append(token)
        return tokens

    return cut_as_jieba


def load_jieba() -> Callable[[str], list[str]]:
    """jieba with the set phrases, its cache in a folder of the user's own."""
    import jieba  # costs 0.3 s, and is only needed where rjieba is missing

    jieba.setLogLevel(logging.WARNING)
    engine = jieba.Tokenizer()
    engine.tmp_dir = str(_private_folder())
    engine.initialize()
    new = {word: engine.suggest_freq(word) for word in list_words() if not engine.FREQ.get(word)}
    for word, frequency in new.items():
        engine.add_word(word, frequency)
    lcut: Callable[[str], list[str]] = engine.lcut
    return lcut


# --- Parts ------------------------------------------------------------------------------


def _is_term(token: str) -> bool:
    return token.isalnum() or any(map(str.isalnum, token))


def _cut_pieces(text: str) -> Iterator[str]:
    """Pieces of at most MAX_CUT characters, ending where a token ends wherever the text allows."""
    begin = 0
    while len(text) - begin > MAX_CUT:
        end = _find_break(text, begin, begin + MAX_CUT)
        yield text[begin:end]
        begin = end
    yield text[begin:]


def _find_break(text: str, begin: int, end: int) -> int:
    for mark in _BREAKS:
        for place in range(end, begin, -1):
            if mark.match(text, place - 1):
                return place
    return end


def _private_folder() -> Path:
    """A folder only this user can write: jieba loads its cache with marshal, which trusts what it reads."""
    owner = os.getuid() if hasattr(os, "getuid") else "me"
    folder = Path(tempfile.gettempdir()) / f"tifa-atlas-{owner}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return Path(tempfile.mkdtemp(prefix="tifa-atlas-"))
    ours = not hasattr(os, "getuid") or (found.st_uid == owner and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH))
    return folder if ours and stat.S_ISDIR(found.st_mode) else Path(tempfile.mkdtemp(prefix="tifa-atlas-"))
