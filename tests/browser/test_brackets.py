"""A bracket is hit, seen on the page: the market moves when the test says so, by ticks over REST."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.conftest import ServerProcess, Terminal, terminal_of
from tests.browser.hands import MARKET, bid, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser


HIDDEN_PAGE = """
globalThis.told = [];
globalThis.AudioContext = class extends AudioContext {
  constructor() { super(); told.push("sound"); }
};
globalThis.Notification = class {
  static permission = "granted";
  constructor(title, { body }) { told.push(`${title}: ${body}`); }
};
Object.defineProperty(document, "hidden", { get: () => true });
"""
"""The page believes that it is hidden, and its sounds and notifications are written down."""


class Market(ServerProcess):
    """A server whose prices are those that the test sends."""

    def trade_at(self, price: float) -> None:
        """Let the market trade at a price, with a cent on both sides and room for every order."""
        tick = {"symbol": "AAPL", "time": int(time.time() * 1000), "price": price, "size": 100}
        quote = {"bid": round(price - 0.01, 2), "ask": round(price + 0.01, 2), "bid_size": 5000, "ask_size": 5000}
        self.call("/datafeed/ticks", {"ticks": [tick | quote]})


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One server for all tests, with prices from outside."""
    process = Market(tmp_path_factory.mktemp("market"), "--ephemeral", "--feed", "external")
    process.start()
    yield process
    process.stop()


@pytest.fixture
def trading(browser: Browser, market: Market) -> Iterator[Terminal]:
    """A fresh page and accounts as new; the market stands at 100."""
    market.reset()
    market.trade_at(100)
    yield from terminal_of(browser, market.address, {})


@pytest.mark.parametrize(
    ("price", "hit", "other"),
    [(105.02, "Take profit", "Stop loss"), (94.98, "Stop loss", "Take profit")],
)
def test_bracket_that_is_hit_closes_the_position_and_cancels_the_other(
    price: float, hit: str, other: str, trading: Terminal, market: Market
) -> None:
    trading.open()
    page = trading.page
    assert bid(page) == 99.99
    fill_ticket(page, "Buy", MARKET, "10", take_profit="105", protect="95")
    position = row(page, "positions", "AAPL")
    expect(cell(position, "Average")).to_have_text("100.01")
    expect(page.locator("#count-orders")).to_have_text("2")
    market.trade_at(price)
    expect(position).to_have_count(0)
    expect(page.locator("#count-orders")).to_have_text("")
    expect(page.locator(".toast", has_text="Sold 10 AAPL")).to_be_visible()
    show_tab(page, "history")
    expect(cell(row(page, "history", hit), "Status")).to_have_text("Filled")
    expect(cell(row(page, "history", other), "Status")).to_have_text("Canceled")
    gain = 49.9 if hit == "Take profit" else -50.4
    realised = market.call("/broker/account/state")["realizedPL"]
    assert realised == pytest.approx(gain, abs=0.5)
    show_tab(page, "account")
    expect(page.locator("#account [data-figure=realizedPL]")).to_have_text(f"{realised:+.2f}".replace("-", "−"))


def test_depth_of_the_server_fills_the_ticket(trading: Terminal) -> None:
    trading.open()
    page = trading.page
    page.locator("#ladder-asks .level", has_text="100.01").click()
    expect(page.locator("#ticket-submit")).to_have_text("Sell 1 AAPL")
    expect(page.locator("#ticket-limit")).to_have_value("100.01")
    page.locator("#ladder-bids .level", has_text="99.99").click()
    expect(page.locator("#ticket-limit")).to_have_value("99.99")
    page.locator("#ticket-submit").click()
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "AAPL"), "Limit")).to_have_text("99.99")


def test_preview_is_asked_when_the_ticket_or_the_quote_changed_and_not_otherwise(
    trading: Terminal, market: Market
) -> None:
    page = trading.page
    page.clock.install()
    trading.open()
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/orders/preview" in request.url:
            asked.append(request.url)

    page.on("request", note)
    page.locator("#ticket-qty").fill("7")
    page.clock.run_for(1000)
    expect(page.locator("#ticket-preview")).to_contain_text("700.07")
    asked.clear()
    for _ in range(3):
        page.clock.fast_forward(3000)
    assert asked == []
    market.trade_at(110)
    expect(page.locator("#ticket-ask")).to_have_text("110.01")
    page.clock.fast_forward(5000)
    expect(page.locator("#ticket-preview")).to_contain_text("770.07")
    assert len(asked) == 1


def test_ladder_trades_by_one_click_and_shows_own_orders(trading: Terminal, market: Market) -> None:
    trading.open()
    page = trading.page
    one_click = page.get_by_role("switch", name="One click")
    page.locator("#ticket-qty").fill("25")
    page.get_by_label("Centered").uncheck()
    level = page.locator("#ladder-bids .level", has_text="99.95")
    level.click()
    expect(page.locator("#ticket-limit")).to_have_value("99.95")
    assert market.call("/broker/orders") == []

    one_click.check()
    expect(page.locator("#ladder-spread")).to_contain_text("25 per click")
    level.click()
    own = page.locator("#ladder-bids .own:not([hidden])")
    expect(own).to_have_text("25")
    order = market.call("/broker/orders")[-1]
    assert (order["limitPrice"], order["qty"], order["side"]) == (99.95, 25, 1)
    own.click()
    expect(own).to_have_count(0)

    page.locator("[data-symbol=MSFT]").click()
    expect(one_click).not_to_be_checked()


def test_alert_is_shown_heard_and_sent_to_the_system_when_its_price_is_reached(
    trading: Terminal, market: Market
) -> None:
    page = trading.page
    page.add_init_script(HIDDEN_PAGE)
    trading.open()
    show_tab(page, "alerts")
    page.get_by_label("Price of the alert").fill("100.5")
    page.get_by_role("button", name="Add alert").click()
    expect(row(page, "alerts", "AAPL")).to_contain_text("rises to")
    trading.open()
    expect(row(page, "alerts", "AAPL")).to_have_count(1)
    market.trade_at(100.6)
    expect(page.locator(".toast", has_text="AAPL has reached 100.50.")).to_be_visible()
    page.wait_for_function("told.length === 2")
    assert page.evaluate("told") == ["sound", "Price alert: AAPL has reached 100.50."]
    expect(page.get_by_text("No alerts are waiting.")).to_be_visible()
