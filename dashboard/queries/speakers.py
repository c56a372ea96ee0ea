"""Who says a phrase: leaders by name, or by the office they are printed with.

Why here: a leader who speaks often says every phrase often. So each one's share is of the
units in which that leader is heard at all, with its Wilson interval, and n beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from dashboard.corpus import SPEECH_KINDS, Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import wilson_interval
from dashboard.queries.passages import order_places
from dashboard.queries.scope import Scope, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope
from dashboard.queries.timeline import THIN
from dashboard.queries.voices import find_speech
from data_prep.schema import PROVINCES

BY = ("speaker", "office")
COLUMNS = ["speaker", "office", "n_with", "n_units", "share", "low", "high", "hits", "thin"]
#: What stands between a province's name and its organ.
_NATIONS = ("维吾尔", "壮族", "回族")


def rank_speakers(corpus: Corpus, filters: Filters, phrase: str, by: str = "speaker") -> pd.DataFrame:
    """The leaders who say the phrase, those of most units first: COLUMNS.

    by: speaker (a row a person, homonyms apart, beside it the office printed most often) or office (a row an office without its
    province; speaker is then missing; one leader holds several). n_units: units (releases, copies, outlets) in
    which the leader is heard; n_with: those in which the leader says it; hits: the lines of the concordance.
    A phrase counts for whoever voices the place where it begins. Raises QueryError; ValueError for another `by`.
    """
    if by not in BY:
        raise ValueError(f"speakers are ranked by {' or '.join(BY)}, not by {by}")
    scope = open_scope(corpus, filters)
    passages = find_in_scope(scope, phrase)
    if not len(corpus.speech_begin):
        return _make_table([])
    doc = np.repeat(np.arange(corpus.n, dtype=np.int64), np.diff(corpus.speech_offsets))
    rows = np.flatnonzero(_is_heard(scope, doc))
    names, pairs = _name_keys(corpus, by)
    unit = _number_units(scope)

    def count_units(rows: np.ndarray) -> np.ndarray:
        """In how many units each key stands, over rows of the speech."""
        row, key = pairs(rows)
        width = int(unit.max(initial=0)) + 1
        return np.bincount(np.unique(key.astype(np.int64) * width + unit[doc[row]]) // width, minlength=len(names))

    heard = np.zeros(len(doc), dtype=bool)
    heard[rows] = True
    said = find_speech(corpus, passages)
    said = said[(said >= 0) & heard[np.maximum(said, 0)]]
    once = find_speech(corpus, keep_one_copy(scope, passages))
    once = once[(once >= 0) & heard[np.maximum(once, 0)]]
    n_units, n_with = count_units(rows), count_units(said)
    hits = np.bincount(pairs(once)[1], minlength=len(names))
    found = np.flatnonzero(n_with)
    low, high = wilson_interval(n_with[found], n_units[found])
    offices = _find_offices(corpus, pairs(rows)[1], rows, found) if by == "speaker" else [names[key] for key in found]
    table = pd.DataFrame({
        "speaker": [names[key] if by == "speaker" else None for key in found], "office": offices, "n_with": n_with[found],
        "n_units": n_units[found], "share": n_with[found] / n_units[found], "low": low, "high": high, "hits": hits[found],
        "thin": n_units[found] < THIN,
    })[COLUMNS]  # fmt: skip
    return table.sort_values(["n_with", "share", by], ascending=[False, False, True], ignore_index=True)


def strip_province(office: str) -> str:
    """An office without the province it is held in, so that offices of one rank stand together.

    >>> [strip_province(o) for o in ("福建省委书记", "福建省省长", "广西壮族自治区主席", "上海市市长", "国务院总理")]
    ['省委书记', '省长', '自治区主席', '市长', '国务院总理']
    """
    for province in PROVINCES:
        if office.startswith(province):
            rest = office.removeprefix(province)
            for nation in _NATIONS:
                rest = rest.removeprefix(nation)
            doubled = len(rest) > 2 and rest[0] == rest[1] and rest[0] in "省市区"
            return rest[1:] if doubled else rest if rest.startswith(("省", "市", "自治区", "党委")) else office
    return office


def _is_heard(scope: Scope, doc: np.ndarray) -> np.ndarray:
    """bool a row of the speech: a leader with a name, in the documents (and the voices) in question."""
    corpus = scope.corpus
    named = np.array([*(bool(name) for name in corpus.speakers), False], dtype=bool)[corpus.speech_speaker]
    heard = named & (corpus.speech_kind == SPEECH_KINDS.index("leader")) & scope.docs[doc]
    if scope.spans is None or not heard.any():
        return heard
    at = np.searchsorted(order_places(scope.spans.doc, scope.spans.begin), order_places(doc, corpus.speech_begin), "right") - 1
    held = np.maximum(at, 0)
    return heard & (at >= 0) & (scope.spans.doc[held] == doc) & (corpus.speech_end <= scope.spans.end[held])


def _number_units(scope: Scope) -> np.ndarray:
    """int64[n]: the number of the counting unit each document belongs to."""
    corpus, own = scope.corpus, np.arange(scope.corpus.n, dtype=np.int64)
    if scope.unit == "copies":
        return own
    if scope.unit == "releases":
        return corpus.codes("release_id")[0].astype(np.int64)
    outlet = corpus.codes("outlet")[0].astype(np.int64)
    return np.where(outlet < 0, len(corpus.codes("outlet")[1]) + own, outlet)  # each unknown outlet is its own


def _name_keys(corpus: Corpus, by: str) -> tuple[list[str], Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]]:
    """(names, a function: rows of the speech -> the pairs row and number of a name)."""
    if by == "speaker":
        names, person = corpus.derive("persons of speech", lambda: _number_persons(corpus))
        return names, lambda rows: (rows, person[rows])
    names, lists = corpus.derive("ranks of offices", lambda: _number_offices(corpus))
    sizes = np.array([*(len(one) for one in lists), 0])
    starts = np.cumsum(sizes) - sizes
    flat = np.array([key for one in lists for key in one], dtype=np.int64)
    return names, partial(_spread, corpus.speech_office, sizes, starts, flat)


def _spread(
    office: np.ndarray, sizes: np.ndarray, starts: np.ndarray, flat: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Each row as often as it has offices."""
    n = sizes[office[rows]]
    row = np.repeat(rows, n)
    place = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    return row, flat[np.repeat(starts[office[rows]], n) + place] if len(row) else np.zeros(0, dtype=np.int64)


