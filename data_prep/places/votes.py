"""Votes for province, city and county: each a row of evidence with the words that gave it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from data_prep.lexicons.tenures import Tenure, find_tenures
from data_prep.places.gazetteer import Place, PlaceHit, name_place
from data_prep.places.letters import read_fixed_forms
from data_prep.places.levels import LEAD
from data_prep.places.outlets import Outlet, OutletReading, find_home
from data_prep.schema import Article, Evidence, Mention, PageContext
from data_prep.script import fold_script

#: What a person's presence makes of a vote: who speaks tells more than who is only named.
_PRESENCE = {"chaired": 1.0, "spoke": 1.0, "attended": 0.9, "mentioned": 0.6}
_FORMERLY = re.compile(r"(?:时任|原任|前任|曾任|历任|原)[\u4e00-\u9fff]{0,12}$")

#: So often a city is counted where it is named, and so many times counties are.
_MOST_NAMED, _MOST_COUNTIES = 12, 40
#: Votes by names are cast for so many provinces at most.
_MOST_PROVINCES = 6

#: An organ behind a place name: 福建|省委, 福建省|人民政府, 盐城市|委.
_ORGAN = re.compile(
    r"(?:省|市|自治区|州|县|区)?(?:委(?!员|托|内瑞拉)|党委|政府|人民政府|人大|政协|纪委|第[一二三四五六七八九十]+(?:届|次(?!全国|人口|经济))|省长|市长|州长|县长|区长"
    r"|主席|党代表大会|代表团|疫情防控|应对疫情|防控指挥部)"
)
#: 在|昆明|检查, 赶赴|六安市: where the event is.
_VISITS = re.compile(r"(?:[在到赴]|来到|深入|抵达)$")
_OWN_PROVINCE = re.compile(r"我省|全省|省委|省政府|省人民政府|省长|我区|全区|自治区")
_OURSELVES = re.compile(r"我省|我市|我州|我县|我盟|我旗|我区")
_OWN_CITY = re.compile(r"我市|全市|市委|市政府|本市")
_OWN_COUNTY = re.compile(r"我县|全县|县委|县政府|我区|区委|区政府|区领导|我旗|旗委")
_DATELINE_PLACE = re.compile(r"[\s(（【\[]*[\u4e00-\u9fff]{2,6}?(?P<place>[\u4e00-\u9fff]{2,5}?)\d{1,2}月\d{1,2}日电")


def vote_for_provinces(
    article: Article,
    mentions: Sequence[Mention],
    hits: Sequence[PlaceHit],
    letters: Sequence[int],
    outlet: OutletReading,
    context: PageContext,
    holders_extra: Path | None,
) -> list[Evidence]:
    """Votes for the province; the weights of all rules together may exceed 1. `letters` as in `read_fixed_forms`."""
    rows = [
        *_vote_by_metadata(context),
        *_vote_by_holders(article, mentions, holders_extra),
        *_vote_by_organs(article, hits),
        *_vote_by_names(article, hits),
        *_vote_by_outlet(article, outlet),
        *_vote_by_dateline(article),
        *_vote_by_fixed_forms(article, letters),
    ]
    return rows


def vote_for_cities(
    article: Article,
    mentions: Sequence[Mention],
    places: Sequence[tuple[PlaceHit, Place]],
    outlet: OutletReading,
    context: PageContext,
    province: str,
    holders_extra: Path | None,
) -> list[Evidence]:
    """Votes for the city within the province: its mayor, its organs, headline and lead, the paper's own town."""
    rows = []
    stated = _name_stated(context.metadata.get("city", ""), "city")
    if stated is not None and stated.province == province:
        rows.append(Evidence("city", stated.short, "metadata", None, None, context.metadata["city"], 5.0))
    for tenure, mention in _holders(article, mentions, holders_extra):
        place = name_place(tenure.place, "city")
        if tenure.level == "city" and place is not None and place.province == province:
            rows.append(_cite_person("city", tenure.place, mention, article.text, tenure.weight * _PRESENCE[mention.presence]))
    for paper in (outlet.printer, outlet.writer):
        own = _OWN_CITY.search(article.text)
        if paper and own and paper.level == "city" and paper.province == province:
            rows.append(Evidence("city", paper.city, "own_city", own.start(), own.end(), own.group(), 2.0))
            break
    lead_end = article.body_begin + LEAD
    attending = _cite_attending(article, mentions)
    counts: dict[str, int] = {}
    for hit, place in places:
        if place.province != province or not place.city:
            continue
        n = counts[place.city] = counts.get(place.city, 0) + 1
        if n > _MOST_NAMED:
            continue
        in_title, in_lead = hit.begin < article.body_begin, hit.begin < lead_end
        is_theirs = any(begin <= hit.begin < end for begin, end in attending)
        is_listed = is_theirs or article.text[hit.end : hit.end + 1] == "、" or article.text[hit.begin - 1 : hit.begin] == "、"
        weight = 0.1 if is_listed else 1.0 if in_title else 0.5 if in_lead else 0.1
        if place.level == "city" and not is_theirs and _ORGAN.match(article.text, hit.end):
            weight += 0.4
        elif in_lead and not in_title and not is_listed and _VISITS.search(article.text, max(0, hit.begin - 3), hit.begin):
            weight += 0.35
        rows.append(Evidence("city", place.city, "city_named", hit.begin, hit.end, hit.surface, weight))
    return rows


