"""Bytes of a page -> text, its encoding, and why that encoding.

Why here: "UTF-8, else GB18030" reads every Big5 page wrong without a word, and a page
cut in mid-character must not be lost. So the reading that gives common Chinese
characters wins, and the step is reversible byte for byte: a byte that belongs to no
character becomes one of 256 characters of plane 16's private use area (`KEPT_BYTES`),
which `repair` later shows as U+FFFD and `encode_page` turns back into the byte.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass

from charset_normalizer import from_bytes

from data_prep.schema import KEPT_BYTES

KEPT = re.compile(f"[{chr(KEPT_BYTES)}-{chr(KEPT_BYTES + 0xFF)}]+")

# The longest mark first: the mark of UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le-sig"),
    (codecs.BOM_UTF32_BE, "utf-32-be-sig"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16-le-sig"),
    (codecs.BOM_UTF16_BE, "utf-16-be-sig"),
)
_MARK_OF = {name: mark for mark, name in _MARKS}

# First bytes of files that are no text, however they are named.
_BINARY = (
    (b"%PDF-", "a PDF"), (b"PK\x03\x04", "a ZIP archive or an Office file"), (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"), (b"GIF8", "a GIF picture"), (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"), (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"PAR1", "a Parquet file"), (b"\x7fELF", "a program"), (b"SQLite format 3", "a database"),
)

# Names under which pages declare an encoding -> the codec that reads all of it.
_CODECS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "x-gbk": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "big5hkscs": "big5hkscs", "cp950": "big5hkscs",
    "utf8": "utf-8", "utf-8": "utf-8", "hz": "hz", "hz-gb-2312": "hz",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "utf-32le": "utf-32-le", "utf-32be": "utf-32-be", "utf-32": "utf-32-le",
}
_DECLARATION = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_\-]{3,20})""")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HAN = re.compile("[\u4e00-\u9fff]")
_RATED = 8000  # bytes read to tell an encoding
_SEPARATED = bytes(byte if byte >= 0x30 else 0x20 for byte in range(256))
_HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")


class UndecodablePage(ValueError):
    """The bytes are no text; the message is one sentence that says why."""


@dataclass(frozen=True)
class DecodedPage:
    """Text of a page, the codec it was read with, and the words that speak for it."""

    text: str
    encoding: str
    evidence: str


def decode_page(raw: bytes, declared: str | None = None) -> DecodedPage:
    """Read the bytes of a page; `encode_page(page.text, page.encoding) == raw` always.

    `declared` is an encoding named from outside (an HTTP header); one named by the page
    itself is looked up. Both are only believed when the reading is no worse than another.

    >>> decode_page("疫情防控".encode("gb18030")).encoding
    'gb18030'

    Raises UndecodablePage for an empty file and for a file that is no text.
    """
    if not raw.strip(b" \t\r\n\x00"):
        raise UndecodablePage("The file is empty.")
    for magic, kind in _BINARY:
        if raw.startswith(magic):
            raise UndecodablePage(f"The file is {kind}, not text.")
    encoding, evidence = _tell_encoding(raw, declared)
    text = _decode(raw, encoding)
    _refuse_binary(text)
    return DecodedPage(text, encoding, evidence)


def encode_page(text: str, encoding: str) -> bytes:
    """The bytes that `decode_page` read `text` from.

    >>> encode_page(*[getattr(decode_page(b"\\xd2\\xdf\\xc7"), k) for k in ("text", "encoding")])
    b'\\xd2\\xdf\\xc7'
    """
    codec = encoding.removesuffix("-sig")
    parts, begin = [_MARK_OF.get(encoding, b"")], 0
    for kept in KEPT.finditer(text):
        parts.append(text[begin:kept.start()].encode(codec))
        parts.append(bytes(ord(char) - KEPT_BYTES for char in kept.group()))
        begin = kept.end()
    parts.append(text[begin:].encode(codec))
    return b"".join(parts)


# --- Which encoding ----------------------------------------------------------------


