"""A selection: applied, said, and read from a URL that anybody may have written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.corpus import PERIODS, Corpus
from dashboard.filters import LONGEST_VALUE, MOST_VALUES, Filters
from data_prep.schema import LEVELS, PROVINCES, UNITS


def chosen(corpus: Corpus, **filters: Any) -> list[str]:
    return corpus.documents["doc_id"][Filters(**filters).select(corpus)].tolist()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"provinces": ("福建",)}, ["pa-1", "pb-1", "pc-1"]),
        ({"provinces": ("福建", "山西")}, ["pa-1", "pb-1", "pc-1", "pd-1", "pd-2"]),
        ({"provinces": ("福建",), "levels": ("city",)}, ["pc-1"]),
        ({"levels": ("centre",)}, ["pe-1", "pf-1"]),
        ({"outlets": ("某站",)}, ["pj-1", "pk-1"]),
        ({"outlets": ("没有这家",)}, []),
        ({"date_from": date(2022, 11, 1)}, ["pd-1", "pd-2"]),
        ({"date_to": date(2022, 3, 20)}, ["pe-1", "pg-1"]),
        # All days an article may be of must lie between: pg-1 may be of 10 to 20 March.
        ({"date_from": date(2022, 3, 11), "date_to": date(2022, 3, 25)}, ["pe-1"]),
        ({"date_from": date(2022, 2, 1), "date_to": date(2022, 4, 30), "levels": ("province",), "provinces": ("江苏",)},
         ["pg-1", "ph-1"]),
        # Speakers choose passages, not documents.
        ({"speakers": ("nobody",), "levels": ("city",)}, ["pc-1"]),
    ],
)  # fmt: skip
def test_selections(small_corpus: Corpus, filters: dict[str, Any], expected: list[str]) -> None:
    assert chosen(small_corpus, **filters) == expected


def test_no_filter_admits_everything_and_an_empty_corpus_nothing(small_corpus: Corpus, empty_corpus: Corpus) -> None:
    assert Filters().select(small_corpus).all()
    assert Filters(provinces=("福建",), date_from=date(2022, 1, 1)).select(empty_corpus).shape == (0,)


@pytest.mark.parametrize(
    ("filters", "zh", "en"),
    [
        (Filters(), "全部文档；按稿件计（同一稿件只计一次）；按月。",
         "All documents; counted by release (each once, however many copies); by month."),
        (Filters(provinces=("福建", "山西"), levels=("centre", "city"), unit="copies", period="week"),
         "省份为福建、山西；层级为中央、市级；按刊载份数计；按周。",
         "Province 福建 or 山西; level centre or city; counted by copy; by week."),
        (Filters(speakers=("leader", "尹力"), date_from=date(2022, 3, 1), date_to=date(2022, 3, 31), unit="outlets"),
         "只计其所言：领导人、尹力；日期在 2022-03-01 至 2022-03-31 之间；按媒体计；按月。",
         "Only what is voiced by a leader or 尹力; dated 2022-03-01 to 2022-03-31; counted by outlet; by month."),
        (Filters(speakers=("office:省长", "paper"), unit="copies"), "只计其所言：任省长者、报道本身；按刊载份数计；按月。",
         "Only what is voiced by whoever is 省长 or the paper itself; counted by copy; by month."),
        (Filters(date_to=date(2022, 3, 31), outlets=("东南网",), period="year"),
         "媒体为东南网；日期不晚于 2022-03-31；按稿件计（同一稿件只计一次）；按年。",
         "Outlet 东南网; dated 2022-03-31 or earlier; counted by release (each once, however many copies); by year."),
    ],
)  # fmt: skip
def test_sentences(filters: Filters, zh: str, en: str) -> None:
    assert filters.sentence("zh") == zh
    assert filters.sentence("en") == en


NAMES = st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=LONGEST_VALUE)
SELECTIONS = st.builds(
    Filters,
    provinces=st.lists(st.sampled_from(PROVINCES), unique=True, max_size=4).map(tuple),
    levels=st.lists(st.sampled_from(LEVELS), unique=True, max_size=3).map(tuple),
    outlets=st.lists(NAMES, unique=True, max_size=3).map(tuple),
    speakers=st.lists(NAMES, unique=True, max_size=3).map(tuple),
    date_from=st.none() | st.dates(max_value=date(2019, 12, 31)),
    date_to=st.none() | st.dates(min_value=date(2020, 1, 1)),
    unit=st.sampled_from(UNITS),
    period=st.sampled_from(PERIODS),
)


@given(SELECTIONS)
@settings(max_examples=200, deadline=None)
def test_a_url_says_the_selection_again(filters: Filters) -> None:
    params = filters.to_params()
    assert Filters.from_params(params) == filters and Filters.from_params(params).notes == ()
    assert ("unit" in params) == (filters.unit != "releases")


@given(st.dictionaries(
    st.sampled_from(["province", "level", "outlet", "speaker", "from", "to", "unit", "period", "else"]),
    st.text() | st.none() | st.integers() | st.lists(st.text(), max_size=3),
))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_garbage_never_raises(small_corpus: Corpus, params: dict[str, Any]) -> None:
    filters = Filters.from_params(params)
    filters.select(small_corpus)
    assert filters.sentence("zh") and filters.sentence("en")
    assert all(note.isprintable() and len(note) < 200 for note in filters.notes)
    assert Filters.from_params(filters.to_params()) == filters


@pytest.mark.parametrize(
    ("params", "expected", "notes"),
    [
        ({"province": "福建,,福建, 山西 "}, Filters(provinces=("福建", "山西")), 0),
        ({"province": "火星"}, Filters(), 1),
        ({"level": "galaxy,centre"}, Filters(levels=("centre",)), 1),
        ({"from": "2022-13-01"}, Filters(), 1),
        ({"from": "2022-03-02", "to": "2022-03-01"}, Filters(), 1),
        ({"unit": "kilograms", "period": "decade"}, Filters(), 2),
        ({"outlet": "a\u202eb"}, Filters(), 1),
        ({"outlet": "x" * (LONGEST_VALUE + 1)}, Filters(), 1),
        ({"outlet": "一%2C二,三"}, Filters(outlets=("一,二", "三")), 0),
        ({"outlet": "100%"}, Filters(outlets=("100%",)), 0),
        ({"outlet": ",".join(f"o{n}" for n in range(MOST_VALUES + 5))},
         Filters(outlets=tuple(f"o{n}" for n in range(MOST_VALUES))), 1),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_dropped_and_noted(params: dict[str, str], expected: Filters, notes: int) -> None:
    filters = Filters.from_params(params)
    assert filters == expected and len(filters.notes) == notes