def _number_persons(corpus: Corpus) -> tuple[list[str], np.ndarray]:
    """(names, for each row of the speech the number of its person): whom the people of the document say the speaker is.

    Where the document does not say, the only person of that name; where several bear it, one more of that name.
    """
    doc = np.repeat(np.arange(corpus.n, dtype=np.int64), np.diff(corpus.speech_offsets))
    speech = pd.DataFrame({"doc": doc, "name": np.array([*corpus.speakers, ""], dtype=object)[corpus.speech_speaker]})
    rows = corpus.build.arrow("people").select(["doc_id", "name", "person_id"])
    number = pc.index_in(rows.column("doc_id"), value_set=pa.array(corpus.documents["doc_id"], type=pa.string()))
    speaks = pc.is_in(rows.column("name"), value_set=pa.array(corpus.speakers, type=pa.string()))
    rows, number = rows.filter(speaks), number.filter(speaks)
    people = pd.DataFrame({
        "doc": number.to_numpy(), "name": rows.column("name").to_pylist(), "person": rows.column("person_id").to_pylist(),
    }).drop_duplicates()  # fmt: skip
    told = people[~people.duplicated(["doc", "name"], keep=False)]
    person = speech.merge(told, on=["doc", "name"], how="left")["person"].astype(object).fillna("")
    bearers = person[person != ""].groupby(speech["name"]).unique()
    only = {name: persons[0] for name, persons in bearers.items() if len(persons) == 1}
    person = person.where(person != "", pd.Series([only.get(name, "") for name in speech["name"]], index=speech.index, dtype=object))
    keys = speech["name"] + "\0" + person
    codes, kept = pd.factorize(keys)
    return [key.split("\0")[0] for key in kept], codes.astype(np.int64)


def _number_offices(corpus: Corpus) -> tuple[list[str], list[list[int]]]:
    """(offices without their provinces, for each entry of corpus.offices the numbers of its offices)."""
    numbers: dict[str, int] = {}
    lists = []
    for held in corpus.offices:
        ranks = dict.fromkeys(strip_province(office) for office in held.split("、") if office)
        lists.append([numbers.setdefault(rank, len(numbers)) for rank in ranks])
    return list(numbers), lists


def _find_offices(corpus: Corpus, keys: np.ndarray, rows: np.ndarray, speakers: np.ndarray) -> list[str | None]:
    """The office printed most often with each speaker, where there is one; `keys` are the speakers of the rows."""
    frame = pd.DataFrame({"speaker": keys, "office": corpus.speech_office[rows]})
    frame = frame[np.isin(frame["speaker"], speakers) & (frame["office"] >= 0)]
    counts = frame.value_counts().reset_index(name="n").sort_values(["n", "office"], ascending=[False, True])
    best = counts.drop_duplicates("speaker").set_index("speaker")["office"]
    return [corpus.offices[best[key]] or None if key in best.index else None for key in speakers]


def _make_table(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)
