"""Who: persons and their offices, who stood beside whom, in which order.

Why here: a mention is a row; a reader asks for persons. Everything below counts documents or releases
under the filters of every other page, so that a person's numbers agree with those of a phrase.

The printed order of officials is a fact of rank; it is kept as `place`: 1 for the first official named in
a document, by first mention. Attendance means the printed roles chaired, spoke and attended; who is only
mentioned (尹力委托赵龙) was not there and is never counted as present.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csc_array, csr_array, triu

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.measures import log_dice
from dashboard.queries.scope import count_once, open_scope
from data_prep.schema import PERSON_KINDS

PRESENCE = ("chaired", "spoke", "attended", "mentioned")
#: Officials whose printed order is compared pair by pair: those present most often.
MOST_RANKED = 150
#: Between offices or provinces in one cell of a table, as a Chinese list is written.
COMMA = "、"

PEOPLE = [
    "person_id", "name", "offices", "kind", "n_documents", "n_releases", "n_mentions", "first_date", "last_date",
    "provinces",
]  # fmt: skip
MENTIONS = [
    "doc_id", "event_date", "province", "outlet", "title", "name", "role", "offices", "presence", "begin", "end", "d",
]  # fmt: skip
CAREER = [
    "office", "first_date", "last_date", "n_documents", "n_releases", "first_doc_id", "last_doc_id", "earliest", "latest",
]  # fmt: skip
ATTENDANCE = [
    "doc_id", "event_date", "province", "title", "place", "person_id", "name", "role", "offices", "presence", "d",
]  # fmt: skip
NODES = ["person_id", "name", "office", "province", "n_meetings"]
EDGES = ["person_a", "name_a", "person_b", "name_b", "n_meetings", "log_dice", "first_date", "last_date"]
PLACES = ["period", "person_id", "name", "mean_place", "n_meetings"]
ORDERS = [
    "person_a", "name_a", "person_b", "name_b", "n_a_first", "n_b_first", "last_a_first", "last_b_first", "changed",
]  # fmt: skip


class _Mentions(NamedTuple):
    """The table people as arrays, in the order document, begin. Codes refer to the lists."""

    doc: np.ndarray
    person: np.ndarray
    name: np.ndarray
    kind: np.ndarray
    presence: np.ndarray
    office: np.ndarray
    begin: np.ndarray  # -1 outside the article
    end: np.ndarray
    role: pa.ChunkedArray
    persons: list[str]
    names: list[str]
    offices: list[str]  # each the offices of one mention, joined

    def take(self, which: np.ndarray) -> _Mentions:
        arrays = (a[which] for a in self[:8])
        return _Mentions(*arrays, self.role.take(pa.array(np.flatnonzero(which))), *self[9:])  # type: ignore[call-arg]


@lru_cache(maxsize=2)
def _read_mentions(corpus: Corpus) -> _Mentions:
    """Codes instead of strings: a million mentions take 40 MB and are grouped in milliseconds."""
    rows = corpus.build.arrow("people")
    doc_ids = pa.array(corpus.documents["doc_id"], type=pa.string())
    doc = pc.index_in(rows.column("doc_id"), value_set=doc_ids).to_numpy(zero_copy_only=False).astype(np.int64)
    begin = pc.fill_null(rows.column("begin"), -1).to_numpy()
    order = np.lexsort((begin, doc))
    rows = rows.take(pa.array(order))
    person, persons = _encode(rows.column("person_id"))
    name, names = _encode(rows.column("name"))
    office, offices = _encode(pc.binary_join(rows.column("offices"), COMMA))
    return _Mentions(
        doc[order], person, name, _place(rows.column("kind"), PERSON_KINDS),
        _place(rows.column("presence"), PRESENCE), office, begin[order],
        pc.fill_null(rows.column("end"), -1).to_numpy(), rows.column("role"), persons, names, offices,
    )  # fmt: skip


def _encode(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    if not len(column):
        return np.zeros(0, dtype=np.int64), []
    coded = column.combine_chunks().dictionary_encode()
    return coded.indices.to_numpy().astype(np.int64), coded.dictionary.to_pylist()


def _place(column: pa.ChunkedArray, known: tuple[str, ...]) -> np.ndarray:
    """The place of each value among the known ones; the last for what is none of them."""
    found = pc.fill_null(pc.index_in(column, value_set=pa.array(known)), len(known) - 1)
    return found.to_numpy(zero_copy_only=False).astype(np.int64)


# --- Persons ------------------------------------------------------------------------


def list_people(
    corpus: Corpus, filters: Filters, *, kinds: tuple[str, ...] = (), limit: int | None = None
) -> pd.DataFrame:
    """Every person named in the selection, the one in most releases first. Columns: PEOPLE.

    kinds: official, journalist, other (empty: all). offices are those printed in the selection, the most
    frequent first, joined with 、; first_date and last_date are event dates (NaT where none is dated); provinces the
    provinces of the documents, the most frequent first. A person of two kinds has the kind of most mentions.
    """
    mentions = _select(corpus, filters)
    if kinds:
        mentions = mentions.take(np.isin(mentions.kind, [PERSON_KINDS.index(kind) for kind in kinds]))
    if not len(mentions.doc):
        return pd.DataFrame(columns=PEOPLE)
    release, event = corpus.codes("release_id")[0], _event_days(corpus)
    frame = pd.DataFrame({
        "person": mentions.person, "doc": mentions.doc, "release": release[mentions.doc],
        "kind": mentions.kind, "day": event[mentions.doc],
    })  # fmt: skip
    grouped = frame.groupby("person", sort=True)
    table = pd.DataFrame({
        "n_documents": grouped["doc"].nunique(), "n_releases": grouped["release"].nunique(),
        "n_mentions": grouped.size(), "first_date": grouped["day"].min(), "last_date": grouped["day"].max(),
    }).reset_index()  # fmt: skip
    table = table.sort_values(["n_releases", "n_mentions", "person"], ascending=[False, False, True])[:limit]
    person = table["person"].to_numpy()
    table["person_id"] = [mentions.persons[p] for p in person]
    table["name"] = [mentions.names[n] for n in _commonest(mentions.person, mentions.name, person)]
    table["kind"] = [PERSON_KINDS[k] for k in _commonest(mentions.person, mentions.kind, person)]
    table["offices"] = _list_offices(corpus, mentions, person)
    codes, provinces = corpus.codes("province")
    table["provinces"] = _list_commonest(mentions.person, codes[mentions.doc], provinces, person)
    return table[PEOPLE].reset_index(drop=True)


def list_mentions(corpus: Corpus, filters: Filters, person_id: str) -> pd.DataFrame:
    """Where a person is named, in the order of dates, undated last. Columns: MENTIONS; offsets null outside it."""
    mentions = _select(corpus, filters)
    if person_id not in mentions.persons:
        return pd.DataFrame(columns=MENTIONS)
    mentions = mentions.take(mentions.person == mentions.persons.index(person_id))
    facts = corpus.documents.iloc[mentions.doc].reset_index(drop=True)
    table = facts[["doc_id", "event_date", "province", "outlet", "title"]].assign(
        name=[mentions.names[n] for n in mentions.name],
        role=mentions.role.to_pylist(),
        offices=[mentions.offices[o] for o in mentions.office],
        presence=[PRESENCE[p] for p in mentions.presence],
        begin=pd.array(mentions.begin, dtype="Int64"),
        end=pd.array(mentions.end, dtype="Int64"),
        d=mentions.doc,
    )
    table.loc[table["begin"] < 0, ["begin", "end"]] = pd.NA
    return table[MENTIONS].sort_values(["event_date", "d", "begin"], ignore_index=True)


def list_namesakes(corpus: Corpus, filters: Filters, person_id: str) -> pd.DataFrame:
    """Other persons printed with the same name: those whom office and place keep apart. Columns: PEOPLE."""
    people = list_people(corpus, filters)
    name = people.loc[people["person_id"] == person_id, "name"]
    return people[people["name"].isin(name) & (people["person_id"] != person_id)].reset_index(drop=True)


def career(corpus: Corpus, person_id: str, filters: Filters | None = None) -> pd.DataFrame:
    """The offices a person is printed with, each with its first and last date, in the order of time. Columns: CAREER.

    Documents of no single day count in n_documents but give no date. For an office seen only in such, earliest and latest
    are the bounds that the evidence leaves them (NaT where it leaves one side open); it comes last.
    """
    mentions = _select(corpus, filters or Filters())
    if person_id not in mentions.persons:
        return pd.DataFrame(columns=CAREER)
    mentions = mentions.take(mentions.person == mentions.persons.index(person_id))
    rows = [
        (office, d)
        for offices, d in zip(mentions.office, mentions.doc, strict=True)
        for office in mentions.offices[offices].split(COMMA)
        if office
    ]
    frame = pd.DataFrame(rows, columns=["office", "d"]).drop_duplicates()
    if not len(frame):
        return pd.DataFrame(columns=CAREER)
    frame["day"] = _event_days(corpus)[frame["d"]]
    frame["release"] = corpus.codes("release_id")[0][frame["d"]]
    frame["doc_id"] = corpus.documents["doc_id"].to_numpy()[frame["d"]]
    frame["from"], frame["to"] = (days[frame["d"]].astype("datetime64[s]") for days in corpus.days)
    frame = frame.sort_values(["day", "d"], kind="stable")  # NaT last
    grouped = frame.groupby("office", sort=False)
    dated = frame.dropna(subset=["day"]).groupby("office", sort=False)["doc_id"]
    table = pd.DataFrame({
        "first_date": grouped["day"].min(), "last_date": grouped["day"].max(),
        "n_documents": grouped["d"].nunique(), "n_releases": grouped["release"].nunique(),
        "first_doc_id": dated.first().reindex(grouped["doc_id"].first().index).fillna(grouped["doc_id"].first()),
        "last_doc_id": dated.last().reindex(grouped["doc_id"].last().index).fillna(grouped["doc_id"].last()),
        "earliest": grouped["from"].agg(lambda days: days.min(skipna=False)),
        "latest": grouped["to"].agg(lambda days: days.max(skipna=False)),
    }).reset_index()  # fmt: skip
    table.loc[table["first_date"].notna(), ["earliest", "latest"]] = pd.NaT
    return table.sort_values(["first_date", "last_date", "earliest", "office"], ignore_index=True)[CAREER]


# --- Meetings -----------------------------------------------------------------------


def attendance(
    corpus: Corpus, filters: Filters, *, present_only: bool = True, most: int | None = 20_000
) -> pd.DataFrame:
    """Who was at which meeting: a row a document and official, in printed order. Columns: ATTENDANCE.

    place is the printed order (1 = named first among the officials of the document), presence the fullest
    role a document gives the person (chaired before spoke before attended), role the first one printed there.
    Of a release in several copies one document counts, unless the unit is copies. present_only leaves out
    who is only mentioned (their place stays counted). At most `most` rows, the newest documents first.
    """
    first = _first_mentions(corpus, filters)
    if present_only:
        first = first[first["presence"] < PRESENCE.index("mentioned")]
    day = _event_days(corpus)[first["doc"].to_numpy()].astype("datetime64[D]").astype(np.int64)
    newest = np.where(day == np.iinfo(np.int64).min, 1 << 40, -day)
    first = first.iloc[np.lexsort((first["place"], first["doc"], newest))][:most]
    facts = corpus.documents.iloc[first["doc"]].reset_index(drop=True)
    table = facts[["doc_id", "event_date", "province", "title"]].assign(
        place=first["place"].to_numpy(),
        person_id=first["person_id"].to_numpy(),
        name=first["name"].to_numpy(),
        role=first["role"].to_numpy(),
        offices=first["offices"].to_numpy(),
        presence=[PRESENCE[p] for p in first["presence"]],
        d=first["doc"].to_numpy(),
    )
    return table[ATTENDANCE]


def attendance_matrix(rows: pd.DataFrame, *, persons: int = 40, meetings: int = 60, least: int = 1) -> pd.DataFrame:
    """The rows of `attendance` as a matrix: a row a meeting (doc_id, event_date, title), a column a person, the
    cell the printed place (null: not there). The newest meetings with at least `least` officials are kept, of them
    the persons seen most often; the columns are labelled with names, and with name (person_id) where two persons
    share one."""
    rows = rows[rows.groupby("doc_id")["person_id"].transform("nunique") >= least] if len(rows) else rows
    if not len(rows):
        return pd.DataFrame(columns=["doc_id", "event_date", "title"])
    if least > 1:  # those seen at the meetings that are shown, or the columns would stand empty
        rows = rows[rows["doc_id"].isin(rows["doc_id"].drop_duplicates().head(meetings))]
    shown = rows["person_id"].value_counts(sort=False)
    mean_place = rows.groupby("person_id")["place"].mean()
    ranked = pd.DataFrame({"n": shown, "place": mean_place}).sort_values(["n", "place"], ascending=[False, True])
    kept = list(ranked.index[:persons])
    names = rows.drop_duplicates("person_id").set_index("person_id")["name"]
    shared = set(names[names.duplicated(keep=False)])
    labels = {p: f"{names[p]} ({p})" if names[p] in shared else names[p] for p in kept}
    docs = list(dict.fromkeys(rows["doc_id"]))[:meetings]
    part = rows[rows["person_id"].isin(kept) & rows["doc_id"].isin(docs)]
    wide = part.pivot_table(index="doc_id", columns="person_id", values="place", aggfunc="min")
    docs = [doc for doc in docs if doc in wide.index] if least > 1 else docs  # nor rows
    wide = wide.reindex(index=docs, columns=kept).rename(columns=labels).astype("Int64")
    facts = rows.drop_duplicates("doc_id").set_index("doc_id").loc[docs, ["event_date", "title"]]
    return pd.concat([facts, wide], axis=1).rename_axis("doc_id").reset_index()


def network(
    corpus: Corpus, filters: Filters, *, most_people: int = 60, most_edges: int = 300, least: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Who was present together. Returns (nodes, edges); columns NODES and EDGES.

    An edge counts the meetings (releases, or copies if that is the unit) at which both were present, at
    least `least`; log_dice says how exclusively. The people at most meetings are kept, then the heaviest
    edges: the caps are there because a picture of ten thousand edges shows nothing.
    """
    first = _first_mentions(corpus, filters)
    first = first[first["presence"] < PRESENCE.index("mentioned")]
    if not len(first):
        return pd.DataFrame(columns=NODES), pd.DataFrame(columns=EDGES)
    meetings = first.groupby("person").agg(
        n_meetings=("doc", "size"), name=("name", "last"), person_id=("person_id", "last")
    )
    kept = meetings.sort_values(["n_meetings", "person_id"], ascending=[False, True])[:most_people]
    column = pd.Series(np.arange(len(kept)), index=kept.index)
    part = first[first["person"].isin(kept.index)]
    docs, row = np.unique(part["doc"], return_inverse=True)
    there = csr_array(
        (np.ones(len(part), dtype=np.int32), (row, column.loc[part["person"]].to_numpy())),
        shape=(len(docs), len(kept)),
    )
    together = triu(there.T @ there, k=1).tocoo()
    n = kept["n_meetings"].to_numpy()
    a, b, weight = together.coords[0], together.coords[1], together.data
    heavy = weight >= least
    a, b, weight = a[heavy], b[heavy], weight[heavy]
    order = np.lexsort((b, a, -weight))[:most_edges]
    a, b, weight = a[order], b[order], weight[order]
    ids, names = kept["person_id"].to_numpy(), kept["name"].to_numpy()
    days = _event_days(corpus)[docs]
    columns = there.tocsc()
    spans = [_span_of_days(days, columns, x, y) for x, y in zip(a, b, strict=True)]
    edges = pd.DataFrame({
        "person_a": ids[a], "name_a": names[a], "person_b": ids[b], "name_b": names[b], "n_meetings": weight,
        "log_dice": log_dice(weight, n[a], n[b]),
        "first_date": pd.Series([s[0] for s in spans], dtype="datetime64[s]"),
        "last_date": pd.Series([s[1] for s in spans], dtype="datetime64[s]"),
    })  # fmt: skip
    office = first[first["offices"] != ""].groupby("person")["offices"].last()
    codes, provinces = corpus.codes("province")
    # Where most of the meetings belong: none is a place too, or a leader of the centre would be of a province visited.
    most = _commonest(part["person"].to_numpy(), codes[part["doc"].to_numpy()], kept.index.to_numpy())
    nodes = kept.assign(
        office=office.reindex(kept.index).fillna(""), province=[provinces[code] if code >= 0 else None for code in most]
    )
    return nodes.reset_index(drop=True)[NODES], edges[EDGES]


