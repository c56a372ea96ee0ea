"""Pages are cut where a reader would cut them, and no character is lost or kept twice."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data_prep.articles import split_articles
from data_prep.articles.furniture import name_furniture, spell_caseless
from data_prep.articles.lines import cut_lines
from data_prep.articles.looks import is_byline, is_headline, is_numbered, weigh_opening
from data_prep.articles.titles import choose_title
from data_prep.lexicons import read_lexicon
from data_prep.pages import read_markup
from data_prep.repair import repair_text
from data_prep.schema import Article, Furniture
from data_prep.script import fold_script
from tests.conftest import ROOT, SHARED
from tests.eval import evaluate_articles

CASES: list[dict[str, Any]] = json.loads((ROOT / "tests" / "cases" / "articles.json").read_text(encoding="utf-8"))
MADE_UP = [case for case in CASES if "text" in case]
SEEDS = [case for case in CASES if "page" in case]


def check_whole(page: str, articles: list[Article], furniture: list[Furniture]) -> None:
    """Every character is white space, or in one segment or one stretch of furniture; texts are the page's own."""
    owner = [0] * len(page)
    for article in articles:
        assert len(article.text) == len(article.original)
        at = 0
        for segment in article.segments:
            end = segment.page_begin + segment.end - segment.begin
            assert article.original[segment.begin : segment.end] == page[segment.page_begin : end]
            assert article.original[at : segment.begin] in ("", " ", "\n")  # what joins two pieces, and nothing else
            at = segment.end
            for i in range(segment.page_begin, end):
                owner[i] += 1
        assert at == len(article.text)
        assert 0 <= article.body_begin <= len(article.text)
    for piece in furniture:
        assert piece.surface == page[piece.begin : piece.end]
        assert piece.rule
        for i in range(piece.begin, piece.end):
            owner[i] += 1
    assert max(owner, default=0) <= 1
    assert all(owner[i] or page[i].isspace() for i in range(len(page)))
    begins = [article.segments[0].page_begin for article in articles]
    assert begins == sorted(begins)


# --- Cases


@pytest.mark.parametrize("case", [
    pytest.param(case, id=case["label"], marks=pytest.mark.xfail(strict=True, reason=case["comment"]) if case.get("fails") else ())
    for case in MADE_UP
])
def test_pages_are_cut_as_a_reader_would(case: dict[str, Any]) -> None:
    articles, furniture = split_articles(case["text"], case["text"], case.get("metadata", {}))
    check_whole(case["text"], articles, furniture)
    assert [article.title for article in articles] == [expected["title"] for expected in case["articles"]]
    for article, expected in zip(articles, case["articles"], strict=True):
        body = article.text[article.body_begin :]
        assert (body.split("\n") if body else []) == expected["body"]
        if "head" in expected:
            assert article.text[: article.body_begin].rstrip("\n").split("\n") == expected["head"]
    found = {(piece.rule, piece.surface) for piece in furniture}
    assert {tuple(piece) for piece in case.get("furniture", ())} <= found


@pytest.mark.parametrize("case", SEEDS, ids=[case["label"] for case in SEEDS])
def test_the_sample_pages_are_cut_as_read_by_hand(case: dict[str, Any]) -> None:
    text = repair_text((ROOT / case["page"]).read_text(encoding="utf-8")).text
    articles, furniture = split_articles(fold_script(text), text, {})
    check_whole(text, articles, furniture)
    assert [article.title for article in articles] == [expected["title"] for expected in case["articles"]]
    for article, expected in zip(articles, case["articles"], strict=True):
        body = article.text[article.body_begin :]
        assert body.startswith(expected["begins"]) and body.endswith(expected["ends"])
        assert fold_script(article.original) == article.text
    assert {(piece.rule, fold_script(piece.surface)) for piece in furniture} >= {
        tuple(piece) for piece in case.get("furniture", ())
    }


