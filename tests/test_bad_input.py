"""Whatever is in the folder, the build goes through, says what it left out, and loses nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data_prep.__main__ import main
from data_prep.check import check_build
from data_prep.lexicons.user_files import read_user_table
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
        assert ": " in pages.loc[name, "reason"]  # what is wrong, and what to do
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


@pytest.mark.parametrize("name, content", [
    ("line.txt", "抓好各项工作,落实到位" * 20_000),
    ("lines.txt", "短行\n" * 20_000),
    ("planes.txt", "".join(chr(code) for code in range(1, 0x110000, 211) if not 0xD800 <= code < 0xE000)),
    ("returns.txt", GOOD.replace("\n", "\r") * 5),
    ("nul.txt", GOOD + "\0" + GOOD),
    ("marks.txt", "\u202e尹力\u202c\u200f\u2066" + GOOD + "\ufeff\u200d\u2028\u2029\x85\x0b\x0c\x1c" + GOOD),
    ("front.md", "---\ntitle: &a [*a, *a]\npublished: 99999-99-99\n? - x\n!!python/object/apply:os.system ['ls']\n---\n" + GOOD),
    ("open.md", "---\n" + "a: b\n" * 5_000 + GOOD),
    ("nested.md", ">" * 5_000 + "[" * 5_000 + "*" * 5_000 + "](" * 5_000 + "`" * 5_000 + "\n" + GOOD),
    ("nested.html", "<div>" * 100_000 + GOOD + "</div>" * 100_000),
    ("attribute.html", "<p title='" + "x" * 10_000_000 + "'>" + GOOD + "</p>"),
    ("entities.html", "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]>&b;&#x110000;&#0;&#xd800;<p>" + GOOD),
    ("brackets.txt", "會(huì)" * 5_000 + "(" * 5_000 + GOOD),
    ("names.txt", "、".join(["省委书记尹力"] * 3_000)),
    ("spaces.txt", " " * 200_000 + GOOD + "\u3000" * 200_000),
    ("noncharacters.txt", "\uffff\ufffe\ufdd0\ue000" * 50 + GOOD),
])
def test_one_hostile_page(tmp_path: Path, name: str, content: str) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / name).write_bytes(content.encode())
    _, report = build_folder(folder, tmp_path)
    assert report.counts["pages"] == report.counts["accepted"] == 1, report.rejected


def test_many_identical_pages_are_one_release(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.txt").write_text(GOOD, encoding="utf-8")
    _, report = build_folder(folder, tmp_path)
    assert (report.counts["documents"], report.counts["releases"]) == (300, 1)


# --- A user's own tables ----------------------------------------------------------------

TABLES_OF_ONES_OWN = {
    "manifest": "path,province\n004_714d42e7a528be23.txt,江苏\n",
    "lexicon": "phrase,category\n爱拼敢赢的精神气质,own\n",
    "holders": "name,office,place,level,from,to,precision,source\n欧阳明远,县长,安溪县,county,2019-01-01,2019-12-31,day,own\n",
    "overrides": "path,position,field,value,note\n004_714d42e7a528be23.txt,1,outlet,新华社,x\n",
}


def spoil(how: str, good: str) -> bytes:
    """A user's table as nobody should save it."""
    header, row = good.splitlines(keepends=True)
    return {
        "empty": b"",
        "binary": bytes(range(256)) * 4,
        "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0\xff" * 50,
        "wrong columns": b"a,b\n1,2\n",
        "open quotation": (header + '"' + row).encode(),
        "a nul": (good + "a\0b\n").encode(),
        "an endless cell": (header + "x" * 200_000 + "," + row).encode(),
    }[how]


@pytest.mark.parametrize("option", TABLES_OF_ONES_OWN)
@pytest.mark.parametrize("how", ["empty", "binary", "a picture", "wrong columns", "open quotation", "a nul", "an endless cell"])
def test_a_wrong_table_of_ones_own_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, how: str
) -> None:
    table = tmp_path / "own.csv"
    table.write_bytes(spoil(how, TABLES_OF_ONES_OWN[option]))
    assert main(["build", str(SEEDS), "--out", str(tmp_path / "build"), f"--{option}", str(table)]) == 2
    said = capsys.readouterr().err.strip()
    assert "own.csv" in said and len(said.splitlines()) == 1 and "codec" not in said
    assert not (tmp_path / "build" / "CURRENT").exists()


@pytest.mark.parametrize("how", ["utf-8-sig", "gb18030", "utf-16", "semicolons", "tabs", "carriage returns", "comments", "short rows"])
def test_a_table_of_ones_own_is_read_as_people_save_it(tmp_path: Path, how: str) -> None:
    good = TABLES_OF_ONES_OWN["overrides"]
    raw = {
        "semicolons": good.replace(",", ";").encode(),
        "tabs": good.replace(",", "\t").encode(),
        "carriage returns": good.replace("\n", "\r").encode(),
        "comments": ("# 我的更正\n" + good.replace("\n", "\n# and\n")).encode(),
        "short rows": good.replace(",x", "").encode(),
    }.get(how) or good.encode(how)
    (tmp_path / "own.csv").write_bytes(raw)
    [row] = read_user_table(tmp_path / "own.csv", "the corrections", ("path", "value"))
    assert row[1]["path"] == "004_714d42e7a528be23.txt" and row[1]["value"] == "新华社"
    assert row[1]["note"] == ("" if how == "short rows" else "x")


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_wrong_number_of_processes_is_told(capsys: pytest.CaptureFixture[str], jobs: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["build", str(SEEDS), "--jobs", jobs])
    assert caught.value.code == 2 and "is no number of processes" in capsys.readouterr().err


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
