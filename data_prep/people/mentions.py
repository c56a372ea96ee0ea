"""Every person named in an article, with the office as printed, the kind, and what the person did there.

How: the text is cut into tokens once; titles (offices.csv) are found once. Behind a title, before one, and along a list
under one, a name is read with high expectation; elsewhere a name must show itself by its characters and by the words
beside it. A name once told is told wherever it stands in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from ..schema import Mention
from .names import DOTTED_NAME, HAN, load_contexts, load_name_words, load_surnames, weigh_name
from .presence import tell_presence
from .roles import Title, find_titles, load_stops, read_role
from .segment import cut_words

#: How much a place where names stand counts for (natural logarithms, as all weights here).
BEHIND_TITLE = 3.0
BEFORE_TITLE = 2.0
IN_LIST = 3.0
#: What a name must weigh in all to be told, where a title stands beside it and where none does.
FLOOR_TITLE = 4.0
FLOOR_BARE = 9.0
#: A name of this weight is told wherever it stands in the article.
FLOOR_SPREAD = 9.0

_BREAKS = frozenset("，,。；;：:！!？?、（）()《》〈〉“”\"‘’'「」『』【】[]…—－-·\n\r\t \u3000|／/")
_HAN_RUN = re.compile(rf"[{HAN}]")
_SPACES = re.compile(r"[ \u3000\xa0]{0,3}")
_JOURNALIST_GAP = re.compile(r"[ \u3000\xa0:：丨|/]{0,4}")
_SPACED_NAME = re.compile(rf"([{HAN}])[ \u3000\xa0]{{1,2}}([{HAN}])(?![{HAN}])")


@dataclass
class _Found:
    begin: int
    end: int
    name: str
    role: str
    kind: str
    weight: float


@dataclass(frozen=True)
class _Reading:
    """The article once read: its tokens, their beginnings, and its titles by beginning and end."""

    text: str
    tokens: list[str]
    starts: list[int]
    bounds: frozenset[int]
    titles: list[Title]
    title_at_end: dict[int, Title]


def find_mentions(text: str, body_begin: int = 0, furniture: Sequence[tuple[str, str]] = ()) -> list[Mention]:
    """Persons named in `text` (simplified), in the order they stand; then those in `furniture` (rule, text).

    Role is the office as printed beside the name, "" where none is: 尹力 in 省委书记尹力 has 省委书记, and "" in
    尹力强调. Mentions outside the article have begin and end None. Linear in the length of the text.

    >>> [(m.name, m.role, m.presence) for m in find_mentions("省委书记尹力强调,要抓好落实。省长赵龙主持会议。")]
    [('尹力', '省委书记', 'spoke'), ('赵龙', '省长', 'chaired')]
    """
    found = _find_in(text)
    mentions = []
    for f in found:
        presence = tell_presence(text, f.begin, f.end) if f.kind != "journalist" else "mentioned"
        mentions.append(Mention(f.name, f.role, f.kind, presence, f.begin, f.end))
    for _rule, surface in furniture:
        mentions += [
            Mention(f.name, f.role, f.kind, "mentioned", None, None)
            for f in _find_in(surface)
            if f.kind == "journalist"
        ]
    return mentions


def _find_in(text: str) -> list[_Found]:
    tokens = cut_words(text)
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token)
    titles = find_titles(text)
    reading = _Reading(text, tokens, starts, frozenset(starts) | {at}, titles, {t.end: t for t in titles})
    found: dict[int, _Found] = {}
    _read_behind_titles(reading, found)
    _read_before_titles(reading, found)
    _read_bare(reading, found)
    _spread(reading, found)
    return [found[k] for k in sorted(found)]


def _weigh_right(reading: _Reading, end: int) -> float:
    """How well what stands at `end` follows a name."""
    text = reading.text
    if end >= len(text):
        return 1.0
    if text[end] in _BREAKS:
        return 2.0 if text[end] in "、)）" else 1.0
    right = load_contexts()[1]
    for n in (4, 3, 2):
        weight = right.get(text[end : end + n])
        if weight is not None and len(text) >= end + n:
            return max(-3.0, min(weight, 4.0))
    if end not in reading.bounds:
        return -2.5
    return max(-3.0, min(right.get(text[end], -0.5), 3.0))


def _read_name(reading: _Reading, pos: int) -> tuple[float, int, str] | None:
    """The best reading of a name that begins at `pos`: (weight, end, name)."""
    text = reading.text
    dotted = DOTTED_NAME.match(text, pos)
    if dotted:
        end = _cut_dotted(reading, dotted.start(), dotted.end())
        return 12.0, end, text[pos:end]
    best = None
    for length in (2, 3, 4):
        name = text[pos : pos + length]
        if len(name) < length or not _HAN_RUN.match(name[-1]):
            break
        weight = weigh_name(name)
        if weight == float("-inf"):
            continue
        if length == 3 and name[1:] in load_stops():
            weight -= 4.0
        weight += _weigh_right(reading, pos + length)
        if best is None or weight > best[0]:
            best = (weight, pos + length, name)
    if best is None or best[0] < FLOOR_TITLE:
        spaced = _SPACED_NAME.match(text, pos)
        if spaced:
            name = spaced[1] + spaced[2]
            weight = weigh_name(name)
            if weight > 2.0:
                return weight + 1.0, spaced.end(), name
    return best


def _cut_dotted(reading: _Reading, begin: int, end: int) -> int:
    """Where a name with dots ends: its last part runs to the first word that no name holds."""
    text = reading.text
    last = max(text.rfind(dot, begin, end) for dot in "·•・‧∙●．") + 1
    stops, right = load_stops(), load_contexts()[1]
    k = bisect_left(reading.starts, last)
    for i in range(k, len(reading.starts)):
        at = reading.starts[i]
        if at >= end:
            break
        if at > last and (reading.tokens[i] in stops or right.get(reading.tokens[i], 0) > 1.0):
            return at
    return end


def _read_behind_titles(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names behind a title, and the lists that follow."""
    text = reading.text
    floor = 0
    for title in reading.titles:
        if title.after == "only" or title.begin < floor:
            continue
        gap = _JOURNALIST_GAP if title.kind == "journalist" else _SPACES
        pos = gap.match(text, title.end).end()  # type: ignore[union-attr]
        read = _read_name(reading, pos)
        if read is None or read[0] + BEHIND_TITLE < FLOOR_TITLE + (2.0 if pos > title.end else 0.0):
            continue
        role = ""
        if title.kind != "label":
            role = text[read_role(text, title, reading.starts, reading.tokens, reading.title_at_end, floor) : title.end]
        kind = "other" if title.kind == "label" else title.kind
        found[pos] = _Found(pos, read[1], read[2], role, kind, read[0] + BEHIND_TITLE)
        floor = _read_list(reading, found, title, role, kind, read[1])


