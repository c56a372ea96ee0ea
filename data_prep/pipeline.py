"""The whole recipe: a folder of pages in, a build out.

    pages -> decode -> markup -> repair -> script -> articles        batch by batch, step by step,
          -> people, places, phrases -> dates -> speech, terms       in as many processes as asked
    all documents -> reuse -> releases -> copies help each other
          -> readers' corrections -> identities -> tables

Only this module sees all the steps; each step sees one question.
"""

from __future__ import annotations

import gc
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from data_prep.articles import split_articles
from data_prep.dates import ArticleFacts, date_from_copies, date_pages
from data_prep.decode import DecodedPage, UndecodablePage, decode_page
from data_prep.lexicons.tenures import read_tenures
from data_prep.overrides import FILE as OVERRIDES
from data_prep.overrides import Override, apply_overrides, read_overrides
from data_prep.pages import RejectedFile, find_pages, read_markup
from data_prep.people import find_all_mentions, identify_people, name_offices
from data_prep.phrases import Lexicon, load_lexicon
from data_prep.places import place_articles
from data_prep.repair import RepairedText, repair_text, replay_edits
from data_prep.repair.pages import find_better_repairs
from data_prep.report import Report, describe_build, make_report
from data_prep.reuse import assign_releases, find_reuse
from data_prep.rows import Columns, WaitingRows, pack_tables, replace_pages
from data_prep.schema import (
    TABLES,
    Article,
    Dating,
    Edit,
    Furniture,
    Mention,
    PageContext,
    PhraseHit,
    Placing,
    RawPage,
    Speech,
)
from data_prep.script import fold_script, tell_script
from data_prep.search_index import write_index
from data_prep.speech import find_speech
from data_prep.store import Build, write_build
from data_prep.tokens import count_terms
from data_prep.workers import map_batches

#: Bytes of pages, and pages, that one task of a worker holds: enough that the task's own cost vanishes.
BATCH_BYTES, BATCH_PAGES = 1_000_000, 1000

Progress = Callable[[str, int], None]  # (what is being done, pages done so far)


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
    tables = _join_documents(tables, corrections, holders)
    filled = find_better_repairs(tables)
    if filled:  # a page read better is a page to be read again: its articles, people and dates may differ
        tell(f"reading {len(filled):,} pages again", n_pages)
        tables.clear()  # two corpora would not fit into memory
        again = (page for page in find_pages(paths, manifest, out) if _identify_page(page) in filled)
        waiting = replace_pages(waiting, _prepare_pages(again, replace(sources, edits=filled), jobs, out), out)
        tell("comparing documents", n_pages)
        tables = _join_documents(waiting.join(), corrections, holders)
    tables["phrases"] = _as_arrow(sources.load_phrases().table(), "phrases")
    tell("writing tables", n_pages)
    report = make_report(tables)
    about = describe_build(tables, report, {
        "manifest": manifest, "lexicon": lexicon, "holders": holders, "overrides": overrides,
    })
    return write_build(out, tables, about, lambda folder: write_index(folder, tables)), report


# --- Pages, many at a time ------------------------------------------------------------


@dataclass(slots=True)
class _Opened:
    """A page that was decoded, repaired and cut into articles, and what the steps have found in them so far."""

    page: RawPage
    identity: str
    decoded: DecodedPage
    raw: str
    repaired: RepairedText
    articles: list[Article]
    furniture: list[Furniture]
    context: PageContext
    mentions: list[list[Mention]] = field(default_factory=list)
    placings: list[Placing] = field(default_factory=list)
    hits: list[list[PhraseHit]] = field(default_factory=list)
    datings: list[Dating] = field(default_factory=list)
    spans: list[list[Speech]] = field(default_factory=list)
    terms: list[dict[str, int]] = field(default_factory=list)

    def facts(self) -> list[ArticleFacts]:
        """What is known of each article before it is dated."""
        return list(map(ArticleFacts, self.articles, self.mentions, self.hits, self.placings))


