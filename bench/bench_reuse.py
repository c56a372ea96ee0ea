"""How fast shared passages are found: `python -m bench.bench_reuse [--documents N]`.

Documents of 1,500 characters, seeded: words of the evening news in random order (so that, as in a
real corpus, little is shared by chance and formulas are common), a passage of 100 characters of the
news planted in each. One core, processor time and peak memory. Recall is counted on the planted
passages that stand in 2 to 40 documents.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time

import pandas as pd

from bench.bench_phrases import read_texts
from data_prep.reuse import assign_releases, find_reuse

N_CHARS, PLANTED = 1500, 100


def make_documents(n: int, seed: int = 1) -> tuple[list[str], list[int]]:
    """Texts, and for each the number of the passage planted in it at character 700."""
    rng = random.Random(seed)
    whole = "".join(read_texts()[1])
    words = re.findall(r"\w{1,4}|\W", whole)
    n_passages = min(n // 2, len(whole) // PLANTED)
    texts, planted = [], []
    for _ in range(n):
        noise = "".join(rng.choices(words, k=550))[: N_CHARS - PLANTED]
        planted.append(rng.randrange(n_passages))
        begin = planted[-1] * PLANTED
        texts.append(noise[:700] + whole[begin : begin + PLANTED] + noise[700:])
    return texts, planted


def find_peak() -> float:
    """Peak memory of this process in GB (0 where the system does not tell)."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e9


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    asked = parser.parse_args([] if arguments is None else arguments)
    print("| what | size | s | MB/s | passages | recall of planted | peak GB |\n|---|---|---|---|---|---|---|")
    for n in sorted({asked.documents // 10, asked.documents}):
        texts, planted = make_documents(n)
        ids = [f"d{number:07}" for number in range(n)]
        n_bytes = sum(len(text.encode()) for text in texts)
        before = find_peak()
        begin = time.process_time()
        reuse = find_reuse(ids, texts)
        seconds = time.process_time() - begin
        recall = measure_recall(reuse, planted)
        size = f"{n:,} documents, {n_bytes / 1e6:.0f} MB"
        print(f"| find_reuse | {size} | {seconds:.1f} | {n_bytes / 1e6 / seconds:.0f} | {len(reuse):,} | {recall:.4f} "
              f"| {find_peak():.1f} (texts alone {before:.1f}) |")
        documents = pd.DataFrame({"doc_id": ids, "text": texts})
        begin = time.process_time()
        assign_releases(documents, reuse)
        seconds = time.process_time() - begin
        print(f"| assign_releases | {size} | {seconds:.1f} | {n_bytes / 1e6 / seconds:.0f} | | | {find_peak():.1f} |")


def measure_recall(reuse: pd.DataFrame, planted: list[int]) -> float:
    """Share of the pairs of documents with the same planted passage that have a row over its middle."""
    holders: dict[int, list[int]] = {}
    for number, passage in enumerate(planted):
        holders.setdefault(passage, []).append(number)
    wanted = {(one, other) for docs in holders.values() if len(docs) <= 40
              for place, one in enumerate(docs) for other in docs[place + 1 :]}
    over = reuse[(reuse["begin_a"] <= 740) & (reuse["end_a"] >= 760)]
    found = set(zip(over["doc_a"].str[1:].astype(int), over["doc_b"].str[1:].astype(int), strict=True))
    return len(wanted & found) / max(len(wanted), 1)


if __name__ == "__main__":
    main(sys.argv[1:])
