"""Every page runs, in both languages, on a hand-written build, an empty one and none at all; and says what it should."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.corpus import SPEECH_KINDS, Corpus
from dashboard.queries.people import PRESENCE
from data_prep.schema import LEVELS, PERSON_KINDS, PROVINCES
from data_prep.store import Build

from .conftest import HOSTILE, make_build, small_rows

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


#: What the tables of a build hold for programmes; a reader is told it in words.
CODES = {*LEVELS, *PERSON_KINDS, *SPEECH_KINDS, *PRESENCE, "epidemic", "pinyin_annotation"} - {"other"}


def read_cells(app: AppTest) -> set[str]:
    """Every word that stands alone in a cell of a table that is shown."""
    return {cell for frame in app.dataframe for column in frame.value for cell in frame.value[column] if isinstance(cell, str)}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs(open_page: Open, small_build: Build, page: str, language: str) -> None:
    app = open_page(small_build.path, page, lang=language)
    assert not app.exception
    assert not app.error
    assert app.title, "a page has a title"
    chinese = any("\u4e00" <= c <= "\u9fff" for c in app.sidebar.subheader[0].value)
    assert chinese == (language == "zh")
    if page != "coding":  # a code sheet is shown as it is downloaded
        assert not read_cells(app) & (CODES if chinese else set(PROVINCES)), "tables speak the reader's language"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_runs_on_an_empty_corpus(open_page: Open, empty_corpus: Corpus, page: str) -> None:
    app = open_page(empty_corpus.build.path, page, lang="en")
    assert not app.exception
    assert read_words(app).strip()


@pytest.mark.parametrize("page", PAGES)
def test_nothing_passes_the_filters(open_page: Open, small_build: Build, page: str) -> None:
    app = open_page(small_build.path, page, **{"lang": "en", "q": "动态清零", "from": "1999-01-01", "to": "1999-12-31"})
    assert not app.exception
    assert not app.error
    assert app.info, "a page says why it shows nothing"
    assert not [frame for frame in app.dataframe if frame.value.empty], "an empty grid says nothing, and that in English"
    if page in ("phrases", "dispersion", "document"):
        assert [info.value for info in app.info] == ["No document passes the filters at the left. Widen them to see something."]


@pytest.mark.parametrize("page", PAGES)
def test_a_nonsense_address_is_no_fault(open_page: Open, small_build: Build, page: str) -> None:
    nonsense = {
        "lang": "xx", "province": "火星,", "from": "yesterday", "unit": "<b>", "period": "aeon", "doc": "../../etc",
        "person": "%00", "q": "re:(", "a": "x", "b": "y", "page": "-7", "view": "?", "cell_province": "火星",
        "cell_period": "2022-99", "measure": "love", "find": "re:[", "marks": "all",
    }  # fmt: skip
    app = open_page(small_build.path, page, **nonsense)
    assert not app.exception


def test_a_document_says_each_fact_once(open_page: Open, small_corpus: Corpus, small_build: Build) -> None:
    documents = small_corpus.documents
    doc_id = documents.loc[documents["level"] == "centre", "doc_id"].iloc[0]
    facts = open_page(small_build.path, "document", lang="en", doc=doc_id).caption[0].value.split(" · ")
    assert "centre" in facts and len(facts) == len(set(facts))


def test_what_lies_in_no_period_is_not_called_undated(open_page: Open, small_corpus: Corpus, small_build: Build) -> None:
    """A document of an interval over two months has dates, though it lies in no month."""
    facts = small_corpus.documents.set_index("doc_id").loc["ph-1"]
    assert facts["date_from"] < facts["date_to"]
    app = open_page(small_build.path, lang="en", cell_province=facts["province"] or "-", cell_period="undated")
    heading = next(element.value for element in app.subheader if " · " in element.value)
    assert heading.endswith(" · no period · 1 document")


#: Views of a page beside the one it opens with: whatever can be chosen on it.
VIEWS: list[tuple[str, dict[str, str]]] = [
    ("overview", {"cell_province": "福建", "cell_period": "2022-03"}), ("overview", {"period": "day", "unit": "outlets"}),
    ("phrases", {"more": "lines", "measure": "hits"}), ("phrases", {"more": "change", "by": "outlet"}),
    ("phrases", {"by": "voice", "measure": "rate", "numbers": "voice"}), ("phrases", {"cell_province": "福建", "by": "city"}),
    ("phrases", {"q": "family:四早,re:清.,防控 NEAR/5 疫情", "period": "week", "numbers": "province"}),
    ("people", {"tab": "meetings"}), ("people", {"tab": "together", "pair": "q1,q2"}), ("people", {"tab": "order"}),
    ("people", {"person": "q1"}), ("adoption", {"by": "office"}), ("adoption", {"by": "speaker", "cell_province": "福建"}),
    ("keyness", {"province": "福建", "against": "own", "ref_province": "山西", "items": "ngrams", "length": "2"}),
    ("keyness", {"province": "福建", "items": "phrases", "item": "动态清零"}), ("collocates", {"tab": "network"}),
    ("collocates", {"tab": "difference", "against": "own", "province": "福建", "ref_province": "山西"}),
    ("collocates", {"near": "坚持", "window": "sentence"}), ("dispersion", {"part": "document"}), ("dispersion", {"part": "month"}),
    ("discover", {"least": "2", "least_docs": "1", "shortest": "2"}), ("discover", {"tab": "formulas"}),
    ("lexicon", {"tab": "own"}), ("lexicon", {"seen": "0", "words": "清"}), ("coding", {"tab": "agreement"}), ("coding", {"lines": "3"}),
    ("document", {"doc": "pj-1", "marks": "phrase,person,evidence,repair,speech", "view": "pinyin"}),
    ("document", {"doc": "pa-1", "view": "raw", "marks": "repair"}), ("document", {"find_title": "动态清零"}),
    ("concordance", {"group": "speaker", "group_2": "doc_id", "sort": "1L,office"}), ("concordance", {"below": "places"}),
    ("concordance", {"q": "动态清零 OR 社会面清零", "width": "sentence", "sample": "2"}),
    ("side_by_side", {"a": "pj-1", "b": "pa-1", "pinyin": "1", "script": "printed"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def hostile_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Every text a page may show tries to be more than text; one document is a line of 300,000 characters."""
    rows = {name: [dict(row) for row in table] for name, table in small_rows().items()}
    for document in rows["documents"]:
        document |= {"title": f"{document['title'] or ''}{HOSTILE}", "outlet": HOSTILE[:60], "author": HOSTILE}
    text = "长\n" + "甲" * 150_000 + "动态清零" + "乙" * 150_000
    rows["documents"].append(rows["documents"][0] | {
        "doc_id": "pz-1", "page_id": "pz", "release_id": "pz-1", "text": text, "original": text, "title": "长", "n_chars": 300_005,
    })  # fmt: skip
    for person in rows.get("people", []):
        person |= {"name": HOSTILE[:60], "role": HOSTILE, "offices": [HOSTILE]}
    for speech in rows["speech"]:
        speech["speaker"] = speech["speaker"] and HOSTILE[:60]
    for phrase in rows["phrases"]:
        phrase |= {"gloss_en": HOSTILE, "note": HOSTILE}
    return make_build(tmp_path_factory.mktemp("hostile"), rows)