def trace_order(corpus: Corpus, filters: Filters, *, most: int = 10, least: int = 3) -> pd.DataFrame:
    """Where officials stand in the printed order, period by period. Columns: PLACES.

    Looked at are the `most` officials present most often, at `least` meetings or more, and meetings with two of
    them. In each such meeting they are numbered in printed order among themselves, so that the place of one
    does not hang on how many others are named; mean_place is the mean of these numbers over the n_meetings of a period.
    attrs: n_undated, meetings that lie in no period.
    """
    first = _first_mentions(corpus, filters)
    first = first[first["presence"] < PRESENCE.index("mentioned")]
    counts = first["person"].value_counts()
    chosen = first[first["person"].isin(counts[counts >= least].index[:most])]
    chosen = chosen[chosen.groupby("doc")["person"].transform("size") >= 2].sort_values(["doc", "place"])
    codes, names = corpus.periods(filters.period)
    period = codes[chosen["doc"].to_numpy()]
    chosen = chosen.assign(rank=chosen.groupby("doc").cumcount() + 1, period=period)
    n_undated = int(chosen.loc[period < 0, "doc"].nunique())
    dated = chosen[period >= 0]
    table = dated.groupby(["period", "person_id"], as_index=False).agg(
        name=("name", "last"), mean_place=("rank", "mean"), n_meetings=("doc", "size")
    )
    table["period"] = [names[code] for code in table["period"]]
    table = table[PLACES].sort_values(["period", "mean_place", "person_id"], ignore_index=True)
    table.attrs["n_undated"] = n_undated
    return table


