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
from functools import cache, lru_cache
from itertools import accumulate, compress, count

from data_prep.schema import Mention

from .marks import (
    BETWEEN,
    BREAKS,
    COUNTRY_SIDE,
    CREDIT,
    CREDIT_BEHIND,
    FOREIGN_PLACE_BEHIND,
    HAN_RUN,
    JOINERS,
    JOURNALIST_GAP,
    LIST_ITEM,
    NAMESAKE,
    NEVER_IN_SHAPE,
    NO_PROFESSION,
    ORGAN_BEHIND,
    PLACE_BEHIND,
    PLACE_ENDS,
    PROFESSION,
    QUOTES,
    REPORTS,
    SAYS,
    SPACES,
)
from .names import (
    DOTS,
    IMPOSSIBLE,
    NAME_COST,
    ONE_CHARACTER_COST,
    RARE_GIVEN_COST,
    RARE_WORD_COST,
    TIBETAN_PARTS,
    TWO_CHARACTERS_COST,
    cost_foreign,
    cost_name,
    cost_word,
    cost_words,
    load_abbreviations,
    load_foreign_names,
    load_foreign_places,
    load_given,
    load_half_openers,
    load_holders,
    load_known_automaton,
    load_known_names,
    load_not_names,
    load_openers,
    load_special_heads,
    load_surnames,
    load_transcription,
)
from .presence import tell_presences
from .reading import (
    FLOOR_TITLE,
    MAX_FIRST_PART,
    Reading,
    read_name,
    read_shape,
    weigh_left,
    weigh_right,
)
from .roles import (
    Title,
    find_titles,
    load_stops,
    read_role,
)
from .segment import (
    cut_words,
)

#: How much a place where names stand counts for (natural logarithms, as all weights here).
BEHIND_TITLE = {"official": 4.0, "journalist": 5.0, "other": 3.0, "label": 2.5}
BEFORE_TITLE = 3.0
IN_LIST = 3.0
#: At the head of a clause and with a verb behind it that goes with persons (this weight or more), it is the subject.
SUBJECT_VERB, SUBJECT = 2.2, 2.5
#: And so much more where that verb introduces words: 张新建说,
SAYING = 5.0
#: What a name of holders.csv or known_people.csv weighs.
KNOWN_WEIGHT = 20.0
#: What a name before a title must weigh, one with no title beside it, and a transcribed one.
FLOOR_BEFORE, FLOOR_BARE, FLOOR_FOREIGN = 5.0, 5.0, 7.0
#: What a word beside a transcribed name with no title must at least weigh; beside one of foreign_names.csv.
CONTEXT_FOREIGN, CONTEXT_KNOWN = 0.3, 0.0
#: A reading is only weighed in full if its characters alone can reach this.
BOUND_BARE = -1.0
#: What mentions of the same doubtful name must weigh together.
FLOOR_TOGETHER = 6.0
#: A name of this weight is told wherever it stands in the article.
FLOOR_SPREAD = 9.0


_JOINER = re.compile("[" + re.escape("".join(sorted(JOINERS))) + "]")


@dataclass(slots=True)
class _Found:
    begin: int
    end: int
    name: str
    role: str
    kind: str
    weight: float


def find_mentions(text: str, body_begin: int = 0, furniture: Sequence[tuple[str, str]] = ()) -> list[Mention]:
    """Persons named in `text` (simplified), in the order they stand; then those in `furniture` (rule, text).

    Role is the office as printed beside the name, "" where none is: 尹力 in 省委书记尹力 has 省委书记, and "" in
    尹力强调. Mentions outside the article have begin and end None. Linear in the length of the text.

    >>> [(m.name, m.role, m.presence) for m in find_mentions("省委书记尹力强调,要抓好落实。省长赵龙主持会议。")]
    [('尹力', '省委书记', 'spoke'), ('赵龙', '省长', 'chaired')]
    """
    found = _find_in(text)
    presences = tell_presences(text, found)
    _count_officials(text, found, presences)
    mentions = [
        Mention(f.name, f.role, f.kind, "mentioned" if f.kind == "journalist" else presence, f.begin, f.end)
        for f, presence in zip(found, presences, strict=True)
    ]
    for _rule, surface in furniture:
        mentions += [
            Mention(f.name, f.role, f.kind, "mentioned", None, None)
            for f in _find_in(surface)
            if f.kind == "journalist"
        ]
    return mentions


