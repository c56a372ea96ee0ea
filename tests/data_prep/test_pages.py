"""Every file is counted once and read or rejected with a sentence; marks come out of a page and leave their facts."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_prep.pages import RejectedFile, files, find_pages, read_markup
from data_prep.schema import RawPage
from tests.conftest import ROOT

SENTENCE = r"^[^\n]{10,200}$"


def write(folder: Path, **contents: str | bytes) -> Path:
    """Files by name (with __ for a dot and no folder) below a folder."""
    for name, content in contents.items():
        path = folder / name.replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def paths_of(*where: Path, **options: Path) -> list[str]:
    return [page.path for page in find_pages(where, **options)]


# --- Which files


def test_files_come_sorted_recursively_with_their_bytes(tmp_path: Path) -> None:
    write(tmp_path, b__txt="乙", a__md="甲")
    write(tmp_path / "a", z__html="丙", SOURCE__txt="from where", page="no suffix")
    pages = list(find_pages([tmp_path]))
    assert [page.path for page in pages] == ["a/SOURCE.txt", "a/page", "a/z.html", "a.md", "b.txt"]
    assert all(isinstance(page, RawPage) for page in pages)
    assert pages[-1].raw == "乙".encode()


def test_names_that_begin_with_a_dot_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, a__txt="甲", **{".DS_Store": "x"})
    write(tmp_path / ".git", config__txt="x")
    assert paths_of(tmp_path) == ["a.txt"]


def test_one_file_is_named_by_its_name(tmp_path: Path) -> None:
    assert paths_of(write(tmp_path, a__txt="甲") / "a.txt") == ["a.txt"]


def test_equal_names_in_two_folders_stay_apart_and_one_file_given_twice_counts_once(tmp_path: Path) -> None:
    write(tmp_path / "one", a__txt="甲")
    write(tmp_path / "two", a__txt="甲")
    assert paths_of(tmp_path / "one", tmp_path / "two") == ["one/a.txt", "two/a.txt"]
    assert paths_of(tmp_path / "one", tmp_path / "one" / "a.txt") == ["a.txt"]


@pytest.mark.parametrize("name, word", [
    ("a.pdf", "PDF"), ("a.docx", "office document"), ("a.JPG", "picture"), ("a.zip", "archive"),
    ("a.csv", "table"), ("a.mht", "web archive"), ("a.exe", "not a page"),
])
def test_files_of_other_kinds_are_rejected_with_what_to_do(tmp_path: Path, name: str, word: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    (only,) = find_pages([tmp_path])
    assert isinstance(only, RejectedFile)
    assert word in only.reason and "\n" not in only.reason
    assert (only.n_bytes, only.sha256) == (1, hashlib.sha256(b"x").hexdigest())


def test_an_empty_file_is_rejected(tmp_path: Path) -> None:
    (only,) = find_pages([write(tmp_path, a__txt="")])
    assert isinstance(only, RejectedFile) and only.reason.startswith("empty file")


def test_a_file_over_the_limit_is_rejected_without_being_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 2_000_000)
    raw = b"x" * 2_500_000
    (tmp_path / "a.txt").write_bytes(raw)
    (only,) = find_pages([tmp_path])
    assert isinstance(only, RejectedFile) and only.raw == b""
    assert (only.n_bytes, only.sha256) == (len(raw), hashlib.sha256(raw).hexdigest())


def test_a_name_that_is_no_utf8_is_shown_escaped_and_read(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xb8\xa3\xbd\xa8.txt"
    with open(name, "wb") as stream:
        stream.write("福建".encode())
    (only,) = find_pages([tmp_path])
    assert only.path == r"\xb8\xa3\xbd\xa8.txt"
    assert only.raw == "福建".encode()
    only.path.encode()  # can be printed and stored


def test_links_that_loop_or_lead_nowhere_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path / "a", x__txt="甲")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    pages = list(find_pages([tmp_path]))
    assert [page.path for page in pages] == ["a/x.txt", "gone.txt"]
    assert isinstance(pages[1], RejectedFile) and "no such file" in pages[1].reason


def test_a_pipe_is_rejected_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (only,) = find_pages([tmp_path])
    assert isinstance(only, RejectedFile)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_rejected(tmp_path: Path) -> None:
    write(tmp_path, a__txt="甲")
    (tmp_path / "a.txt").chmod(0)
    (only,) = find_pages([tmp_path])
    assert isinstance(only, RejectedFile) and "permission" in only.reason


def test_a_path_that_does_not_exist_ends_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="does not exist: name a folder"):
        find_pages([tmp_path / "nowhere"])


def test_pages_are_read_one_at_a_time(tmp_path: Path) -> None:
    write(tmp_path, a__txt="甲", b__txt="乙")
    pages = find_pages([tmp_path])
    next(pages)
    (tmp_path / "b.txt").write_text("后来", encoding="utf-8")
    assert next(pages).raw.decode() == "后来"


# --- Manifest


def test_a_manifest_gives_metadata_by_path_and_is_no_page_itself(tmp_path: Path) -> None:
    write(tmp_path / "in", a__txt="甲", b__txt="乙")
    manifest = tmp_path / "in" / "facts.csv"
    manifest.write_text("path,title,published,remark\nin\\a.txt,题,2022-03-30,x\na.txt,题,2022-03-30,x\n", encoding="utf-8")
    pages = list(find_pages([tmp_path / "in"], manifest))
    assert [page.path for page in pages] == ["a.txt", "b.txt"]
    assert isinstance(pages[0], RawPage) and isinstance(pages[1], RawPage)
    assert pages[0].metadata == {"title": "题", "published": "2022-03-30"}
    assert pages[1].metadata == {}


@pytest.mark.parametrize("raw", ["﻿path,title\na.txt,题\n".encode(), "path,title\na.txt,题\n".encode("gb18030")])
def test_a_manifest_saved_by_a_spreadsheet_is_read(tmp_path: Path, raw: bytes) -> None:
    write(tmp_path / "in", a__txt="甲")
    (tmp_path / "m.csv").write_bytes(raw)
    (only,) = find_pages([tmp_path / "in"], tmp_path / "m.csv")
    assert isinstance(only, RawPage) and only.metadata == {"title": "题"}


@pytest.mark.parametrize("table, words", [
    ("file,title\na.txt,x\n", "lacks the column path"),
    ("path,publised\na.txt,x\n", "did you mean published"),
    ("path\na.txt\na.txt\n", "twice"),
    ("path\nelsewhere.txt\n", "no path in the manifest"),
])
def test_a_manifest_that_cannot_be_used_ends_in_one_sentence(tmp_path: Path, table: str, words: str) -> None:
    write(tmp_path / "in", a__txt="甲")
    (tmp_path / "m.csv").write_text(table, encoding="utf-8")
    with pytest.raises(ValueError, match=SENTENCE) as error:
        find_pages([tmp_path / "in"], tmp_path / "m.csv")
    assert words in str(error.value)


def test_a_manifest_that_does_not_exist_ends_in_one_sentence(tmp_path: Path) -> None:
    write(tmp_path / "in", a__txt="甲")
    with pytest.raises(FileNotFoundError, match="manifest"):
        find_pages([tmp_path / "in"], tmp_path / "m.csv")


# --- Plain text


@pytest.mark.parametrize("text", ["", "一\r\n二\n\n", "a < b > c\n# 不是标题", "﻿福建\x00", "<p>一对标签</p>"])
def test_plain_text_is_unchanged(text: str) -> None:
    assert read_markup(text, "a.txt") == (text, {})


def test_the_sample_pages_are_plain_text() -> None:
    for page in find_pages([ROOT / "seeds"]):
        text = page.raw.decode()
        assert read_markup(text, page.path) == (text, {})


# --- HTML

PAGE = """<!DOCTYPE html><html><head><meta charset=utf-8>
<title>福建召开会议_福建日报</title>
<meta property="og:title" content="福建召开会议"><meta name="pubdate" content="2022-03-30 08:12">
<meta name="source" content="福建日报"><meta name="author" content="张三"><meta name="keywords" content="疫情,泉州">
<link rel="canonical" href="https://a.cn/1.html"><style>p{}</style><script>var a="<p>没有</p>";</script></head>
<body><nav><a href=/>首页</a></nav><div style="display: none">藏起</div>
<h1>福建召开<em>会议</em></h1><p>3月29日，&ldquo;动态清零&rdquo;&nbsp;总方针<br>另一行</p>
<!-- 注 --><table><tr><td>甲</td><td>乙</td></tr></table>
<ul><li><a href=2>另一篇报道</a></li></ul><noscript>没有脚本</noscript></body></html>"""


def test_html_gives_its_visible_blocks_a_line_each() -> None:
    text, facts = read_markup(PAGE, "a.html")
    assert text.split("\n") == [
        "福建召开会议", "3月29日，“动态清零”\xa0总方针", "另一行", "甲", "乙", "另一篇报道", "",
    ]
    assert facts["markup"] == "0\th1\t福建召开会议\n5\tlink\t另一篇报道"


def test_html_gives_its_facts() -> None:
    _, facts = read_markup(PAGE, "a.shtml")
    del facts["markup"]
    assert facts == {
        "title": "福建召开会议", "published": "2022-03-30 08:12", "source": "福建日报", "author": "张三",
        "keywords": "疫情,泉州", "url": "https://a.cn/1.html",
    }


def test_a_piece_of_html_in_a_text_file_is_read_as_html() -> None:
    # scrapers save the inner HTML of a page under .txt; a plain text that holds a tag or two stays as it is
    piece = "<p>3月2日,省委开会。</p>\n<p>会议强调,要坚持。</p>\n<br/>"
    assert read_markup(piece, "a.txt")[0] == "3月2日,省委开会。\n会议强调,要坚持。\n"
    plain = "省委开会\n3月2日,省委开会。<br>\n会议强调,要坚持。\n会议指出,<br>要落实。\n会议要求。<br>\n完"
    assert read_markup(plain, "a.txt") == (plain, {})


def test_html_is_known_by_its_beginning_whatever_the_file_is_called() -> None:
    assert read_markup(PAGE, "a.txt") == read_markup(PAGE, "a.html")
    assert read_markup("<div><p>一</p></div>", "page")[0] == "一\n"


@pytest.mark.parametrize("damaged, words", [
    ("<p>一<b>二<p>三</i></div>", ["一二", "三"]),
    ("<p>一 < 二 & 三", ["一 < 二 & 三"]),
    ("<a href=\"没有收尾>一</a><p>二", []),
    ("<div>" * 3000 + "深", ["深"]),
    ("<td>甲<td>乙</table>", ["甲", "乙"]),
    ("<!-- 没有收尾 <p>一</p>", []),
    ("<p>一\x00二</p>", ["一\ufffd二"]),
    ("<p hidden>藏<p>显", ["显"]),
])
def test_malformed_html_is_read_as_a_browser_would(damaged: str, words: list[str]) -> None:
    lines = [line for line in read_markup(damaged, "a.html")[0].split("\n") if line]
    assert lines == words


@given(st.text(alphabet=st.sampled_from(list("<>/!-=\"' &;#apdivbrh1学习\n\x00\t")), max_size=120))
def test_no_html_raises_and_every_mark_names_its_line(text: str) -> None:
    shown, facts = read_markup(text, "a.html")
    lines = shown.split("\n")
    for mark in facts.get("markup", "").splitlines():
        number, _, line = mark.split("\t", 2)
        assert lines[int(number)] == line


# --- Markdown

NOTES = """---
source: https://www.fujian.gov.cn/1.htm
title: "2022年福建省人民政府工作报告"
tags:
- 报告
- 福建
---

