"""Exports are read back by other programs and hold what the build holds."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_prep.export import export_table
from data_prep.schema import TABLES
from data_prep.store import Build, write_build


def test_csv_is_read_back_with_its_mark(seed_build: Build, tmp_path: Path) -> None:
    target = tmp_path / "documents.csv"
    n = export_table(seed_build, "documents", target, "csv")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(target, encoding="utf-8-sig")
    assert n == len(read) == len(seed_build.read("documents"))
    assert read["text"].tolist() == seed_build.read("documents")["text"].tolist()


def test_json_lines_keep_lists_and_days(seed_build: Build, tmp_path: Path) -> None:
    target = tmp_path / "documents.jsonl"
    export_table(seed_build, "documents", target, "jsonl")
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert {type(row["provinces"]) for row in rows} == {list}
    assert all(len(row["event_date"]) == 10 for row in rows if row["event_date"])


def test_parquet_names_its_build(seed_build: Build, tmp_path: Path) -> None:
    target = tmp_path / "people.parquet"
    export_table(seed_build, "people", target, "parquet")
    assert pq.read_schema(target).metadata[b"tifa_atlas_build"].decode() == seed_build.fingerprint


def test_a_text_that_looks_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    row = {"page_id": "p1", "begin": 0, "end": 3, "rule": "banner", "surface": '=HYPERLINK("http://a.test","x")'}
    tables["furniture"] = pa.Table.from_pylist([row], TABLES["furniture"].arrow)
    build = write_build(tmp_path / "build", tables, {"version": "0"})
    export_table(build, "furniture", tmp_path / "f.xlsx", "xlsx")
    cell = openpyxl.load_workbook(tmp_path / "f.xlsx")["furniture"]["E2"]
    assert (cell.data_type, cell.value) == ("s", row["surface"])


def test_what_a_format_cannot_hold_is_said(tmp_path: Path) -> None:
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    row = {"page_id": "p1", "raw": "长" * 40_000, "repaired": "长" * 40_000}
    tables["page_texts"] = pa.Table.from_pylist([row], TABLES["page_texts"].arrow)
    build = write_build(tmp_path / "build", tables, {"version": "0"})
    with pytest.raises(ValueError, match="choose csv or parquet"):
        export_table(build, "page_texts", tmp_path / "p.xlsx", "xlsx")
    with pytest.raises(ValueError, match="unknown format"):
        export_table(build, "page_texts", tmp_path / "p.ods", "ods")
