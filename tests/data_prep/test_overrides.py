"""A reader's correction outranks every rule, is shown as such, and a wrong one is said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data_prep.check import check_build
from data_prep.overrides import FILE, BadOverride, Override, add_override, may_agree, read_overrides
from data_prep.pipeline import build_corpus
from tests.conftest import SEEDS

PAGE = "003_7977bfc00524bcc8.txt"


def test_corrections_reach_the_tables_and_show_as_evidence(tmp_path: Path) -> None:
    out = tmp_path / "build"
    out.mkdir()
    for field, value in (
        ("event_date", "2022-11-01/2022-11-30"), ("province", "西藏"), ("city", "太原"),
        ("no_person", "林武"), ("person", "于英杰=副省长"),
    ):
        add_override(out / FILE, Override(PAGE, 1, field, value, "读者更正"))
    add_override(out / FILE, Override("elsewhere.txt", 1, "province", "北京"))
    build, _ = build_corpus([SEEDS], out)
    assert check_build(build) == []
    pages = build.read("pages").set_index("path")
    document = build.read("documents").set_index("page_id").loc[pages.loc[PAGE, "page_id"]]
    assert pd.isna(document.event_date) and str(document.date_to.date()) == "2022-11-30"
    assert (document.province, document.provinces[:2], document.city) == ("西藏", ["西藏", "山西"], "太原")
    evidence = build.read("evidence")
    mine = evidence[(evidence["doc_id"] == document.doc_id) & (evidence["rule"] == "override")]
    assert set(mine["field"]) == {"event_date", "province", "city"}
    contradicted = evidence[(evidence["doc_id"] == document.doc_id) & (evidence["value"] == "山西") & (evidence["field"] == "province")]
    assert len(contradicted) and (contradicted["weight"] <= 0).all()
    dates = evidence[(evidence["doc_id"] == document.doc_id) & (evidence["field"] == "event_date") & (evidence["rule"] != "override")]
    room = dates["value"].map(lambda value: may_agree("event_date", value, "2022-11-01/2022-11-30"))
    assert room.any() and (dates["weight"] >= 0).equals(room)
    people = build.read("people")
    people = people[people["doc_id"] == document.doc_id]
    assert "林武" not in set(people["name"])
    assert set(people.loc[people["name"] == "于英杰", "role"]) == {"副省长"}


@pytest.mark.parametrize("field, found, right, agrees", [
    ("event_date", "2022-03-01/2022-03-31", "2022-03-30", True),
    ("event_date", "../2022-03-30", "2022-03-30", True),
    ("event_date", "../2022-03-29", "2022-03-30", False),
    ("event_date", "2022-03-31/..", "2022-03-30", False),
    ("published", "2022-03-30", "2022-03-01/2022-03-31", True),
    ("event_date", "2022-03-30", "", False),
    ("province", "福建", "福建", True),
    ("province", "福建", "江西", False),
])
def test_evidence_that_leaves_room_for_the_right_value_does_not_contradict(field: str, found: str, right: str, agrees: bool) -> None:
    assert may_agree(field, found, right) is agrees


@pytest.mark.parametrize("row, sentence", [
    ("p.txt,1,colour,red,", "no field 'colour'"),
    ("p.txt,one,province,福建,", "is no number"),
    ("p.txt,1,event_date,29 March,", "is no day"),
    ("p.txt,1,event_date,2022-03-30/2022-03-01,", "ends before it begins"),
    ("p.txt,1,province,火星,", "is no province"),
    ("p.txt,1,person,=省长,", "needs a name"),
])
def test_a_wrong_correction_names_its_row(tmp_path: Path, row: str, sentence: str) -> None:
    file = tmp_path / FILE
    file.write_text(f"path,position,field,value,note\np.txt,1,city,泉州,\n{row}\n", encoding="utf-8")
    with pytest.raises(BadOverride, match=sentence) as caught:
        read_overrides(file)
    assert "line 3" in str(caught.value)


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadOverride, match="lacks the column path, position, field, value"):
        read_overrides(tmp_path / FILE)
    with pytest.raises(BadOverride, match="no province"):
        add_override(tmp_path / FILE, Override("p.txt", 1, "province", "火星"))


def test_what_is_added_is_read_back(tmp_path: Path) -> None:
    override = Override('a,"b"\n.txt', 2, "outlet", "东南网, 福建", "两行\n注")
    add_override(tmp_path / FILE, override)
    assert read_overrides(tmp_path / FILE) == [override]