# 大标题

> 引文

**一、回顾** 和*强调*，[查看](https://a.cn/2)，![图](b.png)甲

<!-- 注
两行 -->

## 二级 ##

***三星与两星**

* 一项
- 二项

***

5\\*5 = 25\\
完
"""


def test_markdown_loses_its_marks_and_front_matter() -> None:
    text, facts = read_markup(NOTES, "a.md")
    assert [line for line in text.split("\n") if line] == [
        "大标题", "引文", "一、回顾 和强调，查看，图甲", "二级", "三星与两星", "- 一项", "- 二项", "5*5 = 25", "完",
    ]
    assert facts["url"] == "https://www.fujian.gov.cn/1.htm"
    assert facts["title"] == "2022年福建省人民政府工作报告"
    assert facts["keywords"] == "报告, 福建"
    assert [mark.split("\t")[1:] for mark in facts["markup"].split("\n")] == [["h1", "大标题"], ["h2", "二级"]]


def test_a_source_that_is_no_address_is_a_source() -> None:
    assert read_markup("---\nsource: 福建日报\ndate: 2022-03-30\n---\n正文\n", "a.md") == (
        "正文\n", {"source": "福建日报", "published": "2022-03-30"},
    )


@pytest.mark.parametrize("text", ["---\n没有收尾\n", "***\n", "#\n", "[甲](", "**", "# \n---\n---", "\\"])
def test_odd_markdown_does_not_raise(text: str) -> None:
    read_markup(text, "a.md")


@given(st.text(alphabet=st.sampled_from(list("#*_-[]()!<>\\`: \n学a|")), max_size=120))
def test_no_markdown_raises_and_every_mark_names_its_line(text: str) -> None:
    shown, facts = read_markup(text, "a.md")
    lines = shown.split("\n")
    for mark in facts.get("markup", "").split("\n") if "markup" in facts else ():
        number, _, line = mark.split("\t", 2)
        assert lines[int(number)].strip() == line


@pytest.mark.parametrize("name, unit", [
    ("a.html", "<p>学<b>"), ("a.html", "<"), ("a.html", "<!--"), ("a.html", "&"), ("a.html", "<a href=x>"),
    ("a.md", "**"), ("a.md", "["), ("a.md", "<!--"), ("a.md", "![a]("), ("a.md", "__学"), ("a.md", "[a](b)"),
    ("a.md", "# "), ("a.txt", "学"),
])
def test_reading_takes_time_in_proportion(name: str, unit: str) -> None:
    """Not timed: a pattern that backtracks would run for hours on this and hang the suite."""
    read_markup(unit * 100_000, name)
