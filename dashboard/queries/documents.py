"""Which documents there are, and everything known about one of them.

Why here: the reader on the Document page shows a text five ways (simplified, as printed, raw,
with ruby, with marks), and every mark must stand on the right character in each. Repairs are
logged by their place in the raw page, articles are cut from the repaired page, marks are counted
in documents.text: this module carries offsets from one to the other, and nobody else does.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.people import PRESENCE
from dashboard.queries.scope import open_scope

#: The repair that takes a reading out from behind its character.
ANNOTATION = "pinyin_annotation"
#: An article without a headline is listed under its first words.
LABEL_CHARS = 40

LISTED = [
    "doc_id", "title", "label", "event_date", "date_from", "date_to", "published", "level", "province", "city",
    "outlet", "release_id", "n_copies", "n_chars", "d",
]  # fmt: skip

_LETTERS = "a-zA-ZāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿêếềɑɡĀÁǍÀĒÉĚÈĪÍǏÌŌÓǑÒŪÚǓÙ"
#: What an annotation looks like: one reading in brackets, directly behind its character.
_READING = re.compile(rf"^\s*[(（]?\s*([{_LETTERS}]+)\s*[)）]?\s*$")


@dataclass(frozen=True)
class DocumentReading:
    """One document with all that is known of it. Tables hold offsets into `text` unless said otherwise.

    facts        the row of documents (without the texts); label is its title, or its first words
    page         the row of pages it was cut from
    text         simplified, as counted; `original` is the same in its own script, equally long
    raw          the stretch of the page, before any repair, that holds the article
    raw_begin    where that stretch begins in the raw page
    hits         phrase_id, phrase, family, category, gloss_en, note, begin, end, surface
    people       person_id, name, role, offices, kind, presence, begin, end (null where outside the article)
    evidence     field, value, rule, begin, end, surface, weight
    speech       speaker, kind, verb, begin, end
    repairs      rule, begin, end, before, after, confidence, raw_begin, raw_end (offsets into `raw`)
    ruby         (offset of the character, its reading) for each annotation taken out
    furniture    rule, begin, end, surface of the whole page (offsets into the repaired page)
    copies       the other documents of the same release: doc_id, title, outlet, published, province
    reuse        passages shared with others: other, begin, end, other_begin, other_end, n_chars, similarity
    """

    d: int
    facts: pd.Series
    label: str
    page: pd.Series
    text: str
    original: str
    raw: str
    raw_begin: int
    hits: pd.DataFrame
    people: pd.DataFrame
    evidence: pd.DataFrame
    speech: pd.DataFrame
    repairs: pd.DataFrame
    ruby: list[tuple[int, str]]
    furniture: pd.DataFrame
    copies: pd.DataFrame
    reuse: pd.DataFrame


def list_documents(
    corpus: Corpus,
    filters: Filters,
    numbers: Iterable[int] | None = None,
    *,
    offset: int = 0,
    limit: int | None = None,
) -> pd.DataFrame:
    """The documents that pass the filters (and are among `numbers`, if given), the newest first, undated last.

    Columns: LISTED; label is the headline or the first words, n_copies the copies of the release in the
    corpus, d the document's number. With a speaker filter only documents in which they speak are listed.
    Every copy is listed, whatever the counting unit: this is what a number opens to.
    """
    mask = open_scope(corpus, filters).docs
    if numbers is not None:
        among = np.zeros(corpus.n, dtype=bool)
        among[np.fromiter(numbers, dtype=np.int64)] = True
        mask = mask & among
    chosen = np.flatnonzero(mask)
    first, last = corpus.days
    day = np.where(np.isnat(last[chosen]), first[chosen], last[chosen]).astype("datetime64[D]").astype(np.int64)
    chosen = chosen[np.argsort(np.where(day == np.iinfo(np.int64).min, 1 << 40, -day), kind="stable")]
    chosen = chosen[offset : None if limit is None else offset + limit]
    table = corpus.documents.iloc[chosen].reset_index(drop=True)
    table["d"] = chosen
    table["n_copies"] = corpus.release_size[chosen] if len(chosen) else pd.Series(dtype="int64")
    table["label"] = [title or label_document(corpus, int(d)) for title, d in zip(table["title"], chosen, strict=True)]
    return table[LISTED]


def label_document(corpus: Corpus, d: int) -> str:
    """A name to show for a document: its headline, else its first words (40 characters)."""
    title = str(corpus.documents["title"].iloc[d])
    if title:
        return title
    words = " ".join(corpus.text(d, 0, LABEL_CHARS + 1).split())
    return words[:LABEL_CHARS] + ("…" if len(words) > LABEL_CHARS else "")


def read_document(corpus: Corpus, doc_id: str) -> DocumentReading:
    """Everything about one document. Raises KeyError, with a sentence, where there is none of that name."""
    d = corpus.number(doc_id)
    facts = corpus.documents.iloc[d]
    page_id = str(facts["page_id"])
    text = corpus.text(d)
    edits = _rows(corpus, "repairs", "page_id", page_id).sort_values(["begin", "end"], ignore_index=True)
    segments = _rows(corpus, "segments", "doc_id", doc_id).sort_values("begin", ignore_index=True)
    page = PageMap(edits, segments)
    raw_page = corpus.raw_page(page_id)
    raw_begin, raw_end = page.find_raw_span(len(raw_page))
    repairs = page.place_edits(raw_begin, raw_end)
    return DocumentReading(
        d=d,
        facts=facts,
        label=label_document(corpus, d),
        page=_first_row(_rows(corpus, "pages", "page_id", page_id)),
        text=text,
        original=corpus.original(d),
        raw=raw_page[raw_begin:raw_end],
        raw_begin=raw_begin,
        hits=_list_hits(corpus, d, text),
        people=_rows(corpus, "people", "doc_id", doc_id).drop(columns="doc_id").sort_values("begin", ignore_index=True),
        evidence=_rows(corpus, "evidence", "doc_id", doc_id)
        .drop(columns="doc_id")
        .sort_values(["field", "weight"], ascending=[True, False], ignore_index=True),
        speech=_rows(corpus, "speech", "doc_id", doc_id).drop(columns="doc_id").sort_values("begin", ignore_index=True),
        repairs=repairs,
        ruby=find_ruby(repairs, text),
        furniture=_rows(corpus, "furniture", "page_id", page_id)
        .drop(columns="page_id")
        .sort_values("begin", ignore_index=True),
        copies=_list_copies(corpus, d),
        reuse=_list_reuse(corpus, doc_id),
    )


class PageMap:
    """Carries places between the raw page, the repaired page and the text of one of its articles.

    edits: rows of repairs, sorted by begin (offsets into the raw page, never overlapping);
    segments: rows of segments of one document, sorted by begin.
    """

    def __init__(self, edits: pd.DataFrame, segments: pd.DataFrame) -> None:
        self.edits = edits
        self.segments = [
            (int(page), int(page) + int(end) - int(begin), int(begin))
            for begin, end, page in zip(segments["begin"], segments["end"], segments["page_begin"], strict=True)
        ]
        grown = [len(after) - len(before) for before, after in zip(edits["before"], edits["after"], strict=True)]
        shift = np.concatenate([[0], np.cumsum(grown)]).astype(int)
        #: Where each edit begins in the raw and in the repaired page, and how long it is in each.
        self.raw_begins = [int(begin) for begin in edits["begin"]]
        self.raw_ends = [int(end) for end in edits["end"]]
        self.begins = [raw + int(grow) for raw, grow in zip(self.raw_begins, shift[:-1], strict=True)]
        self.ends = [begin + len(after) for begin, after in zip(self.begins, edits["after"], strict=True)]

    def to_raw(self, place: int) -> int:
        """The place in the raw page of a place in the repaired page (within an edit: where the edit begins)."""
        at = bisect_right(self.begins, place) - 1
        if at < 0:
            return place
        if place < self.ends[at]:
            return self.raw_begins[at]
        return self.raw_ends[at] + place - self.ends[at]

    def find_raw_span(self, n_chars: int) -> tuple[int, int]:
        """Where the article stands in the raw page: from its first segment to its last, edits at its end included."""
        if not self.segments:
            return 0, n_chars
        first, last = min(begin for begin, _, _ in self.segments), max(end for _, end, _ in self.segments)
        # to_raw goes behind an annotation that stands at a place: outside before the article, inside behind it.
        return min(self.to_raw(first), n_chars), min(self.to_raw(last), n_chars)

    def to_text(self, place: int) -> int | None:
        """The offset into documents.text of a character of the repaired page; None where it is no part of it."""
        for begin, end, offset in self.segments:
            if begin <= place < end:
                return offset + place - begin
        return None

    def place_edits(self, raw_begin: int, raw_end: int) -> pd.DataFrame:
        """The edits that touch the article, with their offsets into its text and into its raw stretch.

        An edit that left nothing has begin = end: the place behind the character it followed (an annotation
        belongs to that character alone), or before the one it preceded.
        """
        rows = []
        for number, (begin, end) in enumerate(zip(self.begins, self.ends, strict=True)):
            if end > begin:
                places = [place for place in map(self.to_text, range(begin, end)) if place is not None]
                if not places:
                    continue
                first, last = min(places), max(places) + 1
            else:
                place = self._find_gap(number, raw_begin)
                if place is None:
                    continue
                first = last = place
            edit = self.edits.iloc[number]
            rows.append((
                edit["rule"], first, last, edit["before"], edit["after"], float(edit["confidence"]),
                self.raw_begins[number] - raw_begin, self.raw_ends[number] - raw_begin,
            ))  # fmt: skip
        columns = ["rule", "begin", "end", "before", "after", "confidence", "raw_begin", "raw_end"]
        types = dict.fromkeys(["begin", "end", "raw_begin", "raw_end"], "int64") | {"confidence": "float64"}
        return pd.DataFrame(rows, columns=columns).astype(types)

    def _find_gap(self, number: int, raw_begin: int) -> int | None:
        """The offset into the text at which an edit left nothing, if that is within the article."""
        before, behind = self.to_text(self.begins[number] - 1), self.to_text(self.begins[number])
        if before is not None:
            return before + 1
        belongs_before = self.edits["rule"].iloc[number] == ANNOTATION or self.raw_begins[number] < raw_begin
        return None if belongs_before else behind


def find_ruby(repairs: pd.DataFrame, text: str) -> list[tuple[int, str]]:
    """(offset of a character, its reading) for each annotation that was taken out right behind it.

    >>> edits = pd.DataFrame({"rule": ["pinyin_annotation"], "begin": [1], "end": [1], "before": ["(huì)"]})
    >>> find_ruby(edits, "会议")
    [(0, 'huì')]
    """
    ruby: dict[int, str] = {}
    taken = repairs[(repairs["rule"] == ANNOTATION) & (repairs["begin"] == repairs["end"])]
    for begin, before in zip(taken["begin"], taken["before"], strict=True):
        reading = _READING.match(before)
        if reading and 0 < begin <= len(text) and not text[begin - 1].isspace():
            ruby[int(begin) - 1] = reading.group(1)
    return sorted(ruby.items())


def sum_up_people(mentions: pd.DataFrame) -> pd.DataFrame:
    """A row a person, in the order they are named: what all mentions of one document say together.

    Columns: person_id, name, kind, offices and role (of the first mention that tells them), presence (the fullest of all).

    >>> rows = [["p1", "尹力", "official", [], "", "spoke"], ["p1", "尹力", "official", ["福建省委书记"], "省委书记", "mentioned"]]
    >>> table = pd.DataFrame(rows, columns=["person_id", "name", "kind", "offices", "role", "presence"])
    >>> sum_up_people(table).iloc[0].tolist()
    ['p1', '尹力', 'official', ['福建省委书记'], '省委书记', 'spoke']
    """
    rows = []
    for person_id, named in mentions.groupby("person_id", sort=False):
        fullness = [PRESENCE.index(presence) for presence in named["presence"]]
        told = [len(offices) > 0 or role != "" for offices, role in zip(named["offices"], named["role"], strict=True)]
        best = named.iloc[told.index(True) if any(told) else 0]
        rows.append((person_id, best["name"], best["kind"], best["offices"], best["role"], PRESENCE[min(fullness)]))
    return pd.DataFrame(rows, columns=["person_id", "name", "kind", "offices", "role", "presence"])


# --- The tables of one document ---------------------------------------------------------


def _rows(corpus: Corpus, table: str, key: str, value: str) -> pd.DataFrame:
    """The rows of a table with this key, read from the file: a document needs a handful of millions."""
    path = corpus.build.path / f"{table}.parquet"
    found: pa.Table = pq.read_table(path, filters=[(key, "=", value)])
    return found.to_pandas(date_as_object=False)


def _first_row(rows: pd.DataFrame) -> pd.Series:
    return rows.iloc[0] if len(rows) else pd.Series(dtype=object)


def _list_hits(corpus: Corpus, d: int, text: str) -> pd.DataFrame:
    which = np.flatnonzero(np.asarray(corpus.hit_doc) == d)
    phrase = np.searchsorted(corpus.hit_offsets, which, side="right") - 1
    table = corpus.phrases[["phrase_id", "phrase", "family", "category", "gloss_en", "note"]].iloc[phrase]
    table = table.assign(begin=np.asarray(corpus.hit_begin)[which], end=np.asarray(corpus.hit_end)[which])
    table["surface"] = [text[begin:end] for begin, end in zip(table["begin"], table["end"], strict=True)]
    return table.sort_values(["begin", "end"], ignore_index=True)


def _list_copies(corpus: Corpus, d: int) -> pd.DataFrame:
    codes = corpus.codes("release_id")[0]
    others = np.flatnonzero(codes == codes[d])
    table = corpus.documents.iloc[others[others != d]]
    return table[["doc_id", "title", "outlet", "published", "province"]].reset_index(drop=True)


def _list_reuse(corpus: Corpus, doc_id: str) -> pd.DataFrame:
    mine, theirs = ["begin", "end"], ["other_begin", "other_end"]
    sides = []
    for here, there in (("a", "b"), ("b", "a")):
        rows = _rows(corpus, "reuse", f"doc_{here}", doc_id)
        names: Sequence[str] = [f"doc_{there}", f"begin_{here}", f"end_{here}", f"begin_{there}", f"end_{there}"]
        sides.append(rows.rename(columns=dict(zip(names, ["other", *mine, *theirs], strict=True))))
    table = pd.concat(sides)[["other", *mine, *theirs, "n_chars", "similarity"]]
    return table.sort_values(["begin", "other"], ignore_index=True)
