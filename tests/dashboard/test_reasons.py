"""Why a document is dated and placed so: every reason with its words, what contradicts it marked, the place in the text right."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from dashboard.catalogue import open_catalogue
from dashboard.components.opened import say_date
from dashboard.components.reading import say_value
from dashboard.components.reasons import MOST_MENTIONS, list_persons, list_reasons
from dashboard.corpus import Corpus
from dashboard.queries.documents import DocumentReading, read_document

EVIDENCE = ["field", "value", "rule", "begin", "end", "surface", "weight"]


def speak(language: str) -> Any:
    catalogue = open_catalogue(language)
    separator = "、" if language == "zh" else ", "
    return SimpleNamespace(t=catalogue.gettext, tn=catalogue.ngettext, language=language, separator=separator)


@pytest.fixture
def reading(small_corpus: Corpus) -> DocumentReading:
    return read_document(small_corpus, "pa-1")


def put_evidence(reading: DocumentReading, rows: list[tuple[Any, ...]]) -> DocumentReading:
    return replace(reading, evidence=pd.DataFrame(rows, columns=EVIDENCE))


def test_reasons_stand_with_what_they_speak_for(reading: DocumentReading) -> None:
    text = reading.text
    begin = text.index("动态")
    given = put_evidence(reading, [
        ("event_date", "2022-03-16/2022-04-05 2022-03-17/2022-04-06", "neighbour", None, None, "2022-03-26", 0.7),
        ("event_date", "2022-03-29", "day_word", begin, begin + 2, text[begin : begin + 2], 0.95),
        ("event_date", "2023-09-04", "furniture", None, None, "更新时间", -0.75),
        ("event_date", "2022-03-29", "day_word", 0, len(text) + 5, "outside", 0.1),
    ])  # fmt: skip
    days = list_reasons(speak("zh"), given)[0]
    assert (days["name"], days["value"]) == ("事件日期", "2022-03-29")
    assert [row["weight"] for row in days["rows"]] == ["0.95", "0.75", "0.70", "0.10"], "the strongest first, either way"
    assert [row["against"] for row in days["rows"]] == [False, True, False, False]
    assert days["rows"][0]["at"] == f"{begin}-{begin + 2}" and days["rows"][0]["quote"] == "动态"
    assert not any(row["at"] for row in days["rows"][1:]), "what is outside the text, or beyond its end, cannot be shown in it"
    assert days["rows"][2]["words"].startswith("2022-03-16 – 2022-04-05 或 2022-03-17 – 2022-04-06 · ")


def test_every_province_is_named_and_the_main_one_first(reading: DocumentReading) -> None:
    def say(language: str, main: str | None, names: list[str]) -> str:
        facts = reading.facts.copy()
        facts["province"], facts["provinces"] = main, names
        found = [group["value"] for group in list_reasons(speak(language), replace(reading, facts=facts)) if group["name"] in ("省份", "province")]
        return found[0] if found else ""

    assert say("zh", "福建", ["福建"]) == "福建"
    assert say("zh", "福建", ["福建", "广东"]) == "福建；另涉及广东"
    assert say("en", None, ["江苏", "浙江"]) == "none is the main one; about Jiangsu, Zhejiang"
    assert say("en", None, []) == "", "nothing is said of what is unknown and has no evidence"


def test_persons_stand_with_the_words_that_name_them(small_corpus: Corpus) -> None:
    for doc_id in ("pa-1", "pc-1", "pd-1"):
        reading = read_document(small_corpus, doc_id)
        groups = list_persons(speak("en"), reading)
        assert {group["target"] for group in groups} == {f"person:{person}" for person in reading.people["person_id"]}
        for group in groups:
            assert group["shown"] == MOST_MENTIONS
            for row in group["rows"]:
                begin, end = map(int, row["at"].split("-"))
                assert reading.text[begin:end] == group["name"]
                assert group["name"] in row["quote"] and "\n" not in row["quote"]


@pytest.mark.parametrize(
    ("first", "last", "chinese", "english"),
    [
        ("2022-03-23", "2022-03-28", "2022-03-23 至 2022-03-28 之间", "between 2022-03-23 and 2022-03-28"),
        ("2022-03-23", None, "2022-03-23 起", "from 2022-03-23"), (None, "2022-03-28", "至 2022-03-28", "until 2022-03-28"),
        (None, None, "无日期", "undated"),
    ],
)  # fmt: skip
def test_an_interval_is_no_duration(first: str | None, last: str | None, chinese: str, english: str) -> None:
    row = SimpleNamespace(event_date=pd.NaT, date_from=pd.Timestamp(first), date_to=pd.Timestamp(last))
    assert (say_date(speak("zh"), row), say_date(speak("en"), row)) == (chinese, english)
    assert say_value(speak("en"), "event_date", "2022-03-29") == "2022-03-29"
