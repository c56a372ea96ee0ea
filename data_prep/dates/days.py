"""Days as they are written in Chinese: 3月29日晚, 29日, 2022年1月22日, 二〇二一年一月二十日, 昨日, 本周一.

What is read is kept apart from what it means: a DayWord holds what is printed (a year, a month,
a day, as far as they are), and the recipe in `__init__` finds the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

#: Characters of the body in which the day of the event is looked for first.
LEAD = 160

_DIGITS = {"〇": 0, "零": 0, "○": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HAN = "〇零○一二三四五六七八九十"
_NUMBER = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
# read from the 月 outwards: a pattern that begins with one fixed character is found ten times as fast
_DAY = re.compile(
    rf"月(?P<day>{_NUMBER})日"
    rf"(?:\s*(?:至|到|[-—–~～]{{1,2}}|、|和)\s*(?:(?P<month2>{_NUMBER})月)?(?P<day2>{_NUMBER})日)?"
)
_BEFORE_DAY = re.compile(rf"(?:(?P<year>(?:19|20)\d\d|二[〇零○][{_HAN}]{{2}})年)?(?P<month>{_NUMBER})$")
# without a month, where a clause begins: 15日内 and 第30日 are no days of the month
_BARE = re.compile(
    r"(?:^|(?<=[\s。,，;；、:：(（)）】讯电]))(?P<day>\d{1,2})日(?:\s*(?:至|到|[-—–~～]{1,2}|、|和)\s*(?P<day2>\d{1,2})日)?"
    r"(?![内前后起龄游均益元间程])",
    re.MULTILINE,
)
# or right behind who acts and before what is done: 栗战书17日在北京会谈, 第三十八次会议30日下午闭幕
_BARE_WITHIN = re.compile(
    r"(?<=[\u4e00-\u9fff])(?<![月至到和或第近前后每满共约足超逾达了续])(?P<day>\d{1,2})日(?P<day2>)"
    r"(?=上午|中午|下午|傍晚|晚|夜|凌晨|清晨|在|于|同|与|向|就|对|主持|出席|会见|会晤|召开|举行|闭幕|开幕|前往|赴|抵|离开|到|率|致[函电信辞]"
    r"|应|称|表示|宣布|公布|发布|发表|通报|介绍|透露|证实|强调|指出|警告|说|签署|通车|首飞|合龙|发射|贯通|投产|下水|迎来|启动|开工|竣工|揭牌|开赛|启航|正式|深入|考察|调研|检查|视察|参观|参加|接受|通电话|以(?![来前后]))"
)
# what both begin with; most days have their month, and both patterns are slow
_ANY_BARE = re.compile(r"日(?<=[^月\d]\d日)|日(?<=[^月\d]\d\d日)|日(?<=^\d日)|日(?<=^\d\d日)", re.MULTILINE)
_RELATIVE = re.compile(r"今天|今日|今晚|今晨|昨天|昨日|昨晚|前天|前日|(?P<week>本周|上周|这周)(?P<weekday>[一二三四五六日天])")
# what all of them hold: a pattern that begins with a set of characters is found several times as fast
_ANY_RELATIVE = re.compile(r"[今昨前本上这][天日晚晨周]")
_WEEKDAY = re.compile(r"\s{0,2}[(（,，]?\s{0,2}(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])")

# days of something else: a count up to a day, a plan, a birth, a law that begins
_LATER = re.compile(
    r"(?:明年|去年|前年|来年|明天|明日|明晚|明早|后天|年前的|将于|将在|定于|拟于|预计|计划"
    r"|截至|截止|自|从|早在|原定)[^,，。;；]{0,4}$"
)
#: 去年9月17日 beside 3月5日: the text goes through days of several years.
_OTHER_YEARS = re.compile(rf"[明去前来]年[^,，。;；0-9]{{0,4}}{_NUMBER}月{_NUMBER}日")
_TODAY = re.compile(r"(?:今天|今日|昨天|昨日)[（(]$")
_NOT_AFTER = re.compile(r"\s*(?:起|以来|之前|以前|前[,，]|生效|施行|实施[,，。])")
_OFFSETS = {"今天": 0, "今日": 0, "今晚": 0, "今晨": 0, "昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "前日": -2}
_SPEECH = re.compile(r"[^。;；\n]{0,4}在[^。;；\n]{2,60}?(?:会议|大会|全会|会)上")
#: How such a line ends, and how long it is at most.
_IN_SESSION, _SPEECH_WITHIN = re.compile("会议?上"), 70


class DayWord(NamedTuple):
    """A day as printed at text[begin:end]; what is not printed is None.

    `month2, day2` end a range (3月29日至30日). `offset` is set for 昨日 and its like: days from the
    day of publication. `weekday` counts from 0 for Monday; `week` is -1 for 上周.
    """

    begin: int
    end: int
    surface: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    month2: int | None = None
    day2: int | None = None
    offset: int | None = None
    weekday: int | None = None
    week: int | None = None

    def dates(self, years: range) -> tuple[date, ...]:
        """The days it can mean in these years, if it has a month; those that do not exist are left out."""
        if self.month is None or self.day is None:
            return ()
        return _list_dates(years if self.year is None else (self.year,), self.month, self.day, self.weekday)

    def last_day(self, first: date) -> date:
        """The end of the range that begins on `first`; the same day where it is no range."""
        if self.day2 is None:
            return first
        month = self.month2 or first.month
        try:
            last = date(first.year + (month < first.month), month, self.day2)
        except ValueError:
            return first
        return last if first <= last <= first + timedelta(days=60) else first


def read_number(text: str) -> int:
    """A number up to 999, or a year digit by digit.

    >>> read_number("二十九"), read_number("10"), read_number("二〇二一")
    (29, 10, 2021)
    """
    if text.isdigit():
        return int(text)
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        return (_DIGITS[hundreds] if hundreds else 1) * 100 + (read_number(rest.lstrip("零〇")) if rest else 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    value = 0
    for letter in text:
        value = value * 10 + _DIGITS[letter]
    return value


def find_days(text: str, begin: int = 0, end: int | None = None) -> list[DayWord]:
    """Every day with a month in a stretch of text, in order, days of plans and counts left out.

    >>> [word.surface for word in find_days("截至3月28日24时，3月29日晚，省委书记尹力")]
    ['3月29日']
    """
    return list(_iterate_days(text, begin, len(text) if end is None else end))


def find_event_days(text: str, body_begin: int, body_start: int) -> list[DayWord]:
    """The day words that can say when the event was, the likeliest first.

    A speech's own line (1月22日在…会议上) first, then the lead, then the headline, then the only day of the
    whole text. `body_start` is where the body begins behind the dateline.

    >>> [word.surface for word in find_event_days("本台今天（3月1日）播发央视快评", 0, 0)]
    ['3月1日', '今天']
    """
    if _IN_SESSION.search(text, 0, body_begin + 300 + _SPEECH_WITHIN):
        for word in find_days(text, 0, min(len(text), body_begin + 300)):
            if is_speech_line(text, word.end) and word.begin < body_start + 200:
                return [word]
    lead_end = min(len(text), body_start + LEAD)
    opening = [*find_days(text, body_start, lead_end), *_find_bare(text, body_start, lead_end),
               *_find_relative(text, body_start, lead_end)]
    opening.sort(key=lambda word: word.begin)
    for i, (word, after) in enumerate(pairwise(opening)):
        if word.month is None and word.day is None and after.month is not None and after.begin - word.end <= 2:
            opening[i], opening[i + 1] = after, word  # 今天（3月1日）
    if opening:
        return opening
    headline = find_days(text, 0, body_begin) if body_begin else []
    if headline:
        return headline
    first = None
    for word in _iterate_days(text, body_start, len(text)):
        if word.year is None and first is None:
            first = word
        elif word.year is None and first is not None and (word.month, word.day) != (first.month, first.day):
            return []  # no text of a single day
    return [first] if first is not None and not _OTHER_YEARS.search(text, body_start) else []


def is_speech_line(text: str, end: int) -> bool:
    """Whether a day that ends here is that of a speech: 1月22日|在省第十三届人民代表大会第六次会议上.

    >>> is_speech_line("1月22日在省人大会议上", 5), is_speech_line("1月22日在北京举行", 5)
    (True, False)
    """
    return _SPEECH.match(text, end) is not None


# --- Its parts ------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _list_dates(years: Sequence[int], month: int, day: int, weekday: int | None) -> tuple[date, ...]:
    """The same day of each of some years, where it exists and falls on the weekday."""
    found = []
    for year in years:
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    return tuple(day for day in found if weekday is None or day.weekday() == weekday)


def _iterate_days(text: str, begin: int, end: int) -> Iterator[DayWord]:
    """As find_days; whoever wants only the first ones stops."""
    for match in _DAY.finditer(text, begin, end):
        at = match.start()
        before = _BEFORE_DAY.search(text, max(begin, at - 7), at)
        if before is None:
            continue
        at = before.start()
        is_told = not (_LATER.search(text, max(begin, at - 10), at) or _NOT_AFTER.match(text, match.end())) or _TODAY.search(
            text, max(begin, at - 5), at)
        word = _read_day(before, match, text) if is_told else None
        if word is not None:
            yield word


def _read_day(before: re.Match[str], match: re.Match[str], text: str) -> DayWord | None:
    year_printed, month_printed = before.group("year", "month")
    day_printed, month2, day2 = match.group("day", "month2", "day2")
    month, day = read_number(month_printed), read_number(day_printed)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    begin, end = before.start(), match.end()
    weekday = _WEEKDAY.match(text, end)
    return DayWord(
        begin, end, text[begin:end],
        year=read_number(year_printed) if year_printed else None,
        month=month, day=day,
        month2=read_number(month2) if month2 else None,
        day2=read_number(day2) if day2 else None,
        weekday="一二三四五六日".index(weekday["weekday"].replace("天", "日")) if weekday else None,
    )


def _find_bare(text: str, begin: int, end: int) -> Iterator[DayWord]:
    if not _ANY_BARE.search(text, begin, end):
        return
    for match in (*_BARE.finditer(text, begin, end), *_BARE_WITHIN.finditer(text, begin, end)):
        day, at = int(match["day"]), match.start()
        if 1 <= day <= 31 and not _LATER.search(text, max(begin, at - 10), at):
            day2 = int(match["day2"]) if match["day2"] else None
            yield DayWord(at, match.end(), match.group(), day=day, day2=day2)


def _find_relative(text: str, begin: int, end: int) -> Iterator[DayWord]:
    if not _ANY_RELATIVE.search(text, begin, end):
        return
    for match in _RELATIVE.finditer(text, begin, end):
        if match["week"]:
            weekday = "一二三四五六日".index(match["weekday"].replace("天", "日"))
            yield DayWord(match.start(), match.end(), match.group(), weekday=weekday,
                          week=-1 if match["week"] == "上周" else 0)
        elif text[match.end() : match.end() + 1] not in ("年", "的"):
            yield DayWord(match.start(), match.end(), match.group(), offset=_OFFSETS[match.group()])
