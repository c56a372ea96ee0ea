"""How often year and province are right when the page says neither: `python -m tests.eval.evaluate_dates_places`.

`invented_pages` stand in the repository (`tests/cases/places_dates_speech_pages.json`): one or more of every province, 2018
to 2025, without a year; scored too are level, city and the day itself. `single_items` are items of the evening news each
read alone, without its neighbours: few hold anything that tells the year, so besides the share dated their mean open
interval counts (`width`, as the share of 24 years that is ruled out). A sixth of the corpora, chosen by a fixed hash, is set
aside: `held_out_…`, of which no errors are printed. The lexicons were tuned on all of it before it was set aside, so the
invented pages are the truer test.

Two corpora whose truth stands in their file names are read with everything that gives the truth away taken out:

- file names and folders: every page is called `page.md`, with no metadata and no front matter;
- years: every year of four digits, 2022年 or (2022), every day of eight digits, and every year in Chinese digits
  (二〇二二年) is deleted; addresses are deleted;
- 届 and 次 of congresses, 十四五 and the like stay: they are what a page without a year is dated by.

An article counts as dated if its year is settled: first and last possible day lie in the same year. Of the work
reports the province is known (the folder), of six days of the evening news it was read by hand
(`tests/cases/news_provinces.json`). Of the evening news it is also scored whether a day that was given lies in the ten
days up to the broadcast. Two work reports of 四川 hold the report of the year after the one in their name; they count
as wrong.

Prints scores by corpus and the kinds of error, compares them with `baseline_dates_places.json`, and exits 1 if one fell.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from data_prep.articles import split_articles
from data_prep.dates import ArticleFacts, date_articles
from data_prep.pages import read_markup
from data_prep.people import find_mentions
from data_prep.phrases import load_lexicon
from data_prep.places import place_article
from data_prep.schema import Dating, PageContext
from data_prep.script import fold_script
from tests.eval.invented_pages import read_invented_pages

SHARED = Path(os.environ.get("TIFA_SHARED", Path(__file__).resolve().parents[2] / ".." / "shared"))
BASELINE = Path(__file__).with_name("baseline_dates_places.json")

PROVINCES_READ = Path(__file__).parents[1] / "cases" / "news_provinces.json"

#: One article of the smallest corpus more or less is noise.
TOLERANCE = 0.002

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_ADDRESS = re.compile(r"https?://[^\s)]+")
_DAY = re.compile(r"(?<![0-9])(?:19|20)[0-9]{6}(?![0-9])")
_YEAR = re.compile(r"(?<![0-9.])(?:19|20)[0-9]{2}(?:年度?|(?![0-9.]))")
_HAN_YEAR = re.compile(r"[一二][九〇零○][〇零○一二三四五六七八九]{2}年")
_LONGEST_DELAY = timedelta(days=10)
#: Years in which an event without a year can lie, from and up to.
_EARLIEST, _LATEST = date(2008, 1, 1), date(2031, 12, 31)
_YEARS_READ = 24


@dataclass
class Score:
    """Counts of one corpus: articles, dated, year right, placed, province right; wrong ones by what went wrong."""

    articles: int = 0
    dated: int = 0
    year_right: int = 0
    days: int = 0
    day_right: int = 0
    levels: int = 0
    level_right: int = 0
    cities: int = 0
    city_right: int = 0
    years_open: float = 0.0
    placed: int = 0
    place_right: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def rates(self) -> dict[str, float]:
        """Shares from 0 to 1, rounded down to four digits."""
        pairs = {
            "dated": (self.dated, self.articles if self.dated else 0), "year_right": (self.year_right, self.dated),
            "day_right": (self.day_right, self.days), "placed": (self.placed, self.articles if self.placed else 0),
            "province_right": (self.place_right, self.placed), "level_right": (self.level_right, self.levels),
            "city_right": (self.city_right, self.cities),
            "ruled_out": (_YEARS_READ * self.articles - self.years_open, _YEARS_READ * self.articles if self.years_open else 0),
        }  # a corpus in which nothing was dated, or nothing placed, is not scored on it
        return {name: int(10_000 * part / whole) / 10_000 for name, (part, whole) in pairs.items() if whole}


def hide_truth(page: str) -> str:
    """A page without front matter, addresses and years.

    >>> hide_truth("——2022年1月22日在福建省第十三届人民代表大会第六次会议上")
    '——1月22日在福建省第十三届人民代表大会第六次会议上'
    """
    text = _FRONT_MATTER.sub("", page)
    for pattern in (_ADDRESS, _DAY, _YEAR, _HAN_YEAR):
        text = pattern.sub("", text)
    return text


def read_hidden(page: str) -> tuple[PageContext, list[ArticleFacts], list[Dating]]:
    """Run every step on a page whose truth is hidden."""
    text, _ = read_markup(hide_truth(page), "page.md")
    simplified = fold_script(text)
    articles, furniture = split_articles(simplified, text, {})
    context = PageContext("page.md", {}, tuple((f.rule, simplified[f.begin : f.end]) for f in furniture))
    lexicon = load_lexicon()
    facts = []
    for article in articles:
        mentions = find_mentions(article.text, article.body_begin, ())
        facts.append(ArticleFacts(article, mentions, lexicon.find_hits(article.text),
                                  place_article(article, mentions, context)))
    return context, facts, date_articles(facts, context)


def score_work_reports(paths: Iterator[Path] | list[Path]) -> Score:
    """Year and province of work reports: the file name is the year, the folder the province."""
    score = Score()
    for path in paths:
        _, facts, datings = read_hidden(path.read_text(encoding="utf-8"))
        if not facts:
            score.errors["no article"] += 1
            continue
        fact, dating = max(zip(facts, datings, strict=True), key=lambda pair: len(pair[0].article.text))
        _score_year(score, dating, int(path.stem), path)
        truth = None if path.parent.name == "国务院" else _shorten(path.parent.name)
        _score_province(score, fact, truth, path)
    return score


def score_evening_news(paths: Iterator[Path] | list[Path]) -> Score:
    """Year and day of every item of the evening news: the file name is the day of the broadcast."""
    score = Score()
    for path in paths:
        broadcast = date(int(path.stem[:4]), int(path.stem[4:6]), int(path.stem[6:8]))
        _, facts, datings = read_hidden(path.read_text(encoding="utf-8"))
        for fact, dating in zip(facts, datings, strict=True):
            # what was told on New Year's Day may have been on New Year's Eve
            told = dating.event_date
            is_eve = told is not None and broadcast - _LONGEST_DELAY <= told <= broadcast
            _score_year(score, dating, told.year if told and is_eve else broadcast.year, path, fact.article.text[:30])
            if dating.event_date is not None:
                score.days += 1
                is_right = broadcast - _LONGEST_DELAY <= dating.event_date <= broadcast
                score.day_right += is_right
                if not is_right:
                    score.errors["day not shortly before the broadcast"] += 1
                    _remember(score, path, f"{path.stem} {dating.event_date}: {fact.article.text[:60]!r}")
    return score


def score_news_provinces(truth: dict[str, dict]) -> Score:
    """Province of every item of the days read by hand, none where the item is no single province's matter."""
    score = Score()
    for day, known in truth.items():
        if day == "comment":
            continue
        path = SHARED / "corpora" / "xinwen_lianbo" / f"{day}.md"
        page = path.read_text(encoding="utf-8")
        headlines = [_squeeze(hide_truth(line)) for line in re.findall(r"^### (.+)$", page, re.MULTILINE)]
        _, facts, _ = read_hidden(page)
        for fact in facts:
            opening = _squeeze(fact.article.text[:200])
            at = next((i for i, headline in enumerate(headlines) if headline and headline in opening), None)
            if at is None or at in known["open"]:
                continue
            score.articles += 1
            _score_province(score, fact, known["provinces"].get(str(at)), path)
    return score


