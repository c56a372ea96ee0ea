"""A manifest: a CSV file of what is known of single pages."""

from __future__ import annotations

import csv
import difflib
import io
from pathlib import Path

#: What a manifest may say about a page.
MANIFEST_COLUMNS = (
    "url", "title", "source", "published", "author", "province", "city", "outlet", "level", "event_date",
)


def read_manifest(manifest: Path) -> dict[str, dict[str, str]]:
    """The facts of a manifest by path; empty cells left out.

    Raises ValueError with one sentence where it has no `path` column, names a path twice,
    or has a column that looks like a slip of the pen (`publised`).
    """
    try:
        raw = manifest.read_bytes()
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise FileNotFoundError(f"the manifest {manifest} cannot be read ({why})") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")  # what Excel saves on a Chinese Windows
    table = csv.DictReader(io.StringIO(text, newline=""))
    columns = [(name or "").strip() for name in table.fieldnames or ()]
    if "path" not in columns:
        raise ValueError(f"the manifest {manifest} has no column named path: its first line must name the columns")
    for column in columns:
        near = difflib.get_close_matches(column, MANIFEST_COLUMNS, n=1, cutoff=0.8)
        if near and near[0] != column and near[0] not in columns:
            raise ValueError(f"the manifest {manifest} has a column {column}: did you mean {near[0]}?")
    facts: dict[str, dict[str, str]] = {}
    for row in table:
        cells = {(key or "").strip(): value.strip() for key, value in row.items() if isinstance(value, str)}
        path = cells.get("path", "").replace("\\", "/").removeprefix("./")
        if path in facts:
            raise ValueError(f"the manifest {manifest} names {path} twice: keep one row for each path")
        if path:
            facts[path] = {key: cells[key] for key in MANIFEST_COLUMNS if cells.get(key)}
    return facts
