"""What stays of hits that overlap, where one automaton looks for words of several lexicons at once."""

from __future__ import annotations

Hit = tuple[int, int, int]  # begin, end, index of the word


def keep_longest(hits: list[Hit]) -> list[Hit]:
    """Of hits that overlap the leftmost, of those the longest: as MATCH_KIND_LEFTMOST_LONGEST finds them.

    An automaton of that kind hides words in words; one that finds all costs the same and serves several lexicons.

    >>> keep_longest([(1, 3, 0), (2, 4, 1), (1, 4, 2), (4, 6, 3)])
    [(1, 4, 2), (4, 6, 3)]
    """
    if len(hits) < 2:
        return hits
    kept: list[Hit] = []
    last_begin = last_end = -1
    for hit in sorted(hits):
        begin, end, _ = hit
        if begin >= last_end:
            kept.append(hit)
        elif begin == last_begin:
            kept[-1] = hit
        else:
            continue
        last_begin, last_end = begin, end
    return kept
