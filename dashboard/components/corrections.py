"""What a reader knows better of a document: the form, what was kept before, and whether it is in force.

What a visitor of a shared dashboard sends in must not change what all others see: the form is there only where whoever
runs the dashboard says so; else the page says how to write the row by hand.
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.components.faults import say_fault
from dashboard.components.reading import say_field, say_level, say_value
from dashboard.components.session import Session
from dashboard.components.tables import show_table
from dashboard.plain import plain
from dashboard.queries.documents import DocumentReading
from data_prep.overrides import FIELDS, PERSON_FIELDS, BadOverride, Override, add_override, read_overrides
from data_prep.overrides import FILE as OVERRIDES
from data_prep.schema import LEVELS, PROVINCES
from data_prep.store import POINTER

#: Set to 1, this variable lets readers write corrections.
EDIT = "TIFA_EDIT"


def show_correction(session: Session, reading: DocumentReading) -> None:
    """The form, or how to correct by hand; and the corrections of this document, with those that wait for a build."""
    t = session.t
    with st.expander(t("Correct a date, a place or a person")):
        show_kept(session, reading)
        if may_correct(session):
            show_form(session, reading)
            return
        st.caption(plain(t(
            "On this dashboard nothing is written. Whoever builds the corpus adds a row like this to {file} beside the "
            "builds; it outranks every rule when the corpus is built again."
        ).format(file=OVERRIDES)))  # fmt: skip
        st.code(write_example(session, reading), language=None, wrap_lines=True)


def show_kept(session: Session, reading: DocumentReading) -> None:
    """What was corrected before, and whether this build has it."""
    t = session.t
    file = find_folder(session) / OVERRIDES
    if not file.is_file():
        return
    try:
        kept = [row for row in read_overrides(file) if (row.path, row.position) == identify_article(reading)]
    except (BadOverride, OSError) as fault:
        st.warning(say_fault(t, fault))
        return
    if not kept:
        return
    in_force, waiting = t("in this build"), t("waits for the next build")
    rows = pd.DataFrame({
        "field": [name_field(session, row.field) for row in kept],
        "value": [say_value(session, row.field, row.value) for row in kept], "note": [row.note for row in kept],
        "state": [in_force if is_in_force(reading, row) else waiting for row in kept],
    })  # fmt: skip
    st.caption(t("Corrections of this document"))
    show_table(
        session, rows, "corrections", str(reading.facts["doc_id"]),
        config={"field": t("What"), "note": t("Why (your source)"), "state": t("state")},
    )  # fmt: skip


def show_form(session: Session, reading: DocumentReading) -> None:
    """The form; what it takes holds from the next build on."""
    t = session.t
    with st.form("correction", border=False):
        st.caption(t("A correction outranks every rule when the corpus is built again; until then this page shows what was built."))
        left, middle, right = st.columns([1, 1.3, 2])
        field = left.selectbox(t("What"), FIELDS, format_func=lambda code: name_field(session, code))
        value = middle.text_input(t("Right value"), placeholder="2022-03-29", max_chars=120)
        note = right.text_input(t("Why (your source)"), max_chars=300)
        st.caption(t(
            "Dates as 2022-03-29 or 2022-03-01/2022-03-31; level as centre, province, city or county; a person "
            "as 于英杰=副省长."
        ))
        if not st.form_submit_button(t("Keep this correction")):
            return
    correction = Override(*identify_article(reading), field, read_input(session, field, value), note.strip())
    try:
        add_override(find_folder(session) / OVERRIDES, correction)
    except (BadOverride, OSError) as fault:
        st.warning(say_fault(t, fault))
    else:
        st.success(t("Kept. It is in force at the next build: until then this page shows what was built."))


def read_input(session: Session, field: str, value: str) -> str:
    """What was typed as the file of corrections has it: a level by its code, a province by its short name."""
    value = value.strip()
    if field == "level":
        levels = {say_level(session, code): code for code in LEVELS}
        return levels.get(value, value)
    if field == "province":
        return next((name for name in PROVINCES if value.startswith(name)), value)
    return value


def is_in_force(reading: DocumentReading, row: Override) -> bool:
    """Whether the build that is shown was made with this correction."""
    if row.field in PERSON_FIELDS:
        named = bool((reading.people["name"] == row.value.partition("=")[0].strip()).any())
        return named == (row.field == "person")
    found = reading.evidence[(reading.evidence["rule"] == "override") & (reading.evidence["field"] == row.field)]
    return bool((found["value"] == row.value).any())


def identify_article(reading: DocumentReading) -> tuple[str, int]:
    """The article as the file of corrections names it: the path of its page, its place on the page."""
    return str(reading.page.get("path", "")), int(reading.facts["position"])


def may_correct(session: Session) -> bool:
    """Whether corrections are written: asked for when the dashboard was started, and the build stands in its folder."""
    return os.environ.get(EDIT) == "1" and (find_folder(session) / POINTER).is_file()


def find_folder(session: Session) -> Path:
    """The folder that holds the builds, and beside them the corrections."""
    return session.corpus.build.path.parents[1]


def write_example(session: Session, reading: DocumentReading) -> str:
    """The rows of a file of corrections that would set this document's day, as they are to be written."""
    event = reading.facts["event_date"]
    day = f"{event:%Y-%m-%d}" if not pd.isna(event) else "2022-03-29"
    lines = io.StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    rows.writerow(["path", "position", "field", "value", "note"])
    rows.writerow([*identify_article(reading), "event_date", day, session.t("your source")])
    return lines.getvalue().rstrip()


def name_field(session: Session, field: str) -> str:
    """What can be corrected, in words."""
    t = session.t
    return {"person": t("a person who was missed"), "no_person": t("a name that is none")}.get(field, say_field(session, field))
