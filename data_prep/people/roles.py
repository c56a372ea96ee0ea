"""Offices as printed: where the title is, how far the words of the office reach back, what they say.

Why: an office is a title (书记, 省长, 组长) behind its organ (省委, 省应对新型冠状病毒感染肺炎疫情工作领导小组). Titles are a
closed list (offices.csv) found by one automaton; organs are not, so they are read backwards from the title to the
first word that no organ holds (role_stops.csv), and on across 、 where another title ends there.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

import daachorse

from ..lexicons import read_lexicon
from ..schema import PROVINCES
from .marks import COUNTRY
from .names import load_foreign_places

#: An office with its organ is rarely longer.
MAX_ROLE = 60
#: Characters that an organ can hold besides Han characters.
_WORDLIKE = re.compile(r"^[\u3400-\u9fffA-Za-z〇&\-]+$")
#: Names of organs with a word inside at which an office would end: 人力资源和|社会保障部, 国际残|奥委会, 北部|战区.
_JOINED = re.compile(
    r"宪法和法律|监察和司法|财政和|社会建设和|农业与农村|住房和城乡建设|住房与城乡建设|工业和信息化|人力资源和社会保障|发展和改革|卫生和计划生育|文化和旅游|自然资源和规划|规划和自然资源|"
    r"教育和体育|民族和宗教|农业和农村|经济和信息化|社会和法制|环境和资源|环境与资源|台港澳和|港澳台侨|"
    r"外交与|新闻与|科学与|经济与|艺术与|管理与|文学与|技术与|安全与|传播与|法律与|社会与|教育与|工程与|环境与|"
    r"国家安全[与和]|改革与|发展与|粮食和物资|林业和草原|市场和|体育和|疾病预防和|革命和|香港和|西藏和|民政和|公共管理和|监督和|机关和|"
    r"经济和(?:财政|气候|社会|能源|贸易|发展)|外交和|国防和|科学和|气候保护[与和]|海洋与|海洋和渔业|食品[及和与]药[物品]|投资和|贸易和|交通和|"
    r"生态保护和|防扩散和|碳达峰碳中和|残疾人?奥|残奥|残联|全面深化改革|全面依法治|[古越老日法俄美]共中央|卫生健康委|[东南西北中]部战区|"
    r"森林草原防|防灭火|一带一路|“一带一路”|救援救灾|抗震救灾|防汛抗旱|妇女儿童"
)
#: The words inside.
_INSIDE = frozenset("和 与 及 残 残疾 残疾人 全面 共 健康 达 防 一路 东部 南部 西部 北部 中部 救灾 抗旱 ” “".split())
#: Words that may stand before an organ although they are stops elsewhere.
_ALLOWED = frozenset(
    "应对 防控 最高 对外 对台 常务 第一 第二 代 副 总 原 前 时任 现任 新任 兼 关心 促进 推进 建设 促 反 抗 驻 综合 "
    "支援 援 管理 开发 发展 保护 监督 改革 研究 指导 协调 服务"
    .split()
)
_MORE_STOPS = frozenset(
    "日 月 年 号 时 点 届 次 名 位 个 一位 一名 两位 几位 多位 有关 原定 首轮 实施 推进 每经 受 以及 及其 "
    "暨 携 偕 抢劫 同 代表"
    .split()
)


#: Behind a verb these make the organ's name: 接待办公室, 评价中心.
_ORGAN_ENDS = frozenset(
    "局 部 厅 委 办 处 科 院 所 中心 站 组 小组 领导小组 委员会 署 会 协会 学会 联合会 公司 集团 银行 学院 部门 机构 总队 支队 大队 "
    "部队 系统 厂 室 办公室 指挥部 基地 基金会 研究院 研究所 联席会议 工作组 工作队 理事会 联盟 服务 事务 事业 工程 专班 官 员 师"
    .split()
)
#: With these an office begins: 共创美好未来 before 中华人民共和国主席 is a headline.
_BEGINNINGS = frozenset(
    "中华人民共和国 中共中央 中国共产党 国务院 全国人大 全国人大常委会 全国政协 党和国家 我国".split()
)
#: What may stand before them all the same.
_BEFORE_BEGINNINGS = frozenset("原 前 驻 兼 中国 时任 现任 新任 前任 已故 任".split())
#: 美方|向 is cut as 美|方向.
_SIDE_AND_TOWARDS = re.compile(f"{COUNTRY}方向")


class Title(NamedTuple):
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


@cache
def _load_verbs() -> tuple[frozenset[str], frozenset[str]]:
    """Verbs that end an office wherever they stand, and those that do before a country, a province or an era."""
    table = read_lexicon("role_verbs")
    return tuple(frozenset(table["word"][table["cut"] == kind]) for kind in ("always", "before_place"))  # type: ignore[return-value]


@cache
def _load_states() -> frozenset[str]:
    """Words with which an organ's name begins and that no verb inside one governs: countries, provinces, eras."""
    return load_foreign_places() | _BEGINNINGS | frozenset(PROVINCES) | frozenset("中国 韩国 欧盟 北约 联合国 时任".split())


@cache
def _load_sides() -> frozenset[str]:
    """What a country is called in one character, and in full."""
    return load_foreign_places() | frozenset("俄 美 日 韩 英 法 德 中 乌 中国 韩国 欧盟 北约 联合国".split())


def _ends_office(text: str, token: str, after: str, at: int) -> bool:
    """Whether the word at text[at:], before the word `after` of an office, is no part of it: 评价|中国国家主席.

    >>> _ends_office("评价中国", "评价", "中国", 0), _ends_office("评价中心", "评价", "中心", 0)
    (True, False)
    """
    always, before_place = _load_verbs()
    if after in _BEGINNINGS and token not in _BEFORE_BEGINNINGS and token[-1] != "届":
        return True
    if len(token) > 1 and after not in _ORGAN_ENDS:
        if token in always or (len(token) > 2 and token[-2:] in always):
            return True
        if token in before_place and after in _load_states():
            return True
    return token == "方向" and bool(_SIDE_AND_TOWARDS.match(text, at - 1)) and after in _load_sides()


def _is_joined(text: str, token: str, begin: int, end: int) -> bool:
    """Whether the word text[begin:end] stands inside the name of an organ: 和 in 人力资源和社会保障部.

    >>> _is_joined("工业和信息化部", "和", 2, 3), _is_joined("省长和市长", "和", 2, 3)
    (True, False)
    """
    if token not in _INSIDE:
        return False
    found = _JOINED.finditer(text, max(0, begin - 12), end + 8)
    return any(match.start() <= begin < match.end() for match in found)


def find_titles(text: str) -> list[Title]:
    """Every title of offices.csv in `text`, longest first choice, left to right.

    >>> [(t.begin, t.end) for t in find_titles("省委副书记、省长")]
    [(2, 5), (6, 8)]
    """
    automaton, facts = _load_automaton()
    return [Title(begin, end, *facts[number]) for begin, end, number in automaton.find(text) if facts[number][0] != "none"]


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
    after = ""
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
                begin, after = before, ""
                continue
            break
        ends = token in stops or not _WORDLIKE.match(token)
        if (ends and not _is_joined(text, token, starts[k], begin)) or _ends_office(text, token, after, starts[k]):
            break
        begin, after = starts[k], token
    # what an office cannot begin with
    while begin < title.begin and text[begin] in "、 \u3000兼":
        begin += 1
    return begin
