"""The whole recipe: a folder of pages in, a build out.

    pages -> decode -> markup -> repair -> script -> articles        one page at a time,
          -> people, phrases, places -> dates -> speech, terms       in as many processes as asked
    all documents -> reuse -> releases -> copies help each other
          -> readers' corrections -> identities -> tables

Only this module sees all the steps; each step sees one question.
"""

from __future__ import annotations

import hashlib
import os
import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version as installed_version
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from data_prep import __version__
from data_prep.articles import split_articles
from data_prep.dates import ArticleFacts, date_articles, date_from_copies
from data_prep.decode import UndecodablePage, decode_page
from data_prep.overrides import FILE as OVERRIDES
from data_prep.overrides import Override, apply_overrides, read_overrides
from data_prep.pages import RejectedFile, find_pages, read_markup
from data_prep.people import find_mentions, identify_people, name_offices
from data_prep.phrases import Lexicon, load_lexicon
from data_prep.places import place_article
from data_prep.repair import RepairedText, fill_from_copy, repair_text, replay_edits
from data_prep.repair.copies import UNSURE
from data_prep.reuse import assign_releases, find_reuse
from data_prep.schema import (
    TABLES,
    Article,
    Dating,
    Edit,
    Furniture,
    PageContext,
    RawPage,
)
from data_prep.script import fold_script, tell_script
from data_prep.search_index import write_index
from data_prep.speech import find_speech
from data_prep.store import Build, write_build
from data_prep.tokens import count_terms

#: Bytes of pages one task of a worker holds: large enough that the task's own cost vanishes.
BATCH_BYTES = 2_000_000

#: Packages whose version can change a table; recorded in build.json.
_PACKAGES = ("pandas", "pyarrow", "jieba", "rjieba", "opencc-python-reimplemented", "daachorse", "pypinyin",
             "charset-normalizer", "rapidfuzz")

Progress = Callable[[int, int], None]  # (pages read so far, bytes read so far)


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

    def arrow(self, table: str) -> pa.Table:
        """One table as Arrow, in its declared schema."""
        declared = TABLES[table].arrow
        arrays = [pa.array(self._lists[table][column.name], column.type) for column in declared]
        return pa.Table.from_arrays(arrays, schema=declared)

    def tables(self) -> dict[str, pa.Table]:
        """All tables as Arrow."""
        return {name: self.arrow(name) for name in TABLES}


@dataclass(frozen=True)
class Report:
    """What a build did, to be printed: counts by name, rejected pages by reason, repairs by rule."""

    counts: dict[str, int]
    rejected: list[tuple[str, str]] = field(default_factory=list)
    repairs: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Sources:
    """What is known beyond the pages: files of a user's own phrases and office holders, and better repairs by page_id."""

    lexicon: Path | None = None
    holders: Path | None = None
    edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict)

    def load_phrases(self) -> Lexicon:
        """The lexicon of phrases with the user's own."""
        return load_lexicon(self.lexicon)


class NoPages(ValueError):
    """The paths given hold no file at all; the message says what to do."""


