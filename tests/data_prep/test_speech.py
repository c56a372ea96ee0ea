"""Who voices a passage: spans tile the body and change hands where the next speaker begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.lexicons import read_lexicon
from data_prep.people import find_mentions
from data_prep.schema import Mention, Speech
from data_prep.speech import find_speech
from data_prep.speech.verbs import find_verbs
from tests.eval import evaluate_speech

CASES = json.loads((Path(__file__).parents[1] / "cases" / "speech.json").read_text(encoding="utf-8"))


def speak(case: dict[str, Any]) -> list[list[str]]:
    lead = case.get("mentions_from", "")
    text = lead + ("\n" if lead else "") + case["text"]
    begin = len(text) - len(case["text"])
    spans = find_speech(text, find_mentions(text), begin)
    return [[s.speaker, s.kind, s.verb, text[s.begin : s.end]] for s in spans]


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["label"])
def test_passages_are_given_to_who_voices_them(case: dict[str, Any]) -> None:
    assert speak(case) == case["expected"], case["reason"]


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["label"])
def test_known_failures_are_still_failures(case: dict[str, Any]) -> None:
    """Strict: whoever mends one moves it to the cases above."""
    assert speak(case) != case["expected"], case["reason"]


def tiles(spans: list[Speech], begin: int, end: int) -> bool:
    bounds = [begin, *(s.end for s in spans)]
    return [s.begin for s in spans] == bounds[:-1] and bounds[-1] == end and all(s.begin < s.end for s in spans)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="尹力赵龙省长会议他要说强调指出主持,。;、:“”\n", max_size=80), st.integers(0, 80))
def test_spans_tile_the_body_whatever_it_holds(text: str, body_begin: int) -> None:
    mentions = find_mentions(text)
    spans = find_speech(text, mentions, body_begin)
    assert spans == [] if body_begin >= len(text) else tiles(spans, body_begin, len(text))
    assert all((s.kind == "paper") == (s.speaker == "") for s in spans)


def lead(name: str, text: str, kind: str = "official") -> Mention:
    return Mention(name, "", kind, "mentioned", text.index(name), text.index(name) + len(name))


def test_he_is_whom_the_paper_last_named_however_long_ago() -> None:
    """Paragraphs in which nobody speaks are passed over, the people they name are not."""
    text = "标题钱一\n赵龙来到晋江。村民李四在场。\n\n那里风很大。\n他说，要抓好落实。"
    body = text.index("赵龙")
    he = [lead("钱一", text), lead("赵龙", text), lead("李四", text, "other")]
    assert [(s.speaker, s.kind) for s in find_speech(text, he, body)] == [("", "paper"), ("李四", "other")]
    urging = text.replace("他说", "他强调")
    assert [s.speaker for s in find_speech(urging, he, body)] == ["", "赵龙"]  # what he urges is no villager's
    assert [s.speaker for s in find_speech(text, he[:1], body)] == [""]  # nobody of the headline


def test_a_sentence_of_the_paper_is_about_its_first_leader() -> None:
    text = "王五陪同赵龙、尹力走访李四。\n天气晴好。\n他指出，要抓好落实。"
    named = [lead("王五", text, "other"), lead("赵龙", text), lead("尹力", text), lead("李四", text, "other")]
    assert find_speech(text, named)[-1].speaker == "赵龙"


def test_verbs_are_found_in_each_form_and_only_in_the_body() -> None:
    text = "他说，要。\n她叮嘱当地干部，尹力再强调，会议要求各地抓落实，强调要防。多次强调，再指出，作具体要求，他说着走了。"
    found = [(verb.verb, verb.form) for verb in find_verbs(text, 6)]
    assert found == [("叮嘱", "addressed"), ("要求", "marked"), ("强调", "bare"), ("强调", "marked")]


def test_a_page_that_is_one_sentence_of_verbs_costs_no_more_than_its_length() -> None:
    """At the square of its length this would not end."""
    text = "他说认识" * 50_000
    named = [Mention("李强", "省长", "official", "spoke", at, at + 2) for at in range(0, len(text) - 2, 40)]
    assert tiles(find_speech(text, named), 0, len(text))


def test_no_body_no_speech() -> None:
    assert find_speech("标题", [], 2) == []


def test_mentions_outside_the_article_and_journalists_do_not_speak() -> None:
    text = "记者周琳说,要抓好落实。"
    mentions = [Mention("周琳", "记者", "journalist", "mentioned", 2, 4), Mention("赵睿", "责任编辑", "journalist", "mentioned", None, None)]
    assert [s.kind for s in find_speech(text, mentions)] == ["paper"]


def test_verbs_of_speech_are_told_apart_from_delivery() -> None:
    verbs = read_lexicon("speech_verbs")
    assert verbs["verb"].is_unique and set(verbs["kind"]) == {"speech", "delivery"}


def test_the_annotated_texts_are_voiced_no_worse_than_before() -> None:
    """The invented pages always, the annotated items of ../shared where it is there."""
    baseline = json.loads(evaluate_speech.BASELINE.read_text(encoding="utf-8"))
    for part, score in evaluate_speech.run().items():
        for name, rate in score.rates().items():
            assert rate >= baseline[part][name] - evaluate_speech.TOLERANCE, (part, name)
