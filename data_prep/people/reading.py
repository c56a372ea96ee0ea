"""Reading a name at a place of a text: where it ends, and how much speaks for it.

Every reading is weighed against reading the same characters as words, with what stands before and behind; see `names`.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain
from typing import NamedTuple

from .marks import (
    ADDRESS,
    ADDRESS_CHARACTERS,
    BREAKS,
    CLOSERS,
    HAN_RUN,
    MASKED,
    NEVER_IN_SHAPE,
    QUOTES,
    RUNNERS,
    RUNS_ON,
    SPACED_NAME,
    TRANSCRIBED,
)
from .names import (
    DOTS,
    DOTTED_NAME,
    FOREIGN_COST,
    HYPHENED_NAME,
    IMPOSSIBLE,
    NAME_COST,
    ONE_CHARACTER_COST,
    RARE_GIVEN_COST,
    TWO_CHARACTERS_COST,
    cost_foreign,
    cost_name,
    cost_words,
    load_contexts,
    load_figures,
    load_first_characters,
    load_foreign_names,
    load_given,
    load_known_names,
    load_name_words,
    load_special_heads,
    load_surnames,
    load_transcription,
    load_word_costs,
    load_word_tags,
)
from .roles import (
    Title,
    load_stops,
)
from .segment import (
    cut_short,
)

#: What a name must weigh in all to be told, where a title stands beside it.
FLOOR_TITLE = 4.0
#: What it counts for that the segmenter's dictionary holds the name as one word.
NAME_WORD = 2.0
#: No word costs less than the commonest; no context weighs more than this; no reading counts that weighs less than that.
LEAST_WORD_COST, MOST_RIGHT, HOPELESS = 3.2, 4.0, -8.0
#: Transcribed names without dots are no longer: 阿列克谢克里沃鲁奇科.
LONGEST_NAME = 12
#: The part of a name before its first dot or hyphen is no longer.
MAX_FIRST_PART = 7
#: A reporter's name right behind another is not as rare as a name elsewhere.
NAME_AFTER_NAME = 3.0


#: Words of this weight or less behind a name may begin the next one's title.
MAY_FOLLOW = 1.0
NEXT_CLAUSE = re.compile("[,，。；;:：、]")
_AND = re.compile("[和与及]")


@dataclass(slots=True)
class Reading:
    """The article once read: its tokens, their beginnings, and its titles by beginning and end."""

    text: str
    tokens: list[str]
    starts: list[int]
    at_word: bytes  # 1 where a word begins, and at the end of the text; some zeros behind
    sums: memoryview  # what the words before each word cost, and at last all of them
    titles: list[Title]
    title_at_end: dict[int, Title]
    title_begins: frozenset[int]
    joiners: list[int]  # where dots and hyphens stand
    places: list[int]  # where names with no title may begin
    times: dict[str, int] = field(default_factory=dict)  # how often the text has a name, as far as counted

    def count(self, name: str) -> int:
        """How often the text has the name."""
        times = self.times.get(name)
        if times is None:
            times = self.times[name] = self.text.count(name)
        return times


def runs_over(text: str, begin: int, end: int) -> bool:
    """Whether the last character of a name of three or more belongs to what follows.

    It is an adverb or preposition (尹喜|则认为, 甘源|前几天), or begins a second naming of the same person (孙晶|孙女士).

    >>> runs_over("尹喜则认为", 0, 3), runs_over("李光前表示", 0, 3), runs_over("孙晶孙女士", 0, 3), runs_over("王建华女士", 0, 3)
    (True, False, True, False)
    """
    last = text[end - 1]
    if end - begin < 3 or (last not in RUNNERS and last != text[begin]):
        return False
    if RUNS_ON.match(text, end - 1):
        return True
    return last == text[begin] and (ADDRESS.match(text, end) is not None or text[end : end + 1] in ADDRESS_CHARACTERS)


def _joins_next(reading: Reading, begin: int, end: int) -> bool:
    """Whether a name behind a title ends in 和, and the next one's title follows: 主席彭伟|和总理李鹏."""
    if end - begin < 3 or reading.text[end - 1] not in "和与" or begin not in reading.title_at_end:
        return False
    title = next((k for k in range(end, end + 12) if k in reading.title_begins), None)
    if title is None or (title > end and weigh_right(reading, end) > MAY_FOLLOW):
        return False  # 经理李乙和告诉记者
    return not NEXT_CLAUSE.search(reading.text, end, title)


