"""Phrases: how often set phrases stand where and when, each number with its interval, its n and its documents."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.comparison import draw_comparison
from dashboard.charts.timeline import FEWEST_FOR_LINE, draw_timeline, fill_periods
from dashboard.components import url
from dashboard.components.explain import explain_count, name_source
from dashboard.components.maps import show_matrix, show_tile_map
from dashboard.components.opened import open_cell, show_opened
from dashboard.components.reading import say_level
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE, count_units, suggest_phrases
from dashboard.queries.search import QueryError
from dashboard.queries.timeline import count_timeline
from data_prep.schema import PROVINCES

MOST_PHRASES = 7
MEASURES = ("share", "rate", "hits")
CUTS = ("province", "level", "outlet", "city")
MOST_BARS = 40
FAMILY = "family:"


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Phrases over time and place"))
    phrases = choose_phrases(session)
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
    show_opened(session, focus, labels[focus])
    show_tables(session, over_time, phrases, question)


def choose_phrases(session: Session) -> list[str]:
    t = session.t
    lexicon = session.corpus.phrases
    heads = lexicon.loc[lexicon["family"].duplicated(keep=False) & (lexicon["family"] == lexicon["phrase_id"]), "phrase"]
    options = [*lexicon["phrase"].drop_duplicates(), *(FAMILY + head for head in heads)]
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    with left:
        phrases = url.choose_many(
            "q", t("Phrases (choose, or type any words)"), options, lambda code: label_phrase(session, code, gloss=True),
            default=suggest_phrases(session.corpus, session.filters), max_selections=MOST_PHRASES,
            accept_new_options=True, placeholder=t("for instance 动态清零"),
            help=t("Free text is counted on characters. 疫情*防控 allows a gap, 疫情 NEAR/5 防控 nearness, 清零 OR 封控 either, re: a regular expression."),
        )  # fmt: skip
    names = {"share": t("share"), "rate": t("per 10,000"), "hits": t("raw hits")}
    with right:
        url.choose_one("measure", t("Measure"), MEASURES, names.__getitem__)
    return phrases


def label_phrase(session: Session, code: str, *, gloss: bool = False) -> str:
    """A phrase as it is shown: with its English gloss in the English list, families marked as such."""
    head = code.removeprefix(FAMILY)
    name = session.t("{phrase} (family)").format(phrase=head) if code.startswith(FAMILY) else code
    if gloss and session.language == "en" and head == code:
        lexicon = session.corpus.phrases
        found = lexicon.loc[lexicon["phrase"] == code, "gloss_en"]
        if len(found) and found.iloc[0]:
            return f"{name} · {found.iloc[0]}"
    return name


def count(session: Session, phrases: list[str], by: tuple[str, ...]) -> pd.DataFrame:
    """The timeline's table with the denominators beside it."""
    measure = url.get_parameter("measure", "share")
    table = count_timeline(session.corpus, session.filters, phrases, by, rate=measure == "rate")
    attrs = dict(table.attrs)
    table = table.merge(count_units(session.corpus, session.filters, by), on=list(by), how="left")
    table.attrs.update(attrs)
    return table


def show_timeline(
    session: Session, table: pd.DataFrame, phrases: list[str], labels: dict[str, str], measure: str, question: str
) -> None:
    t = session.t
    if table.empty:
        st.info(t("No document of the selection lies within one period, so there is no timeline; see the places below."))
        return
    escaped = {phrase: plain(label, 40) for phrase, label in labels.items()}
    figure = draw_timeline(
        table, phrases, escaped, session.palette, t, measure=measure, source=name_source(session, plain(question)),
        compact=max(map(len, labels.values())) > 14,
    )  # fmt: skip
    event = st.plotly_chart(
        figure, key="timeline", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("Line chart of the phrases over time; the table below says the same."),
    )  # fmt: skip
    st.caption(explain_count(session, table, measure, over_time=True))
    point = take_click("timeline", event)
    if point:
        url.put_parameter("focus", point[0])
        url.reset_widgets()
        open_cell(period=point[1])
        st.rerun()


CHART = {"displaylogo": False, "displayModeBar": "hover", "scrollZoom": False, "modeBarButtonsToRemove": [
    "select2d", "lasso2d", "zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d",
], "toImageButtonOptions": {"filename": "tifa_atlas", "scale": 2}}  # fmt: skip


def take_click(key: str, event: object) -> list | None:
    """What the point clicked holds (its customdata), once: a selection stays until the next one."""
    points = event.selection.points  # type: ignore[attr-defined]
    chosen = points[0].get("customdata") if points else None
    if chosen is None or st.session_state.get(f"taken_{key}") == chosen:
        st.session_state[f"taken_{key}"] = chosen
        return None
    st.session_state[f"taken_{key}"] = chosen
    return chosen


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
    with right:
        st.header(plain(t("Compared: {phrase}").format(phrase=label)))
        cuts = {"province": t("province"), "level": t("level"), "outlet": t("outlet"), "city": t("city")}
        cut = url.choose_one("by", t("Compare by"), CUTS, cuts.__getitem__, label_visibility="collapsed")
        rows = table if cut == "province" else count(session, [phrase], (cut,))
        show_bars(session, rows, cut, label, measure)
    show_heat(session, phrase, label)


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
            f" · {row['n_with']}/{row['units']} · {session.t('hits')} {row['hits']}",
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
    known = known.nlargest(MOST_BARS, "units")
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
    table["province"] = table["province"].where(table["province"].notna(), NO_PROVINCE)
    periods = sorted(table["period"].dropna().unique())
    periods = fill_periods(periods) if len(periods) >= FEWEST_FOR_LINE else periods
    if len(periods) < 2 or len(periods) > 240 or table["province"].nunique() < 2:
        return
    with st.expander(plain(t("Province by period: {phrase}").format(phrase=label)), expanded=len(periods) <= 36):
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
                    "title": f"{name} · {period}: {cells[row, period]['n_with']}/{cells[row, period]['units']}",
                }
                for period in periods
            ]
            for row, name in zip(rows, names, strict=True)
        ]  # fmt: skip
        selected = f"{url.get_parameter('cell_province')}|{url.get_parameter('cell_period')}"
        clicked = show_matrix("heat", names, periods, grid, label=t("Share by province and period"), selected=selected)
        st.caption(t("Per cent of the cell that hold the phrase. Grey: no document. Hatched: fewer than 5."))
        if clicked:
            open_cell(*clicked.split("|"))
            st.rerun()


def show_tables(session: Session, over_time: pd.DataFrame, phrases: list[str], question: str) -> None:
    t = session.t
    st.header(t("The numbers"))
    by_period, by_province = st.tabs([t("By period"), t("By province")])
    columns = ["phrase", "period", "n_with", "units", "share", "low", "high", "hits", "n_chars", "thin"]
    rate = ["rate", "rate_low", "rate_high"] if "rate" in over_time else []
    with by_period:
        show_table(session, over_time, "timeline", question, columns=[*columns, *rate])
    with by_province:
        table = count(session, phrases, ("province",))
        columns[1] = "province"
        show_table(session, table, "provinces", question, columns=[*columns, *rate])


show_page(get_session())
