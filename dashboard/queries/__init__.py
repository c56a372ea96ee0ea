"""One module a question: a corpus and filters in, a table out. No Streamlit, no Plotly.

`QUERIES` names what `python -m dashboard query NAME` can ask, each a function of a corpus,
filters and options to a table. Modules are imported when asked, so that one question does
not wait for all the others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from dashboard.corpus import Corpus
    from dashboard.filters import Filters


@dataclass(frozen=True)
class Options:
    """What a question may need beside the filters; each takes what it knows and leaves the rest.

    against: a second selection as in a URL (province=山西&from=2022-11-01), for comparisons.
    """

    phrases: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    docs: tuple[str, ...] = ()
    person: str = ""
    against: Filters | None = None
    sort: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    width: int | str = 30
    offset: int = 0
    limit: int | None = None
    rate: bool = False


Ask = Callable[["Corpus", "Filters", Options], "pd.DataFrame"]


def ask_timeline(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Counts and shares of phrases by period, province or other cuts (--phrase, --by, --rate)."""
    from dashboard.queries.timeline import count_timeline

    by = options.by or ("period",)
    return count_timeline(corpus, filters, _need_phrases(options), by, rate=options.rate, seed=options.seed)


def ask_concordance(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """The lines of a query (--phrase, --sort, --sample, --seed, --width, --offset, --limit)."""
    from dashboard.queries.concordance import list_lines

    (query,) = _need_phrases(options)[:1]
    return list_lines(
        corpus, filters, query, width=options.width, sort=options.sort, sample=options.sample, seed=options.seed,
        offset=options.offset, limit=options.limit,
    ).drop(columns="d")  # fmt: skip


def ask_overview(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """What the selection holds: documents, releases, undated ones, sizes."""
    from dashboard.queries.overview import describe_corpus

    return describe_corpus(corpus, filters)


def ask_cells(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Documents and releases by province and period."""
    from dashboard.queries.overview import count_cells

    return count_cells(corpus, filters)


def ask_repairs(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """How many pages needed which repair."""
    from dashboard.queries.overview import count_repairs

    return count_repairs(corpus)


def _need_phrases(options: Options) -> tuple[str, ...]:
    if not options.phrases:
        raise ValueError("say which phrase: --phrase 动态清零")
    return options.phrases


QUERIES: dict[str, Ask] = {
    "timeline": ask_timeline,
    "concordance": ask_concordance,
    "overview": ask_overview,
    "cells": ask_cells,
    "repairs": ask_repairs,
}
