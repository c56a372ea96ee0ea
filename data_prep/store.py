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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock

from data_prep.schema import TABLES

POINTER, MANIFEST, ABOUT = "CURRENT", "MANIFEST", "build.json"
_STAGING = ".staging-"
_CHUNK = 1 << 20
#: Rows of a table that are sorted out and written at a time: so many, or as many as hold so many bytes.
_GROUP_ROWS, _GROUP_BYTES = 1 << 20, 1 << 26

#: Tables read a row at a time are written in small groups, so that one page's text is not a gigabyte's reading.
_ROWS_TOGETHER = {"page_texts": 500}

Ints = npt.NDArray[np.int64]


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

    def batches(self, table: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """One table in pieces of at most 65,536 rows, in key order, never whole in memory."""
        with pq.ParquetFile(self.path / f"{table}.parquet") as file:
            yield from file.iter_batches(columns=columns)

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
            for name in TABLES:
                _write_table(tables[name], name, staging / f"{name}.parquet")
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
    expected, found = (
        {name: digest for digest, _, name in (line.partition("  ") for line in lines.splitlines())}
        for lines in (listed.read_text(encoding="utf-8"), _list_files(folder))
    )
    return (
        [f"{name} is missing" for name in sorted(expected.keys() - found.keys())]
        + [f"{name} is not of this build" for name in sorted(found.keys() - expected.keys())]
        + [f"{name} has changed" for name in sorted(expected.keys() & found.keys()) if expected[name] != found[name]]
    )


def _write_table(rows: pa.Table, name: str, path: Path) -> None:
    """Write one table in its declared schema, sorted by its key, without a second copy of it in memory."""
    declared = TABLES[name]
    if rows.column_names != declared.names:
        raise ValueError(f"table {name} has columns {rows.column_names}, declared are {declared.names}")
    for column in declared.columns:
        if not column.nullable and rows.column(column.name).null_count:
            raise ValueError(f"table {name}: {column.name} may not be null")
    order = _sort_rows([rows.column(key) for key in declared.key])
    at_a_time = max(1, min(_GROUP_ROWS, _GROUP_BYTES * rows.num_rows // max(rows.nbytes, 1)))
    with pq.ParquetWriter(path, declared.arrow, compression="zstd") as writer:
        for begin in range(0, max(rows.num_rows, 1), at_a_time):
            chosen = order[begin : begin + at_a_time]
            columns = [_take(rows.column(column.name), chosen).cast(column.type) for column in declared.columns]
            group = pa.Table.from_arrays(columns, schema=declared.arrow)
            writer.write_table(group, row_group_size=_ROWS_TOGETHER.get(name, at_a_time))


def _sort_rows(keys: list[pa.ChunkedArray]) -> Ints:
    """The order of rows by their keys, the first one first, null last."""
    combined = np.zeros(len(keys[0]), dtype=np.int64)
    n_values = 1
    for key in keys:
        ranks, n_ranks = _rank(key)
        if n_values * n_ranks >= 1 << 62:
            distinct, combined = np.unique(combined, return_inverse=True)
            n_values = len(distinct)
        combined = combined * n_ranks + ranks
        n_values *= n_ranks
    if (combined[1:] >= combined[:-1]).all():
        return np.arange(len(combined), dtype=np.int64)
    return np.argsort(combined, kind="stable")


def _rank(values: pa.ChunkedArray) -> tuple[Ints, int]:
    """For each value its place among the values there are, null behind them; and how many places there are."""
    known = pc.unique(values)
    if pa.types.is_dictionary(known.type):
        known = known.cast(known.type.value_type)
    known = known.drop_null().take(pc.sort_indices(known.drop_null()))
    ranks = np.empty(len(values), dtype=np.int64)
    at = 0
    for chunk in values.chunks:
        if pa.types.is_dictionary(chunk.type):
            found = pc.index_in(chunk.dictionary, value_set=known).take(chunk.indices)
        else:
            found = pc.index_in(chunk, value_set=known)
        ranks[at : at + len(chunk)] = found.fill_null(len(known)).to_numpy(zero_copy_only=False)
        at += len(chunk)
    return ranks, len(known) + 1


def _take(values: pa.ChunkedArray, chosen: Ints) -> pa.Array:
    """The chosen rows of a column; only they are copied, whatever the column's size."""
    in_order = np.argsort(chosen, kind="stable")
    rows = chosen[in_order]
    parts = []
    at = first = 0
    for chunk in values.chunks:
        after = int(np.searchsorted(rows, at + len(chunk)))
        if after > first:
            part = chunk.take(pa.array(rows[first:after] - at))
            parts.append(part.cast(part.type.value_type) if pa.types.is_dictionary(part.type) else part)
        at, first = at + len(chunk), after
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    together = pa.concat_arrays(parts) if parts else pa.array([], kind)
    back = np.empty(len(chosen), dtype=np.int64)
    back[in_order] = np.arange(len(chosen))
    return together.take(pa.array(back))


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
