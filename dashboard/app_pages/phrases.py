"""Phrases: how often set phrases stand where and when, each number with its interval, its n and its documents."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from dashboard.charts.change import draw_change
from dashboard.charts.comparison import draw_comparison
from dashboard.charts.geofacet import draw_geofacet
from dashboard.charts.overlay import add_overlay
from dashboard.charts.timeline import FEWEST_FOR_LINE, draw_timeline, fill_periods, find_main_span
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import explain_count, name_source
from dashboard.components.maps import show_matrix, show_tile_map
from dashboard.components.opened import open_cell, show_opened
from dashboard.components.phrases import choose_phrases, label_phrase
from dashboard.components.reading import say_level
from dashboard.components.session import Session, get_session, span_days
from dashboard.components.tables import show_table
from dashboard.names import PROVINCE_NAMES, name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE, split_days
from dashboard.queries.change import compare_periods
from dashboard.queries.overlay import WAYS, read_overlay, sum_up_overlay
from dashboard.queries.search import QueryError
from dashboard.queries.timeline import count_timeline
from data_prep.schema import PROVINCES

MEASURES = ("share", "rate", "hits")
CUTS = ("province", "level", "outlet", "city")
MOST_BARS = 40
MOST_COLUMNS = 240


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Phrases over time and place"))
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        phrases = choose_phrases(session)
    names = {"share": t("share"), "rate": t("per 10,000"), "hits": t("raw hits")}
    with right:
        url.choose_one("measure", t("Measure"), MEASURES, names.__getitem__)
    if not phrases:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    labels = {phrase: label_phrase(session, phrase) for phrase in phrases}
    try:
        over_time = count(session, phrases, ("period",))
    except QueryError as fault:
        st.warning(plain(fault))
        return
    measure = url.get_parameter("measure", "share")
    question = session.say_question(session.separator.join(labels.values()))
    show_timeline(session, over_time, phrases, labels, measure, question)
    focus = phrases[0]
    if len(phrases) > 1:
        focus = url.choose_one(
            "focus", t("Compare places for"), phrases, lambda phrase: plain(labels[phrase]), default=phrases[0]
        )
    show_places(session, focus, labels[focus], measure)
    show_tables(session, over_time, phrases, question)


def count(session: Session, phrases: list[str], by: tuple[str, ...]) -> pd.DataFrame:
    """The timeline's table; with rates where they are the measure asked for."""
    rate = url.get_parameter("measure", "share") == "rate"
    return count_timeline(session.corpus, session.filters, phrases, by, rate=rate)


def show_timeline(
    session: Session, table: pd.DataFrame, phrases: list[str], labels: dict[str, str], measure: str, question: str
) -> None:
    t = session.t
    if table.empty:
        st.info(t("No document of the selection lies within one period, so there is no timeline; see the places below."))
        return
    picture = st.container()
    series = choose_overlay(session)
    escaped = {phrase: plain(label, 40) for phrase, label in labels.items()}
    figure = draw_timeline(
        table, phrases, escaped, session.palette, t, measure=measure, source=name_source(session, plain(question)),
        compact=max(map(len, labels.values())) > 14,
    )  # fmt: skip
    if series is not None:
        add_overlay(figure, series[0], plain(series[1], 30), session.palette)
    with picture:
        event = st.plotly_chart(
            figure, key="timeline", on_select="rerun", selection_mode="points", theme=None, config=CHART,
            alt=t("Line chart of the phrases over time; the table below says the same."),
        )  # fmt: skip
        st.caption(explain_count(session, table, measure, over_time=True) + say_span(session, table))
    point = take_click("timeline", event)
    if point and isinstance(point, list):
        url.put_parameter("focus", point[0])
        url.reset_widgets()
        open_cell(period=point[1])
        st.rerun()


def say_span(session: Session, table: pd.DataFrame) -> str:
    """That the picture leaves out stray years, where it does."""
    span = find_main_span(table)
    if span is None:
        return ""
    outside = table[~table["period"].between(*span)].drop_duplicates("period")["n_documents"].sum()
    return " " + session.tn(
        "Drawn from {first} to {last}; {n} document outside is in the table below.",
        "Drawn from {first} to {last}; {n} documents outside are in the table below.", int(outside),
    ).format(first=span[0], last=span[1], n=int(outside))  # fmt: skip


