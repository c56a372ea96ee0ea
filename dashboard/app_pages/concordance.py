"""Concordance: every line behind a number, left, node and right, sorted, sampled, counted and exported."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.barcodes import show_barcodes
from dashboard.components.explain import Account, show_account
from dashboard.components.faults import say_fault
from dashboard.components.opened import bound_params, say_place
from dashboard.components.query import choose_query
from dashboard.components.readers import link_page, show_kwic
from dashboard.components.reading import say_level
from dashboard.components.session import Session, get_session
from dashboard.components.speakers import say_speaker
from dashboard.components.tables import offer_csv, show_table, take_row
from dashboard.filters import OFFICE
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.concordance import SORTS, count_lines, list_lines
from dashboard.queries.documents import label_document
from dashboard.queries.search import count_on_tokens

PAGE = 50
WIDTHS = ("20", "30", "50", "80", "sentence")
GROUPS = (
    "node", "left", "right", "province", "period", "level", "outlet", "city", "county", "voice", "speaker", "office", "doc_id",
)
NOTHING = "-"


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
        st.warning(say_fault(t, fault))
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
    views = {"groups": t("Counted by"), "places": t("Where in each document")}
    opened, place = url.open_tabs("below", views)
    with place:
        {"groups": show_groups, "places": show_barcodes}[opened](session, query)


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
    st.markdown(f"**{sentence}**")
    show_account(session, account_for_lines(session), plain(session.say_question(query)))


def account_for_lines(session: Session) -> Account:
    t = session.t
    one_copy = t("Of a release in several copies the lines of one copy are shown, so that they add up to the plotted hits.")
    return Account(
        t(
            "A line a hit. Found on characters, so that no word boundary hides one; traditional and simplified forms are the "
            "same. Counted on tokens are only hits that are a word, or whole words, as the segmenter cuts."
        ),
        left_out=(one_copy,) if session.filters.unit == "releases" else (),
    )  # fmt: skip


def show_lines(session: Session, lines: pd.DataFrame) -> None:
    t = session.t
    pages = -(-lines.attrs["n_lines"] // PAGE)
    if pages > 1:
        url.choose_number("page", t("Page of {n}").format(n=pages), 1, 1, pages, width=160)
    facts = session.corpus.documents.iloc[lines["d"]]
    shown = []
    for line, row in zip(lines.itertuples(), facts.itertuples(), strict=True):
        shown.append({
            "target": f"doc:{line.doc_id}#{line.begin}-{line.end}@{url.get_parameter('q')}",
            "href": link_page("document", doc=line.doc_id, at=f"{line.begin}-{line.end}"),
            "left": line.left, "node": line.node, "right": line.right,
            "date": "" if pd.isna(line.event_date) else f"{line.event_date:%Y-%m-%d}",
            "place": say_place(session, row), "voice": name_voice(session, line),
            "title": line.title or label_document(session.corpus, int(line.d)),
        })  # fmt: skip
    show_kwic(session, "kwic", shown, PAGE * (min(read_page(), pages) - 1) + 1)


def name_voice(session: Session, line: object) -> str:
    """Who says a line: a name, or the kind of voice; nothing in a headline."""
    speaker, voice = line.speaker, line.voice  # type: ignore[attr-defined]
    if isinstance(speaker, str) and speaker and voice != "meeting":
        return speaker
    return say_speaker(voice, session.t) if isinstance(voice, str) else ""


def show_groups(session: Session, query: str) -> None:
    """How many lines by one or two things that are known of them; a row opens its lines."""
    t = session.t
    names = {
        "node": t("node"), "left": t("character before"), "right": t("character after"), "province": t("province"),
        "period": t("period"), "level": t("level"), "outlet": t("outlet"), "city": t("city"), "county": t("county"),
        "voice": t("voice"), "speaker": t("speaker"), "office": t("office"), "doc_id": t("document"), NOTHING: t("nothing else"),
    }  # fmt: skip
    left, right = st.columns(2)
    with left:
        first = url.choose_one("group", t("Counted by"), GROUPS, names.__getitem__, style="box")
    with right:
        others = (NOTHING, *(name for name in GROUPS if name != first))
        second = url.choose_one("group_2", t("and by"), others, names.__getitem__, style="box")
    by = (first,) if second == NOTHING else (first, second)
    table = count_lines(session.corpus, session.filters, query, by)
    shown = table.assign(**{name: name_cells(session, name, table[name].tolist()) for name in by})
    chosen = show_table(
        session, shown, "groups", session.say_question(query), height=420, key="groups", select=True,
        config={name: st.column_config.Column(names[name]) for name in by},
    )  # fmt: skip
    st.caption(t("Choose a row to read its lines."))
    row = take_row("groups", chosen)
    if row is None:
        return
    values = {name: table[name].iloc[row] for name in by}
    if isinstance(values.get("doc_id"), str):
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=values["doc_id"], find=query))
    for name, value in values.items():
        narrow(session, name, value)
    url.put_parameter("page", "")
    url.reset_widgets()
    st.rerun()


def name_cells(session: Session, name: str, values: list[object]) -> list[str]:
    """The values of a cut in words."""
    t = session.t
    if name == "province":
        return [name_province(value if isinstance(value, str) else None, session.language, t("no province")) for value in values]
    if name == "doc_id":
        return [f"{value} {label_document(session.corpus, session.corpus.number(str(value)))}" for value in values]
    say = {"level": lambda value: say_level(session, value), "voice": lambda value: say_speaker(value, t)}.get(name, str)
    return [say(value) if isinstance(value, str) else "–" for value in values]


def narrow(session: Session, name: str, value: object) -> None:
    """Set the filter that leaves the lines of one row, where there is such a filter."""
    if not isinstance(value, str):
        return
    if name in ("province", "level", "outlet"):
        url.put_parameter(name, url.write_value(value))
    elif name in ("voice", "speaker"):
        url.put_parameter("speaker", url.write_value(value))
    elif name == "office":
        url.put_parameter("speaker", url.write_value(OFFICE + value.split("、")[0]))
    elif name == "period":
        for bound, day in bound_params(session, value).items():
            url.put_parameter(bound, day)
    elif name == "node":
        url.put_parameter("q", url.write_value(f'"{value}"'))


show_page(get_session())
