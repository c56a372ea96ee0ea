"""Lexicon: the phrases that are counted, where each is from, and a list of one's own."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.faults import say_fault
from dashboard.components.own_lexicon import COLUMNS, keep_own, read_own, write_own
from dashboard.components.phrases import MOST_PHRASES
from dashboard.components.reading import say_category
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.queries.cells import count_phrases
from data_prep.phrases import LexiconError, read_entries

#: A list longer than this is a mistake in the upload.
MOST_ROWS = 5000


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Lexicon"))
    opened, place = url.open_tabs("tab", {"build": t("In this build"), "own": t("My lexicon")})
    with place:
        {"build": show_lexicon, "own": show_own}[opened](session)


def show_lexicon(session: Session) -> None:
    t, tn = session.t, session.tn
    table = count_phrases(session.corpus, session.filters)
    categories = sorted(category for category in table["category"].unique() if category)
    left, right = st.columns([1, 1])
    with left:
        words = url.type_text("words", t("Phrase, variant, gloss or note"), placeholder=t("for instance 清零"))
    with right:
        chosen_categories = url.choose_many(
            "category", t("Category"), categories, lambda category: say_category(session, category), placeholder=t("all")
        )
    if words.strip():
        everything = table[["phrase", "gloss_en", "note"]].agg(" ".join, axis=1) + " " + table["variants"].map(" ".join)
        table = table[everything.str.contains(words.strip(), regex=False, case=False)]
    if chosen_categories:
        table = table[table["category"].isin(chosen_categories)]
    seen_only = url.switch("seen", t("Only what stands in the selection"), True)
    if seen_only:
        table = table[table["hits"] > 0]
    table = table.sort_values(["n_documents", "hits"], ascending=False, kind="stable", ignore_index=True)
    st.caption(tn("{n} phrase", "{n} phrases", len(table)).format(n=len(table)))
    if table.empty:
        st.info(t("No phrase of the lexicon fits."))
        return
    shown = table.assign(category=[say_category(session, category) for category in table["category"]])
    chosen = show_table(
        session, shown, "lexicon", session.say_question(), key="lexicon", select=True, height=560,
        columns=["phrase", "gloss_en", "hits", "n_documents", "category", "head", "variants", "note", "first_day",
                 "last_day", "source"],
        config={
            "phrase": st.column_config.TextColumn(t("phrase"), width=235),
            "gloss_en": st.column_config.TextColumn(t("gloss"), width=270),
        },
    )  # fmt: skip
    if chosen is not None:
        phrase = url.write_value(str(table["phrase"].iloc[chosen]))
        st.switch_page("app_pages/phrases.py", query_params=url.build_params(q=phrase))


def show_own(session: Session) -> None:
    t = session.t
    st.caption(t(
        "Phrases of your own, kept while this page is open. Download them, and name the file when building "
        "(python -m data_prep build … --lexicon FILE): then they are counted like all others. Variants are "
        "separated by |."
    ))
    upload = st.file_uploader(t("Add the phrases of a CSV file (a column “phrase” is needed)"), type=["csv"], key="own_upload")
    if upload is not None and st.session_state.get("own_upload_taken") != upload.file_id:
        st.session_state["own_upload_taken"] = upload.file_id
        take_upload(session, upload.getvalue())
    edited = st.data_editor(
        read_own(), num_rows="dynamic", width="stretch", key=f"own_editor:{st.session_state.get('own_turn', 0)}", hide_index=True,
        column_config={
            "phrase": st.column_config.TextColumn(t("phrase"), required=True), "variants": t("variants"),
            "category": t("category"), "gloss_en": t("gloss"), "note": t("note"),
        },
    )  # fmt: skip
    left, middle, right = st.columns(3)
    if left.button(t("Keep these changes"), type="primary", key="own_keep"):
        keep_own(edited)
        st.session_state["own_turn"] = st.session_state.get("own_turn", 0) + 1
        st.rerun()
    clean = read_own()
    if clean.empty:
        return
    middle.download_button(
        t("Download my lexicon"), write_own(clean), "my_lexicon.csv", "text/csv", on_click="ignore", key="own_download"
    )
    if right.button(t("Show them over time and place"), key="own_show"):
        forms = [[row.phrase, *filter(None, row.variants.split("|"))] for row in clean.itertuples()]
        queries = [" OR ".join(f'"{form}"' for form in alternatives) for alternatives in forms]
        joined = ",".join(url.write_value(query) for query in queries[:MOST_PHRASES])
        st.switch_page("app_pages/phrases.py", query_params=url.build_params(q=joined))


def take_upload(session: Session, content: bytes) -> None:
    """Add the rows of an uploaded file, or say in a sentence why not."""
    t = session.t
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    try:
        entries = read_entries(text, t("the file"))
    except LexiconError as fault:
        st.warning(say_fault(t, fault))
        return
    if len(entries) > MOST_ROWS:
        st.warning(t("The file has more than {n} rows.").format(n=MOST_ROWS))
        return
    rows = [
        {"phrase": e.phrase, "variants": "|".join(e.variants), "category": e.category, "gloss_en": e.gloss_en, "note": e.note}
        for e in entries
    ]
    keep_own(pd.concat([read_own(), pd.DataFrame(rows, columns=COLUMNS)], ignore_index=True))
    st.session_state["own_turn"] = st.session_state.get("own_turn", 0) + 1
    st.rerun()


show_page(get_session())
