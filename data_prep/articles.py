"""A page -> its articles; whatever is part of none is furniture, and says why.

A scraped page holds one article or several, and around them what the site or the paper
put there: slogans above the page, navigation, lists of other headlines, copyright notices.
Every character of a page is white space, or stands in exactly one segment of one article,
or in exactly one stretch of furniture: nothing is lost and nothing is kept twice.

How a page is cut. Lines that are furniture by themselves are known from a lexicon
(`lexicons/boilerplate.csv`) or from the marks of HTML and Markdown. Sentences broken by a
column or by a line's end are joined again. Of the paragraphs left, some look like
headlines: short, no full stop. Whether they begin an article is told by what follows (a
dateline, a date), by how they are built (who did what, then to what end), and by what went
before (a byline closes an article): see `score_boundary`. Without such evidence a short
line is a subheading and splits nothing: a report with a hundred of them stays whole.

The title is the headline as a reader would quote it. A headline block can hold more lines:
a kicker (引题) above, a subhead (副题) below. All of them are headline lines of the text.
But where one line alone says who did what, and to what end (尹力在…会上强调 突出防控重点再发力),
that line alone is the title; otherwise all lines are, joined with a space.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from data_prep.lexicons import read_lexicon
from data_prep.schema import Article, Furniture, Segment
from data_prep.script import fold_script

#: Furniture is short: longer lines are not tried against the lexicon.
MAX_FURNITURE = 1_500
#: A line of a headline has at most so many characters, and a headline at most so many lines.
MAX_HEADLINE = 100
MAX_HEAD_LINES = 4
#: Evidence a boundary between two articles needs (see `score_boundary`).
MIN_SCORE = 3
#: A line of a headline shares at least this share of its pairs of characters with the article
#: below it. Measured on a year of evening news: 95 % of headlines share more than 0.32, 90 % of
#: the headlines of a neighbouring item less than 0.33.
MIN_SUPPORT = 0.2
#: How far into an article its headline is looked for.
SUPPORT_CHARS = 600

_FINAL = "。！？!?…；;：:"
_CLOSING = "”’\"'）)》〉】]」』"
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_BREAK = r"\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029"


@dataclass(frozen=True)
class Line:
    """page[begin:end] without white space at its ends; white space and empty lines before it are counted."""

    begin: int
    end: int
    text: str
    indent: int
    gap: int


@dataclass(frozen=True)
class Paragraph:
    """Indices of the lines that make one paragraph, and what it looks like.

    kind: head (could be a line of a headline), byline, junk (no words), or body.
    parted: furniture stands between it and the paragraph before.
    """

    lines: tuple[int, ...]
    kind: str
    parted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cut:
    """An article as a run of paragraphs: the first `n_head` of paragraphs[first:last] are its headline."""

    first: int
    last: int
    n_head: int


def split_articles(simplified: str, original: str, metadata: dict[str, str]) -> tuple[list[Article], list[Furniture]]:
    """Cut a page (simplified, and in its own script, equally long) into articles and furniture.

    `metadata` is what the page's marks and a manifest say (`title`, `markup`). Raises
    ValueError if the two texts differ in length; any text at all is cut.

    >>> articles, furniture = split_articles(*["省委召开会议\\n3月2日,省委开会。\\n责任编辑:赵睿"] * 2, {})
    >>> articles[0].title, articles[0].text[articles[0].body_begin:], furniture[0].rule
    ('省委召开会议', '3月2日,省委开会。', 'editor')
    """
    if len(simplified) != len(original):
        raise ValueError("the page and its simplified form must be equally long")
    lines = list(cut_lines(simplified))
    marks = align_marks(lines, metadata.get("markup", ""))
    rules = mark_furniture(lines, marks)
    paragraphs = join_lines(lines, rules)
    title = fold_script(metadata.get("title", ""))
    cuts = cut_by_headings(paragraphs, lines, marks, rules) or cut_by_looks(paragraphs, lines, rules, title)
    articles = [build_article(paragraphs[cut.first : cut.last], cut.n_head, lines, simplified, original) for cut in cuts]
    if len(articles) == 1 and not articles[0].title:
        articles = [_name_article(articles[0], title)]
    kept = {i for cut in cuts for paragraph in paragraphs[cut.first : cut.last] for i in paragraph.lines}
    furniture = [
        Furniture(line.begin, line.end, rules.get(i, "stray"), original[line.begin : line.end])
        for i, line in enumerate(lines) if i not in kept
    ]
    return articles, furniture


# --- Lines ---------------------------------------------------------------------------------


def cut_lines(page: str) -> Iterator[Line]:
    """The lines of a page that hold more than white space."""
    gap = 0
    for match in re.finditer(rf"([^{_BREAK}]+)|[{_BREAK}]", page):
        if match[1] is None:
            gap += 1
            continue
        text = match[1].strip()
        if text:
            indent = len(match[1]) - len(match[1].lstrip())
            begin = match.start() + indent
            yield Line(begin, begin + len(text), text, indent, gap)
            gap = 0


def align_marks(lines: Sequence[Line], markup: str) -> dict[int, str]:
    """Kind of mark (h1 to h6, link) by index of line.

    Repairs and folding may have changed a line since its mark was noted, so a mark finds
    its line by the text first, and by the order of marks.
    """
    where: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        where.setdefault(line.text, []).append(i)
    marks: dict[int, str] = {}
    used: Counter[str] = Counter()
    at = 0
    for mark in markup.split("\n"):
        parts = mark.split("\t", 2)
        if len(parts) != 3:
            continue
        text = fold_script(parts[2].strip())
        places = where.get(text, [])
        while used[text] < len(places) and places[used[text]] < at:
            used[text] += 1
        if used[text] < len(places):
            at = places[used[text]]
            marks[at] = parts[1]
            at += 1
    return marks


# --- Furniture -----------------------------------------------------------------------------


@cache
def _patterns() -> tuple[re.Pattern[str], tuple[tuple[str, str, re.Pattern[str]], ...]]:
    """All patterns in one, to reject most lines at once, and each with rule and scope."""
    table = read_lexicon("boilerplate")
    each = tuple((row.rule, row.scope, re.compile(row.pattern, re.I)) for row in table.itertuples())
    return re.compile("|".join(f"(?:{pattern})" for pattern in table["pattern"]), re.I), each


def name_furniture(text: str) -> tuple[str, str] | None:
    """Rule and scope of a line that is furniture by itself; None for any other.

    >>> name_furniture("责任编辑:赵睿"), name_furniture("会议强调,要坚定信心。")
    (('editor', 'line'), None)
    """
    if len(text) > MAX_FURNITURE:
        return None
    any_pattern, each = _patterns()
    if not any_pattern.fullmatch(text):
        return None
    return next((rule, scope) for rule, scope, pattern in each if pattern.fullmatch(text))


def mark_furniture(lines: Sequence[Line], marks: dict[int, str]) -> dict[int, str]:
    """Rule by index of line, for the lines that are furniture by themselves or stand in a list of such."""
    rules: dict[int, str] = {}
    listing = ""
    for i, line in enumerate(lines):
        heading = marks.get(i, "").startswith("h")
        if listing and not heading and _is_listed(lines, i):
            rules[i] = listing
            continue
        listing = ""
        if marks.get(i) == "link":
            rules[i] = "link"
        elif not re.search(r"\w", line.text):
            rules[i] = "ornament"
        elif named := name_furniture(line.text):
            rules[i], scope = named
            listing = rules[i] if scope == "head" and not heading else ""
    _mark_bullets(lines, rules)
    return rules


def _is_listed(lines: Sequence[Line], i: int) -> bool:
    """Whether line i goes on with a list of headlines that began above it."""
    text = lines[i].text
    if len(text) > 120 or weigh_opening(text) == 4:
        return False
    if i + 1 < len(lines) and weigh_opening(lines[i + 1].text) >= 2 and not _LISTED.match(text):
        return False  # the headline of the article that follows the list
    listed = _LISTED.match(text) or text[-1] in "；;：:" or lines[i - 1].text[-1] in "：:"
    return bool(listed) or not ends_sentence(text)


_LISTED = re.compile(r"(?:\d{1,2}\s*[.．、]|[(（]\d{1,2}[)）]|[-·•●■◆▪►*▲△◇□○◎➤☆★])")
_BULLET = re.compile(r"[-·•●■◆▪►*▲△◇□○◎➤☆★]\s*\S")


def _mark_bullets(lines: Sequence[Line], rules: dict[int, str]) -> None:
    """Three or more bulleted lines in a row without a full stop are a list of other headlines."""
    run: list[int] = []
    for i in range(len(lines) + 1):
        if i < len(lines) and i not in rules and _BULLET.match(lines[i].text) and not ends_sentence(lines[i].text):
            run.append(i)
            continue
        if len(run) >= 3:
            rules.update(dict.fromkeys(run, "headlines"))
        run = []


# --- Paragraphs ------------------------------------------------------------------------------


def ends_sentence(text: str) -> bool:
    """Whether a line ends as a sentence or a clause before a list ends.

    >>> ends_sentence("奋力实现“开门红”。"), ends_sentence("抓住重点,继")
    (True, False)
    """
    bare = text.rstrip(_CLOSING)
    return bool(bare) and bare[-1] in _FINAL


def join_lines(lines: Sequence[Line], rules: dict[int, str]) -> list[Paragraph]:
    """Lines that are no furniture as paragraphs; a sentence broken between two lines is one again.

    A line strayed into the middle of a broken sentence becomes furniture (`stray`).
    """
    free = [i for i in range(len(lines)) if i not in rules]
    width = measure_width([lines[i] for i in free])
    indented = sum(lines[i].indent > 0 for i in free) * 10 > len(free)
    groups: list[list[int]] = []
    skip = -1
    for number, i in enumerate(free):
        if number == skip:
            continue
        before = lines[groups[-1][-1]] if groups else None
        if before is not None and _goes_on(before, lines[i], width, indented):
            after = lines[free[number + 1]] if number + 1 < len(free) else None
            if not width and _is_stray(before, lines[i], after):
                rules[i] = "stray"
                continue
            groups[-1].append(i)
        else:
            groups.append([i])
    paragraphs: list[Paragraph] = []
    last = -1
    for group in groups:
        parted = tuple(rules[j] for j in range(last + 1, group[0]) if j in rules)
        paragraphs.append(Paragraph(tuple(group), _tell_kind([lines[i].text for i in group], width), parted))
        last = group[-1]
    return paragraphs


def measure_width(lines: Sequence[Line]) -> int:
    """Width in characters of a page whose lines are cut at a fixed width; 0 for any other page.

    >>> page = "我们要把思想和行动统一到决策部署上来\\n切实做好各项工作任务落实到位见到实效\\n" * 4
    >>> measure_width(list(cut_lines(page)))
    18
    """
    lengths = Counter(len(line.text) for line in lines if not ends_sentence(line.text) and len(line.text) >= 14)
    total = sum(lengths.values())
    if total < 6:
        return 0
    width = max(lengths, key=lambda n: (lengths[n] + lengths[n - 1] + lengths[n + 1], n))
    near = sum(lengths[n] for n in range(width - 2, width + 3))
    over = sum(len(line.text) > width + 2 for line in lines)
    return width if near * 2 > total and over * 10 <= len(lines) else 0


def _goes_on(before: Line, after: Line, width: int, indented: bool) -> bool:
    """Whether `after` goes on with the sentence that `before` leaves open."""
    if _BULLET.match(after.text) or is_numbered(after.text):
        return False
    if width and len(before.text) >= width - 2:  # a full line of a page cut at a fixed width
        return after.indent == 0 and after.gap <= before.gap + 1 if indented else not ends_sentence(before.text)
    if ends_sentence(before.text) or before.text[-1] in _CLOSING or not _is_running(before.text):
        return False
    # A headline below an article that lost its last full stop is no end of its last sentence.
    return not (is_headline(after.text) and " " in after.text and before.text[-1] not in "，,、")


def _is_running(text: str) -> bool:
    """Whether a line is running text, not a line of its own kind (headline, byline, heading)."""
    return (len(text) > 60 or "。" in text or "，" in text or "," in text) and not is_byline(text)


def _is_stray(before: Line, middle: Line, after: Line | None) -> bool:
    """Whether `middle` is a headline or slogan that stands inside the sentence from `before` to `after`."""
    return (
        after is not None
        and is_headline(middle.text)
        and not re.search("[，,。、]", middle.text)
        and len(before.text) > MAX_HEADLINE
        and ends_sentence(after.text)
        and not is_headline(after.text)
        and weigh_opening(after.text) == 0
        and middle.gap > 0
    )


def _tell_kind(texts: Sequence[str], width: int) -> str:
    if len(texts) > 1:
        return "body"
    text = texts[0]
    if is_byline(text):
        return "byline"
    if not ends_sentence(text) and len(text) < 12 and len(re.findall(f"[{_HAN}]", text)) < 2:
        return "junk"
    if is_roster(text):
        return "body"
    if re.fullmatch(rf"[{_HAN}](?:\s{{0,4}}[{_HAN}]){{1,3}}", text):
        return "head"  # a name below a headline, the name of a column
    return "head" if is_headline(text) and not (width and width - 2 <= len(text) <= width + 2) else "body"


# --- What a line looks like --------------------------------------------------------------------


def is_headline(text: str) -> bool:
    """Whether a line could be a line of a headline, by its looks alone.

    >>> is_headline("分类指导科学施策严格管控"), is_headline("一、总体要求"), is_headline("会议还研究了其他事项。")
    (True, False, False)
    """
    return (
        4 <= len(text) <= MAX_HEADLINE
        and text[-1] not in "。；;：:,，、"
        and "。" not in text
        and not (text[-1] in "！？!?" and re.search("[，,、]", text))
        and not is_numbered(text)
        and not is_byline(text)
    )


_NUMBER = "[一二三四五六七八九十百零〇]"
_NUMBERED = re.compile(
    rf"[(（]?(?:{_NUMBER}{{1,4}}|\d{{1,2}})\s*(?:[、.．)）](?!\d)|是[^{_BREAK}]*[,，])|第{_NUMBER}{{1,4}}[章节编条部]|[①-⑳]"
)


def is_numbered(text: str) -> bool:
    """Whether a line begins with the number of a heading or a list: 一、 (二) 3. 第四章.

    >>> is_numbered("(一)经济发展取得新成效"), is_numbered("3.5亿人出行")
    (True, False)
    """
    return bool(_NUMBERED.match(text))


def is_roster(text: str) -> bool:
    """Whether a line lists names set apart by blanks.

    >>> is_roster("蔡奇　蔡剑江　裴金佳　蓝天立（壮族）"), is_roster("凝心聚力 开拓进取 砥砺前行")
    (True, False)
    """
    names = re.sub(r"[(（][^()（）]{1,12}[)）]", "", text).split()
    return len(names) >= 3 and all(re.fullmatch(rf"[{_HAN}·]{{1,3}}|[{_HAN}]{{2,6}}·[{_HAN}·]{{1,12}}", n) for n in names)


#: Words of a byline; 文 and 图 only where a sign sets them apart (文/张三, 图:李四).
_REPORTER = re.compile(
    r"(?:全媒体|融媒体|见习|特约|首席|实习|本报|本台|本网|驻.{1,6}?)?(?:记者|通讯员|特派员|评论员|作者|撰文|文字|摄影报道|摄影|报道员|"
    r"实习生|采写|撰稿|报道|整理)|(?<![\u4e00-\u9fff])[文图](?=[\s/:：|、])|[/、]\s*[文图](?=$|[\s/:：|)）])"
)
_PRESS_NAME = re.compile(rf"[{_HAN}]{{2,12}}(?:报|网|社|台|端|刊|中心)")
_SEPARATORS = re.compile(r"[\s、/,，;；:：|&+()（）【】\[\]■●◆□▲·丨]+")


def is_byline(text: str) -> bool:
    """Whether a line names the reporters and says nothing else.

    >>> is_byline("记者 吕正龙"), is_byline("(福建日报记者 周琳)"), is_byline("记者节座谈会在京召开要求深入基层")
    (True, True, False)
    >>> is_byline("文/记者 张三 图/李四"), is_byline("福建日报 周琳")
    (True, False)
    """
    if not 4 <= len(text) <= 80 or not _REPORTER.search(text) or re.search("[。！？!?；;“”《》]", text):
        return False
    names = [name for part in _SEPARATORS.split(_REPORTER.sub(" ", text)) if (name := _PRESS_NAME.sub("", part))]
    return 0 < len(names) <= 16 and all(re.fullmatch(rf"[{_HAN}]{{1,4}}", name) for name in names)


_PRESS = (
    rf"(?:本报|本台|本网|本刊|新华社|中新社|中新网|中通社|央视|人民网|新华网|[{_HAN}A-Za-z]{{1,12}}?(?:日报|晚报|早报|晨报|时报|商报|都市报|"
    r"周报|法治报|青年报|新报|网|社|台|客户端|在线|融媒|传媒|发布|新闻))"
)
_DATELINE = re.compile(
    rf"[(（【\[]?据?{_PRESS}[\])）】]?[^,，。；;!！?？]{{0,30}}?(?:讯|电|消息|报道)(?:[\s(（:：,，)）\]】丨|—-]|$)|"
    rf"{_PRESS}[^,，。；;!！?？]{{0,12}}\d日(?:讯|电)|[{_HAN}]{{2,8}}讯[\s(（:：]|"
    rf"(?:{_PRESS})?\s*[(（][^()（）,，。]{{0,12}}记者[^()（）。]{{0,40}}[)）]|央视网消息"
)
_DAY = r"(?:(?:20\d\d|二[〇○0零一二三四五六七八九]{3})年)?(?:\d{1,2}|[一二三四五六七八九十]{1,2})月\d{1,2}日|\d{1,2}日"
_DATED = re.compile(rf"(?:{_DAY})(?:(?:至|到|、|—|-)\S{{1,8}}日)?(?:上午|下午|晚|夜|凌晨|中午)?")
_NEARLY = re.compile(r"近日|日前|昨日|昨天|今日|今天|前日|连日来|当地时间|北京时间|本周|近期|记者.{0,12}(?:获悉|了解到)|据悉")


def weigh_opening(text: str) -> int:
    """How much a paragraph looks like the opening of an article: 4 dateline, 2 a day, 1 a looser sign, 0 none.

    >>> [weigh_opening(t) for t in ("新华社北京3月17日电 会议", "3月29日晚,省委", "尹力29日主持会议", "会议要求,要")]
    [4, 2, 1, 0]
    """
    head = text[:80]
    if _DATELINE.match(head):
        return 4
    if _DATED.match(head):
        return 2
    return 1 if re.search(_DAY, head[:30]) or _NEARLY.search(head[:16]) else 0


_EVENT = re.compile(
    "强调|指出|要求|召开|举行|主持|出席|检查|调研|视察|考察|会见|会谈|发表|印发|审议|部署|致信|致电|贺信|讲话|慰问|通话|闭幕|开幕|"
    "启动|签署|听取|传达|揭牌|开工|宣讲|座谈|督导|暗访|巡查|赴"
)


def measure_support(head: str, body: str) -> float:
    """Share of the pairs of neighbouring characters of a headline that stand in the body, 0 to 1.

    >>> measure_support("尽快实现社会面清零", "用最短时间实现社会面清零目标")
    0.75
    """
    bare = re.sub(r"\W", "", head)
    pairs = {bare[i : i + 2] for i in range(len(bare) - 1)}
    return sum(pair in body for pair in pairs) / len(pairs) if pairs else 0.0


# --- Where articles begin: by marks --------------------------------------------------------------


def cut_by_headings(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], marks: dict[int, str], rules: dict[int, str]
) -> list[Cut]:
    """Articles of a page whose headings are known and are the headlines of its articles; else none.

    Headings of one rank are headlines if there are two or more of them and at least half
    are followed by the opening of an article: the chapters of a report are not.
    """
    ranks = {k: int(marks[p.lines[0]][1]) for k, p in enumerate(paragraphs) if marks.get(p.lines[0], "")[:1] == "h"}
    opened: Counter[int] = Counter()
    total: Counter[int] = Counter()
    for k, rank in ranks.items():
        total[rank] += 1
        follows = k + 1 < len(paragraphs) and k + 1 not in ranks
        opened[rank] += follows and weigh_opening(lines[paragraphs[k + 1].lines[0]].text) >= 2
    found = [rank for rank in total if opened[rank] >= 2 and opened[rank] * 2 >= total[rank]]
    if not found:
        return []
    rank = max(found, key=lambda r: (opened[r], -r))
    starts = [k for k, r in ranks.items() if r <= rank]
    cuts = []
    for start, end in zip(starts, [*starts[1:], len(paragraphs)], strict=True):
        heading = lines[paragraphs[start].lines[0]].text
        if ranks[start] < rank and name_furniture(heading):
            for k in range(start, end):  # the list of contents, under a heading of its own
                rules.update(dict.fromkeys(paragraphs[k].lines, "contents"))
        elif ranks[start] < rank and end - start < 3:
            for k in range(start, end):
                rules.update(dict.fromkeys(paragraphs[k].lines, "section"))
        else:
            cuts.append(_trim_tail(Cut(start, end, 1), paragraphs, lines, rules))
    return cuts


# --- Where articles begin: by looks --------------------------------------------------------------


def cut_by_looks(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str], title: str
) -> list[Cut]:
    """Articles of a page without telling marks: first paragraph, end, and number of headline paragraphs."""
    bodies = [k for k, p in enumerate(paragraphs) if p.kind == "body"]
    if not bodies:
        return _cut_headlines_only(paragraphs, rules)
    starts = [_find_first(paragraphs, lines, rules, title)]
    first = starts[0].first + starts[0].n_head
    known = any(is_same_title(_text(p, lines), title) for p in paragraphs[starts[0].first : first])
    runs = _list_runs(paragraphs, first)
    weights = _weigh_openings([_text(paragraphs[k], lines) for k in (first, *(end for _, end in runs))])
    for (begin, end), weight in zip(runs, weights[1:], strict=True):
        score = score_boundary(paragraphs, lines, begin, end, weight)
        if weights.count(4) >= 2 and weight < 4:
            score -= 2  # the page's articles have datelines, this one does not: a subheading
        if known:
            score -= 3  # the file says of which article the page is
        if score >= MIN_SCORE:
            starts.append(_choose_head(paragraphs, lines, rules, begin, end))
    cuts = [
        Cut(start.first, following.first if following else len(paragraphs), start.n_head)
        for start, following in zip(starts, [*starts[1:], None], strict=True)
    ]
    return [_trim_tail(cut, paragraphs, lines, rules) for cut in cuts]


def _weigh_openings(texts: Sequence[str]) -> list[int]:
    """Weight of each opening; where nearly all articles of a page open with the same words, others weigh less."""
    weights = [weigh_opening(text) for text in texts]
    habits = Counter(text[:4] for text, weight in zip(texts, weights, strict=True) if weight == 4)
    habit, n = habits.most_common(1)[0] if habits else ("", 0)
    if n < 5 or n * 10 < habits.total() * 7:
        return weights
    return [1 if weight == 4 and text[:4] != habit else weight for text, weight in zip(texts, weights, strict=True)]


def _text(paragraph: Paragraph, lines: Sequence[Line]) -> str:
    return lines[paragraph.lines[0]].text


def _cut_headlines_only(paragraphs: Sequence[Paragraph], rules: dict[int, str]) -> list[Cut]:
    """A page without running text: an article without body if it is but a headline, else a list of headlines."""
    heads = [k for k, p in enumerate(paragraphs) if p.kind == "head"]
    if 0 < len(heads) <= 2 and len(paragraphs) <= 3 and len(rules) <= 3:
        return [Cut(heads[0], heads[-1] + 1, len(range(heads[0], heads[-1] + 1)))]
    for paragraph in paragraphs:
        rules.update(dict.fromkeys(paragraph.lines, "headlines" if len(heads) > 1 else "stray"))
    return []


def _list_runs(paragraphs: Sequence[Paragraph], begin: int) -> list[tuple[int, int]]:
    """Runs [begin, end) of paragraphs that are no body and hold a headline, each with body below and above."""
    runs = []
    k = begin
    while k < len(paragraphs):
        end = k
        while end < len(paragraphs) and paragraphs[end].kind != "body":
            end += 1
        if begin < k < end < len(paragraphs) and any(p.kind == "head" for p in paragraphs[k:end]):
            runs.append((k, end))
        k = end + 1
    return runs


def _find_first(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str], title: str
) -> Cut:
    """Where the first article of a page begins, and how many headline paragraphs it has."""
    named = [k for k, p in enumerate(paragraphs) if p.kind == "head" and is_same_title(_text(p, lines), title)]
    named = [k for k in named if any(p.kind == "body" for p in paragraphs[k:])]
    end = named[0] if named else 0
    if named and sum(lines[i].end - lines[i].begin for p in paragraphs[:end] if p.kind == "body" for i in p.lines) > 200:
        end = 0  # running text above the line: it is no headline of the whole page
    while paragraphs[end].kind != "body":
        end += 1
    return _choose_head(paragraphs, lines, rules, 0, end, named[0] if named and named[0] < end else None)


def is_same_title(line: str, title: str) -> bool:
    """Whether a line is the page's own title, or a main part of it (sites add their name to it).

    >>> is_same_title("三部门规范网络直播营利行为", "[视频]三部门规范网络直播营利行为_央视网(cctv.com)")
    True
    """
    a, b = re.sub(r"\W", "", line), re.sub(r"\W", "", title)
    short, long = sorted((a, b), key=len)
    return len(short) >= 6 and short in long and (a == short or len(short) * 2 >= len(long))


def score_boundary(paragraphs: Sequence[Paragraph], lines: Sequence[Line], begin: int, end: int, weight: int) -> int:
    """Evidence that the lines paragraphs[begin:end] above body paragraph `end` begin a new article.

    `weight` is that of the opening below. A subheading scores 2 at most: length and a
    space; a headline has an opening below, an event in it, or a closed article above.
    """
    run = paragraphs[begin:end]
    heads = [_text(p, lines) for p in run if p.kind == "head"]
    block = " ".join(heads)
    score = weight
    score += len(block) >= 14
    score += len(heads) > 1 or len(block.split()) > 1
    score += bool(_EVENT.search(block))
    if run[0].kind == "byline":
        score += 2  # a byline closed the article above
    elif run[-1].kind == "byline":
        score += 2  # reporters named between headline and text
    score += 3 * ("source" in paragraphs[end].parted or any("source" in p.parted for p in run[1:]))
    score += any(rule in ("editor", "counter", "copyright", "ornament") for rule in run[0].parted)
    if weight < 4:
        score -= len(block) < 9
    if weight == 0 and run[0].kind != "byline" and "source" not in paragraphs[end].parted:
        score -= 1
    return score


def _choose_head(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str], begin: int, end: int,
    named: int | None = None,
) -> Cut:
    """The headline block right above body paragraph `end`; lines of other origin there become furniture."""
    first = end
    while first > begin and paragraphs[first - 1].kind == "byline":
        first -= 1  # reporters named above the text are part of the article
    last = first
    while first > begin and paragraphs[first - 1].kind == "head" and last - first < MAX_HEAD_LINES:
        if first < last and paragraphs[first].parted and (named is None or first <= named):
            break  # furniture between two lines: what stands above it belongs to the site
        first -= 1
    if first == last:
        return Cut(first, end, 0)
    body = "".join(lines[i].text for p in paragraphs[end : end + 12] for i in p.lines)[:SUPPORT_CHARS]
    support = {k: measure_support(_text(paragraphs[k], lines), body) for k in range(first, last)}
    if named is None and max(support.values()) >= 2 * MIN_SUPPORT:
        while support[first] < MIN_SUPPORT and not is_subline(_text(paragraphs[first], lines)):
            first += 1
    for k in range(begin, first):
        if paragraphs[k].kind == "head" and k not in support:
            rules.update(dict.fromkeys(paragraphs[k].lines, "stray"))
    return Cut(first, end, last - first)


def _trim_tail(cut: Cut, paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str]) -> Cut:
    """The article without the lines below its last sentence that are no signature: they become furniture."""
    last = cut.last
    floor = cut.first + max(cut.n_head, 1)
    while last > floor and paragraphs[last - 1].kind in ("head", "junk"):
        last -= 1
    tail = range(last, cut.last)
    if last > cut.first and _text(paragraphs[last - 1], lines)[-1] in "：:":
        return cut  # a list that the last sentence announces
    signed = [k for k in tail if is_signature(_text(paragraphs[k], lines))]
    if signed and signed[0] - last <= 3:
        last = max(k for k in signed if k - signed[0] <= 2) + 1
    n_heads = sum(paragraphs[k].kind == "head" for k in range(last, cut.last))
    for k in range(last, cut.last):
        rules.update(dict.fromkeys(paragraphs[k].lines, "headlines" if n_heads > 1 else "stray"))
    return Cut(cut.first, last, cut.n_head)


_SIGNATURE = re.compile(
    rf"[(（]?(?:20\d\d|[一二][{_HAN}〇○]{{3}})年.{{1,4}}月.{{1,3}}日[)）]?|[(（【\[].{{1,60}}[)）】\]]|完|谢谢(?:大家|各位).{{0,6}}"
)


def is_signature(text: str) -> bool:
    """Whether a line closes a document: its day, a note in brackets, 谢谢大家.

    >>> is_signature("2022年3月30日"), is_signature("(据新华社)"), is_signature("让阅读陪伴成长")
    (True, True, False)
    """
    return bool(_SIGNATURE.fullmatch(text))


# --- Putting an article together -------------------------------------------------------------------


_SUBLINE = re.compile(
    rf"[—－-]{{1,2}}.*|[(（].*[)）]|[{_HAN}](?:\s{{0,4}}[{_HAN}]){{1,3}}|[{_HAN}]{{0,24}}(?:总理|省长|主席|市长|书记|主任|院长|检察长|部长|县长|区长|局长)\s+[{_HAN}·]{{1,3}}\s?[{_HAN}]{{1,6}}"
)


def is_subline(text: str) -> bool:
    """Whether a headline line only says where a text was given or by whom: a dash, brackets, a name with its office.

    >>> is_subline("——2022年1月22日在省第十三届人民代表大会第六次会议上"), is_subline("福建省人民政府代省长 赵龙")
    (True, True)
    """
    return bool(_SUBLINE.fullmatch(text))


_SITE_TAG = re.compile(r"^(?:[\[(（【](?:视频|图文|组图|图|图解|高清|独家|转载)[\])）】]\s*)+")
_SITE_NAME = re.compile(rf"\s*[_|丨–—-]+\s*[^_|丨–—-]{{0,30}}(?:网|网站|频道|日报|客户端|新闻|政府|门户|cctv\.com\S*)[)）]?\s*$", re.I)


def clean_title(title: str) -> str:
    """A page's title without tags and names of the site.

    >>> clean_title("[视频]三部门规范网络直播营利行为_CCTV节目官网-CCTV-1_央视网(cctv.com)")
    '三部门规范网络直播营利行为'
    """
    title = _SITE_TAG.sub("", re.split("[_|丨]", title.strip(), maxsplit=1)[0])
    return _SITE_NAME.sub("", title).strip()


def choose_title(heads: Sequence[str]) -> str:
    """The title of a headline block: the line that says event and purpose, else all lines.

    >>> choose_title(["坚定清零目标不松劲 全面做好保障", "尹力在视频会上强调 突出防控重点再发力"])
    '尹力在视频会上强调 突出防控重点再发力'
    >>> choose_title(["尽锐出战全力攻坚 尽快实现清零", "赵龙赴泉州检查防控工作"])
    '尽锐出战全力攻坚 尽快实现清零 赵龙赴泉州检查防控工作'
    """
    heads = [_SITE_TAG.sub("", head) for head in heads if not is_subline(head)]
    for head in heads:
        parts = head.split()
        events = [bool(_EVENT.search(part)) for part in parts]
        if len(heads) > 1 and len(parts) > 1 and events[0]:
            return head
    return " ".join(heads)


def build_article(
    paragraphs: Sequence[Paragraph], n_head: int, lines: Sequence[Line], simplified: str, original: str
) -> Article:
    """Text, original and segments of an article; paragraphs a line each, joined sentences without a break."""
    text: list[str] = []
    printed: list[str] = []
    segments: list[Segment] = []
    at = body_begin = 0
    for number, paragraph in enumerate(paragraphs):
        for i in paragraph.lines:
            line = lines[i]
            joint = ""
            if i != paragraph.lines[0]:
                joint = " " if _needs_space(text[-1], line.text) else ""
            elif number:
                joint = "\n"
            at += len(joint)
            if number == n_head and i == paragraph.lines[0]:
                body_begin = at
            text += [joint, line.text]
            printed += [joint, original[line.begin : line.end]]
            segments.append(Segment(at, at + len(line.text), line.begin))
            at += len(line.text)
    if n_head >= len(paragraphs):
        body_begin = at
    title = choose_title([lines[p.lines[0]].text for p in paragraphs[:n_head]])
    return Article("".join(text), "".join(printed), title, body_begin, tuple(segments))


def _needs_space(before: str, after: str) -> bool:
    """Two Latin words on two lines are two words; Han characters are joined with nothing."""
    return before[-1:].isascii() and before[-1:] not in "-(" and after[:1].isascii() and after[:1].isalnum()


def _name_article(article: Article, title: str) -> Article:
    """The article of a page without a headline, by the title that its file or its marks give."""
    return Article(article.text, article.original, clean_title(title), article.body_begin, article.segments)
