"""Whatever is in the folder, the build goes through, says what it left out, and loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_prep.__main__ import main
from data_prep.check import check_build
from data_prep.pipeline import build_corpus
from tests.conftest import SEEDS

GOOD = "省委召开会议 部署疫情防控工作\n3月29日,省委书记尹力主持召开会议,强调坚持动态清零。\n"
HOSTILE = '<script>alert(1)</script>![x](http://evil.test/x.png) =HYPERLINK("http://evil.test") \u202e\u200b\ud7ff\x07 {{7*7}}\n'


def build_folder(folder: Path, tmp_path: Path):
    build, report = build_corpus([folder], tmp_path / "build")
    assert check_build(build) == []
    return build, report


def test_a_folder_of_faults(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "good.txt").write_text(GOOD, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.txt").write_bytes(b" \n\n \t\n")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 100)
    (folder / "gb.txt").write_bytes((GOOD * 3).encode("gb18030"))
    (folder / "cut.txt").write_bytes(GOOD.encode("utf-8")[:-5])
    (folder / "hostile.txt").write_text(GOOD + HOSTILE + GOOD, encoding="utf-8")
    if os.name == "posix":
        (folder / os.fsdecode(b"name\xff.txt")).write_text(GOOD, encoding="utf-8")
    build, report = build_folder(folder, tmp_path)
    pages = build.read("pages").set_index("path")
    assert report.counts["pages"] == len(list(folder.iterdir())) == report.counts["accepted"] + report.counts["rejected"]
    for name in ("empty.txt", "binary.txt", "picture.png"):
        assert pages.loc[name, "status"] == "rejected"
        assert pages.loc[name, "reason"].count("\n") == 0 and "report it" not in pages.loc[name, "reason"]
    for name in ("good.txt", "gb.txt", "cut.txt", "hostile.txt"):
        assert pages.loc[name, "status"] == "accepted", pages.loc[name, "reason"]
    assert pages.loc["gb.txt", "encoding"].lower().startswith("gb")
    documents = build.read("documents")
    assert "动态清零" in "".join(documents.loc[documents["page_id"] == pages.loc["gb.txt", "page_id"], "text"])


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"\x00" * 1000, b"?" * 500, "好".encode() * 5000, "。\n".encode() * 3000])
def test_one_strange_page(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "page.txt").write_bytes(content)
    _, report = build_folder(folder, tmp_path)
    assert report.counts["pages"] == 1
    assert not any("report it" in reason for _, reason in report.rejected)


@pytest.mark.parametrize("arguments, sentence", [
    (["build", "{tmp}/nowhere", "--out", "{tmp}/build"], "nowhere"),
    (["build", "{tmp}/hollow", "--out", "{tmp}/build"], "no page found"),
    (["check", "--build", "{tmp}/hollow"], "make one with"),
    (["export", "documents", "--build", "{tmp}/hollow"], "make one with"),
    (["build", str(SEEDS), "--out", "{tmp}/build", "--manifest", "{tmp}/none.csv"], "none.csv"),
    (["build", str(SEEDS), "--out", "{tmp}/build", "--lexicon", "{tmp}/none.csv"], "none.csv"),
])
def test_a_wrong_command_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    (tmp_path / "hollow").mkdir()
    assert main([word.format(tmp=tmp_path) for word in arguments]) == 2
    printed = capsys.readouterr().err.strip()
    assert sentence in printed and len(printed.splitlines()) == 1 and "Traceback" not in printed
