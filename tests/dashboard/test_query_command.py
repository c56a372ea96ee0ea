"""The command line prints the tables behind the pages, and says whose they are."""

from __future__ import annotations

import io
import json
import math
from pathlib import Path

import pandas as pd
import pytest

from dashboard.__main__ import main
from dashboard.corpus import Corpus
from dashboard.exports import describe_origin, write_csv, write_jsonl, write_table
from dashboard.filters import Filters
from dashboard.queries import QUERIES
from data_prep.store import Build


def run(build: Build, tmp_path: Path, *arguments: str) -> bytes:
    output = tmp_path / "table"
    assert main(["query", *arguments, "--build", str(build.path), "--output", str(output)]) == 0
    return output.read_bytes()


def test_a_timeline_as_csv_for_excel(small_build: Build, tmp_path: Path) -> None:
    content = run(small_build, tmp_path, "timeline", "--phrase", "动态清零", "--phrase", "疫情", "--province", "福建,山西")
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    table = pd.read_csv(io.BytesIO(content))
    assert list(table.columns[:11]) == ["period", "province", "phrase", "n_documents", "n_releases", "n_with", "hits",
                                        "n_chars", "share", "low", "high"]  # fmt: skip
    assert set(table["phrase"]) == {"动态清零", "疫情"} and set(table["n_undated"]) == {0}
    assert set(table["selection"]) == {Filters(provinces=("福建", "山西")).sentence("en")}
    assert set(table["build"]) == {small_build.fingerprint} and set(table["version"]) == {"test"}


def test_undated_documents_are_said(small_build: Build, tmp_path: Path) -> None:
    content = run(small_build, tmp_path, "timeline", "--phrase", "动态清零", "--format", "jsonl")
    assert {json.loads(line)["n_undated"] for line in content.decode().splitlines()} == {2}


def test_lines_as_json(small_build: Build, tmp_path: Path) -> None:
    content = run(small_build, tmp_path, "concordance", "--phrase", "社会面清零", "--format", "jsonl", "--language", "zh",
                  "--unit", "copies", "--sort", "date,1R")  # fmt: skip
    rows = [json.loads(line) for line in content.decode().splitlines()]
    assert list(rows[0]) == ["doc_id", "begin", "end", "left", "node", "right", "event_date", "province", "outlet", "title",
                             "speaker", "voice", "office", "selection", "build", "version"]  # fmt: skip
    # The first may have been on any day from 20 February on, so that it has no event_date and still comes first.
    assert [row["event_date"] for row in rows] == [None, "2022-03-29", "2022-03-30"]
    assert rows[0]["selection"] == "全部文档；按刊载份数计；按月。"


@pytest.mark.parametrize("name", ["overview", "cells", "repairs"])
def test_what_needs_no_phrase(small_build: Build, tmp_path: Path, name: str) -> None:
    assert len(run(small_build, tmp_path, name).splitlines()) > 1


def test_every_question_is_described() -> None:
    assert all(ask.__doc__ for ask in QUERIES.values())


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["timeline"], "say which phrase"),
        (["timeline", "--phrase", "re:(("], "RE2"),
        (["timeline", "--phrase", "x", "--province", "火星"], "火星 is not known"),
        (["timeline", "--phrase", "x", "--by", "colour"], "cannot be cut by colour"),
        (["concordance", "--phrase", "疫情", "--sort", "9R"], "cannot be sorted by 9R"),
    ],
)
def test_a_mistake_ends_in_one_sentence(
    small_build: Build, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["query", *arguments, "--build", str(small_build.path)]) == 1
    printed = capsys.readouterr()
    assert says in printed.err and printed.err.count("\n") == 1 and not printed.out


def test_no_build_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["query", "overview", "--build", str(tmp_path)]) == 1
    assert "python -m data_prep build" in capsys.readouterr().err


