"""The dashboard: navigation, language, shared filters. No computation.

    streamlit run dashboard/app.py
"""

from __future__ import annotations

import sys
from pathlib import Path

# `streamlit run` puts the folder of this file on the path, not the project's root, where the packages lie.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import streamlit as st

from dashboard.catalogue import open_catalogue
from dashboard.components import url
from dashboard.components.session import begin_session, choose_language, open_shown_corpus
from dashboard.components.sidebar import show_filters, show_foot, show_language
from dashboard.components.theme import mend_theme
from dashboard.plain import plain
from data_prep.store import BuildMissing


def name_pages(language: str) -> dict[str, list[st.Page]]:
    """The pages by section, titled in the language; the address of a page is the same in both."""
    t = open_catalogue(language).gettext

    def page(name: str, title: str, default: bool = False) -> st.Page:
        return st.Page(f"app_pages/{name}.py", title=title, url_path=name, default=default)

    return {
        "": [page("overview", t("Overview"), default=True), page("phrases", t("Phrases"))],
        t("Read"): [
            page("document", t("Document")),
            page("side_by_side", t("Side by side")),
            page("concordance", t("Concordance")),
            page("people", t("People")),
        ],
        t("Compare"): [
            page("adoption", t("Adoption")),
            page("keyness", t("Keyness")),
            page("collocates", t("Collocates")),
            page("dispersion", t("Dispersion")),
        ],
        t("Lexicon and coding"): [
            page("discover", t("Discovery")),
            page("lexicon", t("Lexicon")),
            page("coding", t("Coding")),
        ],
    }


# The titles in the bar need the language before the page, and with it the rest of the address, is known.
language = choose_language(url.foresee_parameter("lang"))
page = st.navigation(name_pages(language), position="top")
st.set_page_config(page_title=f"{page.title} · Tifa Atlas 提法", page_icon="📖", layout="wide")
url.read_address(page.url_path)
url.put_parameter("lang", language)
mend_theme()
show_language(language)
try:
    corpus = open_shown_corpus()
except BuildMissing as missing:
    t = open_catalogue(language).gettext
    st.info(t("There is no corpus to show yet. `make run` builds the sample pages first; for other pages see below."))
    st.markdown(plain(missing))
else:
    filters = show_filters(corpus, language, open_catalogue(language).gettext)
    show_foot(corpus, language, open_catalogue(language).gettext)
    begin_session(corpus, filters, language)
    page.run()
url.write_address()
