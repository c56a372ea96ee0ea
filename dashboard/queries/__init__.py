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


def ask_change(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Shares in --from/--to and in the days of --against, and their difference (--phrase, --by province,...)."""
    from dashboard.queries.change import compare_periods

    if options.against is None:
        raise ValueError("say which other days: --against 'from=2022-11-01&to=2022-11-30'")
    first, second = ((one.date_from, one.date_to) for one in (filters, options.against))
    return compare_periods(corpus, filters, _need_phrases(options), first, second, options.by)


def ask_adoption(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Who took phrases up when, and how long after the centre (--phrase)."""
    from dashboard.queries.adoption import trace_adoption

    return trace_adoption(corpus, filters, _need_phrases(options))


def ask_speakers(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Which leaders say a phrase, as shares of the units they are heard in (--phrase, --by office for their offices)."""
    from dashboard.queries.speakers import rank_speakers

    by = "office" if "office" in options.by else "speaker"
    return rank_speakers(corpus, filters, _need_phrases(options)[0], by)


def ask_voices(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """How often leaders, meetings and the paper itself say phrases (--phrase, --by period,province,...)."""
    from dashboard.queries.timeline import count_voices

    return count_voices(corpus, filters, _need_phrases(options), options.by)


def ask_reuse(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Passages that documents share, the longest first (--doc for those of one, --offset, --limit)."""
    from dashboard.queries.reuse import list_reuse

    doc_id = options.docs[0] if options.docs else ""
    return list_reuse(corpus, filters, doc_id, offset=options.offset, limit=options.limit)


def ask_tokens(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Plain pieces of a query counted on characters and on tokens (--phrase)."""
    from dashboard.queries.search import count_on_tokens

    return count_on_tokens(corpus, filters, _need_phrases(options)[0])


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


def ask_align(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Two documents side by side, sentence by sentence (--doc A --doc B)."""
    from dashboard.queries.align import align_documents

    if len(options.docs) != 2:
        raise ValueError("say which two documents: --doc DOC_ID --doc DOC_ID")
    return align_documents(corpus, *options.docs)


def ask_documents(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """The documents of a selection, the newest first (--offset, --limit)."""
    from dashboard.queries.documents import list_documents

    return list_documents(corpus, filters, offset=options.offset, limit=options.limit).drop(columns="d")


def ask_people(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Persons with their offices and dates (--limit), or the mentions of one (--person)."""
    from dashboard.queries.people import list_mentions, list_people

    if options.person:
        return list_mentions(corpus, filters, options.person).drop(columns="d")
    return list_people(corpus, filters, limit=options.limit)


def ask_career(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """The offices of one person, each with its first and last date (--person)."""
    from dashboard.queries.people import career

    if not options.person:
        raise ValueError("say whose career: --person PERSON_ID (the query people lists them)")
    return career(corpus, options.person, filters)


def ask_attendance(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Who was at which meeting, in printed order (--limit)."""
    from dashboard.queries.people import attendance

    return attendance(corpus, filters, most=options.limit).drop(columns="d")


def ask_network(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Who was present together, heaviest pairs first (--limit)."""
    from dashboard.queries.people import network

    return network(corpus, filters, most_people=1000, most_edges=options.limit or 1000)[1]


def ask_order(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Pairs of officials whose printed order is not always the same (--limit)."""
    from dashboard.queries.people import list_order_changes

    return list_order_changes(corpus, filters, most=options.limit or 200)


def ask_keyness(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """What the selection says more often than --against (--by terms|phrases|ngrams, --sort, --width, --limit)."""
    from dashboard.queries.keyness import compare_selections

    length = options.width if isinstance(options.width, int) and options.width <= 12 else 4
    return compare_selections(
        corpus, filters, options.against, items=(options.by or ("terms",))[0], length=length,
        sort=(options.sort or ("log_likelihood",))[0], limit=options.limit, seed=options.seed,
    )  # fmt: skip


def ask_collocates(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """What stands near a phrase (--phrase, --width TERMS|sentence, --sort, --limit); with --against, the difference."""
    from dashboard.queries.collocates import WINDOW, compare_collocates, list_collocates

    (query,) = _need_phrases(options)[:1]
    width = options.width
    window = width if isinstance(width, str) else (width, width) if width <= 20 else WINDOW
    if options.against is not None:
        return compare_collocates(
            corpus, filters, options.against, query, window=window, limit=options.limit, most_hits=options.sample,
            seed=options.seed,
        )  # fmt: skip
    return list_collocates(
        corpus, filters, query, window=window, sort=(options.sort or ("log_dice",))[0], limit=options.limit,
        most_hits=options.sample, seed=options.seed,
    )  # fmt: skip


def ask_dispersion(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """How evenly phrases are spread (--phrase, --by province,document,outlet,level,city,month,...)."""
    from dashboard.queries.dispersion import measure_dispersion

    return measure_dispersion(corpus, filters, _need_phrases(options), options.by or ("province", "document"))


def ask_discover(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Set phrases that are not in the lexicon yet (--limit, --seed)."""
    from dashboard.queries.discover import find_set_phrases

    return find_set_phrases(corpus, filters, limit=options.limit or 500, seed=options.seed)


def ask_formulas(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Numeral formulas (四早, 两个确立) with the expansion where a text gives it (--limit, --seed)."""
    from dashboard.queries.discover import find_formulas

    return find_formulas(corpus, filters, limit=options.limit or 500, seed=options.seed)


def ask_sheet(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """A sheet for coding lines by hand, drawn at random (--phrase, --sample, --seed, --width)."""
    from dashboard.queries.coding import draw_sheet

    (query,) = _need_phrases(options)[:1]
    return draw_sheet(corpus, filters, query, n=options.sample or 100, seed=options.seed, width=options.width)


def ask_groups(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """How many lines of a query by one or several things (--phrase, --by node,left,right,province,period,speaker,...)."""
    from dashboard.queries.concordance import count_lines

    return count_lines(corpus, filters, _need_phrases(options)[0], options.by or ("node",))


def ask_barcodes(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Where in each document the hits of a query stand, most hits first (--phrase, --offset, --limit)."""
    from dashboard.queries.dispersion import list_barcodes

    table = list_barcodes(corpus, filters, _need_phrases(options)[0], limit=options.limit or 50, offset=options.offset)
    return table.drop(columns="d")


def ask_parts(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Hits and sizes of the parts that dispersion is measured over (--phrase, --by province|document|outlet|level|month)."""
    from dashboard.queries.dispersion import list_parts

    return list_parts(corpus, filters, _need_phrases(options), (options.by or ("province",))[0])


def ask_near(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """The lines behind collocates (--phrase NODE --phrase WORD ..., --width TERMS|sentence, --sample, --seed)."""
    from dashboard.queries.collocate_lines import list_collocate_lines
    from dashboard.queries.collocates import WINDOW

    query, *terms = _need_phrases(options)
    width = options.width
    window = width if isinstance(width, str) else (width, width) if width <= 20 else WINDOW
    return list_collocate_lines(
        corpus, filters, query, tuple(terms), window=window, most_hits=options.sample, seed=options.seed
    ).drop(columns="d")


def ask_company(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Which collocates of a phrase share its windows: the lines of the network (--phrase, --width, --limit)."""
    from dashboard.queries.collocates import WINDOW, network

    width = options.width
    window = width if isinstance(width, str) else (width, width) if width <= 20 else WINDOW
    return network(
        corpus, filters, _need_phrases(options)[0], window=window, most_edges=options.limit or 120, most_hits=options.sample,
        seed=options.seed,
    )[1]  # fmt: skip


def ask_places(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Where officials stand in the printed order, period by period (--limit persons)."""
    from dashboard.queries.people import trace_order

    return trace_order(corpus, filters, most=options.limit or 10)


def ask_lexicon(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """The phrases that are counted, with their hits and documents in the selection (--limit)."""
    from dashboard.queries.cells import count_phrases

    table = count_phrases(corpus, filters).sort_values(["n_documents", "hits"], ascending=False, kind="stable", ignore_index=True)
    return table[: options.limit]


def ask_undated(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Documents that lie in no period (--offset, --limit)."""
    from dashboard.queries.overview import list_undated

    table = list_undated(corpus, filters).drop(columns="d")
    return table[options.offset :][: options.limit].reset_index(drop=True)


def ask_copies(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Releases that stand in several copies."""
    from dashboard.queries.overview import list_copies

    return list_copies(corpus, filters)


def ask_rejected(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Why pages were rejected, and how many."""
    from dashboard.queries.overview import count_rejected

    return count_rejected(corpus)


def ask_pairs(corpus: Corpus, filters: Filters, options: Options) -> pd.DataFrame:
    """Pairs of documents that share most (--limit)."""
    from dashboard.queries.pairs import list_pairs

    return list_pairs(corpus, filters, options.limit or 200)


def _need_phrases(options: Options) -> tuple[str, ...]:
    if not options.phrases:
        raise ValueError("say which phrase: --phrase 动态清零")
    return options.phrases


QUERIES: dict[str, Ask] = {
    "timeline": ask_timeline,
    "concordance": ask_concordance,
    "change": ask_change,
    "adoption": ask_adoption,
    "speakers": ask_speakers,
    "voices": ask_voices,
    "reuse": ask_reuse,
    "tokens": ask_tokens,
    "overview": ask_overview,
    "cells": ask_cells,
    "repairs": ask_repairs,
    "align": ask_align,
    "documents": ask_documents,
    "people": ask_people,
    "career": ask_career,
    "attendance": ask_attendance,
    "network": ask_network,
    "order": ask_order,
    "keyness": ask_keyness,
    "collocates": ask_collocates,
    "dispersion": ask_dispersion,
    "discover": ask_discover,
    "formulas": ask_formulas,
    "sheet": ask_sheet,
    "groups": ask_groups,
    "barcodes": ask_barcodes,
    "parts": ask_parts,
    "near": ask_near,
    "company": ask_company,
    "places": ask_places,
    "lexicon": ask_lexicon,
    "undated": ask_undated,
    "copies": ask_copies,
    "rejected": ask_rejected,
    "pairs": ask_pairs,
}
