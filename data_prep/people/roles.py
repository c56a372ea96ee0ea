"""Offices as printed: where the title is, how far the words of the office reach back, what they say.

Why: an office is a title (书记, 省长, 组长) behind its organ (省委, 省应对新型冠状病毒感染肺炎疫情工作领导小组). Titles are a
closed list (offices.csv) found by one automaton; organs are not, so they are read backwards from the title to the
first word that no organ holds (role_stops.csv), and on across 、 where another title ends there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

import daachorse

from ..lexicons import read_lexicon

#: An office with its organ is rarely longer.
MAX_ROLE = 60
#: Characters that an organ can hold besides Han characters.
_WORDLIKE = re.compile(r"^[\u3400-\u9fffA-Za-z〇&\-]+$")
#: Words with 和, 与, 及 inside that are one organ.
_JOINED = re.compile(
    r"住房和城乡建设|住房与城乡建设|工业和信息化|人力资源和社会保障|发展和改革|卫生和计划生育|文化和旅游|自然资源和规划|规划和自然资源|"
    r"教育和体育|民族和宗教|农业和农村|经济和信息化|监察和司法|社会和法制|环境和资源|环境与资源|台港澳和|港澳台侨|"
    r"外交与|新闻与|科学与|经济与|艺术与|管理与|文学与|技术与|安全与|传播与|法律与|社会与|教育与|工程与|环境与|"
    r"国家安全与|改革与|发展与|粮食和物资|林业和草原|市场和|体育和|疾病预防和|革命和|香港和|西藏和|民政和|公共管理和|监督和|机关和"
)
#: Words that may stand before an organ although they are stops elsewhere.
_ALLOWED = frozenset(
    "应对 防控 对外 对台 常务 第一 第二 代 副 总 原 前 时任 现任 新任 兼 关心 促进 推进 建设 促 反 抗 驻 综合 "
    "支援 援 管理 开发 发展 保护 监督 改革 研究 指导 协调 服务"
    .split()
)
_MORE_STOPS = frozenset(
    "日 月 年 号 时 点 届 次 名 位 个 一位 一名 两位 几位 多位 有关 原定 首轮 实施 推进 每经 受 以及 及其 "
    "暨 携 偕 抢劫 同 代表"
    .split()
)


@dataclass(frozen=True)
class Title:
    """text[begin:end] is a title of offices.csv."""

    begin: int
    end: int
    kind: str
    shared: bool
    after: str


@cache
def _load_automaton() -> tuple[daachorse.CharwiseDoubleArrayAhoCorasick, list[tuple[str, bool, str]]]:
    table = read_lexicon("offices")
    words = list(table["office"])
    facts = [(k, s == "yes", a) for k, s, a in zip(table["kind"], table["shared"], table["after"], strict=True)]
    return daachorse.CharwiseDoubleArrayAhoCorasick(words, match_kind=daachorse.MATCH_KIND_LEFTMOST_LONGEST), facts


@cache
def load_stops() -> frozenset[str]:
    """Words at which an office ends, going back from its title."""
    return (frozenset(read_lexicon("role_stops")["word"]) | _MORE_STOPS) - _ALLOWED


def find_titles(text: str) -> list[Title]:
    """Every title of offices.csv in `text`, longest first choice, left to right.

    >>> [(t.begin, t.end) for t in find_titles("省委副书记、省长")]
    [(2, 5), (6, 8)]
    """
    automaton, facts = _load_automaton()
    found = []
    for begin, end, number in automaton.find(text):
        kind, shared, after = facts[number]
        if kind != "none":
            found.append(Title(begin, end, kind, shared, after))
    return found


def read_role(text: str, title: Title, starts: list[int], tokens: list[str], title_at_end: dict[int, Title], floor: int) -> int:
    """Where the office begins whose (last) title is `title`: an offset, never below `floor`.

    `starts, tokens` are the tokens of `text`; `title_at_end` gives the title that ends at an offset.
    "受省委书记尹力委托" reads 省委书记: 受 is a stop. "市委常委、市人大常委会主任王荣" reads both offices: the 、 stands
    between two titles.
    """
    stops = load_stops()
    floor = max(floor, title.begin - MAX_ROLE)
    begin = title.begin
    k = bisect_left(starts, begin)
    while True:
        # the token that ends at `begin`, or the rest of one that reaches over it
        k -= 1
        if k < 0 or starts[k] < floor:
            break
        token = text[starts[k] : begin]
        if not token:
            continue
        if token == "、" or token == "兼" or (token in " \u3000" and starts[k] > floor):
            before = starts[k]
            if before in title_at_end and title_at_end[before].kind in ("official", "other", "journalist"):
                begin = before
                continue
            break
        if not _WORDLIKE.match(token):
            break
        if token in stops:
            joined = _JOINED.finditer(text, max(0, starts[k] - 12), begin + 2) if token in "和与及" else ()
            if any(m.start() < starts[k] < m.end() for m in joined):
                begin = starts[k]
                continue
            break
        begin = starts[k]
    # what an office cannot begin with
    while begin < title.begin and text[begin] in "、 \u3000兼":
        begin += 1
    return begin
