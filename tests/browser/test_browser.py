"""What a person does with the dashboard: looks, clicks, follows links, downloads, turns it to the other language."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Visit

PAGES = sorted(
    path.stem for path in (Path(__file__).resolve().parents[2] / "dashboard" / "app_pages").glob("[a-z]*.py")
)


def read_params(visit: Visit) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(visit.page.url).query).items()}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(visit: Visit, page: str) -> None:
    shown = visit.open("" if page == "overview" else page)
    assert shown.locator("h1").first.is_visible()
    assert shown.locator('[data-testid="stException"]').count() == 0
    shown.set_viewport_size({"width": 390, "height": 844})
    shown.wait_for_timeout(300)
    width = shown.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollWidth")
    assert width <= 390, "a phone needs no scrolling sideways"


def test_a_cell_of_the_overview_opens_its_documents(visit: Visit) -> None:
    page = visit.open()
    page.locator("button[aria-label^='Fujian · 2022-03']").click()
    visit.settle()
    assert page.locator("ol.list li").count() == 3
    assert read_params(visit)["cell_province"] == "福建"
    page.locator("ol.list a", has_text="赵龙在泉州检查").click()
    visit.settle()
    assert page.locator("h1").inner_text() == "赵龙在泉州检查"
    assert read_params(visit)["doc"] == "pc-1"


def test_the_bar_turns_pages_and_keeps_filters(visit: Visit) -> None:
    page = visit.open(province="福建")
    page.get_by_test_id("stTopNavLinkContainer").nth(1).click()
    visit.settle()
    assert urlsplit(page.url).path == "/phrases"
    assert read_params(visit)["province"] == "福建"


def test_a_province_on_the_map_opens_its_lines(visit: Visit) -> None:
    page = visit.open("phrases", q="社会面清零")
    page.locator("button.tile[title^='Fujian']").click()
    visit.settle()
    assert page.locator("ol.list mark.node").all_inner_texts() == ["社会面清零", "社会面清零"]
    assert page.locator("button.tile[aria-pressed='true'] .short").inner_text(timeout=5000) is not None


def test_a_bar_opens_its_lines(visit: Visit) -> None:
    page = visit.open("phrases", q="动态清零")
    bars = page.locator(".st-key-bars_province .barlayer path")
    bars.first.wait_for()
    bars.last.click(force=True)  # the longest bar is drawn last
    visit.settle()
    assert "cell_province" in read_params(visit)
    assert page.locator("ol.list li").count() >= 1


def test_a_point_of_the_timeline_opens_its_lines(visit: Visit) -> None:
    page = visit.open("phrases", q="社会面清零", period="year")
    point = page.locator(".st-key-timeline .scatterlayer .point").first
    point.wait_for()
    point.click(force=True)
    visit.settle()
    assert read_params(visit)["cell_period"] == "2022"
    assert page.locator("ol.list li").count() == 3


def test_a_place_that_took_a_phrase_up_opens_its_lines(visit: Visit) -> None:
    page = visit.open("adoption", q="动态清零")
    points = page.locator(".st-key-adoption .scatterlayer .trace").last.locator(".point")
    points.first.wait_for()
    assert points.count() == 4, "the centre and three provinces"
    points.nth(1).click(force=True)
    visit.settle()
    assert read_params(visit)["cell_province"] == "福建"
    assert page.locator("ol.list li mark.node").all_inner_texts() == ["动态清零总方针"]
    page.get_by_text("Offices", exact=True).click()
    visit.settle()
    bars = page.locator(".st-key-voices_office .barlayer path")
    bars.first.wait_for()
    bars.first.click(force=True)
    visit.settle()
    assert urlsplit(page.url).path == "/concordance"
    assert read_params(visit)["speaker"].startswith("office:")


def test_an_address_restores_the_view_elsewhere(visit: Visit) -> None:
    page = visit.open("phrases", q="动态清零", province="福建", unit="copies")
    page.get_by_text("raw hits", exact=True).click()
    visit.settle()
    address = page.url
    assert {"q", "province", "unit", "period", "measure", "lang"} <= read_params(visit).keys()
    other = page.context.browser.new_context().new_page()  # type: ignore[union-attr]
    other.goto(address)
    other.wait_for_selector("h1")
    other.wait_for_function("document.body.innerText.includes('Raw number of hits')")
    other.locator("svg .annotation-text", has_text="Province 福建").first.wait_for()
    other.locator("svg .annotation-text", has_text="counted by copy").first.wait_for()
    assert other.url == address
    other.context.close()


def test_back_goes_back(visit: Visit) -> None:
    page = visit.open("phrases", q="动态清零")
    page.get_by_text("raw hits", exact=True).click()
    visit.settle()
    assert read_params(visit)["measure"] == "hits"
    page.go_back()
    visit.settle()
    assert read_params(visit)["measure"] == "share"
    page.get_by_text("95% Wilson").first.wait_for()


def test_one_step_back_leads_to_the_page_before(visit: Visit) -> None:
    """A page writes its address out in full when it is reached; that is no step of its own."""
    page = visit.open("document")
    page.locator("ol.list a").first.click()
    visit.settle()
    assert read_params(visit)["doc"] and "go" not in read_params(visit)
    page.go_back()
    visit.settle()
    assert page.locator("h1").inner_text() == "Documents"
    page.get_by_test_id("stTopNavLinkContainer").nth(1).click()
    visit.settle()
    page.get_by_text("raw hits", exact=True).click()
    visit.settle()
    for shown in ("/phrases", "/document"):
        page.go_back()
        visit.settle()
        assert urlsplit(page.url).path == shown
    assert page.locator("h1").inner_text() == "Documents"


def test_no_word_of_streamlit_is_left_in_english(visit: Visit) -> None:
    page = visit.open("lexicon", tab="own", lang="zh")
    field = page.get_by_test_id("stFileUploader")
    field.get_by_text("选择文件", exact=True).wait_for()
    field.get_by_text("每个文件至多 20 MB").wait_for()
    field.locator("input").set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": b"a"})
    field.get_by_text("不接受 image/png 类型的文件。").wait_for()
    table = page.get_by_test_id("stDataFrame")
    table.hover()
    assert page.get_by_role("button", name="全屏").count() and not page.get_by_role("button", name="Fullscreen").count()
    page.get_by_text("English", exact=True).click()
    visit.settle()
    page.get_by_role("button", name="Fullscreen").first.wait_for()
    assert page.get_by_role("button", name="全屏").count() == 0


def test_the_table_downloads_with_its_provenance(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("phrases", q="动态清零", province="福建")
    with page.expect_download() as waiting:
        page.get_by_text("Download as CSV").first.click()
    target = tmp_path / "table.csv"
    waiting.value.save_as(target)
    raw = target.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf"), "a spreadsheet needs the mark to read Chinese"
    head, first = raw.decode("utf-8-sig").splitlines()[:2]
    assert {"period", "share", "low", "high", "selection", "build", "version"} <= set(head.split(","))
    assert "Province 福建" in first


def test_the_language_turns(visit: Visit) -> None:
    page = visit.open()
    page.get_by_text("中文", exact=True).click()
    visit.settle()
    assert page.locator("h1").inner_text() == "语料库概况"
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert read_params(visit)["lang"] == "zh"
    assert page.get_by_test_id("stTopNavLinkContainer").first.inner_text() == "总览"


def test_side_by_side_marks_only_true_differences(visit: Visit) -> None:
    page = visit.open("side_by_side", a="pa-1", b="pb-1")
    marked = page.locator("mark.differs").all_inner_texts()
    body = page.locator(".row.heads ~ .row").all_inner_texts()
    assert len(body) >= 2
    assert not any("坚持动态清零总方针" in text for text in marked), "what both have is no difference"
    assert page.locator(".row.only_b", has_text="社会面清零").count() == 1


def test_a_mark_tells_and_leads(visit: Visit) -> None:
    page = visit.open("document", doc="pa-1")
    page.locator("mark.phrase").first.click()
    card = page.locator(".card")
    assert "动态清零" in card.inner_text()
    card.get_by_role("button", name="Where else this phrase stands").click()
    visit.settle()
    assert urlsplit(page.url).path == "/phrases"
    assert read_params(visit)["q"] == "动态清零"


def test_words_that_gave_a_person_are_shown_in_the_text(visit: Visit) -> None:
    page = visit.open("document", doc="pc-1")
    quote = page.locator("button.quote", has_text="赵龙").first
    quote.click()
    visit.settle()
    begin, end = map(int, read_params(visit)["at"].split("-"))
    assert end - begin == 2
    assert page.locator("mark.node").all_inner_texts() == ["赵龙"]
    assert page.locator("button.quote[aria-pressed='true']").count() == 1
    page.locator("button.quote[aria-pressed='true']").click()
    visit.settle()
    assert "at" not in read_params(visit) and page.locator("mark.node").count() == 0
    page.locator("button.name", has_text="赵龙").click()
    visit.settle()
    assert page.locator("h1").inner_text() == "赵龙"


def test_a_line_of_the_concordance_opens_at_its_place(visit: Visit) -> None:
    page = visit.open("concordance", q="动态清零")
    page.locator("ol.kwic li").first.wait_for()
    page.locator("ol.kwic a").first.click()
    visit.settle()
    begin, end = map(int, read_params(visit)["at"].split("-"))
    words = page.locator("mark.node").all_inner_texts()
    assert len("".join(words)) == end - begin and "".join(words).startswith("动态清零")
    assert page.locator("mark.node").first.evaluate("e => { const at = e.getBoundingClientRect(); return at.top >= 0 && at.bottom <= innerHeight }")


def test_hostile_text_does_nothing(visit: Visit) -> None:
    """pj-1 holds a script, an image of another host, a link that runs and a formula: all stay letters."""
    page = visit.open("document", doc="pj-1")
    assert "<script>alert(1)</script>" in page.locator("h1").inner_text()
    assert page.locator("a[href^='javascript']").count() == 0
    for other in ("", "phrases", "side_by_side"):
        visit.open(other, q="evil.example", a="pj-1", b="pa-1", cell_province="四川")
        assert page.locator("img[src*='evil.example']").count() == 0
        assert page.locator("a[href*='evil.example']").count() == 0


def test_the_link_button_copies_the_address(visit: Visit) -> None:
    page = visit.open("phrases", q="四早")
    page.get_by_role("button", name="Copy link to this view").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url


def test_two_visitors_do_not_see_one_another(visit: Visit) -> None:
    """Filters belong to a visitor: what one chooses, the other must not be shown, nor find in the address."""
    first = visit.open("concordance", q="动态清零", province="山西")
    context = first.context.browser.new_context()  # type: ignore[union-attr]
    other = Visit(context.new_page(), visit.address)
    second = other.open("concordance", q="社会面清零", province="江苏", unit="copies")
    lines = first.locator("ol.kwic .node")
    assert set(lines.all_inner_texts()) == {"动态清零"}
    for page, own in ((first, "Shanxi"), (second, "Jiangsu"), (first, "Shanxi")):
        page.get_by_text("copies", exact=True).first.click()
        (visit if page is first else other).settle()
        places = {words.split(" · ")[-1] for words in page.locator("ol.kwic .facts").all_inner_texts()}
        assert places == {own}
    assert read_params(visit)["province"] == "山西" and read_params(other)["province"] == "江苏"
    context.close()


def click_cell(visit: Visit, number: int, x: float, row: int = 0) -> None:
    """Click into a table at x pixels from its left edge: a table is a canvas, so there is no element to click."""
    table = visit.page.get_by_test_id("stDataFrame").nth(number)
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    visit.page.mouse.click(box["x"] + x, box["y"] + 36 + 35 * row + 17)
    visit.settle()


def test_a_row_of_the_counts_narrows_the_lines(visit: Visit) -> None:
    page = visit.open("concordance", q="动态清零", unit="copies", group="node")
    page.locator("ol.kwic li").first.wait_for()
    assert len(set(page.locator("ol.kwic .node").all_inner_texts())) > 1, "a phrase with its variant"
    click_cell(visit, 0, 18)
    assert read_params(visit)["q"] == '"动态清零"'
    page.locator("ol.kwic li").first.wait_for()
    assert set(page.locator("ol.kwic .node").all_inner_texts()) == {"动态清零"}


def test_one_click_adds_a_formula_to_the_own_lexicon(visit: Visit) -> None:
    page = visit.open("discover", tab="formulas")
    page.get_by_text("My lexicon (0)").wait_for()
    for x in range(110, 230, 30):  # the column of buttons is as far right as the formula is wide
        click_cell(visit, 0, x)
        if page.get_by_text("My lexicon (1)").count():
            break
    page.get_by_text("My lexicon (1)").click()
    visit.settle()
    assert read_params(visit)["tab"] == "own"
    assert page.get_by_text("Download my lexicon").count() == 1
