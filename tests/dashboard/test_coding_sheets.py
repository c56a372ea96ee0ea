"""A sheet goes out to a spreadsheet and comes back, with its codes and every character as it was."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.corpus import Corpus
from dashboard.exports import write_csv
from dashboard.filters import Filters
from dashboard.queries.coding import KEY, SheetError, draw_sheet, keep_codes, read_sheet_file

CODES = ["目标", "=评价", "-1", "", '引"号,与逗号']


@pytest.fixture
def sheet(small_corpus: Corpus) -> pd.DataFrame:
    drawn = draw_sheet(small_corpus, Filters(unit="copies"), "动态清零", n=5, seed=3)
    assert len(drawn) == 5
    return drawn


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_comes_back_from_a_spreadsheet(sheet: pd.DataFrame, encoding: str, delimiter: str) -> None:
    sent = read_sheet_file(write_csv(sheet.assign(code=CODES), {}))
    back = read_sheet_file(sent.to_csv(index=False, sep=delimiter).encode(encoding))
    assert back["code"].tolist() == CODES
    assert back["left"].tolist() == sheet["left"].tolist()
    filled = keep_codes(sheet, back)
    assert filled["code"].tolist() == CODES
    assert filled.drop(columns=["code", "note"]).equals(sheet.drop(columns=["code", "note"]))


def test_formulas_in_a_sheet_do_not_run(sheet: pd.DataFrame) -> None:
    text = write_csv(sheet.assign(code="=1+1", note="+2"), {}).decode("utf-8-sig")
    assert ",'=1+1,'+2," in text


def test_codes_go_to_their_lines_whatever_the_order(sheet: pd.DataFrame) -> None:
    other = sheet.assign(code=[f"码{n}" for n in range(5)]).sample(frac=1, random_state=1).iloc[:3]
    filled = keep_codes(sheet, other)
    expected = {tuple(row[name] for name in KEY): row["code"] for _, row in other.iterrows()}
    found = {tuple(row[name] for name in KEY): row["code"] for _, row in filled.iterrows() if row["code"]}
    assert found == expected


def test_what_is_coded_already_stays_where_the_other_sheet_is_empty(sheet: pd.DataFrame) -> None:
    coded = sheet.assign(code="甲", note="旧")
    assert set(keep_codes(coded, sheet)["code"]) == {"甲"}
    assert set(keep_codes(coded, sheet)["note"]) == {"旧"}


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"a,b\n1,2\n", b'"doc_id,begin\n', "只有一行".encode()])
def test_what_is_no_sheet_ends_in_one_sentence(sheet: pd.DataFrame, content: bytes) -> None:
    with pytest.raises(SheetError) as fault:
        keep_codes(sheet, read_sheet_file(content))
    assert "\n" not in str(fault.value).strip()
