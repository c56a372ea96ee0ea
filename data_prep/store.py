"""Builds on disk: written whole or not at all, read by anybody at any time.

A build is a folder `<out>/builds/<id>/` that never changes after it appears; `<out>/CURRENT`
names the one in force. Why so: readers keep the build they opened while a new one
is made, a full disk or a killed process leaves the old build as it was, and the id
is a hash of the contents, so building twice from the same pages gives the same build.

    <out>/CURRENT                  the id, one line
    <out>/builds/<id>/*.parquet    one file a table of `schema.TABLES`
    <out>/builds/<id>/build.json   versions, settings, input hashes, counts
    <out>/builds/<id>/MANIFEST     sha256 and name of every file, a line each
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock

from data_prep.schema import TABLES

POINTER, MANIFEST, ABOUT = "CURRENT", "MANIFEST", "build.json"
_STAGING = ".staging-"
_CHUNK = 1 << 20
#: Tables read a row at a time are written in small groups, so that one page's text is not a gigabyte's reading.
_ROWS_TOGETHER = {"page_texts": 500}


class BuildMissing(FileNotFoundError):
    """There is no whole build where one was asked for; the message says what to do."""


@dataclass(frozen=True)
class Build:
    """A finished build, opened for reading. Its files never change."""

    path: Path
    about: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """The build's identity: the first 16 hex digits of SHA-256 over its manifest."""
        return self.path.name

    def arrow(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """One table as Arrow, all rows, the columns named (default: all)."""
        return pq.read_table(self.path / f"{table}.parquet", columns=columns)

    def read(self, table: str, columns: list[str] | None = None) -> pd.DataFrame:
        """One table as pandas, all rows in key order; dates as datetime64, lists as lists."""
        frame = self.arrow(table, columns).to_pandas(date_as_object=False)
        for column in TABLES[table].columns:
            if column.name in frame and pa.types.is_list(column.type):
                frame[column.name] = [list(cell) for cell in frame[column.name]]
        return frame


def write_build(
    out: Path,
    tables: Mapping[str, pa.Table],
    about: Mapping[str, Any],
    add_files: Callable[[Path], None] | None = None,
) -> Build:
    """Write a build of all `schema.TABLES` below `out` and make it the current one.

    `tables` holds an Arrow table for every name in `schema.TABLES`, cast here to the declared schema
    and sorted by its key. `add_files(folder)` may write further files beside them (the search index).
    Raises ValueError when a table is missing or does not fit its declaration, OSError when the disk
    fails: in both cases the former build stays in force.
    """
    missing = sorted(set(TABLES) - set(tables))
    if missing:
        raise ValueError(f"a build needs every table; missing: {', '.join(missing)}")
    builds = out / "builds"
    builds.mkdir(parents=True, exist_ok=True)
    with FileLock(out / ".lock"):
        for left_over in builds.glob(f"{_STAGING}*"):  # of a writer that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=builds))
        try:
            for name, declared in TABLES.items():
                rows = _fit(tables[name], name).sort_by([(key, "ascending") for key in declared.key])
                size = _ROWS_TOGETHER.get(name)
                pq.write_table(rows, staging / f"{name}.parquet", compression="zstd", row_group_size=size)
            (staging / ABOUT).write_text(
                json.dumps(dict(about), ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8"
            )
            if add_files is not None:
                add_files(staging)
            manifest = _list_files(staging)
            (staging / MANIFEST).write_text(manifest, encoding="utf-8")
            for path in staging.rglob("*"):
                _flush(path)
            target = builds / hashlib.sha256(manifest.encode()).hexdigest()[:16]
            if target.exists() and not find_damage(target):
                shutil.rmtree(staging)  # the very same build is there already
            else:
                shutil.rmtree(target, ignore_errors=True)
                staging.replace(target)
            _flush(builds)
            _point(out, target.name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return open_build(out)


def open_build(path: Path) -> Build:
    """Open the current build below `path`, or the build `path` itself is.

    Raises BuildMissing with a sentence that says what to do.
    """
    folder = path
    if (path / POINTER).is_file():
        folder = path / "builds" / (path / POINTER).read_text(encoding="utf-8").strip()
    if not (folder / ABOUT).is_file():
        raise BuildMissing(f"no build in {path}: make one with  python -m data_prep build PATH --out {path}")
    absent = [name for name in TABLES if not (folder / f"{name}.parquet").is_file()]
    if absent:
        raise BuildMissing(f"the build in {folder} lacks {', '.join(absent)}: build it again")
    return Build(folder, json.loads((folder / ABOUT).read_text(encoding="utf-8")))


def find_damage(folder: Path) -> list[str]:
    """Compare a build folder with its manifest; one sentence for each file that is missing, changed or strange."""
    listed = folder / MANIFEST
    if not listed.is_file():
        return [f"{folder.name} has no {MANIFEST}"]
    expected = dict(reversed(line.split("  ", 1)) for line in listed.read_text(encoding="utf-8").splitlines())
    found = dict(reversed(line.split("  ", 1)) for line in _list_files(folder).splitlines())
    return (
        [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
        + [f"{name} is not of this build" for name in sorted(found.keys() - expected.keys())]
        + [f"{name} has changed" for name in sorted(expected.keys() & found.keys()) if expected[name] != found[name]]
    )


def _fit(rows: pa.Table, name: str) -> pa.Table:
    """Cast to the declared schema, naming the column that does not fit."""
    declared = TABLES[name]
    if rows.column_names != declared.names:
        raise ValueError(f"table {name} has columns {rows.column_names}, declared are {declared.names}")
    for column in declared.columns:
        if not column.nullable and rows.column(column.name).null_count:
            raise ValueError(f"table {name}: {column.name} may not be null")
    return rows.cast(declared.arrow)


def _list_files(folder: Path) -> str:
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            digest = hashlib.sha256()
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK):
                    digest.update(chunk)
            lines.append(f"{digest.hexdigest()}  {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def _flush(path: Path) -> None:
    """Bring a file or folder to the disk, so that the pointer never names what is not there yet."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # Windows does not open folders
    try:
        os.fsync(handle)
    except OSError:
        if os.name != "nt":  # Windows refuses to flush what is open for reading only
            raise
    finally:
        os.close(handle)


def _point(out: Path, build_id: str) -> None:
    """Make `build_id` the current build, in one step that cannot be seen half done."""
    fresh = out / f".{POINTER}-{os.getpid()}"
    fresh.write_text(build_id + "\n", encoding="utf-8")
    _flush(fresh)
    os.replace(fresh, out / POINTER)
    _flush(out)
