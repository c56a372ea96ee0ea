"""Verbs with which somebody takes the word, found in one pass over a text. They come in four forms:

    marked     尹力强调，…    会议指出：…    他说，“…”
    addressed  她叮嘱当地干部，…
    bare       …出席会议并讲话，强调要…    他说认识过去有利于把握现在
    closing    “…”李强说。    behind the quotation, found where a quotation ends
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import daachorse

from data_prep.lexicons import read_lexicon

#: What a verb that introduces words is followed by.
_OPENING_MARKS = ",，:：“"
#: 作具体要求 and 再强调 name an act, they introduce nothing; 多次强调 and 再次强调 do.
_NO_INTRODUCTION = frozenset("体作的出再次")
_AGAIN = ("多次", "再次", "反复")
#: Verbs of reports that introduce words where a comma follows: 庞星火通报,6月3日…
_REPORTED = ("通报",)
#: A meeting may urge without a mark.
_MEETING_URGES = ("要求", "强调", "指出")
_URGED = frozenset("各全切必坚要有相")
#: A verb that goes straight into what is said, where a clause begins or behind him who says it, and what then follows.
_BARE_BEHIND, _BARE = ",，他她时后", ("强调", "指出", "要求", "希望", "表示", "说", "提出")
_BARE_GOES_ON = re.compile(
    r"(?=[\u4e00-\u9fff“])"
    r"(?!了|的|过|着|到|出|起|和|与|是|明|法|服|不定|完|道|话|实话|感谢|祝贺|欢迎|慰问|哀悼|诚挚|衷心|热烈|崇高|敬意|高度|赞赏"
    r"|问候|满意|亲切|肯定|认可|同意|支持|赞同)"
)
#: Who is addressed stands between the verb and its mark.
_ADDRESSED = ("叮嘱", "嘱咐", "勉励", "告诉", "提醒", "嘱托", "寄语")
_WHO_IS_ADDRESSED = re.compile(r"(?![的了过说])[^,，。；;：:“”\n]{1,10}(?=[,，：:])")


class Verb(NamedTuple):
    """text[begin:end] is a verb with which somebody takes the word; `form` as in the module's table."""

    begin: int
    end: int
    verb: str
    form: str


def find_verbs(text: str, body_begin: int) -> list[Verb]:
    """Verbs that introduce words, in order, the longest at each mark.

    >>> [v.verb for v in find_verbs("他说,会议要求各地落实。批示指出:再强调,", 0)]
    ['说', '要求', '批示指出']
    """
    signs, automaton = _build_automaton()
    marked: dict[int, Verb] = {}
    others: list[Verb] = []
    told = 0  # where the last words end that say who is addressed
    marked_end = -1
    for sign_begin, sign_end, index in automaton.find_overlapping(text):
        form, verb, before, behind = signs[index]
        begin, end = sign_begin + before, sign_end - behind
        if begin < body_begin:
            continue
        if form == "marked":
            # of those that end at one mark the longest comes first
            if end != marked_end and (text[begin - 1 : begin] not in _NO_INTRODUCTION or text.endswith(_AGAIN, 0, begin)):
                marked_end = end
                marked[begin] = Verb(begin, end, verb, "marked")
        elif form == "bare":
            if _BARE_GOES_ON.match(text, end):
                others.append(Verb(begin, end, verb, "bare"))
        elif form == "addressed":
            who = _WHO_IS_ADDRESSED.match(text, end) if begin >= told else None
            if who is not None:
                told = who.end()
                others.append(Verb(begin, end, verb, "addressed"))
        elif text[end : end + 1] in _URGED and sign_begin >= body_begin:
            others.append(Verb(begin, end, verb, "marked"))
    return sorted([*marked.values(), *(verb for verb in others if verb.begin not in marked)])


# --- Its parts ------------------------------------------------------------------------


@cache
def _build_automaton() -> tuple[list[tuple[str, str, int, int]], daachorse.CharwiseDoubleArrayAhoCorasick]:
    """Signs of each form with what must stand beside the verb: form, verb, characters before and behind it."""
    table = read_lexicon("speech_verbs")
    verbs = dict.fromkeys([*table["verb"][table["kind"] == "speech"], *_REPORTED])
    signs = {verb + mark: ("marked", verb, 0, 1) for verb in verbs for mark in _OPENING_MARKS}
    signs |= {before + verb: ("bare", verb, 1, 0) for verb in _BARE for before in _BARE_BEHIND}
    signs |= {verb: ("addressed", verb, 0, 0) for verb in _ADDRESSED}
    signs |= {"会议" + verb: ("urges", verb, 2, 0) for verb in _MEETING_URGES}
    return list(signs.values()), daachorse.CharwiseDoubleArrayAhoCorasick(list(signs))
