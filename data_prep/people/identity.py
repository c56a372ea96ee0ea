"""Who is the same person: one person_id across documents, offices and years.

A name is not a person: 赵龙 is a governor and also a reporter. Mentions are joined in three steps.

1. Within a document mentions of one name and kind are one person; a mention without an office is the person of that name
   who has one there.
2. Documents are told apart by what the offices say: the post in full (福建省省长), the place, the time. Known holders of
   offices (holders.csv) are joined across places and years: 尹力 of 四川, 福建 and 北京 is one.
3. What is left is joined if nothing speaks against it: same place, or one post in full shared; different provinces at the
   same time speak against it. A known name of three characters or more, of one career at most, is one person wherever
   no office is printed: 孙政才 of 重庆 and of 吉林.

The id is a digest of name, kind and the earliest thing known of the person, so the same pages give the same ids.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from data_prep.lexicons.tenures import read_tenures

from .names import load_known_names

#: A career does not jump provinces within this time unless holders.csv says so.
MOVE = timedelta(days=200)
#: In a name the paper keeps back, 王某: the same letters in another document tell nothing.
MASKED = "某"
#: An office of so many characters names its organ: 宪法和法律委员会副主任委员, but 副主任委员.
_TELLING = 8
#: Offices of the centre name a person everywhere.
CENTRAL = ("中共中央", "中央", "国务院", "国家", "全国", "最高人民")


@dataclass
class _Person:
    """What is known of the bearer of a name: one document's mentions at first, many after joining."""

    doc_id: str
    rows: list[int]
    province: str | None
    city: str | None
    first: date | None
    last: date | None
    offices: set[str] = field(default_factory=set)
    central: bool = False
    career: str = ""  # key of the holder in holders.csv, "" if none fits
    local: bool = False  # the holder never had an office of the centre
    known: bool = False  # a public figure whose name alone tells who it is


def identify_people(people: pd.DataFrame, documents: pd.DataFrame, holders_extra: Path | None = None) -> pd.Series:
    """person_id per row of `people` (same index): 'n' and 12 hex digits.

    `people` needs doc_id, name, role, offices, kind; `documents` doc_id, province, city, date_from, date_to (null where
    unknown). `holders_extra` is a table of further office holders. The order of the rows does not change the ids.
    """
    if people.empty:
        return pd.Series([], index=people.index, dtype=object, name="person_id")
    context = documents.set_index("doc_id")
    careers = _load_careers(holders_extra)
    ids = pd.Series("", index=range(len(people)), dtype=object)
    by_name: dict[tuple[str, str], list[_Person]] = defaultdict(list)
    for person, name, kind in _gather(people, context):
        by_name[name, kind].append(person)
    for (name, kind), persons in sorted(by_name.items()):
        if kind == "public":
            is_known = len(name) > 2 and name in load_known_names() and len(careers.get(name, [])) < 2
            for person in persons:
                person.known = is_known
                _find_career(person, careers.get(name, []))
        if MASKED in name:
            for person in persons:
                person.career = f"masked in {person.doc_id}"
        taken: set[str] = set()
        for joined in _join(persons, kind):
            digest = _digest(name, kind, joined, taken)
            for row in joined.rows:
                ids.iloc[row] = digest
    return pd.Series(ids.to_numpy(), index=people.index, name="person_id")


