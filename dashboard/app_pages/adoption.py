"""How a phrase travels: who took it up when, how long after the centre; and in whose mouth it is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.adoption import draw_adoption
from dashboard.charts.comparison import draw_comparison
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import Account, name_source, name_unit, show_account
from dashboard.components.faults import say_fault
from dashboard.components.opened import open_cell, show_lines
from dashboard.components.query import choose_query
from dashboard.components.session import Session, get_session
from dashboard.components.speakers import say_speaker
from dashboard.components.tables import offer_csv, show_table, take_row
from dashboard.filters import OFFICE
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.adoption import CENTRE, OWN, TAKEN_OVER, list_uses, trace_adoption
from dashboard.queries.search import QueryError
from dashboard.queries.speakers import rank_speakers
from dashboard.queries.timeline import THIN, count_voices

#: More bars are no picture; the table has them all.
MOST_BARS = 15


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("How a phrase travels"))
    query = choose_query(session)
    if not query:
        st.info(t("Choose a phrase of the lexicon, or type any words and press Enter."))
        return
    try:
        st.header(t("Who took it up when"))
        show_adoption(session, query)
        st.header(t("In whose mouth"))
        show_voices(session, query)
    except QueryError as fault:
        st.warning(say_fault(t, fault))


# --- Who took it up when -------------------------------------------------------------------


def show_adoption(session: Session, query: str) -> None:
    t = session.t
    table = trace_adoption(session.corpus, session.filters, [query])
    left_out = say_left_out(session, table)
    if table.empty:
        st.info(" ".join([t("No document that is dated to a day and placed holds it."), *left_out]))
        return
    table["key"] = table["province"]
    table["is_centre"] = table["province"] == CENTRE
    table["label"] = [name_place(session, place) for place in table["province"]]
    st.markdown(say_finding(session, table))
    event = st.plotly_chart(
        draw_adoption(table, session.palette, t, source=name_source(session, plain(session.say_question(query)))),
        key="adoption", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("A row a place, from the first day to the last; the table below says the same."),
    )  # fmt: skip
    show_account(
        session,
        Account(
            " ".join((
                t("Lag = first day of own use − the centre’s first day (or the first province’s, where the centre has none)."),
                t(
                    "A reprint is no adoption: a square marks the first day on which a place prints only the centre’s words (the "
                    "centre’s text in a paper of the province, a copy of its release, or a passage of {n} characters and more "
                    "shared with it)."
                ).format(n=TAKEN_OVER),
                t("First means first in this corpus: what was not collected cannot be seen."),
            )),
            t("Largest share: {unit} in own use ÷ all {unit} of the place in that period.").format(unit=name_unit(session)),
            tuple(left_out),
        ),
        t(
            "Point: first day of own use. Diamond: the period with the largest share. Square: first reprint. In brackets: days "
            "after the centre, or after the first province where the centre has none. At the right: n in own use + reprints."
        ),
    )  # fmt: skip
    point = take_click("adoption", event)
    by_centre = bool((table["is_centre"] & (table["n_with"] > 0)).any())
    chosen = show_table(
        session, table.drop(columns=["key", "is_centre"]), "adoption", session.say_question(query), key="adoption_table",
        select=True, columns=["label", "first_day", "lag_days", "peak", "last_day", "n_with", "hits", "first_reprint", "n_reprints"],
        config={
            "label": t("place of use"), "peak": t("largest share"),
            "lag_days": t("days after the centre") if by_centre else t("days after the first"),
            "n_reprints": t("reprints"),
            "first_day": st.column_config.DateColumn(t("first seen"), format="YYYY-MM-DD"),
            "last_day": st.column_config.DateColumn(t("last seen"), format="YYYY-MM-DD"),
            "first_reprint": st.column_config.DateColumn(t("first reprint"), format="YYYY-MM-DD"),
        },
    )  # fmt: skip
    if point:
        open_cell(point[0])
    row = take_row("adoption", chosen)
    if row is not None:
        open_cell(str(table["province"].iloc[row]))
    show_uses(session, query)


def say_finding(session: Session, table: pd.DataFrame) -> str:
    """In a sentence or two: who was first, how many followed, who only reprints."""
    t, tn = session.t, session.tn
    used = table[table["n_with"] > 0]
    if used.empty:
        return t("No place uses it in its own words: there are only reprints of the centre’s texts.")
    first = used.iloc[0]
    parts = [t("First seen: {place}, {day}.").format(place=plain(first["label"]), day=f"{first['first_day']:%Y-%m-%d}")]
    centre = used[used["is_centre"]]
    others = used[~used["is_centre"]]
    if len(used) == 1:
        parts.append(t("No other place uses it in its own words, so there is nothing to compare yet."))
    elif len(centre):
        before = int((others["lag_days"] < 0).sum())
        later = others.loc[others["lag_days"] > 0, "lag_days"]
        if before:
            parts.append(tn("{n} province was before the centre.", "{n} provinces were before the centre.", before).format(n=before))
        if len(later):
            parts.append(tn(
                "{n} province followed the centre, {days} days later (median).",
                "{n} provinces followed the centre, {days} days later (median).", len(later),
            ).format(n=len(later), days=f"{later.astype(float).median():g}"))  # fmt: skip
    else:
        parts.append(t("The centre does not use it here: lags are counted from the first province."))
    if len(used) > 1 and (used["n_with"] < THIN).all():
        parts.append(t("Every place has fewer than 5: one more document may change the order."))
    only = int((table["n_with"] == 0).sum())
    if only:
        parts.append(tn("{n} place only reprints it.", "{n} places only reprint it.", only).format(n=only))
    return " ".join(parts)


def say_left_out(session: Session, table: pd.DataFrame) -> list[str]:
    tn = session.tn
    undated, unplaced = table.attrs.get("n_undated", 0), table.attrs.get("n_unplaced", 0)
    parts = []
    if undated:
        parts.append(tn(
            "{n} document that holds it is dated to no single day and left out.",
            "{n} documents that hold it are dated to no single day and left out.", undated,
        ).format(n=undated))  # fmt: skip
    if unplaced:
        parts.append(tn(
            "{n} document that holds it has no known place and is left out.",
            "{n} documents that hold it have no known place and are left out.", unplaced,
        ).format(n=unplaced))  # fmt: skip
    return parts


def show_uses(session: Session, query: str) -> None:
    """The documents of the place that is open, the earliest first."""
    t, tn = session.t, session.tn
    place = url.get_parameter("cell_province")
    if not place:
        return
    lines = list_uses(session.corpus, session.filters, query, place)
    if lines.empty:
        return
    with st.container(border=True):
        left, right = st.columns([6, 1], vertical_alignment="center")
        left.subheader(plain(f"{name_place(session, place)} · {query}"))
        if right.button(t("Close"), key="close_opened"):
            open_cell()
            st.rerun()
        own = int((lines["use"] == OWN).sum())
        counts = (
            tn("{n} line in own use", "{n} lines in own use", own).format(n=own),
            tn("{n} line reprinted", "{n} lines reprinted", len(lines) - own).format(n=len(lines) - own),
        )
        st.caption(session.separator.join(counts))
        show_lines(session, lines, "opened", earliest=True)
        offer_csv(session, lines.drop(columns="d"), "uses", session.say_question(query, name_place(session, place)))


def name_place(session: Session, place: str) -> str:
    return session.t("centre") if place == CENTRE else name_province(place, session.language)


# --- In whose mouth ------------------------------------------------------------------------


def show_voices(session: Session, query: str) -> None:
    t = session.t
    kinds = {"voice": t("Kind of voice"), "speaker": t("Speakers"), "office": t("Offices")}
    by = url.choose_one("by", t("Compare"), tuple(kinds), kinds.__getitem__, label_visibility="collapsed")
    if by == "voice":
        table = count_voices(session.corpus, session.filters, [query])
        table["key"], table["label"] = table["voice"], [say_speaker(voice, t) for voice in table["voice"]]
        columns = ["label", "n_with", "n_units", "share", "low", "high", "hits", "thin"]
    else:
        table = rank_speakers(session.corpus, session.filters, query, by)
        table["key"] = table["label"] = table[by]
        columns = ["label", *(["office"] if by == "speaker" else []), "n_with", "n_units", "share", "low", "high", "hits", "thin"]
    if table.empty or not int(table["n_with"].sum()):
        st.info({
            "voice": t("Neither a leader nor a meeting nor the paper itself says it in this selection."),
            "speaker": t("No leader says it in this selection."), "office": t("No leader with an office says it in this selection."),
        }[by])  # fmt: skip
        return
    shown = table.head(MOST_BARS)
    shown = shown.assign(label=[plain(label, 24) for label in shown["label"]])
    event = st.plotly_chart(
        draw_comparison(shown, session.palette, t, source=name_source(session, plain(session.say_question(query)))),
        key=f"voices_{by}", on_select="rerun", selection_mode="points", theme=None, config=CHART,
        alt=t("Bar chart of the comparison; the table below says the same."),
    )  # fmt: skip
    unit = name_unit(session)
    more = len(table) - len(shown)
    legend = t("Hatched: fewer than 5. Click a bar or choose a row to read the lines.")
    if more > 0:
        legend += " " + session.tn("{n} more is in the table.", "{n} more are in the table.", more).format(n=more)
    show_account(
        session,
        Account(
            t("Share = {unit} in which that voice says it ÷ {unit} in which it is heard; whiskers are 95% Wilson intervals.").format(
                unit=unit
            ),
            t("All {unit} in which that voice is heard at all; for rates, the characters it voices.").format(unit=unit),
            (t("A headline belongs to nobody and is in none of them."),),
        ),
        legend,
    )  # fmt: skip
    chosen = show_table(
        session, table.drop(columns=["key"]), f"voices_{by}", session.say_question(query), columns=columns, height=420,
        key=f"voices_table_{by}", select=True,
        config={"label": kinds[by], "office": t("office printed most often")},
    )  # fmt: skip
    point, row = take_click(f"voices_{by}", event), take_row(f"voices_{by}", chosen)
    if point or row is not None:
        key = str(point[0] if point else table["key"].iloc[row])
        speaker = f"{OFFICE}{key}" if by == "office" else key
        st.switch_page(
            "app_pages/concordance.py", query_params=url.build_params(q=url.write_value(query), speaker=url.write_value(speaker))
        )


show_page(get_session())