def _count_officials(text: str, found: list[_Found], presences: list[str]) -> None:
    """Whoever chairs, attends or reports at a meeting of officials is one, even where no office is printed.

    省领导王拥军出席会议,于英杰通报有关情况: 于英杰 is an official. So is who has the name of a holder of office.
    """
    among_officials = any(f.role and f.kind == "official" for f in found)
    acting = {
        f.name
        for f, presence in zip(found, presences, strict=True)
        if not f.role
        and (among_officials or f.name in load_holders())
        and (presence in ("chaired", "attended") or (presence == "spoke" and REPORTS.match(text, f.end)))
    }
    for f in found:
        if f.kind == "other" and not f.role and f.name in acting:
            f.kind = "official"


def _find_in(text: str) -> list[_Found]:
    tokens = cut_words(text)
    bounds = list(accumulate(map(len, tokens), initial=0))
    titles = find_titles(text)
    reading = Reading(
        text=text,
        tokens=tokens,
        starts=bounds[:-1],
        bounds=frozenset(bounds),
        titles=titles,
        title_at_end={title.end: title for title in titles},
        title_begins=frozenset(title.begin for title in titles),
        joiners=[match.start() for match in _JOINER.finditer(text)],
    )
    found: dict[int, _Found] = {}
    _read_known(reading, found)
    _read_behind_titles(reading, found)
    _read_before_titles(reading, found)
    _read_dotted(reading, found)
    _read_bare(reading, found)
    _take_neighbours(reading, found)
    _spread(reading, found)
    return [found[k] for k in sorted(found)]


def _read_known(reading: Reading, found: dict[int, _Found]) -> None:
    """Names of office holders and public figures, of three characters or more: they tell themselves."""
    text = reading.text
    for begin, end, _ in load_known_automaton().find(text):
        if not _is_namesake(text, begin, end) and text[begin - 1 : begin] not in JOINERS and text[end : end + 1] not in JOINERS:
            kind = "official" if text[begin:end] in load_holders() else "other"
            found[begin] = _Found(begin, end, text[begin:end], "", kind, KNOWN_WEIGHT)


def _read_behind_titles(reading: Reading, found: dict[int, _Found]) -> None:
    """Names behind a title, and the lists that follow."""
    text = reading.text
    floor = 0
    for title in reading.titles:
        if title.after == "only" or title.begin < floor:
            continue
        if title.end not in reading.bounds and len(text) > title.end and text[title.end] not in load_surnames():
            continue  # 计量院长沙基地
        pos = title.end
        if title.kind == "journalist":
            pos = JOURNALIST_GAP.match(text, pos).end()  # type: ignore[union-attr]
        elif text[pos : pos + 1] in (" ", "\u3000", "\xa0"):
            pos = SPACES.match(text, pos).end()  # type: ignore[union-attr]
        read = read_name(reading, pos, title.kind == "journalist")
        behind = BEHIND_TITLE[title.kind]
        if read and read[0] < 8.0 and read[2][:2] in load_not_names() and read[2] not in load_known_names():
            continue
        if read is None or read[0] + behind < FLOOR_TITLE + (2.0 if pos > title.end and title.kind != "journalist" else 0.0):
            read = read_shape(reading, pos) if title.kind in ("official", "journalist") else None
            if read is None:
                continue
        role = ""
        if title.kind != "label":
            role = text[read_role(text, title, reading.starts, reading.tokens, reading.title_at_end, floor) : title.end]
        kind = "other" if title.kind == "label" else title.kind
        found[pos] = _Found(pos, read[1], read[2], role, kind, read[0] + behind)
        floor = _read_list(reading, found, title, role, kind, read[1])


