"""Every page runs, in both languages, on a hand-written build, an empty one and none at all; and says what it should."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.corpus import Corpus
from data_prep.store import Build

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
PAGES = sorted(path.stem for path in (DASHBOARD / "app_pages").glob("[a-z]*.py"))
PATIENCE = 30  # seconds a page may take on a slow machine before it counts as hanging

Open = Callable[..., AppTest]


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """A function that runs a page of the app on a build, with the parameters of an address."""

    def run(build: Path, page: str = "overview", /, **params: str) -> AppTest:
        monkeypatch.setenv("TIFA_BUILD", str(build))
        app = AppTest.from_file(str(DASHBOARD / "app.py"), default_timeout=PATIENCE)
        for name, value in params.items():
            app.query_params[name] = value
        if page != "overview":
            # The first run tells AppTest the pages there are.
            app.run()
            app.switch_page(f"app_pages/{page}.py")
            for name, value in params.items():
                app.query_params[name] = value
        return app.run()

    yield run


def read_words(app: AppTest) -> str:
    """All that a page says in Streamlit's own elements."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "warning", "error")
    return "\n".join(element.value for kind in kinds for element in getattr(app, kind))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs(open_page: Open, small_build: Build, page: str, language: str) -> None:
    app = open_page(small_build.path, page, lang=language)
    assert not app.exception
    assert not app.error
    assert app.title, "a page has a title"
    chinese = any("\u4e00" <= c <= "\u9fff" for c in app.sidebar.subheader[0].value)
    assert chinese == (language == "zh")


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_on_an_empty_corpus(open_page: Open, empty_corpus: Corpus, page: str) -> None:
    app = open_page(empty_corpus.build.path, page, lang="en")
    assert not app.exception
    assert read_words(app).strip()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_passes_the_filters(open_page: Open, small_build: Build, page: str) -> None:
    app = open_page(small_build.path, page, **{"lang": "en", "from": "1999-01-01", "to": "1999-12-31"})
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_nonsense_address_is_no_fault(open_page: Open, small_build: Build, page: str) -> None:
    nonsense = {
        "lang": "xx", "province": "火星,", "from": "yesterday", "unit": "<b>", "period": "aeon", "doc": "../../etc",
        "person": "%00", "q": "re:(", "a": "x", "b": "y", "page": "-7", "view": "?", "cell_province": "火星",
        "cell_period": "2022-99", "measure": "love", "find": "re:[", "marks": "all",
    }  # fmt: skip
    app = open_page(small_build.path, page, **nonsense)
    assert not app.exception


def test_no_build_says_what_to_do(open_page: Open, tmp_path: Path) -> None:
    app = open_page(tmp_path / "nowhere", lang="en")
    assert not app.exception
    assert "make run" in app.info[0].value
    assert "data&#95;prep build" in read_words(app)


def test_a_new_build_is_taken_up(open_page: Open, small_build: Build, tmp_path: Path) -> None:
    out = tmp_path / "build"
    shutil.copytree(small_build.path, out / "builds" / small_build.path.name)
    (out / "CURRENT").write_text(small_build.path.name + "\n")
    app = open_page(out, lang="en")
    assert small_build.path.name in read_words(app)


def test_phrases_say_how_they_were_counted(open_page: Open, small_build: Build) -> None:
    app = open_page(small_build.path, "phrases", lang="en", q="动态清零")
    words = read_words(app)
    assert "95% Wilson" in words
    table = next(frame.value for frame in app.dataframe if "share" in frame.value)
    march = table[table["period"] == "2022-03"].iloc[0]
    # Under releases: pa-1 with its copy pb-1, pc-1, pe-1, pg-1; of these all but pc-1 hold the phrase.
    assert (march["n_with"], march["n_units"]) == (3, 4)
    assert march["low"] < march["share"] < march["high"]


def test_a_cell_opens_to_its_documents(open_page: Open, small_build: Build) -> None:
    app = open_page(small_build.path, "phrases", lang="en", q="社会面清零", cell_province="福建")
    assert any("Fujian" in heading.value for heading in app.subheader)
    assert any("hold the phrase" in caption.value and caption.value.startswith("2 of 2") for caption in app.caption)


def test_hostile_text_is_only_text(open_page: Open, small_build: Build) -> None:
    """The title and the body of pj-1 try everything; nothing of it may reach a place that reads marks."""
    for page in PAGES:
        app = open_page(small_build.path, page, lang="zh", doc="pj-1", a="pj-1", b="pa-1", q="evil.example")
        assert not app.exception
        for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning"):
            for element in getattr(app, kind):
                assert "<script" not in element.value
                assert "![](" not in element.value
                assert "](javascript" not in element.value


def test_the_address_restores_the_view(open_page: Open, small_build: Build) -> None:
    app = open_page(small_build.path, "phrases", lang="zh", q="四早", province="福建", unit="copies", period="year")
    again = dict(app.query_params)
    assert again["q"] == "四早"
    assert (again["province"], again["unit"], again["period"], again["lang"]) == ("福建", "copies", "year", "zh")
    assert again["measure"] == "share", "a value that is the default is in the address too"
    other = open_page(small_build.path, "phrases", **again)
    assert read_words(other) == read_words(app)


def test_turning_the_page_keeps_the_filters(open_page: Open, small_build: Build) -> None:
    app = open_page(small_build.path, lang="en", province="福建")
    app.switch_page("app_pages/people.py")
    app.query_params.clear()
    app.run()
    assert not app.exception
    assert app.query_params["province"] == "福建"
    assert app.query_params["lang"] == "en"
