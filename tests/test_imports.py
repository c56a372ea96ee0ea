"""Who may import whom: the house keeps its rooms apart by this test, not by good will."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
STREAMLIT_ROOMS = ("dashboard/app.py", "dashboard/components/", "dashboard/app_pages/")
SHARED_BY_STEPS = {"schema", "script", "tokens", "lexicons"}
OPEN_TO_DASHBOARD = {"schema", "store", "script", "phrases", "tokens", "overrides"}
#: Modules of data_prep that are no steps: they join the steps or stand outside the recipe.
ABOVE_STEPS = {"pipeline", "__main__", "check", "export", "store", "dictionary", "overrides"}


def imports_of(path: Path) -> set[str]:
    """Dotted names a module imports, relative ones resolved, `from a import b` as a.b."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{stem}.{alias.name}" for alias in node.names}
    return found


def modules_in(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms_named(imports: set[str], package: str) -> set[str]:
    """First part below `package` of every import: data_prep.script.fold_script -> script."""
    return {name.split(".")[1] for name in imports if name.startswith(package + ".") and len(name.split(".")) > 1}


@pytest.mark.parametrize("path", modules_in("data_prep"), ids=name_of)
def test_preparation_knows_no_dashboard_and_no_streamlit(path: Path) -> None:
    tops = {name.split(".")[0] for name in imports_of(path)}
    assert not tops & {"dashboard", "streamlit", "plotly"}


@pytest.mark.parametrize("path", modules_in("data_prep"), ids=name_of)
def test_a_step_does_not_import_its_neighbours(path: Path) -> None:
    step = path.relative_to(ROOT / "data_prep").parts[0].removesuffix(".py")
    if step in ABOVE_STEPS or step in SHARED_BY_STEPS | {"__init__"}:
        return
    assert rooms_named(imports_of(path), "data_prep") - {step, "__version__"} <= SHARED_BY_STEPS


@pytest.mark.parametrize("path", modules_in("dashboard"), ids=name_of)
def test_dashboard_opens_only_these_doors_of_the_preparation(path: Path) -> None:
    assert rooms_named(imports_of(path), "data_prep") <= OPEN_TO_DASHBOARD


@pytest.mark.parametrize("path", modules_in("dashboard"), ids=name_of)
def test_only_pages_and_components_import_streamlit(path: Path) -> None:
    if not name_of(path).startswith(STREAMLIT_ROOMS):
        assert "streamlit" not in {name.split(".")[0] for name in imports_of(path)}


@pytest.mark.parametrize("path", modules_in("dashboard/queries"), ids=name_of)
def test_queries_draw_nothing(path: Path) -> None:
    assert "plotly" not in {name.split(".")[0] for name in imports_of(path)}
    assert "charts" not in rooms_named(imports_of(path), "dashboard")


@pytest.mark.parametrize("path", modules_in("dashboard/charts"), ids=name_of)
def test_charts_compute_nothing(path: Path) -> None:
    imports = imports_of(path)
    assert not {name.split(".")[0] for name in imports} & {"scipy", "duckdb"}
    assert "queries" not in rooms_named(imports, "dashboard")


def test_the_rules_see_a_breach(tmp_path: Path) -> None:
    """The reader of imports itself: relative and plain forms are both seen."""
    path = ROOT / "data_prep" / "_breach_seen_only_here.py"
    try:
        path.write_text("import streamlit\nfrom . import repair\nfrom data_prep.decode import decode_page\n", encoding="utf-8")
        assert imports_of(path) == {"streamlit", "data_prep.repair", "data_prep.decode.decode_page"}
        assert rooms_named(imports_of(path), "data_prep") == {"repair", "decode"}
    finally:
        path.unlink()
