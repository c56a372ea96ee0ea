"""Discovery: set phrases that no lexicon has yet, and numeral formulas with what they stand for."""

from __future__ import annotations

import streamlit as st

from dashboard.components import url
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
    chosen = show_table(
        session, table, "discover", session.say_question(), key="discover", select=True, height=480,
        columns=["phrase", "hits", "n_documents", "document_share", "association", "freedom_left", "freedom_right", "score"],
    )  # fmt: skip
    sampled, of = table.attrs.get("sampled", (0, 0))
    st.caption(
        t(
            "Score = log2(1 + documents) × freedom × association. Association: the weakest bond inside, by "
            "normalised pointwise mutual information (Bouma 2009). Freedom: entropy of the characters beside it "
            "in bits, the smaller side. {read} of {of} documents were read; copies count once."
        ).format(
            read=f"{sampled:,}", of=f"{of:,}"
        )
    )  # fmt: skip
    if chosen is not None:
        row = table.iloc[chosen]
        offer(session, str(row["phrase"]), "", str(row["doc_id"]))


def show_formulas(session: Session) -> None:
    t = session.t
    table = find_formulas(session.corpus, session.filters, least=2, limit=300)
    if table.empty:
        st.info(t("No numeral formula stands here twice, or is spelt out."))
        return
    shown = table.assign(known=table["in_lexicon"] != "")
    chosen = show_table(
        session, shown, "formulas", session.say_question(), key="formulas", select=True, height=480,
        columns=["formula", "hits", "n_documents", "items", "expansion", "known"],
    )  # fmt: skip
    st.caption(t(
        "A formula counts what it stands for (四早, 两个确立); where the text spells it out, the parts are "
        "listed as printed."
    ))
    if chosen is not None:
        row = table.iloc[chosen]
        offer(session, str(row["formula"]), "、".join(row["items"]), str(row["doc_id"]))


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
