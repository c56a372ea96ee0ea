"""The invariants of a build: what must hold of any build of any pages, said in sentences where it does not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pandas as pd

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
        found = list(invariant(build))
        problems += found[:_SHOWN]
        if len(found) > _SHOWN:
            problems.append(f"... and {len(found) - _SHOWN:,} more of this kind")
    return problems


def _keys_are_unique(build: Build) -> Iterator[str]:
    for name, table in TABLES.items():
        keys = build.read(name, list(table.key))
        doubled = keys[keys.duplicated()]
        for row in doubled.itertuples(index=False):
            yield f"{name}: more than one row for {tuple(row)}"


def _references_hold(build: Build) -> Iterator[str]:
    for name, table in TABLES.items():
        for column in set(table.names) & _REFERENCES.keys() - {table.key[0] if name in _REFERENCES.values() else ""}:
            known = set(build.read(_REFERENCES[column], [column])[column])
            for value in sorted(set(build.read(name, [column])[column]) - known):
                yield f"{name}: {column} {value} is in no row of {_REFERENCES[column]}"


def _pages_are_accounted_for(build: Build) -> Iterator[str]:
    pages = build.read("pages")
    for row in pages[~pages["status"].isin(["accepted", "rejected"])].itertuples():
        yield f"pages: {row.path} is neither accepted nor rejected"
    for row in pages[(pages["status"] == "rejected") & pages["reason"].isna()].itertuples():
        yield f"pages: {row.path} is rejected without a reason"
    accepted, kept = set(pages.loc[pages["status"] == "accepted", "page_id"]), set(build.read("page_texts")["page_id"])
    for page_id in sorted(accepted ^ kept):
        yield f"page_texts: accepted pages and kept texts differ at {page_id}"


def _repairs_undo_and_replay(build: Build) -> Iterator[str]:
    pages = build.read("pages").set_index("page_id")
    edits: dict[str, list[Edit]] = {}
    for row in build.read("repairs").itertuples(index=False):
        edits.setdefault(row.page_id, []).append(
            Edit(row.rule, row.begin, row.end, row.before, row.after, row.confidence)
        )
    for row in build.read("page_texts").itertuples(index=False):
        page, log = pages.loc[row.page_id], edits.get(row.page_id, [])
        if replay_edits(row.raw, log) != row.repaired:
            yield f"repairs: replaying them on {page.path} does not give its repaired text"
        raw = undo_edits(row.repaired, log)
        if raw != row.raw:
            yield f"repairs: undoing them on {page.path} does not give the page as found"
        elif not page.markup and hashlib.sha256(encode_page(raw, page.encoding)).hexdigest() != page.sha256:
            yield f"repairs: {page.path}, undone and encoded again, is not the page as found"


def _texts_fit(build: Build) -> Iterator[str]:
    repaired = build.read("page_texts").set_index("page_id")["repaired"]
    segments = {doc_id: rows for doc_id, rows in build.read("segments").groupby("doc_id")}
    covered: dict[str, list[tuple[int, int]]] = {}
    for row in build.read("documents").itertuples(index=False):
        if len(row.text) != len(row.original):
            yield f"documents: text and original of {row.doc_id} differ in length"
        page = repaired.get(row.page_id, "")
        for piece in segments.get(row.doc_id, pd.DataFrame(columns=["begin", "end", "page_begin"])).itertuples(index=False):
            page_end = piece.page_begin + piece.end - piece.begin
            covered.setdefault(row.page_id, []).append((piece.page_begin, page_end))
            if row.original[piece.begin : piece.end] != page[piece.page_begin : page_end]:
                yield f"segments: {row.doc_id} at {piece.begin} is not what stands on its page"
    for row in build.read("furniture").itertuples(index=False):
        covered.setdefault(row.page_id, []).append((row.begin, row.end))
        if repaired.get(row.page_id, "")[row.begin : row.end] != row.surface:
            yield f"furniture: {row.page_id} at {row.begin} is not what stands on the page"
    for page_id, page in repaired.items():
        end = 0
        for begin, stop in sorted(covered.get(str(page_id), [])):
            if begin < end:
                yield f"segments: {page_id} has characters counted twice at {begin}"
            if page[end:begin].strip():
                yield f"segments: {page_id} lost characters at {end}"
            end = max(end, stop)
        if page[end:].strip():
            yield f"segments: {page_id} lost characters at {end}"


def _offsets_fit(build: Build) -> Iterator[str]:
    texts = build.read("documents", ["doc_id", "text"]).set_index("doc_id")["text"]
    for name, surface in (("phrase_hits", "surface"), ("evidence", "surface"), ("people", "name"), ("speech", None)):
        for row in build.read(name).dropna(subset=["begin"]).itertuples(index=False):
            text, begin, end = texts[row.doc_id], int(row.begin), int(row.end)
            if not 0 <= begin < end <= len(text):
                yield f"{name}: {row.doc_id} has offsets {begin} to {end} in a text of {len(text)} characters"
            elif surface and "".join(text[begin:end].split()) != "".join(getattr(row, surface).split()):
                yield f"{name}: {row.doc_id} at {begin} reads {text[begin:end]!r}, not {getattr(row, surface)!r}"
    for row in build.read("reuse").itertuples(index=False):
        for doc_id, begin, end in ((row.doc_a, row.begin_a, row.end_a), (row.doc_b, row.begin_b, row.end_b)):
            if doc_id not in texts.index or not 0 <= begin < end <= len(texts[doc_id]):
                yield f"reuse: {row.reuse_id} points outside {doc_id}"


def _words_are_of_the_vocabulary(build: Build) -> Iterator[str]:
    documents = build.read("documents", ["doc_id", "level", "province", "date_from", "date_to", "event_date"])
    for row in documents.itertuples(index=False):
        if not pd.isna(row.level) and row.level not in LEVELS:
            yield f"documents: {row.doc_id} has the unknown level {row.level}"
        if not pd.isna(row.province) and row.province not in PROVINCES:
            yield f"documents: {row.doc_id} has the unknown province {row.province}"
        if not pd.isna(row.event_date) and not row.date_from <= row.event_date <= row.date_to:
            yield f"documents: {row.doc_id} happened outside its own interval"
        if not pd.isna(row.date_from) and not pd.isna(row.date_to) and row.date_from > row.date_to:
            yield f"documents: {row.doc_id} begins after it ends"
    for row in build.read("people", ["doc_id", "name", "kind"]).itertuples(index=False):
        if row.kind not in PERSON_KINDS:
            yield f"people: {row.name} in {row.doc_id} is of the unknown kind {row.kind}"


def _terms_add_up(build: Build) -> Iterator[str]:
    counted = build.read("term_counts", ["doc_id", "n"]).groupby("doc_id")["n"].sum()
    for row in build.read("documents", ["doc_id", "n_tokens"]).itertuples(index=False):
        if counted.get(row.doc_id, 0) != row.n_tokens:
            yield f"term_counts: {row.doc_id} adds up to {counted.get(row.doc_id, 0)}, not {row.n_tokens}"


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
