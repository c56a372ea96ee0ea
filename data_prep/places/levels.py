"""Whose matter an article is: the centre's, a province's, a city's or a county's.

The organ that meets and the people who speak decide. What is only invoked (贯彻习近平总书记重要讲话精神,
按照党中央、国务院决策部署) says nothing, since every article of every level invokes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from data_prep.places.gazetteer import OWN_WORDS, Place, PlaceHit
from data_prep.places.outlets import OutletReading, find_home
from data_prep.schema import LEVELS, Article, Evidence, Mention, PageContext

MUNICIPALITIES = ("北京", "天津", "上海", "重庆")
REGIONS = ("内蒙古", "广西", "西藏", "宁夏", "新疆")

#: How far into the body its opening goes, in characters.
_OPENING = 60

#: How far into the body the lead goes, in characters.
LEAD = 220

_ORGANS = re.compile(
    r"(?P<centre>中共中央|党中央|中央政治局|中央纪委|中央军委|中央全面|中央(?:经济|农村|外事|人才|人大|政协|民族)?工作会议"
    r"|国务院(?!联防联控机制[^,，。;；]{0,8}[组])|全国人大|全国政协|国家副?主席|总书记|国家卫生?健康?委|国家卫健委|最高人民|中央指导组|外交部|商务部|国家发展改革委|国家统计局)"
    r"|(?P<province>省委(?!托|员)|省人民政府|省政府|省人大|省政协|省纪委|省长|省领导|省级|自治区党委|自治区政府|自治区人民政府|自治区人大|自治区政协"
    r"|自治区主席|区党委|省(?:应对|新冠|疫情|防控|联防)[\u4e00-\u9fff]{0,14}(?:指挥部|领导小组|会议)|全省|我省|全自治区)"
    r"|(?P<city>市委(?!托|员)|市人民政府|市政府|市人大|市政协|市纪委|市长|市领导|州委(?!托|员)|州政府|州长|盟委|盟长|市(?:应对|新冠|疫情|防控)[\u4e00-\u9fff]{0,14}"
    r"(?:指挥部|领导小组|会议)|全市|我市|全州|我州)"
    r"|(?P<county>县委(?!托|员)|县人民政府|县政府|县长|县领导|(?<![社校园灾疫小街林矿片])区(?:委(?!托|员)|人民政府|政府|长)|全县|我县)"
)
#: The first two characters of every organ.
_BEGINS_ORGAN = re.compile(
    "中[共央]|党中|国[务家]|总书|全[国省市州县自]|最高|外交|商务|省[委人政纪长领级应新疫防联]|自治|我[省市州县]|区[党委人政长]"
    "|市[委人政纪长领应新疫防]|州[委政长]|盟[委长]|县[委人政长领]"
)
_INVOKES = re.compile(r"(?:贯彻|落实|学习|传达|按照|根据|关于|牢记|感悟|领会|以|遵循|对表|围绕)[^,，。;；!！\n]*\Z")
#: So far behind what invokes it an organ is invoked.
_INVOKED_WITHIN = 26
_OWN_ORDER = {word: n for n, word in enumerate(OWN_WORDS)}
_OWN_WEIGHTS = {"province": 0.3, "city": 0.3, "county": 0.3, "centre": 0.08}
_MOST_OWN = 5

#: A national outlet that says 各地 speaks of the country, whichever provinces follow.
_ROUND_UP = re.compile(  # each begins with a fixed character, which is found ten times as fast
    r"各地(?<![^\s，,。：:、】]各地)|多[地省](?<![^\s，,。：:、】]..)|全国多[地省](?<![^\s，,。：:、】]....)|全国各|联播快讯|长三角|京津冀|珠三角|长江经济带|黄河流域"
    r"|成渝地区|东北三省|中部六省"
)

_ROLE_LEVELS = (
    ("centre", re.compile(r"总书记|国家(?:副)?主席|国务院(?!联防联控机制.*组)|中央(?!.*(?:巡视|督导))|全国(?:人大|政协)|政治局"
                          r"|国家[\u4e00-\u9fff]{0,8}(?:委|局|署|办)|^(?:外交|国防|财政|教育|公安|科技|商务|民政|司法|水利)部"
                          r"|总理|国务委员")),
    ("province", re.compile(r"省|自治区|区党委")),
    ("city", re.compile(r"市|州委|州长|盟委|盟长|地委")),
    ("county", re.compile(r"县|区委|区长|旗")),
)
#: 自治区党委常委、市委书记孟凡利 speaks as secretary of his city: the seat above is only his rank.
_RANK = re.compile(
    r"(?:中共)?中央政治局(?:常委|委员)、(?=[^,，。;；\n]{0,12}?(?:省|市|自治区党)委书记)"
    r"|(?:[\u4e00-\u9fff]{0,4}省委|[\u4e00-\u9fff]{0,4}自治区党委|区党委)(?:常委|副书记|委员)、"
    r"(?=[^,，。;；\n]{0,16}?(?:市|州|盟|地|县|旗|(?<!自治)区)委书记)"
    r"|(?:[\u4e00-\u9fff]{0,4}市|州|盟|地)委(?:常委|副书记|委员)、(?=[^,，。;；\n]{0,16}?(?:县|旗|(?<!自治)区)委书记)"
)
_RANK_WORDS = ("常委、", "副书记、", "委员、")
_PRESENCE = {"chaired": 1.0, "spoke": 1.0, "attended": 0.4, "mentioned": 0.0}
#: 2013年5月，习近平总书记在天津考察时指出: news prints no year of its own without its day, so this is recalled, and
#: counts as much.
_LONG_AGO, _RECALLED = re.compile(r"(?:19|20)\d\d年(?:\d{1,2}月)?(?:年?[初底末])?[,，][^。；;\n]*\Z"), 0.25
#: Words a city uses of itself without its name.
_TOWNS_OWN = ("我市", "全市", "市委", "市政府", "市人民政府", "市人大", "市政协", "市长", "市领导")


def weigh_levels(
    article: Article,
    mentions: Sequence[Mention],
    places: Sequence[tuple[PlaceHit, Place]],
    own: Sequence[tuple[int, str]],
    outlet: OutletReading,
    context: PageContext,
    province: str | None,
) -> list[Evidence]:
    """Votes for the level, as evidence rows; 市 counts as the province where the province is a municipality.

    `own` are the words of OWN_WORDS that the text holds, with their offsets.
    """
    rows = [*_read_organs(article, province), *_read_roles(article, mentions, province)]
    stated = context.metadata.get("level", "")
    if stated in LEVELS:
        rows.append(Evidence("level", stated, "metadata", None, None, stated, 9.0))
    rows += _read_own_words(own, province)
    rows += _read_outlet_level(article, outlet, province)
    rows += _read_headline_places(article, places, province)
    rows = _read_county_town(rows, outlet)
    if not rows and province is not None and places:
        hit = places[0][0]
        rows.append(Evidence("level", "province", "place_named", hit.begin, hit.end, hit.surface, 0.2))
    return rows


# --- Its parts ------------------------------------------------------------------------


def _level(level: str, province: str | None, surface: str) -> str:
    """In 上海 the 市委 is the province's committee; in 宁夏 全区 is the whole region."""
    if level == "city" and province in MUNICIPALITIES:
        return "province"
    if surface == "全区" and province in REGIONS:
        return "province"
    if "区党委" in surface and "自治区" not in surface and province is not None and province not in REGIONS:
        return "county"  # 神农架林区党委
    return level


