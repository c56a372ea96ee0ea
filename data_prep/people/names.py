"""How much a stretch of characters looks like a person's name, and where names can begin and end.

Why: a Chinese name is a surname out of some five hundred and one or two characters out of some five thousand.
Each of them is also a common character, so a stretch is a name only if the characters are likelier as a name than as
running text, and if what stands before and after it fits. Both are counted (surnames.csv, given_names.csv,
name_contexts.csv); weights are natural logarithms of likelihood ratios and are simply added.
"""

from __future__ import annotations

import re
from functools import cache

from ..lexicons import read_lexicon

#: What a character that is in no list of given names counts for.
UNKNOWN = -2.5
HAN = "\u3400-\u9fff\U00020000-\U0002ebef〇"

#: Between the parts of a non-Han name.
DOTS = "·•・‧∙●．"
DOTTED_NAME = re.compile(
    rf"(?:[A-Z][{DOTS}.])*[{HAN}]{{1,7}}(?:[{DOTS}](?:[A-Z][{DOTS}.])*[{HAN}]{{1,8}})+"
)

#: Characters with which foreign names are transcribed (Xinhua's tables), common ones.
TRANSCRIPTION = frozenset(
    "阿埃艾安昂奥澳巴柏拜班邦保鲍贝本比彼别滨宾波博勃伯布采蔡查察达大戴丹德登邓狄迪蒂丁杜顿多厄恩尔法凡范方菲费芬丰冯佛夫弗福富盖甘冈高戈哥"
    "格葛根古瓜哈海汉豪赫黑亨洪侯胡华霍吉及加贾简杰津金京卡凯坎康考柯科克肯孔库夸昆拉莱赖兰朗劳勒雷蕾黎理里丽利莉列林琳留柳龙卢鲁路伦罗洛"
    "玛马麦迈曼芒毛梅美门蒙孟米密蜜明摩莫墨默姆木穆拿娜纳乃奈内南嫩能尼妮年涅宁牛纽农努诺欧帕派潘庞培佩彭蓬皮平珀普齐奇恰强乔切钦琴丘"
    "让热仁日荣茹儒瑞若撒萨塞赛桑瑟森沙莎山珊尚绍舍生圣施什史士世舒朔斯司丝松苏孙索塔泰坦唐陶特滕提廷通图土托瓦万旺威韦维魏温翁沃乌"
    "武西希锡席夏香肖谢辛欣休许雪逊雅亚延扬耶叶伊依因英永尤于约泽扎詹珍芝治朱兹祖佐詹娅茜蒂莱什科夫斯基娃捷佳季耐谬缪伍兴"
)


@cache
def load_surnames() -> dict[str, float]:
    """Weight of each surname, single or compound."""
    table = read_lexicon("surnames")
    return dict(zip(table["surname"], table["weight"].astype(float), strict=True))


@cache
def load_given() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Weights of a character as first of two, second of two, and only character of a given name."""
    table = read_lexicon("given_names")
    return tuple(dict(zip(table["char"], table[c].astype(float), strict=True)) for c in ("first", "second", "single"))  # type: ignore[return-value]


@cache
def load_contexts() -> tuple[dict[str, float], dict[str, float]]:
    """Weights of words before a name and of words after it."""
    table = read_lexicon("name_contexts")
    sides = []
    for side in ("left", "right"):
        rows = table[table["side"] == side]
        sides.append(dict(zip(rows["word"], rows["weight"].astype(float), strict=True)))
    return sides[0], sides[1]


@cache
def load_name_words() -> frozenset[str]:
    """Names that the segmenter's dictionary holds as one word."""
    return frozenset(read_lexicon("name_words")["word"])


def weigh_name(name: str) -> float:
    """Weight of `name` as a Han name of two to four characters; -inf where it cannot be one.

    >>> weigh_name("张志南") > 5 > weigh_name("高质量") and weigh_name("的确") == float("-inf")
    True
    """
    surnames = load_surnames()
    first, second, single = load_given()
    best = float("-inf")
    for n in (1, 2):
        weight = surnames.get(name[:n])
        rest = name[n:]
        if weight is None or not rest or len(rest) > 2:
            continue
        if len(rest) == 1:
            best = max(best, weight + single.get(rest, UNKNOWN))
        else:
            best = max(best, weight + first.get(rest[0], UNKNOWN) + second.get(rest[1], UNKNOWN))
    return best
