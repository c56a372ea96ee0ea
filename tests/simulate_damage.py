"""Damaged pages made from clean text by the mechanism that damages them.

Clean simplified text is turned into traditional script and written as GBK. A search and
replace over the *bytes* puts `(pinyin)` behind chosen characters, at whatever offset
their two bytes match. A lenient decoder reads the result. Nothing here is shared with
`data_prep.repair`: the truth must not be made by what is tested.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin


@dataclass(frozen=True)
class Damage:
    """How a page is damaged."""

    n_annotated: int = 120  # how many characters the site annotates, the commonest traditional ones
    order: str = "one after the other"  # or "all at once": how the search and replace runs
    decoder: str = "stops"  # how the lenient decoder gets back in step: see DECODERS
    narrow: bool = True  # full-width signs made half-width afterwards (NFKC)
    seed: int = 0


@dataclass(frozen=True)
class DamagedPage:
    """A page as found, and the traditional text it was made from."""

    found: str
    truth: str


#: stops: at every sign of punctuation. clauses: the same, but signs are looked for among the bytes
#: at whatever offset. pairs: only by chance. marks: as pairs, and an ASCII sign behind a lone byte stays.
DECODERS = ("stops", "clauses", "pairs", "marks")


def damage_text(simplified: str, damage: Damage) -> DamagedPage:
    """Damage a text by the mechanism."""
    truth = _keep_gbk(_to_traditional(simplified))
    chosen = _choose_characters(truth, damage)
    annotate = _annotate_in_turn if damage.order == "one after the other" else _annotate_at_once
    if damage.decoder == "stops":
        found = "".join(_decode_run(annotate(piece.encode("gbk"), chosen)) for piece in _SIGNS.split(truth))
    else:
        found = _DECODERS[damage.decoder](annotate(truth.encode("gbk"), chosen))
    if damage.narrow:
        found, truth = _narrow(found), _narrow(truth)
    return DamagedPage(found, truth)


@cache
def _converter() -> OpenCC:
    return OpenCC("s2t")


def _to_traditional(text: str) -> str:
    return _converter().convert(text)


def _keep_gbk(text: str) -> str:
    return text.encode("gbk", "ignore").decode("gbk")


def _choose_characters(truth: str, damage: Damage) -> dict[bytes, bytes]:
    """Annotated characters (as bytes) and what stands behind them.

    A site annotates a fixed list; here: a sample of the characters that differ between the scripts.
    """
    listed = [char for char in _list_differing() if len(char.encode("gbk", "ignore")) == 2]
    rng = random.Random(damage.seed)
    frequent = sorted(set(truth) & set(listed), key=lambda char: (-truth.count(char), char))
    # Two thirds from what the page uses most, the rest from anywhere: those match only by accident.
    chosen = frequent[: damage.n_annotated * 2 // 3]
    chosen += rng.sample([char for char in listed if char not in set(chosen)], damage.n_annotated - len(chosen))
    rng.shuffle(chosen)
    return {char.encode("gbk"): f"({_read(char)})".encode("gbk") for char in chosen}


@cache
def _list_differing() -> tuple[str, ...]:
    level_one = [bytes((a, b)).decode("gbk") for a in range(0xB0, 0xD7) for b in range(0xA1, 0xFF)]
    return tuple(dict.fromkeys(char for simple in level_one if (char := _to_traditional(simple)) != simple))


def _read(char: str) -> str:
    return pinyin(char, style=Style.TONE)[0][0]


def _annotate_in_turn(raw: bytes, chosen: dict[bytes, bytes]) -> bytes:
    for char, note in chosen.items():
        raw = raw.replace(char, char + note)
    return raw


def _annotate_at_once(raw: bytes, chosen: dict[bytes, bytes]) -> bytes:
    pattern = re.compile(b"|".join(re.escape(char) for char in chosen))
    return pattern.sub(lambda found: found.group() + chosen[found.group()], raw)


# --- Lenient decoders ---------------------------------------------------------------


def _pair(lead: int, trail: int) -> str | None:
    if not (0x81 <= lead <= 0xFE and 0x40 <= trail <= 0xFE and trail != 0x7F):
        return None
    try:
        return bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return ""  # a place with no character


def _decode_pairs(raw: bytes, keep_ascii: bool = False) -> str:
    """Two bytes a character; two bytes that make none are one `?`.

    With `keep_ascii` an ASCII byte behind a lone byte stays, as browsers do it.
    """
    out: list[str] = []
    at = 0
    while at < len(raw):
        if raw[at] < 0x80:
            out.append(chr(raw[at]))
            at += 1
        elif at + 1 == len(raw) or raw[at + 1] == 0x0A:
            out.append("?")
            at += 1
        else:
            char = _pair(raw[at], raw[at + 1])
            out.append(char or "?")
            at += 1 if not char and keep_ascii and raw[at + 1] < 0x80 else 2
    return "".join(out)


_SIGNS = re.compile(r"([，。、；：？！“”（）《》\n])")


def _decode_run(raw: bytes) -> str:
    """As pairs; what is lost at the end is one `?` however many bytes it was."""
    return re.sub(r"\?{2,}$", "?", _decode_pairs(raw))


_STOPS = re.compile(b"(" + b"|".join(sign.encode("gbk") for sign in "？！，。；：") + b"|[\\x0a])")


def _decode_clauses(raw: bytes) -> str:
    """As pairs, but the bytes are first cut at punctuation (wherever its bytes match)."""
    return "".join(_decode_pairs(piece) for piece in _STOPS.split(raw))


def _decode_marks(raw: bytes) -> str:
    return _decode_pairs(raw, keep_ascii=True)


_DECODERS: dict[str, Callable[[bytes], str]] = {
    "clauses": _decode_clauses, "pairs": _decode_pairs, "marks": _decode_marks,
}


def _narrow(text: str) -> str:
    """What many collections do with their pages."""
    return unicodedata.normalize("NFKC", text)