def score_single_items(paths: Iterator[Path] | list[Path]) -> Score:
    """Year of items of the evening news, each dated as if it stood alone on its page."""
    score = Score()
    for path in paths:
        broadcast = date(int(path.stem[:4]), int(path.stem[4:6]), int(path.stem[6:8]))
        context, facts, _ = read_hidden(path.read_text(encoding="utf-8"))
        for fact in facts:
            dating = date_articles([fact], replace(context, furniture=()))[0]
            told = dating.event_date
            is_eve = told is not None and broadcast - _LONGEST_DELAY <= told <= broadcast
            _score_year(score, dating, told.year if told and is_eve else broadcast.year, path, fact.article.text[:30])
            first, last = dating.date_from or _EARLIEST, dating.date_to or _LATEST
            score.years_open += max(0.0, (min(last, _LATEST) - max(first, _EARLIEST)).days / 365.25)
    return score


def score_invented_pages() -> Score:
    """Year, day, province, level and city of the invented pages."""
    score = Score()
    for page in read_invented_pages():
        path = Path("invented") / page.label
        _, facts, datings = read_hidden(page.text)
        fact, dating = max(zip(facts, datings, strict=True), key=lambda pair: len(pair[0].article.text))
        _score_year(score, dating, page.days[0].year, path)
        _score_province(score, fact, page.province, path)
        if dating.date_from is not None and dating.date_to is not None and dating.date_from.year == dating.date_to.year:
            score.days += 1
            score.day_right += (dating.date_from, dating.date_to) == page.days
        score.levels += 1
        score.level_right += fact.placing.level == page.level
        if page.city is not None:
            score.cities += 1
            score.city_right += (fact.placing.city or "") == page.city
        first, last = dating.date_from or _EARLIEST, dating.date_to or _LATEST
        if not first <= page.days[0] <= page.days[1] <= last:
            score.errors["interval without the day"] += 1
    return score


