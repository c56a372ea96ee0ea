"""Every person named in an article, with the office as printed, the kind, and what the person did there.

How: the text is cut into tokens once; titles (offices.csv) are found once. Behind a title, before one, and along a list
under one, a name is read with high expectation; elsewhere a name must show itself by its characters and by the words
beside it. A name once told is told wherever it stands in the article.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from data_prep.schema import Mention

from .bare import CERTAIN, read_bare
from .evidence import is_namesake
from .marks import (
    BREAKS,
    COUNTRY_SIDE,
    CREDIT,
    CREDIT_BEHIND,
    FIRM,
    FOREIGN_PLACE_BEHIND,
    HAN_RUN,
    JOINERS,
    JOURNALIST_GAP,
    LIST_ITEM,
    NEVER_IN_SHAPE,
    NO_PROFESSION,
    ORGAN_BEHIND,
    PROFESSION,
    REPORTS,
    ROW,
    SIGNED,
    SPACES,
)
from .names import (
    DOTS,
    IMPOSSIBLE,
    RARE_WORD_COST,
    cost_foreign,
    cost_name,
    cost_word,
    load_first_characters,
    load_foreign_places,
    load_holders,
    load_known_automaton,
    load_known_names,
    load_not_names,
    load_surnames,
)
from .occurrences import find_occurrences
from .preparation import prepare_readings
from .presence import tell_presences
from .reading import FLOOR_TITLE, MAX_FIRST_PART, Reading, is_transcribed, read_name, read_shape, weigh_left
from .roles import Title, find_titles, load_stops, read_role

#: How much a place where names stand counts for (natural logarithms, as all weights here).
BEHIND_TITLE = {"official": 4.0, "journalist": 5.0, "other": 3.0, "label": 2.5}
BEFORE_TITLE = 3.0
IN_LIST = 3.0
#: What a name of holders.csv or known_people.csv weighs.
KNOWN_WEIGHT = 20.0
#: From this weight a name behind a title may begin like a place or a word that is none: 分析师于国勤.
SURE = 6.0
#: What it counts against a transcribed name that the character before it may be its first.
GOES_ON = 5.0
#: What a name before a title must weigh.
FLOOR_BEFORE = 5.0
#: A name with no title that is told, but lends itself to nothing else, weighs this.
DOUBTFUL = 3.0
#: A name of this weight is told wherever it stands in the article.
FLOOR_SPREAD = 9.0


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
    return find_all_mentions([(text, furniture)])[0]


def find_all_mentions(articles: Iterable[tuple[str, Sequence[tuple[str, str]]]]) -> list[list[Mention]]:
    """`find_mentions` of many articles (text, furniture): the same, in less time."""
    naming = [(text, [piece for _, piece in furniture if _names_journalist(piece)]) for text, furniture in articles]
    readings = prepare_readings(chain.from_iterable((text, *pieces) for text, pieces in naming))
    return [_find_in_article(next(readings), list(islice(readings, len(pieces)))) for _, pieces in naming]


def _names_journalist(piece: str) -> bool:
    """Of furniture only journalists are told, and nobody is one without the word."""
    return any(title.kind == "journalist" for title in find_titles(piece))


def _find_in_article(reading: Reading, furniture: list[Reading]) -> list[Mention]:
    found = _find_in(reading)
    presences = tell_presences(reading.text, found)
    _count_officials(reading.text, found, presences)
    mentions = [
        Mention(f.name, f.role, f.kind, "mentioned" if f.kind == "journalist" else presence, f.begin, f.end)
        for f, presence in zip(found, presences, strict=True)
    ]
    for piece in furniture:
        mentions += [
            Mention(f.name, f.role, f.kind, "mentioned", None, None) for f in _find_in(piece) if f.kind == "journalist"
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
    _count_rows(text, found)
    _count_rows(text, found[::-1])


def _count_rows(text: str, found: list[_Found]) -> None:
    """Who has a holder's name and stands in a row behind an official, or before one, is the holder: 王沪宁、韩正、蔡奇."""
    before = None
    for f in found:
        if before and f.kind == "other" and not f.role and f.name in load_holders() and before.kind == "official":
            first, last = (before, f) if before.begin < f.begin else (f, before)
            if ROW.fullmatch(text, first.end, last.begin):
                f.kind = "official"
        before = f


def _find_in(reading: Reading) -> list[_Found]:
    found = read_titled(reading)
    _read_bare(reading, found)
    _take_neighbours(reading, found)
    _spread(reading, found)
    return [found[k] for k in sorted(found)]


def read_titled(reading: Reading) -> dict[int, _Found]:
    """Names that are known, stand beside a title, in a list under one, or have dots; by their beginnings."""
    found: dict[int, _Found] = {}
    _read_known(reading, found)
    _read_behind_titles(reading, found)
    _read_before_titles(reading, found)
    _read_dotted(reading, found)
    return found


