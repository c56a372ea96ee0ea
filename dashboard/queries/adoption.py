"""Who took a phrase up when: first day, peak and last day by province, and how long after the centre.

Why here: a set phrase is coined at the centre and taken up by the provinces; the order tells
who follows whom. First means first in this corpus: what was not collected cannot be seen, so
each row says how many units stand behind it, and the table how many it leaves out.

A reprint is no adoption. What a place prints are the centre's words
- where a paper of the province prints what the centre issued,
- where an article of the province is a copy of a release of the centre's,
- where the phrase stands in a passage of at least TAKEN_OVER characters shared with a document of the
  centre's (a shorter one is the formula itself, and using it is the adoption that is looked for);
unless the centre's document is known to be later. Everything else is the place's own use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.concordance import write_lines
from dashboard.queries.passages import NO_PASSAGES, Passages, order_places
from dashboard.queries.scope import Scope, count_once, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope

#: Stands for the centre in the column province.
CENTRE = "centre"
#: From so many characters on, a shared passage is taken over, and no formula any more: about two sentences.
TAKEN_OVER = 60
COLUMNS = ["phrase", "province", "first_day", "doc_id", "lag_days", "peak", "last_day", "n_with", "hits",
           "first_reprint", "n_reprints"]  # fmt: skip
#: What a line of `list_uses` is.
OWN, REPRINT = "own", "reprint"


def trace_adoption(corpus: Corpus, filters: Filters, phrases: Sequence[str]) -> pd.DataFrame:
    """A row a phrase and place that prints it: COLUMNS, in the order of first days within a phrase.

    province: short name, or "centre" for documents of that level; documents of neither are left out.
    first_day, doc_id: the first document dated to one day that holds the phrase in own use (the smallest doc_id
    of a day); both missing, and n_with 0, where a place only reprints it.
    lag_days: days after the centre's first day; where the centre has none, after the first province's.
    peak: the period (of the filters) with the largest share of units in own use, the earliest of equals.
    n_with, hits: units and hits in own use. first_reprint, n_reprints: units that print the centre's words alone.
    attrs: n_undated, documents with the phrase that no single day is known of; n_unplaced, dated ones with
    neither a province nor the centre. Raises QueryError.
    """
    scope = open_scope(corpus, filters)
    tables = []
    n_undated = n_unplaced = 0
    for phrase in phrases:
        uses = _tell_uses(scope, find_in_scope(scope, phrase))
        n_undated, n_unplaced = n_undated + uses.n_undated, n_unplaced + uses.n_unplaced
        tables.append(_trace_phrase(scope, uses, phrase, filters.period))
    table = pd.concat(tables, ignore_index=True) if tables else _make_table([])
    table.attrs.update(n_undated=n_undated, n_unplaced=n_unplaced)
    return table


def list_uses(corpus: Corpus, filters: Filters, phrase: str, place: str, *, width: int = 24) -> pd.DataFrame:
    """The lines behind a row of `trace_adoption`: columns of the concordance behind a column use (own, reprint).

    place: a province or CENTRE. The earliest day first, one copy of each release; the lines in own use are as
    many as the row's hits (where copies or releases are counted). Raises QueryError.
    """
    scope = open_scope(corpus, filters)
    passages = find_in_scope(scope, phrase)
    uses = _tell_uses(scope, passages)
    names = _find_places(corpus).names
    code = names.index(place) if place in names else -2
    # What the centre issued is its own use at the centre, and a reprint where its paper is at home.
    printed_hit = ~uses.own_hit | (uses.own_at != uses.printed_at)[passages.doc]
    tables = []
    for use, where, which in ((OWN, uses.own_at, uses.own_hit), (REPRINT, uses.printed_at, printed_hit)):
        lines = write_lines(corpus, keep_one_copy(scope, passages.take((where[passages.doc] == code) & which)), width)
        tables.append(lines.assign(use=use))
    table = pd.concat([one for one in tables if len(one)] or tables[:1], ignore_index=True)
    return table.sort_values(["event_date", "d", "begin"], ignore_index=True, kind="stable")


# --- Own use and reprints ------------------------------------------------------------------


@dataclass(frozen=True)
class _Uses:
    """own, printed: int64[n] hits of each document in own use, and all of them; own_hit: bool a passage;
    own_at, printed_at: int64[n] the place at which the document uses the phrase, or prints the centre's words, or -1."""

    own: np.ndarray
    printed: np.ndarray
    own_hit: np.ndarray
    own_at: np.ndarray
    printed_at: np.ndarray
    n_undated: int
    n_unplaced: int


