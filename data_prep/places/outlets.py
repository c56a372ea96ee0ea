"""Who printed an article, read from dateline, byline, imprint, address and metadata.

Two papers can stand on one page: the one that printed it (台海网2月21日讯) and the one it was
written for (福建日报记者 周琳). The first is the outlet; the second tells where the matter belongs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from data_prep.lexicons import read_lexicon
from data_prep.places.gazetteer import Place, name_place, name_place_within
from data_prep.schema import Article, Evidence, PageContext
from data_prep.script import fold_script

#: How far each place that names an outlet is trusted as the one that printed the article.
WEIGHTS = {"metadata": 0.95, "dateline": 0.9, "imprint": 0.85, "owner": 0.65, "address": 0.8, "credit": 0.75, "source": 0.7,
           "byline": 0.6, "agency": 0.5}

_NAME = (r"[\u4e00-\u9fffA-Za-z0-9+]{1,12}?(?:日报|晚报|晨报|早报|商报|时报|快报|导报|报社|报|网|通讯社|新华社|中新社"
         r"|电视台|电台|总台|台|客户端|(?:新闻|报业)?传媒集团|新闻|在线|发布|融媒体中心|融媒)")
# 西藏日报那曲8月26日讯: the reporter's town may stand before the day; 本报讯 大连日报记者: or the name behind 本报讯
_DATELINE = re.compile(
    rf"[\s(（【\[]*(?:本报讯\s+)?(?P<name>{_NAME})"
    r"(?:(?:\s?[\u4e00-\u9fff]{2,4}?)?\s?\d{1,2}月\d{1,2}日)?\s?(?P<kind>讯|消息|(?=\s?[^,，。;；\n]{0,8}记者))"
)
_AGENCY = re.compile(r"[\s(（【\[]*(?P<name>新华社|中新社|中新网|新华网|人民网|央视网|央广网)"
                     r"(?:[\u4e00-\u9fff]{2,5}?)?(?:\d{1,2}月\d{1,2}日)?电")
_BYLINE = re.compile(rf"(?P<name>{_NAME})(?:全媒体|融媒体|首席|特派|见习)?(?:记者|通讯员|评论员)")
_SOURCE = re.compile(rf"(?:来源|稿源|转自|据)[:：“\"\s]{{0,3}}(?P<name>{_NAME})")
# without one of these words the slow patterns need not be tried; those of a dateline stand near its beginning
_OPENS, _DATELINE_WITHIN = re.compile(r"[\s(（【\[]*(?:本报讯\s+)?"), 60
_DATELINE_WORDS = re.compile("讯|消息|记者|电")
_BYLINE_WORDS, _SOURCE_WORDS = re.compile("记者|通讯员|评论员"), re.compile("来源|稿源|转自|据")
#: 版权所有 湖州日报报业集团, 广西新闻网版权所有: who owns the page has printed it, where nothing else says who did.
_OWNER = re.compile(rf"版权(?:所有|归|属于?)[:：\s©]{{0,3}}(?P<name>{_NAME})|(?P<before>{_NAME})\s?版权所有")
_TITLE_PARTS = ("新闻传媒集团", "报业传媒集团", "传媒集团", "融媒体中心", "日报", "晚报", "晨报", "早报", "时报", "新闻网",
                "广播电视台", "电视台", "新闻", "发布", "融媒", "报", "网")
# who prints, and whom the printer credits: a credit often names the paper the text was taken from
_METADATA_KEYS = {
    "metadata": ("outlet", "site_name", "sitename", "og:site_name", "site", "publisher", "media", "媒体"),
    "credit": ("source", "contentsource", "来源"),
}


@dataclass(frozen=True)
class Outlet:
    """A paper, site, agency or station and where it belongs; "" where nothing is known of it."""

    name: str
    province: str
    city: str
    level: str
    kind: str


class OutletReading(NamedTuple):
    """The outlet that printed the article, the one it was written for, and the words that say so."""

    printer: Outlet | None
    writer: Outlet | None
    evidence: tuple[Evidence, ...]


_NOBODY = OutletReading(None, None, ())


def read_outlet(article: Article, context: PageContext) -> OutletReading:
    """Who printed the article and for whom it was written.

    The likeliest reading by WEIGHTS wins; readings that disagree stay as evidence with negative weight.
    """
    found = [*_read_metadata(context), *_read_body(article), *_read_furniture(context.furniture)]
    if not found:
        return _NOBODY
    best = found[0] if len(found) == 1 else max(found, key=lambda e: e.weight)
    printer = describe_outlet(best.value)
    if len(found) == 1 and best.rule != "byline":  # most articles: nothing to weigh
        return OutletReading(printer, None, (best,))
    written = [e for e in found if e.rule == "byline"]
    writer = describe_outlet(written[0].value) if written else None
    rows = tuple(
        e if e.value == best.value else Evidence(e.field, e.value, e.rule, e.begin, e.end, e.surface, -e.weight)
        for e in _keep_first(found)
    )
    return OutletReading(printer, writer, rows)


@lru_cache(maxsize=1024)
def describe_outlet(name: str) -> Outlet:
    """What is known of an outlet by its name, from the lexicon or from the place its name begins with.

    >>> describe_outlet("盐城晚报").city, describe_outlet("台海网").province
    ('盐城', '福建')
    """
    known = _read_outlets().get(name)
    if known is not None:
        return known
    home = find_home(name)
    if home is not None:
        return Outlet(name, home.province, home.city, home.level, "paper" if "报" in name else "site")
    return Outlet(name, "", "", "", "")


def find_home(name: str) -> Place | None:
    """The place an outlet's name begins with, or the place in a province it begins with (北京|朝阳|报).

    >>> find_home("盐城晚报").short, find_home("北京朝阳报").name
    ('盐城', '朝阳区')
    """
    for part in _TITLE_PARTS:
        if not name.endswith(part):
            continue
        stem = name.removesuffix(part)
        place = name_place(stem) or next(
            (found for cut in (2, 3) if (found := name_place_within(stem[cut:], stem[:cut])) is not None), None
        )
        if place is not None:
            return place
    return None


# --- Its parts ------------------------------------------------------------------------


@cache
def _read_outlets() -> dict[str, Outlet]:
    return {
        row.name: Outlet(row.name, row.province, row.city, row.level, row.kind)
        for row in read_lexicon("outlets").itertuples(index=False)
    }


@cache
def _read_domains() -> list[tuple[str, str]]:
    """(how an address ends, outlet), the longest first so that www.gov.cn never hides fujian.gov.cn."""
    table = read_lexicon("outlets")
    pairs = [(row.domain, row.name) for row in table.itertuples(index=False) if row.domain]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _read_metadata(context: PageContext) -> list[Evidence]:
    rows: list[Evidence] = []
    if not context.metadata:
        return rows
    for rule, keys in _METADATA_KEYS.items():
        for key in keys:
            text = context.metadata.get(key, "").strip()
            if "://" in text:
                rows += _read_address(text)
            elif text:
                rows.append(_read_stated(rule, text))
    if context.metadata.get("url"):
        rows += _read_address(context.metadata["url"])
    return rows


@lru_cache(maxsize=256)  # every article of a page asks for the same
def _read_stated(rule: str, text: str) -> Evidence:
    name = re.sub(r"^(?:来源|稿源)[:：]\s*", "", fold_script(text))[:40]
    return Evidence("outlet", name, rule, None, None, text[:80], WEIGHTS[rule])


@lru_cache(maxsize=256)
def _read_address(url: str) -> tuple[Evidence, ...]:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ()
    for domain, name in _read_domains():
        if host == domain or host.endswith("." + domain):
            return (Evidence("outlet", name, "address", None, None, host, WEIGHTS["address"]),)
    return ()


def _read_body(article: Article) -> list[Evidence]:
    text, start = article.text, article.body_begin
    rows = []
    opens = _OPENS.match(text, start)
    begin = opens.end() if opens else start
    if _DATELINE_WORDS.search(text, begin, begin + _DATELINE_WITHIN):
        for rule, pattern in (("dateline", _DATELINE), ("agency", _AGENCY)):
            match = pattern.match(text, start)
            if match and _is_name(match["name"]):
                rows.append(_cite(rule, match))
    # the byline stands behind the dateline or at the foot; between them 记者 is somebody in the story
    for begin, end in ((start, min(len(text), start + 80)), (max(start, len(text) - 80), len(text))):
        if _BYLINE_WORDS.search(text, begin, end):
            rows += [_cite("byline", m) for m in _BYLINE.finditer(text, begin, end) if _is_name(m["name"])][:1]
        if _SOURCE_WORDS.search(text, begin, end):
            rows += [_cite("source", m) for m in _SOURCE.finditer(text, begin, end) if _is_name(m["name"])][:1]
    return rows


@lru_cache(maxsize=8)  # every article of a page asks for the same
def _read_furniture(furniture: tuple[tuple[str, str], ...]) -> tuple[Evidence, ...]:
    rows = []
    for _, text in furniture:
        match = _SOURCE.search(text) if _SOURCE_WORDS.search(text) else None
        if match and _is_name(match["name"]):
            rows.append(Evidence("outlet", match["name"], "imprint", None, None, match.group()[:80], WEIGHTS["imprint"]))
        owner = _OWNER.search(text) if "版权" in text else None
        name = (owner["name"] or owner["before"]) if owner else ""
        if owner and _is_name(name):
            rows.append(Evidence("outlet", name, "owner", None, None, owner.group()[:80], WEIGHTS["owner"]))
    return tuple(rows)


def _cite(rule: str, match: re.Match[str]) -> Evidence:
    begin, end = match.span("name")
    name = match["name"]
    return Evidence("outlet", name, rule, begin, end, name, WEIGHTS[rule])


def _is_name(name: str) -> bool:
    """Known by the lexicon or by the place it begins with: 本报 and 有关新闻 are no outlets."""
    return describe_outlet(name).kind != ""


def _keep_first(rows: list[Evidence]) -> list[Evidence]:
    first: dict[tuple[str, str], Evidence] = {}
    for row in rows:
        first.setdefault((row.value, row.rule), row)
    return list(first.values())