def weigh_right(reading: Reading, end: int) -> float:
    """How well what stands at `end` follows a name, by name_contexts.csv."""
    if end in reading.title_begins:
        return 2.5
    return _weigh_words_right(reading.text[end : end + 4], bool(reading.at_word[end]))


@lru_cache(maxsize=100_000)
def _weigh_words_right(ahead: str, at_word: bool) -> float:
    """How well the (up to four) characters `ahead` follow a name; `at_word` where a word begins with them."""
    if not ahead:
        return 0.5
    if ahead[0] in BREAKS:
        return 2.0 if ahead[0] in "、)）(（" else 0.5
    right = load_contexts()[1]
    if ahead[0] == "为" and right.get(ahead[1:3], 0.0) > 2.0:
        return -3.0  # 刘可|为参加: before such a verb 为 ends the name
    for n in (4, 3, 2):
        if len(ahead) >= n and ahead[:n] in right:
            return max(-3.0, min(right[ahead[:n]], MOST_RIGHT))
    return max(-3.0, min(right.get(ahead[0], -0.5), 3.0)) if at_word else -0.5


def weigh_left(reading: Reading, begin: int) -> float:
    """How well what stands before `begin` goes before a name."""
    k = bisect_left(reading.starts, begin)
    if k == 0 or k > len(reading.tokens):
        return 0.5
    before = reading.tokens[k - 1]
    if before[-1] in BREAKS:
        return 1.5 if before in "、(（" else 0.5
    return max(-3.0, min(load_contexts()[0].get(before, -0.5), 3.0))


def read_name(reading: Reading, pos: int, chain: bool = False) -> tuple[float, int, str] | None:
    """The best reading of a name that begins at `pos`: (weight, end, name); what stands before it is not weighed.

    With `chain` another name may follow without a mark: 记者陈珂胡琼.
    """
    text = reading.text
    if reading.joiners:
        joiner = bisect_right(reading.joiners, pos)
        if joiner < len(reading.joiners) and reading.joiners[joiner] <= pos + MAX_FIRST_PART:
            dotted = read_dotted(reading, pos)
            if dotted:
                return dotted
    ahead = text[pos : pos + LONGEST_NAME]
    if not ahead or ahead[0] not in load_first_characters():
        return None
    surnames = load_surnames()
    if ahead[0] in surnames:
        masked = MASKED.match(text, pos) if ahead[1:2] == "某" else None
        if masked:
            return 8.0, masked.end(), masked[0]
        if pos + 1 in reading.title_begins or ADDRESS.match(text, pos + 1):
            return None  # 王主任, 陈女士: no name that tells a person
    if ahead[:2] in surnames and ADDRESS.match(text, pos + 2):
        return None
    ends = [(pos + length, cost) for length, cost in cost_lengths(ahead)]
    best = _choose_end(reading, pos, ends, chain) if ends else None
    if (best is None or best[0] < FLOOR_TITLE) and ahead[1:2] in (" ", "\u3000", "\xa0"):
        spaced = SPACED_NAME.match(text, pos)
        if spaced:
            name = spaced[1] + re.sub(r"\s", "", spaced[2])
            weight = cost_words(list(name)) - cost_name(name) + weigh_right(reading, spaced.end())
            if weight > 1.0:
                return weight, spaced.end(), name
    return best


class _LengthTables(NamedTuple):
    """What `cost_lengths` looks up for every name, gathered so that it need not ask for each table anew."""

    surnames: dict[str, float]
    first: dict[str, float]
    second: dict[str, float]
    single: dict[str, float]
    special_heads: frozenset[str]  # two characters with which names begin that `cost_name` must see
    transcription: dict[str, float]
    foreign_heads: frozenset[str]  # two characters with which names begin that `cost_foreign` must see


@cache
def _load_length_tables() -> _LengthTables:
    foreign = {name[:2] for name in chain(load_known_names(), load_foreign_names(), load_figures())}
    return _LengthTables(load_surnames(), *load_given(), load_special_heads(), load_transcription(), frozenset(foreign))


