"""How a number was counted: what stands beside every chart and table that counts.

Formula, denominator, filters, and what was left out: the four things a reader must know before a number is cited.
What was left out is always in sight; the rest opens with a click, so that a projected page stays a page.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.charts.timeline import find_main_span
from dashboard.components.session import Session
from dashboard.plain import plain


@dataclass(frozen=True)
class Account:
    """Sentences in the reader's language, without marks of their own (`plain` is for whoever puts text of the corpus in)."""

    formula: str
    denominator: str = ""
    left_out: tuple[str, ...] = ()


def show_account(session: Session, account: Account, legend: str = "") -> None:
    """The legend and what was left out as a caption; below it all four, folded."""
    t = session.t
    words = " ".join(part for part in (legend, *account.left_out) if part)
    if words:
        st.caption(words)
    rows = (
        (t("Formula"), account.formula),
        (t("Denominator"), account.denominator or t("none: these are plain counts")),
        (t("Filters"), plain(session.filters.sentence(session.language))),
        (t("Left out"), " ".join(account.left_out) or t("nothing that passes the filters")),
    )
    with st.expander(t("How this was counted"), type="compact"):
        st.markdown("\n\n".join(f"**{name}**　{sentences}" for name, sentences in rows))


def name_unit(session: Session) -> str:
    """What is counted: releases, copies or outlets, in words."""
    t = session.t
    return {"releases": t("releases"), "copies": t("copies"), "outlets": t("outlets")}[session.filters.unit]


def account_for_count(session: Session, table: pd.DataFrame, measure: str, *, over_time: bool) -> Account:
    """For a table of `count_timeline`."""
    t, unit = session.t, name_unit(session)
    if measure == "share":
        formula = t("Share = {unit} that hold the phrase ÷ all {unit} of the cell, with its 95% interval (Wilson 1927).")
        denominator = t("All {unit} of the cell under the same filters, whether they hold the phrase or not.")
    elif measure == "rate":
        formula = t(
            "Rate = hits ÷ characters of the cell × 10,000; whiskers are 95% intervals of a bootstrap over "
            "documents (bootstrap-t; the gamma interval of rare events where fewer than 20 of them hold it; the expansion "
            "of the bootstrap-t where more than 200 do)."
        )
        denominator = t("All characters of the cell under the same filters, white space aside.")
    else:
        formula = t("Raw number of hits: it grows with the size of the cell, so compare shares instead.")
        denominator = ""
    left_out = say_undated(session, table) if over_time else say_unplaced(session, table)
    return Account(formula.format(unit=unit), denominator.format(unit=unit), left_out)


def say_marks(session: Session, measure: str) -> str:
    """What bands, whiskers and hollow points mean."""
    t = session.t
    known = {
        "share": t("Bands and whiskers: 95% Wilson intervals."), "rate": t("Whiskers: 95% bootstrap intervals."),
        "hits": t("Raw number of hits: it grows with the size of the cell, so compare shares instead."),
    }  # fmt: skip
    thin = t("Cells of fewer than 5 {unit} are hollow or hatched.").format(unit=name_unit(session))
    return " ".join(part for part in (known.get(measure, ""), thin) if part)


def say_span(session: Session, table: pd.DataFrame) -> str:
    """That the picture leaves out stray years, where it does."""
    span = find_main_span(table)
    if span is None:
        return ""
    beyond = table[~table["period"].between(*span)]
    outside = beyond.drop_duplicates(["period", *(["province"] if "province" in table else [])])["n_documents"].sum()
    return " " + session.tn(
        "Drawn from {first} to {last}; {n} document outside is in the table below.",
        "Drawn from {first} to {last}; {n} documents outside are in the table below.", int(outside),
    ).format(first=span[0], last=span[1], n=int(outside))  # fmt: skip


def say_undated(session: Session, table: pd.DataFrame) -> tuple[str, ...]:
    """How many documents no period holds."""
    n = table.attrs.get("n_undated", 0)
    return (session.tn(
        "{n} document is left out because its day does not lie within one period.",
        "{n} documents are left out because their day does not lie within one period.", n,
    ).format(n=f"{n:,}"),) if n else ()  # fmt: skip


def say_unplaced(session: Session, table: pd.DataFrame) -> tuple[str, ...]:
    """How many documents belong to no province."""
    n = table.attrs.get("n_unplaced", 0)
    return (session.tn(
        "{n} document belongs to no province (the centre, or unknown).",
        "{n} documents belong to no province (the centre, or unknown).", n,
    ).format(n=f"{n:,}"),) if n else ()  # fmt: skip


def name_source(session: Session, question: str, width: int = 54) -> str:
    """The line below a figure: question, build, version; wrapped with <br> for Plotly so that a phone shows it whole.

    `question` must be escaped; `width` counts Latin letters, a Han character is two.
    """
    tail = f"Tifa Atlas {session.corpus.version} · {session.corpus.fingerprint}"
    lines, line, length = [], "", 0
    for word in question.replace("；", "； ").replace("、", "、 ").split(" "):
        size = _measure(word)
        if line and length + size > width:
            lines.append(line)
            line, length = "", 0
        line += (" " if line and not line.endswith(("；", "、")) else "") + word
        length += size + 1
    joined = f"{line} · {tail}"
    return "<br>".join([*lines, joined] if _measure(joined) <= width else [*lines, line, tail])


def _measure(text: str) -> int:
    """Width in Latin letters."""
    return sum(1 if ord(c) < 0x2E80 else 2 for c in text)
