"""What a reader knows better: corrections of dates, places and people, kept beside the builds.

A correction is a row of a CSV file and outranks every rule at the next build; the evidence shows it
as rule `override` with the reader's note. The file names pages by their path, not by an id, so that it can
be read, shared and edited by hand, and holds for every build of the same folder.

    path,position,field,value,note
    2022/03/page7.txt,1,event_date,2022-03-29,the print edition
    2022/03/page7.txt,1,province,福建,
    2022/03/page7.txt,2,event_date,2022-03-01/2022-03-31,month on the masthead
    2022/03/page7.txt,2,no_person,施策,not a name
    2022/03/page7.txt,2,person,于英杰=副省长,"named, with this office"
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import pandas as pd
from filelock import FileLock

from data_prep.lexicons.user_files import read_user_table
from data_prep.schema import LEVELS, PERSON_KINDS, PROVINCES

FILE = "overrides.csv"

PLACE_FIELDS = ("level", "province", "city", "county", "outlet")
DATE_FIELDS = ("event_date", "published")
PERSON_FIELDS = ("person", "no_person")
FIELDS = (*DATE_FIELDS, *PLACE_FIELDS, *PERSON_FIELDS)


@dataclass(frozen=True)
class Override:
    """One correction: of the article at `position` on the page at `path`, `field` is `value`."""

    path: str
    position: int
    field: str
    value: str
    note: str = ""


class BadOverride(ValueError):
    """A correction that cannot be used; the message says which row and why."""


def read_overrides(file: Path) -> list[Override]:
    """Read a file of corrections; the later of two for the same field wins. Raises BadOverride or OSError."""
    try:
        rows = read_user_table(file, "the corrections", ("path", "position", "field", "value"))
    except FileNotFoundError:
        raise
    except ValueError as error:
        raise BadOverride(str(error)) from None
    return [_read_row(row, f"{file}, line {line}") for line, row in rows]


def add_override(file: Path, override: Override) -> None:
    """Append one correction, under a lock, after checking it. Raises BadOverride or OSError."""
    check_override(override, "this correction")
    with FileLock(file.with_suffix(".lock")):
        is_new = not file.exists() or file.stat().st_size == 0
        with file.open("a", encoding="utf-8", newline="") as lines:
            writer = csv.writer(lines)
            if is_new:
                writer.writerow([column.name for column in fields(Override)])
            writer.writerow([override.path, override.position, override.field, override.value, override.note])


def check_override(override: Override, where: str) -> None:
    """Raise BadOverride where the field or its value cannot be used."""
    field, value = override.field, override.value
    if field not in FIELDS:
        raise BadOverride(f"{where}: there is no field {field!r}; use one of {', '.join(FIELDS)}")
    if field in DATE_FIELDS and value:
        _read_interval(value, where)
    allowed = {"level": LEVELS, "province": PROVINCES}.get(field)
    if allowed and value and value not in allowed:
        raise BadOverride(f"{where}: {value!r} is no {field}; use one of {', '.join(allowed)}")
    if field in PERSON_FIELDS and not value.partition("=")[0].strip():
        raise BadOverride(f"{where}: {field} needs a name")


def apply_overrides(
    overrides: list[Override], pages: pd.DataFrame, documents: pd.DataFrame, evidence: pd.DataFrame, people: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Put corrections into documents, evidence and people (the columns of their tables); returns all three.

    A correction of a page that is not in this corpus is passed over: the file may serve several.
    """
    if not overrides or not len(documents):
        return documents, evidence, people
    documents, people = documents.copy(), people.copy()
    paths = documents["page_id"].map(pages.set_index("page_id")["path"])
    rows = {key: row for row, key in enumerate(zip(paths, documents["position"], strict=True))}
    added = []
    for override in overrides:
        row = rows.get((override.path, override.position))
        if row is None:
            continue
        doc_id = documents.at[row, "doc_id"]
        if override.field in PERSON_FIELDS:
            people = _correct_person(people, doc_id, documents.at[row, "text"], override)
            continue
        _correct_document(documents, row, override)
        same = (evidence["doc_id"] == doc_id) & (evidence["field"] == override.field) & (evidence["rule"] != "override")
        agrees = evidence["value"].map(lambda value, right=override: may_agree(right.field, value, right.value))
        signed = evidence["weight"].abs().where(agrees, -evidence["weight"].abs())
        evidence = evidence.assign(weight=evidence["weight"].where(~same, signed))
        added.append({"doc_id": doc_id, "field": override.field, "value": override.value, "rule": "override",
                      "begin": None, "end": None, "surface": override.note, "weight": 1.0})
    if added:
        fresh = pd.DataFrame(added).drop_duplicates(["doc_id", "field"], keep="last")
        evidence = pd.concat([evidence, fresh.astype({"begin": "object", "end": "object"})], ignore_index=True)
    return documents, evidence, people


