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

from collections.abc import Sequence
from dataclasses import replace

from data_prep.articles.boundaries import cut_by_headings, cut_by_looks
from data_prep.articles.furniture import mark_furniture
from data_prep.articles.lines import Line, Paragraph, align_marks, cut_lines, join_lines
from data_prep.articles.titles import SITE_TAG, choose_title, clean_title
from data_prep.schema import Article, Furniture, Segment
from data_prep.script import fold_script

__all__ = ["split_articles"]


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
    lines, tags = _cut_tags(lines)
    rules = mark_furniture(lines, marks)
    paragraphs = join_lines(lines, rules, marks)
    title = fold_script(metadata.get("title", ""))
    cuts = cut_by_headings(paragraphs, lines, marks, rules) or cut_by_looks(paragraphs, lines, rules, title)
    articles = [build_article(paragraphs[cut.first : cut.last], cut.n_head, lines, simplified, original) for cut in cuts]
    if len(articles) == 1 and not articles[0].title:
        articles = [replace(articles[0], title=clean_title(title))]
    kept = {i for cut in cuts for paragraph in paragraphs[cut.first : cut.last] for i in paragraph.lines}
    furniture = [
        Furniture(line.begin, line.end, rules.get(i, "stray"), original[line.begin : line.end])
        for i, line in enumerate(lines) if i not in kept
    ]
    furniture += [Furniture(begin, end, "ornament", original[begin:end]) for begin, end in tags]
    return articles, sorted(furniture, key=lambda each: each.begin)


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


def _cut_tags(lines: Sequence[Line]) -> tuple[list[Line], list[tuple[int, int]]]:
    """Lines without the tags of the site before them ([视频]), and where the tags stand; a line that is all tag stays."""
    cut, tags = [], []
    for line in lines:
        tag = SITE_TAG.match(line.text)
        if tag and tag.end() < len(line.text):
            begin = line.begin + tag.end()
            tags.append((line.begin, line.begin + len(tag.group().rstrip())))
            line = line._replace(begin=begin, text=line.text[tag.end() :])
        cut.append(line)
    return cut, tags


def _needs_space(before: str, after: str) -> bool:
    """Two Latin words on two lines are two words; Han characters are joined with nothing."""
    return before[-1:].isascii() and before[-1:] not in "-(" and after[:1].isascii() and after[:1].isalnum()
