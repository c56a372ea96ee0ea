"""Events that are counted: jubilees (建党100周年), editions (第五届进博会), and counts that only rise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import daachorse

from data_prep.dates.days import read_number
from data_prep.dates.spans import Signs, Span
from data_prep.lexicons import read_lexicon
from data_prep.schema import Article

_HAN = "〇零○一二三四五六七八九十百"
_NUMBER = (r"(?:(?P<hundred_millions>\d+(?:\.\d+)?)亿)?(?:(?P<ten_thousands>\d[\d,]*(?:\.\d+)?)万)?"
           r"(?<=[亿万])(?:剂次|例|人|,|，|。|；|\s|余)")
# signs that must be there, so that most texts are never searched, and the count itself
_COUNTERS = {
    "world_cases": ({"world", "cases"}, re.compile(rf"全球[^。；，;,\n0-9]{{0,14}}(?:确诊|感染)[^。；，;,\n0-9]{{0,10}}{_NUMBER}")),
    "us_cases": ({"cases"}, re.compile(rf"美国?(?!联社)[^。；，;,\n0-9全球]{{0,12}}确诊[^。；，;,\n0-9]{{0,10}}{_NUMBER}")),
    "china_doses": ({"doses"}, re.compile(rf"累计报告接种[^。；;\n0-9]{{0,14}}{_NUMBER}")),
}
_NUMERAL = rf"第?(?P<number>[{_HAN}]{{1,6}})次"
_SITTINGS = {
    "cppcc_13": ("cppcc", re.compile(rf"(?:政协第?十三届全国委员会|全国政协十三届)(?:常务委员会|常委会){_NUMERAL}会")),
    "chairmen_13": ("chairmen", re.compile(rf"十三届全国人大常委会{_NUMERAL}委员长会议")),
}
#: What stands beside what is read here (words.py).
SIGNS = {"周年": "jubilee", "建交": "relations", "十三届": "term", "政协": "cppcc", "委员长会议": "chairmen",
         "全球": "world", "确诊": "cases", "感染": "cases", "累计报告接种": "doses"}
_SITTING_ERROR = timedelta(days=45)
_RELATIONS = re.compile(rf"(?:中(?P<letter>[\u4e00-\u9fff])[\u4e00-\u9fff]{{0,2}}|两国)建交(?P<number>\d{{1,3}}|[{_HAN}]{{1,3}})$")
_GREETS, _GREETS_WITHIN, _GREETING = re.compile("互致贺电|致贺电|贺电"), 12, timedelta(days=5)
#: The state stands so far before 建交 at most.
_STATE_WITHIN = 60
#: A mission rolls out, and is told of after its end, within so many days.
_ROLL_OUT, _MISSION_WITHIN = timedelta(days=45), 60
#: 今年是新中国成立75周年 says outright which year it is.
_THIS_YEAR = re.compile(r"今年(?:是|正值|恰逢|适逢|将迎来|迎来)[^,，。；;\n]{0,14}$")
_CELEBRATES = re.compile(r"庆祝|喜迎|迎接|献礼|纪念|迎庆")
#: A jubilee can be spoken of much later: it does not settle a year alone.
_JUBILEE_WEIGHT, _EDITION_WEIGHT = 0.34, 0.45
#: A jubilee is spoken of so long before its day and, celebrated or only named, so long after it.
_LEAD_UP, _ECHO, _LONG_ECHO = timedelta(days=400), timedelta(days=200), timedelta(days=270)
_SESSION_LEAD_UP, _SESSION_ECHO = timedelta(days=70), timedelta(days=270)
#: An edition of a fair is spoken of from the end of the last one on, a day of the year some weeks before it.
_EDITION_LEAD_UP, _DAY_LEAD_UP, _EDITION_ECHO = timedelta(days=420), timedelta(days=100), timedelta(days=75)
#: Agencies count differently, and a figure is rounded: so many days on either side.
_COUNT_ERROR = timedelta(days=25)


def read_ordinals(text: str, signs: Signs) -> list[Span]:
    """Events counted by the year: 建党100周年, 第五届进博会, 联合国大会第77届会议; of several the latest bounds.

    >>> [span.value for span in read_ordinals("庆祝中国共产党成立一百周年", {"jubilee": [11]})]
    ['2020-07-01/..', '2020-05-27/2022-01-17']
    """
    counted, following, jubilees = _build_ordinals()
    found = list(counted.finditer(text))
    if _compile_endings().search(text):
        found += following.finditer(text)
    found += [m for end in signs.get("jubilee", ()) if (m := jubilees.search(text, max(0, end - 26), end)) is not None]
    years = [(year, match) for match in found if (year := _reckon_year(match)) is not None and 1990 < year < 2060]
    if not years:
        return []
    year, match = max(years, key=lambda pair: (pair[0], -pair[1].start()))
    begin, end = match.span()
    rows = [Span(((date(year - 1, 7, 1), None),), "ordinal_first", 0.4, match.group(), begin, end)]
    told = _THIS_YEAR.search(text, max(0, begin - 20), begin)
    if told is not None:
        days = (date(year, 1, 1), date(year, 12, 31))
        rows.append(Span((days,), "ordinal_year", 0.8, text[told.start() : end], told.start(), end))
    else:
        weight = _EDITION_WEIGHT if "unit" in match.groupdict() else _JUBILEE_WEIGHT
        rows.append(Span((_reckon_news(text, match, year),), "ordinal", weight, match.group(), begin, end))
    return rows


def read_counters(text: str, signs: Signs) -> list[Span]:
    """Counts that only rise (全球累计确诊病例超4亿3415万) and the weeks in which they stood there."""
    rows = []
    for counter, (kinds, pattern) in _COUNTERS.items():
        match = pattern.search(text) if signs.keys() >= kinds else None
        if match is None:
            continue
        value = float(match["hundred_millions"] or 0) * 10_000 + float((match["ten_thousands"] or "0").replace(",", ""))
        day = _date_count(counter, value)
        if day is not None:
            rows.append(Span(((day - _COUNT_ERROR, day + _COUNT_ERROR),), "rising_count", 0.7, match.group(), *match.span()))
    return rows


def read_sittings(text: str, signs: Signs) -> list[Span]:
    """Sittings that are only counted: 全国政协十三届常委会第二十次会议, and the weeks in which that number met.

    >>> signs = {"cppcc": [2], "term": [4]}
    >>> read_sittings("全国政协十三届常委会第二十次会议闭幕", signs)[0].allows(date(2022, 3, 2))
    True
    """
    if "term" not in signs:  # all of them belong to it
        return []
    rows = []
    for counter, (kind, pattern) in _SITTINGS.items():
        match = pattern.search(text) if kind in signs else None
        day = _date_count(counter, float(read_number(match["number"]))) if match else None
        if match and day is not None:
            days = (day - _SITTING_ERROR, day + _SITTING_ERROR)
            rows.append(Span((days,), "sitting_counted", 0.6, match.group(), *match.span()))
    return rows


def read_relations(text: str, signs: Signs) -> list[Span]:
    """中瓦建交40周年 beside 瓦努阿图: the year in which relations with that state were so old.

    >>> read_relations("国家主席同瓦努阿图总统就中瓦建交40周年互致贺电", {"jubilee": [18], "relations": [14]})[0].value
    '2022-03-21/2022-03-31'
    """
    rows: list[Span] = []
    for end in signs.get("jubilee", ()) if "relations" in signs else ():
        match = _RELATIONS.search(text, max(0, end - 10), end)
        if match is None:
            continue
        begin = max(0, match.start() - _STATE_WITHIN)
        known = _build_states()
        letter = match["letter"] or ""
        states = [known.days[found] for _, _, found in known.automaton.find(text[begin : match.start()])
                  if letter in known.names[found]]
        if states:
            year = states[-1].year + read_number(match["number"])
            if 1990 < year < 2060:
                day = date(year, states[-1].month, states[-1].day)
                if _GREETS.search(text, end, end + _GREETS_WITHIN):  # heads of state greet each other on the very day
                    days = (day - _GREETING, day + _GREETING)
                else:
                    days = (day - _LEAD_UP, max(day + _LONG_ECHO, date(year, 12, 31)))
                rows.append(Span((days,), "relations", _EDITION_WEIGHT, text[match.start() : end + 2], match.start(), end + 2))
    return rows[:2]


def read_missions(article: Article) -> list[Span]:
    """A space mission in the headline or the first sentences: news from its roll-out to its echo."""
    missions = _compile_missions()
    end = article.body_begin + _MISSION_WITHIN
    if not missions.search(article.text, 0, end):
        return []
    lead = article.text[:end]
    rows = []
    for mission, launched, ended in _read_missions():
        at = lead.find(mission)
        if at >= 0:
            days = (launched - _ROLL_OUT, ended + _ROLL_OUT)
            rows.append(Span((days,), "mission", _EDITION_WEIGHT, mission, at, at + len(mission)))
    return rows[:2]


# --- Its parts ------------------------------------------------------------------------


@dataclass(frozen=True)
class _Event:
    """The n-th is held in year_zero + n, or (a_year of them) in year_zero + (n - 1) // a_year; day is (month, day)."""

    year_zero: int
    a_year: int
    day: tuple[int, int] | None


