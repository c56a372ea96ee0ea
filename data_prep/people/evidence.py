"""What speaks for and against a name that has no title beside it, each piece of evidence with its weight.

Why: a name alone must show itself by many small things: its characters against the same characters as words, the words
around it, lists it was seen in, how often it comes back. Every such thing is named here (`H L=记者`: a Han name behind the
word 记者); what it weighs stands in name_evidence.csv, in nats, estimated from annotated news by
`python -m tests.eval.weigh_evidence`. The weights are added up: the sum is the log odds that a name stands here.

The first part of an evidence's name is the kind of name: H (Han) or F (transcribed), with its length where that matters.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, lru_cache

from data_prep.lexicons import read_lexicon

from .marks import (
    BETWEEN,
    COUNTRY_SIDE,
    FOREIGN_PLACE_BEFORE,
    FOREIGN_PLACE_BEHIND,
    HAN_RUN,
    JOINERS,
    NAMESAKE,
    PLACE_BEHIND,
    PLACE_ENDS,
    QUOTES,
    SAYS,
    SAYS_BEGINNINGS,
    THING_BEGINNINGS,
)
from .names import (
    TIBETAN_PARTS,
    cost_foreign,
    cost_name,
    load_abbreviations,
    load_clubs_firms,
    load_figures,
    load_foreign_names,
    load_foreign_places,
    load_known_names,
    load_listed_names,
    load_name_words,
    load_not_names,
    load_transcription,
    load_word_tags,
)
from .reading import Reading, weigh_left, weigh_right

#: Where a constant is meant that every name has.
ALWAYS = "always"
#: A reading of this many characters or more is of one kind.
LONGEST = 5
#: How well what stands before and behind goes with a name (`weigh_left`, `weigh_right`, -3 to 3 and 4), in steps of a half.
_LEFT, _RIGHT = " lw", " rw"
#: How often the text has the name: 4 times or more are one.
_TIMES = tuple(f"{n} times" for n in range(5))
#: Sums are added up in one order, wherever what is asked last has its place: sums of two decimals often meet a threshold.
_PLACE_OF_TIMES, _ROUNDING = 3, 1e-6
_LAST_OF_OTHER_WORDS = frozenset("及与而且则将曾已又还再当")
_QUOTE_ENDS = frozenset("”’》」")
_LIST_MARKS = frozenset("、和与及 ，,")
_LIST_BETWEEN = frozenset("、和与及 ")


@cache
def load_evidence() -> dict[str, float]:
    """Weight of each evidence by its name."""
    try:
        table = read_lexicon("name_evidence")
    except FileNotFoundError:
        return {}
    return dict(zip(table["evidence"], table["weight"].astype(float), strict=True))


@lru_cache(maxsize=100_000)
def tell_kind(name: str) -> str:
    """H and its length for a Han name, F and its length for a transcribed one.

    >>> tell_kind("张志南"), tell_kind("斯帕莱蒂")
    ('H3', 'F4')
    """
    foreign = cost_foreign(name) < cost_name(name) and name not in load_known_names()
    return f"{'F' if foreign else 'H'}{min(len(name), LONGEST)}"


def weigh_evidence(
    reading: Reading, begin: int, end: int, name: str, weight: float, gap: float | None, near: Neighbours, least: float = -1e9
) -> float:
    """Log odds that text[begin:end] is a name; the arguments are those of `list_evidence`.

    Where the odds cannot reach `least` however often the text has the name, that is not counted: it takes the longest.
    """
    weights = load_evidence()
    get = weights.get
    kind, total = _weigh_own(name)
    letter = kind[0]
    k = bisect_left(reading.starts, begin)
    before = reading.tokens[k - 1] if k else "\n"
    total += _weigh_before(letter, before) + get(_tell_step(letter + _LEFT, weigh_left(reading, begin) // 0.5 * 0.5), 0.0)
    right = _tell_step(letter + _RIGHT, weigh_right(reading, end) // 0.5 * 0.5)
    total += _weigh_after(letter, _read_after(reading, end)) + get(right, 0.0)
    around = [get(each, 0.0) for each in _list_around(reading, begin, end, name, weight, gap, near, kind, k)]
    if total + sum(around) + _weigh_times(letter) < least - _ROUNDING:
        return total + sum(around)
    around.insert(_PLACE_OF_TIMES, get(_tell_times(reading, letter, name), 0.0))
    for each in around:
        total += each
    return total


def list_evidence(
    reading: Reading, begin: int, end: int, name: str, weight: float, gap: float | None, near: Neighbours
) -> list[str]:
    """Names of all evidence for and against `name` at text[begin:end].

    `weight` is that of the reading against words (`read_name`); `gap` how much it weighs more than the next best reading at
    that place, None where there is no other.
    """
    kind = tell_kind(name)
    letter = kind[0]
    k = bisect_left(reading.starts, begin)
    before = reading.tokens[k - 1] if k else "\n"
    return [
        ALWAYS,
        *_list_own(name),
        *_list_before(letter, before),
        _tell_step(letter + _LEFT, weigh_left(reading, begin) // 0.5 * 0.5),
        *_list_after(letter, _read_after(reading, end)),
        _tell_step(letter + _RIGHT, weigh_right(reading, end) // 0.5 * 0.5),
        *_list_around(reading, begin, end, name, weight, gap, near, kind, k),
        _tell_times(reading, letter, name),
    ]


class Neighbours:
    """Where other names end and begin: what stands in a list with names is one."""

    def __init__(self, ends: set[int], begins: set[int]) -> None:
        self.ends, self.begins = ends, begins


@lru_cache(maxsize=10_000)
def _tell_step(what: str, step: float) -> str:
    """Name of the evidence that something has reached a step: the few there are need not be spelt again and again.

    >>> _tell_step("H3 weighs ", 2.0)
    'H3 weighs 2'
    """
    return f"{what}{step:g}"


@cache
def _tell_of(who: str, what: str) -> str:
    """Name of the evidence `what` of a kind of name, spelt once."""
    return f"{who} {what}"


@lru_cache(maxsize=100_000)
def _weigh_own(name: str) -> tuple[str, float]:
    weights = load_evidence()
    return tell_kind(name), sum(weights.get(each, 0.0) for each in (ALWAYS, *_list_own(name)))


def _list_own(name: str) -> list[str]:
    """What the name says of itself: its kind, its characters, the lists it is in."""
    kind = tell_kind(name)
    letter = kind[0]
    found = [kind]
    if name in load_name_words():
        found.append(f"{kind} dictionary")
    han, foreign = load_listed_names()
    if name in han:
        found.append(f"{kind} listed")
    if letter == "F":
        if name in load_foreign_names():
            found.append(f"{kind} foreign name")
        if name in foreign:
            found.append(f"{kind} listed foreign")
        if any(name[:n] in load_foreign_places() for n in range(2, len(name) + 1)):
            found.append("F place")
    else:
        found += [f"{kind} first={name[0]}", f"{kind} last={name[-1]}"]
    tag = load_word_tags().get(name)
    if tag is not None:
        found.append(f"{letter} word {tag[:2]}")
    if name[:2] in load_not_names():
        found.append(f"{letter} no name")
    if name in load_figures():
        found += ["figure", f"figure{min(len(name), LONGEST)}"]
    if name in load_clubs_firms():
        found += ["club", f"club {letter}"]
    if len(name) > 2 and name[-1] in PLACE_ENDS:
        found.append(f"{letter} ends as a place")
    if name[-1] in _LAST_OF_OTHER_WORDS:
        found.append(f"{letter} ends in another word")
    return found


@lru_cache(maxsize=50_000)
def tag_word(word: str) -> str:
    """Part of speech of a token, or what it is instead.

    >>> tag_word("记者"), tag_word("，"), tag_word("2022")
    ('n', 'M，', 'NUM')
    """
    if not word:
        return "END"
    tag = load_word_tags().get(word)
    if tag is not None:
        return tag[:2] or "-"
    first = word[0]
    if first.isdigit():
        return "NUM"
    if HAN_RUN.match(first):
        return f"UNKNOWN{min(len(word), 3)}"
    return "LATIN" if first.isalpha() else "M" + first


def _list_before(letter: str, word: str) -> list[str]:
    shown = word.replace("\n", "¶")
    return [f"{letter} L={shown}", f"{letter} Lt={tag_word(shown)}"]


@lru_cache(maxsize=50_000)
def _weigh_before(letter: str, word: str) -> float:
    weights = load_evidence()
    return sum(weights.get(each, 0.0) for each in _list_before(letter, word))


def _read_after(reading: Reading, end: int) -> str:
    """The token behind, or where the name ends inside a token the next character and ~."""
    k = bisect_left(reading.starts, end)
    if k < len(reading.starts) and reading.starts[k] == end:
        return reading.tokens[k]
    return reading.text[end : end + 1] + "~" if end < len(reading.text) else ""


def _list_after(letter: str, word: str) -> list[str]:
    shown = word.replace("\n", "¶")
    return [f"{letter} R={shown}", f"{letter} Rt={'CUT' if word.endswith('~') else tag_word(shown)}"]


@lru_cache(maxsize=50_000)
def _weigh_after(letter: str, word: str) -> float:
    weights = load_evidence()
    return sum(weights.get(each, 0.0) for each in _list_after(letter, word))


def _list_around(
    reading: Reading, begin: int, end: int, name: str, weight: float, gap: float | None, near: Neighbours, kind: str, k: int
) -> list[str]:
    """What this place of the text says."""
    text, letter = reading.text, kind[0]
    ahead = text[end : end + 1]
    behind = text[begin - 1] if begin else ""
    found = [
        _tell_step(kind + " weighs ", max(-8.0, min(16.0, weight)) // 2 * 2),
        _tell_of(kind, "alone") if gap is None else _tell_step(kind + " gap ", max(-6.0, min(6.0, gap)) // 1.5 * 1.5),
        _tell_of(kind, _tell_cut(reading, k, end)),
    ]
    if not reading.at_word[begin]:
        found.append("begins inside a word")
    if letter == "F":
        found += _list_around_foreign(text, begin, end, weight / len(name))
    if behind in _LIST_MARKS and begin - 1 in near.ends:
        found.append(_tell_of(letter, "behind a name"))
    if ahead in _LIST_BETWEEN and end + 1 in near.begins:
        found.append(_tell_of(letter, "before a name"))
    if ahead in _QUOTE_ENDS and behind in QUOTES:
        found.append(f"{letter} quoted {behind}")
    if ahead in ("：", ":") and (not begin or behind in "\n\u3000 "):
        found.append(_tell_of(letter, "speaks in turn"))
    if ahead in SAYS_BEGINNINGS and SAYS.match(text, end):
        found.append(_tell_of(letter, "says"))
    if behind in JOINERS:
        found.append("joined before")
    if ahead in JOINERS:
        found.append("joined behind")
    if end in reading.title_begins:
        found.append(_tell_of(letter, "title behind"))
    if begin in reading.title_at_end:
        found.append(_tell_of(letter, "title before"))
    if text[begin : begin + 2] in _load_club_heads() and any(
        text[begin : begin + n] in load_clubs_firms() for n in range(len(name) + 1, len(name) + 4)
    ):
        found.append("begins a club")
    return found


def _tell_times(reading: Reading, letter: str, name: str) -> str:
    return _tell_of(letter, _TIMES[min(reading.count(name), len(_TIMES) - 1)])


@cache
def _weigh_times(letter: str) -> float:
    """The most it can count for that a name comes back."""
    return max(load_evidence().get(_tell_of(letter, times), 0.0) for times in _TIMES)


@cache
def _load_club_heads() -> frozenset[str]:
    return frozenset(name[:2] for name in load_clubs_firms())


def _list_around_foreign(text: str, begin: int, end: int, a_character: float) -> list[str]:
    """What this place says of a transcribed name; `a_character` is what the reading weighs by character."""
    ahead = text[end : end + 1]
    found = [_tell_step("F weighs a character ", max(-2.0, min(4.0, a_character)) // 0.5 * 0.5)]
    transcription = load_transcription()
    if begin and text[begin - 1] in transcription:
        found.append("F goes on before")
    if ahead in transcription:
        found.append("F goes on behind")
    if is_among_places(text, begin, end):
        found.append("F among places")
    if ahead in ("(", "（") and text[end + 1 : end + 2].isascii() and text[end + 1 : end + 2].isalpha():
        found.append("F spelt in Latin")
    return found


def _tell_cut(reading: Reading, first: int, end: int) -> str:
    """Lengths of the tokens the name is cut into, ~ where it ends inside one: "cut 1+2"."""
    starts = reading.starts
    last = bisect_left(starts, end, first)
    return _spell_cut(tuple(map(len, reading.tokens[first:last])), bool(reading.at_word[end]))


@lru_cache(maxsize=10_000)
def _spell_cut(lengths: tuple[int, ...], at_word: bool) -> str:
    return "cut " + "+".join(map(str, lengths)) + ("" if at_word else "~")


def is_barred(text: str, begin: int, end: int) -> bool:
    """Whether text[begin:end] is no person whatever else speaks for it: a side at war, a place, half a Tibetan name.

    >>> is_barred("赫尔松、尼古拉耶夫等地", 4, 9), is_barred("乌军方面", 0, 2), is_barred("张自忠路", 0, 3)
    (True, True, True)
    """
    if is_namesake(text, begin, end):
        return True
    name = text[begin:end]
    if name in load_known_names():
        return False
    if name in load_not_names() or name in TIBETAN_PARTS or COUNTRY_SIDE.fullmatch(name):
        return True
    if name[1] == "其" and "其" in text[max(0, begin - 6) : begin]:
        return True  # 尽其能、乐其业
    if all(char in load_abbreviations() for char in name):
        return True
    if name in load_figures():
        return False
    if name in load_foreign_places():
        return True
    if tell_kind(name)[0] != "F":
        return False
    return FOREIGN_PLACE_BEHIND.match(text, end) is not None or text[max(0, begin - 3) : begin].endswith(FOREIGN_PLACE_BEFORE)


def is_namesake(text: str, begin: int, end: int) -> bool:
    """Whether the name at text[begin:end] names a thing: 毛泽东思想, 张自忠路, a work between 《 and 》."""
    if text[end : end + 1] in THING_BEGINNINGS and (NAMESAKE.match(text, end) or PLACE_BEHIND.match(text, end)):
        return True
    opened = text.rfind("《", max(0, begin - 40), begin)
    return opened >= 0 and text.find("》", opened, begin) < 0


def is_among_places(text: str, begin: int, end: int) -> bool:
    """Whether what stands beside a transcribed name makes it a place's, a group's, or a part of a longer one.

    >>> is_among_places("赫尔松、尼古拉耶夫等地", 4, 9), is_among_places("“杰哈德”目标", 1, 4)
    (True, True)
    """
    ahead = text[end : end + 1]
    if text[begin - 1 : begin] in QUOTES or ahead in load_transcription() or text.startswith(("当天", "当地"), end):
        return True
    places = load_foreign_places()
    if text[begin - 1 : begin] in BETWEEN and any(text[begin - 1 - n : begin - 1] in places for n in range(2, 8)):
        return True
    return ahead in BETWEEN and any(text[end + 1 : end + 1 + n] in places for n in range(2, 8))