@pytest.mark.parametrize("joined", [
    "抓住重点,继续从严从紧", "存在的问题,不折不扣整改", "密接次密接人员转运", "传达尹力书记的工作要求", "要发动群众、依靠群众",
    "统一思想,坚定信心", "快速控制局部聚集性疫情", "要统筹做好信息发布", "当前全省疫情", "要始终保持工作成绩", "进口货物防控措施",
])
def test_sentences_broken_by_a_column_are_one_again(joined: str) -> None:
    bodies = []
    for page in ("000_683f51ea7e7e59fc.txt", "004_714d42e7a528be23.txt"):
        text = (ROOT / "seeds" / page).read_text(encoding="utf-8")
        bodies += [article.text for article in split_articles(text, text, {})[0]]
    assert sum(joined in body for body in bodies) == 1


# --- Marks


def test_headings_of_a_page_are_its_headlines() -> None:
    page = "# 节目\n\n## 新闻摘要\n\n1.甲召开会议；\n\n## 详细新闻\n\n### 甲召开会议\n\n本台消息：会议召开。\n\n**小题**\n\n会议强调。\n\n### 乙\n\n本台消息：乙。\n"
    text, facts = read_markup(page, "a.md")
    articles, furniture = split_articles(text, text, facts)
    check_whole(text, articles, furniture)
    assert [(a.title, a.text[a.body_begin :]) for a in articles] == [
        ("甲召开会议", "本台消息：会议召开。\n小题\n会议强调。"), ("乙", "本台消息：乙。"),
    ]
    assert [(f.rule, f.surface) for f in furniture] == [
        ("section", "节目"), ("contents", "新闻摘要"), ("contents", "1.甲召开会议；"), ("contents", "详细新闻"),
    ]


def test_chapters_of_a_report_are_no_headlines() -> None:
    page = "# 政府工作报告\n\n各位代表：\n\n" + "".join(
        f"## {n}、工作\n\n2021年{n}，我们扎实工作，取得成效。\n\n" for n in "一二三四五"
    )
    text, facts = read_markup(page, "a.md")
    (only,), _ = split_articles(text, text, facts)
    assert only.title == "政府工作报告" and only.text.count("工作\n") == 5


def test_a_mark_finds_its_line_after_a_repair_above_it() -> None:
    facts = {"markup": "3\th3\t甲召开会议\n9\th3\t乙召开会议"}
    page = "甲召开会议\n本台消息：甲。\n乙召开会议\n本台消息：乙。"
    assert [a.title for a in split_articles(page, page, facts)[0]] == ["甲召开会议", "乙召开会议"]


@pytest.mark.parametrize("markup", ["x", "1\th1", "\t\t", "0\th1\t不在此页", "a\tlink\t\n\n"])
def test_marks_that_make_no_sense_do_no_harm(markup: str) -> None:
    page = "甲召开会议\n本台消息：甲。"
    assert split_articles(page, page, {"markup": markup})[0][0].title == "甲召开会议"


# --- Everything is kept once

WORDS = [
    "省委召开会议", "强调", " ", "\n", "\n\n", "。", ",", "3月2日,", "会议指出,要坚定信心", "记者 吕正龙", "责任编辑:赵睿", "- 甲乙丙丁",
    "相关阅读", "一、", "新华社北京3月2日电 ", "：", "\u3000\u3000", "目录", "1", "版权所有", "a b", "！", "\ufeff", "\x0c", "\u2028", "(", "”",
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.lists(st.sampled_from(WORDS), max_size=60).map("".join), st.text(max_size=200)), st.booleans())
@example("", False)
@example("甲\r\n乙\x85丙", True)
def test_nothing_is_lost_and_nothing_kept_twice(page: str, marked: bool) -> None:
    facts = {}
    if marked:
        page, facts = read_markup(page, "a.md")
    check_whole(page, *split_articles(page, page, {**facts, "title": "省委召开会议"}))


def test_the_page_in_its_own_script_gives_the_original() -> None:
    printed = "尹力強調 突出重點\n3月29日,尹力強調,要堅定信心。\n責任編輯:趙睿"
    (only,), (piece,) = split_articles(fold_script(printed), printed, {})
    assert only.title == "尹力强调 突出重点"
    assert only.original == "尹力強調 突出重點\n3月29日,尹力強調,要堅定信心。"
    assert piece.surface == "責任編輯:趙睿"


