"""Who takes the word in a sentence: the leader named before 强调, the meeting, him of the sentence before.

A verb introduces words in one of four forms:

    marked     尹力强调，…    会议指出：…    他说，“…”
    addressed  她叮嘱当地干部，…
    bare       …出席会议并讲话，强调要…    他说认识过去有利于把握现在
    closing    “…”李强说。    behind the quotation
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from data_prep.lexicons import read_lexicon
from data_prep.schema import Speech

MEETING = "会议"
#: A clause that names its subject is rarely longer before its verb.
MAX_SUBJECT = 60
#: The subject of a sentence stands no farther in it, for a bare verb some clauses on.
_SUBJECT_BY = 60

_CLAUSE_MARKS = frozenset(",，。；;：:！？!?\n“”")
#: What a verb that introduces words is followed by.
_OPENING_MARKS = ",，:：“"
#: 作具体要求 and 再强调 name an act, they introduce nothing; 多次强调 and 再次强调 do.
_NO_INTRODUCTION = frozenset("体作的出再次")
_AGAIN = ("多次", "再次", "反复")
#: Verbs of reports that introduce words where a comma follows: 庞星火通报,6月3日…
_REPORTED = frozenset({"通报"})
#: Verbs that are nouns behind 的 or beside what is made: 习近平主席提出的全球发展倡议, 作出重要指示批示.
_ALSO_NOUNS = frozenset("倡议 建议 要求 批示 希望 号召 介绍 回应 解释 回忆 提醒 嘱咐 叮嘱 勉励 呼吁".split())
_MAKES_NOUN = re.compile(
    r"的(?!基础上|时候|过程中)|(?:作出|作了|做出|提出|发出|给予|指示|重要|系列|批示|讲话|回信|殷切|亲切)[^,，]{0,8}$"
)
#: What only a leader does: behind a villager's words 他要求 is the leader's.
_URGE = frozenset({"强调", "指出", "要求", "提出"})
#: A meeting may urge without a mark.
_MEETING_URGES = re.compile(r"会议(要求|强调|指出)(?=[各全切必坚要有相])")
#: A verb that goes straight into what is said, where a clause begins or behind him who says it.
_BARE = re.compile(
    r"(?<=[,，他她时后])(?P<verb>强调|指出|要求|希望|表示|说|提出)(?=[\u4e00-\u9fff“])"
    r"(?!了|的|过|着|到|出|起|和|与|是|明|法|服|不定|完|道|话|实话|感谢|祝贺|欢迎|慰问|哀悼|诚挚|衷心|热烈|崇高|敬意|高度|赞赏"
    r"|问候|满意|亲切|肯定|认可|同意|支持|赞同)"
)
#: Who is addressed stands between the verb and its mark.
_ADDRESSED = re.compile(r"(?P<verb>叮嘱|嘱咐|勉励|告诉|提醒|嘱托|寄语)(?![的了过说])[^,，。；;：:“”\n]{1,10}(?=[,，：:])")
#: A verb that closes a quotation.
_CLOSES = re.compile(
    r"(?P<verb>说|问|询问|道|说道|问道|表示|介绍|介绍说|感慨|感叹|回忆|坦言|直言|透露|解释|补充|回答|答道|告诉[^,，]{2,6})(?:道|说)?$"
)
#: A meeting or its paper as subject of the clause.
_MEETING = re.compile(
    r"^(?:[此本]次|这次|省|市|区|县|州|全)?(?:委|政府)?(?:常委会|常务|专题|视频|电视电话|调度|工作|推进|动员|座谈|民主生活|"
    r"现场|部署|扩大|领导小组|党组|指挥部|全体|经济|续|省|市){0,4}(?:会议|会|全会|大会|座谈会|研讨会|论坛)"
    r"[^,，。；;：:\n]{0,12}$"
)
_PRONOUN = re.compile(r"^(?:[^,，。；;他她]{0,20})[他她](?![们的])[^,，。；;]{0,24}$")
#: A clause in which the name is not the subject: somebody acts on what that person said.
NOT_SUBJECT = re.compile(r"学习|贯彻|落实|按照|根据|遵照|围绕|牢记|领会|传达|宣讲|重温|对标|坚持以|遵循|铭记|践行|转达")
#: Those who speak without a name: the paper reports them.
_NAMELESS = re.compile(
    r"(?:干部|群众|党员|职工|专家|学者|人士|学员|师生|代表|委员|大家|居民|村民|网友|志愿者|双方|各方|多方|方面|媒体|报道|"
    r"发言人|负责人|负责同志|[国防商务财政教育卫生外交]{2}部|部门|分析|评论|文章|社论|公报|声明|消息|[俄乌美英法德日韩柬中]方)们?"
    r"[^,，他她]{0,8}$"
)


#: What stands before the verb of a speaker who goes on: 同时强调,
_LINKS = re.compile(
    r"(?:同时|随后|最后|为此|对此|会上|此外|其中|并且?|还|又|也|再次|一再|多次|特别|进一步|反复|着重|首先|接着|他们?|她)*$"
)


@dataclass(frozen=True)
class Person:
    """A person named at text[begin:end]; `kind` is that of what the person says: leader or other."""

    begin: int
    end: int
    name: str
    kind: str


@dataclass(frozen=True)
class Verb:
    """text[begin:end] is a verb with which somebody takes the word; `form` as in the module's table."""

    begin: int
    end: int
    verb: str
    form: str


