"""Discovery: set phrases that no lexicon has yet, and numeral formulas with what they stand for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.explain import Account, show_account
from dashboard.components.own_lexicon import add_own, read_own
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.plain import plain
from dashboard.queries.discover import find_formulas, find_set_phrases


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Phrases that no lexicon has yet"))
    label = t("My lexicon ({n})").format(n=len(read_own()))
    st.page_link("app_pages/lexicon.py", label=label, query_params=url.build_params(tab="own"))
    opened, place = url.open_tabs("tab", {"runs": t("Set phrases"), "formulas": t("Numeral formulas")})
    with place:
        {"runs": show_runs, "formulas": show_formulas}[opened](session)


def show_runs(session: Session) -> None:
    t = session.t
    left, middle, right = st.columns(3)
    with left:
        shortest = url.choose_number("shortest", t("Shortest (characters)"), 4, 2, 12)
    with middle:
        least = url.choose_number("least", t("At least so many hits"), 4, 2, 1000)
    with right:
        documents = url.choose_number("least_docs", t("In at least so many documents"), 3, 1, 1000)
    with st.spinner(t("Reading all documents once; a large corpus takes some seconds.")):
        table = find_set_phrases(
            session.corpus, session.filters, least=least, least_documents=documents, shortest=shortest, longest=12, limit=300
        )
    if table.empty:
        st.info(t("No run of characters behaves as a set phrase here. Ask for fewer hits or documents."))
        return
    sampled, of = table.attrs.get("sampled", (0, 0))
    show_account(
        session,
        Account(
            t(
                "Score = log2(1 + documents) × freedom × association. Association: the weakest bond inside, by "
                "normalised pointwise mutual information (Bouma 2009). Freedom: entropy of the characters beside it "
                "in bits, the smaller side."
            ),
            t("Share of documents: of the {read} documents read; copies count once.").format(read=f"{sampled:,}"),
            say_read(session, sampled, of),
        ),
        t("Not in the lexicon of this build. One click on “{add}” puts a phrase into your own.").format(add=t("Add")),
    )  # fmt: skip
    chosen = show_table(
        session, offer_adding(session, table, "phrase"), "discover", session.say_question(), key="discover", select=True, height=480,
        columns=["phrase", "add", "hits", "n_documents", "document_share", "association", "freedom_left", "freedom_right", "score"],
        config={"add": configure_adding(session, table, "phrase", "discover")},
    )  # fmt: skip
    if chosen is not None:
        row = table.iloc[chosen]
        offer(session, str(row["phrase"]), "", str(row["doc_id"]))


def show_formulas(session: Session) -> None:
    t = session.t
    key = ("formulas", session.filters)
    table = session.corpus.recall(key)
    if table is None:
        with st.spinner(t("Reading all documents once; a large corpus takes some seconds.")):
            table = find_formulas(session.corpus, session.filters, least=2, limit=300)
        session.corpus.keep(key, table, 1000 * len(table))
    if table.empty:
        st.info(t("No numeral formula stands here twice, or is spelt out."))
        return
    sampled, of = table.attrs.get("sampled", (0, 0))
    show_account(
        session,
        Account(
            t(
                "A numeral with what it counts (四早, 两个确立, 二十条). The parts are those of the text that spells it out "
                "(behind 即, a colon or in brackets), where one does."
            ),
            left_out=say_read(session, sampled, of),
        ),
        t(
            "A formula counts what it stands for (四早, 两个确立); where the text spells it out, the parts are "
            "listed as printed."
        ),
    )  # fmt: skip
    shown = offer_adding(session, table.assign(known=table["in_lexicon"] != ""), "formula")
    chosen = show_table(
        session, shown, "formulas", session.say_question(), key="formulas", select=True, height=480,
        columns=["formula", "add", "hits", "n_documents", "items", "expansion", "known"],
        config={"add": configure_adding(session, table, "formula", "formulas")},
    )  # fmt: skip
    if chosen is not None:
        row = table.iloc[chosen]
        offer(session, str(row["formula"]), "、".join(row["items"]), str(row["doc_id"]))


def say_read(session: Session, read: int, of: int) -> tuple[str, ...]:
    """That only a sample of the documents was read, where that is so."""
    if read >= of:
        return ()
    words = session.t("Of {of} documents {read}, drawn at random, were read: hits and documents are counted in these.")
    return (words.format(read=f"{read:,}", of=f"{of:,}"),)


def offer_adding(session: Session, table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The table with a button in each row, or a tick where the phrase is in one's own lexicon already."""
    own = set(read_own()["phrase"])
    return table.assign(add=["✓" if phrase in own else session.t("Add") for phrase in table[column]])


def configure_adding(session: Session, table: pd.DataFrame, column: str, key: str) -> Any:
    """The column of buttons: a click puts the phrase of its row, with what it stands for, into one's own lexicon."""
    name = f"add_{key}"

    def take() -> None:
        row = table.iloc[st.session_state[name].row]
        add_own(str(row[column]), "、".join(row["items"]) if "items" in row else "")

    return st.column_config.ButtonColumn(session.t("my lexicon"), key=name, on_click=take, width="small")


def offer(session: Session, phrase: str, note: str, doc_id: str) -> None:
    """What can be done with the phrase chosen: keep it, see its lines, read where it stands."""
    t = session.t
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(phrase)}**")
        if st.button(t("Add to my lexicon"), key=f"add_{phrase}", type="primary"):
            add_own(phrase, note)
            st.toast(plain(t("{phrase} is in your lexicon.").format(phrase=phrase)))
        quoted = url.write_value(f'"{phrase}"')
        if st.button(t("Show its lines"), key=f"lines_{phrase}"):
            st.switch_page("app_pages/concordance.py", query_params=url.build_params(q=quoted))
        if st.button(t("Over time and place"), key=f"time_{phrase}"):
            st.switch_page("app_pages/phrases.py", query_params=url.build_params(q=quoted))
        if st.button(t("Open the document"), key=f"doc_{phrase}"):
            st.switch_page("app_pages/document.py", query_params=url.build_params(doc=doc_id, find=f'"{phrase}"'))


show_page(get_session())
