"""Where articles begin and end: by the marks of a page where they tell, else by what its lines look like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from data_prep.articles.furniture import name_furniture
from data_prep.articles.lines import Line, Paragraph
from data_prep.articles.looks import EVENT, is_closing_day, is_notice, is_signature, is_subline, measure_support, weigh_opening
from data_prep.articles.titles import is_same_title

#: A headline has at most so many lines.
MAX_HEAD_LINES = 4
#: Evidence a boundary between two articles needs (see `score_boundary`).
MIN_SCORE = 3
#: A line of a headline shares at least this share of its pairs of characters with the article
#: below it. Measured on a year of evening news: 95 % of headlines share more than 0.32, 90 % of
#: the headlines of a neighbouring item less than 0.33.
MIN_SUPPORT = 0.2
#: A headline is of the article below it and not of the one above: its support differs by so much.
MIN_CONTRAST = 0.4
#: How far into an article its headline is looked for.
SUPPORT_CHARS = 600


@dataclass(frozen=True)
class Cut:
    """An article as a run of paragraphs: the first `n_head` of paragraphs[first:last] are its headline."""

    first: int
    last: int
    n_head: int


# --- By marks ---------------------------------------------------------------------------


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


# --- By looks ---------------------------------------------------------------------------


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
        if weights.count(4) >= max(2, len(weights) // 3) and weight < 4:
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
    score += len(heads) > 1 or len(block.split()) > 1 or block.startswith("【")
    score += bool(EVENT.search(block))
    score += 2 * any(map(is_notice, heads))
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
    if score == MIN_SCORE - 1 and len(block) >= 9:  # costly, so only where it decides
        below = _gather_text(paragraphs[end : end + 6], lines)[:SUPPORT_CHARS]
        above = _gather_text(paragraphs[max(0, begin - 6) : begin], lines)[-SUPPORT_CHARS:]
        score += measure_support(block, below) - measure_support(block, above) >= MIN_CONTRAST
    return score


def _gather_text(paragraphs: Sequence[Paragraph], lines: Sequence[Line]) -> str:
    return "".join(lines[i].text for paragraph in paragraphs for i in paragraph.lines)


def _choose_head(
    paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str], begin: int, end: int,
    named: int | None = None,
) -> Cut:
    """The headline block right above body paragraph `end`; lines of other origin there become furniture."""
    begin = _skip_signature(paragraphs, lines, begin, end)
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
    body = _gather_text(paragraphs[end : end + 12], lines)[:SUPPORT_CHARS]
    support = {k: measure_support(_text(paragraphs[k], lines), body) for k in range(first, last)}
    if named is None and max(support.values()) >= 2 * MIN_SUPPORT:
        while support[first] < MIN_SUPPORT and not is_subline(_text(paragraphs[first], lines)):
            first += 1
    for k in range(begin, first):
        if paragraphs[k].kind == "head" and k not in support:
            rules.update(dict.fromkeys(paragraphs[k].lines, "stray"))
    return Cut(first, end, last - first)


def _skip_signature(paragraphs: Sequence[Paragraph], lines: Sequence[Line], begin: int, end: int) -> int:
    """Where the lines between two articles begin that are not the signature of the upper one (an office, a day).

    A day that stands below a headline (政府工作报告, 2022年1月22日, 省长 张三) is part of it.
    """
    for k in range(end - 2, begin - 1, -1):
        if begin and is_closing_day(_text(paragraphs[k], lines)) and not is_subline(_text(paragraphs[k + 1], lines)):
            return k + 1
    return begin


def _trim_tail(cut: Cut, paragraphs: Sequence[Paragraph], lines: Sequence[Line], rules: dict[int, str]) -> Cut:
    """The article without the lines below its last sentence that are no signature: they become furniture."""
    last = cut.last
    floor = cut.first + max(cut.n_head, 1)
    while last > floor and paragraphs[last - 1].kind in ("head", "junk") and _text(paragraphs[last - 1], lines)[-1] not in "！!":
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
