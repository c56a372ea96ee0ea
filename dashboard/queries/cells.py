"""What stands behind one plotted cell: the documents and lines of a province in a period.

Why here: a bar is clicked and opens. The lines must be those that were counted, so the cell
is cut out of the scope before one copy of each release is chosen, as the timeline does.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.concordance import write_lines
from dashboard.queries.scope import Scope, count_once, keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope

#: Stands for "no province" (the centre, or unknown) where a cell is named.
NO_PROVINCE = "-"


def open_cell(corpus: Corpus, filters: Filters, province: str = "", period: str = "") -> Scope:
    """The scope of one cell: of a province (NO_PROVINCE: of none; empty: any) in a period (empty: any).

    Raises ValueError for a period that cannot be read.
    """
    if period:
        first, last = bound_period(period)
        first = max(first, filters.date_from or first)
        last = min(last, filters.date_to or last)
        filters = replace(filters, date_from=first, date_to=last)
    scope = open_scope(corpus, filters)
    docs = scope.docs.copy()
    if province:
        codes, names = corpus.codes("province")
        wanted = names.index(province) if province in names else -1 if province == NO_PROVINCE else -2
        docs &= codes == wanted
    return replace(scope, docs=docs)


def list_cell_lines(
    corpus: Corpus, filters: Filters, query: str, province: str = "", period: str = "", *, width: int = 24
) -> pd.DataFrame:
    """The concordance lines of one cell (columns of the concordance), one copy of each release.

    attrs: n_units, the denominator of the cell in the filters' counting unit; n_with, those that hold a line.
    Raises QueryError, ValueError.
    """
    scope = open_cell(corpus, filters, province, period)
    passages = keep_one_copy(scope, find_in_scope(scope, query))
    lines = write_lines(corpus, passages, width)
    lines.attrs.update(
        n_units=len(count_once(scope, scope.docs.nonzero()[0])),
        n_with=len(count_once(scope, pd.unique(passages.doc))) if len(passages) else 0,
    )
    return lines


def bound_period(name: str) -> tuple[date, date]:
    """First and last day of a period by its name (2022, 2022-Q1, 2022-03, 2022-W13, 2022-03-29).

    >>> bound_period("2022-W13"), bound_period("2024-02")[1]
    ((datetime.date(2022, 3, 28), datetime.date(2022, 4, 3)), datetime.date(2024, 2, 29))
    """
    try:
        year, _, rest = name.partition("-")
        number = int(year)
        if not rest:
            return date(number, 1, 1), date(number, 12, 31)
        if rest.startswith("W"):
            monday = date.fromisocalendar(number, int(rest[1:]), 1)
            return monday, monday + timedelta(days=6)
        if rest.startswith("Q"):
            month, length = 3 * int(rest[1:]) - 2, 3
        elif "-" in rest:
            day = date.fromisoformat(name)
            return day, day
        else:
            month, length = int(rest), 1
        behind = date(number + (month + length - 1) // 12, (month + length - 1) % 12 + 1, 1)
        return date(number, month, 1), behind - timedelta(days=1)
    except ValueError:
        raise ValueError(f"{name[:20]!r} is no period: write 2022, 2022-Q1, 2022-03, 2022-W13 or 2022-03-29") from None


def split_days(corpus: Corpus, filters: Filters) -> tuple[date, date, date] | None:
    """First day, median day and last day of the documents in question, stray ones (1 % at either end) aside.

    None where fewer than two different days are known.
    """
    days = corpus.documents["event_date"].to_numpy().astype("datetime64[D]")[open_scope(corpus, filters).docs]
    days = np.sort(days[~np.isnat(days)])
    if len(days) < 2 or days[0] == days[-1]:
        return None
    low, middle, high = (days[round(share * (len(days) - 1))].item() for share in (0.01, 0.5, 0.99))
    return low, min(middle, high - timedelta(days=1)), high


def count_phrases(corpus: Corpus, filters: Filters) -> pd.DataFrame:
    """The lexicon with the hits and documents of each phrase in the selection: the columns of `phrases`, then hits,
    n_documents, head (the phrase that heads the family; empty for a head).

    Copies count (a lexicon's list is no measurement); speakers are left out of account.
    """
    docs = open_scope(corpus, replace(filters, speakers=())).docs
    number = np.repeat(np.arange(len(corpus.phrases)), np.diff(corpus.hit_offsets))
    hit_doc = np.asarray(corpus.hit_doc)
    inside = docs[hit_doc]
    width = max(corpus.n, 1)
    pairs = np.unique(number[inside].astype(np.int64) * width + hit_doc[inside])
    names = dict(zip(corpus.phrases["phrase_id"], corpus.phrases["phrase"], strict=True))
    families = zip(corpus.phrases["family"], corpus.phrases["phrase_id"], strict=True)
    heads = ["" if family == own else names.get(family, "") for family, own in families]
    return corpus.phrases.assign(
        hits=np.bincount(number[inside], minlength=len(corpus.phrases)),
        n_documents=np.bincount(pairs // width, minlength=len(corpus.phrases)), head=heads,
    )  # fmt: skip


def suggest_phrases(corpus: Corpus, filters: Filters, most: int = 3) -> list[str]:
    """Lexicon phrases worth looking at first: those that divide the documents most evenly, one a family.

    A phrase in every document or in hardly one says little; k of n documents divide best where
    k (n - k) is largest. Of equals, the one with more hits comes first, then the shorter one.
    """
    n = int(open_scope(corpus, replace(filters, speakers=())).docs.sum())
    lexicon = count_phrases(corpus, filters)
    lexicon = lexicon.assign(worth=lexicon["n_documents"] * (n - lexicon["n_documents"]), brief=-lexicon["phrase"].str.len())
    lexicon = lexicon[lexicon["hits"] > 0].sort_values(["worth", "hits", "brief"], ascending=False, kind="stable")
    return lexicon.drop_duplicates("family")["phrase"].head(most).tolist()