def _read_county_town(rows: list[Evidence], outlet: OutletReading) -> list[Evidence]:
    """In the paper of 昆山, a city of county rank, 我市 and 市委 are the county's."""
    paper = outlet.writer or outlet.printer
    home = find_home(paper.name) if paper is not None and paper.level == "county" else None
    if home is None or not home.name.endswith("市"):
        return rows
    return [
        Evidence("level", "county", row.rule, row.begin, row.end, row.surface, row.weight)
        if row.value == "city" and row.surface.startswith(_TOWNS_OWN) else row
        for row in rows
    ]


def _read_organs(article: Article, province: str | None) -> list[Evidence]:
    text, begin = article.text, article.body_begin
    lead_end = min(len(text), begin + LEAD)
    organs = _find_organs(text, lead_end)
    if not organs:
        return []
    stop = text.find("。", begin, lead_end)
    first_end = stop if stop >= 0 else lead_end
    rows: list[Evidence] = []
    seen: dict[tuple[str, bool], int] = {}
    lead = text[:lead_end]
    ranks = [rank.span() for rank in _RANK.finditer(lead)] if any(word in lead for word in _RANK_WORDS) else []
    for match in organs:
        begin, end = match.span()
        level = _level(match.lastgroup or "", province, match.group())
        in_first = begin < first_end
        n = seen.get((level, in_first), 0) + 1
        if n > 2 or _is_invoked(text, begin) or any(first <= begin < behind for first, behind in ranks):
            continue
        if level == "centre" and _is_recalled(text, begin):
            continue
        seen[level, in_first] = n
        weight = 0.7 if in_first else 0.35
        if not rows:  # the article opens with it
            weight = 1.5
        rows.append(_cite(level, "organ_in_lead", begin, end, text, weight / n))
    return rows


