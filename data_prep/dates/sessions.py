"""Congress sessions and plenums named in an article, and when they met.

A session is not spoken of long before it meets; where one speaks in one, it is then. The newest plenum named tells
that a later one had not met: articles go through the documents of the newest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache

from data_prep.dates.days import LEAD, read_number
from data_prep.dates.spans import Signs, Span
from data_prep.dates.years import OUTRIGHT
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import widen_date
from data_prep.schema import PROVINCES, Article

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
_HELD = re.compile(
    r"议?(?:(?:主席团|代表团|秘书处|新闻中心|预备会)[^。；，;,\n]{0,18}|[^。；，;,\n第]{0,14})(?:举行|开幕|闭幕|召开|开会)"
)
#: What is done only while the National People's Congress meets: 参加四川代表团审议.
_SITTING = re.compile(
    r"代表团(?:的)?(?:审议|全体会议|分组)|(?:代表|委员|部长)通道|全国两会(?:召开|期间|开幕|闭幕)"
    r"|(?:大会)?主席团(?:常务主席)?第[一二三四五]次会议"
)
_SPIRIT = re.compile("(?:传达|学习|学习贯彻|贯彻)(?:落实)?(?:今年)?全国两会精神")
#: So long after it closes the meetings of the provinces pass on what the congress decided.
_PASSED_ON = timedelta(days=50)
#: 传达学习党的二十届三中全会精神: a plenum is passed on downwards in the months after it.
_PASSES_ON, _NEW_PLENUM = re.compile(r"传达(?:学习)?(?:贯彻)?(?:中国共产党|党的)?第?$"), timedelta(days=150)
#: What stands beside what is read here, and what it is a sign of (words.py).
SIGNS = (
    dict.fromkeys((term + kind for term in ("十八", "十九", "二十", "二十一") for kind in "届大"), "plenum")
    | dict.fromkeys(("届人大", "届人民代表大会", "届全国人大", "届全国人民代表大会"), "congress")
    | dict.fromkeys(("代表团", "通道", "两会", "主席团"), "sitting")
)
#: A Party congress has delegations too.
_PARTY_CONGRESS = re.compile(r"十[八九]大|二十一?大|党代表|共产党第")
_SITTING_WEIGHT = 0.5
#: News of a session stands from some days before it to some days after.
_AROUND = timedelta(days=4)
_SPOKEN = re.compile(r"(?:在|于)[^。;；\n]{0,16}$")

#: Days before a session in which it is already spoken of, and after it in which it is still news.
_BEFORE, _AFTER = timedelta(days=100), timedelta(days=420)


def read_sessions(article: Article, signs: Signs, report: re.Match[str] | None, province: str | None = None) -> list[Span]:
    """Congress sessions and plenums: not spoken of long before they meet; where one speaks in one, it is then.

    `report` are the words by which a government reports to its congress (find_report), if it does.
    """
    rows: list[Span] = []
    if "plenum" in signs:
        rows += _read_plenums(article.text, signs["plenum"], report is not None)
    if "congress" in signs:
        rows += _read_congresses(article, signs["congress"], province)
    if "sitting" in signs and signs["sitting"][0] < article.body_begin + 2 * LEAD:
        rows += _read_sitting(article)
    return rows


# --- Its parts ------------------------------------------------------------------------


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
def _read_party_days() -> list[tuple[date, str, int]]:
    """First day, body and number of every Party congress and plenum."""
    return [(days[0], body, number) for (body, _, _, number), days in _read_sessions().items()
            if body in ("党代会", "中央全会")]


def _read_plenums(text: str, places: Sequence[int], is_report: bool) -> Iterable[Span]:
    """The latest plenum or Party congress named bounds from below.

    It bounds from above where earlier ones are listed with it (二中、三中、四中全会: there was no fifth yet),
    and in a government's report, which never leaves the newest one out.
    """
    known = _read_sessions()
    found = []
    for at in places:
        match = _PLENUM.match(text, at)
        if match is None or (match["numbers"] is None and _TO_COME.search(text, max(0, at - 12), at)):
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
    if match["numbers"] is not None and _PASSES_ON.search(text, max(0, match.start() - 14), match.start()):
        yield Span(((first, last + _NEW_PLENUM),), "plenum_passed_on", _SITTING_WEIGHT, match.group(), *match.span())
    later = [day for day, body, number in _read_party_days() if day > last
             and (body == "党代会" or (not is_all and number in _WEIGHTY))]
    if is_listed and later:
        yield Span(((first, min(later) + _LISTED_ON),), "plenums_listed", 0.5, match.group(), *match.span())
    if is_report:
        days_left = (first, min(later, default=last + _YEARLY) + _LISTED_ON / 3)
        yield Span((days_left,), "newest_plenum", 0.45, match.group(), *match.span())


def _read_congresses(article: Article, places: Sequence[int], province: str | None) -> Iterable[Span]:
    """Sessions named; 省十三届人大六次会议 is that of the article's own province."""
    known = _read_sessions()
    seen = set()
    for at in places:
        match = _SESSION.match(article.text, at)
        before = _TERM.search(article.text, max(0, at - 6), at) if match else None
        if match is None or before is None:
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


def _read_sitting(article: Article) -> Iterable[Span]:
    """The days of every year on which the National People's Congress met, where headline or lead is of its sitting."""
    end = article.body_begin + LEAD
    lead = article.text[: end + LEAD]
    spirit = _SPIRIT.search(lead)
    if spirit:  # 传达学习全国两会精神: in the weeks after they closed
        after = tuple((closed - _AROUND, closed + _PASSED_ON) for _, closed in _read_sittings())
        yield Span(after, "congress_passed_on", _SITTING_WEIGHT, spirit.group(), *spirit.span())
    match = _SITTING.search(lead, 0, end)
    if match and not _PARTY_CONGRESS.search(lead, 0, end):
        about = tuple((opened - _AROUND, closed + _AROUND) for opened, closed in _read_sittings())
        yield Span(about, "congress_sits", _SITTING_WEIGHT, match.group(), *match.span())


@cache
def _read_sittings() -> list[tuple[date, date]]:
    """First and last day of every session of the National People's Congress."""
    return [days for (body, *_), days in _read_sessions().items() if body == "全国人大"]


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
