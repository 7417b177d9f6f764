"""The page without its server for a while, without any server, and around TradingView's own terminal."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Screenshot, ServerProcess, Terminal
from tests.browser.hands import LIMIT, MARKET, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

LOST = re.compile(r"net::ERR_|WebSocket connection")

LIBRARY = """
window.told = [];
window.waiting = [];
window.heard = (name, fits) => new Promise((resolve) => {
  const look = () => {
    const call = window.told.find(([called, value]) => called === name && fits(value));
    if (call) resolve(call[1]);
    return call;
  };
  if (!look()) window.waiting.push(look);
});
window.TradingView = { widget: class {
  constructor(options) {
    const watched = (value) => ({ value: () => value, setValue(next) { value = next; }, subscribe() {} });
    const factory = { createWatchedValue: watched, createDelegate: () => ({}) };
    const record = (_, name) => (name === "factory" ? factory : (...values) => {
      window.told.push([name, ...values]);
      window.waiting = window.waiting.filter((look) => !look());
    });
    window.options = options;
    window.broker = options.broker_factory(new Proxy({}, { get: record }));
  }
} };
"""
"""As much of the licensed library as the page itself touches: it takes the options and gives the broker its host."""


def shown(page: Page, tab: str, title: str) -> list[str]:
    """What a column of the account manager shows."""
    return sorted(page.locator(f"#{tab} td[data-title='{title}']").all_inner_texts())


def test_server_killed_and_restarted_leaves_nothing_missing(
    mortal_terminal: Terminal, mortal_server: ServerProcess
) -> None:
    mortal_terminal.open()
    page = mortal_terminal.page
    fill_ticket(page, "Buy", MARKET, "10")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("10")
    fill_ticket(page, "Buy", LIMIT, "5", "100")
    expect(page.locator("#count-orders")).to_have_text("1")

    mortal_server.kill()
    expect(page.locator("#badge-socket")).to_contain_text("Connecting")
    expect(page.locator("#badge-broker")).to_contain_text("Connecting")
    expect(page.locator(".toast", has_text="Disconnected")).to_be_visible()
    expect(page.locator("#quotes")).to_have_css("opacity", "0.5")
    mortal_server.start()
    # What happens before the page is back is missed by its stream, not by the page.
    mortal_server.call("/broker/orders", {"symbol": "MSFT", "type": 2, "side": -1, "qty": 2})
    page.locator("#retry-now").dispatch_event("click")  # has no effect if the page is back on its own by now
    expect(page.locator("#badge-socket")).to_contain_text("Connected")
    expect(page.locator("#badge-broker")).to_contain_text("Connected")
    expect(page.locator("#chart-message")).to_be_hidden()

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


def test_offline_page_trades_without_a_server(terminal: Terminal, screenshot: Screenshot) -> None:
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
    assert [url for url in requests if "/api/" in url] == []


def test_level_of_the_depth_fills_the_ticket(terminal: Terminal) -> None:
    terminal.open("?offline=1")
    page = terminal.page
    level = page.locator("#ladder-bids .level").nth(3)
    expect(level).to_have_text(re.compile(r"\d+\.\d\d$"))
    level.click()
    expect(page.locator("#ticket-submit")).to_have_text("Buy 1 AAPL")
    expect(page.locator("#ticket-limit")).to_have_value(re.compile(r"^\d+(\.\d+)?$"))
    page.locator("#depth-toggle").click()
    expect(page.locator("#depth")).to_be_hidden()


def test_trading_platform_is_told_how_to_get(terminal: Terminal) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/tradingview.html")
    expect(page.get_by_role("heading", name="The Trading Platform is not installed")).to_be_visible()
    expect(page.locator("#missing")).to_contain_text("static/charting_library")
    missing = re.compile("status of 404|charting_library.standalone.js")
    assert all(missing.search(error) for error in terminal.take_errors())


def test_trading_platform_gets_the_services(terminal: Terminal) -> None:
    def serve(route: Route) -> None:
        route.fulfill(body=LIBRARY, content_type="text/javascript")

    page = terminal.page
    page.route("**/charting_library/charting_library.standalone.js", serve)
    page.goto(f"{terminal.address}/tradingview.html")
    expect(page.locator("#platform")).to_be_visible()
    assert page.evaluate("window.heard('connectionStatusUpdate', (status) => status === 1)") == 1
    flags = page.evaluate("window.options.broker_config.configFlags")
    assert flags["supportPositionBrackets"] is True
    assert "durations" not in flags
    order_id = page.evaluate(
        "window.broker.placeOrder({symbol: 'AAPL', type: 2, side: 1, qty: 1}).then((r) => r.orderId)"
    )
    filled = page.evaluate("(id) => window.heard('orderUpdate', (one) => one.id === id && one.status === 2)", order_id)
    assert filled["filledQty"] == 1
    assert (
        page.evaluate("new Promise((ok) => window.options.datafeed.resolveSymbol('AAPL', ({name}) => ok(name)))")
        == "AAPL"
    )
