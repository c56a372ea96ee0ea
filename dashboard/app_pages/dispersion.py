"""Dispersion: whether a phrase is everywhere or only loud in one place."""

from __future__ import annotations

import streamlit as st

from dashboard.charts.barcode import draw_barcodes
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import name_source
from dashboard.components.phrases import choose_phrases
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.dispersion import list_barcodes, list_parts, measure_dispersion

KINDS = ("province", "document", "outlet", "level", "month")
MOST_BARCODES = 25


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Everywhere, or only loud in one place?"))
    phrases = choose_phrases(session)
    if not phrases:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    try:
        table = measure_dispersion(session.corpus, session.filters, phrases, KINDS)
    except ValueError as fault:
        st.warning(plain(fault))
        return
    names = {
        "province": t("province"), "document": t("document"), "outlet": t("outlet"), "level": t("level"),
        "month": t("month"),
    }  # fmt: skip
    question = session.say_question(session.separator.join(phrases))
    shown = table.assign(parts=[names[kind] for kind in table["parts"]]).rename(columns={"n_with": "n_parts_with"})
    show_table(
        session, shown, "dispersion", question,
        columns=["phrase", "parts", "hits", "n_parts_with", "n_parts", "dp", "dp_norm", "juilland_d", "documents_with",
                 "n_documents", "left_out"],
    )  # fmt: skip
    st.caption(t(
        "DP and DPnorm (Gries 2008; Lijffijt and Gries 2012): 0 when spread as evenly as the text itself, "
        "towards 1 when all in one part. Juilland's D: 1 even, 0 all in one. Every part of the selection "
        "counts, those without a hit too."
    ))
    phrase = phrases[0]
    if len(phrases) > 1:
        phrase = url.choose_one("focus", t("In detail"), phrases, plain, default=phrases[0])
    show_barcodes(session, phrase)
    show_parts(session, phrase, names)


def show_barcodes(session: Session, phrase: str) -> None:
    t = session.t
    st.header(t("Where in each document"))
    rows = list_barcodes(session.corpus, session.filters, phrase, limit=MOST_BARCODES)
    if rows.empty:
        st.info(t("No document of the selection holds it."))
        return
    drawn = rows.assign(label=[plain(label, 22) for label in rows["label"]])
    event = st.plotly_chart(
        draw_barcodes(drawn, session.palette, t, source=name_source(session, plain(session.say_question(phrase)))),
        key="barcodes", theme=None, on_select="rerun", selection_mode="points", config=CHART,
        alt=t("A row a document, a stroke a hit; click a stroke to open the document."),
    )  # fmt: skip
    st.caption(t("A row a document, a stroke a hit; click a stroke to open the document."))
    point = take_click("barcodes", event)
    if point:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=point[0], find=phrase))


def show_parts(session: Session, phrase: str, names: dict[str, str]) -> None:
    t = session.t
    st.header(t("Part by part"))
    kind = url.choose_one("part", t("Part by part"), KINDS, names.__getitem__, label_visibility="collapsed")
    table = list_parts(session.corpus, session.filters, [phrase], kind)
    if kind == "province":
        table["part"] = [name_province(part, session.language) for part in table["part"]]
    show_table(
        session, table, "parts", session.say_question(phrase), height=360 if len(table) > 9 else "auto",
        columns=["part", "hits", "expected", "per_10k", "documents_with", "n_documents", "n_chars"],
    )  # fmt: skip


show_page(get_session())
