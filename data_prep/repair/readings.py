"""Which reading belongs to which character, and which two bytes of GBK make which character.

Why here: an annotation names the character whose bytes were matched. With its reading
and one of its two bytes, the other byte is one of very few.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from pypinyin.constants import PINYIN_DICT

TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜḿńňǹ"
#: Letters an annotation is made of: GBK has its own ɑ and ɡ for pinyin.
LETTERS = f"a-zɑɡü{TONED}\u0300\u0301\u0304\u030c\u0308ĀÁǍÀĒÉĚÈŌÓǑÒ"
#: The same, and all capitals: an expression that has them all is twice as fast as one that knows no case.
CASED_LETTERS = f"{LETTERS}A-Z{TONED.upper()}"
_TONE = re.compile(f"[{TONED}]")
_LATIN = str.maketrans("ɑɡ", "ag")


@lru_cache(maxsize=4096)  # keys come from pages: without a bound a page could fill the memory
def spell_reading(letters: str) -> str:
    """A reading in one spelling: composed, small, with the letters of ASCII.

    >>> spell_reading("hɑ\u030c ")
    'hǎ'
    """
    return unicodedata.normalize("NFC", letters.strip().translate(_LATIN)).lower()


def is_toned(reading: str) -> bool:
    """Whether a tone mark shows that the letters are pinyin and nothing else."""
    return _TONE.search(reading) is not None


@cache
def list_readings(char: str) -> frozenset[str]:
    """Every reading of a character, toned; empty for what is no Han character.

    >>> sorted(list_readings("會"))
    ['huì', 'kuài', 'kuò']
    """
    return frozenset(PINYIN_DICT.get(ord(char), "").split(",")) - {""} if len(char) == 1 else frozenset()


@cache
def name_reading(char: str) -> str:
    """The usual reading of a character.

    >>> name_reading("會")
    'huì'
    """
    return PINYIN_DICT.get(ord(char), "").split(",")[0]


@cache
def list_syllables() -> frozenset[str]:
    """Every syllable some character is read."""
    return frozenset(reading for readings in PINYIN_DICT.values() for reading in readings.split(","))


@cache
def read_pair(lead: int, trail: int) -> str | None:
    """The character that two bytes make in GBK, None where they make none.

    >>> read_pair(0xD8, 0x94)
    '財'
    """
    try:
        char = bytes((lead, trail)).decode("gbk")
    except UnicodeDecodeError:
        return None
    return char if len(char) == 1 else None


def find_trails(lead: int, reading: str) -> tuple[tuple[int, str], ...]:
    """Second bytes that, after this first one, make a character with this reading; and the character.

    >>> [(hex(trail), char) for trail, char in find_trails(0xD5, "qǐng")]
    [('0x88', '請')]
    """
    return _index_row(lead).get(reading, ())


@cache
def _index_row(lead: int) -> dict[str, tuple[tuple[int, str], ...]]:
    """The pairs of a row by reading."""
    found: dict[str, tuple[tuple[int, str], ...]] = {}
    for pair in list_row(lead):
        for reading in list_readings(pair[1]):
            found[reading] = (*found.get(reading, ()), pair)
    return found


@cache
def write_pair(char: str) -> tuple[int, ...] | None:
    """The one or two bytes of a character in GBK (as GB18030 has them), None for any other.

    >>> [hex(byte) for byte in write_pair("財")]
    ['0xd8', '0x94']
    """
    try:
        raw = char.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return tuple(raw) if len(raw) <= 2 else None


@cache
def list_row(lead: int) -> tuple[tuple[int, str], ...]:
    """The (second byte, character) pairs of a first byte."""
    return tuple((trail, char) for trail in range(0x40, 0xFF) if (char := read_pair(lead, trail)))


@cache
def list_column(trail: int) -> tuple[tuple[int, str], ...]:
    """The (first byte, character) pairs of a second byte."""
    return tuple((lead, char) for lead in range(0x81, 0xFF) if (char := read_pair(lead, trail)))


_MARKED = dict(zip(TONED, "aaaaeeeeiiiioooouuuuüüüümnnn", strict=True))


def strip_tone(reading: str) -> str:
    """A reading without its tone.

    >>> strip_tone("huì")
    'hui'
    """
    return "".join(_MARKED.get(letter, letter) for letter in reading)


@cache
def _read_backwards() -> dict[str, list[str]]:
    chars: dict[str, list[str]] = {}
    for lead in range(0x81, 0xFF):
        for _, char in list_row(lead):
            for reading in list_readings(char):
                chars.setdefault(reading, []).append(char)
    return chars


def list_read(reading: str) -> list[str]:
    """The characters of GBK that are read so."""
    return _read_backwards().get(reading, [])


@cache
def list_narrowed() -> dict[str, list[tuple[str, tuple[int, int]]]]:
    """Signs of GBK that NFKC prints with others, by the first of these: `，` as `,`, `⑽` as `(10)`.

    >>> [hex(byte) for byte in dict(list_narrowed()["("])["(10)"]]
    ['0xa2', '0xce']
    """
    narrowed: dict[str, list[tuple[str, tuple[int, int]]]] = {}
    for lead in range(0xA1, 0xAA):
        for trail, char in list_row(lead):
            narrow = unicodedata.normalize("NFKC", char)
            # Small and upright forms (﹐ ︵) are as good as never printed.
            if narrow != char and not "\ufe10" <= char <= "\ufe6f":
                narrowed.setdefault(narrow[0], []).append((narrow, (lead, trail)))
    return narrowed


def read_across(two: str) -> str:
    """The character that the last byte of a full-width one makes with the letter of ASCII behind it; else nothing.

    A comma printed as `,` may have been a full-width one.

    >>> read_across("，F"), read_across(",F"), read_across("中國")
    ('現', '現', '')
    """
    if len(two) != 2 or not "@" <= two[1] <= "~" or (two[0].isascii() and two[0].isalnum()):
        return ""
    own = dict(list_narrowed().get(two[0], ())).get(two[0]) or write_pair(two[0])
    return (read_pair(own[-1], ord(two[1])) or "") if own and own[-1] > 0x80 else ""