def _tell_encoding(raw: bytes, declared: str | None) -> tuple[str, str]:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return name, "byte order mark"
    wide = _tell_wide(raw)
    if wide:
        return wide, "null bytes stand where UTF-16 or UTF-32 has them"
    if raw.isascii() and _HZ.search(raw):
        return "hz", "~{ ... ~} around pairs of 7-bit bytes"
    if _fits_utf8(raw):
        return "utf-8", "every byte fits UTF-8"
    if _fits_utf8_when_trimmed(raw):
        return "utf-8", "every byte fits UTF-8 but those of a character cut off"
    named = declared or _find_declaration(raw)
    codec = _CODECS.get(named.lower().replace("_", "-")) if named else None
    sample = _sample_bytes(raw)
    readings = {name: _rate_reading(sample, name) for name in ("utf-8", "gb18030", "big5hkscs")}
    if codec in readings:
        readings[codec] += 0.05  # a declaration decides between readings that are about as good
    best = max(readings, key=lambda name: readings[name])
    if readings[best] > 0.3:
        why = f"declared {named}, and " if codec == best else ""
        return best, f"{why}{readings[best]:.0%} common characters in this reading"
    guess = from_bytes(sample).best()
    if guess is not None and guess.encoding not in ("ascii", "utf_8") and _reads_back(raw, guess.encoding):
        return guess.encoding.replace("_", "-"), "charset-normalizer's guess; no Chinese encoding fits"
    return best, "no encoding fits well; this one fits best"


