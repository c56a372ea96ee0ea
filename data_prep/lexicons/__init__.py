"""The knowledge of the product, as tables: one CSV file a lexicon, read once.

A lexicon is UTF-8, comma separated, with a header; lines that begin with `#` say
where the entries come from. Every cell is text: an empty cell is "".
"""

from __future__ import annotations

from functools import cache
from io import StringIO
from pathlib import Path

import pandas as pd

FOLDER = Path(__file__).parent


@cache
def read_lexicon(name: str) -> pd.DataFrame:
    """Read `lexicons/<name>.csv` as a table of text. Do not change the table: it is shared.

    Raises FileNotFoundError for a lexicon that does not exist.
    """
    lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    rows = "".join(line for line in lines if not line.startswith("#"))  # a cell may hold a #
    return pd.read_csv(StringIO(rows), dtype=str, keep_default_na=False)
