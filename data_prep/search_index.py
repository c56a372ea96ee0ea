"""The search files of a build: arrays that the dashboard maps into memory and never loads.

Why here: a question over a gigabyte of text is answered at the speed of memory only if
the text lies there as it is searched. So every document's text is written once more, one
UTF-16 code unit a character: an offset in bytes is twice the offset in characters, the
pages of the file are shared by all processes, and nothing is read before it is asked for.

    search/chars.npy          uint16[N]      all texts, each followed by one 0
    search/offsets.npy        int64[n+1]     document d is chars[offsets[d] : offsets[d+1] - 1]
    search/line_ends.npy      int64[.]       where lines end: the places of line feeds and of the 0 behind a document
    search/folded_at.npy      int64[.]       where the text differs from chars (著 for 着, beyond the BMP) ...
    search/folded_from.npy    uint32[.]      ... and the character that truly stands there
    search/printed_at.npy     int64[.]       where the original differs from the text (traditional script) ...
    search/printed_as.npy     uint32[.]      ... and the character as printed
    search/char_counts.npy    int64[65536]   how often each code unit stands in chars: the rarest is looked for first
    search/hit_*.npy          lexicon hits in the order phrase, document, begin; hit_offsets int64[n_phrases+1]
    search/speech_*.npy       passages in the order document, begin; speech_offsets int64[n+1]; speaker and office
                              (-1: none printed) are numbers
    search/speakers.arrow     the speakers' names, in the order of their numbers; search/offices.arrow the offices
    search/terms.arrow        the vocabulary, sorted; with each term's total (n) and document frequency (n_documents)
    search/doc_terms_*.npy    terms by document (CSR): offsets int64[n+1], term int32, n int32
    search/term_docs_*.npy    documents by term (CSC): offsets int64[n_terms+1], doc int32, n int32

Documents are numbered in the order of doc_id, phrases in the order of phrase_id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import coo_array

from data_prep.schema import SPEECH_KINDS

FOLDER = "search"
#: Stands in the search file for what takes two code units, and for the separator's own value.
REPLACEMENT = 0xFFFD
LINE_FEED = 10
_SEPARATOR = np.zeros(1, dtype=np.uint16)
#: Rows of documents that stand in memory a second time while they are written.
_ROWS = 1000
#: Folded for matching only: the two forms of one character (奔著 and 奔着).
FOLDED = {0x8457: 0x7740}  # 著 -> 着

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def write_index(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write `folder`/search/ from the tables of a build (columns as in `schema.TABLES`).

    The tables may come in any order. Raises ValueError where a table names a document or a
    phrase that there is not, or an original is not as long as its text.
    """
    target = folder / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    documents = tables["documents"]
    order = pc.sort_indices(documents.column("doc_id")).to_numpy().astype(np.int64)
    doc_ids = documents.column("doc_id").take(pa.array(order)).combine_chunks()
    phrase_ids = tables["phrases"].column("phrase_id").combine_chunks().sort()
    _write_text(target, documents, order)
    _write_hits(target, tables["phrase_hits"], doc_ids, phrase_ids)
    _write_speech(target, tables["speech"], tables["people"], doc_ids)
    _write_terms(target, tables["term_counts"], doc_ids)


def fold_units(units: np.ndarray) -> np.ndarray:
    """Code units as they are matched: 著 as 着, in a new array.

    >>> fold_units(np.frombuffer("奔著".encode("utf-16-le"), dtype=np.uint16)).tobytes().decode("utf-16-le")
    '奔着'
    """
    folded = units.copy()
    for unit, other in FOLDED.items():
        folded[units == unit] = other
    return folded


def _write_text(target: Path, documents: pa.Table, order: np.ndarray) -> None:
    """Write the texts in this order of rows, a few at a time: neither they nor what is said of them stand in memory twice."""
    lengths = pc.utf8_length(documents.column("text")).to_numpy()[order]
    offsets = np.concatenate([[0], np.cumsum(lengths.astype(np.int64) + 1)])
    counts = np.zeros(1 << 16, dtype=np.int64)
    d = 0
    with ExitStack() as stack:
        chars, line_ends, folded_at, folded_from, printed_at, printed_as = (
            stack.enter_context(_Growing(target, name, kind))
            for name, kind in (("chars", "<u2"), ("line_ends", "<i8"), ("folded_at", "<i8"), ("folded_from", "<u4"),
                               ("printed_at", "<i8"), ("printed_as", "<u4"))
        )  # fmt: skip
        for doc_id, text, original in _read_rows(documents, order, ("doc_id", "text", "original")):
            begin, end = int(offsets[d]), int(offsets[d + 1]) - 1
            d += 1
            units, at, true = _search_form(text)
            chars.write(units)
            chars.write(_SEPARATOR)
            line_ends.write(np.append(np.flatnonzero(units == LINE_FEED) + begin, end))
            np.add.at(counts, units, 1)
            folded_at.write(at + begin)
            folded_from.write(true)
            if original != text:
                if len(original) != len(text):
                    raise ValueError(f"document {doc_id}: text has {len(text)} characters, original {len(original)}")
                there, here = _code_points(original), _code_points(text)
                differs = np.flatnonzero(there != here)
                printed_at.write(differs + begin)
                printed_as.write(there[differs])
    _save(target, "offsets", offsets)
    _save(target, "char_counts", counts)


