"""What a reader sees on a page: HTML and Markdown without their marks, plain text as it is."""

from __future__ import annotations

import re

from data_prep.pages.html import read_html
from data_prep.pages.markdown import read_markdown
from data_prep.pages.suffixes import tell_suffix

HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
MARKDOWN_SUFFIXES = (".md", ".markdown")


def read_markup(text: str, path: str) -> tuple[str, dict[str, str]]:
    """The visible text of a file's text, and what its marks say (title, url, published, markup, ...).

    HTML gives one block a line, Markdown its lines without marks; plain text comes back
    unchanged. Never raises.

    >>> read_markup("<title>t</title><h1>头</h1><p>一<b>二</b></p><script>x</script>", "a.html")
    ('头\\n一二\\n', {'title': 't', 'markup': '0\\th1\\t头'})
    >>> read_markup("# 头\\n\\n**粗**体\\n", "a.md")
    ('头\\n\\n粗体\\n', {'markup': '0\\th1\\t头'})
    """
    suffix = tell_suffix(path)
    if suffix in HTML_SUFFIXES or _HTML_START.match(text):
        return read_html(text)
    if suffix in MARKDOWN_SUFFIXES:
        return read_markdown(text)
    if suffix in ("", ".txt") and _is_fragment(text[:5000]):
        return read_html(text)
    return text, {}


def _is_fragment(text: str) -> bool:
    """Whether a text is a cut-out of HTML: three tags or more, and a tag on most lines (a text with a stray <br> is none).

    >>> _is_fragment("<p>一</p><p>二</p>"), _is_fragment("一<br>\\n二<br>\\n三\\n四\\n五<br>\\n六")
    (True, False)
    """
    if text.count("<") < 3 or len(_HTML_TAGS.findall(text)) < 3:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return sum(_HTML_TAGS.search(line) is not None for line in lines) * 3 > len(lines) * 2


_HTML_START = re.compile(r"\ufeff?\s{0,1000}(?:<!--.{0,1000}-->\s{0,100})?<(?:!doctype\s+html|html[\s>])", re.I | re.S)
_HTML_TAGS = re.compile(r"</?(?:p|div|br|span|table|td|tr|body|head|title|a|li|ul|h[1-6])\b[^<>]{0,500}>", re.I)