def is_held_out(path: Path) -> bool:
    """Whether a page belongs to the sixth that is set aside, by a hash of corpus, folder and name."""
    name = "/".join(path.relative_to(SHARED / "corpora").with_suffix("").parts)
    return int(hashlib.sha256(f"held out {name}".encode()).hexdigest(), 16) % 6 == 0


def list_pages(corpus: str, every: int = 1, held_out: bool = False) -> list[Path]:
    """The pages of one corpus in order, each `every`th; with `held_out` of those set aside only."""
    pages = sorted((SHARED / "corpora" / corpus).rglob("*.md"))
    return ([page for page in pages if is_held_out(page)] if held_out else pages)[::every]


def run(reports_every: int = 1, news_every: int = 5) -> dict[str, Score]:
    """Every set; the evening news is sampled, since one day takes as long as a work report."""
    scores = {"invented_pages": score_invented_pages()}
    if not (SHARED / "corpora").exists():
        return scores
    news = [page for page in list_pages("xinwen_lianbo", news_every) if not is_held_out(page)]
    return scores | {
        "work_reports": score_work_reports(list_pages("work_reports", reports_every)),
        "evening_news": score_evening_news(list_pages("xinwen_lianbo", news_every)),
        "single_items": score_single_items(news),
        "news_provinces": score_news_provinces(json.loads(PROVINCES_READ.read_text(encoding="utf-8"))),
        "held_out_reports": score_work_reports(list_pages("work_reports", reports_every, held_out=True)),
        "held_out_news": score_evening_news(list_pages("xinwen_lianbo", max(1, news_every // 3), held_out=True)),
        "held_out_items": score_single_items(list_pages("xinwen_lianbo", max(1, news_every // 2), held_out=True)),
    }


def main() -> int:
    """Print the scores, compare them with the baseline, return 1 if one fell."""
    scores = run()
    fell = []
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    for corpus, score in scores.items():
        print(f"{corpus}: {score.articles} articles")
        for name, rate in score.rates().items():
            floor = baseline.get(corpus, {}).get(name)
            print(f"  {name:16} {rate:.4f}   baseline {floor}")
            if floor is not None and rate < floor - TOLERANCE:
                fell.append(f"{corpus} {name}")
        for error, n in score.errors.most_common():
            print(f"  {n:6} {error}")
        for example in score.examples[: int(os.environ.get("TIFA_EXAMPLES", "10"))]:
            print("    ", example)
    if "--pin" in sys.argv:
        rates = {corpus: {name: max(rate, baseline.get(corpus, {}).get(name, 0.0)) for name, rate in score.rates().items()}
                 for corpus, score in scores.items()}  # a pin only rises
        BASELINE.write_text(json.dumps(rates, indent=2) + "\n", encoding="utf-8")
    for name in fell:
        print(f"fell below the baseline: {name}")
    return 1 if fell else 0


# --- Its parts ------------------------------------------------------------------------


def _score_year(score: Score, dating: Dating, year: int, path: Path, words: str = "") -> None:
    score.articles += 1
    first, last = dating.date_from, dating.date_to
    if first is None or last is None or first.year != last.year:
        score.errors["year left open"] += 1
        _remember(score, path, f"{path.parent.name}/{path.stem} open {first} {last} {words!r}")
        return
    score.dated += 1
    if first.year == year:
        score.year_right += 1
    else:
        score.errors["year wrong"] += 1
        _remember(score, path, f"WRONG {path.parent.name}/{path.stem} {first} {last} {words!r}")


def _remember(score: Score, path: Path, example: str) -> None:
    """Keep an example to print, wrong ones first; those of pages set aside are never read."""
    if path.is_relative_to(SHARED) and is_held_out(path):
        return
    score.examples.insert(0 if example.startswith("WRONG") else len(score.examples), example)


def _score_province(score: Score, fact: ArticleFacts, truth: str | None, path: Path) -> None:
    province = fact.placing.province
    if province is None and truth is not None:
        score.errors["province unknown"] += 1
        _remember(score, path, f"{path.parent.name}/{path.stem} no province, level {fact.placing.level}")
        return
    score.placed += 1
    if province == truth:
        score.place_right += 1
    else:
        score.errors["province wrong"] += 1
        _remember(score, path, f"WRONG {path.parent.name}/{path.stem} province {province}")


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _shorten(name: str) -> str:
    return re.sub(r"(?:壮族|回族|维吾尔)?自治区$|省$|市$", "", name)


if __name__ == "__main__":
    sys.exit(main())
