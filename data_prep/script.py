"""Traditional -> Simplified, character for character, and a no-op for what is simplified.

Why here: phrases are counted in simplified characters, but a quotation must show the
print; so both texts have one length. Only clauses that hold a character which exists in
traditional script alone are touched: 显著, 瞭望 or 乾隆 in a simplified clause stay.
Dictionaries: those of opencc-python-reimplemented (`t2s`), and `lexicons/folds.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from data_prep.lexicons import read_lexicon

# A clause ends where no phrase of the dictionaries can go on.
_CLAUSE = re.compile(r"[^\s，。、；：？！,;:?!“”‘’「」『』（）()《》〈〉【】…—]+")
# Which share of the characters that exist in one script only makes a text mixed.
_MIXED_FROM, _MIXED_TO = 0.05, 0.95


def fold_script(text: str) -> str:
    """The text in simplified script, of the same length.

    >>> fold_script("奔著問題去，乾隆皇帝著作顯著")
    '奔着问题去，乾隆皇帝著作显著'
    >>> fold_script("显著优势，瞭望")
    '显著优势，瞭望'
    """
    if not _holds_traditional(text):
        return text
    return _CLAUSE.sub(lambda clause: _fold_clause(clause.group()), text)


def tell_script(text: str) -> str:
    """hans, hant or mixed, by the characters that exist in one of the scripts only.

    >>> tell_script("召開會議"), tell_script("召开会议"), tell_script("2022"), tell_script("召開会议")
    ('hant', 'hans', 'hans', 'mixed')
    """
    units = _list_units(text)
    traditional = int(_is_mark()[units].sum())
    if not traditional:
        return "hans"
    simplified = int(_is_simplified()[units].sum())
    share = traditional / (traditional + simplified)
    if share < _MIXED_FROM:
        return "hans"
    return "hant" if share > _MIXED_TO else "mixed"


def _holds_traditional(text: str) -> bool:
    """Whether a character stands in the text that only traditional script has (some 100 MB a second)."""
    return bool(_is_mark()[_list_units(text)].any())


def _list_units(text: str) -> npt.NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


@cache
def _is_mark() -> npt.NDArray[np.bool_]:
    """For each UTF-16 code unit, whether it is a character that only traditional text holds.

    Those beyond the BMP are left out: they stand in a page of old characters, if anywhere, with others.
    """
    return _tabulate(chr(code) for code in fold_characters() if chr(code) not in _SHARED)


@cache
def _is_simplified() -> npt.NDArray[np.bool_]:
    return _tabulate(list_simplified_only())


def _tabulate(chars: Iterable[str]) -> npt.NDArray[np.bool_]:
    table = np.zeros(0x10000, dtype=bool)
    table[[ord(char) for char in chars if char <= "\uffff"]] = True
    return table


def _fold_clause(clause: str) -> str:
    if not _marks().search(clause):
        return clause
    folded = clause.translate(fold_characters())
    exceptions, phrases = _exceptions()
    spots = list(exceptions.finditer(clause))
    if spots:
        chars = list(folded)
        for spot in spots:
            chars[spot.start():spot.end()] = phrases[spot.group()]
        folded = "".join(chars)
    return folded if len(folded) == len(clause) else clause


# --- The dictionaries, read once ----------------------------------------------------


def _read_opencc(name: str) -> dict[str, str]:
    lines = (files("opencc") / "dictionary" / name).read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line)
    return {key: values.split(" ")[0] for key, values in pairs}


@cache
def fold_characters() -> dict[int, str]:
    """Character by character, to be read only.

    Left out: simplifications of plane 2 (二𫫇英), which no page prints, and what would be folded on (薴 to 苧 to 苎).
    """
    table = {key: value for key, value in _read_opencc("TSCharacters.txt").items()
             if key != value and len(value) == 1 and value <= "\uffff"}
    table |= {row.traditional: row.simplified for row in read_lexicon("folds").itertuples()
              if len(row.traditional) == 1}
    return {ord(key): value for key, value in table.items() if table.get(value, value) == value}


@cache
def _exceptions() -> tuple[re.Pattern[str], dict[str, str]]:
    """Phrases whose folding is not that of their characters, the longest first."""
    ours = {row.traditional: row.simplified for row in read_lexicon("folds").itertuples()
            if len(row.traditional) > 1}
    phrases = {key: value for key, value in (_read_opencc("TSPhrases.txt") | ours).items()
               if len(key) == len(value) and (key in ours or (value <= "\uffff" and not key.startswith("於")))}
    differing = {key: value for key, value in phrases.items() if key.translate(fold_characters()) != value}
    longest_first = sorted(differing, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))), differing


@cache
def _marks() -> re.Pattern[str]:
    """Characters that only traditional text holds: convertible, not also used in simplified text."""
    return re.compile("[" + "".join(chr(code) for code in fold_characters() if chr(code) not in _SHARED) + "]")


@cache
def list_simplified_only() -> frozenset[str]:
    """Characters that only simplified text holds: 为 and 区, not 后 or 里, which traditional text uses too."""
    lines = (files("opencc") / "dictionary" / "STCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line)
    simplified = frozenset(key for key, values in pairs if key not in values.split(" "))
    return simplified - _SHARED - frozenset(map(chr, fold_characters()))


#: Convertible characters that standard simplified text prints as well, in words or names.
_SHARED = frozenset("著乾瞭藉於夥覆徵摺餘鍾甯昇喆堃祇蘋薹衹麽鉅濛")
