"""What the words of an article say about its time: office holders, phrases, sessions, years, named events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import daachorse

from data_prep.dates.days import find_days, read_number
from data_prep.dates.spans import Span
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import find_tenures, widen_date
from data_prep.schema import PROVINCES, Article, Mention, PhraseHit, Placing

#: What a line says outright (在省十三届人大六次会议上) counts so many times what is inferred.
OUTRIGHT = 3.0

#: A report looks back on its year: words out of use for so long can still stand in it.
_LOOK_BACK = timedelta(days=450)
_REVIEWS = re.compile(r"工作报告|工作回顾|报告(?:政府)?工作|总结报告|年鉴|大事记")

#: Government reports are given in the first weeks of the year.
_SEASON = ((1, 1), (3, 20))
_REPORTS = re.compile(r"代表\S{0,12}(?:政府|国务院)[，,]?\s?向大会(?:作|报告)")
_FIVE_YEARS = re.compile(r"过去五年|今后五年|未来五年|五年来|本届政府")

#: The words of a phrase cannot be older than its first day; they can be recalled after its last.
_FIRST_WEIGHT, _LAST_WEIGHTS = 0.9, (0.5, 0.3, 0.2)

_FORMERLY = re.compile(r"(?:时任|原任|前任|曾任|历任|原)[\u4e00-\u9fff]{0,12}$")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TITLE_YEAR = re.compile(rf"{_YEAR}年")
_REVIEW = re.compile(rf"(?:^|[。\s、一二三四五六七八九十.．])\s*{_YEAR}年(?:[和及]\S{{2,12}})?(?:主要)?工作(?:情况)?(?:的)?回顾")
_PLAN = re.compile(rf"{_YEAR}年(?:的)?(?:主要|重点|总体|政府)?(?:工作)?(?:任务|安排|部署|重点工作|目标任务|工作的?总体要求|总体要求)")
_FULL_DATE = re.compile(r"[12][09]\d\d年\d{1,2}月\d{1,2}日(?!起|前|之前|以前)")
_HAN = "〇零○一二三四五六七八九十百"
_PLENUM = re.compile(
    r"(?P<term>十八|十九|二十一|二十)(?:届(?P<numbers>[一二三四五六七八中、和]{1,20}|历次)全会"
    r"|大(?=精神|以来|报告|战略部署|[、和]|(?:作出|确定|提出|描绘|擘画)))"
)
#: 迎接党的二十大 speaks of a congress that is still to come.
_TO_COME = re.compile(r"(?:迎|将|开好|即将|筹备)[^，。；,;\n]{0,8}$")
#: Behind the 届 of 十三届全国人大常委会第三十三次会议; the number of the term stands before it.
_SESSION = re.compile(
    rf"届(?P<whole>全国)?(?:人民代表大会|人大)(?P<standing>常务委员会|常委会)?\s{{0,2}}"
    rf"第?(?P<number>[{_HAN}\d]{{1,3}})次(?:全体)?会"
)
_TERM = re.compile(rf"(?P<whole>全国)?第?(?P<term>[{_HAN}\d]{{1,3}})$")
#: So long after the next plenum the old list is still printed.
_LISTED_ON = timedelta(days=110)
#: The Central Committee meets at least once a year (Party constitution, article 22).
_YEARLY = timedelta(days=365)
#: A plenum is announced by the Politburo, and named, so long before it meets.
_ANNOUNCED = timedelta(days=75)
#: Plenums that every report names; the first and the seventh only change or prepare offices.
_WEIGHTY = (2, 3, 4, 5, 6)
_HELD = re.compile(r"议?[^。；，;,\n第]{0,14}(?:举行|开幕|闭幕|召开|开会)")
#: News of a session stands from some days before it to some days after.
_AROUND = timedelta(days=4)
_SPOKEN = re.compile(r"(?:在|于)[^。;；\n]{0,16}$")

_NUMBER = (r"(?:(?P<hundred_millions>\d+(?:\.\d+)?)亿)?(?:(?P<ten_thousands>\d[\d,]*(?:\.\d+)?)万)?"
           r"(?<=[亿万])(?:剂次|例|人|,|，|。|；|\s|余)")
# a word that must be there, so that most texts are never searched, and the count itself
_COUNTERS = {
    "world_cases": ("全球", re.compile(rf"全球[^。；，;,\n0-9]{{0,14}}(?:确诊|感染)[^。；，;,\n0-9]{{0,10}}{_NUMBER}")),
    "us_cases": ("确诊", re.compile(rf"美国?(?!联社)[^。；，;,\n0-9全球]{{0,12}}确诊[^。；，;,\n0-9]{{0,10}}{_NUMBER}")),
    "china_doses": ("接种", re.compile(rf"累计报告接种[^。；;\n0-9]{{0,14}}{_NUMBER}")),
}
#: Agencies count differently, and a figure is rounded: so many days on either side.
_COUNT_ERROR = timedelta(days=25)

#: Days before a session in which it is already spoken of, and after it in which it is still news.
_BEFORE, _AFTER = timedelta(days=100), timedelta(days=420)


def read_holders(
    article: Article, mentions: Sequence[Mention], placing: Placing, extra: Path | None = None
) -> list[Span]:
    """When each person named held the office named with the name, in that place."""
    spans: dict[tuple[str, str], Span] = {}
    for mention in mentions:
        if mention.kind != "official" or not mention.role:
            continue
        if mention.begin is not None and _FORMERLY.search(article.text, max(0, mention.begin - 16), mention.begin):
            continue
        tenures = find_tenures(mention.name, mention.role, extra)
        here = [t for t in tenures if t.level == "centre" or t.place in (placing.province, placing.city)]
        if not here:  # 市委书记 on a page of 内蒙古 is not the secretary he later was in 深圳, unless the page says so
            here = [t for t in tenures if t.place in mention.role
                    or placing.province in (None, _read_provinces().get(t.place, placing.province))]
        for office in dict.fromkeys(t.office for t in here):
            ranges = tuple((t.begin, t.end) for t in here if t.office == office)
            weight = min(t.weight for t in here if t.office == office)
            if mention.presence == "mentioned":
                weight *= 0.8
            begin, end, surface = mention.cite(article.text)
            span = Span(ranges, "holder", round(weight, 3), surface, begin, end)
            spans.setdefault((mention.name, office), span)
    return list(spans.values())


def read_phrases(article: Article, hits: Sequence[PhraseHit]) -> list[Span]:
    """The latest first day and the earliest last days of the phrases found."""
    firsts, lasts = [], []
    known = _read_phrase_days()
    for hit in hits:
        first, last = known.get(hit.phrase_id, (None, None))
        if first:
            firsts.append((first, hit))
        if last:
            lasts.append((last, hit))
    return _bound([(day, h.surface, h.begin, h.end) for day, h in firsts],
                  [(day + _recall(article), h.surface, h.begin, h.end) for day, h in lasts], "phrase")


def read_dated_terms(article: Article) -> list[Span]:
    """Named events and current terms (北京冬奥会, 开局之年) with the days between which they are spoken of."""
    terms, automaton = _build_terms()
    found: dict[int, tuple[int, int]] = {}
    for begin, end, index in automaton.find(article.text):
        found.setdefault(index, (begin, end))
    back = _recall(article)
    firsts = [(first, terms[i][0], *at) for i, at in found.items() if (first := terms[i][1]) is not None]
    lasts = [(last + back, terms[i][0], *at) for i, at in found.items() if (last := terms[i][2]) is not None]
    return _bound(firsts, lasts, "dated_term")


def read_sessions(article: Article, province: str | None = None) -> list[Span]:
    """Congress sessions and plenums: not spoken of long before they meet; where one speaks in one, it is then."""
    return [*_read_plenums(article), *_read_congresses(article, province)]


def read_ordinals(text: str) -> list[Span]:
    """Events counted once a year: 建党100周年, 第五届进博会.

    >>> [span.value for span in read_ordinals("庆祝中国共产党成立一百周年")][:1]
    ['2020-07-01/..']
    """
    latest: tuple[int, re.Match[str]] | None = None
    counted, jubilees = _build_ordinals()
    found = [(match, match["unit"]) for match in counted.finditer(text)]
    for end in _find_all(text, "周年"):
        jubilee = jubilees.search(text, max(0, end - 26), end)
        if jubilee:
            found.append((jubilee, "周年"))
    for match, unit in found:
        known, number = _read_events().get((match["event"], unit)), read_number(match["number"])
        if known is not None and number > 0 and (latest is None or known + number > latest[0]):
            latest = (known + number, match)
    if latest is None or not 1990 < latest[0] < 2060:
        return []
    year, match = latest
    opening, closing = (date(year - 1, 7, 1), None), (date(year - 1, 10, 1), date(year + 1, 3, 31))
    return [Span((days,), rule, weight, match.group(), *match.span())
            for days, rule, weight in ((opening, "ordinal_first", 0.4), (closing, "ordinal", 0.3))]


def read_counters(text: str) -> list[Span]:
    """Counts that only rise (全球累计确诊病例超4亿3415万) and the weeks in which they stood there."""
    rows = []
    for counter, (word, pattern) in _COUNTERS.items():
        match = pattern.search(text) if word in text else None
        if match is None:
            continue
        value = float(match["hundred_millions"] or 0) * 10_000 + float((match["ten_thousands"] or "0").replace(",", ""))
        day = _date_count(counter, value)
        if day is not None:
            rows.append(Span(((day - _COUNT_ERROR, day + _COUNT_ERROR),), "counter", 0.7, match.group(), *match.span()))
    return rows


def read_years(article: Article) -> list[Span]:
    """Years printed in the headline, in headings of a work report, in full dates of the text."""
    rows = []
    title_end = article.body_begin
    title = _TITLE_YEAR.search(article.text, 0, title_end)
    if title:
        rows.append(_year_span(int(title["year"]), "title_year", 0.8, title))
    for pattern, rule, shift in ((_REVIEW, "review_heading", 1), (_PLAN, "plan_heading", 0)):
        match = pattern.search(article.text, title_end)
        if match:
            rows.append(_year_span(int(match["year"]) + shift, rule, 0.6, match))
    full = [
        (day, word)
        for match in _FULL_DATE.finditer(article.text, title_end)
        for word in find_days(article.text, match.start(), match.end()) for day in word.dates(range(0))
    ]
    if full:
        day, word = max(full, key=lambda pair: pair[0])
        rows.append(Span(((day, None),), "full_date", 0.6, word.surface, word.begin, word.end))
    return rows


def read_season(article: Article) -> list[Span]:
    """A government's report to its congress: given from January to March, each fifth year over five years."""
    match = _find_report(article)
    if match is None:
        return []
    ranges = tuple((date(year, *_SEASON[0]), date(year, *_SEASON[1])) for year in range(2008, 2036))
    rows = [Span(ranges, "report_season", 0.45, match.group(), *match.span())]
    terms = {word.group(): word for word in _FIVE_YEARS.finditer(article.text)}
    if {"过去五年", "今后五年"} <= terms.keys():
        fifth = tuple(days for days in ranges if days[0].year % 5 == 3)
        rows.append(Span(fifth, "five_years", 0.4, "今后五年", *terms["今后五年"].span()))
    return rows


