"""How fast articles are placed, dated and given their speakers: `python -m bench.bench_dates_places`.

Text: work reports and evening news of ../shared/corpora where they are there, else the sample pages over and over.
People and phrases are found beforehand and not counted. One core, processor time; what the steps remember of names and
offices is forgotten before each run, so that every text is as one unseen.
"""

from __future__ import annotations

import os
from pathlib import Path

from bench.timing import forget_texts, time_median
from data_prep.articles import split_articles
from data_prep.dates import ArticleFacts, date_articles, date_pages
from data_prep.pages import read_markup
from data_prep.people import find_mentions
from data_prep.phrases import load_lexicon
from data_prep.places import place_article, place_articles
from data_prep.places.gazetteer import find_places
from data_prep.schema import Article, Mention, PageContext, PhraseHit
from data_prep.script import fold_script
from data_prep.speech import find_speech

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
Read = tuple[PageContext, list[tuple[Article, list[Mention], list[PhraseHit]]]]


def read_pages() -> tuple[str, list[Read]]:
    """Name of the corpus and its pages, with people and phrases found."""
    corpora = SHARED / "corpora"
    paths = [*sorted(corpora.glob("work_reports/*/*.md"))[::18], *sorted(corpora.glob("xinwen_lianbo/*.md"))[::15]]
    name = "work reports and evening news" if paths else "sample pages"
    lexicon = load_lexicon()
    pages: list[Read] = []
    for path in paths or sorted((ROOT / "seeds").glob("*.txt")) * 20:
        original, metadata = read_markup(path.read_text(encoding="utf-8"), path.name)
        text = fold_script(original)
        articles, furniture = split_articles(text, original, metadata)
        context = PageContext(path.name, metadata, tuple((f.rule, text[f.begin : f.end]) for f in furniture))
        pages.append((context, [(a, find_mentions(a.text, a.body_begin), lexicon.find_hits(a.text)) for a in articles]))
    return name, pages


def main() -> None:
    """Print a row for each step: what, size, median, MB/s."""
    corpus, pages = read_pages()
    articles = [(article, mentions, context) for context, read in pages for article, mentions, _ in read]
    facts = [
        (context, [ArticleFacts(article, mentions, hits, place_article(article, mentions, context))
                   for article, mentions, hits in read])
        for context, read in pages
    ]
    size = sum(len(article.text.encode()) for article, _, _ in articles) / 1e6
    rows = (
        ("place names (gazetteer alone)", lambda: [find_places(article.text) for article, _, _ in articles]),
        ("place_article", lambda: [place_article(*each) for each in articles]),
        ("place_articles, all at once", lambda: place_articles(articles)),
        ("date_articles", lambda: [date_articles(page, context) for context, page in facts]),
        ("date_pages, all at once", lambda: date_pages([(page, context) for context, page in facts])),
        ("find_speech", lambda: [find_speech(article.text, mentions, article.body_begin) for article, mentions, _ in articles]),
    )
    print("| what | size | median | MB/s |")
    print("|---|---|---|---|")
    total = 0.0
    for what, task in rows:
        seconds = time_median(lambda task=task: forget_texts() or task())
        total += seconds if "at once" in what else 0.0
        print(f"| {what}, {corpus} | {size:.1f} MB, {len(articles)} articles | {1000 * seconds:.0f} ms | {size / seconds:.1f} |")
    print(f"| placing and dating together | {size:.1f} MB | {1000 * total:.0f} ms | {size / total:.1f} |")


if __name__ == "__main__":
    main()