@cache
def _read_events() -> dict[tuple[str, str], _Event]:
    """(event, unit) -> when it is held; the unit is 周年, 届, 个 or 次, with 后 where the number stands behind the event."""
    events = {}
    for row in read_lexicon("ordinals").itertuples(index=False):
        unit, digits = row.unit.rstrip("0123456789"), row.unit.lstrip("届个次周年后")
        month, _, day = row.day.partition("-")
        events[row.event, unit] = _Event(int(row.year_zero), int(digits or 1), (int(month), int(day)) if day else None)
    return events


@cache
def _compile_endings() -> re.Pattern[str]:
    """How the events end whose number stands behind them, with what begins the number: 会第. Few texts hold one."""
    endings = {event[-1] for event, unit in _read_events() if unit.endswith("后")}
    return re.compile(f"第(?<=[{re.escape(''.join(sorted(endings)))}]第)")


def _find_event(match: re.Match[str]) -> _Event | None:
    unit = match.groupdict().get("unit") or "周年"
    return _read_events().get((match["event"], unit)) or _read_events().get((match["event"], unit + "后"))


def _reckon_year(match: re.Match[str]) -> int | None:
    event, number = _find_event(match), read_number(match["number"])
    if event is None or number <= 0:
        return None
    return event.year_zero + (number if event.a_year == 1 else (number - 1) // event.a_year)


def _reckon_news(text: str, match: re.Match[str], year: int) -> tuple[date, date]:
    """The days on which the event of a year is news: those before it where it is still to come or just held."""
    event = _find_event(match)
    if event is None or event.day is None:
        return date(year - 1, 10, 1), date(year + 1, 1, 31)
    day = date(year, *event.day)
    if "unit" not in match.groupdict():
        echo = _ECHO if _CELEBRATES.search(text, max(0, match.start() - 12), match.start()) else _LONG_ECHO
        return day - _LEAD_UP, day + echo
    if (match["event"], match["unit"]) not in _read_events():  # a session whose number stands behind it
        return day - _SESSION_LEAD_UP, day + _SESSION_ECHO
    return day - (_DAY_LEAD_UP if match["unit"] in "个次" else _EDITION_LEAD_UP), day + _EDITION_ECHO


@cache
def _build_ordinals() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """第N届…event, event第N届, and event…N that ends before 周年; the longest event first."""
    events = sorted(_read_events(), key=lambda key: -len(key[0]))
    names = {kind: "|".join(re.escape(event) for event, unit in events if told(unit)) for kind, told in (
        ("before", lambda unit: unit in ("届", "个", "次")), ("behind", lambda unit: unit.endswith("后")),
        ("jubilee", lambda unit: unit == "周年"))}
    number = rf"(?P<number>\d{{1,3}}|[{_HAN}]{{1,5}})"
    return (re.compile(rf"第{number}(?P<unit>届|个|次)(?:中国)?(?P<event>{names['before']})"),
            re.compile(rf"(?P<event>{names['behind']})第{number}(?P<unit>届|次)"),
            re.compile(rf"(?P<event>{names['jubilee']}){number}$"))


@cache
def _read_counts() -> dict[str, list[tuple[float, date]]]:
    counts: dict[str, list[tuple[float, date]]] = {}
    for row in read_lexicon("counters").itertuples(index=False):
        counts.setdefault(row.counter, []).append((float(row.value), date.fromisoformat(row.day)))
    return counts


def _date_count(counter: str, value: float) -> date | None:
    """The day on which a count stood at a value, between the days known; None outside them."""
    for (low, begin), (high, end) in pairwise(_read_counts()[counter]):
        if low <= value <= high:
            return begin + (end - begin) * ((value - low) / (high - low))
    return None


@dataclass(frozen=True)
class _States:
    automaton: daachorse.CharwiseDoubleArrayAhoCorasick
    names: tuple[str, ...]
    days: tuple[date, ...]


@cache
def _build_states() -> _States:
    table = read_lexicon("diplomatic_relations")
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(table["state"]), daachorse.MATCH_KIND_LEFTMOST_LONGEST)
    return _States(automaton, tuple(table["state"]), tuple(date.fromisoformat(day) for day in table["day"]))


@cache
def _read_missions() -> list[tuple[str, date, date]]:
    table = read_lexicon("missions")
    return [(row.mission, date.fromisoformat(row.launched), date.fromisoformat(row.ended)) for row in table.itertuples(index=False)]


@cache
def _compile_missions() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(mission) for mission, _, _ in _read_missions()))
