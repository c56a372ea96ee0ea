"""What the words of an article say about its time: office holders, phrases, sessions, years, named events."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import daachorse

from data_prep.dates.days import find_days, read_number
from data_prep.dates.spans import Span
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import find_tenures, widen_date
from data_prep.schema import Article, Mention, PhraseHit, Placing

#: The words of a phrase cannot be older than its first day; they can be recalled after its last.
_FIRST_WEIGHT, _LAST_WEIGHTS = 0.9, (0.5, 0.3, 0.2)

_FORMERLY = re.compile(r"(?:时任|原任|前任|曾任|历任|原)[\u4e00-\u9fff]{0,12}$")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_TITLE_YEAR = re.compile(rf"{_YEAR}年")
_REVIEW = re.compile(rf"(?:^|[。\s、一二三四五六七八九十.．])\s*{_YEAR}年(?:[和及]\S{{2,12}})?(?:主要)?工作(?:情况)?(?:的)?回顾")
_PLAN = re.compile(rf"{_YEAR}年(?:的)?(?:主要|重点|总体|政府)?(?:工作)?(?:任务|安排|部署|重点工作|目标任务|工作的?总体要求|总体要求)")
_HAN = "〇零○一二三四五六七八九十百"
_PLENUM = re.compile(r"(?:党的)?(?P<term>十八|十九|二十|二十一)届(?P<numbers>[一二三四五六七八、和]{1,14}|历次)(?:中)?全会")
_SESSION = re.compile(
    rf"(?P<place>[\u4e00-\u9fff]{{2,8}}?(?:省|市|自治区))?第?(?P<term>[{_HAN}\d]{{1,3}})届(?P<whole>全国)?(?:人民代表大会|人大)"
    rf"(?P<standing>常务委员会|常委会)?第?(?P<number>[{_HAN}\d]{{1,3}})次会议"
)
_SPOKEN = re.compile(r"(?:在|于)[^。;；\n]{0,16}$")

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
        for office in dict.fromkeys(t.office for t in here or tenures):
            ranges = tuple((t.begin, t.end) for t in (here or tenures) if t.office == office)
            weight = min(t.weight for t in (here or tenures) if t.office == office)
            if mention.presence == "mentioned":
                weight *= 0.8
            begin, end, surface = mention.cite(article.text)
            span = Span(ranges, "holder", round(weight, 3), surface, begin, end)
            spans.setdefault((mention.name, office), span)
    return list(spans.values())


def read_phrases(hits: Sequence[PhraseHit]) -> list[Span]:
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
                  [(day, h.surface, h.begin, h.end) for day, h in lasts], "phrase")


def read_dated_terms(text: str) -> list[Span]:
    """Named events and current terms (北京冬奥会, 开局之年) with the days between which they are spoken of."""
    terms, automaton = _build_terms()
    found: dict[int, tuple[int, int]] = {}
    for begin, end, index in automaton.find(text):
        found.setdefault(index, (begin, end))
    firsts = [(terms[i][1], terms[i][0], *at) for i, at in found.items() if terms[i][1]]
    lasts = [(terms[i][2], terms[i][0], *at) for i, at in found.items() if terms[i][2]]
    return _bound(firsts, lasts, "dated_term")  # type: ignore[arg-type]


def read_sessions(article: Article) -> list[Span]:
    """Congress sessions and plenums: not spoken of long before they meet; where one speaks in one, it is then."""
    return [*_read_plenums(article.text), *_read_congresses(article)]


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
    full = [(d, word) for word in find_days(article.text, title_end) if word.year for d in word.dates(range(0))]
    if full:
        day, word = max(full, key=lambda pair: pair[0])
        rows.append(Span(((day, None),), "full_date", 0.6, word.surface, word.begin, word.end))
    return rows


# --- Its parts ------------------------------------------------------------------------


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


def _year_span(year: int, rule: str, weight: float, match: re.Match[str]) -> Span:
    days = (date(year, 1, 1), date(year, 12, 31))
    return Span((days,), rule, weight, match.group().strip(), *match.span())


def _read_plenums(text: str) -> Iterable[Span]:
    """The latest plenum named bounds from below; where earlier ones are listed with it (二中、三中、四中全会) it is
    the latest there was, which bounds from above."""
    known = _read_sessions()
    found = []
    for match in _PLENUM.finditer(text):
        term = read_number(match["term"])
        listed = "历次" in match["numbers"] or len(re.findall("[一二三四五六七八]", match["numbers"])) > 1
        numbers = [read_number(n) for n in re.findall("[一二三四五六七八]", match["numbers"])]
        if "历次" in match["numbers"]:
            numbers = [max((key[3] for key in known if key[0] == "中央全会" and key[2] == term), default=0)]
        key = ("中央全会", "", term, max(numbers, default=0))
        if key in known:
            found.append((known[key], key, listed, match))
    if not found:
        return
    (first, last), key, listed, match = max(found, key=lambda row: row[0])
    yield Span(((first - timedelta(days=75), None),), "plenum_named", 0.85, match.group(), *match.span())
    if listed:
        later = [days[0] for other, days in known.items() if other[0] in ("中央全会", "党代会") and days[0] > last]
        if later:
            end = min(later) + timedelta(days=60)
            yield Span(((first, end),), "plenums_listed", 0.6, match.group(), *match.span())


def _read_congresses(article: Article) -> Iterable[Span]:
    known = _read_sessions()
    seen = set()
    for match in _SESSION.finditer(article.text):
        if match["standing"]:
            body = "全国人大常委会" if match["whole"] else ""
        else:
            body = "全国人大" if match["whole"] else "人大"
        place = "" if match["whole"] else _shorten(match["place"] or "")
        key = (body, place, read_number(match["term"]), read_number(match["number"]))
        if key not in known or key in seen:
            continue
        seen.add(key)
        first, last = known[key]
        spoken = match.start() < article.body_begin + 300 and (
            _SPOKEN.search(article.text, max(0, match.start() - 20), match.start())
            or article.text.startswith("上", match.end())
        )
        if spoken:
            yield Span(((first, last),), "session", 0.9, match.group(), *match.span())
        else:
            yield Span(((first - _BEFORE, None),), "session_named", 0.6, match.group(), *match.span())
            yield Span(((first - _BEFORE, last + _AFTER),), "session_recent", 0.35, match.group(), *match.span())


def _shorten(place: str) -> str:
    """福建省 -> 福建, 宁夏回族自治区 -> 宁夏."""
    return re.sub(r"(?:壮族|回族|维吾尔)?自治区$|省$|市$", "", place)