def prepare_pages(
    pages: Sequence[RawPage | RejectedFile], phrases: Lexicon, sources: Sources, rows: Columns
) -> None:
    """Add everything the pages give to `rows`, in their order: never raises for what a page holds."""
    mark = rows.mark()
    try:
        _read_pages(pages, phrases, sources, rows)
    except Exception as error:  # one page nobody foresaw must not cost the other hundred thousand
        rows.cut_back(mark)
        if len(pages) > 1:
            for page in pages:
                prepare_pages([page], phrases, sources, rows)
        else:
            _reject(rows, pages[0], f"could not be prepared, please report it: {type(error).__name__}: {error}")


def _read_pages(pages: Sequence[RawPage | RejectedFile], phrases: Lexicon, sources: Sources, rows: Columns) -> None:
    """Each step reads all the pages before the next step does: what it looks things up in stays at hand."""
    opened = [_open_page(page, sources) for page in pages]
    readable = [page for page in opened if isinstance(page, _Opened)]
    # The page's own furniture (an editor's name) is told once, with the first article.
    mentions = iter(find_all_mentions(
        (article.text, page.context.furniture if article is page.articles[0] else ())
        for page in readable for article in page.articles
    ))
    for page in readable:
        page.mentions = [next(mentions) for _ in page.articles]
    placings = iter(place_articles([
        (article, found, page.context)
        for page in readable for article, found in zip(page.articles, page.mentions, strict=True)
    ], sources.holders))
    for page in readable:
        page.placings = [next(placings) for _ in page.articles]
        page.hits = [phrases.find_hits(article.text) for article in page.articles]
    for page, datings in zip(readable, date_pages([(page.facts(), page.context) for page in readable], sources.holders), strict=True):
        page.datings = datings
    for page in readable:
        page.spans = [
            find_speech(article.text, found, article.body_begin)
            for article, found in zip(page.articles, page.mentions, strict=True)
        ]
    for page in readable:
        page.terms = [count_terms(article.text) for article in page.articles]
    for source, result in zip(pages, opened, strict=True):
        if isinstance(result, _Opened):
            _add_page(rows, result, sources.holders)
        else:
            _reject(rows, source, result)


def _open_page(page: RawPage | RejectedFile, sources: Sources) -> _Opened | str:
    """The page as its articles; or the reason why it cannot be read."""
    if isinstance(page, RejectedFile):
        return page.reason
    try:
        decoded = decode_page(page.raw)
    except UndecodablePage as error:
        return f"{str(error).rstrip('.')}: save the page as text again, or take the file out"
    identity = _identify_page(page)
    raw, metadata = read_markup(decoded.text, page.path)
    metadata = {**metadata, **page.metadata}  # what a manifest says outranks the page
    edits = sources.edits.get(identity)
    repaired = repair_text(raw) if edits is None else RepairedText(replay_edits(raw, edits), tuple(edits))
    simplified = fold_script(repaired.text)
    articles, furniture = split_articles(simplified, repaired.text, metadata)
    around = tuple((piece.rule, simplified[piece.begin : piece.end]) for piece in furniture)
    return _Opened(page, identity, decoded, raw, repaired, articles, furniture, PageContext(page.path, metadata, around))


def _add_page(rows: Columns, opened: _Opened, holders: Path | None) -> None:
    page, identity, original = opened.page, opened.identity, opened.repaired.text
    rows.add(
        "pages", page_id=identity, path=_show_path(page.path), sha256=_hash_page(page),
        n_bytes=len(page.raw), encoding=opened.decoded.encoding, script=tell_script(original),
        n_chars=_count_chars(original), markup=opened.raw != opened.decoded.text, status="accepted",
        reason=None if opened.articles else "holds no article",
    )
    rows.add("page_texts", page_id=identity, raw=opened.raw, repaired=original)
    _add_all(rows, "repairs", opened.repaired.edits, ("rule", "begin", "end", "before", "after", "confidence"), page_id=identity)
    _add_all(rows, "furniture", opened.furniture, ("begin", "end", "rule", "surface"), page_id=identity)
    found = zip(opened.facts(), opened.datings, opened.spans, opened.terms, strict=True)
    for position, (fact, dating, spans, terms) in enumerate(found, start=1):
        _add_document(rows, f"{identity}-{position}", identity, position, fact, dating, spans, terms, holders)


