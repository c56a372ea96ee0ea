"""A build, opened once and read only: the only door from the dashboard to the data.

Why here: every page asks the same questions of the same arrays, and nobody may change
them. What is small (a row a document) is loaded; what is large (the text, the terms) is
mapped, so that all processes share one copy; the rest is read when first asked for.

A document is known by its number `d`, its row in `documents` (sorted by doc_id).
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import stringzilla as sz

from data_prep.schema import SPEECH_KINDS as SPEECH_KINDS  # pages take it from here
from data_prep.schema import TABLES
from data_prep.store import Build, BuildMissing, open_build

T = TypeVar("T")

SEARCH = "search"
PERIODS = ("day", "week", "month", "quarter", "year")
#: Answers of full-text searches kept for the next rerun of a page, in bytes of their arrays.
KEPT_ANSWERS = 96 << 20


def open_corpus(path: Path) -> Corpus:
    """Open the current build below `path` (or the build `path` itself is).

    Raises BuildMissing, whose message says in one sentence what to do.
    """
    build = open_build(path)
    try:
        return Corpus(build)
    except FileNotFoundError as error:  # a build of another version, or without search files
        name = Path(str(error.filename)).name
        raise BuildMissing(f"the build in {build.path} lacks the search file {name}: build it again") from None


def find_build() -> Path:
    """Where the build to be shown lies: TIFA_BUILD, else `build` here, else `build` at the project's root."""
    if named := os.environ.get("TIFA_BUILD"):
        return Path(named)
    here = Path("build")
    return here if here.exists() else Path(__file__).resolve().parents[1] / "build"


