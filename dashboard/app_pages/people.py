"""People: who is named, with which office, in which documents, and beside whom."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.order import draw_career
from dashboard.components import url
from dashboard.components.clicks import CHART
from dashboard.components.explain import Account, name_source, show_account
from dashboard.components.marks import Mark, cut_runs
from dashboard.components.meetings import show_meetings, show_order, show_together
from dashboard.components.opened import PAGE, describe_item, open_person, turn_pages
from dashboard.components.readers import show_doc_list
from dashboard.components.reading import say_kind, say_presence
from dashboard.components.session import Session, get_session
from dashboard.components.tables import label_column, show_table, take_row
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.documents import list_documents
from dashboard.queries.people import career, list_mentions, list_namesakes, list_people
from data_prep.schema import PERSON_KINDS

MOST_PEOPLE = 2000
#: Offices and provinces of a person shown in the list; the career line has them all.
MOST_OFFICES, MOST_PROVINCES = 3, 3
#: Persons of the same name that are offered.
MOST_NAMESAKES = 8
#: A chart of more offices is no picture.
MOST_BARS = 12


def show_page(session: Session) -> None:
    t = session.t
    person_id = url.get_parameter("person")
    if person_id:
        show_person(session, person_id)
        return
    st.title(t("People"))
    tabs = {
        "named": t("Who is named"), "meetings": t("Who was at which meeting"), "together": t("Who stands together"),
        "order": t("Printed order over time"),
    }  # fmt: skip
    opened, place = url.open_tabs("tab", tabs)
    with place:
        {"named": show_everybody, "meetings": show_meetings, "together": show_together, "order": show_order}[opened](session)


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
        provinces=[list_provinces(session, cell) for cell in people["provinces"]],
    )  # fmt: skip
    columns = ["name", "main_offices", "n_releases", "n_mentions", "first_date", "last_date", "provinces"]
    chosen = show_table(
        session, shown, "people", session.say_question(), select=True, key="people", height=560,
        columns=columns if len(kinds) == 1 else [*columns, "kind"],
        config={
            "name": st.column_config.TextColumn(t("name"), width=95),
            "main_offices": st.column_config.TextColumn(t("most frequent offices"), width=265 if len(kinds) == 1 else 215),
            "provinces": st.column_config.TextColumn(t("provinces"), width=125 if len(kinds) == 1 else 95),
        },
    )  # fmt: skip
    if chosen is not None:
        open_person(str(people["person_id"].iloc[chosen]))
        st.rerun()


def list_provinces(session: Session, cell: str) -> str:
    """The provinces of a person in the reader's language, those most frequent first, as many as are read at a glance."""
    names = [name_province(name, session.language) for name in cell.split("、") if name]
    more = len(names) - MOST_PROVINCES
    return session.separator.join(names[:MOST_PROVINCES]) + (f" (+{more})" if more > 0 else "")


def show_person(session: Session, person_id: str) -> None:
    t, tn = session.t, session.tn
    mentions = list_mentions(session.corpus, session.filters, person_id)
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.title(plain(mentions["name"].mode().iloc[0] if len(mentions) else person_id))
    if right.button(t("All people"), key="all_people"):
        open_person("")
        st.rerun()
    if mentions.empty:
        st.info(t("This person is not named in any document that passes the filters."))
        return
    st.caption(
        tn("{n} mention", "{n} mentions", len(mentions)).format(n=len(mentions)) + " · "
        + tn("{n} document", "{n} documents", mentions["d"].nunique()).format(n=mentions["d"].nunique())
    )  # fmt: skip
    show_namesakes(session, person_id)
    offices = career(session.corpus, person_id, session.filters)
    held = url.get_parameter("office")
    if len(offices):
        held = show_career(session, offices, person_id)
    if held:
        mentions = mentions[[held in cell.split("、") for cell in mentions["offices"]]]
    st.header(plain(t("In these documents: {office}").format(office=held)) if held else t("In these documents"))
    facts = list_documents(session.corpus, session.filters, mentions["d"].unique())
    first = turn_pages(session, len(facts))
    items = []
    for row in facts.iloc[first : first + PAGE].itertuples():
        own = mentions[mentions["d"] == row.d]
        items.append(describe_item(session, row) | {"snippets": [_cut_mention(session, m) for m in own.head(2).itertuples()]})
    show_doc_list(session, "person_documents", items, first + 1)
    with st.expander(t("All mentions as a table")):
        shown = mentions.assign(presence=[say_presence(session, presence) for presence in mentions["presence"]])
        show_table(
            session, shown, "mentions", session.say_question(person_id),
            columns=["event_date", "role", "presence", "title", "offices", "province", "outlet"],
            config={
                "title": st.column_config.TextColumn(label_column(session, "title"), width=225),
                "role": st.column_config.TextColumn(label_column(session, "role"), width=150),
            },
        )  # fmt: skip


