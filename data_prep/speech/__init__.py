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
from operator import itemgetter

from data_prep.schema import Mention, Speech
from data_prep.speech.introductions import (
    MEETING,
    Mark,
    Person,
    read_closing,
    read_introduction,
)
from data_prep.speech.narration import does_urge, is_narration
from data_prep.speech.verbs import Verb, find_verbs

__all__ = ["MEETING", "find_speech"]

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*[”’）)]*|\n+")
_BREAKS = re.compile(r"[。！？!?；;\n]")
#: A quotation ends with its sentence, and the line goes on: “你们辛苦了！”他说。
_QUOTED, _OPENED = re.compile(r"”(?<=[。！？!?；;”’）)]”)(?=[^\n])"), re.compile("“")
#: A short line that neither ends as a sentence nor counts (一、二、) is the headline of what the paper tells next.
_HEADLINE = re.compile(r"(?![（(]?[一二三四五六七八九十\d]+[、.．）)是要])[^\n。！？!?；;：:，,、（(“]{4,24}\n(?=.)")
#: So many verbs are tried in a sentence: one with more of them is no sentence, and would cost the square of its length.
_MOST_VERBS = 50
#: What is told of an act of speech (提出“四个发力”) is over with its sentence.
_ONE_SENTENCE = frozenset({"提出"})
#: Behind a report: its glossary and its annexes, which nobody reads out.
_ANNEX = re.compile(
    r"\n[#*（(《 \u3000]*(?:附[：:]|附件|附录|(?:《?政府工作报告》?)?(?:中?的?(?:有关|相关|主要|部分)(?:内容)?)?"
    r"(?:名词|用语|术语)(?:及[^\n]{2,6})?(?:解释|注释|说明|释义)|注释[*）) ]*[：:]?\n|(?:解释|名词)说明[*）) ]*\n)"
)
#: 我代表省人民政府向大会报告工作: the words with which a government's report begins, near the beginning of the body.
_REPORT = r"代表\S{0,12}(?:政府|国务院)[,，]?\s?向[^。]{0,10}(?:作|报告)"
_REPORTS, _REPORTED = re.compile(rf"我?(?:受[^,，。]{{2,12}}委托[,，])?{_REPORT}"), re.compile(_REPORT)
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
    report = _read_report(text, mentions, body_begin)
    if report:
        return report
    verbs = find_verbs(text, body_begin)
    quoted = [match.end() for match in _QUOTED.finditer(text, body_begin)]
    if not verbs and not quoted:  # nobody can take the word
        return [Speech("", "paper", "", body_begin, len(text))]
    persons = [
        Person(m.begin, m.end, m.name, "leader" if m.kind == "official" else "other")
        for m in mentions
        if m.begin is not None and m.end is not None and m.kind != "journalist"
    ]
    persons.sort(key=itemgetter(0))
    return _join_marks(_find_marks(text, persons, verbs, quoted, body_begin), len(text))


def _read_report(text: str, mentions: Sequence[Mention], body_begin: int) -> list[Speech]:
    """A work report as one passage of who gives it, the governor named under its headline; its annexes are the paper's."""
    if not _REPORTED.search(text, body_begin, body_begin + _REPORT_BY):  # beginning with fixed words, 20 times as fast
        return []
    given = _REPORTS.search(text, body_begin, body_begin + _REPORT_BY)
    if given is None:
        return []
    for mention in mentions:
        if mention.begin is not None and mention.begin < given.start() and _GOVERNOR.search(mention.role):
            annex = _ANNEX.search(text, given.end())
            end = annex.start() + 1 if annex else len(text)
            report = Speech(mention.name, "leader", "报告", body_begin, end)
            return [report, Speech("", "paper", "", end, len(text))] if end < len(text) else [report]
    return []


def _join_marks(marks: list[Mark], end: int) -> list[Speech]:
    """Marks (where somebody takes the word) as spans: each runs to the next; the same voice going on stays one span."""
    voices: list[Mark] = []
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        if mark.begin >= end or (after is not None and after.begin <= mark.begin):
            continue  # of marks at one offset only the last counts; one at the very end tells of nothing
        if not voices or not voices[-1].kind == mark.kind == "paper":
            voices.append(mark)
    ends = [*(mark.begin for mark in voices[1:]), end]
    return [Speech(*voice, until) for voice, until in zip(voices, ends, strict=True)]


