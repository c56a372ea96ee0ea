"""Every person named in an article, with the office as printed, the kind, and what the person did there.

How: the text is cut into tokens once; titles (offices.csv) are found once. Behind a title, before one, and along a list
under one, a name is read with high expectation; elsewhere a name must show itself by its characters and by the words
beside it. A name once told is told wherever it stands in the article.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate

from ..schema import Mention
from .names import (
    DOTS,
    DOTTED_NAME,
    HAN,
    HYPHENED_NAME,
    IMPOSSIBLE,
    cost_foreign,
    cost_name,
    cost_words,
    load_contexts,
    load_foreign_places,
    load_half_openers,
    load_holders,
    load_known_automaton,
    load_known_names,
    load_abbreviations,
    load_name_words,
    load_not_names,
    load_openers,
    load_surnames,
    load_transcription,
    load_word_costs,
)
from .presence import tell_presences
from .roles import Title, find_titles, load_stops, read_role
from .segment import cut_short, cut_words

#: How much a place where names stand counts for (natural logarithms, as all weights here).
BEHIND_TITLE = {"official": 4.0, "journalist": 5.0, "other": 3.0, "label": 2.5}
BEFORE_TITLE = 3.0
IN_LIST = 3.0
#: A reporter's name right behind another is not as rare as a name elsewhere.
NAME_AFTER_NAME = 3.0
#: At the head of a clause and with a verb behind it that goes with persons (this weight or more), it is the subject.
SUBJECT_VERB, SUBJECT = 2.2, 2.5
#: What a name of holders.csv or known_people.csv weighs.
KNOWN_WEIGHT = 20.0
#: What it counts for that the segmenter's dictionary holds the name as one word.
NAME_WORD = 2.0
#: What a name must weigh in all to be told, where a title stands beside it and where none does.
FLOOR_TITLE = 4.0
FLOOR_BEFORE = 5.0
FLOOR_BARE = 5.0
FLOOR_FOREIGN = 10.0
CONTEXT_FOREIGN = 0.3
#: A reading is only weighed in full if its characters alone can reach this.
BOUND_BARE = -2.0
#: What mentions of the same doubtful name must weigh together.
FLOOR_TOGETHER = 6.0
#: A name of this weight is told wherever it stands in the article.
FLOOR_SPREAD = 9.0

_BREAKS = frozenset("，,。；;：:！!？?、（）()《》〈〉“”\"‘’'「」『』【】[]…—－-·\n\r\t \u3000|／/")
_CLOSERS = frozenset("，,。；;)）、\n \u3000/／")
#: Characters of transcribed names that are too common elsewhere to tell a name, but may stand in one with dots: foreign
#: ones, then Uyghur, Kazakh, Tibetan and Mongolian ones.
_TRANSCRIBED = frozenset(
    "埃艾安昂奥澳柏拜班邦保比彼滨宾波采蔡大戴丹德登邓顿多法范方费芬丰冯佛夫富盖高戈哥格葛根古瓜哈海汉豪黑洪侯胡华吉加简杰津金京柯科克肯孔夸朗劳雷"
    "黎理里丽利列林琳留柳龙卢鲁路伦罗洛马麦曼芒毛美门蒙孟密明默木纳乃内南能尼年宁牛农欧派平奇强切钦琴让热仁日荣儒若桑森山尚绍舍生圣施史士世舒司松苏孙太坦唐陶特藤"
    "廷通图土托万旺威维魏温翁武西希席夏香肖谢辛欣休许雪雅亚延扬叶伊因英永尤于约泽珍芝治朱祖伍兴迈卫宾历姆弗蒂娅妮阿诺巴贝"
    "依明巴海买提江吐尼亚孜热旦洛桑扎西次仁格列朗杰玛央增平措旺堆多吉卓嘎边顿珠罗布索贡才让姆木合塔帕古丽娜力汗别克努夏艾阿不都肉吾守铁瓦地雪来更日图其其格乌云牧仁宝音朝鲁")
_QUOTES = frozenset("“‘《【「")
_JOINERS = frozenset(DOTS + "-－—")
#: What officials do at meetings, and others seldom.
_REPORTS = re.compile(r"[^,，。、；;\n]{0,20}?(?:强调|指出|要求|通报|汇报|部署|传达|宣读|讲话|致辞|作[^,，。]{0,6}(?:报告|说明|要求|安排))")
_NEVER_IN_SHAPE = frozenset("和与及的了是在等也就都将说任为从对被把由向到即时们")
#: The last characters of professions that are in no list: 业务员, 收藏家, 签证官.
_PROFESSION = frozenset("员家师手长官总")
_NO_PROFESSION = frozenset("大家 国家 人家 回家 全家 一家 自家 人员 成员 党员 动员 增长 成长 特长 擅长 专长 延长 生长 团员 全员 队员 会员 高手 对手 双手 联手 携手 着手 入手 助手 总 手 家 长 员 师 官 大师 教师 独家 各家 商家 厂家 买家 卖家 家长 校长 见长 校官 感官 五官 器官 全国人大常委会委员长 在家 起家 当家 玩家 赢家 住家".split())
_HAN_RUN = re.compile(rf"[{HAN}]")
_SPACES = re.compile(r"[ \u3000\xa0]{0,3}")
_JOURNALIST_GAP = re.compile(r"[ \u3000\xa0:：丨|/]{0,4}")
#: 王某, 李某某: persons whose name the paper keeps back.
_MASKED = re.compile(rf"[{HAN}]某{{1,2}}(?![{HAN}]?[人种个天日年弄号房银])")
_ADDRESS = re.compile("先生|女士|小姐|师傅|老师|太太|大爷|大妈|大叔|阿姨|老汉|老太|姓|氏|家族|大姐|大哥|奶奶|爷爷|同学|同志|伯伯|叔叔|警官|律师|医生|大夫|教练")
#: 孙总, 周董, 贝帅: an address made of a surname and one character.
_ADDRESS_CHARACTERS = frozenset("总董帅导队哥姐叔伯爷嫂婶妈爸嬷局处厅科")
#: What stands behind a name that names a place, a company or a work instead of a person.
_PLACE_BEHIND = re.compile("[路街镇村河湖桥乡县区市山庄店厂寺庙墓岛港湾峡洞站园城堡队杯奖]|大[街桥学厦]|故里|故居|基金会|公司|集团|银行|乐园|中心|国际|公园|球场|主场|客场|联队|财富|地产|期货|科技|传媒|"
    "证券|基金|保险|汽车|药业|股份|电器|手机|酒店|超市|商场|餐厅|饭店|学校|[中小]学|医院|诊所|剧[场院]|影城|研究会|艺术节|王朝|女郎|效应|定律")
_PLACE_ENDS = frozenset("村镇乡县区州湾岛河湖寺庙堡山路街桥屯坡岭沟店庄苑府城")
#: Teachings and prizes that bear a name: 毛泽东思想 speaks of no person.
_NAMESAKE = re.compile("(?:新时代[^,，。；;、]{0,16}|[法经外强生文][^,，。；;、]{1,3})?(?:思想|理论|主义)|文学奖|学院|大学|精神(?!状态|饱满)|奖章")
_SPACED_NAME = re.compile(rf"([{HAN}])[ \u3000\xa0]{{1,2}}([{HAN}])")


@dataclass
class _Found:
    begin: int
    end: int
    name: str
    role: str
    kind: str
    weight: float


@dataclass(frozen=True)
class _Reading:
    """The article once read: its tokens, their beginnings, and its titles by beginning and end."""

    text: str
    tokens: list[str]
    starts: list[int]
    bounds: frozenset[int]
    titles: list[Title]
    title_at_end: dict[int, Title]
    title_begins: frozenset[int]
    dotted: bool


def find_mentions(text: str, body_begin: int = 0, furniture: Sequence[tuple[str, str]] = ()) -> list[Mention]:
    """Persons named in `text` (simplified), in the order they stand; then those in `furniture` (rule, text).

    Role is the office as printed beside the name, "" where none is: 尹力 in 省委书记尹力 has 省委书记, and "" in
    尹力强调. Mentions outside the article have begin and end None. Linear in the length of the text.

    >>> [(m.name, m.role, m.presence) for m in find_mentions("省委书记尹力强调,要抓好落实。省长赵龙主持会议。")]
    [('尹力', '省委书记', 'spoke'), ('赵龙', '省长', 'chaired')]
    """
    found = _find_in(text)
    presences = tell_presences(text, found)
    _count_officials(text, found, presences)
    mentions = [
        Mention(f.name, f.role, f.kind, "mentioned" if f.kind == "journalist" else presence, f.begin, f.end)
        for f, presence in zip(found, presences, strict=True)
    ]
    for _rule, surface in furniture:
        mentions += [
            Mention(f.name, f.role, f.kind, "mentioned", None, None)
            for f in _find_in(surface)
            if f.kind == "journalist"
        ]
    return mentions


def _count_officials(text: str, found: list[_Found], presences: list[str]) -> None:
    """Whoever chairs, attends or reports at a meeting of officials is one, even where no office is printed.

    省领导王拥军出席会议,于英杰通报有关情况: 于英杰 is an official. So is who has the name of a holder of office.
    """
    among_officials = any(f.role and f.kind == "official" for f in found)
    acting = {
        f.name
        for f, presence in zip(found, presences, strict=True)
        if not f.role and (among_officials or f.name in load_holders()) and (presence in ("chaired", "attended") or presence == "spoke" and _REPORTS.match(text, f.end))
    }
    for f in found:
        if f.kind == "other" and not f.role and f.name in acting:
            f.kind = "official"


def _find_in(text: str) -> list[_Found]:
    tokens = cut_words(text)
    bounds = list(accumulate(map(len, tokens), initial=0))
    titles = find_titles(text)
    reading = _Reading(text, tokens, bounds[:-1], frozenset(bounds), titles, {t.end: t for t in titles}, frozenset(t.begin for t in titles), any(c in text for c in _JOINERS))
    found: dict[int, _Found] = {}
    _read_known(reading, found)
    _read_behind_titles(reading, found)
    _read_before_titles(reading, found)
    _read_bare(reading, found)
    _take_neighbours(reading, found)
    _spread(reading, found)
    return [found[k] for k in sorted(found)]


def _weigh_right(reading: _Reading, end: int) -> float:
    """How well what stands at `end` follows a name, by name_contexts.csv."""
    if end in reading.title_begins:
        return 2.5
    return _weigh_words_right(reading.text[end : end + 4], end in reading.bounds)


@lru_cache(maxsize=100_000)
def _weigh_words_right(ahead: str, at_word: bool) -> float:
    """How well the (up to four) characters `ahead` follow a name; `at_word` where a word begins with them."""
    if not ahead:
        return 0.5
    if ahead[0] in _BREAKS:
        return 2.0 if ahead[0] in "、)）(（" else 0.5
    right = load_contexts()[1]
    for n in (4, 3, 2):
        if len(ahead) >= n and ahead[:n] in right:
            return max(-3.0, min(right[ahead[:n]], 4.0))
    return max(-3.0, min(right.get(ahead[0], -0.5), 3.0)) if at_word else -0.5


def _weigh_left(reading: _Reading, begin: int) -> float:
    """How well what stands before `begin` goes before a name."""
    k = bisect_left(reading.starts, begin)
    if k == 0 or k > len(reading.tokens):
        return 0.5
    before = reading.tokens[k - 1]
    if before[-1] in _BREAKS:
        return 1.5 if before in "、(（" else 0.5
    return max(-3.0, min(load_contexts()[0].get(before, -0.5), 3.0))


def _read_name(reading: _Reading, pos: int, chain: bool = False) -> tuple[float, int, str] | None:
    """The best reading of a name that begins at `pos`: (weight, end, name); what stands before it is not weighed.

    With `chain` another name may follow without a mark: 记者陈珂胡琼.
    """
    text = reading.text
    dotted = _read_dotted(reading, pos) if reading.dotted else None
    if dotted:
        return dotted
    surnames = load_surnames()
    if text[pos : pos + 1] in surnames:
        masked = _MASKED.match(text, pos) if text[pos + 1 : pos + 2] == "某" else None
        if masked:
            return 8.0, masked.end(), masked[0]
        if pos + 1 in reading.title_begins or _ADDRESS.match(text, pos + 1):
            return None  # 王主任, 陈女士: no name that tells a person
    if text[pos : pos + 2] in surnames and _ADDRESS.match(text, pos + 2):
        return None
    ends = []
    for length in (2, 3, 4):
        name = text[pos : pos + length]
        if len(name) < length or not "\u3400" <= name[-1] <= "\u9fff":
            break
        cost = cost_name(name)
        if cost != IMPOSSIBLE and not (length == 2 and name[1] in _ADDRESS_CHARACTERS):
            ends.append((pos + length, cost))
    costs = load_transcription()
    if text[pos : pos + 1] in costs:
        for end in range(pos + 2, min(pos + 9, len(text) + 1)):
            if text[end - 1] not in costs:
                break
            ends.append((end, cost_foreign(text[pos:end])))
    best = _choose_end(reading, pos, ends, chain) if ends else None
    if best is None or best[0] < FLOOR_TITLE:
        spaced = _SPACED_NAME.match(text, pos)
        if spaced:
            name = spaced[1] + spaced[2]
            weight = cost_words([spaced[1], spaced[2]]) - cost_name(name) + _weigh_right(reading, spaced.end())
            if weight > 1.0:
                return weight, spaced.end(), name
    return best


def _choose_end(
    reading: _Reading, pos: int, ends: list[tuple[int, float]], chain: bool = False
) -> tuple[float, int, str]:
    """The end at which name and following words together cost least; the weight is what the name saves over no name.

    All readings are compared up to one common end, so that 李群 before 阶 must pay for a lone 阶.
    """
    text, starts, tokens = reading.text, reading.starts, reading.tokens
    last = max(end for end, _ in ends)
    # the common end: one token beyond the one in which the longest name ends
    k = bisect_right(starts, last - 1)
    stop = starts[k + 1] if k + 1 < len(starts) else len(text)
    first = bisect_left(starts, pos)
    if first < len(starts) and starts[first] == pos:
        plain = cost_words(tokens[first : k + 1])
    else:
        plain = cost_words(cut_short(text[pos:stop]))
    best = (-IMPOSSIBLE, pos, "")
    for end, cost in ends:
        if end in reading.bounds:
            rest = cost_words(tokens[bisect_left(starts, end) : k + 1]) if end < stop else 0.0
        else:
            rest = cost_words(cut_short(text[end:stop]))
        if chain and text[end : end + 1] in load_surnames():
            for n in (2, 3):
                follow = cost_name(text[end : end + n])
                if follow < IMPOSSIBLE:
                    beyond = cost_words(cut_short(text[end + n : stop])) if end + n < stop else -8.0 * (end + n - stop)
                    rest = min(rest, follow - NAME_AFTER_NAME + beyond)
        weight = plain - cost - rest + _weigh_right(reading, end)
        if first < len(tokens) and tokens[first] == text[pos:end] and tokens[first] in load_name_words():
            weight += NAME_WORD
        if weight > best[0]:
            best = (weight, end, text[pos:end])
    return best


def _read_dotted(reading: _Reading, pos: int) -> tuple[float, int, str] | None:
    """A name with dots that begins at `pos`: its last part runs to the first word that no name holds."""
    text = reading.text
    match, dots = DOTTED_NAME.match(text, pos), DOTS
    if not match:
        match, dots = HYPHENED_NAME.match(text, pos), "-－"
        if not match or not _is_transcribed(re.split("[-－]", match[0])[0]):
            return None
    first = cut_short(re.split(rf"[{dots}]", match[0], maxsplit=1)[0])
    if not all(map(_is_transcribed, first)) or text[pos - 1 : pos] in _QUOTES:
        return None  # 书香吉林·全民阅读
    last = max(text.rfind(dot, pos, match.end()) for dot in dots) + 1
    if dots != DOTS:
        last += text[last] == " "
        if not _is_transcribed(text[last : last + 2]):
            return None
    end = last
    right = load_contexts()[1]
    for word in cut_short(text[last : match.end() + 2]):
        if end >= match.end() or not _HAN_RUN.match(word[0]):
            break
        if end > last and (end in reading.title_begins or right.get(word, 0.0) > 1.0):
            break
        if end > last and not _is_transcribed(word):
            break
        end += len(word)
    if end == last:
        return None
    return 12.0, end, text[pos:end]


def _is_transcribed(word: str) -> bool:
    """Whether every character of a word is one that transcribes names."""
    costs = load_transcription()
    return all(char in costs or char in _TRANSCRIBED for char in word)


def _read_known(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names of office holders and public figures, of three characters or more: they tell themselves."""
    text = reading.text
    for begin, end, _ in load_known_automaton().find(text):
        if not _is_namesake(text, begin, end) and text[begin - 1 : begin] not in _JOINERS and text[end : end + 1] not in _JOINERS:
            kind = "official" if text[begin:end] in load_holders() else "other"
            found[begin] = _Found(begin, end, text[begin:end], "", kind, KNOWN_WEIGHT)


