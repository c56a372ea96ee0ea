"""How fast set phrases are found: `python -m bench.bench_phrases`.

Text: the evening news of ../shared/corpora where it is there, else the sample pages over and over,
in documents of about 1,500 characters. One core; processor time, so that other work on the machine
does not count. Beside it pyahocorasick and str.count over the same forms, without folding, offsets
or rules, where they are installed.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path

from bench.timing import time_median
from data_prep.phrases import fold_stream, load_lexicon
from data_prep.script import fold_script

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared"))
N_CHARS = 1500


def read_texts(wanted_chars: int = 3_000_000) -> tuple[str, list[str]]:
    """Name of the corpus, and its texts in pieces of N_CHARS."""
    paths = sorted((SHARED / "corpora" / "xinwen_lianbo").glob("*.md"))
    name = "evening news" if paths else "sample pages"
    whole = "".join(fold_script(path.read_text(encoding="utf-8")) for path in paths or (ROOT / "seeds").glob("*.txt"))
    whole *= max(1, wanted_chars // len(whole)) if not paths else 1
    whole = whole[:wanted_chars]
    return name, [whole[begin : begin + N_CHARS] for begin in range(0, len(whole), N_CHARS)]


def main() -> None:
    name, texts = read_texts()
    n_bytes = sum(len(text.encode()) for text in texts)
    lexicon = load_lexicon()
    forms = sorted({fold_stream(form)[0] for entry in lexicon.entries for form in entry.forms})
    rows: list[tuple[str, Callable[[], object]]] = [
        (f"find_hits, {len(lexicon.entries)} phrases", lambda: [lexicon.find_hits(text) for text in texts]),
        ("of this, folding to the stream", lambda: [fold_stream(text) for text in texts]),
    ]
    if importlib.util.find_spec("ahocorasick"):  # a comparison, where it happens to be installed
        import ahocorasick

        automaton = ahocorasick.Automaton()
        for form in forms:
            automaton.add_word(form, form)
        automaton.make_automaton()
        rows.append((f"pyahocorasick, {len(forms)} forms, bare", lambda: [list(automaton.iter(text)) for text in texts]))
    some = forms[::20]
    rows.append((f"str.count, {len(some)} forms, bare", lambda: [text.count(form) for text in texts for form in some]))
    print("| what | size | median s | MB/s |\n|---|---|---|---|")
    for what, task in rows:
        seconds = time_median(task)
        print(f"| {what} | {name}, {len(texts):,} documents, {n_bytes / 1e6:.1f} MB | {seconds:.3f} | {n_bytes / 1e6 / seconds:.1f} |")


if __name__ == "__main__":
    main()
