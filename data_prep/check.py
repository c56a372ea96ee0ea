"""The invariants of a build: what must hold of any build of any pages, said in sentences where it does not.

Read in pieces and compared as columns: a build of a hundred thousand pages has fifty million rows.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data_prep.decode import encode_page
from data_prep.repair import replay_edits, undo_edits
from data_prep.schema import LEVELS, PERSON_KINDS, PROVINCES, TABLES, Edit
from data_prep.store import Build, find_damage

#: Sentences kept for one invariant: the first ones tell what is wrong, the rest only how often.
_SHOWN = 5

#: column -> table and column whose values it may take
_REFERENCES = {"doc_id": "documents", "page_id": "pages", "phrase_id": "phrases"}


def check_build(build: Build) -> list[str]:
    """Test every invariant of a build; returns one sentence for each that fails, empty if all hold."""
    problems: list[str] = find_damage(build.path)
    for invariant in _INVARIANTS:
        try:
            found = invariant(build)
            problems += islice(found, _SHOWN)
            n_more = sum(1 for _ in found)
        except (OSError, pa.ArrowException, KeyError) as error:
            problems.append(f"the tables cannot be read: {' '.join(str(error).split())}: build them again")
            break
        if n_more:
            problems.append(f"... and {n_more:,} more of this kind")
    return problems


def _keys_are_unique(build: Build) -> Iterator[str]:
    for name, table in TABLES.items():
        last: pa.RecordBatch | None = None
        for batch in build.batches(name, list(table.key)):
            rows = pa.Table.from_batches([batch] if last is None else [last, batch]).combine_chunks()
            before, after = _compare_neighbours(rows)
            for row in np.flatnonzero(~before & ~after):
                yield f"{name}: more than one row for {tuple(rows.slice(row, 1).to_pylist()[0].values())}"
            for row in np.flatnonzero(after):
                yield f"{name}: {tuple(rows.slice(row + 1, 1).to_pylist()[0].values())} is out of order"
            last = batch.slice(batch.num_rows - 1) if batch.num_rows else last


def _compare_neighbours(rows: pa.Table) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """For each row but the last: whether it comes before the next one by the columns in turn, and whether after (null is last)."""
    n = max(rows.num_rows - 1, 0)
    before, after = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for name in rows.column_names:
        here, there = rows.column(name).slice(0, n), rows.column(name).slice(1)
        less, greater = (_known(compare(here, there)) for compare in (pc.less, pc.greater))
        empty, emptied = _known(pc.is_null(here)), _known(pc.is_null(there))
        tied = ~before & ~after
        before |= tied & (less | (emptied & ~empty))
        after |= tied & (greater | (empty & ~emptied))
    return before, after


def _known(answers: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
    """Answers as numpy; no answer is no."""
    result: npt.NDArray[np.bool_] = pc.fill_null(answers, False).to_numpy()
    return result


def _references_hold(build: Build) -> Iterator[str]:
    known = {table: build.arrow(table, [column]).column(column).combine_chunks() for column, table in _REFERENCES.items()}
    for name, table in TABLES.items():
        for column in sorted(set(table.names) & _REFERENCES.keys()):
            if _REFERENCES[column] == name:
                continue
            strange: set[str] = set()
            for batch in build.batches(name, [column]):
                values = batch.column(column)
                found = pc.is_in(values, value_set=known[_REFERENCES[column]])
                if not pc.all(found, min_count=0).as_py():
                    strange |= set(values.filter(pc.invert(found)).to_pylist())
            for value in sorted(strange):
                yield f"{name}: {column} {value} is in no row of {_REFERENCES[column]}"


def _pages_are_accounted_for(build: Build) -> Iterator[str]:
    pages = build.read("pages", ["page_id", "path", "status", "reason"])
    for row in pages[~pages["status"].isin(["accepted", "rejected"])].itertuples():
        yield f"pages: {row.path} is neither accepted nor rejected"
    for row in pages[(pages["status"] == "rejected") & pages["reason"].isna()].itertuples():
        yield f"pages: {row.path} is rejected without a reason"
    accepted = set(pages.loc[pages["status"] == "accepted", "page_id"])
    kept = set(build.read("page_texts", ["page_id"])["page_id"])
    for page_id in sorted(accepted ^ kept):
        yield f"page_texts: accepted pages and kept texts differ at {page_id}"


def _repairs_undo_and_replay(build: Build) -> Iterator[str]:
    pages = {row.page_id: row for row in build.read("pages").itertuples(index=False)}
    edits: dict[str, list[Edit]] = defaultdict(list)
    for row in build.read("repairs").itertuples(index=False):
        edits[row.page_id].append(Edit(row.rule, row.begin, row.end, row.before, row.after, row.confidence))
    for page_id, raw, repaired in _rows_of(build, "page_texts", ["page_id", "raw", "repaired"]):
        page, log = pages.get(page_id), edits.get(page_id, [])
        if page is None:
            continue  # said by the references
        if replay_edits(raw, log) != repaired:
            yield f"repairs: replaying them on {page.path} does not give its repaired text"
        if undo_edits(repaired, log) != raw:
            yield f"repairs: undoing them on {page.path} does not give the page as found"
        elif not page.markup and hashlib.sha256(encode_page(raw, page.encoding)).hexdigest() != page.sha256:
            yield f"repairs: {page.path}, undone and encoded again, is not the page as found"


def _texts_fit(build: Build) -> Iterator[str]:
    repaired = _Texts(build, "page_texts", "page_id", "repaired")
    segments: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for doc_id, begin, end, page_begin in _rows_of(build, "segments", ["doc_id", "begin", "end", "page_begin"]):
        segments[doc_id].append((begin, end, page_begin))
    covered: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for doc_id, page_id, text, original in _rows_of(build, "documents", ["doc_id", "page_id", "text", "original"]):
        if len(text) != len(original):
            yield f"documents: text and original of {doc_id} differ in length"
        page = repaired.find(page_id) or ""
        for begin, end, page_begin in segments.get(doc_id, ()):
            page_end = page_begin + end - begin
            covered[page_id].append((page_begin, page_end))
            if original[begin:end] != page[page_begin:page_end]:
                yield f"segments: {doc_id} at {begin} is not what stands on its page"
    for page_id, begin, end, surface in _rows_of(build, "furniture", ["page_id", "begin", "end", "surface"]):
        covered[page_id].append((begin, end))
        if (repaired.find(page_id) or "")[begin:end] != surface:
            yield f"furniture: {page_id} at {begin} is not what stands on the page"
    for page_id, page in _rows_of(build, "page_texts", ["page_id", "repaired"]):
        end = 0
        for begin, stop in sorted(covered.get(page_id, [])):
            if begin < end:
                yield f"segments: {page_id} has characters counted twice at {begin}"
            if page[end:begin].strip():
                yield f"segments: {page_id} lost characters at {end}"
            end = max(end, stop)
        if page[end:].strip():
            yield f"segments: {page_id} lost characters at {end}"


def _offsets_fit(build: Build) -> Iterator[str]:
    texts = _Texts(build, "documents", "doc_id", "text")
    for name, surface in (("phrase_hits", "surface"), ("evidence", "surface"), ("people", "name"), ("speech", None)):
        columns = ["doc_id", "begin", "end", *([surface] if surface else [])]
        for doc_id, begin, end, *words in _rows_of(build, name, columns):
            if begin is None:
                continue
            text = texts.find(doc_id)
            if text is None:
                continue  # said by the references
            if end is None or not 0 <= begin < end <= len(text):
                yield f"{name}: {doc_id} has offsets {begin} to {end} in a text of {len(text)} characters"
            elif words and text[begin:end] != words[0] and "".join(text[begin:end].split()) != "".join(words[0].split()):
                yield f"{name}: {doc_id} at {begin} reads {text[begin:end]!r}, not {words[0]!r}"
    lengths = texts.lengths()
    for batch in build.batches("reuse"):
        for side in "ab":
            doc, begin, end = (batch.column(f"{name}_{side}") for name in ("doc", "begin", "end"))
            begins, ends = begin.to_numpy(), end.to_numpy()
            at = texts.places(doc)
            inside = (at >= 0) & (begins >= 0) & (begins < ends) & (ends <= lengths[at])
            for row in np.flatnonzero(~inside):
                yield f"reuse: {batch.column('reuse_id')[row].as_py()} points outside {doc[row].as_py()}"


def _words_are_of_the_vocabulary(build: Build) -> Iterator[str]:
    documents = build.read("documents", ["doc_id", "level", "province", "date_from", "date_to", "event_date"])
    for field, allowed in (("level", LEVELS), ("province", PROVINCES)):
        strange = documents[documents[field].notna() & ~documents[field].isin(allowed)]
        for doc_id, value in zip(strange["doc_id"], strange[field], strict=True):
            yield f"documents: {doc_id} has the unknown {field} {value}"
    first, last, day = documents["date_from"], documents["date_to"], documents["event_date"]
    for doc_id in documents.loc[day.notna() & ~((first <= day) & (day <= last)), "doc_id"]:
        yield f"documents: {doc_id} happened outside its own interval"
    for doc_id in documents.loc[first > last, "doc_id"]:
        yield f"documents: {doc_id} begins after it ends"
    people = build.read("people", ["doc_id", "name", "kind"])
    for row in people[~people["kind"].isin(PERSON_KINDS)].itertuples(index=False):
        yield f"people: {row.name} in {row.doc_id} is of the unknown kind {row.kind}"


def _terms_add_up(build: Build) -> Iterator[str]:
    documents = build.arrow("documents", ["doc_id", "n_tokens"])
    doc_ids = documents.column("doc_id").combine_chunks()
    counted = np.zeros(len(doc_ids), dtype=np.int64)
    for batch in build.batches("term_counts", ["doc_id", "n"]):
        at = pc.fill_null(pc.index_in(batch.column("doc_id"), value_set=doc_ids), -1).to_numpy()
        counted += np.bincount(at[at >= 0], batch.column("n").to_numpy()[at >= 0], len(doc_ids)).astype(np.int64)
    stated = documents.column("n_tokens").to_numpy()
    for row in np.flatnonzero(counted != stated):
        yield f"term_counts: {doc_ids[row].as_py()} adds up to {counted[row]}, not {stated[row]}"


class _Texts:
    """One text of every page or document, found by its id; rows that come in order find it at once."""

    def __init__(self, build: Build, table: str, key: str, column: str) -> None:
        rows = build.arrow(table, [key, column])
        self._ids, self._texts = rows.column(key).combine_chunks(), rows.column(column)
        self._places = {name: place for place, name in enumerate(self._ids.to_pylist())}
        self._last: tuple[str, str] | None = None

    def find(self, name: str) -> str | None:
        """The text, None where there is no such row."""
        if self._last is None or self._last[0] != name:
            place = self._places.get(name)
            if place is None:
                return None
            self._last = name, self._texts[place].as_py()
        return self._last[1]

    def places(self, names: pa.Array) -> npt.NDArray[np.int64]:
        """The row of every name, -1 where there is none."""
        return pc.fill_null(pc.index_in(names, value_set=self._ids), -1).to_numpy().astype(np.int64)

    def lengths(self) -> npt.NDArray[np.int64]:
        """Characters of every text, and one 0 behind them for the row -1."""
        return np.append(pc.utf8_length(self._texts).to_numpy(), 0).astype(np.int64)


def _rows_of(build: Build, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table as tuples, a piece of the table in memory at a time."""
    for batch in build.batches(table, columns):
        yield from zip(*(batch.column(name).to_pylist() for name in columns), strict=True)


_INVARIANTS: tuple[Callable[[Build], Iterator[str]], ...] = (
    _keys_are_unique,
    _references_hold,
    _pages_are_accounted_for,
    _repairs_undo_and_replay,
    _texts_fit,
    _offsets_fit,
    _words_are_of_the_vocabulary,
    _terms_add_up,
)
