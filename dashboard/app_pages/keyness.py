"""Keyness: what one selection says more often than another, how much more, and how sure that is."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.charts.keyness import draw_keyness
from dashboard.components import url
from dashboard.components.clicks import CHART, take_click
from dashboard.components.explain import Account, name_source, name_unit, show_account
from dashboard.components.faults import say_fault
from dashboard.components.opened import link_lines
from dashboard.components.selection import choose_reference, count_shared, name_selection, offer_pairs
from dashboard.components.session import Session, get_session
from dashboard.components.tables import show_table, take_row
from dashboard.components.theme import hold_broad
from dashboard.filters import Filters
from dashboard.plain import plain
from dashboard.queries.keyness import ALPHA, ITEMS, compare_selections

SORTS = ("log_likelihood", "conservative_log_ratio", "log_ratio")
DIRECTIONS = ("both", "target", "reference")


def show_page(session: Session) -> None:
    t = session.t
    st.title(t("What one selection says more often"))
    st.caption(t(
        "Target: the documents chosen at the left. Narrow them there (a province, some months, a level), and "
        "choose here what they are compared with."
    ))
    offer_pairs(session)
    reference = choose_reference(session)
    items, length, sort, direction = choose_settings(session)
    if reference is None and session.filters.select(session.corpus).all():
        st.info(t(
            "The target is the whole corpus, so nothing is left to compare it with: choose a province, days or a "
            "level at the left."
        ))
        return
    try:
        table = compare_selections(
            session.corpus, session.filters, reference, items=items, length=length, sort=sort, direction=direction, limit=400
        )
    except ValueError as fault:
        st.warning(say_fault(t, fault))
        return
    sizes = table.attrs
    question = f"{session.filters.sentence(session.language)} ↔ {name_selection(session, reference)}"
    if table.empty:
        st.info(t("Nothing is frequent enough in both together, or one of the two is empty."))
        return
    units = {"terms": t("terms"), "phrases": t("characters"), "ngrams": t("runs of {n} characters").format(n=length)}[items]
    left_out = [t("Items too rare in both together to tell anything are not listed.")]
    shared = count_shared(session, reference)
    if shared:
        left_out.append(session.tn(
            "{n} document is in both selections: differences are understated.",
            "{n} documents are in both selections: differences are understated.", shared,
        ).format(n=f"{shared:,}"))  # fmt: skip
    sampled = sizes.get("sampled") or {}
    for side, words in (
        ("target", t("Of the target’s {of} documents {read} drawn at random were read.")),
        ("reference", t("Of the reference’s {of} documents {read} drawn at random were read.")),
    ):
        read, of = sampled.get(side, (0, 0))
        if read < of:
            left_out.append(words.format(of=f"{of:,}", read=f"{read:,}"))
    account = Account(
        t(
            "G²: log-likelihood (Dunning 1993). Log ratio: binary logarithm of the ratio of relative frequencies "
            "(Hardie 2014). Conservative log ratio: the bound nearest to 0 of its interval at α = {alpha}, "
            "corrected for {compared} items compared; 0 if the interval holds 0. p (Holm): corrected for as many."
        ).format(alpha=ALPHA, compared=f"{sizes.get('n_compared', 0):,}"),
        t("Target {target} {units}, reference {reference} {units}; of a release in several copies one counts ({unit}).").format(
            target=f"{sizes.get('size_target', 0):,}", reference=f"{sizes.get('size_reference', 0):,}", units=units,
            unit=name_unit(session),
        ),
        tuple(left_out),
    )  # fmt: skip
    show_result(session, table, items, question, account, reference)


def choose_settings(session: Session) -> tuple[str, int, str, str]:
    t = session.t
    left, middle, right, last = st.columns([1.5, 0.7, 1.3, 1.3], vertical_alignment="bottom")
    kinds = {"terms": t("terms"), "phrases": t("phrases"), "ngrams": t("n-grams")}
    with left:
        items = url.choose_one("items", t("Compare"), ITEMS, kinds.__getitem__)
    with middle:
        length = url.choose_number("length", t("Characters of an n-gram"), 4, 2, 12, disabled=items != "ngrams")
    sorts = {
        "log_likelihood": t("log-likelihood"), "conservative_log_ratio": t("conservative log ratio"),
        "log_ratio": t("log ratio"),
    }  # fmt: skip
    with right:
        sort = url.choose_one("sort", t("Sort by"), SORTS, sorts.__getitem__, style="box")
    directions = {"both": t("both"), "target": t("more in the target"), "reference": t("more in the reference")}
    with last:
        direction = url.choose_one("direction", t("Show"), DIRECTIONS, directions.__getitem__, style="box")
    return items, length, sort, direction


def show_result(
    session: Session, table: pd.DataFrame, items: str, question: str, account: Account, reference: Filters | None
) -> None:
    """The scatter and the table; what is chosen in either opens to its lines on both sides."""
    t = session.t
    drawn = table.assign(label=[plain(item, 16) for item in table["item"]])
    event = hold_broad("keyness").plotly_chart(
        draw_keyness(drawn, session.palette, t, source=name_source(session, plain(question))), key="keyness", theme=None,
        on_select="rerun", selection_mode="points", config=CHART,
        alt=t("Scatter of the differences; the table below says the same."),
    )  # fmt: skip
    show_account(session, account, t("Grey: may be chance. Click a point or choose a row to read its lines."))
    point = take_click("keyness", event)
    place = st.container()
    columns = ["item", "n_target", "n_reference", "per_million_target", "per_million_reference", "log_likelihood",
               "log_ratio", "conservative_log_ratio", "log_ratio_low", "log_ratio_high", "docs_target", "docs_reference",
               "p_holm"]  # fmt: skip
    chosen = show_table(session, table, "keyness", question, columns=columns, key="keyness_table", select=True, height=460)
    row = take_row("keyness", chosen)
    if point or row is not None:
        url.put_parameter("item", point[0] if point else str(table["item"].iloc[row]))
    known = table[table["item"] == url.get_parameter("item")]
    if len(known):
        with place.container(border=True):
            show_item(session, known.iloc[0], items, reference)


def show_item(session: Session, row: pd.Series, items: str, reference: Filters | None) -> None:
    """One item: its numbers, and the way to its lines in either selection."""
    t = session.t
    query = row["item"] if items == "phrases" else f'"{row["item"]}"'
    st.header(plain(row["item"]))
    if items == "terms":
        st.caption(t("Counted here on words; the lines are found on characters and can be more."))
    words = t("Target: {n} in {documents} documents")
    link_lines(session, words.format(n=f"{row['n_target']:,}", documents=f"{row['docs_target']:,}"), query)
    words = t("Reference: {n} in {documents} documents")
    words = words.format(n=f"{row['n_reference']:,}", documents=f"{row['docs_reference']:,}")
    if reference is None:
        st.caption(words)
    else:
        cleared = dict.fromkeys(("province", "level", "outlet", "speaker", "from", "to"), "")
        link_lines(session, words, query, **(cleared | reference.to_params()))


show_page(get_session())
