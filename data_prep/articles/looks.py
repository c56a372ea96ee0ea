"""What a line looks like by itself: a headline, a byline, a dateline, the end of a document.

Every question is one function with an example; none knows the lines around it.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from data_prep.lexicons import read_lexicon

#: A line of a headline has at most so many characters.
MAX_HEADLINE = 100

FINAL = "。！？!?…；;：:"
CLOSING = "”’\"'）)》〉】]」』"
HAN = r"\u3400-\u4dbf\u4e00-\u9fff"


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence or a clause before a list ends.

    >>> ends_sentence("奋力实现“开门红”。"), ends_sentence("抓住重点,继")
    (True, False)
    """
    bare = text.rstrip(CLOSING)
    return bool(bare) and bare[-1] in FINAL


def is_running(text: str) -> bool:
    """Whether a line is running text, not a line of its own kind (headline, byline, heading)."""
    return (len(text) > MAX_HEADLINE or _PAUSE.search(_QUOTED.sub("", text)) is not None) and not is_byline(text)


BULLET = re.compile(r"[-·•●■◆▪►*▲△◇□○◎➤☆★]\s*\S")

_PAUSE = re.compile("[。，,]")
_COMMA = re.compile("[，,、]")
_QUOTED = re.compile("“[^“”]{0,60}”|《[^《》]{0,60}》")


def is_headline(text: str) -> bool:
    """Whether a line could be a line of a headline, by its looks alone.

    >>> is_headline("分类指导科学施策严格管控"), is_headline("一、总体要求"), is_headline("会议还研究了其他事项。")
    (True, False, False)
    """
    return (
        4 <= len(text) <= MAX_HEADLINE
        and text[-1] not in "。；;：:,，、"
        and "。" not in text
        and (text.count("、") < 4 or " " in text)
        and not (text[-1] in "！？!?" and text[0] != "【" and _COMMA.search(text))
        and not is_numbered(text)
        and not is_byline(text)
    )


