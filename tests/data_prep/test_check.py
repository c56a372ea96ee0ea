"""The checks themselves are checked: each invariant, broken on purpose, is found and named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_prep.check import check_build
from data_prep.schema import TABLES
from data_prep.store import Build, write_build


def rewrite(build: Build, out: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Build:
    """The same build with one table changed, written under a manifest of its own."""
    tables = {name: build.arrow(name) for name in TABLES}
    frame = change(tables[table].to_pandas())
    tables[table] = pa.Table.from_pandas(frame, TABLES[table].arrow, preserve_index=False)
    return write_build(out, tables, build.about)


def put(column: str, value: object, row: int = 0) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        cells = frame[column].tolist()
        cells[row] = value
        return frame.assign(**{column: cells})

    return change


@pytest.mark.parametrize("table, change, sentence", [
    ("documents", put("original", "短"), "differ in length"),
    ("documents", put("province", "火星"), "unknown province 火星"),
    ("documents", put("level", "planet"), "unknown level planet"),
    ("documents", put("n_tokens", 1), "term_counts"),
    ("documents", lambda frame: pd.concat([frame, frame.head(1)]), "more than one row"),
    ("pages", put("status", "lost"), "neither accepted nor rejected"),
    ("pages", put("sha256", "0" * 64), "is not the page as found"),
    ("page_texts", lambda frame: frame.iloc[1:], "page_texts"),
    ("repairs", put("after", "错"), "replaying them"),
    ("phrase_hits", put("surface", "另外的字"), "phrase_hits"),
    ("phrase_hits", put("phrase_id", "no-such-phrase"), "in no row of phrases"),
    ("people", put("kind", "ghost"), "unknown kind ghost"),
    ("segments", lambda frame: frame.iloc[1:], "lost characters"),
    ("furniture", put("surface", "别的"), "is not what stands on the page"),
    ("reuse", put("end_a", 10**9), "points outside"),
])
def test_a_broken_invariant_is_named(
    seed_build: Build, tmp_path: Path, table: str, change: Callable[[pd.DataFrame], pd.DataFrame], sentence: str
) -> None:
    broken = rewrite(seed_build, tmp_path, table, change)
    problems = check_build(broken)
    assert any(sentence in problem for problem in problems), problems


def test_a_sound_build_has_no_problems(seed_build: Build) -> None:
    assert check_build(seed_build) == []


def test_rows_out_of_order_and_tables_that_cannot_be_read_are_named(seed_build: Build, tmp_path: Path) -> None:
    copy = Build(tmp_path / seed_build.path.name, seed_build.about)
    shutil.copytree(seed_build.path, copy.path)
    rows = copy.arrow("speech")
    pq.write_table(rows.take(list(reversed(range(rows.num_rows)))), copy.path / "speech.parquet")
    problems = check_build(copy)
    assert "speech.parquet has changed" in problems
    assert any("speech:" in problem and "out of order" in problem for problem in problems)
    assert any(problem.endswith("more of this kind") for problem in problems)
    (copy.path / "speech.parquet").write_bytes(b"PAR1 no more")
    problems = check_build(copy)
    assert any("cannot be read" in problem and "build them again" in problem for problem in problems), problems


def test_a_row_that_stands_twice_across_pieces_is_found(tmp_path: Path) -> None:
    """Neighbours are compared across the pieces a table is read in."""
    n = 65_537  # one row more than a piece
    rows = pa.table({
        "doc_id": ["d"] * n, "term": [f"{number:06}" for number in (*range(n - 1), n - 2)], "n": [1] * n,
    })
    tables = {name: table.arrow.empty_table() for name, table in TABLES.items()}
    problems = check_build(write_build(tmp_path, {**tables, "term_counts": rows}, {}))
    assert "term_counts: more than one row for ('d', '065535')" in problems
