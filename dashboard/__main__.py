"""The command line of the dashboard: the very tables behind its pages, for other programs.

python -m dashboard query timeline --build build --phrase 动态清零 --province 福建 --format csv
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl

import pandas as pd

from dashboard.corpus import find_build, open_corpus
from dashboard.exports import FORMATS, describe_origin, write_table
from dashboard.filters import Filters
from dashboard.queries import QUERIES, Options
from data_prep.store import BuildMissing

_FILTERS = {
    "province": "short names, comma between: 福建,山西",
    "level": "centre, province, city, county",
    "outlet": "names of papers, sites, agencies",
    "speaker": "leader, meeting, paper, other, names, or office:省长: only what they voice counts",
    "from": "first day, 2022-03-01",
    "to": "last day, 2022-03-31",
    "unit": "releases (default), copies or outlets",
    "period": "day, week, month (default), quarter or year",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question and return the exit code: 0, or 1 with one sentence on what is wrong."""
    given = build_parser().parse_args(arguments)
    try:
        table, origin = answer(given)
        content = write_table(table, origin, given.format)
        if given.output:
            Path(given.output).write_bytes(content)
        else:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
    except BrokenPipeError:  # whoever read along has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        print(f"tifa: {error.filename or given.output}: {error.strerror or error}", file=sys.stderr)
        return 1
    except (BuildMissing, ValueError, KeyError) as error:
        print(f"tifa: {error.args[0] if error.args else error}", file=sys.stderr)
        return 1
    return 0


def answer(given: argparse.Namespace) -> tuple[pd.DataFrame, dict[str, str]]:
    """(table, origin) for parsed arguments. Raises BuildMissing, ValueError or KeyError with a sentence."""
    filters = Filters.from_params({name: getattr(given, name) for name in _FILTERS})
    if filters.notes:  # a mistyped URL is forgiven, a mistyped command is not
        raise ValueError("; ".join(filters.notes))
    against = _read_against(given.against)
    corpus = open_corpus(Path(given.build) if given.build else find_build())
    options = Options(
        phrases=tuple(given.phrase), by=_split(given.by), docs=tuple(given.doc), person=given.person, against=against,
        sort=_split(given.sort), sample=given.sample, seed=given.seed, offset=given.offset, limit=given.limit,
        width=_read_width(given.width), rate=given.rate,
    )  # fmt: skip
    table = QUERIES[given.name](corpus, filters, options)
    origin = describe_origin(corpus, filters, given.language)
    return table, origin | ({"against": against.sentence(given.language)} if against else {})


def build_parser() -> argparse.ArgumentParser:
    """The arguments; names of filters are those of the URL."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description="Ask a build what the pages show.")
    commands = parser.add_subparsers(dest="command", required=True)
    query = commands.add_parser("query", help="print one table as CSV or JSON lines")
    meanings = "; ".join(f"{name}: {(ask.__doc__ or '').splitlines()[0]}" for name, ask in QUERIES.items())
    query.add_argument("name", choices=sorted(QUERIES), help=meanings.replace("%", "%%"))
    query.add_argument("--build", help="folder of the build (default: TIFA_BUILD, else build)")
    query.add_argument("--phrase", action="append", default=[], help="a phrase or query; may be given several times")
    for name, meaning in _FILTERS.items():
        query.add_argument(f"--{name}", default=None, help=meaning)
    query.add_argument("--by", default="", help="cuts, comma between: period,province,level,outlet,city,county (and what NAME says)")
    query.add_argument("--rate", action="store_true", help="add hits in 10,000 characters with a bootstrap interval")
    query.add_argument("--sort", default="", help="sort lines by 1L 2L 3L 1R 2R 3R date province outlet level node speaker office")
    query.add_argument("--sample", type=_count, help="so many lines drawn at random")
    query.add_argument("--seed", type=int, default=0, help="seed of the sample and of bootstrap intervals")
    query.add_argument("--width", default="30", help="characters of context, or: sentence")
    query.add_argument("--offset", type=_count, default=0, help="lines to skip")
    query.add_argument("--limit", type=_count, help="lines at most")
    query.add_argument("--doc", action="append", default=[], help="a doc_id; may be given several times")
    query.add_argument("--person", default="", help="a person_id")
    query.add_argument("--against", default="", help="the other selection, as in a URL: province=山西&from=2022-11-01")
    query.add_argument("--language", choices=("zh", "en"), default="en", help="language of the selection's sentence")
    query.add_argument("--format", choices=FORMATS, default="csv")
    query.add_argument("--output", help="file to write (default: standard output)")
    return parser


def _count(given: str) -> int:
    """A number of lines, for argparse."""
    number = int(given)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than none")
    return number


def _read_width(given: str) -> int | str:
    if given != "sentence" and not (given.isascii() and given.isdigit()):
        raise ValueError(f"--width is a number or sentence, not {given}")
    return given if given == "sentence" else int(given)


def _read_against(given: str) -> Filters | None:
    """The second selection, written as in a URL."""
    if not given:
        return None
    params = dict(parse_qsl(given))
    unknown = [name for name in params if name not in _FILTERS]
    if unknown or not params:
        raise ValueError(f"--against is written as in a URL, province=山西&from=2022-11-01, of {', '.join(_FILTERS)}: not {given}")
    against = Filters.from_params(params)
    if against.notes:
        raise ValueError("; ".join(against.notes))
    return against


def _split(given: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in given.split(",") if piece.strip())


if __name__ == "__main__":
    sys.exit(main())