_NUMBER = "[一二三四五六七八九十百零〇]"
_NUMBERED = re.compile(
    rf"[(（]?(?:{_NUMBER}{{1,4}}|\d{{1,2}})\s*(?:[、.．)）](?!\d)|是[^。]{{0,40}}[,，])|第{_NUMBER}{{1,4}}[章节编条部]|[①-⑳]"
)


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a heading or a list: 一、 (二) 3. 第四章.

    >>> is_numbered("(一)经济发展取得新成效"), is_numbered("3.5亿人出行")
    (True, False)
    """
    return bool(_NUMBERED.match(text))


_IN_BRACKETS = re.compile(r"[(（][^()（）]{1,12}[)）]")
_LISTED_NAME = re.compile(rf"[{HAN}·]{{1,3}}|[{HAN}]{{2,6}}·[{HAN}·]{{1,12}}")


def is_roster(text: str) -> bool:
    """Whether a line lists names set apart by blanks.

    >>> is_roster("蔡奇　蔡剑江　裴金佳　蓝天立（壮族）"), is_roster("首页 直播 节目单")
    (True, False)
    """
    if len(text.split(None, 2)) < 3:  # most lines; what stands in brackets parts no names
        return False
    names = _IN_BRACKETS.sub("", text).split()
    if len(names) < 3 or sum(len(name) > 1 for name in names) * 2 <= len(names):
        return False
    if sum(name[0] in _surnames() or "·" in name or len(name) == 1 for name in names) * 3 < len(names) * 2:
        return False
    return all(map(_LISTED_NAME.fullmatch, names))


#: Words of a byline; 文 and 图 only where a sign sets them apart (文/张三, 图:李四).
_REPORTER = re.compile(
    r"(?:全媒体|融媒体|见习|特约|首席|实习|本报|本台|本网|驻.{1,6}?){0,3}(?:记者|通讯员|特派员|评论员|作者|撰文|文字|摄影报道|摄影|报道员|"
    r"实习生|采写|撰稿|报道|整理)|(?<![\u4e00-\u9fff])[文图](?=[\s/:：|、])|[/、]\s*[文图](?=$|[\s/:：|)）])"
)
#: What each of them holds: found much faster.
_REPORTED = re.compile(
    r"记者|通讯员|特派员|评论员|作者|撰文|文字|摄影|报道|实习生|采写|撰稿|整理|[文图][\s/:：|、]|[/、]\s*[文图]"
)
_NO_BYLINE = re.compile("[。！？!?；;“”《》]")
_PRESS_NAME = re.compile(rf"[{HAN}]{{2,12}}(?:报|网|社|台|端|刊|中心)")
#: 新甘肃·甘肃日报: a client in front of the paper it belongs to.
_CLIENT = re.compile(rf"[{HAN}]{{2,8}}[·/](?=[{HAN}]{{2,10}}(?:报|网|社|台|中心))")
_SHORT_NAME = re.compile(rf"[{HAN}]{{1,4}}")
_SEPARATORS = re.compile(r"[\s、/,，;；:：|&+()（）【】\[\]■●◆□▲·丨]+")


def is_byline(text: str) -> bool:
    """Whether a line names the reporters and says nothing else.

    >>> is_byline("记者 吕正龙"), is_byline("(福建日报记者 周琳)"), is_byline("记者节座谈会在京召开要求深入基层")
    (True, True, False)
    >>> is_byline("文/记者 张三 图/李四"), is_byline("福建日报 周琳"), is_byline("新甘肃·甘肃日报记者 王朝霞")
    (True, False, True)
    """
    if not 4 <= len(text) <= 80 or not _REPORTED.search(text) or not _REPORTER.search(text) or _NO_BYLINE.search(text):
        return False
    bare = _REPORTER.sub(" ", _CLIENT.sub("", text))
    names = [name for part in _SEPARATORS.split(bare) if (name := _PRESS_NAME.sub("", part))]
    if not 0 < len(names) <= 16 or not all(map(_SHORT_NAME.fullmatch, names)):
        return False
    return sum(name[0] in _surnames() or name[:2] in _surnames() for name in names) * 2 > len(names)


@cache
def _surnames() -> frozenset[str]:
    """Surnames, single and compound: most reporters have one of them, no headline is made of nothing but names."""
    return frozenset(read_lexicon("surnames")["surname"])


_PRESS = (
    rf"(?:本报|本台|本网|本刊|新华社|中新社|中新网|中通社|央视|人民网|新华网|[{HAN}A-Za-z]{{1,12}}?(?:日报|晚报|早报|晨报|时报|商报|都市报|"
    r"周报|法治报|青年报|新报|网|社|台|客户端|在线|融媒|传媒|发布|新闻))"
)
_DATELINE = re.compile(
    rf"[(（【\[]?据?{_PRESS}[\])）】]?[^,，。；;!！?？]{{0,30}}?(?:(?<!通)讯|(?<=[日社网报台])电|消息|报道)(?:[\s(（:：,，)）\]】丨|—-]|$)|"
    rf"{_PRESS}[^,，。；;!！?？]{{0,12}}\d日(?:讯|电)|[{HAN}]{{2,8}}(?<!通)讯[\s(（:：]|"
    rf"(?:{_PRESS})?\s*[(（][^()（）,，。]{{0,12}}记者[^()（）。]{{0,40}}[)）]|央视网消息"
)
#: What each of them holds.
_DATED_BY = re.compile("[讯电]|消息|报道|记者")
_DAY = r"(?:(?:20\d\d|二[〇○0零一二三四五六七八九]{3})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月\d{1,2}日|\d{1,2}日"
_DAY_WITHIN = re.compile(_DAY)
_DATED = re.compile(rf"(?:{_DAY})(?:(?:至|到|、|—|-)\S{{1,8}}日)?(?:上午|下午|晚|夜|凌晨|中午)?")
_NEARLY = re.compile(r"近日|日前|昨日|昨天|今日|今天|前日|连日来|当地时间|北京时间|本周|近期|记者.{0,12}(?:获悉|了解到)|据悉")


def weigh_opening(text: str) -> int:
    """How much a paragraph looks like the opening of an article: 4 dateline, 2 a day, 1 a looser sign, 0 none.

    >>> [weigh_opening(t) for t in ("新华社北京3月17日电 会议", "3月29日晚,省委", "尹力29日主持会议", "会议要求,要")]
    [4, 2, 1, 0]
    """
    return _weigh_head(text[:80])


@lru_cache(maxsize=4096)  # each line is asked for several times
def _weigh_head(head: str) -> int:
    if _DATED_BY.search(head) and _DATELINE.match(head):
        return 4
    if "日" in head:
        if _DATED.match(head):
            return 2
        if _DAY_WITHIN.search(head[:30]):
            return 1
    return 1 if _NEARLY.search(head[:16]) else 0


EVENT = re.compile(
    "强调|指出|要求|召开|举行|主持|出席|检查|调研|视察|考察|会见|会谈|发表|印发|审议|部署|致信|致电|贺信|讲话|慰问|通话|闭幕|开幕|"
    "启动|签署|听取|传达|揭牌|开工|宣讲|座谈|督导|暗访|巡查|通报|出版|播发|刊发|逝世|赴"
)


def measure_support(head: str, body: str) -> float:
    """Share of the pairs of neighbouring characters of a headline that stand in the body, 0 to 1.

    >>> measure_support("尽快实现社会面清零", "用最短时间实现社会面清零目标")
    0.75
    """
    bare = re.sub(r"\W", "", head)
    pairs = {bare[i : i + 2] for i in range(len(bare) - 1)}
    return sum(pair in body for pair in pairs) / len(pairs) if pairs else 0.0


_NAME = rf"[{HAN}](?:\s{{0,4}}[{HAN}·]){{1,7}}"
_OFFICE = r"(?:总\s{0,4}理|[省市县区州局部院处]\s{0,4}长|主\s{0,4}席|书\s{0,4}记|主\s{0,4}任|检察长|秘书长)"
_SIGNED = (
    rf"[{HAN}]{{0,24}}{_OFFICE}\s+{_NAME}|[{HAN}]{{0,16}}(?:政府|委员会|法院|检察院)\s?代?理?{_OFFICE}\s*{_NAME}"
)
_SUBLINE = re.compile(
    rf"[—－-]{{1,2}}.*|[(（].*[)）]|[{HAN}](?:\s{{0,4}}[{HAN}]){{1,2}}|{_SIGNED}|"
    r"[(（]?(?:20\d\d|[一二][〇○Ｏ零一二三四五六七八九]{3})年.{1,4}月.{1,3}日(?:在.{4,50}(?:会议|大会)上)?[)）]?"
)


_SIGNATURE = re.compile(
    rf"[(（]?(?:20\d\d|[一二][{HAN}〇○]{{3}})年.{{1,4}}月.{{1,3}}日[)）]?|[(（【\[].{{1,60}}[)）】\]]|完|{_SIGNED}|谢谢(?:大家|各位).{{0,6}}"
)


def is_signature(text: str) -> bool:
    """Whether a line closes a document: its day, who signed it, a note in brackets, 谢谢大家.

    >>> is_signature("2022年3月30日"), is_signature("(据新华社)"), is_signature("让阅读陪伴成长")
    (True, True, False)
    """
    return bool(_SIGNATURE.fullmatch(text))


_NOTICE = re.compile(
    rf"[{HAN}“”·]{{4,60}}(?:委|局|厅|政府|办公室|指挥部|领导小组|委员会|公司|大会|中心)"
    rf"[{HAN}、“”《》]{{0,40}}(?:通告|公告|公示|公开信|倡议书|决定|令)"
)


def is_notice(text: str) -> bool:
    """Whether a line is the headline of a notice that an office gives out.

    >>> is_notice("福州市疫情联防联控领导小组办公室通告"), is_notice("我市出台十条措施支持民营企业")
    (True, False)
    """
    return bool(_NOTICE.fullmatch(text))


_CLOSING_DAY = re.compile(rf"[(（]?(?:20\d\d|[一二][{HAN}〇○]{{3}})年.{{1,4}}月.{{1,3}}日[)）]?")


def is_closing_day(text: str) -> bool:
    """Whether a line is nothing but a full day, as below the signature of a notice.

    >>> is_closing_day("2022年7月13日"), is_closing_day("7月13日,省长")
    (True, False)
    """
    return bool(_CLOSING_DAY.fullmatch(text))


def is_subline(text: str) -> bool:
    """Whether a headline line only says where a text was given or by whom: a dash, brackets, a name with its office.

    >>> is_subline("——2022年1月22日在省第十三届人民代表大会第六次会议上"), is_subline("福建省人民政府代省长 赵龙")
    (True, True)
    """
    return bool(_SUBLINE.fullmatch(text))
