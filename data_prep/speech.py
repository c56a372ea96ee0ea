"""Who voices a passage: the leader, the meeting, or the paper itself.

A speaker is named with a verb of speech (尹力强调, 会议指出, 他说) at the head of a sentence or behind a comma; what
follows is his until the next speaker, or until a sentence in which the paper tells what happened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from .schema import Mention, Speech

_VERBS = "强调|指出|要求|说|表示|认为|提出|坦言|介绍|介绍说|告诉记者|宣布|希望|呼吁|重申|透露|谈到|提到|写道|回忆|回忆说"
_INTRODUCES = re.compile(
    r"(?P<who>会议|会上|他|她|全会|通知|通报|意见|[\u4e00-\u9fff·]{2,12}?)?(?:[^,，。；;：:、\n]{0,10}?)(?P<verb>" + _VERBS + r")(?=[,，:：“])"
)


def find_speech(text: str, mentions: Sequence[Mention], body_begin: int = 0) -> list[Speech]:
    """Spans that tile text[body_begin:], each voiced by a leader, a meeting or the paper.

    >>> [(s.speaker, s.kind) for s in find_speech("会议指出,要抓落实。", [])]
    [('会议', 'meeting')]
    """
    if body_begin >= len(text):
        return []
    names = sorted((m.begin, m.end, m.name) for m in mentions if m.begin is not None and m.kind != "journalist")
    marks: list[tuple[int, str, str, str]] = []
    last_leader = ""
    for sentence in re.finditer(r"[^。！？!?；;\n]+[。！？!?；;\n”]*", text[body_begin:]):
        begin, end = sentence.start() + body_begin, sentence.end() + body_begin
        inside = [n for n in names if begin <= n[0] < end]
        hit = None
        for match in re.finditer(rf"({_VERBS})(?=[,，:：“])", text[begin:end]):
            at = begin + match.start()
            clause = max(text.rfind(c, begin, at) for c in ",，。；;：:、\n”") + 1
            clause = max(clause, begin)
            who = text[clause:at]
            named = [n for n in inside if n[0] >= clause and n[1] <= at]
            if named:
                hit = (clause, named[-1][2], "leader", match[1])
                last_leader = named[-1][2]
            elif "会议" in who[:8] or "全会" in who[:4]:
                hit = (clause, "会议", "meeting", match[1])
            elif who[:1] in ("他", "她") and last_leader:
                hit = (clause, last_leader, "leader", match[1])
            if hit:
                break
        if hit:
            marks.append(hit)
        elif text[max(begin - 1, 0)] == "\n" or begin == body_begin:
            marks.append((begin, "", "paper", ""))
        if inside:
            last_leader = inside[0][2]
    if not marks or marks[0][0] > body_begin:
        marks.insert(0, (body_begin, "", "paper", ""))
    spans = []
    for k, (begin, speaker, kind, verb) in enumerate(marks):
        end = marks[k + 1][0] if k + 1 < len(marks) else len(text)
        if end > begin:
            spans.append(Speech(speaker, kind, verb, begin, end))
    return spans
