"""Files of every kind -> pages, and the visible text of a page.

Two questions. Which files are there (`find_pages`): every file below the folders given
comes out once, in a fixed order, either as a page or as a rejected file with a sentence
that says what to do; only names that begin with a dot are passed over, as the shell does.
And what does a reader see on a page (`read_markup`): HTML and Markdown lose their marks,
plain text stays as it is.

What the marks said about a line (a heading, nothing but links) would be lost with them,
yet it helps to cut the page into articles. It is kept beside the text, in
`metadata["markup"]`, one mark a line: line number, kind and the line itself, with tabs
between (see `MARKUP_KINDS`). The text itself carries no sign that was not on the page.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from data_prep.schema import RawPage

#: Suffixes read as pages; a name without a suffix is read too.
SUFFIXES = ("", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".shtml", ".xhtml")
HTML_SUFFIXES = (".html", ".htm", ".shtml", ".xhtml")
MARKDOWN_SUFFIXES = (".md", ".markdown")

#: A page of text is seldom over 1 MB; what is over 50 MB is a dump of many pages or no text at all.
MAX_BYTES = 50_000_000

#: What a manifest may say about a page.
MANIFEST_COLUMNS = (
    "url", "title", "source", "published", "author", "province", "city", "outlet", "level", "event_date",
)

#: Kinds of marks in metadata["markup"]: h1 to h6 a heading of that rank, link a line of nothing but links.
MARKUP_KINDS = ("h1", "h2", "h3", "h4", "h5", "h6", "link")

#: What to do with a file that is no text, by suffix.
_ADVICE = {
    **dict.fromkeys((".pdf",), "a PDF: turn it into text first (for example with pdftotext) and add the .txt file"),
    **dict.fromkeys((".doc", ".docx", ".wps", ".odt", ".rtf", ".ppt", ".pptx"),
                    "an office document: save it as plain text or HTML and add that file"),
    **dict.fromkeys((".xls", ".xlsx", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".parquet", ".db", ".sqlite"),
                    "a table or data file: write one text file a page, and name a CSV of facts with --manifest"),
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".svg", ".ico"),
                    "a picture: read its text out (OCR) and add the .txt file"),
    **dict.fromkeys((".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst"),
                    "an archive: unpack it and add the files inside"),
    **dict.fromkeys((".mp3", ".mp4", ".avi", ".mov", ".wav", ".mkv", ".flv"), "a sound or film file: add a transcript"),
    **dict.fromkeys((".mht", ".mhtml", ".webarchive", ".warc"),
                    "a web archive: save the page as HTML only and add that file"),
}
_NO_TEXT = "not a page of text: only .txt, .md and .html files (or names without a suffix) are read"


@dataclass(frozen=True)
class RejectedFile:
    """A file that is no page, its bytes, and one sentence on what to do.

    `raw` is empty where the file was too large or could not be read; `n_bytes` and
    `sha256` always describe the file as found (0 and that of no bytes if unreadable).
    """

    path: str
    raw: bytes
    reason: str
    n_bytes: int = 0
    sha256: str = hashlib.sha256(b"").hexdigest()


def find_pages(paths: Sequence[Path], manifest: Path | None = None) -> Iterator[RawPage | RejectedFile]:
    """Yield every file below `paths` once, sorted, one in memory at a time.

    A page's path is relative to the folder given; with several paths given, to the
    folder they share. `manifest` is a CSV file with the column `path` and any of
    `MANIFEST_COLUMNS`: what it says becomes the page's metadata.

    Raises FileNotFoundError for a path that does not exist and ValueError for a manifest
    that cannot be used, each with one sentence, before the first page is read.

    >>> [page.path for page in find_pages([Path("seeds")])][:2]
    ['000_683f51ea7e7e59fc.txt', '001_9ad8b461a22d7448.txt']
    """
    files = list_files(paths)
    facts = read_manifest(manifest) if manifest else {}
    if facts and not any(name in facts for name, _ in files):
        raise ValueError(
            f"no path in the manifest {manifest} names a file that was found: "
            "write paths relative to the folder given, such as " + (files[0][0] if files else "2022/page.txt")
        )
    skip = _identify(manifest) if manifest else None
    return (read_page(name, file, facts.get(name, {})) for name, file in files if _identify(file) != skip)


# --- Which files ---------------------------------------------------------------------


def list_files(paths: Sequence[Path]) -> list[tuple[str, Path]]:
    """Every file below the paths with its name in the corpus, sorted by name, each once."""
    for path in paths:
        if not os.path.lexists(path):
            raise FileNotFoundError(f"{path} does not exist: name a folder or a file of pages")
    roots = [Path(os.path.abspath(path)) for path in paths]
    if len(roots) == 1:
        top = roots[0] if roots[0].is_dir() else roots[0].parent
    else:
        top = Path(os.path.commonpath(roots)) if roots else Path()
        top = top if top.is_dir() else top.parent
    found: dict[tuple[str, ...], Path] = {}
    for root in roots:
        for file in _walk(root):
            found.setdefault(file.relative_to(top).parts, file)
    return [("/".join(escape_name(part) for part in parts), found[parts]) for parts in sorted(found)]


def _walk(root: Path) -> Iterator[Path]:
    """All files below root, or root itself; a folder met twice (a link that loops) is entered once."""
    if not root.is_dir():
        yield root
        return
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        key = _identify(folder)
        if key is None or key in seen:
            continue
        seen.add(key)
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            yield folder  # cannot be listed: comes out as a rejected file
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _identify(path: Path) -> tuple[int, int] | None:
    """Device and inode: what a path leads to, whatever it is called."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def escape_name(name: str) -> str:
    r"""A file name as text that can be printed and stored: bytes that are no UTF-8 as \xff.

    >>> escape_name("a\udcff\n福.txt")
    'a\\xff\\x0a福.txt'
    """
    shown = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(
        f"\\x{ord(ch):02x}" if unicodedata.category(ch) in ("Cc", "Cs") else ch for ch in shown
    )


