"""How well pages are cut into articles: on the sample pages, the evening news and the work reports.

    python -m tests.eval.evaluate_articles [--sample N] [--pin]

The truth: of the sample pages, `tests/cases/articles.json`, read by hand; of the evening
news, the page's own `###` headings, taken from the file by a pattern of this module;
of the web pages, the site's own marks around the text (`repaste.body`). Every page is cut
as it stands and with its marks taken away, and the evening news also without the
datelines that give the beginnings away.

Scores, each the better the higher, by set of pages:
    found      share of the true articles whose body begins and ends where it should
    only       share of the articles given that are true ones
    titled     share of the true articles found that have the right title
    clean      share of the characters in articles that belong to them (1 - furniture left inside)
    whole      share of the characters of true articles that are in articles (1 - text lost)
A score below `baseline_articles.json` ends with exit code 1.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from data_prep.articles import split_articles
from data_prep.pages import read_markup
from data_prep.repair import repair_text
from data_prep.script import fold_script

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
CASES = ROOT / "tests" / "cases" / "articles.json"
BASELINE = Path(__file__).with_name("baseline_articles.json")
SCORES = ("found", "only", "titled", "clean", "whole")
#: Scores are kept with three digits; less is noise of the sample.
TOLERANCE = 0.0005


@dataclass(frozen=True)
class Truth:
    """A page's text and metadata, and its articles as (title, lines of the body)."""

    text: str
    metadata: dict[str, str]
    articles: list[tuple[str | None, list[str]]]


def squeeze(text: str) -> str:
    """A text without white space, to compare what is printed and not how it is set."""
    return "".join(text.split())


def score_pages(pages: Iterator[Truth]) -> dict[str, float]:
    """The five scores over some pages."""
    n: Counter[str] = Counter()
    for page in pages:
        simplified = fold_script(page.text)
        articles, _ = split_articles(simplified, page.text, page.metadata)
        n["given"] += len(articles)
        given = {squeeze(article.text[article.body_begin :]): article for article in articles}
        truth: Counter[str] = Counter()
        for title, body in page.articles:
            n["true"] += 1
            n["truth_chars"] += sum(len(squeeze(line)) for line in body)
            article = given.pop("".join(map(squeeze, body)), None)
            if article is None:  # compared line by line: begun or ended elsewhere, or cut in two
                truth.update(squeeze(line) for line in [title or "", *body])
                continue
            n["found"] += 1
            n["titled"] += title is None or squeeze(title) == squeeze(article.title)
        inside = Counter(squeeze(line) for article in given.values() for line in article.text.split("\n"))
        n["given_chars"] += sum(len(squeeze(article.text)) for article in articles)
        n["lost_chars"] += sum(len(line) * k for line, k in (truth - inside).items())
        n["extra_chars"] += sum(len(line) * k for line, k in (inside - truth).items())
    if not n["true"]:
        return {}
    return {
        "found": n["found"] / n["true"],
        "only": n["found"] / max(1, n["given"]),
        "titled": n["titled"] / max(1, n["found"]),
        "clean": 1 - n["extra_chars"] / max(1, n["given_chars"]),
        "whole": 1 - n["lost_chars"] / max(1, n["truth_chars"]),
    }


# --- The sets of pages ---------------------------------------------------------------------


def list_seeds() -> Iterator[Truth]:
    """The sample pages; their truth says how each article begins and ends, so lines are cut from there."""
    for case in json.loads(CASES.read_text(encoding="utf-8")):
        if "page" not in case:
            continue
        raw, metadata = read_markup((ROOT / case["page"]).read_text(encoding="utf-8"), case["page"])
        text = repair_text(raw).text
        lines = [line.strip() for line in fold_script(text).split("\n") if line.strip()]
        articles = []
        for article in case["articles"]:
            begin = next(i for i, line in enumerate(lines) if line.startswith(article["begins"]))
            end = next(i for i in range(begin, len(lines)) if lines[i].endswith(article["ends"]))
            articles.append((article["title"], lines[begin : end + 1]))
        yield Truth(text, metadata, articles)


_ITEM = re.compile(r"^### (.+?)\n(.*?)(?=^### |^---$|\Z)", re.M | re.S)
_LEAD = re.compile(r"^央视网消息(?:（[^（）\n]{0,12}）)?[:：]?\s*")


def _read_news(path: Path) -> tuple[str, list[tuple[str, list[str]]]]:
    source = path.read_text(encoding="utf-8")
    items = []
    for heading, body in _ITEM.findall(source):
        body = re.sub(r"<!--.*?-->|\[查看原文\]\(.*?\)|\*\*", "", body, flags=re.S)
        items.append((heading.strip(), [line.strip() for line in body.split("\n") if line.strip()]))
    return source, items