def choose_overlay(session: Session) -> tuple[pd.DataFrame, str] | None:
    """An outside series from the reader's own file: (period, value) and its name. It is kept for this session only."""
    t = session.t
    with st.expander(t("Lay an outside series below it (a CSV of your own)")):
        left, right = st.columns([2, 1])
        with left:
            upload = st.file_uploader(t(
                "Columns date, province, value; or a row a province and a column a day"
            ), type=["csv"], key="overlay")
        ways = {"mean": t("mean"), "sum": t("sum"), "last": t("last value"), "max": t("largest value")}
        with right:
            how = url.choose_one("how", t("Values of a period"), WAYS, ways.__getitem__)
        if upload is None:
            return None
        try:
            rows = sum_up_overlay(read_overlay(upload.getvalue()), session.filters.period, session.filters.provinces, how)
        except ValueError as fault:
            st.warning(plain(fault))
            return None
        if rows.empty:
            st.info(t("The file holds nothing for the provinces at the left."))
            return None
        return rows, upload.name.removesuffix(".csv")


def show_places(session: Session, phrase: str, label: str, measure: str) -> None:
    t = session.t
    table = count(session, [phrase], ("province",))
    left, right = st.columns([1.2, 1], gap="large")
    with left:
        st.header(plain(t("Map: {phrase}").format(phrase=label)))
        clicked = show_tile_map(
            session, "map", value_tiles(session, table, measure), selected=url.get_parameter("cell_province"),
            label=t("Provinces as tiles"),
        )  # fmt: skip
        st.caption(t("Darker: larger. Hatched: fewer than 5. Grey: no document. Click a province to see its documents."))
        if clicked:
            open_cell(clicked)
            st.rerun()
        show_opened(session, phrase, label)
    with right:
        st.header(plain(t("Compared: {phrase}").format(phrase=label)))
        cuts = {"province": t("province"), "level": t("level"), "outlet": t("outlet"), "city": t("city")}
        cut = url.choose_one("by", t("Compare by"), CUTS, cuts.__getitem__, label_visibility="collapsed")
        rows = table if cut == "province" else count(session, [phrase], (cut,))
        show_bars(session, rows, cut, label, measure)
    views = {
        "heat": t("Province by period"), "lines": t("A timeline for each province"), "change": t("Change between two spans"),
    }  # fmt: skip
    view, place = url.open_tabs("more", views)
    with place:
        {"heat": show_heat, "lines": show_geofacet, "change": show_change}[view](session, phrase, label)


def value_tiles(session: Session, table: pd.DataFrame, measure: str) -> dict[str, dict[str, object]]:
    """What each tile of the map says, is coloured by, and tells in full."""
    known = table[table["province"].notna()]
    most = float(known[measure].max()) if len(known) else 0.0
    tiles: dict[str, dict[str, object]] = {}
    for row in known.to_dict("records"):
        value = float(row[measure])
        tiles[row["province"]] = {
            "text": say_value(value, measure), "level": value / most if most else 0.0, "thin": bool(row["thin"]),
            "title": f"{name_province(row['province'], session.language)} · {say_value(value, measure)}"
            f" · {row['n_with']}/{row['n_units']} · {session.t('hits')} {row['hits']}",
        }  # fmt: skip
    return tiles


def say_value(value: float, measure: str) -> str:
    """A share in per cent, a rate with one decimal, hits as they are."""
    if measure == "share":
        return f"{100 * value:.0f}%" if value >= 0.0995 or value == 0 else f"{100 * value:.1f}%"
    return f"{value:.1f}" if measure == "rate" else f"{value:.0f}"