def _read_known(reading: Reading, found: dict[int, _Found]) -> None:
    """Names of office holders and public figures, of three characters or more: they tell themselves."""
    text = reading.text
    for begin, end, _ in load_known_automaton().find(text):
        if not is_namesake(text, begin, end) and text[begin - 1 : begin] not in JOINERS and text[end : end + 1] not in JOINERS:
            kind = "official" if text[begin:end] in load_holders() else "other"
            found[begin] = _Found(begin, end, text[begin:end], "", kind, KNOWN_WEIGHT)


def _read_behind_titles(reading: Reading, found: dict[int, _Found]) -> None:
    """Names behind a title, and the lists that follow."""
    text = reading.text
    floor = 0
    for title in reading.titles:
        if title.after == "only" or title.begin < floor:
            continue
        if not reading.at_word[title.end] and len(text) > title.end and text[title.end] not in load_surnames():
            continue  # 计量院长沙基地
        pos = title.end
        if title.kind == "journalist":
            pos = JOURNALIST_GAP.match(text, pos).end()  # type: ignore[union-attr]
        elif text[pos : pos + 1] in (" ", "\u3000", "\xa0"):
            pos = SPACES.match(text, pos).end()  # type: ignore[union-attr]
        if not reading.joiners and text[pos : pos + 1] not in load_first_characters():
            continue
        read = read_name(reading, pos, title.kind == "journalist" or bool(SIGNED.match(text, pos)))
        behind = BEHIND_TITLE[title.kind]
        if read and read[0] < SURE and read[2][:2] in load_not_names() and read[2] not in load_known_names():
            continue
        if read is None or read[0] + behind < FLOOR_TITLE + (2.0 if pos > title.end and title.kind != "journalist" else 0.0):
            read = read_shape(reading, pos) if title.kind in ("official", "journalist") else None
            if read is None:
                continue
        role = ""
        if title.kind != "label":
            role = text[read_role(text, title, reading.starts, reading.tokens, reading.title_at_end, floor) : title.end]
        kind = "other" if title.kind == "label" or (title.kind == "official" and FIRM.search(role)) else title.kind
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
    text, starts = reading.text, reading.starts
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
            if not reading.at_word[begin] or text[begin - 1 : begin] in JOINERS:
                continue
            name = text[begin : title.begin]
            cost = cost_name(name) if length <= 4 else IMPOSSIBLE
            if title.kind == "official":  # 加拉塔萨雷主帅 is a club's
                foreign = cost_foreign(name)
                if foreign < cost and begin and is_transcribed(text[begin - 1]):
                    foreign += GOES_ON  # 范|德贝伦总统
                cost = min(cost, foreign)
            if cost == IMPOSSIBLE or name in load_foreign_places() or COUNTRY_SIDE.fullmatch(name):
                continue
            if name[:2] in load_not_names() and name not in load_known_names():
                continue  # 高水平工程师
            k = bisect_left(starts, begin)
            weight = reading.sums[bisect_left(starts, title.begin)] - reading.sums[k] - cost + weigh_left(reading, begin)
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
        if read is None or read[1] <= dot or is_namesake(text, begin, read[1]) or _overlaps(found, begin, read[1]):
            continue
        if text[read[1] : read[1] + 1] not in JOINERS and not FOREIGN_PLACE_BEHIND.match(text, read[1]):
            found[begin] = _Found(begin, read[1], read[2], "", "other", read[0])


def _read_bare(reading: Reading, found: dict[int, _Found]) -> None:
    """Names with no title beside them: told by their characters, the words around, and by coming back."""
    taken = [(f.begin, f.end) for f in found.values()]
    for begin, end, name, odds in read_bare(reading, taken):
        kind = "official" if len(name) > 2 and name in load_holders() else "other"  # 毛 伟 明: not found by its characters
        found[begin] = _Found(begin, end, name, "", kind, FLOOR_SPREAD if odds >= CERTAIN else DOUBTFUL)


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


def _spread(reading: Reading, found: dict[int, _Found]) -> None:
    """Tell a name wherever it stands in the article, and give it the kind of its mention with an office."""
    text = reading.text
    kinds: dict[str, str] = {}
    for f in found.values():
        if f.weight >= FLOOR_SPREAD and (f.role or f.name not in kinds):
            kinds[f.name] = f.kind
    for name, begins in find_occurrences(text, kinds).items():
        for at in begins:
            end = at + len(name)
            if at in found:
                if not found[at].role and found[at].name == name:
                    found[at].kind = kinds[name]
            elif not _overlaps(found, at, end) and not is_namesake(text, at, end):
                found[at] = _Found(at, end, name, "", kinds[name], 0.0)
