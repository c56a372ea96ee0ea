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
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_prep.schema import SPEECH_KINDS

FOLDER = "search"
#: Stands in the search file for what takes two code units, and for the separator's own value.
REPLACEMENT = 0xFFFD
LINE_FEED = 10
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
    documents = tables["documents"].select(["doc_id", "text", "original"]).sort_by("doc_id")
    doc_ids = documents.column("doc_id").combine_chunks()
    phrase_ids = tables["phrases"].column("phrase_id").combine_chunks().sort()
    _write_text(target, documents)
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


def _write_text(target: Path, documents: pa.Table) -> None:
    n = documents.num_rows
    doc_ids = documents.column("doc_id")
    offsets = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(pc.add(pc.utf8_length(documents.column("text")), 1).to_numpy(), out=offsets[1:])
    folded: list[tuple[np.ndarray, np.ndarray]] = []
    printed: list[tuple[np.ndarray, np.ndarray]] = []
    ends: list[np.ndarray] = []
    counts = np.zeros(1 << 16, dtype=np.int64)
    # Row by row, so that no second copy of a gigabyte stands in memory.
    # Written, not mapped: a mapped file that meets a full disk ends the program without a word.
    with (target / "chars.npy").open("wb") as chars:
        np.lib.format.write_array_header_1_0(
            chars, {"descr": "<u2", "fortran_order": False, "shape": (int(offsets[-1]),)}
        )
        for d, (text, original) in enumerate(_pair_texts(documents)):
            begin, end = int(offsets[d]), int(offsets[d + 1]) - 1
            units, at, true = _search_form(text)
            chars.write(units.tobytes() + b"\0\0")
            ends.append(np.append(np.flatnonzero(units == LINE_FEED) + begin, end))
            np.add.at(counts, units, 1)
            folded.append((at + begin, true))
            if original != text:
                if len(original) != len(text):
                    raise ValueError(f"document {doc_ids[d]}: text has {len(text)} characters, original {len(original)}")
                there, here = _code_points(original), _code_points(text)
                differs = np.flatnonzero(there != here)
                printed.append((differs + begin, there[differs]))
    _save(target, "offsets", offsets)
    _save(target, "char_counts", counts)
    _save(target, "line_ends", np.concatenate(ends or [np.zeros(0)]).astype(np.int64))
    for name, other, pairs in (("folded_at", "folded_from", folded), ("printed_at", "printed_as", printed)):
        _save(target, name, np.concatenate([at for at, _ in pairs] or [np.zeros(0)]).astype(np.int64))
        _save(target, other, np.concatenate([what for _, what in pairs] or [np.zeros(0)]).astype(np.uint32))


def _pair_texts(documents: pa.Table) -> Iterator[tuple[str, str]]:
    for batch in documents.select(["text", "original"]).to_batches(max_chunksize=1000):
        yield from zip(batch.column("text").to_pylist(), batch.column("original").to_pylist(), strict=True)


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
    totals = np.bincount(term, weights=n, minlength=len(terms)).astype(np.int64)
    by_doc = np.argsort(doc.astype(np.int64) * len(terms) + term, kind="stable")  # quick where sorted already
    doc, term, n = doc[by_doc], term[by_doc], n[by_doc]
    del by_doc
    _save(target, "doc_terms_offsets", _count_offsets(doc, len(doc_ids)))
    _save(target, "doc_terms_term", term)
    _save(target, "doc_terms_n", n)
    by_term = np.argsort(term, kind="stable")
    offsets = _count_offsets(term, len(terms))
    _save(target, "term_docs_offsets", offsets)
    _save(target, "term_docs_doc", doc[by_term])
    _save(target, "term_docs_n", n[by_term])
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