def _read_behind_titles(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names behind a title, and the lists that follow."""
    text = reading.text
    floor = 0
    for title in reading.titles:
        if title.after == "only" or title.begin < floor:
            continue
        if title.end not in reading.bounds and len(text) > title.end and text[title.end] not in load_surnames():
            continue  # 计量院长沙基地
        gap = _JOURNALIST_GAP if title.kind == "journalist" else _SPACES
        pos = gap.match(text, title.end).end()  # type: ignore[union-attr]
        read = _read_name(reading, pos, title.kind == "journalist")
        behind = BEHIND_TITLE[title.kind]
        if read and read[0] < 8.0 and read[2][:2] in load_not_names() and read[2] not in load_known_names():
            continue
        if read is None or read[0] + behind < FLOOR_TITLE + (2.0 if pos > title.end and title.kind != "journalist" else 0.0):
            read = _read_shape(reading, pos) if title.kind in ("official", "journalist") else None
            if read is None:
                continue
        role = ""
        if title.kind != "label":
            role = text[read_role(text, title, reading.starts, reading.tokens, reading.title_at_end, floor) : title.end]
        kind = "other" if title.kind == "label" else title.kind
        found[pos] = _Found(pos, read[1], read[2], role, kind, read[0] + behind)
        floor = _read_list(reading, found, title, role, kind, read[1])


def _read_list(reading: _Reading, found: dict[int, _Found], title: Title, role: str, kind: str, end: int) -> int:
    """Names that go on behind a first one with 、 (reporters also with a space); returns where the list ends."""
    text = reading.text
    marks = "、 \u3000,，/" if kind == "journalist" else "、"
    while end < len(text):
        pos = end
        while pos < len(text) and text[pos] in marks:
            pos += 1
        if pos < len(text) and text[pos] in "文图摄" and pos > end:
            break  # 王丹/文陈伟/摄: what each of them made
        if pos == end and text[pos] in "和及与" and title.shared:
            pos += 1
        if pos == end and (kind != "journalist" or text[pos : pos + 1] not in load_surnames()):
            break
        read = _read_name(reading, pos, kind == "journalist")
        if read is None or read[0] + IN_LIST < FLOOR_TITLE + 1.0:
            break
        if pos in found and found[pos].role:
            break
        found[pos] = _Found(pos, read[1], read[2], role if title.shared else "", kind, read[0] + IN_LIST)
        end = read[1]
    return end


def _overlaps(found: dict[int, _Found], begin: int, end: int) -> bool:
    return any(k in found for k in range(begin, end)) or any(
        k in found and found[k].end > begin for k in range(max(0, begin - 12), begin)
    )


def _read_shape(reading: _Reading, pos: int) -> tuple[float, int, str] | None:
    """A name behind a title by its shape alone: a surname, one or two characters, and then a mark or a verb of speech.

    记者白云) is a name although 白云 is a word.
    """
    text = reading.text
    surnames = load_surnames()
    for length in (3, 2):
        name = text[pos : pos + length]
        if len(name) < length or name[0] not in surnames or not all(_HAN_RUN.match(c) for c in name):
            continue
        end = pos + length
        closed = end >= len(text) or text[end] in _CLOSERS or _weigh_right(reading, end) >= 2.0
        if any(char in _NEVER_IN_SHAPE for char in name) or name[1:] in _ADDRESS_CHARACTERS or load_word_costs().get(name, 99.0) < 11.5:
            continue
        if pos + 1 in reading.title_begins:
            return None
        if closed and not any(word in load_stops() for word in cut_short(name[1:]) if len(word) > 1) and name not in load_stops():
            return FLOOR_TITLE, end, name
    return None


def _read_before_titles(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names before a title: 尹力书记, 林武同志."""
    text, starts, bounds = reading.text, reading.starts, reading.bounds
    for title in reading.titles:
        if not title.after or title.kind in ("label", "journalist"):
            continue
        best = None
        for length in (2, 3, 4, 5, 6):
            begin = title.begin - length
            if begin < 0 or text[begin] in _BREAKS or text[begin] in DOTS:
                break
            if text[begin - 1 : begin] in _JOINERS or text[title.begin - 1] in _NEVER_IN_SHAPE or text[title.begin - 1] == "当":
                continue
            if begin not in bounds:
                continue
            name = text[begin : title.begin]
            cost = cost_name(name) if length <= 4 else IMPOSSIBLE
            if title.kind == "official":  # 加拉塔萨雷主帅 is a club's
                cost = min(cost, cost_foreign(name))
            if cost == IMPOSSIBLE:
                continue
            k = bisect_left(starts, begin)
            words = reading.tokens[k : bisect_left(starts, title.begin)]
            weight = cost_words(words) - cost + _weigh_left(reading, begin)
            if best is None or weight > best[0]:
                best = (weight, begin, name)
        if best is None or best[0] + BEFORE_TITLE < FLOOR_BEFORE:
            continue
        begin = best[1]
        if begin in found and found[begin].end == title.begin:
            if title.after == "yes" and not found[begin].role:
                found[begin].role = text[title.begin : title.end]
                found[begin].kind = "official" if title.kind == "official" else found[begin].kind
            continue
        if _overlaps(found, begin, title.begin) or (title.end in found and title.after == "yes" and best[0] < 8):
            continue
        role = text[title.begin : title.end] if title.after == "yes" else ""
        kind = "official" if title.kind == "official" else "other"
        found[begin] = _Found(begin, title.begin, best[2], role, kind, best[0] + BEFORE_TITLE)