def _read_list(reading: Reading, found: dict[int, _Found], title: Title, role: str, kind: str, end: int) -> int:
    """Names that go on behind a first one with 、 (reporters also with a space); returns where the list ends."""
    text = reading.text
    marks = "、 \u3000,，/" if kind == "journalist" else "、"
    while end < len(text):
        pos = end
        while pos < len(text) and text[pos] in marks:
            pos += 1
        if pos < len(text) and text[pos] in "文图摄" and pos > end:
            # 甘霖/文 马彦/图: what each of them made
            credit = CREDIT.match(text, pos)
            read = read_name(reading, credit.end()) if credit else None
            if credit is None or read is None or not CREDIT_BEHIND.match(text, read[1]):
                break
            found[credit.end()] = _Found(credit.end(), read[1], read[2], role, kind, FLOOR_SPREAD)
            end = read[1]
            continue
        if pos == end and text[pos] in "和及与" and title.shared:
            pos += 1
        if pos == end and (kind != "journalist" or text[pos : pos + 1] not in load_surnames()):
            break
        read = read_name(reading, pos, kind == "journalist")
        if title.shared and kind != "journalist" and pos > end:
            read = _read_between_marks(reading, pos, read)
        if read is None or read[0] + IN_LIST < FLOOR_TITLE + 1.0 or ORGAN_BEHIND.match(text, read[1]):
            break
        if pos in found and found[pos].role:
            break
        found[pos] = _Found(pos, read[1], read[2], role if title.shared else "", kind, read[0] + IN_LIST)
        end = read[1]
    return end


def _read_between_marks(reading: Reading, pos: int, read: tuple[float, int, str] | None) -> tuple[float, int, str] | None:
    """In a list under one title what stands between its marks is the name: 周异决, 夏坚定, though 决 and 坚定 are words."""
    text = reading.text
    item = LIST_ITEM.match(text, pos)
    if item is None or (read and (read[1] > item.end() or (read[0] > FLOOR_TITLE and read[1] == item.end()))):
        return read
    name = item[0]
    given = name[2:] if name[:2] in load_surnames() and len(name) > 2 else name[1:]
    if len(given) > 2 or any(char in NEVER_IN_SHAPE for char in name):
        return read
    if name[0] not in load_surnames():  # 虎强: a surname as rare must stand between marks, and be no word
        titled = any(k in reading.title_begins for k in range(pos, item.end()))
        if text[item.end()] != "、" or titled or cost_word(name) < RARE_WORD_COST or name in load_not_names():
            return read
    return FLOOR_TITLE + 1.0, item.end(), name


def _overlaps(found: dict[int, _Found], begin: int, end: int) -> bool:
    if not found.keys().isdisjoint(range(begin, end)):
        return True
    return any(found[k].end > begin for k in range(max(0, begin - 12), begin) if k in found)


def _read_before_titles(reading: Reading, found: dict[int, _Found]) -> None:
    """Names before a title: 尹力书记, 林武同志."""
    text, starts, bounds = reading.text, reading.starts, reading.bounds
    for title in reading.titles:
        if not title.after or title.kind in ("label", "journalist"):
            continue
        best = None
        last = text[title.begin - 1 : title.begin]
        if not last or last in NEVER_IN_SHAPE or last == "当" or last in BREAKS:
            continue
        for length in (2, 3, 4, 5, 6):
            begin = title.begin - length
            if begin < 0 or text[begin] in BREAKS or text[begin] in DOTS:
                break
            if begin not in bounds or text[begin - 1 : begin] in JOINERS:
                continue
            name = text[begin : title.begin]
            cost = cost_name(name) if length <= 4 else IMPOSSIBLE
            if title.kind == "official":  # 加拉塔萨雷主帅 is a club's
                cost = min(cost, cost_foreign(name))
            if cost == IMPOSSIBLE or name in load_foreign_places() or COUNTRY_SIDE.fullmatch(name):
                continue
            k = bisect_left(starts, begin)
            words = reading.tokens[k : bisect_left(starts, title.begin)]
            weight = cost_words(words) - cost + weigh_left(reading, begin)
            if best is None or weight > best[0]:
                best = (weight, begin, name)
        if best is None or best[0] + BEFORE_TITLE < FLOOR_BEFORE:
            continue
        begin = best[1]
        if begin in found and found[begin].end == title.begin:
            if title.after == "yes" and not found[begin].role:
                found[begin].role = text[title.begin : title.end]
                found[begin].kind = "official" if title.kind == "official" else found[begin].kind
            continue
        if _overlaps(found, begin, title.begin) or (title.end in found and title.after == "yes" and best[0] < 8):
            continue
        role = text[title.begin : title.end] if title.after == "yes" else ""
        kind = "official" if title.kind == "official" else "other"
        found[begin] = _Found(begin, title.begin, best[2], role, kind, best[0] + BEFORE_TITLE)


