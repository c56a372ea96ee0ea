"""A lexicon of one's own: kept while the session lasts, filled on the Discovery page, edited on the Lexicon page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

COLUMNS = ["phrase", "variants", "category", "gloss_en", "note"]


def read_own() -> pd.DataFrame:
    """The list as it stands, columns COLUMNS, all text."""
    table = st.session_state.get("own_lexicon")
    return pd.DataFrame(columns=COLUMNS, dtype=str) if table is None else table


def keep_own(table: pd.DataFrame) -> None:
    """Take the list over: rows without a phrase are dropped, of equal phrases the last one stays."""
    clean = table.reindex(columns=COLUMNS).fillna("").astype(str).map(str.strip)
    clean = clean[clean["phrase"] != ""].drop_duplicates("phrase", keep="last")
    st.session_state["own_lexicon"] = clean.reset_index(drop=True)


def add_own(phrase: str, note: str = "") -> None:
    """Add a phrase to the list."""
    row = dict.fromkeys(COLUMNS, "") | {"phrase": phrase, "note": note}
    keep_own(pd.concat([read_own(), pd.DataFrame([row])], ignore_index=True))


def write_own(table: pd.DataFrame) -> bytes:
    """The list as the CSV that `python -m data_prep build --lexicon` reads."""
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
