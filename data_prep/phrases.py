"""Which set phrases (提法) stand in a text, and where.

Why on characters: a segmenter yields no token for most set phrases, and print hides them
behind punctuation: “外防输入、内防反弹”总策略, 人民至上,生命至上, ‘四早’. So the text is folded
to a stream (quotation marks, 、, commas and blanks left out, widths and 著/着 made alike), one
automaton finds every form of every phrase in it at once, and offsets lead back to the text.

The rules of counting:
- a quotation mark may stand anywhere in a hit whose other half is in it or next to it: 战“疫” is a hit
  from 战 to the closing mark, 扩大“白名单” holds no 大白; 、 a comma or a blank may stand in a hit only at
  a joint, where the lexicon writes 、 (人民至上,生命至上 but not 动态,清零);
- a phrase that begins with a numeral is no phrase behind another numeral or 第 (第三农场 holds no 三农);
- a phrase does not count inside the longer words its entry names under not_in (专项债 in 专项债务);
- of hits that overlap within a family the longest counts, then the leftmost: 外防输入、内防反弹 in one
  breath is that phrase, apart its two members; phrases of different families all count, nested or not;
- a hit never crosses a line break, a full stop, a semicolon, a colon or a bracket.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from io import StringIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from daachorse import MATCH_KIND_STANDARD, CharwiseDoubleArrayAhoCorasick

from data_prep.lexicons import read_lexicon
from data_prep.schema import TABLES, PhraseHit
from data_prep.script import fold_script

#: Marks that may stand anywhere inside a hit.
QUOTES = "“”‘’\"'＂＇「」『』﹁﹂﹃﹄〈〉《》«»"
_OPENING, _STRAIGHT = "“‘「『﹁﹃〈《«", "\"'＂＇"
#: Marks and blanks that may stand inside a hit at a joint only.
JOINTS = "、，,､﹐﹑ \t\u00a0\u2002\u2003\u2009\u3000"
#: What may not stand before a phrase that begins with a numeral. 一 is left out: 统一, 进一步.
_NUMERALS = frozenset("二三四五六七八九十百千万零〇0123456789")
_BEFORE_NUMERAL = _NUMERALS | {"第"}
_FIRST_NUMERAL = _NUMERALS | {"一", "两"}
#: Shorter forms would hit in the middle of words.
MIN_CHARS = 2
_COLUMNS = TABLES["phrases"].names

_Found = tuple[int, int, int, bool]  # begin, end, entry, whether it counts


class LexiconError(ValueError):
    """A lexicon that cannot be used; the message names the row and says what to do."""


@dataclass(frozen=True)
class Entry:
    """One row of the lexicon, read and checked."""

    phrase_id: str
    phrase: str
    family: str
    variants: tuple[str, ...] = ()
    category: str = ""
    gloss_en: str = ""
    note: str = ""
    source: str = ""
    first_day: date | None = None
    last_day: date | None = None
    not_in: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every printed form that counts: the phrase, then its variants."""
        return (self.phrase, *self.variants)


