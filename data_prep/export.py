"""One table of a build, written for other programs: CSV, JSON lines, Parquet or Excel."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data_prep.schema import TABLES
from data_prep.store import Build

FORMATS = ("csv", "jsonl", "parquet", "xlsx")

#: What Excel allows on one sheet, and in one cell.
_SHEET_ROWS, _CELL_CHARS = 1_048_575, 32_767


def export_table(build: Build, table: str, output: Path, form: str) -> int:
    """Write all rows of `table` to `output` in one of FORMATS; returns how many.

    Lists become text joined with `|` in CSV and Excel. CSV is UTF-8 with a byte order mark, so that
    Excel reads it. Raises ValueError where a format cannot hold the table, with what to choose instead.
    """
    if form not in FORMATS:
        raise ValueError(f"unknown format {form}: choose one of {', '.join(FORMATS)}")
    unfinished = output.with_name(f".{output.name}-{os.getpid()}")  # a file that is there is whole
    try:
        n_rows = _write_rows(build, table, unfinished, form)
        os.replace(unfinished, output)
    finally:
        unfinished.unlink(missing_ok=True)
    return n_rows


def _write_rows(build: Build, table: str, output: Path, form: str) -> int:
    rows = build.arrow(table)
    if form == "parquet":
        about = {b"tifa_atlas_build": build.fingerprint.encode(), b"tifa_atlas_version": str(build.about["version"]).encode()}
        pq.write_table(rows.replace_schema_metadata(about), output, compression="zstd")
        return int(rows.num_rows)
    if form == "jsonl":
        with output.open("w", encoding="utf-8") as file:
            for batch in rows.to_batches(max_chunksize=10_000):
                for row in batch.to_pylist():
                    file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        return int(rows.num_rows)
    frame = _flatten(rows, table)
    if form == "csv":
        frame.to_csv(output, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    else:
        _write_sheet(frame, build, table, output)
    return len(frame)


def _flatten(rows: pa.Table, table: str) -> pd.DataFrame:
    frame = rows.to_pandas(integer_object_nulls=True)
    for column in TABLES[table].columns:
        if pa.types.is_list(column.type):
            frame[column.name] = ["|".join(cell) for cell in frame[column.name]]
    return frame


def _write_sheet(frame: pd.DataFrame, build: Build, table: str, output: Path) -> None:
    if len(frame) > _SHEET_ROWS:
        raise ValueError(f"{table} has {len(frame):,} rows, an Excel sheet holds {_SHEET_ROWS:,}: choose csv or parquet")
    texts = frame.select_dtypes(["object", "str"])
    longest = max((len(cell) for name in texts for cell in texts[name] if isinstance(cell, str)), default=0)
    if longest > _CELL_CHARS:
        raise ValueError(f"a cell of {table} has {longest:,} characters, an Excel cell holds {_CELL_CHARS:,}: choose csv or parquet")
    # A text that begins with = must stay a text.
    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(output, engine="xlsxwriter", engine_kwargs=options) as book:
        frame.to_excel(book, sheet_name=table, index=False, freeze_panes=(1, 0))
        about = pd.DataFrame(
            [(c.name, c.zh, c.en, c.meaning) for c in TABLES[table].columns]
            + [("build", "", "", build.fingerprint), ("version", "", "", build.about["version"])],
            columns=["column", "zh", "en", "meaning"],
        )
        about.to_excel(book, sheet_name="about", index=False)