def _find_marks(
    text: str, persons: Sequence[Person], verbs: Sequence[Verb], quoted: list[int], body_begin: int
) -> list[Mark]:
    """Where somebody takes the word, in order; the first mark stands at body_begin.

    `verbs` introduce words, `quoted` are the offsets behind quotations. While the paper has the word, only the
    paragraphs that hold one of them are read.
    """
    marks = [_paper(body_begin)]
    person_begins = [person.begin for person in persons]
    verb_begins = [verb.begin for verb in verbs]
    behind_quotations = set(quoted)
    opened = [match.start() for match in _OPENED.finditer(text, body_begin)] if quoted else []
    last_person, last_verb = bisect_left(person_begins, body_begin), 0  # so many begin before the end of the sentence
    subject: Person | None = None  # whom 他 means
    leader: Person | None = None  # the last leader it meant
    new_paragraph, paragraph = True, body_begin
    pending: int | None = None  # a new paragraph whose voice is not yet told
    is_over = False  # what was said ends with the sentence before
    searched = body_begin  # no paragraph ends between the sentence that is read and here
    at = body_begin
    while True:
        if marks[-1].kind == "paper":
            next_quoted = bisect_left(quoted, at)
            to_read = verb_begins[last_verb : last_verb + 1] + quoted[next_quoted : next_quoted + 1]
            if not to_read:
                break
            next_word = min(to_read)
            line = text.rfind("\n", max(at, searched), next_word) + 1
            searched = next_word
            if line:
                first_person, last_person = last_person, bisect_left(person_begins, line, last_person)
                subject, leader = _pass_over(text, persons[first_person:last_person], subject, leader)
                new_paragraph, paragraph, at = True, line, line
        match = _SENTENCE.search(text, at)
        if match is None:
            break
        begin, end = match.span()
        at = end
        if text[begin] == "\n":
            if pending is not None and marks[-1].kind != "paper":
                marks.append(_paper(pending))
            # What a colon announces is said in the paragraph behind it; a line without an end is the next headline.
            new_paragraph, paragraph, pending = text[begin - 1] not in ":：", end, None
            if marks[-1].kind != "paper" and _HEADLINE.match(text, end):
                marks.append(_paper(end))
            continue
        first_person, last_person = bisect_left(person_begins, begin, last_person), bisect_left(person_begins, end, last_person)
        inside = persons[first_person:last_person]
        first_verb, last_verb = last_verb, bisect_left(verb_begins, end, last_verb)
        closed = _close_quotation(text, begin, end, paragraph, opened, inside, subject) if begin in behind_quotations else None
        if closed is not None:
            while len(marks) > 1 and marks[-1].begin >= closed.begin:
                marks.pop()
            marks += [closed, _paper(end)]
            new_paragraph, pending, is_over = False, None, False
            subject = next((p for p in inside if p.name == closed.speaker), subject)
            leader = subject if subject is not None and subject.kind == "leader" else leader
            continue
        current = marks[-1]
        if is_over and current.kind != "paper":
            current = _paper(begin)
            marks.append(current)
        is_over = False
        mark = None
        if first_verb < last_verb:
            here = verbs[first_verb : min(last_verb, first_verb + _MOST_VERBS)]
            mark = read_introduction(text, begin, here, inside, subject, leader, current, new_paragraph)
        if mark is not None:
            if pending is not None:
                marks.append(_paper(pending))
                pending = None
            if mark.begin > begin and current.kind != "paper":
                # 11月23日,省委书记林武...他强调: what stands before the speaker's clause is the paper's
                marks.append(_paper(begin))
            marks.append(mark)
            is_over = mark.verb in _ONE_SENTENCE
        elif current.kind == "other" and new_paragraph:
            marks.append(_paper(begin))
        elif current.kind != "paper":
            if is_narration(text, begin, end, inside, new_paragraph):
                marks.append(_paper(begin if pending is None else pending))
                pending = None
            elif new_paragraph or pending is not None:
                if does_urge(text, begin, end):
                    pending = None
                elif pending is None:
                    pending = begin
        if mark is not None and mark.kind == "paper":
            subject = None  # somebody not known by name spoke: 他 of the next sentence is nobody known
        elif inside:
            subject = next((p for p in inside if mark is not None and p.name == mark.speaker), None) or _lead(inside)
        leader = subject if subject is not None and subject.kind == "leader" else leader
        new_paragraph = False
    if pending is not None and marks[-1].kind != "paper":
        marks.append(_paper(pending))
    return marks


def _paper(begin: int) -> Mark:
    return Mark("", "paper", "", begin)


def _lead(inside: Sequence[Person]) -> Person:
    """Whom a sentence that nobody speaks in is about: the first leader of those it names, else the first of all."""
    return next((person for person in inside if person.kind == "leader"), inside[0])


def _pass_over(
    text: str, passed: Sequence[Person], subject: Person | None, leader: Person | None
) -> tuple[Person | None, Person | None]:
    """Subject and last leader behind sentences of the paper in which nobody speaks, which name these persons."""
    if not passed:
        return subject, leader
    subject = _lead(_keep_sentence(text, passed))
    leaders = [person for person in passed if person.kind == "leader"]
    return subject, _keep_sentence(text, leaders)[0] if leaders else leader


def _keep_sentence(text: str, persons: Sequence[Person]) -> Sequence[Person]:
    """Those of some persons, at least the last, who are named in the same sentence as the last."""
    n = len(persons) - 1
    while n and not _BREAKS.search(text, persons[n - 1].begin, persons[n].begin):
        n -= 1
    return persons[n:]


def _close_quotation(
    text: str, begin: int, end: int, paragraph: int, opened: list[int], inside: Sequence[Person], subject: Person | None
) -> Mark | None:
    """Where a quotation begins that ends right before this sentence and is closed by it: “你们辛苦了！”他说。

    `opened` are the offsets of all “.
    """
    if begin <= paragraph:
        return None
    closing = read_closing(text, begin, end, inside, subject)
    last = bisect_left(opened, begin) - 1
    if closing is None or last < 0 or opened[last] < paragraph:
        return None
    person, verb = closing
    return Mark(person.name, person.kind, verb, opened[last])
