"""Readings in brackets are taken out, and the places they broke are read again."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from data_prep.repair.edits import replay_edits
from data_prep.repair.likelihood import Pairs
from data_prep.repair.places import Place
from data_prep.repair.readings import CASED_LETTERS, is_toned, list_readings, read_across, spell_reading, strip_tone
from data_prep.repair.shifts import PROSE, read_shift
from data_prep.repair.signs import ANNOTATION, KEPT, MARKS, find_torn_note, is_annotation
from data_prep.repair.ways import Surroundings
from data_prep.schema import KEPT_BYTES, Edit
from data_prep.script import tell_script

#: Below this confidence a place is left as found and marked `unrepaired`.
FLOOR = 0.86
# On a page with fewer annotations in their right place, nothing but a mark together with an
# annotation counts as damage.
_PROOF = 3
_CONTEXT = 8  # characters of repaired text read before a place
_SURE = 0.9  # a reading so sure is not tried from another mark
_STARTS = 3  # marks tried
_PATIENCE = 30  # places in vain after which lone marks are let be
# Characters a page may have searches read in vain, and one more for so many of its own; after that
# places are left `unrepaired` with confidence 0, so that a page of nothing but damage costs seconds at most.
_VAIN, _VAIN_SHARE = 2000, 20
# Characters all searches of a page may read: thrice what pages read of which 5 % are damaged.
_MOST, _MOST_SHARE = 4000, 4
_KNOWN = 2000  # runs a page remembers, each with so many characters of its key and so many looked at behind it
_HEAD, _AHEAD = 4, 14
_BACK = 16  # how far before a place the mark may stand at which its shift began

# Whatever may be an annotation, whole or broken; a mark; a byte that is no character.
_SPOT = re.compile(
    rf"[{MARKS}]?[(（]?\s?[{CASED_LETTERS}]{{1,8}}\s?[)）]|[(（]\s?[{CASED_LETTERS}]{{1,8}}"
    rf"|è\S[{CASED_LETTERS}]{{0,4}}[)）]|[{MARKS}]|[{KEPT}]")
_WHOLE = re.compile(rf"([(（]\s?[{CASED_LETTERS}]{{1,8}}\s?[)）])")


_HALF = {code + 0xFEE0: code for code in range(0x21, 0x7F)}


def take_out_annotations(raw: str) -> list[Edit]:
    """Edits that take out `(huì)` behind the character it reads, and mend what shifted.

    >>> [edit.after for edit in take_out_annotations("福建日?qǐng)?bào)記(jì)者")]
    ['報', '']
    """
    return _Page(raw).read()


class _Read(NamedTuple):
    """A run that was read: what was looked at, whether its line ended there, and the places counted from its begin."""

    window: str
    is_last: bool
    places: list[Place]


class _Page:
    """One page, read from left to right."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.edits: list[Edit] = []
        self.at = 0  # raw[:at] has been read
        self.line_end = -1  # of the line being read
        self.n_vain = 0  # places searched in vain, less those read: a page of nothing but marks must not cost hours
        self.n_searched = 0  # characters that searches read in vain
        self.n_read = 0  # characters that searches read
        self.n_known = 0
        self._known: dict[tuple[str, str, bool], list[_Read]] = {}  # the same run between the same words is read once
        self._around: Surroundings | None = None
        self._proof: int | None = None
        self._narrow: bool | None = None

    def read(self) -> list[Edit]:
        raw = self.raw
        for found in _SPOT.finditer(raw):
            begin, end = found.span()
            if begin < self.at:
                continue
            if begin > self.at and _is_whole(raw[begin - 1:end]):
                self.edits.append(Edit("pinyin_annotation", begin, end, raw[begin:end], "", 1.0))
                self.at = end
                continue
            torn = find_torn_note(raw, begin)
            if torn is not None and torn >= self.at:
                self._mend(torn, max(torn + 2, end), is_certain=True)
                continue
            spot = ANNOTATION.match(raw, begin)
            if spot and is_annotation(spot):
                if not spot["mark"] and self._take_out(spot):
                    continue
                if spot["mark"] or self._is_proven():
                    self._mend(begin, spot.end(), is_certain=bool(spot["mark"]))
            elif (self._is_proven() and (raw[begin] in MARKS or _is_kept(raw[begin]))) or self._is_torn(begin):
                self._mend(begin, begin + 1, is_certain=False)
        return self.edits

    def _is_torn(self, begin: int) -> bool:
        """Whether an annotation stands right behind a byte that is no character."""
        note = ANNOTATION.match(self.raw, begin + 1) if _is_kept(self.raw[begin]) else None
        return note is not None and is_annotation(note)

    def _take_out(self, spot: re.Match[str]) -> bool:
        """Take out an annotation behind the character it reads."""
        begin = spot.start()
        reading = spell_reading(spot["reading"])
        if begin - 1 > self.at and self.raw[begin - 1] == " " and reading in list_readings(self.raw[begin - 2]):
            begin -= 1
        last = self._find_last(begin)
        if reading in list_readings(read_across(self.raw[begin - 2:begin])) and is_toned(reading) and self._is_proven():
            last = ""  # ，F(xiàn)AST: AC of the comma and 46 of F make 現, and nothing is broken
        elif reading not in list_readings(last) and (
                is_toned(reading) or reading not in map(strip_tone, list_readings(last)) or not self._is_proven()):
            return False
        if last and not is_toned(reading) and not self._is_proven():
            return False
        self.edits.append(Edit("pinyin_annotation", begin, spot.end(), self.raw[begin:spot.end()], "", 1.0))
        self.at = spot.end()
        return True

    def _mend(self, begin: int, end: int, is_certain: bool) -> None:
        """Read a damaged place again, from here or from a mark before it."""
        if begin > self.line_end:
            line_end = self.raw.find("\n", begin)
            self.line_end = len(self.raw) if line_end < 0 else line_end
        limit = self.line_end
        if self.n_vain > _PATIENCE and not is_certain:
            return
        best: list[Place] = []
        if (self.n_searched > _VAIN + len(self.raw) // _VAIN_SHARE
                or self.n_read > _MOST + len(self.raw) // _MOST_SHARE):
            if is_certain:
                self.edits.append(self._describe([Place(begin, end, "", 0.0)]))
                self.at = end
            return
        n_searched = 0
        for start in self._list_starts(begin)[:1 if self.n_vain > _PATIENCE else _STARTS]:
            places, n_read = self._search(start, limit)
            n_searched += n_read
            if places and _rate(places) > _rate(best):
                best = places
            if _rate(best) > _SURE:
                break
        is_read = any(place.confidence >= FLOOR for place in best)
        self.n_read += n_searched
        self.n_vain += -1 if is_read else 1
        if not best or any(place.confidence < FLOOR for place in best):
            self.n_searched += n_searched
        if is_read:
            for together in _group(best):
                edit = self._describe(together)
                if edit.before != edit.after or edit.rule == "unrepaired":  # in half width a sign may read as it is
                    self.edits.append(edit)
                self.at = together[-1].end
        elif is_certain:
            unread = Place(begin, end, "", _rate(best))
            self.edits.append(self._describe([unread]))
            self.at = end

    def _search(self, start: int, limit: int) -> tuple[list[Place], int]:
        """What stands from raw[start], and how many characters were read for it: none where the same was read before."""
        raw, context = self.raw, self._read_context(start)
        is_prose = limit - (raw.rfind("\n", max(0, start - PROSE), start) + 1 or max(0, start - PROSE)) >= PROSE
        known = self._known.setdefault((context, raw[start:start + _HEAD], is_prose), [])
        for read in known:
            end = start + len(read.window)
            if raw.startswith(read.window, start) and (end == limit if read.is_last else end <= limit):
                return [place.move(start) for place in read.places], 0
        places, at = read_shift(raw, start, limit, context, self._look_around())
        if self.n_known < _KNOWN:
            self.n_known += 1
            end = min(limit, at + _AHEAD)
            known.append(_Read(raw[start:end], end == limit, [place.move(-start) for place in places]))
        return places, at - start

    def _list_starts(self, begin: int) -> list[int]:
        """The place itself, then lone marks before it, the nearest first."""
        back = max(self.at, begin - _BACK)
        back = max(back, self.raw.rfind("\n", back, begin) + 1)
        return [begin, *(at for at in range(begin - 1, back - 1, -1) if self.raw[at] in MARKS)]

    def _describe(self, places: Sequence[Place]) -> Edit:
        """One edit for neighbouring places; those that are not sure stay as found."""
        begin, end = places[0].begin, places[-1].end
        before, after = self.raw[begin:end], "".join(place.text for place in places)
        confidence = round(min(place.confidence for place in places), 4)
        if confidence < FLOOR:
            return Edit("unrepaired", begin, end, before, before, confidence)
        rule = "pinyin_annotation" if not after and _WHOLE.fullmatch(before) else "byte_shift"
        return Edit(rule, begin, end, before, self._fit_width(after), confidence)

    def _fit_width(self, text: str) -> str:
        """The text in the width of the page's signs."""
        if not self._is_narrow():
            return text
        return text.translate(_HALF if "\u3000" in self.raw else _HALF | {0x3000: " "})

    def _find_last(self, begin: int) -> str:
        """The last character of the repaired text before raw[begin]."""
        if begin > self.at or not self.edits:
            return self.raw[begin - 1:begin]
        for edit in reversed(self.edits):
            if edit.after:
                return edit.after[-1]
            if self.edits[0] is edit or self.raw[edit.begin - 1:edit.begin] != ")":
                return self.raw[edit.begin - 1:edit.begin]
        return ""

    def _read_context(self, begin: int) -> str:
        """The repaired characters before raw[begin], of its line."""
        start = max(0, begin - 8 * _CONTEXT)
        start = max(start, self.raw.rfind("\n", start, begin) + 1)
        near = [edit for edit in self.edits[-2 * _CONTEXT:] if edit.begin >= start and edit.end <= begin]
        moved = [Edit(e.rule, e.begin - start, e.end - start, e.before, e.after, e.confidence) for e in near]
        return replay_edits(self.raw[start:begin], moved)[-_CONTEXT:]

    def _look_around(self) -> Surroundings:
        if self._around is None:
            parts = _WHOLE.split(self.raw)
            plain = "".join(parts[::2])
            printed = {before[-1:] + note for before, note in zip(parts[::2], parts[1::2], strict=False)}
            annotated = frozenset(together[0] for together in printed if _is_read_so(together))
            self._around = Surroundings(Pairs(plain), annotated, tell_script(plain) != "hans", self._is_narrow(),
                                        self._is_proven())
        return self._around

    def _is_narrow(self) -> bool:
        """Whether the page prints ASCII commas for full-width ones."""
        if self._narrow is None:
            self._narrow = self.raw.count(",") > self.raw.count("，")
        return self._narrow

    def _is_proven(self) -> bool:
        """Whether the page holds enough annotations in their right place to expect more."""
        if self._proof is None:
            self._proof = 0
            for found in _WHOLE.finditer(self.raw):
                reading = spell_reading(found.group()[1:-1])
                self._proof += is_toned(reading) and reading in list_readings(self.raw[found.start() - 1:found.start()])
                if self._proof >= _PROOF:
                    break
        return self._proof >= _PROOF


@lru_cache(maxsize=8192)  # keys come from pages: without a bound a page could fill the memory
def _is_whole(printed: str) -> bool:
    """Whether a character stands before its reading, toned and in brackets."""
    return _WHOLE.fullmatch(printed, 1) is not None and is_toned(spell_reading(printed[2:-1])) and _is_read_so(printed)


@lru_cache(maxsize=8192)
def _is_read_so(printed: str) -> bool:
    """Whether a character stands before its reading in brackets."""
    return spell_reading(printed[2:-1]) in list_readings(printed[0])


def _is_kept(char: str) -> bool:
    return ord(char) >= KEPT_BYTES


def _rate(places: Sequence[Place]) -> float:
    """How sure the reading of a place is on the whole."""
    return math.prod(place.confidence for place in places) if places else 0.0


def _group(places: Sequence[Place]) -> Iterator[list[Place]]:
    """Neighbouring places that are sure, or that are not, together; annotations apart."""
    together: list[Place] = []
    for place in places:
        if together and not (together[-1].end == place.begin and _kind(together[-1]) == _kind(place)):
            yield together
            together = []
        together.append(place)
    if together:
        yield together


def _kind(place: Place) -> tuple[bool, bool]:
    return place.confidence >= FLOOR, not place.text
