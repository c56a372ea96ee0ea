"""Rows of the tables on their way into a build: gathered as columns, kept on disk, joined as Arrow.

Why not one list for all pages: a hundred thousand pages give fifty million rows, and a Python
object a cell does not fit into memory. So the rows of a batch of pages become Arrow at once, and
wait in one unnamed file that is mapped into memory: what is not looked at costs no memory, and
whatever ends the program, the file is gone with it.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data_prep.schema import TABLES

#: Columns of few values in many rows: kept as numbers and a dictionary until they are written.
_ENCODED = {"term_counts": ("doc_id", "term")}

#: Arrow reads from places that are a multiple of this.
_ALIGNED = 64


class Columns:
    """Rows of every table, kept as columns: a list a column, no object a row."""

    def __init__(self) -> None:
        self._lists: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in table.names} for name, table in TABLES.items()
        }

    def add(self, table: str, **row: Any) -> None:
        """Add one row; every column of the table must be named."""
        columns = self._lists[table]
        if row.keys() != columns.keys():
            raise KeyError(f"{table}: {sorted(row.keys() ^ columns.keys())}")
        for name, cell in row.items():
            columns[name].append(cell)

    def extend(self, table: str, **cells: Sequence[Any]) -> None:
        """Add many rows, given as columns of equal length; every column of the table must be named."""
        columns = self._lists[table]
        if cells.keys() != columns.keys():
            raise KeyError(f"{table}: {sorted(cells.keys() ^ columns.keys())}")
        if len({len(column) for column in cells.values()}) > 1:
            raise ValueError(f"{table}: columns of different length")
        for name, column in cells.items():
            columns[name].extend(column)

    def mark(self) -> dict[str, int]:
        """How many rows there are, for `cut_back`."""
        return {table: len(next(iter(columns.values()))) for table, columns in self._lists.items()}

    def cut_back(self, mark: Mapping[str, int]) -> None:
        """Drop every row added since the mark: a page that fails half way leaves no half rows."""
        for table, columns in self._lists.items():
            for cells in columns.values():
                del cells[mark[table]:]

    def tables(self) -> dict[str, pa.Table]:
        """All tables as Arrow, in their declared schema (`_ENCODED` columns as dictionaries)."""
        return {name: self._make_table(name) for name in TABLES}

    def _make_table(self, name: str) -> pa.Table:
        encoded = _ENCODED.get(name, ())
        arrays = {}
        for column in TABLES[name].arrow:
            cells = pa.array(self._lists[name][column.name], column.type)
            arrays[column.name] = cells.dictionary_encode() if column.name in encoded else cells
        return pa.table(arrays)


def pack_tables(tables: Mapping[str, pa.Table]) -> bytes:
    """All tables of a batch as bytes: an Arrow stream a table, in the order of `schema.TABLES`."""
    sink = pa.BufferOutputStream()
    for name in TABLES:
        with pa.ipc.new_stream(sink, tables[name].schema) as stream:
            stream.write_table(tables[name])
    return bytes(sink.getvalue())


class WaitingRows:
    """Packed batches of tables in an unnamed file of `folder`, handed back as one table each.

    Raises OSError where the folder cannot be written or the disk is full.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  closed when nothing points to it any more
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(folder)) from None  # not the name of a file nobody sees
        self._places: list[tuple[int, int]] = []

    def keep(self, packed: bytes) -> None:
        """Write one batch behind the others."""
        begin = self._file.tell()
        self._file.write(packed)
        self._file.write(b"\0" * (-len(packed) % _ALIGNED))
        self._places.append((begin, len(packed)))

    def batches(self) -> Iterator[dict[str, pa.Table]]:
        """The batches as they were kept, their rows still on disk until they are read."""
        if not self._places:
            return
        self._file.flush()
        mapped = pa.py_buffer(mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ))
        for begin, length in self._places:
            source = pa.BufferReader(mapped.slice(begin, length))
            yield {name: pa.ipc.open_stream(source).read_all() for name in TABLES}

    def join(self) -> dict[str, pa.Table]:
        """All batches together: each table once."""
        batches = list(self.batches()) or [Columns().tables()]
        return {name: pa.concat_tables([batch[name] for batch in batches]) for name in TABLES}


def replace_pages(waiting: WaitingRows, fresh: WaitingRows, folder: Path) -> WaitingRows:
    """The rows with everything of a page that is in `fresh` taken from there; a page that has gone stays as it was."""
    renewed = [batch["pages"].column("page_id") for batch in fresh.batches()]
    page_ids = pa.chunked_array([chunk for column in renewed for chunk in column.chunks], pa.string()).combine_chunks()
    replaced = WaitingRows(folder)
    for batch in waiting.batches():
        replaced.keep(pack_tables(_drop_pages(batch, page_ids)))
    for batch in fresh.batches():
        replaced.keep(pack_tables(batch))
    return replaced


def _drop_pages(batch: dict[str, pa.Table], page_ids: pa.Array) -> dict[str, pa.Table]:
    """A batch without the rows of these pages. The rows of a page are all in one batch."""
    documents = batch["documents"]
    gone = documents.filter(pc.is_in(documents.column("page_id"), value_set=page_ids)).column("doc_id")
    doc_ids = pa.chunked_array(gone.chunks, pa.string()).combine_chunks()
    kept = {}
    for name, table in batch.items():
        owner, owners = ("page_id", page_ids) if "page_id" in table.column_names else ("doc_id", doc_ids)
        if owner in table.column_names:
            table = table.filter(pc.invert(_is_among(table.column(owner), owners)))
        kept[name] = table
    return kept


def _is_among(values: pa.ChunkedArray, known: pa.Array) -> pa.ChunkedArray:
    """pc.is_in, for columns kept as dictionaries too."""
    if not pa.types.is_dictionary(values.type):
        return pc.is_in(values, value_set=known)
    parts = [pc.is_in(chunk.dictionary, value_set=known).take(chunk.indices) for chunk in values.chunks]
    return pa.chunked_array(parts, pa.bool_())
