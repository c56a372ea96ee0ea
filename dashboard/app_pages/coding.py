"""Coding: a seeded sample of lines, coded by hand, twice; and how far the two coders agree."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.explain import Account, show_account
from dashboard.components.query import choose_query
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.plain import plain
from dashboard.queries.coding import MOST_LINES, SHEET, Agreement, compare_coders, draw_sheet

#: A sheet edited in the browser is at most so long; a longer one is coded in a spreadsheet.
MOST_IN_BROWSER = 500


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Coding lines by hand"))
    opened, place = url.open_tabs("tab", {"sheet": t("The sheet"), "agreement": t("Two coders")})
    with place:
        {"sheet": show_sheet, "agreement": show_agreement}[opened](session)


def show_sheet(session: Session) -> None:
    t = session.t
    query = choose_query(session)
    left, middle, right = st.columns(3)
    with left:
        n = url.choose_number("lines", t("Lines to draw"), 50, 1, MOST_LINES)
    with middle:
        seed = url.choose_number("seed", t("Seed"), 1, 0, 2**31 - 1)
    with right:
        width = url.choose_number("width", t("Characters on each side"), 40, 5, 200)
    if not query:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    try:
        sheet = draw_sheet(session.corpus, session.filters, query, n=n, seed=seed, width=width)
    except ValueError as fault:
        st.warning(plain(fault))
        return
    if sheet.empty:
        st.info(t("No line fits; widen the filters at the left or choose other words."))
        return
    st.caption(t(
        "The same words, filters, build and seed draw the same lines for the second coder. Write a code (and "
        "a note) beside each line here, or download the sheet and fill it in a spreadsheet."
    ))
    key = f"sheet:{session.corpus.fingerprint}:{query}:{n}:{seed}:{width}:{hash(session.filters)}"
    settings: dict[str, Any] = {
        "code": st.column_config.TextColumn(t("code"), max_chars=60), "note": st.column_config.TextColumn(t("note"), max_chars=400),
        "line": st.column_config.NumberColumn(t("line"), width=60), "left": t("left"), "node": t("node"), "right": t("right"),
        "event_date": st.column_config.DateColumn(t("date"), format="YYYY-MM-DD"), "province": t("province"),
        "outlet": t("outlet"), "title": t("title"),
    }  # fmt: skip
    shown = ["line", "code", "note", "left", "node", "right", "event_date", "province", "outlet", "title"]
    edited = st.data_editor(
        sheet.head(MOST_IN_BROWSER), key=key, column_order=shown, column_config=settings, hide_index=True, height=520,
        disabled=[name for name in SHEET if name not in ("code", "note")], width="stretch",
    )  # fmt: skip
    filled = pd.concat([edited, sheet.iloc[MOST_IN_BROWSER:]])
    coded = int((filled["code"].fillna("").str.strip() != "").sum())
    st.caption(t("{done} of {n} lines are coded.").format(done=coded, n=len(sheet)))
    st.download_button(
        t("Download the sheet with your codes"),
        lambda: filled.to_csv(index=False, date_format="%Y-%m-%d").encode("utf-8-sig", "replace"),
        f"coding_{seed}.csv", "text/csv", on_click="ignore", type="primary", key="sheet_download",
    )  # fmt: skip


def show_agreement(session: Session) -> None:
    t = session.t
    st.caption(t("Put in the two filled sheets; lines that either coder left empty are left out."))
    left, right = st.columns(2)
    first = left.file_uploader(t("First coder (CSV)"), type=["csv"], key="first_sheet")
    second = right.file_uploader(t("Second coder (CSV)"), type=["csv"], key="second_sheet")
    if first is None or second is None:
        return
    try:
        agreement = compare_coders(_read_csv(first.getvalue()), _read_csv(second.getvalue()))
    except ValueError as fault:  # what is no sheet, and what is no CSV
        st.warning(plain(fault))
        return
    show_kappa(session, agreement)


def show_kappa(session: Session, agreement: Agreement) -> None:
    t = session.t
    overall = agreement.overall
    with st.container(horizontal=True, gap="large"):
        st.metric("Cohen’s κ", f"{overall.kappa:.3f}", width=160)
        st.metric(t("95% interval"), f"{overall.low:.2f} – {overall.high:.2f}", width=200)
        st.metric(t("Raw agreement"), f"{overall.agreement:.1%}", width=160)
        st.metric(t("Lines coded by both"), f"{overall.n:,}", width=160)
        st.metric(t("Left out"), f"{agreement.left_out:,}", width=140)
    show_account(session, Account(
        t(
            "κ = (observed − expected agreement) ÷ (1 − expected) (Cohen 1960); interval from its large-sample "
            "standard error (Fleiss, Cohen and Everitt 1969)."
        ),
        t("Lines that both coders coded: {n}.").format(n=f"{overall.n:,}"),
        (t("{n} lines that only one of the two coded, or that stand in one sheet alone.").format(n=f"{agreement.left_out:,}"),),
    ))  # fmt: skip
    st.subheader(t("Who gave which code (rows: first coder, columns: second)"))
    st.dataframe(agreement.table, width="content")
    st.subheader(t("Code by code"))
    show_table(session, agreement.by_code, "kappa_by_code", session.say_question())
    st.subheader(t("Lines to talk about"))
    if agreement.disputed.empty:
        st.info(t("Every line was coded alike."))
    else:
        show_table(session, agreement.disputed, "disputed", session.say_question())


def _read_csv(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), dtype=str, encoding="utf-8-sig", keep_default_na=False)


show_page(get_session())