def show_bars(session: Session, table: pd.DataFrame, cut: str, label: str, measure: str) -> None:
    t = session.t
    known = table[table[cut].notna() | (cut == "province")].copy()
    if known.empty:
        st.info(t("Nothing is known of this for any document of the selection."))
        return
    known = known.nlargest(MOST_BARS, "n_units")
    known["key"] = [cell if isinstance(cell, str) else NO_PROVINCE for cell in known[cut]]
    known["label"] = [
        plain(
            name_province(None if key == NO_PROVINCE else key, session.language, t("no province"))
            if cut == "province" else say_level(session, key) if cut == "level" else key, 24,
        )
        for key in known["key"]
    ]  # fmt: skip
    event = st.plotly_chart(
        draw_comparison(
            known, session.palette, t, measure=measure, selected=url.get_parameter("cell_province"),
            source=name_source(session, plain(session.say_question(label)), 60),
        ),
        key=f"bars_{cut}", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("Bar chart of the comparison; the table below says the same."),
    )  # fmt: skip
    st.caption(explain_count(session, table, measure, over_time=False))
    point = take_click(f"bars_{cut}", event)
    if point and cut == "province":
        open_cell(point[0])
        st.rerun()


def show_heat(session: Session, phrase: str, label: str) -> None:
    """Province by period, each cell its share."""
    t = session.t
    table = count(session, [phrase], ("period", "province"))
    span = find_main_span(table)
    if span is not None:
        table = table[table["period"].between(*span)]
    table["province"] = table["province"].where(table["province"].notna(), NO_PROVINCE)
    periods = sorted(table["period"].dropna().unique())
    periods = fill_periods(periods) if len(periods) >= FEWEST_FOR_LINE else periods
    if not periods or len(periods) > MOST_COLUMNS:
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
                "title": f"{name} · {period}: {cells[row, period]['n_with']}/{cells[row, period]['n_units']}",
            }
            for period in periods
        ]
        for row, name in zip(rows, names, strict=True)
    ]  # fmt: skip
    selected = f"{url.get_parameter('cell_province')}|{url.get_parameter('cell_period')}"
    clicked = show_matrix("heat", names, periods, grid, label=t("Share by province and period"), selected=selected)
    st.caption(plain(label) + " · " + t("Per cent of the cell that hold the phrase. Grey: no document. Hatched: fewer than 5."))
    if clicked:
        open_cell(*clicked.split("|"))
        st.rerun()


def show_geofacet(session: Session, phrase: str, label: str) -> None:
    """A timeline for each province, laid out as the map."""
    t = session.t
    table = count(session, [phrase], ("period", "province"))
    if table["period"].nunique() < 3:
        st.info(t("There are too few periods for lines."))
        return
    english = session.language == "en"
    places = {
        name: (place.english if english else name, place.row, place.column)
        for name, place in PROVINCE_NAMES.items() if name in PROVINCES
    }  # fmt: skip
    event = st.plotly_chart(
        draw_geofacet(table, places, session.palette, t, source=name_source(session, plain(session.say_question(label)))),
        key="geofacet", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("A small line chart for each province; the table below says the same."),
    )  # fmt: skip
    st.caption(t("Blue: the province. Grey: all provinces together. Every panel has the same axes."))
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
    st.caption(t(
        "Difference of the two shares, second minus first, with its 95% interval (Newcombe 1998, method 10). "
        "Hollow: the interval holds 0. Square: fewer than 5 in a span."
    ))
    show_table(
        session, known.drop(columns=["province"]), "change", session.say_question(label),
        columns=["label", "with_first", "n_first", "share_first", "with_second", "n_second", "share_second", "difference",
                 "low", "high"],
        config={"label": t("province")},
    )  # fmt: skip


def show_tables(session: Session, over_time: pd.DataFrame, phrases: list[str], question: str) -> None:
    t = session.t
    st.header(t("The numbers"))
    by_period, by_province = st.tabs([t("By period"), t("By province")])
    columns = ["phrase", "period", "n_with", "n_units", "share", "low", "high", "hits", "n_chars", "thin"]
    rate = ["rate", "rate_low", "rate_high"] if "rate" in over_time else []
    with by_period:
        show_table(session, over_time, "timeline", question, columns=[*columns, *rate])
    with by_province:
        table = count(session, phrases, ("province",))
        columns[1] = "province"
        show_table(session, table, "provinces", question, columns=[*columns, *rate])


show_page(get_session())
