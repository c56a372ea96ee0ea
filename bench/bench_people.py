"""How fast people, speech, places and dates are read: `python -m bench.bench_people`.

Text: the evening news of ../shared/corpora where it is there (many names), else the sample pages over and over. One core.
The four steps together stand beside what one would use without them, jieba's tagger (`jieba.posseg`), which tells persons
and places by their tags and no offices, dates or speakers; it is timed on a smaller part of the same texts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import jieba.posseg

from bench.timing import forget_texts, time_median
from data_prep.dates import ArticleFacts, date_pages
from data_prep.people import find_all_mentions
from data_prep.people.segment import cut_words
from data_prep.phrases import load_lexicon
from data_prep.pipeline import without_collection
from data_prep.places import place_articles
from data_prep.schema import Article, PageContext
from data_prep.speech import find_speech

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
WANTED_BYTES = 3_000_000
#: jieba's tagger is slow: so many texts are enough to time it.
TAGGED = 20


def read_texts() -> tuple[str, list[str]]:
    """Name of the corpus and its texts, cut to articles of about 1,500 characters."""
    folder = SHARED / "corpora" / "xinwen_lianbo"
    paths = sorted(folder.glob("*.md")) if folder.is_dir() else []
    name = "evening news" if paths else "sample pages"
    paths = paths[::8] or sorted((ROOT / "seeds").glob("*.txt")) * 40
    texts, size = [], 0
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        piece = ""
        for line in lines:
            piece += line
            if len(piece) > 1500:
                texts.append(piece)
                size += len(piece.encode())
                piece = ""
        texts.append(piece)
        size += len(piece.encode())
        if size > WANTED_BYTES:
            break
    return name, texts


def read_reports() -> list[str]:
    """Whole work reports, about WANTED_BYTES of them; none where they are missing."""
    folder = SHARED / "corpora" / "work_reports"
    texts, size = [], 0
    for path in sorted(path for path in folder.glob("*/*") if path.is_file())[::12]:
        text = path.read_text(encoding="utf-8", errors="replace")
        texts.append(text)
        size += len(text.encode())
        if size > WANTED_BYTES:
            break
    return texts


def main() -> None:
    """Print a row for each step: what, size, median, MB/s."""
    corpus, texts = read_texts()
    size = sum(len(text.encode()) for text in texts) / 1e6
    mentions = find_all_mentions([(text, ()) for text in texts])
    n_mentions = sum(map(len, mentions))
    steps: list[tuple[str, Callable[[], object]]] = [
        ("cut into words (part of people)", lambda: [cut_words(text) for text in texts]),
        (f"find_all_mentions ({n_mentions:,} mentions)", lambda: find_all_mentions([(text, ()) for text in texts])),
        ("find_speech", lambda: [find_speech(text, found) for text, found in zip(texts, mentions, strict=True)]),
    ]
    print("| what | size | median | MB/s |\n|---|---|---|---|")
    four_steps = prepare_four_steps(texts)
    for what, task in [
        *steps,
        ("four steps together, texts unseen", lambda: forget_texts() or four_steps()),
        ("four steps together (people, speech, places, dates)", four_steps),
    ]:
        seconds = time_median(task)
        print(f"| {what} | {size:.1f} MB, {len(texts):,} texts of the {corpus} | {seconds * 1000:,.0f} ms | {size / seconds:.1f} |")
    reports = read_reports()
    if reports:
        n_bytes, took = sum(len(text.encode()) for text in reports) / 1e6, time_median(prepare_four_steps(reports))
        print(f"| four steps together | {n_bytes:.1f} MB, {len(reports)} whole work reports "
              f"| {took * 1000:,.0f} ms | {n_bytes / took:.1f} |")
    speed, part = size / seconds, texts[:: max(1, len(texts) // TAGGED)]
    tagged = sum(len(text.encode()) for text in part) / 1e6
    seconds = time_median(lambda: [jieba.posseg.lcut(text) for text in part], repeats=1)
    print(f"| jieba.posseg (tags of persons and places alone) | {tagged:.2f} MB, {len(part)} of these texts "
          f"| {seconds * 1000:,.0f} ms | {tagged / seconds:.2f} |")
    print(f"| four steps together against jieba.posseg | | | {speed * seconds / tagged:.0f} times |")


def prepare_four_steps(texts: list[str]) -> Callable[[], object]:
    """What the pipeline asks of the four steps, in its order; phrases are another step and found beforehand."""
    lexicon = load_lexicon()
    articles = [Article(text, text, text.partition("\n")[0], text.find("\n") + 1, ()) for text in texts]
    hits = [lexicon.find_hits(text) for text in texts]
    context = PageContext("page.txt")

    def run() -> None:
        with without_collection():
            mentions = find_all_mentions([(article.text, ()) for article in articles])
            placings = place_articles([(article, found, context) for article, found in zip(articles, mentions, strict=True)])
            date_pages([([ArticleFacts(*facts)], context) for facts in zip(articles, mentions, hits, placings, strict=True)])
            for article, found in zip(articles, mentions, strict=True):
                find_speech(article.text, found, article.body_begin)

    return run


if __name__ == "__main__":
    main()