def test_cells_are_written_as_a_spreadsheet_can_bear(small_corpus: Corpus) -> None:
    frame = pd.DataFrame({
        "text": ["=1+1", "@x", "-", "plain", None],
        "n": [1.5, math.nan, -2.0, 3.0, 4.0],
        "list": [["a", "b"], [], [[1, 2], [3, 4]], None, ["c"]],
        "day": pd.to_datetime(["2022-03-29", None, "2022-03-30", None, None]),
    })  # fmt: skip
    origin = describe_origin(small_corpus, Filters())
    read = pd.read_csv(io.BytesIO(write_csv(frame, origin)))
    assert read["text"].tolist()[:4] == ["'=1+1", "'@x", "'-", "plain"]
    assert read["n"].tolist()[2] == -2.0 and read["list"].tolist()[0] == "a|b" and read["list"].tolist()[2] == "1..2|3..4"
    assert read["day"].tolist()[0] == "2022-03-29"
    rows = [json.loads(line) for line in write_jsonl(frame, origin).decode().splitlines()]
    assert rows[0]["text"] == "=1+1" and rows[1]["n"] is None and rows[2]["list"] == [[1, 2], [3, 4]]
    assert rows[0]["day"] == "2022-03-29" and rows[1]["day"] is None and rows[4]["build"] == small_corpus.fingerprint
    with pytest.raises(ValueError, match="unknown format pdf"):
        write_table(frame, origin, "pdf")


#: Options that let each name be asked on the invented build, and a column its table must have.
ASKED = {
    "timeline": (["--phrase", "动态清零", "--by", "period,province", "--rate"], "rate_low"),
    "concordance": (["--phrase", "动态清零", "--sort", "1L,office", "--width", "sentence", "--sample", "2"], "office"),
    "change": (["--phrase", "动态清零", "--to", "2022-03-31", "--against", "from=2022-04-01", "--by", "province"], "difference"),
    "adoption": (["--phrase", "动态清零"], "lag_days"), "speakers": (["--phrase", "动态清零", "--by", "office"], "n_with"),
    "voices": (["--phrase", "动态清零", "--by", "province"], "voice"), "reuse": ([], "n_chars"),
    "tokens": (["--phrase", "动态清零"], "token_hits"), "overview": ([], "value"), "cells": ([], "n_releases"),
    "repairs": ([], "rule"), "align": (["--doc", "pa-1", "--doc", "pb-1"], "kind"), "documents": (["--limit", "3"], "label"),
    "people": ([], "offices"), "career": (["--person", "q1"], "office"), "attendance": ([], "place"), "network": ([], "log_dice"),
    "order": ([], "changed"), "keyness": (["--province", "福建", "--against", "province=山西", "--by", "phrases"], "log_ratio"),
    "collocates": (["--phrase", "动态清零", "--width", "5"], "mi3"), "dispersion": (["--phrase", "动态清零"], "dp_norm"),
    "discover": (["--limit", "5"], "score"), "formulas": ([], "items"), "sheet": (["--phrase", "动态清零", "--sample", "3"], "code"),
    "groups": (["--phrase", "动态清零", "--by", "speaker,period"], "n_lines"), "barcodes": (["--phrase", "动态清零"], "shares"),
    "parts": (["--phrase", "动态清零", "--by", "document"], "expected"), "near": (["--phrase", "动态清零", "--phrase", "坚持"], "node"),
    "company": (["--phrase", "动态清零", "--width", "sentence"], "n_windows"), "places": ([], "mean_place"),
    "lexicon": ([], "n_documents"), "undated": ([], "date_from"), "copies": ([], "n_copies"), "rejected": ([], "reason"),
    "pairs": ([], "n_chars"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_every_name_can_be_asked_under_every_filter(small_build: Build, tmp_path: Path, name: str) -> None:
    options, column = ASKED[name]
    for filters in ([], ["--unit", "copies", "--period", "quarter", "--level", "province,city,centre", "--speaker", "leader,paper"]):
        if name == "keyness" and filters:
            filters = filters[:-2]
        head = run(small_build, tmp_path, name, *options, *filters).decode("utf-8-sig").splitlines()[0].split(",")
        assert {column, "selection", "build", "version"} <= set(head), name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["timeline", "--phrase", "re:("], "RE2"), (["timeline"], "--phrase"),
        (["concordance", "--phrase", "动态清零", "--width", "wide"], "--width"),
        (["keyness", "--against", "nonsense"], "--against"), (["keyness", "--against", "colour=red"], "--against"),
        (["keyness", "--against", "province=火星"], "火星"), (["timeline", "--phrase", "动态清零", "--from", "yesterday"], "yesterday"),
        (["timeline", "--phrase", "动态清零", "--output", "/no/such/folder/x.csv"], "/no/such/folder"),
    ],
)  # fmt: skip
def test_what_is_wrong_ends_in_one_sentence(
    small_build: Build, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert main(["query", *arguments, "--build", str(small_build.path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("tifa: ") and words in said and said.count("\n") == 1
