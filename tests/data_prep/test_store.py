"""A build is whole or absent, whatever happens while it is written."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from data_prep import store
from data_prep.schema import TABLES
from data_prep.store import BuildMissing, find_damage, open_build, write_build

ROOT = Path(__file__).resolve().parents[2]


def empty_tables() -> dict[str, pa.Table]:
    return {name: table.arrow.empty_table() for name, table in TABLES.items()}


def furniture(n: int) -> pa.Table:
    rows = [{"page_id": f"p{i:04}", "begin": 0, "end": 2, "rule": "banner", "surface": "横幅"} for i in range(n)]
    return pa.Table.from_pylist(rows, TABLES["furniture"].arrow)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    build = write_build(tmp_path, {**empty_tables(), "furniture": furniture(3)}, {"version": "1"})
    assert open_build(tmp_path).fingerprint == build.fingerprint
    assert build.read("furniture")["surface"].tolist() == ["横幅"] * 3
    assert find_damage(build.path) == []


def test_the_same_tables_give_the_same_build_in_any_row_order(tmp_path: Path) -> None:
    rows = furniture(50)
    first = write_build(tmp_path / "a", {**empty_tables(), "furniture": rows}, {})
    second = write_build(tmp_path / "b", {**empty_tables(), "furniture": rows.take(list(reversed(range(50))))}, {})
    assert first.fingerprint == second.fingerprint


def test_rows_in_many_pieces_are_written_sorted_with_null_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_GROUP_ROWS", 7)  # many groups, each from many pieces
    rng = random.Random(3)
    kind = TABLES["evidence"].arrow
    rows = [
        {"doc_id": f"d{rng.randrange(9)}", "field": rng.choice(["city", "level"]), "value": "值" * rng.randrange(3), "rule": "r",
         "begin": rng.choice([None, 0, 5, -1]), "end": None, "surface": str(number), "weight": 1.0}
        for number in range(100)
    ]
    pieces = [pa.Table.from_pylist(rows[at : at + 9], kind) for at in range(0, 100, 9)]
    build = write_build(tmp_path, {**empty_tables(), "evidence": pa.concat_tables(pieces)}, {})

    def place(row: dict) -> tuple:
        return (*(row[name].encode() for name in ("doc_id", "field", "value", "rule")), row["begin"] is None, row["begin"] or 0)

    assert build.arrow("evidence").to_pylist() == sorted(rows, key=place)
    assert [row for batch in build.batches("evidence") for row in batch.to_pylist()] == sorted(rows, key=place)


def test_columns_kept_as_dictionaries_are_written_as_text(tmp_path: Path) -> None:
    plain = [pa.table({"doc_id": [doc] * 2, "term": ["乙", "甲"], "n": [1, 2]}) for doc in ("b", "a")]
    encoded = pa.concat_tables([
        pa.table({"doc_id": rows.column(0).dictionary_encode(), "term": rows.column(1).dictionary_encode(), "n": rows.column(2)})
        for rows in plain
    ])
    first = write_build(tmp_path / "a", {**empty_tables(), "term_counts": pa.concat_tables(plain)}, {})
    second = write_build(tmp_path / "b", {**empty_tables(), "term_counts": encoded}, {})
    assert second.arrow("term_counts").schema.equals(TABLES["term_counts"].arrow)
    assert first.fingerprint == second.fingerprint
    assert second.read("term_counts")[["doc_id", "term"]].values.tolist() == [["a", "乙"], ["a", "甲"], ["b", "乙"], ["b", "甲"]]


def test_a_reader_keeps_the_build_it_opened(tmp_path: Path) -> None:
    old = write_build(tmp_path, {**empty_tables(), "furniture": furniture(1)}, {})
    new = write_build(tmp_path, {**empty_tables(), "furniture": furniture(2)}, {})
    assert old.path != new.path
    assert len(old.read("furniture")) == 1
    assert len(open_build(tmp_path).read("furniture")) == 2


def test_a_table_that_does_not_fit_leaves_the_former_build(tmp_path: Path) -> None:
    former = write_build(tmp_path, empty_tables(), {})
    with pytest.raises(ValueError, match="may not be null"):
        bad = furniture(1).set_column(3, pa.field("rule", pa.string()), pa.array([None], pa.string()))
        write_build(tmp_path, {**empty_tables(), "furniture": bad}, {})
    with pytest.raises(ValueError, match="missing: reuse"):
        write_build(tmp_path, {name: rows for name, rows in empty_tables().items() if name != "reuse"}, {})
    assert open_build(tmp_path).fingerprint == former.fingerprint
    assert [path.name for path in (tmp_path / "builds").iterdir()] == [former.fingerprint]


def test_a_full_disk_leaves_the_former_build(tmp_path: Path) -> None:
    former = write_build(tmp_path, empty_tables(), {})

    def run_out_of_space(folder: Path) -> None:
        (folder / "half").write_bytes(b"x" * 100)
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        write_build(tmp_path, {**empty_tables(), "furniture": furniture(1)}, {}, run_out_of_space)
    assert open_build(tmp_path).fingerprint == former.fingerprint
    assert len(list((tmp_path / "builds").iterdir())) == 1


def test_a_killed_writer_leaves_the_former_build_and_the_next_one_succeeds(tmp_path: Path) -> None:
    former = write_build(tmp_path, empty_tables(), {})
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom tests.data_prep.test_store import *\n"
        f"write_build(Path({str(tmp_path)!r}), {{**empty_tables(), 'furniture': furniture(9)}}, {{}}, "
        "lambda folder: os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    if os.name == "nt":
        pytest.skip("Windows has no SIGKILL")
    died = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)
    assert died.returncode == -9
    assert open_build(tmp_path).fingerprint == former.fingerprint
    after = write_build(tmp_path, {**empty_tables(), "furniture": furniture(9)}, {})
    assert len(open_build(tmp_path).read("furniture")) == 9
    assert find_damage(after.path) == []
    assert {path.name for path in (tmp_path / "builds").iterdir()} == {former.fingerprint, after.fingerprint}


def test_damage_is_named(tmp_path: Path) -> None:
    build = write_build(tmp_path, empty_tables(), {})
    (build.path / "reuse.parquet").write_bytes(b"")
    (build.path / "pages.parquet").unlink()
    (build.path / "strange").write_text("x", encoding="utf-8")
    assert find_damage(build.path) == [
        "pages.parquet is missing", "strange is not of this build", "reuse.parquet has changed",
    ]


def test_no_build_is_one_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(BuildMissing, match="make one with  python -m data_prep build"):
        open_build(tmp_path)
