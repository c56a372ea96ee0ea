"""A page as lines, and lines as paragraphs: broken sentences are joined, strayed lines found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from data_prep.articles.looks import (
    BULLET,
    CLOSING,
    HAN,
    ends_sentence,
    is_byline,
    is_headline,
    is_numbered,
    is_roster,
    is_running,
    weigh_opening,
)
from data_prep.script import fold_script

#: The characters that end a line.
_BREAK = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"

_HAN = re.compile(f"[{HAN}]")
_SHORT = re.compile(rf"[{HAN}](?:\s{{0,4}}[{HAN}]){{1,3}}")


class Line(NamedTuple):
    """page[begin:end] without white space at its ends; white space and empty lines before it are counted."""

    begin: int
    end: int
    text: str
    indent: int
    gap: int


class Paragraph(NamedTuple):
    """Indices of the lines that make one paragraph, and what it looks like.

    kind: head (could be a line of a headline), byline, junk (no words), or body.
    parted: furniture stands between it and the paragraph before.
    """

    lines: tuple[int, ...]
    kind: str
    parted: tuple[str, ...] = ()


def cut_lines(page: str) -> Iterator[Line]:
    """The lines of a page that hold more than white space."""
    at = gap = 0
    for piece in page.splitlines(keepends=True):
        text = piece.strip()
        if text:
            begin = at if piece[0] == text[0] else at + len(piece) - len(piece.lstrip())
            yield Line(begin, begin + len(text), text, begin - at, gap)
            gap = 0
        gap += 2 if piece.endswith("\r\n") else piece[-1] in _BREAK
        at += len(piece)


def align_marks(lines: Sequence[Line], markup: str) -> dict[int, str]:
    """Kind of mark (h1 to h6, link) by index of line.

    Repairs and folding may have changed a line since its mark was noted, so a mark finds
    its line by the text first, and by the order of marks.
    """
    where: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        where.setdefault(line.text, []).append(i)
    marks: dict[int, str] = {}
    used: Counter[str] = Counter()
    at = 0
    for mark in fold_script(markup).split("\n"):
        parts = mark.split("\t", 2)
        if len(parts) != 3:
            continue
        text = parts[2].strip()
        places = where.get(text, [])
        while used[text] < len(places) and places[used[text]] < at:
            used[text] += 1
        if used[text] < len(places):
            at = places[used[text]]
            marks[at] = parts[1]
            at += 1
    return marks


def join_lines(lines: Sequence[Line], rules: dict[int, str], marks: dict[int, str]) -> list[Paragraph]:
    """Lines that are no furniture as paragraphs; a sentence broken between two lines is one again.

    A line strayed into the middle of a broken sentence becomes furniture (`stray`).
    """
    free = [i for i in range(len(lines)) if i not in rules]
    width = measure_width([lines[i] for i in free])
    indented = sum(lines[i].indent > 0 for i in free) * 10 > len(free)
    groups: list[list[int]] = []
    skip = -1
    for number, i in enumerate(free):
        if number == skip:
            continue
        before = lines[groups[-1][-1]] if groups else None
        marked = bool(groups) and (i in marks or groups[-1][-1] in marks)
        if before is not None and not marked and _goes_on(before, lines[i], width, indented):
            after = lines[free[number + 1]] if number + 1 < len(free) else None
            if not width and _is_stray(before, lines[i], after):
                rules[i] = "stray"
                continue
            groups[-1].append(i)
        else:
            groups.append([i])
    paragraphs: list[Paragraph] = []
    last = -1
    for group in groups:
        parted = tuple(rules[j] for j in range(last + 1, group[0]) if j in rules)
        paragraphs.append(Paragraph(tuple(group), _tell_kind([lines[i].text for i in group], width), parted))
        last = group[-1]
    return paragraphs


def measure_width(lines: Sequence[Line]) -> int:
    """Width in characters of a page whose lines are cut at a fixed width; 0 for any other page.

    >>> page = "我们要把思想和行动统一到决策部署上来\\n切实做好各项工作任务落实到位见到实效\\n" * 4
    >>> measure_width(list(cut_lines(page)))
    18
    """
    lengths = Counter(len(line.text) for line in lines if not ends_sentence(line.text) and len(line.text) >= 14)
    total = sum(lengths.values())
    if total < 6:
        return 0
    width = max(lengths, key=lambda n: (lengths[n] + lengths[n - 1] + lengths[n + 1], n))
    near = sum(lengths[n] for n in range(width - 2, width + 3))
    over = sum(len(line.text) > width + 2 for line in lines)
    return width if near * 2 > total and over * 10 <= len(lines) else 0


def _goes_on(before: Line, after: Line, width: int, indented: bool) -> bool:
    """Whether `after` goes on with the sentence that `before` leaves open."""
    is_full = width and len(before.text) >= width - 2  # a full line of a page cut at a fixed width
    if not is_full and (ends_sentence(before.text) or before.text[-1] in CLOSING):
        return False
    if BULLET.match(after.text) or is_numbered(after.text) or weigh_opening(after.text) == 4:
        return False
    if is_full:
        return after.indent == 0 and after.gap <= before.gap + 1 if indented else not ends_sentence(before.text)
    if not is_running(before.text):
        return False
    # A headline below an article that lost its last full stop is no end of its last sentence.
    return not (is_headline(after.text) and " " in after.text and before.text[-1] not in "，,、")


def _is_stray(before: Line, middle: Line, after: Line | None) -> bool:
    """Whether `middle` is a headline or slogan that stands inside the sentence from `before` to `after`."""
    return (
        after is not None
        and is_headline(middle.text)
        and not re.search("[，,。、]", middle.text)
        and len(before.text) > 60
        and ends_sentence(after.text)
        and not is_headline(after.text)
        and weigh_opening(after.text) == 0
        and middle.gap > 0
    )


def _tell_kind(texts: Sequence[str], width: int) -> str:
    if len(texts) > 1:
        return "body"
    text = texts[0]
    if is_byline(text):
        return "byline"
    if not ends_sentence(text) and len(text) < 12 and len(_HAN.findall(text)) < 2:
        return "junk"
    if is_roster(text) or weigh_opening(text) == 4:
        return "body"
    if _SHORT.fullmatch(text):
        return "head"  # a name below a headline, the name of a column
    return "head" if is_headline(text) and not (width and width - 2 <= len(text) <= width + 2) else "body"