def may_agree(field: str, found: str, right: str) -> bool:
    """Whether a piece of evidence leaves room for the right value: a day within its interval, else the same word.

    >>> may_agree("event_date", "2021-08-01/..", "2022-03-30"), may_agree("event_date", "2022-03-29", "2022-03-30")
    (True, False)
    """
    if field not in DATE_FIELDS or not right:
        return found == right
    (first, last), (begin, end) = (_open_interval(value) for value in (found, right))
    return first <= end and begin <= last


def _open_interval(value: str) -> tuple[str, str]:
    """Days as they are written sort as days; an open end lies before or behind them all."""
    first, _, last = value.partition("/")
    return (first if first != ".." else ""), (last or first if last != ".." else "9999")


def _read_row(row: dict[str, str], where: str) -> Override:
    try:
        position = int(row["position"])
    except (TypeError, ValueError):
        raise BadOverride(f"{where}: position {row['position']!r} is no number") from None
    path = row["path"].replace("\\", "/").removeprefix("./")
    override = Override(path, position, row["field"], row["value"], row.get("note", ""))
    check_override(override, where)
    return override


def _read_interval(value: str, where: str) -> tuple[date, date]:
    first, _, last = value.partition("/")
    try:
        interval = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        raise BadOverride(f"{where}: {value!r} is no day; write 2022-03-29, or 2022-03-01/2022-03-31") from None
    if interval[0] > interval[1]:
        raise BadOverride(f"{where}: {value!r} ends before it begins")
    return interval


def _correct_document(documents: pd.DataFrame, row: int, override: Override) -> None:
    field, value = override.field, override.value or None
    if field == "event_date":
        first, last = _read_interval(value, "") if value else (None, None)
        documents.at[row, "event_date"] = first if first == last else None
        documents.at[row, "date_from"], documents.at[row, "date_to"] = first, last
    elif field == "published":
        documents.at[row, "published"] = _read_interval(value, "")[0] if value else None
    else:
        documents.at[row, field] = value
    if field == "province":
        others = [name for name in documents.at[row, "provinces"] if name != value]
        documents.at[row, "provinces"] = [value, *others] if value else others


def _correct_person(people: pd.DataFrame, doc_id: str, text: str, override: Override) -> pd.DataFrame:
    name, _, role = (part.strip() for part in override.value.partition("="))
    mine = (people["doc_id"] == doc_id) & (people["name"] == name)
    if override.field == "no_person":
        return people[~mine].reset_index(drop=True)
    if mine.any():
        people.loc[mine, "role"], people.loc[mine, "kind"] = role, PERSON_KINDS[0]
        return people
    begin = text.find(name)
    row: dict[str, object] = {"doc_id": doc_id, "person_id": "", "name": name, "role": role, "offices": [], "kind": PERSON_KINDS[0],
           "presence": "mentioned", "begin": begin if begin >= 0 else None, "end": begin + len(name) if begin >= 0 else None}
    return pd.concat([people, pd.DataFrame([row])], ignore_index=True)
