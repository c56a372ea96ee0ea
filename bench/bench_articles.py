"""How fast files are read and pages cut: `python -m bench.bench_articles`. One core, median of five runs after one to warm up.

The corpora are those of ../shared where they are; else pages of the samples over and over. The
comparison for HTML is a plain parse of the same pages into a tree (lxml), with nothing read from it.
"""

from __future__ import annotations

import os
from pathlib import Path

from lxml import etree

from bench.timing import time_median
from data_prep.articles import split_articles
from data_prep.pages import find_pages, read_markup
from data_prep.script import fold_script

ROOT = Path(__file__).resolve().parents[1]
CORPORA = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared")) / "corpora"

Page = tuple[str, str]  # path, decoded text


def read_corpus(folder: Path) -> list[Page]:
    """Pages of a folder, decoded (those of the corpora are UTF-8)."""
    return [(page.path, page.raw.decode("utf-8", "replace")) for page in find_pages([folder])]


def print_row(what: str, pages: list[Page], seconds: float, compared: str = "") -> None:
    """One line of the table."""
    megabytes = sum(len(text.encode()) for _, text in pages) / 1e6
    size = f"{len(pages)} pages, {megabytes:.1f} MB"
    print(f"| {what} | {size} | {seconds * 1000:.0f} ms | {megabytes / seconds:.1f} | {compared} |", flush=True)


def main() -> None:
    """Print the table."""
    print("| what | size | median | MB/s | comparison |\n|---|---|---|---|---|")
    sets = {name: CORPORA / name for name in ("html", "xinwen_lianbo", "work_reports") if (CORPORA / name).is_dir()}
    corpora = {name: read_corpus(folder) for name, folder in sets.items()} or {"seeds": read_corpus(ROOT / "seeds") * 200}
    for name, pages in corpora.items():
        compared = ""
        if name == "html":
            parser = etree.HTMLParser(encoding="utf-8")
            raw = [text.encode() for _, text in pages]
            plain = time_median(lambda raw=raw, parser=parser: [etree.fromstring(page, parser) for page in raw if page.strip()])
            compared = f"lxml tree alone {plain * 1000:.0f} ms"
        print_row(f"read_markup, {name}", pages, time_median(lambda pages=pages: [read_markup(t, p) for p, t in pages]), compared)
        shown = [(path, *read_markup(text, path)) for path, text in pages]
        folded = [(path, fold_script(text), text, facts) for path, text, facts in shown]
        seconds = time_median(lambda folded=folded: [split_articles(s, o, facts) for _, s, o, facts in folded])
        print_row(f"split_articles, {name}", [(path, text) for path, _, text, _ in folded], seconds)
    line = [("line", "抓好各项工作,落实到位" * 300_000)]
    print_row("split_articles, one line", line, time_median(lambda: split_articles(line[0][1], line[0][1], {})))


if __name__ == "__main__":
    main()
