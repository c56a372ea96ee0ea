"""The lines of a Markdown page without marks, and its front matter."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from data_prep.pages.marks import join_marks

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[^\n]*\n){0,200}?(?:---|\.\.\.)[ \t]*(?:\r?\n|$)")
_FRONT_KEYS = {
    "date": "published", "published": "published", "pubdate": "published", "日期": "published", "发布日期": "published",
    "title": "title", "标题": "title", "author": "author", "作者": "author", "url": "url", "link": "url",
    "source": "source", "来源": "source", "outlet": "outlet", "媒体": "outlet", "province": "province",
    "省份": "province", "city": "city", "城市": "city", "level": "level", "event_date": "event_date",
    "keywords": "keywords", "tags": "keywords", "description": "description",
}
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t\u3000]+|(?=[^#\s]))(.*?)[ \t]*#*[ \t]*$")
_RULE_LINE = re.compile(r"[ ]{0,3}(?:[-*_][ \t]*){3,}$")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-{3,})[ \t]*$")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(<?([^()\s<>]{1,2000})>?(?:[ \t]+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*{1,3}|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_ITEM = re.compile(r"^([ ]{0,12})[*+-][ \t]+(?=\S)")
_QUOTE = re.compile(r"^[ ]{0,3}>[ ]?")
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|strong|em|font|center|sup|sub|img|a|hr|table|tr|td|th)\b[^<>\n]{0,500}>",
                  re.I)
_LOPSIDED = re.compile(r"^\*(?=\*\*[^*\n]+\*\*[ \t]*$)")  # ***报告**: a star more at the beginning than at the end
_UNCLOSED = re.compile(r"\*{2,}")  # strong text opened and never closed
_LINE_END = re.compile(r"\\+\s*$")  # a backslash at the end breaks the line
_MARKED = re.compile(r"[*_\[<>\\]|^\s*[-+]")  # without one of these a line holds no mark
_WORD = re.compile(r"\w")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|>~])")


def read_markdown(text: str) -> tuple[str, dict[str, str]]:
    """Lines of a Markdown page without their marks, and its front matter."""
    facts: dict[str, str] = {}
    front = _FRONT.match(text)
    if front:
        facts = read_front_matter(front[0])
        text = text[front.end():]
    lines: list[str] = []
    marks: list[tuple[int, str, str]] = []
    urls: list[str] = []
    for line in drop_comments(text).split("\n"):
        heading = _HEADING.match(line)
        if _RULE_LINE.match(line) or (_UNDERLINE.match(line) and lines and not lines[-1].strip()):
            lines.append("")
            continue
        if heading:
            line = heading[2]
        linked = "](" in line and not _WORD.search(_LINK.sub("", line))
        shown = _strip_marks(line, urls) if _MARKED.search(line) else line.rstrip(" \r")
        if heading and shown.strip():
            marks.append((len(lines), f"h{len(heading[1])}", shown.strip()))
        elif linked:
            marks.append((len(lines), "link", shown.strip()))
        lines.append(shown)
    if urls and "url" not in facts and len(set(urls)) == 1:
        facts["url"] = urls[0]  # a single link is where the page is from; several are links of its items
    if marks:
        facts["markup"] = join_marks(marks)
    return "\n".join(lines), facts


def _strip_marks(line: str, urls: list[str]) -> str:
    """One line without marks; the addresses of its links are added to `urls`."""
    line = _QUOTE.sub("", line, count=1)
    line = _ITEM.sub(r"\1- ", line, count=1)  # stays seen as an item of a list
    line = _IMAGE.sub(r"\1", line)
    urls.extend(match[2] for match in _LINK.finditer(line) if is_url(match[2]))
    line = _LINK.sub(r"\1", line)
    line = _STRONG.sub(r"\2", _LOPSIDED.sub("", line))
    line = _UNCLOSED.sub("", line)
    line = _LINE_END.sub("", _TAG.sub("", line))
    return _ESCAPE.sub(r"\1", line).rstrip(" \r")


def drop_comments(text: str) -> str:
    """A text without `<!-- -->`; one that is never closed stays.

    >>> drop_comments("甲<!-- 注 -->乙<!--丙")
    '甲乙<!--丙'
    """
    kept: list[str] = []
    at = 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join(kept) + text[at:]


def read_front_matter(block: str) -> dict[str, str]:
    """Facts of a front matter: `key: value` lines; lists are joined with a comma.

    >>> read_front_matter("---\\nsource: https://a.gov.cn/1.htm\\ntitle: '报告'\\n---\\n")
    {'url': 'https://a.gov.cn/1.htm', 'title': '报告'}
    """
    facts: dict[str, str] = {}
    key = ""
    for line in block.splitlines()[1:-1]:
        item = re.match(r"\s*-\s+(.*)", line)
        pair = re.match(r"([^\s:#][^:]{0,60}):\s*(.*)", line)
        if item and key:
            value = item[1].strip().strip("'\"")
            facts[key] = f"{facts[key]}, {value}" if facts.get(key) else value
        elif pair:
            key = _FRONT_KEYS.get(pair[1].strip().lower(), "")
            value = pair[2].strip().strip("[]").strip().strip("'\"")
            if key == "source" and is_url(value):
                key = "url"
            if key and value and not facts.get(key):
                facts[key] = value
    return {key: value for key, value in facts.items() if value}


def is_url(text: str) -> bool:
    """Whether the text is an address on the web."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)
