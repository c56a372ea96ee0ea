"""Every table of a build, declared once, and the records the steps hand to one another.

Why here: the README's data dictionary, the Parquet files, the exports and the
dashboard's labels must never tell four different stories. A column is declared
below with its Arrow type, its meaning and its labels, and everything else reads it.

Offsets `begin, end` count characters (Unicode code points) of `documents.text`,
half open; in `repairs` they count characters of `page_texts.raw`; in `furniture`
and in `segments.page_begin` characters of `page_texts.repaired`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import pyarrow as pa

# The three counting units and the level names are part of the public vocabulary:
# they appear in URLs, in exports and on the command line.
LEVELS = ("centre", "province", "city", "county")
PERSON_KINDS = ("official", "journalist", "other")
SPEECH_KINDS = ("leader", "meeting", "paper", "other")
UNITS = ("releases", "copies", "outlets")

#: A byte b that belongs to no character is kept in decoded text as chr(KEPT_BYTES + b), in
#: plane 16's private use area: the text stays reversible, and never holds a lone surrogate.
KEPT_BYTES = 0x10F700

#: The 31 provinces in the official order (GB/T 2260), by their short names.
PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 "
    "湖北 湖南 广东 广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆"
).split()

_STR, _INT, _REAL = pa.string(), pa.int64(), pa.float64()
_DATE, _STRINGS = pa.date32(), pa.list_(pa.string())


@dataclass(frozen=True)
class Column:
    """One column: its name, Arrow type, meaning (English sentence), and zh/en label."""

    name: str
    type: pa.DataType
    zh: str
    en: str
    meaning: str
    nullable: bool = False


@dataclass(frozen=True)
class Table:
    """One table: its name, what a row is, its key and its columns in order."""

    name: str
    zh: str
    en: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def arrow(self) -> pa.Schema:
        """The Arrow schema that the Parquet file of this table has."""
        return pa.schema([pa.field(c.name, c.type, c.nullable) for c in self.columns])

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]


def _c(name: str, type_: pa.DataType, zh: str, en: str, meaning: str, nullable: bool = False) -> Column:
    return Column(name, type_, zh, en, meaning, nullable)


_DOC = _c("doc_id", _STR, "文档", "document", "Which document (documents.doc_id).")
_PAGE = _c("page_id", _STR, "页", "page", "Which page (pages.page_id).")
_BEGIN = _c("begin", _INT, "起", "begin", "First character, an offset into documents.text.")
_END = _c("end", _INT, "止", "end", "One past the last character, an offset into documents.text.")

_DECLARED = (
    Table("pages", "网页", "pages", "a page read", ("page_id",), (
        _c("page_id", _STR, "页", "page",
           "Identity: p and 12 hex digits of SHA-256 over the relative path and the SHA-256 of the bytes."),
        _c("path", _STR, "路径", "path", "Path relative to the folder given, with forward slashes."),
        _c("sha256", _STR, "SHA-256", "SHA-256", "SHA-256 of the bytes as found."),
        _c("n_bytes", _INT, "字节数", "bytes", "Size of the page as found, in bytes."),
        _c("encoding", _STR, "编码", "encoding", "Encoding the bytes were read in; null where none could be told.", True),
        _c("script", _STR, "字体", "script", "hans, hant or mixed: the script of the repaired text; null if rejected.", True),
        _c("n_chars", _INT, "字数", "characters", "Characters of the repaired page that are not white space."),
        _c("markup", pa.bool_(), "含标记", "markup", "True where marks (HTML, Markdown) were taken off to get page_texts.raw."),
        _c("status", _STR, "状态", "status", "accepted or rejected."),
        _c("reason", _STR, "原因", "reason", "Why a page was rejected, or what is worth knowing about an accepted one.", True),
    )),
    Table("page_texts", "网页文本", "page texts", "the text of an accepted page", ("page_id",), (
        _PAGE,
        _c("raw", _STR, "原页", "raw", "The page's text as decoded, before any repair (of HTML: its visible text)."),
        _c("repaired", _STR, "修复后", "repaired", "The text after repair, in its own script."),
    )),
    Table("documents", "文档", "documents", "an article", ("doc_id",), (
        _c("doc_id", _STR, "文档", "document", "Identity: page_id, a hyphen, and the position on the page."),
        _c("page_id", _STR, "页", "page", "The page it stands on (pages.page_id)."),
        _c("position", _INT, "位置", "position", "1 for the first article of the page, 2 for the second, and so on."),
        _c("title", _STR, "标题", "title", "Headline, simplified, its lines joined with a space; empty where there is none."),
        _c("text", _STR, "文本", "text", "Simplified text that is counted: headline lines, then paragraphs, a line each."),
        _c("original", _STR, "原文", "original", "The same text repaired but in its own script; same length as text."),
        _c("body_begin", _INT, "正文起", "body begin", "Offset into text at which the headline ends and the body begins."),
        _c("level", _STR, "层级", "level", "centre, province, city or county; null where nothing tells.", True),
        _c("province", _STR, "省份", "province", "Short name of the province (福建, 内蒙古); null for the centre or unknown.", True),
        _c("provinces", _STRINGS, "涉及省份", "provinces", "Every province the article is about, the main one first."),
        _c("city", _STR, "城市", "city", "Short name of the prefecture-level city (盐城), where one speaks or is spoken of.", True),
        _c("county", _STR, "区县", "county", "County or district, where one speaks or is spoken of.", True),
        _c("outlet", _STR, "媒体", "outlet", "Paper, site or agency that printed the article.", True),
        _c("author", _STR, "作者", "author", "Reporters as printed, joined with 、.", True),
        _c("event_date", _DATE, "事件日期", "event date", "Day of the event; null unless evidence leaves exactly one.", True),
        _c("date_from", _DATE, "最早", "from", "First day the evidence allows.", True),
        _c("date_to", _DATE, "最晚", "to", "Last day the evidence allows.", True),
        _c("published", _DATE, "发布日期", "published", "Day of publication, where a dateline or metadata says so.", True),
        _c("release_id", _STR, "稿件", "release", "The same release in several copies shares one; otherwise the doc_id."),
        _c("n_chars", _INT, "字数", "characters", "Characters of text that are not white space."),
        _c("n_tokens", _INT, "词数", "tokens", "Tokens of text that hold a letter, a digit or a Han character."),
    )),
    Table("segments", "片段", "segments", "a piece of an article on its page", ("doc_id", "begin"), (
        _DOC, _BEGIN, _END,
        _c("page_begin", _INT, "页内起", "page begin", "Where the piece begins in page_texts.repaired; same length as end - begin."),
    )),
    Table("furniture", "版面杂项", "furniture", "a stretch of a page that is part of no article", ("page_id", "begin"), (
        _PAGE,
        _c("begin", _INT, "起", "begin", "First character, an offset into page_texts.repaired."),
        _c("end", _INT, "止", "end", "One past the last character."),
        _c("rule", _STR, "规则", "rule", "Why it is no part of an article: banner, copyright, headlines, editor, counter, ..."),
        _c("surface", _STR, "原文", "surface", "The text left out."),
    )),
    Table("evidence", "证据", "evidence", "why a date or place was given", ("doc_id", "field", "value", "rule", "begin"), (
        _DOC,
        _c("field", _STR, "项目", "field", "event_date, published, level, province, city, county or outlet."),
        _c("value", _STR, "值", "value", "What it speaks for: a name, a day (2022-03-29) or an interval (2021-10-21/2022-11-13)."),
        _c("rule", _STR, "规则", "rule", "Name of the rule that read it."),
        _c("begin", _INT, "起", "begin", "Where the words stand in documents.text; null for what stands outside it.", True),
        _c("end", _INT, "止", "end", "One past their last character; null likewise.", True),
        _c("surface", _STR, "原文", "surface", "The words that gave it."),
        _c("weight", _REAL, "权重", "weight",
           "How strongly the rule speaks for its value (1: as good as certain; strong rules may exceed 1); "
           "negative where it contradicts the value taken."),
    )),
    Table("repairs", "修复", "repairs", "one edit", ("page_id", "begin", "rule"), (
        _PAGE,
        _c("rule", _STR, "规则", "rule", "Name of the repair."),
        _c("begin", _INT, "起", "begin", "First character edited, an offset into page_texts.raw."),
        _c("end", _INT, "止", "end", "One past the last character edited."),
        _c("before", _STR, "原为", "before", "What stood there."),
        _c("after", _STR, "改为", "after", "What stands there now; equal to before where the place is left unrepaired."),
        _c("confidence", _REAL, "置信度", "confidence", "0 to 1: estimated chance that the edit is right."),
    )),
    Table("people", "人物", "people", "one mention", ("doc_id", "name", "begin"), (
        _DOC,
        _c("person_id", _STR, "人物号", "person", "One person across documents, offices and years."),
        _c("name", _STR, "姓名", "name", "Name, simplified."),
        _c("role", _STR, "职务", "role", "Office as printed, 、 between several; empty where none is printed."),
        _c("offices", _STRINGS, "职位", "offices", "The same offices in full (福建省省长), resolved by place."),
        _c("kind", _STR, "类别", "kind", "official, journalist or other."),
        _c("presence", _STR, "出席", "presence", "chaired, spoke, attended or mentioned."),
        _c("begin", _INT, "起", "begin", "First character of the name in documents.text; null outside the article.", True),
        _c("end", _INT, "止", "end", "One past its last character; null likewise.", True),
    )),
    Table("speech", "言说", "speech", "who voiced a passage", ("doc_id", "begin"), (
        _DOC,
        _c("speaker", _STR, "言说者", "speaker", "Name of the speaker, or 会议; empty for the paper itself."),
        _c("kind", _STR, "类别", "kind", "leader, meeting, paper, or other (somebody named who is no official)."),
        _c("verb", _STR, "动词", "verb", "The verb that introduces it (强调, 指出)."),
        _BEGIN, _END,
    )),
    Table("phrases", "提法", "phrases", "a lexicon entry", ("phrase_id",), (
        _c("phrase_id", _STR, "提法号", "phrase id", "Identity of the entry."),
        _c("phrase", _STR, "提法", "phrase", "The phrase, simplified, in its usual form."),
        _c("family", _STR, "族", "family", "phrase_id of the entry it belongs to; its own where it heads the family."),
        _c("variants", _STRINGS, "变体", "variants", "Other printed forms that count as the same phrase."),
        _c("category", _STR, "类别", "category", "epidemic, party, economy, governance, ..."),
        _c("gloss_en", _STR, "英译", "gloss", "English gloss."),
        _c("note", _STR, "注", "note", "Expansion, first use, how it is counted."),
        _c("source", _STR, "来源", "source", "Where the entry is from."),
        _c("first_day", _DATE, "始见", "first day", "First day the phrase can stand in print, where known.", True),
        _c("last_day", _DATE, "止用", "last day", "Last day it was in current use, where known.", True),
    )),
    Table("phrase_hits", "提法命中", "phrase hits", "one hit", ("doc_id", "phrase_id", "begin"), (
        _DOC,
        _c("phrase_id", _STR, "提法号", "phrase id", "Which phrase (phrases.phrase_id)."),
        _BEGIN, _END,
        _c("surface", _STR, "原文", "surface", "The characters as they stand in documents.text."),
    )),
    Table("term_counts", "词频", "term counts", "a term in a document", ("doc_id", "term"), (
        _DOC,
        _c("term", _STR, "词", "term", "A token, simplified."),
        _c("n", _INT, "次数", "n", "How often it stands in the document."),
    )),
    Table("reuse", "文本复用", "text reuse", "a shared passage", ("reuse_id",), (
        _c("reuse_id", _STR, "复用号", "reuse id", "Identity of the pair of passages."),
        _c("doc_a", _STR, "文档甲", "document A", "The document with the smaller doc_id."),
        _c("begin_a", _INT, "甲起", "begin A", "Offset into documents.text of A."),
        _c("end_a", _INT, "甲止", "end A", "One past the last character in A."),
        _c("doc_b", _STR, "文档乙", "document B", "The other document."),
        _c("begin_b", _INT, "乙起", "begin B", "Offset into documents.text of B."),
        _c("end_b", _INT, "乙止", "end B", "One past the last character in B."),
        _c("n_chars", _INT, "字数", "characters", "Characters of the longer of the two passages."),
        _c("similarity", _REAL, "相似度", "similarity", "1 for identical passages; 1 - distance / total length otherwise."),
    )),
)

TABLES: dict[str, Table] = {table.name: table for table in _DECLARED}


# --- Records the steps hand to one another -----------------------------------------


@dataclass(frozen=True)
class RawPage:
    """A page as found: its path relative to the corpus folder, its bytes, and what came with it.

    `metadata` holds what a manifest, a front matter or HTML meta tags say (keys:
    url, title, source, published, author, province, city, outlet, ...), all text.
    """

    path: str
    raw: bytes
    metadata: dict[str, str] = field(default_factory=dict)


class Edit(NamedTuple):
    """One repair: raw[begin:end] == before becomes after. Edits of a page never overlap."""

    rule: str
    begin: int
    end: int
    before: str
    after: str
    confidence: float


@dataclass(frozen=True)
class Segment:
    """A piece of an article: text[begin:end] of the article is page[page_begin:...] of the repaired page."""

    begin: int
    end: int
    page_begin: int


@dataclass(frozen=True)
class Article:
    """An article cut out of a page. `text` is simplified, `original` in its own script, equally long."""

    text: str
    original: str
    title: str
    body_begin: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Furniture:
    """page[begin:end] of the repaired page belongs to no article, by this rule."""

    begin: int
    end: int
    rule: str
    surface: str


@dataclass(frozen=True)
class PageContext:
    """What stands around an article: path, metadata, furniture of its page (simplified text of each)."""

    path: str
    metadata: dict[str, str] = field(default_factory=dict)
    furniture: tuple[tuple[str, str], ...] = ()  # (rule, simplified text)


@dataclass(frozen=True)
class Mention:
    """A person named at text[begin:end] (None outside the article), with the role as printed."""

    name: str
    role: str
    kind: str
    presence: str
    begin: int | None
    end: int | None

    def cite(self, text: str) -> tuple[int | None, int | None, str]:
        """Where the name stands in `text`, with its role where that stands right beside it, and the words.

        >>> Mention("尹力", "省委书记", "official", "spoke", 4, 6).cite("省委书记尹力强调")
        (0, 6, '省委书记尹力')
        """
        if self.begin is None or self.end is None:
            return None, None, self.role + self.name
        begin, end = self.begin, self.end
        if self.role and text.endswith(self.role, 0, begin):
            begin -= len(self.role)
        elif self.role and text.startswith(self.role, end):
            end += len(self.role)
        return begin, end, text[begin:end]


@dataclass(frozen=True)
class Speech:
    """text[begin:end] is voiced by speaker (kind as in SPEECH_KINDS), introduced by verb."""

    speaker: str
    kind: str
    verb: str
    begin: int
    end: int


@dataclass(frozen=True)
class PhraseHit:
    """A lexicon phrase at text[begin:end]."""

    phrase_id: str
    begin: int
    end: int
    surface: str


@dataclass(frozen=True)
class Evidence:
    """Words that speak for a value of a field. begin/end are None for words outside the article."""

    field: str
    value: str
    rule: str
    begin: int | None
    end: int | None
    surface: str
    weight: float


@dataclass(frozen=True)
class Placing:
    """Where an article belongs, and why."""

    level: str | None
    province: str | None
    provinces: tuple[str, ...]
    city: str | None
    county: str | None
    outlet: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Dating:
    """When an article's event was and why. event_date only if one day is left."""

    event_date: date | None
    date_from: date | None
    date_to: date | None
    published: date | None
    evidence: tuple[Evidence, ...]
