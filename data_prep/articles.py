"""A page -> its articles; whatever is part of none is furniture, and says why.

Every character of a page is white space, or stands in exactly one segment of an
article, or in one stretch of furniture: nothing is lost and nothing is copied twice.

The title is the headline as a reader would quote it. A newspaper's headline block can
hold more lines: a kicker (引题) above, a subhead (副题) below. They are headline lines of
the text too, but where one line alone says who did what and to what end
("尹力在…会上强调 突出防控重点再发力"), that line alone is the title; otherwise all lines are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from data_prep.lexicons import read_lexicon
from data_prep.schema import Article, Furniture, Segment
from data_prep.script import fold_script

#: A furniture line is short; longer lines are not even tried against the lexicon.
MAX_FURNITURE = 400
#: A headline line has at most so many characters.
MAX_HEADLINE = 64
#: A boundary between articles needs this score (see score_boundary).
MIN_SCORE = 3

_FINAL = "。！？!?…；;：:"
_CLOSING = "”’\"'）)》〉】]」』"


@dataclass(frozen=True)
class Line:
    """page[begin:end], without white space at its ends, and how many empty lines stand before it."""

    begin: int
    end: int
    text: str
    gap: int


def split_articles(
    simplified: str, original: str, metadata: dict[str, str]
) -> tuple[list[Article], list[Furniture]]:
    """Cut a page (simplified, and in its own script, equally long) into articles and furniture.

    Raises ValueError if the two texts differ in length; any text at all is cut.
    """
    if len(simplified) != len(original):
        raise ValueError("the simplified page and the page in its own script must be equally long")
    lines = cut_lines(simplified)
    marks = align_marks(lines, metadata.get("markup", ""))
    rules = mark_furniture(lines, marks)
    paragraphs = join_lines(lines, rules)
    starts = find_starts(paragraphs, lines, marks, metadata)
    articles: list[Article] = []
    for number, (first, n_head) in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(paragraphs)
        body = paragraphs[first:last]
        body = drop_tail(body, n_head, lines, rules)
        if body:
            articles.append(build_article(body, n_head, lines, simplified, original, metadata))
    taken = {index for start in (starts[:1] or [(len(paragraphs), 0)]) for index in range(start[0])}
    for index in taken:
        for line in paragraphs[index]:
            rules.setdefault(line, "banner")
    furniture = [
        Furniture(line.begin, line.end, rules[i], original[line.begin:line.end])
        for i, line in enumerate(lines) if i in rules
    ]
    return articles, furniture


def cut_lines(page: str) -> list[Line]:
    """Lines that hold more than white space."""
    lines: list[Line] = []
    gap = 0
    for match in re.finditer(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]*(?:\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]|$)",
                             page):
        text = match[0].strip()
        if not text:
            gap += 1
            continue
        begin = match.start() + len(match[0]) - len(match[0].lstrip())
        lines.append(Line(begin, begin + len(text), text, gap))
        gap = 0
    return lines


def align_marks(lines: Sequence[Line], markup: str) -> dict[int, str]:
    """Kind of mark by index of line. Repairs may have changed a line, so text comes before number."""
    marks: dict[int, str] = {}
    at = 0
    where: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        where.setdefault(line.text, []).append(i)
    for mark in markup.split("\n"):
        parts = mark.split("\t", 2)
        if len(parts) != 3:
            continue
        found = next((i for i in where.get(fold_script(parts[2].strip()), ()) if i >= at), None)
        if found is not None:
            marks[found] = parts[1]
            at = found + 1
    return marks


@cache
def _rules() -> tuple[list[tuple[str, str, re.Pattern[str]]], re.Pattern[str]]:
    table = read_lexicon("boilerplate")
    each = [(row.rule, row.scope, re.compile(row.pattern)) for row in table.itertuples()]
    return each, re.compile("|".join(f"(?:{pattern})" for pattern in table["pattern"]))


def mark_furniture(lines: Sequence[Line], marks: dict[int, str]) -> dict[int, str]:
    """Rule by index of line, for the lines that are furniture by themselves."""
    each, any_rule = _rules()
    rules: dict[int, str] = {}
    listing = ""
    for i, line in enumerate(lines):
        if listing and _is_listed(lines, i):
            rules[i] = listing
            continue
        listing = ""
        if marks.get(i) == "link":
            rules[i] = "link"
        elif not re.search(r"\w", line.text):
            rules[i] = "ornament"
        elif len(line.text) <= MAX_FURNITURE and any_rule.fullmatch(line.text):
            rule, scope = next((rule, scope) for rule, scope, pattern in each if pattern.fullmatch(line.text))
            rules[i] = rule
            listing = rule if scope == "head" else ""
    # a list of other headlines: three or more lines that begin with the same bullet
    run: list[int] = []
    for i in [*range(len(lines)), -1]:
        if i >= 0 and i not in rules and re.match(r"[-·•●■◆▪►*]\s*\S", lines[i].text) and not _ends(lines[i].text):
            run.append(i)
            continue
        if len(run) >= 3:
            rules.update(dict.fromkeys(run, "headlines"))
        run = []
    return rules


def _is_listed(lines: Sequence[Line], i: int) -> bool:
    text = lines[i].text
    if len(text) > 120:
        return False
    numbered = re.match(r"(?:\d{1,2}\s*[.．、]|[(（]\d{1,2}[)）])", text)
    return bool(numbered or text[-1] in "；;：:" or lines[i - 1].text[-1] in "：:" or not _ends(text))


def _ends(text: str) -> bool:
    """Whether a line ends as a sentence ends.

    >>> _ends("会议指出。”"), _ends("抓住重点,继")
    (True, False)
    """
    bare = text.rstrip(_CLOSING)
    return bool(bare) and bare[-1] in _FINAL


def is_headline(text: str) -> bool:
    """Whether a line could be a line of a headline by its looks alone."""
    return (
        4 <= len(text) <= MAX_HEADLINE and text[-1] not in "。；;：:,，、" and "。" not in text and not is_byline(text)
        and not _NUMBERED.match(text)
    )


_NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}\s*[、.．]|[(（][一二三四五六七八九十\d]{1,3}[)）]|\d{1,3}\s*[、.．]|第[一二三四五六七八九十\d]{1,3}[章节条部])")
_BYLINE = re.compile(
    r"[(（]?\s*(?:本报|本台|本网|[\w]{2,12})?\s*(?:全媒体|见习|特约|首席)?(?:记者|通讯员|评论员|作者|撰文|文)\s*[:：/]?\s*"
    r"(?:[\u3400-\u9fff·]{1,8}[\s、/,，]*){1,8}(?:(?:通讯员|记者|摄影报道|报道|文/图)[:：\s]*(?:[\u3400-\u9fff·]{1,8}[\s、]*){0,6})?[)）]?"
)


def is_byline(text: str) -> bool:
    """Whether a line names the reporters and nothing else.

    >>> is_byline("记者 吕正龙"), is_byline("记者节座谈会在京召开 要求全国记者深入基层")
    (True, False)
    """
    return len(text) <= 60 and bool(_BYLINE.fullmatch(text)) and len(re.findall(r"[\u3400-\u9fff]{5,}", text)) <= 1


def join_lines(lines: Sequence[Line], rules: dict[int, str]) -> list[list[int]]:
    """Lines that are no furniture as paragraphs; a sentence broken between two lines is one again."""
    paragraphs: list[list[int]] = []
    for i, line in enumerate(lines):
        if i in rules:
            continue
        if paragraphs and _goes_on(lines[paragraphs[-1][-1]].text, line.text):
            paragraphs[-1].append(i)
        else:
            paragraphs.append([i])
    return paragraphs


def _goes_on(before: str, after: str) -> bool:
    """Whether the line `after` goes on with the sentence that `before` leaves open."""
    if _ends(before) or is_headline(before) or is_byline(before) or before[-1] in _CLOSING:
        return False
    return "。" in before or "，" in before or "," in before or len(before) > MAX_HEADLINE


_DATELINE = re.compile(
    r"(?:[(（【]?(?:本报|本台|本网|新华社|中新社|中新网|人民网|央视网|\w{2,10}(?:日报|晚报|时报|网|社|台|客户端|新闻|消息))"
    r".{0,30}?(?:[讯电]|消息|报道)|.{0,20}?[(（](?:[^()（）]{0,12}记者|新闻联播)[^()（）]{0,30}[)）])"
)
_DATED = re.compile(r"(?:(?:20\d\d年)?\d{1,2}月)?\d{1,2}日|(?:昨|今|前|近|日前|连日来|当地时间|本月|上月)")


def _opens(text: str) -> int:
    """How much a paragraph looks like the opening of an article: 3 dateline, 2 date, 0 none."""
    if _DATELINE.match(text[:80]):
        return 3
    return 2 if _DATED.match(text[:20]) else 0


def find_starts(
    paragraphs: Sequence[list[int]], lines: Sequence[Line], marks: dict[int, str], metadata: dict[str, str]
) -> list[tuple[int, int]]:
    """First paragraph and number of headline paragraphs of each article."""
    texts = [lines[p[0]].text if len(p) == 1 else "".join(lines[i].text for i in p) for p in paragraphs]
    kinds = ["H" if len(p) == 1 and is_headline(texts[k]) else "B" for k, p in enumerate(paragraphs)]
    starts: list[tuple[int, int]] = []
    k = 0
    while k < len(paragraphs):
        if kinds[k] == "B":
            if not starts:
                starts.append((k, 0))
            k += 1
            continue
        end = k
        while end < len(paragraphs) and kinds[end] == "H":
            end += 1
        if end == len(paragraphs):
            if not starts and end - k <= 3:
                starts.append((k, end - k))
            break
        n_head = min(end - k, 4)
        ranked = any(marks.get(paragraphs[j][0], "").startswith("h") for j in range(end - n_head, end))
        if not starts or _opens(texts[end]) + (n_head > 1) + (" " in texts[end - 1]) + ranked >= MIN_SCORE:
            starts.append((end - n_head, n_head))
        k = end
    return starts


def drop_tail(
    body: Sequence[list[int]], n_head: int, lines: Sequence[Line], rules: dict[int, str]
) -> list[list[int]]:
    """The article without headline-like lines that stand below its last sentence; they get a rule."""
    kept = list(body)
    while len(kept) > max(n_head, 1) and len(kept[-1]) == 1 and is_headline(lines[kept[-1][0]].text):
        rules[kept.pop()[0]] = "headlines"
    return kept


_EVENT = re.compile(r"强调|指出|要求|召开|举行|主持|出席|检查|调研|视察|考察|会见|会谈|发表|印发|审议|部署")


def choose_title(heads: Sequence[str]) -> str:
    """The title of a headline block: the first line that says event and purpose, else all lines.

    >>> choose_title(["坚定清零目标不松劲 全面做好保障", "尹力在视频会上强调 突出防控重点再发力"])
    '尹力在视频会上强调 突出防控重点再发力'
    >>> choose_title(["尽锐出战全力攻坚 尽快实现清零", "赵龙赴泉州检查防控工作"])
    '尽锐出战全力攻坚 尽快实现清零 赵龙赴泉州检查防控工作'
    """
    for head in heads:
        parts = head.split()
        if len(parts) > 1 and any(_EVENT.search(part) for part in parts):
            return head
    return " ".join(heads)


def build_article(
    body: Sequence[list[int]], n_head: int, lines: Sequence[Line], simplified: str, original: str,
    metadata: dict[str, str],
) -> Article:
    """Put the paragraphs together: text, original and segments."""
    text: list[str] = []
    print_: list[str] = []
    segments: list[Segment] = []
    at = 0
    body_begin = 0
    for number, paragraph in enumerate(body):
        if number:
            text.append("\n")
            print_.append("\n")
            at += 1
        if number == n_head:
            body_begin = at
        for i in paragraph:
            line = lines[i]
            text.append(simplified[line.begin:line.end])
            print_.append(original[line.begin:line.end])
            segments.append(Segment(at, at + line.end - line.begin, line.begin))
            at += line.end - line.begin
    if n_head >= len(body):
        body_begin = at
    title = choose_title([lines[i].text for paragraph in body[:n_head] for i in paragraph])
    return Article("".join(text), "".join(print_), title, body_begin, tuple(segments))
