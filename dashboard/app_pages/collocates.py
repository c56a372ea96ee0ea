"""Collocates: which words stand near a phrase more often than chance, and how that differs between selections."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.network import draw_network
from dashboard.components import url
from dashboard.components.clicks import CHART
from dashboard.components.explain import name_source
from dashboard.components.query import choose_query
from dashboard.components.selection import choose_reference, name_selection
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.plain import plain
from dashboard.queries.collocates import SORTS, compare_collocates, list_collocates, network

WINDOWS = ("3", "5", "10", "sentence")


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("What stands near a phrase"))
    query = choose_query(session)
    if not query:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    window, sort = choose_settings(session)
    tabs = {"near": t("Collocates"), "network": t("Network"), "difference": t("Difference between two selections")}
    opened, place = url.open_tabs("tab", tabs)
    with place:
        try:
            if opened == "near":
                show_near(session, query, window, sort)
            elif opened == "network":
                show_network(session, query, window)
            else:
                show_difference(session, query, window)
        except ValueError as fault:
            st.warning(plain(fault))


def choose_settings(session: Session) -> tuple[tuple[int, int] | str, str]:
    t = session.t
    names = {
        "log_dice": "logDice", "mi": "MI", "mi3": "MI3", "t_score": "t", "log_likelihood": "G²", "o11": t("frequency"),
    }  # fmt: skip
    left, right = st.columns(2)
    with left:
        width = url.choose_one(
            "window", t("Window"), WINDOWS,
            lambda code: t("sentence") if code == "sentence" else t("±{n} words").format(n=code), default="5",
        )  # fmt: skip
    with right:
        sort = url.choose_one("sort", t("Sort by"), SORTS, lambda code: names.get(code, code))
    return (width if width == "sentence" else (int(width), int(width))), sort


def show_near(session: Session, query: str, window: tuple[int, int] | str, sort: str) -> None:
    t = session.t
    table = list_collocates(session.corpus, session.filters, query, window=window, sort=sort, least=2)
    if table.empty:
        st.info(t("No word stands near it twice."))
        return
    chosen = show_table(session, table, "collocates", session.say_question(query), key="collocates", select=True, height=520)
    attrs = table.attrs
    sentence = t(
        "{n} hits; N = {size} words of the selection. logDice (Rychlý 2008) does not grow with the corpus: "
        "14 is the most, one more means twice as close. MI favours rare words, t and G² frequent ones."
    )
    st.caption(sentence.format(n=f"{attrs['n_hits']:,}", size=f"{attrs['n']:,}") + _say_sample(session, attrs))
    if chosen is not None:
        term = str(table["term"].iloc[chosen])
        st.switch_page("app_pages/concordance.py", query_params=url.build_params(q=url.write_value(f"{query} NEAR/20 {term}")))


def _say_sample(session: Session, attrs: dict) -> str:
    if attrs["n_used"] >= attrs["n_hits"]:
        return ""
    return " " + session.t("Of these, {n} drawn at random were looked at.").format(n=f"{attrs['n_used']:,}")


def show_network(session: Session, query: str, window: tuple[int, int] | str) -> None:
    t = session.t
    nodes, edges = network(session.corpus, session.filters, query, window=window, least=2)
    if edges.empty:
        st.info(t("No two collocates stand in the same window twice."))
        return
    held = set(edges["term_a"]) | set(edges["term_b"])
    nodes = nodes[nodes["term"].isin(held)]
    shown = pd.DataFrame({
        "id": nodes["term"], "label": [plain(term, 12) for term in nodes["term"]], "size": nodes["o11"],
        "group": t("collocates of {phrase}").format(phrase=plain(query, 20)),
    })  # fmt: skip
    lines = edges.rename(columns={"term_a": "a", "term_b": "b", "n_windows": "weight"})
    st.plotly_chart(
        draw_network(shown, lines, session.palette, t, source=name_source(session, plain(session.say_question(query)))),
        key="network", theme=None, config=CHART, alt=t("Network of collocates; the table below says the same."),
    )  # fmt: skip
    st.caption(t(
        "A line joins two collocates that stand in the same window, thicker the more often; a larger point "
        "stands there more often."
    ))
    show_table(session, edges, "collocate_network", session.say_question(query))


def show_difference(session: Session, query: str, window: tuple[int, int] | str) -> None:
    t = session.t
    reference = choose_reference(session)
    if reference is None:
        st.info(t("Choose a selection of its own to compare the one at the left with."))
        return
    table = compare_collocates(session.corpus, session.filters, reference, query, window=window, least=2)
    question = f"{query} · {session.filters.sentence(session.language)} ↔ {name_selection(session, reference)}"
    if table.empty:
        st.info(t("No word stands near it twice."))
        return
    show_table(session, table, "collocates_compared", question, height=520)
    st.caption(t("A: the selection at the left; B: the other. A log ratio above 0 means: more typical of A."))


show_page(get_session())
