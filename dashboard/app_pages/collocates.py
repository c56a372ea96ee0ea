"""Collocates: which words stand near a phrase more often than chance, and how that differs between selections."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.keyness import draw_keyness
from dashboard.charts.network import draw_network
from dashboard.components import url
from dashboard.components.clicks import CHART
from dashboard.components.explain import Account, name_source, show_account
from dashboard.components.faults import say_fault
from dashboard.components.opened import show_lines
from dashboard.components.query import choose_query
from dashboard.components.selection import choose_reference, count_shared, name_selection, offer_pairs
from dashboard.components.session import Session, get_session
from dashboard.components.tables import offer_csv, show_table, take_row
from dashboard.components.theme import hold_broad
from dashboard.filters import Filters
from dashboard.plain import plain
from dashboard.queries.collocate_lines import list_collocate_lines
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
            st.warning(say_fault(session.t, fault))


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
    place = st.container()
    chosen = show_table(session, table, "collocates", session.say_question(query), key="collocates", select=True, height=520)
    with place:
        show_account(
            session, account_for_windows(session, table.attrs),
            t("logDice: 14 is the most, one more means twice as close. MI favours rare words, t and G² frequent ones. "
              "Choose a row to read its lines."),
        )  # fmt: skip
    row = take_row("collocates", chosen)
    if row is not None:
        url.put_parameter("near", str(table["term"].iloc[row]))
    show_near_lines(session, query, window)


def account_for_windows(session: Session, attrs: dict) -> Account:
    """How collocates are counted, for a table of `list_collocates`."""
    t = session.t
    left_out = (t("Of these, {n} drawn at random were looked at.").format(n=f"{attrs['n_used']:,}"),)
    return Account(
        t(
            "O11: how often the word stands in a window of the phrase (once where two windows meet); expected E11 = words in "
            "windows × its frequency ÷ N. logDice = 14 + log2(2 O11 ÷ (hits + frequency)) (Rychlý 2008); MI = log2(O11 ÷ E11); "
            "MI3 = log2(O11³ ÷ E11); t = (O11 − E11) ÷ √O11; G²: log-likelihood (Dunning 1993), below 0 where it is rarer than "
            "by chance. A window ends with the line."
        ),
        t("N = {size} words of the selection; {n} hits of the phrase with {r1} words in their windows.").format(
            size=f"{attrs['n']:,}", n=f"{attrs['n_hits']:,}", r1=f"{attrs['r1']:,}",
        ),
        left_out if attrs["n_used"] < attrs["n_hits"] else (),
    )  # fmt: skip


def show_near_lines(session: Session, query: str, window: tuple[int, int] | str) -> None:
    """The lines of the collocate that is open, if one is: its hits, grouped by document."""
    t = session.t
    terms = tuple(url.read_value(term) for term in url.get_parameter("near").split(",") if term)
    if not terms:
        return
    lines = list_collocate_lines(session.corpus, session.filters, query, terms, window=window)
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.header(plain(f"{query} · {session.separator.join(terms)}"))
        if right.button(t("Close"), key="close_near"):
            url.put_parameter("near", "")
            st.rerun()
        st.caption(session.tn(
            "{n} hit has it in its window.", "{n} hits have it in their window.", len(lines),
        ).format(n=f"{len(lines):,}"))  # fmt: skip
        if len(lines):
            show_lines(session, lines, "opened")
            offer_csv(session, lines.drop(columns="d"), "lines", session.say_question(query, *terms))


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
    hold_broad("collocates").plotly_chart(
        draw_network(shown, lines, session.palette, t, source=name_source(session, plain(session.say_question(query)))),
        key="network", theme=None, config=CHART, alt=t("Network of collocates; the table below says the same."),
    )  # fmt: skip
    show_account(
        session,
        Account(
            t("Windows in which both words stand; logDice of the two over the windows. Words of one character are left out."),
            left_out=(t("Shown are the strongest collocates and pairs; the least is 2 windows."),),
        ),
        t(
            "A line joins two collocates that stand in the same window, thicker the more often; a larger point "
            "stands there more often."
        ),
    )
    chosen = show_table(session, edges, "collocate_network", session.say_question(query), key="collocate_edges", select=True)
    row = take_row("collocate_edges", chosen)
    if row is not None:
        url.put_parameter("near", ",".join(url.write_value(str(edges[side].iloc[row])) for side in ("term_a", "term_b")))
    show_near_lines(session, query, window)


def show_difference(session: Session, query: str, window: tuple[int, int] | str) -> None:
    t = session.t
    offer_pairs(session)
    reference = choose_reference(session)
    if reference is None:
        st.info(t("Choose a selection of its own to compare the one at the left with."))
        return
    table = compare_collocates(session.corpus, session.filters, reference, query, window=window, least=2)
    question = f"{query} · {session.filters.sentence(session.language)} ↔ {name_selection(session, reference)}"
    if table.empty:
        st.info(t("No word stands near it twice."))
        return
    show_difference_chart(session, table, question)
    attrs = table.attrs
    shared = count_shared(session, reference)
    left_out = (session.tn(
        "{n} document is in both selections: differences are understated.",
        "{n} documents are in both selections: differences are understated.", shared,
    ).format(n=f"{shared:,}"),) if shared else ()  # fmt: skip
    show_account(
        session,
        Account(
            t("Share of the words in windows that each word makes up, compared by log-likelihood and log ratio; 95% intervals."),
            t("A: {a} words in the windows of {hits_a} hits; B: {b} in those of {hits_b}.").format(
                a=f"{attrs['r1_a']:,}", hits_a=f"{attrs['n_hits_a']:,}", b=f"{attrs['r1_b']:,}", hits_b=f"{attrs['n_hits_b']:,}",
            ),
            left_out,
        ),
        t("A: the selection at the left; B: the other. A log ratio above 0 means: more typical of A."),
    )  # fmt: skip
    chosen = show_table(session, table, "collocates_compared", question, height=520, key="collocates_compared", select=True)
    if chosen is not None:
        show_both_sides(session, query, str(table["term"].iloc[chosen]), window, reference)


def show_difference_chart(session: Session, table: pd.DataFrame, question: str) -> None:
    """The scatter of keyness, over collocates: grey where the 95 % interval holds nought."""
    t = session.t
    sure = (table["log_ratio_low"] > 0) | (table["log_ratio_high"] < 0)
    drawn = table.rename(columns={"term": "item", "o11_a": "n_target", "o11_b": "n_reference"})
    drawn = drawn.assign(
        label=[plain(term, 16) for term in table["term"]], conservative_log_ratio=table["log_ratio"].where(sure, 0.0)
    )
    st.plotly_chart(
        draw_keyness(drawn, session.palette, t, source=name_source(session, plain(question))), key="difference", theme=None,
        config=CHART, alt=t("Scatter of the differences; the table below says the same."),
    )  # fmt: skip


def show_both_sides(session: Session, query: str, term: str, window: tuple[int, int] | str, reference: Filters) -> None:
    """The lines of a collocate in both selections, one below the other."""
    for name, filters in (("A", session.filters), ("B", reference)):
        lines = list_collocate_lines(session.corpus, filters, query, (term,), window=window)
        count = session.tn("{n} line", "{n} lines", len(lines)).format(n=f"{len(lines):,}")
        with st.expander(plain(f"{name} · {query} · {term} · {count}"), expanded=name == "A"):
            if len(lines):
                show_lines(session, lines, f"lines_{name}", paged=False, filters=filters)
                offer_csv(session, lines.drop(columns="d"), f"lines_{name}", session.say_question(query, term))


show_page(get_session())
