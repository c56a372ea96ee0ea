"""Names with no title beside them: where one can stand, and whether one does.

How: most places where a surname's character stands hold no name. So the whole text is first weighed at once, with arrays:
at each word that can begin a name, what the likeliest name there costs against what the words cost. The few places left are
read closely, each reading is weighed by all its evidence (`evidence`), and the best are taken first.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import exp, log
from operator import itemgetter

from .evidence import Neighbours, is_barred, weigh_evidence
from .marks import ADDRESS, JOINERS, MASKED
from .names import (
    IMPOSSIBLE,
    cost_words,
    load_figure_automaton,
    load_foreign_places,
    load_surnames,
    load_transcription,
)
from .occurrences import MANY, find_occurrences
from .reading import (
    LEAST_WORD_COST,
    LONGEST_NAME,
    MAX_FIRST_PART,
    MOST_RIGHT,
    Reading,
    cost_lengths,
    read_dotted,
    read_name,
    runs_over,
    weigh_right,
)
from .segment import cut_short

#: A reading is only weighed by its evidence if its characters alone, against words, reach this.
LEAST_WEIGHT = -2.0
#: Readings at one place that weigh so much less than the best there are left out.
WORSE = 8.0
MOST_READINGS = 3
#: Log odds from which a name is taken, and from which it is told wherever it stands in the article.
TAKEN, CERTAIN = -0.85, 1.5
#: Share of readings that are names in annotated news (the development part of `tests.eval.evaluate_people`); how many of
#: them are added to those of a text before its own share is told, from how many on, and how often it is told anew.
SHARE_IN_NEWS, READINGS_OF_NEWS, FEW_READINGS, ROUNDS = 0.3, 20, 20, 8
#: A reading of this weight is a neighbour that tells others in a list.
NEIGHBOUR = 3.0

Candidate = tuple[int, int, str, float, float | None]


def read_bare(reading: Reading, taken: Iterable[tuple[int, int]]) -> list[tuple[int, int, str, float]]:
    """(begin, end, name, log odds) of names beside `taken` (begin, end), surest first; they do not overlap."""
    spans = list(taken)
    covered = _cover(spans)
    candidates = list(list_candidates(reading, covered))
    near = find_neighbours(spans, candidates)
    if len(candidates) > MANY:
        reading.times |= {name: len(begins) for name, begins in find_occurrences(reading.text, {c[2] for c in candidates}).items()}
    weighed = []
    for begin, end, name, weight, gap in candidates:
        odds = weigh_evidence(reading, begin, end, name, weight, gap, near, TAKEN)
        weighed.append((begin, end, name, odds))
    fewer = weigh_rarity([each[3] for each in weighed])
    weighed = [(begin, end, name, odds + fewer) for begin, end, name, odds in weighed if odds + fewer >= TAKEN]
    found = []
    for each in sorted(weighed, key=lambda each: (-each[3], each[0])):
        if covered.isdisjoint(range(each[0], each[1])):
            covered.update(range(each[0], each[1]))
            found.append(each)
    return found


def weigh_rarity(odds: Sequence[float]) -> float:
    """What to add to the log odds of each reading of a text because names are rarer in it than in news; 0 or less.

    The odds of `evidence` are those of news, where a reading in three is a name; in a work report of twenty thousand
    characters it is one in fifty. The share is estimated from the odds themselves, by expectation maximisation (Saerens,
    Latinne and Decaestecker 2002, Neural Computation 14, 21-41), with so many readings of news added that a short text keeps
    the odds of news.

    >>> weigh_rarity([]), weigh_rarity([4.0] * 200), round(weigh_rarity([-3.0] * 200), 1)
    (0.0, 0.0, -2.6)
    """
    if len(odds) < FEW_READINGS:
        return 0.0
    share, shift = SHARE_IN_NEWS, 0.0
    for _ in range(ROUNDS):
        names = sum(1.0 / (1.0 + exp(-each - shift)) for each in odds)
        share = (names + SHARE_IN_NEWS * READINGS_OF_NEWS) / (len(odds) + READINGS_OF_NEWS)
        shift = min(0.0, log(share / (1.0 - share)) - log(SHARE_IN_NEWS / (1.0 - SHARE_IN_NEWS)))
    return shift


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
    for begin in sorted({*reading.places, *figures}) if figures else reading.places:
        if begin in covered or (begin not in figures and _is_place(reading, begin)):
            continue
        readings = read_all(reading, begin) if reading.at_word[begin] else []
        if readings:
            readings = [each for each in readings if each[2] >= LEAST_WEIGHT and covered.isdisjoint(range(begin, each[0]))]
        if begin in figures and all(end != figures[begin] for end, _, _ in readings):
            readings.append((figures[begin], text[begin : figures[begin]], 0.0))
        for end, name, weight in readings:
            if is_barred(text, begin, end):
                continue
            others = [other[2] for other in readings if other[0] != end] if len(readings) > 1 else ()
            yield begin, end, name, weight, weight - max(others) if others else None


def _is_place(reading: Reading, begin: int) -> bool:
    """Whether a word of three characters or more begins there that is a place abroad and does not go on as a name."""
    word = reading.tokens[bisect_left(reading.starts, begin)]
    if len(word) < 3 or word not in load_foreign_places() or not reading.text.startswith(word, begin):
        return False
    ahead = reading.text[begin + len(word) : begin + len(word) + 1]
    return ahead not in load_transcription() and ahead not in JOINERS


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
        if length > 2 and runs_over(text, pos, pos + length):
            continue
        if cost < costs.get(length, IMPOSSIBLE):
            costs[length] = cost
    if not costs:
        read = read_name(reading, pos)
        return [(read[1], read[2], read[0])] if read else []
    sums, at_word = reading.sums, reading.at_word
    # all are compared up to one word beyond the one in which the longest name ends
    k = min(bisect_right(starts, pos + max(costs) - 1) + 1, len(starts))
    stop = starts[k] if k < len(starts) else len(text)
    first = bisect_left(starts, pos)
    plain, past = sums[k] - sums[first], sums[k]
    readings = []
    for length, cost in costs.items():
        end = pos + length
        if at_word[end]:
            rest = past - sums[bisect_left(starts, end, first)] if end < stop else 0.0
        elif plain - cost - LEAST_WORD_COST + 4.0 < LEAST_WEIGHT:
            continue
        else:
            rest = cost_words(cut_short(text[end:stop]))
        saved = plain - cost - rest
        if saved + MOST_RIGHT >= LEAST_WEIGHT:
            readings.append((end, text[pos:end], saved + weigh_right(reading, end)))
    if len(readings) > 1:
        readings.sort(key=_weigh, reverse=True)
        least = readings[0][2] - WORSE
        return [each for each in readings[:MOST_READINGS] if each[2] > least]
    return readings


_weigh = itemgetter(2)
