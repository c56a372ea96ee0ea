"""What no one foresaw: any text and any bytes become a page that fits, or a rejected row with a reason; and a build
that is interrupted, starved or starts from a wrong file ends in one sentence and leaves the former build."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_prep import check, pipeline
from data_prep.__main__ import main
from data_prep.phrases import load_lexicon
from data_prep.pipeline import Sources
from data_prep.rows import Columns
from data_prep.schema import TABLES, RawPage
from data_prep.store import Build, open_build
from data_prep.workers import WorkerLost, map_batches
from tests.conftest import ROOT, SEEDS

posix_only = pytest.mark.skipif(os.name == "nt", reason="signals and permissions of POSIX")


# --- Any page ---------------------------------------------------------------------------


@dataclass(frozen=True)
class BuildInMemory(Build):
    """The tables of a build that was not written, sorted as a written one is."""

    tables: dict[str, pa.Table] = field(default_factory=dict)

    def arrow(self, table: str, columns: list[str] | None = None) -> pa.Table:
        rows = self.tables[table].cast(TABLES[table].arrow)
        rows = rows.sort_by([(key, "ascending") for key in TABLES[table].key])
        return rows.select(columns) if columns else rows

    def batches(self, table: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        yield from self.arrow(table, columns).to_batches(max_chunksize=7)


def prepare_pages(*pages: RawPage) -> BuildInMemory:
    phrases, rows = load_lexicon(), Columns()
    pipeline.prepare_pages(pages, phrases, Sources(), rows)
    known = pa.Table.from_pandas(phrases.table()[TABLES["phrases"].names], TABLES["phrases"].arrow, preserve_index=False)
    return BuildInMemory(Path(), {}, {**rows.tables(), "phrases": known})


def find_problems(build: Build) -> list[str]:
    return [problem for invariant in check._INVARIANTS for problem in invariant(build)]


#: What the steps look for, so that arbitrary text meets their rules and not only their edges.
WORDS = (
    "省委召开会议", "3月29日", "尹力", "省委书记尹力强调,", "会议指出:", "。", "\n", "\n\n", "\r", "\r\n", "  ", "\u3000", "、", "(", ")", "(huì)",
    "會(huì)議", "日?qǐng)?bào)", "斬?cái)嘁咔閭鞑デ?", "?", "??", ",,", "【", "】", "《新闻联播》", "责任编辑:王小明", "新华社北京3月17日电", "动态清零",
    "外防输入、内防反弹", "“", "”", "第二十次全国代表大会", "2022-03-29", "著", "乾隆", "晋江", "&lt;", "&#x4e2d;", "锟斤拷", "\ufeff", "\u200b", "\u202e",
    "\x00", "\x0c", "\x1e", "\x85", "\u2028", "⾯", "𠮷", "\U0010f7a1", "e\u0301", "一", "十", "#", "---\n", "title: 标题\n", "**", "[a](b)", "![", "`",
    "<p>", "</p>", "<h1>", "<script>", "<a href=x>", "<!--", "-->", "<table><tr><td>", "</", "=HYPERLINK()", "(记者 林宇熙)", "王宁、张志南、", "省长",
)
texts = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=40).map("".join)
names = st.sampled_from(("a.txt", "2022/0329.md", "20220329.html", "page", "é\n福.shtml"))


@given(names, texts)
@settings(max_examples=80, deadline=None)
def test_any_text_becomes_a_page_that_fits(name: str, text: str) -> None:
    build = prepare_pages(RawPage(name, text.encode("utf-8", "surrogatepass"), {}))
    assert_accounted_for(build)


@given(names, st.one_of(
    st.binary(max_size=300),
    st.tuples(texts, st.sampled_from(("gb18030", "big5", "utf-16", "utf-16-le")), st.integers(0, 3)).map(
        lambda drawn: drawn[0].encode(drawn[1], "ignore")[drawn[2]:]),
))
@settings(max_examples=80, deadline=None)
def test_any_bytes_become_a_page_that_fits(name: str, raw: bytes) -> None:
    assert_accounted_for(prepare_pages(RawPage(name, raw, {})))


@given(st.dictionaries(st.sampled_from(("published", "event_date", "province", "level", "city", "outlet", "title", "url")),
                       st.one_of(st.text(max_size=12), st.sampled_from(("2022-02-30", "0000-01-01", "福建", "火星", "9999-12-31")))), texts)
@settings(max_examples=40, deadline=None)
def test_any_fact_of_a_manifest_is_borne(facts: dict[str, str], text: str) -> None:
    assert_accounted_for(prepare_pages(RawPage("a.txt", text.encode("utf-8", "surrogatepass"), facts)))


def assert_accounted_for(build: BuildInMemory) -> None:
    [page] = build.arrow("pages").to_pylist()
    assert "report it" not in (page["reason"] or ""), page["reason"]
    assert page["status"] == "accepted" or page["reason"].strip()
    assert find_problems(build) == []


# --- A build that does not come to its end ----------------------------------------------


def run_build(*arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "data_prep", "build", *arguments], cwd=ROOT, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,  # type: ignore[call-overload]
    )


def find_workers(parent: int) -> list[int]:
    """Processes whose work is the parent's (Linux)."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            mine = entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent
            if mine and "spawn_main" in (entry / "cmdline").read_text():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_for(ready, seconds: float = 60.0) -> bool:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def many_pages(tmp_path: Path) -> Path:
    """Enough of the samples that a build of them is at work for some seconds."""
    folder = tmp_path / "pages"
    folder.mkdir()
    pages = [path.read_bytes() for path in sorted(SEEDS.iterdir())]
    for number in range(1500):
        (folder / f"{number:05}.txt").write_bytes(pages[number % len(pages)] + f"\n第{number}页\n".encode())
    return folder