def show_namesakes(session: Session, person_id: str) -> None:
    """Who else is printed with this name: other persons, told apart by office and place."""
    others = list_namesakes(session.corpus, session.filters, person_id)
    if others.empty:
        return
    st.caption(session.t("Other persons of this name, told apart by office and place:"))
    for row in others.head(MOST_NAMESAKES).itertuples():
        offices = session.separator.join(row.offices.split("、")[:MOST_OFFICES]) or say_kind(session, row.kind)
        n = session.tn("{n} mention", "{n} mentions", row.n_mentions).format(n=row.n_mentions)
        parts = (row.name, offices, list_provinces(session, row.provinces), n)
        st.page_link(
            "app_pages/people.py", label=plain(" · ".join(part for part in parts if part), 120),
            query_params=url.build_params(person=row.person_id),
        )  # fmt: skip


def show_career(session: Session, offices: pd.DataFrame, person_id: str) -> str:
    """The offices over time, as a picture and a table; returns the one chosen, whose documents are to be listed."""
    t = session.t
    st.header(t("Offices as printed, with the dates they were seen"))
    drawn = offices.nlargest(MOST_BARS, "n_releases").sort_index()
    if (drawn["first_date"].notna() | (drawn["earliest"].notna() & drawn["latest"].notna())).any():
        drawn = drawn.assign(label=[plain(office, 40) for office in drawn["office"]])
        source = name_source(session, plain(session.say_question()))
        st.plotly_chart(
            draw_career(drawn, session.palette, t, source=source), key="career", theme=None, config=CHART,
            alt=t("A bar an office, from the first day it is printed to the last; the table below says the same."),
        )  # fmt: skip
    undated = int(offices["first_date"].isna().sum())
    show_account(
        session,
        Account(
            t("First and last day of the documents that print the person with that office; in brackets: releases."),
            left_out=(session.tn(
                "{n} office is seen only in documents of no single day.", "{n} offices are seen only in documents of no single day.",
                undated,
            ).format(n=undated) + " " + t("Its line is dotted: it was seen on some day between the two ends."),) if undated else (),
        ),
        t("An office may have begun earlier and ended later: this is when it was seen. Choose a row to see its documents."),
    )  # fmt: skip
    chosen = show_table(
        session, offices, "career", session.say_question(person_id), key="career_table", select=True, height=320,
        columns=["office", "first_date", "last_date", *(["earliest", "latest"] if undated else []), "n_releases"],
        config={
            "earliest": st.column_config.DateColumn(t("no earlier than"), format="YYYY-MM-DD"),
            "latest": st.column_config.DateColumn(t("no later than"), format="YYYY-MM-DD"),
        },
    )  # fmt: skip
    row = take_row("career", chosen)
    if row is not None:
        url.put_parameter("office", str(offices["office"].iloc[row]))
    held = url.get_parameter("office")
    if held and st.button(t("All documents of this person"), key="all_offices"):
        url.put_parameter("office", "")
        st.rerun()
    return held


def _cut_mention(session: Session, mention: object) -> list[dict[str, object]]:
    """The name with the words around it, or the role alone where the name stands outside the text."""
    if pd.isna(mention.begin):  # type: ignore[attr-defined]
        return [{"t": f"{mention.role} {mention.name}"}]  # type: ignore[attr-defined]
    begin, end = int(mention.begin), int(mention.end)  # type: ignore[attr-defined]
    first = max(0, begin - 28)
    text = session.corpus.text(int(mention.d), first, end + 28).replace("\n", " ")  # type: ignore[attr-defined]
    return cut_runs(f"…{text}…", [Mark(1 + begin - first, 1 + end - first, "person")])


show_page(get_session())