def _read_bare(reading: _Reading, found: dict[int, _Found]) -> None:
    """Names with no title beside them: told by their characters, the words around, and by coming back."""
    text, tokens, starts = reading.text, reading.tokens, reading.starts
    openers, wide = load_openers(), _load_wide_openers()
    doubtful: dict[str, list[_Found]] = {}
    end, ended = 0, -1
    for k in [k for k, token in enumerate(tokens) if token in wide]:
        token, begin = tokens[k], starts[k]
        if begin in found:
            end = ended = found[begin].end
            continue
        if begin < end or (token not in openers and begin + 3 not in reading.bounds):
            continue
        if _bound_weight(token, *tokens[k + 1 : k + 3]) < BOUND_BARE or text[begin - 1 : begin] in _JOINERS:
            continue
        read = _read_name(reading, begin)
        if read is None or read[0] < -2.0:
            continue
        weight = read[0] + _weigh_left(reading, begin) + _weigh_layout(text, begin, read[1], ended)
        if (not begin or text[begin - 1] in _BREAKS) and _weigh_right(reading, read[1]) >= SUBJECT_VERB:
            weight += SUBJECT
        if read[2][:2] in load_not_names() and read[2] not in load_known_names():
            end = begin + 2  # 普惠小微: nor does 惠小微 begin a name
            continue
        if not _may_be_bare(reading, begin, read) or _overlaps(found, begin, read[1]):
            continue
        mention = _Found(begin, read[1], read[2], "", "other", weight)
        if weight < (FLOOR_FOREIGN if _looks_foreign(read[2]) else FLOOR_BARE):
            if weight > 0.0:
                doubtful.setdefault(read[2], []).append(mention)
            continue
        found[begin] = mention
        end = ended = read[1]
    for mentions in doubtful.values():
        # what looks like a name twice is one: chance words seldom come back in the same place of a sentence
        if len(mentions) >= 2 and sum(m.weight for m in mentions) >= FLOOR_TOGETHER:
            for mention in mentions:
                if not _overlaps(found, mention.begin, mention.end):
                    found[mention.begin] = mention


