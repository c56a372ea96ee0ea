"""What a click on a chart opens: the documents of one cell, each with the lines that were counted."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.faults import say_fault
from dashboard.components.marks import Mark, cut_runs
from dashboard.components.readers import link_page, show_doc_list
from dashboard.components.session import Session
from dashboard.components.tables import offer_csv
from dashboard.filters import Filters
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE, bound_period, list_cell_lines
from dashboard.queries.documents import list_documents
from dashboard.queries.search import QueryError

#: Documents on one page of the list, and lines shown of each.
PAGE, LINES = 20, 3


def open_cell(province: str = "", period: str = "") -> None:
    """Open the documents of a province (NO_PROVINCE: of none) in a period, from the next run on."""
    url.put_parameter("cell_province", province)
    url.put_parameter("cell_period", period)
    url.put_parameter("page", "")
    st.session_state["opened_turn"] = st.session_state.get("opened_turn", 0) + 1  # the list scrolls to itself once


def open_person(person_id: str) -> None:
    """Open the page of a person (empty: of all people) from the next run on; what was chosen of another is forgotten."""
    for name, value in (("person", person_id), ("office", ""), ("page", "")):
        url.put_parameter(name, value)
    url.reset_widgets()


def name_cell(session: Session, province: str, period: str) -> str:
    """The cell in words, in the reader's language."""
    parts = []
    if province:
        parts.append(name_province("" if province == NO_PROVINCE else province, session.language, session.t("no province")))
    if period:
        parts.append(period)
    return " · ".join(parts)


def show_opened(session: Session, phrase: str, label: str) -> None:
    """The documents behind the cell that is open, if one is: heading, list, download."""
    t, tn = session.t, session.tn
    province, period = url.get_parameter("cell_province"), url.get_parameter("cell_period")
    if not province and not period:
        return
    with st.container(border=True):
        try:
            lines = list_cell_lines(session.corpus, session.filters, phrase, province, period)
        except (QueryError, ValueError) as fault:
            st.warning(say_fault(session.t, fault))
            return
        cell = name_cell(session, province, period)
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.subheader(plain(f"{cell} · {label}"))
        if right.button(t("Close"), key="close_opened"):
            open_cell()
            st.rerun()
        n_with, n_units = lines.attrs["n_with"], lines.attrs["n_units"]
        st.caption(
            t("{n_with} of {n_units} hold the phrase, {lines} in all.").format(
                n_with=n_with, n_units=n_units, lines=tn("{n} line", "{n} lines", len(lines)).format(n=len(lines))
            )
        )
        if not len(lines):
            return
        show_lines(session, lines, "opened")
        offer_csv(session, lines.drop(columns="d"), "lines", session.say_question(label, cell))


def bound_params(session: Session, period: str) -> dict[str, str]:
    """The parameters from and to that leave one period of the selection (never more than it had)."""
    begin, end = bound_period(period)
    filters = session.filters
    begin, end = max(begin, filters.date_from or begin), min(end, filters.date_to or end)
    return {"from": begin.isoformat(), "to": end.isoformat()}


def link_lines(session: Session, label: str, query: str, **params: str) -> None:
    """A link to the lines of a query, under the filters at the left with these changes (empty: without that filter)."""
    st.page_link(
        "app_pages/concordance.py", label=plain(label, 120),
        query_params=url.build_params(q=url.write_value(query), **params),
    )  # fmt: skip


def show_lines(
    session: Session, lines: pd.DataFrame, key: str, *, earliest: bool = False, paged: bool = True,
    filters: Filters | None = None,
) -> None:
    """Concordance lines grouped by document, the newest first (or the earliest), page by page (or the first page).

    filters: those that the lines were found under, where they are not those at the left.
    """
    numbers = lines["d"].unique()
    facts = list_documents(session.corpus, filters or session.filters, numbers)
    if earliest:
        facts = facts.sort_values(["event_date", "d"], ignore_index=True)
    first = turn_pages(session, len(facts)) if paged else 0
    shown = facts.iloc[first : first + PAGE]
    by_document = {d: rows for d, rows in lines[lines["d"].isin(shown["d"])].groupby("d")}
    items = []
    for row in shown.itertuples():
        own = by_document.get(row.d)
        items.append(describe_item(session, row) | {"snippets": [] if own is None else _cut_snippets(own)})
    show_doc_list(session, key, items, first + 1)