def list_shared_meetings(corpus: Corpus, filters: Filters, person_a: str, person_b: str) -> np.ndarray:
    """The numbers of the documents at whose meetings both were present: what an edge of `network` counts."""
    first = _first_mentions(corpus, filters)
    first = first[first["presence"] < PRESENCE.index("mentioned")]
    held = [first.loc[first["person_id"] == person, "doc"].to_numpy() for person in (person_a, person_b)]
    return np.intersect1d(*held)


def list_order_changes(corpus: Corpus, filters: Filters, *, least: int = 2, most: int = 200) -> pd.DataFrame:
    """Pairs of officials whose printed order is not always the same: rank that changed, or was never settled.

    Columns: ORDERS. n_a_first counts the meetings that print A before B; last_a_first is the newest of them;
    changed is the first day of the order now in force, where the dates show one clean change (else null).
    Only pairs present together at least `least` times are looked at.
    """
    first = _first_mentions(corpus, filters)
    first = first[first["presence"] < PRESENCE.index("mentioned")][["doc", "person", "person_id", "name", "place"]]
    counts = first["person"].value_counts()
    first = first[first["person"].isin(counts.index[:MOST_RANKED])]
    pairs = first.merge(first, on="doc", suffixes=("_a", "_b"))
    pairs = pairs[pairs["person_id_a"] < pairs["person_id_b"]]
    code, _ = pd.factorize(pairs["person_a"].to_numpy() * (int(pairs["person_b"].max()) + 1) + pairs["person_b"].to_numpy()
                           if len(pairs) else np.zeros(0, dtype=np.int64))  # fmt: skip
    a_first = (pairs["place_a"] < pairs["place_b"]).to_numpy()
    together = np.bincount(code)
    n_a = np.bincount(code, weights=a_first, minlength=len(together)).astype(np.int64)
    unsettled = np.flatnonzero((together >= least) & (n_a > 0) & (n_a < together))
    kept = unsettled[np.argsort(-together[unsettled], kind="stable")][:most]
    wanted = np.isin(code, kept)
    pairs = pairs[wanted].assign(a_first=a_first[wanted], code=code[wanted])
    pairs["day"] = _event_days(corpus)[pairs["doc"].to_numpy()]
    dated = pairs.dropna(subset=["day"]).sort_values(["code", "day"], kind="stable")
    turned = (dated["code"] == dated["code"].shift()) & (dated["a_first"] != dated["a_first"].shift())
    turns = dated[turned].groupby("code")["day"].agg(["size", "first"])
    last = dated.groupby(["code", "a_first"])["day"].max().unstack() if len(dated) else pd.DataFrame()
    named = pairs.drop_duplicates("code", keep="last").set_index("code")
    table = named[["person_id_a", "name_a", "person_id_b", "name_b"]].rename(
        columns={"person_id_a": "person_a", "person_id_b": "person_b"}
    )
    table["n_a_first"] = n_a[table.index]
    table["n_b_first"] = together[table.index] - n_a[table.index]
    for column, side in (("last_a_first", True), ("last_b_first", False)):
        days = last[side].reindex(table.index) if side in last else pd.Series(pd.NaT, index=table.index)
        table[column] = days.astype("datetime64[s]")
    table["changed"] = turns.loc[turns["size"] == 1, "first"].reindex(table.index).astype("datetime64[s]")
    order = np.lexsort((table["person_b"], table["person_a"], -(table["n_a_first"] + table["n_b_first"]).to_numpy()))
    return table.iloc[order].reset_index(drop=True)[ORDERS]