def _read_dotted(reading: Reading, found: dict[int, _Found]) -> None:
    """Names with dots at the head of a clause or in a list: 布茹玛汗·毛勒朵 need not begin with a word that begins names."""
    text = reading.text
    for dot in reading.joiners:
        begin = dot
        while begin > dot - MAX_FIRST_PART and begin > 0 and HAN_RUN.match(text[begin - 1]):
            begin -= 1
        before = text[begin - 1 : begin]
        if text[dot] not in DOTS or begin == dot or before in JOINERS or (before and before not in BREAKS):
            continue
        if text[begin] in load_stops() or text[begin:dot] in load_not_names() or _overlaps(found, begin, dot):
            continue
        read = read_name(reading, begin)
        if read and read[1] > dot and _may_be_bare(reading, begin, read) and not _overlaps(found, begin, read[1]):
            found[begin] = _Found(begin, read[1], read[2], "", "other", read[0])


def _read_bare(reading: Reading, found: dict[int, _Found]) -> None:
    """Names with no title beside them: told by their characters, the words around, and by coming back."""
    text, starts = reading.text, reading.starts
    tokens = [*reading.tokens, "", ""]
    openers, wide, transcription = load_openers(), _load_wide_openers(), load_transcription()
    doubtful: dict[str, list[_Found]] = {}
    waiting: list[_Found] = []
    end, ended = 0, -1
    for k in compress(count(), map(wide.__contains__, tokens)):
        token, begin = tokens[k], starts[k]
        if begin in found:
            end = ended = found[begin].end
            continue
        if begin < end or (token not in openers and begin + 3 not in reading.bounds):
            continue
        after = tokens[k + 1]
        # the third word counts only where the second is short or may go on transcribing: the fewer, the oftener remembered
        then = tokens[k + 2] if len(after) < 2 or after[0] in transcription else ""
        if _bound_weight(token, after, then) < BOUND_BARE or text[begin - 1 : begin] in JOINERS:
            continue
        read = read_name(reading, begin)
        if read is None or read[0] < -2.0:
            continue
        weight = read[0] + weigh_left(reading, begin) + _weigh_layout(text, begin, read[1], ended)
        if (not begin or text[begin - 1] in BREAKS) and weigh_right(reading, read[1]) >= SUBJECT_VERB:
            weight += SUBJECT + (SAYING if SAYS.match(text, read[1]) else 0.0)
        if read[2][:2] in load_not_names() and read[2] not in load_known_names():
            end = begin + 2  # 普惠小微: nor does 惠小微 begin a name
            continue
        if not _may_be_bare(reading, begin, read) or _overlaps(found, begin, read[1]):
            if _looks_foreign(read[2]) and weight >= FLOOR_FOREIGN and _may_be_bare(reading, begin, read, True):
                waiting.append(_Found(begin, read[1], read[2], "", "other", weight))
            continue
        mention = _Found(begin, read[1], read[2], "", "other", weight)
        if weight < (FLOOR_FOREIGN if _looks_foreign(read[2]) else FLOOR_BARE):
            if weight > 0.0:
                doubtful.setdefault(read[2], []).append(mention)
            continue
        found[begin] = mention
        end = ended = read[1]
    for mentions in doubtful.values():
        # what looks like a name twice is one: chance words seldom come back in the same place of a sentence
        if len(mentions) >= 2 and sum(m.weight for m in mentions) >= FLOOR_TOGETHER:
            for mention in mentions:
                if not _overlaps(found, mention.begin, mention.end):
                    found[mention.begin] = mention


    _take_beside(text, found, waiting)