def _tell_uses(scope: Scope, passages: Passages) -> _Uses:
    corpus = scope.corpus
    places = _find_places(corpus)
    copied, taken = corpus.derive("words of the centre", lambda: _find_words_of_centre(corpus))
    own_hit = ~copied[passages.doc] & ~_lie_within(taken, passages)
    printed = np.bincount(passages.doc, minlength=corpus.n)
    own = np.bincount(passages.doc[own_hit], minlength=corpus.n)
    dated = ~np.isnat(_event_days(corpus))
    held, centre = dated & (printed > 0), len(places.names) - 1
    of_centre = places.place == centre
    return _Uses(
        own, printed, own_hit,
        own_at=np.where(held & (own > 0), places.place, -1),
        printed_at=np.where(held & of_centre, places.home, np.where(held & (own < printed), places.place, -1)),
        n_undated=int((~dated & (printed > 0)).sum()), n_unplaced=int((held & (places.place < 0)).sum()),
    )  # fmt: skip


@dataclass(frozen=True)
class _Places:
    """names: the provinces, and the centre behind them; place: int64[n] whose document it is, home: int64[n] the
    province its outlet belongs to; -1 where not known."""

    names: list[str]
    place: np.ndarray
    home: np.ndarray


def _find_places(corpus: Corpus) -> _Places:
    def find() -> _Places:
        codes, provinces = corpus.codes("province")
        centre = (corpus.documents["level"] == "centre").to_numpy(dtype=bool)
        names = [*provinces, CENTRE]
        homes = _find_homes(corpus)
        names[-1:-1] = sorted(set(homes.values()) - set(provinces))  # provinces that only reprint
        place = np.where(centre, len(names) - 1, codes).astype(np.int64)
        codes, outlets = corpus.codes("outlet")
        number = {name: code for code, name in enumerate(names)}
        home = np.array([*(number.get(homes.get(outlet, ""), -1) for outlet in outlets), -1], dtype=np.int64)
        return _Places(names, place, home[codes])

    return corpus.derive("places of adoption", find)


def _find_homes(corpus: Corpus) -> dict[str, str]:
    """The province of each outlet, as the evidence of places gives it."""
    found = pq.read_table(
        corpus.build.path / "evidence.parquet", columns=["doc_id", "value", "surface"],
        filters=[("field", "=", "province"), ("rule", "=", "outlet")],
    ).to_pandas()  # fmt: skip
    outlet = corpus.documents["outlet"].reindex([corpus.number(doc_id) for doc_id in found["doc_id"]])
    found = found.assign(outlet=outlet.to_numpy(dtype=object)).dropna(subset="outlet")
    named = [row.outlet in str(row.surface) for row in found.itertuples()]
    counts = found[np.array(named, dtype=bool)].value_counts(["outlet", "value"]).reset_index(name="n")
    counts = counts.sort_values(["n", "value"], ascending=[False, True]).drop_duplicates("outlet")
    return dict(zip(counts["outlet"], counts["value"], strict=True))


