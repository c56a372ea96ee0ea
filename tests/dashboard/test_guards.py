"""What the dashboard must never do, read off its sources; and the settings that keep it quiet."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

DASHBOARD = Path(__file__).resolve().parents[2] / "dashboard"
SOURCES = sorted(DASHBOARD.rglob("*.py"))
BROWSER_SOURCES = sorted([*DASHBOARD.rglob("*.js"), *DASHBOARD.rglob("*.css")])

#: What lets a script in a document run, or fetches from elsewhere.
FORBIDDEN = {
    "unsafe_allow_html": "runs what a document holds",
    "unsafe_allow_javascript": "runs what a document holds",
    "components.html": "runs what a document holds",
    "plotly.express": "is seven times as slow as graph_objects",
    "choropleth": "fetches its outlines from the internet",
    ":material/": "fetches icons when used as the page's icon",
}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_nothing_forbidden_is_called(path: Path) -> None:
    code = ast.parse(path.read_text(encoding="utf-8"))
    said = {node.value.value for node in ast.walk(code) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    for node in ast.walk(code):
        names = []
        if isinstance(node, ast.keyword) and node.arg:
            names.append(node.arg)
        if isinstance(node, ast.Attribute):
            names.append(ast.unparse(node))
        if isinstance(node, ast.Import | ast.ImportFrom):
            names += [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in said:
            names.append(node.value)
        for name in names:
            for forbidden, reason in FORBIDDEN.items():
                assert forbidden not in name, f"{path.name}:{node.lineno}: {forbidden} {reason}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", BROWSER_SOURCES, ids=lambda path: path.name)
def test_components_make_no_html_of_text_and_ask_nobody(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
        assert way not in source
    for way in ("http:", "https:", "@import", "url(", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import("):
        assert way not in source


@pytest.mark.parametrize("path", BROWSER_SOURCES, ids=lambda path: path.name)
def test_colours_are_those_of_the_theme(path: Path) -> None:
    source = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", source), "colours are declared in config.toml"


def test_settings_keep_it_quiet() -> None:
    settings = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["browser"]["gatherUsageStats"] is False
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["runner"]["postScriptGC"] is False
    assert "http" not in (DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8")


def test_both_themes_declare_the_same() -> None:
    themes = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert set(themes["light"]) == set(themes["dark"])
    for theme in (themes["light"], themes["dark"]):
        assert len(theme["chartSequentialColors"]) == 10, "Streamlit wants ten"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("textColor", "backgroundColor"), ("textColor", "secondaryBackgroundColor"), ("linkColor", "backgroundColor"),
        ("grayTextColor", "backgroundColor"), ("textColor", "yellowBackgroundColor"), ("textColor", "greenBackgroundColor"),
        ("orangeTextColor", "orangeBackgroundColor"), ("textColor", "blueBackgroundColor"),
        ("blueTextColor", "blueBackgroundColor"), ("textColor", "grayBackgroundColor"),
    ],
)  # fmt: skip
def test_text_can_be_read(theme: str, ink: str, paper: str) -> None:
    """Contrast of at least 4.5 to 1 (WCAG 2.2, success criterion 1.4.3)."""
    colours = tomllib.loads((DASHBOARD / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][theme]
    light, dark = sorted((measure_luminance(colours[ink]), measure_luminance(colours[paper])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def measure_luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