class Corpus:
    """A finished build as pages and queries read it. Nothing in it may be changed.

    `documents` has every column of the table but text and original, a row a document.
    Search arrays (names and shapes: see data_prep/search_index.py) are attributes, mapped.
    """

    def __init__(self, build: Build) -> None:
        self.build = build
        self.fingerprint = build.fingerprint
        self.version = str(build.about.get("version", ""))
        columns = [name for name in TABLES["documents"].names if name not in ("text", "original")]
        self.documents = build.read("documents", columns)
        self.n = len(self.documents)
        self._codes: dict[str, tuple[np.ndarray, list[str]]] = {}
        self._periods: dict[str, tuple[np.ndarray, list[str]]] = {}
        self._derived: dict[str, Any] = {}
        self._answers: OrderedDict[Any, Any] = OrderedDict()
        self._lock = Lock()
        for name, kind in Corpus.__annotations__.items():
            if kind == "np.ndarray":
                setattr(self, name, self._map(name))
        #: All texts as bytes, two a character, for stringzilla; shares the mapping of `chars`.
        self.haystack = sz.Str(self.chars.view(np.uint8).data) if len(self.chars) else sz.Str(b"")

    # The mapped arrays: every one declared here is opened in __init__.
    chars: np.ndarray
    offsets: np.ndarray
    line_ends: np.ndarray
    folded_at: np.ndarray
    folded_from: np.ndarray
    printed_at: np.ndarray
    printed_as: np.ndarray
    char_counts: np.ndarray
    hit_offsets: np.ndarray
    hit_doc: np.ndarray
    hit_begin: np.ndarray
    hit_end: np.ndarray
    speech_offsets: np.ndarray
    speech_begin: np.ndarray
    speech_end: np.ndarray
    speech_speaker: np.ndarray
    speech_kind: np.ndarray
    speech_office: np.ndarray
    doc_terms_offsets: np.ndarray
    doc_terms_term: np.ndarray
    doc_terms_n: np.ndarray
    term_docs_offsets: np.ndarray
    term_docs_doc: np.ndarray
    term_docs_n: np.ndarray

    def _map(self, name: str) -> np.ndarray:
        path = self.build.path / SEARCH / f"{name}.npy"
        try:
            # A plain view: slicing an np.memmap costs ten times as much.
            return np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
        except ValueError:  # an empty array cannot be mapped
            return np.load(path, allow_pickle=False)

    # --- Documents ------------------------------------------------------------------

    def number(self, doc_id: str) -> int:
        """The number of a document. Raises KeyError with a sentence where there is none of that name."""
        try:
            return self._numbers[doc_id]
        except KeyError:
            raise KeyError(f"there is no document {doc_id} in this build") from None

    @cached_property
    def _numbers(self) -> dict[str, int]:
        doc_ids = self.documents["doc_id"].to_numpy(dtype=object).tolist()
        return dict(zip(doc_ids, range(self.n), strict=True))

    def text(self, d: int, begin: int = 0, end: int | None = None) -> str:
        """documents.text of document d (or its characters begin to end), exactly as stored."""
        return _join(self._points(d, begin, end))

    def original(self, d: int, begin: int = 0, end: int | None = None) -> str:
        """documents.original of document d (or its characters begin to end)."""
        points, first = self._points(d, begin, end), int(self.offsets[d]) + begin
        _put(points, first, self.printed_at, self.printed_as)
        return _join(points)

    def _points(self, d: int, begin: int, end: int | None) -> np.ndarray:
        """Code points of a stretch of a document's text, uint32."""
        first, last = int(self.offsets[d]), int(self.offsets[d + 1]) - 1
        stop = last if end is None else min(last, first + end)
        points = np.asarray(self.chars[first + begin : max(stop, first + begin)]).astype(np.uint32)
        _put(points, first + begin, self.folded_at, self.folded_from)
        return points

    def cut_texts(self, starts: np.ndarray, stops: np.ndarray) -> list[str]:
        """Stretches of the texts by their places in `chars`, exactly as stored; many at once cost little more than one."""
        lengths = stops - starts
        inside = np.cumsum(lengths)
        at = np.arange(int(lengths.sum())) + np.repeat(starts - (inside - lengths), lengths)
        points = self.chars[at].astype(np.uint32)
        if len(self.folded_at):
            place = np.minimum(np.searchsorted(self.folded_at, at), len(self.folded_at) - 1)
            folded = self.folded_at[place] == at
            points[folded] = self.folded_from[place[folded]]
        whole = _join(points)
        return [whole[stop - length : stop] for stop, length in zip(inside.tolist(), lengths.tolist(), strict=True)]

    def raw_page(self, page_id: str) -> str:
        """The page's text as decoded, before any repair; empty where the page was rejected."""
        return self._page(page_id, "raw")

    def repaired_page(self, page_id: str) -> str:
        """The page's text after repair, in its own script; empty where the page was rejected."""
        return self._page(page_id, "repaired")

    def _page(self, page_id: str, column: str) -> str:
        found = pq.read_table(
            self.build.path / "page_texts.parquet", columns=[column], filters=[("page_id", "=", page_id)]
        )
        return found.column(column)[0].as_py() if found.num_rows else ""

    # --- Other tables, read when first asked for ----------------------------------------

    @cached_property
    def pages(self) -> pd.DataFrame:
        """The table pages."""
        return self.build.read("pages")

    @cached_property
    def phrases(self) -> pd.DataFrame:
        """The table phrases, in the order of phrase_id (its row number is the phrase's number)."""
        return self.build.read("phrases")

    @cached_property
    def people(self) -> pd.DataFrame:
        """The table people."""
        return self.build.read("people")

    @cached_property
    def speech(self) -> pd.DataFrame:
        """The table speech."""
        return self.build.read("speech")

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """The table evidence."""
        return self.build.read("evidence")

    @cached_property
    def reuse(self) -> pd.DataFrame:
        """The table reuse."""
        return self.build.read("reuse")

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """The table repairs."""
        return self.build.read("repairs")

    @cached_property
    def furniture(self) -> pd.DataFrame:
        """The table furniture."""
        return self.build.read("furniture")

    @cached_property
    def segments(self) -> pd.DataFrame:
        """The table segments."""
        return self.build.read("segments")

    @cached_property
    def speakers(self) -> list[str]:
        """Names of speakers, by their number in `speech_speaker`."""
        return _map_arrow(self.build.path / SEARCH / "speakers.arrow").column("speaker").to_pylist()

    @cached_property
    def offices(self) -> list[str]:
        """Offices of speakers, by their number in `speech_office`; 、 between several that one person holds."""
        return _map_arrow(self.build.path / SEARCH / "offices.arrow").column("office").to_pylist()

    @cached_property
    def vocabulary(self) -> pa.Table:
        """Terms, sorted, with their total n and document frequency n_documents (mapped)."""
        return _map_arrow(self.build.path / SEARCH / "terms.arrow")

    def term_number(self, term: str) -> int | None:
        """The number of a term in the vocabulary, or None."""
        place = int(pc.index(self.vocabulary.column("term"), pa.scalar(term)).as_py())
        return None if place < 0 else place

    # --- Codes, so that counting is a bincount -------------------------------------------

    def codes(self, column: str) -> tuple[np.ndarray, list[str]]:
        """(int32[n] code of each document or -1, the values in sorted order) of a column of documents."""
        if column not in self._codes:
            codes, values = pd.factorize(self.documents[column], sort=True, use_na_sentinel=True)
            self._codes[column] = codes.astype(np.int32), list(map(str, np.asarray(values, dtype=object).tolist()))
        return self._codes[column]

    @cached_property
    def release_size(self) -> np.ndarray:
        """int64[n]: how many copies the document's release has."""
        codes = self.codes("release_id")[0]
        return np.bincount(codes, minlength=1)[codes] if len(codes) else np.zeros(0, dtype=np.int64)

    @cached_property
    def days(self) -> tuple[np.ndarray, np.ndarray]:
        """(first, last) day each document's event may have been on, datetime64[D], NaT where unknown."""
        event = self.documents["event_date"].to_numpy().astype("datetime64[D]")
        first = self.documents["date_from"].to_numpy().astype("datetime64[D]")
        last = self.documents["date_to"].to_numpy().astype("datetime64[D]")
        known = ~np.isnat(event)
        return np.where(known, event, first), np.where(known, event, last)

    def periods(self, period: str) -> tuple[np.ndarray, list[str]]:
        """(int32[n] code of the period each document lies wholly within, or -1; the periods' names in order).

        period: day (2022-03-29), week (2022-W13), month (2022-03), quarter (2022-Q1) or year (2022).
        """
        if period not in self._periods:
            first, last = self.days
            begins, ends = begin_periods(first, period), begin_periods(last, period)
            within = (begins == ends) & ~np.isnat(begins)
            known = np.unique(begins[within])
            codes = np.full(self.n, -1, dtype=np.int32)
            codes[within] = np.searchsorted(known, begins[within])
            self._periods[period] = codes, [name_period(day, period) for day in known]
        return self._periods[period]

    # --- Answers worth keeping ----------------------------------------------------------

    def derive(self, key: str, make: Callable[[], T]) -> T:
        """What follows from the build alone and is small: made once, kept as long as the corpus."""
        if key not in self._derived:
            self._derived[key] = make()
        return cast(T, self._derived[key])

    def recall(self, key: Any) -> Any:
        """An answer kept under this key, or None."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
                return self._answers[key][0]
        return None

    def keep(self, key: Any, answer: Any, n_bytes: int) -> None:
        """Keep an answer, letting go of the ones longest unused when they grow past KEPT_ANSWERS."""
        if n_bytes > KEPT_ANSWERS // 4:
            return
        with self._lock:
            self._answers[key] = answer, n_bytes
            while sum(size for _, size in self._answers.values()) > KEPT_ANSWERS:
                self._answers.popitem(last=False)

    def forget(self) -> None:
        """Let go of all kept answers (benchmarks measure without them)."""
        with self._lock:
            self._answers.clear()


def begin_periods(days: np.ndarray, period: str) -> np.ndarray:
    """The first day of the period each day lies in, datetime64[D].

    >>> print(begin_periods(np.array(["2022-03-29"], dtype="datetime64[D]"), "quarter"))
    ['2022-01-01']
    """
    if period == "day":
        return days
    if period == "week":  # Monday; 1970-01-01 was a Thursday
        return days - (days.astype("datetime64[D]").astype(np.int64) + 3) % 7 if len(days) else days
    if period == "month":
        return days.astype("datetime64[M]").astype("datetime64[D]")
    if period == "quarter":
        months = days.astype("datetime64[M]")
        back = np.where(np.isnat(months), 0, months.astype(np.int64) % 3)
        return (months - back).astype("datetime64[D]")
    if period == "year":
        return days.astype("datetime64[Y]").astype("datetime64[D]")
    raise ValueError(f"there is no period {period}: choose one of {', '.join(PERIODS)}")


def name_period(begin: np.datetime64, period: str) -> str:
    """The name of the period that begins on a day.

    >>> name_period(np.datetime64("2022-03-28"), "week"), name_period(np.datetime64("2022-01-01"), "quarter")
    ('2022-W13', '2022-Q1')
    """
    day = begin.astype("datetime64[D]").item()
    if period == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if period == "quarter":
        return f"{day.year}-Q{(day.month + 2) // 3}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[period]]


def _put(points: np.ndarray, first: int, at: np.ndarray, what: np.ndarray) -> None:
    """Put the characters `what` at their places into the stretch that begins at `first`."""
    low, high = np.searchsorted(at, [first, first + len(points)])
    points[at[low:high] - first] = what[low:high]


def _join(points: np.ndarray) -> str:
    return points.tobytes().decode("utf-32-le", "surrogatepass")


def _map_arrow(path: Path) -> pa.Table:
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
