"""The command line of the preparation: build, export, check.

    python -m data_prep build PATH... --out build [--jobs N] [--manifest FILE] [--lexicon FILE]
                              [--holders FILE] [--overrides FILE]
    python -m data_prep export TABLE --build build --format csv|jsonl|parquet|xlsx [--output FILE]
    python -m data_prep check --build build
    python -m data_prep dictionary
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from data_prep.check import check_build
from data_prep.dictionary import describe_tables
from data_prep.export import FORMATS, export_table
from data_prep.pages import list_files
from data_prep.pipeline import Report, build_corpus, count_cores
from data_prep.schema import TABLES
from data_prep.store import open_build

#: Fewer bytes than this are read faster by one process than a second one takes to start.
_ONE_PROCESS_BYTES = 4_000_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: 0 done, 1 a check that failed, 2 an input that will not do."""
    asked = _parse(arguments)
    try:
        return asked.run(asked)
    except (OSError, ValueError) as error:
        print(f"{asked.command}: {error}", file=sys.stderr)
        return 2


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m data_prep", description="Scraped pages in, tables out.")
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="turn files and folders of pages into a build")
    build.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a page or a folder of pages")
    build.add_argument("--out", type=Path, default=Path("build"), help="folder of the builds (default: build)")
    build.add_argument("--jobs", type=int, help="processes (default: as many as there are cores)")
    build.add_argument("--manifest", type=Path, help="CSV: path, and what is known of the page")
    build.add_argument("--lexicon", type=Path, help="CSV of further phrases: phrase, and any column of the table phrases")
    build.add_argument("--holders", type=Path, help="CSV of further office holders: name, office, place, from, to")
    build.add_argument("--overrides", type=Path, help="CSV of corrections (default: overrides.csv beside the builds)")
    build.set_defaults(run=_build)

    export = commands.add_parser("export", help="write one table for other programs")
    export.add_argument("table", choices=list(TABLES))
    export.add_argument("--build", type=Path, default=Path("build"))
    export.add_argument("--format", choices=FORMATS, default="csv")
    export.add_argument("--output", type=Path, help="file to write (default: TABLE.FORMAT)")
    export.set_defaults(run=_export)

    check = commands.add_parser("check", help="test the invariants of a build")
    check.add_argument("--build", type=Path, default=Path("build"))
    check.set_defaults(run=_check)

    dictionary = commands.add_parser("dictionary", help="print the data dictionary as Markdown")
    dictionary.set_defaults(run=_print_dictionary)
    return parser.parse_args(arguments)


def _build(asked: argparse.Namespace) -> int:
    sizes = [file.stat().st_size if file.is_file() else 0 for _, file in list_files(asked.paths)]
    n_files, n_bytes = len(sizes), sum(sizes)
    jobs = asked.jobs or (1 if n_bytes < _ONE_PROCESS_BYTES else count_cores())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading pages", total=n_files)
        build, report = build_corpus(
            asked.paths, asked.out, manifest=asked.manifest, lexicon=asked.lexicon,
            holders=asked.holders, overrides=asked.overrides, jobs=jobs,
            progress=lambda doing, n_pages: bar.update(task, description=doing, completed=n_pages),
        )
    _print_report(report)
    print(f"build {build.fingerprint} in {asked.out}")
    return 0


def _print_report(report: Report) -> None:
    counts = report.counts
    print(f"{counts['pages']:>8,} pages in = {counts['accepted']:,} accepted + {counts['rejected']:,} rejected")
    for path, reason in report.rejected[:20]:
        print(f"{'':>9}{path}: {reason}")
    if len(report.rejected) > 20:
        print(f"{'':>9}and {len(report.rejected) - 20:,} more: python -m data_prep export pages")
    for name, n in counts.items():
        if name not in ("pages", "accepted", "rejected"):
            print(f"{n:>8,} {name}")
    for rule, n in report.repairs.items():
        print(f"{'':>9}{n:>8,} {rule}")


def _export(asked: argparse.Namespace) -> int:
    output = asked.output or Path(f"{asked.table}.{asked.format}")
    rows = export_table(open_build(asked.build), asked.table, output, asked.format)
    print(f"{rows:,} rows of {asked.table} in {output}")
    return 0


def _check(asked: argparse.Namespace) -> int:
    build = open_build(asked.build)
    problems = check_build(build)
    for problem in problems:
        print(problem)
    print(f"build {build.fingerprint}: {'all invariants hold' if not problems else f'{len(problems)} problems'}")
    return 1 if problems else 0


def _print_dictionary(asked: argparse.Namespace) -> int:
    print(describe_tables(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
