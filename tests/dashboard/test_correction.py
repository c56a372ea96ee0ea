"""Corrections are written only where whoever runs the dashboard says so; elsewhere the page says how to write them by hand."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.catalogue import open_catalogue
from dashboard.components.corrections import read_input
from dashboard.components.faults import say_fault
from data_prep.overrides import FILE, Override, read_overrides
from data_prep.store import Build

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"


@pytest.fixture
def folder(small_build: Build, tmp_path: Path) -> Path:
    """A folder of builds, as the preparation leaves it."""
    shutil.copytree(small_build.path, tmp_path / "builds" / small_build.path.name)
    (tmp_path / "CURRENT").write_text(small_build.path.name + "\n")
    return tmp_path


def open_document(monkeypatch: pytest.MonkeyPatch, build: Path, edit: str) -> AppTest:
    monkeypatch.setenv("TIFA_BUILD", str(build))
    monkeypatch.setenv("TIFA_EDIT", edit)
    app = AppTest.from_file(str(APP), default_timeout=30).run()
    app.switch_page("app_pages/document.py")
    app.query_params["lang"], app.query_params["doc"] = "en", "pa-1"
    return app.run()


def press_keep(app: AppTest, value: str) -> AppTest:
    next(field for field in app.text_input if field.label == "Right value").set_value(value)
    next(field for field in app.text_input if field.label.startswith("Why")).set_value("print edition, p. 1")
    return next(button for button in app.button if button.label == "Keep this correction").click().run()


def test_a_correction_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_keep(open_document(monkeypatch, folder, "1"), "2022-03-28")
    assert not app.exception
    assert "in force at the next build" in app.success[0].value
    assert read_overrides(folder / FILE) == [Override("pa.txt", 1, "event_date", "2022-03-28", "print edition, p. 1")]


def test_a_wrong_correction_is_a_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = press_keep(open_document(monkeypatch, folder, "1"), "yesterday")
    assert not app.exception and not app.success
    assert "yesterday" in app.warning[0].value
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("edit", ["", "0", "yes"])
def test_nothing_is_written_unless_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch, edit: str) -> None:
    app = open_document(monkeypatch, folder, edit)
    assert not app.exception
    assert not [button for button in app.button if button.label == "Keep this correction"]
    example = next(block.value for block in app.code if "event_date" in block.value)
    file = folder / "by_hand.csv"
    file.write_text(example, encoding="utf-8")
    assert read_overrides(file) == [Override("pa.txt", 1, "event_date", "2022-03-29", "your source")], "it can be used as it stands"
    assert len(list(csv.reader(example.splitlines()))) == 2


def test_a_build_outside_its_folder_takes_no_corrections(small_build: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bare = tmp_path / "elsewhere" / small_build.path.name
    shutil.copytree(small_build.path, bare)
    app = open_document(monkeypatch, bare, "1")
    assert not app.exception
    assert not [button for button in app.button if button.label == "Keep this correction"]


def read_states(app: AppTest) -> list[tuple[str, str, str]]:
    """(what, value, state) of the corrections the page lists."""
    tables = [frame.value for frame in app.dataframe if "state" in frame.value]
    return [(row["field"], row["value"], row["state"]) for table in tables for row in table.to_dict("records")]


def test_a_correction_is_read_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept is listed, until the next build as waiting; of others' documents, and of none, nothing is."""
    assert read_states(open_document(monkeypatch, folder, "1")) == []
    press_keep(open_document(monkeypatch, folder, "1"), "2022-03-28")
    (folder / FILE).open("a").write("other.txt,1,province,江苏,\r\npa.txt,1,no_person,施策,\r\n")
    for edit in ("1", "0"):
        assert read_states(open_document(monkeypatch, folder, edit)) == [
            ("event date", "2022-03-28", "waits for the next build"), ("a name that is none", "施策", "in this build"),
        ]  # fmt: skip
    (folder / FILE).write_text("path,position,field,value,note\npa.txt,1,moon,full,\n", encoding="utf-8")
    app = open_document(monkeypatch, folder, "1")
    assert not app.exception and "moon" in app.warning[0].value
    assert "没有" in say_fault(open_catalogue("zh").gettext, "x: there is no field 'moon'; use one of city")


def test_what_is_typed_may_be_in_words() -> None:
    session: Any = SimpleNamespace(t=open_catalogue("zh").gettext)
    assert read_input(session, "level", " 省级 ") == "province"
    assert read_input(session, "level", "county") == "county"
    assert read_input(session, "province", "福建省") == "福建" and read_input(session, "province", "火星") == "火星"
    assert read_input(session, "city", "泉州市") == "泉州市"
