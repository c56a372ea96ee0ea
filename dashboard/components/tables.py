"""Tables behind the charts: shown with labels in the reader's language, downloaded with what they rest on.

How a file is written, and that every row of it says where it is from: `dashboard/exports.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.components.session import Session
from dashboard.exports import describe_origin, write_csv
from dashboard.names import name_province
from data_prep.schema import TABLES

#: Columns that hold shares; low and high beside one of them are its bounds.
_SHARES = frozenset(("share", "document_share", "share_first", "share_second", "difference"))

#: Numbers shown with one digit behind the point, and with two: more would feign exactness. Downloads hold all digits.
_COARSE = frozenset(("log_likelihood", "expected", "rate", "rate_low", "rate_high"))
_RATIOS = frozenset((
    "log_ratio", "log_ratio_low", "log_ratio_high", "conservative_log_ratio", "log_dice", "log_dice_a", "log_dice_b", "mi", "mi3",
    "t_score", "association", "freedom_left", "freedom_right", "score", "confidence", "mean_confidence",
))  # fmt: skip

#: Rows the grid fits a column to; rows that are measured here; what a column widened here may take, in pixels.
_FITTED, _MEASURED, _WIDEST = 10, 500, 300


def show_table(
    session: Session, frame: pd.DataFrame, name: str, question: str, *, columns: Sequence[str] | None = None,
    config: Mapping[str, Any] | None = None, height: Any = "auto", key: str | None = None, select: bool = False,
) -> int | None:
    """Show a table and offer it as CSV; of an empty one say so. Returns the number of the row chosen, if `select`."""
    if frame.empty:
        st.caption(session.t("The table has no row."))
        return None
    shown = frame[list(columns)] if columns is not None else frame
    settings: dict[str, Any] = {
        column: st.column_config.Column(label_column(session, column), width=measure_column(shown[column])) for column in shown.columns
    }
    for column in shown.columns:
        if pd.api.types.is_datetime64_any_dtype(shown[column]):
            settings[column] = st.column_config.DateColumn(label_column(session, column), format="YYYY-MM-DD")
        elif column in _SHARES or (column in ("low", "high") and not _SHARES.isdisjoint(shown.columns)):
            settings[column] = st.column_config.NumberColumn(label_column(session, column), format="percent")
        elif pd.api.types.is_float_dtype(shown[column]):
            settings[column] = st.column_config.NumberColumn(label_column(session, column), format=f"%.{count_digits(column)}f")
    settings |= dict(config or {})
    if isinstance(height, int) and 36 * (len(shown) + 1) < height:
        height = "auto"  # no empty rows below a short table
    options: dict[str, Any] = {"selection_mode": "single-row", "on_select": "rerun"} if select else {}
    state: Any = st.dataframe(
        _lay_out(shown, session.language), hide_index=True, column_config=settings, height=height, key=key, width="stretch",
        placeholder="–",
        **options,
    )
    offer_csv(session, frame.drop(columns="add", errors="ignore"), name, question)  # a column of buttons is no data
    if not select:
        return None
    rows = state.selection.rows
    return int(rows[0]) if rows and rows[0] < len(frame) else None


def count_digits(column: str) -> int:
    """Digits shown behind the point of a column of numbers.

    >>> count_digits("per_million_target"), count_digits("log_ratio"), count_digits("dp")
    (1, 2, 3)
    """
    if column in _COARSE or column.startswith(("per_million", "per_10k", "per_thousand")):
        return 1
    return 2 if column in _RATIOS else 3


def measure_column(column: pd.Series) -> int | None:
    """Width in pixels of a column of words, or None where the grid's own guess will do.

    The grid fits a column to its first rows, and of more than five leaves out those twice as long as their mean; a
    longer word, there or further down, would be cut off. All but the longest fiftieth of the words are given room.

    >>> measure_column(pd.Series(["上海"] * 10 + ["复工复产"])), measure_column(pd.Series(["复工复产"] * 10 + ["上海"]))
    (78, None)
    >>> measure_column(pd.Series(["上海"] * 9 + ["中国特色社会主义"]))
    136
    """
    if not len(column) or pd.api.types.is_numeric_dtype(column) or pd.api.types.is_datetime64_any_dtype(column):
        return None
    widths = [sum(1 if ord(c) < 0x2E80 else 2 for c in cell) for cell in column.head(_MEASURED) if isinstance(cell, str)]
    fitted = widths[:_FITTED]
    mean = sum(fitted) / max(len(fitted), 1)
    seen = max((width for width in fitted if len(fitted) <= 5 or width < 2 * mean), default=0)
    longest = sorted(widths)[(len(widths) * 49) // 50] if widths else 0
    wanted = min(_WIDEST, round(7.25 * longest) + 20)
    return wanted if longest > seen and wanted > 7.25 * seen + 20 else None


def take_row(key: str, chosen: int | None) -> int | None:
    """The row chosen, once: a table keeps its choice until the next one, and a page must not act on it again."""
    name = f"taken_row_{key}"
    fresh = chosen is not None and st.session_state.get(name) != chosen
    st.session_state[name] = chosen
    return chosen if fresh else None


def offer_csv(session: Session, frame: pd.DataFrame | Callable[[], pd.DataFrame], name: str, question: str) -> None:
    """A button that downloads the table; made only when it is pressed. `frame` may be a function that makes it."""
    st.download_button(
        session.t("Download as CSV"),
        lambda: write_csv(frame() if callable(frame) else frame, describe_source(session, question)),
        file_name=f"tifa_{name}_{session.corpus.fingerprint[:8]}.csv", mime="text/csv", key=f"csv_{name}",
        on_click="ignore", type="tertiary",
    )  # fmt: skip


def describe_source(session: Session, question: str) -> dict[str, str]:
    """What every row of an export says of itself: the question in words, the build and the version."""
    return describe_origin(session.corpus, session.filters, session.language) | {"selection": question}


def label_column(session: Session, column: str) -> str:
    """The label of a column: of the dashboard's own tables, else as the schema declares it, else its name."""
    t = session.t
    known = {
        "period": t("period"), "phrase": t("phrase"), "n_documents": t("documents"), "n_releases": t("releases"),
        "n_with": t("with the phrase"), "hits": t("hits"), "share": t("share"), "low": t("95% from"),
        "high": t("95% to"), "thin": t("thin (n < 5)"), "n_units": t("n"), "rate": t("per 10,000 characters"),
        "rate_low": t("rate from"), "rate_high": t("rate to"), "left": t("left"), "node": t("node"),
        "right": t("right"), "name": t("name"), "offices": t("offices"), "n_mentions": t("mentions"),
        "first_date": t("first seen"), "last_date": t("last seen"), "provinces": t("provinces"),
        "office": t("office"), "n_edits": t("edits"), "n_pages": t("pages"), "n_unrepaired": t("left as found"),
        "mean_confidence": t("mean confidence"), "reason": t("reason"), "n_copies": t("copies"),
        "n_outlets": t("outlets"), "label": t("document"), "n_meetings": t("meetings"), "n_lines": t("lines"),
        "item": t("item"), "n_target": t("in target"), "n_reference": t("in reference"),
        "per_million_target": t("per million, target"), "per_million_reference": t("per million, reference"),
        "docs_target": t("documents, target"), "docs_reference": t("documents, reference"),
        "log_likelihood": "G²", "log_ratio": t("log ratio"), "log_ratio_low": t("log ratio from"),
        "log_ratio_high": t("log ratio to"), "conservative_log_ratio": t("conservative log ratio"), "p_holm": t("p (Holm)"),
        "term": t("word"), "o11": t("near it"), "n_left": t("to the left"), "n_right": t("to the right"),
        "c1": t("in all"), "expected": t("expected"), "log_dice": "logDice", "mi": "MI", "mi3": "MI3", "t_score": "t",
        "o11_a": t("near it, A"), "o11_b": t("near it, B"), "per_thousand_a": t("per thousand, A"),
        "per_thousand_b": t("per thousand, B"), "log_dice_a": t("logDice, A"), "log_dice_b": t("logDice, B"),
        "term_a": t("word"), "term_b": t("word"), "n_windows": t("windows"), "parts": t("parts"), "n_parts": t("parts in all"),
        "n_parts_with": t("parts that hold it"), "dp": "DP", "dp_norm": "DPnorm", "juilland_d": t("Juilland’s D"),
        "documents_with": t("documents that hold it"), "left_out": t("left out"), "part": t("part"),
        "per_10k": t("per 10,000 characters"), "document_share": t("share of documents"), "association": t("association"),
        "freedom_left": t("freedom left"), "freedom_right": t("freedom right"), "score": t("score"),
        "formula": t("formula"), "items": t("parts spelt out"), "expansion": t("as printed"), "known": t("in the lexicon"),
        "head": t("family"), "n_first": t("n, first"), "with_first": t("with it, first"), "share_first": t("share, first"),
        "n_second": t("n, second"), "with_second": t("with it, second"), "share_second": t("share, second"),
        "difference": t("difference"), "name_a": t("A"), "name_b": t("B"), "n_a_first": t("A before B"),
        "n_b_first": t("B before A"), "changed": t("order changed"), "last_a_first": t("A first, last seen"),
        "last_b_first": t("B first, last seen"), "code": t("code"), "n_both": t("both"), "kappa": "κ",
        "code_first": t("first coder"), "code_second": t("second coder"), "place": t("place"), "value": t("value"),
        "first_day": t("first day"), "last_day": t("last day"),
    }  # fmt: skip
    if column in known:
        return known[column]
    for table in TABLES.values():
        for declared in table.columns:
            if declared.name == column:
                return declared.zh if session.language == "zh" else declared.en
    return column.replace("_", " ")


def _lay_out(frame: pd.DataFrame, language: str) -> pd.DataFrame:
    """Lists as text, categories as strings (a categorical column would be sent with all its categories), nothing for
    what is without bound (a browser would write Infinity), provinces in the language (downloads keep the names of the build)."""
    table = frame.copy()
    if "province" in table:
        table["province"] = [name_province(cell, language) or None for cell in table["province"]]
    for column in table.columns:
        if isinstance(table[column].dtype, pd.CategoricalDtype):
            table[column] = table[column].astype(str)
        elif pd.api.types.is_float_dtype(table[column]):
            table[column] = table[column].mask(table[column].abs() == float("inf"))
        elif len(table) and isinstance(table[column].iloc[0], list | tuple):
            table[column] = ["、".join(map(str, cell)) for cell in table[column]]
    return table
