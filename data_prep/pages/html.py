"""The visible text of an HTML page, one block a line, and what its head says."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lxml import etree

from data_prep.pages.marks import join_marks

#: Nothing inside these is seen by a reader of the article.
_UNSEEN = frozenset(
    "script style noscript template head title nav select option button textarea iframe object embed svg math "
    "audio video canvas map datalist dialog input".split()
)
#: These do not break a line.
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q s samp small span "
    "strike strong sub sup tt u var wbr time ruby rb data o:p st1:chsdate".split()
)
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_META_KEYS = {
    "og:title": "title", "title": "title", "articletitle": "title", "dc.title": "title",
    "og:url": "url", "url": "url",
    "source": "source", "contentsource": "source", "og:site_name": "outlet", "sitename": "outlet",
    "pubdate": "published", "publishdate": "published", "publish_date": "published", "pub_date": "published",
    "article:published_time": "published", "og:release_date": "published", "dc.date": "published",
    "publish-date": "published", "releasedate": "published", "datepublished": "published", "firstpublishedtime":
    "published", "weibo:article:create_at": "published",
    "author": "author", "article:author": "author", "editor": "editor", "contenteditor": "editor",
    "keywords": "keywords", "description": "description", "og:description": "description",
    "columnname": "column", "channel": "column",
}
_RANKS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WORD = re.compile(r"\w")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_BLANKS = re.compile(r"[ \t\r\n\f\v]+")


class _Reader:
    """Collects visible lines from the parser's events (no tree: linear in time and memory)."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.marks: list[tuple[int, str, str]] = []
        self.facts: dict[str, str] = {}
        self.open: list[tuple[str, bool]] = []  # tag, and whether it hides what is inside
        self.hidden = 0
        self.pieces: list[tuple[str, bool]] = []  # text, and whether inside a link
        self.links = 0
        self.rank = ""
        self.title: list[str] | None = None

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        tag = tag.lower()
        if tag == "meta":
            self._read_meta(attributes)
        elif tag == "link" and attributes.get("rel", "").lower() == "canonical":
            self._note("url", attributes.get("href", ""))
        elif tag == "time" and attributes.get("datetime"):
            self._note("published", attributes["datetime"])
        if tag == "title" and self.title is None:
            self.title = []
        if tag not in _INLINE:
            self._end_line()
        if tag in _VOID:
            return
        hides = tag in _UNSEEN or "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))
        self.open.append((tag, hides))
        self.hidden += hides
        self.links += tag == "a"
        if tag in _RANKS:
            self.rank = tag

    def end(self, tag: str) -> None:
        tag = tag.lower()
        if tag in _VOID:
            return
        if tag not in _INLINE:
            self._end_line()
        if self.open and self.open[-1][0] == tag:
            _, hides = self.open.pop()
            self.hidden -= hides
            self.links -= tag == "a"
        if tag == self.rank:
            self.rank = ""

    def data(self, text: str) -> None:
        if self.open and self.open[-1][0] == "title" and self.title is not None:
            self.title.append(text)
        if not self.hidden:
            self.pieces.append((text, self.links > 0))

    def comment(self, _: str) -> None:
        return None

    def pi(self, _: str, __: str | None = None) -> None:
        return None

    def close(self) -> _Reader:
        self._end_line()
        self._note("title", "".join(self.title or ()))
        return self

    def _end_line(self) -> None:
        line = _BLANKS.sub(" ", "".join(text for text, _ in self.pieces)).strip(" ")
        linked = all(in_link or not _WORD.search(text) for text, in_link in self.pieces)
        self.pieces = []
        if not line.strip():
            return
        if self.rank:
            self.marks.append((len(self.lines), self.rank, line))
        elif linked and _WORD.search(line):
            self.marks.append((len(self.lines), "link", line))
        self.lines.append(line)

    def _read_meta(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
        key = _META_KEYS.get(name.strip().lower())
        if key:
            self._note(key, attributes.get("content", ""))

    def _note(self, key: str, value: str) -> None:
        value = _BLANKS.sub(" ", value).strip()
        if value and key not in self.facts:
            self.facts[key] = value


def read_html(text: str) -> tuple[str, dict[str, str]]:
    """Visible text of an HTML page, one block a line, and its facts."""
    parser = etree.HTMLParser(target=_Reader(), huge_tree=True, encoding="utf-8", remove_pis=True)
    try:
        parser.feed(text.replace("\x00", "\ufffd").encode("utf-8", "replace"))
        reader: _Reader = parser.close()
    except etree.LxmlError:
        return text, {}  # what no HTML parser can read is shown as it is
    facts = dict(reader.facts)
    if reader.marks:
        facts["markup"] = join_marks(reader.marks)
    return "".join(line + "\n" for line in reader.lines), facts
