"""Edits over a raw text: made, taken back, and set on top of one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from data_prep.schema import Edit


def replay_edits(raw: str, edits: Iterable[Edit]) -> str:
    """The repaired text: every edit made on the raw text. Edits are sorted and never overlap.

    >>> replay_edits("會(huì)議", [Edit("pinyin_annotation", 1, 6, "(huì)", "", 1.0)])
    '會議'
    """
    parts, at = [], 0
    for edit in edits:
        parts += [raw[at:edit.begin], edit.after]
        at = edit.end
    parts.append(raw[at:])
    return "".join(parts)


def undo_edits(repaired: str, edits: Sequence[Edit]) -> str:
    """The raw text: every edit taken back.

    >>> undo_edits("會議", [Edit("pinyin_annotation", 1, 6, "(huì)", "", 1.0)])
    '會(huì)議'
    """
    parts, at, shift = [], 0, 0
    for edit in edits:
        begin = edit.begin + shift
        parts += [repaired[at:begin], edit.before]
        at = begin + len(edit.after)
        shift += len(edit.after) - len(edit.before)
    parts.append(repaired[at:])
    return "".join(parts)


def compose_edits(raw: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """One list of edits over raw that does what `first`, then `second` (over first's result) do.

    An edit of `second` that touches what `first` wrote is joined with it: it keeps the
    name of the later rule and the smaller confidence.

    >>> a, b = Edit("html_entity", 0, 4, "&lt;", "<", 1.0), Edit("spam_line", 0, 2, "<x", "", 0.9)
    >>> compose_edits("&lt;x", [a], [b])
    [Edit(rule='spam_line', begin=0, end=5, before='&lt;x', after='', confidence=0.9)]
    """
    if not first or not second:
        return list(first or second)
    between = replay_edits(raw, first)
    composed: list[Edit] = []
    shift = 0  # how much longer than raw the text between the two steps is, up to here
    for begin, end, earlier, later in _cluster(first, second):
        raw_begin = begin - shift
        shift += sum(_growth(edit) for edit in earlier)
        raw_end = end - shift
        if not later:
            composed += earlier
            continue
        moved = [edit._replace(begin=edit.begin - begin, end=edit.end - begin) for edit in later]
        before, after = raw[raw_begin:raw_end], replay_edits(between[begin:end], moved)
        if all(edit.before == edit.after for edit in later) and not earlier:
            composed.append(later[0]._replace(begin=raw_begin, end=raw_end))
        elif before != after:  # what the second step undid needs no edit
            # A place left as found said nothing of what the later step does there.
            made = [edit for edit in [*earlier, *later] if edit.before != edit.after]
            confidence = min(edit.confidence for edit in made)
            composed.append(Edit(made[-1].rule, raw_begin, raw_end, before, after, confidence))
    return composed


def _growth(edit: Edit) -> int:
    return len(edit.after) - len(edit.before)


def _cluster(
    first: Sequence[Edit], second: Sequence[Edit]
) -> Iterator[tuple[int, int, list[Edit], list[Edit]]]:
    """Edits of both steps that overlap, with the span they cover in the text between the steps."""
    shift = 0
    spans: list[tuple[int, int, int, Edit]] = []
    for edit in first:
        spans.append((edit.begin + shift, edit.begin + shift + len(edit.after), 0, edit))
        shift += _growth(edit)
    spans += [(edit.begin, edit.end, 1, edit) for edit in second]
    spans.sort(key=lambda span: span[:3])  # stable: edits of one step stay in their order
    at = 0
    while at < len(spans):
        begin, end, step, edit = spans[at]
        members: tuple[list[Edit], list[Edit]] = ([], [])
        members[step].append(edit)
        at += 1
        while at < len(spans) and spans[at][0] < end:
            end = max(end, spans[at][1])
            members[spans[at][2]].append(spans[at][3])
            at += 1
        yield begin, end, *members