def cost_lengths(ahead: str) -> list[tuple[int, float]]:
    """(length, cost) of every name that can begin the characters `ahead`, as a Han name and as a transcribed one.

    The costs are those of `cost_name` and `cost_foreign`, added up here for names that are nothing special.
    """
    surnames, first, second, single, special_heads, transcription, foreign_heads = _load_length_tables()
    head, begin = ahead[:2], ahead[:1]
    lengths = []
    if len(head) == 2 and "\u3400" <= head[1] <= "\u9fff":
        given, third = head[1], ahead[2:3]
        special = head in special_heads
        if special:
            cost = cost_name(head)
        elif begin in surnames:
            cost = surnames[begin] + (single.get(given, RARE_GIVEN_COST) + ONE_CHARACTER_COST) + NAME_COST
        else:
            cost = IMPOSSIBLE
        if cost != IMPOSSIBLE and given not in ADDRESS_CHARACTERS:
            lengths.append((2, cost))
        if third and "\u3400" <= third <= "\u9fff":
            if special:
                cost = cost_name(ahead[:3])
                if cost != IMPOSSIBLE:
                    lengths.append((3, cost))
                fourth = ahead[3:4]
                if fourth and "\u3400" <= fourth <= "\u9fff":
                    cost = cost_name(ahead[:4])
                    if cost != IMPOSSIBLE:
                        lengths.append((4, cost))
            elif begin in surnames:
                both = first.get(given, RARE_GIVEN_COST) + second.get(third, RARE_GIVEN_COST) + TWO_CHARACTERS_COST
                lengths.append((3, surnames[begin] + both + NAME_COST))
    if begin in transcription:
        special = head in foreign_heads
        total = FOREIGN_COST + 1.0 + transcription[begin]
        for length in range(2, len(ahead) + 1):
            more = transcription.get(ahead[length - 1])
            if more is None:
                break
            total += more
            lengths.append((length, cost_foreign(ahead[:length]) if special else total))
    return lengths


def _choose_end(
    reading: Reading, pos: int, ends: list[tuple[int, float]], chain: bool = False
) -> tuple[float, int, str]:
    """The end at which name and following words together cost least; the weight is what the name saves over no name.

    All readings are compared up to one common end, so that 李群 before 阶 must pay for a lone 阶.
    """
    text, starts, tokens = reading.text, reading.starts, reading.tokens
    last = max(ends)[0]
    # the common end: one token beyond the one in which the longest name ends
    k = bisect_right(starts, last - 1)
    stop = starts[k + 1] if k + 1 < len(starts) else len(text)
    past = min(k + 1, len(starts))
    first = bisect_left(starts, pos)
    at_word = first < len(starts) and starts[first] == pos
    sums = reading.sums
    plain = sums[past] - sums[first] if at_word else cost_words(cut_short(text[pos:stop]))
    best = (-IMPOSSIBLE, pos, "")
    name_word = 0  # where the name ends that is one word of the segmenter's dictionary
    if first < len(tokens) and tokens[first] in load_name_words() and text.startswith(tokens[first], pos):
        name_word = pos + len(tokens[first])
    ends = [each for each in ends if not runs_over(text, pos, each[0]) and not _joins_next(reading, pos, each[0])] or ends
    for end, cost in sorted(ends, key=lambda each: not reading.at_word[each[0]]) if len(ends) > 1 else ends:
        if reading.at_word[end]:
            rest = sums[past] - sums[bisect_left(starts, end)] if end < stop else 0.0
        else:
            most = plain - cost - LEAST_WORD_COST + MOST_RIGHT
            if most <= max(best[0], HOPELESS) and not chain:  # cutting anew is what costs time here
                if most > best[0]:
                    best = (most, end, text[pos:end])
                continue
            rest = cost_words(cut_short(text[end:stop]))
        if chain and text[end : end + 1] in load_surnames():
            for n in (2, 3):
                follow = cost_name(text[end : end + n])
                if follow < IMPOSSIBLE:
                    beyond = cost_words(cut_short(text[end + n : stop])) if end + n < stop else -8.0 * (end + n - stop)
                    rest = min(rest, follow - NAME_AFTER_NAME + beyond)
        weight = plain - cost - rest + weigh_right(reading, end)
        if end == name_word:
            weight += NAME_WORD
        if weight > best[0]:
            best = (weight, end, text[pos:end])
    return best


