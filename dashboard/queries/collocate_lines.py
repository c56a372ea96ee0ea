"""The lines behind a collocate: the hits of the node in whose window the word stands.

Why here: "407 times near it" is a claim about lines, and a reader wants to see them. The windows are read as for the
table of collocates (same window, same sample), so the lines are those the table counted.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.filters import Filters
from dashboard.queries.collocates import MOST_HITS, WINDOW, read_windows
from dashboard.queries.concordance import draw_sample, write_lines
from dashboard.queries.scope import keep_one_copy, open_scope
from dashboard.queries.search import find_in_scope


def list_collocate_lines(
    corpus: Corpus, filters: Filters, query: str, terms: tuple[str, ...], *, window: tuple[int, int] | str = WINDOW,
    width: int | str = 40, most_hits: int | None = MOST_HITS, seed: int = 0,
) -> pd.DataFrame:
    """Concordance lines (their columns) of the hits that have all of `terms` in their window.

    A word that stands twice in a window, or in the windows of two hits, is counted otherwise in the table (O11 counts
    the word, this list the hits). attrs: n_hits, n_used, as in `list_collocates`. Raises QueryError, ValueError.
    """
    scope = open_scope(corpus, filters)
    windows = read_windows(scope, query, window, most_hits=most_hits, seed=seed, by_hit=True)
    used = draw_sample(keep_one_copy(scope, find_in_scope(scope, query)), most_hits, seed)
    wanted = set(terms)
    lines = write_lines(corpus, used.take(np.array([wanted <= held for held in windows.by_hit], dtype=bool)), width)
    lines.attrs.update(n_hits=windows.n_hits, n_used=windows.n_used)
    return lines