@cache
def _load_wide_openers() -> frozenset[str]:
    return load_openers() | load_half_openers()


@lru_cache(maxsize=300_000)
def _bound_weight(token: str, after: str = "", then: str = "") -> float:
    """What a name beginning with these tokens can weigh at most, before what stands beside it is weighed.

    Most places where a surname's character stands hold no name, and the same few thousand triples come back again and
    again: remembering them makes the search four times as fast.
    """
    text = token + after + then
    costs = [
        min(cost_name(text[:n]) if n <= 4 else IMPOSSIBLE, cost_foreign(text[:n])) for n in range(2, min(len(text), 8) + 1)
    ]
    if len(text) < 2:
        return 0.0 if token in load_openers() else -IMPOSSIBLE
    weight = -IMPOSSIBLE
    covered, plain, words = 0, 0.0, iter((token, after, then))
    for n, cost in enumerate(costs, start=2):
        while covered < n:
            word = next(words)
            covered += len(word)
            plain += cost_words([word]) if word else 0.0
        weight = max(weight, plain - cost)
    if text[1] == "某" or cost_foreign(text) < IMPOSSIBLE or any(char in _JOINERS or char == " " for char in text):
        return IMPOSSIBLE  # read by another rule, or longer than these tokens
    return weight


def _weigh_layout(text: str, begin: int, end: int, ended: int) -> float:
    """What the layout adds: a name at the head of a line before a colon, a name in a list behind another name."""
    if text[end : end + 1] in ("：", ":") and (begin == 0 or text[begin - 1] in "\n\u3000 "):
        return 6.0
    if ended == begin - 1 and text[ended] in "、和与及 ，":
        return 3.0
    return 0.0