def _read_list(reading: _Reading, found: dict[int, _Found], title: Title, role: str, kind: str, end: int) -> int:
    """Names that go on behind a first one with 、 (reporters also with a space); returns where the list ends."""
    text = reading.text
    marks = "、 \u3000,，/" if kind == "journalist" else "、"
    while end < len(text):
        pos = end
        while pos < len(text) and text[pos] in marks:
            pos += 1
        if pos == end and text[pos] in "和及与" and title.shared:
            pos += 1
        if pos == end:
            break
        read = _read_name(reading, pos)
        if read is None or read[0] + IN_LIST < FLOOR_TITLE + 1.0:
            break
        if pos in found:
            break
        found[pos] = _Found(pos, read[1], read[2], role if title.shared else "", kind, read[0] + IN_LIST)
        end = read[1]
    return end


def _overlaps(found: dict[int, _Found], begin: int, end: int) -> bool:
    return any(k in found for k in range(begin, end)) or any(
        k in found and found[k].end > begin for k in range(max(0, begin - 12), begin)
    )


def _read_before_titles(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names before a title: 尹力书记, 林武同志."""
    text, starts, bounds = reading.text, reading.starts, reading.bounds
    left = load_contexts()[0]
    words = load_name_words()
    for title in reading.titles:
        if not title.after or title.kind in ("label", "journalist"):
            continue
        best = None
        for length in (2, 3, 4):
            begin = title.begin - length
            if begin < 0 or begin not in bounds:
                continue
            name = text[begin : title.begin]
            weight = weigh_name(name)
            if weight < 3.0:
                continue
            k = bisect_left(starts, begin)
            if len(reading.tokens[k]) >= 2 and reading.tokens[k] not in words and reading.tokens[k] != name[:2]:
                continue
            if len(reading.tokens[k]) == length and reading.tokens[k] not in words:
                continue
            before = reading.tokens[k - 1] if k else ""
            weight += left.get(before, 0.5 if not before or before in _BREAKS else -0.3)
            if best is None or weight > best[0]:
                best = (weight, begin, name)
        if best is None or best[0] + BEFORE_TITLE < FLOOR_TITLE + 3.0:
            continue
        begin = best[1]
        if begin in found and found[begin].end == title.begin:
            if title.after == "yes" and not found[begin].role:
                found[begin].role = text[title.begin : title.end]
            continue
        if _overlaps(found, begin, title.begin) or (title.end in found and title.after == "yes" and best[0] < 8):
            continue
        official = title.kind == "official"
        role = text[title.begin : title.end] if title.after == "yes" else ""
        found[begin] = _Found(begin, title.begin, best[2], role, "official" if official else "other", best[0] + BEFORE_TITLE)


def _read_bare(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names with no title beside them: told by their characters and the words around."""
    surnames, words = load_surnames(), load_name_words()
    left = load_contexts()[0]
    tokens, starts = reading.tokens, reading.starts
    end = 0
    for k, token in enumerate(tokens):
        if (token not in surnames and token not in words) or starts[k] < end:
            continue
        begin = starts[k]
        if begin in found:
            end = found[begin].end
            continue
        read = _read_name(reading, begin)
        if read is None:
            continue
        before = tokens[k - 1] if k else ""
        context = left.get(before, 0.5 if not before or before in _BREAKS else -0.5)
        weight = read[0] + max(-3.0, min(context, 3.0))
        if weight < FLOOR_BARE or _overlaps(found, begin, read[1]):
            continue
        found[begin] = _Found(begin, read[1], read[2], "", "other", weight)
        end = read[1]


def _spread(reading: _Reading, found: dict[int, _Found]) -> None:
    """Tell a name wherever it stands in the article, and give it the kind of its mention with an office."""
    text = reading.text
    kinds: dict[str, str] = {}
    for f in found.values():
        if f.weight >= FLOOR_SPREAD:
            if f.role or f.name not in kinds:
                kinds[f.name] = f.kind if f.role or f.name not in kinds else kinds[f.name]
    for name, kind in kinds.items():
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if at in found:
                if not found[at].role and found[at].name == name:
                    found[at].kind = kind
            elif not _overlaps(found, at, end):
                found[at] = _Found(at, end, name, "", kind, 0.0)
            at = text.find(name, end)
