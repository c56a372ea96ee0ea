"""How likely a stretch of characters is a person's name, against how likely it is ordinary words.

Why: a Chinese name is a surname out of some five hundred and one or two characters out of some five thousand, and each of
them is also a common character. So a stretch is read both ways. As a name it costs -ln of the shares of its surname and
given characters (surnames.csv, given_names.csv); as words, what those words cost in running text that is no name
(word_costs.csv). The difference, in nats, is the weight of the name; what stands beside it adds to it (name_contexts.csv).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import daachorse

from data_prep.lexicons import read_lexicon

HAN = "\u3400-\u9fff\U00020000-\U0002ebef〇"
IMPOSSIBLE = float("inf")

#: -ln of the share of tokens of news that are a Han name, a transcribed name.
NAME_COST, FOREIGN_COST = 4.0, 5.8
#: A name of holders.csv or known_people.csv costs this much, whatever its characters.
KNOWN_COST = 7.0
#: -ln of the share of given names with one character, with two.
ONE_CHARACTER_COST, TWO_CHARACTERS_COST = 1.7, 0.2
#: A character that is in no list of given names.
RARE_GIVEN_COST = 10.0
#: A word that is not in word_costs.csv: one character, several, no Han character.
RARE_CHARACTER_COST, RARE_WORD_COST, MARK_COST = 15.0, 16.0, 5.0
#: So many words are remembered with their costs; texts hold endlessly many.
MOST_WORDS = 300_000
#: A word that the segmenter's dictionary holds only because it is a name.
NAME_WORD_COST = 29.0
#: A character begins a transcribed name if it is so many nats likelier there than as a word.
TRANSCRIBES = 5.0
#: What a transcribed name costs less if it is in foreign_names.csv.
FOREIGN_KNOWN_GAIN = 4.0

#: Parts of Tibetan names, two characters each: two in a row are one name, 达娃次仁, 尼玛扎西.
TIBETAN_PARTS = frozenset(
    "次仁 扎西 卓嘎 罗布 达娃 达瓦 尼玛 顿珠 旺堆 多吉 平措 央宗 卓玛 格桑 索朗 边巴 巴桑 普布 米玛 拉巴 仓决 曲珍 旦增 丹增 "
    "洛桑 强巴 土登 白玛 贡布 贡嘎 加措 嘉措 坚参 坚赞 晋美 久美 群培 曲培 曲扎 仁青 仁增 仁钦 桑珠 桑布 桑杰 斯朗 四郎 泽仁 "
    "泽旺 旺姆 拉姆 央金 德吉 德庆 白珍 白央 次珍 次央 次旦 次旺 其美 欧珠 欧布 俄珠 益西 伊西 阿旺 赤列 成列 登巴 登增 云丹 "
    "占堆 班觉 班典 朗杰 南杰 旺久 旺扎 旺杰 旺青 确吉 确扎 确杰 嘎玛 嘎松 噶玛 才让 才旦 才仁 娘吉 吉美 吉宗 普琼 平多 美朗 "
    "美郎 金美 松吉 更登 更尕 尕松 热旦 热杰 洛松 洛追 洛绒 绒布 拥措 拥珍 玉珍 卓拉 措姆 曲措 曲尼 曲吉 向巴 邓珠 邓巴 降央 "
    "绛央 江白 江措 永措"
    .split()
)
#: What such a name costs, and one part alone.
TIBETAN_COST, TIBETAN_PART_COST = 9.0, 13.0

#: Between the parts of a non-Han name.
DOTS = "·•・‧∙●．･"
#: In a transcribed name a hyphen may stand for the dot: 福雷斯特-阿伦.
#: No name has more parts behind its first (a chain of thousands, each read to its end, would take forever).
_PARTS = "{1,7}"
HYPHENED_NAME = re.compile(rf"[{HAN}]{{2,7}}(?:[-－](?:[A-Za-z][-－.])? ?[{HAN}]{{2,8}}){_PARTS}")
DOTTED_NAME = re.compile(rf"(?:[A-Z][{DOTS}.]){{0,4}}[{HAN}]{{1,7}}(?:[{DOTS}](?:[A-Z][{DOTS}.]){{0,4}}[{HAN}]{{1,8}}){_PARTS}")


def _read_costs(lexicon: str, key: str, column: str, sign: float = -1.0) -> dict[str, float]:
    table = read_lexicon(lexicon)
    return dict(zip(table[key], sign * table[column].astype(float), strict=True))


@cache
def load_surnames() -> dict[str, float]:
    """Cost of each surname, single or compound."""
    return _read_costs("surnames", "surname", "weight")


@cache
def load_given() -> tuple[dict[str, float], dict[str, float], dict[str, float]]:
    """Costs of a character as first of two, second of two, and only character of a given name."""
    return tuple(_read_costs("given_names", "char", column) for column in ("first", "second", "single"))  # type: ignore[return-value]


@cache
def load_foreign_places() -> frozenset[str]:
    """Transcribed names of places, clubs and firms."""
    return frozenset(read_lexicon("foreign_places")["name"])


@cache
def load_transcription() -> dict[str, float]:
    """Cost of a character in a transcribed name."""
    return _read_costs("transcription", "char", "weight")


@cache
def load_word_costs() -> dict[str, float]:
    """Cost of a word in running text that is no name."""
    return _read_costs("word_costs", "word", "cost", 1.0)


@cache
def load_word_tags() -> dict[str, str]:
    """Part of speech of each word of word_costs.csv, as jieba's dictionary has it."""
    table = read_lexicon("word_costs")
    return dict(zip(table["word"], table["tag"], strict=True))


