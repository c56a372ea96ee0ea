"""Persons, careers, meetings, order and network, against plain loops over the rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from dashboard.corpus import open_corpus
from dashboard.filters import Filters
from dashboard.queries import people
from dashboard.queries.measures import log_dice

from .conftest import make_build, make_documents

#: id, name, offices in the order of time (from day 0 and from day 60).
PERSONS = [
    ("q1", "赵龙", ("福建省省长", "福建省省长")), ("q2", "尹力", ("福建省委书记", "北京市委书记")),
    ("q3", "林武", ("山西省委书记",) * 2), ("q4", "赵龙", ("自然资源部副部长",) * 2),
    ("q5", "王宁", ("福建省领导",) * 2), ("q6", "林宇熙", ("福建日报记者",) * 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """50 reports with up to five persons each, in changing order; every tenth a copy of the one before, some undated."""
    generator = np.random.default_rng(6)
    texts, rows = [], []
    days = [date(2022, 1, 1) + timedelta(days=2 * d) for d in range(50)]
    for d in range(50):
        if d % 10 == 9:
            texts.append(texts[-1])
            rows += [row | {"doc_id": f"p{d:06d}-1"} for row in rows if row["doc_id"] == f"p{d - 1:06d}-1"]
            continue
        chosen = generator.permutation(6)[: int(generator.integers(1, 6))]
        if d >= 30:
            chosen = np.sort(chosen)[::-1]
        text, at = "", 0
        for p in chosen:
            person_id, name, offices = PERSONS[p]
            for n in range(int(generator.integers(1, 3))):
                role = "职务" if n == len(text) % 2 else ""
                rows.append({
                    "doc_id": f"p{d:06d}-1", "person_id": person_id, "name": name, "role": role,
                    "offices": [offices[d >= 30], "某会主任"] if role and p == 1 else [offices[d >= 30]] if role else [],
                    "kind": "journalist" if person_id == "q6" else "official",
                    "presence": ("chaired", "spoke", "attended", "mentioned")[int(generator.integers(4))],
                    "begin": at, "end": at + 2,
                })  # fmt: skip
                text += name[:2] + "。"
                at = len(text)
        texts.append(text)
    rows.append({"doc_id": "p000000-1", "person_id": "q9", "name": "编辑", "role": "责任编辑", "offices": [],
                 "kind": "journalist", "presence": "mentioned", "begin": None, "end": None})  # fmt: skip
    documents = make_documents(
        texts, event_date=lambda d: None if d % 7 == 3 else days[d], province=lambda d: ("福建", "山西", None)[d % 3],
        release_id=lambda d: f"p{d - 1 if d % 10 == 9 else d:06d}-1",
    )  # fmt: skip
    return open_corpus(make_build(tmp_path_factory.mktemp("people"), {"documents": documents, "people": rows}).path)


def _rows(corpus, filters):
    frame = corpus.people.merge(corpus.documents, on="doc_id", suffixes=("", "_doc"))
    return frame[filters.select(corpus)[[corpus.number(d) for d in frame["doc_id"]]]]


SELECTIONS = [Filters(), Filters(provinces=("福建",)), Filters(date_from=date(2022, 3, 1), unit="copies")]


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
def test_persons_are_those_of_a_plain_loop(corpus, filters):
    table = people.list_people(corpus, filters).set_index("person_id")
    rows = _rows(corpus, filters)
    assert set(table.index) == set(rows["person_id"])
    for person_id, group in rows.groupby("person_id"):
        row = table.loc[person_id]
        assert row["n_mentions"] == len(group) and row["n_documents"] == group["doc_id"].nunique()
        assert row["n_releases"] == group["release_id"].nunique()
        days = group["event_date"].dropna()
        assert (row["first_date"], row["last_date"]) == (days.min(), days.max()) or days.empty
        assert set(filter(None, row["offices"].split("、"))) == {o for offices in group["offices"] for o in offices}
        printed = {(doc_id, tuple(offices)) for doc_id, offices in zip(group["doc_id"], group["offices"], strict=True)}
        times = Counter(office for _, offices in printed for office in offices)
        frequencies = [times[office] for office in row["offices"].split("、") if office]
        assert frequencies == sorted(frequencies, reverse=True), "the office printed most often comes first"
        provinces = Counter(group["province"].dropna())
        assert row["provinces"].split("、") == [p for p, _ in sorted(provinces.items(), key=lambda x: (-x[1], x[0]))]
    assert list(table["n_releases"]) == sorted(table["n_releases"], reverse=True)


def test_two_persons_of_one_name_stay_apart_and_kinds_are_told(corpus):
    table = people.list_people(corpus, Filters())
    assert list(table["name"]).count("赵龙") == 2
    assert set(people.list_people(corpus, Filters(), kinds=("journalist",))["person_id"]) == {"q6", "q9"}
    assert len(people.list_people(corpus, Filters(), limit=2)) == 2


def test_mentions_of_one_person_in_the_order_of_time(corpus):
    table = people.list_mentions(corpus, Filters(), "q2")
    rows = _rows(corpus, Filters())
    rows = rows[rows["person_id"] == "q2"]
    assert sorted(zip(table["doc_id"], table["begin"], strict=True)) == sorted(zip(rows["doc_id"], rows["begin"], strict=True))
    days = list(table["event_date"].dropna())
    assert days == sorted(days) and table["event_date"].iloc[: len(days)].notna().all()
    outside = people.list_mentions(corpus, Filters(), "q9")
    assert outside["begin"].isna().all() and outside["role"][0] == "责任编辑"
    assert len(people.list_mentions(corpus, Filters(), "nobody")) == 0


def test_career_gives_each_office_its_first_and_last_day(corpus):
    table = people.career(corpus, "q2").set_index("office")
    rows = corpus.people[corpus.people["person_id"] == "q2"].merge(corpus.documents, on="doc_id")
    assert set(table.index) == {"福建省委书记", "北京市委书记", "某会主任"}
    for office, row in table.iterrows():
        held = rows[[office in offices for offices in rows["offices"]]]
        days = held["event_date"].dropna()
        assert (row["first_date"], row["last_date"]) == (days.min(), days.max())
        assert row["n_documents"] == held["doc_id"].nunique() and row["n_releases"] == held["release_id"].nunique()
        assert row["first_doc_id"] in set(held["doc_id"][held["event_date"] == days.min()])
    assert list(people.career(corpus, "q2")["first_date"]) == sorted(table["first_date"])
    assert len(people.career(corpus, "nobody")) == 0


def test_an_office_of_no_single_day_keeps_its_bounds(tmp_path):
    """Three offices: one of a day, one between days, one of which one side is open."""
    bounds = [("2022-03-01", "2022-03-09"), ("2022-03-05", "2022-03-20"), ("2022-03-02", None), ("2022-04-01", "2022-04-30")]
    documents = make_documents(
        ["甲。"] * 5, event_date=lambda d: date(2022, 3, 3) if d == 4 else None,
        date_from=lambda d: date.fromisoformat(bounds[d % 4][0]),
        date_to=lambda d: date.fromisoformat(bounds[d % 4][1]) if bounds[d % 4][1] else None,
    )  # fmt: skip
    held = (["省长"], ["省长"], ["书记"], ["部长"], ["部长"])
    rows = [
        {"doc_id": f"p{d:06d}-1", "person_id": "q1", "name": "甲", "role": offices[0], "offices": offices, "kind": "official",
         "presence": "spoke", "begin": 0, "end": 1}
        for d, offices in enumerate(held)
    ]  # fmt: skip
    corpus = open_corpus(make_build(tmp_path, {"documents": documents, "people": rows}).path)
    table = people.career(corpus, "q1").set_index("office")
    day = pd.Timestamp
    assert (table.loc["省长", "earliest"], table.loc["省长", "latest"]) == (day("2022-03-01"), day("2022-03-20"))
    assert pd.isna(table.loc["书记", "latest"]), "what may have been at any later day has no end"
    assert table.loc["部长", "first_date"] == day("2022-03-03") and table.loc["部长", ["earliest", "latest"]].isna().all()
    assert table.index[0] == "部长", "what has a day comes first"


def _walk_meetings(corpus, filters):
    """document -> [(person, fullest presence)] in printed order, one copy of each release."""
    meetings, seen = {}, set()
    inside = filters.select(corpus)
    for d, row in corpus.documents.iterrows():
        if not inside[d] or (filters.unit == "releases" and row["release_id"] in seen):
            continue
        seen.add(row["release_id"])
        found: dict[str, list[str]] = defaultdict(list)
        mine = corpus.people[(corpus.people["doc_id"] == row["doc_id"]) & (corpus.people["kind"] == "official")]
        for mention in mine.dropna(subset=["begin"]).sort_values("begin").itertuples():
            found[mention.person_id].append(mention.presence)
        order = ("chaired", "spoke", "attended", "mentioned")
        meetings[row["doc_id"]] = [(p, min(seen_as, key=order.index)) for p, seen_as in found.items()]
    return meetings


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
def test_attendance_keeps_the_printed_order(corpus, filters):
    table = people.attendance(corpus, filters)
    expected = {
        (doc_id, place, person, presence)
        for doc_id, persons in _walk_meetings(corpus, filters).items()
        for place, (person, presence) in enumerate(persons, start=1)
        if presence != "mentioned"
    }
    found = set(zip(table["doc_id"], table["place"], table["person_id"], table["presence"], strict=True))
    assert found == expected and len(table) == len(expected)
    everybody = people.attendance(corpus, filters, present_only=False)
    assert len(everybody) == sum(len(persons) for persons in _walk_meetings(corpus, filters).values())
    titled = {(r.doc_id, r.person_id) for r in corpus.people.itertuples() if r.role}
    for row in everybody.itertuples():
        assert bool(row.role) == ((row.doc_id, row.person_id) in titled)  # wherever in the document the office stands


def test_matrix_has_a_row_a_meeting_and_tells_namesakes_apart(corpus):
    rows = people.attendance(corpus, Filters())
    matrix = people.attendance_matrix(rows, persons=10, meetings=100)
    assert list(matrix.columns[:3]) == ["doc_id", "event_date", "title"]
    assert {"赵龙 (q1)", "赵龙 (q4)", "尹力"} <= set(matrix.columns)
    assert int(matrix.iloc[:, 3:].notna().to_numpy().sum()) == len(rows)
    first = rows[rows["person_id"] == "q2"].iloc[0]
    assert matrix.set_index("doc_id").loc[first["doc_id"], "尹力"] == first["place"]
    assert people.attendance_matrix(rows, persons=2, meetings=3).shape == (3, 5)
    assert len(people.attendance_matrix(rows.head(0))) == 0


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
def test_network_counts_meetings_of_both(corpus, filters):
    nodes, edges = people.network(corpus, filters)
    there = {doc: {p for p, presence in persons if presence != "mentioned"}
             for doc, persons in _walk_meetings(corpus, filters).items()}  # fmt: skip
    alone = Counter(p for persons in there.values() for p in persons)
    both = Counter(pair for persons in there.values() for pair in combinations(sorted(persons), 2))
    assert dict(zip(nodes["person_id"], nodes["n_meetings"], strict=True)) == alone
    found = {tuple(sorted((e.person_a, e.person_b))): e for e in edges.itertuples()}
    assert {pair: e.n_meetings for pair, e in found.items()} == dict(both)
    days = corpus.documents.set_index("doc_id")["event_date"]
    for (a, b), edge in found.items():
        assert edge.log_dice == pytest.approx(float(log_dice(both[a, b], alone[a], alone[b])))
        shared = days[[doc for doc, persons in there.items() if {a, b} <= persons]].dropna()
        assert pd.isna(edge.first_date) == shared.empty
        if not shared.empty:
            assert (edge.first_date, edge.last_date) == (shared.min(), shared.max())
    few_nodes, few_edges = people.network(corpus, filters, most_people=3, most_edges=2)
    assert len(few_nodes) == 3 and len(few_edges) <= 2


def test_changes_of_order_are_found_with_their_day(corpus):
    table = people.list_order_changes(corpus, Filters(unit="copies"))
    meetings = _walk_meetings(corpus, Filters(unit="copies"))
    for row in table.itertuples():
        first = [
            [p for p, _ in persons].index(row.person_a) < [p for p, _ in persons].index(row.person_b)
            for persons in (
                [(p, seen) for p, seen in persons if seen != "mentioned"] for persons in meetings.values()
            )
            if {row.person_a, row.person_b} <= {p for p, _ in persons}
        ]
        assert (row.n_a_first, row.n_b_first) == (sum(first), len(first) - sum(first))
        assert row.n_a_first and row.n_b_first
    assert len(table)


@pytest.mark.parametrize("period", ["month", "quarter"])
def test_order_over_time_is_the_mean_place_among_those_looked_at(corpus, period):
    filters = Filters(period=period)
    table = people.trace_order(corpus, filters, most=4, least=2)
    meetings = {
        doc: [person for person, seen in persons if seen != "mentioned"]
        for doc, persons in _walk_meetings(corpus, filters).items()
    }
    often = Counter(person for persons in meetings.values() for person in persons)
    kept = set(table["person_id"])
    assert len(kept) == 4 and min(often[p] for p in kept) >= max((n for p, n in often.items() if p not in kept), default=0)
    codes, names = corpus.periods(period)
    places, undated = defaultdict(list), 0
    for doc, persons in meetings.items():
        here = [person for person in persons if person in kept]
        code = codes[corpus.number(doc)]
        if len(here) < 2:
            continue
        undated += code < 0
        for place, person in enumerate(here, start=1):
            if code >= 0:
                places[names[code], person].append(place)
    found = {(row.period, row.person_id): (row.mean_place, row.n_meetings) for row in table.itertuples()}
    assert found == {key: (pytest.approx(np.mean(held)), len(held)) for key, held in places.items()}
    assert table.attrs["n_undated"] == undated
    assert list(table["period"]) == sorted(table["period"])


def test_an_edge_opens_to_its_meetings(corpus):
    filters = Filters()
    _, edges = people.network(corpus, filters)
    for edge in edges.itertuples():
        numbers = people.list_shared_meetings(corpus, filters, edge.person_a, edge.person_b)
        assert len(numbers) == edge.n_meetings
    assert len(people.list_shared_meetings(corpus, filters, "q2", "nobody")) == 0


def test_a_matrix_of_meetings_has_no_meeting_of_one(corpus):
    rows = people.attendance(corpus, Filters())
    matrix = people.attendance_matrix(rows, persons=10, meetings=5, least=2)
    assert len(matrix) == 5
    everybody = rows.groupby("doc_id")["person_id"].nunique()
    assert everybody[matrix["doc_id"]].min() >= 2
    assert matrix.iloc[:, 3:].notna().any().all(), "no column is empty"
    few = people.attendance_matrix(rows, persons=1, meetings=40, least=2)
    assert few.iloc[:, 3:].notna().any(axis=1).all(), "no row is empty"


def test_nobody_is_nobody(corpus, empty_corpus):
    for one, filters in ((corpus, Filters(provinces=("西藏",))), (empty_corpus, Filters())):
        assert len(people.list_people(one, filters)) == 0
        rows = people.attendance(one, filters)
        assert list(rows.columns) == people.ATTENDANCE and len(rows) == 0
        assert len(people.attendance_matrix(rows)) == 0
        assert [len(part) for part in people.network(one, filters)] == [0, 0]
        assert len(people.list_order_changes(one, filters)) == 0
        assert len(people.career(one, "q1", filters)) == 0


@pytest.mark.parametrize("filters", SELECTIONS, ids=str)
def test_a_node_is_of_the_province_of_most_of_its_meetings(corpus, filters):
    nodes, _ = people.network(corpus, filters)
    rows = people.attendance(corpus, filters)
    assert len(nodes) > 2
    for node in nodes.itertuples():
        own = rows.loc[rows["person_id"] == node.person_id, "province"]
        counts = Counter("" if pd.isna(province) else province for province in own)
        assert counts[node.province if isinstance(node.province, str) else ""] == max(counts.values()), "none is a place too"


def test_namesakes_are_other_persons_of_the_name(corpus):
    assert people.list_namesakes(corpus, Filters(), "q1")["person_id"].tolist() == ["q4"]
    assert people.list_namesakes(corpus, Filters(), "q4")["offices"].iloc[0].startswith("福建省省长")
    assert people.list_namesakes(corpus, Filters(), "q2").empty
    assert people.list_namesakes(corpus, Filters(), "nobody").empty