# --- Its parts ------------------------------------------------------------------------


def _recall(article: Article) -> timedelta:
    """How long after a word went out of use an article of this kind can still hold it."""
    is_review = _find_report(article) or _REVIEWS.search(article.text, 0, article.body_begin)
    return _LOOK_BACK if is_review else timedelta(0)


def _find_report(article: Article) -> re.Match[str] | None:
    """The words by which a government reports to its congress, at the beginning of the text."""
    return _REPORTS.search(article.text, article.body_begin, article.body_begin + 400) or _REPORTS.search(
        article.text, 0, article.body_begin)


def _bound(
    firsts: Sequence[tuple[date, str, int, int]], lasts: Sequence[tuple[date, str, int, int]], rule: str
) -> list[Span]:
    """Only the latest first day bounds from below; the few earliest last days each add a little from above."""
    rows = []
    if firsts:
        day, surface, begin, end = max(firsts, key=lambda row: (row[0], -row[2]))
        rows.append(Span(((day, None),), f"{rule}_first", _FIRST_WEIGHT, surface, begin, end))
    distinct = {(row[0], row[1]): row for row in reversed(lasts)}
    for weight, (day, surface, begin, end) in zip(_LAST_WEIGHTS, sorted(distinct.values()), strict=False):
        rows.append(Span(((None, day),), f"{rule}_last", weight, surface, begin, end))
    return rows