def list_news(kind: str, sample: int) -> Iterator[Truth]:
    """A year of evening news: `marks` as it stands, `plain` without marks, `bare` without datelines too."""
    for path in _choose(sorted((SHARED / "corpora" / "xinwen_lianbo").glob("*.md")), sample):
        source, items = _read_news(path)
        items = [(title, body) for title, body in items if body]
        if kind == "bare":
            # News in brief is several items under one heading, and without datelines may be cut as such.
            items = [(title, body) for title, body in items if "快讯" not in title]
            items = [(title, [_LEAD.sub("", body[0]) or title, *body[1:]]) for title, body in items]
            page = "\n\n".join("\n\n".join([title, *body]) for title, body in items)
            yield Truth(page, {}, list(items))
        else:
            text, metadata = read_markup(source, path.name)
            yield Truth(text, metadata if kind == "marks" else {}, list(items))


def list_html(kind: str, sample: int) -> Iterator[Truth]:
    """Web pages of one site, with navigation and lists around the text; `plain` without marks."""
    for path in _choose(sorted((SHARED / "corpora" / "html").glob("*.shtml")), sample):
        source = path.read_text(encoding="utf-8")
        body = re.search(r"<!--repaste\.body\.begin-->(.*?)<!--repaste\.body\.end-->", source, re.S)
        title = re.search(r'property="og:title" content="([^"]*)"', source)
        articles = []
        if body and title:
            shown, _ = read_markup("<div>" + body[1] + "</div>", "x.html")
            lines = [line for line in shown.split("\n") if line.strip()]
            if lines:
                articles = [(re.sub(r"^\[视频\]", "", title[1]), lines)]
        text, metadata = read_markup(source, path.name)
        yield Truth(text, metadata if kind == "marks" else {}, articles)


def list_reports(kind: str, sample: int) -> Iterator[Truth]:
    """Work reports of governments: one article each, with up to a hundred headings inside."""
    for path in _choose(sorted((SHARED / "corpora" / "work_reports").rglob("*.md")), sample):
        text, metadata = read_markup(path.read_text(encoding="utf-8"), path.name)
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        lines = [line for line in lines if not re.fullmatch(r"来源：\w{2,8}|（下转第\d版）", line)]
        # How a report begins: a title, a day and a place, a name; the body from the first address on.
        begin = next((i for i, line in enumerate(lines[:12]) if re.match(r"(?:尊敬的)?各位(?:代表|委员)", line)), None)
        if begin is not None:
            yield Truth(text, metadata if kind == "marks" else {}, [(None, lines[begin:])])


def _choose(paths: list[Path], sample: int) -> list[Path]:
    """Every k-th path, so that a sample spans the year."""
    return paths[:: max(1, len(paths) // sample)] if sample else paths


def list_sets(sample: int = 0) -> dict[str, Callable[[], Iterator[Truth]]]:
    """Sets of pages by name; those of ../shared only where it is there. `sample` 0 means all."""
    sets: dict[str, Callable[[], Iterator[Truth]]] = {"seeds": list_seeds}
    if (SHARED / "corpora").is_dir():
        for kind in ("marks", "plain", "bare"):
            sets[f"news_{kind}"] = lambda kind=kind: list_news(kind, sample)
        for kind in ("marks", "plain"):
            sets[f"html_{kind}"] = lambda kind=kind: list_html(kind, sample)
            sets[f"reports_{kind}"] = lambda kind=kind: list_reports(kind, sample)
    return sets


def compare_scores(scores: dict[str, dict[str, float]], baseline: dict[str, dict[str, float]]) -> list[str]:
    """One sentence for every score that fell."""
    return [
        f"{name}: {score} fell from {baseline[name][score]:.3f} to {value:.3f}"
        for name, values in scores.items() for score, value in values.items()
        if value < baseline.get(name, {}).get(score, 0) - TOLERANCE
    ]


def main(arguments: list[str] | None = None) -> int:
    """Print the scores; 1 if one fell."""
    parser = argparse.ArgumentParser(description="Scores of cutting pages into articles.")
    parser.add_argument("--sample", type=int, default=0, help="about so many pages of each set (0: all)")
    parser.add_argument("--pin", action="store_true", help="write the scores as the new baseline")
    options = parser.parse_args(arguments)
    scores = {}
    print(f"{'pages':16}" + "".join(f"{score:>9}" for score in SCORES))
    for name, pages in list_sets(options.sample).items():
        values = score_pages(pages())
        scores[name] = values
        print(f"{name:16}" + "".join(f"{values.get(score, float('nan')):9.3f}" for score in SCORES), flush=True)
    if options.pin:
        rounded = {name: {key: round(value, 3) for key, value in values.items()} for name, values in scores.items()}
        BASELINE.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    fallen = [] if options.sample else compare_scores(scores, baseline)
    print("\n".join(fallen))
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
