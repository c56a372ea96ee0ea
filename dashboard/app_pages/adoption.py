"""Adoption: who took a phrase up when, and how long after the centre."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.adoption import draw_adoption
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import name_source
from dashboard.components.query import choose_query
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.adoption import CENTRE, trace_adoption


def show_page(session: Session) -> None:
    t, tn = session.t, session.tn
    st.title(t("Who took a phrase up when"))
    query = choose_query(session)
    if not query:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    try:
        table = trace_adoption(session.corpus, session.filters, [query])
    except ValueError as fault:
        st.warning(plain(fault))
        return
    if table.empty:
        st.info(t("No document that is dated to a day and placed holds it."))
        return
    table["is_centre"] = table["province"] == CENTRE
    table["label"] = [t("centre") if place == CENTRE else name_province(place, session.language) for place in table["province"]]
    event = st.plotly_chart(
        draw_adoption(table, session.palette, t, source=name_source(session, plain(session.say_question(query)))),
        key="adoption", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("A row a place, from the first day to the last; the table below says the same."),
    )  # fmt: skip
    undated = table.attrs.get("n_undated", 0)
    note = t(
        "Point: first day. Diamond: the period with the largest share. In brackets: days after the centre, "
        "or after the first province where the centre has none."
    )
    caution = t("First means first in this corpus: what was not collected cannot be seen.")
    left_out = tn(
        "{n} document that holds it is dated to no single day and left out.",
        "{n} documents that hold it are dated to no single day and left out.", undated,
    ).format(n=undated) if undated else ""  # fmt: skip
    st.caption(" ".join(part for part in (note, caution, left_out) if part))
    point = take_click("adoption", event)
    chosen = show_table(
        session, table, "adoption", session.say_question(query), key="adoption_table", select=True,
        columns=["label", "first_day", "lag_days", "peak", "last_day", "n_with", "hits"],
        config={
            "label": t("place of use"), "lag_days": t("days after the centre"), "peak": t("largest share"),
            "first_day": st.column_config.DateColumn(t("first seen"), format="YYYY-MM-DD"),
            "last_day": st.column_config.DateColumn(t("last seen"), format="YYYY-MM-DD"),
        },
    )  # fmt: skip
    doc_id = point[0] if isinstance(point, list) else str(table["doc_id"].iloc[chosen]) if chosen is not None else ""
    if doc_id:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=doc_id, find=query))


show_page(get_session())