@cache
def load_listed_names() -> tuple[frozenset[str], frozenset[str]]:
    """Words of news that are built like a Han name, and like a transcribed one."""
    table = read_lexicon("listed_names")
    words, kinds = table["name"], table["kind"]
    return frozenset(words[kinds != "foreign"]), frozenset(words[kinds != "han"])


@cache
def load_figures() -> frozenset[str]:
    """Well-known persons by the one name they are known by; the same characters may be something else."""
    return frozenset(read_lexicon("figures")["name"])


@cache
def load_clubs_firms() -> frozenset[str]:
    """Clubs and firms with names like a person's."""
    return frozenset(read_lexicon("clubs_firms")["name"])


@cache
def load_figure_automaton() -> daachorse.CharwiseDoubleArrayAhoCorasick:
    """Finds the names of figures.csv."""
    return daachorse.CharwiseDoubleArrayAhoCorasick(sorted(load_figures()), match_kind=daachorse.MATCH_KIND_LEFTMOST_LONGEST)


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


@cache
def load_holders() -> frozenset[str]:
    """Names of office holders (holders.csv)."""
    return frozenset(read_lexicon("holders")["name"])


@cache
def load_known_names() -> frozenset[str]:
    """Office holders (holders.csv) and public figures (known_people.csv): their names need no further proof."""
    return load_holders() | frozenset(read_lexicon("known_people")["name"])


@cache
def load_known_automaton() -> daachorse.CharwiseDoubleArrayAhoCorasick:
    """Finds the known names of three characters or more, shorter ones may be part of a longer name; and Tibetan names of four."""
    tibetan = {a + b for a in TIBETAN_PARTS for b in TIBETAN_PARTS if a != b}
    names = sorted({name for name in load_known_names() if len(name) > 2} | tibetan)
    return daachorse.CharwiseDoubleArrayAhoCorasick(names, match_kind=daachorse.MATCH_KIND_LEFTMOST_LONGEST)


@cache
def load_not_names() -> frozenset[str]:
    """Beginnings of two characters that are no name (普惠, 陆海), and names of places."""
    return frozenset(read_lexicon("not_names")["beginning"]) | _load_places()


@cache
def _load_places() -> frozenset[str]:
    try:
        table = read_lexicon("places")
    except FileNotFoundError:
        return frozenset()
    return frozenset(table["short"]) | frozenset(table["name"])


@cache
def load_abbreviations() -> frozenset[str]:
    """Characters that stand for provinces and cities: 郑济高铁, 苏锡常 are no persons."""
    return frozenset(
        "京津沪渝冀晋辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川蜀贵黔云滇藏陕秦甘陇青宁新蒙港澳台郑济徐杭甬绍温衢盐锡常宜"
        "沈白杨万成德绵眉汉渝石商合乌昌阜洛许焦兰太吴"
    )


@cache
def load_foreign_names() -> frozenset[str]:
    """Transcribed names that are known as such."""
    return frozenset(read_lexicon("foreign_names")["name"])


