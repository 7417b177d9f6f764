"""The page as a bundle of a few files, and as it lies in `static/`: both trade, and load the rest when it is opened."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ESBUILD, ServerProcess, Terminal, terminal_of
from tests.browser.hands import MARKET, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

MAX_REQUESTS = 25
CONTENT_NAME = re.compile(r"/dist/[\w.-]+-[0-9A-Z]{8}\.(js|css)$")
KEPT = """
performance.getEntriesByType("resource").filter(({ name, transferSize }) => /[/]dist[/]/.test(name) && transferSize > 0)
  .map(({ name }) => name)
"""


@pytest.fixture
def source(browser: Browser, tmp_path: Path) -> Iterator[Terminal]:
    """A fresh page of a server that serves the source."""
    process = ServerProcess(tmp_path, "--ephemeral", "--debug")
    process.start()
    yield from terminal_of(browser, process.address, {})
    process.stop()


def scripts(page: Page) -> list[str]:
    """Paths of the scripts that the page has loaded."""
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)"
    )
    return [name for name in names if name.endswith((".js", ".mjs"))]


def trade(page: Page) -> None:
    """Buy, and open a panel whose code is loaded then."""
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    fill_ticket(page, "Buy", MARKET, "3")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("3")
    show_tab(page, "executions")
    expect(row(page, "executions", "AAPL")).to_have_count(1)


@pytest.mark.skipif(not ESBUILD.exists(), reason="esbuild is not installed: npm ci in static/")
def test_bundle_is_few_files_that_the_browser_keeps(terminal: Terminal) -> None:
    requests: list[str] = []
    page = terminal.page
    page.on("request", lambda request: requests.append(request.url))
    terminal.open()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    assert len([url for url in requests if not url.startswith("data:")]) <= MAX_REQUESTS
    assert [path for path in scripts(page) if not CONTENT_NAME.search(path)] == []
    assert not any("executions" in path or "fallback" in path for path in scripts(page))
    trade(page)
    assert any("/executions-" in path for path in scripts(page))
    page.reload()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    assert page.evaluate(KEPT) == []


def test_source_is_served_as_it_lies_with_debug(source: Terminal) -> None:
    source.open()
    trade(source.page)
    assert "/js/main.js" in scripts(source.page)
    assert not any("/dist/" in path for path in scripts(source.page))
