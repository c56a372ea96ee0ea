"""How fast pages become a build: `python -m bench.bench_build`. On one core and on two, wall time, one run each.

The pages are those of ../shared/corpora where they are, else the samples over and over; a third of them stand
there twice. The comparison is what one would write in an afternoon: read, strip pinyin with a regular expression,
OpenCC, jieba, a pandas table of terms. It dates, places, names, repairs and compares nothing.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jieba
import pandas as pd
from opencc import OpenCC

from data_prep.check import check_build
from data_prep.pipeline import build_corpus, count_cores
from data_prep.store import open_build

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared")) / "corpora"

#: Bytes of pages that are built; the plain script gets fewer, it is slower by much.
SIZE, NAIVE_SIZE = 9_000_000, 1_500_000
#: Characters of a page.
_PAGE = 1500


def write_pages(folder: Path, size: int) -> tuple[int, int]:
    """Write about `size` bytes of pages of 1,500 characters; returns pages and bytes."""
    sources = sorted(CORPORA.glob("xinwen_lianbo/*.md")) + sorted(CORPORA.glob("work_reports/*/*"))
    sources = sources or sorted((ROOT / "seeds").iterdir())
    n_pages = n_bytes = 0
    while n_bytes < size:
        for source in sources[:: max(1, len(sources) // 200)]:
            text = source.read_text(encoding="utf-8", errors="replace")
            for begin in range(0, len(text), _PAGE):
                page = f"{text[begin : begin + _PAGE]}\n".encode()
                for copy in range(1 + (n_pages % 3 == 0)):
                    (folder / f"{n_pages:06}_{copy}.txt").write_bytes(page)
                    n_bytes += len(page)
                n_pages += 1
                if n_bytes >= size:
                    return len(list(folder.iterdir())), n_bytes
    return len(list(folder.iterdir())), n_bytes


def build_naively(folder: Path) -> int:
    """The plain script: how many rows its table of terms has."""
    convert = OpenCC("t2s").convert
    rows = []
    for page in sorted(folder.iterdir()):
        text = convert(re.sub(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]+\)", "", page.read_text(encoding="utf-8")))
        rows += [(page.name, term, n) for term, n in Counter(jieba.cut(text)).items()]
    return len(pd.DataFrame(rows, columns=["page", "term", "n"]).groupby(["page", "term"])["n"].sum())


def time_once(run: Callable[[], object]) -> float:
    """Wall time in seconds."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def main() -> None:
    """Print the table."""
    print("| what | size | time | MB/s | comparison |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        few, many, warm = (Path(scratch) / name for name in ("few", "many", "warm"))
        for folder in (few, many, warm):
            folder.mkdir()
        _, few_bytes = write_pages(few, NAIVE_SIZE)
        n_pages, n_bytes = write_pages(many, SIZE)
        write_pages(warm, 20_000)
        jieba.initialize()
        OpenCC("t2s").convert("測試")
        build_corpus([warm], Path(scratch) / "out_warm")  # dictionaries are read, numba has nothing to compile
        naive = few_bytes / 1e6 / time_once(lambda: build_naively(few))
        print(f"| jieba, OpenCC, re, pandas alone | {few_bytes / 1e6:.1f} MB | | {naive:.2f} | 1 |", flush=True)
        for jobs in range(1, min(2, count_cores()) + 1):
            out = Path(scratch) / f"out_{jobs}"
            seconds = time_once(lambda out=out, jobs=jobs: build_corpus([many], out, jobs=jobs))
            rate = n_bytes / 1e6 / seconds
            size = f"{n_pages:,} pages, {n_bytes / 1e6:.1f} MB"
            print(f"| whole build, {jobs} process{'es' * (jobs > 1)} | {size} | {seconds:.1f} s | {rate:.2f} | {rate / naive:.1f} × |",
                  flush=True)
        seconds = time_once(lambda: check_build(open_build(out)))
        print(f"| check | the same build | {seconds:.1f} s | {n_bytes / 1e6 / seconds:.1f} | |", flush=True)


if __name__ == "__main__":
    main()
