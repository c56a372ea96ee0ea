"""How fast pages are decoded, repaired and folded: `python -m bench.bench_repair`. One core, median of five runs.

Clean text is the evening news of ../shared where it is, else the simplified sample pages over and over;
damaged text is the same, damaged by the simulator of the tests, every traditional character of a list of
200 annotated; mixed damage is all ways of getting back in step, in both orders, with lists of 60 to 400.
The comparison is one pass of a compiled pattern that takes out brackets with Latin letters.
"""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from bench.timing import forget_texts, time_median
from data_prep.decode import decode_page
from data_prep.repair import repair_text
from data_prep.script import fold_script
from tests.simulate_damage import DECODERS, Damage, damage_text

ROOT = Path(__file__).resolve().parents[1]
NEWS = Path(os.environ.get("TIFA_SHARED", ROOT / ".." / "shared")) / "corpora" / "xinwen_lianbo"
_BRACKETS = re.compile(r"\([^()\u4e00-\u9fff]{1,8}\)")


def read_clean() -> list[str]:
    """About 3 MB of clean pages."""
    paths = sorted(NEWS.glob("*.md"))[:110] or [*ROOT.glob("seeds/000*.txt"), *ROOT.glob("seeds/004*.txt")] * 100
    return [path.read_text(encoding="utf-8") for path in paths]


def print_row(what: str, pages: list[str], seconds: float, compared: str = "") -> None:
    """One line of the table."""
    megabytes = sum(len(text.encode()) for text in pages) / 1e6
    size = f"{len(pages)} pages, {megabytes:.2f} MB"
    print(f"| {what} | {size} | {seconds * 1000:.0f} ms | {megabytes / seconds:.1f} | {compared} |", flush=True)


def main() -> None:
    """Print the table."""
    print("| what | size | median | MB/s | comparison |\n|---|---|---|---|---|")
    clean = read_clean()
    damaged = [damage_text(text[:4000], Damage(200, "all at once", "stops", True, number)).found
               for number, text in enumerate(clean[:40])]
    mixed = [damage_text(text[:4000], Damage((60, 120, 200, 300, 400)[number % 5],
                                             ("all at once", "one after the other")[number % 2],
                                             DECODERS[number % 4], number % 3 > 0, number)).found
             for number, text in enumerate(clean[40:100])]
    begin = time.process_time()
    repair_text(damaged[0])
    print_row("first damaged page of a process", damaged[:1], time.process_time() - begin)
    for text in damaged + mixed:  # words of a character are read when it is first met
        repair_text(text)
    plain = time_median(lambda: [_BRACKETS.sub("", text) for text in clean])
    print_row("repair, clean text", clean, time_median(lambda: [repair_text(text) for text in clean]),
              f"one pattern {plain * 1000:.0f} ms")
    both = time_median(lambda: [fold_script(repair_text(text).text) for text in clean])
    print_row("repair and fold, clean text", clean, both)
    plain = time_median(lambda: [_BRACKETS.sub("", text) for text in damaged])
    print_row("repair, damaged text", damaged, time_median(lambda: [repair_text(text) for text in damaged]),
              f"one pattern {plain * 1000:.0f} ms")
    plain = time_median(lambda: [_BRACKETS.sub("", text) for text in mixed])
    print_row("repair, mixed damage", mixed, time_median(lambda: [repair_text(text) for text in mixed]),
              f"one pattern {plain * 1000:.0f} ms")
    for what, pages in (("damaged text", damaged), ("mixed damage", mixed)):
        unseen = time_median(lambda pages=pages: forget_texts() or [repair_text(text) for text in pages])
        print_row(f"repair, {what}, pages unseen", pages, unseen)
    mended = [repair_text(text).text for text in damaged]
    print_row("fold, traditional text", mended, time_median(lambda: [fold_script(text) for text in mended]))
    raw = [text.encode("gb18030") for text in clean]
    print_row("decode, GB18030", clean, time_median(lambda: [decode_page(page) for page in raw]))
    raw = [text.encode() for text in clean]
    print_row("decode, UTF-8", clean, time_median(lambda: [decode_page(page) for page in raw]))


if __name__ == "__main__":
    main()
