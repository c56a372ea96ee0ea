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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.metadata import version as installed_version
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data_prep import __version__
from data_prep.articles import split_articles
from data_prep.dates import ArticleFacts, date_articles, date_from_copies
from data_prep.decode import UndecodablePage, decode_page
from data_prep.lexicons.tenures import read_tenures
from data_prep.overrides import FILE as OVERRIDES
from data_prep.overrides import Override, apply_overrides, read_overrides
from data_prep.pages import RejectedFile, find_pages, read_markup
from data_prep.people import find_mentions, identify_people, name_offices
from data_prep.phrases import Lexicon, load_lexicon
from data_prep.places import place_article
from data_prep.repair import RepairedText, fill_from_copy, repair_text, replay_edits
from data_prep.repair.copies import UNSURE
from data_prep.reuse import assign_releases, find_reuse
from data_prep.rows import Columns, WaitingRows, pack_tables
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
from data_prep.workers import map_batches

#: Bytes of pages, and pages, that one task of a worker holds: enough that the task's own cost vanishes.
BATCH_BYTES, BATCH_PAGES = 1_000_000, 1000

#: Copies of one release that are looked at to fill a place; a crowd of copies knows no more than a few.
MOST_COPIES = 8

#: Packages whose version can change a table; recorded in build.json.
_PACKAGES = ("pandas", "pyarrow", "jieba", "rjieba", "opencc-python-reimplemented", "daachorse", "pypinyin",
             "charset-normalizer", "rapidfuzz")

Progress = Callable[[str, int], None]  # (what is being done, pages done so far)


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

    def check(self) -> None:
        """Read the user's files once, so that a wrong one is told before the first page is read."""
        self.load_phrases()
        read_tenures(self.holders)

    def narrow(self, page_ids: Iterable[str]) -> Sources:
        """The same with only the repairs of these pages: what one task needs."""
        return replace(self, edits={page_id: self.edits[page_id] for page_id in page_ids if page_id in self.edits})


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
    tell = progress or (lambda doing, n_pages: None)
    sources = Sources(lexicon, holders)
    sources.check()
    overrides = overrides or (out / OVERRIDES if (out / OVERRIDES).is_file() else None)
    corrections = read_overrides(overrides) if overrides else []
    waiting = _prepare_pages(find_pages(paths, manifest, out), sources, jobs, out, partial(tell, "reading pages"))
    tables = waiting.join()
    n_pages = tables["pages"].num_rows
    if not n_pages:
        raise NoPages(f"no page found in {', '.join(map(str, paths))}: name a folder that holds .txt, .md or .html pages")
    tell("comparing documents", n_pages)
    tables = _join_documents(tables, corrections)
    filled = _fill_from_copies(tables)
    if filled:  # a page read better is a page to be read again: its articles, people and dates may differ
        tell(f"reading {len(filled):,} pages again", n_pages)
        tables.clear()  # two corpora would not fit into memory
        again = (page for page in find_pages(paths, manifest, out) if _identify_page(page) in filled)
        waiting = _replace_pages(waiting, _prepare_pages(again, replace(sources, edits=filled), jobs, out), out)
        tell("comparing documents", n_pages)
        tables = _join_documents(waiting.join(), corrections)
    tables["phrases"] = _as_arrow(sources.load_phrases().table(), "phrases")
    tell("writing tables", n_pages)
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
    mark = rows.mark()
    try:
        _read_page(page, identity, phrases, sources, rows)
    except UndecodablePage as error:
        rows.cut_back(mark)
        _reject(rows, page, identity, f"{str(error).rstrip('.')}: save the page as text again, or take the file out")
    except Exception as error:  # one page nobody foresaw must not cost the other hundred thousand
        rows.cut_back(mark)
        _reject(rows, page, identity, f"could not be prepared, please report it: {type(error).__name__}: {error}")


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
    rows.extend("term_counts", doc_id=[doc_id] * len(terms), term=list(terms), n=list(terms.values()))


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
    pages: Iterable[RawPage | RejectedFile], sources: Sources, jobs: int, folder: Path,
    tell: Callable[[int], None] | None = None,
) -> WaitingRows:
    """The rows of all pages, waiting on disk in `folder`."""
    waiting = WaitingRows(folder)
    done = 0
    batches = ((sources.narrow(map(_identify_page, batch)) if sources.edits else sources, batch) for batch in _gather(pages))
    with closing(map_batches(_prepare_batch, batches, jobs)) as prepared:
        for n_pages, packed in prepared:
            waiting.keep(packed)
            done += n_pages
            if tell is not None:
                tell(done)
    return waiting


def _prepare_batch(task: tuple[Sources, Sequence[RawPage | RejectedFile]]) -> tuple[int, bytes]:
    sources, batch = task
    rows = Columns()
    phrases = sources.load_phrases()
    for page in batch:
        prepare_page(page, phrases, sources, rows)
    return len(batch), pack_tables(rows.tables())


def _gather(pages: Iterable[RawPage | RejectedFile]) -> Iterator[list[RawPage | RejectedFile]]:
    batch: list[RawPage | RejectedFile] = []
    size = 0
    for page in pages:
        batch.append(page)
        size += len(page.raw)
        if size >= BATCH_BYTES or len(batch) >= BATCH_PAGES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


# --- All documents together --------------------------------------------------------------


def _join_documents(tables: dict[str, pa.Table], corrections: list[Override]) -> dict[str, pa.Table]:
    """Find what only the whole corpus can tell: shared passages, releases, dates from copies, identities."""
    documents = tables["documents"].drop_columns(["original"]).to_pandas()
    reuse = find_reuse(documents["doc_id"].tolist(), documents["text"].tolist())
    documents["release_id"] = assign_releases(documents, reuse)
    pages, evidence, people = (tables[name].to_pandas() for name in ("pages", "evidence", "people"))
    documents, evidence = date_from_copies(documents, evidence)
    documents, evidence, people = apply_overrides(corrections, pages, documents, evidence, people)
    people["person_id"] = identify_people(people, documents.drop(columns="text"))
    documents["original"] = ""  # the texts themselves stay as they are, in the waiting rows
    frame = _as_arrow(documents.assign(text=""), "documents")
    for name in ("text", "original"):
        frame = frame.set_column(frame.column_names.index(name), frame.schema.field(name), tables["documents"].column(name))
    return {
        **tables,
        "documents": frame,
        "evidence": _as_arrow(evidence.drop_duplicates(list(TABLES["evidence"].key)), "evidence"),
        "people": _as_arrow(people.drop_duplicates(list(TABLES["people"].key)), "people"),
        "reuse": _as_arrow(reuse, "reuse"),
    }


def _fill_from_copies(tables: dict[str, pa.Table]) -> dict[str, list[Edit]]:
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


def _replace_pages(waiting: WaitingRows, fresh: WaitingRows, folder: Path) -> WaitingRows:
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
            "people": pc.count_distinct(tables["people"].column("person_id")).as_py(),
            "mentions": tables["people"].num_rows,
            "phrase hits": tables["phrase_hits"].num_rows,
            "phrases found": pc.count_distinct(tables["phrase_hits"].column("phrase_id")).as_py(),
            "repairs": tables["repairs"].num_rows,
            "shared passages": tables["reuse"].num_rows,
        },
        rejected=list(zip(refused["path"], refused["reason"], strict=True)),
        repairs={str(rule): int(n) for rule, n in tables["repairs"].column("rule").to_pandas().value_counts().items()},
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
