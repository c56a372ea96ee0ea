"""Document: one article to read, with what was found in it, why it is dated and placed so, and what was mended."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard.components import url
from dashboard.components.corrections import show_correction
from dashboard.components.faults import say_fault
from dashboard.components.marks import MOST_CHARACTERS, Mark, cut_paragraphs
from dashboard.components.opened import describe_document, say_date, show_documents
from dashboard.components.readers import link_page, show_doc_list, show_reader, show_reasons
from dashboard.components.reading import collect_marks, language_of, mark_repairs, say_level
from dashboard.components.reasons import list_persons, list_reasons, read_place
from dashboard.components.rules import say_rule
from dashboard.components.session import Session, get_session
from dashboard.components.tables import offer_csv, show_table
from dashboard.plain import plain
from dashboard.queries.documents import DocumentReading, list_documents, read_document, sum_up_people
from dashboard.queries.pinyin import read_characters
from dashboard.queries.scope import open_scope
from dashboard.queries.search import QueryError, find_in_scope

VIEWS = ("simplified", "printed", "pinyin", "raw")
MARKS = ("phrase", "person", "evidence", "repair", "speech")


def show_page(session: Session) -> None:
    doc_id = url.get_parameter("doc")
    if not doc_id:
        show_choice(session)
        return
    try:
        reading = read_document(session.corpus, doc_id)
    except KeyError as fault:
        st.warning(say_fault(session.t, fault))
        show_choice(session)
        return
    show_head(session, reading)
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        show_text(session, reading)
    with right:
        show_why(session, reading)
        show_people(session, reading)
        show_phrases(session, reading)
        show_relatives(session, reading)
    show_repairs(session, reading)
    show_correction(session, reading)
    show_citation(session, reading)


# --- Choosing a document -----------------------------------------------------------------


def show_choice(session: Session) -> None:
    t, tn = session.t, session.tn
    st.title(t("Documents"))
    words = url.type_text("find_title", t("Words of the text or the headline"), placeholder=t("for instance 动态清零"))
    numbers = None
    if words.strip():
        try:
            numbers = pd.unique(find_in_scope(open_scope(session.corpus, session.filters), words).doc)
        except QueryError as fault:
            st.warning(say_fault(session.t, fault))
            return
    facts = list_documents(session.corpus, session.filters, numbers)
    st.caption(tn("{n} document", "{n} documents", len(facts)).format(n=f"{len(facts):,}"))
    if facts.empty:
        st.info(t("No document passes the filters at the left. Widen them to see something."))
        return
    show_documents(session, "documents", facts)


# --- One document --------------------------------------------------------------------------


def show_head(session: Session, reading: DocumentReading) -> None:
    t = session.t
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.title(plain(reading.label))
    if right.button(t("All documents"), key="all_documents"):
        for name in ("doc", "at", "find"):
            url.put_parameter(name, "")
        st.rerun()
    parts = [describe_document(session, reading.facts)]
    if reading.facts["level"] != "centre":  # of which the line before tells already, in the place of a province
        parts.append(say_level(session, reading.facts["level"]))
    if isinstance(reading.facts["author"], str) and reading.facts["author"]:
        parts.append(reading.facts["author"])
    st.caption(plain(" · ".join(part for part in parts if part)))


def show_text(session: Session, reading: DocumentReading) -> None:
    t = session.t
    views = {
        "simplified": t("simplified"), "printed": t("as printed"), "pinyin": t("with pinyin"), "raw": t("raw page"),
    }  # fmt: skip
    marks = {
        "phrase": t("phrases"), "person": t("people"), "evidence": t("evidence"), "repair": t("repairs"),
        "speech": t("speech"),
    }  # fmt: skip
    view = url.choose_one("view", t("Text"), VIEWS, views.__getitem__, label_visibility="collapsed")
    kinds = url.choose_several("marks", t("Marks"), MARKS, marks.__getitem__, default=("phrase", "person", "evidence"))
    if view == "raw":
        lines = cut_paragraphs(reading.raw, mark_repairs(session, reading, raw=True) if "repair" in kinds else [])
        show_reader(session, "reader", lines, lang=language_of(reading, printed=True), raw=True, n_chars=len(reading.raw))
        st.caption(t("The stretch of the page as decoded, before any repair."))
        return
    text = reading.text if view == "simplified" else reading.original
    ruby = dict(reading.ruby) or read_characters(reading.text) if view == "pinyin" else None
    place = read_place(url.get_parameter("at"), len(text))
    asked = [Mark(*place, "node")] if place else mark_found(session, reading)
    found = collect_marks(session, reading, kinds) + asked
    paragraphs = cut_paragraphs(text, found, ruby)
    body = int(reading.facts["body_begin"])
    for paragraph in paragraphs:
        paragraph["title"] = paragraph["begin"] < body
    show_reader(
        session, "reader", paragraphs, lang=language_of(reading, printed=view != "simplified"), ruby=view == "pinyin",
        n_chars=len(text), at=f"{reading.facts['doc_id']} {url.get_parameter('at') or url.get_parameter('find')}" if asked else "",
    )  # fmt: skip
    if view == "pinyin":
        st.caption(
            t("Readings as the page itself printed them.") if reading.ruby
            else t("The page printed no readings; these are from a dictionary.")
        )  # fmt: skip
    if len(text) > MOST_CHARACTERS:
        st.download_button(
            t("Download the whole text"), reading.text, f"{reading.facts['doc_id']}.txt", "text/plain", on_click="ignore"
        )


def mark_found(session: Session, reading: DocumentReading) -> list[Mark]:
    """The passages of the query that led here."""
    words = url.get_parameter("find")
    if not words:
        return []
    try:
        found = find_in_scope(open_scope(session.corpus, session.filters), words)
    except QueryError:
        return []
    here = found.doc == reading.d
    return [Mark(int(begin), int(end), "node") for begin, end in zip(found.begin[here], found.end[here], strict=True)]


def show_why(session: Session, reading: DocumentReading) -> None:
    """Each date and place, with the words that gave it."""
    t = session.t
    st.header(t("Why this date and place"))
    show_reasons(session, "why", list_reasons(session, reading), t("Why this date and place"))
    if reading.evidence.empty:
        st.caption(t("No evidence was found: the document is undated and unplaced."))
    else:
        st.caption(t("The words, what they speak for, the rule, and its weight (0 to 1). Click words to see them in the text."))


def show_people(session: Session, reading: DocumentReading) -> None:
    """Who is named, with all offices, and where."""
    t = session.t
    if reading.people.empty:
        return
    persons = list_persons(session, reading)
    st.header(f"{t('People')} ({len(persons)})")
    show_reasons(session, "who", persons, t("People"))
    offer_csv(session, lambda: sum_up_people(reading.people), "people_here", str(reading.facts["doc_id"]))


def show_phrases(session: Session, reading: DocumentReading) -> None:
    t = session.t
    if reading.hits.empty:
        return
    st.header(t("Phrases"))
    counted = reading.hits.groupby(["phrase", "gloss_en"], sort=False).size().rename("hits").reset_index()
    counted = counted.sort_values("hits", ascending=False, kind="stable", ignore_index=True)
    chosen = show_table(
        session, counted, "phrases_here", str(reading.facts["doc_id"]), select=True, key="phrases_here", height=280,
        columns=["phrase", "hits", "gloss_en"],
        config={
            "phrase": st.column_config.TextColumn(t("phrase"), width=125),
            "hits": st.column_config.NumberColumn(t("hits"), width=45),
        },
    )  # fmt: skip
    if chosen is not None:
        phrase = url.write_value(str(counted["phrase"].iloc[chosen]))
        st.switch_page("app_pages/phrases.py", query_params=url.build_params(q=phrase))


def show_relatives(session: Session, reading: DocumentReading) -> None:
    """Copies of the same release, and documents that share passages: each leads to the two side by side."""
    t = session.t
    others = dict.fromkeys(reading.copies["doc_id"])
    if len(reading.reuse):
        shared = reading.reuse.groupby("other")["n_chars"].sum().sort_values(ascending=False)
        others |= dict.fromkeys(shared.index[:10])
    if not others:
        return
    st.header(t("Side by side with"))
    facts = list_documents(session.corpus, session.filters, [session.corpus.number(other) for other in others])
    doc_id = str(reading.facts["doc_id"])
    items = [
        {
            "target": f"pair:{doc_id}:{row.doc_id}", "href": link_page("side_by_side", a=doc_id, b=str(row.doc_id)),
            "title": str(row.label),
            "line": " · ".join((
                t("same release") if row.release_id == reading.facts["release_id"] else t("shares passages"),
                describe_document(session, row),
            )),
        }
        for row in facts.itertuples()
    ]  # fmt: skip
    show_doc_list(session, "relatives", items)


def show_repairs(session: Session, reading: DocumentReading) -> None:
    t = session.t
    n = len(reading.repairs)
    with st.expander(f"{t('What was mended on the page')} ({n})"):
        if n:
            table = reading.repairs.copy()
            table["rule"] = [say_rule(session, rule) for rule in table["rule"]]
            show_table(
                session, table, "repairs_here", str(reading.facts["doc_id"]),
                columns=["before", "after", "rule", "confidence", "begin"],
            )  # fmt: skip
        else:
            st.caption(t("Nothing: the text stands as it was found."))
    n = len(reading.furniture)
    with st.expander(f"{t('What was left out as no part of an article')} ({n})"):
        if n:
            table = reading.furniture.assign(rule=[say_rule(session, rule) for rule in reading.furniture["rule"]])
            show_table(session, table, "furniture_here", str(reading.facts["doc_id"]), columns=["surface", "rule"])
        else:
            st.caption(t("Nothing: the whole page is articles."))


def show_citation(session: Session, reading: DocumentReading) -> None:
    """A line to cite, and the page it was cut from."""
    t = session.t
    facts = reading.facts
    outlet = facts["outlet"] if isinstance(facts["outlet"], str) else ""
    parts = [f"《{reading.label}》", outlet, say_date(session, facts)]
    line = "，".join(part for part in parts if part) if session.language == "zh" else ", ".join(p for p in parts if p)
    st.caption(
        plain(
            f"{t('To cite')}: {line}. Tifa Atlas {session.corpus.version}, {t('build')} {session.corpus.fingerprint}, "
            f"{facts['doc_id']} ({reading.page.get('path', '')}, SHA-256 {str(reading.page.get('sha256', ''))[:12]}…)"
        )
    )


show_page(get_session())