@cache
def _read_provinces() -> dict[str, str]:
    """The province in which a city lies, and of each province itself, by short name."""
    table = read_lexicon("places")
    table = table[table["level"].isin(["province", "city"])]
    return dict(zip(table["short"], table["province"], strict=True))


@cache
def _read_phrase_days() -> dict[str, tuple[date | None, date | None]]:
    try:
        table = read_lexicon("phrases")
    except FileNotFoundError:
        return {}
    return {
        row.phrase_id: (
            widen_date(row.first_day, last=False) if row.first_day else None,
            widen_date(row.last_day, last=True) if row.last_day else None,
        )
        for row in table.itertuples(index=False)
        if row.first_day or row.last_day
    }


@cache
def _build_terms() -> tuple[
    list[tuple[str, date | None, date | None]], daachorse.CharwiseDoubleArrayAhoCorasick
]:
    terms = [
        (row.term, widen_date(row.first_day, last=False) if row.first_day else None,
         widen_date(row.last_day, last=True) if row.last_day else None)
        for row in read_lexicon("dated_terms").itertuples(index=False)
    ]
    return terms, daachorse.CharwiseDoubleArrayAhoCorasick(
        [term for term, _, _ in terms], daachorse.MATCH_KIND_LEFTMOST_LONGEST
    )


