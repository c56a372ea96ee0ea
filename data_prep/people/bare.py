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
    load_figure_automaton,
    load_given,
    load_known_names,
    load_special_heads,
    load_surnames,
    load_transcription,
)
from .reading import (
    LEAST_WORD_COST,
    LONGEST_NAME,
    MAX_FIRST_PART,
    Reading,
    cost_lengths,
    read_dotted,
    read_name,
    runs_over,
    weigh_right,
)
from .segment import cut_short
from .word_table import weigh_characters

#: A reading is only weighed by its evidence if its characters alone, against words, reach this.
LEAST_WEIGHT = -2.0
#: The same where what stands behind is weighed by its first word alone; what it counts for inside a word, before a title.
INSIDE, TITLE_BEHIND = 0.5, 2.5
LEAST_PLACE = -2.0
#: Readings at one place that weigh so much less than the best there are left out.
WORSE = 8.0
MOST_READINGS = 3
#: Log odds from which a name is taken, and from which it is told wherever it stands in the article.
TAKEN, CERTAIN = -0.85, 1.5
#: A reading of this weight is a neighbour that tells others in a list.
NEIGHBOUR = 3.0
_CODES = 0x10000
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
        ] if reading.at_word[begin] else []
        if begin in figures and all(end != figures[begin] for end, _, _ in readings):
            readings.append((figures[begin], text[begin : figures[begin]], 0.0))
        for end, name, weight in readings:
            if is_barred(text, begin, end):
                continue
            others = [other[2] for other in readings if other[0] != end]
            yield begin, end, name, weight, weight - max(others) if others else None


def read_all(reading: Reading, pos: int) -> list[tuple[int, str, float]]:
    """Readings (end, name, weight) of a name that begins at `pos`, the best first."""
    text, starts = reading.text, reading.starts
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
        if runs_over(text, pos, pos + length):
            continue
        costs[length] = min(cost, costs.get(length, IMPOSSIBLE))
    if not costs:
        read = read_name(reading, pos)
        return [(read[1], read[2], read[0])] if read else []
    last = pos + max(costs)
    k = bisect_right(starts, last - 1)
    stop = starts[k + 1] if k + 1 < len(starts) else len(text)
    past = min(k + 1, len(starts))
    sums, first = reading.sums, bisect_left(starts, pos)
    plain = sums[past] - sums[first]
    readings = []
    for length, cost in costs.items():
        end = pos + length
        if reading.at_word[end]:
            rest = sums[past] - sums[bisect_left(starts, end, first)] if end < stop else 0.0
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
    han = np.zeros(_CODES, dtype=bool)
    han[0x3400:0xA000] = True
    han[ord("〇")] = True

    def lay(costs: dict[str, float], rest: np.ndarray | float) -> np.ndarray:
        table = np.full(_CODES, rest, dtype=np.float32)
        for char, cost in costs.items():
            if len(char) == 1 and ord(char) < _CODES:
                table[ord(char)] = cost
        return table

    given = [lay(costs, np.where(han, RARE_GIVEN_COST, _NEVER)) for costs in load_given()]
    return (lay(load_surnames(), _NEVER), *given, lay(load_transcription(), _NEVER))


@cache
def _load_heads() -> tuple[np.ndarray, np.ndarray]:
    """Which characters can begin a name at all; and two characters that begin one of another build, as numbers, sorted."""
    known = {name[:2] for name in load_known_names()}
    heads = {head for head in load_special_heads() | known if len(head) > 1 and max(map(ord, head)) < _CODES}
    surname, _, _, _, foreign = _load_tables()
    able = np.minimum(surname, foreign) < _NEVER
    able[[ord(head[0]) for head in heads]] = True
    return able, np.array(sorted(ord(head[0]) * _CODES + ord(head[1]) for head in heads), dtype=np.int64)


def _find_places(reading: Reading) -> list[int]:
    """Offsets of tokens at which a name may begin, by characters and words alone."""
    text, starts = reading.text, reading.offsets
    if not len(starts):
        return []
    surname, first, second, single, foreign = _load_tables()
    able, special = _load_heads()
    codes = reading.codes
    at_word = np.frombuffer(reading.at_word, dtype=np.uint8)
    # for each character what the words cost that begin up to there, and what a name that ends before it leaves of a word
    spent, left = np.zeros(len(codes), dtype=np.float32), np.zeros(len(codes), dtype=np.float32)
    follow = np.full(len(codes), INSIDE, dtype=np.float32)
    follow[starts] = reading.follows
    if reading.titles:
        begun = [title.begin for title in reading.titles]
        follow[begun] = np.maximum(follow[begun], TITLE_BEHIND)
    sums = np.array(reading.sums, dtype=np.float32)
    # spread over the characters: at each what all words cost that begin up to there
    own_cost = np.diff(sums)
    spent[starts] = own_cost
    np.cumsum(spent, out=spent)
    inside = np.flatnonzero(at_word == 0)
    alone = at_word[inside + 1] != 0
    left[inside] = np.where(alone, weigh_characters(codes[inside]), LEAST_WORD_COST)
    left -= follow
    numbers = np.flatnonzero(able[codes[starts]])
    places = starts[numbers]
    one, two, three = codes[places], codes[places + 1], codes[places + 2]
    before = spent[places] - own_cost[numbers]
    own = surname[one] + NAME_COST
    gain_two = spent[places + 1] - before - left[places + 2]
    gain_three = spent[places + 2] - before - left[places + 3]
    chosen = gain_two - own - single[two] - ONE_CHARACTER_COST >= LEAST_PLACE
    chosen |= gain_three - own - first[two] - second[three] - TWO_CHARACTERS_COST >= LEAST_PLACE
    pairs = one.astype(np.int64) * _CODES + two
    chosen |= special[np.minimum(np.searchsorted(special, pairs), len(special) - 1)] == pairs
    chosen |= (surname[one] < _NEVER) & ((two == ord("某")) | (two == 0x20) | (two == 0x3000) | (two == 0xA0))
    running = foreign[one] + foreign[two] + FOREIGN_COST + 1.0
    third = foreign[three]
    chosen |= gain_two - running >= LEAST_PLACE
    chosen |= gain_three - running - third >= LEAST_PLACE
    chosen |= running + third + foreign[codes[places + 3]] < _NEVER  # four such characters in a row
    if reading.joiners:
        joiners = np.array([*reading.joiners, len(text) + 2 * MAX_FIRST_PART])
        chosen |= joiners[np.searchsorted(joiners, places, side="right")] <= places + MAX_FIRST_PART
    return places[chosen].tolist()
