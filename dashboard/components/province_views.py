"""A phrase by province, in three views: a matrix over time, a timeline for each, and the change between two spans."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard.charts.change import draw_change
from dashboard.charts.geofacet import draw_geofacet
from dashboard.charts.timeline import fill_periods, find_main_span
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import (
    Account,
    account_for_count,
    name_source,
    name_unit,
    say_span,
    say_undated,
    say_unplaced,
    show_account,
)  # fmt: skip
from dashboard.components.maps import show_matrix
from dashboard.components.opened import link_lines, open_cell
from dashboard.components.session import Session, span_days
from dashboard.components.tables import show_table
from dashboard.components.theme import hold_broad
from dashboard.names import PROVINCE_NAMES, name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE, split_days
from dashboard.queries.change import compare_periods
from dashboard.queries.timeline import count_timeline
from data_prep.schema import PROVINCES

#: More columns than these are no picture any more.
MOST_COLUMNS = 240


def show_heat(session: Session, phrase: str, label: str) -> None:
    """Province by period, each cell its share."""
    t = session.t
    table = count_timeline(session.corpus, session.filters, [phrase], ("period", "province"))
    left_out, span = say_span(session, table), find_main_span(table)
    if span is not None:
        table = table[table["period"].between(*span)].copy()
    table["province"] = table["province"].where(table["province"].notna(), NO_PROVINCE)
    periods = sorted(table["period"].dropna().unique())
    if not periods:
        st.info(t("No document of the selection lies within one period."))
        return
    if len(periods) > MOST_COLUMNS:
        st.info(t("{n} periods: choose a longer or shorter period at the left.").format(n=len(periods)))
        return
    present = set(table["province"])
    rows = [name for name in (NO_PROVINCE, *PROVINCES) if name in present]
    names = [name_province(None if row == NO_PROVINCE else row, session.language, t("no province")) for row in rows]
    cells = {(row["province"], row["period"]): row for row in table.to_dict("records")}
    most = float(table["share"].max()) or 1.0
    grid = [
        [
            None if (row, period) not in cells else {
                "v": f"{100 * cells[row, period]['share']:.0f}", "level": cells[row, period]["share"] / most,
                "thin": bool(cells[row, period]["thin"]), "key": f"{row}|{period}",
                "title": f"{name} · {period}: {100 * cells[row, period]['share']:.0f}%"
                f" · {cells[row, period]['n_with']}/{cells[row, period]['n_units']}",
            }
            for period in periods
        ]
        for row, name in zip(rows, names, strict=True)
    ]  # fmt: skip
    selected = f"{url.get_parameter('cell_province')}|{url.get_parameter('cell_period')}"
    whole = fill_periods(periods)
    gaps = [place for place in range(1, len(periods)) if whole.index(periods[place]) > whole.index(periods[place - 1]) + 1]
    clicked = show_matrix(
        session, "heat", names, periods, grid, label=t("Share by province and period"), selected=selected, gaps=gaps
    )
    legend = plain(label) + " · " + t("Per cent of the cell that hold the phrase. Grey: no document. Hatched: fewer than 5.")
    if gaps:
        legend += " " + t("A wider gap: periods without any document are left out.")
    account = account_for_count(session, table, "share", over_time=True)
    show_account(session, account, legend + left_out)
    if clicked:
        open_cell(*clicked.split("|"))
        st.rerun()


def show_geofacet(session: Session, phrase: str, label: str) -> None:
    """A timeline for each province, laid out as the map."""
    t = session.t
    table = count_timeline(session.corpus, session.filters, [phrase], ("period", "province"))
    if table["period"].nunique() < 3:
        st.info(t("There are too few periods for lines."))
        return
    english = session.language == "en"
    places = {
        name: (place.english if english else name, place.row, place.column)
        for name, place in PROVINCE_NAMES.items() if name in PROVINCES
    }  # fmt: skip
    event = hold_broad("geofacet").plotly_chart(
        draw_geofacet(table, places, session.palette, t, source=name_source(session, plain(session.say_question(label)))),
        key="geofacet", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("A small line chart for each province; the table below says the same."),
    )  # fmt: skip
    account = account_for_count(session, table, "share", over_time=True)
    left_out = (*account.left_out, *say_unplaced(session, table))
    show_account(
        session, Account(account.formula, account.denominator, left_out),
        t("Blue: the province. Grey: all provinces together. Every panel has the same axes; points where no line can be drawn."),
    )  # fmt: skip
    point = take_click("geofacet", event)
    if point:
        open_cell(*point)
        st.rerun()


def show_change(session: Session, phrase: str, label: str) -> None:
    """The difference of two shares, with its interval, by province."""
    t = session.t
    first_day, last_day = span_days(session.corpus)
    begin, middle, end = split_days(session.corpus, session.filters) or (first_day, first_day, last_day)
    columns = st.columns(4)
    spans = (
        ("c1_from", t("First span, from"), begin), ("c1_to", t("First span, to"), middle),
        ("c2_from", t("Second span, from"), middle + timedelta(days=1)), ("c2_to", t("Second span, to"), end),
    )  # fmt: skip
    days = []
    for column, (name, words, default) in zip(columns, spans, strict=True):
        with column:
            days.append(url.choose_day(name, words, first_day, last_day, default))
    table = compare_periods(session.corpus, session.filters, [phrase], (days[0], days[1]), (days[2], days[3]), ("province",))
    whole = compare_periods(session.corpus, session.filters, [phrase], (days[0], days[1]), (days[2], days[3]))
    table["label"] = [name_province(name, session.language, t("no province")) for name in table["province"]]
    table = pd.concat([table, whole.assign(province="", label=t("all together"))], ignore_index=True)
    known = table.dropna(subset=["difference"])
    if known.empty:
        st.info(t("No province has documents in both spans."))
        return
    st.plotly_chart(
        draw_change(
            known.assign(label=[plain(name, 24) for name in known["label"]]), session.palette, t,
            source=name_source(session, plain(session.say_question(label))),
        ),
        key="change", theme=None, config=CHART, alt=t("The change of each province with its interval; the table below says the same."),
    )  # fmt: skip
    alone = len(table) - len(known)
    left_out = [*say_undated(session, table), t("A document whose days do not lie wholly within a span is in neither.")]
    if alone:
        left_out.append(session.tn(
            "{n} province has no document in one of the spans.", "{n} provinces have no document in one of the spans.", alone,
        ).format(n=alone))  # fmt: skip
    show_account(
        session,
        Account(
            t("Difference of the two shares, second minus first, with its 95% interval (Newcombe 1998, method 10)."),
            t("All {unit} of the province in that span.").format(unit=name_unit(session)), tuple(left_out),
        ),
        t("Hollow: the interval holds 0. Square: fewer than 5 in a span. Choose a row of the table to read its lines."),
    )  # fmt: skip
    known = known.reset_index(drop=True)
    chosen = show_table(
        session, known.drop(columns=["province"]), "change", session.say_question(label), key="change_table", select=True,
        columns=["label", "with_first", "n_first", "share_first", "with_second", "n_second", "share_second", "difference",
                 "low", "high"],
        config={"label": t("province")},
    )  # fmt: skip
    if chosen is None:
        return
    row = known.iloc[chosen]
    where = {"province": row["province"]} if row["province"] else {}
    for words, bounds, n in (
        (t("First span: {n} with it"), days[:2], row["with_first"]),
        (t("Second span: {n} with it"), days[2:], row["with_second"]),
    ):
        span = {name: day.isoformat() if day else "" for name, day in zip(("from", "to"), bounds, strict=True)}
        link_lines(session, f"{row['label']} · {words.format(n=n)}", phrase, **where, **span)
