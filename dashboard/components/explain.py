"""How a number was counted, in a sentence or two that stand beside it."""

from __future__ import annotations

import pandas as pd

from dashboard.components.session import Session


def explain_count(session: Session, table: pd.DataFrame, measure: str, *, over_time: bool) -> str:
    """Formula, denominator, interval, and what was left out, for a table of `count_timeline`."""
    t = session.t
    unit = {"releases": t("releases"), "copies": t("copies"), "outlets": t("outlets")}[session.filters.unit]
    if measure == "share":
        formula = t(
            "Share = {unit} that hold the phrase ÷ all {unit} of the cell under the same filters; bands and "
            "whiskers are 95% Wilson intervals."
        )
    elif measure == "rate":
        formula = t(
            "Rate = hits ÷ characters of the cell × 10,000; whiskers are 95% intervals of a bootstrap over "
            "documents (bootstrap-t; percentiles where few of them hold it or the cell has more than 500; the normal limit "
            "where more than 500 hold it)."
        )
    else:
        formula = t("Raw number of hits: it grows with the size of the cell, so compare shares instead.")
    parts = [formula.format(unit=unit), t("Cells of fewer than 5 {unit} are hollow or hatched.").format(unit=unit)]
    undated, unplaced = table.attrs.get("n_undated", 0), table.attrs.get("n_unplaced", 0)
    if over_time and undated:
        parts.append(session.tn(
            "{n} document is left out because its day does not lie within one period.",
            "{n} documents are left out because their day does not lie within one period.", undated,
        ).format(n=undated))  # fmt: skip
    if not over_time and unplaced:
        parts.append(session.tn(
            "{n} document belongs to no province (the centre, or unknown).",
            "{n} documents belong to no province (the centre, or unknown).", unplaced,
        ).format(n=unplaced))  # fmt: skip
    return " ".join(parts)


def name_source(session: Session, question: str, width: int = 150) -> str:
    """The line below a figure: question, build, version; wrapped with <br> for Plotly. `question` must be escaped."""
    words = f"{question} · Tifa Atlas {session.corpus.version} · {session.corpus.fingerprint}"
    lines, line, length = [], "", 0
    for word in words.replace("；", "； ").replace("、", "、 ").split(" "):
        size = sum(1 if ord(c) < 0x2E80 else 2 for c in word)
        if line and length + size > width:
            lines.append(line)
            line, length = "", 0
        line += (" " if line and not line.endswith(("；", "、")) else "") + word
        length += size + 1
    return "<br>".join([*lines, line])
