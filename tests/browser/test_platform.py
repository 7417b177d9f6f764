"""The page around TradingView's own terminal, with a small script in the place of the licensed library."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Terminal

pytestmark = pytest.mark.browser

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


def open_platform(terminal: Terminal, query: str = "") -> None:
    """Load the page with the script, and wait until the platform is shown."""

    def serve(route: Route) -> None:
        route.fulfill(body=LIBRARY, content_type="text/javascript")

    terminal.page.route("**/charting_library/charting_library.standalone.js", serve)
    terminal.page.goto(f"{terminal.address}/tradingview.html{query}")
    expect(terminal.page.locator("#platform")).to_be_visible()


def send(page: Page, name: str, **values: str) -> None:
    """Fill the dialog of this name and send it."""
    dialog = page.get_by_role("dialog", name=name)
    for field, value in values.items():
        dialog.locator(f'[name="{field.replace("_", ".")}"]').fill(value)
    dialog.get_by_role("button", name="Send").click()


def test_page_tells_how_to_get_the_library(terminal: Terminal) -> None:
    page = terminal.page
    page.goto(f"{terminal.address}/tradingview.html")
    expect(page.get_by_role("heading", name="The Trading Platform is not installed")).to_be_visible()
    expect(page.locator("#missing")).to_contain_text("static/charting_library")
    missing = re.compile("status of 404|charting_library.standalone.js")
    assert all(missing.search(error) for error in terminal.take_errors())


def test_library_gets_the_services(terminal: Terminal) -> None:
    page = terminal.page
    open_platform(terminal)
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
    layout = "window.options.save_load_adapter"
    chart = {"name": "Day", "content": "{}", "symbol": "AAPL", "resolution": "5"}
    chart_id = page.evaluate(f"(chart) => {layout}.saveChart(chart)", chart)
    assert page.evaluate(f"(id) => {layout}.getChartContent(id)", chart_id) == "{}"


def test_own_dialogs_place_an_order_and_edit_its_position(terminal: Terminal) -> None:
    page = terminal.page
    open_platform(terminal, "?dialogs=own")
    page.evaluate("window.heard('connectionStatusUpdate', (status) => status === 1)")
    page.evaluate(
        """() => { window.sent = window.options.broker_config.customUI
        .showOrderDialog({symbol: 'MSFT', type: 2, side: 1, qty: 1}); }"""
    )
    send(page, "Buy MSFT: market", qty="1.5")
    expect(page.get_by_role("alert")).to_contain_text("1.5")
    send(page, "Buy MSFT: market", qty="10")
    assert page.evaluate("window.sent") is True
    page.evaluate(
        """async () => { const position = await window.heard('positionUpdate', ({symbol}) => symbol === 'MSFT');
        window.sent = window.options.broker_config.customUI.showPositionDialog(position, {}); }"""
    )
    page.get_by_text("Several exits").click()
    send(page, "Exits of long 10 MSFT", level0_qty="6", level0_stopLoss="1", level1_qty="4", level1_stopLoss="2")
    assert page.evaluate("window.sent") is True
    positions = page.evaluate("window.broker.positions()")
    assert [level["qty"] for one in positions if one["symbol"] == "MSFT" for level in one["exitLevels"]] == [6, 4]
