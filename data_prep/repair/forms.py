"""Small repairs of how characters are written: one fault, one function.

Each takes a text and returns edits over it, none where nothing is wrong; each is asked
only when the page holds a character it is about.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from functools import cache

from data_prep.lexicons import read_lexicon
from data_prep.schema import KEPT_BYTES, Edit

LOST = "\ufffd"  # what stands for a character of which nothing is known

_KEPT = re.compile(f"[{chr(KEPT_BYTES)}-{chr(KEPT_BYTES + 0xFF)}]+")
_ENTITY = re.compile(r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,20});|&nbsp(?![A-Za-z0-9;=])")
# Scripts in which joiners and direction marks belong to the spelling stay as they are.
_ZERO_WIDTH = re.compile(
    "(?<![\u0590-\u08ff\u0900-\u0dff])[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
    "(?![\u0590-\u08ff\u0900-\u0dff])")
_JOINED_EMOJI = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]\u200d")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]+")
_BREAK = re.compile("[\u2028\u2029]")
_RADICAL = re.compile("[\u2e80-\u2fd5]")
_COMPATIBLE = re.compile("[\uf900-\ufad9]")
_MIXED_WIDTH = re.compile(
    "(?=[0-9A-Za-z.%]*[０-９Ａ-Ｚａ-ｚ])(?=[０-９Ａ-Ｚａ-ｚ．％]*[0-9A-Za-z])[0-9A-Za-z０-９Ａ-Ｚａ-ｚ.．%％]{2,}")
_HAN = "\u3400-\u9fff"
#: Signs of which two side by side are one too many.
DOUBLED = "，,。、；;"
_DOUBLED = re.compile(
    rf"(?<=[{_HAN}”’）)》%％])(?:,,(?=[{_HAN}“‘（(《])|[，,]。|[，,]，|，,|、[，,]|[，,、；;]、|；；|;;(?=[{_HAN}])"
    rf"|。。(?!。)|。，(?=[{_HAN}“‘（(《\n]|$))(?![，,。、；;])", re.MULTILINE)


def show_undecodable(text: str) -> list[Edit]:
    """Bytes that belong to no character are shown as U+FFFD, one for what stands together.

    >>> [edit.after for edit in show_undecodable("疫" + chr(0x10F7D2))]
    ['\ufffd']
    """
    return [_edit("undecodable_bytes", found, LOST, 1.0) for found in _KEPT.finditer(text)]


def name_entities(text: str) -> list[Edit]:
    """HTML entities left in text, also those escaped more than once.

    >>> [edit.after for edit in name_entities("&ldquo;双减&amp;rdquo;&nbsp;AT&T; R&D")]
    ['“', '”', ' ']
    """
    edits = []
    for found in _ENTITY.finditer(text):
        name = found.group()
        while (plain := html.unescape(name)) != name:
            name = plain
        if not name.startswith("&") or name == "&":
            after = "".join(char for char in name if not _CONTROL.match(char)).replace("\u00a0", " ")
            edits.append(_edit("html_entity", found, after, 1.0))
    return edits


def drop_zero_width(text: str) -> list[Edit]:
    """Characters without width: joiners, soft hyphens, direction marks, byte order marks.

    >>> [edit.begin for edit in drop_zero_width("动\u200b态清零")]
    [1]
    """
    joined = {found.end() - 1 for found in _JOINED_EMOJI.finditer(text)}
    return [_edit("zero_width", found, "", 1.0) for found in _ZERO_WIDTH.finditer(text) if found.start() not in joined]


def drop_controls(text: str) -> list[Edit]:
    """Control characters but tab and line break; Unicode's own line breaks become one.

    >>> [(edit.before, edit.after) for edit in drop_controls("会\x07议\u2028会")]
    [('\\x07', ''), ('\\u2028', '\\n')]
    """
    edits = [_edit("control_character", found, "\n" if set(found.group()) <= {"\x0b", "\x0c"} else "", 1.0)
             for found in _CONTROL.finditer(text)]
    edits += [_edit("control_character", found, "\n", 1.0) for found in _BREAK.finditer(text)]
    return sorted(edits, key=lambda edit: edit.begin)


def name_radicals(text: str) -> list[Edit]:
    """Radicals, as PDFs have them, that look like characters.

    >>> [edit.after for edit in name_radicals("全⾯⻓期")]
    ['面', '长']
    """
    return [_edit("kangxi_radical", found, after, 1.0) for found in _RADICAL.finditer(text)
            if (after := _list_radicals().get(found.group()))]


@cache
def _list_radicals() -> dict[str, str]:
    radicals = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    return radicals | {row.radical: row.character for row in read_lexicon("radicals").itertuples()}


def name_compatible(text: str) -> list[Edit]:
    """Doubles of characters kept for old Korean and Japanese sets.

    >>> [edit.after for edit in name_compatible("\uf914\u5922")]
    ['樂']
    """
    return [_edit("compatibility_form", found, after, 1.0) for found in _COMPATIBLE.finditer(text)
            if (after := unicodedata.normalize("NFC", found.group())) != found.group() and len(after) == 1]


def even_widths(text: str) -> list[Edit]:
    """A number or name written in full- and half-width at once; what is full-width throughout stays.

    >>> [(edit.before, edit.after) for edit in even_widths("２0２2年，１２月，增长3．5％")]
    [('２0２2', '2022')]
    """
    return [_edit("mixed_width", found, unicodedata.normalize("NFKC", found.group()), 0.99)
            for found in _MIXED_WIDTH.finditer(text)
            if re.search("[０-９Ａ-Ｚａ-ｚ]", found.group()) and re.search("[0-9A-Za-z]", found.group())]


def drop_doubled(text: str) -> list[Edit]:
    """Doubled signs: `,,` and `,。`; the heavier of the two stays.

    >>> [edit.after for edit in drop_doubled("精准防控,,坚决打赢,。会议。。强调……")]
    [',', '。', '。']
    """
    return [_edit("doubled_sign", found, _choose_sign(found.group()), 0.95) for found in _DOUBLED.finditer(text)]


def _choose_sign(signs: str) -> str:
    weights = {"。": 4, "；": 3, ";": 3, "，": 2, ",": 1, "、": 0}
    return max(signs, key=lambda sign: weights[sign])


def name_lost_brackets(text: str) -> list[Edit]:
    """A `?` that was a bracket, seen by the bracket it leaves alone on its line.

    >>> [edit.after for edit in name_lost_brackets("村(社区?工作者\\n?记者 周琳)\\n(真的吗?)")]
    [')', '(']
    """
    edits: list[Edit] = []
    at = text.find("?")
    while at >= 0:
        begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        end = len(text) if end < 0 else end
        edits += _pair_brackets(text[begin:end], begin)
        at = text.find("?", end)
    return edits


_INSIDE = re.compile(rf"[{_HAN}、 ]{{1,12}}")


def _pair_brackets(words: str, start: int) -> list[Edit]:
    for opening, closing in ("()", "（）"):
        if abs(words.count(opening) - words.count(closing)) != 1 or words.count("?") != 1:
            continue
        at = words.index("?")
        is_closing = words.count(opening) > words.count(closing)
        if is_closing:
            inside = words[words.rfind(opening, 0, at) + 1:at] if opening in words[:at] else ""
        else:
            end = words.find(closing, at)
            inside = words[at + 1:end] if end > 0 else ""
        if _INSIDE.fullmatch(inside):
            begin = start + at
            return [Edit("lost_sign", begin, begin + 1, "?", closing if is_closing else opening, 0.9)]
    return []


# A sentence with one of these may well be a question.
_ASKS = re.compile(
    rf"[吗呢么何谁哪怎几否岂啥嘛吧嗎麼誰幾豈]|[难難]道|([{_HAN}])[不没沒]\1|[是有能会會可应應该該]不|[“‘\"]|多[少大久长長远遠]")
_MARK_AT_END = re.compile(r"\?(?=[ \u3000]*(?:\n|$))")
_SENTENCE_BEGINS = re.compile(r"[。！？!?\n]")
_LONGEST_SENTENCE = 400


def name_lost_stops(text: str) -> list[Edit]:
    """A `?` at the end of a paragraph that asks nothing, among paragraphs that end with a full stop.

    >>> [edit.after for edit in name_lost_stops("会议强调,要坚决打赢疫情防控阻击战?\\n会后研究,部署下一步工作。\\n")]
    ['。']
    """
    if text.count("。\n") + text.endswith("。") < text.count("?\n"):
        return []
    return [Edit("lost_sign", found.start(), found.end(), "?", "。", 0.8)
            for found in _MARK_AT_END.finditer(text) if _is_statement(text[max(0, found.start() - _LONGEST_SENTENCE):found.start()])]


def _is_statement(before: str) -> bool:
    """Whether the sentence that ends here is long, has parts, and asks nothing."""
    sentence = _SENTENCE_BEGINS.split(before)[-1]
    return (len(sentence) >= 12 and re.search("[,，、]", sentence) is not None
            and re.match(f"[{_HAN}]", sentence[-1]) is not None and not _ASKS.search(sentence))


def _edit(rule: str, found: re.Match[str], after: str, confidence: float) -> Edit:
    return Edit(rule, found.start(), found.end(), found.group(), after, confidence)


def _span(*ranges: tuple[int, int]) -> frozenset[str]:
    return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))


#: Each repair, and the characters one of which a page must hold for it to be asked.
BEFORE_READING: tuple[tuple[frozenset[str], Callable[[str], list[Edit]]], ...] = (
    (frozenset("&"), name_entities),
    (_span((0xAD, 0xAD), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x2069), (0xFEFF, 0xFEFF)), drop_zero_width),
    (_span((0, 8), (0xB, 0xC), (0xE, 0x1F), (0x7F, 0x9F), (0x2028, 0x2029)), drop_controls),
)
AFTER_READING: tuple[tuple[frozenset[str], Callable[[str], list[Edit]]], ...] = (
    (_span((0x2E80, 0x2FD5)), name_radicals),
    (_span((0xF900, 0xFAD9)), name_compatible),
    (frozenset("０１２３４５６７８９") | _span((0xFF21, 0xFF5A)), even_widths),
    (frozenset("?"), name_lost_brackets),
    (frozenset("?"), name_lost_stops),
    (_span((KEPT_BYTES, KEPT_BYTES + 0xFF)), show_undecodable),
)
