"""How fast the questions are answered over a gigabyte: python -m bench.bench_queries

227,000 documents of 1,500 characters are made by recombining sentences of the work reports and
the evening news (seeded) and kept in bench/.corpus. Every question is asked warm, without the
answers kept from the last asking, and stands beside one pass over the text at the speed of
memory on this machine and beside plain pandas on a sample of the documents (scaled up).

Arguments: --documents N for a smaller corpus.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from data_prep.phrases import load_lexicon
from data_prep.schema import PROVINCES, TABLES
from data_prep.search_index import write_index
from data_prep.store import write_build
from data_prep.tokens import count_terms

FOLDER = Path(__file__).resolve().parent / ".corpus"
SHARED = Path(os.environ.get("TIFA_SHARED", Path(__file__).resolve().parents[1].parent / "shared"))
N_CHARS = 1500
OUTLETS = [f"{name}日报" for name in PROVINCES] + ["新华社", "人民网", "央视网"]
SAMPLE = 5_000
BARS = {"lexicon": 20, "string": 100, "regex": 300, "page": 100}


def main(arguments: list[str] | None = None) -> int:
    """Print the table; exit code 1 when the corpora to recombine are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=227_000)
    given = parser.parse_args(arguments or [])
    if not (SHARED / "corpora").is_dir():
        print(f"bench_queries: no corpora in {SHARED}: set TIFA_SHARED", file=sys.stderr)
        return 1
    out = FOLDER / str(given.documents)
    news = FOLDER / "news"
    if not (news / "CURRENT").is_file():
        make_news(news)
    if not (out / "CURRENT").is_file():
        # In a process of its own, so that what making took is not counted as the dashboard's memory.
        maker = get_context("spawn").Process(target=make_corpus, args=(out, given.documents))
        maker.start()
        maker.join()
    measure(out)
    measure_news(news)
    return 0


# --- The corpus -------------------------------------------------------------------------


def make_corpus(out: Path, n: int) -> None:
    """Write a build of n documents: texts, hits, terms and speech recombined from paragraphs of real ones."""
    paragraphs = [text for text in read_paragraphs() if 20 <= len(text) <= 400]
    lexicon = load_lexicon()
    print(f"recombining {len(paragraphs):,} paragraphs", file=sys.stderr)
    counted = [count_terms(text) for text in paragraphs]
    found = [lexicon.find_hits(text) for text in paragraphs]
    rng = np.random.default_rng(5)
    lengths = np.array([len(text) for text in paragraphs])
    names, inverse = _number_terms(counted)
    phrases = lexicon.table()[TABLES["phrases"].names].sort_values("phrase_id", ignore_index=True)
    numbers = {phrase_id: place for place, phrase_id in enumerate(phrases["phrase_id"])}
    spans = [np.array([(numbers[hit.phrase_id], hit.begin, hit.end) for hit in hits], dtype=np.int32).reshape(-1, 3)
             for hits in found]  # fmt: skip
    texts, hits, terms, speech = [], [], [], []
    for d in range(n):
        chosen, size = [], 0
        while size < N_CHARS:
            chosen.append(int(rng.integers(len(paragraphs))))
            size += int(lengths[chosen[-1]]) + 1
        at = np.concatenate([[0], np.cumsum(lengths[chosen] + 1)[:-1]])
        texts.append("\n".join(paragraphs[place] for place in chosen))
        for place, begin in zip(chosen, at.tolist(), strict=True):
            if len(spans[place]):
                hits.append(np.column_stack([np.full(len(spans[place]), d), spans[place] + [0, begin, begin]]))
        speech.append(np.column_stack([np.full(len(at), d), np.array(chosen) % 3, at, at + lengths[chosen]]))
        kinds, order = np.unique(np.concatenate([inverse[place][0] for place in chosen]), return_inverse=True)
        counts = np.bincount(order, weights=np.concatenate([inverse[place][1] for place in chosen]))
        terms.append(np.column_stack([np.full(len(kinds), d), kinds, counts]).astype(np.int32))
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    doc_ids = pa.array([f"p{d:012x}-1" for d in range(n)])
    tables |= {
        "documents": _make_documents(doc_ids, texts, rng),
        "phrases": pa.Table.from_pandas(phrases, TABLES["phrases"].arrow, preserve_index=False),
    }
    del texts
    encoded = {
        "phrase_hits": _encode(hits, doc_id=doc_ids, phrase_id=pa.array(phrases["phrase_id"]), begin=None, end=None),
        "speech": _encode(speech, doc_id=doc_ids, kind=pa.array(["leader", "meeting", "paper"]), begin=None, end=None),
        "term_counts": _encode(terms, doc_id=doc_ids, term=pa.array(names), n=None),
    }
    del hits, terms, speech
    speakers = pa.DictionaryArray.from_arrays(encoded["speech"]["kind"].chunk(0).indices, pa.array(["王某", "会议", ""]))
    encoded["speech"] = encoded["speech"].append_column("speaker", speakers)
    # The questions read the search files alone, so that these three tables need not be written as text as well.
    print("writing the build", file=sys.stderr)
    write_build(out, tables, {"version": "bench"}, lambda folder: write_index(folder, tables | encoded))