def _tell_wide(raw: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark shows in which places are null.

    >>> _tell_wide("ab".encode("utf-16-le"))
    'utf-16-le'
    """
    sample = raw[:4096]
    if len(sample) < 4 or (b"\x00" not in sample):
        return None
    nulls = [sum(byte == 0 for byte in sample[k::4]) / len(sample[k::4]) for k in range(4)]
    if nulls[3] > 0.9 and nulls[2] > 0.9:
        return "utf-32-le"
    if nulls[0] > 0.9 and nulls[1] > 0.9:
        return "utf-32-be"
    ratings = {name: _rate_reading(sample, name) for name in ("utf-16-le", "utf-16-be")}
    best = max(ratings, key=lambda name: ratings[name])
    return best if ratings[best] > 0.5 else None


def _find_declaration(raw: bytes) -> str | None:
    found = _DECLARATION.search(raw[:4096])
    return found.group(1).decode("ascii") if found else None


def _fits_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _sample_bytes(raw: bytes) -> bytes:
    """Up to _RATED bytes from the beginning, the middle and the end of a page, with little of its ASCII.

    The page is cut at bytes below 30, which are part of no character of UTF-8, GB18030 or Big5;
    what is ASCII between them (markup, scripts) says nothing about the encoding.

    >>> _sample_bytes(b"<p class=a> " * 1000 + "疫情 防控".encode()) == "疫情 防控".encode()
    True
    """
    if len(raw) <= _RATED:
        return raw
    cut = raw.translate(_SEPARATED)
    pieces: list[bytes] = []
    for number in range(3):
        words = cut[number * len(raw) // 3:(number + 1) * len(raw) // 3].split(b" ")
        # The first word of a later part may begin in mid-character.
        pieces.append(b" ".join(word for word in words[number > 0:] if not word.isascii())[:_RATED // 3])
    return b" ".join(pieces).strip() or raw[:_RATED]


def _fits_utf8_when_trimmed(raw: bytes) -> bool:
    """Whether a page is UTF-8 that was cut in the middle of its first or last character.

    >>> _fits_utf8_when_trimmed("疫情防控".encode()[1:-1])
    True
    """
    begin = next((at for at in range(min(4, len(raw))) if raw[at] & 0xC0 != 0x80), 0)
    trimmed = raw[begin:]
    for _ in range(4):
        try:
            return len(_HAN.findall(trimmed.decode("utf-8"))) >= 2
        except UnicodeDecodeError as error:
            if error.start < len(trimmed) - 3:
                return False
            trimmed = trimmed[:error.start]
    return False


def _rate_reading(sample: bytes, encoding: str) -> float:
    """Share of common characters among those beyond ASCII, less the share of bytes not read.

    Common: level 1 of GB 2312 (3,755 characters) or of Big5 (5,401), and their punctuation.
    """
    text = sample.decode(encoding, "ignore")
    broken = len(sample) - len(text.encode(encoding, "ignore"))
    counts = {char: n for char, n in Counter(text).items() if char > "\x7f"}
    beyond = sum(counts.values()) + broken
    if not beyond:
        return float(encoding.startswith("utf-16") and text.isprintable())
    common = sum(n for char, n in counts.items() if char in _COMMON)
    return (common - 2 * broken) / beyond


def _list_common() -> frozenset[str]:
    chars = [bytes((a, b)).decode("gbk", "ignore") for a in range(0xB0, 0xD8) for b in range(0xA1, 0xFF)]
    chars += [bytes((a, b)).decode("big5", "ignore") for a in range(0xA4, 0xC7)
              for b in (*range(0x40, 0x7F), *range(0xA1, 0xFF))]
    return frozenset("".join(chars)) | frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·　％")


_COMMON = _list_common()


def _reads_back(raw: bytes, encoding: str) -> bool:
    try:
        return raw.decode(encoding).encode(encoding) == raw
    except (UnicodeError, LookupError):
        return False


def _refuse_binary(text: str) -> None:
    controls = len(_CONTROL.findall(text))
    broken = sum(map(len, KEPT.findall(text)))
    if controls > max(2, len(text) // 50) or broken > max(4, len(text) // 4):
        raise UndecodablePage("The file is binary, not text: too many of its bytes are no characters.")


# --- Reading without loss ----------------------------------------------------------


def _keep_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(KEPT_BYTES + byte) for byte in error.object[error.start:error.end]), error.end


codecs.register_error("keep_bytes", _keep_bytes)


def _decode(raw: bytes, encoding: str) -> str:
    """Decode; every byte that would not come back as it is becomes a kept byte."""
    raw = raw.removeprefix(_MARK_OF.get(encoding, b""))
    codec = encoding.removesuffix("-sig")
    text = raw.decode(codec, "keep_bytes")
    if _encodes_to(text, codec, raw) and not _holds_native_private(text, codec, raw):
        return text
    return _decode_by_character(raw, codec)


def _encodes_to(text: str, codec: str, raw: bytes) -> bool:
    try:
        return encode_page(text, codec) == raw
    except UnicodeError:
        return False


def _holds_native_private(text: str, codec: str, raw: bytes) -> bool:
    """Whether a character of the page itself lies where kept bytes live (a page made to mislead)."""
    return bool(KEPT.search(text)) and bool(KEPT.search(raw.decode(codec, "ignore")))


def _decode_by_character(raw: bytes, codec: str) -> str:
    """The slow way: a sequence that does not come back to the same bytes is kept as bytes.

    Two sequences of GB18030 or Big5 can stand for one character (兀 is A461 and C94A).
    """
    pieces: list[str] = []
    begin = 0
    decoder = codecs.getincrementaldecoder(codec)("keep_bytes")
    for end in range(1, len(raw) + 1):
        piece = decoder.decode(raw[end - 1:end], end == len(raw))
        if piece:
            # A decoder that gives up on a lead byte may hold the next byte back.
            held = len(decoder.getstate()[0])
            source = raw[begin:end - held]
            pieces.append(piece if _is_faithful(piece, codec, source) else _as_kept(source))
            begin = end - held
    return "".join(pieces)


def _is_faithful(piece: str, codec: str, source: bytes) -> bool:
    return _encodes_to(piece, codec, source) and not _holds_native_private(piece, codec, source)


def _as_kept(source: bytes) -> str:
    return "".join(chr(KEPT_BYTES + byte) for byte in source)
