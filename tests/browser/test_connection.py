"""The page without its server for a while, and without any server."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import LIMIT, MARKET, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

LOST = re.compile(r"net::ERR_|WebSocket connection")

SIZES = [(1440, 900), (1024, 768), (830, 800), (390, 844)]
HEAD = """
() => [...document.querySelectorAll(".topbar > :not(.lost), .topbar .badge")].map((element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [left, top, width, height];
})
"""


def heads(page: Page) -> list[Any]:
    """The boxes of the page's head at each size."""
    boxes = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        boxes.append(page.evaluate(HEAD))
    page.set_viewport_size({"width": 1440, "height": 900})
    return boxes


def shown(page: Page, tab: str, title: str) -> list[str]:
    """What a column of the account manager shows."""
    return sorted(page.locator(f"#{tab} td[data-title='{title}']").all_inner_texts())


def lose_and_return(page: Page, server: ServerProcess) -> None:
    """Kill the server, start it again, and wait until the page is connected; the head of the page keeps its places."""
    connected = heads(page)

    server.kill()
    expect(page.locator("#lost")).to_have_text(re.compile("(Connecting|Retry in).*Try now"))
    assert heads(page) == connected
    expect(page.locator("#badge-socket")).to_contain_text("Connecting")
    expect(page.locator("#badge-broker")).to_contain_text("Connecting")
    expect(page.locator(".toast", has_text="Disconnected")).to_be_visible()
    expect(page.locator("#quotes")).to_have_css("opacity", "0.5")
    server.start()
    # What happens before the page is back is missed by its stream, not by the page.
    server.call("/broker/orders", {"symbol": "MSFT", "type": 2, "side": -1, "qty": 2})
    page.locator("#retry-now").dispatch_event("click")  # has no effect if the page is back on its own by now
    expect(page.locator("#badge-socket")).to_contain_text("Connected")
    expect(page.locator("#badge-broker")).to_contain_text("Connected")
    expect(page.locator("#lost")).to_be_hidden()
    expect(page.locator("#chart-message")).to_be_hidden()


def test_server_killed_and_restarted_moves_nothing_and_leaves_nothing_missing(
    mortal_terminal: Terminal, mortal_server: ServerProcess
) -> None:
    mortal_terminal.open()
    page = mortal_terminal.page
    fill_ticket(page, "Buy", MARKET, "10")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("10")
    fill_ticket(page, "Buy", LIMIT, "5", "100")
    expect(page.locator("#count-orders")).to_have_text("1")
    expect(page.locator("#badge-broker")).to_have_attribute("data-state", "good")
    lose_and_return(page, mortal_server)

    positions = mortal_server.call("/broker/positions")
    orders = mortal_server.call("/broker/orders")
    assert "MSFT" in [position["symbol"] for position in positions]
    expect(page.locator("#positions tbody tr:not(.detail)")).to_have_count(len(positions))
    assert shown(page, "positions", "Symbol") == sorted(position["symbol"] for position in positions)
    show_tab(page, "orders")
    working = [order for order in orders if order["status"] in (3, 6)]
    expect(page.locator("#orders tbody tr")).to_have_count(len(working))
    show_tab(page, "history")
    expect(row(page, "history", "MSFT")).to_have_count(1)
    expect(page.locator("#history tbody tr")).to_have_count(len(orders) - len(working))

    show_tab(page, "positions")
    fill_ticket(page, "Buy", MARKET, "1")
    held = sum(position["qty"] for position in positions if position["symbol"] == "AAPL")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text(f"{held + 1:.0f}")
    assert all(LOST.search(error) for error in mortal_terminal.take_errors())


def test_offline_page_trades_without_a_server_and_its_depth_fills_the_ticket(
    terminal: Terminal, screenshot: Screenshot
) -> None:
    requests: list[str] = []
    terminal.page.on("request", lambda request: requests.append(request.url))
    terminal.open("?offline=1")
    page = terminal.page
    expect(page.locator("#badge-socket")).to_contain_text("Offline demo")
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    fill_ticket(page, "Buy", MARKET, "10", protect="1")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("10")
    expect(cell(row(page, "positions", "AAPL"), "Stop")).to_have_text("1.00")
    fill_ticket(page, "Buy", LIMIT, "5", "2.00", protect="1")
    show_tab(page, "orders")
    expect(row(page, "orders", "Limit")).to_have_count(1)
    screenshot("offline")
    level = page.locator("#ladder-bids .level").nth(3)
    expect(level).to_have_text(re.compile(r"\d+\.\d\d$"))
    level.click()
    expect(page.locator("#ticket-submit")).to_have_text("Buy 5 AAPL")
    expect(page.locator("#ticket-limit")).to_have_value(re.compile(r"^\d+(\.\d+)?$"))
    page.locator("#depth-toggle").click()
    expect(page.locator("#depth")).to_be_hidden()
    assert [url for url in requests if "/api/" in url] == []