def vote_for_counties(
    article: Article,
    places: Sequence[tuple[PlaceHit, Place]],
    outlet: OutletReading,
    province: str,
    city: str | None,
) -> list[Evidence]:
    """Votes for the county or district: headline, lead, organs of the county, the county's own outlet."""
    rows = []
    for paper in (outlet.printer, outlet.writer):
        if paper is None or paper.level != "county" or paper.province != province:
            continue
        home = find_home(paper.name)
        own = _OWN_COUNTY.search(article.text)
        if own is None and home is not None and home.name.endswith("市"):
            own = _OWN_CITY.search(article.text)  # 我市 in the paper of a city of county rank
        if own and home:
            rows.append(Evidence("county", _name_county(home), "own_county", own.start(), own.end(), own.group(), 2.0))
            break
    lead_end = article.body_begin + LEAD
    for hit, place in places:
        if len(rows) >= _MOST_COUNTIES:
            break
        if place.level != "county" or place.province != province or (city and place.city and place.city != city):
            continue
        in_title, in_lead = hit.begin < article.body_begin, hit.begin < lead_end
        weight = 0.8 if in_title else 0.4 if in_lead else 0.1
        if _ORGAN.match(article.text, hit.end):
            weight += 0.5
        rows.append(Evidence("county", _name_county(place), "county_named", hit.begin, hit.end, hit.surface, weight))
    return rows


# --- Its parts ------------------------------------------------------------------------


def _name_county(place: Place) -> str:
    """The name as the table has it: 晋江, but 朝阳区 and 长兴县."""
    return place.short if len(place.short) > 2 or place.name.endswith("市") else place.name


def _holders(
    article: Article, mentions: Sequence[Mention], extra: Path | None
) -> Iterable[tuple[Tenure, Mention]]:
    """Every tenure the people named can mean, once a name and office; former offices do not count."""
    seen: set[tuple[str, str, str]] = set()
    for mention in mentions:
        if mention.kind != "official" or not mention.role:
            continue
        tenures = find_tenures(mention.name, mention.role, extra)
        if not tenures:
            continue
        if mention.begin is not None and _FORMERLY.search(article.text, max(0, mention.begin - 16), mention.begin):
            continue
        for tenure in tenures:
            key = (tenure.name, tenure.office, tenure.place)
            if key not in seen:
                seen.add(key)
                yield tenure, mention


