"""Who is named, with which office, doing what; offices in full; who is the same person."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.lexicons import read_lexicon
from data_prep.people import evidence, find_mentions, identify_people, marks, name_offices
from data_prep.people.bare import find_neighbours, list_candidates
from data_prep.people.names import cost_name, cost_word, load_known_names, load_surnames
from data_prep.people.preparation import prepare_readings
from data_prep.schema import PERSON_KINDS
from tests.eval import evaluate_people

CASES = json.loads((Path(__file__).parents[1] / "cases" / "people.json").read_text(encoding="utf-8"))


def told(text: str) -> list[list[str]]:
    return [[m.name, m.role, m.kind, m.presence] for m in find_mentions(text)]


@pytest.mark.parametrize("case", CASES["mentions"], ids=lambda case: case["label"])
def test_persons_are_told_with_office_kind_and_presence(case: dict[str, Any]) -> None:
    assert told(case["text"]) == case["expected"], case["reason"]


@pytest.mark.parametrize("case", CASES["negatives"], ids=lambda case: case["label"])
def test_what_is_no_person_is_not_told(case: dict[str, Any]) -> None:
    assert told(case["text"]) == [], case["reason"]


@pytest.mark.parametrize("case", CASES["known_failures"], ids=lambda case: case["label"])
def test_known_failures_are_still_failures(case: dict[str, Any]) -> None:
    """Strict: whoever mends one moves it to the cases above."""
    assert told(case["text"]) != case["expected"], case["reason"]


@pytest.mark.parametrize("case", CASES["offices"], ids=lambda case: f"{case['role']} {case['place']}")
def test_offices_are_written_out_by_place(case: dict[str, Any]) -> None:
    assert name_offices(case["role"], *case["place"]) == case["expected"]


def test_offsets_cover_the_name_and_stand_in_order() -> None:
    for case in CASES["mentions"]:
        found = find_mentions(case["text"])
        for mention in found:
            assert case["text"][mention.begin : mention.end].replace(" ", "") == mention.name
        assert [m.begin for m in found] == sorted(m.begin for m in found)
        assert all(a.end <= b.begin for a, b in pairwise(found))


def test_an_editor_in_the_furniture_is_a_journalist_outside_the_article() -> None:
    mentions = find_mentions("省长赵龙主持。", 0, [("editor", "责任编辑:赵睿"), ("headlines", "排查封堵 山西持续严打盗采行为")])
    assert [(m.name, m.kind, m.begin, m.end) for m in mentions if m.begin is None] == [("赵睿", "journalist", None, None)]


def test_a_mention_without_office_has_the_kind_of_the_one_with() -> None:
    mentions = find_mentions("省长赵小龙主持会议。赵小龙说,要抓好落实。记者李小明报道。李小明摄。")
    assert {m.kind for m in mentions if m.name == "赵小龙"} == {"official"}
    assert {m.kind for m in mentions if m.name == "李小明"} == {"journalist"}


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="省市长委书记领导王张李赵龙强调主持参加会议、,。·(记者)某同志的 \n:A1😀", max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    for mention in find_mentions(text):
        assert mention.begin is not None and mention.end is not None
        assert 0 <= mention.begin < mention.end <= len(text)
        assert mention.kind in PERSON_KINDS and mention.name.strip()


def test_a_long_text_without_breaks_is_read() -> None:
    assert len(find_mentions("省长赵龙主持会议" * 5000)) == 5000


# --- Lexicons --------------------------------------------------------------------------


def test_lexicons_of_names_and_offices_are_sound() -> None:
    offices = read_lexicon("offices")
    assert offices["office"].is_unique and len(offices) > 900
    assert set(offices["kind"]) <= {"official", "other", "journalist", "label", "none"}
    assert set(offices["shared"]) <= {"yes", ""} and set(offices["after"]) <= {"yes", "only", ""}
    surnames = read_lexicon("surnames")
    assert surnames["surname"].is_unique and {"single", "compound"} <= set(surnames["kind"])
    for surname in "习 戴 丘 欧阳 诸葛 司马 上官".split():
        assert surname in load_surnames()
    given = read_lexicon("given_names")
    assert given["char"].is_unique and (given["char"].str.len() == 1).all()
    not_names = set(read_lexicon("not_names")["beginning"])
    assert not [name for name in load_known_names() if name[:2] in not_names]


def test_every_holder_of_an_office_is_found_beside_the_office() -> None:
    missed = []
    for name in sorted(set(read_lexicon("holders")["name"])):
        text = f"会上,省委书记{name}强调,要抓好落实。"
        if [m.name for m in find_mentions(text) if m.role == "省委书记"] != [name]:
            missed.append(name)
    assert missed == []


def test_a_common_name_costs_less_than_a_rare_one() -> None:
    assert cost_name("王伟") < cost_name("王耄") < cost_name("的伟")


# --- Identity --------------------------------------------------------------------------


def identities(*mentions: tuple[Any, ...]) -> list[str]:
    """person_id of mentions (name, role, kind, province, city, day), each in a document of its own."""
    people = pd.DataFrame(
        [
            {"doc_id": f"d{k}", "name": name, "role": role, "kind": kind, "offices": name_offices(role, province, city)}
            for k, (name, role, kind, province, city, _day) in enumerate(mentions)
        ]
    )
    documents = pd.DataFrame(
        [
            {"doc_id": f"d{k}", "province": province, "city": city, "date_from": day, "date_to": day}
            for k, (_n, _r, _k, province, city, day) in enumerate(mentions)
        ]
    )
    ids = identify_people(people, documents)
    shuffled = people.sample(frac=1, random_state=7)
    assert identify_people(shuffled, documents.iloc[::-1]).sort_index().tolist() == ids.tolist()
    return ids.tolist()


def test_a_career_across_provinces_is_one_person() -> None:
    ids = identities(
        ("尹力", "省长", "official", "四川", None, date(2019, 5, 1)),
        ("尹力", "省委书记", "official", "福建", None, date(2022, 3, 29)),
        ("尹力", "", "official", "福建", None, date(2022, 3, 27)),
        ("尹力", "市委书记", "official", "北京", None, date(2023, 5, 1)),
    )
    assert len(set(ids)) == 1


def test_namesakes_stay_apart() -> None:
    ids = identities(
        ("赵龙", "省长", "official", "福建", None, date(2022, 3, 29)),
        ("赵龙", "县长", "official", "山西", None, date(2022, 4, 1)),
        ("赵龙", "记者", "journalist", "福建", None, date(2022, 3, 29)),
    )
    assert len(set(ids)) == 3


def test_a_public_figure_without_an_office_is_one_person_everywhere() -> None:
    ids = identities(
        ("孙政才", "", "other", "重庆", None, date(2018, 1, 20)),
        ("孙政才", "", "other", "吉林", None, date(2018, 1, 24)),
        ("马克思", "", "other", "广东", None, date(2018, 1, 24)),
    )
    assert ids[0] == ids[1] != ids[2]


def test_a_governor_is_not_the_bearer_of_an_organ_elsewhere() -> None:
    ids = identities(
        ("王宁", "省长", "official", "福建", None, date(2021, 2, 1)),
        ("王宁", "宪法和法律委员会副主任委员", "official", None, None, date(2021, 2, 3)),
        ("韩正", "市委书记", "official", "上海", None, date(2017, 2, 3)),
        ("韩正", "碳达峰碳中和工作领导小组组长", "official", None, None, date(2021, 2, 3)),
    )
    assert ids[0] != ids[1] and ids[2] == ids[3]


def test_a_holder_at_the_wrong_time_or_place_is_somebody_else() -> None:
    ids = identities(
        ("王宁", "省委书记", "official", "云南", None, date(2022, 5, 1)),
        ("王宁", "市长", "official", "江西", "赣州", date(2022, 5, 1)),
    )
    assert len(set(ids)) == 2


def test_a_mention_without_office_joins_the_one_of_its_document_and_place() -> None:
    people = pd.DataFrame({
        "doc_id": ["d0", "d0", "d1"], "name": ["周小斌"] * 3, "role": ["市长", "", ""], "kind": ["official"] * 3,
        "offices": [["盐城市市长"], [], []],
    })
    documents = pd.DataFrame({
        "doc_id": ["d0", "d1"], "province": ["江苏"] * 2, "city": ["盐城"] * 2, "date_from": [date(2022, 3, 17)] * 2, "date_to": [None] * 2,
    })
    assert identify_people(people, documents).nunique() == 1


def test_no_people_give_no_ids() -> None:
    people = pd.DataFrame({c: [] for c in ("doc_id", "name", "role", "kind", "offices")})
    assert identify_people(people, pd.DataFrame({"doc_id": []})).empty


# --- Against annotated news --------------------------------------------------------------


@pytest.mark.skipif(not (evaluate_people.SHARED / "ner").is_dir(), reason="../shared/ner is not here")
@pytest.mark.parametrize("part", ["development", "held_out"])
def test_scores_on_annotated_news_have_not_fallen(part: str) -> None:
    development, held_out = evaluate_people.split_held_out()
    scores = evaluate_people.score({"development": development, "held_out": held_out}[part])
    pinned = json.loads(evaluate_people.BASELINE.read_text(encoding="utf-8"))[part]
    assert evaluate_people.compare(scores, pinned) == []


@pytest.mark.skipif(not (evaluate_people.SHARED / "corpora" / "work_reports").is_dir(), reason="../shared/corpora is not here")
def test_work_reports_name_hardly_anybody() -> None:
    pinned = json.loads(evaluate_people.BASELINE.read_text(encoding="utf-8"))["reports"]
    assert evaluate_people.compare(evaluate_people.score_reports(), pinned) == []


def test_a_name_kept_back_is_one_person_in_one_document_only() -> None:
    people = pd.DataFrame(
        [{"doc_id": doc, "name": "王某", "role": "", "offices": [], "kind": "other"} for doc in ("a", "a", "b")]
    )
    day = date(2022, 3, 29)
    documents = pd.DataFrame(
        [{"doc_id": doc, "province": "河南", "city": None, "date_from": day, "date_to": day} for doc in ("a", "b")]
    )
    first, second, other = identify_people(people, documents)
    assert first == second != other


def test_evidence_adds_up_to_what_decides() -> None:
    for case in CASES["mentions"]:
        (reading,) = prepare_readings([case["text"]])
        candidates = list(list_candidates(reading, set()))
        near = find_neighbours([], candidates)
        for candidate in candidates:
            named = evidence.list_evidence(reading, *candidate, near)
            weight = sum(evidence.load_evidence().get(each, 0.0) for each in named)
            assert weight == pytest.approx(evidence.weigh_evidence(reading, *candidate, near)), candidate


def test_costs_of_words_are_the_same_one_by_one_and_at_once() -> None:
    (reading,) = prepare_readings(["".join(case["text"] for case in CASES["mentions"]) + "😀龘𠮷"])
    assert np.diff(reading.sums) == pytest.approx([cost_word(token) for token in reading.tokens], abs=1e-3)


@pytest.mark.parametrize("name", ["name_evidence", "listed_names", "figures", "clubs_firms", "word_costs", "surnames", "offices"])
def test_lexicons_hold_each_entry_once(name: str) -> None:
    first = read_lexicon(name).iloc[:, 0]
    assert first[first.duplicated()].tolist() == []


@pytest.mark.parametrize(("patterns", "beginnings"), [
    ((marks.SAYS,), marks.SAYS_BEGINNINGS),
    ((marks.NAMESAKE, marks.PLACE_BEHIND), marks.THING_BEGINNINGS),
    ((marks.RUNS_ON,), marks.RUNNERS),
])
def test_a_pattern_is_only_passed_over_where_it_cannot_match(patterns: tuple[re.Pattern[str], ...], beginnings: frozenset[str]) -> None:
    """Whatever a pattern can match begins with a character of the set that is asked first."""
    parts = {part for pattern in patterns for part in re.split(r"[\\()|\[\]?*+{}]+", pattern.pattern)}
    texts = sorted({part + more for part in parts for more in ("", "。", "的思想", "记者说，", "中心")} | {"".join(parts)})
    found = {text[k] for text in texts for k in range(len(text)) if any(pattern.match(text, k) for pattern in patterns)}
    assert found and found <= beginnings
