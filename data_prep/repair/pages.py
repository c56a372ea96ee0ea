"""Pages of which another page holds a better copy: what damage hid in one, the other shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import pyarrow as pa

from data_prep.schema import Edit

from .copies import UNSURE, fill_from_copy

#: Copies of one release that are looked at to fill a place; a crowd of copies knows no more than a few.
MOST_COPIES = 8


def find_better_repairs(tables: Mapping[str, pa.Table]) -> dict[str, list[Edit]]:
    """Better repairs for pages of which another page holds a copy of the same release; by page_id, only what changed."""
    repairs = tables["repairs"].to_pandas()
    unsure = (repairs["rule"] == "unrepaired") | (repairs["confidence"] < UNSURE)
    documents = tables["documents"].select(["doc_id", "page_id", "release_id"]).to_pandas()
    in_copies = documents[documents.groupby("release_id")["page_id"].transform("nunique") > 1]
    doubtful = set(repairs.loc[unsure, "page_id"]) & set(in_copies["page_id"])
    if not doubtful:
        return {}
    # The copies that need no guess themselves come first.
    in_copies = in_copies.assign(doubtful=in_copies["page_id"].isin(doubtful)).sort_values(["doubtful", "doc_id"])
    releases = {page_id: list(dict.fromkeys(names)) for page_id, names in in_copies.groupby("page_id")["release_id"]}
    copies = {name: list(zip(rows["page_id"], rows.index, strict=True)) for name, rows in in_copies.groupby("release_id")}
    logs = dict(list(repairs[repairs["page_id"].isin(doubtful)].groupby("page_id")))
    place = {page_id: row for row, page_id in enumerate(tables["page_texts"].column("page_id").to_pylist())}
    raw, original = tables["page_texts"].column("raw"), tables["documents"].column("original")
    filled = {}
    for page_id in sorted(doubtful):
        known = [Edit(r.rule, r.begin, r.end, r.before, r.after, r.confidence)
                 for r in logs[page_id].sort_values(["begin", "end"]).itertuples()]
        better = known
        found = raw[place[page_id]].as_py()
        for release in releases[page_id]:
            others = (row for owner, row in copies[release] if owner != page_id)
            for row in islice(others, MOST_COPIES):
                better = fill_from_copy(found, better, original[row].as_py())
        if better != known:
            filled[page_id] = better
    return filled