def make_news(out: Path) -> None:
    """Write a build of the evening news alone, an item a document, without hits, terms and speech."""
    paths = sorted((SHARED / "corpora" / "xinwen_lianbo").glob("*.md"))
    texts = [item for path in paths for item in path.read_text(encoding="utf-8").split("\n### ")[1:]]
    doc_ids = pa.array([f"p{d:012x}-1" for d in range(len(texts))])
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    tables["documents"] = _make_documents(doc_ids, texts, np.random.default_rng(5))
    write_build(out, tables, {"version": "bench"}, lambda folder: write_index(folder, tables))


def read_paragraphs() -> Iterator[str]:
    """Paragraphs of the evening news and the work reports, marks taken off."""
    for path in sorted((SHARED / "corpora").rglob("*.md")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            text = line.strip().strip("*#-> ")
            if text:
                yield text


def _number_terms(counted: list[dict[str, int]]) -> tuple[list[str], list[tuple[np.ndarray, np.ndarray]]]:
    names = sorted({term for counts in counted for term in counts})
    place = {term: number for number, term in enumerate(names)}
    return names, [
        (np.array([place[term] for term in counts], dtype=np.int64), np.array(list(counts.values()), dtype=np.int64))
        for counts in counted
    ]


def _make_documents(doc_ids: pa.Array, texts: list[str], rng: np.random.Generator) -> pa.Table:
    n = len(texts)
    first = date(2018, 1, 1)
    days = [first + timedelta(days=int(day)) for day in rng.integers(0, 7 * 365, n)]
    days = [None if place % 50 == 0 else day for place, day in enumerate(days)]
    ids = doc_ids.to_pylist()
    provinces = [PROVINCES[int(place)] for place in rng.integers(0, len(PROVINCES), n)]
    levels = [("province", "city", "county")[int(place)] for place in rng.integers(0, 3, n)]
    columns: dict[str, Any] = {
        "doc_id": ids, "page_id": [name[:-2] for name in ids], "position": [1] * n,
        "title": [text[:20] for text in texts], "text": texts, "original": texts,
        "body_begin": [0] * n, "level": levels, "province": provinces,
        "provinces": [[name] for name in provinces], "city": [None] * n, "county": [None] * n,
        "outlet": [OUTLETS[int(place)] for place in rng.integers(0, len(OUTLETS), n)], "author": [None] * n,
        "event_date": days, "date_from": days, "date_to": days, "published": days,
        "release_id": [ids[place - 1] if place % 10 == 9 else ids[place] for place in range(n)],
        "n_chars": [len(text) for text in texts], "n_tokens": [len(text) // 2 for text in texts],
    }  # fmt: skip
    schema = TABLES["documents"].arrow
    return pa.table({name: pa.array(columns[name], schema.field(name).type) for name in schema.names}, schema=schema)


def _encode(rows: list[np.ndarray], **columns: pa.Array | None) -> pa.Table:
    """A table from rows of numbers: a column with values is dictionary encoded, one with None holds numbers."""
    arrays = []
    for place, values in enumerate(columns.values()):
        column = pa.array(np.concatenate([block[:, place] for block in rows]).astype(np.int32))
        arrays.append(column if values is None else pa.DictionaryArray.from_arrays(column, values))
    return pa.table(arrays, names=list(columns))


# --- The table --------------------------------------------------------------------------


def measure(out: Path) -> None:
    """Ask every question and print the table."""
    from dashboard.corpus import open_corpus
    from dashboard.filters import Filters
    from dashboard.queries.concordance import list_lines
    from dashboard.queries.timeline import count_timeline

    begun = time.perf_counter()
    corpus = open_corpus(out)
    opened = time.perf_counter() - begun
    everything = Filters()
    spring = Filters(provinces=("福建", "山西"), date_from=date(2022, 1, 1), date_to=date(2022, 6, 30))
    often, rare = pick_phrases(corpus)
    limit = pass_memory(corpus.chars)
    frame = pd.DataFrame({"text": [corpus.text(d) for d in range(min(SAMPLE, corpus.n))]})
    frame["period"] = corpus.documents["event_date"].iloc[: len(frame)].astype(str).str[:7].to_numpy()
    scale = corpus.n / max(len(frame), 1)

    def by_pandas(pattern: str, regex: bool = False) -> float:
        def ask() -> None:
            frame["text"].str.count(pattern if regex else pattern.replace("*", ".")).groupby(frame["period"]).sum()

        return scale * time_once(ask, 1)

    def timeline(query: str, filters: Filters = everything, by: tuple[str, ...] = ("period",)) -> Callable[[], object]:
        return lambda: count_timeline(corpus, filters, [query], by)

    def page(query: str, **options: Any) -> Callable[[], object]:
        return lambda: list_lines(corpus, everything, query, limit=50, **options)

    rows: list[tuple[str, int, Callable[[], object], float]] = [
        (f"timeline, lexicon, often: {often}", BARS["lexicon"], timeline(often), by_pandas(often)),
        (f"timeline, lexicon, rare: {rare}", BARS["lexicon"], timeline(rare), by_pandas(rare)),
        ("the same by province and month", BARS["lexicon"], timeline(often, by=("province", "period")),
         by_pandas(often)),
        ("the same, two provinces, half a year", BARS["lexicon"], timeline(often, spring), by_pandas(often)),
        *((f"timeline, string: {text}", BARS["string"], timeline(f'"{text}"'), by_pandas(text))
          for text in ("的", "发展", "疫情防控", "人民群众生命安全", "营商环境持续优化", "绝无此语")),
        ("timeline, gap: 疫情*防控", BARS["string"], timeline("疫情*防控"), by_pandas("疫情.{0,10}防控", True)),
        ("timeline, 疫情 NEAR/5 防控", BARS["string"], timeline("疫情 NEAR/5 防控"), by_pandas("疫情.{0,5}防控", True)),
        *((f"timeline, re: {text}", BARS["regex"], timeline(f"re:{text}"), by_pandas(text, True))
          for text in ("[一二三四五六七八九十]个(不放松|必须|坚持)", "动态.{0,3}清零", "(精准|科学).{0,6}施策",
                       "[0-9]{4}年[0-9]{1,2}月", "第[一二三四五六七八九十]+次", "[0-9]+%",
                       "(发展|改革).{0,5}(开放|创新)", "[0-9]{4}")),
        (f"concordance page, {often}", BARS["page"], page(often), float("nan")),
        ("concordance page, 疫情防控 sorted 1R 2R", BARS["page"], page('"疫情防控"', sort=("1R", "2R")),
         float("nan")),
        ("concordance page, 高质量发展 by date", BARS["page"], page('"高质量发展"', sort=("date",)), float("nan")),
        ("concordance page, 发展", BARS["page"], page('"发展"'), float("nan")),
        ("concordance page, 的", BARS["page"], page('"的"'), float("nan")),
    ]  # fmt: skip
    size = f"{corpus.n:,} documents, {len(corpus.chars) / 1e6:,.0f} million characters"
    print(f"\nQueries over {size}; opened in {opened:.2f} s")
    print(f"One pass over the text at memory speed: {limit * 1e3:.1f} ms.")
    print(f"Plain pandas: on {len(frame):,} documents, scaled up.\n")
    print("| what | median ms | processor ms | bar ms | passes over the text | plain pandas ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for what, bar, ask, plain in rows:
        def cold(ask: Callable[[], object] = ask) -> None:
            corpus.forget()
            ask()

        median, busy = time_busy(cold, 5)
        other = "" if plain != plain else f"{plain * 1e3:,.0f}"
        what = what.replace("|", "\\|")
        print(f"| {what} | {median * 1e3:.1f} | {busy * 1e3:.1f} | {bar} | {median / limit:.1f} | {other} |")
    measure_two_users(corpus, [row[2] for row in rows])
    measure_start(out)
    resident = measure_memory()
    print(f"\nResident memory besides mapped files: {resident['anonymous'] / 1e6:,.0f} MB (bar 1,500); "
          f"mapped: {resident['mapped'] / 1e6:,.0f} MB")  # fmt: skip


def measure_two_users(corpus: Any, questions: list[Callable[[], object]]) -> None:
    """Print how long all the questions take one after the other, and when two threads ask them at once."""
    def ask_all() -> None:
        for ask in questions:
            corpus.forget()
            ask()

    one, busy = time_busy(ask_all, 1)
    with ThreadPoolExecutor(2) as users:
        two, both_busy = time_busy(lambda: list(users.map(lambda _: ask_all(), range(2))), 1)
    print(f"\nAll these questions by one user: {one:.1f} s (processor {busy:.1f}); by two at once: {two:.1f} s each "
          f"(processor {both_busy:.1f} together)")  # fmt: skip


def measure_start(out: Path) -> None:
    """Print how long a fresh process takes to its first answer, the files being in the page cache."""
    code = (
        "import sys, time; begun = time.perf_counter(); from pathlib import Path\n"
        "from dashboard.corpus import open_corpus; from dashboard.filters import Filters\n"
        "from dashboard.queries.timeline import count_timeline; ready = time.perf_counter()\n"
        "corpus = open_corpus(Path(sys.argv[1])); opened = time.perf_counter()\n"
        "count_timeline(corpus, Filters(), [str(corpus.phrases['phrase'].iloc[0])])\n"
        "print(*(round(at - begun, 2) for at in (ready, opened, time.perf_counter())))"
    )
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code, str(out)], cwd=root, capture_output=True, text=True, check=True)
    imported, opened, answered = done.stdout.split()
    print(f"\nA fresh process: packages after {imported} s, corpus open after {opened} s, first timeline after {answered} s")


def measure_news(out: Path) -> None:
    """Print concordance pages of the evening news alone, 50 lines sorted by what follows."""
    from dashboard.corpus import open_corpus
    from dashboard.filters import Filters
    from dashboard.queries.concordance import list_lines

    corpus = open_corpus(out)
    print(f"\nThe evening news alone: {corpus.n:,} documents, {len(corpus.chars) / 1e6:.1f} million characters\n")
    print("| concordance page | lines | median ms | processor ms | bar ms |")
    print("|---|---:|---:|---:|---:|")
    for query in ("疫情防控", "动态清零", "高质量发展", "疫情*防控", "re:[一二三四五六七八九十]个(不|必须)"):

        def ask(query: str = query) -> pd.DataFrame:
            corpus.forget()
            return list_lines(corpus, Filters(), query, limit=50, sort=("1R", "2R"))

        n_lines = ask().attrs["n_lines"]
        median, busy = time_busy(ask, 15)
        print(f"| {query.replace('|', chr(92) + '|')} | {n_lines:,} | {median * 1e3:.1f} | {busy * 1e3:.1f} | 7 |")


def pick_phrases(corpus: Any) -> tuple[str, str]:
    """The lexicon phrases with the most and with a hundredth of the most hits."""
    counts = np.diff(corpus.hit_offsets)
    order = np.argsort(-counts)
    rare = order[np.searchsorted(-counts[order], -counts[order[0]] / 100)]
    return str(corpus.phrases["phrase"].iloc[order[0]]), str(corpus.phrases["phrase"].iloc[min(rare, order[-1])])


def pass_memory(chars: np.ndarray) -> float:
    """Seconds of one pass over the text: the largest of its 64-bit words, which nothing but memory slows."""
    words = chars[: len(chars) // 4 * 4].view(np.uint64)
    return time_once(lambda: words.max(), 5)


def time_once(ask: Callable[[], object], rounds: int) -> float:
    """Median seconds of some askings, after one to warm up."""
    return time_busy(ask, rounds)[0]


def time_busy(ask: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Median seconds on the clock and of the processor (all threads): the same on a machine with nothing else to do."""
    ask()
    gc.collect()
    taken, busy = [], []
    for _ in range(rounds):
        begun, worked = time.perf_counter(), time.process_time()
        ask()
        taken.append(time.perf_counter() - begun)
        busy.append(time.process_time() - worked)
    return statistics.median(taken), statistics.median(busy)


def measure_memory() -> dict[str, int]:
    """Bytes of this process in memory: its own (anonymous) and mapped from files (shared page cache)."""
    found = {"anonymous": 0, "mapped": 0}
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            for name, key in (("RssAnon", "anonymous"), ("RssFile", "mapped")):
                if line.startswith(name):
                    found[key] = int(line.split()[1]) * 1024
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
