"""Phrases: how often set phrases stand where and when, each number with its interval, its n and its documents."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.comparison import draw_comparison
from dashboard.charts.overlay import add_overlays
from dashboard.charts.timeline import draw_timeline
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import Account, account_for_count, name_source, name_unit, say_marks, say_span, show_account
from dashboard.components.faults import say_fault
from dashboard.components.maps import show_tile_map
from dashboard.components.opened import open_cell, show_opened
from dashboard.components.phrases import choose_phrases, label_phrase
from dashboard.components.province_views import show_change, show_geofacet, show_heat
from dashboard.components.reading import say_level
from dashboard.components.session import Session, get_session
from dashboard.components.speakers import say_speaker
from dashboard.components.tables import show_table, take_row
from dashboard.components.theme import hold_broad
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.cells import NO_PROVINCE
from dashboard.queries.overlay import WAYS, read_overlay, sum_up_overlay
from dashboard.queries.search import QueryError
from dashboard.queries.timeline import count_timeline, count_voices

MEASURES = ("share", "rate", "hits")
CUTS = ("province", "level", "outlet", "city", "voice")
MOST_BARS = 40
#: A timeline of so many points is read on the width of a phone; one of more keeps its own width there.
MOST_ON_A_PHONE = 15
#: More outside series below one another than these are no picture.
MOST_OVERLAYS = 3


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("Phrases over time and place"))
    phrases = choose_phrases(session)
    names = {"share": t("share"), "rate": t("per 10,000"), "hits": t("raw hits")}
    url.choose_one("measure", t("Measure"), MEASURES, names.__getitem__, label_visibility="collapsed")
    if not phrases:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    labels = {phrase: label_phrase(session, phrase) for phrase in phrases}
    try:
        over_time = count(session, phrases, ("period",))
    except QueryError as fault:
        st.warning(say_fault(session.t, fault))
        return
    if not over_time.attrs["n_selected"]:
        st.info(t("No document passes the filters at the left. Widen them to see something."))
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
    series = choose_overlays(session)
    escaped = {phrase: plain(label, 40) for phrase, label in labels.items()}
    figure = draw_timeline(
        table, phrases, escaped, session.palette, t, measure=measure, source=name_source(session, plain(question)),
        compact=max(map(len, labels.values())) > 14,
    )  # fmt: skip
    values = add_overlays(figure, [(rows, plain(name, 60)) for rows, name in series], session.palette)
    with picture:
        frame = hold_broad("timeline") if table["period"].nunique() * len(phrases) > MOST_ON_A_PHONE else st.container()
        event = frame.plotly_chart(
            figure, key="timeline", on_select="rerun", selection_mode="points", theme=None, config=CHART,
            alt=t("Line chart of the phrases over time; the table below says the same."),
        )  # fmt: skip
        account = account_for_count(session, table, measure, over_time=True)
        show_account(session, account, say_marks(session, measure) + say_span(session, table))
        for (_, name), n in zip(series, values, strict=True):
            if not n:
                st.info(plain(t("No value of {file} lies within the time that is drawn.").format(file=name)))
    point = take_click("timeline", event)
    if point and isinstance(point, list):
        url.put_parameter("focus", point[0])
        url.reset_widgets()
        open_cell(period=point[1])
        st.rerun()


def choose_overlays(session: Session) -> list[tuple[pd.DataFrame, str]]:
    """Outside series from the reader's own files: (period, value) and a name each. They are kept for this session only."""
    t = session.t
    found: list[tuple[pd.DataFrame, str]] = []
    ways = {"mean": t("mean"), "sum": t("sum"), "last": t("last value"), "max": t("largest value")}
    with st.expander(t("Lay outside series below it (CSV files of your own)")):
        uploads = st.file_uploader(t(
            "Columns date, province, value; or a row a province and a column a day"
        ), type=["csv"], key="overlay", accept_multiple_files=True)
        st.caption(t(
            "Each file gets a panel and an axis of its own. Of several provinces the values are averaged; for sum and "
            "last value they are added up. A running total (confirmed cases) is read with: last value."
        ))  # fmt: skip
        for number, upload in enumerate(uploads[:MOST_OVERLAYS]):
            name = upload.name.removesuffix(".csv")
            label = t("Values of a period: {file}").format(file=plain(name, 40))
            how = url.choose_one(f"how_{number + 1}", label, WAYS, ways.__getitem__)
            try:
                rows = sum_up_overlay(read_overlay(upload.getvalue()), session.filters.period, session.filters.provinces, how)
            except ValueError as fault:
                st.warning(f"{plain(upload.name)}: {say_fault(t, fault)}")
                continue
            if rows.empty:
                st.info(plain(t("{file} holds nothing for the provinces at the left.").format(file=upload.name)))
                continue
            found.append((rows, f"{name} ({ways[how]})"))
        if len(uploads) > MOST_OVERLAYS:
            st.info(t("Only the first {n} files are drawn.").format(n=MOST_OVERLAYS))
    return found


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
        show_account(
            session, account_for_count(session, table, measure, over_time=False),
            t("The stronger the colour, the larger. Hatched: fewer than 5. Grey: no document. Click a province to see its documents."),
        )  # fmt: skip
        if clicked:
            open_cell(clicked)
            st.rerun()
        show_opened(session, phrase, label)
    with right:
        st.header(plain(t("Compared: {phrase}").format(phrase=label)))
        cuts = {
            "province": t("province"), "level": t("level"), "outlet": t("outlet"), "city": t("city"), "voice": t("voice"),
        }  # fmt: skip
        cut = url.choose_one("by", t("Compare by"), CUTS, cuts.__getitem__, label_visibility="collapsed")
        if cut == "voice":
            rows = count_by_voice(session, [phrase])
        else:
            rows = table if cut == "province" else count(session, [phrase], (cut,))
        show_bars(session, rows, cut, phrase, label, measure)
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


