"""Coding: a seeded sample of lines, coded by hand, twice; and how far the two coders agree."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.explain import Account, show_account
from dashboard.components.faults import say_fault
from dashboard.components.query import choose_query
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.exports import write_csv
from dashboard.queries.coding import KEY, MOST_LINES, SHEET, Agreement, compare_coders, draw_sheet, keep_codes, read_sheet_file

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
        st.warning(say_fault(t, fault))
        return
    if sheet.empty:
        st.info(t("No line fits; widen the filters at the left or choose other words."))
        return
    st.caption(t(
        "The same words, filters, build and seed draw the same lines for the second coder. Write a code (and "
        "a note) beside each line here, or download the sheet and fill it in a spreadsheet."
    ))
    key = f"sheet:{session.corpus.fingerprint}:{query}:{n}:{seed}:{width}:{hash(session.filters)}"
    start = begin_sheet(session, sheet, key)
    settings: dict[str, Any] = {
        "code": st.column_config.TextColumn(t("code"), max_chars=60, width=90),
        "note": st.column_config.TextColumn(t("note"), max_chars=400, width=90),
        "line": st.column_config.NumberColumn(t("line"), width=50),
        # Aligned on the node, as lines are; a cell double-clicked shows all of it.
        "left": st.column_config.TextColumn(t("left"), width=250, alignment="right"),
        "node": st.column_config.TextColumn(t("node"), width=90, alignment="center"),
        "right": st.column_config.TextColumn(t("right"), width=250),
        "event_date": st.column_config.DateColumn(t("date"), format="YYYY-MM-DD"), "province": t("province"),
        "outlet": t("outlet"), "title": t("title"),
    }  # fmt: skip
    shown = ["line", "code", "note", "left", "node", "right", "event_date", "province", "outlet", "title"]
    edited = st.data_editor(
        start.head(MOST_IN_BROWSER), key=key, column_order=shown, column_config=settings, hide_index=True,
        height=min(520, 36 * (len(start) + 1)),
        disabled=[name for name in SHEET if name not in ("code", "note")], width="stretch",
    )  # fmt: skip
    filled = pd.concat([edited, start.iloc[MOST_IN_BROWSER:]])
    st.session_state["codes"][key] = filled[[*KEY, "code", "note"]]
    coded = int((filled["code"].fillna("").str.strip() != "").sum())
    st.caption(t("{done} of {n} lines are coded.").format(done=coded, n=len(sheet)))
    st.download_button(
        t("Download the sheet with your codes"), lambda: write_csv(filled, {}), f"coding_{seed}.csv", "text/csv",
        on_click="ignore", type="primary", key="sheet_download",
    )  # fmt: skip


def begin_sheet(session: Session, sheet: pd.DataFrame, key: str) -> pd.DataFrame:
    """The sheet as the editor is to begin with: with what was coded before this page was left, or in an earlier sheet.

    An editor forgets what was typed when its page is left, and when the table it was made with changes.
    """
    t = session.t
    with st.expander(t("Go on with a sheet coded before")):
        upload = st.file_uploader(t("The sheet (CSV); its codes are put beside the lines that both hold"), type=["csv"], key="go_on")
    codes = st.session_state.setdefault("codes", {})
    if upload is not None and st.session_state.get("go_on_taken") != (upload.file_id, key):
        try:
            codes[key] = keep_codes(sheet, read_sheet_file(upload.getvalue()))
        except ValueError as fault:
            st.warning(say_fault(t, fault))
        else:
            st.session_state.pop(key, None)
        st.session_state["go_on_taken"] = (upload.file_id, key)
    if key not in st.session_state or st.session_state.get("sheet_begun", ("",))[0] != key:
        begun = keep_codes(sheet, codes[key]) if key in codes else sheet
        st.session_state["sheet_begun"] = (key, begun)
    return st.session_state["sheet_begun"][1]


def show_agreement(session: Session) -> None:
    t = session.t
    st.caption(t("Put in the two filled sheets; lines that either coder left empty are left out."))
    left, right = st.columns(2)
    first = left.file_uploader(t("First coder (CSV)"), type=["csv"], key="first_sheet")
    second = right.file_uploader(t("Second coder (CSV)"), type=["csv"], key="second_sheet")
    if first is None or second is None:
        return
    try:
        agreement = compare_coders(read_sheet_file(first.getvalue()), read_sheet_file(second.getvalue()))
    except ValueError as fault:  # what is no sheet, and what is no CSV
        st.warning(say_fault(t, fault))
        return
    show_kappa(session, agreement)


def show_kappa(session: Session, agreement: Agreement) -> None:
    t = session.t
    overall = agreement.overall
    with st.container(horizontal=True, gap="small"):
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
    st.header(t("Who gave which code (rows: first coder, columns: second)"))
    st.dataframe(agreement.table.rename_axis(index=t("first coder")), width="content")
    st.header(t("Code by code"))
    show_table(
        session, agreement.by_code, "kappa_by_code", session.say_question(),
        config={"n_first": t("first coder"), "n_second": t("second coder")},
    )  # fmt: skip
    st.header(t("Lines to talk about"))
    if agreement.disputed.empty:
        st.info(t("Every line was coded alike."))
    else:
        show_table(session, agreement.disputed, "disputed", session.say_question())


show_page(get_session())
