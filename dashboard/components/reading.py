"""A document's marks, and the words around a text: what a reader may switch on and off."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from dashboard.components.marks import Mark
from dashboard.components.rules import say_rule
from dashboard.components.session import Session
from dashboard.names import name_province
from dashboard.queries.documents import DocumentReading


def mark_phrases(session: Session, reading: DocumentReading) -> list[Mark]:
    """Every hit of the lexicon, with its category and gloss."""
    count = reading.hits["phrase_id"].value_counts() if len(reading.hits) else pd.Series(dtype=int)
    marks = []
    for hit in reading.hits.itertuples():
        n = int(count[hit.phrase_id])
        here = session.tn("{n} time in this document", "{n} times in this document", n).format(n=n)
        note = "\n".join(part for part in (hit.phrase, hit.gloss_en, say_category(session, hit.category), hit.note, here) if part)
        marks.append(Mark(int(hit.begin), int(hit.end), "phrase", note, f"phrase:{hit.phrase}"))
    return marks


def mark_people(session: Session, reading: DocumentReading) -> list[Mark]:
    """Every mention inside the text, with the office as printed and in full."""
    inside = reading.people.dropna(subset=["begin"])
    marks = []
    for mention in inside.itertuples():
        offices = session.separator.join(mention.offices) if len(mention.offices) else mention.role
        note = "\n".join(
            part for part in (mention.name, offices, say_presence(session, mention.presence), say_kind(session, mention.kind)) if part
        )
        marks.append(Mark(int(mention.begin), int(mention.end), "person", note, f"person:{mention.person_id}"))
    return marks


def mark_evidence(session: Session, reading: DocumentReading) -> list[Mark]:
    """The words that gave the date and the place."""
    inside = reading.evidence.dropna(subset=["begin"])
    marks = []
    for row in inside[inside["end"] > inside["begin"]].itertuples():
        note = f"{say_field(session, row.field)} → {say_value(session, row.field, row.value)}\n{say_rule(session, row.rule)}"
        marks.append(Mark(int(row.begin), int(row.end), "evidence", note))
    return marks


def mark_repairs(session: Session, reading: DocumentReading, *, raw: bool = False) -> list[Mark]:
    """Where the page was mended: in the text, or in the raw stretch. What left nothing is marked at its neighbour."""
    marks = []
    for edit in reading.repairs.itertuples():
        begin, end = (edit.raw_begin, edit.raw_end) if raw else (edit.begin, edit.end)
        if end <= begin:
            begin, end = max(begin - 1, 0), max(begin, 1)
        note = f"{edit.before or '∅'} → {edit.after or '∅'}\n{say_rule(session, edit.rule)} · {edit.confidence:.2f}"
        marks.append(Mark(int(begin), int(end), "repair", note))
    return marks


def mark_speech(session: Session, reading: DocumentReading) -> list[Mark]:
    """Passages voiced by a leader or a meeting (the paper's own words are left unmarked)."""
    return [
        Mark(int(row.begin), int(row.end), "speech", f"{row.speaker or session.t('a meeting')} {row.verb}")
        for row in reading.speech.itertuples()
        if row.kind != "paper"
    ]


def collect_marks(session: Session, reading: DocumentReading, kinds: Collection[str]) -> list[Mark]:
    """All marks of the kinds chosen."""
    makers = {
        "phrase": mark_phrases, "person": mark_people, "evidence": mark_evidence, "repair": mark_repairs,
        "speech": mark_speech,
    }  # fmt: skip
    return [mark for kind in kinds if kind in makers for mark in makers[kind](session, reading)]


def say_field(session: Session, field: str) -> str:
    """A field of the evidence in words."""
    t = session.t
    known = {
        "event_date": t("event date"), "published": t("published"), "level": t("level"), "province": t("province"),
        "city": t("city"), "county": t("county"), "outlet": t("outlet"),
    }  # fmt: skip
    return known.get(field, field)


def say_value(session: Session, field: str, value: str) -> str:
    """A value of the evidence in words: a level, a province, a day or the days between which it lies (or several such)."""
    if field == "level":
        return say_level(session, value) or value
    if field == "province":
        return name_province(value, session.language)
    if field not in ("event_date", "published"):
        return value
    return session.t(" or ").join(_say_days(session, days) for days in value.split())


def _say_days(session: Session, days: str) -> str:
    first, bar, last = days.partition("/")
    if not bar:
        return days
    if first == "..":
        return session.t("until {day}").format(day=last)
    return session.t("from {day}").format(day=first) if last == ".." else f"{first} – {last}"


def say_presence(session: Session, presence: str) -> str:
    """How a person was there."""
    t = session.t
    known = {"chaired": t("chaired"), "spoke": t("spoke"), "attended": t("attended"), "mentioned": t("only mentioned")}
    return known.get(presence, presence)


def say_kind(session: Session, kind: str) -> str:
    """official, journalist or other, in words."""
    t = session.t
    return {"official": t("official"), "journalist": t("journalist"), "other": t("other person")}.get(kind, kind)


def say_category(session: Session, category: str) -> str:
    """A category of the lexicon in words; one that a lexicon of the user's own brings along is shown as it is."""
    t = session.t
    known = {
        "epidemic": t("epidemic control"), "party": t("Party"), "economy": t("economy"), "governance": t("governance"),
        "society": t("society"), "rural": t("rural affairs"), "ecology": t("ecology"), "diplomacy": t("diplomacy"),
        "security": t("security"), "own": t("of your own"),
    }  # fmt: skip
    return known.get(category, category)


def say_level(session: Session, level: object) -> str:
    """centre, province, city or county, in words."""
    t = session.t
    known = {"centre": t("centre"), "province": t("province level"), "city": t("city level"), "county": t("county level")}
    return known.get(str(level), "")


def language_of(reading: DocumentReading, *, printed: bool) -> str:
    """The lang attribute that gives the text the right fonts."""
    traditional = printed and str(reading.page.get("script", "")) == "hant"
    return "zh-Hant" if traditional else "zh-Hans"
