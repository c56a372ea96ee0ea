"""What every page needs: the corpus, the filters, the language, the colours.

The corpus is opened once for all sessions and never changed. Python's garbage collector is then
told to leave it alone: otherwise it walks through millions of objects after every click.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import streamlit as st

from dashboard.catalogue import DEFAULT_LANGUAGE, LANGUAGES, open_catalogue
from dashboard.charts.palette import Palette, read_palette
from dashboard.corpus import Corpus, find_build, open_corpus
from dashboard.filters import Filters
from data_prep.store import POINTER


@dataclass(frozen=True)
class Session:
    """One reader's view: `t` translates a message, `tn` one with a plural."""

    corpus: Corpus
    filters: Filters
    language: str
    t: Callable[[str], str]
    tn: Callable[[str, str, int], str]
    palette: Palette

    @property
    def separator(self) -> str:
        """What stands between the items of a list."""
        return "、" if self.language == "zh" else ", "

    def say_question(self, *parts: str) -> str:
        """The question in words (phrases, then the filters), for exports and the lines below charts."""
        return " · ".join([*(part for part in parts if part), self.filters.sentence(self.language)])


def open_shown_corpus() -> Corpus:
    """The corpus to be shown. Raises BuildMissing with a sentence that says what to do.

    A build made anew is taken up at the next click; its name is part of what is remembered.
    """
    path = find_build()
    pointer = path / POINTER
    current = pointer.read_text(encoding="utf-8").strip() if pointer.is_file() else ""
    return _open(str(path.resolve()), current)


@st.cache_resource(show_spinner=False, max_entries=2)
def _open(path: str, current: str) -> Corpus:
    corpus = open_corpus(Path(path) / "builds" / current if current else Path(path))
    gc.collect()
    gc.freeze()
    return corpus


def choose_language(asked: str) -> str:
    """The language asked for if there is one, else the browser's, else Chinese."""
    if asked in LANGUAGES:
        return asked
    browser = (st.context.locale or DEFAULT_LANGUAGE).lower()
    return DEFAULT_LANGUAGE if browser.startswith("zh") else "en"


def begin_session(corpus: Corpus, filters: Filters, language: str) -> None:
    """Lay down what `get_session` hands to the page of this run."""
    catalogue = open_catalogue(language)
    st.session_state["session"] = Session(
        corpus, filters, language, catalogue.gettext, catalogue.ngettext, find_palette()
    )


def find_palette() -> Palette:
    """The colours of the theme that the reader's browser shows."""
    return read_palette(st.context.theme.type or "light")


def get_session() -> Session:
    """What the run of a page begins with."""
    session = st.session_state["session"]
    assert isinstance(session, Session)
    return session


def span_days(corpus: Corpus) -> tuple[date, date]:
    """The first and the last day any document may be of, for the calendars."""
    first, last = corpus.days
    first, last = first[~np.isnat(first)], last[~np.isnat(last)]
    if not len(first) or not len(last):
        return date(2018, 1, 1), date(2024, 12, 31)
    return first.min().item(), last.max().item()
