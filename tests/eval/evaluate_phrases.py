"""How much of the phrase lexicon stands in print, and what it may lack.

    python -m tests.eval.evaluate_phrases [--pin]

Reads the sample pages and, where they are, the work reports and the evening news. Scores, the higher
the better, held against `baseline_phrases.json` (exit code 1 when one fell):
    attested      number of entries hit at least once
    forms         number of forms (phrases and variants) hit at least once
    dated         share of the entries with a first day that no text contradicts
    numerals      share of the quoted names that begin with a numeral (“四早”, “十个不放松”), counted by
                  the texts they stand in, that are in the lexicon
Printed beside them: entries never hit, days contradicted, and the quoted numeral names most often missed.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from data_prep.phrases import fold_stream, load_lexicon
from data_prep.repair import repair_text
from data_prep.script import fold_script

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
BASELINE = Path(__file__).with_name("baseline_phrases.json")
TOLERANCE = 0.0005
#: A quoted name of 2 to 8 characters that begins with a numeral.
_NUMERAL_NAME = re.compile(r"“([一二两三四五六七八九十百千万双][\u4e00-\u9fff]{1,7})”")


def name_corpus() -> str:
    """corpora where they are, else seeds: each has a baseline of its own."""
    return "corpora" if (SHARED / "corpora").is_dir() else "seeds"


def read_texts() -> Iterator[tuple[str, str, date | None]]:
    """Name, simplified text and day (None where unknown) of every text."""
    for path in sorted((ROOT / "seeds").glob("*.txt")):
        yield path.name, fold_script(repair_text(path.read_text(encoding="utf-8")).text), None
    for path in sorted((SHARED / "corpora" / "work_reports").rglob("*.md")):
        text = path.read_text(encoding="utf-8")
        # Some files bear the year reported on, so the day in the head of the report goes before the file name.
        head = re.search(r"(20\d\d)年(\d{1,2})月(\d{1,2})日", text[:400])
        day = date(*map(int, head.groups())) if head else date(int(path.stem), 3, 15)
        yield f"{path.parent.name} {path.stem}", text, day
    for path in sorted((SHARED / "corpora" / "xinwen_lianbo").glob("*.md")):
        yield f"evening news {path.stem}", path.read_text(encoding="utf-8"), date.fromisoformat(path.stem)


def score_lexicon() -> tuple[dict[str, float], dict[str, list[str]]]:
    """The scores, and the lists printed beside them."""
    lexicon = load_lexicon()
    entries = {entry.phrase_id: entry for entry in lexicon.entries}
    all_forms = {(entry.phrase_id, fold_stream(form)[0]) for entry in lexicon.entries for form in entry.forms}
    known = {form for _, form in all_forms}
    used: set[tuple[str, str]] = set()
    early: dict[str, str] = {}
    named: Counter[str] = Counter()
    for name, text, day in read_texts():
        for hit in lexicon.find_hits(text):
            used.add((hit.phrase_id, fold_stream(hit.surface)[0]))
            first = entries[hit.phrase_id].first_day
            if first and day and day < first:
                early.setdefault(entries[hit.phrase_id].phrase, f"{name}, first day {first}")
        named.update({fold_stream(found)[0] for found in _NUMERAL_NAME.findall(text)})
    hit_ids = {phrase_id for phrase_id, _ in used}
    dated = [entry for entry in lexicon.entries if entry.first_day]
    missed = Counter({found: n for found, n in named.items() if not any(form in found for form in known)})
    total = sum(named.values())
    scores = {
        "attested": len(hit_ids),
        "forms": len(used & all_forms),
        "dated": 1 - len(early) / len(dated),
        "numerals": 1 - sum(missed.values()) / total if total else 1.0,
    }
    return {name: round(score, 4) for name, score in scores.items()}, {
        "entries never hit": [entry.phrase for entry in lexicon.entries if entry.phrase_id not in hit_ids],
        "first days contradicted": [f"{phrase} ({where})" for phrase, where in early.items()],
        "quoted numeral names most often missed": [f"{found} {n}" for found, n in missed.most_common(60)],
    }


def find_falls(scores: dict[str, float], corpus: str) -> list[str]:
    """A sentence for each score below the baseline of the corpus."""
    pinned = json.loads(BASELINE.read_text(encoding="utf-8")).get(corpus, {}) if BASELINE.is_file() else {}
    return [f"{name} fell from {floor} to {scores[name]}" for name, floor in pinned.items()
            if scores[name] < floor - TOLERANCE]


def main(arguments: list[str] | None = None) -> int:
    """Print the scores; 1 when one is below the baseline."""
    scores, lists = score_lexicon()
    corpus = name_corpus()
    pinned = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.is_file() else {}
    if "--pin" in (sys.argv[1:] if arguments is None else arguments):
        BASELINE.write_text(json.dumps({**pinned, corpus: scores}, indent=2) + "\n", encoding="utf-8")
        pinned[corpus] = scores
    print(f"lexicon against the {corpus}\n\n| score | now | baseline |\n|---|---|---|")
    for name, score in scores.items():
        print(f"| {name} | {score:.4f} | {pinned.get(corpus, {}).get(name, 0.0):.4f} |")
    for title, rows in lists.items():
        print(f"\n{title} ({len(rows)}): {'、'.join(rows)}")
    falls = find_falls(scores, corpus)
    print(*falls, sep="\n", file=sys.stderr)
    return int(bool(falls))


if __name__ == "__main__":
    sys.exit(main())
