"""The page as a bundle of a few files, and as it lies in `static/`: both trade, and load the rest when it is opened."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from handlers.page_bundle import has_current_bundle
from tests.browser.conftest import ROOT, ServerProcess, Terminal, terminal_of
from tests.browser.hands import MARKET, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

MAX_REQUESTS = 25
CONTENT_NAME = re.compile(r"/dist/[\w.-]+-[0-9A-Z]{8}\.(js|css)$")
KEPT = """
performance.getEntriesByType("resource").filter(({ name, transferSize }) => /[/]dist[/]/.test(name) && transferSize > 0)
  .map(({ name }) => name)
"""


@pytest.fixture
def bundled_server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that serves the bundle, which is made if it is missing."""
    if not (ROOT / "static/node_modules/esbuild").exists():
        pytest.skip("esbuild is not installed: npm ci in static/")
    if not has_current_bundle(ROOT / "static"):
        subprocess.run(["node", "static/bundle.mjs"], cwd=ROOT, check=True)
    process = ServerProcess(tmp_path, "--ephemeral")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def bundled(browser: Browser, bundled_server: ServerProcess) -> Iterator[Terminal]:
    """A fresh page of that server."""
    yield from terminal_of(browser, bundled_server.address, {})


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


def test_bundle_is_few_files_that_the_browser_keeps(bundled: Terminal) -> None:
    requests: list[str] = []
    page = bundled.page
    page.on("request", lambda request: requests.append(request.url))
    bundled.open()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    assert len([url for url in requests if not url.startswith("data:")]) <= MAX_REQUESTS
    assert [path for path in scripts(page) if not CONTENT_NAME.search(path)] == []
    assert not any("executions" in path or "fallback" in path for path in scripts(page))
    trade(page)
    assert any("/executions-" in path for path in scripts(page))
    page.reload()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    assert page.evaluate(KEPT) == []


def test_source_is_served_as_it_lies_with_debug(terminal: Terminal) -> None:
    terminal.open()
    trade(terminal.page)
    assert "/js/main.js" in scripts(terminal.page)
    assert not any("/dist/" in path for path in scripts(terminal.page))
