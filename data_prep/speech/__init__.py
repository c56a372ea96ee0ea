"""Who voices a passage: the leader, the meeting, somebody else who is named, or the paper itself.

A passage begins where somebody is said to speak (尹力强调, 会议指出, 他说) and runs to where the next speaker begins or
the paper takes the word again: a sentence that tells what happened (省长赵龙主持会议), or a new paragraph that does not
go on urging (要, 必须, 坚持). What a leader quotes inside his own speech (习近平总书记指出) stays his. A quotation
before its speaker (“…”李强说。) is that speaker's. A government's work report is voiced by who gives it, as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from data_prep.schema import Mention, Speech
from data_prep.speech.introductions import (
    MEETING,
    NOT_SUBJECT,
    Person,
    find_verbs,
    read_closing,
    read_introduction,
)

__all__ = ["MEETING", "find_speech"]

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’）)]*|\n+")
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
#: What is told of an act of speech (提出“四个发力”) is over with its sentence.
_ONE_SENTENCE = frozenset({"提出"})
#: 我代表省人民政府向大会报告工作: the words with which a government's report begins, near the beginning of the body.
_REPORTS = re.compile(r"我?(?:受[^,，。]{2,12}委托[,，])?代表\S{0,12}(?:政府|国务院)[,，]?\s?向[^。]{0,10}(?:作|报告)")
_REPORT_BY, _GOVERNOR = 600, re.compile(r"(?:省长|主席|市长|总理|州长|区长|县长)$")


def find_speech(text: str, mentions: Sequence[Mention], body_begin: int = 0) -> list[Speech]:
    """Spans that tile text[body_begin:]: in order, without gap or overlap, each voiced by somebody or by the paper.

    `kind` is leader (an official), meeting, other (anybody else who is named) or paper; `speaker` is the name, 会议 for
    a meeting, "" for the paper. Empty body, empty list. Linear in the text.

    >>> [(s.speaker, s.kind, s.verb) for s in find_speech("会议指出,要抓落实。会议由市长主持。", [])]
    [('会议', 'meeting', '指出'), ('', 'paper', '')]
    """
    if body_begin >= len(text):
        return []
    persons = sorted(
        (
            Person(m.begin, m.end, m.name, "leader" if m.kind == "official" else "other")
            for m in mentions
            if m.begin is not None and m.end is not None and m.kind != "journalist"
        ),
        key=lambda person: person.begin,
    )
    report = _read_report(text, mentions, body_begin)
    if report is not None:
        return [report]
    marks = _find_marks(text, persons, body_begin)
    return _join_marks(marks, len(text))


def _read_report(text: str, mentions: Sequence[Mention], body_begin: int) -> Speech | None:
    """A work report as one passage of who gives it: the governor named under its headline."""
    given = _REPORTS.search(text, body_begin, body_begin + _REPORT_BY)
    if given is None:
        return None
    for mention in mentions:
        if mention.begin is not None and mention.begin < given.start() and _GOVERNOR.search(mention.role):
            return Speech(mention.name, "leader", "报告", body_begin, len(text))
    return None


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


def _find_marks(text: str, persons: list[Person], body_begin: int) -> list[Speech]:
    """Where somebody takes the word, in order; the first mark stands at body_begin."""
    marks = [_paper(body_begin, text)]
    begins = [person.begin for person in persons]
    verbs = find_verbs(text, body_begin)
    verb_begins = [verb.begin for verb in verbs]
    first_verb = last_verb = 0
    subject: Person | None = None  # whom 他 means
    leader: Person | None = None  # the last leader it meant
    new_paragraph, paragraph = True, body_begin
    pending: int | None = None  # a new paragraph whose voice is not yet told
    is_over = False  # what was said ends with the sentence before
    for match in _SENTENCE.finditer(text, body_begin):
        begin, end = match.span()
        if text[begin] == "\n":
            if pending is not None and marks[-1].kind != "paper":
                marks.append(_paper(pending, text))
            new_paragraph, paragraph, pending = True, end, None
            continue
        inside = persons[bisect_left(begins, begin) : bisect_left(begins, end)] if persons else []
        first_verb, last_verb = last_verb, bisect_left(verb_begins, end, last_verb)
        closed = _close_quotation(text, begin, end, paragraph, inside, subject)
        if closed is not None:
            while len(marks) > 1 and marks[-1].begin >= closed.begin:
                marks.pop()
            marks += [closed, _paper(end, text)]
            new_paragraph, pending, is_over = False, None, False
            subject = next((p for p in inside if p.name == closed.speaker), subject)
            leader = subject if subject is not None and subject.kind == "leader" else leader
            continue
        current = marks[-1]
        if is_over and current.kind != "paper":
            marks.append(_paper(begin, text))
            current = marks[-1]
        is_over = False
        mark = None
        if first_verb < last_verb:
            here = verbs[first_verb:last_verb]
            mark = read_introduction(text, begin, here, inside, subject, leader, current, new_paragraph)
        if mark is not None:
            if pending is not None:
                marks.append(_paper(pending, text))
                pending = None
            if mark.begin > begin and current.kind != "paper":
                # 11月23日,省委书记林武...他强调: what stands before the speaker's clause is the paper's
                marks.append(_paper(begin, text))
            marks.append(mark)
            is_over = mark.verb in _ONE_SENTENCE
        elif current.kind == "other" and new_paragraph:
            marks.append(_paper(begin, text))
        elif current.kind != "paper":
            if _is_narration(text, begin, end, inside, new_paragraph):
                marks.append(_paper(begin if pending is None else pending, text))
                pending = None
            elif new_paragraph or pending is not None:
                if _URGES.search(text, begin, min(end, begin + 60)):
                    pending = None
                elif pending is None:
                    pending = begin
        if mark is not None and mark.kind == "paper":
            subject = None  # somebody not known by name spoke: 他 of the next sentence is nobody known
        elif inside:
            subject = next((p for p in inside if mark is not None and p.name == mark.speaker), None) or next(
                (p for p in inside if p.kind == "leader"), inside[0])
        leader = subject if subject is not None and subject.kind == "leader" else leader
        new_paragraph = False
    if pending is not None and marks[-1].kind != "paper":
        marks.append(_paper(pending, text))
    return _drop_empty(marks, len(text))


def _paper(begin: int, text: str) -> Speech:
    return Speech("", "paper", "", begin, len(text))


def _drop_empty(marks: list[Speech], end: int) -> list[Speech]:
    """Of marks at one offset only the last counts; one at the very end tells of nothing."""
    kept = [mark for mark, after in zip(marks, [*marks[1:], None], strict=True) if not after or after.begin > mark.begin]
    return [mark for mark in kept if mark.begin < end]


def _close_quotation(
    text: str, begin: int, end: int, paragraph: int, inside: Sequence[Person], subject: Person | None
) -> Speech | None:
    """The passage of a quotation that ends right before this sentence and is closed by it: “你们辛苦了！”他说。"""
    if text[begin - 1 : begin] != "”" or begin <= paragraph:
        return None
    closing = read_closing(text, begin, end, inside, subject)
    quotation = text.rfind("“", paragraph, begin)
    if closing is None or quotation < 0:
        return None
    person, verb = closing
    return Speech(person.name, person.kind, verb, quotation, len(text))


def _is_narration(text: str, begin: int, end: int, inside: Sequence[Person], new_paragraph: bool) -> bool:
    """Whether the sentence tells what happened."""
    opening = text[begin : min(end, begin + 40)]
    if _NARRATION.match(opening) or (new_paragraph and _PAPER_OPENS.match(opening)):
        return True
    if inside and inside[0].begin - begin <= 30:
        before = text[begin : inside[0].begin]
        if not NOT_SUBJECT.search(before) and not _URGES.search(before):
            last = inside[-1] if text[inside[0].end : inside[0].end + 1] in "、,，" else inside[0]
            return bool(_ACTS.match(text[last.end : min(end, last.end + 40)]))
    return False