def _find_organs(text: str, end: int) -> list[re.Match[str]]:
    """The organs named before `end`, in order: trying only where one can begin is several times as fast."""
    found: list[re.Match[str]] = []
    at = 0
    for begins in _BEGINS_ORGAN.finditer(text, 0, end):
        begin = begins.start()
        match = _ORGANS.match(text, begin, end) if begin >= at else None
        if match is not None:
            at = match.end()
            found.append(match)
    return found


def _is_invoked(text: str, begin: int) -> bool:
    """Whether what stands at `begin` is only invoked by its clause: 按照|党中央、国务院."""
    return _INVOKES.search(text, max(0, begin - _INVOKED_WITHIN), begin) is not None


def _is_recalled(text: str, begin: int) -> bool:
    """Whether what stands at `begin` belongs to another year: 2013年5月，习近平|总书记."""
    return _LONG_AGO.search(text, max(0, begin - _INVOKED_WITHIN), begin) is not None


def _read_roles(article: Article, mentions: Sequence[Mention], province: str | None) -> list[Evidence]:
    rows: list[Evidence] = []
    seen: set[str] = set()
    for mention in mentions:
        weight = _PRESENCE.get(mention.presence, 0.0)
        if mention.kind != "official" or not mention.role or not weight or mention.name in seen or len(seen) >= 4:
            continue
        level = _read_role(mention.role)
        if level is not None:
            seen.add(mention.name)
            begin, end, surface = mention.cite(article.text)
            if level == "centre" and begin and _is_recalled(article.text, begin):
                weight *= _RECALLED
            voted = _level(level, province, mention.role)
            rows.append(Evidence("level", voted, "speaker", begin, end, surface, round(0.8 * weight, 3)))
    return rows


@lru_cache(maxsize=4096)  # few roles are printed once: 国家主席, 省委书记
def _read_role(role: str) -> str | None:
    """Whose organ the office is in that somebody speaks in.

    >>> _read_role("自治区党委常委、市委书记"), _read_role("自治区党委常委、宣传部部长"), _read_role("村民")
    ('city', 'province', None)
    """
    spoken_in = _RANK.sub("", role)
    return next((level for level, pattern in _ROLE_LEVELS if pattern.search(spoken_in)), None)


def _read_own_words(own: Sequence[tuple[int, str]], province: str | None) -> list[Evidence]:
    found: dict[str, list[int]] = {}
    for at, word in own:
        found.setdefault(word, []).append(at)
    rows: list[Evidence] = []
    counts: dict[str, int] = {}
    for word in sorted(found, key=_OWN_ORDER.__getitem__) if len(found) > 1 else found:
        kind = OWN_WORDS[word]
        level, rule, weight = _level(kind, province, word), "own_" + kind, _OWN_WEIGHTS[kind]
        n = counts.get(kind, 0)
        taken = found[word][: _MOST_OWN - n]
        counts[kind] = n + len(taken)
        rows += [Evidence("level", level, rule, at, at + 2, word, weight) for at in taken]
    return rows


def _read_headline_places(
    article: Article, places: Sequence[tuple[PlaceHit, Place]], province: str | None
) -> list[Evidence]:
    """A headline or opening that names places of one province only speaks of that province (河北省1680个项目开工)."""
    opening = article.body_begin + _OPENING
    if province is None or not places or places[0][0].begin >= opening:
        return []
    if any(place.province != province for hit, place in places if hit.begin < opening):
        return []
    hit = places[0][0]
    return [Evidence("level", "province", "headline_place", hit.begin, hit.end, hit.surface, 0.7)]


def _read_outlet_level(article: Article, outlet: OutletReading, province: str | None) -> list[Evidence]:
    writer = outlet.writer or outlet.printer
    if writer is None or not writer.level:
        return []
    level = _level(writer.level, province, "")
    weight = 0.9 if level == "centre" and _ROUND_UP.search(article.text, 0, article.body_begin + _OPENING) else 0.3
    row = next((e for e in outlet.evidence if e.value == writer.name), None)
    begin, end = (row.begin, row.end) if row else (None, None)
    return [Evidence("level", level, "outlet", begin, end, writer.name, weight)]


def _cite(level: str, rule: str, begin: int, end: int, text: str, weight: float) -> Evidence:
    return Evidence("level", level, rule, begin, end, text[begin:end], round(weight, 3))
