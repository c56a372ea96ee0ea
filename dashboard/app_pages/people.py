"""People: who is named, with which office, in which documents, and beside whom."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.network import draw_network
from dashboard.components import url
from dashboard.components.maps import show_matrix
from dashboard.components.marks import Mark, cut_runs
from dashboard.components.opened import describe_item
from dashboard.components.readers import show_doc_list
from dashboard.components.reading import say_kind, say_presence
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.documents import list_documents
from dashboard.queries.people import attendance, attendance_matrix, career, list_mentions, list_order_changes, list_people, network
from data_prep.schema import PERSON_KINDS

MOST_PEOPLE, PAGE = 2000, 20
#: Offices of a person shown in the list; the career line has them all.
MOST_OFFICES = 3
#: A picture of more shows nothing.
MOST_NODES, MOST_EDGES = 40, 140


def show_page(session: Session) -> None:
    t = session.t
    person_id = url.get_parameter("person")
    if person_id:
        show_person(session, person_id)
        return
    st.title(t("People"))
    tabs = {"named": t("Who is named"), "meetings": t("Who was at which meeting"), "together": t("Who stands together")}
    opened, place = url.open_tabs("tab", tabs)
    with place:
        {"named": show_everybody, "meetings": show_meetings, "together": show_together}[opened](session)


def show_everybody(session: Session) -> None:
    t, tn = session.t, session.tn
    kinds = url.choose_several(
        "kind", t("Kind"), PERSON_KINDS, lambda kind: say_kind(session, kind), default=("official",)
    )
    people = list_people(session.corpus, session.filters, kinds=tuple(kinds))
    words = url.type_text("who", t("Name or office"), placeholder=t("for instance 省长"))
    if words.strip():
        held = people["name"].str.contains(words.strip(), regex=False) | people["offices"].str.contains(
            words.strip(), regex=False
        )
        people = people[held]
    people = people.head(MOST_PEOPLE).reset_index(drop=True)
    st.caption(
        tn("{n} person", "{n} persons", len(people)).format(n=len(people)) + " · " + t("Choose a row to see the person's documents.")
    )
    if people.empty:
        st.info(t("Nobody is named under these filters."))
        return
    shown = people.assign(
        kind=[say_kind(session, kind) for kind in people["kind"]],
        main_offices=[session.separator.join(cell.split("、")[:MOST_OFFICES]) for cell in people["offices"]],
        provinces=[
            session.separator.join(name_province(p, session.language) for p in cell.split("、") if p) for cell in people["provinces"]
        ],
    )  # fmt: skip
    chosen = show_table(
        session, shown, "people", session.say_question(), select=True, key="people", height=560,
        columns=["name", "main_offices", "n_releases", "n_mentions", "first_date", "last_date", "provinces", "kind"],
        config={"main_offices": t("most frequent offices")},
    )  # fmt: skip
    if chosen is not None:
        url.put_parameter("person", str(people["person_id"].iloc[chosen]))
        st.rerun()


def show_person(session: Session, person_id: str) -> None:
    t, tn = session.t, session.tn
    mentions = list_mentions(session.corpus, session.filters, person_id)
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.title(plain(mentions["name"].mode().iloc[0] if len(mentions) else person_id))
    if right.button(t("All people"), key="all_people"):
        url.put_parameter("person", "")
        st.rerun()
    if mentions.empty:
        st.info(t("This person is not named in any document that passes the filters."))
        return
    st.caption(
        tn("{n} mention", "{n} mentions", len(mentions)).format(n=len(mentions)) + " · "
        + tn("{n} document", "{n} documents", mentions["d"].nunique()).format(n=mentions["d"].nunique())
    )  # fmt: skip
    offices = career(session.corpus, person_id, session.filters)
    if len(offices):
        st.header(t("Offices as printed, with the dates they were seen"))
        show_table(
            session, offices, "career", session.say_question(person_id),
            columns=["office", "first_date", "last_date", "n_releases"],
        )  # fmt: skip
    st.header(t("In these documents"))
    facts = list_documents(session.corpus, session.filters, mentions["d"].unique())
    pages = max(1, -(-len(facts) // PAGE))
    number = 1
    if pages > 1:
        number = url.choose_number("page", t("Page of {n}").format(n=pages), 1, 1, pages, width=160)
    first = PAGE * (number - 1)
    items = []
    for row in facts.iloc[first : first + PAGE].itertuples():
        own = mentions[mentions["d"] == row.d]
        items.append(describe_item(session, row) | {"snippets": [_cut_mention(session, m) for m in own.head(2).itertuples()]})
    show_doc_list(session, "person_documents", items, first + 1)
    with st.expander(t("All mentions as a table")):
        show_table(
            session, mentions, "mentions", session.say_question(person_id),
            columns=["event_date", "name", "role", "offices", "presence", "title", "province", "outlet"],
        )  # fmt: skip


def _cut_mention(session: Session, mention: object) -> list[dict[str, object]]:
    """The name with the words around it, or the role alone where the name stands outside the text."""
    if pd.isna(mention.begin):  # type: ignore[attr-defined]
        return [{"t": f"{mention.role} {mention.name}"}]  # type: ignore[attr-defined]
    begin, end = int(mention.begin), int(mention.end)  # type: ignore[attr-defined]
    first = max(0, begin - 28)
    text = session.corpus.text(int(mention.d), first, end + 28).replace("\n", " ")  # type: ignore[attr-defined]
    return cut_runs(f"…{text}…", [Mark(1 + begin - first, 1 + end - first, "person")])


def show_meetings(session: Session) -> None:
    t = session.t
    rows = attendance(session.corpus, session.filters)
    if rows.empty:
        st.info(t("No document of the selection says who was present."))
        return
    st.caption(t("Officials in the printed order (1 = named first); those who are only mentioned are left out."))
    matrix = attendance_matrix(rows, persons=30, meetings=40)
    names = [str(column) for column in matrix.columns[3:]]
    where = dict(zip(rows["doc_id"], rows["province"], strict=True))
    heads = [
        " ".join(part for part in (
            "" if pd.isna(row.event_date) else f"{row.event_date:%Y-%m-%d}",
            name_province(where.get(row.doc_id), session.language), str(row.title)[:18],
        ) if part)
        for row in matrix.itertuples()
    ]
    most = max(int(rows["place"].max()), 1)
    grid = [
        [
            None if pd.isna(place) else {
                "v": str(int(place)), "level": max(0.0, 1 - (int(place) - 1) / most), "thin": False, "key": doc_id,
                "title": f"{name} · {head} · {int(place)}",
            }
            for name, place in zip(names, line[3:], strict=True)
        ]
        for doc_id, head, line in zip(matrix["doc_id"], heads, matrix.itertuples(index=False), strict=True)
    ]  # fmt: skip
    clicked = show_matrix("attendance", heads, names, grid, label=t("Meetings and who was there"))
    if clicked:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=clicked))
    with st.expander(t("The same as a table")):
        shown = rows.assign(presence=[say_presence(session, presence) for presence in rows["presence"]])
        show_table(
            session, shown, "attendance", session.say_question(),
            columns=["event_date", "title", "place", "name", "role", "presence", "province"],
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
        "group": [plain(name_province(p, english, t("centre or unknown"))) for p in nodes["province"]],
    })  # fmt: skip
    lines = edges.rename(columns={"person_a": "a", "person_b": "b", "n_meetings": "weight"})
    st.plotly_chart(
        draw_network(shown, lines, session.palette, t), key="network", theme=None, config={"displaylogo": False},
        alt=t("Network of officials who were present together; the table below says the same."),
    )  # fmt: skip
    st.caption(t(
        "A line joins two officials present at the same meeting, thicker the more often; a larger point was "
        "at more meetings."
    ))
    show_table(
        session, edges, "network", session.say_question(),
        columns=["name_a", "name_b", "n_meetings", "log_dice", "first_date", "last_date"],
    )  # fmt: skip
    orders = list_order_changes(session.corpus, session.filters)
    if len(orders):
        st.subheader(t("Whose printed order is not always the same"))
        show_table(
            session, orders, "orders", session.say_question(),
            columns=["name_a", "name_b", "n_a_first", "n_b_first", "last_a_first", "last_b_first", "changed"],
        )  # fmt: skip


show_page(get_session())
