"""Coding lines by hand, twice: a seeded sample, a sheet to fill in, and how far two coders agree.

A count says how often 清零 stands, not what it is used for. A researcher draws a sample, gives every line a
code, has a second person do the same, and reports Cohen's kappa. The sheet carries what is needed to draw it
again (query, filters, seed, build), and a line's identity is the place it stands at, not its row.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import StringIO

import numpy as np
import pandas as pd

from dashboard.corpus import Corpus
from dashboard.exports import free_cell
from dashboard.filters import Filters
from dashboard.queries.concordance import list_lines
from dashboard.queries.measures import Kappa, cohen_kappa

#: What names a line. The rest of a sheet is there to be read.
KEY = ["doc_id", "begin", "end"]
SHEET = [
    "line", "code", "note", "left", "node", "right", "event_date", "province", "outlet", "title", *KEY, "query",
    "selection", "seed", "fingerprint",
]  # fmt: skip
#: No sheet is longer: nobody codes more by hand.
MOST_LINES = 5000


class SheetError(ValueError):
    """A sheet that cannot be read; the message says what is wrong with it, in one sentence."""


@dataclass(frozen=True)
class Agreement:
    """What two coders made of the same lines.

    overall     Cohen's kappa over all codes, with its 95 % interval, the raw agreement and n
    table       counts: a row a code of the first coder, a column a code of the second
    by_code     for each code against all others: n_first, n_second, n_both, kappa, low, high
    disputed    the lines coded differently: key, code_first, code_second (and the line, where the sheet has it)
    left_out    lines that only one of the two coded, or that stand in one sheet alone
    """

    overall: Kappa
    table: pd.DataFrame
    by_code: pd.DataFrame
    disputed: pd.DataFrame
    left_out: int


def draw_sheet(
    corpus: Corpus, filters: Filters, query: str, *, n: int = 100, seed: int = 0, width: int | str = 40
) -> pd.DataFrame:
    """A random sample of the query's lines as a code sheet, in random order. Columns: SHEET, code and note empty.

    The same seed draws the same lines in the same order, so that two coders get the same sheet; the order is
    random so that tiredness does not fall on one province. Raises QueryError for a query that cannot be read.
    """
    lines = list_lines(corpus, filters, query, sample=min(max(n, 0), MOST_LINES), seed=seed, width=width)
    order = np.random.default_rng(seed).permutation(len(lines))
    sheet = lines.iloc[order].reset_index(drop=True)
    sheet["line"] = np.arange(1, len(sheet) + 1)
    sheet["code"] = sheet["note"] = ""
    sheet["query"], sheet["seed"] = query, seed
    sheet["selection"], sheet["fingerprint"] = filters.sentence("zh"), corpus.fingerprint
    return sheet[SHEET]


def read_sheet_file(content: bytes) -> pd.DataFrame:
    """A sheet as it comes back from a spreadsheet, all text: UTF-8 or GB18030, commas, semicolons or tabs between.

    The apostrophe that kept a spreadsheet from running a cell as a formula is taken off again. Raises SheetError.

    >>> read_sheet_file("doc_id;begin;end;code\\np1-1;3;7;'=目标\\n".encode())["code"].tolist()
    ['=目标']
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", "replace")
    header = text.split("\n", 1)[0]
    try:
        sheet = pd.read_csv(StringIO(text), dtype=str, sep=max(",;\t", key=header.count), keep_default_na=False)
    except (ValueError, pd.errors.ParserError) as error:
        raise SheetError(f"the file is no CSV: {error}") from None
    return sheet.map(free_cell)


def keep_codes(sheet: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """The sheet with the codes and notes of another one wherever both hold the line. Raises SheetError.

    >>> line = pd.DataFrame({"doc_id": ["p1-1"], "begin": [3], "end": [7], "code": [""], "note": [""]})
    >>> keep_codes(line, line.assign(code="目标"))[["code", "note"]].values.tolist()
    [['目标', '']]
    """
    read = read_sheet(coded)
    read["note"] = coded["note"].fillna("").astype(str) if "note" in coded else ""
    known = read.set_index(KEY)
    at = pd.MultiIndex.from_frame(sheet[KEY])
    filled = sheet.copy()
    for name in ("code", "note"):
        found = known[name].reindex(at).to_numpy()
        filled[name] = [own if pd.isna(other) or not other else other for own, other in zip(sheet[name], found, strict=True)]
    return filled


def read_sheet(sheet: pd.DataFrame) -> pd.DataFrame:
    """A filled-in sheet, ready to be compared: KEY and code (stripped; an empty one is no code). Raises SheetError.

    >>> read_sheet(pd.DataFrame({"doc_id": ["p1-1"], "begin": ["3"], "end": [7], "code": [" 目标 "]}))["code"].tolist()
    ['目标']
    """
    missing = [name for name in [*KEY, "code"] if name not in sheet]
    if missing:
        raise SheetError(f"a code sheet needs the columns {', '.join([*KEY, 'code'])}; missing: {', '.join(missing)}")
    read = sheet[[*KEY, "code"]].copy()
    for name in ("begin", "end"):
        numbers = pd.to_numeric(read[name], errors="coerce")
        if numbers.isna().any():
            row = int(np.flatnonzero(numbers.isna())[0]) + 1
            raise SheetError(f"the column {name} of a code sheet holds offsets; row {row} holds none")
        read[name] = numbers.astype("int64")
    read["doc_id"] = read["doc_id"].astype(str)
    read["code"] = read["code"].fillna("").astype(str).str.strip()
    twice = read.duplicated(KEY)
    if twice.any():
        row = int(np.flatnonzero(twice)[0]) + 1
        raise SheetError(f"row {row} of a code sheet names a line that stands above it already")
    return read


def compare_coders(first: pd.DataFrame, second: pd.DataFrame) -> Agreement:
    """How far two coders of the same sheet agree. Lines that either left empty are left out. Raises SheetError."""
    a, b = read_sheet(first), read_sheet(second)
    both = a.merge(b, on=KEY, how="outer", suffixes=("_first", "_second")).fillna({"code_first": "", "code_second": ""})
    coded = both[(both["code_first"] != "") & (both["code_second"] != "")]
    codes = sorted(set(coded["code_first"]) | set(coded["code_second"]))
    table = pd.crosstab(coded["code_first"], coded["code_second"]).reindex(index=codes, columns=codes, fill_value=0)
    table.index.name, table.columns.name = "code_first", "code_second"
    rows = []
    for code in codes:
        x, y = (coded["code_first"] == code).to_numpy(), (coded["code_second"] == code).to_numpy()
        one = cohen_kappa([[int((x & y).sum()), int((x & ~y).sum())], [int((~x & y).sum()), int((~x & ~y).sum())]])
        rows.append((code, int(x.sum()), int(y.sum()), int((x & y).sum()), one.kappa, one.low, one.high))
    by_code = pd.DataFrame(rows, columns=["code", "n_first", "n_second", "n_both", "kappa", "low", "high"])
    disputed = coded[coded["code_first"] != coded["code_second"]]
    shown = [name for name in ("left", "node", "right", "title") if name in first]
    if shown:
        words = first[shown].set_axis(pd.MultiIndex.from_frame(a[KEY]), axis=0)
        disputed = disputed.join(words, on=KEY)
    overall = cohen_kappa(table.to_numpy() if codes else np.zeros((1, 1)))
    return Agreement(overall, table, by_code, disputed.reset_index(drop=True), len(both) - len(coded))