@cache
def load_openers() -> frozenset[str]:
    """Tokens with which a name can begin: a surname, a whole name, a foreign name, a character that mostly transcribes."""
    words = load_word_costs()
    foreign = {char for char, cost in load_transcription().items() if words.get(char, RARE_CHARACTER_COST) - cost > TRANSCRIBES}
    return frozenset(load_surnames()) | TIBETAN_PARTS | load_name_words() | load_foreign_names() | load_known_names() | foreign


@cache
def load_special_heads() -> frozenset[str]:
    """Two characters with which a known name or one with a compound surname begins."""
    compound = {surname[:2] for surname in load_surnames() if len(surname) > 1}
    return frozenset(compound | {name[:2] for name in load_known_names()} | TIBETAN_PARTS)



@lru_cache(maxsize=200_000)
def cost_name(name: str) -> float:
    """-ln of the share of `name` among tokens of news, as a Han name of two to four characters; inf if it cannot be one.

    >>> cost_name("张志南") < cost_name("张的了") < cost_name("的确") == float("inf")
    True
    """
    surnames = load_surnames()
    first, second, single = load_given()
    best = IMPOSSIBLE
    for n in (1, 2, 3):
        cost = surnames.get(name[:n])
        rest = name[n:]
        if cost is None or not rest or len(rest) > 2:
            continue
        if len(rest) == 1:
            cost += single.get(rest, RARE_GIVEN_COST) + ONE_CHARACTER_COST
        else:
            cost += first.get(rest[0], RARE_GIVEN_COST) + second.get(rest[1], RARE_GIVEN_COST) + TWO_CHARACTERS_COST
        best = min(best, cost + NAME_COST)
    if name[:2] in TIBETAN_PARTS:
        if len(name) == 2:
            best = min(best, TIBETAN_PART_COST)
        elif name[2:] in TIBETAN_PARTS:
            best = min(best, TIBETAN_COST)
    # 陈云 is known, but 陈云波 is somebody else: a known name of two characters must not win by that alone
    return min(best, KNOWN_COST + (3.0 if len(name) == 2 else 0.0)) if name in load_known_names() else best


@lru_cache(maxsize=200_000)
def cost_foreign(name: str) -> float:
    """-ln of the share of `name` among tokens of news, as a transcribed name; inf where a character is never used so.

    >>> cost_foreign("梅德韦杰夫") < float("inf") == cost_foreign("的确")
    True
    """
    if name in load_known_names():
        return KNOWN_COST
    costs = load_transcription()
    total = FOREIGN_COST + 1.0  # lengths of two to eight, not all alike
    for char in name:
        cost = costs.get(char)
        if cost is None:
            return IMPOSSIBLE
        total += cost
    return total - (FOREIGN_KNOWN_GAIN if name in load_foreign_names() or name in load_figures() else 0.0)


def is_name_word(word: str) -> bool:
    """Whether a dictionary holds the word only because it is a name."""
    han, foreign = load_listed_names()
    return word in load_openers() or word in han or word in foreign


class _AllWordCosts(dict[str, float]):
    """word_costs.csv, and the cost of every other word once it was asked for: a plain look-up is what makes it fast."""

    def __missing__(self, word: str) -> float:
        if not word:
            return 0.0
        if not "\u3400" <= word[0] <= "\u9fff":
            cost = MARK_COST
        elif len(word) == 1:
            cost = RARE_CHARACTER_COST
        else:
            cost = NAME_WORD_COST if is_name_word(word) or load_transcription().keys() >= set(word) else RARE_WORD_COST
        if len(self) < MOST_WORDS:
            self[word] = cost
        return cost


@cache
def load_all_word_costs() -> _AllWordCosts:
    """Cost of every word, by look-up."""
    return _AllWordCosts(load_word_costs())


def cost_word(word: str) -> float:
    """-ln of the share of `word` in running text that is no name."""
    return load_all_word_costs()[word]


def cost_words(words: list[str]) -> float:
    """-ln of the share of `words`, one after the other, in running text that is no name."""
    return sum(map(load_all_word_costs().__getitem__, words))


@cache
def load_first_characters() -> frozenset[str]:
    """Characters with which a name can begin at all: where none of them stands, nothing need be weighed."""
    return frozenset(name[0] for names in (load_surnames(), load_known_names(), load_transcription(), TIBETAN_PARTS) for name in names)
