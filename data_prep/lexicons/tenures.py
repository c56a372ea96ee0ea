"""Who held which office when: holders.csv, read as spans of days and asked by name and role.

A name with its office is worth two answers: where (省长赵龙 governs 福建) and when
(from 22 October 2021 on). A date written as a month or a year is read as widely as it
is written, so that a doubt about a day never rules out a day that was possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path

import pandas as pd

from data_prep.lexicons import read_lexicon
from data_prep.lexicons.user_files import read_user_table

#: Columns every table of holders has, the product's own and a user's.
COLUMNS = ("name", "office", "place", "level", "from", "to", "precision", "source")

#: How far a span of each precision is trusted.
WEIGHTS = {"day": 0.9, "month": 0.85, "year": 0.7}

#: Offices of the centre that are also printed shorter.
_SHORT_TITLES = {
    "总书记": "中共中央总书记",
    "总理": "国务院总理",
    "副总理": "国务院副总理",
    "委员长": "全国人大常委会委员长",
    "中共中央政治局常委": "中央政治局常委",
    "中央政治局常务委员": "中央政治局常委",
    "政治局常委": "中央政治局常委",
    "国家卫生健康委员会主任": "国家卫生健康委主任",
    "国家卫健委主任": "国家卫生健康委主任",
    "国家发展和改革委员会主任": "国家发展改革委主任",
    "国家民族事务委员会主任": "国家民委主任",
    "国家发改委主任": "国家发展改革委主任",
    "中央纪律检查委员会书记": "中央纪委书记",
    "外交部长": "外交部部长",
    "国防部长": "国防部部长",
    "财政部长": "财政部部长",
    "教育部长": "教育部部长",
    "公安部长": "公安部部长",
    "最高法院院长": "最高人民法院院长",
    "最高检检察长": "最高人民检察院检察长",
}
_REGION = "自治区"


@dataclass(frozen=True)
class Tenure:
    """One person in one office from `begin` to `end` (None: still in office when the table was written)."""

    name: str
    office: str
    place: str
    level: str
    begin: date
    end: date | None
    precision: str

    @property
    def weight(self) -> float:
        """How far the span is trusted, 0 to 1."""
        return WEIGHTS[self.precision]


@cache
def read_tenures(extra: Path | None = None) -> dict[str, tuple[Tenure, ...]]:
    """All tenures by name; `extra` is a table of the same columns that a user adds.

    Raises ValueError in one sentence for a table that lacks a column or holds a date that is none.
    """
    tables = [read_lexicon("holders")]
    if extra is not None:
        tables.append(_read_extra(extra))
    by_name: dict[str, list[Tenure]] = {}
    for table in tables:
        for row in table[list(COLUMNS)].itertuples(index=False):
            tenure = _read_row(*row)
            by_name.setdefault(tenure.name, []).append(tenure)
    return {name: tuple(tenures) for name, tenures in by_name.items()}


@lru_cache(maxsize=4096)
def find_tenures(name: str, role: str, extra: Path | None = None) -> tuple[Tenure, ...]:
    """The tenures that a name with a role as printed can mean.

    >>> [t.place for t in find_tenures("林武", "省委书记")]
    ['山西', '山东']
    >>> find_tenures("林武", "副省长")
    ()
    """
    known = read_tenures(extra).get(name, ())
    return tuple(t for t in known if any(_means(printed, t) for printed in _split_role(role))) if role else ()


def widen_date(text: str, last: bool) -> date:
    """A day, a month or a year as its first (or last) day.

    >>> widen_date("2022-02", last=True)
    datetime.date(2022, 2, 28)
    """
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(parts[0], parts[1], parts[2])
    if len(parts) == 2:
        year, month = parts
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) if last else date(year, month, 1)
    return date(parts[0], 12, 31) if last else date(parts[0], 1, 1)


# --- Its parts ------------------------------------------------------------------------


def _read_extra(path: Path) -> pd.DataFrame:
    rows = read_user_table(path, "the table of office holders", COLUMNS)
    for line, row in rows:
        if not row["name"] or not row["office"]:
            raise ValueError(f"the table of office holders {path}, line {line}: name and office may not be empty")
    return pd.DataFrame([row for _, row in rows], columns=list(COLUMNS), dtype=str)


def _read_row(name: str, office: str, place: str, level: str, begin: str, end: str, precision: str, _: str) -> Tenure:
    if precision not in WEIGHTS:
        raise ValueError(f"holders: {name} {office}: precision must be one of {', '.join(WEIGHTS)}, not {precision!r}")
    try:
        first, final = widen_date(begin, last=False), widen_date(end, last=True) if end else None
    except ValueError as error:
        raise ValueError(f"holders: {name} {office}: {begin} to {end or 'now'} is no span of days") from error
    return Tenure(name, office, place, level, first, final, precision)


def _split_role(role: str) -> Iterator[str]:
    """The single offices of a role as printed, without 中共, 代 and brackets.

    >>> list(_split_role("中共福建省委副书记、代省长"))
    ['福建省委副书记', '省长']
    """
    for part in re.split(r"[、,,;;兼\s]+", role):
        plain = re.sub(r"^(?:中共(?!中央)|时为)|(?<![0-9])代(?=省长|市长|主席)|同志$", "", part)
        if plain and not plain.startswith(("原", "时任", "前任")):
            yield plain


def _means(printed: str, tenure: Tenure) -> bool:
    """Whether one printed office is the office of this tenure."""
    if tenure.level == "centre":
        return _SHORT_TITLES.get(printed, printed) == tenure.office or printed.endswith(tenure.office)
    title, place = _standardize(printed), tenure.place
    if not title.endswith(tenure.office):
        return False
    before = title[: -len(tenure.office)]
    return before in ("", place) or before.endswith((place, place + "省", place + "市")) or before == _REGION


def _standardize(printed: str) -> str:
    """One spelling for the titles of the autonomous regions and of 省人民政府省长."""
    text = re.sub(r"(?:壮族|回族|维吾尔)?自治区", _REGION, printed)
    text = re.sub(r"(?:人民)?政府(?=主席|省长|市长)", "", text)
    text = re.sub(r"(?<!自治)区党委书记$", "自治区党委书记", text)
    return re.sub(r"省(?=省长$)|市(?=市长$)|省(?=省委书记$)", "", text)