def test_texts_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        split_articles("一", "一二", {})


@pytest.mark.parametrize("unit", [
    "学", "学习,贯彻。", "学习\n", "相关阅读\n", "1 ", "首页 > ", "记者 ", "省委召开会议 强调\n3月2日,省委开会。\n", "抓住重点,继\n\n春风行动 送岗\n\n", "A+",
    "来源：", "（", " ",
])
def test_cutting_takes_time_in_proportion(unit: str) -> None:
    """Not timed: a pattern that backtracks would run for hours on this and hang the suite."""
    page = (unit * 100_000)[:100_000]
    check_whole(page, *split_articles(page, page, {}))


# --- What a line looks like


@pytest.mark.parametrize("text", [
    "新华社北京3月17日电 中共中央", "盐城晚报讯 3月17日晚", "东南网3月30日讯(福建日报记者 林宇熙) 29日", "台海网2月21日讯 据福建日报报道", "本报讯(记者 王明)昨日",
    "央视网消息（新闻联播）：今天", "中新网福州3月30日电 (记者 闫旭)", "据新华社电 国务院", "人民网北京3月30日电（张三）", "本报福州3月30日电",
    "（记者 张三）全省", "本报北京3月1日电（记者李四）",
])
def test_datelines_are_known(text: str) -> None:
    assert weigh_opening(text) == 4


@pytest.mark.parametrize("text", [
    "新华社通讯：习近平的文化情怀", "习近平就台风袭击致慰问电", "会议强调,要坚定信心。", "记者在现场看到,秩序井然。", "习近平指出,坚持就是胜利。", "要加强信息发布和宣传引导,及时通报。", "电力供应充足。", "中国电信发布新产品。",
])
def test_other_sentences_are_no_openings(text: str) -> None:
    assert weigh_opening(text) == 0


@pytest.mark.parametrize("text", [
    "记者 吕正龙", "(记者杨文)", "(福建日报记者 周琳)", "本报记者 张三 李四 通讯员 王五", "文/张三 图/李四", "新华社记者 张三、李四", "■本报全媒体记者 张三", "作者：张三",
])
def test_bylines_are_known(text: str) -> None:
    assert is_byline(text) and not is_headline(text)


@pytest.mark.parametrize("text", [
    "记者节座谈会召开", "记者看两会", "图说新时代", "本报记者获中国新闻奖一等奖", "文明实践在路上", "通讯员队伍建设座谈会召开", "记者 走进革命老区看变化", "张三 李四",
])
def test_headlines_that_speak_of_reporters_are_no_bylines(text: str) -> None:
    assert not is_byline(text)


@pytest.mark.parametrize("text, numbered", [
    ("一、总体要求", True), ("(二)主要目标", True), ("3.强化服务", True), ("第四章 附则", True), ("五是加强监管,压实责任。", True),
    ("3.5亿人出行", False), ("一季度经济开门红", False), ("第一书记的一天", False), ("十个不放松", False),
])
def test_numbers_of_headings(text: str, numbered: bool) -> None:
    assert is_numbered(text) is numbered


def test_an_office_and_a_name_are_no_part_of_the_title() -> None:
    assert choose_title(["政府工作报告", "——2022年1月22日在省人大会议上", "省长 张明"]) == "政府工作报告"
    assert choose_title(["政  府  工  作  报  告"]) == "政府工作报告"
    assert choose_title(["大美中国"]) == "大美中国"


# --- The lexicon

LEXICON = read_lexicon("boilerplate")


@pytest.mark.parametrize("row", list(LEXICON.itertuples()), ids=[f"{r.rule}:{r.example[:20]}" for r in LEXICON.itertuples()])
def test_every_entry_knows_its_example_and_its_source(row: Any) -> None:
    assert re.compile(row.pattern, re.I).fullmatch(row.example)
    assert row.scope in ("line", "head") and row.source and row.rule
    assert name_furniture(row.example) is not None


