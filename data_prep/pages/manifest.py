"""A manifest: a CSV file of what is known of single pages."""

from __future__ import annotations

import difflib
from pathlib import Path

from data_prep.lexicons.user_files import read_user_table

#: What a manifest may say about a page.
MANIFEST_COLUMNS = (
    "url", "title", "source", "published", "author", "province", "city", "outlet", "level", "event_date",
)


def read_manifest(manifest: Path) -> dict[str, dict[str, str]]:
    """The facts of a manifest by path; empty cells left out.

    Raises ValueError with one sentence where it has no `path` column, names a path twice,
    or has a column that looks like a slip of the pen (`publised`).
    """
    table = read_user_table(manifest, "the manifest", ("path",))
    columns = list(table[0][1]) if table else []
    for column in columns:
        near = difflib.get_close_matches(column, MANIFEST_COLUMNS, n=1, cutoff=0.8)
        if near and near[0] != column and near[0] not in columns:
            raise ValueError(f"the manifest {manifest} has a column {column}: did you mean {near[0]}?")
    facts: dict[str, dict[str, str]] = {}
    for _, cells in table:
        path = cells["path"].replace("\\", "/").removeprefix("./")
        if path in facts:
            raise ValueError(f"the manifest {manifest} names {path} twice: keep one row for each path")
        if path:
            facts[path] = {key: cells[key] for key in MANIFEST_COLUMNS if cells.get(key)}
    return facts