class Lexicon:
    """Set phrases, ready to be found. Built by load_lexicon; never changes."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        forms: list[str] = []
        self._forms: list[tuple[int, frozenset[int], bool, bool]] = []  # entry, joints, counts, begins with a numeral
        for index, entry in enumerate(self.entries):
            own: dict[str, tuple[set[int], bool]] = {}
            for form in (*entry.forms, *entry.not_in):
                folded, joints = _fold_form(form)
                own.setdefault(folded, (set(), form not in entry.not_in))[0].update(joints)
            forms += own
            self._forms += [(index, frozenset(joints), counts, folded[0] in _FIRST_NUMERAL)
                            for folded, (joints, counts) in own.items()]
        heads = {entry.phrase_id: number for number, entry in enumerate(self.entries)}
        self._families = [heads.get(entry.family, number) for number, entry in enumerate(self.entries)]
        # An automaton of no pattern cannot be built; an empty lexicon finds nothing.
        self._automaton = CharwiseDoubleArrayAhoCorasick(forms, MATCH_KIND_STANDARD) if forms else None

    def find_hits(self, text: str) -> list[PhraseHit]:
        """Every hit in `text`, by begin, the longer first; offsets count characters of `text`.

        >>> [hit.surface for hit in load_lexicon().find_hits("落实“外防输入、内防反弹”，坚持 四方责任。")]
        ['外防输入、内防反弹', '四方责任']
        """
        if self._automaton is None or not text:
            return []
        stream, offsets = fold_stream(text)
        found: list[_Found] = []
        at = offsets.item
        for first, after, form in self._automaton.find_overlapping(stream):
            begin, end = at(first), at(after - 1) + 1
            index, joints, counts, guarded = self._forms[form]
            if end - begin != after - first:
                if not _joins(text, offsets, first, after, joints):
                    continue
                begin, end = _take_quotes(text, begin, end)
                if begin == end:
                    continue
            if guarded and first and stream[first - 1] in _BEFORE_NUMERAL and at(first - 1) == begin - 1:
                continue
            found.append((begin, end, index, counts))
        return [
            PhraseHit(self.entries[index].phrase_id, begin, end, text[begin:end])
            for begin, end, index, counts in self._keep_longest(found) if counts
        ]

    def table(self) -> pd.DataFrame:
        """The entries as the table `phrases` (columns of schema.TABLES["phrases"], in order)."""
        rows = [[list(value) if name == "variants" else value for name in _COLUMNS for value in [getattr(entry, name)]]
                for entry in self.entries]
        return pd.DataFrame(rows, columns=_COLUMNS, dtype=object)

    def _keep_longest(self, found: list[_Found]) -> list[_Found]:
        """Of hits of one family that overlap the longest stays, then the leftmost."""
        by_family: dict[int, list[_Found]] = {}
        for hit in found:
            by_family.setdefault(self._families[hit[2]], []).append(hit)
        kept: list[_Found] = []
        for hits in by_family.values():
            kept += hits if len(hits) == 1 else _drop_overlaps(hits)
        kept.sort(key=lambda hit: (hit[0], -hit[1], hit[2]))
        return kept


def load_lexicon(extra: Path | None = None) -> Lexicon:
    """The lexicon of the product, enlarged by the user's CSV file `extra`.

    The file needs a column `phrase`; every other column of the table `phrases` may stand beside it.
    An entry of the user's replaces ours of the same phrase or phrase_id. Raises FileNotFoundError,
    or LexiconError with one sentence that names the row.
    """
    if extra is None:
        return _own_lexicon()
    extra = Path(extra)
    if not extra.is_file():
        raise FileNotFoundError(f"no lexicon at {extra}: give the path of a CSV file with a column 'phrase'")
    state = extra.stat()
    return _enlarged_lexicon(extra, state.st_mtime_ns, state.st_size)


def extend_lexicon(lexicon: Lexicon, entries: Iterable[Entry], name: str = "the enlarged lexicon") -> Lexicon:
    """`lexicon` with `entries` added; the added win where phrase, phrase_id or a form is the same.

    Raises LexiconError, which begins with `name`, where two entries stand in each other's way.
    """
    added: dict[str, Entry] = {}
    for entry in entries:
        if added.setdefault(entry.phrase_id, entry) is not entry:
            raise LexiconError(f"{name}: phrase_id '{entry.phrase_id}' stands twice")
    taken = {_fold_form(form)[0] for entry in added.values() for form in entry.forms}
    renamed = {}
    kept = []
    for entry in lexicon.entries:
        if entry.phrase_id in added:
            continue
        if _fold_form(entry.phrase)[0] in taken:  # its members move to the entry that replaces it
            renamed[entry.phrase_id] = next(
                new.phrase_id for new in added.values()
                if _fold_form(entry.phrase)[0] in {_fold_form(form)[0] for form in new.forms}
            )
            continue
        kept.append(replace(entry, variants=tuple(v for v in entry.variants if _fold_form(v)[0] not in taken)))
    kept = [replace(entry, family=renamed.get(entry.family, entry.family)) for entry in kept]
    return _checked([*kept, *added.values()], name)


def read_entries(table: str, name: str) -> list[Entry]:
    """The entries of a CSV text with a column `phrase`; `name` stands in messages.

    >>> [entry.variants for entry in read_entries("phrase,variants\\n新提法,新說法|新的提法", "mine.csv")]
    [('新说法', '新的提法')]
    """
    # A cell may hold a line break, so comment lines are taken out before, blank lines by csv itself.
    lines = [line for line in table.lstrip("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    if "\0" in table:
        raise LexiconError(f"{name} is no CSV text: save it as CSV, UTF-8")
    reader = csv.DictReader(StringIO("".join(lines)), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise LexiconError(f"{name}, line {reader.line_num}: {error}; check the quotation marks") from None
    header = [(column or "").strip() for column in reader.fieldnames or []]
    if "phrase" not in header:
        raise LexiconError(f"{name} has no column 'phrase': its first line must name the columns, at least phrase")
    entries: list[Entry] = []
    for line, row in rows:
        cells = {(key or "").strip(): (value or "").strip() for key, value in row.items()
                 if isinstance(value, str | None)}
        if any(cells.values()):
            entries.append(_read_entry(cells, f"{name}, row {line}"))
    return entries


def fold_stream(text: str) -> tuple[str, npt.NDArray[np.int64]]:
    """The characters that count, made alike, and for each its offset in `text`.

    >>> stream, offsets = fold_stream("“四早”，１号")
    >>> stream, offsets.tolist()
    ('四早1号', [1, 2, 5, 6])
    """
    codes = _fold_table()[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")]
    offsets = np.flatnonzero(codes)
    return codes[offsets].tobytes().decode("utf-32-le", "surrogatepass"), offsets


# --- Parts of the recipe --------------------------------------------------------------


@cache
def _fold_table() -> npt.NDArray[np.uint32]:
    """Code point -> code point in the stream; 0 for what is left out."""
    table = np.arange(0x110000, dtype=np.uint32)
    for code in range(0x80, 0x10000):  # widths, Kangxi radicals: whatever NFKC turns into one character
        if not 0xD800 <= code < 0xE000:
            alike = unicodedata.normalize("NFKC", chr(code))
            if len(alike) == 1 and chr(code) not in JOINTS:
                table[code] = ord(alike)
    table[ord("著")] = ord("着")
    table[[ord(mark) for mark in QUOTES + JOINTS]] = 0
    return table


def _fold_form(form: str) -> tuple[str, set[int]]:
    """A printed form as it stands in the stream, and its joints (number of characters before each)."""
    stream, offsets = fold_stream(form)
    return stream, {
        place for place in range(1, len(stream))
        if any(mark in JOINTS for mark in form[offsets[place - 1] + 1 : offsets[place]])
    }


def _joins(
    text: str, offsets: npt.NDArray[np.int64], first: int, after: int, joints: frozenset[int]
) -> bool:
    """Whether all that was left out inside a hit may stand there."""
    for place in range(1, after - first):
        gap = text[offsets[first + place - 1] + 1 : offsets[first + place]]
        if gap and place not in joints and any(mark in JOINTS for mark in gap):
            return False
    return True


def _take_quotes(text: str, begin: int, end: int) -> tuple[int, int]:
    """A hit that holds half a pair of quotation marks takes the other half in, if it stands next to it.

    (0, 0) where it does not: then the quotation begins or ends amid other words.
    """
    opened = closed = 0
    for mark in text[begin:end]:
        if mark in QUOTES:
            if mark in _OPENING or (mark in _STRAIGHT and not opened):
                opened += 1
            elif opened:
                opened -= 1
            else:
                closed += 1
    if not opened and not closed:
        return begin, end
    before = begin > 0 and text[begin - 1] in QUOTES
    behind = end < len(text) and text[end] in QUOTES
    if opened + closed > 2 or not (before or behind):
        return 0, 0
    if opened and closed:
        return begin - before, end + behind
    # Pages print “ for ” and the other way round: if one side has no mark, the other side's will do.
    left = before if closed or not behind else False
    return begin - left, end + (not left)


def _drop_overlaps(hits: list[_Found]) -> list[_Found]:
    if all(one[1] <= other[0] for one, other in pairwise(sorted(hits))):
        return hits
    kept: list[_Found] = []
    for hit in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if all(hit[1] <= other[0] or hit[0] >= other[1] for other in kept):
            kept.append(hit)
    return kept


@cache
def _own_lexicon() -> Lexicon:
    table = read_lexicon("phrases")
    return _checked(
        [_read_entry(row, f"phrases.csv, row {number}") for number, row in enumerate(table.to_dict("records"), start=1)],
        "phrases.csv",
    )


@lru_cache(maxsize=8)
def _enlarged_lexicon(extra: Path, _changed: int, _size: int) -> Lexicon:
    return extend_lexicon(_own_lexicon(), read_entries(_decode_table(extra), extra.name), extra.name)


def _decode_table(path: Path) -> str:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):  # Excel on a Chinese system saves CSV as GB18030
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise LexiconError(f"{path.name} is no CSV text: save it as CSV, UTF-8")


def _read_entry(cells: dict[str, str], where: str) -> Entry:
    phrase, forms, not_in = (_read_forms(cells.get(name, "")) for name in ("phrase", "variants", "not_in"))
    if len(phrase) != 1:
        raise LexiconError(f"{where}: the column 'phrase' holds {len(phrase)} phrases, it must hold one")
    for form in (*phrase, *forms, *not_in):
        if len(_fold_form(form)[0]) < MIN_CHARS:
            raise LexiconError(f"{where}: '{form}' is too short, a phrase needs at least {MIN_CHARS} characters")
        if re.search(r"[\r\n]", form):
            raise LexiconError(f"{where}: '{form.split()[0]}…' holds a line break, a phrase is one line")
    for longer in not_in:
        if not any(_fold_form(form)[0] in _fold_form(longer)[0] for form in (*phrase, *forms)):
            raise LexiconError(f"{where}: '{longer}' under not_in does not hold the phrase")
    phrase_id = cells.get("phrase_id") or phrase[0]
    return Entry(
        phrase_id, phrase[0], cells.get("family") or phrase_id, forms,
        cells.get("category") or "own", cells.get("gloss_en", ""), cells.get("note", ""), cells.get("source", ""),
        _read_day(cells.get("first_day", ""), where), _read_day(cells.get("last_day", ""), where), not_in,
    )


def _read_forms(cell: str) -> tuple[str, ...]:
    """Forms between |, simplified, each once."""
    return tuple(dict.fromkeys(form for form in (part.strip() for part in fold_script(cell).split("|")) if form))


def _read_day(cell: str, where: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError:
        raise LexiconError(f"{where}: '{cell}' is no day, write it like 2022-03-29") from None


def _checked(entries: list[Entry], name: str) -> Lexicon:
    """A lexicon of these entries. Raises LexiconError where two stand in each other's way."""
    owners: dict[str, Entry] = {}
    identities: set[str] = set()
    for entry in entries:
        if entry.phrase_id in identities:
            raise LexiconError(f"{name}: phrase_id '{entry.phrase_id}' stands twice")
        identities.add(entry.phrase_id)
        for form in entry.forms:
            owner = owners.setdefault(_fold_form(form)[0], entry)
            if owner is not entry:
                raise LexiconError(f"{name}: '{form}' belongs to '{owner.phrase}' and to '{entry.phrase}'")
    for entry in entries:
        if entry.family not in identities:
            raise LexiconError(f"{name}: '{entry.phrase}' names family '{entry.family}', which is no phrase_id")
        if entry.first_day and entry.last_day and entry.last_day < entry.first_day:
            raise LexiconError(f"{name}: '{entry.phrase}' ends before it begins")
    return Lexicon(entries)