def _cite_attending(article: Article, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where those who only attend stand with their offices: 哈尔滨市委书记王兆力 sits in the province's meeting."""
    cited = [m.cite(article.text) for m in mentions if m.presence == "attended" and m.role]
    return [(begin, end) for begin, end, _ in cited if begin is not None and end is not None]


@lru_cache(maxsize=256)  # every article of a page asks for the same
def _name_stated(text: str, level: str) -> Place | None:
    return name_place(fold_script(text), level)


def _vote_by_metadata(context: PageContext) -> list[Evidence]:
    text = context.metadata.get("province", "").strip()
    place = _name_stated(text, "province") if text else None
    return [Evidence("province", place.short, "metadata", None, None, text, 2.0)] if place else []


def _vote_by_holders(article: Article, mentions: Sequence[Mention], extra: Path | None) -> list[Evidence]:
    rows = []
    for tenure, mention in _holders(article, mentions, extra):
        if tenure.level == "centre":
            continue
        place = name_place(tenure.place, "province") or name_place(tenure.place, "city")
        if place is not None:
            weight = tenure.weight * _PRESENCE.get(mention.presence, 0.6)
            rows.append(_cite_person("province", place.province, mention, article.text, weight))
    return rows


def _vote_by_organs(article: Article, hits: Sequence[PlaceHit]) -> list[Evidence]:
    rows: list[Evidence] = []
    seen: dict[str, int] = {}
    text, lead_end = article.text, article.body_begin + LEAD
    for hit in hits:
        province = hit.province
        match = _ORGAN.match(text, hit.end) if province is not None else None
        if match is None or province is None:
            continue
        n = seen[province] = seen.get(province, 0) + 1
        if n > 3:
            continue
        weight = (0.9 if hit.begin < lead_end else 0.4) / n
        rows.append(_cite("province", province, "organ", hit.begin, match.end(), text, weight))
    return rows


def _vote_by_names(article: Article, hits: Sequence[PlaceHit]) -> list[Evidence]:
    """Names of places: each province's share of all of them, those of headline and lead counting three times."""
    lead_end = article.body_begin + LEAD
    totals: dict[str, float] = {}
    first: dict[str, PlaceHit] = {}
    for hit in hits:
        province = hit.province
        if province is not None:
            totals[province] = totals.get(province, 0.0) + (3.0 if hit.begin < lead_end else 1.0)
            first.setdefault(province, hit)
    everything = sum(totals.values())
    rows = []
    for province in sorted(totals, key=totals.__getitem__, reverse=True)[:_MOST_PROVINCES]:  # of equals the first named first
        hit = first[province]
        share = totals[province] / everything * min(1.0, everything / 3)
        rows.append(Evidence("province", province, "place_named", hit.begin, hit.end, hit.surface, round(0.9 * share, 3)))
    return rows


def _vote_by_outlet(article: Article, outlet: OutletReading) -> list[Evidence]:
    """The paper's own province, strongly only where the text speaks of 我省 or 省委 without naming one."""
    rows: list[Evidence] = []
    papers: list[tuple[Outlet | None, float]] = [(outlet.writer, 0.6)]
    if outlet.writer != outlet.printer:
        papers.append((outlet.printer, 0.4 if outlet.writer is None else 0.2))
    if not any(paper is not None and paper.province for paper, _ in papers):
        return rows
    own = _OWN_PROVINCE.search(article.text) or _OWN_CITY.search(article.text)
    for paper, weight in papers:
        if paper is None or not paper.province:
            continue
        row = next(e for e in outlet.evidence if e.value == paper.name)
        if paper.level == "centre":
            weight *= 0.5  # it prints of every province
        elif row.rule in ("imprint", "owner", "metadata", "credit", "address"):
            weight *= 0.9  # such words also stand under what a site reprints
        elif _OURSELVES.search(article.text):
            weight = 1.0  # its own reporter, who says 我市
        factor = 1.0 if own or (paper.level == "county" and _OWN_COUNTY.search(article.text)) else 0.4
        rows.append(Evidence("province", paper.province, "outlet", row.begin, row.end, row.surface,
                             round(weight * factor, 3)))
    return rows


def _vote_by_dateline(article: Article) -> list[Evidence]:
    match = _DATELINE_PLACE.match(article.text, article.body_begin)
    place = name_place(match["place"]) if match else None
    if match is None or place is None or place.province == "北京":  # agencies sit in 北京, whatever they report
        return []
    return [_cite("province", place.province, "dateline", *match.span("place"), article.text, 0.6)]


def _vote_by_fixed_forms(article: Article, letters: Sequence[int]) -> list[Evidence]:
    """入晋返晋, 在闽, 闽政办: the one-character names, once a province."""
    return [_cite("province", province, "fixed_form", begin, end, article.text, 0.5)
            for province, begin, end in read_fixed_forms(article.text, letters)]


def _cite(field: str, value: str, rule: str, begin: int, end: int, text: str, weight: float) -> Evidence:
    return Evidence(field, value, rule, begin, end, text[begin:end], round(weight, 3))


def _cite_person(field: str, value: str, mention: Mention, text: str, weight: float) -> Evidence:
    begin, end, surface = mention.cite(text)
    return Evidence(field, value, "holder", begin, end, surface, round(weight, 3))
