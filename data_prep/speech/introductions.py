"""Who takes the word in a sentence: the leader named before 强调, the meeting, him of the sentence before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from data_prep.speech.verbs import Verb

MEETING = "会议"
#: A clause that names its subject is rarely longer before its verb.
MAX_SUBJECT = 60
#: The subject of a sentence stands no farther in it, for a bare verb some clauses on.
_SUBJECT_BY = 60

_CLAUSE_MARKS = ",，。；;：:！？!?\n“”"
#: All up to the last mark of a clause, and up to the last mark or 、.
_TO_CLAUSE, _TO_ITEM = re.compile(rf".*[{_CLAUSE_MARKS}]", re.DOTALL), re.compile(rf".*[{_CLAUSE_MARKS}、]", re.DOTALL)
#: Verbs that are nouns behind 的 or beside what is made: 习近平主席提出的全球发展倡议, 作出重要指示批示.
_ALSO_NOUNS = frozenset("倡议 建议 要求 批示 希望 号召 介绍 回应 解释 回忆 提醒 嘱咐 叮嘱 勉励 呼吁".split())
_MAKES_NOUN = re.compile(
    r"的(?!基础上|时候|过程中)|(?:作出|作了|做出|提出|发出|给予|指示|重要|系列|批示|讲话|回信|殷切|亲切)[^,，]{0,8}$"
)
#: What only a leader does: behind a villager's words 他要求 is the leader's.
_URGE = frozenset({"强调", "指出", "要求", "提出"})
#: A verb that closes a quotation.
_CLOSES = re.compile(
    r"(?P<verb>说|问|询问|道|说道|问道|表示|介绍|介绍说|感慨|感叹|回忆|坦言|直言|透露|解释|补充|回答|答道|告诉[^,，]{2,6})(?:道|说)?$"
)
_HE_SAID = re.compile(r"(?:^|[,，])[^,，]{0,6}[他她](?![们的])")
#: A meeting or its paper as subject of the clause.
_MEETING = re.compile(
    r"^(?:[此本]次|这次|省|市|区|县|州|全)?(?:委|政府)?(?:常委会|常务|专题|视频|电视电话|调度|工作|推进|动员|座谈|民主生活|"
    r"现场|部署|扩大|领导小组|党组|指挥部|全体|经济|续|省|市){0,4}(?:会议|会|全会|大会|座谈会|研讨会|论坛)"
    r"[^,，。；;：:\n]{0,12}$"
)
_PRONOUN = re.compile(r"^(?:[^,，。；;他她]{0,20})[他她](?![们的])[^,，。；;]{0,24}$")
_HE_BEGINS = re.compile(r"[他她](?![们的])")
#: A clause in which the name is not the subject: somebody acts on what that person said.
NOT_SUBJECT = re.compile(r"学习|贯彻|落实|按照|根据|遵照|围绕|牢记|领会|传达|宣讲|重温|对标|坚持以|遵循|铭记|践行|转达")
#: Those who speak without a name: the paper reports them.
_NAMELESS = re.compile(
    r"(?:干部|群众|党员|职工|专家|学者|人士|学员|师生|代表|委员|大家|居民|村民|网友|志愿者|双方|各方|多方|方面|媒体|报道|"
    r"发言人|负责人|负责同志|[国防商务财政教育卫生外交]{2}部|部门|分析|评论|文章|社论|公报|声明|消息|[俄乌美英法德日韩柬中]方)们?"
    r"[^,，他她]{0,8}$"
)
_NAMELESS_WITHIN = 13

#: What stands before the verb of a speaker who goes on: 同时强调,
_LINKS = re.compile(
    r"(?:同时|随后|最后|为此|对此|会上|此外|其中|并且?|还|又|也|再次|一再|多次|特别|进一步|反复|着重|首先|接着|他们?|她)*$"
)


class Person(NamedTuple):
    """A person named at text[begin:end]; `kind` is that of what the person says: leader or other."""

    begin: int
    end: int
    name: str
    kind: str


class Mark(NamedTuple):
    """At text[begin] somebody takes the word, with this verb; `kind` as in SPEECH_KINDS."""

    speaker: str
    kind: str
    verb: str
    begin: int


def read_introduction(
    text: str, begin: int, verbs: Sequence[Verb], inside: Sequence[Person], subject: Person | None, leader: Person | None,
    current: Mark, new_paragraph: bool,
) -> Mark | None:
    """The first speaker whom one of `verbs` introduces in the sentence at `begin`.

    `inside` are the persons the sentence names, `subject` is whom 他 means, `leader` the last leader who was subject,
    `current` who has the word. A mark of the paper where somebody without a name speaks; None where nobody takes the word.
    """
    for verb in verbs:
        at = verb.begin
        clause = _begin_of_clause(text, begin, at)
        who = text[clause:at]
        named = [p for p in inside if clause <= p.begin and p.end <= at] if inside else inside
        if named:
            person = named[-1]
            before, between = text[clause : person.begin], text[person.end : at]
            if verb.verb in _ALSO_NOUNS and _MAKES_NOUN.search(between):
                continue
            if NOT_SUBJECT.search(before) or at - person.end > MAX_SUBJECT:
                continue
            if (verb.form == "bare" and between[-1:] not in "时后") or between.startswith("们"):
                continue
            quoted = text.startswith(("总书记", "主席"), person.end)
            if quoted and current.kind in ("leader", "meeting") and current.speaker != person.name and not new_paragraph:
                return None  # a leader quotes: the word stays with him
            return _take(person, verb, _begin_of_row(text, clause, begin))
        earlier = [p for p in inside if p.end <= at] if inside else inside
        if ("他" in who or "她" in who) and _PRONOUN.match(who):
            meant = leader if verb.verb in _URGE and subject is not None and subject.kind != "leader" else subject
            he = next((p for p in earlier if p.kind == "leader"), meant) or next(iter(earlier), None)
            if he is not None:
                return _take(he, verb, clause)
            continue
        if ("会" in who or "论坛" in who) and _MEETING.match(who):
            return Mark(MEETING, "meeting", verb.verb, clause)
        if clause == at or (who[-1] in "时后" and verb.form != "addressed"):
            mark = _read_subject_before(text, begin, at, clause, verb, earlier, subject, current)
            if mark is not None:
                return mark
        elif verb.form == "marked" and (
            _NAMELESS.search(text, max(clause, at - _NAMELESS_WITHIN), at)
            or (new_paragraph and clause == begin and not _LINKS.match(who))
        ):
            return Mark("", "paper", "", begin)
    return None


def read_closing(text: str, begin: int, end: int, inside: Sequence[Person], subject: Person | None) -> tuple[Person, str] | None:
    """Who said the quotation that ends right before the sentence text[begin:end], and the verb: “…”李强说。

    >>> text = "“要抓好落实。”省长李强说。"
    >>> read_closing(text, 8, len(text), [Person(10, 12, "李强", "leader")], None)[1]
    '说'
    """
    clause = text[begin:end].rstrip("。！？!?\n")
    closes = _CLOSES.search(clause) if len(clause) <= MAX_SUBJECT and "：" not in clause else None
    if closes is None:
        return None
    if inside and inside[0].end - begin <= closes.start("verb") + 1:
        return inside[0], closes["verb"][:2]
    if subject is not None and _HE_SAID.search(clause):
        return subject, closes["verb"][:2]
    return None


# --- Its parts ------------------------------------------------------------------------


def _take(person: Person, verb: Verb, begin: int) -> Mark:
    return Mark(person.name, person.kind, verb.verb, begin)


def _read_subject_before(
    text: str, begin: int, at: int, clause: int, verb: Verb, earlier: Sequence[Person], subject: Person | None, current: Mark
) -> Mark | None:
    """尹力在会上，…，强调: the verb stands alone in its clause, its subject some clauses before."""
    if earlier and at - earlier[0].end < (MAX_SUBJECT if verb.form == "marked" else 2 * MAX_SUBJECT):
        lead = text[begin : earlier[0].begin]
        is_same = current.speaker == earlier[0].name and verb.form == "marked"
        if len(lead) <= _SUBJECT_BY and not NOT_SUBJECT.search(lead) and not is_same and earlier[0].kind == "leader":
            return _take(earlier[0], verb, clause)
    if not earlier and subject is not None and _HE_BEGINS.match(text, begin):
        return _take(subject, verb, clause)
    if verb.form == "bare" and not earlier and _MEETING.match(text[begin:at].split("，")[0].split(",")[0]):
        return Mark(MEETING, "meeting", verb.verb, clause)
    return None


def _begin_of_row(text: str, clause: int, begin: int) -> int:
    """Where the speaker's clause begins: offices joined with 、 belong to it."""
    while clause > begin and text[clause - 1] == "、":
        item = _TO_ITEM.match(text, begin, clause - 1)
        clause = item.end() if item else begin
    return clause


def _begin_of_clause(text: str, begin: int, at: int) -> int:
    """Where the clause begins in which text[at] stands, not before `begin`."""
    mark = _TO_CLAUSE.match(text, begin, at)
    return mark.end() if mark else begin