def _find_words_of_centre(corpus: Corpus) -> tuple[np.ndarray, Passages]:
    """(bool[n]: copies of a release of the centre's; the passages taken over from it, none touching another)."""
    centre = (corpus.documents["level"] == "centre").to_numpy(dtype=bool)
    day = _event_days(corpus).astype(np.int64)
    first = corpus.days[0].astype("datetime64[D]").astype(np.int64)  # NaT is the smallest number: not known to be later
    release = corpus.codes("release_id")[0]
    earliest = np.full(int(release.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(earliest, release[centre], first[centre])
    copied = ~centre & (earliest[release] <= day)
    reuse = corpus.reuse[corpus.reuse["n_chars"] >= TAKEN_OVER]
    a, b = (np.array([corpus.number(name) for name in reuse[side]], dtype=np.int64) for side in ("doc_a", "doc_b"))
    parts = []
    for source, doc, side in ((a, b, "b"), (b, a, "a")):
        keep = centre[source] & ~centre[doc] & (first[source] <= day[doc])
        parts.append(np.stack([doc, reuse[f"begin_{side}"].to_numpy(), reuse[f"end_{side}"].to_numpy()])[:, keep])
    doc, begin, end = np.concatenate(parts, axis=1).astype(np.int64)
    if not len(doc):
        return copied, NO_PASSAGES
    order = np.lexsort((begin, doc))
    doc, begin, end = doc[order], begin[order], end[order]
    # In places counted through all documents, the furthest end so far tells where a new stretch begins.
    reach = np.maximum.accumulate(order_places(doc, end))
    fresh = np.append(True, order_places(doc, begin)[1:] > reach[:-1])
    last = np.append(np.flatnonzero(fresh)[1:], len(doc)) - 1
    return copied, Passages(doc[fresh], begin[fresh], reach[last] - (doc[fresh] << 32))


def _lie_within(spans: Passages, passages: Passages) -> np.ndarray:
    """bool: which passages lie wholly within one of the spans (sorted, apart)."""
    if not len(spans) or not len(passages):
        return np.zeros(len(passages), dtype=bool)
    at = np.searchsorted(order_places(spans.doc, spans.begin), order_places(passages.doc, passages.begin), "right") - 1
    held = np.maximum(at, 0)
    return (at >= 0) & (spans.doc[held] == passages.doc) & (passages.end <= spans.end[held])


# --- The table -----------------------------------------------------------------------------


def _trace_phrase(scope: Scope, uses: _Uses, phrase: str, period: str) -> pd.DataFrame:
    corpus = scope.corpus
    names, days = _find_places(corpus).names, _event_days(corpus)
    only_printed = np.where((uses.own_at >= 0) & (uses.own_at == uses.printed_at), -1, uses.printed_at)
    used, printed = (_sum_up(scope, at, days, len(names)) for at in (uses.own_at, only_printed))
    hits = np.bincount(uses.own_at[used.units], weights=uses.own[used.units], minlength=len(names)).astype(np.int64)
    peaks = _find_peaks(scope, uses, len(names), period)
    known = [used.first[code] for code in range(len(names)) if used.n[code]]
    origin = used.first[-1] if used.n[-1] else min(known, default=np.datetime64("NaT"))
    rows = [
        (phrase, names[code], used.first[code], corpus.documents["doc_id"].iloc[used.doc[code]] if used.n[code] else None,
         int((used.first[code] - origin).astype(int)) if used.n[code] else None, peaks.get(code), used.last[code],
         int(used.n[code]), int(hits[code]), printed.first[code], int(printed.n[code]))
        for code in np.flatnonzero(used.n + printed.n).tolist()
    ]  # fmt: skip
    return _make_table(rows).sort_values(["first_day", "first_reprint", "doc_id"], ignore_index=True)


@dataclass(frozen=True)
class _Sums:
    """By place: n units, the first and last day, the first document; units: the documents that count."""

    n: np.ndarray
    first: np.ndarray
    last: np.ndarray
    doc: np.ndarray
    units: np.ndarray


def _sum_up(scope: Scope, at: np.ndarray, days: np.ndarray, n_places: int) -> _Sums:
    docs = np.flatnonzero(at >= 0)
    units = count_once(scope, docs, at)
    first, last = (np.full(n_places, np.datetime64("NaT", "D")) for _ in range(2))
    doc = np.full(n_places, -1, dtype=np.int64)
    order = docs[np.lexsort((docs, days[docs], at[docs]))]
    codes, begins = np.unique(at[order], return_index=True)
    ends = np.append(begins[1:], len(order))[: len(begins)] - 1
    first[codes], last[codes], doc[codes] = days[order[begins]], days[order[ends]], order[begins]
    return _Sums(np.bincount(at[units], minlength=n_places), first, last, doc, units)


def _find_peaks(scope: Scope, uses: _Uses, n_places: int, period: str) -> dict[int, str]:
    """The period with the largest share of units in own use, by place."""
    corpus = scope.corpus
    codes, periods = corpus.periods(period)
    place = _find_places(corpus).place
    cells = np.where((codes >= 0) & (place >= 0), place * max(len(periods), 1) + codes, -1)
    size = n_places * max(len(periods), 1)
    whole = count_once(scope, np.flatnonzero(scope.docs & (cells >= 0)), cells)
    using = count_once(scope, np.flatnonzero((uses.own_at >= 0) & (cells >= 0)), cells)
    n_units, n_with = (np.bincount(cells[docs], minlength=size) for docs in (whole, using))
    share = (n_with / np.maximum(n_units, 1)).reshape(n_places, -1)
    best = share.argmax(axis=1)  # the earliest of equals
    return {code: periods[best[code]] for code in range(n_places) if periods and share[code, best[code]] > 0}


def _event_days(corpus: Corpus) -> np.ndarray:
    return corpus.documents["event_date"].to_numpy().astype("datetime64[D]")


def _make_table(rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("first_day", "last_day", "first_reprint"):
        table[name] = pd.to_datetime(table[name])
    table["lag_days"] = table["lag_days"].astype("Int64")
    table["doc_id"] = table["doc_id"].astype(object).where(table["n_with"] > 0, None)
    return table