class _Growing:
    """An array file that is written piece by piece, for `with`; its length is put in front when it is known.

    Written, not mapped: a mapped file that meets a full disk ends the program without a word.
    """

    def __init__(self, target: Path, name: str, kind: str) -> None:
        self._kind = np.dtype(kind)
        self._n = 0
        self._file = (target / f"{name}.npy").open("wb", buffering=1 << 20)
        self._write_header()
        self._begin = self._file.tell()

    def write(self, values: np.ndarray) -> None:
        """Append some values, cast to the file's kind."""
        self._file.write(values.astype(self._kind, copy=False).tobytes())
        self._n += len(values)

    def __enter__(self) -> _Growing:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._file.seek(0)
                self._write_header()
                if self._file.tell() != self._begin:  # NumPy leaves room for any length
                    raise ValueError("the head of an array file grew with its length")
        finally:
            self._file.close()

    def _write_header(self) -> None:
        np.lib.format.write_array_header_1_0(
            self._file, {"descr": self._kind.str, "fortran_order": False, "shape": (self._n,)}
        )


def _read_rows(table: pa.Table, order: np.ndarray, columns: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a table in this order, some columns of them; only `_ROWS` at a time are copied."""
    for begin in range(0, len(order), _ROWS):
        rows = order[begin : begin + _ROWS]
        yield from zip(*(_take(table.column(name), rows) for name in columns), strict=True)


def _take(values: pa.ChunkedArray, rows: np.ndarray) -> list[str]:
    """The values of these rows. Chunk by chunk: taken from all of them at once, 2 GB of text would be joined first."""
    edges = np.cumsum([0, *map(len, values.chunks)])
    chunk = np.searchsorted(edges, rows, side="right") - 1
    taken: list[str] = [""] * len(rows)
    for number in np.unique(chunk).tolist():
        places = np.flatnonzero(chunk == number)
        found = values.chunk(number).take(pa.array(rows[places] - edges[number])).to_pylist()
        for place, value in zip(places.tolist(), found, strict=True):
            taken[place] = value
    return taken


def _search_form(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(code units as searched, where they differ from the text, the code points that stand there)."""
    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    if len(units) != len(text):
        units = np.frombuffer(_ASTRAL.sub(chr(REPLACEMENT), text).encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    odd = (units == REPLACEMENT) | (units == 0)
    for unit in FOLDED:
        odd |= units == unit
    at = np.flatnonzero(odd)
    if not len(at):
        return units, at, np.zeros(0, dtype=np.uint32)
    true = np.array([ord(text[i]) for i in at], dtype=np.uint32)
    units = fold_units(units)
    units[units == 0] = REPLACEMENT  # 0 stands between documents
    return units, at, true


def _code_points(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _write_hits(target: Path, hits: pa.Table, doc_ids: pa.Array, phrase_ids: pa.Array) -> None:
    phrase = _number(hits.column("phrase_id"), phrase_ids, "phrase_hits", "phrase")
    doc = _number(hits.column("doc_id"), doc_ids, "phrase_hits", "document")
    begin = hits.column("begin").to_numpy()
    order = np.lexsort((begin, doc, phrase))
    _save(target, "hit_offsets", _count_offsets(phrase, len(phrase_ids)))
    _save(target, "hit_doc", doc[order])
    _save(target, "hit_begin", begin[order].astype(np.int32))
    _save(target, "hit_end", hits.column("end").to_numpy()[order].astype(np.int32))


def _write_speech(target: Path, speech: pa.Table, people: pa.Table, doc_ids: pa.Array) -> None:
    doc = _number(speech.column("doc_id"), doc_ids, "speech", "document")
    begin = speech.column("begin").to_numpy()
    speakers = _distinct(speech.column("speaker"))
    speaker = _number(speech.column("speaker"), speakers, "speech", "speaker")
    kind = _number(speech.column("kind"), pa.array(SPEECH_KINDS), "speech", "kind of speaker")
    order = np.lexsort((begin, doc))
    _save(target, "speech_offsets", _count_offsets(doc, len(doc_ids)))
    _save(target, "speech_begin", begin[order].astype(np.int32))
    _save(target, "speech_end", speech.column("end").to_numpy()[order].astype(np.int32))
    _save(target, "speech_speaker", speaker[order])
    _save(target, "speech_kind", kind[order].astype(np.uint8))
    _save_arrow(target / "speakers.arrow", pa.table({"speaker": speakers}))
    office, offices = _find_offices(people, doc_ids, speakers, doc[order], speaker[order])
    _save(target, "speech_office", office)
    _save_arrow(target / "offices.arrow", pa.table({"office": offices}))


def _find_offices(
    people: pa.Table, doc_ids: pa.Array, speakers: pa.Array, doc: np.ndarray, speaker: np.ndarray
) -> tuple[np.ndarray, pa.Array]:
    """(number of the office of each passage's speaker or -1, the offices): as first printed with the name there."""
    people = people.filter(pc.greater(pc.list_value_length(people.column("offices")), 0))
    people = people.filter(pc.is_in(people.column("name"), value_set=speakers))
    joined = pc.binary_join(people.column("offices"), "、")
    offices = _distinct(joined)
    there = _number(people.column("doc_id"), doc_ids, "people", "document").astype(np.int64)
    key = there * max(len(speakers), 1) + _number(people.column("name"), speakers, "people", "speaker")
    begin = pc.fill_null(people.column("begin"), 1 << 40).to_numpy()
    order = np.lexsort((begin, key))
    key, first = np.unique(key[order], return_index=True)
    held = _number(joined, offices, "people", "office")[order[first]]
    asked = doc.astype(np.int64) * max(len(speakers), 1) + speaker
    if not len(key):
        return np.full(len(asked), -1, dtype=np.int32), offices
    place = np.minimum(np.searchsorted(key, asked), len(key) - 1)
    return np.where(key[place] == asked, held[place], -1).astype(np.int32), offices


def _write_terms(target: Path, counts: pa.Table, doc_ids: pa.Array) -> None:
    terms = _distinct(counts.column("term"))
    doc = _number(counts.column("doc_id"), doc_ids, "term_counts", "document")
    term = _number(counts.column("term"), terms, "term_counts", "term")
    n = counts.column("n").to_numpy().astype(np.int32)
    # Counting sorts, by document and then by term: one array of the size of the table at a time is new.
    by_doc = coo_array((n, (doc, term)), shape=(len(doc_ids), len(terms))).tocsr()
    del doc, term, n
    by_doc.sort_indices()
    _save(target, "doc_terms_offsets", by_doc.indptr.astype(np.int64))
    _save(target, "doc_terms_term", by_doc.indices.astype(np.int32, copy=False))
    _save(target, "doc_terms_n", by_doc.data)
    by_term = by_doc.tocsc()
    del by_doc
    offsets = by_term.indptr.astype(np.int64)
    _save(target, "term_docs_offsets", offsets)
    _save(target, "term_docs_doc", by_term.indices.astype(np.int32, copy=False))
    _save(target, "term_docs_n", by_term.data)
    totals = np.concatenate([[0], np.cumsum(by_term.data, dtype=np.int64)])
    totals = totals[offsets[1:]] - totals[offsets[:-1]]
    _save_arrow(target / "terms.arrow", pa.table({"term": terms, "n": totals, "n_documents": np.diff(offsets)}))


def _distinct(values: pa.ChunkedArray) -> pa.Array:
    """The values there are, sorted."""
    found = pc.unique(values)
    return (found.cast(found.type.value_type) if pa.types.is_dictionary(found.type) else found).sort()


def _number(values: pa.ChunkedArray, known: pa.Array, table: str, what: str) -> np.ndarray:
    """The place of every value among `known`, int32. Columns may be dictionary encoded."""
    if pa.types.is_dictionary(values.type):
        values = values.combine_chunks()
        values = values.chunk(0) if isinstance(values, pa.ChunkedArray) else values
        if values.dictionary.equals(known):
            return values.indices.to_numpy().astype(np.int32)
        values = values.cast(values.type.value_type)
    found = pc.index_in(values, value_set=known)
    if found.null_count:
        stranger = values.filter(pc.is_null(found))[0].as_py()
        raise ValueError(f"table {table} names a {what} there is not: {stranger}")
    return found.to_numpy().astype(np.int32)


def _count_offsets(codes: np.ndarray, n: int) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(np.bincount(codes, minlength=n))]).astype(np.int64)


def _save(target: Path, name: str, values: np.ndarray) -> None:
    np.save(target / f"{name}.npy", np.ascontiguousarray(values), allow_pickle=False)


def _save_arrow(path: Path, table: pa.Table) -> None:
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
