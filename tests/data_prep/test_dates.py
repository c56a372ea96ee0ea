"""Dates: cases with a reason, invariants that hold for any text, and the evaluation on a bounded sample."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import daachorse
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep.dates import ArticleFacts, counts, date_articles, date_from_copies, date_pages, sessions, years
from data_prep.dates.days import find_days, find_event_days, read_number
from data_prep.dates.outside import read_dateline, read_publication
from data_prep.dates.spans import Span, choose_days, lay_over
from data_prep.dates.words import find_time_words
from data_prep.lexicons import read_lexicon
from data_prep.lexicons.tenures import widen_date
from data_prep.phrases import load_lexicon
from data_prep.schema import TABLES, Article, Mention, PageContext, Placing
from tests.eval import evaluate_dates_places as evaluation

CASES = json.loads((Path(__file__).parents[1] / "cases" / "dates.json").read_text(encoding="utf-8"))


def make_facts(case: dict) -> ArticleFacts:
    text = case["text"]
    mentions = []
    for name, role, presence in case["mentions"]:
        begin = text.find(name)
        mentions.append(Mention(name, role, "official", presence, begin, begin + len(name)))
    province, level = case["province"], case["level"]
    placing = Placing(level, province, (province,) if province else (), None, None, None, ())
    return ArticleFacts(Article(text, text, "", 0, ()), mentions, load_lexicon().find_hits(text), placing)


def make_page(case: dict) -> tuple[list[ArticleFacts], PageContext]:
    context = PageContext(case.get("path", "page.txt"), case.get("metadata", {}))
    return [make_facts(article) for article in case["articles"]], context


def date_case(case: dict) -> list:
    return date_articles(*make_page(case))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case, request):
    if case.get("known_failure"):
        request.applymarker(pytest.mark.xfail(strict=True, reason=case["reason"]))
    for article, dating in zip(case["articles"], date_case(case), strict=True):
        for name in ("event_date", "date_from", "date_to", "published"):
            if name in article:
                found = getattr(dating, name)
                assert (found.isoformat() if found else None) == article[name], f"{name}: {case['reason']}"


def test_pages_dated_together_know_nothing_of_each_other():
    pages = [make_page(case) for case in CASES] + [([], PageContext("empty.txt"))]
    assert date_pages(pages) == [date_articles(*page) for page in pages]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_evidence_stands_where_it_says(case):
    for article, dating in zip(case["articles"], date_case(case), strict=True):
        if dating.event_date or dating.date_from or dating.date_to:
            assert any(row.field == "event_date" and row.weight > 0 for row in dating.evidence)
        for row in dating.evidence:
            assert row.field in ("event_date", "published") and -1 <= row.weight <= 1 and row.weight != 0
            if row.begin is not None:
                assert article["text"][row.begin : row.end] == row.surface


def test_contradiction_is_shown_with_negative_weight():
    # 唐登杰 left 福建 in July 2020: named as governor beside 尹力 and 赵龙, he is the one who is wrong
    case = {"text": "3月29日,省委书记尹力主持,省长赵龙出席,省长唐登杰讲话。", "province": "福建", "level": "province",
            "mentions": [["尹力", "省委书记", "chaired"], ["赵龙", "省长", "attended"], ["唐登杰", "省长", "mentioned"]]}
    dating = date_articles([make_facts(case)], PageContext("page.txt"))[0]
    assert dating.event_date == date(2022, 3, 29)
    against = [row for row in dating.evidence if row.weight < 0]
    assert [row.surface for row in against] == ["省长唐登杰"]


def test_a_user_adds_office_holders(tmp_path):
    extra = tmp_path / "holders.csv"
    extra.write_text(
        "name,office,place,level,from,to,precision,source\n张三丰,市长,盐城,city,2019-02,2019-09,month,own notes\n", encoding="utf-8"
    )
    case = {"text": "3月29日,市长张三丰主持召开会议。", "province": "江苏", "level": "city", "mentions": [["张三丰", "市长", "chaired"]]}
    facts = [make_facts(case)]
    assert date_articles(facts, PageContext("a.txt"))[0].event_date is None
    assert date_articles(facts, PageContext("a.txt"), extra)[0].event_date == date(2019, 3, 29)


# --- Copies ---------------------------------------------------------------------------


def make_documents(rows: list[tuple]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["doc_id", "release_id", "event_date", "date_from", "date_to"])


def make_evidence() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=object) for name in TABLES["evidence"].names})


def test_a_dated_copy_dates_the_other():
    day = date(2022, 3, 29)
    documents = make_documents([("a-1", "r", None, date(2022, 1, 1), None), ("b-1", "r", day, day, day), ("c-1", "q", None, None, None)])
    found, evidence = date_from_copies(documents, make_evidence())
    assert list(found["event_date"]) == [day, day, None]
    assert evidence[["doc_id", "rule", "value", "surface"]].values.tolist() == [["a-1", "copy", "2022-03-29", "b-1"]]
    assert documents["event_date"][0] is None, "the table given is left as it was"


def test_copies_that_disagree_or_lie_outside_change_nothing():
    one, two = date(2022, 3, 29), date(2021, 3, 29)
    documents = make_documents([
        ("a", "r", None, None, None), ("b", "r", one, one, one), ("c", "r", two, two, two),
        ("d", "s", None, date(2023, 1, 1), None), ("e", "s", one, one, one),
    ])
    found, evidence = date_from_copies(documents, make_evidence())
    assert found["event_date"][0] is None and found["event_date"][3] is None and evidence.empty


# --- Its parts ------------------------------------------------------------------------


@given(st.text(alphabet="二〇一2019年月日上午至、,。在会议 三十讯电（）", max_size=60))
@settings(max_examples=150, deadline=None)
def test_days_of_any_text_are_read_without_fault(text):
    for word in [*find_days(text), *find_event_days(text, 0, 0)]:
        assert text[word.begin : word.end] == word.surface
        for day in word.dates(range(2018, 2025)):
            assert word.last_day(day) >= day
    read_dateline(Article(text, text, "", 0, ()))


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_path_and_any_text_are_dated_without_fault(text):
    facts = ArticleFacts(Article(text, text, "", 0, ()), [], [], Placing(None, None, (), None, None, None, ()))
    dating = date_articles([facts, facts], PageContext(text, {"url": "https://" + text, "published": text}))[0]
    if dating.event_date:
        assert dating.date_from == dating.event_date == dating.date_to


@given(st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.floats(0.1, 1)), min_size=1, max_size=8))
@settings(max_examples=100, deadline=None)
def test_the_window_holds_the_days_with_most_weight(rows):
    spans = [Span(((first, date.fromordinal(first.toordinal() + n)),), "x", w, "") for first, n, w in rows]
    window = lay_over(spans)
    weights = {day: sum(s.weight for s in spans if s.allows(day)) for day, _, _ in rows}
    best = max(weights, key=weights.get)
    if abs(weights[best] - window.weight) < 1e-9:  # evidence weaker than the margin rules nothing out: open ends
        assert (window.first or date.min) <= best <= (window.last or date.max)
    assert best in choose_days(list(weights), spans)


@pytest.mark.parametrize(("printed", "number"), [("二十", 20), ("十", 10), ("三十一", 31), ("一百二十", 120), ("一百零一", 101), ("七", 7)])
def test_numbers(printed, number):
    assert read_number(printed) == number


def test_a_folder_of_a_month_is_no_day():
    found = read_publication(PageContext("x.md", {"url": "https://a.gov.cn/gzbg/202201/x.htm"}))
    assert [(p.first, p.last) for p in found] == [(date(2022, 1, 1), date(2022, 1, 31))]


# --- The knowledge --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["dated_terms", "sessions", "phrases"])
def test_every_span_of_a_lexicon_begins_before_it_ends(name):
    for row in read_lexicon(name).itertuples():
        if row.first_day and row.last_day:
            assert widen_date(row.first_day, last=False) <= widen_date(row.last_day, last=True), row


SIGNED = [
    *((pattern, set(kinds)) for kinds, pattern in counts._COUNTERS.values()),
    *((pattern, {kind, "term"}) for kind, pattern in counts._SITTINGS.values()),
    (sessions._PLENUM, {"plenum"}), (sessions._SESSION, {"congress"}), (sessions._SITTING, {"sitting"}),
    (sessions._SPIRIT, {"sitting"}), (years._REVIEW, {"review"}),
]


@pytest.mark.parametrize(("pattern", "kinds"), SIGNED, ids=lambda value: "+".join(sorted(value)) if isinstance(value, set) else "")
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_a_pattern_reads_stands_beside_its_signs(pattern, kinds, data):
    text = data.draw(st.from_regex(pattern))
    match = pattern.search(text)
    if match:
        signs = find_time_words(text).signs
        assert signs.keys() >= kinds
        if kinds <= {"plenum", "congress"}:
            assert all(match.start() in signs[kind] for kind in kinds)


def test_the_longest_of_dated_terms_that_overlap_is_read_where_it_is_first():
    terms = sorted(read_lexicon("dated_terms")["term"], key=len)
    inner, outer = next((a, b) for a in terms for b in terms if a != b and a in b)
    found = find_time_words(f"{outer}，{inner}，{outer}").terms
    assert found[outer] == (0, len(outer)) and found[inner] == (len(outer) + 1, len(outer) + 1 + len(inner))


def test_no_word_is_dated_twice():
    terms = read_lexicon("dated_terms")["term"]
    assert terms.is_unique


# --- On shared pages ------------------------------------------------------------------


@pytest.mark.skipif(not (evaluation.SHARED / "corpora").exists(), reason="no shared corpora here")
def test_scores_on_a_sample_reach_the_bars():
    scores = evaluation.run(reports_every=24, news_every=90)
    for name in ("work_reports", "evening_news"):
        corpus = scores[name]
        rates = corpus.rates()
        assert rates["dated"] >= 0.85 and rates["year_right"] >= 0.97, (rates, corpus.examples)
    assert scores["work_reports"].rates()["province_right"] >= 0.97
    assert scores["news_provinces"].rates()["province_right"] >= 0.95, scores["news_provinces"].examples


@pytest.mark.skipif(not (evaluation.SHARED / "corpora").exists(), reason="no shared corpora here")
def test_no_dated_word_stands_in_print_before_its_first_day():
    terms = [(row.term, widen_date(row.first_day, last=False)) for row in read_lexicon("dated_terms").itertuples() if row.first_day]
    # longest first, as the step reads them: 东数西算工程 is not 东数西算
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick([term for term, _ in terms], daachorse.MATCH_KIND_LEFTMOST_LONGEST)
    early = set()
    for path in [*evaluation.list_pages("work_reports"), *evaluation.list_pages("xinwen_lianbo", 3)]:
        if path.parent.name == "四川省" and path.stem in ("2018", "2019"):
            continue  # these two hold the report of the year after the one in their name
        if path.parent.name == "xinwen_lianbo":
            printed = date(int(path.stem[:4]), int(path.stem[4:6]), int(path.stem[6:8]))
        else:  # the latest day on which a report of the year was given; that of 2020 was put off here and there
            printed = date(int(path.stem), 5 if path.stem == "2020" else 3, 22 if path.stem == "2020" else 5)
        for _, _, index in automaton.find(path.read_text(encoding="utf-8")):
            if printed < terms[index][1]:
                early.add((*terms[index], path.stem))
    assert not early


# --- The calendars --------------------------------------------------------------------


def test_festivals_stand_where_the_calendar_puts_them():
    days = {name: sorted(map(date.fromisoformat, rows["day"])) for name, rows in read_lexicon("festivals").groupby("festival")}
    assert {len(found) for found in days.values()} == {2031 - 2008 + 1}
    for eve, first, lanterns in zip(days["除夕"], days["春节"], days["元宵节"], strict=True):
        assert (first - eve).days == 1 and (lanterns - first).days == 14
    for name, first, last in (("春节", (1, 21), (2, 21)), ("端午", (5, 28), (6, 26)), ("中秋", (9, 7), (10, 8))):
        assert all(first <= (day.month, day.day) <= last for day in days[name]), name


def test_tables_of_days_are_in_order():
    missions = read_lexicon("missions")
    assert missions["mission"].is_unique and (missions["launched"] < missions["ended"]).all()
    relations = read_lexicon("diplomatic_relations")
    assert relations["state"].is_unique and relations["day"].map(date.fromisoformat).between(date(1949, 10, 1), date.max).all()
    ordinals = read_lexicon("ordinals")
    assert not ordinals.duplicated(["event", "unit"]).any() and ordinals["day"].str.fullmatch(r"(\d\d-\d\d)?").all()
    terms = read_lexicon("dated_terms")
    for row in terms.itertuples():
        assert row.first_day or row.last_day, row.term
        if row.first_day and row.last_day:
            assert widen_date(row.first_day, last=False) <= widen_date(row.last_day, last=True), row.term


def test_invented_pages_are_read_no_worse_than_before():
    rates = evaluation.score_invented_pages().rates()
    floors = json.loads(evaluation.BASELINE.read_text(encoding="utf-8"))["invented_pages"]
    assert {name for name, floor in floors.items() if rates[name] < floor - evaluation.TOLERANCE} == set()


def test_a_sixth_is_set_aside():
    corpus = evaluation.SHARED / "corpora" / "xinwen_lianbo"
    days = [corpus / f"2022{month:02}{day:02}.md" for month in range(1, 13) for day in range(1, 29)]
    aside = [path.stem for path in days if evaluation.is_held_out(path)]
    assert 0.12 < len(aside) / len(days) < 0.21
    score = evaluation.Score()
    for path in days:
        evaluation._remember(score, path, path.stem)
    assert not set(aside) & set(score.examples), "errors on what is set aside are never kept to be read"
