"""An outside series laid over a timeline: days, provinces and values from somebody's CSV.

Why here: a phrase is read against what happened (cases, how strict the measures were). The
file is the user's own and comes from anywhere, so it is read strictly: what cannot be read
ends in one sentence that names the row, and nothing is guessed. Two kinds are read:

    date,province,value      a row a day and province (日期,省份,数值 too); province may be left out
    Province,...,1/22/20,... a row a province, a column a day, as many health and policy trackers publish

A value that is missing is left out, never taken for nought. The series gets its own axis.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
import pandas as pd

from dashboard.corpus import begin_periods, name_period
from dashboard.names import PROVINCE_NAMES
from data_prep.schema import PROVINCES

#: No larger file, no more values than this.
MOST_BYTES, MOST_VALUES = 20 << 20, 1_000_000
#: How the values of a period become one.
WAYS = ("mean", "sum", "last", "max")

_DATE_NAMES = ("date", "day", "日期", "时间")
_PROVINCE_NAMES = ("province", "province/state", "regionname", "region", "省份", "省", "地区")
_VALUE_NAMES = ("value", "数值", "值")
#: Month before day where a year has two digits, as the trackers have it; day before month is not guessed.
_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%d%b%Y", "%m/%d/%y", "%Y-%m", "%Y年%m月")
_SUFFIXES = ("壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市")
_LEAST_DAYS = 5


class OverlayError(ValueError):
    """A file that cannot be laid over a timeline; the message is one sentence."""


def read_overlay(content: bytes) -> pd.DataFrame:
    """(date, province, value) of a CSV file, sorted; province None for the whole country. Raises OverlayError.

    >>> read_overlay("date,province,value\\n2022-03-29,福建省,44\\n".encode()).values.tolist()
    [[Timestamp('2022-03-29 00:00:00'), '福建', 44.0]]
    """
    if len(content) > MOST_BYTES:
        raise OverlayError(f"the file has more than {MOST_BYTES >> 20} MB: cut it to the provinces and days needed")
    rows = _read_rows(content)
    header = [name.strip().lower() for name in rows[0]]
    found = (_read_wide if _find(header, _DATE_NAMES) is None else _read_long)(header, rows)
    frame = pd.DataFrame(found, columns=["date", "province", "value"])
    frame["date"] = pd.to_datetime(frame["date"])
    frame["province"] = frame["province"].astype(object).where(frame["province"].notna(), None)
    frame["value"] = frame["value"].astype(float)
    if frame.empty:
        raise OverlayError("the file holds no value")
    twice = frame.duplicated(["date", "province"])
    if twice.any():
        row = frame[twice].iloc[0]
        place = row["province"] or "the whole country"
        raise OverlayError(f"the file has two values for {place} on {row['date']:%Y-%m-%d}: leave one")
    return frame.sort_values(["province", "date"], na_position="first", ignore_index=True)


def sum_up_overlay(
    overlay: pd.DataFrame, period: str, provinces: Sequence[str] = (), how: str = "mean", by_province: bool = False
) -> pd.DataFrame:
    """(period, province, value): the series by period, `how` one of WAYS.

    Without by_province: the whole country's own row where the file has one and no province is asked for;
    else the provinces asked for (default: all) together, added up for how="sum" and "last", else averaged.
    Raises ValueError for an unknown way.
    """
    if how not in WAYS:
        raise ValueError(f"there is no way {how} to sum up: choose one of {', '.join(WAYS)}")
    whole = overlay["province"].isna()
    if provinces:
        chosen = overlay[overlay["province"].isin(list(provinces))]
    elif by_province or not whole.any():
        chosen = overlay[~whole]
    else:
        chosen = overlay[whole]
    days = chosen["date"].to_numpy().astype("datetime64[D]")
    begins = begin_periods(days, period)
    grouped = chosen.assign(begin=begins).groupby(["begin", "province"], dropna=False, sort=True)["value"]
    table = grouped.agg(how).reset_index()
    if not by_province:
        table = table.groupby("begin", sort=True)["value"].agg("sum" if how in ("sum", "last") else "mean").reset_index()
        table["province"] = None
    names = {begin: name_period(begin, period) for begin in np.unique(table["begin"].to_numpy().astype("datetime64[D]"))}
    table["period"] = [names[begin] for begin in table["begin"].to_numpy().astype("datetime64[D]")]
    return table[["period", "province", "value"]]


def _read_rows(content: bytes) -> list[list[str]]:
    """Rows of cells; the first is the header."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise OverlayError("the file is neither UTF-8 nor GB18030 text: save it as CSV UTF-8")
    if "\0" in text:
        raise OverlayError("the file is not text: save it as CSV UTF-8")
    try:
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=first.count)
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise OverlayError(f"the file is no CSV: {error}") from None
    if len(rows) < 2:
        raise OverlayError("the file holds no row below its header")
    return rows