def _looks_foreign(name: str) -> bool:
    return cost_foreign(name) < cost_name(name) and name not in load_known_names()


def _may_be_bare(reading: _Reading, begin: int, read: tuple[float, int, str]) -> bool:
    """Whether a name may stand here with no title beside it."""
    text, (weight, end, name) = reading.text, read
    if text[end : end + 1] in _JOINERS and end < len(text) or _is_namesake(text, begin, end):
        return False
    if name not in load_known_names():
        if name in load_not_names():
            return False
        if len(name) > 2 and name[-1] in _PLACE_ENDS and weight < 12.0:
            return False
        if name[-1] in "及与而且则将曾已又还再":
            return False
        if all(char in load_abbreviations() for char in name):
            return False
    if _looks_foreign(name):
        # transcribed names of places and clubs look the same: only a word beside them tells a person
        if begin and text[begin - 1] in load_transcription():
            return False  # the end of a longer one
        if any(name[:n] in load_foreign_places() for n in range(2, len(name) + 1)):
            return False
        left = 0.0 if not begin or text[begin - 1] in _BREAKS else _weigh_left(reading, begin)
        right = 0.0 if text[end : end + 1] in _BREAKS else _weigh_right(reading, end)
        return max(left, right) >= CONTEXT_FOREIGN
    return True


