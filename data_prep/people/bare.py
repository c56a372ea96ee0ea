"""Names with no title beside them: where one can stand, and whether one does.

How: most places where a surname's character stands hold no name. So the whole text is first weighed at once, with arrays:
at each word that can begin a name, what the likeliest name there costs against what the words cost. The few places left are
read closely, each reading is weighed by all its evidence (`evidence`), and the best are taken first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np

from .evidence import Neighbours, is_barred, weigh_evidence
from .marks import ADDRESS, MASKED
from .names import (
    FOREIGN_COST,
    IMPOSSIBLE,
    NAME_COST,
    ONE_CHARACTER_COST,
    RARE_GIVEN_COST,
    TWO_CHARACTERS_COST,
    cost_words,
    load_all_word_costs,
    load_figure_automaton,
    load_given,
    load_known_names,
    load_special_heads,
    load_surnames,
    load_transcription,
)
from .reading import LEAST_WORD_COST, LONGEST_NAME, MAX_FIRST_PART, Reading, cost_lengths, read_dotted, read_name, weigh_right
from .segment import cut_short

#: A reading is only weighed by its evidence if its characters alone, against words, reach this.
LEAST_WEIGHT = -2.0
#: The same before what stands behind is weighed, which speaks for a name more often than against.
LEAST_PLACE = -3.0
#: Readings at one place that weigh so much less than the best there are left out.
WORSE = 8.0
MOST_READINGS = 3
#: Log odds from which a name is taken, and from which it is told wherever it stands in the article.
TAKEN, CERTAIN = -0.75, 1.5
#: A reading of this weight is a neighbour that tells others in a list.
NEIGHBOUR = 3.0
_CODES = 0x10000
_SPACES = np.array([0x20, 0x3000, 0xA0], dtype=np.uint32)
#: What no name can hold costs this much.
_NEVER = 99.0

Candidate = tuple[int, int, str, float, float | None]


def read_bare(reading: Reading, taken: Iterable[tuple[int, int]]) -> list[tuple[int, int, str, float]]:
    """(begin, end, name, log odds) of names beside `taken` (begin, end), surest first; they do not overlap."""
    spans = list(taken)
    covered = _cover(spans)
    candidates = list(list_candidates(reading, covered))
    near = find_neighbours(spans, candidates)
    weighed = []
    for begin, end, name, weight, gap in candidates:
        odds = weigh_evidence(reading, begin, end, name, weight, gap, near)
        if odds >= TAKEN:
            weighed.append((begin, end, name, odds))
    found = []
    for each in sorted(weighed, key=lambda each: (-each[3], each[0])):
        if covered.isdisjoint(range(each[0], each[1])):
            covered.update(range(each[0], each[1]))
            found.append(each)
    return found


def _cover(spans: list[tuple[int, int]]) -> set[int]:
    covered: set[int] = set()
    for begin, end in spans:
        covered.update(range(begin, end))
    return covered


def find_neighbours(taken: list[tuple[int, int]], candidates: list[Candidate]) -> Neighbours:
    """Where names end and begin that are told already or are likely."""
    ends = {end for _, end in taken} | {end for _, end, _, weight, _ in candidates if weight > NEIGHBOUR}
    return Neighbours(ends, {begin for begin, _ in taken} | {candidate[0] for candidate in candidates})


def list_candidates(reading: Reading, covered: set[int]) -> Iterator[Candidate]:
    """Readings (begin, end, name, weight, gap) to be weighed, in order; gap as in `evidence.list_evidence`."""
    text = reading.text
    figures: dict[int, int] = {}
    for begin, end, _ in load_figure_automaton().find(text):
        if covered.isdisjoint(range(begin, end)):
            figures[begin] = end
    for begin in sorted({*_find_places(reading), *figures}):
        if begin in covered:
            continue
        readings = [
            (end, name, weight)
            for end, name, weight in read_all(reading, begin)
            if weight >= LEAST_WEIGHT and covered.isdisjoint(range(begin, end))
        ] if begin in reading.bounds else []
        if begin in figures and all(end != figures[begin] for end, _, _ in readings):
            readings.append((figures[begin], text[begin : figures[begin]], 0.0))
        for end, name, weight in readings:
            if is_barred(text, begin, end):
                continue
            others = [other[2] for other in readings if other[0] != end]
            yield begin, end, name, weight, weight - max(others) if others else None


def read_all(reading: Reading, pos: int) -> list[tuple[int, str, float]]:
    """Readings (end, name, weight) of a name that begins at `pos`, the best first."""
    text, starts, tokens = reading.text, reading.starts, reading.tokens
    if reading.joiners:
        joiner = bisect_right(reading.joiners, pos)
        if joiner < len(reading.joiners) and reading.joiners[joiner] <= pos + MAX_FIRST_PART:
            dotted = read_dotted(reading, pos)
            if dotted:
                return [(dotted[1], dotted[2], dotted[0])]
    ahead = text[pos : pos + LONGEST_NAME]
    surnames = load_surnames()
    if ahead[0] in surnames:
        masked = MASKED.match(text, pos) if ahead[1:2] == "某" else None
        if masked:
            return [(masked.end(), masked[0], 8.0)]
        if pos + 1 in reading.title_begins or ADDRESS.match(text, pos + 1):
            return []
    if ahead[:2] in surnames and ADDRESS.match(text, pos + 2):
        return []
    costs: dict[int, float] = {}
    for length, cost in cost_lengths(ahead):
        costs[length] = min(cost, costs.get(length, IMPOSSIBLE))
    if not costs:
        read = read_name(reading, pos)
        return [(read[1], read[2], read[0])] if read else []
    last = pos + max(costs)
    k = bisect_right(starts, last - 1)
    stop = starts[k + 1] if k + 1 < len(starts) else len(text)
    plain = cost_words(tokens[bisect_left(starts, pos) : k + 1])
    readings = []
    for length, cost in costs.items():
        end = pos + length
        if end in reading.bounds:
            rest = cost_words(tokens[bisect_left(starts, end) : k + 1]) if end < stop else 0.0
        elif plain - cost - LEAST_WORD_COST + 4.0 < LEAST_WEIGHT:
            continue
        else:
            rest = cost_words(cut_short(text[end:stop]))
        readings.append((end, text[pos:end], plain - cost - rest + weigh_right(reading, end)))
    readings.sort(key=lambda each: -each[2])
    return [each for each in readings[:MOST_READINGS] if each[2] > readings[0][2] - WORSE]


@cache
def _load_tables() -> tuple[np.ndarray, ...]:
    """Costs by code of a character: surname; given name's first, second and only one; in a transcribed name."""

    def lay(costs: dict[str, float], rest: float) -> np.ndarray:
        table = np.full(_CODES, rest, dtype=np.float32)
        for char, cost in costs.items():
            if len(char) == 1 and ord(char) < _CODES:
                table[ord(char)] = cost
        return table

    first, second, single = load_given()
    return (
        lay(load_surnames(), _NEVER),
        *(lay(costs, RARE_GIVEN_COST) for costs in (first, second, single)),
        lay(load_transcription(), _NEVER),
    )


