"""A real browser on the real dashboard, on a hand-written build; every request to another host is a fault."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.dashboard.conftest import make_build, make_documents, small_rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PATIENCE = 60_000  # ms, for machines that are busy
#: Something to be discovered.
FORMULAS = ["落实“四个不摘”，即摘帽不摘责任、不摘政策、不摘帮扶、不摘监管。", "“四个不摘”记在心。", "继续“四个不摘”。"]


def find_chromium() -> str | None:
    """The chromium on the path, under either of its names."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with a sentence, where there is no browser to drive."""
    reason = ""
    if find_chromium() is None:
        reason = "no chromium is on the path: install it (apt-get install chromium) to run the browser tests"
    else:
        try:
            import playwright  # noqa: F401
        except ImportError:
            reason = "playwright is not installed: pip install -r requirements-dev.txt to run the browser tests"
    if reason:
        for item in items:
            if Path(str(item.path)).parent == Path(__file__).parent:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard, served as the README says, on a free port."""
    rows = small_rows()
    rows["documents"] += make_documents(FORMULAS)  # undated and of no place: they stand in nobody's way
    build = make_build(tmp_path_factory.mktemp("browser"), rows)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("log") / "server.log"
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port),
             "--server.headless", "true"],
            cwd=ROOT, stdout=sink, stderr=sink, env=os.environ | {"TIFA_BUILD": str(build.path)},
        )  # fmt: skip
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        else:
            raise RuntimeError(f"the dashboard did not answer: {log.read_text(errors='replace')[-2000:]}")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """A page of the dashboard in the browser, with what it asked for and what it complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.strangers: list[str] = []
        self.faults: list[str] = []
        page.on("request", self._note_request)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._note_message(message.type, message.text, message.location.get("url", "")))

    def _note_request(self, request: object) -> None:
        parts = urlsplit(request.url)  # type: ignore[attr-defined]
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname != "127.0.0.1":
            self.strangers.append(request.url)  # type: ignore[attr-defined]

    def _note_message(self, kind: str, text: str, url: str) -> None:
        # On a page below the root, Streamlit first looks for its server beside the page, and says that it is not there.
        if kind == "error" and "/_stcore/" not in url:
            self.faults.append(f"{text} {url}")

    def open(self, page: str = "", **params: str) -> Page:
        """Open a page with the parameters of an address, and wait until it stands still."""
        from urllib.parse import urlencode

        self.page.goto(f"{self.address}/{page}?{urlencode({'lang': 'en'} | params)}")
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until the run that a click began has ended."""
        self.page.wait_for_timeout(150)
        self.page.wait_for_selector(SETTLED, timeout=PATIENCE)
        self.page.wait_for_timeout(150)


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile for all visits, so that the programme of the page is fetched and compiled once."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    # Chromium without a screen waits for ever in the dialogue for saving a file; without it, it simply downloads.
    context.add_init_script("delete window.showSaveFilePicker")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def visit(context: BrowserContext, address: str) -> Iterator[Visit]:
    """A fresh visitor. At the end: nobody but this machine was asked for anything, and nothing was complained of."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    visit = Visit(page, address)
    yield visit
    page.close()
    assert not visit.strangers, f"asked of other hosts: {visit.strangers}"
    assert not visit.faults, f"the browser complained: {visit.faults}"
