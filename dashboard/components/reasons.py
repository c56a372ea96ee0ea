"""Why a document is dated and placed so, and who is named in it: each with the words that gave it.

A list beside the text. A click on the words shows them in the text; what speaks against what was taken is marked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.components.marks import replace_surrogates
from dashboard.components.opened import say_date
from dashboard.components.reading import say_field, say_kind, say_level, say_presence, say_value
from dashboard.components.rules import say_rule
from dashboard.components.session import Session
from dashboard.names import name_province
from dashboard.queries.documents import DocumentReading, sum_up_people

#: Reasons in sight for each date and place, mentions for each person; the rest opens with a click.
MOST_REASONS, MOST_MENTIONS = 5, 2
#: Characters shown before a name (where its office stands) and behind it, at most: as far as the clause goes.
BEFORE, BEHIND = 24, 6
_CLAUSE_ENDS = "\n，,。；;：:！？!?“”"
#: No longer quotation is shown.
MOST_QUOTED = 60


def list_reasons(session: Session, reading: DocumentReading) -> list[dict[str, Any]]:
    """Dates and places, a group each: {name, value, rows, more}; rows {quote, words, weight, against, at}, the strongest first."""
    groups = []
    for field, value in _say_given(session, reading.facts).items():
        rows = reading.evidence[reading.evidence["field"] == field]
        if not value and rows.empty:
            continue
        rows = rows.sort_values("weight", ascending=False, key=abs, kind="stable")
        groups.append({
            "name": say_field(session, field), "value": value or "—", "shown": MOST_REASONS,
            "rows": [_describe_reason(session, row, len(reading.text)) for row in rows.itertuples()],
        })  # fmt: skip
    return groups


def list_persons(session: Session, reading: DocumentReading) -> list[dict[str, Any]]:
    """Persons in the order they are named, a group each; rows are their mentions with the words around them."""
    groups = []
    mentions = {person: rows for person, rows in reading.people.groupby("person_id", sort=False)}
    for person in sum_up_people(reading.people).itertuples():
        parts = (
            session.separator.join(person.offices) or person.role, say_presence(session, person.presence),
            "" if person.kind == "official" else say_kind(session, person.kind),
        )  # fmt: skip
        groups.append({
            "name": replace_surrogates(person.name), "value": replace_surrogates(" · ".join(part for part in parts if part)),
            "target": f"person:{person.person_id}", "shown": MOST_MENTIONS,
            "rows": [_describe_mention(session, row, reading.text) for row in mentions[person.person_id].itertuples()],
        })  # fmt: skip
    return groups


def read_place(at: str, n_chars: int) -> tuple[int, int] | None:
    """The span an address names, if the text has it.

    >>> read_place("3-5", 9), read_place("5-3", 9), read_place("3-50", 9), read_place("x", 9)
    ((3, 5), None, None, None)
    """
    begin, _, end = at.partition("-")
    if not (begin.isascii() and begin.isdigit() and end.isascii() and end.isdigit()) or len(at) > 20:
        return None
    return (int(begin), int(end)) if int(begin) < int(end) <= n_chars else None


def _say_given(session: Session, facts: pd.Series) -> Mapping[str, str]:
    """What was taken for each field of the evidence, in words."""
    return {
        "event_date": say_date(session, facts),
        "published": "" if pd.isna(facts["published"]) else f"{facts['published']:%Y-%m-%d}",
        "level": say_level(session, facts["level"]), "province": _say_provinces(session, facts),
        "city": _say_text(facts["city"]), "county": _say_text(facts["county"]), "outlet": _say_text(facts["outlet"]),
    }  # fmt: skip


def _say_provinces(session: Session, facts: pd.Series) -> str:
    """The main province, and the others the article is about."""
    main = facts["province"] if isinstance(facts["province"], str) else ""
    others = [name_province(name, session.language) for name in facts["provinces"] if name != main]
    if not others:
        return name_province(main, session.language)
    listed = session.separator.join(others)
    if not main:
        return session.t("none is the main one; about {names}").format(names=listed)
    return session.t("{main}; also about {names}").format(main=name_province(main, session.language), names=listed)


def _say_text(value: object) -> str:
    return replace_surrogates(value) if isinstance(value, str) else ""


def _describe_reason(session: Session, row: Any, n_chars: int) -> dict[str, Any]:
    return {
        "quote": replace_surrogates(row.surface[:MOST_QUOTED]),
        "words": replace_surrogates(f"{say_value(session, row.field, row.value)} · {say_rule(session, row.rule)}"),
        "weight": f"{abs(row.weight):.2f}", "against": bool(row.weight < 0), "at": _place(row, n_chars),
    }  # fmt: skip


def _describe_mention(session: Session, row: Any, text: str) -> dict[str, Any]:
    at = _place(row, len(text))
    if not at:
        quote = " ".join(part for part in (row.role, row.name) if part)
        return {"quote": replace_surrogates(quote[:MOST_QUOTED]), "words": session.t("outside the article"), "at": ""}
    quote = cut_clause(text, int(row.begin), int(row.end))
    return {"quote": replace_surrogates(quote), "words": say_presence(session, row.presence), "at": at}


def cut_clause(text: str, begin: int, end: int) -> str:
    """The words around text[begin:end], no further than its clause goes.

    >>> cut_clause("会上，省委书记尹力强调，要落实。", 7, 9)
    '省委书记尹力强调'
    """
    first = max(begin - BEFORE, 1 + max(text.rfind(sign, 0, begin) for sign in _CLAUSE_ENDS))
    ends = [place for sign in _CLAUSE_ENDS if (place := text.find(sign, end, end + BEHIND)) >= 0]
    return text[first : min([end + BEHIND, len(text), *ends])]


def _place(row: Any, n_chars: int) -> str:
    """Where the words stand in the text, as the address writes it; empty for what stands outside."""
    if pd.isna(row.begin) or pd.isna(row.end) or not 0 <= row.begin < row.end <= n_chars:
        return ""
    return f"{int(row.begin)}-{int(row.end)}"
