"""The command line of the preparation: build, export, check.

    python -m data_prep build PATH... --out build [--jobs N] [--manifest FILE] [--lexicon FILE]
                              [--holders FILE] [--overrides FILE]
    python -m data_prep export TABLE --build build --format csv|jsonl|parquet|xlsx [--output FILE]
    python -m data_prep check --build build
    python -m data_prep dictionary
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from data_prep.check import check_build
from data_prep.dictionary import describe_tables
from data_prep.export import FORMATS, export_table
from data_prep.lexicons.tenures import COLUMNS as HOLDER_COLUMNS
from data_prep.pages import list_files
from data_prep.pages.manifest import MANIFEST_COLUMNS
from data_prep.pipeline import Report, build_corpus, count_cores
from data_prep.schema import TABLES
from data_prep.store import open_build
from data_prep.workers import WorkerLost

#: Fewer bytes than this are read faster by one process than a second one takes to start.
_ONE_PROCESS_BYTES = 4_000_000

#: Rejected pages named in the report; the table pages has all.
_SHOWN = 20

_STATUS = "exit status: 0 done; 1 the check found a problem; 2 an input or a disk that will not do; 130 stopped by Ctrl-C"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status: see _STATUS."""
    for stream in (sys.stdout, sys.stderr):  # a console of Windows may lack the characters of a file's name
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    asked = _parse(arguments)
    try:
        return asked.run(asked)
    except KeyboardInterrupt:
        print(f"{asked.command}: stopped; nothing was changed", file=sys.stderr)
        return 130
    except MemoryError:
        why = "memory ran out: use fewer --jobs, or build fewer pages at a time"
    except OSError as error:
        why = _explain(error)
    except (ValueError, WorkerLost) as error:
        why = str(error)
    print(f"{asked.command}: {' '.join(why.split())}", file=sys.stderr)
    return 2


def _explain(error: OSError) -> str:
    """What a file or disk refused, and what to do about it."""
    if not error.strerror:
        if re.search(r"\d+ requested and \d+ written", str(error)):  # numpy, of a file that would not take all
            return _explain(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        return str(error)
    where = f" ({os.fsdecode(error.filename)})" if isinstance(error.filename, str | bytes) else ""
    advice = {
        errno.ENOSPC: "make room, or choose another folder; the former build is unchanged",
        getattr(errno, "EDQUOT", errno.ENOSPC): "make room, or choose another folder; the former build is unchanged",
        errno.EACCES: "choose a folder or file that may be read and written",
        errno.EPERM: "choose a folder or file that may be read and written",
        errno.EROFS: "choose a folder that may be written",
        errno.ENOTDIR: "name a folder, not a file",
        errno.EEXIST: "name a folder, not a file",
    }.get(error.errno or 0, "")
    return f"{error.strerror.lower()}{where}{': ' if advice else ''}{advice}"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m data_prep", description="Scraped pages in, tables out.", epilog=_STATUS)
    commands = parser.add_subparsers(dest="command", required=True)

    build = commands.add_parser("build", help="turn files and folders of pages into a build")
    build.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a page or a folder of pages")
    build.add_argument("--out", type=Path, default=Path("build"), help="folder of the builds (default: build)")
    build.add_argument("--jobs", type=_read_jobs, help="processes (default: as many as there are cores; one for few pages)")
    build.add_argument("--manifest", type=Path, help="CSV of what is known of pages: path, and any of " + ", ".join(MANIFEST_COLUMNS))
    build.add_argument("--lexicon", type=Path, help="CSV of further phrases: phrase, and any column of the table phrases")
    build.add_argument("--holders", type=Path, help="CSV of further office holders: " + ", ".join(HOLDER_COLUMNS))
    build.add_argument("--overrides", type=Path,
                       help="CSV of corrections: path, position, field, value, note (default: overrides.csv in --out)")
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


def _read_jobs(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of processes: give 1 or more")
    return int(text)


def _build(asked: argparse.Namespace) -> int:
    sizes = [_measure(file) for _, file in list_files(asked.paths, asked.out)]
    jobs = asked.jobs or (1 if sum(sizes) < _ONE_PROCESS_BYTES else count_cores())
    build_pages = partial(
        build_corpus, asked.paths, asked.out, manifest=asked.manifest, lexicon=asked.lexicon,
        holders=asked.holders, overrides=asked.overrides, jobs=jobs,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        build, report = build_pages(progress=_show_progress(bar, len(sizes)))
    _print_report(report)
    print(f"build {build.fingerprint} in {asked.out}")
    return 0


def _show_progress(bar: Progress, n_files: int) -> Callable[[str, int], None]:
    """A bar that fills while pages are read, and moves to and fro in the steps that look at all of them."""
    task = bar.add_task("reading pages", total=n_files)

    def show(doing: str, n_pages: int) -> None:
        bar.update(task, description=doing, completed=n_pages, total=n_files if doing == "reading pages" else None)

    return show


def _measure(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0  # gone, or not to be read: said when its turn comes


def _print_report(report: Report) -> None:
    counts = report.counts
    print(f"{counts['pages']:>11,} pages in = {counts['accepted']:,} accepted + {counts['rejected']:,} rejected")
    for path, reason in report.rejected[:_SHOWN]:
        print(f"{'':>11}   {path}: {reason}")
    if len(report.rejected) > _SHOWN:
        print(f"{'':>11}   and {len(report.rejected) - _SHOWN:,} more: python -m data_prep export pages")
    for name, n in counts.items():
        if name not in ("pages", "accepted", "rejected"):
            print(f"{n:>11,} {name}")
        if name == "repairs":
            for rule, times in report.repairs.items():
                print(f"{'':>11}   {times:>11,} {rule}")


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
    said = "all invariants hold" if not problems else "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    print(f"build {build.fingerprint}: {said}")
    return 1 if problems else 0


def _print_dictionary(asked: argparse.Namespace) -> int:
    print(describe_tables(), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
