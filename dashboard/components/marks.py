"""Marks on a text, cut into runs that a reader of ours can draw one after the other.

A phrase may lie inside a person's sentence, an edit across both: marks overlap. HTML
cannot overlap, so the text is cut where any mark begins or ends, and each run carries
all marks that cover it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

#: More characters than this freeze a browser; a reader says what it left out.
MOST_CHARACTERS = 200_000

#: What a mark can mean. The readers' style sheet has a rule for each of these.
KINDS = ("phrase", "person", "evidence", "repair", "differs", "node", "speech")


@dataclass(frozen=True)
class Mark:
    """text[begin:end] is a `kind` of KINDS; `note` is said of it, `target` is what a click opens (may be empty)."""

    begin: int
    end: int
    kind: str
    note: str = ""
    target: str = ""


def cut_runs(
    text: str, marks: Sequence[Mark], begin: int = 0, end: int | None = None, ruby: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """Cut text[begin:end] into runs: {t: characters, k: kinds, n: notes, g: targets, r: readings}.

    Empty lists are left out. `ruby` maps an offset to the reading set above that character;
    r then holds one reading or null a character. Marks beyond the text are cut off.

    >>> cut_runs("坚持动态清零", [Mark(2, 6, "phrase", "n"), Mark(4, 6, "differs")])
    [{'t': '坚持'}, {'t': '动态', 'k': ['phrase'], 'n': ['n']}, {'t': '清零', 'k': ['phrase', 'differs'], 'n': ['n']}]
    """
    stop = len(text) if end is None else min(end, len(text))
    if begin >= stop:
        return []
    live = [mark for mark in marks if mark.begin < stop and mark.end > begin and mark.end > mark.begin]
    cuts = sorted({begin, stop, *(max(m.begin, begin) for m in live), *(min(m.end, stop) for m in live)})
    live.sort(key=lambda mark: (mark.begin, -mark.end))
    runs: list[dict[str, Any]] = []
    open_marks: list[Mark] = []
    following = 0
    for left, right in pairwise(cuts):
        while following < len(live) and live[following].begin <= left:
            open_marks.append(live[following])
            following += 1
        open_marks = [mark for mark in open_marks if mark.end > left]
        run: dict[str, Any] = {"t": replace_surrogates(text[left:right])}
        for name, values in (
            ("k", [mark.kind for mark in open_marks]),
            ("n", [mark.note for mark in open_marks]),
            ("g", [mark.target for mark in open_marks]),
        ):
            kept = list(dict.fromkeys(value for value in values if value))
            if kept:
                run[name] = kept
        if ruby is not None:
            readings = [ruby.get(place) for place in range(left, right)]
            if any(readings):
                run["r"] = readings
        runs.append(run)
    return runs


def cut_paragraphs(
    text: str, marks: Sequence[Mark], ruby: Mapping[int, str] | None = None, most: int = MOST_CHARACTERS
) -> list[dict[str, Any]]:
    """Cut a text into its lines, each {begin: offset, runs: [...]}; empty lines and what lies beyond `most` are left out.

    >>> [line["begin"] for line in cut_paragraphs("标题\\n正文", [])]
    [0, 3]
    """
    lines = []
    begin = 0
    ordered = sorted(marks, key=lambda mark: mark.begin)
    for line in text[:most].split("\n"):
        end = begin + len(line)
        if line.strip():
            near = [mark for mark in ordered if mark.begin < end and mark.end > begin]
            lines.append({"begin": begin, "runs": cut_runs(text, near, begin, end, ruby)})
        begin = end + 1
    return lines


def replace_surrogates(text: str) -> str:
    """Replace lone surrogates, which can be sent to no browser, by U+FFFD.

    >>> replace_surrogates("a\\ud800") == "a\\ufffd"
    True
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if not text.isprintable() else text