def count_by_voice(session: Session, phrases: list[str]) -> pd.DataFrame:
    """The same by who voices it: leaders, meetings, the paper itself."""
    rate = url.get_parameter("measure", "share") == "rate"
    return count_voices(session.corpus, session.filters, phrases, rate=rate)


def show_bars(session: Session, table: pd.DataFrame, cut: str, phrase: str, label: str, measure: str) -> None:
    t = session.t
    known = table[table[cut].notna() | (cut == "province")].copy()
    if known.empty:
        st.info(t("Nothing is known of this for any document of the selection."))
        return
    known = known.nlargest(MOST_BARS, "n_units")
    known["key"] = [cell if isinstance(cell, str) else NO_PROVINCE for cell in known[cut]]
    known["label"] = [plain(name_part(session, cut, key), 24) for key in known["key"]]
    event = st.plotly_chart(
        draw_comparison(
            known, session.palette, t, measure=measure, selected=url.get_parameter("cell_province"),
            source=name_source(session, plain(session.say_question(label))),
        ),
        key=f"bars_{cut}", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("Bar chart of the comparison; the table below says the same."),
    )  # fmt: skip
    account = account_for_count(session, table, measure, over_time=False)
    if cut == "voice":
        account = account_for_voices(session, account)
    show_account(session, account, say_marks(session, measure))
    point = take_click(f"bars_{cut}", event)
    if point:
        open_part(cut, str(point[0]), phrase)


def name_part(session: Session, cut: str, key: str) -> str:
    """A bar in words: province, level or voice by their codes, outlets and cities as they are."""
    if cut == "province":
        return name_province(None if key == NO_PROVINCE else key, session.language, session.t("no province"))
    return say_level(session, key) if cut == "level" else say_speaker(key, session.t) if cut == "voice" else key


def account_for_voices(session: Session, account: Account) -> Account:
    """As for other cells, but each voice is measured by where it is heard."""
    t = session.t
    denominator = t("All {unit} in which that voice is heard at all; for rates, the characters it voices.").format(
        unit=name_unit(session)
    )
    return Account(account.formula, denominator, (t("A headline belongs to nobody and is in none of them."),))


def open_part(cut: str, key: str, phrase: str) -> None:
    """Open what a bar counts: a province here, anything else as lines of the concordance under that filter."""
    if cut == "province":
        open_cell(key)
        st.rerun()
    if cut in ("level", "outlet", "voice"):
        filters = {{"voice": "speaker"}.get(cut, cut): url.write_value(key)}
        st.switch_page("app_pages/concordance.py", query_params=url.build_params(q=url.write_value(phrase), **filters))


def show_tables(session: Session, over_time: pd.DataFrame, phrases: list[str], question: str) -> None:
    """The tables behind the pictures; a row opens the lines it counts."""
    t = session.t
    st.header(t("The numbers"))
    tabs = {"period": t("By period"), "province": t("By province"), "voice": t("By voice")}
    opened, place = url.open_tabs("numbers", tabs)
    columns = ["phrase", opened, "n_with", "n_units", "share", "low", "high", "hits", "n_chars", "thin"]
    with place:
        if opened == "period":
            table = over_time
        else:
            table = count_by_voice(session, phrases) if opened == "voice" else count(session, phrases, ("province",))
        shown = table if opened == "period" else table.assign(**{opened: [
            name_part(session, opened, NO_PROVINCE if cell is None else cell) for cell in table[opened]
        ]})  # fmt: skip
        rate = ["rate", "rate_low", "rate_high"] if "rate" in table else []
        chosen = show_table(
            session, shown, f"phrases_by_{opened}", question, columns=[*columns, *rate], key=f"numbers_{opened}", select=True,
            config={"voice": t("voice")},
        )  # fmt: skip
    row = take_row(f"numbers_{opened}", chosen)
    if row is None:
        return
    cell, phrase = table[opened].iloc[row], str(table["phrase"].iloc[row])
    if opened == "voice":
        open_part("voice", str(cell), phrase)
    url.put_parameter("focus", phrase)
    url.reset_widgets()
    open_cell(**{opened: NO_PROVINCE if cell is None else str(cell)})
    st.rerun()


show_page(get_session())
