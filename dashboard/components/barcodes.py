"""Where in each document the hits stand, drawn: on the pages of the concordance and of dispersion."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.barcode import draw_barcodes
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import Account, name_source, show_account
from dashboard.components.opened import say_date, say_place
from dashboard.components.session import Session
from dashboard.components.theme import hold_broad
from dashboard.plain import plain
from dashboard.queries.dispersion import list_barcodes

MOST_BARCODES = 25


def show_barcodes(session: Session, query: str) -> None:
    """The documents with most hits, a row each; a click on a stroke opens the document. Raises QueryError."""
    t = session.t
    rows = list_barcodes(session.corpus, session.filters, query, limit=MOST_BARCODES)
    if rows.empty:
        st.info(t("No document of the selection holds it."))
        return
    facts = session.corpus.documents.iloc[rows["d"]]
    labels = [
        plain(" · ".join(part for part in (say_date(session, fact), say_place(session, fact), label) if part), 60)
        for fact, label in zip(facts.itertuples(), rows["label"], strict=True)
    ]
    event = hold_broad("barcodes").plotly_chart(
        draw_barcodes(
            rows.assign(label=labels), session.palette, t, source=name_source(session, plain(session.say_question(query)))
        ),
        key="barcodes", theme=None, on_select="rerun", selection_mode="points", config=CHART,
        alt=t("A row a document, a stroke a hit; click a stroke to open the document."),
    )  # fmt: skip
    show_account(
        session,
        Account(
            t("A stroke stands where a hit begins: characters before it ÷ length of the text. In brackets: hits."),
            left_out=(t("Shown are the {n} documents with most hits.").format(n=len(rows)),) if len(rows) == MOST_BARCODES else (),
        ),
        t("A row a document, a stroke a hit; click a stroke to open the document."),
    )  # fmt: skip
    point = take_click("barcodes", event)
    if point:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=str(point[0]), find=query))
