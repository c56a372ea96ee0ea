"""Places: cases with a reason, the gazetteer, outlets, and what must hold for any text."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.lexicons import read_lexicon
from data_prep.places import place_article, place_articles
from data_prep.places.gazetteer import find_places, name_place, read_place_words, read_places, resolve_places
from data_prep.places.letters import read_abbreviations
from data_prep.places.outlets import describe_outlet, read_outlet
from data_prep.schema import LEVELS, PROVINCES, Article, Mention, PageContext

STOPS = {row.word for row in read_lexicon("place_stops").itertuples() if row.kind == "stop"}
CASES = json.loads((Path(__file__).parents[1] / "cases" / "places.json").read_text(encoding="utf-8"))


def read_case(case: dict) -> tuple[Article, list[Mention], PageContext]:
    title = case.get("title", "")
    text = f"{title}\n{case['text']}" if title else case["text"]
    mentions = []
    for name, role, presence in case["mentions"]:
        begin = text.find(name)
        mentions.append(Mention(name, role, "official", presence, begin, begin + len(name)))
    article = Article(text, text, title.replace("\n", " "), len(title) + 1 if title else 0, ())
    furniture = tuple((rule, words) for rule, words in case.get("furniture", ()))
    return article, mentions, PageContext("page.txt", case.get("metadata", {}), furniture)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case, request):
    if case.get("known_failure"):
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["reason"]))
    placing = place_article(*read_case(case))
    for name in ("level", "province", "city", "county", "outlet"):
        if name in case:
            assert getattr(placing, name) == case[name], f"{name}: {case['reason']}"
    if "provinces" in case:
        assert list(placing.provinces) == case["provinces"], case["reason"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_evidence_stands_where_it_says(case):
    article, mentions, context = read_case(case)
    placing = place_article(article, mentions, context)
    taken = {name: getattr(placing, name) for name in ("level", "province", "city", "county", "outlet")}
    for name, value in taken.items():
        if value is not None and not (name == "level" and value == "province"):
            assert any(row.field == name and row.value == value and row.weight > 0 for row in placing.evidence), name
    for row in placing.evidence:
        assert row.weight != 0 and -1 <= row.weight <= 1
        if row.begin is not None:
            assert article.text[row.begin : row.end] == row.surface


def test_many_articles_are_placed_as_each_alone():
    cases = [read_case(case) for case in CASES]
    assert place_articles(cases) == [place_article(*case) for case in cases] and place_articles([]) == []


def test_the_other_reading_is_shown_against():
    case = next(case for case in CASES if case["label"] == "secretary and governor of one province")
    placing = place_article(*read_case(case))
    assert [(row.value, row.surface) for row in placing.evidence if row.field == "province" and row.weight < 0] == [("山东", "省委书记林武")]


def test_a_user_adds_office_holders(tmp_path):
    extra = tmp_path / "holders.csv"
    extra.write_text("name,office,place,level,from,to,precision,source\n张三丰,市长,盐城,city,2019-02,,month,own notes\n", encoding="utf-8")
    article, mentions, context = read_case({"text": "市长张三丰强调,我市要做好工作。", "mentions": [["张三丰", "市长", "spoke"]]})
    assert place_article(article, mentions, context).province is None
    placing = place_article(article, mentions, context, extra)
    assert (placing.level, placing.province, placing.city) == ("city", "江苏", "盐城")


@given(st.text(max_size=120), st.lists(st.sampled_from(["省长", "市委书记", "", "国务院总理", "县长"]), max_size=3))
@settings(max_examples=80, deadline=None)
def test_any_text_is_placed_without_fault(text, roles):
    mentions = [Mention("李强", role, "official", "spoke", None, None) for role in roles]
    article = Article(text, text, "", min(3, len(text)), ())
    placing = place_article(article, mentions, PageContext(text, {"url": text, "source": text, "province": text}, (("editor", text),)))
    assert placing.level in (None, *LEVELS)
    assert placing.province is None or placing.province in PROVINCES
    if placing.level == "centre":
        assert placing.province is None and placing.city is None
    if placing.province:
        assert placing.provinces[0] == placing.province


# --- The gazetteer --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [("晋江市", ["晋江市"]), ("晋江和石狮", ["晋江", "石狮"]), ("上海口岸", ["上海"]), ("长治久安", []), ("长治市", ["长治市"]),
     ("弘扬中华文化", []), ("扬中市", ["扬中市"]), ("延边州", ["延边州"]), ("江山就是人民", []), ("江山市", ["江山市"]),
     ("沿海城市", []), ("世界首例", []), ("河南阳光", ["河南"]),
     ("黄河南岸和洞庭湖南部", []), ("河南部署、湖南部分地区、京港高铁湖南段", ["河南", "湖南", "湖南"]), ("大娄山西段、太行山西麓", []), ("开罗老城区", []), ("内蒙古自治区呼和浩特市", ["内蒙古自治区", "呼和浩特市"])],
)
def test_names_are_found_and_words_are_not(text, found):
    assert [hit.surface for hit in find_places(text)] == found


@pytest.mark.parametrize(
    ("text", "own", "letters"),
    [("我省内外，全省内、省内", ["我省", "省内", "全省", "省内", "省内"], ""), ("全国各地和我国", ["全国", "我国"], ""),
     ("河北省内有我县", ["省内", "我县"], ""), ("入晋返晋、在闽闽企", [], "晋晋闽闽"), ("闽江边的京城", [], ""), ("入京返京，在京", [], "京京")],
)
def test_own_words_and_letters_are_found_beside_names(text, own, letters):
    words = read_place_words(text)
    assert [word for _, word in words.own] == own and all(text.startswith(word, at) for at, word in words.own)
    assert "".join(text[at] for at in words.letters) == letters


@given(st.text(alphabet="福建省福州市鼓楼区上海口岸朝阳长治久安我全国内", max_size=30))
def test_of_names_that_overlap_the_leftmost_is_taken_and_of_those_the_longest(text):
    names = sorted(read_places(), key=len, reverse=True) + sorted(STOPS, key=len, reverse=True)
    found, at = [], 0
    while at < len(text):
        here = max((name for name in names if text.startswith(name, at)), key=len, default="")
        if here and here not in STOPS:
            found.append((at, here))
        at += len(here) or 1
    assert [(hit.begin, hit.surface) for hit in find_places(text)] == found


def test_a_district_of_many_cities_waits_for_its_context():
    hits = find_places("鼓楼区和朝阳区")
    assert all(len({place.province for place in hit.places}) > 1 for hit in hits)
    assert resolve_places(hits, Counter()) == []
    assert [(hit.surface, place.city) for hit, place in resolve_places(hits, Counter({"福建": 1}))] == [("鼓楼区", "福州")]


def test_every_province_has_its_names_and_its_letter():
    assert set(read_abbreviations().values()) == set(PROVINCES)
    for province in PROVINCES:
        place = name_place(province)
        assert place is not None and place.short == province and place.level == "province"
        assert len([p for name in read_places() for p in read_places()[name] if p.province == province and p.level == "county"]) >= 7


def test_every_city_lies_in_a_province_and_every_county_in_a_city_of_it():
    table = read_lexicon("places")
    cities = set(zip(table.loc[table["level"] == "city", "province"], table.loc[table["level"] == "city", "short"], strict=True))
    assert len(cities) >= 330
    for row in table.itertuples():
        assert row.province in PROVINCES and row.level in ("province", "city", "county")
        if row.level == "county" and row.city:
            assert (row.province, row.city) in cities, row


def test_stop_words_hold_no_place_of_their_own():
    # a stop word uses up its characters: one that is itself a place would hide it
    names = set(read_places())
    for row in read_lexicon("place_stops").itertuples():
        assert row.kind in ("stop", "short", "never")
        if row.kind == "stop":
            assert row.word not in names, row.word


# --- Outlets --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "province", "city", "level"),
    [("福建日报", "福建", "", "province"), ("台海网", "福建", "", "province"), ("盐城晚报", "江苏", "盐城", "city"),
     ("人民日报", "", "", "centre"), ("延庆报", "北京", "", "county"), ("大同日报", "山西", "大同", "city"), ("泉州晚报", "福建", "泉州", "city"), ("中国西藏网", "西藏", "", "centre"),
     ("广州日报", "广东", "广州", "city"), ("本报", "", "", "")],
)
def test_an_outlet_is_known_by_its_name_or_its_place(name, province, city, level):
    outlet = describe_outlet(name)
    assert (outlet.province, outlet.city, outlet.level) == (province, city, level)


@pytest.mark.parametrize(
    ("text", "outlet", "rule"),
    [("台海网2月21日讯 据福建日报报道 2月20日", "台海网", "dateline"), ("新华社福州3月30日电 3月29日", "新华社", "agency"),
     ("盐城晚报讯 3月17日晚", "盐城晚报", "dateline"), ("央视网消息（新闻联播）：本台", "央视网", "dateline"),
     ("3月29日,会议召开。(福建日报记者 周琳)", "福建日报", "byline"), ("本报讯 3月29日", None, None), ("通讯员报道", None, None)],
)
def test_who_prints_is_read_from_the_dateline_first(text, outlet, rule):
    reading = read_outlet(Article(text, text, "", 0, ()), PageContext("a.txt"))
    assert (reading.printer.name if reading.printer else None) == outlet
    assert rule is None or any(row.rule == rule and row.value == outlet and row.weight > 0 for row in reading.evidence)


def test_the_lexicon_of_outlets_names_places_that_exist():
    table = read_lexicon("outlets")
    assert table["name"].is_unique and len(table) >= 500
    domains = table.loc[table["domain"] != "", "domain"]
    assert domains.is_unique
    for row in table.itertuples():
        assert row.province == "" or row.province in PROVINCES, row
        assert row.city == "" or name_place(row.city, "city") is not None, row
        assert row.level in ("centre", "province", "city", "county", "") and row.kind in ("paper", "site", "agency", "tv"), row