@posix_only
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see the workers")
@pytest.mark.parametrize("end, status, sentence", [
    ("interrupt", 130, "build: stopped"),
    ("kill a worker", 2, "build: a worker process was ended from outside"),
    ("kill the parent", -9, ""),
])
def test_an_ended_build_says_so_leaves_no_process_and_the_former_build(
    many_pages: Path, tmp_path: Path, end: str, status: int, sentence: str
) -> None:
    out = tmp_path / "build"
    former, _ = pipeline.build_corpus([SEEDS], out)
    build = run_build(str(many_pages), "--out", str(out), "--jobs", "2")
    assert wait_for(lambda: len(find_workers(build.pid)) == 2)
    time.sleep(1)
    workers = find_workers(build.pid)
    if end == "interrupt":
        os.killpg(build.pid, signal.SIGINT)  # as a terminal does: to every process of the group
    else:
        os.kill(workers[0] if end == "kill a worker" else build.pid, signal.SIGKILL)
    _, said = build.communicate(timeout=60)
    assert build.returncode == status
    if sentence:
        assert said.strip().startswith(sentence) and len(said.strip().splitlines()) == 1, said
    assert wait_for(lambda: not any(map(is_running, workers)), 30)
    assert open_build(out).fingerprint == former.fingerprint
    assert {path.name for path in out.iterdir()} <= {"builds", "CURRENT", ".lock"}


def count_slowly(number: int) -> int:
    time.sleep(0.01)
    return number


def test_few_batches_are_handed_out_at_a_time() -> None:
    taken: list[int] = []

    def give() -> Iterator[int]:
        for number in range(60):
            taken.append(number)
            yield number

    ahead = [len(taken) - done for done, _ in enumerate(map_batches(count_slowly, give(), 2))]
    assert len(taken) == len(ahead) == 60 and max(ahead) <= 7


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def test_what_a_worker_raises_arrives_and_no_process_is_left() -> None:
    before = threading.active_count()
    with pytest.raises(ValueError, match="no 0"):
        list(map_batches(fail, range(20), 2))
    assert wait_for(lambda: threading.active_count() <= before, 10)


def end_itself(number: int) -> int:
    os._exit(9)


def test_a_lost_worker_is_one_sentence() -> None:
    with pytest.raises(WorkerLost, match="--jobs 1"):
        list(map_batches(end_itself, range(4), 2))


@pytest.mark.parametrize("number, sentence", [
    (errno.ENOSPC, "make room"), (errno.EROFS, "choose a folder that may be written"), (errno.EIO, "input/output error"),
])
def test_a_disk_that_fails_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, number: int, sentence: str
) -> None:
    former, _ = pipeline.build_corpus([SEEDS], tmp_path / "build")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number), str(tmp_path / "build"))

    monkeypatch.setattr(pipeline, "write_index", refuse)  # the disk's part, played where the last files are written
    assert main(["build", str(SEEDS), "--out", str(tmp_path / "build")]) == 2
    said = capsys.readouterr().err.strip()
    assert sentence in said.lower() and len(said.splitlines()) == 1
    assert open_build(tmp_path / "build").fingerprint == former.fingerprint
    assert len(list((tmp_path / "build" / "builds").iterdir())) == 1


@posix_only
def test_a_folder_that_is_a_file_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "build").write_text("not a folder", encoding="utf-8")
    assert main(["build", str(SEEDS), "--out", str(tmp_path / "build")]) == 2
    said = capsys.readouterr().err.strip()
    assert "name a folder, not a file" in said and len(said.splitlines()) == 1