def read_dotted(reading: Reading, pos: int) -> tuple[float, int, str] | None:
    """A name with dots that begins at `pos`: its last part runs to the first word that no name holds."""
    text = reading.text
    match, dots = DOTTED_NAME.match(text, pos), DOTS
    if not match:
        match, dots = HYPHENED_NAME.match(text, pos), "-－"
        if not match or not is_transcribed(re.split("[-－]", match[0])[0]):
            return None
    first = cut_short(re.split(rf"[{dots}]", match[0], maxsplit=1)[0])
    if text[pos - 1 : pos] in QUOTES:
        return None
    if not all(map(is_transcribed, first)):
        # right behind a title or in a list there stands a name, whatever its characters; 书香吉林·全民阅读 is none
        if pos not in reading.title_at_end and text[pos - 1 : pos] != "、":
            return None
        if any(char in NEVER_IN_SHAPE for word in first for char in word) or any(word in load_stops() for word in first):
            return None
        if any(k in reading.title_begins for k in range(pos, pos + sum(map(len, first)))):
            return None  # 总干事|高级顾问布鲁斯·艾尔沃德
    stop = match.end()
    joined = _AND.search(text, pos + sum(map(len, first)), stop)
    if joined:
        stop = joined.start()  # 劳拉·琳妮和菲利普·西摩尔 are two
    last = max(text.rfind(dot, pos, stop) for dot in dots) + 1
    if dots != DOTS:
        last += text[last] == " "
        if not is_transcribed(text[last : last + 2]):
            return None
    end = last
    right = load_contexts()[1]
    for word in cut_short(text[last : stop + (2 if stop == match.end() else 0)]):
        if end >= stop or not HAN_RUN.match(word[0]):
            break
        if end > last and (end in reading.title_begins or right.get(word, 0.0) > 1.0):
            break
        if end > last and not is_transcribed(word):
            break
        end += len(word)
    ahead, beyond = text[end : end + 1], text[end + 1 : end + 2]
    closed = beyond in BREAKS or beyond.isdigit()
    if closed and HAN_RUN.match(ahead) and not (ahead in load_stops() or ahead in right or ahead in NEVER_IN_SHAPE):
        end += 1  # 哈恰图良: a last character that seldom transcribes
    if end == last or text[pos:end].endswith(("大学", "学院", "公司", "中心", "奖")):
        return None
    return 12.0, end, text[pos:end]


def is_transcribed(word: str) -> bool:
    """Whether every character of a word is one that transcribes names."""
    costs = load_transcription()
    return all(char in costs or char in TRANSCRIBED for char in word)


def _is_among_officials(reading: Reading, end: int) -> bool:
    """Whether a mark stands at `end` and the next words, up to another mark, are an office and more: ，区委副书记、"""
    text = reading.text
    if text[end : end + 1] not in ("，", ",", "、") or end >= len(text):
        return False
    stop = NEXT_CLAUSE.search(text, end + 1)
    last = stop.start() if stop else len(text)
    return any(k in reading.title_at_end for k in range(end + 2, min(last, end + 20) + 1))


def read_shape(reading: Reading, pos: int) -> tuple[float, int, str] | None:
    """A name behind a title by its shape alone: a surname, one or two characters, and then a mark or a verb of speech.

    记者白云) is a name although 白云 is a word.
    """
    text = reading.text
    surnames = load_surnames()
    if text[pos : pos + 1] not in surnames:
        return None
    for length in (3, 2):
        name = text[pos : pos + length]
        end = pos + length
        if len(name) < length or not all(HAN_RUN.match(c) for c in name) or runs_over(text, pos, end):
            continue
        closed = end >= len(text) or text[end] in CLOSERS or RUNS_ON.match(text, end) is not None or weigh_right(reading, end) >= 2.0
        if any(char in NEVER_IN_SHAPE for char in name) or name[1:] in ADDRESS_CHARACTERS:
            continue
        if _is_among_officials(reading, end) and name in load_word_tags() and not load_word_tags()[name].startswith("v"):
            return FLOOR_TITLE, end, name  # 区委书记文献，区委副书记、区长王灏
        if load_word_costs().get(name, 99.0) < 11.5:
            continue
        if pos + 1 in reading.title_begins:
            return None
        if closed and not any(word in load_stops() for word in cut_short(name[1:]) if len(word) > 1) and name not in load_stops():
            return FLOOR_TITLE, end, name
    return None
