"""Whether a sentence behind a speech is the paper's again, for it tells what happened, or goes on urging."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data_prep.speech.introductions import NOT_SUBJECT, Person

#: A sentence of the paper: it tells what happened.
_NARRATION = re.compile(
    r"^(?:会[前后上间]|会议(?:以|由|还|决定|听取|审议|研究|传达|召开|之[前后]|期间|结束|在)|当[天日晚]|随后|期间|其间|"
    r"(?:检查|调研|考察|督导|座谈|视察|走访|慰问|会见)(?:中|时|期间|结束后)|在[^,，。]{2,20}(?:现场|一线|考察时|调研时|检查时)|"
    r"\d{1,2}(?:月\d{1,2})?日|连日来|近日|日前|昨[天日]|今[天日]|上午|下午|据了解|据介绍|记者|[(（]|新华社|本报|"
    r"[^,，。]{1,20}(?:反映|汇报)(?![了的])|视频简介)"
)
#: How a paragraph of the paper begins: 党的十八大以来, 十三届全国人大履职以来.
_PAPER_OPENS = re.compile(r"^[^,，。；;]{2,24}以来[,，]")
#: What else makes a sentence the paper's: somebody named does something.
_ACTS = re.compile(
    r"^(?:同志|一行|等|等领导)?[^,，。；;]{0,12}?(?:主持|出席|参加|列席|陪同|赴|来到|前往|走进|深入|随机|抽查|检查|察看|查看|考察|调研|"
    r"实地|听取|通报|汇报|传达|宣读|代表|会见|看望|慰问|分别|指挥|坐镇|督战|值守|作了?[^,，。]{0,6}(?:要求|部署|报告|说明)|提出|介绍|收听收看|召开|一边|仔细|详细)"
)
#: A sentence that urges is still the speaker's.
_URGES = re.compile(
    r"(?<![^\n。！？!?,，;；、])(?:[^,，。；;]{0,10}?(?:要|必须|务必|应当|应该|需要)|坚持|切实|着力|坚决|全力|努力|确保|推动|加强|加快|强化|深化|"
    r"各级|各地|各部门|不断|持续|严格|严防|始终|继续|进一步|紧紧|牢牢|抓好|做好|落实|压实|统筹|聚焦|把)"
)
#: So near its beginning a sentence urges; so far into it, at most, its opening goes; so near somebody in it acts.
_URGES_WITHIN, _OPENING, _NAMED_WITHIN = 60, 40, 30


def does_urge(text: str, begin: int, end: int) -> bool:
    """Whether the sentence text[begin:end] urges near its beginning: 要, 必须, 坚持.

    >>> does_urge("各地要抓好落实。", 0, 8), does_urge("天气很好。", 0, 5)
    (True, False)
    """
    return _URGES.search(text, begin, min(end, begin + _URGES_WITHIN)) is not None


def is_narration(text: str, begin: int, end: int, inside: Sequence[Person], new_paragraph: bool) -> bool:
    """Whether the sentence text[begin:end], which names the persons `inside`, tells what happened.

    >>> who = [Person(0, 2, "赵龙", "leader")]
    >>> is_narration("会后，作了部署。", 0, 8, [], False), is_narration("赵龙主持会议。", 0, 7, who, False)
    (True, True)
    """
    opening = text[begin : min(end, begin + _OPENING)]
    if _NARRATION.match(opening) or (new_paragraph and _PAPER_OPENS.match(opening)):
        return True
    if inside and inside[0].begin - begin <= _NAMED_WITHIN:
        before = text[begin : inside[0].begin]
        if not NOT_SUBJECT.search(before) and not _URGES.search(before):
            last = inside[-1] if text[inside[0].end : inside[0].end + 1] in "、,，" else inside[0]
            return bool(_ACTS.match(text[last.end : min(end, last.end + _OPENING)]))
    return False
