"""Place names in a text: provinces, cities, counties, found in one pass, resolved by what stands around.

The same pass finds the words a place has for itself (我省, 全市) and the letters of provinces (在闽), for a pass costs
as much as the text is long, whatever is looked for.

Short names are dangerous (海口 in 上海口岸, 长治 in 长治久安): the leftmost longest match wins and stop words take part
in the matching, so that they use up the characters. A name that several places bear (鼓楼区, 朝阳区) keeps all of
them until the context tells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import daachorse

from data_prep.lexicons import read_lexicon
from data_prep.lexicons.overlaps import Hit, keep_longest
from data_prep.places.letters import list_signs

#: Words a place has for itself, and whose words they are.
OWN_WORDS = {"我省": "province", "全省": "province", "省内": "province", "我市": "city", "全市": "city", "我县": "county",
             "全县": "county", "我国": "centre", "全国": "centre"}

#: Provinces named after a side of a river, a lake or a range; words behind that side (岸 and 麓 have no province); and the
#: characters before the first one that make it a river, a lake or a range: 黄|河, 庭|湖, 娄|山.
_SIDED = frozenset(("河南", "河北", "湖南", "湖北", "江西", "山西", "山东"))
_SIDE = re.compile("(?P<of>[岸麓坡翼缘])|段|侧|端|部(?![分署门队委位长级])")
_WATERS_AND_MOUNTAINS = frozenset("长珠黄淮汉湘赣闽陵花沙砻岷乌塘龙辽渭庭阳太海巢泽行泰衡华天仑连别娄蒙夷峨沧润澜沿沂滦洛运大")

#: Farthest a city may stand before its district for 北京市朝阳区 to be read as one (characters between).
_ADJACENT = 1


@dataclass(frozen=True)
class Place:
    """A province, city or county; `city` is the short name of the prefecture-level city, "" where there is none."""

    name: str
    short: str
    level: str
    province: str
    city: str


class PlaceHit(NamedTuple):
    """A place name at text[begin:end] with every place it can mean, and their province if it is one."""

    begin: int
    end: int
    surface: str
    places: tuple[Place, ...]
    province: str | None


class PlaceWords(NamedTuple):
    """What tells of places in a text, each in order: names, words of OWN_WORDS with their offsets, offsets of letters."""

    names: list[PlaceHit]
    own: list[tuple[int, str]]
    letters: list[int]


def find_places(text: str) -> list[PlaceHit]:
    """Every place name in a text, in order, names that touch read together.

    >>> [(hit.surface, [p.city for p in hit.places]) for hit in find_places("在福州市鼓楼区，上海口岸")]
    [('福州市', ['福州']), ('鼓楼区', ['福州']), ('上海', [''])]
    """
    return read_place_words(text).names


def read_place_words(text: str) -> PlaceWords:
    """Names of places, words a place has for itself and letters of provinces, in one pass.

    >>> words = read_place_words("我省在闽江边")
    >>> words.own, words.letters
    ([(0, '我省')], [3])
    """
    known = _build_automaton()
    named: list[Hit] = []
    own: list[tuple[int, str]] = []
    letters: list[int] = []
    for hit in known.automaton.find_overlapping(text):
        begin, _, index = hit
        if index < known.n_names:
            named.append(hit)
        elif index < known.n_words:
            own.append((begin, known.words[index - known.n_names]))
        else:
            letters.append(begin + known.letters[index - known.n_words])
    return PlaceWords(_join_names(text, keep_longest(named), known.names), own, sorted(set(letters)) if letters else letters)


def resolve_places(hits: Sequence[PlaceHit], provinces: Mapping[str, int]) -> list[tuple[PlaceHit, Place]]:
    """Each hit with the one place it means; a name that stays open is left out.

    `provinces` are votes from elsewhere (outlet, people); the unambiguous names of the text are added.
    Within one province, the city named in the text decides; else the place of higher rank.
    """
    votes = dict(provinces)
    cities: dict[str, int] = {}
    for hit in hits:
        if hit.province is not None:
            votes[hit.province] = votes.get(hit.province, 0) + 1
        if len(hit.places) == 1 and hit.places[0].city:
            cities[hit.places[0].city] = cities.get(hit.places[0].city, 0) + 1
    found = ((hit, hit.places[0] if len(hit.places) == 1 else _choose(hit.places, votes, cities)) for hit in hits)
    return [(hit, place) for hit, place in found if place is not None]


@cache
def read_places() -> dict[str, tuple[Place, ...]]:
    """Every printed name with the places it can mean, the short names of provinces and cities among them."""
    stops = read_lexicon("place_stops")
    lone = set(stops.loc[stops["kind"] == "short", "word"])
    words = set(stops.loc[stops["kind"] == "never", "word"])
    names: dict[str, dict[Place, None]] = {}
    for row in read_lexicon("places").itertuples(index=False):
        place = Place(row.name, row.short, row.level, row.province, row.city)
        if place.name in words:
            continue
        names.setdefault(place.name, {})[place] = None
        if place.level == "province" or (_goes_short(place) and place.short not in lone):
            names.setdefault(place.short, {})[place] = None
    provinces = {name for name, places in names.items() if any(p.level == "province" for p in places)}
    return {
        name: tuple(p for p in places if p.level == "province" or name not in provinces)
        for name, places in names.items()
    }


def name_place(text: str, level: str | None = None) -> Place | None:
    """The place a whole string names, short names of every kind among them; the highest in rank of several.

    >>> name_place("内蒙古自治区").short, name_place("大同").province
    ('内蒙古', '山西')
    """
    for place in _read_every_name().get(text.strip(), ()):
        if level is None or place.level == level:
            return place
    return None


def name_place_within(text: str, province: str) -> Place | None:
    """The place a whole string names in a province given by its short name.

    >>> name_place_within("朝阳", "北京").name, name_place_within("朝阳", "辽宁").name
    ('朝阳区', '朝阳市')
    """
    return next((place for place in _read_every_name().get(text, ()) if place.province == province), None)


# --- Its parts ------------------------------------------------------------------------


@cache
def _read_every_name() -> dict[str, list[Place]]:
    """Full and short names of all places, provinces before cities before counties as the table has them."""
    names: dict[str, list[Place]] = {}
    for row in read_lexicon("places").itertuples(index=False):
        place = Place(row.name, row.short, row.level, row.province, row.city)
        for name in dict.fromkeys((place.name, place.short)):
            names.setdefault(name, []).append(place)
    return names


class _Known(NamedTuple):
    """The automaton and what its patterns are: names (stop words, without a place, among them), then OWN_WORDS, then
    signs of letters with the place of the letter in each."""

    automaton: daachorse.CharwiseDoubleArrayAhoCorasick
    names: list[tuple[str, tuple[Place, ...], str | None]]
    words: list[str]
    letters: list[int]
    n_names: int
    n_words: int  # names and words together


@cache
def _build_automaton() -> _Known:
    names = dict(read_places())
    for row in read_lexicon("place_stops").itertuples():
        if row.kind == "stop":
            names.setdefault(row.word, ())
    listed = [(name, places, _share_province(places)) for name, places in names.items()]
    signs = list_signs()
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick([*names, *OWN_WORDS, *signs])
    return _Known(automaton, listed, list(OWN_WORDS), list(signs.values()), len(listed), len(listed) + len(OWN_WORDS))


def _join_names(
    text: str, hits: Sequence[Hit], names: Sequence[tuple[str, tuple[Place, ...], str | None]]
) -> list[PlaceHit]:
    """The names of places of some hits: those of stop words are left out, names that touch are read together."""
    found: list[PlaceHit] = []
    for begin, end, index in hits:
        surface, places, province = names[index]
        if places and not (surface in _SIDED and is_side(text, begin, end)):
            hit = PlaceHit(begin, end, surface, places, province)
            found.append(_narrow_by_parent(hit, found[-1]) if found and len(places) > 1 else hit)
    return found


def is_side(text: str, begin: int, end: int) -> bool:
    """Whether text[begin:end], the name of a province, is a side of a river, a lake or a mountain: 黄河南岸, 大娄山西段.

    >>> is_side("黄河南岸", 1, 3), is_side("河南部署防汛", 0, 2), is_side("京港高铁湖南段", 4, 6), is_side("洞庭湖南部", 2, 4)
    (True, False, False, True)
    """
    side = _SIDE.match(text, end)
    return side is not None and (side["of"] is not None or text[begin - 1 : begin] in _WATERS_AND_MOUNTAINS)


def _goes_short(place: Place) -> bool:
    """Cities, and counties that are called 市, are printed without it; other counties are not."""
    return place.level == "city" or (place.level == "county" and place.name.endswith("市"))


def _narrow_by_parent(hit: PlaceHit, before: PlaceHit) -> PlaceHit:
    """福州市鼓楼区: of the districts called 鼓楼区 only the one in the city just named."""
    if hit.begin - before.end > _ADJACENT:
        return hit
    kept = tuple(
        place
        for place in hit.places
        if any(_lies_in(place, parent) for parent in before.places)
    )
    return hit._replace(places=kept, province=_share_province(kept)) if kept else hit


def _share_province(places: Sequence[Place]) -> str | None:
    """The province in which all of some places lie; None if there are several, or none."""
    homes = {place.province for place in places}
    return homes.pop() if len(homes) == 1 else None


def _lies_in(place: Place, parent: Place) -> bool:
    if place.province != parent.province:
        return False
    return parent.level == "province" or place.city == parent.city


def _choose(places: Sequence[Place], votes: Mapping[str, int], cities: Mapping[str, int]) -> Place | None:
    best = max(votes.get(place.province, 0) for place in places)
    homes = {place.province for place in places if votes.get(place.province, 0) == best}
    if best == 0 or len(homes) > 1:
        return None
    here = [place for place in places if place.province in homes]
    named = [place for place in here if cities.get(place.city)]
    if len(here) > 1 and named:
        return max(named, key=lambda place: cities[place.city])
    ranked = sorted(here, key=lambda place: ("province", "city", "county").index(place.level))
    return ranked[0] if len(here) == 1 or ranked[0].level != ranked[1].level else None