# --- Parts ----------------------------------------------------------------------------


def _select(corpus: Corpus, filters: Filters) -> _Mentions:
    mentions = _read_mentions(corpus)
    docs = open_scope(corpus, filters).docs
    return mentions if docs.all() else mentions.take(docs[mentions.doc])


def _event_days(corpus: Corpus) -> np.ndarray:
    return corpus.documents["event_date"].to_numpy().astype("datetime64[s]")


def _first_mentions(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """A row an official and document (one copy of a release), in printed order, with the fullest presence.

    Columns: doc, person (code), place, presence (code), person_id, name, offices, role. Not to be changed.
    """
    key = ("first mentions", filters)
    known = corpus.recall(key)
    if known is None:
        known = _find_first_mentions(corpus, filters)
        corpus.keep(key, known, 100 * len(known))
    return known


def _find_first_mentions(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    scope = open_scope(corpus, filters)
    mentions = _read_mentions(corpus)
    once = np.zeros(corpus.n, dtype=bool)
    once[count_once(scope, np.flatnonzero(scope.docs)) if scope.unit == "releases" else scope.docs] = True
    official = PERSON_KINDS.index("official")
    mentions = mentions.take(once[mentions.doc] & (mentions.kind == official) & (mentions.begin >= 0))
    pairs = mentions.doc * (len(mentions.persons) + 1) + mentions.person
    _, first, number = np.unique(pairs, return_index=True, return_inverse=True)
    fullest = np.full(len(first), len(PRESENCE))
    np.minimum.at(fullest, number, mentions.presence)
    # The office stands at one mention, often not at the first (the headline names no office).
    titled = np.flatnonzero(pc.greater(pc.utf8_length(mentions.role), 0).to_numpy(zero_copy_only=False))
    row = first.copy()
    row[number[titled[::-1]]] = titled[::-1]  # the first that has one is written last
    order = np.argsort(first)  # the order of the text: mentions are sorted by document and place
    first, row, fullest = first[order], row[order], fullest[order]
    doc = mentions.doc[first]
    begins = np.searchsorted(doc, doc)
    names, persons, offices = (np.array(x, dtype=object) for x in (mentions.names, mentions.persons, mentions.offices))
    return pd.DataFrame({
        "doc": doc, "person": mentions.person[first], "place": np.arange(len(doc)) - begins + 1, "presence": fullest,
        "person_id": persons[mentions.person[first]], "name": names[mentions.name[first]],
        "offices": offices[mentions.office[row]], "role": mentions.role.take(pa.array(row)).to_pylist(),
    })  # fmt: skip


def _span_of_days(days: np.ndarray, there: csc_array, a: int, b: int) -> tuple[np.datetime64, np.datetime64]:
    """First and last day on which both were present; there: meetings × persons, by columns."""
    with_a, with_b = (there.indices[there.indptr[x] : there.indptr[x + 1]] for x in (a, b))
    shared = days[np.intersect1d(with_a, with_b, assume_unique=True)]
    shared = shared[~np.isnat(shared)]
    nothing = np.datetime64("NaT", "s")
    return (shared.min(), shared.max()) if len(shared) else (nothing, nothing)


def _commonest(group: np.ndarray, value: np.ndarray, wanted: np.ndarray) -> list[int]:
    """The most frequent value of each wanted group; of equals the smaller code."""
    counts = pd.DataFrame({"group": group, "value": value}).value_counts().reset_index(name="n")
    counts = counts.sort_values(["group", "n", "value"], ascending=[True, False, True]).drop_duplicates("group")
    return counts.set_index("group")["value"].loc[wanted].tolist()


def _list_commonest(group: np.ndarray, value: np.ndarray, labels: list[str], wanted: np.ndarray) -> list[str]:
    known = value >= 0
    counts = pd.DataFrame({"group": group[known], "value": value[known]}).value_counts().reset_index(name="n")
    counts = counts[counts["group"].isin(wanted)]
    counts = counts.sort_values(["group", "n", "value"], ascending=[True, False, True])
    joined = counts.groupby("group")["value"].agg(lambda codes: COMMA.join(labels[c] for c in codes))
    return joined.reindex(wanted).fillna("").tolist()


def _list_offices(corpus: Corpus, mentions: _Mentions, wanted: np.ndarray) -> list[str]:
    """The offices of each person, those printed most often first; of equals the one seen last."""
    frame = pd.DataFrame({"person": mentions.person, "office": mentions.office, "doc": mentions.doc})
    frame = frame[frame["person"].isin(wanted)].drop_duplicates()
    frame["day"] = _event_days(corpus)[frame["doc"].to_numpy()]
    frame = frame.groupby(["person", "office"], as_index=False).agg(n=("doc", "size"), day=("day", "max"))
    frame["office"] = [mentions.offices[office].split(COMMA) for office in frame["office"]]
    frame = frame.explode("office")
    frame = frame[frame["office"] != ""].groupby(["person", "office"], as_index=False).agg(n=("n", "sum"), day=("day", "max"))
    frame = frame.sort_values(["person", "n", "day", "office"], ascending=[True, False, False, True])
    offices: dict[int, list[str]] = {int(person): [] for person in wanted}
    for person, office in zip(frame["person"], frame["office"], strict=True):
        offices[int(person)].append(office)
    return [COMMA.join(offices[int(person)]) for person in wanted]
