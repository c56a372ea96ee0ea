"""The other side of a comparison: a second selection, chosen on the page and written into its address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import streamlit as st

from dashboard.components import url
from dashboard.components.reading import say_level
from dashboard.components.session import Session, span_days
from dashboard.components.speakers import list_speakers, say_speaker
from dashboard.filters import OFFICE, Filters
from dashboard.names import name_province
from dashboard.plain import plain
from dashboard.queries.cells import split_days
from data_prep.schema import LEVELS, PROVINCES


def offer_pairs(session: Session) -> None:
    """Comparisons worth a first look: two provinces, two spans of time, two offices. A click sets both sides."""
    t, corpus = session.t, session.corpus
    pairs: list[tuple[str, dict[str, str], dict[str, str]]] = []
    codes, provinces = corpus.codes("province")
    counts = np.bincount(codes[codes >= 0], minlength=len(provinces))
    largest = [provinces[place] for place in np.argsort(-counts, kind="stable")[:2] if counts[place]]
    if len(largest) == 2:
        names = [name_province(name, session.language) for name in largest]
        pairs.append((" ↔ ".join(names), {"province": largest[0]}, {"ref_province": largest[1]}))
    days = split_days(corpus, Filters(unit=session.filters.unit))
    if days is not None:
        begin, middle, end = days
        after = middle + timedelta(days=1)
        pairs.append((
            f"{begin} – {middle} ↔ {after} – {end}", {"from": str(begin), "to": str(middle)},
            {"ref_from": str(after), "ref_to": str(end)},
        ))  # fmt: skip
    offices = [OFFICE + office for office in ("省委书记", "省长")]
    if set(offices) <= set(list_speakers(corpus)):
        names = [say_speaker(code, t) for code in offices]
        pairs.append((" ↔ ".join(names), {"speaker": offices[0]}, {"ref_speaker": offices[1]}))
    if not pairs:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(t("For instance:"), width="content")
        for number, (label, target, reference) in enumerate(pairs):
            if st.button(plain(label), key=f"pair_{number}", type="tertiary"):
                for name in ("province", "level", "outlet", "speaker", "from", "to"):
                    url.put_parameter(name, target.get(name, ""))
                    url.put_parameter(f"ref_{name}", reference.get(f"ref_{name}", ""))
                url.put_parameter("against", "own")
                url.reset_widgets()
                st.rerun()


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
    columns = [*st.columns(3), *st.columns(3)]
    with columns[0]:
        provinces = url.choose_many(
            "ref_province", t("Province"), [name for name in PROVINCES if name in present],
            lambda name: name_province(name, session.language), placeholder=t("all"),
        )  # fmt: skip
    with columns[1]:
        begin = url.choose_day("ref_from", t("From"), first, last)
    with columns[2]:
        end = url.choose_day("ref_to", t("To"), first, last)
    with columns[3]:
        chosen = url.choose_many(
            "ref_level", t("Level"), [level for level in LEVELS if level in levels],
            lambda level: say_level(session, level), placeholder=t("all"),
        )  # fmt: skip
    with columns[4]:
        outlets = url.choose_many("ref_outlet", t("Outlet"), corpus.codes("outlet")[1], placeholder=t("all"))
    with columns[5]:
        speakers = url.choose_many(
            "ref_speaker", t("In whose mouth"), list_speakers(corpus), lambda code: say_speaker(code, t),
            placeholder=t("anybody"), accept_new_options=True,
        )  # fmt: skip
    return replace(
        session.filters, provinces=tuple(provinces), levels=tuple(chosen), outlets=tuple(outlets), date_from=begin,
        date_to=end, speakers=tuple(speakers), notes=(),
    )  # fmt: skip


def count_shared(session: Session, reference: Filters | None) -> int:
    """How many documents are in both selections (of different speakers a document may rightly be in both)."""
    if reference is None or reference.speakers != session.filters.speakers:
        return 0
    return int((session.filters.select(session.corpus) & reference.select(session.corpus)).sum())


def name_selection(session: Session, filters: Filters | None) -> str:
    """A selection in words; for all other documents, those words."""
    return session.t("all other documents") if filters is None else filters.sentence(session.language)
