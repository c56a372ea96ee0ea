"""How fast tokens are cut: `python -m bench.bench_tokens`. One core, processor time; jieba beside rjieba."""

from __future__ import annotations

from collections.abc import Callable

from bench.bench_phrases import read_texts, time_median
from data_prep.tokens import count_terms, cut_tokens, load_jieba


def main() -> None:
    name, texts = read_texts(1_500_000)
    few = texts[:100]
    jieba = load_jieba()
    unbroken = "疫情防控" * 100_000
    rows: list[tuple[str, list[str], Callable[[str], object], int]] = [
        ("cut_tokens", texts, cut_tokens, 5),
        ("count_terms", texts, count_terms, 5),
        ("jieba with the same words", few, jieba, 3),
        ("cut_tokens, one line without a break", [unbroken], cut_tokens, 3),
    ]
    print("| what | size | median s | MB/s |\n|---|---|---|---|")
    for what, given, task, repeats in rows:
        n_bytes = sum(len(text.encode()) for text in given)
        seconds = time_median(lambda given=given, task=task: [task(text) for text in given], repeats)
        corpus = "one text" if given[0] is unbroken else f"{name}, {len(given):,} documents"
        print(f"| {what} | {corpus}, {n_bytes / 1e6:.1f} MB | {seconds:.3f} | {n_bytes / 1e6 / seconds:.1f} |")


if __name__ == "__main__":
    main()
