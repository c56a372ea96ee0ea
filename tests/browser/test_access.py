"""Names for all that can be used, and words that stand out from what they stand on, in both themes (WCAG 2.2)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

ACCESS = (Path(__file__).parent / "access.js").read_text(encoding="utf-8")
#: Pages that between them show every kind of thing that can be used.
VIEWS = [
    ("phrases", {"q": "动态清零,社会面清零", "province": "福建,江苏", "cell_province": "福建"}),
    ("document", {"doc": "pd-1", "marks": "phrase,person,evidence,repair,speech"}),
    ("coding", {"q": "动态清零"}),
    ("people", {"tab": "meetings"}),
    ("keyness", {"province": "福建", "against": "own", "ref_province": "山西"}),
    ("lexicon", {"tab": "own", "lang": "zh"}),
]


@pytest.fixture(scope="module", params=["light", "dark"])
def themed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=request.param)
    yield context
    context.close()


@pytest.mark.parametrize(("page", "params"), VIEWS, ids=[page for page, _ in VIEWS])
def test_everything_has_a_name_and_can_be_read(themed: BrowserContext, address: str, page: str, params: dict[str, str]) -> None:
    visit = Visit(themed.new_page(), address)
    shown = visit.open(page, **params)
    shown.wait_for_timeout(500)  # colours fade in
    wrong = shown.evaluate(ACCESS)
    shown.close()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("system", "chosen"), [("light", "Dark"), ("dark", "Light")])
def test_a_theme_chosen_against_the_system_can_be_read(browser: Browser, address: str, system: str, chosen: str) -> None:
    """What is written on the primary colour follows the theme that is shown, from the first run on."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, color_scheme=system)  # type: ignore[arg-type]
    context.add_init_script(f"localStorage.setItem('stActiveTheme-/phrases-v2', '\"{chosen}\"')")
    shown = Visit(context.new_page(), address).open("phrases", q="动态清零", province="福建")
    shown.wait_for_timeout(500)
    scheme = shown.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme")
    wrong = shown.evaluate(ACCESS)
    context.close()
    assert scheme == chosen.lower()
    assert not wrong, "\n".join(wrong)


def test_what_cannot_be_read_is_found(visit: Visit) -> None:
    """The check itself: an unnamed button and grey on grey do not pass."""
    page = visit.open()
    page.evaluate("""document.querySelector("h1").insertAdjacentHTML(
        "afterend", "<button style='width:9px;height:9px'></button><p style='color:#999;background:#aaa'>words</p>")""")
    wrong = page.evaluate(ACCESS)
    assert sorted(words.split(":")[0].split(" ")[0] for words in wrong) == ["contrast", "no"]