@pytest.fixture(scope="module")
def single_build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """A corpus of one document."""
    rows = {name: [row for row in table if row.get("doc_id", "pa-1") == "pa-1"] for name, table in small_rows().items() if name != "reuse"}
    return make_build(tmp_path_factory.mktemp("single"), rows)


@pytest.mark.parametrize(("page", "params"), VIEWS, ids=[f"{page}-{number}" for number, (page, _) in enumerate(VIEWS)])
def test_every_view_of_hostile_texts_and_its_address(open_page: Open, hostile_build: Build, page: str, params: dict[str, str]) -> None:
    app = open_page(hostile_build.path, page, **({"lang": "en", "q": "动态清零"} | params))
    assert not app.exception and not app.error
    for kind in ("title", "header", "subheader", "markdown", "caption", "info", "warning"):
        for element in getattr(app, kind):
            for way in ("<script", "![](", "](javascript", "$x$"):
                assert way not in element.value, f"{kind}: {element.value[:80]}"
    address = {name: values[0] if isinstance(values, list) else values for name, values in dict(app.query_params).items()}
    assert address.items() >= params.items(), "the address says what is shown"
    assert page == "coding" or not read_cells(app) & set(PROVINCES)
    elsewhere = open_page(hostile_build.path, page, **address)
    assert read_words(elsewhere) == read_words(app), "and shows it again"


@pytest.mark.parametrize(("page", "params"), VIEWS, ids=[f"{page}-{number}" for number, (page, _) in enumerate(VIEWS)])
def test_every_view_of_a_single_document(open_page: Open, single_build: Build, page: str, params: dict[str, str]) -> None:
    app = open_page(single_build.path, page, **({"lang": "zh", "q": "动态清零"} | params))
    assert not app.exception and not app.error
    assert page == "coding" or not read_cells(app) & CODES
    assert app.title


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


def test_another_person_begins_anew(open_page: Open, small_build: Build) -> None:
    """The office chosen and the page turned to of one person say nothing of the next."""
    app = open_page(small_build.path, "people", lang="en", person="q1", office="福建省省长", page="2")
    next(button for button in app.button if button.label == "All people").click().run()
    assert not app.exception
    assert not {"person", "office", "page"} & set(dict(app.query_params))


def test_turning_the_page_keeps_the_filters(open_page: Open, small_build: Build) -> None:
    app = open_page(small_build.path, lang="en", province="福建")
    app.switch_page("app_pages/people.py")
    app.query_params.clear()
    app.run()
    assert not app.exception
    assert app.query_params["province"] == "福建"
    assert app.query_params["lang"] == "en"


@pytest.mark.parametrize(("params", "column"), [({"tab": "meetings"}, "place"), ({"person": "q-赵龙"}, "role")])
def test_no_code_of_the_tables_is_shown_of_people(open_page: Open, small_build: Build, params: dict[str, str], column: str) -> None:
    """Presence and provinces stand in the reader's language in the tables too."""
    app = open_page(small_build.path, "people", lang="en", **params)
    table = next(frame.value for frame in app.dataframe if column in frame.value and "presence" in frame.value)
    assert set(table["presence"]) <= {"chaired", "spoke", "attended", "only mentioned"}
    assert set(table["province"]) & {"Fujian", "Shanxi"} and not set(table["province"]) & {"福建", "山西"}
    chinese = open_page(small_build.path, "people", lang="zh", **params)
    table = next(frame.value for frame in chinese.dataframe if column in frame.value and "presence" in frame.value)
    assert set(table["presence"]) == {"讲话"}


def test_a_document_says_how_many_are_named(open_page: Open, small_build: Build) -> None:
    named = small_build.read("people", ["doc_id", "person_id"])
    doc_id = named["doc_id"].iloc[0]
    app = open_page(small_build.path, "document", lang="en", doc=doc_id)
    assert f"People ({named.loc[named['doc_id'] == doc_id, 'person_id'].nunique()})" in [heading.value for heading in app.header]
