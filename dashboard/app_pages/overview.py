"""Overview: what the corpus holds, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.explain import Account, show_account
from dashboard.components.faults import say_fault, translate_fault
from dashboard.components.maps import show_matrix
from dashboard.components.opened import open_cell, show_documents
from dashboard.components.rules import say_rule
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE
from dashboard.queries.cells import open_cell as open_cell_scope
from dashboard.queries.documents import list_documents
from dashboard.queries.overview import (
    count_cells,
    count_rejected,
    count_repairs,
    describe_corpus,
    list_copies,
    list_undated,
    list_unplaced,
)  # fmt: skip
from data_prep.schema import PROVINCES

#: More columns than this are no picture any more; the page says that the period is too fine.
MOST_PERIODS = 240
#: So many columns are seen at once on a wide screen.
VISIBLE = 14


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("What this corpus holds"))
    facts = describe_corpus(session.corpus, session.filters).set_index("name")["value"]
    st.markdown(plain(say_summary(session, facts)).replace("\n", " "))
    show_numbers(session, facts)
    show_coverage(session)
    show_opened_documents(session)
    show_lacks(session, facts)


def say_summary(session: Session, facts: pd.Series) -> str:
    t = session.t
    if not int(facts["n_documents"]):
        return t("No document passes the filters at the left. Widen them to see something.")
    sentence = t("{documents} documents ({releases} releases) from {provinces} provinces, {first} to {last}.")
    return sentence.format(
        documents=f"{int(facts['n_documents']):,}", releases=f"{int(facts['n_releases']):,}",
        provinces=int(facts["n_provinces"]), first=facts["first_day"] or "?", last=facts["last_day"] or "?",
    ) + " " + session.filters.sentence(session.language)  # fmt: skip


def show_numbers(session: Session, facts: pd.Series) -> None:
    t = session.t
    cards = [
        (t("Documents"), facts["n_documents"], t("Articles cut out of the accepted pages.")),
        (t("Releases"), facts["n_releases"], t("Texts, each counted once however many copies there are.")),
        (t("Characters"), facts["n_chars"], t("Without white space.")),
        (t("Dated to the day"), facts["n_dated"], t("The evidence leaves exactly one day.")),
        (t("Dated to an interval"), facts["n_interval"], t("The evidence leaves several days; the interval is kept.")),
        (t("Undated"), facts["n_undated"], t("Nothing in the text or around it tells the day.")),
        (t("Without a place"), facts["n_unplaced"], t("Neither centre nor province could be told.")),
        (t("Pages read"), facts["n_pages"], t("Pages of the whole build, filters aside.")),
        (t("Pages rejected"), facts["n_rejected"], t("Kept with the reason, never lost.")),
    ]
    with st.container(horizontal=True, gap="small"):
        for label, value, meaning in cards:
            st.metric(label, f"{int(value):,}", help=meaning, width=132)


def show_coverage(session: Session) -> None:
    t = session.t
    st.header(t("Where and when"))
    cells = count_cells(session.corpus, session.filters)
    if cells.empty:
        st.info(t("There is nothing to show here under these filters."))
        return
    unit = "n_documents" if session.filters.unit == "copies" else "n_releases"
    cells["period"] = cells["period"].fillna("")
    periods = sorted(p for p in cells["period"].unique() if p)
    if len(periods) > MOST_PERIODS:
        st.info(t("{n} periods are too many columns: choose a longer period at the left.").format(n=len(periods)))
        return
    columns = [*periods, *([""] if (cells["period"] == "").any() else [])]
    present = set(cells["province"].dropna())
    rows: list[str | None] = [*([None] if cells["province"].isna().any() else []), *(p for p in PROVINCES if p in present)]
    counts = {
        (row.province if isinstance(row.province, str) else None, row.period): (int(getattr(row, unit)), int(row.n_documents))
        for row in cells.itertuples()
    }
    most = max(value for value, _ in counts.values())
    names = [name_province(row, session.language, t("no province")) for row in rows]
    heads = [period or t("no period") for period in columns]
    grid = [
        [
            _make_cell(session, counts[row, period], most, name, head, f"{row or NO_PROVINCE}|{period}")
            if (row, period) in counts else None
            for period, head in zip(columns, heads, strict=True)
        ]
        for row, name in zip(rows, names, strict=True)
    ]  # fmt: skip
    chosen = f"{url.get_parameter('cell_province')}|{url.get_parameter('cell_period')}"
    dense = find_densest([sum(counts.get((row, period), (0, 0))[0] for row in rows) for period in periods])
    clicked = show_matrix(
        session, "coverage", names, heads, grid, label=t("Documents by province and period"), selected=chosen, first=dense
    )
    unit_words = {"releases": t("releases"), "copies": t("copies"), "outlets": t("releases")}[session.filters.unit]
    undated = int(cells.loc[cells["period"] == "", "n_documents"].sum())
    show_account(
        session,
        Account(
            t("Each cell: {unit} of the province whose day lies within the period.").format(unit=unit_words),
            left_out=(session.tn(
                "{n} document lies in no period: it stands in the last column.",
                "{n} documents lie in no period: they stand in the last column.", undated,
            ).format(n=f"{undated:,}"),) if undated else (),
        ),
        t(
            "Each cell: number of {unit}. Grey: no document. Click a cell to see its documents. Under “no "
            "province” stands what the centre issued or what could not be placed."
        ).format(unit=unit_words),
    )  # fmt: skip
    if clicked:
        province, _, period = clicked.partition("|")
        open_cell(province, period or "undated")
        st.rerun()
    with st.expander(t("The same as a table")):
        show_table(session, cells, "coverage", session.say_question())


def find_densest(counts: Sequence[int], width: int = VISIBLE) -> int:
    """Where the stretch of `width` columns begins that holds most documents, the earliest of equals.

    >>> find_densest([1, 0, 5, 6, 2], width=2)
    2
    """
    sums = [sum(counts[first : first + width]) for first in range(max(1, len(counts) - width + 1))]
    return sums.index(max(sums))


def _make_cell(
    session: Session, count: tuple[int, int], most: int, row: str, column: str, key: str
) -> dict[str, object]:
    value, documents = count
    counted = session.tn("{n} document", "{n} documents", documents).format(n=documents)
    title = f"{row} · {column}: {value:,}" + (f" · {counted}" if value != documents else "")
    return {"v": f"{value:,}", "level": (value / most) ** 0.5, "thin": False, "title": title, "key": key}


def show_opened_documents(session: Session) -> None:
    """The documents behind the cell that was clicked."""
    t = session.t
    province, period = url.get_parameter("cell_province"), url.get_parameter("cell_period")
    if not province and not period:
        return
    with st.container(border=True):
        try:
            if period == "undated":
                numbers = list_undated(session.corpus, session.filters)["d"]
                province_of = session.corpus.documents["province"].iloc[numbers]
                keep = province_of.isna() if province == NO_PROVINCE else province_of == province
                numbers = numbers[keep.to_numpy()]
            else:
                numbers = open_cell_scope(session.corpus, session.filters, province, period).docs.nonzero()[0]
        except ValueError as fault:
            st.warning(say_fault(t, fault))
            return
        facts = list_documents(session.corpus, session.filters, numbers)
        name = name_province("" if province == NO_PROVINCE else province, session.language, t("no province"))
        left, right = st.columns([6, 1], vertical_alignment="center")
        count = session.tn("{n} document", "{n} documents", len(facts)).format(n=len(facts))
        left.subheader(plain(f"{name} · {t('no period') if period == 'undated' else period} · {count}"))
        if right.button(t("Close"), key="close_opened"):
            open_cell()
            st.rerun()
        show_documents(session, "opened", facts)


def open_row(session: Session, table: pd.DataFrame, name: str) -> None:
    """A table of documents; a row opens the document."""
    chosen = show_table(session, table.drop(columns="d"), name, session.say_question(), key=name, select=True)
    if chosen is not None:
        st.switch_page("app_pages/document.py", query_params=url.build_params(doc=str(table["doc_id"].iloc[chosen])))


def show_lacks(session: Session, facts: pd.Series) -> None:
    t = session.t
    st.header(t("What to know before counting"))
    undecided, within = int(facts["n_undated"]) + int(facts["n_interval"]), int(facts["n_in_period"])
    undated, unplaced, copies, rejected, repairs = st.tabs([
        f"{t('No single day')} ({undecided:,})", f"{t('Without a place')} ({int(facts['n_unplaced']):,})", t("Copies"),
        f"{t('Rejected pages')} ({int(facts['n_rejected'])})", t("Repairs"),
    ])  # fmt: skip
    with undated:
        table = list_undated(session.corpus, session.filters)
        parts = (
            session.tn(
                "{n} document of the selection is not dated to a single day.",
                "{n} documents of the selection are not dated to a single day.", undecided,
            ).format(n=f"{undecided:,}"),
            session.tn(
                "{n} of them lies within one period of a timeline and is counted there.",
                "{n} of them lie within one period of a timeline and are counted there.", within,
            ).format(n=f"{within:,}"),
            t("Listed are those that lie in none, whatever days are asked for."),
        )  # fmt: skip
        if undecided:
            st.caption(" ".join(parts))
        if table.empty:
            st.info(t("Every document lies within one period."))
        else:
            open_row(session, table, "undated")
    with unplaced:
        table = list_unplaced(session.corpus, session.filters)
        if table.empty:
            st.info(t("Every document belongs to the centre or to a place."))
        else:
            st.caption(t("Neither centre nor province could be told."))
            open_row(session, table, "unplaced")
    with copies:
        table = list_copies(session.corpus, session.filters)
        st.caption(t("The same release printed in several places. Counted by release, each stands once."))
        if table.empty:
            st.info(t("No release stands here more than once."))
        else:
            chosen = show_table(
                session, table, "copies", session.say_question(), columns=["title", "n_copies", "n_outlets", "first_day"],
                key="copies", select=True,
            )  # fmt: skip
            if chosen is not None:
                doc_a, doc_b = table["doc_ids"].iloc[chosen][:2]
                st.switch_page("app_pages/side_by_side.py", query_params=url.build_params(a=doc_a, b=doc_b))
    with rejected:
        table = count_rejected(session.corpus)
        if table.empty:
            st.info(t("Every page was accepted."))
        else:
            pages = session.corpus.pages
            pages = pages.loc[pages["status"] == "rejected", ["path", "n_bytes", "reason"]].reset_index(drop=True)
            for shown, name in ((table, "rejected"), (pages, "rejected_pages")):
                said = shown.assign(reason=[translate_fault(t, reason or "") for reason in shown["reason"]])
                show_table(session, said, name, session.say_question())
    with repairs:
        table = count_repairs(session.corpus)
        st.caption(t(
            "What had to be mended on the pages before they could be read, by rule. Every edit can be undone; a "
            "document lists its own."
        ))
        if table.empty:
            st.info(t("No page needed a repair."))
        else:
            table["rule"] = [say_rule(session, rule) for rule in table["rule"]]
            show_table(session, table, "repairs", session.say_question())


show_page(get_session())
