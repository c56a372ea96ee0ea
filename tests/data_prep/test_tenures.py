"""Office holders: the table against itself, against the calendar of vacancies, and against what was observed in print."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pandas as pd
import pytest

from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import find_tenures, read_tenures, widen_date
from data_prep.schema import PROVINCES
from tests.eval import evaluate_dates_places as evaluation

#: The cities of sub-provincial rank (中央编办, 1994).
SUBPROVINCIAL = ("广州", "武汉", "哈尔滨", "沈阳", "成都", "南京", "西安", "长春", "济南", "杭州", "大连", "青岛", "深圳", "厦门", "宁波")

#: Offices of the centre that several persons hold side by side.
SHARED = re.compile("委员$|常委$|副主席$|副委员长$|国务院副总理$|发言人$|副代表$")

#: Months in which an office stood empty (or was led by a deputy): office, place, first and last month, the reason.
VACANT = (
    ("省长", "黑龙江", "2021-01", "2021-01", "the governor became minister in December 2020, the next acted from 2 February 2021"),
    ("省长", "河南", "2019-11", "2019-11", "the governor went to 宁夏 in October 2019, the next acted from 6 December"),
    ("省长", "辽宁", "2020-06", "2020-06", "the governor became minister in spring 2020, the next acted from July"),
    ("省长", "山西", "2025-05", "2025-05", "the governor came under investigation in April 2025, the next acted from 3 June"),
    ("自治区主席", "广西", "2025-06", "2025-06", "the chairman came under investigation in May 2025, the next acted from July"),
    ("市委书记", "沈阳", "2018-09", "2018-10", "the secretary went to 江西 in August 2018, the next was named on 29 November"),
    ("市长", "大连", "2020-01", "2020-02", "the mayor resigned on 26 December 2019, the next acted from 25 March 2020"),
    ("市委书记", "杭州", "2021-09", "2021-11", "the secretary came under investigation on 21 August 2021, the next was named on 2 December"),
    ("市长", "杭州", "2019-07", "2020-03", "the mayor went to 郑州 in June 2019, the next acted from 3 April 2020"),
    ("市委书记", "宁波", "2020-10", "2020-12", "the secretary became governor in September 2020, the next came in January 2021"),
    ("市长", "厦门", "2020-08", "2021-05", "the mayor left in July 2020, the next acted from 24 June 2021"),
    ("市委书记", "济南", "2018-04", "2018-04", "the secretary went to 黑龙江 in March 2018, the next came in May"),
    ("市委书记", "青岛", "2021-02", "2021-08", "the secretary went to 安徽 in January 2021, the next came in September"),
    ("市委书记", "西安", "2021-10", "2021-10", "the secretary went to 浙江 on 30 September 2021, the next was named on 7 November"),
    ("市长", "武汉", "2025-11", "2025-11", "the mayor became secretary in October 2025, the next acted from 2 December"),
    ("市委书记", "盐城", "2022-01", "2023-02", "the secretary went to 苏州 by the end of 2021, the next came in March 2023"),
    ("国防部部长", "", "2023-11", "2023-11", "removed on 24 October, the next appointed on 29 December 2023"),
    ("驻美国大使", "", "2023-02", "2023-04", "the ambassador became minister, the next came in May 2023"),
    ("驻英国大使", "", "2021-02", "2021-05", "the next came in June 2021"),
    ("国务院国资委主任", "", "2022-12", "2023-01", "the head went to 辽宁 in November 2022, the next came in February 2023"),
)


def grain(written: str) -> str:
    """How finely a date is written: day, month or year; an office still held ends on no doubtful day."""
    return {4: "year", 7: "month", 10: "day", 0: "day"}[len(written)]


def list_terms() -> dict[tuple[str, str], list[pd.Series]]:
    """The rows of each office that one person holds at a time, in the order in which they took it."""
    terms: dict[tuple[str, str], list[pd.Series]] = {}
    for _, row in read_lexicon("holders").iterrows():
        if row["level"] != "centre" or not SHARED.search(row["office"]):
            terms.setdefault((row["office"], row["place"]), []).append(row)
    for rows in terms.values():
        rows.sort(key=lambda row: (widen_date(row["from"], last=False), row["to"] or "9"))
    return terms


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("name,office\n甲,省长\n", "lacks the column"),
     ("name,office,place,level,from,to,precision,source\n甲,省长,福建,province,2019-13,,month,x\n", "no span of days"),
     ("name,office,place,level,from,to,precision,source\n甲,省长,福建,province,2019,,week,x\n", "precision must be one of")],
)
def test_a_bad_table_of_holders_ends_in_one_sentence(tmp_path, text, sentence):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=sentence):
        read_tenures(path)


@pytest.mark.parametrize(
    ("name", "role", "places"),
    [("林武", "省委书记", ["山西", "山东"]), ("林武", "山西省委书记", ["山西"]), ("赵龙", "福建省人民政府代省长", ["福建"]),
     ("王君正", "西藏自治区党委书记", ["西藏"]), ("龚正", "上海市市长", ["上海"]), ("赵龙", "副省长", []), ("赵龙", "江苏省省长", []),
     ("李强", "国务院总理", [""]), ("周斌", "市委副书记、市长", ["盐城"]), ("尹力", "", []),
     ("潘岳", "国家民族事务委员会主任", [""]), ("刘捷", "杭州市委书记", ["杭州"]), ("刘捷", "代省长", ["浙江"])],
)
def test_a_name_with_its_role_finds_the_office(name, role, places):
    assert [t.place for t in find_tenures(name, role)] == places


# --- The table against itself ---------------------------------------------------------


def test_every_holder_names_a_source():
    holders = read_lexicon("holders")
    assert (holders["source"].str.len() >= 4).all() and not holders["source"].str.contains("http").any()


def test_nobody_leaves_an_office_before_taking_it_and_no_row_is_finer_than_its_dates():
    coarse = ["day", "month", "year"]
    for row in read_lexicon("holders").itertuples():
        begin, end = row[5], row.to
        assert not end or widen_date(begin, last=False) <= widen_date(end, last=True), row
        assert coarse.index(row.precision) >= max(coarse.index(grain(begin)), coarse.index(grain(end))), row


def test_two_never_hold_one_office_beyond_the_day_or_month_of_handing_over():
    slack = {"day": 1, "month": 31, "year": 366}  # a day: announced there one evening, here the next
    for office, rows in list_terms().items():
        for before, after in pairwise(rows):
            assert before["to"], f"{office}: {before['name']} still in office when {after['name']} came"
            both = (widen_date(before["to"], last=True) - widen_date(after["from"], last=False)).days
            assert both <= slack[grain(before["to"])] + slack[grain(after["from"])], (office, before["name"], after["name"])


def test_every_month_between_two_holders_is_explained():
    unexplained, needed = [], set()
    for (office, place), rows in list_terms().items():
        for before, after in pairwise(rows):
            first, last = widen_date(before["to"], last=True), widen_date(after["from"], last=False)
            for month in map(str, pd.period_range(first, max(first, last), freq="M")[1:-1]):
                if month < "2018-01":
                    continue  # before the time the table is meant for
                reason = next((r for r in VACANT if r[:2] == (office, place) and r[2] <= month <= r[3]), None)
                needed.add(reason) if reason else unexplained.append((office, place, before["name"], after["name"], month))
    assert not unexplained
    assert needed == set(VACANT), "a vacancy that is none"


@pytest.mark.parametrize(
    ("kinds", "places"),
    [(("委书记",), PROVINCES), (("省长", "主席", "市长"), PROVINCES), (("市委书记",), SUBPROVINCIAL), (("市长",), SUBPROVINCIAL),
     (("中共中央总书记",), ("",)), (("国务院总理",), ("",)), (("全国人大常委会委员长",), ("",)), (("全国政协主席",), ("",)),
     (("外交部部长",), ("",)), (("国防部部长",), ("",))],
    ids=lambda value: value[0],
)
def test_every_office_has_holders_from_2018_to_2024(kinds, places):
    terms = list_terms()
    for place in places:
        rows = next((rows for (office, where), rows in terms.items() if where == place and office.endswith(kinds)), [])
        assert rows, f"{place} {kinds}: nobody"
        assert widen_date(rows[0]["from"], last=False) <= date(2018, 1, 31), (place, rows[0]["name"])
        assert not rows[-1]["to"] or widen_date(rows[-1]["to"], last=True) >= date(2024, 12, 31), (place, rows[-1]["name"])


def test_seven_members_of_the_standing_committee_at_any_time():
    for day in pd.date_range("2017-11-01", "2025-12-01", freq="MS"):
        members = [t.name for tenures in read_tenures().values() for t in tenures if t.office == "中央政治局常委"
                   and t.begin <= day.date() and (t.end is None or day.date() <= t.end)]
        assert len(members) == 7, (day, members)


def test_most_terms_of_the_cities_are_known_to_the_month():
    """The 15 cities, terms that touch 2018 to 2024: how many of their dates are known to the month or the day."""
    dates = [written for (office, place), rows in list_terms().items() if place in SUBPROVINCIAL for row in rows
             for written in (row["from"], row["to"]) if "2018" <= written[:4] <= "2024"]
    assert sum(grain(written) != "year" for written in dates) / len(dates) >= 0.8


# --- Against what was observed --------------------------------------------------------

REFERENCE = evaluation.SHARED / "reference"

#: Rows of the observations that are no contradiction, each with its reason.
EXPLAINED = {
    ("浙江", "习近平"): "told of the past: secretary of 浙江 until 2007",
    ("福建", "习近平"): "told of the past: governor of 福建 until 2002",
    ("安徽", "王学军"): "secretary until August 2016, before the time of the lexicon",
    ("湖北", "李鸿忠"): "secretary until September 2016, before the time of the lexicon",
}


@pytest.mark.skipif(not REFERENCE.exists(), reason="no shared reference here")
def test_holders_agree_with_what_was_observed():
    contradictions = []
    seen = pd.read_csv(REFERENCE / "observed_in_xinwen_lianbo.csv", dtype=str, keep_default_na=False)
    for row in seen[seen["status"] == "known"].itertuples():
        kind = "书记" if row.role == "party_secretary" else ("省长", "市长", "主席")
        held = [t for t in read_tenures().get(row.name_or_3chars, ()) if t.place == row.province and t.office.endswith(kind)]
        first, last = date.fromisoformat(row.first_seen), date.fromisoformat(row.last_seen)
        if not any(t.begin <= first and (t.end is None or last <= t.end) for t in held):
            contradictions.append((row.province, row.name_or_3chars))
    reports = pd.read_csv(REFERENCE / "governors_from_work_reports.csv", dtype=str, keep_default_na=False)
    for row in reports[(reports["year"] >= "2017") & (reports["name"] != "") & (reports["province"] != "国务院")].itertuples():
        place = evaluation._shorten(row.province)
        held = [t for t in read_tenures().get(row.name, ()) if t.place == place and not t.office.endswith("书记")]
        first, last = (row.delivered_on, row.delivered_on) if row.delivered_on else (f"{row.year}-01-01", f"{row.year}-03-01")
        if not any(t.begin <= date.fromisoformat(last) and (t.end is None or date.fromisoformat(first) <= t.end) for t in held):
            contradictions.append((place, row.name))
    assert set(contradictions) == set(EXPLAINED), "a contradiction without a reason, or a reason that is no longer needed"
