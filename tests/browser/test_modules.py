"""The page of a server that runs one module alone: it shows what works and says what is off."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import ServerProcess, Terminal, terminal_of
from tests.browser.hands import LIMIT, MARKET, cell, fill_ticket, row, show_tab
from tests.browser.test_accessibility import serious_findings

pytestmark = pytest.mark.browser


@pytest.fixture
def alone(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Terminal]:
    """A fresh page of a server with one module, ready."""
    process = ServerProcess(tmp_path, "--ephemeral", "--modules", request.param)
    process.start()
    for terminal in terminal_of(browser, process.address, {}):
        terminal.page.goto(process.address)
        terminal.page.locator("body.ready").wait_for()
        yield terminal
    process.stop()


@pytest.mark.parametrize("alone", ["datafeed"], indirect=True)
def test_market_without_a_broker(alone: Terminal) -> None:
    page = alone.page
    expect(page.locator("[data-symbol=EURUSD] .last")).to_have_text(re.compile(r"^\d\.\d{5}$"))
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    page.locator("#ladder-bids .level").first.click()
    expect(page.locator("#ticket")).to_contain_text("This server runs no broker")
    expect(page.locator("#manager")).to_contain_text("This server runs no broker")
    expect(page.locator("#badge-broker")).to_be_hidden()
    page.keyboard.press("b")
    assert serious_findings(page) == []


@pytest.mark.parametrize("alone", ["broker"], indirect=True)
def test_broker_without_a_market(alone: Terminal) -> None:
    page = alone.page
    expect(page.locator("#chart-message")).to_contain_text("This server runs no datafeed")
    page.get_by_label("Symbol to trade").fill("msft")
    page.keyboard.press("Enter")
    expect(page.locator("#ticket-submit")).to_have_text("Buy 1 MSFT")
    fill_ticket(page, "Buy", MARKET, "2")
    expect(cell(row(page, "positions", "MSFT"), "Qty")).to_have_text("2")
    fill_ticket(page, "Buy", LIMIT, "1", "1.00")
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "MSFT"), "Limit")).to_have_text("1.00")
    assert serious_findings(page) == []
