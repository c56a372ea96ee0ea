"""Tables on their way out: every row says which selection of which build it is from.

Why here: a number copied into a paper must be found again. Selection, build and version are
the last columns of every export, not lines above the header, so that any program reads the
file as a plain table and no row loses them when it is pasted elsewhere. Where a table leaves out
documents that have no date, n_undated says before them how many.

CSV is for spreadsheets: UTF-8 with a byte order mark, lists joined with |, and a text that a
spreadsheet would run as a formula gets an apostrophe in front. JSON lines are exact.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters

FORMATS = ("csv", "jsonl")
_RUNS = ("=", "+", "-", "@", "\t", "\r")


def describe_origin(corpus: Corpus, filters: Filters, language: str = "en") -> dict[str, str]:
    """selection (the filters in a sentence), build (fingerprint) and version, as every export carries them."""
    return {"selection": filters.sentence(language), "build": corpus.fingerprint, "version": corpus.version}


def write_table(frame: pd.DataFrame, origin: Mapping[str, str], form: str) -> bytes:
    """The table as a file of one of FORMATS, with the columns of `origin` behind its own.

    Raises ValueError for another format.
    """
    if form == "csv":
        return write_csv(frame, origin)
    if form == "jsonl":
        return write_jsonl(frame, origin)
    raise ValueError(f"unknown format {form}: choose one of {', '.join(FORMATS)}")


def write_csv(frame: pd.DataFrame, origin: Mapping[str, str]) -> bytes:
    """UTF-8 with a byte order mark, CRLF between rows."""
    flat = frame.assign(**_say_left_out(frame), **origin)
    for name in flat:
        if not pd.api.types.is_numeric_dtype(flat[name]) and not pd.api.types.is_datetime64_any_dtype(flat[name]):
            flat[name] = flat[name].map(_write_cell).astype(object)
        elif pd.api.types.is_datetime64_any_dtype(flat[name]):
            flat[name] = flat[name].dt.strftime("%Y-%m-%d")
    return flat.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "replace")


def write_jsonl(frame: pd.DataFrame, origin: Mapping[str, Any]) -> bytes:
    """One JSON object a row; what is missing is null, lists stay lists."""
    origin = {**_say_left_out(frame), **origin}
    columns = [*frame.columns, *origin]
    rows = []
    for cells in frame.itertuples(index=False, name=None):
        row = dict(zip(columns, [*map(_plain, cells), *origin.values()], strict=True))
        rows.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(rows).encode("utf-8", "replace")


def free_cell(cell: Any) -> Any:
    """A cell of a file written here as it was before it was kept from running as a formula.

    >>> free_cell("'=1+1"), free_cell("'n")
    ('=1+1', "'n")
    """
    guarded = isinstance(cell, str) and cell.startswith("'") and cell[1:].startswith(_RUNS)
    return cell[1:] if guarded else cell


def _say_left_out(frame: pd.DataFrame) -> dict[str, Any]:
    """n_undated, where the query noted it and the table does not say it itself."""
    noted = frame.attrs.get("n_undated")
    return {} if noted is None or "n_undated" in frame else {"n_undated": int(noted)}


def _write_cell(cell: Any) -> Any:
    cell = _plain(cell)
    if isinstance(cell, list):
        cell = "|".join("..".join(map(str, item)) if isinstance(item, list) else str(item) for item in cell)
    if isinstance(cell, str) and cell.startswith(_RUNS):
        return "'" + cell
    return cell


def _plain(cell: Any) -> Any:
    """A cell as JSON knows it."""
    if isinstance(cell, list | tuple | np.ndarray):
        return [_plain(item) for item in cell]
    if isinstance(cell, np.generic):
        cell = cell.item()
    if cell is None or cell is pd.NaT or cell is pd.NA or (isinstance(cell, float) and not math.isfinite(cell)):
        # Infinity is not JSON, and a missing number is not a number.
        return None if not isinstance(cell, float) or math.isnan(cell) else str(cell)
    if isinstance(cell, date):
        return cell.isoformat()[:10]
    return cell
