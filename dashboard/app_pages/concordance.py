"""Concordance: every line behind a number, left, node and right, sorted, sampled, counted and exported."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.opened import say_place
from dashboard.components.query import choose_query
from dashboard.components.readers import link_page, show_kwic
from dashboard.components.session import Session, get_session
from dashboard.components.tables import offer_csv, show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.concordance import SORTS, count_lines, list_lines
from dashboard.queries.search import count_on_tokens

PAGE = 50
WIDTHS = ("20", "30", "50", "80", "sentence")
GROUPS = ("node", "left", "right", "province", "period", "level", "outlet", "city")


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Concordance"))
    query = choose_query(session)
    if not query:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    settings = choose_settings(session)
    try:
        lines = list_lines(
            session.corpus, session.filters, query, **settings, offset=PAGE * (read_page() - 1), limit=PAGE
        )
    except ValueError as fault:
        st.warning(plain(fault))
        return
    show_count(session, query, lines)
    if not lines.attrs["n_lines"]:
        st.info(t("No line fits; widen the filters at the left or choose other words."))
        return
    show_lines(session, lines)
    offer_csv(
        session, lambda: list_lines(session.corpus, session.filters, query, **settings).drop(columns="d"), "concordance",
        session.say_question(query),
    )  # fmt: skip
    show_groups(session, query)


def choose_settings(session: Session) -> dict:
    t = session.t
    names = {
        "1L": t("1 left"), "2L": t("2 left"), "3L": t("3 left"), "1R": t("1 right"), "2R": t("2 right"),
        "3R": t("3 right"), "date": t("date"), "province": t("province"), "outlet": t("outlet"), "level": t("level"),
        "node": t("node"), "office": t("office"), "speaker": t("speaker"),
    }  # fmt: skip
    left, middle, right, last = st.columns([2, 1, 1, 1], vertical_alignment="bottom")
    with left:
        sort = url.choose_many(
            "sort", t("Sort by"), SORTS, lambda code: names.get(code, code), placeholder=t("as they stand")
        )
    with middle:
        width = url.choose_one(
            "width", t("Context"), WIDTHS,
            lambda code: t("sentence") if code == "sentence" else t("{n} characters").format(n=code), default="30",
            style="box",
        )  # fmt: skip
    with right:
        sample = url.choose_number("sample", t("Random sample (0: all)"), 0, 0, 100_000)
    with last:
        seed = url.choose_number("seed", t("Seed"), 0, 0, 2**31 - 1)
    return {
        "width": width if width == "sentence" else int(width), "sort": tuple(sort), "sample": sample or None, "seed": seed,
    }  # fmt: skip


def read_page() -> int:
    given = url.get_parameter("page", "1")
    return max(1, int(given)) if given.isascii() and given.isdigit() else 1


def show_count(session: Session, query: str, lines: pd.DataFrame) -> None:
    t, tn = session.t, session.tn
    n, found = lines.attrs["n_lines"], lines.attrs["n_found"]
    sentence = tn("{n} line", "{n} lines", n).format(n=f"{n:,}")
    if n < found:
        sentence += t(", drawn at random from {n}").format(n=f"{found:,}")
    try:
        tokens = count_on_tokens(session.corpus, session.filters, query)
    except ValueError:
        tokens = pd.DataFrame()
    if len(tokens) and tokens["token_hits"].notna().all() and int(tokens["token_hits"].sum()) != int(tokens["hits"].sum()):
        sentence += t("; counted on tokens it would be {n}").format(n=f"{int(tokens['token_hits'].sum()):,}")
    st.markdown(sentence)
    st.caption(plain(session.say_question(query)))


def show_lines(session: Session, lines: pd.DataFrame) -> None:
    t = session.t
    pages = -(-lines.attrs["n_lines"] // PAGE)
    if pages > 1:
        url.choose_number("page", t("Page of {n}").format(n=pages), 1, 1, pages, width=160)
    facts = session.corpus.documents.iloc[lines["d"]]
    shown = []
    for line, row in zip(lines.itertuples(), facts.itertuples(), strict=True):
        shown.append({
            "target": f"doc:{line.doc_id}@{url.get_parameter('q')}", "href": link_page("document", doc=line.doc_id),
            "left": line.left, "node": line.node, "right": line.right,
            "date": "" if pd.isna(line.event_date) else f"{line.event_date:%Y-%m-%d}",
            "place": say_place(session, row), "title": line.title or line.doc_id,
        })  # fmt: skip
    show_kwic(session, "kwic", shown, PAGE * (min(read_page(), pages) - 1) + 1)


def show_groups(session: Session, query: str) -> None:
    t = session.t
    st.header(t("Counted by"))
    names = {
        "node": t("node"), "left": t("character before"), "right": t("character after"), "province": t("province"),
        "period": t("period"), "level": t("level"), "outlet": t("outlet"), "city": t("city"),
    }  # fmt: skip
    by = url.choose_one("group", t("Counted by"), GROUPS, names.__getitem__, label_visibility="collapsed")
    table = count_lines(session.corpus, session.filters, query, (by,))
    if by == "province":
        table[by] = [name_province(cell, session.language, t("no province")) for cell in table[by]]
    show_table(
        session, table, "groups", session.say_question(query),
        config={by: st.column_config.Column(names[by])}, height=320 if len(table) > 8 else "auto",
    )  # fmt: skip


show_page(get_session())
