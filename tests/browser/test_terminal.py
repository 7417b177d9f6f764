"""What a trader does on the page, in a real browser against the real server."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocket, expect

from tests.browser.conftest import Screenshot, Terminal
from tests.browser.hands import CHART_LIBRARY, LIMIT, MARKET, NUMBER, STOP, bid, cell, fill_ticket, row, show_tab

pytestmark = pytest.mark.browser

PHONE_WIDTH = 360

SHIFTS_OF_TICKS = """(ticks) => new Promise((resolve) => {
  const moved = [];
  let seen = 0;
  const place = ({ x, y, width, height }) => `${x},${y} ${width}x${height}`;
  const isElement = (node) => node?.nodeType === Node.ELEMENT_NODE;
  const nameOf = (node) => (isElement(node) ? node.cloneNode().outerHTML : `text "${node?.textContent}"`);
  const textOf = ({ node, previousRect, currentRect }) =>
    `${nameOf(node)} from ${place(previousRect)} to ${place(currentRect)}`;
  new PerformanceObserver((list) => list.getEntries().forEach(({ sources }) => moved.push(...sources.map(textOf))))
    .observe({ type: "layout-shift" });
  new MutationObserver(() => { if (++seen === ticks) requestAnimationFrame(() => resolve(moved)); })
    .observe(document.getElementById("quotes"), { subtree: true, childList: true, characterData: true });
})"""
"""The nodes that moved while the watchlist was written so many times, each with its places."""


def test_market_order_fills_everything_follows_and_two_parts_close_it(
    terminal: Terminal, screenshot: Screenshot
) -> None:
    terminal.open()
    page = terminal.page
    fill_ticket(page, "Sell", MARKET, "10")

    expect(page.locator(".toast", has_text="Order filled")).to_contain_text(re.compile(r"Sold 10 AAPL at [\d.]+"))
    position = row(page, "positions", "AAPL")
    expect(cell(position, "Side")).to_have_text("Short")
    expect(cell(position, "Qty")).to_have_text("10")
    expect(cell(position, "P/L")).to_have_text(re.compile(r"^[+−]?\d+\.\d\d$"))
    # Sold at the bid and marked at the ask: the spread is lost at once, and the equity shows it.
    expect(page.locator("#summary [data-figure=unrealizedPL]")).not_to_have_text("0.00")
    expect(page.locator("#summary [data-figure=equity]")).not_to_have_text("100,000.00")
    expect(page.locator("#count-positions")).to_have_text("1")
    screenshot("market-order")
    show_tab(page, "executions")
    expect(cell(row(page, "executions", "AAPL"), "Qty")).to_have_text("10")
    show_tab(page, "history")
    expect(cell(row(page, "history", "AAPL"), "Status")).to_have_text("Filled")

    show_tab(page, "positions")
    position.get_by_role("button", name="Close").click()
    form = page.get_by_role("form", name="Close AAPL position")
    form.get_by_label("Quantity to close").fill("4")
    form.get_by_role("button", name="Close at market").click()
    expect(cell(position, "Qty")).to_have_text("6")
    position.get_by_role("button", name="Close").click()
    form.get_by_role("button", name="Close at market").click()
    expect(position).to_have_count(0)
    expect(page.locator("#positions .empty")).to_be_visible()
    expect(page.locator("#summary [data-figure=unrealizedPL]")).to_have_text("0.00")


def test_limit_and_stop_order_rest_are_modified_and_canceled(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    first, second, stop = f"{bid(page) * 0.95:.2f}", f"{bid(page) * 0.94:.2f}", f"{bid(page) * 1.05:.2f}"
    fill_ticket(page, "Buy", LIMIT, "5", first)
    show_tab(page, "orders")
    order = row(page, "orders", "Limit")
    expect(cell(order, "Limit")).to_have_text(first)
    expect(cell(order, "Status")).to_have_text("Working")
    fill_ticket(page, "Buy", STOP, "6", stop=stop)
    stop_order = row(page, "orders", stop)
    expect(cell(stop_order, "Type")).to_have_text("Stop")
    expect(cell(stop_order, "Stop")).to_have_text(stop)
    expect(cell(stop_order, "Duration")).to_have_text("GTC")

    order.get_by_role("button", name="Modify").click()
    form = page.get_by_role("form", name="Modify order")
    form.get_by_label("Quantity").fill("7")
    form.get_by_label("Limit price").fill(second)
    screenshot("modify-order")
    form.get_by_role("button", name="Save").click()
    expect(cell(order, "Limit")).to_have_text(second)
    expect(cell(order, "Filled / Qty")).to_have_text("0 / 7")
    expect(form).to_have_count(0)

    order.get_by_role("button", name="Cancel").click()
    expect(order).to_have_count(0)
    stop_order.get_by_role("button", name="Cancel").click()
    expect(stop_order).to_have_count(0)
    expect(page.locator("#count-orders")).to_have_text("")
    show_tab(page, "history")
    expect(page.locator("#history td[data-title=Status]")).to_have_text(["Canceled", "Canceled"])


def test_refusal_is_in_words_of_traders_and_marks_its_field(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    fill_ticket(page, "Buy", MARKET, "1.5")
    expect(page.locator("#ticket-qty-error")).to_have_text("Quantity must be a multiple of 1.")
    expect(page.locator("#ticket-qty")).to_have_attribute("aria-invalid", "true")
    fill_ticket(page, "Buy", LIMIT, "1", "100.001")
    expect(page.locator("#ticket-limit-error")).to_have_text("Limit price must be a multiple of 0.01.")
    expect(page.locator("#ticket-qty-error")).to_be_hidden()
    screenshot("refusal")
    errors = terminal.take_errors()
    assert len(errors) == 2
    assert all("400" in error for error in errors), errors

    # A missing price is refused without a request, so that the console has no error.
    fill_ticket(page, "Buy", LIMIT, "1", "")
    expect(page.locator("#ticket-limit-error")).to_have_text("Enter a price.")
    fill_ticket(page, "Buy", STOP, "5", stop=f"{bid(page) * 0.95:.2f}")
    expect(page.locator(".toast", has_text="Order rejected")).to_be_visible()
    # The preview that follows says the same of the order as a whole; the mark of the field stays.
    expect(page.locator("#ticket-warnings")).to_contain_text("would trigger at once")
    expect(page.locator("#ticket-stop-error")).to_be_visible()
    expect(page.locator("#ticket-stop")).to_have_attribute("aria-invalid", "true")
    page.locator("#ticket-types label").get_by_text(MARKET, exact=True).click()
    page.locator("#ticket-take-profit").fill("1")
    expect(page.locator("#ticket-take-profit-error")).to_contain_text("Take profit must be above")
    page.locator("#ticket-take-profit").fill("")
    expect(page.locator("#ticket-take-profit-error")).to_be_hidden()


def test_late_refusal_leaves_the_focus_and_the_prices_of_a_trader_who_types_on(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(re.compile(r"/broker/orders(\?|$)"), hold)
    page.locator("#ticket-types label").get_by_text(LIMIT, exact=True).click()
    page.locator("#ticket-limit").fill("100.001")
    with page.expect_request(re.compile(r"/broker/orders(\?|$)")):
        page.locator("#ticket-submit").click()
    page.locator("#ticket-qty").fill("7")
    waiting[0].continue_()
    expect(page.locator("#ticket-limit-error")).to_be_visible()
    expect(page.locator("#ticket-submit")).to_be_enabled()
    expect(page.locator("#ticket-qty")).to_be_focused()
    expect(page.locator("#ticket-limit")).to_have_value("100.001")
    assert len(terminal.take_errors()) == 1


def test_reload_and_second_page_show_positions_orders_and_leverage(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    leverage = page.locator("#leverage-value")
    expect(leverage).to_have_value("10")
    leverage.fill("500")
    expect(page.locator("#leverage-error")).to_contain_text("500")
    leverage.fill("5")
    expect(page.locator("#leverage-hint")).to_contain_text("Margin requirement: 20.00%")
    page.locator("#leverage-set").click()
    expect(page.locator("#leverage-set")).to_be_disabled()

    other = Terminal(page.context.new_page(), terminal.address)
    other.open()
    fill_ticket(page, "Buy", MARKET, "3")
    expect(cell(row(other.page, "positions", "AAPL"), "Qty")).to_have_text("3")
    fill_ticket(page, "Buy", LIMIT, "2", f"{bid(page) * 0.95:.2f}")
    expect(page.locator("#count-orders")).to_have_text("1")

    terminal.open()
    expect(leverage).to_have_value("5")
    expect(cell(row(page, "positions", "AAPL"), "Qty")).to_have_text("3")
    show_tab(page, "orders")
    expect(cell(row(page, "orders", "AAPL"), "Status")).to_have_text("Working")

    show_tab(other.page, "orders")
    row(other.page, "orders", "AAPL").get_by_role("button", name="Cancel").click()
    expect(page.locator(".toast", has_text="Order canceled")).to_be_visible()
    expect(page.locator("#count-orders")).to_have_text("")
    assert other.console_errors == []


def test_keys_open_ticket_and_search(terminal: Terminal) -> None:
    terminal.open()
    page = terminal.page
    page.keyboard.press("s")
    expect(page.locator("#ticket-qty")).to_be_focused()
    expect(page.locator("#ticket-submit")).to_have_text("Sell 1 AAPL")
    page.keyboard.press("Escape")
    expect(page.locator("#ticket-form")).to_be_hidden()
    page.keyboard.press("b")
    expect(page.locator("#ticket-submit")).to_have_text("Buy 1 AAPL")
    page.keyboard.press("Escape")

    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("euro")
    expect(page.locator("#search-results").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#chart-symbol")).to_have_text("EURUSD")
    expect(page.locator("#chart-legend")).to_contain_text(re.compile(r"C \d\.\d{5}"))


def test_ticks_write_rows_and_move_nothing_and_a_folded_panel_follows_nothing(terminal: Terminal) -> None:
    with terminal.page.expect_websocket() as opened:
        terminal.open()
    page = terminal.page
    fill_ticket(page, "Buy", MARKET, "10")
    expect(row(page, "positions", "AAPL")).to_be_visible()
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    for dismiss in page.locator(".toast .dismiss").all():
        dismiss.click()
    assert page.evaluate(SHIFTS_OF_TICKS, 15) == []

    out_of_sight = page.locator("[data-symbol=ETHUSD] .last")
    expect(out_of_sight).to_have_text(NUMBER)
    expect(out_of_sight).not_to_be_in_viewport()
    expect(out_of_sight).not_to_have_text(out_of_sight.inner_text())
    fold_watchlist(page, opened.value)


def fold_watchlist(page: Page, socket: WebSocket) -> None:
    """Close and open the watchlist: its quotes are followed only while it is open."""

    def is_sent(kind: str) -> Any:
        def is_it(frame: str | bytes) -> bool:
            message = json.loads(frame)
            return bool(message["type"] == kind and message["payload"].get("fast_symbols") == ["MSFT"])

        return is_it

    fold = page.get_by_role("button", name="Watchlist panel")
    with socket.expect_event("framesent", is_sent("quotes.unsubscribe")):
        fold.click()
    expect(page.locator("#quotes")).to_be_hidden()
    with socket.expect_event("framesent", is_sent("quotes.subscribe")):
        fold.click()
    expect(page.locator("[data-symbol=MSFT] .last")).to_have_text(NUMBER)


def test_page_works_without_the_chart_library(terminal: Terminal, screenshot: Screenshot) -> None:
    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    terminal.page.route(CHART_LIBRARY, refuse)
    terminal.open()
    expect(terminal.page.locator("#chart-message")).to_contain_text("not installed")
    fill_ticket(terminal.page, "Buy", MARKET, "1")
    expect(row(terminal.page, "positions", "AAPL")).to_be_visible()
    screenshot("no-chart-library")
    assert all("404" in error for error in terminal.take_errors())


@pytest.mark.parametrize("terminal", [{"color_scheme": "light"}], indirect=True)
def test_light_page_shows_one_section_at_a_time_on_a_phone(terminal: Terminal, screenshot: Screenshot) -> None:
    terminal.open()
    page = terminal.page
    expect(page.locator("#badge-socket")).to_contain_text("Connected")
    expect(page.locator("#badge-broker")).to_contain_text("Connected")
    expect(page.locator("#chart-legend")).to_contain_text("Vol")
    show_tab(page, "account")
    expect(page.locator("#account [data-figure=balance]")).to_have_text("100,000.00")
    screenshot("light")

    page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    page.keyboard.press("b")
    expect(page.locator("#ticket-form")).to_be_visible()
    expect(page.locator("#chart-canvas")).to_be_hidden()
    page.locator("#ticket-submit").click()
    page.locator("#sections [data-section=account]").click()
    show_tab(page, "positions")
    expect(row(page, "positions", "AAPL")).to_be_visible()
    for section in ("chart", "market", "trade", "account"):
        page.locator(f"#sections [data-section={section}]").click()
        expect(page.locator(f".panel[data-section={section}]")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE_WIDTH
        if section == "market":
            expect(page.locator("[data-symbol=AAPL] .description")).to_have_text("Apple Inc.")
        screenshot(f"phone-{section}")
