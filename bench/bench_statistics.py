"""How fast the statistics are over a gigabyte of text: python -m bench.bench_statistics

The corpus is the one of bench_queries (227,000 documents of 1,500 characters, made once). Every question is asked
warm, without the answers kept from the last asking, and stands beside one pass over the text at the speed of
memory and, where plain pandas can answer it at all, beside pandas on the same tables.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from bench.bench_queries import FOLDER, SHARED, make_corpus, measure_memory, pass_memory, pick_phrases, time_busy, time_once
from data_prep.schema import PROVINCES

#: Milliseconds that each question may take.
BARS = {"keyness": 150, "collocates": 300}
#: Pandas counts collocates by cutting the text around each hit; on so many documents, scaled up.
SAMPLE = 2_000


def main(arguments: list[str] | None = None) -> int:
    """Print the table; exit code 1 when the corpora to recombine are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=227_000)
    given = parser.parse_args(arguments)
    out = FOLDER / str(given.documents)
    if not (out / "CURRENT").is_file():
        if not (SHARED / "corpora").is_dir():
            print(f"bench_statistics: no corpora in {SHARED}: set TIFA_SHARED", file=sys.stderr)
            return 1
        make_corpus(out, given.documents)
    measure(out)
    measure_alignment()
    return 0


def measure(out: Any) -> None:
    """Ask every question of the large corpus and print the table."""
    from dashboard.corpus import open_corpus
    from dashboard.filters import Filters
    from dashboard.queries.collocates import list_collocates
    from dashboard.queries.discover import find_formulas, find_set_phrases
    from dashboard.queries.dispersion import measure_dispersion
    from dashboard.queries.keyness import compare_selections

    corpus = open_corpus(out)
    limit = pass_memory(corpus.chars)
    days = corpus.documents["event_date"].dropna().sort_values()
    half = days.iloc[len(days) // 2].date()
    early, late = Filters(date_to=half), Filters(date_from=half)
    east, west = Filters(provinces=tuple(PROVINCES[:15])), Filters(provinces=tuple(PROVINCES[15:]))
    everything = Filters()
    often, rare = pick_phrases(corpus)
    pandas_keyness = _time_pandas_keyness(corpus)

    def keyness(a: Filters, b: Filters | None, **options: Any) -> Callable[[], object]:
        return lambda: compare_selections(corpus, a, b, **options)

    def collocates(query: str, **options: Any) -> Callable[[], object]:
        return lambda: list_collocates(corpus, everything, query, **options)

    rows: list[tuple[str, int | None, Callable[[], object], float]] = [
        ("keyness of two halves by date, terms", BARS["keyness"], keyness(early, late), pandas_keyness),
        ("keyness of two halves by province, terms", BARS["keyness"], keyness(east, west), pandas_keyness),
        ("the same by conservative log ratio", BARS["keyness"],
         keyness(east, west, sort="conservative_log_ratio"), pandas_keyness),
        ("keyness of one province against the rest", BARS["keyness"], keyness(Filters(provinces=("福建",)), None),
         pandas_keyness),
        ("keyness of two halves, phrases of the lexicon", BARS["keyness"], keyness(east, west, items="phrases"),
         float("nan")),
        ("keyness of two halves, runs of 4 (sampled)", None, keyness(east, west, items="ngrams"), float("nan")),
        *((f"collocates of {query}, 5 terms", BARS["collocates"], collocates(query),
           _time_pandas_collocates(corpus, query)) for query in (often, rare, "疫情防控", "绿色")),
        (f"collocates of {often} in sentences", BARS["collocates"], collocates(often, window="sentence"), float("nan")),
        ("collocates of 疫情防控, every hit", BARS["collocates"], collocates("疫情防控", most_hits=None), float("nan")),
        (f"dispersion of {often} by province and document", None,
         lambda: measure_dispersion(corpus, everything, [often]), float("nan")),
        ("discovery of set phrases (sampled)", None, lambda: find_set_phrases(corpus, everything), float("nan")),
        ("numeral formulas (sampled)", None, lambda: find_formulas(corpus, everything), float("nan")),
    ]  # fmt: skip
    n_counts = len(corpus.doc_terms_term)
    print(f"\nStatistics over {corpus.n:,} documents, {len(corpus.chars) / 1e6:,.0f} million characters, "
          f"{n_counts / 1e6:,.0f} million counts of {len(corpus.vocabulary):,} terms")  # fmt: skip
    print(f"One pass over the text at memory speed: {limit * 1e3:.1f} ms.\n")
    print("| what | median ms | processor ms | bar ms | passes over the text | plain pandas ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for what, bar, ask, plain in rows:
        def cold(ask: Callable[[], object] = ask) -> None:
            corpus.forget()
            ask()

        median, busy = time_busy(cold, 5 if bar else 1)
        other = "" if plain != plain else f"{plain * 1e3:,.0f}"
        print(f"| {what} | {median * 1e3:.0f} | {busy * 1e3:.0f} | {bar or ''} | {median / limit:.1f} | {other} |")
    resident = measure_memory()
    print(f"\nResident memory besides mapped files: {resident['anonymous'] / 1e6:,.0f} MB (pandas' tables included)")


def _time_pandas_keyness(corpus: Any) -> float:
    """Counting both halves with a boolean mask and a groupby, on the table of counts as a frame."""
    counts = pd.DataFrame({
        "doc": np.repeat(np.arange(corpus.n, dtype=np.int32), np.diff(corpus.doc_terms_offsets)),
        "term": np.asarray(corpus.doc_terms_term), "n": np.asarray(corpus.doc_terms_n),
    })  # fmt: skip
    east = corpus.documents["province"].isin(PROVINCES[:15]).to_numpy()

    def ask() -> None:
        inside = east[counts["doc"].to_numpy()]
        counts[inside].groupby("term")["n"].sum()
        counts[~inside].groupby("term")["n"].sum()

    return time_once(ask, 1)


def _time_pandas_collocates(corpus: Any, query: str) -> float:
    """str.extractall of the characters around each hit, cut and counted: on a sample, scaled up."""
    from data_prep.tokens import cut_tokens

    n = min(SAMPLE, corpus.n)
    frame = pd.Series([corpus.text(d) for d in range(n)])

    def ask() -> None:
        around = frame.str.extractall(f"(.{{0,19}}){query}(.{{0,19}})")
        words: pd.Series = (around[0].fillna("") + "\n" + around[1].fillna("")).map(cut_tokens)
        words.explode().value_counts()

    return time_once(ask, 1) * corpus.n / n


def measure_alignment() -> None:
    """Two documents side by side: usual lengths, and the worst."""
    from dashboard.queries.align import align_texts

    generator = np.random.default_rng(1)
    letters = "".join(chr(code) for code in generator.integers(0x4E00, 0x5E00, 100_000))
    cut = [letters[i : i + 40] + "。" for i in range(0, 100_000, 40)]
    print("\nTwo documents side by side\n")
    print("| what | characters | ms |")
    print("|---|---:|---:|")
    for what, a, b in (
        ("two copies of one release", "".join(cut[:30]), "".join(cut[2:14] + cut[15:30])),
        ("a long report against its copy with every tenth sentence changed", "".join(cut),
         "".join(f"改{x}" if i % 10 == 0 else x for i, x in enumerate(cut))),
        ("the same, all its sentences in another order", "".join(cut),
         "".join(cut[i] for i in generator.permutation(len(cut)))),
        ("one sentence again and again", "会议强调，要坚持动态清零。" * 7700, "会议强调，要坚持动态清零。" * 7600),
    ):  # fmt: skip
        taken = time_once(lambda a=a, b=b: align_texts(a, b), 1)
        print(f"| {what} | {len(a):,} against {len(b):,} | {taken * 1e3:,.0f} |")


if __name__ == "__main__":
    sys.exit(main())
