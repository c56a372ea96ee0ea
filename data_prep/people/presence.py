"""What a person named in an article did there: chaired, spoke, attended, or was only mentioned.

Persons named in a row (省领导王宁、张志南参加; or with commas and offices between) share what the row's last clause
says, except chairing and speaking across a comma: those are the last one's alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Protocol

from data_prep.lexicons import read_lexicon

PRESENCES = ("chaired", "spoke", "attended", "mentioned")


class Placed(Protocol):
    """A name at text[begin:end] with the role printed beside it, and the kind of person."""

    begin: int
    end: int
    role: str
    kind: str


_CLAUSE_END = re.compile(r"[,，。！？!?；;\n]")
#: Between two persons of one row: a mark, perhaps 和, then nothing but the next one's office.
_MARKS = re.compile(r"^(?:同志)?[、,，]?(?:以及|和|及|与)?[ \u3000]?")
_CHAIRED = re.compile(r"^[^《》“”:：]{0,24}?主持(?!人|词|下)")
_ATTENDED = re.compile(r"^[^《》“”:：]{0,40}?(?:出席|参加|列席|陪同|收听收看|参会|与会|到会|参与检查|一同调研|参加调研|观看|同行)")
#: 王宁2日在昆明会见…: who acts there is there; 考察福建时的重要讲话 is only spoken of.
_ACTED = re.compile(
    r"(?:一行)?(?!家)[^《》“”:：,，。；;、\n的]{0,16}?(?:会见|会谈|调研|检查|考察|督导|视察|走访|看望|(?<!致)慰问(?!电)|察看)"
    r"(?![^,，。]{0,20}(?:的|重要|精神|要求|指示|时强调))"
)
_ATTENDED_BEFORE = re.compile(
    r"(?:出席|参加|列席|陪同|参会)[^。；;\n]{0,30}?(?:的)?(?:还)?(?:有|是|包括)[:：]?[^。；;\n]{0,400}$"
)
#: Before a name: what that person said is invoked, not said: 落实尹弘书记批示要求, 学习习近平总书记重要讲话精神.
_INVOKED = re.compile(
    r"(?:学习|贯彻|落实|按照|根据|遵照|围绕|牢记|领会|传达|宣讲|重温|对标|遵循|铭记|践行|转达)[^,，。；;、\n]{0,12}$"
)
#: 我代表省人民政府向大会报告工作: who gives the report is named before, whoever it names is spoken of.
_REPORTS = re.compile(r"代表\S{0,12}(?:政府|国务院)[,，]?\s?向[^。]{0,10}(?:作|报告)")
_REPORT_BY, _GIVES = 1200, ("省长", "主席", "市长", "总理", "州长", "区长", "县长")
#: Verbs of speech that are nouns behind 的.
_NOUNS = tuple("倡议 建议 要求 批示 希望 号召 介绍 回应 解释 提醒 嘱咐 叮嘱 勉励 呼吁".split())
_SPOKE_WITH = re.compile(r"(?:并|作|作了|发表|发表了)(?:重要|书面|视频|动员|总结|专题)*讲话(?!精神)")


@cache
def _load_spoke() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = read_lexicon("speech_verbs")

    def either(kind: str) -> str:
        return "|".join(sorted(map(re.escape, table["verb"][table["kind"] == kind]), key=len, reverse=True))

    speech = re.compile(rf"^[^《》“”:：、]{{0,30}}?(?<!的)(?<!工作)(?<!有关)(?<!部署)(?:{either('speech')})(?=[:：“ ]|$)")
    delivery = re.compile(rf"^[^《》“”:：、的]{{0,20}}?(?<!重要)(?:{either('delivery')})(?!精神|内容|提纲)")
    return speech, delivery


def tell_presences(text: str, persons: Sequence[Placed]) -> list[str]:
    """One of PRESENCES for each of `persons`, which stand in order in `text`.

    >>> from types import SimpleNamespace as P
    >>> tell_presences("省领导王宁、张志南参加。", [P(begin=3, end=5, role="省领导", kind="official"),
    ...     P(begin=6, end=9, role="省领导", kind="official")])
    ['attended', 'attended']
    """
    rows: list[list[int]] = []
    for k, person in enumerate(persons):
        if k and _is_row(text, persons[k - 1], person):
            rows[-1].append(k)
        else:
            rows.append([k])
    presences = ["mentioned"] * len(persons)
    for row in rows:
        last = persons[row[-1]]
        shared = _read_clause(text, last.end)
        if shared == "mentioned" and last.kind == "official" and not last.role.startswith(("时任", "原")):
            shared = "attended" if _ACTED.match(text, last.end) else shared
        if shared == "mentioned" and _ATTENDED_BEFORE.search(text[max(0, persons[row[0]].begin - 60) : persons[row[0]].begin]):
            shared = "attended"
        if shared in ("spoke", "attended") and _INVOKED.search(text, max(0, persons[row[0]].begin - 40), persons[row[0]].begin):
            shared = "mentioned"
        comma = max(text.rfind(mark, persons[row[0]].end, last.end) for mark in ",，")
        for k in row:
            if shared not in ("chaired", "spoke") or comma < persons[k].end:
                presences[k] = shared
    report = _REPORTS.search(text, 0, _REPORT_BY) if persons else None
    if report is not None:
        for k, person in enumerate(persons):
            gives = person.begin < report.start() and person.role.endswith(_GIVES)
            presences[k] = "spoke" if gives else "mentioned" if person.begin > report.start() else presences[k]
    return presences


def _is_row(text: str, before: Placed, after: Placed) -> bool:
    """Whether only marks and the next one's office stand between two persons."""
    between = text[before.end : after.begin]
    if not between or "\n" in between:
        return False
    rest = between[_MARKS.match(between).end() :]  # type: ignore[union-attr]
    if rest == between:
        return False
    return not rest or (bool(after.role) and rest.strip() == after.role)


def _read_clause(text: str, end: int) -> str:
    """What the clause behind a name says its subject did."""
    stop = _CLAUSE_END.search(text, end)
    clause = text[end : stop.start() if stop else len(text)][:120]
    if _CHAIRED.match(clause):
        return "chaired"
    speech, delivery = _load_spoke()
    said = speech.match(clause)
    if said and "的" in said[0] and said[0].endswith(_NOUNS):
        said = None  # 习近平主席提出的全球发展倡议
    if said or _SPOKE_WITH.search(clause) or delivery.match(clause):
        return "spoke"
    if _ATTENDED.match(clause):
        return "attended"
    return "mentioned"