def read_page(name: str, file: Path, facts: Mapping[str, str]) -> RawPage | RejectedFile:
    """Read one file, or say in one sentence why it is no page."""
    try:
        found = os.stat(file)
    except OSError as error:
        return RejectedFile(name, b"", f"cannot be opened ({_say(error)}): mend the link or take it out")
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder that cannot be listed" if stat.S_ISDIR(found.st_mode) else "no regular file"
        return RejectedFile(name, b"", f"{kind}: give files of text that may be read")
    try:
        raw, n_bytes, digest = _read_bytes(file)
    except OSError as error:
        return RejectedFile(name, b"", f"cannot be read ({_say(error)}): give read permission or take it out")
    reason = tell_reason(name, n_bytes)
    if reason:
        return RejectedFile(name, raw, reason, n_bytes, digest)
    return RawPage(name, raw, dict(facts))


def tell_reason(name: str, n_bytes: int) -> str | None:
    """Why a file of this name and size is no page; None if it is one.

    >>> tell_reason("a/report.pdf", 10)
    'a PDF: turn it into text first (for example with pdftotext) and add the .txt file'
    >>> tell_reason("a/report", 10) is None
    True
    """
    suffix = tell_suffix(name)
    if suffix not in SUFFIXES:
        return _ADVICE.get(suffix, _NO_TEXT)
    if n_bytes == 0:
        return "empty file: fetch the page again or take the file out"
    if n_bytes > MAX_BYTES:
        return f"{n_bytes / 1e6:.0f} MB is more than a page can hold: split it into files of at most 50 MB"
    return None


def tell_suffix(name: str) -> str:
    """The suffix of a file name in small letters; "" where what follows the dot is no suffix.

    >>> tell_suffix("a.b/2022.03.30"), tell_suffix("A.HTM"), tell_suffix("3.30福建日报")
    ('', '.htm', '')
    """
    match = re.search(r"[^/](\.[A-Za-z0-9]{1,10})$", name)
    if not match or match[1][1:].isdigit():
        return ""
    return match[1].lower()