@cache
def _read_sessions() -> dict[tuple[str, str, int, int], tuple[date, date]]:
    """(body, place, term, number) -> first and last day."""
    return {
        (row.body, row.place, int(row.term), int(row.number)): (
            widen_date(row.first_day, last=False), widen_date(row.last_day or row.first_day, last=True)
        )
        for row in read_lexicon("sessions").itertuples(index=False)
    }


@cache
def _read_events() -> dict[tuple[str, str], int]:
    return {(row.event, row.unit): int(row.year_zero) for row in read_lexicon("ordinals").itertuples(index=False)}


@cache
def _build_ordinals() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """第N届…event, and event…N that ends before 周年; the longest event first."""
    events = sorted(_read_events(), key=lambda key: -len(key[0]))
    counted = "|".join(re.escape(event) for event, unit in events if unit != "周年")
    jubilees = "|".join(re.escape(event) for event, unit in events if unit == "周年")
    number = rf"(?P<number>\d{{1,3}}|[{_HAN}]{{1,5}})"
    return (re.compile(rf"第{number}(?P<unit>届|个|次)(?:中国)?(?P<event>{counted})"),
            re.compile(rf"(?P<event>{jubilees}){number}$"))


def _find_all(text: str, word: str) -> Iterable[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


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


def _year_span(year: int, rule: str, weight: float, match: re.Match[str]) -> Span:
    days = (date(year, 1, 1), date(year, 12, 31))
    return Span((days,), rule, weight, match.group().strip(), *match.span())


def _read_plenums(article: Article) -> Iterable[Span]:
    """The latest plenum or Party congress named bounds from below.

    It bounds from above where earlier ones are listed with it (二中、三中、四中全会: there was no fifth yet),
    and in a government's report, which never leaves the newest one out.
    """
    known = _read_sessions()
    found = []
    for match in _PLENUM.finditer(article.text):
        if match["numbers"] is None and _TO_COME.search(article.text, max(0, match.start() - 12), match.start()):
            continue
        term = read_number(match["term"])
        if match["numbers"] is None:
            body, number, is_listed = "党代会", 1, False
        elif match["numbers"] == "历次":
            body, number, is_listed = "中央全会", 4, True
        else:
            numbers = [read_number(n) for n in re.findall("[一二三四五六七八]", match["numbers"])]
            body, number, is_listed = "中央全会", max(numbers, default=0), len(numbers) > 1
        days = known.get((body, "", term, number))
        if days is not None:
            found.append((days, term, is_listed, match))
    if not found:
        return
    (first, last), term, is_listed, match = max(found, key=lambda row: row[0])
    is_all = match["numbers"] == "历次"
    lead = timedelta(days=0) if is_all or match["numbers"] is None else _ANNOUNCED
    yield Span(((first - lead, None),), "plenum_named", 0.85, match.group(), *match.span())
    later = [days[0] for (body, _, t, number), days in known.items() if days[0] > last
             and (body == "党代会" if is_all else (body == "党代会" or (body == "中央全会" and number in _WEIGHTY)))]
    if is_listed and later:
        yield Span(((first, min(later) + _LISTED_ON),), "plenums_listed", 0.5, match.group(), *match.span())
    if _find_report(article):
        days_left = (first, min(later, default=last + _YEARLY) + _LISTED_ON / 3)
        yield Span((days_left,), "newest_plenum", 0.45, match.group(), *match.span())


def _read_congresses(article: Article, province: str | None) -> Iterable[Span]:
    """Sessions named; 省十三届人大六次会议 is that of the article's own province."""
    known = _read_sessions()
    seen = set()
    for match in _SESSION.finditer(article.text):
        before = _TERM.search(article.text, max(0, match.start() - 6), match.start())
        if before is None:
            continue
        begin, end = before.start(), match.end()
        term, number = read_number(before["term"]), read_number(match["number"])
        if match["whole"] or before["whole"]:
            body, place = ("全国人大常委会" if match["standing"] else "全国人大"), ""
        elif match["standing"]:
            continue  # those of the provinces meet every other month and are not listed
        else:
            body, place = "人大", _find_province(article.text, begin) or province or ""
        key = (body, place, term, number)
        days = known.get(key) or _reckon_session(key)
        if days is None or key in seen:
            continue
        seen.add(key)
        first, last = days
        surface = article.text[begin:end]
        is_spoken = begin < article.body_begin + 300 and (
            _SPOKEN.search(article.text, max(0, begin - 20), begin) or article.text.startswith(("上", "议上"), end)
        )
        if not is_spoken and _HELD.match(article.text, end):
            held = (first - _AROUND, last + _AROUND)
            yield Span((held,), "session_held", 0.9, surface, begin, end)
        elif is_spoken:
            yield Span(((first, last),), "session", 0.95, surface, begin, end, force=OUTRIGHT)
        else:
            yield Span(((first - _BEFORE, None),), "session_named", 0.6, surface, begin, end)
            yield Span(((first - _BEFORE, last + _AFTER),), "session_recent", 0.35, surface, begin, end)


def _reckon_session(key: tuple[str, str, int, int]) -> tuple[date, date] | None:
    """A session that is not listed: a congress sits five years, meets each winter, and now and then once more.

    The n-th session of a term that began in year Y is in the year Y + n - 1, or up to two years before it.
    """
    body, place, term, number = key
    known = _read_sessions()
    firsts = [(t, days[0].year - (n - 1)) for (b, p, t, n), days in known.items()
              if b == body == "人大" and p == place and n == 1]
    if not firsts or not 1 <= number <= 8:
        return None
    nearest, year = min(firsts, key=lambda pair: abs(pair[0] - term))
    begin = year + 5 * (term - nearest)
    return date(begin + max(0, number - 3), 1, 1), date(begin + min(4, number - 1), 12, 31)


def _find_province(text: str, begin: int) -> str | None:
    """The province printed right before 第十三届: 在福建省第十三届, 宁夏回族自治区第十二届."""
    printed = text[max(0, begin - 9) : begin]
    return next((name for name in PROVINCES if name in printed), None)