def build_corpus(
    paths: Sequence[Path],
    out: Path,
    *,
    manifest: Path | None = None,
    lexicon: Path | None = None,
    holders: Path | None = None,
    overrides: Path | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> tuple[Build, Report]:
    """Turn files and folders of pages into a build below `out`.

    `manifest` is a table of what is known of single pages, `lexicon` a table of further phrases,
    `holders` a table of further office holders (columns of lexicons/holders.csv),
    `overrides` a file of readers' corrections (default: the one beside the builds, where there is one),
    `jobs` the number of processes. Raises NoPages, FileNotFoundError or ValueError with one clear
    sentence; a page that cannot be read becomes a rejected row and costs the others nothing.
    """
    sources = Sources(lexicon, holders)
    tables = _prepare_pages(find_pages(paths, manifest), sources, jobs, progress)
    if not tables["pages"].num_rows:
        raise NoPages(f"no page found in {', '.join(map(str, paths))}: name a folder that holds .txt, .md or .html pages")
    overrides = overrides or (out / OVERRIDES if (out / OVERRIDES).is_file() else None)
    corrections = read_overrides(overrides) if overrides else []
    joined = _join_documents(tables, corrections)
    filled = _fill_from_copies(joined)
    if filled:  # a page read better is a page to be read again: its articles, people and dates may differ
        again = (page for page in find_pages(paths, manifest) if _identify_page(page) in filled)
        fresh = _prepare_pages(again, replace(sources, edits=filled), jobs)
        joined = _join_documents(_replace_pages(tables, fresh, set(filled)), corrections)
    tables = joined
    tables["phrases"] = pa.Table.from_pandas(
        sources.load_phrases().table()[TABLES["phrases"].names], TABLES["phrases"].arrow, preserve_index=False
    )
    report = _report(tables)
    about = _describe_build(tables, report, {
        "manifest": manifest, "lexicon": lexicon, "holders": holders, "overrides": overrides,
    })
    return write_build(out, tables, about, lambda folder: write_index(folder, tables)), report


# --- One page at a time ---------------------------------------------------------------


def prepare_page(page: RawPage | RejectedFile, phrases: Lexicon, sources: Sources, rows: Columns) -> None:
    """Add everything one page gives to `rows`: never raises for what a page holds."""
    identity = _identify_page(page)
    if isinstance(page, RejectedFile):
        _reject(rows, page, identity, page.reason)
        return
    scratch = Columns()  # so that a page that fails half way leaves no half rows
    try:
        _read_page(page, identity, phrases, sources, scratch)
    except UndecodablePage as error:
        _reject(rows, page, identity, str(error))
    except Exception as error:  # one page nobody foresaw must not cost the other hundred thousand
        _reject(rows, page, identity, f"could not be prepared, please report it: {type(error).__name__}: {error}")
    else:
        for table, columns in scratch._lists.items():
            for name, cells in columns.items():
                rows._lists[table][name].extend(cells)


def _read_page(page: RawPage, identity: str, phrases: Lexicon, sources: Sources, rows: Columns) -> None:
    decoded = decode_page(page.raw)
    raw, metadata = read_markup(decoded.text, page.path)
    metadata = {**metadata, **page.metadata}  # what a manifest says outranks the page
    edits = sources.edits.get(identity)
    repaired = repair_text(raw) if edits is None else RepairedText(replay_edits(raw, edits), tuple(edits))
    original = repaired.text
    simplified = fold_script(original)
    articles, furniture = split_articles(simplified, original, metadata)
    rows.add(
        "pages", page_id=identity, path=_show_path(page.path), sha256=_hash_page(page),
        n_bytes=len(page.raw), encoding=decoded.encoding, script=tell_script(original),
        n_chars=_count_chars(original), markup=raw != decoded.text, status="accepted",
        reason=None if articles else "holds no article",
    )
    rows.add("page_texts", page_id=identity, raw=raw, repaired=original)
    _add_repairs(rows, identity, repaired.edits)
    for piece in furniture:
        rows.add("furniture", page_id=identity, begin=piece.begin, end=piece.end, rule=piece.rule, surface=piece.surface)
    _read_articles(identity, articles, furniture, PageContext(
        page.path, metadata, tuple((piece.rule, simplified[piece.begin : piece.end]) for piece in furniture)
    ), phrases, sources, rows)


def _read_articles(
    page_id: str, articles: Sequence[Article], furniture: Sequence[Furniture], context: PageContext,
    phrases: Lexicon, sources: Sources, rows: Columns,
) -> None:
    around = context.furniture
    facts = []
    for position, article in enumerate(articles):
        # The page's own furniture (an editor's name) is told once, with the first article.
        mentions = find_mentions(article.text, article.body_begin, around if position == 0 else ())
        placing = place_article(article, mentions, context, sources.holders)
        facts.append(ArticleFacts(article, mentions, phrases.find_hits(article.text), placing))
    datings = date_articles(facts, context, sources.holders)
    for position, (fact, dating) in enumerate(zip(facts, datings, strict=True), start=1):
        _add_document(rows, f"{page_id}-{position}", page_id, position, fact, dating)


def _add_document(rows: Columns, doc_id: str, page_id: str, position: int, fact: ArticleFacts, dating: Dating) -> None:
    article, placing = fact.article, fact.placing
    terms = count_terms(article.text)
    authors = dict.fromkeys(m.name for m in fact.mentions if m.kind == "journalist" and m.begin is not None)
    rows.add(
        "documents", doc_id=doc_id, page_id=page_id, position=position, title=article.title, text=article.text,
        original=article.original, body_begin=article.body_begin, level=placing.level, province=placing.province,
        provinces=list(placing.provinces), city=placing.city, county=placing.county, outlet=placing.outlet,
        author="、".join(authors) or None, event_date=dating.event_date, date_from=dating.date_from,
        date_to=dating.date_to, published=dating.published, release_id=doc_id,
        n_chars=_count_chars(article.text), n_tokens=sum(terms.values()),
    )
    for segment in article.segments:
        rows.add("segments", doc_id=doc_id, begin=segment.begin, end=segment.end, page_begin=segment.page_begin)
    for piece in (*placing.evidence, *dating.evidence):
        rows.add("evidence", doc_id=doc_id, field=piece.field, value=piece.value, rule=piece.rule, begin=piece.begin,
                 end=piece.end, surface=piece.surface, weight=piece.weight)
    for mention in fact.mentions:
        rows.add("people", doc_id=doc_id, person_id="", name=mention.name, role=mention.role,
                 offices=name_offices(mention.role, placing.province, placing.city, placing.county),
                 kind=mention.kind, presence=mention.presence, begin=mention.begin, end=mention.end)
    for span in find_speech(article.text, fact.mentions, article.body_begin):
        rows.add("speech", doc_id=doc_id, speaker=span.speaker, kind=span.kind, verb=span.verb,
                 begin=span.begin, end=span.end)
    for hit in fact.hits:
        rows.add("phrase_hits", doc_id=doc_id, phrase_id=hit.phrase_id, begin=hit.begin, end=hit.end, surface=hit.surface)
    for term, n in terms.items():
        rows.add("term_counts", doc_id=doc_id, term=term, n=n)


def _add_repairs(rows: Columns, page_id: str, edits: Iterable[Edit]) -> None:
    for edit in edits:
        rows.add("repairs", page_id=page_id, rule=edit.rule, begin=edit.begin, end=edit.end, before=edit.before,
                 after=edit.after, confidence=edit.confidence)


def _reject(rows: Columns, page: RawPage | RejectedFile, identity: str, reason: str) -> None:
    n_bytes = page.n_bytes if isinstance(page, RejectedFile) else len(page.raw)
    rows.add(
        "pages", page_id=identity, path=_show_path(page.path), sha256=_hash_page(page), n_bytes=n_bytes, encoding=None,
        script=None, n_chars=0, markup=False, status="rejected", reason=_show_path(reason),
    )


def _identify_page(page: RawPage | RejectedFile) -> str:
    """The same bytes at the same place have the same id in every build; two copies have two."""
    digest = hashlib.sha256(page.path.encode("utf-8", "surrogateescape") + b"\0" + bytes.fromhex(_hash_page(page)))
    return "p" + digest.hexdigest()[:12]


def _hash_page(page: RawPage | RejectedFile) -> str:
    """SHA-256 of the bytes as found; a file too large to be read carries its own."""
    return page.sha256 if isinstance(page, RejectedFile) else hashlib.sha256(page.raw).hexdigest()


def _show_path(path: str) -> str:
    """A file name may be no valid text; what cannot be shown is escaped."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _count_chars(text: str) -> int:
    return sum(map(len, text.split()))


# --- Many pages, in processes -----------------------------------------------------------


def _prepare_pages(
    pages: Iterable[RawPage | RejectedFile], sources: Sources, jobs: int, progress: Progress | None = None
) -> dict[str, pa.Table]:
    batches = _gather(pages, progress)
    prepare = partial(_prepare_batch, sources)
    if jobs <= 1:
        parts = list(map(prepare, batches))
    else:
        # spawn, not fork: a worker must not inherit the threads of pyarrow.
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(prepare, batches))
    if not parts:
        return Columns().tables()
    return {name: pa.concat_tables([part[name] for part in parts]) for name in TABLES}


def _prepare_batch(sources: Sources, batch: Sequence[RawPage | RejectedFile]) -> dict[str, pa.Table]:
    rows = Columns()
    phrases = sources.load_phrases()
    for page in batch:
        prepare_page(page, phrases, sources, rows)
    return rows.tables()


def _gather(
    pages: Iterable[RawPage | RejectedFile], progress: Progress | None
) -> Iterator[list[RawPage | RejectedFile]]:
    batch: list[RawPage | RejectedFile] = []
    size = n_bytes = 0
    for n_pages, page in enumerate(pages, start=1):
        batch.append(page)
        size += len(page.raw)
        n_bytes += len(page.raw)
        if progress is not None:
            progress(n_pages, n_bytes)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# --- All documents together --------------------------------------------------------------


def _join_documents(tables: dict[str, pa.Table], corrections: list[Override]) -> dict[str, pa.Table]:
    """Find what only the whole corpus can tell: shared passages, releases, dates from copies, identities."""
    pages, documents, evidence, people = (tables[name].to_pandas() for name in ("pages", "documents", "evidence", "people"))
    reuse = find_reuse(documents["doc_id"].tolist(), documents["text"].tolist())
    documents["release_id"] = assign_releases(documents, reuse)
    documents, evidence = date_from_copies(documents, evidence)
    documents, evidence, people = apply_overrides(corrections, pages, documents, evidence, people)
    people["person_id"] = identify_people(people, documents)
    return {
        **tables,
        "documents": _as_arrow(documents, "documents"),
        "evidence": _as_arrow(evidence.drop_duplicates(list(TABLES["evidence"].key)), "evidence"),
        "people": _as_arrow(people.drop_duplicates(list(TABLES["people"].key)), "people"),
        "reuse": _as_arrow(reuse, "reuse"),
    }


def _fill_from_copies(tables: dict[str, pa.Table]) -> dict[str, list[Edit]]:
    """Better repairs for pages of which another page holds a copy of the same release; by page_id, only what changed."""
    repairs = tables["repairs"].to_pandas()
    doubtful = set(repairs.loc[(repairs["rule"] == "unrepaired") | (repairs["confidence"] < UNSURE), "page_id"])
    documents = tables["documents"].select(["doc_id", "page_id", "release_id", "original"]).to_pandas()
    copies = documents[documents.groupby("release_id")["page_id"].transform("nunique") > 1]
    raw = dict(zip(*(tables["page_texts"].column(name).to_pylist() for name in ("page_id", "raw")), strict=True))
    filled = {}
    for page_id in sorted(doubtful & set(copies["page_id"])):
        log = repairs[repairs["page_id"] == page_id].sort_values(["begin", "end"])
        known = [Edit(r.rule, r.begin, r.end, r.before, r.after, r.confidence) for r in log.itertuples()]
        better = known
        releases = set(copies.loc[copies["page_id"] == page_id, "release_id"])
        others = copies[copies["release_id"].isin(releases) & (copies["page_id"] != page_id)].sort_values("doc_id")
        for copy in others["original"]:
            better = fill_from_copy(raw[page_id], better, copy)
        if better != known:
            filled[page_id] = better
    return filled


def _replace_pages(tables: dict[str, pa.Table], fresh: dict[str, pa.Table], page_ids: set[str]) -> dict[str, pa.Table]:
    """The tables with everything of these pages taken from `fresh`."""
    replaced = {}
    for name, table in tables.items():
        if "page_id" in table.column_names:
            owners = table.column("page_id").to_pylist()
        elif "doc_id" in table.column_names:
            owners = [doc_id.rsplit("-", 1)[0] for doc_id in table.column("doc_id").to_pylist()]
        else:
            owners = [None] * table.num_rows
        kept = pa.array([owner not in page_ids for owner in owners], pa.bool_())
        replaced[name] = pa.concat_tables([table.filter(kept), fresh[name]])
    return replaced


def _as_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    return pa.Table.from_pandas(frame[TABLES[table].names], TABLES[table].arrow, preserve_index=False)


# --- What was done ------------------------------------------------------------------------


def _report(tables: dict[str, pa.Table]) -> Report:
    pages = tables["pages"].select(["path", "status", "reason"]).to_pandas()
    documents = tables["documents"].select(["event_date", "date_from", "date_to", "level", "release_id"]).to_pandas()
    refused = pages[pages["status"] == "rejected"]
    return Report(
        counts={
            "pages": len(pages),
            "accepted": len(pages) - len(refused),
            "rejected": len(refused),
            "documents": len(documents),
            "releases": documents["release_id"].nunique(),
            "dated": int(documents["event_date"].notna().sum()),
            "dated to an interval": int((documents["event_date"].isna() & documents["date_from"].notna()).sum()),
            "placed": int(documents["level"].notna().sum()),
            "people": len(set(tables["people"].column("person_id").to_pylist())),
            "mentions": tables["people"].num_rows,
            "phrase hits": tables["phrase_hits"].num_rows,
            "phrases found": len(set(tables["phrase_hits"].column("phrase_id").to_pylist())),
            "repairs": tables["repairs"].num_rows,
            "shared passages": tables["reuse"].num_rows,
        },
        rejected=list(zip(refused["path"], refused["reason"], strict=True)),
        repairs=dict(Counter(tables["repairs"].column("rule").to_pylist()).most_common()),
    )


def _describe_build(tables: dict[str, pa.Table], report: Report, files: dict[str, Path | None]) -> dict[str, Any]:
    pages = tables["pages"].select(["path", "sha256"]).to_pylist()
    inputs = hashlib.sha256("".join(sorted(f"{p['sha256']}  {p['path']}\n" for p in pages)).encode())
    return {
        "version": __version__,
        "python": platform.python_version(),
        "packages": {name: installed_version(name) for name in _PACKAGES},
        "inputs": {
            "pages": inputs.hexdigest(),
            **{name: _hash_file(file) for name, file in files.items()},
        },
        "counts": report.counts,
        "repairs": report.repairs,
    }


def _hash_file(path: Path | None) -> str | None:
    return None if path is None else hashlib.sha256(path.read_bytes()).hexdigest()


def count_cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