def _read_bytes(file: Path) -> tuple[bytes, int, str]:
    """Bytes (none if over the limit), size, SHA-256; never more than the limit in memory."""
    digest = hashlib.sha256()
    pieces: list[bytes] = []
    n_bytes = 0
    with open(file, "rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
            n_bytes += len(piece)
            pieces.append(piece)
            if n_bytes > MAX_BYTES:
                pieces.clear()
    return b"".join(pieces), n_bytes, digest.hexdigest()


def _say(error: OSError) -> str:
    return (error.strerror or "unknown error").lower()


# --- What a manifest says --------------------------------------------------------------


def read_manifest(manifest: Path) -> dict[str, dict[str, str]]:
    """The facts of a manifest by path; empty cells left out.

    Raises ValueError with one sentence where it has no `path` column, names a path twice,
    or has a column that looks like a slip of the pen (`publised`).
    """
    try:
        raw = manifest.read_bytes()
    except OSError as error:
        raise FileNotFoundError(f"the manifest {manifest} cannot be read ({_say(error)})") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")  # what Excel saves on a Chinese Windows
    table = csv.DictReader(io.StringIO(text, newline=""))
    columns = [(name or "").strip() for name in table.fieldnames or ()]
    if "path" not in columns:
        raise ValueError(f"the manifest {manifest} has no column named path: its first line must name the columns")
    for column in columns:
        near = difflib.get_close_matches(column, MANIFEST_COLUMNS, n=1, cutoff=0.8)
        if near and near[0] != column and near[0] not in columns:
            raise ValueError(f"the manifest {manifest} has a column {column}: did you mean {near[0]}?")
    facts: dict[str, dict[str, str]] = {}
    for row in table:
        cells = {(key or "").strip(): value.strip() for key, value in row.items() if isinstance(value, str)}
        path = cells.get("path", "").replace("\\", "/").removeprefix("./")
        if path in facts:
            raise ValueError(f"the manifest {manifest} names {path} twice: keep one row for each path")
        if path:
            facts[path] = {key: cells[key] for key in MANIFEST_COLUMNS if cells.get(key)}
    return facts


# --- What a reader sees -------------------------------------------------------------------


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
    if suffix == "" and len(_HTML_TAGS.findall(text, 0, 5000)) >= 3:
        return read_html(text)
    return text, {}


_HTML_START = re.compile(r"\ufeff?\s{0,1000}(?:<!--.{0,1000}-->\s{0,100})?<(?:!doctype\s+html|html[\s>])", re.I | re.S)
_HTML_TAGS = re.compile(r"</?(?:p|div|br|span|table|td|tr|body|head|title|a|li|ul|h[1-6])\b[^<>]{0,500}>", re.I)


def join_marks(marks: Iterable[tuple[int, str, str]]) -> str:
    """Write marks (line number, kind, line) as the text that metadata["markup"] holds."""
    return "\n".join(f"{line}\t{kind}\t{text}" for line, kind, text in marks)


# --- HTML

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
        if re.fullmatch(r"h[1-6]", tag):
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
        linked = all(in_link or not re.search(r"\w", text) for text, in_link in self.pieces)
        self.pieces = []
        if not line.strip():
            return
        if self.rank:
            self.marks.append((len(self.lines), self.rank, line))
        elif linked and re.search(r"\w", line):
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


# --- Markdown

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
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*-->")
_IMAGE = re.compile(r"!\[([^\]\n]{0,300})\]\([^()\n]{0,2000}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\]\(<?([^()\s<>]{1,2000})>?(?:[ \t]+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*{1,3}|__)(?=\S)([^*_\n]{1,2000}?)(?<=\S)\1")
_ITEM = re.compile(r"([ ]{0,12})[*+-][ \t]+(?=\S)")
_QUOTE = re.compile(r"[ ]{0,3}>[ ]?")
_TAG = re.compile(r"</?(?:p|br|div|span|b|i|u|strong|em|font|center|sup|sub|img|a|hr|table|tr|td|th)\b[^<>\n]{0,500}>",
                  re.I)
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
    for line in _COMMENT.sub("", text).split("\n"):
        heading = _HEADING.match(line)
        if _RULE_LINE.match(line) or (_UNDERLINE.match(line) and lines and not lines[-1].strip()):
            lines.append("")
            continue
        if heading:
            line = heading[2]
        linked = bool(re.fullmatch(r"\W*(?:" + _LINK.pattern + r"\W*)+", line)) and len(line) < 5000
        shown = _strip_marks(line, urls)
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
    line = _STRONG.sub(r"\2", line)
    line = re.sub(r"\*{2,}", "", line)  # opened and never closed
    line = re.sub(r"\\+\s*$", "", _TAG.sub("", line))  # a backslash at the end breaks the line
    return _ESCAPE.sub(r"\1", line).rstrip(" \r")


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
