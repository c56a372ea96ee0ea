"""Somebody else's series: read as it is, or refused in a sentence."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.queries.overlay import OverlayError, read_overlay, sum_up_overlay
from tests.conftest import SHARED

LONG = "日期,省份,数值\n2022-03-29,福建省,44\n2022-03-30,Fujian,\"1,044\"\n2022-03-29,内蒙古自治区,NA\n2022-04-01,,7.5\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_row_a_day(encoding: str) -> None:
    found = read_overlay(LONG.encode(encoding))
    rows = [(f"{day:%Y-%m-%d}", place, value) for day, place, value in found.itertuples(index=False)]
    assert rows == [("2022-04-01", None, 7.5), ("2022-03-29", "福建", 44.0), ("2022-03-30", "福建", 1044.0)]


def test_a_column_a_day() -> None:
    days = [f"3/{day}/22" for day in range(1, 8)]
    found = read_overlay(f"Province/State,Lat,{','.join(days)}\nShaanxi,3,1,2,3,4,5,6,7\nHong Kong,1,1,1,1,1,1,1,1\n".encode())
    assert found["province"].unique().tolist() == ["陕西"] and found["value"].tolist() == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no row below"),
        (b"date,value\n", "no row below"),
        (b"a,b\n1,2\n", "needs columns date, province, value"),
        (b"date,b\n2022-01-01,2\n", "needs columns date and value"),
        (b"date,value\nyesterday,1\n", "'yesterday' cannot be read"),
        (b"date,value\n" + b"2022-01-01,1\n" + b"2022-01-02,1\n" * 0 + b"01.02.2022,1\n", "cannot be read"),
        ("date,province,value\n2022-01-01,火星,1\n".encode(), "row 2: '火星' is no province"),
        (b"date,value\n2022-01-01,many\n", "row 2: 'many' is not a number"),
        (b"date,value\n2022-01-01,inf\n", "row 2: 'inf' is not a number"),
        (b"date,value\n2022-01-01,1\n2022-01-01,2\n", "two values for the whole country on 2022-01-01"),
        (b"date,value\n2022-01-01,1,5\n", "row 2 has 3 cells, the header 2"),
        (b"date,value\n2022-01-01,\n", "holds no value"),
        (b"\xff\xfe\x00\x80", "neither UTF-8 nor GB18030"),
        (b"a\0b,c\n1,2\n", "not text"),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(OverlayError, match=says):
        read_overlay(content)


def test_a_late_row_of_another_form_is_named() -> None:
    rows = "".join(f"2022-01-{day:02d},1\n" for day in range(1, 31))
    with pytest.raises(OverlayError, match="row 32: the day '1/2/2022'"):
        read_overlay(f"date,value\n{rows}1/2/2022,1\n".encode())


def test_summing_up() -> None:
    overlay = read_overlay(
        b"date,province,value\n2022-03-01,Fujian,1\n2022-03-31,Fujian,3\n2022-04-01,Fujian,10\n2022-03-05,Shanxi,7\n"
    )
    assert sum_up_overlay(overlay, "month", ("福建",)).values.tolist() == [["2022-03", None, 2.0], ["2022-04", None, 10.0]]
    assert sum_up_overlay(overlay, "month", how="sum")["value"].tolist() == [11.0, 10.0]
    assert sum_up_overlay(overlay, "month", how="last")["value"].tolist() == [10.0, 10.0]
    table = sum_up_overlay(overlay, "quarter", by_province=True)
    assert table.values.tolist() == [["2022-Q1", "山西", 7.0], ["2022-Q1", "福建", 2.0], ["2022-Q2", "福建", 10.0]]
    with pytest.raises(ValueError, match="no way median"):
        sum_up_overlay(overlay, "month", how="median")


def test_the_whole_country_s_own_row_is_taken() -> None:
    overlay = read_overlay(b"date,province,value\n2022-03-01,,100\n2022-03-01,Fujian,1\n")
    assert sum_up_overlay(overlay, "month")["value"].tolist() == [100.0]
    assert sum_up_overlay(overlay, "month", by_province=True)["value"].tolist() == [1.0]


@pytest.mark.skipif(not (SHARED / "reference").is_dir(), reason=f"no reference in {SHARED}")
def test_published_trackers_are_read_as_they_are() -> None:
    strict = read_overlay((SHARED / "reference" / "OxCGRT_StringencyIndex_CHN.csv").read_bytes())
    cases = read_overlay((SHARED / "reference" / "JHU_confirmed_China_to_2023-03-09.csv").read_bytes())
    for table in (strict, cases):
        assert table["province"].nunique() == 31 and table["value"].ge(0).all()
    assert strict["province"].isna().any() and strict["value"].max() <= 100
    hubei = cases[(cases["province"] == "湖北") & (cases["date"] == pd.Timestamp("2020-03-31"))]
    assert hubei["value"].tolist() == [67801.0]
