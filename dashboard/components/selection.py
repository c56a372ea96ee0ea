"""The other side of a comparison: a second selection, chosen on the page and written into its address."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.components import url
from dashboard.components.reading import say_level
from dashboard.components.session import Session, span_days
from dashboard.components.speakers import list_speakers, say_speaker
from dashboard.filters import Filters
from dashboard.names import name_province
from data_prep.schema import LEVELS, PROVINCES


def choose_reference(session: Session) -> Filters | None:
    """What the selection at the left is compared with: a selection of its own, or None for all other documents.

    Everything not chosen here (unit, period) is as at the left.
    """
    t = session.t
    against = url.choose_one(
        "against", t("Compare the selection at the left with"), ("rest", "own"),
        {"rest": t("all other documents"), "own": t("a selection of its own")}.__getitem__,
    )  # fmt: skip
    if against == "rest":
        return None
    corpus = session.corpus
    present, levels = set(corpus.codes("province")[1]), set(corpus.codes("level")[1])
    first, last = span_days(corpus)
    columns = st.columns(4)
    with columns[0]:
        provinces = url.choose_many(
            "ref_province", t("Province"), [name for name in PROVINCES if name in present],
            lambda name: name_province(name, session.language), placeholder=t("all"),
        )  # fmt: skip
    with columns[1]:
        chosen = url.choose_many(
            "ref_level", t("Level"), [level for level in LEVELS if level in levels],
            lambda level: say_level(session, level), placeholder=t("all"),
        )  # fmt: skip
    with columns[2]:
        begin = url.choose_day("ref_from", t("From"), first, last)
    with columns[3]:
        end = url.choose_day("ref_to", t("To"), first, last)
    speakers = url.choose_many(
        "ref_speaker", t("In whose mouth"), list_speakers(corpus), lambda code: say_speaker(code, t),
        placeholder=t("anybody"), accept_new_options=True,
    )  # fmt: skip
    return replace(
        session.filters, provinces=tuple(provinces), levels=tuple(chosen), outlets=(), date_from=begin, date_to=end,
        speakers=tuple(speakers), notes=(),
    )  # fmt: skip


def name_selection(session: Session, filters: Filters | None) -> str:
    """A selection in words; for all other documents, those words."""
    return session.t("all other documents") if filters is None else filters.sentence(session.language)