def _add_document(
    rows: Columns, doc_id: str, page_id: str, position: int, fact: ArticleFacts, dating: Dating,
    spans: Sequence[Speech], terms: Mapping[str, int], holders: Path | None,
) -> None:
    article, placing = fact.article, fact.placing
    authors = dict.fromkeys(m.name for m in fact.mentions if m.kind == "journalist" and m.begin is not None)
    rows.add(
        "documents", doc_id=doc_id, page_id=page_id, position=position, title=article.title, text=article.text,
        original=article.original, body_begin=article.body_begin, level=placing.level, province=placing.province,
        provinces=list(placing.provinces), city=placing.city, county=placing.county, outlet=placing.outlet,
        author="、".join(authors) or None, event_date=dating.event_date, date_from=dating.date_from,
        date_to=dating.date_to, published=dating.published, release_id=doc_id,
        n_chars=_count_chars(article.text), n_tokens=sum(terms.values()),
    )
    _add_all(rows, "segments", article.segments, ("begin", "end", "page_begin"), doc_id=doc_id)
    _add_all(rows, "evidence", [*placing.evidence, *dating.evidence],
             ("field", "value", "rule", "begin", "end", "surface", "weight"), doc_id=doc_id)
    _add_all(rows, "people", fact.mentions, ("name", "role", "kind", "presence", "begin", "end"), doc_id=doc_id, person_id="",
             offices=[name_offices(m.role, placing.province, placing.city, placing.county, m.name, holders) for m in fact.mentions])
    _add_all(rows, "speech", spans, ("speaker", "kind", "verb", "begin", "end"), doc_id=doc_id)
    _add_all(rows, "phrase_hits", fact.hits, ("phrase_id", "begin", "end", "surface"), doc_id=doc_id)
    rows.extend("term_counts", doc_id=[doc_id] * len(terms), term=list(terms), n=list(terms.values()))


def _add_all(rows: Columns, table: str, records: Sequence[Any], names: Sequence[str], **more: str | list[list[str]]) -> None:
    """A row for each record: its attributes `names`, and `more`, a column each or one cell for all."""
    rows.extend(
        table,
        **{name: [getattr(record, name) for record in records] for name in names},
        **{name: cells if isinstance(cells, list) else [cells] * len(records) for name, cells in more.items()},
    )


def _reject(rows: Columns, page: RawPage | RejectedFile, reason: str) -> None:
    n_bytes = page.n_bytes if isinstance(page, RejectedFile) else len(page.raw)
    rows.add(
        "pages", page_id=_identify_page(page), path=_show_path(page.path), sha256=_hash_page(page), n_bytes=n_bytes, encoding=None,
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
    with without_collection():
        prepare_pages(batch, phrases, sources, rows)
    return len(batch), pack_tables(rows.tables())


@contextmanager
def without_collection() -> Iterator[None]:
    """No collection of garbage meanwhile: a batch makes a million objects, none in a circle, and each would be looked at
    again and again.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


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


def _join_documents(
    tables: dict[str, pa.Table], corrections: list[Override], holders: Path | None
) -> dict[str, pa.Table]:
    """Find what only the whole corpus can tell: shared passages, releases, dates from copies, identities."""
    documents = tables["documents"].drop_columns(["original"]).to_pandas()
    reuse = find_reuse(documents["doc_id"].tolist(), documents["text"].tolist())
    documents["release_id"] = assign_releases(documents, reuse)
    pages, evidence, people = (tables[name].to_pandas() for name in ("pages", "evidence", "people"))
    documents, evidence = date_from_copies(documents, evidence)
    documents, evidence, people = apply_overrides(corrections, pages, documents, evidence, people)
    people["person_id"] = identify_people(people, documents.drop(columns="text"), holders)
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


def _as_arrow(frame: pd.DataFrame, table: str) -> pa.Table:
    return pa.Table.from_pandas(frame[TABLES[table].names], TABLES[table].arrow, preserve_index=False)


def count_cores() -> int:
    """Processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