def _read_long(header: list[str], rows: list[list[str]]) -> list[tuple[date, str | None, float]]:
    day_at, place_at, value_at = (_find(header, names) for names in (_DATE_NAMES, _PROVINCE_NAMES, _VALUE_NAMES))
    if value_at is None or day_at is None:
        raise OverlayError("the file needs columns date and value (and province): " + ", ".join(header)[:100])
    if len(rows) - 1 > MOST_VALUES:
        raise OverlayError(f"the file has more than {MOST_VALUES:,} rows")
    form = _tell_form([row[day_at] for row in rows[1:20] if len(row) > day_at])
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise OverlayError(f"row {number} has {len(row)} cells, the header {len(header)}")
        value = _read_value(row[value_at], number)
        if value is not None:
            place = None if place_at is None else _read_province(row[place_at], number)
            found.append((_read_day(row[day_at], form, number), place, value))
    return found


def _read_wide(header: list[str], rows: list[list[str]]) -> list[tuple[date, str | None, float]]:
    place_at = _find(header, _PROVINCE_NAMES)
    days: list[tuple[int, date]] = []
    for form in _FORMS:
        days = [(place, day) for place, name in enumerate(header) if (day := _parse(name, form))]
        if len(days) >= _LEAST_DAYS:
            break
    else:
        raise OverlayError("the file needs columns date, province, value, or a column a day: " + ", ".join(header)[:100])
    if len(days) * len(rows) > MOST_VALUES:
        raise OverlayError(f"the file has more than {MOST_VALUES:,} values")
    found = []
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise OverlayError(f"row {number} has {len(row)} cells, the header {len(header)}")
        name = "" if place_at is None else row[place_at]
        if place_at is not None and name.strip().lower() in ("hong kong", "macau", "taiwan", "unknown"):
            continue  # of the trackers' files; not among the provinces of the map
        province = _read_province(name, number)
        for place, day in days:
            value = _read_value(row[place], number)
            if value is not None:
                found.append((day, province, value))
    return found


def _find(header: list[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _tell_form(examples: list[str]) -> str:
    for form in _FORMS:
        if examples and all(_parse(example, form) for example in examples):
            return form
    shown = next((example for example in examples), "")
    raise OverlayError(f"the day {shown[:20]!r} cannot be read: write it as 2022-03-29")


def _parse(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), form).date()
    except ValueError:
        return None


def _read_day(text: str, form: str, number: int) -> date:
    day = _parse(text, form)
    if day is None:
        raise OverlayError(f"row {number}: the day {text[:20]!r} is not written as in the rows above")
    return day


def _read_value(text: str, number: int) -> float | None:
    """A number; None where there is none."""
    text = text.strip()
    if text.lower() in ("", "na", "n/a", "nan", "null", "none", "-", "--"):
        return None
    try:
        value = float(text.replace(",", "").rstrip("%"))
    except ValueError:
        raise OverlayError(f"row {number}: {text[:20]!r} is not a number") from None
    if not math.isfinite(value):
        raise OverlayError(f"row {number}: {text[:20]!r} is not a number")
    return value


def _read_province(text: str, number: int) -> str | None:
    """The short name of a province written short (福建), in full (福建省) or in English (Fujian)."""
    name = text.strip()
    if name.lower() in ("", "china", "中国", "全国", "national"):
        return None
    if name in _NAMES:
        return _NAMES[name]
    for suffix in _SUFFIXES:
        if name.endswith(suffix) and name.removesuffix(suffix) in _NAMES:
            return _NAMES[name.removesuffix(suffix)]
    if name.lower() in _NAMES:
        return _NAMES[name.lower()]
    raise OverlayError(f"row {number}: {name[:20]!r} is no province")


_NAMES = {name: name for name in PROVINCES} | {
    entry.english.replace("_", " ").lower(): name for name, entry in PROVINCE_NAMES.items()
}
