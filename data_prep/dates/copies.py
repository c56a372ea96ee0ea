"""Copies of one release date each other, once releases are known."""

from __future__ import annotations

from datetime import date

import pandas as pd

#: How far a copy is trusted to be of the same day.
_COPY_WEIGHT = 0.9


def date_from_copies(documents: pd.DataFrame, evidence: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Let copies of one release date each other; both tables come back, with what was added.

    `documents` needs doc_id, release_id, event_date, date_from, date_to; `evidence` the columns of the
    evidence table. A document takes the day that every dated copy of its release has, if that day lies in
    its own interval. Copies that disagree change nothing. Neither table given is changed.
    """
    documents = documents.copy()
    days: dict[str, dict[date, str]] = {}
    for row in documents.itertuples(index=False):
        if _is_day(row.event_date):
            days.setdefault(row.release_id, {}).setdefault(row.event_date, row.doc_id)
    columns = ("event_date", "date_from", "date_to")
    cells = {name: documents[name].astype(object).tolist() for name in columns}
    added = []
    for at, row in enumerate(documents.itertuples(index=False)):
        known = days.get(row.release_id, {})
        if _is_day(row.event_date) or len(known) != 1:
            continue
        day, copy = next(iter(known.items()))
        if (_is_day(row.date_from) and day < row.date_from) or (_is_day(row.date_to) and day > row.date_to):
            continue
        for name in columns:
            cells[name][at] = day
        added.append({"doc_id": row.doc_id, "field": "event_date", "value": day.isoformat(), "rule": "copy",
                      "begin": None, "end": None, "surface": copy, "weight": _COPY_WEIGHT})
    for name in columns:
        documents[name] = pd.Series(cells[name], index=documents.index, dtype=object)
    if added:
        rows = pd.DataFrame(added, columns=evidence.columns)
        rows = rows.astype({name: kind for name, kind in evidence.dtypes.items() if kind != rows[name].dtype})
        evidence = pd.concat([evidence, rows], ignore_index=True) if len(evidence) else rows
    return documents, evidence


def _is_day(value: object) -> bool:
    return value is not None and not (isinstance(value, float) or value is pd.NaT)