def _take_beside(text: str, found: dict[int, _Found], waiting: list[_Found]) -> None:
    """Transcribed names with no telling word beside them, where only a mark or 和 parts them from another person."""
    for mentions in (waiting, waiting[::-1]):  # along a list, forwards and back
        ends = {f.end for f in found.values()}
        for mention in mentions:
            begin, end = mention.begin, mention.end
            behind = begin and text[begin - 1] in BETWEEN and begin - 1 in ends
            if (behind or (text[end : end + 1] in BETWEEN and end + 1 in found)) and not _overlaps(found, begin, end):
                found[begin] = mention
                ends.add(end)


@cache
def _load_wide_openers() -> frozenset[str]:
    return load_openers() | load_half_openers()


@lru_cache(maxsize=50_000)
def _bound_weight(token: str, after: str, then: str) -> float:
    """What a name beginning with these tokens can weigh at most, before what stands beside it is weighed.

    Most places where a surname's character stands hold no name; so this must cost little: one surname with one or two
    characters behind it is reckoned here, whatever may be something else is left to `_bound_any`.
    """
    text = token + after + then
    if len(text) < 3 or text[:2] in load_special_heads() or text[1] in _AFTER_FIRST or text[2] in _AFTER_FIRST:
        return _bound_any(token, after, then)
    transcription = load_transcription()
    if text[0] in transcription and text[1] in transcription:
        return _bound_any(token, after, then)
    surname = load_surnames().get(text[0])
    if surname is None:
        return -IMPOSSIBLE
    first, second, single = load_given()
    plain = two = cost_word(token)
    length = len(token)
    if length < 3:
        plain += cost_word(after)
        if length == 1:
            two = plain
            if len(after) == 1:
                plain += cost_word(then)
    given = text[1]
    two -= single.get(given, RARE_GIVEN_COST) + ONE_CHARACTER_COST
    three = plain - first.get(given, RARE_GIVEN_COST) - second.get(text[2], RARE_GIVEN_COST) - TWO_CHARACTERS_COST
    return max(two, three) - surname - NAME_COST


#: Behind the first character of a name these are read by other rules.
_AFTER_FIRST = JOINERS | {"某", " "}


def _bound_any(token: str, after: str, then: str) -> float:
    """The same for names of any kind."""
    text = token + after + then
    if len(text) < 2:
        return 0.0 if token in load_openers() else -IMPOSSIBLE
    if text[1] == "某" or any(char in JOINERS or char == " " for char in text) or cost_foreign(text) < IMPOSSIBLE:
        return IMPOSSIBLE  # read by another rule, or longer than these tokens
    weight = -IMPOSSIBLE
    covered, plain, words = 0, 0.0, iter((token, after, then))
    for n in range(2, min(len(text), 8) + 1):
        while covered < n:
            word = next(words)
            covered += len(word)
            plain += cost_word(word)
        weight = max(weight, plain - min(cost_name(text[:n]) if n <= 4 else IMPOSSIBLE, cost_foreign(text[:n])))
    return weight


def _weigh_layout(text: str, begin: int, end: int, ended: int) -> float:
    """What the layout adds: a name at the head of a line before a colon, a name in a list behind another name."""
    if text[end : end + 1] in ("：", ":") and (begin == 0 or text[begin - 1] in "\n\u3000 "):
        return 6.0
    if ended == begin - 1 and text[ended] in "、和与及 ，":
        return 3.0
    return 0.0


def _looks_foreign(name: str) -> bool:
    return cost_foreign(name) < cost_name(name) and name not in load_known_names()


def _names_place(name: str) -> bool:
    """Whether a transcribed name is a place's, or begins with one: 吉布提, 卡塔尔埃米尔."""
    places = load_foreign_places()
    return any(name[:n] in places for n in range(2, len(name) + 1))