def show_documents(session: Session, key: str, facts: pd.DataFrame) -> None:
    """Rows of `list_documents` as links, page by page."""
    first = turn_pages(session, len(facts))
    items = [describe_item(session, row) for row in facts.iloc[first : first + PAGE].itertuples()]
    show_doc_list(session, key, items, first + 1)


def turn_pages(session: Session, n: int) -> int:
    """The number of the first document on the page that is asked for; one page needs no asking."""
    pages = -(-n // PAGE)
    if pages < 2:
        return 0
    return PAGE * (url.choose_number("page", session.t("Page of {n}").format(n=pages), 1, 1, pages, width=160) - 1)


def describe_item(session: Session, row: object) -> dict[str, object]:
    """A row of `list_documents` as an item of the list: link, headline, and a line of what is known."""
    doc_id = str(row.doc_id)  # type: ignore[attr-defined]
    return {
        "target": f"doc:{doc_id}", "href": link_page("document", doc=doc_id), "title": str(row.label),  # type: ignore[attr-defined]
        "line": describe_document(session, row),
    }  # fmt: skip


def describe_document(session: Session, row: object) -> str:
    """Date, place, outlet, copies and size of a row of `list_documents`, in a line."""
    t = session.t
    parts = [say_date(session, row), say_place(session, row)]
    if isinstance(row.outlet, str) and row.outlet:  # type: ignore[attr-defined]
        parts.append(row.outlet)  # type: ignore[attr-defined]
    n_copies = int(getattr(row, "n_copies", 1))
    if n_copies > 1:
        parts.append(session.tn("{n} copy", "{n} copies", n_copies).format(n=n_copies))
    parts.append(t("{n} characters").format(n=f"{int(row.n_chars):,}"))  # type: ignore[attr-defined]
    return " · ".join(part for part in parts if part)


def say_date(session: Session, row: object) -> str:
    """The day of the event; else the interval the evidence leaves; else that there is none."""
    if not pd.isna(row.event_date):  # type: ignore[attr-defined]
        return f"{row.event_date:%Y-%m-%d}"  # type: ignore[attr-defined]
    first, last = (None if pd.isna(day) else f"{day:%Y-%m-%d}" for day in (row.date_from, row.date_to))  # type: ignore[attr-defined]
    if first and last:
        return session.t("between {first} and {last}").format(first=first, last=last)
    if first or last:
        return session.t("from {day}").format(day=first) if first else session.t("until {day}").format(day=last)
    return session.t("undated")


def say_place(session: Session, row: object) -> str:
    """Province and city, or the centre, or that the place is unknown."""
    if row.level == "centre":  # type: ignore[attr-defined]
        return session.t("centre")
    province = name_province(row.province, session.language)  # type: ignore[attr-defined]
    city = row.city if isinstance(row.city, str) else ""  # type: ignore[attr-defined]
    return (province + (" " + city if city else "")).strip() or session.t("place unknown")


def _cut_snippets(lines: pd.DataFrame) -> list[list[dict[str, object]]]:
    snippets = []
    for line in lines.head(LINES).itertuples():
        text = f"…{line.left}{line.node}{line.right}…"
        begin = 1 + len(line.left)
        snippets.append(cut_runs(text, [Mark(begin, begin + len(line.node), "node")]))
    if len(lines) > LINES:
        snippets.append([{"t": f"+ {len(lines) - LINES}"}])
    return snippets
