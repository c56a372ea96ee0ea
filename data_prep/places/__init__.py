"""Where an article belongs: level, province, city and county, by who meets and speaks.

Not by who reprints: a site in Tibet prints what the secretary of 山西 said. Every reading is a vote
with a weight; the value with the most votes is taken, and the others stay as evidence against it.

    outlet          who printed it, for whom it was written
    province        who holds which office, organs (福建省委), places named, outlet, fixed forms (入晋返晋)
    level           whose organ meets, who speaks, of what is spoken (我省, 全市)
    city, county    organs, places in headline and lead, the paper's own town (我市)
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from data_prep.places.gazetteer import Place, PlaceHit, name_place_within, read_place_words, resolve_places
from data_prep.places.levels import MUNICIPALITIES, weigh_levels
from data_prep.places.outlets import OutletReading, read_outlet
from data_prep.places.votes import (
    vote_for_cities,
    vote_for_counties,
    vote_for_provinces,
)
from data_prep.schema import Article, Evidence, Mention, PageContext, Placing

__all__ = ["place_article", "place_articles"]

#: A province is taken with at least this much weight; below it, the article's province stays unknown.
_LEAST_PROVINCE = 0.35

#: A city or county is taken with at least this weight and this share of all votes for its kind.
_LEAST_TOWN, _LEAST_SHARE = 0.8, 0.5

#: What a town weighs that is only named somewhere in the body.
_IN_PASSING = 0.1

#: In the news of a city the only city named is that city, if it is named in the lead.
_LEAST_SOLE = 0.5

#: How many provinces an article can be about, and the least share of the place names each must have.
_MOST_PROVINCES, _LEAST_MENTIONED = 8, 0.08


def place_article(
    article: Article, mentions: Sequence[Mention], context: PageContext, holders_extra: Path | None = None
) -> Placing:
    """Level, province, city, county and outlet of an article, with the words that gave them.

    `mentions` are the people named in it with their roles as printed; `holders_extra` is a table of
    further office holders (columns of holders.csv). Unknown values are None; nothing is guessed.
    """
    return place_articles([(article, mentions, context)], holders_extra)[0]


def place_articles(
    batch: Sequence[tuple[Article, Sequence[Mention], PageContext]], holders_extra: Path | None = None
) -> list[Placing]:
    """As place_article, for many articles with their mentions and what stands around them.

    Each step goes through all articles before the next one does, so that what it needs stays in the processor's cache.
    """
    outlets = [read_outlet(article, context) for article, _, context in batch]
    words = [read_place_words(article.text) for article, _, _ in batch]
    read = [
        _Read(*given, outlet, _drop_other_names(found.names, *given[:2], outlet), found.own, found.letters)
        for given, outlet, found in zip(batch, outlets, words, strict=True)
    ]
    provinces = [
        vote_for_provinces(each.article, each.mentions, each.hits, each.letters, each.outlet, each.context, holders_extra)
        for each in read
    ]
    return [_settle(each, rows, holders_extra) for each, rows in zip(read, provinces, strict=True)]


class _Read(NamedTuple):
    """An article with its outlet, the places named in it, its words of OWN_WORDS and its letters of provinces."""

    article: Article
    mentions: Sequence[Mention]
    context: PageContext
    outlet: OutletReading
    hits: list[PlaceHit]
    own: list[tuple[int, str]]
    letters: list[int]


def _settle(read: _Read, first: list[Evidence], holders_extra: Path | None) -> Placing:
    """What the votes decide; `first` are those for the province."""
    article, mentions, context, outlet, hits, own, _ = read
    totals = _sum(first)
    leading = _top(totals)
    resolved = _resolve(hits, totals)
    level_rows = weigh_levels(article, mentions, resolved, own, outlet, context, leading)
    level = _top(_sum(level_rows))
    if not first and not hits and level in ("city", "county"):
        level = _doubt_level(level, level_rows)
    home = leading if leading is not None and totals[leading] >= _LEAST_PROVINCE else None
    province = home if level != "centre" else None
    if level is None and province is not None:
        level = "province"
    if level == "city" and province in MUNICIPALITIES:
        level = "province"
    towns = _NO_TOWNS if province is None else _find_towns(read, resolved, province, level, holders_extra)
    rows: list[Evidence] = []
    for votes, taken in ((level_rows, level), (first, home), (towns.city_rows, towns.city), (towns.county_rows, towns.county)):
        if votes:
            rows += _set_against(votes, taken)
    rows += outlet.evidence
    provinces = _list_provinces(province, home, resolved)
    name = outlet.printer.name if outlet.printer else None
    return Placing(level, province, provinces, towns.city, towns.county, name, tuple(rows))


# --- Its parts ------------------------------------------------------------------------


class _Towns(NamedTuple):
    """City and county of an article, and the votes for them."""

    city: str | None
    county: str | None
    city_rows: Sequence[Evidence]
    county_rows: Sequence[Evidence]


_NO_TOWNS = _Towns(None, None, (), ())


def _find_towns(
    read: _Read, resolved: Sequence[tuple[PlaceHit, Place]], province: str, level: str | None, holders_extra: Path | None
) -> _Towns:
    """City and county within the province."""
    article, mentions, context, outlet, *_ = read
    city = None
    city_rows: list[Evidence] = []
    if province not in MUNICIPALITIES:
        city_rows = vote_for_cities(article, mentions, resolved, outlet, context, province, holders_extra)
        city = _take_town(city_rows, sole=level in ("city", "county"))
    county_rows = vote_for_counties(article, resolved, outlet, province, city)
    county = _take_town(county_rows)
    if county is not None and city is None:
        cited = {row.begin for row in county_rows if row.value == county}
        named = (place for hit, place in resolved if hit.begin in cited)
        seat = name_place_within(county, province)
        city = next((place.city for place in named if place.city), seat.city if seat else None) or None
        if city is not None:  # the county's own words say which city it lies in
            row = max((row for row in county_rows if row.value == county), key=lambda row: row.weight)
            city_rows.append(Evidence("city", city, row.rule, row.begin, row.end, row.surface, row.weight))
    return _Towns(city, county, city_rows, county_rows)


def _resolve(hits: Sequence[PlaceHit], totals: Mapping[str, float]) -> list[tuple[PlaceHit, Place]]:
    """Each hit with the place it means; of a name that several places bear that in the province with the most votes."""
    if all(len(hit.places) == 1 for hit in hits):  # most texts: nothing is open
        return [(hit, hit.places[0]) for hit in hits]
    return resolve_places(hits, {min(totals, key=lambda name: (-totals[name], name)): 3} if totals else {})


#: 新华社北京3月17日电: where the agency sits says nothing about the matter.
_AGENCY_SEAT = re.compile(r"[\s(（【\[]*[\u4e00-\u9fff]{2,6}?北京(?:\d{1,2}月\d{1,2}日)?电")


#: 汲取湖北十堰事故教训: where it happened is elsewhere.
_LESSON = re.compile(r"[汲吸]取[^,，。;；\n]{0,6}$")


def _drop_other_names(
    hits: list[PlaceHit], article: Article, mentions: Sequence[Mention], outlet: OutletReading
) -> list[PlaceHit]:
    """Without the places that are part of a person's name (洪湖鹏), a paper's (盐城晚报讯) or an agency's dateline."""
    if not hits:
        return hits
    text = article.text
    taken: set[int] = set()
    others: list[Evidence | Mention] = [*outlet.evidence, *mentions]
    for other in others:
        if other.begin is not None and other.end is not None:
            taken.update(range(other.begin, other.end))
    seat = _AGENCY_SEAT.match(text, article.body_begin)
    if seat:
        taken.update(range(*seat.span()))
    kept: list[PlaceHit] = []
    lessons = "取" in text and ("汲取" in text or "吸取" in text)
    far = 0  # a place right behind one left out (湖北|十堰) is left out with it
    for hit in hits:
        begin = hit.begin
        if begin in taken:
            far = 0
        elif (begin == far and far) or (lessons and _LESSON.search(text, max(0, begin - 10), begin)):
            far = hit.end
        else:
            kept.append(hit)
    return kept