def _may_be_bare(reading: Reading, begin: int, read: tuple[float, int, str], beside: bool = False) -> bool:
    """Whether a name may stand here with no title beside it; `beside`: only a mark or 和 parts it from another person."""
    text, (weight, end, name) = reading.text, read
    if (text[end : end + 1] in JOINERS and end < len(text)) or _is_namesake(text, begin, end):
        return False
    if name not in load_known_names():
        if COUNTRY_SIDE.fullmatch(name):
            return False
        if name in load_not_names() or name in TIBETAN_PARTS:
            return False
        if len(name) > 2 and name[-1] in PLACE_ENDS and (weight < 12.0 or _looks_foreign(name)):
            return False
        if name[-1] in "及与而且则将曾已又还再当" or (name[1] == "其" and "其" in text[max(0, begin - 6) : begin]):
            return False
        if all(char in load_abbreviations() for char in name):
            return False
    if _looks_foreign(name):
        # transcribed names of places and clubs look the same: only a word beside them tells a person
        if begin and text[begin - 1] in load_transcription():
            return False  # the end of a longer one
        if _names_place(name) or (len(name) == 2 and name not in load_foreign_names()):
            return False
        if FOREIGN_PLACE_BEHIND.match(text, end):
            return False
        if beside:
            return True
        left = 0.0 if not begin or text[begin - 1] in BREAKS else weigh_left(reading, begin)
        right = 0.0 if text[end : end + 1] in BREAKS else weigh_right(reading, end)
        if max(left, right) >= CONTEXT_FOREIGN:
            return True
        return max(left, right) >= CONTEXT_KNOWN and name in load_foreign_names() and not _is_among_places(text, begin, end)
    return True


def _is_among_places(text: str, begin: int, end: int) -> bool:
    """Whether what stands beside a transcribed name makes it a place's, a group's, or a part of a longer one.

    >>> _is_among_places("赫尔松、尼古拉耶夫等地", 4, 9), _is_among_places("“杰哈德”目标", 1, 4)
    (True, True)
    """
    ahead = text[end : end + 1]
    if text[begin - 1 : begin] in QUOTES or ahead in load_transcription() or text.startswith(("当天", "当地"), end):
        return True
    places = load_foreign_places()
    if text[begin - 1 : begin] in BETWEEN and any(text[begin - 1 - n : begin - 1] in places for n in range(2, 8)):
        return True
    return ahead in BETWEEN and any(text[end + 1 : end + 1 + n] in places for n in range(2, 8))


def _take_neighbours(reading: Reading, found: dict[int, _Found]) -> None:
    """Give names without a role the title right behind them, or the profession right before them."""
    text, titles = reading.text, {t.begin: t for t in reading.titles}
    for f in found.values():
        if f.role or f.weight < FLOOR_TITLE:
            continue
        gap = SPACES.match(text, f.end).end()  # type: ignore[union-attr]
        title = titles.get(f.end) or titles.get(gap)
        if title and title.end not in found and ((title.after == "yes" and gap == f.end) or title.kind == "journalist"):
            f.role, f.kind = text[title.begin : title.end], title.kind
            continue
        k = bisect_left(reading.starts, f.begin) - 1
        if k >= 0 and reading.starts[k] + len(reading.tokens[k]) == f.begin:
            word = reading.tokens[k]
            if len(word) >= 2 and word[-1] in PROFESSION and word not in NO_PROFESSION and word not in load_stops():
                f.role = word


def _is_namesake(text: str, begin: int, end: int) -> bool:
    """Whether the name at text[begin:end] names a thing: 毛泽东思想, 张自忠路, a work between 《 and 》."""
    if NAMESAKE.match(text, end) or PLACE_BEHIND.match(text, end):
        return True
    opened = text.rfind("《", max(0, begin - 40), begin)
    return opened >= 0 and text.find("》", opened, begin) < 0


def _spread(reading: Reading, found: dict[int, _Found]) -> None:
    """Tell a name wherever it stands in the article, and give it the kind of its mention with an office."""
    text = reading.text
    kinds: dict[str, str] = {}
    for f in found.values():
        if f.weight >= FLOOR_SPREAD and (f.role or f.name not in kinds):
            kinds[f.name] = f.kind
    for name, kind in kinds.items():
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if at in found:
                if not found[at].role and found[at].name == name:
                    found[at].kind = kind
            elif not _overlaps(found, at, end) and not _is_namesake(text, at, end):
                found[at] = _Found(at, end, name, "", kind, 0.0)
            at = text.find(name, end)
