"""Who voices a passage: the leader, the meeting, or the paper itself.

A passage begins where somebody is said to speak (尹力强调, 会议指出, 他说) and runs to where the next speaker begins or
the paper takes the word again: a sentence that tells what happened (省长赵龙主持会议), or a new paragraph that does not
go on urging (要, 必须, 坚持). What a leader quotes inside his own speech (习近平总书记指出) stays his.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .lexicons import read_lexicon
from .schema import Mention, Speech

MEETING = "会议"
#: A clause that names its subject is rarely longer before its verb.
MAX_SUBJECT = 60

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’）)]*|\n+")
_CLAUSE_MARKS = frozenset(",，。；;：:！？!?\n“")
#: What a verb that introduces words is followed by.
_OPENING_MARKS = ",，:：“"
#: 作具体要求 and 再强调 name an act, they introduce nothing.
_NO_INTRODUCTION = frozenset("体作的出再次")
#: Verbs that are nouns behind 的 or beside what is made: 习近平主席提出的全球发展倡议, 作出重要指示批示.
_ALSO_NOUNS = frozenset("倡议 建议 要求 批示 希望 号召 介绍 回应 解释 回忆 提醒 嘱咐 叮嘱 勉励 呼吁".split())
_MAKES_NOUN = re.compile(
    r"的(?!基础上|时候|过程中)|(?:作出|作了|做出|提出|发出|给予|指示|重要|系列|批示|讲话|回信|殷切|亲切)[^,，]{0,8}$"
)
#: A meeting may urge without a mark.
_MEETING_URGES = re.compile(r"会议(要求)(?=[各全切必坚要有相])")
#: A meeting or its paper as subject of the clause.
_MEETING = re.compile(
    r"^(?:[此本]次|这次|省|市|区|县|州|全)?(?:委|政府)?(?:常委会|常务|专题|视频|电视电话|调度|工作|推进|动员|座谈|民主生活|"
    r"现场|部署|扩大|领导小组|党组|指挥部|全体|经济|续|省|市){0,4}(?:会议|会|全会|大会|座谈会|研讨会|论坛)"
    r"[^,，。；;：:\n]{0,12}$"
)
_PRONOUN = re.compile(
    r"^(?:[同当]时|随后|最后|会上|为此|对此)?"
    r"[他她](?:还|又|也|同时|最后|特别|并|再次|进一步|一再|反复|着重|首先){0,2}$"
)
#: A clause in which the name is not the subject: somebody acts on what that person said.
_NOT_SUBJECT = re.compile(r"学习|贯彻|落实|按照|根据|遵照|围绕|牢记|领会|传达|宣讲|重温|对标|坚持以|遵循|铭记|践行|转达")
#: A sentence of the paper: it tells what happened.
_NARRATION = re.compile(
    r"^(?:会[前后上间]|会议(?:以|由|还|决定|听取|审议|研究|传达|召开|之[前后]|期间|结束|在)|当[天日晚]|随后|期间|其间|"
    r"(?:检查|调研|考察|督导|座谈|视察|走访|慰问|会见)(?:中|时|期间|结束后)|在[^,，。]{2,20}(?:现场|一线|考察时|调研时|检查时)|"
    r"\d{1,2}(?:月\d{1,2})?日|连日来|近日|日前|昨[天日]|今[天日]|上午|下午|据了解|据介绍|记者|[(（]|新华社|本报)"
)
#: What else makes a sentence the paper's: somebody named does something.
_ACTS = re.compile(
    r"^(?:同志|一行|等|等领导)?[^,，。；;]{0,12}?(?:主持|出席|参加|列席|陪同|赴|来到|前往|走进|深入|随机|抽查|检查|察看|查看|考察|调研|"
    r"实地|听取|通报|汇报|传达|宣读|代表|会见|看望|慰问|分别|作了?[^,，。]{0,6}(?:要求|部署|报告|说明)|提出|介绍|收听收看|召开|一边|仔细|详细)"
)
#: A sentence that urges is still the speaker's.
_URGES = re.compile(
    r"(?<![^\n。！？!?,，;；、])(?:[^,，。；;]{0,10}?(?:要|必须|务必|应当|应该|需要)|坚持|切实|着力|坚决|全力|努力|确保|推动|加强|加快|强化|深化|"
    r"各级|各地|各部门|不断|持续|严格|严防|始终|继续|进一步|紧紧|牢牢|抓好|做好|落实|压实|统筹|聚焦|把)"
)


@dataclass(frozen=True)
class _Person:
    begin: int
    end: int
    name: str
    official: bool


@dataclass(frozen=True)
class _Verb:
    """text[begin:...] is a verb with which somebody takes the word."""

    begin: int
    verb: str


@cache
def _load_verbs() -> tuple[frozenset[str], int, re.Pattern[str]]:
    """The verbs, the length of the longest, and what finds the places where one can end: its last character and a mark."""
    table = read_lexicon("speech_verbs")
    verbs = frozenset(table["verb"][table["kind"] == "speech"])
    last = "".join(sorted({verb[-1] for verb in verbs}))
    return verbs, max(map(len, verbs)), re.compile(f"[{last}][{_OPENING_MARKS}]")


def _find_verbs(text: str, body_begin: int) -> list[_Verb]:
    """Verbs that introduce words, in order, the longest at each mark: looking at marks alone is several times faster.

    >>> [v.verb for v in _find_verbs("他说,会议要求各地落实。批示指出:再强调,", 0)]
    ['说', '要求', '批示指出']
    """
    verbs, longest, ends = _load_verbs()
    found = []
    for match in ends.finditer(text, body_begin):
        end = match.start() + 1
        for begin in range(max(body_begin, end - longest), end):
            if text[begin:end] in verbs and text[begin - 1 : begin] not in _NO_INTRODUCTION:
                found.append(_Verb(begin, text[begin:end]))
                break
    if "会议要求" in text:
        found += [_Verb(match.start(1), "要求") for match in _MEETING_URGES.finditer(text, body_begin)]
        found.sort(key=lambda verb: verb.begin)
    return found


def find_speech(text: str, mentions: Sequence[Mention], body_begin: int = 0) -> list[Speech]:
    """Spans that tile text[body_begin:]: in order, without gap or overlap, each voiced by a leader, a meeting or the paper.

    `speaker` is the leader's name, 会议 for a meeting, "" for the paper. Empty body, empty list. Linear in the text.

    >>> [(s.speaker, s.kind, s.verb) for s in find_speech("会议指出,要抓落实。会议由市长主持。", [])]
    [('会议', 'meeting', '指出'), ('', 'paper', '')]
    """
    if body_begin >= len(text):
        return []
    persons = sorted(
        (
            _Person(m.begin, m.end, m.name, m.kind == "official")
            for m in mentions
            if m.begin is not None and m.end is not None and m.kind != "journalist"
        ),
        key=lambda person: person.begin,
    )
    marks = _find_marks(text, persons, body_begin)
    return _join_marks(marks, len(text))


def _join_marks(marks: list[Speech], end: int) -> list[Speech]:
    """Marks (where somebody takes the word) as spans: each runs to the next; the same voice going on stays one span."""
    spans: list[Speech] = []
    for mark in marks:
        if spans and spans[-1].kind == mark.kind == "paper":
            continue
        if spans:
            last = spans[-1]
            spans[-1] = Speech(last.speaker, last.kind, last.verb, last.begin, mark.begin)
        spans.append(mark)
    return spans


def _find_marks(text: str, persons: list[_Person], body_begin: int) -> list[Speech]:
    """Where somebody takes the word, in order; the first mark stands at body_begin."""
    marks = [Speech("", "paper", "", body_begin, len(text))]
    begins = [person.begin for person in persons]
    verbs = _find_verbs(text, body_begin)
    verb_begins = [verb.begin for verb in verbs]
    first_verb = last_verb = 0
    subject = ""  # whom 他 means
    new_paragraph = True
    pending: int | None = None  # a new paragraph whose voice is not yet told
    for match in _SENTENCE.finditer(text, body_begin):
        begin, end = match.span()
        if text[begin] == "\n":
            if pending is not None and marks[-1].kind != "paper":
                marks.append(Speech("", "paper", "", pending, len(text)))
            new_paragraph, pending = True, None
            continue
        inside = persons[bisect_left(begins, begin) : bisect_left(begins, end)] if persons else []
        current = marks[-1]
        first_verb, last_verb = last_verb, bisect_left(verb_begins, end, last_verb)
        mark = None
        if first_verb < last_verb:
            here = verbs[first_verb:last_verb]
            mark = _read_introduction(text, begin, here, inside, subject, current, new_paragraph)
        if mark:
            if pending is not None:
                marks.append(Speech("", "paper", "", pending, len(text)))
                pending = None
            if mark.begin > begin and current.kind != "paper" and mark is not current:
                # 11月23日,省委书记林武...他强调: what stands before the speaker's clause is the paper's
                marks.append(Speech("", "paper", "", begin, len(text)))
            if mark is not current:
                marks.append(mark)
        elif current.kind != "paper":
            if _is_narration(text, begin, end, inside):
                marks.append(Speech("", "paper", "", begin if pending is None else pending, len(text)))
                pending = None
            elif new_paragraph or pending is not None:
                if _URGES.search(text, begin, end):
                    pending = None
                elif pending is None:
                    pending = begin
        if inside and (leader := next((p.name for p in inside if p.official), "")):
            subject = mark.speaker if mark and mark.kind == "leader" else leader
        new_paragraph = False
    if pending is not None and marks[-1].kind != "paper":
        marks.append(Speech("", "paper", "", pending, len(text)))
    return _drop_empty(marks)


def _drop_empty(marks: list[Speech]) -> list[Speech]:
    """Of marks at one offset only the last counts."""
    return [mark for mark, after in zip(marks, [*marks[1:], None], strict=True) if not after or after.begin > mark.begin]


def _read_introduction(
    text: str, begin: int, verbs: list[_Verb], inside: list[_Person], subject: str, current: Speech, new_paragraph: bool
) -> Speech | None:
    """The first speaker whom one of `verbs` introduces in the sentence at `begin`; `current` itself where he only goes on."""
    for verb in verbs:
        at = verb.begin
        clause = _begin_of_clause(text, begin, at)
        named = [p for p in inside if clause <= p.begin and p.end <= at]
        if named:
            person = named[-1]
            before, between = text[clause : person.begin], text[person.end : at]
            if verb.verb in _ALSO_NOUNS and _MAKES_NOUN.search(between):
                continue
            if _NOT_SUBJECT.search(before) or not person.official or at - person.end > MAX_SUBJECT:
                continue
            quoted = text.startswith("总书记", person.end) or text.startswith("主席", person.end)
            if quoted and current.kind != "paper" and current.speaker != person.name and not new_paragraph:
                return None  # a leader quotes: the word stays with him
            start = _begin_of_row(text, clause, begin)
            return Speech(person.name, "leader", verb.verb, start, len(text))
        who = text[clause:at]
        if _PRONOUN.match(who) and subject:
            return Speech(subject, "leader", verb.verb, clause, len(text))
        if _MEETING.match(who):
            return Speech(MEETING, "meeting", verb.verb, clause, len(text))
        # 尹力在会上,...,强调: the verb stands alone in its clause, its subject some clauses before
        if clause == at and inside and inside[0].official and at - inside[0].end < MAX_SUBJECT:
            lead = text[begin : inside[0].begin]
            if not _NOT_SUBJECT.search(lead) and current.speaker != inside[0].name:
                return Speech(inside[0].name, "leader", verb.verb, clause, len(text))
    return None


def _begin_of_row(text: str, clause: int, begin: int) -> int:
    """Where the speaker's clause begins: offices joined with 、 belong to it."""
    while clause > begin and text[clause - 1] == "、":
        clause -= 1
        while clause > begin and text[clause - 1] != "、" and text[clause - 1] not in _CLAUSE_MARKS:
            clause -= 1
    return clause


def _begin_of_clause(text: str, begin: int, at: int) -> int:
    """Where the clause begins in which text[at] stands, not before `begin`."""
    while at > begin and text[at - 1] not in _CLAUSE_MARKS:
        at -= 1
    return at


def _is_narration(text: str, begin: int, end: int, inside: list[_Person]) -> bool:
    """Whether the sentence tells what happened."""
    if _NARRATION.match(text[begin : min(end, begin + 40)]):
        return True
    if inside and inside[0].begin - begin <= 30:
        before = text[begin : inside[0].begin]
        if not _NOT_SUBJECT.search(before) and not _URGES.search(before):
            last = inside[-1] if text[inside[0].end : inside[0].end + 1] in "、,，" else inside[0]
            return bool(_ACTS.match(text[last.end : min(end, last.end + 40)]))
    return False