@cache
def _load_heads() -> np.ndarray:
    """Whether two characters (as first * 65536 + second) begin a name of another build; sorted codes."""
    heads = load_special_heads() | {name[:2] for name in load_known_names()}
    return np.array(sorted(ord(h[0]) * _CODES + ord(h[1]) for h in heads if len(h) > 1 and max(map(ord, h)) < _CODES))


def _find_places(reading: Reading) -> list[int]:
    """Offsets of tokens at which a name may begin, by characters and words alone."""
    text, tokens = reading.text, reading.tokens
    if not tokens:
        return []
    surname, first, second, single, foreign = _load_tables()
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    codes = np.concatenate([np.where(codes < _CODES, codes, 0), np.zeros(LONGEST_NAME + 1, dtype=np.uint32)])
    starts = np.array(reading.starts, dtype=np.int64)
    heads = codes[starts]
    near = np.searchsorted(_load_heads(), codes[starts].astype(np.int64) * _CODES + codes[starts + 1])
    special = _load_heads()[np.minimum(near, len(_load_heads()) - 1)] == heads.astype(np.int64) * _CODES + codes[starts + 1]
    second_code = codes[starts + 1]
    special |= (second_code == ord("某")) | np.isin(second_code, _SPACES)  # 王某, 张 伟
    special &= (surname[heads] < _NEVER) | ~np.isin(second_code, _SPACES)
    able = (surname[heads] < _NEVER) | (foreign[heads] < _NEVER) | special
    numbers = np.nonzero(able)[0]
    if not len(numbers):
        return []
    places = starts[numbers]
    costs = load_all_word_costs()
    spent = np.zeros(len(tokens) + 1, dtype=np.float32)
    np.cumsum(np.fromiter(map(costs.__getitem__, tokens), dtype=np.float32, count=len(tokens)), out=spent[1:])
    # up to each character: what the words cost that begin before it, and whether a word begins there
    token_at = np.repeat(np.arange(len(tokens)), np.diff(np.append(starts, len(text))))
    token_at = np.concatenate([token_at, np.full(LONGEST_NAME + 1, len(tokens) - 1)])
    inside = np.full(len(text) + LONGEST_NAME + 2, LEAST_WORD_COST, dtype=np.float32)
    inside[starts] = 0.0
    inside[len(text) :] = 0.0
    before = spent[numbers]

    def gain(length: int) -> np.ndarray:
        ends = places + length
        return spent[token_at[ends - 1] + 1] - before - inside[ends]

    own = surname[codes[places]] + NAME_COST
    best = np.maximum(
        gain(2) - own - single[codes[places + 1]] - ONE_CHARACTER_COST,
        gain(3) - own - first[codes[places + 1]] - second[codes[places + 2]] - TWO_CHARACTERS_COST,
    )
    running = foreign[codes[places]] + foreign[codes[places + 1]] + FOREIGN_COST + 1.0
    for length in range(2, LONGEST_NAME + 1):
        np.maximum(best, gain(length) - running, out=best)
        running = running + foreign[codes[places + length]]
    chosen = (best >= LEAST_PLACE) | special[numbers]
    if reading.joiners:
        joiners = np.array([*reading.joiners, len(text) + 2 * MAX_FIRST_PART])
        chosen |= joiners[np.searchsorted(joiners, places, side="right")] <= places + MAX_FIRST_PART
    return places[chosen].tolist()
