"""The side bar: language, the filters that hold on every page, and the link to what is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard.catalogue import LANGUAGES
from dashboard.components import url
from dashboard.components.faults import say_fault
from dashboard.components.frame_words import list_frame_words
from dashboard.components.session import span_days
from dashboard.components.speakers import list_speakers, say_speaker
from dashboard.corpus import PERIODS, Corpus
from dashboard.filters import Filters
from dashboard.names import name_province
from dashboard.plain import plain
from data_prep.schema import LEVELS, PROVINCES, UNITS

_HERE = Path(__file__).parent
_frame = st.components.v2.component(
    "tifa_page_frame",
    html="<button type='button' hidden></button>",
    css=(_HERE / "page_frame.css").read_text(encoding="utf-8"),
    js="\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in ("page_frame", "frame_words")),
)


def show_language(language: str) -> None:
    """The switch between the languages. A choice is taken before the next run, so that the titles follow it."""
    key = url.key_of("lang")

    def take() -> None:
        url.put_parameter("lang", st.session_state[key] or language)
        url.reset_widgets()  # labels are part of what a widget is; with new ones it would forget its value

    st.sidebar.segmented_control(
        "语言 Language", list(LANGUAGES), default=url.hold_first("lang", language), required=True,
        format_func=LANGUAGES.__getitem__, key=key, on_change=take,
    )  # fmt: skip


def show_filters(corpus: Corpus, language: str, t: Callable[[str], str]) -> Filters:
    """The shared filters as widgets; returns what they say."""
    levels = {
        "centre": t("centre"), "province": t("province level"), "city": t("city level"), "county": t("county level"),
    }  # fmt: skip
    units = {"releases": t("releases"), "copies": t("copies"), "outlets": t("outlets")}
    periods = {
        "day": t("day"), "week": t("week"), "month": t("month"), "quarter": t("quarter"), "year": t("year"),
    }  # fmt: skip
    present = set(corpus.codes("province")[1])
    least, most = span_days(corpus)
    with st.sidebar:
        st.subheader(t("Which documents"))
        url.choose_many(
            "province", t("Province"), [name for name in PROVINCES if name in present],
            lambda name: name_province(name, language), placeholder=t("all"),
        )  # fmt: skip
        url.choose_day("from", t("From"), least, most)
        url.choose_day("to", t("To"), least, most)
        held = set(corpus.codes("level")[1])
        url.choose_many(
            "level", t("Level"), [level for level in LEVELS if level in held], levels.__getitem__, placeholder=t("all")
        )
        url.choose_many("outlet", t("Outlet"), corpus.codes("outlet")[1], placeholder=t("all"))
        url.choose_many(
            "speaker", t("In whose mouth"), list_speakers(corpus), lambda code: say_speaker(code, t),
            placeholder=t("anybody"), accept_new_options=True,
            help=t("Counts only passages voiced so: by a leader, by a meeting, by the paper itself, or by the persons named."),
        )  # fmt: skip
        st.subheader(t("How they are counted"))
        url.choose_one(
            "unit", t("Unit"), UNITS, units.__getitem__,
            help=t("A release reprinted in five papers is one release and five copies."),
        )  # fmt: skip
        url.choose_one("period", t("Period"), PERIODS, periods.__getitem__, default="month", style="box")
    filters = Filters.from_params({name: url.get_parameter(name) for name in url.SHARED})
    if filters.notes:
        st.sidebar.warning("  \n".join(say_fault(t, note) for note in filters.notes))
    return filters


def show_foot(corpus: Corpus, language: str, t: Callable[[str], str]) -> None:
    """The link to what is shown, and which build it is."""
    with st.sidebar:
        _frame(
            key="page_frame",
            data={
                "lang": "zh-CN" if language == "zh" else "en",
                "words": list_frame_words(t),
                "unfinished": {"mark": url.UNFINISHED, "sign": "unit"},
                "label": t("Copy link to this view"),
                "done": t("Copied"),
            },
        )
        st.caption(f"Tifa Atlas {plain(corpus.version)} · {t('build')} {plain(corpus.fingerprint)}")
