"""Officials at meetings: who was there, who with whom, in which printed order."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.network import draw_network
from dashboard.charts.order import draw_order
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import Account, name_source, name_unit, show_account
from dashboard.components.maps import show_matrix
from dashboard.components.opened import open_person, show_documents
from dashboard.components.reading import say_presence
from dashboard.components.session import Session
from dashboard.components.tables import label_column, show_table, take_row
from dashboard.components.theme import hold_broad
from dashboard.filters import Filters
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.documents import list_documents
from dashboard.queries.people import (
    attendance,
    attendance_matrix,
    list_mentions,
    list_order_changes,
    list_shared_meetings,
    network,
    trace_order,
)  # fmt: skip

#: A picture of more shows nothing; so many officials can be told apart in a chart of their order.
MOST_NODES, MOST_EDGES, MOST_RANKED = 40, 140, 10
#: Who was at fewer meetings has no place among others yet.
LEAST_RANKED = 3
#: From this place in the printed order on, cells are of the palest colour.
MOST_PLACES = 12
#: Letters of a name at the head of a column.
MOST_LETTERS = 12


def show_meetings(session: Session) -> None:
    t = session.t
    rows = attendance(session.corpus, session.filters)
    if rows.empty:
        st.info(t("No document of the selection says who was present."))
        return
    matrix = attendance_matrix(rows, persons=30, meetings=40, least=2)
    if matrix.empty:
        st.info(t("No document of the selection names two officials who were present."))
        show_attendance_table(session, rows)
        return
    names = name_columns([str(column) for column in matrix.columns[3:]], rows)
    where = dict(zip(rows["doc_id"], rows["province"], strict=True))
    facts = list_documents(session.corpus, Filters(), rows["d"].unique())
    labels = dict(zip(facts["doc_id"], facts["label"], strict=True))  # the first words where there is no headline
    heads = [
        " ".join(part for part in (
            "" if pd.isna(row.event_date) else f"{row.event_date:%Y-%m-%d}",
            name_province(where.get(row.doc_id), session.language), labels[row.doc_id][:18],
        ) if part)
        for row in matrix.itertuples()
    ]
    grid = [
        [
            None if pd.isna(place) else {
                "v": str(int(place)), "level": max(0.0, 0.75 - 0.75 * (int(place) - 1) / MOST_PLACES), "thin": False, "key": doc_id,
                "title": f"{name} · {head} · {int(place)}",
            }
            for name, place in zip(names, line[3:], strict=True)
        ]
        for doc_id, head, line in zip(matrix["doc_id"], heads, matrix.itertuples(index=False), strict=True)
    ]  # fmt: skip
    clicked = show_matrix(session, "attendance", heads, names, grid, label=t("Meetings and who was there"), upright=True)
    show_account(
        session,
        Account(
            t("Printed order among the officials of the document (1 = named first), by first mention in the text."),
            left_out=(
                t("Those who are only mentioned, and not said to chair, to speak or to attend."),
                t(
                    "Shown are the newest {meetings} meetings with two officials or more, and of these the {persons} persons "
                    "seen most."
                ).format(meetings=len(matrix), persons=len(names)),
            ),
        ),
        t("A row a meeting, a column a person, the number the printed order (1 = first); click a cell to open the document."),
    )  # fmt: skip
    if clicked:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=clicked))
    show_attendance_table(session, rows)


def name_columns(columns: list[str], rows: pd.DataFrame) -> list[str]:
    """The heads of the columns of `attendance_matrix`: names, and of two persons of one name also the office.

    >>> rows = pd.DataFrame({"person_id": ["q4"], "name": ["赵龙"], "offices": ["自然资源部副部长"]})
    >>> name_columns(["尹力", "赵龙 (q4)"], rows)
    ['尹力', '赵龙·自然资源部副部长']
    """
    told = rows[rows["offices"] != ""].drop_duplicates("person_id")
    offices = {
        f"{name} ({person_id})": f"{name}·{office.split('、')[0]}"
        for person_id, name, office in zip(told["person_id"], told["name"], told["offices"], strict=True)
    }
    return [offices.get(column, column)[:MOST_LETTERS] for column in columns]


def show_attendance_table(session: Session, rows: pd.DataFrame) -> None:
    t = session.t
    with st.expander(t("The same as a table")):
        shown = rows.assign(presence=[say_presence(session, presence) for presence in rows["presence"]])
        show_table(
            session, shown, "attendance", session.say_question(),
            columns=["event_date", "title", "place", "name", "role", "presence", "province"],
            config={
                "title": st.column_config.TextColumn(label_column(session, "title"), width=225),
                "place": st.column_config.NumberColumn(t("printed place"), width=70),
                "role": st.column_config.TextColumn(label_column(session, "role"), width=150),
            },
        )  # fmt: skip


def show_together(session: Session) -> None:
    t = session.t
    nodes, edges = network(session.corpus, session.filters, most_people=MOST_NODES, most_edges=MOST_EDGES)
    if edges.empty:
        st.info(t("No two officials are present at the same meeting in this selection."))
        return
    nodes = nodes[nodes["person_id"].isin({*edges["person_a"], *edges["person_b"]})]
    english = session.language
    shown = pd.DataFrame({
        "id": nodes["person_id"], "label": [plain(name, 12) for name in nodes["name"]], "size": nodes["n_meetings"],
        "title": [plain(office.split("、")[0], 18) for office in nodes["office"]],
        "group": [plain(name_province(p, english, t("centre or unknown"))) for p in nodes["province"]],
    })  # fmt: skip
    lines = edges.rename(columns={"person_a": "a", "person_b": "b", "n_meetings": "weight"})
    event = hold_broad("network").plotly_chart(
        draw_network(shown, lines, session.palette, t, source=name_source(session, plain(session.say_question()))), key="network",
        theme=None, config=CHART, on_select="rerun", selection_mode="points",
        alt=t("Network of officials who were present together; the table below says the same."),
    )  # fmt: skip
    point = take_click("network", event)
    if point:
        open_person(str(point))
        st.rerun()
    show_account(
        session,
        Account(
            t("Meetings ({unit}) at which both were present; logDice says how exclusively the two are seen together.").format(
                unit=name_unit(session)
            ),
            left_out=(
                t("Those who are only mentioned, and not said to chair, to speak or to attend."),
                t("Shown are the {n} persons at most meetings and the {edges} heaviest lines.").format(n=len(nodes), edges=len(edges)),
            ),
        ),
        t(
            "A line joins two officials present at the same meeting, thicker the more often; a larger point was "
            "at more meetings. Click a point for the person."
        ),
    )  # fmt: skip
    chosen = show_table(
        session, edges, "network", session.say_question(), key="network_table", select=True,
        columns=["name_a", "name_b", "n_meetings", "log_dice", "first_date", "last_date"],
    )  # fmt: skip
    row = take_row("network", chosen)
    if row is not None:
        put_pair(edges.iloc[row])
    show_pair(session)


def put_pair(row: pd.Series) -> None:
    """Open the meetings of two persons."""
    url.put_parameter("pair", f"{url.write_value(row['person_a'])},{url.write_value(row['person_b'])}")
    url.put_parameter("page", "")


def show_pair(session: Session) -> None:
    """The documents of the meetings at which the two persons that are open were present."""
    t = session.t
    pair = [url.read_value(person) for person in url.get_parameter("pair").split(",")]
    if len(pair) != 2:
        return
    numbers = list_shared_meetings(session.corpus, session.filters, *pair)
    facts = list_documents(session.corpus, session.filters, numbers)
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        names = session.separator.join(name_person(session, person) for person in pair)
        left.header(plain(f"{names} · {session.tn('{n} document', '{n} documents', len(facts)).format(n=len(facts))}"))
        if right.button(t("Close"), key="close_pair"):
            url.put_parameter("pair", "")
            st.rerun()
        show_documents(session, "pair_documents", facts)


def name_person(session: Session, person_id: str) -> str:
    """The name a person is printed with most often."""
    mentions = list_mentions(session.corpus, session.filters, person_id)
    return str(mentions["name"].mode().iloc[0]) if len(mentions) else person_id


def show_order(session: Session) -> None:
    """Where officials stand in the printed order, period by period, and the pairs whose order changed."""
    t = session.t
    table = trace_order(session.corpus, session.filters, most=MOST_RANKED, least=LEAST_RANKED)
    if table.empty:
        st.info(
            t("No two officials are present together often enough to speak of an order.") + " "
            + t("Looked at are those present at {n} meetings or more.").format(n=LEAST_RANKED)
        )
    else:
        drawn = table.assign(label=[plain(name, 12) for name in table["name"]])
        event = hold_broad("order").plotly_chart(
            draw_order(drawn, session.palette, t, source=name_source(session, plain(session.say_question()))), key="order",
            theme=None, config=CHART, on_select="rerun", selection_mode="points",
            alt=t("A line a person, the first in rank on top; the table below says the same."),
        )  # fmt: skip
        n = table.attrs["n_undated"]
        show_account(
            session,
            Account(
                t(
                    "Mean place = mean over the meetings of the period of the printed place among the officials shown (1 = named "
                    "first of them)."
                ),
                t("Meetings of the period at which the person and at least one other of them were present."),
                (session.tn(
                    "{n} meeting is left out because its day does not lie within one period.",
                    "{n} meetings are left out because their day does not lie within one period.", n,
                ).format(n=n),) if n else (),
            ),
            t("Shown are the {n} officials present most often. Larger: more meetings; hollow: fewer than 5.").format(
                n=table["person_id"].nunique()
            ),
        )  # fmt: skip
        point = take_click("order", event)
        if point and isinstance(point, list):
            open_person(str(point[0]))
            st.rerun()
        with st.expander(t("The same as a table")):
            show_table(
                session, table, "places", session.say_question(), columns=["period", "name", "mean_place", "n_meetings"],
                config={"mean_place": st.column_config.NumberColumn(t("mean place"), format="%.2f")},
            )  # fmt: skip
    orders = list_order_changes(session.corpus, session.filters)
    if len(orders):
        st.header(t("Whose printed order is not always the same"))
        chosen = show_table(
            session, orders, "orders", session.say_question(), key="orders", select=True,
            columns=["name_a", "name_b", "n_a_first", "n_b_first", "last_a_first", "last_b_first", "changed"],
        )  # fmt: skip
        row = take_row("orders", chosen)
        if row is not None:
            put_pair(orders.iloc[row])
    show_pair(session)