#: Words only a Chinese city or county uses of itself; 市长 and 州政府 are also said of places abroad.
_OURS = ("市委", "州委", "盟委", "县委", "我市", "我州", "我县", "全市", "全县")


def _doubt_level(level: str, rows: list[Evidence]) -> str | None:
    """With no Chinese place named at all, a mayor can be anybody's: only organs of the Party and 我市 tell."""
    if any(row.value == level and row.surface in _OURS for row in rows):
        return level
    return _top(_sum([row for row in rows if row.value != level]))


def _sum(rows: Sequence[Evidence]) -> dict[str, float]:
    totals: dict[str, float] = {}
    for row in rows:
        totals[row.value] = totals.get(row.value, 0.0) + row.weight
    return totals


def _top(totals: Mapping[str, float], least: float = 0.0) -> str | None:
    """The value with the most weight, None where two tie or none has enough."""
    if len(totals) < 2:
        return next((value for value, weight in totals.items() if weight >= least), None)
    second, most = sorted(totals.values())[-2:]
    if most < least or most - second < 1e-9:
        return None
    return max(totals, key=totals.__getitem__)


def _take_town(rows: Sequence[Evidence], sole: bool = False) -> str | None:
    """The town with enough votes; with `sole` (the matter is a town's) less is enough where no other is named."""
    totals = _sum(rows)
    best = _top(totals, _LEAST_SOLE if sole and len(totals) == 1 else _LEAST_TOWN)
    if best is None or totals[best] < _LEAST_SHARE * sum(totals.values()):
        return None
    # Named in passing, however often, a town is not where the matter is: 西宁 in the report of 青海.
    return best if any(row.value == best and row.weight > _IN_PASSING for row in rows) else None


def _set_against(rows: Sequence[Evidence], taken: str | None) -> list[Evidence]:
    """The rows for the evidence table: votes above 1 as 1, those for another value than the one taken negative."""
    told = []
    for row in rows:
        if row.weight > 0:
            weight = round(min(row.weight, 1.0), 3)
            if taken is not None and row.value != taken:
                weight = -weight
            told.append(row if weight == row.weight else Evidence(
                row.field, row.value, row.rule, row.begin, row.end, row.surface, weight))
    return told


def _list_provinces(
    province: str | None, home: str | None, resolved: Sequence[tuple[PlaceHit, Place]]
) -> tuple[str, ...]:
    named: dict[str, int] = {}
    for _, place in resolved:
        named[place.province] = named.get(place.province, 0) + 1
    least = _LEAST_MENTIONED * len(resolved)
    ranked = sorted(named, key=named.__getitem__, reverse=True)[:_MOST_PROVINCES]  # of equals the first named first
    often = [name for name in ranked if named[name] >= least]
    return tuple(dict.fromkeys([*filter(None, (province, home)), *often]))