def find_verbs(text: str, body_begin: int) -> list[Verb]:
    """Verbs that introduce words, in order, the longest at each mark: looking at marks alone is several times faster.

    >>> [v.verb for v in find_verbs("他说,会议要求各地落实。批示指出:再强调,", 0)]
    ['说', '要求', '批示指出']
    """
    verbs, longest, ends = _load_verbs()
    found = []
    for match in ends.finditer(text, body_begin):
        end = match.start() + 1
        for begin in range(max(body_begin, end - longest), end):
            verb = text[begin:end]
            if verb in verbs and (text[begin - 1 : begin] not in _NO_INTRODUCTION or text.endswith(_AGAIN, 0, begin)):
                found.append(Verb(begin, end, verb, "marked"))
                break
    more = [Verb(m.start("verb"), m.end("verb"), m["verb"], "bare") for m in _BARE.finditer(text, body_begin)]
    more += [Verb(m.start("verb"), m.end("verb"), m["verb"], "addressed") for m in _ADDRESSED.finditer(text, body_begin)]
    if "会议" in text:
        more += [Verb(m.start(1), m.end(1), m[1], "marked") for m in _MEETING_URGES.finditer(text, body_begin)]
    if more:
        begins = {verb.begin for verb in found}
        found += [verb for verb in more if verb.begin not in begins]
        found.sort(key=lambda verb: verb.begin)
    return found


def read_introduction(
    text: str, begin: int, verbs: Sequence[Verb], inside: Sequence[Person], subject: Person | None, leader: Person | None,
    current: Speech, new_paragraph: bool,
) -> Speech | None:
    """The first speaker whom one of `verbs` introduces in the sentence at `begin`.

    `inside` are the persons the sentence names, `subject` is whom 他 means, `leader` the last leader who was subject,
    `current` who has the word. A mark of the paper where somebody without a name speaks; None where nobody takes the word.
    """
    for verb in verbs:
        at = verb.begin
        clause = _begin_of_clause(text, begin, at)
        who = text[clause:at]
        named = [p for p in inside if clause <= p.begin and p.end <= at]
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
            return _take(person, verb, _begin_of_row(text, clause, begin), text)
        earlier = [p for p in inside if p.end <= at]
        if _PRONOUN.match(who):
            meant = leader if verb.verb in _URGE and subject is not None and subject.kind != "leader" else subject
            he = next((p for p in earlier if p.kind == "leader"), meant) or next(iter(earlier), None)
            if he is not None:
                return _take(he, verb, clause, text)
            continue
        if _MEETING.match(who):
            return Speech(MEETING, "meeting", verb.verb, clause, len(text))
        if clause == at or (who[-1] in "时后" and verb.form != "addressed"):
            mark = _read_subject_before(text, begin, at, clause, verb, earlier, subject, current)
            if mark is not None:
                return mark
        elif verb.form == "marked" and (_NAMELESS.search(who) or (new_paragraph and clause == begin and not _LINKS.match(who))):
            return Speech("", "paper", "", begin, len(text))
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
    if subject is not None and re.search(r"(?:^|[,，])[^,，]{0,6}[他她](?![们的])", clause):
        return subject, closes["verb"][:2]
    return None


# --- Its parts ------------------------------------------------------------------------


@cache
def _load_verbs() -> tuple[frozenset[str], int, re.Pattern[str]]:
    """The verbs, the length of the longest, and what finds the places where one can end: its last character and a mark."""
    table = read_lexicon("speech_verbs")
    verbs = frozenset(table["verb"][table["kind"] == "speech"]) | _REPORTED
    last = "".join(sorted({verb[-1] for verb in verbs}))
    return verbs, max(map(len, verbs)), re.compile(f"[{last}][{_OPENING_MARKS}]")


def _take(person: Person, verb: Verb, begin: int, text: str) -> Speech:
    return Speech(person.name, person.kind, verb.verb, begin, len(text))


def _read_subject_before(
    text: str, begin: int, at: int, clause: int, verb: Verb, earlier: Sequence[Person], subject: Person | None, current: Speech
) -> Speech | None:
    """尹力在会上，…，强调: the verb stands alone in its clause, its subject some clauses before."""
    if earlier and at - earlier[0].end < (MAX_SUBJECT if verb.form == "marked" else 2 * MAX_SUBJECT):
        lead = text[begin : earlier[0].begin]
        is_same = current.speaker == earlier[0].name and verb.form == "marked"
        if len(lead) <= _SUBJECT_BY and not NOT_SUBJECT.search(lead) and not is_same and earlier[0].kind == "leader":
            return _take(earlier[0], verb, clause, text)
    if not earlier and subject is not None and re.match(r"[他她](?![们的])", text[begin : begin + 2]):
        return _take(subject, verb, clause, text)
    if verb.form == "bare" and not earlier and _MEETING.match(text[begin:at].split("，")[0].split(",")[0]):
        return Speech(MEETING, "meeting", verb.verb, clause, len(text))
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
