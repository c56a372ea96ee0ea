"""Dispersion: whether a phrase is everywhere or only loud in one place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.barcodes import show_barcodes
from dashboard.components.explain import Account, name_unit, show_account
from dashboard.components.faults import say_fault
from dashboard.components.opened import bound_params, link_lines
from dashboard.components.phrases import choose_phrases
from dashboard.components.reading import say_level
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table, take_row
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.dispersion import list_parts, measure_dispersion

KINDS = ("province", "document", "outlet", "level", "month")


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
        st.warning(say_fault(t, fault))
        return
    if not table["n_documents"].any():
        st.info(t("No document passes the filters at the left. Widen them to see something."))
        return
    names = {
        "province": t("province"), "document": t("document"), "outlet": t("outlet"), "level": t("level"),
        "month": t("month"),
    }  # fmt: skip
    question = session.say_question(session.separator.join(phrases))
    shown = table.assign(parts=[names[kind] for kind in table["parts"]]).rename(columns={"n_with": "n_parts_with"})
    chosen = show_table(
        session, shown, "dispersion", question, key="dispersion", select=True,
        columns=["phrase", "parts", "hits", "n_parts_with", "n_parts", "dp", "dp_norm", "juilland_d", "documents_with",
                 "n_documents", "left_out"],
    )  # fmt: skip
    if chosen is not None:
        phrase = str(table["phrase"].iloc[chosen])
        link_lines(session, t("Read the lines of {phrase}").format(phrase=phrase), phrase)
    left_out = int(table["left_out"].max()) if len(table) else 0
    show_account(
        session,
        Account(
            t(
                "DP = ½ Σ |share of the hits in a part − share of the characters in it| (Gries 2008); DPnorm = DP ÷ (1 − the "
                "smallest part’s share) (Lijffijt and Gries 2012). Juilland’s D = 1 − V ÷ √(n − 1), V the coefficient of variation "
                "of the rates of n parts."
            ),
            t("The characters of each part; every part of the selection counts, those without a hit too ({unit} once).").format(
                unit=name_unit(session)
            ),
            (t("Up to {n} documents belong to no part of a kind (column “left out”).").format(n=f"{left_out:,}"),) if left_out else (),
        ),
        t("DP: 0 when spread as evenly as the text itself, towards 1 when all in one part. Juilland’s D: 1 even, 0 all in one."),
    )  # fmt: skip
    phrase = phrases[0]
    if len(phrases) > 1:
        phrase = url.choose_one("focus", t("In detail"), phrases, plain, default=phrases[0])
    st.header(t("Where in each document"))
    show_barcodes(session, phrase)
    show_parts(session, phrase, names)


def show_parts(session: Session, phrase: str, names: dict[str, str]) -> None:
    t = session.t
    st.header(t("Part by part"))
    kind = url.choose_one("part", t("Part by part"), KINDS, names.__getitem__, label_visibility="collapsed")
    table = list_parts(session.corpus, session.filters, [phrase], kind)
    table = table.sort_values("per_10k", ascending=False, kind="stable", ignore_index=True)
    shown = table.assign(part=[name_part(session, kind, part) for part in table["part"]])
    chosen = show_table(
        session, shown, "parts", session.say_question(phrase), height=420, key=f"parts_{kind}", select=True,
        columns=["part", "hits", "expected", "per_10k", "documents_with", "n_documents", "n_chars"],
    )  # fmt: skip
    show_account(
        session,
        Account(
            t("Expected = all hits × characters of the part ÷ all characters; rate = hits ÷ characters × 10,000."),
            t("The characters of the part, white space aside."),
        ),
        t("Choose a row to read its lines."),
    )  # fmt: skip
    row = take_row(f"parts_{kind}", chosen)
    if row is not None:
        open_part(session, kind, str(table["part"].iloc[row]), phrase)


def name_part(session: Session, kind: str, part: str) -> str:
    """A part in words: a document by its date and headline."""
    if kind == "province":
        return name_province(part, session.language)
    if kind == "level":
        return say_level(session, part) or part
    if kind != "document":
        return part
    facts = session.corpus.documents.iloc[session.corpus.number(part)]
    day = "" if pd.isna(facts["event_date"]) else f"{facts['event_date']:%Y-%m-%d}"
    return " ".join(piece for piece in (day, name_province(facts["province"], session.language), facts["title"] or part) if piece)


def open_part(session: Session, kind: str, part: str, phrase: str) -> None:
    """The lines of one part."""
    if kind == "document":
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=part, find=phrase))
    changes = bound_params(session, part) if kind == "month" else {kind: url.write_value(part)}
    st.switch_page("app_pages/concordance.py", query_params=url.build_params(q=url.write_value(phrase), **changes))


show_page(get_session())
