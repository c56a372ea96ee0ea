"""How much of a text is given to who voices it: `python -m tests.eval.evaluate_speech`.

Truth by hand, in two parts. The invented pages stand in the repository. Of ../shared/corpora 40 items of the evening
news and 20 pages of HTML were drawn by a fixed seed and read before the step was tried on them: `speech_spans.json`
holds where in the visible text of a page (read_markup) the item stands and who voices which characters, and no words
of the texts. Every second of them was set aside (`held_out`): scored, never read again.

Scored are characters: of all (`right`), of those that somebody voices (`voiced_found`), and of those given to somebody
(`voiced_right`). Words that introduce a speaker (尹力强调,) count neither way. Prints the scores and, of all but the
held-out part, the passages given wrong; compares with `baseline_speech.json` and exits 1 where a score fell.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from data_prep.articles import split_articles
from data_prep.pages import read_markup
from data_prep.people import find_mentions
from data_prep.speech import find_speech
from tests.eval.invented_pages import Voiced, read_invented_pages

SHARED = Path(os.environ.get("TIFA_SHARED", Path(__file__).resolve().parents[2] / ".." / "shared"))
BASELINE = Path(__file__).with_name("baseline_speech.json")
SPANS = Path(__file__).with_name("speech_spans.json")
#: One passage of the smallest part is 1 %: a name that the step before finds or not.
TOLERANCE = 0.011


@dataclass
class Score:
    """Characters of one part: all scored, right ones; voiced by truth, by answer, by both alike."""

    n_chars: int = 0
    n_right: int = 0
    n_voiced: int = 0
    n_given: int = 0
    n_agree: int = 0
    examples: list[str] = field(default_factory=list)

    def rates(self) -> dict[str, float]:
        """Shares from 0 to 1, rounded down to four digits."""
        pairs = {"right": (self.n_right, self.n_chars), "voiced_found": (self.n_agree, self.n_voiced),
                 "voiced_right": (self.n_agree, self.n_given)}
        return {name: int(10_000 * part / whole) / 10_000 for name, (part, whole) in pairs.items() if whole}


def score_text(score: Score, label: str, text: str, body_begin: int, voiced: tuple[Voiced, ...]) -> None:
    """Add a text's characters to the score: a voice is right where its speaker is."""
    truth: list[str | None] = [""] * len(text)
    for span in voiced:
        truth[span.begin : span.end] = [span.speaker if span.kind else None] * (span.end - span.begin)
    answer = [""] * len(text)
    for speech in find_speech(text, find_mentions(text, body_begin), body_begin):
        answer[speech.begin : speech.end] = [speech.speaker] * (speech.end - speech.begin)
    scored = [at for at in range(body_begin, len(text)) if truth[at] is not None and not text[at].isspace()]
    score.n_chars += len(scored)
    score.n_right += sum(truth[at] == answer[at] for at in scored)
    score.n_voiced += sum(truth[at] != "" for at in scored)
    score.n_given += sum(answer[at] != "" for at in scored)
    score.n_agree += sum(truth[at] == answer[at] != "" for at in scored)
    wrong = [at for at in scored if truth[at] != answer[at]]
    for _, run in groupby(enumerate(wrong), key=lambda pair: (pair[1] - pair[0], truth[pair[1]], answer[pair[1]])):
        places = [at for _, at in run]
        score.examples.append(f"{label}: is {truth[places[0]] or 'paper'}, got {answer[places[0]] or 'paper'}: "
                              f"{text[places[0] : places[-1] + 1][:50]!r}")


def score_invented() -> Score:
    """The invented pages; their headline lines are found by the articles step."""
    score = Score()
    for page in read_invented_pages():
        articles, _ = split_articles(page.text, page.text, {})
        article = max(articles, key=lambda each: len(each.text))
        # the article's characters stand on the page in the same order: carry the truth over piece by piece
        moved = tuple(
            Voiced(span.speaker, span.kind, segment.begin + max(span.begin, segment.page_begin) - segment.page_begin,
                   segment.begin + min(span.end, segment.page_begin + segment.end - segment.begin) - segment.page_begin)
            for span in page.voiced for segment in article.segments
            if span.begin < segment.page_begin + segment.end - segment.begin and segment.page_begin < span.end
        )
        score_text(score, page.label, article.text, article.body_begin, moved)
    return score


def read_annotated() -> Iterator[tuple[str, str, str, tuple[Voiced, ...]]]:
    """Part, label, text and truth of every annotated item of ../shared/corpora; ValueError where a text is another."""
    for row in json.loads(SPANS.read_text(encoding="utf-8")):
        path = SHARED / "corpora" / row["page"]
        text, _ = read_markup(path.read_bytes().decode("utf-8", "replace"), path.name)
        if hashlib.sha256(text.encode()).hexdigest()[:16] != row["sha256"]:
            raise ValueError(f"{path} is not the text that was annotated: its visible text has changed")
        begin = row["begin"]
        voiced = [Voiced(who, "any", first - begin, last - begin) for who, _, first, last in row["spans"]]
        voiced += [Voiced("", "", intro - begin, first - begin) for _, intro, first, _ in row["spans"]]
        voiced += [Voiced("", "", first - begin, last - begin) for first, last in row["open"]]
        yield row["part"], row["page"], text[begin : row["end"]], tuple(voiced)


def run() -> dict[str, Score]:
    """All parts; those of ../shared only where it is there."""
    scores = {"invented": score_invented()}
    if (SHARED / "corpora").exists():
        scores |= {"development": Score(), "held_out": Score()}
        for part, label, text, voiced in read_annotated():
            score_text(scores[part], label, text, 0, voiced)
    return scores


def main() -> int:
    """Print the scores, compare them with the baseline, return 1 if one fell."""
    baseline = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {}
    scores, fell = run(), []
    for part, score in scores.items():
        print(f"{part}: {score.n_chars} characters, {score.n_voiced} of them voiced by somebody")
        for name, rate in score.rates().items():
            floor = baseline.get(part, {}).get(name)
            print(f"  {name:14} {rate:.4f}   baseline {floor}")
            if floor is not None and rate < floor - TOLERANCE:
                fell.append(f"{part} {name}")
        if part != "held_out":
            for example in score.examples[: int(os.environ.get("TIFA_EXAMPLES", "20"))]:
                print("    ", example)
    if "--pin" in sys.argv:
        rates = {part: {name: max(rate, baseline.get(part, {}).get(name, 0.0)) for name, rate in score.rates().items()}
                 for part, score in scores.items()}  # a pin only rises
        BASELINE.write_text(json.dumps(rates, indent=2) + "\n", encoding="utf-8")
    for name in fell:
        print(f"fell below the baseline: {name}")
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