def _take_neighbours(reading: _Reading, found: dict[int, _Found]) -> None:
    """Give names without a role the title right behind them, or the profession right before them."""
    text, titles = reading.text, {t.begin: t for t in reading.titles}
    for f in found.values():
        if f.role or f.weight < FLOOR_TITLE:
            continue
        gap = _SPACES.match(text, f.end).end()  # type: ignore[union-attr]
        title = titles.get(f.end) or titles.get(gap)
        if title and title.end not in found and (title.after == "yes" and gap == f.end or title.kind == "journalist"):
            f.role, f.kind = text[title.begin : title.end], title.kind
            continue
        k = bisect_left(reading.starts, f.begin) - 1
        if k >= 0 and reading.starts[k] + len(reading.tokens[k]) == f.begin:
            word = reading.tokens[k]
            if len(word) >= 2 and word[-1] in _PROFESSION and word not in _NO_PROFESSION and word not in load_stops():
                f.role = word


def _is_namesake(text: str, begin: int, end: int) -> bool:
    """Whether the name at text[begin:end] names a thing: 毛泽东思想, 张自忠路, a work between 《 and 》."""
    if _NAMESAKE.match(text, end) or _PLACE_BEHIND.match(text, end):
        return True
    opened = text.rfind("《", max(0, begin - 40), begin)
    return opened >= 0 and text.find("》", opened, begin) < 0


def _spread(reading: _Reading, found: dict[int, _Found]) -> None:
    """Tell a name wherever it stands in the article, and give it the kind of its mention with an office."""
    text = reading.text
    kinds: dict[str, str] = {}
    for f in found.values():
        if f.weight >= FLOOR_SPREAD:
            if f.role or f.name not in kinds:
                kinds[f.name] = f.kind if f.role or f.name not in kinds else kinds[f.name]
    for name, kind in kinds.items():
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            if at in found:
                if not found[at].role and found[at].name == name:
                    found[at].kind = kind
            elif not _overlaps(found, at, end) and not _is_namesake(text, at, end):
                found[at] = _Found(at, end, name, "", kind, 0.0)
            at = text.find(name, end)
