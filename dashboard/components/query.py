"""One phrase or query for a page: chosen from the lexicon or typed."""

from __future__ import annotations

import streamlit as st

from dashboard.components import url
from dashboard.components.session import Session
from dashboard.queries.cells import suggest_phrases


def explain_query(session: Session) -> str:
    """What may be typed (`queries/grammar.py`), as the help beside a field."""
    t = session.t
    rows = (
        ("动态清零", t("a phrase of the lexicon with its variants; anything else is counted on characters")),
        ("“动态清零”", t("in quotation marks: just these characters")),
        ("family:四早", t("the phrase and its whole family")),
        ("疫情\\*防控", t("up to 10 characters between; with {example} up to 3").format(example="疫情\\*{3}防控")),
        ("疫情 NEAR/5 防控", t("in either order, at most 5 characters apart")),
        ("清零 OR 封控", t("either")),
        ("re:[一二三]个不", t("a regular expression (RE2)")),
    )
    return "  \n".join(f"**{typed}** {meaning}" for typed, meaning in rows)


def choose_query(session: Session) -> str:
    """The query of the page: what the address says, else a phrase worth looking at. The empty string for none.

    Comes from the Phrases page with several? Then the first of them.
    """
    t = session.t
    given = url.get_parameter("q")
    first = url.read_value(given.split(",")[0]) if given else (suggest_phrases(session.corpus, session.filters, 1) or [""])[0]
    lexicon = session.corpus.phrases
    options = lexicon["phrase"].drop_duplicates().tolist()
    first = url.hold_first("q", first)
    if first and first not in options:
        options = [first, *options]
    glosses = dict(zip(lexicon["phrase"], lexicon["gloss_en"], strict=True)) if session.language == "en" else {}
    chosen = st.selectbox(
        t("Phrase (choose, or type any words)"), options, index=options.index(first) if first else None,
        format_func=lambda phrase: f"{phrase} · {glosses[phrase]}" if glosses.get(phrase) else phrase,
        accept_new_options=True, placeholder=t("for instance 动态清零"), key=url.key_of("q"),
        help=explain_query(session),
    )  # fmt: skip
    url.put_parameter("q", url.write_value(chosen) if chosen else "")
    return chosen or ""