def test_every_entry_is_of_use() -> None:
    """No example is already known by an earlier entry of another rule: each entry is reached."""
    for number, row in enumerate(LEXICON.itertuples()):
        before = [r for r in list(LEXICON.itertuples())[:number] if re.compile(r.pattern, re.I).fullmatch(row.example)]
        assert not before, f"{row.example} is already {before[0].rule}"


NEEDY = [row for row in LEXICON.itertuples() if row.needs]


def test_every_entry_that_begins_with_any_text_says_what_it_needs() -> None:
    assert {row.pattern for row in NEEDY} == {row.pattern for row in LEXICON.itertuples() if re.match(r"(?:\(\?:)?\.", row.pattern)}


@pytest.mark.parametrize("row", NEEDY, ids=[row.example[:20] for row in NEEDY])
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_an_entry_matches_holds_a_word_it_needs(row: Any, data: Any) -> None:
    line = data.draw(st.from_regex(re.compile(row.pattern, re.I), fullmatch=True))
    assert any(re.search(spell_caseless(word), line) for word in row.needs.split("|"))


@pytest.mark.parametrize("word", sorted({word for row in NEEDY for word in row.needs.split("|")}))
def test_a_word_is_spelled_in_every_case_that_a_pattern_takes(word: str) -> None:
    for number, letter in enumerate(word):
        for other in map(chr, range(0x3000)):
            if re.fullmatch(re.escape(letter), other, re.I):
                assert re.fullmatch(spell_caseless(word), word[:number] + other + word[number + 1 :])


@given(st.text(st.sampled_from("省会 \t\u3000\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029"), max_size=40))
@settings(deadline=None)
def test_lines_lie_where_they_say_and_count_the_breaks_before_them(page: str) -> None:
    at = 0
    for line in cut_lines(page):
        assert page[line.begin : line.end] == line.text == line.text.strip() != ""
        between = page[at : line.begin]
        assert not between.strip() and not line.text.splitlines()[1:]
        assert line.gap == sum(letter.splitlines() == [""] for letter in between)
        assert line.indent == len(re.split("[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]", between)[-1])
        at = line.end
    assert not page[at:].strip()


def test_no_entry_backtracks() -> None:
    """Not timed: pieces of all examples and patterns, over and over, would hang a pattern that backtracks."""
    pieces = {"A+", "T|T", "+-", "1/", "12:", " | ", ">>", "1.", "张三、"}
    for row in LEXICON.itertuples():
        pieces |= {row.example[i : i + k] for k in (1, 2, 3) for i in range(len(row.example) - k + 1)}
        pieces |= set(re.findall(r"[^\\()\[\]{}|?*+.^$:]{1,6}", row.pattern))
    lines = [(piece * 1500)[:1490] + "x。" for piece in sorted(pieces)]
    for row in LEXICON.itertuples():
        pattern = re.compile(row.pattern, re.I)
        assert sum(pattern.fullmatch(line) is not None for line in lines) < len(lines) / 10


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="the corpora of ../shared are not here")
def test_no_running_text_of_the_corpora_is_furniture() -> None:
    """24 million characters of news and reports: what ends as a sentence is no furniture."""
    wrong = []
    for pages in (evaluate_articles.list_news("plain", 120), evaluate_articles.list_reports("plain", 90)):
        for page in pages:
            for _, body in page.articles:
                wrong += [line for line in body if line[-1] in "。！？" and name_furniture(line)]
    assert not wrong


# --- Scores


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="the corpora of ../shared are not here")
def test_scores_of_a_sample_do_not_fall() -> None:
    """A sample may be a little worse than the whole; the evaluation itself compares to the last digit."""
    baseline = json.loads(evaluate_articles.BASELINE.read_text(encoding="utf-8"))
    for name, pages in evaluate_articles.list_sets(sample=24).items():
        scores = evaluate_articles.score_pages(pages())
        for score, value in scores.items():
            assert value >= baseline[name][score] - (0.06 if "bare" in name or "html_plain" in name else 0.02), (name, score)


def test_a_score_that_falls_is_named() -> None:
    fallen = evaluate_articles.compare_scores({"seeds": {"found": 0.9}}, {"seeds": {"found": 1.0}})
    assert fallen == ["seeds: found fell from 1.000 to 0.900"]