def _gather(people: pd.DataFrame, context: pd.DataFrame) -> Iterable[tuple[_Person, str, str]]:
    """One _Person for each name and kind of each document, in order of doc_id."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, (doc_id, name, kind) in enumerate(zip(people["doc_id"], people["name"], people["kind"], strict=True)):
        groups[doc_id, name, "journalist" if kind == "journalist" else "public"].append(row)
    offices = people["offices"].to_list() if "offices" in people else [[]] * len(people)
    known = context.to_dict("index")
    for (doc_id, name, kind), rows in sorted(groups.items()):
        place = known.get(doc_id, {})
        held = {office for row in rows for office in _as_list(offices[row])}
        yield (
            _Person(
                doc_id=doc_id,
                rows=rows,
                province=_or_none(place.get("province")),
                city=_or_none(place.get("city")),
                first=_as_day(place.get("date_from")),
                last=_as_day(place.get("date_to")),
                offices=held,
                central=any(office.startswith(CENTRAL) for office in held),
            ),
            name,
            kind,
        )


def _as_list(cell: Any) -> list[str]:
    return [] if cell is None or isinstance(cell, float) else [str(item) for item in cell]


def _or_none(cell: Any) -> str | None:
    return cell if isinstance(cell, str) and cell else None


def _as_day(cell: Any) -> date | None:
    if cell is None or pd.isna(cell):
        return None
    return cell.date() if isinstance(cell, pd.Timestamp) else cell


@dataclass(frozen=True)
class _Office:
    office: str
    place: str
    first: date
    last: date


def _load_careers(extra: Path | None) -> dict[str, list[list[_Office]]]:
    """The careers of each name in holders.csv and a user's own table: offices one person can have held one after the other.

    Two rows of one name are two careers only if they lie at the same time in different provinces.
    """
    return {
        name: _part_careers([_Office(t.office, t.place, t.begin, t.end or date.max) for t in tenures])
        for name, tenures in read_tenures(extra).items()
    }


def _part_careers(offices: list[_Office]) -> list[list[_Office]]:
    careers: list[list[_Office]] = []
    for office in sorted(offices, key=lambda o: (o.first, o.last, o.place, o.office)):
        for career in careers:
            if all(_fit(other, office) for other in career):
                career.append(office)
                break
        else:
            careers.append([office])
    return careers


def _fit(a: _Office, b: _Office) -> bool:
    """Whether one person can have held both: not in two places for long at the same time."""
    if not a.place or not b.place or a.place == b.place:
        return True
    overlap = min(a.last, b.last) - max(a.first, b.first)
    return overlap < MOVE


def _find_career(person: _Person, careers: list[list[_Office]]) -> None:
    """Give the person the career which office, place and time fit, if there is one and no other."""
    fitting = [
        (f"{number}:{career[0].place}:{career[0].office}", all(office.place for office in career))
        for number, career in enumerate(careers)
        if any(_holds(person, office) for office in career)
    ]
    if len(fitting) == 1:
        person.career, person.local = fitting[0]


def _holds(person: _Person, office: _Office) -> bool:
    in_time = (person.last is None or person.last >= office.first) and (person.first is None or person.first <= office.last)
    if not in_time:
        return False
    if not office.place:
        printed = [held.replace("特区", "特别行政区") for held in person.offices]
        return any(held.endswith(office.office) or office.office.endswith(held) for held in printed)
    if person.offices:
        # 省长 of 福建 is printed 福建省省长 in full
        stem = office.office.removeprefix("省").removeprefix("市").removeprefix("自治区")
        return any(held.startswith(office.place) and held.endswith(stem) for held in person.offices)
    return office.place in (person.province, person.city)


def _join(persons: list[_Person], kind: str) -> list[_Person]:
    """Join what is one person, in an order that does not depend on the rows' order."""
    joined: list[_Person] = []
    # those with an office first: the others then join them
    for person in sorted(persons, key=lambda p: (not p.career, not p.offices, p.first or date.max, p.province or "~", p.doc_id)):
        best = next((other for other in joined if _same(other, person, kind)), None)
        if best is None:
            joined.append(person)
        else:
            _absorb(best, person)
    return joined


def _same(a: _Person, b: _Person, kind: str) -> bool:
    if a.career and b.career:
        return a.career == b.career
    if (a.central and b.central) or a.offices & b.offices:
        return True
    if a.known and not (a.offices and b.offices):
        return True  # 孙政才 of 重庆 and of 吉林, 马克思 wherever he is named
    if kind == "journalist":
        return a.province is None or b.province is None or a.province == b.province
    if a.career or b.career:
        # a holder, and somebody of that name whose office or place says otherwise
        holder, other = (a, b) if a.career else (b, a)
        elsewhere = other.offices and not other.central and other.province != holder.province
        telling = holder.local and all(len(office) >= _TELLING for office in other.offices)
        if elsewhere and (other.province is not None or telling):
            return False  # 福建省省长王宁 and 宪法和法律委员会副主任委员王宁
        return not other.offices or other.province in (None, holder.province) or holder.central
    if a.province and b.province and a.province != b.province:
        return not _at_once(a, b) and not (a.offices and b.offices)
    if a.city and b.city and a.city != b.city and a.offices and b.offices:
        return not _at_once(a, b)
    return True


def _at_once(a: _Person, b: _Person) -> bool:
    """Whether the two are seen within the time a move takes; unknown days count as any day."""
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return True
    return max(a.first, b.first) - min(a.last, b.last) < MOVE


def _absorb(person: _Person, other: _Person) -> None:
    person.rows += other.rows
    person.offices |= other.offices
    person.central |= other.central
    person.local = person.local if person.career else other.local
    person.career = person.career or other.career
    person.province = person.province or other.province
    person.city = person.city or other.city
    days = [day for day in (person.first, other.first) if day]
    person.first = min(days) if days else None
    days = [day for day in (person.last, other.last) if day]
    person.last = max(days) if days else None


def _digest(name: str, kind: str, person: _Person, taken: set[str]) -> str:
    """The id: of the career in holders.csv where one fits, else of place and first office; unlike every id of `taken`."""
    key = person.career or "|".join([person.province or "", person.city or "", min(person.offices, default="")])
    digest, twin = "", 0
    while not digest or digest in taken:
        digest = "n" + hashlib.sha256(f"{name}|{kind}|{key}|{twin}".encode()).hexdigest()[:12]
        twin += 1
    taken.add(digest)
    return digest
